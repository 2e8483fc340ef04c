"""The names of levels as tables print them: in merged cells, as bands across the table, letter by letter in cells one
below the other, with an enumerator before them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from extractors.tables.hierarchy import Level, Membership, memberships, whole_names
from pipeline.reading.headers import ColumnGroup, HeaderColumn
from pipeline.reading.sections import Section
from pipeline.reading.view import TableView
from schemas.frozen import dataclass
from schemas.language.columns import LEVELS, MERGED
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Cell

OUTER = LEVELS[:2]  # the levels that are names of groups
LONGEST_BAND = 20  # characters of a band that no word of ours names
LONGEST_LETTERS = 2  # characters of a cell that holds part of a name written downwards

SubColumns = Mapping[str, Mapping[int, Sequence[str]]]
"""What columns hold that a header covers without naming them: by the header's role and by how many they are."""

Members = dict[str, list[Membership]]
"""For each level the membership of each row of a section."""


@dataclass(frozen=True, slots=True)
class Bands:
    """For each level that bands name, the band that counts for each row below it."""

    cells: Mapping[str, Mapping[int, Cell]]

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(role for role in OUTER if self.cells.get(role))


def on_one_line(name: str) -> str:
    """The name of a level that is set in several lines, down to a letter a line; what is longer is no such name."""
    return name.replace("\n", "") if len(squeeze(name)) <= LONGEST_BAND else name


def band_level(view: TableView, section: Section, row: int, words: Words) -> tuple[str, Cell] | None:
    """(level, cell) of a name that is printed across the section's columns in a row of its own, None where none is. A
    text that is no usual name is one of level 1 where no column holds that."""
    start, end = section.columns[0].start, max(c.end for group in section.groups for c in group.columns)
    cells = view.row(row, start, end)
    if len(cells) != 1 or cells[0].row != row or cells[0].col > start or cells[0].col + cells[0].colspan < end:
        return None
    cell, name = cells[0], bare_level(cells[0].text)
    for level in OUTER:
        if words.level(name, level):
            return level, cell
    known = words.known_label(cell.text) or words.is_heading(cell.text) or words.is_total(cell.text)
    if known or not name or len(squeeze(name)) > LONGEST_BAND or name[-1] in "。；;：:" or view.row(row, 0, start):
        return None
    return (OUTER[0], cell) if section.column(OUTER[0]) is None and _goes_on(view, section, row) else None


def _goes_on(view: TableView, section: Section, row: int) -> bool:
    """Whether the row below holds an indicator: a name and something else."""
    name = section.column(LEVELS[2]) or section.columns[0]
    below = [c for c in view.row(row + 1, section.columns[0].start) if c.text.strip()]
    return len(below) > 1 and any(c.col <= name.start < c.col + c.colspan for c in below)


def read_bands(view: TableView, section: Section, rows: Sequence[int], words: Words) -> tuple[Bands, set[int]]:
    """The bands among the rows of a section, and the rows that they take."""
    cells: dict[str, dict[int, Cell]] = {role: {} for role in OUTER}
    current: dict[str, Cell] = {}
    taken = set()
    for row in rows:
        if band := band_level(view, section, row, words):
            level, cell = band
            taken.add(row)
            current[level] = cell
            if level == OUTER[0]:
                current.pop(OUTER[1], None)  # a group begins anew
        for level, cell in current.items():
            cells[level][row] = cell
    return Bands(cells), taken


def read_members(
    view: TableView, group: ColumnGroup, rows: Sequence[int], bands: Bands, words: Words, subcolumns: SubColumns
) -> tuple[Members, list[Cell]]:
    """The level names of each row, the outermost level first, and the cells that they stand in."""
    by_role = {c.role: c for c in group.columns}
    inner = _unnamed(view, group, rows, subcolumns)
    roles = [role for role in MERGED if role in by_role or role in inner or role in bands.roles or role == group.level]
    owned: list[Cell] = []
    levels = []
    for role in roles:
        column = by_role.get(role)
        own = inner.get(role) or {row: view.at(row, column.start) if column is not None else None for row in rows}
        owned += [c for c in own.values() if c is not None]
        over = dict.fromkeys(rows, group.name) if role == group.level and group.name is not None else {}
        cells = _below_bands(own, {**over, **bands.cells.get(role, {})}, rows)
        if role in OUTER:
            is_name = _names(role, words)
            cells = _written_downwards(whole_names(view.table, cells, is_name), is_name)
        likely = _likely(view, by_role[OUTER[1]], words) if role == OUTER[0] and OUTER[1] in by_role else None
        levels.append(Level(cells, role in LEVELS, likely))
    return dict(zip(roles, memberships(view.table, rows, levels), strict=True)), owned


