"""Forms as other places print them: what they do that the common ones do not."""

from __future__ import annotations

import pytest
from helpers_tables import C, make_table, read

from pipeline.reading.unknown import not_understood
from schemas.language.vocabulary import load_words
from schemas.record import Kind


def test_a_second_total_behind_the_parts_of_the_first_is_its_own() -> None:
    record = read(
        make_table(
            ("项目名称", C("街道综合管理", cols=2)),
            (C("项目资金（元）", 5), "项目资金总额", "1,200,000.00"),
            ("其中：财政资金", "1,200,000.00"),
            ("年度资金申请总额", "600,000.00"),
            ("其中：当年财政拨款", "600,000.00"),
            ("上年结转资金", "0.00"),
        )
    )
    assert [fund.path for fund in record.funds] == [
        ["项目资金总额"],
        ["项目资金总额", "财政资金"],
        ["年度资金申请总额"],
        ["年度资金申请总额", "当年财政拨款"],
        ["年度资金申请总额", "上年结转资金"],
    ]
    assert not [f for f in record.findings if f.verdict == "wrong_at_source"]


def test_what_is_expected_is_the_target_where_no_other_is_printed() -> None:
    heads = ("一级指标", "二级指标", "三级指标", "指标性质", "预计完成值", "度量单位")
    names = ("单位名称", "某县教育局", "项目名称", "校舍维修", "项目负责人/联系电话", "李某 0871-7123456")
    rows = (
        ("产出指标", "数量指标", "维修面积", "≥", "3000", "平方米"),
        ("效益指标", "社会效益指标", "受益学生", "≥", "1200", "人"),
    )
    record = read(make_table(names, heads, *rows))
    assert record.kind is Kind.PROJECT_TARGET
    assert [i.targets for i in record.indicators] == [{"full_year": "3000"}, {"full_year": "1200"}]
    # as many columns as the indicators below make no list of the labels
    assert record.fields == {
        "reporting_unit": "某县教育局", "project_name": "校舍维修",
        "contact_name": "李某", "contact_phone": "0871-7123456",
    }  # fmt: skip


def test_what_is_expected_stays_so_beside_a_target() -> None:
    heads = ("一级指标", "二级指标", "三级指标", "指标值", "预计完成值")
    record = read(make_table(heads, ("产出指标", "数量指标", "维修面积", "≥30平方米", "40平方米")))
    assert (record.indicators[0].targets, record.indicators[0].forecast) == ({"full_year": "≥30平方米"}, "40平方米")


def test_a_header_of_money_above_the_names_of_the_lines_heads_no_amounts() -> None:
    record = read(
        make_table(
            ("项目名称", C("图书购置", cols=3)),
            (C("预算执行情况（10分）", 3), "年度预算数（万元）", "年初预算", "预算执行数"),
            ("总额", "238.93", "251.89"),
            ("其中：财政资金", "200.00", "210.00"),
        )
    )
    assert [(fund.path, fund.column, fund.amount) for fund in record.funds] == [
        (["总额"], "initial_budget", "238.93"),
        (["总额"], "actual", "251.89"),
        (["总额", "财政资金"], "initial_budget", "200.00"),
        (["总额", "财政资金"], "actual", "210.00"),
    ]


@pytest.mark.parametrize("heading", ["项目基本情况", "基本情况"])
def test_a_heading_over_goals_and_texts_is_no_label_of_theirs(heading: str) -> None:
    record = read(
        make_table(
            (C(heading, 4), C("1.项目年度目标完成情况", cols=2)),
            ("项目年度目标", "年度目标完成情况"),
            ("购置图书5000册。", "购置图书5100册。"),
            ("实施过程概述", "按程序组织实施。"),
        ),
        make_table(("项目名称", "图书购置")),
    )
    assert record.fields == {
        "annual_goal": "购置图书5000册。", "goal_achieved": "购置图书5100册。", "实施过程概述": "按程序组织实施。",
        "project_name": "图书购置",
    }  # fmt: skip


def test_a_time_of_the_year_is_no_label() -> None:
    record = read(
        make_table(
            ("项目名称", C("文物征集", cols=4)),
            (C("资金支出计划（%）", 2), "3月底", "6月底", "10月底", "12月底"),
            ("20.00%", "50.00%", "80.00%", "100.00%"),
        )
    )
    assert record.fields == {"project_name": "文物征集"}
    assert {"6月底", "50.00%"} <= {f.printed for f in record.findings if f.rule == "unowned"}


def test_what_was_not_understood_is_listed() -> None:
    record = read(
        make_table(
            ("项目名称", "文物征集", C("归口科室", cols=2), "综合科"),
            (C("资金支出计划（%）", 2), "3月底", "6月底", "10月底", "12月底"),
            ("20.00%", "50.00%", "80.00%", "100.00%"),
            ("一级指标", "二级指标", "三级指标", "指标值", "指标值确定依据"),
            ("产出指标", "数量指标", "征集数量", "≥100件", "年度计划"),
        )
    )
    told = list(not_understood(record, load_words()))
    assert told[:2] == [
        "labels without a field, kept as printed: 归口科室",
        "columns of indicators without a role, kept under other: 指标值确定依据",
    ]
    assert told[2].startswith("texts in no value: 资金支出计划（%） | 3月底 | 6月底")


def test_names_and_values_alone_are_a_table_of_indicators() -> None:
    record = read(
        make_table(
            ("项目名称", "道路养护"),
            ("指标名称", "绩效目标值"),
            (C("产出指标", cols=2),),
            ("养护里程", "≥85公里"),
            (C("效益指标", cols=2),),
            ("路况指数", "不低于90%"),
        )
    )
    assert [(i.level1, i.level3, i.targets) for i in record.indicators] == [
        ("产出指标", "养护里程", {"full_year": "≥85公里"}),
        ("效益指标", "路况指数", {"full_year": "不低于90%"}),
    ]


def test_names_before_signs_and_values_are_indicators_whatever_their_header() -> None:
    record = read(
        make_table(
            ("项目名称", C("道路养护", cols=2)),
            ("指标", "计量符号", "全年预期值"),
            (C("产出指标", cols=3),),
            ("养护里程", ">", "85公里"),
        )
    )
    assert [(i.level1, i.level3, i.op, i.targets) for i in record.indicators] == [
        ("产出指标", "养护里程", ">", {"full_year": "85公里"})
    ]


def test_what_is_applied_for_stands_line_by_line_beside_the_whole_project() -> None:
    record = read(
        make_table(
            ("项目名称", C("道路养护", cols=4)),
            (C("项目资金（元）", 4), "项目资金总额", "900.00", "年度资金申请总额", "300.00"),
            (C("其中：财政资金", 2), C("900.00", 2), "其中：当年财政拨款", "300.00"),
            ("上年结转资金", "0"),
            ("其他资金", "0", "其他资金", "0"),
        )
    )
    assert [(fund.path, fund.amount) for fund in record.funds] == [
        (["项目资金总额"], "900.00"),
        (["年度资金申请总额"], "300.00"),
        (["项目资金总额", "财政资金"], "900.00"),
        (["年度资金申请总额", "当年财政拨款"], "300.00"),
        (["年度资金申请总额", "上年结转资金"], "0"),
        (["项目资金总额", "其他资金"], "0"),
        (["年度资金申请总额", "其他资金"], "0"),
    ]
