"""What reading needs of an office file of today, and nothing else.

A library opens the whole of a package or nothing: a view of no kind, a pivot table without its source, a damaged
thumbnail refuse a workbook whose cells are whole. Where it fails, it gets this.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from extractors.containers import plain_name
from extractors.office.packages import openable

BOOK = ("workbookPr", "sheets")  # what is read of the part that lists the sheets
SHEET = ("sheetFormatPr", "cols", "sheetData", "mergeCells")
STYLES = ("numFmts", "borders", "cellXfs")  # how a number is shown, and where a cell has edges
NEEDED = ("officeDocument", "worksheet", "styles", "sharedStrings", "numbering", "footnotes", "endnotes", "header",
          "footer", "image", "hyperlink")  # kinds of relations; the others lead to what is not read  # fmt: skip
PLAIN = {
    "fonts": b"<fonts %s><font/></fonts>",
    "fills": b"<fills %s><fill><patternFill/></fill></fills>",
    "cellStyleXfs": b"<cellStyleXfs %s><xf/></cellStyleXfs>",
}
"""What the library asks of every table of styles, blank, by its name."""


def bare(path: Path) -> BytesIO:
    """A copy in memory of what reading needs, by names in small letters. Values, their number formats, merged cells and
    edges are as they were. Raises zipfile's and lxml's errors."""
    out = BytesIO()
    with zipfile.ZipFile(openable(path)) as archive, zipfile.ZipFile(out, "w") as copy:
        for entry in archive.infolist():
            name = plain_name(entry.filename)
            data = archive.read(entry)
            if name == "[content_types].xml":
                name, data = "[Content_Types].xml", _small(data, "PartName")
            elif name.endswith(".rels"):
                data = _small(_only_needed(data), "Target")
            elif re.match(r"xl/workbook\w*\.xml$", name):
                data = _only(data, BOOK)
            elif re.match(r"xl/worksheets/[^/]+\.xml$", name):
                data = _only(data, SHEET)
            elif name == "xl/styles.xml":
                data = _plain_styles(data)
            elif name.startswith(("docprops/", "customxml/", "xl/pivot", "xl/theme/", "xl/externallinks/")):
                continue
            copy.writestr(name, data)
    out.seek(0)
    return out


def _root(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def _small(data: bytes, attribute: str) -> bytes:
    """A list of parts with their names plain; addresses outside of the package stay."""
    root = _root(data)
    for element in root:
        if attribute in element.attrib and element.get("TargetMode") != "External":
            element.set(attribute, unquote(element.get(attribute)).replace("\\", "/").lower())
    return bytes(etree.tostring(root))


def _only_needed(relations: bytes) -> bytes:
    root = _root(relations)
    for element in list(root):
        if (element.get("Type") or "").rpartition("/")[2] not in NEEDED:
            root.remove(element)
    return bytes(etree.tostring(root))


def _only(data: bytes, names: tuple[str, ...]) -> bytes:
    """A part with those of its elements that bear one of these names."""
    root = _root(data)
    for element in list(root):
        if not isinstance(element.tag, str) or etree.QName(element).localname not in names:
            root.remove(element)
    return bytes(etree.tostring(root))


def _plain_styles(data: bytes) -> bytes:
    """The formats of numbers and the edges of cells; all else is plain."""
    root = _root(_only(data, STYLES))
    space = etree.QName(root).namespace
    tables = {etree.QName(element).localname: element for element in root}
    for border in tables.get("borders", ()):
        for side in border:
            side[:] = []
            style = side.get("style", "none")
            side.attrib.clear()
            if style != "none":
                side.set("style", "thin")
        border.attrib.clear()
    for form in tables.get("cellXfs", ()):
        across = [each for each in form if each.get("horizontal") == "centerContinuous"]
        kept = {name: form.get(name) for name in ("numFmtId", "borderId") if form.get(name)}
        form.attrib.clear()
        form[:] = []
        form.attrib.update(kept | {"fontId": "0", "fillId": "0", "xfId": "0"})
        if across:
            etree.SubElement(form, f"{{{space}}}alignment", horizontal="centerContinuous")
    numbers = [tables[name] for name in ("numFmts",) if name in tables]
    rest = [tables[name] for name in ("borders", "cellXfs") if name in tables]
    plain = {name: _root(text % b'xmlns="%s"' % (space or "").encode()) for name, text in PLAIN.items()}
    root[:] = [*numbers, plain["fonts"], plain["fills"], *rest[:1], plain["cellStyleXfs"], *rest[1:]]
    return bytes(etree.tostring(root))
