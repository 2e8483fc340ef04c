"""Rows of two lists brought together: the sequences are aligned, so that a lost row moves nothing behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

import numpy as np

from schemas.language.keys import comparison_key

Pair = tuple[int | None, int | None]
"""Indices of two rows that belong together; None: the row has no partner."""

WEIGHTS = {"level3": 4, "path": 3, "column": 3, "name": 3, "targets": 2, "amount": 2}  # what tells a row, more than 1
IGNORED = frozenset({"values", "raw"})  # follow from what is printed beside them
ROW_GAP = 0.35  # cost of a row without partner: rows belong together that are alike by more than 1 - 2 * ROW_GAP
SURE_GAP = 0.5  # the same, where whatever stands at the same place belongs together
MOST_PAIRS = 4_000_000  # of rows that are held against each other; longer stretches are taken in their order

Profile = Mapping[str, str]


def align_rows(left: Sequence[Mapping[str, Any]], right: Sequence[Mapping[str, Any]]) -> list[Pair]:
    """The rows of two lists of objects, in their order; a row without partner stands alone."""
    a, b = [profile(row) for row in left], [profile(row) for row in right]
    pairs = align([tuple(p.items()) for p in a], [tuple(p.items()) for p in b], lambda i, j: likeness(a[i], b[j]))
    out: list[Pair] = []
    for same, group in groupby(pairs, lambda pair: None not in pair and a[pair[0] or 0] == b[pair[1] or 0]):
        stretch = list(group)
        out += stretch if same else _fewer_differences(stretch, a, b)
    return out


def _fewer_differences(stretch: list[Pair], a: Sequence[Profile], b: Sequence[Profile]) -> list[Pair]:
    """Rows that differ, in place where that leaves fewer parts that differ: names that two rows traded are two
    differences, and no row that was lost here and came back there."""
    rows, cols = [i for i, _ in stretch if i is not None], [j for _, j in stretch if j is not None]
    if len(rows) != len(cols) or len(rows) == len(stretch):
        return stretch
    in_place: list[Pair] = list(zip(rows, cols, strict=True))
    return min(stretch, in_place, key=lambda pairs: sum(_differing(a, b, *pair) for pair in pairs))


def _differing(a: Sequence[Profile], b: Sequence[Profile], i: int | None, j: int | None) -> int:
    """How many parts of two rows differ; of a row that stands alone, how many it has, once for both its places."""
    x: Profile = a[i] if i is not None else {}
    y: Profile = b[j] if j is not None else {}
    return 0 if i is None else sum(x.get(name) != y.get(name) for name in {**x, **y})


def align_texts(left: Sequence[Any], right: Sequence[Any]) -> list[Pair]:
    """The items of two lists of texts; where they differ, those at the same place belong together."""
    a, b = [text_of(v) for v in left], [text_of(v) for v in right]
    return align(a, b, lambda i, j: float(a[i] == b[j]), gap=SURE_GAP)


def align(
    left: Sequence[Any], right: Sequence[Any], alike: Callable[[int, int], float], gap: float = ROW_GAP
) -> list[Pair]:
    """Pairs of two sequences of keys, in order. Equal keys anchor; between them, the pairs that cost least:
    1 - `alike` (0 to 1, of two indices) for two together, `gap` for one alone."""
    out: list[Pair] = []
    for what, i0, i1, j0, j1 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if what == "equal":
            out += zip(range(i0, i1), range(j0, j1), strict=True)
        else:
            out += _cheapest(range(i0, i1), range(j0, j1), alike, gap)
    return out


def _cheapest(rows: range, cols: range, alike: Callable[[int, int], float], gap: float) -> list[Pair]:
    """The cheapest pairs of two stretches, by the distances between all their beginnings."""
    n, m = len(rows), len(cols)
    if n * m > MOST_PAIRS:
        both = min(n, m)
        abreast: list[Pair] = list(zip(rows[:both], cols[:both], strict=True))
        return [*abreast, *((i, None) for i in rows[both:]), *((None, j) for j in cols[both:])]
    costs = np.zeros((n + 1, m + 1))
    costs[:, 0], costs[0, :] = gap * np.arange(n + 1), gap * np.arange(m + 1)
    together = np.array([[1.0 - alike(i, j) for j in cols] for i in rows]).reshape(n, m)
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            alone = min(costs[i - 1, j], costs[i, j - 1]) + gap
            costs[i, j] = min(costs[i - 1, j - 1] + together[i - 1, j - 1], alone)
    pairs: list[Pair] = []
    i, j = n, m
    while i or j:
        if i and j and costs[i, j] == costs[i - 1, j - 1] + together[i - 1, j - 1]:
            i, j = i - 1, j - 1
            pairs.append((rows[i], cols[j]))
        elif j and (not i or costs[i, j] == costs[i, j - 1] + gap):
            j -= 1
            pairs.append((None, cols[j]))
        else:
            i -= 1
            pairs.append((rows[i], None))
    return pairs[::-1]


def profile(row: Mapping[str, Any]) -> Profile:
    """What a row is told by: the comparison key of each of its parts that is not blank."""
    return {name: key for name, value in row.items() if name not in IGNORED and (key := text_of(value))}


def likeness(a: Profile, b: Profile) -> float:
    """How alike two rows are, 0 to 1: the shares of characters that their parts have in common, by weight."""
    total = shared = 0.0
    for name in {**a, **b}:
        weight = WEIGHTS.get(name, 1)
        total += weight
        x, y = a.get(name), b.get(name)
        if x == y:
            shared += weight
        elif x is not None and y is not None:
            shared += weight * _common(x, y)
    return shared / total if total else 1.0


def _common(x: str, y: str) -> float:
    """The share of characters that two texts have in common, squared: most texts share some by chance."""
    both = sum((Counter(x) & Counter(y)).values())
    return (2 * both / (len(x) + len(y))) ** 2


def text_of(value: Any) -> str:
    """The comparison key of a value: of its text, or of the texts that it is made of."""
    if value is None:
        return ""
    if isinstance(value, str):
        return comparison_key(value)
    if isinstance(value, Mapping):
        return "\x1f".join(f"{k}\x1e{text}" for k, v in value.items() if (text := text_of(v)))
    if isinstance(value, list):
        return "\x1f".join(text_of(v) for v in value)
    return str(value)
