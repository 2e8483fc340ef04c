"""What makes the rows of a record add up: numbers beside texts, what each line of money is, what came of a target."""

from __future__ import annotations

from math import isfinite
from typing import Any

from schemas.conditions import met
from schemas.language.keys import PLAIN_DECIMAL
from schemas.language.vocabulary import load_words
from schemas.leaves import is_total, leaves, source_of
from schemas.record import Indicator, Record

FUND_COUNTED = ("number", "source", "is_total", "is_leaf")
INDICATOR_COUNTED = ("indicator_kind", "met", "met_reason", "score_value")
"""What is counted of a money cell and of an indicator."""


def as_number(digits: str | None) -> float | None:
    """A plain decimal as a number; None for any other text."""
    if digits is None or PLAIN_DECIMAL.fullmatch(digits) is None:
        return None
    number = float(digits)
    return number if isfinite(number) else None


def funds_counted(record: Record) -> list[dict[str, Any]]:
    """For each money cell of a record its number (of rates and points), source, and whether it is a total or counts."""
    words = load_words()
    counted = leaves(record, words)
    return [
        {
            "number": None if fund.is_money else as_number(fund.amount),
            "source": source_of(fund.path, words),
            "is_total": is_total(fund.path, words),
            "is_leaf": position in counted,
        }
        for position, fund in enumerate(record.funds)
    ]


def indicator_counted(indicator: Indicator) -> dict[str, Any]:
    """What an indicator is of, whether its target of the year is met, why, and its score as a number."""
    words, values = load_words(), indicator.values
    told = met(values.get("full_year"), values.get("actual"), words.all.amount_units)
    return {
        "indicator_kind": words.indicator_kind(indicator.level3, indicator.level2, indicator.level1),
        "met": told.is_met,
        "met_reason": told.reason,
        "score_value": as_number(indicator.score),
    }
