"""One form becomes one record: its title, its kind, its family, and what nothing owns."""

from __future__ import annotations

import pytest
from helpers_tables import TITLE, WHOLE, WORDS, C, doubts, indicator_table, make_line, make_table, read

from pipeline.reading.forms import split_forms
from pipeline.reading.interpret.form import Identity, identify, read_form
from pipeline.reading.pieces import title_of
from schemas.families import Family
from schemas.model import Block, Document, Reader
from schemas.record import Kind


def test_text_that_no_field_owns_is_a_finding_that_says_where() -> None:
    stray = make_line("盖章处")
    record = read(stray, make_table(("项目名称", "某项", "主管部门", "某局"), (C("甲乙丙。", cols=4),)))
    found = [(f.rule, f.printed) for f in record.findings]
    assert found == [("unowned", "盖章处"), ("unowned", "甲乙丙。")]
    assert "table 1, row 2, column 1" in record.findings[1].message


def test_a_form_whose_title_is_not_printed_says_so() -> None:
    record = read(indicator_table(("产出", "数量", "甲", "1次", "")), title=None)
    assert record.title is None
    assert ("inferred", "/title") in doubts(record)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("某市部门整体支出绩效目标表", Kind.DEPARTMENT_TARGET),
        ("某市项目支出绩效目标申报表", Kind.PROJECT_TARGET),
        ("部门整体支出绩效自评表", Kind.DEPARTMENT_REVIEW),
        ("部门预算项目绩效自评表", Kind.PROJECT_REVIEW),
    ],
)
def test_the_kind_of_a_generic_form_is_told_by_its_title(title: str, kind: Kind) -> None:
    record = read(make_table(("项目名称", "某项")), title=title)
    assert (record.family, record.kind) == ("generic", kind)


def test_a_family_gives_its_kind_and_the_fields_that_it_always_prints() -> None:
    family = Family(
        id="mine",
        kind=Kind.DEPARTMENT_REVIEW,
        issuer="某局",
        years="2024",
        about="made for a test",
        title=TITLE,
        labels=["项目名称"],
        prints=["project_name", "necessity"],
    )
    record = read(make_table(("项目名称：", "某项")), families=[family])
    assert (record.family, record.kind) == ("mine", Kind.DEPARTMENT_REVIEW)
    assert record.fields == {"project_name": "某项", "necessity": None}
    assert doubts(record) == [("lost", "/fields/necessity")]


def test_titles_part_a_document_into_forms_and_prose_is_none() -> None:
    one = indicator_table(("产出", "数量", "甲", "1次", ""))
    two = indicator_table(("效益", "社会效益", "乙", "2次", ""))
    other = make_table(("科目", "金额"), ("公务接待费", "1"))
    blocks: list[Block] = [
        make_line("目录"),
        other,
        make_line("(2024年度)某市项目支出绩效目标表"),
        one,
        make_line("某市部门整体支出绩效目标表（2024年度）"),
        two,
    ]
    forms = split_forms(blocks, WORDS)
    assert [f.title.text for f in forms if f.title] == [
        "(2024年度)某市项目支出绩效目标表",
        "某市部门整体支出绩效目标表（2024年度）",
    ]
    assert [title_of(f.title.text) for f in forms if f.title] == [TITLE, WHOLE]
    assert [[t.view.index for t in f.tables] for f in forms] == [[1], [2]]


def test_a_title_in_a_row_of_its_own_cuts_the_table() -> None:
    head = ("一级指标", "二级指标", "三级指标", "指标值")
    table = make_table(
        (C(TITLE, cols=4),), head, ("产出", "数量", "甲", "1"), (C(WHOLE, cols=4),), head, ("产出", "数量", "乙", "2")
    )
    forms = split_forms([table], WORDS)
    assert [f.title.text for f in forms if f.title] == [TITLE, WHOLE]
    document = Document("a.pdf", "0" * 64, Reader.TEXT_LAYER, 1, (table,))
    records = [
        read_form(f, n, document, Identity(None, None, identify(f, []).match), WORDS).record
        for n, f in enumerate(forms)
    ]
    assert [[i.level3 for i in r.indicators] for r in records] == [["甲"], ["乙"]]
