"""What one page holds from top to bottom, before pages are stitched."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.model import Grid, Line


@dataclass(frozen=True, slots=True)
class PageBlocks:
    """One page's lines and grids from top to bottom; sizes in points."""

    number: int
    height: float
    blocks: tuple[Line | Grid, ...]
