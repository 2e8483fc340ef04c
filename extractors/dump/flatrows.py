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
from operator import add
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
                if cell.tokens[0].line != cell.tokens[-1].line:
                    longest.setdefault(names[cell.role], []).append(max(_line_widths(cell.tokens)))
    return Habits(
        {name: median_high(values) for name, values in longest.items()},
        {name: sum(values) / len(values) for name, values in held.items()},
    )


def _line_widths(tokens: Sequence[Token]) -> list[float]:
    lines: dict[int, float] = {}
    for token in tokens:
        lines[token.line] = lines.get(token.line, 0.0) + token.width
    return list(lines.values())


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


Fitting = Sequence[tuple[float | None, Sequence[tuple[int, float, float]]]]
"""By their widths, columns that a text may be of: the number of each, what it costs to be there, and to fill it."""


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
        self._fitting: dict[str, Fitting] = {}

    def fitting(self, what: str) -> Fitting:
        """The columns that a text of a kind fits."""
        if what not in self._fitting:
            by_width: dict[float | None, list[tuple[int, float, float]]] = {}
            for column, role in enumerate(self.roles):
                cost = fit_cost(what, role)
                if cost < UNFIT:
                    by_width.setdefault(self.widths[column], []).append((column, cost, self.rare[column]))
            self._fitting[what] = list(by_width.items())
        return self._fitting[what]

    def gaps(self, token: Token) -> Sequence[Sequence[float]]:
        """By column and by that of the cell before, the cost of going on there to the right or in the next row, which
        the token begins; infinite where no row begins so far right."""
        return self._gaps[token.first]

    def _gaps_of(self, new_row: float) -> list[list[float]]:
        columns = range(len(self.roles))
        return [[self._gap(last, column, new_row) for last in columns] for column in columns]

    def first(self) -> Sequence[float]:
        """By column, what it costs to begin the first cell of a section in it."""
        return [self._gap(-1, column, NEW_ROW) for column in range(len(self.roles))]

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
    """The cheapest way to each state, found from the first token on: so many tokens are dealt, the last of them to one
    column. Where its cell begins is kept; which column the cell before it is in is asked again behind the last token,
    for the cells of one way alone."""

    def __init__(self, tokens: Sequence[Token], columns: _Columns) -> None:
        self._tokens = tokens
        self._columns = columns
        width, count = len(columns.roles), len(tokens) + 1
        self._best = [[math.inf] * width for _ in range(count)]  # by tokens and column
        self._begun = [[0] * width for _ in range(count)]

    def go_on(self, i: int, pieces: Sequence[_Piece]) -> None:
        """Deal each piece that begins with token `i` to each column that it fits."""
        columns, best = self._columns, self._best
        if i and min(best[i]) == math.inf:
            return
        least = [min(map(add, best[i], gaps)) for gaps in columns.gaps(self._tokens[i])] if i else columns.first()
        for piece in pieces:
            there, begun = best[piece.end], self._begun[piece.end]
            for set_width, fitting in columns.fitting(piece.what):
                price = piece.cost(set_width)
                for column, fit, rare in fitting:
                    cost = least[column] + fit + rare + price
                    if cost < there[column]:
                        there[column] = cost
                        begun[column] = i

    def cheapest_way(self) -> list[tuple[int, int, int]]:
        """(first token, token behind the last, column) of each cell, in reading order; none where no way leads to
        the end."""
        end = len(self._tokens)
        cost, column = min((cost + self._columns.rest(last), last) for last, cost in enumerate(self._best[end]))
        cells: list[tuple[int, int, int]] = []
        while end and cost < math.inf:
            start = self._begun[end][column]
            cells.append((start, end, column))
            before = [*map(add, self._best[start], self._columns.gaps(self._tokens[start])[column])]
            end, column = start, before.index(min(before))
        return cells[::-1]


def _cut(tokens: Sequence[Token], words: Words) -> list[list[_Piece]]:
    """For each token the pieces that begin with it and may be a cell."""
    n = len(tokens)
    kinds = [feature(token.text, words) for token in tokens]
    parted = [parted_by_writing(*pair) for pair in itertools.pairwise(tokens)]  # the gap behind each token
    cuts: list[list[_Piece]] = []
    for i in range(n):
        pieces: list[_Piece] = []
        text, fixed, lines = "", 0.0, [0.0]
        for end in range(i + 1, min(i + LONGEST_CELL, n) + 1):
            at = end - 1
            token, last = tokens[at], kinds[at]
            joined = at > i
            if joined:
                above = tokens[at - 1]
                if above.line == token.line:
                    fixed += TYPESET if parted[at - 1] else SAME_LINE
                    text += " "
                else:
                    fixed += WRAP + (ENDED if above.text.endswith(("。", "；")) else 0.0)
                    lines.append(0.0)
            text += token.text
            lines[-1] += token.width
            if joined and end < n and parted[at] and last == "number" and parted[at - 1]:
                continue  # a number in a text, with the gaps that the program set: 2024 年 10 月底
            if joined and last in ("number", "op"):
                break  # a number on its own is a cell of its own
            if joined and token.first and kinds[at - 1] in COMPLETE:
                break  # so is a condition: nothing goes on from it
            pieces.append(_Piece(end, feature(text, words), lines, token, fixed, followed=end < n))
            if joined and last in ("condition", "begun") and token.first and token.last:
                break
        cuts.append(pieces)
    return cuts


class _Piece:
    """Tokens that may be a cell: where they end, what their text can be, and what the line ends inside and behind it
    cost, by how full its lines are; once for each column width."""

    def __init__(
        self, end: int, what: str, lines: Sequence[float], last: Token, fixed: float, *, followed: bool
    ) -> None:
        self.end = end
        self.what = what
        *self.wrapped, self.last_line = lines
        self.longest = max(lines)
        self.ends_line = followed and last.last and not last.text.endswith(("。", "；", "！"))
        self.fixed = fixed
        self._costs: dict[float | None, float] = {}

    def cost(self, width: float | None) -> float:
        """The cost in a column that is `width` characters wide, None where that is not known."""
        cost = self._costs.get(width)
        if cost is None:
            cost = self._costs[width] = self.fixed + self._by_width(width)
        return cost

    def _by_width(self, width: float | None) -> float:
        room = max(width if width is not None else self.longest, NARROWEST) - 1
        short = sum([room - line for line in self.wrapped if line < room]) if self.wrapped else 0.0
        cost = SHORT_LINE * short
        if width is None:
            return cost
        if self.ends_line and self.last_line >= width - 0.5:
            cost += FULL_STOP if self.wrapped else FULL_LINE
        if self.longest > width + 1:
            cost += SHORT_LINE * (self.longest - width)
        return cost
