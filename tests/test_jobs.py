"""Worker processes: the same database however many there are; one that hangs or dies costs its file only."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from helpers_jobs import SOURCES, archive, copy, crew, do, dump, outcomes, records, rows, whole

from extractors.intake import take_in
from extractors.ocr.choose import built_in_engine
from pipeline.archive.outcomes import FileOutcome, Tally
from pipeline.running.files import find_inputs
from pipeline.running.order import AHEAD, Answered, Failed, FileTask, Skipped, in_order
from pipeline.running.pool import InProcess, NoWorkers
from pipeline.running.run import Listener, hashed
from pipeline.running.worker import Job, Result, answer_of, read_file, result_of
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.tables.rows import rows_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


# ── However many read


@pytest.mark.parametrize("jobs", [1, 2])
def test_workers_make_the_same_database(jobs: int, folder: Path, tmp_path: Path) -> None:
    archive(folder, 18)
    alone = do(tmp_path / "alone", folder)
    together = do(tmp_path / "together", folder, pool=crew(jobs))
    assert (alone.files, alone.read, alone.already_done, alone.refused, alone.failed) == (24, 16, 2, 1, 5)
    assert together.counts() == alone.counts()
    assert [f.file for f in together.failures] == [f.file for f in alone.failures]
    assert whole(tmp_path / "together") == whole(tmp_path / "alone")
    assert records(tmp_path / "together") == records(tmp_path / "alone")
    assert list(outcomes(tmp_path / "together").items()) == list(outcomes(tmp_path / "alone").items())


def test_what_comes_of_the_files_is_heard_and_kept_in_their_order(folder: Path, tmp_path: Path) -> None:
    for number in range(6):
        dump(folder / ("0-slow.txt" if number == 0 else f"{number}.txt"), number)
    heard = Heard()
    do(tmp_path / "out", folder, pool=crew(2, "by_name"), listener=heard)
    assert heard.files == ["0-slow.txt", "1.txt", "2.txt", "3.txt", "4.txt", "5.txt"]
    assert rows(tmp_path / "out", "SELECT path FROM files ORDER BY id") == [(name,) for name in heard.files]
    assert [(n,) for n in range(6)] == rows(tmp_path / "out", "SELECT position FROM run_files ORDER BY position")


class Heard(Listener):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.files: list[str] = []

    def ended(self, file: FileOutcome, tally: Tally) -> None:
        self.files.append(file.file)
        assert tally.files == len(self.files)


def test_a_second_run_gives_no_worker_anything(folder: Path, tmp_path: Path) -> None:
    for number in range(10):
        dump(folder / f"{number}.txt", number % 9)
    out = tmp_path / "out"
    first = do(out, folder)
    before = whole(out)
    again = do(out, folder, pool=crew(2, "never"))
    assert (again.read, again.already_done) == (0, 10)
    assert (again.forms, again.indicators, again.findings) == (first.forms, first.indicators, first.findings)
    assert whole(out) == before


def test_a_content_that_moved_is_read_again_where_its_place_was_taken(folder: Path, tmp_path: Path) -> None:
    """What was looked up ahead may have gone when its turn comes."""
    dump(folder / "a.txt", 2)
    dump(folder / "b.txt", 0)
    out = tmp_path / "out"
    do(out, folder)
    (folder / "a.txt").rename(folder / "c.txt")
    dump(folder / "a.txt", 4)
    alone = copy(out, tmp_path / "alone")
    tally = do(out, folder, pool=crew(2))
    assert (tally.read, tally.already_done, tally.failed) == (2, 1, 0)
    do(alone, folder)
    assert whole(out) == whole(alone)
    assert sorted(records(out)) == ["a/0.json", "b/0.json", "c/0.json"]


def test_the_twin_of_a_file_that_failed_is_read_itself(folder: Path, tmp_path: Path) -> None:
    dump(folder / "a-fails.txt", 2)
    dump(folder / "b.txt", 2)
    dump(folder / "c.txt", 2)
    tally = do(tmp_path / "out", folder, pool=crew(2, "by_name"))
    assert outcomes(tmp_path / "out") == {"a-fails.txt": "internal-error", "b.txt": "done", "c.txt": "already_done"}
    assert tally.failures[0].message.startswith("a-fails.txt: ValueError: it fails here at fake_readers.py:")


def test_forced_reading_by_workers_changes_nothing(folder: Path, tmp_path: Path) -> None:
    archive(folder, 9)
    do(tmp_path / "out", folder)
    before, files = whole(tmp_path / "out"), records(tmp_path / "out")
    tally = do(tmp_path / "out", folder, pool=crew(2), force=True)
    assert (tally.read, tally.already_done) == (9, 0)
    assert (whole(tmp_path / "out"), records(tmp_path / "out")) == (before, files)


# ── Workers that hang, die, or swallow memory


def test_a_file_that_hangs_costs_itself_only(folder: Path, tmp_path: Path) -> None:
    for number, name in enumerate(("1-hang", "2", "3-locked", "4", "5")):
        dump(folder / f"{name}.txt", number)
    begun = time.monotonic()
    tally = do(tmp_path / "out", folder, pool=crew(2, "by_name", seconds=2))
    assert time.monotonic() - begun < 60
    assert (tally.failed, tally.read) == (2, 3)
    assert outcomes(tmp_path / "out") == {
        "1-hang.txt": "timed-out",
        "2.txt": "done",
        "3-locked.txt": "timed-out",
        "4.txt": "done",
        "5.txt": "done",
    }
    assert tally.failures[0].message == (
        "1-hang.txt: Reading the file took longer than it may; give it more time (--timeout), and retry the run."
        " (limit 2 s)"
    )
    assert tally.failures[0].sha256 is not None


def test_the_time_limit_holds_for_one_worker_too(folder: Path, tmp_path: Path) -> None:
    dump(folder / "1-hang.txt", 0)
    dump(folder / "2.txt", 2)
    do(tmp_path / "out", folder, pool=crew(1, "by_name", seconds=1.5))
    assert outcomes(tmp_path / "out") == {"1-hang.txt": "timed-out", "2.txt": "done"}


def test_a_worker_that_dies_costs_its_file_only(folder: Path, tmp_path: Path) -> None:
    for number, name in enumerate(("1-die", "2", "3-segfault", "4-once", "5")):
        dump(folder / f"{name}.txt", number)
    tally = do(tmp_path / "out", folder, pool=crew(2, "by_name"))
    assert outcomes(tmp_path / "out") == {
        "1-die.txt": "worker-died",
        "2.txt": "done",
        "3-segfault.txt": "worker-died",
        "4-once.txt": "done",  # the second try
        "5.txt": "done",
    }
    assert [f.message.rpartition(" (")[2] for f in tally.failures] == ["killed by SIGKILL)", "killed by SIGSEGV)"]


def test_a_file_that_swallows_memory_costs_itself_only(folder: Path, tmp_path: Path) -> None:
    for number, name in enumerate(("1-gulp", "2", "3-memory", "4")):
        dump(folder / f"{name}.txt", number)
    do(tmp_path / "out", folder, pool=crew(2, "by_name", memory=900))
    assert outcomes(tmp_path / "out") == {
        "1-gulp.txt": "out-of-memory",
        "2.txt": "done",
        "3-memory.txt": "out-of-memory",
        "4.txt": "done",
    }


def test_what_a_file_is_is_found_out_under_its_limits(folder: Path, tmp_path: Path) -> None:
    dump(folder / "a-sniffed.txt", 0)
    dump(folder / "b.txt", 1)
    out = tmp_path / "out"
    tally = do(out, folder, pool=crew(1, "by_name", seconds=3.0))
    assert (tally.failed, tally.read) == (1, 1)
    assert rows(out, "SELECT file, category FROM failures") == [("a-sniffed.txt", "timed-out")]


@pytest.mark.parametrize("jobs", [0, 1])
def test_a_worker_whose_engine_hangs_is_replaced(
    jobs: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("a-slow", "b", "c", "d-slow", "e")):
        dump(folder / f"{name}.txt", number)
    out = tmp_path / "out"
    if jobs:
        do(out, folder, pool=crew(1, "slow_engine"))
        assert rows(out, "SELECT file, category FROM failures ORDER BY file") == [
            ("a-slow.txt", "engine-timed-out"),
            ("d-slow.txt", "engine-timed-out"),
        ]
        assert rows(out, "SELECT count(*) FROM files") == [(3,)]
        return
    engine = built_in_engine()
    monkeypatch.setattr("fake_readers.HUNG", [])
    do(out, folder, pool=lambda setup: InProcess(replace(setup, reader="fake_readers:slow_engine")))
    assert built_in_engine() is not engine  # the next page gets a new one


@pytest.mark.parametrize("jobs", [0, 1])
def test_what_libraries_print_reaches_nobody(
    jobs: int, folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    dump(folder / "a.txt", 0)
    made = crew(1, "noisy") if jobs else lambda setup: InProcess(replace(setup, reader="fake_readers:noisy"))
    assert do(tmp_path / "out", folder, pool=made).read == 1
    print("heard")
    assert capfd.readouterr() == ("heard\n", "")


def test_what_cannot_be_sent_is_a_fault_of_its_file(folder: Path, tmp_path: Path) -> None:
    dump(folder / "1.txt", 0)
    tally = do(tmp_path / "out", folder, pool=crew(1, "rubbish"))
    assert [(f.category, f.file) for f in tally.failures] == [("internal-error", "1.txt")]


def test_workers_are_replaced_by_count(folder: Path, tmp_path: Path) -> None:
    for number in range(7):
        dump(folder / f"{number}.txt", number)
    do(tmp_path / "out", folder, pool=crew(1, "leaky", files=3))
    who = Counter((folder / "who").read_text().split())
    assert sorted(who.values()) == [1, 3, 3]


def test_workers_are_replaced_by_memory(folder: Path, tmp_path: Path) -> None:
    for number in range(4):
        dump(folder / f"{number}-leak.txt", number)
    tally = do(tmp_path / "out", folder, pool=crew(1, "leaky", memory=700))
    assert tally.read == 4
    assert len(Counter((folder / "who").read_text().split())) > 1


def test_workers_that_cannot_start_stop_the_run(folder: Path, tmp_path: Path) -> None:
    dump(folder / "1.txt", 0)
    with pytest.raises(NoWorkers, match="the workers end before they can read: exit code 1"):
        do(tmp_path / "out", folder, pool=crew(1, "no_such_function"))
    assert rows(tmp_path / "out", "SELECT state, message FROM runs") == [
        ("stopped", "the workers end before they can read: exit code 1")
    ]


# ── The order by itself


class Pool:
    """Answers at the last moment and backwards; never has more than it may."""

    size = 2

    def __init__(self) -> None:
        self.jobs: list[tuple[int, Job]] = []
        self.most = 0

    def submit(self, number: int, job: Job) -> None:
        self.jobs.append((number, job))
        self.most = max(self.most, len(self.jobs))

    def answers(self) -> list[tuple[int, bytes]]:
        number, job = self.jobs.pop()
        return [(number, job.item.name.encode())]

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None: ...


def test_answers_come_out_in_order_and_within_bounds(folder: Path) -> None:
    for number in range(2 * AHEAD):
        (folder / f"{number:04d}.txt").write_text(f"content {number}")
    pool, looked = Pool(), 0

    def tasks():  # type: ignore[no-untyped-def]
        nonlocal looked
        for task in hashed(find_inputs([str(folder)])):
            looked += 1
            yield task

    class Thirds:
        def done(self, asked: list[FileTask]) -> list[FileTask]:
            return [task for task in asked if task.position % 3 == 0]

        settled = done

    seen = []
    for step in in_order(tasks(), pool, Thirds()):
        assert not isinstance(step, Failed)
        seen += [t.position for t in step.tasks] if isinstance(step, Skipped) else [step.task.position]
        assert looked - len(seen) <= AHEAD
        if isinstance(step, Answered):
            assert step.task.item is not None
            assert step.answer.decode() == step.task.item.name
    assert seen == list(range(2 * AHEAD))
    assert pool.most <= 2 * Pool.size


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.stem)
def test_a_reading_arrives_as_it_was_sent(source: Path) -> None:
    reading = read_file(take_in(source, source.name), "name", load_families(), load_words())
    result = Result(rows_of(reading), None, {"read": 0.25})
    assert result_of(answer_of(result)) == result
