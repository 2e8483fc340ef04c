"""The indicator table as a table: whole rows, in their order, in their columns, under levels that fit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from pipeline.reading.check.form import CheckedForm
from pipeline.reading.check.proof import COPIED
from pipeline.reading.check.rule import FITS, CheckRule, Comparison
from schemas.language.columns import LEAVES, LEVELS, ONLY_PRINTED
from schemas.language.vocabulary import squeeze
from schemas.model import Cell
from schemas.reading import Origin
from schemas.record import Indicator
from schemas.verdicts import NOT_KNOWN


def leaves(row: Indicator) -> Iterator[str]:
    """The names of a row's leaf cells, as they stand in a pointer behind the row's."""
    for key in LEAVES:
        value = getattr(row, key)
        if isinstance(value, dict):
            yield from (f"{key}/{part}" for part in value)
        elif key not in ONLY_PRINTED or key in row.model_fields_set:
            yield key


def complete(form: CheckedForm) -> Iterator[Comparison]:
    """Each row has the levels that the form prints, and a target."""
    columns = form.record.columns
    for i, row in enumerate(form.record.indicators):
        where = f"/indicators/{i}"
        missing = [f"{where}/{level}" for level in LEVELS if level in columns and getattr(row, level) is None]
        if any(c.startswith("targets.") for c in columns) and not any(row.targets.values()):
            missing.append(f"{where}/targets/{next(iter(row.targets), 'full_year')}")
        missing = [at for at in missing if not _is_said(form, at)]
        for at in missing:
            name = at.removeprefix(f"{where}/")
            merged = name in LEVELS[:2]  # its cell may be that of another row
            alone = len(missing) == 1  # what lacks its name too may be no row, but the rest of one
            yield Comparison(at, False, f"the row prints no {name}", of_blank=True, blames=alone and not merged)
        if not missing:
            yield Comparison(where, True)


def periods_filled(form: CheckedForm) -> Iterator[Comparison]:
    """A row that prints a target for one period prints it for all."""
    for i, row in enumerate(form.record.indicators):
        if len(row.targets) < 2 or not any(row.targets.values()):
            continue
        blank = [key for key, text in row.targets.items() if text is None]
        missing = [key for key in blank if not _is_said(form, f"/indicators/{i}/targets/{key}")]
        for key in missing:
            wording = f"the target of {key} is blank beside another period's"
            yield Comparison(f"/indicators/{i}/targets/{key}", False, wording, blames=False)
        if not missing:
            yield Comparison(f"/indicators/{i}", True)


def columns_filled(form: CheckedForm) -> Iterator[Comparison]:
    """A blank in a column of operators, units or points that all other rows fill was printed or lost there."""
    rows = form.record.indicators
    names = dict.fromkeys(n for row in rows for n in leaves(row) if n in ("op", "unit") or n.startswith("weights/"))
    alone: list[Comparison] = []
    for name in names if len(rows) > 2 else ():
        blank = [i for i, row in enumerate(rows) if _leaf(row, name) is None]
        at = f"/indicators/{blank[0]}/{name}" if blank else ""
        if len(blank) == 1 and not _is_said(form, at):
            alone.append(Comparison(at, False, f"{name} is blank here alone of {len(rows)} rows", blames=False))
    yield from alone
    if names and not alone:
        yield from (FITS for _ in rows)


def _is_said(form: CheckedForm, where: str) -> bool:
    """Whether a doubt of reading already says that the value is printed but not known."""
    return any(f.rule in NOT_KNOWN for f in form.doubts(where))


def _leaf(row: Indicator, name: str) -> str | None:
    group, _, key = name.partition("/")
    value = getattr(row, group)
    text: str | None = value.get(key) if key else value
    return text


def level_runs(form: CheckedForm) -> Iterator[Comparison]:
    """A level's name stands once: its rows follow one another."""
    rows = form.record.indicators
    for depth, level in enumerate(LEVELS[:2]):
        seen: set[tuple[str | None, ...]] = set()
        last: tuple[str | None, ...] | None = None
        for i, row in enumerate(rows):
            if i and row.targets.keys() != rows[i - 1].targets.keys():
                seen = set()  # a block of another period names its levels anew
            key = tuple(getattr(row, name) for name in LEVELS[: depth + 1])
            again = key != last and key in seen and key[-1] is not None
            wording = f"{key[-1]} stands here again, after rows of another"
            if again or not depth:  # a row is counted once
                yield Comparison(f"/indicators/{i}/{level}", not again, wording, got=key[-1], blames=False)
            seen.add(key)
            last = key


