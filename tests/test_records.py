"""Records on disk: what was damaged is written anew, and no loss of power leaves the database and the disk apart."""

from __future__ import annotations

import os
import random
import shutil
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers_disk import Disk, PowerLoss
from helpers_jobs import do, dump, records, whole

from pipeline.archive import disk
from pipeline.archive.records import write_records

Damage = Callable[[Path], Any]


def folder_instead(path: Path) -> None:
    path.unlink()
    (path / "of somebody").mkdir(parents=True)


def link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to("/no/such/file")


def file_instead_of_folder(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_text("mine")


def link_instead_of_folder(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.symlink_to("/no/such/folder")


DAMAGES: dict[str, Damage] = {
    "emptied": lambda p: p.write_bytes(b""),
    "cut": lambda p: p.write_bytes(p.read_bytes()[: p.stat().st_size // 2]),
    "a value changed": lambda p: p.write_bytes(p.read_bytes().replace("绩效".encode(), "结果".encode(), 1)),
    "no UTF-8": lambda p: p.write_bytes(b"\xff\xfe\x00" + p.read_bytes()),
    "renamed": lambda p: p.rename(p.with_name("elsewhere.json")),
    "gone": lambda p: p.unlink(),
    "a folder": folder_instead,
    "a link to nothing": link_to_nothing,
    "one too many": lambda p: shutil.copy(p, p.with_name("77.json")),
    "a file where the folder was": file_instead_of_folder,
    "a link where the folder was": link_instead_of_folder,
}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files and the output of a run over them."""
    base = tmp_path_factory.mktemp("once")
    for number in range(3):
        dump(base / "in" / f"{number}.txt", number)
    do(base / "out", base / "in")
    return base


@pytest.mark.parametrize("case", DAMAGES)
@pytest.mark.parametrize("first", [True, False])
def test_a_damaged_record_is_written_anew(case: str, first: bool, once: Path, tmp_path: Path) -> None:
    shutil.copytree(once / "out", tmp_path / "out")
    made = sorted((tmp_path / "out" / "records" / "1").glob("*.json"), key=lambda p: int(p.stem))
    DAMAGES[case](made[0 if first else -1])
    tally = do(tmp_path / "out", once / "in")
    assert (tally.already_done, tally.failed) == (3, 0)
    wanted, found = records(once / "out"), records(tmp_path / "out")
    assert {name: found.get(name) for name in wanted} == wanted
    assert "1/77.json" not in found
    assert do(tmp_path / "out", once / "in").already_done == 3


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="which file is synced is read from Linux")
def test_a_loss_of_power_at_any_step_leaves_nothing_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run is called again after each; the files of records and the database come out as if nothing had been."""
    folder, undisturbed = tmp_path / "in", tmp_path / "undisturbed"
    for number in (0, 2, 10):
        dump(folder / f"{number}.txt", number)
    do(undisturbed, folder)
    losses = 0
    for end in range(1, 200):
        out = tmp_path / f"out{end}"
        broken = Disk(out, end, random.Random(end))
        with monkeypatch.context() as patch:
            broken.take_over(patch)
            try:
                do(out, folder)
            except PowerLoss:
                losses += 1
        assert not [p for p in (out / "records").rglob("*.json") if not p.read_bytes()]
        do(out, folder)
        assert whole(out) == whole(undisturbed)
        assert records(out) == records(undisturbed)
        if broken.step < end:
            break
    assert losses >= 9


def test_files_of_one_folder_are_kept_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits for the others: written one after the other, none would ever be on the disk."""
    together = threading.Barrier(3, timeout=10)

    def fsync(handle: int) -> None:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            together.wait()

    monkeypatch.setattr(disk.os, "fsync", fsync)
    write_records(tmp_path, "x", ["{}", "[]", "1"])
    assert {path.name: path.read_text() for path in (tmp_path / "records" / "x").iterdir()} == {
        "0.json": "{}",
        "1.json": "[]",
        "2.json": "1",
    }
