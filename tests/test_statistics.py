"""Tables of statistics with a title of forms: what has no other mark of one is doubted as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.intake import take_in
from pipeline.running.worker import read_file
from schemas.families import load_families
from schemas.language.vocabulary import load_words

NAMED = ["主管部门", "某某局"]
HEADER = ["指标名称", "单位", "目标值", "实际值", "完成率"]
ROWS = [
    ["收入", "万元", "100", "90", "90%"],
    ["利润", "万元", "10", "12", "120%"],
    ["产量", "台", "9", "11", "122%"],
]


def _doubted(rows: list[list[str]], folder: Path) -> list[bool]:
    path = folder / "x.txt"
    path.write_text("\n".join(map("\t".join, rows)) + "\n", encoding="utf-8")
    forms = read_file(take_in(path, path.name), "x", load_families(), load_words()).forms
    return [any(f.rule == "inferred" and f.where == "" for f in form.record.findings) for form in forms]


def test_a_titled_statistic_is_doubted(tmp_path: Path) -> None:
    assert _doubted([["企业绩效指标统计表"], HEADER, *ROWS], tmp_path) == [True]


@pytest.mark.parametrize("told", [NAMED, ["项目名称", "甲项目"], ["项目属性", "☑新增 □延续"]])
def test_one_that_tells_whose_it_is_is_a_form(told: list[str], tmp_path: Path) -> None:
    assert _doubted([["项目支出绩效自评表"], told, HEADER, *ROWS], tmp_path) == [False]
