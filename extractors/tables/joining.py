"""Grids that go on over page breaks made one table: cut rows, cut merged cells and cut texts become whole.

Where the geometry does not decide (a single blank cell at the top of a page), nothing is merged here:
`extractors.tables.hierarchy` decides by what the column is. No row is ever dropped but repeated headers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.tables.celltext import join_lines
from extractors.tables.cut_rows import row_cut
from extractors.tables.cut_text import Cut, Meeting, hangs, parted, stands_in_the_middle, told_by_words
from extractors.tables.heads import SAME_COLUMN, first_rows_again
from schemas.model import Aside, AsideKind, Box, Cell, Grid, Table

REACH = 200  # rows above a page break that tell how its columns are written; a form has fewer
LEAST_REPEATED = 3  # cells of a row that is printed again: a level, a name, a target
UNDECIDED = "a page break follows its full last line: the text may be one with that on the other side of the break"


def join_grids(grids: Sequence[Grid]) -> Table:
    """One table from the grids of consecutive pages (or of one page)."""
    xs = _common_columns(grids)
    notes = [f"page {g.page}: {note}" for g in grids for note in g.notes]
    settled: list[Cell] = []  # so far above that no break looks at them again
    cells: list[Cell] = []
    row_pages: list[int | None] = []
    breaks: list[int] = []
    unsure: list[int] = []
    aside: list[Aside] = []
    for i, grid in enumerate(grids):
        broken = i > 0 and grid.page != grids[i - 1].page
        head = first_rows_again(grids[0], grid) if broken else 0
        if head:
            notes.append(f"page {grid.page}: the first {head} rows of the table are printed again")
            aside += [
                Aside(c.text, c.place, AsideKind.AGAIN, "a header printed again")
                for c in grid.cells
                if c.text.strip() and c.row + c.rowspan <= head
            ]
        new = _placed(grid, xs, len(row_pages) - head, head)
        height = len(grid.ys) - 1 - head
        if broken and height:
            at = len(row_pages)
            settled += [c for c in cells if c.row + c.rowspan <= at - REACH]
            cells = [c for c in cells if c.row + c.rowspan > at - REACH]
            cut = row_cut(cells, new, at)
            if cut is not Cut.TWO:
                cells, new = _join_row(cells, new, at)
                notes.append(f"page {grid.page}: row {at} was cut by the page break and is joined")
                if cut is Cut.UNDECIDED:
                    unsure.append(at - 1)
                height -= 1
            cells, new = _join_spans(cells, new, at)
            if height:
                breaks.append(at)
        cells += new
        row_pages += [grid.page] * height
    cells = sorted(settled + cells, key=lambda cell: (cell.row, cell.col))
    return Table(
        rows=len(row_pages),
        cols=len(xs) - 1,
        cells=tuple(cells),
        row_pages=tuple(row_pages),
        breaks=tuple(breaks),
        unsure_rows=tuple(unsure),
        ruled=all(g.ruled for g in grids),
        notes=tuple(notes),
        aside=tuple(aside),
        sure=min(g.sure for g in grids),
        told=all(g.told for g in grids),
    )


def _common_columns(grids: Sequence[Grid]) -> list[float]:
    """The column borders of all grids, near ones taken for one."""
    xs: list[float] = []
    for x in sorted(x for g in grids for x in g.xs):
        if not xs or x - xs[-1] > SAME_COLUMN:
            xs.append(x)
    return xs


def _placed(grid: Grid, xs: Sequence[float], offset: int, head: int) -> list[Cell]:
    """The grid's cells below its `head` rows, by the common columns, `offset` rows further down."""

    def column(x: float) -> int:
        return min(range(len(xs)), key=lambda i: abs(xs[i] - x))

    columns = [column(x) for x in grid.xs]
    if not (head or offset) and columns == list(range(len(xs))) and all(_is_at_home(cell) for cell in grid.cells):
        return list(grid.cells)
    out = []
    for cell in grid.cells:
        if cell.row + cell.rowspan <= head:
            continue
        row = max(cell.row, head)
        out.append(
            replace(
                cell,
                row=row + offset,
                rowspan=cell.row + cell.rowspan - row,
                col=columns[cell.col],
                colspan=columns[cell.col + cell.colspan] - columns[cell.col],
                parts=tuple((row + offset, place) for _, place in cell.parts),
            )
        )
    return out


def _is_at_home(cell: Cell) -> bool:
    """Whether its one part begins where it does."""
    return len(cell.parts) == 1 and cell.parts[0][0] == cell.row


def _join_row(above: list[Cell], below: list[Cell], at: int) -> tuple[list[Cell], list[Cell]]:
    """The row below the break becomes part of the row above it; the rows after it move up."""
    lower = {(c.col, c.colspan): c for c in below if c.row == at}
    joined = [
        join_cells(u, lower[(u.col, u.colspan)], rows=u.rowspan + lower[(u.col, u.colspan)].rowspan - 1)
        if u.row + u.rowspan == at
        else u
        for u in above
    ]
    moved = [replace(c, row=c.row - 1, parts=tuple((r - 1, p) for r, p in c.parts)) for c in below if c.row != at]
    return joined, moved


