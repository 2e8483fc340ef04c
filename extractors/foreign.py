"""Files of formats that are known by their first bytes and not read."""

from __future__ import annotations

KNOWN = {
    b"PK\x03\x04": "a ZIP archive or an Office file of another kind; `jixiao run` reads the files in an archive .zip",
    b"\xd0\xcf\x11\xe0": "an old Office file that is neither Word nor Excel",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"GIF8": "a GIF image",
    b"\x00\x00\x00\x0cjP  ": "a JPEG 2000 image",
}
BITMAP = b"BM"  # two letters that a text may begin with too
BOXED = {b"WEBP": "a WebP image", b"ftyp": "a video or an image of a phone (HEIC)"}  # by their bytes behind a size


def foreign_name(head: bytes) -> str | None:
    """What a file is that begins so, None where nothing is known of it."""
    for magic, name in KNOWN.items():
        if head.startswith(magic):
            return name
    if b"\x00" not in head:
        return None
    if head.startswith(BITMAP):
        return "a BMP image"
    return BOXED.get(head[8:12] if head.startswith(b"RIFF") else head[4:8])
