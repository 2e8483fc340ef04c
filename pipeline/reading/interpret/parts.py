"""Cells that hold several things, and things that stand in several cells: numbered names with a value for each, a
target over unnamed columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.reading.interpret.levels import OUTER
from schemas.language.columns import BY_ROLE, LEVELS, What
from schemas.language.values import begins_like_condition
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Cell

LIST_MARKS = r"[；;\n]"  # between values of a list in one cell


def one_a_name(cells: dict[str, Cell | None], words: Words) -> tuple[list[dict[str, Cell | None]], str | None]:
    """The cells of a row, parted where it prints several numbered names (指标1：… 指标2：…) and as many texts in each
    column, or none. Where the counts differ the row stays one, and the second thing says why it is doubted."""
    name = cells.get(LEVELS[2])
    names = words.numbered_names(name.text) if name is not None else []
    if name is None or len(names) < 2:
        return [cells], None
    parts: dict[str, list[Cell | None]] = {}
    for role, cell in cells.items():
        if role in OUTER or cell is None or not cell.text.strip():
            parts[role] = [cell] * len(names)
            continue
        texts = names if cell is name else _texts(cell, len(names))
        if len(texts) != len(names):
            why = f"the row prints {len(names)} numbered names and {len(texts)} texts in another column"
            return [cells | {LEVELS[2]: replace(name, text="\n".join(names))}], why
        parts[role] = [replace(cell, text=text.strip()) for text in texts]
    return [{role: column[i] for role, column in parts.items()} for i in range(len(names))], None


def _texts(cell: Cell, count: int) -> Sequence[str]:
    """The texts of a cell, `count` of them where it has so many paragraphs, lines, or texts parted by marks."""
    paragraphs = [text for text in cell.text.split("\n") if text.strip()]
    lines = [line.text for line in cell.lines if line.text.strip()]
    marked = [text for text in re.split(LIST_MARKS, cell.text) if text.strip()]
    spaced = cell.text.split()
    return next((texts for texts in (paragraphs, lines, marked, spaced) if len(texts) == count), paragraphs)


def roles_of_parts(role: str, texts: Sequence[str], words: Words) -> list[str]:
    """What the cells of a row hold that a target's header covers without naming them: operator, number and unit, or two
    of these; [] where they hold something else."""
    column = BY_ROLE.get(role)
    if column is None or column.what is not What.TARGET or len(texts) not in (2, 3):
        return []
    first, last = squeeze(texts[0]), squeeze(texts[-1])
    sign = bool(words.operator(first)) if first else len(texts) == 3
    unit = not begins_like_condition(last, words) and (last in words.units or len(texts) == 3)
    if len(texts) == 3:
        return ["op", role, "unit"] if sign and (unit or not last) else []
    if first and sign:
        return ["op", role]
    return [role, "unit"] if last and unit else []
