"""Labels and values in tables: a value belongs to the label beside it, or above it where labels stand in a row of
their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.reading.interpret.arrangement import (
    Lists,
    are_pairs,
    heads_a_text,
    heads_over_goals,
    is_goal_heading,
    is_list,
    labels_above,
    may_be_label,
    numbered_values,
    prints_label,
    prints_label_over,
    rows_beside,
)
from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.keeping import FieldKeeper, has_marks
from pipeline.reading.interpret.labels import (
    INLINE,
    LABEL,
    UNKNOWN,
    asks_for_seal,
    is_known,
    joined_prefix,
    labelled_parts,
    part_inside,
    printed_label,
)
from pipeline.reading.interpret.lines import ReadFund
from pipeline.reading.view import TableView
from schemas.language.vocabulary import Words
from schemas.language.years import is_year_mark
from schemas.model import Cell
from schemas.pointers import pointer

SIDE_BY_SIDE = 2  # goals of two periods, one beside the other
MOST_OF_A_VALUE = 2  # cells of a row that may be the value of an unknown label, or a further label and its value


class FieldReader:
    """Collects the fields and option groups of a form from the cells of its tables."""

    def __init__(self, draft: Draft, words: Words, read_fund: ReadFund) -> None:
        self.draft = draft
        self.words = words
        self.read_fund = read_fund
        self.keeper = FieldKeeper(draft, words)

    def read(self, view: TableView, free: set[int]) -> None:
        """Read the labels and values of the free rows of a table."""
        done: set[int] = set()
        lists, listed = Lists(view, free, self.words), range(0)
        for row in sorted(free):
            cells = view.row(row)
            if self._goals_in_row(view, row, free, done):
                continue
            for label, below in labels_above(view, row, self.words):
                if row + 1 in free and not self.draft.is_owned(label) and not self.draft.is_owned(below):
                    done |= {id(label), id(below)}
                    self.draft.own(label)
                    self.keeper.keep_cells(label.text, [below], view)
            if row not in listed:  # no labels with values: nothing owns a list, and that is told
                listed = lists.at(row)
                done |= {id(c) for r in listed for c in view.starting(r)}
            i = 0
            while i < len(cells):
                cell = cells[i]
                if cell.row != row or id(cell) in done or self.draft.is_owned(cell):
                    i += 1
                    continue
                i += self._read_at(view, cells, i, done)

    def _read_at(self, view: TableView, cells: Sequence[Cell], i: int, done: set[int]) -> int:
        """Read the label at position i of a row; returns how many cells it took."""
        cell = cells[i]
        done.add(id(cell))
        if not cell.text.strip():
            return 1
        nxt = cells[i + 1] if i + 1 < len(cells) else None
        if is_year_mark(cell.text) and not any(c.text.strip() for c in cells if c is not cell):
            self.draft.own(cell)
            self.keeper.keep_year(cell.text, lambda where, raw: self.draft.origin(where, raw, view, cell))
            return len(cells) - i
        if self._inline(view, cell, nxt):
            return 1
        beside = rows_beside(view, cell) if cell.rowspan > 1 else []
        if self.words.label(cell.text) and (numbered := numbered_values(beside, self.words)):
            self._set_numbered(cell, numbered, view, done)
            return len(cells) - i
        if headed := heads_over_goals(beside, self.words) if self.words.is_goal(cell.text) else []:
            self.draft.own(cell)
            self._set_goals(headed, view, done)
            return len(cells) - i
        if is_list(beside, self.words):
            done.update(id(c) for row in beside for c in row)
            return len(cells) - i
        if below := self._value_below(view, cell, nxt):
            done.add(id(below))
            self.keeper.keep_cells(cell.text, [below], view)
            self.draft.own(cell)
            return 1
        if self._is_table_apart(cell, beside):
            done.update(id(c) for row in beside for c in row)
            return len(cells) - i
        if are_pairs(beside, self.words):
            self.draft.own(cell)
            return 1
        if self._is_heading(view, cell, nxt):
            self.draft.own(cell)
            return 1
        if self._is_label(cells, i):
            values = self._values(view, cell, i, cells)
            if self._is_of_a_table(cell, values, cells[i + 1 :], view):
                done.update(id(c) for c in cells)
                return len(cells) - i
            done.update(id(v) for v in values)
            self.draft.own(cell)
            if not self._is_money(cell, values, view):
                self.keeper.keep_cells(cell.text, values, view)
                self._doubt_before_left_over(cell, values, cells[i + 1 : i + 4])
            return 1 + sum(1 for v in values if cell.row in v.rows)
        return 1

    def _is_of_a_table(self, label: Cell, values: Sequence[Cell], beside: Sequence[Cell], view: TableView) -> bool:
        """Whether figures stand behind what would be the value of an unknown label: its row is one of a table of which
        no header was read."""
        if self._known(label.text) or len(values) != 1 or not view.table.ruled:
            return False
        behind = [c for c in beside if c is not values[0] and c.text.strip()]
        return bool(behind) and not may_be_label(behind[0].text, self.words) and not INLINE.fullmatch(behind[0].text)

    def _doubt_before_left_over(self, label: Cell, values: Sequence[Cell], beside: Sequence[Cell]) -> None:
        """Doubt a value that one more text follows, the last of its row: the value may be the label of that text."""
        if len(values) != 1 or len(beside) != 2 or values[0] is not beside[0]:
            return
        name, last = self.words.label(label.text), beside[1]
        texts = values[0].text.strip(), last.text.strip()
        labelled = self._known(texts[1]) or INLINE.fullmatch(texts[1]) or joined_prefix(texts[1], self.words)
        if name and all(texts) and may_be_label(texts[0], self.words) and not labelled:
            why = "one more text stands behind it in its row, without a label: this may be the label of that text"
            self.draft.doubt("inferred", pointer("fields", name), why, texts[0])

    def _set_numbered(
        self, label: Cell, numbered: Sequence[tuple[Cell, Cell]], view: TableView, done: set[int]
    ) -> None:
        """A value whose parts are numbered in cells of their own."""
        parts = [replace(text, text=f"{number.text.strip()} {text.text.strip()}") for number, text in numbered]
        self.draft.own(label, *(cell for pair in numbered for cell in pair))
        done |= {id(cell) for pair in numbered for cell in pair}
        self.keeper.keep_cells(label.text, parts, view)
        where = pointer("fields", self.words.label(label.text) or "")
        self.draft.doubt("inferred", where, "its parts are numbered in cells beside them, and were put together")

    def _is_table_apart(self, cell: Cell, beside: Sequence[Sequence[Cell]]) -> bool:
        """Whether what stands beside an unknown heading is a table of its own, of which nothing tells what it holds."""
        if self._known(cell.text) or len(beside) < 2 or any(len(row) <= MOST_OF_A_VALUE for row in beside):
            return False
        return not are_pairs(beside, self.words) and not any(self._has_marks(c) for row in beside for c in row)

    def _is_money(self, label: Cell, values: Sequence[Cell], view: TableView) -> bool:
        """Whether a label among others names a line of money, `年度资金总额（万元）`, and one amount stands beside it;
        then it is read."""
        if self._known(label.text) or len(values) != 1 or not any(ch.isdigit() for ch in values[0].text):
            return False
        return self.read_fund(label.text, values[0].text, values[0], view)

    def _known(self, text: str) -> bool:
        return is_known(text, self.words)

    def _is_label(self, cells: Sequence[Cell], i: int) -> bool:
        text = cells[i].text
        if self._known(text):
            return True
        if i + 1 >= len(cells) or not may_be_label(text, self.words) or self.words.is_level(text):
            return False
        return not self._known(cells[i + 1].text)

    def _is_heading(self, view: TableView, cell: Cell, nxt: Cell | None) -> bool:
        """A section's name: it stands before labels or headers, or alone in its row."""
        over_labels = self.words.is_heading(cell.text) or cell.rowspan > 1 or not self._known(cell.text)
        if (
            over_labels
            and nxt is not None
            and (prints_label(nxt.text, self.words) or prints_label_over(nxt.text, self.words))
        ):
            return True
        if nxt is not None and len(labelled_parts(nxt.text, self.words)) > 1:
            return True
        if self.words.is_heading(cell.text):
            if cell.rowspan > 1 and any(self._known(c.text) for row in rows_beside(view, cell)[1:] for c in row):
                return True
            beside = [c for r in cell.rows for c in view.row(r, cell.col + cell.colspan) if c.row == r]
            return not beside or all(
                self.draft.is_owned(c) or self._known(c.text) or not c.text.strip() for c in beside[:1]
            )
        if nxt is None or not self._known(cell.text):
            return False
        return bool(cell.rowspan > 1 and self._known(nxt.text) and nxt.rowspan < cell.rowspan)

    def _value_below(self, view: TableView, cell: Cell, nxt: Cell | None) -> Cell | None:
        """The value under a label that stands in a row of labels."""
        known = self._known(cell.text) or (nxt is None and heads_a_text(view, cell, self.words))
        if not known or (nxt is not None and not self._known(nxt.text)):
            return None
        below = view.at(cell.row + cell.rowspan, cell.col)
        if below is None or (below.col, below.colspan) != (cell.col, cell.colspan) or self.draft.is_owned(below):
            return None
        if self._known(below.text):
            return None
        alone = nxt is None and view.row(cell.row)[0] is cell
        if alone and self.words.is_heading(cell.text) and may_be_label(below.text, self.words):
            return None
        beside = view.row(below.row, 0, cell.col)
        if nxt is None and not alone and beside and self._known(beside[-1].text) and not self._labels_row(view, cell):
            return None
        return below

    def _goals_in_row(self, view: TableView, row: int, free: set[int], done: set[int]) -> bool:
        """Read goals that stand in a row below headings in a row of their own; False where a row heads none."""
        rows = [view.starting(r) for r in (row, row + 1) if r in free]
        if len(rows) < 2 or any(self.draft.is_owned(c) or id(c) in done for r in rows for c in r):
            return False
        whole = view.row(row) == rows[0]
        if not whole or not all(is_goal_heading(c.text, self.words) for c in rows[0]):
            return False
        headed = heads_over_goals(rows, self.words)
        if len(headed) > SIDE_BY_SIDE and row + 1 in view.table.breaks:
            head, below = headed[0]
            if not any(c.text.strip() for c in below):  # it heads the others: the page break cuts it
                self.draft.own(head)
                done |= {id(c) for c in (head, *below)}
                headed = headed[1:]
        self._set_goals(headed, view, done)
        return bool(headed)

    def _set_goals(self, headed: Sequence[tuple[Cell, Sequence[Cell]]], view: TableView, done: set[int]) -> None:
        """Goals below their headings. One that no label names whole is told by its period, and that is said."""
        for head, below in headed:
            done |= {id(c) for c in (head, *below)}
            self.draft.own(head)
            known = self._known(head.text)
            usual = None if known else self.words.usual_goal(head.text)
            if usual is not None and self.draft.fields.get(self.words.label(usual) or "") is not None:
                usual = None  # another one is that
            name = self.words.label(usual or head.text) or printed_label(head.text, self.words)
            self.keeper.keep_cells(usual or head.text, below, view)
            if usual is not None:
                why = f"the heading is taken for {usual} by the period that it names"
                self.draft.doubt("inferred", pointer("fields", name), why, head.text.strip())
            elif not known:
                why = "no known label, but it stands over a goal: its place makes it a heading"
                self.draft.doubt("inferred", pointer("fields", name), why, head.text.strip())

    def _labels_row(self, view: TableView, cell: Cell) -> bool:
        """Whether the cell left of a label is a label too, over a value of its own."""
        left = view.row(cell.row, 0, cell.col)
        return bool(left) and self._known(left[-1].text)

    def _values(self, view: TableView, label: Cell, i: int, cells: Sequence[Cell]) -> list[Cell]:
        """The cells to the right of a label in all its rows, up to the next label."""
        options = self.words.choice(label.text) is not None and self._prints_options(view, label)
        values: list[Cell] = []
        for row in label.rows:
            beside = view.row(row, label.col + label.colspan, most=2)
            marked = any(self._has_marks(c) for c in beside)
            if options or marked:
                beside = view.row(row, label.col + label.colspan)
            for k, cell in enumerate(beside):
                if cell.row != row and cell not in values:
                    break
                if self._known(cell.text) or self._starts_pair(beside, k, options):
                    break
                if view.table.ruled and k and self._has_marks(beside[k - 1]) and not self._has_marks(cell):
                    break  # a label between two groups of options
                if cell not in values:
                    values.append(cell)
                if not options and not marked:
                    break  # one value; what follows is a label of its own
        return values

    def _prints_options(self, view: TableView, label: Cell) -> bool:
        """Whether options stand beside a label, marked or not, and not one bare value with other labels behind it."""
        beside = [c for row in label.rows for c in view.row(row, label.col + label.colspan) if c.row == row]
        if any(self._has_marks(c) for c in beside):
            return True
        return len(beside) > 1 and all(self.words.option(c.text) for c in beside[:2])

    def _starts_pair(self, beside: Sequence[Cell], k: int, options: bool) -> bool:
        return k > 0 and not options and not self._has_marks(beside[k])

    def _has_marks(self, cell: Cell) -> bool:
        return has_marks(cell.text, self.words)

    def _inline(self, view: TableView, cell: Cell, nxt: Cell | None) -> bool:
        """Read `label: value` in one cell; False where the cell is something else."""
        band = len(view.row(cell.row)) == 1
        if len(pieces := labelled_parts(cell.text, self.words, band=band)) > 1:
            self.draft.own(cell)
            for label, value in pieces:
                self._keep_inline(label, value, cell, view)
            return True
        inline = INLINE.fullmatch(cell.text) or joined_prefix(cell.text, self.words)
        if inline is None:
            return False
        label, value = inline.group("label"), inline.group("value")
        beside = nxt is not None and not self._known(nxt.text)
        labelled = nxt is not None and self._labelled(view, cell.row, nxt)
        if (
            not value.strip()
            and beside
            and not labelled
            and (view.table.ruled or not INLINE.fullmatch(nxt.text if nxt else ""))
        ):
            return False  # 实施单位: with its value in the next cell
        part = part_inside(cell.text, self.words)
        if part is not None and self.read_fund(*part, cell, view):
            return True
        if self.read_fund(label, value, cell, view):
            return True
        alone = (nxt is None or labelled) and bool(UNKNOWN.fullmatch(cell.text))
        alone = alone or asks_for_seal(cell.text, self.words) or (band and self._is_conclusion(label, value))
        if not self._known(label) and not self.words.is_unit_label(label) and view.table.ruled and not alone:
            return False
        self.draft.own(cell)
        self._keep_inline(label, value, cell, view)
        return True

    def _is_conclusion(self, label: str, value: str) -> bool:
        """Whether a label of none of our words and sentences behind its colon stand alone in a row: 自评结论：优。…"""
        remark = printed_label(label, self.words) in self.words.all.remarks
        return not remark and bool(LABEL.fullmatch(label.strip())) and bool(value.strip())

    def _labelled(self, view: TableView, row: int, cell: Cell) -> bool:
        """Whether a cell prints a label of its own, with its value or without one, known or in a row of such."""
        if prints_label(cell.text, self.words) or cell.text.rstrip().endswith((":", "：")):
            return True
        texts = [c.text for c in view.row(row, cell.col) if c.text.strip() and c.rowspan == 1]
        return bool(UNKNOWN.fullmatch(cell.text)) and all(INLINE.fullmatch(text) for text in texts)

    def _keep_inline(self, label: str, value: str, cell: Cell, view: TableView) -> None:
        """A value behind its label in one cell; options are ticked there as they are in cells of their own."""
        if self.words.choice(label) and value.strip():
            self.keeper.keep_cells(label, [replace(cell, text=value)], view)
        else:
            recognised = cell.score is not None
            self.keeper.keep(
                label, value, lambda where, raw: self.draft.origin(where, raw, view, cell), recognised=recognised
            )
