"""Each rule and each verdict on records made up for it."""

from __future__ import annotations

from typing import Any

import pytest
from helpers_checks import WORDS, doubt, form, fund, outcomes, row, seen, verdicts

from pipeline.reading.check.engine import RULES, check_form, check_forms
from pipeline.reading.check.form import Cells, number_in
from pipeline.reading.check.sums import add_up
from schemas.model import Cell, Place, Reader, Table
from schemas.reading import FormReading, Origin
from schemas.record import Finding, Fund
from schemas.verdicts import Verdict

# ── Sums and rounding


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [
        ("36623", ["36622.5"], "rounded"),  # a total with fewer decimals than its parts
        ("0.3", ["0.1", "0.1", "0.2"], "rounded"),  # three rounded parts and a rounded total
        ("10.00", ["3.33", "3.33", "3.33"], "rounded"),
        ("10.00", ["3.33", "3.33", "3.30"], "off"),
        ("9.50", ["9.49"], "off"),  # a single part is the total itself
        ("66", ["30", "30", "5"], "perhaps"),  # whole numbers may have been rounded; nothing shows it
        ("66", ["30", "30", "9"], "off"),
        ("9", ["8"], "off"),
        ("1.5", ["1", None, "0.50"], "exact"),
    ],
)
def test_rounding_is_judged_by_the_printed_decimals(total: str, parts: list[str | None], expected: str) -> None:
    whole = number_in(total)
    assert whole is not None
    found = add_up(whole, [number_in(p) for p in parts])
    names = ("exact", "rounded", "perhaps")
    kinds = dict(zip(names, (found.exact, found.rounded, found.perhaps_rounded), strict=True))
    assert [name for name, true in kinds.items() if true] == ([] if expected == "off" else [expected])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,172.45", "1172.45"),
        ("155 万元", "155"),
        ("５％", "5"),
        ("-3", "-3"),
        ("3~5", None),
        ("—", None),
        (None, None),
    ],
)
def test_a_number_is_taken_from_what_a_cell_prints(text: str | None, value: str | None) -> None:
    found = number_in(text)
    assert (str(found.value) if found else None) == value


# ── Money

LINES = [fund("资金总额", "10.5"), fund("基本支出", "4.0"), fund("项目支出", "6.5")]


def test_a_total_of_expenditure() -> None:
    assert verdicts(form(funds=LINES), "funds.expenditure-total") == [("holds", "/funds/0")]
    wrong = [fund("资金总额", "11.5"), *LINES[1:]]
    (check,) = outcomes(form(funds=wrong), "funds.expenditure-total")
    assert (check.verdict, check.printed, check.computed) == ("wrong_at_source", "11.5", "10.5")
    assert verdicts(form(funds=LINES[1:]), "funds.expenditure-total") == [("not_applicable", "/funds")]
    assert verdicts(form(), "funds.expenditure-total") == [("not_applicable", "/funds")]


def test_a_total_of_income_takes_the_subtotal_of_a_group() -> None:
    lines = [("资金总额", "9"), ("财政拨款/小计", "7"), ("财政拨款/一般公共预算资金", "7"), ("其他资金", "2")]
    funds = [fund(path, amount, side="income") for path, amount in lines]
    assert verdicts(form(funds=funds), "funds.income-total") == [("holds", "/funds/0")]
    assert verdicts(form(funds=funds), "funds.children-sum") == [("holds", "/funds/1")]
    funds[2] = fund("财政拨款/一般公共预算资金", "5", side="income")
    assert verdicts(form(funds=funds), "funds.children-sum") == [("wrong_at_source", "/funds/1")]


def test_parts_may_be_only_some_but_not_more() -> None:
    def checked(part: str) -> tuple[str, str]:
        (check,) = outcomes(form(funds=[fund("项目支出", "86.70"), fund("项目支出/甲", part)]), "funds.children-sum")
        return check.verdict, check.message

    assert checked("86.70")[0] == "holds"
    assert checked("85.70") == (
        "undecidable",
        "the lines below 项目支出 add up to 85.70, not 86.70; perhaps only some of them are listed",
    )
    assert checked("87.70")[0] == "wrong_at_source"


