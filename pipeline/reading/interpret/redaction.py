"""Values as they are taken from cells: blank, blacked out, or of characters that the source does not name."""

from __future__ import annotations

import re

from pipeline.reading.interpret.draft import Draft
from pipeline.reading.view import TableView
from schemas.language.vocabulary import Words, squeeze
from schemas.language.writing import CONTROLS, UNNAMED
from schemas.model import Cell

NO_CHARACTER = re.compile(rf"�|{UNNAMED}|[{CONTROLS}\ue000-\uf8ff]")
"""What stands where a font names no character."""
BLACKED_OUT = re.compile(r"[█▇▆▉▓]{2,}|■{3,}|\[redacted\]", re.IGNORECASE)


def blank_to_none(text: str) -> str | None:
    """The text without outer white space, None for a blank cell."""
    return text.strip() or None


def take(draft: Draft, words: Words, where: str, view: TableView | None, cell: Cell | None) -> str | None:
    """The value of a cell, its origin noted: None where it is blank, lost, or blacked out (with a finding)."""
    if cell is None:
        return None
    draft.own(cell)
    draft.origin(where, blank_to_none(cell.text), view, cell)
    return unless_redacted(draft, words, where, cell.text)


def unless_redacted(draft: Draft, words: Words, where: str, text: str) -> str | None:
    """The text, None where nothing, something blacked out or something unreadable is printed; these are findings."""
    text = text.strip()
    if NO_CHARACTER.search(text):
        draft.doubt("unreadable", where, "the source does not say which characters are printed here", text)
        return None
    if text and words.redacted.match(squeeze(text)):
        draft.doubt("redacted", where, "the value is blacked out", text)
        return None
    if BLACKED_OUT.search(text):
        draft.doubt("redacted", where, "part of the value is blacked out", text)
    return text or None
