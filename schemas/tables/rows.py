"""From a reading to its rows: what of a file, its tables and its forms stands in which column.

A worker makes the rows, with numbers that count within the file; the one writer has only to add the numbers that
the database gives them, and to write them.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, lru_cache, partial
from itertools import chain, count, repeat
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Connection, bindparam, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

from schemas import tables as t
from schemas.conditions import RANGE
from schemas.doubts import Doubts
from schemas.families import GENERIC
from schemas.frozen import dataclass
from schemas.language.columns import COLUMNS, LEVELS, VALUED, Shape
from schemas.language.keys import comparison_key, exact_e4
from schemas.model import Block, Line, Place, Reader, Table
from schemas.pointers import escaped
from schemas.reading import Check, FamilyMatch, FileReading, FormReading, Origin
from schemas.record import Finding, FindingPlace, Indicator, Record, Value, record_text
from schemas.tables.counted import FUND_COUNTED, INDICATOR_COUNTED, as_number, funds_counted, indicator_counted

JSON = json.JSONEncoder(ensure_ascii=False)


def json_text(value: Any) -> str:
    """A value as the JSON text that a column holds."""
    return JSON.encode(value)


def same(value: Any, *names: str) -> dict[str, Any]:
    """What a value and its row call by the same names."""
    return {name: getattr(value, name) for name in names}


EDGES = ("box_left", "box_top", "box_right", "box_bottom")
NO_EDGES = (None,) * len(EDGES)
TEXTS = tuple(column.key for column in COLUMNS if column.shape is Shape.TEXT)
OBJECTS = tuple(column.key for column in COLUMNS if column.shape in (Shape.BY_HEADER, Shape.LIST))
"""The columns of an indicator that hold a text, and those that hold several as JSON."""
VALUE = ("indicator_id", "which", "raw", "op", "number", "unit", "value", "text")
WEIGHT = ("indicator_id", "period", "weight", "number")
NO_VALUE = Value()
Row = tuple[Any, ...]
"""The values of a table's columns, in their order."""
Columns = Mapping[str, Sequence[Any]]
"""Rows of a table, as the values of each of its columns, in the table's order. A column that is null in all of them is
left out: most rows have many, and a driver takes longer to hand on a null than a number."""
TOGETHER = 8  # rows that one statement writes where there are many
MANY = 64  # rows of a table, from which on they are written together
STATEMENTS = 512  # that are kept: in one file a table's rows have these columns, in another those
Numbers = Mapping[str, Sequence[int]]
"""By a table's name the numbers that the database gives to a file's rows in it, in their order."""


@dataclass(frozen=True, slots=True)
class FileRows:
    """A file that was read, ready to be written: its own row, those of everything in it by their tables, the texts
    of its records, and the units (by their keys) that its forms are of.

    Rows that refer to others of the file name them by their order in it, from 0.
    """

    file: Mapping[str, Any]
    rows: Mapping[str, Columns]
    records: Sequence[str]
    units: Set[str]
    indicators: int
    findings: int

    @property
    def path(self) -> str:
        """The path of the file, as messages show it."""
        return str(self.file["path"])

    @property
    def name(self) -> str:
        """The name of its folder of records."""
        return str(self.file["name"])

    @property
    def sha256(self) -> str:
        """The hash of its content."""
        return str(self.file["sha256"])

    def counted(self, table: type[t.Base]) -> int:
        """How many rows it has in a table that counts its rows."""
        return len(self.rows.get(table.__tablename__, {}).get("id", ()))

    def insert(self, connection: Connection, numbers: Numbers) -> None:
        """Write the rows but the file's own, those that others refer to first."""
        for table, columns in numbered(self.rows, numbers):
            _insert(connection, table, columns)


def insert_rows(connection: Connection, table: type[t.Base], columns: Columns) -> None:
    """Write rows of a table, whatever the order of their columns."""
    _insert(connection, table.__tablename__, _not_null(table.__tablename__, columns))


def _insert(connection: Connection, table: str, columns: Columns) -> None:
    rows = list(zip(*columns.values(), strict=True))
    statement = partial(_statement, table, tuple(columns), connection.dialect.name)
    together = len(rows) // TOGETHER * TOGETHER if len(rows) >= MANY else 0
    if together:  # a database's driver takes a third more time for as many rows one by one
        values = chain.from_iterable(rows[:together])
        batches = zip(*[values] * (TOGETHER * len(columns)), strict=True)
        connection.exec_driver_sql(statement(TOGETHER), list(batches))
    if rows[together:]:
        connection.exec_driver_sql(statement(1), rows[together:])


