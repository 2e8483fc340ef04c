"""Stamps that systems print over a page, in straight letters: what lies across the page's own text or rules and is
large or repeated, whatever its colour, and pale texts that are tiled over the page."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from statistics import median

from extractors.pdf.colour import PAPER
from extractors.pdf.marks import LOWEST, Char
from schemas.frozen import dataclass
from schemas.model import Rule

PALE = 0.4  # of full light, on bare paper: text of less light is printed to be read
LARGE = 1.8  # times the usual size of a page's characters
REPEATED = 3  # times that a stamp is tiled over a page at least
SEE_THROUGH = 0.95  # opacity below which text was made to be seen through
LEAST = 2  # characters of a stamp
LEAST_CROSSED = 2  # characters or rules that a large stamp lies across
OFTEN = 0.3  # of the places of a tiled stamp: there it lies across text or rules
ALONE = 0.8  # of the texts in its ink: a tiled stamp makes up so many
EVEN = 2.0  # points: how far the distances of a tiled stamp differ
CELL = 30.0  # points: the side of the squares in which neighbours are looked for
CROSSED = 0.15  # of a character's size: how far it must reach into another one to lie over it
CORE = 0.3  # of a character's size from its edges: a rule further inside goes through it
NEXT = 1.6  # of the character size, from the middle of one character to that of the next
UPRIGHT = (90, 270)  # turns of text that runs up or down

Run = list[Char]
_AT = attrgetter("at")


def stamped(chars: Sequence[Char], rules: Sequence[Rule] = (), unseen: Collection[int] = ()) -> set[int]:
    """The numbers of the characters that belong to such stamps. What is `unseen` anyway is crossed by none, and part of
    one where it runs off the page."""
    letters = [char for char in chars if not char.text.isspace()]
    seen = [char for char in letters if char.number not in unseen] if unseen else letters
    if not seen:
        return set()
    by_text: dict[tuple[str, int], list[Run]] = defaultdict(list)
    sizes = _sizes(letters)
    for run in _runs(letters, sizes):
        by_text["".join([char.text for char in run]), round(_size(run[0]))].append(run)
    usual = median(sizes if seen is letters else _sizes(seen))
    near: dict[tuple[int, int], list[Char]] | None = None
    lines: dict[bool, list[Rule]] = {}
    open_: list[_Candidate] = []
    for (text, size), runs in by_text.items():
        large, tiled = size >= LARGE * usual, len(runs) >= REPEATED
        if not (large or tiled) or len(text) < LEAST or not any(char.isalpha() for char in text):
            continue
        if near is None:
            near = _squares([char for char in seen if char.text.isalnum()])
            lines = {way: sorted((r for r in rules if r.vertical is way), key=_AT) for way in (True, False)}
        places = tuple(_crossings(run, near, lines, large=large) for run in runs)
        open_.append(_Candidate(tuple(runs), large, tiled, _is_tint(runs, by_text.values()), places))
    out: set[int] = set()
    # what lies across most is a stamp; what only a stamp lies across is none
    while open_:
        best = max(open_, key=lambda c: c.weight(out))
        open_ = [c for c in open_ if c is not best]
        if best.is_stamp(out):
            out |= best.numbers
    return out


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A text that may be a stamp: its runs, whether it is large, repeated, or tiled in a pale ink of its own, and for
    each run the numbers of the characters that it lies across and how many rules run through it."""

    runs: tuple[Run, ...]
    large: bool
    repeated: bool
    tint: bool
    places: tuple[tuple[frozenset[int], int], ...]

    @property
    def numbers(self) -> set[int]:
        return {char.number for run in self.runs for char in run}

    def crossings(self, stamps: Collection[int]) -> list[int]:
        """How much each run lies across, besides `stamps`."""
        return [len(crossed.difference(stamps)) + through for crossed, through in self.places]

    def weight(self, stamps: Collection[int]) -> tuple[bool, int]:
        return self.tint, sum(self.crossings(stamps))

    def is_stamp(self, stamps: Collection[int]) -> bool:
        counts = self.crossings(stamps)
        places = sum(map(bool, counts))
        often = places >= OFTEN * len(self.runs) or (places >= LEAST_CROSSED and _is_lattice(self.runs))
        over = (self.large and max(counts) >= LEAST_CROSSED) or (self.repeated and often)
        return over or self.tint


