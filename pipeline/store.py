"""The database: one transaction a file, the same rows and numbers for the same filings in the same order.

One writer at a time; it gives out the numbers of the rows itself. Tables and views are `schemas.tables`.
The way from a reading to its rows stands here too, below the class, because only the store knows numbers.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain, count
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from schemas import tables as t
from schemas.keys import comparison_key, exact_e4, printed_unit
from schemas.model import Box, Table
from schemas.reading import Check, Failure, FamilyMatch, FileReading, FormReading, Origin
from schemas.record import Finding, Indicator, Record

NOT_MONEY = frozenset({"execution_rate", "weight", "score"})  # columns of a fund line that hold no amounts


class DatabaseUnusable(Exception):
    """The database cannot be opened, read or written; the message names the cause."""


class WrongDatabaseVersion(Exception):
    """The database has tables of another version, or of another program."""


class UnstorableText(Exception):
    """A text holds half a character (a lone surrogate), which no database and no file can hold."""


class State(StrEnum):
    """What the database knows of a content: nothing, a reading by this code and settings, or an older one."""

    NEW = "new"
    DONE = "done"
    STALE = "stale"


class Known(NamedTuple):
    """What the database holds of a file: enough to know whether it has to be read again, and where it was."""

    id: int
    path: str
    name: str
    code_version: str
    settings: str

    def read_by(self, code_version: str, settings: str) -> bool:
        """Whether this code and settings made the reading."""
        return (self.code_version, self.settings) == (code_version, settings)


class Store:
    """The database of filings that were read. Use as a context manager, or close it."""

    def __init__(self, engine: Engine, where: str) -> None:
        self.where = where
        self._engine = engine
        self._writer = engine.execution_options(writes=True)

    @classmethod
    def open(cls, place: str | Path, create: bool = True) -> Self:
        """Open the SQLite file or SQLAlchemy URL; an empty or new database gets the tables if `create`.

        Raises `DatabaseUnusable` (folder missing, not a database, not writable, no such server) and
        `WrongDatabaseVersion` (tables of another version, or not ours).
        """
        url = _url(place)
        where = _where(url)
        if url.get_backend_name() == "sqlite" and _is_file(url):
            _check_file(Path(str(url.database)), create)
        with _explained(where):
            store = cls(_engine(url), where)
        try:
            store._prepare(create)
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def state_of(self, sha256: str, code_version: str, settings: str) -> State:
        """What is known of this content. `settings` is a text that is equal where the settings are."""
        with self._reading() as connection:
            known = _file_of(connection, sha256)
        if known is None:
            return State.NEW
        return State.DONE if known.read_by(code_version, settings) else State.STALE

    def save(self, reading: FileReading, code_version: str, settings: str) -> None:
        """Write everything about one file, in one transaction.

        A reading of the same content is replaced. If this code and settings have read the content at another
        path, only the path is noted. What was stored of another content at this path goes.
        """
        document = reading.document
        with self._writing() as connection:
            _forget_failure(connection, document.path)
            _leave(connection, document.path, document.sha256)
            known = _file_of(connection, document.sha256)
            if known and known.path != document.path and known.read_by(code_version, settings):
                _note_alias(connection, known, document.path, reading.name)
            else:
                _replace(connection, known, reading, code_version, settings)

    def note_path(self, path: str, name: str, sha256: str) -> None:
        """Write down that a content that is done stands at this path too. KeyError: it is unknown."""
        with self._writing() as connection:
            _forget_failure(connection, path)
            _leave(connection, path, sha256)
            known = _file_of(connection, sha256)
            if known is None:
                raise KeyError(sha256)
            _note_alias(connection, known, path, name)

    def save_failure(self, failure: Failure) -> None:
        """Write down that a file was not read; an earlier failure of the path is replaced.

        What was stored of another content at this path goes; an older reading of the same content stays.
        """
        row = _same(failure, "sha256", "category", "page", "message", "refused")
        row["stage"] = failure.stage.value
        with self._writing() as connection:
            if failure.sha256 is not None:
                _leave(connection, failure.file, failure.sha256)
            changed = update(t.Failure).where(t.Failure.file == failure.file).values(row)
            if connection.execute(changed).rowcount == 0:
                number = _next_id(connection, t.Failure)
                connection.execute(insert(t.Failure).values(id=number, file=failure.file, **row))

    def begin_run(self, code_version: str, settings: str) -> int:
        """Write down that a run begins now; its number."""
        with self._writing() as connection:
            number = _next_id(connection, t.Run)
            row = {"id": number, "started": _now(), "code_version": code_version, "settings": settings}
            connection.execute(insert(t.Run).values(row))
        return number

    def finish_run(self, run: int, counts: Mapping[str, int]) -> None:
        """Write down that a run ends now, and how many files had which outcome."""
        values = {"finished": _now(), "counts": _json(dict(counts))}
        with self._writing() as connection:
            connection.execute(update(t.Run).where(t.Run.id == run).values(values))

    def records(self) -> Iterator[dict[str, Any]]:
        """All records as plain JSON values, by path and form."""
        query = select(t.Form.record).join(t.File, t.File.id == t.Form.file_id)
        with self._reading() as connection:
            for (record,) in connection.execute(query.order_by(t.File.path, t.Form.form_index)):
                yield json.loads(record)

    def records_of(self, sha256: str) -> list[dict[str, Any]]:
        """The records of one content in reading order; none if it is unknown or holds no form."""
        query = select(t.Form.record).join(t.File, t.File.id == t.Form.file_id).where(t.File.sha256 == sha256)
        with self._reading() as connection:
            return [json.loads(row[0]) for row in connection.execute(query.order_by(t.Form.form_index))]

    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Column names and rows of a SELECT, for export and reports."""
        with self._reading() as connection:
            result = connection.execute(text(sql))
            return list(result.keys()), [tuple(row) for row in result]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with."""
        with self._reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction to write in, for the tables that people fill; it is the only writer while it lasts."""
        with self._writing() as connection:
            yield connection

    def _prepare(self, create: bool) -> None:
        """Make the tables in an empty database; refuse one whose tables have another version."""
        with self._reading() as connection:
            empty = not inspect(connection).get_table_names()
        if empty and create:
            with self._writing() as connection:
                t.create_schema(connection)
        with self._reading() as connection:
            found = _version(connection)
        if found != t.SCHEMA_VERSION:
            held = "no tables of jixiao" if found is None else f"tables of version {found}"
            raise WrongDatabaseVersion(
                f"{self.where} holds {held}; this jixiao needs version {t.SCHEMA_VERSION}. Move it away or "
                "name another database, and run again: the database is made anew from the filings."
            )
        if self._engine.dialect.name == "sqlite":
            self._turn_on_wal()

    def _turn_on_wal(self) -> None:
        """Who reads does not wait for who writes. Kept in the file, so only once we know that it is ours."""
        with _explained(self.where), closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode=WAL")

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _explained(self.where), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _explained(self.where), self._writer.begin() as connection:
            yield connection


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """Errors of the database and its driver as ours."""
    try:
        yield
    except DBAPIError as error:
        raise DatabaseUnusable(f"{where}: {error.orig}") from error
    except (sqlite3.Error, ArgumentError, NoSuchModuleError, ImportError) as error:
        raise DatabaseUnusable(f"{where}: {error}") from error
    except UnicodeEncodeError as error:
        raise UnstorableText(f"{where}: {error.object[error.start : error.end]!r} cannot be stored") from error


