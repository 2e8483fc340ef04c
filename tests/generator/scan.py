"""Prints layouts as scans: the PDF as page images, a little worse than they were, as image-only PDF, PNG or TIFF."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from pipeline.bench.degrade import Rung, degrade

from .layout import Layout
from .pdf import Style, write_pdf

MILD = (Rung(150, 0.0, 0, 90), Rung(200, 0.0, 0, 90), Rung(200, 0.7, 4, 90))


def write_scan(path: Path, layouts: Sequence[tuple[Layout, Style]], rung: Rung) -> Path:
    """Write the forms as `path` says: .pdf and .tif hold all pages, .png one (ValueError where there are more)."""
    with tempfile.TemporaryDirectory() as folder:
        printed = pypdfium2.PdfDocument(write_pdf(Path(folder) / "x.pdf", layouts))
        pages = [page.render(scale=rung.dpi / 72).to_pil().convert("RGB") for page in printed]
        printed.close()
    worse = [Image.fromarray(degrade(np.asarray(p), rung, f"{path.stem} {n}")) for n, p in enumerate(pages)]
    first, rest = worse[0], worse[1:]
    if path.suffix == ".png":
        if rest:
            raise ValueError(f"{path.name}: a PNG holds one page, and the form has {len(worse)}")
        first.save(path, dpi=(rung.dpi, rung.dpi))
    elif path.suffix == ".pdf":
        first.save(path, resolution=rung.dpi, save_all=True, append_images=rest)
    else:
        first.save(path, dpi=(rung.dpi, rung.dpi), save_all=True, append_images=rest, compression="tiff_lzw")
    return path
