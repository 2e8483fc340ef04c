"""From raw text to values: conditions, amounts, dates, codes, contacts, ticks. The raw text is never replaced."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache

from schemas.language.keys import plain
from schemas.language.vocabulary import Words, squeeze
from schemas.record import Value

NUMBER = r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+]?\d+(?:\.\d+)?"
RANGE = r"[~～\-—–－至到]"


CODED = [
    re.compile(p, re.DOTALL)
    for p in (
        r"(?P<code>\d{3,}[0-9A-Za-z]*)\s*[-—–－_]\s*(?P<name>[^\d\s\-—–－].*)",
        r"(?P<code>\d{3,}[0-9A-Za-z]{3,})\s*[-—–－_]\s*(?P<name>\S.*)",
        r"[\[［(（]\s*(?P<code>\d{3,}[0-9A-Za-z]*)\s*[\]］)）]\s*[-—–－_:：]?\s*(?P<name>[^\d\s].*)",
        r"(?P<code>\d{6,}[0-9A-Za-z]*)\s+(?P<name>[^\d\s].*)",
    )
]


@dataclass(frozen=True, slots=True)
class Amount:
    """A money cell: digits as printed without separators, None where it holds no number; the unit it prints."""

    digits: str | None
    unit: str | None


def parse_amount(text: str, words: Words) -> Amount | None:
    """A number with or without a unit (元, 万元, %, 分), an empty mark (`/`, `—`, `*`) as itself, else None."""
    short = plain(text)
    if short in {plain(mark) for mark in words.all.empty_marks}:
        return Amount(text.strip(), None)
    found = re.fullmatch(rf"[¥￥]?({NUMBER})\(?({words.amount_unit}|%|分)?\)?", short)
    if not found:
        return None
    unit = found.group(2)
    return Amount(found.group(1).replace(",", ""), unit if unit in words.all.amount_units else None)


def parse_value(text: str | None, op: str | None, unit: str | None, words: Words) -> Value | None:
    """A target or result with what its operator and unit columns print; None for a blank cell.

    One condition gives operator, number and unit; 定性, or what is no single condition, is text.
    """
    if text is None:
        return None
    qualitative = op is not None and squeeze(op) in words.all.qualitative
    parsed = None if qualitative else _condition(plain(text), words)
    if parsed is None:
        return Value(text=text)
    sign, number, own_unit = parsed
    if sign is None and op is not None:
        sign = _operator(plain(op), words)
    if own_unit is None and unit is not None and squeeze(unit):
        own_unit = unit
    return Value(op=sign, number=number, unit=own_unit)


def _operator(short: str, words: Words) -> str | None:
    return next((op for op, signs in words.all.operators.items() if short in map(plain, signs)), None)


@cache
def _patterns(words: Words) -> tuple[re.Pattern[str], dict[str, str], dict[str, str], set[str]]:
    front = {plain(s): op for op, signs in words.all.operators.items() for s in signs}
    behind = {s: op for op, signs in words.all.operators_behind.items() for s in signs}
    units = {plain(u) for u in words.all.units}

    def any_of(options: dict[str, str]) -> str:
        return "|".join(re.escape(s) for s in sorted(options, key=len, reverse=True))

    unit = r"[^\d\s,，。;；、~≥≤<>=()（）]{0,8}?(?:\([^\d()]{1,2}\))?(?:/[^\d\s,，。;；、]{1,4}?)?"
    pattern = re.compile(
        rf"(?P<op>{any_of(front)})?"
        rf"(?P<a>{NUMBER})(?P<ua>{unit})(?:{RANGE}(?P<b>{NUMBER})(?P<ub>{unit}))?"
        rf"(?:\(?(?P<behind>{any_of(behind)})(?:\(含\))?\)?)?"
    )
    return pattern, front, behind, units


def _condition(short: str, words: Words) -> tuple[str | None, str, str | None] | None:
    """(operator, number, unit) of a text that is one condition, else None."""
    pattern, front, behind, units = _patterns(words)
    found = pattern.fullmatch(short)
    if not found:
        return None
    first, second = found.group("a").replace(",", ""), found.group("b")
    unit_a, unit_b = found.group("ua") or "", found.group("ub") or ""
    sign = front.get(found.group("op") or "")
    if not all(_is_unit(u, units) or (sign and _may_be_unit(u)) for u in (unit_a, unit_b) if u):
        return None
    after = behind.get(found.group("behind") or "")
    if second is not None:
        if sign or after or (unit_a and unit_b and unit_a != unit_b) or _is_year(first, unit_a or unit_b):
            return None
        return "range", f"{first}~{second.replace(',', '')}", unit_b or unit_a or None
    if sign and after and sign != after:
        return None
    if _is_year(first, unit_a) and not sign:
        return None
    return sign or after, first, re.sub(r"\(含\)$", "", unit_a) or None


def _is_unit(text: str, units: set[str]) -> bool:
    bare = re.sub(r"\([^()]*\)", "", text)
    if any(form in units for form in (text, bare, bare.lstrip("万亿千百"), bare.removesuffix("次").lstrip("万亿千百"))):
        return True
    if re.fullmatch(r"[万亿千百]?[一-鿿]", bare) and bare not in ("年", "月", "号", "以", "级"):
        return True  # a single character behind a number is its measure
    return "/" in text and all(part in units or re.fullmatch(r"[一-鿿]{1,3}", part) for part in text.split("/"))


def _may_be_unit(text: str) -> bool:
    """Behind an operator and a number, a short word that says nothing of a deadline or a result is a unit."""
    return bool(re.fullmatch(r"[一-鿿]{1,4}", text)) and not re.search(r"[前后内底达完以成中]", text)


def _is_year(number: str, unit: str) -> bool:
    return unit in ("年", "年度") and bool(re.fullmatch(r"(19|20)\d\d", number))


def parse_date(text: str) -> str:
    """ISO, as precise as printed (`2024`, `2024-01`, `2024-01-01`); what is no date comes back as printed."""
    short = plain(text)
    found = re.fullmatch(r"(\d{4})[年./-](?:(\d{1,2})(?:[月./-](?:(\d{1,2})日?)?)?)?", short)
    if not found and re.fullmatch(r"\d{8}", short):
        found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", short)
    if not found:
        return text
    year, month, day = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return text  # no such day
    return "-".join([year, *(f"{int(p):02d}" for p in (month, day) if p)])


def split_code(text: str) -> tuple[str | None, str]:
    """The code printed before a name, and the name: a code and a dash, a code in brackets, or at least six
    digits and a space; digits that belong to the name (a year, an amount) are none."""
    for pattern in CODED:
        found = pattern.fullmatch(text.strip())
        if found:
            return found.group("code"), found.group("name").strip()
    return None, text


def split_contact(text: str) -> tuple[str | None, str | None]:
    """A name and a phone number that stand in one cell."""
    parts = re.split(r"\s*[/／]\s*", text.strip(), maxsplit=1)
    if len(parts) == 2:
        return parts[0] or None, parts[1] or None
    found = re.fullmatch(r"(\D*?)[\s:：,，]*([\d\-—()（）+\s]{7,})", text.strip())
    if found:
        return found.group(1).strip() or None, found.group(2).strip() or None
    return text.strip() or None, None


def parse_year(text: str) -> int | None:
    """The year of a text such as (2024年度), 2025 年, 2023."""
    found = re.search(r"(?<!\d)((?:19|20)\d\d)\s*(?:年度?)?(?!\d)", unicodedata.normalize("NFKC", text))
    return int(found.group(1)) if found else None


def level_points(text: str) -> tuple[str, str | None]:
    """A level name and the points printed in brackets behind it: 决策(6), 产出指标（50分）."""
    found = re.fullmatch(r"(.*?)\s*[（(]\s*(\d+(?:\.\d+)?)\s*分?\s*[）)]", text.strip(), re.DOTALL)
    if not found or not found.group(1):
        return text, None
    return found.group(1), found.group(2)


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a group, whether it is ticked, and whether it bears a mark at all, a tick or an empty one."""

    text: str
    ticked: bool
    marked: bool = True


