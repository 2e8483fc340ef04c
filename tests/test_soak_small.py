"""The soak in small: two hundred hostile files, and that it sees what it looks for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import soak
from generator.lots import Lots


def test_two_hundred_hostile_files_end_well(tmp_path: Path) -> None:
    report = soak.soak(tmp_path, 200, most=150)
    assert report.inputs == 200
    assert report.good, "\n".join(report.lines())
    assert len(report.categories) >= 5  # many outcomes: the files are not all refused at the door


def test_fuzzing_is_the_same_for_the_same_seed() -> None:
    good = [b"%PDF-1.4 " + bytes(range(256)) * 4]
    assert soak.fuzz(good, Lots("a")) == soak.fuzz(good, Lots("a"))
    assert len({soak.fuzz(good, Lots(str(n))) for n in range(30)}) > 25


def test_a_process_that_dies_or_hangs_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    worker = soak._Worker(tmp_path / "out")
    monkeypatch.setattr(soak, "_serve", _dies)
    assert worker.read(tmp_path / "x", 30) is None
    assert not worker.timed_out
    monkeypatch.setattr(soak, "_serve", _hangs)
    assert worker.read(tmp_path / "x", 0.5) is None
    assert worker.timed_out


def _dies(pipe: object, out: str) -> None:
    os._exit(3)


def _hangs(pipe: object, out: str) -> None:
    import time

    time.sleep(60)


def test_what_is_written_beside_the_output_is_seen(tmp_path: Path) -> None:
    (tmp_path / "out" / "records").mkdir(parents=True)
    before = soak._tree(tmp_path)
    (tmp_path / "out" / "records" / "x").write_text("in")
    assert soak._tree(tmp_path) == before
    (tmp_path / "up.txt").write_text("out")
    assert soak._tree(tmp_path) - before == {str(tmp_path / "up.txt")}
