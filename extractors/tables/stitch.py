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
from extractors.tables.heads import (
    ends_in_header,
    first_header,
    first_row,
    first_rows_again,
    has_header,
    rows_printed_again,
)
from extractors.tables.joining import join_grids
from extractors.tables.sideways import join_wide
from extractors.tables.sureness import is_table
from extractors.tables.unruled_break import in_columns_of
from schemas.language.keys import plain
from schemas.language.money import names_line
from schemas.language.pages import CONTINUED_TITLE, names_table
from schemas.language.vocabulary import Words
from schemas.model import Aside, AsideKind, Block, Grid, Line, Table

SAME_EDGE = 4.0  # points: how far the edges of a table may differ from page to page
LEAST_COLUMNS = 3  # of indicators: a level, a name, a target
LARGER = 1.2  # times the usual size of a page's lines: a title
FURNITURE_MARGIN = 0.1  # of the page height: what every page prints stands in this margin
LIKE = 0.85  # likeness from which two recognised titles are one


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
                flow.append(_Run([block], [*_above_labels(run, block), *between]))
    return tuple(itertools.chain.from_iterable(_settled(block, words) for block in flow))


def _above_labels(run: Line | _Run | None, below: Grid) -> Sequence[Line]:
    """What stands above the labels of a form that stand without rules above its table, on the same page."""
    if not isinstance(run, _Run) or run.grids[-1].ruled or not below.ruled or run.grids[-1].page != below.page:
        return ()
    return run.above


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
        if between or below.box.top < above.box.bottom or not _same_edges(above, below):
            return None
        return below if ends_in_header(above, words) or _goes_on_below_a_gap(run.grids, below, words) else None
    others = [line for line in between if _key(line) not in running]
    if not gone.issuperset(range(above.page + 1, below.page)):
        return None
    if not above.ruled and not below.ruled:
        if above.xs == below.xs and not others:
            return below  # its columns are those of the table above already
        goes_on = not others and has_header(run.grids, words) and not _prints_label(below, words)
        return in_columns_of(above, below) if goes_on else None
    if not (above.ruled and below.ruled and _same_edges(above, below)) or _begins_anew(run.grids[0], below, words):
        return None
    again = all(line.place.page == below.page and _is_printed_again(line, run.above) for line in others)
    return below if not others or (again and _carries_on(run.grids, below, words)) else None


def _goes_on_below_a_gap(grids: Sequence[Grid], below: Grid, words: Words) -> bool:
    """Whether a grid on the page of a table goes on with it, as where two pages stand one above the other on a sheet:
    it prints indicators in the table's own columns, without a header or a label."""
    above = grids[-1]
    own = all(any(abs(x - other) <= SAME_EDGE for other in above.xs) for x in below.xs)
    if not (above.ruled and below.ruled and own and len(below.xs) > LEAST_COLUMNS and has_header(grids, words)):
        return False
    return first_header(below, words) is None and not any(
        words.known_label(c.text) or names_line(c.text, words) for c in below.cells
    )


def _prints_label(grid: Grid, words: Words, rows: int | None = None) -> bool:
    """Whether the first row of a grid, or one of its first rows, prints a label, as that of another form does."""
    cells = first_row(grid) if rows is None else [c for c in grid.cells if c.row < rows]
    return any(words.known_label(c.text) or names_line(c.text, words) for c in cells)


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
    form's: it prints the header of the indicators again, or goes on with them without any label above a header, or
    prints no header and no label that the table has printed already, as a form of the same make would."""
    header = first_header(below, words)
    if not _prints_label(below, words) and rows_printed_again(grids, below, words):
        return True
    if not has_header(grids, words) or header == 0:
        return False
    if header is not None:
        return not _prints_label(below, words, header)
    return _labels([below], words).isdisjoint(_labels(grids, words)) and not any(
        names_line(c.text, words) for c in first_row(below)
    )


def _labels(grids: Sequence[Grid], words: Words) -> set[str]:
    """The labels of fields and option groups that grids print."""
    return {name for grid in grids for c in grid.cells if (name := words.label(c.text) or words.choice(c.text))}


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
