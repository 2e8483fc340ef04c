"""The sections of a table: the rows under each header of indicators, and which period their values are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.reading.blocks import begins_block
from pipeline.reading.headers import ColumnGroup, Header, HeaderColumn, read_header
from pipeline.reading.view import TableView
from schemas.frozen import dataclass
from schemas.language.columns import LEVELS, split_role
from schemas.language.values import bare_level, without_enumerator
from schemas.language.vocabulary import Period, Words, squeeze
from schemas.language.years import is_year_mark
from schemas.model import Cell, Table

LONGEST_HEADING = 24  # characters of a heading that stands over a section
SENTENCE_MARKS = "。，,；;"
LONGEST_PERIOD = 6  # characters of one that names a period and nothing else


@dataclass(frozen=True, slots=True)
class Section:
    """The rows under one header. `doubt` says why the periods of its halves are not sure, None where they are."""

    header: range
    groups: tuple[ColumnGroup, ...]
    rows: range
    outer: tuple[HeaderColumn, ...] = ()
    doubt: str | None = None

    @property
    def columns(self) -> tuple[HeaderColumn, ...]:
        """The columns of its first group."""
        return self.groups[0].columns

    def column(self, role: str) -> HeaderColumn | None:
        return next((c for c in self.columns if c.role == role), None)


@dataclass(frozen=True, slots=True)
class SectionedTable:
    """A table of a form, looked at once: its view and its indicator sections. Nothing reads the rows `unread`."""

    view: TableView
    sections: tuple[Section, ...]
    unread: frozenset[int] = frozenset()

    @property
    def table(self) -> Table:
        return self.view.table


def look_at(view: TableView, words: Words) -> SectionedTable:
    """A table with its sections."""
    return SectionedTable(view, tuple(find_sections(view, words)))


def below_heading(table: SectionedTable, heading: str, words: Words) -> SectionedTable:
    """A table below a line that may be the heading of its indicators and name their period: that of the first section,
    where the table begins with its header."""
    first = table.sections[0] if table.sections else None
    top = next((row for row in table.view.rows if table.view.row(row)), None)
    if first is None or first.header.start != top or len(first.groups) > 1:
        return table
    group = _of_period(first.groups[0], heading_period(without_enumerator(heading), words), words)
    return replace(table, sections=(replace(first, groups=(group,)), *table.sections[1:]))


def find_sections(view: TableView, words: Words) -> list[Section]:
    """The indicator sections of a table, one a header; a header in mid-table gives its columns new roles."""
    headers: list[Header] = []
    behind = 0  # the last header
    for row in view.rows:
        header = read_header(view, row, words) if row >= behind else None
        if header is not None:
            behind = header.rows.stop
            headers.append(_with_band(view, header, words))
    if not headers:
        return []
    ends = [*(h.rows.start for h in headers[1:]), view.end]
    beside = any(_period_of(view, header, words) is Period.YEAR for header in headers)
    return [
        part
        for header, end in zip(headers, ends, strict=True)
        for part in _by_period(
            view, _section(view, header, _rows_of(view, header, end, words), words, beside=beside), header, words
        )
    ]


def _rows_of(view: TableView, header: Header, end: int, words: Words) -> range:
    """The rows below a header, up to the next one or to where something else begins."""
    rows = range(header.rows.stop, end)
    ends = (row for row in rows if begins_block(view, row, words) or _is_opinion(view, row, header, words))
    return range(rows.start, next(ends, end))


def _is_opinion(view: TableView, row: int, header: Header, words: Words) -> bool:
    """Whether a row begins with somebody's opinion of the form, where no name of an indicator may stand."""
    cells = view.row(row)
    names = {c.start for group in header.groups for c in group.columns if c.role == LEVELS[2]}
    return bool(cells) and cells[0].row == row and cells[0].col not in names and words.is_opinion(cells[0].text)


def _with_band(view: TableView, header: Header, words: Words) -> Header:
    """A header with the band right above it that names the period of its values, or their level; a label beside that
    would make it a value, and a year alone is the form's."""
    row = header.rows.start - 1
    band = _band(view, row, header)
    if band is None or is_year_mark(band.text):
        return header
    if not heading_period(band.text, words) and not words.is_level(bare_level(band.text)):
        return header
    return replace(header, rows=range(row, header.rows.stop))


def _by_period(view: TableView, section: Section, header: Header, words: Words) -> list[Section]:
    """A section parted where headings below its header name another period: as bands across the table, or at the side
    of their rows."""
    if len(section.groups) > 1:
        return [section]
    cuts: list[tuple[int, bool, Period]] = []
    for row in section.rows:
        band = _band(view, row, header)
        side = [c for c in view.starting(row) if c.col < header.start and not _is_inside(c, header.outer)]
        if band is not None and _heads_text(view, row, header, words):
            continue
        for cell in [band] if band is not None else side:
            reaches = band is not None or cell.rowspan > 1
            if reaches and not words.is_level(cell.text) and (period := heading_period(cell.text, words)):
                cuts.append((row, band is not None, period))
                break
    if not cuts:
        return [section]
    out = [replace(section, rows=range(section.rows.start, cuts[0][0]))]
    ends = [*(row for row, _, _ in cuts[1:]), section.rows.stop]
    for (row, banded, period), end in zip(cuts, ends, strict=True):
        rows = range(row + banded, end)
        groups = (_of_period(header.groups[0], period, words),)
        out.append(replace(section, header=range(row, row + banded), groups=groups, rows=rows))
    return [part for part in out if part.rows or part.header]


