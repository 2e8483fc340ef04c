"""Whether a page break cuts a row in two, or stands between two rows.

The two halves of a row make one row together: every text below stands under a blank or goes on the one above it, and
some text above has nothing below it, as a new row would. A row that prints nothing but its name looks the same, and
only the names of its column tell: two that end as others do are two, a rest that is no name is none; and two that
together are what other cells print are one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extractors.tables.cut_text import (
    ALIKE,
    LEADS_ON,
    NEVER_FIRST,
    OPENS,
    TWICE,
    Cut,
    closes_what_is_open,
    flat,
    runs_over,
)
from schemas.language.writing import COUNT, RATE
from schemas.model import Cell

FEWEST_ENDED = 3  # texts above blanks, beside which one text may go on that does not run to the cut
USUALLY = 0.9  # of the names of a column end as another one does: then what does not is no whole name
MANY = 8  # names that tell so
MARKS = re.compile(r"[\W_]+")  # ticks, boxes, signs: what is no letter and no figure


def row_cut(above: Sequence[Cell], below: Sequence[Cell], at: int) -> Cut:
    """What the page break at row `at` parts: one row, two rows, or what nothing tells."""
    pairs = _pairs(above, below, at)
    if pairs is None:
        return Cut.TWO
    leaves = [(u, low) for u, low in pairs if u.rowspan == 1 and low.rowspan == 1]
    beside = [(u, low) for u, low in pairs if u.text and low.text and (u, low) not in leaves]
    if not all(runs_over(u, low) for u, low in beside):
        return Cut.TWO  # a merged cell ends with the page
    ended = [u for u, low in leaves if u.text and not low.text]
    both = [(u, low) for u, low in leaves if u.text and low.text]
    begun = [low for u, low in leaves if low.text and not u.text]
    if not ended or not (both or begun):
        return Cut.TWO
    if any(_is_number(u.text) or _is_number(low.text) or _are_rates(u.text, low.text) for u, low in both):
        return Cut.TWO
    if len(leaves) == 2 and len(both) == 1 and both[0] is leaves[1]:
        return Cut.ONE  # a value that goes on beside a blank label
    cells = [*above, *below]
    if any(_make_one_that_others_print(u, low, cells) for u, low in both):
        return Cut.ONE
    lone = len(both) == 1 and len(ended) >= FEWEST_ENDED and not begun  # one text goes on beside nothing but blanks
    if not all(runs_over(u, low, anywhere=lone) for u, low in both):
        return Cut.TWO
    if not both or any(_goes_on(flat(u.text), flat(low.text)) for u, low in both):
        return Cut.ONE
    if any(u in ended and u.col < both[-1][0].col and _holds_names(low, cells) for u, low in leaves):
        return Cut.ONE  # no row is without its name
    told = {_told_by_names(u, low, cells) for u, low in both}
    return next(cut for cut in (Cut.TWO, Cut.ONE, Cut.UNDECIDED) if cut in told)


def _pairs(above: Sequence[Cell], below: Sequence[Cell], at: int) -> list[tuple[Cell, Cell]] | None:
    """The cells that meet at the break, column by column; None where the columns do not agree."""
    upper = {(c.col, c.colspan): c for c in above if c.row + c.rowspan == at}
    lower = {(c.col, c.colspan): c for c in below if c.row == at}
    if upper.keys() != lower.keys():
        return None
    return [(upper[k], lower[k]) for k in sorted(upper)]


def _goes_on(upper: str, lower: str) -> bool:
    """Whether the words of two texts say that they are one."""
    return closes_what_is_open(upper, lower) or upper.endswith(LEADS_ON) or lower.startswith(NEVER_FIRST)


def _make_one_that_others_print(upper: Cell, lower: Cell, cells: Sequence[Cell]) -> bool:
    """Whether two texts together are what other cells of their column print, but for marks: the options of a group,
    each time with another one ticked."""
    parts = MARKS.sub("", upper.text), MARKS.sub("", lower.text)
    if not all(parts):
        return False  # a tick above a tick
    whole = "".join(parts)
    return sum(MARKS.sub("", c.text) == whole for c in _others(cells, upper, lower)) >= ALIKE - 1


def _others(cells: Sequence[Cell], *own: Cell) -> list[Cell]:
    """The other cells of a column, without those that are asked about."""
    col, colspan = own[0].col, own[0].colspan
    return [c for c in cells if c.col == col and c.colspan == colspan and not any(c is each for each in own)]


def _holds_names(cell: Cell, cells: Sequence[Cell]) -> bool:
    """Whether all other rows print a text of their own in a cell's column: none is merged over rows or blank."""
    column = _others(cells, cell)
    texts = {flat(c.text) for c in column if c.rowspan == 1}
    return len(column) >= ALIKE and len(texts) == len(column) and "" not in texts


def _told_by_names(upper: Cell, lower: Cell, cells: Sequence[Cell]) -> Cut:
    """What the other names of their column tell of two cells."""
    one, other = flat(upper.text), flat(lower.text)
    names = {text for c in _others(cells, upper, lower) if len(text := flat(c.text)) > 1 and not _is_number(text)}
    if len(names) < ALIKE:
        return Cut.UNDECIDED
    shortest = min(map(len, names))
    remark = other.startswith(tuple(OPENS)) and not any(name.startswith(other[0]) for name in names)
    if remark or TWICE * len(other) <= min(shortest, len(one)):
        return Cut.ONE
    ends = Counter(name[-1] for name in names)
    if one[-1] in ends and other[-1] in ends and min(len(one), len(other)) >= shortest:
        return Cut.TWO
    usual = sum(count for count in ends.values() if count > 1) >= USUALLY * len(names) and len(names) >= MANY
    return Cut.ONE if usual and one[-1] not in ends else Cut.UNDECIDED


def _is_number(text: str) -> bool:
    return COUNT.fullmatch(flat(text)) is not None


def _are_rates(*texts: str) -> bool:
    """Whether each text is a percentage with its bound: two of them are the targets of two rows."""
    return all(RATE.fullmatch(flat(text)) for text in texts)
