"""`jixiao run`: which files, with which workers, into which database; and what is said on the way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from os.path import abspath
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from rich.table import Table as Grid
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from extractors.ocr.choose import OcrChoice
from extractors.ocr.guard import PAGE_SECONDS
from extractors.refusals import NotFound
from pipeline.archive.outcomes import Tally
from pipeline.archive.records import OutputUnwritable
from pipeline.archive.runs import failed_files
from pipeline.archive.store import DatabaseUnusable, Store, WrongDatabaseVersion
from pipeline.commands.progress import Log, progress, say_json
from pipeline.commands.terminal import (
    DATABASE,
    Db,
    Exit,
    FamilyDir,
    OcrModelNames,
    OcrModels,
    OcrSeconds,
    Out,
    families_of,
    is_url,
    make_folder,
    ocr_choice,
    say,
    stop,
    talk,
)
from pipeline.messages import label, tell, told
from pipeline.output.run_report import Written, next_command, write_run_report
from pipeline.output.show import plain
from pipeline.running.files import Input, find_inputs, modified_since, only_these
from pipeline.running.pool import InProcess, Limits, Maker, NoWorkers, Pool
from pipeline.running.processes import cores, local_crew
from pipeline.running.run import Request, run
from pipeline.running.worker import Setup
from schemas.frozen import dataclass
from schemas.language.vocabulary import load_words
from schemas.reading import Failure

WORST_NAMED = 3  # filings that are named at the end of a run


class EngineName(StrEnum):
    """Who starts the workers."""

    LOCAL = "local"
    RAY = "ray"


class Only(StrEnum):
    """Which of the files to take."""

    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Workers:
    """How a run works: how many workers, whose, and what each may take."""

    jobs: int | None = None
    engine: EngineName = EngineName.LOCAL
    address: str | None = None
    limits: Limits = Limits()

    def maker(self, ocr: OcrChoice) -> tuple[Maker, OcrChoice]:
        """Makes the pool; and the OCR engine with the threads that each worker may use."""
        if self.engine is EngineName.RAY:
            from pipeline.running.ray_pool import ray_crew  # heavy, and only there with the extra

            return (lambda setup: ray_crew(setup, self.jobs, self.limits, self.address)), replace(ocr, threads=1)
        if self.jobs == 0:
            return InProcess, ocr
        jobs = self.jobs or 1

        def local(setup: Setup) -> Pool:
            return local_crew(setup, jobs, self.limits)

        return local, replace(ocr, threads=max(1, min(ocr.threads, cores() // jobs)))


Jobs = Annotated[
    int | None,
    typer.Option("--jobs", min=0, help="Worker processes; 0: none, all in this process without limits. Default 1."),
]
EngineOption = Annotated[EngineName, typer.Option("--engine", help="Workers on this machine, or of a Ray cluster.")]
Address = Annotated[
    str | None,
    typer.Option("--address", help="Ray cluster (auto, or HOST:PORT); default: one is started on this machine."),
]
Timeout = Annotated[
    float, typer.Option("--timeout", min=0, metavar="SECONDS", help="Time that a file may take; 0: any.")
]
Memory = Annotated[int, typer.Option("--memory", min=0, metavar="MB", help="Memory that a worker may hold; 0: any.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say only what failed.")]
LogOption = Annotated[Log, typer.Option("--log", help="Messages as text, or as JSON, one object a line.")]
Since = Annotated[
    datetime | None,
    typer.Option("--since", metavar="DATE", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Files changed since."),
]


def run_command(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Files, folders and globs.")],
    out: Out = Path("data/out"),
    db: Db = None,
    family_dir: FamilyDir = None,
    force: Annotated[bool, typer.Option("--force", help="Read files again that are done already.")] = False,
    only: Annotated[Only | None, typer.Option("--only", help="Take only files that failed before.")] = None,
    since: Since = None,
    jobs: Jobs = None,
    engine: EngineOption = EngineName.LOCAL,
    address: Address = None,
    timeout: Timeout = 1800,
    memory: Memory = 3000,
    ocr_models: OcrModels = None,
    ocr_model_names: OcrModelNames = None,
    ocr_seconds: OcrSeconds = PAGE_SECONDS,
    quiet: Quiet = False,
    log: LogOption = Log.TEXT,
) -> None:
    """Read filings into the database and into records. Exit code 1 where some file failed."""
    options = {
        "folder": str(Path.cwd()),
        "out": abspath(out),  # noqa: PTH100 - a path that need not exist, and no link followed
        "family_dir": family_dir and abspath(family_dir),  # noqa: PTH100
        "ocr_models": ocr_models and abspath(ocr_models),  # noqa: PTH100
        "ocr_model_names": ocr_model_names,
        "ocr_seconds": ocr_seconds,
    }
    request = Request(tuple(inputs), options)
    limits = Limits(timeout or None, memory or None)
    workers = workers_of(jobs, engine, address, limits)
    families_of(family_dir)  # what is wrong is said before anything is made
    ocr_choice(ocr_models, ocr_model_names, ocr_seconds)
    wanted: Sequence[Input | Failure] = find_inputs(inputs)
    if since is not None:
        wanted = modified_since(wanted, since)
    place = db or str(out / DATABASE)
    if wanted and all(isinstance(item, Failure) and item.category == NotFound.category for item in wanted):
        _nothing_there([item for item in wanted if isinstance(item, Failure)], place)
    if db is None or not is_url(db):
        make_folder(out)
    with opened(place) as store:
        if only is Only.FAILED:
            wanted = only_these(wanted, failed_files(store))
        go(store, wanted, request, workers, force=force, quiet=quiet, log=log)


def _nothing_there(missing: Sequence[Failure], place: str) -> None:
    """End the program where nothing that was named is there and nothing is known of it: a slip of the pen makes no
    folder and no database."""
    if is_url(place) or Path(place).exists():
        return
    for failure in missing[:-1]:
        talk.print(Text(plain(told(failure.message)), style="red"))
    stop(missing[-1].message, Exit.SOME_FAILED)


def workers_of(jobs: int | None, engine: EngineName, address: str | None, limits: Limits) -> Workers:
    """The workers that the options mean; ends the program where they do not fit each other."""
    if address is not None and engine is not EngineName.RAY:
        stop(tell("--address names a Ray cluster: give --engine ray with it"))
    if engine is EngineName.RAY and jobs == 0:
        stop(tell("--jobs 0 reads in this process, which --engine ray does not; give --jobs 1 or more"))
    return Workers(jobs, engine, address, limits)


def opened(db: str, create: bool = True) -> AbstractContextManager[Store]:
    """The database; ends the program where it cannot be used."""
    try:
        return Store.open(db, create=create)
    except (DatabaseUnusable, WrongDatabaseVersion) as error:
        stop(str(error))


def go(
    store: Store,
    wanted: Sequence[Input | Failure],
    request: Request,
    workers: Workers,
    *,
    force: bool = False,
    quiet: bool = False,
    log: Log = Log.TEXT,
) -> None:
    """Run as it was asked for, print the counts, and end the program with its exit code."""
    options = request.options
    families = families_of(_path(options["family_dir"]))
    chosen = ocr_choice(_path(options["ocr_models"]), options["ocr_model_names"], options["ocr_seconds"])
    pool, ocr = workers.maker(chosen)
    out = Path(options["out"])
    try:
        with terminated_as_interrupted(), progress(log, quiet=quiet) as listener:
            tally = run(
                wanted,
                store,
                out,
                families,
                load_words(),
                force=force,
                ocr=ocr,
                pool=pool,
                request=request,
                listener=listener,
            )
    except (DatabaseUnusable, OutputUnwritable) as error:
        _stopped(log, _to_go_on(told(str(error))))
    except NoWorkers as error:
        _stopped(log, told(str(error)))
    except KeyboardInterrupt:
        _stopped(log, _to_go_on(tell("stopped")), Exit.SOME_FAILED)
    print_tally(tally)
    _report(store, tally, out, silent=quiet or log is not Log.TEXT)
    raise typer.Exit(Exit.SOME_FAILED if tally.failed or tally.refused else Exit.GOOD)


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """A request to end (SIGTERM, of a system that shuts down or a scheduler) ends a run as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _to_go_on(why: str) -> str:
    return tell("{why}; what was written until then is whole; run the same command again to go on", why=why)


