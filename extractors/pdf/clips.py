"""Where a PDF lets its marks show: the outlines that cut them off, as boxes and shapes in points, y upwards."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pdfminer.utils import Matrix

from schemas.frozen import dataclass

Point = tuple[float, float]
Ring = tuple[Point, ...]
Path = Sequence[tuple[Any, ...]]
"""A path as pdfminer keeps it: ("m", x, y), ("l", x, y), ("c", x1, y1, x2, y2, x, y), …, ("h",)."""

NEAR = 0.02  # points: as exactly as files state the corners of a box
STEPS = (0.25, 0.5, 0.75, 1.0)  # of a curve: the ends of its straight pieces


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline that is no upright box: closed rings, filled by the even-odd rule or wherever one goes around."""

    rings: tuple[Ring, ...]
    even_odd: bool

    def holds(self, x: float, y: float) -> bool:
        turns = [_turns(ring, x, y) for ring in self.rings]
        return bool(sum(map(abs, turns)) % 2 if self.even_odd else sum(turns))


@dataclass(frozen=True, slots=True)
class Clip:
    """What shows: the inside of a box, and of each of the shapes."""

    left: float
    bottom: float
    right: float
    top: float
    shapes: tuple[Outline, ...] = ()

    def holds(self, x: float, y: float) -> bool:
        inside = self.left <= x <= self.right and self.bottom <= y <= self.top
        return inside and all(shape.holds(x, y) for shape in self.shapes)

    def holds_box(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Whether nothing of a box is cut off."""
        return (
            not self.shapes
            and self.left - NEAR <= left
            and right <= self.right + NEAR
            and self.bottom - NEAR <= bottom
            and top <= self.top + NEAR
        )

    def part(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float] | None:
        """What shows of a box, None where nothing does."""
        left, right = max(left, self.left), min(right, self.right)
        bottom, top = max(bottom, self.bottom), min(top, self.top)
        if (
            left > right
            or bottom > top
            or not all(s.holds((left + right) / 2, (bottom + top) / 2) for s in self.shapes)
        ):
            return None
        return left, bottom, right, top

    def bands(self, left: float, bottom: float, right: float, top: float) -> list[tuple[float, float, float, float]]:
        """What shows of a box from one side to the other, where its middle is cut off: the sides of a frame that is
        filled through its outline."""
        left, right = max(left, self.left), min(right, self.right)
        bottom, top = max(bottom, self.bottom), min(top, self.top)
        if left >= right or bottom >= top:
            return []
        x, y = (left + right) / 2, (bottom + top) / 2
        upright = self._shown(left, right, (bottom, top), level=True)
        level = self._shown(bottom, top, (left, right), level=False)
        if any(low <= x <= high for low, high in upright) or any(low <= y <= high for low, high in level):
            return []
        return [
            *((low, bottom, high, top) for low, high in upright),
            *((left, low, right, high) for low, high in level),
        ]

    def _shown(
        self, start: float, end: float, across: tuple[float, float], *, level: bool
    ) -> list[tuple[float, float]]:
        """From where to where what shows along a line from `start` to `end` does so all `across`."""
        lines = [across[0] + share * (across[1] - across[0]) for share in STEPS[:-1]]

        def holds(at: float, line: float) -> bool:
            return self.holds(at, line) if level else self.holds(line, at)

        cuts = {start, end}
        for ring in (ring for shape in self.shapes for ring in shape.rings):
            cuts.update(at for at in crossings(ring, lines[1], level=level) if start < at < end)
        return [
            (low, high)
            for low, high in itertools.pairwise(sorted(cuts))
            if high - low > NEAR and all(holds((low + high) / 2, line) for line in lines)
        ]

    def narrowed(self, rings: Sequence[Ring], even_odd: bool = False) -> Clip:
        """What shows inside of further rings too; a clip without rings cuts nothing off."""
        if not rings:
            return self
        xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
        box = replace(
            self,
            left=max(self.left, min(xs)),
            bottom=max(self.bottom, min(ys)),
            right=min(self.right, max(xs)),
            top=min(self.top, max(ys)),
        )
        if len(rings) == 1 and is_box(rings[0]):
            return box
        return replace(box, shapes=(*self.shapes, Outline(tuple(rings), even_odd)))


EVERYWHERE = Clip(float("-inf"), float("-inf"), float("inf"), float("inf"))


def rings_of(path: Path, matrix: Matrix) -> list[Ring]:
    """The closed rings of a path on the page; curves become a few straight pieces."""
    rings: list[list[Point]] = []
    for operator, *numbers in path:
        points: list[Point] = list(zip(numbers[::2], numbers[1::2], strict=False))
        if operator == "m":
            rings.append([])
        if not points or not rings:
            continue
        if operator in ("c", "v", "y") and rings[-1]:
            rings[-1] += _curve(rings[-1][-1], operator, points)
        else:
            rings[-1].append(points[-1])
    return [on_page(ring, matrix) for ring in rings if len(ring) > 1]


def on_page(points: Sequence[Point], matrix: Matrix) -> Ring:
    """Points as a matrix puts them on the page."""
    a, b, c, d, e, f = matrix
    return tuple((a * x + c * y + e, b * x + d * y + f) for x, y in points)


def box_ring(left: float, bottom: float, right: float, top: float, matrix: Matrix) -> Ring:
    """The outline of a box on the page."""
    return on_page(((left, bottom), (right, bottom), (right, top), (left, top)), matrix)


def is_box(ring: Ring) -> bool:
    """Whether a ring goes around an upright box once, or around none at all."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    left, right, bottom, top = min(xs), max(xs), min(ys), max(ys)
    if right - left <= NEAR or top - bottom <= NEAR:
        return True
    corners = set()
    for x, y in ring:
        across, down = min(abs(x - left), abs(x - right)), min(abs(y - bottom), abs(y - top))
        if across > NEAR or down > NEAR:
            return False
        corners.add((abs(x - left) <= NEAR, abs(y - bottom) <= NEAR))
    return len(corners) == 4 and len(ring) <= 5


def _curve(start: Point, operator: str, points: Sequence[Point]) -> list[Point]:
    """Points along a Bézier curve, its end the last."""
    end = points[-1]
    if operator == "v":
        points = (start, *points)
    one, two = points[0], (end if operator == "y" else points[1])
    out = []
    for share in STEPS:
        rest = 1 - share
        weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
        known = (start, one, two, end)
        out.append(
            (
                sum(w * x for w, (x, _) in zip(weights, known, strict=True)),
                sum(w * y for w, (_, y) in zip(weights, known, strict=True)),
            )
        )
    return out


def crossings(ring: Ring, line: float, *, level: bool) -> list[float]:
    """Where the sides of a ring cross a line that is level, at this height, or upright."""
    points = ring if level else tuple((y, x) for x, y in ring)
    return [
        ax + (line - ay) / (by - ay) * (bx - ax)
        for (ax, ay), (bx, by) in itertools.pairwise((*points, points[0]))
        if (ay <= line) != (by <= line)
    ]


def _turns(ring: Ring, x: float, y: float) -> int:
    """How often a ring goes around a point, against the clock counted positive."""
    turns = 0
    for (ax, ay), (bx, by) in itertools.pairwise((*ring, ring[0])):
        if (ay <= y) == (by <= y):
            continue
        side = (bx - ax) * (y - ay) - (x - ax) * (by - ay)
        turns += (ay <= y and side > 0) - (by <= y and side < 0)
    return turns
