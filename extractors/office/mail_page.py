"""Read a web page that is saved as one file (MHT): a message whose parts are the page and what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from extractors.formats import Glimpse
from extractors.marked.build import MarkedTable
from extractors.marked.page import LARGEST_PAGE, decode_page, read_html
from extractors.refusals import OfficeTooLarge

HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,40}:")
TYPE = re.compile(rb"content-type:\s*(?:multipart/(?:related|alternative|mixed)|text/html)\b", re.IGNORECASE)
FRAMES = re.compile(r"<frameset\b", re.IGNORECASE)
MOST_PARTS = 500  # a workbook saved so has a part a sheet
PARTS = re.compile(rb"^content-(?:type|transfer-encoding):[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE | re.MULTILINE)
LONGEST_HEADER = 4096  # bytes; the library that takes them apart needs the square of their length
LARGEST = 4 * LARGEST_PAGE  # bytes of a message; its pictures are never unpacked


def is_mail_page(look: Glimpse) -> bool:
    """Whether it begins with the headers of a message that holds a page."""
    for line in look.head.lstrip().splitlines():
        if TYPE.match(line):
            return True
        if not HEADER.match(line) and not line.startswith((b" ", b"\t")):
            return False
    return False


def read_mail_page(path: Path) -> tuple[list[str | MarkedTable], list[str]]:
    """(paragraphs and tables in reading order, texts that the page hides). Raises what `read_page` raises, ValueError
    for a message without a page."""
    if path.stat().st_size > LARGEST:
        raise OfficeTooLarge(detail=f"a page of more than {LARGEST >> 20} MB")
    data = path.read_bytes()
    check_headers(data)
    message = message_from_bytes(data, policy=policy.default)
    flow: list[str | MarkedTable] = []
    hidden: list[str] = []
    pages = list(_pages(message))
    if not pages:
        raise ValueError("the message holds no page")
    for page in pages:
        if FRAMES.search(page) and len(pages) > 1:
            continue  # it only says where the sheets are shown
        parts, unseen = read_html(page)
        flow += parts
        hidden += unseen
    return flow, hidden


def check_headers(data: bytes) -> None:
    """Raise OfficeTooLarge for a message of more parts, or with longer headers of them, than any program writes: each
    part costs something before it is known what it is."""
    for number, header in enumerate(PARTS.finditer(data)):
        if number > 2 * MOST_PARTS:  # a part has two such headers
            raise OfficeTooLarge(detail=f"more than {MOST_PARTS} parts")
        if len(header[0]) > LONGEST_HEADER:
            raise OfficeTooLarge(detail=f"a header of more than {LONGEST_HEADER} bytes")


def _pages(message: EmailMessage) -> Iterator[str]:
    """The pages of a message, in order, as text."""
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            raise OfficeTooLarge(detail=f"more than {MOST_PARTS} parts")
        if part.get_content_type() != "text/html":
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or len(data) > LARGEST_PAGE:
            raise OfficeTooLarge(detail=f"a page of more than {LARGEST_PAGE >> 20} MB")
        if data.strip():
            yield decode_page(data, part.get_content_charset())
