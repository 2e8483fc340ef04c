"""The boxes of a PDF page: its sheet, and what of it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.pdf.turned import box_turned_back
from schemas.model import Box

Edges = tuple[float, float, float, float]


def edges(box: Sequence[float]) -> Edges:
    """A box as (left, bottom, right, top): a file may name any two of its opposite corners."""
    (left, right), (bottom, top) = sorted((box[0], box[2])), sorted((box[1], box[3]))
    return float(left), float(bottom), float(right), float(top)


def visible_part(media: Sequence[float], crop: Sequence[float], rotation: int) -> Box:
    """What the crop box leaves of a page, in points from the top left of the sheet as it is shown. `media` and `crop`
    are the page's boxes before its `rotation` (degrees, clockwise), in points upwards."""
    left, bottom, right, top = edges(media)
    x0, y0, x1, y1 = edges(crop)
    x0, y0, x1, y1 = max(x0, left), max(y0, bottom), min(x1, right), min(y1, top)
    if x0 >= x1 or y0 >= y1:
        x0, y0, x1, y1 = left, bottom, right, top  # it lies beside the sheet: no reader heeds it
    box = Box(x0 - left, top - y1, x1 - left, top - y0)
    return box_turned_back(box, -rotation % 360, right - left, top - bottom)
