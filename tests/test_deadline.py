"""A file's time limit holds for what it costs before a worker has it, too."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from helpers_jobs import crew, do, dump, outcomes

from extractors import archive_zip, deadline, intake
from extractors.refusals import Bomb, TimedOut
from pipeline.running import worker


def test_hashing_ends_when_the_time_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = dump(tmp_path / "in" / "0.txt", 0)
    monkeypatch.setattr(intake, "CHUNK", 64)
    with deadline.within(0.0), pytest.raises(TimedOut):
        intake.digest(path)
    with deadline.within(60.0):
        assert len(intake.digest(path)) == 64
    assert len(intake.digest(path)) == 64


def test_a_member_that_takes_too_long_to_unpack_costs_itself_only(tmp_path: Path) -> None:
    dump(tmp_path / "in" / "0.txt", 0)
    with zipfile.ZipFile(tmp_path / "in" / "a.zip", "w") as archive:
        archive.write(tmp_path / "in" / "0.txt", "1.txt")
    out = tmp_path / "out"
    do(out, tmp_path / "in", pool=crew(1, seconds=0.0))
    assert set(outcomes(out).values()) == {"timed-out"}


def test_what_was_spent_before_counts(tmp_path: Path) -> None:
    from types import SimpleNamespace

    from pipeline.running.files import Input
    from pipeline.running.pool import Crew, Limits, _Post
    from pipeline.running.worker import Job, result_of

    killed: list[str] = []
    hand = SimpleNamespace(memory=lambda: 0, kill=lambda: killed.append("killed") or "killed")
    crew_ = Crew(SimpleNamespace(), 1, Limits(60.0, None))  # type: ignore[arg-type]
    job = Job(Input(tmp_path, "x", "x"), "0" * 64, spent=61.0)
    import time

    post = _Post(hand, time.monotonic(), True, (1, job))  # type: ignore[arg-type]
    crew_._posts.append(post)
    ((number, answer),) = crew_._look_at(post)
    failure = result_of(answer).failure
    assert number == 1
    assert killed
    assert failure is not None
    assert failure.category == "timed-out"


def test_a_reading_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dump(tmp_path / "in" / "0.txt", 0)
    monkeypatch.setattr(worker, "LARGEST_ANSWER", 1000)
    do(tmp_path / "out", tmp_path / "in")
    assert set(outcomes(tmp_path / "out").values()) == {"out-of-memory"}


def test_many_small_members_of_blanks_are_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_zip, "HARMLESS_TOTAL", 1 << 20)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.txt", bytes(1 << 20))
    with pytest.raises(Bomb):
        archive_zip.list_members(tmp_path / "a.zip", "a.zip", (".txt",))
