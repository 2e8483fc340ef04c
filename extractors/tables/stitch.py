"""Grids of consecutive pages become one table: a table, a row, a merged cell, even one text that runs over a break.

What a page break does to a table, and how it is undone:

- the table goes on with the same left and right edge, and nothing but page furniture stands between;
- the first rows of the table may be printed again: they are set aside, and noted. The header of its indicators stays,
  for the rows below it may stand in other columns;
- the lines above the table may be printed again: where the header of the indicators follows them, or indicators
  without any label, the table goes on;
- a merged cell is cut in two, its text in the upper or the lower part: the parts become one cell again;
- a row is cut: the texts of its cells go on in a row that is blank elsewhere: the two become one row again.

Where the geometry does not decide (a single blank cell at the top of a page), nothing is merged here:
`extractors.tables.hierarchy` decides by what the column is. No row is ever dropped but repeated headers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from statistics import median

from extractors.tables.blocks import PageBlocks
from extractors.tables.celltext import join_lines
from extractors.tables.cut_text import Cut, Meeting, hangs, parted, runs_over, stands_in_the_middle, told_by_words
from extractors.tables.heads import (
    SAME_COLUMN,
    ends_in_header,
    first_row,
    first_rows_again,
    has_header,
    rows_printed_again,
)
from extractors.tables.sideways import join_wide
from extractors.tables.sureness import is_table
from extractors.tables.unruled_break import in_columns_of
from schemas.language.keys import plain
from schemas.language.money import names_line
from schemas.language.pages import CONTINUED_TITLE, names_table
from schemas.language.vocabulary import Words
from schemas.language.writing import COUNT
from schemas.model import Aside, AsideKind, Block, Box, Cell, Grid, Line, Table

SAME_EDGE = 4.0  # points: how far the edges of a table may differ from page to page
LARGER = 1.2  # times the usual size of a page's lines: a title
FURNITURE_MARGIN = 0.1  # of the page height: what every page prints stands in this margin
LIKE = 0.85  # likeness from which two recognised titles are one
REACH = 200  # rows above a page break that tell how its columns are written; a form has fewer

UNDECIDED = "a page break follows its full last line: the text may be one with that on the other side of the break"


@dataclass(slots=True)
class _Run:
    """The grids of one table so far, and the lines that stand above its first one."""

    grids: list[Grid]
    above: list[Line]
    aside: list[Aside] = field(default_factory=list)


def stitch(pages: Iterable[PageBlocks], words: Words) -> tuple[Block, ...]:
    """All pages' blocks in reading order, grids that go on over page breaks made into one table each."""
    every = list(pages)
    pages = join_wide(every)
    running = _running_lines(pages)
    gone = {page.number for page in every} - {page.number for page in pages}  # they held further columns
    flow: list[Line | _Run] = []
    for page in pages:
        for block in page.blocks:
            if isinstance(block, Line):
                flow.append(block)
                continue
            at = next((i for i in range(len(flow), 0, -1) if isinstance(flow[i - 1], _Run)), 0)
            between = [line for line in flow[at:] if isinstance(line, Line)]
            run = flow[at - 1] if at else None
            part = _next_part(run, between, block, running, gone, words) if isinstance(run, _Run) else None
            if isinstance(run, _Run) and part is not None:
                run.grids.append(part)
                run.aside += [_again(line) for line in between]
                del flow[at:]
            else:
                flow.append(_Run([block], between))
    return tuple(itertools.chain.from_iterable(_settled(block, words) for block in flow))


def _settled(block: Line | _Run, words: Words) -> Sequence[Block]:
    """The table of a run, or the lines in it where it is none: a frame around a text, the lines of a chart."""
    if isinstance(block, Line):
        return [block]
    table = _table(block)
    if is_table(table, words):
        return [table]
    return [line for cell in table.cells for line in cell.lines]


def _table(run: _Run) -> Table:
    table = join_grids(run.grids)
    return replace(table, aside=(*run.aside, *table.aside))


def _again(line: Line) -> Aside:
    return Aside(line.text, line.place, AsideKind.AGAIN, "printed again where the table goes on")


def _key(line: Line) -> tuple[str, int]:
    if line.place.box is None:
        return ("", -1)
    return ("".join(line.text.split()), round(line.place.box.top / 3))


def _running_lines(pages: Sequence[PageBlocks]) -> set[tuple[str, int]]:
    """Lines that every page prints: the same text at the same height in the margin of two pages or more. They part no
    table from its continuation; elsewhere they are lines like others, for a form may print its year so.

    A title is none, though each form of a file may print the same one: it ends in 表, or is larger than the text
    around it."""
    seen: dict[tuple[str, int], int] = {}
    for page in pages:
        lines = [b for b in page.blocks if isinstance(b, Line) and b.place.box is not None]
        body = median([ln.size for ln in lines]) if lines else 0.0
        edge = FURNITURE_MARGIN * page.height
        for line in lines:
            box = line.place.box
            assert box is not None
            title = names_table(line.text.strip()) or line.size > LARGER * body
            if not title and (box.bottom < edge or box.top > page.height - edge):
                seen[_key(line)] = seen.get(_key(line), 0) + 1
    return {key for key, n in seen.items() if n >= 2}


