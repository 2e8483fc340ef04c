"""The database as such: which one is meant, how it is opened and brought up to date, and what its errors mean.

SQLite and PostgreSQL through the same code. What differs stands here: how a writer keeps others from
writing, where a copy goes before the tables are changed, and how a lost connection is said.
"""

from __future__ import annotations

import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError

from schemas import tables as t

WRITER = 0x6A697869616F  # any number that is ours alone: who holds PostgreSQL's advisory lock of it may write
PATIENCE = 60  # seconds that a writer waits for another one before it gives up
STATEMENTS = 512  # that SQLite keeps ready: a table's rows are written by a few of them
LOCKED = re.compile("database (?:table )?is locked|lock timeout")
CREDENTIALS = re.compile(r"//[^/]*@")  # what stands before the host of a URL

Tell = Callable[[str], None]
DRIVER = "pip install 'jixiao[postgres]'"  # of PostgreSQL


class DatabaseUnusable(Exception):
    """The database cannot be opened, read or written; the message names the cause."""


class WrongDatabaseVersion(Exception):
    """The database has tables of a newer version, or of another program."""


class UnstorableText(Exception):
    """A value that the database cannot hold: half a character (a lone surrogate); in PostgreSQL the character NUL."""


def tell_on_stderr(message: str) -> None:
    """Say something that nobody asked for and everybody should know."""
    print(message, file=sys.stderr)


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Errors of the database and its driver as ours."""
    try:
        yield
    except DataError as error:
        raise UnstorableText(f"{where}: {_said(error.orig)}") from error
    except DBAPIError as error:
        lost = "the connection was lost, what was written before is kept: " if error.connection_invalidated else ""
        raise DatabaseUnusable(f"{where}: {lost}{_said(error.orig)}{_remedy(error.orig)}") from error
    except (sqlite3.Error, ArgumentError, NoSuchModuleError, ImportError) as error:
        raise DatabaseUnusable(f"{where}: {_said(error)}{_remedy(error)}") from error
    except UnicodeEncodeError as error:
        raise UnstorableText(f"{where}: {error.object[error.start : error.end]!r} cannot be stored") from error


def open_engine(place: str | Path, create: bool) -> tuple[Engine, str]:
    """The engine of a SQLite file or SQLAlchemy URL, and what messages call it. Nothing is connected yet.

    Raises `DatabaseUnusable`: no such kind of database, folder missing, file missing where it is not to be
    created, no permission.
    """
    url = _url(place)
    where = _where(url)
    if url.get_backend_name() == "sqlite" and _is_file(url):
        _check_file(Path(str(url.database)), create)
    with explained(where):
        return _engine(url), where


def prepare(engine: Engine, where: str, create: bool, tell: Tell = tell_on_stderr) -> None:
    """Make the tables in an empty database; bring those of an older version up to date, and tell so.

    Raises `WrongDatabaseVersion` where they are a newer version's or not ours, `DatabaseUnusable` where the
    database cannot be used.
    """
    with explained(where), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            _check_encoding(connection, where)
        empty = _is_empty(connection)
        held = t.version_of(connection)
    if empty and create:
        held = _make(engine, where)
    elif held is not None and held < t.SCHEMA_VERSION:
        held = _upgrade(engine, where, tell)
    if held is None:
        raise WrongDatabaseVersion(
            f"{where} holds no tables of jixiao. Name another database: a new one is made from the filings."
        )
    if held > t.SCHEMA_VERSION:
        raise WrongDatabaseVersion(
            f"{where} holds tables of version {held}, made by a newer jixiao; this one knows them up to version "
            f"{t.SCHEMA_VERSION}. Use the newer jixiao, or name another database: it is made anew from the filings."
        )
    if engine.dialect.name == "sqlite":
        _turn_on_wal(engine, where)


def writer(engine: Engine) -> Engine:
    """The engine for who writes: a transaction of it keeps other writers waiting from its beginning."""
    return engine.execution_options(writes=True)


def _said(error: object) -> str:
    """An error's own words in one line."""
    return " ".join(str(error).split())


def _remedy(error: object) -> str:
    """What to do about a database that another program does not let go of."""
    if not LOCKED.search(str(error)):
        return ""
    return "; look for another run, or a program in which the database is open, and end it"


def _url(place: str | Path) -> URL:
    """The database that is meant. A URL that does not name its driver gets ours."""
    if not (isinstance(place, str) and "://" in place):
        return URL.create("sqlite", database=str(place))
    shown = CREDENTIALS.sub("//***@", place)
    try:
        url = make_url(place)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        raise DatabaseUnusable(
            f"{shown} is no URL of a database; expected postgresql+psycopg://USER@HOST:PORT/NAME, or a path"
        ) from None  # the cause would show the password
    if backend not in ("sqlite", "postgresql", "postgres"):
        raise DatabaseUnusable(f"{shown}: jixiao writes to SQLite and PostgreSQL, not to {backend}")
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _is_file(url: URL) -> bool:
    return url.database not in (None, "", ":memory:") and not str(url.database).startswith("file:")


