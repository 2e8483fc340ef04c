"""Looking at a table by rows and columns."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from operator import attrgetter

from schemas.model import Cell, Table

_left = attrgetter("col")


class TableView:
    """A table with its cells found by row and column. `index` is its number in the document, from 0; `rows` are those
    in which a cell stands, in order: a piece of a table keeps the numbers of the whole one's rows and costs no more
    than what stands in it."""

    def __init__(self, table: Table, index: int) -> None:
        self.table = table
        self.index = index
        rows: dict[int, list[Cell]] = {}
        starting: dict[int, list[Cell]] = {}
        for cell in sorted(table.cells, key=_left):
            for r in cell.rows:
                rows.setdefault(r, []).append(cell)
            starting.setdefault(cell.row, []).append(cell)
        self.rows = sorted(rows)
        self.end = self.rows[-1] + 1 if rows else 0  # behind the last row
        self._rows = {r: tuple(cells) for r, cells in rows.items()}
        self._edges: dict[int, tuple[list[int], list[int]]] = {}  # by row: where cells end, begin
        self._starting = {r: tuple(cells) for r, cells in starting.items()}

    def at(self, row: int, col: int) -> Cell | None:
        """The cell that covers (row, col)."""
        return next(iter(self.row(row, col, col + 1)), None)

    def row(self, row: int, start: int = 0, end: int | None = None, most: int | None = None) -> tuple[Cell, ...]:
        """The cells that cover a row between two columns, from left to right; the first ones where it says how many at
        most."""
        cells = self._rows.get(row, ())
        if not cells or (start <= 0 and end is None):
            return cells if most is None else cells[:most]
        if row not in self._edges:
            self._edges[row] = [c.col + c.colspan for c in cells], [c.col for c in cells]
        ends, starts = self._edges[row]
        first = bisect_right(ends, start) if start > 0 else 0
        last = len(cells) if end is None else bisect_left(starts, end, first)
        return cells[first : last if most is None else min(last, first + most)]

    def starting(self, row: int) -> tuple[Cell, ...]:
        """The cells whose first row this is."""
        return self._starting.get(row, ())

    def from_row(self, row: int) -> Iterator[int]:
        """The rows from one on in which a cell stands."""
        return (self.rows[i] for i in range(bisect_left(self.rows, row), len(self.rows)))
