"""Rows of a rich text as a table: the edges of all cells are its columns, cells that go on are one with their first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import field, replace

from extractors.marked.build import MarkedCell, MarkedTable
from schemas.frozen import dataclass

SAME_EDGE = 30  # twips, half a millimetre: edges of one column in different rows
WIDTH_UNSAID = 1000  # twips of a cell whose edge the row does not say
DRAWN = frozenset((b"brdrs", b"brdrth", b"brdrdb", b"brdrdot", b"brdrdash", b"brdrhair", b"brdrtriple"))


@dataclass(frozen=True, slots=True)
class CellShape:
    """A cell of a row: its left and right edge in twips, and whether it goes on from the cell above or before."""

    left: int
    right: int
    from_above: bool = False
    from_before: bool = False
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class RichRow:
    """A row: the shapes of its cells and what stands in them."""

    shapes: tuple[CellShape, ...]
    flows: tuple[tuple[str | MarkedTable, ...], ...]


@dataclass(slots=True)
class RowShape:
    """Collects what a text says of the cells of a row."""

    left: int = 0
    shapes: list[CellShape] = field(default_factory=list)
    _from_above: bool = False
    _from_before: bool = False
    _drawn: bool = False
    _row_drawn: bool = False

    def take(self, word: bytes, number: int | None) -> None:
        """Take a control word; what says nothing of a row is let go."""
        if word == b"trowd":
            self.left, self.shapes, self._row_drawn = 0, [], False
            self._next_cell()
        elif word == b"trleft":
            self.left = number or 0
        elif word == b"clvmrg":
            self._from_above = True
        elif word == b"clmrg":
            self._from_before = True
        elif word in DRAWN:
            self._drawn = True
        elif word == b"cellx":
            left = self.shapes[-1].right if self.shapes else self.left
            self._row_drawn = self._row_drawn or self._drawn
            self.shapes.append(
                CellShape(left, max(number or 0, left), self._from_above, self._from_before, self._row_drawn)
            )
            self._next_cell()

    def _next_cell(self) -> None:
        self._from_above = self._from_before = self._drawn = False

    def cells(self, count: int) -> tuple[CellShape, ...]:
        """The shapes of a row of so many cells; those that it does not say stand behind the others."""
        shapes = self.shapes[:count]
        while len(shapes) < count:
            left = shapes[-1].right if shapes else self.left
            shapes.append(CellShape(left, left + WIDTH_UNSAID))
        return tuple(shapes)


def marked_table(rows: Sequence[RichRow]) -> MarkedTable:
    """The rows as one table."""
    edges = _edges(rows)
    cells: list[MarkedCell] = []
    above: dict[tuple[int, int], int] = {}  # by its columns: the position in `cells` of a cell of the row before
    for number, row in enumerate(rows):
        here: dict[tuple[int, int], int] = {}
        for shape, flow in zip(row.shapes, row.flows, strict=True):
            start, end = _nearest(edges, shape.left), _nearest(edges, shape.right)
            if shape.from_before and here:
                last = max(here, key=lambda span: span[1])
                at = here.pop(last)
                cells[at] = replace(cells[at], colspan=end - cells[at].col)
                here[last[0], end] = at
                continue
            if end <= start:
                continue
            if shape.from_above and (start, end) in above:
                at = above[start, end]
                cells[at] = replace(cells[at], rowspan=number - cells[at].row + 1)
            else:
                at = len(cells)
                cells.append(MarkedCell(number, start, 1, end - start, _without_end(flow)))
            here[start, end] = at
        above = here
    drawn = any(shape.drawn for row in rows for shape in row.shapes)
    return MarkedTable(len(rows), max(len(edges) - 1, 1), tuple(cells), ruled=drawn)


def _edges(rows: Sequence[RichRow]) -> list[int]:
    """The edges of all cells, those of one column once."""
    out: list[int] = []
    for edge in sorted({edge for row in rows for shape in row.shapes for edge in (shape.left, shape.right)}):
        if not out or edge - out[-1] > SAME_EDGE:
            out.append(edge)
    return out


def _nearest(edges: Sequence[int], edge: int) -> int:
    at = bisect_left(edges, edge)
    near = [i for i in (at - 1, at) if 0 <= i < len(edges)]
    return min(near, key=lambda i: abs(edges[i] - edge))


def _without_end(flow: tuple[str | MarkedTable, ...]) -> tuple[str | MarkedTable, ...]:
    """A cell's flow without blank paragraphs at its end."""
    out = list(flow)
    while out and isinstance(out[-1], str) and not out[-1].strip():
        del out[-1]
    return tuple(out)
