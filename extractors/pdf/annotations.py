"""What the annotations of a PDF page show: the values of form fields, marked check boxes, text put on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import Matrix

from extractors.pdf.boxes import edges
from extractors.pdf.drawn_ticks import with_signs
from extractors.pdf.marks import Char
from extractors.pdf.turned import box_turned_back
from extractors.pdf.typed import COMBO, MULTILINE, font_size, text_of, typed, values
from extractors.pdf.units import user_unit
from schemas.model import Box

SHOWN = frozenset({"Widget", "FreeText", "Stamp"})
"""Kinds whose appearance belongs to what the page says. Marks of pens, links and notes do not."""
UNSHOWN_FLAGS = 0b100010  # hidden, or not to be viewed
DEEPEST = 16  # fields above one another: a file that nests more of them is a loop
RADIO, PUSH = 1 << 15, 1 << 16  # flags of buttons that are no check boxes
SIGNS = {False: ("□", "☑"), True: ("○", "●")}
"""What an unmarked and a marked button is read as: check boxes, radio buttons."""


def appearances(page: Any) -> Iterator[tuple[PDFStream, Matrix]]:
    """The normal appearance of each shown annotation of a pdfminer page, and the matrix that puts it there."""
    form = _form(page)
    for annotation in _shown(page):
        if _button(annotation) is not None or _text(annotation, form) is not None:
            continue
        normal = _appearance(annotation)
        matrix = _placed(normal, _rect(annotation)) if normal is not None else None
        if normal is not None and matrix is not None:
            yield normal, matrix


def with_fields(chars: Sequence[Char], page: Any) -> list[Char]:
    """The characters of a pdfplumber page with what its fields show and no appearance tells: check boxes and radio
    buttons, each as the sign of its state (an empty box that the page prints below one is that one), and values."""
    out = list(chars)
    number = max((char.number for char in chars), default=0)
    pdf, form = page.page_obj, _form(page.page_obj)
    unit = user_unit(pdf)
    left, bottom, right, top = (each / unit for each in edges(pdf.mediabox))
    turn = page.rotation if page.rotation in (90, 180, 270) else 0

    def shown(at: Box) -> Box:
        at = box_turned_back(at, -page.rotation % 360, right - left, top - bottom)
        return Box(*(unit * each for each in (at.left, at.top, at.right, at.bottom)))

    for annotation in _shown(pdf):
        x0, y0, x1, y1 = _rect(annotation)
        box = Box(min(x0, x1) - left, top - max(y0, y1), max(x0, x1) - left, top - min(y0, y1))
        radio, text = _button(annotation), _text(annotation, form)
        number += 2  # no neighbour of the one before it
        if radio is not None:
            at = shown(box)
            sign = SIGNS[radio][_is_marked(annotation)]
            out = with_signs(out, [Char(sign, at.left, at.top, at.right, at.bottom, number, turn)])
        elif text:
            size = font_size(_inherited(annotation, "DA") or form.get("DA"))
            lines = _kind(annotation) != "Tx" or bool(_flags(annotation) & MULTILINE)
            for char in typed(text, box, size, lines=lines, number=number):
                at = shown(Box(char.left, char.top, char.right, char.bottom))
                out.append(Char(char.text, at.left, at.top, at.right, at.bottom, char.number, turn))
                number = char.number
    return out


def _shown(page: Any) -> Iterator[dict[str, Any]]:
    for entry in resolve1(page.annots) or ():
        annotation = resolve1(entry)
        if not isinstance(annotation, dict) or _name(annotation.get("Subtype")) not in SHOWN:
            continue
        flags = resolve1(annotation.get("F")) or 0
        if len(_rect(annotation)) == 4 and not (isinstance(flags, int) and flags & UNSHOWN_FLAGS):
            yield annotation


def _form(page: Any) -> dict[str, Any]:
    """What a file says of all its fields."""
    form = resolve1(page.doc.catalog.get("AcroForm"))
    return form if isinstance(form, dict) else {}


def _appearance(annotation: dict[str, Any]) -> PDFStream | None:
    """The picture of what an annotation shows, None where the file holds none."""
    normal = resolve1((resolve1(annotation.get("AP")) or {}).get("N"))
    if isinstance(normal, dict):  # one appearance for each state
        normal = resolve1(normal.get(_name(annotation.get("AS"))))
    return normal if isinstance(normal, PDFStream) else None


def _text(annotation: dict[str, Any], form: dict[str, Any]) -> str | None:
    """The text that programs write into an annotation when they show it, None where its appearance tells: where the
    file says that appearances are out of date the value counts, and of a list what is chosen."""
    pictured = _appearance(annotation) is not None
    if _name(annotation.get("Subtype")) == "FreeText":
        return None if pictured else text_of(annotation.get("Contents"))
    kind, flags = _kind(annotation), _flags(annotation)
    if kind not in ("Tx", "Ch"):
        return None
    is_list = kind == "Ch" and not flags & COMBO
    if pictured and not is_list and not resolve1(form.get("NeedAppearances")):
        return None
    field = {"Opt": _inherited(annotation, "Opt")}
    return values(field, (kind, flags, _inherited(annotation, "V")))


def _kind(annotation: dict[str, Any]) -> str:
    return _name(_inherited(annotation, "FT"))


def _flags(annotation: dict[str, Any]) -> int:
    flags = _inherited(annotation, "Ff")
    return flags if isinstance(flags, int) else 0


def _button(annotation: dict[str, Any]) -> bool | None:
    """Whether a field is a radio button (else a check box), None for what is neither."""
    flags = _flags(annotation)
    return None if _kind(annotation) != "Btn" or flags & PUSH else bool(flags & RADIO)


def _is_marked(annotation: dict[str, Any]) -> bool:
    """Whether a button is on: by its own state, else by the value of its field. A state for which it has no picture
    shows nothing."""
    pictures = resolve1((resolve1(annotation.get("AP")) or {}).get("N"))
    states = set(pictures) - {"Off"} if isinstance(pictures, dict) else None
    state = _name(annotation.get("AS")) if "AS" in annotation else _name(_inherited(annotation, "V"))
    return state not in ("", "Off") and (states is None or state in states)


def _inherited(field: dict[str, Any], key: str) -> Any:
    """An entry of a field or of the nearest field above that has it."""
    for _ in range(DEEPEST):
        if key in field:
            return resolve1(field[key])
        above = resolve1(field.get("Parent"))
        if not isinstance(above, dict):
            break
        field = above
    return None


def _rect(annotation: dict[str, Any]) -> list[float]:
    return [float(resolve1(v)) for v in resolve1(annotation.get("Rect")) or ()]


def _placed(form: PDFStream, rect: list[float]) -> Matrix | None:
    """The matrix that puts a form's box, turned by its own matrix, into a rectangle; None where it has no extent."""
    box = [float(resolve1(v)) for v in resolve1(form.get("BBox")) or ()]
    a, b, c, d, e, f = (float(resolve1(v)) for v in resolve1(form.get("Matrix")) or (1, 0, 0, 1, 0, 0))
    if len(box) != 4:
        return None
    xs = [a * x + c * y + e for x in box[::2] for y in box[1::2]]
    ys = [b * x + d * y + f for x in box[::2] for y in box[1::2]]
    (left, right), (bottom, top) = sorted(rect[::2]), sorted(rect[1::2])
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if not width or not height:
        return None
    wide, high = (right - left) / width, (top - bottom) / height
    return wide, 0.0, 0.0, high, left - min(xs) * wide, bottom - min(ys) * high


def _name(value: Any) -> str:
    value = resolve1(value)
    return str(value.name) if isinstance(value, PSLiteral) else ""
