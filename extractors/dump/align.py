"""Text dumps lose spans and shift rows: their texts, in order, are matched to the columns' roles again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.dump.flat import flat_blocks
from extractors.dump.lines import DumpLine
from extractors.dump.loose_rows import Slot, lists_projects, loose_blocks, repeats, table_of
from extractors.dump.pieces import has_columns
from extractors.dump.rows import join_values, plain_line, tabbed_blocks
from extractors.dump.spread import spread_blocks
from extractors.dump.whole import fits, is_even
from extractors.marked.build import MarkedTable, build_blocks
from schemas.language.vocabulary import Words
from schemas.model import Block, Line, Place


def align_blocks(lines: Sequence[DumpLine], words: Words) -> tuple[Block, ...]:
    """The lines and tables of a dump, whether tabs part its cells or nothing does."""
    if not any(line.tabs for line in lines):
        return spread_blocks(lines, words) if has_columns(lines) else flat_blocks(lines, words)
    rows = [_slots(line) for line in lines if line.tabs and line.cells]
    if not rows:
        return flat_blocks(lines, words)
    if is_whole(lines, rows, words) or repeats(rows, words) or lists_projects(rows, words):
        return join_values(build_blocks(list(_filled(lines, words))), words)
    return tabbed_blocks(lines, words)


def is_whole(lines: Sequence[DumpLine], rows: Sequence[Sequence[Slot]], words: Words) -> bool:
    """Whether no row of a dump is shifted or cut, as far as its shape and its texts tell."""
    return is_even(lines) and fits(table_of(rows), words)


def _filled(lines: Sequence[DumpLine], words: Words) -> Iterator[Line | MarkedTable]:
    """The lines and tables of a dump that repeats the text of a merged cell in each of its parts."""
    rows: list[list[Slot]] = []
    for line in lines:
        if line.tabs:
            rows.append(_slots(line))
        elif line.cells:
            yield from loose_blocks(rows, words, ruled=False)
            rows = []
            yield plain_line(line)
    yield from loose_blocks(rows, words, ruled=False)


def _slots(line: DumpLine) -> list[Slot]:
    """The cells of a line, blank ones too."""
    slots = [Slot("", Place(line=line.number))] * (line.tabs + 1)
    for cell in line.cells:
        slots[cell.tab] = Slot(cell.text, Place(line=cell.line, column=cell.column))
    return slots