def numbered(rows: Mapping[str, Columns], numbers: Numbers) -> Iterator[tuple[str, Columns]]:
    """The rows by their tables with the database's numbers in them, those that others refer to first."""
    for table in _in_order():
        if own := rows.get(table):
            references = [(column, numbers[to]) for column, to in _references(table) if column in own]
            yield table, {**own, **{column: _numbered(own[column], given) for column, given in references}}


@cache
def _in_order() -> tuple[str, ...]:
    """The names of the tables, those that others refer to first."""
    return tuple(table.name for table in t.Base.metadata.sorted_tables)


def _numbered(column: Sequence[int | None], numbers: Sequence[int]) -> list[int | None]:
    """The database's numbers in the place of those that count within the file."""
    return [None if own is None else numbers[own] for own in column]


@cache
def _references(table: str) -> tuple[tuple[str, str], ...]:
    """Which columns of a table hold numbers of rows, and of which table: another, or its own."""
    references = []
    for column in t.Base.metadata.tables[table].columns:
        to = [table] if column.name == "id" else [key.column.table.name for key in column.foreign_keys]
        references += [(column.name, name) for name in to]
    return tuple(references)


@lru_cache(maxsize=STATEMENTS)
def _statement(table: str, columns: tuple[str, ...], dialect: str, rows: int) -> str:
    """The INSERT of so many rows of some columns of a table in the words of a database's driver, for their values as
    a tuple: SQLAlchemy would turn each row of each call into them anew."""
    made = {"sqlite": sqlite.dialect, "postgresql": psycopg.dialect}[dialect]
    statement = insert(t.Base.metadata.tables[table]).values({name: bindparam(name) for name in columns}).inline()
    positional = made(paramstyle={"sqlite": "qmark", "postgresql": "format"}[dialect])
    into, values, row = str(statement.compile(dialect=positional)).partition(" VALUES ")
    return into + values + ", ".join([row] * rows)


class Batch:
    """Rows in the making; those of tables that count their rows are counted from 0."""

    def __init__(self) -> None:
        self._free: defaultdict[str, count[int]] = defaultdict(count)
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        self._columns: defaultdict[str, dict[str, list[Any]]] = defaultdict(dict)

    def add(self, table: type[t.Base], row: Mapping[str, Any] | None = None, **more: Any) -> None:
        """One row, with all its columns."""
        name = table.__tablename__
        self._rows[name].append(_getter(name)({**(row or {}), **more}))

    def add_all(self, table: type[t.Base], columns: Mapping[str, Iterable[Any]]) -> None:
        """Many rows, with all their columns: a tenth of the time of as many `add`."""
        own = self._columns[table.__tablename__]
        for name, values in columns.items():
            own.setdefault(name, []).extend(values)

    def number(self, table: type[t.Base]) -> int:
        """The next number in a table that counts its rows."""
        return next(self._free[table.__tablename__])

    def add_numbered(self, table: type[t.Base], row: Mapping[str, Any], **more: Any) -> int:
        """One row of a table that counts its rows; its number."""
        number = self.number(table)
        self.add(table, row, id=number, **more)
        return number

    def columns(self) -> dict[str, Columns]:
        """The rows by their tables."""
        made: dict[str, Mapping[str, Sequence[Any]]] = dict(self._columns)
        for table, rows in self._rows.items():
            made[table] = dict(zip(_names(table), zip(*rows, strict=True), strict=True))
        held = {table: _not_null(table, columns) for table, columns in made.items()}
        return {table: columns for table, columns in held.items() if columns}


def _not_null(table: str, columns: Columns) -> Columns:
    """The columns that are not null in all rows, in the order of the table."""
    return {name: values for name in _names(table) if (values := columns[name]).count(None) < len(values)}


@cache
def _names(table: str) -> tuple[str, ...]:
    """The columns of a table."""
    return tuple(t.Base.metadata.tables[table].columns.keys())


@cache
def _getter(table: str) -> Callable[[Mapping[str, Any]], Row]:
    return itemgetter(*_names(table))


