"""A database of an older version becomes the same as a new one, keeps what it held, and nobody is surprised."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from helpers_postgres import server
from helpers_store import SETTINGS, full, reading, sha
from sqlalchemy import Engine, create_engine, inspect, text
from typer.testing import CliRunner

from pipeline.archive import database
from pipeline.archive.database import DatabaseUnusable, WrongDatabaseVersion
from pipeline.archive.store import Store
from pipeline.cli import app
from schemas import migrations
from schemas.tables import SCHEMA_VERSION, VIEWS, Base
from schemas.tables.base import remark

OLD = Path(__file__).parent / "old_databases"
REMARK = re.compile(r"/\*.*?\*/")


def old_sqlite(path: Path) -> Path:
    """The database that version 1 made, with a few filings."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((OLD / "v1.sqlite.sql").read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode=WAL")
    return path


def old_postgresql() -> str:
    name = server().database()
    server().execute((OLD / "v1.postgresql.sql").read_text(encoding="utf-8"), name)
    return server().url(name)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return old_sqlite(tmp_path / "jixiao.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The URLs of an old and of a new, empty database of one kind."""
    if request.param == "postgresql":
        return old_postgresql(), server().url()
    return f"sqlite:///{old_sqlite(tmp_path / 'old.db')}", f"sqlite:///{tmp_path / 'new.db'}"


def upgraded(place: str | Path) -> list[str]:
    """Open the database, which upgrades it; what was said."""
    said: list[str] = []
    Store.open(place, tell=said.append).close()
    return said


def shape(engine: Engine) -> dict[str, Any]:
    """All tables with columns, types, keys, indexes and comments, and all views, without their order."""
    found = inspect(engine)
    made: dict[str, Any] = {}
    for table in found.get_table_names():
        made[table] = {
            "columns": {
                x["name"]: (str(x["type"]), getattr(x["type"], "collation", None), x["nullable"], x["default"])
                for x in found.get_columns(table)
            },
            "key": found.get_pk_constraint(table),
            "references": sorted(map(str, found.get_foreign_keys(table))),
            "unique": sorted(map(str, found.get_unique_constraints(table))),
            "indexes": sorted(map(str, found.get_indexes(table))),
            "options": found.get_table_options(table),
        }
        if engine.dialect.name == "postgresql":
            made[table]["comments"] = {x["name"]: x["comment"] for x in found.get_columns(table)}
            made[table]["comment"] = found.get_table_comment(table)
        else:
            with engine.connect() as connection:
                query = text("SELECT sql FROM sqlite_master WHERE name = :name")
                sql = connection.execute(query, {"name": table}).scalar_one()
            made[table]["comments"] = len(REMARK.findall(sql))  # one of an older version may be worded otherwise
            made[table]["rowid"] = "WITHOUT ROWID" not in sql
    for view in found.get_view_names():
        made[view] = found.get_view_definition(view)
    return made


def contents(place: str) -> dict[str, list[Any]]:
    """The columns of all tables and views, as text, and behind them their rows."""
    engine = create_engine(place)
    with engine.connect() as connection:
        found = inspect(connection)
        held = {}
        for name in sorted({*found.get_table_names(), *found.get_view_names()} - {"alembic_version", "meta"}):
            columns = ", ".join(f'"{column["name"]}"' for column in found.get_columns(name))
            held[name] = [
                columns,
                *sorted(map(tuple, connection.execute(text(f"SELECT {columns} FROM {name}"))), key=str),
            ]
    engine.dispose()
    return held


# the steps


def test_an_upgraded_database_is_made_like_a_new_one(places: tuple[str, str]) -> None:
    old, new = places
    assert len(upgraded(old)) == 1
    assert upgraded(new) == []
    shapes = [shape(create_engine(place)) for place in places]
    assert shapes[0].keys() == shapes[1].keys() >= {*Base.metadata.tables, *VIEWS, "alembic_version"}
    for name in shapes[1]:
        assert shapes[0][name] == shapes[1][name], f"{name}: a step in schemas/migrations/versions is missing"


def test_columns_that_are_added_say_what_they_hold(old: Path) -> None:
    engine = create_engine(f"sqlite:///{old}")
    before = {
        (table, x["name"]) for table in inspect(engine).get_table_names() for x in inspect(engine).get_columns(table)
    }
    upgraded(old)
    added = [x for table in Base.metadata.sorted_tables for x in table.columns if (table.name, x.name) not in before]
    assert len(added) > 20
    with engine.connect() as connection:
        for column in added:
            query = text("SELECT sql FROM sqlite_master WHERE name = :name")
            assert remark(column.comment) in connection.execute(query, {"name": column.table.name}).scalar_one()
    engine.dispose()


def test_an_upgrade_keeps_every_row(places: tuple[str, str]) -> None:
    before = contents(places[0])
    assert all(
        len(before[name]) > 1 for name in ("files", "file_aliases", "runs", "origins", "v_indicators", "v_funds")
    )
    upgraded(places[0])
    engine = create_engine(places[0])
    with engine.connect() as connection:
        for name, (columns, *rows) in before.items():
            if name == "v_funds":  # where points stood among the amounts; they have a column of their own
                points = "CAST(CAST(points_value AS INTEGER) AS TEXT)"
                columns = columns.replace('"amount",', f'coalesce("amount", {points}) AS "amount",')
            now = connection.execute(text(f"SELECT {columns} FROM {name}"))
            assert sorted(map(tuple, now), key=str) == rows, name
    engine.dispose()


def test_an_upgraded_database_is_written_and_read_like_a_new_one(places: tuple[str, str]) -> None:
    for place in places:
        with Store.open(place, tell=lambda _: None) as store:
            store.save(reading("b.pdf", full(), full()), "2.0", SETTINGS)
            assert store.known([sha("b.pdf")])[sha("b.pdf")].read_by("2.0", SETTINGS)
            assert [r["indicators"][0]["level3"] for r in store.records_of(sha("b.pdf"))] == ["发放人数"] * 2
            assert store.query("SELECT offered FROM checks WHERE form_id = 1")[1] == [(None,)]


def test_steps_lead_to_the_version_of_the_tables() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    steps = ScriptDirectory.from_config(config)
    assert steps.get_heads() == [str(SCHEMA_VERSION)]
    assert [step.revision for step in steps.walk_revisions()] == [
        str(version) for version in range(SCHEMA_VERSION, 0, -1)
    ]


def test_the_version_is_written_down_wherever_it_is_looked_for(places: tuple[str, str]) -> None:
    for place in places:
        upgraded(place)
        engine = create_engine(place)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT id, schema_version FROM meta")).all() == [(1, SCHEMA_VERSION)]
            assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [(str(SCHEMA_VERSION),)]
            if engine.dialect.name == "sqlite":
                assert connection.execute(text("PRAGMA user_version")).scalar() == SCHEMA_VERSION
        engine.dispose()
        assert upgraded(place) == []


# what is said, and what is kept


def test_a_copy_of_the_old_database_is_kept(old: Path) -> None:
    before = list(sqlite3.connect(old).iterdump())
    [said] = upgraded(old)
    kept = old.with_name("jixiao.db.v1.bak")
    for part in (str(old), "version 1", f"version {SCHEMA_VERSION}", str(kept)):
        assert part in said
    with closing(sqlite3.connect(kept)) as copy:
        assert list(copy.iterdump()) == before
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_copy_that_is_there_is_never_written_over(old: Path) -> None:
    kept = old.with_name("jixiao.db.v1.bak")
    kept.write_text("mine")
    [said] = upgraded(old)
    assert kept.read_text() == "mine"
    assert str(kept) + "2" in said
    with closing(sqlite3.connect(f"{kept}2")) as copy:
        assert copy.execute("SELECT count(*) FROM files").fetchone() == (2,)
    assert list(old.parent.glob("*.part")) == []


def test_without_a_copy_nothing_is_changed(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    before = list(sqlite3.connect(old).iterdump())
    monkeypatch.setattr(Path, "rename", full_disk)
    with pytest.raises(DatabaseUnusable, match=r"v1\.bak: .*No space left on device.*as it was"):
        upgraded(old)
    assert list(sqlite3.connect(old).iterdump()) == before
    assert list(old.parent.glob("*.bak*")) == []


def test_an_upgrade_that_breaks_changes_nothing(places: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    before, made = contents(places[0]), shape(create_engine(places[0]))
    monkeypatch.setitem(VIEWS, "v_broken", ("no such table", "SELECT * FROM nowhere WHERE 1 = "))
    with pytest.raises(DatabaseUnusable):
        upgraded(places[0])
    assert contents(places[0]) == before
    assert shape(create_engine(places[0])) == made
    monkeypatch.undo()
    upgraded(places[0])
    assert Store.open(places[0]).query("SELECT count(*) FROM risks")[1] == [(0,)]


def test_postgresql_is_told_that_no_copy_is_made() -> None:
    place = old_postgresql()
    [said] = upgraded(place)
    for part in (place, "version 1", "one transaction", "pg_dump"):
        assert part in said


def test_who_only_reads_is_told_too(old: Path) -> None:
    result = CliRunner().invoke(app, ["export", "--format", "json", "--db", str(old)])
    assert result.exit_code == 0
    assert "jixiao.db.v1.bak" in result.stderr
    assert "version" not in result.stdout
    assert result.stdout.count('"source"') == 3


def test_another_process_may_upgrade_first(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find the old version; the second one, when it has the lock, finds that nothing is to be done."""
    turn = database._upgrade

    def twice(*given: Any) -> int | None:
        turn(*given)
        return turn(*given)

    monkeypatch.setattr(database, "_upgrade", twice)
    assert len(upgraded(old)) == 1
    assert len(list(old.parent.glob("*.bak*"))) == 1


def test_tables_of_a_newer_version_are_refused(places: tuple[str, str]) -> None:
    place = places[1]
    upgraded(place)
    engine = create_engine(place)
    with engine.begin() as connection:
        connection.execute(text("UPDATE meta SET schema_version = 99"))
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA user_version = 99"))
    before = contents(place)
    with pytest.raises(WrongDatabaseVersion, match=r"version 99, made by a newer jixiao.*Use the newer"):
        upgraded(place)
    assert contents(place) == before
    engine.dispose()


def test_views_of_the_user_stay(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("CREATE VIEW mine AS SELECT path FROM files")
        connection.commit()
    upgraded(old)
    with closing(sqlite3.connect(old)) as connection:
        assert len(connection.execute("SELECT * FROM mine").fetchall()) == 2
