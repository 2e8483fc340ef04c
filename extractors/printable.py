"""Paths and texts as they can be shown and stored."""

from __future__ import annotations

import re
import zlib
from pathlib import PurePath, PurePosixPath

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # terminals obey them, databases refuse them
LONGEST = 240  # bytes of a name that are kept: file systems take 255, and something may stand behind the name


def printable(path: PurePath | str) -> str:
    """A path as it is shown and stored: control characters and half characters (bytes that are no UTF-8) as �."""
    return UNPRINTABLE.sub("�", path.as_posix() if isinstance(path, PurePath) else path)


def shortened(part: str, characters: int = LONGEST) -> str:
    """A part of a path of at most so many characters and LONGEST bytes; what is cut leaves a check sum, so that names
    stay apart. The suffix stays."""
    data = part.encode("utf-8", "replace")
    if len(data) <= LONGEST and len(part) <= characters:
        return part
    suffix = PurePosixPath(part).suffix[:10]
    kept = min(characters, LONGEST - len("~00000000") - len(suffix.encode("utf-8", "replace")))
    stem = data[:kept].decode("utf-8", "ignore")
    return f"{stem}~{zlib.crc32(data):08x}{suffix}"
