"""A part of a filing's page as a picture, with a value's box on it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from pipeline.output.pictures.pages import Filing
from schemas.model import Place

FRAME = (225, 0, 160)


def crop(path: Path, place: Place, scale: float, margin: float) -> Image.Image:
    """The ink around a place of a PDF or image, `scale` in pixels a point, `margin` in points. Raises CannotShow, and
    LookupError for a place without a page and box."""
    if place.page is None or place.box is None:
        raise LookupError("the place is on no page")
    with Filing(path) as filing:
        picture = filing.picture(place.page, scale, boxes=[place.box])
    px, box = picture.px, place.box
    image = picture.image.copy()
    edges = (box.left * px - 2, box.top * px - 2, box.right * px + 2, box.bottom * px + 2)
    ImageDraw.Draw(image).rectangle(edges, outline=FRAME, width=2)
    wide = (max(0, edges[0] - margin * px), max(0, edges[1] - margin * px))
    return image.crop((*wide, edges[2] + margin * px, edges[3] + margin * px))
