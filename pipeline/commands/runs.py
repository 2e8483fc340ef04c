"""`jixiao runs`, `status` and `retry`: which runs there were, how one stands, and its failures once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import JustifyMethod
from rich.table import Table as Grid
from rich.text import Text

from extractors.refusals import CannotRead, lasting_categories
from pipeline.archive.outcomes import Outcome
from pipeline.archive.runs import NotRead, RunState, failures_of, runs, seconds_of
from pipeline.archive.store import DatabaseUnusable, Store
from pipeline.commands.progress import Log
from pipeline.commands.run import (
    Address,
    EngineName,
    EngineOption,
    Jobs,
    LogOption,
    Memory,
    Quiet,
    Timeout,
    go,
    opened,
    workers_of,
)
from pipeline.commands.terminal import DATABASE, say, stop, talk
from pipeline.messages import label, tell, told
from pipeline.output.show import plain
from pipeline.running.files import Input, find_inputs, only_these
from pipeline.running.pool import Limits
from pipeline.running.run import Request
from schemas.reading import Failure

Db = Annotated[str, typer.Option("--db", help="Database: a path or an SQLAlchemy URL.")]
Number = Annotated[
    int | None, typer.Argument(metavar="RUN", help="Number of the run, as `jixiao runs` lists it; default: the last.")
]
THE_DB = f"data/out/{DATABASE}"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("runs")(list_runs)
    app.command("status")(status)
    app.command("retry")(retry)


def list_runs(db: Db = THE_DB) -> None:
    """List the runs of a database: when, how they stand, how many files had which outcome."""
    grid = Grid(show_edge=False)
    for name in ("run", "started", "state", "files", *(o.value for o in Outcome)):
        side: JustifyMethod = "left" if name == "state" else "right"
        grid.add_column(label("run", name), justify=side, overflow="fold", no_wrap=name == "started")
    with opened(db, create=False) as store:
        for one in _runs(store):
            counts = (str(one.outcomes[o.value]) for o in Outcome)
            started = one.started[:16].replace("T", " ")
            grid.add_row(str(one.id), started, label("state", one.state), f"{one.gone_through}/{one.found}", *counts)
    say.print(grid)


def status(run: Number = None, db: Db = THE_DB) -> None:
    """Tell how a run stands: its settings and versions, outcomes, seconds by stage, and what failed."""
    with opened(db, create=False) as store:
        one = _run(store, run)
        grid = Grid(show_header=False, show_edge=False)
        grid.add_column()
        grid.add_column(overflow="fold")
        rows = {
            "run": str(one.id),
            "state": label("state", one.state) + (f": {told(one.message)}" if one.message else ""),
            "started": one.started,
            "finished": one.finished or "",
            "inputs": "\n".join(one.inputs),
            "options": " ".join(_option(name, value) for name, value in one.options.items() if value is not None),
            "code": one.code_version,
            "settings": one.settings,
            "versions": ", ".join(f"{name} {version}" for name, version in one.versions.items()),
            "files": tell("{n} of {all}", n=one.gone_through, all=one.found),
        }
        rows = {label("run", name): value for name, value in rows.items()}
        rows |= {label("run", outcome): str(count) for outcome, count in one.outcomes.items()}
        rows |= {
            tell("seconds {stage}", stage=label("stage", stage)): f"{seconds:.1f}"
            for stage, seconds in seconds_of(store, one.id).items()
        }
        failures = failures_of(store, one.id)
    rows |= {
        f"{label('run', o)} {c}": str(n)
        for (o, c), n in sorted(Counter((x.outcome, x.category or "") for x in failures).items())
    }
    for name, value in rows.items():
        grid.add_row(name, Text(plain(value)))
    say.print(grid)
    for failure in failures:
        say.print(Text(plain(told(failure.message or failure.file))))


def _option(name: str, value: object) -> str:
    """An option of a run as it is typed; the folder that it was typed in as a command before it."""
    return f"cd {value};" if name == "folder" else f"--{name.replace('_', '-')} {value}"


def retry(
    run: Number = None,
    db: Db = THE_DB,
    jobs: Jobs = None,
    engine: EngineOption = EngineName.LOCAL,
    address: Address = None,
    timeout: Timeout = 1800,
    memory: Memory = 3000,
    take_all: Annotated[
        bool, typer.Option("--all", help="Also what the same content cannot make better: encrypted, truncated, empty.")
    ] = False,
    quiet: Quiet = False,
    log: LogOption = Log.TEXT,
) -> None:
    """Read once more what failed in a run, with its inputs, families and models, as a run of its own. What cannot get
    better is left out as long as its content is the same."""
    workers = workers_of(jobs, engine, address, Limits(timeout or None, memory or None))
    with opened(db, create=False) as store:
        one = _run(store, run)
        failed = [x for x in failures_of(store, one.id) if x.outcome == Outcome.FAILED]
        if "folder" not in one.options:
            stop(tell("run {run} was not made by `jixiao run`, so its inputs are not known", run=one.id))
        again = only_these(_found_again(one), {x.file for x in failed})
        if not take_all:
            again = _that_may_get_better(again, failed)
        go(store, again, Request(one.inputs, one.options), workers, quiet=quiet, log=log)


def _that_may_get_better(listed: Sequence[Input | Failure], failed: Sequence[NotRead]) -> list[Input | Failure]:
    """The files without those whose content is still one that cannot be read; how many these are is said."""
    hopeless = {x.file: x.sha256 for x in failed if x.category in lasting_categories() and x.sha256 is not None}
    kept = [item for item in listed if isinstance(item, Failure) or not _has_content(item, hopeless.get(item.shown))]
    if left := len(listed) - len(kept):
        talk.print(Text(tell("{n} files that cannot get better are left out (--all takes them too)", n=left)))
    return kept


def _has_content(item: Input, sha256: str | None) -> bool:
    try:
        return sha256 is not None and item.digest() == sha256
    except CannotRead:
        return False  # the run says so


def _found_again(run: RunState) -> list[Input | Failure]:
    """The inputs of a run by the paths under which it knew them, whatever folder this is called in."""
    folder = Path(run.options["folder"])
    try:
        with chdir(folder):
            listed = find_inputs(run.inputs)
    except OSError as error:
        said = {"folder": folder, "run": run.id, "why": error.strerror}
        stop(tell("{folder}: run {run} was called in this folder, which cannot be entered: {why}", **said))
    return [item if isinstance(item, Failure) else replace(item, path=folder / item.path) for item in listed]


def _runs(store: Store, number: int | None = None) -> list[RunState]:
    try:
        return runs(store, number)
    except DatabaseUnusable as error:
        stop(str(error))


def _run(store: Store, number: int | None) -> RunState:
    """A run, the last one without a number."""
    runs = _runs(store, number)
    if not runs and number is None:
        stop(tell("there is no run in {db}; `jixiao run` makes one", db=Path(store.where)))
    if not runs:
        stop(tell("there is no run {number} in {db}; `jixiao runs` lists them", number=number, db=Path(store.where)))
    return runs[-1]
