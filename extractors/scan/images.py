"""Page images: from image files, whose pages come one by one, and from the pages of a PDF.

Images come out as RGB, upright by what the camera noted, at a resolution at which text is read well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pictures
from PIL import ImageOps, UnidentifiedImageError

from extractors.pdf.damage import ends_gray
from extractors.scan.straighten import Image

USUAL = 200.0  # dots an inch at which a page is read where nothing speaks for another resolution
LOWEST, HIGHEST = 150.0, 300.0  # dots an inch: coarser images are enlarged, finer ones reduced
A4 = 11.69  # inches: the longer side that an image is taken to have where it does not say
SIDES = (5.0, 24.0)  # inches: a longer side outside of this says that the resolution noted is none
MOST_PIXELS = 80_000_000  # of an image that has to be decoded whole (A3 at 600 dots an inch has 70 million); more are
# refused, for memory's sake
LONGEST = 6000  # pixels of the longer side of a page image, whatever its resolution


class BadImage(Exception):
    """The image cannot be read; the message says why. `page` counts from 1."""

    def __init__(self, message: str, page: int = 1) -> None:
        super().__init__(message)
        self.page = page


class TooManyPixels(BadImage):
    """The image is larger than what can be read within the memory set for it."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page: its number from 1, RGB pixels, dots an inch, and what was done to the image."""

    number: int
    pixels: Image
    dpi: float
    notes: tuple[str, ...] = ()


def count_pages(path: Path) -> int:
    """The number of images in a file; raises BadImage."""
    with _opened(path) as picture:
        return _count(picture)[0]


def image_pages(path: Path) -> Iterator[PageImage]:
    """The pages of an image file one after the other; only one is held. Raises BadImage, naming the page."""
    with _opened(path) as picture:
        count, notes = _count(picture)
        for i in range(count):
            try:
                picture.seek(i)
                page = _page_image(picture, i + 1)
                yield replace(page, notes=(*notes, *page.notes))
            except BadImage:
                raise
            except Pictures.DecompressionBombError as error:
                raise TooManyPixels(f"page {i + 1}: {error}", i + 1) from error
            except (OSError, SyntaxError, ValueError, MemoryError, EOFError) as error:
                raise BadImage(f"page {i + 1}: {error or type(error).__name__}", i + 1) from error


def _count(picture: Any) -> tuple[int, tuple[str, ...]]:
    """The number of pages of an open image, and a remark where it holds more images. Only the images of a TIFF are
    pages: those of a PNG are frames, and cameras put previews and maps of brightness behind a JPEG's."""
    try:
        images = int(getattr(picture, "n_frames", 1))
    except (OSError, SyntaxError, ValueError, EOFError, TypeError) as error:
        raise BadImage(f"its pages cannot be counted: {error or type(error).__name__}") from error
    if picture.format == "TIFF" or images == 1:
        return images, ()
    return 1, (f"the first of the {images} images in the {picture.format} file was read",)


def _opened(path: Path) -> Any:
    limit, Pictures.MAX_IMAGE_PIXELS = Pictures.MAX_IMAGE_PIXELS, None  # sizes are looked at page by page
    try:
        return Pictures.open(path)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadImage(str(error) or type(error).__name__) from error
    finally:
        Pictures.MAX_IMAGE_PIXELS = limit


