"""The indicator section of a dump: header words give the roles, each row's texts fall to them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.dump.build import Draft, TableBuilder, Text, text_of
from extractors.dump.lines import DumpCell, DumpLine
from extractors.dump.roles import Aligner, Role, feature, is_value
from schemas.frozen import dataclass
from schemas.language.columns import BY_ROLE, COLUMNS, LEVELS, MERGED, OTHER, Shape, What, headed
from schemas.language.vocabulary import Words, squeeze
from schemas.language.writing import SENTENCE_ENDS

FEWEST_ROLES = 3
FEWEST_UNDER = 2  # names that the second line of a header prints
HIDDEN = tuple(
    c.role for c in COLUMNS if c.what is What.RELATED
)  # columns that a level 2 header may cover without naming them
LONG_PROSE = 30  # characters: a row of a label and a text longer than this is no indicator
MOSTLY_FILLED = 0.8  # share of a section's rows that print a target, above which a blank one is doubtful


@dataclass(frozen=True, slots=True)
class DumpRow:
    """A line of the dump; `after_break` says that a blank line, a page break, stands before it."""

    line: DumpLine
    after_break: bool


@dataclass(frozen=True, slots=True)
class Aligned:
    """A row whose texts were matched: (role index, text) pairs, the role indexes beyond the row's end, and those that
    another reading of the row would fill otherwise."""

    row: DumpRow
    texts: dict[int, DumpCell]
    beyond: frozenset[int]
    doubtful: frozenset[int] = frozenset()


def header_cells(line: DumpLine, words: Words) -> list[DumpCell] | None:
    """The cells of a header row from its first role on, None where the line is no header."""
    roles = [words.header(c.text) for c in line.cells]
    levels = [i for i, r in enumerate(roles) if r in LEVELS]
    if not levels or len(set(roles) - {None}) < FEWEST_ROLES:
        return None
    return list(line.cells[levels[0] :])


def header_roles(cells: Sequence[DumpCell], words: Words) -> list[Role]:
    """The roles of a header's cells."""
    names = [words.header(c.text) or f"{OTHER}{squeeze(c.text)}" for c in cells]
    if LEVELS[2] not in names:
        at = next((i for i, c in enumerate(cells) if words.is_level3_else(c.text)), None)
        if at is not None:
            names[at] = LEVELS[2]
    return [Role(name, c.tab) for name, c in zip(names, cells, strict=True)]


