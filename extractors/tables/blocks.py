"""What one page holds from top to bottom, before pages are stitched."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.tables.grid import Lattice
from schemas.model import Aside, Grid, Line


@dataclass(frozen=True, slots=True)
class PageBlocks:
    """One page's lines and grids from top to bottom; sizes in points. A sheet that holds two pages side by side has the
    left one's blocks first; they part at `split`. `lattices` are the borders that its rules made; `lost` is what the
    page prints and none of its blocks holds."""

    number: int
    height: float
    blocks: tuple[Line | Grid, ...]
    split: float | None = None
    lattices: tuple[Lattice, ...] = ()
    lost: tuple[Aside, ...] = ()
