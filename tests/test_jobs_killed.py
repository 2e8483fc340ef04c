"""A run that is killed at any moment and called again gives the database of a run that nobody disturbed."""

from __future__ import annotations

import random
import time
from pathlib import Path

import psutil
import pytest
from helpers_jobs import archive, do, rows, whole
from kills import differences, kill_and_resume, start, written

FILES, KILLS, SEED = 44, 3, 5

pytestmark = pytest.mark.slow


def test_killed_and_called_again_equals_undisturbed(tmp_path: Path) -> None:
    folder = archive(tmp_path / "in", FILES)
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    do(undisturbed, folder)
    after = [4 + 9 * number for number in range(KILLS)]
    broken = 1  # the exit code: some files are
    assert kill_and_resume(folder, killed, after, random.Random(SEED)) == (KILLS, broken)
    assert differences(undisturbed, killed) == []
    states = rows(killed, "SELECT state, finished IS NULL FROM runs ORDER BY id")
    assert states == [*[("running", 1)] * KILLS, ("finished", 0)]


def test_differences_are_seen(tmp_path: Path) -> None:
    folder = archive(tmp_path / "in", 4)
    for name in ("one", "other"):
        do(tmp_path / name, folder)
    assert differences(tmp_path / "one", tmp_path / "other") == []
    next((tmp_path / "other" / "records").rglob("0.json")).write_text("{}")
    (folder / "000.txt").unlink()
    (folder / "001.txt").write_text("绩效")
    do(tmp_path / "other", folder)
    found = differences(tmp_path / "one", tmp_path / "other")
    assert any(line.startswith("record ") for line in found)
    assert any("INSERT INTO" in line for line in found)


def test_a_worker_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    """Its file is given to another one."""
    folder = archive(tmp_path / "in", 14)
    do(tmp_path / "undisturbed", folder)
    out = tmp_path / "out"
    process = start(folder, out)
    while written(out) < 3 and process.poll() is None:
        time.sleep(0.02)
    workers = [c for c in psutil.Process(process.pid).children() if "spawn_main" in " ".join(c.cmdline())]
    assert workers
    workers[0].kill()
    assert process.wait() == 1
    assert whole(out) == whole(tmp_path / "undisturbed")
