"""Makes the PDFs that tests need: small forms and tables by reportlab, and PDFs put together by hand."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import CIDFontInfo, UnicodeCIDFont
from reportlab.pdfbase.pdfdoc import PDFString
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table
from reportlab.platypus.paragraph import ParagraphStyle

FONT = "STSong-Light"  # every reader of PDF brings it, so that no font file is needed
LINES = [
    ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
    ("FONT", (0, 0), (-1, -1), FONT, 9),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
]

TITLE = "项目绩效目标表"
FORM: list[list[str]] = [
    ["项目名称", "测试项目", "", "主管部门", "测试局", ""],
    ["年度目标", "完成测试", "", "", "", ""],
    ["一级指标", "二级指标", "三级指标", "", "指标值", ""],
    ["产出指标", "数量指标", "测试数量", "", "≥5个", ""],
    ["", "质量指标", "测试合格率", "", "100%", ""],
    ["满意度指标", "服务对象满意度指标", "用户满意度", "", "≥95%", ""],
]
FORM_SPANS = [
    ("SPAN", (1, 0), (2, 0)),
    ("SPAN", (4, 0), (5, 0)),
    ("SPAN", (1, 1), (5, 1)),
    *(("SPAN", (2, r), (3, r)) for r in range(2, 6)),
    *(("SPAN", (4, r), (5, r)) for r in range(2, 6)),
    ("SPAN", (0, 3), (0, 4)),
]


@cache
def register_font() -> None:
    """Register the font anew, whoever did so before."""
    # reportlab leaves these two strings as they are in a locked file, where every string must be encrypted
    system = CIDFontInfo[FONT]["DescendantFonts"][0]["CIDSystemInfo"]
    system.update(Registry=PDFString("Adobe"), Ordering=PDFString("GB1"))
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def _style(size: float) -> ParagraphStyle:
    return ParagraphStyle("cell", fontName=FONT, fontSize=size, leading=size * 1.5, wordWrap="CJK")


def write_tables(
    path: Path,
    parts: Sequence[str | tuple[Sequence[Sequence[str]], Sequence[tuple[Any, ...]]]],
    *,
    widths: Sequence[float] | None = None,
    repeat_rows: int = 0,
    encrypt: StandardEncryption | None = None,
) -> Path:
    """A PDF of paragraphs and fully ruled tables (rows, spans), broken over pages as they come."""
    register_font()
    flow: list[Any] = []
    for part in parts:
        if isinstance(part, str):
            flow.append(Paragraph(part, _style(14)))
            continue
        rows, spans = part
        flow.append(Table([list(r) for r in rows], colWidths=widths, style=[*LINES, *spans], repeatRows=repeat_rows))
    SimpleDocTemplate(str(path), pagesize=A4, invariant=True, encrypt=encrypt).build(flow)
    return path


def write_form(path: Path, *, project: str = "测试项目", password: str | None = None) -> Path:
    """A PDF of one small form with three indicators; locked where `password` is given, even an empty one."""
    rows = [list(row) for row in FORM]
    rows[0][1] = project
    encrypt = None
    if password is not None:
        encrypt = StandardEncryption(password, ownerPassword="owner", strength=128)
    widths = [60, 100, 80, 60, 60, 60]
    return write_tables(path, [TITLE, "（2024年度）", (rows, FORM_SPANS)], widths=widths, encrypt=encrypt)


def write_scan(path: Path, pages: int = 1) -> Path:
    """A PDF whose pages are pictures: a ruled table that no text layer describes."""
    picture = Image.new("L", (620, 877), 255)
    pen = ImageDraw.Draw(picture)
    for y in range(100, 800, 50):
        pen.line((50, y, 570, y), fill=0, width=2)
    data = io.BytesIO()
    picture.save(data, "PNG")
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for _ in range(pages):
        canvas.drawImage(ImageReader(io.BytesIO(data.getvalue())), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return path


PROSE = b"BT /F1 11 Tf 60 760 Td (Annual report, a page of prose) Tj 0 -20 Td (and a second line of it.) Tj ET\n"
PROSE += b"".join(b"%d 500 m %d 700 l S 60 %d m 260 %d l S\n" % (x, x, x + 440, x + 440) for x in range(60, 280, 40))

BOX = b"[0 0 595 842]"
NO_BOX = b"[0 0 (a) (b)]"  # no box of numbers: the page cannot be laid out


def write_many(
    path: Path, pages: int, *, broken: int | None = None, box: bytes = BOX, content: bytes = PROSE, length: int = 0
) -> Path:
    """A PDF of many pages that share one content stream.

    Page `broken` (from 1) has the page box `box` and, compressed, the content `content`; `length` cuts that short.
    """
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    packed = zlib.compress(content)
    own = _stream(packed[: length or len(packed)], b"/FlateDecode")
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", font, _stream(PROSE), own]
    first = len(objects) + 1
    kids = b" ".join(b"%d 0 R" % (first + i) for i in range(pages))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>"
    objects += [page % ((box, 5) if number == broken else (BOX, 4)) for number in range(1, pages + 1)]
    path.write_bytes(raw_pdf(objects))
    return path


def _stream(content: bytes, codec: bytes = b"") -> bytes:
    how = b" /Filter " + codec if codec else b""
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), how, content)


def raw_pdf(objects: Sequence[bytes]) -> bytes:
    """The bytes of a PDF of these objects, numbered from 1; the first is its catalog."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()
