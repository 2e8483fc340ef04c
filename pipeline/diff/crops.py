"""The piece of the page around a value, small enough to be carried in a report; for a dump its line of text.

A band of the page as wide as the page, shared by all values that stand in it: its labels tell where a value is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from extractors.dump import UnknownEncoding, decode
from extractors.intake import IMAGES, CannotRead, digest
from pipeline.diff.sides import FileSide, Spot
from schemas.model import Box, Reader

DPI = 110  # of a crop: small print stays readable, and a band of A4 is 910 pixels wide
SCAN_DPI = 150  # at which a scan is straightened before it is cut
MARGIN = 20.0  # points shown above and below a value
BAND = 160.0  # points: values are put together in one crop until it is so high
TALLEST = 320.0  # points: what is higher is cut off below
GRAYS = 8  # shades of a crop
MOST_BYTES = 8_000_000  # of all crops of a report
CONTEXT = 120  # characters of a dump's line shown on either side of where a value begins
DARK = 140  # of 255: darker is ink
CLEARLY = 1.1  # times as much ink in the boxes: then a page was not straightened, or stands on its head
PDF_WITHIN = 1024  # bytes within which a PDF says that it is one

Gray = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a value's place: a crop by its number with the box in it, in parts of its width and height;
    or a line of a dump (`line`, from 1) with where the value begins in `text`; or the text of an office file as it was
    seen, in that line of the document, or row and column (from 1) of its `sheet`."""

    crop: int | None = None
    box: tuple[float, float, float, float] | None = None
    page: int | None = None
    line: int | None = None
    text: str | None = None
    start: int = 0
    sheet: str | None = None
    column: int | None = None


@dataclass(slots=True)
class Crops:
    """The crops of a report: PNGs, what is shown of each spot, and what could not be shown and why."""

    images: list[bytes] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    shown: dict[tuple[str, Spot, bool], Shown] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    over: int = 0  # bands left out because the report would grow too large


def key_of(file: FileSide) -> str:
    """What a filing's crops are kept by: its content."""
    return file.sha256 or file.path


