"""Texts as cells of tables that programs open: none of them is a formula, and none of them is too much for a cell."""

from __future__ import annotations

import re

FORMULA = re.compile(r"\x00*+[=+\-@＝＋－＠\t\r\n]|\x00")  # how a formula may begin for a spreadsheet
NEGATIVE = re.compile(r"[-－]\d+(\.\d+)?%?", re.ASCII)
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not in XML 1.0
XLSX_TEXT = 32_767  # UTF-16 units of a cell
CUT = "…[cut]"


class ExportImpossible(Exception):
    """The export cannot be written there, or its format cannot hold it."""


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run as a formula.

    Plain negative decimals (-5, -3.2%) stay: they are numbers, and nothing can be run in them.
    """
    return "'" + text if FORMULA.match(text) and not NEGATIVE.fullmatch(text) else text


def legal(text: str) -> str:
    """The text as a cell of a workbook can hold it: illegal characters as U+FFFD, cut visibly if too long."""
    clean = ILLEGAL.sub("\ufffd", text)
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * XLSX_TEXT:
        return clean
    return units[: 2 * (XLSX_TEXT - len(CUT))].decode("utf-16-le", "ignore") + CUT
