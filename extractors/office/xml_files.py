"""Office documents that are one XML file: flat packages, Word 2003 and Excel 2003 XML, flat OpenDocument. Told by their
roots, and parsed without entities or network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors.containers import DECLARATION, LARGEST_XML
from extractors.formats import Glimpse
from extractors.refusals import HostileOffice, OfficeTooLarge
from schemas.frozen import dataclass

PACKAGE = "http://schemas.microsoft.com/office/2006/xmlPackage"
WORD_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
SHEET_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
UNIFORM = "http://schemas.uof.org/"  # the national format for office documents (UOF), whatever its version
ROOTS = {
    PACKAGE: re.compile(rb"<(?:\w+:)?package\b"),
    WORD_2003: re.compile(rb"<(?:\w+:)?wordDocument\b"),
    SHEET_2003: re.compile(rb"<(?:\w+:)?Workbook\b"),
    OPEN_DOCUMENT: re.compile(rb"<(?:\w+:)?document\b"),
    UNIFORM: re.compile(rb"<(?:\w+:)?UOF\b"),
}
NAMED_WITHIN = 1 << 14  # bytes within which the root names its namespace: it may declare some dozens
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def is_word_xml(look: Glimpse) -> bool:
    """Whether it is a Word document in one XML file."""
    return _has_root(look, PACKAGE) or _has_root(look, WORD_2003)


def is_sheet_xml(look: Glimpse) -> bool:
    """Whether it is a workbook in one XML file of Excel 2003."""
    return _has_root(look, SHEET_2003)


def is_flat_open_document(look: Glimpse) -> bool:
    """Whether it is a text or a workbook of the OpenDocument format in one XML file."""
    return _has_root(look, OPEN_DOCUMENT)


def is_uniform_xml(look: Glimpse) -> bool:
    """Whether it is a document of the national office format (UOF) in one XML file."""
    return _has_root(look, UNIFORM)


def _has_root(look: Glimpse, namespace: str) -> bool:
    head = _plain(look.head)
    if not head.startswith(b"<") or not ROOTS[namespace].search(head):
        return False
    with look.path.open("rb") as stream:
        return namespace.encode() in _plain(stream.read(NAMED_WITHIN))


def _plain(data: bytes) -> bytes:
    """The bytes without a mark of their order and without the zeros of UTF-16: names in ASCII stand out."""
    for mark in MARKS:
        data = data.removeprefix(mark)
    return data.replace(b"\0", b"").lstrip()


def xml_root(path: Path) -> Any:
    """The root of an XML file. Raises OfficeTooLarge, HostileOffice, and lxml's XMLSyntaxError."""
    if path.stat().st_size > LARGEST_XML:
        raise OfficeTooLarge(detail=f"{path.stat().st_size >> 20} MB of XML, at most {LARGEST_XML >> 20} are read")
    return parsed(path.read_bytes())


def parsed(data: bytes) -> Any:
    """The root of an XML document. Raises HostileOffice, and lxml's XMLSyntaxError."""
    from lxml import etree

    if DECLARATION.search(data.replace(b"\0", b"")):
        raise HostileOffice(detail="a document type or entity is declared")
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


@dataclass(frozen=True, slots=True)
class FlatPart:
    """A part of a flat package: its name in a package of parts, its kind of content, and its bytes."""

    name: str
    kind: str
    data: bytes


def flat_parts(root: Any) -> Iterator[FlatPart]:
    """The parts of a flat package."""
    import base64

    from lxml import etree

    tag = "{" + PACKAGE + "}"
    for part in root.iter(tag + "part"):
        name, kind = part.get(tag + "name", ""), part.get(tag + "contentType", "")
        xml, packed = part.find(tag + "xmlData"), part.find(tag + "binaryData")
        if xml is not None and len(xml):
            yield FlatPart(name.lstrip("/"), kind, etree.tostring(xml[0], xml_declaration=True, encoding="UTF-8"))
        elif packed is not None:
            yield FlatPart(name.lstrip("/"), kind, base64.b64decode("".join((packed.text or "").split())))
