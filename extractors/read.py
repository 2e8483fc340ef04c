"""The roads from a file to a document: the text layer of a PDF, the ink of a scan, or the lines of a text dump.

Each page of a PDF goes its own road: one that is covered by an image is a scan, whatever hidden text lies under it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.dump.align import align_blocks
from extractors.dump.lines import UnknownEncoding, decode, read_lines
from extractors.intake import (
    BrokenImage,
    Damaged,
    Encrypted,
    EngineFailed,
    EngineRubbish,
    EngineTimedOut,
    ImageTooLarge,
    Intake,
    Medium,
    NoCharacters,
    NoEngine,
    NothingRead,
    NotText,
)
from extractors.ocr import guard
from extractors.ocr.choose import EngineSource, built_in_engine
from extractors.ocr.engine import Engine, EngineMissing
from extractors.ocr.models import ModelsMissing
from extractors.office.road import read_office
from extractors.pdf.damage import content_damage, image_damage
from extractors.pdf.text_layer import read_sheet
from extractors.tables.accounting import Characters, lost, of_aside, of_words, tally, unseen_of
from extractors.tables.blocks import PageBlocks
from extractors.tables.borderless import camelot_rows
from extractors.tables.furniture import part_furniture
from extractors.tables.layout import page_blocks
from extractors.tables.stitch import stitch
from schemas.language.vocabulary import Words
from schemas.model import Aside, Block, Box, Document, Reader, Sheet, Table

if TYPE_CHECKING:  # heavy: only where a page is a scan
    from extractors.scan.road import ScanReading

FORGET_EVERY = 20  # pages after which what the PDF parser remembers is dropped: memory stays flat
UNMAPPED = re.compile(r"(\(cid:\d+\))+")  # what the parser gives for characters that the font does not name

Progress = Callable[[int, int], None]
"""Called with (pages read, pages in all)."""


COVERED = 0.6  # of a page: an image over more of it is a scan of it
DRAWN = 4  # rules from which a page with an image behind it was drawn, not scanned


def read_document(
    intake: Intake, words: Words, progress: Progress | None = None, engine: EngineSource = built_in_engine
) -> Document:
    """The lines and tables of a file in order. `engine` is called at the first scanned page. Raises CannotRead."""
    if intake.medium is Medium.PDF:
        return _read_pdf(intake, words, progress, engine)
    if intake.medium is Medium.IMAGE:
        return _read_images(intake, words, progress, engine)
    if intake.medium is not Medium.DUMP:
        return read_office(intake)
    return _read_dump(intake, words)


def _read_dump(intake: Intake, words: Words) -> Document:
    try:
        text, encoding = decode(intake.path.read_bytes())
    except UnknownEncoding as error:
        raise NotText(intake.shown, str(error)) from error
    blocks = align_blocks(read_lines(text), words)
    return Document(intake.shown, intake.sha256, Reader.DUMP, 0, blocks, (f"encoding {encoding}",))


def _read_pdf(intake: Intake, words: Words, progress: Progress | None, engine: EngineSource) -> Document:
    pages: list[PageBlocks] = []
    notes: dict[int, list[str]] = {}
    hidden: list[Aside] = []
    printed: dict[int, Characters] = {}
    areas: dict[int, Box] = {}
    with open_pdf(intake.path, intake.shown) as pdf:
        total = page_count(pdf, intake.shown)
        read_rows = camelot_rows(str(intake.path), lambda n: float(pdf.pages[n - 1].height))
        seen = unmapped = 0
        scans = _Scans(intake, words, engine)
        for sheet, cover in sheets(pdf, intake.shown):
            why = scan_reason(sheet, cover)
            if why is None:
                seen += len(sheet.words)
                unmapped += sum(1 for word in sheet.words if UNMAPPED.fullmatch(word.text))
                pages.append(page_blocks(sheet, read_rows, words))
                unseen = unseen_of(sheet)
                hidden += unseen
                printed[sheet.number] = of_words(sheet.words) + of_aside(unseen)
                areas[sheet.number] = Box(0.0, 0.0, sheet.width, sheet.height)
            else:
                blocks, done = scans.pdf_page(sheet, cover)
                pages.append(blocks)
                notes[sheet.number] = [f"read as a scan: {why}", *done]
            if progress is not None:
                progress(sheet.number, total)
        scans.close()
        if unmapped * 2 > seen:
            raise NoCharacters(intake.shown, f"{unmapped} of {seen} words")
    reader = Reader.OCR if len(notes) == total else Reader.TEXT_LAYER
    clean, aside = part_furniture(pages, words)
    whole = stitch(clean, words)
    if notes:
        whole = noted(scans.settled(whole), notes)
    aside = (*aside, *hidden)
    accounts = tally(printed, whole, aside)
    aside = (*aside, *lost(accounts, areas))
    scanned = frozenset(notes)
    return Document(intake.shown, intake.sha256, reader, total, whole, remarks(notes), scanned, aside, accounts)


def _read_images(intake: Intake, words: Words, progress: Progress | None, engine: EngineSource) -> Document:
    from extractors.scan.images import BadImage, TooManyPixels, count_pages, image_pages  # heavy

    pages: list[PageBlocks] = []
    notes: dict[int, list[str]] = {}
    scans = _Scans(intake, words, engine)
    try:
        total = count_pages(intake.path)
        for page in image_pages(intake.path):
            reading, done = scans.page(page.pixels, page.dpi, page.number)
            pages.append(reading.blocks)
            notes[page.number] = [*page.notes, *done]
            if progress is not None:
                progress(page.number, total)
    except TooManyPixels as error:
        raise ImageTooLarge(intake.shown, str(error), error.page) from error
    except BadImage as error:
        raise BrokenImage(intake.shown, str(error), error.page) from error
    clean, aside = part_furniture(pages, words)
    blocks = noted(scans.settled(stitch(clean, words)), notes)
    return Document(intake.shown, intake.sha256, Reader.OCR, total, blocks, remarks(notes), frozenset(notes), aside)


def remarks(notes: Mapping[int, Sequence[str]]) -> tuple[str, ...]:
    """The notes on pages as lines that name their page."""
    return tuple(f"page {number}: {note}" for number in sorted(notes) for note in notes[number])


def noted(blocks: Sequence[Block], notes: Mapping[int, Sequence[str]]) -> tuple[Block, ...]:
    """The blocks, each table with the notes on its pages, so that they are kept with it."""
    return tuple(
        replace(b, notes=(*b.notes, *remarks({n: notes[n] for n in b.pages if n in notes})))
        if isinstance(b, Table)
        else b
        for b in blocks
    )


@dataclass(frozen=True, slots=True)
class Cover:
    """The largest image on a page: the share of the page that it covers, its pixels across the page, the pixels that
    have to be decoded for it, and why an image of the page cannot be decoded to its end, where one was looked at."""

    share: float
    pixels: float
    decoded: int = 0
    damage: str | None = None


def scan_reason(sheet: Sheet, cover: Cover) -> str | None:
    """Why a page is to be read as a scan, None where its text layer is read."""
    if cover.share < COVERED:
        return None if sheet.words or not cover.share else "it holds no text but an image"
    if not sheet.words:
        return "it is an image"
    if len(sheet.rules) >= DRAWN:
        return None  # drawn rules over a picture in the background
    return "an image covers it, and the text under it is some program's reading"


def check_cover(cover: Cover, number: int) -> None:
    """Raise BadImage where the image of page `number` breaks off, TooManyPixels where it is too large to decode.
    Programs that render PDFs leave such an image white."""
    from extractors.scan.images import MOST_PIXELS, BadImage, TooManyPixels  # heavy: only where a page is a scan

    if cover.decoded > MOST_PIXELS:
        raise TooManyPixels(f"page {number}: {cover.decoded} pixels", number)
    if cover.damage is not None:
        raise BadImage(f"page {number}: {cover.damage}", number)


class _Scans:
    """Reads the scanned pages of one file; the engine is loaded at the first of them."""

    def __init__(self, intake: Intake, words: Words, source: EngineSource) -> None:
        self.intake = intake
        self.words = words
        self.source = source
        self.engine: Engine | None = None
        self.images: Any = None

    def pdf_page(self, sheet: Sheet, cover: Cover) -> tuple[PageBlocks, list[str]]:
        """The blocks of a page of a PDF, and notes on what was done to it."""
        from extractors.scan.hidden import agreement
        from extractors.scan.images import BadImage, PdfImages, TooManyPixels  # heavy: only where a page is a scan

        if self.images is None:
            self.images = PdfImages(self.intake.path)
        try:
            check_cover(cover, sheet.number)
            image = self.images.page(sheet.number, cover.pixels, sheet.width)
        except TooManyPixels as error:
            raise ImageTooLarge(self.intake.shown, str(error), error.page) from error
        except BadImage as error:
            raise BrokenImage(self.intake.shown, str(error), error.page) from error
        reading, notes = self.page(image.pixels, image.dpi, sheet.number)
        if sheet.words:
            share = agreement(sheet.words, reading.page.sheet.words)
            notes.append(f"the text under the image agrees with what was read in {share:.0%} of the characters")
        return reading.blocks, notes

    def page(self, pixels: Any, dpi: float, number: int) -> tuple[ScanReading, list[str]]:
        """What came of a page image, and notes on what was done to it."""
        try:
            from extractors.scan import road  # heavy
        except ImportError as error:
            raise NoEngine(self.intake.shown, f"page {number}: {error}", number) from error
        try:
            if self.engine is None:
                self.engine = self.source()
            reading = road.read_page(pixels, dpi, number, self.engine, self.words)
        except (ImportError, EngineMissing, ModelsMissing) as error:
            raise NoEngine(self.intake.shown, f"page {number}: {error}", number) from error
        except guard.EngineTimedOut as error:
            raise EngineTimedOut(self.intake.shown, f"page {number}: {error}", number) from error
        except guard.EngineRubbish as error:
            raise EngineRubbish(self.intake.shown, f"page {number}: {error}", number) from error
        except road.NothingRead as error:
            raise NothingRead(self.intake.shown, f"page {number}: {error}", number) from error
        except Exception as error:
            raise EngineFailed(self.intake.shown, f"page {number}: {type(error).__name__}: {error}", number) from error
        return reading, list(reading.notes)

    def settled(self, blocks: Any) -> Any:
        """The blocks with what an image cannot tell apart settled."""
        from extractors.scan.settle import settle

        return settle(blocks, self.words)

    def close(self) -> None:
        if self.images is not None:
            self.images.close()


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
    """The number of pages; raises Damaged where there is none, or with the page whose description cannot be read."""
    try:
        count = len(pdf.pages)
    except Exception as error:
        # the parser keeps the pages before it, and would give them for all if it were asked again
        number = len(getattr(pdf, "_pages", ())) + 1
        raise Damaged(shown, f"page {number}: {type(error).__name__}: {error}", number) from error
    if not count:
        raise Damaged(shown, "it holds no page")
    return count


def sheets(pdf: Any, shown: str) -> Iterator[tuple[Sheet, Cover]]:
    """The pages of an open PDF one after the other, each with its largest image. Raises Damaged,
    naming the page that cannot be read."""
    for page in pdf.pages:
        try:
            broken = content_damage(page)
            sheet, cover = read_sheet(page, page.page_number), cover_of(page)
        except Exception as error:
            raise Damaged(
                shown, f"page {page.page_number}: {type(error).__name__}: {error}", page.page_number
            ) from error
        if broken:
            raise Damaged(shown, f"page {page.page_number}: {broken}", page.page_number)
        page.close()
        if page.page_number % FORGET_EVERY == 0:
            _forget(pdf)
        yield sheet, cover


def cover_of(page: Any) -> Cover:
    """The largest image of a page. Scans cut into stripes count as one image."""
    area = float(page.width * page.height) or 1.0
    across = [(min(i["x1"], page.width) - max(i["x0"], 0)) for i in page.images]
    down = [(min(i["bottom"], page.height) - max(i["top"], 0)) for i in page.images]
    sizes = [max(float(w), 0.0) * max(float(h), 0.0) for w, h in zip(across, down, strict=True)]
    if not sizes:
        return Cover(0.0, 0.0)
    largest = max(range(len(sizes)), key=sizes.__getitem__)
    image = page.images[largest]
    pixels = float((image.get("srcsize") or (0, 0))[0])
    shown = float(image["x1"] - image["x0"]) or 1.0
    decoded = max(int(w or 0) * int(h or 0) for w, h in (i.get("srcsize") or (0, 0) for i in page.images))
    share, damage = min(sum(sizes) / area, 1.0), None
    if share >= COVERED or not page.chars:
        damage = next((why for i in page.images if (why := image_damage(i)) is not None), None)
    return Cover(share, pixels * float(page.width) / shown, decoded, damage)


def _forget(pdf: Any) -> None:
    """Drop the parsed objects that the PDF parser keeps for the whole file."""
    pdf.doc._cached_objs.clear()
    pdf.doc._parsed_objs.clear()
    pdf.rsrcmgr._cached_fonts.clear()
