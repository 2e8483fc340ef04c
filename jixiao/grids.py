"""The tables of a filing, cell by cell, whatever they hold: also those of which no form was made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from schemas.model import Cell, Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Sheetlike:
    """A whole table: `rows` × `cols` fields, which its cells (with their spans, places and scores) cover."""

    table: Table

    @property
    def rows(self) -> int:
        return self.table.rows

    @property
    def cols(self) -> int:
        return self.table.cols

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages that it stands on, from 1; empty in what has no pages."""
        return self.table.pages

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.table.cells

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.table.cells)

    def to_frame(self, *, spread: bool = False) -> pd.DataFrame:
        """The texts as a frame of `rows` × `cols`, columns numbered from 0. A merged cell's text stands in its first
        field, the others are null; with `spread` it stands in each. Blank cells are empty texts."""
        import pandas as pd

        fields: list[list[str | None]] = [[None] * self.cols for _ in range(self.rows)]
        for cell in self.table.cells:
            places = [(r, c) for r in cell.rows for c in cell.cols] if spread else [(cell.row, cell.col)]
            for row, col in places:
                fields[row][col] = cell.text
        return pd.DataFrame(fields, columns=range(self.cols), dtype="string[pyarrow]")

    def cells_to_frame(self) -> pd.DataFrame:
        """One row a cell: row, col, rowspan, colspan (fields, from 0), text, score (0 to 1; null: none given), page,
        and left, top, right, bottom of its text (of its area where it is blank) in points from the page's top left."""
        import pandas as pd

        rows = []
        for cell in self.table.cells:
            place = cell.place
            box = (
                (None,) * 4 if place.box is None else (place.box.left, place.box.top, place.box.right, place.box.bottom)
            )
            spans = (cell.row, cell.col, cell.rowspan, cell.colspan)
            rows.append((*spans, cell.text, cell.score, place.page, *box))
        names = ["row", "col", "rowspan", "colspan", "text", "score", "page", "left", "top", "right", "bottom"]
        kinds = dict.fromkeys(names, "double[pyarrow]")
        kinds |= dict.fromkeys(["row", "col", "rowspan", "colspan", "page"], "int64[pyarrow]")
        return pd.DataFrame(rows, columns=names, dtype=object).astype(kinds | {"text": "string[pyarrow]"})

    def _repr_html_(self) -> str:
        starts = sorted(self.table.cells, key=lambda cell: (cell.row, cell.col))
        lines = []
        for row in range(self.rows):
            cells = (
                f'<td rowspan="{c.rowspan}" colspan="{c.colspan}">{escape(c.text)}</td>' for c in starts if c.row == row
            )
            lines.append(f"<tr>{''.join(cells)}</tr>")
        return f'<table border="1">{"".join(lines)}</table>'
