"""`python -m tests.kills`: a run over a generated archive, killed at random moments and called again, beside one that
nobody disturbed.

What differs in the databases or in the records on disk is reported. Not run by the suite but in a small version: a
name that pytest does not collect.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

import psutil

if __package__:
    from .generator.archive import FILES, write_archive
    from .helpers_jobs import records, rows, whole
else:  # from within the folder, as the suite imports it
    from generator.archive import FILES, write_archive
    from helpers_jobs import records, rows, whole

ROOT = Path(__file__).parent.parent
MAIN = "from pipeline.cli import main; main()"
LATER = 0.1  # seconds after a file was written: a kill comes within them


def start(folder: Path, out: Path, jobs: int = 2) -> subprocess.Popen[bytes]:
    """The command in a process of its own."""
    command = [sys.executable, "-c", MAIN, "run", str(folder), "--out", str(out), "--jobs", str(jobs), "--quiet"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def written(out: Path) -> int:
    """How many files were written in all runs, those not counted that a later run passed over."""
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


def kill_and_resume(folder: Path, out: Path, after: Sequence[int], draw: random.Random) -> tuple[int, int]:
    """Kill a run and call it again, after each of these numbers of files, and let the last one end: how many kills
    met a running process, and the exit code."""
    kills = sum(kill_after(start(folder, out), out, files, draw.random() * LATER) for files in after)
    return kills, start(folder, out).wait()


def differences(one: Path, other: Path) -> list[str]:
    """What differs in two outputs: lines of the databases as SQL, the runs aside, and files of records."""
    left, right = set(whole(one)), set(whole(other))
    found = [
        f"only in {where}: {line[:200]}" for where, own in ((one, left - right), (other, right - left)) for line in own
    ]
    mine, theirs = records(one), records(other)
    return found + [f"record {name}" for name in sorted(mine | theirs) if mine.get(name) != theirs.get(name)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_archive(root / "in", options.files, seed=options.seed)
        folder, killed, undisturbed = root / "in" / FILES, root / "killed", root / "undisturbed"
        code = start(folder, undisturbed).wait()
        # a broken file is tried again, and counted again, by each run: the moments are drawn over fewer files
        after = sorted(draw.sample(range(1, options.files * 9 // 10), options.kills))
        kills, resumed = kill_and_resume(folder, killed, after, draw)
        differ = differences(undisturbed, killed)
        lines = len(whole(undisturbed))
        runs = rows(killed, "SELECT count(*) FROM runs")[0][0]
    print(
        f"{kills} of {options.kills} kills met a running process, {runs} runs; {lines} lines of the database compared"
    )
    print("\n".join([f"{len(differ)} differ", *differ[:20]]))
    return 0 if kills == options.kills and resumed == code and not differ else 1


if __name__ == "__main__":
    sys.exit(main())
