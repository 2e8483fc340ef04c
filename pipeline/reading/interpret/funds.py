"""The money of a form: blocks of lines with their nesting, side and columns, and single lines beside labels."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence

from pipeline.reading.blocks import could_be_amount, is_money_block
from pipeline.reading.interpret.arrangement import may_be_label
from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.money_layout import (
    KIND,
    heads_own_columns,
    inner_heading,
    lists_projects,
    matrix,
    prints_shares,
    side_by_side,
    sided_rows,
    year_columns,
)
from pipeline.reading.interpret.nesting import DEEPEST, DEFAULT_COLUMN, Nesting, begins_part, path_of
from pipeline.reading.interpret.redaction import blank_to_none
from pipeline.reading.view import TableView
from schemas.language.columns import OTHER
from schemas.language.money import (
    LONGEST_MONEY_NAME,
    almost_unit,
    declared_unit,
    is_share,
    line_name,
    names_line,
    parse_amount,
    printed_lines,
    resembles_amount,
    stands_for_amount,
)
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import is_year_mark
from schemas.model import Cell, Line
from schemas.pointers import pointer
from schemas.record import Fund

TOO_DEEP = "so many lines are said to be parts of the one before them that they may stand beside each other"


class FundReader:
    """Collects the money lines of a form, block by block, in printed order."""

    def __init__(self, draft: Draft, words: Words) -> None:
        self.draft = draft
        self.words = words
        self.funds: list[Fund] = []
        self._inline = Nesting()
        self._columns = Nesting()  # of columns outside any block
        self._untold: set[int] = set()  # lines whose side no cell of the form tells

    # ── blocks in tables

    def read(self, view: TableView, free: set[int]) -> set[int]:
        """Read the money blocks among the free rows of a table; returns the rows they take whole."""
        used: set[int] = set()
        for row in sorted(free):
            if row in used:
                continue
            head = next(iter(view.starting(row)), None)
            if head is None:
                continue
            if is_money_block(view, head, self.words) and not lists_projects(view, head, self.words):
                rows = [r for r in head.rows if r in free]
                self.draft.own(head)
                self._note_unit(head.text, head, view)
                side = self.words.side(head.text)
                first = len(self.funds)
                self._read_block(view, rows, head.col + head.colspan, side, head.text)
                self._settle_totals(first)
                used.update(rows)
            elif heads_own_columns(view, row, free, self.words):
                self.draft.own(head, *(c for c in view.row(row + 1)[:1] if c.text.strip()))
                self._note_unit(head.text, head, view)
                self._read_block(view, [row, row + 1], head.col + head.colspan, None, head.text)
                used.update((row, row + 1))
            elif (length := self._loose_lines(view, row, free) or sided_rows(view, row, free, self.words)) > 0:
                rows = list(range(row, row + length))
                first = len(self.funds)
                self._read_block(view, rows, head.col, None, "")
                self._settle_totals(first)
                self._inline.last = self.funds[-1].path if self.funds else []
                used.update(rows)
        return {row for row in used if not self._leaves_label(view, row)}

    def _leaves_label(self, view: TableView, row: int) -> bool:
        """Whether a label that is none of money stands in a row behind its money: its value is a field's. A known one
        does; and so does what may be one, where a text of its own stands behind it."""
        rest = [c for c in view.starting(row) if not self.draft.is_owned(c) and c.text.strip()]
        if any(self._is_other_label(c) or self._is_no_money(rest, i) for i, c in enumerate(rest)):
            return True
        return len(rest) == 2 and rest[1] is view.row(row)[-1] and may_be_label(rest[0].text, self.words)

    def _is_other_label(self, cell: Cell) -> bool:
        return bool(self.words.known_label(cell.text)) and not names_line(cell.text, self.words)

    def _is_no_money(self, cells: Sequence[Cell], i: int) -> bool:
        """Whether a label asks for a code, or for a rate and has one beside it: what it prints is no amount."""
        label = cells[i].text
        if self.words.asks_for_code(label):
            return True
        beside = cells[i + 1].text if i + 1 < len(cells) else ""
        return is_share(beside) and self.words.names_rate(label) and not self.words.fund_column(label)

    def _loose_lines(self, view: TableView, row: int, free: set[int]) -> int:
        """How many rows from here are money lines without a block's name at their left."""
        count = 0
        while row + count in free:
            cells = view.row(row + count)
            if len(cells) < 2 or cells[0].row != row + count or not cells[0].text.strip():
                break
            label = cells[0].text
            short = len(line_name(label, self.words)) <= LONGEST_MONEY_NAME
            if self.words.known_label(label) or not names_line(label, self.words) or not short:
                break
            if not any(stands_for_amount(c.text, self.words) for c in cells[1:]):
                break
            count += 1
        return count

    def _read_block(
        self, view: TableView, rows: Sequence[int], start: int, side: str | None, name: str, end: int | None = None
    ) -> None:
        """The lines of a block in some rows, between two columns. Blocks that stand side by side in it are read one
        after the other."""
        while (heading := inner_heading(view, rows, start, end, self.words)) is not None:
            self._own_labels([heading], view)
            start = heading.col + heading.colspan
        beside = side_by_side(view, rows, start, self.words) if end is None else []
        for block in beside:
            self._own_labels(block.titles, view)
            self._read_block(view, block.rows, block.start, block.side or side, name, block.end)
        if beside or not rows or self._read_across(view, rows, start, end):
            return
        columns: list[tuple[str, int, int]] = []
        nesting: dict[int, Nesting] = {}
        seen_sides: set[int] = set()
        shared = False  # whether the header of the columns stands above all sides
        headed = 0  # the row behind the header's last
        for row in rows:
            cells = view.row(row, start, end)
            while cells and (named := self.words.side(cells[0].text)) and cells[0].rowspan > 1:
                self.draft.own(cells[0])
                if id(cells[0]) not in seen_sides:
                    seen_sides.add(id(cells[0]))
                    side, columns, nesting = named, columns if shared else [], {}
                cells = cells[1:]
            if row < headed:
                continue
            if cells and (inner := self._rows_of_inner(view, cells[0], rows, end)):
                self._own_labels(cells[:1], view)
                right = cells[0].col + cells[0].colspan
                self._read_block(view, inner, right, side or self._side_of(cells[0].text), name, end)
                headed = inner[-1] + 1
                continue
            header = self._header(view, cells, row)
            if not header and not columns:
                header = year_columns(cells) or matrix(cells, view.row(row + 1, start, end), self.words)
            if header:
                columns, shared = header, not seen_sides
                headed = max(c.row + c.rowspan for c in cells)
                self.draft.own(*cells)
                for cell in cells:
                    self._note_unit(cell.text, cell, view)
            elif columns:
                self._read_line(view, cells, columns, side, nesting.setdefault(0, Nesting()), name)
            else:
                self._read_pairs(view, row, cells, side, nesting, name)

    def _rows_of_inner(self, view: TableView, head: Cell, rows: Sequence[int], end: int | None) -> Sequence[int]:
        """The rows of a block within a block, which a tall cell at its left heads: the first of them is a header of
        columns. [] where the cell is none such."""
        inner = rows[bisect_left(rows, head.row) : bisect_left(rows, head.row + head.rowspan)]
        if len(inner) < 2 or inner[0] != head.row:
            return []
        cells, below, *others = (view.row(r, head.col + head.colspan, end) for r in inner)
        printed = [c.text for row in (below, *others) for c in row if c.text.strip()]
        if not any(stands_for_amount(text, self.words) for text in printed):
            return []  # the corner of a header
        heads = self._header(view, cells, head.row) or year_columns(cells) or matrix(cells, below, self.words)
        return inner if heads else []

    def _side_of(self, heading: str) -> str | None:
        return "expenditure" if self.words.all.funds.expenditure_line in heading else None

    def _settle_totals(self, first: int) -> None:
        """A total takes the side of the lines that it sums: over nothing but lines of expenditure it is one, and so are
        the lines below it. `first` is the first line of its block."""
        totals = [i for i in range(first, len(self.funds)) if self._is_outer_total(i)]
        names = dict.fromkeys(self.funds[i].path[0] for i in totals)
        for name in names:
            start = next(i for i in totals if self.funds[i].path[0] == name)
            end = next((i for i in totals if i > start and self.funds[i].path[0] != name), len(self.funds))
            own = [i for i in range(start, end) if self.funds[i].path[0] == name]
            below = {self.funds[i].path[1] for i in own if len(self.funds[i].path) > 1}
            summed = below or {self.funds[i].path[0] for i in range(start, end) if i not in own}
            if summed and all(self.words.all.funds.expenditure_line in line for line in summed):
                for i in own:
                    self.funds[i] = self.funds[i].model_copy(update={"side": "expenditure"})

    def _is_outer_total(self, number: int) -> bool:
        path = self.funds[number].path
        return number in self._untold and len(path) == 1 and self.words.is_fund_total(path[0])

    def _header(self, view: TableView, cells: Sequence[Cell], row: int) -> list[tuple[str, int, int]]:
        """The money columns that a row names, [] where the row is no header."""
        named = [(i, c) for i, c in enumerate(cells) if c.row == row and self.words.fund_column(c.text)]
        if not named or any(stands_for_amount(c.text, self.words) for c in cells):
            return []
        if any(not c.text.strip() for c in cells[named[0][0] :]):
            return []  # a blank beside a name is its value, not a column
        first, below = named[0][0], max(c.row + c.rowspan for c in cells)
        if first + 1 < len(cells) and self._heads_labels(view, cells[first], below):
            first += 1  # 年度预算数 above the names of the lines
        while first > 1 and self._heads_amounts(view, cells[first - 1], below):
            first -= 1  # years past, whose header names no column of ours
        return self._columns_of(view, cells[first:], below)

    def _heads_labels(self, view: TableView, head: Cell, below: int) -> bool:
        """Whether what stands below the first header is the name of a line and no amount."""
        under = view.at(below, head.col)
        return under is not None and bool(under.text.strip()) and not stands_for_amount(under.text, self.words)

    def _heads_amounts(self, view: TableView, head: Cell, below: int) -> bool:
        under = view.at(below, head.col)
        return bool(head.text.strip()) and under is not None and parse_amount(under.text, self.words) is not None

    def _read_line(
        self,
        view: TableView,
        cells: Sequence[Cell],
        columns: Sequence[tuple[str, int, int]],
        side: str | None,
        nesting: Nesting,
        name: str,
    ) -> None:
        """One row under column headers: its labels at the left, its amounts under the columns."""
        first = min(start for _, start, _ in columns)
        labels = [c for c in cells if c.col < first and c.text.strip()]
        amounts = [c for c in cells if c.col >= first]
        self._own_labels(labels, view)
        if not labels and not any(c.text.strip() for c in amounts):
            return
        path = path_of([c.text for c in labels] or [name], nesting, self.words)
        self._doubt_labels(labels)
        for role, start, end in columns:
            inside = [c for c in amounts if c.col < end and start < c.col + c.colspan]
            for cell in inside[:1]:
                if role.startswith(KIND):
                    self._add(view, cell, side, [*path, role.removeprefix(KIND)], DEFAULT_COLUMN)
                else:
                    self._add(view, cell, side, path, role)

    def _columns_of(self, view: TableView, cells: Sequence[Cell], end: int) -> list[tuple[str, int, int]]:
        """The money columns of a header's cells; where a cell parts into several below it, those by both names."""
        out: list[tuple[str, int, int]] = []
        for cell in cells:
            below = view.row(cell.row + cell.rowspan, cell.col, cell.col + cell.colspan)
            if len(below) > 1 and cell.row + cell.rowspan < end and all(named := [self._part(c, cell) for c in below]):
                self.draft.own(*below)
                out += [(name, c.col, c.col + c.colspan) for name, c in zip(named, below, strict=True)]
            else:
                role = self.words.fund_column(cell.text) or f"{OTHER}{squeeze(cell.text)}"
                out.append((role, cell.col, cell.col + cell.colspan))
        return out

    def _part(self, cell: Cell, above: Cell) -> str:
        """The money column of a header below another one; a year alone is one. Empty where it is none."""
        known = self.words.fund_column(cell.text + above.text) or self.words.fund_column(cell.text)
        return known or (f"{OTHER}{squeeze(cell.text)}" if is_year_mark(cell.text) else "")

    def _read_pairs(
        self, view: TableView, row: int, cells: Sequence[Cell], side: str | None, nesting: dict[int, Nesting], name: str
    ) -> None:
        """A row without column headers: labels, each with the amount to its right, or in its own cell. An amount that
        stands first is that of the block's own name; one that reaches down from a row above was read there."""
        labels: list[Cell] = []
        beside: Nesting | None = None  # of the line to the left
        if len(cells) > 1 and all(self.words.side(c.text) for c in cells):
            self.draft.own(*cells)  # they name the sides of the lines below, whose names do too
            return
        for i, cell in enumerate(cells):
            last = cells[i - 1] if i else None
            if (i and self._is_other_label(cell)) or self._is_no_money(cells, i):
                return
            lines = printed_lines(cell.text, self.words, in_block=True)
            if not lines and cell.col in nesting and self._is_blank_line(cell, cells[i + 1 :]):
                lines = [(cell.text, "")]
            if lines:
                if cell.row < row:
                    continue
                if beside is not None and not labels and not begins_part([lines[0][0]], self.words):
                    own = self._nesting_of([cell], nesting, beside)  # what stands right of 其中：财政拨款：200
                else:
                    own = nesting.setdefault(cell.col, Nesting())
                self._own_labels(labels, view)
                for label, amount in lines:
                    self._note_unit(label, cell, view)
                    path = path_of([*(c.text for c in labels), label], own, self.words)
                    self._add(view, cell, side, path, self.words.fund_column(label) or own.column, amount)
                labels, beside = [], own
            elif labels and last is labels[-1] and cell.row < row and could_be_amount(cell, self.words):
                labels, beside = [], nesting.get(last.col)
            elif labels and last is labels[-1] and could_be_amount(cell, self.words):
                self._own_labels(labels, view)
                own = self._nesting_of(labels, nesting, beside)
                own.column = self.words.fund_column(labels[-1].text) or own.column
                self._doubt_column(cells[i:])
                self._add(view, cell, side, path_of([c.text for c in labels], own, self.words), own.column)
                labels, beside = [], own
            elif i == 0 and name and parse_amount(cell.text, self.words):
                beside = nesting.setdefault(cell.col, Nesting())
                self._add(view, cell, side, path_of([name], beside, self.words), beside.column)
            elif cell.text.strip() and not stands_for_amount(cell.text, self.words) and not is_share(cell.text):
                labels.append(cell)

    def _doubt_column(self, cells: Sequence[Cell]) -> None:
        """Doubt the column of a line's amount, the first of these cells, where more amounts follow it: no header says
        which of them is which."""
        amounts = list(itertools.takewhile(lambda c: stands_for_amount(c.text, self.words), cells))
        if len(amounts) > 1:
            why = "more amounts stand beside it, and no header tells their columns"
            self.draft.doubt("inferred", pointer("funds", len(self.funds)), why, amounts[1].text.strip())

    def _is_blank_line(self, cell: Cell, beside: Sequence[Cell]) -> bool:
        """Whether a cell below lines that stand whole in their own cells prints one without its amount: `其他：`."""
        text = cell.text.strip()
        if beside or text[-1:] not in (":", "：") or not line_name(text, self.words):
            return False
        return len(squeeze(text)) <= LONGEST_MONEY_NAME and may_be_label(text, self.words)

    def _own_labels(self, labels: Sequence[Cell], view: TableView) -> None:
        self.draft.own(*labels)
        for label in labels:
            self._note_unit(label.text, label, view)

    def _nesting_of(self, labels: Sequence[Cell], nesting: dict[int, Nesting], beside: Nesting | None) -> Nesting:
        """The nesting of a line in its column. 其中 that has no line above it is a part of the line to its left, and so
        is what stands to the right of it."""
        col = labels[-1].col
        begun = beside is not None and beside.below is not None
        if beside is not None and col not in nesting and (begun or begins_part([c.text for c in labels], self.words)):
            nesting[col] = beside
        return nesting.setdefault(col, Nesting())

    def _read_across(self, view: TableView, rows: Sequence[int], start: int, end: int | None) -> bool:
        """A block whose lines stand side by side as headers, with their amounts in a row below; rows of shares may
        follow it, which are no money."""
        amounts = [r for r in rows if not prints_shares(view.row(r, start, end))]
        last = amounts[-1] if amounts else rows[-1]
        values = [c for c in view.row(last, start, end) if c.row == last]
        if len(amounts) < 2 or len(values) < 2 or not all(could_be_amount(c, self.words) for c in values):
            return False
        if len(values) != len(view.row(last, start, end)):
            return False
        heads = [c for r in amounts[:-1] for c in view.row(r, start, end)]
        if all(self.words.fund_column(c.text) for c in heads):
            return False  # columns of one line, which the block names
        if not all(c.text.strip() and not stands_for_amount(c.text, self.words) for c in heads):
            return False
        self.draft.own(*heads)
        for cell in values:
            above: list[Cell] = []
            for r in amounts[:-1]:
                head = view.at(r, cell.col)
                if head is not None and head not in above:
                    above.append(head)
            for head in above:
                self._note_unit(head.text, head, view)
            path = [line_name(c.text, self.words) for c in above]
            self._add(view, cell, None, path, DEFAULT_COLUMN)
        return True

    def read_column(self, header: str, cells: Sequence[Cell], view: TableView) -> None:
        """A column of amounts that stands outside any block: what its header names is the line, 其中 a part of the one
        to its left."""
        column = self.words.fund_column(header) or DEFAULT_COLUMN
        path = path_of([header], self._columns, self.words)
        for cell in cells:
            self._note_unit(header, cell, view)
            self._add(view, cell, None, path, column)

    # ── single lines beside labels

    def read_inline(self, label: str, text: str, source: Cell | Line, view: TableView | None) -> bool:
        """A money line printed as `label: amount` among other labels; False where it is none."""
        amount = parse_amount(text, self.words) if text.strip() else None
        known = names_line(label, self.words)
        # a line of money stays one though its amount was read with a fault, or resembles one only: it gets a
        # finding, and its place
        misread = known and source.score is not None and any(ch.isdigit() for ch in text)
        unclear = known and resembles_amount(text, self.words)
        if not known or (amount is None and text.strip() and not misread and not unclear):
            return False
        path = path_of([label], self._inline, self.words)
        where = pointer("funds", len(self.funds))
        self._append(None, path, DEFAULT_COLUMN, text, where, source, view)
        self.draft.own(source)
        if isinstance(source, Cell):
            self.draft.origin(where, text or None, view, source)
        else:
            self.draft.origin_line(where, text or None, source)
        self._note_unit(label, source, view)
        return True

    # ── what only the family knows

    def settle_fiscal(self, children: Sequence[str]) -> None:
        """Put right which lines stand inside 财政拨款 where a dump's columns, which are no proof, say otherwise.

        `children` are the lines that forms of this family print inside it; each change is a finding.
        """
        parent = self.words.all.funds.fiscal.parent
        inside = {squeeze(c) for c in children}
        near = False
        for i, fund in enumerate(self.funds):
            own = squeeze(fund.path[-1])
            grouped = len(fund.path) == 2 and squeeze(fund.path[0]) == squeeze(parent)
            if grouped and own not in inside:
                path, said = [fund.path[-1]], "inside"
            elif len(fund.path) == 1 and own in inside and near:
                path, said = [parent, fund.path[-1]], "outside"
            else:
                near = grouped or (near and own == squeeze(parent))
                continue
            self.funds[i] = fund.model_copy(update={"path": path})
            self.draft.doubt(
                "inferred",
                pointer("funds", i, "path"),
                f"the dump's columns put the line {said} {parent}; forms of this family print it the other way",
                " / ".join(fund.path),
            )

    # ── nesting and amounts

    def _doubt_labels(self, labels: Sequence[Cell]) -> None:
        """A line whose place among the others was inferred: said of its path."""
        for label in labels:
            if label.inferred:
                self.draft.doubt("inferred", pointer("funds", len(self.funds), "path"), label.inferred, label.text)

    def _add(
        self, view: TableView, cell: Cell, side: str | None, path: list[str], column: str, text: str | None = None
    ) -> None:
        """A money cell; `text` is the amount where the cell prints more than that."""
        where = pointer("funds", len(self.funds))
        text = cell.text if text is None else text
        self.draft.own(cell)
        self.draft.origin(where, blank_to_none(text), view, cell)
        self._append(side, path, column, text, where, cell, view)

    def _append(
        self,
        side: str | None,
        path: list[str],
        column: str,
        text: str,
        where: str,
        source: Cell | Line,
        view: TableView | None,
    ) -> None:
        raw = blank_to_none(text)
        amount = parse_amount(text, self.words) if raw else None
        if raw and amount is None:
            self.draft.doubt("unreadable", where, "the cell holds no amount that can be read", raw)
        if amount is not None and amount.unit:
            self.draft.note_unit(amount.unit, source, view)
        if side is None:
            self._untold.add(len(self.funds))
            outer = path[0] if path else ""
            side = "expenditure" if self.words.all.funds.expenditure_line in outer else "income"
        if len(path) >= DEEPEST:
            self.draft.doubt("inferred", pointer("funds", len(self.funds), "path"), TOO_DEEP)
        digits = amount.digits if amount else None
        self.funds.append(Fund(side=side, path=path, column=column, amount=digits, raw=raw))

    def _note_unit(self, text: str, source: Cell | Line, view: TableView | None) -> None:
        unit = declared_unit(text, self.words)
        if unit is not None:
            self.draft.note_unit(unit, source, view)
        elif (almost := almost_unit(text, self.words)) is not None:
            self.draft.doubt(
                "unreadable", "/amount_unit", "it looks like a unit of money and is none that is known", almost
            )
