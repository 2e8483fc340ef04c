"""PostgreSQL: the same rows and the same answers as SQLite, one writer at a time, and every loss said."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from helpers_postgres import Server
from helpers_postgres import server as started
from helpers_store import CODE, SETTINGS, failure, full, plan, reading, record, review, sha
from sqlalchemy import create_engine, select, text
from typer.testing import CliRunner

from pipeline.archive import database
from pipeline.archive.outcomes import Tally
from pipeline.archive.store import DatabaseUnusable, Store, UnstorableText, Written, WrongDatabaseVersion
from pipeline.cli import app
from pipeline.output.export import TABLES, export
from pipeline.running.files import find_inputs
from pipeline.running.run import run
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.reading import FileReading
from schemas.tables import VIEWS, Base
from schemas.tables.rows import FileRows

DUMPS = Path(__file__).parent.parent / "data" / "raw" / "dumps"
PASSWORD = "geheim-4711"


@pytest.fixture(scope="module")
def server() -> Server:
    return started()


@pytest.fixture
def url(server: Server) -> str:
    return server.url()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as made:
        yield made


def alike(value: Any) -> Any:
    """A value of a view as both databases give it: PostgreSQL has booleans and exact decimals for them."""
    if isinstance(value, bool):
        return int(value)
    return f"{float(value):.12g}" if isinstance(value, float | Decimal) else value


def everything(place: str) -> dict[str, list[Any]]:
    """The rows of all tables but those of runs, in the order of their keys, and of all views as text."""
    engine = create_engine(place)
    held: dict[str, list[Any]] = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if not table.name.startswith("run"):
                rows = connection.execute(select(table).order_by(*table.primary_key))
                held[table.name] = [tuple(row) for row in rows]
        for name in VIEWS:
            rows = connection.execute(text(f"SELECT * FROM {name}"))
            held[name] = [list(rows.keys()), *sorted(str(tuple(map(alike, row))) for row in rows)]
    engine.dispose()
    return held


def run_into(place: str, out: Path, *names: str) -> Tally:
    inputs = find_inputs([str(DUMPS / name) for name in names] or [str(DUMPS)])
    with Store.open(place) as store:
        return run(inputs, store, out, load_families(), load_words())


def saved(place: str, *readings: FileReading) -> None:
    with Store.open(place) as store:
        for one in readings:
            store.save(one, CODE, SETTINGS)


# the same as SQLite


def test_a_run_leaves_the_same_rows_and_views_as_in_sqlite(url: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'jixiao.db'}"
    tallies = [run_into(place, tmp_path / str(n)) for n, place in enumerate((url, other))]
    assert tallies[0].counts() | {"seconds": 0} == tallies[1].counts() | {"seconds": 0}
    assert tallies[0].forms > 0
    found, expected = everything(url), everything(other)
    for name in expected:
        assert found[name] == expected[name], name
    for name in ("cells", "funds", "indicator_values", "origins", "v_indicators", "v_funds"):
        assert len(expected[name]) > 10, name
    again = run_into(url, tmp_path / "0")
    assert (again.read, again.already_done) == (0, tallies[0].read)
    assert everything(url) == found


def test_every_part_of_a_reading_and_every_change_is_the_same_as_in_sqlite(url: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'jixiao.db'}"
    for place in (url, other):
        with Store.open(place) as store:
            for one in (reading("b.pdf", full(), record()), reading("a.pdf", full(), content="b.pdf")):
                store.save(one, CODE, SETTINGS)
            store.save(reading("b.pdf", record(), content="new"), CODE, SETTINGS)  # a.pdf takes its records over
            store.save(reading("A.pdf", record(year=None), record()), CODE, SETTINGS)
            store.save(reading("啊.pdf", record()), CODE, SETTINGS)
            store.save(reading("一.pdf", full()), CODE, SETTINGS)
            store.save(reading("A.pdf", full()), "2.0", SETTINGS)
            store.note_path("Z.pdf", "Z", sha("A.pdf"))
            store.save_failure(failure("broken.pdf"))
            store.save_failure(failure("啊.pdf", "other"))
    assert everything(url) == everything(other)


@pytest.mark.parametrize(
    ("planned", "unit", "spent", "review_unit"),
    [
        ("0.1", "万元", "0.3", "万元"),
        ("975", "万元", "4743700", "元"),
        ("0.0001", "元", "0.00000002", "万元"),
        ("-0.5", "万元", "-1", "万元"),
        ("0.0001", "元", "461168601842738.7904", "元"),
        ("-922337203685477.5807", "元", "922337203685477.5807", "元"),
        ("975", "万元", None, "万元"),
        ("975", "万元", "/", "万元"),
    ],
)
def test_differences_are_as_exact_as_in_sqlite(
    url: str, tmp_path: Path, planned: str, unit: str, spent: str | None, review_unit: str
) -> None:
    other = f"sqlite:///{tmp_path / 'jixiao.db'}"
    for place in (url, other):
        saved(place, reading("p.pdf", plan(planned, unit)), reading("r.pdf", review(spent=spent, unit=review_unit)))
    found = everything(url)["v_planned_vs_spent"]
    assert len(found) == 2
    assert found == everything(other)["v_planned_vs_spent"]


@pytest.mark.parametrize("fmt", ["json", "csv", "parquet"])
def test_exports_are_the_same_bytes_as_from_sqlite(url: str, tmp_path: Path, fmt: str) -> None:
    made = []
    for place in (url, f"sqlite:///{tmp_path / 'jixiao.db'}"):
        saved(place, *(reading(f"{name}.pdf", full(), record(year=None)) for name in "bAa啊一Z"))
        with Store.open(place) as store:
            out = tmp_path / f"{len(made)}"
            written = export(store, fmt, out)
            made.append([path.read_bytes() for path in written])
    assert len(made[0]) == (1 if fmt == "json" else len(TABLES) + 1)  # and the corrections
    assert made[0] == made[1]


def test_comments_stand_in_the_catalogue(server: Server, store: Store) -> None:
    sql = "SELECT relname, obj_description(oid, 'pg_class') FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    said = dict(server.execute(sql, store.where.rsplit("/", 1)[1]))
    for table in Base.metadata.sorted_tables:
        assert said[table.name] == table.comment
    for name, (comment, _) in VIEWS.items():
        assert said[name] == comment


def test_command_line_takes_the_url(url: str, tmp_path: Path) -> None:
    dump = min(DUMPS.iterdir())
    result = CliRunner().invoke(app, ["run", str(dump), "--db", url, "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert list((tmp_path / "out" / "records").rglob("0.json"))
    assert not (tmp_path / "out" / "jixiao.db").exists()
    result = CliRunner().invoke(app, ["export", "--format", "csv", "--db", url, "--out", str(tmp_path / "csv")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "csv" / "forms.csv").stat().st_size > 200


def test_driver_need_not_be_named(url: str) -> None:
    saved(url, reading("a.pdf", record()))
    for scheme in ("postgresql", "postgres"):
        with Store.open(url.replace("postgresql+psycopg", scheme), create=False) as store:
            assert len(list(store.records())) == 1


# texts that it cannot hold


@pytest.mark.parametrize("text_", ["a\0b", "\ud83d"])
def test_text_that_cannot_be_stored_costs_its_file_only(url: str, text_: str) -> None:
    saved(url, reading("a.pdf", full()))
    before = everything(url)
    with Store.open(url) as store:
        with pytest.raises(UnstorableText):
            store.save(reading("a.pdf", record(fields={"half": text_}), content="new"), CODE, SETTINGS)
        assert everything(url) == before
        store.save(reading("b.pdf", record()), CODE, SETTINGS)
        assert len(list(store.records())) == 2


def test_text_is_data(url: str) -> None:
    evil = "'); DROP TABLE files; -- \\ %s %(name)s {} :name $1 \x01\x1f\x7f\u2028\U0001f600"
    saved(url, reading(evil, record(fields={"annual_goal": evil})))
    with Store.open(url) as store:
        assert store.query("SELECT value FROM fields WHERE name = 'annual_goal'")[1] == [(evil,)]
        assert [r["fields"]["annual_goal"] for r in store.records()] == [evil]


# one writer at a time


def test_two_writers_never_give_out_the_same_numbers(url: str) -> None:
    Store.open(url).close()

    def write(name: str) -> None:
        with Store.open(url) as store:
            for n in range(8):
                store.save(reading(f"{name}{n}.pdf", full()), CODE, SETTINGS)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(write, "abc"))
    held = everything(url)
    assert [row[0] for row in held["files"]] == list(range(1, 25))
    assert [row[0] for row in held["forms"]] == list(range(1, 25))
    assert [row[0] for row in held["indicators"]] == list(range(1, 49))


def test_two_processes_may_make_the_tables_at_once(url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: Store.open(url).close(), range(4)))
    assert len(everything(url)["meta"]) == 1


def test_who_waits_too_long_for_a_writer_says_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    with Store.open(url) as first, Store.open(url) as second, first._writing():
        assert list(second.records()) == []  # who reads does not wait
        with pytest.raises(DatabaseUnusable, match="lock timeout"):
            second.save(reading("a.pdf", record()), CODE, SETTINGS)
    saved(url, reading("a.pdf", record()))


# what is lost, refused or wrong is said


def test_connection_lost_in_a_transaction_is_said_and_leaves_nothing(server: Server, url: str) -> None:
    name = url.rsplit("/", 1)[1]
    with Store.open(url) as store:
        store.save(reading("a.pdf", full()), CODE, SETTINGS)
        before = everything(url)
        with pytest.raises(DatabaseUnusable, match=rf"{name}: the connection was lost"):
            delete_and_lose(store, server, name)
        assert everything(url) == before
        store.save(reading("b.pdf", full()), CODE, SETTINGS)  # the next transaction has a new connection
        assert len(list(store.records())) == 2


def delete_and_lose(store: Store, server: Server, name: str) -> None:
    with store._writing() as connection:
        connection.execute(text("DELETE FROM files"))
        server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        connection.execute(text("DELETE FROM files"))


def test_run_whose_server_goes_down_is_resumed(
    server: Server, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = server.url()
    names = [path.name for path in sorted(DUMPS.iterdir())[:3]]
    run_into(undisturbed, tmp_path / "undisturbed", *names)
    write = Store.write

    def write_two(self: Store, rows: FileRows, *rest: str) -> Written:
        if len(self.query("SELECT id FROM files")[1]) == 2:
            server.stop()
        return write(self, rows, *rest)

    monkeypatch.setattr(Store, "write", write_two)
    try:
        with pytest.raises(DatabaseUnusable) as caught:
            run_into(url, tmp_path / "broken", *names)
    finally:
        monkeypatch.undo()
        server.start()
    assert url in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(everything(url)["files"]) == 2
    tally = run_into(url, tmp_path / "broken", *names)
    assert (tally.already_done, tally.read) == (2, 1)
    assert everything(url) == everything(undisturbed)


def test_passwords_are_never_shown(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    host = f"127.0.0.1:{server.port}"
    wrong = [
        f"postgresql+psycopg://nobody:{PASSWORD}@{host}/none",
        f"postgresql+psycopg://nobody@{host}/none?password={PASSWORD}",
        f"postgresql+psycopg://nobody:{PASSWORD}@{host}/none?no_such_option=1",
        f"postgresql+psycopg://nobody:{PASSWORD}@127.0.0.1:1/none",
        f"postgresql+psycopg://nobody:{PASSWORD}@{host}x/none",
        f"postgresql+psycopg://nobody:{PASSWORD}@[::1/none",
        f"postgresql+nosuchdriver://nobody:{PASSWORD}@{host}/none",
        f"mysql://nobody:{PASSWORD}@{host}/none",
        f"://nobody:{PASSWORD}@{host}/none",
    ]
    for place in wrong:
        with pytest.raises(DatabaseUnusable) as caught:
            Store.open(place)
        assert PASSWORD not in str(caught.value)
        assert host[:9] in str(caught.value) or "[::1" in str(caught.value)
        result = CliRunner().invoke(app, ["export", "--format", "json", "--db", place])
        assert result.exit_code == 2, result.output
        assert PASSWORD not in result.output + result.stderr


def test_database_of_another_encoding_is_refused(server: Server) -> None:
    options = "ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'"
    with pytest.raises(DatabaseUnusable, match=r"SQL_ASCII.*ENCODING 'UTF8'"):
        Store.open(server.url(server.database(options)))


def test_database_of_something_else_is_left_as_it_is(server: Server, url: str) -> None:
    name = url.rsplit("/", 1)[1]
    server.execute("CREATE TABLE meta (mine TEXT)", name)
    with pytest.raises(WrongDatabaseVersion, match="no tables of jixiao"):
        Store.open(url)
    assert server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name) == [(1,)]


def test_who_may_not_write_is_told(server: Server, url: str) -> None:
    Store.open(url).close()
    name = url.rsplit("/", 1)[1]
    server.execute(
        f"CREATE ROLE reader_{name} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_{name}", name
    )
    with Store.open(url.replace("postgres@", f"reader_{name}@")) as store:
        assert list(store.records()) == []
        with pytest.raises(DatabaseUnusable, match="permission denied"):
            store.save(reading("a.pdf", record()), CODE, SETTINGS)


def test_a_long_answer_is_fetched_in_batches(store: Store) -> None:
    sizes = [len(rows) for rows in store.batches("SELECT * FROM generate_series(1, 2500) AS n ORDER BY n")]
    assert sizes == [1000, 1000, 500]


def test_the_server_of_the_tests_does_not_run_as_root(server: Server) -> None:
    with psycopg.connect(f"host=127.0.0.1 port={server.port} user=postgres dbname=postgres") as connection:
        [(folder,)] = connection.execute("SHOW data_directory").fetchall()
        [(addresses,)] = connection.execute("SHOW listen_addresses").fetchall()
    assert addresses == "127.0.0.1"
    assert Path(folder).stat().st_uid != 0
