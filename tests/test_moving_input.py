"""Inputs that change and vanish while a run reads them, and outputs that may not be written."""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import subprocess
import sys
import threading
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from helpers_jobs import crew, do, dump, outcomes, records, rows, whole

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="modes, and who they hold for, are those of Linux")

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER, PR_CAPBSET_DROP = 1, 2, 3, 24  # of prctl(2)
UNABLE = 77  # the exit code where rights cannot be laid down
FILES = 24
TRUE = {"done", "already_done", "changed", "not-found", "not-a-file", "not-permitted", "empty", "broken-archive"}


def disturb(folder: Path, draw: random.Random, over: threading.Event) -> None:
    """Write, cut, empty, rename, remove and replace files, until the run is over; then let all be whole."""
    while not over.wait(0.01):
        path = folder / f"{draw.randrange(FILES):02d}.txt"
        what = draw.choice(("write", "cut", "empty", "remove", "rename", "folder", "pack"))
        if path.is_dir():
            path.rmdir()
        if what == "write":
            dump(path, draw.randrange(50))
        elif what == "cut" and path.exists():
            os.truncate(path, path.stat().st_size // 2)
        elif what == "empty":
            path.write_bytes(b"")
        elif what == "remove":
            path.unlink(missing_ok=True)
        elif what == "rename" and path.exists():
            with suppress(OSError):  # a folder stands there
                path.rename(folder / f"{draw.randrange(FILES):02d}.txt")
        elif what == "folder":
            path.unlink(missing_ok=True)
            path.mkdir()
        elif what == "pack":
            pack(folder / "a.zip", draw)


def pack(path: Path, draw: random.Random) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(draw.randint(1, 5)):
            archive.writestr(f"{number}.txt", f"项目绩效目标表 {draw.random()}")


@pytest.mark.parametrize("seed", [1, 2])
def test_what_changes_while_it_is_read_is_said_to_and_is_right_afterwards(seed: int, tmp_path: Path) -> None:
    folder, draw = tmp_path / "in", random.Random(seed)
    for number in range(FILES):
        dump(folder / f"{number:02d}.txt", number)
    pack(folder / "a.zip", draw)
    over = threading.Event()
    other = threading.Thread(target=disturb, args=(folder, draw, over))
    other.start()
    try:
        do(tmp_path / "out", folder, pool=crew(2))
    finally:
        over.set()
        other.join()
    assert set(outcomes(tmp_path / "out").values()) <= TRUE
    shutil.rmtree(folder)
    for number in range(0, FILES, 2):  # contents that were nowhere before
        dump(folder / f"{number:02d}.txt", number + 1000)
    pack(folder / "a.zip", draw)
    do(tmp_path / "out", folder)
    do(tmp_path / "fresh", folder)
    mine, fresh = records(tmp_path / "out"), records(tmp_path / "fresh")
    assert {name: mine.get(name) for name in fresh} == fresh
    paths = "SELECT path, sha256 FROM files ORDER BY path"
    assert set(rows(tmp_path / "fresh", paths)) <= set(rows(tmp_path / "out", paths))
    assert do(tmp_path / "out", folder).failed == 0


def test_a_file_that_vanishes_between_list_and_reading(tmp_path: Path) -> None:
    from pipeline.archive.store import Store
    from pipeline.running.files import find_inputs
    from pipeline.running.run import run
    from schemas.families import load_families
    from schemas.language.vocabulary import load_words

    for number in range(4):
        dump(tmp_path / "in" / f"{number}.txt", number)
    inputs = find_inputs([str(tmp_path / "in")])
    (tmp_path / "in" / "1.txt").unlink()
    (tmp_path / "in" / "2.txt").unlink()
    (tmp_path / "in" / "2.txt").mkdir()
    (tmp_path / "out").mkdir()
    with Store.open(tmp_path / "out" / "jixiao.db") as store:
        run(inputs, store, tmp_path / "out", load_families(), load_words())
    found = outcomes(tmp_path / "out")
    assert (found["0.txt"], found["1.txt"], found["3.txt"]) == ("done", "not-found", "done")
    assert found["2.txt"] in ("not-permitted", "not-a-file")


def powerless() -> None:
    """What makes root a user like others: no rights beyond those that a file's mode gives."""
    if os.geteuid() == 0:
        for power in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER):
            if ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, power) != 0:
                os._exit(UNABLE)


def jixiao(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command as a user for whom modes hold."""
    code = "from pipeline.cli import main; main()"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, preexec_fn=powerless)
    if done.returncode == UNABLE:
        pytest.skip("root keeps its rights here")
    return done


@pytest.fixture
def readable(tmp_path: Path) -> Path:
    dump(tmp_path / "in" / "0.txt", 0)
    return tmp_path


@pytest.mark.parametrize("closed", ["above", "out", "database", "records", "one record"])
def test_an_output_that_may_not_be_written_is_said(closed: str, readable: Path) -> None:
    out = readable / "out"
    if closed == "above":
        (readable / "shut").mkdir(mode=0o555)
        out = readable / "shut" / "out"
    else:
        do(out, readable / "in")
        shutil.rmtree(out / "records") if closed == "out" else None
    if closed in ("database", "records", "one record"):
        dump(readable / "in" / "1.txt", 1)
    if closed == "out":
        out.chmod(0o555)
        (out / "jixiao.db").chmod(0o444)
    elif closed == "database":
        (out / "jixiao.db").chmod(0o444)
    elif closed == "records":
        (out / "records").chmod(0o555)
    elif closed == "one record":
        (out / "records" / "0").chmod(0o555)
        next((out / "records" / "0").glob("*.json")).unlink()
        (out / "records" / "0" / "0.json").touch()
    before = whole(out) if out.exists() else None
    done = jixiao("run", readable / "in", "--out", out, "--jobs", "1")
    assert done.returncode not in (0, 1), done.stderr  # 0 and 1 would say that all was kept
    assert "Traceback" not in done.stderr + done.stdout
    assert str(out) in done.stderr
    if before is not None and closed != "one record":
        assert [line for line in whole(out) if "1.txt" in line and "INSERT INTO files" in line] == []


def test_a_read_only_database_can_be_shown(readable: Path) -> None:
    out = readable / "out"
    do(out, readable / "in")
    for path in (out, *out.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    done = jixiao("status", "--db", out / "jixiao.db")
    assert "Traceback" not in done.stderr + done.stdout
