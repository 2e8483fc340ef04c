"""What is said while a run goes on: it moves page by page, on a terminal, in a log and as JSON."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path

import pytest
from helpers_jobs import crew, do, dump
from rich.console import Console

from pipeline.archive.outcomes import Tally
from pipeline.commands import progress as said
from pipeline.commands.progress import Log, Pace, progress
from pipeline.running.silence import aloud, silenced

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal(io.StringIO):
    """A terminal that keeps what is written on it."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, jobs: int, files: int, terminal: bool = True) -> str:
    """What a run over files of four slow pages each writes on a terminal 160 columns wide, or into a log."""
    for number in range(files):
        dump(tmp_path / "in" / f"scan{number}.txt", number)
    wrote = Terminal() if terminal else io.StringIO()
    talk = Console(file=wrote, force_terminal=terminal, width=160, highlight=False, soft_wrap=True)
    monkeypatch.setattr(said, "talk", talk)
    with progress(Log.TEXT, quiet=False) as listener:
        do(tmp_path / "out", tmp_path / "in", pool=crew(jobs, "slow_pages"), listener=listener)
    return CONTROL.sub("", wrote.getvalue())


@pytest.mark.parametrize(("jobs", "files"), [(0, 1), (1, 1), (2, 2)])
def test_a_terminal_moves_with_every_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, jobs: int, files: int
) -> None:
    """From the first page on, before it is read: whoever waits sees how many there are."""
    text = shown(monkeypatch, tmp_path, jobs, files)
    for file in range(files):
        told = re.findall(rf"scan{file}\.txt, page (\d) of 4", text)
        assert sorted(set(told)) == ["1", "2", "3", "4"]
        assert told == sorted(told)
    assert "left, 0 failed" in text
    assert "noise" not in text


def test_a_log_without_a_terminal_hears_of_long_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(said, "SAID_EVERY", 0.5)
    lines = shown(monkeypatch, tmp_path, jobs=1, files=1, terminal=False).splitlines()
    assert [line for line in lines if "page" in line]
    assert all(re.fullmatch(r"scan0\.txt(, page \d of 4|: \d forms)", line) for line in lines), lines


@pytest.mark.parametrize("jobs", [0, 1])
def test_json_tells_every_page_once(capfd: pytest.CaptureFixture[str], tmp_path: Path, jobs: int) -> None:
    """In this process too, where what libraries print is dropped while a file is read."""
    dump(tmp_path / "in" / "scan.txt", 0)
    with progress(Log.JSON, quiet=False) as listener:
        do(tmp_path / "out", tmp_path / "in", pool=crew(jobs, "slow_pages"), listener=listener)
    events = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    pages = [event["page"] for event in events if event["event"] == "page"]
    assert pages == sorted(set(pages))
    assert pages[:3] == [1, 2, 3]
    assert {event["pages"] for event in events if event["event"] == "page"} == {4}


def test_aloud_is_heard_within_a_silence(capfd: pytest.CaptureFixture[str]) -> None:
    with silenced():
        print("lost")
        with aloud():
            print("heard")
            os.write(2, b"heard too\n")
        print("lost", file=sys.stderr)
        os.write(1, b"lost\n")
    with aloud():
        print("no silence")
    assert capfd.readouterr() == ("heard\nno silence\n", "heard too\n")


def test_pages_count_for_the_pace() -> None:
    pace = Pace(2)
    assert pace.text(Tally()) == ""
    assert "files/min" in pace.text(Tally(), 1e-9)
    assert "files/s" in pace.text(Tally(files=1), 0.5)
    assert pace.text(Tally(files=2)).split(", ")[1] == "0:00:00 left"