def _url(place: str | Path) -> URL:
    if isinstance(place, str) and "://" in place:
        with _explained(place):
            return make_url(place)
    return URL.create("sqlite", database=str(place))


def _is_file(url: URL) -> bool:
    return url.database not in (None, "", ":memory:") and not str(url.database).startswith("file:")


def _where(url: URL) -> str:
    """What messages call the database: the file, or the URL without its password."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string()


def _check_file(path: Path, create: bool) -> None:
    """Raise `DatabaseUnusable` with the cause that SQLite would only call `unable to open`."""
    folder = path.parent
    if not folder.is_dir():
        raise DatabaseUnusable(f"{path}: the folder {folder} does not exist")
    if path.is_dir():
        raise DatabaseUnusable(f"{path} is a folder, not a database")
    if not path.exists() and not create:
        raise DatabaseUnusable(f"{path} does not exist")
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise DatabaseUnusable(f"{path} cannot be written: no permission")
    if not os.access(folder, os.W_OK):
        raise DatabaseUnusable(f"{path}: the folder {folder} cannot be written: no permission")


def _engine(url: URL) -> Engine:
    """The engine; SQLite with foreign keys, and with BEGIN where a transaction begins."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Foreign keys count, and the driver's own BEGIN, which comes late, is turned off."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=NORMAL")  # with WAL, a power cut may lose the last files


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once: it reads the next numbers before it writes."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _version(connection: Connection) -> int | None:
    """The version of our tables; None where the database has not got them."""
    if not {"meta", "files", "forms"} <= set(inspect(connection).get_table_names()):
        return None
    sqlite = connection.dialect.name == "sqlite"
    query = text("PRAGMA user_version") if sqlite else select(t.Meta.schema_version)
    return int(connection.execute(query).scalar_one())


