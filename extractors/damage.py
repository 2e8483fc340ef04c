"""How an image looks that breaks off, whichever file it lies in."""

from __future__ import annotations

from typing import Any

GRAY = 128  # what decoders of JPEG fill the rest of an image with that breaks off
REST = 0.02  # of an image's height: so much of that gray at its foot is no picture


def ends_gray(picture: Any) -> bool:
    """Whether the foot of a decoded JPEG is what decoders put for what is missing: one gray from side to side."""
    rows = max(round(picture.height * REST), 2)
    if picture.height <= 2 * rows:
        return False
    foot = picture.crop((0, picture.height - rows, *picture.size))
    low, high = foot.convert("L").getextrema()
    if not GRAY - 1 <= low <= high <= GRAY + 1:
        return False
    low, high = picture.convert("L").getextrema()
    return bool(high > low + 2)  # a picture that is gray all over is whole
