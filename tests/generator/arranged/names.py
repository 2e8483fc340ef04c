"""The block of names, dates and texts about a project or a department: its fields and how labels stand to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..lots import PEOPLE, Lots
from .grid import UNITS, Rows, beside, row, spread, text
from .words import UNKNOWN_LABELS, Synonyms

NEW_LINE = "\n"  # labels in front of their values stand in one line
SIDES = ("基本情况", "基本信息", "项目基本情况", "项目基本信息")
MARKS = (("√", "□"), ("■", "□"), ("●", "○"))  # that every font has


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value as they are printed."""

    label: str
    value: str | None


@dataclass(slots=True)
class Names:
    """Fields of a form, short and long, with their truth; `lines` stand above the table, parted by where they begin."""

    short: list[Pair]
    long: list[Pair]
    fields: dict[str, str | None]
    choices: dict[str, list[str]]
    options: list[tuple[str, str]]
    above: list[Pair] = field(default_factory=list)
    below: list[Pair] = field(default_factory=list)


PROJECT = (
    "project_name",
    "supervising_department",
    "implementing_unit",
    "contact_name",
    "contact_phone",
    "start_date",
    "end_date",
)
DEPARTMENT = ("reporting_unit", "supervising_department", "contact_name", "contact_phone")
TEXTS = {"project": ("necessity", "feasibility", "content"), "department": ("main_functions", "staffing")}
CODED = ("supervising_department", "project_name", "implementing_unit", "reporting_unit")


def draw_names(lots: Lots, words: Synonyms, *, department: bool) -> Names:
    """Random fields of a form."""
    names = Names([], [], {}, {}, [])
    usual = DEPARTMENT if department else PROJECT
    for name in usual:
        first = name in usual[:2]
        if not (first or lots.chance(0.55)) or (name == "end_date" and "start_date" not in names.fields):
            continue
        if name == "contact_name" and lots.chance(0.2):
            names.short.append(_contact(lots, names))
        elif name not in names.fields:
            names.short.append(Pair(words.label(name), _value(lots, names, name)))
    if lots.chance(0.3):
        label = lots.one(UNKNOWN_LABELS)
        value = lots.project() if lots.chance(0.8) else None
        names.fields[label] = value
        names.short.append(Pair(label, value))
    for name in TEXTS["department" if department else "project"]:
        if lots.chance(0.35):
            names.fields[name] = lots.long_text()
            names.long.append(Pair(words.label(name), names.fields[name]))
    if not department and lots.chance(0.4):
        _draw_options(lots, words, names)
    if department and lots.chance(0.25):
        names.above.append(names.short.pop(0))  # the unit that files it
    elif not department and lots.chance(0.2):
        names.fields["reporting_unit"] = unit = lots.office("白塘市")
        names.above.append(Pair(lots.one(("填报单位", "填报单位（盖章）", "申报单位")), unit))
    if lots.chance(0.15):
        for label, value in (
            ("填报人", lots.one(PEOPLE)),
            ("填报日期", f"{lots.randint(2021, 2026)}年3月{lots.randint(1, 28)}日"),
        ):
            names.fields[label] = value
            names.below.append(Pair(label, value))
    return names


def _contact(lots: Lots, names: Names) -> Pair:
    """A name and a telephone number behind one label."""
    name, phone = lots.one(PEOPLE), f"138{lots.randint(10000000, 99999999)}"
    names.fields |= {"contact_name": name, "contact_phone": phone}
    return Pair(
        lots.one(("项目负责人/联系电话", "联系人及联系电话", "项目负责人及电话")),
        f"{name}{lots.one(('/', ' ', '，'))}{phone}",
    )


def _value(lots: Lots, names: Names, field: str) -> str | None:
    """A value as printed; what it means goes into the fields."""
    if field in ("start_date", "end_date"):
        year, month = (2021 if field == "start_date" else 2024) + lots.randint(0, 2), lots.randint(1, 12)
        printed, iso = lots.one(
            ((f"{year}年{month}月", f"{year}-{month:02}"), (f"{year}-{month:02}-01", f"{year}-{month:02}-01"),
             (f"{year}年{month}月15日", f"{year}-{month:02}-15"), (f"{year}.{month:02}", f"{year}-{month:02}"))
        )  # fmt: skip
        names.fields[field] = iso
        return printed
    value = {
        "project_name": lots.project, "supervising_department": lambda: lots.bureau(lots.one(("青石市", "临河县"))),
        "implementing_unit": lambda: lots.office("云溪县"), "reporting_unit": lambda: lots.office("白塘市"),
        "contact_name": lambda: lots.one(PEOPLE), "contact_phone": lambda: f"0{lots.randint(310, 999)}-{lots.randint(2000000, 8999999)}",
    }[field]()  # fmt: skip
    if field in ("contact_name", "contact_phone") and lots.chance(0.15):
        names.fields[field] = None
        return None
    names.fields[field] = value
    if field in CODED and lots.chance(0.2):
        code = str(lots.randint(100, 999999))
        names.fields["project_code" if field == "project_name" else f"{field}_code"] = code
        return f"{code}-{value}"
    return value


