"""Read a Word document that is one XML file: a flat package as the package that it is, and Word 2003 XML, whose text is
marked by the same names in an older namespace."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from extractors.marked.build import MarkedTable
from extractors.office.word import W, body_flow, read_word
from extractors.office.xml_files import PACKAGE, WORD_2003, flat_parts, xml_root
from schemas.language.vocabulary import Words

OLD = "{" + WORD_2003 + "}"
HINTS = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
RENAMED = {"vmerge": "vMerge", "hmerge": "hMerge"}


def read_word_xml(path: Path, words: Words) -> tuple[list[str | MarkedTable], list[str], list[str]]:
    """What `read_word` gives. Raises whatever the libraries raise on a damaged file."""
    root = xml_root(path)
    if root.tag == "{" + PACKAGE + "}package":
        return read_word(_package(root))
    body = root.find(OLD + "body")
    if body is None:
        raise ValueError("it holds no body of a Word document")
    numbers = _PrintedNumbers(root)
    _rename(root)
    merged = any(next(root.iter(W + name), None) is not None for name in ("vMerge", "hMerge"))
    flow, hidden = body_flow(body, numbers, left_out=None if merged else words)
    return flow, [], hidden


def _package(root: Any) -> BytesIO:
    """A flat package as a package of parts."""
    out, kinds = BytesIO(), []
    with zipfile.ZipFile(out, "w") as archive:
        for part in flat_parts(root):
            if part.name.endswith(".rels"):
                archive.writestr(part.name, part.data)
                continue
            archive.writestr(part.name, part.data)
            kinds.append(f"<Override PartName={quoteattr('/' + part.name)} ContentType={quoteattr(part.kind)}/>")
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{types}">{rels}{"".join(kinds)}</Types>')
    out.seek(0)
    return out


def _rename(root: Any) -> None:
    """Give the elements and attributes of Word 2003 the names that they have in Word of today."""
    for element in root.iter():
        if not isinstance(element.tag, str) or not element.tag.startswith(OLD):
            continue
        name = element.tag.removeprefix(OLD)
        element.tag = W + RENAMED.get(name, name)
        for key, value in list(element.attrib.items()):
            if key.startswith(OLD):
                del element.attrib[key]
                element.set(W + key.removeprefix(OLD), value)


class _PrintedNumbers:
    """The numbers before paragraphs, which Word 2003 keeps as they are printed; and the document's styles."""

    def __init__(self, root: Any) -> None:
        self._styles = {s.get(OLD + "styleId"): s for s in root.iter(OLD + "style")}

    def style(self, name: str) -> Any:
        return self._styles.get(name)

    def mark(self, paragraph: Any) -> str:
        text = paragraph.find(f"{W}pPr/{W}listPr/{HINTS}t")
        return text.get(HINTS + "val", "") if text is not None else ""
