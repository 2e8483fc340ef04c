"""The truth: one function a kind of form draws a record of random values, with nothing of how it is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from .lots import (
    GRADES,
    OFFICES,
    OUTLAYS,
    PEOPLE,
    PLACES,
    PROJECT_STANDARD,
    QUALITIES,
    STANDARD,
    THINGS,
    Lots,
    Target,
    indicator,
    text_value,
)

Record = dict[str, Any]

BENEFITS = ("经济效益", "社会效益", "生态效益", "可持续影响")
OUTPUTS = ("数量指标", "质量指标", "时效指标", "成本指标")
OFF_BALANCE = 0.1  # of the money trees do not add up, as some that are filed do not


def _record(family: str, kind: str, title: str, year: int | None, unit: str, columns: Sequence[str]) -> Record:
    return {
        "family": family, "kind": kind, "title": title, "year": year, "amount_unit": unit, "fields": {}, "choices": {},
        "tasks": [], "funds": [], "columns": list(columns), "indicators": [],
    }  # fmt: skip


def _fund(side: str, path: Sequence[str], column: str, raw: str | None) -> dict[str, Any]:
    amount = None if raw is None else raw.replace(",", "").removesuffix("万元").removesuffix("元").strip()
    return {"side": side, "path": list(path), "column": column, "amount": amount, "raw": raw}


def _set(row: dict[str, Any], period: str, target: Target) -> None:
    row["targets"][period] = target.raw
    row["values"][period] = target.value


# ── Money.
def _income(lots: Lots, total: Decimal, fiscal: Sequence[str], others: Sequence[str]) -> list[dict[str, Any]]:
    """Income lines: the total, 财政拨款 with its 小计 and parts, and what stands beside it."""
    zero = lots.one(("0", None, None))
    beside = lots.split(total, 2) if lots.chance(0.3) else [total, Decimal(0)]
    parts = lots.split(beside[0], len(fiscal)) if lots.chance(0.4) else [beside[0]] + [Decimal(0)] * (len(fiscal) - 1)
    separators = lots.chance(0.15)

    def show(amount: Decimal) -> str | None:
        return lots.printed(amount, separators=separators) if amount else zero

    rest = lots.randrange(len(others))
    lines = [(["资金总额"], total), (["财政拨款", "小计"], beside[0])]
    lines += [(["财政拨款", name], part) for name, part in zip(fiscal, parts, strict=True)]
    lines += [([name], beside[1] if n == rest else Decimal(0)) for n, name in enumerate(others)]
    return [_fund("income", path, "full_year_budget", show(amount)) for path, amount in lines]


def _outlay(lots: Lots, total: Decimal, columns: Sequence[str], *, with_total: bool, suffix: str = "") -> list[Any]:
    """Expenditure lines: 基本支出, 项目支出 and its parts, in two columns; of the total only where it is printed."""
    count = lots.randint(1, 9)
    basic, projects = lots.split(total, 2)
    parts = lots.split(projects, count)
    if lots.chance(OFF_BALANCE):
        parts[0] += 1
    lines = [(["资金总额"], total)] if with_total else []
    lines += [(["基本支出"], basic), (["项目支出"], projects)]
    lines += [(["项目支出", name], part) for name, part in zip(lots.outlays(count), parts, strict=True)]
    out = []
    for path, amount in lines:
        other = amount - (amount / 2).quantize(Decimal(1)) if amount > 2 else amount
        pair = (other, amount) if columns[0] == "half_year_plan" else (amount, other)
        for column, value in zip(columns, pair, strict=True):
            raw = None if lots.chance(0.04) else lots.printed(value) + suffix
            out.append(_fund("expenditure", path, column, raw))
    return out


# ── Indicators.
def _standard(lots: Lots, names: Mapping[str, Mapping[str, Sequence[str]]], suffix: str) -> list[dict[str, Any]]:
    """Rows of the common framework, some left out, in the framework's order."""
    rows = []
    for level1, groups in names.items():
        for level2, level3s in groups.items():
            kept = [name for name in level3s if lots.chance(0.8)] or [level3s[0]]
            rows += [indicator(level1=level1 + suffix, level2=level2, level3=name) for name in kept]
    return rows


