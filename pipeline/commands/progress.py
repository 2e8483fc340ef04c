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

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
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
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, console=talk, transient=True, disable=quiet or not talk.is_terminal) as bar:
        yield _Lines(bar, quiet)


class Pace:
    """How fast a run is. What was skipped costs next to nothing and says nothing of the rest: the remaining time
    is told by the files that were read."""

    def __init__(self, files: int) -> None:
        self._files = files
        self._begun = time.monotonic()

    def text(self, tally: Tally) -> str:
        """`12.5 files/s, 0:03:10 left, 2 failed`."""
        seconds = max(time.monotonic() - self._begun, 1e-6)
        worked = tally.files - tally.already_done
        left = (self._files - tally.files) * seconds / max(worked or tally.files, 1)
        rate = (worked or tally.files) / seconds
        said = {"rate": f"{rate:.1f}", "left": timedelta(seconds=round(left)), "failed": tally.failed + tally.refused}
        return tell("{rate} files/s, {left} left, {failed} failed", **said)


class Pages:
    """How far the files that are being read have come, in files."""

    def __init__(self) -> None:
        self._parts: dict[str, float] = {}

    def read(self, file: str, number: int, total: int) -> None:
        """A page of a file was read."""
        self._parts[file] = number / max(total, number)

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
        self._files = 0
        self._said = time.monotonic()

    def begins(self, run: int, files: int) -> None:
        self._pace = Pace(files)
        self._task = self._bar.add_task(tell("reading"), total=files, pace="")

    def page(self, file: str, number: int, total: int) -> None:
        self._pages.read(file, number, total)
        name = plain(file)[-NAME:]
        description = tell("{file}, page {number} of {total}", file=name, number=number, total=total)
        self._bar.update(self._task, description=description, completed=self._files + float(self._pages))
        if not self._quiet and not talk.is_terminal and time.monotonic() - self._said >= SAID_EVERY:
            self._said = time.monotonic()
            said = tell("{file}, page {number} of {total}", file=plain(file), number=number, total=total)
            talk.print(Text(said))

    def ended(self, file: FileOutcome, tally: Tally) -> None:
        self._pages.ended(file.file)
        self._files, self._said = tally.files, time.monotonic()
        self._bar.update(
            self._task,
            description=plain(file.file)[-NAME:],
            completed=tally.files + float(self._pages),
            pace=self._pace.text(tally),
        )
        if file.failure is not None or (not self._quiet and file.outcome is Outcome.DONE):
            talk.print(Text(plain(told(file.words))))


class _Json(Listener):
    """One JSON object a line: the beginning, each file, the end."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet

    def begins(self, run: int, files: int) -> None:
        self._run = run
        say_json({"event": "begin", "run": run, "files": files})

    def page(self, file: str, number: int, total: int) -> None:
        if not self._quiet:
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
