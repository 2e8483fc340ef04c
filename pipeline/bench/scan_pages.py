"""Page images from PDFs, and the two ways to read them: the whole road, and one bare PaddleOCR call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from extractors.ocr.engine import Engine, PaddleEngine
    from schemas.families import Family
    from schemas.model import Document
    from schemas.reading import FormReading

Image = npt.NDArray[np.uint8]
Pages = Sequence[tuple[Image, float]]  # page images with their pixels an inch

LOWEST_DPI, USUAL_DPI, HIGHEST_DPI = 100.0, 200.0, 300.0
IMAGE_OBJECT = 3  # what pypdfium2 calls a picture on a page


@cache
def families() -> list[Family]:
    """The built-in families, read once."""
    from schemas.families import load_families

    return load_families()


@cache
def engine() -> PaddleEngine:
    """The built-in engine, its models loaded once."""
    from extractors.ocr.engine import PaddleEngine
    from extractors.ocr.models import built_in

    return PaddleEngine(built_in())


@cache
def _bare() -> Any:
    """PaddleOCR as the road calls it, without the road: same models, same settings."""
    return engine().load()


def read_pages(pages: Iterable[tuple[Image, float]], name: str, by: Engine | None = None) -> list[FormReading]:
    """The whole road from page images to forms, by the built-in engine where no other is given."""
    from pipeline.running.worker import read_forms
    from schemas.language.vocabulary import load_words

    return read_forms(document_of(pages, name, by), families(), load_words())


def document_of(pages: Iterable[tuple[Image, float]], name: str, by: Engine | None = None) -> Document:
    """What is read of page images before forms are looked for in it."""
    from extractors.pages import PageImage, whole
    from extractors.scan.road import ScannedPages
    from schemas.language.vocabulary import load_words
    from schemas.model import Document, Reader

    words = load_words()
    scans = ScannedPages(words, lambda: by or engine())
    blocks = [scans.page(PageImage(n, image, dpi))[0] for n, (image, dpi) in enumerate(pages, start=1)]
    every = frozenset(range(1, len(blocks) + 1))
    read = whole(blocks, {}, every, scans, words)
    return Document(name, "0", Reader.OCR, len(blocks), read.blocks, (), every, read.aside, read.accounts)


def recognise(pages: Iterable[tuple[Image, float]], name: str) -> None:
    """One bare PaddleOCR call a page."""
    for image, _ in pages:
        _bare().predict(np.ascontiguousarray(image[..., ::-1]))


def render_pages(path: Path, dpi: float | None = None, only: Sequence[int] = ()) -> Iterator[tuple[Image, float]]:
    """The pages of a PDF as images with their resolution: the given one, else that of the page's largest picture."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    try:
        for number in only or range(1, len(pdf) + 1):
            page = pdf[number - 1]
            fine = dpi or _own_dpi(page)
            image = page.render(scale=fine / 72).to_pil().convert("RGB")
            page.close()
            yield np.array(image), fine
    finally:
        pdf.close()


def _own_dpi(page: Any) -> float:
    pictures = [o.get_px_size() for o in page.get_objects() if o.type == IMAGE_OBJECT]
    if not pictures:
        return USUAL_DPI
    longer = max(max(size) for size in pictures)
    return min(max(float(round(longer / max(page.get_size()) * 72)), LOWEST_DPI), HIGHEST_DPI)


def pdfs(folders: Sequence[Path]) -> list[Path]:
    """The PDFs below some folders."""
    return sorted(path for folder in folders for path in folder.rglob("*.pdf"))


@cache
def page_count(path: Path) -> int:
    """The number of pages of a PDF."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    try:
        return len(pdf)
    finally:
        pdf.close()
