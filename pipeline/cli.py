"""The command line: few verbs, plain nouns; results go to standard output, talk to standard error."""

from __future__ import annotations

import json
import sys
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table as Grid
from rich.text import Text

from extractors.intake import CannotRead, take_in
from extractors.ocr.choose import OcrChoice, engine_source, folders, parse_names
from extractors.ocr.engine import EngineMissing
from extractors.ocr.models import ModelsMissing
from extractors.read import read_document
from pipeline import export as exporting
from pipeline.doctor import examine
from pipeline.draw import CannotDraw, draw_page
from pipeline.files import Input, find_inputs
from pipeline.forms import split_forms
from pipeline.golden_cli import golden_app
from pipeline.interpret.form import identify
from pipeline.records import OutputUnwritable
from pipeline.review_cli import review
from pipeline.run import Tally, read_forms, run
from pipeline.show import plain, render_record
from pipeline.store import DatabaseUnusable, Store, WrongDatabaseVersion
from schemas.families import FamiliesCollide, Family, FamilyFileWrong, load_families
from schemas.reading import Failure
from schemas.vocabulary import load_words

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
families_app = typer.Typer(invoke_without_command=True, help="List the form families, or explain a form's family.")
app.add_typer(families_app, name="families")
app.add_typer(golden_app, name="golden")
app.command()(review)
talk = Console(stderr=True, highlight=False, soft_wrap=True)  # a wrapped line would cut the names of files
say = Console(highlight=False, soft_wrap=True)

DATABASE = "jixiao.db"


class Exit(IntEnum):
    """Exit codes."""

    GOOD = 0
    SOME_FAILED = 1
    WRONG_USE = 2


Out = Annotated[Path, typer.Option("--out", help="Folder for the database and the records.")]
Db = Annotated[str | None, typer.Option("--db", help="Database: a path, or an SQLAlchemy URL; default OUT/jixiao.db.")]
FamilyDir = Annotated[Path | None, typer.Option("--family-dir", help="Folder of further family definitions (.yaml).")]


@app.command("run")
def run_command(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Files, folders and globs.")],
    out: Out = Path("data/out"),
    db: Db = None,
    family_dir: FamilyDir = None,
    force: Annotated[bool, typer.Option("--force", help="Read files again that are done already.")] = False,
    ocr_models: Annotated[
        Path | None, typer.Option("--ocr-models", help="Folder with two PaddleOCR model folders to read scans with.")
    ] = None,
    ocr_model_names: Annotated[
        str | None,
        typer.Option("--ocr-model-names", metavar="DET,REC", help="Names of two models of PaddleOCR's hub."),
    ] = None,
) -> None:
    """Read filings into the database and into records. Exit code 1 where some file failed."""
    families = _families(family_dir)
    ocr = _ocr_choice(ocr_models, ocr_model_names)
    found = find_inputs(inputs)
    try:
        if db is None or not _is_url(db):
            _make_folder(out)
        with Store.open(db or out / DATABASE) as store:
            tally = _run_with_bar(found, store, out, families, force, ocr)
    except (DatabaseUnusable, WrongDatabaseVersion, OutputUnwritable) as error:
        _stop(str(error))
    _print_tally(tally)
    raise typer.Exit(Exit.SOME_FAILED if tally.failed or tally.refused else Exit.GOOD)


def _run_with_bar(
    found: list[Input | Failure], store: Store, out: Path, families: list[Family], force: bool, ocr: OcrChoice
) -> Tally:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=talk, transient=True, disable=not talk.is_terminal) as bar:
        task = bar.add_task("reading", total=len(found))
        begun = 0

        def tell(file: str, what: str) -> None:
            nonlocal begun
            if what == "reading":
                begun += 1
                bar.update(task, description=plain(file)[-40:], completed=begun - 1)
            else:
                bar.console.print(Text(plain(what if what.startswith(file) else f"{file}: {what}")))

        return run(found, store, out, families, load_words(), force=force, ocr=ocr, tell=tell)


def _ocr_choice(folder: Path | None, names: str | None) -> OcrChoice:
    """The engine that was asked for; what cannot be used is said before anything is read."""
    if folder is not None and names is not None:
        _stop("--ocr-models and --ocr-model-names name the same thing; give one of them")
    try:
        choice = OcrChoice(folder, parse_names(names) if names is not None else None)
        if folder is not None:
            folders(choice)
        if names is not None:
            engine_source(choice)().check()
    except (ModelsMissing, EngineMissing) as error:
        _stop(str(error))
    return choice


@app.command()
def doctor() -> None:
    """Print the OCR engine, its models, the versions it depends on, what is missing and how to get it."""
    report = examine()
    for line in report.lines:
        say.print(Text(plain(line)))
    raise typer.Exit(Exit.GOOD if report.well else Exit.SOME_FAILED)


