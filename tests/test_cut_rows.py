"""A row that a page break cuts is one; two rows of which the second prints nothing but its name are two."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from helpers_grids import make_grid, rows_of, table_of
from helpers_tables import doubts, read

from schemas.model import Table

HEAD = ("二级指标", "三级指标", "半年指标值", "指标值")
NAMES = ("公用经费控制率", "管理制度健全性", "信息公开度", "结转资金执行率")
FULL_RATE = "部门预算执行的总体完成率"  # fills the line of its column


def broken(upper: str, lower: str, names: Sequence[str] = NAMES) -> Table:
    """A page that ends in a row of values, and one whose first row prints one text beside blanks."""
    above = [HEAD, *(("预算管理", name, "合理", "健全") for name in names), ("预算执行", upper, "规范", "良好")]
    below = [
        ("", lower, "", ""),
        ("预算编制", "预算编制规范性", "完整", "完整"),
        ("预算编制", "编制科学性", "好", "好"),
    ]
    return table_of(make_grid(1, rows_of(*above), height=18), make_grid(2, rows_of(*below), height=18))


def names_of(table: Table) -> list[str]:
    return [c.text for c in table.cells if c.col == 1][len(NAMES) + 1 :]


@pytest.mark.parametrize("upper", [FULL_RATE, "部门预决算的信息的公开度"])
@pytest.mark.parametrize("lower", ["绩效管理覆盖率", "档案管理规范性"])
def test_two_names_that_end_as_others_of_their_column_are_two_rows(upper: str, lower: str) -> None:
    table = broken(upper, lower)
    assert names_of(table)[:2] == [upper, lower]
    assert not table.unsure_rows


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("部门预算执行的总体完成达", "标率"),  # too short for a name of this column
        ("部门预算（含上年结转资金", "）执行的总体完成率"),  # closes what is open
        ("部门预算执行的总体完成率", "（含上年结转）"),  # a remark, which no name begins with
        ("部门预算执行、结转结余、", "资产处置合规性"),
    ],
)
def test_what_is_no_name_goes_on_from_the_row_above(upper: str, lower: str) -> None:
    table = broken(upper, lower)
    assert names_of(table)[0] == upper + lower
    assert not table.unsure_rows


def test_where_nearly_all_names_end_alike_what_does_not_goes_on() -> None:
    many = (*NAMES, "设备完好率", "经费到位率", "采购合规性", "账目准确性", "培训合格率")
    assert "来信来访和投诉举报的办理及时率" in [
        c.text for c in broken("来信来访和投诉举报的办理", "及时率", many).cells
    ]


def test_a_rest_beside_a_blank_name_is_no_row_of_its_own() -> None:
    above = [
        HEAD,
        *(("预算管理", name, "合理", "健全") for name in NAMES),
        ("预算执行", "执行率", "年底前完成全部的整改任务和", "好"),
    ]
    below = [("", "", "资料归档工作", ""), ("预算编制", "预算编制规范性", "完整", "完整")]
    table = table_of(make_grid(1, rows_of(*above), height=18), make_grid(2, rows_of(*below), height=18))
    assert "年底前完成全部的整改任务和资料归档工作" in [c.text for c in table.cells]
    assert not table.unsure_rows


def test_where_nothing_tells_all_rows_are_doubted() -> None:
    table = broken("来信来访和投诉举报的办理", "群众来信来访")
    assert names_of(table)[0] == "来信来访和投诉举报的办理群众来信来访"
    assert table.unsure_rows == (len(NAMES) + 1,)
    record = read(table)
    assert ("inferred", "/indicators") in doubts(record)
    assert ("inferred", "/funds") not in doubts(record)
    sure = read(broken(FULL_RATE, "绩效管理覆盖率"))
    assert ("inferred", "/indicators") not in doubts(sure)


@pytest.mark.parametrize("level", [("满意度指标", ""), ("满意", "度指标")])
def test_options_that_a_break_parts_are_those_of_one_row(level: tuple[str, str]) -> None:
    """Two texts that print together what other cells of their column print, but for the ticks, are one."""
    ticked = ("□确定能□有可能■不可能", "■确定能□有可能□不可能", "□确定能■有可能□不可能")
    rows = [("产出指标", f"指标{n}", "90%", text) for n, text in enumerate(ticked)]
    above = [("一级指标", "三级指标", "指标值", "完成可能性"), *rows, (level[0], "群众满意程度", "95%", "□确定能")]
    below = [(level[1], "", "", "□有可能■不可能")]
    table = table_of(make_grid(1, rows_of(*above), height=18), make_grid(2, rows_of(*below), height=18))
    last = [c.text.replace("\n", "") for c in table.cells][-4:]
    assert last == ["".join(level), "群众满意程度", "95%", "□确定能□有可能■不可能"]
    assert not table.unsure_rows


@pytest.mark.parametrize(("others", "upper", "lower"), [("", "√", "√"), ("定性", ">", "定性")])
def test_marks_above_each_other_are_those_of_two_rows(others: str, upper: str, lower: str) -> None:
    rows = [("数量指标" if not n else "", f"指标{n}", others, "90%", "") for n in range(4)]
    above = [("二级指标", "三级指标", "性质", "指标值", "说明"), *rows, ("", "调查的及时性", upper, "良好", "无")]
    below = [("", "台账的规范性", lower, "良好", ""), ("", "培训的合格率", "", "95%", "")]
    table = table_of(make_grid(1, rows_of(*above), height=18), make_grid(2, rows_of(*below), height=18))
    assert [c.text for c in table.cells if c.col == 1][-3:] == ["调查的及时性", "台账的规范性", "培训的合格率"]
