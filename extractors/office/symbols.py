"""Signs that Word sets by fields that print characters one over the other."""

from __future__ import annotations

import re

TICKED, EMPTY = "☑", "□"
BOXES = frozenset("□☐▢○◯\uf0a3\uf0a8\uf06f\uf0a1\uf071\uf02a")
MARKS = frozenset("√✓✔☑●•■×✗✘☒vVxX\uf0fc\uf050\uf0fb\uf0fd\uf0fe\uf052\uf06c\uf06e")
OVER = re.compile(r"\s*eq\s+\\o\s*(?:\\a[lcr]\s*)?\((.*)\)\s*", re.IGNORECASE | re.DOTALL)
SWITCH = re.compile(r"\\[A-Za-z]+\d*\s*\(?")
LAST_CIRCLED = 20


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
        return EMPTY if not {"○", "◯"} & set(parts) else "○"
    number = inner[0] if boxed and len(inner) == 1 else ""
    if number.isascii() and number.isdigit() and 1 <= int(number) <= LAST_CIRCLED:
        return chr(0x2460 + int(number) - 1)
    return "".join(inner)
