"""What `jixiao show` prints: nested, complete, marked, and harmless to the terminal."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pipeline.output.show import MARK, plain, render_record

GOLDEN = Path(__file__).parent / "golden"
TARGET = GOLDEN / "000" / "0.json"
REVIEW = GOLDEN / "004" / "0.json"


def load(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def shown(record: dict[str, Any], width: int = 200, **console: Any) -> str:
    out = io.StringIO()
    Console(file=out, width=width, **console).print(render_record(record))
    return out.getvalue()


def line_with(text: str, part: str) -> str:
    found = [line for line in text.splitlines() if part in line]
    assert found, f"{part!r} is not shown"
    return found[0]


def small(**more: Any) -> dict[str, Any]:
    return {
        "family": "generic",
        "kind": "project_target",
        "title": "表",
        "year": None,
        "amount_unit": "元",
        **more,
    }


def fund(path: list[str], amount: str | None, column: str = "full_year_budget", **more: Any) -> dict[str, Any]:
    return {"side": "income", "path": path, "column": column, "amount": amount, "raw": amount, **more}


def finding(where: str, **more: Any) -> dict[str, Any]:
    return {"rule": "low-score", "verdict": "undecidable", "where": where, "message": "doubtful", **more}


RECORDS = sorted(path for path in GOLDEN.glob("*/*.json") if path.stem.isdecimal())


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_text_of_a_golden_is_shown(path: Path) -> None:
    record = load(path)
    text = "".join(shown(record, width=20_000).replace("│", "").split())

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for key, below in value.items():
                if key not in ("values", "raw", "side"):
                    yield from texts(below)
        elif isinstance(value, list):
            for below in value:
                yield from texts(below)

    missing = [
        one
        for key in ("title", "family", "fields", "choices", "tasks", "funds", "indicators")
        for one in texts(record[key])
        if "".join(one.split()) not in text
    ]
    assert missing == []


def test_head_names_unit_year_family_kind_and_file() -> None:
    record = load(TARGET)
    record["source"] = {
        "file": "pdf/a.pdf",
        "sha256": "00",
        "pages": [1, 2],
        "reader": "text-layer",
        "form": 0,
    }
    text = shown(record)
    assert text.splitlines()[0] == "如皋市市级部门整体预算绩效目标表"
    assert "如皋市社会养老保险管理处" in line_with(text, "unit")
    assert "2026" in line_with(text, "year")
    assert "rugao-department-target" in line_with(text, "family")
    assert "department_target" in line_with(text, "kind")
    assert "pdf/a.pdf, pages 1, 2, text-layer, form 0" in line_with(text, "file ")


def test_a_golden_without_source_and_findings_has_neither() -> None:
    text = shown(load(REVIEW))
    assert "findings" not in text
    assert MARK not in text
    assert "file" not in text


def test_money_nests_by_path_and_its_columns_stand_side_by_side() -> None:
    text = shown(load(TARGET))
    parent, child = line_with(text, "─ 项目支出"), line_with(text, "─ 司法经费")
    assert child.index("─ 司法经费") == parent.index("─ 项目支出") + 3
    header = line_with(text, "half_year_plan")
    assert header.index("half_year_plan") < header.index("full_year_budget")
    assert child.split()[-2:] == ["1", "3.60"]
    assert parent.split()[-2:] == ["86.70", "830.70"]
    # 财政拨款 has no amount of its own; its parts stand under it
    above, below = line_with(text, "─ 财政拨款"), line_with(text, "─ 一般公共预算资金")
    assert above.split()[-1] == "财政拨款"
    assert below.index("─ 一般") == above.index("─ 财政") + 3


def test_a_line_that_is_printed_twice_is_shown_twice() -> None:
    text = shown(small(funds=[fund(["合计"], "1"), fund(["合计"], "2"), fund(["合计", "甲"], "3")]))
    assert [line.split()[-1] for line in text.splitlines() if "─ 合计" in line] == ["1", "2"]
    assert line_with(text, "─ 甲").split()[-1] == "3"


def test_states_of_a_value_stay_apart() -> None:
    record = small(
        fields={"annual_goal": None, "grade": "—"},
        choices={"project_level": [], "project_attribute": ["常年安排", "一次性安排"]},
        funds=[fund(["甲"], None), fund(["乙"], None, raw="/"), fund(["丙"], "0")],
    )
    text = shown(record)
    assert line_with(text, "annual_goal").split()[-1] == "blank"
    assert line_with(text, "grade").split()[-1] == "—"
    assert "nothing ticked" in line_with(text, "project_level")
    assert "常年安排, 一次性安排" in line_with(text, "project_attribute")
    assert [line_with(text, f"─ {name}").split()[-1] for name in "甲乙丙"] == ["blank", "/", "0"]


def test_indicators_hang_from_their_levels() -> None:
    text = shown(load(REVIEW))
    one, two = line_with(text, "─ 过程 (26)"), line_with(text, "─ 预算执行 (8)")
    three = line_with(text, "─ 支付进度符合率")
    assert one.index("过程") < two.index("预算执行") < three.index("支付进度符合率")
    assert text.count("─ 过程 (26)") == 1
    assert "target 100%  actual 100%  weight 1  score 1" in three
    assert "target ≥98%  actual ≥95%  weight 10  score 9.5" in text


def test_blank_columns_are_named_and_columns_that_the_form_has_not_are_not() -> None:
    text = shown(load(REVIEW))
    assert "blank in every row  criteria" in text
    assert "blank: weight, score" in line_with(text, "─ 非税收入预算完成率")
    assert "focus_work" not in text
    text = shown(load(TARGET))
    assert "blank: focus_work, linked_project" in line_with(text, "─ 工作计划制定健全性")
    assert "half_year 健全  full_year 健全" in line_with(text, "─ 工作计划制定健全性")


def test_a_finding_marks_what_it_points_at_and_nothing_else() -> None:
    record = load(REVIEW)
    record["findings"] = [
        finding("/funds/3", printed="892.14", computed="892.15"),
        finding("/indicators/3/values/full_year"),
        finding("/indicators/7/level1"),
        finding("/fields/grade"),
    ]
    tree, listed = shown(record).split("findings (4)")
    marked = [line for line in tree.splitlines() if MARK in line]
    assert len(marked) == 4
    assert f"892.14 {MARK}1" in line_with(tree, "─ 基本支出")
    assert f"target 明确 {MARK}2" in line_with(tree, "─ 绩效指标明确性")
    assert f"过程 (26) {MARK}3" in tree
    assert f"优 {MARK}4" in line_with(tree, "grade")
    assert f"{MARK}1 low-score undecidable /funds/3" in listed
    assert "printed 892.14  computed 892.15" in listed


def pointers(value: Any, here: str = "") -> Iterator[str]:
    yield here
    parts: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in parts:
        yield from pointers(below, f"{here}/{str(key).replace('~', '~0').replace('/', '~1')}")


@pytest.mark.parametrize("name", ["001/0", "003/0", "004/0"])
def test_whatever_a_finding_points_at_there_is_a_mark(name: str) -> None:
    record = load(GOLDEN / f"{name}.json")
    record["source"] = {"file": "a.pdf", "sha256": "00", "pages": [1], "reader": "ocr", "form": 0}
    record["fields"]["a/b~c"] = "x"
    record["indicators"] = record["indicators"][:2]
    record["indicators"][0]["other"] = {"责任/科室": "甲"}
    record["indicators"][1]["values"]["whole_project"] = None
    record["level"] = "a key that was added later"
    for where in [
        *pointers(record),
        "/nowhere",
        "/fields/gone",
        "/indicators/99/score",
        "/funds/x",
        "/tasks/9/name",
    ]:
        tree = shown({**record, "findings": [finding(where)]}).split("findings (1)")[0]
        assert f"{MARK}1" in tree, f"nothing is marked for {where!r}"


def test_a_missing_table_is_named_when_a_finding_doubts_it() -> None:
    text = shown(small(funds=[], findings=[finding("/funds")]))
    assert f"funds {MARK}1" in text


def test_markup_in_texts_is_literal() -> None:
    tricky = "[red]x[/red] :smile: [/]"
    record = small(
        title=tricky,
        fields={tricky: tricky},
        choices={tricky: [tricky]},
        funds=[fund([tricky], tricky, column=tricky, side=tricky)],
        tasks=[{tricky: tricky}],
        columns=["level3", "actual"],
        indicators=[
            {
                "level1": tricky,
                "level2": tricky,
                "level3": tricky,
                "actual": tricky,
                "other": {tricky: tricky},
            }
        ],
        findings=[finding("/title", rule=tricky, message=tricky, printed=tricky)],
        source={"file": tricky, "sha256": "", "pages": [], "reader": tricky, "form": 0},
    )
    text = shown(record, width=1000)
    assert text.count(tricky) == 22  # every place above, once


CONTROLS = [
    "\x1b[31m",
    "\x1b]0;owned\x07",
    "\x9b31m",
    "\x00",
    "\x08",
    "\r",
    "\x7f",
    "\u202e",
    "\u2028",
    "\ud800",
]


@pytest.mark.parametrize("control", CONTROLS, ids=ascii)
def test_control_characters_do_not_reach_the_terminal(control: str) -> None:
    tricky = f"a{control}b"
    record = small(
        title=tricky,
        amount_unit=tricky,
        fields={tricky: tricky},
        choices={tricky: [tricky]},
        funds=[fund([tricky], tricky, column=tricky, side=tricky)],
        tasks=[{tricky: tricky}],
        columns=[tricky],
        indicators=[{"level1": tricky, "level2": tricky, "level3": tricky, "score": tricky, tricky: tricky}],
        findings=[finding(f"/{tricky}", rule=tricky, message=tricky, verdict=tricky, computed=tricky)],
        source={"file": tricky, "sha256": "", "pages": [tricky], "reader": tricky, "form": tricky},
        added={tricky: tricky},
    )
    record[f"more{tricky}"] = tricky
    text = shown(record, width=1000)
    assert control[0] not in text
    text.encode("utf-8")


def test_control_characters_are_shown_not_swallowed() -> None:
    assert plain("\x1b[31mx\x7f\u202e") == "␛[31mx␡<U+202E>"
    assert plain("一\n二 ３") == "一\n二 ３"
    assert "␛[31m红" in shown(small(fields={"grade": "\x1b[31m红"}))


def test_colours_are_ours_alone() -> None:
    record = small(fields={"grade": "\x1b[31m红"})
    text = shown(record, force_terminal=True, color_system="standard", legacy_windows=False)
    assert "\x1b[31m" not in text
    assert "\x1b[" in text


def test_long_texts_wrap_and_lose_nothing() -> None:
    goal = load(TARGET)["fields"]["annual_goal"]
    text = shown(load(TARGET), width=60)
    assert max(len(line) for line in text.splitlines()) <= 60
    column = line_with(text, "annual_goal").index("1.")
    start = next(i for i, line in enumerate(text.splitlines()) if "annual_goal" in line)
    end = next(i for i, line in enumerate(text.splitlines()) if "funds" in line)
    wrapped = "".join(line[column:] for line in text.splitlines()[start:end])
    assert "".join(wrapped.split()) == "".join(goal.split())
