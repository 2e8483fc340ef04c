"""Which office file a file is, by its content, and whether it is harmless enough to be opened.

Office files of today are ZIP archives of XML, those of old are compound files ("OLE"). Both are looked at here
before any library opens them, because the libraries unpack and parse whatever they are given.
"""

from __future__ import annotations

import re
import struct
import zipfile
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import IO

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table)\b",
    re.IGNORECASE | re.DOTALL,
)
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".xls", ".doc"})  # programs save pages under the last two too
MARKUP = re.compile(rb"<(?:html|body|table|div|p)\b", re.IGNORECASE)

LARGEST_XML = 64 << 20  # bytes of all XML of a file, unpacked; filings have one or two MB, parsing takes fifty-fold
LARGEST_PARTS = 512 << 20  # bytes of everything in a file, unpacked: pictures are only kept in memory
MOST_PARTS = 10_000  # a filing has some tens
CHUNK = 1 << 16
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")  # no office program writes one; they serve attacks only


LONGEST_LIST = 20 << 20  # bytes of an archive's list of entries, which is kept in memory: 20,000 long names
END = struct.Struct("<4s4H2LH")  # the end of the list of entries
END64 = struct.Struct("<4sQ2H2L4Q")  # the same in archives of more than 4 GB


class OfficeKind(StrEnum):
    """What an office file is."""

    WORD = "word"
    EXCEL = "excel"
    OLD_EXCEL = "old-excel"
    OLD_WORD = "old-word"
    LOCKED = "locked"
    HTML = "html"


class BrokenZip(ValueError):
    """The file is no ZIP archive, breaks off, or its list of entries cannot be read."""


class TooMuchInside(ValueError):
    """Unpacked, the file is larger than can be read."""


class DamagedCompound(ValueError):
    """The compound file's own list of contents cannot be read."""


class DeclaresEntities(ValueError):
    """An XML part declares a document type or entities."""


def zip_kind(path: Path) -> OfficeKind | None:
    """Word or Excel, None for another ZIP archive. Raises BrokenZip for whatever cannot be opened as one, a file that
    may not be read among them."""
    try:
        with path.open("rb") as stream:
            if (length := list_length(stream, stream.seek(0, 2))) > LONGEST_LIST:
                raise BrokenZip(f"its list of parts has {length >> 20} MB")
            with open_zip(stream) as archive:
                names = set(archive.namelist())
    except OSError as error:
        raise BrokenZip(str(error)) from error
    if "[Content_Types].xml" not in names:
        return None
    if any(name.startswith("word/document") for name in names):
        return OfficeKind.WORD
    return OfficeKind.EXCEL if any(name.startswith("xl/workbook") for name in names) else None


def open_zip(stream: IO[bytes]) -> zipfile.ZipFile:
    """A ZIP archive with its list of entries read. Raises BrokenZip: the unpacker fails in many ways on a damaged one,
    it seeks before the file's beginning even."""
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OSError) as error:
        raise BrokenZip(str(error)) from error


def list_length(stream: IO[bytes], size: int) -> int:
    """The bytes that the list of entries claims to have; 0 where its end is not found (the unpacker says so)."""
    stream.seek(max(0, size - END.size - END64.size - 20 - (1 << 16)))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + END.size > len(tail):
        return 0
    length = int(END.unpack_from(tail, at)[5])
    at64 = tail.rfind(b"PK\x06\x06", 0, at)
    if length == 0xFFFFFFFF and at64 >= 0 and at64 + END64.size <= len(tail):
        return int(END64.unpack_from(tail, at64)[8])
    return length if length != 0xFFFFFFFF else size


def ole_kind(path: Path) -> OfficeKind | None:
    """What a compound file holds at its top; None for anything else. Raises DamagedCompound."""
    from xlrd.compdoc import CompDoc

    try:
        compound = CompDoc(path.read_bytes(), logfile=StringIO())
        for name, kind in (
            ("EncryptedPackage", OfficeKind.LOCKED),
            ("WordDocument", OfficeKind.OLD_WORD),
            ("Workbook", OfficeKind.OLD_EXCEL),
            ("Book", OfficeKind.OLD_EXCEL),
        ):
            if compound.locate_named_stream(name)[0] is not None:
                return kind
    except Exception as error:  # the parser fails in many ways on a damaged file
        raise DamagedCompound(f"{type(error).__name__}: {error}") from error
    return None


def is_html(head: bytes, suffix: str) -> bool:
    """Whether a file's first bytes are those of a web page. Dumps may hold single marks, so these do not count
    unless the name says that it is a page."""
    plain = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    return bool(HTML.match(plain) or (suffix.lower() in HTML_SUFFIXES and MARKUP.search(plain)))


def check_parts(path: Path) -> None:
    """Look through the parts of a Word or Excel file before a library opens them all.

    What a part claims to hold is an upper bound: the unpacker stops there. Raises TooMuchInside, DeclaresEntities,
    and zipfile.BadZipFile or zlib.error where a part is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels", ".vml"))]
        if len(parts) > MOST_PARTS:
            raise TooMuchInside(f"{len(parts)} parts")
        for what, limit, size in (
            ("XML", LARGEST_XML, sum(part.file_size for part in xml)),
            ("parts", LARGEST_PARTS, sum(part.file_size for part in parts)),
        ):
            if size > limit:
                raise TooMuchInside(f"{size >> 20} MB of {what}, at most {limit >> 20} are read")
        for part in xml:
            rest = b""
            with archive.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    rest = rest[-16:] + chunk.replace(b"\0", b"")  # UTF-16 too
                    if DECLARATION.search(rest):
                        raise DeclaresEntities(part.filename)