def test_amounts_of_another_unit_are_compared_in_one() -> None:
    lines = [fund("项目支出", "2"), Fund(side="expenditure", path=["项目支出", "甲"], column="full_year_budget",
             amount="20000", raw="20000元")]  # fmt: skip
    assert verdicts(form(funds=lines), "funds.children-sum") == [("holds", "/funds/0")]


def test_both_sides_are_the_same() -> None:
    def checked(income: str) -> str:
        (check,) = outcomes(form(funds=[fund("资金总额", income, side="income"), *LINES]), "funds.balance")
        return check.verdict

    assert [checked(a) for a in ("10.5", "12.5", "9.5")] == ["holds", "undecidable", "wrong_at_source"]


def test_half_a_year_is_not_above_the_year() -> None:
    pair = [fund("项目支出", "7", "half_year_plan"), fund("项目支出", "6")]
    assert verdicts(form(funds=pair), "funds.half-year") == [("wrong_at_source", "/funds/0")]
    assert verdicts(form(funds=[fund("项目支出", "3", "half_year_plan"), pair[1]]), "funds.half-year") == [
        ("holds", "/funds")
    ]
    assert verdicts(form(funds=LINES), "funds.half-year") == [("not_applicable", "/funds")]


def test_what_was_spent_and_its_rate() -> None:
    def lines(spent: str, rate: str) -> FormReading:
        return form(funds=[fund("总额", "90"), fund("总额", spent, "actual"), fund("总额", rate, "execution_rate")])

    assert verdicts(lines("60", "66.67%"), "funds.execution-rate") == [("holds", "/funds")]
    (check,) = outcomes(lines("60", "76.67%"), "funds.execution-rate")
    assert (check.verdict, check.where, check.printed, check.computed) == (
        "wrong_at_source", "/funds/2", "76.67%", "66.67",
    )  # fmt: skip
    assert verdicts(lines("0", "0"), "funds.execution-rate") == [("holds", "/funds")]
    assert verdicts(lines("99", "110%"), "funds.spent") == [("undecidable", "/funds/1")]


def test_an_amount_with_a_minus_or_a_nought_in_front() -> None:
    funds = [fund("甲", "-5"), fund("乙", "000"), fund("丙", "0.50"), fund("丁", "/"), fund("甲", "5")]
    assert verdicts(form(funds=funds), "funds.amounts") == [("undecidable", "/funds/0"), ("undecidable", "/funds/1")]
    assert verdicts(form(funds=funds), "funds.lines-twice") == [("undecidable", "/funds/4")]


# ── Verdicts by evidence

WRONG = [fund("资金总额", "10.5"), fund("基本支出", "4.0"), fund("项目支出", "8.5")]


def test_a_doubtful_digit_that_would_make_the_sum_hold_is_offered_and_not_applied() -> None:
    origins = [seen("/funds/0", "10.5", 0.99), seen("/funds/1", "4.0", 0.99), seen("/funds/2", "8.5", 0.7)]
    reading = form(reader=Reader.OCR, funds=WRONG, origins=origins, findings=[doubt("low-score", "/funds/2")])
    (check,) = outcomes(reading, "funds.expenditure-total")
    assert (check.verdict, check.offered) == ("misread", (("/funds/2", "6.5"),))
    (checked,) = check_forms([reading], [], WORDS)
    assert checked.record.funds == reading.record.funds
    assert [f.verdict for f in checked.record.findings if f.rule == check.rule] == [Verdict.MISREAD]


def test_another_reading_of_the_ink_is_offered() -> None:
    origins = [seen("/funds/2", "8.5", 0.99, "6.5")]
    (check,) = outcomes(form(reader=Reader.OCR, funds=WRONG, origins=origins), "funds.expenditure-total")
    assert (check.verdict, check.offered) == ("misread", (("/funds/2", "6.5"),))


def test_where_several_values_could_be_the_one_nobody_can_tell() -> None:
    funds = [fund("资金总额", "10.5"), fund("基本支出", "6.0"), fund("项目支出", "6.5")]
    origins = [seen("/funds/1", "6.0", 0.9, "4.0"), seen("/funds/2", "6.5", 0.9, "4.5")]
    (check,) = outcomes(form(reader=Reader.OCR, funds=funds, origins=origins), "funds.expenditure-total")
    assert check.verdict == "undecidable"
    assert check.offered == (("/funds/1", "4.0"), ("/funds/2", "4.5"))


