"""What a print adds to a form's own text: stamps of systems, text that nobody sees, and rules of several makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reportlab.lib.colors import Color, black, white
from reportlab.pdfgen.canvas import Canvas

from .lots import Lots

Mark = Callable[[Canvas, float, float, str], None]
"""Puts something on a page of that width and height, in a font."""

GRAY, PALE, RED = Color(0.75, 0.75, 0.75), Color(0.85, 0.85, 0.85), Color(0.9, 0.1, 0.1)
STAMP = "内部资料样稿"
SECRET = "不予公开9527"
DOTS = {"dots": (0.8, 4.0), "squares": (1.5, 3.0)}  # points: the side of a dot of a dotted rule, and from dot to dot
GAP = 4.0  # points: between cells that are boxes of their own
APART = 1.6  # points: between the two lines of a double rule
THICK = 0.5  # points: pieces of a line that stand no further apart touch


def _text(canvas: Canvas, x: float, y: float, text: str, font: str, size: float, colour: Color, angle: float) -> None:
    canvas.saveState()
    canvas.setFillColor(colour)
    canvas.setFont(font, size)
    canvas.translate(x, y)
    canvas.rotate(angle)
    canvas.drawString(0, 0, text)
    canvas.restoreState()


def _single(size: float, colour: Color, angle: float, at: tuple[float, float]) -> Mark:
    def mark(canvas: Canvas, width: float, height: float, font: str) -> None:
        _text(canvas, at[0] * width, at[1] * height, STAMP, font, size, colour, angle)

    return mark


def _tiled(size: float, colour: Color, angle: float) -> Mark:
    def mark(canvas: Canvas, width: float, height: float, font: str) -> None:
        step = size * len(STAMP) + 60
        for i in range(int(width / step) + 1):
            for j in range(int(height / 110) + 1):
                _text(canvas, 20 + i * step, 30 + j * 110, STAMP, font, size, colour, angle)

    return mark


STAMPS: dict[str, Mark | None] = {
    "": None,
    "aslant": _single(60, GRAY, 40, (0.2, 0.25)),
    "aslant red": _single(48, RED, 30, (0.2, 0.3)),
    "level": _single(72, PALE, 0, (0.1, 0.55)),
    "level red": _single(64, RED, 0, (0.1, 0.6)),
    "upright": _single(64, GRAY, 90, (0.5, 0.3)),
    "tiled": _tiled(14, PALE, 25),
    "tiled level": _tiled(14, PALE, 0),
}


def _white(canvas: Canvas, width: float, height: float, font: str) -> None:
    _text(canvas, 0.3 * width, 0.5 * height, SECRET, font, 9, white, 0)


def _inkless(canvas: Canvas, width: float, height: float, font: str) -> None:
    canvas.saveState()  # else all that follows is without ink too
    run = canvas.beginText(0.4 * width, 0.6 * height)
    run.setFont(font, 9)
    run.setTextRenderMode(3)
    run.textOut(SECRET)
    canvas.drawText(run)
    canvas.restoreState()


def _clipped(canvas: Canvas, width: float, height: float, font: str) -> None:
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(0, 0, 20, 20)
    canvas.clipPath(path, stroke=0, fill=0)
    _text(canvas, 0.3 * width, 0.4 * height, SECRET, font, 9, black, 0)
    canvas.restoreState()


def _covered(canvas: Canvas, width: float, height: float, font: str) -> None:
    _text(canvas, 12, 12, SECRET, font, 6, black, 0)
    canvas.saveState()
    canvas.setFillColor(white)
    canvas.rect(8, 8, 90, 12, stroke=0, fill=1)
    canvas.restoreState()


def _tiny(canvas: Canvas, width: float, height: float, font: str) -> None:
    _text(canvas, 0.5 * width, 0.45 * height, SECRET, font, 0.4, black, 0)


def _off(canvas: Canvas, width: float, height: float, font: str) -> None:
    _text(canvas, 0.3 * width, -40, SECRET, font, 9, black, 0)


UNSEEN: dict[str, Mark | None] = {
    "": None, "white": _white, "inkless": _inkless, "clipped": _clipped, "covered": _covered, "tiny": _tiny,
    "off the page": _off,
}  # fmt: skip
RULES = ("", "dash", "dots", "double", "fill")
"""How the borders of cells are drawn: one stroke around each, or so."""
PRINTS = (*RULES, "squares", "apart", "hollow")
"""Those of prints with a text layer, as browsers make them: with large dots, with cells that stand apart,
and with borders that are one filled path, the cell its hole."""
OPEN = ("across", "through", "none")
"""How forms without upright rules draw them: above and below each cell, each line of those in one stroke, not at all."""

Piece = tuple[float, float, float]
"""The height of a level stroke, where it begins and where it ends."""


def draw_through(canvas: Canvas, boxes: Iterable[tuple[float, float, float, float]]) -> None:
    """The lines above and below boxes (left, bottom, right, top), those that touch in one stroke."""
    pieces: list[Piece] = sorted(
        (round(y, 2), left, right) for left, bottom, right, top in boxes for y in (bottom, top)
    )
    lines: list[Piece] = []
    for y, left, right in pieces:
        if lines and lines[-1][0] == y and left <= lines[-1][2] + THICK:
            lines[-1] = y, lines[-1][1], max(lines[-1][2], right)
        else:
            lines.append((y, left, right))
    for y, left, right in lines:
        canvas.line(left, y, right, y)


def box(canvas: Canvas, left: float, bottom: float, width: float, height: float, rules: str, thin: float) -> None:
    """The border of a cell."""
    right, top = left + width, bottom + height
    if rules == "across":
        canvas.line(left, bottom, right, bottom)
        canvas.line(left, top, right, top)
    elif rules in ("through", "none"):
        return  # a line in one stroke is none of a cell's
    elif rules == "double":
        for off in (-APART / 2, APART / 2):
            canvas.rect(left - off, bottom - off, width + 2 * off, height + 2 * off)
    elif rules == "dash":
        canvas.saveState()
        canvas.setDash(3, 2)
        canvas.rect(left, bottom, width, height)
        canvas.restoreState()
    elif rules == "fill":
        for x, y, w, h in (
            (left, bottom, width, thin), (left, top, width, thin), (left, bottom, thin, height),
            (right, bottom, thin, height + thin),
        ):  # fmt: skip
            canvas.rect(x, y, w, h, stroke=0, fill=1)
    elif rules == "apart":
        canvas.rect(left + GAP / 2, bottom + GAP / 2, width - GAP, height - GAP)
    elif rules == "hollow":
        path = canvas.beginPath()
        for inset in (-thin / 2, thin / 2):
            path.rect(left + inset, bottom + inset, width - 2 * inset, height - 2 * inset)
        canvas.drawPath(path, stroke=0, fill=1, fillMode=0)
    elif rules in DOTS:
        side, step = DOTS[rules]
        across, down = round(width / step), round(height / step)
        for k in range(across + 1):
            for y in (bottom, top):
                canvas.rect(left + k * width / across - side / 2, y - side / 2, side, side, stroke=0, fill=1)
        for k in range(down + 1):
            for x in (left, right):
                canvas.rect(x - side / 2, bottom + k * height / down - side / 2, side, side, stroke=0, fill=1)
    else:
        canvas.rect(left, bottom, width, height)


def draw_finish(lots: Lots) -> dict[str, str | float | bool]:
    """How a print is finished, at random: most are plain."""
    return {
        "stamp": lots.one(tuple(STAMPS)) if lots.chance(0.3) else "",
        "over": lots.chance(0.5),
        "unseen": lots.one(tuple(UNSEEN)) if lots.chance(0.3) else "",
        "rules": lots.one(PRINTS) if lots.chance(0.4) else "",
        "narrow": lots.one((0.6, 0.8)) if lots.chance(0.2) else 1.0,
        "bold": lots.chance(0.1),
    }
