"""From raw text to values: conditions, amounts, dates, codes, contacts, ticks. The raw text is never replaced."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any

from schemas.frozen import dataclass
from schemas.language.columns import BY_ROLE, VALUED, Column, What
from schemas.language.keys import plain
from schemas.language.money import NUMBER
from schemas.language.vocabulary import Words, squeeze
from schemas.language.writing import ENUMERATOR, IDEOGRAPHS, POINTS_BEHIND
from schemas.record import Value

SIGNED = rf"[-+]?(?:{NUMBER})"
POINTS = re.compile(rf"({SIGNED})分?")
RANGE = r"[~～\-—–－至到]"
UNIT = r"[^\d\s,，。;；、~≥≤<>=()（）]{0,8}?(?:\([^\d()]{1,2}\))?(?:/[^\d\s,，。;；、]{1,4}?)?"
BRACKETED_UNIT = r"\([^\d\s,，。;；、~≥≤<>=()（）]{1,8}\)"
"""What may be a unit behind a number: a few characters, with a remark or a further measure; or all in brackets."""

NUMBER_BEHIND = re.compile(r"(?<![\d\-—()（）+\s])[\d\-—()（）+\s]{7,}+$")  # of a telephone, behind a name
CODED = [
    re.compile(p, re.DOTALL)
    for p in (
        r"(?P<code>\d{3,}[0-9A-Za-z]*)\s*[-—–－_]\s*(?P<name>[^\d\s\-—–－].*)",
        r"(?P<code>\d{3,}[0-9A-Za-z]{3,})\s*[-—–－_]\s*(?P<name>\S.*)",
        r"[\[［(（【〔]\s*(?P<code>\d{3,}[0-9A-Za-z]*)\s*[\]］)）】〕]\s*[-—–－_:：]?\s*(?P<name>[^\d\s].*)",
        r"(?P<code>\d{6,}[0-9A-Za-z]*)\s+(?P<name>[^\d\s].*)",
    )
]

NEARLY_CODED = re.compile(
    r"(?=(?:\W?[0-9A-Za-z]){5})\W{0,2}\d[0-9A-Za-z]*[^\w\s\-—–－/]{1,2}[0-9A-Za-z]+\s*[-—–－_]\s*[^\d\W]"
)
CODE_ASKED_FOR = re.compile(r"(?P<code>\d{3}[0-9A-Za-z]*)\s*(?P<name>[^\W\d].*)", re.DOTALL)


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


def parse_cell(column: Column, text: str | None, op: str | None, unit: str | None, words: Words) -> Value | None:
    """What a text of a column says. The operator column is of the targets: of what was reached it says only that it is
    no number."""
    of_targets = column.what is What.TARGET
    qualitative = op is not None and squeeze(op) in words.all.qualitative
    return parse_value(text, op if of_targets or qualitative else None, unit, words)


def parse_texts(
    texts: Mapping[str, str | None], op: str | None, unit: str | None, words: Words
) -> dict[str, Value | None]:
    """The values of an indicator, by their keys in `values`, from its texts by the roles of their columns: whoever sets
    a text (the reading, a correction) makes its value here."""
    valued = {role: BY_ROLE[role] for role in texts if role in BY_ROLE and BY_ROLE[role].has_value}
    return {column.value_key: parse_cell(column, texts[role], op, unit, words) for role, column in valued.items()}


def texts_with_values(indicator: Mapping[str, Any]) -> dict[str, str | None]:
    """The texts of a record's indicator that have a value, by the roles of their columns."""
    texts: dict[str, str | None] = {}
    for key, column in VALUED.items():
        if column.part:
            held = indicator.get(column.key) or {}
            texts |= {column.role: held[column.part]} if column.part in held else {}
        elif key in indicator["values"]:
            texts[column.role] = indicator[column.key]
    return texts


def parse_anew(indicator: dict[str, Any], words: Words) -> None:
    """Make the values of a record's indicator anew, after one of its texts was set."""
    values = parse_texts(texts_with_values(indicator), indicator["op"], indicator["unit"], words)
    indicator["values"] |= {key: None if value is None else value.model_dump() for key, value in values.items()}


def _operator(short: str, words: Words) -> str | None:
    return next((op for op, signs in words.all.operators.items() if short in map(plain, signs)), None)


def begins_like_condition(text: str, words: Words) -> bool:
    """Whether a text begins with a number, signs of comparison before it or not: ≥95%, 不低于3次, 12个."""
    return bool(_grammar(words).begin.match(plain(text)))


@lru_cache(maxsize=16384)  # forms print the same words and values over and over
def parse_points(text: str) -> str | None:
    """The number of a cell of points, without the word 分; None where it prints anything else."""
    points = POINTS.fullmatch(plain(text))
    return points.group(1) if points else None


