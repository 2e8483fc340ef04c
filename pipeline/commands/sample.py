"""`jixiao sample`: draw values at random for a spot check, list the samples, report what the looks at one say."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Grid
from rich.text import Text

from pipeline.archive.store import DatabaseUnusable, Store, WrongDatabaseVersion
from pipeline.commands.terminal import say, say_written, stop, stop_unwritable, talk
from pipeline.messages import label, tell, told
from pipeline.output.names import place_of
from pipeline.output.sample_report import ERRORS, STRATA, as_data, csv_of, html_of, percent, strata_that_matter
from pipeline.output.show import plain
from pipeline.people.agreement import agreements
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
        stop(tell("--strata {strata}: name some of {known}, parted by commas", strata=strata, known=", ".join(Divider)))
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
        grid.add_column(label("sample", name), justify="left" if name == "stratum" else "right", overflow="fold")
    counts = Counter(item.stratum for item in drawn.items)
    sizes = sorted(drawn.sizes.items(), key=lambda s: (-s[1], s[0]))
    for stratum, size in sizes[:STRATA]:
        grid.add_row(Text(plain(stratum_name(stratum))), str(size), str(counts[stratum]))
    if rest := sizes[STRATA:]:
        others = sum(size for _, size in rest), sum(counts[stratum] for stratum, _ in rest)
        grid.add_row(tell("{n} smaller strata", n=len(rest)), *map(str, others))
    grid.add_row(tell("all"), str(drawn.population), str(len(drawn.items)))
    say.print(grid)
    say.print(tell("sample {number}, seed {seed}", number=number, seed=drawn.seed))
    missed = sum(1 for stratum in drawn.sizes if not counts[stratum])
    if missed:
        talk.print(tell("{n} strata got no value; a larger --n reaches them", n=missed))
    where = "" if db == DATABASE else f" --db {db}"
    look, report = f"jixiao review --sample {number}{where}", f"jixiao sample report {number}{where}"
    talk.print(Text(plain(tell("review it: {command}", command=look))))
    talk.print(Text(plain(tell("then:      {command}", command=report))))


@sample_app.command("list")
def sample_list(db: Db = DATABASE) -> None:
    """List the samples and how far each is looked at."""
    grid = Grid(show_edge=False)
    for name in ("sample", "drawn_at", "seed", "size", "values", "strata", "looked_at"):
        grid.add_column(label("sample", name), overflow="fold")
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
        stop(tell("{out}: is written as its name ends: .html, .json or .csv", out=out))
    with _opened(db) as store:
        try:
            kept = load_sample(store, number)
        except NoSuchSample as error:
            stop(str(error))
        looks, paths = looks_of(store, number), paths_of(store)
    result = evaluate(kept.items, looks, kept.population)
    decided = None if shares is None else accept(result, kept.population, *shares)
    agreed = agreements(looks)
    _print_result(kept, result, decided, paths)
    for pair in agreed:
        given = {"people": " · ".join(pair.people), "agreed": pair.agreed, "values": pair.values}
        given["kappa"] = "—" if pair.kappa is None else f"{pair.kappa:.3f}"
        line = tell("agreement: {people}: {agreed} of {values} verdicts the same, kappa {kappa}", **given)
        say.print(Text(plain(line)))
    if out is not None:
        last = {look.place: look for look in looks}
        data = as_data(kept, result, decided, paths, agreed)
        match out.suffix.lower():
            case ".csv":
                text = csv_of(kept, last, paths)
            case ".json":
                text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
            case _:
                text = html_of(data, result)
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(text.encode("utf-8", "replace"))
        except OSError as error:
            stop_unwritable(out, error)
        say_written(out)
    raise typer.Exit(1 if decided is not None and decided.decision is not Decision.ACCEPTED else 0)


def _print_result(kept: Kept, result: SampleResult, rule: Acceptance | None, paths: dict[str, str]) -> None:
    strata = ", ".join(label("sample", name) for name in kept.strata) or tell("nothing")
    drawn = {
        "number": kept.number,
        "at": kept.drawn,
        "size": len(kept.items),
        "all": kept.population,
        "seed": kept.seed,
    }
    say.print(tell("sample {number} of {at}: {size} of {all} values, seed {seed}", **drawn))
    far = {"strata": strata, "looked": result.overall.looked, "open": result.open}
    say.print(Text(plain(tell("strata by {strata}; looked at {looked}, still open {open}", **far))))
    grid = Grid(show_edge=False)
    for name in ("stratum", "values", "drawn", "looked_at", "errors", "rate", "interval"):
        grid.add_column(label("sample", name), justify="left" if name == "stratum" else "right", overflow="fold")
    told_alone, others = strata_that_matter(result.strata)
    for s in told_alone:
        stratum = Text(plain(stratum_name(s.stratum)))
        numbers = (s.size, s.drawn, s.rate.looked, s.rate.errors)
        grid.add_row(stratum, *map(str, numbers), percent(s.rate.rate), _interval(s.rate.low, s.rate.high))
    if others is not None:
        name = tell("{n} further strata without an error found", n=others.count)
        grid.add_row(name, *map(str, (others.size, others.drawn, others.looked, 0)), "—", "—")
    say.print(grid)
    whole = result.overall
    rate = {"rate": percent(whole.rate), "interval": _interval(whole.low, whole.high), "method": told(whole.method)}
    say.print(tell("error rate {rate}, {interval}: {method}", **rate))
    if result.overall.looked and result.unseen > 0:
        say.print(
            tell(
                "{share} of the values stand in strata without a look; the rate says nothing of them",
                share=percent(result.unseen),
            )
        )
    for item, look in result.errors[:ERRORS]:
        file = paths.get(item.sha256, item.sha256)
        verdict = f"{label('look', look.verdict)} {look.new or ''}".rstrip()
        where = f"{file}/{item.form_index} {place_of(item.pointer)}"
        line = tell("  {where}: read {value}, {verdict}", where=where, value=item.value, verdict=verdict)
        say.print(Text(plain(f"{line} ({look.who}, {look.at})")))
    if len(result.errors) > ERRORS:
        say.print(tell("{n} more are in the CSV and the JSON of the report (--out).", n=len(result.errors) - ERRORS))
    for who, count, first, last in result.people:
        person = {"who": who, "n": count, "first": first, "last": last}
        say.print(Text(plain(tell("looked: {who}, {n} values, {first} to {last}", **person))))
    if rule is not None:
        say.print(
            tell(
                "acceptance: {decision}: {reason}; {looked} looked at, {needed} needed ({fraction});"
                " pass rate {passed}, {required} required",
                decision=label("decision", rule.decision),
                reason=told(rule.reason),
                looked=rule.looked,
                needed=rule.needed,
                fraction=percent(float(rule.fraction)),
                passed=percent(rule.passed),
                required=percent(float(rule.required)),
            )
        )


def stratum_name(stratum: Sequence[str]) -> str:
    """What people call a stratum: its parts in their words; all values where nothing divides them."""
    return " · ".join(part_name(part) for part in stratum) or tell("all")


def part_name(part: str) -> str:
    """What people call a family, a reader or a kind of value; files, and a user's families, are called as they are."""
    return next((said for group in ("family", "reader", "part") if (said := label(group, part)) != part), part)


def _interval(low: float | None, high: float | None) -> str:
    return "—" if low is None else f"{percent(low)} – {percent(high)}"


def _shares(rule: str) -> tuple[Fraction, Fraction]:
    """`5%,99.5%` or `0.05,0.995`: the fraction to look at, the pass rate required."""
    try:
        fraction, required = (_share(part.strip()) for part in rule.split(","))
    except (ValueError, ZeroDivisionError):
        stop(tell("--accept {rule}: give two shares, as in 5%,99.5%", rule=rule))
    if not (0 < fraction <= 1 and 0 < required <= 1):
        stop(tell("--accept {rule}: both shares are more than 0 and at most 100%", rule=rule))
    return fraction, required


def _share(text: str) -> Fraction:
    return Fraction(text[:-1].strip()) / 100 if text.endswith("%") else Fraction(text)


def _opened(db: str) -> Store:
    try:
        return Store.open(db, create=False)
    except (DatabaseUnusable, WrongDatabaseVersion) as error:
        stop(str(error))
