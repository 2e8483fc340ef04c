"""In files without pages a form goes on at its next page: below its title, its header or a foot, or by its rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers_carriers import read_text

TITLE = ("沙河县项目支出绩效自评表", "（2023年度）")
NAMES = (("项目名称", "河道清淤"), ("主管部门", "沙河县水利局"))
HEADER = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分")
UPPER = (
    ("产出指标", "数量指标", "清淤河道长度", "≥8公里", "8公里", "20", "20"),
    ("", "质量指标", "工程验收合格率", "100%", "100%", "30", "30"),
)
LOWER = (
    ("效益指标", "社会效益指标", "受益人口数", "≥3万人", "3.1万人", "20", "20"),
    ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "95%", "30", "30"),
)
ALL = ["清淤河道长度", "工程验收合格率", "受益人口数", "群众满意度"]
AGAIN = ((TITLE[0],), (TITLE[1],), HEADER)
Rows = tuple[tuple[str, ...], ...]


def tabs(rows: Rows) -> str:
    return "\n".join("\t".join(row) for row in rows) + "\n"


def layout(rows: Rows) -> str:
    def line(row: tuple[str, ...]) -> str:
        return "".join(text + " " * (24 - 2 * len(text) + sum(c.isascii() for c in text)) for text in row).rstrip()

    lines = (("\n\n\n" + " " * 60 if len(row) == 1 else " " * 6) + line(row) for row in rows)
    return "\n".join(lines).replace("页\n", "页\n\f") + "\n"


def markdown(rows: Rows) -> str:
    out: list[str] = []
    table = False
    for row in rows:
        if len(row) == 1:
            out += ["", row[0]]
            table = False
            continue
        if not table:
            out += ["", "| " + " | ".join([""] * len(HEADER)) + " |", "|" + "---|" * len(HEADER)]
            table = True
        out.append("| " + " | ".join((*row, *[""] * (len(HEADER) - len(row)))) + " |")
    return "\n".join(out) + "\n"


def page(rows: Rows) -> str:
    out: list[str] = []
    for row in rows:
        if len(row) == 1:
            out.append(f"</table><p>{row[0]}</p><table>")
        else:
            out.append(
                "<tr>" + "".join(f"<td>{text}</td>" for text in (*row, *[""] * (len(HEADER) - len(row)))) + "</tr>"
            )
    return "<table>" + "\n".join(out) + "</table>"


WAYS = {"x.txt": tabs, "layout.txt": layout, "x.md": markdown, "x.html": page}


def form(*more: Rows) -> Rows:
    return ((TITLE[0],), (TITLE[1],), *NAMES, HEADER, *UPPER, *(row for rows in more for row in rows))


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("foot", [(), (("第 1 页 共 2 页",),)], ids=["no foot", "foot"])
def test_a_title_printed_again_above_the_header_does_not_part_the_form(name: str, foot: Rows, tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, name, WAYS[name](form(foot, AGAIN, LOWER)))
    assert [i.level3 for i in record.indicators] == ALL
    assert [i.level1 for i in record.indicators] == ["产出指标", "产出指标", "效益指标", "满意度指标"]
    assert record.fields["project_name"] == "河道清淤"
    assert not [f for f in record.findings if f.rule == "unowned"]


@pytest.mark.parametrize("name", ["x.txt", "x.md", "x.html"])
def test_one_that_says_that_it_goes_on_does_not_either(name: str, tmp_path: Path) -> None:
    again = ((f"{TITLE[0]}（续）",), HEADER)
    (record,) = read_text(tmp_path, name, WAYS[name](form(again, LOWER)))
    assert [i.level3 for i in record.indicators] == ALL


FOOT = (("第 1 页 共 2 页",),)


@pytest.mark.parametrize(
    ("name", "between"),
    [
        *((name, (*FOOT, *AGAIN)) for name in ("x.txt", "x.html")),
        *((name, AGAIN) for name in ("x.txt", "x.html")),
        *((name, (*FOOT, HEADER)) for name in ("x.txt", "x.html")),
        *((name, (HEADER,)) for name in ("x.txt", "x.md", "x.html")),
        *((name, FOOT) for name in ("x.txt", "x.md", "x.html")),
    ],
)
def test_a_name_that_the_page_break_cuts_from_its_rows_counts_below_it(
    name: str, between: Rows, tmp_path: Path
) -> None:
    cut = ("", "", "渠道清障数", "≥3处", "3处", "10", "10")
    (record,) = read_text(tmp_path, name, WAYS[name](form(between, (cut, *LOWER))))
    third = record.indicators[2]
    assert (third.level1, third.level2, third.level3, third.targets) == (
        "产出指标",
        "质量指标",
        cut[2],
        {"full_year": cut[3]},
    )
    assert {f.where for f in record.findings if f.rule == "inferred"} >= {
        "/indicators/2/level1",
        "/indicators/2/level2",
    }
    assert not [f for f in record.findings if f.rule in ("unowned", "lost")]


@pytest.mark.parametrize("name", ["x.md", "x.html"])
@pytest.mark.parametrize(
    "head", [("备注", "甲"), ("项目负责人", "张三"), ("资金来源", "金额")], ids=["a remark", "a field", "money"]
)
def test_a_table_that_begins_with_a_label_is_no_next_part(name: str, head: tuple[str, ...], tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, name, WAYS[name](form(FOOT, (head, ("财政拨款", "12.00")))))
    assert [i.level3 for i in record.indicators] == ALL[:2]


@pytest.mark.parametrize(
    "between",
    [
        (("合计", "", "", "", "", "100", "100"), *AGAIN),
        (("填表人：张三",), *AGAIN),
        ((TITLE[0],), (TITLE[1],), *NAMES, HEADER),
        (("河西县项目支出绩效自评表",), (TITLE[1],), HEADER),
        ((TITLE[0],), ("（2024年度）",), HEADER),
    ],
    ids=["a total", "who filled it in", "names", "another title", "another year"],
)
@pytest.mark.parametrize("name", ["x.txt", "x.md"])
def test_what_ended_or_is_called_otherwise_is_another_form(name: str, between: Rows, tmp_path: Path) -> None:
    records = read_text(tmp_path, name, WAYS[name](form(between, LOWER)))
    assert [[i.level3 for i in record.indicators] for record in records] == [ALL[:2], ALL[2:]]


def test_a_list_of_projects_in_columns_that_blanks_set_is_no_form(tmp_path: Path) -> None:
    head = ("序号", "项目名称", "主管部门", "全年预算数", "全年执行数", "自评得分", "自评等级")
    rows = (
        ("1", "城市道路养护", "市城管局", "1,200.00", "1,186.40", "96.5", "优"),
        ("2", "路灯运行维护", "市城管局", "286.40", "280.10", "94.2", "优"),
    )
    text = layout((("项目支出绩效自评结果汇总表",), TITLE[1:], head, *rows, ("", "合计", "", "1,486.40", "1,466.50")))
    assert read_text(tmp_path, "x.txt", text) == []
