"""A record as a person reads it in a terminal: head, fields, choices, money, tasks, indicators, findings.

Texts come from documents that anyone may have written. They are never read as markup, and characters that a
terminal would obey are shown, not sent. Beside every value that a finding points at stands ⚠ and its number.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from pipeline.messages import tell, told
from pipeline.output.names import column_of, label_of, name_of, place_of, rule_of, verdict_of
from schemas.language.columns import COLUMNS, KEYS, LEVELS, VALUED, printed_at
from schemas.model import Place
from schemas.pointers import parts

MARK = "⚠"
UNSAFE = {
    "Cc",
    "Cf",
    "Cs",
    "Zl",
    "Zp",
}  # controls, invisible and direction marks, half characters, separators
MARKS_SHOWN = 3  # numbers of findings beside one value; a level that was inferred has one a row

HEAD = ("title", "year", "family", "kind", "amount_unit", "source")
UNITS = ("reporting_unit", "implementing_unit", "project_name")
TASKS_TOTAL = "tasks_total"
SECTIONS = ("fields", "choices", "funds", "tasks", TASKS_TOTAL, "indicators")
BESIDE = ("columns", "findings")  # shown with the indicators, and at the end
DETAILS = tuple(key for key in KEYS if key not in LEVELS)
"""What stands on an indicator's line, in this order; `values` are the parsed texts, marked at the texts."""
REACHED = {column.key for column in COLUMNS if column.has_value}
UNSHOWN = {*LEVELS, "level_points", "values"}

Pointer = tuple[str, ...]


def render_record(record: Mapping[str, Any], places: Mapping[str, Place] | None = None) -> RenderableType:
    """A record (or a golden, which has neither source nor findings) as something that rich can print; `places` are
    where its values stand, by pointer, told with the findings about them."""
    findings = _Findings(record)
    title = _marked(_value(record.get("title"), "bold"), [*findings.at(()), *findings.under(("title",))])
    tree = Tree(title, guide_style="dim")
    tree.add(_head(record, findings))
    if record.get("fields"):
        _section(tree, "fields", findings).add(_fields(record["fields"], findings))
    if record.get("choices"):
        _section(tree, "choices", findings).add(_choices(record["choices"], findings))
    if record.get("funds"):
        _funds(_section(tree, "funds", findings, record.get("amount_unit")), record["funds"], findings)
    if record.get("tasks"):
        _tasks(_section(tree, "tasks", findings), record["tasks"], findings)
    if record.get(TASKS_TOTAL):
        _section(tree, TASKS_TOTAL, findings).add(_fields(record[TASKS_TOTAL], findings, TASKS_TOTAL))
    if record.get("indicators"):
        _indicators(_section(tree, "indicators", findings), record, findings)
    for key in record:
        if key not in (*HEAD, *SECTIONS, *BESIDE):
            name = _marked(Text(plain(name_of(key)), style="bold cyan"), findings.under((key,)))
            tree.add(Text.assemble(name, "  ", _text(record[key])))
    for key in (*SECTIONS, *BESIDE):  # what is empty has findings too: a table that was lost
        if (key in BESIDE or not record.get(key)) and findings.under((key,)):
            tree.add(_marked(Text(name_of(key), style="bold cyan"), findings.under((key,))))
    return Group(tree, _findings(findings, places or {})) if findings.all else Group(tree)