@pytest.mark.parametrize(
    ("reader", "score", "finding", "verdict"),
    [
        (Reader.OCR, 0.99, None, "wrong_at_source"),
        (Reader.OCR, 0.90, None, "undecidable"),
        (Reader.TEXT_LAYER, None, None, "wrong_at_source"),
        (Reader.DUMP, None, None, "wrong_at_source"),
        (Reader.DUMP, None, doubt("lost", "/funds/1"), "undecidable"),
        (Reader.DUMP, None, doubt("inferred", "/funds/1/path"), "undecidable"),
        (Reader.DUMP, None, doubt("unowned", "", "2.0"), "undecidable"),
        (Reader.DUMP, None, doubt("unowned", "", "注"), "wrong_at_source"),
    ],
)
def test_the_verdict_follows_the_evidence(
    reader: Reader, score: float | None, finding: Finding | None, verdict: str
) -> None:
    origins = [Origin(f"/funds/{i}", f.raw, Place(1), score) for i, f in enumerate(WRONG)]
    reading = form(reader=reader, funds=WRONG, origins=origins, findings=[finding] if finding else [])
    assert verdicts(reading, "funds.expenditure-total") == [(verdict, "/funds/0")]


# ── Points


def weighted(*weights: str | None, **given: Any) -> FormReading:
    rows = [row(level3=f"甲{i}", weights={"full_year": w}) for i, w in enumerate(weights)]
    return form(indicators=rows, **given)


def test_weights_with_that_of_the_execution_rate_are_a_hundred() -> None:
    def checked(reading: FormReading) -> list[str]:
        return [c.verdict for c in outcomes(reading, "points.hundred")]

    assert checked(weighted("50", "50")) == ["holds"]
    assert checked(weighted("50", "40", fields={"execution_rate_weight": "10"})) == ["holds"]
    assert checked(weighted("50", "40", funds=[fund("总额", "10", "weight")])) == ["holds"]
    assert checked(weighted("50", "40", fields={"execution_rate_weight": None})) == ["wrong_at_source"]
    assert checked(weighted("50", "40")) == ["undecidable"]  # the rate may count without being printed
    assert checked(weighted("50", "60")) == ["wrong_at_source"]
    assert checked(form(indicators=[row()])) == ["not_applicable"]
    assert verdicts(weighted("50", "-5"), "points.within") == [("undecidable", "/indicators/1/weights/full_year")]


def test_points_behind_a_level_are_those_of_its_rows() -> None:
    def rows(points: str) -> FormReading:
        weights = [("数量", "2"), ("数量", "3"), ("质量", "4")]
        return form(
            indicators=[
                row(level2=two, level3=str(i), weights={"full_year": w}, level_points={"level1": points})
                for i, (two, w) in enumerate(weights)
            ]
        )

    assert verdicts(rows("9"), "points.level-sum") == [("holds", "/indicators")]
    (check,) = outcomes(rows("8"), "points.level-sum")
    assert (check.verdict, check.where, check.printed, check.computed) == (
        "wrong_at_source", "/indicators/0/level_points/level1", "8", "9",
    )  # fmt: skip


def test_scores_are_within_their_points_and_add_up() -> None:
    def rows(second: str | None, total: str) -> FormReading:
        both = [row(weights={"full_year": "5"}, score="5"), row(level3="乙", weights={"full_year": "5"}, score=second)]
        return form(indicators=both, fields={"total_score": total, "total_weight": "10"})

    assert verdicts(rows("4.5", "9.5"), "points.score") == [("holds", "/indicators")]
    assert verdicts(rows("6", "9.5"), "points.score") == [("wrong_at_source", "/indicators/1/score")]
    assert verdicts(rows("4.5", "9.5"), "points.score-total") == [("holds", "/fields/total_score")]
    assert verdicts(rows("4.5", "9"), "points.score-total") == [("wrong_at_source", "/fields/total_score")]
    assert verdicts(rows("4.5", "9.5"), "points.weight-total") == [("holds", "/fields/total_weight")]
    assert verdicts(rows(None, "5"), "points.scored-rows") == [("wrong_at_source", "/indicators/1/score")]
    assert verdicts(form(indicators=[row()]), "points.score-total") == [("not_applicable", "/fields")]


