"""The roads from a file to a document: the text layer of a PDF, or the lines of a text dump."""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from extractors.align import align_blocks
from extractors.borderless import camelot_rows
from extractors.dump import UnknownEncoding, decode, read_lines
from extractors.intake import Damaged, Encrypted, Intake, Medium, NoCharacters, NoTextLayer, NotText
from extractors.layout import page_blocks
from extractors.stitch import PageBlocks, stitch
from extractors.text_layer import read_sheet
from schemas.model import Document, Reader, Sheet
from schemas.vocabulary import Words

FORGET_EVERY = 20  # pages after which what the PDF parser remembers is dropped: memory stays flat
UNMAPPED = re.compile(r"(\(cid:\d+\))+")  # what the parser gives for characters that the font does not name

Progress = Callable[[int, int], None]
"""Called with (pages read, pages in all)."""


def read_document(intake: Intake, words: Words, progress: Progress | None = None) -> Document:
    """The lines and tables of a file, in reading order. Raises CannotRead."""
    if intake.medium is Medium.PDF:
        return _read_pdf(intake, progress)
    return _read_dump(intake, words)


def _read_dump(intake: Intake, words: Words) -> Document:
    try:
        text, encoding = decode(intake.path.read_bytes())
    except UnknownEncoding as error:
        raise NotText(intake.shown, str(error)) from error
    blocks = align_blocks(read_lines(text), words)
    return Document(intake.shown, intake.sha256, Reader.DUMP, 0, blocks, (f"encoding {encoding}",))


def _read_pdf(intake: Intake, progress: Progress | None) -> Document:
    pages: list[PageBlocks] = []
    with open_pdf(intake.path, intake.shown) as pdf:
        total = page_count(pdf, intake.shown)
        read_rows = camelot_rows(str(intake.path), lambda n: float(pdf.pages[n - 1].height))
        words = unmapped = 0
        for sheet in sheets(pdf, intake.shown):
            words += len(sheet.words)
            unmapped += sum(1 for word in sheet.words if UNMAPPED.fullmatch(word.text))
            pages.append(page_blocks(sheet, read_rows))
            if progress is not None:
                progress(sheet.number, total)
        if not words:
            raise NoTextLayer(intake.shown)
        if unmapped * 2 > words:
            raise NoCharacters(intake.shown, f"{unmapped} of {words} words")
    return Document(intake.shown, intake.sha256, Reader.TEXT_LAYER, total, stitch(pages))


@contextmanager
def open_pdf(path: Path, shown: str) -> Iterator[Any]:
    """An opened pdfplumber PDF; raises Encrypted or Damaged, naming the file."""
    import pdfplumber  # heavy: only where a PDF is read
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        pdf = pdfplumber.open(path)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise Encrypted(shown) from error
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError)):
            raise Encrypted(shown) from error
        raise Damaged(shown, str(cause) or type(cause).__name__) from error
    except Exception as error:
        raise Damaged(shown, f"{type(error).__name__}: {error}") from error
    try:
        yield pdf
    finally:
        pdf.stream.close()  # not pdf.close(), which lays out the pages again and fails on the one that failed


def page_count(pdf: Any, shown: str) -> int:
    """The number of pages; raises Damaged with the page whose description cannot be read."""
    try:
        return len(pdf.pages)
    except Exception as error:
        # the parser keeps the pages before it, and would give them for all if it were asked again
        number = len(getattr(pdf, "_pages", ())) + 1
        raise Damaged(shown, f"page {number}: {type(error).__name__}: {error}", number) from error


def sheets(pdf: Any, shown: str) -> Iterator[Sheet]:
    """The pages of an open PDF one after the other; raises Damaged with the page that cannot be read."""
    for page in pdf.pages:
        try:
            broken = _breaks_off(page)
            sheet = read_sheet(page, page.page_number)
        except Exception as error:
            raise Damaged(
                shown, f"page {page.page_number}: {type(error).__name__}: {error}", page.page_number
            ) from error
        if broken:
            raise Damaged(shown, f"page {page.page_number}: {broken}", page.page_number)
        page.close()
        if page.page_number % FORGET_EVERY == 0:
            _forget(pdf)
        yield sheet


def _breaks_off(page: Any) -> str | None:
    """Why a page's compressed content cannot be read to its end, None where it can.

    The parser takes what it gets of a damaged stream, and the rest of the page would be lost unseen. A wrong or
    missing check sum behind whole content is no damage: some programs write such files.
    """
    from pdfminer.ascii85 import ascii85decode
    from pdfminer.pdftypes import LITERALS_ASCII85_DECODE, LITERALS_FLATE_DECODE, resolve1

    for stream in map(resolve1, page.page_obj.contents):
        data = getattr(stream, "rawdata", None)
        if not data:
            continue  # empty, or decoded and looked at already, where pages share it
        if stream.decipher:
            data = stream.decipher(stream.objid, stream.genno, data, stream.attrs)
        for name, _ in stream.get_filters():
            if name in LITERALS_ASCII85_DECODE:
                data = ascii85decode(data)
                continue
            if name in LITERALS_FLATE_DECODE:
                inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                try:
                    inflate.decompress(data[2:])  # behind zlib's header
                except zlib.error as error:
                    return f"its content is damaged: {error}"
                if not inflate.eof:
                    return "its content breaks off"
            break
    return None


def _forget(pdf: Any) -> None:
    """Drop the parsed objects that the PDF parser keeps for the whole file."""
    pdf.doc._cached_objs.clear()
    pdf.doc._parsed_objs.clear()
    pdf.rsrcmgr._cached_fonts.clear()
