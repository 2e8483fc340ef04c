"""The indicators of a form: their truth, and their rows with levels merged, repeated, in bands or letter by letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from schemas.language.values import parse_texts

from ..layout import Cell
from ..lots import QUALITIES, Lots, indicator
from .columns import CHANCES, Column, header_rows, shown, widths_of
from .grid import UNITS, Rows, text
from .words import WORDS

Indicator = dict[str, Any]
FRAME = (
    ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)
NUMERALS = "一二三四"
LENGTHS = ("quarter1", "quarter2", "quarter3", "quarter4", "half_year", "full_year", "whole_project")
STYLES = ("merged", "merged", "merged", "repeated", "top", "bands", "letters")


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


# ── how the rows are printed


def lay_out(lots: Lots, columns: Sequence[Column], rows: Sequence[Indicator], style: str, units: int = UNITS,
            *, numbers: bool = False) -> tuple[Rows, int]:  # fmt: skip
    """The header and the rows of a section, and the number of rows of its header."""
    printed = [c for c in columns if not (style == "bands" and c.key == "level1")]
    widths = widths_of(printed, units)
    out = header_rows(printed, widths)
    high = len(out)
    if numbers:
        out.append([text(str(n + 1), w) for n, w in enumerate(widths)])
    marks = lots.one(("", "", "", "、", "（）"))
    for start, end in runs(rows, ("level1",)):
        group = rows[start:end]
        if style == "bands":
            out.append([text(_marked(group[0]["level1"], start, rows, marks), units)])
        out += _group_rows(lots, printed, widths, rows, start, end, style, marks)
    return out, high


def runs(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[tuple[int, int]]:
    """(first, behind last) of rows that agree in some keys."""
    starts = [n for n, row in enumerate(rows) if n == 0 or any(row[k] != rows[n - 1][k] for k in keys)]
    return list(zip(starts, [*starts[1:], len(rows)], strict=True))


def _marked(name: str, row: int, rows: Sequence[Indicator], marks: str) -> str:
    """A name with the numeral of its group before it, as some forms print it."""
    number = [start for start, _ in runs(rows, ("level1",))].index(row)
    if marks == "、":
        return f"{NUMERALS[number]}、{name}"
    return f"（{NUMERALS[number]}）{name}" if marks else name


def _group_rows(
    lots: Lots, columns: Sequence[Column], widths: Sequence[int], rows: Sequence[Indicator], start: int, end: int,
    style: str, marks: str,
) -> Rows:  # fmt: skip
    """The rows of one level 1."""
    inner = dict(runs(rows, ("level1", "level2")))
    out: Rows = []
    for number in range(start, end):
        cells: list[Cell] = []
        for column, wide in zip(columns, widths, strict=True):
            if column.key not in ("level1", "level2"):
                cells.append(text(shown(column, rows[number]), wide))
                continue
            name = str(rows[number][column.key])
            if column.key == "level1":
                name = _marked(name, start, rows, marks)
                first, stop = start, end
            else:
                first, stop = max(b for b in inner if b <= number), 0
                stop = inner[first]
            if style == "repeated":
                cells.append(text(name, wide))
            elif style == "top":
                cells.append(text(name if number == first else "", wide))
            elif number == first:
                letters = "\n".join(name) if style == "letters" and column.key == "level1" and not marks else name
                cells.append(replace(text(name, wide, stop - first), text=letters))
        out.append(cells)
    return out
