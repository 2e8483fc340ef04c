"""The same form in the many files that office programs write: read alike, or refused with the true reason."""

from __future__ import annotations

import base64
import time
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from helpers_carriers import (
    EXPECTED,
    TITLE,
    YEAR,
    as_blocks,
    as_html,
    as_rich_text,
    as_sheet_xml,
    records,
    values_of,
    write_open_document,
)
from helpers_office import change_part, write_docx, write_xlsx

from extractors.formats import Glimpse
from extractors.intake import take_in
from extractors.office.mail_page import is_mail_page
from extractors.office.packages import STRICT
from extractors.office.rich_text import read_rich_text
from extractors.read import read_document
from extractors.refusals import CannotRead, OfficeTooLarge
from schemas.language.vocabulary import load_words

PACKAGE = "http://schemas.microsoft.com/office/2006/xmlPackage"
W_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"


def page() -> str:
    head = "<head><style>td {border: 1px solid}</style></head>"
    return f"<html>{head}<body><p>{TITLE}</p><p>{YEAR}</p>{as_html()}</body></html>"


def rich(path: Path) -> Path:
    path.write_bytes(as_rich_text())
    return path


def message(path: Path, encoding: str = "utf-8") -> Path:
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content("see the page")
    mail.add_alternative(page(), subtype="html", charset=encoding, cte="base64")
    path.write_bytes(mail.as_bytes())
    return path


def sheet_xml(path: Path) -> Path:
    path.write_text(as_sheet_xml(), encoding="utf-8")
    return path


def flat(path: Path) -> Path:
    """A package of parts in one XML file."""
    made = write_docx(path.with_name("made.docx"), as_blocks())
    parts = []
    with zipfile.ZipFile(made) as archive:
        types = archive.read("[Content_Types].xml").decode()
        for name in archive.namelist():
            if name == "[Content_Types].xml":
                continue
            kind = types.partition(f'PartName="/{name}"')[2].partition('ContentType="')[2].partition('"')[0]
            head = f'<pkg:part pkg:name="/{name}" pkg:contentType={quoteattr(kind or "application/xml")}>'
            if name.endswith((".xml", ".rels")):
                data = archive.read(name).decode("utf-8-sig")
                data = data[data.index("?>") + 2 :] if data.startswith("<?xml") else data
                parts.append(f"{head}<pkg:xmlData>{data}</pkg:xmlData></pkg:part>")
            else:
                data = base64.b64encode(archive.read(name)).decode()
                parts.append(f"{head}<pkg:binaryData>{data}</pkg:binaryData></pkg:part>")
    made.unlink()
    path.write_text(f'<?xml version="1.0"?><pkg:package xmlns:pkg="{PACKAGE}">{"".join(parts)}</pkg:package>', "utf-8")
    return path


def word_2003(path: Path) -> Path:
    made = write_docx(path.with_name("made.docx"), as_blocks())
    with zipfile.ZipFile(made) as archive:
        text = archive.read("word/document.xml").decode()
    made.unlink()
    body = text[text.index("<w:body>") : text.index("</w:document>")]
    body = body.replace("w:vMerge", "w:vmerge").replace("w14:", "w:")
    hints = 'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"'
    body = body.replace("<w:body>", "<w:body><wx:sect>").replace("</w:body>", "</wx:sect></w:body>")
    names = f'xmlns:w="{W_2003}" {hints} xmlns:r="urn:r"'
    path.write_text(f'<?xml version="1.0"?><w:wordDocument {names}>{body}</w:wordDocument>', "utf-8")
    return path


def with_type(path: Path, kind: str) -> Path:
    """A Word document that says to be a template, or to hold macros."""
    made = write_docx(path.with_name("made.docx"), as_blocks())
    usual = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    change_part(made, "[Content_Types].xml", lambda data: data.replace(usual, kind.encode()))
    return made.rename(path)


def strict(path: Path) -> Path:
    """An office file in the strict kind of its format."""
    write = write_docx if path.suffix == ".docx" else write_xlsx
    made = write(path, as_blocks())
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in parts.items():
            for what in (b"wordprocessingml", b"spreadsheetml", b"officeDocument", b"drawingml"):
                for part in (b"main", b"relationships"):
                    usual = b"http://schemas.openxmlformats.org/%s/2006/%s" % (what, part)
                    data = data.replace(usual, b"http://purl.oclc.org/ooxml/%s/%s" % (what, part))
            archive.writestr(name, data)
    assert STRICT.search(parts["_rels/.rels"]) is None
    return made


def with_backslashes(path: Path) -> Path:
    made = write_xlsx(path, as_blocks())
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo("x")
            entry.filename = name.replace("/", "\\")
            archive.writestr(entry, data)
    return made


MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
CARRIERS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "rich text": ("x.rtf", rich),
    "rich text as Word": ("x.doc", rich),
    "page in a message": ("x.mht", message),
    "page in a message as Word": ("x.doc", message),
    "page in a message, Chinese": ("x.mhtml", lambda path: message(path, "gb18030")),
    "Excel 2003 XML": ("x.xml", sheet_xml),
    "Excel 2003 XML as Excel": ("x.xls", sheet_xml),
    "flat package": ("x.xml", flat),
    "flat package as Word": ("x.doc", flat),
    "Word 2003 XML": ("x.xml", word_2003),
    "Word 2003 XML as Word": ("x.doc", word_2003),
    "OpenDocument text": ("x.odt", write_open_document),
    "OpenDocument sheet": ("x.ods", write_open_document),
    "Word with macros": ("x.docm", lambda path: with_type(path, MACROS)),
    "Word template": ("x.dotx", lambda path: with_type(path, TEMPLATE)),
    "strict Word": ("x.docx", strict),
    "strict Excel": ("x.xlsx", strict),
    "parts with backslashes": ("x.xlsx", with_backslashes),
}


@pytest.mark.parametrize("carrier", sorted(CARRIERS))
def test_the_form_is_read_from_every_carrier(carrier: str, tmp_path: Path) -> None:
    name, write = CARRIERS[carrier]
    (record,) = records(write(tmp_path / name))
    assert values_of(record) == EXPECTED


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return path


@pytest.mark.parametrize(
    ("name", "parts", "category"),
    [
        ("x.ofd", ("OFD.xml", "Doc_0/Document.xml"), "fixed-layout"),
        ("x.zip.ofd", ("ofd.xml",), "fixed-layout"),
        ("x.xlsb", ("[Content_Types].xml", "xl/workbook.bin"), "binary-workbook"),
        ("x.xlsx", ("[Content_Types].xml", "xl/workbook.bin"), "binary-workbook"),
    ],
)
def test_what_is_not_read_is_refused_by_its_name(
    name: str, parts: tuple[str, ...], category: str, tmp_path: Path
) -> None:
    with pytest.raises(CannotRead) as caught:
        take_in(zipped(tmp_path / name, *parts), name)
    assert (caught.value.category, caught.value.refused) == (category, True)
    assert "save it as" in str(caught.value)


def test_a_locked_open_document_is_said_to_be(tmp_path: Path) -> None:
    made = write_open_document(tmp_path / "x.odt")
    change_part(made, "META-INF/manifest.xml", lambda data: b"<manifest><encryption-data/></manifest>")
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(made, "w") as archive:  # the first part stays the first, not packed
        for name in ("mimetype", *sorted(set(parts) - {"mimetype"})):
            archive.writestr(name, parts[name])
    with pytest.raises(CannotRead) as caught:
        records(made)
    assert caught.value.category == "encrypted"


def test_what_a_rich_text_hides_is_no_text(tmp_path: Path) -> None:
    begin, end = (
        rb"{\rtf1 a{\v b}{\strike c}{\deleted d}{\*\unknown e}\'c4\'ea\u8805?",
        rb"{\field{\*\fldinst f}{\fldrslt g}}\par}",
    )
    (tmp_path / "x.rtf").write_bytes(begin + end)
    flow, hidden = read_rich_text(tmp_path / "x.rtf")
    assert [text for text in flow if text] == ["a年≥g"]
    assert hidden == ["text that the page does not show: bc"]


@pytest.mark.parametrize("data", [rb"{\rtf1 a", b"{" * 600 + b"}" * 600])
def test_a_rich_text_that_breaks_off_is_damaged(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.rtf").write_bytes(data if data.startswith(rb"{\rtf") else rb"{\rtf1" + data + b"}")
    with pytest.raises(CannotRead) as caught:
        records(tmp_path / "x.rtf")
    assert caught.value.category == "damaged"


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (b"From: a\r\nContent-Type: multipart/related;\r\n boundary=x\r\n", True),
        (b"MIME-Version: 1.0\nX-A: b\n c\ncontent-type: text/html\n", True),
        (b"From: a\n\nContent-Type: text/html\n", False),
        ("项目名称: 甲\n".encode(), False),
        (b"a: b\n" * 200, False),
        (b" \n" * 500, False),
    ],
)
def test_a_message_is_told_by_its_headers(head: bytes, is_one: bool) -> None:
    assert is_mail_page(Glimpse(Path("x"), ".mht", len(head), head, head)) is is_one


@pytest.mark.parametrize("case", ["parts", "a long header", "parameters", "comments"])
def test_a_message_of_more_than_any_program_writes_is_refused_at_once(case: str, tmp_path: Path) -> None:
    """The library of messages needs the square of a header's length, and something for each part."""
    message = {
        "parts": 'Content-Type: multipart/related; boundary="x"\n\n' + "--x\nContent-Type: image/png\n\na\n" * 20_000,
        "a long header": "Content-Type: text/html;\n" + " charset=utf-8;\n" * 20_000 + f"\n{as_html()}",
        "parameters": "Content-Type: text/html" + "; a*0*=b" * 20_000 + f"\n\n{as_html()}",
        "comments": f"Content-Type: text/html\nContent-Transfer-Encoding: {'(' * 9000}\n\n{as_html()}",
    }[case]
    (tmp_path / "x.mht").write_text("MIME-Version: 1.0\n" + message, encoding="utf-8")
    started = time.process_time()
    with pytest.raises(OfficeTooLarge):
        read_document(take_in(tmp_path / "x.mht", "x.mht"), load_words())
    assert time.process_time() - started < 5
