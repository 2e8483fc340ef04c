"""Names that stand once for a group of rows, at its top, its middle or its bottom: which rows each one counts for."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from schemas.frozen import dataclass

Agrees = Callable[[int, int], int]
"""How well a row's own texts (by its number) fit a name (by its number): above 0 they do, below 0 they do not."""


@dataclass(frozen=True, slots=True)
class NamedRows:
    """The rows [start, end) that a name counts for; `at` is the row that prints it."""

    at: int
    start: int
    end: int


def group_rows(rows: int, at: Sequence[int], agrees: Agrees | None = None) -> tuple[NamedRows, ...] | None:
    """The groups of `rows` rows whose names stand at the rows `at`, each name in the same place of its group.

    Names in the first row of their group are told at once; else the middle is tried, then the bottom. What the rows say
    themselves decides between places that are both possible. None where no place fits.
    """
    if not at:
        return None
    if at[0] == 0:
        return _groups(at, [*at[1:], rows])
    fits = agrees or (lambda row, name: 0)
    middles = (_centred(rows, at, lower, fits) for lower in (0, 1))
    possible = [groups for groups in (*middles, _at_bottom(rows, at)) if groups]
    return max(possible, key=lambda groups: _agreement(groups, fits), default=None)


def _groups(at: Sequence[int], ends: Sequence[int]) -> tuple[NamedRows, ...]:
    return tuple(
        NamedRows(row, start, end) for row, (start, end) in zip(at, itertools.pairwise([0, *ends]), strict=True)
    )


def _centred(rows: int, at: Sequence[int], lower: int, agrees: Agrees) -> tuple[NamedRows, ...] | None:
    """Names in the middle row of their groups; `lower` is 1 where an even group prints its name below the middle. Of
    several ways the one that its rows agree with best, an exact middle before another."""
    before: list[dict[int, tuple[int, int]]] = []  # for each name, by where its group may end: agreement, its start
    ends = {0: (0, 0)}
    for i, row in enumerate(at):
        limit = at[i + 1] if i + 1 < len(at) else rows
        after: dict[int, tuple[int, int]] = {}
        for start, (agreement, _) in ends.items():
            odd = 2 * row - start + 1
            for end in (odd, odd - 1 if lower else odd + 1):
                if start <= row < end <= limit:
                    total = agreement + sum(agrees(r, i) for r in range(start, end))
                    if end not in after or total > after[end][0]:
                        after[end] = (total, start)
        before.append(after)
        ends = after
    if rows not in ends:
        return None
    cuts = [rows]
    for after in reversed(before):
        cuts.append(after[cuts[-1]][1])
    return _groups(at, cuts[-2::-1])


def _at_bottom(rows: int, at: Sequence[int]) -> tuple[NamedRows, ...] | None:
    return _groups(at, [row + 1 for row in at]) if at[-1] == rows - 1 else None


def _agreement(groups: Sequence[NamedRows], agrees: Agrees) -> int:
    return sum(agrees(row, i) for i, group in enumerate(groups) for row in range(group.start, group.end))