def _picture(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def plain(text: str, instead: Callable[[str], str] = _picture) -> str:
    """`text` without characters that a terminal would obey: ESC becomes ␛, others `<U+202E>`; `\\n` stays."""
    return "".join(char if char == "\n" or unicodedata.category(char) not in UNSAFE else instead(char) for char in text)


class _Findings:
    """The findings of a record by what they point at. Numbers count from 1, as the list at the end does."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.all: list[Mapping[str, Any]] = list(record.get("findings") or [])
        self._pointers = [_resolved(record, _tokens(str(f.get("where", "")))) for f in self.all]

    def at(self, pointer: Pointer) -> list[int]:
        """The numbers of the findings that point exactly there."""
        return [n for n, where in enumerate(self._pointers, 1) if where == pointer]

    def under(self, pointer: Pointer) -> list[int]:
        """The numbers of the findings that point there or to a part of it."""
        return [n for n, where in enumerate(self._pointers, 1) if where[: len(pointer)] == pointer]


def _tokens(pointer: str) -> Pointer:
    """A JSON pointer's parts, unescaped; () for the whole record."""
    return tuple(parts(pointer))


def _resolved(record: Any, pointer: Pointer) -> Pointer:
    """As much of a pointer as the record has: what is not there is doubted where it should be."""
    for depth, part in enumerate(pointer):
        if isinstance(record, Mapping) and part in record:
            record = record[part]
        elif isinstance(record, list) and part.isdecimal() and int(part) < len(record):
            record = record[int(part)]
        else:
            return pointer[:depth]
    return pointer


def _text(value: Any, style: str = "") -> Text:
    """A text of the document, as it is; nothing for None."""
    return Text("" if value is None else plain(str(value)), style=style)


def _value(value: Any, style: str = "") -> Text:
    """A value of the document; a blank cell says so, so that it is not taken for a dash or for nothing."""
    return Text(tell("blank"), style="dim italic") if value is None else _text(value, style)


def _marked(text: Text, numbers: Sequence[int]) -> Text:
    if not numbers:
        return text
    shown = ",".join(map(str, numbers[:MARKS_SHOWN])) + ("…" if len(numbers) > MARKS_SHOWN else "")
    return Text.assemble(text, (f" {MARK}{shown}", "bold yellow"))


def _section(tree: Tree, key: str, findings: _Findings, unit: str | None = None) -> Tree:
    name = Text(name_of(key), style="bold cyan")
    if unit:
        name = Text.assemble(name, " (", _text(unit), ")")
    return tree.add(_marked(name, findings.at((key,))))


def _pairs() -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="cyan", overflow="fold", max_width=28)
    table.add_column(overflow="fold")
    return table


def _head(record: Mapping[str, Any], findings: _Findings) -> Table:
    table = _pairs()
    fields = record.get("fields") or {}
    unit = next((key for key in UNITS if fields.get(key)), None)
    if unit is not None:
        table.add_row(name_of("unit"), _text(fields[unit]))
    for key in ("year", "family", "kind", "amount_unit"):
        if key in record:
            value = name_of(record[key]) if key in ("family", "kind") and record[key] else record[key]
            table.add_row(name_of(key), _marked(_value(value), findings.under((key,))))
    source = record.get("source")
    if source:
        pages = ", ".join(str(page) for page in source.get("pages") or [])
        sheets = ", ".join(str(sheet) for sheet in source.get("sheets") or [])
        where = [
            str(source.get("file")),
            tell("pages {pages}", pages=pages) if pages else "",
            tell("sheet {sheets}", sheets=sheets) if sheets else "",
        ]
        where.append(name_of(str(source.get("reader"))))
        where.append(tell("form {number}", number=source.get("form")))
        shown = _text(", ".join(part for part in where if part))
        table.add_row(name_of("file"), _marked(shown, findings.under(("source",))))
    return table


def _fields(fields: Mapping[str, Any], findings: _Findings, section: str = "fields") -> Table:
    table = _pairs()
    for key, value in fields.items():
        table.add_row(_text(name_of(key)), _marked(_value(value), findings.under((section, key))))
    return table


def _choices(choices: Mapping[str, Sequence[str]], findings: _Findings) -> Table:
    table = _pairs()
    for key, ticked in choices.items():
        options = Text(", ").join(_text(option) for option in ticked)
        shown = options if ticked else Text(tell("nothing ticked"), style="dim italic")
        table.add_row(_text(name_of(key)), _marked(shown, findings.under(("choices", key))))
    return table


@dataclass
class _Line:
    """A line of the money table: its label, its cells by column, and the lines below it."""

    label: str
    cells: dict[str, Text] = field(default_factory=dict)
    lines: list[_Line] = field(default_factory=list)


def _funds(branch: Tree, funds: Sequence[Mapping[str, Any]], findings: _Findings) -> None:
    """One table a side: labels nested by path, the columns side by side."""
    for side in dict.fromkeys(str(fund.get("side")) for fund in funds):
        own = [(i, fund) for i, fund in enumerate(funds) if str(fund.get("side")) == side]
        columns = list(dict.fromkeys(str(fund.get("column")) for _, fund in own))
        table = Table(box=None, pad_edge=False, header_style="cyan")
        table.add_column(Text(plain(name_of(side)), style="cyan"), overflow="fold")
        for name in columns:
            table.add_column(Text(plain(name_of(name))), justify="right", overflow="fold")
        for label, line in _nested(_money_lines(own, findings)):
            table.add_row(label, *(line.cells.get(name, Text()) for name in columns))
        branch.add(table)


