"""A tabbed dump becomes lines and tables: which rows are money, indicators, or labels with their values."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from extractors.dump.build import Draft, TableBuilder, text_of
from extractors.dump.funds import AMOUNTS, FundSection, is_block
from extractors.dump.indicators import DumpRow, IndicatorSection, header_cells
from extractors.dump.lines import DumpLine
from schemas.language.money import names_line
from schemas.language.vocabulary import Words
from schemas.model import Block, Line, Place, Table

FEWEST_ROWS = 4  # of money or indicators that may be told to be shifted
BEGUN = 0.9  # of them begin at the left
FEWEST_ENDS = 2  # columns in which they end
LABELLED = re.compile(r"\s*[^:：，。；、]{1,12}[:：]")  # a line that begins so has a label of its own


def tabbed_blocks(lines: Sequence[DumpLine], words: Words) -> tuple[Block, ...]:
    """The blocks of a dump whose cells are parted by tabs. A blank line inside a table is a page break."""
    blocks: list[Block] = []
    rows: list[DumpRow] = []
    broken = False

    def close() -> None:
        if rows:
            blocks.append(build_table(rows, words))
        rows.clear()

    for line in lines:
        broken = broken or line.new_page
        if not line.cells:
            broken = True
            continue
        if line.tabs:
            rows.append(DumpRow(line, broken and bool(rows)))
        else:
            close()
            blocks.append(plain_line(line))
        broken = False
    close()
    return join_values(blocks, words)


def plain_line(line: DumpLine) -> Line:
    first = line.cells[0]
    return Line(line.text, Place(line=line.number, column=first.column))


def join_values(blocks: Sequence[Block], words: Words) -> tuple[Block, ...]:
    """A label whose value stands on the next lines is one line with it."""
    out: list[Block] = []
    behind: int | None = None  # the line at which a value that was joined to its label ended
    for block in blocks:
        last = out[-1] if out else None
        if isinstance(block, Line) and isinstance(last, Line) and last.text.rstrip().endswith((":", "：")):
            labelled = LABELLED.match(block.text)
            asks = words.known_label(last.text) or names_line(last.text, words)
            if asks and not labelled and not words.title.search(block.text):
                out[-1] = Line(f"{last.text} {block.text}", block.place)
                behind = block.place.line
                continue
            behind = None
        elif isinstance(block, Line) and isinstance(last, Line) and behind is not None:
            follows = block.place.line == behind + 1 or not last.text.endswith(("。", "！"))
            if follows and not LABELLED.match(block.text) and not words.title.search(block.text):
                out[-1] = Line(last.text + block.text, last.place)
                behind = block.place.line
                continue
            behind = None
        out.append(block)
    return tuple(out)


def build_table(rows: Sequence[DumpRow], words: Words) -> Table:
    """One table from the rows of a dump: its sections one below the other, over the same columns."""
    width = max(max(row.line.tabs for row in rows) + 1, AMOUNTS + 8)
    builder = TableBuilder(width + 4)
    labels = LabelRows(builder, words)
    i = 0
    inside: list[DumpRow] = []  # the rows of sections
    end = _end_of_sections(rows)
    while i < len(rows):
        row = rows[i]
        section: IndicatorSection | FundSection
        if header_cells(row.line, words) is not None:
            section = IndicatorSection(builder, row, words)
            i += 1
            i += i < len(rows) and section.takes(rows[i])
            while i < end and not section.ends_at(rows[i].line):
                section.add(rows[i])
                i += 1
        elif is_block(row.line.cells, words):
            section = FundSection(builder, words)
            section.add(row)
            i += 1
            while i < end and header_cells(rows[i].line, words) is None and not section.ends_at(rows[i]):
                section.add(rows[i])
                i += 1
        else:
            labels.add(row)
            i += 1
            continue
        section.build()
        inside += section.rows
        labels.interrupt()
    return builder.table(told=not are_shifted([[c.tab for c in row.line.cells] for row in inside if row.line.cells]))


def _end_of_sections(rows: Sequence[DumpRow]) -> int:
    """The row behind which each text has its label inside (填报人：…): what stands below a table is of no section."""
    end = len(rows)
    while end and all(LABELLED.match(cell.text) for cell in rows[end - 1].line.cells):
        end -= 1
    return end


def are_shifted(rows: Sequence[Sequence[int]]) -> bool:
    """Whether rows, by the columns of their texts, are all shifted to the left: a table has merged cells, and nearly
    none of its rows begins below one; and they end anywhere."""
    begun = sum(1 for row in rows if row[0] == 0)
    return len(rows) >= FEWEST_ROWS and begun >= BEGUN * len(rows) and len({row[-1] for row in rows}) >= FEWEST_ENDS


class LabelRows:
    """Rows of labels and values: each text spans to the next one, and a blank goes on from above."""

    def __init__(self, builder: TableBuilder, words: Words) -> None:
        self.builder = builder
        self.words = words
        self._above: list[Draft] = []

    def interrupt(self) -> None:
        """Another section stands between: nothing goes on from above it."""
        self._above = []

    def add(self, row: DumpRow) -> None:
        at = self.builder.new_row(row.after_break)
        cells = row.line.cells
        tabs = [c.tab for c in cells]
        under = self._under_labels(row)
        if under is not None:
            tabs = under
        kept = self._going_on(at, row, tabs)
        starts = sorted([*tabs, *(c.col for c in kept)])
        placed = list(kept)
        for cell, tab in zip(cells, tabs, strict=True):
            behind = bisect_right(starts, tab)
            end = starts[behind] if behind < len(starts) else self.builder.width
            text = text_of(cell)
            alone = len(cells) == 1 or not self.words.known_label(cells[-2].text)
            if cell is cells[-1] and alone and row.line.tabs > cell.tab and self.words.known_label(cell.text):
                placed.append(self.builder.put(at, tab, text))
                self.builder.put(at, tab + 1, None, colspan=end - tab - 1, line=row.line.number)
            else:
                placed.append(self.builder.put(at, tab, text, colspan=end - tab))
        self._above = placed

    def _going_on(self, at: int, row: DumpRow, tabs: Sequence[int]) -> list[Draft]:
        """The labels above that run down into this row: those left of its first text, and one whose value's
        column is filled here without a label of its own."""
        kept = []
        texts = {tab: cell.text for tab, cell in zip(tabs, row.line.cells, strict=True)}
        for i, cell in enumerate(self._above):
            value = self._above[i + 1] if i + 1 < len(self._above) else None
            left = cell.col + cell.colspan <= tabs[0]
            goes_on = (
                value is not None
                and value.col in texts
                and tabs[bisect_left(tabs, cell.col)] == value.col
                and self.words.choice(cell.text) is not None
                and not self.words.known_label(texts[value.col])
            )
            if left or goes_on:
                self.builder.extend(cell, at)
                kept.append(cell)
        return kept

    def _under_labels(self, row: DumpRow) -> list[int] | None:
        """Where the row above ends in labels without values and this row has as many texts, they stand below."""
        above = [c for c in self._above if self.words.label(c.text)]
        if len(above) < 2 or above[-2:] != self._above[-2:] or len(row.line.cells) != 2:
            return None
        if any(self.words.known_label(c.text) for c in row.line.cells):
            return None
        return [c.col for c in above[-2:]]
