"""Membership of rows in merged level columns, across page breaks and blank cells.

The levels of an indicator are merged cells. A page break cuts them: the name stays in the upper part or moves to
the lower one. Some forms do not merge at all and leave the cells below a name blank. Here each row gets its name
of each level, the cell that holds it, and why, where it does not stand beside the row itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

from extractors.tables.joining import join_cells
from schemas.frozen import dataclass
from schemas.model import Cell, Table

BLANK = "its own cell is blank; the name above it was taken for it too"

UNRULED = "nothing stands here and no rules tell where the name above it ends; it was taken for this row too"


@dataclass(frozen=True, slots=True)
class Membership:
    """A level name of one row: the cell that prints it, and why it counts here when it was carried; without a cell, why
    the row may have a name all the same."""

    cell: Cell | None
    carried: str | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One level column: the cell that covers each row (None where the row has none), and whether a ruled blank
    below a name is taken to belong to it (a level needs a name; a column of its own may be blank). `likely` says, where
    the words of a row can tell, whether a name is that of the row."""

    cells: Mapping[int, Cell | None]
    named: bool = True
    likely: Callable[[int, str], bool] | None = None


def whole_names(
    table: Table, cells: Mapping[int, Cell | None], is_name: Callable[[str], bool]
) -> dict[int, Cell | None]:
    """The cells of a level column by row. Two that meet at a page break are one where only together they are a usual
    name of the level (效益指 and 标): `is_name` says what is one."""
    out = dict(cells)
    for above, row in itertools.pairwise(cells):
        upper, lower = out[above], out[row]
        if upper is None or lower is None or not upper.text or not lower.text:
            continue
        if lower.row not in table.breaks or upper.row + upper.rowspan != lower.row:
            continue
        if is_name(lower.text) or not is_name(upper.text + lower.text):
            continue
        joined = join_cells(upper, lower, rows=upper.rowspan + lower.rowspan)
        out.update({r: joined for r, c in out.items() if c is upper or c is lower})
    return out


def memberships(table: Table, rows: Sequence[int], levels: Sequence[Level]) -> list[list[Membership]]:
    """For each level (outermost first) the membership of each row, in the order of `rows`.

    Rows are those of one section: under one header, or under the same header printed again.
    """
    out: list[list[Membership]] = []
    outer: list[Membership] | None = None
    for level in levels:
        cells = level.cells
        owners = [_own(row, cells.get(row)) for row in rows]
        _carry_over_break(table, rows, cells, owners, outer)
        _carry_down(table, rows, level, owners, outer)
        _carry_up(table, rows, cells, owners)
        _settle_blanks(rows, level, owners)
        _doubt_blanks(table, rows, cells, owners, outer)
        out.append(owners)
        outer = owners
    return out


def _own(row: int, cell: Cell | None) -> Membership:
    if cell is None or not cell.text.strip():
        return Membership(None)
    part = max((i for i, (first, _) in enumerate(cell.parts) if first <= row), default=0)
    if len(cell.parts) > 1 and part != cell.text_part:
        return Membership(cell, _over_break(cell))
    return Membership(cell, cell.inferred)


def _break_between(table: Table, above: int, row: int) -> bool:
    """Whether a page begins below row `above` and not below `row`; a header printed again may stand between."""
    return any(above < at <= row for at in table.breaks)


def _over_break(cell: Cell) -> str:
    place = cell.place
    where = f"page {place.page}" if place.page is not None else f"line {place.line}"
    return f"carried over a page break from the merged cell whose name stands on {where}"


