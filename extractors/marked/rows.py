"""What each row of a grid of texts is: a header, a row below one, labels, or their values."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto
from typing import NamedTuple, Protocol, TypeVar

from schemas.frozen import dataclass
from schemas.kinds import POINT_FIELDS
from schemas.language.columns import LEVELS
from schemas.language.heads import Heads, first_name, heads
from schemas.language.money import (
    is_empty_mark,
    names_block,
    names_line,
    names_money,
    printed_lines,
    stands_for_amount,
)
from schemas.language.values import bare_level, parse_value
from schemas.language.vocabulary import Words

FEWEST_INSIDE = 3  # texts of a row that is one of a section, whatever stands left of it: a name and its value are two
SHORTEST_REPEAT = 2  # characters of a text that repeated cells tell a merged one by; a lone digit may stand twice


class Extent(Protocol):
    """A text, blank too, with the rows [top, bottom) and columns [left, right) that it stands in."""

    @property
    def text(self) -> str: ...

    @property
    def top(self) -> int: ...

    @property
    def bottom(self) -> int: ...

    @property
    def left(self) -> int: ...

    @property
    def right(self) -> int: ...


AnyExtent = TypeVar("AnyExtent", bound=Extent)


class RowKind(Enum):
    """What a row of the grid is."""

    LABELS = auto()
    HEADER = auto()
    UNDER = auto()  # a header's second row
    ROW = auto()  # of the section under a header


@dataclass(frozen=True, slots=True)
class Section:
    """A header's row, what it heads, and the left and right ends of its columns."""

    row: int
    what: Heads
    first: int
    bounds: tuple[tuple[int, int], ...]
    roles: tuple[str | None, ...]


class Text(NamedTuple):
    """A text of a cell that was not merged with any other."""

    text: str
    top: int
    bottom: int
    left: int
    right: int


