"""The rows of 年度主要任务: a name, what it is about, its goal, its money, and what else the table prints of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.reading.blocks import begins_block
from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.redaction import blank_to_none, take
from pipeline.reading.view import TableView
from schemas.frozen import dataclass
from schemas.language.money import declared_unit, line_name, names_money, parse_amount
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Cell
from schemas.pointers import escaped, pointer
from schemas.record import TaskValue

AMOUNTS = "amounts"


@dataclass(frozen=True, slots=True)
class TaskColumn:
    """A column of the tasks: its key in a task, and whether it holds money, which stands under `amounts`."""

    key: str
    col: int
    money: bool = False


@dataclass(frozen=True, slots=True)
class TaskHead:
    """The header of a table of tasks: its cells, the columns below them, and the rows of the tasks."""

    cells: Sequence[Cell]
    columns: Sequence[TaskColumn]
    name_col: int
    first: int
    end: int
    in_block: bool  # the cell at the left says how far they go


def read_tasks(draft: Draft, view: TableView, free: set[int], words: Words) -> set[int]:
    """Read the task rows of a table into the draft; returns the rows that they and their header take."""
    used: set[int] = set()
    for row in sorted(free):
        head = None if row in used else _head(view, row, words)
        if head is None:
            continue
        draft.own(*head.cells)
        for cell in head.cells:
            if unit := declared_unit(cell.text, words):
                draft.note_unit(unit, cell, view)
        used.update(range(row, head.first))
        for r in range(head.first, head.end):
            first = view.at(r, head.name_col)
            if r not in free or first is None or first.col != head.name_col:
                break
            if not head.in_block and (words.known_label(first.text) or _ends_before(view, r, first, head, words)):
                break
            _read_row(draft, view, r, first, head, words)
            used.add(r)
    return used


def _head(view: TableView, row: int, words: Words) -> TaskHead | None:
    """The header of tasks that begins in a row, None where none does."""
    cells = [c for c in view.starting(row) if c.text.strip()]
    roles = {role: c for c in cells if (role := words.task(c.text))}
    if not {"name", "content"} <= roles.keys() and not _names_tasks(roles, words):
        return None
    name = roles["name"]
    left = [c for c in view.row(row, 0, name.col) if squeeze(c.text) not in words.all.column_numbers.before]
    side = left[-1] if left else None
    first = row + max(c.rowspan for c in roles.values())
    in_block = side is not None and side.rowspan > first - row
    end = side.row + side.rowspan if side is not None and in_block else view.end
    columns: list[TaskColumn] = []
    heads = [side] if side is not None else []
    for cell in (c for c in cells if c.col >= name.col):
        heads.append(cell)
        below = [c for r in range(row + cell.rowspan, first) for c in view.row(r, cell.col, cell.col + cell.colspan)]
        leaves = list({id(c): c for c in below}.values()) if cell.rowspan < first - row else []
        heads += leaves
        columns += [_column(leaf, cell, words) for leaf in leaves or [cell]]
    return TaskHead(heads, columns, name.col, first, end, in_block)


def _names_tasks(roles: Mapping[str, Cell], words: Words) -> bool:
    """Whether a header names tasks by their own word, and their money: 任务名称 | 对应项目 | 预算金额."""
    name = squeeze(roles["name"].text) if AMOUNTS in roles and "name" in roles else ""
    return name.startswith(tuple(words.all.sure_tasks))


def _column(leaf: Cell, above: Cell, words: Words) -> TaskColumn:
    role = words.task(leaf.text) or words.task(above.text)
    if role == AMOUNTS or (role is None and names_money(leaf.text, words)):
        return TaskColumn(squeeze(line_name(leaf.text, words)), leaf.col, money=True)
    return TaskColumn(role or squeeze(leaf.text), leaf.col)


def _is_total(first: Cell, words: Words) -> bool:
    return words.is_total(first.text) or words.is_fund_total(line_name(first.text, words))


def _ends_before(view: TableView, row: int, first: Cell, head: TaskHead, words: Words) -> bool:
    """Whether another block begins in a row: by its words, by a heading where the names of tasks stand, by a label
    beside a tall cell or a goal there, or because one cell of it covers several columns of the tasks, as none of a task
    does. The total of the tasks' money is none."""
    own_total = any(column.money for column in head.columns) and _is_total(first, words)
    if own_total:
        return False
    beside = view.row(row, first.col + first.colspan)
    heads = first.rowspan > 1 or words.is_goal(first.text)
    if heads and beside and words.known_label(beside[0].text):
        return True
    return words.is_heading(first.text) or _covers_columns(view, row, head) or begins_block(view, row, words)


def _covers_columns(view: TableView, row: int, head: TaskHead) -> bool:
    starts = [column.col for column in head.columns]
    return any(
        sum(col in cell.cols for col in starts) > 1 for cell in view.row(row, head.name_col) if cell.text.strip()
    )


def _read_row(draft: Draft, view: TableView, row: int, first: Cell, head: TaskHead, words: Words) -> None:
    """A task; or the total of all, which is none."""
    total = _is_total(first, words)
    where = "/tasks_total" if total else pointer("tasks", len(draft.tasks))
    task: dict[str, TaskValue] = {}
    amounts: dict[str, str | None] = {}
    for column in head.columns:
        cell = view.at(row, column.col)
        if column.money:
            at = f"{where}/{escaped(column.key)}" if total else f"{where}/{AMOUNTS}/{escaped(column.key)}"
            amounts[column.key] = _amount(draft, view, cell, at, words)
        elif total:
            if cell is first:
                draft.own(cell)
        else:
            task[column.key] = take(draft, words, f"{where}{pointer(column.key)}", view, cell)
    if total:
        draft.tasks_total = amounts
    elif any(task.values()) or any(amounts.values()):
        draft.tasks.append(task | ({AMOUNTS: amounts} if amounts else {}))


def _amount(draft: Draft, view: TableView, cell: Cell | None, where: str, words: Words) -> str | None:
    """The digits of a money cell; None where it is blank, or holds no amount, which is a finding."""
    if cell is None:
        return None
    raw = blank_to_none(cell.text)
    draft.own(cell)
    draft.origin(where, raw, view, cell)
    amount = parse_amount(raw, words) if raw else None
    if raw and amount is None:
        draft.doubt("unreadable", where, "the cell holds no amount that can be read", raw)
    if amount is not None and amount.unit:
        draft.note_unit(amount.unit, cell, view)
    return amount.digits if amount else None
