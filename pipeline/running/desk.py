"""The one writer of a run: what came of a file goes into the database in one transaction, with its records on disk.

The records are written before the transaction ends: a file that the database calls done has its records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from pipeline.archive.outcomes import FileOutcome, Outcome
from pipeline.archive.records import OutputUnwritable, has_folder, has_records, write_records
from pipeline.archive.runs import holdings, log_files
from pipeline.archive.store import DatabaseUnusable, Moved, Store, UnstorableText
from pipeline.running.order import Answered, Failed, FileTask, Skipped, Step
from pipeline.running.worker import failure_of, result_of, timed
from schemas.reading import Failure, Stage
from schemas.record import record_text
from schemas.tables.rows import FileRows


class Desk:
    """Writes the steps of run number `run`, made by this code with these settings, into `store` and `out`."""

    def __init__(self, store: Store, out: Path, run: int, code: str, settings: str, *, force: bool) -> None:
        self._store, self._out, self._run = store, out, run
        self._code, self._settings, self._force = code, settings, force

    def done(self, tasks: Collection[FileTask]) -> list[FileTask]:
        """Those of the files that this code and settings have read already."""
        if self._force or not tasks:
            return []
        known = self._store.known([task.sha256 for task in tasks if task.sha256])
        return [
            task
            for task in tasks
            if task.sha256 is not None
            and (held := known.get(task.sha256)) is not None
            and held.read_by(self._code, self._settings)
        ]

    def settled(self, tasks: Collection[FileTask]) -> list[FileTask]:
        """Those of files that are done of which nothing has to be written."""
        files = [(task.file, task.sha256) for task in tasks if task.sha256]
        paths = self._store.settled(files)
        return [task for task in tasks if task.file in paths]

    def write(self, step: Step) -> Iterator[FileOutcome]:
        """Write a step; what came of its files. Raises DatabaseUnusable and OutputUnwritable."""
        if isinstance(step, Failed):
            yield self._failed(step.task, step.failure)
        elif isinstance(step, Skipped):
            yield from self._skipped(step.tasks)
        else:
            yield self._answered(step)

    def _answered(self, step: Answered) -> FileOutcome:
        task, result = step.task, result_of(step.answer)
        task.seconds |= result.seconds
        if result.failure is not None:
            return self._failed(task, result.failure)
        assert result.rows is not None
        try:
            return self._read(task, result.rows)
        except UnstorableText as error:
            message = f"{task.file}: {error}"
            failure = Failure(task.file, task.sha256, Stage.STORE, "unstorable-text", None, message)
        except (DatabaseUnusable, OutputUnwritable):
            raise  # nothing of the run can be kept any more
        except Exception as error:  # noqa: BLE001 - one file never stops a batch; what happened is kept as its failure
            failure = failure_of(error, task.file, task.sha256, Stage.STORE)
        return self._failed(task, failure)

    def _read(self, task: FileTask, rows: FileRows) -> FileOutcome:
        with self._store.transaction() as connection:
            with timed(task.seconds, Stage.STORE):
                written = self._store.write(rows, self._code, self._settings)
                # a content that was read at another path by now keeps the records of that one
                write_records(self._out, rows.name, rows.records if written.rows else self._texts_of(rows.sha256))
                self._follow(written.moved)
            outcome = FileOutcome(
                task.position,
                task.file,
                Outcome.DONE,
                rows.sha256,
                forms=len(rows.records),
                indicators=rows.indicators,
                findings=rows.findings,
                seconds=task.seconds,
            )
            log_files(connection, self._run, [outcome])
        return outcome

    def _failed(self, task: FileTask, failure: Failure) -> FileOutcome:
        kind = Outcome.REFUSED if failure.refused else Outcome.FAILED
        outcome = FileOutcome(task.position, task.file, kind, failure.sha256, failure, seconds=task.seconds)
        with self._store.transaction() as connection:
            self._follow(self._store.save_failure(failure))
            log_files(connection, self._run, [outcome])
            if (
                task.item
                and failure.sha256 is not None
                and has_folder(self._out, task.item.name)
                and not self._store.held([(task.file, failure.sha256)])
            ):  # what stood at the path before; the database let go of it too
                write_records(self._out, task.item.name, [])
        return outcome

    def _skipped(self, tasks: Sequence[FileTask]) -> list[FileOutcome]:
        """Files that are done cost a few queries for all of them together."""
        outcomes = []
        with self._store.transaction() as connection:
            held = holdings(connection, [task.sha256 for task in tasks if task.sha256])
            settled = {task.file for task in self.settled(tasks)}
            for task in tasks:
                assert task.item is not None
                assert task.sha256 is not None
                sha256 = task.sha256
                if task.file not in settled:
                    self._follow(self._store.note_path(task.file, task.item.name, sha256))
                if task.file not in settled or not has_records(self._out, task.item.name, held[sha256].hashes):
                    write_records(self._out, task.item.name, self._texts_of(sha256))
                has = held[sha256]
                outcomes.append(
                    FileOutcome(
                        task.position,
                        task.file,
                        Outcome.ALREADY_DONE,
                        sha256,
                        forms=has.forms,
                        indicators=has.indicators,
                        findings=has.findings,
                        seconds=task.seconds,
                    )
                )
            log_files(connection, self._run, outcomes)
        return outcomes

    def _follow(self, moved: Moved | None) -> None:
        """Write anew the records of a content whose first path went to another file."""
        if moved is not None:
            for name in moved.names:
                write_records(self._out, name, self._texts_of(moved.sha256))

    def _texts_of(self, sha256: str) -> list[str]:
        return [record_text(record) for record in self._store.records_of(sha256)]
