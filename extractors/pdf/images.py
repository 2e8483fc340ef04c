"""Pages of a PDF as images, at the resolution of the scan that they show."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from extractors.pages import HIGHEST, LONGEST, LOWEST, USUAL, PageImage
from extractors.refusals import BrokenImage


def drawn_with_fields(path: Path) -> Any:
    """A PDF opened by pdfium, which draws its form fields too. Raises PdfiumError."""
    import pypdfium2  # heavy: only where a page is rendered

    pdf = pypdfium2.PdfDocument(path)
    with suppress(pypdfium2.PdfiumError):
        pdf.init_forms()
    return pdf


class PdfImages:
    """Pages of a PDF as pdfium sees them; opened at the first page that needs it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pdf: Any = None

    def page(self, number: int, image_width: float | None, width: float, unit: float = 1.0) -> PageImage:
        """A page as an image, at the resolution of the scan that it shows (`image_width` pixels over `width`
        points), within bounds; `unit` is how many points its unit has, which pdfium takes for one. Raises
        BrokenImage."""
        import pypdfium2  # heavy: only where a page is rendered

        dpi = USUAL if not image_width or width <= 0 else image_width * 72.0 / width
        dpi = min(max(dpi, LOWEST if dpi >= LOWEST * 0.95 else USUAL), HIGHEST)
        try:
            page = self._opened()[number - 1]
            longest = max(page.get_size()) * unit * dpi / 72.0
            if longest > LONGEST:
                dpi *= LONGEST / longest
            picture = page.render(scale=unit * dpi / 72.0).to_pil().convert("RGB")
            page.close()
        except (pypdfium2.PdfiumError, ValueError, MemoryError, OSError) as error:
            raise BrokenImage(detail=f"page {number}: it cannot be rendered ({error})", page=number) from error
        return PageImage(number, np.asarray(picture), dpi)

    def has_text(self, number: int) -> bool:
        """Whether any letter or digit is on a page; not where pdfium cannot tell."""
        import pypdfium2

        try:
            page = self._opened()[number - 1]
            text = page.get_textpage().get_text_range()
            page.close()
        except (pypdfium2.PdfiumError, ValueError, MemoryError, OSError):
            return False
        return any(letter.isalnum() for letter in text)

    def _opened(self) -> Any:
        if self._pdf is None:
            self._pdf = drawn_with_fields(self.path)
        return self._pdf

    def close(self) -> None:
        if self._pdf is not None:
            self._pdf.close()
            self._pdf = None
