"""The road of PDFs: each page by its text layer, or by the reader of scanned pages where an image covers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing

from extractors.formats import Aids, Glimpse, Intake
from extractors.headway import long_page_begins, page_read
from extractors.pages import whole
from extractors.pdf.images import PdfImages
from extractors.pdf.pages import Cover, check_cover, is_whole, open_pdf, page_count, scan_reason, sheets
from extractors.pdf.units import sheet_size
from extractors.refusals import Damaged, Truncated
from extractors.tables.accounting import Characters, lost, of_aside, of_words, tally, unseen_of
from extractors.tables.blocks import PageBlocks
from extractors.tables.borderless import RowReader, camelot_rows, clear_rows, line_rows
from extractors.tables.furniture import unseen_elsewhere
from extractors.tables.layout import last_grid, page_blocks
from schemas.model import Aside, Box, Document, Reader, Sheet, Word


def is_pdf(look: Glimpse) -> bool:
    """Whether it is a PDF: some programs put bytes before its first line, or behind its end. Raises Truncated."""
    if not claims_pdf(look.head):
        return False
    ends = b"%%EOF" in look.tail and b"startxref" in look.tail
    if not ends and not is_whole(look.path):
        raise Truncated
    return True


def claims_pdf(head: bytes) -> bool:
    """Whether a file's first bytes say that it is a PDF."""
    return b"%PDF-" in head


def read_pdf(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a PDF, page by page; of one whose pages pdfium alone can tell, as it writes them anew.
    Raises CannotRead."""
    try:
        return _read(intake, aids)
    except Damaged as error:
        try:
            return _read(intake, aids, anew=True)
        except Damaged:
            raise error from None


def _read(intake: Intake, aids: Aids, *, anew: bool = False) -> Document:
    pages: list[PageBlocks] = []
    notes: dict[int, list[str]] = {}
    scanned: set[int] = set()
    hidden: list[Aside] = []
    printed: dict[int, Characters] = {}
    areas: dict[int, Box] = {}
    with open_pdf(intake.path, anew=anew) as pdf, closing(PdfImages(intake.path)) as images:
        total = page_count(pdf)
        rows = RowBorders(str(intake.path), lambda number: sheet_size(pdf.pages[number - 1]))
        for sheet, cover in sheets(pdf):
            why = scan_reason(sheet, cover)
            mute = why is None and not (sheet.words or sheet.hidden or sheet.struck)
            if mute and images.has_text(sheet.number):
                raise Damaged(detail=f"page {sheet.number}: its text is not found", page=sheet.number)
            if why is None:
                above = last_grid(pages[-1] if pages else None)
                pages.append(page_blocks(sheet, rows, aids.words, above))
                unseen = unseen_of(sheet)
                hidden += unseen
                printed[sheet.number] = of_words(sheet.words) + of_aside(unseen)
                areas[sheet.number] = Box(0.0, 0.0, sheet.width, sheet.height)
            else:
                long_page_begins(sheet.number, total)
                page, done = _scanned(sheet, cover, images, aids)
                pages.append(page)
                scanned.add(sheet.number)
                notes[sheet.number] = [f"read as a scan: {why}", *done]
            page_read(sheet.number, total)
    for number, failure in rows.failed.items():
        notes.setdefault(number, []).append(failure)
    pages, again = unseen_elsewhere(pages, hidden)
    hidden += again
    blocks, remarks, apart, of_scans = whole(pages, notes, scanned, aids.scans, aids.words)
    aside = (*apart, *hidden)
    accounts = tally(printed, blocks, aside)
    aside = (*aside, *lost(accounts, areas, [one for page in pages for one in page.lost]))
    accounts = tuple(sorted((*accounts, *of_scans), key=lambda account: account.page))
    reader = Reader.OCR if len(scanned) == total else Reader.TEXT_LAYER
    return Document(intake.shown, intake.sha256, reader, total, blocks, remarks, frozenset(scanned), aside, accounts)


def _scanned(sheet: Sheet, cover: Cover, images: PdfImages, aids: Aids) -> tuple[PageBlocks, list[str]]:
    """The blocks of a scanned page, and notes on what was done to it."""
    check_cover(cover, sheet.number)
    image = images.page(sheet.number, cover.pixels, sheet.width, cover.unit)
    return aids.scans.page(image, sheet.words)


class RowBorders:
    """The row borders of text in columns without rules: by its words where they are clear, else by camelot; by the
    lines alone on a page that it fails on, as it does on files that forbid to copy from them, and on turned text.
    `failed` says why, by page."""

    def __init__(self, path: str, size: Callable[[int], tuple[float, float]]) -> None:
        self._by_camelot: RowReader = camelot_rows(path, size)
        self.failed: dict[int, str] = {}

    def __call__(self, page: int, region: Sequence[Sequence[Word]], borders: Sequence[float]) -> list[float]:
        clear = clear_rows(region)
        if clear is not None:
            return clear
        try:
            return self._by_camelot(page, region, borders)
        except Exception as error:  # noqa: BLE001 - it fails in many ways, and another reader is at hand
            self.failed[page] = f"its rows without rules were told by the lines, for camelot failed ({_brief(error)})"
            return line_rows(page, region, borders)


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]
