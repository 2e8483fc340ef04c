"""The form is blamed only with proof: each thing that speaks against it makes the verdict undecidable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from pipeline.reading.check.engine import check_form
from pipeline.reading.check.form import Cells
from schemas.language.vocabulary import load_words
from schemas.model import Box, Cell, Place, Reader, Table, Unshown
from schemas.reading import Check, FamilyMatch, FormReading, Origin
from schemas.record import Finding, FindingPlace, Fund, Indicator, Kind, Record, Source
from schemas.verdicts import CheckVerdict, Verdict

WORDS = load_words()
BLAMED, UNDECIDABLE = CheckVerdict.WRONG_AT_SOURCE, CheckVerdict.UNDECIDABLE
HEAD = 2  # rows of the table above the part


def form(origins: Sequence[Origin] = (), reader: Reader = Reader.TEXT_LAYER, **given: Any) -> FormReading:
    head: dict[str, Any] = {"family": "generic", "title": "绩效目标表", "year": None, "amount_unit": "万元"}
    source = Source(file="a.pdf", sha256="0", pages=[], reader=reader, form=0)
    record = Record(source=source, kind=Kind.PROJECT_TARGET, **{**head, **given})
    return FormReading(record, tuple(origins), FamilyMatch(None, ()))


def outcomes(reading: FormReading, rule: str, table: Table | None = None) -> list[Check]:
    checks = check_form(reading, Cells([table] if table else []), WORDS)
    return [check for check in checks if check.rule == rule and check.verdict is not CheckVerdict.NOT_APPLICABLE]


def outcome(reading: FormReading, rule: str, table: Table | None = None) -> Check:
    (only,) = outcomes(reading, rule, table)
    return only


def fund(path: str, amount: str | None, column: str = "full_year_budget") -> Fund:
    return Fund(side="expenditure", path=path.split("/"), column=column, amount=amount, raw=amount)


def row(number: int, weight: str | None, **given: Any) -> Indicator:
    names = {"level1": "产出指标", "level2": "数量指标", "level3": f"甲{number}"}
    return Indicator(**{**names, "targets": {"full_year": "5个"}, "weights": {"full_year": weight}, **given})


def finding(rule: str, where: str = "", printed: str | None = None) -> Finding:
    return Finding(rule=rule, verdict=Verdict.UNDECIDABLE, where=where, printed=printed, message="told")


FUNDS = (fund("资金总额", "10.5"), fund("基本支出", "4.0"), fund("项目支出", "8.5"))
TOTAL = "funds.expenditure-total"


def printed(*, below: str = "", hidden: tuple[tuple[int, str], ...] = (), inferred: str | None = None) -> Table:
    """Two lines of a head, three of money, and one that may stand below them."""
    cells = [Cell(r, c, 1, 1, f"头{r}{c}") for r in range(HEAD) for c in range(2)]
    for i, line in enumerate(FUNDS):
        cells += [Cell(HEAD + i, 0, 1, 1, line.path[-1]), Cell(HEAD + i, 1, 1, 1, line.raw or "", inferred=inferred)]
    cells += [Cell(HEAD + 3, 0, 1, 1, below), Cell(HEAD + 3, 1, 1, 1, "")]
    return Table(HEAD + 4, 2, tuple(cells), hidden=hidden)


def placed(*findings: Finding, **given: Any) -> FormReading:
    origins = [Origin(f"/funds/{i}", f.raw, Place(1), None, 0, HEAD + i, 1) for i, f in enumerate(FUNDS)]
    origins += [Origin("/fields/content", "头", Place(1), None, 0, r, 1) for r in range(HEAD)]
    return form(origins, funds=list(FUNDS), findings=list(findings), **given)


def test_a_sum_that_was_read_whole_and_does_not_hold_is_the_forms_error() -> None:
    assert outcome(placed(), TOTAL, printed()).verdict is BLAMED
    assert outcome(placed(), TOTAL, printed(below="备注")).verdict is BLAMED  # somebody owns it


@pytest.mark.parametrize(
    ("reading", "table", "why"),
    [
        (placed(finding("unowned", printed="其他")), printed(below="其他"), "'其他' stands in that part"),
        (placed(), printed(hidden=(Unshown(HEAD + 1, "2.0"),)), "hides '2.0'"),
        (placed(finding("inferred", "/funds/1/path")), printed(), "inferred"),
        (placed(), printed(inferred="joined"), "is uncertain"),
        (replace(placed(), origins=placed().origins[1:]), printed(), "no place is known of /funds/0"),
        (placed(finding("hidden", printed="调整 -2.0 万元")), printed(), "-2.0 stands in no field"),
        (placed(fields={"结余（万元）": "2.00"}), printed(), "2.00 stands at /fields/结余（万元）"),
        (placed(fields={"其中结转 2.00": None}), printed(), "2.00 stands at"),
    ],
)  # fmt: skip
def test_what_speaks_against_it_is_said(reading: FormReading, table: Table, why: str) -> None:
    check = outcome(reading, TOTAL, table)
    assert check.verdict is UNDECIDABLE
    assert why in check.message


def test_what_stands_in_another_part_of_the_form_proves_nothing_against_it() -> None:
    assert outcome(placed(finding("unowned", printed="头01")), TOTAL, printed()).verdict is BLAMED
    assert outcome(placed(), TOTAL, printed(hidden=(Unshown(0, "水印"),))).verdict is BLAMED


def on_paper() -> tuple[FormReading, Table]:
    """The money on one page, its rows 20 points high, beside a head of as many rows."""

    def area(row: int) -> Place:
        return Place(1, Box(10, 20 * row, 200, 20 * row + 20))

    table = printed()
    return placed(), replace(table, cells=tuple(replace(c, parts=((c.row, area(c.row)),)) for c in table.cells))


@pytest.mark.parametrize(
    ("rule", "top", "text", "verdict"),
    [
        ("hidden", 65, "改", UNDECIDABLE),  # under the lines of money
        ("unowned", 65, "改", UNDECIDABLE),
        ("hidden", 5, "改", BLAMED),  # in the head
        ("hidden", 400, "第 1 页", BLAMED),  # the foot of the page
        ("hidden", 65, "项目支出", BLAMED),  # what the form shows too: a header that is printed again
    ],
)
def test_a_text_counts_where_it_stands(rule: str, top: float, text: str, verdict: CheckVerdict) -> None:
    reading, table = on_paper()
    told = finding(rule, printed=text).model_copy(update={"place": FindingPlace(page=1, box=(50, top, 80, top + 8))})
    reading = replace(reading, record=reading.record.model_copy(update={"findings": [told]}))
    assert outcome(reading, TOTAL, table).verdict is verdict
    elsewhere = told.model_copy(update={"place": FindingPlace(page=2, box=(50, top, 80, top + 8))})
    reading = replace(reading, record=reading.record.model_copy(update={"findings": [elsewhere]}))
    assert outcome(reading, TOTAL, table).verdict is BLAMED


def test_a_line_of_a_dump_counts_where_it_stands() -> None:
    origins = [Origin(f"/funds/{i}", f.raw, Place(line=10 + i, column=1)) for i, f in enumerate(FUNDS)]
    for line, verdict in ((11, UNDECIDABLE), (30, BLAMED)):
        told = finding("unowned", printed="其他").model_copy(update={"place": FindingPlace(line=line, column=1)})
        reading = form(origins, Reader.DUMP, funds=list(FUNDS), findings=[told])
        assert outcome(reading, TOTAL, printed()).verdict is verdict


# ── Another arrangement of the same lines


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (["总额 100", "甲 60", "乙 40", "丙 25"], BLAMED),
        (["总额 100", "甲 60", "乙 60", "丙 40"], UNDECIDABLE),  # 乙 may be all of 甲
        (["总额 100", "甲 60", "乙 35", "丙 25", "丁 40"], UNDECIDABLE),  # 乙 and 丙 together
        (["总额 0", "甲 60"], BLAMED),
    ],
)  # fmt: skip
def test_lines_that_may_be_parts_of_others(lines: list[str], verdict: CheckVerdict) -> None:
    named = [line.split() for line in lines]
    funds = [fund(name if not i else f"总额/{name}", amount) for i, (name, amount) in enumerate(named)]
    assert outcome(form(funds=funds), "funds.children-sum").verdict is verdict


def test_a_line_that_stands_elsewhere_may_belong_to_a_sum_unless_it_holds_where_it_is() -> None:
    short = [fund("甲/小计", "9"), fund("甲/乙", "7"), fund("丙", "2")]
    assert outcome(form(funds=short), "funds.children-sum").verdict is UNDECIDABLE
    whole = [*short, fund("资金总额", "11")]
    assert [c.verdict for c in check_form(form(funds=whole), Cells([]), WORDS) if c.rule == TOTAL] == ["holds"]
    assert outcome(form(funds=whole), "funds.children-sum").verdict is BLAMED


def test_a_column_that_nobody_knows_may_hold_no_amounts() -> None:
    funds = [fund("总额", "51.78", "other:执行率"), *(fund(f"总额/{n}", "50", "other:执行率") for n in "甲乙")]
    check = outcome(form(funds=funds), "funds.children-sum")
    assert check.verdict is UNDECIDABLE
    assert "whether other:执行率 holds amounts is not known" in check.message


# ── Points


@pytest.mark.parametrize(
    ("weights", "verdict"),
    [
        (["50", "60"], BLAMED),
        (["60", "40", "30", "70"], UNDECIDABLE),  # two tables of 100
        (["50", "40", "60", "30", "90"], UNDECIDABLE),  # three of 90, beside the execution rate
        (["50", "30", None], UNDECIDABLE),  # the third may have had 20
        (["50", "60", None], BLAMED),
    ],
)
def test_points_of_several_tables_or_with_a_blank(weights: list[str | None], verdict: CheckVerdict) -> None:
    rows = [row(i, weight) for i, weight in enumerate(weights)]
    assert outcome(form(indicators=rows), "points.hundred").verdict is verdict


def test_rows_that_do_not_stand_as_rows_do_prove_nothing() -> None:
    rows = [row(0, "50"), row(1, "60")]
    assert outcome(form(indicators=rows), "points.hundred").verdict is BLAMED
    again = [row(0, "50"), row(1, "30", level2="质量指标"), row(2, "30")]
    assert outcome(form(indicators=again), "points.hundred").verdict is UNDECIDABLE
    unknown = [row(0, "50", other={"二级指标": "数量指标"}), row(1, "60")]
    assert "二级指标 is not understood" in outcome(form(indicators=unknown), "points.hundred").message


@pytest.mark.parametrize(
    ("reader", "verdict"),
    [(Reader.TEXT_LAYER, BLAMED), (Reader.OFFICE, BLAMED), (Reader.DUMP, UNDECIDABLE), (Reader.OCR, UNDECIDABLE)],
)
def test_a_blank_is_proved_only_by_what_is_copied_cell_by_cell(reader: Reader, verdict: CheckVerdict) -> None:
    columns = ["level1", "level2", "level3", "targets.full_year"]
    rows = [row(0, None), row(1, None, targets={"full_year": None})]
    assert outcome(form(reader=reader, columns=columns, indicators=rows), "structure.complete").verdict is verdict
    merged = [row(0, None, level2=None)]
    assert outcome(form(reader=reader, columns=columns, indicators=merged), "structure.complete").verdict is UNDECIDABLE
    rest = [row(0, None), row(1, None, level3=None, targets={"full_year": None})]  # perhaps of the row above
    told = outcomes(form(reader=reader, columns=columns, indicators=rest), "structure.complete")
    assert [each.verdict for each in told] == [UNDECIDABLE, UNDECIDABLE]


# ── Single values


@pytest.mark.parametrize(
    ("field", "text", "verdict"),
    [
        ("end_date", "2024年13月", BLAMED),
        ("end_date", "2024-02-30", BLAMED),
        ("end_date", "2024年12月 资金总额 9,600.00 其他资金 200.00", UNDECIDABLE),
        ("project_code", "5117812lT", BLAMED),
        ("project_code", "51178 社保局", UNDECIDABLE),
    ],
)
def test_a_value_that_holds_more_than_its_own_was_misread(field: str, text: str, verdict: CheckVerdict) -> None:
    rule = "form.dates" if field == "end_date" else "form.codes"
    assert outcome(form(fields={field: text}), rule).verdict is verdict


@pytest.mark.parametrize(
    ("op", "target", "verdict"),
    [("≤", "2024年12月底", "holds"), ("≥", "第3季度", "holds"), ("定性", "5月底前", "holds"),
     ("定性", "≥95%", BLAMED), ("≥", "健全", BLAMED)],
)  # fmt: skip
def test_a_date_is_compared_too_and_is_no_number(op: str, target: str, verdict: str) -> None:
    rows = [row(0, None, op=op, targets={"full_year": target})]
    assert outcome(form(indicators=rows), "targets.operator").verdict == verdict