def _carry_over_break(
    table: Table,
    rows: Sequence[int],
    cells: Mapping[int, Cell | None],
    owners: list[Membership],
    outer: Sequence[Membership] | None,
) -> None:
    """A blank cell above a page break belongs to the name below it where the column merges its cells, or the outer
    level does so over the same break: a merged cell that the break cut after its first row, its text in the lower
    part. A column that merges none leaves blanks below its names."""
    merges = any(m.cell is not None and m.cell.rowspan > 1 for m in owners)
    for i in range(1, len(rows) - 1):
        cell, below = cells.get(rows[i]), owners[i + 1].cell
        beside = outer is not None and bool(outer[i].carried) and outer[i].cell is outer[i + 1].cell
        if owners[i].cell is not None or cell is None or below is None or not (merges or beside):
            continue
        if cell.row + cell.rowspan <= rows[i + 1] == below.row and _break_between(table, rows[i], below.row):
            owners[i] = Membership(below, _over_break(below))


def _carry_down(
    table: Table,
    rows: Sequence[int],
    level: Level,
    owners: list[Membership],
    outer: Sequence[Membership] | None,
) -> None:
    """A blank cell at the top of a page goes on from above; so does a ruled blank below a name, and what is left white
    below one where a page has no rules."""
    for i in range(1, len(rows)):
        if owners[i].cell is not None or owners[i - 1].cell is None:
            continue
        if outer is not None and outer[i].cell is not outer[i - 1].cell:
            continue  # the outer level begins anew: a blank here is a blank
        cell, above = level.cells.get(rows[i]), owners[i - 1].cell
        assert above is not None
        if cell is None:
            if level.named and not table.ruled and table.pages:
                owners[i] = Membership(above, UNRULED)
            continue
        broken = cell.row > rows[i - 1] and _break_between(table, rows[i - 1], cell.row)
        if broken or (level.cells.get(rows[i - 1]) is cell and owners[i - 1].carried):
            owners[i] = Membership(above, _over_break(above))
        elif level.named:
            owners[i] = Membership(above, BLANK)


def _carry_up(table: Table, rows: Sequence[int], cells: Mapping[int, Cell | None], owners: list[Membership]) -> None:
    """Blank cells above the first name of a section belong to it when a page break stands between: the text of
    the merged cell moved to its lower part."""
    first = next((i for i, m in enumerate(owners) if m.cell is not None), None)
    if not first:
        return
    name = owners[first].cell
    assert name is not None
    if _break_between(table, rows[first - 1], name.row) and all(cells.get(rows[i]) is not None for i in range(first)):
        for i in range(first):
            owners[i] = Membership(name, _over_break(name))


def _settle_blanks(rows: Sequence[int], level: Level, owners: list[Membership]) -> None:
    """Where names stand in the middle or at the end of their groups, which a blank above the first one tells, a blank
    belongs to the nearest name that the row's own words make likely, above it or below; else to none."""
    if not level.named or not rows or level.cells.get(rows[0]) is None or owners[0].cell is not None:
        return
    printed = [m if m.carried is None else None for m in owners]
    for i, row in enumerate(rows):
        if owners[i].cell is not None and owners[i].carried != BLANK:
            continue
        near = [next((m for m in side if m and m.cell), None) for side in (printed[:i][::-1], printed[i + 1 :])]
        names = [m.cell for m in near if m is not None and m.cell is not None]
        cell = next((c for c in names if level.likely is not None and level.likely(row, c.text)), None)
        why = "its own cell is blank; this name stands near it and is the usual one for what the row prints"
        owners[i] = Membership(cell, why if cell is not None else None)


def _doubt_blanks(
    table: Table,
    rows: Sequence[int],
    cells: Mapping[int, Cell | None],
    owners: list[Membership],
    outer: Sequence[Membership] | None,
) -> None:
    """A blank at the top of a page beside an outer name that may be the rest of the one above the page break, or beside
    a blank that is doubted so: then the name above counts for the blank too."""
    for i, row in enumerate(rows):
        cell = cells.get(row)
        if outer is None or owners[i].cell is not None or cell is None or cell.row not in table.breaks:
            continue
        beside, why = outer[i].cell, outer[i].carried
        if beside is None and why is not None:
            owners[i] = Membership(None, why)
        elif beside is not None and beside.inferred and beside.row == cell.row:
            owners[i] = Membership(
                None, f"blank, unless the name above the page break counts here too: {beside.inferred}"
            )
