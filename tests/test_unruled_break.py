"""A table without rules goes on on the next page in the columns that it has on the first one."""

from __future__ import annotations

import pytest

from extractors.tables.blocks import PageBlocks
from extractors.tables.borderless import line_rows
from extractors.tables.layout import last_grid, page_blocks
from extractors.tables.stitch import stitch
from schemas.language.vocabulary import load_words
from schemas.model import Box, Sheet, Table, Word

WORDS = load_words()
XS = (60.0, 150.0, 280.0, 410.0, 490.0)
HEAD = ("一级指标", "二级指标", "三级指标", "指标值", "权重")
ROWS = (
    ("产出指标", "数量指标", "养护里程", "≥5公里", "10"),
    *(("", "", f"第{n}类养护", f"≥{n}2次", "5") for n in range(1, 7)),
    ("", "质量指标", "养护合格率", "100%", "20"),
    ("效益指标", "社会效益指标", "事故数", "≤3起", "20"),
    ("", "可持续影响指标", "养护机制健全性", "健全", "20"),
)


def word(text: str, left: float, top: float) -> Word:
    edges = tuple(left + 10.0 * i for i in range(len(text) + 1))
    return Word(text, Box(left, top, edges[-1], top + 10), edges)


def sheet(number: int, *rows: tuple[str, ...], title: str = "") -> Sheet:
    words = [word(t, XS[c], 100.0 + 22 * r) for r, row in enumerate(rows) for c, t in enumerate(row) if t]
    words += [word(title, 250, 60)] if title else []
    return Sheet(number, 595, 842, tuple(words), ())


def tables(*sheets: Sheet) -> list[Table]:
    pages: list[PageBlocks] = []
    for each in sheets:
        pages.append(page_blocks(each, line_rows, WORDS, last_grid(pages[-1] if pages else None)))
    return [block for block in stitch(pages, WORDS) if isinstance(block, Table)]


@pytest.mark.parametrize("again", [False, True], ids=["without its header", "below its header again"])
@pytest.mark.parametrize("cut", [4, 6, 7])
def test_a_table_without_rules_goes_on_in_its_columns(cut: int, again: bool) -> None:
    below = ((HEAD,) if again else ()) + ROWS[cut:]
    (table,) = tables(sheet(1, HEAD, *ROWS[:cut], title="项目绩效目标表"), sheet(2, *below))
    texts = {(c.row, c.col): c.text for c in table.cells}
    printed = [[texts.get((row, col), "") for col in range(len(HEAD))] for row in range(table.rows)]
    assert printed == [list(HEAD), *map(list, ROWS)]
    assert table.breaks == (cut + 1,)


def test_another_form_s_labels_are_no_next_part() -> None:
    labels = (
        ("项目名称", "道路", "主管部门", "交通局"),
        ("实施单位", "公路处", "联系人", "张三"),
        ("项目属性", "新增", "联系电话", "1"),
    )
    assert len(tables(sheet(1, HEAD, *ROWS, title="项目绩效目标表"), sheet(2, *labels))) == 2


def test_below_a_title_another_table_begins() -> None:
    first = sheet(1, HEAD, *ROWS[:6], title="项目绩效目标表")
    assert len(tables(first, sheet(2, HEAD, *ROWS[6:], title="部门绩效目标表"))) == 2
