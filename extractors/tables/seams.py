"""Upright borders that are not drawn: programs that print a border above and below each cell draw it cell by cell, and
where two of these strokes meet two cells do.

Each stroke is then the top or the bottom of one cell, and the two strokes of a cell begin and end at the same places.
Read from the top of the page they tell which belong together. They are believed only where none is left over among
them: rules that run through several cells, or stand for something else, tell nothing.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence

from schemas.frozen import dataclass
from schemas.model import Rule

SAME_END = 0.6  # points: how far the ends of the two strokes of a cell differ, and of those side by side
SAME_LINE = 0.3  # points: strokes of one line stand no further apart; browsers draw those of two rows 0.75 apart
LOWEST = 4.0  # points: a cell is at least so high
FEWEST = 4  # cells


@dataclass(frozen=True, slots=True)
class _Frame:
    """The sides of a cell in points."""

    left: float
    right: float
    top: float
    bottom: float


def upright_seams(rules: Sequence[Rule]) -> list[Rule]:
    """The upright borders of cells whose tops and bottoms are drawn cell by cell; [] where they are not, or where rules
    are upright already."""
    if len(rules) < 2 * FEWEST or any(rule.vertical for rule in rules):
        return []
    frames, strays = _frames(rules)
    if len(frames) < FEWEST or not _stand_side_by_side(frames):
        return []
    first, last = min(f.top for f in frames), max(f.bottom for f in frames)
    if any(first - LOWEST < stray.at < last + LOWEST for stray in strays):
        return []
    return [Rule(True, x, frame.top, frame.bottom) for frame in frames for x in (frame.left, frame.right)]


def _frames(rules: Sequence[Rule]) -> tuple[list[_Frame], list[Rule]]:
    """The cells that level strokes make, two each, and the strokes that make none."""
    frames: list[_Frame] = []
    strays: list[Rule] = []
    tops: list[tuple[float, float, float]] = []  # of cells without a bottom yet, (start, end, at); none over another
    for line in _lines(rules):
        begin = []
        for stroke in line:
            above = next((t for t in _over(tops, stroke) if _is_top(t, stroke)), None)
            if above is None:
                begin.append(stroke)
            else:
                tops.remove(above)
                frames.append(_Frame(stroke.start, stroke.end, above[2], stroke.at))
        for stroke in begin:
            for start, end, at in _over(tops, stroke):
                tops.remove((start, end, at))
                strays.append(Rule(False, at, start, end))
            insort(tops, (stroke.start, stroke.end, stroke.at))
    return frames, [*strays, *(Rule(False, at, start, end) for start, end, at in tops)]


def _lines(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Strokes of the same height, from top to bottom."""
    line: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (r.at, r.start, r.end)):
        if line and rule.at - line[0].at > SAME_LINE:
            yield line
            line = []
        line.append(rule)
    yield line


def _over(tops: Sequence[tuple[float, float, float]], stroke: Rule) -> list[tuple[float, float, float]]:
    """The tops that stand over a part of a stroke."""
    first = max(bisect_left(tops, (stroke.start + SAME_END,)) - 1, 0)
    near = itertools.takewhile(lambda top: top[0] < stroke.end - SAME_END, tops[first:])
    return [top for top in near if top[1] > stroke.start + SAME_END]


def _is_top(top: tuple[float, float, float], stroke: Rule) -> bool:
    start, end, at = top
    same = abs(start - stroke.start) <= SAME_END and abs(end - stroke.end) <= SAME_END
    return same and stroke.at - at >= LOWEST


def _stand_side_by_side(frames: Sequence[_Frame]) -> bool:
    """Whether some two of the cells begin at one height, the one where the other ends."""
    rows = sorted(frames, key=lambda f: (round(f.top), f.left))
    return any(
        abs(b.left - a.right) <= SAME_END and abs(b.top - a.top) <= SAME_LINE for a, b in itertools.pairwise(rows)
    )
