"""A correction is read as the reading reads: the same text gives the very same value."""

from __future__ import annotations

from html import escape
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jixiao import read
from pipeline.bench.seeded_faults import put_text
from pipeline.people.applied import apply
from pipeline.people.looks import Look
from schemas.language.vocabulary import load_words
from schemas.tables.rows import json_text
from schemas.verdicts import LookVerdict

WORDS = load_words()
HEADERS = ("一级指标", "二级指标", "三级指标", "计算符号", "指标值", "度量单位", "实际完成值")
SIGNS = st.sampled_from(["", "≥", " ≥ ", "＞＝", "<", "定性", "定 性", " 定性 ", "=", "不低于"])
UNITS = st.sampled_from(["", "%", "个", " 次 ", "万 元", "（人）", "％"])
CHARACTERS = "≥≤<>=＝~-．.,，0123456789０５%％‰个次万元年月日以上内不低于超过 （）健全定性"
TEXTS = st.one_of(
    st.text(
        st.sampled_from("≥≤<>=＝~-．.,，0123456789０５%％‰个次万元年月日以上内不低于超过 （）健全定性"), max_size=12
    ),
    st.sampled_from(["≥ 95 %", "3 ~ 5个", "2024年12月底前", "健全", "１００％", "不低于 3 次", "95", "—", "定性"]),
)
ROWS = st.lists(st.tuples(SIGNS, TEXTS, UNITS, TEXTS), min_size=3, max_size=8)


def page(rows: list[tuple[str, str, str, str]]) -> bytes:
    """A form as a web page with these operators, targets, units and results."""
    head = "".join(f"<th>{name}</th>" for name in HEADERS)
    lines = [("产出指标", "数量指标", f"名称{'甲乙丙丁戊己庚辛壬癸子丑'[i]}", *row) for i, row in enumerate(rows)]
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in line) + "</tr>" for line in lines)
    title = "<h1>项目支出绩效自评表</h1><p>（2025年度）</p>"
    return (
        f"<html><meta charset=utf-8><body>{title}<table border=1><tr>{head}</tr>{body}</table></body></html>".encode()
    )


def without_findings(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in ("findings", "corrections")}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_a_correction_to_the_same_text_gives_the_same_values(rows: list[tuple[str, str, str, str]]) -> None:
    (form,) = read(page(rows)).forms
    record = form.record.as_dict()
    assert any(row["targets"] for row in record["indicators"]) or not any(target.strip() for _, target, _, _ in rows)
    for i, row in enumerate(record["indicators"]):
        places = {"targets/full_year": row["targets"].get("full_year"), **{k: row[k] for k in ("op", "unit", "actual")}}
        for place, text in places.items():
            pointer = f"/indicators/{i}/{place}"
            said = Look("0", 0, pointer, LookVerdict.CORRECTED, json_text(text), json_text(text), "王")
            assert without_findings(apply(record, {pointer: said})) == without_findings(record)
            again = form.record.as_dict()
            put_text(again, pointer, text, WORDS)
            assert again == record
