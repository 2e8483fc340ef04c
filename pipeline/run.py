"""The run: every file of the input through every stage, one after the other; what fails costs itself only."""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from extractors.intake import CannotRead, Intake, printable, take_in
from extractors.ocr.choose import EngineSource, OcrChoice, built_in_engine, engine_source
from extractors.read import read_document
from pipeline.check.agreement import PLAN_REVIEW, agree_with_plans
from pipeline.check.engine import check_forms
from pipeline.files import Input
from pipeline.forms import split_forms
from pipeline.interpret.form import identify, read_form
from pipeline.records import OutputUnwritable, write_records
from pipeline.store import DatabaseUnusable, State, Store, UnstorableText
from schemas.families import FamiliesCollide, Family
from schemas.model import Document, Reader, Table
from schemas.reading import Failure, FileReading, FormReading, Stage
from schemas.vocabulary import Words

BUILT_IN = OcrChoice()

Tell = Callable[[str, str], None]
"""Called with (file, what is being done or came of it)."""


@dataclass(slots=True)
class Tally:
    """What came of a run. `seconds` is wall time."""

    files: int = 0
    read: int = 0
    already_done: int = 0
    without_form: int = 0
    refused: int = 0
    failed: int = 0
    forms: int = 0
    indicators: int = 0
    findings: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {k: v for k, v in asdict(self).items() if isinstance(v, int)}


def run(
    inputs: Sequence[Input | Failure],
    store: Store,
    out: Path,
    families: Sequence[Family],
    words: Words,
    *,
    force: bool = False,
    ocr: OcrChoice = BUILT_IN,
    tell: Tell = lambda file, what: None,
) -> Tally:
    """Read every input into the database and `out`/records. No exception but of the database or disk leaves it."""
    started = time.perf_counter()
    settings = settings_text(families, ocr)
    engine = engine_source(ocr)
    code = code_version()
    number = store.begin_run(code, settings)
    tally = Tally()
    for item in inputs:
        tally.files += 1
        if isinstance(item, Failure):
            _fail(store, tally, item, tell)
            continue
        tell(item.shown, "reading")
        try:
            with item.at_hand() as path:
                intake = take_in(path, item.shown)
                if not force and store.state_of(intake.sha256, code, settings) is State.DONE:
                    _note_done(store, tally, intake, item.name, out)
                    continue
                reading = read_file(intake, item.name, families, words, engine)
                store.save(reading, code, settings)
        except (CannotRead, FamiliesCollide, UnstorableText) as error:
            _fail(store, tally, _failure(item, error), tell)
            _forget_records(store, out, item, tally.failures[-1])
            continue
        except (DatabaseUnusable, OutputUnwritable):
            raise  # nothing of the run can be kept any more
        except Exception as error:  # noqa: BLE001 - one file never stops a batch; what happened is kept as its failure
            _fail(store, tally, _failure(item, error), tell)
            _forget_records(store, out, item, tally.failures[-1])
            continue
        write_records(out, item.name, store.records_of(intake.sha256))  # another path of a content keeps the first's
        _count(tally, reading)
        tell(item.shown, f"{len(reading.forms)} forms" if reading.forms else "no form found")
    store.check_reviews(agree_with_plans, PLAN_REVIEW)
    tally.seconds = time.perf_counter() - started
    store.finish_run(number, tally.counts())
    return tally


def read_file(
    intake: Intake, name: str, families: Sequence[Family], words: Words, engine: EngineSource = built_in_engine
) -> FileReading:
    """One file through all stages from reading to records. Raises CannotRead and FamiliesCollide."""
    document = read_document(intake, words, engine=engine)
    return FileReading(document, name, tuple(read_forms(document, families, words)))


def read_forms(document: Document, families: Sequence[Family], words: Words) -> list[FormReading]:
    """The forms of a document as records, in reading order, checked, with the risk of every value."""
    forms = [
        _by_its_pages(read_form(form, number, document, identify(form, families), words), document)
        for number, form in enumerate(split_forms(document.blocks, words))
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


@cache
def code_version() -> str:
    """The version of the program and a digest of its sources: another reading may come of another source."""
    digest = hashlib.sha256()
    for package in ("extractors", "pipeline", "schemas"):
        root = Path(str(files(package)))
        for path in sorted(root.rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{version('jixiao')}+{digest.hexdigest()[:12]}"


def settings_text(families: Sequence[Family], ocr: OcrChoice = BUILT_IN) -> str:
    """The settings that a reading depends on, as one canonical text."""
    vocabulary = files("schemas").joinpath("vocabulary.yaml").read_bytes()
    known = json.dumps([f.model_dump(mode="json") for f in families], ensure_ascii=False, sort_keys=True)
    return json.dumps(
        {
            "families": hashlib.sha256(known.encode()).hexdigest()[:16],
            "ocr": ocr.label,
            "vocabulary": hashlib.sha256(vocabulary).hexdigest()[:16],
        },
        sort_keys=True,
    )


def _note_done(store: Store, tally: Tally, intake: Intake, name: str, out: Path) -> None:
    store.note_path(intake.shown, name, intake.sha256)
    records = store.records_of(intake.sha256)
    write_records(out, name, records)
    tally.already_done += 1
    tally.forms += len(records)
    tally.indicators += sum(len(r["indicators"]) for r in records)
    tally.findings += sum(len(r["findings"]) for r in records)
    tally.without_form += not records


def _count(tally: Tally, reading: FileReading) -> None:
    tally.read += 1
    tally.without_form += not reading.forms
    tally.forms += len(reading.forms)
    tally.indicators += sum(len(f.record.indicators) for f in reading.forms)
    tally.findings += sum(len(f.record.findings) for f in reading.forms)


def _fail(store: Store, tally: Tally, failure: Failure, tell: Tell) -> None:
    store.save_failure(failure)
    tally.failures.append(failure)
    if failure.refused:
        tally.refused += 1
    else:
        tally.failed += 1
    tell(failure.file, failure.message)


def _forget_records(store: Store, out: Path, item: Input, failure: Failure) -> None:
    """Remove the records of what stood at the path before, where the database has let go of them too."""
    if failure.sha256 is not None and not store.records_of(failure.sha256):
        write_records(out, item.name, [])


def _failure(item: Input, error: Exception) -> Failure:
    """What a file's error means, as a row of the failures."""
    if isinstance(error, CannotRead):
        return error.failure(_digest_of(item))
    stage, category, message = Stage.INTERPRET, "internal-error", f"{item.shown}: {type(error).__name__}: {error}"
    if isinstance(error, FamiliesCollide):
        category, message = "families-collide", f"{item.shown}: {error}"
    elif isinstance(error, UnstorableText):
        stage, category, message = Stage.STORE, "unstorable-text", f"{item.shown}: {error}"
    else:
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
        message += f" at {where}; this is a fault of the program: please report it with the file"
    return Failure(item.shown, _digest_of(item), stage, category, None, printable(message))


def _digest_of(item: Input) -> str | None:
    try:
        return item.digest()
    except CannotRead:
        return None
