"""Rows of a Word 2003 file that leave out the cells below merged ones, as LibreOffice writes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from generator.arranged.trial import draw
from generator.layout import Table
from helpers_carriers import EXPECTED, records, values_of
from test_carriers import word_2003

from extractors.office.left_out import stand

Places = list[tuple[int, int, int, int]]


def places(rows: list[list[int]], parting: tuple[int, ...] = ()) -> Places:
    return [(s.row, s.left, s.height, s.width) for s in stand(rows, max(map(sum, rows)), parting)]


ROWS: list[tuple[list[list[int]], tuple[int, ...], Places]] = [
    (
        [[1, 1, 2], [1, 2], [2]],
        (),
        [(0, 0, 3, 1), (0, 1, 1, 1), (0, 2, 1, 2), (1, 1, 2, 1), (1, 2, 1, 2), (2, 2, 1, 2)],
    ),
    ([[1, 2, 1], [1, 1]], (1,), [(0, 0, 2, 1), (0, 1, 1, 2), (0, 3, 2, 1), (1, 1, 1, 1), (1, 2, 1, 1)]),
    ([[2, 3], [4]], (), [(0, 0, 1, 2), (0, 2, 1, 3), (1, 0, 1, 4)]),
    ([[1, 4], [4]], (), [(0, 0, 2, 1), (0, 1, 1, 4), (1, 1, 1, 4)]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "parting", "expected"), ROWS)
def test_a_row_that_is_too_short_stands_where_it_fits_below_the_others(
    rows: list[list[int]], parting: tuple[int, ...], expected: Places
) -> None:
    assert places(rows, parting) == expected


@pytest.mark.parametrize("rows", [[[2, 2, 1], [2, 1]], [[2, 3], [4]], [[1, 1, 1], [1, 1]]])
def test_a_cell_that_may_stand_elsewhere_is_doubtful(rows: list[list[int]]) -> None:
    assert any(s.doubtful for s in stand(rows, max(map(sum, rows))) if s.row == 1)
    assert not any(s.doubtful for s in stand(rows, max(map(sum, rows))) if s.row == 0)


@pytest.mark.parametrize("seed", range(12))
def test_cells_of_random_layouts_stand_where_they_stood_or_are_doubtful(seed: int) -> None:
    table = next(part for part in draw(seed).layout.parts if isinstance(part, Table))
    rows = [[cell.across for cell in row] for row in table.rows]
    told = [(s.row, s.left, s.height, s.width) for s in stand(rows, len(table.widths)) if not s.doubtful]
    true = {(p.row, p.column, p.cell.across) for p in table.placed()}
    assert len(told) > len(true) / 4
    assert {(row, left, width) for row, left, _, width in told} <= true


def test_a_word_2003_file_that_leaves_out_parts_of_merged_cells_is_read_as_the_form(tmp_path: Path) -> None:
    path = word_2003(tmp_path / "x.xml")
    text = path.read_text("utf-8")
    part = re.compile(r"<w:tc>(?:(?!</w:tc>).)*<w:vmerge(?: w:val=\"continue\")?/>.*?</w:tc>", re.DOTALL)
    left = re.sub(r"<w:vmerge[^>]*/>", "", part.sub("", text))
    assert len(left) < len(text) - 100
    path.write_text(left, "utf-8")
    (record,) = records(path)
    assert values_of(record) == EXPECTED
