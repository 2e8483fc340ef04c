"""The filled areas of a PDF page: the ground that they make, and the cells that only their edges tell apart.

Tables are drawn without any rule: as filled cells with the paper or a dark area showing between them, or as cells
of different fills side by side. Their edges count as rules. A fill that stands alone in a cell (text marked with a
pen) or alone on the page (a box of text, a background) makes no cell.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from extractors.pdf.colour import PAPER, RGB, SAME, Paint
from schemas.frozen import dataclass
from schemas.model import Rule

STRIP = 4.5  # points: ground no wider than this between two fills is a rule; wider, a gap
NEAR = 2.6  # points: an edge this near to a rule is that rule's
COVERS = 0.4  # points: an area covers what lies so far inside its edges; a rule along its edge shows
WHOLE_PAGE = 0.85  # of the page, on each side: such a fill is the page's own ground
SMALLEST_CELL = 5.0  # points: what is smaller holds no text
OPAQUE = 0.98  # opacity above which nothing shows through
ROUNDING = 0.051  # points: half the tenth that positions are rounded to
MOST_TILES = 2_000_000  # tiles between the edges of all areas: a page of more is a picture, not a table

Lights = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle, in points from the top left of the page's visible part."""

    left: float
    top: float
    right: float
    bottom: float
    ink: Paint

    def covers(self, vertical: bool, at: float, start: float, end: float) -> bool:
        """Whether it hides a line painted before it."""
        a, b, c, d = (self.left, self.right, self.top, self.bottom)
        if not vertical:
            a, b, c, d = c, d, a, b
        inside = a + COVERS < at < b - COVERS and c <= start + COVERS and d >= end - COVERS
        return inside and self.ink.opacity >= OPAQUE


@dataclass(frozen=True, slots=True)
class Ground:
    """What light each place of a page has by its areas alone: `lights[i, j]` between ys[i], ys[i + 1] and xs[j],
    xs[j + 1]; `orders` is the turn of the last opaque area there."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    lights: Lights
    orders: npt.NDArray[np.int64]

    @classmethod
    def of(cls, areas: Sequence[Area], width: float, height: float) -> Ground:
        """The ground that areas, in the order of painting, make on a page of that size (points)."""
        xs = _positions([v for a in areas for v in (a.left, a.right)], width)
        ys = _positions([v for a in areas for v in (a.top, a.bottom)], height)
        if len(xs) * len(ys) > MOST_TILES:
            xs, ys, areas = (0.0, width), (0.0, height), []
        lights = np.empty((len(ys) - 1, len(xs) - 1, 3), dtype=np.float32)
        lights[:] = PAPER
        orders = np.zeros(lights.shape[:2], dtype=np.int64)
        for area in areas:
            i, j = _index(ys, area.top), _index(ys, area.bottom)
            k, m = _index(xs, area.left), _index(xs, area.right)
            part = area.ink.opacity
            lights[i:j, k:m] = lights[i:j, k:m] * (1 - part) + np.array(area.ink.rgb, dtype=np.float32) * part
            if part >= OPAQUE:
                orders[i:j, k:m] = area.ink.order
        return cls(xs, ys, lights, orders)

    def tile(self, vertical: bool, at: float, along: float) -> tuple[int, int]:
        """The tile at a place that is `at` across a line and `along` it."""
        x, y = (at, along) if vertical else (along, at)
        i = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        j = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        return i, j

    def light(self, vertical: bool, at: float, along: float) -> RGB:
        """The light at a place."""
        return self.light_of(self.tile(vertical, at, along))

    def light_of(self, tile: tuple[int, int]) -> RGB:
        """The light of a tile."""
        red, green, blue = self.lights[tile].tolist()
        return red, green, blue

    def covers(self, vertical: bool, at: float, along: float, order: int) -> bool:
        """Whether an opaque area that is painted later than `order` lies over a place, on both sides of it."""
        return all(self.orders[self.tile(vertical, side, along)] > order for side in (at - COVERS, at, at + COVERS))

    def pieces(self, vertical: bool, at: float, start: float, end: float) -> Iterator[tuple[float, float]]:
        """A line's parts between the edges of areas that it crosses."""
        lines = self.ys if vertical else self.xs
        inner = lines[bisect_right(lines, start + COVERS) : bisect_right(lines, end - COVERS)]
        yield from zip((start, *inner), (*inner, end), strict=True)


def telling(areas: Sequence[Area], rules: Sequence[Rule], width: float, height: float) -> list[Area]:
    """The areas whose edges may tell cells apart.

    Not those that stand in a ruled cell, unless they make a table of their own there; and of those outside of
    ruled cells only such as stand in rows and columns, or meet rules."""
    whole = [area for area in areas if _is_page(area, width, height)]
    cells = [
        area
        for area in areas
        if not _is_page(area, width, height)
        and min(area.right - area.left, area.bottom - area.top) > 0
        and area.right > 0
        and area.bottom > 0
    ]
    homes: dict[tuple[float, float, float, float] | None, list[Area]] = defaultdict(list)
    sides = _Sides.of(rules)
    for area in cells:
        homes[sides.around(area)].append(area)
    kept = [area for home, inside in homes.items() if home is not None and _in_rows(inside) for area in inside]
    for group in _neighbours(homes.get(None, [])):
        if _in_rows(group):
            kept += group
    return sorted([*whole, *kept], key=lambda area: area.ink.order)


