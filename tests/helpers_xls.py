"""Old Excel files (.xls) for tests, written record by record: no library that writes them is kept any more.

A workbook is a stream of records (number, length, data) in a compound file. Written is what a filing needs: texts,
numbers with formats, errors, borders, merged cells, hidden rows, columns and sheets.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers_office import filled

from schemas.model import Block, Table

FORMATS = ("General", "0.00%", "#,##0.00", 'yyyy"年"m"月"d"日"')  # each twice: without and with borders
FIRST_FORMAT = 164
SECTOR = 512
NO_ERROR, DIV_ZERO = None, 0x07


@dataclass
class XlsSheet:
    """A sheet: (row, column) → (value, number of its format in FORMATS, bordered), all from 0; None is blank."""

    name: str
    cells: dict[tuple[int, int], tuple[str | float | None, int, bool]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # first and last row, first and last column
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    hidden: bool = False
    errors: set[tuple[int, int]] = field(default_factory=set)


def xls_sheet(name: str, blocks: Sequence[Block]) -> XlsSheet:
    """A document's lines and tables as a sheet."""
    sheet = XlsSheet(name)
    top = 0
    for block in blocks:
        if not isinstance(block, Table):
            cuts = [0, *block.gaps, len(block.text)]
            for col in range(len(cuts) - 1):
                sheet.cells[top, col] = (block.text[cuts[col] : cuts[col + 1]], 0, False)
            top += 1
            continue
        for row, col, high, wide, text in filled(block):
            for r in range(top + row, top + row + high):
                for c in range(col, col + wide):
                    sheet.cells[r, c] = (None, 0, block.ruled)
            sheet.cells[top + row, col] = (text or None, 0, block.ruled)
            if high > 1 or wide > 1:
                sheet.merges.append((top + row, top + row + high - 1, col, col + wide - 1))
        top += block.rows + 1
    return sheet


def write_xls(path: Path, sheets: Sequence[XlsSheet]) -> Path:
    bodies = [_sheet(sheet) for sheet in sheets]
    at = len(_globals(sheets, [0] * len(sheets)))
    offsets = []
    for body in bodies:
        offsets.append(at)
        at += len(body)
    path.write_bytes(compound("Workbook", _globals(sheets, offsets) + b"".join(bodies)))
    return path


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def _string(text: str, length: str) -> bytes:
    return struct.pack(f"<{length}B", len(text), 1) + text.encode("utf-16-le")


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<4H2L", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _globals(sheets: Sequence[XlsSheet], offsets: Sequence[int]) -> bytes:
    font = struct.pack("<5H4B", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _string("Arial", "B")
    out = _begin(0x0005) + _record(0x0042, struct.pack("<H", 1200)) + _record(0x0031, font) * 5
    for i, text in enumerate(FORMATS):
        out += _record(0x041E, struct.pack("<H", FIRST_FORMAT + i) + _string(text, "H"))
    out += _record(0x00E0, struct.pack("<3H4B2LH", 0, 0, 0xFFF5, 0, 0, 0, 0, 0, 0, 0)) * 15
    for i in range(len(FORMATS)):
        for border in (0, 0x1111):
            style = struct.pack("<3H4B2LH", 0, FIRST_FORMAT + i if i else 0, 1, 0, 0, 0, 0xFC, border, 0, 0)
            out += _record(0x00E0, style)
    for sheet, offset in zip(sheets, offsets, strict=True):
        out += _record(0x0085, struct.pack("<LBB", offset, int(sheet.hidden), 0) + _string(sheet.name, "B"))
    return out + _record(0x000A)


def _sheet(sheet: XlsSheet) -> bytes:
    rows, cols = [r for r, _ in sheet.cells] or [0], [c for _, c in sheet.cells] or [0]
    out = _begin(0x0010)
    for col in sorted(sheet.hidden_cols):
        out += _record(0x007D, struct.pack("<6H", col, col, 2048, 15, 1, 0))
    out += _record(0x0200, struct.pack("<2L3H", 0, max(rows) + 1, 0, max(cols) + 1, 0))
    for row in sorted(set(rows)):
        options = 0x0100 | (0x20 if row in sheet.hidden_rows else 0)
        out += _record(0x0208, struct.pack("<6HL", row, 0, max(cols) + 1, 255, 0, 0, options))
    for (row, col), (value, number_format, bordered) in sorted(sheet.cells.items()):
        head = struct.pack("<3H", row, col, 15 + 2 * number_format + bordered)
        if (row, col) in sheet.errors:
            out += _record(0x0205, head + struct.pack("<2B", DIV_ZERO, 1))
        elif value is None:
            out += _record(0x0201, head)
        elif isinstance(value, str):
            out += _record(0x0204, head + _string(value, "H"))
        else:
            out += _record(0x0203, head + struct.pack("<d", value))
    if sheet.merges:
        out += _record(
            0x00E5, struct.pack("<H", len(sheet.merges)) + b"".join(struct.pack("<4H", *m) for m in sheet.merges)
        )
    return out + _record(0x000A)


def compound(name: str, stream: bytes) -> bytes:
    """A compound file that holds one stream."""
    stream = stream.ljust(4096, b"\0")  # shorter ones are kept elsewhere in the file
    stream += b"\0" * (-len(stream) % SECTOR)
    sectors = len(stream) // SECTOR
    tables = 1
    while tables * (SECTOR // 4) < sectors + 1 + tables:
        tables += 1
    chain = [0xFFFFFFFD] * tables + [0xFFFFFFFE] + [*range(tables + 2, tables + 1 + sectors), 0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (tables * (SECTOR // 4) - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<5H6x9L", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109L", *([*range(tables)] + [0xFFFFFFFF] * (109 - tables)))
    entries = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry(name, 2, tables + 1, len(stream))
    return header + struct.pack(f"<{len(chain)}L", *chain) + entries.ljust(SECTOR, b"\0") + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<3L", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + b"\0" * 36
        + struct.pack("<3L", start, size, 0)
    )
