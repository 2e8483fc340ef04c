"""The money block of a dump: sides, lines with their nesting, and amounts under the right columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.dump.build import Draft, TableBuilder, Text, text_of
from extractors.dump.indicators import DumpRow
from extractors.dump.lines import DumpCell
from schemas.frozen import dataclass
from schemas.language.money import is_empty_mark, names_block, names_money, stands_for_amount
from schemas.language.vocabulary import Words, squeeze

BLOCK, SIDE, PARENT, CHILD, AMOUNTS = 0, 1, 2, 3, 4  # the table columns that the parts of a line stand in
LONGEST_LINE = 60  # characters: a longer text is prose, not the name of a money line


def is_block(cells: Sequence[DumpCell], words: Words) -> bool:
    """Whether a row begins a money block: its first text names one, and a money word or an amount follows."""
    if len(cells) < 2 or not names_block(cells[0].text, words):
        return False
    return any(names_money(c.text, words) for c in cells[1:])


@dataclass(slots=True)
class _Line:
    row: DumpRow
    labels: list[DumpCell]
    amounts: list[DumpCell]


class FundSection:
    """Builds the rows of one money block."""

    def __init__(self, builder: TableBuilder, words: Words) -> None:
        self.builder = builder
        self.words = words
        self.rows: list[DumpRow] = []
        self._columns: list[DumpCell] = []
        self._seen: list[int] = []  # the tabs of the last row on this page that fills every column
        self._header_label: int | None = None
        self._side: Draft | None = None
        self._parent: tuple[Draft, int, int] | None = None  # its cell, its tab, its children's tab

    def ends_at(self, row: DumpRow) -> bool:
        """Whether a row is no longer of the block: a label, a heading, or prose."""
        cells = row.line.cells
        if not cells:
            return False
        first = cells[0].text
        if self.words.side(first) or self.words.is_fund_total(first):
            return False
        if self.words.known_label(first) or self.words.is_heading(first):
            return True
        if len({self.words.task(c.text) for c in cells} - {None}) > 1:
            return True
        amounts = any(stands_for_amount(c.text, self.words) for c in cells) or self._is_header(cells)
        if cells[0].tab <= self.rows[0].line.cells[0].tab and not amounts and not names_money(first, self.words):
            return True
        return any(len(c.text) > LONGEST_LINE for c in cells[: self._end_of_amounts(cells)])

    def add(self, row: DumpRow) -> None:
        self.rows.append(row)

    def build(self) -> None:
        """Place the block's rows; a block whose amounts the dump does not hold gets them as lost."""
        block = self.rows[0].line.cells[0]
        rest = [(row, list(row.line.cells)) for row in self.rows]
        rest[0] = (rest[0][0], rest[0][1][1:])
        rest = self._joined_headers(rest)
        first = self.builder.rows
        sided = any(cells and self.words.side(cells[0].text) for _, cells in rest)
        named = any(self._is_header(cells) for _, cells in rest)
        filled = [bool(cells) and all(stands_for_amount(c.text, self.words) for c in cells) for _, cells in rest]
        amounts = any(stands_for_amount(c.text, self.words) for _, cells in rest for c in cells)
        under = filled[-1] and not any(filled[:-1]) and len(rest) > 1  # one row of amounts below rows of names
        bare = not any(stands_for_amount(c.text, self.words) for _, cells in rest[:-1] for c in cells)
        abreast = any(
            len(cells) > 1 for _, cells in rest
        )  # else the lines stand below one another, their amounts blank
        text = text_of(block)
        if not named and not sided and ((under and bare) if amounts else abreast):
            self._build_across(rest[:-1] if amounts else rest, text, rest[-1] if amounts else None)
            return
        for row, cells in rest:
            at = self.builder.new_row(row.after_break)
            self._build_row(at, row, cells)
        self.builder.put(first, BLOCK, text, colspan=1 if sided else 2, rowspan=self.builder.rows - first)

    def _joined_headers(self, rows: list[tuple[DumpRow, list[DumpCell]]]) -> list[tuple[DumpRow, list[DumpCell]]]:
        """Headers of two rows (预算数 over 年初 and 调整后) made one, each column named by both."""
        out: list[tuple[DumpRow, list[DumpCell]]] = []
        for row, cells in rows:
            above = out[-1][1] if out and self._is_header(out[-1][1]) else None
            joined = self._under(above, cells) if above and cells else None
            if joined is not None:
                out[-1] = (out[-1][0], joined)
            else:
                out.append((row, cells))
        return out

    def _under(self, heads: Sequence[DumpCell], subs: Sequence[DumpCell]) -> list[DumpCell] | None:
        """The header's cells with those of a second row put below them, None where that row is none."""
        out: list[DumpCell] = []
        used = 0
        for k, head in enumerate(heads):
            end = heads[k + 1].tab if k + 1 < len(heads) else None
            below = [s for s in subs if s.tab >= head.tab and (end is None or s.tab < end)]
            named = [replace(s, text=s.text + head.text) for s in below]
            if below and not all(self.words.fund_column(c.text) for c in named):
                return None
            used += len(below)
            out += named or [head]
        return out if used == len(subs) else None

    def _build_across(
        self,
        rows: Sequence[tuple[DumpRow, list[DumpCell]]],
        block: Text,
        amounts: tuple[DumpRow, list[DumpCell]] | None,
    ) -> None:
        """Lines that stand side by side as headers above one row of amounts; None where the dump holds no such row."""
        first = self.builder.rows
        tabs = sorted({c.tab for _, cells in rows for c in cells})
        leaves: set[int] = set()
        for i, (row, cells) in enumerate(rows):
            at = self.builder.new_row(row.after_break)
            for k, cell in enumerate(cells):
                end = cells[k + 1].tab if k + 1 < len(cells) else None
                under = [t for t in tabs if t >= cell.tab and (end is None or t < end)]
                below = [c for _, later in rows[i + 1 :] for c in later if c.tab in under]
                col = PARENT + tabs.index(cell.tab)
                height = 1 if below else len(rows) - i
                text = text_of(cell)
                self.builder.put(at, col, text, colspan=max(len(under), 1) if below else 1, rowspan=height)
                if not below:
                    leaves.add(col)
        at = self.builder.new_row(amounts is not None and amounts[0].after_break)
        line = (amounts or rows[-1])[0].line.number
        fallen, why = self._fall_under([tabs[col - PARENT] for col in sorted(leaves)], amounts[1] if amounts else [])
        for col in sorted(leaves):
            tab = tabs[col - PARENT]
            if amounts is None:
                self.builder.put(at, col, None, line=line, lost=f"the dump holds no row of amounts below line {line}")
            elif fallen is None:
                self.builder.put(at, col, None, line=line, lost=f"the amounts of line {line} stand under no column")
            else:
                self.builder.put(at, col, text_of(fallen[tab], why) if tab in fallen else None, line=line)
        self.builder.put(first, BLOCK, block, colspan=2, rowspan=self.builder.rows - first)

    def _fall_under(
        self, tabs: Sequence[int], amounts: Sequence[DumpCell]
    ) -> tuple[dict[int, DumpCell] | None, str | None]:
        """The amount under each leaf's tab, and why, where positions do not tell it; None where nothing does."""
        if all(cell.tab in tabs for cell in amounts):
            return {cell.tab: cell for cell in amounts}, None
        if len(amounts) == len(tabs):
            return dict(zip(tabs, amounts, strict=True)), "its row is shifted; its column was taken by order"
        return None, None

    def _is_header(self, cells: Sequence[DumpCell]) -> bool:
        """Whether a row names columns. One with a colon behind it is a line's that asks for an amount (年度金额：)."""
        names = [c for c in cells if not c.text.rstrip().endswith((":", "："))]
        return any(self.words.fund_column(c.text) for c in names) and not any(
            stands_for_amount(c.text, self.words) for c in cells
        )

    def _build_row(self, at: int, row: DumpRow, cells: list[DumpCell]) -> None:
        if cells and self.words.side(cells[0].text) and (len(cells) > 1):
            side = cells.pop(0)
            self._side = self.builder.put(at, SIDE, text_of(side))
            self._columns, self._parent, self._header_label, self._seen = [], None, None, []
        elif self._side is not None:
            self.builder.extend(self._side, at)
        if self._is_header(cells):
            self._build_header(at, row, cells)
            return
        split = 1 if self._fills_all(cells) else self._end_of_amounts(cells)
        while split and stands_for_amount(cells[split - 1].text, self.words):
            split -= 1
        line = _Line(row, cells[:split], cells[split:])
        if not self._columns:
            self._build_pairs(at, row, cells)
            return
        self._place_labels(at, line)
        self._place_amounts(at, line)

    def _end_of_amounts(self, cells: Sequence[DumpCell]) -> int:
        """Where the amounts of a line end: behind them may stand a text below each last header that is none of money,
        such as 原因."""
        end = len(cells)
        for head in reversed(self._heads()):
            if self.words.fund_column(head.text) or not end or stands_for_amount(cells[end - 1].text, self.words):
                break
            end -= 1
        return end if end > 1 and stands_for_amount(cells[end - 1].text, self.words) else len(cells)

    def _fills_all(self, cells: Sequence[DumpCell]) -> bool:
        """Whether a row is a name and a text below each header, some of which are none of money: 测算依据."""
        texts = any(not self.words.fund_column(head.text) for head in self._columns)
        return texts and len(cells) == len(self._columns) + 1 and not stands_for_amount(cells[0].text, self.words)

    def _heads(self) -> Sequence[DumpCell]:
        """The headers of the block's columns, [] where none is known so far."""
        rows = (row.line.cells for row in self.rows)
        return self._columns or next((cells for cells in rows if self._is_header(cells)), ())

    def _build_header(self, at: int, row: DumpRow, cells: list[DumpCell]) -> None:
        start = next(i for i, c in enumerate(cells) if self.words.fund_column(c.text))
        while start > 1 and not self.words.is_line_header(cells[start - 1].text):
            start -= 1  # columns that have no name of ours, past years among them
        start += not start and self._heads_names(cells)
        self._columns = cells[start:]
        self._header_label = cells[0].tab if start else None
        self._parent = None
        label = text_of(cells[0]) if start else None
        self.builder.put(at, PARENT, label, colspan=2, line=row.line.number)
        for k, cell in enumerate(self._columns):
            self.builder.put(at, AMOUNTS + k, text_of(cell), colspan=self._span(k))

    def _heads_names(self, cells: Sequence[DumpCell]) -> bool:
        """Whether the first header stands over the names of the lines, where their tabs do not tell, as all of them
        begin where the block's name does: the fullest row has as many texts as the header, a name first."""
        block, *rows = (row.line.cells for row in self.rows if row.line.cells)
        fullest = max(rows, key=len, default=())
        named = len(fullest) == len(cells) and not stands_for_amount(fullest[0].text, self.words)
        return named and all(row[0].tab <= block[0].tab for row in rows)

    def _span(self, k: int) -> int:
        """The last amount column runs to the table's edge."""
        return self.builder.width - AMOUNTS - k if k == len(self._columns) - 1 else 1

    def _build_pairs(self, at: int, row: DumpRow, cells: Sequence[DumpCell]) -> None:
        """Without column headers: each label with what stands behind it."""
        number = row.line.number
        col = PARENT
        for k, cell in enumerate(cells):
            text = text_of(cell)
            last = k == len(cells) - 1
            if last and not stands_for_amount(cell.text, self.words):
                self.builder.put(at, col, text)
                self.builder.put(at, col + 1, None, line=number, colspan=self.builder.width - col - 1)
            else:
                self.builder.put(at, col, text, colspan=self.builder.width - col if last else 1)
            col += 1

    def _place_labels(self, at: int, line: _Line) -> None:
        labels = line.labels
        if not labels:
            return
        own = text_of(labels[-1])
        if len(labels) > 1:
            parent = Text(" ".join(c.text for c in labels[:-1]), labels[0].line, labels[0].column)
            cell = self.builder.put(at, PARENT, parent)
            self._parent = (cell, labels[-2].tab, labels[-1].tab)
            self.builder.put(at, CHILD, own)
            return
        inside, why = self._is_inside(labels[0])
        if inside and self._parent is not None:
            self.builder.extend(self._parent[0], at)
            self.builder.put(at, CHILD, text_of(labels[0], why))
        else:
            self._parent = None
            self.builder.put(at, PARENT, own, colspan=2)

    def _is_inside(self, label: DumpCell) -> tuple[bool, str | None]:
        """Whether a line stands inside the group above it: by its tab; where the row is shifted, by its name."""
        if self._parent is None:
            return False, None
        _, outer, inner = self._parent
        if label.tab == inner:
            return True, None
        if label.tab == outer:
            return False, None
        fiscal = self.words.all.funds.fiscal
        named = squeeze(label.text) in {squeeze(w) for w in fiscal.children}
        parent = squeeze(self._parent[0].text) == squeeze(fiscal.parent)
        why = f"its row is shifted; by its name it was read as a part of {self._parent[0].text}"
        return (True, why) if named and parent else (False, None)

    def _place_amounts(self, at: int, line: _Line) -> None:
        number = line.row.line.number
        places, why = self._fall(line)
        by_column = dict(zip(places, line.amounts, strict=False))
        for k in range(len(self._columns)):
            cell = by_column.get(k)
            text = text_of(cell, why) if cell is not None else None
            self.builder.put(at, AMOUNTS + k, text, colspan=self._span(k), line=number)

    def _is_compact(self) -> bool:
        """Whether the source drops blanks: no row of the block has one between its texts, and some are shorter."""
        rows = [[c.tab for c in row.line.cells] for row in self.rows]
        return len({len(row) for row in rows}) > 2 and all(row == list(range(len(row))) for row in rows)

    def _fall(self, line: _Line) -> tuple[list[int], str | None]:
        """The column of each amount; and why, where the row's positions do not tell it."""
        tabs = [c.tab for c in self._columns]
        own = [c.tab for c in line.amounts]
        if line.row.after_break:
            self._seen = []
        if len(own) > len(tabs):
            return list(range(len(tabs))), "its row holds more amounts than columns; they were taken by order"
        if len(own) == len(tabs):
            self._seen = own
            return list(range(len(tabs))), None
        if not own:
            return [], None
        if self._is_compact():
            named = sum(1 for c in self._columns if self.words.fund_column(c.text))
            if len(own) == named and self.words.fund_column(self._columns[0].text):
                return list(range(named)), None  # what stands behind them is of several lines
            first = max(named - len(own), 0) if all(is_empty_mark(c.text, self.words) for c in line.amounts) else 0
            why = "no row of its block holds a blank and it holds fewer amounts than columns; they were taken by order"
            return list(range(first, first + len(own))), why
        if self._seen and all(t in self._seen for t in own):
            why = "its row is shifted and holds fewer amounts than columns; the column is that of the rows around it"
            return [self._seen.index(t) for t in own], None if self._seen == tabs else why
        shifts = [0]
        if line.labels and self._header_label is not None:
            shifts.append(line.labels[0].tab - self._header_label)
        for shift in shifts:
            if all(t - shift in tabs for t in own):
                return [tabs.index(t - shift) for t in own], None
        if len(tabs) == 1:
            return [0], None
        first = min(len(tabs) - len(own), max(0, own[0] - tabs[0]))
        why = "its row is shifted and holds fewer amounts than columns; the column was taken by order"
        return list(range(first, first + len(own))), why
