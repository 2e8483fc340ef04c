"""The grids of a region of a form that has no upright rules."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.tables.grid import snap_rules
from extractors.tables.heads import has_header
from extractors.tables.unruled.grids import continued_grid, first_named, headed_grid
from extractors.tables.unruled.labels import labels_grid
from extractors.tables.unruled.stretches import first_body, heads_columns, stretches
from extractors.tables.unruled.texts import box_of, lines_of, rules_across
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
        body = first_body(lines, first_named(above, words), rules, words, of_money=not has_header([above], words))
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


def row_going_on(
    page: int, region: Sequence[Sequence[Word]], rules: Sequence[Rule], words: Words, above: Grid
) -> tuple[Grid, frozenset[int]] | None:
    """The grid of a row or two between rules that go on with a table of the page before, and the ids of its words; None
    where they do not: too few lines to tell anything else."""
    every = [word for line in region for word in line]
    lines, rules = lines_of(every, words), snap_rules(tuple(rules))
    area = box_of(lines)
    size = lines[0].size
    around = [r.at for r in rules if not r.vertical and r.start < area.right and r.end > area.left]
    if not any(0 < area.top - y <= size * 2 for y in around) or not any(
        0 < y - area.bottom <= size * 2 for y in around
    ):
        return None
    body = first_body(lines, first_named(above, words), rules, words, of_money=not has_header([above], words))
    grid = continued_grid(page, above, body, rules, words) if len(body) == len(lines) else None
    return (grid, _own(grid, every)) if grid is not None else None


def may_go_on(above: Grid | None, words: Words) -> bool:
    """Whether the grid that ends a page is a table without upright rules that the next page may go on with."""
    if above is None or above.ruled:
        return False
    rows = ([c.text for c in above.cells if c.row == n and c.text] for n in range(len(above.ys) - 1))
    return has_header([above], words) or any(heads_columns(texts, words) for texts in rows)


def _own(grid: Grid, words: Sequence[Word]) -> frozenset[int]:
    return frozenset(id(w) for w in words if _holds(grid, w))


def _holds(grid: Grid, word: Word) -> bool:
    x, y = word.box.middle
    return grid.box.left - 1 <= x <= grid.box.right + 1 and grid.box.top <= y <= grid.box.bottom
