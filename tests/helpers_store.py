"""Readings to put into a database, and what stands in it."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

from pipeline.archive.store import Store
from schemas.model import Box, Cell, Document, Line, Place, Reader, Table
from schemas.reading import Check, Failure, FamilyMatch, FileReading, FormReading, Origin, Stage
from schemas.record import Finding, FindingPlace, Fund, Indicator, Kind, Record, Source, Value
from schemas.verdicts import CheckVerdict, Verdict

UNIT = "如皋市社会保险基金管理中心"
PROJECT = "“助保贷款”财政贴息"
CODE, SETTINGS = "1.0", "{}"
BOX = Box(10, 20, 110, 40)


def sha(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def fund(
    path: str,
    amount: str | None,
    column: str = "full_year_budget",
    side: str = "expenditure",
    raw: str | None = None,
) -> Fund:
    """A money cell; `path` as its labels with slashes between them."""
    return Fund(side=side, path=path.split("/"), column=column, amount=amount, raw=raw or amount)


def record(kind: Kind = Kind.PROJECT_TARGET, **given: Any) -> Record:
    """A small record; `fields` and all other keys can be given. Its source is put in by `reading`."""
    fields = {"reporting_unit": UNIT, "project_name": PROJECT} | given.pop("fields", {})
    source = Source(file="", sha256="", pages=[1], reader=Reader.TEXT_LAYER, form=0)
    rest = {"family": "generic", "title": "绩效目标表", "year": 2024, "amount_unit": "万元"} | given
    return Record(source=source, kind=kind, fields=fields, **rest)


def full() -> Record:
    """A record with something in every part."""
    indicator = Indicator(
        level1="产出指标",
        level2="数量指标",
        level3="发放人数",
        targets={"half_year": None, "full_year": "≥95%", "quarter1": "≥20%"},
        values={
            "half_year": None,
            "full_year": Value(op="≥", number="95", unit="%"),
            "quarter1": Value(op="≥", number="20", unit="%"),
            "actual": Value(number="97", unit="%"),
            "progress": Value(number="60", unit="%"),
        },
        actual="97%",
        history={"前年": "90%", "上年": None},
        progress="60%",
        forecast=None,
        causes=["经费保障", "其他"],
        likelihood="有可能",
        weights={"full_year": "10"},
        score="9.5",
        level_points={"level1": "6"},
        other={"佐证": "表"},
    )
    return record(
        choices={"project_attribute": ["常年安排", "延续"], "project_level": []},
        tasks=[{"name": "扩面", "content": None, "goal": "全覆盖", "amounts": {"总额": "10.5", "其他资金": None}}],
        tasks_total={"总额": "10.5"},
        funds=[
            fund("资金总额", "1172.45"),
            fund("资金总额/财政拨款", None),
            fund("资金总额", "10", "weight"),
        ],
        columns=["level1", "level2", "level3", "targets.half_year", "targets.full_year", "actual", "forecast"],
        indicators=[indicator, Indicator(level1="效益指标", targets={"full_year": "健全"})],
        findings=[
            Finding(rule="low-score", verdict=Verdict.UNDECIDABLE, where="/funds/0", message="0.5"),
            Finding(
                rule="hidden", verdict=Verdict.UNDECIDABLE, where="", message="1", place=FindingPlace.of(Place(2, BOX))
            ),
        ],
    )


def reading(path: str, *records: Record, content: str | None = None, reader: Reader = Reader.TEXT_LAYER) -> FileReading:
    """A file with one table of two cells, and its forms."""
    digest = sha(content or path)
    cells = (Cell(0, 0, 1, 2, "合计", (Line("合计", Place(1, BOX), 0.9),)), Cell(1, 0, 1, 1, "", lost=True))
    table = Table(2, 2, cells, (1, 2), (1,), notes=("ragged", "short"))
    forms = []
    for number, made in enumerate(records):
        source = Source(file=path, sha256=digest, pages=[1], reader=reader, form=number)
        origins = (
            Origin("/funds/0/amount", "1172.45", Place(1, BOX), 0.9, 0, 0, 0),
            Origin("/title", "目标表", Place(line=3, column=1)),
        )
        checks = (Check("funds.sum", CheckVerdict.HOLDS, "/funds", "1", "1", "the parts are the sum"),)
        match = FamilyMatch(None, ("no title fits",), "rugao", ("填报单位",))
        forms.append(FormReading(made.model_copy(update={"source": source}), origins, match, checks))
    document = Document(path, digest, reader, 2, (Line("目标表", Place(1, BOX)), table))
    return FileReading(document, path.removesuffix(".pdf"), tuple(forms))


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a plain sqlite3 connection, as a user's own program would see them."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def dump(path: Path) -> list[str]:
    """The database as SQL, without the runs."""
    connection = sqlite3.connect(path)
    try:
        return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "run')]
    finally:
        connection.close()


def saved(path: Path, *readings: FileReading) -> Path:
    with Store.open(path) as store:
        for one in readings:
            store.save(one, CODE, SETTINGS)
    return path


def failure(path: str, content: str | None = None, message: str = "broken") -> Failure:
    return Failure(path, content and sha(content), Stage.READ, "damaged", 3, message)


def plan(amount: str = "975", unit: str = "万元", **given: Any) -> Record:
    funds = [
        fund("资金总额", "1", side="income"),
        fund("资金总额", "2", "half_year_plan"),
        fund("资金总额", amount),
        fund("办公费", "3"),
    ]
    return record(funds=funds, amount_unit=unit, **given)


def review(
    budget: str | None = "474.37",
    spent: str | None = "474.37",
    unit: str = "万元",
    label: str = '"助保贷款" 财政贴息',
) -> Record:
    """A department's self-review that names the project with other quotes and a space."""
    funds = [
        fund("项目支出", "654.76"),
        fund("项目支出", "654.76", "actual"),
        fund(f"项目支出/{label}", budget),
        fund(f"项目支出/{label}", spent, "actual"),
    ]
    fields = {"project_name": None}
    return record(Kind.DEPARTMENT_REVIEW, funds=funds, amount_unit=unit, fields=fields)
