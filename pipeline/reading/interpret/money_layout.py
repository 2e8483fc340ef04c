"""How the lines of a money block are laid out: blocks side by side, kinds of money as columns."""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import pairwise

from pipeline.reading.blocks import could_be_amount
from pipeline.reading.view import TableView
from schemas.frozen import dataclass
from schemas.language.columns import OTHER
from schemas.language.money import is_share, line_name, names_line, names_money, stands_for_amount
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import is_year_mark, parse_year
from schemas.model import Cell

FEWEST_YEARS = 2  # columns headed by years alone
KIND = "kind:"  # marks a column that names a kind of money, not a period


@dataclass(frozen=True, slots=True)
class Beside:
    """A block beside others: its side where it names one, the cells above its lines that say so and name what else
    stands below them (收入构成 | 近两年收入); its first column and the one behind its last, and its rows."""

    side: str | None
    titles: Sequence[Cell]
    start: int
    end: int
    rows: Sequence[int]


def prints_shares(cells: Sequence[Cell]) -> bool:
    """Whether a row prints shares of money and nothing else."""
    texts = [c.text for c in cells if c.text.strip()]
    return bool(texts) and all(map(is_share, texts))


def side_by_side(view: TableView, rows: Sequence[int], start: int, words: Words) -> list[Beside]:
    """The blocks that stand beside each other in some rows; [] where there are not several.

    Either the first row names both sides, or it prints several totals, each with its amount; and no cell below reaches
    from one block into the next. Or the name of a side stands between them, as tall as they are.
    """
    if len(rows) < 2:
        return []
    if beside := _parted_by_sides(view, rows, start, words):
        return beside
    cells = view.row(rows[0], start)
    heads = [c for c in cells if words.side(c.text)]
    if len({words.side(c.text) for c in heads}) < 2 or len(heads) > 2:
        heads = [c for c, amount in pairwise(cells) if _is_total(c, words) and could_be_amount(amount, words)]
    if len(heads) < 2 or heads[0] is not cells[0]:
        return []
    parts = list(zip(heads, [*(c.col for c in heads[1:]), view.table.cols], strict=True))
    if any(c.col < end < c.col + c.colspan for _, end in parts for r in rows for c in view.row(r, start)):
        return []
    if any(len(view.row(rows[-1], head.col, end)) < 2 for head, end in parts):
        return []  # the sides are columns over one line of labels
    return [_beside(view, rows, head, end, words) for head, end in parts]


def _parted_by_sides(view: TableView, rows: Sequence[int], start: int, words: Words) -> list[Beside]:
    """The blocks that tall names of sides part, the first left of them: 收入预算 | lines | 支出预算 | lines."""
    cells = view.row(rows[0], start)
    tall = [c for c in cells[1:] if words.side(c.text) and c.rowspan >= len(rows)]
    if not tall or words.side(cells[0].text):
        return []
    first = Beside(None, (), start, tall[0].col, rows)
    ends = [*(c.col for c in tall[1:]), view.table.cols]
    others = (Beside(words.side(c.text), (c,), c.col + c.colspan, end, rows) for c, end in zip(tall, ends, strict=True))
    return [first, *others]


def sided_rows(view: TableView, row: int, free: Container[int], words: Words) -> int:
    """How many rows from here are lines of money under the names of both sides, which stand beside each other over the
    whole table; 0 where none are."""
    heads = view.row(row)
    if len({words.side(c.text) for c in heads}) != len(heads) or len(heads) != 2 or not all(map(_is_flat, heads)):
        return 0
    if not all(words.side(c.text) for c in heads):
        return 0
    count = 1
    while row + count in free and _are_lines(view, row + count, heads[1].col, words):
        count += 1
    return count if count > 1 else 0


def _is_flat(cell: Cell) -> bool:
    return cell.rowspan == 1


def _are_lines(view: TableView, row: int, border: int, words: Words) -> bool:
    """Whether each half of a row is a line of money with its amounts, or the header of such lines."""
    halves = view.row(row, 0, border), view.row(row, border)
    if any(c.col < border < c.col + c.colspan for c in halves[0]) or any(
        words.known_label(c.text) for c in view.row(row)
    ):
        return False
    return all(
        len(half) > 1
        and (all(could_be_amount(c, words) for c in half[1:]) or all(names_money(c.text, words) for c in half[1:]))
        for half in halves
    )


