"""Filled paths with holes: what of them is ink.

Programs draw a border as one path of two boxes, the inner of which is a hole, and a whole table as a box with a hole
for each cell. Taken for itself each such box would be an area of ink, and all text in it would stand on that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

THIN = 2.5  # points: a frame no thicker than this is drawn as a stroke
LARGE = 26.0  # points: a smaller shape with several holes is a letter
BOXY = 0.8  # of its box: a shape that fills so much of it is one, maybe with round corners
MOST_PARTS = 4000  # of a path that are held against each other

Path = Sequence[Any]
Bounds = tuple[float, float, float, float]


@dataclass(slots=True)
class Solids:
    """What is ink of the parts of a filled path: those that are `filled`, and `frames`, outlines with how thick they
    are in the path's units. `hollow` says that some part was a hole."""

    filled: list[Path] = field(default_factory=list)
    frames: list[tuple[Path, float]] = field(default_factory=list)
    hollow: bool = False


def solids(parts: Sequence[Path], even_odd: bool, scale: float) -> Solids:
    """What is ink of the parts of a path that is filled, which is `scale` points to its unit. Boxes with holes that are
    boxes become what lies between them; what is no box stays as it is, as do its holes."""
    rings = [_points(part) for part in parts]
    if len(parts) < 2 or len(parts) > MOST_PARTS or not all(rings):
        return Solids(list(parts))
    boxes = np.array([_bounds(ring) for ring in rings])
    thin, large = THIN / scale, LARGE / scale
    if not (np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) > thin).any():
        return Solids(list(parts))
    areas = np.array([_area(ring) for ring in rings])
    boxy = np.abs(areas) >= BOXY * (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    holes_of = _holes(boxes, areas, even_odd)
    gone = {hole for holes in holes_of.values() for hole in holes}
    out = Solids(hollow=bool(gone))
    for number, part in enumerate(parts):
        if number in gone:
            continue
        holes, box = holes_of.get(number, []), boxes[number]
        gaps = [*(boxes[holes[0], :2] - box[:2]), *(box[2:] - boxes[holes[0], 2:])] if len(holes) == 1 else []
        if gaps and max(gaps) <= thin:
            out.frames.append((part, float(sum(gaps)) / len(gaps)))
        elif holes and max(box[2:] - box[:2]) >= large and boxy[[number, *holes]].all():
            out.filled += [_box_path(one) for one in _between(tuple(box), boxes[holes])]
        else:
            out.filled += [part, *(parts[hole] for hole in holes)]
    return out


def _holes(boxes: npt.NDArray[np.float64], areas: npt.NDArray[np.float64], even_odd: bool) -> dict[int, list[int]]:
    """The holes of each part, by the box that each stands in: a hole is where the turns of all around it make none."""
    turns = np.ones(len(areas), dtype=int) if even_odd else np.where(areas < 0, -1, 1)
    sizes = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    out: dict[int, list[int]] = defaultdict(list)
    around: dict[int, list[int]] = {}
    for number, box in enumerate(boxes):
        holds = (boxes[:, :2] <= box[:2]).all(axis=1) & (boxes[:, 2:] >= box[2:]).all(axis=1) & (sizes > sizes[number])
        around[number] = np.flatnonzero(holds).tolist()

    def is_hole(number: int) -> bool:
        wound = int(turns[number] + turns[around[number]].sum()) if around[number] else int(turns[number])
        return wound % 2 == 0 if even_odd else wound == 0

    found = {number: is_hole(number) for number in around}
    for number, outer in around.items():
        if found[number]:
            solid = [other for other in outer if not found[other]]
            if solid:
                out[min(solid, key=lambda other: sizes[other])].append(number)
    return out


def _between(outer: Bounds, holes: npt.NDArray[np.float64]) -> list[Bounds]:
    """A box without its holes, as boxes: from each height at which a hole begins or ends to the next, what no hole
    takes, and what is as wide in several of them as one."""
    left, low, right, high = outer
    heights = sorted({low, high, *(float(y) for y in holes[:, 1]), *(float(y) for y in holes[:, 3])})
    open_: dict[tuple[float, float], float] = {}  # what goes on, from which height
    out: list[Bounds] = []
    for bottom, top in pairwise(heights):
        middle = (bottom + top) / 2
        cut = holes[(holes[:, 1] < middle) & (holes[:, 3] > middle)]
        spans, at = [], left
        for start, end in sorted((float(hole[0]), float(hole[2])) for hole in cut):
            if start > at:
                spans.append((at, start))
            at = max(at, end)
        if at < right:
            spans.append((at, right))
        for span in [span for span in open_ if span not in spans]:
            out.append((span[0], open_.pop(span), span[1], bottom))
        for span in spans:
            open_.setdefault(span, bottom)
    return [*out, *((start, from_, end, high) for (start, end), from_ in open_.items())]


def _box_path(box: Bounds) -> Path:
    left, low, right, high = box
    return [("m", left, low), ("l", right, low), ("l", right, high), ("l", left, high), ("h",)]


def _points(part: Path) -> list[tuple[float, float]]:
    """The points on a part of a path: the last two numbers of each of its steps."""
    return [(float(step[-2]), float(step[-1])) for step in part if len(step) > 2]


def _bounds(ring: Sequence[tuple[float, float]]) -> Bounds:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _area(ring: Sequence[tuple[float, float]]) -> float:
    """Of the polygon through these points, less than nothing where it turns clockwise."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*ring, ring[0]])) / 2
