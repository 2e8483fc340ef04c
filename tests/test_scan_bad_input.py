"""Scans that are none, or bad: each has a clear outcome, and memory stays within bounds."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from helpers_ocr import Fake, Knowing
from helpers_pdf import FONT, FORM, FORM_SPANS, TITLE, write_form, write_tables
from PIL import Image, ImageDraw, ImageFilter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from typer.testing import CliRunner

from extractors.intake import take_in
from extractors.ocr.choose import built_in_engine
from extractors.ocr.engine import Engine
from extractors.read import read_document
from extractors.refusals import BrokenImage, ImageTooLarge, NotSupported
from extractors.scan import images
from extractors.scan.images import count_pages, image_pages
from pipeline import cli
from pipeline.commands import terminal
from pipeline.reading.forms import split_forms
from pipeline.running.worker import read_forms
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.model import Document, Reader, Table
from schemas.record import Record

DPI = 200
SIZE = (1654, 2339)  # pixels of A4 at 200 dots an inch
WORDS = load_words()


def document(path: Path, engine: Callable[[], Engine] = Fake) -> Document:
    return read_document(take_in(path, path.name), WORDS, engine=engine)


def records(found: Document) -> list[Record]:
    return [form.record for form in read_forms(found, load_families(None), WORDS)]


def jpeg(picture: Image.Image, **options: Any) -> bytes:
    data = io.BytesIO()
    picture.save(data, "JPEG", **options)
    return data.getvalue()


def pdf_of(path: Path, *pages: Image.Image | Callable[[Canvas], None]) -> Path:
    """A PDF of pages that are pictures of the whole page, or are drawn."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for page in pages:
        if callable(page):
            page(canvas)
        else:
            canvas.drawImage(ImageReader(io.BytesIO(jpeg(page, quality=90))), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return path


def pdf_of_stream(
    path: Path, data: bytes, codec: str, size: tuple[int, int] = SIZE, colours: str = "DeviceRGB"
) -> Path:
    """A PDF of one page that shows one image, whose compressed bytes are `data`, over the whole page."""
    width, height = size
    draw = b"q 595 0 0 842 0 0 cm /I Do Q"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 5 0 R >> >> "
        b"/Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(draw), draw),
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /{colours} "
        f"/BitsPerComponent 8 /Filter /{codec} /Length {len(data)} >>\nstream\n".encode()
        + data
        + b"\nendstream",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % o for o in offsets)
    end = b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    path.write_bytes(out + end % (table, len(out)))
    return path


def a_page(seed: int = 1) -> Image.Image:
    """A picture of a page of lines that look like text, to its foot."""
    rng = np.random.default_rng(seed)
    page = np.full((SIZE[1], SIZE[0]), 255, dtype=np.uint8)
    for top in range(150, 2250, 60):
        for left in range(150, 1500, 34):
            page[top : top + 27, left : left + 27] = np.where(rng.random((27, 27)) < 0.4, 20, 255)
    return Image.fromarray(page).convert("RGB")


def a_photo() -> Image.Image:
    """Something else: a sky, hills, noise, shapes and a fence."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:1500, 0:1100]
    sky = np.stack([80 + y * 0.08, 120 + y * 0.05, 220 - y * 0.06], axis=2)
    hills = (y > 900 + 120 * np.sin(x / 130) + 60 * np.sin(x / 37))[..., None]
    land = np.stack([60 + 30 * np.sin(x / 9), 110 + 40 * np.sin(y / 11), 50 + 0 * x], axis=2)
    picture = np.where(hills, land, sky) + rng.normal(0, 9, (1500, 1100, 1))
    out = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(out)
    pen.ellipse((700, 120, 880, 300), fill=(250, 230, 120))
    pen.polygon([(200, 1000), (420, 700), (640, 1000)], fill=(140, 60, 50))
    pen.rectangle((230, 1000, 610, 1300), fill=(220, 200, 170), outline=(90, 70, 60), width=6)
    for left in range(100, 1000, 60):
        pen.line((left, 1320, left, 1480), fill=(70, 50, 40), width=12)
    return out.filter(ImageFilter.GaussianBlur(1.2))


# ── Nothing to read


@pytest.mark.parametrize("name", ["white.pdf", "image.pdf", "white.png", "white.tif", "gray.jpg", "black.png"])
def test_a_blank_page_holds_no_form(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "white.pdf":
        pdf_of(path, lambda canvas: None)
    elif name == "image.pdf":
        pdf_of(path, Image.new("RGB", SIZE, "white"))
    else:
        colour = {"white": 255, "gray": 150, "black": 0}[path.stem]
        Image.new("L", SIZE, colour).save(path, dpi=(DPI, DPI))
    found = document(path)
    assert found.pages == 1
    assert found.blocks == ()
    assert found.reader is (Reader.TEXT_LAYER if name == "white.pdf" else Reader.OCR)


def test_a_grained_empty_page_holds_no_form(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    page = np.clip(rng.normal(238, 7, (SIZE[1], SIZE[0])), 0, 255).astype(np.uint8)
    Image.fromarray(page).save(tmp_path / "x.png", dpi=(DPI, DPI))
    assert document(tmp_path / "x.png").blocks == ()


def test_a_photo_of_something_else_holds_no_form(tmp_path: Path) -> None:
    a_photo().save(tmp_path / "x.jpg", quality=85)
    found = document(tmp_path / "x.jpg")
    assert found.pages == 1
    assert split_forms(found.blocks, WORDS) == []


@pytest.mark.engine
def test_the_real_engine_makes_no_form_of_a_photo(tmp_path: Path) -> None:
    a_photo().save(tmp_path / "x.jpg", quality=85)
    assert records(document(tmp_path / "x.jpg", built_in_engine)) == []


# ── Too large


def declared(path: Path, width: int, height: int) -> Path:
    """A PNG that says that it is of this size; its data end at once, so that it must be refused before it is read."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")))
    return path


