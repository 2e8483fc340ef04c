"""PDFs whose end does not say that they are whole, and PDFs that one reader cannot open and another one can.

pdfium finds the objects of a file again by themselves where its list of them is wrong or missing. What it gives counts
only if nothing is lost: as many pages, and everything there that they refer to.
"""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path
from typing import Any

MOST_OBJECTS = 1_000_000  # that are looked at; a filing of a thousand pages has some ten thousand


def page_count_of(path: Path) -> int | None:
    """The number of pages that pdfium finds, None where it cannot open the file."""
    import pypdfium2  # heavy: only for files that are not as they should be

    try:
        with closing(pypdfium2.PdfDocument(path)) as pdf:
            return len(pdf)
    except (pypdfium2.PdfiumError, OSError, ValueError):
        return None


def repaired(path: Path) -> io.BytesIO | None:
    """The file as pdfium writes it anew, None where it cannot open it."""
    import pypdfium2

    made = io.BytesIO()
    try:
        with closing(pypdfium2.PdfDocument(path)) as pdf:
            pdf.save(made)
    except (pypdfium2.PdfiumError, OSError, ValueError):
        return None
    made.seek(0)
    return made


def all_there(doc: Any) -> bool:
    """Whether everything is in a document (of pdfminer) that its catalogue leads to, and every stream is as long as it
    says."""
    from pdfminer.pdftypes import PDFObjRef, PDFStream
    from pdfminer.psexceptions import PSException

    seen: set[int] = set()
    todo: list[Any] = [doc.catalog]
    while todo:
        value = todo.pop()
        if isinstance(value, PDFObjRef):
            if value.objid in seen:
                continue
            seen.add(value.objid)
            if len(seen) > MOST_OBJECTS:
                return False
            try:
                todo.append(doc.getobj(value.objid))
            except PSException:
                return False
        elif isinstance(value, PDFStream):
            length = value.attrs.get("Length")
            if isinstance(length, int) and value.rawdata is not None and len(value.rawdata) < length:
                return False
            todo.extend(value.attrs.values())
        elif isinstance(value, dict):
            todo.extend(value.values())
        elif isinstance(value, list):
            todo.extend(value)
    return True