# ── Targets


def periods(half: str, full: str, **given: Any) -> FormReading:
    return form(indicators=[row(targets={"half_year": half, "full_year": full}, **given)])


@pytest.mark.parametrize(
    ("half", "full", "verdict"),
    [("≥3人", "≥5人", "holds"), ("≥6人", "≥5人", "wrong_at_source"), ("≥99%", "≥95%", "undecidable"),
     ("健全", "健全", "not_applicable"), ("＜58981户", "≥51户", "not_applicable")],
)  # fmt: skip
def test_targets_do_not_fall_with_time(half: str, full: str, verdict: str) -> None:
    assert [c.verdict for c in outcomes(periods(half, full), "targets.periods")] == [verdict]


@pytest.mark.parametrize(
    ("half", "full", "verdict"),
    [("≥3人", "≥5人", "holds"), ("≤3人", "≥5人", "undecidable"), ("≥3人", "≥5%", "undecidable"),
     ("健全", "95%", "undecidable"), ("0", "5%", "holds")],
)  # fmt: skip
def test_targets_of_a_row_are_conditions_of_one_kind(half: str, full: str, verdict: str) -> None:
    assert [c.verdict for c in outcomes(periods(half, full), "targets.same-condition")] == [verdict]


@pytest.mark.parametrize(
    ("op", "target", "verdict"),
    [("≥", "95%", "holds"), ("定性", "健全", "holds"), ("≥", "健全", "wrong_at_source"), ("=", "健全", "holds"),
     ("定性", "95%", "wrong_at_source"), ("数量", "95", "wrong_at_source")],
)  # fmt: skip
def test_an_operator_stands_before_a_number(op: str, target: str, verdict: str) -> None:
    reading = form(indicators=[row(op=op, targets={"full_year": target})])
    assert [c.verdict for c in outcomes(reading, "targets.operator")] == [verdict]


@pytest.mark.parametrize(("target", "verdict"), [("≥95%", "holds"), ("≤95%", "undecidable"), ("≥195%", "undecidable")])
def test_a_share_is_wanted_high_and_not_above_the_whole(target: str, verdict: str) -> None:
    reading = form(indicators=[row(level3="服务对象满意度", targets={"full_year": target})])
    assert [c.verdict for c in outcomes(reading, "targets.shares")] == [verdict]


@pytest.mark.parametrize(
    ("target", "actual", "score", "verdict"),
    [("≥5个", "6个", "8", "holds"), ("≥5个", "4个", "8", "undecidable"), ("≤5个", "4个", "0", "undecidable"),
     ("≤5个", "6个", "7", "holds"), ("健全", "健全", "8", "not_applicable")],
)  # fmt: skip
def test_all_points_are_for_a_target_that_was_reached(target: str, actual: str, score: str, verdict: str) -> None:
    given = {"targets": {"full_year": target}, "actual": actual, "weights": {"full_year": "8"}, "score": score}
    assert [c.verdict for c in outcomes(form(indicators=[row(**given)]), "targets.reached")] == [verdict]


# ── Structure


def test_rows_lack_nothing() -> None:
    rows = [row(), row(level3=None), row(level3="丙", targets={"full_year": None})]
    assert verdicts(form(indicators=rows), "structure.complete") == [
        ("wrong_at_source", "/indicators/1/level3"),
        ("wrong_at_source", "/indicators/2/targets/full_year"),
    ]
    said = form(indicators=rows[2:], findings=[doubt("unreadable", "/indicators/0/targets/full_year")])
    assert verdicts(said, "structure.complete") == [("holds", "/indicators")]


def test_a_period_or_an_operator_that_is_blank_alone() -> None:
    reading = form(indicators=[row(targets={"half_year": None, "full_year": "5"})])
    assert verdicts(reading, "structure.periods-filled") == [("undecidable", "/indicators/0/targets/half_year")]
    rows = [row(level3=name, op=op) for name, op in (("甲", "≥"), ("乙", None), ("丙", "≥"))]
    assert verdicts(form(indicators=rows), "structure.columns-filled") == [("undecidable", "/indicators/1/op")]


