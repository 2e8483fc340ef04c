"""Rows of indicators from a stream of texts without tabs, cells broken over lines.

The tokens of a section, in reading order, are cut into cells and the cells dealt to the columns' roles so that
the whole section costs least: a text must fit its column, a column that is asked for must not stay empty, and a
cell that goes on over a line end must have filled its line. How wide a column is, is learned from a first pass.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import field
from statistics import median_high

from extractors.dump.roles import UNFIT, empty_cost, feature, fit_cost
from schemas.frozen import dataclass
from schemas.language.columns import LEVELS
from schemas.language.vocabulary import Words
from schemas.language.writing import is_ideograph, width

PASSES = 4  # the widths of columns settle within so many
LONGEST_CELL = 14  # tokens of one cell
NEW_ROW = 0.3
INSIDE_LINE = 2.0  # beginning a row behind another text of its line: the rows of a page begin new lines
SAME_LINE = 3.0  # joining two tokens of one line: a cell may hold a space, but rarely does
TYPESET = 0.5  # joining a Latin text and a Chinese one: many programs set a gap between the two (48 公里, 指标 1)
WRAP = 0.25  # going on over a line end
SHORT_LINE = 0.5  # per character that a wrapped line stayed short of its longest neighbour
ENDED = 2.5  # going on after a full stop
NARROWEST = 4.0  # characters: hardly a column wraps its texts shorter than this
COMPLETE = ("condition", "begun", "number", "op")  # what a token may be that no further line belongs to
NEW_LEVEL = 1.5  # a level 1 that begins without a level 2
MISSED = 2.0  # leaving a column empty that every other row fills
UNUSUAL = 1.5  # filling a column that no other row fills
FULL_STOP = 0.7  # ending a cell of several lines with one as full as its column, that ends no sentence
FULL_LINE = 0.4  # the same for a cell of one line


@dataclass(frozen=True, slots=True)
class Token:
    """A text of a flat dump: `first` where it begins its line, `last` where it ends it."""

    text: str
    line: int
    column: int
    first: bool
    last: bool

    @property
    def width(self) -> float:
        """Characters as wide as a Chinese one."""
        return width(self.text)


@dataclass(frozen=True, slots=True)
class FlatCell:
    """A cell of a row: its role's index and its tokens."""

    role: int
    tokens: tuple[Token, ...]


def parted_by_writing(left: Token, right: Token) -> bool:
    """Whether two tokens of one line stand one space apart and one ends in Chinese where the other begins in Latin
    letters or digits, or the other way round: such gaps are set by programs, and tell no cells apart."""
    if left.line != right.line or left.column + len(left.text) + 1 != right.column:
        return False
    before, behind = left.text[-1], right.text[0]
    return (_is_latin(before) and is_ideograph(behind)) or (is_ideograph(before) and _is_latin(behind))


def _is_latin(char: str) -> bool:
    """Whether a character is an ASCII letter or digit."""
    return char.isascii() and char.isalnum()


def join_tokens(tokens: Sequence[Token]) -> str:
    """The text of a cell: line ends that only wrap are removed."""
    text = ""
    for i, token in enumerate(tokens):
        if i and tokens[i - 1].line == token.line:
            text += " "
        text += token.text
    return text


@dataclass(frozen=True, slots=True)
class Habits:
    """What the rows of a form tell of its columns: how wide each is, in characters, by role; and how often each
    holds a text."""

    widths: Mapping[str, float] = field(default_factory=dict)
    filled: Mapping[str, float] = field(default_factory=dict)


def deal(sections: Sequence[tuple[Sequence[Token], Sequence[str]]], words: Words) -> list[list[list[FlatCell]]]:
    """For each section (tokens, roles) its rows, each the cells that it holds. All sections are of one form."""
    habits = Habits()
    rows: list[list[list[FlatCell]]] = []
    cuts = [_cut(tokens, words) for tokens, _ in sections]
    for _ in range(PASSES):
        rows = [_deal(tokens, own, roles, habits) for (tokens, roles), own in zip(sections, cuts, strict=True)]
        learned = _learn(rows, [roles for _, roles in sections])
        if learned == habits:
            break
        habits = learned
    return rows