def rows_of(reading: FileReading) -> FileRows:
    """The rows of a file and of everything in it."""
    document, batch = reading.document, Batch()
    file = same(document, "path", "sha256", "pages") | {"name": reading.name}
    file |= {"reader": document.reader.value, "outcome": "forms" if reading.forms else "no form"}
    tables = [_add_table(batch, 0, index, table) for index, table in enumerate(reading.tables)]
    _add_lines(batch, 0, document.blocks)
    records = [form.record.as_dict() for form in reading.forms]
    texts = [record_text(record) for record in records]
    for index, (form, record, written) in enumerate(zip(reading.forms, records, texts, strict=True)):
        add_form(batch, 0, index, form, json_text(record), tables, hash_of(written))
    units = frozenset(key for form in reading.forms if (key := _unit_key(form.record)))
    indicators = sum(len(form.record.indicators) for form in reading.forms)
    findings = sum(len(form.record.findings) for form in reading.forms)
    return FileRows(file, batch.columns(), texts, units, indicators, findings)


def _add_table(batch: Batch, file: int, index: int, table: Table) -> int:
    pages = table.pages or (None,)
    row = same(table, "rows", "cols", "ruled", "sure") | {"first_page": pages[0], "last_page": pages[-1]}
    notes = "\n".join(table.notes) or None
    number = batch.add_numbered(t.Table, row, file_id=file, table_index=index, notes=notes)
    cells, places = table.cells, [cell.place for cell in table.cells]
    columns = _each(cells, "row", "col", "rowspan", "colspan", "text", "inferred", "lost", "score")
    columns |= _each(places, "page") | _edges(places)
    batch.add_all(t.Cell, _placed("table_id", number, len(cells)) | columns)
    return number


def _each(values: Iterable[Any], *names: str) -> dict[str, Iterable[Any]]:
    """What values and the columns of their rows call by the same names."""
    return {name: map(attrgetter(name), values) for name in names}


def _placed(of: str, number: int, rows: int) -> dict[str, Iterable[Any]]:
    """The columns that say what so many rows are of, and in which order."""
    return {of: repeat(number, rows), "position": range(rows)}


def _columns(names: Sequence[str], rows: Sequence[Row]) -> dict[str, Iterable[Any]]:
    """Rows as columns of these names."""
    return {name: map(itemgetter(i), rows) for i, name in enumerate(names)}


def _edges(places: Iterable[Place]) -> dict[str, Iterable[Any]]:
    """The edges of the boxes of places."""
    boxes = [place.box for place in places]
    return _columns(EDGES, [(b.left, b.top, b.right, b.bottom) if b else NO_EDGES for b in boxes])


def _doubts(doubts: Doubts, pointers: Iterable[str]) -> dict[str, Iterable[Any]]:
    """How much there is to doubt at each of some pointers."""
    rows = [doubts.of(pointer) for pointer in pointers]
    return {name: map(itemgetter(name), rows) for name in ("doubt", "rules")}


def _add_lines(batch: Batch, file: int, blocks: Sequence[Block]) -> None:
    """The lines that stand outside all tables, each with the number of tables before it."""
    found = [(at, block) for at, block in enumerate(blocks) if isinstance(block, Line)]
    lines, places = [line for _, line in found], [line.place for _, line in found]
    columns = _each(lines, "text", "score") | _each(places, "page", "sheet", "line", "column") | _edges(places)
    columns["tables_before"] = [at - position for position, (at, _) in enumerate(found)]
    batch.add_all(t.TextLine, _placed("file_id", file, len(lines)) | columns)


def hash_of(record: str) -> str:
    """The SHA-256 of a record as it is written to its file, hexadecimal."""
    return hashlib.sha256(record.encode("utf-8", "surrogatepass")).hexdigest()


