"""The indicator table as a table: whole rows, in their order, in their columns, under levels that fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.reading.check.evidence import judge
from pipeline.reading.check.form import Form, Rule, all_or_each, not_applicable
from schemas.language.columns import LEAVES, LEVELS, ONLY_PRINTED
from schemas.language.vocabulary import squeeze
from schemas.model import Cell, Reader
from schemas.reading import Check, Origin
from schemas.record import Indicator, Verdict


def leaves(row: Indicator) -> Iterator[str]:
    """The names of a row's leaf cells, as they stand in a pointer behind the row's."""
    for key in LEAVES:
        value = getattr(row, key)
        if isinstance(value, dict):
            yield from (f"{key}/{part}" for part in value)
        elif key not in ONLY_PRINTED or key in row.model_fields_set:
            yield key


def complete(form: Form, rule: Rule) -> Iterator[Check]:
    """Each row has the levels that the form prints, and a target."""
    columns = form.record.columns
    failing = []
    for i, row in enumerate(form.record.indicators):
        where = f"/indicators/{i}"
        missing = [f"{where}/{level}" for level in LEVELS if level in columns and getattr(row, level) is None]
        if any(c.startswith("targets.") for c in columns) and not any(row.targets.values()):
            missing.append(f"{where}/targets/{next(iter(row.targets), 'full_year')}")
        for at in (at for at in missing if not _is_said(form, at)):
            name = at.removeprefix(f"{where}/")
            failing.append(judge(form, rule, at, f"the row prints no {name}", values={at: None}))
    yield from all_or_each(rule, "/indicators", len(form.record.indicators), failing, "rows")


def periods_filled(form: Form, rule: Rule) -> Iterator[Check]:
    """A row that prints a target for one period prints it for all."""
    looked_at, failing = 0, []
    for i, row in enumerate(form.record.indicators):
        if len(row.targets) < 2 or not any(row.targets.values()):
            continue
        looked_at += 1
        for key, text in row.targets.items():
            at = f"/indicators/{i}/targets/{key}"
            if text is None and not _is_said(form, at):
                message = f"the target of {key} is blank beside another period's"
                failing.append(
                    judge(form, rule, at, message, values={at: None}, otherwise=Verdict.UNDECIDABLE)
                )  # fmt: skip
    yield from all_or_each(rule, "/indicators", looked_at, failing, "rows with several periods")


def columns_filled(form: Form, rule: Rule) -> Iterator[Check]:
    """A blank in a column of operators, units or points that all other rows fill was printed or lost there."""
    rows = form.record.indicators
    failing: list[Check] = []
    names = dict.fromkeys(n for row in rows for n in leaves(row) if n in ("op", "unit") or n.startswith("weights/"))
    for name in names if len(rows) > 2 else ():
        blank = [i for i, row in enumerate(rows) if _leaf(row, name) is None]
        at = f"/indicators/{blank[0]}/{name}" if blank else ""
        if len(blank) == 1 and not _is_said(form, at):
            message = f"{name} is blank here alone of {len(rows)} rows"
            failing.append(judge(form, rule, at, message, values={at: None}, otherwise=Verdict.UNDECIDABLE))
    yield from all_or_each(rule, "/indicators", len(rows) if names else 0, failing, "rows")


def _is_said(form: Form, where: str) -> bool:
    """Whether a doubt of reading already says that the value is printed but not known."""
    return any(f.rule in ("unreadable", "lost", "redacted") for f in form.doubts(where))


def _leaf(row: Indicator, name: str) -> str | None:
    group, _, key = name.partition("/")
    value = getattr(row, group)
    text: str | None = value.get(key) if key else value
    return text


def level_runs(form: Form, rule: Rule) -> Iterator[Check]:
    """A level's name stands once: its rows follow one another."""
    rows = form.record.indicators
    failing: list[Check] = []
    for depth, level in enumerate(LEVELS[:2]):
        seen: set[tuple[str | None, ...]] = set()
        last: tuple[str | None, ...] | None = None
        for i, row in enumerate(rows):
            key = tuple(getattr(row, name) for name in LEVELS[: depth + 1])
            if key != last and key in seen and key[-1] is not None:
                at = f"/indicators/{i}/{level}"
                message = f"{key[-1]} stands here again, after rows of another"
                failing.append(
                    judge(form, rule, at, message, values={at: None}, printed=key[-1], otherwise=Verdict.UNDECIDABLE)
                )
            seen.add(key)
            last = key
    yield from all_or_each(rule, "/indicators", len(rows), failing, "rows under their levels")


