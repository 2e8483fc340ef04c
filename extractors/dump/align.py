"""Text dumps lose spans and shift rows: their texts, in order, are matched to the columns' roles again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.dump.flat import flat_blocks
from extractors.dump.lines import DumpLine
from extractors.dump.loose_rows import Slot, lists_projects, loose_blocks, repeats
from extractors.dump.pieces import has_columns
from extractors.dump.rows import join_values, plain_line, tabbed_blocks
from extractors.dump.spread import spread_blocks
from extractors.dump.whole import fits, is_even, may_be_shifted, rows_behind_marks
from extractors.marked.build import MarkedTable, build_blocks
from extractors.marked.rows import GridRows, SingleCells
from schemas.language.vocabulary import Words
from schemas.model import Block, Line, Place

CARRIED = "a blank line or a form feed stands within its rows: the name of those behind it may be lost"


def align_blocks(lines: Sequence[DumpLine], words: Words) -> tuple[Block, ...]:
    """The lines and tables of a dump, whether tabs part its cells or nothing does."""
    if not any(line.tabs for line in lines):
        return spread_blocks(lines, words) if has_columns(lines) else flat_blocks(lines, words)
    texts = [_texts(line) for line in lines if line.tabs and line.cells]
    if not texts:
        return flat_blocks(lines, words)
    rows = SingleCells(texts, words)
    if is_whole(lines, rows) or repeats(rows) or lists_projects(texts, words):
        return join_values(build_blocks(list(_filled(lines, words))), words)
    return tabbed_blocks(lines, words)


def is_whole(lines: Sequence[DumpLine], rows: GridRows) -> bool:
    """Whether no row of a dump is shifted or cut, as far as its shape and its texts tell."""
    if not is_even(lines) or any(line.tabs and not line.cells for line in lines):
        return False  # a row of tabs alone is one whose cells are blank, as those of money may be
    marks = rows_behind_marks(lines)
    return fits(rows) and not (marks and may_be_shifted(rows, marks))


def _filled(lines: Sequence[DumpLine], words: Words) -> Iterator[Line | MarkedTable]:
    """The lines and tables of a dump that repeats the text of a merged cell in each of its parts."""
    rows: list[list[Slot]] = []
    marks, number = rows_behind_marks(lines), -1
    for line in lines:
        number += bool(line.tabs and line.cells)
        if line.tabs:
            why = CARRIED if line.cells and number in marks else None
            rows.append([slot if slot.text else replace(slot, inferred=why) for slot in _slots(line)])
        elif line.cells:
            yield from loose_blocks(rows, words, ruled=False)
            rows = []
            yield plain_line(line)
    yield from loose_blocks(rows, words, ruled=False)


def _texts(line: DumpLine) -> list[str]:
    """The texts of the cells of a line, blank ones too."""
    texts = [""] * (line.tabs + 1)
    for cell in line.cells:
        texts[cell.tab] = cell.text
    return texts


def _slots(line: DumpLine) -> list[Slot]:
    """The cells of a line, blank ones too."""
    slots = [Slot("", Place(line=line.number))] * (line.tabs + 1)
    for cell in line.cells:
        slots[cell.tab] = Slot(cell.text, Place(line=cell.line, column=cell.column))
    return slots
