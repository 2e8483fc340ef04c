"""The header of an indicator table: which columns play which role, from their words and from how they are arranged."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.reading.view import TableView
from schemas.frozen import dataclass
from schemas.language.columns import BY_ROLE, HEADED, LEVELS, MERGED, OTHER, What, headed
from schemas.language.heads import lone_name, names_values
from schemas.language.money import stands_for_amount
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import has_span, parse_year, without_year
from schemas.model import Cell

NOTE = "note"
FORECAST = "forecast"
TARGET = "targets.full_year"
HISTORY = "history"  # the role of columns of past years; each is known by its printed header behind a colon
FEWEST_ROLES = 3  # a header names at least so many columns, one of them a level and all but one known


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """A role and the table columns [start, end) that its header spans. A role of which a table may have several columns
    has a colon and the printed header behind it, as have those without a name of ours (`other:`)."""

    role: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """Columns that name indicators of their own, beside others that do: one of two halves, or what stands below the
    name of a level (`name`, of `level`)."""

    columns: tuple[HeaderColumn, ...]
    level: str | None = None
    name: Cell | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """A header: its rows, and its columns in one group or several. `outer` are labelled columns left of the levels:
    what they hold belongs to many rows (a project's name, its goal), and their roles say nothing."""

    rows: range
    groups: tuple[ColumnGroup, ...]
    outer: tuple[HeaderColumn, ...] = ()

    @property
    def columns(self) -> tuple[HeaderColumn, ...]:
        """The columns of its first group."""
        return self.groups[0].columns

    @property
    def start(self) -> int:
        """Its first column of the indicator table."""
        return self.columns[0].start

    @property
    def end(self) -> int:
        return max(c.end for group in self.groups for c in group.columns)


def read_header(view: TableView, row: int, words: Words) -> Header | None:
    """The header that begins at a row, None where none does."""
    named = [c for c in view.starting(row) if c.text.strip()]
    mere = _mere_name(view, named, words)
    if len(named) < FEWEST_ROLES and mere is None and not names_values([c.text for c in named], words):
        return None
    roles = {words.header(c.text) for c in named} - {None}
    if len(roles) < FEWEST_ROLES - 1 and mere is None:
        return None
    begins = [c for c in named if words.header(c.text) in (*MERGED, *LEVELS)]
    if roles.isdisjoint(LEVELS):
        name = mere if mere is not None else lone_name([c.text for c in named], words)
        begins = [] if name is None else [named[name]]
    if not begins:
        return None
    first = begins[0].col
    cells = [c for c in view.starting(row) if c.col >= first]
    height = max((c.rowspan for c in cells if words.header(c.text) or _has_children(view, c, words)), default=1)
    end = row + height
    # a header that begins a row higher, beside a heading over the others, and ends with them
    own = {id(c) for c in cells}
    cells = [c for c in view.row(row, first) if id(c) in own or (c.row < row and c.row + c.rowspan == end)]
    heads = [c for c in view.row(row, 0, first) if c.row + c.rowspan <= end]
    levels = _levels_by_names(view, heads, end, {words.header(c.text) for c in cells}, words)
    heads = [c for c in heads if c.text.strip() and c.col not in {level.start for level in levels}]
    outer = _outer(view, heads, end, words)
    columns = [*levels, *(column for cell in cells for column in _leaves(view, cell, end, words))]
    groups = _groups(view, _with_names(columns, words), row, words)
    names = [group.name for group in groups if group.name is not None]
    top = min((c.row for c in [*cells, *names, *(heads if outer else [])]), default=row)
    return Header(
        rows=range(top, end + _numbers_columns(view, end, words)),
        groups=tuple(replace(group, columns=tuple(_settle(group.columns, words))) for group in groups),
        outer=tuple(outer),
    )


def _mere_name(view: TableView, named: Sequence[Cell], words: Words) -> int | None:
    """Which of a row's texts heads the names of indicators, where that is a mere 指标 before a target and the names of
    levels show what it is: in the column left of it, or as bands across the table. None where it is nothing such."""
    roles = [words.header(c.text) for c in named]
    targets = [i for i, role in enumerate(roles) if role in BY_ROLE and BY_ROLE[role].what is What.TARGET]
    if not targets or not set(LEVELS).isdisjoint(roles):
        return None
    name = max((i for i in range(targets[0]) if words.is_level3_else(named[i].text)), default=None)
    if name is None or any(stands_for_amount(c.text, words) for c in named):
        return None
    end = named[0].row + named[0].rowspan
    beside = _levels_by_names(view, named[:name], end, set(), words)
    banded = any(_names_level_alone(view, row, words) for row in (named[0].row - 1, end))
    return name if beside or banded else None


def _names_level_alone(view: TableView, row: int, words: Words) -> bool:
    """Whether a row holds the name of a level, and nothing right of it."""
    cells = view.row(row)
    return bool(cells) and cells[-1].row == row and words.is_level(bare_level(cells[-1].text)) and cells[-1].colspan > 1


def _with_names(columns: Sequence[HeaderColumn], words: Words) -> list[HeaderColumn]:
    """The columns, those that are level 3 where no other one is among them."""
    if any(c.role == LEVELS[2] for c in columns):
        return list(columns)
    named = [c.role.startswith(OTHER) and words.is_level3_else(c.text) for c in columns]
    return [replace(c, role=LEVELS[2]) if name else c for c, name in zip(columns, named, strict=True)]


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
    if words.header(cell.text) == HISTORY:
        return len(below) > 1
    return len(below) > 1 and all(words.header(cell.text + c.text) or words.header(c.text) for c in below)


def _leaves(view: TableView, cell: Cell, end: int, words: Words) -> list[HeaderColumn]:
    """The columns under a header cell: itself, or the cells of the header's lower rows that it covers."""
    if cell.row + cell.rowspan >= end:
        return _parted(view, cell, words) or [_column(cell, words.header(cell.text), cell.text)]
    children = view.row(cell.row + cell.rowspan, cell.col, cell.col + cell.colspan)
    group = words.column_group(cell.text) if len(children) > 1 else None
    if group is not None:
        return [_of_group(child, group, words) for child in children]
    out = []
    head = without_year(cell.text)
    for child in children:
        role = words.header(head + child.text) or words.header(child.text + head) or words.header(child.text)
        if HISTORY in (role, words.header(cell.text)):
            role = HISTORY
        if role is None and _is_number_of(cell, child, children, words):
            role = words.header(cell.text)
        out.append(_column(child, role, child.text if child.text.strip() else cell.text))
    return out


def _is_number_of(head: Cell, child: Cell, children: Sequence[Cell], words: Words) -> bool:
    """Whether a column below a target's header is the target itself: all others below it are its operator or unit."""
    whats = [
        BY_ROLE[role].what if (role := words.header(c.text)) in BY_ROLE else None for c in children if c is not child
    ]
    role = words.header(head.text)
    target = role in BY_ROLE and BY_ROLE[role].what is What.TARGET
    return target and bool(whats) and all(what in (What.OPERATOR, What.UNIT) for what in whats)


def _parted(view: TableView, cell: Cell, words: Words) -> list[HeaderColumn]:
    """The columns of a header cell that prints several names over as many columns, where no rule was seen between them;
    [] where it is no such cell."""
    below = view.row(cell.row + cell.rowspan, cell.col, cell.col + cell.colspan)
    if cell.colspan < 2 or len(below) < 2 or words.header(cell.text):
        return []
    names = _names_in(squeeze(cell.text), words)
    if len(names) != len(below):
        return []
    roles = [words.header(name) or "" for name in names]
    return [HeaderColumn(r, c.col, c.col + c.colspan, n) for r, c, n in zip(roles, below, names, strict=True)]


def _names_in(text: str, words: Words) -> list[str]:
    """The names of columns that a text consists of, one behind the other; [] where it is anything else."""
    if words.header_word(text):
        return [text]
    for cut in range(2, len(text) - 1):
        if words.header_word(text[:cut]) and (rest := _names_in(text[cut:], words)):
            return [text[:cut], *rest]
    return []


def _of_group(cell: Cell, group: str, words: Words) -> HeaderColumn:
    """A column below a header that names what all below it hold; a remark among them says why, and is the note."""
    if _is_remark(cell.text, words):
        return _column(cell, NOTE, cell.text)
    return HeaderColumn(headed(group, squeeze(cell.text)), cell.col, cell.col + cell.colspan, cell.text)


def _is_remark(header: str, words: Words) -> bool:
    role = words.header_word(header)
    return role is not None and BY_ROLE[role].what is What.NOTE


def _column(cell: Cell, role: str | None, header: str) -> HeaderColumn:
    """The column below a header cell; `role` is None where its header has no name of ours."""
    if role is None:
        role = f"{OTHER}{squeeze(header)}"
    return HeaderColumn(role if role != HISTORY else past(header), cell.col, cell.col + cell.colspan, header)


def past(header: str) -> str:
    """The role of a column of values of a past year, by its printed header."""
    return headed(HISTORY, squeeze(header))


def is_past(column: HeaderColumn) -> bool:
    return column.role.startswith(f"{HISTORY}{HEADED}")


def _of_years(columns: Sequence[HeaderColumn], words: Words) -> list[HeaderColumn]:
    """Columns whose headers name years: the last year's are what their headers say without it, and a target where they
    say nothing else and no other column is that; those of earlier years are past."""
    named = {i: c.text for i, c in enumerate(columns) if not is_past(c) and not has_span(c.text)}
    years = {i: year for i, text in named.items() if (year := parse_year(text))}
    targeted = any(c.role == TARGET for i, c in enumerate(columns) if i not in years)
    out = list(columns)
    for i, year in years.items():
        rest = squeeze(without_year(columns[i].text)).strip("()")
        role = words.header(rest) if rest else TARGET
        if year < max(years.values()) or (targeted and not rest):
            out[i] = replace(columns[i], role=past(columns[i].text))
        elif role is not None and role != HISTORY:
            out[i] = replace(columns[i], role=role)
    return out


# ── what stands left of the levels


def _levels_by_names(
    view: TableView, heads: Sequence[Cell], row: int, roles: set[str | None], words: Words
) -> list[HeaderColumn]:
    """Columns left of the known ones that hold usual names of a level, whatever their headers say."""
    out: list[HeaderColumn] = []
    for head in heads:
        below = (c for r in view.from_row(row) for c in view.row(r, head.col, head.col + head.colspan))
        first = next((c for c in below if c.row >= row and c.text.strip()), None)
        name = bare_level(first.text) if first is not None else ""
        taken = roles | {c.role for c in out}
        role = next((level for level in LEVELS[:2] if level not in taken and words.level(name, level)), None)
        if first is not None and role is not None and (first.col, first.colspan) == (head.col, head.colspan):
            out.append(HeaderColumn(role, head.col, head.col + head.colspan, head.text))
    return out


def _outer(view: TableView, heads: Sequence[Cell], end: int, words: Words) -> list[HeaderColumn]:
    """The labelled columns left of the levels: `heads` end with the header, and texts stand below them. A heading at
    the side of the whole section reaches further down, or has nothing below it."""
    columns = [column for c in heads for column in _leaves(view, c, end, words)]
    columns = [c for c in columns if _holds_text(view, end, c, words)]
    known = [c for c in columns if words.known_label(column_label(c.text, words)) or words.fund_column(c.text)]
    return columns if known else []


def column_label(header: str, words: Words) -> str:
    """The label that a column of names has, its innermost where it names several: what stands in its brackets, as in
    项目单位（项目名称）, or last among them, 单位名称、项目名称."""
    inner = re.search(r"[（(]([^（）()]+)[)）]", header)
    parts = [inner[1]] if inner else re.split(words.all.joined_by, squeeze(header))[:0:-1]
    return next((part for part in parts if words.label(part)), header)


def _holds_text(view: TableView, row: int, column: HeaderColumn, words: Words) -> bool:
    """Whether a text stands in a column from a row on, before a label that begins something else."""
    below = (c for r in view.from_row(row) for c in view.row(r, column.start, column.end) if c.row == r)
    first = next((c for c in below if c.text.strip()), None)
    return first is not None and not words.known_label(first.text) and not words.header(first.text)


# ── groups side by side


def _groups(view: TableView, columns: Sequence[HeaderColumn], row: int, words: Words) -> list[ColumnGroup]:
    """The columns of a header, cut where the levels begin again behind a target: two halves (三级指标 指标值 三级指标
    指标值), or as many groups as names of a level stand over them. Levels that a group does not print are those of the
    first."""
    starts = [0]
    for i in range(1, len(columns)):
        if _begins_half(columns[starts[-1] : i], columns[i]):
            starts.append(i)
    parts = [columns[a:b] for a, b in itertools.pairwise([*starts, len(columns)])]
    names = [_name_over(view, part, row, words) for part in parts]
    named = all(name is not None for name in names)
    if (
        len(parts) == 1
        or not all(any(_holds_values(c) for c in part) for part in parts)
        or not (named or len(parts) == 2)
    ):
        return [ColumnGroup(tuple(columns))]
    if named:
        return [ColumnGroup(tuple(part), *name) for part, name in zip(parts, names, strict=True) if name is not None]
    first, second = parts
    printed = {c.role for c in second}
    shared = [c for c in itertools.takewhile(lambda c: c.role != second[0].role, first) if c.role not in printed]
    return [ColumnGroup(tuple(first)), ColumnGroup((*shared, *second))]


def _name_over(view: TableView, columns: Sequence[HeaderColumn], row: int, words: Words) -> tuple[str, Cell] | None:
    """(level, cell) of the name of a level right above some columns and over them alone."""
    cell = view.at(row - 1, columns[0].start)
    if cell is None or (cell.col, cell.col + cell.colspan) != (columns[0].start, columns[-1].end):
        return None
    level = next((level for level in LEVELS[:2] if words.level(bare_level(cell.text), level)), None)
    return (level, cell) if level is not None else None


def _begins_half(before: Sequence[HeaderColumn], column: HeaderColumn) -> bool:
    return (
        column.role in LEVELS
        and column.role in {c.role for c in before}
        and any(_holds_values(c) for c in before)
        and before[-1].role not in LEVELS
    )


def _holds_values(column: HeaderColumn) -> bool:
    known = BY_ROLE.get(column.role)
    return known is not None and known.what in (What.TARGET, What.RESULT)


def _of_a_plan(columns: list[HeaderColumn]) -> list[HeaderColumn]:
    """What is expected is the target where a form prints neither a target beside it nor anything that was reached."""
    whats = {BY_ROLE[c.role].what for c in columns if c.role in BY_ROLE and c.role != FORECAST}
    if whats & {What.TARGET, What.RESULT}:
        return columns
    return [replace(c, role=TARGET) if c.role == FORECAST else c for c in columns]


def _of_stages(claims: Sequence[HeaderColumn], words: Words) -> bool:
    """Whether headers that are the same but for their brackets name stages of a project that are no periods of ours:
    指标值（建设期）, 指标值（运营期）. None of them is the whole project's."""
    inside = [squeeze(c.text).rpartition("(")[2].partition(")")[0] for c in claims]
    bare = {re.sub(r"\([^()]*\)", "", squeeze(c.text)) for c in claims}
    named = any(words.period(text) or has_span(text) or parse_year(text) for text in inside)
    return (
        len(bare) == 1 and len(set(inside)) == len(claims) and all("(" in squeeze(c.text) for c in claims) and not named
    )


def _points_of_levels(columns: Sequence[HeaderColumn]) -> list[HeaderColumn]:
    """Points in columns of their own behind each level: those behind the last are the indicator's, the others are of
    the groups, and are named by them."""
    out = list(columns)
    last = {c.role: c.start for c in sorted(columns, key=lambda c: c.start)}
    for i, (level, points) in enumerate(itertools.pairwise(columns), 1):
        known = BY_ROLE.get(points.role)
        again = last[points.role] > points.start
        if known is not None and known.what is What.POINTS and level.role in LEVELS[:2] and again:
            out[i] = replace(points, role=f"{OTHER}{squeeze(level.text)}{squeeze(points.text)}")
    return out


def _settle(columns: Sequence[HeaderColumn], words: Words) -> list[HeaderColumn]:
    """Each role filled once: where two headers claim one, this year's keeps it, the other is the whole project's."""
    out = _points_of_levels(_of_years(columns, words))
    out = _of_a_plan(out)
    for role, wider in words.all.whole_project_of.items():
        claims = [c for c in out if c.role == role]
        if len(claims) == 2:
            this_year = [c for c in claims if squeeze(c.text).startswith(tuple(words.all.this_year))]
            keep = this_year[0] if len(this_year) == 1 else claims[-1]
            if _of_stages(claims, words):
                out = [replace(c, role=f"{OTHER}{squeeze(c.text)}") if c in claims else c for c in out]
                continue
            out = [replace(c, role=wider) if c in claims and c is not keep else c for c in out]
    seen: set[str] = set()
    settled = []
    for column in out:
        if column.role in seen:
            column = replace(column, role=f"{OTHER}{squeeze(column.text)}")
        seen.add(column.role)
        settled.append(column)
    return settled