def _where(url: URL) -> str:
    """What messages call the database: the file, or the URL without its password and options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(query={}).render_as_string(hide_password=True)


def _check_file(path: Path, create: bool) -> None:
    """Raise `DatabaseUnusable` with the cause that SQLite would only call `unable to open`."""
    folder = path.parent
    if not path.exists() and not create:
        raise DatabaseUnusable(f"there is no database {path}; `jixiao run` makes one, `--db` names another")
    if not folder.is_dir():
        raise DatabaseUnusable(f"{path}: the folder {folder} does not exist")
    if path.is_dir():
        raise DatabaseUnusable(f"{path} is a folder, not a database")
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise DatabaseUnusable(f"{path} cannot be written: no permission")
    if not os.access(folder, os.W_OK):
        raise DatabaseUnusable(f"{path}: the folder {folder} cannot be written: no permission")


def _engine(url: URL) -> Engine:
    """The engine; a URL may say itself how long to wait for others. SQLite: foreign keys count, and BEGIN comes where a
    transaction begins."""
    if url.get_backend_name() == "sqlite":
        patience = {} if "timeout" in url.query else {"timeout": PATIENCE}
        engine = create_engine(url, connect_args={"cached_statements": STATEMENTS, **patience})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # The numbers that a writer gives out are read after it has the lock: a transaction that went on seeing the
    # database as it was before the wait would give out the numbers of the one it waited for.
    try:
        engine = create_engine(url, isolation_level="READ COMMITTED", client_encoding="utf8", pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise DatabaseUnusable(f"{_where(url)}: {error.name} is not installed; {DRIVER} brings it") from error
    event.listen(engine, "connect", _set_up_postgresql)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Foreign keys count, and the driver's own BEGIN, which comes late, is turned off."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=NORMAL")  # with WAL, a power cut may lose the last files


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once: it reads the next numbers before it writes."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _set_up_postgresql(connection: Any, _record: Any) -> None:
    """A writer that died on another machine may hold its lock for long: who waits gives up and says so."""
    connection.execute(f"SET lock_timeout = '{round(PATIENCE * 1000)}ms'")
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    """One writer at a time, as in SQLite. The lock goes with the transaction, also where it ends by a crash."""
    if _writes(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("writes", False))


def _is_empty(connection: Connection) -> bool:
    return not inspect(connection).get_table_names()


def _check_encoding(connection: Connection, where: str) -> None:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise DatabaseUnusable(
            f"{where} keeps text as {encoding}, which cannot hold every character of the filings; make a "
            "database with ENCODING 'UTF8' (and TEMPLATE template0)"
        )


def _make(engine: Engine, where: str) -> int | None:
    """Make the tables, unless another process has made them just now; the version that is there then."""
    with explained(where), writer(engine).begin() as connection:
        if _is_empty(connection):
            t.create_schema(connection)
        return t.version_of(connection)


def _upgrade(engine: Engine, where: str, tell: Tell) -> int | None:
    """Bring the tables up to date in one transaction, SQLite after a copy; the version that is there then."""
    with explained(where), writer(engine).begin() as connection:
        held = t.version_of(connection)
        if held is None or held >= t.SCHEMA_VERSION:  # another process was faster
            return held
        change = f"{where}: its tables are brought from version {held} to version {t.SCHEMA_VERSION}"
        if engine.dialect.name == "sqlite":
            tell(f"{change}; the database as it was is kept as {_back_up(connection, where, held)}")
        else:
            tell(f"{change}, in one transaction: wholly or not at all. No copy is made: pg_dump makes one.")
        t.upgrade_schema(connection)
    return t.SCHEMA_VERSION


def _back_up(connection: Connection, where: str, version: int) -> Path:
    """Copy the SQLite database beside itself, and never over an older copy; the copy.

    The writer's lock is held: nobody changes the database meanwhile, and nobody else copies it. The copy gets
    its name when it is whole.
    """
    held = {name: file for _, name, file in connection.exec_driver_sql("PRAGMA database_list")}
    path = Path(held["main"])
    target = path.with_name(f"{path.name}.v{version}.bak")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.v{version}.bak{number}")
    unfinished = target.with_name(f"{target.name}.part")
    try:
        unfinished.unlink(missing_ok=True)  # of a copy that was broken off
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
        unfinished.rename(target)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        raise DatabaseUnusable(
            f"{where}: its tables must be brought up to date, and the copy before that cannot be written: "
            f"{target}: {error}. The database is as it was."
        ) from error
    return target


def _turn_on_wal(engine: Engine, where: str) -> None:
    """Who reads does not wait for who writes. Kept in the file, so only once we know that it is ours."""
    with explained(where), closing(engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA journal_mode=WAL")