def _fill_standard(lots: Lots, rows: Sequence[dict[str, Any]], periods: Sequence[str]) -> None:
    for row in rows:
        unit = "%" if row["level3"].endswith("率") else None
        for period in periods:
            _set(row, period, lots.target(unit))


def _duties(lots: Lots, level1: str, periods: Sequence[str], *, linked: bool) -> list[dict[str, Any]]:
    """Rows of the duties of a department: level 2, focus of work and project may each span some rows."""
    rows = []
    for number in range(1, lots.randint(2, 4)):
        duty = f"职能{number}：{lots.sentence()}" if linked else lots.sentence()[:24].rstrip("，。")
        for _ in range(lots.randint(1, 2)):
            focus = f"{lots.one(PLACES)}{lots.one(THINGS)}相关工作" + ("（含上年结转部分）" if lots.chance(0.2) else "")
            project = lots.one(OUTLAYS) if linked else None
            for _ in range(lots.randint(1, 3)):
                name, unit = lots.level3()
                row = indicator(level1=level1, level2=duty, level3=name, focus_work=focus, linked_project=project)
                for period in periods:
                    _set(row, period, lots.target(unit))
                rows.append(row)
    return rows


def _benefits(
    lots: Lots, periods: Sequence[str], *, suffix1: str, suffix2: str, satisfied: str
) -> list[dict[str, Any]]:
    """Benefits of two kinds or more, and satisfaction."""
    rows = []
    for level2 in sorted(lots.sample(BENEFITS, lots.randint(2, 4)), key=BENEFITS.index):
        for _ in range(lots.randint(1, 2)):
            name, unit = lots.level3()
            row = indicator(level1="效益" + suffix1, level2=level2 + suffix2, level3=name)
            for period in periods:
                _set(row, period, lots.target(unit))
            rows.append(row)
    row = indicator(level1="满意度" + suffix1, level2=satisfied, level3=lots.one(THINGS) + "满意度")
    for period in periods:
        _set(row, period, lots.target("%"))
    return [*rows, row]


def _columns(first: Sequence[str], *rest: str) -> list[str]:
    return ["level1", "level2", *first, "level3", *rest]


def _targets(lots: Lots, rows: Sequence[dict[str, Any]]) -> None:
    """Fill rows whose operator, number and unit stand in columns of their own; whole project and this year."""
    for row in rows:
        name, unit = lots.level3()
        row["level3"] = name
        row["op"] = lots.one(("≥", "≥", "≤", "=")) if unit else "定性"
        row["unit"] = unit


# ── Forms.
def rugao_department(lots: Lots) -> Record:
    place = "如皋市"
    record = _record("rugao-department-target", "department_target", "如皋市市级部门整体预算绩效目标表", lots.randint(2024, 2027), "万元",
                     _columns(["focus_work", "linked_project"], "targets.half_year", "targets.full_year"))  # fmt: skip
    record["fields"] = {
        "reporting_unit": lots.office(place), "main_functions": lots.long_text(), "staffing": lots.text(1, 2),
        "medium_term_goal": lots.text(), "annual_goal": lots.long_text(),
    }  # fmt: skip
    total = lots.amount()
    others = ("国有资本经营预算", "社保基金预算", "上年结转资金", "其他资金")
    record["funds"] = _income(lots, total, ("一般公共预算资金", "政府性基金预算", "财政专户管理资金"), others)
    record["funds"] += _outlay(lots, total, ("half_year_plan", "full_year_budget"), with_total=True)
    periods = ("half_year", "full_year")
    rows = _standard(lots, STANDARD, "指标")
    _fill_standard(lots, rows, periods)
    rows += _duties(lots, "履职指标", periods, linked=True)
    rows += _benefits(lots, periods, suffix1="指标", suffix2="指标", satisfied="满意度指标")
    record["indicators"] = rows
    return record


