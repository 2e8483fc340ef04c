"""What the database compares by: texts without accidents of print, and amounts as exact integers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

QUOTES = str.maketrans(dict.fromkeys("'‘’‚‛“”„‟「」『』〝〞〟", '"'))
WAVE = re.compile("[〜∼∽〰]")  # which of them fonts and text layers give for ～ differs
INVISIBLE = re.compile(r"[\s\u200b\u2060\ufeff]+")
PLAIN_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
PRINTED_UNIT = re.compile(r"(?<![^\d\s.,，()（）])[^\d\s.,，()（）]*元(?=\s*$)")
POWER_OF_UNIT = {"元": 4, "万元": 8}  # an amount in this unit times ten to this power is in 0.0001 yuan
LARGEST = 2**63 - 1  # what a database's largest integer holds


@lru_cache(maxsize=16384)  # the same text is looked at for many meanings
def plain(text: str) -> str:
    """The text as it is looked at: NFKC, without white space, every wave dash as `~`."""
    return "".join(WAVE.sub("~", unicodedata.normalize("NFKC", text)).split())


@lru_cache(maxsize=65536)
def comparison_key(text: str) -> str:
    """The text as it is compared: NFKC, without white space, every quote as `"`. Idempotent."""
    folded = unicodedata.normalize("NFKC", text).translate(QUOTES)
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", folded))


def printed_unit(raw: str | None) -> str | None:
    """The unit of money that a cell prints behind its number (`155 万元`), None where it prints none."""
    unit = PRINTED_UNIT.search(raw or "")
    return unit.group() if unit else None


def exact_e4(amount: str | None, unit: str | None) -> int | None:
    """The amount in 0.0001 yuan, computed on its digits.

    None where that integer would be a guess: no amount, not a plain decimal, a unit other than 元 and 万元,
    more decimals than 0.0001 yuan holds, more than 63 bits.
    """
    decimal = PLAIN_DECIMAL.fullmatch(amount or "")
    power = POWER_OF_UNIT.get(unit or "")
    if decimal is None or power is None:
        return None
    sign, whole, decimals = decimal[1], decimal[2], (decimal[3] or "").rstrip("0")
    digits = (whole + decimals.ljust(power, "0")).lstrip("0") or "0"
    if len(decimals) > power or len(digits) > len(str(LARGEST)) or int(digits) > LARGEST:
        return None
    return int(sign + digits)
