"""One piece of a rule is missing: two cells have become one, and their texts would run together.

A merged cell and two cells without the border between them look the same. What tells them apart is the text: the
cells on both sides have a border there (on one side, where the table ends on the other), and each of two texts stands
in its half as its neighbour does, with a wide gap between. Such a cell is parted, and what is in it is said to be
inferred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.tables.celltext import WIDE_GAP, visual_lines
from schemas.frozen import dataclass
from schemas.model import Box, Cell, Grid, Place, Word, union

ALIGNED = 2.0  # points: how far the edge or the middle of a text may differ from its neighbour's
APART = 0.9  # of the line height: lines of one text stand nearer, those of two rows no nearer
WHY = "a piece of the rule beside it may be missing: its text was parted from the text next to it"

Content = Mapping[int, Sequence[Word]]
"""The words of each cell, by the cell's number in its grid."""


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """The numbers of a grid's cells by where they stand: those that begin and those that end at a row (with their
    column and width), and those that begin and end at a column (with their row and height)."""

    top: Mapping[tuple[int, int, int], int]
    foot: Mapping[tuple[int, int, int], int]
    left: Mapping[tuple[int, int, int], int]
    right: Mapping[tuple[int, int, int], int]
    rows: int
    cols: int

    @classmethod
    def of(cls, grid: Grid) -> _Neighbours:
        cells = list(enumerate(grid.cells))
        return cls(
            {(c.row, c.col, c.colspan): k for k, c in cells},
            {(c.row + c.rowspan, c.col, c.colspan): k for k, c in cells},
            {(c.col, c.row, c.rowspan): k for k, c in cells},
            {(c.col + c.colspan, c.row, c.rowspan): k for k, c in cells},
            len(grid.ys) - 1,
            len(grid.xs) - 1,
        )

    def beside(self, cell: Cell, border: int, *, vertical: bool) -> list[list[int]]:
        """On each side of a cell the two cells between which a border within it goes on, in order; no sides where one
        has no such cells, unless the table ends there. A vertical border goes on above and below the cell, a horizontal
        one to its left and right."""
        if vertical:
            spans = ((cell.col, border - cell.col), (border, cell.col + cell.colspan - border))
            sides = ((self.foot, cell.row), (self.top, cell.row + cell.rowspan))
            ends = (0, self.rows)
        else:
            spans = ((cell.row, border - cell.row), (border, cell.row + cell.rowspan - border))
            sides = ((self.right, cell.col), (self.left, cell.col + cell.colspan))
            ends = (0, self.cols)
        both = ([of[key] for at, size in spans if (key := (line, at, size)) in of] for of, line in sides)
        whole = [pair for pair in both if len(pair) == len(spans)]
        at_end = any(line in ends for _, line in sides)
        return whole if len(whole) == len(sides) or at_end else []


def part_where_rules_fail(grid: Grid, content: Content) -> tuple[Grid, dict[int, list[Word]]]:
    """A grid and its words, with the cells parted between whose texts a piece of a rule is missing."""
    around = _Neighbours.of(grid)
    cells: list[Cell] = []
    words: dict[int, list[Word]] = {}
    for k, cell in enumerate(grid.cells):
        for part, inside in _parts(grid, cell, list(content.get(k, ())), content, around):
            if inside:
                words[len(cells)] = inside
            cells.append(part)
    cells_in_order = sorted(range(len(cells)), key=lambda k: (cells[k].row, cells[k].col))
    ordered = {new: words[old] for new, old in enumerate(cells_in_order) if old in words}
    return replace(grid, cells=tuple(cells[k] for k in cells_in_order)), ordered


def _parts(
    grid: Grid, cell: Cell, words: list[Word], content: Content, around: _Neighbours
) -> list[tuple[Cell, list[Word]]]:
    """A cell and its words, or the two cells that it was before a piece of a rule was lost."""
    if len(words) < 2:
        return [(cell, words)]
    for border in range(cell.col + 1, cell.col + cell.colspan):
        x = grid.xs[border]
        halves = [w for w in words if w.box.right <= x], [w for w in words if w.box.left >= x]
        if _are_apart(halves, words) and _stand_as(halves, around.beside(cell, border, vertical=True), content, 0):
            rest = (_half(grid, cell, (cell.col, border), 0), _half(grid, cell, (border, cell.col + cell.colspan), 0))
            return list(zip(rest, halves, strict=True))
    for border in range(cell.row + 1, cell.row + cell.rowspan):
        y = grid.ys[border]
        halves = [w for w in words if w.box.bottom <= y], [w for w in words if w.box.top >= y]
        if _are_rows(halves, words) and _stand_as(halves, around.beside(cell, border, vertical=False), content, 1):
            rest = (_half(grid, cell, (cell.row, border), 1), _half(grid, cell, (border, cell.row + cell.rowspan), 1))
            return list(zip(rest, halves, strict=True))
    return [(cell, words)]


def _are_apart(halves: tuple[list[Word], list[Word]], words: Sequence[Word]) -> bool:
    """Whether a wide gap stands between the two halves of a cell's words on each line."""
    if not all(halves) or len(halves[0]) + len(halves[1]) != len(words):
        return False
    left = {id(w) for w in halves[0]}
    for row in visual_lines(words):
        ends = [w.box.right for w in row if id(w) in left], [w.box.left for w in row if id(w) not in left]
        if ends[0] and ends[1] and min(ends[1]) - max(ends[0]) < WIDE_GAP * row[0].box.height:
            return False
    return True


def _are_rows(halves: tuple[list[Word], list[Word]], words: Sequence[Word]) -> bool:
    """Whether the upper and the lower half of a cell's words stand further apart than the lines of one text."""
    if not all(halves) or len(halves[0]) + len(halves[1]) != len(words):
        return False
    upper, lower = (union([w.box for w in half]) for half in halves)
    return lower.top - upper.bottom >= APART * max(w.box.height for w in words)


def _stand_as(
    halves: tuple[list[Word], list[Word]], sides: Sequence[Sequence[int]], content: Content, axis: int
) -> bool:
    """Whether each half stands as the text of a cell beside it does."""
    return bool(sides) and all(
        any(_is_aligned(half, content.get(side[i], ()), axis) for side in sides) for i, half in enumerate(halves)
    )


def _is_aligned(words: Sequence[Word], others: Sequence[Word], axis: int) -> bool:
    """Whether two texts of a column (axis 0) begin, end or are centred at the same place, or two of a row (axis 1)."""
    if not others:
        return False
    a, b = union([w.box for w in words]), union([w.box for w in others])
    if axis:
        pairs = ((a.top, b.top), (a.bottom, b.bottom), (a.middle[1], b.middle[1]))
    else:
        pairs = ((a.left, b.left), (a.right, b.right), (a.middle[0], b.middle[0]))
    return any(abs(p - q) <= ALIGNED for p, q in pairs)


def _half(grid: Grid, cell: Cell, ends: tuple[int, int], axis: int) -> Cell:
    """The part of a cell between two borders: of columns (axis 0) or of rows (axis 1)."""
    first, end = ends
    row, rows, col, cols = (
        (first, end - first, cell.col, cell.colspan)
        if axis
        else (
            cell.row,
            cell.rowspan,
            first,
            end - first,
        )
    )
    box = Box(grid.xs[col], grid.ys[row], grid.xs[col + cols], grid.ys[row + rows])
    place = Place(page=grid.page, box=box)
    why = cell.inferred or WHY
    return replace(cell, row=row, rowspan=rows, col=col, colspan=cols, parts=((row, place),), inferred=why)
