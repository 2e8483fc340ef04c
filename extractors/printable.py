"""Paths and texts as they can be shown and stored."""

from __future__ import annotations

import re
from pathlib import PurePath

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # terminals obey them, databases refuse them


def printable(path: PurePath | str) -> str:
    """A path as it is shown and stored: control characters and half characters (bytes that are no UTF-8) as �."""
    return UNPRINTABLE.sub("�", path.as_posix() if isinstance(path, PurePath) else path)
