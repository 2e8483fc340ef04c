"""Bounds that the PDF parsers lack: references that lead in circles, tables of places that claim more than they hold,
streams by the thousand that never end. A small file of either would keep them busy for ever.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

MOST_CODES = 1 << 20  # that the maps, widths and tables of one font may name; there are as many characters in Unicode
MOST_SEARCHED = 1 << 30  # bytes that the ends of streams are looked for in: some seconds
RANGES = re.compile(rb"/Index\s*+\[([\d\s]{1,400})\]")


def claims_too_much(path: Path) -> bool:
    """Whether pdfium, which finds a file's objects again by themselves, would look for the end of time: a table of
    places claims more of them than the file has bytes, or very many streams have no end, and that of each is looked
    for in the whole rest of the file."""
    data = path.read_bytes()
    endless = data.count(b"stream") - 2 * data.count(b"endstream")  # the word of an end holds that of a beginning
    if endless * len(data) > MOST_SEARCHED:
        return True
    return any(sum(int(count) for count in ranges[1].split()[1::2]) > len(data) for ranges in RANGES.finditer(data))


@cache
def bound_parser() -> None:
    """Put the bounds into the parser's own classes: all of its code follows references by them."""
    from pdfminer import cmapdb, pdffont
    from pdfminer.pdfdocument import PDFXRefStream
    from pdfminer.pdfinterp import PDFResourceManager
    from pdfminer.pdftypes import PDFObjRef

    load, get_font, codes = PDFXRefStream.load, PDFResourceManager.get_font, _Codes()

    def bounded_load(self: PDFXRefStream, parser: Any) -> None:
        load(self, parser)
        _bound(self, _size(parser.fp))

    def bounded_font(self: PDFResourceManager, objid: Any, spec: Any) -> Any:
        codes.left = MOST_CODES
        return get_font(self, objid, spec)

    for module in (cmapdb, pdffont):  # what they go through by numbers are the codes that a font claims to have
        vars(module)["range"] = codes.range
    PDFResourceManager.get_font = bounded_font  # type: ignore[method-assign]
    PDFObjRef.resolve = _resolve  # type: ignore[method-assign]
    PDFXRefStream.load = bounded_load  # type: ignore[method-assign]


class _Codes:
    """Counts the codes that a font claims to have."""

    left = MOST_CODES

    def range(self, *edges: int) -> range:
        """The numbers between two, as ever. Raises PDFValueError where a font has too many."""
        from pdfminer.pdfexceptions import PDFValueError

        if edges[-1] - (edges[0] if len(edges) > 1 else 0) > self.left:
            raise PDFValueError(f"a font that claims more than {MOST_CODES} characters")
        numbers = range(*edges)
        self.left -= len(numbers)
        return numbers


def _resolve(self: Any, default: object = None) -> Any:
    """What a reference leads to in the end; `default` where it leads to nothing, or back to itself."""
    from pdfminer.pdfexceptions import PDFException

    seen: set[int] = set()
    reached: Any = self
    while isinstance(reached, type(self)):
        if reached.objid in seen or reached.doc is None:
            return default
        seen.add(reached.objid)
        try:
            reached = reached.doc.getobj(reached.objid)
        except PDFException as error:
            if type(error).__name__ != "PDFObjectNotFound":
                raise
            return default
    return reached


def _bound(table: Any, size: int) -> None:
    """Leave of a table's ranges what its data holds, and no more places than the file, of `size` bytes, has bytes.
    Raises PDFNoValidXRef for widths that are none."""
    from pdfminer.pdfdocument import PDFNoValidXRef

    widths = (table.fl1, table.fl2, table.fl3)
    if not all(isinstance(width, int) and 0 <= width <= 8 for width in widths) or not table.entlen:
        raise PDFNoValidXRef(f"a table of places with the widths {widths}")
    left = min(len(table.data) // table.entlen, size)
    ranges = []
    for start, count in table.ranges:
        if not (isinstance(start, int) and isinstance(count, int)) or count < 0:
            raise PDFNoValidXRef("a table of places whose ranges are none")
        ranges.append((start, min(count, left)))
        left -= ranges[-1][1]
    table.ranges = ranges


def _size(stream: Any) -> int:
    """The bytes of an open file, which stays where it is."""
    place = stream.tell()
    size = int(stream.seek(0, os.SEEK_END))
    stream.seek(place)
    return size
