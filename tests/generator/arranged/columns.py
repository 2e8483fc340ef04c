"""The columns of an indicator table: which it has, how their headers call them, and what each row prints in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..lots import Lots
from .grid import UNITS, Rows, spread, text
from .words import OTHER_HEADERS, Synonyms

LEVELS = ("level1", "level2", "level3")
SHARES = {
    "level1": 2.0,
    "level2": 2.4,
    "level3": 4.0,
    "criteria": 4.0,
    "note": 3.0,
    "actual": 2.6,
    "causes": 1.0,
    "likelihood": 1.0,
}
SHARE = 2.2
PAST = (("前年", "上年"), ("上年",), ("上年完成值",), ("前年完成值", "上年完成值"))
CAUSES = ("经费保障", "制度保障", "人员保障", "硬件保障", "其他")
CHANCES = ("确定能", "有可能", "不可能")
SO_FAR = ("1-7月完成情况", "1～8月执行情况", "截至7月底完成值", "上半年完成情况")
AHEAD = ("全年预计完成情况", "预计全年完成值", "全年预计完成值")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its role (with a header behind a colon where a table may have several), its header, one over it."""

    role: str
    header: str
    over: str | None = None

    @property
    def key(self) -> str:
        return self.role.split(":")[0]

    @property
    def part(self) -> str:
        return self.role.partition(":")[2]

    @property
    def share(self) -> float:
        return SHARES.get(self.key, SHARE)


def draw_columns(lots: Lots, words: Synonyms, look: str) -> list[Column]:
    """The columns of a plan, a review or a monitoring form, from left to right."""
    levels = LEVELS if lots.chance(0.85) else ("level1", "level3")
    out = [Column(role, words.header(role)) for role in levels]
    if lots.chance(0.15):
        out[-1] = Column("level3", "绩效指标" if len(levels) == 3 else "指标")
    if look == "plan":
        out += _plan(lots, words)
    elif look == "review":
        out += _review(lots, words)
    else:
        out += _monitoring(lots, words)
    if lots.chance(0.1):
        header = lots.one(OTHER_HEADERS)
        out.append(Column(f"other:{header}", header))
    if look != "plan" or lots.chance(0.3):
        out.append(Column("note", words.header("note")))
    return out


def _plan(lots: Lots, words: Synonyms) -> list[Column]:
    periods = lots.one(
        (("full_year",), ("full_year",), ("full_year",), ("half_year", "full_year"), ("whole_project", "full_year"),
         ("quarter1", "quarter2", "quarter3", "quarter4"), ("full_year", "half_year"))
    )  # fmt: skip
    out = [Column(f"targets.{period}", words.header(f"targets.{period}")) for period in periods]
    if lots.chance(0.25):
        headers = lots.one(PAST)
        past = [Column(f"history:{h}", h, "历史值" if len(headers) > 1 and lots.chance(0.5) else None) for h in headers]
        if len({c.over for c in past}) == 1:
            out = past + out
    if lots.chance(0.3):
        out.insert(0, Column("op", words.header("op")))
    if lots.chance(0.3):
        out.append(Column("unit", words.header("unit")))
    if lots.chance(0.3):
        out.append(Column("weights.full_year", words.header("weights.full_year")))
    if lots.chance(0.15):
        lots.shuffle(out)
    return out


def _review(lots: Lots, words: Synonyms) -> list[Column]:
    target, actual = (Column(role, words.header(role)) for role in ("targets.full_year", "actual"))
    weight, score = (Column(role, words.header(role)) for role in ("weights.full_year", "score"))
    out = lots.one(([weight, target, actual, score], [target, actual, weight, score], [target, weight, actual, score]))
    if lots.chance(0.3):
        out.insert(-1, Column("criteria", words.header("criteria")))
    return out


def _monitoring(lots: Lots, words: Synonyms) -> list[Column]:
    out = [Column("targets.full_year", words.header("targets.full_year"))]
    out += [Column("progress", lots.one(SO_FAR)), Column("forecast", lots.one(AHEAD))]
    if lots.chance(0.6):
        over = lots.one(("偏差原因分析", "偏差原因", "未完成原因"))
        out += [Column(f"causes:{cause}", cause, over) for cause in CAUSES[: lots.randint(2, 5)]]
    if lots.chance(0.6):
        out += [Column(f"likelihood:{chance}", chance, "完成目标可能性") for chance in CHANCES]
    elif lots.chance(0.5):
        out.append(Column("likelihood", "完成目标可能性"))
    return out


def printed_keys(columns: Sequence[Column]) -> list[str]:
    """The record's `columns`: each key once, in printed order."""
    return list(dict.fromkeys(column.key for column in columns if column.key != "other"))


def shown(column: Column, indicator: Mapping[str, Any]) -> str | None:
    """What a row prints in a column."""
    key, part = column.key, column.part
    if key == "causes":
        return "√" if part in indicator["causes"] else None
    if key == "likelihood" and part:
        return "√" if part == indicator["likelihood"] else None
    if key == "likelihood":
        return " ".join(("■" if chance == indicator["likelihood"] else "□") + chance for chance in CHANCES)
    if key in ("history", "other"):
        return str(indicator[key][part] or "") or None
    whole, _, inner = key.partition(".")
    value = indicator[whole][inner] if inner else indicator[whole]
    return None if value is None else str(value)


def widths_of(columns: Sequence[Column], units: int = UNITS) -> list[int]:
    return spread([column.share for column in columns], units)


def header_rows(columns: Sequence[Column], widths: Sequence[int]) -> Rows:
    """One row of headers; two where some stand over others."""
    if not any(column.over for column in columns):
        return [[text(c.header, w) for c, w in zip(columns, widths, strict=True)]]
    rows: Rows = [[], []]
    before: str | None = None
    for column, wide in zip(columns, widths, strict=True):
        if column.over is None:
            rows[0].append(text(column.header, wide, 2))
        else:
            rows[1].append(text(column.header, wide))
            if column.over == before and rows[0]:
                last = rows[0].pop()
                rows[0].append(text(last.text, last.across + wide))
            else:
                rows[0].append(text(column.over, wide))
        before = column.over
    return rows
