"""A run that is killed at any moment and called again gives the database of a run that nobody disturbed."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest
from helpers_jobs import archive, do, records, rows, whole

ROOT = Path(__file__).parent.parent
MAIN = "from pipeline.cli import main; main()"
FILES, KILLS, SEED = 44, 3, 5

pytestmark = pytest.mark.slow


def start(folder: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", MAIN, "run", str(folder), "--out", str(out), "--jobs", "2", "--quiet"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def written(out: Path) -> int:
    """How many files have an outcome in the newest run."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{out / 'jixiao.db'}?mode=ro", uri=True)) as connection:
        query = "SELECT count(*) FROM run_files WHERE outcome != 'already_done'"
        return int(connection.execute(query).fetchone()[0])
    return 0


def kill_after(process: subprocess.Popen[bytes], out: Path, files: int, later: float) -> bool:
    """Kill the main process alone, some seconds after so many files are written; whether it was still running."""
    while written(out) < files and process.poll() is None:
        time.sleep(0.02)
    time.sleep(later)
    workers = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert alive == [], "workers outlive the run"
    return running


def test_killed_and_called_again_equals_undisturbed(tmp_path: Path) -> None:
    folder = archive(tmp_path / "in", FILES)
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    do(undisturbed, folder)
    draw = random.Random(SEED)
    kills = 0
    for number in range(KILLS):
        kills += kill_after(start(folder, killed), killed, 4 + 9 * number, draw.random() * 0.1)
    assert kills == KILLS
    held = rows(killed, "SELECT count(*) FROM files")[0][0]
    assert 0 < int(str(held)) < FILES
    assert start(folder, killed).wait() == 1  # the broken files
    assert whole(killed) == whole(undisturbed)
    assert records(killed) == records(undisturbed)
    states = rows(killed, "SELECT state, finished IS NULL FROM runs ORDER BY id")
    assert states == [*[("running", 1)] * KILLS, ("finished", 0)]


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