def _draw_options(lots: Lots, words: Synonyms, names: Names) -> None:
    group, options = lots.one(
        (("project_attribute", ("新增项目", "延续项目")), ("project_attribute", ("常年项目", "一次性项目", "阶段性项目")),
         ("project_category", ("其他运转类", "特定目标类")))
    )  # fmt: skip
    label, picked = words.choice(group), lots.one(options)
    names.choices[group] = [picked]
    if lots.chance(0.3):
        names.options.append((label, picked))
        return
    ticked, empty = lots.one(MARKS)
    behind = lots.chance(0.4)
    marks = [(option, ticked if option == picked else empty) for option in options]
    names.options.append((label, " ".join(o + m if behind else m + o for o, m in marks)))


# ── how they are printed


def lay_out(lots: Lots, names: Names) -> Rows:
    """Rows of the block: labels beside, above or before their values in one cell."""
    pairs = [*names.short, *(Pair(label, value) for label, value in names.options)]
    side = lots.one(SIDES) if lots.chance(0.25) else None
    width = lots.randint(2, 3) if side else 0
    style = lots.one((_beside, _beside, _in_cells, _above, _several_in_cells))
    rows = style(lots, pairs, UNITS - width)
    rows += [row((pair.label, pair.value), (4, 20), UNITS - width) for pair in names.long]
    return beside(side, rows, width) if side else rows


def _beside(lots: Lots, pairs: Sequence[Pair], units: int) -> Rows:
    """Each value to the right of its label, one to three pairs a row."""
    rows: Rows = []
    left = list(pairs)
    label = lots.randint(3, 4)
    while left:
        take = min(lots.one((1, 2, 2, 3)), len(left))
        widths = spread([1.0] * take, units)
        rows.append([])
        for pair, wide in zip(left[:take], widths, strict=True):
            colon = "：" if lots.chance(0.1) else ""
            rows[-1] += [text(pair.label + colon, min(label, wide - 2)), text(pair.value, wide - min(label, wide - 2))]
        left = left[take:]
    return rows


def _in_cells(lots: Lots, pairs: Sequence[Pair], units: int) -> Rows:
    """Each label before its value in one cell, one to three a row."""
    rows: Rows = []
    left = list(pairs)
    while left:
        take = min(lots.one((1, 2, 2, 3)), len(left))
        rows.append(
            row([f"{p.label.replace(NEW_LINE, '')}：{p.value or ''}" for p in left[:take]], [1.0] * take, units)
        )
        left = left[take:]
    return rows


def _several_in_cells(lots: Lots, pairs: Sequence[Pair], units: int) -> Rows:
    """Two labels with their values in a cell, in lines of their own or parted by wide blanks."""
    between = lots.one(("\n", "\u3000\u3000\u3000"))
    plain = [f"{p.label.replace(NEW_LINE, '')}：{p.value or ''}" for p in pairs]
    if len(pairs) < 2 or any(p.label in UNKNOWN_LABELS or not p.value or "□" in p.value for p in pairs):
        return _in_cells(lots, pairs, units)
    return [[text(between.join(plain[n : n + 2]), units)] for n in range(0, len(plain), 2)]


def _above(lots: Lots, pairs: Sequence[Pair], units: int) -> Rows:
    """A row of labels over a row of their values, where there are labels enough to be one."""
    if not 3 <= len(pairs) <= 6 and len(pairs) != 8:
        return _beside(lots, pairs, units)
    rows: Rows = []
    for part in (pairs[:4], pairs[4:]) if len(pairs) == 8 else (pairs,):
        rows += [
            row([p.label for p in part], [1.0] * len(part), units),
            row([p.value for p in part], [1.0] * len(part), units),
        ]
    return rows
