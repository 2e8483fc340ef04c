"""Feet of pages in a text: a page's last line, set apart, with its number, an address or a time; where tabs mark the
cells, a line of its number alone.

They belong to the page, not to the form; what is taken off is kept beside, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.dump.lines import DumpLine
from schemas.language.pages import BARE_NUMBER, PAGE_WORDS, is_foot
from schemas.model import Aside, AsideKind, Place

APART = 2  # blank lines above a foot, at least
LONGEST = 30  # characters of a text beside a page's number: a name of the document
GAP = re.compile(r"[ \u3000]{2,}")
LABEL = re.compile(r"[:：]")
WHY = "foot of the page"


def part_feet(lines: Sequence[DumpLine]) -> tuple[list[DumpLine], tuple[Aside, ...]]:
    """The lines, those that are feet of pages blank, and the feet."""
    out = list(lines)
    aside = []
    last: int | None = None  # of the page so far that holds text
    above: int | None = None
    for k in range(len(out) + 1):
        ends = k == len(out) or out[k].new_page
        if ends and last is not None and (above is None or last - above > APART) and _is_foot(out[last]):
            cell = out[last].cells[0]
            place = Place(line=cell.line, column=cell.column)
            aside.append(Aside(out[last].text, place, AsideKind.FURNITURE, WHY))
            out[last] = replace(out[last], cells=())
        if ends:
            last = above = None
        if k < len(out) and out[k].cells:
            last, above = k, last
    return out, tuple(aside)


def part_page_numbers(lines: Sequence[DumpLine]) -> tuple[list[DumpLine], tuple[Aside, ...]]:
    """The lines of a text of tabs, those that hold nothing but a page's number in words blank, and these."""
    out, aside = [], []
    for line in lines:
        if len(line.cells) == 1 and PAGE_WORDS.fullmatch(line.text.strip()):
            place = Place(line=line.cells[0].line, column=line.cells[0].column)
            aside.append(Aside(line.text, place, AsideKind.FURNITURE, WHY))
            line = replace(line, cells=())
        out.append(line)
    return out, tuple(aside)


def _is_foot(line: DumpLine) -> bool:
    """Whether a line prints a page's number, an address or a print's time, and beside it at most a name."""
    texts = [text.strip() for text in GAP.split(line.text) if text.strip()]
    told = [is_foot(text) for text in texts]
    rest = [t for t, known in zip(texts, told, strict=True) if not known and not BARE_NUMBER.fullmatch(t)]
    return any(told) and len(rest) <= 1 and all(len(t) <= LONGEST and not LABEL.search(t) for t in rest)
