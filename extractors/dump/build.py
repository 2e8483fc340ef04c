"""Aligned rows become a table of whole cells: what downstream sees of a dump is what it sees of a page."""

from __future__ import annotations

import itertools
from dataclasses import field, replace

from extractors.dump.lines import DumpCell
from schemas.frozen import dataclass
from schemas.model import Cell, Line, Place, Table


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the dump with where it stands, and why its place was inferred, when it was."""

    text: str
    line: int
    column: int
    inferred: str | None = None

    @property
    def place(self) -> Place:
        return Place(line=self.line, column=self.column)


def text_of(cell: DumpCell, inferred: str | None = None) -> Text:
    return Text(cell.text, cell.line, cell.column, inferred or cell.inferred)


@dataclass(slots=True)
class TableBuilder:
    """Collects the cells of one table row by row. All sections share the columns 0 … width - 1."""

    width: int
    cells: list[Cell] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    _places: dict[int, int] = field(default_factory=dict)  # by the identity of a cell: where it stands in `cells`

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
    ) -> Cell:
        """Place a text, or a blank cell standing on `line` where `text` is None; `lost` says that the dump has
        no such cell any more, and why."""
        place = text.place if text is not None else Place(line=line)
        content = text.text if text is not None else ""
        cell = Cell(
            row=row,
            col=col,
            rowspan=rowspan,
            colspan=colspan,
            text=content,
            lines=(Line(content, place),) if content else (),
            parts=((row, place),),
            inferred=lost or (text.inferred if text is not None else None),
            lost=lost is not None,
        )
        self._places[id(cell)] = len(self.cells)
        self.cells.append(cell)
        return cell

    def extend(self, cell: Cell, row: int) -> Cell:
        """Let a merged cell run down to `row`; a page break on the way begins a part of it."""
        last = cell.parts[-1][0]
        new = list(itertools.takewhile(lambda at: at > last, reversed(self.breaks)))
        parts = [(at, Place(line=cell.place.line)) for at in reversed(new) if cell.row < at <= row]
        grown = replace(cell, rowspan=row - cell.row + 1, parts=(*cell.parts, *parts))
        at = self._places.pop(id(cell))
        self.cells[at] = grown
        self._places[id(grown)] = at
        return grown

    def table(self, *, told: bool) -> Table:
        """The table; `told`: the source tells in which columns its texts stand."""
        cells = tuple(sorted(self.cells, key=lambda c: (c.row, c.col)))
        return Table(
            rows=self.rows,
            cols=self.width,
            cells=cells,
            row_pages=(None,) * self.rows,
            breaks=tuple(self.breaks),
            ruled=False,
            notes=tuple(self.notes),
            told=told,
        )
