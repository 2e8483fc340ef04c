"""The ruling lines of a PDF page from what is drawn on it: strokes, thin areas, rows of dots, and the edges of fills.

A chain of small steps: marks in the order of painting → rows of dots become strokes → strokes that show on their
ground → edges of the fills that tell cells apart (`extractors.pdf.fills`).
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from extractors.pdf.colour import PAPER, Paint, ink_of
from extractors.pdf.fills import Area, Ground, fill_edges, telling
from schemas.frozen import dataclass
from schemas.model import Rule

THIN = 2.5  # points: a filled rectangle no thicker than this is a rule, not a background
SHORTEST_RULE = 1.0  # points: shorter strokes are dots and dashes' ends
LENGTHWISE = 1.25  # times its width: how long a stroke is at least; a square dot runs in no direction
CORNER = 8.0  # points: the widest round corner of a cell
ROUNDEST = 0.45  # of its shorter side
ON_SIDE = 0.1  # points: what lies nearer to a side is on it
FEWEST_POINTS = 8  # of a rectangle with round corners: two at each
DIAGONAL = 1.0  # points: how far the ends of a horizontal or vertical stroke may stray
DASH = 20.0  # points: the longest dash; what is longer is a rule of its own
SAME_ROW = 0.5  # points: how far the middles of the dots of one rule may differ
FEWEST_DOTS = 4  # fewer make no rule: a colon, an ellipsis, a corner
WIDEST_GAP = 8.0  # points: between the dashes of one rule
IN_STEP = 0.15  # points: how exactly the dots of one cell's border stand at their steps
UNEVEN = 1.6  # times the usual gap of a row of dots, beyond which it is not the same row
MANY_DOTS = 12  # gaps of a row, from which the share of wide ones tells
WIDER = 0.9  # of a row's gaps are no wider than those between the dots of one cell
PATTERN = 0.6  # share of a row's dots that stand in rows of the other direction too: a pattern of dots, no rule


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight mark, horizontal or vertical: its middle line `at`, from `start` to `end`, and its width in points."""

    vertical: bool
    at: float
    start: float
    end: float
    width: float
    ink: Paint


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn on a page, in points from the top left of its visible part. `dots` are marks too short to have
    a direction."""

    strokes: tuple[Stroke, ...]
    dots: tuple[Area, ...]
    areas: tuple[Area, ...]


Mark = tuple[float, float, float, int, Stroke | Area]
"""A dot or dash of one direction: the position of its middle line, its start, its end, its number, itself."""


def drawn_rules(marks: Marks, page: Any) -> list[Rule]:
    """The rules that the marks of a pdfplumber page make."""
    strokes = [*dotted(marks.strokes, marks.dots), *marks.strokes]
    areas = sorted(marks.areas, key=lambda area: area.ink.order)
    # a page of black rules on bare paper needs no look at its grounds
    if not any(area.ink.shows_on(PAPER) for area in areas):
        shown = [s for s in strokes if s.ink.shows_on(PAPER) and not _covered(s, areas)]
        return [Rule(s.vertical, s.at, s.start, s.end) for s in shown]
    width, height = float(page.width), float(page.height)
    ground = Ground.of(areas, width, height)
    rules = [rule for s in strokes for rule in visible_parts(s, ground)]
    return rules + fill_edges(telling(areas, rules, width, height), width, height)


def drawn_marks(page: Any, x0: float, y0: float) -> Marks:
    """The strokes and areas of a page's lines, rectangles and curves."""
    strokes: list[Stroke] = []
    dots: list[Area] = []
    areas: list[Area] = []

    def stroke(left: float, top: float, right: float, bottom: float, width: float, ink: Paint) -> None:
        if abs(bottom - top) <= DIAGONAL and right - left >= SHORTEST_RULE:
            strokes.append(Stroke(False, (top + bottom) / 2, left, right, width, ink))
        elif abs(right - left) <= DIAGONAL and bottom - top >= SHORTEST_RULE:
            strokes.append(Stroke(True, (left + right) / 2, top, bottom, width, ink))
        elif max(right - left, bottom - top) <= THIN:
            dots.append(Area(left, top, right, bottom, ink))

    def filled(left: float, top: float, right: float, bottom: float, ink: Paint) -> None:
        """A thin area is a rule along its middle."""
        across, down = (left + right) / 2, (top + bottom) / 2
        wide, tall = right - left, bottom - top
        if max(wide, tall) <= THIN:
            dots.append(Area(left, top, right, bottom, ink))
            if max(wide, tall) < max(SHORTEST_RULE, LENGTHWISE * min(wide, tall)):
                return
        if tall <= THIN and wide > tall:
            stroke(left, down, right, down, tall, ink)
        elif wide <= THIN and tall > wide:
            stroke(across, top, across, bottom, wide, ink)
        elif min(wide, tall) > THIN:
            areas.append(Area(left, top, right, bottom, ink))

    for kind in ("line", "rect", "curve"):
        for item in page.objects.get(kind, ()):
            left, top, right, bottom = item["x0"] - x0, item["top"] - y0, item["x1"] - x0, item["bottom"] - y0
            width = float(item.get("linewidth") or 0.0)
            pen, brush = ink_of(item.get("stroking_color")), ink_of(item.get("non_stroking_color"))
            if item.get("fill") and kind != "line" and (kind == "rect" or _is_rectangle(item)):
                # a stroke around a thin area adds nothing to it
                thin = min(right - left, bottom - top) <= THIN
                filled(left, top, right, bottom, pen if thin and item.get("stroke") else brush)
                if thin:
                    continue
            if not item.get("stroke"):
                continue
            if kind == "rect" and min(right - left, bottom - top) <= THIN:
                filled(left, top, right, bottom, pen)
            else:
                for ax, ay, bx, by in _sides(kind, item, (left, top, right, bottom), x0, y0):
                    stroke(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), width, pen)
    return Marks(tuple(strokes), tuple(dots), tuple(areas))


