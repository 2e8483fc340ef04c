"""Runs as the database knows them, and the commands that list, show and repeat them; what stops a run is said."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from helpers_jobs import archive, do, dump, outcomes, rows, whole
from sqlalchemy import event
from typer.testing import CliRunner

from pipeline.archive import database
from pipeline.archive.records import OutputUnwritable
from pipeline.archive.store import DatabaseUnusable, Store, Written
from pipeline.cli import app
from pipeline.commands import run as run_command
from pipeline.running.files import find_inputs
from pipeline.running.run import run
from pipeline.running.versions import code_version
from schemas.families import load_families
from schemas.language.vocabulary import load_words


def jixiao(*arguments: str | Path) -> Result:
    """`jixiao` with these arguments; no exception but that of its exit may leave it."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("│")]


# ── What is kept of a run


def test_a_run_keeps_its_settings_versions_and_outcomes(folder: Path, out: Path) -> None:
    dump(folder / "a.txt", 2)
    (folder / "b.pdf").write_bytes(b"")
    (folder / "c.txt").write_bytes(b"PK\x03\x04" + bytes(99))
    assert jixiao("run", folder, "--out", out, "--jobs", "0").exit_code == 1
    [row] = rows(out, "SELECT code_version, state, message, inputs, options, versions, found, counts FROM runs")
    code, state, message, inputs, options, versions, found, counts = map(str, row)
    assert (code, state, message, found) == (code_version(), "finished", "None", "3")
    assert json.loads(inputs) == [str(folder)]
    assert json.loads(options)["out"] == str(out)
    assert {"python", "pdfplumber", "onnxruntime", "models"} <= json.loads(versions).keys()
    assert json.loads(counts)["refused"] == 1
    assert "rapidocr" in str(rows(out, "SELECT settings FROM runs")[0][0])
    kept = rows(out, "SELECT position, file, outcome, stage, category, sha256 IS NULL FROM run_files ORDER BY position")
    assert kept == [
        (0, "a.txt", "done", None, None, 0),
        (1, "b.pdf", "failed", "intake", "empty", 0),
        (2, "c.txt", "refused", "intake", "not-supported", 0),
    ]
    seconds = json.loads(str(rows(out, "SELECT seconds FROM run_files WHERE position = 0")[0][0]))
    assert seconds.keys() == {"intake", "read", "interpret", "store"}
    assert all(0 <= s < 60 for s in seconds.values())


