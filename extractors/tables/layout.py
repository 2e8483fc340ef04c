"""One page's sheet becomes blocks from top to bottom: ruled grids, grids of aligned text, and lines of text."""

from __future__ import annotations

from extractors.tables.blocks import PageBlocks
from extractors.tables.borderless import RowReader, aligned_grid, columnar_regions
from extractors.tables.celltext import cell_lines
from extractors.tables.grid import find_grids
from extractors.tables.unruled_head import with_head
from schemas.language.vocabulary import Words
from schemas.model import Box, Grid, Line, Sheet, Word


def page_blocks(sheet: Sheet, read_rows: RowReader, words: Words) -> PageBlocks:
    """What stands on the page, from top to bottom. `read_rows` is called only for text in columns without
    rules."""
    grids = find_grids(sheet)
    inside = [g.box for g in grids]
    free = [w for w in sheet.words if not any(_holds(box, w) for box in inside)]
    for i, grid in enumerate(grids):
        grids[i], head = with_head(grid, free, words)
        free = [w for w in free if not any(w is h for h in head)]
    for region in columnar_regions(free, inside):
        aligned = aligned_grid(sheet.number, region, read_rows)
        if aligned is None:
            continue
        grids.append(aligned)
        taken = {id(w) for row in region for w in row}
        free = [w for w in free if id(w) not in taken]
    blocks: list[Line | Grid] = [*cell_lines(free, sheet.number), *grids]
    blocks.sort(key=_top)
    return PageBlocks(sheet.number, sheet.height, tuple(blocks))


def _top(block: Line | Grid) -> tuple[float, float]:
    box = block.box if isinstance(block, Grid) else block.place.box
    assert box is not None
    return (box.top, box.left)


def _holds(box: Box, word: Word) -> bool:
    x, y = word.box.middle
    return box.left - 1 <= x <= box.right + 1 and box.top <= y <= box.bottom
