"""The report of a run: one page that opens from disk. It says how good the archive is, what to look at first, and
what failed, with what to do about it.

A value is without doubt where its risk is below `CONFIDENT`: the queue of the review begins with the others.
"""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, case, distinct, func, null, or_, select

from pipeline.archive.outcomes import Outcome
from pipeline.archive.store import Store
from pipeline.output.html import rendered
from pipeline.people.pointers import EMPTY, OBJECTS, WORDS
from pipeline.reading.risk import CONFIDENT
from schemas import tables as t
from schemas.families import GENERIC
from schemas.frozen import dataclass
from schemas.verdicts import CheckVerdict

NAME = "report.html"
WORST = 50  # filings that are shown, the most doubtful first
AT_ONCE = 15  # of these that stand open, the others are unfolded
TITLES = 3  # of a layout that no family knows
MOST_FAILURES = 500  # files that are named one by one; all are counted
TREND = 12  # runs, the newest last
REVIEW_PORT = 8765  # where `jixiao review` serves unless it is told otherwise
NAMED = 20  # files that are named in a line
LOST = (Outcome.FAILED.value, Outcome.REFUSED.value)
PASSED = (CheckVerdict.HOLDS.value, CheckVerdict.NOT_APPLICABLE.value)
LISTS_OF_WORDS = ("/columns/%", "/funds/%/path/%", "/choices/%/%", *(f"/indicators/%/{key}/%" for key in sorted(WORDS)))
LOOKED_AT = case(
    (t.Risk.pointer.in_(("/family", *EMPTY)), null()),
    *((t.Risk.pointer.like(f"/indicators/%/{key}"), null()) for key in sorted(OBJECTS)),
    (t.Risk.pointer.like("/funds/%/raw"), func.replace(t.Risk.pointer, "/raw", "/amount")),
    (or_(*(t.Risk.pointer.like(words) for words in LISTS_OF_WORDS)), func.rtrim(t.Risk.pointer, "0123456789")),
    else_=t.Risk.pointer,
)
"""What people look at as one value, as `value_pointer` has it: an amount with what is printed, a list of words;
nothing of an object that is empty."""
DOUBTFUL = func.count(distinct(case((t.Risk.risk >= CONFIDENT, LOOKED_AT))))


@dataclass(slots=True)
class Share:
    """Forms of a kind with their values, and how many of those are in doubt."""

    name: str
    forms: int = 0
    values: int = 0
    doubtful: int = 0

    @property
    def sure(self) -> float | None:
        """The share of values without doubt; None where there are none."""
        return 1 - self.doubtful / self.values if self.values else None

    def add(self, form: FormDoubt) -> None:
        self.forms += 1
        self.values += form.values
        self.doubtful += form.doubtful


@dataclass(frozen=True, slots=True)
class FormDoubt:
    """A form of the archive: where it stands, what it is, its values and how many are in doubt."""

    id: int
    file: str
    sha256: str
    number: int
    title: str | None
    family: str
    match: str
    year: int | None
    reader: str
    values: int
    doubtful: int

    @property
    def folder(self) -> str:
        return str(PurePosixPath(self.file.replace("\\", "/")).parent)


@dataclass(slots=True)
class Filing:
    """A file with its forms, for the list of those that need eyes."""

    file: str
    forms: list[FormDoubt]
    rules: Sequence[tuple[str, int]] = ()

    @property
    def doubtful(self) -> int:
        return sum(form.doubtful for form in self.forms)

    @property
    def values(self) -> int:
        return sum(form.values for form in self.forms)


@dataclass(frozen=True, slots=True)
class Written:
    """The report of a run: its file, the values in doubt in the database, and the filings that hold most of them."""

    path: Path
    doubtful: int
    worst: Sequence[Filing]


def write_run_report(store: Store, run: int, out: Path, database: str) -> Written:
    """Write the report of a run (by its number) into a folder; `database` is how commands call the database.

    Raises OSError where the folder cannot be written, and what the database raises.
    """
    with store.reading() as connection:
        report = report_of(connection, run)
        page = html_of(report, database)
    path = out / NAME
    out.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.encode("utf-8", "replace"))  # half a character is no text
    return Written(path, report["total"][0].doubtful, report["worst"])


def next_command(database: str) -> str:
    """What to type next: the review of what is in doubt."""
    return f"jixiao review --db {shlex.quote(database)}"


def retry_command(database: str, run: int) -> str:
    """What to type to read once more what failed."""
    return f"jixiao retry {run} --db {shlex.quote(database)}"


