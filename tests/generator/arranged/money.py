"""The money of a form: its lines, their columns, and the ways in which forms print them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..lots import Lots
from .grid import UNITS, Rows, beside, row, spread, text
from .words import Synonyms

TOTALS = (
    "年度资金总额",
    "资金总额",
    "项目总额",
    "项目资金总额",
    "预算总额",
    "年度预算总额",
    "实施期资金总额",
    "总金额",
    "中期资金总额",
)
PARTS = (
    ("财政拨款", "其他资金"),
    ("本年财政拨款", "上年结转资金", "其他资金"),
    ("中央财政资金", "省级财政资金", "市县财政资金", "社会资金"),
    ("一般公共预算资金", "政府性基金预算资金", "单位自筹资金"),
    ("财政性资金", "自有资金"),
    ("本级财政补助", "上级补助"),
)  # fmt: skip
SPENT = (("基本支出", "项目支出"), ("人员类支出", "运转类支出", "特定目标类支出"))
BLOCKS = ("项目资金", "资金情况", "预算情况", "项目预算", "资金来源", "预算资金情况", "经费预算", "项目资金执行情况")
PART_MARKS = ("其中：", "其中:", "其中： ", "其中")
PLAN = (("full_year_budget",), (None,), (None,), (None,))
REVIEW = (("initial_budget", "full_year_budget", "actual", "weight", "execution_rate", "score"),
          ("full_year_budget", "actual", "execution_rate"), ("initial_budget", "adjusted_budget", "actual"),
          ("full_year_budget", "actual"))  # fmt: skip
MONITORING = (("initial_budget", "progress", "progress_rate", "forecast"), ("full_year_budget", "progress", "forecast"))
SO_FAR = ("1-7月", "1～6月", "1至9月", "截至7月底", "上半年")


@dataclass(slots=True)
class Line:
    """A line of money: its printed label, its path, and for each column what is printed."""

    label: str
    path: list[str]
    amounts: dict[str, str | None]
    side: str = "income"


@dataclass(slots=True)
class Money:
    """The lines of a block in printed order and the columns (roles or `other:` and header; None: no header)."""

    lines: list[Line]
    columns: list[tuple[str, str | None]]  # (role, printed header)
    unit: str
    declared: str  # where the unit stands: in the block's name, in the total's label, above the table
    shape: str = ""  # `sides`: income beside expenditure; `fiscal`: 财政拨款 with its kinds beside it

    @property
    def weighs(self) -> bool:
        """Whether it prints points of its own, as forms give ten to the rate of execution."""
        return any(role == "weight" for role, _ in self.columns)

    def funds(self) -> list[dict[str, Any]]:
        """The truth: row by row, within a row by column."""
        return [_fund(line, role) for line in self.lines for role, _ in self.columns]


def _fund(line: Line, role: str) -> dict[str, Any]:
    raw = line.amounts[role]
    return {"side": line.side, "path": line.path, "column": role, "amount": _digits(raw), "raw": raw}


def _digits(raw: str | None) -> str | None:
    if raw is None:
        return None
    bare = raw.removeprefix("¥").removesuffix("%").removesuffix("万元").removesuffix("元").replace(",", "")
    if bare.startswith(("（", "(")):
        return "-" + bare.strip("（）()")
    return bare.replace("△", "-")


def draw_money(lots: Lots, words: Synonyms, look: str) -> Money:
    """Lines of money with their amounts; `look` is plan, review or monitoring."""
    unit = lots.one(("万元", "万元", "万元", "元"))
    roles = lots.one({"plan": PLAN, "review": REVIEW, "monitoring": MONITORING}[look])
    columns = [(role or "full_year_budget", _header(lots, words, role)) for role in roles]
    if look == "plan" and roles[0] and lots.chance(0.4):
        year = lots.randint(2022, 2025)
        columns = [(f"other:{y}年", f"{y}年") for y in (year - 2, year - 1)] + columns
    if look == "plan" and not any(header for _, header in columns) and lots.chance(0.25):
        return _draw_shaped(lots, unit)
    spent = lots.chance(0.2) and look == "plan"
    parts = lots.one(SPENT if spent else PARTS)
    lines = _lines(lots, lots.one(TOTALS), parts, [role for role, _ in columns])
    if spent:
        for line in lines:
            line.side = "expenditure"
    money = Money(lines, columns, unit, lots.one(("block", "total", "above")))
    _write_amounts(lots, money)
    return money


def _draw_shaped(lots: Lots, unit: str) -> Money:
    """Income with the kinds of 财政拨款, and expenditure beside or below it."""
    column = "full_year_budget"
    kinds = lots.one(
        (("小计", "一般公共预算资金", "政府性基金预算"), ("一般公共预算", "政府性基金预算", "国有资本经营预算拨款"))
    )
    shape = lots.one(("sides", "fiscal"))
    total = lots.amount()
    first, rest = lots.split(total, 2)
    if shape == "fiscal":
        amounts = [first, first, Decimal(0)] if kinds[0] == "小计" else lots.split(first, 3)
        lines = [Line(kind, ["财政拨款", kind], {column: str(a)}) for kind, a in zip(kinds, amounts, strict=True)]
        lines.append(Line("其他资金", ["其他资金"], {column: str(rest)}))
        return Money(lines, [(column, None)], unit, lots.one(("block", "above")), shape)
    lines = [Line(name, [name], {column: str(a)}) for name, a in (("财政拨款", first), ("其他资金", rest))]
    halves = lots.split(total, 2)
    lines += [Line(n, [n], {column: str(a)}, "expenditure") for n, a in zip(SPENT[0], halves, strict=True)]
    return Money(lines, [(column, None)], unit, lots.one(("block", "above")), shape)


def _header(lots: Lots, words: Synonyms, role: str | None) -> str | None:
    if role is None:
        return None
    so_far = lots.one(SO_FAR)
    if role == "progress" and lots.chance(0.5):
        return f"{so_far}执行数"
    if role == "progress_rate" and lots.chance(0.5):
        return f"{so_far}执行率"
    return words.fund_column(role)


def _lines(lots: Lots, total: str, parts: Sequence[str], roles: Sequence[str]) -> list[Line]:
    """A total and its parts: under 其中 they are its children, without it they stand beside it."""
    mark = lots.one(PART_MARKS) if lots.chance(0.7) else ""
    lines = [Line(total, [total], {})]
    for number, part in enumerate(parts):
        label = (mark if number == 0 else "") + part
        lines.append(Line(label, [total, part] if mark else [part], {}))
    return lines


def _write_amounts(lots: Lots, money: Money) -> None:
    """Amounts that add up, each written in one of the ways in which forms write them."""
    writing = lots.one(("plain", "plain", "plain", "separators", "unit"))
    nothing = lots.one(("0", "0.00", None, "/", "—"))
    total = lots.amount(500_000 if writing == "separators" else 3000)
    amounts = [total, *lots.split(total, len(money.lines) - 1)]
    if lots.chance(0.1) and not any(role in ("actual", "progress") for role, _ in money.columns):
        amounts[-1] = -lots.amount(9)
        amounts[0] = sum(amounts[1:], Decimal(0))
    spent = [Decimal(0)] + [(a * lots.randint(40, 100) / 100).quantize(Decimal("0.01")) for a in amounts[1:]]
    spent[0] = sum(spent, Decimal(0))
    for role, _ in money.columns:
        if role in ("execution_rate", "progress_rate"):
            values = [f"{s / a * 100:.2f}%" if a else nothing for s, a in zip(spent, amounts, strict=True)]
        elif role in ("weight", "score"):
            values = ["10", *[None] * (len(money.lines) - 1)]
        else:
            own = spent if role in ("actual", "progress") else amounts
            values = [_written(lots, amount, writing, nothing, money.unit) for amount in own]
        for line, value in zip(money.lines, values, strict=True):
            line.amounts[role] = value


def _written(lots: Lots, amount: Decimal, writing: str, nothing: str | None, unit: str) -> str | None:
    if not amount:
        return nothing
    if amount < 0:
        return lots.one(("（{}）", "({})", "△{}", "-{}")).format(-amount)
    shown = lots.printed(amount, separators=writing == "separators")
    return shown + unit if writing == "unit" else shown


# ── how it is printed


def lay_out(lots: Lots, words: Synonyms, money: Money) -> Rows:
    """The rows of the block, in one of the ways that its columns allow."""
    if money.declared == "total":
        money.lines[0].label += f"（{money.unit}）"
    name = lots.one(BLOCKS) + (f"（{money.unit}）" if money.declared == "block" else "")
    if any(header for _, header in money.columns):
        return _under_headers(lots, money, name)
    if money.shape == "sides":
        return _sides(lots, money, name)
    if money.shape == "fiscal":
        return _fiscal(lots, money, name)
    return lots.one((_beside, _beside, _in_cells, _in_one_cell, _across, _to_the_right, _in_a_row))(lots, money, name)


def _under_headers(lots: Lots, money: Money, name: str) -> Rows:
    width = lots.randint(2, 4)
    shares = [lots.randint(4, 6), *[2.5] * len(money.columns)]
    corner = lots.one(("", "资金来源", "项目")) if width > 2 else ""
    rows = [row([corner, *(header for _, header in money.columns)], shares, UNITS - width)]
    for line in money.lines:
        rows.append(row([line.label, *(line.amounts[role] for role, _ in money.columns)], shares, UNITS - width))
    return beside(name, rows, width)


def _amount(money: Money, line: Line) -> str | None:
    return line.amounts[money.columns[0][0]]


def _beside(lots: Lots, money: Money, name: str) -> Rows:
    """Each line in a row, or several of them, its amount to its right."""
    width = lots.randint(2, 4)
    rows = [row((line.label, _amount(money, line)), (8, 12), UNITS - width) for line in money.lines]
    return beside(name, rows, width)


def _in_cells(lots: Lots, money: Money, name: str) -> Rows:
    width = lots.randint(2, 4)
    rows = [row([f"{line.label}：{_amount(money, line) or ''}"], [1], UNITS - width) for line in money.lines]
    return beside(name, rows, width)


def _in_one_cell(lots: Lots, money: Money, name: str) -> Rows:
    lines = "\n".join(f"{line.label}：{_amount(money, line) or ''}" for line in money.lines)
    return [row([name, lines], (4, 20))]


def _across(lots: Lots, money: Money, name: str) -> Rows:
    """The labels in a row, the amounts in the row below."""
    if money.lines[1].label != money.lines[1].path[-1]:
        return _beside(lots, money, name)  # 其中 is said below a total, not beside it
    shares = [1.0] * len(money.lines)
    labels = row([line.label for line in money.lines], shares, 20)
    return beside(name, [labels, row([_amount(money, line) for line in money.lines], shares, 20)], 4)


def _to_the_right(lots: Lots, money: Money, name: str) -> Rows:
    """The total at the left over all rows, its parts to the right of it below each other."""
    total, *parts = money.lines
    if len(total.path) == len(parts[0].path):
        return _beside(lots, money, name)
    width = lots.randint(2, 4)
    room = spread((5, 4, 6, 5), UNITS - width)
    first = [text(total.label, room[0], len(parts)), text(_amount(money, total), room[1], len(parts))]
    rows: Rows = [[text(line.label, room[2]), text(_amount(money, line), room[3])] for line in parts]
    rows[0] = [*first, *rows[0]]
    return beside(name, rows, width)


def _in_a_row(lots: Lots, money: Money, name: str) -> Rows:
    """The whole block in one row: each label with its amount to its right; the total's may be the block's name."""
    if not 2 <= len(money.lines) <= 3:
        return _beside(lots, money, name)
    shares = [3.0, 2.0] * len(money.lines)
    texts = [part for line in money.lines for part in (line.label, _amount(money, line))]
    if money.declared == "block":
        texts[0] = f"{money.lines[0].label}（{money.unit}）"
    return [row(texts, shares)]


def _sides(lots: Lots, money: Money, name: str) -> Rows:
    """Income at the left, expenditure at the right of it."""
    width = lots.randint(2, 4)
    room = spread((5, 4, 5, 4), UNITS - width)
    income, spent = money.lines[:2], money.lines[2:]
    rows = [[text("收入", room[0] + room[1]), text("支出", room[2] + room[3])]]
    for one, other in zip(income, spent, strict=True):
        texts = (one.label, _amount(money, one), other.label, _amount(money, other))
        rows.append([text(t, w) for t, w in zip(texts, room, strict=True)])
    return beside(name, rows, width)


def _fiscal(lots: Lots, money: Money, name: str) -> Rows:
    """财政拨款 over the rows of its kinds."""
    width = lots.randint(2, 4)
    outer, inner, amount = spread((4, 6, 6), UNITS - width)
    kinds, other = money.lines[:-1], money.lines[-1]
    rows = [[text(line.label, inner), text(_amount(money, line), amount)] for line in kinds]
    rows[0].insert(0, text("财政拨款", outer, len(kinds)))
    rows.append([text(other.label, outer + inner), text(_amount(money, other), amount)])
    return beside(name, rows, width)
