"""Kinds of layouts after forms that provinces published; where their words come from stands in the vocabulary."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers_tables import WHOLE, C, doubts, fields, make_line, make_table, money, read, read_all

from schemas.language.values import level_points
from schemas.model import Box, Cell, Place, Table

HEADS = ("一级指标", "二级指标", "三级指标", "指标值")
ROW = ("产出指标", "数量指标", "整治村庄", "32个")

# ── labels and values


@pytest.mark.parametrize("heading", ["基本信息", "项目基本信息", "单位信息"])
def test_labels_with_their_values_in_one_cell_beside_a_heading(heading: str) -> None:
    text = "单位名称：某区司法局　　单位编码：118001　　联系人：周某"
    expected = {"reporting_unit": "某区司法局", "reporting_unit_code": "118001", "contact_name": "周某"}
    assert fields((heading, text), ("项目名称", "普法")) == {**expected, "project_name": "普法"}


def test_one_label_with_its_value_beside_an_unknown_heading() -> None:
    assert fields(("基本信息", "主管部门：某市水务局"), ("项目名称", "普法")) == {
        "supervising_department": "某市水务局", "project_name": "普法",
    }  # fmt: skip


def test_numbered_labels_beside_the_heading_of_a_section() -> None:
    read_fields = fields(
        (C("项目基本情况", 3), C("1.项目年度目标完成情况", 2), "项目年度目标", "年度目标完成情况"),
        ("按月发放。", "已发放。"),
        ("2.项目实施内容及过程概述", C("编制工资表，逐月发放。", cols=2)),
    )
    assert read_fields == {
        "annual_goal": "按月发放。",
        "goal_achieved": "已发放。",
        "content": "编制工资表，逐月发放。",
    }


def test_goals_below_their_labels_in_their_cells() -> None:
    assert fields(
        ("整体绩效总目标", "长期目标（截至2027年）\n建成三级网络。", "年度目标\n演出60场。"),
        ("项目名称", C("普法", cols=2)),
    ) == {"medium_term_goal": "建成三级网络。", "annual_goal": "演出60场。", "project_name": "普法"}


def test_numbers_before_options_are_none_of_them() -> None:
    record = read(make_table(("项目属性", "1、持续性项目☑　2、新增性项目□"), ("项目名称", "普法")))
    assert record.choices == {"project_attribute": ["持续性项目"]}


# ── levels and totals


@pytest.mark.parametrize(
    ("text", "name", "points"),
    [
        ("成本指标\n（0-20）分", "成本指标", "0-20"), ("产出指标（40—50分）", "产出指标", "40—50"),
        ("满意度指标10分", "满意度指标", "10"), ("满意度指标\n10分", "满意度指标", "10"),
        ("完成12分", "完成12分", None), ("2024年12分", "2024年12分", None),
    ],
)  # fmt: skip
def test_points_behind_a_level(text: str, name: str, points: str | None) -> None:
    assert level_points(text) == (name, points)


def test_a_span_of_points_behind_a_level_is_no_part_of_its_name_and_blames_nobody() -> None:
    heads = ("一级指标", "二级指标", "三级指标", "指标值", "分值")
    record = read(make_table(heads, ("成本指标（0-20）分", "经济成本指标", "建设成本", "≤65万元", "10")))
    assert (record.indicators[0].level1, record.indicators[0].level_points) == ("成本指标", {"level1": "0-20"})
    assert not [f for f in record.findings if f.rule == "points.level-sum"]


def test_the_grade_beside_the_total_of_the_points() -> None:
    heads = (*HEADS, "分值", "得分", "偏差原因")
    record = read(make_table(heads, (*ROW, "100", "98", ""), (C("总分", cols=4), "100", "98", "优")))
    assert (record.fields["total_weight"], record.fields["total_score"]) == ("100", "98")
    assert record.fields["grade"] == "优"


def test_what_else_stands_beside_the_total_of_the_points_is_told() -> None:
    heads = (*HEADS, "分值", "偏差原因")
    record = read(make_table(heads, (*ROW, "100", ""), (C("总分", cols=4), "100", "另附说明材料")))
    assert [f.printed for f in record.findings if f.rule == "unowned"] == ["另附说明材料"]


def test_the_whole_year_beside_its_quarters_below_a_target_with_its_year() -> None:
    record = read(
        make_table(
            (*(C(head, 2) for head in HEADS[:3]), C("2025年目标值", cols=3)),
            ("全年", "一季度", "二季度"),
            (*ROW[:3], "60场", "25场", "35场"),
        )
    )
    assert record.indicators[0].targets == {"full_year": "60场", "quarter1": "25场", "quarter2": "35场"}


# ── money


def test_codes_and_rates_beside_money_are_no_money() -> None:
    record = read(
        make_table(
            (C("项目资金预算执行", 5), "项目总预算", "65", C("财政资金预算分类", 2), C("一般公共预算", 2)),
            ("当年年度预算", "60"),
            ("其中：财政资金", "58", C("财政资金科目代码", 2), C("21305", 2)),
            ("其中：其它资金", "2"),
            ("年度预算执行率", "100%", "分值", "10分"),
        )
    )
    assert money(record) == [
        ("income", "项目总预算", "full_year_budget", "65"), ("income", "当年年度预算", "full_year_budget", "60"),
        ("income", "当年年度预算/财政资金", "full_year_budget", "58"),
        ("income", "当年年度预算/其它资金", "full_year_budget", "2"),
    ]  # fmt: skip
    assert record.fields == {
        "财政资金预算分类": "一般公共预算", "财政资金科目代码": "21305", "年度预算执行率": "100%", "分值": "10分",
    }  # fmt: skip


def test_both_sides_with_years_past_under_headings_of_their_own() -> None:
    record = read(
        make_table(
            (C("部门预算", 4), C("收入构成", cols=2), "近两年收入", C("支出构成", cols=2), "近两年支出"),
            ("来源", "2025年", "2024年", "类别", "2025年", "2024年"),
            ("财政拨款", "530.2", "501.6", "基本支出", "400.2", "390"),
            ("其他资金", "20", "12", "项目支出", "150", "123.6"),
        ),
        title=WHOLE,
    )
    assert money(record) == [
        (side, name, column, amount)
        for side, lines in (
            ("income", (("财政拨款", "530.2", "501.6"), ("其他资金", "20", "12"))),
            ("expenditure", (("基本支出", "400.2", "390"), ("项目支出", "150", "123.6"))),
        )
        for name, *amounts in lines
        for column, amount in zip(("full_year_budget", "other:2024年"), amounts, strict=True)
    ]
    assert "unowned" not in {rule for rule, _ in doubts(record)}


# ── forms beside each other


def _moved(table: Table, right: float, down: float) -> Table:
    """A table at another place of its page."""

    def moved(cell: Cell) -> Cell:
        places = [(row, place, place.box) for row, place in cell.parts]
        boxes = [
            (row, Box(b.left + right, b.top + down, b.right + right, b.bottom + down)) for row, _, b in places if b
        ]
        return replace(cell, parts=tuple((row, Place(page=1, box=box)) for row, box in boxes))

    return replace(table, cells=tuple(map(moved, table.cells)))


@pytest.mark.parametrize(("right", "down", "shared"), [(1000.0, 0.0, True), (0.0, 1000.0, False)])
def test_the_lines_above_two_forms_are_those_of_both_where_they_stand_side_by_side(
    right: float, down: float, shared: bool
) -> None:
    left, other = (make_table(("项目名称", C(name, cols=3)), HEADS, ROW) for name in ("路灯", "公园"))
    title, below = make_line("项目绩效目标表"), make_line("预算年度：2025　　金额单位：元")
    first, second = read_all(title, below, left, _moved(other, right, down))
    assert [r.fields["project_name"] for r in (first, second)] == ["路灯", "公园"]
    assert (first.title, first.year, first.amount_unit) == ("项目绩效目标表", 2025, "元")
    assert (second.title, second.year) == (("项目绩效目标表", 2025) if shared else (None, None))