def _money_lines(funds: Iterable[tuple[int, Mapping[str, Any]]], findings: _Findings) -> list[_Line]:
    """The funds of one side as nested lines. A second amount for the same line and column gets a line of its
    own: nothing that is printed twice is shown once."""
    top = _Line("")
    for i, fund in funds:
        line = top
        path = [str(part) for part in fund.get("path") or [""]]
        column = str(fund.get("column"))
        for depth, label in enumerate(path, 1):
            last = depth == len(path)
            below_it = next((below for below in reversed(line.lines) if below.label == label), None)
            if below_it is None or (last and column in below_it.cells):
                below_it = _Line(label)
                line.lines.append(below_it)
            line = below_it
        amount = fund.get("amount")
        shown = _value(fund.get("raw") if amount is None else amount)
        line.cells[column] = _marked(shown, findings.under(("funds", str(i))))
    return top.lines


def _nested(lines: Sequence[_Line], stem: str = "") -> Iterator[tuple[Text, _Line]]:
    """Each line with its label behind the tree's strokes, a line before the lines below it."""
    for line in lines:
        last = line is lines[-1]
        yield Text.assemble((stem + ("└─ " if last else "├─ "), "dim"), _text(line.label)), line
        yield from _nested(line.lines, stem + ("   " if last else "│  "))


def _tasks(branch: Tree, tasks: Sequence[Mapping[str, Any]], findings: _Findings) -> None:
    for i, task in enumerate(tasks):
        table = _pairs()
        for key, value in task.items():
            for part, content in _parts(value):
                where = ("tasks", str(i), key, *([] if part is None else [part]))
                table.add_row(_text(name_of(part or key)), _marked(_value(content), findings.under(where)))
        branch.add(Group(_marked(Text(f"{i + 1}", style="cyan"), findings.at(("tasks", str(i)))), table))


def _indicators(branch: Tree, record: Mapping[str, Any], findings: _Findings) -> None:
    """level 1 → level 2 → the indicators of neighbouring rows that share them."""
    indicators: Sequence[Mapping[str, Any]] = record["indicators"]
    printed = [c for c in record.get("columns") or [] if c not in LEVELS]
    blank = [c for c in printed if all(_column(indicator, c) is None for indicator in indicators)]
    if blank:
        branch.add(
            Text.assemble(
                (tell("blank in every row") + "  ", "dim italic"), _text(", ".join(map(column_of, blank)), "cyan")
            )
        )
    shown = {c for c in printed if c not in blank}
    for first in _neighbours(range(len(indicators)), indicators, "level1"):
        upper = branch.add(_level(first, indicators, "level1", findings))
        for second in _neighbours(first, indicators, "level2"):
            lower = upper.add(_level(second, indicators, "level2", findings))
            for i in second:
                lower.add(_indicator(i, indicators[i], shown, findings))


def _column(indicator: Mapping[str, Any], name: str) -> Any:
    """What an indicator has in a column, as `columns` calls it: `score`, `targets.half_year`."""
    key, _, part = name.partition(".")
    value = indicator.get(key)
    return value.get(part) if part and isinstance(value, Mapping) else value


def _neighbours(rows: Iterable[int], indicators: Sequence[Mapping[str, Any]], level: str) -> list[list[int]]:
    groups: list[list[int]] = []
    for i in rows:
        if groups and indicators[groups[-1][-1]].get(level) == indicators[i].get(level):
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _level(rows: Sequence[int], indicators: Sequence[Mapping[str, Any]], level: str, findings: _Findings) -> Text:
    """A level's name with its points; marked for each row whose name a finding doubts."""
    name = _value(indicators[rows[0]].get(level), "bold")
    points = dict.fromkeys(
        plain(str((indicators[i].get("level_points") or {})[level]))
        for i in rows
        if level in (indicators[i].get("level_points") or {})
    )
    if points:
        name = Text.assemble(name, f" ({', '.join(points)})")
    numbers = [
        n
        for i in rows
        for where in ((level,), ("level_points", level))
        for n in findings.under(("indicators", str(i), *where))
    ]
    return _marked(name, numbers)


