"""Lines of labels outside of tables whose text wraps: the second line of a value belongs to the value.

`填报单位（盖章）：… 管理` stands above a table, `单位：万元` to its right, and `中心` below its beginning. The second
line has no label of its own, stands right below the first one, where its text or its value begins, and the first one is
full: what follows would have run into the text to its right, or out of the page's text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from extractors.tables.celltext import WHOLE, make_line, runs, visual_lines
from schemas.language.vocabulary import Words
from schemas.language.writing import IDEOGRAPHS, width
from schemas.language.years import parse_year
from schemas.model import Line, Place, Word, union

BELOW = 1.0  # of the line height: a line that goes on stands no further below
INDENT = 0.6  # of the line height: how far the beginnings of the two lines may differ
LINES_NEAR = 3  # above a line, among which stands what it goes on
SAME_SIZE = 0.15  # of the line height: lines of one text are as high as one another
ROOM = 3.0  # of the line height: what is left of a full line, at most, with the gap to the text beside it
LABEL = re.compile(r"\s*([^:：，。；]{1,24})[:：]")

LONGEST_CUT = 4  # characters of a label before the end of its line
LETTERS = re.compile(rf"[{IDEOGRAPHS}]+")
CUT = re.compile(r"(?:\s{2}|\u3000)[^\s:：，。；]{1,8}$")
"""The beginning of a label at the end of a line, behind a wide gap."""

Run = list[Word]


def free_lines(words: Iterable[Word], page: int, right: float, known: Words) -> list[Line]:
    """The lines of words outside of tables, what wraps joined to what it goes on; `right` is where the page's text
    ends, in points."""
    rows = [[[run] for run in runs(row)] for row in visual_lines(words)]  # line, text, its own lines of words
    for k in range(1, len(rows)):
        for text in list(rows[k]):
            near = rows[max(k - LINES_NEAR, 0) : k + 1]
            above = _above(near[:-1], text[0])
            if _is_cut_label(rows[k - 1], text[0], right, known):
                rows[k - 1][-1].extend(text)
                rows[k].remove(text)
            elif above is not None and _goes_on(above, text[0], _end(near, above, text[0], right), known):
                above.extend(text)
                rows[k].remove(text)
    return [_line(row, page) for row in rows if row]


def _above(rows: Sequence[list[list[Run]]], run: Run) -> list[Run] | None:
    """The text that stands right above a run."""
    for row in reversed(rows):
        for text in row:
            last = union([w.box for w in text[-1]])
            if last.left - INDENT * last.height <= run[0].box.left < last.right and last.bottom <= run[0].box.middle[1]:
                return text
    return None


def _is_cut_label(row: Sequence[list[Run]], run: Run, right: float, known: Words) -> bool:
    """Whether a run that begins with a label, below the beginning of a line of labels, goes on with the last text of
    that line: the first letters of a label, which the end of the page's text cuts off."""
    first, last = "".join(w.text for w in row[0][0]) if row else "", row[-1] if row else []
    label = LABEL.match(first)
    if len(row) < 2 or len(last) != 1 or label is None or not known.known_label(label.group(1)):
        return False
    letters, area, here = "".join(w.text for w in last[0]).strip(), union([w.box for w in last[0]]), run[0].box
    if len(letters) > LONGEST_CUT or not LETTERS.fullmatch(letters) or area.right + here.height < right:
        return False
    below = here.top - area.bottom <= BELOW * here.height and abs(here.height - area.height) <= SAME_SIZE * here.height
    begins = abs(here.left - row[0][0][0].box.left) <= INDENT * here.height
    return below and begins and LABEL.match("".join(w.text for w in run)) is not None


def _end(rows: Sequence[list[list[Run]]], text: list[Run], run: Run, right: float) -> float:
    """Where the room of a text ends: at the next text to its right, or where the page's text ends."""
    area = union([w.box for each in (text[-1], run) for w in each])
    boxes = (each[0][0].box for row in rows for each in row if each is not text)
    beside = (b.left for b in boxes if b.left >= area.right and b.top < area.bottom and b.bottom > area.top)
    return min(beside, default=right)


def _goes_on(text: list[Run], run: Run, end: float, known: Words) -> bool:
    """Whether a run is the next line of a text whose room ends at `end`."""
    first, last, here = text[0], union([w.box for w in text[-1]]), union([w.box for w in run])
    size = last.height
    if here.top - last.bottom > BELOW * size or abs(here.height - size) > SAME_SIZE * size:
        return False
    label = LABEL.match("".join(w.text for w in first))
    words = "".join(w.text for w in run).strip()
    if label is None or not known.known_label(label.group(1)):
        return False
    cut = CUT.search("".join(w.text for w in text[-1]).rstrip()) and LABEL.match(words)
    if not cut and _says_something_else(words, known):
        return False
    starts = (first[0].box.left, _edge(first, label.end()))
    if not any(abs(here.left - x) <= INDENT * size for x in starts):
        return False
    whole = WHOLE.match(words)
    following = width(whole.group()) * size if whole else size
    return last.right + following + ROOM * size > end


def _says_something_else(text: str, known: Words) -> bool:
    """Whether a line is a text of its own: it has a label, or prints a title, a year, a unit or a remark."""
    return bool(
        LABEL.match(text)
        or known.title.search(text)
        or known.known_label(text)
        or parse_year(text) is not None
        or text.startswith(tuple(known.all.remarks))
    )


def _edge(run: Run, at: int) -> float:
    """Where the character with the number `at` of a run begins."""
    for word in run:
        if at < len(word.text):
            return word.edges[at]
        at -= len(word.text)
    return run[-1].box.right


def _line(row: list[list[Run]], page: int) -> Line:
    """One line from its texts, those that wrap whole."""
    every = [word for text in row for run in text for word in run]
    line = make_line([word for text in row for word in text[0]], page)
    if len(every) == sum(len(text[0]) for text in row):
        return line
    texts = ["".join(w.text for run in text for w in run) for text in row]
    gaps = tuple(itertools.accumulate(len(text) for text in texts[:-1]))
    scores = [w.score for w in every if w.score is not None]
    place = Place(page=page, box=union([w.box for w in every]))
    return Line("".join(texts), place, min(scores) if scores else None, line.size, gaps)
