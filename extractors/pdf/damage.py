"""What in a PDF breaks off or cannot be decoded. Readers of PDF take what they get of a damaged stream, and what is
lost of a page would be lost unseen."""

from __future__ import annotations

import io
import zlib
from typing import Any

from extractors.damage import REST, ends_gray

CHUNK = 1 << 20  # bytes of unpacked data that are held at once: a small stream may unpack to very many
COMPONENTS = {"DeviceGray": 1, "CalGray": 1, "DeviceRGB": 3, "CalRGB": 3, "DeviceCMYK": 4}


def content_damage(page: Any) -> str | None:
    """Why a page's compressed content cannot be read to its end, None where it can. A wrong or missing check sum
    behind whole content is no damage: some programs write such files."""
    from pdfminer.pdftypes import PDFStream, resolve1

    for stream in map(resolve1, page.page_obj.contents):
        if not isinstance(stream, PDFStream):
            return "its content is not there"
        why = _unpacked(stream)[1]
        if why is not None:
            return f"its content {why}"
    return None


def image_damage(image: dict[str, Any]) -> str | None:
    """Why an image of a page (as pdfplumber gives it) cannot be decoded to its end, None where it can or where its
    kind of compression does not tell."""
    from pdfminer.pdftypes import LITERALS_DCT_DECODE

    stream = image.get("stream")
    if stream is None:
        return None
    if getattr(stream, "rawdata", None) == b"":
        return "its image is empty"
    if any(name in LITERALS_DCT_DECODE for name, _ in stream.get_filters()):
        data = _raw(stream) if len(stream.get_filters()) == 1 else None
        return jpeg_damage(data) if data else None
    size, why = _unpacked(stream)
    if why is not None:
        return f"its image {why}"
    need = _size(image)
    if size is not None and need is not None and size < need * (1 - REST):
        return f"its image holds {size} bytes of {need}"
    return None


def jpeg_damage(data: bytes) -> str | None:
    """Why a JPEG cannot be decoded to its end, None where it can."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft("L", (max(picture.width // 8, 1), max(picture.height // 8, 1)))
            picture.load()
            return "its image breaks off" if ends_gray(picture) else None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        return f"its image is damaged: {str(error) or type(error).__name__}"


def _raw(stream: Any) -> bytes | None:
    data = getattr(stream, "rawdata", None)
    if data and stream.decipher:
        data = stream.decipher(stream.objid, stream.genno, data, stream.attrs)
    return data or None  # none: empty, or decoded and looked at already, where pages share it


def _unpacked(stream: Any) -> tuple[int | None, str | None]:
    """The size that a stream's first Flate compression unpacks to (None: it has none), and why it does not to its
    end."""
    from pdfminer.ascii85 import ascii85decode
    from pdfminer.pdftypes import LITERALS_ASCII85_DECODE, LITERALS_FLATE_DECODE

    data = _raw(stream)
    if data is None:
        return None, None
    filters = stream.get_filters()
    for name, parameters in filters:
        if name in LITERALS_ASCII85_DECODE:
            data = ascii85decode(data)
            continue
        if name not in LITERALS_FLATE_DECODE:
            break
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        size, rest = 0, data[2:]  # behind zlib's header
        try:
            while rest and not inflate.eof:
                size += len(inflate.decompress(rest, CHUNK))
                rest = inflate.unconsumed_tail
            while not inflate.eof and (more := inflate.decompress(b"", CHUNK)):
                size += len(more)
        except zlib.error as error:
            return size, f"is damaged: {error}"
        if not inflate.eof:
            return size, "breaks off"
        last = filters[-1][0] is name or filters[-1][0] == name
        return (size if last and not parameters else None), None
    return None, None


def _size(image: dict[str, Any]) -> int | None:
    """The bytes that an image's pixels take, None where its colours do not tell."""
    spaces = image.get("colorspace") or []
    name = getattr(spaces[0], "name", None) if len(spaces) == 1 else None
    parts = 1 if image.get("imagemask") else COMPONENTS.get(str(name))
    bits = image.get("bits")
    width, height = image.get("srcsize") or (0, 0)
    if parts is None or not isinstance(bits, int):
        return None
    return int((width * parts * bits + 7) // 8 * height)
