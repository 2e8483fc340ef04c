"""What fonts say of themselves and is not to be believed: how deep they reach, how large they are, what codes mean."""

from __future__ import annotations

import re
from typing import Any

from pdfminer.encodingdb import name2unicode
from pdfminer.pdffont import PDFSimpleFont, PDFType3Font
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral

USUAL_DESCENT = -0.12  # of a character's size
DEEPEST = -0.4  # of a character's size: what a font says of its depth is believed so far
LARGEST_EM = 3.0  # a font whose glyphs are higher than so many of its size is measured in dots
NUMBERED = re.compile(r"[A-Za-z]{1,3}([0-9A-Fa-f]+)")  # names of glyphs that say a number and no character


def em_of(font: Any) -> float:
    """How large a character of size 1 is. A font of drawings may be measured in the dots of a printer; else it is 1."""
    if not isinstance(font, PDFType3Font):
        return 1.0
    high = abs((font.ascent - font.descent) * font.vscale)
    return high if high > LARGEST_EM else 1.0


def descent_of(font: Any) -> float:
    """How far characters of size 1 reach below the line: less than nothing. Of a font of drawings only the box of its
    drawings is known, which may be upside down and hold few of them; and some programs write down the lowest point of
    all glyphs of a font, a whole character deep."""
    told = float(font.get_descent())
    return told if DEEPEST <= told <= 0 and not isinstance(font, PDFType3Font) else USUAL_DESCENT


def forget_guesses(font: Any, spec: Any) -> None:
    """Take from a font the characters that were guessed for glyphs whose names say none.

    Where a font names its glyphs by numbers of its own (`g6946`), pdfminer lets each code keep the character that it
    has in the usual encoding, so that 责 may be read as a degree sign. Nobody knows the character, unless the font maps
    the code itself; only a name with the code's own number says that the encoding holds."""
    if not isinstance(font, PDFSimpleFont) or getattr(font, "own_guesses_gone", False):
        return
    font.own_guesses_gone = True  # type: ignore[attr-defined]
    encoding = resolve1(spec.get("Encoding"))
    names = resolve1(encoding.get("Differences")) if isinstance(encoding, dict) else None
    guessed = [code for code, name in _named(names) if not _says(name, code)] if isinstance(names, list) else []
    if guessed:
        font.cid2unicode = {code: text for code, text in font.cid2unicode.items() if code not in guessed}


def _named(names: list[Any]) -> list[tuple[int, str]]:
    """(code, name of its glyph) of a list of differences."""
    out, code = [], 0
    for each in names:
        if isinstance(each, int):
            code = each
        elif isinstance(each, PSLiteral):
            out.append((code, str(each.name)))
            code += 1
    return out


def _says(name: str, code: int) -> bool:
    """Whether the name of a glyph says its character, or leaves it to the usual encoding."""
    try:
        name2unicode(name)
    except (KeyError, ValueError):
        number = NUMBERED.fullmatch(name)
        return number is None or code in (int(number[1], 16), int(number[1]) if number[1].isdigit() else -1)
    return True
