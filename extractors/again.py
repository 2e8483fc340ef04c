"""A form that goes on below its title printed again, in files that know of no pages: dumps, texts, office files.

Where the lines above a table repeat those above the form before, and the table begins with a header of indicators that
this form has printed, it is the same form on its next page, unless a total or another line ended it. The lines are set
aside. On pages `tables.stitch` tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from schemas.language.columns import LEVELS
from schemas.language.pages import ADDRESS, CONTINUED, CONTINUED_TITLE, PAGE_WORDS, STAMP
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Aside, AsideKind, Block, Document, Line, Table

Header = frozenset[str]
"""The texts of a row from its first level on: what stands left of it may be printed once."""


@dataclass(slots=True)
class _Form:
    """What a form has printed so far: the texts above its first table, and the headers of its indicators."""

    above: set[str] = field(default_factory=set)
    printed: str = ""  # by its tables, without blanks
    headers: set[Header] = field(default_factory=set)
    ended: bool = False  # its last table ends with a total


def joined_at_titles(document: Document, words: Words) -> Document:
    """The document, the titles set aside below which the form above goes on."""
    form = _Form()
    kept: list[Block] = []
    aside: list[Aside] = []
    for block in document.blocks:
        if isinstance(block, Table):
            above = _lines_at_end(kept)
            again = _again(above, block, form, words)
            if again:
                del kept[-len(again) :]
                aside += (
                    Aside(line.text, line.place, AsideKind.AGAIN, "printed again where the table goes on")
                    for line in again
                )
            elif any(words.is_title(line.text) for line in above):
                form = _Form({_plain(line.text) for line in above})
            form.headers |= _headers(block, words)
            form.printed += "".join(squeeze(cell.text) for cell in block.cells)
            form.ended = _ends_with_total(block, words)
        kept.append(block)
    if not aside:
        return document
    return replace(document, blocks=tuple(kept), aside=(*document.aside, *aside))


def _lines_at_end(blocks: Sequence[Block]) -> list[Line]:
    lines: list[Line] = []
    for block in reversed(blocks):
        if not isinstance(block, Line):
            break
        lines.insert(0, block)
    return lines


def _again(above: Sequence[Line], table: Table, form: _Form, words: Words) -> Sequence[Line]:
    """The lines between two tables that the form printed above its first one, and feet of pages, where the lower table
    is its next part; [] where it is not. Beside them at most names stand there that its tables print."""
    title = max((i for i, line in enumerate(above) if words.is_title(line.text)), default=None)
    again = [line for line in above if _plain(line.text) in form.above or _is_foot(line.text)]
    if form.ended or title is None or above[title] not in again:
        return ()
    beside = [line for line in above[title:] if squeeze(line.text) in form.printed]
    if not all(line in again or line in beside for line in above):
        return ()
    first = min((cell.row for cell in table.cells if cell.text.strip()), default=0)
    header = _header(table, first, words)
    return again if header and any(header <= known for known in form.headers) else ()


def _plain(text: str) -> str:
    return CONTINUED_TITLE.sub("", squeeze(text))


def _is_foot(text: str) -> bool:
    return any(shape.fullmatch(text.strip()) for shape in (PAGE_WORDS, ADDRESS, STAMP, CONTINUED))


def _ends_with_total(table: Table, words: Words) -> bool:
    last = max((cell.row for cell in table.cells if cell.text.strip()), default=0)
    return any(words.is_total(cell.text) for cell in table.cells if cell.row == last)


def _headers(table: Table, words: Words) -> set[Header]:
    rows = {cell.row for cell in table.cells if words.header(cell.text) in LEVELS}
    return {header for row in rows if (header := _header(table, row, words))}


def _header(table: Table, row: int, words: Words) -> Header:
    """A row as a header of indicators, empty where it is none: it names two levels."""
    cells = sorted((c for c in table.cells if c.row == row and c.text.strip()), key=lambda cell: cell.col)
    levels = [i for i, cell in enumerate(cells) if words.header(cell.text) in LEVELS]
    return frozenset(squeeze(cell.text) for cell in cells[levels[0] :]) if len(levels) > 1 else frozenset()
