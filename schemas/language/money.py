"""Money as it is printed: amounts, units, the names of money lines; and what resembles an amount and is none."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from schemas.frozen import dataclass
from schemas.language.keys import plain
from schemas.language.vocabulary import Words, squeeze
from schemas.language.writing import ENUMERATOR, IDEOGRAPHS

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
MINUS = "-−–△▲"
"""Signs of a negative amount; the triangles are those of Chinese accounts."""

TWO_NUMBERS = re.compile(r"\d\s+(?!\d{3}(?!\d))\d+")  # 86 80; a blank before three digits parts thousands
BETWEEN_LINES = re.compile(r"[\n;；]|(?<=[\d元)）%])[\s,，、]+(?=[^\d\s(（])")
"""What stands between two money lines of one cell: a line's end, a semicolon, or what parts an amount from a name."""

NAME_AND_FIGURES = re.compile(r"(?P<name>\D++)(?P<amount>\d.*)")

SHARE = re.compile(r"\D{0,8}\d+(?:\.\d+)?[%‰]")
LONGEST_MONEY_NAME = 24  # characters: what is longer is prose, not the name of a money line or block


@dataclass(frozen=True, slots=True)
class Amount:
    """A money cell: digits as printed without separators, or the mark that it prints for none; the unit it prints."""

    digits: str
    unit: str | None


@lru_cache(maxsize=16384)  # forms print the same words and values over and over
def parse_amount(text: str, words: Words) -> Amount | None:
    """A number with or without a unit (元, 万元, 万, %, 分), an empty mark (`/`, `—`, `*`) as itself, else None.

    Brackets around the number, a minus or a triangle before it make it negative; a remark in brackets behind it
    (86.50（含结转5.00）) is left out.
    """
    if is_empty_mark(text, words):
        return Amount(text.strip(), None)
    parts = _amount_pattern(words).fullmatch(plain(text))
    if parts is None or _is_two_numbers(text) or any(unicodedata.category(char) == "No" for char in text):
        return None  # ① numbers a line, ² a note
    signs = {parts["sign"], parts["own_sign"]} - {None}
    if len(signs) + bool(parts["bracketed"]) > 1:
        return None  # two signs may stand for either
    digits = (parts["bracketed"] or parts["number"]).replace(",", "")
    sign = "-" if parts["bracketed"] or signs & set(MINUS) else "".join(signs)
    unit = parts["inside"] or parts["unit"] or parts["behind"]
    unit = _short_units(words).get(unit, unit)
    return Amount(sign + digits, unit if unit in words.all.amount_units else None)


def is_empty_mark(text: str, words: Words) -> bool:
    """Whether a text is one of the marks for none, or one of them several times (`——`, `///`)."""
    short = plain(text)
    return bool(short) and short[0] in _mark_characters(words) and len(set(short)) == 1


def stands_for_amount(text: str, words: Words) -> bool:
    """Whether a text stands where an amount does: it is one, or resembles one and cannot be read for certain."""
    return parse_amount(text, words) is not None or resembles_amount(text, words)


@lru_cache(maxsize=16384)
def resembles_amount(text: str, words: Words) -> bool:
    """Whether a text is figures and what stands beside figures of money (约86.50, 8.65×10, 捌拾陆万元整), and no name.

    Such a text is no label. Where it is no amount, its line has no amount and a finding.
    """
    short = plain(text)
    if not short or ENUMERATOR.fullmatch(text.strip()) or short.endswith(":"):
        return False
    if words.amount_in_words.fullmatch(short):
        return True
    return any(char.isdecimal() for char in short) and not _beside_figures(words).sub("", short)


def is_share(text: str) -> bool:
    """Whether a text is a share of money, and no amount: 62%, 占比35.9%."""
    return bool(SHARE.fullmatch(plain(text)))


def amount_unit(text: str, words: Words) -> str | None:
    """The unit of money that a text names, with nothing but a remark behind it: 万元（保留两位小数）."""
    bracketed = re.fullmatch(rf"\(?{_unit(words)}\)?(?:\([^()]*\)|,.*)?", plain(text))
    return bracketed["unit"] if bracketed else None


