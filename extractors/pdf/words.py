"""The words of a PDF page from its characters.

Characters are trusted, gaps are not: a space is kept only where the file has a space character.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from extractors.pdf.marks import Char
from extractors.pdf.overprint import without_repeats
from schemas.model import Box, Word

WORD_GAP = 0.25  # of the character size: a wider gap ends a word; columns may stand as near as a third of it
OVERLAPS = 0.02  # of the character size: by more, what is shown anew does not go on in the word before it
SAME_LINE = 0.3  # of the character size: how far the tops of two characters of one word may differ


def words_of(chars: Iterable[Char]) -> list[Word]:
    """The words of a page's characters, in their order; what repeats another one to look bold is read once."""
    words: list[Word] = []
    run: list[tuple[str, float, float]] = []  # character, left, right
    joints: list[int] = []
    top = bottom = size = 0.0
    order = 0  # of painting: characters that are shown together have the same

    def close() -> None:
        nonlocal run
        text = "".join([c for c, _, _ in run])
        if text.strip():
            between = [(right + left) / 2 for (_, _, right), (_, left, _) in itertools.pairwise(run)]
            edges = [run[0][1], *between, run[-1][2]]
            if edges != sorted(edges):
                edges = list(itertools.accumulate(edges, max))  # kerning must not invert a split
            words.append(Word(text, Box(edges[0], top, edges[-1], bottom), tuple(edges), joints=tuple(joints)))
        run = []
        joints.clear()

    for char in without_repeats(list(chars)):
        text, left, char_top, right, char_bottom, _, _, ink = char
        height, painted = char.height, ink.order
        if run:
            gap = left - run[-1][2]
            smaller = size if size < height else height
            if (
                abs(char_top + char_bottom - top - bottom) / 2 > SAME_LINE * smaller
                or gap > WORD_GAP * smaller
                or (painted != order and gap < -OVERLAPS * height)
                or left < run[-1][1] - 0.5 * height
            ):
                close()
        if not text or (not run and not words and text.isspace()):
            continue
        if not run:  # a run may begin with a space: it parts this word from its left neighbour
            top, bottom, size = char_top, char_bottom, height
        else:
            top = char_top if char_top < top else top
            bottom = char_bottom if char_bottom > bottom else bottom
            size = height if height > size else size
            if painted != order:
                joints.append(len(run))
        order = painted
        if len(text) == 1:
            run.append((text, left, right))
        else:  # a ligature: its characters share its width
            step = (right - left) / max(len(text), 1)
            run.extend((c, left + i * step, left + (i + 1) * step) for i, c in enumerate(text))
    if run:
        close()
    return words
