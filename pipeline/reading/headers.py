"""The sections of a table: the headers of its indicators, and which columns play which role, from their words."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.reading.view import TableView
from schemas.language.columns import LEVELS, OTHER
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Cell, Table

FEWEST_ROLES = 3  # a header names at least so many columns, one of them a level and all but one known


@dataclass(frozen=True, slots=True)
class Column:
    """A role and the table columns [start, end) that its header spans. Roles without a name of ours are
    `other:` and the printed header."""

    role: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """The rows under one header: `header` are the header's own rows, `rows` the ones below it."""

    header: range
    columns: tuple[Column, ...]
    rows: range

    def column(self, role: str) -> Column | None:
        return next((c for c in self.columns if c.role == role), None)

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(c.role for c in self.columns)


@dataclass(frozen=True, slots=True)
class SectionedTable:
    """A table of a form, looked at once: its view and its indicator sections."""

    view: TableView
    sections: tuple[Section, ...]

    @property
    def table(self) -> Table:
        return self.view.table


def look_at(table: Table, number: int, words: Words) -> SectionedTable:
    """A table with its sections; `number` counts the tables of the document from 0."""
    view = TableView(table, number)
    return SectionedTable(view, tuple(find_sections(view, words)))


def find_sections(view: TableView, words: Words) -> list[Section]:
    """The indicator sections of a table, one a header; a header in mid-table gives its columns new roles."""
    headers: list[tuple[range, tuple[Column, ...]]] = []
    row = 0
    while row < view.table.rows:
        header = read_header(view, row, words)
        if header is None:
            row += 1
            continue
        height, columns = header
        height += _numbers_columns(view, row + height, words)
        headers.append((range(row, row + height), columns))
        row += height
    sections = []
    for i, (rows, columns) in enumerate(headers):
        end = headers[i + 1][0].start if i + 1 < len(headers) else view.table.rows
        sections.append(Section(rows, columns, range(rows.stop, end)))
    return sections


def _numbers_columns(view: TableView, row: int, words: Words) -> bool:
    """Whether the row below a header numbers its columns: 1 2 3, (1) (2) (3), ① ② ③, 甲 乙 丙 1 2, 栏次 1 2 3."""
    marks = words.all.column_numbers
    texts = [squeeze(c.text).strip("()") for c in view.starting(row) if c.text.strip()]
    if texts and texts[0] in marks.before:
        del texts[0]
    stems = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(texts, marks.stems, strict=False)))
    numbers = texts[stems:]
    if len(texts) < FEWEST_ROLES or not all(text.isdecimal() for text in numbers):
        return False
    return all(int(b) == int(a) + 1 for a, b in itertools.pairwise(numbers))


def read_header(view: TableView, row: int, words: Words) -> tuple[int, tuple[Column, ...]] | None:
    """(height in rows, columns) of the header that begins at a row, None where none does."""
    named = [c for c in view.starting(row) if c.text.strip()]
    if len(named) < FEWEST_ROLES:
        return None
    roles = {words.header(c.text) for c in named} - {None}
    if len(roles) < FEWEST_ROLES - 1 or roles.isdisjoint(LEVELS):
        return None
    first = next(c.col for c in named if words.header(c.text) in LEVELS)
    cells = [c for c in view.starting(row) if c.col >= first]
    height = max((c.rowspan for c in cells if words.header(c.text) or _has_children(view, c, words)), default=1)
    columns: list[Column] = []
    for cell in cells:
        columns += _leaves(view, cell, row + height, words)
    return height, tuple(_settle(columns, words))


def _has_children(view: TableView, cell: Cell, words: Words) -> bool:
    below = view.row(cell.row + cell.rowspan, cell.col, cell.col + cell.colspan)
    return len(below) > 1 and all(words.header(cell.text + c.text) or words.header(c.text) for c in below)


def _leaves(view: TableView, cell: Cell, end: int, words: Words) -> list[Column]:
    """The columns under a header cell: itself, or the cells of the header's lower rows that it covers."""
    if cell.row + cell.rowspan >= end:
        return [_column(cell, words)]
    out = []
    for child in view.row(cell.row + cell.rowspan, cell.col, cell.col + cell.colspan):
        role = words.header(cell.text + child.text) or words.header(child.text + cell.text) or words.header(child.text)
        name = child.text if child.text.strip() else cell.text
        column = _column(child, words)
        out.append(replace(column, role=role or column.role, text=name))
    return out


def _column(cell: Cell, words: Words) -> Column:
    role = words.header(cell.text) or f"{OTHER}{squeeze(cell.text)}"
    return Column(role, cell.col, cell.col + cell.colspan, cell.text)


def _settle(columns: Sequence[Column], words: Words) -> list[Column]:
    """Each role filled once: where two headers claim one, this year's keeps it, the other is the whole project's."""
    out = list(columns)
    for role, wider in words.all.whole_project_of.items():
        claims = [c for c in out if c.role == role]
        if len(claims) == 2:
            this_year = [c for c in claims if squeeze(c.text).startswith(tuple(words.all.this_year))]
            keep = this_year[0] if len(this_year) == 1 else claims[-1]
            out = [replace(c, role=wider) if c in claims and c is not keep else c for c in out]
    if not any(c.role == LEVELS[2] for c in out):
        named = next((c for c in out if c.role.startswith(OTHER) and words.is_level3_else(c.text)), None)
        out = [replace(c, role=LEVELS[2]) if c is named else c for c in out]
    seen: set[str] = set()
    settled = []
    for column in out:
        if column.role in seen:
            column = replace(column, role=f"{OTHER}{squeeze(column.text)}")
        seen.add(column.role)
        settled.append(column)
    return settled


def printed_columns(sections: Sequence[Section], sub: Mapping[str, Sequence[str]]) -> list[str]:
    """The keys of all columns that the headers print and the contract names, in printed order; `sub` are the
    roles of sub-columns that a header covers without naming them, by the role of that header."""
    out: list[str] = []
    for section in sections:
        at = 0
        for column in section.columns:
            for role in sub.get(column.role, (column.role,)):
                if role.startswith(OTHER):
                    continue  # no name of the contract; its texts stand under `other` of each indicator
                if role in out:
                    at = out.index(role) + 1
                else:
                    out.insert(at, role)
                    at += 1
    return out