def jiangning(lots: Lots) -> Record:
    record = _record("jiangning-department-target", "department_target", "江宁区部门整体预算绩效目标表", lots.randint(2025, 2027), "万元",
                     _columns(["focus_work", "linked_project"], "targets.half_year", "targets.full_year"))  # fmt: skip
    record["fields"] = {
        "reporting_unit": "南京市江宁区" + lots.office(""), "main_functions": lots.long_text(),
        "staffing": lots.text(1, 2), "medium_term_goal": lots.text(), "annual_goal": lots.long_text(),
    }  # fmt: skip
    total = lots.amount(60000)
    fiscal = ("一般公共预算资金", "政府性基金", "财政专户管理资金", "国有资本金")
    record["funds"] = _income(lots, total, fiscal, ("社保基金", "上年结转资金", "其他资金"))
    record["funds"] += _outlay(lots, total, ("half_year_plan", "full_year_budget"), with_total=False)
    periods = ("half_year", "full_year")
    rows = _standard(lots, STANDARD, "")
    _fill_standard(lots, rows, periods)
    rows += _duties(lots, "履职", periods, linked=lots.chance(0.5))
    rows += _benefits(lots, periods, suffix1="指标", suffix2="", satisfied="服务对象满意度")
    record["indicators"] = rows
    return record


def rugao_project(lots: Lots) -> Record:
    year = lots.randint(2023, 2027)
    record = _record("rugao-project-target", "project_target", "如皋市市级项目预算绩效目标申报表", year, "万元",
                     _columns([], "op", "targets.half_year", "targets.full_year"))  # fmt: skip
    unit = lots.office("如皋市")
    start, end = sorted(lots.sample(range(1, 13), 2))
    record["fields"] = {
        "reporting_unit": unit, "project_name": lots.project(), "supervising_department": lots.bureau("如皋市"),
        "start_date": f"{year}-{start:02d}", "end_date": f"{year + lots.randint(0, 2)}-{end:02d}",
        "implementing_unit": unit, "contact_name": lots.one(PEOPLE), "contact_phone": f"0513-{lots.randint(80000000, 89999999)}",
        "necessity": lots.text(), "feasibility": lots.text(), "content": lots.long_text(),
        "medium_term_goal": lots.text(1, 2), "annual_goal": lots.text(1, 2),
    }  # fmt: skip
    record["choices"] = {
        "project_attribute": [lots.one(("常年安排", "分年安排", "一次性安排"))],
        "project_level": lots.one((["市本级"], ["转移支付"], ["市本级", "转移支付"])),
        "project_category": lots.one((["其他运转类"], ["特定目标类"], [])),
    }
    total = lots.amount(500)
    others = ("国有资本经营预算", "社保基金预算", "上年结转资金", "其他资金")
    record["funds"] = _income(lots, total, ("一般公共预算资金", "政府性基金预算", "财政专户管理资金"), others)
    lines = [(["资金总额"], total)] + [([n], a) for n, a in _parts(lots, total)]
    for path, amount in lines:
        half = lots.one((amount, Decimal(0), amount - (amount / 3).quantize(Decimal(1)) if amount > 3 else amount))
        for column, value in (("half_year_plan", half), ("full_year_budget", amount)):
            record["funds"].append(_fund("expenditure", path, column, lots.printed(value)))
    rows = _standard(lots, PROJECT_STANDARD, "指标")
    for level1, level2 in (("产出指标", OUTPUTS[0]), ("产出指标", OUTPUTS[1]), ("产出指标", OUTPUTS[2]),
                           ("效益指标", "社会效益指标"), ("满意度指标", "满意度指标")):  # fmt: skip
        rows += [indicator(level1=level1, level2=level2) for _ in range(lots.randint(1, 2))]
    for row in rows:
        name, own = lots.level3()
        own = ("%" if row["level3"].endswith("率") else None) if row["level3"] else own
        row["level3"] = row["level3"] or name
        row["op"] = lots.one(("≥", "=", "≤", ">")) if own else "定性"
        for period in ("half_year", "full_year"):
            _set(row, period, lots.bare_target(row["op"], lots.number(own), None, own))
    record["indicators"] = rows
    return record


def _parts(lots: Lots, total: Decimal) -> list[tuple[str, Decimal]]:
    count = lots.randint(1, 4)
    return list(zip(lots.outlays(count), lots.split(total, count), strict=True))