def add_form(
    batch: Batch,
    file: int,
    index: int,
    form: FormReading,
    told: str,
    tables: Sequence[int],
    record_sha256: str | None = None,
) -> None:
    """The rows of a form and of everything in it; `told` is its record as JSON, `tables` are the numbers of its file's
    tables, `record_sha256` is the hash of the record's file."""
    record = form.record
    names = {name: record.fields.get(name) for name in ("reporting_unit", "implementing_unit", "project_name")}
    row = same(record, "family", "title", "year", "amount_unit") | names | {"kind": record.kind.value}
    row |= {"unit_key": _unit_key(record), "project_key": _named(names["project_name"])}
    doubts = Doubts(((risk.pointer, risk.risk) for risk in form.risks), record.findings)
    row |= doubts.of("") | {"record": told, "record_sha256": record_sha256, "family_match": _explain(form.match)}
    number = batch.add_numbered(t.Form, row, file_id=file, form_index=index)
    _add_labelled(batch, number, record, doubts)
    _add_tasks(batch, number, record, doubts)
    _add_funds(batch, number, record, doubts)
    _add_indicators(batch, number, record, doubts)
    for position, finding in enumerate(record.findings):
        batch.add(t.Finding, _verdict(finding) | _place(finding.place), form_id=number, position=position)
    batch.add_all(t.Check, _placed("form_id", number, len(form.checks)) | _checks(form.checks))
    risks = _each(form.risks, "pointer", "kind", "risk") | {"reasons": ["\n".join(risk.reasons) for risk in form.risks]}
    batch.add_all(t.Risk, _placed("form_id", number, len(form.risks)) | risks)
    origins = _origins(form.origins, tables, record.source.reader)
    batch.add_all(t.Origin, _placed("form_id", number, len(form.origins)) | origins)


def _unit_key(record: Record) -> str | None:
    """What units are compared by: the implementing unit, else the reporting one."""
    return _named(record.fields.get("implementing_unit")) or _named(record.fields.get("reporting_unit"))


def _named(value: str | None) -> str | None:
    """The comparison key of a name; None where the form prints none, or only a stroke."""
    key = comparison_key(value or "")
    return key if any(character.isalnum() for character in key) else None


def _explain(match: FamilyMatch) -> str:
    """How a form came by its family, one reason a line."""
    lines = [f"family: {match.family or GENERIC}", *(f"because: {reason}" for reason in match.reasons)]
    if match.nearest:
        lines.append(f"nearest: {match.nearest}")
    return "\n".join([*lines, *(f"missing: {what}" for what in match.missing)])


def _add_labelled(batch: Batch, form: int, record: Record, doubts: Doubts) -> None:
    """Fields and ticked options. A group with nothing ticked is one row without an option."""
    columns: dict[str, Iterable[Any]] = {"name": record.fields.keys(), "value": record.fields.values()}
    doubted = _doubts(doubts, [f"/fields/{escaped(name)}" for name in record.fields])
    batch.add_all(t.Field, _placed("form_id", form, len(record.fields)) | columns | doubted)
    for name, options in record.choices.items():
        for position, option in enumerate(options or [None]):
            batch.add(t.Choice, form_id=form, name=name, position=position, option=option)


def _add_tasks(batch: Batch, form: int, record: Record, doubts: Doubts) -> None:
    """The cells of tasks; their money, and that of their total, by the headers of its columns."""
    amounts: list[tuple[int | None, str, str | None, str]] = []
    for position, task in enumerate(record.tasks):
        for name, value in task.items():
            where = f"/tasks/{position}/{escaped(name)}"
            if isinstance(value, Mapping):
                amounts += [
                    (position, header, amount, f"{where}/{escaped(header)}") for header, amount in value.items()
                ]
            else:
                batch.add(t.Task, doubts.of(where), form_id=form, position=position, name=name, value=value)
    total = (record.tasks_total or {}).items()
    amounts += [(None, header, amount, f"/tasks_total/{escaped(header)}") for header, amount in total]
    for position, (number, header, amount, where) in enumerate(amounts):
        row: dict[str, Any] = {"task": number, "header": header, "amount": amount, "amount_unit": record.amount_unit}
        row |= doubts.of(where)
        batch.add(t.TaskAmount, row, form_id=form, position=position, amount_e4=exact_e4(amount, record.amount_unit))


def _add_funds(batch: Batch, form: int, record: Record, doubts: Doubts) -> None:
    """Money cells. A cell that prints its own unit is in that unit, whatever the form declares."""
    funds, counted = record.funds, funds_counted(record)
    units = [fund.unit_in(record.amount_unit) for fund in funds]
    paths = [fund.path for fund in funds]
    keys = [[comparison_key(label) for label in path] for path in paths]
    columns = _placed("form_id", form, len(funds)) | _each(funds, "side", "column", "amount", "raw")
    columns |= {"path": map(t.PATH_SEPARATOR.join, paths), "path_key": map(t.PATH_SEPARATOR.join, keys)}
    columns |= {"depth": map(len, paths), "amount_unit": units}
    columns |= {"label": ["".join(path[-1:]) for path in paths], "label_key": ["".join(key[-1:]) for key in keys]}
    columns["amount_e4"] = [exact_e4(fund.amount, unit) for fund, unit in zip(funds, units, strict=True)]
    columns |= {name: map(itemgetter(name), counted) for name in FUND_COUNTED}
    batch.add_all(t.Fund, columns | _doubts(doubts, [f"/funds/{position}" for position in range(len(funds))]))


