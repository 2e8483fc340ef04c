"""Which PDFs can be measured as what: those with a text layer beside other programs that read one, scans apart."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def scanned_page(path: Path) -> str | None:
    """Which page of a PDF the reader takes for a scan, and why; None where it reads the text layer of all of them.

    Pages are parsed up to the first such one; no OCR engine is loaded. Raises CannotRead.
    """
    from extractors.pdf.pages import open_pdf, scan_reason, sheets  # heavy: who measures memory imports this module

    with open_pdf(path) as pdf:
        for sheet, cover in sheets(pdf):
            if (reason := scan_reason(sheet, cover)) is not None:
                return f"page {sheet.number} is a scan: {reason}"
    return None
