"""Read a Word file (.docx): its paragraphs and tables in order, merged cells by their gridSpan and vMerge.

Walked as XML, not by the library's own lists, which leave out what stands in content controls, in tracked
insertions and in text boxes. What Word does not show (deletions, hidden text) is no text of the filing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Protocol

from extractors.marked.build import MarkedCell, MarkedTable
from extractors.marked.rows import is_value
from extractors.office.left_out import DOUBT, stand
from extractors.office.numbering import Numbering
from extractors.office.symbols import EMPTY, TICKED, overlap
from schemas.language.heads import heads
from schemas.language.symbol_fonts import set_in, symbol
from schemas.language.values import bare_level
from schemas.language.vocabulary import Words

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
HINTS = "{http://schemas.microsoft.com/office/word/2003/auxHint}"  # sections that Word 2003 XML wraps texts in
WRAPPERS = frozenset(
    [W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")]
    + [HINTS + name for name in ("sect", "sub-section")]
)
MAIN = "application/vnd.{}.main+xml"
MADE_OF = tuple(
    MAIN.format(kind)
    for kind in (
        "openxmlformats-officedocument.wordprocessingml.template",
        "ms-word.document.macroEnabled",
        "ms-word.template.macroEnabledTemplate",
    )
)
"""Kinds of content of templates and of documents with macros: their text is marked as any document's is."""
NOT_SHOWN = frozenset(
    {W + name for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "sdtPr", "delText", "footnoteReference")}
    | {MC + "Fallback"}  # the same content again, for older programs
)
OFF = frozenset({"0", "false", "off", "none"})
SHORT = "the row ends before its table does, and the file does not say where its cells stand"


class Numbers(Protocol):
    """What a reader asks a document beside its text."""

    def mark(self, paragraph: Any) -> str:
        """What stands before a paragraph without being its text."""
        ...

    def style(self, name: str) -> Any:
        """The definition of a style, None where there is none of this name."""
        ...


@dataclass(slots=True)
class _Reader:
    numbering: Numbers
    words: Words | None = None  # where the file holds of merged cells only the part in the row that they begin in
    hidden: list[str] = field(default_factory=list)  # texts that the file holds and does not show
    struck: list[str] = field(default_factory=list)  # texts that are struck out
    fields: list[list[str] | None] = field(default_factory=list)  # open ones: their instructions, None behind them


def read_word(source: Path | IO[bytes]) -> tuple[list[str | MarkedTable], list[str], list[str]]:
    """(paragraphs and tables in reading order, notes, texts that are hidden or struck out). Raises whatever the library
    raises on a damaged file."""
    document = _document(source)
    flow, hidden = body_flow(document.element.body, Numbering(document))
    notes = [f"outside the text: {text}" for text in _around(document, _Reader(Numbering(document)))]
    return flow, notes, hidden


def body_flow(
    body: Any, numbers: Numbers, *, left_out: Words | None = None
) -> tuple[list[str | MarkedTable], list[str]]:
    """(paragraphs and tables of a document's body in reading order, texts that are hidden or struck out). `left_out`:
    where its rows hold no cell that one above covers, the language by which headers are known."""
    reader = _Reader(numbers, left_out)
    flow = list(_flow(body, reader))
    hidden = [f"text that Word does not show: {text}" for text in reader.hidden]
    return flow, hidden + [f"text that is struck out: {text}" for text in reader.struck]


def _document(source: Path | IO[bytes]) -> Any:
    """The document of a file, a template or a file with macros too, which the library knows and does not open."""
    from docx.opc.part import PartFactory
    from docx.package import Package
    from docx.parts.document import DocumentPart

    for kind in MADE_OF:
        PartFactory.part_type_for[kind] = DocumentPart
    part: Any = Package.open(str(source) if isinstance(source, Path) else source).main_document_part
    if not isinstance(part, DocumentPart):
        raise ValueError(f"its main part is no document: {part.content_type}")
    return part.document


def _around(document: Any, reader: _Reader) -> Iterator[str]:
    """The texts of headers, footers and notes: they belong to the page, not to a form."""
    seen = set()
    for part in document.part.package.iter_parts():
        if str(part.partname).startswith(("/word/header", "/word/footer", "/word/footnotes", "/word/endnotes")):
            root = getattr(part, "element", None)
            if root is None:
                from lxml import etree

                root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
            for paragraph in root.iter(W + "p"):
                text = _inline(paragraph, reader).strip()
                if text and text not in seen:
                    seen.add(text)
                    yield text


