"""The risk of a value: what raises it, in which order values come, and how the order is measured."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.reading.risk import CHECKED, KIND, risks_of, share_of_wrong_by_risk
from schemas.compare import values_of
from schemas.model import Place, Reader
from schemas.reading import Check, FamilyMatch, FormReading, Origin, Risk
from schemas.record import Finding, Fund, Indicator, Kind, Record, Source
from schemas.verdicts import CheckVerdict, Verdict


def reading(
    reader: Reader = Reader.OCR,
    findings: tuple[tuple[str, str], ...] = (),
    checks: tuple[Check, ...] = (),
    **ink: Any,
) -> FormReading:
    """A record with a money line, an indicator and prose; `ink` goes to the origin of the money line."""
    pointers = ("/funds/0", "/indicators/0/level3", "/indicators/0/targets/full_year", "/fields/annual_goal")
    origins = [Origin(p, "x", Place(1), 0.999) for p in pointers[1:]]
    record = Record(
        source=Source(file="a", sha256="0", pages=[1], reader=reader, form=0),
        family="generic",
        kind=Kind.PROJECT_TARGET,
        title=None,
        year=None,
        amount_unit=None,
        fields={"annual_goal": "目标" * 30, "contact_name": None},
        funds=[Fund(side="income", path=["资金总额"], column="full_year_budget", amount="12.5", raw="12.5")],
        columns=["level3"],
        indicators=[Indicator(level3="甲", targets={"full_year": "5个"}, weights={"full_year": "5"})],
        findings=[Finding(rule=r, verdict=Verdict.UNDECIDABLE, where=w, message="m") for r, w in findings],
    )
    money = Origin("/funds/0", "12.5", Place(1), **{"score": 0.999, **ink})
    return FormReading(record, (money, *origins), FamilyMatch(None, ()), checks)


def risks(*args: Any, **kwargs: Any) -> dict[str, Risk]:
    return {r.pointer: r for r in risks_of(reading(*args, **kwargs))}


def of(where: str, *args: Any, **kwargs: Any) -> float:
    return risks(*args, **kwargs)[where].risk


AMOUNT = "/funds/0/amount"


def test_every_leaf_has_one_risk_between_nought_and_one_in_the_records_order() -> None:
    form = reading()
    found = risks_of(form)
    leaves = [w for w, _ in values_of(form.record.as_dict()) if "/values" not in w]
    assert [r.pointer for r in found] == leaves
    assert all(0 <= r.risk <= 1 for r in found)
    assert all(r.kind in KIND for r in found)
    assert found == risks_of(form)


def test_of_equals_money_comes_first_and_prose_late() -> None:
    found = risks(Reader.TEXT_LAYER)
    order = [AMOUNT, "/indicators/0/targets/full_year", "/indicators/0/level3", "/fields/annual_goal", "/kind"]
    assert order == sorted(order, key=lambda w: -found[w].risk)
    assert found["/kind"].reasons == ()


def test_roads_are_trusted_by_how_they_read() -> None:
    text, dump, ocr = (of(AMOUNT, reader) for reader in (Reader.TEXT_LAYER, Reader.DUMP, Reader.OCR))
    assert text < dump < ocr


def test_what_speaks_against_a_value_raises_it_and_is_told() -> None:
    sure = of(AMOUNT)
    for ink in ({"score": 0.8}, {"readings": (("12.6", 0.9),)}, {"covered": "2"}):
        found = risks(**ink)
        assert found[AMOUNT].risk > sure
        assert found[AMOUNT].reasons
        assert found["/indicators/0/level3"] == risks()["/indicators/0/level3"]
    assert of(AMOUNT, score=0.5) > of(AMOUNT, score=0.9) > sure
    assert "no ink is named for it" in risks()["/fields/contact_name"].reasons


@pytest.mark.parametrize("rule", ["unreadable", "lost", "covered", "low-score", "inferred", "redacted"])
def test_a_doubt_counts_at_its_value_and_below(rule: str) -> None:
    assert of(AMOUNT, findings=((rule, "/funds/0"),)) > of(AMOUNT)
    beside = of(AMOUNT, findings=((rule, "/funds/0/path"),))
    assert of(AMOUNT) < beside < of(AMOUNT, findings=((rule, AMOUNT),))
    assert of("/indicators/0/level3", findings=((rule, "/funds/0"),)) == of("/indicators/0/level3")


def check(
    verdict: str, where: str = "/funds/0", rule: str = "funds.x", offered: tuple[tuple[str, str], ...] = ()
) -> Check:
    return Check(rule, CheckVerdict(verdict), where, None, None, "m", offered)


def test_failing_checks_count_by_their_verdict() -> None:
    found = [of(AMOUNT, checks=(check(v),)) for v in ("holds", "wrong_at_source", "undecidable", "misread")]
    assert found == sorted(set(found))
    assert found[0] == of(AMOUNT)


def test_a_check_of_a_whole_raises_only_what_it_looked_at() -> None:
    checks = (check("undecidable", "/indicators", "points.hundred"),)
    assert of("/indicators/0/weights/full_year", checks=checks) > of("/indicators/0/weights/full_year")
    assert of("/indicators/0/level3", checks=checks) == of("/indicators/0/level3")


def test_no_check_speaks_of_a_blank_that_the_form_has_no_column_for() -> None:
    """The points do not add up, and only a column of weights is printed: the score is no doubtful value."""
    total = check("misread", "/indicators", "points.total")
    said = risks(checks=(total,))
    assert said["/indicators/0/score"].risk == of("/indicators/0/score")
    assert said["/indicators/0/weights/full_year"].risk > of("/indicators/0/weights/full_year")


def test_an_offered_reading_points_at_its_value() -> None:
    offered = check("misread", "/funds/9", offered=(("/funds/0", "13.5"),))
    assert of(AMOUNT, checks=(offered,)) > 0.7
    assert of("/fields/annual_goal", checks=(offered,)) == of("/fields/annual_goal")


def test_every_group_of_rules_has_its_kinds() -> None:
    from pipeline.reading.check.engine import RULES

    assert {rule.name.partition(".")[0] for rule in RULES} | {"agreement"} == set(CHECKED)


# ── The measure


def test_the_share_of_wrong_values_among_the_first() -> None:
    values = [(1 - i / 1000, i in (0, 30, 70, 500)) for i in range(1000)]
    assert share_of_wrong_by_risk(values) == {
        "values": 1000,
        "wrong": 4,
        "first_1": 0.25,
        "first_5": 0.5,
        "first_10": 0.75,
    }
    assert share_of_wrong_by_risk(values[::-1]) == share_of_wrong_by_risk(values)


def test_equal_risks_count_as_in_a_random_order() -> None:
    assert share_of_wrong_by_risk([(0.5, i < 10) for i in range(100)])["first_5"] == 0.05


def test_nothing_wrong_is_all_found() -> None:
    assert share_of_wrong_by_risk([]) == {"values": 0, "wrong": 0, "first_1": 1.0, "first_5": 1.0, "first_10": 1.0}
    assert share_of_wrong_by_risk([(0.1, False)])["first_1"] == 1.0


@pytest.mark.parametrize("reader", Reader)
def test_every_road_has_its_risk(reader: Reader) -> None:
    assert {risk.pointer for risk in risks_of(reading(reader))} >= {"/funds/0/amount", "/indicators/0/level3"}
