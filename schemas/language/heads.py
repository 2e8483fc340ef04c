"""Rows of texts that head a table: of indicators, of tasks, of money columns."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from schemas.language.columns import LEVELS
from schemas.language.money import names_block, stands_for_amount
from schemas.language.vocabulary import Words
from schemas.language.years import is_year_mark

FEWEST_NAMED = 3  # a header of indicators names at least so many columns, all but one of them known
FEWEST_TASK_WORDS = 2


class Heads(StrEnum):
    """What a row of texts heads."""

    INDICATORS = "indicators"
    TASKS = "tasks"
    MONEY = "money"


def heads(texts: Sequence[str], words: Words) -> Heads | None:
    """What the texts of a row head, blanks left out; None where they head nothing."""
    roles = {words.header(text) for text in texts} - {None}
    if len(texts) >= FEWEST_NAMED and len(roles) >= FEWEST_NAMED - 1 and not roles.isdisjoint(LEVELS):
        return Heads.INDICATORS
    if len({words.task(text) for text in texts} - {None}) >= FEWEST_TASK_WORDS:
        return Heads.TASKS
    columns = [text for text in texts if words.fund_column(text) and not text.rstrip().endswith((":", "："))]
    if columns and len(texts) > 1 and not any(stands_for_amount(text, words) for text in texts):
        rest = [text for text in texts[1:] if text not in columns and not words.is_line_header(text)]
        rest = [text for text in rest if not is_year_mark(text)]  # amounts of past years, beside those of this one
        named = words.is_line_header(texts[0]) or (names_block(texts[0], words) and texts[1] in columns)
        if not rest and (len(columns) > 1 or named or len(texts) > 2):
            return Heads.MONEY
    return None
