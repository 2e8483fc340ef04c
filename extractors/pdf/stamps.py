"""Stamps that systems print over a page in upright letters: pale, and large or repeated, across the text there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from extractors.pdf.colour import PAPER
from extractors.pdf.marks import Char

PALE = 0.4  # of full light, on bare paper: text of less light is printed to be read
LARGE = 1.8  # times the usual size of a page's characters
REPEATED = 3  # times that a stamp is tiled over a page at least
SEE_THROUGH = 0.95  # opacity below which text was made to be seen through
LEAST = 2  # characters of a stamp
CELL = 30.0  # points: the side of the squares in which neighbours are looked for
CROSSED = 0.15  # of a character's size: how far it must reach into another one to lie over it


def stamped(chars: Sequence[Char]) -> set[int]:
    """The numbers of the characters that belong to such stamps."""
    letters = [char for char in chars if not char.text.isspace()]
    pale = [char for char in letters if min(char.ink.over(PAPER)) >= PALE]
    if not pale or len(pale) == len(letters):
        return set()
    numbers = {char.number for char in pale}
    plain = [char for char in letters if char.number not in numbers]
    size = median(char.height for char in plain)
    by_text: dict[tuple[str, int], list[list[Char]]] = defaultdict(list)
    for run in _runs(pale):
        by_text["".join(char.text for char in run), round(run[0].height)].append(run)
    near = _squares(plain)
    out: set[int] = set()
    for (text, _), runs in by_text.items():
        if len(text) < LEAST:
            continue
        over = any(_crosses(char, near) for run in runs for char in run)
        large = runs[0][0].height >= LARGE * size
        tiled = len(runs) >= REPEATED
        if (over and (large or tiled)) or (tiled and runs[0][0].ink.opacity < SEE_THROUGH):
            out |= {char.number for run in runs for char in run}
    return out


def _runs(chars: Sequence[Char]) -> list[list[Char]]:
    """Characters of one ink that stand one behind the other."""
    runs: list[list[Char]] = []
    for char in chars:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and last.ink.rgb == char.ink.rgb
            and abs(last.top - char.top) < 0.3 * char.height
            and -0.3 * char.height < char.left - last.right < char.height
        ):
            runs[-1].append(char)
        else:
            runs.append([char])
    return runs


def _squares(chars: Sequence[Char]) -> dict[tuple[int, int], list[Char]]:
    out: dict[tuple[int, int], list[Char]] = defaultdict(list)
    for char in chars:
        out[int(char.left // CELL), int(char.top // CELL)].append(char)
    return out


def _crosses(char: Char, near: dict[tuple[int, int], list[Char]]) -> bool:
    for i in range(int(char.left // CELL) - 1, int(char.right // CELL) + 1):
        for j in range(int(char.top // CELL) - 1, int(char.bottom // CELL) + 1):
            for other in near.get((i, j), ()):
                across = min(char.right, other.right) - max(char.left, other.left)
                down = min(char.bottom, other.bottom) - max(char.top, other.top)
                if min(across, down) > CROSSED * min(char.height, other.height):
                    return True
    return False