def year_columns(cells: Sequence[Cell]) -> list[tuple[str, int, int]]:
    """Columns of money headed by years, behind the header of the lines' names: the last year's is the budget, earlier
    ones are past. (column, first, behind the last) each; [] where a row heads no such columns."""
    heads = cells[1:]
    years = [parse_year(c.text) if is_year_mark(c.text) else None for c in heads]
    told = [year for year in years if year is not None]
    if len(heads) < FEWEST_YEARS or len(told) < len(heads) or len(set(told)) < len(told):
        return []
    return [
        ("full_year_budget" if year == max(told) else f"{OTHER}{squeeze(c.text)}", c.col, c.col + c.colspan)
        for c, year in zip(heads, years, strict=True)
    ]


def heads_own_columns(view: TableView, row: int, free: Container[int], words: Words) -> bool:
    """Whether a row is the name of a line of money and the headers of its columns, over its amounts, beside which the
    name is not printed again: 资金总额 | 年初预算数 | 执行数."""
    name, *heads = view.row(row)
    below = view.row(row + 1)
    if row + 1 not in free or len(heads) < 2 or [c.col for c in below] != [c.col for c in view.row(row)]:
        return False
    if not names_line(name.text, words) or not all(map(_is_flat, [name, *heads, *below])):
        return False
    again = squeeze(below[0].text)
    named = all(words.fund_column(c.text) for c in heads)
    return named and again in ("", squeeze(name.text)) and all(could_be_amount(c, words) for c in below[1:])


def inner_heading(view: TableView, rows: Sequence[int], start: int, end: int | None, words: Words) -> Cell | None:
    """The cell that stands beside all rows of a block and names no line: a further heading of it."""
    cells = view.row(rows[0], start, end) if len(rows) > 1 else ()
    head = cells[0] if len(cells) > 1 else None
    if head is None or head.row != rows[0] or head.rowspan < len(rows) or words.side(head.text):
        return None
    line = names_line(head.text, words) and not words.is_line_header(head.text)
    return None if line or not head.text.strip() else head


def lists_projects(view: TableView, head: Cell, words: Words) -> bool:
    """Whether a table of projects stands beside a cell, which prints more of each than its name and its money."""
    name, *others = view.row(head.row, head.col + head.colspan) or [head]
    texts = [c.text for c in others if not names_money(c.text, words)]
    return words.label(name.text) == "project_name" and head.rowspan > 1 and len(texts) > 1


def _is_total(cell: Cell, words: Words) -> bool:
    name = line_name(cell.text, words)
    return words.is_fund_total(name) and not words.is_applied_total(name)


def _beside(view: TableView, rows: Sequence[int], head: Cell, end: int, words: Words) -> Beside:
    side = words.side(head.text)
    above = view.row(rows[0], head.col, end)
    named = side is not None and not any(could_be_amount(c, words) or words.fund_column(c.text) for c in above)
    titles = above if named and all(map(_is_flat, above[1:])) else ()
    printed = [r for r in rows if any(c.text.strip() for c in view.row(r, head.col, end))]
    return Beside(side, titles, head.col, end, [r for r in printed if not titles or r not in head.rows])


def matrix(cells: Sequence[Cell], below: Sequence[Cell], words: Words) -> list[tuple[str, int, int]]:
    """Headers that name no column of ours but kinds of money, over rows of amounts: each is a child of the row's line.
    (name, first column, column behind the last) each; [] where the row is no such header."""
    if len(cells) < 3 or [(c.col, c.colspan) for c in cells] != [(c.col, c.colspan) for c in below]:
        return []
    if not all(c.text.strip() and not stands_for_amount(c.text, words) for c in cells):
        return []
    if stands_for_amount(below[0].text, words) or not all(could_be_amount(c, words) for c in below[1:]):
        return []
    return [(f"{KIND}{line_name(c.text, words)}", c.col, c.col + c.colspan) for c in cells[1:]]
