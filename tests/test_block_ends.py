"""Where indicators and tasks end and another block begins, though its columns are as many as theirs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from helpers_tables import C, make_table, read

from schemas.record import Record

Rows = Sequence[Sequence[str | C]]
INDICATORS: Rows = (
    ("一级指标", "二级指标", "三级指标", "指标值"),
    ("产出指标", "数量指标", "检查次数", "≥5次"),
    (C("满意度指标", 2), "服务对象满意度指标", "学员满意度", "≥90%"),
    ("公众满意度指标", "居民满意度", "≥85%"),
)
NAMES: Rows = (("项目名称", "某桥", "实施单位", "某局"),)


def names(record: Record) -> list[str | None]:
    return [i.level3 for i in record.indicators]


def amounts(record: Record) -> list[tuple[str, str, str | None]]:
    return [(" / ".join(f.path), f.column, f.amount) for f in record.funds]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            ((C("项目资金（万元）", 3), "资金来源", "2023年", "全年预算数"),
             ("资金总额", "4", "5"), ("其中：财政拨款", "2", "3")),
            [("资金总额", "other:2023年", "4"), ("资金总额", "full_year_budget", "5"),
             ("资金总额 / 财政拨款", "other:2023年", "2"), ("资金总额 / 财政拨款", "full_year_budget", "3")],
        ),
        (
            ((C("项目资金（万元）", 2), "年度资金总额", C("5.00", cols=2)), ("其中：财政拨款", C("3.00", cols=2))),
            [("年度资金总额", "full_year_budget", "5.00"), ("年度资金总额 / 财政拨款", "full_year_budget", "3.00")],
        ),
    ],
)  # fmt: skip
def test_money_below_indicators_is_no_indicator(block: Rows, expected: list[tuple[str, str, str]]) -> None:
    record = read(make_table(*NAMES, *INDICATORS, *block))
    assert names(record) == ["检查次数", "学员满意度", "居民满意度"]
    assert amounts(record) == expected


def test_goals_side_by_side_below_indicators_are_no_indicator() -> None:
    goals: Rows = (
        (C("绩效目标", 2), "年初设定目标", C("全年实际完成情况", cols=2)),
        ("建成某桥。", C("已建成通车。", cols=2)),
    )
    record = read(make_table(*NAMES, *INDICATORS, *goals))
    assert names(record) == ["检查次数", "学员满意度", "居民满意度"]
    assert (record.fields["annual_goal"], record.fields["goal_achieved"]) == ("建成某桥。", "已建成通车。")


def test_a_goal_below_its_label_is_no_heading_of_indicators() -> None:
    record = read(make_table(*NAMES, *INDICATORS, (C("项目年度目标", cols=4),), (C("1、建成某桥。", cols=4),)))
    assert len(record.indicators) == 3
    assert record.fields["annual_goal"] == "1、建成某桥。"


def test_tasks_without_a_heading_end_where_money_begins() -> None:
    record = read(
        make_table(
            ("任务名称", C("主要内容", cols=2)),
            ("修桥", C("建成某桥。", cols=2)),
            (C("项目资金（万元）", 2), "年度资金总额", "5.00"),
            ("其中：财政拨款", "3.00"),
            ("项目名称", C("某桥", cols=2)),
        )
    )
    assert [task["name"] for task in record.tasks] == ["修桥"]
    assert amounts(record)[0] == ("年度资金总额", "full_year_budget", "5.00")


def test_an_amount_over_several_rows_is_one_line() -> None:
    record = read(
        make_table(
            (C("项目资金（万元）", 2), C("年度资金总额", 2), C("5.00", 2), "其中：财政拨款", "3.00"),
            ("其他资金", "2.00"),
        ),
    )
    assert amounts(record) == [
        ("年度资金总额", "full_year_budget", "5.00"),
        ("年度资金总额 / 财政拨款", "full_year_budget", "3.00"),
        ("年度资金总额 / 其他资金", "full_year_budget", "2.00"),
    ]


def test_a_unit_in_the_label_of_a_line_below_headers_is_the_form_s() -> None:
    record = read(
        make_table(
            *NAMES,
            (C("项目资金", 2), "资金来源", C("全年预算数", cols=2)),
            ("资金总额（万元）", C("5", cols=2)),
        )
    )
    assert record.amount_unit == "万元"


def test_labels_over_their_values_beside_a_heading() -> None:
    record = read(
        make_table(
            (C("基本信息", 3), "项目名称", "联系电话", "归口科室"),
            ("某桥", "0510-5550101", "城建科"),
            ("实施内容", C("建桥。", cols=2)),
        )
    )
    assert record.fields == {
        "project_name": "某桥", "contact_phone": "0510-5550101", "归口科室": "城建科", "content": "建桥。",
    }  # fmt: skip


def test_options_behind_their_label_in_one_cell_are_chosen() -> None:
    record = read(make_table(("项目名称：某桥", "项目属性：□新增项目 ☑延续项目"), ("联系电话：", "归口科室：城建科")))
    assert record.choices == {"project_attribute": ["延续项目"]}
    assert record.fields == {"project_name": "某桥", "contact_phone": None, "归口科室": "城建科"}


def test_a_blank_half_is_no_fault() -> None:
    record = read(
        make_table(
            (C("一级指标", 2), C("二级指标", 2), C("中期绩效指标", cols=2), C("年度绩效指标", cols=2)),
            ("三级指标", "指标值", "三级指标", "指标值"),
            ("产出指标", "数量指标", "检查次数", "", "检查次数", ""),
            ("效益指标", "社会效益指标", "就业人数", "≥5人", "就业人数", "≥3人"),
        )
    )
    assert [(i.level3, i.targets) for i in record.indicators] == [
        ("检查次数", {"whole_project": None, "full_year": None}),
        ("就业人数", {"whole_project": "≥5人", "full_year": "≥3人"}),
    ]


def test_money_in_a_row_or_below_its_names_is_no_indicator() -> None:
    across: Rows = ((C("项目资金（万元）", 2), "资金总额", "财政拨款", "其他资金"), ("5.00", "3.00", "2.00"))
    in_a_row: Rows = (("资金总额（万元）", "5.00", "其中：财政拨款", "3.00"),)
    kinds: Rows = (
        (C("项目资金（万元）", 3), C("财政拨款", 3), "小计", "5.00"),
        ("一般公共预算资金", "3.00"),
        ("政府性基金预算", "2.00"),
    )
    record = read(make_table(*NAMES, *INDICATORS, *kinds))
    assert names(record) == ["检查次数", "学员满意度", "居民满意度"]
    assert amounts(record)[0] == ("财政拨款 / 小计", "full_year_budget", "5.00")
    for block in (across, in_a_row):
        record = read(make_table(*NAMES, *INDICATORS, *block))
        assert names(record) == ["检查次数", "学员满意度", "居民满意度"]
        assert amounts(record)[0] == ("资金总额", "full_year_budget", "5.00")


def test_halves_whose_names_are_headed_otherwise_are_told_apart() -> None:
    record = read(
        make_table(
            ("一级指标", "二级指标", "绩效指标", "实施期指标值", "绩效指标", "当年指标值"),
            ("产出指标", "数量指标", "检查次数", "≥5次", "培训人数", "≥3人"),
        )
    )
    assert [(i.level3, i.targets) for i in record.indicators] == [
        ("检查次数", {"whole_project": "≥5次"}),
        ("培训人数", {"full_year": "≥3人"}),
    ]


def test_a_table_whose_only_level_is_called_indicator_has_bands() -> None:
    record = read(
        make_table(
            ("指标", "年度指标值", "实际完成值"),
            (C("一、产出指标", cols=3),),
            ("检查次数", "≥5次", "6次"),
            (C("二、效益指标", cols=3),),
            ("就业人数", "≥3人", "4人"),
        )
    )
    assert [(i.level1, i.level3, i.actual) for i in record.indicators] == [
        ("产出指标", "检查次数", "6次"),
        ("效益指标", "就业人数", "4人"),
    ]


def test_columns_of_past_years_apart_keep_the_printed_order() -> None:
    record = read(
        make_table(
            ("一级指标", "二级指标", "三级指标", "前年", "年度指标值", "指标性质", "上年", "计量单位"),
            ("产出指标", "数量指标", "检查次数", "3次", "5", "≥", "4次", "次"),
        )
    )
    assert record.columns == ["level1", "level2", "level3", "history", "targets.full_year", "op", "unit"]


def test_labels_whose_letters_stand_apart_share_a_cell() -> None:
    record = read(make_table((C("自 评 单 位：某局\n主  管  部  门：某部", cols=2),), ("项目名称", "某桥")))
    assert (record.fields["reporting_unit"], record.fields["supervising_department"]) == ("某局", "某部")


def test_a_label_in_two_lines_is_one() -> None:
    assert read(make_table(("年度\n目标", "建成某桥。"), ("项目名称", "某桥"))).fields["annual_goal"] == "建成某桥。"
