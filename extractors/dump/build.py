"""Aligned rows become a table of whole cells: what downstream sees of a dump is what it sees of a page."""

from __future__ import annotations

import itertools
from dataclasses import field
from typing import NamedTuple

from extractors.dump.lines import DumpCell
from schemas.frozen import dataclass
from schemas.model import Cell, Line, Place, Table


class Text(NamedTuple):
    """A text of the dump with where it stands, and why its place was inferred, when it was."""

    text: str
    line: int | None
    column: int | None
    inferred: str | None = None


def text_of(cell: DumpCell, inferred: str | None = None) -> Text:
    return Text(cell.text, cell.line, cell.column, inferred or cell.inferred)


@dataclass(slots=True)
class Draft:
    """A cell in the making; `text` is blank where none stands in it, `breaks` are the rows that begin a page in it."""

    row: int
    col: int
    rowspan: int
    colspan: int
    source: Text
    lost: bool
    breaks: list[int]

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def inferred(self) -> str | None:
        return self.source.inferred

    def cell(self) -> Cell:
        text, line, column, inferred = self.source
        place = Place(line=line, column=column)
        parts = [(self.row, place), *((row, Place(line=line)) for row in self.breaks)]
        lines = (Line(text, place),) if text else ()
        return Cell(
            self.row, self.col, self.rowspan, self.colspan, text, lines, tuple(parts), inferred=inferred, lost=self.lost
        )


@dataclass(slots=True)
class TableBuilder:
    """Collects the cells of one table row by row. All sections share the columns 0 … width - 1."""

    width: int
    cells: list[Draft] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: int = 0

    def new_row(self, after_break: bool = False) -> int:
        """Begin a row; `after_break` says that a new page begins with it."""
        if after_break and self.rows:
            self.breaks.append(self.rows)
        self.rows += 1
        return self.rows - 1

    def put(
        self,
        row: int,
        col: int,
        text: Text | None,
        *,
        colspan: int = 1,
        rowspan: int = 1,
        line: int | None = None,
        lost: str | None = None,
    ) -> Draft:
        """Place a text, or a blank cell standing on `line` where `text` is None; `lost` says that the dump has
        no such cell any more, and why."""
        source = text or Text("", line, None)
        if lost is not None:
            source = source._replace(inferred=lost)
        cell = Draft(row, col, rowspan, colspan, source, lost is not None, [])
        self.cells.append(cell)
        return cell

    def extend(self, cell: Draft, row: int) -> None:
        """Let a merged cell run down to `row`; a page break on the way begins a part of it."""
        last = cell.breaks[-1] if cell.breaks else cell.row
        new = list(itertools.takewhile(lambda at: at > last, reversed(self.breaks)))
        cell.breaks += (at for at in reversed(new) if at <= row)
        cell.rowspan = row - cell.row + 1

    def table(self, *, told: bool) -> Table:
        """The table; `told`: the source tells in which columns its texts stand."""
        return Table(
            rows=self.rows,
            cols=self.width,
            cells=tuple(draft.cell() for draft in sorted(self.cells, key=lambda c: (c.row, c.col))),
            row_pages=(None,) * self.rows,
            breaks=tuple(self.breaks),
            ruled=False,
            notes=tuple(self.notes),
            told=told,
        )
