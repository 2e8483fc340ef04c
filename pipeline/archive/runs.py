"""What the database knows of runs: what came of their files, how far they are, what may be done again."""

from __future__ import annotations

import json
import socket
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from sqlalchemy import Connection, func, select

from pipeline.archive.outcomes import FileOutcome, Outcome
from pipeline.archive.store import Store
from schemas import tables as t
from schemas.frozen import dataclass
from schemas.tables.rows import insert_rows


class Holding(NamedTuple):
    """How much the database holds of a content, and the hashes of its records' files, None of what was written
    before there were any."""

    hashes: tuple[str | None, ...]
    indicators: int
    findings: int

    @property
    def forms(self) -> int:
        return len(self.hashes)


@dataclass(frozen=True, slots=True)
class RunState:
    """A run as it stands: `state` is running, finished, stopped, or broken off. `outcomes` counts files,
    `categories` counts (outcome, category), `seconds` adds up the stages."""

    id: int
    started: str
    finished: str | None
    state: str
    message: str | None
    found: int
    code_version: str
    settings: str
    inputs: tuple[str, ...]
    options: dict[str, Any]
    versions: dict[str, str]
    outcomes: dict[str, int]

    @property
    def gone_through(self) -> int:
        """Files that have an outcome."""
        return sum(self.outcomes.values())


def log_files(connection: Connection, run: int, outcomes: Sequence[FileOutcome]) -> None:
    """Write down what came of some files."""
    if not outcomes:
        return
    failures = [one.failure for one in outcomes]
    columns: dict[str, Sequence[Any]] = {
        "run_id": [run] * len(outcomes),
        "position": [one.position for one in outcomes],
        "file": [one.file for one in outcomes],
        "outcome": [one.outcome.value for one in outcomes],
        "stage": [why and why.stage.value for why in failures],
        "category": [why and why.category for why in failures],
        "page": [why and why.page for why in failures],
        "message": [why and why.message for why in failures],
        "sha256": [one.sha256 for one in outcomes],
        "seconds": [json.dumps({stage: round(s, 4) for stage, s in one.seconds.items()}) for one in outcomes],
    }
    insert_rows(connection, t.RunFile, columns)


def holdings(connection: Connection, contents: Collection[str]) -> dict[str, Holding]:
    """How much the database holds of these contents, by their hash; of unknown ones nothing."""
    files = select(t.File.id, t.File.sha256).where(t.File.sha256.in_(contents))
    contents_of = {row.id: row.sha256 for row in connection.execute(files)}
    hashes: dict[int, list[str | None]] = {number: [] for number in contents_of}
    of = t.Form.file_id
    forms = select(of, t.Form.record_sha256).where(of.in_(contents_of)).order_by(of, t.Form.form_index)
    for number, sha256 in connection.execute(forms):
        hashes[number].append(sha256)
    counts: dict[int, list[int]] = {number: [0, 0] for number in contents_of}
    for i, query in enumerate(
        (
            select(of, func.count()).join(t.Indicator, t.Indicator.form_id == t.Form.id),
            select(of, func.count()).join(t.Finding, t.Finding.form_id == t.Form.id),
        )
    ):
        for number, count in connection.execute(query.where(of.in_(contents_of)).group_by(of)):
            counts[number][i] = count
    return {contents_of[number]: Holding(tuple(hashes[number]), *two) for number, two in counts.items()}


def runs(store: Store, number: int | None = None) -> list[RunState]:
    """All runs, the newest last; or the one of this number."""
    query = select(t.Run).order_by(t.Run.id)
    if number is not None:
        query = query.where(t.Run.id == number)
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
        return [_state(connection, dict(row)) for row in rows]


def _state(connection: Connection, row: dict[str, Any]) -> RunState:
    count = select(t.RunFile.outcome, func.count()).where(t.RunFile.run_id == row["id"]).group_by(t.RunFile.outcome)
    outcomes = {outcome.value: 0 for outcome in Outcome} | {row[0]: row[1] for row in connection.execute(count)}
    state = "broken off" if row["state"] == "running" and _is_gone(row["process"]) else row["state"]
    return RunState(
        row["id"],
        row["started"],
        row["finished"],
        state,
        row["message"],
        row["found"],
        row["code_version"],
        row["settings"],
        tuple(json.loads(row["inputs"])),
        json.loads(row["options"]),
        json.loads(row["versions"]),
        outcomes,
    )


def _is_gone(process: str) -> bool:
    """Whether the process of a run is known to be gone: on another machine, nobody here can tell."""
    machine, _, number = process.rpartition(" ")
    return machine == socket.gethostname() and number.isdigit() and not psutil.pid_exists(int(number))


def input_folders(store: Store) -> list[Path]:
    """The folders in which the inputs of all runs stand, as far as they are there now, the newest run's first."""
    folders: dict[Path, None] = {}
    for run in reversed(runs(store)):
        for given in run.inputs if "folder" in run.options else ():
            path = Path(run.options["folder"]) / given
            while path != path.parent and not path.is_dir():  # a file, or a pattern
                path = path.parent
            folders[path] = None
    return list(folders)


class NotRead(NamedTuple):
    """A file of a run that was refused or failed."""

    file: str
    outcome: str
    category: str | None
    message: str | None
    sha256: str | None


def failures_of(store: Store, run: int) -> list[NotRead]:
    """The files of a run that were refused or failed, in its order."""
    columns = (t.RunFile.file, t.RunFile.outcome, t.RunFile.category, t.RunFile.message, t.RunFile.sha256)
    query = select(*columns).where(t.RunFile.run_id == run, t.RunFile.category.is_not(None))
    with store.reading() as connection:
        return [NotRead(*row) for row in connection.execute(query.order_by(t.RunFile.position))]


def seconds_of(store: Store, run: int) -> dict[str, float]:
    """The seconds that each stage took in a run, all files together."""
    total: dict[str, float] = {}
    with store.reading() as connection:
        for (text,) in connection.execute(select(t.RunFile.seconds).where(t.RunFile.run_id == run)):
            for stage, seconds in json.loads(text).items():
                total[stage] = total.get(stage, 0.0) + seconds
    return total


def failed_files(store: Store) -> set[str]:
    """The paths of the files that failed and were not read since; those refused are not among them."""
    with store.reading() as connection:
        return set(connection.execute(select(t.Failure.file).where(t.Failure.refused.is_(False))).scalars())