class IndicatorSection:
    """Builds the rows of one section: its header, then each row as it comes."""

    def __init__(self, builder: TableBuilder, header: DumpRow, words: Words) -> None:
        self.builder = builder
        self.words = words
        self.header = header
        self.cells = header_cells(header.line, words) or []
        self.base = 1 if len(self.cells) < len(header.line.cells) else 0  # a heading stands left of the section
        self.roles = header_roles(self.cells, words)
        self.groups: dict[int, tuple[DumpCell, int]] = {}  # headers over several cells, by the first of these
        self.rows: list[DumpRow] = []
        self._below: list[DumpCell | None] = []  # for each row the next level 1 below it

    def takes(self, row: DumpRow) -> bool:
        """Whether a line is the second one of the header: it prints names only below headers over columns of their
        own. These take the place of what they stand under."""
        ends = [*(c.tab for c in self.cells[1:]), math.inf]
        below = [
            [c for c in row.line.cells if cell.tab <= c.tab < end] for cell, end in zip(self.cells, ends, strict=True)
        ]
        groups = [self._group(cell.text) if inside else None for cell, inside in zip(self.cells, below, strict=True)]
        named = sum(len(inside) for inside, group in zip(below, groups, strict=True) if group)
        values = any(is_value(feature(c.text, self.words)) for c in row.line.cells)
        if named < FEWEST_UNDER or named < len(row.line.cells) or values or len(self.roles) != len(self.cells):
            return False
        cells: list[DumpCell] = []
        roles: list[Role] = []
        for cell, role, inside, group in zip(self.cells, self.roles, below, groups, strict=True):
            if group is None:
                cells.append(cell)
                roles.append(role)
                continue
            self.groups[len(cells)] = (cell, len(inside))
            cells += inside
            roles += [Role(headed(group, squeeze(c.text)), c.tab) for c in inside]
        self.cells, self.roles = cells, roles
        return True

    def _group(self, header: str) -> str | None:
        """The role of the columns that a header may stand over."""
        role = self.words.header(header)
        past = role is not None and BY_ROLE[role].shape is Shape.BY_HEADER
        return role if past else self.words.column_group(header)

    def ends_at(self, line: DumpLine) -> bool:
        """Whether a line is no row of the section: a label with its value, or a header."""
        if not line.cells:
            return False
        first = line.cells[0].text
        if self.words.is_total(first):
            return False
        if header_cells(line, self.words) is not None:
            return True
        if len(line.cells) > 1 and any(self.words.is_opinion(c.text) for c in line.cells[:2]):
            return True
        if (
            self.words.known_label(first)
            and not self.words.level(first, "level1")
            and not self.words.level(first, "level2")
        ):
            return True
        numeric = any(is_value(feature(c.text, self.words)) for c in line.cells)
        if len(line.cells) > 2 or numeric or len(self.roles) <= 4:
            return False
        above = self.rows[-1].line.cells if self.rows else ()
        last = line.cells[-1].text
        behind_total = bool(above) and self.words.is_total(above[0].text)
        return behind_total or len(last) > LONG_PROSE or last.endswith(SENTENCE_ENDS)

    def add(self, row: DumpRow) -> None:
        self.rows.append(row)

    # ── building

    def build(self) -> None:
        """Place the header and all rows into the table."""
        self._show_hidden()
        aligned = self._align(self.rows)
        self._place_header(self.base)
        self._place_rows(aligned, self.base)

    def _show_hidden(self) -> None:
        """Columns that the level 2 header covers unnamed, where some row holds more texts than named roles."""
        names = [r.name for r in self.roles]
        if "level2" not in names or "linked_project" in names:
            return
        projects = any(feature(c.text, self.words) == "project" for row in self.rows for c in row.line.cells)
        if projects:
            at = names.index("level2") + 1
            hidden = [name for name in HIDDEN if name not in names]
            first, behind = self.roles[at - 1].tab, self.roles[at].tab if at < len(self.roles) else None
            gap = first is not None and behind is not None and behind - first == 1 + len(hidden)
            tabs = [first + 1 + k if gap and first is not None else None for k in range(len(hidden))]
            self.roles[at:at] = [Role(name, tab, hidden=True) for name, tab in zip(hidden, tabs, strict=True)]

    def _align(self, rows: Sequence[DumpRow]) -> list[Aligned | None]:
        aligner = Aligner(self.roles, self.words)
        seen: dict[int, int] = {}
        out: list[Aligned | None] = []
        for row in rows:
            cells = row.line.cells
            if cells and self.words.is_total(cells[0].text):
                out.append(self._align_total(row))
                continue
            if row.after_break:
                seen = {}
            fit = aligner.align(cells, seen)
            if fit is None:
                out.append(None)
                continue
            why = f"line {row.line.number} prints a text too few; it was read as it stands, but may be shifted"
            texts = {
                j: replace(cell, inferred=cell.inferred or why) if j in fit.doubtful else cell
                for j, cell in zip(fit.roles, cells, strict=True)
            }
            seen |= {j: cell.tab for j, cell in texts.items()}
            out.append(Aligned(row, texts, self._beyond(row.line, cells, fit.roles), fit.doubtful))
        return out

    def _beyond(self, line: DumpLine, cells: Sequence[DumpCell], roles: Sequence[int]) -> frozenset[int]:
        """The roles whose cells stand behind the end of the line: cut off."""
        last, role = cells[-1], roles[-1]
        after = [
            j
            for j in range(role + 1, len(self.roles))
            if last.tab + (j - role) > line.tabs and not self.roles[j].hidden
        ]
        return frozenset(after)

    def _align_total(self, row: DumpRow) -> Aligned:
        """合计 and its numbers: points and score, by position where there is only one."""
        places = [j for j, r in enumerate(self.roles) if r.name in ("weights.full_year", "score")]
        numbers = row.line.cells[1:]
        texts: dict[int, DumpCell] = {0: row.line.cells[0]}
        if len(numbers) == 1 and len(places) == 2:
            near = min(places, key=lambda j: (abs((self.roles[j].tab or 0) - numbers[0].tab), j))
            places = [near]
        for j, cell in zip(places, numbers, strict=False):
            texts[j] = cell
        return Aligned(row, texts, frozenset())

    def _place_header(self, base: int) -> None:
        line = self.header.line
        at = self.builder.new_row(self.header.after_break)
        below = self.builder.new_row() if self.groups else at
        if base:
            self.builder.put(at, 0, text_of(line.cells[0]), rowspan=1 + below - at + len(self.rows))
        named = [j for j, r in enumerate(self.roles) if not r.hidden]
        ends = [*named[1:], self.builder.width - base]
        grouped = {k + n for k, (_, count) in self.groups.items() for n in range(count)}
        for k, (j, end, cell) in enumerate(zip(named, ends, self.cells, strict=True)):
            if k in self.groups:
                head, count = self.groups[k]
                self.builder.put(at, base + j, text_of(head), colspan=ends[k + count - 1] - j)
            row, height = (below, 1) if k in grouped else (at, 1 + below - at)
            self.builder.put(row, base + j, text_of(cell), colspan=end - j, rowspan=height)

    def _place_rows(self, rows: Sequence[Aligned | None], base: int) -> None:
        names = [r.name for r in self.roles]
        merged: dict[int, Draft] = {}
        filled = self._filled(rows)
        self._below = _next_texts(rows, names.index("level1")) if "level1" in names else []
        for number, aligned in enumerate(rows):
            row = self.rows[number]
            at = self.builder.new_row(row.after_break)
            if number == 0 and self.header.after_break:
                self.builder.breaks.append(at)
            if aligned is None:
                self.builder.notes.append(f"line {row.line.number}: more texts than columns")
                why = f"line {row.line.number} holds more texts than the table has columns"
                for k, cell in enumerate(row.line.cells[: self.builder.width - base]):
                    self.builder.put(at, base + k, text_of(cell, why))
                merged = {}
                continue
            if self.words.is_total(row.line.cells[0].text) and aligned.beyond == frozenset():
                self._place_total(at, base, aligned)
                continue
            spans = self._spans(aligned, merged)
            for j, width in spans.items():
                source = aligned.texts.get(j)
                if names[j] in MERGED:
                    self._place_level(at, base, j, width, number, rows, merged)
                    continue
                text = text_of(source) if source is not None else None
                self.builder.put(
                    at, base + j, text, colspan=width, line=row.line.number, lost=self._lost(aligned, j, filled)
                )

    def _spans(self, aligned: Aligned, merged: Mapping[int, Draft]) -> dict[int, int]:
        """Which roles have a cell in the row, and how many columns it spans: hidden columns belong to level 2
        unless the row fills them, or goes on from one that does; the last column runs to the table's edge."""
        hidden = [j for j, r in enumerate(self.roles) if r.hidden]
        spans = dict.fromkeys(range(len(self.roles)), 1)
        goes_on = bool(hidden) and hidden[0] in merged and (hidden[0] - 1) not in aligned.texts
        if hidden and not goes_on and not any(j in aligned.texts for j in hidden):
            for j in hidden:
                del spans[j]
            spans[hidden[0] - 1] = 1 + len(hidden)
        spans[len(self.roles) - 1] = self.builder.width - self.base - len(self.roles) + 1
        return spans

    def _place_level(
        self,
        at: int,
        base: int,
        j: int,
        width: int,
        number: int,
        rows: Sequence[Aligned | None],
        merged: dict[int, Draft],
    ) -> None:
        aligned = rows[number]
        assert aligned is not None
        line = aligned.row.line
        cell = aligned.texts.get(j)
        if cell is None and j in merged and merged[j].colspan == width:
            name = self._lost_name(aligned, j, merged[j]) or self._lower_name(number, rows, j, merged[j])
            if name is None:
                self.builder.extend(merged[j], at)
                return
            text: Text | None = name
        elif cell is not None and j in merged and merged[j].inferred and squeeze(merged[j].text) == squeeze(cell.text):
            self.builder.extend(merged[j], at)  # the name was taken for the rows above it already
            return
        else:
            text = text_of(cell) if cell is not None else None
        merged[j] = self.builder.put(at, base + j, text, colspan=width, line=line.number)
        for deeper in [k for k in merged if k > j]:
            del merged[deeper]

    def _lost_name(self, aligned: Aligned, j: int, above: Draft) -> Text | None:
        """A level 2 that the dump lost at a page break, where the common framework prints the indicator under
        another name than the one above."""
        if not aligned.row.after_break or self.roles[j].name != "level2":
            return None
        third = next((i for i, r in enumerate(self.roles) if r.name == LEVELS[2]), None)
        cell = aligned.texts.get(third) if third is not None else None
        usual = self.words.usual_level2(cell.text) if cell is not None else None
        if usual is None or squeeze(usual) == squeeze(above.text) or not self.words.is_usual_level2(above.text):
            return None
        line = aligned.row.line
        why = (
            f"the dump holds no level 2 from line {line.number} on; the name is the one under which the common "
            f"framework prints this indicator, not {above.text} above the page break"
        )
        return Text(usual, line.number, 1, why)

    def _lower_name(self, number: int, rows: Sequence[Aligned | None], j: int, above: Draft) -> Text | None:
        """A level 1 whose name stands further down, in the lower part of a merged cell: the level 2 of this row
        usually stands under it, and not under the name above."""
        names = [r.name for r in self.roles]
        second = names.index("level2") if names[j] == "level1" and "level2" in names else None
        here = rows[number]
        if second is None or here is None or second not in here.texts or not above.text:
            return None
        usual = self.words.usual_level1(here.texts[second].text)
        if usual is None or self.words.same_level(usual, above.text):
            return None
        below = self._below[number]
        if below is None or not self.words.same_level(usual, below.text):
            return None
        why = f"the name stands further down, on line {below.line}; the level 2 here usually stands under it"
        return Text(below.text, below.line, below.column, why)

    def _filled(self, rows: Sequence[Aligned | None]) -> dict[int, float]:
        """The share of the rows that print each target column."""
        full = [r for r in rows if r is not None and len(r.texts) > 1]
        return {
            j: sum(1 for r in full if j in r.texts) / max(len(full), 1)
            for j, role in enumerate(self.roles)
            if role.name.startswith("targets.")
        }

    def _lost(self, aligned: Aligned, j: int, filled: dict[int, float]) -> str | None:
        if j in aligned.texts:
            return None
        if j in aligned.beyond:
            return f"line {aligned.row.line.number} ends before this column"
        if j in aligned.doubtful and j in filled:
            return f"line {aligned.row.line.number} holds nothing here, unless its texts are shifted"
        others = [k for k in filled if k != j and k in aligned.texts]
        if others and filled.get(j, 0.0) >= MOSTLY_FILLED:
            return f"line {aligned.row.line.number} holds nothing here, though the rows around it do"
        return None

    def _place_total(self, at: int, base: int, aligned: Aligned) -> None:
        places = sorted(aligned.texts)
        ends = [*places[1:], places[-1] + 1] if len(places) > 1 else [len(self.roles)]
        head_end = min([j for j, r in enumerate(self.roles) if r.name in ("weights.full_year", "score")] + [ends[0]])
        for j, cell in aligned.texts.items():
            width = head_end if j == 0 and head_end > 0 else 1
            self.builder.put(at, base + j, text_of(cell), colspan=max(width, 1))
        for j, role in enumerate(self.roles):
            if role.name in ("weights.full_year", "score") and j not in aligned.texts:
                self.builder.put(at, base + j, None, line=aligned.row.line.number)


def _next_texts(rows: Sequence[Aligned | None], role: int) -> list[DumpCell | None]:
    """For each row the next text of a role below it: looked for once, from the last row up."""
    below: list[DumpCell | None] = []
    text: DumpCell | None = None
    for row in reversed(rows):
        below.append(text)
        text = text if row is None else row.texts.get(role, text)
    return below[::-1]
