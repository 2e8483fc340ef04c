"""Merged cells that a source lost: a grid of texts gets its spans back.

Markdown, comma files and sheets that nobody merged print a merged cell once and leave the cells beside it blank, or
repeat its text in each of them. Which it was is told by the sections of a form: under a header each column is its own,
elsewhere a text runs on to the next one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from extractors.marked.build import MarkedCell, MarkedTable
from extractors.marked.groups import group_rows
from schemas.language.columns import LEVELS
from schemas.language.heads import Heads, heads
from schemas.language.money import is_empty_mark, names_block, names_line, stands_for_amount
from schemas.language.values import parse_value
from schemas.language.vocabulary import Words

FEWEST_INSIDE = 3  # texts of a row that is one of a section, whatever stands left of it: a name and its value are two
SHORTEST_REPEAT = 2  # characters of a text that repeated cells tell a merged one by; a lone digit may stand twice


class RowKind(Enum):
    """What a row of the grid is."""

    LABELS = auto()
    HEADER = auto()
    UNDER = auto()  # a header's second row
    ROW = auto()  # of the section under a header


@dataclass(slots=True)
class _Box:
    """A cell in the making: rows [top, bottom), columns [left, right)."""

    cell: MarkedCell
    top: int
    bottom: int
    left: int
    right: int
    inferred: str | None = None
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.cell.text.strip() if self.cell.flow else ""

    @property
    def blank(self) -> bool:
        """Whether it may be a part of another cell: nothing stands in it, and the source merged nothing with it."""
        single = self.cell.rowspan == self.cell.colspan == 1
        return single and not self.cell.flow and self.cell.unreadable is None

    def grown(self) -> MarkedCell:
        high, wide = self.bottom - self.top, self.right - self.left
        inferred = self.cell.inferred or self.inferred
        return replace(self.cell, row=self.top, col=self.left, rowspan=high, colspan=wide, inferred=inferred)


@dataclass(frozen=True, slots=True)
class _Section:
    """A header's row, what it heads, and the left and right ends of its columns."""

    row: int
    what: Heads
    first: int
    bounds: tuple[tuple[int, int], ...]
    roles: tuple[str | None, ...]


def regrown(table: MarkedTable, words: Words, *, levels: bool = True) -> MarkedTable:
    """The table with its merged cells whole again. `levels`: the source can hold no merged cell, so a blank below the
    name of a level belongs to it; else whether it does is left to who reads the levels."""
    grid = _Grid(table, words)
    grid.read_rows()
    if grid.is_filled():
        grid.join_repeats()
    else:
        grid.join_blanks()
        grid.join_down(levels)
    grid.place_levels()
    return replace(table, cells=tuple(box.grown() for box in grid.boxes()))


def is_filled(table: MarkedTable, words: Words) -> bool:
    """Whether the source prints a merged cell by repeating its text in each of its parts."""
    grid = _Grid(table, words)
    grid.read_rows()
    return grid.is_filled()


def tells_of_a_repeat(text: str, words: Words) -> bool:
    """Whether a text that stands twice side by side is that of one cell, and none that may well stand twice."""
    return len(text) >= SHORTEST_REPEAT and not _is_value(text, words) and not is_empty_mark(text, words)


def _is_value(text: str, words: Words) -> bool:
    value = parse_value(text, None, None, words)
    return stands_for_amount(text, words) or (value is not None and value.number is not None)


