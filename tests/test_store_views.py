"""The views of the database: indicators, money, and plans beside what was spent."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from helpers_store import (
    CODE,
    PROJECT,
    SETTINGS,
    UNIT,
    full,
    fund,
    plan,
    reading,
    record,
    review,
    rows,
    saved,
)
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pipeline.archive.store import Store
from pipeline.reading.check.agreement import PLAN_REVIEW
from schemas.model import Reader
from schemas.reading import Check
from schemas.record import Kind, Record
from schemas.verdicts import CheckVerdict


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "jixiao.db"


def test_view_of_indicators(db: Path) -> None:
    saved(db, reading("a.pdf", full()))
    assert rows(
        db,
        """SELECT file, form_index, unit, year, level3, target, target_op, target_number, target_unit,
                              half_year_target, actual, actual_number, weight, score FROM v_indicators""",
    ) == [
        ("a.pdf", 0, UNIT, 2024, "发放人数", "≥95%", "≥", "95", "%", None, "97%", "97", "10", "9.5"),
        ("a.pdf", 0, UNIT, 2024, None, "健全", None, None, None, None, None, None, None, None),
    ]


def test_views_of_funds_and_findings(db: Path) -> None:
    saved(db, reading("a.pdf", full()))
    names = (
        'file, reader, form_index, kind, unit, year, project, position, side, path, "column", amount, amount_unit, raw'
    )
    assert rows(db, f"SELECT {names} FROM v_funds WHERE position = 0") == [
        (
            "a.pdf",
            "text-layer",
            0,
            "project_target",
            UNIT,
            2024,
            PROJECT,
            0,
            "expenditure",
            "资金总额",
            "full_year_budget",
            "1172.45",
            "万元",
            "1172.45",
        )
    ]
    assert rows(db, "SELECT file, unit, rule, verdict, pointer, message FROM v_findings") == [
        ("a.pdf", UNIT, "low-score", "undecidable", "/funds/0", "0.5"),
        ("a.pdf", UNIT, "hidden", "undecidable", "", "1"),
    ]


def project_review(spent: str = "400") -> Record:
    funds = [
        fund("年度资金总额", "900", side="income"),
        fund("年度资金总额", spent, "actual", "income"),
        fund("年度资金总额/财政拨款", "1", "actual", "income"),
    ]
    return record(Kind.PROJECT_REVIEW, funds=funds)


PLANNED = "SELECT planned, budget_in_review, spent, amount_unit, difference FROM v_planned_vs_spent"


def test_plan_beside_its_line_in_a_department_review(db: Path) -> None:
    saved(db, reading("plan.pdf", plan()), reading("review.pdf", review()))
    names = "unit, year, project, planned, budget_in_review, spent, amount_unit, difference, plan_file, review_file"
    assert rows(db, f"SELECT {names} FROM v_planned_vs_spent") == [
        (UNIT, 2024, PROJECT, "975", "474.37", "474.37", "万元", "-500.63", "plan.pdf", "review.pdf")
    ]


def test_plan_beside_a_project_review(db: Path) -> None:
    saved(db, reading("plan.pdf", plan("9.1")), reading("review.pdf", project_review()))
    assert rows(db, PLANNED) == [("9.1", "900", "400", "万元", "390.9")]


@pytest.mark.parametrize(
    ("planned", "unit", "spent", "review_unit", "shown", "difference"),
    [
        ("0.1", "万元", "0.3", "万元", "0.3", "0.2"),  # floats say 0.19999999999999998
        ("975", "万元", "4743700", "元", "474.37", "-500.63"),
        ("0.0001", "元", "0.00000002", "万元", "0.0002", "0.0001"),
        ("5", "万元", "5.00", "万元", "5.00", "0"),
        ("100", "万元", "200", "万元", "200", "100"),
        ("-0.5", "万元", "-1", "万元", "-1", "-0.5"),
        ("0.0001", "元", "461168601842738.7904", "元", "461168601842738.7904", "461168601842738.7903"),
        ("-922337203685477.5807", "元", "922337203685477.5807", "元", "922337203685477.5807", None),
        ("975", "万元", None, "万元", None, None),
        ("975", "万元", "/", "万元", "/", None),
    ],
)
def test_difference_is_exact_and_in_the_unit_of_the_plan(
    db: Path,
    planned: str,
    unit: str,
    spent: str | None,
    review_unit: str,
    shown: str | None,
    difference: str | None,
) -> None:
    saved(
        db,
        reading("plan.pdf", plan(planned, unit)),
        reading("review.pdf", review(spent=spent, unit=review_unit)),
    )
    [(plan_amount, _, review_amount, amount_unit, computed)] = rows(db, PLANNED)
    assert (plan_amount, review_amount, amount_unit, computed) == (planned, shown, unit, difference)


def test_filing_that_is_there_twice_makes_one_row_by_its_best_reader(db: Path) -> None:
    saved(
        db,
        reading("a.txt", plan("1"), review(spent="1"), reader=Reader.DUMP),
        reading("b.png", plan("2"), review(spent="2"), reader=Reader.OCR),
        reading("c.pdf", plan("3"), review(spent="3"), reader=Reader.TEXT_LAYER),
        reading("d.pdf", plan("4"), review(spent="4"), reader=Reader.TEXT_LAYER),
    )
    assert rows(db, "SELECT planned, spent, plan_file, review_file FROM v_planned_vs_spent") == [
        ("3", "3", "c.pdf", "c.pdf")
    ]


def test_what_is_not_the_same_project_is_not_paired(db: Path) -> None:
    saved(
        db,
        reading("plan.pdf", plan()),
        reading("1.pdf", review(label="另一项目")),
        reading("2.pdf", review().model_copy(update={"year": 2025})),
        reading("3.pdf", review().model_copy(update={"fields": {"reporting_unit": "另一单位"}})),
        reading("4.pdf", record(Kind.DEPARTMENT_REVIEW, funds=[fund(PROJECT, "5", "actual")])),
        reading("5.pdf", plan(year=None), review().model_copy(update={"year": None})),
    )
    assert rows(db, PLANNED) == []


def test_total_of_a_plan_is_no_item_of_it(db: Path) -> None:
    funds = [fund("资金总额", "7", side="income"), fund("资金总额", None), fund("办公费", "3")]
    saved(db, reading("plan.pdf", record(funds=funds)), reading("review.pdf", review()))
    assert rows(db, "SELECT planned FROM v_planned_vs_spent") == [("7",)]


def test_views_work_in_the_sqlite_shell(db: Path) -> None:
    saved(db, reading("plan.pdf", plan()), reading("review.pdf", review()))
    try:
        shell = subprocess.run(
            ["sqlite3", str(db), "SELECT difference FROM v_planned_vs_spent"],
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError:
        pytest.skip("no sqlite3 shell on this machine")
    assert shell.stdout == "-500.63\n"


def test_reviews_are_compared_again_only_where_forms_of_their_unit_came_or_went(db: Path) -> None:
    asked: list[list[str]] = []

    def compare(records: Mapping[int, Record]) -> dict[int, list[Check]]:
        asked.append(sorted(r.source.file for r in records.values()))
        plans = sum(r.kind is Kind.PROJECT_TARGET for r in records.values())
        told = Check(PLAN_REVIEW, CheckVerdict.HOLDS, "/funds", None, None, f"{plans} plans")
        return {n: [told] for n, r in records.items() if r.kind is Kind.PROJECT_REVIEW}

    def of(unit: str, kind: Kind) -> Record:
        return record(kind=kind, fields={"reporting_unit": unit})

    review, plan = Kind.PROJECT_REVIEW, Kind.PROJECT_TARGET
    outcomes = f"SELECT pointer, position, message FROM checks WHERE rule = '{PLAN_REVIEW}' ORDER BY form_id"
    with Store.open(db) as store:

        def after(path: str, made: Record, content: str) -> tuple[list[list[str]], list[str]]:
            asked.clear()
            store.save(reading(path, made, content=content), CODE, SETTINGS)
            store.check_reviews(compare)
            return list(asked), [message for _, _, message in rows(db, outcomes)]

        assert after("a.pdf", of("甲局", review), "1") == ([["a.pdf"]], ["0 plans"])
        assert after("b.pdf", of("乙局", review), "2") == ([["b.pdf"]], ["0 plans"] * 2)
        assert after("p.pdf", of("甲 局", plan), "3") == ([["a.pdf", "p.pdf"]], ["1 plans", "0 plans"])
        assert after("q.pdf", of("丙局", plan), "4") == ([], ["1 plans", "0 plans"])
        # other content at the plan's path: it leaves one unit and comes to another
        assert after("p.pdf", of("乙局", plan), "5") == ([["b.pdf", "p.pdf"], ["a.pdf"]], ["0 plans", "1 plans"])
        assert {position for _, position, _ in rows(db, outcomes)} == {1}  # behind the form's own check
        # a review without an outcome beside one that has it, as a program of before may leave them: each has one again
        assert after("c.pdf", of("甲局", review), "6") == ([["a.pdf", "c.pdf"]], ["0 plans", "1 plans", "0 plans"])
        with store.writing() as connection:
            connection.exec_driver_sql(f"DELETE FROM checks WHERE form_id = 1 AND rule = '{PLAN_REVIEW}'")
        store.check_reviews(compare)
        assert {position for _, position, _ in rows(db, outcomes)} == {1}
        assert len(rows(db, outcomes)) == 3


def test_reviews_are_compared_with_what_came_while_another_run_compared_them(db: Path) -> None:
    review = record(kind=Kind.PROJECT_REVIEW, fields={"reporting_unit": "甲局"})
    plan = record(kind=Kind.PROJECT_TARGET, fields={"reporting_unit": "甲局"})

    def compare(records: Mapping[int, Record]) -> dict[int, list[Check]]:
        told = Check(PLAN_REVIEW, CheckVerdict.HOLDS, "/funds", None, None, f"{len(records) - 1} plans")
        return {n: [told] for n, r in records.items() if r.kind is Kind.PROJECT_REVIEW}

    with Store.open(db) as one, Store.open(db) as other:
        one.save(reading("a.pdf", review, content="1"), CODE, SETTINGS)
        other.check_reviews(compare)
        one.save(reading("p.pdf", plan, content="2"), CODE, SETTINGS)
        one.check_reviews(compare)
    assert rows(db, f"SELECT message FROM checks WHERE rule = '{PLAN_REVIEW}'") == [("1 plans",)]


def test_outcomes_of_a_unit_are_forgotten_once_for_all_its_files_and_again_after_a_transaction_that_failed(
    db: Path,
) -> None:
    forgotten: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        if statement.startswith("DELETE FROM checks"):
            forgotten.append(statement)

    try:
        with Store.open(db) as store:
            for number in range(5):
                store.save(reading(f"{number}.pdf", plan(), content=str(number)), CODE, SETTINGS)
            assert len(forgotten) == 1
            with pytest.raises(KeyError):
                store.note_path("x.pdf", "x.pdf", "unknown")
            store.save(reading("5.pdf", plan(), content="5"), CODE, SETTINGS)
            assert len(forgotten) == 2
    finally:
        event.remove(Engine, "before_cursor_execute", note)
