"""The grids of a region of a form that has no upright rules."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.tables.grid import snap_rules
from extractors.tables.heads import has_header
from extractors.tables.unruled.grids import continued_grid, first_named, headed_grid
from extractors.tables.unruled.labels import labels_grid
from extractors.tables.unruled.stretches import first_body, stretches
from extractors.tables.unruled.texts import lines_of, rules_across
from schemas.language.vocabulary import Words
from schemas.model import Grid, Rule, Word

Told = list[tuple[Grid, frozenset[int]]]
"""Grids, each with the ids of the words that it holds."""


def unruled_grids(
    page: int, region: Sequence[Sequence[Word]], rules: Sequence[Rule], words: Words, above: Grid | None
) -> Told:
    """The grids of a region's lines; [] where nothing in it is a form's. `above` is a table on the page before that may
    go on here, below its header again or without it."""
    out: Told = []
    every = [word for line in region for word in line]
    lines, rules = lines_of(every, words), snap_rules(tuple(rules))
    if above is not None:
        body = first_body(lines, first_named(above, words), rules, words)
        grid = continued_grid(page, above, body, rules, words)
        if grid is not None:
            out.append((grid, _own(grid, every)))
            lines, above = lines[len(body) :], None
    if out and not lines:
        return out
    for n, stretch in enumerate(stretches(lines, rules, rules_across(lines, rules), words)):
        if stretch.head:
            again = above is not None and n == 0
            grid = headed_grid(page, stretch.head, stretch.body, rules, words, goes_on=again)
        else:
            grid = labels_grid(page, stretch.body, rules, words)
        if grid is not None:
            out.append((grid, _own(grid, every)))
    return out


def may_go_on(above: Grid | None, words: Words) -> bool:
    """Whether the grid that ends a page is a table without upright rules that the next page may go on with."""
    return above is not None and not above.ruled and has_header([above], words)


def _own(grid: Grid, words: Sequence[Word]) -> frozenset[int]:
    return frozenset(id(w) for w in words if _holds(grid, w))


def _holds(grid: Grid, word: Word) -> bool:
    x, y = word.box.middle
    return grid.box.left - 1 <= x <= grid.box.right + 1 and grid.box.top <= y <= grid.box.bottom