def _sides(
    kind: str, item: dict[str, Any], box: tuple[float, float, float, float], x0: float, y0: float
) -> Iterator[tuple[float, float, float, float]]:
    """The straight pieces of a stroked object, each from one point to another."""
    left, top, right, bottom = box
    if kind == "line":
        yield left, top, right, bottom
    elif kind == "rect":
        yield left, top, right, top
        yield left, bottom, right, bottom
        yield left, top, left, bottom
        yield right, top, right, bottom
    elif _is_rounded(item):
        yield from _sides("rect", item, box, x0, y0)
    else:
        for (ax, ay), (bx, by) in itertools.pairwise(item.get("pts") or ()):
            yield ax - x0, ay - y0, bx - x0, by - y0


def _is_rectangle(item: dict[str, Any]) -> bool:
    """Whether a curve's points are the corners of its box, or it is as thin as a rule or as small as a dot."""
    left, right = item["x0"], item["x1"]
    if min(right - left, item["bottom"] - item["top"]) <= THIN:
        return True
    points = item.get("pts") or ()
    return len(points) >= 4 and all(
        min(abs(x - left), abs(x - right)) < DIAGONAL / 2
        and min(abs(y - item["top"]), abs(y - item["bottom"])) < DIAGONAL / 2
        for x, y in points
    )


def _is_rounded(item: dict[str, Any]) -> bool:
    """Whether a curve is a rectangle with round corners: its points lie at the corners of its box, and on all its sides
    from one corner to the next."""
    left, right, top, bottom = item["x0"], item["x1"], item["top"], item["bottom"]
    points = item.get("pts") or ()
    if len(points) < FEWEST_POINTS or min(right - left, bottom - top) < 2 * THIN:
        return False
    near = [(min(x - left, right - x), min(y - top, bottom - y)) for x, y in points]
    round_ = min(CORNER, ROUNDEST * (right - left), ROUNDEST * (bottom - top))
    on_sides = {(x <= ON_SIDE, y <= ON_SIDE) for x, y in near}
    return all(x <= round_ and y <= round_ for x, y in near) and {(True, False), (False, True)} <= on_sides


def dotted(strokes: Sequence[Stroke], dots: Sequence[Area]) -> list[Stroke]:
    """The rules that rows of dots and dashes make.

    Browsers and Word draw each dot of a dotted border as an area of its own, under a point wide. A row is one rule
    where its gaps are even; a field of dots, in rows both ways, is a pattern."""
    marks: dict[bool, list[Mark]] = {False: [], True: []}
    for k, dot in enumerate(dots):
        across, down = (dot.left + dot.right) / 2, (dot.top + dot.bottom) / 2
        marks[False].append((down, dot.left, dot.right, k, dot))
        marks[True].append((across, dot.top, dot.bottom, k, dot))
    for k, dash in enumerate(strokes):
        if dash.end - dash.start <= DASH:
            marks[dash.vertical].append((dash.at, dash.start, dash.end, -1 - k, dash))
    rows = {way: _rows_of_dots(marked) for way, marked in marks.items()}
    members = {way: {mark[3] for row in rows[way] for mark in row} for way in rows}
    out = []
    for way in rows:
        for row in rows[way]:
            both = sum(1 for mark in row if mark[3] in members[not way])
            if both > PATTERN * len(row):
                continue
            first = row[0][4]
            width = (
                first.width if isinstance(first, Stroke) else min(first.right - first.left, first.bottom - first.top)
            )
            out.append(Stroke(way, median(m[0] for m in row), row[0][1], max(m[2] for m in row), width, first.ink))
    return out


