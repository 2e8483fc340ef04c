"""What the arrangement of cells makes of them: labels over or beside values, headings, lists.

A text is a label because its words are known, or because it stands where labels stand. An amount, a rate, a date or a
sentence is none, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import pairwise

from pipeline.reading.interpret.labels import INLINE, LONGEST_LABEL, is_known
from pipeline.reading.view import TableView
from schemas.language.money import names_line, parse_amount, stands_for_amount
from schemas.language.values import parse_date, parse_value
from schemas.language.vocabulary import Words, squeeze
from schemas.language.writing import NUMERALS, SENTENCE_ENDS
from schemas.model import Cell

FEWEST_ABOVE = 3  # labels in a row of them: two cells are a label and its value
FEWEST_LISTED = 2  # rows of values below the heads of a list
WIDE_LIST = 3  # columns from which heads over several rows of values are a list, whatever their words
ENDS = SENTENCE_ENDS + "，,"


@lru_cache(maxsize=16384)  # a cell is asked by several
def may_be_label(text: str, words: Words) -> bool:
    """Whether a text can be a label by what it is: short, no sentence, no amount, rate, condition or date."""
    short = squeeze(text)
    if not short or len(short) > LONGEST_LABEL or short[-1] in ENDS:
        return False
    value = parse_value(text, None, None, words)
    counted = value is not None and value.number is not None
    return not (counted or stands_for_amount(text, words) or parse_date(text) != text or words.is_time(text))


def is_goal_heading(text: str, words: Words) -> bool:
    """Whether a text can head a goal: it names one, known or not, and is no sentence."""
    return words.is_goal(text) and may_be_label(text, words)


def prints_label(text: str, words: Words) -> bool:
    """Whether a cell prints a known label or a line of money, a colon and its value."""
    inline = INLINE.fullmatch(text)
    if inline is None:
        return False
    label, value = inline.group("label"), inline.group("value")
    return words.known_label(label) or (names_line(label, words) and parse_amount(value, words) is not None)


def prints_label_over(text: str, words: Words) -> bool:
    """Whether a cell prints a known label on its first line, and its value below it."""
    first, _, rest = text.strip().partition("\n")
    return bool(rest.strip()) and is_known(first, words)


def heads_a_text(view: TableView, cell: Cell, words: Words) -> bool:
    """Whether a text alone in its row stands over a sentence alone in the next: a label over its value."""
    below = view.row(cell.row + cell.rowspan)
    if len(view.row(cell.row)) != 1 or len(below) != 1 or words.is_heading(cell.text) or words.is_level(cell.text):
        return False
    return may_be_label(cell.text, words) and squeeze(below[0].text)[-1:] in tuple(SENTENCE_ENDS)


def rows_beside(view: TableView, cell: Cell) -> list[list[Cell]]:
    """The rows of cells right of a tall cell; [] where some row of it has none of its own."""
    rows = [[c for c in view.row(r, cell.col + cell.colspan) if c.row == r] for r in cell.rows]
    return rows if all(rows) else []


def columns_of(row: Sequence[Cell]) -> list[tuple[int, int]]:
    return [(c.col, c.colspan) for c in row]


def are_pairs(rows: Sequence[Sequence[Cell]], words: Words) -> bool:
    """Whether each of several rows is a label and its value, or some such pairs: the labels stand below each other."""
    if len(rows) < 2 or any(len(row) % 2 for row in rows):
        return False
    firsts = [row[0] for row in rows]
    if len({(c.col, c.colspan) for c in firsts}) > 1 or any(c.rowspan > 1 for row in rows for c in row):
        return False
    if any(words.option(c.text) or not may_be_label(c.text, words) for c in firsts):
        return False
    return not is_list(rows, words)


def numbered_values(rows: Sequence[Sequence[Cell]], words: Words) -> list[tuple[Cell, Cell]]:
    """(number, text) of each row where the parts of one value are numbered in cells of their own, as 1 | 建成 and
    目标2 | 通车; [] where rows are otherwise."""
    if len(rows) < 2 or any(len(row) != 2 for row in rows):
        return []
    numbers = [squeeze(row[0].text) for row in rows]
    counted = all(re.fullmatch(rf"\(?(?:\d{{1,2}}|[{NUMERALS}]{{1,3}})[).、:]?", number) for number in numbers)
    if not counted and not all(words.placeholder.match(f"{number}:") for number in numbers):
        return []
    return [(row[0], row[1]) for row in rows]


def is_list(rows: Sequence[Sequence[Cell]], words: Words) -> bool:
    """Whether rows are a list: heads, and below each of them one text in every row, for several rows. Labels with their
    values beside them go on being labels further down."""
    heads, below = rows[0] if rows else [], rows[1:]
    if not may_head_list(heads, words) or len(below) < FEWEST_LISTED:
        return False
    if any(columns_of(row) != columns_of(heads) for row in below):
        return False
    if any(c.rowspan > 1 or is_known(c.text, words) for row in below for c in row):
        return False
    if len(heads) < WIDE_LIST:
        return True
    return any(c.text.strip() and not may_be_label(c.text, words) for row in below for c in row)


def may_head_list(heads: Sequence[Cell], words: Words) -> bool:
    """Whether texts can be the heads of a list by what they are; two of them must be known labels."""
    if len(heads) < 2 or not all(may_be_label(c.text, words) for c in heads) or _alternate(heads, words):
        return False
    return len(heads) >= WIDE_LIST or all(is_known(c.text, words) for c in heads)


def _alternate(cells: Sequence[Cell], words: Words) -> bool:
    """Whether known labels and other texts take turns in a row: labels with their values, and the heads of nothing."""
    return len(cells) > 2 and all(is_known(c.text, words) == (i % 2 == 0) for i, c in enumerate(cells))


def labels_above(view: TableView, row: int, words: Words) -> list[tuple[Cell, Cell]]:
    """(label, value) of a row of labels, each over its value: its cells are those of the row below it, and none below
    is a label; two of its texts side by side are labels, or one is and figures stand below where labels of pairs would.
    What else stands in it is a label by its place. [] otherwise."""
    heads, below = list(view.row(row)), list(view.row(row + 1))
    if heads and below and heads[0] is below[0]:  # the heading of both rows, at their left
        heads, below = heads[1:], below[1:]
        if columns_of(view.row(row + 2)[1:]) == columns_of(heads):
            return []  # a list below heads
    if len(heads) < FEWEST_ABOVE or columns_of(heads) != columns_of(below):
        return []
    if any(c.row != row or c.rowspan > 1 or not may_be_label(c.text, words) for c in heads):
        return []
    if any(c.row != row + 1 or c.rowspan > 1 or is_known(c.text, words) for c in below):
        return []
    if any(INLINE.fullmatch(c.text) for c in heads):
        return []  # labels with colons have their values behind them
    side_by_side = any(is_known(a.text, words) and is_known(b.text, words) for a, b in pairwise(heads))
    figures = any(c.text.strip() and not may_be_label(c.text, words) for c in below[::2])
    headed = side_by_side or (figures and any(is_known(c.text, words) for c in heads))
    return list(zip(heads, below, strict=True)) if headed else []


class Lists:
    """The lists of a table that run over all its columns, among its `free` rows."""

    def __init__(self, view: TableView, free: AbstractSet[int], words: Words) -> None:
        self.view = view
        self.words = words
        self._ends: dict[int, int] = {}  # behind the last row that goes on below each: as many columns, no known label
        for row in sorted(free, reverse=True):
            below = view.starting(row + 1)
            goes_on = columns_of(below) == columns_of(view.starting(row)) and not any(
                is_known(c.text, words) for c in below
            )
            self._ends[row] = self._ends.get(row + 1, row + 1) if goes_on else row + 1
        self._none_before: dict[int, int] = {}  # by these ends: the row before which no list begins

    def at(self, row: int) -> range:
        """The rows of the list that begins at a row; none where none does."""
        heads, rows = self.view.starting(row), range(row, self._ends[row])
        whole = self.view.row(row) == heads
        if not whole or row < self._none_before.get(rows.stop, 0) or not may_head_list(heads, self.words):
            return range(0)
        cells = [self.view.starting(r) for r in rows]
        if is_list(cells, self.words):
            return rows
        tall = (r for r in reversed(rows) if any(c.rowspan > 1 for c in self.view.starting(r)))
        self._none_before[rows.stop] = max(row + 1, next(tall, rows.stop))
        return range(0)


def heads_over_goals(rows: Sequence[Sequence[Cell]], words: Words) -> list[tuple[Cell, list[Cell]]]:
    """(heading, values) of goals that stand side by side, each below its heading, which its place makes one: nothing
    but headings in the first row, and in each further row one text below each of them. [] where rows are otherwise."""
    heads, below = rows[0] if rows else [], rows[1:]
    lone = len(heads) == 1 and not is_goal_heading(heads[0].text, words)
    if not heads or lone or not below or any(columns_of(row) != columns_of(heads) for row in below):
        return []
    if any(c.rowspan > 1 or not may_be_label(c.text, words) for c in heads):
        return []
    if any(is_known(c.text, words) for row in below for c in row):
        return []
    return [(head, [row[i] for row in below]) for i, head in enumerate(heads)]