def _runs(chars: Sequence[Char], sizes: Sequence[float]) -> list[Run]:
    """Characters of one ink, size and direction that were painted one behind the other and stand so."""
    runs: list[Run] = []
    across_before = down_before = size_before = 0.0
    turn_before: int | None = None
    ink_before = None
    for char, size in zip(chars, sizes, strict=True):
        _, left, top, right, bottom, _, turn, ink = char
        across, down = left + right, top + bottom
        goes_on = ink_before is not None and turn_before == turn and (ink is ink_before or ink_before[:3] == ink[:3])
        if goes_on and abs(size_before - size) <= CROSSED * size:
            dx, dy = abs(across - across_before) / 2, abs(down - down_before) / 2
            aside, along = (dx, dy) if turn in UPRIGHT else (dy, dx)
            goes_on = aside < CORE * size and along < NEXT * size
        else:
            goes_on = False
        if goes_on:
            runs[-1].append(char)
        else:
            runs.append([char])
        across_before, down_before, size_before, turn_before, ink_before = across, down, size, turn, ink
    return runs


def _size(char: Char) -> float:
    return _sizes([char])[0]


def _sizes(chars: Sequence[Char]) -> list[float]:
    """How large characters are: as high as they stand."""
    return [
        right - left if turn in UPRIGHT else bottom - top if bottom - top > LOWEST else LOWEST
        for _, left, top, right, bottom, _, turn, _ in chars
    ]


def _squares(chars: Sequence[Char]) -> dict[tuple[int, int], list[Char]]:
    out: dict[tuple[int, int], list[Char]] = defaultdict(list)
    for char in chars:
        _, left, top, *_ = char
        out[int(left // CELL), int(top // CELL)].append(char)
    return out


def _crossings(
    run: Run, near: dict[tuple[int, int], list[Char]], rules: Mapping[bool, Sequence[Rule]], *, large: bool
) -> tuple[frozenset[int], int]:
    """The numbers of the other characters that a run lies across, and how many rules run through it: along it, and
    across a large one, which no cell holds (a small one may have run out of its cell). `rules` are the upright ones and
    the level ones, each by where they stand."""
    numbers = {char.number for char in run}
    crossed = frozenset(other for char in run for other in _crossed(char, near)) - numbers
    upright, inset = run[0].turn in UPRIGHT, CORE * _size(run[0])
    through = 0
    for way, own in rules.items():
        if not (large or way is upright):
            continue
        (low, high), middle = _extent(run, way), sum(_extent(run, not way)) / 2
        first, last = bisect_right(own, low + inset, key=_AT), bisect_left(own, high - inset, key=_AT)
        through += sum(1 for rule in own[first:last] if rule.start <= middle <= rule.end)
    return crossed, through


def _extent(run: Run, vertical: bool) -> tuple[float, float]:
    """From where to where a run reaches from left to right, as upright rules are placed, or from top to bottom."""
    if vertical:
        return min(char.left for char in run), max(char.right for char in run)
    return min(char.top for char in run), max(char.bottom for char in run)


def _crossed(char: Char, near: dict[tuple[int, int], list[Char]]) -> set[int]:
    """The numbers of the characters that one lies across; not of its own likes, which are printed again to look
    bold."""
    text, left, top, right, bottom, *_ = char
    out = set()
    for i in range(int(left // CELL) - 1, int(right // CELL) + 1):
        for j in range(int(top // CELL) - 1, int(bottom // CELL) + 1):
            for other in near.get((i, j), ()):
                if other.left >= right or other.right <= left or other.top >= bottom or other.bottom <= top:
                    continue
                across = min(right, other.right) - max(left, other.left)
                down = min(bottom, other.bottom) - max(top, other.top)
                if min(across, down) > CROSSED * min(char.height, other.height) and other.text != text:
                    out.add(other.number)
    return out


def _is_lattice(runs: Sequence[Run]) -> bool:
    """Whether a text stands at even distances, in several rows and columns."""
    for places in ([run[0].top for run in runs], [run[0].left for run in runs]):
        distinct = sorted({round(at) for at in places})
        steps = [b - a for a, b in itertools.pairwise(distinct)]
        if not steps or max(steps) - min(steps) > EVEN:
            return False
    return True


def _is_tint(runs: Sequence[Run], texts: Collection[list[Run]]) -> bool:
    """Whether a pale text is repeated and made to be seen through, or stands in rows and columns while hardly another
    one is printed in its ink: it is not the colour of a page's values."""
    ink = runs[0][0].ink
    if len(runs) < REPEATED or min(ink.over(PAPER)) < PALE:
        return False
    if ink.opacity < SEE_THROUGH:
        return True
    rows, columns = {round(run[0].top) for run in runs}, {round(run[0].left) for run in runs}
    alike = sum(1 for others in texts for run in others if run[0].ink.rgb == ink.rgb)
    return len(rows) > 1 and len(columns) > 1 and len(runs) >= ALONE * alike
