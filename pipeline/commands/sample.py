"""`jixiao sample`: draw values at random for a spot check, list the samples, report what the looks at one say."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Grid
from rich.text import Text

from pipeline.archive.store import DatabaseUnusable, Store, WrongDatabaseVersion
from pipeline.commands.terminal import say, stop, talk
from pipeline.output.sample_report import as_data, csv_of, html_of, percent
from pipeline.output.show import plain
from pipeline.people.sample import (
    Acceptance,
    CannotDraw,
    Decision,
    Divider,
    Drawn,
    SampleResult,
    accept,
    draw,
    evaluate,
)
from pipeline.people.samples import (
    Kept,
    NoSuchSample,
    list_samples,
    load_sample,
    looks_of,
    paths_of,
    save_sample,
    stored_forms,
)

sample_app = typer.Typer(invoke_without_command=True, help="Draw values for a spot check, and report what it found.")

LARGEST_SEED = 2**31  # random seeds stay short enough to be typed

Db = Annotated[str, typer.Option("--db", help="Database: a path or an SQLAlchemy URL.")]
DATABASE = "data/out/jixiao.db"


@sample_app.callback()
def sample(
    context: typer.Context,
    n: Annotated[int, typer.Option("--n", min=1, help="How many values.")] = 200,
    strata: Annotated[
        str, typer.Option("--strata", help="What divides the values: of family, reader, kind, file; '' for nothing.")
    ] = "family,reader,kind",
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Draws the same values again; without it, a random one.")
    ] = None,
    db: Db = DATABASE,
) -> None:
    """Draw values at random, confident ones too, and keep them as a sample for review."""
    if context.invoked_subcommand:
        return
    try:
        dividers = [Divider(name) for part in strata.split(",") if (name := part.strip())]
    except ValueError:
        stop(f"--strata {strata}: name some of {', '.join(Divider)}, parted by commas")
    chosen = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    try:
        with Store.open(db, create=False) as store:
            drawn = draw(lambda: stored_forms(store), n, list(dict.fromkeys(dividers)), chosen)
            number = save_sample(store, drawn)
    except (DatabaseUnusable, WrongDatabaseVersion, CannotDraw) as error:
        stop(str(error))
    _print_drawn(drawn, number, db)


def _print_drawn(drawn: Drawn, number: int, db: str) -> None:
    grid = Grid(show_edge=False)
    for name in ("stratum", "values", "drawn"):
        grid.add_column(name, justify="left" if name == "stratum" else "right")
    counts = Counter(item.stratum for item in drawn.items)
    for stratum, size in sorted(drawn.sizes.items()):
        grid.add_row(Text(plain(" · ".join(stratum) or "all")), str(size), str(counts[stratum]))
    grid.add_row("all", str(drawn.population), str(len(drawn.items)))
    say.print(grid)
    say.print(f"sample {number}, seed {drawn.seed}")
    missed = sum(1 for stratum in drawn.sizes if not counts[stratum])
    if missed:
        talk.print(f"{missed} strata got no value; a larger --n reaches them")
    where = "" if db == DATABASE else f" --db {db}"
    talk.print(Text(plain(f"review it: jixiao review --sample {number}{where}")))
    talk.print(Text(plain(f"then:      jixiao sample report {number}{where}")))


@sample_app.command("list")
def sample_list(db: Db = DATABASE) -> None:
    """List the samples and how far each is looked at."""
    grid = Grid(show_edge=False)
    for name in ("sample", "drawn", "seed", "size", "values", "strata", "looked at"):
        grid.add_column(name, overflow="fold")
    with _opened(db) as store:
        for row in list_samples(store):
            grid.add_row(*(Text(plain(str(cell))) for cell in row))
    say.print(grid)


@sample_app.command("report")
def sample_report(
    number: Annotated[int, typer.Argument(metavar="N", help="Number of the sample.")],
    db: Db = DATABASE,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write: .html or .json the report, .csv the items.")
    ] = None,
    rule: Annotated[
        str | None,
        typer.Option(
            "--accept", metavar="FRACTION,PASS_RATE", help="Acceptance rule: 5%,99.5%. Exit code 1 unless it is met."
        ),
    ] = None,
) -> None:
    """Report the error rate of a sample by the looks at it, overall and by stratum, with exact intervals."""
    shares = None if rule is None else _shares(rule)
    if out is not None and out.suffix.lower() not in (".html", ".json", ".csv"):
        stop(f"{out}: is written as its name ends: .html, .json or .csv")
    with _opened(db) as store:
        try:
            kept = load_sample(store, number)
        except NoSuchSample as error:
            stop(str(error))
        looks, paths = looks_of(store, number), paths_of(store)
    result = evaluate(kept.items, looks, kept.population)
    decided = None if shares is None else accept(result, kept.population, *shares)
    _print_result(kept, result, decided, paths)
    if out is not None:
        last = {(look.sha256, look.form_index, look.pointer): look for look in looks}
        data = as_data(kept, result, decided, paths)
        match out.suffix.lower():
            case ".csv":
                text = csv_of(kept, last, paths)
            case ".json":
                text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
            case _:
                text = html_of(data)
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(text.encode("utf-8", "replace"))
        except OSError as error:
            stop(f"{out}: cannot be written: {error.strerror or error}; choose another --out")
        talk.print(Text(f"wrote {plain(str(out))}"))
    raise typer.Exit(1 if decided is not None and decided.decision is not Decision.ACCEPTED else 0)


def _print_result(kept: Kept, result: SampleResult, rule: Acceptance | None, paths: dict[str, str]) -> None:
    strata = ",".join(kept.strata) or "none"
    say.print(f"sample {kept.number} of {kept.drawn}: {len(kept.items)} of {kept.population} values, seed {kept.seed}")
    say.print(Text(plain(f"strata by {strata}; looked at {result.overall.looked}, still open {result.open}")))
    grid = Grid(show_edge=False)
    for name in ("stratum", "values", "drawn", "looked at", "errors", "rate", "95 % interval"):
        grid.add_column(name, justify="left" if name == "stratum" else "right")
    for s in result.strata:
        stratum = Text(plain(" · ".join(s.stratum) or "all"))
        numbers = (s.size, s.drawn, s.rate.looked, s.rate.errors)
        grid.add_row(stratum, *map(str, numbers), percent(s.rate.rate), _interval(s.rate.low, s.rate.high))
    say.print(grid)
    whole = result.overall
    say.print(f"error rate {percent(whole.rate)}, {_interval(whole.low, whole.high)}: {whole.method}")
    if result.overall.looked and result.unseen > 0:
        say.print(
            f"{percent(result.unseen)} of the values stand in strata without a look; the rate says nothing of them"
        )
    for item, look in result.errors:
        file = paths.get(item.sha256, item.sha256)
        line = f"  {file}/{item.form_index} {item.pointer}: read {item.value}, {look.verdict} {look.new or ''}"
        say.print(Text(plain(f"{line.rstrip()} ({look.who}, {look.at})")))
    for who, count, first, last in result.people:
        say.print(Text(plain(f"looked: {who}, {count} values, {first} to {last}")))
    if rule is not None:
        say.print(
            f"acceptance: {rule.decision}: {rule.reason}; {rule.looked} looked at, {rule.needed} needed"
            f" ({percent(float(rule.fraction))}); pass rate {percent(rule.passed)},"
            f" {percent(float(rule.required))} required"
        )


def _interval(low: float | None, high: float | None) -> str:
    return "—" if low is None else f"{percent(low)} – {percent(high)}"


def _shares(rule: str) -> tuple[Fraction, Fraction]:
    """`5%,99.5%` or `0.05,0.995`: the fraction to look at, the pass rate required."""
    try:
        fraction, required = (_share(part.strip()) for part in rule.split(","))
    except (ValueError, ZeroDivisionError):
        stop(f"--accept {rule}: give two shares, as in 5%,99.5%")
    if not (0 < fraction <= 1 and 0 < required <= 1):
        stop(f"--accept {rule}: both shares are more than 0 and at most 100%")
    return fraction, required


def _share(text: str) -> Fraction:
    return Fraction(text[:-1].strip()) / 100 if text.endswith("%") else Fraction(text)


def _opened(db: str) -> Store:
    try:
        return Store.open(db, create=False)
    except (DatabaseUnusable, WrongDatabaseVersion) as error:
        stop(str(error))
