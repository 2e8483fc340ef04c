"""Records made up for the tests of checks, and what the rules say of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.reading.check.engine import RULES, check_form
from pipeline.reading.check.form import Cells
from schemas.language.values import parse_value
from schemas.language.vocabulary import load_words
from schemas.model import Place, Reader, Table
from schemas.reading import Check, FamilyMatch, FormReading, Origin
from schemas.record import Finding, Fund, Indicator, Kind, Record, Source
from schemas.verdicts import Verdict

WORDS = load_words()


def fund(path: str, amount: str | None, column: str = "full_year_budget", side: str = "expenditure") -> Fund:
    return Fund(side=side, path=path.split("/"), column=column, amount=amount, raw=amount)


def row(**given: Any) -> Indicator:
    made = Indicator(
        **{"level1": "产出指标", "level2": "数量指标", "level3": "甲", "targets": {"full_year": "5个"}, **given}
    )
    for key, text in made.targets.items():
        made.values[key] = parse_value(text, made.op, made.unit, WORDS)
    if made.actual is not None:
        made.values["actual"] = parse_value(made.actual, None, made.unit, WORDS)
    return made


def form(
    *,
    reader: Reader = Reader.TEXT_LAYER,
    kind: Kind = Kind.PROJECT_TARGET,
    origins: Sequence[Origin] = (),
    number: int = 0,
    **given: Any,
) -> FormReading:
    source = Source(file="a.pdf", sha256="0", pages=[], reader=reader, form=number)
    given.setdefault("columns", ["level1", "level2", "level3", "targets.full_year"])
    head: dict[str, Any] = {"family": "generic", "title": "绩效目标表", "year": None, "amount_unit": "万元"}
    record = Record(source=source, kind=kind, **{**head, **given})
    return FormReading(record, tuple(origins), FamilyMatch(None, ()))


def outcomes(reading: FormReading, rule: str, tables: Sequence[Table] = ()) -> list[Check]:
    assert rule in {r.name for r in RULES}
    return [c for c in check_form(reading, Cells(tables), WORDS) if c.rule == rule]


def verdicts(reading: FormReading, rule: str, tables: Sequence[Table] = ()) -> list[tuple[str, str]]:
    return [(c.verdict, c.where) for c in outcomes(reading, rule, tables)]


def seen(pointer: str, raw: str, score: float, *others: str) -> Origin:
    return Origin(pointer, raw, Place(1), score, readings=tuple((text, 0.9) for text in others))


def doubt(rule: str, where: str, printed: str | None = None) -> Finding:
    return Finding(rule=rule, verdict=Verdict.UNDECIDABLE, where=where, printed=printed, message="doubtful")