def _join_spans(above: list[Cell], below: list[Cell], at: int) -> tuple[list[Cell], list[Cell]]:
    """Merged cells that the break cut become one again, from the left: where a group begins anew at the top of
    the page, the columns to its right begin anew too. No cell goes on in a header that is printed again."""
    if _repeats_a_row(above, below, at):
        return above, below
    met = _meetings(above, below, at)
    fresh_from: int | None = None
    gone: set[int] = set()
    out = list(above)
    sure = [m for m in met if told_by_words(m) is Cut.ONE]
    doubtful: dict[int, Cell] = {}
    for meeting in met:
        up, low = meeting.upper, meeting.lower
        cut = parted(meeting, sure=bool(sure))
        if cut is Cut.UNDECIDED and any(_is_outside(meeting, inner) for inner in sure):
            cut = Cut.ONE  # an outer level cannot end before what it holds
        elif cut is Cut.UNDECIDED and any(_goes_on_beside(meeting, other, (*above, *below)) for other in met):
            cut = Cut.ONE
        if cut is Cut.UNDECIDED:
            doubtful[id(low)] = replace(low, inferred=low.inferred or UNDECIDED)
            out[out.index(up)] = up = replace(up, inferred=up.inferred or UNDECIDED)
        if up.rowspan == 1 and low.rowspan == 1 and cut is not Cut.ONE:
            continue
        if up.text and low.text and cut is not Cut.ONE:
            fresh_from = low.col if fresh_from is None else fresh_from
            continue
        if fresh_from is not None and low.col > fresh_from:
            continue
        out[out.index(up)] = join_cells(up, low, rows=up.rowspan + low.rowspan)
        gone.add(id(low))
    return out, [doubtful.get(id(c), c) for c in below if id(c) not in gone]


def _repeats_a_row(above: Sequence[Cell], below: Sequence[Cell], at: int) -> bool:
    """Whether the row below the break prints, in each of its columns, what a row above does."""
    printed = {(c.col, c.colspan, c.text) for c in below if c.row == at and c.text}
    rows: dict[int, set[tuple[int, int, str]]] = {}
    for cell in above:
        rows.setdefault(cell.row, set()).add((cell.col, cell.colspan, cell.text))
    return len(printed) >= LEAST_REPEATED and any(printed <= row for row in rows.values())


def _goes_on_beside(meeting: Meeting, other: Meeting, cells: Sequence[Cell]) -> bool:
    """Whether a cell of the same rows goes on over the break, blank below it in a column that has no other blank: an
    amount beside the name of its project."""
    up, low = other.upper, other.lower
    rows = [(c.row, c.rowspan) for c in (up, low)]
    if rows != [(c.row, c.rowspan) for c in (meeting.upper, meeting.lower)] or not up.text or low.text:
        return False
    column = [c for c in cells if (c.col, c.colspan) == (low.col, low.colspan) and c is not low]
    return max(up.rowspan, low.rowspan) > 1 and all(c.text for c in column)


def _is_outside(outer: Meeting, inner: Meeting) -> bool:
    """Whether the cells of one column, were they one, would hold those of another to their right."""
    return (
        outer.lower.col < inner.lower.col
        and outer.upper.row <= inner.upper.row
        and outer.lower.row + outer.lower.rowspan >= inner.lower.row + inner.lower.rowspan
    )


def _meetings(above: Sequence[Cell], below: Sequence[Cell], at: int) -> list[Meeting]:
    """The cells that meet at the break, from left to right, each pair with the other names of its column."""
    columns: dict[tuple[int, int], tuple[list[Cell], list[Cell]]] = {}
    for side, cells in enumerate((above, below)):
        for cell in cells:
            columns.setdefault((cell.col, cell.colspan), ([], []))[side].append(cell)
    end = max((c.row + c.rowspan for c in below), default=at)
    inside = [c for c in above if c.row + c.rowspan < at] + [c for c in below if at < c.row and c.row + c.rowspan < end]
    middle = stands_in_the_middle(inside)
    out = []
    for key in sorted(columns):
        over = sorted(columns[key][0], key=lambda c: -c.row)
        under = sorted(columns[key][1], key=lambda c: c.row)
        if over and under and over[0].row + over[0].rowspan == at == under[0].row:
            names = [[c for c in cells[1:] if c.text] for cells in (over, under)]
            hanging = middle and under[0].row + under[0].rowspan < end and hangs(under[0])
            out.append(Meeting(over[0], under[0], names[0], names[1], hangs=hanging))
    return out


def join_cells(up: Cell, low: Cell, rows: int) -> Cell:
    """One cell of `rows` rows from two that meet at a page break."""
    lines = up.lines + low.lines
    parts = up.parts + low.parts
    areas: dict[int, Box] = {}
    for _, place in parts:
        if place.page is not None and place.box is not None:
            areas[place.page] = place.box
    why = up.inferred
    if up.text and low.text:
        why = "its text runs over a page break and was joined"
    return replace(
        up,
        rowspan=rows,
        text=join_lines(lines, areas),
        lines=lines,
        parts=parts,
        text_part=up.text_part if up.text or not low.text else len(up.parts) + low.text_part,
        inferred=why,
    )
