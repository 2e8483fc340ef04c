"""The fonts of a PDF, made by pdfminer of what is read here of them: which character each code shows.

pdfminer reads the maps from codes to characters byte by byte, and looks up the name of every glyph anew for each font.
A map that is written in any unusual way is left to it, so that both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from pdfminer.cmapdb import FileUnicodeMap
from pdfminer.encodingdb import name2unicode
from pdfminer.pdffont import PDFFont, PDFSimpleFont
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, list_value, resolve1
from pdfminer.psparser import PSLiteral, literal_name

from extractors.pdf.objects import Unusual

BODY = re.compile(rb"\bbegincmap\b(.*)\bendcmap\b", re.DOTALL)
SECTION = re.compile(rb"\b(?:begin(bfchar|bfrange|codespacerange)\b([0-9A-Fa-f<>\[\]\s]*)end\1\b|(\w*cmap|begin\w+))")
RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]*)>|\[([0-9A-Fa-f<>\s]*)\])\s*")
PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>\s*")
NUMBERED = re.compile(r"[A-Za-z]{1,3}([0-9A-Fa-f]+)")  # names of glyphs that say a number and no character
HEX = re.compile(rb"<([0-9A-Fa-f]*)>\s*")
LONGEST_RANGE = 1 << 16  # codes of one range
MOST_CODES = 1 << 18  # codes of all ranges of a section
LONGEST_CODE = 8  # digits of a code
COUNTED = 4  # bytes at the end of a text that count up along a range
NO_MAP = PDFStream({}, b"")
NAMES = 4096  # of glyphs that are kept with their characters
SIMPLE = ("Type1", "MMType1", "TrueType", "Type3")


class Fonts(PDFResourceManager):
    """What makes fonts: pdfminer, without what takes most of its time."""

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        if objid and objid in self._cached_fonts:
            return self._cached_fonts[objid]
        stream = resolve1(spec.get("ToUnicode"))
        known = _map_of(stream) if isinstance(stream, PDFStream) else None
        plain = dict(spec)
        if known is not None:
            plain["ToUnicode"] = NO_MAP
        encoding = resolve1(spec.get("Encoding"))
        differences = None
        if isinstance(encoding, dict) and _kind(spec) in SIMPLE and "Differences" in encoding:
            differences = list_value(encoding["Differences"])
            plain["Encoding"] = {key: value for key, value in encoding.items() if key != "Differences"}
        font = super().get_font(objid, plain)
        if known is not None and getattr(font, "unicode_map", None) is not None:
            font.unicode_map = known  # type: ignore[attr-defined]
        if differences and isinstance(font, PDFSimpleFont):
            font.cid2unicode = _Named(font.cid2unicode, differences)  # type: ignore[assignment]
        return font


class _Named:
    """The characters of an encoding with those that a font names by their glyphs: worked out when one is asked for,
    which no font asks for that has a map."""

    def __init__(self, characters: Mapping[int, str], differences: Iterable[Any]) -> None:
        self._characters, self._differences = characters, differences

    @cached_property
    def _all(self) -> dict[int, str]:
        return _with_differences(self._characters, self._differences)

    def __getitem__(self, code: int) -> str:
        return self._all[code]


def _kind(spec: Mapping[str, object]) -> str:
    return str(literal_name(spec["Subtype"])) if isinstance(spec.get("Subtype"), PSLiteral) else ""


def _with_differences(characters: Mapping[int, str], differences: Iterable[Any]) -> dict[int, str]:
    """The characters of an encoding, those of its codes changed that a font names by their glyphs.

    Where a font names a glyph by a number of its own (`g6946`), nobody knows the character, unless the font maps the
    code itself: the encoding would make of 责 a degree sign."""
    out = dict(characters)
    code = 0
    for entry in differences:
        if isinstance(entry, int):
            code = entry
        elif isinstance(entry, PSLiteral):
            character = _character_of(entry.name)
            if character is not None:
                out[code] = character
            elif (numbers := _numbers_in(str(entry.name))) and code not in numbers:
                out.pop(code, None)
            code += 1
    return out


@lru_cache(NAMES)
def _numbers_in(glyph: str) -> tuple[int, ...]:
    """The numbers that the name of a glyph may say; one that says none, or the code's own, leaves the character to the
    encoding."""
    number = NUMBERED.fullmatch(glyph)
    return () if number is None else (int(number[1], 16), int(number[1]) if number[1].isdigit() else -1)


@lru_cache(NAMES)
def _character_of(glyph: str | bytes) -> str | None:
    """The character that the name of a glyph stands for, if any."""
    try:
        return name2unicode(glyph)  # type: ignore[arg-type]
    except (KeyError, ValueError):
        return None


def _map_of(stream: PDFStream) -> FileUnicodeMap | None:
    """The characters of codes by a map; None where pdfminer is to read it."""
    try:
        return read_map(stream.get_data())
    except Unusual:
        return None


def read_map(data: bytes) -> FileUnicodeMap:
    """The characters that a map (ToUnicode) gives to codes. Raises Unusual."""
    body = BODY.search(data)
    if body is None or data.count(b"begincmap") != 1 or data.count(b"endcmap") != 1 or b"%" in body.group(1):
        raise Unusual
    out = FileUnicodeMap()
    for section in SECTION.finditer(body.group(1)):
        kind, content, other = section.groups()
        if other is not None:
            raise Unusual
        if kind == b"bfchar":
            _take_pairs(content.strip(), out)
        elif kind == b"bfrange":
            _take_ranges(content.strip(), out)
    return out


def _take_pairs(content: bytes, out: FileUnicodeMap) -> None:
    at = 0
    while at < len(content):
        pair = PAIR.match(content, at)
        if pair is None:
            raise Unusual
        at = pair.end()
        out.add_cid2unichr(_code(pair.group(1)), _bytes(pair.group(2)))


def _take_ranges(content: bytes, out: FileUnicodeMap) -> None:
    at = taken = 0
    while at < len(content):
        part = RANGE.match(content, at)
        if part is None or len(part.group(1)) != len(part.group(2)):
            raise Unusual
        at = part.end()
        start, end = _code(part.group(1)), _code(part.group(2))
        taken += max(end - start, 0) + 1
        if end - start >= LONGEST_RANGE or taken > MOST_CODES:
            raise Unusual
        if part.group(4) is not None:
            texts = HEX.findall(part.group(4))
            if HEX.sub(b"", part.group(4)).strip():
                raise Unusual
            for code, text in zip(range(start, end + 1), texts, strict=False):
                out.add_cid2unichr(code, _bytes(text))
            continue
        first = _bytes(part.group(3))
        head, tail = first[:-COUNTED], first[-COUNTED:]
        base = int.from_bytes(tail, "big")
        if not tail or base + max(end - start, 0) >= 1 << (8 * len(tail)):
            raise Unusual
        for step in range(end - start + 1):
            out.add_cid2unichr(start + step, head + (base + step).to_bytes(len(tail), "big"))


def _code(digits: bytes) -> int:
    if len(digits) % 2 or len(digits) > LONGEST_CODE:
        raise Unusual
    return int(digits, 16)


def _bytes(digits: bytes) -> bytes:
    if len(digits) % 2:
        raise Unusual
    return bytes.fromhex(digits.decode("ascii"))
