"""Pictures of pages and lines of dumps, from the original files; only files of the archive, by their content."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from extractors.dump import UnknownEncoding, decode
from extractors.intake import CannotRead, digest

SCALE = 2.0  # pixels a point of a drawn page
CACHE = 64_000_000  # bytes of pictures that are kept
MOST_PIXELS = 40_000_000  # of a picture
AROUND = 200  # lines of a dump that are shown before and after a value
LONGEST_LINE = 4_000  # characters of a line that are shown
DARK = 128  # brightness under which a pixel is ink

Boxes = Sequence[tuple[float, float, float, float]]


class NoOriginal(Exception):
    """The original file, or the page of it, cannot be shown; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page: its size in points, and the picture with its media type."""

    width: float
    height: float
    data: bytes
    media: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of a dump; `first` is the number of the first, from 1, `total` how many the dump has."""

    first: int
    total: int
    lines: tuple[str, ...]


class Originals:
    """The archive's folders. Nothing outside of them is ever opened, whatever paths a database holds."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = [folder.resolve() for folder in folders]
        self._known: dict[tuple[str, int, int], str] = {}
        self._pictures: OrderedDict[tuple[str, int], Picture] = OrderedDict()
        self._lock = threading.Lock()  # pdfium draws one page at a time

    def find(self, paths: Sequence[str], sha256: str) -> Path:
        """The file that was known by one of these paths, if its content is still the same. Raises NoOriginal.

        A path counts below a folder of the archive, below a folder directly in it, and as it stands.
        """
        changed: Path | None = None
        for path in self._candidates(paths):
            if self._digest(path) == sha256:
                return path
            changed = path
        if changed is not None:
            raise NoOriginal(f"{changed.name} is not the file that was read: its content has changed since")
        where = ", ".join(map(str, self.folders))
        raise NoOriginal(f"the original {paths[0]} is not in {where}; name its folder with --files")

    def _candidates(self, paths: Sequence[str]) -> list[Path]:
        found: list[Path] = []
        for folder in self.folders:
            try:
                inner = [folder, *sorted(p for p in folder.iterdir() if p.is_dir())]
            except OSError:
                continue  # a missing folder holds nothing; `find` names it
            for path in paths:
                for candidate in (*(place / path for place in inner), Path(path)):
                    try:
                        real = candidate.resolve()
                        if real.is_relative_to(folder) and real.is_file() and real not in found:
                            found.append(real)
                    except (OSError, ValueError):
                        continue  # a name that the system cannot have is no file
        return found

    def _digest(self, path: Path) -> str | None:
        try:
            state = path.stat()
            key = (str(path), state.st_size, state.st_mtime_ns)
            if key not in self._known:
                self._known[key] = digest(path)
            return self._known[key]
        except (OSError, CannotRead):
            return None

    def picture(self, path: Path, sha256: str, page: int, scanned: bool, boxes: Boxes) -> Picture:
        """A page (from 1) as the boxes see it: the whole sheet, or the straightened scan where it is `scanned` and is
        one. Raises NoOriginal."""
        with self._lock:
            kept = self._pictures.pop((sha256, page), None)
            if kept is None:
                try:
                    kept = _draw(path, page, scanned, boxes)
                except NoOriginal:
                    raise
                except Exception as error:
                    # the file was read once, but its decoders fail in many ways on a hostile one
                    raise NoOriginal(f"{path.name}, page {page}: cannot be drawn ({error})") from error
            self._pictures[(sha256, page)] = kept
            while len(self._pictures) > 1 and sum(len(p.data) for p in self._pictures.values()) > CACHE:
                self._pictures.popitem(last=False)
            return kept


def excerpt(path: Path, line: int) -> Excerpt:
    """The lines of a dump around a line (from 1). Raises NoOriginal."""
    try:
        text, _ = decode(path.read_bytes())
    except (OSError, UnknownEncoding) as error:
        raise NoOriginal(f"{path.name}: cannot be read ({error})") from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = max(1, line - AROUND)
    return Excerpt(first, len(lines), tuple(each[:LONGEST_LINE] for each in lines[first - 1 : line + AROUND]))


def _draw(path: Path, page: int, scanned: bool, boxes: Boxes) -> Picture:
    with path.open("rb") as stream:
        is_pdf = b"%PDF-" in stream.read(1024)
    if not is_pdf:
        return _scan(_image(path, page), boxes)
    from extractors.read import cover_of, open_pdf, scan_reason  # heavy: only where a PDF is drawn
    from extractors.text_layer import read_sheet

    with open_pdf(path, path.name) as pdf:
        if not 1 <= page <= len(pdf.pages):
            raise NoOriginal(f"{path.name}: there is no page {page}")
        shown = pdf.pages[page - 1]
        if scanned:
            cover = cover_of(shown)
            if scan_reason(read_sheet(shown, page), cover) is not None:
                return _scan(_pdf_image(path, page, cover.pixels, float(shown.width)), boxes)
        size = (float(shown.width), float(shown.height))
        shift = (float(shown.cropbox[0] - shown.bbox[0]), float(shown.cropbox[1] - shown.bbox[1]))
    return _sheet(path, page, size, shift)


def _sheet(path: Path, page: int, size: tuple[float, float], shift: tuple[float, float]) -> Picture:
    """The page as pdfium draws it, on a sheet of the reader's size; what the crop box hides stays white."""
    import pypdfium2

    scale = min(SCALE, (MOST_PIXELS / max(size[0] * size[1], 1.0)) ** 0.5)
    pdf = pypdfium2.PdfDocument(path)
    try:
        drawn = pdf[page - 1].render(scale=scale).to_pil().convert("RGB")
    finally:
        pdf.close()
    picture = Image.new("RGB", (max(1, round(size[0] * scale)), max(1, round(size[1] * scale))), "white")
    picture.paste(drawn, (round(shift[0] * scale), round(shift[1] * scale)))
    return Picture(*size, _encoded(picture, "PNG"), "image/png")


def _image(path: Path, page: int) -> Any:
    from itertools import islice

    from extractors.scan.images import image_pages

    found = next(islice(image_pages(path), page - 1, None), None)
    if found is None:
        raise NoOriginal(f"{path.name}: there is no page {page}")
    return found


def _pdf_image(path: Path, page: int, pixels: float, width: float) -> Any:
    from extractors.scan.images import PdfImages

    images = PdfImages(path)
    try:
        return images.page(page, pixels, width)
    finally:
        images.close()


def _scan(image: Any, boxes: Boxes) -> Picture:
    """The straightened page. Whether it stood on its head the reader knew from the text; here the boxes tell: they
    hold more ink the right way up."""
    from extractors.scan.page import straighten
    from extractors.scan.straighten import turn

    straight = straighten(image.pixels)
    px = image.dpi / 72.0
    if _ink(turn(straight.image, 2), boxes, px) > _ink(straight.image, boxes, px):
        straight = replace(straight, image=turn(straight.image, 2))
    height, width = straight.image.shape[:2]
    return Picture(width / px, height / px, _encoded(Image.fromarray(straight.image), "JPEG"), "image/jpeg")


def _ink(image: Any, boxes: Boxes, px: float) -> int:
    gray = np.asarray(image).mean(axis=2)
    pieces = (gray[int(t * px) : int(b * px) + 1, int(x * px) : int(r * px) + 1] for x, t, r, b in boxes)
    return sum(int((piece < DARK).sum()) for piece in pieces)


def _encoded(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **({"quality": 88} if form == "JPEG" else {"compress_level": 3}))
    return out.getvalue()