def _stopped(log: Log, message: str, code: Exit = Exit.WRONG_USE) -> NoReturn:
    """Say what stopped a run in the manner of its other messages, and end the program."""
    if log is Log.TEXT:
        stop(message, code)
    say_json({"event": "stopped", "message": plain(message)})
    raise typer.Exit(code)


def _report(store: Store, tally: Tally, out: Path, *, silent: bool) -> None:
    """Write the report of a run, and say where things are and what to do now. A report that cannot be written costs
    nothing of what was read."""
    try:
        report = write_run_report(store, tally.run, out, store.where)
    except (OSError, SQLAlchemyError, DatabaseUnusable) as error:
        lost = tell("the report of the run could not be written: {error}", error=told(str(error)))
        talk.print(Text(plain(lost), style="yellow"))
        return
    if not silent:
        path = report.path
        here = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        talk.print(Text(plain(tell("database: {path}", path=store.where))))
        talk.print(Text(plain(tell("report: {path}", path=here))))
        for line in what_to_do(tally, report, store.where):
            talk.print(Text(plain(line)))


def what_to_do(tally: Tally, report: Written, database: str) -> list[str]:
    """What is said last: which filings need eyes first, what to do about files that were not read, and the command
    that comes next."""
    lines: list[str] = []
    worst = [f"{filing.file} ({filing.doubtful})" for filing in report.worst[:WORST_NAMED]]
    if worst:
        said = {"files": ", ".join(worst), "n": report.doubtful}
        lines.append(tell("values in doubt: {n}; most of them in {files}", **said))
    if tally.failed or tally.refused:
        lines.append(tell("not read: {n} files; the report says what to do with each", n=tally.failed + tally.refused))
    if worst:
        lines.append(tell("next: {command}", command=next_command(database)))
    elif tally.forms:
        lines.append(
            tell("no value is in doubt; for a spot check: {command}", command=f"jixiao sample --db {database}")
        )
    return lines


def print_tally(tally: Tally) -> None:
    """The counts of a run."""
    grid = Grid(show_header=False, show_edge=False)
    grid.add_column()
    grid.add_column(justify="right", min_width=8)
    for name, count in tally.counts().items():
        grid.add_row(label("count", name), str(count))
    grid.add_row(label("count", "seconds"), f"{tally.seconds:.1f}")
    say.print(grid)


def _path(text: Any) -> Path | None:
    return None if text is None else Path(text)
