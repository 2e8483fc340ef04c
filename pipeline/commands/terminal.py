"""What the commands share: where they print, how they end, and options that several of them have."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from extractors.intake import take_in
from extractors.ocr.choose import OcrChoice, engine_source, folders, parse_names
from extractors.ocr.engine import EngineMissing
from extractors.ocr.models import ModelsMissing
from extractors.read import read_document
from pipeline.messages import tell, told
from pipeline.output.show import plain
from pipeline.running.silence import silenced
from schemas.families import Family, FamilyFileWrong, load_families
from schemas.language.vocabulary import Words
from schemas.model import Document

talk = Console(stderr=True, highlight=False, soft_wrap=True)  # a wrapped line would cut the names of files
say = Console(highlight=False, soft_wrap=True)

DATABASE = "jixiao.db"


class Exit(IntEnum):
    """Exit codes."""

    GOOD = 0
    SOME_FAILED = 1
    WRONG_USE = 2


Out = Annotated[Path, typer.Option("--out", "-o", help="Folder for the database and the records.")]
Db = Annotated[str | None, typer.Option("--db", help="Database: a path, or an SQLAlchemy URL; default OUT/jixiao.db.")]
FamilyDir = Annotated[Path | None, typer.Option("--family-dir", help="Folder of further family definitions (.yaml).")]
OcrModels = Annotated[
    Path | None, typer.Option("--ocr-models", help="Folder with two PaddleOCR model folders to read scans with.")
]
OcrModelNames = Annotated[
    str | None, typer.Option("--ocr-model-names", metavar="DET,REC", help="Names of two models of PaddleOCR's hub.")
]
OcrSeconds = Annotated[
    float, typer.Option("--ocr-seconds", min=1, max=86400, help="Seconds that the OCR engine may take for a page.")
]


def families_of(folder: Path | None) -> list[Family]:
    """The built-in families and those of a folder; ends the program where they cannot be read."""
    try:
        return load_families(folder)
    except FamilyFileWrong as error:
        stop(str(error))
    except (OSError, UnicodeDecodeError) as error:
        stop(tell("{folder}: a definition in it cannot be read as UTF-8: {error}", folder=folder, error=error))


def ocr_choice(folder: Path | None, names: str | None, seconds: float) -> OcrChoice:
    """The engine that was asked for; what cannot be used is said before anything is read."""
    if folder is not None and names is not None:
        stop(tell("--ocr-models and --ocr-model-names name the same thing; give one of them"))
    try:
        choice = OcrChoice(folder, parse_names(names) if names is not None else None, seconds)
        if folder is not None:
            folders(choice)
        if names is not None:
            engine_source(choice)().check()
    except (ModelsMissing, EngineMissing) as error:
        stop(str(error))
    return choice


def read_told(path: Path, words: Words, ocr: OcrChoice) -> Document:
    """The lines and tables of a file; how its scanned pages were read is said. Raises CannotRead."""
    with silenced():
        document = read_document(take_in(path, str(path)), words, engine=engine_source(ocr))
    for note in document.notes if document.scanned else ():
        talk.print(Text(plain(f"{path}: {told(note)}"), style="dim"))
    return document


def is_url(db: str) -> bool:
    """Whether a database is given as a URL, not as a path."""
    return "://" in db


def make_folder(out: Path) -> None:
    """Make the folder that results go to; ends the program where that cannot be."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop_unwritable(out, error)


def stop(message: str, code: Exit = Exit.WRONG_USE) -> NoReturn:
    """Say why, in the language of the process, and end the program."""
    talk.print(Text(plain(told(message)), style="red"))
    raise typer.Exit(code)


def stop_unwritable(path: Path, error: OSError) -> NoReturn:
    """End the program because results cannot be written."""
    why = error.strerror or error
    stop(tell("{path}: cannot be written: {why}; choose another --out", path=path, why=why))


def say_written(path: Path) -> None:
    """Say which file was written."""
    talk.print(Text(plain(tell("wrote {path}", path=path))))
