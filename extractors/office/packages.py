"""Office files of today as packages of parts: what kind of document one holds, and one that libraries can open."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
"""Names of the strict kind of these formats; the libraries know those of the usual one."""

USUAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
XML = (".xml", ".rels", ".vml")


def openable(path: Path) -> Path | BytesIO:
    """The file itself; or a copy in memory whose names the libraries know: of the strict format in those of the usual
    one, of parts with a backslash in those with a slash. Raises zipfile's errors."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        strict = any(STRICT.search(archive.read(name)) for name in names if name.lower() == "_rels/.rels")
        if not strict and not any("\\" in entry.orig_filename for entry in archive.infolist()):
            return path
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as copy:
            for entry in archive.infolist():
                data = archive.read(entry)
                name = entry.filename.replace("\\", "/")
                copy.writestr(name, STRICT.sub(USUAL, data) if name.lower().endswith(XML) else data)
    out.seek(0)
    return out
