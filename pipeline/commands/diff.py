"""`jixiao diff`: every value of two readings compared, counted, and reported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Grid
from rich.text import Text

from pipeline.commands.terminal import say, say_written, stop, talk
from pipeline.diff.classify import AGREEING, Class
from pipeline.diff.differ import ComparedRow, Diff, diff, shown
from pipeline.diff.report import ReportUnwritable, write_report
from pipeline.diff.sides import NotASide, load_side
from pipeline.messages import label, tell
from pipeline.output.names import place_of
from pipeline.output.show import plain
from schemas.compare import ABSENT

LISTED = 40  # differences that are printed; all stand in the report
LONGEST = 60  # characters of a value that are printed


def diff_command(
    a: Annotated[str, typer.Argument(metavar="A", help="Database, output of a run, folder of records or goldens.")],
    b: Annotated[str, typer.Argument(metavar="B", help="What A is compared with.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for report.html, diff.json and diff.csv.")
    ] = None,
    files: Annotated[
        Path | None, typer.Option("--files", help="Folder of the filings, for crops of the pages.")
    ] = None,
    common: Annotated[bool, typer.Option("--common", help="Leave out filings that only one side has.")] = False,
) -> None:
    """Compare two readings value by value. Exit code 0: no difference, 1: differences."""
    if files is not None and not files.is_dir():
        stop(tell("{files}: there is no such folder; --files names the folder that holds the filings", files=files))
    try:
        comparison = diff(load_side(a), load_side(b), common=common)
        if not comparison.values:
            common_only = comparison.left_out
            stop(
                tell("{a} and {b} have no filing in common" if common_only else "{a} and {b} hold no values", a=a, b=b)
            )
        _print(comparison)
        if comparison.left_out:
            talk.print(tell("{n} filings that only one side has are left out", n=comparison.left_out))
        if out is not None:
            for path in write_report(comparison, out, files):
                say_written(path)
    except (NotASide, ReportUnwritable) as error:
        stop(str(error))
    raise typer.Exit(1 if comparison.differences else 0)


def _print(comparison: Diff) -> None:
    """The figures by kind, then the first differences."""
    grid = Grid(show_edge=False)
    grid.add_column(tell("kind"))
    columns = [c.value for c in Class if any(cls == c.value for cls, *_ in comparison.counts)]
    for name in columns:
        grid.add_column(label("class", name), justify="right")
    grid.add_column(tell("values"), justify="right")
    table = comparison.table("kind")
    for kind, numbers in table.iterrows():
        grid.add_row(label("part", str(kind)), *(str(numbers[name]) for name in (*columns, "values")))
    grid.add_row(tell("all"), *(str(table[name].sum()) for name in (*columns, "values")))
    say.print(grid)
    rows = [row for row in comparison.rows if row.compared.cls not in AGREEING]
    for row in rows[:LISTED]:
        say.print(Text(plain(_line(row))))
    if len(rows) > LISTED:
        say.print(tell("… and {n} more; --out DIR writes them all", n=len(rows) - LISTED))


def _line(row: ComparedRow) -> str:
    c = row.compared
    where = place_of(c.where) if c.where else tell("the whole form")
    moved = ""
    if c.moved_to or c.moved_from:
        place = c.moved_to or c.moved_from
        moved = tell(", in B at {place}" if c.moved_to else ", in A at {place}", place=place_of(str(place)))
    return f"{row.file}/{row.form} {label('class', c.cls)} {where}: {_said(c.a)} → {_said(c.b)}{moved}"


def _said(value: object) -> str:
    if value is ABSENT:
        return tell("(not there)")
    text = shown(value)
    if text is None:
        return tell("(blank)")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
