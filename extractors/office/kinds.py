"""Which office file a file is, by its content.

Office files of today are ZIP archives of XML, those of old are compound files ("OLE").
"""

from __future__ import annotations

import re

from extractors.containers import OLE, ZIP, BrokenCompound, BrokenZip, has_stream, zip_names
from extractors.formats import Look
from extractors.refusals import DamagedOffice, Encrypted, OldWord

SUFFIXES = (".docx", ".docm", ".xlsx", ".xlsm", ".xls", ".doc")  # what bears these names is no text
HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|meta|table)\b",
    re.IGNORECASE | re.DOTALL,
)
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".xls", ".doc"})  # programs save pages under the last two too
MARKUP = re.compile(rb"<(?:html|body|table|div|p)\b", re.IGNORECASE)


def is_word(look: Look) -> bool:
    """Whether it is a Word file of today. Raises DamagedOffice for an archive under an office file's name that cannot
    be opened."""
    return _holds(look, "word/document")


def is_excel(look: Look) -> bool:
    """Whether it is a workbook of today. Raises DamagedOffice as `is_word` does."""
    return _holds(look, "xl/workbook")


def _holds(look: Look, part: str) -> bool:
    if not look.head.startswith(ZIP):
        return False
    try:
        names = zip_names(look.path)
    except BrokenZip as error:
        if look.suffix in SUFFIXES:
            raise DamagedOffice(detail=str(error)) from error
        return False
    return "[Content_Types].xml" in names and any(name.startswith(part) for name in names)


def is_old_excel(look: Look) -> bool:
    """Whether it is a workbook of old. Raises OldWord, Encrypted, and DamagedOffice for a compound file that cannot
    be opened."""
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


def is_page(look: Look) -> bool:
    """Whether it is a web page."""
    return is_html(look.head, look.suffix)


def is_html(head: bytes, suffix: str) -> bool:
    """Whether a file's first bytes are those of a web page. Dumps may hold single marks, so these do not count
    unless the name says that it is a page."""
    plain = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    return bool(HTML.match(plain) or (suffix.lower() in HTML_SUFFIXES and MARKUP.search(plain)))