def level_parents(form: CheckedForm) -> Iterator[Comparison]:
    """A level 2 of the common framework stands under its level 1, an indicator of it under its level 2."""
    words = form.words
    for i, row in enumerate(form.record.indicators):
        first = words.usual_level1(row.level2) if row.level2 and row.level1 else None
        second = words.usual_level2(row.level3) if row.level3 and words.is_usual_level2(row.level2 or "") else None
        if not (first or second):
            continue
        above = (("level1", row.level1, first, row.level2), ("level2", row.level2, second, row.level3))
        unusual = [
            Comparison(
                f"/indicators/{i}/{level}", False, f"{name} stands under {printed}; forms print it under {usual}",
                got=printed, expected=usual, blames=False,
            )
            for level, printed, usual, name in above
            if usual and printed and words.level(printed, level) and not words.same_level(printed, usual)
        ]  # fmt: skip
        yield from unusual or [Comparison(f"/indicators/{i}", True)]


def rows_twice(form: CheckedForm) -> Iterator[Comparison]:
    """No indicator stands twice under the same levels, with targets of the same period."""
    firsts: dict[tuple[str, ...], int] = {}
    for i, row in enumerate(form.record.indicators):
        key = *(squeeze(getattr(row, level) or "") for level in LEVELS), *row.targets
        first = firsts.setdefault(key, i)
        wording = f"the indicator stands here and at /indicators/{first}"
        once = first == i or row.level3 is None
        yield Comparison(f"/indicators/{i}/level3", once, wording, got=row.level3, blames=False)


Place = tuple[str, tuple[object, ...], tuple[str, ...], Origin, Cell]
"""The pointer of a value, the line and the column that it is of, where it stands, and its cell."""


@lru_cache(maxsize=1)  # three rules ask for those of one form
def _places(form: CheckedForm) -> list[Place]:
    """Each value of a row or money line that has a cell."""
    places: list[Place] = []
    for i, row in enumerate(form.record.indicators):
        for name in leaves(row):
            at = f"/indicators/{i}/{name}"
            origin = form.origin(at)
            cell = form.cells.of(origin)
            if origin is not None and cell is not None:
                places.append((at, (i,), (name,), origin, cell))
    for i, fund in enumerate(form.record.funds):
        origin = form.origin(f"/funds/{i}")
        cell = form.cells.of(origin)
        if origin is not None and cell is not None:
            places.append((f"/funds/{i}", (fund.side, *fund.path), (fund.side, fund.column), origin, cell))
    return places


def one_row(form: CheckedForm) -> Iterator[Comparison]:
    """The cells of an indicator stand in one row of the table, those of a money line too."""
    lines: dict[tuple[object, ...], list[tuple[str, Cell]]] = {}
    for pointer, line, _, _, cell in _places(form):
        lines.setdefault(line, []).append((pointer, cell))
    for cells in lines.values():
        apart = list(_apart(cells))
        yield from apart or [FITS]


