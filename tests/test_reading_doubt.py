"""When a text that was recognised is doubted, whatever score the engine gave it."""

from __future__ import annotations

import pytest

from pipeline.reading.interpret.doubt import why_doubtful
from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.keeping import FieldKeeper
from schemas.language.vocabulary import load_words
from schemas.model import Line, Place

SURE = 0.99


@pytest.mark.parametrize("text", ["【1992】·15号", "社发【1992】•15号", "95·%", "12·5万元", "（一·）"])
def test_a_dot_where_none_is_written_may_be_dirt(text: str) -> None:
    why = why_doubtful([Line(text, Place(page=1), SURE)])
    assert why is not None
    assert "dirt" in why


@pytest.mark.parametrize("text", ["阿布都·热合曼", "· 保障运转", "·保障运转", "12.5万元", "按时足额发放"])
def test_a_dot_that_parts_names_or_heads_a_line_is_written(text: str) -> None:
    assert why_doubtful([Line(text, Place(page=1), SURE)]) is None


@pytest.mark.parametrize(
    ("text", "doubted"),
    [("IⅢI期灌区", True), ("ⅢI期", True), ("第ⅡⅡ期", True), ("Ⅲ期", False), ("III期", False), ("I期、Ⅱ期", False)],
)
def test_a_numeral_in_letters_and_as_one_character_is_misread(text: str, doubted: bool) -> None:
    assert (why_doubtful([Line(text, Place(page=1), SURE)]) is not None) is doubted


@pytest.mark.parametrize("text", ["《手册》的通知(2020", "的【1992号", "手册》的通知", "“十四五规划"])
def test_a_sign_without_its_partner_is_doubted(text: str) -> None:
    assert why_doubtful([Line(text, Place(page=1), SURE)]) is not None


def test_what_was_copied_and_not_recognised_has_no_such_doubt() -> None:
    assert why_doubtful([Line("【1992】·15号", Place(page=1))]) is None


@pytest.mark.parametrize(
    ("text", "doubted"), [("20.", True), ("≥5,", True), ("20", False), ("20.5", False), ("第1.", False)]
)
def test_a_number_that_ends_in_a_dot_may_lack_a_digit(text: str, doubted: bool) -> None:
    assert (why_doubtful([Line(text, Place(page=1), SURE)]) is not None) is doubted


@pytest.mark.parametrize("text", ["20300.1-某市社保局", "2030,01—某市社保局", "·203.001-某局"])
@pytest.mark.parametrize("score", [SURE, None])
def test_a_code_with_a_mark_in_it_is_unreadable_where_it_was_recognised(text: str, score: float | None) -> None:
    draft = Draft()
    keeper = FieldKeeper(draft, load_words())
    keeper.keep("单位名称", text, lambda where, raw: None, recognised=score is not None)
    asked = {finding.where: finding.rule for finding in draft.findings}
    if score is None:
        assert draft.fields == {"reporting_unit": text}
        assert asked == {}
    else:
        assert draft.fields == {"reporting_unit": text, "reporting_unit_code": None}
        assert asked == {"/fields/reporting_unit_code": "unreadable"}


@pytest.mark.parametrize("text", ["2.1-某局", "2024.05-2025.06某局", "某局", "203001-某局", "12.5万元-某局"])
def test_what_is_no_code_is_left_alone(text: str) -> None:
    draft = Draft()
    FieldKeeper(draft, load_words()).keep("单位名称", text, lambda where, raw: None, recognised=True)
    assert draft.findings == []
