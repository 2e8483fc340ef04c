"""The doors to reading: one filing in this process, many by workers with limits."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from extractors.intake import digest, take_in
from extractors.ocr.choose import OcrChoice, engine_source
from extractors.refusals import CannotRead
from jixiao.filing import Reading
from pipeline.running.files import Input
from pipeline.running.pool import Limits
from pipeline.running.processes import cores, local_crew
from pipeline.running.worker import Job, Result, Setup, read_file, result_of
from schemas.families import Family, load_families
from schemas.language.vocabulary import load_words
from schemas.reading import Failure

AHEAD = 3  # filings a job that are taken before they are asked for
UNNAMED = "filing"  # what a filing that came as bytes is called


@dataclass(frozen=True, slots=True)
class Unread:
    """A filing that `read_many` could not read: its path, what kind of reason it has, and the reason in words."""

    name: str
    category: str
    message: str

    def __bool__(self) -> bool:
        return False


def read(
    source: str | Path | bytes, *, families: str | Path | Sequence[Family] | None = None, ocr: OcrChoice | None = None
) -> Reading:
    """Read one filing: a PDF, an image, an office file, a web page or a text dump, told by its content.

    `families` are definitions of further form families: the folder that holds them, or a list of them in place of the
    built-in ones. `ocr` chooses the engine for scanned pages; it is loaded at the first one. Raises `CannotRead`, whose
    message names the file and says what to do; a filing without a form is a Reading without forms.
    """
    if isinstance(source, bytes):
        with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
            path = Path(folder, UNNAMED)
            path.write_bytes(source)
            return _read(path, UNNAMED, families, ocr, None)
    path = Path(source)
    return _read(path, str(source), families, ocr, path)


def read_many(
    sources: Iterable[str | Path],
    *,
    jobs: int | None = None,
    families: str | Path | Sequence[Family] | None = None,
    ocr: OcrChoice | None = None,
    progress: Callable[[int, str], None] | None = None,
) -> Iterator[Reading | Unread]:
    """Read filings by `jobs` processes at a time (None: as many as there are processors; 1: in this one), and give
    them in their order. One that cannot be read, takes too long or ends its process is an `Unread`, which counts as
    false; it never stops the others. `sources` are taken as they are needed, a few ahead. `progress` is called with the
    number of filings done and the name of the last. Raises ValueError for fewer jobs than one.
    """
    if jobs is not None and jobs < 1:
        raise ValueError(f"{jobs} jobs read nothing: give 1 or more")
    kinds, size = _families(families), cores() if jobs is None else jobs
    made = _one_by_one(sources, kinds, ocr) if size == 1 else _side_by_side(sources, kinds, ocr, size)
    for done, (name, reading) in enumerate(made, start=1):
        yield reading
        if progress is not None:
            progress(done, name)


Named = tuple[str, "Reading | Unread"]
"""A filing as it was called by who asks for it, and what came of it."""


def _one_by_one(sources: Iterable[str | Path], families: Sequence[Family], ocr: OcrChoice | None) -> Iterator[Named]:
    for source in sources:
        try:
            yield str(source), read(source, families=families, ocr=ocr)
        except CannotRead as error:
            yield str(source), _unread(error.failure(None), str(source))


def _side_by_side(
    sources: Iterable[str | Path], families: Sequence[Family], ocr: OcrChoice | None, jobs: int
) -> Iterator[Named]:
    """The filings in their order, though some are ready before others."""
    setup = Setup(tuple(families), load_words(), ocr or OcrChoice(), whole=True)
    waiting = enumerate(sources)
    names: dict[int, str] = {}
    ready: dict[int, Reading | Unread] = {}
    with local_crew(setup, jobs, Limits()) as crew:
        for number in count():
            while number not in ready:
                for taken, source in islice(waiting, jobs * AHEAD - len(names)):
                    names[taken] = str(source)
                    try:
                        crew.submit(taken, _job(Path(source), str(source)))
                    except CannotRead as error:
                        ready[taken] = _unread(error.failure(None), str(source))
                if number not in names:
                    return
                if number not in ready:
                    ready |= {at: _answered(result_of(told), names[at]) for at, told in crew.answers()}
            yield names.pop(number), ready.pop(number)


def _job(path: Path, shown: str) -> Job:
    return Job(Input(path, shown, shown), digest(path, shown))


def _answered(result: Result, name: str) -> Reading | Unread:
    if result.reading is not None:
        return Reading(result.reading, Path(name))
    assert result.failure is not None
    return _unread(result.failure, name)


def _unread(failure: Failure, name: str) -> Unread:
    return Unread(name, failure.category, failure.message)


def _read(
    path: Path,
    shown: str,
    families: str | Path | Sequence[Family] | None,
    ocr: OcrChoice | None,
    original: Path | None,
) -> Reading:
    kinds = _families(families)
    intake = take_in(path, shown)
    return Reading(read_file(intake, shown, kinds, load_words(), engine_source(ocr or OcrChoice())), original)


def _families(families: str | Path | Sequence[Family] | None) -> Sequence[Family]:
    if families is None or isinstance(families, (str, Path)):
        return load_families(None if families is None else Path(families))
    return families