@dataclass(frozen=True, slots=True)
class _Grammar:
    """What conditions are told by: their pattern, how they begin, and the operator of each sign before and behind."""

    pattern: re.Pattern[str]
    begin: re.Pattern[str]
    front: dict[str, str]
    behind: dict[str, str]
    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Condition:
    """A text taken apart as a condition: signs as operators, numbers without separators, units without brackets."""

    sign: str | None
    first: str
    first_unit: str
    second: str | None
    second_unit: str
    after: str | None


@cache
def _grammar(words: Words) -> _Grammar:
    front = {plain(s): op for op, signs in words.all.operators.items() for s in signs}
    behind = {s: op for op, signs in words.all.operators_behind.items() for s in signs}

    def any_of(options: dict[str, str]) -> str:
        return "|".join(re.escape(s) for s in sorted(options, key=len, reverse=True))

    unit, inclusive = rf"{UNIT}|{BRACKETED_UNIT}", rf"\({words.all.inclusive}\)"
    pattern = re.compile(
        rf"(?P<sign>{any_of(front)})?"
        rf"(?P<first>{SIGNED})(?P<first_unit>{unit})(?:{RANGE}(?P<second>{SIGNED})(?P<second_unit>{unit}))?"
        rf"(?:\(?(?P<after>{any_of(behind)})(?:{inclusive})?\)?)?"
    )
    begin = re.compile(rf"(?:{any_of(front)}|[~±])*[-+]?\d")
    return _Grammar(pattern, begin, front, behind, frozenset(plain(u) for u in words.all.units))


@lru_cache(maxsize=16384)  # forms print the same words and values over and over
def _condition(short: str, words: Words) -> tuple[str | None, str, str | None] | None:
    """(operator, number, unit) of a text that is one condition, else None."""
    parts = _take_apart(short, words)
    if parts is None or not _has_units(parts, words):
        return None
    return _single(parts, words) if parts.second is None else _range(parts, words)


def _take_apart(short: str, words: Words) -> _Condition | None:
    """The parts of a text that has the shape of a condition, whatever stands for its units."""
    grammar = _grammar(words)
    parts = grammar.pattern.fullmatch(short)
    if parts is None:
        return None
    return _Condition(
        sign=grammar.front.get(parts["sign"] or ""),
        first=parts["first"].replace(",", ""),
        first_unit=_bare_unit(parts["first_unit"] or "", words),
        second=parts["second"].replace(",", "") if parts["second"] else None,
        second_unit=_bare_unit(parts["second_unit"] or "", words),
        after=grammar.behind.get(parts["after"] or ""),
    )


def _bare_unit(printed: str, words: Words) -> str:
    """A unit without （含） behind it, and without the brackets that it may stand in as a whole."""
    bare = printed.removesuffix(f"({words.all.inclusive})")
    return bare[1:-1] if re.fullmatch(BRACKETED_UNIT, bare) else bare


def _has_units(parts: _Condition, words: Words) -> bool:
    """Whether what stands behind the numbers are units; a sign before them lets any short word be one."""
    printed = [unit for unit in (parts.first_unit, parts.second_unit) if unit]
    return all(_is_unit(unit, words) or (parts.sign and _may_be_unit(unit, words)) for unit in printed)


def _single(parts: _Condition, words: Words) -> tuple[str | None, str, str | None] | None:
    """A condition of one number: its operator stands before or behind it; a bare year is none."""
    if parts.sign and parts.after and parts.sign != parts.after:
        return None
    if not parts.sign and _is_year(parts.first, parts.first_unit, words):
        return None
    return parts.sign or parts.after, parts.first, parts.first_unit or None


def _range(parts: _Condition, words: Words) -> tuple[str | None, str, str | None] | None:
    """A condition of two numbers with one unit and no operator; a span of years is none."""
    if parts.sign or parts.after:
        return None
    if parts.first_unit and parts.second_unit and parts.first_unit != parts.second_unit:
        return None
    if _is_year(parts.first, parts.first_unit or parts.second_unit, words):
        return None
    return "range", f"{parts.first}~{parts.second}", parts.second_unit or parts.first_unit or None


def _is_unit(text: str, words: Words) -> bool:
    units, measures = _grammar(words).units, words.all.measures
    bare = re.sub(r"\([^()]*\)", "", text)
    counted = bare.removesuffix(measures.times)
    if any(form in units for form in (text, bare, bare.lstrip(measures.multiples), counted.lstrip(measures.multiples))):
        return True
    if re.fullmatch(rf"[{measures.multiples}]?[{IDEOGRAPHS}]", bare) and bare not in measures.never_alone:
        return True  # a single character behind a number is its measure
    return "/" in text and all(
        part in units or re.fullmatch(rf"[{IDEOGRAPHS}]{{1,3}}", part) for part in text.split("/")
    )