def _unnamed(
    view: TableView, group: ColumnGroup, rows: Sequence[int], subcolumns: SubColumns
) -> dict[str, dict[int, Cell | None]]:
    """The cells by row of columns that the header of a level covers without naming them, where some row prints such."""
    out: dict[str, dict[int, Cell | None]] = {}
    named = {c.role for c in group.columns}
    for column in group.columns:
        parts = {row: list(view.row(row, column.start, column.end)) for row in rows if column.role in subcolumns}
        for row, inside in parts.items():
            for role, cell in zip(subcolumns[column.role].get(len(inside), ())[1:], inside[1:], strict=False):
                if role in MERGED and role not in named:
                    out.setdefault(role, dict.fromkeys(rows))[row] = cell
    return {role: cells for role, cells in out.items() if any(c is not None and c.text.strip() for c in cells.values())}


def _below_bands(
    own: Mapping[int, Cell | None], bands: Mapping[int, Cell], rows: Sequence[int]
) -> dict[int, Cell | None]:
    """The cell that names each row: its column's, unless that is blank or stands above the band."""
    out: dict[int, Cell | None] = {}
    for row in rows:
        cell, band = own[row], bands.get(row)
        beside = cell is not None and cell.text.strip() and (band is None or cell.row > band.row)
        out[row] = cell if beside or band is None else band
    return out


def _likely(view: TableView, inner: HeaderColumn, words: Words) -> Callable[[int, str], bool]:
    """Whether a level 1 is the usual one over the level 2 that a row prints."""

    def likely(row: int, name: str) -> bool:
        cell = view.at(row, inner.start)
        usual = words.usual_level1(bare_level(cell.text)) if cell is not None and cell.text.strip() else None
        return usual is not None and words.same_level(usual, bare_level(name))

    return likely


def _names(role: str, words: Words) -> Callable[[str], bool]:
    """Whether a text is a usual name of a level."""
    return lambda text: words.level(bare_level(text), role)


def _written_downwards(cells: Mapping[int, Cell | None], is_name: Callable[[str], bool]) -> dict[int, Cell | None]:
    """The cells of a level column by row; those that hold a usual name letter by letter are one."""
    out = dict(cells)
    column = [c for c in dict.fromkeys(cells.values()) if c is not None and c.text.strip()]
    i = 0
    while i < len(column):
        run = _letters(column[i : i + LONGEST_BAND], is_name)
        if run:
            joined = _join_letters(run)
            last = max(c.row + c.rowspan for c in run)
            out |= {row: joined for row, c in out.items() if run[0].row <= row < last and c is not None}
        i += max(len(run), 1)
    return out


def _letters(column: Sequence[Cell], is_name: Callable[[str], bool]) -> list[Cell]:
    """The first cells of a column that make one usual name together, each a letter or two of it; the most that do."""
    short = [len(squeeze(c.text)) <= LONGEST_LETTERS for c in column]
    count = short.index(False) if False in short else len(short)
    for length in range(count, 1, -1):
        if is_name("".join(squeeze(c.text) for c in column[:length])) and not is_name(column[0].text):
            return list(column[:length])
    return []


def _join_letters(run: Sequence[Cell]) -> Cell:
    return replace(
        run[0],
        rowspan=run[-1].row + run[-1].rowspan - run[0].row,
        text="".join(c.text.strip() for c in run),
        lines=tuple(line for c in run for line in c.lines),
        parts=tuple(part for c in run for part in c.parts),
        inferred=f"its letters stand in {len(run)} cells, one below the other, and were joined",
    )
