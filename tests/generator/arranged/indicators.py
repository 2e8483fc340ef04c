"""The indicators of a form: what each says in every column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from schemas.language.values import parse_texts

from ..lots import QUALITIES, Lots, indicator
from .columns import CHANCES, Column
from .grid import runs
from .words import WORDS

Indicator = dict[str, Any]
FRAME = (
    ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)
LENGTHS = ("quarter1", "quarter2", "quarter3", "quarter4", "half_year", "full_year", "whole_project")


def draw_indicators(lots: Lots, columns: Sequence[Column], *, few: bool = False, points: int = 100) -> list[Indicator]:
    """Indicators under the common levels, with a value for each column; their points add up to `points`."""
    out = []
    for level1, level2s in FRAME:
        kept = [name for name in level2s if lots.chance(0.6)] or [level2s[0]]
        for level2 in kept[: 1 if few else None]:
            for _ in range(1 if few else lots.one((1, 1, 2, 3))):
                out.append(fill(lots, indicator(level1=level1, level2=level2), columns))
    _give_points(lots, out, columns, points)
    return out


def _give_points(lots: Lots, rows: Sequence[Indicator], columns: Sequence[Column], sum_of_all: int) -> None:
    """Points that add up, and scores within them."""
    keys = {column.key for column in columns}
    if "weights.full_year" not in keys:
        return
    for one, points in zip(rows, lots.split(Decimal(sum_of_all - len(rows)), len(rows)), strict=True):
        one["weights"]["full_year"] = str(points + 1)
        if "score" in keys:
            less = lots.one((Decimal(0), Decimal(0), Decimal("0.5"), Decimal(1)))
            one["score"] = str(points + 1 - less)
    if lots.chance(0.15):
        for start, end in runs(rows, ("level1",)):
            total = str(sum(int(one["weights"]["full_year"]) for one in rows[start:end]))
            for one in rows[start:end]:
                one["level_points"] = {"level1": total}


def fill(lots: Lots, one: Indicator, columns: Sequence[Column]) -> Indicator:
    keys = {column.key for column in columns}
    one["level3"], unit = lots.level3()
    if "level2" not in keys:
        one["level2"] = None
    if "op" in keys:
        one["op"] = "定性" if unit is None else lots.one(("≥", "≤", "=", ">"))
    if "unit" in keys:
        one["unit"] = unit
    _fill_targets(lots, one, columns, unit, bare="unit" in keys)
    for column in columns:
        _fill_column(lots, one, column, unit)
    texts = {"actual": one["actual"]} if "actual" in keys else {}
    texts |= {f"targets.{period}": raw for period, raw in one["targets"].items()}
    texts |= {key: one[key] for key in ("progress", "forecast") if key in keys}
    one["values"] = parsed(texts, one)
    return one


def parsed(texts: Mapping[str, str | None], one: Indicator) -> dict[str, Any]:
    values = parse_texts(texts, one["op"], one["unit"], WORDS)
    return {key: None if value is None else value.model_dump() for key, value in values.items()}


def _fill_targets(lots: Lots, one: Indicator, columns: Sequence[Column], unit: str | None, *, bare: bool) -> None:
    """A target for each period; those of longer periods are the larger ones."""
    periods = [c.key.removeprefix("targets.") for c in columns if c.key.startswith("targets.")]
    if len(periods) == 1:
        one["targets"][periods[0]] = _target(lots, one, unit, bare=bare)
        return
    word, sign, number = lots.one(QUALITIES), lots.one(("", "≥", "=", "不少于")), lots.randint(2, 60)
    for period in sorted(periods, key=LENGTHS.index):
        number += lots.randint(1, 9)
        counted = str(number) + ("" if bare else unit or "")
        counted = counted if one["op"] else sign + counted
        one["targets"][period] = word if unit is None else counted


def _fill_column(lots: Lots, one: Indicator, column: Column, unit: str | None) -> None:
    key = column.key
    if key == "weights.full_year":
        one["weights"]["full_year"] = "0"  # until all of them are known
    elif key in ("actual", "progress", "forecast"):
        one[key] = _result(lots, unit)
    elif key == "score":
        one[key] = "0"
    elif key == "history":
        held = one.setdefault("history", {})
        held[column.part] = None if lots.chance(0.1) else _result(lots, unit)
    elif key == "other":
        one.setdefault("other", {})[column.part] = lots.one((None, "统计台账", "业务系统数据"))
    elif key == "causes":
        one.setdefault("causes", [])
        if lots.chance(0.15):
            one["causes"].append(column.part)
    elif key == "likelihood":
        one.setdefault("likelihood", lots.one(CHANCES))
    elif key in ("criteria", "note"):
        one[key] = lots.sentence() if key == "criteria" or lots.chance(0.2) else None


def _target(lots: Lots, one: Indicator, unit: str | None, *, bare: bool) -> str | None:
    if one["op"] == "定性" or (bare and unit is None):
        return lots.one(QUALITIES)
    if one["op"] or bare:
        return lots.number(unit) + ("" if bare else unit or "")
    return lots.target(unit).raw


def _result(lots: Lots, unit: str | None) -> str:
    return lots.one(QUALITIES) if unit is None else lots.number(unit) + unit