@dataclass(slots=True)
class UnknownLayout:
    """Forms that no family knows and that differ from the nearest one by the same things: their titles, the first file
    with one, that family and what speaks against it."""

    titles: list[str]
    file: str
    nearest: str | None
    missing: Sequence[str]
    forms: int = 0


def report_of(connection: Connection, run: int) -> dict[str, Any]:
    """What the page tells, as plain values."""
    forms = list(_forms(connection))
    return {
        "run": run,
        "trend": _trend(connection, run),
        "total": _shares(forms, lambda _: "")[:1] or [Share("")],
        "groups": {
            "folder": _shares(forms, lambda f: f.folder),
            "family": _shares(forms, lambda f: f.family),
            "year": _shares(forms, lambda f: "" if f.year is None else str(f.year)),
            "reader": _shares(forms, lambda f: f.reader),
        },
        "worst": _worst(connection, forms),
        "failures": _failures(connection, run),
        "checks": _checks(connection),
        "unknown": _unknown(forms)[:WORST],
        "new": _new(connection, run, forms),
        "changes": _changes(connection, run),
        "shown": NAMED,
        "at_once": AT_ONCE,
        "titles": TITLES,
    }


def _forms(connection: Connection) -> Iterator[FormDoubt]:
    counted = select(t.Risk.form_id, func.count().label("n"), DOUBTFUL.label("doubtful")).group_by(t.Risk.form_id)
    risks = counted.subquery()
    query = (
        select(t.Form, t.File.path, t.File.sha256, t.File.reader, risks.c.n, risks.c.doubtful)
        .join(t.File, t.File.id == t.Form.file_id)
        .join(risks, risks.c.form_id == t.Form.id, isouter=True)
        .with_only_columns(
            t.Form.id, t.File.path, t.File.sha256, t.Form.form_index, t.Form.title, t.Form.family,
            t.Form.family_match, t.Form.year, t.File.reader, risks.c.n, risks.c.doubtful,
        )
        .order_by(t.File.path, t.Form.form_index)
    )  # fmt: skip
    for row in connection.execute(query):
        cells: list[Any] = list(row)
        yield FormDoubt(*cells[:-2], *(count or 0 for count in cells[-2:]))


def _shares(forms: Iterable[FormDoubt], name: Any) -> list[Share]:
    """The forms by what `name` calls them, the most doubtful values first."""
    shares: dict[str, Share] = {}
    for form in forms:
        shares.setdefault(name(form), Share(name(form))).add(form)
    return sorted(shares.values(), key=lambda s: (-s.doubtful, s.name))


def _worst(connection: Connection, forms: Iterable[FormDoubt]) -> list[Filing]:
    """The filings with most values in doubt, with what is found in them most."""
    filings: dict[str, Filing] = {}
    for form in forms:
        filings.setdefault(form.file, Filing(form.file, [])).forms.append(form)
    worst = sorted((f for f in filings.values() if f.doubtful), key=lambda f: (-f.doubtful, f.file))[:WORST]
    for filing in worst:
        ids = [form.id for form in filing.forms]
        query = select(t.Finding.rule, func.count()).where(t.Finding.form_id.in_(ids)).group_by(t.Finding.rule)
        filing.rules = sorted(((rule, n) for rule, n in connection.execute(query)), key=lambda r: (-r[1], r[0]))[:4]
    return worst


def _failures(connection: Connection, run: int) -> dict[str, Any]:
    """What was not read in a run: counts by category, and the files with what to do."""
    wanted = t.RunFile.outcome.in_(LOST)
    query = (
        select(t.RunFile.file, t.RunFile.outcome, t.RunFile.category, t.RunFile.message)
        .where(t.RunFile.run_id == run, wanted)
        .order_by(t.RunFile.outcome, t.RunFile.position)
    )
    rows = connection.execute(query).all()
    counts = Counter((row.outcome, row.category) for row in rows)
    return {
        "counts": sorted(((*key, n) for key, n in counts.items()), key=lambda c: -c[2]),
        "files": [
            (row.file, row.outcome, (row.message or "").removeprefix(f"{row.file}: ")) for row in rows[:MOST_FAILURES]
        ],
        "left_out": max(0, len(rows) - MOST_FAILURES),
    }