def fill_edges(areas: Sequence[Area], width: float, height: float) -> list[Rule]:
    """The edges between areas of different light as rules: narrow strips along their middle."""
    if not areas:
        return []
    ground = Ground.of([_widened(area, width, height) for area in areas], width, height)
    across = _edges(ground.lights, ground.xs, ground.ys, vertical=True)
    down = _edges(np.swapaxes(ground.lights, 0, 1), ground.ys, ground.xs, vertical=False)
    inner = [r for r in across if r.end - r.start > SMALLEST_CELL]
    # without a border between its ends, a row of text would become one cell
    if len({round(r.at) for r in inner}) < 3:
        return []
    return across + down


def _edges(lights: Lights, places: Sequence[float], lines: Sequence[float], vertical: bool) -> list[Rule]:
    """The edges that run along the first axis of `lights`; `places` are the positions across, `lines` along."""
    out: list[Rule] = []
    for i in range(len(lines) - 1):
        row = lights[i]
        steps = np.flatnonzero(np.abs(np.diff(row, axis=0)).max(axis=1) > SAME) + 1
        ends = [0, *steps.tolist(), len(row)]
        spans = [(places[a], places[b]) for a, b in itertools.pairwise(ends)]
        narrow = [b - a <= STRIP for a, b in spans]
        for k in range(1, len(spans)):
            if narrow[k] and k < len(spans) - 1:
                at = sum(spans[k]) / 2
            elif not narrow[k - 1] or k == 1:
                at = spans[k][0]
            else:
                continue
            out.append(Rule(vertical, at, lines[i], lines[i + 1]))
    return out


def _positions(values: Sequence[float], end: float) -> tuple[float, ...]:
    """Distinct positions within the page, to a tenth of a point."""
    return tuple(sorted({0.0, end, *(round(min(max(v, 0.0), end), 1) for v in values)}))


def _index(positions: Sequence[float], value: float) -> int:
    """The number of the position that a value was rounded to."""
    return max(bisect_right(positions, min(max(value, 0.0), positions[-1]) + ROUNDING) - 1, 0)


def _is_page(area: Area, width: float, height: float) -> bool:
    return area.right - area.left >= WHOLE_PAGE * width and area.bottom - area.top >= WHOLE_PAGE * height


def _widened(area: Area, width: float, height: float) -> Area:
    """A page's own ground goes on to the page's edges, where no cell ends."""
    return Area(0.0, 0.0, width, height, area.ink) if _is_page(area, width, height) else area


@dataclass(frozen=True, slots=True)
class _Sides:
    """Rules as arrays (position, start, end) by direction, to find what stands around an area."""

    down: npt.NDArray[np.float64]
    across: npt.NDArray[np.float64]

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> _Sides:
        split = [[(r.at, r.start, r.end) for r in rules if r.vertical is way] for way in (True, False)]
        down, across = (np.array(part, dtype=np.float64).reshape(-1, 3) for part in split)
        return cls(down, across)

    def around(self, area: Area) -> tuple[float, float, float, float] | None:
        """The nearest rules on all four sides of an area, None where one side is open."""
        x, y = (area.left + area.right) / 2, (area.top + area.bottom) / 2
        down = self.down[(self.down[:, 1] <= y) & (self.down[:, 2] >= y)][:, 0]
        across = self.across[(self.across[:, 1] <= x) & (self.across[:, 2] >= x)][:, 0]
        left, right = down[down <= area.left + NEAR], down[down >= area.right - NEAR]
        top, bottom = across[across <= area.top + NEAR], across[across >= area.bottom - NEAR]
        if not (len(left) and len(right) and len(top) and len(bottom)):
            return None
        return round(left.max(), 1), round(top.max(), 1), round(right.min(), 1), round(bottom.min(), 1)


def _in_rows(areas: Sequence[Area]) -> bool:
    """Whether areas stand in two rows and two columns at least."""
    cells = [a for a in areas if min(a.right - a.left, a.bottom - a.top) >= SMALLEST_CELL]
    return len(cells) > 2 and _count([a.left for a in cells]) > 1 and _count([a.top for a in cells]) > 1


def _count(values: Sequence[float]) -> int:
    """How many positions there are, near ones taken for one."""
    ordered = sorted(values)
    return 1 + sum(1 for a, b in itertools.pairwise(ordered) if b - a > NEAR) if ordered else 0


def _neighbours(areas: Sequence[Area]) -> list[list[Area]]:
    """Areas in groups of those that touch or overlap, or leave only a strip between them."""
    if not areas:
        return []
    boxes = np.array([(a.left, a.top, a.right, a.bottom) for a in areas])
    label = np.full(len(areas), -1)
    groups: list[list[Area]] = []
    for first in range(len(areas)):
        if label[first] >= 0:
            continue
        label[first] = len(groups)
        members, queue = [first], [first]
        while queue:
            left, top, right, bottom = boxes[queue.pop()]
            near = (
                (boxes[:, 0] <= right + STRIP)
                & (boxes[:, 2] >= left - STRIP)
                & (boxes[:, 1] <= bottom + STRIP)
                & (boxes[:, 3] >= top - STRIP)
                & (label < 0)
            )
            fresh = np.flatnonzero(near).tolist()
            label[near] = len(groups)
            members += fresh
            queue += fresh
        groups.append([areas[i] for i in members])
    return groups
