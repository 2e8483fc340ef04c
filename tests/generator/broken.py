"""Ways to break a file, each with the outcome that a run must give it."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

Break = Callable[[Path, bytes], None]
"""Writes the broken file at a path, from the bytes of a good PDF (dumps: text of their own)."""

DUMP = (
    "项目绩效目标表\n项目名称\t青石环境卫生经费\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t检查次数\t≥5次\n"
    * 20
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way: its name, the suffix of the file, the categories one of which its failure must have, whether it
    counts as refused. No category: the run passes it over without a word, as a folder or a link out of the input."""

    name: str
    suffix: str
    categories: tuple[str, ...]
    make: Break
    refused: bool = False


def _write(data: bytes) -> Break:
    return lambda path, good: path.write_bytes(data) and None


def _cut(share: float) -> Break:
    return lambda path, good: path.write_bytes(good[: int(len(good) * share)]) and None


def _encrypted(path: Path, good: bytes) -> None:
    canvas = Canvas(str(path), invariant=1, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    canvas.drawString(100, 700, "locked")
    canvas.showPage()
    canvas.save()


def _objects(path: Path, objects: Sequence[bytes]) -> None:
    """A PDF put together by hand, its cross references right."""
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
    path.write_bytes(out.getvalue())


def _page(path: Path, box: bytes, extra: bytes = b"", *streams: bytes) -> None:
    kids = [b"<< /Type /Page /Parent 2 0 R /MediaBox %s %s >>" % (box, extra)]
    _objects(
        path, [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", *kids, *streams]
    )


def _stream(data: bytes, head: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), head, data)


def _broken_page(path: Path, good: bytes) -> None:
    _page(path, b"[0 0 (a) (b)]")


def _broken_content(path: Path, good: bytes) -> None:
    packed = zlib.compress(b"BT (text) Tj ET\n" * 500)
    _page(path, b"[0 0 595 842]", b"/Contents 4 0 R", _stream(packed[: len(packed) // 2], b"/Filter /FlateDecode"))


def _picture(data: bytes, wide: int, high: int) -> Break:
    """A PDF of one page that is a JPEG."""

    def make(path: Path, good: bytes) -> None:
        head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
        draw = b"q 595 0 0 842 0 0 cm /I Do Q"
        extra = b"/Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >>"
        _page(path, b"[0 0 595 842]", extra, _stream(draw), _stream(data, head % (wide, high)))

    return make


def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 400), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def _png(wide: int, high: int, data: bytes) -> bytes:
    """A PNG that says how large it is, whatever its data hold."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def _bomb() -> bytes:
    packed = zlib.compressobj(9)
    data = b"".join(packed.compress(bytes(1 << 20)) for _ in range(64)) + packed.flush()
    return _png(60000, 60000, data)


def _tiff() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((200, 200), 50).save(out, "TIFF")
    return out.getvalue()


def _shut(path: Path, good: bytes) -> None:
    path.write_bytes(good)
    path.chmod(0)


def _random(path: Path, good: bytes) -> None:
    path.write_bytes(b"%PDF-1.4\n" + zlib.compress(good)[: len(good) // 2] + b"\nstartxref\n5\n%%EOF\n")


def _no_root(path: Path, good: bytes) -> None:
    path.write_bytes(b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\n0000000000 65535 f \n"
                     b"trailer\n<< /Size 1 >>\nstartxref\n41\n%%EOF\n")  # fmt: skip


def _no_pages_tree(path: Path, good: bytes) -> None:
    _objects(path, [b"<< /Type /Catalog /Pages 9 0 R >>"])


def _archive(path: Path, good: bytes) -> None:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("word/media.bin", good[:1000])


def _link(path: Path, good: bytes) -> None:
    path.symlink_to(path.name)


def _pipe(path: Path, good: bytes) -> None:
    os.mkfifo(path)


def _folder(path: Path, good: bytes) -> None:
    path.mkdir()


RAR, OLE = b"Rar!\x1a\x07\x00" + bytes(200), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
HALF = DUMP.encode("utf-16")[:-1]
DAMAGED = ("damaged",)

WAYS: tuple[Way, ...] = (
    Way("truncated", ".pdf", ("truncated",), _cut(0.6)),
    Way("cut-after-header", ".pdf", ("truncated", "not-a-pdf"), _cut(0.01)),
    Way("empty", ".pdf", ("empty",), _write(b"")),
    Way("empty-dump", ".txt", ("empty",), _write(b"")),
    Way("encrypted", ".pdf", ("encrypted",), _encrypted),
    Way("text-called-pdf", ".pdf", ("not-a-pdf",), _write(DUMP.encode())),
    Way("random-bytes", ".pdf", ("not-a-pdf",), _write(bytes((n * 89 + n // 7) % 251 for n in range(5000)))),
    Way("noise-in-a-pdf", ".pdf", DAMAGED, _random),
    Way("no-root", ".pdf", DAMAGED, _no_root),
    Way("no-page-tree", ".pdf", DAMAGED, _no_pages_tree),
    Way("page-without-size", ".pdf", DAMAGED, _broken_page),
    Way("content-breaks-off", ".pdf", DAMAGED, _broken_content),
    Way("broken-jpeg-in-pdf", ".pdf", ("broken-image",), _picture(_jpeg()[:200] + b"\x00" * 500, 300, 400)),
    Way("image-bomb", ".png", ("image-too-large",), _write(_bomb()), refused=True),
    Way("broken-png", ".png", ("broken-image",), _write(_png(500, 500, zlib.compress(bytes(1000))[:9]))),
    Way("broken-jpeg", ".jpg", ("broken-image",), _write(_jpeg()[:300])),
    Way("broken-tiff", ".tif", ("broken-image",), _write(_tiff()[:60])),
    Way("nul-bytes", ".txt", ("unknown-encoding",), _write(bytes(5000))),
    Way("utf-16-cut", ".txt", ("unknown-encoding",), _write(HALF)),
    Way("utf-8-bom-cut", ".txt", ("unknown-encoding",), _write(b"\xef\xbb\xbf" + DUMP.encode()[:-500][:-2][:100])),
    Way("rar-called-pdf", ".pdf", ("not-supported",), _write(RAR), refused=True),
    Way("office-called-txt", ".txt", DAMAGED, _write(OLE)),
    Way("not-permitted", ".pdf", ("not-permitted",), _shut),
    Way("link-to-itself", ".pdf", (), _link),
    Way("pipe", ".pdf", (), _pipe),
    Way("folder-called-pdf", ".pdf", (), _folder),
)
