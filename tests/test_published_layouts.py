"""Forms laid out as published ones are: headings in the table, totals behind labels, blocks in blocks, years past."""

from __future__ import annotations

import pytest
from helpers_tables import C, make_line, make_table, money, read, read_all

from schemas.language.money import Amount, parse_amount, printed_lines
from schemas.language.vocabulary import load_words

REVIEW = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分")
FIRST = ("产出指标", "数量指标", "购置设备", "13台", "13台", "50", "50.00")
SECOND = ("效益指标", "社会效益指标", "诊疗人次", "900人", "880人", "50", "48.00")


# ── headings and totals of indicators


def test_a_band_in_words_of_a_title_heads_the_first_indicators_of_its_form() -> None:
    """云南: 项目支出绩效指标表 stands inside of 项目支出绩效自评表."""
    table = make_table(
        ("项目名称", C("设备购置", cols=6)), (C("项目支出绩效指标表", cols=7),), REVIEW, FIRST, SECOND,
    )  # fmt: skip
    (record,) = read_all(make_line("项目支出绩效自评表"), table)
    assert (record.title, record.fields["project_name"]) == ("项目支出绩效自评表", "设备购置")
    assert [i.level3 for i in record.indicators] == ["购置设备", "诊疗人次"]
    assert record.findings == []


def test_totals_behind_labels_of_their_own_are_read_by_these() -> None:
    totals = ("总分", "总分值", "100", "总得分", "98.00", "自评等级", "优")
    record = read(make_table(("项目名称", C("设备购置", cols=6)), REVIEW, FIRST, SECOND, totals))
    assert [record.fields[name] for name in ("total_weight", "total_score", "grade")] == ["100", "98.00", "优"]
    assert record.findings == []


def test_a_review_without_targets_is_no_disorder_and_numbers_of_rows_say_nothing() -> None:
    """安徽 寿县, 上海: points alone; 序号 before the levels."""
    record = read(
        make_table(
            ("序号", "一级指标", "二级指标", "三级指标", "指标分值", "自评得分"),
            ("1", C("规划（15分）", rows=2), C("工作计划（6分）", rows=2), "计划完整性", "3", "3"),
            ("2", "计划明确性", "12", "11"),
            ("3", "执行（85分）", "预算执行（85分）", "预算执行率", "85", "84.5"),
            (C("合计", cols=4), "100", "98.5"),
        ),
        title="部门整体支出绩效自评表",
    )
    assert [(i.level3, i.score) for i in record.indicators] == [
        ("计划完整性", "3"), ("计划明确性", "11"), ("预算执行率", "84.5"),
    ]  # fmt: skip
    assert record.findings == []


def test_two_names_of_levels_below_one_heading_and_levels_of_the_year_past() -> None:
    """黑龙江 大庆: 指标名称 over 二级指标 and 三级指标; 水平 of two years."""
    record = read(
        make_table(
            (C("绩效指标", rows=4), C("指标名称", cols=2), C("上年度实际水平", rows=2), C("本年度计划水平", rows=2)),
            ("二级指标", "三级指标"),
            (C("目标完成程度", rows=2), "1.数字化页数", "45万页", "60万页"),
            ("2.完成时间", "12月20日", "12月10日前"),
        )
    )
    assert [(i.level2, i.level3, i.history, i.targets) for i in record.indicators] == [
        ("目标完成程度", "1.数字化页数", {"上年度实际水平": "45万页"}, {"full_year": "60万页"}),
        ("目标完成程度", "2.完成时间", {"上年度实际水平": "12月20日"}, {"full_year": "12月10日前"}),
    ]


def test_years_beside_a_target_are_past_both_of_them() -> None:
    """湖北 广水: 2019年 and 2020年 beside 预期当年实现值; no target of the whole project is among them."""
    record = read(
        make_table(
            (C("一级指标", rows=2), C("二级指标", rows=2), C("指标名称", rows=2), C("指标值", cols=3)),
            ("2019年", "2020年", "预期当年实现值"),
            ("产出指标", "数量指标", "办理公文", "3900件", "4050件", "≥4200件"),
        )
    )
    (one,) = record.indicators
    assert one.targets == {"full_year": "≥4200件"}
    assert one.history == {"2019年": "3900件", "2020年": "4050件"}


# ── money


def test_a_further_heading_beside_all_lines_of_a_block_is_in_no_path() -> None:
    """重庆 奉节: 项目资金 | 预算执行10分 | lines."""
    record = read(
        make_table(
            (C("项目资金（万元）", rows=3), C("预算执行10分", rows=3), "当年年度预算", "65"),
            ("其中：财政资金", "60"),
            ("其中：其它资金", "5"),
        )
    )
    assert money(record) == [
        ("income", "当年年度预算", "full_year_budget", "65"),
        ("income", "当年年度预算/财政资金", "full_year_budget", "60"),
        ("income", "当年年度预算/其它资金", "full_year_budget", "5"),
    ]


def test_a_tall_line_beside_its_parts_stands_once_in_their_paths() -> None:
    record = read(
        make_table(
            (C("项目资金（万元）", rows=4), C("财政拨款", rows=3), "本级财政", "60"),
            ("其中：一般公共预算", "50"),
            ("政府性基金预算", "10"),
            (C("其他资金", cols=2), "5"),
        )
    )
    assert [path for _, path, _, _ in money(record)] == [
        "财政拨款/本级财政", "财政拨款/本级财政/一般公共预算", "财政拨款/本级财政/政府性基金预算", "其他资金",
    ]  # fmt: skip


