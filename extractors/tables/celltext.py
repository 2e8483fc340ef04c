"""From the words of a cell to its lines and its text: what wraps is joined, what is a paragraph stays apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence

from schemas.language.writing import ENUMERATOR, width
from schemas.model import Box, Line, Place, Word, union

WIDE_GAP = 1.5  # of the character size: between words of one line, a gap that separates columns
NUMBER = re.compile(r"[=≥≤＞＜<>±~\-－]*+[\d０-９][\d０-９.,，．\-/ ]*+\s*+[%％‰]?")
VALUE_END = re.compile(r"[\d０-９%％‰]\w?$")  # so ends a value with its unit
VALUE_START = re.compile(r"[=≥≤＞＜<>±~]|[\d０-９]")
CUT_DECIMALS = re.compile(r".*\.\d\n\d")  # 1914.6 and 9: in a full line a second decimal goes on, no number begins
WHOLE = re.compile(r"[A-Za-z0-9.,%]+|.[，。、；：）】》？！”’]*")  # what a line takes or leaves as one
BRACKETED = re.compile(r"[（(【](?![\d.,%\s]*[）)】])[^（(【）)】]*[）)】]")  # a remark below what it belongs to
ROOM = 1.2  # of the character size: padding and the next character, for which a wrapped line leaves no room


def cell_lines(words: Iterable[Word], page: int) -> tuple[Line, ...]:
    """Words as visual lines from top to bottom, each joined from left to right."""
    return tuple(make_line(row, page) for row in visual_lines(words))


def visual_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words grouped by line, lines from top to bottom and words from left to right."""
    words = list(words)
    if len(words) < 2:
        return [words] if words else []
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
    """The text of a cell. A line break that only wraps is removed; `\\n` stands between texts of their own.

    A text of its own begins with an enumerator, after a line that ended well before the cell's edge: it left room
    for what the next line begins with. A cell none of whose lines comes near its edge has not wrapped at all, and a
    number goes on in no other. `areas` are the boxes of the cell by page.
    """
    if len(lines) == 1:
        return lines[0].text.strip()
    wraps = _wraps(lines, areas)
    text = ""
    for i, line in enumerate(lines):
        here = line.text.strip()
        if not here:
            continue
        if not text:
            text = here
        elif _is_paragraph(lines[i - 1], line, areas, wraps):
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
    return area.right - line.place.box.right > (width(following) + ROOM) * line.size


def _is_paragraph(above: Line, line: Line, areas: Mapping[int, Box], wraps: bool) -> bool:
    """Whether a line begins a text of its own, below one that it does not go on."""
    before, here = above.text.strip(), line.text.strip()
    area = areas.get(above.place.page or 0)
    if NUMBER.fullmatch(before) and NUMBER.fullmatch(here):
        full = area is not None and not _ended(above, area, here)
        return not (_is_cut_number(before, here) or (full and CUT_DECIMALS.fullmatch(f"{before}\n{here}")))
    if area is None:
        return False
    enumerator = ENUMERATOR.match(line.text)
    if enumerator:
        return leaves_room(above, area, enumerator.group().strip())  # an enumerator wraps as a whole
    if _open_bracket(before) or BRACKETED.fullmatch(here) or not _ended(above, area, here):
        return False
    return not wraps or bool(VALUE_END.search(before) and VALUE_START.match(here))


def _wraps(lines: Sequence[Line], areas: Mapping[int, Box]) -> bool:
    """Whether a line of the cell but its last comes so near the edge that the next one may go on from it. Where the
    cell's edge is not known, they all may."""
    for line, following in itertools.pairwise(lines):
        area = areas.get(line.place.page or 0)
        if area is None or not _ended(line, area, following.text.strip()):
            return True
    last = lines[-1] if lines else None
    area = areas.get(last.place.page or 0) if last else None
    return last is not None and area is not None and not _ended(last, area, "")


def _open_bracket(text: str) -> bool:
    return sum(map(text.count, "（(【《")) > sum(map(text.count, "）)】》"))


def _ended(line: Line, area: Box, here: str) -> bool:
    """Whether a line of its cell, wherever it stands in it, was ended before what follows would not have fitted."""
    box = line.place.box
    if box is None:
        return False
    whole = WHOLE.match(here)
    needed = width(whole.group()) * line.size if whole else 0.0
    return area.width - box.width > needed + ROOM * line.size * 2


def _is_cut_number(before: str, here: str) -> bool:
    """Whether a number was cut by the end of its line: before its decimals or within its groups of thousands."""
    if re.match(r"[.,]\d", here) or before.endswith((".", ",", "-", "－")) or here in ("%", "％"):
        return True
    begun = re.search(r",(\d{1,2})$", before)  # a group of thousands that the next line ends
    return bool(begun and re.match(rf"\d{{{3 - len(begun[1])}}}(?!\d)", here))
