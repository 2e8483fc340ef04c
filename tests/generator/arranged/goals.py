"""The goals of a form, and the tasks of a department with their money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..lots import OUTLAYS, Lots
from .grid import UNITS, Rows, beside, row, spread, text
from .words import Synonyms

SIDES = ("总体目标", "绩效目标", "年度总体目标", "项目绩效目标")
BY_PERIOD = (("实施期目标情况", "本年度目标情况"), ("三年总目标", "当年目标情况"), ("项目全周期目标", "2025年目标"))
"""Headings of goals that the vocabulary does not know, but for the period that they name."""
TASK_SIDES = ("年度主要任务", "主要任务", "年度重点工作任务")


@dataclass(slots=True)
class Goals:
    """Goals in printed order: (field, text)."""

    texts: list[tuple[str, str]]

    def fields(self) -> dict[str, str | None]:
        return dict(self.texts)


def draw_goals(lots: Lots, *, department: bool, look: str) -> Goals:
    fields = ["overall_goal" if department and lots.chance(0.5) else "annual_goal"]
    if look == "plan" and fields[0] == "annual_goal" and lots.chance(0.4):
        fields.insert(0, "medium_term_goal")
    if look == "review" and fields[0] == "annual_goal" and lots.chance(0.7):
        fields.append("goal_achieved")
    return Goals([(field, lots.long_text()) for field in fields])


def lay_out_goals(lots: Lots, words: Synonyms, goals: Goals, units: int = UNITS) -> Rows:
    """Goals beside their labels, below them, or side by side below theirs."""
    labels = [words.label(field) for field, _ in goals.texts]
    if [field for field, _ in goals.texts] == ["medium_term_goal", "annual_goal"] and lots.chance(0.25):
        labels = list(lots.one(BY_PERIOD))
        width = lots.randint(2, 4)
        rows = [row(labels, (1, 1), units - width), row([goal for _, goal in goals.texts], (1, 1), units - width)]
        return beside(lots.one(SIDES), rows, width)
    texts = [goal for _, goal in goals.texts]
    if len(texts) == 2 and lots.chance(0.6):
        width = lots.randint(2, 4)
        rows = [row(labels, (1, 1), units - width), row(texts, (1, 1), units - width)]
        return beside(lots.one(SIDES), rows, width)
    if lots.chance(0.25):
        return [[text(words_, units)] for pair in zip(labels, texts, strict=True) for words_ in pair]
    width = lots.randint(3, 5)
    return [row(pair, (width, units - width), units) for pair in zip(labels, texts, strict=True)]


# ── tasks


@dataclass(slots=True)
class Tasks:
    """Tasks with what their table prints of them; `money` are the headers of amounts, below `over` where it is said."""

    rows: list[dict[str, Any]]
    goal: bool
    money: tuple[str, ...]
    over: str | None
    total: dict[str, str | None] | None
    more: str | None = None  # the header of a further column


def draw_tasks(lots: Lots, *, money_too: bool) -> Tasks:
    """Tasks, with money in 万元 where `money_too` allows."""
    goal = lots.chance(0.5)
    money: tuple[str, ...] = ()
    over = None
    if money_too and lots.chance(0.6):
        over = "拟投入的资金（万元）" if lots.chance(0.5) else None
        money = ("总额", "财政拨款", "其他资金") if over else ("预算金额",)
    more = lots.one(("完成时限", "责任科室", "对应职能")) if lots.chance(0.25) else None
    rows = []
    for name in lots.sample(OUTLAYS, lots.randint(1, 4)):
        task: dict[str, Any] = {"name": f"{name}相关工作", "content": lots.text(1, 2)}
        if goal:
            task["goal"] = lots.sentence()
        if more:
            task[more] = lots.one(("2025年12月底前", "综合科", None))
        if money:
            task["amounts"] = {header: _maybe(lots) for header in money}
        rows.append(task)
    total = {header: str(lots.amount()) for header in money} if money and lots.chance(0.4) else None
    return Tasks(rows, goal, money, over, total, more)


def _maybe(lots: Lots) -> str | None:
    return None if lots.chance(0.15) else str(lots.amount())


def lay_out_tasks(lots: Lots, words: Synonyms, tasks: Tasks) -> Rows:
    side = lots.chance(0.8)
    width = lots.randint(2, 3) if side else 0
    shares = [4.0, 7.0, *([5.0] if tasks.goal else []), *([2.5] if tasks.more else []), *[2.0] * len(tasks.money)]
    widths = spread(shares, UNITS - width)
    heads = [words.task("name"), words.task("content"), *([words.task("goal")] if tasks.goal else [])]
    heads += [tasks.more] if tasks.more else []
    plain = len(heads)
    rows: Rows
    if tasks.over:
        rows = [[text(h, w, 2) for h, w in zip(heads, widths, strict=False)] + [text(tasks.over, sum(widths[plain:]))]]
        rows.append([text(h, w) for h, w in zip(tasks.money, widths[plain:], strict=True)])
    else:
        heads += [f"{header}（万元）" for header in tasks.money]
        rows = [[text(h, w) for h, w in zip(heads, widths, strict=True)]]
    for task in tasks.rows:
        texts = [task["name"], task["content"], *([task["goal"]] if tasks.goal else [])]
        texts += [task[tasks.more]] if tasks.more else []
        texts += [task["amounts"][header] for header in tasks.money]
        rows.append([text(t, w) for t, w in zip(texts, widths, strict=True)])
    if tasks.total is not None:
        first = text("金额合计", sum(widths[:plain]))
        rows.append([first, *(text(tasks.total[h], w) for h, w in zip(tasks.money, widths[plain:], strict=True))])
    return beside(lots.one(TASK_SIDES), rows, width) if side else rows
