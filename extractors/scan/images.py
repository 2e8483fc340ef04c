"""Page images from image files, whose pages come one by one.

Images come out as RGB, upright by what the camera noted, at a resolution at which text is read well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pictures
from PIL import ImageOps, UnidentifiedImageError

from extractors.damage import ends_gray
from extractors.pages import HIGHEST, LONGEST, LOWEST, MOST_PIXELS, USUAL, PageImage
from extractors.refusals import BrokenImage, ImageTooLarge
from extractors.scan.ink import is_even

A4 = 11.69  # inches: the longer side that an image is taken to have where it does not say
SIDES = (5.0, 24.0)  # inches: a longer side outside of this says that the resolution noted is none
COARSEST = 50.0  # dots an inch at which letters may still be told: an image of fewer is that of a smaller paper


def count_pages(path: Path) -> int:
    """The number of images in a file; raises BrokenImage."""
    with _opened(path) as picture:
        return _count(picture)[0]


def image_pages(path: Path) -> Iterator[PageImage]:
    """The pages of an image file one after the other; only one is held. Raises BrokenImage, naming the page."""
    with _opened(path) as picture:
        count, notes = _count(picture)
        for i in range(count):
            try:
                picture.seek(i)
                page = _page_image(picture, i + 1)
                yield replace(page, notes=(*notes, *page.notes))
            except (BrokenImage, ImageTooLarge):
                raise
            except Pictures.DecompressionBombError as error:
                raise ImageTooLarge(detail=f"page {i + 1}: {error}", page=i + 1) from error
            except (OSError, SyntaxError, ValueError, MemoryError, EOFError) as error:
                raise BrokenImage(detail=f"page {i + 1}: {error or type(error).__name__}", page=i + 1) from error


def _count(picture: Any) -> tuple[int, tuple[str, ...]]:
    """The number of pages of an open image, and a remark where it holds more images. Only the images of a TIFF are
    pages: those of a PNG are frames, and cameras put previews and maps of brightness behind a JPEG's."""
    try:
        images = int(getattr(picture, "n_frames", 1))
    except (OSError, SyntaxError, ValueError, EOFError, TypeError) as error:
        raise BrokenImage(detail=f"its pages cannot be counted: {error or type(error).__name__}", page=1) from error
    if picture.format == "TIFF" or images == 1:
        return images, ()
    return 1, (f"the first of the {images} images in the {picture.format} file was read",)


def _opened(path: Path) -> Any:
    limit, Pictures.MAX_IMAGE_PIXELS = Pictures.MAX_IMAGE_PIXELS, None  # sizes are looked at page by page
    try:
        return Pictures.open(path)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BrokenImage(detail=str(error) or type(error).__name__, page=1) from error
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
        raise ImageTooLarge(detail=f"page {number}: {width} × {height} pixels", page=number)
    if jpeg and ends_gray(picture):
        raise BrokenImage(detail=f"page {number}: it breaks off", page=number)
    long = max(width, height)
    dpi = max(noted if noted and SIDES[0] <= long / noted <= SIDES[1] else long / A4, COARSEST)
    inches = long / dpi
    pixels = _rgb(picture)
    wanted = min(max(dpi, LOWEST if dpi >= LOWEST else USUAL), HIGHEST)
    wanted = min(wanted, LONGEST / inches)
    if is_even(np.asarray(pixels)):  # nothing is read at any size
        wanted = min(wanted, dpi)
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
