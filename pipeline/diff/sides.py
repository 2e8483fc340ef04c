"""One side of a comparison: the records of a database, of a run's output, of a record folder, or the goldens."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.archive.records import unreadable
from pipeline.archive.store import DatabaseUnusable, Store, WrongDatabaseVersion
from pipeline.people.goldens import GoldenSet, GoldenWrong, Overlay, load_sets
from schemas.frozen import dataclass
from schemas.language.columns import printed_at
from schemas.model import Box

DATABASE = "jixiao.db"  # what a run calls its database
PAPER = "paper"  # the reader of a golden: a person read it

ORIGINS = """
SELECT form_id, pointer, raw, page, box_left, box_top, box_right, box_bottom, line, "column", reader, sheet
FROM origins ORDER BY form_id, position"""
RISKS = "SELECT form_id, pointer, kind, risk, reasons FROM risks ORDER BY form_id, position"
FORMS = """
SELECT f.id, f.record, s.path, s.name, s.sha256
FROM forms f JOIN files s ON s.id = f.file_id ORDER BY s.path, f.form_index"""


class NotASide(Exception):
    """What was given is nothing that can be compared; the message says why and what can be."""


class SideKind(StrEnum):
    """What the records of a side come from."""

    DATABASE = "database"
    RECORDS = "records"
    GOLDENS = "goldens"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands: page and box in points, or line and column (from 1) of a dump, of an office file or of
    its `sheet`; `raw` as seen there, `reader` who saw it."""

    page: int | None
    box: Box | None
    line: int | None
    column: int | None
    raw: str | None
    reader: str = ""
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class ToldRisk:
    """The risk of a value, its kind as the reading told it, and what raised the risk."""

    kind: str
    risk: float
    reasons: str


@dataclass(frozen=True, slots=True)
class FormSide:
    """One form: its record, where its values stand, what is doubted of them, overlays of a golden by reader."""

    record: Mapping[str, Any]
    spots: Mapping[str, Spot] = field(default_factory=dict)
    doubts: Mapping[str, ToldRisk] = field(default_factory=dict)
    overlays: Mapping[str, Sequence[Overlay]] = field(default_factory=dict)

    @property
    def reader(self) -> str:
        """The road it was read by; PAPER for a golden."""
        return str(self.record.get("source", {}).get("reader", PAPER))

    def spot(self, pointer: str | None) -> Spot | None:
        """Where a value stands: its own place, that of the value it was parsed from, or of what it is a part of."""
        if pointer is None:
            return None
        pointer = printed_at(pointer)
        while pointer:
            if pointer in self.spots:
                return self.spots[pointer]
            pointer = pointer.rpartition("/")[0]
        return None