@lru_cache(maxsize=16384)  # forms print the same words and values over and over
def declared_unit(text: str, words: Words) -> str | None:
    """The unit that a label or header declares: 项目资金（万元）, 单位：人民币元, （万元，保留两位小数）."""
    short = plain(text)
    declared = _in_brackets(words).search(short) or _behind_label(words).search(short)
    return declared["unit"] if declared else None


def almost_unit(text: str, words: Words) -> str | None:
    """What a label or header has in brackets and what differs from a unit of money in one character: it may have been
    misread, or be a unit that nobody knows."""
    for bracketed in re.findall(r"\(([^()]+)\)", plain(text)):
        inside = re.sub(rf"^(?:{_any_of(words.all.unit_labels)}):?", "", bracketed)
        alike = (unit for unit in words.all.amount_units if len(unit) == len(inside) > 1)
        if any(sum(a != b for a, b in zip(unit, inside, strict=True)) == 1 for unit in alike):
            return inside if declared_unit(text, words) is None else None
    return None


@lru_cache(maxsize=16384)  # forms print the same words and values over and over
def line_name(text: str, words: Words) -> str:
    """A money line's name as printed: without 其中：, its colon and the unit in brackets."""
    text = _part(words).sub("", text)
    return _printed_unit(words).sub("", text).strip().rstrip(":：").strip()


def is_part(text: str, words: Words) -> bool:
    """Whether a label begins with 其中."""
    return squeeze(text).startswith(words.all.funds.part)


def printed_lines(text: str, words: Words, in_block: bool = False) -> list[tuple[str, str]]:
    """The money lines that one cell prints whole, (name, amount) each: 资金总额：860.00; [] where it prints anything
    else, or no line of it has an amount. Outside of a money block, one of the names has to be known."""
    lines = [part.strip() for part in BETWEEN_LINES.split(text) if part.strip()]
    parted = [_behind_name(line, words, in_block) or _at_colon(line) for line in lines]
    pairs = [(name.strip(), amount.strip()) for name, mark, amount in parted if mark]
    if len(pairs) < len(lines) or not any(parse_amount(amount, words) for _, amount in pairs):
        return []
    short = all(name and len(squeeze(name)) <= LONGEST_MONEY_NAME for name, _ in pairs)
    told = all(not amount or stands_for_amount(amount, words) for _, amount in pairs)
    named = in_block or any(names_money(name, words) for name, _ in pairs)
    return pairs if short and told and named and not any(stands_for_amount(name, words) for name, _ in pairs) else []


def _at_colon(text: str) -> tuple[str, str, str]:
    """A text parted at its last colon, so that 其中：财政拨款：5 keeps its name whole."""
    at = max(text.rfind(":"), text.rfind("："))
    return (text[:at], text[at], text[at + 1 :]) if at >= 0 else (text, "", "")


def _behind_name(text: str, words: Words, in_block: bool) -> tuple[str, str, str] | None:
    """A text parted between the name of a line of money and its amount, where no colon stands between them but a blank;
    or nothing, before an amount with its unit, or of several digits behind 其中 in a block of money, where a recognised
    text may have lost the blank: 其中：市财政资金 200, 其他资金60万元. None where it is no such text."""
    line = NAME_AND_FIGURES.fullmatch(text)
    name = line["name"] if line else ""
    amount = parse_amount(line["amount"], words) if line else None
    if line is None or amount is None or name.rstrip()[-1:] in tuple(":：") or not names_line(name, words):
        return None
    lost = in_block and is_part(name, words) and len(amount.digits) > 1
    return (name, " ", line["amount"]) if name[-1].isspace() or amount.unit or lost else None


@lru_cache(maxsize=16384)  # forms print the same words and values over and over
def names_line(text: str, words: Words) -> bool:
    """Whether a text names a line of money: 资金总额, 其中：财政拨款, 其他资金（万元）."""
    name = line_name(text, words)
    return is_part(text, words) or words.is_fund_total(name) or bool(words.fund_line.search(squeeze(name)))


def names_money(text: str, words: Words) -> bool:
    """Whether a text names a side, a column, or a line of money."""
    return len(squeeze(text)) <= LONGEST_MONEY_NAME and bool(
        words.side(text) or words.fund_column(text) or words.is_line_header(text) or names_line(text, words)
    )


