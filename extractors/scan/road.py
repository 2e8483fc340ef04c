"""The road of image files, and the reader of scanned pages for every other road. All of it is loaded when the first
page comes, the engine too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from extractors.formats import Aids, Glimpse, Intake
from extractors.headway import long_page_begins, page_read
from extractors.ocr.choose import EngineSource
from extractors.ocr.engine import Engine, EngineMissing
from extractors.ocr.models import ModelsMissing
from extractors.ocr.vision import advice
from extractors.pages import PageImage, whole
from extractors.refusals import CannotRead, EngineFailed, NoEngine, naming
from extractors.tables.blocks import PageBlocks
from schemas.language.vocabulary import Words
from schemas.model import Block, Document, Reader, Word

if TYPE_CHECKING:  # heavy: only where a page is a scan
    from extractors.scan.drive import ScanReading

MAGIC = (  # PNG, JPEG, TIFF (and TIFF of more than 4 GB) by their first bytes
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
)


def is_image(look: Glimpse) -> bool:
    """Whether it is an image of a kind that is read."""
    return look.head.startswith(MAGIC)


def read_images(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of an image file, page by page. Raises CannotRead."""
    from extractors.scan.images import count_pages, image_pages  # heavy

    pages: list[PageBlocks] = []
    notes: dict[int, list[str]] = {}
    total = count_pages(intake.path)
    for image in image_pages(intake.path):
        long_page_begins(image.number, total)
        blocks, done = aids.scans.page(image)
        pages.append(blocks)
        notes[image.number] = [*image.notes, *done]
        page_read(image.number, total)
    read = whole(pages, notes, notes.keys(), aids.scans, aids.words)
    remarks, scanned = read.remarks, frozenset(notes)
    return Document(
        intake.shown, intake.sha256, Reader.OCR, total, read.blocks, remarks, scanned, read.aside, read.accounts
    )


class ScannedPages:
    """Reads the scanned pages of one file; the engine is loaded at the first of them."""

    def __init__(self, words: Words, source: EngineSource) -> None:
        self._words = words
        self._source = source
        self._engine: Engine | None = None

    def reading(self, image: PageImage) -> ScanReading:
        """What came of a page image, with its ink and ticks. Raises CannotRead, with the page."""
        with naming(None, image.number):
            try:
                from extractors.scan.drive import read_page  # heavy

                if self._engine is None:
                    self._engine = self._source()
                return read_page(image.pixels, image.dpi, image.number, self._engine, self._words)
            except CannotRead:
                raise
            except ImportError as error:
                raise NoEngine(detail=advice(error)) from error
            except (EngineMissing, ModelsMissing) as error:
                raise NoEngine(detail=str(error)) from error
            except Exception as error:  # engines fail in many ways
                raise EngineFailed(detail=f"{type(error).__name__}: {error}") from error

    def page(self, image: PageImage, under: Sequence[Word] = ()) -> tuple[PageBlocks, list[str]]:
        """The blocks of a page image, and notes on what was done to it; `under` are the words of a text layer that
        lies under the image. Raises CannotRead, with the page."""
        from extractors.scan.hidden import agreement

        reading = self.reading(image)
        notes = list(reading.notes)
        if under:
            share = agreement(under, reading.page.sheet.words)
            notes.append(f"the text under the image agrees with what was read in {share:.0%} of the characters")
        return reading.blocks, notes

    def settled(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """The blocks with what an image cannot tell apart settled."""
        from extractors.scan.settle import settle

        return settle(blocks, self._words)
