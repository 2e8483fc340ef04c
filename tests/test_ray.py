"""Ray: the same work by actors of a cluster; one that is killed costs nothing, or its file."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread

import psutil
import pytest
from helpers_jobs import archive, do, dump, outcomes, rows, whole
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.running.pool import Limits, Maker, NoWorkers
from pipeline.running.ray_pool import ray_crew
from pipeline.running.worker import Setup


def actors(reader: str | None = None, **limits: float | None) -> Maker:
    """A maker of two actors; `reader` is a function of `fake_readers`."""

    def make(setup: Setup):  # type: ignore[no-untyped-def]
        if reader is not None:
            setup = replace(setup, reader=f"fake_readers:{reader}")
        return ray_crew(setup, 2, Limits(**limits), None)

    return make


@pytest.fixture
def paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ray's processes find our code and the fake readers."""
    here = Path(__file__).parent
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(here.parent), str(here)]))


def test_without_ray_the_message_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(NoWorkers, match=r"pip install 'jixiao\[ray\]'"):
        do(tmp_path / "out", dump(tmp_path / "a.txt", 2), pool=actors())


def test_the_command_says_so_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    given = [str(dump(tmp_path / "a.txt", 2)), "--out", str(tmp_path / "out"), "--engine", "ray"]
    result = CliRunner().invoke(app, ["run", *given])
    assert result.exit_code == 2
    assert "--engine ray needs Ray" in result.stderr


@pytest.mark.slow
def test_actors_make_the_same_database_though_one_is_killed(paths: None, tmp_path: Path) -> None:
    folder = archive(tmp_path / "in", 16)
    dump(folder / "000-slow.txt", 23)
    dump(folder / "001-slow.txt", 24)
    do(tmp_path / "alone", folder)
    killed: list[int] = []

    def kill_one() -> None:
        while not killed:
            time.sleep(0.05)
            running = [
                p for p in psutil.Process().children(recursive=True) if "ray::RayWorker.read" in " ".join(p.cmdline())
            ]
            for process in running[:1]:
                process.kill()
                killed.append(process.pid)

    Thread(target=kill_one, daemon=True).start()
    tally = do(tmp_path / "out", folder, pool=actors("by_name"))
    assert killed
    assert (tally.read, tally.failed) == (16, 5)
    assert whole(tmp_path / "out") == whole(tmp_path / "alone")


@pytest.mark.slow
def test_actors_that_hang_or_die_cost_their_file_only(paths: None, tmp_path: Path) -> None:
    for number, name in enumerate(("1-hang", "2", "3-die", "4", "5-gulp")):
        dump(tmp_path / "in" / f"{name}.txt", number)
    do(tmp_path / "out", tmp_path / "in", pool=actors("by_name", seconds=12, memory=900))
    assert outcomes(tmp_path / "out") == {
        "1-hang.txt": "timed-out",
        "2.txt": "done",
        "3-die.txt": "worker-died",
        "4.txt": "done",
        "5-gulp.txt": "worker-died",
    }
    assert rows(tmp_path / "out", "SELECT state FROM runs") == [("finished",)]
