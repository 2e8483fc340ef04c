"""Rows that add up: each yuan once, one name a source, met targets with their reason, one reading of each form."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from helpers_store import CODE, SETTINGS, fund, reading, record

import jixiao
from pipeline.archive.store import Store
from pipeline.output.export import export
from schemas.conditions import met
from schemas.language.vocabulary import load_words
from schemas.leaves import leaves, source_of
from schemas.model import Reader
from schemas.record import Fund, Value

MULTIPLES = load_words().all.amount_units


def counted(*lines: tuple[str, str | None]) -> set[str]:
    """The paths that count of lines of one side and column."""
    made = record(funds=[fund(path, amount) for path, amount in lines])
    return {"/".join(made.funds[at].path) for at in leaves(made, load_words())}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # a total and its lines; lines that are blank
        ((("资金总额", "100"), ("财政拨款", "80"), ("其他资金", "20")), {"财政拨款", "其他资金"}),
        ((("资金总额", "100"), ("财政拨款", None), ("其他资金", None)), {"资金总额"}),
        # parts below a line: all of it, some of it, of a line without an amount
        ((("财政拨款", "80"), ("财政拨款/一般公共预算", "50"), ("财政拨款/政府性基金", "30")),
         {"财政拨款/一般公共预算", "财政拨款/政府性基金"}),
        ((("财政拨款", "80"), ("财政拨款/中央", "30")), {"财政拨款"}),
        ((("财政拨款", None), ("财政拨款/中央", "30")), {"财政拨款/中央"}),
        # a total within a line, and one that has lines of its own below it
        ((("项目支出", "9"), ("项目支出/小计", "9"), ("项目支出/甲", "4"), ("项目支出/乙", "5")),
         {"项目支出/甲", "项目支出/乙"}),
        ((("项目支出", "9"), ("项目支出/小计", "9")), {"项目支出"}),
        ((("资金总额", "100"), ("资金总额/财政拨款", "80"), ("资金总额/其他资金", "20")),
         {"资金总额/财政拨款", "资金总额/其他资金"}),
        # rounding to the printed digits takes no line away; an amount that is none counts nowhere
        ((("资金总额", "10.0"), ("甲", "3.3"), ("乙", "3.3"), ("丙", "3.3")), {"甲", "乙", "丙"}),
        ((("资金总额", "/"), ("甲", "/")), set()),
        # units of cells that differ from the form's
        ((("合计", "2"), ("财政拨款", "1"), ("其他资金", "1")), {"财政拨款", "其他资金"}),
    ],
)  # fmt: skip
def test_each_yuan_counts_once(lines: tuple[tuple[str, str | None], ...], expected: set[str]) -> None:
    assert counted(*lines) == expected


def test_cells_count_in_the_unit_that_they_print() -> None:
    whole = Fund(side="income", path=["资金总额"], column="full_year_budget", amount="20000", raw="20000元")
    part = Fund(side="income", path=["财政拨款"], column="full_year_budget", amount="2", raw="2")
    assert leaves(record(funds=[whole, part], amount_unit="万元"), load_words()) == {1}


def test_sides_and_columns_are_counted_apart() -> None:
    made = record(funds=[fund("资金总额", "5"), fund("资金总额", "4", "actual"), fund("财政拨款", "4", "actual")])
    assert leaves(made, load_words()) == {0, 2}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("政府性基金预算", "政府性基金预算"),
        ("政府性基金", "政府性基金预算"),
        ("政府性基金预算拨款收入", "政府性基金预算"),
        ("一般公共预算财政拨款", "一般公共预算"),
        ("财政资金", "财政拨款"),
        ("财政专户管理资金", "财政专户管理资金"),
        ("单位自有资金", "单位资金"),
        ("财政拨款/某项目", "财政拨款"),
        ("资金总额", None),
        ("基本支出/人员经费", None),
    ],
)
def test_a_source_has_one_name(path: str, source: str | None) -> None:
    assert source_of(path.split("/"), load_words()) == source


def value(op: str | None = None, number: str | None = None, unit: str | None = None, text: str | None = None) -> Value:
    return Value(op=op, number=number, unit=unit, text=text)


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        (value("≥", "95", "%"), value(None, "97", "%"), True),
        (value("≥", "95", "%"), value(None, "94.9", "%"), False),
        (value("≥", "95", "%"), value("≥", "97", "%"), True),
        (value("≥", "95", "%"), value("≥", "90", "%"), False),
        (value("≥", "95", "%"), value("≤", "97", "%"), None),
        (value("<", "5", "天"), value("<", "5", "天"), True),
        (value("≤", "100", "%"), value("≤", "100", "%"), True),
        (value("≤", "100", "%"), value("≥", "101", "%"), False),
        (value("<", "5", "天"), value(None, "5", "天"), False),
        (value("<", "5", "天"), value("≤", "5", "天"), False),
        (value("range", "3~5", "次"), value(None, "4", None), True),
        (value("range", "3~5", "次"), value(None, "6", None), False),
        (value("=", "1", "项"), value(None, "1", "项"), True),
        (value("=", "1", "项"), value(None, "2", "项"), False),
        (value(None, "100", "%"), value(None, "100", "%"), True),
        (value(None, "100", "%"), value(None, "98", "%"), None),
        (value("≤", "1", "万元"), value(None, "9999", "元"), True),
        (value("≤", "1", "万元"), value(None, "10001", "元"), False),
        (value("≥", "3", "次"), value(None, "3", "人"), None),
        (value(text="健全"), value(text="健 全"), True),
        (value(text="健全"), value(text="基本健全"), None),
        (value("≥", "3", "次"), None, None),
        (None, value(None, "3", "次"), None),
    ],
)
def test_a_target_is_met_or_missed_or_nobody_knows(
    target: Value | None, actual: Value | None, expected: bool | None
) -> None:
    told = met(target, actual, MULTIPLES)
    assert told.is_met is expected
    assert told.reason


@pytest.mark.parametrize("name", ["群众满意度", "服务对象满意率", "受益人满意程度", "满意度指标"])
def test_satisfaction_is_one_kind_whatever_it_is_called(name: str) -> None:
    assert load_words().indicator_kind(name, "x", None) == "satisfaction"
    assert load_words().indicator_kind("发放人数", "数量指标", "产出指标") == "quantity"
    assert load_words().indicator_kind("发放人数", None, None) is None


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A plan in 万元 as PDF and as dump, another one in 元; a form without a year beside one that has one."""
    funds = [fund("资金总额", "1.5"), fund("财政拨款", "1.5"), fund("预算执行率", "98.5", "execution_rate")]
    funds.append(fund("资金总额", "10", "weight"))
    other = record(funds=[fund("资金总额", "20000")], amount_unit="元", fields={"project_name": "乙"}, year=None)
    with Store.open(tmp_path / "jixiao.db") as store:
        store.save(reading("a.pdf", record(funds=funds), other), CODE, SETTINGS)
        store.save(reading("a.txt", record(funds=funds), reader=Reader.DUMP), CODE, SETTINGS)
    return tmp_path / "jixiao.db"


