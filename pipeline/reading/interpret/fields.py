"""Labels and values: a value belongs to the label beside it, or above it where labels stand in a row of their own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from pipeline.reading.interpret.view import Draft, TableView, blank_to_none, pointer, unless_redacted
from schemas.language.keys import plain
from schemas.language.money import amount_unit
from schemas.language.values import parse_date, parse_options, split_code, split_contact
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import is_year_mark, parse_year
from schemas.model import Cell, Line
from schemas.record import Finding

LONGEST_LABEL = 24  # characters of a label that the vocabulary does not know
INLINE = re.compile(r"\s*(?P<label>[^:：\n]{1,24}?)\s*[:：]\s*(?P<value>.*)", re.DOTALL)

UNKNOWN = re.compile(r"[一-鿿（）()/]{2,12}\s*[:：]\s*[^。；]{0,40}")  # a label of none of our words, and no sentence
REDACTION = re.compile(r"[■█]{2,}")  # a blacked-out text is no tick

InlineFund = Callable[[str, str, Cell | Line, TableView | None], bool]


class FieldReader:
    """Collects the fields and option groups of a form from cells and lines."""

    def __init__(self, draft: Draft, words: Words, read_fund: InlineFund) -> None:
        self.draft = draft
        self.words = words
        self.read_fund = read_fund

    # ── tables

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
            self._set(cell.text, [below], view)
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
                self._set(cell.text, values, view)
            return 1 + sum(1 for v in values if v in cells)
        return 1

    def _is_money(self, label: Cell, values: Sequence[Cell], view: TableView) -> bool:
        """Whether a label among others names a line of money, `年度资金总额（万元）`, and one amount stands beside it;
        then it is read."""
        if self._known(label.text) or len(values) != 1 or not any(ch.isdigit() for ch in values[0].text):
            return False
        return self.read_fund(label.text, values[0].text, values[0], view)

    def _known(self, text: str) -> bool:
        return self.words.known_label(text) or bool(joined_labels(text, self.words))

    def _is_label(self, cells: Sequence[Cell], i: int) -> bool:
        text = cells[i].text
        if self._known(text):
            return True
        if i + 1 >= len(cells) or len(squeeze(text)) > LONGEST_LABEL or text.strip()[-1] in "。；;":
            return False
        return not self._known(cells[i + 1].text)

    def _is_heading(self, view: TableView, cell: Cell, nxt: Cell | None) -> bool:
        """A section's name: it stands before labels or headers, or alone in its row."""
        if self.words.is_heading(cell.text) and nxt is not None and self._field_inside(nxt.text):
            return True
        if self.words.is_heading(cell.text):
            beside = [c for r in cell.rows for c in view.row(r, cell.col + cell.colspan) if c.row == r]
            return not beside or all(
                self.draft.is_owned(c) or self._known(c.text) or not c.text.strip() for c in beside[:1]
            )
        if nxt is None or not self._known(cell.text):
            return False
        return bool(cell.rowspan > 1 and self._known(nxt.text) and nxt.rowspan < cell.rowspan)

    def _field_inside(self, text: str) -> bool:
        """Whether a cell prints a known label, a colon and its value."""
        found = INLINE.fullmatch(text)
        return bool(found and self.words.label(found.group("label")))

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
        self._set(usual or head.text, [below], view)
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
                if view.table.ruled and k and self._has_marks(beside[k - 1].text) and not self._has_marks(cell.text):
                    break  # a label between two groups of options
                if cell not in values:
                    values.append(cell)
                marked = any(self._has_marks(c.text) for c in beside[:2])
                if not options and not marked:
                    break  # one value; what follows is a label of its own
        return values

    def _starts_pair(self, beside: Sequence[Cell], k: int, options: bool) -> bool:
        return k > 0 and not options and not self._has_marks(beside[k].text)

    def _has_marks(self, text: str) -> bool:
        marks = self.words.all.ticks
        text = REDACTION.sub("", text)
        return any(ch in marks.ticked + marks.empty for ch in text)

    def _inline(self, view: TableView, cell: Cell, nxt: Cell | None) -> bool:
        """Read `label: value` in one cell; False where the cell is something else."""
        if len(pieces := self._labelled(cell.text)) > 1:
            self.draft.own(cell)
            for label, value in pieces:
                self._store(label, value, lambda where, raw: self.draft.origin(where, raw, view, cell))
            return True
        found = INLINE.fullmatch(cell.text)
        if found is None:
            found = self._joined_prefix(cell.text)
        if found is None:
            return False
        label, value = found.group("label"), found.group("value")
        beside = nxt is not None and not self._known(nxt.text)
        if not value.strip() and beside and (view.table.ruled or not INLINE.fullmatch(nxt.text if nxt else "")):
            return False  # 实施单位: with its value in the next cell
        if self._part_inside(cell.text, cell, view) or self.read_fund(label, value, cell, view):
            return True
        alone = nxt is None and bool(UNKNOWN.fullmatch(cell.text))
        if not self._known(label) and not self.words.is_unit_label(label) and view.table.ruled and not alone:
            return False
        self.draft.own(cell)
        self._store(label, value, lambda where, raw: self.draft.origin(where, raw, view, cell))
        return True

    def _labelled(self, text: str) -> list[tuple[str, str]]:
        """(label, value) of each part of a cell that prints several known labels, each before its value."""
        found = [INLINE.fullmatch(piece.strip()) for piece in self._split_labels(text)]
        pairs = [(f.group("label"), f.group("value")) for f in found if f and self._known(f.group("label"))]
        return pairs if len(pairs) == len(found) else []

    def _joined_prefix(self, text: str) -> re.Match[str] | None:
        """A label and its value parted by a space only, as dumps print them."""
        found = re.fullmatch(r"(?P<label>\S{2,16})\s+(?P<value>\S.*)", text.strip(), re.DOTALL)
        return found if found and self._known(found.group("label")) else None

    def _part_inside(self, text: str, source: Cell | Line, view: TableView | None) -> bool:
        """`其中: 财政资金: 2.00 万元`: the label of a part and its amount."""
        part = self.words.all.funds.part
        found = re.fullmatch(rf"\s*({part}\s*[:：]\s*[^:：]+)[:：](.*)", text, re.DOTALL)
        return bool(found) and self.read_fund(found.group(1), found.group(2), source, view)  # type: ignore[union-attr]

    # ── lines outside tables

    def read_line(self, line: Line) -> None:
        """Read the labels and values, the year or the unit that a line prints."""
        cuts = [0, *line.gaps, len(line.text)]
        for a, b in itertools.pairwise(cuts):
            for piece in self._split_labels(line.text[a:b]):
                self._read_piece(piece.strip(), line)

    def _split_labels(self, text: str) -> list[str]:
        """A text cut before each label with a colon that white space parts from what stands before it; where that
        is one space, the label must be a known one."""
        cuts = [0]
        for found in re.finditer(r"(\s+)(?=(\S[^:：\s]{0,15})\s*[:：])", text):
            wide = len(found.group(1)) > 1 or "　" in found.group(1)
            if wide or self._known(found.group(2)) or self.words.is_unit_label(found.group(2)):
                cuts.append(found.start())
        return [text[a:b] for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]

    def _read_piece(self, text: str, line: Line) -> None:
        if is_year_mark(text):
            self.draft.own(line)
            self._year(text, lambda where, raw: self.draft.origin_line(where, raw, line))
            return
        if self._part_inside(text, line, None):
            return
        found = INLINE.fullmatch(text) or self._joined_prefix(text)
        if found is None:
            return
        label, value = found.group("label"), found.group("value")
        if self.read_fund(label, value, line, None):
            return
        if squeeze(label) in self.words.all.remarks or not (self._known(label) or UNKNOWN.fullmatch(text)):
            return
        self.draft.own(line)
        self._store(label, value, lambda where, raw: self.draft.origin_line(where, raw, line))

    # ── setting values

    def _set(self, label: str, values: Sequence[Cell], view: TableView) -> None:
        """A label with the cells of its value."""
        marked = any(self._has_marks(v.text) for v in values)
        if self.words.choice(label) or marked:
            self._choose(label, values, view, marked)
            return
        self.draft.own(*values)
        text = "\n".join(v.text.strip() for v in values if v.text.strip())
        source = next((v for v in values if v.text.strip()), values[0] if values else None)

        def origin(where: str, raw: str | None) -> None:
            self.draft.origin(where, raw, view, source)

        self._store(label, text, origin)

    def _choose(self, label: str, values: Sequence[Cell], view: TableView, marked: bool) -> None:
        name = self.words.choice(label) or printed_label(label)
        self.draft.own(*values)
        self.draft.labels.append(label)
        options = [(o, v) for v in values for o in parse_options(v.text, self.words)]
        ticked = [o.text for o, _ in options if o.ticked]
        where = pointer("choices", name)
        if not marked and len(options) == 1:
            ticked = [options[0][0].text]
            self.draft.doubt("inferred", where, "the only option is printed without a mark and was taken as chosen")
        self.draft.choices[name] = self.draft.choices.get(name, []) + ticked
        bare = [o.text for o, cell in options if not o.marked and cell.score is not None]
        if marked and bare:
            self.draft.doubt("lost", where, f"no mark was seen beside {'、'.join(bare)}, though other options have one")
        for _, cell in sorted(options, key=lambda pair: not pair[0].ticked)[:1]:
            self.draft.origin(where, cell.text.strip(), view, cell)

    def _store(self, label: str, text: str, origin: Callable[[str, str | None], None]) -> None:
        """Put a value into the field that its label fills."""
        self.draft.labels.append(label)
        value = text.strip()
        both = joined_labels(label, self.words)
        if both:
            name, phone = split_contact(value) if value else (None, None)
            for target, part in zip(both, (name, phone), strict=True):
                self._put(target, part or "", label, origin)
            return
        if self.words.is_year_label(label) and parse_year(value):
            self._year(value, origin)
            return
        if self.words.is_unit_label(label) and not self.words.label(label):
            if unit := amount_unit(value, self.words):
                self.draft.amount_unit = unit
                origin("/amount_unit", value)
                return
            if value:
                self._put("reporting_unit", value, label, origin)
                return
        self._put(self.words.label(label) or printed_label(label), value, label, origin)

    def _year(self, text: str, origin: Callable[[str, str | None], None]) -> None:
        year = parse_year(text)
        if year is not None and self.draft.year is None:
            self.draft.year = year
            origin("/year", text)
        elif year != self.draft.year:
            self.draft.findings.append(
                Finding(
                    rule="year.one",
                    verdict="undecidable",  # type: ignore[arg-type]
                    where="/year",
                    printed=text,
                    message=f"the form prints another year too: {text}",
                )
            )

    def _put(self, name: str, text: str, label: str, origin: Callable[[str, str | None], None]) -> None:
        where = pointer("fields", name)
        if self.draft.fields.get(name) is not None:
            if not text or plain(self.draft.fields[name] or "") == plain(text):
                return
            name = printed_label(label) if printed_label(label) not in self.draft.fields else f"{name} 2"
            where = pointer("fields", name)
        value = unless_redacted(self.draft, self.words, where, text)
        if value is not None:
            code_field = self.words.all.coded.get(name)
            if code_field:
                code, value = split_code(value)
                if code is not None:
                    self.draft.fields[code_field] = code
                    origin(pointer("fields", code_field), text)
            if name in ("start_date", "end_date"):
                value = parse_date(value)
        self.draft.fields[name] = value
        origin(where, blank_to_none(text))


def joined_labels(label: str, words: Words) -> tuple[str, str] | None:
    """The two fields that a label such as 项目负责人/联系电话 names, else None."""
    parts = [p for p in re.split(r"[/／、及和]", re.sub(r"[:：\s]", "", label)) if p]
    if len(parts) != 2:
        return None
    first, second = words.label(parts[0]), words.label(parts[1])
    if first and words.all.joined.get(first) == second and second:
        return first, second
    return None


def printed_label(label: str) -> str:
    """A printed label as a key: without white space, seal mark and colon."""
    text = re.sub(r"\s", "", label).rstrip(":：")
    return re.sub(r"[（(](?:盖章|签章|公章|签字)[）)]", "", text)