def _next_id(connection: Connection, table: type[t.Base]) -> int:
    number = table.__table__.c.id
    return int(connection.execute(select(func.coalesce(func.max(number), 0) + 1)).scalar_one())


def _file_of(connection: Connection, sha256: str) -> Known | None:
    columns = (t.File.id, t.File.path, t.File.name, t.File.code_version, t.File.settings)
    row = connection.execute(select(*columns).where(t.File.sha256 == sha256)).first()
    return None if row is None else Known(*row)


def _forget_failure(connection: Connection, path: str) -> None:
    connection.execute(delete(t.Failure).where(t.Failure.file == path))


def _leave(connection: Connection, path: str, sha256: str) -> None:
    """Forget what is stored of another content at this path.

    Where the other content stands at further paths, the first of them takes its records over.
    """
    other = select(t.File.id).where(t.File.sha256 != sha256)
    connection.execute(delete(t.FileAlias).where(t.FileAlias.path == path, t.FileAlias.file_id.in_(other)))
    old = connection.execute(other.where(t.File.path == path)).scalar()
    if old is None:
        return
    aliases = select(t.FileAlias.path, t.FileAlias.name).where(t.FileAlias.file_id == old)
    heir = connection.execute(aliases.order_by(t.FileAlias.path)).first()
    if heir is None:
        connection.execute(delete(t.File).where(t.File.id == old))
    else:
        _move(connection, old, heir.path, heir.name)


def _move(connection: Connection, file: int, path: str, name: str) -> None:
    """Make an alias the path of its file, in the records too."""
    connection.execute(delete(t.FileAlias).where(t.FileAlias.path == path))
    connection.execute(update(t.File).where(t.File.id == file).values(path=path, name=name))
    forms = connection.execute(select(t.Form.id, t.Form.record).where(t.Form.file_id == file)).all()
    for form, stored in forms:
        record = json.loads(stored)
        record["source"]["file"] = path
        connection.execute(update(t.Form).where(t.Form.id == form).values(record=_json(record)))


def _note_alias(connection: Connection, known: Known, path: str, name: str) -> None:
    """Write down another path of a content; nothing if the path is known."""
    seen = connection.execute(select(t.FileAlias.path).where(t.FileAlias.path == path)).first()
    if known.path != path and seen is None:
        connection.execute(insert(t.FileAlias).values(path=path, file_id=known.id, name=name))


def _replace(
    connection: Connection, known: Known | None, reading: FileReading, code_version: str, settings: str
) -> None:
    """Write a reading; one of the same content gives up its numbers and keeps its other paths as aliases."""
    aliases: dict[str, str] = {}
    number = known.id if known else _next_id(connection, t.File)
    batch = Batch({table: _numbers(connection, table, number) for table in (t.Table, t.Form, t.Indicator)})
    if known:
        others = select(t.FileAlias.path, t.FileAlias.name).where(t.FileAlias.file_id == number)
        aliases = {known.path: known.name} | {row.path: row.name for row in connection.execute(others)}
        aliases.pop(reading.document.path, None)
        connection.execute(delete(t.File).where(t.File.id == number))
    _add_file(batch, number, reading, code_version, settings)
    for path, name in sorted(aliases.items()):
        batch.add(t.FileAlias, path=path, file_id=number, name=name)
    batch.insert(connection)


