"""Rows of texts that head a table: of indicators, of tasks, of money columns."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from schemas.language.columns import BY_ROLE, LEVELS, What
from schemas.language.money import names_block, stands_for_amount
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import is_year_mark

FEWEST_NAMED = 3  # a header of indicators names at least so many columns, all but one of them known
FEWEST_KNOWN = 2  # columns beside 指标 that make a header of it, one of them of values
FEWEST_TASK_WORDS = 2
LONGEST_GOAL = 16  # characters of a label that only names a goal


class Heads(StrEnum):
    """What a row of texts heads."""

    INDICATORS = "indicators"
    TASKS = "tasks"
    MONEY = "money"


def heads(texts: Sequence[str], words: Words) -> Heads | None:
    """What the texts of a row head, blanks left out; None where they head nothing."""
    roles = {words.header(text) for text in texts} - {None}
    if roles:
        if len(texts) >= FEWEST_NAMED and len(roles) >= FEWEST_NAMED - 1 and not roles.isdisjoint(LEVELS):
            return Heads.INDICATORS
        if names_values(texts, words) or (roles.isdisjoint(LEVELS) and lone_name(texts, words) is not None):
            return Heads.INDICATORS
    if len({words.task(text) for text in texts} - {None}) >= FEWEST_TASK_WORDS:
        return Heads.TASKS
    columns = [text for text in texts if words.fund_column(text) and not text.rstrip().endswith((":", "："))]
    if columns and len(texts) > 1 and not any(stands_for_amount(text, words) for text in texts):
        rest = [text for text in texts[1:] if text not in columns and not words.is_line_header(text)]
        past = [text for text in rest if is_year_mark(text) or words.is_past_money(text)]
        rest = [text for text in rest if text not in past]  # amounts of past years, beside those of this one
        between = [text for text in rest[:1] if not words.side(text) and words.task(text) != "name"]
        rest = between + rest[1:]  # 收入, or the header of the lines' names, between the block and its columns
        named = words.is_line_header(texts[0]) or (names_block(texts[0], words) and texts[1] in columns)
        if not rest and (len(columns) > 1 or named or len(texts) > 2):
            return Heads.MONEY
    return None


def names_goal(text: str, words: Words) -> bool:
    """Whether a text may be the label of a goal by what it names: 三年总目标; a sentence is longer."""
    return words.is_goal(text) and len(squeeze(text)) <= LONGEST_GOAL


def names_goal_of_period(text: str, words: Words) -> bool:
    """Whether a text heads the goal of a period: 项目全周期目标, 2025年目标."""
    return names_goal(text, words) and words.period(text, beside=True) is not None


def names_values(texts: Sequence[str], words: Words) -> bool:
    """Whether two texts are the header of a table of names and values alone: 指标名称, 指标值."""
    roles = [words.header(text) for text in texts]
    return len(roles) == 2 and roles[0] == LEVELS[2] and roles[1] in BY_ROLE and BY_ROLE[roles[1]].what is What.TARGET


def lone_name(texts: Sequence[str], words: Words) -> int | None:
    """Which text heads the names of a table that has no other level, 指标 before a value and another column that is
    known; None where none does."""
    whats = [BY_ROLE[role].what if (role := words.header(text)) in BY_ROLE else None for text in texts]
    values = [i for i, what in enumerate(whats) if what in (What.TARGET, What.RESULT)]
    if not values or sum(what is not None for what in whats) < FEWEST_KNOWN:
        return None
    return max((i for i, text in enumerate(texts[: values[0]]) if words.is_level3_else(text)), default=None)


def first_name(texts: Sequence[str], words: Words) -> int:
    """Which text of a header of indicators heads the names of its first level."""
    levels = [i for i, text in enumerate(texts) if words.header(text) in LEVELS]
    return levels[0] if levels else lone_name(texts, words) or 0