class GridRows(ABC):
    """The rows of a grid, and what each is: told from the first one on, as far down as somebody asks."""

    def __init__(self, rows: int, cols: int, words: Words) -> None:
        self.words = words
        self.rows, self.cols = rows, cols
        self.kinds: list[RowKind] = []
        self.sections: list[Section | None] = []

    @abstractmethod
    def texts(self, row: int) -> Sequence[Extent]:
        """What begins in a row and prints something."""

    @abstractmethod
    def extent(self, row: int, col: int) -> Extent | None:
        """What stands at a place; None may stand for a blank."""

    def text_at(self, row: int, col: int) -> str:
        """The text that stands at a place, or runs over it."""
        extent = self.extent(row, col)
        return extent.text if extent is not None else ""

    # ── what each row is

    def what(self, row: int) -> tuple[RowKind, Section | None]:
        """What a row is, and the section that it is of."""
        while len(self.kinds) <= row:
            self._tell_next()
        return self.kinds[row], self.sections[row]

    def read_rows(self) -> None:
        """Tell the headers, the rows below them, and the rows of labels."""
        if self.rows:
            self.what(self.rows - 1)

    def _tell_next(self) -> None:
        row, section = len(self.kinds), self.sections[-1] if self.sections else None
        texts = once(self.texts(row))
        what = heads([b.text for b in texts], self.words)
        if section is not None and self._is_second(section, row, what):
            kind, section = RowKind.UNDER, _parted(section, texts, self.words)
            self.sections[-1] = section
        elif what is not None and not self._is_indicator(section, what, texts):
            kind, section = RowKind.HEADER, self._section(row, what, texts)
        elif section is not None and not self._ends(section, row, texts):
            kind = RowKind.ROW
        else:
            kind, section = RowKind.LABELS, None
        self.kinds.append(kind)
        self.sections.append(section)

    def _is_indicator(self, section: Section | None, what: Heads, texts: Sequence[Extent]) -> bool:
        """Whether a row that seems to head money or tasks is one of the indicators that it stands below."""
        if section is None or section.what is not Heads.INDICATORS or what is section.what:
            return False
        if what is Heads.TASKS:
            return texts[0].left > section.first or self.words.is_level(bare_level(texts[0].text))
        return what is not Heads.MONEY or not names_block(texts[0].text, self.words)

    def _section(self, row: int, what: Heads, texts: Sequence[Extent]) -> Section:
        """The section under a header: its columns begin at its first word of the table."""
        named = texts
        if what is Heads.INDICATORS:
            first = first_name([b.text for b in texts], self.words)
            named = texts[first:]
        elif what is Heads.TASKS:
            named = self._beside_block(row) or texts[next(i for i, b in enumerate(texts) if self.words.task(b.text)) :]
        elif names_block(texts[0].text, self.words) and not self.words.fund_column(texts[0].text):
            sides = [self.words.side(b.text) is not None for b in texts[:2]]
            named = (
                texts[2:] if sides == [False, True] and len(texts) > 2 else texts[1:]
            )  # 收入 behind the block's name
        ends = [*(b.left for b in named[1:]), self.cols]
        bounds = [(b.left, end) for b, end in zip(named, ends, strict=True)]
        left = named[0].left
        if what is Heads.MONEY:
            left = 0 if named is texts else self._labels_at(row, texts[-len(named) - 1], bounds[0][0])
            if left < bounds[0][0] and self.words.fund_column(named[0].text):
                bounds.insert(0, (left, bounds[0][0]))
            else:
                bounds[0] = (left, bounds[0][1])
        roles = tuple(self.words.header(b.text) for b in named)
        return Section(row, what, left, tuple(bounds), roles)

    def _beside_block(self, row: int) -> list[Extent]:
        """The names of a header of tasks right of the name of their block, which may be the same as the first of them
        or stand twice: the lines below, and below the header's second row, begin under that first name. [] where the
        header has no such block."""
        printed = self.texts(row)
        single = once(printed)
        if len(single) < 2:
            return []
        filled = (texts for r in range(row + 1, self.rows) if (texts := self.texts(r)))
        below = list(itertools.islice(filled, 2))
        if below and below[0][0].left > single[1].left:
            del below[0]  # the second row of the header
        begins = next((b.left for b in below[0] if b.text != printed[0].text), 0) if below else 0
        beside = begins > printed[0].left and begins in (printed[1].left, single[1].left)
        return once([b for b in printed if b.left >= begins]) if beside else []

    def _labels_at(self, row: int, block: Extent, column: int) -> int:
        """The column at which the lines below a header begin, right of their block's name."""
        below = next((texts for r in range(row + 1, self.rows) if (texts := self.texts(r))), [])
        first = next((b.left for b in below if b.text != block.text), column)
        return first if block.left < first <= column else block.left + 1

    def _ends(self, section: Section, row: int, texts: Sequence[Extent]) -> bool:
        """Whether a row is no longer of the section: a text stands left of its columns, or a label begins it."""
        if not texts:
            return False
        first = texts[0]
        if first.left < section.first and not self._is_listed(section, row, texts):
            heading = next((b for b in self.texts(section.row) if b.left < section.first), None)
            if heading is None or heading.text != first.text:
                return True
        inside = next((b for b in texts if b.left >= section.first), None)
        if inside is None or (section.what is Heads.MONEY and names_line(inside.text, self.words)):
            return inside is None
        level = self.words.is_level(bare_level(inside.text))
        printed = [b.text for b in texts] if inside.left == section.first and texts[0] is inside else []
        if section.what is Heads.INDICATORS and printed and self._are_money(section, printed):
            return True
        if section.what is not Heads.MONEY and printed and self._name_money(printed):
            return True
        if any(self.words.label(b.text) in POINT_FIELDS for b in texts[1:]):
            return True  # totals behind labels of their own
        if len(texts) > 1 and all(self.words.known_label(b.text) or self.words.is_heading(b.text) for b in texts):
            return True
        asks = self.words.known_label(inside.text) or self.words.is_heading(inside.text)
        return asks and not level and inside.left == section.first

    def _is_listed(self, section: Section, row: int, texts: Sequence[Extent]) -> bool:
        """Whether a row begins a project of a list: a text below a header left of the section, and texts inside it."""
        outer = {b.left for b in self.texts(section.row) if b.left < section.first and b.bottom <= row}
        inside = [b.text for b in texts if b.left >= section.first]
        money = self._are_money(section, inside) or self._name_money([texts[0].text, *inside])
        named = not self.words.is_opinion(texts[0].text)
        return texts[0].left in outer and len(inside) >= FEWEST_INSIDE and named and not money

    def _are_money(self, section: Section, texts: Sequence[str]) -> bool:
        """Whether texts in the columns of indicators, from that of level 1 on, are names of money and then its amount:
        the first line of a block of money that has no header of its own."""
        names = list(itertools.takewhile(lambda text: names_line(text, self.words), texts))
        amounts = texts[len(names) :]
        if not names or not amounts or self.words.is_level(bare_level(names[0])):
            return False
        return section.roles[0] == LEVELS[0] and all(stands_for_amount(text, self.words) for text in amounts)

    def _name_money(self, texts: Sequence[str]) -> bool:
        """Whether texts are the name of a block of money, and then only its sides, or lines with amounts; or a line
        with its amount, and other lines behind it."""
        name, *rest = texts
        if len(rest) > 1 and names_line(name, self.words) and stands_for_amount(rest[0], self.words):
            lines = any(not stands_for_amount(text, self.words) for text in rest)  # only amounts: 金额合计 of the tasks
            return lines and not self.words.is_level(bare_level(name)) and all(map(self._is_of_money, rest))
        if not rest or not names_block(name, self.words) or self.words.is_level(bare_level(name)):
            return False
        if not (names_money(rest[0], self.words) or printed_lines(rest[0], self.words)):
            return False
        return all(self._is_of_money(text) for text in rest)

    def _is_of_money(self, text: str) -> bool:
        named = names_money(text, self.words) or self.words.is_subtotal(text)
        return named or stands_for_amount(text, self.words) or bool(printed_lines(text, self.words))

    def _is_second(self, section: Section, row: int, what: Heads | None) -> bool:
        """Whether a row is the second one of the header above it, whose words may make a header by themselves (三级指标
        and 指标值 below each of two halves): it begins behind the first column, or stands below wide heads alone."""
        if self.kinds[-1] is not RowKind.HEADER or what not in (None, section.what):
            return False
        texts = self.texts(row)
        alone = what is None and not self._ends(section, row, once(texts))
        behind = bool(texts) and (texts[0].left > section.first or self._stand_below_wide(section, row, texts))
        return (alone or behind) and self._is_under(section, row)

    def _stand_below_wide(self, section: Section, row: int, texts: Sequence[Extent]) -> bool:
        """Whether the texts of a row fill the columns of a header's wide heads (绩效指标 over the names of levels), and
        blanks stand below all narrow ones, of which there are some."""
        wide = {col for a, b in section.bounds if b - a > 1 for col in range(a, b)}
        return {b.left for b in texts} == wide and any(b - a == 1 for a, b in section.bounds)

    def is_band(self, row: int) -> bool:
        """Whether a row of indicators prints nothing but a level 1 below its first column, or one text again in each of
        its columns: a band across it."""
        section = self.sections[row]
        if section is None or section.what is not Heads.INDICATORS or self.kinds[row] is not RowKind.ROW:
            return False
        printed = [b for b in self.texts(row) if b.left >= section.first]
        texts = once(printed)
        if len(texts) != 1 or texts[0].left != section.first:
            return False
        filled = len(printed) == self.cols - section.first >= FEWEST_INSIDE and not self.is_value(texts[0].text)
        return filled or self.words.level(bare_level(texts[0].text), LEVELS[0])

    def _is_under(self, section: Section, row: int) -> bool:
        """Whether the row below a header is its second one: it prints names below headers of several columns only, or
        below headers that are printed twice, which nothing else tells apart."""
        printed = Counter(head.text for head in self.texts(section.row))
        parted = [(a, b) for a, b in section.bounds if b - a > 1 or printed[self.text_at(section.row, a)] > 1]
        below = {col for a, b in parted for col in range(a, b)}
        texts = [b for b in self.texts(row) if b.left >= section.first]
        inside = all(text.left in below for text in texts)
        return (
            bool(texts)
            and inside
            and not any(self.is_value(t.text) or self.words.is_level(bare_level(t.text)) for t in texts)
        )

    def is_value(self, text: str) -> bool:
        return is_value(text, self.words)

    # ── texts that are repeated

    def repeat_a_text(self) -> bool:
        """Whether a text stands twice side by side in some row, and is none that may well stand twice."""
        pairs = (pair for row in range(self.rows) for pair in itertools.pairwise(self.texts(row)))
        beside = (one.text for one, other in pairs if one.text == other.text and one.right == other.left)
        return any(tells_of_a_repeat(text, self.words) for text in beside)

    def is_filled(self) -> bool:
        """Whether merged cells are printed by repeating their text: in most rows of labels that hold fewer texts than
        the table has columns, a name or a sentence stands several times side by side."""
        self.read_rows()
        repeated = short = 0
        for row, kind in enumerate(self.kinds):
            if kind is not RowKind.LABELS or len(single := once(self.texts(row))) in (0, self.cols):
                continue
            short += 1
            repeated += len(single) < len(self.texts(row)) and any(self._is_repeated(row, box) for box in single)
        return (repeated > 0 and 2 * repeated >= short) or (not repeated and self._are_repeated_down())

    def _are_repeated_down(self) -> bool:
        """Whether what stands left of the columns of indicators, below headers of its own, is repeated in each row that
        it counts for: no part of a row is blank there, and some rows say the same as the row above them."""
        above: tuple[Section, list[str]] | None = None
        repeats = 0
        for row, section in enumerate(self.sections):
            if section is None or section.what is not Heads.INDICATORS or self.kinds[row] is not RowKind.ROW:
                above = None
                continue
            outer = [b.left for b in self.texts(section.row) if b.left < section.first]
            boxes = [self.extent(row, left) for left in outer]
            texts = [box.text for box in boxes if box is not None and box.text and box.top == row]
            if not texts or len(texts) < len(outer):
                return False  # a blank, or a cell that the source did merge
            repeats += above is not None and above[0].row == section.row and above[1] == texts
            above = section, texts
        return repeats > 0

    def _is_repeated(self, row: int, box: Extent) -> bool:
        """Whether a text stands once more at the right of it, and is none that may well stand twice."""
        beside = self.text_at(row, box.right) if box.right < self.cols else None
        return beside == box.text and tells_of_a_repeat(box.text, self.words)


