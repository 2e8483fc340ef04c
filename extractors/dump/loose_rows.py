"""Rows of cells as pipes, commas or tabs part them: the lines around a table, and the table with its spans back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.marked.build import MarkedCell, MarkedTable
from extractors.marked.loose import regrown
from extractors.marked.rows import GridRows
from extractors.tables.heads import is_header
from schemas.frozen import dataclass
from schemas.language.columns import LEVELS
from schemas.language.vocabulary import Words
from schemas.model import Line, Place

COLONS = (":", "：")
COLON = re.compile(r"[:：]")


@dataclass(frozen=True, slots=True)
class Slot:
    """A text of a row, blank too, and where it stands."""

    text: str
    place: Place
    inferred: str | None = None  # why it was taken for one cell, or for a part of the one above where it is blank


Rows = Sequence[Sequence[Slot]]


def loose_blocks(rows: Rows, words: Words, *, ruled: bool = True) -> Iterator[Line | MarkedTable]:
    """The rows as lines and one table: what stands alone in the first and last rows is no part of the table. `ruled`:
    whether the source marks where its cells end."""
    rows = [row for row in rows if any(slot.text for slot in row)]
    first = next((i for i, row in enumerate(rows) if not _is_line(row, words)), len(rows))
    last = next((i for i in range(len(rows), first, -1) if not _is_last_line(rows, i - 1, words)), first)
    yield from _lines(rows[:first])
    if first < last:
        yield replace(regrown(table_of(rows[first:last]), words), ruled=ruled)
    yield from _lines(rows[last:])


def repeats(rows: GridRows) -> bool:
    """Whether the rows print merged cells by repeating their text: in most dumps no text stands twice side by side, and
    what their rows are need not be told."""
    return rows.repeat_a_text() and rows.is_filled()


def lists_projects(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Whether the rows are those of a list of projects whose tabs are whole: a header of indicators with a column of
    names left of its levels, and below it as many tabs in every row."""
    for i, texts in enumerate(rows):
        if not is_header(texts, words):
            continue
        level = next(k for k, text in enumerate(texts) if words.header(text) in LEVELS)
        named = any(words.label(text) == "project_name" for text in texts[:level])
        return named and all(len(below) == len(texts) for below in rows[i + 1 :])
    return False


def _is_line(row: Sequence[Slot], words: Words) -> bool:
    """Whether a row is a line outside the table: one text that asks for nothing (a title, a year), or texts of which
    each has its label and a colon inside."""
    texts = list(dict.fromkeys(slot.text for slot in row if slot.text))
    if any(words.choice(COLON.split(text)[0]) for text in texts):
        return False
    if len(texts) == 1:
        return not (words.known_label(texts[0]) or words.is_heading(texts[0]))
    return all(any(colon in text[:-1] for colon in COLONS) and len(text) < words.all.title_longest for text in texts)


def _is_last_line(rows: Rows, i: int, words: Words) -> bool:
    """Whether a row is a line below the table; one with blanks at its left goes on beside what stands above them, and
    one below a label alone is its value."""
    above = [slot.text for slot in rows[i - 1] if slot.text] if i else []
    alone = len(above) == 1 and words.known_label(above[0])
    return not alone and bool(rows[i] and rows[i][0].text) and _is_line(rows[i], words)


def _lines(rows: Rows) -> Iterator[Line]:
    for row in rows:
        seen: set[str] = set()
        for slot in row:
            for part in slot.text.split("\n"):
                if part.strip() and part not in seen:
                    yield Line(part.strip(), slot.place)
                seen.add(part)


def table_of(rows: Rows) -> MarkedTable:
    """The rows as a table of single cells; columns that are blank in every row are left out at both sides."""
    width = max(len(row) for row in rows)
    used = [col for row in rows for col, slot in enumerate(row) if slot.text]
    first, last = min(used), max(used)
    cells = [
        MarkedCell(r, c - first, 1, 1, (slot.text,) if slot.text else (), slot.place, inferred=slot.inferred)
        for r, row in enumerate(rows)
        for c, slot in enumerate(row)
        if first <= c <= min(last, width)
    ]
    return MarkedTable(len(rows), last - first + 1, tuple(cells))