def wanyuan_department(lots: Lots) -> Record:
    record = _record("wanyuan-department-target", "department_target", "部门(单位)整体支出绩效目标申报表", lots.randint(2022, 2026), "万元",
                     _columns([], "op", "targets.full_year", "unit", "weights.full_year"))  # fmt: skip
    record["fields"] = {
        "reporting_unit_code": str(lots.randint(101, 999)), "reporting_unit": "万源市" + lots.office(""),
        "overall_goal": lots.text(2, 8), "other_notes": lots.one((None, None, lots.sentence())),
    }  # fmt: skip
    count = lots.randint(1, 5)
    names = ["项目支出", "人员经费", "公用经费", *lots.outlays(3)][:count]
    record["tasks"] = [{"name": name, "content": lots.text(1, 2)} for name in names]
    total = lots.amount() if lots.chance(0.8) else None
    basic, projects = lots.split(total, 2) if total is not None else (None, None)
    lines: list[tuple[list[str], Decimal | None]] = [(["预算支出总额"], total)]
    for head, amount, parts in (
        ("基本支出", basic, ("财政拨款", "专户资金", "单位资金")),
        ("项目支出", projects, ("财政拨款", "专户资金")),
    ):
        shares = [None] * len(parts) if amount is None else lots.split(amount, len(parts))
        lines += [([head, name], share) for name, share in zip(("合计", *parts), (amount, *shares), strict=True)]
    for path, amount in lines:
        raw = None if amount is None or lots.chance(0.1) else lots.printed(amount)
        record["funds"].append(_fund("expenditure", path, "full_year_budget", raw))
    rows = []
    for level1, level2s in (
        ("产出指标", OUTPUTS),
        ("效益指标", tuple(b + "指标" for b in BENEFITS)),
        ("满意度指标", ("服务对象满意度指标",)),
    ):
        for level2 in level2s[: lots.randint(1, len(level2s))]:
            rows += [indicator(level1=level1, level2=level2) for _ in range(lots.randint(1, 3))]
    _targets(lots, rows)
    for row, weight in zip(rows, _weights(lots, len(rows)), strict=True):
        _set(row, "full_year", lots.bare_target(row["op"], lots.number(row["unit"]), row["unit"]))
        row["weights"]["full_year"] = weight
    record["indicators"] = rows
    return record


def wanyuan_project(lots: Lots) -> Record:
    unit = lots.one(("万元", "万元", "元"))
    record = _record("wanyuan-project-target", "project_target", "年度绩效目标表", None, unit,
                     _columns([], "op", "targets.whole_project", "targets.full_year", "unit", "weights.whole_project",
                              "weights.full_year", "note"))  # fmt: skip
    code = str(lots.randint(101, 999))
    record["fields"] = {
        "reporting_unit_code": code + "001", "reporting_unit": "万源市" + lots.office(""),
        "project_code": f"511781{lots.randint(21, 26)}T{lots.randint(0, 10**12 - 1):012d}", "project_name": lots.project(),
        "duty": f"{lots.randint(1, 9):02d}-{lots.one(DUTIES)}", "supervising_department_code": code,
        "supervising_department": "万源市" + lots.one(OFFICES) + "本级", "contact_name": lots.one((None, lots.one(PEOPLE))),
        "contact_phone": lots.one((None, f"139{lots.randint(0, 10**8 - 1):08d}")),
        "execution_rate_weight": lots.one(("10", "20")), "annual_goal": lots.text(1, 3),
    }  # fmt: skip
    total = lots.amount(900).quantize(Decimal("0.01"))
    names = ("财政资金", "财政专户管理资金", "单位资金", "社会投入资金", "银行贷款")
    parts = lots.split(total, 5) if lots.chance(0.4) else [total] + [Decimal("0.00")] * 4
    for path, amount in [(["项目总额"], total), *((["项目总额", n], a) for n, a in zip(names, parts, strict=True))]:
        record["funds"].append(_fund("income", path, "full_year_budget", f"{amount} {unit}"))
    rows = [indicator(level1="产出指标", level2=lots.one(OUTPUTS)) for _ in range(lots.randint(2, 8))]
    rows += [indicator(level1="效益指标", level2=lots.one(BENEFITS) + "指标") for _ in range(lots.randint(1, 3))]
    rows.append(indicator(level1="满意度指标", level2="服务对象满意度指标"))
    _targets(lots, rows)
    for row, weight in zip(rows, _weights(lots, len(rows)), strict=True):
        number = lots.number(row["unit"])
        word = lots.one(QUALITIES)
        for period in ("whole_project", "full_year"):
            if row["op"] == "定性":
                _set(row, period, Target(word, text_value(word)))
            else:
                _set(row, period, lots.bare_target(row["op"], number, row["unit"]))
            row["weights"][period] = weight
        row["note"] = lots.sentence() if lots.chance(0.1) else None
    record["indicators"] = rows
    return record


