"""Rows of cells whose lines wrap: which lines of a section are one row, and which rows a merged name is of.

A cell of several lines stands over the height of its row, others in its middle; a merged name stands among its rows.
Rows are the cuts of the lines that cost least: a line goes on only where it was full, a number is a cell of its own,
and the cells of a row have one middle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Protocol

from extractors.dump.pieces import Piece
from extractors.dump.roles import feature
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words

TALLEST = 12  # lines of one row
ONE_MORE = 0.3  # what a row costs by itself
NO_NAME = 4.0  # a row that prints nothing in the column that every row fills
NOT_FULL = 3.0  # going on behind a line that had room
COMPLETE = 3.0  # going on behind a number, an operator or a condition
APART = 2.0  # going on over lines between
ASKEW = 1.0  # for each line by which the middle of a cell stands off that of its row
BLANK = 1.0  # a blank line inside a row
ROOM = 1.6  # characters that a full line may be shorter than its column
WHOLE = ("number", "condition", "begun", "op", "mark")
LEFT_OUT = 0.2  # a row that is of no name
DISAGREES = 0.6  # a row that usually stands under another name
UNCUT = 2.0  # a group that begins or ends inside another
DOUBTFUL = 1.5  # a row that costs so much may be cut otherwise


@dataclass(frozen=True, slots=True)
class StackedRow:
    """A row: its cells by column, the lines that it takes, and whether its lines may be cut otherwise."""

    cells: Mapping[int, tuple[Piece, ...]]
    top: int
    bottom: int
    doubtful: bool

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


def rows_of(columns: Mapping[int, Sequence[Piece]], key: int, words: Words) -> list[StackedRow]:
    """The rows that the pieces of a section make, column by column; `key` is the column that every row fills."""
    numbers = sorted({piece.top for pieces in columns.values() for piece in pieces})
    place = {number: i for i, number in enumerate(numbers)}
    held: list[list[tuple[int, Piece]]] = [[] for _ in numbers]
    for column, pieces in columns.items():
        for piece in pieces:
            held[place[piece.top]].append((column, piece))
    widest = {c: max((w for p in pieces for w in p.widths), default=0.0) for c, pieces in columns.items()}
    cost = _Cost(widest, key, words)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(numbers) + 1):
        options = []
        for start in range(max(0, end - TALLEST), end):
            options.append((best[start][0] + cost.of(_cells(held[start:end]), numbers[start:end]), start))
        best.append(min(options))
    rows: list[StackedRow] = []
    end = len(numbers)
    while end:
        start = best[end][1]
        cells = _cells(held[start:end])
        own = best[end][0] - best[start][0]
        rows.append(
            StackedRow({c: tuple(p) for c, p in cells.items()}, numbers[start], numbers[end - 1], own > DOUBTFUL)
        )
        end = start
    return rows[::-1]


def _cells(lines: Sequence[Sequence[tuple[int, Piece]]]) -> dict[int, list[Piece]]:
    out: dict[int, list[Piece]] = {}
    for line in lines:
        for column, piece in line:
            out.setdefault(column, []).append(piece)
    return out


@dataclass(frozen=True, slots=True)
class _Cost:
    """What it costs that some lines are one row."""

    widest: Mapping[int, float]
    key: int
    words: Words

    def of(self, cells: Mapping[int, Sequence[Piece]], numbers: Sequence[int]) -> float:
        total = ONE_MORE + BLANK * sum(1 for a, b in pairwise(numbers) if b - a > 1)
        first = next(iter(sorted(cells)), None)
        if self.key not in cells and not (first is not None and self.words.is_total(cells[first][0].text)):
            total += NO_NAME
        middles = []
        for column, pieces in cells.items():
            lines = list(pieces)
            middles.append((lines[0].y + lines[-1].y) / 2)
            for above, below in pairwise(lines):
                if above.top == below.top:
                    continue
                if above.widths[-1] < self.widest[column] - ROOM:
                    total += NOT_FULL
                if feature(above.text, self.words) in WHOLE or feature(below.text, self.words) in WHOLE:
                    total += COMPLETE
                if below.top - above.bottom > 2:
                    total += APART
        middle = median(middles)
        return total + ASKEW * sum(min(2.0, abs(m - middle)) for m in middles)


class Lines(Protocol):
    """What takes some lines of a text."""

    @property
    def top(self) -> int: ...

    @property
    def bottom(self) -> int: ...

    @property
    def y(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Span:
    """A name and the rows [start, end) that it is of; `off` is how far it stands from their middle, in lines."""

    name: Piece
    start: int
    end: int
    off: float


Agrees = Callable[[Piece, int], int]
"""How well a row (by its number) fits a name: above 0 it does, below 0 it does not."""


def spans_of(
    names: Sequence[Piece], rows: Sequence[Lines], agrees: Agrees, cuts: frozenset[int], *, all_rows: bool = True
) -> list[Span]:
    """The rows of each name: each stands in the middle of its own. `cuts`: where groups may begin and end; empty where
    they may anywhere. `all_rows`: whether each row is of some name; else rows before the first and behind the last one
    need not be."""
    if not names or not rows:
        return []
    edges = _edges(rows)
    at = [min(range(len(rows)), key=lambda r: abs(rows[r].y - name.y)) for name in names]
    free = range(1) if all_rows else range(at[0] + 1)
    best: dict[int, tuple[float, tuple[int, ...]]] = {s: (LEFT_OUT * s + _uncut(s, cuts), (s,)) for s in free}
    for k, name in enumerate(names):
        last = k == len(names) - 1
        most = len(rows) if last else min(len(rows), at[k + 1] + 1)
        after: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, path) in best.items():
            for end in range(max(start + 1, at[k]), most + 1):
                if last and all_rows and end != len(rows):
                    continue
                total = cost + abs(name.y - (edges[start] + edges[end]) / 2)
                total += DISAGREES * sum(agrees(name, r) < 0 for r in range(start, end))
                total += (_uncut(end, cuts) if end != len(rows) else 0.0) + LEFT_OUT * last * (len(rows) - end)
                if end not in after or total < after[end][0]:
                    after[end] = (total, (*path, end))
        best = after
    if not best:
        return []
    path = min(best.values())[1]
    return [
        Span(name, start, end, abs(name.y - (edges[start] + edges[end]) / 2))
        for name, (start, end) in zip(names, pairwise(path), strict=True)
    ]


def _uncut(at: int, cuts: frozenset[int]) -> float:
    """What it costs that a group begins or ends where none should."""
    return UNCUT * (bool(cuts) and at not in cuts)


def _edges(rows: Sequence[Lines]) -> list[float]:
    """The lines at which each row begins and the last one ends."""
    inner = [(above.bottom + below.top) / 2 for above, below in pairwise(rows)]
    first = rows[0].top - (inner[0] - rows[0].bottom if inner else 0.5)
    last = rows[-1].bottom + (rows[-1].top - inner[-1] if inner else 0.5)
    return [first, *inner, last]
