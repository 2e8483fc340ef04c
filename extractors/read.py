"""The roads from a file to a document: the text layer of a PDF, or the lines of a text dump."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from extractors.align import align_blocks
from extractors.borderless import camelot_rows
from extractors.dump import UnknownEncoding, decode, read_lines
from extractors.intake import Damaged, Encrypted, Intake, Medium, NoTextLayer, NotText
from extractors.layout import page_blocks
from extractors.stitch import PageBlocks, stitch
from extractors.text_layer import read_sheet
from schemas.model import Document, Reader, Sheet
from schemas.vocabulary import Words

FORGET_EVERY = 20  # pages after which what the PDF parser remembers is dropped: memory stays flat

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
        total = page_count(pdf)
        read_rows = camelot_rows(str(intake.path), lambda n: float(pdf.pages[n - 1].height))
        inked = False
        for sheet in sheets(pdf, intake.shown):
            inked = inked or bool(sheet.words)
            pages.append(page_blocks(sheet, read_rows))
            if progress is not None:
                progress(sheet.number, total)
        if not inked:
            raise NoTextLayer(intake.shown)
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
    with pdf:
        yield pdf


def page_count(pdf: Any) -> int:
    return len(pdf.pages)


def sheets(pdf: Any, shown: str) -> Iterator[Sheet]:
    """The pages of an open PDF one after the other; raises Damaged with the page that cannot be read."""
    for page in pdf.pages:
        try:
            sheet = read_sheet(page, page.page_number)
        except Exception as error:
            raise Damaged(
                shown, f"page {page.page_number}: {type(error).__name__}: {error}", page.page_number
            ) from error
        page.close()
        if page.page_number % FORGET_EVERY == 0:
            _forget(pdf)
        yield sheet


def _forget(pdf: Any) -> None:
    """Drop the parsed objects that the PDF parser keeps for the whole file."""
    pdf.doc._cached_objs.clear()
    pdf.doc._parsed_objs.clear()
    pdf.rsrcmgr._cached_fonts.clear()
