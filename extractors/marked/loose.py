"""Merged cells that a source lost: a grid of texts gets its spans back.

Markdown, comma files and sheets that nobody merged print a merged cell once and leave the cells beside it blank, or
repeat its text in each of them. Which it was is told by the sections of a form: under a header each column is its own,
elsewhere a text runs on to the next one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter

from extractors.marked.boxes import Box, Boxes
from extractors.marked.build import MarkedTable
from extractors.marked.groups import group_rows
from extractors.marked.rows import FEWEST_INSIDE, RowKind, Section
from schemas.language.columns import LEVELS, MERGED
from schemas.language.heads import Heads, names_goal_of_period
from schemas.language.money import line_name, names_block, names_line
from schemas.language.vocabulary import Words, squeeze
from schemas.language.writing import SENTENCE_ENDS

COLONS = (":", "：")
LONGEST_LABEL = 12  # characters of a text that may be a label by its place


def regrown(table: MarkedTable, words: Words, *, levels: bool = True) -> MarkedTable:
    """The table with its merged cells whole again. `levels`: the source can hold no merged cell, so a blank below the
    name of a level belongs to it; else whether it does is left to who reads the levels."""
    grid = _Grid(table, words)
    grid.read_rows()
    if grid.is_filled():
        grid.join_repeats()
    else:
        grid.join_blanks()
        grid.join_down(levels)
    grid.place_levels()
    return replace(table, cells=tuple(box.grown() for box in grid.boxes()))


def is_filled(table: MarkedTable, words: Words) -> bool:
    """Whether the source prints a merged cell by repeating its text in each of its parts."""
    return Boxes(table, words).is_filled()


class _Grid(Boxes):
    """The boxes of a table, made whole step by step."""

    # ── texts that are repeated

    def join_repeats(self) -> None:
        """Make equal texts side by side one cell, and labels that are repeated in the rows below too."""
        for row in range(self.rows):
            end_of = self._end(row)
            for box in self.texts(row):
                if self.at[row][box.left] is not box:
                    continue  # a part of the one before already
                end = end_of(box)
                while box.right < end and (other := self.at[row][box.right]).text == box.text:
                    if (other.top, other.bottom) != (box.top, box.bottom):
                        break
                    self.take(box, other)
        for row in range(1, self.rows):
            if self._is_below_heads(row):
                self._join_below(row)
            for box in self.texts(row):
                above = self.at[row - 1][box.left]
                same = above.text == box.text and (above.left, above.right) == (box.left, box.right)
                if same and self._goes_on(row, box):
                    self.take(above, box)

    def _goes_on(self, row: int, box: Box) -> bool:
        """Whether the cell left of a text is merged with the row above, or none is: then the text may be too."""
        section = self.sections[row]
        if section is not None and box.left >= section.first and self.kinds[row] is RowKind.ROW:
            return False
        if self.sections[row - 1] is not section and self.kinds[row] is not RowKind.HEADER:
            return False
        return box.left == 0 or self.at[row][box.left - 1].top < row or self.kinds[row] is RowKind.HEADER

    def _bound(self, section: Section, col: int) -> tuple[int, int]:
        """The columns of the header above a column."""
        at = bisect_right(section.bounds, col, key=itemgetter(0)) - 1
        return section.bounds[at] if at >= 0 and col < section.bounds[at][1] else (0, section.first)

    # ── blanks

    def join_blanks(self) -> None:
        """Let each text run on over the blanks behind it, as far as its section lets it."""
        for row, kind in enumerate(self.kinds):
            if kind is RowKind.LABELS and self._is_below_heads(row):
                self._join_below(row)
                continue
            self._join_corner(row)
            heads = kind is RowKind.LABELS and self._are_heads(row)
            end_of = self._end(row)
            for box in self.texts(row):
                end = end_of(box)
                blanks = 0
                while box.right + blanks < end and self._free(box, box.right + blanks):
                    if self._goes_on_above(row, box.right + blanks):
                        self.take(self.at[row - 1][box.right + blanks], self.at[row][box.right + blanks])
                        break
                    blanks += 1
                if not blanks:
                    continue
                after = self.at[row][box.right + blanks] if box.right + blanks < self.cols else None
                if kind is RowKind.LABELS and not heads and self._is_asked(row, box, after):
                    box = self.at[row][box.right]  # the blank is the label's value
                    blanks -= 1
                self.take_behind(box, row, blanks)

    def _goes_on_above(self, row: int, col: int) -> bool:
        """Whether a blank stands below a label whose options go on in this row behind it: it belongs to the label."""
        above = self.at[row - 1][col] if row else None
        if above is None or above.left != col or not self.words.choice(above.text) or above.right >= self.cols:
            return False
        beside = (self.at[row - 1][above.right], self.at[row][above.right])
        return all(self._is_marked(box.text) for box in beside)

    def _is_marked(self, text: str) -> bool:
        """Whether a text bears a box or a tick."""
        marks = self.words.all.ticks
        return not set(text).isdisjoint(marks.ticked + marks.empty)

    def _end(self, row: int) -> Callable[[Box], int]:
        """The column that a text of a row may run on to: the end of its column, of the heading beside them, or of the
        table; where the next name above it begins, if the row prints amounts."""
        section = self.sections[row]
        if section is None and self._are_amounts(row):
            names = [*(box.left for box in self.texts(row - 1)), self.cols]
            return lambda box: names[bisect_left(names, box.right)]
        if section is None or self.is_band(row):
            return lambda box: self.cols
        if self.kinds[row] is RowKind.HEADER:
            return lambda box: section.first if box.left < section.first else self.cols
        return lambda box: self._bound(section, box.left)[1]

    def _are_amounts(self, row: int) -> bool:
        """Whether a row prints several amounts and nothing else, below a row of texts: their names."""
        texts = self.texts(row)
        return row > 0 and len(texts) > 1 and all(self.is_value(box.text) for box in texts)

    def _join_corner(self, row: int) -> None:
        """Make the blanks above the names of money lines one cell."""
        section = self.sections[row]
        if section is None or section.what is not Heads.MONEY or self.kinds[row] is not RowKind.HEADER:
            return
        left, right = section.bounds[0]
        if all(self.at[row][col].blank for col in range(left, right)):
            self.take(self.at[row][left], self.at[row][right - 1])

    def _join_below(self, row: int) -> None:
        """Make the cells below each label of the row above one: a blank is the value of the label above it."""
        for head in self.texts(row - 1):
            if all(self._free(self.at[row][head.left], col) for col in range(head.left + 1, head.right)):
                self.take(self.at[row][head.left], self.at[row][head.right - 1])

    def _is_below_heads(self, row: int) -> bool:
        """Whether a row of values stands below a row of their labels, each below its own, though some are blank."""
        return row > 0 and self._are_heads(row - 1)

    def _are_heads(self, row: int) -> bool:
        """Whether a row is labels over their values: most of its texts ask for one, or each that has one is a name of
        money over its amount; and each text of the row below stands below one of them and asks for none."""
        if row + 1 >= self.rows or not self.kinds[row] is self.kinds[row + 1] is RowKind.LABELS:
            return False
        above, below = self.texts(row), self.texts(row + 1)
        starts = {b.left for b in above}
        beside = len(below) == 1 and above[0].left < below[0].left  # right of a heading of both rows
        if len(above) < FEWEST_INSIDE or not (len(below) > 1 or beside) or any(b.left not in starts for b in below):
            return False
        if self._are_amounts(row + 1):
            over = [self.at[row][b.left].text for b in below]
            return all(names_line(text, self.words) or names_block(text, self.words) for text in over)
        asked = sum(1 for b in above if self._asks(b.text) or names_goal_of_period(b.text, self.words))
        return 2 * asked > len(above) and not any(self._asks(b.text) for b in below)

    def _free(self, box: Box, col: int) -> bool:
        """Whether the cells right of a box in all its rows are blanks."""
        return all(self.at[row][col].blank for row in range(box.top, box.bottom))

    def _is_asked(self, row: int, box: Box, after: Box | None) -> bool:
        """Whether the blanks behind a label are its value: another label follows, or nothing does, and no text of its
        own stands below it."""
        if after is not None and not (self._asks(after.text) and not self._is_named_as_money(row, box, after)):
            return self._asks(box.text) and (self._stands_below_label(row, after) or self._is_last_label(row, after))
        if not self._asks(box.text):
            if after is not None:
                return self._stands_as_label(row, box)
            return self._names_amount(row, box) or self._is_last_label(row, box)
        below = self.at[box.bottom][box.left] if box.bottom < self.rows else None
        headed = below is not None and below.text and not self._is_label(below.text) and below.left == box.left
        if below is not None and headed and after is None and squeeze(below.text)[-1:] in tuple(SENTENCE_ENDS):
            return len(self.texts(row)) > 1 or len(self.texts(row + 1)) > 1  # else a label over its sentence
        return not (headed and box.left > 0 and not self.is_value(below.text if below else ""))

    def _is_named_as_money(self, row: int, label: Box, text: Box) -> bool:
        """Whether a text behind a known label is its value though it ends as a line of money does (a project: 临时救助
        补助资金): no amount stands behind it."""
        known = self.words.known_label(text.text) or text.text.endswith(COLONS)
        if (
            known
            or not self.words.known_label(label.text)
            or self.words.is_fund_total(line_name(text.text, self.words))
        ):
            return False
        behind = next((b for b in self.texts(row) if b.left >= text.right), None)
        return behind is None or not self.is_value(behind.text)

    def _is_label(self, text: str) -> bool:
        return self._asks(text) or names_line(text, self.words)

    def _stands_as_label(self, row: int, box: Box) -> bool:
        """Whether a text stands where labels do: behind the value of a label of the same row."""
        if self.is_value(box.text) or len(squeeze(box.text)) > LONGEST_LABEL:
            return False
        before = [b for b in self.texts(row) if b.left < box.left]
        return len(before) > 1 and self._asks(before[-2].text) and not self._asks(before[-1].text)

    def _stands_below_label(self, row: int, box: Box) -> bool:
        """Whether a text and the last one of its row stand in the columns of a known label of another row of labels,
        and of its value: a label by its place."""
        behind = [b for b in self.texts(row) if b.left > box.left]
        if len(behind) != 1 or self.is_value(box.text) or len(squeeze(box.text)) > LONGEST_LABEL:
            return False
        columns = box.left, behind[0].left
        pairs = [pair for texts in self._beside(row) for pair in pairwise(texts)]
        return any((a.left, b.left) == columns and self._asks(a.text) and not self._asks(b.text) for a, b in pairs)

    def _is_last_label(self, row: int, box: Box) -> bool:
        """Whether a text is the last one of its row, behind a known label that has no value, and both stand where
        another row of labels has two known ones and the first one's value: a label by its place."""
        *_, label, last = [None, *self.texts(row)]
        if last is not box or label is None or not self._asks(label.text):
            return False
        if self.is_value(box.text) or len(squeeze(box.text)) > LONGEST_LABEL:
            return False
        columns = label.left, box.left
        threes = [three for texts in self._beside(row) for three in zip(texts, texts[1:], texts[2:], strict=False)]
        return any(
            (a.left, b.left) == columns and self._asks(a.text) and not self._asks(value.text) and self._asks(b.text)
            for a, value, b in threes
        )

    def _beside(self, row: int) -> list[list[Box]]:
        """The texts of the rows of labels above and below a row."""
        near = [r for r in (row - 1, row + 1) if 0 <= r < self.rows and self.kinds[r] is RowKind.LABELS]
        return [self.texts(r) for r in near]

    def _names_amount(self, row: int, box: Box) -> bool:
        """Whether a text stands alone below the name of an amount, among lines of the same block."""
        if not row or self.sections[row - 1] is not self.sections[row] or self.is_value(box.text):
            return False
        if any(b.left >= box.right for b in self.texts(row)):
            return False
        above = self.texts(row - 1)
        if names_line(box.text, self.words) and any(a.left == box.left and self._is_label(a.text) for a in above):
            return not self.words.known_label(above[0].text)  # a line of blanks below another one
        return any(
            a.left == box.left and self.is_value(b.text) and not self.words.known_label(a.text)
            for a, b in pairwise(above)
        )

    def _asks(self, text: str) -> bool:
        words = self.words
        if text.endswith(COLONS):
            return True
        return words.known_label(text) or (names_line(text, words) and not names_block(text, words))

    def join_down(self, levels: bool) -> None:
        """Let the cells above run down over the blanks left of a row's first text, and those of a header over the
        blanks in its second row."""
        for row in range(1, self.rows):
            section = self.sections[row]
            if self.kinds[row] is RowKind.UNDER and section is not None and section.what is not Heads.TASKS:
                self._join_header(row)
            texts = self.texts(row)
            first = texts[0].left if texts else 0
            amounts = len(texts) > 1 and all(self.is_value(b.text) for b in texts)  # a blank beside them is one too
            col = 0
            while col < first:
                above = self.at[row - 1][col]
                if amounts and self._is_line(above):
                    col = max(above.right, col + 1)
                    continue
                if above.text and above.right <= first and self._runs_down(row, above, levels):
                    blank = all(self.at[row][c].blank and self.at[row][c].top == row for c in range(col, above.right))
                    if blank and above.left == col:
                        self.take(above, self.at[row][above.right - 1])
                        self.take(above, self.at[row][col])
                col = max(above.right, col + 1)

    def _is_line(self, box: Box) -> bool:
        """Whether a text names a line of money, and no block of them at the left: 资金总额, not 项目资金."""
        if box.left > 0 or not names_block(box.text, self.words):
            return names_line(box.text, self.words)
        name = line_name(box.text, self.words)
        total = self.words.is_fund_total(name) or self.words.ends_as_fund_total(name)
        return total or self.words.fund_source(name) is not None

    def _join_header(self, row: int) -> None:
        for head in self.texts(row - 1):
            below = [self.at[row][col] for col in range(head.left, head.right)]
            if all(box.blank and box.top == row for box in below):
                for box in below:
                    self.take(head, box)

    def _runs_down(self, row: int, above: Box, levels: bool) -> bool:
        """Whether a cell may go on in a row: a level in its section, a label beside its section or among labels."""
        section, kind = self.sections[row], self.kinds[row]
        before = self.sections[row - 1]
        if kind is RowKind.HEADER and before is not None and before.what is Heads.MONEY and above.left < before.first:
            first = self.texts(row)[0]  # the other side of the same block, or another block within it
            inner = first.left == above.right and names_block(first.text, self.words)
            return inner or bool(self.words.side(first.text))
        if section is None or kind is RowKind.HEADER:
            return before is None and self.kinds[row - 1] is RowKind.LABELS
        if above.left < section.first:
            return True
        if kind is RowKind.UNDER:
            return True
        if above.top <= section.row or self.kinds[above.top] is not RowKind.ROW:
            return False
        if section.what is Heads.MONEY:
            return above.right <= section.bounds[0][1]
        columns = [
            b for b, role in zip(section.bounds, section.roles, strict=False) if role in MERGED and role != LEVELS[2]
        ]
        return levels and any(a <= above.left < b for a, b in columns)

    # ── names of levels that do not stand at the top

    def place_levels(self) -> None:
        """Give names that stand in the middle or at the bottom of their group all its rows."""
        below: list[tuple[Section, list[int]]] = []  # each with its rows; those below its header again are its too
        last: Section | None = None
        for row, section in enumerate(self.sections):
            if section is None or section.what is not Heads.INDICATORS:
                continue
            if last is None or section.row != last.row:
                if not below or not self._is_again(section, *below[-1]):
                    below.append((section, []))
                last = section
            if section is last and self.kinds[row] is RowKind.ROW:
                below[-1][1].append(row)
        for section, rows in below:
            rows = [r for r in rows if self.texts(r) and not self.words.is_total(self.texts(r)[0].text)]
            columns = {role: b for role, b in zip(section.roles, section.bounds, strict=False) if role in LEVELS[:2]}
            spans = [(0, len(rows))]
            for level in LEVELS[:2]:
                if level in columns:
                    spans = [part for a, b in spans for part in self._place(rows[a:b], a, columns, level)]

    def _is_again(self, section: Section, before: Section, rows: Sequence[int]) -> bool:
        """Whether a section prints the header of the one before it again, directly below its rows, of which the names
        of levels stand at the top: a blank below that header goes on with the name above it."""
        if not rows or rows[-1] != section.row - 1 or self.at[rows[0]][before.bounds[0][0]].blank:
            return False
        heads = [[(b.left, squeeze(b.text)) for b in self.texts(s.row) if b.left >= s.first] for s in (section, before)]
        return heads[0] == heads[1]

    def _place(
        self, rows: Sequence[int], offset: int, columns: dict[str, tuple[int, int]], level: str
    ) -> list[tuple[int, int]]:
        """Place the names of a level over adjacent rows; returns the groups as positions from `offset` on."""
        whole = [(offset, offset + len(rows))]
        left, right = columns[level]
        own = [self.at[r][left] for r in rows]
        at = [i for i, box in enumerate(own) if box.text and box.top == rows[i]]
        if not rows or not at or any(b.right - b.left != right - left and b.text for b in own):
            return whole
        if at[0] == 0 or any(box.text and box.bottom - box.top > 1 for box in own):
            return [(offset + a, offset + b) for a, b in zip(at, [*at[1:], len(rows)], strict=True)] or whole
        groups = group_rows(len(rows), at, lambda i, k: self._fits(rows[i], own[at[k]].text, columns, level))
        if groups is None or rows[-1] - rows[0] != len(rows) - 1:
            return whole
        for group in groups:
            box = own[group.at]
            if group.end - group.start > 1:
                place = "middle" if group.at < group.end - 1 else "last row"
                box.inferred = (
                    f"the name stands in the {place} of the rows that it was read for; the source merges none"
                )
            box.top, box.bottom = rows[group.start], rows[group.end - 1] + 1
            self.put(box)
        return [(offset + g.start, offset + g.end) for g in groups]

    def _fits(self, row: int, name: str, columns: dict[str, tuple[int, int]], level: str) -> int:
        """Whether a row's level 2 usually stands below a level 1."""
        if level != LEVELS[0] or LEVELS[1] not in columns:
            return 0
        usual = self.words.usual_level1(self.at[row][columns[LEVELS[1]][0]].text)
        return 0 if usual is None else 1 if self.words.same_level(usual, name) else -1
