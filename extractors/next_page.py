"""Tables that go on at the next page, in files that know of no pages: dumps, texts, web pages, office files.

A program that copies a document page by page makes a table of each page. Between two of them stand at most the foot of
the one page, and the head of the other: the lines above the form, printed again. The lower table is the next part of
the upper one where it has as many columns, nothing has ended that one, and it begins with the same header of indicators
or with no label at all. On pages `tables.stitch` tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from schemas.language.columns import LEVELS
from schemas.language.pages import ADDRESS, CONTINUED, CONTINUED_TITLE, PAGE_WORDS, STAMP
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Aside, AsideKind, Block, Cell, Document, Line, Table

WHY = "printed again where the table goes on"
Header = frozenset[str]
"""The texts of a row from its first level on: what stands left of it may be printed once."""


@dataclass(slots=True)
class _Form:
    """What a form has printed so far: the texts above its first table, those of its tables without blanks, and the
    headers of its indicators."""

    above: set[str] = field(default_factory=set)
    printed: str = ""
    headers: set[Header] = field(default_factory=set)
    ended: bool = False  # its last table ends with a total

    def add(self, table: Table, words: Words) -> None:
        """Its next table."""
        self.headers |= _headers(table, words)
        self.printed += "".join(squeeze(cell.text) for cell in table.cells)
        last = max((cell.row for cell in table.cells if cell.text.strip()), default=0)
        self.ended = any(words.is_total(cell.text) for cell in table.cells if cell.row == last)


def joined_over_pages(document: Document, words: Words) -> Document:
    """The document, with what goes on joined, and set aside what stands between."""
    form = _Form()
    kept: list[Block] = []
    aside: list[Aside] = []
    for block in document.blocks:
        if not isinstance(block, Table):
            kept.append(block)
            continue
        between = _lines_at_end(kept)
        again = _between_pages(between, form, words)
        title = any(words.is_title(line.text) for line in between)
        goes_on = again is not None and _goes_on(form, block, words, titled=title)
        if goes_on and again is not None:
            kept[len(kept) - len(between) :] = [line for line in between if line not in again]
            aside += (
                Aside(line.text, line.place, AsideKind.AGAIN, "printed again where the table goes on") for line in again
            )
        elif title:
            form = _Form({_plain(line.text) for line in between})
        form.add(block, words)
        upper = kept[-1] if kept else None
        joins = goes_on and isinstance(upper, Table) and _headers(upper, words) and upper.cols == block.cols
        if joins and isinstance(upper, Table):
            kept[-1] = _joined(upper, block, words)
        else:
            kept.append(block)
    return replace(document, blocks=tuple(kept), aside=(*document.aside, *aside))


def _lines_at_end(blocks: Sequence[Block]) -> list[Line]:
    lines: list[Line] = []
    for block in reversed(blocks):
        if not isinstance(block, Line):
            break
        lines.insert(0, block)
    return lines


def _between_pages(lines: Sequence[Line], form: _Form, words: Words) -> Sequence[Line] | None:
    """Of the lines between two tables the feet of pages and those that the form printed above its first table; None
    where others stand there, but for names below a title that its tables print."""
    again = [line for line in lines if _plain(line.text) in form.above or _is_foot(line.text)]
    title = max((i for i, line in enumerate(lines) if words.is_title(line.text)), default=len(lines))
    beside = [line for line in lines[title:] if squeeze(line.text) in form.printed]
    return again if all(line in again or line in beside for line in lines) else None


def _goes_on(form: _Form, table: Table, words: Words, *, titled: bool) -> bool:
    """Whether a table is the next part of a form: it begins with a header that the form has printed, or, where no title
    is printed again, with no label."""
    if form.ended or not form.headers:
        return False
    first = min((cell.row for cell in table.cells if cell.text.strip()), default=0)
    header = _header(table, first, words)
    if header:
        return any(header <= known for known in form.headers)
    texts = [cell.text for cell in table.cells if cell.row == first and cell.text.strip()]
    return not titled and not any(_is_label(text, words) for text in texts)


def _is_label(text: str, words: Words) -> bool:
    level = words.is_level(text) or words.is_total(text)
    return not level and (words.known_label(text) or words.header(text) is not None)


def _plain(text: str) -> str:
    return CONTINUED_TITLE.sub("", squeeze(text))


def _is_foot(text: str) -> bool:
    return any(shape.fullmatch(text.strip()) for shape in (PAGE_WORDS, ADDRESS, STAMP, CONTINUED))


def _headers(table: Table, words: Words) -> set[Header]:
    rows = {cell.row for cell in table.cells if words.header(cell.text) in LEVELS}
    return {header for row in rows if (header := _header(table, row, words))}


def _header(table: Table, row: int, words: Words) -> Header:
    """A row as a header of indicators, empty where it is none: it names two levels."""
    cells = sorted((c for c in table.cells if c.row == row and c.text.strip()), key=lambda cell: cell.col)
    levels = [i for i, cell in enumerate(cells) if words.header(cell.text) in LEVELS]
    return frozenset(squeeze(cell.text) for cell in cells[levels[0] :]) if len(levels) > 1 else frozenset()


def _joined(upper: Table, lower: Table, words: Words) -> Table:
    """One table of two parts, the page's break between them; the header of the lower one is set aside where the upper
    one has the same in the same columns."""
    head = _rows_again(upper, lower, words)
    at, by = upper.rows, upper.rows - head
    again = [c for c in lower.cells if c.row < head and c.text.strip()]
    kept = [c for c in lower.cells if c.row >= head]
    return replace(
        upper,
        rows=by + lower.rows,
        cells=(*upper.cells, *(_moved(cell, by) for cell in kept)),
        row_pages=(*upper.row_pages, *lower.row_pages[head:]),
        breaks=(*upper.breaks, at, *(row + by for row in lower.breaks if row > head)),
        notes=(*upper.notes, *lower.notes),
        hidden=(*upper.hidden, *(each._replace(row=max(each.row + by, at)) for each in lower.hidden)),
        aside=(*upper.aside, *(Aside(c.text, c.place, AsideKind.AGAIN, WHY) for c in again), *lower.aside),
        sure=min(upper.sure, lower.sure),
        unsure_rows=(*upper.unsure_rows, *(row + by for row in lower.unsure_rows if row >= head)),
        told=upper.told and lower.told,
    )


def _rows_again(upper: Table, lower: Table, words: Words) -> int:
    """How many of the first rows of a table are a header of another one: rows of the same texts in the same columns,
    cells that reach below them among none of them."""
    for row in sorted({cell.row for cell in upper.cells if words.header(cell.text) in LEVELS}):
        again = 0
        while again < lower.rows and (own := _texts(lower, again)) and own == _texts(upper, row + again):
            again += 1
        if again and all(cell.row + cell.rowspan <= again for cell in lower.cells if cell.row < again):
            return again
    return 0


def _texts(table: Table, row: int) -> set[tuple[int, str]]:
    return {(cell.col, squeeze(cell.text)) for cell in table.cells if cell.row == row and cell.text.strip()}


def _moved(cell: Cell, by: int) -> Cell:
    return replace(cell, row=cell.row + by, parts=tuple((row + by, place) for row, place in cell.parts))
