"""Signs that Word sets by other means than characters: letters of symbol fonts, and fields that print characters one
over the other."""

from __future__ import annotations

import re

FONTS = re.compile(r"(?:wingdings|webdings)\b", re.IGNORECASE)
PRIVATE = 0xF000  # where programs keep the codes of symbol fonts, and the vocabulary knows boxes and ticks
TICKED, EMPTY = "☑", "□"
BOXES = frozenset("□☐▢○◯〇\uf0a3\uf0a8\uf06f\uf0a1\uf071\uf02a")
MARKS = frozenset("√✓✔☑●•■×✗✘☒vVxX\uf0fc\uf050\uf0fb\uf0fd\uf0fe\uf052\uf06c\uf06e")
OVER = re.compile(r"\s*eq\s+\\o\s*(?:\\a[lcr]\s*)?\((.*)\)\s*", re.IGNORECASE | re.DOTALL)
SWITCH = re.compile(r"\\[A-Za-z]+\d*\s*\(?")
LAST_CIRCLED = 20


def symbol(code: int) -> str:
    """The character of a symbol font at a code."""
    return chr(code + PRIVATE if code < 0x100 else code)


def set_in(font: str, text: str) -> str:
    """A text as a font shows it: letters of symbol fonts are the signs at their codes."""
    if not FONTS.match(font):
        return text
    return "".join(_sign(char) for char in text)


def _sign(char: str) -> str:
    try:
        code = char.encode("cp1252")[0]
    except UnicodeEncodeError:
        return char
    return char if char.isspace() else symbol(code)


def overlap(instruction: str) -> str | None:
    """What a field prints that sets characters one over the other: a tick in a box, a number in a circle, else the
    characters; None for other fields."""
    field = OVER.fullmatch(instruction)
    if field is None:
        return None
    parts = [SWITCH.sub("", part).strip(" ()\t") for part in re.split(r"[,;，；、]", field.group(1))]
    parts = [part for part in parts if part]
    boxed = any(part in BOXES for part in parts)
    inner = [part for part in parts if part not in BOXES]
    if boxed and any(part in MARKS for part in inner):
        return TICKED
    if boxed and not inner:
        return EMPTY if not {"○", "◯", "〇"} & set(parts) else "○"
    number = inner[0] if boxed and len(inner) == 1 else ""
    if number.isascii() and number.isdigit() and 1 <= int(number) <= LAST_CIRCLED:
        return chr(0x2460 + int(number) - 1)
    return "".join(inner)
