"""The money of tables made by hand: sides, nesting, columns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from helpers_tables import C, doubts, fields, make_table, money, read

from schemas.record import Fund, Record


def test_two_sides_with_fiscal_money_and_its_kinds() -> None:
    record = read(
        make_table(
            (C("项目资金(万元)", rows=8), C("收入", rows=5), C("资金来源", cols=2), C("全年预算数", cols=2)),
            (C("资金总额", cols=2), C("1,009", cols=2)),
            (C("财政拨款", rows=2), "小计", C("1009.0", cols=2)),
            ("一般公共预算资金", C("", cols=2)),
            (C("其他资金", cols=2), C("/", cols=2)),
            (C("支出", rows=3), C("资金分配", cols=2), "半年计划执行数", "全年预算数"),
            (C("资金总额", cols=2), "4", "9"),
            (C("人员经费", cols=2), "", "9"),
        )
    )
    assert money(record) == [
        ("income", "资金总额", "full_year_budget", "1009"),
        ("income", "财政拨款/小计", "full_year_budget", "1009.0"),
        ("income", "财政拨款/一般公共预算资金", "full_year_budget", None),
        ("income", "其他资金", "full_year_budget", "/"),
        ("expenditure", "资金总额", "half_year_plan", "4"),
        ("expenditure", "资金总额", "full_year_budget", "9"),
        ("expenditure", "人员经费", "half_year_plan", None),
        ("expenditure", "人员经费", "full_year_budget", "9"),
    ]
    assert record.funds[0] == Fund(
        side="income", path=["资金总额"], column="full_year_budget", amount="1009", raw="1,009"
    )
    assert record.amount_unit == "万元"
    assert record.findings == []


def test_lines_below_fiscal_money_without_merged_cells_are_its_kinds() -> None:
    record = read(
        make_table(
            (C("部门整体资金（元）", rows=6), "资金来源", "全年预算数"),
            ("资金总额", "10"),
            ("财政拨款", "10"),
            ("一般公共预算资金", "8"),
            ("政府性基金预算", "2"),
            ("上年结转资金", "0"),
        )
    )
    assert [f.path for f in record.funds] == [
        ["资金总额"],
        ["财政拨款"],
        ["财政拨款", "一般公共预算资金"],
        ["财政拨款", "政府性基金预算"],
        ["上年结转资金"],
    ]
    assert record.amount_unit == "元"


def test_lines_below_project_expenditure_are_its_children_to_the_end() -> None:
    record = read(
        make_table(
            (C("部门整体资金（万元）", rows=5), C("支出", rows=5), "支出情况", "全年预算数"),
            ("基本支出", "2"),
            ("项目支出", "3"),
            ("甲经费", "1"),
            ("乙经费", "2"),
        )
    )
    assert [f.path for f in record.funds] == [
        ["基本支出"],
        ["项目支出"],
        ["项目支出", "甲经费"],
        ["项目支出", "乙经费"],
    ]
    assert {f.side for f in record.funds} == {"expenditure"}


@pytest.mark.parametrize("first", ["其中：中央补助", "其中:中央补助", "其中： 中央补助"])
def test_from_of_which_on_all_lines_are_children(first: str) -> None:
    record = read(
        make_table(
            (C("资金情况（万元）", rows=3), "年度金额：", "397"),
            (first, "300"),
            ("地方资金", "97"),
        )
    )
    assert money(record) == [
        ("income", "年度金额", "full_year_budget", "397"),
        ("income", "年度金额/中央补助", "full_year_budget", "300"),
        ("income", "年度金额/地方资金", "full_year_budget", "97"),
    ]


def test_a_review_prints_several_columns() -> None:
    record = read(
        make_table(
            (C("项目资金（万元）", rows=3), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
            ("年度资金总额", "10", "8", "6", "10", "75%", "7.5"),
            ("其中：财政拨款", "10", "8", "6", "—", "75%", "—"),
        ),
        title="项目支出绩效自评表",
    )
    columns = ["initial_budget", "full_year_budget", "actual", "weight", "execution_rate", "score"]
    assert [f.column for f in record.funds] == columns * 2
    assert [f.amount for f in record.funds] == ["10", "8", "6", "10", "75", "7.5", "10", "8", "6", "—", "75", "—"]
    assert record.funds[6].path == ["年度资金总额", "财政拨款"]


def test_a_matrix_of_kinds_makes_each_kind_a_child_of_its_line() -> None:
    record = read(
        make_table(
            (C("部门预算（元）", rows=3), "资金类别", "一般公共预算", "单位资金"),
            ("基本支出", "100", "20"),
            ("项目支出", "50", ""),
        )
    )
    assert money(record) == [
        ("expenditure", "基本支出/一般公共预算", "full_year_budget", "100"),
        ("expenditure", "基本支出/单位资金", "full_year_budget", "20"),
        ("expenditure", "项目支出/一般公共预算", "full_year_budget", "50"),
        ("expenditure", "项目支出/单位资金", "full_year_budget", None),
    ]


def test_a_tree_of_headers_over_one_row_of_amounts() -> None:
    record = read(
        make_table(
            (
                C("总体资金情况（万元）", rows=3),
                C("预算支出总额", rows=2),
                C("基本支出", cols=2),
                C("项目支出", cols=2),
            ),
            ("合计", "财政拨款", "合计", "财政拨款"),
            ("30", "10", "10", "20", "20"),
        )
    )
    assert [("/".join(f.path), f.amount) for f in record.funds] == [
        ("预算支出总额", "30"),
        ("基本支出/合计", "10"),
        ("基本支出/财政拨款", "10"),
        ("项目支出/合计", "20"),
        ("项目支出/财政拨款", "20"),
    ]
    assert {f.side for f in record.funds} == {"expenditure"}


def test_an_amount_beside_its_label_in_one_cell() -> None:
    record = read(make_table(("项目总额：2.00 万元",), ("其中：财政资金：1.50 万元",), ("社会资金：0.50 万元",)))
    assert [("/".join(f.path), f.amount, f.raw) for f in record.funds] == [
        ("项目总额", "2.00", "2.00 万元"),
        ("项目总额/财政资金", "1.50", "1.50 万元"),
        ("项目总额/社会资金", "0.50", "0.50 万元"),
    ]
    assert record.amount_unit == "万元"


def test_a_part_in_one_cell_below_a_total_in_two_is_its_child() -> None:
    record = read(make_table(("项目总额：", "2.00 万元"), ("其中：财政资金：1.50 万元", "")))
    assert [f.path for f in record.funds] == [["项目总额"], ["项目总额", "财政资金"]]


def test_an_amount_that_cannot_be_read_is_null_with_a_finding() -> None:
    record = read(
        make_table(
            (C("项目资金（万元）", rows=3), "资金来源", "全年预算数"),
            ("资金总额", "1.2.3"),
            ("财政拨款", "5"),
        )
    )
    assert [(f.amount, f.raw) for f in record.funds] == [(None, "1.2.3"), ("5", "5")]
    assert doubts(record) == [("unreadable", "/funds/0")]


def test_a_line_of_money_beside_another_label_is_money_in_its_unit() -> None:
    record = read(make_table(("实施单位", "某站", "年度资金总额（万元）", "48.60"), ("主管部门", C("某局", cols=3))))
    assert [(f.path, f.amount) for f in record.funds] == [(["年度资金总额"], "48.60")]
    assert record.amount_unit == "万元"
    assert record.fields == {"implementing_unit": "某站", "supervising_department": "某局"}


def test_a_label_that_ends_like_money_keeps_a_text_that_is_none() -> None:
    assert fields(("实施单位", "某站", "是否涉及专项资金", "否"))["是否涉及专项资金"] == "否"


@pytest.mark.parametrize(
    ("lines", "side"),
    [
        (("基本支出", "项目支出"), "expenditure"),
        (("其中：基本支出", "项目支出"), "expenditure"),
        (("财政拨款", "其他资金"), "income"),
        (("财政拨款", "项目支出"), "income"),
        ((), "income"),
    ],
)
def test_a_total_takes_the_side_of_the_lines_that_it_sums(lines: Sequence[str], side: str) -> None:
    rows: list[Sequence[str | C]] = [(C("预算资金", len(lines) + 2), "", "全年预算数"), ("资金总额", "3")]
    record = read(make_table(*rows, *((line, "1") for line in lines)))
    assert [f.side for f in record.funds if f.path == ["资金总额"]] == [side]


def paths(record: Record) -> list[tuple[str, str, str | None]]:
    return [(f.side, "/".join(f.path), f.amount) for f in record.funds]


@pytest.mark.parametrize("part", ["其中：", "其中:", "其中"])
def test_a_part_to_the_right_of_its_total_is_below_it(part: str) -> None:
    record = read(make_table(("资金（万元）", "合计", "2,400.00", f"{part}中央", "1,800.00", "省级", "600.00")))
    assert paths(record) == [
        ("income", "合计", "2400.00"),
        ("income", "合计/中央", "1800.00"),
        ("income", "合计/省级", "600.00"),
    ]


def test_a_part_below_a_line_of_its_own_column_belongs_to_that_line() -> None:
    record = read(
        make_table(
            (C("项目资金（万元）", rows=2), "资金总额", "100", "上年结转资金", "20"),
            ("其他资金", "10", "其中：财政拨款", "15"),
        )
    )
    assert ("income", "上年结转资金/财政拨款", "15") in paths(record)


def test_the_amount_in_the_row_of_the_blocks_own_name_is_its_total() -> None:
    record = read(make_table(("项目资金（万元）", "100", "其中：财政拨款", "60", "其他资金", "40")))
    assert paths(record) == [
        ("income", "项目资金", "100"),
        ("income", "项目资金/财政拨款", "60"),
        ("income", "项目资金/其他资金", "40"),
    ]
    assert record.amount_unit == "万元"


def test_lines_that_stand_whole_in_their_cells() -> None:
    record = read(
        make_table(
            (C("项目资金申请（万元）", rows=3), C("资金总额：860.00", cols=2)),
            ("财政拨款：800.00", "自有资金：45.00"),
            ("事业收入：0.00", "其他：15.00"),
        )
    )
    assert paths(record) == [
        ("income", "资金总额", "860.00"),
        ("income", "财政拨款", "800.00"),
        ("income", "自有资金", "45.00"),
        ("income", "事业收入", "0.00"),
        ("income", "其他", "15.00"),
    ]
    assert record.findings == []


@pytest.mark.parametrize("between", ["\n", "；", "; ", "，", " "])
def test_several_lines_in_one_cell(between: str) -> None:
    cell = between.join(("资金总额：30.5万元", "中央补助：20万元", "县级配套：10.5万元"))
    record = read(make_table(("项目资金", cell)))
    assert paths(record) == [
        ("income", "资金总额", "30.5"),
        ("income", "中央补助", "20"),
        ("income", "县级配套", "10.5"),
    ]


def test_income_beside_expenditure_is_read_one_after_the_other() -> None:
    record = read(
        make_table(
            (C("预算情况（万元）", rows=4), C("收入预算", cols=2), C("支出预算", cols=2)),
            ("财政拨款", "18,420.60", "基本支出", "13,934.80"),
            ("其他资金", "600.00", "项目支出", "5,085.80"),
            ("收入合计", "19,020.60", "支出合计", "19,020.60"),
        )
    )
    assert paths(record) == [
        ("income", "财政拨款", "18420.60"),
        ("income", "其他资金", "600.00"),
        ("income", "收入合计", "19020.60"),
        ("expenditure", "基本支出", "13934.80"),
        ("expenditure", "项目支出", "5085.80"),
        ("expenditure", "支出合计", "19020.60"),
    ]
    assert record.findings == []


def test_sides_beside_each_other_with_columns_of_their_own() -> None:
    record = read(
        make_table(
            (C("预算情况（万元）", rows=3), "收入", "预算数", "支出", "预算数"),
            ("财政拨款", "10", "基本支出", "8"),
            ("其他资金", "2", "项目支出", "4"),
        )
    )
    assert paths(record) == [
        ("income", "财政拨款", "10"),
        ("income", "其他资金", "2"),
        ("expenditure", "基本支出", "8"),
        ("expenditure", "项目支出", "4"),
    ]


def test_two_totals_beside_each_other_are_two_blocks() -> None:
    record = read(
        make_table(
            (C("项目资金（万元）", rows=3), "实施期资金总额", "9,600", "年度资金总额", "4,032"),
            ("其中：财政拨款", "9,600", "其中：财政拨款", "3,832"),
            ("其他资金", "—", "其他资金", "200"),
        )
    )
    assert paths(record) == [
        ("income", "实施期资金总额", "9600"),
        ("income", "实施期资金总额/财政拨款", "9600"),
        ("income", "实施期资金总额/其他资金", "—"),
        ("income", "年度资金总额", "4032"),
        ("income", "年度资金总额/财政拨款", "3832"),
        ("income", "年度资金总额/其他资金", "200"),
    ]


def test_a_column_without_a_name_of_ours_keeps_its_header() -> None:
    record = read(
        make_table(
            (C("项目资金（万元）", rows=2), "资金来源", "2021年", "预算数", "占比"),
            ("财政拨款", "5", "7", "70%"),
        )
    )
    assert [(f.column, f.amount) for f in record.funds] == [
        ("other:2021年", "5"),
        ("full_year_budget", "7"),
        ("other:占比", "70"),
    ]


def test_numbered_kinds_of_fiscal_money_are_below_it_and_the_next_line_is_not() -> None:
    record = read(
        make_table(
            (C("项目资金", rows=5), "资金总额", "320"),
            ("其中：财政拨款", "300"),
            ("1.一般公共预算", "300"),
            ("2.政府性基金预算", "0"),
            ("其他资金", "20"),
        )
    )
    assert paths(record) == [
        ("income", "资金总额", "320"),
        ("income", "资金总额/财政拨款", "300"),
        ("income", "资金总额/财政拨款/1.一般公共预算", "300"),
        ("income", "资金总额/财政拨款/2.政府性基金预算", "0"),
        ("income", "资金总额/其他资金", "20"),
    ]
    assert record.findings == []


def test_a_label_behind_the_money_of_a_row_keeps_its_value() -> None:
    record = read(
        make_table(
            ("2024年预算", "4560000.00", "其中：财政拨款", "4560000.00", "主管部门", "市文旅委"),
            ("项目名称", C("免费开放", cols=5)),
        )
    )
    assert paths(record) == [
        ("income", "2024年预算", "4560000.00"),
        ("income", "2024年预算/财政拨款", "4560000.00"),
    ]
    assert record.fields == {"supervising_department": "市文旅委", "project_name": "免费开放"}
    assert record.findings == []


def test_shares_below_amounts_are_no_money() -> None:
    record = read(
        make_table(
            (C("预算资金（万元）", rows=3), "合计", "中央资金", "省级资金"),
            ("156.00", "100.00", "56.00"),
            ("占比100%", "64.1%", "35.9%"),
        )
    )
    assert paths(record) == [
        ("income", "合计", "156.00"),
        ("income", "中央资金", "100.00"),
        ("income", "省级资金", "56.00"),
    ]
    assert {rule for rule, _ in doubts(record)} == {"unowned"}


@pytest.mark.parametrize(
    ("name", "unit", "printed"),
    [
        ("项目资金（方元）", None, ["方元"]),
        ("项目资金（单位：万无）", None, ["万无"]),
        ("项目资金（万元）", "万元", []),
        ("项目资金", None, []),
        ("项目资金（合计）", None, []),
    ],
)
def test_a_unit_that_may_have_been_misread_is_doubted(name: str, unit: str | None, printed: list[str]) -> None:
    record = read(make_table((C(name, rows=2), "资金来源", "全年预算数"), ("资金总额", "10")))
    assert record.amount_unit == unit
    assert [one.printed for one in record.findings if one.where == "/amount_unit"] == printed
