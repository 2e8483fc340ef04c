"""Text that runs out of its cell: where it belongs, if it is not the texts of two cells that touch.

Programs print a text that is wider than its cell over the blank cells beside it, or over what these print, unless
they clip it. A word of the text layer that crosses a border is then one text of the cell in which it begins, ends or
stands in the middle, as its cell is aligned. It is two texts only where the other cell prints something else on that
line, beside it, or where the file shows it in two pieces that meet at the border.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from extractors.tables.celltext import visual_lines
from schemas.frozen import dataclass
from schemas.model import Box, Word, union

PADDING = 0.8  # of the character size: how far from its border a text begins
SPACE = 0.4  # of the character size: between the words of one text
CENTRED = 2.0  # points: how far the middle of a text may stand from that of its cell
COVERED = 0.2  # of the character size: texts that share so much of a line are printed across each other
OVERLAPS = 0.02  # of the character size: a word that begins further inside the one before it does not go on from it
CUT = 0.2  # of a character: so far on both sides of a border it is cut by it
COLUMNS = re.compile(r"\s\s")  # between texts of columns that are shown at once
WHY = "its text runs over the border of its cell, across the text of the cell beside it"


@dataclass(frozen=True, slots=True)
class Piece:
    """The characters `first` to `last` of a word that stand over the cell with the number `cell` (-1: none)."""

    cell: int
    first: int
    last: int


def is_parted(word: Word, pieces: Sequence[Piece], xs: Sequence[float]) -> bool:
    """Whether a word is the texts of two cells that meet at one of the borders at the positions `xs`: the file shows
    them apart, and the border cuts no character, or it shows them at once with wide spaces between them."""
    return any(_is_end(word, piece.first, xs) for piece in pieces[1:])


def _is_end(word: Word, i: int, xs: Sequence[float]) -> bool:
    """Whether a text ends before character `i` of a word, where a border stands."""
    if word.joints is None:
        return False
    if COLUMNS.search(word.text, max(i - 2, 0), i + 2):
        return True
    before, at, behind = word.edges[i - 1], word.edges[i], word.edges[i + 1]
    borders = xs[bisect_right(xs, (before + at) / 2) : bisect_right(xs, (at + behind) / 2)]
    cut = any(at - x >= CUT * (at - before) if x < at else x - at >= CUT * (behind - at) for x in borders)
    return i in word.joints and not cut


def run_over(words: Sequence[Word], pieces: Mapping[int, Sequence[Piece]]) -> list[list[Word]]:
    """The texts that run over a border: each the words of one line between which no more than a space stands. `pieces`
    are those of the words that stand over several cells, by their id()."""
    out = []
    for line in visual_lines(words):
        runs: list[list[Word]] = []
        for word in line:
            gap = word.box.left - runs[-1][-1].box.right if runs else 0.0
            if runs and -OVERLAPS * word.box.height <= gap <= SPACE * word.box.height:
                runs[-1].append(word)
            else:
                runs.append([word])
        out += [run for run in runs if any(id(word) in pieces for word in run)]
    return out


def home_of(
    run: Sequence[Word], over: Sequence[int], areas: Mapping[int, Box], content: Mapping[int, Sequence[Word]]
) -> tuple[int, str | None] | None:
    """The cell that a text over the cells with the numbers `over`, from left to right, belongs to as a whole, and why
    that is doubted; None where its parts are texts of their own. `content` are the words that stand in one cell each.
    Recognised words are not looked at: engines read the texts of two cells as one word."""
    if any(word.score is not None for word in run) or not over:
        return None
    whole = union([word.box for word in run])
    home = _aligned(whole, [(k, areas[k]) for k in over])
    own = {id(word) for word in run}
    others = [w.box for k in over if k != home for w in content.get(k, ()) if id(w) not in own]
    if not others:
        return home, None
    if any(_covers(whole, other) for other in others):
        return home, WHY
    in_one_piece = all(word.joints is not None for word in run)  # and none of them is parted at a border
    return (home, None) if in_one_piece else None


def _aligned(text: Box, cells: Sequence[tuple[int, Box]]) -> int:
    """The cell that a text is aligned to: left, in the middle, or right; the first one where nothing tells."""
    if 0 <= text.left - cells[0][1].left <= PADDING * text.height:
        return cells[0][0]
    for cell, area in cells:
        if abs(area.middle[0] - text.middle[0]) <= CENTRED:
            return cell
    cell, area = cells[-1]
    return cell if 0 <= area.right - text.right <= PADDING * text.height else cells[0][0]


def _covers(text: Box, other: Box) -> bool:
    """Whether a text is printed across another one."""
    across = min(text.right, other.right) - max(text.left, other.left)
    down = min(text.bottom, other.bottom) - max(text.top, other.top)
    return across > COVERED * other.height and down > other.height / 2