def test_blocks_within_a_block_have_columns_of_their_own() -> None:
    """黑龙江 大庆: 资金来源 and 项目支出明细 beside each other's names, the years past left of this one."""
    heads = ("项目", "上年度预算安排", "本年度申请金额")
    record = read(
        make_table(
            (C("项目资金情况", rows=6), C("资金来源（万元）", rows=3), *heads),
            ("合计", "90", "120"),
            ("财政拨款", "——", "120"),
            (C("项目支出明细预算（万元）", rows=3), *heads),
            ("合计", "90", "120"),
            ("1.扫描费", "90", "120"),
        )
    )
    past = "other:上年度预算安排"
    assert money(record) == [
        ("income", "合计", past, "90"),
        ("income", "合计", "full_year_budget", "120"),
        ("income", "财政拨款", past, "——"),
        ("income", "财政拨款", "full_year_budget", "120"),
        ("expenditure", "合计", past, "90"),
        ("expenditure", "合计", "full_year_budget", "120"),
        ("expenditure", "1.扫描费", past, "90"),
        ("expenditure", "1.扫描费", "full_year_budget", "120"),
    ]


def test_columns_above_both_sides_hold_for_both() -> None:
    """湖北 广水: 当年金额, 占比 and two years past above 收入构成 and 支出构成."""
    heads = C("总体资金情况", cols=2, rows=2), C("当年金额", rows=2), C("占比", rows=2), C("近两年收支金额", cols=2)
    record = read(
        make_table(
            (C("部门总体资金情况（万元）", rows=6), *heads),
            ("2019年", "2020年"),
            (C("收入构成", rows=2), "财政拨款", "960", "99%", "891", "934"),
            ("其他资金", "8", "1%", "5", "6"),
            (C("支出构成", rows=2), "基本支出", "900", "93%", "890", "930"),
            ("项目支出", "68", "7%", "6", "10"),
        )
    )
    columns = "full_year_budget", "other:占比", "other:2019年", "other:2020年"
    lines = [
        ("income", "财政拨款", "960 99 891 934"), ("income", "其他资金", "8 1 5 6"),
        ("expenditure", "基本支出", "900 93 890 930"), ("expenditure", "项目支出", "68 7 6 10"),
    ]  # fmt: skip
    assert money(record) == [
        (side, path, column, amount)
        for side, path, amounts in lines
        for column, amount in zip(columns, amounts.split(), strict=True)
    ]


def test_a_table_of_projects_is_no_money_of_the_form_and_no_label() -> None:
    record = read(
        make_table(
            (C("项目支出情况", rows=3), "项目名称", "项目类型", "项目总预算", "项目本年度预算", "主要用途"),
            ("值班经费", "常年性项目", "80", "80", "补助"),
            ("系统升级", "一次性项目", "160", "100", "开发"),
        )
    )
    assert (record.funds, record.fields) == ([], {})
    assert {f.rule for f in record.findings} == {"unowned"}


@pytest.mark.parametrize("part", ["其中：市财政资金 200", "其中：市财政资金200", "其中：市财政资金200万元"])
def test_an_amount_right_behind_a_name_is_the_amount_of_its_line(part: str) -> None:
    """广东: a blank parts them, which a recognised text may have lost."""
    record = read(
        make_table(
            (C("项目预算（万元）", rows=2), "资金总额", C("260", cols=2)),
            (C(part, cols=2), "其他资金：60"),
        )
    )
    assert money(record) == [
        ("income", "资金总额", "full_year_budget", "260"),
        ("income", "资金总额/市财政资金", "full_year_budget", "200"),
        ("income", "资金总额/其他资金", "full_year_budget", "60"),
    ]
    assert record.findings == []


@pytest.mark.parametrize("amount", ["13", "23", "345", "5.5"])
def test_an_amount_of_several_digits_is_one_whichever_they_are(amount: str) -> None:
    assert printed_lines(f"其中：市财政资金{amount}", load_words(), True) == [("其中：市财政资金", amount)]
    assert printed_lines("其中：市财政资金2", load_words(), True) == []


def test_an_amount_in_ten_thousands_need_not_say_of_what() -> None:
    words = load_words()
    assert parse_amount("854万", words) == Amount("854", "万元")
    assert parse_amount("854万（高标准农田400万元，示范建设454万元）", words) == Amount("854", "万元")
    assert parse_amount("1.2亿", words) == Amount("1.2", "亿元")
    assert parse_amount("854万人", words) is None


# ── tables without a header that is known


def test_a_label_before_figures_in_several_columns_is_none() -> None:
    heads = C("设备情况", rows=3), "设备型号", "上期", "本期"
    record = read(make_table(heads, ("甲型监测仪", "明显", "60台"), ("乙型监测仪", "一般", "80台")))
    assert not any("监测仪" in name for name in record.fields)
    assert "unowned" in {f.rule for f in record.findings}


def test_a_second_title_over_indicators_begins_another_form() -> None:
    """One workbook table with two reviews below each other, the second without labels of its own."""
    rows = ("项目名称", C("设备购置", cols=6)), REVIEW, FIRST
    table = make_table(*rows, (C("另一项目绩效自评表", cols=7),), REVIEW, SECOND)
    assert [r.title for r in read_all(make_line("项目支出绩效自评表"), table)] == [
        "项目支出绩效自评表",
        "另一项目绩效自评表",
    ]
