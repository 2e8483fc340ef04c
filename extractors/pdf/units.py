"""Pages whose unit is no point: a page may say how many points its own unit has (UserUnit).

pdfplumber and pdfium take each unit for a point. Here the boxes of such a page are put in points, and who goes down to
its content or renders it asks for its unit.
"""

from __future__ import annotations

from typing import Any

from pdfminer.pdftypes import resolve1

MOST = 75_000.0  # points to a unit: what readers of PDF go along with


def user_unit(page: Any) -> float:
    """How many points the unit of a pdfminer page has; 1 where it says nothing that makes sense."""
    unit = resolve1(page.attrs.get("UserUnit"))
    sound = isinstance(unit, (int, float)) and not isinstance(unit, bool) and 0 < unit <= MOST
    return float(unit) if sound else 1.0


def in_points(page: Any) -> None:
    """Put the boxes of a pdfplumber page, and those of the pdfminer page in it, in points, once."""
    inner = page.page_obj
    unit = user_unit(inner)
    if unit == 1.0 or "in_points" in vars(page):
        return
    for each in (page, inner):
        each.mediabox, each.cropbox = (tuple(unit * edge for edge in box) for box in (each.mediabox, each.cropbox))
    page.bbox = page.mediabox
    page.in_points = True


def sheet_size(page: Any) -> tuple[float, float]:
    """The height of a pdfplumber page in points, and how many its own unit has."""
    return float(page.height), user_unit(page.page_obj)
