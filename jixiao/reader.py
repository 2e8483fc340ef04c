"""The doors to reading: one filing in this process, many by workers with limits."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.intake import take_in
from extractors.ocr.choose import OcrChoice, engine_source
from extractors.refusals import CannotRead
from jixiao.filing import Reading
from pipeline.running.worker import read_file
from schemas.families import Family, load_families
from schemas.language.vocabulary import load_words

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
    families: str | Path | Sequence[Family] | None = None,
    ocr: OcrChoice | None = None,
    progress: Callable[[int, str], None] | None = None,
) -> Iterator[Reading | Unread]:
    """Read filings one after the other, in their order. One that cannot be read is an `Unread`, which counts as
    false; it never stops the others. `progress` is called with the number of filings done and the name of the last.
    """
    kinds = _families(families)
    for done, source in enumerate(sources, start=1):
        try:
            yield read(source, families=kinds, ocr=ocr)
        except CannotRead as error:
            failure = error.failure(None)
            yield Unread(str(source), failure.category, failure.message)
        if progress is not None:
            progress(done, str(source))


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