def _add_indicators(batch: Batch, form: int, record: Record, doubts: Doubts) -> None:
    """Indicator rows, with their targets, results and weights."""
    indicators = record.indicators
    numbers = [batch.number(t.Indicator) for _ in indicators]
    columns = _placed("form_id", form, len(indicators)) | {"id": numbers} | _each(indicators, *TEXTS)
    for key in (*OBJECTS, "other"):
        held = map(attrgetter(key), indicators)
        columns[key] = [None if value is None else json_text(value) for value in held]
    for level in LEVELS:
        columns[f"{level}_points"] = [points and points.get(level) for points in (i.level_points for i in indicators)]
    columns["columns_printed"] = repeat(json_text(record.columns), len(indicators))
    counted = [indicator_counted(indicator) for indicator in indicators]
    columns |= {name: map(itemgetter(name), counted) for name in INDICATOR_COUNTED}
    doubted = _doubts(doubts, [f"/indicators/{position}" for position in range(len(indicators))])
    batch.add_all(t.Indicator, columns | doubted)
    of = list(zip(numbers, indicators, strict=True))
    printed = [(which, own.key, own.part, own.role in record.columns) for which, own in VALUED.items()]
    values = [row for number, indicator in of for row in _values(number, indicator, printed)]
    batch.add_all(t.IndicatorValue, _columns(VALUE, values))
    weights = [(n, period, weight, as_number(weight)) for n, each in of for period, weight in each.weights.items()]
    batch.add_all(t.IndicatorWeight, _columns(WEIGHT, weights))


def _values(number: int, indicator: Indicator, printed: Sequence[tuple[str, str, str, bool]]) -> Iterator[Row]:
    """The values of `VALUE` for each target and result of an indicator; `printed` are their names, key and part, and
    whether the form has such a column at all: then a blank in it is a row too."""
    values = indicator.values
    for which, key, part, is_printed in printed:
        raw = getattr(indicator, key)
        if part:
            raw, is_printed = raw.get(part), part in raw
        if raw is None and not is_printed and which not in values:
            continue
        value = values.get(which) or NO_VALUE
        own = None if value.op == RANGE else as_number(value.number)
        yield number, which, raw, value.op, value.number, value.unit, own, value.text


def _verdict(finding: Finding) -> dict[str, Any]:
    row = same(finding, "rule", "printed", "computed", "message")
    return row | {"verdict": str(finding.verdict), "pointer": finding.where}


def _place(place: FindingPlace | None) -> dict[str, Any]:
    """Where a finding stands, all null where it is a value's; the row of a sheet is its line, as with origins."""
    known = place or FindingPlace()
    box = dict(zip(EDGES, known.box or (None,) * len(EDGES), strict=True))
    return same(known, "page", "sheet", "column") | {"line": known.line if known.row is None else known.row} | box


def check_row(check: Check) -> dict[str, Any]:
    """A check as a row, but for its place."""
    return {name: value for name, values in _checks([check]).items() for value in values}


def _checks(checks: Sequence[Check]) -> dict[str, Iterable[Any]]:
    columns = _each(checks, "rule", "printed", "computed", "message")
    columns |= {"verdict": [str(check.verdict) for check in checks], "pointer": [check.where for check in checks]}
    return columns | {"offered": [json_text(check.offered) if check.offered else None for check in checks]}


def _origins(origins: Sequence[Origin], tables: Sequence[int], reader: Reader) -> dict[str, Iterable[Any]]:
    places = [origin.place for origin in origins]
    columns = _each(origins, "pointer", "raw", "score") | _edges(places)
    columns |= _each(places, "page", "line", "column", "sheet") | {"reader": repeat(reader.value, len(origins))}
    columns["readings"] = [json_text(origin.readings) if origin.readings else None for origin in origins]
    columns["covered"] = [origin.covered or None for origin in origins]
    columns["table_id"] = [None if origin.table is None else tables[origin.table] for origin in origins]
    return columns | {"cell_row": [origin.row for origin in origins], "cell_col": [origin.col for origin in origins]}
