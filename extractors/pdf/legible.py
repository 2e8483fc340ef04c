"""Whether a text layer is text: whether its characters are such as forms are written in.

Fonts without a mapping, or with a wrong one, give codes, private characters or letters of scripts that no form prints.
What the page shows is right all the same, so that such a page is read as an image.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

from schemas.language.writing import CONTROLS, UNNAMED, is_ideograph
from schemas.model import Word

NO_CHARACTER = "\ufffd"
FOREIGN = 0.3  # of the characters beyond ASCII: sound pages have under 0.02, wrongly mapped ones over 0.5
FEWEST = 8  # characters beyond ASCII from which their share says something
RARE = 0.2  # of the ideographs: sound pages have under 0.02, those that a font moves to other codes over 0.3
COMMON = (0xA4, 0xC6)  # the first bytes of Big5's common characters
CONTROL = re.compile(f"[{CONTROLS}]")
LONE = re.compile(r"(?<![A-Za-zÀ-ɏ])[À-ÖØ-öø-ɏ](?![A-Za-zÀ-ɏ])")
PINYIN = frozenset("àáèéêìíòóùúüāēěīńňōūǎǐǒǔǖǘǚǜ")
FEWEST_CONTROLS = 3  # of them on a page of Chinese text, which prints none
KINDS = 2  # of letters beyond ASCII and pinyin, each by itself, that such a page does not print
EUROPEAN = ("LATIN", "GREEK", "CYRILLIC")  # scripts of sound pages that GBK, the set of Chinese forms, holds in part


def why_illegible(words: Iterable[Word], misfits: Collection[str] = ()) -> str | None:
    """Why the words of a page are no text that was meant, None where they are. ASCII says nothing either way, but where
    it is not as wide as it should be (`misfits`, what such characters stand for)."""
    text = re.sub(UNNAMED, NO_CHARACTER, "".join(word.text for word in words))
    beyond = [char for char in text if not char.isascii() and not char.isspace()]
    foreign = 0 if _fits(beyond, "gbk") else sum(not _is_written(char) for char in beyond)
    ideographs = [char for char in beyond if is_ideograph(char)]
    if ideographs:
        stray = set(LONE.findall(text)) - PINYIN
        if len(CONTROL.findall(text)) >= FEWEST_CONTROLS or len(stray) >= KINDS:
            return "characters in its text layer stand in no Chinese text"
        rare = 0 if _fits(beyond, "gb2312") else sum(map(_is_rare, ideographs))
        if rare >= FEWEST and rare > RARE * len(ideographs):
            return f"{rare} of the {len(ideographs)} Chinese characters in its text layer are hardly ever written"
    controls = len(CONTROL.findall(text))
    if controls >= FEWEST and controls > FOREIGN * len(text):
        return f"{controls} of the {len(text)} characters in its text layer are none"
    if len(misfits) >= KINDS:
        return f"{len(misfits)} kinds of characters in its text layer are not as wide as what they stand for"
    if len(beyond) < FEWEST or foreign <= FOREIGN * len(beyond):
        return None
    return (
        f"{foreign} of the {len(beyond)} characters beyond ASCII in its text layer are none that forms are written in"
    )


def _fits(chars: Iterable[str], code: str) -> bool:
    """Whether a set of characters has them all, each by two bytes."""
    text = "".join(chars)
    try:
        return len(text.encode(code)) == 2 * len(text)
    except UnicodeEncodeError:
        return False


def _is_written(char: str) -> bool:
    """Whether forms print a character: one of GBK's two-byte set, or of a European script or sign."""
    if char == NO_CHARACTER:
        return False
    try:
        return len(char.encode("gbk")) == 2
    except UnicodeEncodeError:
        kind = unicodedata.category(char)
        return kind[0] in "PSN" or unicodedata.name(char, "").startswith(EUROPEAN)


@lru_cache(maxsize=16384)
def _is_rare(ideograph: str) -> bool:
    """Whether an ideograph is neither among the simplified ones of GB 2312 nor among the common traditional ones."""
    try:
        ideograph.encode("gb2312")
        return False
    except UnicodeEncodeError:
        pass
    try:
        return not COMMON[0] <= ideograph.encode("big5")[0] <= COMMON[1]
    except UnicodeEncodeError:
        return True
