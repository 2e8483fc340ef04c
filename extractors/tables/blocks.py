"""What one page holds from top to bottom, before pages are stitched."""

from __future__ import annotations

from extractors.tables.grid import Lattice
from schemas.frozen import dataclass
from schemas.model import Aside, Box, Grid, Line


@dataclass(frozen=True, slots=True)
class Split:
    """Where a sheet is parted, in points from its left edge; from its top where its pages are `stacked`."""

    at: float
    stacked: bool = False

    def is_beyond(self, box: Box) -> bool:
        """Whether a box stands on the second page."""
        return box.middle[self.stacked] >= self.at


@dataclass(frozen=True, slots=True)
class PageBlocks:
    """One page's lines and grids from top to bottom; sizes in points. A sheet that holds two pages has the first one's
    blocks first; they part at `split`. `lattices` are the borders that its rules made; `lost` is what the
    page prints and none of its blocks holds."""

    number: int
    height: float
    blocks: tuple[Line | Grid, ...]
    split: Split | None = None
    lattices: tuple[Lattice, ...] = ()
    lost: tuple[Aside, ...] = ()
