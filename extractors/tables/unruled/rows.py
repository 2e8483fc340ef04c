"""The rows of columns of text without rules: told by the column that prints one text a row; names that stand once for a
group of rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from enum import StrEnum

from extractors.tables.unruled.texts import Block, Text
from schemas.frozen import dataclass

BLANK = 0.6  # of the line height: what a blank cell costs
COUNTED = 5.0  # of the line height: what a second figure in one cell costs
MOST_LINES = 14  # of one cell
FAR = 1e9
UNNAMED = 0.5  # of the line height: what rows cost whose name stands on another page
AT_ODDS = 4.0  # of the line height: what a row costs whose words say that a name is not its own

Fits = Callable[[int, int], float]
"""(row, name) → 1 where the words of a row say that a name is not its own, 0 where they say nothing, -0.25 where they
agree."""


class Stands(StrEnum):
    """How high the texts of cells stand in them."""

    MIDDLE = "middle"
    TOP = "top"
    BOTTOM = "bottom"


USUAL = {Stands.MIDDLE: 0.0, Stands.TOP: 0.2, Stands.BOTTOM: 1.0}  # of the line height: what a rarer place costs


@dataclass(frozen=True, slots=True)
class Extent:
    """The ink of a row, from its highest text to its lowest."""

    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class RowsOfText:
    """For each column the texts of each row, and how far from their places they stand, in line heights a text."""

    cells: tuple[tuple[tuple[Text, ...], ...], ...]
    off: float

    @property
    def extents(self) -> list[Extent]:
        out = []
        for row in range(len(self.cells[0])):
            boxes = [t.box for column in self.cells for t in column[row]]
            out.append(Extent(min(b.top for b in boxes), max(b.bottom for b in boxes)))
        return out


def rows_of(columns: Sequence[Sequence[Text]], size: float) -> RowsOfText:
    """The rows of some columns, each the texts of one column from top to bottom, of which one at least prints a text.

    One column prints one line in each row: of those that may be it, the one beside which the texts of all others stand
    where cells have them, in the middle, at the top or at the bottom."""
    counted = max(sum(t.is_figure for t in column) for column in columns)
    tried = [column for column in columns if column and len(column) >= counted]
    least = _least_gap(columns)
    best: tuple[float, list[list[tuple[int, int]]]] = (FAR, [])
    for anchors in {tuple(t.box.top for t in column): column for column in tried}.values():
        for stands in Stands:
            cost, cuts = 0.0, []
            for column in columns:
                price, own = _share(column, anchors, stands, size, least)
                cost += price
                cuts.append(own)
                if cost >= best[0]:
                    break
            else:
                best = cost, cuts
    number = sum(map(len, columns))
    cells = tuple(tuple(tuple(column[a:b]) for a, b in cuts) for column, cuts in zip(columns, best[1], strict=True))
    return RowsOfText(cells, best[0] / max(number, 1))


def _least_gap(columns: Sequence[Sequence[Text]]) -> float:
    gaps = (b.box.top - a.box.bottom for column in columns for a, b in itertools.pairwise(column))
    return min(gaps, default=0.0)


def _share(
    texts: Sequence[Text], anchors: Sequence[Text], stands: Stands, size: float, least: float
) -> tuple[float, list[tuple[int, int]]]:
    """The cost of sharing out the texts of a column among the rows at the anchors, and which each row has."""
    count = len(texts)
    best: list[tuple[float, list[int]]] = [(0.0, []), *((FAR, list[int]()) for _ in texts)]
    for anchor in anchors:
        after: list[tuple[float, list[int]]] = []
        for end in range(count + 1):
            options = (
                (best[start][0] + _price(texts[start:end], anchor, stands, size, least), start)
                for start in range(max(end - MOST_LINES, 0), end + 1)
                if best[start][0] < FAR
            )
            price, start = min(options, default=(FAR, 0))
            after.append((price, [*best[start][1], end]))
        best = after
    price, ends = best[count]
    return price, list(itertools.pairwise([0, *ends]))


def _price(texts: Sequence[Text], anchor: Text, stands: Stands, size: float, least: float) -> float:
    if not texts:
        return BLANK
    first, last = texts[0].box, texts[-1].box
    if stands is Stands.MIDDLE:
        off = abs((first.top + last.bottom) / 2 - anchor.box.middle[1])
    else:
        off = abs((first if stands is Stands.TOP else last).middle[1] - anchor.box.middle[1])
    gaps = sum(b.box.top - a.box.bottom - least for a, b in itertools.pairwise(texts))
    figures = sum(t.is_figure for t in texts)
    return (off + gaps) / size + COUNTED * max(figures - 1, 0)


def groups_of(
    names: Sequence[Block], rows: Sequence[Extent], size: float, fits: Fits | None = None, *, goes_on: bool = False
) -> list[int]:
    """Where the groups of rows begin that some names count for, one group a name: each in the middle of its group, at
    its top or at its bottom, all alike. `fits` says how well a row agrees with a name. Where a table goes on from
    another page (`goes_on`), the first rows may belong to a name there."""
    if len(names) >= len(rows):
        return list(range(len(rows)))
    agrees = fits or (lambda row, name: 0.0)
    tried = (_group(names, rows, stands, size, agrees, goes_on) for stands in Stands)
    return min((cost + price, starts) for price, (cost, starts) in zip(USUAL.values(), tried, strict=True))[1]


def _group(
    names: Sequence[Block], rows: Sequence[Extent], stands: Stands, size: float, fits: Fits, goes_on: bool
) -> tuple[float, list[int]]:
    unnamed = len(rows) - len(names) if goes_on else 0
    best: dict[int, tuple[float, list[int]]] = {n: (UNNAMED if n else 0.0, []) for n in range(unnamed + 1)}
    for i, name in enumerate(names):
        after: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, starts) in best.items():
            odd = 0.0
            for end in range(start + 1, len(rows) - (len(names) - i - 1) + 1):
                odd += AT_ODDS * fits(end - 1, i)
                option = cost + odd + _off(name, rows[start:end], stands) / size, [*starts, start]
                if end not in after or option < after[end]:
                    after[end] = option
        best = after
    return best[len(rows)]


def _off(name: Block, rows: Sequence[Extent], stands: Stands) -> float:
    if stands is Stands.MIDDLE:
        return abs(name.middle - (rows[0].top + rows[-1].bottom) / 2)
    row = rows[0] if stands is Stands.TOP else rows[-1]
    return abs(name.middle - (row.top + row.bottom) / 2)
