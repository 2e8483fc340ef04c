"""How right scanned forms were read: their values held against the goldens, and against what was doubted of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pipeline.bench.printing import tell
from schemas.frozen import dataclass
from schemas.verdicts import OF_VALUES, Doubt

if TYPE_CHECKING:
    from pipeline.people.goldens import Golden
    from schemas.reading import FormReading

FLAGS = OF_VALUES | {Doubt.UNOWNED}
"""The findings that flag a value; what is hidden was never on the page."""


@dataclass(frozen=True, slots=True)
class Count:
    """How the values of some pages were read. `silent` are wrong and not flagged, `doubted` right but flagged;
    `lost_forms` were not found or found in excess, `failed` are pages whose reading broke off."""

    pages: int = 0
    forms: int = 0
    cells: int = 0
    right: int = 0
    wrong: int = 0
    silent: int = 0
    doubted: int = 0
    lost_forms: int = 0
    failed: int = 0
    risks: tuple[tuple[float, bool], ...] = ()  # of each value read: its risk, and whether it is wrong

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def count_forms(forms: Sequence[FormReading], goldens: Sequence[Golden], pages: int) -> Count:
    """Hold forms against their goldens, form by form in reading order. Every value of a form that was not found
    is wrong, and so is every value of one that is none; nobody flags them."""
    total = Count(pages=pages, forms=len(goldens), lost_forms=abs(len(forms) - len(goldens)))
    for form, golden in zip(forms, goldens, strict=False):
        total += _count(form, golden)
    records = [form.record.as_dict() for form in forms]
    for alone in (*(golden.record for golden in goldens[len(records) :]), *records[len(goldens) :]):
        cells = len(_cells(alone))
        total += Count(cells=cells, wrong=cells, silent=cells)
    return total


def _count(form: FormReading, golden: Golden) -> Count:
    from pipeline.people.goldens import judge

    record = form.record.as_dict()
    flags = {f["where"] for f in record["findings"] if f["rule"] in FLAGS and f["where"]}
    wrong = {w.where: w for w in judge(record, golden, "ocr").wrong}
    cells = right = silent = doubted = 0
    for where in _cells(golden.record, record):
        flagged = _is_flagged(where, flags)
        cells += 1
        right += where not in wrong
        silent += where in wrong and not flagged
        doubted += where not in wrong and flagged
        if where in wrong and not flagged:
            tell(f"    unflagged: {where}: {wrong[where].left!r} read as {wrong[where].right!r}")
    risks = tuple((risk.risk, risk.pointer in wrong) for risk in form.risks)
    return Count(cells=cells, right=right, wrong=cells - right, silent=silent, doubted=doubted, risks=risks)


def _cells(*records: Mapping[str, Any]) -> list[str]:
    """The pointers of the values of records, each once; the parsed `values` say nothing that the raw texts do not."""
    from schemas.compare import values_of

    every = dict.fromkeys(where for record in records for where, _ in values_of(record))
    return [where for where in every if "/values/" not in where and not where.endswith("/values")]


def _is_flagged(where: str, flags: set[str]) -> bool:
    while where:
        if where in flags:
            return True
        where = where.rpartition("/")[0]
    return False
