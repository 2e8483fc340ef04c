"""What form fields say whose file holds no picture of it: programs that show the file write it there themselves."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.utils import decode_text

from extractors.pdf.marks import Char
from schemas.language.writing import width
from schemas.model import Box

MULTILINE, PASSWORD, COMBO = 1 << 12, 1 << 13, 1 << 17  # flags of fields
USUAL = 12.0  # points: the size that programs take where a field leaves it to them
LARGEST = 0.75  # of a field's height: a line of text
LEADING = 1.2  # of the size, from line to line
PADDING = 2.0  # points
SIZE = re.compile(r"(?<![\d.])([\d.]{1,16})\s{1,8}Tf")
WORD = re.compile(r"[!-~]+ ?|.")
BREAK = re.compile(r"\r\n|\r|\n")


def text_of(value: Any) -> str:
    """A text string of a PDF, whatever it is encoded in."""
    value = resolve1(value)
    if isinstance(value, PDFStream):
        value = value.get_data()
    if not isinstance(value, bytes):
        return ""
    if value.startswith(codecs.BOM_UTF8):
        return value[3:].decode("utf-8", "replace")
    return decode_text(value)


def chosen(field: dict[str, Any], value: Any) -> str:
    """The chosen options of a list, as it shows them."""
    shown = {}
    for option in resolve1(field.get("Opt")) or ():
        parts = resolve1(option)
        pair = parts if isinstance(parts, list) and len(parts) > 1 else [option, option]
        shown[text_of(pair[0])] = text_of(pair[1])
    value = resolve1(value)
    picked = [text_of(v) for v in (value if isinstance(value, list) else [value])]
    return "\n".join(shown.get(text, text) for text in picked)


def font_size(appearance: Any) -> float | None:
    """The size that a field's default appearance sets, None where it leaves it open."""
    stated = SIZE.search(text_of(appearance))
    return (float(stated.group(1)) or None) if stated else None


def typed(text: str, box: Box, size: float | None, *, lines: bool, number: int) -> list[Char]:
    """The characters of a text that is set into a field: from its top left where it has several `lines`, else in one
    line in the middle of its height. What does not fit is set smaller. Numbers count from `number`."""
    pieces = BREAK.split(text) if lines else [BREAK.sub("", text)]
    room = max(box.width - 2 * PADDING, 1.0)
    size = size or (USUAL if lines else min(USUAL, LARGEST * box.height))
    rows = [row for piece in pieces for row in _wrapped(piece, room / size if lines else float("inf"))]
    pitch = min(LEADING * size, box.height / max(len(rows), 1))
    size = min(size, pitch)
    top = box.top + (min(PADDING, (box.height - pitch * len(rows)) / 2) if lines else (box.height - size) / 2)
    out: list[Char] = []
    for i, row in enumerate(rows):
        step = min(size, room / max(width(row), 1.0))
        at = box.left + min(PADDING, box.width / 2)
        for letter in row:
            advance = width(letter) * step
            y = top + i * pitch
            out.append(Char(letter, at, y, at + advance, y + size, number + len(out)))
            at += advance
    return out


def _wrapped(text: str, room: float) -> Iterator[str]:
    """A text in lines of so many wide characters, broken between words."""
    line = ""
    for word in WORD.findall(text):
        if line and width(line + word.rstrip()) > room:
            yield line
            line = ""
        while width(word.rstrip()) > room and len(word) > 1:
            fits = max(1, sum(1 for i in range(1, len(word)) if width(word[:i]) <= room))
            yield word[:fits]
            word = word[fits:]
        line += word
    yield line


def values(field: dict[str, Any], inherited: Sequence[Any]) -> str:
    """What a field of text or a list shows; `inherited` are its kind, its flags and its value."""
    kind, flags, value = inherited
    text = chosen(field, value) if kind == "Ch" else text_of(value)
    return "*" * len(text) if kind == "Tx" and flags & PASSWORD else text
