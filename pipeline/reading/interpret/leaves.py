"""The cells of one indicator: what each says by its column's role, and where it goes in the record."""

from __future__ import annotations

from pipeline.reading.interpret.draft import Draft
from pipeline.reading.interpret.redaction import take
from pipeline.reading.view import TableView
from schemas.language.columns import Column, Shape, What, split_role
from schemas.language.money import is_empty_mark
from schemas.language.values import parse_options, parse_points
from schemas.language.vocabulary import Words, squeeze
from schemas.model import Cell
from schemas.pointers import pointer
from schemas.record import Indicator


def take_leaf(
    draft: Draft, words: Words, indicator: Indicator, role: str, view: TableView, cell: Cell | None, where: str
) -> str | None:
    """Put what a cell prints into an indicator, which stands at `where`; its text."""
    column, header = split_role(role)
    if column is None:
        text = take(draft, words, where + pointer("other", header), view, cell)
        if indicator.other is None:
            indicator.other = {}
        indicator.other[header] = text
        return text
    if column.what is What.TICKED:
        return _take_ticked(draft, words, indicator, column, header, view, cell, where)
    at = column.pointer + pointer(header) if header else column.pointer
    text = take(draft, words, where + at, view, cell)
    if text is not None:
        text = without_prefix(words, role, text)
    value = points_of(text) if column.what is What.POINTS else text
    if column.part:
        getattr(indicator, column.key)[column.part] = value
    elif column.shape is Shape.BY_HEADER:
        setattr(indicator, column.key, {**(getattr(indicator, column.key) or {}), header: value})
    else:
        setattr(indicator, column.key, value)
    return text


def _take_ticked(
    draft: Draft,
    words: Words,
    indicator: Indicator,
    column: Column,
    header: str,
    view: TableView,
    cell: Cell | None,
    where: str,
) -> str | None:
    """Note which of a group of columns is ticked. A column by itself prints the option, or all with boxes."""
    at = where + pointer(column.key)
    text = take(draft, words, at, view, cell) if cell is not None and cell.text.strip() else None
    if cell is not None:
        draft.own(cell)
    if not header:
        options = parse_options(text or "", words)
        if any(option.marked for option in options):
            for option in options:
                _tick(draft, indicator, column, option.text if option.ticked else None, at)
        else:
            _tick(draft, indicator, column, text, at)
        return text
    ticked = text is not None and not is_empty_mark(squeeze(text), words) and not _is_unticked(text, words)
    _tick(draft, indicator, column, header if ticked else None, at)
    if ticked and not _is_tick(text or "", words):
        draft.doubt("inferred", at, f"{header} is taken for ticked, because its column prints {text}", text)
    return text


def _tick(draft: Draft, indicator: Indicator, column: Column, option: str | None, at: str) -> None:
    """Add an option that is ticked; None leaves what the group holds, and says that the form has it."""
    held = getattr(indicator, column.key)
    if column.shape is Shape.LIST:
        setattr(indicator, column.key, [*(held or []), *([] if option is None else [option])])
    elif option is None or held is None:
        setattr(indicator, column.key, held if option is None else option)
    else:
        draft.doubt("inferred", at, f"both {held} and {option} are ticked", option)


def _is_tick(text: str, words: Words) -> bool:
    return set(squeeze(text)) <= set(words.all.ticks.ticked)


def _is_unticked(text: str, words: Words) -> bool:
    return set(squeeze(text)) <= set(words.all.ticks.empty)


def without_prefix(words: Words, role: str, text: str) -> str:
    """A text without the words that stand before values of its column."""
    for prefix in words.all.value_prefixes.get(role, ()):
        if squeeze(text).startswith(squeeze(prefix)):
            head = next(i for i in range(len(text) + 1) if squeeze(text[:i]) == squeeze(prefix))
            return text[head:].lstrip(":： \n")
    return text


def points_of(text: str | None) -> str | None:
    """Points as printed, without their measure."""
    return None if text is None else parse_points(text) or text
