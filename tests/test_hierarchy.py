"""Names of merged level cells reach their rows over page breaks, and blanks elsewhere stay what they are."""

from __future__ import annotations

from dataclasses import replace

from extractors.tables.hierarchy import Level, memberships
from schemas.model import Cell, Place, Table


def table_of(*columns: list[tuple[str, int]], breaks: tuple[int, ...] = ()) -> tuple[Table, list[Level]]:
    """A table of level columns, each a list of (text, rows spanned), and its levels."""
    cells, levels = [], []
    for col, names in enumerate(columns):
        row, held = 0, {}
        for text, rows in names:
            cell = Cell(row, col, rows, 1, text, (), ((row, Place(page=1)),))
            cells.append(cell)
            held |= dict.fromkeys(range(row, row + rows), cell)
            row += rows
        levels.append(Level(held))
    rows = sum(n for _, n in columns[0])
    return Table(rows, len(columns), tuple(cells), (1,) * rows, breaks), levels


def names(table: Table, levels: list[Level]) -> list[list[tuple[str | None, bool]]]:
    """For each level the name of each row, and whether it was carried."""
    found = memberships(table, range(table.rows), levels)
    return [[(m.cell.text if m.cell else None, m.carried is not None) for m in level] for level in found]


def test_a_blank_above_a_break_takes_the_name_below_it_where_cells_are_merged() -> None:
    table, levels = table_of([("过程", 2), ("", 1), ("效益", 2)], breaks=(3,))
    assert names(table, levels) == [
        [("过程", False), ("过程", False), ("效益", True), ("效益", False), ("效益", False)]
    ]  # fmt: skip


def test_a_blank_above_a_break_goes_on_from_above_where_no_cells_are_merged() -> None:
    table, levels = table_of([("过程", 1), ("", 1), ("效益", 1)], breaks=(2,))
    assert names(table, levels) == [[("过程", False), ("过程", True), ("效益", False)]]


def test_a_blank_that_no_break_follows_goes_on_from_above() -> None:
    table, levels = table_of([("过程", 2), ("", 1), ("效益", 2)])
    assert names(table, levels)[0][2] == ("过程", True)


def test_a_blank_beside_a_doubted_name_at_the_top_of_a_page_is_doubted_too() -> None:
    table, (outer, inner) = table_of(
        [("上半截", 1), ("下半截", 2)], [("某项工作", 1), ("", 2)], breaks=(1,)
    )  # fmt: skip
    assert names(table, [outer, inner])[1] == [("某项工作", False), (None, False), (None, False)]
    doubted = Level({r: c and replace(c, inferred="may be one text") for r, c in outer.cells.items()})
    assert names(table, [doubted, inner])[1] == [("某项工作", False), (None, True), (None, True)]


def test_what_is_left_white_below_a_name_goes_on_from_it_where_a_page_has_no_rules() -> None:
    table, (level,) = table_of([("产出", 1), ("", 1), ("效益", 1)])
    white = Level({**level.cells, 1: None})
    assert names(table, [white])[0][1] == (None, False)
    assert names(replace(table, ruled=False), [white])[0][1] == ("产出", True)
    assert names(replace(table, ruled=False, row_pages=(None,) * 3), [white])[0][1] == (None, False)
