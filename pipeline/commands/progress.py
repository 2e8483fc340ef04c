"""What is said while a run goes on: a bar with rate and remaining time, lines of text, or JSON, one object a line."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from pipeline.archive.outcomes import FileOutcome, Outcome, Tally
from pipeline.commands.terminal import talk
from pipeline.messages import tell, told
from pipeline.output.show import plain
from pipeline.running.run import Listener

NAME = 40  # characters of a file's name in the bar
SAID_EVERY = 15.0  # seconds in which a log without a terminal hears how far a long file is


class Log(StrEnum):
    """How messages look."""

    TEXT = "text"
    JSON = "json"


@contextmanager
def progress(log: Log, *, quiet: bool) -> Iterator[Listener]:
    """Who hears a run and says how it goes, on standard error."""
    if log is Log.JSON:
        yield _Json(quiet)
        return
    description, pace = TextColumn("{task.description}"), TextColumn("{task.fields[pace]}")
    columns = (description, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), pace)
    with Progress(*columns, console=talk, transient=True, disable=quiet or not talk.is_terminal) as bar:
        yield _Lines(bar, quiet)


class Pace:
    """How fast a run is. What was skipped costs next to nothing and says nothing of the rest: the remaining time
    is told by the files that were read."""

    def __init__(self, files: int) -> None:
        self._files = files
        self._begun = time.monotonic()

    def text(self, tally: Tally, parts: float = 0.0) -> str:
        """`12.5 files/s, 0:03:10 left, 2 failed`; `parts` of files that are under way count too. Nothing while nothing
        is read."""
        seconds = max(time.monotonic() - self._begun, 1e-6)
        worked = (tally.files - tally.already_done + parts) or float(tally.files)
        if not worked:
            return ""
        left = (self._files - tally.files - parts) * seconds / worked
        rate = worked / seconds
        said = {"left": timedelta(seconds=round(left)), "failed": tally.failed + tally.refused}
        if rate < 1.0:  # scans: 0.0 files/s would say nothing
            return tell("{rate} files/min, {left} left, {failed} failed", rate=f"{60 * rate:.1f}", **said)
        return tell("{rate} files/s, {left} left, {failed} failed", rate=f"{rate:.1f}", **said)


class Pages:
    """How far the files that are being read have come, in files."""

    def __init__(self) -> None:
        self._parts: dict[str, float] = {}

    def read(self, file: str, number: int, total: int) -> None:
        """So many of a file's pages are read."""
        self._parts[file] = number / max(total, number, 1)

    def ended(self, file: str) -> None:
        """All of a file was read."""
        self._parts.pop(file, None)

    def __float__(self) -> float:
        return sum(self._parts.values(), 0.0)


class _Lines(Listener):
    """A line for each file, and a bar where there is a terminal; `quiet`: only what failed."""

    def __init__(self, bar: Progress, quiet: bool) -> None:
        self._bar, self._quiet = bar, quiet
        self._pages = Pages()
        self._tally = Tally()
        self._said = time.monotonic()

    def begins(self, run: int, files: int) -> None:
        self._pace = Pace(files)
        self._task = self._bar.add_task(tell("reading"), total=files, pace="")

    def page(self, file: str, number: int, total: int) -> None:
        self._pages.read(file, number, total)
        at = min(number + 1, total)  # the page that is being read
        name = plain(file)
        self._show(tell("{file}, page {number} of {total}", file=name[-NAME:], number=at, total=total), now=True)
        if not self._quiet and not talk.is_terminal and time.monotonic() - self._said >= SAID_EVERY:
            self._said = time.monotonic()
            talk.print(Text(tell("{file}, page {number} of {total}", file=name, number=at, total=total)))

    def ended(self, file: FileOutcome, tally: Tally) -> None:
        self._pages.ended(file.file)
        self._tally, self._said = tally, time.monotonic()
        self._show(plain(file.file)[-NAME:])
        if file.failure is not None or (not self._quiet and file.outcome is Outcome.DONE):
            talk.print(Text(plain(told(file.words))))

    def _show(self, description: str, *, now: bool = False) -> None:
        """Bring the bar up to date, files and pages; `now`: on the screen too, for between two pages in this process
        nothing is printed."""
        parts = float(self._pages)
        done, pace = self._tally.files + parts, self._pace.text(self._tally, parts)
        self._bar.update(self._task, description=description, completed=done, pace=pace, refresh=now)


class _Json(Listener):
    """One JSON object a line: the beginning, each file, the end."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._page = ("", 0)  # that was told last

    def begins(self, run: int, files: int) -> None:
        self._run = run
        say_json({"event": "begin", "run": run, "files": files})

    def page(self, file: str, number: int, total: int) -> None:
        if not self._quiet and number and (file, number) != self._page:
            self._page = file, number
            say_json({"event": "page", "run": self._run, "file": file, "page": number, "pages": total})

    def ended(self, file: FileOutcome, tally: Tally) -> None:
        if self._quiet and file.failure is None:
            return
        said: dict[str, Any] = {"event": "file", "run": self._run, "file": file.file, "outcome": file.outcome.value}
        said |= {"position": file.position, "sha256": file.sha256, "seconds": dict(file.seconds)}
        if file.failure is None:
            said |= {"forms": file.forms, "indicators": file.indicators, "findings": file.findings}
        else:
            why = file.failure
            said |= {"stage": why.stage.value, "category": why.category, "page": why.page, "message": why.message}
        say_json(said)

    def ends(self, tally: Tally) -> None:
        say_json({"event": "end", "run": self._run, **tally.counts(), "seconds": round(tally.seconds, 3)})


def say_json(said: dict[str, Any]) -> None:
    """One object on a line of standard error; what a terminal would obey is escaped."""
    line = json.dumps(said, ensure_ascii=False)
    print(plain(line, lambda char: json.dumps(char)[1:-1]), file=sys.stderr, flush=True)
