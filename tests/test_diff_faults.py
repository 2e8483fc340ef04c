"""Seeded faults in the diff: each is shown where it was put in, in its class, and nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.bench.faults import SEED, draw, read_all
from pipeline.bench.seeded_faults import DIGIT, LOST, SIGN, Fault, lost_pointers, put_in
from pipeline.diff.classify import Class, Compared
from pipeline.diff.differ import diff
from pipeline.diff.sides import load_side
from schemas.compare import values_of
from schemas.language.keys import comparison_key
from schemas.language.money import parse_amount
from schemas.language.vocabulary import load_words
from schemas.reading import FormReading
from schemas.record import record_text

pytestmark = pytest.mark.slow

PDFS = Path(__file__).parent.parent / "data" / "raw" / "pdf"
FAULTS = 300
PARSED = ("/values/", "/raw")  # follow from the value that stands beside them


def test_each_seeded_fault_is_shown_in_its_class_and_alone(tmp_path: Path) -> None:
    words = load_words()
    readings = read_all(PDFS, words)
    drawn = draw(readings, FAULTS, SEED)
    forms = [(readings[n].forms[fault.form], readings[n].tables, fault) for n, fault in drawn]
    for n, (form, tables, fault) in enumerate(forms):
        wrong, _ = put_in(form, tables, fault, words, places=True)
        for side, each in (("a", form), ("b", wrong)):
            path = tmp_path / side / f"{n:03}" / "0.json"
            path.parent.mkdir(parents=True)
            record = each.record.as_dict()
            record["source"] |= {"file": f"{n:03}.pdf", "sha256": f"{n:064}"}
            path.write_text(record_text(record), encoding="utf-8")
    found = diff(load_side(str(tmp_path / "a")), load_side(str(tmp_path / "b")))
    shown: dict[str, list[Compared]] = {f"{n:03}": [] for n in range(FAULTS)}
    for row in found.rows:
        shown[row.file].append(row.compared)
    wrongly = []
    for n, (form, _, fault) in enumerate(forms):
        got = {(c.where, c.cls) for c in shown[f"{n:03}"] if not any(part in c.where for part in PARSED)}
        if got != expected(form, fault):
            wrongly.append((fault, sorted(got), sorted(expected(form, fault))))
    assert wrongly == [], "\n".join(map(str, wrongly))


def expected(form: FormReading, fault: Fault) -> set[tuple[str, Class]]:
    """Where a fault must be shown, by A's pointers, and as what."""
    record = form.record.as_dict()
    values = dict(values_of(record))
    if fault.kind == LOST:
        gone = tuple(f"{where}/" for where in lost_pointers(form, fault))
        leaves = [w for w in values if w.startswith(gone) and not any(part in w for part in PARSED)]
        return {(where, Class.ONLY_A) for where in leaves}
    one = place(fault.where)
    if fault.kind in (DIGIT, SIGN):
        amount = parse_amount(fault.to, load_words()) if one.endswith("/amount") else None
        nought = amount is not None and Decimal(amount.digits) == Decimal(values[one])  # `-0` is the same amount
        return {(one, Class.REFORMATTED if nought else Class.CHANGED)}
    if one.endswith(("/level1", "/level2")):
        return {(one, Class.CHANGED)}
    two = place(fault.to)
    same_name = name_of(one) == name_of(two)
    return {
        (where, Class.MOVED if same_name and (key(values, where) or key(values, other)) else Class.CHANGED)
        for where, other in ((one, two), (two, one))
    }


def place(where: str) -> str:
    return f"{where}/amount" if where.startswith("/funds/") else where


def name_of(where: str) -> tuple[str, str]:
    """What values are called that may change places, whatever row and period."""
    parts = where.split("/")
    return parts[1], parts[3]


def key(values: Mapping[str, Any], where: str) -> str:
    return comparison_key(values.get(where) or "")
