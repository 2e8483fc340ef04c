"""One scanned page from its image to blocks: straightened, read, laid out in grids, doubtful cells read again."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.borderless import line_rows
from extractors.layout import page_blocks
from extractors.ocr.engine import Engine
from extractors.scan.cells import refine
from extractors.scan.page import ScannedPage, read_scan
from extractors.scan.straighten import Image
from extractors.scan.ticks import Tick, mark_ticks
from extractors.stitch import PageBlocks
from schemas.vocabulary import Words


@dataclass(frozen=True, slots=True)
class ScanReading:
    """What came of one page image: its blocks, the page with its ink, and the ticks found."""

    blocks: PageBlocks
    page: ScannedPage
    ticks: tuple[Tick, ...]


def read_page(image: Image, dpi: float, number: int, engine: Engine, words: Words) -> ScanReading:
    """Read one page image (RGB, `dpi` pixels an inch)."""
    page = read_scan(image, dpi, number, engine)
    blocks = refine(page_blocks(page.sheet, line_rows), page, engine)
    blocks, ticks = mark_ticks(blocks, page, words)
    return ScanReading(blocks, page, ticks)