class Filings:
    """Finds the filings that a side was read from: below a folder, else where their paths lead. Only a file with
    the very content counts."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._by_name: defaultdict[str, list[Path]] = defaultdict(list)
        if folder is not None:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                self._by_name[path.name].append(path)
        self._found: dict[tuple[str, str | None], Path | None] = {}

    def find(self, file: FileSide) -> Path | None:
        """The filing, None where it cannot be found."""
        key = (file.path, file.sha256)
        if key not in self._found:
            self._found[key] = self._look(file)
        return self._found[key]

    def _look(self, file: FileSide) -> Path | None:
        if file.sha256 is None:
            return None
        candidates = [Path(file.path)]
        if self._folder is not None:
            candidates = [*self._by_name.get(Path(file.path).name, []), *candidates]
        for path in candidates:
            try:
                if path.is_file() and digest(path) == file.sha256:
                    return path
            except (CannotRead, OSError):
                continue  # what cannot be opened is not the filing that we look for
        return None


Wanted = tuple[FileSide, Spot, bool]
"""A filing, where a value stands in it, and whether the form was read as a scan."""


def cut(wanted: Sequence[Wanted], filings: Filings, most_bytes: int = MOST_BYTES) -> Crops:
    """The crops for some values; those first in order come first, should not all find room."""
    crops = Crops()
    by_file: defaultdict[str, list[Wanted]] = defaultdict(list)
    for each in wanted:
        by_file[key_of(each[0])].append(each)
    room = most_bytes
    for all_spots in by_file.values():
        file = all_spots[0][0]
        for _, spot, scan in all_spots:
            if spot.reader == Reader.OFFICE:  # its bytes are no lines; what was seen is what can be shown
                place = Shown(line=spot.line, text=spot.raw or "", sheet=spot.sheet, column=spot.column)
                crops.shown[key_of(file), spot, scan] = place
        spots = [each for each in all_spots if each[1].reader != Reader.OFFICE]
        if not spots:
            continue
        found = filings.find(file)
        if found is None:
            crops.missing.append(file.path)
            continue
        if any(spot.line is not None for _, spot, _ in spots):
            _cut_lines(crops, file, found, spots)
        pages: defaultdict[int, dict[tuple[Spot, bool], None]] = defaultdict(dict)
        for _, spot, scan in spots:
            if spot.page is not None and spot.box is not None:
                pages[spot.page][spot, scan] = None
        for number, those in sorted(pages.items()):
            room = _cut_page(crops, file, found, number, list(those), room)
    return crops


def _cut_lines(crops: Crops, file: FileSide, found: Path, spots: Sequence[Wanted]) -> None:
    try:
        text, _ = decode(found.read_bytes())
    except (OSError, UnknownEncoding) as error:
        crops.unreadable.append(f"{file.path}: {error}")
        return
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for _, spot, scan in spots:
        if spot.line is None or not 1 <= spot.line <= len(lines):
            continue
        line, at = lines[spot.line - 1], max((spot.column or 1) - 1, 0)
        first, last = max(at - CONTEXT, 0), at + CONTEXT
        said = ("…" if first else "") + line[first:last] + ("…" if last < len(line) else "")
        start = at - first + (1 if first else 0)
        crops.shown[key_of(file), spot, scan] = Shown(line=spot.line, text=said, start=start)


def _cut_page(crops: Crops, file: FileSide, found: Path, number: int, those: list[tuple[Spot, bool]], room: int) -> int:
    """Cut the bands of one page; what room is left."""
    bands = _bands([spot for spot, _ in those])
    if room <= 0:
        crops.over += len(bands)
        return room
    boxes = [s.box for form in file.forms for s in form.spots.values() if s.page == number and s.box is not None]
    try:
        picture, px = page_picture(found, number, scanned=any(scan for _, scan in those), boxes=boxes)
    except CannotShow as error:
        crops.unreadable.append(f"{file.path}: page {number}: {error}")
        return room
    for top, bottom, members in bands:
        y0, y1 = max(math.floor(top * px), 0), min(math.ceil(bottom * px), picture.shape[0])
        if y1 <= y0:
            continue
        data = _png(picture[y0:y1])
        if len(data) > room:
            crops.over += 1
            room = 0
            continue
        room -= len(data)
        crops.images.append(data)
        height, width = y1 - y0, picture.shape[1]
        crops.sizes.append((width, height))
        for spot in members:
            box = spot.box
            assert box is not None
            at = (box.left * px / width, (box.top * px - y0) / height, box.right * px / width)
            inside = (*at, min((box.bottom * px - y0) / height, 1.0))
            where = tuple(round(v, 4) for v in inside)
            for scan in {scan for each, scan in those if each == spot}:
                crops.shown[key_of(file), spot, scan] = Shown(len(crops.images) - 1, where, page=number)
    return room


def _bands(spots: Sequence[Spot]) -> list[tuple[float, float, list[Spot]]]:
    """Spots of one page put together in bands: (top, bottom, spots), from the top of the page."""
    bands: list[tuple[float, float, list[Spot]]] = []
    for spot in sorted(spots, key=lambda s: (s.box.top, s.box.bottom, s.box.left) if s.box else (0.0, 0.0, 0.0)):
        assert spot.box is not None
        top, bottom = spot.box.top - MARGIN, min(spot.box.bottom + MARGIN, spot.box.top + TALLEST)
        if bands and max(bottom, bands[-1][1]) - bands[-1][0] <= BAND:
            first, last, members = bands[-1]
            bands[-1] = (first, max(last, bottom), [*members, spot])
        else:
            bands.append((top, bottom, [spot]))
    return bands


class CannotShow(Exception):
    """A page that cannot be shown; the message says why."""


def page_picture(path: Path, number: int, *, scanned: bool, boxes: Sequence[Box]) -> tuple[Gray, float]:
    """A page (from 1) in shades of gray, and its pixels a point.

    What was read as a scan was straightened before; whether this page was, and which way up, its `boxes` tell:
    they hold ink where they belong. Raises CannotShow.
    """
    with path.open("rb") as stream:
        is_pdf = b"%PDF-" in stream.read(PDF_WITHIN)
    if not scanned:
        picture, px = _pdf_page(path, number, DPI)
        return np.asarray(picture.convert("L")), px
    plain, px = _pdf_page(path, number, SCAN_DPI) if is_pdf else _image_page(path, number)
    from extractors.scan.page import straighten  # heavy: only where a page is a scan

    upright = straighten(np.asarray(plain)).image
    versions = [np.asarray(Image.fromarray(v).convert("L")) for v in (upright, np.rot90(upright, 2), np.asarray(plain))]
    best, ink = versions[0], _ink(versions[0], px, boxes)
    for other in versions[1:]:
        if (more := _ink(other, px, boxes)) > CLEARLY * ink:
            best, ink = other, more
    small = Image.fromarray(best)
    scale = min(DPI / 72 / px, 1.0)
    small = small.resize((max(1, round(small.width * scale)), max(1, round(small.height * scale))))
    return np.asarray(small), px * scale


def _ink(picture: Gray, px: float, boxes: Sequence[Box]) -> float:
    """The share of ink in some boxes of a page."""
    inside = [
        picture[int(b.top * px) : int(b.bottom * px) + 1, int(b.left * px) : int(b.right * px) + 1] for b in boxes
    ]
    area = sum(piece.size for piece in inside)
    return sum(int((piece < DARK).sum()) for piece in inside) / area if area else 0.0


def _pdf_page(path: Path, number: int, dpi: float) -> tuple[Image.Image, float]:
    """A page of a PDF as large as its boxes are counted on: what the crop box hides is white."""
    import pypdfium2  # heavy: only where a page is shown

    px = dpi / 72
    try:
        pdf = pypdfium2.PdfDocument(path)
        try:
            page = pdf[number - 1]
            turned = page.get_rotation()
            shown: Image.Image = page.render(scale=px).to_pil().convert("RGB")
            left, top, size = _offset(page.get_mediabox(), page.get_cropbox(), turned)
        finally:
            pdf.close()
    except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError, OSError) as error:
        raise CannotShow(str(error) or type(error).__name__) from error
    if (left, top) == (0.0, 0.0):
        return shown, px
    whole = Image.new("RGB", (max(1, round(size[0] * px)), max(1, round(size[1] * px))), "white")
    whole.paste(shown, (round(left * px), round(top * px)))
    return whole, px


Edges = tuple[float, float, float, float]


def _offset(media: Edges, crop: Edges, turned: int) -> tuple[float, float, tuple[float, float]]:
    """Where the visible part of a page begins, from the left and the top of the whole, turned as it is shown; and
    the size of the whole. Boxes are (left, bottom, right, top)."""
    gaps = [crop[0] - media[0], media[3] - crop[3], media[2] - crop[2], crop[1] - media[1]]  # left, top, right, bottom
    size = (media[2] - media[0], media[3] - media[1])
    for _ in range(turned // 90 % 4):  # clockwise: what was at the bottom is at the left
        gaps = [gaps[3], gaps[0], gaps[1], gaps[2]]
        size = (size[1], size[0])
    return max(gaps[0], 0.0), max(gaps[1], 0.0), size


def _image_page(path: Path, number: int) -> tuple[Image.Image, float]:
    from extractors.scan.images import BadImage, image_pages

    with path.open("rb") as stream:
        head = stream.read(8)
    if not head.startswith(IMAGES):
        raise CannotShow("it is neither a PDF nor an image")
    try:
        for page in image_pages(path):
            if page.number == number:
                return Image.fromarray(page.pixels), page.dpi / 72
    except BadImage as error:
        raise CannotShow(str(error)) from error
    raise CannotShow("there is no such page")


def _png(piece: Gray) -> bytes:
    """A small PNG of a few shades of gray; the same bytes for the same pixels."""
    levels = GRAYS - 1
    steps = np.round(piece.astype(np.float32) * levels / 255).astype(np.uint8)
    picture = Image.frombytes("P", (steps.shape[1], steps.shape[0]), steps.tobytes())
    picture.putpalette([v for k in range(GRAYS) for v in (k * 255 // levels,) * 3])
    out = BytesIO()
    picture.save(out, format="PNG", optimize=True, bits=4)
    return out.getvalue()
