"""All rules over the forms of a filing: outcomes kept with the reading, failing ones as findings of the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.reading.check.agreement import agree_in_filing
from pipeline.reading.check.evidence import judge
from pipeline.reading.check.form import Cells, CheckedForm
from pipeline.reading.check.rule import FormRule
from pipeline.reading.check.rules import arithmetic, points, structure, targets, wellformed
from pipeline.reading.check.tally import tally
from pipeline.reading.risk import risks_of
from schemas.language.vocabulary import Words
from schemas.model import Table
from schemas.reading import Check, FormReading
from schemas.record import Finding
from schemas.verdicts import Verdict

RULES: tuple[FormRule, ...] = (
    *arithmetic.RULES,
    *points.RULES,
    *targets.RULES,
    *structure.RULES,
    *wellformed.RULES,
)


def check_forms(forms: Sequence[FormReading], tables: Sequence[Table], words: Words) -> list[FormReading]:
    """The forms of one filing with their checks, the findings of those that fail, and the risk of every value.

    `tables` are the tables of the document, in the order by which origins count them.
    """
    among = agree_in_filing(forms)
    cells = Cells(tables)
    out = []
    for form, more in zip(forms, among, strict=True):
        checks = (*check_form(form, cells, words), *more)
        findings = [*form.record.findings, *failing(checks)]
        checked = replace(form, record=form.record.model_copy(update={"findings": findings}), checks=checks)
        out.append(replace(checked, risks=risks_of(checked)))
    return out


def check_form(form: FormReading, cells: Cells, words: Words) -> tuple[Check, ...]:
    """The outcomes of all rules over one form, in the order of the rules. Those of layout are looked at first: a part
    whose rows do not stand as rows do proves nothing."""
    checked = CheckedForm(form, cells, words)
    layout = {rule.name: _outcomes(rule, checked) for rule in RULES if rule.layout}
    checked.disorder = tuple(check.where for checks in layout.values() for check in checks if check.verdict.fails)
    return tuple(c for rule in RULES for c in (layout[rule.name] if rule.layout else _outcomes(rule, checked)))


def _outcomes(rule: FormRule, form: CheckedForm) -> tuple[Check, ...]:
    return tuple(tally(rule, rule.compare(form), lambda comparison: judge(form, rule, comparison)))


def failing(checks: Iterable[Check]) -> list[Finding]:
    """The findings of the checks that neither hold nor do not apply."""
    return [
        Finding(
            rule=check.rule,
            verdict=Verdict(check.verdict),
            where=check.where,
            printed=check.printed,
            computed=check.computed,
            message=check.message,
        )
        for check in checks
        if check.verdict.fails
    ]
