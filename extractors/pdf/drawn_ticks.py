"""Check boxes and radio buttons that a PDF page draws as shapes beside its options: read as the signs they show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extractors.pdf.colour import PAPER, Ink, ink_of
from extractors.pdf.marks import Char

SMALLEST, LARGEST = 5.0, 16.0  # points: the sides of a box or circle beside an option
SQUARE = 1.15  # the longer side by the shorter one
ROUND = 0.06  # of its radius: how far the points of a circle lie off it
INNER = 0.3  # of a box's side: a mark in it is no smaller
BESIDE = 1.0  # of a box's side: its option begins no farther to the right
MOST_SHAPES = 2000  # on a page: more are a drawing


@dataclass(frozen=True, slots=True)
class _Shape:
    left: float
    top: float
    right: float
    bottom: float
    round: bool
    ink: Ink

    @property
    def side(self) -> float:
        return max(self.right - self.left, self.bottom - self.top)


def drawn_ticks(page: Any, x0: float, y0: float, chars: Sequence[Char]) -> list[Char]:
    """The signs (☑ □ ● ○) of a pdfplumber page's drawn boxes that stand left of a text, none where they hold one."""
    shapes = _shapes(page, x0, y0)
    if len(shapes) > MOST_SHAPES:
        return []
    frames: list[_Shape] = []
    for shape in sorted(shapes, key=lambda s: -s.side):
        wide, high = shape.right - shape.left, shape.bottom - shape.top
        square = min(wide, high) >= SMALLEST and max(wide, high) <= min(LARGEST, SQUARE * min(wide, high))
        if square and shape.ink.shows_on(PAPER) and not any(_inside(shape, frame) for frame in frames):
            frames.append(shape)
    letters = [char for char in chars if not char.text.isspace()]
    out: list[Char] = []
    for frame in frames:
        if not _marks_option(frame, letters):
            continue
        marked = any(
            other is not frame
            and _inside(other, frame)
            and INNER * frame.side <= other.side < 0.85 * frame.side
            and (other.ink.shows_on(PAPER) or other.ink.shows_on(frame.ink.rgb))
            for other in shapes
        )
        sign = ("○", "●")[marked] if frame.round else ("□", "☑")[marked]
        number = max(char.number for char in chars) + 2 * len(out) + 2
        out.append(Char(sign, frame.left, frame.top, frame.right, frame.bottom, number))
    return out


def _shapes(page: Any, x0: float, y0: float) -> list[_Shape]:
    """The small shapes of a page."""
    out = []
    for item in (*page.rects, *page.curves, *page.lines):
        box = (item["x0"] - x0, item["top"] - y0, item["x1"] - x0, item["bottom"] - y0)
        if max(box[2] - box[0], box[3] - box[1]) > LARGEST:
            continue
        colour = item.get("stroking_color") if item.get("stroke") else item.get("non_stroking_color")
        round_ = item["object_type"] == "curve" and _is_round(item.get("pts", ()), item)
        out.append(_Shape(*box, round_, ink_of(colour)))
    return out


def _is_round(points: Sequence[tuple[float, float]], item: dict[str, Any]) -> bool:
    """Whether the points of a curve lie on the circle in its box."""
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    radius = max(item["x1"] - item["x0"], 0.1) / 2
    away = [math.hypot(px - x, py - y) for px, py in points]
    return len(points) > 4 and all(abs(d - radius) <= ROUND * radius for d in away)


def _inside(inner: _Shape, outer: _Shape) -> bool:
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def _marks_option(frame: _Shape, letters: Sequence[Char]) -> bool:
    """Whether a text begins to the right of a box that holds none."""
    beside = False
    for char in letters:
        x, y = (char.left + char.right) / 2, (char.top + char.bottom) / 2
        if frame.left <= x <= frame.right and frame.top <= y <= frame.bottom:
            return False
        level = char.top <= (frame.top + frame.bottom) / 2 <= char.bottom and frame.top <= y <= frame.bottom
        beside = beside or (level and 0 <= char.left - frame.right + 1 <= BESIDE * frame.side + 1)
    return beside
