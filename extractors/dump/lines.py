"""Read a text dump: its encoding, its lines and cells, and the marks of HTML that stand for paragraphs and ticks.

Source: a file of lines, cells parted by tabs, spans lost. Marks of HTML that a dump is known to hold (`<p>`,
`<br>`, check boxes) are read; everything else that looks like a mark is text of the filing and stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

PARAGRAPH = re.compile(r"</?p(?:\s[^<>]*)?>|<br\s*/?>", re.IGNORECASE)
CHECKBOX = re.compile(r"[ \t　]?<input\b[^<>]*\btype\s*=\s*[\"']?(?:checkbox|radio)[^<>]*>", re.IGNORECASE)
CHECKED = re.compile(r"\bchecked\b", re.IGNORECASE)
TICKED, EMPTY = "☑", "□"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MOSTLY_TEXT = 0.02  # share of control characters above which a file is no text


class UnknownEncoding(ValueError):
    """The bytes are no text in any encoding that filings come in."""


@dataclass(frozen=True, slots=True)
class DumpCell:
    """A text of a dump: `tab` counts the tabs before it; `line` and `column` (from 1) say where it begins;
    `inferred` why it was taken for one cell, where the dump does not say so."""

    text: str
    tab: int
    line: int
    column: int
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class DumpLine:
    """A line with its cells that hold text. `tabs` counts all its tabs; `number` counts from 1."""

    number: int
    cells: tuple[DumpCell, ...]
    tabs: int

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)


def decode(data: bytes) -> tuple[str, str]:
    """(text, encoding) of a dump: UTF-8, UTF-16 with or without a mark, GB18030, else what the bytes suggest.

    Raises UnknownEncoding where nothing fits.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16"), "utf-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return _strict(data, "utf-8-sig"), "utf-8"
    even, odd = data[:400:2].count(0), data[1:400:2].count(0)
    if len(data) >= 4 and len(data) % 2 == 0 and max(even, odd) > len(data[:400]) // 8 and min(even, odd) == 0:
        # ASCII has its zero byte first in big-endian text, last in little-endian text
        name = "utf-16-be" if even else "utf-16-le"
        if _readable(data, name):
            return data.decode(name), name
    for name in ("utf-8", "gb18030"):
        if _readable(data, name):
            return data.decode(name), name
    guess = from_bytes(data).best()
    if guess is None or not _readable(data, guess.encoding):
        raise UnknownEncoding("no known encoding fits; save the dump as UTF-8 or GB18030 and try again")
    return str(guess), guess.encoding


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise UnknownEncoding(f"begins like {name}, but is none: {error.reason}; save it as UTF-8") from error


def _readable(data: bytes, name: str) -> bool:
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return len(CONTROL.findall(text)) <= MOSTLY_TEXT * len(text)


def split_lines(text: str) -> list[str]:
    """The lines of a dump as they are counted (from 1), whichever system's ends they have."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_lines(text: str) -> list[DumpLine]:
    """The lines of a dump; blank ones have no cells."""
    lines = []
    for number, raw in enumerate(split_lines(text), 1):
        cells = []
        column = 1
        parts = raw.split("\t")
        for tab, part in enumerate(parts):
            shown = _marks(part)
            if shown:
                cells.append(DumpCell(shown, tab, number, column + len(part) - len(part.lstrip())))
            column += len(part) + 1
        lines.append(DumpLine(number, tuple(cells), len(parts) - 1))
    return lines


def _picture(found: re.Match[str]) -> str:
    """The visible picture of a control character: it is text of the filing, but no terminal must obey it."""
    code = ord(found.group())
    return "␡" if code == 0x7F else chr(0x2400 + code)


def _marks(text: str) -> str:
    """The text with paragraphs as line breaks and check boxes as tick marks behind what they tick."""
    text = CHECKBOX.sub(lambda m: TICKED if CHECKED.search(m.group()) else EMPTY, text)
    parts = CONTROL.sub(_picture, PARAGRAPH.sub("\n", text)).split("\n")
    return "\n".join(part.strip() for part in parts if part.strip())
