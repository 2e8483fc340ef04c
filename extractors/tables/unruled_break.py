"""A table without rules goes on on the next page: its texts there stand in the columns that it has here.

Columns of text have no borders: on each page they are told anew, by other texts, and a column that is blank there is
not told at all. What tells that the table goes on is that each text below stands within one column of the table above.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from extractors.tables.celltext import join_lines
from schemas.model import Box, Cell, Grid, Line, Place

JUTS = 4.0  # points: how far a text may jut out of its column
MOST = 0.9  # of the texts: so many stand in one column each
FEWEST = 3  # columns that the texts below stand in


def in_columns_of(above: Grid, below: Grid) -> Grid | None:
    """A grid of text by the columns of the one above the page break; None where its texts do not stand in them."""
    if above.ruled or below.ruled:
        return None
    parts = [part for cell in below.cells for part in _by_columns(cell, below, above.xs)]
    single = sum(1 for part in parts if part.colspan == 1)
    if single < MOST * len(parts) or len({part.col for part in parts}) < FEWEST:
        return None
    places = [(part.row, col) for part in parts for col in part.cols]
    if len(places) > len(set(places)):
        return None  # two texts of one row in one column
    parts.sort(key=lambda part: (part.row, part.col))
    return replace(below, xs=above.xs, box=replace(below.box, left=above.xs[0], right=above.xs[-1]), cells=tuple(parts))


def _by_columns(cell: Cell, grid: Grid, xs: Sequence[float]) -> list[Cell]:
    """A cell parted into those of the columns that its lines stand in."""
    by: dict[tuple[int, int], list[Line]] = {}
    for line in cell.lines:
        by.setdefault(_span(line, xs), []).append(line)
    out = []
    for (first, last), lines in by.items():
        area = Box(xs[first], grid.ys[cell.row], xs[last + 1], grid.ys[cell.row + cell.rowspan])
        text = join_lines(tuple(lines), {grid.page: area})
        part = ((cell.row, Place(page=grid.page, box=area)),)
        out.append(replace(cell, col=first, colspan=last - first + 1, text=text, lines=tuple(lines), parts=part))
    return out


def _span(line: Line, xs: Sequence[float]) -> tuple[int, int]:
    """The first and the last column that a line stands in."""
    box = line.place.box
    assert box is not None
    first, last = (min(max(bisect_right(xs, x) - 1, 0), len(xs) - 2) for x in (box.left + JUTS, box.right - JUTS))
    return first, max(first, last)
