"""`python -m tests.kills`: a run over a generated archive, killed at random moments and called again, beside one that
nobody disturbed; and the same with scans, where it is killed while a worker reads one.

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
PAGE = 3.0  # seconds that the engine takes for a page, about: a kill comes within them after it was loaded
ENGINE = "onnxruntime"  # is mapped into a worker that reads a scan


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


def kill_after(process: subprocess.Popen[bytes], out: Path, files: int, later: float, scan: bool = False) -> bool:
    """Kill the main process alone, some seconds after so many files are written, with `scan` after a worker began with
    one too; whether it was still running."""
    while process.poll() is None and (written(out) < files or (scan and not reads_scan(process))):
        time.sleep(0.02)
    time.sleep(later)
    workers = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert alive == [], "workers outlive the run"
    return running


def reads_scan(process: subprocess.Popen[bytes]) -> bool:
    """Whether a worker has loaded the engine: it does so at its first scan."""
    with suppress(psutil.Error):
        workers = psutil.Process(process.pid).children()
        return any(ENGINE in mapped.path for worker in workers for mapped in worker.memory_maps())
    return False


def kill_and_resume(
    folder: Path, out: Path, after: Sequence[int], draw: random.Random, *, scans: bool = False
) -> tuple[int, int]:
    """Kill a run and call it again, after each of these numbers of files, and let the last one end: how many kills
    met a running process, and the exit code. With `scans` it is killed while a worker reads one."""
    latest = PAGE if scans else LATER
    kills = sum(kill_after(start(folder, out), out, files, draw.random() * latest, scans) for files in after)
    return kills, start(folder, out).wait()


def differences(one: Path, other: Path) -> list[str]:
    """What differs in two outputs: lines of the databases as SQL, the runs aside, and files of records."""
    left, right = set(whole(one)), set(whole(other))
    found = [
        f"only in {where}: {line[:200]}" for where, own in ((one, left - right), (other, right - left)) for line in own
    ]
    mine, theirs = records(one), records(other)
    return found + [f"record {name}" for name in sorted(mine | theirs) if mine.get(name) != theirs.get(name)]


def trial(root: Path, files: int, kills: int, seed: int, *, scans: bool = False) -> bool:
    """A run over so many files, killed so many times and called again, beside an undisturbed one: do they agree?"""
    draw = random.Random(seed)
    write_archive(root / "in", files, seed=seed, **({"scans": files, "broken": 0.0} if scans else {}))
    folder, killed, undisturbed = root / "in" / FILES, root / "killed", root / "undisturbed"
    code = start(folder, undisturbed).wait()
    if scans:  # each is read again after each kill: few are enough
        after = sorted(draw.randrange(files) for _ in range(kills))
    else:  # a broken file is tried again, and counted again, by each run: the moments are drawn over fewer files
        after = sorted(draw.sample(range(1, files * 9 // 10), kills))
    met, resumed = kill_and_resume(folder, killed, after, draw, scans=scans)
    differ = differences(undisturbed, killed)
    lines = len(whole(undisturbed))
    runs = rows(killed, "SELECT count(*) FROM runs")[0][0]
    what = "while a scan was read" if scans else "met a running process"
    print(f"{met} of {kills} kills {what}, {runs} runs; {lines} lines of the database compared")
    print("\n".join([f"{len(differ)} differ", *differ[:20]]), flush=True)
    return met == kills and resumed == code and not differ


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--scans", type=int, default=0, help="so many more files, all of them scans")
    parser.add_argument("--scan-kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        good = trial(Path(name, "all"), options.files, options.kills, options.seed) if options.files else True
        if options.scans:
            good &= trial(Path(name, "scans"), options.scans, options.scan_kills, options.seed, scans=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
