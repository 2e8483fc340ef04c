"""Objects, fonts and content of PDFs are told apart by patterns: they give what pdfminer gives, and leave to it what is
written in any unusual way."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from helpers_pdf import FORM, FORM_SPANS, TITLE, write_tables
from pdfminer.cmapdb import CMapParser, FileUnicodeMap
from pdfminer.pdftypes import PDFObjRef, PDFStream

from extractors.pdf import font_maps
from extractors.pdf.content import operations
from extractors.pdf.font_maps import read_map
from extractors.pdf.objects import Unusual, objects_of, read_object
from extractors.pdf.pages import open_pdf, sheets

USUAL = (
    b"<</Type /Font/W [0[500.5 -3 .25] 7 9 +4]/A true/B false/C null/D (text)/E <00ff>/F 3 0 R/G [[] <<>>]>>",
    b"[1 2 3 0 R /Name 4 0 R]",
    b"42",
    b"/Name-with.signs*",
    b"<</Length 5>>\nstream\n12345\nendstream",
    b"<</Length 5>>stream\r\n12345endstream",
)
UNUSUAL = (
    b"<</A (esc\\)aped)>>",
    b"<</A (in (brackets))>>",
    b"<</A#20B 1>>",
    b"<</A <0f0>>>",
    b"<</A 1 % remark\n>>",
    b"<</A>>",
    b"[1 2",
    b"<</A 1]",
    b"<</Length 9>>\nstream\n12345\nendstream",
    b"<</A --5>>",
    b"12-3",
)


def document_of(body: bytes) -> tuple[Any, int]:
    """A file whose third object is of our making, and where that stands in it."""
    parts = [
        b"%PDF-1.4\n",
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n",
        b"3 0 obj\n" + body + b"\nendobj\n",
    ]
    offsets, at = [], 0
    for part in parts:
        offsets.append(at)
        at += len(part)
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % o for o in offsets[1:])
    data = b"".join(parts) + table + b"trailer\n<</Root 1 0 R/Size 4>>\nstartxref\n%d\n%%%%EOF\n" % at
    return pdfplumber.open(io.BytesIO(data)).doc, offsets[3]


def plain(value: Any) -> Any:
    """An object as values that can be held against each other."""
    if isinstance(value, PDFStream):
        return "stream", plain(value.attrs), value.rawdata
    if isinstance(value, PDFObjRef):
        return "reference", value.objid
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return type(value).__name__, value


@pytest.mark.parametrize("body", USUAL)
def test_objects_are_what_pdfminer_reads(body: bytes) -> None:
    doc, at = document_of(body)
    assert plain(read_object(doc, at, 3)) == plain(doc._getobj_parse(at, 3))


@pytest.mark.parametrize("body", UNUSUAL)
def test_unusual_objects_are_left_to_pdfminer(body: bytes) -> None:
    doc, at = document_of(body)
    with pytest.raises(Unusual):
        read_object(doc, at, 3)


def test_an_object_longer_than_what_is_read_at_once_is_read_whole() -> None:
    numbers = b" ".join(b"%d" % n for n in range(20_000))
    doc, at = document_of(b"[" + numbers + b"]")
    assert read_object(doc, at, 3) == list(range(20_000))


def test_objects_in_a_stream_are_read_one_after_the_other() -> None:
    doc, _ = document_of(b"1")
    assert objects_of(b"4 0 5 9 <</A 1>> [2 3]", doc) == [4, 0, 5, 9, {"A": 1}, [2, 3]]
    for data in (b"4 0 [1", b"4 0 5 0 R", b"4 0 word 5"):
        with pytest.raises(Unusual):
            objects_of(data, doc)


MAP = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
%s
endcmap CMapName currentdict /CMap defineresource pop end end"""


@pytest.mark.parametrize(
    "body",
    [
        b"2 beginbfchar <0001> <4E00> <0002> <D840DC00> endbfchar",
        b"2 beginbfrange <0001> <0003> <4E00> <0010> <0012> [<0041> <00420043> <0044>] endbfrange",
        b"1 beginbfchar\n<01><0020>\nendbfchar\n1 beginbfchar\n<01> <00A0>\nendbfchar",
        b"1 beginbfrange <00> <ff> <0000> endbfrange",
    ],
)
def test_maps_of_characters_are_what_pdfminer_reads(body: bytes) -> None:
    theirs = FileUnicodeMap()
    CMapParser(theirs, io.BytesIO(MAP % body)).run()
    assert read_map(MAP % body).cid2unichr == theirs.cid2unichr


@pytest.mark.parametrize(
    "body",
    [
        b"1 begincidrange <0001> <0003> 7 endcidrange",
        b"/Other usecmap",
        b"1 beginbfchar <0001> /A endbfchar",
        b"1 beginbfchar <001> <0041> endbfchar",
        b"1 beginbfrange <0001> <ff> <0041> endbfrange",
        b"1 beginbfrange <00> <ff> <ff> endbfrange",
        b"1 beginbfchar % <0001> <0041>\n endbfchar",
    ],
)
def test_unusual_maps_are_left_to_pdfminer(body: bytes) -> None:
    with pytest.raises(font_maps.Unusual):
        read_map(MAP % body)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"1 0 0 1 .5 -2. cm", [(b"cm", [1, 0, 0, 1, 0.5, -2.0])]),
        (b"/F1 12 Tf<0A1>Tj", [(b"Tf", ["F1", 12]), (b"Tj", [b"\x0a\x10"])]),
        (b"[<41>-12.5<42> 3 (c)]TJ", [(b"TJ", [[b"A", -12.5, b"B", 3, b"c"]])]),
        (b"[<41>-12.5 7<42>]TJ T*", [(b"TJ", [[b"A", -12.5, 7, b"B"]]), (b"T*", [])]),
        (b"[1 2]0 d\n0 0 m", [(b"d", [[1, 2], 0]), (b"m", [0, 0])]),
        (b"1-2 m 3 4 l", [(b"m", [1, -2]), (b"l", [3, 4])]),
        (b"true null 1 x", [(b"x", [True, None, 1])]),
        (b"/A#20B gs /C /D DP", [(b"gs", ["A B"]), (b"DP", ["C", "D"])]),
        (b"/T <</M 1>>BDC", [(b"BDC", ["T", {"M": 1}])]),
    ],
)
def test_operations_are_told_apart(content: bytes, expected: list[tuple[bytes, list[Any]]]) -> None:
    def named(value: Any) -> Any:
        return [named(part) for part in value] if isinstance(value, list) else getattr(value, "name", value)

    assert [(word, named(operands)) for word, operands in operations([PDFStream({}, content)])] == expected


def test_a_file_reads_the_same_by_pdfminer_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_tables(tmp_path / "a.pdf", [TITLE, (FORM, FORM_SPANS)])

    def everything() -> list[Any]:
        with open_pdf(path) as pdf:
            return list(sheets(pdf))

    fast = everything()

    def unusual(*_: Any) -> None:
        raise Unusual

    monkeypatch.setattr("extractors.pdf.objects.read_object", unusual)
    monkeypatch.setattr("extractors.pdf.font_maps._map_of", lambda _: None)
    assert everything() == fast
    assert fast[0][0].words
