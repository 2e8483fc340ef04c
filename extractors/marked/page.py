"""HTML: its text and tables in order, merged cells by rowspan and colspan; a whole page, or a piece in another text.

Scripts, styles and what the page hides are no text of the filing. Nothing is fetched and nothing runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from extractors.encoding import decode
from extractors.marked.build import MOST_SLOTS, MarkedCell, MarkedTable
from extractors.refusals import OfficeTooLarge
from schemas.model import Place, Unshown

LARGEST_PAGE = 32 << 20  # bytes; a page with a hundred forms has two
CHARSET = re.compile(rb"charset\s*+=\s*+(?:[\"']\s*+)?([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
CHARSET_WITHIN = 2048  # bytes
WIDER = {"gbk": "gb18030"}  # pages that say the smaller set use the larger one
MOST_ATTRIBUTES = 1000  # of one mark: the parser holds each against all the others
TAG = re.compile(r"""<[A-Za-z](?:[^<>"']|"[^"]*+"|'[^']*+')*+""")
QUOTED = re.compile(r"""(?<==)\s*+(?:"[^"]*+"|'[^']*+')""")
WIDEST_SPAN = 1000  # columns, the limit of the HTML standard
UNSHOWN = frozenset({"script", "style", "template", "noscript", "head", "title", "object", "iframe", "svg"})
BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer"
        " form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary ul",
    )
)
APART = re.compile(
    r"float\s*:\s*(?:left|right)|display\s*:\s*(?:block|flex|grid|table)|position\s*:\s*(?:absolute|fixed)",
    re.IGNORECASE,
)
"""How a style puts an element apart from the text around it, as blocks stand."""
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
SPACE = re.compile(r"[ \t\r\n\f]+")
UNRULED = "data-no-borders"  # set by us on tables without borders
TICKED, EMPTY = "☑", "□"


@dataclass(slots=True)
class _Reader:
    """What is kept while a page is walked: where it begins in another text, what it hides, cells by line."""

    first_line: int | None
    hidden: list[str] = field(default_factory=list)
    cells: dict[int, int] = field(default_factory=dict)

    def place(self, box: Any) -> Place | None:
        """The line of a cell, and which cell of it it is, from 1."""
        if self.first_line is None:
            return None
        line = self.first_line + (box.sourceline or 1) - 1
        self.cells[line] = self.cells.get(line, 0) + 1
        return Place(line=line, column=self.cells[line])


class BreaksOff(ValueError):
    """A table of the page has no end, so rows of it may be lost; or it nests deeper than any that people write."""


@dataclass(slots=True)
class _Text:
    """Collects paragraphs and tables; white space runs together as on a screen."""

    flow: list[str | MarkedTable] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)  # of the paragraph that is open, none of them empty

    def add(self, text: str) -> None:
        text = SPACE.sub(" ", text)
        if not self.pieces or self.pieces[-1][-1] in " \n":
            text = text.lstrip(" ")
        if text:
            self.pieces.append(text)

    def end(self) -> None:
        if paragraph := "".join(self.pieces).strip():
            self.flow.append(paragraph.replace("\xa0", " "))
        self.pieces.clear()


def read_page(path: Path) -> tuple[list[str | MarkedTable], list[str]]:
    """(paragraphs and tables in reading order, texts that the page hides). Raises NotText, BreaksOff,
    OfficeTooLarge and lxml's ParserError."""
    if path.stat().st_size > LARGEST_PAGE:
        raise OfficeTooLarge(detail=f"a page of more than {LARGEST_PAGE >> 20} MB")
    return read_html(decode_page(path.read_bytes()))


def read_html(text: str, first_line: int | None = None) -> tuple[list[str | MarkedTable], list[str]]:
    """What `read_page` gives, of HTML in characters. A piece of another text says at which line of it it begins: its
    cells then know theirs. Raises BreaksOff, OfficeTooLarge and lxml's ParserError."""
    from lxml import html

    opened, closed = len(re.findall(r"<table\b", text, re.I)), len(re.findall(r"</table\s*>", text, re.I))
    if opened > closed:
        raise BreaksOff(f"{opened} tables begin and {closed} end")
    if any(_attributes(tag[0]) > MOST_ATTRIBUTES for tag in TAG.finditer(text)):
        raise OfficeTooLarge(detail=f"a mark with more than {MOST_ATTRIBUTES} attributes")
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text.replace("\0", "")), parser=parser)
    for error in parser.error_log:
        if "depth" in error.message:
            raise BreaksOff(error.message)
    reader = _Reader(first_line)
    body = root.find("body")
    styled = any(True for _ in root.iter("style", "link"))  # a style sheet may say that there are borders
    for table in root.iter("table"):
        if not styled and not _draws_borders(table):
            table.set(UNRULED, "")
    return _flow(body if body is not None else root, reader), reader.hidden


def _attributes(tag: str) -> int:
    """How many attributes a mark has, about: as many as it has words or equals signs outside of quotes."""
    if len(tag) < MOST_ATTRIBUTES:
        return 0
    bare = QUOTED.sub(" ", tag)
    return max(len(bare.split()), bare.count("="))


