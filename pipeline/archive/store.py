"""What is kept: one transaction a file, the same rows and numbers for the same filings in the same order.

One writer at a time; it gives out the numbers of the rows itself. Tables and views are `schemas.tables`, the
database below is `pipeline.archive.database`, the way from a reading to its rows `schemas.tables.rows`.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, count, islice
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from pipeline.archive.clock import now
from pipeline.archive.database import (
    DatabaseUnusable,
    Tell,
    UnstorableText,
    WrongDatabaseVersion,
    explained,
    open_engine,
    prepare,
    tell_on_stderr,
    writer,
)
from pipeline.archive.plan_reviews import Compare, Reopened, units_of
from schemas import tables as t
from schemas.reading import Failure, FileReading
from schemas.record import record_text
from schemas.tables.rows import FileRows, Numbers, hash_of, insert_rows, json_text, rows_of, same

__all__ = ["DatabaseUnusable", "Known", "Store", "UnstorableText", "WrongDatabaseVersion"]

BATCH = 1000  # rows that a long answer is fetched by, so that memory holds no more of them
STREAMED = {"stream_results": True, "max_row_buffer": BATCH}  # PostgreSQL's driver fetches everything otherwise


class Known(NamedTuple):
    """What the database holds of a file: enough to know whether it has to be read again, and where it was."""

    id: int
    path: str
    name: str
    code_version: str
    settings: str

    def read_by(self, code_version: str, settings: str) -> bool:
        """Whether this code and settings made the reading. `settings` is a text, equal where the settings are."""
        return (self.code_version, self.settings) == (code_version, settings)


def _next(table: type[t.Base]) -> ColumnElement[int]:
    return func.coalesce(func.max(table.__table__.c.id), 0) + 1


# What every file asks, made once: to put a statement together takes as long as to carry it out.
AT: BindParameter[str] = bindparam("at")
CONTENT: BindParameter[str] = bindparam("content")
KNOWN = select(
    *(t.File.sha256, t.File.id, t.File.path, t.File.name, t.File.code_version, t.File.settings)  # as in `Known`
).where(t.File.sha256.in_(bindparam("contents", expanding=True)))
LEAVE_ALIAS = delete(t.FileAlias).where(
    t.FileAlias.path == AT, t.FileAlias.file_id.in_(select(t.File.id).where(t.File.sha256 != CONTENT))
)
OTHER_CONTENT = select(t.File.id, t.File.sha256).where(t.File.path == AT, t.File.sha256 != CONTENT)
FORGET_FAILURE = delete(t.Failure).where(t.Failure.file == AT)
FILE: BindParameter[int] = bindparam("file")
COUNTED: tuple[type[t.Base], ...] = (t.File, t.Table, t.Form, t.Indicator)
NEXT = select(*(select(_next(table)).scalar_subquery() for table in COUNTED))
HELD = (  # the numbers of a file's rows in each of these, of the file itself aside
    select(t.Table.id).where(t.Table.file_id == FILE),
    select(t.Form.id).where(t.Form.file_id == FILE),
    select(t.Indicator.id).join(t.Form, t.Form.id == t.Indicator.form_id).where(t.Form.file_id == FILE),
)
CHANGE_FAILURE = update(t.Failure).where(t.Failure.file == AT)
NOTE_FAILURE = insert(t.Failure).values(id=select(_next(t.Failure)).scalar_subquery())


class Moved(NamedTuple):
    """A content whose first path went to another file: the names of those that it has left, the first of which its
    records say now."""

    sha256: str
    names: Sequence[str]


class Written(NamedTuple):
    """What came of writing a file: whether its rows were written, or its path only; and whose records moved."""

    rows: bool
    moved: Moved | None


class Store:
    """The database of filings that were read. Use as a context manager, or close it."""

    def __init__(self, engine: Engine, where: str) -> None:
        self.where = where
        self._open: Connection | None = None  # of the transaction that is going on
        self._seen: Connection | None = None  # what is read comes from
        self._reopened = Reopened()
        self._engine = engine
        self._writer = writer(engine)

    @classmethod
    def open(cls, place: str | Path, create: bool = True, tell: Tell = tell_on_stderr) -> Self:
        """Open the SQLite file or SQLAlchemy URL; an empty or new database gets the tables if `create`.

        Tables of an older version are brought up to date, which is told. Raises `DatabaseUnusable` (folder
        missing, not a database, not writable, no such server) and `WrongDatabaseVersion` (tables of a newer
        version, or not ours).
        """
        engine, where = open_engine(place, create)
        store = cls(engine, where)
        try:
            prepare(engine, where, create, tell)
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

    def save(self, reading: FileReading, code_version: str, settings: str) -> None:
        """Write everything about one file, as `write` does."""
        self.write(rows_of(reading), code_version, settings)

    def write(self, rows: FileRows, code_version: str, settings: str) -> Written:
        """Write the rows of one file, in one transaction.

        A reading of the same content is replaced. If this code and settings have read the content at another
        path, only the path is noted. What was stored of another content at this path goes.
        """
        with self._writing() as connection:
            _forget_failure(connection, rows.path)
            moved = _leave(connection, self._reopened, rows.path, rows.sha256)
            known = _file_of(connection, rows.sha256)
            if known and known.path != rows.path and known.read_by(code_version, settings):
                _note_alias(connection, known, rows.path, rows.name)
                return Written(False, moved)
            _replace(connection, self._reopened, known, rows, code_version, settings)
            return Written(True, moved)

    def note_path(self, path: str, name: str, sha256: str) -> Moved | None:
        """Write down that a content that is done stands at this path too. KeyError: it is unknown."""
        with self._writing() as connection:
            _forget_failure(connection, path)
            moved = _leave(connection, self._reopened, path, sha256)
            known = _file_of(connection, sha256)
            if known is None:
                raise KeyError(sha256)
            _note_alias(connection, known, path, name)
        return moved

    def save_failure(self, failure: Failure) -> Moved | None:
        """Write down that a file was not read; an earlier failure of the path is replaced.

        What was stored of another content at this path goes; an older reading of the same content stays.
        """
        row = same(failure, "sha256", "category", "page", "message", "refused")
        row["stage"] = failure.stage.value
        moved = None
        with self._writing() as connection:
            if failure.sha256 is not None:
                moved = _leave(connection, self._reopened, failure.file, failure.sha256)
            if connection.execute(CHANGE_FAILURE, row | {"at": failure.file}).rowcount == 0:
                connection.execute(NOTE_FAILURE, row | {"file": failure.file})
        return moved

    def known(self, contents: Collection[str]) -> dict[str, Known]:
        """What is known of these contents, by their hash; nothing of those that are new."""
        with self._reading() as connection:
            rows = connection.execute(KNOWN, {"contents": list(contents)})
            return {row.sha256: Known(*row[1:]) for row in rows}

    def settled(self, files: Sequence[tuple[str, str]]) -> set[str]:
        """The paths among (path, content) of which nothing has to be written: the database has the content at this
        path, and no failure of the path."""
        paths = [path for path, _ in files]
        if not paths:
            return set()
        with self._reading() as connection:
            failed = set(connection.execute(select(t.Failure.file).where(t.Failure.file.in_(paths))).scalars())
        return self.held(files) - failed

    def held(self, files: Sequence[tuple[str, str]]) -> set[str]:
        """The paths among (path, content) at which the database has the content."""
        paths = [path for path, _ in files]
        places = select(t.File.path, t.File.sha256).where(t.File.path.in_(paths))
        aliases = select(t.FileAlias.path, t.File.sha256).join(t.File, t.File.id == t.FileAlias.file_id)
        with self._reading() as connection:
            held = {(path, sha256) for path, sha256 in connection.execute(places)}
            held |= {(path, sha256) for path, sha256 in connection.execute(aliases.where(t.FileAlias.path.in_(paths)))}
        return {path for path, sha256 in files if (path, sha256) in held}

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything that is read and written within is one transaction: kept whole, or not at all."""
        with self._writing() as connection:
            self._open = connection
            try:
                yield connection
            finally:
                self._open = None

    def begin_run(
        self,
        code_version: str,
        settings: str,
        *,
        inputs: Sequence[str] = (),
        options: Mapping[str, Any] | None = None,
        versions: Mapping[str, str] | None = None,
        found: int = 0,
    ) -> int:
        """Write down that a run over `found` files begins now; its number."""
        row = {"started": now(), "code_version": code_version, "settings": settings, "state": "running"}
        row |= {"inputs": json.dumps(list(inputs)), "options": json.dumps(dict(options or {}))}  # any bytes of a path
        row |= {"versions": json_text(dict(versions or {})), "process": f"{socket.gethostname()} {os.getpid()}"}
        with self._writing() as connection:
            number = _next_id(connection, t.Run)
            connection.execute(insert(t.Run).values(id=number, found=found, **row))
        return number

    def finish_run(self, run: int, counts: Mapping[str, int], stopped: str | None = None) -> None:
        """Write down that a run ends now, how many files had which outcome, and why it was stopped, if it was."""
        values: dict[str, str | None] = {"finished": now(), "counts": json_text(dict(counts))}
        values |= {"state": "finished" if stopped is None else "stopped", "message": stopped}
        with self._writing() as connection:
            connection.execute(update(t.Run).where(t.Run.id == run).values(values))

    def records(self) -> Iterator[dict[str, Any]]:
        """All records as plain JSON values, by path and form."""
        query = select(t.Form.record).join(t.File, t.File.id == t.Form.file_id)
        with self._reading() as connection:
            ordered = query.order_by(t.File.path, t.Form.form_index)
            for (record,) in connection.execute(ordered, execution_options=STREAMED):
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

    def columns(self, sql: str) -> list[str]:
        """Column names of a SELECT, which is not carried out for its rows."""
        with self._reading() as connection:
            return list(connection.execute(text(f"SELECT * FROM ({sql}) AS asked LIMIT 0")).keys())  # noqa: S608 - ours

    def batches(self, sql: str, size: int = BATCH) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a SELECT, a batch of at most `size` after the other, however many there are."""
        with self._reading() as connection:
            result = connection.execute(text(sql), execution_options=STREAMED | {"max_row_buffer": size})
            for rows in result.partitions(size):
                yield [tuple(row) for row in rows]

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction to write in, for the modules that keep tables of their own."""
        with self._writing() as connection:
            yield connection

    def check_reviews(self, compare: Compare) -> None:
        """Compare reviews with the plans of their units where forms have come or gone, in one transaction."""
        with self._writing() as connection:
            self._reopened.check(connection, compare)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read from."""
        with self._reading() as connection:
            yield connection

    @contextmanager
    def seeing(self) -> Iterator[Connection]:
        """One connection that everything is read from meanwhile, so that reading sees its temporary tables and views.
        They go with it; what is written goes its own way."""
        with self._reading() as connection:
            self._seen = connection
            try:
                yield connection
            finally:
                self._seen = None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self.where):
            held = self._open or self._seen
            if held is not None:
                yield held
                return
            with self._engine.connect() as connection:
                yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with explained(self.where):
            if self._open is not None:
                yield self._open
                return
            try:
                with self._writer.begin() as connection:
                    yield connection
            except BaseException:
                self._reopened.undone()
                raise


def _next_id(connection: Connection, table: type[t.Base]) -> int:
    return int(connection.execute(select(_next(table))).scalar_one())


def _file_of(connection: Connection, sha256: str) -> Known | None:
    row = connection.execute(KNOWN, {"contents": [sha256]}).first()
    return None if row is None else Known(*row[1:])


def _forget_failure(connection: Connection, path: str) -> None:
    connection.execute(FORGET_FAILURE, {"at": path})


def _leave(connection: Connection, reopened: Reopened, path: str, sha256: str) -> Moved | None:
    """Forget what is stored of another content at this path.

    Where the other content stands at further paths, the first of them takes its records over.
    """
    asked = {"at": path, "content": sha256}
    connection.execute(LEAVE_ALIAS, asked)
    old = connection.execute(OTHER_CONTENT, asked).first()
    if old is None:
        return None
    aliases = select(t.FileAlias.path, t.FileAlias.name).where(t.FileAlias.file_id == old.id)
    heirs = connection.execute(aliases.order_by(t.FileAlias.path)).all()
    if not heirs:
        reopened.reopen(connection, units_of(connection, old.id))
        connection.execute(delete(t.File).where(t.File.id == old.id))
        return None
    _move(connection, old.id, heirs[0].path, heirs[0].name)
    return Moved(old.sha256, [heir.name for heir in heirs])


def _move(connection: Connection, file: int, path: str, name: str) -> None:
    """Make an alias the path of its file, in the records too."""
    connection.execute(delete(t.FileAlias).where(t.FileAlias.path == path))
    connection.execute(update(t.File).where(t.File.id == file).values(path=path, name=name))
    forms = connection.execute(select(t.Form.id, t.Form.record).where(t.Form.file_id == file)).all()
    for form, stored in forms:
        record = json.loads(stored)
        record["source"]["file"] = path
        values = {"record": json_text(record), "record_sha256": hash_of(record_text(record))}
        connection.execute(update(t.Form).where(t.Form.id == form).values(values))


def _note_alias(connection: Connection, known: Known, path: str, name: str) -> None:
    """Write down another path of a content; nothing if the path is known."""
    seen = connection.execute(select(t.FileAlias.path).where(t.FileAlias.path == path)).first()
    if known.path != path and seen is None:
        connection.execute(insert(t.FileAlias).values(path=path, file_id=known.id, name=name))


def _replace(
    connection: Connection, reopened: Reopened, known: Known | None, rows: FileRows, code_version: str, settings: str
) -> None:
    """Write a reading; one of the same content gives up its numbers and keeps its other paths as aliases."""
    aliases: dict[str, str] = {}
    numbers = _numbers(connection, known, rows)
    number = numbers[t.File.__tablename__][0]
    reopened.reopen(connection, rows.units | (units_of(connection, known.id) if known else frozenset()))
    if known:
        others = select(t.FileAlias.path, t.FileAlias.name).where(t.FileAlias.file_id == number)
        aliases = {known.path: known.name} | {row.path: row.name for row in connection.execute(others)}
        aliases.pop(rows.path, None)
        connection.execute(delete(t.File).where(t.File.id == number))
    own = {**rows.file, "id": number, "code_version": code_version, "settings": settings}
    insert_rows(connection, t.File, {name: [value] for name, value in own.items()})
    rows.insert(connection, numbers)
    if aliases:
        held = [{"path": path, "file_id": number, "name": name} for path, name in sorted(aliases.items())]
        connection.execute(insert(t.FileAlias), held)


def _numbers(connection: Connection, known: Known | None, rows: FileRows) -> Numbers:
    """The numbers for a file and its rows: those that it has, so that reading it again moves nothing, then new."""
    first, *others = connection.execute(NEXT).one()
    number = known.id if known else first
    numbers: dict[str, Sequence[int]] = {t.File.__tablename__: [number]}
    for table, query, new in zip(COUNTED[1:], HELD, others, strict=True):
        held = sorted(connection.execute(query, {"file": number}).scalars()) if known else []
        numbers[table.__tablename__] = list(islice(chain(held, count(new)), rows.counted(table)))
    return numbers
