"""Fonts whose letters are signs: what they show for a text that is set in them."""

from __future__ import annotations

import re
from functools import lru_cache

PRIVATE = 0xF000  # where programs keep the codes of such fonts, and the vocabulary knows boxes and ticks
LETTERS = re.compile(r"(?:[A-Z]{6}\+)?(?:wingdings|webdings)", re.IGNORECASE)
DINGBATS = re.compile(r"(?:[A-Z]{6}\+)?(?:itc)?zapfdingbats", re.IGNORECASE)
FIRST_DINGBAT, FIRST_SIGN = 0x21, 0x2701  # the code from which Unicode has the signs of Zapf Dingbats in their order
FONTS = 512  # that are remembered
OTHERS = {"%": "☎", "*": "☛", "+": "☞", "H": "★", "l": "●", "n": "■", "s": "▲", "t": "▼", "u": "◆", "w": "◗"}


def symbol(code: int) -> str:
    """The character of a symbol font at a code."""
    return chr(code + PRIVATE if code < 0x100 else code)


def set_in(font: str, text: str) -> str:
    """A text as a font shows it: letters of symbol fonts are the signs at their codes."""
    letters, dingbats = _kind(font)
    if letters:
        return "".join(_private(char) for char in text)
    return "".join(_dingbat(char) for char in text) if dingbats else text


@lru_cache(FONTS)
def _kind(font: str) -> tuple[bool, bool]:
    """Whether a font's letters are signs, and whether they are those of Zapf Dingbats: asked for every character."""
    return bool(LETTERS.match(font)), bool(DINGBATS.match(font))


def _private(char: str) -> str:
    try:
        code = char.encode("cp1252")[0]
    except UnicodeEncodeError:
        return char
    return char if char.isspace() else symbol(code)


def _dingbat(char: str) -> str:
    code = ord(char) - FIRST_DINGBAT
    return OTHERS.get(char) or (chr(FIRST_SIGN + code) if 0 <= code < 0x5E else char)
