"""The rows of 年度主要任务: a name, what it is about, and what else the table prints of it."""

from __future__ import annotations

from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.redaction import take
from pipeline.reading.view import TableView
from schemas.language.vocabulary import Words, squeeze
from schemas.pointers import pointer


def read_tasks(draft: Draft, view: TableView, free: set[int], words: Words) -> set[int]:
    """Read the task rows of a table into the draft; returns the rows that they and their header take."""
    used: set[int] = set()
    for row in sorted(free):
        heads = [c for c in view.starting(row) if c.text.strip()]
        roles = {words.task(c.text): c for c in heads if words.task(c.text)}
        if not {"name", "content"} <= roles.keys():
            continue
        named = roles["name"]
        columns = [c for c in heads if c.col >= named.col]
        side = view.at(row, named.col - 1) if named.col else None
        end = side.row + side.rowspan if side is not None and side.rowspan > 1 else view.table.rows
        draft.own(*heads, *([side] if side is not None else []))
        used.add(row)
        for r in range(row + named.rowspan, end):
            first = view.at(r, named.col)
            if r not in free or first is None or first.col != named.col or words.known_label(first.text):
                break
            where = pointer("tasks", len(draft.tasks))
            task: dict[str, str | None] = {}
            for head in columns:
                key = words.task(head.text) or squeeze(head.text)
                cell = view.at(r, head.col)
                task[key] = take(draft, words, f"{where}{pointer(key)}", view, cell)
            used.add(r)
            if any(task.values()):
                draft.tasks.append(task)
    return used
