"""How the benches print: tables in columns to standard output, what goes on meanwhile to standard error."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence

Row = tuple[str, ...]


def machine() -> str:
    """What the figures were measured with."""
    return f"Python {platform.python_version()}, {os.cpu_count()} cores"


def columns(rows: Sequence[Row]) -> str:
    """Rows as plain text under the first one, the header; notes may stand behind its last column. A Chinese character
    is two columns wide."""
    from rich.cells import cell_len  # a process that measures another program's memory does not load it

    width = len(rows[0])
    widths = [max(cell_len(row[i]) for row in rows) for i in range(width)]
    lines = []
    for row in rows:
        pads = [" " * (widths[i] - cell_len(text)) if i < width else "" for i, text in enumerate(row)]
        cells = (text + pad if i == 0 else pad + text for i, (text, pad) in enumerate(zip(row, pads, strict=True)))
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def tell(what: str) -> None:
    """Say what goes on."""
    print(what, file=sys.stderr, flush=True)