def _apart(cells: Sequence[tuple[str, Cell]]) -> Iterator[Comparison]:
    """The cells that share no row of the table with most of the others."""
    if len({cell.row for _, cell in cells}) < 2:
        return
    starts = sorted(cell.rows.start for _, cell in cells)
    ends = sorted(cell.rows.stop for _, cell in cells)

    def sharing(rows: range) -> int:
        """How many cells have one of these rows: all but those that begin behind them or end before."""
        return bisect_left(starts, rows.stop) - bisect_right(ends, rows.start)

    common = max((cell.rows for _, cell in cells), key=sharing)
    for pointer, cell in cells:
        if cell.rows.stop <= common.start or common.stop <= cell.rows.start:
            wording = f"it stands in row {cell.row + 1} of the table, the others of its line in row {common.start + 1}"
            yield Comparison(pointer, False, wording, blames=False)


def printed_order(form: CheckedForm) -> Iterator[Comparison]:
    """Down a column the values follow one another as on the page."""
    last: dict[tuple[str, ...], Origin] = {}
    for pointer, _, column, origin, _ in _places(form):
        before = last.get(column)
        last[column] = origin
        if before is not None and before.table == origin.table:
            if _spot(origin) >= _spot(before):
                yield FITS
            else:
                yield Comparison(pointer, False, "it stands above the value of the row before it", blames=False)


def _spot(origin: Origin) -> tuple[int, int]:
    """Row and column of a value that has a cell."""
    return origin.row or 0, origin.col or 0


def one_column(form: CheckedForm) -> Iterator[Comparison]:
    """The values of one header stand in one column: none leaves it where nearly all others keep it."""
    columns: dict[tuple[str, ...], list[tuple[str, Cell]]] = {}
    for pointer, _, column, _, cell in _places(form):
        columns.setdefault(column, []).append((pointer, cell))
    wording = "it stands in another column than the values above and below it"
    for places in columns.values():
        usual = _usual([cell for _, cell in places])
        for pointer, cell in places:
            if usual is None or usual in cell.cols:
                yield FITS
            else:
                yield Comparison(pointer, False, wording, blames=False)


FEWEST_IN_COLUMN = 3
MOST = 0.8  # share of a header's values that must stand in one column before the others are strays


def _usual(cells: Sequence[Cell]) -> int | None:
    """The column in which nearly all values stand; None where the header moves (printed again, side by side)."""
    counts: dict[int, int] = {}
    for cell in cells:
        for col in cell.cols:
            counts[col] = counts.get(col, 0) + 1
    best = max(counts, key=lambda col: (counts[col], -col), default=None)
    if best is None or len(cells) < FEWEST_IN_COLUMN or counts[best] < MOST * len(cells):
        return None
    return best


def level_cells(form: CheckedForm) -> Iterator[Comparison]:
    """The cell of a level's name spans the row of each indicator that carries it."""
    for i, row in enumerate(form.record.indicators):
        name = form.origin(f"/indicators/{i}/level3")
        own = form.cells.of(name)
        for level in LEVELS[:2]:
            at = f"/indicators/{i}/{level}"
            origin = form.origin(at)
            cell = form.cells.of(origin)
            if not (own and cell and origin and name and origin.table == name.table) or form.doubts(at):
                continue
            band = cell.row + cell.rowspan <= own.row and set(own.cols) <= set(cell.cols)  # or a name over columns
            reaches = cell.row < own.row + own.rowspan and own.row < cell.row + cell.rowspan
            if band or reaches:
                yield FITS
            else:
                printed = getattr(row, level)
                yield Comparison(at, False, f"the cell of {printed} does not reach the row", got=printed, blames=False)


