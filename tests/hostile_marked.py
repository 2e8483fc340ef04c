"""Hostile texts, web pages, rich texts, messages and office files: small, each of a kind that has cost readers much.

`MARKED` gives by name the suffix of a file and what makes its bytes. Not a test: a name that pytest does not collect.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from helpers_carriers import as_blocks, as_sheet_xml, write_open_document
from helpers_office import change_part, write_docx, write_xlsx
from helpers_xls import XlsSheet, compound, write_xls

Hostile = tuple[str, Callable[[], bytes]]

TITLE = "项目支出绩效目标表"
HEAD = "一级指标\t二级指标\t三级指标\t指标值"
ROW = "产出指标\t数量指标\t测试数量\t≥5个"
FORM = f"{TITLE}\n{HEAD}\n{ROW}\n"
CELLS = "<tr><td>一级指标</td><td>指标值</td></tr><tr><td>产出指标</td><td>≥5个</td></tr>"


def text(content: str, encoding: str = "utf-8", errors: str = "strict") -> Callable[[], bytes]:
    return lambda: content.encode(encoding, errors)


def page(body: str, head: str = "") -> Callable[[], bytes]:
    return text(f"<html><head>{head}</head><body><p>{TITLE}</p>{body}</body></html>")


def _grid(rows: int, cols: int, cell: str = "1", mark: str = "\t") -> str:
    return "\n".join(mark.join([cell] * cols) for _ in range(rows))


TEXTS: dict[str, Hostile] = {
    "a border over and over": (".txt", lambda: b"+---+---+\n" * 20_000),
    "a header over and over": (".txt", lambda: "一级指标\t二级指标\t三级指标\t指标值\n".encode() * 5000),
    "lines of nothing": (".txt", lambda: b"\n" * 8_000_000),
    "one line of 10 MB": (".txt", text(TITLE + "绩效目标数量指标" * 400_000)),
    "one line of 10 MB, parted": (".txt", text(TITLE + "\n" + HEAD + "\n" + "产出指标 数量指标 ≥5个 " * 250_000)),
    "one column of 10 MB": (".txt", text(f"{FORM}产出指标\t{'数量' * 1_500_000}\t测试\t≥5个\n")),
    "100,000 columns": (".txt", text(f"{TITLE}\n{_grid(3, 100_000, '指标值')}\n{FORM}")),
    "100,000 headers": (".txt", text(f"{TITLE}\n{HEAD * 25_000}\n{ROW * 25_000}\n")),
    "100,000 rows of one cell": (".txt", text(FORM + "产出指标\n" * 100_000)),
    "NUL everywhere": (".txt", text(FORM.replace("标", "标\0"))),
    "lone surrogates": (".txt", text(FORM + "\ud800\udfff\ud800" * 500, "utf-8", "surrogatepass")),
    "lone surrogates in UTF-16": (".txt", text("\ufeff" + FORM + "\ud800甲\udc00" * 500, "utf-16-le", "surrogatepass")),
    "turned around": (".txt", text("\u202e" + FORM.replace("数量", "\u202e数\u2066量\u2069") + "\u202e" * 5000)),
    "marks of order": (".txt", text("\ufeff" * 5000 + FORM.replace("\t", "\t\ufeff"))),
    "UTF-32": (".txt", text("\ufeff" + FORM, "utf-32-le")),
    "UTF-32 cut": (".txt", lambda: ("\ufeff" + FORM).encode("utf-32-le")[:-3]),
    "marks on marks": (".txt", text(f"{FORM}{'一' + chr(0x301) * 500_000}\t≥5个\n")),
    "letters that grow": (".txt", text(f"{FORM}产出指标\t数量指标\t{chr(0xFDFA) * 100_000}\t≥5个\n")),
    "digits": (
        ".txt",
        text(f"{FORM}产出指标\t数量指标\t测试\t≥{'9' * 200_000}个\n年度资金总额\t{'9' * 200_000}万元\n"),
    ),
    "powers": (".txt", text(f"{FORM}产出指标\t数量指标\t测试\t≥1E999999999个\n年度资金总额：\t1e99999999万元\n")),
    "commas": (".txt", text(f"{FORM}年度资金总额\t{'1,' * 100_000}000万元\n")),
    "operators": (".txt", text(f"{FORM}产出指标\t数量指标\t测试\t{'≥≤' * 50_000}5个\n")),
    "white space": (".txt", text(f"{FORM}产出指标{chr(0x3000) * 300_000}数量{' ' * 300_000}指标\n{' ' * 300_000}\n")),
    "ticks": (".txt", text(f"{TITLE}\n项目类型\t{'□√☑■' * 50_000}\n{FORM}")),
    "quotes": (".csv", text('"' * 400_001 + FORM)),
    "quotes that never end": (".csv", text(("一级指标,二级指标\n" + '"产出' + ",x\n") * 20_000)),
    "commas without end": (".csv", text("一级指标,指标值\n" + "," * 1_000_000)),
    "100,000 columns of commas": (".csv", text(_grid(5, 100_000, "指标值", ","))),
    "pipes": (".md", text(f"# {TITLE}\n\n" + "|" * 500_000 + "\n|" + "-|" * 100_000 + "\n")),
    "rows of pipes": (".md", text(f"{TITLE}\n\n|一级指标|指标值|\n|-|-|\n" + "|产出指标|≥5个|\n" * 30_000)),
    "backslashes and ticks": (".md", text(f"{TITLE}\n\n|a|b|\n|-|-|\n|" + "\\`" * 200_000 + "|\n")),
    "pages in pipes": (".md", text(f"{TITLE}\n\n" + "<table>" * 3000 + CELLS + "\n|a|\n|-|\n")),
    "comments": (".txt", text("<!---->" * 20_000)),
    "doctypes": (".txt", text("<!DOCTYPE html " * 20_000)),
}

PAGES: dict[str, Hostile] = {
    "deep": (".html", page("<div>" * 100_000 + f"<table>{CELLS}</table>")),
    "deep tables": (".html", page("<table><tr><td>" * 2000 + f"<table>{CELLS}</table>" + "</td></tr></table>" * 2000)),
    "tables in captions": (
        ".html",
        page("<table><caption>" * 40 + f"<table>{CELLS}</table>" + "</caption></table>" * 40),
    ),
    "wide spans": (".html", page(f"<table><tr><td colspan=99999999>一</td></tr>{CELLS * 50}</table>")),
    "tall spans": (
        ".html",
        page("<table>" + "<tr>" + "<td rowspan=65534>一</td>" * 3000 + f"</tr>{CELLS * 200}</table>"),
    ),
    "spans below zero": (
        ".html",
        page(f"<table><tr><td colspan=-5 rowspan=0>一<td colspan=1e9>二</tr>{CELLS}</table>"),
    ),
    "one attribute of 8 MB": (".html", page(f"<table title='{'x' * 8_000_000}'>{CELLS}</table>")),
    "100,000 attributes": (".html", page(f"<table {' '.join(f'a{n}=1' for n in range(100_000))}>{CELLS}</table>")),
    "a style of 4 MB": (".html", page(f"<table style='{'display:none;' * 300_000}'>{CELLS}</table>")),
    "rules of style": (".html", page(f"<table>{CELLS}</table>", f"<style>{'.a,.b{display:none}' * 60_000}</style>")),
    "cells that never end": (".html", page("<table>" + "<tr><td>产出指标" * 40_000 + "</table>")),
    "tables that never end": (".html", page("<table>" * 20_000)),
    "letters by number": (".html", page(f"<table><tr><td>{'&#x7532;' * 200_000}&#xD800;&#99999999999;</table>")),
    "charset of nothing": (".html", page(f"<table>{CELLS}</table>", "<meta charset='undefined'>")),
    "charset of packers": (".html", page(f"<table>{CELLS}</table>", "<meta charset='zlib_codec'>")),
    "lists in lists": (".html", page("<ul><li>" * 20_000 + f"<table>{CELLS}</table>")),
    "empty rows": (".html", page("<table>" + "<tr></tr>" * 200_000 + f"{CELLS}</table>")),
    "a grid of 1,000 × 1,000": (".html", page("<table>" + ("<tr>" + "<td>1" * 1000) * 1000 + "</table>")),
    "bold in bold": (".html", page(f"<table><tr><td>{'<b><i><font>' * 30_000}一级指标</td></tr>{CELLS}</table>")),
}

RICH: dict[str, Hostile] = {
    "groups": (".rtf", lambda: rb"{\rtf1 " + b"{" * 500_000 + rb"\trowd\cellx1 a\cell\row" + b"}" * 500_001),
    "groups that never end": (".rtf", lambda: rb"{\rtf1 " + b"{\\b " * 300_000),
    "ends without beginning": (".rtf", lambda: rb"{\rtf1 a" + b"}" * 500_000),
    "bytes that are none": (".rtf", lambda: rb"{\rtf1 \bin999999999 a\bin-5 b\par}"),
    "a row of 100,000 cells": (
        ".rtf",
        lambda: rb"{\rtf1\trowd" + b"".join(rb"\cellx%d" % n for n in range(100_000)) + rb"\cell" * 100_000 + rb"\row}",
    ),
    "edges out of order": (
        ".rtf",
        lambda: rb"{\rtf1" + rb"\trowd\cellx999999999\cellx-5\cellx0 a\cell b\cell\row" * 2000 + b"}",
    ),
    "letters by number, none": (".rtf", lambda: rb"{\rtf1\uc999999 " + rb"\u-1\u99999999 \'zz\'" * 20_000 + b"}"),
    "100,000 rows": (".rtf", lambda: rb"{\rtf1" + rb"\trowd\cellx900 a\cell\row" * 100_000 + b"}"),
    "one word of control": (".rtf", lambda: rb"{\rtf1\\" + b"a" * 3_000_000 + b"}"),
    "pictures in hex": (".rtf", lambda: rb"{\rtf1{\pict\pngblip " + b"00" * 4_000_000 + rb"}\par x}"),
    "tables in tables": (
        ".rtf",
        lambda: rb"{\rtf1" + b"".join(rb"\trowd\cellx900\itap%d a\nestcell\nestrow" % n for n in range(3000)) + b"}",
    ),
}


def message(body: str, kind: str = 'multipart/related; boundary="x"') -> Callable[[], bytes]:
    return text(f"MIME-Version: 1.0\nContent-Type: {kind}\n\n{body}")


PART = f"--x\nContent-Type: text/html; charset=utf-8\n\n<p>{TITLE}</p><table>{CELLS}</table>\n"
MESSAGES: dict[str, Hostile] = {
    "parts in parts": (
        ".mht",
        message(
            "".join(f'--x{n}\nContent-Type: multipart/related; boundary="x{n + 1}"\n\n' for n in range(3000)),
            'multipart/related; boundary="x0"',
        ),
    ),
    "100,000 parts": (".mht", message("--x\nContent-Type: image/png\n\na\n" * 100_000 + PART + "--x--\n")),
    "no boundary": (".mht", message(PART, "multipart/related")),
    "an empty boundary": (".mht", message(PART, 'multipart/related; boundary=""')),
    "a boundary of 1 MB": (".mht", message(PART, f'multipart/related; boundary="{"x" * 1_000_000}"')),
    "100,000 headers": (
        ".mht",
        text("MIME-Version: 1.0\nContent-Type: text/html\n" + "X-A: b\n" * 100_000 + f"\n<table>{CELLS}</table>"),
    ),
    "a header of 4 MB": (
        ".mht",
        text(
            "MIME-Version: 1.0\nContent-Type: text/html\nSubject: "
            + "=?utf-8?b?5a6J?= " * 250_000
            + f"\n\n<table>{CELLS}</table>"
        ),
    ),
    "parameters": (
        ".mht",
        text("MIME-Version: 1.0\nContent-Type: multipart/related" + "; a*0*=b" * 100_000 + f"\n\n{PART}"),
    ),
    "base64 that is none": (
        ".mht",
        message("--x\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n" + "!" * 500_000 + "\n--x--"),
    ),
    "quoted without end": (
        ".mht",
        message(
            "--x\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
            + "=" * 1_000_000
            + "\n--x--"
        ),
    ),
    "charset of a message": (".mht", message(PART.replace("utf-8", "unicode_escape"))),
    "comments in a header": (
        ".mht",
        text("MIME-Version: 1.0\nContent-Type: text/html " + "(" * 20_000 + f"\n\n<table>{CELLS}</table>"),
    ),
}


def office(write: Callable[[Path], object], part: str, change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """An office file with one part changed."""

    def make() -> bytes:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "made"
            write(path)
            change_part(path, part, change)
            return path.read_bytes()

    return make


def word(change: Callable[[bytes], bytes], part: str = "word/document.xml") -> Callable[[], bytes]:
    def write(path: Path) -> None:
        write_docx(path.with_suffix(".docx"), as_blocks()).rename(path)

    return office(write, part, change)


def book(change: Callable[[bytes], bytes], part: str = "xl/worksheets/sheet1.xml") -> Callable[[], bytes]:
    def write(path: Path) -> None:
        write_xlsx(path.with_suffix(".xlsx"), as_blocks()).rename(path)

    return office(write, part, change)


def document(change: Callable[[bytes], bytes], suffix: str, part: str = "content.xml") -> Callable[[], bytes]:
    def write(path: Path) -> None:
        write_open_document(path.with_suffix(suffix)).rename(path)

    return office(write, part, change)


def after(mark: bytes, what: bytes, last: bool = False) -> Callable[[bytes], bytes]:
    """A change that puts something behind a mark, or before the last of it."""

    def change(data: bytes) -> bytes:
        at = data.rfind(mark) if last else data.find(mark) + len(mark)
        return data[:at] + what + data[at:]

    return change


W_CELL = b"<w:tc><w:tcPr>%s</w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
DEEP = b"<w:tbl><w:tr><w:tc>" * 400 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 400
FAR = b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>'
OFFICE: dict[str, Hostile] = {
    "spans of a million": (
        ".docx",
        word(
            after(b"<w:body>", b"<w:tbl>" + b"<w:tr>" + W_CELL % b'<w:gridSpan w:val="99999999"/>' + b"</w:tr></w:tbl>")
        ),
    ),
    "spans that are none": (
        ".docx",
        word(
            after(
                b"<w:body>",
                b"<w:tbl>"
                + b"<w:tr>"
                + W_CELL % b'<w:gridSpan w:val="-7"/>'
                + W_CELL % b'<w:gridSpan w:val="x"/>'
                + b"</w:tr></w:tbl>",
            )
        ),
    ),
    "deep tables of Word": (".docx", word(after(b"<w:body>", DEEP))),
    "deep marks of Word": (
        ".docx",
        word(after(b"<w:body>", b"<w:sdt><w:sdtContent>" * 2000 + b"<w:p/>" + b"</w:sdtContent></w:sdt>" * 2000)),
    ),
    "a grid of Word": (
        ".docx",
        word(after(b"<w:body>", b"<w:tbl>" + (b"<w:tr>" + W_CELL % b"" * 300 + b"</w:tr>") * 300 + b"</w:tbl>")),
    ),
    "an attribute of Word": (".docx", word(after(b"<w:body>", b'<w:p w:rsidR="' + b"x" * 11_000_000 + b'"/>'))),
    "100,000 paragraphs": (".docx", word(after(b"<w:body>", b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 100_000))),
    "lists of Word": (".docx", word(lambda _: b"<w:numbering/>", "word/numbering.xml")),
    "a style that is its own base": (
        ".docx",
        word(
            lambda d: d.replace(
                b"</w:styles>",
                b'<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>',
            ),
            "word/styles.xml",
        ),
    ),
    "a cell at the end": (".xlsx", book(after(b"</sheetData>", FAR, True))),
    "many cells at the end": (
        ".xlsx",
        book(
            after(
                b"</sheetData>",
                b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(1_000, 6_000)),
                True,
            )
        ),
    ),
    "cells that stand nowhere": (
        ".xlsx",
        book(
            after(
                b"</sheetData>",
                b'<row r="0"><c r="A0"><v>1</v></c><c r="ZZZZZ99999999"><v>1</v></c><c r="1A"><v>2</v></c></row>',
                True,
            )
        ),
    ),
    "one merged range": (
        ".xlsx",
        book(
            lambda d: d.replace(
                b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
            )
        ),
    ),
    "100,000 merged ranges": (
        ".xlsx",
        book(
            lambda d: d.replace(
                b"</sheetData>",
                b"</sheetData><mergeCells>"
                + b"".join(b'<mergeCell ref="A%d:XFD%d"/>' % (n, n + 9) for n in range(1, 20_000))
                + b"</mergeCells>",
            )
        ),
    ),
    "strings that are none": (
        ".xlsx",
        book(
            after(
                b"</sheetData>",
                b'<row r="9"><c r="A9" t="s"><v>99999999</v></c><c r="B9" t="s"><v>-1</v></c><c r="C9" t="b"><v>x</v></c><c r="D9" t="d"><v>x</v></c></row>',
                True,
            )
        ),
    ),
    "styles that are none": (
        ".xlsx",
        book(
            after(
                b"</sheetData>",
                b'<row r="9"><c r="A9" s="99999"><v>1e400</v></c><c r="B9" s="-1"><v>NaN</v></c></row>',
                True,
            )
        ),
    ),
    "columns of the sheet": (
        ".xlsx",
        book(
            lambda d: d.replace(
                b"<sheetData>", b'<cols><col min="1" max="999999999" width="9" hidden="1"/></cols><sheetData>'
            )
        ),
    ),
    "a dimension": (".xlsx", book(lambda d: d.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'))),
    "200,000 empty rows": (
        ".xlsx",
        book(after(b"</sheetData>", b"".join(b'<row r="%d"/>' % n for n in range(10, 200_000)), True)),
    ),
    "rows in any order": (
        ".xlsx",
        book(
            after(
                b"</sheetData>",
                b'<row r="9"><c r="B9"><v>1</v></c><c r="A9"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
                * 2000,
                True,
            )
        ),
    ),
    "deep sheet": (".xlsx", book(after(b"</sheetData>", b"<row>" * 30_000 + b"</row>" * 30_000, True))),
    "columns again and again": (
        ".ods",
        document(
            lambda d: d.replace(b"<table:table-cell", b'<table:table-cell table:number-columns-repeated="99999999"', 3),
            ".ods",
        ),
    ),
    "rows again and again": (
        ".ods",
        document(
            lambda d: d.replace(b"<table:table-row", b'<table:table-row table:number-rows-repeated="99999999"', 3),
            ".ods",
        ),
    ),
    "spans of OpenDocument": (
        ".odt",
        document(
            lambda d: d.replace(
                b"<table:table-cell",
                b'<table:table-cell table:number-columns-spanned="99999999" table:number-rows-spanned="-4"',
            ),
            ".odt",
        ),
    ),
    "blanks again and again": (
        ".odt",
        document(lambda d: d.replace("一级指标".encode(), b'<text:s text:c="999999999"/>'), ".odt"),
    ),
    "deep OpenDocument": (
        ".odt",
        document(
            lambda d: d.replace(
                b"<office:text>", b"<office:text>" + b"<text:section>" * 3000 + b"</text:section>" * 3000
            ),
            ".odt",
        ),
    ),
    "an index of Excel XML": (".xls", text(as_sheet_xml().replace("<Row>", '<Row ss:Index="999999999">', 2))),
    "spans of Excel XML": (
        ".xls",
        text(as_sheet_xml().replace("<Cell>", '<Cell ss:MergeAcross="99999999" ss:MergeDown="99999999">')),
    ),
    "cells of Excel XML": (".xls", text(as_sheet_xml().replace("<Cell>", '<Cell ss:Index="99999999">', 3))),
    "entities of Excel XML": (
        ".xls",
        text(as_sheet_xml().replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Workbook', 1)),
    ),
    "deep Excel XML": (".xls", text(as_sheet_xml().replace("<Table>", "<Table>" + "<Column>" * 50_000, 1))),
}


def _xls(change: Callable[[bytes], bytes] = bytes) -> bytes:
    with TemporaryDirectory() as folder:
        path = write_xls(
            Path(folder) / "x.xls", [XlsSheet("表", {(r, c): ("指标", 0, True) for r in range(20) for c in range(6)})]
        )
        return change(path.read_bytes())


def _chain(data: bytes) -> bytes:
    """A compound file whose list of sectors leads back to itself."""
    return data[:512] + b"\x01\0\0\0\0\0\0\0" * 64 + data[1024:]


def _grown(data: bytes, wide: int = 255, tall: int = 65_000) -> bytes:
    """Dimensions that claim more than there is, and a cell at the end of them."""
    place = data.find(b"\x00\x02\x0e\x00")
    return (
        data
        if place < 0
        else data[: place + 4]
        + b"\0\0\0\0"
        + tall.to_bytes(4, "little")
        + b"\0\0"
        + wide.to_bytes(2, "little")
        + data[place + 16 :]
    )


def _far() -> bytes:
    with TemporaryDirectory() as folder:
        cells = {(r, 255): ("指标", 0, True) for r in range(0, 65_000, 13)}
        return write_xls(Path(folder) / "x.xls", [XlsSheet("表", cells)]).read_bytes()


OLD: dict[str, Hostile] = {
    "chains in a circle": (".xls", lambda: _xls(_chain)),
    "claimed cells": (".xls", lambda: _xls(_grown)),
    "cells far to the right": (".xls", _far),
    "records cut": (".xls", lambda: compound("Workbook", b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\xff" * 9000)),
    "sheets that lead nowhere": (
        ".xls",
        lambda: compound(
            "Workbook", b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + (b"\x85\x00\x0e\x00" + b"\xff" * 14) * 300
        ),
    ),
    "noise in a compound file": (
        ".xls",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(3).randbytes(60_000),
    ),
    "sectors of 4 GB": (".xls", lambda: _xls(lambda d: d[:30] + b"\x20\x00" + d[32:])),
}


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def _overlapping(copies: int = 4000, size: int = 8 << 20) -> bytes:
    """A list of entries that all name the same packed bytes."""
    one = packed(("0.txt", bytes(size)))
    start = one.rfind(b"PK\x01\x02")
    end = one.rfind(b"PK\x05\x06")
    entries = one[start:end] * copies
    tail = bytearray(one[end:])
    tail[8:12] = copies.to_bytes(2, "little") * 2
    tail[12:16] = len(entries).to_bytes(4, "little")
    return one[:start] + entries + bytes(tail)


ZIPS: dict[str, Hostile] = {
    "one content, 4,000 names": (".zip", _overlapping),
    "blank texts": (".zip", lambda: packed(*((f"{n}.txt", bytes(15 << 20)) for n in range(60)))),
    "blank texts in archives": (
        ".zip",
        lambda: packed(*((f"{n}.zip", packed(*((f"{m}.txt", bytes(15 << 20)) for m in range(4)))) for n in range(12))),
    ),
    "archives of blanks": (".zip", lambda: packed(*((f"{n}.zip", bytes(15 << 20)) for n in range(40)))),
    "archives in archives": (
        ".zip",
        lambda: packed(("a.zip", packed(("b.zip", packed(("c.zip", packed(("y.txt", FORM.encode())))))))),
    ),
    "20,000 names": (
        ".zip",
        lambda: packed(*((f"{'甲' * 60}{n}/{n}.txt", b"") for n in range(20_000)), method=zipfile.ZIP_STORED),
    ),
    "names that lead away": (
        ".zip",
        lambda: packed(
            ("../../etc/x.txt", FORM.encode()),
            ("C:\\x.txt", FORM.encode()),
            ("/x.txt", FORM.encode()),
            ("a\u202etxt.pdf", FORM.encode()),
            ("con.txt", FORM.encode()),
            ("x.txt/", b""),
            ("x.txt", FORM.encode() * 2),
        ),
    ),
    "BZIP2": (".zip", lambda: packed(("x.txt", bytes(200 << 20)), method=zipfile.ZIP_BZIP2)),
    "an office file of blanks": (
        ".docx",
        lambda: packed(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b" " * (60 << 20))),
    ),
    "an office file of parts": (
        ".xlsx",
        lambda: packed(
            ("[Content_Types].xml", b"<Types/>"),
            ("xl/workbook.xml", b"<workbook/>"),
            *((f"xl/{n}.xml", b"") for n in range(12_000)),
        ),
    ),
}

MARKED = {**TEXTS, **PAGES, **RICH, **MESSAGES, **OFFICE, **OLD, **ZIPS}
