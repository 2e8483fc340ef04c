"""What the review page shows of an original: pictures of its pages, or lines of a dump."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path

from extractors.dump.lines import split_lines
from extractors.encoding import decode
from extractors.refusals import NotText
from pipeline.output.pictures.originals import NoOriginal
from pipeline.output.pictures.pages import CannotShow, Filing
from schemas.frozen import dataclass
from schemas.model import Box

SCALE = 2.0  # pixels a point of a drawn page
CACHE = 64_000_000  # bytes of pictures that are kept
AROUND = 200  # lines of a dump that are shown before and after a value
LONGEST_LINE = 4_000  # characters of a line that are shown


@dataclass(frozen=True, slots=True)
class ServedPicture:
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


class Pages:
    """The pictures of pages that were asked for last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, ServedPicture] = OrderedDict()  # by all that a picture depends on
        self._lock = threading.Lock()  # pdfium draws one page at a time

    def picture(self, path: Path, sha256: str, page: int, scanned: bool, boxes: tuple[Box, ...]) -> ServedPicture:
        """A page (from 1) as the boxes see it: the whole sheet, or the straightened scan where it is `scanned` and is
        one. Raises NoOriginal."""
        with self._lock:
            key = (sha256, page, scanned, boxes)
            kept = self._kept.pop(key, None) or _picture(path, page, scanned, boxes)
            self._kept[key] = kept
            while len(self._kept) > 1 and sum(len(p.data) for p in self._kept.values()) > CACHE:
                self._kept.popitem(last=False)
            return kept


def _picture(path: Path, page: int, scanned: bool, boxes: tuple[Box, ...]) -> ServedPicture:
    try:
        with Filing(path) as filing:
            shown = filing.picture(page, SCALE, scanned=scanned, boxes=boxes)
    except CannotShow as error:
        raise NoOriginal(f"{path.name}: {error.why}") from error
    out = io.BytesIO()
    if shown.scan:  # a photograph
        shown.image.save(out, "JPEG", quality=88)
    else:
        shown.image.save(out, "PNG", compress_level=3)
    return ServedPicture(shown.width, shown.height, out.getvalue(), "image/jpeg" if shown.scan else "image/png")


def excerpt(path: Path, line: int) -> Excerpt:
    """The lines of a dump around a line (from 1). Raises NoOriginal."""
    try:
        text, _ = decode(path.read_bytes())
    except (OSError, NotText) as error:
        raise NoOriginal(f"{path.name}: cannot be read ({error})") from error
    lines = split_lines(text)
    first = max(1, line - AROUND)
    return Excerpt(first, len(lines), tuple(each[:LONGEST_LINE] for each in lines[first - 1 : line + AROUND]))
