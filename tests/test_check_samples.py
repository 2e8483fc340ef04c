"""The checks on the sample filings: every verdict as a person finds it on the paper, with the reason.

The forms were read from their pages for this table. Whatever fails must stand in FAILS, whatever holds in HOLDS:
a check that fails unexpectedly, one that no longer fails, and one that never ran all break the test.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from extractors.intake import take_in
from pipeline.archive.store import Store
from pipeline.people.goldens import load_sets
from pipeline.reading.check.engine import RULES
from pipeline.running.files import Input
from pipeline.running.run import run
from pipeline.running.worker import read_file
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.reading import Check, FormReading

REPOSITORY = Path(__file__).parent.parent
SETS = {each.name: each for each in load_sets(Path(__file__).parent / "golden")}
FORMS = [(each.name, golden.number) for each in SETS.values() for golden in each.goldens]

Row = tuple[str, str, str, str | None, str | None]

HOLD_WEIGHTS = "with the weight of the execution rate, 10, they would be 100, but this form leaves it blank"
PARTLY = "under 其中 the six projects are 649.76; 5.00 of the 654.76 are in no line, which 其中 allows"

FAILS: dict[tuple[str, int], dict[Row, str]] = {
    ("003", 3): {
        ("form.codes", "wrong_at_source", "/fields/project_code", "51178122T00004944392", None): (
            "page 4 prints 20 characters; its neighbours' codes have 21, with one more nought before 4944"
        ),
    },
    ("003", 4): {
        ("points.hundred", "wrong_at_source", "/indicators", None, "90"): HOLD_WEIGHTS,
    },
    ("004", 0): {
        ("funds.children-sum", "undecidable", "/funds/4", "654.76", "649.76"): PARTLY,
        ("funds.children-sum", "undecidable", "/funds/5", "654.76", "649.76"): PARTLY,
        ("points.hundred", "wrong_at_source", "/indicators", None, "102"): (
            "the levels print 6 + 26 + 30 + 30 + 10 = 102 points, and their rows as many"
        ),
        ("points.weight-total", "wrong_at_source", "/fields/total_weight", "100", "102"): (
            "合计 prints 100 over rows of 102 points"
        ),
        ("points.score-total", "wrong_at_source", "/fields/total_score", "99.5", "101.5"): (
            "合计 prints 99.5 over rows that score 101.5: all of the 102 but 0.5 at 满意度"
        ),
    },
    ("unlisted-review", 0): {
        ("funds.children-sum", "wrong_at_source", "/funds/0", "0", "90"): "年度资金总额 prints 0 over 其中 90",
        ("funds.children-sum", "wrong_at_source", "/funds/1", "0", "89.974"): "… and 0 over 其中 89.974",
        ("funds.children-sum", "wrong_at_source", "/funds/2", "0", "89.974"): "… of the spending too",
        ("points.hundred", "wrong_at_source", "/indicators", None, "90"): (
            "the rows have 80 points, the execution rate 10; 满意度, usually the other 10, is not printed"
        ),
        ("points.score-total", "wrong_at_source", "/fields/total_score", "90", "80"): (
            "总分 prints 90, but the rows score 80 and the execution rate 0"
        ),
    },
}

TABLE = (
    "structure.complete structure.columns-filled structure.level-runs structure.level-parents structure.level-cells"
    " structure.rows-twice"
)
PLACES = ("structure.one-row", "structure.printed-order", "structure.one-column", "structure.empty-rows")


def holds(rules: str, **at: str) -> Counter[tuple[str, str]]:
    """(rule, pointer) of what holds: rules at /indicators, and others at the pointers that `at` gives by group."""
    found = Counter({(rule, "/indicators"): 1 for rule in rules.split()})
    for group, text in at.items():
        for entry in text.split():
            name, _, where = entry.partition("@")
            found[f"{group}.{name}", where] += 1
    return found + Counter({(rule, ""): 1 for rule in PLACES})


RUGAO_PROJECT = holds(
    f"{TABLE} structure.periods-filled targets.periods targets.same-condition targets.operator targets.shares",
    funds="income-total@/funds/0 children-sum@/funds/1 expenditure-total@/funds/9 expenditure-total@/funds/10"
    " balance@/funds/0 half-year@/funds amounts@/funds lines-twice@/funds",
    choices="one@/choices known@/choices",
    form="year@/year dates@/fields phone@/fields/contact_phone",
    agreement="year@/year same-parts@",
)
WANYUAN_PROJECT = holds(
    f"{TABLE} structure.periods-filled targets.periods targets.same-condition targets.operator targets.shares"
    " points.within",
    funds="children-sum@/funds/0 amounts@/funds lines-twice@/funds",
    points="hundred@/indicators hundred@/indicators",  # of the whole project, and of the year
    form="codes@/fields",
    agreement="names@/fields codes@/fields same-parts@",
)

HOLDS: dict[tuple[str, int], Counter[tuple[str, str]]] = {
    ("000", 0): holds(
        f"{TABLE} structure.periods-filled targets.periods targets.same-condition targets.shares",
        funds="income-total@/funds/0 children-sum@/funds/1 expenditure-total@/funds/9 expenditure-total@/funds/10"
        " children-sum@/funds/13 children-sum@/funds/14 balance@/funds/0 half-year@/funds amounts@/funds"
        " lines-twice@/funds",
        form="year@/year",
    ),
    **{("001", number): RUGAO_PROJECT for number in range(6)},
    ("002", 0): holds(
        f"{TABLE} structure.periods-filled targets.periods targets.same-condition targets.shares",
        funds="income-total@/funds/0 children-sum@/funds/1 children-sum@/funds/11 children-sum@/funds/12"
        " balance@/funds/0 half-year@/funds amounts@/funds lines-twice@/funds",
        form="year@/year",
    ),
    ("003", 0): holds(
        f"{TABLE} targets.operator targets.shares points.within points.hundred",
        funds="lines-twice@/funds",
        form="year@/year codes@/fields",
        agreement="names@/fields codes@/fields",
    ),
    **{("003", number): WANYUAN_PROJECT for number in range(1, 6)},
    ("003", 3): WANYUAN_PROJECT - Counter({("form.codes", "/fields"): 1}),
    ("003", 4): WANYUAN_PROJECT - Counter({("points.hundred", "/indicators"): 2}),
    ("004", 0): holds(
        f"{TABLE} points.within points.level-sum points.score points.scored-rows targets.shares targets.reached",
        funds="expenditure-total@/funds/0 expenditure-total@/funds/1 spent@/funds amounts@/funds lines-twice@/funds",
        form="year@/year",
    ),
    ("unlisted-fund", 0): holds(
        f"{TABLE} targets.shares", funds="children-sum@/funds/0 amounts@/funds lines-twice@/funds"
    ),
    ("unlisted-review", 0): holds(
        f"{TABLE} points.within points.level-sum points.score points.scored-rows targets.shares targets.reached",
        funds="spent@/funds amounts@/funds lines-twice@/funds",
        points="weight-total@/fields/total_weight",
        form="year@/year codes@/fields",
    ),
}


@cache
def read(name: str, reader: str = "text-layer") -> tuple[FormReading, ...]:
    shown = SETS[name].sources[reader]
    return read_file(take_in(REPOSITORY / shown, shown), name, load_families(), load_words()).forms


def failing(form: FormReading) -> Iterator[Check]:
    yield from (check for check in form.checks if check.verdict.fails)


def test_the_table_names_every_golden_form() -> None:
    assert set(HOLDS) == set(FORMS)
    assert set(FAILS) <= set(FORMS)
    assert all(len(reason) > 20 for rows in FAILS.values() for reason in rows.values())


@pytest.mark.parametrize(("name", "number"), FORMS)
def test_what_fails_is_what_the_paper_gets_wrong(name: str, number: int) -> None:
    found = {(c.rule, c.verdict, c.where, c.printed, c.computed) for c in failing(read(name)[number])}
    assert found == set(FAILS.get((name, number), {}))


@pytest.mark.parametrize(("name", "number"), FORMS)
def test_what_holds_was_looked_at(name: str, number: int) -> None:
    form = read(name)[number]
    assert Counter((c.rule, c.where) for c in form.checks if c.verdict == "holds") == HOLDS[name, number]


@pytest.mark.parametrize(("name", "number"), FORMS)
def test_every_rule_has_an_outcome_on_every_form(name: str, number: int) -> None:
    assert {rule.name for rule in RULES} <= {c.rule for c in read(name)[number].checks}


def test_the_one_difference_that_rounding_explains_says_so() -> None:
    """项目支出 of the half year prints 36623 over parts of 36622.5: rounded to whole 万元."""
    told = [
        (name, number, c.where, c.printed, c.computed, c.message)
        for name, number in FORMS
        for c in read(name)[number].checks
        if c.verdict == "holds" and "rounding" in c.message
    ]
    message = "the lines below 项目支出 add up to it but for 0.5, which rounding explains"
    assert told == [("002", 0, "/funds/11", "36623", "36622.5", message)]


def test_a_level_that_is_printed_without_an_indicator_is_told_of() -> None:
    """生态效益 of one form and 经济效益指标 of another stand over nothing; a text layer loses no words."""
    told = {
        name: c.message
        for name, number in FORMS
        for c in read(name)[number].checks
        if c.rule == "structure.empty-rows" and "printed blank" in c.message
    }
    assert set(told) == {"002", "unlisted-review"}
    assert told["002"].endswith("printed blank: row 84 of table 1")


@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
def test_a_dump_has_the_mistakes_of_its_paper(name: str) -> None:
    """What the paper errs in shows in its dump too; a dump's own gaps are undecidable, never the form's mistake."""
    for number, form in enumerate(read(name, "dump")):
        expected = set(FAILS.get((name, number), {}))
        found = {(c.rule, c.verdict, c.where, c.printed, c.computed) for c in failing(form)}
        assert expected <= found
        assert {row[1] for row in found - expected} <= {"undecidable"}


@pytest.mark.parametrize("reader", ["text-layer", "dump"])
def test_findings_of_a_record_are_its_failing_checks(reader: str) -> None:
    for form in (f for name in ("002", "003", "004") for f in read(name, reader)):
        rules = {c.rule for c in form.checks}
        found = [(f.rule, str(f.verdict), f.where, f.message) for f in form.record.findings if f.rule in rules]
        assert found == [(c.rule, c.verdict, c.where, c.message) for c in failing(form)]
        assert len(form.risks) > 80


def test_checks_and_risks_are_stored(tmp_path: Path) -> None:
    source = next((REPOSITORY / "data/raw/pdf").glob("003*"))
    path = Path(shutil.copy(source, tmp_path / "a.pdf"))
    with Store.open(tmp_path / "x.db") as store:
        run([Input(path, "a.pdf", "a")], store, tmp_path, load_families(), load_words())
    with sqlite3.connect(tmp_path / "x.db") as db:
        verdicts = dict(db.execute("SELECT verdict, count(*) FROM checks GROUP BY verdict"))
        assert verdicts["wrong_at_source"] == 3
        assert verdicts["holds"] > 100
        assert db.execute("SELECT count(*) FROM findings WHERE rule LIKE 'points.%'").fetchone() == (2,)
        low, high = db.execute("SELECT min(risk), max(risk) FROM risks").fetchone()
        assert 0 <= low < high <= 1


PLANNED = {  # what the review of 2024 prints for a project, beside what the project's plan printed
    "“助保贷款”财政贴息": ("0.39", "1"),
    "居保转企保参保补助": ("474.37", "975"),
}


def test_a_review_beside_its_plans_in_whatever_order_they_were_read(tmp_path: Path) -> None:
    """Of six projects two were planned with other amounts than the review prints; the other four are the same."""
    found = []
    for order in (("001", "004"), ("004", "001")):
        folder = tmp_path / order[0]
        folder.mkdir()
        inputs = [Input(next((REPOSITORY / "data/raw/pdf").glob(f"{name}*")), f"{name}.pdf", name) for name in order]
        with Store.open(folder / "x.db") as store:
            for _ in range(2):  # a second run keeps nothing twice
                run(inputs, store, folder, load_families(), load_words())
        with sqlite3.connect(folder / "x.db") as db:
            query = (
                "SELECT f.family, c.verdict, c.pointer, c.printed, c.computed, c.message FROM checks c"
                " JOIN forms f ON f.id = c.form_id WHERE c.rule = 'agreement.plan-review' ORDER BY c.position"
            )
            found.append(list(db.execute(query)))
            assert db.execute("SELECT count(*) FROM findings WHERE rule = 'agreement.plan-review'").fetchone() == (0,)
    assert found[0] == found[1]
    assert {(verdict, printed, computed) for _, verdict, _, printed, computed, _ in found[0]} == {
        ("undecidable", *amounts) for amounts in PLANNED.values()
    }
    assert [(row[2], row[5].partition(" (")[0]) for row in found[0]] == list(
        zip(["/funds/14", "/funds/16"], PLANNED, strict=True)
    )
