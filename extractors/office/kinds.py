"""Which office file a file is, by its content.

Office files of today are ZIP archives of XML, those of old are compound files ("OLE"); some programs write one text.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

from extractors.containers import OLE, ZIP, BrokenCompound, BrokenZip, has_stream, plain_name, zip_names
from extractors.formats import Glimpse
from extractors.office.xml_files import is_flat_open_document, is_uniform_xml
from extractors.refusals import BinaryWorkbook, DamagedOffice, Encrypted, FixedLayout, OldWord, UniformOffice

SUFFIXES = (
    ".docx", ".docm", ".dotx", ".dotm", ".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".doc", ".odt", ".ods",
)  # fmt: skip
"""What bears these names is no text."""

OPEN_DOCUMENT = tuple(f"application/vnd.oasis.opendocument.{kind}".encode() for kind in ("text", "spreadsheet"))
BARE_BOOK = tuple(map(bytes.fromhex, ("09081000", "09080800", "09040600", "09020600", "09000400")))
"""How a workbook of old begins that lies in no compound file: the record with its version, of Excel 2 to 97."""

LIST, LONGEST_LIST_OF_PARTS = "[content_types].xml", 1 << 20  # bytes; filings have some thousand
WORD_TYPE = re.compile(rb"(?:wordprocessingml|ms-word)\.[\w.]{1,40}main\+xml")
EXCEL_TYPE = re.compile(rb"(?:spreadsheetml|ms-excel)\.[\w.]{1,40}main\+xml")

RICH_TEXT = b"{\\rtf"
HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|meta|table)\b",
    re.IGNORECASE | re.DOTALL,
)
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".xls", ".doc"})  # programs save pages under the last two too
MARKUP = re.compile(rb"<(?:html|body|table|div|p)\b", re.IGNORECASE)


def is_word(look: Glimpse) -> bool:
    """Whether it is a Word file of today. Raises DamagedOffice for an archive under an office file's name that cannot
    be opened."""
    return _holds(look, "word/document", WORD_TYPE)


def is_excel(look: Glimpse) -> bool:
    """Whether it is a workbook of today. Raises DamagedOffice as `is_word` does, and BinaryWorkbook for one whose
    sheets are no XML."""
    if look.head.startswith(ZIP) and "xl/workbook.bin" in _names(look):
        raise BinaryWorkbook
    return _holds(look, "xl/workbook", EXCEL_TYPE)


def is_open_document(look: Glimpse) -> bool:
    """Whether it is a text or a workbook of the OpenDocument format, packed or flat. Raises DamagedOffice as `is_word`
    does."""
    if is_flat_open_document(look):
        return True
    if not look.head.startswith(ZIP) or "content.xml" not in _names(look):
        return False
    kind = look.head[look.head.find(b"mimetype") + len(b"mimetype") :]  # its first part, not packed
    return b"mimetype" in look.head and kind.startswith(OPEN_DOCUMENT)


def is_rich_text(look: Glimpse) -> bool:
    """Whether it is a rich text (RTF)."""
    return look.head.startswith(RICH_TEXT)


def is_fixed_layout(look: Glimpse) -> bool:
    """Never true: raises FixedLayout for a file of the national format for fixed layout (OFD)."""
    if look.head.startswith(ZIP) and "ofd.xml" in _names(look):
        raise FixedLayout
    return False


def is_uniform_office(look: Glimpse) -> bool:
    """Never true: raises UniformOffice for a file of the national office format (UOF), packed or in one XML file."""
    if is_uniform_xml(look) or (look.head.startswith(ZIP) and "uof.xml" in _names(look)):
        raise UniformOffice
    return False


def _holds(look: Glimpse, part: str, kind: re.Pattern[bytes]) -> bool:
    """Whether it is a package of parts with one whose name begins so, or one whose list of parts tells such a kind: a
    part may bear any name."""
    if not look.head.startswith(ZIP):
        return False
    names = _names(look)
    return "[content_types].xml" in names and (
        any(name.startswith(part) for name in names) or kind.search(_list_of_parts(look.path)) is not None
    )


def _list_of_parts(path: Path) -> bytes:
    """The beginning of a package's own list; nothing where it is damaged."""
    with suppress(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        archive = zipfile.ZipFile(path)
        with archive, archive.open(next(name for name in archive.namelist() if plain_name(name) == LIST)) as part:
            return part.read(LONGEST_LIST_OF_PARTS)
    return b""


def _names(look: Glimpse) -> frozenset[str]:
    """The names of a ZIP archive's parts in small letters, parted by slashes; none where it is damaged."""
    try:
        return frozenset(map(plain_name, zip_names(look.path)))
    except BrokenZip as error:
        if look.suffix in SUFFIXES:
            raise DamagedOffice(detail=str(error)) from error
        return frozenset()


def is_old_excel(look: Glimpse) -> bool:
    """Whether it is a workbook of old. Raises OldWord, Encrypted, and DamagedOffice for a compound file that cannot
    be opened."""
    if look.head.startswith(BARE_BOOK):
        return True
    if not look.head.startswith(OLE):
        return False
    try:
        stream = has_stream(look.path, ("EncryptedPackage", "WordDocument", "Workbook", "Book"))
    except BrokenCompound as error:
        raise DamagedOffice(detail=str(error)) from error
    if stream == "EncryptedPackage":
        raise Encrypted
    if stream == "WordDocument":
        raise OldWord
    return stream is not None


def is_page(look: Glimpse) -> bool:
    """Whether it is a web page."""
    return is_html(look.head, look.suffix)


def is_html(head: bytes, suffix: str) -> bool:
    """Whether a file's first bytes are those of a web page. Dumps may hold single marks, so these do not count
    unless the name says that it is a page."""
    plain = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    return bool(HTML.match(plain) or (suffix.lower() in HTML_SUFFIXES and MARKUP.search(plain)))
