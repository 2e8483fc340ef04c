"""What the forms of one filing, and a review and its plans, must say alike."""

from __future__ import annotations

import pytest
from helpers_checks import form, fund

from pipeline.reading.check.agreement import agree_in_filing, agree_with_plans
from schemas.language.keys import comparison_key
from schemas.reading import FormReading
from schemas.record import Kind


def among(*readings: FormReading) -> list[dict[str, list[tuple[str, str]]]]:
    out = []
    for checks in agree_in_filing(readings):
        found: dict[str, list[tuple[str, str]]] = {}
        for check in checks:
            found.setdefault(check.rule, []).append((check.verdict, check.where))
        out.append(found)
    return out


def test_a_form_by_itself_is_compared_with_nothing() -> None:
    assert agree_in_filing([form()]) == [[]]


def test_each_form_of_a_filing_costs_its_own_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """What forms say of the same things is looked up: names are made keys so many times a form, however many there
    are."""
    from pipeline.reading.check import agreement, filing

    calls = 0

    def counted(text: str) -> str:
        nonlocal calls
        calls += 1
        return comparison_key(text)

    monkeypatch.setattr(agreement, "comparison_key", counted)
    monkeypatch.setattr(filing, "comparison_key", counted)

    def cost(forms: int) -> float:
        nonlocal calls
        calls = 0
        fields = {"reporting_unit_code": "203", "reporting_unit": "甲局", "project_name": "道路"}
        agree_in_filing(
            [form(fields=fields, funds=[fund("总额", "10"), fund("总额/道路", "10")]) for _ in range(forms)]
        )
        return calls / forms

    assert cost(5) == cost(100)


def test_names_codes_and_years_of_a_filing() -> None:
    def unit(code: str, name: str, year: int) -> FormReading:
        return form(year=year, fields={"reporting_unit_code": code, "reporting_unit": name})

    first, second, third = among(unit("203", "甲局", 2024), unit("203", "甲局", 2024), unit("203", "甲周", 2025))
    assert first["agreement.names"] == second["agreement.names"] == [("holds", "/fields")]
    assert third["agreement.names"] == [("undecidable", "/fields/reporting_unit")]
    assert third["agreement.year"] == [("undecidable", "/year")]
    coded = among(unit("203", "甲局", 2024), unit("203", "甲局", 2024), unit("208", "甲局", 2024))
    assert coded[2]["agreement.codes"] == [("undecidable", "/fields/reporting_unit_code")]
    assert coded[0]["agreement.codes"] == [("holds", "/fields")]


def test_forms_of_one_print_have_the_same_parts() -> None:
    *whole, more = [form(funds=[fund("甲", "1"), fund("乙", None)], fields={"duty": "x"}) for _ in range(3)]
    assert among(*whole, form(funds=[fund("甲", "1")]))[2]["agreement.same-parts"] == [
        ("undecidable", "/fields"),
        ("undecidable", "/funds"),
    ]
    assert among(*whole, more)[0]["agreement.same-parts"] == [("holds", "")]
    assert among(*whole)[0]["agreement.same-parts"] == [("not_applicable", "")]


def test_a_project_has_one_amount_in_a_filing() -> None:
    def department(amount: str) -> FormReading:
        return form(kind=Kind.DEPARTMENT_TARGET, funds=[fund("项目支出", "9"), fund("项目支出/司法经费", amount)])

    project = form(fields={"project_name": "司法经费"}, funds=[fund("资金总额", "3.60", side="income")])
    rule = "agreement.project-amount"
    assert among(department("3.6"), project)[0][rule] == [("holds", "/funds")]
    assert among(department("3.8"), project)[0][rule] == [("undecidable", "/funds/1")]
    assert among(project, project)[0][rule] == [("not_applicable", "/funds")]


def test_a_review_beside_its_plans_whatever_the_order() -> None:
    fields = {"implementing_unit": "甲中心", "project_name": "司法经费"}
    plan = form(fields=fields, year=2024, funds=[fund("资金总额", "1", side="income")])
    lines = [fund("项目支出", "9"), fund("项目支出/司法经费", "0.39")]
    review = form(kind=Kind.DEPARTMENT_REVIEW, fields={"reporting_unit": "甲中心"}, year=2024, funds=lines)
    single = form(kind=Kind.PROJECT_REVIEW, fields=fields, year=2024, funds=[fund("总额", "1", "initial_budget")])
    late = form(kind=Kind.PROJECT_REVIEW, fields=fields, year=2025)
    records = {n: f.record for n, f in enumerate((plan, review, single, late))}
    found = agree_with_plans(records)
    assert found == agree_with_plans(dict(reversed(records.items())))
    assert {n: [(c.verdict, c.where) for c in checks] for n, checks in found.items()} == {
        1: [("undecidable", "/funds/1")],
        2: [("holds", "/funds/0")],
        3: [("not_applicable", "/funds")],
    }
