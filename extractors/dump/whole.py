"""Whether the rows of a tabbed dump stand as they stood on the page: then its tabs tell the cells, as pipes would.

A program that writes tabs may drop blanks, so that a row is shifted; it may cut columns off. Both show in the number of
tabs, behind the blank line of a page break, and in texts that do not fit the column that they stand in.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.dump.lines import DumpLine
from extractors.dump.roles import AT_HOME, HARDLY, NEEDED, empty_cost, feature, fit_cost
from extractors.dump.rows import LABELLED
from extractors.marked.boxes import Box, Boxes, RowKind, Section
from extractors.marked.build import MarkedTable
from schemas.language.columns import LEVELS
from schemas.language.heads import Heads
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words

MOST_BLANK = 2  # texts of a row that says nothing of its columns: a band, a label with its value


def is_even(lines: Sequence[DumpLine]) -> bool:
    """Whether the rows of each run have as many tabs, and no table goes on behind a blank line, which stands for a page
    break. Rows of labels with their values inside may stand around it."""
    tabs: int | None = None  # of the run of rows above
    broken = False
    for line in lines:
        if not line.cells:
            broken = True
            continue
        around = all(LABELLED.match(cell.text) for cell in line.cells)
        if tabs and line.tabs and not around and (broken or line.new_page) == (line.tabs == tabs):
            return False
        tabs, broken = None if around and line.tabs != tabs else line.tabs, False
    return True


def fits(table: MarkedTable, words: Words) -> bool:
    """Whether the texts below each header of indicators are what their columns hold, and none is missed."""
    boxes = Boxes(table, words)
    boxes.read_rows()
    for row, (kind, section) in enumerate(zip(boxes.kinds, boxes.sections, strict=True)):
        if kind is RowKind.LABELS and _names_level(boxes.texts(row), words):
            return False
        if kind is RowKind.ROW and section is not None and section.what is Heads.INDICATORS:
            texts = [box for box in boxes.texts(row) if box.left >= section.first]
            if len(texts) > MOST_BLANK and not _stands_below(texts, section, words):
                return False
    return True


def _names_level(texts: Sequence[Box], words: Words) -> bool:
    """Whether a row that stands below no header of indicators is one of them: it begins with two names of levels."""
    return len(texts) > MOST_BLANK and all(words.is_level(bare_level(box.text)) for box in texts[:2])


def _stands_below(texts: Sequence[Box], section: Section, words: Words) -> bool:
    """Whether each text of a row stands below the header of what it can be. A blank target is one where other columns
    behind it are filled as they should be; else the row may be shifted."""
    features = [feature(box.text, words) for box in texts]
    if set(features) == {"number"}:
        return True  # the numbers of the columns
    total = words.is_total(texts[0].text)
    filled: dict[int, float] = {}
    for box, what in zip(texts, features, strict=True):
        k = max(k for k, (left, _) in enumerate(section.bounds) if left <= box.left)
        role = section.roles[k] or "other"
        filled[k] = fit_cost(what, role)
        if box.left != section.bounds[k][0] or (not total and filled[k] > HARDLY):
            return False
    if total:
        points = {k for k, role in enumerate(section.roles) if role in ("weights.full_year", "score")}
        return set(filled) <= {0, *points}
    if LEVELS[2] not in section.roles:
        return True
    told = [k for k, cost in filled.items() if cost <= AT_HOME and not (section.roles[k] or "").startswith("targets")]
    asked = [k for k, role in enumerate(section.roles) if role and role != "op" and empty_cost(role) >= NEEDED]
    return all(k in filled or (section.roles[k] != LEVELS[2] and k < max(told, default=0)) for k in asked)