class _Grid:
    """The boxes of a table by row and column, and what each row is."""

    def __init__(self, table: MarkedTable, words: Words) -> None:
        self.words = words
        self.rows, self.cols = table.rows, table.cols
        self.at: list[list[_Box]] = [[] for _ in range(table.rows)]
        places: list[list[_Box | None]] = [[None] * table.cols for _ in range(table.rows)]
        for cell in table.cells:
            box = _Box(cell, cell.row, cell.row + cell.rowspan, cell.col, cell.col + cell.colspan)
            for row in range(box.top, box.bottom):
                for col in range(box.left, box.right):
                    places[row][col] = box
        for r, line in enumerate(places):
            self.at[r] = [b or _Box(MarkedCell(r, c, 1, 1, ()), r, r + 1, c, c + 1) for c, b in enumerate(line)]
        self.kinds: list[RowKind] = []
        self.sections: list[_Section | None] = []

    def boxes(self) -> Iterator[_Box]:
        """Every box once, in reading order."""
        for row, line in enumerate(self.at):
            for col, box in enumerate(line):
                if (box.top, box.left) == (row, col):
                    yield box

    def texts(self, row: int) -> list[_Box]:
        """The boxes that begin in a row and print something."""
        return [b for c, b in enumerate(self.at[row]) if b.text and b.top == row and b.left == c]

    def _take(self, box: _Box, other: _Box) -> None:
        """Make a box cover another one beside or below it."""
        box.bottom, box.right = max(box.bottom, other.bottom), max(box.right, other.right)
        for row in range(box.top, box.bottom):
            for col in range(box.left, box.right):
                self.at[row][col] = box

    # ── what each row is

    def read_rows(self) -> None:
        """Tell the headers, the rows below them, and the rows of labels."""
        section: _Section | None = None
        for row in range(self.rows):
            texts = _once(self.texts(row))
            what = heads([b.text for b in texts], self.words)
            if section is not None and self._is_second(section, row, what):
                self.kinds.append(RowKind.UNDER)
                section = self.sections[-1] = _parted(section, [b.left for b in texts])
            elif what is not None and not (section and section.what is Heads.INDICATORS and what is not section.what):
                section = self._section(row, what, texts)
                self.kinds.append(RowKind.HEADER)
            elif section is not None and not self._ends(section, row, texts):
                self.kinds.append(RowKind.ROW)
            else:
                section = None
                self.kinds.append(RowKind.LABELS)
            self.sections.append(section)

    def _section(self, row: int, what: Heads, texts: Sequence[_Box]) -> _Section:
        """The section under a header: its columns begin at its first word of the table."""
        named = texts
        if what is Heads.INDICATORS:
            first = next(i for i, b in enumerate(texts) if self.words.header(b.text) in LEVELS)
            named = texts[first:]
        elif what is Heads.TASKS:
            first = next(i for i, b in enumerate(texts) if self.words.task(b.text))
            named = texts[first:]
        elif names_block(texts[0].text, self.words) and not self.words.fund_column(texts[0].text):
            named = texts[1:]
        ends = [*(b.left for b in named[1:]), self.cols]
        bounds = [(b.left, end) for b, end in zip(named, ends, strict=True)]
        left = named[0].left
        if what is Heads.MONEY:
            left = 0 if named is texts else texts[0].left + 1
            if left < bounds[0][0] and self.words.fund_column(named[0].text):
                bounds.insert(0, (left, bounds[0][0]))
            else:
                bounds[0] = (left, bounds[0][1])
        roles = tuple(self.words.header(b.text) for b in named)
        return _Section(row, what, left, tuple(bounds), roles)

    def _ends(self, section: _Section, row: int, texts: Sequence[_Box]) -> bool:
        """Whether a row is no longer of the section: a text stands left of its columns, or a label begins it."""
        if not texts:
            return False
        first = texts[0]
        heading = next((b for b in self.texts(section.row) if b.left < section.first), None)
        listed = self._is_listed(section, row, texts)
        if first.left < section.first and not listed and (heading is None or heading.text != first.text):
            return True
        inside = next((b for b in texts if b.left >= section.first), None)
        if inside is None or (section.what is Heads.MONEY and names_line(inside.text, self.words)):
            return inside is None
        level = any(self.words.level(inside.text, name) for name in LEVELS[:2])
        return self.words.known_label(inside.text) and not level and inside.left == section.first

    def _is_listed(self, section: _Section, row: int, texts: Sequence[_Box]) -> bool:
        """Whether a row begins a project of a list: a text below a header left of the section, and texts inside it."""
        outer = {b.left for b in self.texts(section.row) if b.left < section.first and b.bottom <= row}
        inside = sum(1 for b in texts if b.left >= section.first)
        return texts[0].left in outer and inside >= FEWEST_INSIDE

    def _is_second(self, section: _Section, row: int, what: Heads | None) -> bool:
        """Whether a row is the second one of the header above it, whose words may make a header by themselves (三级指标
        and 指标值 below each of two halves): it begins behind the first column."""
        if self.kinds[-1] is not RowKind.HEADER or what not in (None, section.what):
            return False
        texts = self.texts(row)
        alone = what is None and not self._ends(section, row, _once(texts))
        return (alone or bool(texts and texts[0].left > section.first)) and self._is_under(section, row)

    def _is_under(self, section: _Section, row: int) -> bool:
        """Whether the row below a header is its second one: it prints names below headers of several columns only."""
        wide = [(a, b) for a, b in section.bounds if b - a > 1]
        texts = [b for b in self.texts(row) if b.left >= section.first]
        inside = all(any(a <= t.left < b for a, b in wide) for t in texts)
        return bool(texts) and inside and not any(_is_value(t.text, self.words) for t in texts)

    # ── texts that are repeated

    def is_filled(self) -> bool:
        """Whether merged cells are printed by repeating their text: in most rows of labels that hold fewer texts than
        the table has columns, a name or a sentence stands several times side by side."""
        repeated = short = 0
        for row, kind in enumerate(self.kinds):
            if kind is not RowKind.LABELS or len(once := _once(self.texts(row))) in (0, self.cols):
                continue
            short += 1
            repeated += len(once) < len(self.texts(row)) and any(self._is_repeated(row, box) for box in once)
        return repeated > 0 and 2 * repeated >= short

    def _is_repeated(self, row: int, box: _Box) -> bool:
        """Whether a text stands once more at the right of it, and is none that may well stand twice."""
        beside = self.at[row][box.right] if box.right < self.cols else None
        return beside is not None and beside.text == box.text and tells_of_a_repeat(box.text, self.words)

    def join_repeats(self) -> None:
        """Make equal texts side by side one cell, and labels that are repeated in the rows below too."""
        for row, kind in enumerate(self.kinds):
            section = self.sections[row]
            for box in self.texts(row):
                if self.at[row][box.left] is not box:
                    continue  # a part of the one before already
                bound = self._bound(section, box.left) if kind is RowKind.ROW else (0, self.cols)
                while box.right < bound[1] and (other := self.at[row][box.right]).text == box.text:
                    if (other.top, other.bottom) != (box.top, box.bottom):
                        break
                    self._take(box, other)
        for row in range(1, self.rows):
            for box in self.texts(row):
                above = self.at[row - 1][box.left]
                same = above.text == box.text and (above.left, above.right) == (box.left, box.right)
                if same and self._goes_on(row, box):
                    self._take(above, box)

    def _goes_on(self, row: int, box: _Box) -> bool:
        """Whether the cell left of a text is merged with the row above, or none is: then the text may be too."""
        section = self.sections[row]
        if section is not None and box.left >= section.first and self.kinds[row] is RowKind.ROW:
            return False
        if self.sections[row - 1] is not section and self.kinds[row] is not RowKind.HEADER:
            return False
        return box.left == 0 or self.at[row][box.left - 1].top < row or self.kinds[row] is RowKind.HEADER

    def _bound(self, section: _Section | None, col: int) -> tuple[int, int]:
        """The columns of the header above a column."""
        bounds = section.bounds if section is not None else ()
        return next(((a, b) for a, b in bounds if a <= col < b), (0, section.first if section else self.cols))

    # ── blanks

    def join_blanks(self) -> None:
        """Let each text run on over the blanks behind it, as far as its section lets it."""
        for row, kind in enumerate(self.kinds):
            section = self.sections[row]
            if kind is RowKind.LABELS and self._is_below_heads(row):
                continue  # a blank is the value of the label above it
            for box in self.texts(row):
                end = self._bound(section, box.left)[1] if kind in (RowKind.ROW, RowKind.UNDER) else self.cols
                blanks = 0
                while box.right + blanks < end and self._free(box, box.right + blanks):
                    blanks += 1
                if not blanks:
                    continue
                after = self.at[row][box.right + blanks] if box.right + blanks < self.cols else None
                if kind is RowKind.LABELS and self._is_asked(row, box, after):
                    box = self.at[row][box.right]  # the blank is the label's value
                    blanks -= 1
                for _ in range(blanks):
                    self._take(box, self.at[row][box.right])

    def _is_below_heads(self, row: int) -> bool:
        """Whether a row of values stands below a row of their labels, each below its own, though some are blank."""
        if row == 0 or self.kinds[row - 1] is not RowKind.LABELS:
            return False
        above, own = self.texts(row - 1), self.texts(row)
        ends = {b.left: b.right for b in above}
        if len(own) < FEWEST_INSIDE or any(ends.get(b.left) != b.right for b in own):
            return False
        asked = sum(1 for b in above if self._asks(b.text))
        return 2 * asked > len(above) and not any(self._asks(b.text) or _is_value(b.text, self.words) for b in own[:1])

    def _free(self, box: _Box, col: int) -> bool:
        """Whether the cells right of a box in all its rows are blanks."""
        return all(self.at[row][col].blank for row in range(box.top, box.bottom))

    def _is_asked(self, row: int, box: _Box, after: _Box | None) -> bool:
        """Whether the blanks behind a label are its value: another label follows, or nothing does, and no text of its
        own stands below it."""
        if not self._asks(box.text):
            return False
        if after is not None and not self._asks(after.text):
            return False
        below = self.at[box.bottom][box.left] if box.bottom < self.rows else None
        headed = below is not None and below.text and not self._asks(below.text) and below.left == box.left
        return not (headed and box.left > 0 and not _is_value(below.text if below else "", self.words))

    def _asks(self, text: str) -> bool:
        words = self.words
        return words.known_label(text) or (names_line(text, words) and not names_block(text, words))

    def join_down(self, levels: bool) -> None:
        """Let the cells above run down over the blanks left of a row's first text."""
        for row in range(1, self.rows):
            texts = self.texts(row)
            first = texts[0].left if texts else 0
            col = 0
            while col < first:
                above = self.at[row - 1][col]
                if above.text and above.right <= first and self._runs_down(row, above, levels):
                    blank = all(self.at[row][c].blank and self.at[row][c].top == row for c in range(col, above.right))
                    if blank and above.left == col:
                        self._take(above, self.at[row][above.right - 1])
                        self._take(above, self.at[row][col])
                col = max(above.right, col + 1)

    def _runs_down(self, row: int, above: _Box, levels: bool) -> bool:
        """Whether a cell may go on in a row: a level in its section, a label beside its section or among labels."""
        section, kind = self.sections[row], self.kinds[row]
        if section is None or kind is RowKind.HEADER:
            return self.sections[row - 1] is None and self.kinds[row - 1] is RowKind.LABELS
        if above.left < section.first:
            return True
        if kind is RowKind.UNDER:
            return True
        if above.top <= section.row or self.kinds[above.top] is not RowKind.ROW:
            return False
        if section.what is Heads.MONEY:
            return above.right <= section.bounds[0][1]
        columns = [b for b, role in zip(section.bounds, section.roles, strict=False) if role in LEVELS[:2]]
        return levels and any(a <= above.left < b for a, b in columns)

    # ── names of levels that do not stand at the top

    def place_levels(self) -> None:
        """Give names that stand in the middle or at the bottom of their group all its rows."""
        done: set[int] = set()
        for row, section in enumerate(self.sections):
            if section is None or section.what is not Heads.INDICATORS or section.row in done:
                continue
            done.add(section.row)
            rows = [r for r in range(row, self.rows) if self.sections[r] is section and self.kinds[r] is RowKind.ROW]
            rows = [r for r in rows if self.texts(r) and not self.words.is_total(self.texts(r)[0].text)]
            columns = {role: b for role, b in zip(section.roles, section.bounds, strict=False) if role in LEVELS[:2]}
            spans = [(0, len(rows))]
            for level in LEVELS[:2]:
                if level in columns:
                    spans = [part for a, b in spans for part in self._place(rows[a:b], a, columns, level)]

    def _place(
        self, rows: Sequence[int], offset: int, columns: dict[str, tuple[int, int]], level: str
    ) -> list[tuple[int, int]]:
        """Place the names of a level over adjacent rows; returns the groups as positions from `offset` on."""
        whole = [(offset, offset + len(rows))]
        left, right = columns[level]
        own = [self.at[r][left] for r in rows]
        at = [i for i, box in enumerate(own) if box.text and box.top == rows[i]]
        if not rows or not at or any(b.right - b.left != right - left and b.text for b in own):
            return whole
        if at[0] == 0 or any(box.text and box.bottom - box.top > 1 for box in own):
            return [(offset + a, offset + b) for a, b in zip(at, [*at[1:], len(rows)], strict=True)] or whole
        groups = group_rows(len(rows), at, lambda i, k: self._fits(rows[i], own[at[k]].text, columns, level))
        if groups is None or rows[-1] - rows[0] != len(rows) - 1:
            return whole
        for group in groups:
            box = own[group.at]
            if group.end - group.start > 1:
                place = "middle" if group.at < group.end - 1 else "last row"
                box.inferred = (
                    f"the name stands in the {place} of the rows that it was read for; the source merges none"
                )
            box.top, box.bottom = rows[group.start], rows[group.end - 1] + 1
            self._take(box, box)
        return [(offset + g.start, offset + g.end) for g in groups]

    def _fits(self, row: int, name: str, columns: dict[str, tuple[int, int]], level: str) -> int:
        """Whether a row's level 2 usually stands below a level 1."""
        if level != LEVELS[0] or LEVELS[1] not in columns:
            return 0
        usual = self.words.usual_level1(self.at[row][columns[LEVELS[1]][0]].text)
        return 0 if usual is None else 1 if self.words.same_level(usual, name) else -1


def _parted(section: _Section, lefts: Sequence[int]) -> _Section:
    """A section whose header has a second row: the columns that its names begin are columns of their own."""
    bounds: list[tuple[int, int]] = []
    roles: list[str | None] = []
    for i, (left, right) in enumerate(section.bounds):
        starts = sorted({left, *(at for at in lefts if left < at < right)})
        bounds += itertools.pairwise([*starts, right])
        roles += [section.roles[i] if i < len(section.roles) else None] * len(starts)
    return replace(section, bounds=tuple(bounds), roles=tuple(roles))


def _once(boxes: Sequence[_Box]) -> list[_Box]:
    """The boxes without those that repeat the text of the one before."""
    return [b for i, b in enumerate(boxes) if not i or b.text != boxes[i - 1].text]
