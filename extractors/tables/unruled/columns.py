"""The columns below a header without upright rules: one for each of its names, parted where the white is."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from extractors.tables.unruled.texts import Text
from schemas.model import Box, Rule

EDGE = 0.3  # of the line height: the least white between two columns
APART = 0.8  # of the line height: the least white between columns without names
CROWDED = 1.0  # cost of two texts of one line in one column
CUT = 2.0  # cost of a text through which a border runs
WIDE = 0.002  # gain for each point of white
MANY = 0.4  # of the lines: so many have two texts in one column where it is two
FEWEST = 2  # lines
NEAR = 2.0  # of the line height: the rules above and below a table stand no further from its texts
MOST_BORDERS = 9  # places tried between two names

Span = tuple[float, float]


def borders_of(names: Sequence[Text], lines: Sequence[Sequence[Text]], size: float) -> list[float]:
    """The x of the borders between the columns of some header names, from left to right: of all the ways to draw them
    the one that leaves each line one text in each column; `lines` are those of the body, `size` is their height."""
    places = [_places(a, b, names, lines, size) for a, b in itertools.pairwise(names)]
    if not places:
        return []
    left, right = -float("inf"), float("inf")
    best: dict[float, tuple[float, list[float]]] = {left: (0.0, [])}
    for choices in places:
        after: dict[float, tuple[float, list[float]]] = {}
        for at, gain in choices:
            costs = (
                (cost + _crowded(lines, before, at) - gain, [*drawn, at]) for before, (cost, drawn) in best.items()
            )
            after[at] = min(costs)
        best = after
    return min((cost + _crowded(lines, at, right), drawn) for at, (cost, drawn) in best.items())[1]


def _places(
    one: Text, other: Text, names: Sequence[Text], lines: Sequence[Sequence[Text]], size: float
) -> list[tuple[float, float]]:
    """Where a border between two names may run, with the gain of each: in the white, and widest first."""
    start, end = one.box.right, max(other.box.left, one.box.right + 0.1)
    ink = [(t.box.left, t.box.right) for line in lines for t in line if t.box.left < end and t.box.right > start]
    white = _white(start, end, ink)
    wide = sorted((w for w in white if w[1] - w[0] >= EDGE * size), key=lambda w: w[0] - w[1])[:MOST_BORDERS]
    if wide:
        return [((a + b) / 2, WIDE * (b - a)) for a, b in wide]
    edges = {x for span in ink for x in span if start <= x <= end} | {(start + end) / 2}
    cuts = sorted((sum(1 for a, b in ink if a + 1 < x < b - 1), x) for x in edges)
    return [(x, -CUT * n) for n, x in cuts[:MOST_BORDERS]]


def _white(start: float, end: float, ink: Sequence[Span]) -> list[Span]:
    """What no ink covers between two places."""
    out: list[Span] = []
    at = start
    for a, b in sorted(ink):
        if a > at:
            out.append((at, min(a, end)))
        at = max(at, b)
    return [*out, (at, end)] if at < end else out


def _crowded(lines: Sequence[Sequence[Text]], left: float, right: float) -> float:
    inside = (sum(1 for t in line if left <= t.box.middle[0] < right) for line in lines)
    return CROWDED * sum(n - 1 for n in inside if n > 1)


def side_border(names: Sequence[Text], lines: Sequence[Sequence[Text]], size: float) -> float | None:
    """The border left of the first name's column, where texts stand left of it in a column without a name: the heading
    of the whole section, beside its rows."""
    first = names[0].box
    own: list[Text] = [names[0]]
    rest = sorted((t for line in lines for t in line if t.box.left < first.right), key=lambda t: -t.box.right)
    for text in rest:
        if text.box.right > min(t.box.left for t in own) - EDGE * size:
            own.append(text)
    left = min(t.box.left for t in own)
    side = [t for t in rest if t not in own]
    return (max(t.box.right for t in side) + left) / 2 if side else None


def ruled_side(area: Box, rules: Iterable[Rule], size: float) -> Span | None:
    """The left and the right border of what stands left of all rules within an area, where those above or below it
    begin further left: the heading of the whole section, or its blank."""
    near = [r for r in rules if not r.vertical and area.top - NEAR * size <= r.at <= area.bottom + NEAR * size]
    left = min((r.start for r in near), default=area.left)
    inner = min((r.start for r in near if area.top < r.at < area.bottom), default=left)
    return (left, inner) if inner > left + size else None


def side_columns(left: float, side: float, lines: Sequence[Sequence[Text]], size: float) -> list[float]:
    """The borders within what stands left of the first name: headings of the section, names of lines of money."""
    ink = [(t.box.left, t.box.right) for line in lines for t in line if left <= t.box.middle[0] < side]
    if not ink:
        return []
    start, end = min(a for a, _ in ink), max(b for _, b in ink)
    return [(a + b) / 2 for a, b in _white(start, end, ink) if b - a >= APART * size]


def parts_of(left: float, right: float, lines: Sequence[Sequence[Text]], size: float) -> list[float]:
    """The borders within one named column whose lines hold two texts or more, the same white between them."""
    inside = [[t for t in line if left <= t.box.middle[0] < right] for line in lines]
    inside = [line for line in inside if line]
    several = [line for line in inside if len(line) > 1]
    if len(several) < max(FEWEST, MANY * len(inside)):
        return []
    ink = [(t.box.left, t.box.right) for line in inside for t in line]
    start, end = min(a for a, _ in ink), max(b for _, b in ink)
    return [(a + b) / 2 for a, b in _white(start, end, ink) if b - a >= EDGE * size]
