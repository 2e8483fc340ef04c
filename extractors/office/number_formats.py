"""A number of a sheet as its number format shows it: decimals, thousands, scale, percent, fractions, dates.

What a format cuts off is not shown, and not read. Only scientific notation is shown in full digits: a form prints none.
"""

from __future__ import annotations

import operator
import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from schemas.language.sheet_words import CLOCK, COLOURS, GENERAL, HALF_DAY

FACES = "|".join(("Black", "Blue", "Cyan", "Green", "Magenta", "Red", "White", "Yellow", *COLOURS))
LONGEST = 255  # characters that programs take for a number format; a longer one is not followed
LITERAL = re.compile(
    rf'"([^"]*)"|[\\!](.)|_.|\*.|\[\$([^\]-]{{0,{LONGEST}}}+)[^\]]{{0,{LONGEST}}}+\]'
    rf"|\[(?:{FACES}|Color ?\d+|DBNum\d)\]",
    re.IGNORECASE,
)
DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]+,*)?|\.[#0?]+,*")
PLACES = re.compile(r"[#0?](?:(?:\ue000[\ue100-\uf8ff])*[#0?])*,*")  # digits with literals between them: 0\.0,
FRACTION = re.compile(r"(?<![#0?])(?:(?P<whole>[#0?]++)\s++)?(?P<top>[#0?]++)\s*+/\s*(?P<bottom>[#0?]+|\d+)")
CONDITION = re.compile(r"\[(?P<sign><=|>=|<>|<|>|=)(?P<limit>-?\d+(?:\.\d+)?)\]")
SIGNS = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
DATE_PART = re.compile(rf"y+|m+|d+|h+|s+|e+|aaaa?|{HALF_DAY}|am/pm|\.0+", re.IGNORECASE)
GENERAL_WIDTH = 11  # characters that a number without a format takes at most
LAST_BUT_EXACT = 15  # significant digits that a sheet keeps


def shown_number(value: int | float, number_format: str) -> str:
    """A number as its format shows it."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return str(value)
    if number_format in ("", "General", "@", GENERAL) or len(number_format) > LONGEST:
        return _general(exact)
    return _by(*_section(_sections(number_format), exact))


def _sections(number_format: str) -> list[str]:
    """The parts between the semicolons that do not stand in quotes."""
    parts, quoted = [""], False
    for char in number_format:
        quoted ^= char == '"'
        if char == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _section(sections: list[str], value: Decimal) -> tuple[str, Decimal]:
    """The section of a format that a value is shown by, and the value as that section shows it: the one whose
    condition holds; without conditions those of positive numbers, negative ones and nought follow one another."""
    conditions = [CONDITION.search(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or SIGNS[condition["sign"]](value, Decimal(condition["limit"])):
                return CONDITION.sub("", section), value
        return "", value
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    return sections[2 if value == 0 and len(sections) > 2 else 0], value


def _by(section: str, value: Decimal) -> str:
    """The value by one section of a format."""
    kept: list[str] = []

    def put_aside(literal: re.Match[str]) -> str:
        text = literal[1] or literal[2] or literal[3] or ""
        kept.append(text)
        return f"\ue000{chr(0xE100 + len(kept) - 1)}" if text else ""

    bare = LITERAL.sub(put_aside, section)
    if "general" in bare.lower() or GENERAL in bare:
        return _general(value)
    if (fraction := FRACTION.search(bare)) is not None:
        return _around(bare, fraction.span(), _fraction(fraction, value), kept)
    groups = list(DIGITS.finditer(bare))
    if not groups:
        return _general(value) if "[" in bare else _restored(bare, kept)
    value = value.scaleb(2 * bare.count("%"))
    whole = PLACES.search(bare)
    if len(groups) > 1 and whole is not None and whole.end() == groups[-1].end():
        return _around(bare, whole.span(), _parted(whole.group(), value, kept), kept)
    if len(groups) != 1 or re.search(r"E[+-]|\[", bare):
        return _general(value)
    pattern = groups[0].group()
    return _around(bare, groups[0].span(), _digits(pattern.rstrip(","), _scaled(pattern, value)), kept)


def _around(bare: str, span: tuple[int, int], text: str, kept: list[str]) -> str:
    """The digits with what stands before and behind them; a sign comes first."""
    before, after = _restored(bare[: span[0]], kept).lstrip(), _restored(bare[span[1] :], kept).rstrip()
    return ("-" if text.startswith("-") else "") + before + text.removeprefix("-") + after


def _scaled(pattern: str, value: Decimal) -> Decimal:
    """The value without three digits for each comma at the end of a pattern."""
    return value.scaleb(-3 * (len(pattern) - len(pattern.rstrip(","))))


def _parted(pattern: str, value: Decimal, kept: list[str]) -> str:
    """Digits with literals between them, `0!.0,`: each place takes one digit from the right, the first one the rest."""
    pieces = re.findall(r"\ue000.|[#0?]", pattern)
    places = [piece for piece in pieces if len(piece) == 1]
    text = _digits("".join(places), _scaled(pattern, value))
    rest = list(text.removeprefix("-").rjust(len(places), "0"))
    out: list[str] = []
    for piece in reversed(pieces[1:]):
        out.insert(0, rest.pop() if len(piece) == 1 else _restored(piece, kept))
    return ("-" if text.startswith("-") else "") + "".join([*rest, *out])


def _fraction(pattern: re.Match[str], value: Decimal) -> str:
    """A value as a fraction: with the denominator that the format names, or the nearest of as many digits."""
    exact = Fraction(value)
    bottom = pattern["bottom"]
    if bottom.isdigit() and int(bottom):
        near = Fraction(round(exact * int(bottom)), int(bottom))
        scale = int(bottom)
    else:
        near = exact.limit_denominator(10 ** len(bottom) - 1)
        scale = near.denominator
    sign = "-" if near < 0 else ""
    units, top = divmod(abs(near) * scale, scale) if pattern["whole"] else (0, abs(near) * scale)
    if pattern["whole"] and not top:
        return f"{sign}{units}"
    return sign + (f"{units} " if units else "") + f"{top}/{scale}"


def _restored(text: str, kept: list[str]) -> str:
    return re.sub("\ue000(.)", lambda match: kept[ord(match[1]) - 0xE100], text)


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
    section = _sections(number_format[:LONGEST])[0]
    out, at = "", 0
    minutes = False  # an m behind an hour is a minute
    bare = re.sub(rf"\[\$[^\]]{{0,{LONGEST}}}\]|\[DBNum\d\]|_.|\*.", "", section)
    while at < len(bare):
        literal = re.match(r'"([^"]*)"|[\\!](.)', bare[at:])
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
        if kind[0] in "ea." + HALF_DAY[0] or (kind.startswith("m") and len(kind) > 2):
            return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
        follows = re.match(rf"[:\"{CLOCK}\s]*s", bare[at:], re.IGNORECASE)
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
