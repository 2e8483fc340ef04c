"""The piece of the page around a value, small enough to be carried in a report; for a dump its line of text.

A band of the page as wide as the page, shared by all values that stand in it: its labels tell where a value is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from extractors.dump.lines import split_lines
from extractors.encoding import decode
from extractors.refusals import NotText
from pipeline.diff.sides import FileSide, Spot
from pipeline.output.pictures.originals import Filings
from pipeline.output.pictures.pages import CannotShow, Filing
from schemas.frozen import dataclass
from schemas.model import Box, Reader

DPI = 110  # of a crop: small print stays readable, and a band of A4 is 910 pixels wide
MARGIN = 20.0  # points shown above and below a value
BAND = 160.0  # points: values are put together in one crop until it is so high
TALLEST = 320.0  # points: what is higher is cut off below
GRAYS = 8  # shades of a crop
MOST_BYTES = 8_000_000  # of all crops of a report
CONTEXT = 120  # characters of a dump's line shown on either side of where a value begins

Gray = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ShownPlace:
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
    shown: dict[tuple[str, Spot, bool], ShownPlace] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    over: int = 0  # bands left out because the report would grow too large


def key_of(file: FileSide) -> str:
    """What a filing's crops are kept by: its content."""
    return file.sha256 or file.path


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
                place = ShownPlace(line=spot.line, text=spot.raw or "", sheet=spot.sheet, column=spot.column)
                crops.shown[key_of(file), spot, scan] = place
        spots = [each for each in all_spots if each[1].reader != Reader.OFFICE]
        if not spots:
            continue
        path = filings.find(file.path, file.sha256)
        if path is None:
            crops.missing.append(file.path)
            continue
        if any(spot.line is not None for _, spot, _ in spots):
            _cut_lines(crops, file, path, spots)
        pages: defaultdict[int, dict[tuple[Spot, bool], None]] = defaultdict(dict)
        for _, spot, scan in spots:
            if spot.page is not None and spot.box is not None:
                pages[spot.page][spot, scan] = None
        if pages:
            try:
                with Filing(path) as filing:
                    for number, those in sorted(pages.items()):
                        room = _cut_page(crops, file, filing, number, list(those), room)
            except CannotShow as error:
                crops.unreadable.append(f"{file.path}: {error.why}")
    return crops


def _cut_lines(crops: Crops, file: FileSide, path: Path, spots: Sequence[Wanted]) -> None:
    try:
        text, _ = decode(path.read_bytes())
    except (OSError, NotText) as error:
        crops.unreadable.append(f"{file.path}: {error}")
        return
    lines = split_lines(text)
    for _, spot, scan in spots:
        if spot.line is None or not 1 <= spot.line <= len(lines):
            continue
        line, at = lines[spot.line - 1], max((spot.column or 1) - 1, 0)
        first, last = max(at - CONTEXT, 0), at + CONTEXT
        said = ("…" if first else "") + line[first:last] + ("…" if last < len(line) else "")
        start = at - first + (1 if first else 0)
        crops.shown[key_of(file), spot, scan] = ShownPlace(line=spot.line, text=said, start=start)


def _cut_page(
    crops: Crops, file: FileSide, filing: Filing, number: int, those: list[tuple[Spot, bool]], room: int
) -> int:
    """Cut the bands of one page; what room is left."""
    bands = _bands([spot for spot, _ in those])
    if room <= 0:
        crops.over += len(bands)
        return room
    boxes = [s.box for form in file.forms for s in form.spots.values() if s.page == number and s.box is not None]
    try:
        picture, px = gray_picture(filing, number, scanned=any(scan for _, scan in those), boxes=boxes)
    except CannotShow as error:
        crops.unreadable.append(f"{file.path}: {error.why}")
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
                crops.shown[key_of(file), spot, scan] = ShownPlace(len(crops.images) - 1, where, page=number)
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


def gray_picture(filing: Filing, number: int, *, scanned: bool, boxes: Sequence[Box]) -> tuple[Gray, float]:
    """A page (from 1) in shades of gray at DPI at the most, and its pixels a point. Raises CannotShow."""
    picture = filing.picture(number, DPI / 72, scanned=scanned, boxes=boxes)
    shown, scale = picture.image.convert("L"), min(DPI / 72 / picture.px, 1.0)
    if picture.scan:
        shown = shown.resize((max(1, round(shown.width * scale)), max(1, round(shown.height * scale))))
    return np.asarray(shown), picture.px * scale


def _png(piece: Gray) -> bytes:
    """A small PNG of a few shades of gray; the same bytes for the same pixels."""
    levels = GRAYS - 1
    steps = np.round(piece.astype(np.float32) * levels / 255).astype(np.uint8)
    picture = Image.frombytes("P", (steps.shape[1], steps.shape[0]), steps.tobytes())
    picture.putpalette([v for k in range(GRAYS) for v in (k * 255 // levels,) * 3])
    out = BytesIO()
    picture.save(out, format="PNG", optimize=True, bits=4)
    return out.getvalue()
