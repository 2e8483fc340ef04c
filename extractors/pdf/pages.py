"""The pages of a PDF one after the other: their words and rules, and the image that may cover them.

Each page goes its own way: one that is covered by an image is a scan, whatever hidden text lies under it.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from extractors.pages import MOST_PIXELS
from extractors.pdf.bounds import bound_parser, claims_too_much
from extractors.pdf.canvas import faces_of
from extractors.pdf.damage import content_damage, image_damage
from extractors.pdf.ending import all_there, page_count_of, repaired
from extractors.pdf.font_maps import Fonts
from extractors.pdf.legible import why_illegible
from extractors.pdf.objects import read_fast
from extractors.pdf.text_layer import read_sheet
from extractors.pdf.units import in_points, user_unit
from extractors.refusals import BrokenImage, CannotRead, Damaged, Encrypted, ImageTooLarge, naming
from schemas.frozen import dataclass
from schemas.model import Sheet

FORGET_EVERY = 20  # pages after which what the PDF parser remembers is dropped: memory stays flat
COVERED = 0.6  # of a page: an image over more of it is a scan of it
OUTLINED = 40  # curved shapes from which a page without text may show letters as outlines
DRAWN = 4  # rules from which a page with an image behind it was drawn, not scanned


@dataclass(frozen=True, slots=True)
class Cover:
    """The largest image on a page: the share of the page that it covers, its pixels across the page, the pixels that
    have to be decoded for it, and why an image of the page cannot be decoded to its end, where one was looked at."""

    share: float
    pixels: float
    decoded: int = 0
    damage: str | None = None
    outlines: int = 0  # filled shapes with curves on the page
    unit: float = 1.0  # points to a unit of the page


def scan_reason(sheet: Sheet, cover: Cover) -> str | None:
    """Why a page is to be read as a scan, None where its text layer is read."""
    if cover.share < COVERED:
        if sheet.words:
            return why_illegible(sheet.words, sheet.misfits)
        if cover.outlines >= OUTLINED:
            return "it holds no text but shapes, which may be letters"
        return "it holds no text but an image" if cover.share else None
    if not sheet.words:
        return "it is an image"
    if len(sheet.rules) >= DRAWN:
        return None  # drawn rules over a picture in the background
    return "an image covers it, and the text under it is some program's reading"


def check_cover(cover: Cover, number: int) -> None:
    """Raise BrokenImage where the image of page `number` breaks off, ImageTooLarge where it is too large to decode.
    Programs that render PDFs leave such an image white."""
    if cover.decoded > MOST_PIXELS:
        raise ImageTooLarge(detail=f"page {number}: {cover.decoded} pixels", page=number)
    if cover.damage is not None:
        raise BrokenImage(detail=f"page {number}: {cover.damage}", page=number)


@contextmanager
def open_pdf(path: Path, *, anew: bool = False) -> Iterator[Any]:
    """An opened pdfplumber PDF with some page, repaired where it can be without losing one, or in any case (`anew`);
    raises Encrypted or Damaged."""
    try:
        if anew:
            raise Damaged
        pdf = _opened(path)
        page_count(pdf)
    except Damaged:
        mended = _mended(path)
        if mended is None:
            raise
        pdf = mended
    try:
        yield pdf
    finally:
        pdf.stream.close()  # not pdf.close(), which lays out the pages again and fails on the one that failed


def is_whole(path: Path) -> bool:
    """Whether a PDF is whole though its end does not say so: both readers find as many pages, and everything that
    they refer to is there. Raises Encrypted."""
    if claims_too_much(path):
        return False
    count = page_count_of(path)
    try:
        with open_pdf(path) as pdf:
            return count is not None and page_count(pdf) == count and all_there(pdf.doc)
    except Damaged:
        return False


def _mended(path: Path) -> Any:
    """The PDF as pdfium writes it anew, opened; None where it cannot, or some page or part of it would be lost."""
    if claims_too_much(path):
        return None  # pdfium would look for each of them
    count, again = page_count_of(path), repaired(path)
    if not count or again is None:
        return None
    try:
        pdf = _opened(again)
        if page_count(pdf) == count and all_there(pdf.doc):
            return pdf
    except (Damaged, Encrypted):
        pass
    return None


def _opened(source: Path | io.BytesIO) -> Any:
    import pdfplumber  # heavy: only where a PDF is read
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    bound_parser()
    try:
        pdf = pdfplumber.open(source)
        read_fast(pdf.doc)
        pdf.rsrcmgr = Fonts()
        return pdf
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise Encrypted from error
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError)):
            raise Encrypted from error
        raise Damaged(detail=str(cause) or type(cause).__name__) from error
    except Exception as error:
        raise Damaged(detail=f"{type(error).__name__}: {error}") from error


def page_count(pdf: Any) -> int:
    """The number of pages; raises Damaged where there is none, or with the page whose description cannot be read."""
    try:
        count = len(pdf.pages)
    except Exception as error:
        # the parser keeps the pages before it, and would give them for all if it were asked again
        number = len(getattr(pdf, "_pages", ())) + 1
        raise Damaged(detail=f"page {number}: {type(error).__name__}: {error}", page=number) from error
    if not count:
        raise Damaged(detail="it holds no page")
    for page in pdf.pages:
        in_points(page)
    return count


def sheets(pdf: Any) -> Iterator[tuple[Sheet, Cover]]:
    """The pages of an open PDF one after the other, each with its largest image. Raises Damaged or
    TextTooLarge, naming the page that cannot be read."""
    for page in pdf.pages:
        number = page.page_number
        try:
            broken = content_damage(page)
            with naming(None, number):
                sheet, cover = read_sheet(page, number), cover_of(page)
        except CannotRead:
            raise
        except Exception as error:
            raise Damaged(detail=f"page {number}: {type(error).__name__}: {error}", page=number) from error
        if broken:
            raise Damaged(detail=f"page {number}: {broken}", page=number)
        page.close()
        if number % FORGET_EVERY == 0:
            _forget(pdf)
        yield sheet, cover


def cover_of(page: Any) -> Cover:
    """The largest image of a page. Scans cut into stripes count as one image."""
    area = float(page.width * page.height) or 1.0
    across = [(min(i["x1"], page.width) - max(i["x0"], 0)) for i in page.images]
    down = [(min(i["bottom"], page.height) - max(i["top"], 0)) for i in page.images]
    sizes = [max(float(w), 0.0) * max(float(h), 0.0) for w, h in zip(across, down, strict=True)]
    outlines = sum(1 for curve in page.curves if curve.get("fill"))
    if not sizes:
        return Cover(0.0, 0.0, outlines=outlines, unit=user_unit(page.page_obj))
    largest = max(range(len(sizes)), key=sizes.__getitem__)
    image = page.images[largest]
    pixels = float((image.get("srcsize") or (0, 0))[0])
    shown = float(image["x1"] - image["x0"]) or 1.0
    decoded = max(int(w or 0) * int(h or 0) for w, h in (i.get("srcsize") or (0, 0) for i in page.images))
    share, damage = min(sum(sizes) / area, 1.0), None
    if share >= COVERED or not page.chars:
        damage = next((why for i in page.images if (why := image_damage(i)) is not None), None)
    across_page = pixels * float(page.width) / shown
    return Cover(share, across_page, decoded, damage, outlines, user_unit(page.page_obj))


def _forget(pdf: Any) -> None:
    """Drop the parsed objects that the PDF parser keeps for the whole file."""
    pdf.doc._cached_objs.clear()
    pdf.doc._parsed_objs.clear()
    pdf.rsrcmgr._cached_fonts.clear()
    faces_of(pdf.rsrcmgr).clear()