def test_files_that_are_done_cost_few_queries(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"a note, number {number}\n")
    do(out, folder)
    asked: list[str] = []
    with Store.open(out / "jixiao.db") as store:
        event.listen(store._engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        tally = run(find_inputs([str(folder)]), store, out, load_families(), load_words())
    assert tally.already_done == 40
    assert len(asked) < 40


# ── Listing


def test_runs_are_listed(folder: Path, out: Path) -> None:
    archive(folder, 3)
    for _ in range(2):
        jixiao("run", folder, "--out", out, "--jobs", "0")
    result = jixiao("runs", "--db", out / "jixiao.db")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [cells(line) for line in result.stdout.splitlines() if "/" in line]
    assert [[line[0], *line[2:]] for line in lines] == [
        ["1", "finished", "9/9", "3", "0", "1", "5"],
        ["2", "finished", "9/9", "0", "3", "1", "5"],
    ]


def test_status_tells_what_failed_and_how_long_it_took(folder: Path, out: Path) -> None:
    archive(folder, 3)
    jixiao("run", folder, "--out", out, "--jobs", "0")
    result = jixiao("status", "1", "--db", out / "jixiao.db")
    told = {cells(line)[0]: cells(line)[1] for line in result.stdout.splitlines() if "│" in line}
    assert (told["state"], told["files"], told["done"], told["failed"]) == ("finished", "9 of 9", "3", "5")
    assert told["failed empty"] == "1"
    assert told["refused not-supported"] == "1"
    assert float(told["seconds read"]) >= 0
    assert "000-empty.pdf: The file is empty" in result.stdout


def test_a_run_that_is_gone_is_broken_off(folder: Path, out: Path) -> None:
    do(out, dump(folder / "a.txt", 2))
    with Store.open(out / "jixiao.db") as store:
        store.begin_run("code", "settings", found=7)
        with store.transaction() as connection:
            connection.exec_driver_sql(
                f"UPDATE runs SET process = '{os.uname().nodename} {2**22 + 1}' WHERE state = 'running'"
            )
        store.begin_run("code", "settings", found=8)
    lines = [cells(line) for line in jixiao("runs", "--db", out / "jixiao.db").stdout.splitlines() if "/" in line]
    assert [(line[2], line[3]) for line in lines] == [("finished", "1/1"), ("broken off", "0/7"), ("running", "0/8")]


@pytest.mark.parametrize("command", [("status", "7"), ("retry", "7")])
def test_a_run_that_never_was(command: tuple[str, str], folder: Path, out: Path) -> None:
    do(out, dump(folder / "a.txt", 2))
    result = jixiao(*command, "--db", out / "jixiao.db")
    assert result.exit_code == 2
    assert "there is no run 7 in" in result.stderr


@pytest.mark.parametrize("command", [("runs",), ("status", "1"), ("retry", "1")])
def test_no_database_is_said(command: tuple[str, ...], tmp_path: Path) -> None:
    result = jixiao(*command, "--db", tmp_path / "none.db")
    assert result.exit_code == 2
    assert "there is no database" in result.stderr
    assert list(tmp_path.iterdir()) == []


# ── Once more


def test_retry_takes_only_what_failed(folder: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(folder, 4)
    monkeypatch.chdir(tmp_path)
    assert jixiao("run", "in", "--out", "out", "--jobs", "0").exit_code == 1
    monkeypatch.chdir(folder)  # another folder than that of the run
    dump(folder / "000-empty.pdf", 3).rename(folder / "new.txt")
    (folder / "014-letter.pdf").unlink()
    (folder / "021-office.txt").write_text("refused before, and not asked for")
    dump(folder / "028-noise.txt", 4)
    result = jixiao("retry", "1", "--db", out / "jixiao.db", "--jobs", "0", "--all")
    assert result.exit_code == 1
    assert outcomes(out, 2) == {
        "007-half.pdf": "truncated",
        "028-noise.txt": "done",
        "035-picture.png": "broken-image",
    }
    assert rows(out, "SELECT path FROM files WHERE path LIKE '%noise%'") == [("028-noise.txt",)]


def test_retry_leaves_out_what_cannot_get_better(folder: Path, out: Path) -> None:
    """Empty, broken off, no PDF: as long as the content is the same."""
    archive(folder, 2)
    assert jixiao("run", folder, "--out", out, "--jobs", "0").exit_code == 1
    dump(folder / "014-letter.pdf", 3)
    result = jixiao("retry", "1", "--db", out / "jixiao.db", "--jobs", "0")
    assert "2 files that cannot get better are left out (--all takes them too)" in result.stderr
    assert outcomes(out, 2) == {
        "014-letter.pdf": "not-a-pdf",
        "028-noise.txt": "unknown-encoding",
        "035-picture.png": "broken-image",
    }


def test_nothing_failed_and_nothing_is_retried(folder: Path, out: Path) -> None:
    dump(folder / "a.txt", 2)
    jixiao("run", folder, "--out", out, "--jobs", "0")
    result = jixiao("retry", "1", "--db", out / "jixiao.db", "--jobs", "0")
    assert result.exit_code == 0
    assert outcomes(out, 2) == {}


def test_only_failed_takes_what_no_run_has_read_since(folder: Path, out: Path) -> None:
    archive(folder, 3)
    jixiao("run", folder, "--out", out, "--jobs", "0")
    dump(folder / "028-noise.txt", 4)
    jixiao("run", folder, "--out", out, "--jobs", "0", "--only", "failed")
    kept = {"000-empty.pdf": "empty", "007-half.pdf": "truncated", "014-letter.pdf": "not-a-pdf"}
    picture = {"035-picture.png": "broken-image"}
    assert outcomes(out, 2) == kept | {"028-noise.txt": "done"} | picture
    jixiao("run", folder, "--out", out, "--jobs", "0", "--only", "failed")
    assert outcomes(out, 3) == kept | picture


def test_since_takes_files_changed_since(folder: Path, out: Path) -> None:
    for number, name in enumerate(("old.txt", "new.txt")):
        dump(folder / name, number)
    os.utime(folder / "old.txt", (1.6e9, 1.6e9))  # 2020
    jixiao("run", folder, "--out", out, "--jobs", "0", "--since", "2021-01-31")
    assert outcomes(out) == {"new.txt": "done"}
    jixiao("run", folder, "--out", out, "--jobs", "0", "--since", "2019-01-31T12:00:00")
    assert outcomes(out, 2) == {"new.txt": "already_done", "old.txt": "done"}
    assert jixiao("run", folder, "--out", out, "--since", "yesterday").exit_code == 2


# ── What is said on the way


def test_messages_as_json_lines(folder: Path, out: Path) -> None:
    dump(folder / "a.txt", 2)
    (folder / "b.pdf").write_bytes(b"")
    result = jixiao("run", folder, "--out", out, "--log", "json")
    said = [json.loads(line) for line in result.stderr.splitlines()]
    assert [s["event"] for s in said] == ["begin", "file", "file", "end"]
    assert (said[0]["files"], said[1]["file"], said[1]["outcome"], said[1]["forms"]) == (2, "a.txt", "done", 1)
    assert (said[2]["outcome"], said[2]["category"], said[2]["stage"]) == ("failed", "empty", "intake")
    assert (said[3]["read"], said[3]["failed"]) == (1, 1)


def test_messages_as_json_obey_no_terminal(folder: Path, out: Path) -> None:
    dump(folder / "a\u202etxt.\u2066b.txt", 2)
    result = jixiao("run", folder, "--out", out, "--jobs", "0", "--log", "json")
    assert not {"\u202e", "\u2066"} & set(result.stderr)
    [said] = [json.loads(line) for line in result.stderr.splitlines() if "sha256" in line]
    assert said["file"] == "a\u202etxt.\u2066b.txt"


def test_quiet_says_only_what_failed(folder: Path, out: Path) -> None:
    dump(folder / "a.txt", 2)
    (folder / "b.pdf").write_bytes(b"")
    result = jixiao("run", folder, "--out", out, "--jobs", "0", "--quiet")
    assert result.stderr == "b.pdf: The file is empty; get it again from where it came from.\n"
    result = jixiao("run", folder, "--out", out, "--jobs", "0", "--quiet", "--log", "json", "--force")
    assert [json.loads(line)["event"] for line in result.stderr.splitlines()] == ["begin", "file", "end"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--address", "auto"), "give --engine ray"),
        (("--engine", "ray", "--jobs", "0"), "give --jobs 1 or more"),
        (("--jobs=-1",), "--jobs"),
    ],
)
def test_options_that_do_not_fit(arguments: tuple[str, ...], why: str, folder: Path, out: Path) -> None:
    result = jixiao("run", dump(folder / "a.txt", 2), "--out", out, *arguments)
    assert result.exit_code == 2
    assert why in result.stderr
    assert not out.exists()


# ── What stops a run


@pytest.fixture
def small_disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Databases cannot grow beyond so many pages: what SQLite says then is what it says of a full disk."""
    pages = [200]
    true = Store.open

    def limited(place: Any, create: bool = True) -> Store:
        store = true(place, create)
        store.close()  # connections made before have no limit

        def limit(connection: Any, _record: Any) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages[0]}")

        event.listen(store._engine, "connect", limit)
        return store

    monkeypatch.setattr(Store, "open", limited)
    return pages


def test_a_full_disk_is_said_and_the_run_goes_on_later(folder: Path, out: Path, small_disk: list[int]) -> None:
    for number in range(6):
        dump(folder / f"{number}.txt", number)
    result = jixiao("run", folder, "--out", out, "--jobs", "2")
    assert result.exit_code == 2
    assert "database or disk is full" in result.stderr
    assert "run the same command again to go on" in result.stderr
    held = int(str(rows(out, "SELECT count(*) FROM files")[0][0]))
    assert 0 < held < 6
    assert rows(out, "PRAGMA integrity_check") == [("ok",)]
    small_disk[0] = 100_000
    assert jixiao("run", folder, "--out", out, "--jobs", "2").exit_code == 0
    undisturbed = out.with_name("undisturbed")
    do(undisturbed, folder)
    assert whole(out) == whole(undisturbed)


def test_records_that_cannot_be_written_stop_the_run_before_the_database_calls_them_done(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipeline.running.desk as desk

    true = desk.write_records

    def full(place: Path, name: str, records: Any) -> None:
        if name == "1":
            raise OutputUnwritable(f"{place}: cannot be written: No space left on device")
        true(place, name, records)

    for number in range(3):
        dump(folder / f"{number}.txt", number)
    with monkeypatch.context() as patch:
        patch.setattr(desk, "write_records", full)
        result = jixiao("run", folder, "--out", out, "--jobs", "0")
    assert result.exit_code == 2
    assert "No space left on device; what was written until then is whole" in result.stderr
    assert rows(out, "SELECT path FROM files") == [("0.txt",)]
    assert rows(out, "SELECT state FROM runs") == [("stopped",)]
    do(out, folder)
    assert rows(out, "SELECT path FROM files ORDER BY id") == [("0.txt",), ("1.txt",), ("2.txt",)]


def test_a_lost_database_is_said_and_the_run_goes_on_later(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        dump(folder / f"{number}.txt", number)
    true = Store.write
    saved = []

    def lose(self: Store, *rest: Any) -> Written:
        saved.append(rest)
        if len(saved) == 3:
            raise DatabaseUnusable("db: server closed the connection unexpectedly")
        return true(self, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", lose)
        result = jixiao("run", folder, "--out", out, "--jobs", "0")
    assert result.exit_code == 2
    assert "server closed the connection unexpectedly; what was written until then is whole" in result.stderr
    assert rows(out, "SELECT count(*) FROM files") == [(2,)]
    assert jixiao("run", folder, "--out", out, "--jobs", "0").exit_code == 0
    do(out.with_name("undisturbed"), folder)
    assert whole(out) == whole(out.with_name("undisturbed"))


@pytest.mark.skipif(not hasattr(signal, "SIGTERM") or os.name == "nt", reason="signals of POSIX")
def test_a_request_to_end_ends_a_run_as_ctrl_c_does(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked_to_end(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    dump(folder / "a.txt", 2)
    monkeypatch.setattr(run_command, "run", asked_to_end)
    before = signal.getsignal(signal.SIGTERM)
    result = jixiao("run", folder, "--out", out, "--jobs", "0")
    assert (result.exit_code, result.stderr[:9]) == (1, "stopped; ")
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_database_that_another_program_holds_is_waited_for(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump(folder / "a.txt", 2)
    jixiao("run", folder, "--out", out, "--jobs", "0")
    with Store.open(out / "jixiao.db") as store, store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 60_000
    monkeypatch.setattr(database, "PATIENCE", 0.2)
    with closing(sqlite3.connect(out / "jixiao.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        result = jixiao("run", folder, "--out", out, "--jobs", "0")
    assert result.exit_code == 2
    assert "database is locked; look for another run, or a program in which" in result.stderr


def test_ctrl_c_is_said(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    dump(folder / "a.txt", 2)
    monkeypatch.setattr(run_command, "run", interrupted)
    result = jixiao("run", folder, "--out", out, "--jobs", "0")
    assert result.exit_code == 1
    assert result.stderr.startswith("stopped; ")
    result = jixiao("run", folder, "--out", out, "--jobs", "0", "--log", "json")
    assert (result.exit_code, json.loads(result.stderr)["event"]) == (1, "stopped")