def _print_tally(tally: Tally) -> None:
    grid = Grid(show_header=False, show_edge=False)
    grid.add_column()
    grid.add_column(justify="right", min_width=8)
    for name, count in tally.counts().items():
        grid.add_row(name.replace("_", " "), str(count))
    grid.add_row("seconds", f"{tally.seconds:.1f}")
    say.print(grid)


@app.command()
def show(
    what: Annotated[str, typer.Argument(metavar="FILE|RECORD", help="A filing, or a record (.json).")],
    family_dir: FamilyDir = None,
) -> None:
    """Print records as readable trees: fields, money tree, indicator hierarchy, findings."""
    path = Path(what)
    if path.suffix.lower() == ".json":
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            _stop(f"{what}: cannot be read as a record: {error}")
        records: list[dict[str, Any]] = data if isinstance(data, list) else [data]
        if not all(isinstance(r, dict) and "indicators" in r for r in records):
            _stop(f"{what}: is no record; give a file of records/, or a filing")
    else:
        records = [form.record.as_dict() for form in _forms_of(path, family_dir)]
    if not records:
        talk.print(Text(plain(f"{what}: no form found")))
    for record in records:
        say.print(render_record(record), soft_wrap=False)


@app.command()
def export(
    fmt: Annotated[exporting.Format, typer.Option("--format", help="What to write.")],
    db: Annotated[str, typer.Option("--db", help="Database: a path or an SQLAlchemy URL.")] = f"data/out/{DATABASE}",
    out: Annotated[Path | None, typer.Option("--out", help="File (json, xlsx) or folder (csv, parquet).")] = None,
    corrections: Annotated[
        exporting.Corrections, typer.Option("--corrections", help="Take the values that people corrected, or not.")
    ] = exporting.Corrections.APPLY,
) -> None:
    """Write the records of a database as JSON, CSV, XLSX or Parquet. JSON goes to standard output without --out."""
    try:
        with Store.open(db, create=False) as store:
            for path in exporting.export(store, fmt, out, corrections):
                talk.print(Text(f"wrote {plain(str(path))}"))
    except (DatabaseUnusable, WrongDatabaseVersion, exporting.ExportImpossible) as error:
        _stop(str(error))


@families_app.callback()
def families_list(context: typer.Context, family_dir: FamilyDir = None) -> None:
    """List the form families."""
    if context.invoked_subcommand:
        return
    grid = Grid(show_edge=False)
    for name in ("family", "kind", "issuer", "years", "about"):
        grid.add_column(name, no_wrap=name in ("family", "kind"))  # what is looked for stays in one piece
    for family in _families(family_dir):
        grid.add_row(
            *(Text(plain(x)) for x in (family.id, family.kind.value, family.issuer, family.years, family.about))
        )
    say.print(grid)


@families_app.command("explain")
def families_explain(file: Annotated[Path, typer.Argument(help="A filing.")], family_dir: FamilyDir = None) -> None:
    """Tell which family matched each form of a file and why, or what came nearest."""
    families = _families(family_dir)
    words = load_words()
    try:
        document = read_document(take_in(file, str(file)), words)
        identities = [identify(form, families) for form in split_forms(document.blocks, words)]
    except (CannotRead, FamiliesCollide) as error:
        _stop(str(error), Exit.SOME_FAILED)
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
) -> None:
    """Draw a page as PNG with the rules, cells and spans that were found on it."""
    target = out or Path(f"{file.stem}-p{page}.png")
    try:
        draw_page(file, page, target, words=words)
    except CannotDraw as error:
        _stop(str(error), Exit.SOME_FAILED)
    except OSError as error:
        _stop(f"{target}: cannot be written: {error.strerror or error}; choose another --out")
    say.print(Text(plain(str(target))))


def _forms_of(path: Path, family_dir: Path | None) -> list[Any]:
    words = load_words()
    try:
        document = read_document(take_in(path, str(path)), words)
        return read_forms(document, _families(family_dir), words)
    except (CannotRead, FamiliesCollide) as error:
        _stop(str(error), Exit.SOME_FAILED)


def _families(family_dir: Path | None) -> list[Family]:
    try:
        return load_families(family_dir)
    except FamilyFileWrong as error:
        _stop(str(error))
    except (OSError, UnicodeDecodeError) as error:
        _stop(f"{family_dir}: a definition in it cannot be read as UTF-8: {error}")


def _is_url(db: str) -> bool:
    return "://" in db


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _stop(f"{out}: cannot be written: {error.strerror}; choose another --out")


def _stop(message: str, code: Exit = Exit.WRONG_USE) -> NoReturn:
    talk.print(Text(plain(message), style="red"))
    raise typer.Exit(code)


def main() -> None:
    """Entry point of `jixiao`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()