@lru_cache(maxsize=16384)  # forms print the same words and values over and over
def names_block(text: str, words: Words) -> bool:
    """Whether a text can be the name of a money block: 项目资金（万元）; what stands beside it decides. A label with
    its value behind a colon (预算执行率权重：10) is none."""
    short = squeeze(text)
    label = re.split("[:：]", text, maxsplit=1)[0]
    if words.label(text) or words.label(label) or words.choice(text) or len(short) > LONGEST_MONEY_NAME:
        return False
    return bool(words.fund_block.search(short))


def _is_two_numbers(text: str) -> bool:
    """Whether white space parts two numbers; digits set one by one (8 6 . 5) are one."""
    parts = unicodedata.normalize("NFKC", text).split()
    return bool(TWO_NUMBERS.search(" ".join(parts))) and any(len(part) > 1 for part in parts)


def _any_of(options: list[str]) -> str:
    """A pattern of any of the options, the longest first, so that 万元 is not read as 元."""
    return "|".join(re.escape(plain(option)) for option in sorted(options, key=len, reverse=True))


def _unit(words: Words) -> str:
    currency = _any_of(words.all.currencies)
    return rf"(?:{currency})?(?P<unit>{words.amount_unit})(?:\((?:{currency})\)|{currency})?"


@cache
def _amount_pattern(words: Words) -> re.Pattern[str]:
    short = _any_of(list(_short_units(words)))
    currency, unit = f"(?:{_any_of(words.all.currencies)})?", f"{words.amount_unit}|{short}|%|分"
    sign, ends = rf"[+{re.escape(MINUS)}]", _any_of(words.all.amount_ends)
    remark = rf"\((?=[^()]*[{IDEOGRAPHS}])(?!{currency}(?:{unit})\))[^()]*\)"
    return re.compile(
        rf"(?P<sign>{sign})?{currency}(?P<own_sign>{sign})?"
        rf"(?:\({currency}(?P<bracketed>{NUMBER})(?P<inside>{words.amount_unit})?\)|(?P<number>{NUMBER}))"
        rf"(?:{currency}(?P<unit>{unit})(?:{ends})?|\({currency}(?P<behind>{unit})\))?(?:{remark})?"
    )


@cache
def _short_units(words: Words) -> dict[str, str]:
    """The units that are written without their last character behind a number: 854万."""
    base = next(unit for unit, worth in words.all.amount_units.items() if worth == 1)
    return {unit.removesuffix(base): unit for unit in words.all.amount_units if unit != base and unit.endswith(base)}


@cache
def _mark_characters(words: Words) -> frozenset[str]:
    return frozenset(plain(mark)[0] for mark in words.all.empty_marks)


@cache
def _beside_figures(words: Words) -> re.Pattern[str]:
    """Everything that an amount, or what only resembles one, is made of."""
    operators = [sign for signs in words.all.operators.values() for sign in signs]
    behind = [sign for signs in words.all.operators_behind.values() for sign in signs]
    known = [*words.all.currencies, *words.all.amount_units, *words.all.approximate, *operators, *behind, "%", "分"]
    return re.compile(rf"{_any_of(known)}|[\d.,()\[\]+*×/÷~=<>±^…{re.escape(MINUS)}]")


@cache
def _in_brackets(words: Words) -> re.Pattern[str]:
    label = _any_of(words.all.unit_labels)
    return re.compile(rf"\((?:(?:{label}):?)?{_unit(words)}(?:[,;、。][^()]*)?\)")


@cache
def _behind_label(words: Words) -> re.Pattern[str]:
    return re.compile(rf"(?:{_any_of(words.all.unit_labels)}):{_unit(words)}")


@cache
def _part(words: Words) -> re.Pattern[str]:
    """其中： before a line's name."""
    return re.compile(rf"^\s*+{words.all.funds.part}\s*+[:：]?\s*+")


@cache
def _printed_unit(words: Words) -> re.Pattern[str]:
    """The unit in brackets behind a name, in a text as printed."""
    label, currency = _any_of(words.all.unit_labels), _any_of(words.all.currencies)
    unit = rf"(?:(?:{currency})\s*+)?(?:{words.amount_unit})(?:\s*[，,；;、。][^（）()]*+)?"
    return re.compile(rf"(?<!\s)\s*+[（(]\s*+(?:(?:{label})\s*+(?:[:：]\s*+)?)?{unit}\s*+[）)]")
