"""One file from its bytes to its records: what a worker does, in whichever process or on whichever machine."""

from __future__ import annotations

import gc
import importlib
import pickle
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.formats import Intake
from extractors.intake import digest, take_in
from extractors.ocr.choose import EngineSource, OcrChoice, built_in_engine, engine_source
from extractors.printable import printable
from extractors.read import read_document
from extractors.refusals import CannotRead, Changed, EngineTimedOut, OutOfMemory
from pipeline.reading.check.engine import check_forms
from pipeline.reading.forms import split_forms
from pipeline.reading.interpret.form import identify, read_form
from pipeline.running.files import Input
from schemas.families import FamiliesCollide, Family
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words
from schemas.model import Document, Reader, Table
from schemas.reading import Failure, FileReading, FormReading, Stage

if TYPE_CHECKING:
    from schemas.tables.rows import FileRows

LAST = b"last "  # before the answer of a worker that should get no further file; no pickle begins so
LARGEST_ANSWER = 256 << 20  # bytes of a reading: what is written of it is bounded as its file is
SELDOM = 20_000  # new objects between two searches for cycles: some megabytes


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read, and the hash of its content. Small: it is sent to workers."""

    item: Input
    sha256: str
    spent: float = 0.0  # seconds that the file has cost before it was sent


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to know once. `reader` names the function that reads, as `module:function`; `whole`: its
    answers are readings, and no rows."""

    families: tuple[Family, ...]
    words: Words
    ocr: OcrChoice
    reader: str = "pipeline.running.worker:read_job"
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker makes of its setup and keeps: the engine is loaded at the first page that needs it."""

    families: Sequence[Family]
    words: Words
    engine: EngineSource


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job: the rows of a reading, the reading itself or a failure, and the seconds of each stage."""

    rows: FileRows | None = None
    failure: Failure | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    reading: FileReading | None = None


def read_file(
    intake: Intake,
    name: str,
    families: Sequence[Family],
    words: Words,
    engine: EngineSource = built_in_engine,
    seconds: dict[str, float] | None = None,
) -> FileReading:
    """One file through all stages from reading to records; what each took is put into `seconds`.

    Raises CannotRead and FamiliesCollide.
    """
    seconds = {} if seconds is None else seconds
    with timed(seconds, Stage.READ):
        document = read_document(intake, words, engine=engine)
    with timed(seconds, Stage.INTERPRET):
        forms = tuple(read_forms(document, families, words))
    return FileReading(document, name, forms)


def read_forms(document: Document, families: Sequence[Family], words: Words) -> list[FormReading]:
    """The forms of a document as records, in reading order, checked, with the risk of every value."""
    forms = [
        _by_its_pages(read_form(form, number, document, identify(form, families), words), document)
        for number, form in enumerate(split_forms(document.blocks, words, tells_cells=document.tells_cells))
    ]
    return check_forms(forms, [block for block in document.blocks if isinstance(block, Table)], words)


def _by_its_pages(form: FormReading, document: Document) -> FormReading:
    """A form's reader is that of its pages: `ocr` where one of them was read as a scan."""
    source = form.record.source
    if document.reader is Reader.DUMP or not source.pages:
        return form
    reader = Reader.OCR if document.scanned.intersection(source.pages) else Reader.TEXT_LAYER
    if source.reader == reader:
        return form
    record = form.record.model_copy(update={"source": source.model_copy(update={"reader": reader})})
    return replace(form, record=record)


def read_job(job: Job, tools: Tools, seconds: dict[str, float]) -> FileReading:
    """What workers do unless a setup names another function."""
    with job.item.at_hand() as path:  # what stands in an archive was unpacked elsewhere when it was looked at
        try:
            with timed(seconds, Stage.INTAKE):  # here, where the limits of a file hold, and not where files are listed
                intake = take_in(path, job.item.shown, job.sha256)
            return read_file(intake, job.item.name, tools.families, tools.words, tools.engine, seconds)
        finally:  # what went wrong may have come of it too: no file is called damaged that is being written
            if digest(path, job.item.shown) != job.sha256:
                raise Changed(job.item.shown)


def worker(setup: Setup) -> Callable[[Job], bytes]:
    """A function that reads one job after the other and answers with a pickled `Result`; it raises nothing. Where the
    OCR engine hangs, the answer begins with LAST: nothing can end the engine's thread but the end of the process, and
    every further scan would wait for it."""
    from schemas.tables.rows import rows_of  # here: to read a file by itself, no tables are loaded

    tools = Tools(setup.families, setup.words, engine_source(setup.ocr))
    module, _, name = setup.reader.partition(":")
    read: Callable[[Job, Tools, dict[str, float]], FileReading] = getattr(importlib.import_module(module), name)

    def answer(job: Job) -> bytes:
        seconds: dict[str, float] = {}
        try:
            reading = read(job, tools, seconds)
            if setup.whole:
                return answer_of(Result(seconds=seconds, reading=reading))
            with timed(seconds, Stage.STORE):
                rows = rows_of(reading)
            made = answer_of(Result(rows, None, seconds))
            if len(made) > LARGEST_ANSWER:
                raise OutOfMemory(job.item.shown, f"its reading has {len(made) >> 20} MB")
            return made
        except Exception as error:  # noqa: BLE001 - one file never stops a batch; what happened is kept as its failure
            failure = failure_of(error, job.item.shown, job.sha256)
            hangs = isinstance(error, EngineTimedOut)
            return (LAST if hangs else b"") + answer_of(Result(None, failure, seconds))

    return answer


def last_of(message: bytes) -> tuple[bytes, bool]:
    """(the answer in a worker's message, whether the worker should get no further file)."""
    return message.removeprefix(LAST), message.startswith(LAST)


def answer_of(result: Result) -> bytes:
    """A result as the bytes that a worker sends."""
    with no_collection():
        return pickle.dumps(result, pickle.HIGHEST_PROTOCOL)


def result_of(answer: bytes) -> Result:
    """What a worker answered."""
    with no_collection():
        result = pickle.loads(answer)  # noqa: S301 - bytes of our own workers
    assert isinstance(result, Result)
    return result


def failure_of(error: Exception, shown: str, sha256: str | None, stage: Stage = Stage.INTERPRET) -> Failure:
    """What a file's error means, as a row of the failures. `stage` is for errors that do not say theirs."""
    if isinstance(error, CannotRead):
        return error.failure(sha256)
    if isinstance(error, MemoryError):
        return OutOfMemory(shown).failure(sha256)
    category, message = "internal-error", f"{shown}: {type(error).__name__}: {error}"
    if isinstance(error, FamiliesCollide):
        category, message = "families-collide", f"{shown}: {error}"
    else:
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
        message += f" at {where}; this is a fault of the program: please report it with the file"
    return Failure(shown, sha256, stage, category, None, printable(message))


@contextmanager
def timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    """Adds the seconds that the block takes to those of the stage."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        seconds[str(stage)] = round(seconds.get(str(stage), 0.0) + time.perf_counter() - begun, 6)


def seldom_collect() -> None:
    """For a process that only reads: search for cycles less often, and not among what is there for good. A filing
    makes tens of thousands of objects, hardly a cycle among them, and the searches took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Meanwhile, search for cycles less often."""
    was = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*was)


@contextmanager
def no_collection() -> Iterator[None]:
    """Without the search for cycles: it would walk through all objects of a reading again and again as they are
    made, and there are none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
