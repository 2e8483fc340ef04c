"""What is a form: a title with labels or an indicator table; a list of projects under a title is none."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.reading.forms import split_forms
from schemas.language.vocabulary import load_words
from schemas.model import Block, Cell, Line, Place, Table


def table(*rows: Sequence[str]) -> Table:
    cells = tuple(Cell(r, c, 1, 1, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Table(len(rows), max(map(len, rows)), cells)


def forms(title: str, *rows: Sequence[str]) -> int:
    blocks: list[Block] = [Line(title, Place(line=1)), table(*rows)]
    return len(split_forms(blocks, load_words()))


HEAD = ("序号", "项目名称", "主管部门", "全年预算数", "自评得分", "自评等级")


def test_a_list_of_projects_with_scores_is_no_form() -> None:
    rows = [(str(n), f"项目{n}", "市城管局", "120.00", "96.5", "优") for n in (1, 2, 3)]
    assert forms("项目支出绩效自评结果汇总表", HEAD, *rows) == 0
    assert forms("部门项目绩效自评得分表", HEAD[1:], *(row[1:] for row in rows)) == 0


def test_a_form_that_prints_its_labels_in_a_row_is_one() -> None:
    head, values = ("项目名称", "主管部门", "实施单位", "联系人"), ("道路养护", "市城管局", "养护中心", "张三")
    goal = ("年度目标", "完成养护", "", "")
    assert forms("项目支出绩效目标表", head, values, goal) == 1


def test_a_form_of_labels_beside_their_values_is_one() -> None:
    rows = (("项目名称", "道路养护", "主管部门", "市城管局"), ("实施单位", "养护中心", "联系人", "张三"))
    assert forms("项目支出绩效目标表", *rows, ("年度目标", "完成养护", "绩效等级", "优")) == 1
