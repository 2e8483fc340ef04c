"""Read a text dump: its lines and cells, and the marks of HTML that stand for paragraphs and ticks.

Source: a file of lines, cells parted by tabs, spans lost. Marks of HTML that a dump is known to hold (`<p>`,
`<br>`, check boxes) are read; everything else that looks like a mark is text of the filing and stays as it is.
"""

from __future__ import annotations

import re

from extractors.encoding import CONTROL
from schemas.frozen import dataclass

PARAGRAPH = re.compile(r"</?p(?:\s[^<>]*)?>|<br\s*/?>", re.IGNORECASE)
CHECKBOX = re.compile(r"[ \t　]?<input\b[^<>]*\btype\s*=\s*[\"']?(?:checkbox|radio)[^<>]*>", re.IGNORECASE)
CHECKED = re.compile(r"\bchecked\b", re.IGNORECASE)
MARKED = re.compile(rf"<|{CONTROL.pattern}")  # what of a text may be shown as something else
PAGE = "\f"  # the form feed that begins a page
TICKED, EMPTY = "☑", "□"


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
    """A line with its cells that hold text. `tabs` counts all its tabs; `number` counts from 1; `new_page`: a form
    feed stands before it."""

    number: int
    cells: tuple[DumpCell, ...]
    tabs: int
    new_page: bool = False

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)


def split_lines(text: str) -> list[str]:
    """The lines of a dump as they are counted (from 1), whichever system's ends they have."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_lines(text: str) -> list[DumpLine]:
    """The lines of a dump; blank ones have no cells."""
    lines = []
    for number, raw in enumerate(split_lines(text), 1):
        new_page, raw = raw.startswith(PAGE), raw.strip(PAGE)
        marked = MARKED.search(raw) is not None
        cells = []
        column = 1 + new_page
        parts = raw.split("\t")
        for tab, part in enumerate(parts):
            if part and (shown := plain_marks(part) if marked else part.strip()):
                cells.append(DumpCell(shown, tab, number, column + len(part) - len(part.lstrip())))
            column += len(part) + 1
        lines.append(DumpLine(number, tuple(cells), len(parts) - 1, new_page))
    return lines


def _picture(match: re.Match[str]) -> str:
    """The visible picture of a control character: it is text of the filing, but no terminal must obey it."""
    code = ord(match.group())
    return "␡" if code == 0x7F else chr(0x2400 + code)


def plain_marks(text: str) -> str:
    """The text with paragraphs as line breaks and check boxes as tick marks behind what they tick."""
    if "<" in text:
        text = CHECKBOX.sub(lambda m: TICKED if CHECKED.search(m.group()) else EMPTY, text)
        text = PARAGRAPH.sub("\n", text)
    text = CONTROL.sub(_picture, text)
    if "\n" not in text:
        return text.strip()
    parts = text.split("\n")
    return "\n".join(part.strip() for part in parts if part.strip())
