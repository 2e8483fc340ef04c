"""A filing's pages as pictures on which its boxes lie where they were read.

Boxes of a text layer count from the corner of the whole sheet, whatever of it is visible; those of a scan from the
corner of its straightened image. A page of either kind is told from the other as the reader does it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from PIL import Image

from extractors.intake import HEAD
from extractors.pdf.boxes import visible_part
from extractors.pdf.pages import Cover, check_cover, cover_of, open_pdf, page_count, scan_reason
from extractors.pdf.road import claims_pdf
from extractors.pdf.text_layer import read_sheet
from extractors.pdf.units import user_unit
from extractors.refusals import CannotRead
from extractors.scan.road import MAGIC
from schemas.frozen import dataclass
from schemas.model import Box, Sheet

if TYPE_CHECKING:  # heavy: only where a page is a scan
    from extractors.pages import PageImage

MOST_PIXELS = 40_000_000  # of a picture that is rendered: larger pages are shown smaller


class CannotShow(Exception):
    """A page that cannot be shown; the message names the file, `why` leaves its name out."""

    def __init__(self, path: Path, why: str) -> None:
        self.why = why
        super().__init__(f"{path}: {why}")


class FileMissing(CannotShow):
    """There is no such file."""


class NoPdfToShow(CannotShow):
    """The file is no PDF and no image, or is too damaged or too well locked to be opened as one."""


class NoSuchPage(CannotShow):
    """The file has no page of that number."""


class UnreadableImage(CannotShow):
    """The image of a scanned page is damaged, too large or of an unknown make."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page in RGB, its size in points, its pixels a point, and whether it is the image of a scan."""

    image: Image.Image
    width: float
    height: float
    px: float
    scan: bool


class Filing:
    """A PDF or an image file, opened as far as it is asked for. Pages count from 1. Everything raises a CannotShow."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open = ExitStack()
        self._pdf: Any = None  # pdfplumber's
        self._pdfium: Any = None
        self._images: Any = None
        self._seen: tuple[int, Sheet, Cover] | None = None  # the page that was looked at last
        try:
            with path.open("rb") as stream:
                head = stream.read(HEAD)
        except (FileNotFoundError, IsADirectoryError) as error:
            raise FileMissing(path, "there is no such file") from error
        except OSError as error:
            raise CannotShow(path, f"cannot be read ({error.strerror or error})") from error
        self._is_pdf = claims_pdf(head)
        if not self._is_pdf and not head.startswith(MAGIC):
            raise NoPdfToShow(path, "neither a PDF nor an image (PNG, JPEG, TIFF)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def picture(self, number: int, scale: float, *, scanned: bool = False, boxes: Sequence[Box] = ()) -> PagePicture:
        """A page: rendered at `scale` pixels a point, or its straightened image at its own resolution.

        `scanned` says whether it was read with an OCR engine; which way up, its `boxes` tell.
        """
        if self._is_pdf and (not scanned or self.sheet(number) is not None):
            return self.rendered(number, scale)
        page_image = self.image(number)
        px = page_image.dpi / 72.0
        with self._said(f"page {number} cannot be straightened"):
            from pipeline.output.pictures.upright import as_read  # heavy: only where a page is a scan

            shown = Image.fromarray(as_read(page_image.pixels, px, boxes))
        return PagePicture(shown, shown.width / px, shown.height / px, px, scan=True)

    def sheet(self, number: int) -> Sheet | None:
        """The words and rules of a page with a text layer, None where the page is read as a scan."""
        if not self._is_pdf:
            return None
        sheet, cover = self._looked_at(number)
        return sheet if scan_reason(sheet, cover) is None else None

    def image(self, number: int) -> PageImage:
        """The image of a scanned page, at the resolution at which the reader takes it, as it lies in the file."""
        from extractors.pdf.images import PdfImages  # heavy: only where a page is a scan
        from extractors.scan.images import count_pages, image_pages

        if not self._is_pdf:
            with self._said("the image cannot be read", UnreadableImage):
                self._need(number, count_pages(self._path))
                return next(itertools.islice(image_pages(self._path), number - 1, None))
        sheet, cover = self._looked_at(number)
        with self._said("the image cannot be read", UnreadableImage):
            check_cover(cover, number)
            if self._images is None:
                self._images = PdfImages(self._path)
                self._open.callback(self._images.close)
            kept: PageImage = self._images.page(number, cover.pixels, sheet.width, cover.unit)
            return kept

    def rendered(self, number: int, scale: float) -> PagePicture:
        """A page of a PDF as pdfium draws it, on a sheet of the reader's size: what the crop box hides is white.
        `scale` is in pixels a point; less where the picture would become too large."""
        page = self.page(number)
        import pypdfium2  # heavy: only where a page is rendered

        from extractors.pdf.images import drawn_with_fields

        with self._said(f"page {number} cannot be rendered", NoPdfToShow, pypdfium2.PdfiumError):
            width, height = float(page.width), float(page.height)
            scale = min(scale, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
            part = visible_part(page.page_obj.mediabox, page.page_obj.cropbox, page.rotation)
            if self._pdfium is None:
                self._pdfium = drawn_with_fields(self._path)
                self._open.callback(self._pdfium.close)
            drawn = self._pdfium[number - 1]
            shown = drawn.render(scale=scale * user_unit(page.page_obj)).to_pil().convert("RGB")
            drawn.close()
            picture = Image.new("RGB", (max(1, round(width * scale)), max(1, round(height * scale))), "white")
            picture.paste(shown, (round(part.left * scale), round(part.top * scale)))
            turn = self._looked_at(number)[0].turned
            if turn:  # as it was read: with its text upright
                picture = picture.rotate(turn, expand=True)
                width, height = (width, height) if turn == 180 else (height, width)
        return PagePicture(picture, width, height, scale, scan=False)

    def page(self, number: int) -> Any:
        """pdfplumber's page."""
        if self._pdf is None:
            try:
                self._pdf = self._open.enter_context(open_pdf(self._path))
                page_count(self._pdf)
            except CannotRead as error:
                cause = error.__cause__ or error
                why = str(cause) or type(cause).__name__
                raise NoPdfToShow(self._path, f"cannot be read as a PDF ({why})") from error
        self._need(number, len(self._pdf.pages))
        return self._pdf.pages[number - 1]

    def _looked_at(self, number: int) -> tuple[Sheet, Cover]:
        if self._seen is None or self._seen[0] != number:
            page = self.page(number)
            with self._said(f"page {number} cannot be read", NoPdfToShow):
                self._seen = number, read_sheet(page, number), cover_of(page)
                page.close()  # what was parsed of it is not asked for again
        return self._seen[1:]

    def _need(self, number: int, count: int) -> None:
        if not 1 <= number <= count:
            alone = f"there is no page {number}; the file has 1 page"
            among = f"there is no page {number}; the file has {count} pages"
            raise NoSuchPage(self._path, alone if count == 1 else among)

    @contextmanager
    def _said(
        self, what: str, kind: type[CannotShow] = CannotShow, telling: type[Exception] = CannotShow
    ) -> Iterator[None]:
        """Raise what goes wrong inside as a CannotShow: decoders fail in many ways on a damaged or hostile file.
        Errors of the class `telling` say by themselves what is wrong."""
        try:
            yield
        except CannotShow:
            raise
        except Exception as error:
            why = str(error) if isinstance(error, telling) else f"{type(error).__name__}: {error}"
            if isinstance(error, CannotRead):
                why = error.detail  # the file is named already
            raise kind(self._path, f"{what}: {why}") from error