@pytest.mark.parametrize("size", [(30_000, 30_000), (30_000, 3_000), (1_000_000, 100), (2**31 - 1, 2**31 - 1)])
def test_an_image_of_30000_pixels_is_refused_before_it_is_decoded(tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(ImageTooLarge, match=f"{size[0]} × {size[1]} pixels") as caught:
        document(declared(tmp_path / "x.png", *size))
    failure = caught.value.failure(None)
    assert (failure.category, failure.refused, failure.page) == ("image-too-large", True, 1)
    assert "300 dots an inch" in failure.message


def test_a_large_image_inside_a_pdf_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = pdf_of_stream(tmp_path / "x.pdf", zlib.compress(b"\xff" * 1000), "FlateDecode", (30_000, 30_000))
    with pytest.raises(ImageTooLarge, match="page 1"):
        document(path)


def test_a_large_photograph_is_reduced_while_it_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "LONGEST", 1000)
    monkeypatch.setattr(images, "MOST_PIXELS", 2_000_000)
    a_page().save(tmp_path / "x.jpg")
    (page,) = image_pages(tmp_path / "x.jpg")
    assert max(page.pixels.shape) == 1000
    a_page().save(tmp_path / "y.jpg", progressive=True)  # is held whole, however small it is wanted
    with pytest.raises(ImageTooLarge):
        list(image_pages(tmp_path / "y.jpg"))


# ── Modes


def as_mode(mode: str, picture: Image.Image) -> Image.Image:
    gray = picture.convert("L")
    if mode == "I;16":
        return Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    if mode == "F":
        return Image.fromarray(np.asarray(gray).astype(np.float32) / 255)
    if mode == "dark I;16":
        return Image.fromarray(np.asarray(gray).astype(np.uint16))
    if mode in ("RGBA", "LA"):  # black ink on what is transparent and black
        return Image.merge(
            "RGBA" if mode == "RGBA" else "LA",
            [*[Image.new("L", picture.size, 0)] * (3 if mode == "RGBA" else 1), gray.point(lambda v: 255 - v)],
        )
    return picture.convert(mode)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16", "I", "F", "YCbCr", "LAB"])
def test_pages_of_every_mode_look_the_same(tmp_path: Path, mode: str) -> None:
    picture = a_page().point(lambda v: 255 if v > 128 else 0)
    as_mode(mode, picture).save(tmp_path / "x.tif", dpi=(DPI, DPI))
    (page,) = image_pages(tmp_path / "x.tif")
    off = np.abs(page.pixels.astype(int) - np.asarray(picture)).max(axis=2)
    assert page.pixels.shape == (*SIZE[::-1], 3)
    assert (off > 60).mean() < 0.02


def test_a_palette_with_a_transparent_colour_is_white_paper(tmp_path: Path) -> None:
    picture = a_page().convert("L").point(lambda v: 0 if v > 128 else 1).convert("P")
    picture.putpalette([0, 0, 0, 0, 0, 0] + [9] * 750)
    picture.save(tmp_path / "x.png", transparency=0)
    (page,) = image_pages(tmp_path / "x.png")
    assert page.pixels[0, 0].tolist() == [255, 255, 255]
    assert page.pixels.min() == 0


