"""Files that change their content between runs: the database and the records on disk are those of what stands there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers_jobs import crew, do, dump, records, rows, whole

from pipeline.archive.store import DatabaseUnusable
from pipeline.running import desk, worker

NO_FORM = "会议通知\n请准时参加。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three dumps with different numbers of forms."""
    for number, name in enumerate(("p1.txt", "p2.txt", "p3.txt")):
        dump(tmp_path / "in" / name, number)
    return tmp_path / "in"


def said(out: Path) -> dict[str, str]:
    """What each path's records on disk say: the hash of their content, and the file that they name."""
    found = {}
    for name, data in records(out).items():
        source = json.loads(data)["source"]
        found[name] = f"{source['sha256'][:6]} {source['file']} {source['form']}"
    return found


def as_fresh(out: Path, folder: Path, tmp_path: Path) -> None:
    """The records on disk are those of the database; and each file has the content that stands there."""
    do(tmp_path / "fresh", folder)
    query = "SELECT path, sha256 FROM files ORDER BY path"
    mine = dict(rows(out, query)) | dict(
        rows(out, "SELECT a.path, f.sha256 FROM file_aliases a JOIN files f ON f.id = a.file_id")
    )
    fresh = dict(rows(tmp_path / "fresh", query)) | dict(
        rows(tmp_path / "fresh", "SELECT a.path, f.sha256 FROM file_aliases a JOIN files f ON f.id = a.file_id")
    )
    assert mine == fresh
    on_disk = {name: text.rsplit(" ", 1)[1] for name, text in said(out).items()}
    assert on_disk == {name: text.rsplit(" ", 1)[1] for name, text in said(tmp_path / "fresh").items()}
    firsts = {sha: path for path, sha in rows(out, query)}
    for name, data in records(out).items():
        source = json.loads(data)["source"]
        assert mine[name.split("/")[0] + ".txt"] == source["sha256"]
        assert firsts[source["sha256"]] == source["file"]


@pytest.mark.parametrize("names", [("p1", "p2"), ("p1", "p2", "p3"), ("p3", "p2", "p1")], ids="-".join)
def test_files_that_exchange_their_contents(folder: Path, tmp_path: Path, names: tuple[str, ...]) -> None:
    out = tmp_path / "out"
    do(out, folder)
    texts = [(folder / f"{name}.txt").read_text() for name in names]
    for name, text in zip(names, [*texts[1:], texts[0]], strict=True):
        (folder / f"{name}.txt").write_text(text)
    tally = do(out, folder)
    assert tally.counts()["failed"] == 0
    assert tally.files == 3
    as_fresh(out, folder, tmp_path)
    assert do(out, folder).already_done == 3


@pytest.mark.parametrize("other", ["copy", "no form"])
def test_a_file_that_takes_a_known_content_gives_up_its_records(folder: Path, tmp_path: Path, other: str) -> None:
    out = tmp_path / "out"
    (folder / "p3.txt").write_text(NO_FORM)
    do(out, folder)
    (folder / "p1.txt").write_text((folder / ("p2.txt" if other == "copy" else "p3.txt")).read_text())
    do(out, folder)
    as_fresh(out, folder, tmp_path)


def test_the_heir_of_a_content_names_itself(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name in ("p2.txt", "p3.txt"):
        (folder / name).write_text((folder / "p1.txt").read_text())
    do(out, folder)
    dump(folder / "p1.txt", 3)
    do(out, folder)
    as_fresh(out, folder, tmp_path)
    assert {text.split()[1] for name, text in said(out).items() if name.startswith("p3")} == {"p2.txt"}


def test_records_that_a_killed_run_left_are_put_right(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    do(out, folder)
    before, text = records(out), (folder / "p1.txt").read_text()
    (folder / "p1.txt").write_text((folder / "p2.txt").read_text() + "\n第9号\n")
    with monkeypatch.context() as patch:  # ends between its records and its transaction
        patch.setattr(desk, "log_files", lambda *_: (_ for _ in ()).throw(DatabaseUnusable("gone")))
        with pytest.raises(DatabaseUnusable):
            do(out, folder)
    assert records(out) != before
    (folder / "p1.txt").write_text(text)
    assert do(out, folder).already_done == 3
    assert records(out) == before


def test_a_file_that_fails_gives_up_the_records_of_another_content(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    dump(folder / "fails.txt", 3)
    do(out, folder)
    assert "fails" in {name.split("/")[0] for name in said(out)}
    (folder / "fails.txt").write_text((folder / "p1.txt").read_text())
    do(out, folder, pool=crew(1, "by_name"), force=True)
    assert rows(out, "SELECT file FROM failures") == [("fails.txt",)]
    assert {name.split("/")[0] for name in said(out)} == {"p1", "p2", "p3"}


def test_a_file_that_changes_while_it_is_read_fails(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = worker.read_file

    def changing(intake, *rest):  # type: ignore[no-untyped-def]
        reading = true(intake, *rest)
        if intake.shown == "p2.txt":
            (folder / "p2.txt").write_text("another")
        return reading

    monkeypatch.setattr(worker, "read_file", changing)
    out = tmp_path / "out"
    do(out, folder)
    assert rows(out, "SELECT file, category FROM failures") == [("p2.txt", "changed")]
    assert [path for (path,) in rows(out, "SELECT path FROM files ORDER BY path")] == ["p1.txt", "p3.txt"]


def test_a_run_that_fails_at_its_end_is_stopped_and_says_why(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise DatabaseUnusable("the disk is full")

    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.archive.store.Store.check_reviews", breaks)
        with pytest.raises(DatabaseUnusable):
            do(out, folder)
    assert rows(out, "SELECT state, message FROM runs") == [("stopped", "the disk is full")]
    do(out, folder)
    do(tmp_path / "fresh", folder)
    assert whole(out) == whole(tmp_path / "fresh")