def test_levels_are_whole_and_where_they_belong() -> None:
    rows = [row(level2=two, level3=str(i)) for i, two in enumerate(("数量指标", "质量指标", "数量指标"))]
    assert verdicts(form(indicators=rows), "structure.level-runs") == [("undecidable", "/indicators/2/level2")]
    astray = form(indicators=[row(level1="过程指标")])
    assert verdicts(astray, "structure.level-parents") == [("undecidable", "/indicators/0/level1")]
    assert verdicts(form(indicators=[row()]), "structure.level-parents") == [("holds", "/indicators")]
    assert verdicts(form(indicators=[row(), row()]), "structure.rows-twice") == [
        ("undecidable", "/indicators/1/level3")
    ]


def placed(*, blank: int | None = None, moved: tuple[int, int] | None = None) -> tuple[FormReading, Table]:
    """Five rows of names and targets in a table of 2 columns; one may be blank, one target may be of another cell."""
    cells = [Cell(r, c, 1, 1, "" if r == blank else f"{'甲乙丙丁戊'[r]}{c}", ()) for r in range(5) for c in range(2)]
    rows, origins = [], []
    for r in (r for r in range(5) if r != blank):
        i = len(rows)
        rows.append(row(level3=f"{r}"))
        origins.append(Origin(f"/indicators/{i}/level3", str(r), Place(1), None, 0, r, 0))
        at = moved[1] if moved and moved[0] == i else r
        origins.append(Origin(f"/indicators/{i}/targets/full_year", "5个", Place(1), None, 0, at, 1))
    return form(reader=Reader.OCR, indicators=rows, origins=origins), Table(5, 2, tuple(cells))


def test_a_row_stands_in_one_row() -> None:
    reading, table = placed()
    for rule in ("structure.one-row", "structure.printed-order", "structure.one-column", "structure.empty-rows"):
        assert verdicts(reading, rule, [table]) == [("holds", "")]
    reading, table = placed(moved=(1, 2))
    assert verdicts(reading, "structure.one-row", [table]) == [("undecidable", "/indicators/1/targets/full_year")]
    reading, table = placed(moved=(1, 4))
    assert ("undecidable", "/indicators/2/targets/full_year") in verdicts(reading, "structure.printed-order", [table])


@pytest.mark.parametrize("blank", [0, 2, 4])
def test_a_row_without_text_may_have_been_lost_by_ink_but_not_by_a_text_layer(blank: int) -> None:
    reading, table = placed(blank=blank)
    assert [v for v, _ in verdicts(reading, "structure.empty-rows", [table])] == ["undecidable"]
    source = reading.record.source.model_copy(update={"reader": Reader.TEXT_LAYER})
    copied = FormReading(reading.record.model_copy(update={"source": source}), reading.origins, reading.match)
    (check,) = outcomes(copied, "structure.empty-rows", [table])
    assert (check.verdict, f"row {blank + 1} of table 1" in check.message) == ("holds", True)


def test_a_value_in_another_column_than_its_neighbours() -> None:
    reading, table = placed()
    origins = [
        Origin(o.pointer, o.raw, o.place, None, 0, 3, 0) if o.pointer == "/indicators/3/targets/full_year" else o
        for o in reading.origins
    ]
    strayed = FormReading(reading.record, tuple(origins), reading.match)
    assert verdicts(strayed, "structure.one-column", [table]) == [("undecidable", "/indicators/3/targets/full_year")]


def test_a_level_cell_spans_its_rows() -> None:
    cells = [Cell(0, 0, 2, 1, "产出指标"), Cell(2, 0, 1, 1, "效益指标"), *(Cell(r, 1, 1, 1, str(r)) for r in range(3))]
    origins = [Origin(f"/indicators/{r}/level3", str(r), Place(1), None, 0, r, 1) for r in range(3)]
    origins += [Origin(f"/indicators/{r}/level1", "产出指标", Place(1), None, 0, 0, 0) for r in range(3)]
    reading = form(indicators=[row(level3=str(r)) for r in range(3)], origins=origins)
    table = Table(3, 2, tuple(cells))
    assert verdicts(reading, "structure.level-cells", [table]) == [("undecidable", "/indicators/2/level1")]


# ── Single values


