"""Text dumps lose spans and shift rows: their texts, in order, are matched to the columns' roles again."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.align.flat import flat_blocks
from extractors.align.rows import tabbed_blocks
from extractors.dump import DumpLine
from schemas.model import Block
from schemas.vocabulary import Words


def align_blocks(lines: Sequence[DumpLine], words: Words) -> tuple[Block, ...]:
    """The lines and tables of a dump, whether tabs part its cells or nothing does."""
    if any(line.tabs for line in lines):
        return tabbed_blocks(lines, words)
    return flat_blocks(lines, words)
