"""What an image alone cannot tell apart, settled by where it stands; labels that were read almost right.

`=` and 二, 0 and O, 1 and l, — and 一 look alike. In an operator column there is no 二, in a column of numbers no O.
Only such certain cases are settled, only whole cells, and the text as read is kept beside the settled one. The
vocabulary corrects labels, never values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from schemas.language.columns import COLUMNS, What
from schemas.language.lookalikes import ALONE, DASH, DASHES, DIGITS, EQUALS, NUMERALS, ONE
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Block, Cell, Line, Table

NUMBER_ROLES = frozenset(column.role for column in COLUMNS if column.what is What.POINTS)
ALIKE = str.maketrans(DIGITS)
_DIGIT = "".join(map(re.escape, DIGITS))
ALMOST_NUMBER = re.compile(rf"(?=.*\d)[\d{_DIGIT}]+(?:[.,][\d{_DIGIT}]+)*[%％]?")
SHORTEST_LABEL = 4  # characters from which a label is known by all but one of them
SURE = 0.95  # a cell with a higher score is not taken for a label that was misread


def settle(blocks: Iterable[Block], words: Words) -> tuple[Block, ...]:
    """Blocks of scanned pages with certain confusions settled and labels put right."""
    return tuple(
        _settle_label(block, words) if isinstance(block, Line) else _settle_table(block, words) for block in blocks
    )


def _settle_table(table: Table, words: Words) -> Table:
    cells = []
    roles = _roles(table, words)
    dashes = _dashes(table)
    for cell in table.cells:
        text = _settled(cell, roles.get(id(cell)), words)
        if text is None and id(cell) in dashes:
            text = DASH
        cells.append(cell if text is None else _with_text(cell, text))
    return replace(table, cells=tuple(cells))


def _roles(table: Table, words: Words) -> dict[int, str]:
    """What the column of each cell holds, by the header above it: `op`, `number`, `other`."""
    current: dict[int, str] = {}
    out: dict[int, str] = {}
    for cell in sorted(table.cells, key=lambda c: (c.row, c.col)):
        header = words.header(cell.text) if cell.text else None
        money = words.fund_column(cell.text) if cell.text else None
        if header or money:
            role = "op" if header == "op" else "number" if money or header in NUMBER_ROLES else "other"
            for col in cell.cols:
                current[col] = role
        elif current.get(cell.col, "other") != "other" and len({current.get(col) for col in cell.cols}) == 1:
            out[id(cell)] = current[cell.col]
    return out


def _dashes(table: Table) -> set[int]:
    """The cells that hold a level stroke and nothing else, which is a dash: the low one always; the one that looks like
    a numeral where figures stand in the cells as wide above and below it, and the next numeral does not."""
    out = set()
    for cell in table.cells:
        text = "".join(cell.text.split())
        if not cell.lines or text not in ALONE:
            continue
        beside = ["".join(c.text.split()) for c in table.cells if (c.col, c.colspan) == (cell.col, cell.colspan)]
        figures = any(ch.isdigit() for other in beside for ch in other)
        if text != ONE or (figures and not any(other in NUMERALS for other in beside)):
            out.add(id(cell))
    return out


def _settled(cell: Cell, role: str | None, words: Words) -> str | None:
    """The text that a cell must hold where it was read almost so, None where it stays."""
    text = "".join(cell.text.split())
    if not text or not cell.lines:
        return None
    if role == "op" and text in EQUALS:
        return "="
    if role == "number":
        if text in DASHES:
            return DASH if text == ONE else None
        if ALMOST_NUMBER.fullmatch(text) and text.translate(ALIKE) != text:
            return text.translate(ALIKE)
    if role is None and cell.score is not None and cell.score < SURE:
        return nearest_label(cell.text, words)
    return None


def _with_text(cell: Cell, text: str) -> Cell:
    first, score = cell.lines[0], cell.score
    line = replace(first, text=text, score=score, raw=cell.text, gaps=(), covered=())
    return replace(cell, text=text, lines=(line, *(replace(ln, text="") for ln in cell.lines[1:])))


def _settle_label(line: Line, words: Words) -> Line:
    """A line `label: value` with its label put right."""
    parts = re.match(r"\s*([^:：]{3,16})([:：].*)", line.text, re.DOTALL)
    if not parts:
        return line
    label = nearest_label(parts.group(1), words)
    if label is None:
        return line
    return replace(line, text=label + parts.group(2), raw=line.text, gaps=(), covered=())


def nearest_label(text: str, words: Words) -> str | None:
    """The only label that differs from a text in one character; None where the text is a known word itself, or
    none or several labels are that near."""
    short = squeeze(text)
    if len(short) < SHORTEST_LABEL or short in _known(words) or words.known_label(text) or words.header(text):
        return None
    seal = "|".join(words.all.seals)
    bare = re.sub(rf"\((?:{seal})\)?|\(?(?:{seal})\)|[()]", "", short)
    if bare != short and bare in _known(words):
        return bare
    near = {label for label in _labels(words) if _one_apart(label, short)}
    return near.pop() if len(near) == 1 else None


@cache
def _labels(words: Words) -> frozenset[str]:
    every = [*words.all.labels.values(), *words.all.choices.values(), *words.all.headers.values()]
    return frozenset(s for names in every for s in map(squeeze, names) if len(s) >= SHORTEST_LABEL)


@cache
def _known(words: Words) -> frozenset[str]:
    """Every word of the vocabulary: none of them is a misread label."""
    all_ = words.all
    groups: list[Sequence[str]] = [
        *all_.labels.values(),
        *all_.choices.values(),
        *all_.options.values(),
        *all_.headers.values(),
        *all_.level_words.values(),
        *all_.usual_level2.values(),
        *all_.funds.columns.values(),
        *all_.tasks.values(),
        all_.funds.total,
        all_.funds.applied_total,
        all_.funds.line_headers,
        all_.headings,
        all_.year_labels,
        all_.unit_labels,
    ]
    return frozenset(squeeze(w) for group in groups for w in group)


def _one_apart(a: str, b: str) -> bool:
    """Whether one character put in, left out or replaced makes a text of the other."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    return a[i + 1 :] == b[i + 1 :] or a[i:] == b[i + 1 :] or a[i + 1 :] == b[i:]
