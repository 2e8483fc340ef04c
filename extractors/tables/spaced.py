"""Cells that are drawn as boxes of their own, a little apart: what lies between two of them is no column and no row.

Browsers draw tables so whose borders are not collapsed. Each box is widened by half of the gap, so that neighbours
meet; a box that the end of a page leaves open stays open. The sides of such boxes are no dashes of longer rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

import numpy as np
import numpy.typing as npt

from schemas.frozen import dataclass
from schemas.model import Rule, Word

CORNER = 1.5  # points: ends of rules so near to each other are one corner
NEAREST, WIDEST = 2.0, 9.0  # points: from box to box; nearer ones meet anyway, wider ones are no cells of one table
EVEN = 0.8  # points: how far the gaps of one table differ
MOST = 0.8  # of the boxes stand beside or above another one at that gap
FEWEST = 4  # boxes that make a table
SMALLEST = 8.0  # points: lower or narrower boxes hold no text: they are there to be ticked

Corner = tuple[int, int]
Places = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cell:
    """A box with the rules that are its sides; at most one level side is missing, where a page ends."""

    left: float
    top: float
    right: float
    bottom: float
    sides: tuple[Rule, ...]


def without_gaps(rules: Sequence[Rule], words: Sequence[Word]) -> list[Rule]:
    """Rules with the boxes of such a table closed up; as they are where no table is drawn so, or its gaps hold text."""
    if _go_on(rules):
        return list(rules)
    cells = _outermost(_smallest(_cells(rules)))
    if len(cells) < FEWEST:
        return list(rules)
    boxes = _Boxes.of(cells)
    gaps = [list(boxes.gaps(k)) for k in range(len(cells))]
    known = [gap for each in gaps for gap in each]
    if len(known) < FEWEST - 1:
        return list(rules)
    gap = median(known)
    even = sum(any(abs(one - gap) <= EVEN for one in each) for each in gaps)
    if gap <= NEAREST or even < MOST * (len(cells) - 1) or boxes.hold_text_between(gap, words):
        return list(rules)
    drawn: dict[tuple[bool, int], list[Rule]] = defaultdict(list)
    for side in (side for cell in cells for side in cell.sides):
        drawn[side.vertical, round(side.at)].append(side)
    own = {id(side) for cell in cells for side in cell.sides}
    kept = [rule for rule in rules if id(rule) not in own and not _is_of(rule, drawn)]
    return kept + [_widened(side, cell, gap / 2) for cell in cells for side in cell.sides]


def _go_on(rules: Sequence[Rule]) -> bool:
    """Whether most uprights begin where others end, or there are few: so the borders of other tables are drawn."""
    uprights = [rule for rule in rules if rule.vertical]
    begins = {(round(rule.at), round(rule.start)) for rule in uprights}
    ends = {(round(rule.at), round(rule.end)) for rule in uprights}
    return len(begins) < FEWEST or len(begins & ends) > len(begins) / 2


def _cells(rules: Sequence[Rule]) -> Iterator[Cell]:
    """The boxes among rules: two uprights of one height, and level rules from one to the other at their ends."""
    levels: dict[Corner, list[Rule]] = defaultdict(list)
    for rule in rules:
        if not rule.vertical and rule.end - rule.start >= SMALLEST:
            levels[_corner(rule.start, rule.at)].append(rule)
    uprights: dict[Corner, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.vertical and rule.end - rule.start >= SMALLEST:
            uprights[_corner(rule.at, rule.start)].append(rule)
    for left in (rule for at in uprights.values() for rule in at):
        tops, bottoms = _at(levels, left.at, left.start), _at(levels, left.at, left.end)
        for end in sorted({level.end for level in (*tops, *bottoms)}):
            right = next((r for r in _at(uprights, end, left.start) if abs(r.end - left.end) <= CORNER), None)
            if right is None:
                continue
            top = next((level for level in tops if abs(level.end - end) <= CORNER), None)
            bottom = next((level for level in bottoms if abs(level.end - end) <= CORNER), None)
            sides = tuple(side for side in (left, right, top, bottom) if side is not None)
            yield Cell(left.at, left.start, right.at, left.end, sides)
            break


def _smallest(cells: Iterable[Cell]) -> list[Cell]:
    """Of the boxes that begin at one corner the smallest: larger ones end with sides of others."""
    least: dict[Corner, Cell] = {}
    for cell in sorted(cells, key=lambda c: c.right - c.left + c.bottom - c.top, reverse=True):
        least[_corner(cell.left, cell.top)] = cell
    return list(least.values())


def _is_of(rule: Rule, drawn: dict[tuple[bool, int], list[Rule]]) -> bool:
    """Whether a rule is a side of boxes, or was made of several."""
    near = (side for k in (-1, 0, 1) for side in drawn.get((rule.vertical, round(rule.at) + k), ()))
    return any(
        abs(side.at - rule.at) <= CORNER / 2 and side.start < rule.end - CORNER and side.end > rule.start + CORNER
        for side in near
    )


def _corner(x: float, y: float) -> Corner:
    return round(x / CORNER), round(y / CORNER)


def _at(rules: dict[Corner, list[Rule]], x: float, y: float) -> list[Rule]:
    """The rules that begin near a place."""
    i, j = _corner(x, y)
    near = (rule for a in (i - 1, i, i + 1) for b in (j - 1, j, j + 1) for rule in rules.get((a, b), ()))
    return [
        r
        for r in near
        if max(abs((r.at if r.vertical else r.start) - x), abs((r.start if r.vertical else r.at) - y)) <= CORNER
    ]


def _outermost(cells: list[Cell]) -> list[Cell]:
    """Boxes from top to bottom, without the frame around all of them, and without those that stand in others."""
    cells = sorted(cells, key=lambda c: (c.top, c.left))
    boxes = _Boxes.of(cells)
    inside = [boxes.within(k) for k in range(len(cells))]
    frames = {k for k, mine in enumerate(inside) if len(mine) > len(cells) / 2}
    held = {n for k, mine in enumerate(inside) if k not in frames for n in mine}
    return [cell for k, cell in enumerate(cells) if k not in frames and k not in held]


@dataclass(frozen=True, slots=True)
class _Boxes:
    """Boxes from top to bottom as arrays; each is held against those that begin beside or right below it."""

    left: Places
    top: Places
    right: Places
    bottom: Places

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> _Boxes:
        sides = np.array([(c.left, c.top, c.right, c.bottom) for c in cells], dtype=np.float64).reshape(-1, 4)
        return cls(*sides.T)

    def _begin(self, top: float, bottom: float) -> slice:
        return slice(*np.searchsorted(self.top, (top, bottom)).tolist())

    def within(self, k: int) -> list[int]:
        """The numbers of the smaller boxes that lie within box k."""
        near = self._begin(self.top[k] - CORNER, self.bottom[k])
        inside = (self.left[near] >= self.left[k] - CORNER / 2) & (self.right[near] <= self.right[k] + CORNER / 2)
        inside &= (self.top[near] >= self.top[k] - CORNER / 2) & (self.bottom[near] <= self.bottom[k] + CORNER / 2)
        sizes = self.right[near] - self.left[near] + self.bottom[near] - self.top[near]
        inside &= sizes < self.right[k] - self.left[k] + self.bottom[k] - self.top[k] - CORNER
        return [near.start + n for n in np.flatnonzero(inside).tolist()]

    def gaps(self, k: int) -> Iterator[float]:
        """How far the next box at the right of box k, and the next one below it, stand from it."""
        beside = self._begin(self.top[k] - CORNER, self.bottom[k])
        right = self.left[beside] - self.right[k]
        below = self._begin(self.bottom[k], self.bottom[k] + WIDEST)
        over = (self.left[below] < self.right[k]) & (self.right[below] > self.left[k])
        down = self.top[below][over] - self.bottom[k]
        for near in (right[(right >= 0) & (right <= WIDEST)], down):
            if len(near):
                yield float(near.min())

    def hold_text_between(self, gap: float, words: Iterable[Word]) -> bool:
        """Whether a word stands in the gap between two boxes, side by side or one above the other."""
        for word in words:
            x, y = word.box.middle
            over, beside = (self.left <= x) & (x <= self.right), (self.top <= y) & (y <= self.bottom)
            if (over & beside).any():
                continue
            across = beside & (self.left - gap <= x) & (x <= self.right + gap)
            down = over & (self.top - gap <= y) & (y <= self.bottom + gap)
            if across.sum() > 1 or down.sum() > 1:
                return True
        return False


def _widened(side: Rule, cell: Cell, by: float) -> Rule:
    """A side of a box that grows by so much on all sides that are closed."""
    levels = [rule.at for rule in cell.sides if not rule.vertical]
    if not side.vertical:
        outward = by if abs(side.at - cell.bottom) < abs(side.at - cell.top) else -by
        return replace(side, at=side.at + outward, start=cell.left - by, end=cell.right + by)
    closed = [any(abs(at - end) <= CORNER for at in levels) for end in (side.start, side.end)]
    outward = by if abs(side.at - cell.right) < abs(side.at - cell.left) else -by
    return replace(side, at=side.at + outward, start=side.start - by * closed[0], end=side.end + by * closed[1])