def test_a_cmyk_jpeg_is_not_inverted(tmp_path: Path) -> None:
    Image.new("RGB", SIZE, "white").convert("CMYK").save(tmp_path / "x.jpg")
    (page,) = image_pages(tmp_path / "x.jpg")
    assert page.pixels.min() > 250


# ── Damaged


CUT: dict[str, dict[str, Any]] = {
    "x.png": {},
    "x.jpg": {},
    "progressive.jpg": {"progressive": True},
    "x.tif": {},
    "lzw.tif": {"compression": "tiff_lzw"},
    "deflate.tif": {"compression": "tiff_adobe_deflate"},
}


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
@pytest.mark.parametrize("name", CUT)
def test_an_image_that_breaks_off_is_no_page(tmp_path: Path, name: str, share: float) -> None:
    path = tmp_path / name
    a_page().save(path, **CUT[name])
    path.write_bytes(path.read_bytes()[: round(path.stat().st_size * share)])
    with pytest.raises(BrokenImage, match=re.escape(name)) as caught:
        document(path)
    assert caught.value.failure(None).category == "broken-image"


def without_middle(data: bytes) -> bytes:
    """A JPEG whose data end early, but that ends as a whole one does."""
    return data[: len(data) // 2] + b"\xff\xd9"


def test_a_jpeg_without_its_second_half_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(without_middle(jpeg(a_page())))
    with pytest.raises(BrokenImage, match="breaks off"):
        document(tmp_path / "x.jpg")


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[: len(data) // 2],
    "without its middle": without_middle,
    "without its head": lambda data: data[400:],
    "rubbish": lambda data: bytes(range(256)) * 40,
    "only a head": lambda data: data[:200],
    "nothing": lambda data: b"",
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_corrupt_jpeg_inside_a_pdf_is_said(tmp_path: Path, how: str) -> None:
    """Renderers leave such an image white or gray, and an empty page would be read."""
    path = pdf_of_stream(tmp_path / "x.pdf", BROKEN[how](jpeg(a_page())), "DCTDecode")
    with pytest.raises(BrokenImage, match=r"x\.pdf: .*page 1: its image") as caught:
        document(path)
    failure = caught.value.failure(None)
    assert (failure.category, failure.page) == ("broken-image", 1)


@pytest.mark.parametrize("how", ["cut", "rubbish", "short"])
def test_a_corrupt_image_of_other_make_inside_a_pdf_is_said(tmp_path: Path, how: str) -> None:
    whole = a_page().tobytes()
    data = zlib.compress(whole[: len(whole) // 2] if how == "short" else whole)
    path = pdf_of_stream(tmp_path / "x.pdf", data if how == "short" else BROKEN[how](data), "FlateDecode")
    with pytest.raises(BrokenImage, match=r"page 1: its image"):
        document(path)


@pytest.mark.parametrize("codec", ["DCTDecode", "FlateDecode"])
def test_a_whole_image_inside_a_pdf_is_read(tmp_path: Path, codec: str) -> None:
    data = jpeg(a_page()) if codec == "DCTDecode" else zlib.compress(a_page().tobytes())
    engine = Fake()
    document(pdf_of_stream(tmp_path / "x.pdf", data, codec), engine)
    assert engine.pages == 1


def test_a_gray_page_is_no_damage(tmp_path: Path) -> None:
    gray = Image.new("RGB", SIZE, (128, 128, 128))
    assert document(pdf_of_stream(tmp_path / "x.pdf", jpeg(gray), "DCTDecode")).blocks == ()


def test_a_damaged_logo_on_a_page_of_text_is_none_of_our_business(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(80, 700, "a page of text")
        canvas.drawImage(ImageReader(Image.new("RGB", (50, 50), "red")), 20, 780, 40, 40)

    path = pdf_of(tmp_path / "x.pdf", page)
    assert document(path).reader is Reader.TEXT_LAYER


# ── Files of many images


def tiff(path: Path, pages: int, size: tuple[int, int] = (1000, 1400)) -> Path:
    blank = Image.new("1", size, 1)
    ImageDraw.Draw(blank).rectangle((300, 300, 500, 320), fill=0)
    blank.save(path, save_all=True, append_images=[blank] * (pages - 1), compression="group4", dpi=(DPI, DPI))
    return path


def test_a_broken_page_in_the_middle_of_a_tiff_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    frames = [a_page(seed) for seed in range(3)]
    frames[0].save(path, save_all=True, append_images=frames[1:], compression="tiff_lzw", dpi=(DPI, DPI))
    data = bytearray(path.read_bytes())
    with Image.open(path) as picture:
        picture.seek(1)
        (start, *_), (length, *_) = picture.tag_v2[273], picture.tag_v2[279]
    data[start : start + length] = b"\xff" * length
    path.write_bytes(data)
    with pytest.raises(BrokenImage, match="page 2") as caught:
        document(path)
    assert caught.value.failure(None).page == 2


def test_a_tiff_whose_list_of_pages_runs_in_circles_ends(tmp_path: Path) -> None:
    path = tiff(tmp_path / "x.tif", 3)
    data = bytearray(path.read_bytes())
    order = "little" if data[:2] == b"II" else "big"
    first = int.from_bytes(data[4:8], order)
    count = int.from_bytes(data[first : first + 2], order)
    data[first + 2 + 12 * count : first + 6 + 12 * count] = first.to_bytes(4, order)
    path.write_bytes(data)
    assert document(path).pages == 1


PEAK = (
    "import re, sys\nfrom pathlib import Path\nsys.path.insert(0, 'tests')\n"
    "from helpers_ocr import Fake\nfrom test_scan_bad_input import document\n"
    "found = document(Path(sys.argv[1]))\n"
    "print(found.pages, re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
)


def peak(path: Path) -> tuple[int, int]:
    """Pages, and the peak of memory in MB, of reading a file with an engine that sees nothing."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    pages, kilobytes = done.stdout.split()[-2:]
    return int(pages), int(kilobytes) // 1024


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from Linux")
def test_a_tiff_of_200_pages_is_read_page_by_page(tmp_path: Path) -> None:
    few, many = peak(tiff(tmp_path / "few.tif", 20)), peak(tiff(tmp_path / "many.tif", 200))
    print(f"20 pages: {few[1]} MB; 200 pages: {many[1]} MB")
    assert (few[0], many[0]) == (20, 200)
    assert many[1] < few[1] + 60


@pytest.mark.parametrize("make", ["png", "mpo"])
def test_only_the_images_of_a_tiff_are_pages(tmp_path: Path, make: str) -> None:
    """Cameras put a second image behind the first one; animations are none of a filing."""
    path = tmp_path / f"x.{'jpg' if make == 'mpo' else make}"
    first, second = a_page(), a_photo().resize(SIZE)
    first.save(path, make.upper(), save_all=True, append_images=[second, second])
    assert count_pages(path) == 1
    engine = Fake()
    found = document(path, engine)
    assert (found.pages, engine.pages) == (1, 1)
    assert any(note.startswith("page 1: the first of the 3 images") for note in found.notes)


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_photograph_is_put_upright(tmp_path: Path, turn: int) -> None:
    upright = a_page()
    ImageDraw.Draw(upright).rectangle((0, 0, 300, 300), fill="blue")
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = turn
    (upright.transpose(undo[turn]) if turn in undo else upright).save(tmp_path / "x.jpg", exif=exif, dpi=(DPI, DPI))
    (page,) = image_pages(tmp_path / "x.jpg")
    assert page.pixels.shape == (*SIZE[::-1], 3)
    assert page.pixels[100, 100].tolist() == pytest.approx([0, 0, 255], abs=8)


# ── A scanned page among others


def rows_of(count: int) -> list[list[str]]:
    head, *_ = [FORM[2]]
    return [*FORM[:2], head, *([["产出指标", "数量指标", f"测试数量{n}", "", f"≥{n}个", ""] for n in range(1, count)])]


def long_form(path: Path) -> Path:
    """A form of three pages."""
    rows = rows_of(110)
    spans = [*FORM_SPANS[:3], *(("SPAN", (a, r), (a + 1, r)) for r in range(2, len(rows)) for a in (2, 4))]
    return write_tables(path, [TITLE, "（2024年度）", (rows, spans)], widths=[60, 100, 80, 60, 60, 60])


def with_scanned_page(source: Path, target: Path, number: int) -> Path:
    """The PDF with page `number` (from 1) as a picture of itself."""
    pdf = pypdfium2.PdfDocument(source)
    page = pdf[number - 1]
    width, height = page.get_size()
    picture = page.render(scale=DPI / 72).to_pil().convert("RGB")
    canvas = Canvas(str(target.with_suffix(".one.pdf")), pagesize=(width, height), invariant=1)
    canvas.drawImage(ImageReader(io.BytesIO(jpeg(picture, quality=95))), 0, 0, width, height)
    canvas.save()
    one = pypdfium2.PdfDocument(target.with_suffix(".one.pdf"))
    pdf.del_page(number - 1)
    pdf.import_pages(one, index=number - 1)
    pdf.save(target)
    return target


def test_a_scanned_page_in_the_middle_is_stitched_into_its_table(tmp_path: Path) -> None:
    born = long_form(tmp_path / "born.pdf")
    mixed = with_scanned_page(born, tmp_path / "mixed.pdf", 2)
    engine = Knowing(born, 2, DPI)
    found = document(mixed, engine)
    assert engine.pages == 1
    assert (found.reader, found.pages, found.scanned) == (Reader.TEXT_LAYER, document(born).pages, {2})
    (table,) = (b for b in found.blocks if isinstance(b, Table))
    assert set(table.pages) == set(range(1, found.pages + 1))
    assert "page 2: read as a scan: it is an image" in table.notes
    (wanted,), (got,) = records(document(born)), records(found)
    assert got.source.reader == "ocr"
    assert wanted.source.reader == "text-layer"
    assert got.indicators == wanted.indicators
    assert len(got.indicators) == 109


# ── Hidden text


def with_hidden_text(path: Path, picture: Image.Image, source: Path, change: Callable[[str], str] = str) -> Path:
    """A scan with the text of a PDF's first page under it, as programs for reading lay it there."""
    write_form(path)  # registers the font
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for seen in Knowing(source, 1, 72, change).seen:
        text = canvas.beginText(seen.box[0], A4[1] - seen.box[3])
        text.setFont(FONT, 9)
        text.setTextRenderMode(3)
        text.textOut(seen.text)
        canvas.drawText(text)
    canvas.drawImage(ImageReader(io.BytesIO(jpeg(picture))), 0, 0, *A4)
    canvas.save()
    return path


@pytest.mark.parametrize(("change", "low", "high"), [(str, 98, 100), (lambda text: "口" * len(text), 0, 10)])
def test_hidden_text_is_not_believed_but_compared(
    tmp_path: Path, change: Callable[[str], str], low: int, high: int
) -> None:
    source = write_form(tmp_path / "source.pdf")
    picture = pypdfium2.PdfDocument(source)[0].render(scale=DPI / 72).to_pil().convert("RGB")
    path = with_hidden_text(tmp_path / "x.pdf", picture, source, change)
    found = document(path, Knowing(source, 1, DPI))
    assert found.scanned == {1}
    assert "page 1: read as a scan: an image covers it, and the text under it is some program's reading" in found.notes
    (share,) = (int(m[1]) for note in found.notes if (m := re.search(r"agrees .* in (\d+)% of the characters", note)))
    assert low <= share <= high
    (table,) = (b for b in found.blocks if isinstance(b, Table))
    assert set(found.notes) <= set(table.notes)
    (record,) = records(found)
    assert [i.level3 for i in record.indicators] == ["测试数量", "测试合格率", "用户满意度"]


def test_show_says_how_a_page_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_form(tmp_path / "source.pdf")
    picture = pypdfium2.PdfDocument(source)[0].render(scale=DPI / 72).to_pil().convert("RGB")
    path = with_hidden_text(tmp_path / "x.pdf", picture, source)
    monkeypatch.setattr(terminal, "engine_source", lambda choice: Knowing(source, 1, DPI))
    result = CliRunner().invoke(cli.app, ["show", str(path)])
    assert result.exit_code == 0
    assert "测试合格率" in result.stdout
    assert "x.pdf: page 1: read as a scan: an image covers it" in result.stderr
    assert "of the characters" in result.stderr


# ── What is no image that is read


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "a WebP image"),
        (b"\x00\x00\x00\x18ftypheic\x00", "an image of a phone"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "a JPEG 2000 image"),
        (b"GIF89a\x01\x00", "a GIF image"),
    ],
)
def test_images_of_other_makes_are_refused_by_their_content(tmp_path: Path, head: bytes, what: str) -> None:
    (tmp_path / "x.png").write_bytes(head + bytes(64))
    with pytest.raises(NotSupported, match=what) as caught:
        document(tmp_path / "x.png")
    assert caught.value.failure(None).refused


def test_a_tiff_for_more_than_4_gb_is_read(tmp_path: Path) -> None:
    a_page().save(tmp_path / "x.tif", big_tiff=True)
    assert (tmp_path / "x.tif").read_bytes()[:3] in (b"II+", b"MM\x00")
    engine = Fake()
    assert document(tmp_path / "x.tif", engine).pages == engine.pages == 1
