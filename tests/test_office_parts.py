"""Packages that a library does not open whole: what reading needs of them is whole, and is read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from helpers_carriers import as_blocks
from helpers_office import document, reading, saved, sheet_form, write_docx

from extractors.refusals import DamagedOffice

Parts = dict[str, bytes]

MAIN = b' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"


def parts_of(path: Path) -> Parts:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def instead(part: str, pattern: bytes, text: bytes) -> Callable[[Parts], Parts]:
    def change(parts: Parts) -> Parts:
        out, count = re.subn(pattern, lambda _: text, parts[part], flags=re.DOTALL)
        assert count
        return parts | {part: out}

    return change


def moved(old: str, new: str, *said: tuple[str, str]) -> Callable[[Parts], Parts]:
    """A part by another name, as it is written where it is named."""

    def change(parts: Parts) -> Parts:
        own = {name: str(Path(name).parent / "_rels" / f"{Path(name).name}.rels") for name in (old, new)}
        names = {old: new, own[old]: own[new]}
        out = {names.get(name, name): data for name, data in parts.items()}
        for where, name in said:
            assert Path(old).name.encode() in out[where]
            out[where] = out[where].replace(Path(old).name.encode(), name.encode())
        return out

    return change


def named(change: Callable[[str], str]) -> Callable[[Parts], Parts]:
    return lambda parts: {change(name): data for name, data in parts.items()}


def pivoted(parts: Parts) -> Parts:
    """A pivot table whose source is gone."""
    link = b'<Relationship Id="rId50" Type="%s/pivotTable" Target="/xl/pivotTables/p1.xml"/>' % RELATIONS
    space = b"http://schemas.openxmlformats.org/package/2006/relationships"
    return parts | {
        "xl/worksheets/_rels/sheet1.xml.rels": b'<Relationships xmlns="%s">%s</Relationships>' % (space, link),
        "xl/pivotTables/p1.xml": b'<pivotTableDefinition%s name="p" cacheId="1"/>' % MAIN,
    }


BOOKS: dict[str, Callable[[Parts], Parts]] = {
    "a fill of no kind": instead(
        STYLES, rb"<fills.*?</fills>", b'<fills><fill><patternFill patternType="x"/></fill></fills>'
    ),
    "a font without measure": instead(
        STYLES, rb"<fonts.*?</fonts>", b'<fonts><font><sz val="x"/><family val="99"/></font></fonts>'
    ),
    "an edge of no kind": instead(STYLES, rb'style="thin"', b'style="veryThick"'),
    "a style of none": instead(STYLES, rb'xfId="0"', b'xfId="77"'),
    "an alignment of no kind": instead(
        STYLES, rb"</cellXfs>", b'<xf><alignment horizontal="m" textRotation="900"/></xf></cellXfs>'
    ),
    "a rule of entry": instead(
        SHEET,
        rb"</sheetData>",
        b'</sheetData><dataValidations><dataValidation type="odd" sqref="??"/></dataValidations>',
    ),
    "a view of no kind": instead(
        SHEET, rb"<sheetViews>.*?</sheetViews>", b'<sheetViews><sheetView workbookViewId="x"/></sheetViews>'
    ),
    "a window of no kind": instead(
        BOOK, rb"<bookViews>.*?</bookViews>", b'<bookViews><workbookView visibility="odd"/></bookViews>'
    ),
    "a way to calculate": instead(BOOK, rb"<calcPr[^>]*>", b'<calcPr calcMode="odd"/>'),
    "a lock": instead(SHEET, rb"</sheetData>", b'</sheetData><sheetProtection sheet="1" spinCount="x"/>'),
    "a link that leads nowhere": instead(
        SHEET,
        rb"</worksheet>",
        b'<hyperlinks><hyperlink ref="A1" xmlns:r="%s" r:id="rId77"/></hyperlinks></worksheet>' % RELATIONS,
    ),
    "a pivot table": pivoted,
    "what it is about": lambda parts: parts | {"docProps/core.xml": b"<broken"},
    "capitals": named(str.upper),
    "from the top": named(lambda name: "/" + name),
    "from here": named(lambda name: "./" + name),
}
DOCUMENTS: dict[str, Callable[[Parts], Parts]] = {
    "what it is about": lambda parts: parts | {"docProps/core.xml": b"<broken"},
    "capitals": named(str.upper),
    "another name": moved(
        "word/document.xml", "word/正文 2.xml", ("_rels/.rels", "正文 2.xml"), ("[Content_Types].xml", "正文 2.xml")
    ),
    "a name in percents": moved(
        "word/document.xml", "word/my doc.xml", ("_rels/.rels", "my%20doc.xml"), ("[Content_Types].xml", "my%20doc.xml")
    ),
}


def book(path: Path) -> Path:
    """A form with amounts, a share, a date, a merged cell, a title centered over blank cells, and edges."""
    made = sheet_form(12345.5, "#,##0.00")
    sheet = made.active
    sheet["C4"], sheet["D4"] = "完成率", 0.25
    sheet["D4"].number_format = "0.0%"
    sheet["C5"], sheet["D5"] = "完成时间", date(2024, 3, 1)
    sheet["D5"].number_format = "yyyy年m月d日"
    sheet["A1"].alignment = openpyxl.styles.Alignment(horizontal="centerContinuous")
    sheet.merge_cells("A7:A8")
    for row in sheet["A6:D8"]:
        for cell in row:
            cell.border = openpyxl.styles.Border(*[openpyxl.styles.Side(style="thin")] * 4)
    return saved(made, path)


@pytest.mark.parametrize("fault", BOOKS)
def test_a_workbook_is_read_whatever_its_parts_say_that_are_not_read(fault: str, tmp_path: Path) -> None:
    whole = book(tmp_path / "x.xlsx")
    blocks = document(whole).blocks
    found = packed(BOOKS[fault](parts_of(whole)), tmp_path / "y.xlsx")
    assert document(found).blocks == blocks
    shown = [cell.text for block in blocks for cell in getattr(block, "cells", ())]
    assert {"12,345.50", "25.0%", "2024年3月1日"} <= set(shown)


@pytest.mark.parametrize("fault", DOCUMENTS)
def test_a_document_is_read_whatever_its_parts_say_that_are_not_read(fault: str, tmp_path: Path) -> None:
    whole = write_docx(tmp_path / "x.docx", as_blocks())
    found = packed(DOCUMENTS[fault](parts_of(whole)), tmp_path / "y.docx")
    assert document(found).blocks == document(whole).blocks
    assert len(reading(found).forms) == 1


@pytest.mark.parametrize("part", [STYLES, SHEET, "word/styles.xml"])
def test_a_damaged_part_that_is_read_refuses_the_file(part: str, tmp_path: Path) -> None:
    """Without its styles nobody knows how a number is shown, or what Word hides."""
    name = "x.docx" if part.startswith("word/") else "x.xlsx"
    whole = write_docx(tmp_path / name, as_blocks()) if part.startswith("word/") else book(tmp_path / name)
    with pytest.raises(DamagedOffice):
        document(packed(parts_of(whole) | {part: b"<broken"}, tmp_path / f"y{whole.suffix}"))
