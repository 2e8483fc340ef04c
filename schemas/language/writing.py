"""How the forms are set: characters and their widths, numerals in characters, enumerators, points behind a name."""

from __future__ import annotations

import re
from functools import lru_cache

IDEOGRAPHS = "一-鿿"
"""Chinese characters, as a range inside the brackets of a pattern."""


def is_ideograph(char: str) -> bool:
    return "一" <= char <= "鿿"


CONTROLS = r"\x00-\x08\x0e-\x1f\x7f-\x9f"
"""Characters that control a terminal and stand on no page, as a range inside the brackets of a pattern."""

UNNAMED = r"\(cid:\d+\)"
"""What the PDF parser gives for a character that its font does not name."""

JOINED_DASHES = str.maketrans({"⸺": "——", "⸻": "———"})
"""What a font draws in one for dashes behind each other, by the dashes that are written."""

SENTENCE_ENDS = "。；;"
"""What a sentence of prose ends with, and no label or name does."""

NUMERALS = "一二三四五六七八九十"
YEAR_NUMERALS = "〇零○ＯO0一二三四五六七八九"
"""What stands for the digits of a year in characters, from 0 on; print and typing know five noughts."""

_POINTS = r"\d+(?:\.\d+)?(?:\s*+[-~—–～至]\s*+\d+(?:\.\d+)?)?+"

NARROW = 0.55  # of a Chinese character: the width of a letter, a digit or a half width mark

ENUMERATOR = re.compile(
    rf"(?<!\s)\s*+(?:[（(]?(?:\d{{1,2}}|[{NUMERALS}]{{1,3}})(?:[、．)）]|[.](?!\d))|[①-⑳]|第[{NUMERALS}]+[，、：])"
)
"""What begins a paragraph: `1.`, `（一）`, `②`, `第三，`."""

POINTS_BEHIND = re.compile(
    rf"(?P<name>.*?)(?<!\s)\s*+[（(]\s*(?P<points>{_POINTS})\s*+(?:分\s*+)?[）)]\s*+(?:分\s*+)?"
    rf"|(?P<bare_name>[{IDEOGRAPHS}\s]{{3,12}})(?P<bare_points>{_POINTS})\s*+分\s*+",
    re.DOTALL,
)
"""A name with its points behind it, in brackets or without: 决策(6), 产出指标（50分）, 成本指标（0-20）分,
满意度10分."""

ENDS_IN_POINTS = re.compile(r"[（(]\d{1,3}(?:\.\d+)?分?[)）]$")
"""A name of a level ends so where its points stand behind it: at most 100, with a decimal where they are split."""

NUMBERED = re.compile(
    rf"[^\d：:，。]{{0,6}}(?:\d{{1,2}}|[{NUMERALS}]{{1,3}})[：:、．.)）](?!\d)|[^\d：:，。]{{2,8}}[：:]"
)
"""What a name begins with among others of its make: `1.`, `职能2：` with a word of up to six characters before the
number, or a label of two to eight without one."""

ORDINAL = re.compile(rf"\d{{1,2}}|[{NUMERALS}]{{1,3}}")

COUNT = re.compile(r"[=≥≤＞＜<>±~\-]*[\d.,]+\s*(?:%|％|万?元|分)?")
"""A figure with its operator and its unit."""

RATE = re.compile(r"[^\d，。；、：]{0,4}[\d.,]+\s*[%％][^\d，。；、：]{0,3}")
"""A percentage with what bounds it in words: 不低于95%, 95%以上."""


@lru_cache(maxsize=16384)
def width(text: str) -> float:
    """How wide a text is set, in Chinese characters."""
    return sum(NARROW if char.isascii() else 1.0 for char in text)
