"""Cells whose text does not run from left to right: turned by a quarter or half, or letter below letter."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from extractors.tables.celltext import cell_lines, join_lines, make_line
from schemas.model import Box, Line, Word

SAME_COLUMN = 0.4  # of the character size: how far the middles of letters that stand below one another differ
DOWNWARDS = 90  # degrees: how figures and brackets are turned in a text that is written downwards
FEWEST_LETTERS = 3  # of a text that runs downwards: fewer are values one below the other


def lines_and_text(words: Sequence[Word], page: int, area: Box | None) -> tuple[tuple[Line, ...], str]:
    """The lines of a cell's words, in the order in which they are read, and its text; `area` is the cell's box."""
    turns = {word.turn for word in words}
    if len(turns) == 1 and (turn := next(iter(turns))):
        return _turned(words, page, area, turn)
    columns = _columns(words) if turns <= {0} else _mixed_columns(words)
    if columns is not None:
        lines = tuple(replace(make_line(column, page), text="".join(w.text for w in column)) for column in columns)
        return lines, "".join(line.text.strip() for line in lines)
    lines = cell_lines(words, page)
    return lines, join_lines(lines, {page: area} if area is not None else {})


def _turned(words: Sequence[Word], page: int, area: Box | None, turn: int) -> tuple[tuple[Line, ...], str]:
    """Words that are turned clockwise by `turn` degrees are read as they would stand upright."""
    upright = []
    for word in words:
        box = _back(word.box, turn)
        step = box.width / len(word.text)
        edges = tuple(box.left + i * step for i in range(len(word.text) + 1))
        upright.append(replace(word, box=box, edges=edges))
    lines = cell_lines(upright, page)
    text = join_lines(lines, {page: _back(area, turn)} if area is not None else {})
    return tuple(_in_place(line, turn) for line in lines), text


def _back(box: Box, turn: int) -> Box:
    """A box turned back by `turn` around the corner of the page."""
    if turn == 90:
        return Box(box.top, -box.right, box.bottom, -box.left)
    if turn == 180:
        return Box(-box.right, -box.bottom, -box.left, -box.top)
    return Box(-box.bottom, box.left, -box.top, box.right)


def _in_place(line: Line, turn: int) -> Line:
    box = line.place.box
    return line if box is None else replace(line, place=replace(line.place, box=_back(box, -turn % 360)))


def _columns(words: Sequence[Word]) -> list[list[Word]] | None:
    """Words of one letter each that were set one below the other, in columns; None for other words. A single column of
    figures is none: they are values, one below the other."""
    if len(words) < FEWEST_LETTERS or any(len(word.text.strip()) != 1 for word in words):
        return None
    columns: list[list[Word]] = []
    for word in words:
        last = columns[-1][-1] if columns else None
        if last is not None and _stands_below(last, word):
            columns[-1].append(word)
        else:
            columns.append([word])
    if len(columns) == 1:
        return columns if any(word.text.strip().isalpha() for word in words) else None
    if any(len(column) == 1 for column in columns[:-1]):
        return None
    leftwards = all(_stands_left(one[0], other[0]) for one, other in itertools.pairwise(columns))
    return columns if leftwards or max(map(len, columns)) >= FEWEST_LETTERS else None


def _stands_left(one: Word, other: Word) -> bool:
    """Whether a column begins at the left of another one, as high or, if it is shorter, less than a letter lower: so
    only text runs that is written downwards."""
    lower = other.box.top - one.box.top
    return other.box.right <= one.box.middle[0] and -SAME_COLUMN * one.box.height <= lower < one.box.height


def _mixed_columns(words: Sequence[Word]) -> list[list[Word]] | None:
    """Words of a text that is written downwards, whose figures and brackets lie on their side, in columns from right
    to left; None for other words."""
    if any(word.turn != DOWNWARDS and (word.turn or len(word.text.strip()) != 1) for word in words):
        return None
    columns: list[list[Word]] = []
    for word in sorted(words, key=lambda word: -word.box.middle[0]):
        if columns and columns[-1][0].box.middle[0] - word.box.middle[0] <= SAME_COLUMN * word.box.width:
            columns[-1].append(word)
        else:
            columns.append([word])
    return [sorted(column, key=lambda word: word.box.top) for column in columns]


def _stands_below(above: Word, word: Word) -> bool:
    size = max(above.box.height, word.box.height)
    return abs(above.box.middle[0] - word.box.middle[0]) <= SAME_COLUMN * size and word.box.top > above.box.top
