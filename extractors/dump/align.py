"""Text dumps lose spans and shift rows: their texts, in order, are matched to the columns' roles again."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.dump.flat import flat_blocks
from extractors.dump.lines import DumpLine
from extractors.dump.rows import tabbed_blocks
from schemas.language.vocabulary import Words
from schemas.model import Block


def align_blocks(lines: Sequence[DumpLine], words: Words) -> tuple[Block, ...]:
    """The lines and tables of a dump, whether tabs part its cells or nothing does."""
    if any(line.tabs for line in lines):
        return tabbed_blocks(lines, words)
    return flat_blocks(lines, words)