def _draws_borders(table: Any) -> bool:
    """Whether a table or one of its own cells says that borders are drawn."""
    cells = [table, *table.xpath("./tr/td|./tr/th|./*/tr/td|./*/tr/th")]
    return any(e.get("border", "0") != "0" or "border" in e.get("style", "") or e.get("rules") for e in cells)


def decode_page(data: bytes, said: str | None = None) -> str:
    """The text of a page, in the encoding that its carrier says or that it names itself, where that is one of the web's
    (the list of the Encoding Standard) and fits; else in what its bytes are. Raises NotText."""
    import webencodings

    named = CHARSET.search(data[:CHARSET_WITHIN])
    for name in (said, named[1].decode("ascii") if named else None):
        known = webencodings.lookup(name) if name else None
        if known is not None and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
            try:
                return data.decode(WIDER.get(known.name, known.codec_info.name))
            except (UnicodeError, LookupError):  # the page is in another encoding than is said
                pass
    return decode(data)[0]


def _flow(element: Any, reader: _Reader) -> list[str | MarkedTable]:
    text = _Text()
    _collect(element, text, reader)
    text.end()
    return text.flow


def _collect(element: Any, text: _Text, reader: _Reader) -> None:
    text.add(element.text or "")
    for child in element:
        _element(child, text, reader)
        text.add(child.tail or "")


def _element(element: Any, text: _Text, reader: _Reader) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag or tag in UNSHOWN:
        return
    if _is_hidden(element):
        if shown := SPACE.sub(" ", "".join(element.itertext())).strip():
            reader.hidden.append(shown)
    elif tag == "br":
        text.pieces.append("\n")
    elif tag == "table":
        text.end()
        for caption in element.findall("caption"):
            text.flow.extend(_flow(caption, reader))
        text.flow.append(_table(element, reader))
    elif tag == "input":
        text.add(_input(element))
    elif tag == "select":
        options = list(element.iter("option"))
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        text.add("".join(o.text or "" for o in chosen))
    elif tag in BLOCKS or APART.search(element.get("style", "")):
        text.end()
        _collect(element, text, reader)
        text.end()
    else:
        _collect(element, text, reader)


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") is not None or bool(HIDDEN.search(element.get("style", "")))


def _input(element: Any) -> str:
    """What a control shows: a check box its mark, a text field its text."""
    kind = element.get("type", "text").lower()
    if kind in ("checkbox", "radio"):
        return TICKED if element.get("checked") is not None else EMPTY
    return element.get("value", "") if kind in ("text", "number", "date", "tel", "month") else ""


def _rows(table: Any) -> Iterator[tuple[Any, int]]:
    """(row, rows to the end of its section), head first and foot last as they are shown."""
    sections: list[list[Any]] = [[], [], []]
    for child in table:
        if child.tag == "tr":
            sections[1].append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            place = {"thead": 0, "tbody": 1, "tfoot": 2}[child.tag]
            sections[place] += [row for row in child if row.tag == "tr"]
    for rows in sections:
        for i, row in enumerate(rows):
            yield row, len(rows) - i


def _table(table: Any, reader: _Reader) -> MarkedTable:
    cells: list[MarkedCell] = []
    taken: dict[int, set[int]] = {}  # by row: columns that a cell from above covers
    unseen: list[Unshown] = []
    row = slots = 0
    for line, left in _rows(table):
        if _is_hidden(line):
            unseen.append(Unshown(row, "a hidden row: " + SPACE.sub(" ", " ".join(line.itertext())).strip()))
            continue
        col = 0
        covered = taken.pop(row, set())
        for box in line:
            if box.tag not in ("td", "th"):
                continue
            if _is_hidden(box):
                if shown := "".join(box.itertext()).strip():
                    unseen.append(Unshown(row, f"a hidden cell: {shown}"))
                continue
            while col in covered:
                col += 1
            wide = min(_span(box, "colspan") or 1, WIDEST_SPAN)
            high = min(_span(box, "rowspan") or left, left)
            slots += wide * high
            if slots > MOST_SLOTS:
                raise OfficeTooLarge(detail=f"more than {MOST_SLOTS} rows and columns")
            for below in range(row + 1, row + high):
                taken.setdefault(below, set()).update(range(col, col + wide))
            cells.append(MarkedCell(row, col, high, wide, tuple(_flow(box, reader)), reader.place(box)))
            col += wide
        row += 1
    cells = [_clipped(cell, row) for cell in cells]
    cols = max((c.col + c.colspan for c in cells), default=0)
    return MarkedTable(row, cols, tuple(cells), hidden=tuple(unseen), ruled=table.get(UNRULED) is None)


def _span(box: Any, name: str) -> int:
    value = str(box.get(name, "1")).strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _clipped(cell: MarkedCell, rows: int) -> MarkedCell:
    return replace(cell, rowspan=min(cell.rowspan, rows - cell.row))
