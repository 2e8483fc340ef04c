"""Blocks of other things in a table of indicators: where money or tasks begin, by what stands beside their names."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.reading.view import TableView
from schemas.language.heads import names_goal
from schemas.language.money import (
    line_name,
    names_block,
    names_line,
    names_money,
    parse_amount,
    printed_lines,
    stands_for_amount,
)
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import parse_year
from schemas.model import Cell


def could_be_amount(cell: Cell, words: Words) -> bool:
    """A cell that may hold an amount: a number, an empty mark, what resembles one, or nothing."""
    return not cell.text.strip() or stands_for_amount(cell.text, words)


def is_money_block(view: TableView, head: Cell, words: Words) -> bool:
    """Whether a cell at the left names a money block: by its words, and by what stands beside it."""
    if head.col != view.row(head.row)[0].col or not words.fund_block.search(squeeze(head.text)):
        return bool(words.side(head.text)) and head.rowspan > 1
    if not names_block(head.text, words):
        return False
    beside = [c for r in head.rows for c in view.row(r, head.col + head.colspan) if c.row == r]
    texts = [c for c in beside if c.text.strip()]
    if any(printed_lines(c.text, words) for c in texts):
        return True
    named = [c for c in texts if names_money(c.text, words)]
    return bool(named) and any(could_be_amount(c, words) for c in beside)


def begins_block(view: TableView, row: int, words: Words) -> bool:
    """Whether a row begins a block of money, tasks or labels, whose columns may be as many as those of what stands
    above it."""
    cells = view.starting(row)
    if not cells:
        return False
    if {"name", "content"} <= {words.task(c.text) for c in cells}:
        return True
    head = cells[0]
    if _heads_labels(view, head, words):
        return True
    if _is_total(head, words) and _is_line(view, cells, words):
        return True
    if words.is_level(bare_level(head.text)) or not is_money_block(view, head, words):
        return False
    beside = [c for c in view.row(row, head.col + head.colspan) if c.row == row]
    return _heads_money(beside, words) or _is_line(view, beside, words)


def _is_total(head: Cell, words: Words) -> bool:
    """Whether a text names a total of money for certain: 合计 may as well be that of points."""
    name = line_name(head.text, words)
    return words.is_fund_total(name) and not words.is_total(name)


def _heads_labels(view: TableView, head: Cell, words: Words) -> bool:
    """Whether a tall cell at the left stands beside a row of nothing but labels; or a blank one, whose text a page
    break left to the rows below, beside several."""
    beside = [c for c in view.row(head.row, head.col + head.colspan) if c.row == head.row]
    fewest = 1 if head.rowspan > 1 else 2 if not head.text.strip() else len(beside) + 1
    leftmost = view.row(head.row)[0] is head
    return leftmost and len(beside) >= fewest and all(_is_label(c.text, words) for c in beside)


def _is_label(text: str, words: Words) -> bool:
    """Whether a text is a known label, or one of a goal by what it names."""
    return words.known_label(text) or (names_goal(text, words) and words.header(text) is None)


def _heads_money(cells: Sequence[Cell], words: Words) -> bool:
    """Whether all texts of a row head columns or lines of money, and one of them is known for certain."""
    texts = [c.text for c in cells if c.text.strip()]
    if len({words.side(text) for text in texts} - {None}) > 1:
        return True
    if not any(words.fund_column(text) for text in texts):
        return False
    return all(words.fund_column(text) or words.is_line_header(text) or _is_year(text, words) for text in texts)


def _is_year(text: str, words: Words) -> bool:
    return parse_year(text) is not None and parse_amount(text, words) is None


def _is_line(view: TableView, cells: Sequence[Cell], words: Words) -> bool:
    """Whether a row is a line of money, or several: names with their amounts behind them, in their own cells or below
    them."""
    if not cells:
        return False
    if printed_lines(cells[0].text, words):
        return True
    rest = cells[1:]
    if not rest or not names_line(cells[0].text, words):
        return False
    if all(names_line(c.text, words) for c in rest):
        below = view.row(cells[0].row + 1, cells[0].col)
        return [c.col for c in below] == [c.col for c in cells] and all(could_be_amount(c, words) for c in below)
    kinds = {squeeze(kind) for kind in words.all.funds.fiscal.children}  # 小计 beside 财政拨款
    return all(could_be_amount(c, words) or names_line(c.text, words) or squeeze(c.text) in kinds for c in rest)