def _rows_of_dots(marks: list[Mark]) -> list[list[Mark]]:
    """Marks of one direction in even rows of at least FEWEST_DOTS."""
    marks.sort(key=lambda m: (m[0], m[1]))
    lines: list[list[Mark]] = []
    for mark in marks:
        if lines and mark[0] - lines[-1][0][0] <= SAME_ROW:
            lines[-1].append(mark)
        else:
            lines.append([mark])
    rows = []
    for line in lines:
        if len(line) < FEWEST_DOTS:
            continue
        line.sort(key=lambda m: m[1])
        gaps = _gaps(line)
        limit = _widest_gap(gaps)
        starts = [mark[1] for mark in line]
        row = [line[0]]
        for k, (gap, mark) in enumerate(zip(gaps, line[1:], strict=True)):
            if gap > limit and not (_even_here(gaps, k) or _in_step(starts, k)):
                rows.append(row)
                row = []
            row.append(mark)
        rows.append(row)
    return [row for row in rows if len(row) >= FEWEST_DOTS]


def _widest_gap(gaps: Sequence[float]) -> float:
    """The widest gap within one row of dots. Where two cells draw the same border, the dots of the one stand between
    those of the other at all distances: there the wider gaps tell how far apart the dots of one cell stand."""
    wide = sorted(gap for gap in gaps if gap > 0)
    usual = median(wide or [0.0])
    limit = max(usual * UNEVEN, usual + SHORTEST_RULE)
    if len(wide) >= MANY_DOTS:
        limit = max(limit, wide[int(WIDER * len(wide))] + SHORTEST_RULE / 2)
    return min(limit, WIDEST_GAP)


def _even_here(gaps: Sequence[float], k: int) -> bool:
    """Whether gap k is one of as many even ones as make a row of dots by themselves: where most of a border is drawn
    twice, the dots of one cell alone stand farther apart than the usual ones of that border."""
    apart = [n for n, gap in enumerate(gaps) if gap > 0]
    place = bisect_left(apart, k)
    for first in range(max(place - FEWEST_DOTS + 2, 0), place + 1):
        beside = [gaps[n] for n in apart[first : first + FEWEST_DOTS - 1]]
        if len(beside) == FEWEST_DOTS - 1 and max(beside) <= min(UNEVEN * min(beside), WIDEST_GAP):
            return True
    return False


def _in_step(starts: Sequence[float], k: int) -> bool:
    """Whether dots at even steps, enough for a row of their own, lead over the gap behind mark k: two cells may draw
    one border at steps of their own, and where these run apart the gaps are even on neither side."""
    for j in range(max(k - FEWEST_DOTS, 0), k + 1):
        for m in range(k + 1, min(k + 1 + FEWEST_DOTS, len(starts))):
            step = starts[m] - starts[j]
            if step <= WIDEST_GAP and _steps(starts, starts[j], -step) + _steps(starts, starts[m], step) >= FEWEST_DOTS:
                return True
    return False


def _steps(starts: Sequence[float], first: float, step: float) -> int:
    """How many dots stand one step apart from the first one on, it among them; no more than make a row are counted."""
    for count in range(1, FEWEST_DOTS):
        at = first + count * step
        near = bisect_left(starts, at - IN_STEP)
        if near == len(starts) or starts[near] > at + IN_STEP:
            return count
    return FEWEST_DOTS


def _gaps(line: Sequence[Mark]) -> list[float]:
    """The gaps before all marks of a line but the first; none where marks overlap (corners are drawn twice)."""
    gaps = []
    reached = line[0][2]
    for mark in line[1:]:
        gaps.append(max(mark[1] - reached, 0.0))
        reached = max(reached, mark[2])
    return gaps


def visible_parts(stroke: Stroke, ground: Ground) -> list[Rule]:
    """The parts of a stroke that show: those whose light differs from the ground on one of its sides, and that
    nothing covers."""
    beside = stroke.width / 2 + 0.5
    out: list[Rule] = []
    for start, end in ground.pieces(stroke.vertical, stroke.at, stroke.start, stroke.end):
        middle = (start + end) / 2
        sides = [ground.light(stroke.vertical, at, middle) for at in (stroke.at - beside, stroke.at + beside)]
        if not any(stroke.ink.shows_on(side) for side in sides):
            continue
        if ground.covers(stroke.vertical, stroke.at, middle, stroke.ink.order):
            continue
        if out and out[-1].end == start:
            out[-1] = replace(out[-1], end=end)
        else:
            out.append(Rule(stroke.vertical, stroke.at, start, end))
    return out


def _covered(stroke: Stroke, areas: Sequence[Area]) -> bool:
    """Whether an opaque area that was painted later covers a stroke from end to end."""
    return any(
        area.ink.order > stroke.ink.order and area.covers(stroke.vertical, stroke.at, stroke.start, stroke.end)
        for area in areas
    )
