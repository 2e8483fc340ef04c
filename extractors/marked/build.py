"""From tables as a file marks them to blocks: nested tables laid out, lines and tables numbered in reading order.

A cell holds paragraphs and tables. A table that only lays out a page is taken apart; an inner table of a form
becomes rows and columns of the outer one, as the eye sees it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace

from extractors.refusals import OfficeTooLarge
from schemas.frozen import dataclass
from schemas.model import Block, Cell, Line, Place, Table, Unshown

MOST_SLOTS = 1_000_000  # rows times columns of a table; the largest filing seen has some thousands


@dataclass(frozen=True, slots=True)
class MarkedCell:
    """A cell as the file marks it; `flow` are its paragraphs and inner tables in order."""

    row: int
    col: int
    rowspan: int
    colspan: int
    flow: tuple[str | MarkedTable, ...]
    place: Place | None = None  # where it stands, where the file itself counts rows and columns
    unreadable: str | None = None  # why its value cannot be read
    inferred: str | None = None  # why its text or extent was inferred

    @property
    def text(self) -> str:
        """Its paragraphs, parted by line breaks."""
        if not self.flow:
            return ""
        if len(self.flow) == 1 and isinstance(self.flow[0], str):
            return self.flow[0].replace("\t", " ").strip()
        return "\n".join(t for part in self.flow if isinstance(part, str) and (t := part.replace("\t", " ").strip()))

    @property
    def tables(self) -> list[MarkedTable]:
        return [part for part in self.flow if isinstance(part, MarkedTable)]


@dataclass(frozen=True, slots=True)
class MarkedTable:
    """A table as the file marks it. `hidden` is what it holds at its rows and does not show."""

    rows: int
    cols: int
    cells: tuple[MarkedCell, ...]
    notes: tuple[str, ...] = ()
    hidden: tuple[Unshown, ...] = ()
    breaks: tuple[int, ...] = ()
    ruled: bool = True  # whether borders are drawn around its cells


Flow = Sequence["str | Line | MarkedTable"]


def build_blocks(flow: Flow) -> tuple[Block, ...]:
    """The blocks of a document: each line of a paragraph, each table with its inner ones laid out.

    Places count lines and table rows of the document from 1, cells of a row from 1, unless they are given.
    Raises OfficeTooLarge.
    """
    return tuple(_numbered(_joined(_unwrapped(flow))))


def _unwrapped(flow: Iterable[str | Line | MarkedTable]) -> Iterator[str | Line | MarkedTable]:
    """The flow with layout tables taken apart and inner tables laid out in their outer ones."""
    for part in flow:
        if not isinstance(part, MarkedTable):
            yield part
        elif _only_lays_out(part):
            for cell in sorted(part.cells, key=lambda c: (c.row, c.col)):
                yield from _unwrapped(cell.flow)
        else:
            yield lay_out(part)


def _only_lays_out(table: MarkedTable) -> bool:
    """Whether it is there to place inner tables on the page: it holds some, and either nothing stands beside
    anything in it, or it draws no borders and they do."""
    inner = [each for cell in table.cells for each in cell.tables]
    if not inner:
        return False
    if not table.ruled and any(each.ruled for each in inner):
        return True
    filled = [0] * table.rows
    for cell in table.cells:
        if cell.text or cell.tables:
            for row in range(cell.row, cell.row + cell.rowspan):
                filled[row] += 1
    return max(filled) == 1


def lay_out(table: MarkedTable) -> MarkedTable:
    """The table with each inner table as rows and columns of its own, the cells around it grown accordingly."""
    if table.rows * table.cols > MOST_SLOTS:
        raise OfficeTooLarge(detail=f"{table.rows} rows of {table.cols} columns")
    inner = {id(cell): _stacked(cell) for cell in table.cells if cell.tables}
    if not inner:
        return table
    heights, widths = [1] * table.rows, [1] * table.cols
    for cell in table.cells:
        if (stack := inner.get(id(cell))) is not None:
            last_row, last_col = cell.row + cell.rowspan - 1, cell.col + cell.colspan - 1
            heights[last_row] += max(0, stack.rows - sum(heights[cell.row : last_row + 1]))
            widths[last_col] += max(0, stack.cols - sum(widths[cell.col : last_col + 1]))
    tops, lefts = _sums(heights), _sums(widths)
    if tops[-1] * lefts[-1] > MOST_SLOTS:
        raise OfficeTooLarge(detail=f"{tops[-1]} rows of {lefts[-1]} columns")
    cells: list[MarkedCell] = []
    for cell in table.cells:
        top, bottom = tops[cell.row], tops[cell.row + cell.rowspan]
        left, right = lefts[cell.col], lefts[cell.col + cell.colspan]
        stack = inner.get(id(cell))
        if stack is None:
            cells.append(replace(cell, row=top, col=left, rowspan=bottom - top, colspan=right - left))
            continue
        for part in stack.cells:  # the last row and column take what room is left
            height = bottom - top - part.row if part.row + part.rowspan == stack.rows else part.rowspan
            width = right - left - part.col if part.col + part.colspan == stack.cols else part.colspan
            cells.append(replace(part, row=top + part.row, col=left + part.col, rowspan=height, colspan=width))
    hidden = tuple(one._replace(row=tops[one.row]) for one in table.hidden)
    breaks = tuple(tops[b] for b in table.breaks)
    return MarkedTable(tops[-1], lefts[-1], tuple(cells), table.notes, hidden, breaks, table.ruled)


def _sums(sizes: Sequence[int]) -> list[int]:
    out = [0]
    for size in sizes:
        out.append(out[-1] + size)
    return out


def _stacked(cell: MarkedCell) -> MarkedTable:
    """What a cell holds as one table: a text is a row across it, tables follow one below the other."""
    parts: list[str | MarkedTable] = []
    for part in cell.flow:
        if isinstance(part, MarkedTable):
            parts.append(lay_out(part))
        elif part.strip():
            if parts and isinstance(parts[-1], str):
                parts[-1] += "\n" + part
            else:
                parts.append(part)
    cols = max(part.cols for part in parts if isinstance(part, MarkedTable))
    cells: list[MarkedCell] = []
    rows = 0
    for part in parts:
        if isinstance(part, str):
            cells.append(MarkedCell(rows, 0, 1, cols, (part,)))
            rows += 1
            continue
        for each in part.cells:
            width = cols - each.col if each.col + each.colspan == part.cols else each.colspan
            cells.append(replace(each, row=rows + each.row, colspan=width))
        rows += part.rows
    return MarkedTable(rows, cols, tuple(cells))


def _joined(flow: Iterable[str | Line | MarkedTable]) -> Iterator[str | Line | MarkedTable]:
    """A table that is cut in two, with no text between its parts and as many columns in both, as one."""
    waiting: MarkedTable | None = None
    for part in flow:
        if isinstance(part, str) and not part.strip():
            continue
        if isinstance(part, MarkedTable) and not part.rows:
            continue
        if waiting is not None:
            if isinstance(part, MarkedTable) and part.cols == waiting.cols:
                waiting = _below(waiting, part)
                continue
            yield waiting
            waiting = None
        if isinstance(part, MarkedTable):
            waiting = part
        else:
            yield part
    if waiting is not None:
        yield waiting


def _below(above: MarkedTable, table: MarkedTable) -> MarkedTable:
    moved = tuple(replace(cell, row=cell.row + above.rows) for cell in table.cells)
    return MarkedTable(
        above.rows + table.rows,
        above.cols,
        above.cells + moved,
        (*above.notes, *table.notes, f"row {above.rows + 1}: a second table follows at once and is read as its rest"),
        above.hidden + tuple(one._replace(row=above.rows + one.row) for one in table.hidden),
        (*above.breaks, above.rows, *(above.rows + b for b in table.breaks)),
        above.ruled and table.ruled,
    )


@dataclass(slots=True)
class _Counter:
    line: int = 0
    columns: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def next_line(self) -> Place:
        self.line += 1
        return Place(line=self.line, column=1)


def _numbered(flow: Iterable[str | Line | MarkedTable]) -> Iterator[Block]:
    counter = _Counter()
    for part in flow:
        if isinstance(part, Line):
            yield part
        elif isinstance(part, str):
            for text in part.split("\n"):
                if text.strip():
                    yield make_line(text, counter.next_line())
        else:
            yield _table(part, counter)


def make_line(text: str, place: Place) -> Line:
    """A line outside tables; a tab is a wide gap."""
    pieces = [piece.strip() for piece in re.split(r"\t+", text.strip())]
    gaps = _sums([len(piece) for piece in pieces])[1:-1]
    return Line("".join(pieces), place, gaps=tuple(g for g in gaps if g))


def _table(table: MarkedTable, counter: _Counter) -> Table:
    cells = []
    taken: dict[int, int] = defaultdict(int)
    for cell in sorted(table.cells, key=lambda c: (c.row, c.col)):
        taken[cell.row] += 1
        text = cell.text
        place = cell.place or Place(line=counter.line + cell.row + 1, column=taken[cell.row])
        cells.append(
            Cell(
                row=cell.row,
                col=cell.col,
                rowspan=cell.rowspan,
                colspan=cell.colspan,
                text=text,
                lines=(Line(text, place),) if text else (),
                parts=((cell.row, place),),
                inferred=cell.unreadable or cell.inferred,
                unreadable=cell.unreadable is not None,
            )
        )
    counter.line += table.rows
    return Table(
        rows=table.rows,
        cols=table.cols,
        cells=tuple(cells),
        row_pages=(None,) * table.rows,
        breaks=table.breaks,
        ruled=table.ruled,
        notes=table.notes,
        hidden=table.hidden,
    )
