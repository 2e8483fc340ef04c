"""`jixiao show`: the records of a filing, or one that is kept, as readable trees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from extractors.ocr.choose import OcrChoice
from extractors.ocr.guard import PAGE_SECONDS
from extractors.refusals import CannotRead
from pipeline.archive.records import unreadable
from pipeline.commands.terminal import (
    Exit,
    FamilyDir,
    OcrModelNames,
    OcrModels,
    OcrSeconds,
    families_of,
    ocr_choice,
    read_told,
    say,
    stop,
    talk,
)
from pipeline.messages import tell, told
from pipeline.output.show import plain, render_record
from pipeline.running.worker import read_forms
from schemas.families import FamiliesCollide
from schemas.language.vocabulary import load_words
from schemas.model import Place
from schemas.reading import FormReading


def show(
    what: Annotated[str, typer.Argument(metavar="FILE|RECORD", help="A filing, or a record (.json).")],
    family_dir: FamilyDir = None,
    ocr_models: OcrModels = None,
    ocr_model_names: OcrModelNames = None,
    ocr_seconds: OcrSeconds = PAGE_SECONDS,
) -> None:
    """Print records as readable trees: fields, money tree, indicator hierarchy, findings."""
    path = Path(what)
    places: list[dict[str, Place]] = []  # of the values of a workbook's forms; a record does not tell them
    if path.suffix.lower() == ".json":
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            stop(tell("{what}: cannot be read as a record: {error}", what=what, error=told(unreadable(error))))
        records: list[dict[str, Any]] = data if isinstance(data, list) else [data]
        if not all(isinstance(r, dict) and "indicators" in r for r in records):
            stop(tell("{what}: is no record; give a file of records/, or a filing", what=what))
    else:
        ocr = ocr_choice(ocr_models, ocr_model_names, ocr_seconds)
        forms = _forms_of(path, family_dir, ocr)
        records = [form.record.as_dict() for form in forms]
        places = [{o.pointer: o.place for o in reversed(form.origins) if o.place.sheet is not None} for form in forms]
    if not records:
        talk.print(Text(plain(tell("{file}: no form found", file=what))))
    for number, record in enumerate(records):
        say.print(render_record(record, places[number] if places else None), soft_wrap=False)


def _forms_of(path: Path, family_dir: Path | None, ocr: OcrChoice) -> list[FormReading]:
    words = load_words()
    try:
        document = read_told(path, words, ocr)
        return read_forms(document, families_of(family_dir), words)
    except (CannotRead, FamiliesCollide) as error:
        stop(str(error), Exit.SOME_FAILED)
