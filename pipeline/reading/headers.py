"""The header of an indicator table: which columns play which role, from their words and from how they are arranged."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.reading.view import TableView
from schemas.language.columns import BY_ROLE, LEVELS, MERGED, OTHER, What
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Cell

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
class Header:
    """A header: its rows, and its columns. `beside` are the columns of a further half, which names indicators of its
    own beside those of `columns`; `outer` are labelled columns left of the levels: what they hold belongs to a whole
    group of rows (a project's name, its goal), and their roles say nothing."""

    rows: range
    columns: tuple[Column, ...]
    beside: tuple[Column, ...] = ()
    outer: tuple[Column, ...] = ()

    @property
    def start(self) -> int:
        """Its first column of the indicator table."""
        return self.columns[0].start

    @property
    def end(self) -> int:
        return max(c.end for c in (*self.columns, *self.beside))


def read_header(view: TableView, row: int, words: Words) -> Header | None:
    """The header that begins at a row, None where none does."""
    named = [c for c in view.starting(row) if c.text.strip()]
    if len(named) < FEWEST_ROLES:
        return None
    roles = {words.header(c.text) for c in named} - {None}
    if len(roles) < FEWEST_ROLES - 1 or roles.isdisjoint(LEVELS):
        return None
    first = next(c.col for c in named if words.header(c.text) in MERGED or words.header(c.text) in LEVELS)
    cells = [c for c in view.starting(row) if c.col >= first]
    height = max((c.rowspan for c in cells if words.header(c.text) or _has_children(view, c, words)), default=1)
    end = row + height
    # a header that begins a row higher, beside a heading over the others, and ends with them
    cells = [c for c in view.row(row, first) if c in cells or (c.row < row and c.row + c.rowspan == end)]
    heads = [c for c in view.row(row, 0, first) if c.text.strip() and c.row + c.rowspan <= end]
    outer = _outer(view, heads, end, words)
    top = min((c.row for c in [*cells, *(heads if outer else [])]), default=row)
    columns = [column for cell in cells for column in _leaves(view, cell, end, words)]
    own, beside = _halves(columns)
    return Header(
        rows=range(top, end + _numbers_columns(view, end, words)),
        columns=tuple(_settle(own, words)),
        beside=tuple(_settle(beside, words)),
        outer=tuple(outer),
    )


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


# ── what stands left of the levels


def _outer(view: TableView, heads: Sequence[Cell], end: int, words: Words) -> list[Column]:
    """The labelled columns left of the levels: `heads` end with the header, and texts stand below them. A heading at
    the side of the whole section reaches further down, or has nothing below it."""
    columns = [column for c in heads for column in _leaves(view, c, end, words)]
    columns = [c for c in columns if _holds_text(view, end, c, words)]
    return columns if any(words.known_label(c.text) or words.fund_column(c.text) for c in columns) else []


def _holds_text(view: TableView, row: int, column: Column, words: Words) -> bool:
    """Whether a text stands in a column from a row on, before a label that begins something else."""
    below = (c for r in range(row, view.table.rows) for c in view.row(r, column.start, column.end) if c.row == r)
    first = next((c for c in below if c.text.strip()), None)
    return first is not None and not words.known_label(first.text) and not words.header(first.text)


# ── halves side by side


def _halves(columns: Sequence[Column]) -> tuple[list[Column], list[Column]]:
    """The columns of a header and those of its second half: where the levels begin again behind a target, as in
    三级指标 指标值 三级指标 指标值. Levels that the second half does not print are the first one's."""
    whole = list(columns), list[Column]()
    cut = next((i for i in range(1, len(columns)) if _begins_half(columns[:i], columns[i])), None)
    if cut is None:
        return whole
    own, beside = list(columns[:cut]), list(columns[cut:])
    if not any(_holds_values(c) for c in beside) or any(_begins_half(beside[:i], c) for i, c in enumerate(beside)):
        return whole
    printed = {c.role for c in beside}
    shared = [c for c in itertools.takewhile(lambda c: c.role != beside[0].role, own) if c.role not in printed]
    return own, [*shared, *beside]


def _begins_half(before: Sequence[Column], column: Column) -> bool:
    return (
        column.role in LEVELS
        and column.role in {c.role for c in before}
        and any(_holds_values(c) for c in before)
        and before[-1].role not in LEVELS
    )


def _holds_values(column: Column) -> bool:
    known = BY_ROLE.get(column.role)
    return known is not None and known.what in (What.TARGET, What.RESULT)


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
