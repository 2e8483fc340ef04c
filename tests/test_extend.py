"""docs/extend.md is true: what it says is done in a copy of the project, and looked at from outside."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from schemas.tables import SCHEMA_VERSION

ROOT = Path(__file__).resolve().parent.parent
DOC = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
NEXT, LAST = str(SCHEMA_VERSION + 1), str(SCHEMA_VERSION)  # what N and M stand for in it
STEP = re.compile(
    r"^\*\*`(?P<path>[^`]+)`\*\*(?:, (?P<side>above|below) `(?P<line>[^`]+)`)?:\n\n```\w+\n(?P<text>.*?)^```$",
    re.M | re.S,
)
FORM = """<p>某市2024年度项目支出绩效目标表</p><table border=1>
<tr><td>一级指标</td><td>二级指标</td><td>三级指标</td><td>指标值</td><td>数据来源</td></tr>
<tr><td>产出指标</td><td>数量指标</td><td>检查次数</td><td>≥12次</td><td>检查台账</td></tr>
<tr><td>效益指标</td><td>社会效益指标</td><td>知晓率</td><td>≥90%</td><td></td></tr></table>"""
DUMP = (
    "某市2024年度项目支出绩效目标表\n一级指标\t二级指标\t三级指标\t指标值\t数据来源\n"
    "产出指标\t数量指标\t检查次数\t≥12次\t检查台账\n效益指标\t社会效益指标\t知晓率\t≥90%\t问卷\n"
)


def do(chapter: str, copy: Path) -> list[str]:
    """Do in a copy what a chapter says; the files that it touches."""
    text = DOC.split(f"\n## {chapter}\n")[1].split("\n## ")[0].replace("/vN_", f"/v{NEXT}_")
    text = text.replace('"N"', f'"{NEXT}"').replace('"M"', f'"{LAST}"')
    touched = []
    for step in STEP.finditer(text):
        path = copy / step["path"]
        if step["line"] is None:
            assert not path.exists()
            path.parent.mkdir(exist_ok=True)
            path.write_text(step["text"], encoding="utf-8")
        else:
            before = path.read_text(encoding="utf-8")
            assert before.count(f"\n{step['line']}\n") == 1, step["line"]
            own = f"{step['line']}\n{step['text']}" if step["side"] == "below" else f"{step['text']}{step['line']}\n"
            path.write_text(before.replace(f"\n{step['line']}\n", f"\n{own}"), encoding="utf-8")
        touched.append(step["path"])
    return touched


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in ("extractors", "pipeline", "schemas"):
        shutil.copytree(ROOT / package, tmp_path / "copy" / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "copy"


def jixiao(copy: Path, *words: str | Path, code: int = 0) -> str:
    """What a command of the copy prints; it ends with an exit code."""
    called = [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, words)]
    env = os.environ | {"PYTHONPATH": str(copy), "COLUMNS": "200"}
    done = subprocess.run(called, cwd=copy, env=env, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_a_column_of_the_indicator_table(copy: Path, tmp_path: Path) -> None:
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    (given / "a.html").write_text(FORM, encoding="utf-8")
    (given / "b.txt").write_text(DUMP, encoding="utf-8")
    jixiao(copy, "run", given, "--out", out)  # a database of the version before
    assert len(do("A column of the indicator table", copy)) == 4
    (given / "c.html").write_text(FORM.replace("数据来源", "采集部门"), encoding="utf-8")
    jixiao(copy, "run", given, "--out", out)

    first, second = json.loads((out / "records" / "a" / "0.json").read_text(encoding="utf-8"))["indicators"]
    assert (first["data_source"], second["data_source"]) == ("检查台账", None)
    dumped = json.loads((out / "records" / "b" / "0.json").read_text(encoding="utf-8"))
    assert [i["data_source"] for i in dumped["indicators"]] == ["检查台账", "问卷"]
    assert "data_source" in dumped["columns"]
    other = json.loads((out / "records" / "c" / "0.json").read_text(encoding="utf-8"))["indicators"][0]
    assert "data_source" not in other
    assert other["other"] == {"采集部门": "检查台账"}
    with closing(sqlite3.connect(out / "jixiao.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION + 1,)
        kinds = connection.execute("SELECT DISTINCT kind FROM risks WHERE pointer LIKE '%/data_source'").fetchall()
    assert kinds == [("text",)]
    jixiao(copy, "export", "--db", out / "jixiao.db", "--format", "csv", "--out", out / "csv")
    with (out / "csv" / "indicators.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["data_source"] for row in csv.DictReader(stream)] == ["检查台账", "", "检查台账", "问卷", "", ""]
    assert "data_source 检查台账" in jixiao(copy, "show", given / "a.html")


def test_a_reader_for_another_suffix(copy: Path, tmp_path: Path) -> None:
    table = [
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "检查次数", "≥12次"],
        ["效益指标", "社会效益指标", "知晓率", "≥90%"],
    ]
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    lines = [json.dumps(value, ensure_ascii=False) for value in ("某市2024年度项目支出绩效目标表", table)]
    (given / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (given / "b.jsonl").write_text(lines[0] + "\n[[", encoding="utf-8")
    assert set(do("A reader for another suffix", copy)) == {
        "extractors/jsonl/__init__.py", "extractors/jsonl/road.py", "extractors/read.py",
    }  # fmt: skip
    jixiao(copy, "run", given, "--out", out, code=1)  # one of the files is broken
    record = json.loads((out / "records" / "a" / "0.json").read_text(encoding="utf-8"))
    assert (record["title"], record["year"]) == ("某市项目支出绩效目标表", 2024)
    assert [row["targets"]["full_year"] for row in record["indicators"]] == ["≥12次", "≥90%"]
    with closing(sqlite3.connect(out / "jixiao.db")) as connection:
        query = "SELECT line, \"column\" FROM origins WHERE pointer = '/indicators/1/targets/full_year'"
        assert connection.execute(query).fetchall() == [(2, 4)]
        assert connection.execute("SELECT category FROM failures").fetchall() == [("damaged",)]


def test_a_check(copy: Path, tmp_path: Path) -> None:
    tasks = [
        ("年度主要任务", "任务名称", "主要内容"),
        ("", "道路养护", "甲"),
        ("", "桥梁检查", "乙"),
        ("", "道路 养护", "丙"),
    ]
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in task) + "</tr>" for task in tasks)
    (tmp_path / "a.html").write_text(FORM + f"<table border=1>{rows}</table>", encoding="utf-8")
    assert len(do("A check", copy)) == 2
    jixiao(copy, "run", tmp_path / "a.html", "--out", tmp_path / "out")
    record = json.loads((tmp_path / "out" / "records" / "a" / "0.json").read_text(encoding="utf-8"))
    (finding,) = (f for f in record["findings"] if f["rule"] == "structure.tasks-twice")
    assert (finding["verdict"], finding["where"]) == ("undecidable", "/tasks/2/name")
    with closing(sqlite3.connect(tmp_path / "out" / "jixiao.db")) as connection:
        query = "SELECT reasons FROM risks WHERE pointer = '/tasks/2/name'"
        assert "structure.tasks-twice" in connection.execute(query).fetchone()[0]