def _flow(parent: Any, reader: _Reader) -> Iterator[str | MarkedTable]:
    """The paragraphs and tables below an element, in order."""
    for child in parent:
        if child.tag == W + "p":
            yield _paragraph(child, reader)
            for box in _text_boxes(child):
                yield from _flow(box, reader)
        elif child.tag == W + "tbl":
            yield _short_table(child, reader, reader.words) if reader.words else _table(child, reader)
        elif child.tag in WRAPPERS:
            yield from _flow(child, reader)


def _text_boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(W + "txbxContent"):
        above = list(box.iterancestors())
        if any(a.tag == MC + "Fallback" for a in above):
            continue
        if not any(a.tag == W + "txbxContent" for a in above[: above.index(paragraph)]):
            yield box


def _paragraph(paragraph: Any, reader: _Reader) -> str:
    return reader.numbering.mark(paragraph) + _inline(paragraph, reader)  # an empty one of a list has its number too


def _inline(element: Any, reader: _Reader) -> str:
    """The text that an element of a paragraph shows."""
    out: list[str] = []
    for child in element:
        tag = child.tag
        if tag == W + "fldChar":
            _turn_field(child, reader, out)
        elif tag == W + "instrText":
            _into_instruction(set_in(_font(element, reader), child.text or ""), reader)
        elif tag == W + "fldSimple":
            over = overlap(child.get(W + "instr", ""))
            out.append(_inline(child, reader) if over is None else over)
        elif tag in NOT_SHOWN or tag == W + "txbxContent":
            continue
        elif tag == W + "r" and _is_withheld(child, reader):
            if text := _inline(child, reader).strip():
                (reader.hidden if _on(_property(child, "vanish", reader)) else reader.struck).append(text)
        elif tag == W + "t":
            out.append(set_in(_font(element, reader), child.text or ""))
        elif tag in (W + "tab", W + "ptab"):
            out.append("\t")
        elif tag in (W + "br", W + "cr"):
            out.append("\n")
        elif tag == W + "noBreakHyphen":
            out.append("-")
        elif tag == W + "sym":
            sign = symbol(int(child.get(W + "char", "FFFD"), 16))
            if not _into_instruction(sign, reader):
                out.append(sign)
        elif tag == W + "checkBox":
            checked = child.find(W + "checked")
            out.append(TICKED if _on(checked if checked is not None else child.find(W + "default")) else EMPTY)
        else:
            out.append(_inline(child, reader))
    return "".join(out)


def _into_instruction(text: str, reader: _Reader) -> bool:
    """Whether a field is open whose instruction takes a text."""
    if not reader.fields or reader.fields[-1] is None:
        return False
    reader.fields[-1].append(text)
    return True


def _turn_field(mark: Any, reader: _Reader, out: list[str]) -> None:
    """A field begins with its instruction; behind the mark in its middle, if it has one, stands what it shows."""
    kind = mark.get(W + "fldCharType")
    if kind == "begin":
        out.append(_inline(mark, reader))  # check boxes of old stand there
        reader.fields.append([])
    elif kind == "separate" and reader.fields:
        reader.fields[-1] = None
    elif kind == "end" and reader.fields:
        instruction = reader.fields.pop()
        over = overlap("".join(instruction)) if instruction is not None else None
        if over is not None and not _into_instruction(over, reader):
            out.append(over)


def _is_withheld(run: Any, reader: _Reader) -> bool:
    """Whether a run is hidden or struck out, by itself or by its style."""
    return any(_on(_property(run, name, reader)) for name in ("vanish", "strike", "dstrike"))


def _font(run: Any, reader: _Reader) -> str:
    fonts = _property(run, "rFonts", reader)
    return "" if fonts is None else str(fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or "")


def _property(run: Any, name: str, reader: _Reader) -> Any:
    """A property of a run, its own or its style's; None where neither states it."""
    own = run.find(f"{W}rPr/{W}{name}")
    if own is not None:
        return own
    style = run.find(f"{W}rPr/{W}rStyle")
    if style is None:
        return None
    definition = reader.numbering.style(style.get(W + "val"))
    return None if definition is None else definition.find(f"{W}rPr/{W}{name}")


def _on(switch: Any) -> bool:
    return switch is not None and switch.get(W + "val", "true").lower() not in OFF


