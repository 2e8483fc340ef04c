"""A header without rules above the ruled body of its table: on a tint, or on nothing at all.

Its words stand over the columns of the body and no rule parts them, so that they are no row of the grid. Where they
are the header of an indicator table, they become its first row.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from extractors.tables.celltext import cell_lines, join_lines, runs, visual_lines
from extractors.tables.heads import header_rows, is_header
from schemas.language.vocabulary import Words
from schemas.model import Box, Cell, Grid, Place, Word

REACH = 60.0  # points above the body: a header of three lines and a gap
MOST_LINES = 3  # of a header whose words wrap
PADDING = 2.0  # points: between the header's words and the border that is drawn around them


def with_head(grid: Grid, free: Sequence[Word], words: Words) -> tuple[Grid, list[Word]]:
    """The grid with the header that stands unruled above it as its first row, and the words of that header; the grid
    itself and no words where there is none."""
    if not grid.ruled or len(grid.xs) < 3 or header_rows(grid, 0, words):
        return grid, []
    above = [w for w in free if _stands_over(w, grid)]
    lines = visual_lines(above)[-MOST_LINES:]
    for count in range(1, len(lines) + 1):
        taken = [word for line in lines[-count:] for word in line]
        columns = _by_columns(lines[-count:], grid.xs)
        if columns is None:
            continue
        if is_header(["".join(w.text for w in column) for column in columns.values()], words):
            return _headed(grid, columns), taken
    return grid, []


def _stands_over(word: Word, grid: Grid) -> bool:
    x, y = word.box.middle
    return grid.box.left - 1 <= x <= grid.box.right + 1 and grid.box.top - REACH <= y < grid.box.top


def _by_columns(lines: Sequence[Sequence[Word]], xs: Sequence[float]) -> dict[tuple[int, int], list[Word]] | None:
    """The words by the columns (first, last) that they stand over; None where two texts stand over one column."""
    by_span: dict[tuple[int, int], list[Word]] = {}
    for line in lines:
        for run in runs(line):
            left, right = _column(xs, run[0].box.left + 1), _column(xs, run[-1].box.right - 1)
            by_span.setdefault((left, right), []).extend(run)
    spans = sorted(by_span)
    apart = all(a[1] < b[0] for a, b in itertools.pairwise(spans))
    return {span: by_span[span] for span in spans} if apart else None


def _column(xs: Sequence[float], x: float) -> int:
    return max(0, min(len(xs) - 2, sum(1 for border in xs if border <= x) - 1))


def _headed(grid: Grid, columns: dict[tuple[int, int], list[Word]]) -> Grid:
    top = min(word.box.top for column in columns.values() for word in column) - PADDING
    cells = [cell.lower(1) for cell in grid.cells]
    covered = {c for a, b in columns for c in range(a, b + 1)}
    spans = {**columns, **{(c, c): [] for c in range(len(grid.xs) - 1) if c not in covered}}
    for (first, last), column in spans.items():
        area = Box(grid.xs[first], top, grid.xs[last + 1], grid.box.top)
        lines = cell_lines(column, grid.page)
        part = (0, Place(page=grid.page, box=area))
        cells.append(Cell(0, first, 1, last - first + 1, join_lines(lines, {grid.page: area}), lines, (part,)))
    cells.sort(key=lambda cell: (cell.row, cell.col))
    box = Box(grid.box.left, top, grid.box.right, grid.box.bottom)
    notes = (*grid.notes, "its header stands above it without rules")
    return Grid(grid.page, box, grid.xs, (top, *grid.ys), tuple(cells), grid.ruled, notes)
