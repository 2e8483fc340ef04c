"""The small shapes that a PDF page draws: boxes, rings and blots, and strokes that meet, as one shape each."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

from extractors.pdf.colour import PAPER, Paint, ink_of
from schemas.frozen import dataclass

Point = tuple[float, float]
Stroke = tuple[Point, Point, Paint]  # where it begins and ends, and its ink

LARGEST = 26.0  # points: the longest side of a small shape
LONGEST = 160.0  # points: a ring around a text is no longer
SQUARE = 1.15  # the longer side of a box by the shorter one
LEAST_SIDE = 0.5  # of a box's side that is straight where its corners are round
ROUND = 0.08  # of the radius: how far the points of a ring lie off it
MEET = 1.5  # points: ends of strokes nearer than this are one corner
SAME = 0.1  # points: what stands nearer to each other is one point
STRAIGHT = 0.5  # points: how far the ends of an upright or level stroke stray
SIDES = 4
DARK = 0.6  # of full light: a fill of more is the ground of a box, not its mark
TURN_DOWN, TURN_UP = (
    0.1,
    1.2,
)  # of a tick: how far its short stroke falls, of its height; its long one, of the short one
TURN_AT = 0.65  # of a tick's width: farther right it does not turn
MOST_TURNS = 8  # points of a tick: a stroke of more was written by hand


@dataclass(frozen=True, slots=True)
class SmallShape:
    """A small shape in points from the top left: its box, its points, whether it is filled, round, made of level and
    upright sides alone, and its ink."""

    left: float
    top: float
    right: float
    bottom: float
    points: tuple[Point, ...]
    filled: bool
    round: bool
    level: bool
    ink: Paint

    @property
    def side(self) -> float:
        return max(self.right - self.left, self.bottom - self.top)

    @property
    def middle(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def is_square(self) -> bool:
        narrow, wide = sorted((self.right - self.left, self.bottom - self.top))
        return wide <= SQUARE * narrow

    @property
    def is_box(self) -> bool:
        """Whether its points are the corners of its box, a closed frame, upright; or such corners made round."""
        if not all(map(any, self._sides())):
            return False
        corners = {(left, top) for left, top, right, bottom in self._sides() if left + right == top + bottom == 1}
        return (self.level and len(corners) == SIDES) or self._has_straight_sides()

    def _sides(self) -> list[tuple[bool, bool, bool, bool]]:
        """On which sides of its box (left, top, right, bottom) each of its points lies."""
        return [
            (
                abs(x - self.left) <= STRAIGHT,
                abs(y - self.top) <= STRAIGHT,
                abs(x - self.right) <= STRAIGHT,
                abs(y - self.bottom) <= STRAIGHT,
            )
            for x, y in self.points
        ]

    def _has_straight_sides(self) -> bool:
        """Whether each side of its box is for a good part one of its own."""
        points, on = [*self.points, *self.points[:1]], [*self._sides(), *self._sides()[:1]]
        least = tuple(LEAST_SIDE * long for long in (self.bottom - self.top, self.right - self.left) * 2)
        longest = [0.0] * SIDES
        for (one, other), (here, there) in zip(itertools.pairwise(points), itertools.pairwise(on), strict=True):
            for side in range(SIDES):
                if here[side] and there[side]:
                    longest[side] = max(longest[side], math.dist(one, other))
        return all(found >= long for found, long in zip(longest, least, strict=True))

    @property
    def is_tick(self) -> bool:
        """Whether it falls a little to the right and rises from there far to the right, in a few straight strokes."""
        if not 3 <= len(set(self.points)) <= MOST_TURNS:
            return False
        wide, high = self.right - self.left, self.bottom - self.top
        start, low, end = (
            min(self.points),
            max(self.points, key=lambda p: p[1]),
            max(self.points, key=lambda p: (p[0], -p[1])),
        )
        falls, rises = low[1] - start[1], low[1] - end[1]
        return (
            wide > 0
            and falls >= TURN_DOWN * high
            and rises >= TURN_UP * falls
            and start[0] < low[0] <= self.left + TURN_AT * wide
        )

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def covers(self, other: SmallShape) -> float:
        """The share of another shape's box that its box covers."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        area = (other.right - other.left) * (other.bottom - other.top)
        return max(wide, 0.0) * max(high, 0.0) / area if area > 0 else 0.0