def _learn(sections: Sequence[Sequence[Sequence[FlatCell]]], roles: Sequence[Sequence[str]]) -> Habits:
    longest: dict[str, list[float]] = {}
    held: dict[str, list[int]] = {}
    for rows, names in zip(sections, roles, strict=True):
        for row in rows:
            present = {cell.role for cell in row}
            for k, name in enumerate(names):
                held.setdefault(name, []).append(int(k in present))
            for cell in row:
                lines = _line_widths(cell.tokens)
                if len(lines) > 1:
                    longest.setdefault(names[cell.role], []).append(max(lines))
    return Habits(
        {name: median_high(values) for name, values in longest.items()},
        {name: sum(values) / len(values) for name, values in held.items()},
    )


def _line_widths(tokens: Sequence[Token]) -> list[float]:
    lines: dict[int, float] = {}
    for token in tokens:
        lines[token.line] = lines.get(token.line, 0.0) + token.width
    return list(lines.values())


State = tuple[int, int]
"""So many tokens are dealt, the last of them to the column of this number; -1: to none yet."""
START: State = (0, -1)


def _deal(
    tokens: Sequence[Token], cuts: Sequence[Sequence[_Piece]], roles: Sequence[str], habits: Habits
) -> list[list[FlatCell]]:
    """The rows of a section: the cheapest way from its first token to its last."""
    ways = _Ways(tokens, _Columns(roles, habits))
    for i, pieces in enumerate(cuts):
        ways.go_on(i, pieces)
    return _rows([FlatCell(column, tuple(tokens[start:end])) for start, end, column in ways.cheapest_way()])


def _rows(cells: Sequence[FlatCell]) -> list[list[FlatCell]]:
    """Cells in reading order, by row: one that stands no further right than the one before begins the next."""
    rows: list[list[FlatCell]] = []
    for cell in cells:
        if not rows or cell.role <= rows[-1][-1].role:
            rows.append([])
        rows[-1].append(cell)
    return rows


class _Columns:
    """What it costs to leave columns of a section empty, and to fill them, by what its rows are used to do."""

    def __init__(self, roles: Sequence[str], habits: Habits) -> None:
        self.roles = roles
        self.widths = [habits.widths.get(role) for role in roles]
        outer = LEVELS[:2]  # printed once for many rows
        self.rare = [0.0 if role in outer else UNUSUAL * (1 - habits.filled.get(role, 1.0)) for role in roles]
        self._empty = [0.0]  # of the columns before each one, added up
        for role in roles:
            usual = 0.0 if role in outer else MISSED * habits.filled.get(role, 0.0)
            self._empty.append(self._empty[-1] + max(empty_cost(role), usual))
        self._level1 = roles.index("level1") if "level1" in roles and "level2" in roles else -2
        self._level3 = roles.index("level3") if "level3" in roles else 0
        self._gaps = {begins: self._gaps_of(NEW_ROW if begins else INSIDE_LINE) for begins in (True, False)}
        self._fitting: dict[str, list[tuple[int, float]]] = {}

    def fitting(self, what: str) -> list[tuple[int, float]]:
        """The columns that a text of a kind fits, each with what that costs."""
        if what not in self._fitting:
            costs = ((column, fit_cost(what, role)) for column, role in enumerate(self.roles))
            self._fitting[what] = [(column, cost) for column, cost in costs if cost < UNFIT]
        return self._fitting[what]

    def gaps(self, column: int, token: Token) -> Sequence[float]:
        """By the column `last`, -1 at the end, the cost of going on at a column behind a cell in it, to the right or in
        the next row, which the token begins; infinite where no row begins so far right."""
        return self._gaps[token.first][column]

    def _gaps_of(self, new_row: float) -> list[list[float]]:
        columns = range(len(self.roles))
        return [[self._gap(last, column, new_row) for last in (*columns, -1)] for column in columns]

    def _gap(self, last: int, column: int, new_row: float) -> float:
        if column > last:
            new_level = NEW_LEVEL if last == self._level1 and column > last + 1 else 0.0
            return self._empty[column] - self._empty[last + 1] + new_level
        if column <= self._level3:
            return self.rest(last) + self._empty[column] + new_row
        return math.inf

    def rest(self, last: int) -> float:
        """The cost of ending a row behind a cell in a column."""
        return self._empty[-1] - self._empty[last + 1]


