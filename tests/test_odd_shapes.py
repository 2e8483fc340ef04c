"""Files of odd shapes: one huge row or column, one part over and over. Twice as much costs about twice as much, counted
in calls and not in seconds."""

from __future__ import annotations

import cProfile
from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.intake import take_in
from pipeline.bench.speed import read_whole
from pipeline.reading.interpret.nesting import DEEPEST
from pipeline.running.worker import read_file
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.reading import FileReading

AIM = 2.3  # times the calls, for twice the input: what is square costs four times as many where it counts
Rows = list[list[str]]

TITLE = "项目支出绩效目标表"
HEADER = ["一级指标", "二级指标", "三级指标", "指标值"]
ROW = ["产出指标", "数量指标", "测试数量", "≥5个"]
NAMED = ["项目名称", "甲乙项目"]
TAIL = [HEADER, ROW]
FORM = [[TITLE], NAMED, ["年度资金总额", "12.5万元"], *TAIL]

SHAPES: dict[str, Callable[[int], Rows]] = {
    "one row of labels": lambda n: [[TITLE], ["项目名称", "甲"] * n, *TAIL],
    "one row of others": lambda n: [*FORM, [f"甲{i}" for i in range(n)]],
    "one row of numbers": lambda n: [*FORM, [f"甲{i}" for i in range(n)], [str(i) for i in range(n)]],
    "one header": lambda n: [[TITLE], NAMED, HEADER * n, ROW * n],
    "one column": lambda n: [*FORM, *([f"甲{i}"] for i in range(n))],
    "one column of one letter": lambda n: [*FORM, *([["甲"]] * n)],
    "rows of two": lambda n: [[TITLE], NAMED, *([f"标签{i}", f"值{i}"] for i in range(n)), *TAIL],
    "rows of three": lambda n: [[TITLE], NAMED, *([f"甲{i}", "乙", "丙"] for i in range(n)), *TAIL],
    "one indicator": lambda n: [*FORM, *([ROW] * n)],
    "one title": lambda n: [*([[TITLE]] * n), *FORM],
    "one form": lambda n: FORM * (n // 5),
    "parts of money": lambda n: [
        [TITLE], NAMED, ["资金总额", "100"], *([f"其中：财政拨款{i}", str(i)] for i in range(n)), *TAIL
    ],
    "totals of money": lambda n: [
        [TITLE], NAMED, *([f"{'其中：' * (i % 2)}支出{i // 2}", str(3 + i)] for i in range(n)), *TAIL
    ],
    "projects": lambda n: [[TITLE], ["项目名称", *HEADER], *([f"项目{i}", *ROW] for i in range(n))],
}  # fmt: skip


def tabs(rows: Rows) -> str:
    return "\n".join("\t".join(row) for row in rows) + "\n"


def commas(rows: Rows) -> str:
    return "\n".join(",".join(row) for row in rows) + "\n"


def page(rows: Rows) -> str:
    cells = ("".join(f"<td>{text}</td>" for text in row) for row in rows)
    return "<html><body><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table></body></html>"


ROADS: dict[str, Callable[[Rows], str]] = {".txt": tabs, ".csv": commas, ".html": page}
CASES = [(shape, road) for shape in SHAPES for road in ROADS if road != ".csv" or shape.startswith("one row")]
CASES += [("one header", ".csv")]


def _calls(path: Path) -> int:
    profile = cProfile.Profile()
    profile.runcall(read_whole, path)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize(("shape", "suffix"), CASES)
def test_twice_of_an_odd_shape_costs_twice_as_much(shape: str, suffix: str, tmp_path: Path) -> None:
    counts = []
    for size in (400, 400, 200, 100):  # the first one fills what is kept from file to file
        path = tmp_path / f"{size}{suffix}"
        path.write_text(ROADS[suffix](SHAPES[shape](size)), encoding="utf-8")
        counts.append(_calls(path))
    _, large, middle, small = counts
    assert large - middle < AIM * (middle - small)


def _read(path: Path) -> FileReading:
    return read_file(take_in(path, path.name), path.stem, load_families(), load_words())


def test_parts_of_parts_end_and_are_doubted(tmp_path: Path) -> None:
    """Each line that begins with 其中 was a part of all such lines before it: paths as long as the form."""
    path = tmp_path / "x.txt"
    path.write_text(tabs(SHAPES["parts of money"](200)), encoding="utf-8")
    record = _read(path).forms[0].record
    assert len(record.funds) == 201
    deepest = max(len(fund.path) for fund in record.funds)
    assert deepest == DEEPEST
    doubted = {finding.where for finding in record.findings if finding.rule == "inferred"}
    assert all(f"/funds/{i}/path" in doubted for i, fund in enumerate(record.funds) if len(fund.path) == deepest)
