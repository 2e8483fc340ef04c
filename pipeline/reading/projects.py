"""Several projects in one table, one below the other: each is a form of its own, with what stands once for all."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from pipeline.reading.headers import HeaderColumn, column_label
from pipeline.reading.sections import Section, SectionedTable
from pipeline.reading.view import TableView
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Cell

NAMES = ("project_name", "implementing_unit", "reporting_unit")
"""The fields whose column parts a table into forms, the first that it has."""


@dataclass(frozen=True, slots=True)
class ProjectRows:
    """The rows of one project under one header: `section` counts the table's sections from 0."""

    section: int
    rows: range
    name: str


def part_projects(table: SectionedTable, words: Words) -> list[tuple[str, SectionedTable]]:
    """The name and the table of each project of a table; [] where no column left of its levels names any. Rows of its
    sections that belong to none (a total of all projects, a unit over its projects) are in each and nothing reads
    them."""
    groups: list[ProjectRows] = []
    loose: set[int] = set()
    for i, section in enumerate(table.sections):
        own, of_none = _groups(table.view, i, section, groups[-1].name if groups else None, words)
        groups += own
        loose |= of_none
    if not groups:
        return []
    rows = _Rows(table, groups)
    return [(project[0].name, _part(table, project, rows, frozenset(loose))) for project in _joined(groups)]


class _Rows:
    """The rows of a table that belong to projects, and the others, which each project has."""

    def __init__(self, table: SectionedTable, groups: Sequence[ProjectRows]) -> None:
        self.inside = {row for group in groups for row in group.rows}
        self._shared = [row for row in table.view.rows if row not in self.inside]
        self._cells: dict[int, list[tuple[int, Cell]]] = {}  # by row of a project those that stand in it
        self._common: list[tuple[int, Cell]] = []  # those that stand in a row that each project has
        for i, cell in enumerate(table.table.cells):
            if self._last_shared(cell) is not None:
                self._common.append((i, cell))
            else:
                for row in cell.rows:
                    self._cells.setdefault(row, []).append((i, cell))

    def _last_shared(self, cell: Cell) -> int | None:
        at = bisect_left(self._shared, cell.row + cell.rowspan) - 1
        return self._shared[at] if at >= 0 and self._shared[at] >= cell.row else None

    def cells_of(self, project: Sequence[ProjectRows]) -> tuple[Cell, ...]:
        """The cells of one project and those of all, in their order, without the last rows that are not its own."""
        own = {i: cell for group in project for row in group.rows for i, cell in self._cells.get(row, ())}
        ordered = sorted([*own.items(), *self._common], key=itemgetter(0))
        return tuple(self._kept(cell, project) for _, cell in ordered)

    def _kept(self, cell: Cell, project: Sequence[ProjectRows]) -> Cell:
        """A cell without its last rows that are not kept; itself where it keeps them all."""
        end = cell.row + cell.rowspan
        ends = [min(group.rows.stop, end) for group in project if group.rows.start < end and cell.row < group.rows.stop]
        if (shared := self._last_shared(cell)) is not None:
            ends.append(shared + 1)
        return cell if max(ends) == end else replace(cell, rowspan=max(ends) - cell.row)


def _joined(groups: Sequence[ProjectRows]) -> list[list[ProjectRows]]:
    """The groups of each project: one goes on where its name is printed again below a header printed again."""
    projects: list[list[ProjectRows]] = []
    for group in groups:
        last = projects[-1][-1] if projects else None
        if last is not None and last.section != group.section and last.name == group.name:
            projects[-1].append(group)
        else:
            projects.append([group])
    return projects


def _groups(
    view: TableView, number: int, section: Section, before: str | None, words: Words
) -> tuple[list[ProjectRows], set[int]]:
    """The rows of each project of a section, and the rows that stand among them and belong to none. A blank below a
    name belongs to it, and so do the first rows below a header that is printed again, `before` being the last name
    above it."""
    column = _naming_column(section, words)
    if column is None:
        return [], set()
    starts: list[tuple[int, str | None]] = []  # None: what stands here belongs to no project
    loose: set[int] = set()
    for row in section.rows:
        cell = view.at(row, column.start)
        if cell is None or cell.row != row or not cell.text.strip():
            continue
        across = cell.col + cell.colspan > section.columns[0].start  # a remark below the projects
        of_none = not across and _is_none(view, section, column, cell, words)
        name = None if across or of_none or words.known_label(cell.text) else squeeze(cell.text)
        if of_none:
            loose.update(cell.rows)
        if not starts or starts[-1][1] != name:
            starts.append((row, name))
    if before is not None and (not starts or starts[0][0] > section.rows.start):
        starts.insert(0, (section.rows.start, before))
    ends = [row for row, _ in starts[1:]] + [section.rows.stop]
    groups = [
        ProjectRows(number, range(row, stop), name) for (row, name), stop in zip(starts, ends, strict=False) if name
    ]
    return groups, loose


def _is_none(view: TableView, section: Section, column: HeaderColumn, cell: Cell, words: Words) -> bool:
    """Whether a cell where projects are named names none: a total, a band over other columns, a unit that sums up what
    its projects hold; beside these stand neither an indicator nor a goal."""
    if words.is_total(cell.text):
        return True
    if cell.colspan > column.end - column.start and cell.col + cell.colspan <= section.columns[0].start:
        return True
    goals = [c for c in section.outer if words.is_goal(c.text)]
    spans = [(section.columns[0].start, view.table.cols), *((c.start, c.end) for c in goals)]
    beside = [c for row in cell.rows for start, end in spans for c in view.row(row, start, end)]
    return not any(c.text.strip() for c in beside)


def _naming_column(section: Section, words: Words) -> HeaderColumn | None:
    by_field = {words.label(column_label(c.text, words)): c for c in reversed(section.outer)}
    return next((by_field[name] for name in NAMES if name in by_field), None)


def _part(table: SectionedTable, project: Sequence[ProjectRows], rows: _Rows, loose: frozenset[int]) -> SectionedTable:
    """The table with the rows of one project and those of none; cells that reach over others end with it."""
    own = {group.section: group.rows for group in project}
    sections = tuple(
        replace(section, rows=own[i]) if i in own else section
        for i, section in enumerate(table.sections)
        if i in own or rows.inside.isdisjoint(section.rows)
    )
    view = TableView(replace(table.table, cells=rows.cells_of(project)), table.view.index)
    return SectionedTable(view, sections, loose)