def test_one_option_is_ticked() -> None:
    def checked(*ticked: str, raw: str | None = None) -> list[tuple[str, str]]:
        origins = [Origin("/choices/project_attribute", raw, Place(1))] if raw else []
        given = {"project_attribute": list(ticked), "其他": []}
        return verdicts(form(choices=given, origins=origins), "choices.one")

    assert checked("常年安排") == [("holds", "/choices")]
    blamed, undecidable = ([(v, "/choices/project_attribute")] for v in ("wrong_at_source", "undecidable"))
    assert checked(raw="□新增项目 □延续项目") == blamed
    assert checked("新增项目", "延续项目", raw="☑新增项目 ☑延续项目") == blamed
    assert checked() == checked("新增项目", "延续项目") == undecidable  # nothing shows where the ticks are from
    assert checked(raw="新增项目 延续项目") == undecidable  # a tick may be drawn
    assert checked("新增项目", "否", raw="☑新增项目 □延续项目 □是 ☑否") == undecidable  # two groups in one cell
    assert verdicts(form(choices={"project_level": ["延续项目"]}), "choices.known") == [
        ("undecidable", "/choices/project_level")
    ]


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [("2024-01", "2024-12", "holds"), ("2024-01-31", "2024-01", "holds"), ("2024-13", "2024-12", "wrong_at_source"),
     ("2024-05", "2024-01", "wrong_at_source"), ("/", None, "not_applicable"), ("长期", "2024", "holds")],
)  # fmt: skip
def test_dates_are_dates_in_their_order(start: str, end: str | None, verdict: str) -> None:
    reading = form(fields={"start_date": start, "end_date": end})
    assert [c.verdict for c in outcomes(reading, "form.dates")] == [verdict]


@pytest.mark.parametrize(
    ("year", "verdict"),
    [(2024, "holds"), (2026, "undecidable"), (1204, "wrong_at_source"), (None, "not_applicable")],
)
def test_a_year_is_within_the_dates(year: int | None, verdict: str) -> None:
    reading = form(year=year, fields={"start_date": "2024-01", "end_date": "2025-12"})
    assert [c.verdict for c in outcomes(reading, "form.year")] == [verdict]


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"project_code": "51178121T000000027938"}, "holds"),
        ({"project_code": "51178122T00004944392"}, "wrong_at_source"),
        ({"project_code": "5117812lT"}, "wrong_at_source"),
        ({"reporting_unit_code": "203001", "supervising_department_code": "203"}, "holds"),
        ({"reporting_unit_code": "208001", "supervising_department_code": "203"}, "undecidable"),
        ({}, "not_applicable"),
    ],
)
def test_codes_are_of_their_kind(fields: dict[str, str], verdict: str) -> None:
    assert [c.verdict for c in outcomes(form(fields=fields), "form.codes")] == [verdict]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("0513-87287616", "holds"), ("13812345678", "holds"), ("1381234567", "undecidable"),
     ("138****5678", "not_applicable"), ("0513-872876l6", "undecidable"),
     ("025-52281234、13912345678", "holds"), (None, "not_applicable")],
)  # fmt: skip
def test_a_telephone_number_can_be_dialled(text: str | None, verdict: str) -> None:
    assert [c.verdict for c in outcomes(form(fields={"contact_phone": text}), "form.phone")] == [verdict]


# ── Nothing breaks


def test_an_empty_form_has_an_outcome_of_every_rule() -> None:
    found = check_form(form(columns=[]), Cells(()), WORDS)
    assert {c.rule for c in found} == {r.name for r in RULES}
    assert {c.verdict for c in found} == {"not_applicable"}


def test_rules_are_named_once_and_say_what_they_do() -> None:
    assert len({r.name for r in RULES}) == len(RULES)
    assert all(r.reads and r.expects for r in RULES)


def test_hostile_text_is_only_text() -> None:
    nasty = "9" * 5000 + "<script>=1+1\x00￥-"
    reading = form(
        funds=[fund("资金总额", nasty), fund("基本支出", nasty)],
        fields={"contact_phone": nasty, "project_code": nasty, "start_date": nasty, "end_date": "２０２４"},
        indicators=[row(targets={"half_year": nasty, "full_year": nasty}, weights={"full_year": nasty}, score=nasty)],
    )
    (checked,) = check_forms([reading], [], WORDS)
    assert {c.rule for c in checked.checks} == {r.name for r in RULES}
    assert checked.record.funds == reading.record.funds
