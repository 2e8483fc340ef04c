"""Goldens: records that a person read from the paper. Listed, shown, compared; never copied from a reading.

A golden set is a folder: `sources.json` names the filings it was read from, `<n>.json` is form n as the paper
prints it, `<n>.<reader>.json` what that reader cannot find because its source lost it or prints it otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas.compare import Difference, Likeness, compare_records, equal
from schemas.frozen import dataclass
from schemas.record import Indicator, Kind

RIGHT = frozenset({Likeness.SAME, Likeness.REFORMATTED})


class GoldenWrong(Exception):
    """A golden or its overlay is not as it must be."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A value that a source lost or prints differently; `reads` is what a perfect reading of it gives."""

    where: str
    why: str
    reads: Any
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Golden:
    """One form of a set: the record as the paper prints it, and the overlay of each reader."""

    number: int
    record: Mapping[str, Any]
    overlays: Mapping[str, tuple[Overlay, ...]]


@dataclass(frozen=True, slots=True)
class GoldenSet:
    """A folder of goldens; `sources` are paths by reader, below the folder that the set names them from."""

    name: str
    sources: Mapping[str, str]
    goldens: tuple[Golden, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A reading held against its golden: counts of values, and what is wrong."""

    values: int
    right: int
    reformatted: int
    excused: int
    wrong: tuple[Difference, ...]


def load_sets(root: Path) -> list[GoldenSet]:
    """All golden sets below a folder, by name. Raises GoldenWrong, naming the file."""
    sets = []
    for folder in sorted(p.parent for p in root.glob("*/sources.json")):
        sources = _json(folder / "sources.json")
        goldens = [_golden(folder, path) for path in _numbered(folder)]
        sets.append(GoldenSet(folder.name, sources, tuple(goldens)))
    return sets


def _numbered(folder: Path) -> list[Path]:
    return sorted((p for p in folder.glob("*.json") if p.stem.isdigit()), key=lambda p: int(p.stem))


def _golden(folder: Path, path: Path) -> Golden:
    overlays = {}
    for extra in sorted(folder.glob(f"{path.stem}.*.json")):
        reader = extra.suffixes[-2].removeprefix(".")
        entries = []
        for entry in _json(extra):
            if set(entry) != {"where", "why", "reads", "line", "reason"} or entry["why"] not in ("lost", "differs"):
                raise GoldenWrong(f"{extra}: each entry says where, why (lost or differs), reads, line and reason")
            entries.append(Overlay(**entry))
        overlays[reader] = tuple(entries)
    return Golden(int(path.stem), _json(path), overlays)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GoldenWrong(f"{path}: cannot be read as JSON: {error}") from error


def judge(record: Mapping[str, Any], golden: Golden, reader: str) -> Judgement:
    """Hold a record against its golden. A value that the overlay excuses must read as the overlay says, or as
    the paper does."""
    overlays = {o.where: o for o in golden.overlays.get(reader, ())}
    right = reformatted = excused = 0
    wrong = []
    differences = compare_records(golden.record, record)
    for difference in differences:
        overlay = overlay_of(difference.where, overlays)
        if difference.outcome in RIGHT:
            right += 1
            reformatted += difference.outcome is Likeness.REFORMATTED
        elif overlay is not None and (difference.where != overlay.where or equal(difference.right, overlay.reads)):
            excused += 1
        else:
            wrong.append(difference)
    return Judgement(len(differences), right, reformatted, excused, tuple(wrong))


def overlay_of(where: str, overlays: Mapping[str, Overlay]) -> Overlay | None:
    """The overlay entry for a value: its own, or one for the value it is a part of."""
    while where:
        if where in overlays:
            return overlays[where]
        where = where.rpartition("/")[0]
    return None


def skeleton(kind: Kind, indicators: int, funds: int) -> dict[str, Any]:
    """An empty golden to fill in by hand: every key, no value."""
    empty = Indicator().model_dump(mode="json")
    return {
        "family": "",
        "kind": kind.value,
        "title": "",
        "year": None,
        "amount_unit": None,
        "fields": {},
        "choices": {},
        "tasks": [],
        "funds": [{"side": "", "path": [""], "column": "", "amount": None, "raw": None} for _ in range(funds)],
        "columns": [],
        "indicators": [dict(empty) for _ in range(indicators)],
    }


def describe(sets: Sequence[GoldenSet]) -> Iterator[tuple[str, int, int, int, int]]:
    """(set, form, indicators, money cells, overlay entries) of each golden."""
    for each in sets:
        for golden in each.goldens:
            entries = sum(len(o) for o in golden.overlays.values())
            yield each.name, golden.number, len(golden.record["indicators"]), len(golden.record["funds"]), entries
