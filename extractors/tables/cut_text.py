"""Whether a text goes on behind a page break, or ends above it and another one begins below.

A text that goes on fills its last line and runs to the break from both sides. That alone does not tell a merged
cell that was cut between two of its rows from two cells whose texts fill them. The texts themselves do where the
names of a column are of one make: where all of them end in points, one without them goes on; where they are
numbered sentences, what begins without a number goes on from above.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum

from extractors.tables.celltext import leaves_room
from schemas.frozen import dataclass
from schemas.language.writing import ENDS_IN_POINTS, ENUMERATOR, NUMBERED, ORDINAL, SENTENCE_ENDS
from schemas.model import Box, Cell, Line

TIGHT = 1.3  # of the character size: slack between text and the cut beyond which the text does not run over it
CLOSE = 0.5  # of the character size: above the cut, slack beside which a further line does not fit
CENTRED = 0.5  # of the character size: how far the margins of a line in the middle of its cell differ
PADDING = 0.7  # of the character size: between a full line and its cell's edge, on each side

MOSTLY = 0.8  # of the texts with room around them: then the table's texts stand in the middle
TALL = 4  # rows of a merged cell
ALIKE = 3  # texts one below the other that end alike make a column whose names end so
LONG = 4  # characters: the least that a name has
FIGURE = re.compile(r"\d")  # values have figures
TWICE = 2  # times as long as a rest is the shortest name of its column
ENDS = tuple(SENTENCE_ENDS + "！!")  # a text that ends so does not go on
BRACKETS = (("（(", "）)"), ("《", "》"), ("【", "】"), ("“", "”"))  # a wide one is closed by a narrow one too
OPENS, CLOSES = ("".join(marks) for marks in zip(*BRACKETS, strict=True))
LEADS_ON = ("，", ",", "、", *OPENS)  # a text that ends so goes on
COLONS = ("：", ":")  # a text that ends so goes on, or is the label of the rows below it
NEVER_FIRST = ("，", "。", "；", "、", "：", "！", "？", *CLOSES)  # no text begins so
UNBROKEN = re.compile(rf"(?:[0-9A-Za-z.%,]+|.)[{re.escape(''.join(NEVER_FIRST))}]*")  # what a wrap does not part


class Cut(Enum):
    """What a page break parts: one text, two texts, or what nothing tells."""

    ONE = 1
    TWO = 2
    UNDECIDED = 3


@dataclass(frozen=True, slots=True)
class Meeting:
    """The cells of one column that meet at a page break, and the other names of the column, from the break on.
    `hangs`: the lower text stands at the cut, with room below, in a table whose texts stand in the middle."""

    upper: Cell
    lower: Cell
    above: Sequence[Cell]
    below: Sequence[Cell]
    hangs: bool = False


def parted(meeting: Meeting, *, sure: bool) -> Cut:
    """What a page break parts; `sure` says that another text surely goes on over the same break."""
    told = told_by_words(meeting)
    if told is not Cut.UNDECIDED:
        return told
    upper, lower = meeting.upper, meeting.lower
    if _is_merged(upper, lower) and not _stands_again(meeting):
        return Cut.ONE if runs_over(upper, lower) else Cut.TWO
    if meeting.hangs and _merges(meeting) and _may_go_on(upper, lower, sure=True) and not _stands_again(meeting):
        return Cut.ONE
    return Cut.UNDECIDED if _may_go_on(upper, lower, sure=sure) else Cut.TWO


def told_by_words(meeting: Meeting) -> Cut:
    """What the words of the two cells, and those of the names around them, tell: the first of the tellers that says
    anything."""
    upper, lower = flat(meeting.upper.text), flat(meeting.lower.text)
    if not upper or not lower:
        return Cut.UNDECIDED
    if closes_what_is_open(upper, lower):
        return Cut.ONE
    if not _merges(meeting) or _stands_again(meeting):
        return Cut.UNDECIDED
    column = _Column.of(meeting, upper, lower)
    for tells in (_both_are_numbered, _each_has_its_number, _upper_has_its_points):
        if tells(column):
            return Cut.TWO
    if not fills_its_line(meeting.upper, meeting.lower):
        return Cut.UNDECIDED
    tellers = (
        _leads_on,
        _number_is_cut,
        _lower_is_a_rest,
        _lower_brings_the_points,
        _lower_lacks_the_label,
        _sentence_goes_on,
    )
    return Cut.ONE if any(tells(column) for tells in tellers) else Cut.UNDECIDED


@dataclass(frozen=True, slots=True)
class _Column:
    """The texts of a column at a page break, without white space: the two that meet, those above and those below them,
    from the break on, without what is printed again, and all of them; `begins` is the number that the upper one begins
    with, `with_points` how many names from the break on, the lower one among them, end in points."""

    upper: str
    lower: str
    above: Sequence[str]
    below: Sequence[str]
    others: Sequence[str]
    begins: str
    with_points: int

    @classmethod
    def of(cls, meeting: Meeting, upper: str, lower: str) -> _Column:
        above, below = ([flat(c.text) for c in cells] for cells in (meeting.above, meeting.below))
        often = Counter((*above, *below))
        once = [[text for text in texts if often[text] == 1] for texts in (above, below)]  # a header again is no name
        points = sum(_run(texts, ENDS_IN_POINTS) for texts in once) + _ends_in(lower, ENDS_IN_POINTS)
        return cls(upper, lower, once[0], once[1], (*above, *below), _number(upper), points)

    @property
    def is_labelled(self) -> bool:
        """Whether the upper text begins with a word and its number: 职能1：; a text may hold several bare numbers."""
        return self.begins[:1].isalpha()

    @property
    def alike(self) -> list[str]:
        """The other texts that begin as the upper one does."""
        return [text for text in self.others if self.begins and _number(text) == self.begins]


def _both_are_numbered(column: _Column) -> bool:
    """职能1： above and 职能2： below are two names."""
    return column.is_labelled and column.begins == _number(column.lower)


def _each_has_its_number(column: _Column) -> bool:
    """二、 above and 三、 below are two names where a further one is numbered so too, and no two have one number."""
    if not column.begins or column.begins != _number(column.lower) or not column.alike:
        return False
    numbers = [_prefix(text) for text in (column.upper, column.lower, *column.alike)]
    return len(set(numbers)) == len(numbers)


def _upper_has_its_points(column: _Column) -> bool:
    """Where names end in their points, one with points has ended."""
    return _ends_in(column.upper, ENDS_IN_POINTS) and column.with_points + 1 >= ALIKE


def _leads_on(column: _Column) -> bool:
    """The upper text ends as none ends, or the lower one begins as none begins."""
    return column.upper.endswith(LEADS_ON) or column.lower.startswith(NEVER_FIRST)


def _number_is_cut(column: _Column) -> bool:
    """What the names begin with is itself cut: 职 above, 能2： below."""
    whole = _number(column.upper + column.lower)
    return not column.begins and any(n and n == whole for n in map(_number, (*column.above, *column.below)))


def _lower_is_a_rest(column: _Column) -> bool:
    """No name of the column, the upper text among them, is nearly as short as the lower text; values may be."""
    names = {column.upper, *column.others}
    if len(names) <= ALIKE or any(map(FIGURE.search, names)):
        return False
    return max(LONG, TWICE * len(column.lower)) <= min(map(len, names))


def _lower_brings_the_points(column: _Column) -> bool:
    """Where names end in their points, one without them ends with the points below the break."""
    enough = column.with_points >= ALIKE and _run(column.above, ENDS_IN_POINTS) > 0
    return enough and _ends_in(column.lower, ENDS_IN_POINTS)


def _lower_lacks_the_label(column: _Column) -> bool:
    """Where all names have one label, what has none goes on."""
    return bool(column.alike) and column.is_labelled and "0" not in column.begins


def _sentence_goes_on(column: _Column) -> bool:
    """A numbered sentence and its end."""
    ends = column.lower.endswith(ENDS) and not column.upper.endswith(ENDS) and not _number(column.lower)
    return ends and (column.is_labelled or any(text.endswith(ENDS) for text in column.alike))


def runs_over(upper: Cell, lower: Cell, *, anywhere: bool = False) -> bool:
    """Whether a text goes on from one cell into the one below the page break: it fills its last line, and runs
    to the cut from both sides (`anywhere`: it need not)."""
    if not _meet(upper, lower):
        return False
    last, first = upper.lines[-1], lower.lines[0]
    area, under = upper.parts[-1][1].box, lower.parts[0][1].box
    if area is None or under is None or last.place.box is None or first.place.box is None:
        return False
    above, below = area.bottom - last.place.box.bottom, first.place.box.top - under.top
    if not anywhere and (above > max(TIGHT, _pitch(upper) + CLOSE) * last.size or below > TIGHT * first.size):
        return False
    return fills_its_line(upper, lower)


def fills_its_line(upper: Cell, lower: Cell) -> bool:
    """Whether the last line of a text leaves no room for what the text below the page break begins with; nor does one
    of letters below each other."""
    area = upper.parts[-1][1].box
    if not _meet(upper, lower) or area is None or upper.lines[-1].place.box is None:
        return False
    if len(flat(upper.text)) > 1 and all(map(_runs_down, (*upper.lines, *lower.lines))):
        return True
    last, start = upper.lines[-1], UNBROKEN.match(lower.lines[0].text.strip())
    following = start.group() if start else ""
    return not leaves_room(last, area, following) and not _is_centred_short(last, area, following)


def _runs_down(line: Line) -> bool:
    """Whether a text is written downwards, a letter below the other, or is but one letter."""
    box = line.place.box
    return len(line.text.strip()) == 1 or (box is not None and box.height > box.width)


def _meet(upper: Cell, lower: Cell) -> bool:
    """Whether the texts stand on the two pages of the break: that of a cell over three pages may have ended on the
    first, with nothing but a blank above the break."""
    if not upper.lines or not lower.lines:
        return False
    ends, begins = upper.parts[-1][1].page, lower.parts[0][1].page
    return upper.lines[-1].place.page == ends and lower.lines[0].place.page == begins


def _pitch(cell: Cell) -> float:
    """From line to line of a text, of the character size; 0 where it has one line."""
    tops = [
        ln.place.box.top for ln in cell.lines if ln.place.box is not None and ln.place.page == cell.lines[-1].place.page
    ]
    return (tops[-1] - tops[0]) / (len(tops) - 1) / cell.lines[-1].size if len(tops) > 1 else 0.0


def _is_centred_short(line: Line, area: Box, following: str) -> bool:
    """Whether a line in the middle of its cell leaves room for `following` on both sides together."""
    assert line.place.box is not None
    left, right = line.place.box.left - area.left, area.right - line.place.box.right
    width = line.size * (len(following) + 2 * PADDING)
    return abs(left - right) < CENTRED * line.size and left + right > width


def _is_merged(upper: Cell, lower: Cell) -> bool:
    """Whether the parts, were they one cell, belong to a merged one: both span rows, or one of them spans so many that
    a name of its own would stand away from the break, in its middle."""
    return min(upper.rowspan, lower.rowspan) > 1 or max(upper.rowspan, lower.rowspan) >= TALL


def _may_go_on(upper: Cell, lower: Cell, *, sure: bool) -> bool:
    """Whether two texts may as well be one that the page break cut between two rows: nothing tells a merged cell of
    two rows, cut between them, from two cells whose texts fill them. Names of one line each are doubted only where
    another text is `sure` to go on over the same break, the upper one is unfinished, or the lower one keeps to the cut
    though its cell runs down further rows: short names fill narrow columns everywhere."""
    wrapped = sure or len(upper.lines) > 1 or len(lower.lines) > 1
    if not (wrapped or _is_unfinished(upper.text) or _keeps_to_the_cut(lower)) or upper.text.rstrip().endswith(ENDS):
        return False
    return runs_over(upper, lower)


def _keeps_to_the_cut(lower: Cell) -> bool:
    """Whether the text of a merged cell below a page break stands at its upper edge, with room for as much below."""
    slack = _slack(lower)
    return lower.rowspan > 1 and slack is not None and slack[0] <= TIGHT * lower.lines[0].size < slack[1]


def closes_what_is_open(upper: str, lower: str) -> bool:
    """Whether a text opens a bracket that only the one below the page break closes: then they are one. What numbers
    an item, `2）`, closes none, unless nothing stands behind it or the bracket was opened right before it."""
    enumerator = None if upper.endswith(tuple(OPENS)) else ENUMERATOR.match(lower)
    rest = lower[enumerator.end() :] if enumerator else ""
    return any(_ends_open(upper, *marks) and _ends_open((rest or lower)[::-1], *marks[::-1]) for marks in BRACKETS)


def _is_unfinished(text: str) -> bool:
    """Whether a text ends in a colon, or has a bracket left open."""
    return text.rstrip().endswith(COLONS) or any(_ends_open(text, *marks) for marks in BRACKETS)


def _ends_open(text: str, opens: str, closes: str) -> bool:
    """Whether a text opens a bracket and does not close it; what only closes one, as in `1）`, counts for nothing."""
    depth = 0
    for char in text:
        depth = max(0, depth + (char in opens) - (char in closes))
    return depth > 0


def stands_in_the_middle(cells: Sequence[Cell]) -> bool:
    """Whether the texts of cells, where there is room above and below them, stand in the middle."""
    slack = [s for c in cells if (s := _slack(c)) is not None and sum(s) > c.lines[0].size * 2]
    centred = sum(1 for above, below in slack if abs(above - below) < min(above, below))
    return centred >= max(ALIKE, MOSTLY * len(slack))


def hangs(cell: Cell) -> bool:
    """Whether a text stands at the upper edge of its cell, with room for a further line below."""
    slack = _slack(cell)
    return slack is not None and slack[0] <= TIGHT * cell.lines[0].size < slack[1] - slack[0]


def _slack(cell: Cell) -> tuple[float, float] | None:
    """The room above and below the text of a cell in points; None where it is blank or runs over a page break."""
    area = cell.parts[0][1].box if len(cell.parts) == 1 else None
    if area is None or not cell.lines:
        return None
    first, last = cell.lines[0].place.box, cell.lines[-1].place.box
    return (first.top - area.top, area.bottom - last.bottom) if first is not None and last is not None else None


def _merges(meeting: Meeting) -> bool:
    """Whether some cell of the column is merged of several rows."""
    return any(c.rowspan > 1 for c in (meeting.upper, meeting.lower, *meeting.above, *meeting.below))


def _stands_again(meeting: Meeting) -> bool:
    """Whether one of the texts stands elsewhere in the column too, as a header does that is printed again."""
    others = {flat(c.text) for c in (*meeting.above, *meeting.below)}
    one, other = flat(meeting.upper.text), flat(meeting.lower.text)
    return one == other or one in others or other in others


def _run(texts: Sequence[str], mark: re.Pattern[str]) -> int:
    """How many of the texts, from the first on, end in a mark."""
    return next((count for count, text in enumerate(texts) if not _ends_in(text, mark)), len(texts))


def _ends_in(text: str, mark: re.Pattern[str]) -> bool:
    return mark.search(text) is not None


def _number(text: str) -> str:
    """The number or label that a text begins with, its figures made alike; empty where it begins with none."""
    return ORDINAL.sub("0", _prefix(text))


def _prefix(text: str) -> str:
    """The number or label that a text begins with, as printed; empty where it begins with none."""
    number = NUMBERED.match(text)
    return number.group() if number else ""


def flat(text: str) -> str:
    return "".join(text.split())
