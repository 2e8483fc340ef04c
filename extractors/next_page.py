"""Tables that go on at the next page, in files that know of no pages: dumps, texts, web pages, office files.

A program that copies a document page by page makes a table of each page. Between two of them stand at most the foot of
the one page, and the head of the other: the lines above the form, printed again. The lower table is the next part of
the upper one where it has as many columns, nothing has ended that one, and it begins with the same header of indicators
or with no label at all. On pages `tables.stitch` tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from schemas.language.columns import LEVELS
from schemas.language.pages import CONTINUED, CONTINUED_TITLE, is_foot
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Aside, AsideKind, Cell, Document, Line, Table

FEWEST_TABLES = 2  # of which one may be the next part of another
WHY = "printed again where the table goes on"
Header = frozenset[str]
"""The texts of a row from its first level on: what stands left of it may be printed once."""
RowTexts = frozenset[tuple[int, str]]
"""The columns and texts of a row."""


class _Part:
    """A table by its rows that print something, and its headers of indicators by their rows."""

    def __init__(self, table: Table, words: Words) -> None:
        self.table = table
        self.rows: dict[int, list[Cell]] = {}
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.col)):
            if cell.text.strip():
                self.rows.setdefault(cell.row, []).append(cell)
        found = ((row, _header(cells, words)) for row, cells in self.rows.items())
        self.headers = {row: header for row, header in found if header}

    @property
    def first(self) -> int:
        """Its first row that prints something."""
        return next(iter(self.rows), 0)

    def texts(self, row: int) -> RowTexts:
        """What a row prints."""
        return frozenset((cell.col, squeeze(cell.text)) for cell in self.rows.get(row, ()))

    @cached_property
    def header_rows(self) -> dict[RowTexts, int]:
        """The first row of each header by what it prints."""
        return {self.texts(row): row for row in reversed(self.headers)}

    @cached_property
    def printed(self) -> str:
        """Its texts without blanks."""
        return "".join(squeeze(cell.text) for cells in self.rows.values() for cell in cells)

    def ends_with_total(self, words: Words) -> bool:
        """Whether its last row is a total."""
        last = self.rows[next(reversed(self.rows))] if self.rows else []
        return any(words.is_total(cell.text) for cell in last)


@dataclass(slots=True)
class _Form:
    """What a form has printed so far: the texts above its first table, its headers of indicators, its last table."""

    above: frozenset[str] = frozenset()
    headers: set[Header] = field(default_factory=set)
    last: _Part | None = None


def joined_over_pages(document: Document, words: Words) -> Document:
    """The document, with what goes on joined, and set aside what stands between."""
    if sum(isinstance(block, Table) for block in document.blocks) < FEWEST_TABLES:
        return document
    form = _Form()
    out: list[Line | list[_Part]] = []  # the lines, and the parts of each table
    between: list[Line] = []  # since the last table
    aside: list[Aside] = []
    for block in document.blocks:
        if isinstance(block, Line):
            between.append(block)
            continue
        part = _Part(block, words)
        titled = any(words.is_title(line.text) for line in between)
        again = _between_pages(between, form, words) if _goes_on(form, part, words, titled=titled) else None
        upper = None
        if again is not None:
            aside += (Aside(between[i].text, between[i].place, AsideKind.AGAIN, WHY) for i in again)
            between = [line for i, line in enumerate(between) if i not in again]
            upper = out[-1] if not between and out else None
        elif titled:
            form = _Form(frozenset(_plain(line.text) for line in between))
        form.headers.update(part.headers.values())
        form.last = part
        if isinstance(upper, list) and upper[0].headers and upper[0].table.cols == block.cols:
            upper.append(part)
        else:
            out += [*between, [part]]
        between = []
    blocks = (_joined(each) if isinstance(each, list) else each for each in (*out, *between))
    return replace(document, blocks=tuple(blocks), aside=(*document.aside, *aside))


def _between_pages(lines: Sequence[Line], form: _Form, words: Words) -> dict[int, None] | None:
    """The numbers of the lines between two tables that are feet of pages or that the form printed above its first
    table, in order; None where others stand there, but for names below a title that its last table prints."""
    again = {i: None for i, line in enumerate(lines) if _plain(line.text) in form.above or _is_between(line.text)}
    title = max((i for i, line in enumerate(lines) if words.is_title(line.text)), default=len(lines))
    printed = form.last.printed if form.last is not None else ""
    for i, line in enumerate(lines):
        if i not in again and not (i > title and squeeze(line.text) in printed):
            return None
    return again


def _goes_on(form: _Form, part: _Part, words: Words, *, titled: bool) -> bool:
    """Whether a table is the next part of a form: it begins with a header that the form has printed, or, where no title
    is printed again, with no label; a total ended none."""
    if not form.headers or form.last is None or form.last.ends_with_total(words):
        return False
    header = part.headers.get(part.first)
    if header:
        return any(header <= known for known in form.headers)
    return not titled and not any(_is_label(cell.text, words) for cell in part.rows.get(part.first, ()))


def _is_label(text: str, words: Words) -> bool:
    level = words.is_level(text) or words.is_total(text)
    return not level and (words.known_label(text) or words.header(text) is not None)


def _is_between(text: str) -> bool:
    return is_foot(text) or CONTINUED.fullmatch(squeeze(text)) is not None


def _plain(text: str) -> str:
    return CONTINUED_TITLE.sub("", squeeze(text))


def _header(cells: Sequence[Cell], words: Words) -> Header:
    """A row as a header of indicators, empty where it is none: it names two levels."""
    levels = [i for i, cell in enumerate(cells) if words.header(cell.text) in LEVELS]
    return frozenset(squeeze(cell.text) for cell in cells[levels[0] :]) if len(levels) > 1 else frozenset()


def _joined(parts: Sequence[_Part]) -> Table:
    """One table of several parts, the breaks of pages between them; the header of a further part is set aside where the
    first one has the same in the same columns."""
    out = parts[0].table
    rows = out.rows
    cells, row_pages, breaks = [*out.cells], [*out.row_pages], [*out.breaks]
    notes, hidden, aside, unsure = [*out.notes], [*out.hidden], [*out.aside], [*out.unsure_rows]
    for part in parts[1:]:
        table, head = part.table, _rows_again(parts[0], part)
        by = rows - head
        again = (c for c in table.cells if c.row < head and c.text.strip())
        cells += (cell.lower(by) for cell in table.cells if cell.row >= head)
        row_pages += table.row_pages[head:]
        breaks += (rows, *(row + by for row in table.breaks if row > head))
        notes += table.notes
        hidden += (each._replace(row=max(each.row + by, rows)) for each in table.hidden)
        aside += (*(Aside(c.text, c.place, AsideKind.AGAIN, WHY) for c in again), *table.aside)
        unsure += (row + by for row in table.unsure_rows if row >= head)
        rows = by + table.rows
    tables = [part.table for part in parts]
    return replace(
        out,
        rows=rows,
        cells=tuple(cells),
        row_pages=tuple(row_pages),
        breaks=tuple(breaks),
        notes=tuple(notes),
        hidden=tuple(hidden),
        aside=tuple(aside),
        unsure_rows=tuple(unsure),
        sure=min(table.sure for table in tables),
        told=all(table.told for table in tables),
    )


def _rows_again(upper: _Part, lower: _Part) -> int:
    """How many of the first rows of a table are a header of another one: rows of the same texts in the same columns,
    cells that reach below them among none of them."""
    row = upper.header_rows.get(lower.texts(0))
    again = 0
    while row is not None and (own := lower.texts(again)) and own == upper.texts(row + again):
        again += 1
    reaches = any(cell.row + cell.rowspan > again for each in range(again) for cell in lower.rows[each])
    return 0 if reaches else again
