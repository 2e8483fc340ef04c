"""Several projects in one table, one below the other: each is a form of its own, with what stands once for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.reading.headers import HeaderColumn, column_label
from pipeline.reading.sections import Section, SectionedTable
from pipeline.reading.view import TableView
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
    inside = {row for group in groups for row in group.rows}
    return [(project[0].name, _part(table, project, inside, frozenset(loose))) for project in _joined(groups)]


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


def _part(
    table: SectionedTable, project: Sequence[ProjectRows], inside: set[int], loose: frozenset[int]
) -> SectionedTable:
    """The table with the rows of one project and those of none; cells that reach over others end with it."""
    own = {row for group in project for row in group.rows}
    kept = {row for row in table.view.rows if row not in inside or row in own}
    cells = [part for cell in table.table.cells if (part := _kept(cell, kept)) is not None]
    rows = {group.section: group.rows for group in project}
    sections = tuple(
        replace(section, rows=rows[i]) if i in rows else section
        for i, section in enumerate(table.sections)
        if i in rows or not any(row in inside for row in section.rows)
    )
    view = TableView(replace(table.table, cells=tuple(cells)), table.view.index)
    return SectionedTable(view, sections, loose)


def _kept(cell: Cell, rows: set[int]) -> Cell | None:
    """A cell without its last rows that are not kept; itself where it keeps them all, None where it keeps none."""
    last = max((row for row in cell.rows if row in rows), default=None)
    if last is None:
        return None
    return cell if last + 1 == cell.row + cell.rowspan else replace(cell, rowspan=last + 1 - cell.row)
