"""One page's sheet becomes blocks from top to bottom: ruled grids, grids of aligned text, and lines of text."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from extractors.tables.accounting import left_out
from extractors.tables.aligned_grid import region_grid, runs_across
from extractors.tables.alignment import Region, find_regions
from extractors.tables.blocks import PageBlocks
from extractors.tables.borderless import (
    Lines,
    RowReader,
    aligned_grid,
    columnar_regions,
    is_columnar,
    is_labelled,
    near_lines,
)
from extractors.tables.celltext import runs
from extractors.tables.filling import in_cells, owner_of_words
from extractors.tables.grid import find
from extractors.tables.labelled_lines import free_lines
from extractors.tables.seams import upright_seams
from extractors.tables.spreads import half, split_of
from extractors.tables.sureness import SURE, is_underruled, may_be_underruled, speaks, sureness
from extractors.tables.unruled.page import may_go_on, row_going_on, unruled_grids
from extractors.tables.unruled_head import with_head
from schemas.language.vocabulary import Words
from schemas.model import Box, Grid, Line, Rule, Sheet, Word

OUTSIDE = 15.0  # points: how far from the texts of a grid without upright rules its first and its last rule may run


def page_blocks(sheet: Sheet, read_rows: RowReader, words: Words, above: Grid | None = None) -> PageBlocks:
    """What stands on the page, from top to bottom, and on two pages of one sheet one page after the other. `read_rows`
    is called only for a form's text in columns without rules; `above` is the grid that ends the page before."""
    sheet = replace(sheet, rules=(*sheet.rules, *upright_seams(sheet.rules)))
    split = split_of(sheet, words)
    parts = [sheet] if split is None else [half(sheet, split, second=second) for second in (False, True)]
    ruled = [find(part) for part in parts]
    made = (_blocks(part, grids.grids, read_rows, words, above) for part, grids in zip(parts, ruled, strict=True))
    blocks = tuple(itertools.chain.from_iterable(made))
    lattices = tuple(lattice for grids in ruled for lattice in grids.lattices)
    return PageBlocks(sheet.number, sheet.height, blocks, split, lattices, left_out(sheet, blocks))


def _blocks(
    sheet: Sheet, ruled: Sequence[Grid], read_rows: RowReader, words: Words, above: Grid | None
) -> list[Line | Grid]:
    """The lines and grids of a page from top to bottom; `ruled` are what its rules make."""
    grids = [grid for grid in ruled if not _is_underruled(grid, sheet, words)]
    inside = [g.box for g in grids]
    held = {
        id(w) for grid, own in zip(grids, owner_of_words(sheet.words, grids), strict=True) for w in in_cells(grid, own)
    }
    free = [w for w in sheet.words if id(w) not in held]
    for i, grid in enumerate(grids):
        grids[i], head = with_head(grid, free, words)
        free = [w for w in free if not any(w is h for h in head)]
    if not grids and above is not None and may_go_on(above, words):
        for lines in itertools.takewhile(lambda lines: not is_columnar(lines), near_lines(free, inside)):
            row = row_going_on(sheet.number, lines, sheet.rules, words, above)
            if row is not None:
                grids, above = [row[0]], None
                free = [w for w in free if id(w) not in row[1]]
                break
    for block in columnar_regions(free, inside):
        before = above if not grids and may_go_on(above, words) else None
        made, taken = _form_grids(sheet, block, read_rows, words, before)
        grids += made
        free = [w for w in free if id(w) not in taken]
    for region in _sure_regions(free, sheet, [g.box for g in grids]):
        grids.append(
            region_grid(sheet.number, region, sheet.rules, sureness(region.lines, region.body, region.columns))
        )
        free = [w for w in free if not _holds(region.box, w)]
    right = max((w.box.right for w in sheet.words), default=sheet.width)
    told = (grid if _is_told(grid, sheet.rules) else replace(grid, told=False) for grid in grids)
    blocks: list[Line | Grid] = [*free_lines(free, sheet.number, right, words), *told]
    blocks.sort(key=_top)
    return blocks


def _is_told(grid: Grid, rules: Sequence[Rule]) -> bool:
    """Whether rules tell where a grid, some of its rows or its cells end."""
    box = grid.box
    area = Box(box.left, box.top - OUTSIDE, box.right, box.bottom + OUTSIDE)
    return grid.ruled or any(runs_across(rule, area) for rule in rules)


def _form_grids(
    sheet: Sheet, block: Lines, read_rows: RowReader, words: Words, above: Grid | None
) -> tuple[list[Grid], set[int]]:
    """The grids of a form in a region whose text stands in columns without rules, and the ids of the words in them;
    nothing where it is no form's. `above` is a table of the page before that may go on here."""
    number = sheet.number
    labelled = is_labelled(block)
    form = speaks(("".join(w.text for w in run) for row in block for run in runs(row)), words)
    if above is not None or (form and not labelled):
        told = unruled_grids(number, block, sheet.rules, words, above)
        if told:
            return [grid for grid, _ in told], {each for _, own in told for each in own}
    if not (labelled or form):
        return [], set()
    aligned = aligned_grid(number, block, read_rows)
    return ([aligned], {id(w) for row in block for w in row}) if aligned is not None else ([], set())


def last_grid(page: PageBlocks | None) -> Grid | None:
    """The last grid of a page."""
    grids = [block for block in page.blocks if isinstance(block, Grid)] if page is not None else []
    return grids[-1] if grids else None


def _is_underruled(grid: Grid, sheet: Sheet, words: Words) -> bool:
    if not may_be_underruled(grid, words):
        return False
    inside = [w for w in sheet.words if _holds(grid.box, w)]
    return is_underruled(grid, _sure_regions(inside, sheet, []))


def _sure_regions(words: Sequence[Word], sheet: Sheet, obstacles: Sequence[Box]) -> list[Region]:
    regions = find_regions(words, sheet.rules, obstacles)
    return [r for r in regions if sureness(r.lines, r.body, r.columns) >= SURE]


def _top(block: Line | Grid) -> tuple[float, float]:
    box = block.box if isinstance(block, Grid) else block.place.box
    assert box is not None
    return (box.top, box.left)


def _holds(box: Box, word: Word) -> bool:
    x, y = word.box.middle
    return box.left - 1 <= x <= box.right + 1 and box.top <= y <= box.bottom