def level_parents(form: Form, rule: Rule) -> Iterator[Check]:
    """A level 2 of the common framework stands under its level 1, an indicator of it under its level 2."""
    words = form.words
    looked_at, failing = 0, []
    for i, row in enumerate(form.record.indicators):
        first = words.usual_level1(row.level2) if row.level2 and row.level1 else None
        second = words.usual_level2(row.level3) if row.level3 and words.is_usual_level2(row.level2 or "") else None
        looked_at += bool(first or second)
        fits = [
            ("level1", row.level1, first, row.level2),
            ("level2", row.level2, second, row.level3),
        ]
        for level, printed, usual, name in fits:
            known = printed and words.level(printed, level)
            if usual and known and not words.same_level(printed or "", usual):
                at = f"/indicators/{i}/{level}"
                message = f"{name} stands under {printed}; forms print it under {usual}"
                failing.append(
                    judge(
                        form, rule, at, message, values={at: None}, printed=printed, computed=usual,
                        otherwise=Verdict.UNDECIDABLE,
                    )
                )  # fmt: skip
    yield from all_or_each(rule, "/indicators", looked_at, failing, "rows of the common framework")


def rows_twice(form: Form, rule: Rule) -> Iterator[Check]:
    """No indicator stands twice under the same levels."""
    seen: dict[tuple[str, ...], int] = {}
    failing = []
    for i, row in enumerate(form.record.indicators):
        key = tuple(squeeze(getattr(row, level) or "") for level in LEVELS)
        first = seen.setdefault(key, i)
        if first != i and row.level3 is not None:
            at = f"/indicators/{i}/level3"
            message = f"the indicator stands here and at /indicators/{first}"
            failing.append(
                judge(form, rule, at, message, values={at: None}, printed=row.level3, otherwise=Verdict.UNDECIDABLE)
            )
    yield from all_or_each(rule, "/indicators", len(form.record.indicators), failing, "rows")


Place = tuple[str, tuple[object, ...], tuple[str, ...], Origin, Cell]
"""The pointer of a value, the line and the column that it is of, where it stands, and its cell."""


@lru_cache(maxsize=1)  # three rules ask for those of one form
def _places(form: Form) -> list[Place]:
    """Each value of a row or money line that has a cell."""
    found: list[Place] = []
    for i, row in enumerate(form.record.indicators):
        for name in leaves(row):
            at = f"/indicators/{i}/{name}"
            origin = form.origin(at)
            cell = form.cells.of(origin)
            if origin is not None and cell is not None:
                found.append((at, (i,), (name,), origin, cell))
    for i, fund in enumerate(form.record.funds):
        origin = form.origin(f"/funds/{i}")
        cell = form.cells.of(origin)
        if origin is not None and cell is not None:
            found.append((f"/funds/{i}", (fund.side, *fund.path), (fund.side, fund.column), origin, cell))
    return found


def one_row(form: Form, rule: Rule) -> Iterator[Check]:
    """The cells of an indicator stand in one row of the table, those of a money line too."""
    lines: dict[tuple[object, ...], list[tuple[str, Cell]]] = {}
    for pointer, line, _, _, cell in _places(form):
        lines.setdefault(line, []).append((pointer, cell))
    failing = [check for cells in lines.values() for check in _apart(form, rule, cells)]
    yield from all_or_each(rule, "", len(lines), failing, "rows and money lines with a place")


def _apart(form: Form, rule: Rule, cells: Sequence[tuple[str, Cell]]) -> Iterator[Check]:
    """The cells that share no row of the table with most of the others."""
    if len({cell.row for _, cell in cells}) < 2:
        return
    common = max((set(c.rows) for _, c in cells), key=lambda rows: sum(bool(rows & set(c.rows)) for _, c in cells))
    for pointer, cell in cells:
        if not common & set(cell.rows):
            message = f"it stands in row {cell.row + 1} of the table, the others of its line in row {min(common) + 1}"
            yield judge(form, rule, pointer, message, values={pointer: None}, otherwise=Verdict.UNDECIDABLE)


def printed_order(form: Form, rule: Rule) -> Iterator[Check]:
    """Down a column the values follow one another as on the page."""
    last: dict[tuple[str, ...], Origin] = {}
    looked_at = 0
    failing: list[Check] = []
    for pointer, _, column, origin, _ in _places(form):
        before = last.get(column)
        last[column] = origin
        if before is None or before.table != origin.table:
            continue
        looked_at += 1
        if _spot(origin) < _spot(before):
            message = "it stands above the value of the row before it"
            failing.append(judge(form, rule, pointer, message, values={pointer: None}, otherwise=Verdict.UNDECIDABLE))
    yield from all_or_each(rule, "", looked_at, failing, "neighbours in their columns")


def _spot(origin: Origin) -> tuple[int, int]:
    """Row and column of a value that has a cell."""
    return origin.row or 0, origin.col or 0


