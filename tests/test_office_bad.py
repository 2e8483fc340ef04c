"""Office files that are broken, hostile or something else than they say: one clear refusal each."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from helpers_office import change_part
from helpers_xls import XlsSheet, compound, write_xls

from extractors import containers
from extractors.intake import take_in
from extractors.marked import build, page
from extractors.read import read_document
from extractors.refusals import CannotRead, OfficeTooLarge
from schemas.language.vocabulary import load_words
from schemas.model import Document, Line, Table

ROOT = Path(__file__).parent.parent
PDF = next((ROOT / "data" / "raw" / "pdf").glob("002*.pdf"))
DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def a_docx(path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("甲")
    made.add_table(2, 2).cell(0, 0).text = "乙"
    made.save(str(path))
    return path


def an_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = "甲", "乙"
    book.save(path)
    return path


def an_xls(path: Path) -> Path:
    return write_xls(path, [XlsSheet("表", {(0, 0): ("甲", 0, True), (0, 1): ("乙", 0, True)})])


def cut(path: Path) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    return path


def with_entity(path: Path, part: str) -> Path:
    return change_part(path, part, lambda xml: DTD + xml.split(b"?>", 1)[-1].replace("甲".encode(), b"&a;"))


def in_utf16(path: Path, part: str) -> Path:
    """The same declaration where a search for its bytes would not find it."""
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "甲">]><x>&a;</x>'
    return change_part(path, part, lambda _: text.encode("utf-16"))


def damaged_part(path: Path, part: str) -> Path:
    """One part's packed bytes overwritten."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(part).header_offset + 30 + len(part)
    data[start + 20 : start + 60] = b"\xff" * 40
    path.write_bytes(data)
    return path


def locked_part(path: Path) -> Path:
    """The flag that says that a part is encrypted, set in both places that say so."""
    data = bytearray(path.read_bytes())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(magic)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(magic, place + 4)
    path.write_bytes(data)
    return path


def locked_xls(path: Path) -> Path:
    """A workbook that begins with the record of a password."""
    stream = b"\x09\x08\x10\x00\x00\x06\x05\x00\xbb\x0d\xcc\x07\x00\x00\x00\x00\x06\x00\x00\x00"
    stream += b"\x2f\x00\x06\x00\x00\x00\x01\x02\x03\x04" + b"\x0a\x00\x00\x00"
    path.write_bytes(compound("Workbook", stream))
    return path


Make = Callable[[Path], object]
BAD: dict[str, tuple[str, Make, str, str]] = {
    # case: file, how it is made, category, what the message says to do
    "cut docx": ("x.docx", lambda p: cut(a_docx(p)), "damaged", "get it again"),
    "cut xlsx": ("x.xlsx", lambda p: cut(an_xlsx(p)), "damaged", "get it again"),
    "cut xls": ("x.xls", lambda p: cut(an_xls(p)), "damaged", "get it again"),
    "cut page": ("x.html", lambda p: p.write_text("<html><table><tr><td>甲"), "damaged", "1 tables begin and 0 end"),
    "damaged docx": ("x.docx", lambda p: damaged_part(a_docx(p), "word/document.xml"), "damaged", "get it again"),
    "damaged xlsx": (
        "x.xlsx",
        lambda p: damaged_part(an_xlsx(p), "xl/worksheets/sheet1.xml"),
        "damaged",
        "get it again",
    ),
    "docx of no XML": (
        "x.docx",
        lambda p: change_part(a_docx(p), "word/document.xml", lambda _: b"<w:p"),
        "damaged",
        "get it again",
    ),
    "xlsx of no XML": (
        "x.xlsx",
        lambda p: change_part(an_xlsx(p), "xl/workbook.xml", lambda _: b"{}"),
        "damaged",
        "get it again",
    ),
    "text as docx": ("x.docx", lambda p: p.write_text("绩效目标表"), "damaged", "it is no .docx file"),
    "text as xls": ("x.xls", lambda p: p.write_text("绩效目标表"), "damaged", "it is no .xls file"),
    "entity in docx": (
        "x.docx",
        lambda p: with_entity(a_docx(p), "word/document.xml"),
        "declares-entities",
        "save it anew",
    ),
    "entity in xlsx": (
        "x.xlsx",
        lambda p: with_entity(an_xlsx(p), "xl/worksheets/sheet1.xml"),
        "declares-entities",
        "save it anew",
    ),
    "entity in UTF-16": (
        "x.docx",
        lambda p: in_utf16(a_docx(p), "word/styles.xml"),
        "declares-entities",
        "save it anew",
    ),
    "old Word": (
        "x.doc",
        lambda p: p.write_bytes(compound("WordDocument", b"x")),
        "old-word",
        "save it as .docx or PDF",
    ),
    "old Word as docx": ("x.docx", lambda p: p.write_bytes(compound("WordDocument", b"x")), "old-word", "as .docx"),
    "locked docx": (
        "x.docx",
        lambda p: p.write_bytes(compound("EncryptedPackage", b"x")),
        "encrypted",
        "save it without one",
    ),
    "locked parts": ("x.docx", lambda p: locked_part(a_docx(p)), "encrypted", "save it without one"),
    "locked xls": ("x.xls", locked_xls, "encrypted", "save it without one"),
    "other compound file": ("x.xls", lambda p: p.write_bytes(compound("Message", b"x")), "not-supported", "convert"),
}