def _numbers(connection: Connection, table: type[t.Table | t.Form | t.Indicator], file: int) -> Iterator[int]:
    """The numbers for a file's rows: those that it has, so that reading it again moves nothing, then new."""
    query = select(table.id).order_by(table.id)
    if table is t.Indicator:
        query = query.join(t.Form, t.Form.id == t.Indicator.form_id).where(t.Form.file_id == file)
    else:
        query = query.where(table.__table__.c.file_id == file)
    return chain(connection.execute(query).scalars().all(), count(_next_id(connection, table)))


class Batch:
    """Rows that wait to be written, and the free numbers for the tables that count their rows."""

    def __init__(self, free: Mapping[type[t.Base], Iterator[int]]) -> None:
        self._free = free
        self._rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, table: type[t.Base], row: Mapping[str, Any] | None = None, **more: Any) -> None:
        """One row."""
        self._rows[table.__tablename__].append({**(row or {}), **more})

    def add_numbered(self, table: type[t.Base], row: Mapping[str, Any], **more: Any) -> int:
        """One row of a table that counts its rows; its number."""
        number = next(self._free[table])
        self.add(table, row, id=number, **more)
        return number

    def insert(self, connection: Connection) -> None:
        """Write the rows, those that others refer to first."""
        for table in t.Base.metadata.sorted_tables:
            if rows := self._rows[table.name]:
                connection.execute(insert(table), rows)


def _add_file(batch: Batch, number: int, reading: FileReading, code_version: str, settings: str) -> None:
    document = reading.document
    row = _same(document, "path", "sha256", "pages") | {"id": number, "name": reading.name}
    row |= {"reader": document.reader.value, "outcome": "forms" if reading.forms else "no form"}
    batch.add(t.File, row, code_version=code_version, settings=settings)
    tables = [_add_table(batch, number, index, table) for index, table in enumerate(reading.tables)]
    for index, form in enumerate(reading.forms):
        _add_form(batch, number, index, form, tables)


def _same(value: Any, *names: str) -> dict[str, Any]:
    """What a value and its row call by the same names."""
    return {name: getattr(value, name) for name in names}


def _add_table(batch: Batch, file: int, index: int, table: Table) -> int:
    pages = table.pages or (None,)
    row = _same(table, "rows", "cols", "ruled") | {"first_page": pages[0], "last_page": pages[-1]}
    notes = "\n".join(table.notes) or None
    number = batch.add_numbered(t.Table, row, file_id=file, table_index=index, notes=notes)
    for position, cell in enumerate(table.cells):
        row = _same(cell, "row", "col", "rowspan", "colspan", "text", "inferred", "lost")
        row |= {"page": cell.place.page} | _edges(cell.place.box)
        batch.add(t.Cell, row, table_id=number, position=position)
    return number


def _edges(box: Box | None) -> dict[str, float | None]:
    left, top, right, bottom = (box.left, box.top, box.right, box.bottom) if box else (None,) * 4
    return {"box_left": left, "box_top": top, "box_right": right, "box_bottom": bottom}


def _add_form(batch: Batch, file: int, index: int, form: FormReading, tables: Sequence[int]) -> None:
    record = form.record
    names = {name: record.fields.get(name) for name in ("reporting_unit", "implementing_unit", "project_name")}
    row = _same(record, "family", "title", "year", "amount_unit") | names | {"kind": record.kind.value}
    row["unit_key"] = _named(names["implementing_unit"]) or _named(names["reporting_unit"])
    row["project_key"] = _named(names["project_name"])
    row |= {"record": _json(record.as_dict()), "family_match": _explain(form.match)}
    number = batch.add_numbered(t.Form, row, file_id=file, form_index=index)
    _add_labelled(batch, number, record)
    _add_funds(batch, number, record)
    for position, indicator in enumerate(record.indicators):
        _add_indicator(batch, number, position, indicator, record.columns)
    for position, finding in enumerate(record.findings):
        batch.add(t.Finding, _verdict(finding), form_id=number, position=position)
    for position, check in enumerate(form.checks):
        row = _verdict(check) | {"offered": _json(check.offered) if check.offered else None}
        batch.add(t.Check, row, form_id=number, position=position)
    for position, risk in enumerate(form.risks):
        row = _same(risk, "pointer", "kind", "risk") | {"reasons": "\n".join(risk.reasons)}
        batch.add(t.Risk, row, form_id=number, position=position)
    for position, origin in enumerate(form.origins):
        row = _origin(origin, tables) | {"reader": record.source.reader.value}
        batch.add(t.Origin, row, form_id=number, position=position)


