"""Labels and values in tables: a value belongs to the label beside it, or above it where labels stand in a row of
their own."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.keeping import FieldKeeper, has_marks
from pipeline.reading.interpret.labels import (
    INLINE,
    LONGEST_LABEL,
    UNKNOWN,
    holds_field,
    is_known,
    joined_prefix,
    labelled_parts,
    part_inside,
)
from pipeline.reading.interpret.lines import ReadFund
from pipeline.reading.view import TableView
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Cell
from schemas.pointers import pointer


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
        for row in sorted(free):
            cells = view.row(row)
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
        if self._inline(view, cell, nxt):
            return 1
        if below := self._value_below(view, cell, nxt):
            done.add(id(below))
            self.keeper.keep_cells(cell.text, [below], view)
            self.draft.own(cell)
            return 1
        if headed := self._headed_below(view, cell):
            self.draft.own(cell)
            for head, below in headed:
                done |= {id(head), id(below)}
                self.draft.own(head)
                self._set_goal(head, below, view)
            return 1 + len(headed)
        if self._is_heading(view, cell, nxt):
            self.draft.own(cell)
            return 1
        if self._is_label(cells, i):
            values = self._values(view, cell, i, cells)
            done.update(id(v) for v in values)
            self.draft.own(cell)
            if not self._is_money(cell, values, view):
                self.keeper.keep_cells(cell.text, values, view)
            return 1 + sum(1 for v in values if v in cells)
        return 1

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
        if i + 1 >= len(cells) or len(squeeze(text)) > LONGEST_LABEL or text.strip()[-1] in "。；;":
            return False
        return not self._known(cells[i + 1].text)

    def _is_heading(self, view: TableView, cell: Cell, nxt: Cell | None) -> bool:
        """A section's name: it stands before labels or headers, or alone in its row."""
        if self.words.is_heading(cell.text) and nxt is not None and holds_field(nxt.text, self.words):
            return True
        if self.words.is_heading(cell.text):
            beside = [c for r in cell.rows for c in view.row(r, cell.col + cell.colspan) if c.row == r]
            return not beside or all(
                self.draft.is_owned(c) or self._known(c.text) or not c.text.strip() for c in beside[:1]
            )
        if nxt is None or not self._known(cell.text):
            return False
        return bool(cell.rowspan > 1 and self._known(nxt.text) and nxt.rowspan < cell.rowspan)

    def _value_below(self, view: TableView, cell: Cell, nxt: Cell | None) -> Cell | None:
        """The value under a label that stands in a row of labels."""
        if not self._known(cell.text) or (nxt is not None and not self._known(nxt.text)):
            return None
        below = view.at(cell.row + cell.rowspan, cell.col)
        if below is None or (below.col, below.colspan) != (cell.col, cell.colspan) or self.draft.is_owned(below):
            return None
        if self._known(below.text) or (nxt is None and view.row(cell.row)[0] is cell):
            return None
        beside = view.row(below.row, 0, cell.col)
        if nxt is None and beside and self._known(beside[-1].text) and not self._labels_row(view, cell):
            return None
        return below

    def _headed_below(self, view: TableView, cell: Cell) -> list[tuple[Cell, Cell]]:
        """(heading, value) of the goals that stand side by side right of a label, each below its own heading, which its
        place makes one: the label spans both rows, and each heading just the cell below it."""
        if cell.rowspan < 2 or not self.words.is_goal(cell.text):
            return []
        start = cell.col + cell.colspan
        heads, below = view.row(cell.row, start), view.row(cell.row + 1, start)
        if len(heads) < 2 or [(c.col, c.colspan) for c in heads] != [(c.col, c.colspan) for c in below]:
            return []
        if any(c.row != cell.row or c.rowspan > 1 or len(squeeze(c.text)) > LONGEST_LABEL for c in heads):
            return []
        if any(c.row != cell.row + 1 or self._known(c.text) for c in below):
            return []
        named = [c for c in heads if self.words.is_goal(c.text) or self._known(c.text)]
        return list(zip(heads, below, strict=True)) if len(named) == len(heads) else []

    def _set_goal(self, head: Cell, below: Cell, view: TableView) -> None:
        """A goal below its heading. One that no label names whole is told by its period, and that is said."""
        usual = None if self._known(head.text) else self.words.usual_goal(head.text)
        self.keeper.keep_cells(usual or head.text, [below], view)
        if usual is not None and (name := self.words.label(usual)):
            why = f"the heading is taken for {usual} by the period that it names"
            self.draft.doubt("inferred", pointer("fields", name), why, head.text.strip())

    def _labels_row(self, view: TableView, cell: Cell) -> bool:
        """Whether the cell left of a label is a label too, over a value of its own."""
        left = view.row(cell.row, 0, cell.col)
        return bool(left) and self._known(left[-1].text)

    def _values(self, view: TableView, label: Cell, i: int, cells: Sequence[Cell]) -> list[Cell]:
        """The cells to the right of a label in all its rows, up to the next label."""
        options = self.words.choice(label.text) is not None
        values: list[Cell] = []
        for row in label.rows:
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
                marked = any(self._has_marks(c) for c in beside[:2])
                if not options and not marked:
                    break  # one value; what follows is a label of its own
        return values

    def _starts_pair(self, beside: Sequence[Cell], k: int, options: bool) -> bool:
        return k > 0 and not options and not self._has_marks(beside[k])

    def _has_marks(self, cell: Cell) -> bool:
        return has_marks(cell.text, self.words)

    def _inline(self, view: TableView, cell: Cell, nxt: Cell | None) -> bool:
        """Read `label: value` in one cell; False where the cell is something else."""
        if len(pieces := labelled_parts(cell.text, self.words)) > 1:
            self.draft.own(cell)
            for label, value in pieces:
                self.keeper.keep(label, value, lambda where, raw: self.draft.origin(where, raw, view, cell))
            return True
        inline = INLINE.fullmatch(cell.text) or joined_prefix(cell.text, self.words)
        if inline is None:
            return False
        label, value = inline.group("label"), inline.group("value")
        beside = nxt is not None and not self._known(nxt.text)
        if not value.strip() and beside and (view.table.ruled or not INLINE.fullmatch(nxt.text if nxt else "")):
            return False  # 实施单位: with its value in the next cell
        part = part_inside(cell.text, self.words)
        if part is not None and self.read_fund(*part, cell, view):
            return True
        if self.read_fund(label, value, cell, view):
            return True
        alone = nxt is None and bool(UNKNOWN.fullmatch(cell.text))
        if not self._known(label) and not self.words.is_unit_label(label) and view.table.ruled and not alone:
            return False
        self.draft.own(cell)
        self.keeper.keep(label, value, lambda where, raw: self.draft.origin(where, raw, view, cell))
        return True
