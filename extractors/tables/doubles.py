"""Double rules: two lines near each other, as long as one another, with nothing written between, are one border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schemas.model import Rule, Word

DOUBLE = 5.5  # points: the two lines of a double rule stand no further apart; the thinnest real row seen was 5.7
ENDS = 8.0  # points: how far the ends of the inner and the outer line of a frame may differ


def join_doubles(rules: Sequence[Rule], words: Sequence[Word]) -> list[Rule]:
    """Rules with each double rule as one along its middle; what ends at either of its lines ends there."""
    out = list(rules)
    for vertical in (False, True):
        lines = sorted((r for r in out if r.vertical is vertical), key=lambda r: (r.at, r.start))
        pairs = []
        used: set[int] = set()
        for (i, a), (j, b) in _near(lines):
            if i not in used and j not in used and _is_double(a, b, words):
                used |= {i, j}
                pairs.append((a, b))
        for a, b in pairs:
            middle = (a.at + b.at) / 2
            one = Rule(vertical, middle, min(a.start, b.start), max(a.end, b.end))
            out = [_ended(r, a, b, middle) for r in out if r is not a and r is not b] + [one]
    return out


def _near(lines: Sequence[Rule]) -> list[tuple[tuple[int, Rule], tuple[int, Rule]]]:
    """Pairs of lines, by their numbers, that stand near enough."""
    pairs = []
    for i, a in enumerate(lines):
        for j in range(i + 1, len(lines)):
            if lines[j].at - a.at > DOUBLE:
                break
            pairs.append(((i, a), (j, lines[j])))
    return pairs


def _is_double(a: Rule, b: Rule, words: Sequence[Word]) -> bool:
    if not 0 < b.at - a.at <= DOUBLE or abs(a.start - b.start) > ENDS or abs(a.end - b.end) > ENDS:
        return False
    if a.end - a.start <= 2 * ENDS:
        return False  # the sides of a small box
    for word in words:
        x, y = word.box.middle
        at, along = (x, y) if a.vertical else (y, x)
        if a.at <= at <= b.at and a.start <= along <= a.end:
            return False
    return True


def _ended(rule: Rule, a: Rule, b: Rule, middle: float) -> Rule:
    """A rule that ends at one of the two lines, ending at their middle."""
    if rule.vertical is a.vertical or not min(a.start, b.start) - DOUBLE <= rule.at <= max(a.end, b.end) + DOUBLE:
        return rule
    low, high = a.at - DOUBLE / 2, b.at + DOUBLE / 2
    start = middle if low <= rule.start <= high else rule.start
    end = middle if low <= rule.end <= high else rule.end
    return replace(rule, start=start, end=end) if end > start else rule