@dataclass(frozen=True, slots=True)
class FileSide:
    """The forms of one filing. `path` as it was read from; a golden set has the paths of all its `sources`."""

    name: str
    path: str
    sha256: str | None
    forms: tuple[FormSide, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """All filings of a side, by name. `shown` is what it is called by: no password stands in it."""

    shown: str
    source: SideKind
    files: tuple[FileSide, ...]


def load_side(place: str) -> Side:
    """What a path or URL names. Raises NotASide."""
    try:
        return _load(place)
    except (DatabaseUnusable, WrongDatabaseVersion, GoldenWrong) as error:
        raise NotASide(str(error)) from error


def _load(place: str) -> Side:
    if "://" in place:
        return _database(place, place)
    path = Path(place)
    if path.is_file():
        return _database(place, place)
    if not path.is_dir():
        raise NotASide(f"{place}: there is no such file or folder")
    if (path / DATABASE).is_file():
        return _database(str(path / DATABASE), place)
    if (path / "sources.json").is_file():
        return _goldens([s for s in load_sets(path.absolute().parent) if s.name == path.absolute().name], place)
    if any(path.glob("*/sources.json")):
        return _goldens(load_sets(path), place)
    root = path / "records" if (path / "records").is_dir() else path
    files = _record_files(root)
    if not files:
        raise NotASide(
            f"{place}: holds nothing to compare; give a database, the output folder of a run, a folder of records"
            " (<name>/<n>.json) or of goldens (<set>/sources.json)"
        )
    return Side(place, SideKind.RECORDS, files)


def _database(url: str, shown: str) -> Side:
    with Store.open(url, create=False) as store:
        spots: defaultdict[int, dict[str, Spot]] = defaultdict(dict)
        for form, pointer, raw, page, left, top, right, bottom, line, column, *more in store.query(ORIGINS)[1]:
            box = None if left is None else Box(left, top, right, bottom)
            spots[form].setdefault(pointer, Spot(page, box, line, column, raw, *more))
        doubts: defaultdict[int, dict[str, ToldRisk]] = defaultdict(dict)
        for form, pointer, kind, risk, reasons in store.query(RISKS)[1]:
            doubts[form][pointer] = ToldRisk(kind, risk, reasons)
        forms: defaultdict[tuple[str, str, str], list[FormSide]] = defaultdict(list)
        for number, record, path, name, sha256 in store.query(FORMS)[1]:
            forms[name, path, sha256].append(FormSide(json.loads(record), spots[number], doubts[number]))
        shown = store.where if "://" in shown else shown
    files = (FileSide(name, path, sha256, tuple(of)) for (name, path, sha256), of in forms.items())
    return Side(shown, SideKind.DATABASE, tuple(sorted(files, key=_order)))


def _goldens(sets: Sequence[GoldenSet], shown: str) -> Side:
    files = []
    for each in sets:
        forms = tuple(FormSide(g.record, overlays=g.overlays) for g in each.goldens)
        files.append(FileSide(each.name, each.name, None, forms, tuple(each.sources.values())))
    return Side(shown, SideKind.GOLDENS, tuple(sorted(files, key=_order)))


def _record_files(root: Path) -> tuple[FileSide, ...]:
    files = []
    folders: defaultdict[Path, list[Path]] = defaultdict(list)
    for path in root.rglob("*.json"):
        if path.stem.isdigit():
            folders[path.parent].append(path)
    for folder, paths in folders.items():
        forms = tuple(FormSide(_record(p)) for p in sorted(paths, key=lambda p: int(p.stem)))
        name = folder.relative_to(root).as_posix()
        source = forms[0].record.get("source") or {}
        files.append(FileSide(name, str(source.get("file", name)), source.get("sha256"), forms))
    return tuple(sorted(files, key=_order))


def _record(path: Path) -> Mapping[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise NotASide(f"{path}: cannot be read as a record: {unreadable(error)}") from error
    if not isinstance(record, dict) or "indicators" not in record or not _sound(record):
        raise NotASide(f"{path}: is no record; a folder of records holds nothing but <name>/<n>.json")
    return record


def _sound(record: Mapping[str, Any]) -> bool:
    """Whether what the comparison asks a record for by name is of the kind that a record has there."""
    source = record.get("source", {})
    return isinstance(source, dict) and isinstance(record.get("fields", {}), dict)


def _order(file: FileSide) -> tuple[str, str]:
    return file.name, file.path


@dataclass(frozen=True, slots=True)
class Match:
    """Two filings that belong together, and by what; None where a side has no such filing."""

    a: FileSide | None
    b: FileSide | None
    by: str

    @property
    def name(self) -> str:
        """What the pair is called: A's name, unless A is a golden set that stands beside several filings."""
        if self.a is None or (self.a.sources and self.b is not None):
            return self.b.name if self.b is not None else ""
        return self.a.name


def match_files(a: Side, b: Side) -> list[Match]:
    """The filings of two sides in pairs, in the order of A, then what only B has.

    By content and name, content, path, name, the file's own name, and last by what that name begins with (up to
    the first `_`), where this is the only filing of its side that begins so. A golden set belongs to every
    filing that one of its sources is named like.
    """
    if (a.source is SideKind.GOLDENS) != (b.source is SideKind.GOLDENS):
        return _with_goldens(a, b)
    left, right = list(a.files), list(b.files)
    partner: dict[int, tuple[FileSide, str]] = {}
    for by, key, alone in _KEYS:
        waiting: defaultdict[Any, list[FileSide]] = defaultdict(list)
        for file in right:
            waiting[key(file)].append(file)
        own: defaultdict[Any, list[FileSide]] = defaultdict(list)
        for file in left:
            own[key(file)].append(file)
        if alone:
            heads = [[key(f) for f in side.files] for side in (a, b)]
        for file in [f for f in left if id(f) not in partner]:
            value = key(file)
            if value is None or not waiting[value] or (alone and any(h.count(value) != 1 for h in heads)):
                continue
            partner[id(file)] = waiting[value].pop(0), by
        taken = {id(f) for f, _ in partner.values()}
        left = [f for f in left if id(f) not in partner]
        right = [f for f in right if id(f) not in taken]
    pairs = [Match(f, *partner.get(id(f), (None, "only-a"))) for f in a.files]
    return [*pairs, *(Match(None, f, "only-b") for f in right)]


def _with_goldens(a: Side, b: Side) -> list[Match]:
    goldens, others = (a, b) if a.source is SideKind.GOLDENS else (b, a)
    matches, used = [], set()
    for file in others.files:
        golden, by = _golden_of(file, goldens.files)
        used.add(id(golden))
        by = by or ("only-b" if others is b else "only-a")
        matches.append(Match(golden, file, by) if others is b else Match(file, golden, by))
    unread = [g for g in goldens.files if id(g) not in used]
    matches += [Match(g, None, "only-a") if goldens is a else Match(None, g, "only-b") for g in unread]
    return matches


def _golden_of(file: FileSide, goldens: Sequence[FileSide]) -> tuple[FileSide | None, str]:
    """The golden set whose source a filing is: the same name, a name that it goes on, the set's own name first."""
    stem = _stem(file)
    for golden in goldens:
        if stem in (PurePosixPath(s).stem for s in golden.sources):
            return golden, "name"
    for golden in goldens:
        if any(stem.startswith(PurePosixPath(s).stem + "_") for s in golden.sources):
            return golden, "name-start"
    for golden in goldens:
        if golden.name == stem.partition("_")[0]:
            return golden, "name-start"
    return None, ""


def _stem(file: FileSide) -> str:
    return PurePosixPath(file.path.replace("\\", "/")).stem


def _start(file: FileSide) -> str:
    return _stem(file).partition("_")[0]


_KEYS = (
    ("content", lambda f: f.sha256 and (f.sha256, f.name), False),
    ("content", lambda f: f.sha256, False),
    ("path", lambda f: f.path, False),
    ("name", lambda f: f.name, False),
    ("name", _stem, True),
    ("name-start", _start, True),
)
