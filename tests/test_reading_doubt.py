"""When a text that was recognised is doubted, whatever score the engine gave it."""

from __future__ import annotations

import pytest

from pipeline.reading.interpret.doubt import why_doubtful
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


@pytest.mark.parametrize("text", ["《手册》的通知(2020", "的【1992号", "手册》的通知", "“十四五规划"])
def test_a_sign_without_its_partner_is_doubted(text: str) -> None:
    assert why_doubtful([Line(text, Place(page=1), SURE)]) is not None


def test_what_was_copied_and_not_recognised_has_no_such_doubt() -> None:
    assert why_doubtful([Line("【1992】·15号", Place(page=1))]) is None