def read(path: Path) -> Document:
    return read_document(take_in(path, path.name), load_words())


@pytest.mark.parametrize("case", BAD)
def test_a_bad_office_file_is_refused_with_what_to_do(case: str, tmp_path: Path) -> None:
    name, make, category, advice = BAD[case]
    make(tmp_path / name)
    with pytest.raises(CannotRead) as caught:
        read(tmp_path / name)
    assert caught.value.category == category
    assert str(caught.value).startswith(f"{name}: ")
    assert advice in str(caught.value)
    assert "root:" not in str(caught.value)


def test_a_file_is_what_its_content_is(tmp_path: Path) -> None:
    for name, kind, make in (
        ("pdf.docx", "pdf", lambda p: shutil.copy(PDF, p)),
        ("word.xlsx", "word", lambda p: a_docx(tmp_path / "made.docx").rename(p)),
        ("excel.txt", "excel", lambda p: an_xlsx(tmp_path / "made.xlsx").rename(p)),
        ("old.docx", "old-excel", an_xls),
        ("page.xls", "html", lambda p: p.write_text("<meta charset=utf-8><table><tr><td>甲</table>")),
        ("page.txt", "html", lambda p: p.write_text("<!DOCTYPE html><p>甲</p>")),
        ("utf16.htm", "html", lambda p: p.write_text("<html><p>甲</p></html>", encoding="utf-16")),
        ("marks.txt", "dump", lambda p: p.write_text("甲<p>乙<table>")),
    ):
        path = tmp_path / name
        make(path)
        assert take_in(path, name).format == kind, name


def test_a_file_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = change_part(
        a_docx(tmp_path / "x.docx"), "word/document.xml", lambda xml: xml + b" " * (containers.LARGEST_XML + 1)
    )
    assert path.stat().st_size < 1 << 20
    with pytest.raises(CannotRead, match="at most 64 are read") as caught:
        read(path)
    assert (caught.value.category, caught.value.refused) == ("too-large", True)
    monkeypatch.setattr(containers, "LARGEST_PARTS", 1000)
    with pytest.raises(CannotRead, match="of parts, at most"):
        read(a_docx(tmp_path / "y.docx"))
    monkeypatch.setattr(containers, "MOST_PARTS", 3)
    with pytest.raises(CannotRead, match="parts"):
        read(a_docx(tmp_path / "z.docx"))


def test_tables_that_claim_to_be_endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = time.perf_counter()
    rows = "<tr><td rowspan=65000 colspan=1000>甲</td></tr>" * 2000
    (tmp_path / "x.html").write_text(f"<html><table>{rows}</table></html>", encoding="utf-8")
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "甲", "乙"
    book.save(tmp_path / "x.xlsx")
    for name in ("x.html", "x.xlsx"):
        with pytest.raises(CannotRead) as caught:
            read(tmp_path / name)
        assert caught.value.category == "too-large"
    monkeypatch.setattr(page, "LARGEST_PAGE", 100)
    with pytest.raises(CannotRead, match="a page of more than"):
        read(tmp_path / "x.html")
    assert time.perf_counter() - started < 20


