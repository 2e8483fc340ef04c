"""The run: every file of the input through every stage, by one worker or many; what fails costs itself only."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import Any

from extractors.archive_zip import let_go
from extractors.deadline import within
from extractors.ocr.choose import OcrChoice
from extractors.printable import printable
from pipeline.archive.outcomes import FileOutcome, Tally
from pipeline.archive.store import DatabaseUnusable, Store
from pipeline.reading.check.agreement import agree_with_plans
from pipeline.running.desk import Desk
from pipeline.running.files import Input
from pipeline.running.order import FileTask, in_order
from pipeline.running.pool import InProcess, Maker
from pipeline.running.versions import BUILT_IN, code_version, models_of, settings_text, versions
from pipeline.running.worker import Setup, failure_of, seldom_collected, timed
from schemas.families import Family
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words
from schemas.reading import Failure, Stage


class Listener:
    """Hears how a run goes; this one does not care."""

    def begins(self, run: int, files: int) -> None:
        """Run number `run` begins to go through so many files."""

    def page(self, file: str, number: int, total: int) -> None:
        """`number` of a file's `total` pages are read, 0 where its first one takes long; of some nothing is said."""

    def ended(self, file: FileOutcome, tally: Tally) -> None:
        """A file is written; `tally` counts it."""

    def ends(self, tally: Tally) -> None:
        """All files are written."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run was asked for: kept with it, so that it can be done again. No reading depends on it."""

    inputs: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


NOBODY = Listener()
NOTHING_SAID = Request()


def run(
    inputs: Sequence[Input | Failure],
    store: Store,
    out: Path,
    families: Sequence[Family],
    words: Words,
    *,
    force: bool = False,
    ocr: OcrChoice = BUILT_IN,
    pool: Maker = InProcess,
    request: Request = NOTHING_SAID,
    listener: Listener = NOBODY,
) -> Tally:
    """Read every input into the database and `out`/records, by the workers that `pool` makes.

    Raises DatabaseUnusable and OutputUnwritable, after which nothing can be kept, and NoWorkers; what was written
    until then is whole, and the same run again goes on from there.
    """
    started = time.perf_counter()
    code, settings = code_version(), settings_text(families, ocr)
    number = store.begin_run(
        code,
        settings,
        inputs=request.inputs,
        options=request.options,
        versions=versions() | {"models": models_of(ocr)},
        found=len(inputs),
    )
    tally = Tally(number)
    listener.begins(number, len(inputs))
    desk = Desk(store, out, number, code, settings, force=force)
    try:
        with seldom_collected(), pool(Setup(tuple(families), words, ocr)) as workers:
            workers.pages = listener.page
            for step in in_order(hashed(inputs, workers.limits.seconds), workers, desk):
                for outcome in desk.write(step):
                    tally.add(outcome)
                    listener.ended(outcome, tally)
        store.check_reviews(agree_with_plans)
    except BaseException as error:
        with suppress(DatabaseUnusable):  # it may be what stopped us
            store.finish_run(number, tally.counts(), stopped=printable(str(error) or type(error).__name__))
        raise
    tally.seconds = time.perf_counter() - started
    store.finish_run(number, tally.counts())
    listener.ends(tally)
    return tally


def hashed(inputs: Iterable[Input | Failure], seconds: float | None = None) -> Iterator[FileTask]:
    """The files with their hash, or why they cannot be opened, within so many seconds each. What they hold is not
    looked at here: whatever may take long or much is for workers, for which limits hold."""
    try:
        for position, item in enumerate(inputs):
            if isinstance(item, Failure):
                yield FileTask(position, item.file, failure=item)
                continue
            task = FileTask(position, item.shown, item)
            try:
                with timed(task.seconds, Stage.INTAKE), within(seconds):
                    task.sha256 = item.digest()
            except Exception as error:  # noqa: BLE001 - one file never stops a batch; what happened is kept as its failure
                task.failure = failure_of(error, item.shown, None, Stage.INTAKE)
            yield task
    finally:
        let_go()