DUTIES = ("就业服务与管理", "城乡环境整治/02-日常保洁", "公共文化服务", "农村公路养护")


def _weights(lots: Lots, count: int) -> list[str]:
    """Weights that add up to 90 as the execution rate has ten, one of them with a half."""
    weights = [str(w + 1) for w in lots.split(Decimal(90 - count), count)]
    return [w + ".5" if lots.chance(0.05) else w for w in weights]


def rugao_review(lots: Lots) -> Record:
    record = _record("rugao-department-review", "department_review", "部门整体支出绩效自评价表", lots.randint(2023, 2026), "万元",
                     _columns([], "targets.full_year", "weights.full_year", "criteria", "actual", "score"))  # fmt: skip
    total = lots.amount()
    record["funds"] = _outlay(
        lots, total, ("full_year_budget", "actual"), with_total=True, suffix=lots.one((" 万元", "万元"))
    )
    rows = _standard(lots, STANDARD, "")
    _fill_standard(lots, rows, ("full_year",))
    rows += _duties(lots, "履职", ("full_year",), linked=False)
    rows += _benefits(lots, ("full_year",), suffix1="", suffix2="", satisfied="服务对象满意度")
    for row in rows:
        row["focus_work"] = None
    score = _scores(lots, rows)
    record["indicators"] = rows
    record["fields"] = {
        "reporting_unit": lots.office("如皋市"), "main_functions": lots.long_text(), "staffing": lots.text(1, 2),
        "total_weight": "100", "total_score": score, "grade": lots.one(GRADES), "main_achievements": lots.long_text(),
        "problems": lots.text(1, 2), "improvement_measures": lots.long_text(),
    }  # fmt: skip
    return record


def _scores(lots: Lots, rows: Sequence[dict[str, Any]]) -> str:
    """Give each row points, a result and a score, and the levels their points; returns the printed total score."""
    total = Decimal(0)
    for row in rows:
        points = lots.randint(1, 5)
        row["weights"]["full_year"] = None if lots.chance(0.05) else str(points)
        raw, value = row["targets"]["full_year"], row["values"]["full_year"]
        done = raw is not None and value["text"] is None and value["op"] != "range" and lots.chance(0.3)
        number = f"{value['number']}{value['unit'] or ''}" if done else ""
        row["actual"] = number if done else raw
        row["values"]["actual"] = (
            {"op": None, "number": value["number"], "unit": value["unit"], "text": None} if done else value
        )
        score = Decimal(points) - (Decimal("0.5") if lots.chance(0.1) else 0)
        row["score"] = None if row["weights"]["full_year"] is None else str(score)
        total += score if row["score"] else 0
    for level, keys in (("level1", ("level1",)), ("level2", ("level1", "level2"))):
        sums: dict[tuple[str, ...], int] = {}
        for row in rows:
            key = tuple(row[k] for k in keys)
            sums[key] = sums.get(key, 0) + int(row["weights"]["full_year"] or 0)
        for row in rows:
            row.setdefault("level_points", {})[level] = str(sums[tuple(row[k] for k in keys)])
    return str(total)


