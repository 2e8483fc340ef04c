"""Lays records out as the forms of each family print them: which cell stands where, spans, headers, labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .draw import Record
from .layout import Cell, Heading, Labels, Layout, Table, title
from .lots import Lots

Rows = list[list[Cell]]
LONG = 24  # characters from which a cell is aligned to the left
TICKS = (("√", "□"), ("■", "□"), ("●", "○"))


def _text(text: str | None, across: int = 1, down: int = 1) -> Cell:
    return Cell(text or "", across, down, len(text or "") > LONG)


def _year(lots: Lots, year: int) -> Heading:
    return Heading(((0.5, lots.one(("（{}年度）", "({}年度)", "{}年度", "（{} 年度）")).format(year)),))


def _runs(rows: Sequence[Mapping[str, Any]], *keys: str) -> list[int]:
    """For each row how many rows its merged cell spans where it begins there, 0 where a cell above reaches it."""
    out = [0] * len(rows)
    start = 0
    for n, row in enumerate(rows):
        if n and any(row[k] != rows[n - 1][k] for k in keys):
            start = n
        out[start] += 1
    return out


def _merged(rows: Sequence[Mapping[str, Any]], columns: Sequence[tuple[str, int, Callable[[Mapping[str, Any]], str | None]]],
            rest: Callable[[Mapping[str, Any]], list[Cell]]) -> Rows:  # fmt: skip
    """Rows of indicators: `columns` are (key, columns spanned, text) of merged cells, each within the ones before."""
    keys = [key for key, _, _ in columns]
    runs = [_runs(rows, *keys[: n + 1]) for n in range(len(keys))]
    out = []
    for number, row in enumerate(rows):
        cells = [
            _text(show(row), across, run[number])
            for (_, across, show), run in zip(columns, runs, strict=True)
            if run[number]
        ]
        out.append([*cells, *rest(row)])
    return out


def _key(name: str) -> Callable[[Mapping[str, Any]], str | None]:
    return lambda row: row[name]


def _targets(row: Mapping[str, Any]) -> list[Cell]:
    return [_text(row["level3"]), _text(row["targets"]["half_year"]), _text(row["targets"]["full_year"])]


def _two_sides(
    record: Record, block: str, head: str, lines: int, wide: tuple[int, int], heads: tuple[str, str, str], part: str
) -> Rows:
    """The money block of income and expenditure; `wide` are the columns of a line's label and of its amount on the
    income side, `head` is the first header of expenditure, `lines` the columns in the widest label's first part."""
    label, amount = wide
    income = [f for f in record["funds"] if f["side"] == "income"]
    spent = [f for f in record["funds"] if f["side"] == "expenditure"]
    rows: Rows = [[Cell("资金来源", label), Cell(heads[0], amount)]]
    fiscal = [f for f in income if f["path"][0] == "财政拨款"]
    for fund in income:
        if fund["path"][0] != "财政拨款":
            rows.append([Cell(fund["path"][0], label), Cell(fund["raw"] or "", amount)])
            continue
        begins = [Cell("财政拨款", lines, len(fiscal))] if fund is fiscal[0] else []
        rows.append([*begins, Cell(fund["path"][1], label - lines), Cell(fund["raw"] or "", amount)])
    rows[0].insert(0, Cell("收入", 1, len(rows)))
    out: Rows = [[Cell("支出", 1, 1 + len(spent) // 2), Cell(head, label), Cell(heads[1]), Cell(heads[2])]]
    first = True
    for half, full in zip(spent[::2], spent[1::2], strict=True):
        name = half["path"][-1]
        if first and len(half["path"]) == 2:
            name, first = part + name, False
        out.append([Cell(name, label), Cell(half["raw"] or ""), Cell(full["raw"] or "")])
    rows += out
    rows[0].insert(0, Cell(block, 1, len(rows)))
    return rows


def rugao_department(record: Record, lots: Lots) -> Layout:
    fields, rows = record["fields"], record["indicators"]
    table = Table((53, 50, 113, 114, 71, 114, 71, 85))
    for label, key in (
        ("单位名称", "reporting_unit"),
        ("单位主要职能", "main_functions"),
        ("机构设置及人员配置", "staffing"),
    ):
        table.add(Cell(label, 2), _text(fields[key], 6))
    heads = ("全年预算数", "半年计划执行数", "全年预算数")
    table.rows += _two_sides(
        record, "部门整体资金（万元）", "资金分配", 1, (4, 2), heads, lots.one(("其中：", "其中:"))
    )
    table.add(Cell("中长期目标", 2), _text(fields["medium_term_goal"], 6))
    table.add(Cell("年度目标", 2), _text(fields["annual_goal"], 6))
    table.header = len(table.rows)
    header = [Cell("一级指标"), Cell("二级指标", 3), Cell("三级指标"), Cell("半年指标值"), Cell("全年指标值")]
    block: Rows = [[Cell("绩效目标指标", 1, len(rows) + 1), *header]]
    level1 = _runs(rows, "level1")
    plain, duties = [], []
    for number, row in enumerate(rows):
        (duties if row["focus_work"] else plain).append((number, row))
    for part, columns in ((plain, [("level2", 3, _key("level2"))]),
                          (duties, [("level2", 1, _key("level2")), ("focus_work", 1, _key("focus_work")),
                                    ("linked_project", 1, _linked)])):  # fmt: skip
        made = _merged([r for _, r in part], columns, _targets)
        for (number, row), cells in zip(part, made, strict=True):
            first = [_text(row["level1"], 1, level1[number])] if level1[number] else []
            block.append([Cell(str(number)), *first, *cells])
    block[1:] = [cells[1:] for cells in sorted(block[1:], key=lambda cells: int(cells[0].text))]
    table.rows += block
    return Layout((title(record["title"]), _year(lots, record["year"]), table))


def _linked(row: Mapping[str, Any]) -> str | None:
    return f"对应项目：{row['linked_project']}" if row["linked_project"] else None


def jiangning(record: Record, lots: Lots) -> Layout:
    fields, rows = record["fields"], record["indicators"]
    table = Table((61, 86, 94, 82, 146, 101, 101))
    for label, key in (
        ("单位名称", "reporting_unit"),
        ("单位主要职能", "main_functions"),
        ("机构设置及人员配置", "staffing"),
    ):
        table.add(Cell(label, 2), _text(fields[key], 5))
    heads = ("全年预算数", "半年计划执行数", "全年预算数")
    table.rows += _two_sides(record, "部门整体资金（万元）", "支出情况", 1, (3, 2), heads, "")
    table.add(Cell("中长期目标", 2), _text(fields["medium_term_goal"], 5))
    table.add(Cell("年度目标", 2), _text(fields["annual_goal"], 5))
    table.header = None  # three headers: none of them speaks for the pages after it
    short = ["一级指标", Cell("二级指标", 3), "三级指标", "半年指标值", "全年指标值"]
    duties = [n for n, row in enumerate(rows) if row["focus_work"]]
    one, three = [("level1", 1, _key("level1")), ("level2", 3, _key("level2"))], [
        ("level1", 1, _key("level1")), ("level2", 1, _key("level2")), ("focus_work", 1, _key("focus_work")),
        ("linked_project", 1, _key("linked_project"))]  # fmt: skip
    table.add(*short)
    table.rows += _merged(rows[: duties[0]], one, _targets)
    table.add("一级指标", "二级指标", "重点工作", "对应项目", "三级指标", "半年指标值", "全年指标值")
    table.rows += _merged(rows[duties[0] : duties[-1] + 1], three, _targets)
    table.add(*short)
    table.rows += _merged(rows[duties[-1] + 1 :], one, _targets)
    return Layout((title(record["title"]), _year(lots, record["year"]), table))


def rugao_project(record: Record, lots: Lots) -> Layout:
    fields, rows, choices = record["fields"], record["indicators"], record["choices"]
    mark = lots.one(TICKS)

    def option(group: str, name: str, across: int = 1) -> Cell:
        return Cell(name + mark[name not in choices[group]], across)

    def date(iso: str) -> str:
        year, month = iso.split("-")
        return f"{year}年{int(month)}月"

    table = Table((98, 70, 125, 95, 125, 78, 80))
    table.add("项目名称", _text(fields["project_name"], 3), "主管部门", _text(fields["supervising_department"], 2))
    kinds = [option("project_attribute", name) for name in ("常年安排", "分年安排", "一次性安排")]
    table.add("项目属性", *kinds, Cell("项目级次", 1, 2), option("project_level", "市本级", 2))
    sort = [option("project_category", "其他运转类", 2), option("project_category", "特定目标类")]
    table.add("项目类别", *sort, option("project_level", "转移支付", 2))
    table.add("开始时间", Cell(date(fields["start_date"]), 3), "完成时间", Cell(date(fields["end_date"]), 2))
    contact = f"{fields['contact_name']}/{fields['contact_phone']}"
    table.add("实施单位:", _text(fields["implementing_unit"], 3), "项目负责人/联系电话", Cell(contact, 2))
    heads = ("全年(程)预算数", "半年(程)计划执行数", "全年(程)预算数")
    table.rows += _two_sides(record, "项目资金(万元)", "资金分配", 1, (3, 2), heads, "")
    for label, key in (("立项必要性", "necessity"), ("实施可行性", "feasibility"), ("项目实施内容", "content"),
                       ("中长期目标", "medium_term_goal"), ("年度目标", "annual_goal")):  # fmt: skip
        table.add(label, _text(fields[key], 6))
    table.header = len(table.rows)
    header = [Cell(t) for t in ("一级指标", "二级指标", "三级指标", "计算符号", "半年（程）指标值", "全年（程）指标值")]
    made = _merged(rows, [("level1", 1, _key("level1")), ("level2", 1, _key("level2"))], lambda row: [
        _text(row["level3"]), Cell(row["op"]), *_targets(row)[1:]])  # fmt: skip
    table.rows += [[Cell("绩效目标指标", 1, len(rows) + 1), *header], *made]
    unit = Heading(((0.0, lots.one(("填报单位(盖章): ", "填报单位（盖章）：")) + fields["reporting_unit"]),))
    return Layout((title(record["title"]), _year(lots, record["year"]), unit, table))


def wanyuan_department(record: Record, lots: Lots) -> Layout:
    fields, rows, funds, tasks = record["fields"], record["indicators"], record["funds"], record["tasks"]
    table = Table((101, 99, 98, 98, 99, 99, 98, 98, 99, 102))
    table.add(Cell("总体资金情况(万元)", 2, 3), Cell("预算支出总额", 1, 2), Cell("基本支出", 4), Cell("项目支出", 3))
    table.add(*(fund["path"][1] for fund in funds[1:]))
    table.add(*(fund["raw"] or "" for fund in funds))
    table.add(Cell("年度主要任务", 2, 1 + len(tasks)), Cell("任务名称", 4), Cell("主要内容", 4))
    for task in tasks:
        table.add(_text(task["name"], 4), _text(task["content"], 4))
    goal = [Cell("部门整体绩效情况", 1, 3 + len(rows)), Cell("整体绩效目标"), _text(fields["overall_goal"], 8)]
    table.add(*goal)
    table.add(Cell("年度绩效指标", 9))
    table.header = len(table.rows)
    table.add(
        "一级指标", Cell("二级指标", 2), Cell("三级指标", 2), "绩效指标性质", "绩效指标值", "绩效度量单位", "权重"
    )
    table.rows += _merged(rows, [("level1", 1, _key("level1")), ("level2", 2, _key("level2"))], lambda row: [
        _text(row["level3"], 2), Cell(row["op"]), _text(row["targets"]["full_year"]), Cell(row["unit"] or ""),
        Cell(row["weights"]["full_year"])])  # fmt: skip
    table.add(Cell("其他说明", 2), _text(fields["other_notes"], 8))
    named = f"预算(单位)名称:{fields['reporting_unit_code']}-{fields['reporting_unit']}"
    line = Heading(((0.0, named), (0.7, f"预算年度:{record['year']}"), (1.0, "单位:万元")))
    return Layout((title(record["title"]), line, table), landscape=True)


def wanyuan_project(record: Record, lots: Lots) -> Layout:
    f, funds = record["fields"], record["funds"]
    unit = f"单位信息：{f['reporting_unit_code']}-{f['reporting_unit']}"
    project = f"预算项目：{f['project_code']}-{f['project_name']}"
    department = f"主管部门：{f['supervising_department_code']}-{f['supervising_department']}"
    names = [("其中：" if n == 1 else "") + fund["path"][-1] for n, fund in enumerate(funds)]
    money = tuple(f"{name}：{fund['raw']}" for name, fund in zip(names, funds, strict=True))
    first = Labels(((0.0, (unit,)), (0.37, (project,)), (0.63, (f"职能职责与活动：{f['duty']}",))))
    contact = (f"项目经办人：{f['contact_name'] or ''}", f"项目经办人电话：{f['contact_phone'] or ''}")
    second = Labels(
        ((0.0, (department, f"预算执行率权重：{f['execution_rate_weight']}")), (0.37, contact), (0.63, money[:2]))
    )
    third = Labels(((0.0, (f"年度目标：{f['annual_goal']}",)), (0.63, money[2:])))
    table = Table((92, 162, 126, 90, 89, 90, 89, 71, 90, 92), header=0)
    table.add(
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "指标值",
        "本年指标值",
        "度量单位",
        "权重(%)",
        "本年权重(%)",
        "备注",
    )
    for row in record["indicators"]:
        table.add(_text(row["level1"]), _text(row["level2"]), _text(row["level3"]), row["op"],
                  _text(row["targets"]["whole_project"]), _text(row["targets"]["full_year"]), row["unit"] or "",
                  row["weights"]["whole_project"], row["weights"]["full_year"], _text(row["note"]))  # fmt: skip
    return Layout((title(record["title"]), first, second, third, table), landscape=True)


def rugao_review(record: Record, lots: Lots) -> Layout:
    fields, rows, funds = record["fields"], record["indicators"], record["funds"]
    table = Table((65, 77, 172, 93, 49, 65, 91, 59))
    for label, key in (
        ("单位名称", "reporting_unit"),
        ("主要职能", "main_functions"),
        ("机构设置及人员配置", "staffing"),
    ):
        table.add(Cell(label, 2), _text(fields[key], 6))
    table.add(
        Cell("预算安排及支出情况", 2, 1 + len(funds) // 2), Cell("", 2), Cell("全年预算数", 2), Cell("实际支出数", 2)
    )
    first = True
    for budget, actual in zip(funds[::2], funds[1::2], strict=True):
        name = budget["path"][-1]
        if first and len(budget["path"]) == 2:
            name, first = "其中：" + name, False
        table.add(Cell(name, 2), Cell(budget["raw"] or "", 2), Cell(actual["raw"] or "", 2))
    header = ("一级指标", "二级指标", "三级指标", "全年指标值", "分值", "评价要点及评分规则", "实际完成值", "得分")
    table.header = len(table.rows)
    table.add(*header)
    levels = [("level1", 1, _pointed("level1", "({})")), ("level2", 1, _pointed("level2", "({})"))]
    cut = next(n for n, row in enumerate(rows) if row["level1"] == "履职")
    again = lots.chance(0.5)
    for part in (rows[:cut], rows[cut:]) if again else (rows,):
        if part is not rows and part[0] is rows[cut]:
            table.add(*header)
        table.rows += _merged(part, levels, lambda row: [
            _text(row["level3"]), _text(row["targets"]["full_year"]), Cell(row["weights"]["full_year"] or ""), Cell(""),
            _text(row["actual"]), Cell(row["score"] or "")])  # fmt: skip
    table.add(Cell("合计", 3), "", fields["total_weight"], "", "", fields["total_score"])
    for label, key in (
        ("绩效等级", "grade"),
        ("主要成效", "main_achievements"),
        ("存在问题", "problems"),
        ("整改举措", "improvement_measures"),
    ):
        table.add(Cell(label, 2), _text(fields[key], 6))
    year = Heading(((0.5, f"（{record['year']} 年）"),))
    return Layout((title(record["title"]), year, table))


def _pointed(level: str, style: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: row[level] + style.format(row["level_points"][level])


def fund_targets(record: Record, lots: Lots) -> Layout:
    fields, rows, unit = record["fields"], record["indicators"], record["amount_unit"]
    table = Table((56, 97, 130, 193, 81, 113))
    for label, key in (
        ("资金名称", "project_name"),
        ("中央主管部门", "中央主管部门"),
        ("省级财政部门", "省级财政部门"),
        ("区县主管部门", "区县主管部门"),
    ):
        table.add(Cell(label, 2), _text(fields[key], 4))
    names = (f"年度金额（{unit}）：", f"其中：中央补助（{unit}）", f"地方资金（{unit}）")
    for n, (name, fund) in enumerate(zip(names, record["funds"], strict=True)):
        block = [Cell("资金情况", 2, 3)] if n == 0 else []
        table.add(*block, Cell(name, 2), Cell(fund["raw"] or "", 2))
    table.add(Cell("年度目标", 2), _text(fields["annual_goal"], 4))
    table.header = len(table.rows)
    header = [Cell(t) for t in ("一级指标", "二级指标", "三级指标", "单位", "指标值")]
    made = _merged(rows, [("level1", 1, _key("level1")), ("level2", 1, _key("level2"))], lambda row: [
        _text(row["level3"]), Cell(row["unit"] or ""), _text(row["targets"]["full_year"])])  # fmt: skip
    table.rows += [[Cell("绩效指标", 1, len(rows) + 1), *header], *made]
    return Layout((title(record["title"]), table))


def project_review(record: Record, lots: Lots) -> Layout:
    fields, rows, funds = record["fields"], record["indicators"], record["funds"]
    table = Table((58, 69, 102, 103, 85, 85, 56, 56, 58))
    table.add(Cell("项目名称", 2), _text(fields["project_name"], 7))
    department = f"{fields['supervising_department_code']}-{fields['supervising_department']}"
    unit = f"{fields['implementing_unit_code']}-{fields['implementing_unit']}"
    table.add(Cell("主管部门", 2), _text(department, 2), Cell("实施单位", 2), _text(unit, 3))
    heads = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    lines = len(funds) // 6
    table.add(Cell(f"项目资金（{record['amount_unit']}）", 2, lines + 1), "", *heads)
    for n in range(lines):
        line = funds[6 * n : 6 * n + 6]
        name = ("年度资金总额：", "其中：" + line[0]["path"][-1])[n] if n < 2 else line[0]["path"][-1]
        table.add(name, *(fund["raw"] or "" for fund in line))
    table.add(Cell("年度总体目标", 1, 2), Cell("预期目标", 4), Cell("实际完成情况", 4))
    table.add(_text(fields["annual_goal"], 4), _text(fields["goal_achieved"], 4))
    table.header = len(table.rows)
    header = [
        Cell(t)
        for t in (
            "一级指标",
            "二级指标",
            "三级指标",
            "年度指标值",
            "实际完成值",
            "分值",
            "得分",
            "偏差原因分析及改进措施",
        )
    ]
    made = _merged(rows, [("level1", 1, _pointed("level1", lots.one(("({}分)", "（{}分）")))), ("level2", 1, _key("level2"))], lambda row: [
        _text(row["level3"]), _text(row["targets"]["full_year"]), _text(row["actual"]),
        Cell(row["weights"]["full_year"] or ""), Cell(row["score"] or ""), _text(row["note"])])  # fmt: skip
    table.rows += [[Cell("绩效指标", 1, len(rows) + 1), *header], *made]
    table.add(Cell("总分", 6), fields["total_weight"], fields["total_score"], "")
    return Layout((title(record["title"]), _year(lots, record["year"]), table))


LAYOUTS: Mapping[str, Callable[[Record, Lots], Layout]] = {
    "rugao-department": rugao_department,
    "rugao-project": rugao_project,
    "jiangning": jiangning,
    "wanyuan-department": wanyuan_department,
    "wanyuan-project": wanyuan_project,
    "rugao-review": rugao_review,
    "fund-targets": fund_targets,
    "project-review": project_review,
}