def one_column(form: Form, rule: Rule) -> Iterator[Check]:
    """The values of one header stand in one column: none leaves it where nearly all others keep it."""
    columns: dict[tuple[str, ...], list[tuple[str, Cell]]] = {}
    for pointer, _, column, _, cell in _places(form):
        columns.setdefault(column, []).append((pointer, cell))
    failing: list[Check] = []
    for places in columns.values():
        usual = _usual([cell for _, cell in places])
        for pointer, cell in places if usual is not None else ():
            if usual not in cell.cols:
                message = "it stands in another column than the values above and below it"
                failing.append(
                    judge(form, rule, pointer, message, values={pointer: None}, otherwise=Verdict.UNDECIDABLE)
                )
    yield from all_or_each(rule, "", sum(map(len, columns.values())), failing, "values in their columns")


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


def level_cells(form: Form, rule: Rule) -> Iterator[Check]:
    """The cell of a level's name spans the row of each indicator that carries it."""
    looked_at, failing = 0, []
    for i, row in enumerate(form.record.indicators):
        name = form.origin(f"/indicators/{i}/level3")
        own = form.cells.of(name)
        for level in LEVELS[:2]:
            at = f"/indicators/{i}/{level}"
            origin = form.origin(at)
            cell = form.cells.of(origin)
            if not (own and cell and origin and name and origin.table == name.table) or form.doubts(at):
                continue
            looked_at += 1
            over = cell.row + cell.rowspan <= own.row and set(own.cols) <= set(
                cell.cols
            )  # a band, or a name over columns
            if not over and (cell.row >= own.row + own.rowspan or own.row >= cell.row + cell.rowspan):
                message = f"the cell of {getattr(row, level)} does not reach the row"
                failing.append(
                    judge(form, rule, at, message, values={at: None}, printed=getattr(row, level),
                          otherwise=Verdict.UNDECIDABLE)
                )  # fmt: skip
    yield from all_or_each(rule, "/indicators", looked_at, failing, "level names beside their rows")


def empty_rows(form: Form, rule: Rule) -> Iterator[Check]:
    """Beside an indicator or a money line no row of the table stands without text.

    Such a row may be one that was not read, or a level that the form prints without an indicator. A text layer loses
    no row: there the row is printed blank.
    """
    if not form.cells:
        yield not_applicable(rule, "", "the tables are not at hand")
        return
    names = _placed(form, (f"/indicators/{i}/level3" for i in range(len(form.record.indicators))))
    money = _placed(form, (f"/funds/{i}" for i in range(len(form.record.funds))))
    gaps = [*_gaps(form, names, rest_of_row=True), *_gaps(form, money, rest_of_row=False)]
    certain = form.reader in (Reader.TEXT_LAYER, Reader.OFFICE)  # copied, not recognised
    failing = []
    for pointer, table, row in [] if certain else gaps:
        at = pointer.removesuffix("/level3")
        message = f"beside it row {row + 1} of table {table + 1} is printed without text of its own"
        failing.append(judge(form, rule, at, message, values={at: None}, otherwise=Verdict.UNDECIDABLE))
    what = "rows and amounts with a place"
    if certain and gaps:
        rows = ", ".join(dict.fromkeys(f"{row + 1} of table {table + 1}" for _, table, row in gaps))
        what += f"; printed blank: row {rows}"
    yield from all_or_each(rule, "", len(names) + len(money), failing, what)


Placed = tuple[str, int, Cell]
"""A pointer, its table and its cell."""
Gap = tuple[str, int, int]
"""The pointer beside an empty row, its table, the row."""


def _placed(form: Form, pointers: Iterable[str]) -> list[Placed]:
    out = []
    for pointer in pointers:
        origin = form.origin(pointer)
        cell = form.cells.of(origin)
        if cell is not None and origin is not None and origin.table is not None:
            out.append((pointer, origin.table, cell))
    return out


def _gaps(form: Form, placed: Sequence[Placed], *, rest_of_row: bool) -> Iterator[Gap]:
    """The empty rows right below or above the given cells, each once."""
    taken = {(table, cell.row, cell.col) for _, table, cell in placed}
    seen: set[tuple[int, int]] = set()
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
                yield pointer, table, row


RULES = (
    Rule("structure.complete", "levels and targets of each indicator", "each has its levels and a target", complete),
    Rule("structure.periods-filled", "targets of several periods", "all periods of a row are filled", periods_filled),
    Rule("structure.columns-filled", "operators, units and points", "not one row alone is blank", columns_filled),
    Rule("structure.level-runs", "level names", "the rows of a level follow one another", level_runs),
    Rule("structure.level-parents", "level names", "names of the common framework stand in it", level_parents),
    Rule("structure.level-cells", "cells of level names", "they span the rows that carry them", level_cells),
    Rule("structure.rows-twice", "indicator names", "none stands twice under the same levels", rows_twice),
    Rule("structure.one-row", "cells of each row", "they stand in one row of the table", one_row),
    Rule("structure.printed-order", "cells of each column", "they follow one another as on the page", printed_order),
    Rule("structure.one-column", "cells of each column", "they stand in one column of the table", one_column),
    Rule(
        "structure.empty-rows",
        "rows of the tables",
        "none beside an indicator or a money line is without text",
        empty_rows,
    ),
)
