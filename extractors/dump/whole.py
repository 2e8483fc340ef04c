"""Whether the rows of a tabbed dump stand as they stood on the page: then its tabs tell the cells, as pipes would.

A program that writes tabs may drop blanks, so that a row is shifted; it may cut columns off. Both show in the number of
tabs, behind the blank line of a page break, and in texts that do not fit the column that they stand in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from extractors.dump.lines import DumpLine
from extractors.dump.roles import AT_HOME, HARDLY, NEEDED, empty_cost, feature, fit_cost
from extractors.dump.rows import LABELLED
from extractors.marked.rows import Extent, GridRows, RowKind, Section
from schemas.language.columns import LEVELS
from schemas.language.heads import Heads
from schemas.language.money import names_block
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words

MOST_BLANK = 2  # texts of a row that says nothing of its columns: a band, a label with its value


def is_even(lines: Sequence[DumpLine]) -> bool:
    """Whether the rows of each run have as many tabs. Rows of labels with their values inside may stand around it."""
    tabs: int | None = None  # of the run of rows above
    broken = False
    for line in lines:
        if not line.cells:
            broken = True
            continue
        around = all(LABELLED.match(cell.text) for cell in line.cells)
        if tabs and line.tabs and not around and not (broken or line.new_page) and line.tabs != tabs:
            return False
        tabs, broken = None if around and line.tabs != tabs else line.tabs, False
    return True


def rows_behind_marks(lines: Sequence[DumpLine]) -> frozenset[int]:
    """The rows of tabs, counted from 0, before which a blank line or a form feed stands that may be a page's end: the
    row above it has as many tabs."""
    out: set[int] = set()
    row, tabs, broken = 0, 0, False
    for line in lines:
        if not line.cells:
            broken = True
            continue
        if line.tabs:
            if (broken or line.new_page) and line.tabs == tabs:
                out.add(row)
            row += 1
        tabs, broken = line.tabs, False
    return frozenset(out)


def may_be_shifted(rows: GridRows, marks: Collection[int]) -> bool:
    """Whether the rows behind marks may have lost the blanks before their first text, though each stands below what it
    can be: rows of indicators would stand as well one column further right, and none tells that it does not, or other
    rows begin at the left with what begins none. Or whether names of levels may have moved over a mark, or be lost."""
    words = rows.words
    if any(_lost_its_names(rows, row, row in marks) for row in range(rows.rows)):
        return True
    doubtful = False
    for row in range(min(marks), rows.rows):
        texts, (kind, section) = rows.texts(row), rows.what(row)
        if not texts or kind in (RowKind.HEADER, RowKind.UNDER):
            continue
        if section is not None and section.what is Heads.INDICATORS and texts[0].left >= section.first:
            if texts[0].left == section.first and words.is_level(bare_level(texts[0].text)):
                continue
            at_end = len(texts) < MOST_BLANK or texts[-1].right == rows.cols
            if at_end or not _stands_below(texts, section, words, moved=1):
                return False
            doubtful = True
        elif texts[0].left == 0 and section is None and not _begins_a_row(texts, words):
            doubtful = True
    return doubtful


def _lost_its_names(rows: GridRows, row: int, marked: bool) -> bool:
    """Whether a row of indicators lacks the names of its levels where it should have them: below the header; or behind
    a mark, where the common framework prints it below another one."""
    kind, section = rows.what(row)
    if section is None or section.what is not Heads.INDICATORS or kind is not RowKind.ROW:
        return False
    columns = {role: left for role, (left, _) in zip(section.roles, section.bounds, strict=False)}
    outer = [rows.text_at(row, columns[level]) for level in LEVELS[:2] if level in columns]
    if not outer or any(outer) or not rows.texts(row):
        return False
    if rows.what(row - 1)[0] in (RowKind.HEADER, RowKind.UNDER):
        return True
    name = rows.text_at(row, columns[LEVELS[2]]) if LEVELS[2] in columns else ""
    return marked and rows.words.usual_level2(name) is not None


def _begins_a_row(texts: Sequence[Extent], words: Words) -> bool:
    """Whether the first text of a row of labels is one that stands at the left: a label, a heading, a block's name."""
    text = texts[0].text
    named = words.known_label(text) or words.is_heading(text) or names_block(text, words) or words.is_total(text)
    return named or len(texts) == 1 or bool(LABELLED.match(text))


def fits(rows: GridRows) -> bool:
    """Whether the texts below each header of indicators are what their columns hold, and none is missed."""
    words = rows.words
    for row in range(rows.rows):
        kind, section = rows.what(row)
        if kind is RowKind.LABELS and _names_level(rows.texts(row), words):
            return False
        if kind is RowKind.ROW and section is not None and section.what is Heads.INDICATORS:
            texts = [box for box in rows.texts(row) if box.left >= section.first]
            if len(texts) <= MOST_BLANK or _stands_below(texts, section, words):
                continue
            if _starts_with_headers(texts, section, 1) or not _stands_below(texts, section, words, blank_end=True):
                return False
    return True


def _starts_with_headers(texts: Sequence[Extent], section: Section, moved: int) -> bool:
    """Whether each text of a row, moved so far to the right, would stand where the column of some header begins."""
    starts = {left for left, _ in section.bounds}
    return all(box.left + moved in starts for box in texts)


def _names_level(texts: Sequence[Extent], words: Words) -> bool:
    """Whether a row that stands below no header of indicators is one of them: it begins with two names of levels."""
    return len(texts) > MOST_BLANK and all(words.is_level(bare_level(box.text)) for box in texts[:2])


def _stands_below(
    texts: Sequence[Extent], section: Section, words: Words, *, blank_end: bool = False, moved: int = 0
) -> bool:
    """Whether each text of a row, moved so far to the right, stands below the header of what it can be. A blank target
    is one where other columns behind it are filled as they should be, or where the row may end with blanks; else the
    row may be shifted."""
    features = [feature(box.text, words) for box in texts]
    if set(features) == {"number"}:
        return True  # the numbers of the columns
    total = words.is_total(texts[0].text)
    filled: dict[int, float] = {}
    for box, what in zip(texts, features, strict=True):
        at = box.left + moved
        k = max(k for k, (left, _) in enumerate(section.bounds) if left <= at)
        role = section.roles[k] or "other"
        filled[k] = fit_cost(what, role)
        if at != section.bounds[k][0] or (not total and filled[k] > HARDLY):
            return False
    if total:
        points = {k for k, role in enumerate(section.roles) if role in ("weights.full_year", "score")}
        return set(filled) <= {0, *points}
    if LEVELS[2] not in section.roles:
        return True
    told = [k for k, cost in filled.items() if cost <= AT_HOME and not (section.roles[k] or "").startswith("targets")]
    asked = [k for k, role in enumerate(section.roles) if role and role != "op" and empty_cost(role) >= NEEDED]
    last, end = max(told, default=0), max(filled) if blank_end else len(section.roles)
    return all(k in filled or (section.roles[k] != LEVELS[2] and (k < last or k > end)) for k in asked)
