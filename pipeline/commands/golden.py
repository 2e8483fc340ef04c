"""`jixiao golden`: list the goldens, show one, hold readings against them, make an empty one to fill in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Grid
from rich.text import Text

from extractors.intake import take_in
from extractors.refusals import CannotRead
from pipeline.archive.clock import now
from pipeline.archive.store import DatabaseUnusable, Store, WrongDatabaseVersion
from pipeline.commands.terminal import say, stop, talk
from pipeline.messages import tell, told
from pipeline.output.show import plain, render_record
from pipeline.people.goldens import GoldenSet, GoldenWrong, describe, judge, load_sets, skeleton
from pipeline.review.accepting import CannotAccept, accept
from pipeline.running.worker import read_file
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.record import Kind

golden_app = typer.Typer(
    no_args_is_help=True, help="List the goldens, show one, hold readings against them, or make one."
)

Root = Annotated[Path, typer.Option("--root", help="Folder of the golden sets.")]
ROOT = Path("tests/golden")


@golden_app.command("list")
def list_goldens(root: Root = ROOT) -> None:
    """List the goldens with their sizes."""
    grid = Grid(show_edge=False)
    for name in (tell("set"), tell("form"), tell("indicators"), tell("money cells"), tell("overlay entries")):
        grid.add_column(name, justify="right")
    for row in describe(_sets(root)):
        grid.add_row(*map(str, row))
    say.print(grid)


@golden_app.command("show")
def show_golden(
    name: Annotated[str, typer.Argument(help="SET/FORM, as golden list prints them: 000/0.")], root: Root = ROOT
) -> None:
    """Print a golden as a readable tree."""
    wanted, _, number = name.partition("/")
    for each in _sets(root):
        for golden in each.goldens:
            if each.name == wanted and str(golden.number) == (number or "0"):
                say.print(render_record(dict(golden.record)), soft_wrap=False)
                return
    stop(tell("{name}: no such golden below {root}; see `jixiao golden list`", name=name, root=root))


@golden_app.command("compare")
def compare_goldens(
    names: Annotated[list[str] | None, typer.Argument(help="Sets; all without any.")] = None,
    root: Root = ROOT,
    base: Annotated[Path, typer.Option("--base", help="Folder that the sets' sources are named from.")] = Path(),
) -> None:
    """Read the filings of the goldens and print every value that is not as the paper says. Exit code 1 if any."""
    words, families = load_words(), load_families()
    bad = 0
    sets = _sets(root)
    for name in names or []:
        if name not in {each.name for each in sets}:
            stop(tell("{name}: no such golden set below {root}; see `jixiao golden list`", name=name, root=root))
    for each in sets:
        if names and each.name not in names:
            continue
        for reader, source in each.sources.items():
            try:
                forms = read_file(take_in(base / source, source), each.name, families, words).forms
            except CannotRead as error:
                say.print(Text(plain(told(str(error)))))
                bad += 1
                continue
            if len(forms) != len(each.goldens):
                counted = {"set": each.name, "reader": reader, "read": len(forms), "goldens": len(each.goldens)}
                say.print(tell("{set} {reader}: {read} forms read, {goldens} goldens", **counted))
                bad += 1
            for form, golden in zip(forms, each.goldens, strict=False):
                judged = judge(form.record.as_dict(), golden, reader)
                say.print(
                    tell(
                        "{name} {reader}: {right} of {values} right ({reformatted} reformatted), {excused} excused,"
                        " {wrong} wrong",
                        name=f"{each.name}/{golden.number}",
                        reader=reader,
                        right=judged.right,
                        values=judged.values,
                        reformatted=judged.reformatted,
                        excused=judged.excused,
                        wrong=len(judged.wrong),
                    )
                )
                for w in judged.wrong:
                    said = {"where": w.where, "paper": repr(w.left), "read": repr(w.right), "outcome": w.outcome}
                    say.print(Text(plain(tell("  {where}: paper {paper}, read {read} ({outcome})", **said))))
                bad += len(judged.wrong)
    raise typer.Exit(1 if bad else 0)


@golden_app.command("skeleton")
def make_skeleton(
    path: Annotated[Path, typer.Argument(help="The file to write: tests/golden/SET/N.json.")],
    kind: Annotated[Kind, typer.Option("--kind")],
    indicators: Annotated[int, typer.Option("--indicators", min=0, help="Indicator rows to leave room for.")] = 1,
    funds: Annotated[int, typer.Option("--funds", min=0, help="Money cells to leave room for.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write an empty golden to fill in by hand from the paper. No reading is ever copied into it."""
    if path.exists() and not force:
        stop(tell("{path}: is there already; --force overwrites it", path=path))
    text = json.dumps(skeleton(kind, indicators, funds), ensure_ascii=False, indent=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        stop(tell("{path}: cannot be written: {why}", path=path, why=error.strerror))
    say.print(Text(plain(str(path))))


@golden_app.command("accept")
def accept_golden(
    name: Annotated[str, typer.Argument(metavar="FILE", help="The file: its record folder, or its path in the run.")],
    form: Annotated[int, typer.Argument(min=0, help="Number of the form, from 0.")],
    by: Annotated[str, typer.Option("--by", help="Who accepts it.")],
    db: Annotated[str, typer.Option("--db", help="Database: a path or an SQLAlchemy URL.")] = "data/out/jixiao.db",
    goldens: Annotated[Path, typer.Option("--goldens", help="Folder of the golden sets.")] = ROOT,
    files: Annotated[
        list[Path] | None, typer.Option("--files", help="Folder of the original files; may be given again.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a golden that is there.")] = False,
) -> None:
    """Make a golden of a form of which every value has been looked at, its corrections applied."""
    at = now()
    try:
        with Store.open(db, create=False) as store:
            made = accept(store, name, form, by, goldens, files or [Path("data/raw")], at, force)
    except (CannotAccept, DatabaseUnusable, WrongDatabaseVersion) as error:
        stop(str(error))
    except OSError as error:
        stop(tell("{path}: cannot be written: {why}", path=goldens, why=error.strerror))
    say.print(Text(plain(str(made.path))))
    if made.goldens < made.forms:
        counted = {"goldens": made.goldens, "forms": made.forms}
        talk.print(tell("{goldens} of the file's {forms} forms are goldens; compare needs all of them", **counted))


def _sets(root: Path) -> list[GoldenSet]:
    try:
        sets = load_sets(root)
    except GoldenWrong as error:
        stop(str(error))
    if not sets:
        stop(tell("{root}: no golden sets there; --root names their folder", root=root))
    return sets
