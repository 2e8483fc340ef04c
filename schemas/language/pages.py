"""How pages speak of themselves: their numbers, the time of their print, where they come from, that a table goes on."""

from __future__ import annotations

import re

_NUMERALS = "零〇一二三四五六七八九十百"
_NUMERAL = rf"(?:\d{{1,4}}|[{_NUMERALS}]{{1,5}})"
_DATE = r"(?:\d{4}|\d{1,2})[-/.年]\s*\d{1,2}[-/.月]\s*\d{1,4}日?"
_TIME = r"(?:(?:[上下]午|[AP]M)\s*+)?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s*[AP]\.?M\.?|\s*[上下]午)?"
_DASH = r"[\-–—―_·.~～]"
_MADE = r"(?:打印|导出|生成|输出|下载|制表|printed|print)\s*+(?:(?:时间|日期|于|on|at|date|time)\s*+)?"
_OF = rf"第\s*{_NUMERAL}\s*页[\s,，;；/|]*[（(]?共\s*{_NUMERAL}\s*页[）)]?"

PAGE_WORDS = re.compile(
    rf"[（(]?(?:{_OF}|共\s*{_NUMERAL}\s*页[\s,，;；/|]*第\s*{_NUMERAL}\s*页|第\s*{_NUMERAL}\s*(?:/\s*{_NUMERAL}\s*)?页"
    rf"|共\s*{_NUMERAL}\s*页|页[码次数]?\s*[:：]\s*\d{{1,4}}(?:\s*/\s*\d{{1,4}})?|\d{{1,4}}\s*+(?:页\s*+)?/\s*\d{{1,4}}\s*页"
    rf"|pages?\s*+(?:[:：]\s*+)?\d{{1,4}}(?:\s*(?:of|/)\s*\d{{1,4}})?|\d{{1,4}}\s+of\s+\d{{1,4}}"
    rf"|{_DASH}+\s*{_NUMERAL}\s*{_DASH}+)[）)]?",
    re.IGNORECASE,
)
"""A page's number in words, or between dashes."""

BARE_NUMBER = re.compile(rf"{_DASH}*\s*(?:\d{{1,4}}(?:\s*/\s*\d{{1,4}})?|[ivx]{{1,5}})\s*{_DASH}*", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?|ftp|file)\s*[:：]/?/\S*|www\.\S+|about:blank|[A-Z]:\\\S+", re.IGNORECASE)
STAMP = re.compile(rf"{_MADE}(?:[:：]\s*+)?{_DATE}(?:[\s,，T]*+{_TIME})?|{_DATE}[\s,，T]*+{_TIME}", re.IGNORECASE)
"""The time of a print: a date with a time, or a date that says so."""

PRINTED = re.compile(rf"{_MADE}(?:[:：]\s*+)?{_DATE}", re.IGNORECASE)
"""What begins with the words for a print and its date."""

_PART = rf"(?:[（(]?{_NUMERAL}[）)]?)?"
_BEYOND = r"(?:[接转续见][上下前后][页表]|[上下]接第?\d{0,4}页?|续[表页]?)"
CONTINUED = re.compile(rf"[（(【]?(?:未完[,，;；、]?|表格?)?{_BEYOND}{_PART}[）)】]?")
"""What stands beside a table that goes on over a page, without its spaces: `（续上表）`, `未完，接下页`, `续表2`."""

CONTINUED_TITLE = re.compile(rf"[（(](?:[接续][上前][表页]|续[表页]?){_PART}[）)]$")
"""What a title says where its table goes on."""

YEAR_LINE = re.compile(r"[（(]?\s*\d{4}\s*年度?\s*[）)]?")
COUNTED = re.compile(rf"\d+|(?<=第)[{_NUMERALS}]+(?=页)|(?<=共)[{_NUMERALS}]+(?=页)")
"""The numerals of a head or foot, which differ from page to page."""

TABLE = "表"


def names_table(text: str) -> bool:
    """Whether a text ends as the titles of tables do."""
    return text.endswith(TABLE)


def is_foot(text: str) -> bool:
    """Whether a text is all a page's number in words, an address, or the time of a print."""
    return any(shape.fullmatch(text.strip()) for shape in (PAGE_WORDS, ADDRESS, STAMP))
