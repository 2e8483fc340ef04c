"""A whole form: its blocks in random order, printed in one table, with its truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..layout import Heading, Layout, title
from ..lots import Lots
from . import goals, indicators, money, names
from .columns import Column, draw_columns, printed_keys
from .grid import UNITS, Rows, beside, row, table_of, text
from .rows import lay_out
from .sections import draw_section
from .words import Synonyms

TITLES = {
    ("plan", False): ("项目支出绩效目标申报表", "项目绩效目标表", "财政支出项目绩效目标申报表", "专项资金绩效目标申报表", "预算项目绩效目标批复表"),
    ("plan", True): ("部门整体支出绩效目标申报表", "部门整体绩效目标表", "单位整体支出绩效目标批复表"),
    ("review", False): ("项目支出绩效自评表", "财政专项资金绩效自评表", "项目绩效目标自评表"),
    ("review", True): ("部门整体支出绩效自评表", "单位整体绩效自评表"),
    ("monitoring", False): ("项目支出绩效运行监控表", "项目绩效目标执行监控表"),
    ("monitoring", True): ("部门整体支出绩效运行监控表",),
}  # fmt: skip
SUFFIX = {"plan": "target", "review": "review", "monitoring": "monitoring"}
OVER = ("绩效目标及指标", "绩效目标", "部门整体绩效情况", "项目绩效目标情况")
MOST_COLUMNS = 9  # of indicators beside which the columns of projects have room


@dataclass(frozen=True, slots=True)
class Drawn:
    """A form: the records that it must become, its layout, and what it shows, for whoever looks for a kind."""

    records: list[dict[str, Any]]
    layout: Layout
    shape: str


def draw_form(lots: Lots) -> Drawn:
    """One form of a random kind."""
    look = lots.one(("plan", "plan", "plan", "review", "review", "monitoring"))
    department = lots.chance(0.3)
    words = Synonyms(lots)
    columns = draw_columns(lots, words, look)
    if look == "plan" and len(columns) < MOST_COLUMNS and lots.chance(0.12):
        return _draw_list(lots, words, columns)
    record = _empty(lots, look, department)
    year = _draw_year(lots, record)
    blocks: list[tuple[str, Rows]] = []
    named = names.draw_names(lots, words, department=department)
    record["fields"] |= named.fields
    record["choices"] |= named.choices
    paid = money.draw_money(lots, words, look) if lots.chance(0.85) else None
    if paid is not None:
        record["funds"], record["amount_unit"] = paid.funds(), paid.unit
        blocks.append(("money", money.lay_out(lots, words, paid)))
    aims = goals.draw_goals(lots, department=department, look=look)
    record["fields"] |= aims.fields()
    over = lots.one(OVER) if lots.chance(0.12) else None  # a heading at the left of goals and indicators
    units = UNITS - (2 if over else 0)
    blocks.append(("goals", goals.lay_out_goals(lots, words, aims, units)))
    if department and look == "plan" and lots.chance(0.6):
        tasks = goals.draw_tasks(lots, money_too=paid is None or paid.unit == "万元")
        record["tasks"] = tasks.rows
        if tasks.total is not None:
            record["tasks_total"] = tasks.total
        if tasks.money:
            record["amount_unit"] = "万元"
        blocks.append(("tasks", goals.lay_out_tasks(lots, words, tasks)))
    section = draw_section(lots, columns, look, 90 if paid is not None and paid.weighs else 100, units)
    record["indicators"], record["columns"] = section.indicators, section.keys
    for key, name in (("weights.full_year", "total_weight"), ("score", "total_score")):
        if section.points and key in section.points:
            record["fields"][name] = section.points[key]
    blocks.append(("indicators", section.rows))
    if over:
        aimed = next(rows for kind, rows in blocks if kind == "goals")
        blocks = [block for block in blocks if block[0] in ("money", "tasks")]
        blocks.append(("over", beside(over, [*aimed, *section.rows], 2)))
    elif lots.chance(0.35):
        lots.shuffle(blocks)
    rows = names.lay_out(lots, named)
    if record["year"] is not None and len(year) == 1 and named.above and lots.chance(0.3):
        rows = [row((lots.one(("预算年度", "年度", "申报年度")), f"{record['year']}年"), (4, 20)), *rows]
    header = None
    for kind, block in blocks:
        if kind == "indicators" and section.header is not None:
            header = len(rows) + section.header
        rows += block
    parts = _above(lots, year, paid, named)
    order = "-".join(kind for kind, _ in blocks)
    return Drawn(
        [record],
        Layout((*parts, table_of(rows, header), *_below(named)), landscape=len(columns) > 8),
        f"{look} {section.shape} {order}",
    )


def _empty(lots: Lots, look: str, department: bool) -> dict[str, Any]:
    return {
        "family": "generic", "kind": f"{'department' if department else 'project'}_{SUFFIX[look]}",
        "title": lots.one(TITLES[look, department]), "year": None, "amount_unit": None, "fields": {}, "choices": {},
        "tasks": [], "funds": [], "columns": [], "indicators": [],
    }  # fmt: skip


def _draw_year(lots: Lots, record: dict[str, Any]) -> tuple[Heading, ...]:
    """The lines with title and year; the year stands in the title, below it, or nowhere."""
    year = lots.randint(2019, 2026)
    where = lots.one(("title", "below", "below", "none"))
    record["year"] = None if where == "none" else year
    if where == "title":
        return (title(lots.one((f"{year}年度", f"{year}年")) + record["title"]),)
    below = (
        (Heading(((0.5, lots.one((f"（{year}年度）", f"({year}年)", f"{year}年度"))),)),) if where == "below" else ()
    )
    return (title(record["title"]), *below)


def _above(lots: Lots, year: Sequence[Heading], paid: money.Money | None, named: names.Names) -> list[Heading]:
    """The lines above the table: title, year, what stands there of the names, the unit of the amounts."""
    texts = [(0.0, f"{pair.label.replace(names.NEW_LINE, '')}：{pair.value}") for pair in named.above]
    if paid is not None and paid.declared == "above":
        texts.append((1.0, lots.one(("单位：{}", "金额单位：{}", "（单位：{}）")).format(paid.unit)))
    return [*year, Heading(tuple(texts))] if texts else list(year)


def _below(named: names.Names) -> list[Heading]:
    texts = tuple((0.6 * n, f"{pair.label}：{pair.value}") for n, pair in enumerate(named.below))
    return [Heading(texts)] if texts else []


# ── several projects in one table


def _draw_list(lots: Lots, words: Synonyms, columns: Sequence[Column]) -> Drawn:
    """Two or three projects below each other, each with its name, amount and goal left of its indicators."""
    shared = _empty(lots, "plan", False)
    year = _draw_year(lots, shared)
    unit = shared["amount_unit"] = "万元"
    goal = lots.chance(0.6)
    heads = [
        words.label("project_name"),
        lots.one(("预算金额（万元）", "资金总额（万元）", "预算数（万元）")),
        *(["绩效目标"] if goal else []),
    ]
    widths = [2, 2, 3][: len(heads)]
    inner = UNITS - sum(widths)
    made: Rows = []
    records = []
    for number in range(lots.randint(2, 3)):
        record = {**shared, "fields": {}, "choices": {}, "funds": [], "columns": printed_keys(columns)}
        name, amount, aim = lots.project() + "甲乙丙"[number], str(lots.amount()), lots.text(1, 2)
        record["fields"] = {"project_name": name, **({"annual_goal": aim} if goal else {})}
        line = money.Line(heads[1], [heads[1].removesuffix("（万元）")], {"full_year_budget": amount})
        record["funds"] = money.Money([line], [("full_year_budget", None)], unit, "total").funds()
        record["indicators"] = indicators.draw_indicators(lots, columns, few=lots.chance(0.5))
        part, high = lay_out(lots, columns, record["indicators"], "merged", inner)
        if not made:
            made = [[*(text(h, w, high) for h, w in zip(heads, widths, strict=True)), *part[0]], *part[1:high]]
        own = part[high:]
        texts = [name, amount, *([aim] if goal else [])]
        own[0] = [*(text(t, w, len(own)) for t, w in zip(texts, widths, strict=True)), *own[0]]
        made += own
        records.append(record)
    return Drawn(records, Layout((*year, table_of(made, 0)), landscape=True), "list")
