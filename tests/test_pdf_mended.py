"""PDFs that one reader alone cannot find its way in: the other one writes them anew, and nothing of them is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import reportlab.rl_config
from helpers_office import document
from helpers_pdf import _stream, raw_pdf, write_form

from extractors.refusals import Damaged
from schemas.model import Line


def lengths(change: Callable[[int], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: re.sub(rb"/Length (\d+)", lambda match: b"/Length " + change(int(match[1])), data)


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "streams longer than they are": lengths(lambda length: b"%d" % (length + 500)),
    "streams shorter than they are": lengths(lambda length: b"%d" % (length // 2)),
    "streams of nothing": lengths(lambda length: b"0"),
    "streams of any length": lambda data: data.replace(b"/Length", b"/Lengthy"),
    "places that are wrong": lambda data: re.sub(
        rb"(\d{10}) (\d{5}) n", lambda match: b"%010d %s n" % (int(match[1]) + 7, match[2]), data
    ),
    "places of nothing": lambda data: re.sub(rb"\d{10} (\d{5}) n", rb"0000000000 \1 n", data),
    "objects that never end": lambda data: data.replace(b"endobj", b""),
    "a page behind the end": lambda data: data + b"\n<html><body>404</body></html>" * 500,
    "no end and no list": lambda data: (
        data[: data.rfind(b"xref\n", 0, data.rfind(b"startxref"))]
        + data[data.rfind(b"trailer") : data.rfind(b"startxref")]
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_pdf_is_read_as_a_sound_one(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream without its length was an empty page, and its form was lost without a word."""
    monkeypatch.setattr(reportlab.rl_config, "useA85", 0)
    write_form(tmp_path / "x.pdf")
    sound = document(tmp_path / "x.pdf")
    (tmp_path / "y.pdf").write_bytes(FAULTS[fault]((tmp_path / "x.pdf").read_bytes()))
    assert document(tmp_path / "y.pdf").blocks == sound.blocks
    assert sound.blocks


@pytest.mark.parametrize("length", [b"", b"/Length 0", b"/Length 20", b"/Length 140"])
def test_a_part_of_a_page_is_as_long_as_it_is(length: bytes, tmp_path: Path) -> None:
    """A part whose length is wrong was lost without a word where other parts of the page were read."""
    shown = b"BT /F1 12 Tf 100 %d Td (%s) Tj ET"
    data = raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 8 0 R /Contents [5 0 R 6 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 8 0 R /Contents 7 0 R >>",
            _stream(shown % (700, b"one")),
            b"<< %s >>\nstream\n%s\nendstream" % (length, shown % (600, b"two")),
            _stream(shown % (500, b"three")),
            b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
        ]
    )
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    assert [block.text for block in document(path).blocks if isinstance(block, Line)] == ["one", "two", "three"]


def test_a_page_whose_content_is_not_there_is_named(tmp_path: Path) -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %s >>"
    for number, content in ((1, b"[4 0 R 9 0 R]"), (2, b"5 0 R")):
        data = raw_pdf(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
                page % content,
                _stream(b"0 0 m 9 9 l S"),
                b"<< /Length 0 >>",
            ]
        )
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(data)
        with pytest.raises(Damaged, match="page 1: its content is not there"):
            document(path)


def test_an_empty_page_is_an_empty_page(tmp_path: Path) -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>"
    for number, content in ((1, b""), (2, b"/Contents 4 0 R"), (3, b"/Contents []")):
        pages = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", page % content]
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(raw_pdf([*pages, _stream(b"")]))
        assert (document(path).pages, document(path).blocks) == (1, ())
