"""The soak in small: two hundred hostile files, and that it sees what it looks for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import soak
from generator.lots import Lots
from soak_structured import structured


@pytest.mark.slow
def test_two_hundred_hostile_files_end_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = len(soak.MARKED) + len(soak.PAGED)
    monkeypatch.setattr(soak._Inputs, "draw", _after(kinds))  # those have a test of their own
    report = soak.soak(tmp_path, 200, most=1800)
    assert report.inputs == 200
    assert report.healthy > 5
    assert report.good, "\n".join(report.lines())
    assert len(report.categories) >= 5  # many outcomes: the files are not all refused at the door


def _after(kinds: int) -> object:
    draw = soak._Inputs.draw
    return lambda self, number: draw(self, number + kinds)


def test_structures_are_changed_the_same_way_for_the_same_seed(tmp_path: Path) -> None:
    good = soak.office_files(tmp_path)
    assert len(good) >= 8
    one, other = ([structured(good, 3, number) for number in range(first, 120)] for first in (0, 70))
    assert one[70:] == other
    assert len({data for _, data in one} - {data for _, data in good}) > 60
    assert len({suffix for suffix, _ in one}) > 5


def test_a_soak_in_parts_reads_what_the_whole_one_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part makes its inputs anew, by their numbers alone, also those whose structure is changed."""
    kinds = len(soak.MARKED) + len(soak.PAGED)
    drawn = []
    for name, numbers in (("whole", range(kinds, kinds + 40)), ("part", range(kinds + 25, kinds + 40))):
        (tmp_path / name).mkdir()
        inputs = soak._Inputs.made(tmp_path / name, 11)
        drawn.append([inputs.draw(number) for number in numbers])
    assert drawn[0][25:] == drawn[1]
    assert {"structured", "pattern", "healthy"} <= {kind for kind, _, _ in drawn[1]}
    seen: list[int] = []
    monkeypatch.setattr(soak, "_try", _notes(seen))
    (tmp_path / "soak").mkdir()
    report = soak.soak(tmp_path / "soak", 30, seed=11, first=kinds + 25, workers=3)
    assert sorted(seen) == list(range(kinds + 25, kinds + 55))
    assert report.inputs == 30


def _notes(seen: list[int]) -> object:
    def note(worker: object, inputs: object, number: int, folder: Path, limit: float, report: soak.Report) -> None:
        seen.append(number)
        report.inputs += 1

    return note


def test_there_is_a_worst_string_for_most_patterns() -> None:
    assert len(soak.worst_strings()) > 500


def test_a_healthy_file_that_is_refused_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak._Inputs, "draw", lambda self, number: ("healthy", ".pdf", b"I am none"))
    report = soak.soak(tmp_path, 1)
    assert (len(report.untrue), report.good) == (1, False)


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
