"""Texts that a page break cuts between two rows are one where they go on, and two or doubted where nothing tells."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers_grids import (
    FULL,
    SIZE,
    Spec,
    line,
    make_grid,
    rows_of,
    shape,
    table_of,
)

from schemas.model import Cell, Grid


def test_a_bracket_that_only_the_lower_part_closes_makes_one_cell() -> None:
    above = make_grid(1, rows_of(("外层", "重点工作（", "值一")))
    below = make_grid(2, rows_of(("另一", "含上年结转）", "值二")))
    table = table_of(above, below)
    assert (0, 1, 2, 1, "重点工作（含上年结转）") in shape(table)
    assert all(c.inferred for c in table.cells if "结转" in c.text)
    assert {(0, 2, 1, 1, "值一"), (1, 2, 1, 1, "值二")} <= set(shape(table))


def test_where_a_text_surely_goes_on_the_full_one_left_of_it_does_too() -> None:
    above = make_grid(1, rows_of((f"名|{FULL}", "重点工作（", "值一")))
    below = make_grid(2, rows_of(("续", "含上年结转）", "值二")))
    assert (0, 0, 2, 1, f"名{FULL}续") in shape(table_of(above, below))


@pytest.mark.parametrize(
    ("upper", "lower"),
    [("职能2：|组织台账和档案一二三四", "职能3：好。"), ("名|一二三四五六（10分）", "七八九十甲乙（10分）")],
    ids=["two labels", "points at both ends"],
)
def test_what_goes_on_beside_them_does_not_join_two_names(upper: str, lower: str) -> None:
    """The columns: a name, its target, and a remark of the last row above the break and the first one below it."""
    head = [Spec(0, 0, "指标（40分）", rows=2), Spec(2, 0, "名（30分）"), *(Spec(r, 1, f"值{r}") for r in range(3))]
    foot = [Spec(r, 1, f"≥{r}") for r in range(2)]
    above = [*head, Spec(3, 0, upper), Spec(3, 1, "≥9"), Spec(0, 2, rows=3), Spec(3, 2, "详见附件（")]
    below = [*foot, Spec(0, 0, lower), Spec(1, 0, "丙（20分）"), Spec(0, 2, "上年结转）"), Spec(1, 2)]
    table = table_of(make_grid(1, above), make_grid(2, below))
    assert [c.text for c in table.cells if c.col == 2 and c.text] == ["详见附件（上年结转）"]
    names = [(c.row, c.rowspan, c.text) for c in table.cells if c.col == 0 and c.row >= 3]
    assert names == [(3, 1, upper.replace("|", "")), (4, 1, lower), (5, 1, "丙（20分）")]


def test_a_remark_that_goes_on_over_more_rows_than_a_name_has_does_not_join_it() -> None:
    above = [
        Spec(0, 0, "甲"),
        Spec(1, 0, f"名|{FULL}"),
        Spec(0, 1, "≥1"),
        Spec(1, 1, "≥2"),
        Spec(0, 2, "附件（", rows=2),
    ]
    below = [Spec(0, 0, "续"), Spec(1, 0, "乙"), Spec(0, 1, "≥3"), Spec(1, 1, "≥4"), Spec(0, 2, "上年）", rows=2)]
    table = table_of(make_grid(1, above), make_grid(2, below))
    assert (0, 2, 4, 1, "附件（上年）") in shape(table)
    upper, lower = (c for c in table.cells if c.col == 0 and c.row in (1, 2))
    assert (upper.text, lower.text) == (f"名{FULL}", "续")
    assert upper.inferred
    assert upper.inferred == lower.inferred


def test_a_name_on_the_third_page_is_not_joined_to_one_whose_cell_ends_in_a_blank() -> None:
    def part(page: int, text: str) -> Grid:
        return make_grid(page, [Spec(0, 0, text, rows=2), Spec(0, 1, f"{page}甲"), Spec(1, 1, f"{page}乙")], height=12)

    table = table_of(part(1, f"名|{FULL}"), part(2, ""), part(3, f"丙|{FULL}"))
    names = [(c.row, c.rowspan, c.text) for c in table.cells if c.col == 0]
    assert names == [(0, 4, f"名{FULL}"), (4, 2, f"丙{FULL}")]


def test_the_number_of_an_item_closes_no_bracket_above_the_break() -> None:
    above = make_grid(1, rows_of(("1）甲", "10万元"), ("开展培训（线上", "20万元")))
    below = make_grid(2, rows_of(("2）发放补贴", "30万元"), ("3）乙", "40万元")))
    assert [c.text for c in table_of(above, below).cells if c.col == 0] == [
        "1）甲",
        "开展培训（线上",
        "2）发放补贴",
        "3）乙",
    ]


def test_a_name_at_the_top_of_a_tall_cell_goes_on_from_a_full_line_above() -> None:
    above = make_grid(1, rows_of((f"名|{FULL}", "值一")))
    values = [Spec(r, 1, f"值{r}") for r in range(4)]
    table = table_of(above, make_grid(2, [Spec(0, 0, "续", rows=4), *values]))
    assert (0, 0, 5, 1, f"名{FULL}续") in shape(table)


def test_a_name_without_the_points_of_its_column_goes_on_below_the_break() -> None:
    leaves = [Spec(r, 1, f"值{r}") for r in range(5)]
    above = [Spec(0, 0, "甲(3)", rows=2), Spec(2, 0, "乙(4)", rows=2), Spec(4, 0, FULL), *leaves]
    below = [Spec(0, 0, "余下(5)"), Spec(1, 0, "丙(6)", rows=4), *leaves]
    table = table_of(make_grid(1, above, height=18), make_grid(2, below, height=18))
    assert [(c.row, c.rowspan, c.text) for c in table.cells if c.col == 0] == [
        (0, 2, "甲(3)"),
        (2, 2, "乙(4)"),
        (4, 2, f"{FULL}余下(5)"),
        (6, 4, "丙(6)"),
    ]
    assert [bool(c.inferred) for c in table.cells if c.col == 0] == [False, False, True, False]


def test_what_may_be_one_text_is_left_apart_and_doubted() -> None:
    above = make_grid(1, rows_of((f"名|{FULL}", "值一")))
    below = make_grid(2, [Spec(0, 0, "续", rows=2), Spec(0, 1, "值二"), Spec(1, 1, "值三")])
    first, second = (c for c in table_of(above, below).cells if c.col == 0)
    assert (first.text, second.text) == (f"名{FULL}", "续")
    assert first.inferred
    assert first.inferred == second.inferred


def test_a_short_name_cut_by_a_break_is_doubted_where_its_rest_keeps_to_the_cut() -> None:
    above = make_grid(1, rows_of((FULL, "值一")), height=18)
    below = [Spec(0, 0, "续", rows=2), Spec(0, 1, "值二"), Spec(1, 1, "值三")]
    assert [bool(c.inferred) for c in table_of(above, make_grid(2, below)).cells if c.col == 0] == [True, True]
    low = [Spec(0, 0, "|续", rows=2), *below[1:]]  # in the middle of its cell: a name of its own
    assert [bool(c.inferred) for c in table_of(above, make_grid(2, low)).cells if c.col == 0] == [False, False]


def test_a_sentence_that_ended_is_not_doubted() -> None:
    above = make_grid(1, rows_of((f"名|{FULL[:-1]}。", "值一")))
    below = make_grid(2, [Spec(0, 0, "续", rows=2), Spec(0, 1, "值二"), Spec(1, 1, "值三")])
    assert not any(c.inferred for c in table_of(above, below).cells)


def test_centred_lines_that_leave_room_on_both_sides_make_no_cut_row() -> None:
    def centred(grid: Grid) -> Grid:
        def move(cell: Cell) -> Cell:
            (_, place), *_ = cell.parts
            assert place.box is not None
            middle = (place.box.left + place.box.right) / 2
            top = place.box.top + 4
            lines = tuple(line(ln.text, grid.page, middle - SIZE * len(ln.text) / 2, top) for ln in cell.lines)
            return replace(cell, lines=lines)

        return replace(grid, cells=tuple(move(c) for c in grid.cells))

    wide = FULL[:9]  # nine of eleven: less than a character and the padding on the right, more than one on both sides
    above = centred(make_grid(1, rows_of(("目标设定", wide, wide)), height=18))
    below = centred(make_grid(2, rows_of(("", wide, wide)), height=18))
    assert table_of(above, below).rows == 2