def small_shapes(page: Any, x0: float, y0: float) -> list[SmallShape]:
    """The small shapes of a pdfplumber page in what shows on paper or on a fill: strokes that meet are one shape, level
    and upright ones apart from those aslant, which may cross a box."""
    shapes: list[SmallShape] = []
    strokes: list[Stroke] = []
    for item in (*page.rects, *page.curves, *page.lines):
        left, top, right, bottom = item["x0"] - x0, item["top"] - y0, item["x1"] - x0, item["bottom"] - y0
        if bottom - top > LARGEST or right - left > (LONGEST if item["object_type"] == "curve" else LARGEST):
            continue
        filled = bool(item.get("fill")) and item["object_type"] != "line"
        ink = ink_of(item.get("stroking_color") if item.get("stroke") else item.get("non_stroking_color"))
        points = tuple(item.get("pts") or ())
        if x0 or y0:
            points = tuple((px - x0, py - y0) for px, py in points)
        if item["object_type"] == "line" and len(points) > 1:
            strokes.append((points[0], points[-1], ink))
            continue
        if filled:
            filled = min(ink_of(item.get("non_stroking_color")).over(PAPER)) <= DARK
        if not points:
            points = ((left, top), (right, top), (right, bottom), (left, bottom))
        ring = item["object_type"] == "curve" and _is_round(points, left, top, right, bottom)
        level = all(_is_straight((a, b, ink)) for a, b in itertools.pairwise(points))
        shapes.append(SmallShape(left, top, right, bottom, points, filled, ring, level, ink))
    return [*shapes, *(shape for level in (True, False) for shape in _joined(strokes, level))]


def _is_straight(stroke: Stroke) -> bool:
    (ax, ay), (bx, by), _ = stroke
    return min(abs(ax - bx), abs(ay - by)) <= STRAIGHT


def _joined(strokes: Sequence[Stroke], level: bool) -> Iterator[SmallShape]:
    """Strokes whose ends meet, or that cross, as one shape: level and upright ones, or those aslant."""
    groups: dict[int, list[Stroke]] = {}
    own = [s for s in strokes if _is_straight(s) is level]
    for stroke, first in zip(own, _groups(own), strict=True):
        groups.setdefault(first, []).append(stroke)
    for group in groups.values():
        points = tuple(point for a, b, _ in group for point in (a, b))
        xs, ys = [x for x, _ in points], [y for _, y in points]
        yield SmallShape(min(xs), min(ys), max(xs), max(ys), points, False, False, level, group[0][2])


def _groups(strokes: Sequence[Stroke]) -> list[int]:
    """The first of the strokes that each is joined with: ends nearer than a corner meet, near middles are a cross. Each
    is held against what stands in the squares around it, and of points that nearly coincide against one."""
    first = list(range(len(strokes)))

    def group(n: int) -> int:
        while first[n] != n:
            first[n] = n = first[first[n]]
        return n

    squares: dict[tuple[int, int, bool], dict[tuple[int, int], tuple[Point, int]]] = {}
    for n, (a, b, _) in enumerate(strokes):
        for point, is_end in ((a, True), (b, True), (((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), False)):
            x, y = int(point[0] // MEET), int(point[1] // MEET)
            for left, top in itertools.product((x - 1, x, x + 1), (y - 1, y, y + 1)):
                for other, m in squares.get((left, top, is_end), {}).values():
                    one, two = sorted((group(n), group(m)))
                    if one != two and math.dist(point, other) <= MEET:
                        first[two] = one
            same = squares.setdefault((x, y, is_end), {})
            same.setdefault((round(point[0] / SAME), round(point[1] / SAME)), (point, n))
    return [group(n) for n in range(len(strokes))]


def _is_round(points: Sequence[Point], left: float, top: float, right: float, bottom: float) -> bool:
    """Whether the points of a curve lie on the ellipse in its box."""
    x, y = (left + right) / 2, (top + bottom) / 2
    wide, high = max(right - left, 0.1) / 2, max(bottom - top, 0.1) / 2
    away = [math.hypot((px - x) / wide, (py - y) / high) for px, py in points]
    return len(points) > SIDES and all(abs(d - 1) <= ROUND for d in away)
