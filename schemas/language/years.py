"""Fiscal years in all writings: 2025年度, （２０２５ 年 度）, 二〇二五年. A span of years is no year."""

from __future__ import annotations

import re
from functools import lru_cache

from schemas.language.keys import plain
from schemas.language.writing import YEAR_NUMERALS

_FIGURES = r"(?:[1１]\s?[9９]|[2２]\s?[0０])\s?\d\s?\d"
_NUMERALS = rf"(?:一九|二[{YEAR_NUMERALS[:6]}])[{YEAR_NUMERALS}]{{2}}"
_YEAR = rf"(?:{_FIGURES}|{_NUMERALS})"
_SPAN = re.compile(
    rf"(?<!\d){_YEAR}\s*+(?:年\s*+(?:度\s*+)?)?[-－—–~～〜至到]++\s*+(?:{_YEAR}(?!\d)|\d\d\s*年)(?:\s*年\s*度?)?"
)
_MARK = re.compile(rf"(?:[（(\[［]|(?<!\s))\s*+{_YEAR}\s*年\s*+(?:度\s*+)?[）)\]］]?")
_NAMED = re.compile(rf"(?<!\d)({_YEAR})\s*年")
_BARE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_NAMED_AFTER = re.compile(r"(?:19|20)\d\d年度?(?![月底末前内初以之])[^\d\W]{2,}")
_MONTHS = r"\d{1,2}月?份?[-－—–~至到]+\d{1,2}月份?|[上下]半年|第?[一二三四1-4]季度|前[一二三]季度"
_WITHIN = re.compile(rf"[(\[]?{_FIGURES}年度?(?:{_MONTHS})[)\]]?")
_VALUE_OF = {char: str(max(0, place - 5)) for place, char in enumerate(YEAR_NUMERALS)}


@lru_cache(maxsize=16384)  # forms print the same words and values over and over
def parse_year(text: str) -> int | None:
    """The year that a text prints: (2024年度), 2025 年, ２０２３, 二〇二五年度; None where it prints none or a span."""
    rest = _SPAN.sub(" ", text)
    year = _NAMED.search(rest) or _BARE.search(plain(rest) if plain(rest).isdigit() else _half_width(rest))
    return _value(year[1]) if year else None


def is_of_a_year(text: str) -> bool:
    """Whether a text is a name that begins with its year: 2024年续建工程, but not 2024年底前."""
    return bool(_NAMED_AFTER.match(text))


def is_year_mark(text: str) -> bool:
    """Whether a text prints a year with 年, brackets around it or not, and nothing else but a part of it: its months
    (2022年1-8月), a half, a quarter."""
    return bool(_MARK.fullmatch(text.strip()) or _WITHIN.fullmatch(plain(text)))


def has_span(text: str) -> bool:
    """Whether a text prints a span of years: 2023-2025年, 2023年至2025年."""
    return bool(_SPAN.search(text))


def without_spans(text: str) -> str:
    """A text without the spans of years in it."""
    return _SPAN.sub(" ", text)


def without_year(text: str) -> str:
    """A title without its year; a span of years is part of the title and stays."""
    spans = [year.span() for year in _SPAN.finditer(text)]

    def kept(year: re.Match[str]) -> str:
        inside = any(start < year.end() and year.start() < end for start, end in spans)
        return year.group() if inside else ""

    return _MARK.sub(kept, text)


def _value(printed: str) -> int:
    return int("".join(_VALUE_OF.get(char, char) for char in _half_width("".join(printed.split()))))


def _half_width(text: str) -> str:
    """Full width digits as ordinary ones; white space, which parts numbers, stays."""
    return "".join(str(int(char)) if char.isdecimal() else char for char in text)
