"""What other programs make of the same files, each in a process of its own, to stand beside our figures.

`python -m pipeline.bench.peers NAME FOLDER` reads every file of a folder once: `pdfplumber` and `camelot` find the
tables of PDFs with a text layer, `PaddleOCR` recognises the text of scans by the models that we use, and nothing more.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.bench.archive import SCAN, TEXT_LAYER

PDFPLUMBER, CAMELOT, PADDLE = "pdfplumber", "camelot", "PaddleOCR"
PEERS = {TEXT_LAYER: (PDFPLUMBER, CAMELOT), SCAN: (PADDLE,)}
"""Those of each road."""


def by_pdfplumber(path: Path) -> None:
    """The tables of every page as lists of texts."""
    from pipeline.bench.speed import extract_tables

    extract_tables(path)


def by_camelot(path: Path) -> None:
    """The ruled tables of every page."""
    import camelot

    camelot.read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True)


def by_paddle(path: Path) -> None:
    """One bare call of the engine a page."""
    from pipeline.bench.scan_pages import recognise, render_pages

    recognise(render_pages(path), path.name)


READ: dict[str, Callable[[Path], None]] = {PDFPLUMBER: by_pdfplumber, CAMELOT: by_camelot, PADDLE: by_paddle}


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the folder. Returns 0."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.bench.peers", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("name", choices=tuple(READ))
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    logging.disable(logging.WARNING)  # they tell of fonts and of every page
    for path in sorted(options.folder.iterdir()):
        READ[options.name](path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
