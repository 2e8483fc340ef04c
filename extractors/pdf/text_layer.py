"""Read one page of a PDF with a text layer: characters and drawn lines become words and rules.

Source: pdfplumber's page objects. Characters are trusted, gaps are not: a space is kept only where the file has
a space character. Characters that fonts map to radicals are folded here, at the door.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from schemas.language.radicals import fold_radicals
from schemas.model import Box, Reader, Rule, Sheet, Word

WORD_GAP = 0.25  # of the character size: a wider gap ends a word; columns may stand as near as a third of it
SAME_LINE = 0.3  # of the character size: how far the tops of two characters of one word may differ
OVERPRINT = 0.3  # of the character size: the same character this near was printed twice (poor man's bold)
THIN = 2.5  # points: a filled rectangle no thicker than this is a rule, not a background
SHORTEST_RULE = 1.0  # points: shorter strokes are dots and dashes' ends
DIAGONAL = 1.0  # points: how far the ends of a horizontal or vertical stroke may stray


def read_sheet(page: Any, number: int) -> Sheet:
    """The words and rules of a pdfplumber page; boxes in points from the top left of the visible page."""
    x0, top, _, _ = page.bbox
    return Sheet(
        number=number,
        width=float(page.width),
        height=float(page.height),
        words=tuple(_words(page.chars, x0, top)),
        rules=tuple(_rules(page, x0, top)),
        reader=Reader.TEXT_LAYER,
    )


def _words(chars: Iterable[dict[str, Any]], x0: float, y0: float) -> list[Word]:
    words: list[Word] = []
    run: list[tuple[str, float, float]] = []  # character, left, right
    top = bottom = size = 0.0
    seen: dict[tuple[str, int], list[tuple[float, float]]] = {}  # by character and line, where it stands

    def close() -> None:
        nonlocal run
        text = "".join(c for c, _, _ in run)
        if text.strip():
            edges = [run[0][1]]
            for (_, _, right), (_, left, _) in itertools.pairwise(run):
                edges.append((right + left) / 2)
            edges.append(run[-1][2])
            edges = [max(edges[: i + 1]) for i in range(len(edges))]  # kerning must not invert a split
            words.append(Word(text, Box(edges[0], top, max(edges[-1], edges[0]), bottom), tuple(edges)))
        run = []

    for char in chars:
        text = fold_radicals(char["text"])
        left, right = char["x0"] - x0, char["x1"] - x0
        if right < left:
            left, right = right, left
        char_top, char_bottom = char["top"] - y0, char["bottom"] - y0
        height = max(char_bottom - char_top, 0.1)
        line = round(char_top / 2)
        if any(
            abs(old_left - left) < OVERPRINT * height and abs(old_top - char_top) < OVERPRINT * height
            for near in (line - 1, line, line + 1)
            for old_left, old_top in seen.get((text, near), ())
        ):
            continue
        seen.setdefault((text, line), []).append((left, char_top))
        if run:
            gap = left - run[-1][2]
            if (
                abs(char_top + char_bottom - top - bottom) / 2 > SAME_LINE * min(size, height)
                or gap > WORD_GAP * min(size, height)
                or left < run[-1][1] - 0.5 * height
            ):
                close()
        if not text or (not run and not words and text.isspace()):
            continue
        if not run:  # a run may begin with a space: it parts this word from its left neighbour
            top, bottom, size = char_top, char_bottom, height
        else:
            top, bottom, size = min(top, char_top), max(bottom, char_bottom), max(size, height)
        if len(text) == 1:
            run.append((text, left, right))
        else:  # a ligature: its characters share its width
            step = (right - left) / max(len(text), 1)
            run.extend((c, left + i * step, left + (i + 1) * step) for i, c in enumerate(text))
    if run:
        close()
    return words


def _rules(page: Any, x0: float, y0: float) -> list[Rule]:
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