def _next_part(
    run: _Run, between: Sequence[Line], below: Grid, running: set[tuple[str, int]], gone: set[int], words: Words
) -> Grid | None:
    """A grid as the next part of a table, None where it is none: on the next page but for those that are `gone`, or on
    the same one below a header of its own."""
    above = run.grids[-1]
    if below.page == above.page:
        with_header = not between and below.box.top >= above.box.bottom and ends_in_header(above, words)
        return below if with_header and _same_edges(above, below) else None
    others = [line for line in between if _key(line) not in running]
    if not gone.issuperset(range(above.page + 1, below.page)):
        return None
    if not above.ruled and not below.ruled:
        goes_on = not others and has_header(run.grids, words) and not _prints_label(below, words)
        return in_columns_of(above, below) if goes_on else None
    if not (above.ruled and below.ruled and _same_edges(above, below)) or _begins_anew(run.grids[0], below, words):
        return None
    again = all(line.place.page == below.page and _is_printed_again(line, run.above) for line in others)
    return below if not others or (again and _carries_on(run.grids, below, words)) else None


def _prints_label(grid: Grid, words: Words) -> bool:
    """Whether the first row of a grid prints a label, as that of another form does."""
    return any(words.known_label(c.text) or names_line(c.text, words) for c in first_row(grid))


def _same_edges(above: Grid, below: Grid) -> bool:
    return abs(above.box.left - below.box.left) <= SAME_EDGE and abs(above.box.right - below.box.right) <= SAME_EDGE


def _is_printed_again(line: Line, above: Sequence[Line]) -> bool:
    """Whether a line prints again one that stands above the table; recognised ones need only be alike, but for what
    stands behind a colon."""
    text = CONTINUED_TITLE.sub("", plain(line.text))

    def is_alike(other: str) -> bool:
        if line.score is None or ":" in text or re.findall(r"\d", text) != re.findall(r"\d", other):
            return text == other
        return SequenceMatcher(None, text, other, autojunk=False).ratio() >= LIKE

    return any(is_alike(plain(ln.text)) for ln in above)


def _carries_on(grids: Sequence[Grid], below: Grid, words: Words) -> bool:
    """Whether a grid below a title that is printed again goes on with the table above it, where it could be another
    form's: it prints the header of the indicators again, or goes on with them without any label."""
    if _prints_label(below, words):
        return False
    if rows_printed_again(grids, below, words):
        return True
    return has_header(grids, words) and not has_header([below], words)


def _begins_anew(first: Grid, grid: Grid, words: Words) -> bool:
    """Whether a grid prints not only the first rows of a table again, but what follows them too: another table
    of the same make, whose title stands in its first row. The name of a level may be printed on every page."""
    head = first_rows_again(first, grid)
    if not head:
        return False

    def label(of: Grid) -> str:
        return next(("".join(c.text.split()) for c in of.cells if c.row == head and c.text.strip()), "")

    name = label(first)
    return bool(name) and name == label(grid) and not (words.level(name, "level1") or words.level(name, "level2"))


def join_grids(grids: Sequence[Grid]) -> Table:
    """One table from the grids of consecutive pages (or of one page)."""
    xs = _common_columns(grids)
    notes = [f"page {g.page}: {note}" for g in grids for note in g.notes]
    settled: list[Cell] = []  # so far above that no break looks at them again
    cells: list[Cell] = []
    row_pages: list[int | None] = []
    breaks: list[int] = []
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
            if _row_is_cut(cells, new, at):
                cells, new = _join_row(cells, new, at)
                notes.append(f"page {grid.page}: row {at} was cut by the page break and is joined")
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
        ruled=all(g.ruled for g in grids),
        notes=tuple(notes),
        aside=tuple(aside),
        sure=min(g.sure for g in grids),
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


def _row_is_cut(above: Sequence[Cell], below: Sequence[Cell], at: int) -> bool:
    """Whether the page break at row `at` cut a row: its two halves make one row together.

    They do when every text below either stands under a blank, or goes on a text that runs to the cut; and when
    some text above has nothing below it, as a new row would.
    """
    pairs = _pairs(above, below, at)
    if pairs is None:
        return False
    leaves = [(u, low) for u, low in pairs if u.rowspan == 1 and low.rowspan == 1]
    ended = [u for u, low in leaves if u.text and not low.text]
    both = [(u, low) for u, low in leaves if u.text and low.text]
    begun = [low for u, low in leaves if low.text and not u.text]
    if not ended or not (both or begun):
        return False
    if any(_is_number(u.text) or _is_number(low.text) for u, low in both):
        return False
    if len(leaves) == 2 and len(both) == 1 and both[0] is leaves[1]:
        return True  # a value that goes on beside a blank label
    lone = len(both) == 1 and len(ended) >= 3 and not begun  # one text goes on beside nothing but blanks
    return all(runs_over(u, low, anywhere=lone) for u, low in both)


def _pairs(above: Sequence[Cell], below: Sequence[Cell], at: int) -> list[tuple[Cell, Cell]] | None:
    """The cells that meet at the break, column by column; None where the columns do not agree."""
    upper = {(c.col, c.colspan): c for c in above if c.row + c.rowspan == at}
    lower = {(c.col, c.colspan): c for c in below if c.row == at}
    if upper.keys() != lower.keys():
        return None
    return [(upper[k], lower[k]) for k in sorted(upper)]


def _is_number(text: str) -> bool:
    return COUNT.fullmatch("".join(text.split())) is not None


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
    the page, the columns to its right begin anew too."""
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
