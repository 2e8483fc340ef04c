"""Forms in layouts that few places print: labels, money, tasks and indicators where they rarely stand."""

from __future__ import annotations

import pytest
from helpers_tables import WHOLE, C, doubts, fields, make_table, money, read

from schemas.language.values import split_code
from schemas.language.vocabulary import load_words
from schemas.language.years import is_year_mark

HEADS = ("一级指标", "二级指标", "三级指标", "指标值")
ROW = ("产出指标", "数量指标", "整治村庄", "32个")

# ── labels and values


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("申报单位名称", "reporting_unit"), ("预算单位全称", "reporting_unit"), ("部门职能职责概述", "main_functions"),
        ("项目主管单位", "supervising_department"), ("单位存在的问题", "problems"), ("长期目标1：", "medium_term_goal"),
        ("年度目标2", "annual_goal"), ("部门预算项目", None), ("部门", "reporting_unit"), ("单位", None),
    ],
)  # fmt: skip
def test_a_word_before_or_behind_a_label_makes_no_other(label: str, field: str | None) -> None:
    assert load_words().label(label) == field


def test_what_asks_for_a_seal_behind_a_value_is_none_of_it() -> None:
    record = read("填报单位：某县司法局（盖章）", make_table(("部门（单位）名称", "某县司法局"), ("项目名称", "普法")))
    assert record.fields == {"reporting_unit": "某县司法局", "project_name": "普法"}


def test_labels_of_none_of_our_words_are_parted_by_one_space_where_all_are_short() -> None:
    record = read("填报人：王某 审核人：赵某", make_table(("项目名称", "普法")))
    assert record.fields == {"填报人": "王某", "审核人": "赵某", "project_name": "普法"}
    band = C("申报单位：某镇政府（公章） 申报日期：2022年10月8日 单位：万元", cols=2)
    record = read(make_table((band,), ("项目名称", "普法")))
    assert record.fields == {"reporting_unit": "某镇政府", "申报日期": "2022年10月8日", "project_name": "普法"}
    assert record.amount_unit == "万元"