def _may_be_unit(text: str, words: Words) -> bool:
    """Behind an operator and a number, a short word that says nothing of a deadline or a result is a unit."""
    return bool(re.fullmatch(rf"[{IDEOGRAPHS}]{{1,4}}", text)) and not set(text) & set(words.all.measures.of_deadlines)


def _is_year(number: str, unit: str, words: Words) -> bool:
    return unit in words.all.measures.years and bool(re.fullmatch(r"(19|20)\d\d", number))


def parse_date(text: str) -> str:
    """ISO, as precise as printed (`2024`, `2024-01`, `2024-01-01`); what is no date comes back as printed."""
    short = plain(text)
    parts = re.fullmatch(r"(\d{4})[年./-](?:(\d{1,2})(?:[月./-](?:(\d{1,2})日?)?)?)?", short)
    if not parts and re.fullmatch(r"\d{8}", short):
        parts = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", short)
    if not parts:
        return text
    year, month, day = parts.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return text  # no such day
    return "-".join([year, *(f"{int(p):02d}" for p in (month, day) if p)])


def is_like_date(text: str) -> bool:
    """Whether a text is digits and marks of a date and nothing else: perhaps one that no calendar has (2024-13)."""
    return bool(re.fullmatch(r"\d{2,4}(?:[年./-]\d{0,2}(?:[月./-](?:\d{0,2}日?)?)?)?|\d{6,8}", plain(text)))


def split_code(text: str, *, asked: bool = False) -> tuple[str | None, str]:
    """The code printed before a name, and the name: a code and a dash, a code in brackets, or at least six
    digits and a space; digits that belong to the name (a year, an amount) are none. `asked`: the label asks for a code,
    which then stands right before the name."""
    bare = text.strip()
    parts = next(filter(None, (pattern.fullmatch(bare) for pattern in CODED)), None)
    if parts is None and asked:
        parts = CODE_ASKED_FOR.fullmatch(bare)
    return (parts.group("code"), parts.group("name").strip()) if parts else (None, text)


def begins_like_code(text: str) -> bool:
    """Whether a text begins as with a code and a dash but for a mark among the code's digits: 20300.1-某局."""
    return NEARLY_CODED.match(text.strip()) is not None


def split_contact(text: str) -> tuple[str | None, str | None]:
    """A name and a phone number that stand in one cell."""
    parts = [part.strip() for part in re.split(r"[/／]", text, maxsplit=1)]
    if len(parts) == 2:
        return parts[0] or None, parts[1] or None
    number = NUMBER_BEHIND.search(text.strip())
    if number is not None and not re.search(r"\d", name := text.strip()[: number.start()]):
        return name.rstrip(" \t\r\n\u3000:：,，").lstrip() or None, number.group().strip() or None
    return text.strip() or None, None


@lru_cache(maxsize=16384)  # forms print the same words and values over and over
def level_points(text: str) -> tuple[str, str | None]:
    """A level name and the points printed behind it: 决策(6), 产出指标（50分）, 成本指标（0-20）分, 满意度指标10分."""
    parts = POINTS_BEHIND.fullmatch(text.strip())
    if parts and parts["name"]:
        return parts["name"], parts["points"]
    if parts and parts["bare_name"]:
        return parts["bare_name"].strip(), parts["bare_points"]
    return text, None


def bare_level(text: str) -> str:
    """A level name without the enumerator before it and the points behind it: 一、产出指标（50分） is 产出指标."""
    name, _ = level_points(text)
    return without_enumerator(name)


@lru_cache(maxsize=16384)  # forms print the same words and values over and over
def without_enumerator(text: str) -> str:
    """A text without the enumerator that it begins with; one that is nothing else stays."""
    number = ENUMERATOR.match(text)
    return text[number.end() :].strip() or text if number else text


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a group, whether it is ticked, and whether it bears a mark at all, a tick or an empty one."""

    text: str
    ticked: bool
    marked: bool = True


def parse_options(text: str, words: Words, marks_behind: bool | None = None) -> list[Option]:
    """The options of a cell with their ticks: `常年安排☑`, `□新增 ☑延续`, `A√ B`.

    A mark belongs to the text before it where the cell does not begin with a mark, unless spaces part all marks from
    what they follow and none from what follows them (`A √B`); `marks_behind` overrules.
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
    behind = pieces[0] not in marks and not _leads(pieces, marks) if marks_behind is None else marks_behind
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
            names = [p for p in re.split(r"[\s;；]+", piece.strip("、，, \n\t　")) if p]
            pending += names if behind else names[::-1]
    options += [Option(n, False, marked=False) for n in pending]
    return options if behind else options[::-1]


def _leads(pieces: Sequence[str], marks: Container[str]) -> bool:
    """Whether every mark among the pieces of a text stands behind a space and right before what follows it."""
    at = [i for i, piece in enumerate(pieces) if piece in marks]
    return all(0 < i < len(pieces) - 1 and pieces[i - 1][-1:].isspace() and not pieces[i + 1][:1].isspace() for i in at)
