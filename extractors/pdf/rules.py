"""The ruling lines of a PDF page from its drawn lines, rectangles and curves."""

from __future__ import annotations

import itertools
from typing import Any

from schemas.model import Rule

THIN = 2.5  # points: a filled rectangle no thicker than this is a rule, not a background
SHORTEST_RULE = 1.0  # points: shorter strokes are dots and dashes' ends
DIAGONAL = 1.0  # points: how far the ends of a horizontal or vertical stroke may stray


def drawn_rules(page: Any, x0: float, y0: float) -> list[Rule]:
    """The rules of a pdfplumber page, in points from (x0, y0)."""
    rules: list[Rule] = []

    def stroke(left: float, top: float, right: float, bottom: float) -> None:
        left, right, top, bottom = left - x0, right - x0, top - y0, bottom - y0
        if abs(bottom - top) <= DIAGONAL and right - left >= SHORTEST_RULE:
            rules.append(Rule(False, (top + bottom) / 2, left, right))
        elif abs(right - left) <= DIAGONAL and bottom - top >= SHORTEST_RULE:
            rules.append(Rule(True, (left + right) / 2, top, bottom))

    def filled(left: float, top: float, right: float, bottom: float) -> bool:
        """A thin area is a rule along its middle; False where the area is not thin."""
        across, down = (left + right) / 2, (top + bottom) / 2
        if bottom - top <= THIN and right - left > bottom - top:
            stroke(left, down, right, down)
        elif right - left <= THIN and bottom - top > right - left:
            stroke(across, top, across, bottom)
        else:
            return min(bottom - top, right - left) <= THIN
        return True

    for line in page.lines:
        if not _white(line.get("stroking_color")):
            stroke(line["x0"], line["top"], line["x1"], line["bottom"])
    for rect in page.rects:
        left, top, right, bottom = rect["x0"], rect["top"], rect["x1"], rect["bottom"]
        ink = rect.get("stroking_color") if rect.get("stroke") else rect.get("non_stroking_color")
        if not (rect.get("stroke") or rect.get("fill")) or _white(ink):
            continue
        if not filled(left, top, right, bottom) and rect.get("stroke"):
            stroke(left, top, right, top)
            stroke(left, bottom, right, bottom)
            stroke(left, top, left, bottom)
            stroke(right, top, right, bottom)
    for curve in page.curves:
        if curve.get("fill") and not curve.get("stroke") and not _white(curve.get("non_stroking_color")):
            filled(curve["x0"], curve["top"], curve["x1"], curve["bottom"])
        elif curve.get("stroke") and not _white(curve.get("stroking_color")):
            points = [(x, y) for x, y in curve.get("pts", ())]
            for (ax, ay), (bx, by) in itertools.pairwise(points):
                stroke(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    return rules


def _white(color: Any) -> bool:
    """Whether a colour leaves no ink: grey or RGB all ones, CMYK all zeros."""
    if color is None:
        return False
    parts = color if isinstance(color, (tuple, list)) else (color,)
    if not all(isinstance(p, (int, float)) for p in parts):
        return False
    if len(parts) == 4:
        return all(p == 0 for p in parts)
    return len(parts) in (1, 3) and all(p >= 0.99 for p in parts)
