"""Looking at a table by rows and columns."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.model import Cell, Table


class TableView:
    """A table with its cells found by row and column. `index` is its number in the document, from 0."""

    def __init__(self, table: Table, index: int) -> None:
        self.table = table
        self.index = index
        self.rows = range(table.rows)
        self._rows: list[list[Cell]] = [[] for _ in self.rows]
        self._starting: list[list[Cell]] = [[] for _ in self.rows]
        for cell in sorted(table.cells, key=lambda c: c.col):
            for r in cell.rows:
                self._rows[r].append(cell)
            self._starting[cell.row].append(cell)

    def at(self, row: int, col: int) -> Cell | None:
        """The cell that covers (row, col)."""
        if not 0 <= row < len(self._rows):
            return None
        return next((c for c in self._rows[row] if c.col <= col < c.col + c.colspan), None)

    def row(self, row: int, start: int = 0, end: int | None = None) -> list[Cell]:
        """The cells that cover a row between two columns, from left to right."""
        if not 0 <= row < len(self._rows):
            return []
        if start == 0 and end is None:
            return self._rows[row].copy()
        last = self.table.cols if end is None else end
        return [c for c in self._rows[row] if c.col < last and c.col + c.colspan > start]

    def starting(self, row: int) -> Sequence[Cell]:
        """The cells whose first row this is."""
        return self._starting[row] if 0 <= row < len(self._starting) else ()
