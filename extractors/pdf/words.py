"""The words of a PDF page from its characters.

Characters are trusted, gaps are not: a space is kept only where the file has a space character. Characters that fonts
map to radicals are folded here, at the door.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from schemas.language.radicals import fold_radicals
from schemas.model import Box, Word

WORD_GAP = 0.25  # of the character size: a wider gap ends a word; columns may stand as near as a third of it
SAME_LINE = 0.3  # of the character size: how far the tops of two characters of one word may differ
OVERPRINT = 0.3  # of the character size: the same character this near was printed twice (poor man's bold)


def find_words(chars: Iterable[dict[str, Any]], x0: float, y0: float) -> list[Word]:
    """The words of pdfplumber's characters, in their order; boxes in points from (x0, y0)."""
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
