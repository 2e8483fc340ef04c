"""Cells whose line breaks are those of lines that wrapped on a page: what takes tables out of PDFs keeps them.

That a file keeps them shows in breaks that nobody sets: before a comma or a closing bracket. Then one behind a full
line is one more of them, unless a label, an enumerator or a figure stands behind it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from extractors.dump.loose_rows import Slot
from extractors.dump.roles import feature
from extractors.dump.rows import LABELLED
from extractors.tables.celltext import latin_break
from schemas.language.money import names_line
from schemas.language.vocabulary import Words
from schemas.language.writing import ENUMERATOR, width

NEVER_SET = re.compile(r"\n(?=[，。、；：！？）》」”,;])")
ROOM = 1.6  # characters that a full line may be shorter than the longest one
WHOLE = ("number", "condition", "begun", "op", "mark")
JOINED = "its line breaks were taken for those of lines that wrapped on the page; the file does not say so"


def without_wraps(rows: list[list[Slot]], words: Words) -> list[list[Slot]]:
    """The rows, lines that wrapped joined where the file keeps their breaks; what was joined says so."""
    if not any(NEVER_SET.search(slot.text) for row in rows for slot in row):
        return rows
    return [[_unwrapped(slot, words) for slot in row] for row in rows]


def _unwrapped(slot: Slot, words: Words) -> Slot:
    lines = slot.text.split("\n")
    longest = max(map(width, lines))
    text = lines[0]
    for above, below in pairwise(lines):
        if width(above) >= longest - ROOM and not _begins(above, below, words):
            text += " " + below if latin_break(above, below) else below
        else:
            text += "\n" + below
    return slot if text == slot.text else replace(slot, text=text, inferred=JOINED)


def _begins(above: str, below: str, words: Words) -> bool:
    """Whether a line begins something of its own behind another one."""
    figures = all(feature(line, words) in WHOLE for line in (above, below))
    return figures or bool(ENUMERATOR.match(below) or _has_label(below, words))


def _has_label(text: str, words: Words) -> bool:
    """Whether a line begins with a label that is known; others may be the rest of one that is broken."""
    match = LABELLED.match(text)
    label = match.group().rstrip(":：") if match is not None else ""
    return bool(label) and (words.known_label(label) or names_line(label, words))
