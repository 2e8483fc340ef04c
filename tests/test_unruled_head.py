"""A header that stands without rules over its ruled body is that table's first row; no other line is."""

from __future__ import annotations

import pytest

from extractors.tables.borderless import line_rows
from extractors.tables.layout import page_blocks
from schemas.language.vocabulary import load_words
from schemas.model import Box, Grid, Line, Rule, Sheet, Word

XS = (60.0, 160.0, 260.0, 420.0, 480.0)
YS = (200.0, 220.0, 240.0)
BODY = (("产出指标", "数量指标", "里程", "≥5"), ("效益指标", "社会效益指标", "事故", "≤3"))


def word(text: str, left: float, top: float, size: float = 10) -> Word:
    edges = tuple(left + size * i for i in range(len(text) + 1))
    return Word(text, Box(left, top, edges[-1], top + size), edges)


def blocks(above: list[Word]) -> list[Line | Grid]:
    rules = [Rule(True, x, YS[0], YS[-1]) for x in XS] + [Rule(False, y, XS[0], XS[-1]) for y in YS]
    body = [word(t, XS[c] + 3, YS[r] + 4) for r, row in enumerate(BODY) for c, t in enumerate(row)]
    sheet = Sheet(1, 595, 842, tuple(above + body), tuple(rules))
    return list(page_blocks(sheet, line_rows, load_words()).blocks)


def over(texts: tuple[str, ...], top: float) -> list[Word]:
    return [word(t, XS[c] + 20, top) for c, t in enumerate(texts) if t]


@pytest.mark.parametrize("top", [188, 180, 160])
def test_a_header_without_rules_is_the_first_row_of_the_body_below_it(top: float) -> None:
    (grid,) = blocks(over(("一级指标", "二级指标", "三级指标", "指标值"), top))
    assert isinstance(grid, Grid)
    assert [c.text for c in grid.cells if c.row == 0] == ["一级指标", "二级指标", "三级指标", "指标值"]
    assert [c.text for c in grid.cells if c.row == 2] == list(BODY[1])


def test_a_header_whose_words_wrap_is_read_whole() -> None:
    lines = [*over(("", "", "", "年度"), 170), *over(("一级指标", "二级指标", "三级指标", "指标值"), 182)]
    head = [c.text for b in blocks(lines) if isinstance(b, Grid) for c in b.cells if c.row == 0]
    assert head[:3] == ["一级指标", "二级指标", "三级指标"]


def test_a_blank_column_of_the_header_is_a_blank_cell() -> None:
    (grid,) = blocks(over(("一级指标", "", "三级指标", "指标值"), 185))
    assert isinstance(grid, Grid)
    assert [c.text for c in grid.cells if c.row == 0] == ["一级指标", "", "三级指标", "指标值"]


@pytest.mark.parametrize(
    "texts",
    [
        ("填报单位：某局", "", "", "单位：万元"),
        ("项目支出绩效目标表", "", "", ""),
        ("产出指标", "数量指标", "里程", "≥5"),
    ],
)
def test_no_other_line_becomes_a_row(texts: tuple[str, ...]) -> None:
    found = blocks(over(texts, 185))
    assert [len(b.ys) for b in found if isinstance(b, Grid)] == [len(YS)]
