"""The command line: few verbs, plain nouns; results go to standard output, talk to standard error."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table as Grid
from rich.text import Text

from extractors.intake import CannotRead, take_in
from extractors.ocr.choose import OcrChoice, engine_source
from extractors.ocr.guard import PAGE_SECONDS
from extractors.read import read_document
from pipeline import export as exporting
from pipeline import runs_cli
from pipeline.dataset import export_dataset, parse_keys
from pipeline.diff_cli import diff_command
from pipeline.doctor import examine
from pipeline.draw import CannotDraw, draw_page
from pipeline.forms import split_forms
from pipeline.golden_cli import golden_app
from pipeline.interpret.form import identify
from pipeline.review_cli import review
from pipeline.run import read_forms
from pipeline.run_cli import run_command
from pipeline.sample_cli import sample_app
from pipeline.show import plain, render_record
from pipeline.store import DatabaseUnusable, Store, WrongDatabaseVersion
from pipeline.terminal import (
    DATABASE,
    Exit,
    FamilyDir,
    OcrModelNames,
    OcrModels,
    OcrSeconds,
    families_of,
    ocr_choice,
    say,
    stop,
    talk,
)
from schemas.families import FamiliesCollide
from schemas.model import Document, Place
from schemas.reading import FormReading
from schemas.vocabulary import Words, load_words

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
families_app = typer.Typer(invoke_without_command=True, help="List the form families, or explain a form's family.")
app.add_typer(families_app, name="families")
app.add_typer(golden_app, name="golden")
app.add_typer(sample_app, name="sample")
app.command("run")(run_command)
runs_cli.register(app)
app.command("diff")(diff_command)
app.command()(review)


@app.command()
def doctor() -> None:
    """Print the OCR engine, its models, the versions it depends on, what is missing and how to get it."""
    report = examine()
    for line in report.lines:
        say.print(Text(plain(line)))
    raise typer.Exit(Exit.GOOD if report.well else Exit.SOME_FAILED)


@app.command()
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
            stop(f"{what}: cannot be read as a record: {error}")
        records: list[dict[str, Any]] = data if isinstance(data, list) else [data]
        if not all(isinstance(r, dict) and "indicators" in r for r in records):
            stop(f"{what}: is no record; give a file of records/, or a filing")
    else:
        ocr = ocr_choice(ocr_models, ocr_model_names, ocr_seconds)
        forms = _forms_of(path, family_dir, ocr)
        records = [form.record.as_dict() for form in forms]
        places = [{o.pointer: o.place for o in reversed(form.origins) if o.place.sheet is not None} for form in forms]
    if not records:
        talk.print(Text(plain(f"{what}: no form found")))
    for number, record in enumerate(records):
        say.print(render_record(record, places[number] if places else None), soft_wrap=False)


@app.command()
def export(
    fmt: Annotated[exporting.Format, typer.Option("--format", help="What to write.")],
    db: Annotated[str, typer.Option("--db", help="Database: a path or an SQLAlchemy URL.")] = f"data/out/{DATABASE}",
    out: Annotated[Path | None, typer.Option("--out", help="File (json, xlsx) or folder (csv, parquet).")] = None,
    partition: Annotated[
        str | None, typer.Option("--partition", metavar="KEY,...", help="Divide parquet by year, family, kind, reader.")
    ] = None,
    corrections: Annotated[
        exporting.Corrections, typer.Option("--corrections", help="Take the values that people corrected, or not.")
    ] = exporting.Corrections.APPLY,
) -> None:
    """Write the records of a database as JSON, CSV, XLSX or Parquet. JSON goes to standard output without --out."""
    if partition is not None and (fmt is not exporting.Format.PARQUET or out is None):
        stop("--partition divides --format parquet into the folders of --out; give both")
    try:
        keys = None if partition is None else parse_keys(partition)
        with Store.open(db, create=False) as store:
            if keys and out:
                written = export_dataset(store, out, keys, corrections)
            else:
                written = exporting.export(store, fmt, out, corrections)
            for path in written:
                talk.print(Text(f"wrote {plain(str(path))}"))
    except (DatabaseUnusable, WrongDatabaseVersion, exporting.ExportImpossible) as error:
        stop(str(error))


@families_app.callback()
def families_list(context: typer.Context, family_dir: FamilyDir = None) -> None:
    """List the form families."""
    if context.invoked_subcommand:
        return
    grid = Grid(show_edge=False)
    for name in ("family", "kind", "issuer", "years", "about"):
        grid.add_column(name, no_wrap=name in ("family", "kind"))  # what is looked for stays in one piece
    for family in families_of(family_dir):
        grid.add_row(
            *(Text(plain(x)) for x in (family.id, family.kind.value, family.issuer, family.years, family.about))
        )
    say.print(grid)


@families_app.command("explain")
def families_explain(
    file: Annotated[Path, typer.Argument(help="A filing.")],
    family_dir: FamilyDir = None,
    ocr_models: OcrModels = None,
    ocr_model_names: OcrModelNames = None,
    ocr_seconds: OcrSeconds = PAGE_SECONDS,
) -> None:
    """Tell which family matched each form of a file and why, or what came nearest."""
    ocr = ocr_choice(ocr_models, ocr_model_names, ocr_seconds)
    families = families_of(family_dir)
    words = load_words()
    try:
        document = _document(file, words, ocr)
        identities = [identify(form, families) for form in split_forms(document.blocks, words)]
    except (CannotRead, FamiliesCollide) as error:
        stop(str(error), Exit.SOME_FAILED)
    if not identities:
        talk.print(Text(plain(f"{file}: no form found")))
    for number, identity in enumerate(identities):
        match = identity.match
        say.print(Text(plain(f"form {number}: {identity.title}: {match.family or 'generic'}")))
        for reason in match.reasons:
            say.print(Text(plain(f"  because {reason}")))
        if match.nearest:
            say.print(Text(plain(f"  nearest: {match.nearest}, but {'; '.join(match.missing)}")))


@app.command()
def draw(
    file: Annotated[Path, typer.Argument(help="A PDF, or an image of a page.")],
    page: Annotated[int, typer.Option("--page", min=1, help="Page, from 1.")],
    out: Annotated[Path | None, typer.Option("--out", help="The PNG to write; default FILE-pN.png here.")] = None,
    words: Annotated[bool, typer.Option("--words", help="Draw the words' boxes too.")] = False,
    ocr_models: OcrModels = None,
    ocr_model_names: OcrModelNames = None,
    ocr_seconds: OcrSeconds = PAGE_SECONDS,
) -> None:
    """Draw a page as PNG with the rules, cells and spans that were found on it."""
    target = out or Path(f"{file.stem}-p{page}.png")
    ocr = ocr_choice(ocr_models, ocr_model_names, ocr_seconds)
    try:
        draw_page(file, page, target, words=words, engine=engine_source(ocr))
    except CannotDraw as error:
        stop(str(error), Exit.SOME_FAILED)
    except OSError as error:
        stop(f"{target}: cannot be written: {error.strerror or error}; choose another --out")
    say.print(Text(plain(str(target))))


def _document(path: Path, words: Words, ocr: OcrChoice) -> Document:
    """The lines and tables of a file; how its scanned pages were read is said. Raises CannotRead."""
    document = read_document(take_in(path, str(path)), words, engine=engine_source(ocr))
    for note in document.notes if document.scanned else ():
        talk.print(Text(plain(f"{path}: {note}"), style="dim"))
    return document


def _forms_of(path: Path, family_dir: Path | None, ocr: OcrChoice) -> list[FormReading]:
    words = load_words()
    try:
        document = _document(path, words, ocr)
        return read_forms(document, families_of(family_dir), words)
    except (CannotRead, FamiliesCollide) as error:
        stop(str(error), Exit.SOME_FAILED)


def main() -> None:
    """Entry point of `jixiao`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()