def parse_options(text: str, words: Words, marks_behind: bool | None = None) -> list[Option]:
    """The options of a cell with their ticks: `常年安排☑`, `□新增 ☑延续`, `A√ B`.

    A mark belongs to the text before it where the cell does not begin with a mark; `marks_behind` overrules.
    """
    ticked, empty = words.all.ticks.ticked, words.all.ticks.empty
    cleaned = re.sub(rf"[（(\[]\s*([{ticked}])\s*[）)\]]", r"\1", text.strip())
    cleaned = re.sub(r"[（(\[]\s*[）)\]]", empty[0], cleaned)
    pieces = [p for p in re.split(rf"([{ticked}{empty}])", cleaned) if p.strip()]
    if not pieces:
        return []
    marks = set(ticked + empty)
    if not any(p in marks for p in pieces):
        return [Option(p, False, marked=False) for p in re.split(r"[\s、/／]+", cleaned) if p]
    behind = pieces[0] not in marks if marks_behind is None else marks_behind
    if not behind:
        pieces.reverse()
    options: list[Option] = []
    pending: list[str] = []
    for piece in pieces:
        if piece in marks:
            names = pending or [""]
            options += [Option(n, False, marked=False) for n in names[:-1]]
            if names[-1]:
                options.append(Option(names[-1], piece in ticked))
            pending = []
        else:
            found = [p for p in re.split(r"[\s;；]+", piece.strip("、，, \n\t　")) if p]
            pending += found if behind else found[::-1]
    options += [Option(n, False, marked=False) for n in pending]
    return options if behind else options[::-1]
