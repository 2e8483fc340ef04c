"""Forms that stand side by side in one grid: the columns at which the next one begins."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from schemas.frozen import dataclass
from schemas.language.vocabulary import Words


@dataclass(frozen=True, slots=True)
class Extent:
    """A text with the rows [top, bottom) and columns [left, right) that it stands in."""

    text: str
    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Band:
    """Rows [top, bottom) and columns [left, right) of a grid that are read by themselves."""

    top: int
    bottom: int
    left: int
    right: int

    def holds(self, row: int, col: int) -> bool:
        return self.top <= row < self.bottom and self.left <= col < self.right


def bands(texts: Sequence[Extent], words: Words) -> list[Band]:
    """The parts of a grid in reading order: where a row prints several titles, the columns below each of them down to
    the next such row are a part. A grid without such a row is one part."""
    if not texts:
        return []
    top, bottom = min(t.top for t in texts), max(t.bottom for t in texts)
    left, right = min(t.left for t in texts), max(t.right for t in texts)
    titles: dict[int, list[Extent]] = {}
    for each in sorted(texts, key=lambda t: (t.top, t.left)):
        if words.is_title(each.text):
            titles.setdefault(each.top, []).append(each)
    abreast = {row for row, named in titles.items() if len({t.left for t in named}) > 1}
    starts = sorted(row for row in titles if abreast and row >= min(abreast))
    out = [Band(top, min(starts, default=bottom), left, right)]
    for row, end in itertools.pairwise([*starts, bottom]):
        inside = [t for t in texts if row <= t.top < end]
        cuts = _cuts(titles[row], inside, words) if row in abreast else []
        edges = [left, *cuts, right]
        out += [Band(row, end, a, b) for a, b in itertools.pairwise(edges)]
    return [band for band in out if band.top < band.bottom]


def _cuts(titles: Sequence[Extent], texts: Sequence[Extent], words: Words) -> list[int]:
    """The columns at which the forms below the titles begin, but for the first; [] where a text runs over them."""
    cuts = []
    for before, title in itertools.pairwise(titles):
        free = [
            col
            for col in range(before.left + 1, title.left + 1)
            if col >= before.right and not any(t.left < col < t.right for t in texts)
        ]
        if not free:
            return []
        cuts.append(max(free, key=lambda col: (_labels_at(col, texts, words), col == title.left, col)))
    return cuts


def _labels_at(col: int, texts: Sequence[Extent], words: Words) -> int:
    """How many labels and headers begin at a column."""
    return sum(1 for t in texts if t.left == col and (words.known_label(t.text) or words.header(t.text) is not None))