def empty_rows(form: CheckedForm) -> Iterator[Comparison]:
    """Beside an indicator or a money line no row of the table stands without text.

    Such a row may be one that was not read, or a level that the form prints without an indicator. A text layer loses
    no row: there the row is printed blank.
    """
    names = _placed(form, (f"/indicators/{i}/level3" for i in range(len(form.record.indicators))))
    money = _placed(form, (f"/funds/{i}" for i in range(len(form.record.funds))))
    copied = form.reader in COPIED
    gaps = {**_gaps(names, form, rest_of_row=True), **_gaps(money, form, rest_of_row=False)}
    for pointer, _, _ in (*names, *money):
        at = pointer.removesuffix("/level3")
        rows = [f"row {row + 1} of table {table + 1}" for table, row in gaps.get(pointer, ())]
        if rows and not copied:
            for row in rows:
                wording = f"beside it {row} is printed without text of its own"
                yield Comparison(at, False, wording, blames=False)
        else:
            yield Comparison(at, True, remark=f"printed blank: {', '.join(rows)}" if rows else "")


Placed = tuple[str, int, Cell]
"""A pointer, its table and its cell."""
Gap = tuple[int, int]
"""The table and the row of an empty row."""


def _placed(form: CheckedForm, pointers: Iterable[str]) -> list[Placed]:
    out = []
    for pointer in pointers:
        origin = form.origin(pointer)
        cell = form.cells.of(origin)
        if cell is not None and origin is not None and origin.table is not None:
            out.append((pointer, origin.table, cell))
    return out


def _gaps(placed: Sequence[Placed], form: CheckedForm, *, rest_of_row: bool) -> Mapping[str, list[Gap]]:
    """The empty rows right below or above the given cells, each once, by the pointers beside them."""
    taken = {(table, cell.row, cell.col) for _, table, cell in placed}
    gaps: dict[str, list[Gap]] = {}
    seen: set[Gap] = set()
    for pointer, table, cell in placed:
        for row in (cell.row + cell.rowspan, cell.row - 1):
            like = next((c for c in form.cells.row(table, row) if c.cols == cell.cols), None)
            if like is None or (table, row, like.col) in taken or (table, row) in seen or like.text.strip():
                continue
            if rest_of_row:
                beside = [c for c in form.cells.row(table, row) if c.col >= cell.col]
            else:
                beside = [c for c in form.cells.row(table, row) if c.col + c.colspan == cell.col]
            if beside and not any(c.text.strip() for c in beside):
                seen.add((table, row))
                gaps.setdefault(pointer, []).append((table, row))
    return gaps


RULES = (
    CheckRule(
        "structure.complete", "levels and targets of each indicator", "each has its levels and a target", complete,
        "/indicators", "rows",
    ),
    CheckRule(
        "structure.periods-filled", "targets of several periods", "all periods of a row are filled", periods_filled,
        "/indicators", "rows with several periods",
    ),
    CheckRule(
        "structure.columns-filled", "operators, units and points", "not one row alone is blank", columns_filled,
        "/indicators", "rows",
    ),
    CheckRule(
        "structure.level-runs", "level names", "the rows of a level follow one another", level_runs, "/indicators",
        "rows under their levels", layout=True,
    ),
    CheckRule(
        "structure.level-parents", "level names", "names of the common framework stand in it", level_parents,
        "/indicators", "rows of the common framework",
    ),
    CheckRule(
        "structure.level-cells", "cells of level names", "they span the rows that carry them", level_cells,
        "/indicators", "level names beside their rows", layout=True,
    ),
    CheckRule(
        "structure.rows-twice", "indicator names", "none stands twice under the same levels", rows_twice,
        "/indicators", "rows", layout=True,
    ),
    CheckRule(
        "structure.one-row", "cells of each row", "they stand in one row of the table", one_row, "",
        "rows and money lines with a place", layout=True,
    ),
    CheckRule(
        "structure.printed-order", "cells of each column", "they follow one another as on the page", printed_order, "",
        "neighbours in their columns", layout=True,
    ),
    CheckRule(
        "structure.one-column", "cells of each column", "they stand in one column of the table", one_column, "",
        "values in their columns", layout=True,
    ),
    CheckRule(
        "structure.empty-rows", "rows of the tables", "none beside an indicator or a money line is without text",
        empty_rows, "", "rows and amounts with a place", layout=True,
    ),
)  # fmt: skip
