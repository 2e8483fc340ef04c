"""The indicator table: every printed row under the right headings, with the names of its levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.tables.hierarchy import Membership
from pipeline.reading.headers import ColumnGroup, HeaderColumn, past
from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.labels import asks_for_seal
from pipeline.reading.interpret.leaves import points_of, take_leaf, without_prefix
from pipeline.reading.interpret.levels import (
    OUTER,
    Bands,
    SubColumns,
    band_level,
    on_one_line,
    read_bands,
    read_members,
)
from pipeline.reading.interpret.parts import one_a_name, roles_of_parts
from pipeline.reading.interpret.redaction import take
from pipeline.reading.pieces import is_title
from pipeline.reading.sections import Section, SectionedTable, band_over, printed_columns
from pipeline.reading.view import TableView
from schemas.frozen import dataclass
from schemas.language.columns import LEVELS, OTHER
from schemas.language.values import bare_level, level_points, parse_texts, without_enumerator
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import parse_year
from schemas.model import Cell
from schemas.pointers import pointer
from schemas.record import Indicator


@dataclass(frozen=True, slots=True)
class Row:
    """What one group of a row prints: its cells and level names by role, and where its cells begin anew (`doubts`)."""

    columns: Sequence[HeaderColumn]
    cells: Mapping[str, Cell | None]
    levels: Mapping[str, Membership]

    @property
    def name(self) -> str:
        cell = self.cells.get(LEVELS[2])
        return squeeze(cell.text) if cell is not None else ""


TOTALS = {"weights.full_year": "total_weight", "score": "total_score"}  # the field of the total of a column
GRADE = "grade"
FEWEST_CELLS = 3  # of a row of an indicator: a level, a name and a value


class IndicatorReader:
    """Reads the indicator sections of a form's tables, in order; `subcolumns` says what unnamed sub-columns hold."""

    def __init__(self, draft: Draft, words: Words, subcolumns: SubColumns) -> None:
        self.draft = draft
        self.words = words
        self.subcolumns = subcolumns
        self.indicators: list[Indicator] = []
        self._sections: list[Section] = []
        self._banded: list[str] = []  # levels that bands name, not columns
        self._split: dict[str, list[str]] = {}  # header role → the roles of its sub-columns, where some row has them

    @property
    def columns(self) -> list[str]:
        printed = printed_columns(self._sections, self._split)
        return [*(role for role in OUTER if role in self._banded and role not in printed), *printed]

    def read(self, table: SectionedTable) -> set[int]:
        """Read one table; returns the rows that belong to its indicator sections."""
        used: set[int] = set()
        view = table.view
        groups: list[tuple[Section, list[int]]] = []
        for section in (self._with_past(s) for s in table.sections):
            self._sections.append(section)
            used.update(section.header)
            self._own_header(view, section)
            rows = [r for r in section.rows if view.row(r) and self._belongs(view, section, r)]
            rows = [*self._bands_over(view, section), *rows]
            used.update(rows)
            if groups and _same_columns(groups[-1][0], section):
                groups[-1][1].extend(rows)  # the same header printed again: the levels go on
            else:
                groups.append((section, rows))
        for section, rows in groups:
            self._own_headings(view, section, rows)
            self._read_rows(view, section, rows)
        return used

    def _with_past(self, section: Section) -> Section:
        """A section whose columns of years before the form's are told apart from the year's own."""
        year = self.draft.year
        if year is None:
            return section

        def told(column: HeaderColumn) -> HeaderColumn:
            return replace(column, role=past(column.text)) if (parse_year(column.text) or year) < year else column

        groups = [replace(group, columns=tuple(map(told, group.columns))) for group in section.groups]
        return replace(section, groups=tuple(groups))

    def _own_header(self, view: TableView, section: Section) -> None:
        start = section.columns[0].start
        for row in section.header:
            self.draft.own(*(c for c in view.row(row) if c.row == row and c.col >= start))

    def _bands_over(self, view: TableView, section: Section) -> list[int]:
        """The rows of a section's header that are bands which name a level of the rows below it."""
        bands = {row: band_level(view, section, row, self.words) for row in section.header}
        return [row for row, band in bands.items() if band and self.words.is_level(bare_level(band[1].text))]

    def _belongs(self, view: TableView, section: Section, row: int) -> bool:
        """Whether a row is the section's: no cell of it runs over several columns but those of the outer levels, or one
        of these names a level as the common framework does."""
        values = [c for group in section.groups for c in group.columns if c.role not in OUTER]
        first = section.columns[0].start
        if self._labels_totals(view, row):
            return False
        if self._total_cell(view, section, row) or band_level(view, section, row, self.words):
            return True
        starting = [c for c in view.starting(row) if c.col >= first and c.text.strip()]
        if len(starting) >= FEWEST_CELLS and self.words.is_level(bare_level(starting[0].text)):
            return True
        if any(asks_for_seal(c.text, self.words) for c in view.starting(row)):
            return False  # opinions and signatures below the table
        for cell in view.row(row, first):
            covered = sum(1 for c in values if cell.col <= c.start and c.end <= cell.col + cell.colspan)
            if covered >= 2 or any(_crosses(cell, c) for group in section.groups for c in group.columns):
                return False
        names = [c for c in view.starting(row) if c.col <= first < c.col + c.colspan]
        return not any(self._is_field_label(c) for c in names)

    def _is_field_label(self, cell: Cell) -> bool:
        return bool(self.words.known_label(cell.text)) and not self.words.level(cell.text, "level1")

    def _labels_totals(self, view: TableView, row: int) -> bool:
        """Whether a row prints its totals behind labels of their own: 总分 | 总分值 | 100 | 总得分 | 98."""
        labels = [self.words.label(c.text) for c in view.starting(row)[1:]]
        return any(label in TOTALS.values() for label in labels)

    def _total_cell(self, view: TableView, section: Section, row: int) -> Cell | None:
        cells = [c for c in view.row(row) if c.text.strip() and c.row == row]
        head = cells[0] if cells else None
        level = section.column("level3") or section.columns[0]
        if head is not None and head.col <= level.start and self.words.is_total(head.text):
            return head
        return None

    def _own_headings(self, view: TableView, section: Section, rows: Sequence[int]) -> None:
        """The heading that stands left of the whole section (绩效指标), or as a band over it in words of a title
        (项目支出绩效指标表), is a label; columns there are none. So is a name of totals before labels of them."""
        band = band_over(view, section)
        if band is not None and is_title(band.text, self.words):
            self.draft.own(band)
        for row in section.rows:
            head = next(iter(view.starting(row)), None)
            if head is not None and self.words.is_total(head.text) and self._labels_totals(view, row):
                self.draft.own(head)
        for row in [*section.header, *rows]:
            for cell in view.row(row, 0, section.columns[0].start):
                inside = any(c.start <= cell.col < c.end for c in section.outer)
                if not inside and (cell.rowspan > 1 or self.words.is_heading(cell.text)):
                    self.draft.own(cell)
        self._own_numbers(view, section, rows)

    def _own_numbers(self, view: TableView, section: Section, rows: Sequence[int]) -> None:
        """A column left of the levels that numbers the rows: it says nothing of what they print."""
        for head in view.row(section.header.stop - 1, 0, section.columns[0].start):
            below = [c for row in rows for c in view.starting(row) if (c.col, c.colspan) == (head.col, head.colspan)]
            texts = [squeeze(c.text) for c in below if c.text.strip()]
            if squeeze(head.text) in self.words.all.column_numbers.before and all(map(str.isdecimal, texts)):
                self.draft.own(head, *below)

    def _read_rows(self, view: TableView, section: Section, rows: list[int]) -> None:
        bands, taken = read_bands(view, section, rows, self.words)
        self._banded += bands.roles
        self.draft.own(*(cell for by_row in bands.cells.values() for cell in by_row.values()))
        rows = [r for r in rows if r not in taken and not self._read_total(view, section, r)]
        self._banded += [group.level for group in section.groups if group.level is not None]
        printed = [self._printed(view, group, rows, bands) for group in section.groups]
        if len(printed) == 2 and section.groups[0].name is None:
            printed = [[self._joined([*left, *right]) for left, right in zip(*printed, strict=True)]]
        for group in printed:  # what stands below one name of a level comes before what stands below the next
            for row, ones in zip(rows, group, strict=True):
                for one in ones:
                    self._read_one(view, row, one)
        if section.doubt and any(ones for group in printed for ones in group):
            self.draft.doubt("inferred", "/indicators", section.doubt)

    def _printed(self, view: TableView, group: ColumnGroup, rows: Sequence[int], bands: Bands) -> list[list[Row]]:
        """What each row prints in the columns of one group; several where it prints several numbered names."""
        members, names = read_members(view, group, rows, bands, self.words, self.subcolumns)
        self.draft.own(*names)
        return [
            self._row(view, group.columns, row, {role: level[i] for role, level in members.items()})
            for i, row in enumerate(rows)
        ]

    def _row(
        self, view: TableView, columns: Sequence[HeaderColumn], row: int, levels: Mapping[str, Membership]
    ) -> list[Row]:
        cells = self._cells(view, columns, row)
        leaves = [c for role, c in cells.items() if role not in OUTER and c is not None]
        if not any(c.row == row for c in leaves):
            return []  # a taller cell's further rows
        self.draft.own(*leaves)
        ones, why = one_a_name(cells, self.words)
        if why is not None:
            self.draft.doubt("inferred", pointer("indicators", len(self.indicators)), why)
        return [Row(columns, one, levels) for one in ones if not self._prints_nothing(one)]

    def _joined(self, parts: list[Row]) -> list[Row]:
        """The halves of a row as one, where both name the same indicator."""
        if len(parts) != 2 or parts[0].columns is parts[1].columns or not parts[0].name:
            return parts
        left, right = parts
        same = {role for role in right.cells if role in left.cells and role not in LEVELS}
        if left.name != right.name or any(not _agree(left.cells[role], right.cells[role]) for role in same):
            return parts
        cells = {
            **left.cells,
            **right.cells,
            **{role: c for role, c in left.cells.items() if c is not None and c.text.strip()},
        }
        ordered = {role: cells[role] for role in dict.fromkeys([*left.cells, *right.cells])}
        return [Row([*left.columns, *right.columns], ordered, left.levels)]

    def _read_total(self, view: TableView, section: Section, row: int) -> bool:
        head = self._total_cell(view, section, row)
        if head is None:
            return False
        self.draft.own(head)
        for role, name in TOTALS.items():
            column = section.column(role)
            cell = view.at(row, column.start) if column else None
            if cell is not None and cell is not head:
                text = take(self.draft, self.words, pointer("fields", name), view, cell)
                self.draft.fields[name] = points_of(text)
        self._read_grade(view, row)
        return True

    def _read_grade(self, view: TableView, row: int) -> None:
        """The grade that a row of totals prints beside its points; a mark for nothing says nothing."""
        rest = [c for c in view.starting(row) if c.text.strip() and not self.draft.is_owned(c)]
        self.draft.own(*(c for c in rest if squeeze(c.text) in self.words.all.empty_marks))
        grades = [c for c in rest if self.words.is_grade(c.text)]
        if len(grades) == 1 and self.draft.fields.get(GRADE) is None:
            self.draft.fields[GRADE] = take(self.draft, self.words, pointer("fields", GRADE), view, grades[0])

    def _read_one(self, view: TableView, row: int, one: Row) -> None:
        where = pointer("indicators", len(self.indicators))
        indicator = Indicator()
        for role, member in one.levels.items():
            self._take_level(view, indicator, role, member, where)
        kept = {role for role, member in one.levels.items() if role in LEVELS or member.cell is not None}
        leaves = {role: cell for role, cell in one.cells.items() if role not in kept}
        texts = {
            role: take_leaf(self.draft, self.words, indicator, role, view, cell, where) for role, cell in leaves.items()
        }
        if indicator.level3 is None:
            self.draft.doubt("unreadable", f"{where}/level3", "the row prints values but no indicator name")
        indicator.values.update(parse_texts(texts, indicator.op, indicator.unit, self.words))
        self.indicators.append(indicator)

    def _cells(self, view: TableView, columns: Sequence[HeaderColumn], row: int) -> dict[str, Cell | None]:
        """The cell of each role in a row. A header cell over several cells parts its role among them; a cell below
        several headers is the first one's, a level's cell that of the name beside it too."""
        out: dict[str, Cell | None] = {}
        taken: set[int] = set()
        for column in columns:
            inside = [c for c in view.row(row, column.start, column.end) if id(c) not in taken]
            if inside and column.role not in OUTER:
                taken.add(id(inside[0]))
            parts = self._subroles(column, inside)
            if len(parts) > 1:
                self._split[column.role] = max(self._split.get(column.role, []), parts, key=len)
            for role, cell in zip(parts, inside, strict=False):
                out.setdefault(role, cell)
            if not inside:
                out.setdefault(column.role, None)
        return out

    def _subroles(self, column: HeaderColumn, cells: Sequence[Cell]) -> list[str]:
        if len(cells) < 2 or not any(c.text.strip() for c in cells[1:]):
            return [column.role]
        roles = list(self.subcolumns.get(column.role, {}).get(len(cells), ()))
        roles = roles or roles_of_parts(column.role, [c.text for c in cells], self.words)
        before = self._split.get(column.role, [])
        roles = roles or (list(before) if len(before) == len(cells) else [])  # as the rows above it
        if not roles:
            extra = [f"{OTHER}{squeeze(column.text)} {i}" for i in range(2, len(cells) + 1)]
            return [column.role, *extra]
        for role, prefixes in self.words.all.value_prefixes.items():
            for i, cell in enumerate(cells):
                if squeeze(cell.text).startswith(tuple(prefixes)) and role not in roles:
                    roles[i] = role
        return roles

    def _prints_nothing(self, cells: Mapping[str, Cell | None]) -> bool:
        """`……`, `指标2：` alone, or a level 2 with an empty rest are no indicators."""

        def blank(cell: Cell | None) -> bool:
            if cell is None or cell.lost:
                return cell is None
            text = squeeze(cell.text)
            return not text or bool(self.words.placeholder.match(text))

        rest = [c for role, c in cells.items() if role not in OUTER]
        return all(blank(c) for c in rest)

    def _take_level(self, view: TableView, indicator: Indicator, role: str, member: Membership, where: str) -> None:
        at = f"{where}/{role}"
        if member.cell is None:
            if role == LEVELS[0]:
                self.draft.doubt(
                    "lost", at, "the form prints this level, but no name of it stands beside or above the row"
                )
            elif member.carried:
                self.draft.doubt("inferred", at, member.carried)
            return
        self.draft.origin(at, member.cell.text, view, member.cell)
        if member.carried and not member.cell.inferred:
            self.draft.doubt("inferred", at, member.carried, member.cell.text)
        printed = on_one_line(member.cell.text) if role in OUTER else member.cell.text
        name, points = level_points(printed) if role in LEVELS else (printed, None)
        name = without_enumerator(name) if role in OUTER else name
        setattr(indicator, role, without_prefix(self.words, role, name))
        if points is not None:
            self.draft.origin(f"{where}/level_points/{role}", member.cell.text, view, member.cell)
            if member.carried and not member.cell.inferred:  # where the name is doubted its points are too
                self.draft.doubt("inferred", f"{where}/level_points/{role}", member.carried, member.cell.text)
            indicator.level_points = {**(indicator.level_points or {}), role: points}


def _crosses(cell: Cell, column: HeaderColumn) -> bool:
    """Whether a cell ends or begins within a column and reaches out of it: it is of another table."""
    start, end = cell.col, cell.col + cell.colspan
    return column.start < start < column.end < end or start < column.start < end < column.end


def _same_columns(one: Section, other: Section) -> bool:
    return [group.columns for group in one.groups] == [group.columns for group in other.groups]


def _agree(one: Cell | None, other: Cell | None) -> bool:
    """Whether two cells say the same, or one says nothing."""
    texts = {squeeze(c.text) for c in (one, other) if c is not None and c.text.strip()}
    return len(texts) < 2