def _heads_text(view: TableView, row: int, header: Header, words: Words) -> bool:
    """Whether a band has one text below it that goes as far and names no level: then it is a label over its value."""
    below = _band(view, row + 1, header)
    return below is not None and not words.is_level(bare_level(below.text))


def _band(view: TableView, row: int, header: Header) -> Cell | None:
    """The one cell that stands across a row, over all columns of a header; what stands left of it is the heading of
    more rows."""
    cells = view.row(row)
    band = cells[-1] if cells and cells[-1].row == row else None
    if band is None or band.col > header.start or band.col + band.colspan < header.end:
        return None
    return band if all(c.rowspan > 1 for c in cells[:-1]) else None


def band_over(view: TableView, section: Section) -> Cell | None:
    """The one cell that stands across the row right above a section's header."""
    cells = view.row(section.header.start - 1) if section.header.start else []
    start, end = section.columns[0].start, max(c.end for group in section.groups for c in group.columns)
    alone = len(cells) == 1 and cells[0].col <= start and cells[0].col + cells[0].colspan >= end
    return cells[0] if alone else None


def _section(view: TableView, header: Header, rows: range, words: Words, *, beside: bool) -> Section:
    """The section of a header. `beside`: another one of its table is of the year."""
    groups, doubt = header.groups, None
    if len(groups) == 1:
        groups = (_of_period(groups[0], _period_of(view, header, words, beside=beside), words),)
    elif groups[0].name is None:
        *periods, doubt = _periods_of_halves(view, header, words)
        groups = tuple(_of_period(half, period, words) for half, period in zip(groups, periods, strict=True))
    return Section(header.rows, groups, rows, header.outer, doubt)


# ── periods


def _of_period(group: ColumnGroup, period: Period | None, words: Words) -> ColumnGroup:
    """The columns of a block of this period: what would be the year's is the whole project's, where nothing else is."""
    wider = words.all.whole_project_of
    if period is not Period.WHOLE_PROJECT or {c.role for c in group.columns} & set(wider.values()):
        return group
    return replace(group, columns=tuple(replace(c, role=wider.get(c.role, c.role)) for c in group.columns))


def _period_of(view: TableView, header: Header, words: Words, *, beside: bool = False) -> Period | None:
    """The period that the heading of a section names: beside it, or over its columns. `beside`: another section is of
    the year."""
    left = [c for c in view.row(header.rows.stop - 1, 0, header.start) if not _is_inside(c, header.outer)]
    band = _band(view, header.rows.start, header)
    headings = [*left, *([band] if band else [])]
    return next((period for c in headings if (period := heading_period(c.text, words, beside=beside))), None)


def heading_period(text: str, words: Words, *, beside: bool = False) -> Period | None:
    """The period that a heading names: one of goals or indicators, or of the period alone; a sentence is none."""
    short = squeeze(text)
    about = words.is_goal(text) or words.all.level_suffix in short or len(short) <= LONGEST_PERIOD
    if len(short) > LONGEST_HEADING or not about or any(mark in short for mark in SENTENCE_MARKS):
        return None
    return words.period(text, beside=beside)


def _is_inside(cell: Cell, columns: Sequence[HeaderColumn]) -> bool:
    return any(c.start <= cell.col < c.end for c in columns)


def _periods_of_halves(view: TableView, header: Header, words: Words) -> tuple[Period, Period, str | None]:
    """The periods of two halves, and why they are doubted: as their own headers or headings over them say; else as the
    form is known to print them, the whole project's left of the year's."""
    left, right = (group.columns for group in header.groups)
    shared = {c.start for c in left} & {c.start for c in right}
    named = [
        _period_of_half(view, header.rows, [c for c in half if c.start not in shared], words) for half in (left, right)
    ]
    usual = (Period.WHOLE_PROJECT, Period.YEAR)
    if named[0] is not named[1] and None not in named:
        return named[0] or usual[0], named[1] or usual[1], None
    if named == [Period.YEAR, None] or named == [None, Period.WHOLE_PROJECT]:
        return Period.YEAR, Period.WHOLE_PROJECT, "one half names its period; the other was taken for the other one's"
    if named[0] is not named[1]:
        return *usual, None
    return *usual, "no heading tells the periods of the halves; the left one was taken for the whole project's"


def _period_of_half(view: TableView, rows: range, half: Sequence[HeaderColumn], words: Words) -> Period | None:
    """The period that the headers of a half name, or the nearest text above it that spans its columns alone: in the
    `rows` of the header, or above them, where a bare year is the header of something else."""
    start, end = min(c.start for c in half), max(c.end for c in half)
    for column in half:
        if period := words.period(column.text, beside=True):
            return period
    for above in range(rows.stop - 1, -1, -1):
        cells = [c for c in view.row(above, start, end) if c.row == above]
        for cell in cells:
            if above not in rows and is_year_mark(cell.text):
                continue
            inside = start <= cell.col and cell.col + cell.colspan <= end
            if inside and (period := heading_period(cell.text, words, beside=True)):
                return period
    return None


def printed_columns(sections: Sequence[Section], sub: Mapping[str, Sequence[str]]) -> list[str]:
    """The keys of all columns that the headers print and the contract names, in printed order; `sub` are the
    roles of sub-columns that a header covers without naming them, by the role of that header."""
    out: list[str] = []
    for section in sections:
        columns = [column for group in section.groups for column in group.columns]
        at = 0
        for column in {c.role: c for c in columns}.values():
            for printed in sub.get(column.role, (column.role,)):
                known, _ = split_role(printed)
                if known is None:
                    continue  # no name of the contract; its texts stand under `other` of each indicator
                role = known.role
                if role in out:
                    at = max(at, out.index(role) + 1)
                else:
                    out.insert(at, role)
                    at += 1
    return out
