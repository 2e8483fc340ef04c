"""Texts whose encoding nobody says: it is found by the bytes."""

from __future__ import annotations

import re
from itertools import islice

from charset_normalizer import from_bytes

from extractors.refusals import NotText

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MOSTLY_TEXT = 0.02  # share of control characters above which a file is no text
MOST_ZEROS = 0.75  # share of zero bytes of ASCII in the widest encoding, UTF-32


def decode(data: bytes) -> tuple[str, str]:
    """(text, encoding) of a dump: UTF-8, UTF-16 with or without a mark, GB18030, else what the bytes suggest.

    Raises NotText where nothing fits.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16"), "utf-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return _strict(data, "utf-8-sig"), "utf-8"
    even, odd = data[:400:2].count(0), data[1:400:2].count(0)
    if len(data) >= 4 and len(data) % 2 == 0 and max(even, odd) > len(data[:400]) // 8 and min(even, odd) == 0:
        # ASCII has its zero byte first in big-endian text, last in little-endian text
        name = "utf-16-be" if even else "utf-16-le"
        if _readable(data, name):
            return data.decode(name), name
    for name in ("utf-8", "gb18030"):
        if _readable(data, name):
            return data.decode(name), name
    guess = from_bytes(data).best() if data.count(0) <= MOST_ZEROS * len(data) else None
    if guess is None or not _readable(data, guess.encoding):
        raise NotText(detail="no known encoding fits; save the dump as UTF-8 or GB18030 and try again")
    return str(guess), guess.encoding


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise NotText(detail=f"begins like {name}, but is none: {error.reason}; save it as UTF-8") from error


def _readable(data: bytes, name: str) -> bool:
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    # not counted beyond what decides: each one that is found costs a hundred times what a character does
    return next(islice(CONTROL.finditer(text), int(MOSTLY_TEXT * len(text)), None), None) is None
