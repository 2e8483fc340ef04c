"""Holds what a run made of an archive against its truth."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.people.goldens import RIGHT
from schemas.compare import Difference, compare_records


@dataclass(slots=True)
class Verdict:
    """Counts by road. `doubted`: wrong values with a finding that points at them; `silent`: those with none;
    `amiss`: files whose forms or outcomes are not what they must be."""

    files: dict[str, int] = field(default_factory=dict)
    whole: dict[str, int] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)
    doubted: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        for road in sorted(self.files):
            yield (f"{road}: {self.files[road]} files, {self.whole.get(road, 0)} wholly right, "
                   f"{self.values.get(road, 0)} values")  # fmt: skip
        yield f"wrong and doubted {len(self.doubted)}, wrong and silent {len(self.silent)}, amiss {len(self.amiss)}"
        yield from (f"silent: {line}" for line in self.silent)
        yield from (f"amiss: {line}" for line in self.amiss)


PARSED = re.compile(r"/values/(actual|progress|forecast)\b")  # of one text, where targets are of several


def judge_run(truth: Sequence[Mapping[str, Any]], out: Path) -> Verdict:
    """Compare the records and failures of the run that wrote `out` with the truth."""
    with sqlite3.connect(out / "jixiao.db") as database:
        rows = database.execute("SELECT file, category, refused FROM failures").fetchall()
        known = {path for (path,) in database.execute("SELECT path FROM files UNION SELECT path FROM file_aliases")}
    failures = {file: (category, bool(refused)) for file, category, refused in rows}
    verdict = Verdict()
    for made in truth:
        path, road = made["path"], made["road"]
        verdict.files[road] = verdict.files.get(road, 0) + 1
        if made["broken"] is not None:
            good = _failed_well(made["broken"], path, failures, known, verdict)
        else:
            good = _read_well(made["records"], made, out, failures, verdict)
        verdict.whole[road] = verdict.whole.get(road, 0) + good
    return verdict


def _failed_well(broken: Mapping[str, Any], path: str, failures: Mapping[str, tuple[str, bool]], known: set[str],
                 verdict: Verdict) -> bool:  # fmt: skip
    """Whether a broken file has the outcome of its way: a failure of its category, or none where it is passed over."""
    got = failures.get(path)
    if not broken["categories"]:
        good = got is None and path not in known
    else:
        good = got is not None and got[0] in broken["categories"] and got[1] == broken["refused"]
    if not good:
        verdict.amiss.append(f"{path}: broken by {broken['way']}, must be {broken['categories']}, is {got}")
    return good


def _read_well(records: Sequence[Mapping[str, Any]], made: Mapping[str, Any], out: Path,
               failures: Mapping[str, tuple[str, bool]], verdict: Verdict) -> bool:  # fmt: skip
    path, road = made["path"], made["road"]
    folder = out / "records" / Path(path).stem
    found = sorted(folder.glob("*.json"), key=lambda p: int(p.stem))
    if path in failures or len(found) != len(records):
        verdict.amiss.append(f"{path}: {len(records)} forms, read {len(found)}; failure {failures.get(path)}")
        return False
    before = len(verdict.doubted) + len(verdict.silent)
    for number, (record, file) in enumerate(zip(records, found, strict=True)):
        read = json.loads(file.read_text(encoding="utf-8"))
        differences = compare_records(record, read)
        verdict.values[road] = verdict.values.get(road, 0) + len(differences)
        for difference in wrong_values(differences):
            line = f"{path} form {number} {difference.where}: truth {difference.left!r}, read {difference.right!r}"
            (verdict.doubted if points_at(read, difference.where) else verdict.silent).append(line)
    return len(verdict.doubted) + len(verdict.silent) == before


def wrong_values(differences: Sequence[Difference]) -> list[Difference]:
    return [d for d in differences if d.outcome not in RIGHT]


def points_at(record: Mapping[str, Any], where: str) -> bool:
    """Whether a finding of the record points at a value: at it, at what holds it, or at the text it is parsed from (a
    target, a level's name with its points)."""
    source = PARSED.sub(r"/\1", where).replace("/values/", "/targets/").replace("/level_points/", "/")
    return any(
        place == at or place.startswith(at + "/")
        for at in (finding["where"] for finding in record["findings"] if finding["where"])
        for place in (where, source)
    )