def _inside(parent: Any, tag: str) -> Iterator[Any]:
    """The children of a kind, also those in content controls and tracked insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _inside(child, tag)


def _number(parent: Any, name: str, default: int) -> int:
    element = parent.find(W + name) if parent is not None else None
    value = element.get(W + "val", "") if element is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else default


@dataclass(slots=True)
class _Open:
    row: int
    col: int
    rowspan: int
    colspan: int
    flow: tuple[str | MarkedTable, ...]


def _table(table: Any, reader: _Reader) -> MarkedTable:
    cells: list[_Open] = []
    ends: list[int] = []  # by row the column behind its last cell
    above: dict[int, _Open] = {}  # by first column: the cell that a vMerge of the next row goes on with
    row = 0
    for line in _inside(table, W + "tr"):
        properties = line.find(W + "trPr")
        if properties is not None and (properties.find(W + "del") is not None or _on(properties.find(W + "hidden"))):
            reader.hidden += [t for c in _inside(line, W + "tc") for p in c.iter(W + "p") if (t := _inline(p, reader))]
            continue
        col = _number(properties, "gridBefore", 0)
        here: dict[int, _Open] = {}
        last: _Open | None = None
        for box in _inside(line, W + "tc"):
            how = box.find(W + "tcPr")
            span = max(1, _number(how, "gridSpan", 1))
            if last is not None and _goes_on(how, "hMerge"):
                last.colspan += span
                col += span
                continue
            flow = tuple(_flow(box, reader))
            over = above.get(col)
            if over is not None and over.colspan == span and _goes_on(how, "vMerge"):
                over.rowspan += 1
                here[col] = last = over
                reader.hidden += [p for p in flow if isinstance(p, str) and p.strip()]
            else:
                here[col] = last = _Open(row, col, 1, span, flow)
                cells.append(last)
            col += span
        above = here
        ends.append(col + _number(properties, "gridAfter", 0))
        row += 1
    cols = max((c.col + c.colspan for c in cells), default=0)
    short = {row for row, end in enumerate(ends) if end < cols}
    marked = tuple(
        MarkedCell(c.row, c.col, c.rowspan, c.colspan, c.flow, inferred=SHORT if c.row in short else None)
        for c in cells
    )
    return MarkedTable(row, cols, marked, ruled=_draws_borders(table, reader))


def _short_table(table: Any, reader: _Reader, words: Words) -> MarkedTable:
    """A table whose rows leave out the cells that merged ones above cover."""
    rows = [list(_inside(line, W + "tc")) for line in _inside(table, W + "tr")]
    widths = [[max(1, _number(box.find(W + "tcPr"), "gridSpan", 1)) for box in row] for row in rows]
    cells = [[MarkedCell(r, 0, 1, 1, tuple(_flow(box, reader))) for box in row] for r, row in enumerate(rows)]
    texts = [[cell.text for cell in row if cell.text] for row in cells]
    parting = {r for r in range(1, len(rows)) if heads(texts[r - 1], words) and _names(texts[r], words)}
    cols = max(map(sum, widths), default=0)
    made = tuple(
        replace(
            cells[s.row][s.which], col=s.left, rowspan=s.height, colspan=s.width, inferred=DOUBT if s.doubtful else None
        )
        for s in stand(widths, cols, parting)
    )
    return MarkedTable(len(rows), cols, made, ruled=_draws_borders(table, reader))


def _names(texts: Sequence[str], words: Words) -> bool:
    """Whether texts may all be names of columns: none is a value or the name of a level."""
    return not any(is_value(text, words) or words.is_level(bare_level(text)) for text in texts)


def _draws_borders(table: Any, reader: _Reader) -> bool:
    """Whether a table or one of its cells draws borders, by itself or by its style."""
    properties = table.findall(f"{W}tblPr/{W}tblBorders") + table.findall(f"{W}tr/{W}tc/{W}tcPr/{W}tcBorders")
    named = table.find(f"{W}tblPr/{W}tblStyle")
    style = reader.numbering.style(named.get(W + "val")) if named is not None else None
    if style is not None:
        properties += style.iter(W + "tblBorders", W + "tcBorders")
    return any(edge.get(W + "val", "none") not in ("none", "nil") for borders in properties for edge in borders)


def _goes_on(properties: Any, name: str) -> bool:
    """Whether a cell continues the one above (vMerge) or before it (hMerge)."""
    merge = properties.find(W + name) if properties is not None else None
    return merge is not None and merge.get(W + "val", "continue") == "continue"