def _page_image(picture: Any, number: int) -> PageImage:
    notes: list[str] = []
    width, height = picture.size
    declared = picture.info.get("dpi", (0, 0))
    noted = float(declared[0] or 0) if isinstance(declared, tuple) and declared else 0.0
    jpeg = picture.format in ("JPEG", "MPO")
    if jpeg and not picture.info.get("progressive") and max(width, height) > LONGEST:  # decoded whole, a part at a time
        picture.draft("RGB", (width * LONGEST // max(width, height), height * LONGEST // max(width, height)))
    if max(picture.size[0] * picture.size[1], 1) > MOST_PIXELS:
        raise TooManyPixels(f"page {number}: {width} × {height} pixels", number)
    if jpeg and ends_gray(picture):
        raise BadImage(f"page {number}: it breaks off", number)
    long = max(width, height)
    dpi = noted if noted and SIDES[0] <= long / noted <= SIDES[1] else long / A4
    inches = long / dpi
    pixels = _rgb(picture)
    wanted = min(max(dpi, LOWEST if dpi >= LOWEST else USUAL), HIGHEST)
    wanted = min(wanted, LONGEST / inches)
    target = round(wanted * inches)
    if abs(max(pixels.size) - target) > 0.02 * target:
        scale = target / max(pixels.size)
        size = (max(1, round(pixels.width * scale)), max(1, round(pixels.height * scale)))
        how = Pictures.Resampling.LANCZOS if scale < 1 else Pictures.Resampling.BICUBIC
        pixels = pixels.resize(size, how)
        if scale < 1 or dpi < LOWEST:
            what = "reduced" if target < long else "enlarged"
            notes.append(f"image of {width} × {height} pixels {what} to {size[0]} × {size[1]}")
    turned = ImageOps.exif_transpose(pixels) if _orientation(picture) not in (0, 1) else pixels
    return PageImage(number, np.asarray(turned), wanted, tuple(notes))


def _orientation(picture: Any) -> int:
    try:
        return int(picture.getexif().get(0x0112, 1))
    except (OSError, ValueError, TypeError, SyntaxError):
        return 1


def _rgb(picture: Any) -> Any:
    """Any mode as RGB, what is transparent as white paper; the turn that the camera noted is kept with it."""
    exif = picture.getexif()
    mode = picture.mode
    if mode.startswith("I;16"):
        out = Pictures.fromarray((np.asarray(picture) >> 8).astype(np.uint8)).convert("RGB")
    elif mode in ("I", "F"):
        deep = np.asarray(picture).astype(np.float32)
        top = float(deep.max(initial=0.0))
        span = 65535.0 if top > 255 else 255.0 if top > 1 else 1.0
        out = Pictures.fromarray(np.clip(deep * 255.0 / span, 0, 255).astype(np.uint8)).convert("RGB")
    elif mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        # what is premultiplied cannot be made RGBA but by its own step
        whole = picture if mode == "RGBA" else picture.convert("LA" if mode == "La" else "RGBA")
        out = Pictures.new("RGB", whole.size, "white")
        out.paste(whole.convert("RGB"), mask=whole.getchannel("A"))
    else:
        out = picture.convert("RGB")
    turn = exif.get(0x0112, 1)
    if turn not in (0, 1):
        kept = Pictures.Exif()
        kept[0x0112] = turn
        out.info["exif"] = kept.tobytes()
        out._exif = None
    return out


class PdfImages:
    """Renders pages of a PDF; opened at the first page that needs it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pdf: Any = None

    def page(self, number: int, image_width: float | None, width: float) -> PageImage:
        """A page as an image, at the resolution of the scan that it shows (`image_width` pixels over `width`
        points), within bounds. Raises BadImage."""
        import pypdfium2  # heavy: only where a page is rendered

        dpi = USUAL if not image_width or width <= 0 else image_width * 72.0 / width
        dpi = min(max(dpi, LOWEST if dpi >= LOWEST * 0.95 else USUAL), HIGHEST)
        try:
            if self._pdf is None:
                self._pdf = pypdfium2.PdfDocument(self.path)
            page = self._pdf[number - 1]
            longest = max(page.get_size()) * dpi / 72.0
            if longest > LONGEST:
                dpi *= LONGEST / longest
            picture = page.render(scale=dpi / 72.0).to_pil().convert("RGB")
            page.close()
        except (pypdfium2.PdfiumError, ValueError, MemoryError, OSError) as error:
            raise BadImage(f"page {number}: it cannot be rendered ({error})", number) from error
        return PageImage(number, np.asarray(picture), dpi)

    def close(self) -> None:
        if self._pdf is not None:
            self._pdf.close()
            self._pdf = None
