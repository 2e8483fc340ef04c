"""A number of a sheet as its number format shows it: decimals, thousands, percent, dates.

What is not simple (conditions, fractions, scientific) is shown in full digits, so that nothing is rounded away.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

COLOURS = "Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|黑色|蓝色|青色|绿色|洋红|红色|白色|黄色"
LITERAL = re.compile(
    rf'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[(?:{COLOURS}|Color ?\d+|DBNum\d)\]', re.IGNORECASE
)
DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]+)?|\.[#0?]+")
DATE_PART = re.compile(r"y+|m+|d+|h+|s+|e+|aaaa?|上午/下午|am/pm|\.0+", re.IGNORECASE)
GENERAL_WIDTH = 11  # characters that a number without a format takes at most
LAST_BUT_EXACT = 15  # significant digits that a sheet keeps
# The formats 27 to 36 and 50 to 58 mean these where the program speaks Chinese, and a file does not hold them
CHINESE_DATES = (
    dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"')
    | dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"')
    | {30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"'}
    | {34: 'h"时"mm"分"', 35: 'h"时"mm"分"ss"秒"', 55: 'h"时"mm"分"', 56: 'h"时"mm"分"ss"秒"'}
)


def shown_number(value: int | float, number_format: str) -> str:
    """A number as shown. `0.00` `#,##0` `0%` and literals are followed, the rest is shown in full."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return str(value)
    sections = _sections(number_format)
    if number_format in ("", "General", "@", "G/通用格式") or re.search(r"\[[<>=]", number_format):
        return _general(exact)
    section = sections[0]
    if exact < 0 and len(sections) > 1:
        section, exact = sections[1], -exact
    elif exact == 0 and len(sections) > 2:
        section = sections[2]
    return _by(section, exact)


def _sections(number_format: str) -> list[str]:
    return re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', number_format)


def _by(section: str, value: Decimal) -> str:
    kept: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        text = found[1] or found[2] or found[3] or ""
        kept.append(text)
        return f"\ue000{chr(0xE100 + len(kept) - 1)}" if text else ""

    bare = LITERAL.sub(put_aside, section)
    if "general" in bare.lower() or "G/通用格式" in bare:
        return _general(value)
    found = DIGITS.findall(bare)
    if len(found) != 1 or re.search(r"E[+-]|/|\[", bare):
        return _general(value) if found or "[" in bare else _restored(bare, kept)
    pattern = found[0]
    value = value.scaleb(2 * bare.count("%"))
    scale = len(pattern) - len(pattern.rstrip(","))
    text = _digits(pattern.rstrip(","), value.scaleb(-3 * scale))
    before, after = bare.split(pattern, 1)
    sign = "-" if text.startswith("-") else ""
    return sign + _restored(before, kept).lstrip() + text.removeprefix("-") + _restored(after, kept).rstrip()


def _restored(text: str, kept: list[str]) -> str:
    return re.sub("\ue000(.)", lambda found: kept[ord(found[1]) - 0xE100], text)


def _digits(pattern: str, value: Decimal) -> str:
    whole, _, decimals = pattern.partition(".")
    rounded = _rounded(value, len(decimals))
    text = f"{abs(rounded):,f}" if "," in whole else f"{abs(rounded):f}"
    head, _, tail = text.partition(".")
    least = decimals.rstrip("#?")
    while tail.endswith("0") and len(tail) > len(least):
        tail = tail[:-1]
    wanted = whole.replace(",", "").count("0")
    head = head.rjust(wanted, "0") if head != "0" or wanted else ""
    sign = "-" if rounded < 0 else ""
    return sign + head + ("." + tail if decimals and tail else "")


def _rounded(value: Decimal, places: int) -> Decimal:
    # a sheet keeps fifteen digits: 2.675 is shown as 2.68, though its nearest float lies below
    exact = Decimal(f"{value:.{LAST_BUT_EXACT}g}")
    if exact.adjusted() + places > 25:
        return exact
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _general(value: Decimal) -> str:
    whole = len(str(abs(int(value)))) if abs(value) < Decimal(10) ** 25 else GENERAL_WIDTH
    rounded = _rounded(value, max(0, GENERAL_WIDTH - 1 - whole)) if value != value.to_integral_value() else value
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown_date(value: datetime | date | time | timedelta, number_format: str) -> str:
    """A date or time as shown; ISO where the format is no simple one."""
    if isinstance(value, timedelta):
        return str(value)
    section = _sections(number_format)[0]
    out, at = "", 0
    minutes = False  # an m behind an hour is a minute
    bare = re.sub(r"\[\$[^\]]*\]|\[DBNum\d\]|_.|\*.", "", section)
    while at < len(bare):
        literal = re.match(r'"([^"]*)"|\\(.)', bare[at:])
        if literal:
            out += literal[1] or literal[2] or ""
            at += literal.end()
            continue
        part = DATE_PART.match(bare, at)
        if part is None:
            out += bare[at]
            at += 1
            continue
        at = part.end()
        kind = part.group().lower()
        if kind[0] in "ea上." or (kind.startswith("m") and len(kind) > 2):
            return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
        follows = re.match(r"[:\"时分\s]*s", bare[at:], re.IGNORECASE)
        if kind[0] == "m" and (minutes or follows):
            kind = "n" * len(kind)
        minutes = kind[0] == "h"
        out += _date_part(value, kind)
    return out


def _date_part(value: datetime | date | time, kind: str) -> str:
    names = {"y": "year", "m": "month", "d": "day", "h": "hour", "n": "minute", "s": "second"}
    number = getattr(value, names[kind[0]], 0)
    if kind[0] == "y":
        return f"{number:04d}" if len(kind) > 2 else f"{number % 100:02d}"
    return f"{number:02d}" if len(kind) > 1 else str(number)