def test_a_sum_of_yuan_counts_each_once_whatever_the_unit_and_carrier(place: Path) -> None:
    query = (
        "SELECT source, sum(amount_e4), sum(yuan) FROM v_funds WHERE is_leaf AND preferred GROUP BY source ORDER BY 2"
    )
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute(query).fetchall() == [
            ("财政拨款", 150_000_000, 15000.0),
            (None, 200_000_000, 20000.0),
        ]
        numbers = "SELECT amount, amount_e4, rate_value, points_value FROM v_funds WHERE preferred AND position = ?"
        assert connection.execute(numbers, (2,)).fetchall() == [(None, None, 98.5, None)]
        assert connection.execute(numbers, (3,)).fetchall() == [(None, None, None, 10.0)]


def test_a_form_without_a_year_is_of_its_filings(place: Path) -> None:
    query = "SELECT file, form_index, year, filing_year, year_from, preferred FROM v_forms ORDER BY 1, 2"
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute(query).fetchall() == [
            ("a.pdf", 0, 2024, 2024, "form", 1),
            ("a.pdf", 1, None, 2024, "filing", 1),
            ("a.txt", 0, 2024, 2024, "form", 0),
        ]


def test_every_export_has_exact_yuan_and_the_doubt_of_its_rows(place: Path, tmp_path: Path) -> None:
    with Store.open(place) as store:
        written = export(store, "parquet", tmp_path / "parquet")
    for path in written:
        if path.stem != "corrections":
            assert {"doubt", "rules", "preferred"} <= set(pq.read_schema(path).names), path
    funds = pq.read_table(tmp_path / "parquet" / "funds.parquet")
    assert funds.schema.field("yuan").type == pa.decimal128(20, 6)
    assert funds.column("yuan").to_pylist()[:2] == [Decimal(15000), Decimal(15000)]


def test_frames_of_a_database_have_numbers_of_their_own_types(place: Path) -> None:
    with jixiao.open(place) as archive:
        funds = archive.funds(year=2024)
        assert len(funds) == 9  # the form without a year is of its filing's
        assert str(funds.yuan.dtype) == "decimal128(20, 6)[pyarrow]"
        assert str(funds.is_leaf.dtype) == "bool[pyarrow]"
        assert funds[funds.is_leaf & funds.preferred].yuan.sum() == 35000
        assert archive.funds(year=1900).yuan.dtype == funds.yuan.dtype
