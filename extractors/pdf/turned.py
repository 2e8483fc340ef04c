"""Text that is turned by a quarter or half: whole pages, and texts inside of cells.

A turn counts how far the text is turned clockwise, in degrees; a page that lies so is turned back before it is read.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

from extractors.pdf.marks import Char
from schemas.model import Box, Rule, Word

UPRIGHT = 6.0  # degrees: text that is turned by no more than this off a quarter was meant straight


def turn_of(matrix: Sequence[float]) -> int | None:
    """By how many degrees clockwise a character is turned (0, 90, 180, 270), None where it runs aslant."""
    if not matrix[1] and matrix[0] > 0:  # as nearly all text is
        return 0
    angle = -math.degrees(math.atan2(matrix[1], matrix[0])) % 360
    nearest = round(angle / 90) % 4
    off = abs(angle - 90 * nearest)
    return 90 * nearest if min(off, 360 - off) <= UPRIGHT else None


def page_turn(chars: Sequence[Char]) -> int:
    """The turn of most of a page's characters."""
    turns = Counter(char.turn for char in chars if char.turn is not None and not char.text.isspace())
    return turns.most_common(1)[0][0] or 0 if turns else 0


def turned_back(char: Char, turn: int, width: float, height: float) -> Char:
    """A character of a page of that size (points) that is turned back by `turn`."""
    left, top, right, bottom = _back(char.left, char.top, char.right, char.bottom, turn, width, height)
    own = None if char.turn is None else (char.turn - turn) % 360
    return char._replace(left=left, top=top, right=right, bottom=bottom, turn=own)


def box_turned_back(box: Box, turn: int, width: float, height: float) -> Box:
    """A box of a page of that size (points) that is turned back by `turn`."""
    return Box(*_back(box.left, box.top, box.right, box.bottom, turn, width, height))


def rule_turned_back(rule: Rule, turn: int, width: float, height: float) -> Rule:
    """A rule of a page of that size (points) that is turned back by `turn`."""
    if rule.vertical:
        left, top, right, bottom = _back(rule.at, rule.start, rule.at, rule.end, turn, width, height)
    else:
        left, top, right, bottom = _back(rule.start, rule.at, rule.end, rule.at, turn, width, height)
    vertical = rule.vertical if turn % 180 == 0 else not rule.vertical
    return Rule(True, left, top, bottom) if vertical else Rule(False, top, left, right)


def turned_words(
    chars: Sequence[Char], width: float, height: float, words_of: Callable[[Sequence[Char]], list[Word]]
) -> list[Word]:
    """The words of characters that are turned on an upright page: read turned back, put where they stand."""
    out: list[Word] = []
    for turn in (90, 180, 270):
        mine = [turned_back(char, turn, width, height) for char in chars if char.turn == turn]
        size = (width, height) if turn == 180 else (height, width)
        for word in words_of(mine):
            box = box_turned_back(word.box, 360 - turn, *size)
            step = box.width / len(word.text)
            edges = [box.left + i * step for i in range(len(word.text))]
            out.append(Word(word.text, box, (*edges, box.right), turn=turn))
    return out


def _back(
    left: float, top: float, right: float, bottom: float, turn: int, width: float, height: float
) -> tuple[float, float, float, float]:
    if turn == 90:  # its top lies on the right: turned counter-clockwise
        return top, width - right, bottom, width - left
    if turn == 180:
        return width - right, height - bottom, width - left, height - top
    if turn == 270:
        return height - bottom, left, height - top, right
    return left, top, right, bottom