def fund_targets(lots: Lots) -> Record:
    """A form of no family: a transfer payment's targets in a region, with a unit column."""
    unit = lots.one(("万元", "万元", "元"))
    name = lots.one(PLACES) + lots.one(("水稻良种推广", "农村改厕", "中小河流治理", "公共场馆免费开放")) + "补助资金"
    record = _record("generic", "project_target", name + "区域绩效目标表", None, unit,
                     _columns([], "unit", "targets.full_year"))  # fmt: skip
    record["fields"] = {
        "project_name": name, "中央主管部门": "财政部、农业农村部", "省级财政部门": lots.one(PLACES) + "省财政厅",
        "区县主管部门": lots.bureau(lots.one(PLACES) + "县"), "annual_goal": lots.text(1, 3),
    }  # fmt: skip
    total = lots.amount()
    separators = lots.chance(0.3)
    for path, amount in zip(
        (["年度金额"], ["年度金额", "中央补助"], ["年度金额", "地方资金"]), (total, *lots.split(total, 2)), strict=True
    ):
        raw = lots.printed(amount, separators=separators) if amount and not lots.chance(0.1) else None
        record["funds"].append(_fund("income", path, "full_year_budget", raw))
    for level1, level2s in (
        ("产出指标", OUTPUTS),
        ("效益指标", tuple(b + "指标" for b in BENEFITS)),
        ("满意度指标", ("服务对象满意度指标",)),
    ):
        for level2 in level2s[: lots.randint(1, len(level2s))]:
            for _ in range(lots.randint(1, 3)):
                level3, own = lots.level3()
                row = indicator(level1=level1, level2=level2, level3=level3, unit=own)
                _set(row, "full_year", lots.target(own))
                if row["values"]["full_year"] and row["values"]["full_year"]["number"]:
                    row["values"]["full_year"]["unit"] = own
                record["indicators"].append(row)
    return record


def project_review(lots: Lots) -> Record:
    """A form of no family: the common self-evaluation of a project, with budgets, results, points and reasons."""
    unit = lots.one(("万元", "万元", "元"))
    record = _record("generic", "project_review", "项目支出绩效自评表", lots.randint(2020, 2026), unit,
                     _columns([], "targets.full_year", "actual", "weights.full_year", "score", "note"))  # fmt: skip
    place = lots.one(PLACES)
    code = str(lots.randint(100, 999))
    record["fields"] = {
        "project_name": lots.project(), "supervising_department_code": code, "supervising_department": lots.bureau(place),
        "implementing_unit_code": code + "001", "implementing_unit": lots.office(place),
        "annual_goal": lots.long_text(), "goal_achieved": lots.long_text(),
    }  # fmt: skip
    names = ("本年财政拨款", "上年结转资金", "其他资金")
    total = lots.amount()
    for path, amount in [
        (["年度资金总额"], total),
        *((["年度资金总额", n], a) for n, a in zip(names, lots.split(total, 3), strict=True)),
    ]:
        spent = (amount * lots.randint(5, 10) / 10).quantize(Decimal("0.01"))
        for column in ("initial_budget", "full_year_budget", "actual", "weight", "execution_rate", "score"):
            raw: str | None = str(spent) if column == "actual" else lots.printed(amount)
            if column in ("weight", "execution_rate", "score"):
                rate = f"{spent / amount * 100:.2f}%" if amount else "0"
                raw = (
                    {"weight": "10", "execution_rate": rate, "score": "9.5"}[column]
                    if path == ["年度资金总额"]
                    else None
                )
            elif not amount:
                raw = None
            record["funds"].append(_fund("income", path, column, raw))
    for fund in record["funds"]:
        if fund["column"] == "execution_rate" and fund["raw"]:
            fund["amount"] = fund["raw"].removesuffix("%")
    rows = []
    for level1, level2s in (
        ("产出指标", OUTPUTS),
        ("效益指标", tuple(b + "指标" for b in BENEFITS)),
        ("满意度指标", ("服务对象满意度指标",)),
    ):
        for level2 in level2s[: lots.randint(1, len(level2s))]:
            for _ in range(lots.randint(1, 3)):
                level3, own = lots.level3()
                row = indicator(level1=level1, level2=level2, level3=level3)
                _set(row, "full_year", lots.target(own))
                rows.append(row)
    record["fields"]["total_score"] = _scores(lots, rows)
    record["fields"]["total_weight"] = "100"
    for row in rows:
        row["note"] = lots.sentence() if lots.chance(0.1) else None
        del row["level_points"]["level2"]
    record["indicators"] = rows
    return record


FORMS: Mapping[str, Callable[[Lots], Record]] = {
    "rugao-department": rugao_department,
    "rugao-project": rugao_project,
    "jiangning": jiangning,
    "wanyuan-department": wanyuan_department,
    "wanyuan-project": wanyuan_project,
    "rugao-review": rugao_review,
    "fund-targets": fund_targets,
    "project-review": project_review,
}