def _checks(connection: Connection) -> list[tuple[str, int, int]]:
    """(rule, how often it fails, how often it was asked), for those that fail, the most frequent first."""
    failed = func.sum(case((t.Check.verdict.in_(PASSED), 0), else_=1))
    asked = func.sum(case((t.Check.verdict == CheckVerdict.NOT_APPLICABLE.value, 0), else_=1))
    rows = connection.execute(select(t.Check.rule, failed, asked).group_by(t.Check.rule)).all()
    return sorted(((rule, int(n), int(of)) for rule, n, of in rows if n), key=lambda r: (-r[1], r[0]))


def _trend(connection: Connection, run: int) -> list[Mapping[str, Any]]:
    """The runs up to this one, with what came of their files."""
    query = (
        select(t.Run.id, t.Run.started, t.Run.finished, t.Run.state, t.Run.counts)
        .where(t.Run.id <= run)
        .order_by(t.Run.id.desc())
        .limit(TREND)
    )
    rows = connection.execute(query).mappings().all()
    return [{**row, "counts": json.loads(row["counts"] or "{}")} for row in reversed(rows)]


def _new(connection: Connection, run: int, forms: Iterable[FormDoubt]) -> Share:
    """What this run read anew."""
    query = select(t.RunFile.sha256).where(t.RunFile.run_id == run, t.RunFile.outcome == Outcome.DONE.value)
    contents = set(connection.scalars(query))
    share = Share("")
    for form in forms:
        if form.sha256 in contents:
            share.add(form)
    return share


def _unknown(forms: Iterable[FormDoubt]) -> list[UnknownLayout]:
    """What no family knows, the most frequent first. A title alone makes no layout where labels differ too: it may name
    a place or a fund."""
    layouts: dict[Any, UnknownLayout] = {}
    for form in forms:
        if form.family == GENERIC:
            title = form.title or ""
            family, differs = nearest(form.match)
            labels = [line for line in differs if not line.startswith("title ")]
            key = (family, *labels) if labels else (family, title)
            layout = layouts.setdefault(key, UnknownLayout([], form.file, family, labels or differs))
            layout.forms += 1
            if title not in layout.titles:
                layout.titles.append(title)
    return sorted(layouts.values(), key=lambda layout: (-layout.forms, layout.titles))


def _changes(connection: Connection, run: int) -> dict[str, Any] | None:
    """What is otherwise than in the run before that was asked for the same: the files by what happened to them; None
    where there is no such run, or nothing happened."""
    asked = connection.execute(select(t.Run.inputs).where(t.Run.id == run)).scalar()
    before = connection.execute(
        select(t.Run.id).where(t.Run.id < run, t.Run.inputs == asked).order_by(t.Run.id.desc()).limit(1)
    ).scalar()
    if before is None:
        return None
    now, then = _outcomes(connection, run), _outcomes(connection, before)
    kinds: dict[str, list[str]] = {name: [] for name in ("new", "changed", "mended", "broken", "gone")}
    for file, (outcome, content) in now.items():
        if file not in then:
            kinds["new"].append(file)
        elif (outcome in LOST) != (then[file][0] in LOST):
            kinds["broken" if outcome in LOST else "mended"].append(file)
        elif content != then[file][1]:
            kinds["changed"].append(file)
    kinds["gone"] = [file for file in then if file not in now]
    return {"before": before, "kinds": list(kinds.items())} if any(kinds.values()) else None


def _outcomes(connection: Connection, run: int) -> dict[str, tuple[str, str | None]]:
    """(outcome, content) of each file of a run, in its order."""
    query = select(t.RunFile.file, t.RunFile.outcome, t.RunFile.sha256).where(t.RunFile.run_id == run)
    return {
        file: (outcome, content) for file, outcome, content in connection.execute(query.order_by(t.RunFile.position))
    }


def html_of(report: Mapping[str, Any], database: str) -> str:
    """The report as a page; every text of a filing is escaped, and nothing is loaded from elsewhere."""
    commands = {
        "command": next_command(database),
        "retry": retry_command(database, report["run"]),
        "review": f"http://127.0.0.1:{REVIEW_PORT}/",
    }
    return rendered("run-report.html", {**report, **commands, "database": database}, percent=percent)


def percent(value: float | None) -> str:
    """A share in percent with one decimal, never rounded up to all; a dash for none."""
    if value is None:
        return "—"
    return "100 %" if value == 1 else f"{min(100 * value, 99.9):.1f} %"


def nearest(match: str) -> tuple[str | None, list[str]]:
    """The family that comes nearest by the text of how a form came by its own, None where it names none; and what
    speaks against it."""
    lines = [line.partition(": ") for line in match.splitlines()]
    named = next((name for key, _, name in lines if key == "nearest"), None)
    return named, [why for key, _, why in lines if key == "missing"]