def _named(value: str | None) -> str | None:
    """The comparison key of a name; None where the form prints none, or only a stroke."""
    key = comparison_key(value or "")
    return key if any(character.isalnum() for character in key) else None


def _explain(match: FamilyMatch) -> str:
    """How a form came by its family, one reason a line."""
    lines = [f"family: {match.family or 'generic'}", *(f"because: {reason}" for reason in match.reasons)]
    if match.nearest:
        lines.append(f"nearest: {match.nearest}")
    return "\n".join([*lines, *(f"missing: {what}" for what in match.missing)])


def _add_labelled(batch: Batch, form: int, record: Record) -> None:
    """Fields, ticked options and tasks. A group with nothing ticked is one row without an option."""
    for position, (name, value) in enumerate(record.fields.items()):
        batch.add(t.Field, form_id=form, position=position, name=name, value=value)
    for name, options in record.choices.items():
        for position, option in enumerate(options or [None]):
            batch.add(t.Choice, form_id=form, name=name, position=position, option=option)
    for position, task in enumerate(record.tasks):
        for name, value in task.items():
            batch.add(t.Task, form_id=form, position=position, name=name, value=value)


def _add_funds(batch: Batch, form: int, record: Record) -> None:
    """Money cells. A cell that prints its own unit is in that unit, whatever the form declares."""
    for position, fund in enumerate(record.funds):
        unit = None if fund.column in NOT_MONEY else printed_unit(fund.raw) or record.amount_unit
        keys = [comparison_key(label) for label in fund.path]
        row = _same(fund, "side", "column", "amount", "raw") | {"amount_unit": unit}
        row |= {"path": t.PATH_SEPARATOR.join(fund.path), "path_key": t.PATH_SEPARATOR.join(keys)}
        row |= {"depth": len(keys), "label": "".join(fund.path[-1:]), "label_key": "".join(keys[-1:])}
        batch.add(t.Fund, row, form_id=form, position=position, amount_e4=exact_e4(fund.amount, unit))


def _add_indicator(batch: Batch, form: int, position: int, indicator: Indicator, columns: list[str]) -> None:
    row = _same(indicator, "level1", "level2", "level3", "focus_work", "linked_project", "op", "unit")
    row |= _same(indicator, "actual", "score", "criteria", "note")
    points = indicator.level_points or {}
    row |= {f"{level}_points": points.get(level) for level in ("level1", "level2", "level3")}
    row["other"] = None if indicator.other is None else _json(indicator.other)
    row["columns_printed"] = _json(columns)
    number = batch.add_numbered(t.Indicator, row, form_id=form, position=position)
    cells = indicator.targets
    if "actual" in columns or indicator.actual is not None:
        cells = cells | {"actual": indicator.actual}
    for which in dict.fromkeys([*cells, *indicator.values]):
        value = indicator.values.get(which)
        parsed = value.model_dump() if value else dict.fromkeys(("op", "number", "unit", "text"))
        batch.add(t.IndicatorValue, parsed, indicator_id=number, which=which, raw=cells.get(which))
    for period, weight in indicator.weights.items():
        batch.add(t.IndicatorWeight, indicator_id=number, period=period, weight=weight)


def _verdict(verdict: Finding | Check) -> dict[str, Any]:
    row = _same(verdict, "rule", "printed", "computed", "message")
    return row | {"verdict": str(verdict.verdict), "pointer": verdict.where}


def _origin(origin: Origin, tables: Sequence[int]) -> dict[str, Any]:
    row = _same(origin, "pointer", "raw", "score") | _same(origin.place, "page", "line", "column")
    row["readings"] = _json(origin.readings) if origin.readings else None
    row["covered"] = origin.covered or None
    table = None if origin.table is None else tables[origin.table]
    return row | _edges(origin.place.box) | {"table_id": table, "cell_row": origin.row, "cell_col": origin.col}