class _Ways:
    """The cheapest way to each state, found from the first token on."""

    def __init__(self, tokens: Sequence[Token], columns: _Columns) -> None:
        self._tokens = tokens
        self._columns = columns
        self._best: dict[State, tuple[float, State | None]] = {START: (0.0, None)}
        self._reached: list[set[int]] = [set() for _ in range(len(tokens) + 1)]
        self._reached[0].add(START[1])

    def go_on(self, i: int, pieces: Sequence[_Piece]) -> None:
        """Deal each piece that begins with token `i` to each column that it fits."""
        if not self._reached[i]:
            return
        columns, best = self._columns, self._best
        before: dict[int, tuple[float, State | None]] = {}
        for piece in pieces:
            for column, fit in columns.fitting(piece.what):
                if column not in before:
                    before[column] = self._cheapest_before(i, column)
                least, came_from = before[column]
                cost = least + fit + columns.rare[column] + piece.cost(columns.widths[column])
                state = (piece.end, column)
                if came_from is not None and (state not in best or cost < best[state][0]):
                    best[state] = (cost, came_from)
                    self._reached[piece.end].add(column)

    def _cheapest_before(self, i: int, column: int) -> tuple[float, State | None]:
        """What it costs at least to begin a cell of a column with token `i`, and the state before."""
        gaps, best = self._columns.gaps(column, self._tokens[i]), self._best
        least, state = math.inf, None
        for last in self._reached[i]:
            cost = best[i, last][0] + gaps[last]
            if cost < least:
                least, state = cost, (i, last)
        return least, state

    def cheapest_way(self) -> list[tuple[int, int, int]]:
        """(first token, token behind the last, column) of each cell, in reading order; none where no way leads to
        the end."""
        n = len(self._tokens)
        ends = [(self._best[n, last][0] + self._columns.rest(last), last) for last in self._reached[n]]
        state: State | None = (n, min(ends)[1]) if ends else None
        cells = []
        while state is not None and state != START:
            before = self._best[state][1]
            assert before is not None
            cells.append((before[0], *state))
            state = before
        return cells[::-1]


def _cut(tokens: Sequence[Token], words: Words) -> list[list[_Piece]]:
    """For each token the pieces that begin with it and may be a cell."""
    n = len(tokens)
    cuts: list[list[_Piece]] = []
    for i in range(n):
        pieces: list[_Piece] = []
        for end in range(i + 1, min(i + LONGEST_CELL, n) + 1):
            segment = tokens[i:end]
            last = feature(segment[-1].text, words)
            goes_on = end < n and end - i > 1 and parted_by_writing(segment[-1], tokens[end])
            if goes_on and last == "number" and parted_by_writing(segment[-2], segment[-1]):
                continue  # a number in a text, with the gaps that the program set: 2024 年 10 月底
            if len(segment) > 1 and last in ("number", "op"):
                break  # a number on its own is a cell of its own
            if len(segment) > 1 and segment[-1].first and feature(segment[-2].text, words) in COMPLETE:
                break  # so is a condition: nothing goes on from it
            pieces.append(_Piece(end, feature(join_tokens(segment), words), segment, end < n))
            if len(segment) > 1 and last in ("condition", "begun") and segment[-1].first and segment[-1].last:
                break
        cuts.append(pieces)
    return cuts


class _Piece:
    """Tokens that may be a cell: where they end, what their text can be, and what the line ends inside and behind it
    cost, by how full its lines are; once for each column width."""

    def __init__(self, end: int, what: str, segment: Sequence[Token], followed: bool) -> None:
        self.end = end
        self.what = what
        self.lines = _line_widths(segment)
        self.last = segment[-1]
        self.followed = followed
        self.fixed = 0.0
        for above, below in itertools.pairwise(segment):
            if above.line == below.line:
                self.fixed += TYPESET if parted_by_writing(above, below) else SAME_LINE
            else:
                self.fixed += WRAP + (ENDED if above.text.endswith(("。", "；")) else 0.0)
        self._costs: dict[float | None, float] = {}

    def cost(self, width: float | None) -> float:
        """The cost in a column that is `width` characters wide, None where that is not known."""
        if width not in self._costs:
            self._costs[width] = self.fixed + self._by_width(width)
        return self._costs[width]

    def _by_width(self, width: float | None) -> float:
        longest = max(self.lines)
        full = max(width if width is not None else longest, NARROWEST)
        cost = sum(SHORT_LINE * max(0.0, full - 1 - wrapped) for wrapped in self.lines[:-1])
        if width is None:
            return cost
        filled = self.last.last and self.lines[-1] >= width - 0.5
        if self.followed and filled and not self.last.text.endswith(("。", "；", "！")):
            cost += FULL_STOP if len(self.lines) > 1 else FULL_LINE
        if longest > width + 1:
            cost += SHORT_LINE * (longest - width)
        return cost
