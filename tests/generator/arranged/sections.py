"""The section of indicators of a form: one block, a block of the whole project above one of the year, or two halves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..lots import Lots
from . import indicators
from .columns import LEVELS, Column, printed_keys, widths_of
from .grid import UNITS, Rows, beside, row, runs, text
from .indicators import Indicator
from .rows import STYLES, lay_out, printed_columns

SIDES = ("绩效指标", "年度绩效指标", "绩效指标体系", "年度指标")
LONG_TERM = ("长期绩效指标", "中期绩效指标", "实施期绩效指标", "中长期绩效指标")
ANNUAL = ("年度绩效指标", "本年绩效指标", "当年绩效指标")
PERIODS = (("中期", "年度"), ("长期", "年度"), ("实施期", "当年"))
NOT_BESIDE = frozenset({"targets.half_year", "targets.whole_project", "op", "unit"})
"""Columns that make two blocks or halves of a form hard to tell for a reader too."""


@dataclass(slots=True)
class Section:
    """Its rows as printed, what they mean, and the keys of its columns; `header` is its row where it has but one."""

    rows: Rows
    indicators: list[Indicator]
    keys: list[str]
    shape: str
    header: int | None = None
    points: dict[str, str] | None = None  # the sums that its last row prints, by the keys of their columns


def draw_section(lots: Lots, columns: Sequence[Column], look: str, points: int, units: int = UNITS) -> Section:
    """A section whose points add up to `points`."""
    style = lots.one(STYLES)
    keys = printed_keys(columns)
    plain = look == "plan" and "targets.full_year" in keys and NOT_BESIDE.isdisjoint(keys)
    if plain and lots.chance(0.2):
        return _two_blocks(lots, columns, style, units)
    if plain and units == UNITS and len(columns) <= 5 and "level2" in keys and lots.chance(0.35):
        return _halves(lots, columns)
    return _one_block(lots, columns, style, points, units)


def _one_block(lots: Lots, columns: Sequence[Column], style: str, sum_of_all: int, units: int) -> Section:
    rows = indicators.draw_indicators(lots, columns, points=sum_of_all)
    width = 2 if lots.chance(0.6) else 0
    numbers = lots.chance(0.1)
    made, high = lay_out(lots, columns, rows, style, units - width, numbers=numbers)
    points = _total(lots, made, rows, columns, style, units - width) if lots.chance(0.5) else None
    if width:
        made = beside(lots.one(SIDES), made, width)
    shape = f"{style}{' numbered' if numbers else ''}{' total' if points else ''}"
    return Section(made, rows, printed_keys(columns), shape, 0 if high == 1 else None, points)


def _total(
    lots: Lots, made: Rows, rows: Sequence[Indicator], columns: Sequence[Column], style: str, units: int
) -> dict[str, str] | None:
    """Adds a last row with the sum of points, where the section prints points."""
    keys = [c.key for c in columns]
    if "weights.full_year" not in keys:
        return None
    points = {"weights.full_year": "100"}
    if "score" in keys:
        points["score"] = str(sum(Decimal(one["score"]) for one in rows))
    printed = printed_columns(columns, style)
    widths = widths_of(printed, units)
    first = next(n for n, c in enumerate(printed) if c.key not in LEVELS)
    cells = [text(points.get(c.key), w) for c, w in zip(printed[first:], widths[first:], strict=True)]
    made.append([text(lots.one(("合计", "总分", "总计")), sum(widths[:first])), *cells])
    return points


def _two_blocks(lots: Lots, columns: Sequence[Column], style: str, units: int) -> Section:
    """A block of the whole project above one of the year: their headings, beside or above, tell which is which."""
    bands = lots.chance(0.4)
    width = 0 if bands else 2
    made: Rows = []
    rows: list[Indicator] = []
    for period, heading in (("whole_project", lots.one(LONG_TERM)), ("full_year", lots.one(ANNUAL))):
        own = indicators.draw_indicators(lots, columns, few=lots.chance(0.5))
        part, _ = lay_out(lots, columns, own, style, units - width)
        if period == "whole_project":
            for one in own:
                _of_whole(one)
        made += [[text(heading, units)], *part] if bands else beside(heading, part, width)
        rows += own
    return Section(made, rows, _in_order(printed_keys(columns)), f"blocks {style}{' bands' if bands else ''}")


def _in_order(keys: Sequence[str]) -> list[str]:
    """The keys of both blocks: the year's stand where the second header prints them, behind what both print before."""
    first = [key.replace("full_year", "whole_project") for key in keys]
    out = list(first)
    at = 0
    for key in keys:
        if key in out:
            at = out.index(key) + 1
        else:
            out.insert(at, key)
            at += 1
    return out


def _of_whole(one: Indicator) -> None:
    for key in ("targets", "values", "weights"):
        if "full_year" in one[key]:
            one[key]["whole_project"] = one[key].pop("full_year")


def _halves(lots: Lots, columns: Sequence[Column]) -> Section:
    """The whole project's indicators beside the year's, below the same levels."""
    by_key = {c.key: c for c in columns}
    levels = [by_key["level1"], by_key["level2"]]
    name, target = by_key["level3"], by_key["targets.full_year"]
    kept = [*levels, name, target]
    made = _heads_of_halves(lots, levels, name, target)
    left = indicators.draw_indicators(lots, kept)
    spans = {c.key: dict(runs(left, LEVELS[: n + 1])) for n, c in enumerate(levels)}
    out: list[Indicator] = []
    for number, one in enumerate(left):
        other = indicators.fill(lots, {**one, "targets": {}, "values": {}}, kept)
        first = one["targets"]["full_year"]
        _of_whole(one)
        same = lots.chance(0.5) or other["level3"] == one["level3"]
        if same:
            second = first if lots.chance(0.5) else other["targets"]["full_year"]
            other["level3"], other["targets"] = one["level3"], {"full_year": second}
            one["targets"] |= other["targets"]
            one["values"] |= indicators.parsed({"targets.full_year": second}, one)
        out += [one] if same else [one, other]
        cells = [text(one[c.key], 3, spans[c.key][number] - number) for c in levels if number in spans[c.key]]
        made.append(
            [*cells, *row((one["level3"], first, other["level3"], other["targets"]["full_year"]), (6, 3, 6, 3), 18)]
        )
    keys = [*LEVELS, "targets.whole_project", "targets.full_year"]
    return Section(made, out, keys, "halves")


def _heads_of_halves(lots: Lots, levels: Sequence[Column], name: Column, target: Column) -> Rows:
    """Headings over the halves, or periods in the headers of their values."""
    whole, year = lots.one(PERIODS)
    if lots.chance(0.5):
        over = [text(f"{whole}绩效指标", 9), text(f"{year}绩效指标", 9)]
        return [
            [*(text(c.header, 3, 2) for c in levels), *over],
            row((name.header, target.header) * 2, (6, 3, 6, 3), 18),
        ]
    heads = row((name.header, f"{whole}指标值", name.header, f"{year}指标值"), (6, 3, 6, 3), 18)
    return [[*(text(c.header, 3) for c in levels), *heads]]