class SingleCells(GridRows):
    """The rows of a grid of single cells: their texts, blank ones too. Columns that are blank in every row are left out
    at both sides."""

    def __init__(self, rows: Sequence[Sequence[str]], words: Words) -> None:
        used = [col for row in rows for col, text in enumerate(row) if text]
        first = min(used, default=0)
        super().__init__(len(rows), max(used, default=first - 1) - first + 1, words)
        self._texts = [
            [Text(shown, r, r + 1, c, c + 1) for c, text in enumerate(row, -first) if (shown := text.strip())]
            for r, row in enumerate(rows)
        ]
        self._at = [{text.left: text for text in row} for row in self._texts]

    def texts(self, row: int) -> Sequence[Extent]:
        return self._texts[row]

    def extent(self, row: int, col: int) -> Extent | None:
        return self._at[row].get(col)


def is_value(text: str, words: Words) -> bool:
    """Whether a text is an amount, a rate or a condition."""
    value = parse_value(text, None, None, words)
    return stands_for_amount(text, words) or (value is not None and value.number is not None)


def tells_of_a_repeat(text: str, words: Words) -> bool:
    """Whether a text that stands twice side by side is that of one cell, and none that may well stand twice."""
    return len(text) >= SHORTEST_REPEAT and not is_value(text, words) and not is_empty_mark(text, words)


def _parted(section: Section, below: Sequence[Extent], words: Words) -> Section:
    """A section whose header has a second row: the columns that its names begin are columns of their own, and are what
    these names say where they say anything."""
    bounds: list[tuple[int, int]] = []
    roles: list[str | None] = []
    named = {box.left: words.header(box.text) for box in below}
    for i, (left, right) in enumerate(section.bounds):
        starts = sorted({left, *(at for at in named if left < at < right)})
        bounds += itertools.pairwise([*starts, right])
        roles += [named.get(at) or (section.roles[i] if i < len(section.roles) else None) for at in starts]
    return replace(section, bounds=tuple(bounds), roles=tuple(roles))


def once(boxes: Sequence[AnyExtent]) -> list[AnyExtent]:
    """The boxes without those that repeat the text of the one at once before them."""
    pairs = zip(boxes, [None, *boxes], strict=False)
    return [b for b, before in pairs if before is None or (b.text, b.left) != (before.text, before.right)]
