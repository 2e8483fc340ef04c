"""What one road takes for a header, a level, an operator, a year or a value, the other does too: a form gives the same
record as a dump and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from extractors.intake import take_in
from pipeline.running.worker import read_file
from schemas.language.columns import COLUMNS
from schemas.language.vocabulary import load_words

WORDS = load_words()
LEVELS = ("level1", "level2", "level3")
ALONE = {  # columns that an indicator may have beside its names and its target
    column.role for column in COLUMNS if column.per_row and column.role not in (*LEVELS, "targets.full_year")
}
HEADERS = [(role, word) for role, words in WORDS.all.headers.items() if role in ALONE for word in words]
SIGNS = [sign for signs in WORDS.all.operators.values() for sign in signs]
NAMES = [f"{word}{WORDS.all.level_suffix}" for word in WORDS.all.level_words["level2"]]
YEARS = ("2024年度", "（2024 年）", "２０２４年度", "二〇二四年度", "2024-2026年", "")
TARGETS = ("≥12次", "12个以上", "不低于90%", "=100%", "优", "≥12(个)", "5万元", "2024年12月底前", "3-5次", "/", "—")
MONEY = ("5", "¥5.00", "（6.50）", "△3", "1,234.50", "5（万元）", "0.00")


def read(path: Path, rows: list[list[str]], title: str) -> dict[str, Any]:
    """The record of a form of these rows, without what only says where its values stand."""
    if path.suffix == ".html":
        cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
        path.write_text(f"<p>{title}</p><table border=1>{cells}</table>", encoding="utf-8")
    else:
        path.write_text("\n".join([title, *("\t".join(row) for row in rows)]) + "\n", encoding="utf-8")
    reading = read_file(take_in(path, path.name), path.stem, (), WORDS)
    assert len(reading.forms) == 1
    record = reading.forms[0].record.as_dict()
    return {key: value for key, value in record.items() if key not in ("source", "findings")}


def same(folder: Path, rows: list[list[str]], title: str = "某市2024年度项目支出绩效目标表") -> dict[str, Any]:
    dump, page = read(folder / "a.txt", rows, title), read(folder / "a.html", rows, title)
    assert dump == page
    return page


def indicators(
    *, header: str = "备注", sign: str = "≥", name: str = "数量指标", target: str = "12次"
) -> list[list[str]]:
    return [
        ["一级指标", "二级指标", "三级指标", "计算符号", "指标值", header],
        ["产出指标", name, "检查次数", sign, target, "甲"],
        ["效益指标", "社会效益指标", "知晓率", "≥", "90%", "乙"],
    ]


@pytest.mark.parametrize(("role", "header"), HEADERS)
def test_headers(role: str, header: str, tmp_path: Path) -> None:
    if role == "op":
        return  # stands in the rows already
    assert role in same(tmp_path, indicators(header=header))["columns"]


@pytest.mark.parametrize("sign", SIGNS)
def test_operators(sign: str, tmp_path: Path) -> None:
    assert same(tmp_path, indicators(sign=sign))["indicators"][0]["values"]["full_year"]["op"] == WORDS.operator(sign)


@pytest.mark.parametrize("name", NAMES)
def test_levels(name: str, tmp_path: Path) -> None:
    assert same(tmp_path, indicators(name=name))["indicators"][0]["level2"] == name


@pytest.mark.parametrize("target", TARGETS)
def test_targets(target: str, tmp_path: Path) -> None:
    assert same(tmp_path, indicators(sign="", target=target))["indicators"][0]["targets"]["full_year"] == target


@pytest.mark.parametrize("year", YEARS)
def test_years(year: str, tmp_path: Path) -> None:
    expected = 2024 if year and "-" not in year else None
    assert same(tmp_path, indicators(), f"某市{year}项目支出绩效目标表")["year"] == expected


@pytest.mark.parametrize("amount", MONEY)
def test_amounts(amount: str, tmp_path: Path) -> None:
    money = [["项目资金（万元）", "年度资金总额", "120.50"], ["", "其他资金", amount]]
    assert len(same(tmp_path, [*money, *indicators()])["funds"]) == 2
