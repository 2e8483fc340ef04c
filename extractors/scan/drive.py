"""One scanned page from its image to blocks: straightened, read, laid out in grids, doubtful cells read again."""

from __future__ import annotations

from dataclasses import replace

from extractors.ocr.engine import Engine
from extractors.ocr.guard import guarded
from extractors.refusals import NothingRead
from extractors.scan.cells import refine
from extractors.scan.page import ScannedPage, read_scan
from extractors.scan.straighten import Image
from extractors.scan.strokes import with_strokes
from extractors.scan.ticks import Tick, mark_ticks
from extractors.tables.accounting import emptied
from extractors.tables.blocks import PageBlocks
from extractors.tables.borderless import line_rows
from extractors.tables.grid import find_grids
from extractors.tables.layout import page_blocks
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words
from schemas.model import Grid

FRAME = 0.85  # of a page's width and height: a single cell so large is a frame around the page
ON_EDGE = 3.0  # points: how far from the edge of a frame its rules lie
BENT = "the page is bent, and its rules could not be made straight"
INKED = 6  # cells with ink: a page with so many of them and not one character read was not read at all


@dataclass(frozen=True, slots=True)
class ScanReading:
    """What came of one page image: its blocks, the page with its ink, the ticks found, and remarks."""

    blocks: PageBlocks
    page: ScannedPage
    ticks: tuple[Tick, ...]
    notes: tuple[str, ...] = ()


def read_page(image: Image, dpi: float, number: int, engine: Engine, words: Words) -> ScanReading:
    """Read one page image (RGB, `dpi` pixels an inch). Raises NothingRead, and what a guarded engine raises."""
    engine = guarded(engine)
    page = read_scan(image, dpi, number, engine)
    notes = list(page.straight.notes)
    if engine.dropped:
        notes.append(f"left out what the engine put nowhere on the page ({engine.dropped} runs of text)")
    page = _without_frame(page)
    laid_out = page_blocks(page.sheet, line_rows, words)
    blocks = with_strokes(refine(laid_out, page, engine), page)
    inked = _unread_cells(blocks)
    if inked >= INKED and not page.sheet.words:
        raise NothingRead(detail=f"{inked} cells hold ink")
    blocks, ticks = mark_ticks(blocks, page, words)
    blocks = replace(blocks, lost=(*blocks.lost, *emptied(laid_out.blocks, blocks.blocks)))
    if page.straight.bent:
        blocks = _unsure(blocks)
    return ScanReading(blocks, page, ticks, tuple(notes))


def _unsure(blocks: PageBlocks) -> PageBlocks:
    """The blocks of a page that is bent still: where a cell of it begins and ends is a guess."""
    out = [
        replace(block, cells=tuple(replace(cell, inferred=cell.inferred or BENT) for cell in block.cells))
        if isinstance(block, Grid)
        else block
        for block in blocks.blocks
    ]
    return replace(blocks, blocks=tuple(out))


def _without_frame(page: ScannedPage) -> ScannedPage:
    """The page without the rules of a frame: one cell nearly as large as the page is its edge, no table."""
    sheet = page.sheet
    for grid in find_grids(sheet):
        if len(grid.cells) == 1 and min(grid.box.width / sheet.width, grid.box.height / sheet.height) >= FRAME:
            edges = {True: (grid.box.left, grid.box.right), False: (grid.box.top, grid.box.bottom)}
            rules = (r for r in sheet.rules if min(abs(r.at - edge) for edge in edges[r.vertical]) > ON_EDGE)
            return replace(page, sheet=replace(sheet, rules=tuple(rules)))
    return page


def _unread_cells(blocks: PageBlocks) -> int:
    """The number of cells with ink in which nothing was read; 0 where something was read in any cell."""
    cells = [cell for block in blocks.blocks if isinstance(block, Grid) for cell in block.cells]
    return 0 if any(cell.text for cell in cells) else sum(cell.unreadable for cell in cells)