def _indicator(i: int, indicator: Mapping[str, Any], columns: set[str], findings: _Findings) -> Text:
    """One indicator on one (wrapped) line: its name, what it prints, and which of the form's `columns` it
    leaves blank. A null without such a column is shown only where a finding points at it."""
    here = ("indicators", str(i))
    name = _marked(_value(indicator.get("level3")), findings.under((*here, "level3")))
    line = _marked(name, [*findings.at(here), *_homeless(here, indicator, findings)])
    blank: list[str] = []
    for key in (*DETAILS, *(key for key in indicator if key not in DETAILS and key not in UNSHOWN)):
        value = indicator.get(key)
        parts = _parts(value)
        for part, content in parts:
            label = label_of(key, part, len(parts) == 1)
            numbers = _numbers(here, key, part, findings)
            if content is None and not numbers:
                if (key if part is None else f"{key}.{part}") in columns:
                    blank.append(label)
                continue
            content = ", ".join(map(str, content)) if isinstance(content, list) else content
            shown = _marked(_value(content, "green" if key in REACHED else ""), numbers)
            line = Text.assemble(line, "  ", (plain(label), "cyan"), " ", shown)
        if isinstance(value, Mapping):
            line = _marked(line, findings.at((*here, key)))
    if blank:
        line = Text.assemble(line, "  ", (plain(tell("blank: {columns}", columns=", ".join(blank))), "dim italic"))
    return line


def _parts(value: Any) -> list[tuple[str | None, Any]]:
    """The parts of an object by their keys; any other value as its only part, without a key."""
    return [*value.items()] if isinstance(value, Mapping) else [(None, value)]


def _homeless(here: Pointer, indicator: Mapping[str, Any], findings: _Findings) -> list[int]:
    """The findings on parts of an indicator that have no text of their own on its line."""
    numbers = findings.at((*here, "values")) + findings.at((*here, "level_points"))
    for part in indicator.get("values") or {}:
        column = VALUED.get(part)
        if column is None or (column.part and part not in (indicator.get(column.key) or {})):
            numbers += findings.under((*here, "values", part))
    for level in indicator.get("level_points") or {}:
        if level not in ("level1", "level2"):
            numbers += findings.under((*here, "level_points", level))
    return numbers


def _numbers(here: Pointer, key: str, part: str | None, findings: _Findings) -> list[int]:
    """The findings on one value of an indicator; those on a parsed value count for the text it came from."""
    numbers = findings.under((*here, key) if part is None else (*here, key, part))
    column = VALUED.get(part or key)
    if column is not None and column.key == key:
        numbers += findings.under((*here, "values", column.value_key))
    return numbers


def _standing(where: str, places: Mapping[str, Place]) -> str:
    """Where the value that a pointer names stands: itself, the text it was parsed from, or what it is a part of."""
    where = printed_at(where)
    while where:
        if where in places:
            return str(places[where])
        where = where.rpartition("/")[0]
    return ""


def _findings(findings: _Findings, places: Mapping[str, Place]) -> Tree:
    tree = Tree(Text(tell("findings ({n})", n=len(findings.all)), style="bold yellow"), guide_style="dim")
    for n, finding in enumerate(findings.all, 1):
        first = Text.assemble(
            (f"{MARK}{n} ", "bold yellow"),
            _text(rule_of(str(finding.get("rule"))), "bold"),
            " ",
            _text(verdict_of(str(finding.get("verdict"))), "yellow"),
            " ",
            _text(place_of(str(finding.get("where"))), "cyan"),
        )
        if standing := _standing(str(finding.get("where")), places):
            first = Text.assemble(first, "  ", _text(standing, "dim"))
        body: list[RenderableType] = [first, _text(told(str(finding.get("message"))))]
        amounts = [
            Text.assemble((f"{name_of(key)} ", "cyan"), _text(finding[key]))
            for key in ("printed", "computed")
            if finding.get(key) is not None
        ]
        if amounts:
            body.append(Text("  ").join(amounts))
        tree.add(Group(*body))
    return tree
