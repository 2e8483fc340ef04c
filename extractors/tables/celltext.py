"""From the words of a cell to its lines and its text: what wraps is joined, what is a paragraph stays apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from schemas.model import Box, Line, Place, Word, union

ENUMERATOR = re.compile(
    r"\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[、．)）]|[.](?!\d))|[①-⑳]|第[一二三四五六七八九十]+[，、：])"
)
WIDE_GAP = 1.5  # of the character size: between words of one line, a gap that separates columns
ROOM = 1.2  # of the character size: padding and the next character, for which a wrapped line leaves no room


def cell_lines(words: Iterable[Word], page: int) -> tuple[Line, ...]:
    """Words as visual lines from top to bottom, each joined from left to right."""
    return tuple(make_line(row, page) for row in visual_lines(words))


def visual_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words grouped by line, lines from top to bottom and words from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.box.middle[1], w.box.left)):
        for row in reversed(rows[-3:]):
            if _same_line(row, word):
                row.append(word)
                break
        else:
            rows.append([word])
    rows.sort(key=lambda row: min(w.box.top for w in row))
    return [sorted(row, key=lambda w: w.box.left) for row in rows]


def runs(row: Sequence[Word]) -> list[list[Word]]:
    """The words of one line parted at wide gaps."""
    out: list[list[Word]] = []
    for word in row:
        if out and word.box.left - out[-1][-1].box.right <= WIDE_GAP * word.box.height:
            out[-1].append(word)
        else:
            out.append([word])
    return out


def make_line(words: Sequence[Word], page: int) -> Line:
    """One line from its words, left to right; `gaps` are the offsets at which wide gaps stand."""
    text = ""
    gaps: list[int] = []
    for run in runs(words):
        if text:
            gaps.append(len(text))
        text += "".join(w.text for w in run)
    scores = [w.score for w in words if w.score is not None]
    place = Place(page=page, box=union([w.box for w in words]))
    size = max(w.box.height for w in words)
    return Line(text, place, min(scores) if scores else None, size, tuple(gaps))


def _same_line(row: list[Word], word: Word) -> bool:
    top, bottom = min(w.box.top for w in row), max(w.box.bottom for w in row)
    shared = min(bottom, word.box.bottom) - max(top, word.box.top)
    return shared > 0.5 * min(bottom - top, word.box.height)


def join_lines(lines: tuple[Line, ...], areas: Mapping[int, Box]) -> str:
    """The text of a cell. A line break that only wraps is removed; `\\n` stands between paragraphs only.

    A new paragraph begins with an enumerator, after a line that ended well before the cell's edge: it left room
    for what the next line begins with. `areas` are the boxes of the cell by page.
    """
    text = ""
    for i, line in enumerate(lines):
        here = line.text.strip()
        if not here:
            continue
        if not text:
            text = here
        elif _is_paragraph(lines[i - 1], line, areas):
            text += "\n" + here
        else:
            text += (" " if latin_break(text, here) else "") + here
    return text


def latin_break(before: str, after: str) -> bool:
    """Whether a wrap between the two stood for a space: between two Latin words."""
    return bool(re.search(r"[A-Za-z]$", before) and re.match(r"[A-Za-z]", after))


def leaves_room(line: Line, area: Box, following: str) -> bool:
    """Whether `following` would have fitted behind the line: then the line was ended, not wrapped."""
    if line.place.box is None:
        return False
    width = sum(line.size * (0.55 if char.isascii() else 1.0) for char in following)
    return area.right - line.place.box.right > width + ROOM * line.size


def _is_paragraph(above: Line, line: Line, areas: Mapping[int, Box]) -> bool:
    found = ENUMERATOR.match(line.text)
    area = areas.get(above.place.page or 0)
    if not found or area is None:
        return False
    return leaves_room(above, area, found.group().strip())  # an enumerator wraps as a whole
