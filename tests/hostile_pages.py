"""Hostile PDFs and images: small, each of a kind that has cost readers much.

`PAGED` gives by name the suffix of a file and what makes its bytes. Not a test: a name that pytest does not collect.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence

from helpers_pdf import BOX, PROSE, _stream, raw_pdf
from PIL import Image

Hostile = tuple[str, Callable[[], bytes]]

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TEXT = b"BT /F1 11 Tf 60 760 Td (Annual report) Tj ET\n"


def pdf(
    content: bytes = PROSE,
    *more: bytes,
    page: bytes = b"",
    box: bytes = BOX,
    resources: bytes = b"",
    font: bytes = FONT,
    catalog: bytes = b"",
    pages: bytes = b"/Count 1 /Kids [3 0 R]",
    codec: bytes = b"",
) -> bytes:
    """A PDF of one page: 1 catalog, 2 pages, 3 page, 4 content, 5 font, from 6 on `more`."""
    own = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Resources << /Font << /F1 5 0 R >> %s >> /Contents 4 0 R %s >>"
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            b"<< /Type /Pages %s >>" % pages,
            own % (box, resources, page),
            _stream(content, codec),
            font,
            *more,
        ]
    )


def flate(data: bytes) -> bytes:
    return zlib.compress(data, 9)


def image(extra: bytes, data: bytes = b"x", wide: int = 100, tall: int = 100) -> bytes:
    head = b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 %s /Length %d >>"
    return head % (wide, tall, extra, len(data)) + b"\nstream\n" + data + b"\nendstream"


DRAWN = b"q 595 0 0 842 0 0 cm /I Do Q"


def pictured(extra: bytes, data: bytes = b"x", wide: int = 100, tall: int = 100) -> bytes:
    return pdf(DRAWN, image(extra, data, wide, tall), resources=b"/XObject << /I 6 0 R >>")


def form(content: bytes, resources: bytes) -> bytes:
    return (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << %s >> /Length %d >>\nstream\n%s\nendstream"
        % (resources, len(content), content)
    )


def doubling(levels: int = 30) -> bytes:
    """Forms that each draw the next one ten times: 10^levels."""
    forms = [form(b"/X Do " * 10, b"/XObject << /X %d 0 R >>" % (number + 7)) for number in range(levels)]
    return pdf(b"/X Do", *forms, form(TEXT, b"/Font << /F1 5 0 R >>"), resources=b"/XObject << /X 6 0 R >>")


def previous(loop: bytes) -> bytes:
    """A PDF whose table of places names another, which leads back."""
    made = raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 0 /Kids [] >>"])
    at = made.rfind(b"xref\n", 0, made.rfind(b"startxref"))
    return made.replace(b"trailer\n<<", b"trailer\n<< " + loop.replace(b"HERE", b"%d" % at))


def object_stream(body: bytes, extra: bytes = b"") -> bytes:
    data = flate(body)
    return b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode %s /Length %d >>\nstream\n%s\nendstream" % (
        extra,
        len(data),
        data,
    )


def xref_stream(widths: bytes, index: bytes = b"", data: bytes = b"", size: int = 9) -> bytes:
    body = b"%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 0 /Kids [] >>\nendobj\n"
    packed = flate(data)
    return (
        body
        + b"3 0 obj\n<< /Type /XRef /W %s %s /Size %d /Root 1 0 R /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
        % (widths, index, size, len(packed), packed, len(body))
    )


def chain(length: int) -> bytes:
    """Pages within pages within pages."""
    inner = [
        b"<< /Type /Pages /Parent %d 0 R /Count 1 /Kids [%d 0 R] >>" % (max(n + 5, 2), n + 7) for n in range(length)
    ]
    page = b"<< /Type /Page /Parent %d 0 R /MediaBox %s /Contents 4 0 R >>" % (length + 5, BOX)
    return pdf(PROSE, *inner, page, pages=b"/Count 1 /Kids [6 0 R]")


CMAP = (
    b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange %s endcmap"
)


def font_of(to_unicode: bytes, extra: bytes = b"", widths: bytes = b"") -> bytes:
    inner = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> %s >>"
        % widths
    )
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R %s >>"
        % extra
    )
    return pdf(b"BT /F1 11 Tf 60 760 Td <00410042> Tj ET", inner, _stream(CMAP % to_unicode), font=font)


LOOP = b"[/Indexed 6 0 R 1 (abcdef)]"
PDFS: dict[str, Hostile] = {
    "pages in a circle": (".pdf", lambda: pdf(pages=b"/Count 1 /Kids [2 0 R 3 0 R]")),
    "pages that are their parents": (
        ".pdf",
        lambda: pdf(PROSE, b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>", pages=b"/Count 9 /Kids [6 0 R 6 0 R 6 0 R]"),
    ),
    "pages in 5,000 pages": (".pdf", lambda: chain(5000)),
    "the same page 100,000 times": (".pdf", lambda: pdf(pages=b"/Count 100000 /Kids [%s]" % (b"3 0 R " * 100_000))),
    "two billion pages": (".pdf", lambda: pdf(pages=b"/Count 2147483647 /Kids [3 0 R]")),
    "pages below zero": (".pdf", lambda: pdf(pages=b"/Count -5 /Kids [3 0 R]")),
    "pages of nothing": (".pdf", lambda: pdf(pages=b"/Count 3 /Kids [99 0 R null 5]")),
    "tables in a circle": (".pdf", lambda: previous(b"/Prev HERE ")),
    "tables before the file": (".pdf", lambda: previous(b"/Prev -5 ")),
    "tables in streams in a circle": (".pdf", lambda: previous(b"/XRefStm HERE ")),
    "a place that leads to itself": (".pdf", lambda: pdf(PROSE, b"6 0 R", page=b"/Rotate 6 0 R")),
    "objects that extend themselves": (
        ".pdf",
        lambda: pdf(PROSE, object_stream(b"7 0 << >>", b"/Extends 6 0 R"), page=b"/Annots 7 0 R"),
    ),
    "widths of 4 GB": (".pdf", lambda: xref_stream(b"[999999999 999999999 9]")),
    "widths of nothing": (".pdf", lambda: xref_stream(b"[0 0 0]", b"/Index [0 2000000000]")),
    "widths below zero": (".pdf", lambda: xref_stream(b"[1 -2 1]", b"", bytes(400))),
    "a million places": (
        ".pdf",
        lambda: xref_stream(b"[1 2 1]", b"/Index [0 1000000]", b"\1\0\t\0" * 1_000_000, 1_000_000),
    ),
    "a length that leads to itself": (".pdf", lambda: pdf().replace(b"/Length %d" % len(PROSE), b"/Length 4 0 R")),
    "a length below zero": (".pdf", lambda: pdf().replace(b"/Length %d" % len(PROSE), b"/Length -99")),
    "a length of 2 GB": (".pdf", lambda: pdf().replace(b"/Length %d" % len(PROSE), b"/Length 2147483647")),
    "arrays in arrays": (".pdf", lambda: pdf(page=b"/X " + b"[" * 50_000 + b"]" * 50_000)),
    "arrays that never end": (".pdf", lambda: pdf(page=b"/X " + b"[" * 50_000)),
    "dictionaries in dictionaries": (".pdf", lambda: pdf(page=b"/X " + b"<< /A " * 20_000 + b">>" * 20_000)),
    "brackets in a text": (".pdf", lambda: pdf(b"BT /F1 9 Tf " + b"(" * 200_000 + b" Tj ET")),
    "a name of 1 MB": (".pdf", lambda: pdf(page=b"/" + b"#41" * 300_000 + b" 1")),
    "states in states": (".pdf", lambda: pdf(b"q " * 200_000 + TEXT)),
    "states that end": (".pdf", lambda: pdf(b"Q " * 200_000 + TEXT)),
    "marks in marks": (".pdf", lambda: pdf(b"/Span << /ActualText (x) >> BDC " * 50_000 + TEXT)),
    "arrays in a content": (".pdf", lambda: pdf(b"[" * 100_000 + TEXT)),
    "texts without end": (".pdf", lambda: pdf(b"BT /F1 9 Tf " + b"(a) Tj " * 100_000 + b"ET")),
    "letters one above the other": (".pdf", lambda: pdf(b"BT /F1 9 Tf 9 9 Td " + b"0 0 Td (a) Tj " * 20_000 + b"ET")),
    "100,000 rules": (
        ".pdf",
        lambda: pdf(
            b"".join(b"%d %d m %d %d l S\n" % (n % 595, n % 842, (n * 7) % 595, n % 842) for n in range(100_000))
        ),
    ),
    "30,000 rectangles": (
        ".pdf",
        lambda: pdf(b"".join(b"%d %d 5 5 re S\n" % (n % 590, n * 7 % 842) for n in range(30_000))),
    ),
    "a grid of 160 × 160": (
        ".pdf",
        lambda: pdf(
            b"".join(
                b"%d 20 m %d 820 l S 20 %d m 580 %d l S\n" % (20 + n * 3, 20 + n * 3, 20 + n * 5, 20 + n * 5)
                for n in range(160)
            )
            + TEXT
        ),
    ),
    "curves": (".pdf", lambda: pdf(b"0 0 m " + b"1 2 3 4 5 6 c " * 100_000 + b"S")),
    "one path of 100,000 parts": (
        ".pdf",
        lambda: pdf(b"0 0 m " + b"".join(b"%d %d l " % (n % 595, n % 842) for n in range(100_000)) + b"S"),
    ),
    "clips in clips": (".pdf", lambda: pdf(b"0 0 500 500 re W n " * 50_000 + TEXT)),
    "patterns of dashes": (".pdf", lambda: pdf(b"[" + b"0.001 " * 20_000 + b"] 0 d 0 0 m 595 842 l S")),
    "numbers without end": (".pdf", lambda: pdf(b"9" * 500_000 + b" 0 m 1e400 " + b"-" * 1000 + b"5 l S 1.2.3 0 m")),
    "huge matrices": (".pdf", lambda: pdf(b"1e30 0 0 1e30 0 0 cm " * 40 + TEXT)),
    "matrices of nothing": (".pdf", lambda: pdf(b"0 0 0 0 0 0 cm " + TEXT)),
    "a huge letter": (".pdf", lambda: pdf(b"BT /F1 99999999 Tf 0 0 Td (A) Tj ET")),
    "a huge page": (".pdf", lambda: pdf(box=b"[0 0 999999999 999999999]")),
    "a page of nothing": (".pdf", lambda: pdf(box=b"[5 5 5 5]")),
    "a page far away": (".pdf", lambda: pdf(box=b"[-1e30 -1e30 1e30 1e30]")),
    "a page of a million units": (".pdf", lambda: pdf(page=b"/UserUnit 1000000")),
    "a page turned by 7": (".pdf", lambda: pdf(page=b"/Rotate 7")),
    "a page without measure, as text": (".pdf", lambda: pdf(box=b"[(a) /b << >> null]")),
    "forms in a circle": (
        ".pdf",
        lambda: pdf(b"/X Do", form(b"/X Do", b"/XObject << /X 6 0 R >>"), resources=b"/XObject << /X 6 0 R >>"),
    ),
    "forms that double": (".pdf", doubling),
    "patterns in a circle": (
        ".pdf",
        lambda: pdf(
            b"/Pattern cs /P scn 0 0 99 99 re f",
            b"<< /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 0 /YStep 0 /Resources << /Pattern << /P 6 0 R >> >> /Length 39 >>\nstream\n/Pattern cs /P scn 0 0 99 99 re f      \nendstream",
            resources=b"/Pattern << /P 6 0 R >>",
        ),
    ),
    "colours in a circle": (
        ".pdf",
        lambda: pdf(b"/C cs 0 sc 0 0 99 99 re f " + TEXT, LOOP, resources=b"/ColorSpace << /C 6 0 R >>"),
    ),
    "functions in a circle": (
        ".pdf",
        lambda: pdf(
            b"/C cs 0 sc 0 0 99 99 re f " + TEXT,
            b"[/Separation /A /DeviceRGB 7 0 R]",
            b"<< /FunctionType 3 /Domain [0 1] /Bounds [] /Encode [0 1] /Functions [7 0 R] >>",
            resources=b"/ColorSpace << /C 6 0 R >>",
        ),
    ),
    "functions of 32 inputs": (
        ".pdf",
        lambda: pdf(
            b"/C cs 0 sc 0 0 99 99 re f " + TEXT,
            b"[/Separation /A /DeviceRGB 7 0 R]",
            b"<< /FunctionType 0 /Domain [%s] /Range [0 1 0 1 0 1] /Size [%s] /BitsPerSample 8 /Length 1 >>\nstream\nx\nendstream"
            % (b"0 1 " * 32, b"99 " * 32),
            resources=b"/ColorSpace << /C 6 0 R >>",
        ),
    ),
    "functions that calculate": (
        ".pdf",
        lambda: pdf(
            b"/C cs 0 sc 0 0 99 99 re f " + TEXT,
            b"[/Separation /A /DeviceRGB 7 0 R]",
            b"<< /FunctionType 4 /Domain [0 1] /Range [0 1 0 1 0 1] /Length 30002 >>\nstream\n%s\nendstream"
            % (b"{" * 15_001 + b"}" * 15_001),
            resources=b"/ColorSpace << /C 6 0 R >>",
        ),
    ),
    "a function of numbers": (
        ".pdf",
        lambda: pdf(
            b"/C cs 0 sc 0 0 99 99 re f " + TEXT,
            b"[/Separation /A /DeviceRGB 7 0 R]",
            b"<< /FunctionType 4 /Domain [0 1] /Range [0 1 0 1 0 1] /Length %d >>\nstream\n{%s}\nendstream"
            % (2 + 30 * 4000, b"dup exp 99999 copy 2 -9 roll " * 4000),
            resources=b"/ColorSpace << /C 6 0 R >>",
        ),
    ),
    "notes in a circle": (
        ".pdf",
        lambda: pdf(
            PROSE,
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /V (x) /Rect [0 0 9 9] /Parent 7 0 R >>",
            b"<< /T (a) /Parent 6 0 R /Kids [6 0 R] >>",
            page=b"/Annots [6 0 R]",
            catalog=b"/AcroForm << /Fields [7 0 R] >>",
        ),
    ),
    "the same note 50,000 times": (
        ".pdf",
        lambda: pdf(
            PROSE,
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /V (x) /Rect [0 0 9 9] >>",
            page=b"/Annots [%s]" % (b"6 0 R " * 50_000),
        ),
    ),
    "layers in a circle": (
        ".pdf",
        lambda: pdf(
            b"/OC /O BDC " + TEXT + b"EMC",
            b"<< /Type /OCMD /OCGs [6 0 R] /VE [/And 7 0 R] >>",
            b"[/Or 7 0 R 7 0 R]",
            resources=b"/Properties << /O 6 0 R >>",
            catalog=b"/OCProperties << /OCGs [6 0 R] /D << /Order [7 0 R] /OFF [6 0 R] >> >>",
        ),
    ),
    "a content of blanks": (".pdf", lambda: pdf(flate(b" " * (200 << 20)), codec=b"/FlateDecode")),
    "a content of texts": (
        ".pdf",
        lambda: pdf(flate(b"BT /F1 9 Tf 9 9 Td (a) Tj ET " * 1_000_000), codec=b"/FlateDecode"),
    ),
    "a content packed ten times": (
        ".pdf",
        lambda: pdf(flate(flate(flate(b" " * (64 << 20)))), codec=b"[/FlateDecode /FlateDecode /FlateDecode]"),
    ),
    "codecs without end": (".pdf", lambda: pdf(b"41" * 9, codec=b"[" + b"/ASCIIHexDecode " * 20_000 + b"]")),
    "a codec of columns": (
        ".pdf",
        lambda: pdf(flate(b"\2" * 100_000), codec=b"/FlateDecode /DecodeParms << /Predictor 15 /Columns 999999999 >>"),
    ),
    "LZW": (".pdf", lambda: pdf(b"\x80\x0b\x60\x50" * 200_000, codec=b"/LZWDecode")),
    "runs": (".pdf", lambda: pdf(b"\x81 " * 2_000_000, codec=b"/RunLengthDecode")),
    "text in base 85": (".pdf", lambda: pdf(b"z" * 3_000_000 + b"~>", codec=b"/ASCII85Decode")),
    "letters of a whole plane": (".pdf", lambda: font_of(b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange")),
    "100,000 ranges of letters": (
        ".pdf",
        lambda: font_of(b"100000 beginbfrange " + b"<0000> <FFFF> <0041> " * 3000 + b"endbfrange"),
    ),
    "maps in a circle": (".pdf", lambda: font_of(b"/Identity-H usecmap /A usecmap", extra=b"/UseCMap 7 0 R")),
    "letters that are long": (".pdf", lambda: font_of(b"1 beginbfchar <0041> <" + b"4E00" * 200_000 + b"> endbfchar")),
    "widths of letters": (".pdf", lambda: font_of(b"", widths=b"/W [0 2000000000 500]")),
    "letters by difference": (
        ".pdf",
        lambda: pdf(font=FONT[:-2] + b"/Encoding << /Differences [%s] >> >>" % (b"0 /a " * 100_000)),
    ),
    "a font program that is none": (
        ".pdf",
        lambda: pdf(
            PROSE,
            b"<< /Type /FontDescriptor /FontName /A /FontFile2 7 0 R >>",
            _stream(b"\0\1\0\0\xff\xff" + b"\xff" * 5000),
            font=b"<< /Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor 6 0 R >>",
        ),
    ),
    "letters that draw themselves": (
        ".pdf",
        lambda: pdf(
            b"BT /F1 9 Tf (a) Tj ET",
            _stream(b"BT /F1 9 Tf (a) Tj ET"),
            font=b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [1] /Resources << /Font << /F1 5 0 R >> >> >>",
        ),
    ),
    "a picture of 10^10 points": (
        ".pdf",
        lambda: pictured(b"/Filter /FlateDecode", flate(bytes(1000)), 100_000, 100_000),
    ),
    "a picture of blanks": (
        ".pdf",
        lambda: pictured(b"/Filter /FlateDecode", flate(b"\xff" * (9000 * 9000)), 9000, 9000),
    ),
    "a picture below zero": (".pdf", lambda: pictured(b"/Filter /FlateDecode", flate(b"x"), -5, 0)),
    "a fax of 10^9 columns": (
        ".pdf",
        lambda: pictured(
            b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 999999999 /Rows 999999999 >>", bytes(5000)
        ),
    ),
    "JBIG2 of nothing": (
        ".pdf",
        lambda: pictured(
            b"/Filter /JBIG2Decode", b"\0\0\0\0\x30\0\1\0\0\0\x13\x7f\xff\xff\xff\x7f\xff\xff\xff" + bytes(11)
        ),
    ),
    "JPX of nothing": (
        ".pdf",
        lambda: pictured(
            b"/Filter /JPXDecode", b"\xff\x4f\xff\x51\0\x29\0\0\x7f\xff\xff\xff\x7f\xff\xff\xff" + bytes(40)
        ),
    ),
    "a mask that masks itself": (".pdf", lambda: pictured(b"/SMask 6 0 R /Filter /FlateDecode", flate(bytes(10_000)))),
    "a picture in a content": (
        ".pdf",
        lambda: pdf(b"BI /W 99999 /H 99999 /BPC 8 /CS /G ID " + b"x" * 50_000 + b"\nEI " + TEXT),
    ),
    "pictures that never end": (".pdf", lambda: pdf(b"BI /W 9 /H 9 ID " * 20_000)),
    "10,000 pictures": (
        ".pdf",
        lambda: pdf(
            b"q 9 0 0 9 0 0 cm /I Do Q " * 10_000,
            image(b"/Filter /FlateDecode", flate(bytes(10_000))),
            resources=b"/XObject << /I 6 0 R >>",
        ),
    ),
    "a lock that is none": (
        ".pdf",
        lambda: previous(
            b"/Encrypt << /Filter /Standard /V 5 /R 6 /Length 99999999 /O (a) /U (b) /P -1 >> /ID [(a)(b)] "
        ),
    ),
    "outlines in a circle": (
        ".pdf",
        lambda: pdf(
            PROSE,
            b"<< /First 7 0 R /Last 7 0 R >>",
            b"<< /Title (a) /Next 7 0 R /First 6 0 R >>",
            catalog=b"/Outlines 6 0 R",
        ),
    ),
    "names in a circle": (
        ".pdf",
        lambda: pdf(
            PROSE,
            b"<< /Kids [6 0 R 6 0 R] >>",
            catalog=b"/Names << /Dests 6 0 R >> /PageLabels 6 0 R /StructTreeRoot << /K 6 0 R >>",
        ),
    ),
    "heads and ends": (".pdf", lambda: b"%PDF-1.4\n" * 20_000 + b"startxref\n0\n%%EOF\n" * 50_000),
    "objects of nothing": (".pdf", lambda: b"%PDF-1.4\n" + b"1 0 obj\n" * 100_000 + b"startxref\n9\n%%EOF\n"),
    "streams of nothing": (
        ".pdf",
        lambda: b"%PDF-1.4\n" + b"1 0 obj << /Length 9 >> stream\n" * 50_000 + b"startxref\n9\n%%EOF\n",
    ),
    "bytes before and behind": (".pdf", lambda: bytes(900) + pdf() + bytes(3000)),
}


def png(
    wide: int, tall: int, data: bytes = b"", *chunks: tuple[bytes, bytes], depth: int = 8, colour: int = 0
) -> bytes:
    out = b"\x89PNG\r\n\x1a\n"
    for kind, body in (
        (b"IHDR", struct.pack(">2L5B", wide, tall, depth, colour, 0, 0, 0)),
        *chunks,
        (b"IDAT", data),
        (b"IEND", b""),
    ):
        out += struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))
    return out


def tiff(entries: Sequence[tuple[int, int, int, int]], following: int = 0, data: bytes = b"") -> bytes:
    """A TIFF of one list of (tag, type, count, value); `following` is where the next list stands."""
    body = b"".join(struct.pack("<2H2L", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + body + struct.pack("<L", following) + data


def _plain(wide: int, tall: int, *more: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    return [
        (256, 4, 1, wide),
        (257, 4, 1, tall),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (278, 4, 1, tall),
        (279, 4, 1, 100),
        *more,
    ]


def drawn(kind: str, size: tuple[int, int] = (60, 40), mode: str = "L", **how: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 255 if mode != "RGB" else (255, 255, 255)).save(out, kind, **how)  # type: ignore[arg-type]
    return out.getvalue()


def frames(kind: str, count: int) -> bytes:
    out = io.BytesIO()
    first, *rest = [Image.new("L", (8, 8), n % 256) for n in range(count)]
    first.save(out, kind, save_all=True, append_images=rest)
    return out.getvalue()


def _jpeg(wide: int, tall: int) -> bytes:
    """A JPEG that claims another size."""
    data = bytearray(drawn("JPEG"))
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">2H", tall, wide)
    return bytes(data)


IMAGES: dict[str, Hostile] = {
    "PNG of 2^31": (".png", lambda: png(2**31 - 1, 2**31 - 1, flate(b"\0" * 100))),
    "PNG of nothing": (".png", lambda: png(0, 0, flate(b"\0"))),
    "PNG of one row": (".png", lambda: png(10_000_000, 1, flate(bytes(10_000_001)))),
    "PNG of one column": (".png", lambda: png(1, 9_000_000, flate(bytes(18_000_000)))),
    "PNG of blanks": (".png", lambda: png(7000, 9000, flate(bytes(7001 * 9000)))),
    "PNG with a packed text": (
        ".png",
        lambda: png(9, 9, flate(bytes(90)), (b"zTXt", b"a\0\0" + flate(bytes(200 << 20)))),
    ),
    "PNG with a packed profile": (
        ".png",
        lambda: png(9, 9, flate(bytes(90)), (b"iCCP", b"a\0\0" + flate(bytes(200 << 20)))),
    ),
    "PNG of 100,000 parts": (".png", lambda: png(9, 9, flate(bytes(90)), *[(b"tEXt", b"a\0b")] * 100_000)),
    "PNG of 16 bits and cut": (".png", lambda: png(3000, 3000, flate(bytes(100)), depth=16, colour=6)),
    "PNG that holds more": (".png", lambda: png(9, 9, flate(bytes(100 << 20)))),
    "lists in a circle": (".tif", lambda: tiff(_plain(10, 10), 8, bytes(500))),
    "a list behind the end": (".tif", lambda: tiff(_plain(10, 10), 2**32 - 9, bytes(500))),
    "a list of 65,535 tags": (".tif", lambda: tiff([(n % 65_536, 4, 1, n) for n in range(65_535)])),
    "a tag of 4 GB": (".tif", lambda: tiff(_plain(10, 10, (700, 1, 2**32 - 1, 8)), 0, bytes(500))),
    "TIFF of 2^31": (".tif", lambda: tiff(_plain(2**31 - 1, 2**31 - 1), 0, bytes(500))),
    "TIFF of nothing": (".tif", lambda: tiff(_plain(0, 0), 0, bytes(500))),
    "TIFF of 65,535 colours": (".tif", lambda: tiff(_plain(10, 10, (277, 3, 1, 65_535)), 0, bytes(500))),
    "TIFF of floats": (".tif", lambda: tiff(_plain(10, 10, (339, 3, 1, 3)), 0, bytes(500))),
    "TIFF of another packing": (
        ".tif",
        lambda: tiff([(256, 4, 1, 9), (257, 4, 1, 9), (259, 3, 1, 34_712)], 0, bytes(500)),
    ),
    "TIFF of 3,000 pages": (".tif", lambda: frames("TIFF", 3000)),
    "TIFF packed": (".tif", lambda: drawn("TIFF", (8000, 8000), compression="tiff_lzw")),
    "fax pages": (".tif", lambda: drawn("TIFF", (20_000, 3000), "1", compression="group4")),
    "big TIFF in a circle": (
        ".tif",
        lambda: (
            b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0"
            + struct.pack("<Q", 1)
            + struct.pack("<2H2Q", 256, 3, 1, 9)
            + struct.pack("<Q", 16)
        ),
    ),
    "JPEG of 65,535": (".jpg", lambda: _jpeg(65_535, 65_535)),
    "JPEG of nothing": (".jpg", lambda: _jpeg(0, 0)),
    "JPEG of 1,000 scans": (".jpg", lambda: _scans(drawn("JPEG", (2000, 2000), progressive=True))),
    "JPEG of marks": (
        ".jpg",
        lambda: b"\xff\xd8" + b"\xff\xe1\xff\xff" + b"x" * 65_533 + b"\xff\xfe\0\2" * 50_000 + drawn("JPEG")[2:],
    ),
    "GIF of 5,000 pictures": (".png", lambda: frames("GIF", 5000)),
    "GIF as JPEG": (".jpg", lambda: drawn("GIF")),
    "BMP": (".png", lambda: drawn("BMP")),
    "BMP of 2^31": (
        ".tif",
        lambda: b"BM" + bytes(12) + struct.pack("<L2l2HL", 40, 2**31 - 1, -(2**31), 1, 24, 0) + bytes(30),
    ),
    "WebP": (".png", lambda: drawn("WEBP")),
    "one point": (".png", lambda: drawn("PNG", (1, 1))),
    "one point in all colours": (".tif", lambda: drawn("TIFF", (1, 1), "RGB")),
}


def _scans(data: bytes) -> bytes:
    """A JPEG with its first scan a thousand times."""
    first = data.find(b"\xff\xda")
    second = data.find(b"\xff\xda", first + 2)
    head = data.rfind(b"\xff\xc4", first, second)
    one = data[first : head if head > 0 else second]
    return data[:first] + one * 1000 + data[first:]


PAGED = {**PDFS, **IMAGES}