def test_a_part_of_money_with_blanks_behind_its_colons_stays_one() -> None:
    record = read("财政拨款：5.00 万元", "其中: 财政资金: 2.00 万元", make_table(("项目名称", "普法")))
    assert [(fund.path, fund.amount) for fund in record.funds] == [
        (["财政拨款"], "5.00"), (["财政拨款", "财政资金"], "2.00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "asked", "parts"),
    [
        ("【0271】文旅委", False, ("0271", "文旅委")),
        ("308交通运输局", True, ("308", "交通运输局")),
        ("308交通运输局", False, (None, "308交通运输局")),
    ],
)
def test_a_code_right_before_a_name_where_the_label_asks_for_it(
    text: str, asked: bool, parts: tuple[str | None, str]
) -> None:
    assert split_code(text, asked=asked) == parts


def test_the_label_says_whether_a_code_is_asked_for() -> None:
    assert fields(("主管部门及代码", "308交通运输局"), ("项目名称", "110指挥平台")) == {
        "supervising_department_code": "308",
        "supervising_department": "交通运输局",
        "project_name": "110指挥平台",
    }


@pytest.mark.parametrize("text", ["（2022年1-8月）", "2024年上半年", "(2023年度第三季度)", "2024年1月至7月"])
def test_a_year_with_its_months_is_the_year(text: str) -> None:
    assert is_year_mark(text)
    assert read(text, make_table(("项目名称", "普法"))).year == int(text.strip("（(")[:4])


def test_labels_with_their_values_are_no_list_though_one_row_has_known_ones() -> None:
    record = read(
        make_table(
            ("主管部门", "某局", "项目单位", "某水务公司"),
            ("项目类型", "☑供水 □污水", "建设性质", "□新建 ☑改扩建"),
            ("开工时间", "2023年4月", "竣工时间", "2025年6月"),
        )
    )
    assert record.fields == {
        "supervising_department": "某局", "implementing_unit": "某水务公司", "开工时间": "2023年4月",
        "竣工时间": "2025年6月",
    }  # fmt: skip
    assert record.choices == {"项目类型": ["供水"], "建设性质": ["改扩建"]}


def test_numbered_goals_beside_a_heading_are_one_goal() -> None:
    record = read(make_table((C("绩效目标", 2), "目标1", "修复善本60册"), ("目标2", "建立古籍数据库")))
    assert record.fields == {"annual_goal": "目标1 修复善本60册\n目标2 建立古籍数据库"}


def test_goals_behind_numbered_labels_are_one_goal_in_doubt() -> None:
    record = read(make_table(("年度目标1：", "修复善本60册。"), ("年度目标2：", "建立古籍数据库。")))
    assert record.fields == {"annual_goal": "修复善本60册。\n建立古籍数据库。"}
    assert ("inferred", "/fields/annual_goal") in doubts(record)


def test_a_conclusion_alone_in_its_row_is_kept_under_its_label() -> None:
    record = read(make_table(HEADS, ROW, (C("自评结论：优。目标全部完成。", cols=4),)))
    assert record.fields == {"自评结论": "优。目标全部完成。"}
    assert len(record.indicators) == 1


def test_a_number_right_behind_a_label_is_its_value() -> None:
    assert fields(("项目负责人", "陈某", "联系电话7622310"))["contact_phone"] == "7622310"


def test_two_headings_of_goals_of_the_year_stand_under_names_of_their_own() -> None:
    heads, goals = ("年初绩效目标", "全年（调整）绩效目标", "全年目标实际完成情况"), ("氛围好。", "无", "完成。")
    assert fields((C("当年绩效目标", 2), *heads), goals) == {
        "annual_goal": "氛围好。", "全年（调整）绩效目标": "无", "goal_achieved": "完成。",
    }  # fmt: skip


def test_the_total_goal_is_the_whole_projects() -> None:
    record = fields((C("项目绩效目标", 2), "总目标", "建成古籍库"), ("本年度目标", "完成扫描"))
    assert record == {"medium_term_goal": "建成古籍库", "annual_goal": "完成扫描"}


@pytest.mark.parametrize(
    ("line", "unit", "unit_name"),
    [
        ("金额单位：万元（保留两位小数）", "万元", None), ("单位：元，保留整数", "元", None),
        ("单位：某县司法局", None, "某县司法局"), ("金额单位：美元", None, None),
    ],
)  # fmt: skip
def test_what_asks_for_the_unit_of_money_asks_for_no_office(line: str, unit: str | None, unit_name: str | None) -> None:
    record = read(line, make_table(("项目名称", "普法")))
    assert (record.amount_unit, record.fields.get("reporting_unit")) == (unit, unit_name)


# ── indicators


def test_opinions_and_signatures_below_the_table_are_no_indicator() -> None:
    opinions = ("主管部门意见：\n同意。\n（盖章）\n年 月 日", "财政部门意见：\n\n（盖章）\n年 月 日")
    record = read(make_table(HEADS, ROW, (C(opinions[0], cols=2), C(opinions[1], cols=2))))
    assert [i.level3 for i in record.indicators] == ["整治村庄"]
    assert set(record.fields) == {"主管部门意见", "财政部门意见"}


@pytest.mark.parametrize(
    "whose", ["主管部门审核意见", "第三方机构审核意见", "市财政局审核意见（盖章）", "专家评审意见"]
)
def test_opinions_in_the_columns_of_indicators_are_fields(whose: str) -> None:
    heads, row = (*HEADS, "备注"), (*ROW, "")
    opinion = (whose, C("无意见", cols=2), "审核人：高远", "日期：2017.10.9")
    again = ("业务科室意见", C("同意", cols=2), "审核人：罗成", "日期：2017.11.2")
    record = read(make_table(heads, row, opinion, again))
    assert [i.level3 for i in record.indicators] == ["整治村庄"]
    assert record.fields == {
        whose.removesuffix("（盖章）"): "无意见", "审核人": "高远", "日期": "2017.10.9",
        "业务科室意见": "同意", "审核人 2": "罗成", "日期 2": "2017.11.2",
    }  # fmt: skip


def test_a_label_that_is_printed_often_loses_no_value() -> None:
    record = read(make_table(*((f"日期：{day}日", f"审核人：{name}") for day, name in enumerate("甲乙丙丁", 1))))
    assert list(record.fields.values()) == [
        text for day, name in enumerate("甲乙丙丁", 1) for text in (f"{day}日", name)
    ]


def test_a_name_that_speaks_of_opinions_is_an_indicator() -> None:
    record = read(make_table(("三级指标", "指标值"), ("征求部门意见", "30条"), ("采纳意见", "20条")))
    assert [i.level3 for i in record.indicators] == ["征求部门意见", "采纳意见"]


def test_cells_that_reach_over_the_borders_of_columns_are_of_another_table() -> None:
    heads = ("一级指标", "二级指标", C("三级指标", cols=2), "指标值")
    row = ("产出指标", "数量指标", C("整治村庄", cols=2), "32个")
    record = read(make_table(heads, row, ("科室初审", C("同意上报", cols=2), C("某科", cols=2))))
    assert [i.level3 for i in record.indicators] == ["整治村庄"]


def test_a_mere_name_over_bands_and_levels_beside_it() -> None:
    record = read(
        make_table(
            (C("一、产出指标", cols=3),),
            ("类别", "指标", "目标值"),
            ("数量指标", "发放人数", "5.6万人"),
            ("时效指标", "发放时间", "25日前"),
            (C("二、满意度指标", cols=3),),
            ("服务对象满意度指标", "老年人满意度", "≥95%"),
        )
    )
    assert [(i.level1, i.level2, i.level3, i.targets["full_year"]) for i in record.indicators] == [
        ("产出指标", "数量指标", "发放人数", "5.6万人"),
        ("产出指标", "时效指标", "发放时间", "25日前"),
        ("满意度指标", "服务对象满意度指标", "老年人满意度", "≥95%"),
    ]


def test_a_band_over_each_header_names_the_level_of_its_rows() -> None:
    heads = ("指标类型", "指标", "目标值")
    record = read(
        make_table(
            (C("一、产出指标", cols=3),), heads, ("数量指标", "发放人数", "5.6万人"),
            (C("二、效益指标", cols=3),), heads, ("社会效益指标", "生活保障", "提升"),
        )
    )  # fmt: skip
    assert [(i.level1, i.level2, i.level3) for i in record.indicators] == [
        ("产出指标", "数量指标", "发放人数"), ("效益指标", "社会效益指标", "生活保障"),
    ]  # fmt: skip


def test_the_column_between_operator_and_unit_is_the_target_that_their_header_names() -> None:
    record = read(
        make_table(
            (C("一级指标", 2), C("二级指标", 2), C("三级指标", 2), C("指标值", cols=3), C("权重", 2)),
            ("符号", "值", "单位"),
            ("产出指标", "数量指标", "接种剂次", "≥", "68000", "剂次", "30"),
        )
    )
    one = record.indicators[0]
    assert (one.op, one.targets, one.unit, one.weights) == ("≥", {"full_year": "68000"}, "剂次", {"full_year": "30"})


def test_points_behind_each_level_are_of_the_level() -> None:
    record = read(
        make_table(
            ("一级指标", "分值", "二级指标", "分值", "三级指标", "分值", "得分"),
            (C("决策", 2), C("20", 2), "项目立项", "12", "立项依据", "12", "10"),
            ("绩效目标", "8", "目标合理性", "8", "8"),
        )
    )
    assert [(i.weights, i.score) for i in record.indicators] == [({"full_year": "12"}, "10"), ({"full_year": "8"}, "8")]
    assert record.indicators[1].other == {"一级指标分值": "20", "二级指标分值": "8"}


def test_targets_of_stages_are_no_periods() -> None:
    heads = ("一级指标", "二级指标", "三级指标", "指标值（建设期）", "指标值（运营期）")
    record = read(make_table(heads, ("效益指标", "社会效益指标", "受益人口", "6万人", "9万人")))
    one = record.indicators[0]
    assert (one.targets, one.other) == ({}, {"指标值(建设期)": "6万人", "指标值(运营期)": "9万人"})


# ── money


def test_sides_with_columns_of_their_own_stand_side_by_side() -> None:
    columns = "年初预算数", "全年执行数"
    record = read(
        make_table(
            (C("年度预算（万元）", 3), "按收入性质分", *columns, "按支出性质分", *columns),
            ("收入合计", "15", "14", "支出合计", "15", "14"),
            ("其中：公共预算", "12", "11", "其中：人员", "9", "8"),
        )
    )
    assert money(record) == [
        ("income", "收入合计", "initial_budget", "15"), ("income", "收入合计", "actual", "14"),
        ("income", "收入合计/公共预算", "initial_budget", "12"), ("income", "收入合计/公共预算", "actual", "11"),
        ("expenditure", "支出合计", "initial_budget", "15"), ("expenditure", "支出合计", "actual", "14"),
        ("expenditure", "支出合计/人员", "initial_budget", "9"), ("expenditure", "支出合计/人员", "actual", "8"),
    ]  # fmt: skip


def test_names_of_sides_between_lines_that_stand_whole_in_their_cells_are_no_labels() -> None:
    total, sides = C("资金总额：25", cols=2), ("按收入性质分：", "按支出性质分：")
    record = read(
        make_table((C("年度预算申请（万元）", 3), total), sides, ("其中：财政拨款：24", "其中：基本支出：15"))
    )
    assert record.fields == {}
    assert [(fund.side, fund.amount) for fund in record.funds] == [
        ("income", "25"), ("income", "24"), ("expenditure", "15"),
    ]  # fmt: skip


def test_a_header_beside_a_name_that_reaches_down_to_it_is_of_one_row() -> None:
    kinds = ("年初安排①", "年中调整②", "小计③=①+②")
    record = read(
        make_table(
            (C("资金安排情况", 4), C("资金结构（万元）", 2), C("预算安排", cols=3)),
            kinds,
            ("财政资金小计", "25", "2", "27"),
            ("其他资金小计", "4", "", "4"),
        )
    )
    assert [(fund.path, fund.amount) for fund in record.funds] == [
        *((["财政资金小计", kind], amount) for kind, amount in zip(kinds, ("25", "2", "27"), strict=True)),
        *((["其他资金小计", kind], amount) for kind, amount in zip(kinds, ("4", None, "4"), strict=True)),
    ]


def test_a_line_in_its_own_cell_may_be_blank() -> None:
    record = read(make_table((C("项目资金申请（万元）", 3), "资金总额：86"), ("财政拨款：80",), ("其他：",)))
    assert [(fund.path, fund.amount) for fund in record.funds] == [
        (["资金总额"], "86"), (["财政拨款"], "80"), (["其他"], None),
    ]  # fmt: skip
    assert not doubts(record)


def test_other_money_is_no_part_of_what_the_treasury_pays() -> None:
    lines = ("年度资金总额", "9"), ("其中：本年一般公共预算拨款", "7"), ("其中：上级资金", "4"), ("其他资金", "2")
    record = read(make_table((C("项目资金", 4), *lines[0]), *lines[1:]))
    assert [fund.path[1:] for fund in record.funds] == [
        [], ["本年一般公共预算拨款"], ["本年一般公共预算拨款", "上级资金"], ["其他资金"],
    ]  # fmt: skip


def test_the_name_of_the_other_side_between_the_lines() -> None:
    record = read(
        make_table(
            (C("收入预算", 3), "一般公共预算", "610.2", C("支出预算", 3), "基本支出", "520.2"),
            ("政府性基金", "", "项目支出", "90"),
            ("合计", "610.2", "合计", "610.2"),
        ),
        title=WHOLE,
    )
    assert [(side, path, amount) for side, path, _, amount in money(record)] == [
        ("income", "一般公共预算", "610.2"), ("income", "政府性基金", None), ("income", "合计", "610.2"),
        ("expenditure", "基本支出", "520.2"), ("expenditure", "项目支出", "90"), ("expenditure", "合计", "610.2"),
    ]  # fmt: skip


def test_both_sides_over_the_whole_table_with_years_past() -> None:
    record = read(
        make_table(
            ("部门名称", C("某区卫健局", cols=5)),
            (C("收入", cols=3), C("支出", cols=3)),
            ("项目", "上年预算数", "本年预算数", "项目", "上年预算数", "本年预算数"),
            ("一般公共预算收入", "36", "38", "基本支出", "21", "22"),
            ("其他收入", "8", "6", "", "", ""),
            ("收入合计", "44", "44", "支出合计", "21", "22"),
            ("年度绩效目标", C("健全服务体系。", cols=5)),
        ),
        title=WHOLE,
    )
    assert money(record) == [
        (side, name, column, amount)
        for side, lines in (
            ("income", (("一般公共预算收入", "36", "38"), ("其他收入", "8", "6"), ("收入合计", "44", "44"))),
            ("expenditure", (("基本支出", "21", "22"), ("支出合计", "21", "22"))),
        )
        for name, *amounts in lines
        for column, amount in zip(("other:上年预算数", "full_year_budget"), amounts, strict=True)
    ]
    assert record.fields == {"reporting_unit": "某区卫健局", "annual_goal": "健全服务体系。"}


@pytest.mark.parametrize("again", ["", "资金总额"])
def test_a_line_whose_name_stands_beside_the_headers_of_its_columns(again: str) -> None:
    record = read(
        make_table(
            ("资金总额", "年初预算数", "全年执行数", "执行率（%）", "执行率得分"),
            (again, "800.00", "790.00", "98.75", "9.9"),
        )
    )
    assert money(record) == [
        ("income", "资金总额", "initial_budget", "800.00"), ("income", "资金总额", "actual", "790.00"),
        ("income", "资金总额", "execution_rate", "98.75"), ("income", "资金总额", "score", "9.9"),
    ]  # fmt: skip
    assert "unowned" not in dict(doubts(record))


def test_columns_of_one_line_that_its_block_names() -> None:
    record = read(
        make_table(
            (C("年度预算执行", 2), "年初预算", "1-7月支出数", "支出进度"),
            ("3,200", "1,902.4", "59.45%"),
        )
    )
    assert [(path, column) for _, path, column, _ in money(record)] == [
        ("年度预算执行", "initial_budget"), ("年度预算执行", "progress"), ("年度预算执行", "progress_rate"),
    ]  # fmt: skip


@pytest.mark.parametrize("label", ["资金额度（万元）", "年度预算安排", "合同金额（万元）"])
def test_a_label_of_money_and_its_amount_among_labels(label: str) -> None:
    record = read(make_table((label, "58.60", "服务期限", "2024年3月至2025年2月"), ("项目名称", "某项", "说明", "")))
    assert [(fund.path, fund.amount) for fund in record.funds] == [([label.removesuffix("（万元）")], "58.60")]
    assert record.fields["服务期限"] == "2024年3月至2025年2月"


# ── tasks


def test_tasks_with_projects_and_money_and_no_contents() -> None:
    record = read(
        make_table(
            (C("主要任务", 3), "序号", "任务名称", "对应项目", "预算金额（万元）"),
            ("1", "安全监管", "检查经费", "280.00"),
            ("2", "防灾宣传", "科普费", "100.00"),
        )
    )
    assert [(task["name"], task["amounts"]) for task in record.tasks] == [
        ("安全监管", {"预算金额": "280.00"}), ("防灾宣传", {"预算金额": "100.00"}),
    ]  # fmt: skip