def test_a_span_beyond_the_table_ends_with_it(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text(
        "<html><table border=1><tr><td rowspan=999>甲<td>乙</table></html>", encoding="utf-8"
    )
    (table,) = (b for b in read(tmp_path / "x.html").blocks if isinstance(b, Table))
    assert [(c.text, c.rowspan) for c in table.cells] == [("甲", 1), ("乙", 1)]


@pytest.mark.parametrize("depth", [20, 60])
def test_tables_nested_deeply_are_read_whole(depth: int, tmp_path: Path) -> None:
    deep = "<table border=1><tr><td>甲" * depth + "</td></tr></table>" * depth
    (tmp_path / "x.html").write_text(f"<html>{deep}</html>", encoding="utf-8")
    blocks = read(tmp_path / "x.html").blocks
    text = "".join(b.text if isinstance(b, Line) else "".join(c.text for c in b.cells) for b in blocks)
    assert text.count("甲") == depth


def test_pages_nested_deeper_than_any_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("<html>" + "<div>甲" * 5000, encoding="utf-8")
    with pytest.raises(CannotRead) as caught:
        read(tmp_path / "x.html")
    assert caught.value.category == "damaged"


def test_wide_tables_in_tables_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MOST_SLOTS", 50)
    inner = build.MarkedTable(10, 10, (build.MarkedCell(0, 0, 10, 10, ("甲",)),))
    outer = build.MarkedTable(1, 2, (build.MarkedCell(0, 0, 1, 1, ("乙",)), build.MarkedCell(0, 1, 1, 1, (inner,))))
    with pytest.raises(OfficeTooLarge):
        build.lay_out(outer)


@pytest.mark.parametrize("make", [a_docx, an_xlsx, an_xls])
def test_fuzzed_files_end_in_a_reading_or_a_refusal(make: Callable[[Path], Path], tmp_path: Path) -> None:
    import random

    name = {a_docx: "x.docx", an_xlsx: "x.xlsx", an_xls: "x.xls"}[make]  # type: ignore[index]
    whole = make(tmp_path / name).read_bytes()
    chance = random.Random(5)
    refused = 0
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 5, 50))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (tmp_path / name).write_bytes(data)
        try:
            read(tmp_path / name)
        except CannotRead:
            refused += 1
    assert 0 < refused <= 25


def test_an_archive_by_another_name_is_told_to_be_named_so(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "甲")
    (tmp_path / "x.txt").write_bytes(stream.getvalue())
    with pytest.raises(CannotRead, match=r"reads the files in an archive \.zip"):
        take_in(tmp_path / "x.txt", "x.txt")


@pytest.mark.parametrize("head", ["0908 1000", "0908 0800", "0904 0600", "0902 0600", "0900 0400"])
def test_a_workbook_of_old_without_a_container_is_one(head: str, tmp_path: Path) -> None:
    (tmp_path / "x.xls").write_bytes(bytes.fromhex(head) + bytes(600))
    assert take_in(tmp_path / "x.xls", "x.xls").format == "old-excel"


@pytest.mark.parametrize("kind", ["named", "alike", "bare", "quoted", "unparted"])
def test_a_mark_of_thousands_of_attributes_is_refused_before_it_is_parsed(kind: str, tmp_path: Path) -> None:
    """The parser holds each against all the others: 100,000 take minutes."""
    one = {"named": " a{}=1", "alike": " a=1", "bare": " a{}", "quoted": " a{}='>'", "unparted": 'a{}="1"'}[kind]
    marks = "".join(one.format(number) for number in range(100_000))
    (tmp_path / "x.html").write_text(f"<html><table {marks}><tr><td>甲</td></tr></table></html>", encoding="utf-8")
    started = time.process_time()
    with pytest.raises(OfficeTooLarge, match="more than 1000 attributes"):
        read(tmp_path / "x.html")
    assert time.process_time() - started < 5


def test_long_values_of_attributes_are_no_attributes(tmp_path: Path) -> None:
    long = "border:1px solid; a = b " * 5000
    made = f"<html><table style=\"{long}\" title = '{long}'><tr><td>甲</td></tr></table></html>"
    (tmp_path / "x.html").write_text(made, encoding="utf-8")
    assert [c.text for b in read(tmp_path / "x.html").blocks if isinstance(b, Table) for c in b.cells] == ["甲"]


def test_a_paragraph_of_many_pieces_costs_each_of_them_once(tmp_path: Path) -> None:
    made = "<html><p>" + "<b>甲乙丙</b>" * 300_000 + "</p><table><tr><td>甲</td></tr></table></html>"
    (tmp_path / "x.html").write_text(made, encoding="utf-8")
    started = time.process_time()
    assert any(isinstance(b, Line) and len(b.text) == 900_000 for b in read(tmp_path / "x.html").blocks)
    assert time.process_time() - started < 30
