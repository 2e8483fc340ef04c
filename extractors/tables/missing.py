"""One piece of a rule is missing: two cells have become one, and their texts would run together.

A merged cell and two cells without the border between them look the same. What tells them apart is the text: the
cells above and below have a border there, and each of two texts stands in its half as its neighbour does, with a
wide gap between. Such a cell is parted, and what is in it is said to be inferred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.tables.celltext import WIDE_GAP, visual_lines
from schemas.model import Box, Cell, Grid, Place, Word, union

ALIGNED = 2.0  # points: how far the edge or the middle of a text may differ from its neighbour's
WHY = "a piece of the rule beside it may be missing: its text was parted from the text next to it"

Content = Mapping[int, Sequence[Word]]
"""The words of each cell, by the cell's number in its grid."""


def part_where_rules_fail(grid: Grid, content: Content) -> tuple[Grid, dict[int, list[Word]]]:
    """A grid and its words, with the cells parted between whose texts a piece of a vertical rule is missing."""
    top = {(c.row, c.col, c.colspan): k for k, c in enumerate(grid.cells)}
    foot = {(c.row + c.rowspan, c.col, c.colspan): k for k, c in enumerate(grid.cells)}
    cells: list[Cell] = []
    words: dict[int, list[Word]] = {}
    for k, cell in enumerate(grid.cells):
        own = list(content.get(k, ()))
        border = None
        if cell.colspan > 1 and own:
            inner = range(cell.col + 1, cell.col + cell.colspan)
            border = next((b for b in inner if _fails(grid, cell, b, own, content, (foot, top))), None)
        if border is None:
            parts = [(cell, own)]
        else:
            x = grid.xs[border]
            parts = [
                (_half(grid, cell, cell.col, border), [w for w in own if w.box.middle[0] < x]),
                (_half(grid, cell, border, cell.col + cell.colspan), [w for w in own if w.box.middle[0] >= x]),
            ]
        for part, inside in parts:
            if inside:
                words[len(cells)] = inside
            cells.append(part)
    return replace(grid, cells=tuple(cells)), words


def _fails(
    grid: Grid,
    cell: Cell,
    border: int,
    words: Sequence[Word],
    content: Content,
    around: tuple[Mapping[tuple[int, int, int], int], Mapping[tuple[int, int, int], int]],
) -> bool:
    """Whether the rule at a column border seems to be missing within a cell. `around` are the cells that end at a
    row and those that begin at one, by row, column and width."""
    foot, top = around
    widths = ((cell.col, border - cell.col), (border, cell.col + cell.colspan - border))
    above = [foot[key] for col, width in widths if (key := (cell.row, col, width)) in foot]
    below = [top[key] for col, width in widths if (key := (cell.row + cell.rowspan, col, width)) in top]
    if len(above) < len(widths) or len(below) < len(widths):
        return False
    x = grid.xs[border]
    left, right = [w for w in words if w.box.right <= x], [w for w in words if w.box.left >= x]
    if not left or not right or len(left) + len(right) != len(words):
        return False
    for row in visual_lines(words):
        here = [w.box.right for w in row if w.box.right <= x], [w.box.left for w in row if w.box.left >= x]
        if here[0] and here[1] and min(here[1]) - max(here[0]) < WIDE_GAP * row[0].box.height:
            return False
    return all(
        any(_is_aligned(half, content.get(side[i], ())) for side in (above, below))
        for i, half in enumerate((left, right))
    )


def _is_aligned(words: Sequence[Word], others: Sequence[Word]) -> bool:
    """Whether two texts of a column begin, end or are centred at the same place."""
    if not others:
        return False
    a, b = union([w.box for w in words]), union([w.box for w in others])
    return any(abs(p - q) <= ALIGNED for p, q in ((a.left, b.left), (a.right, b.right), (a.middle[0], b.middle[0])))


def _half(grid: Grid, cell: Cell, first: int, end: int) -> Cell:
    """The part of a cell between two column borders."""
    box = Box(grid.xs[first], grid.ys[cell.row], grid.xs[end], grid.ys[cell.row + cell.rowspan])
    place = Place(page=grid.page, box=box)
    return replace(cell, col=first, colspan=end - first, parts=((cell.row, place),), inferred=cell.inferred or WHY)
