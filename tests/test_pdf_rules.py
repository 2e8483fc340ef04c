"""Rules of PDF pages: every colour space, dots, fills and grounds; what shows counts, and nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pdfplumber
import pytest
from reportlab.lib.colors import CMYKColorSep, Color
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.colour import ink_of, resolver
from extractors.pdf.fills import Area
from extractors.pdf.functions import read_function
from extractors.pdf.rules import dotted, drawn_marks
from extractors.pdf.text_layer import read_sheet
from extractors.tables.grid import find_grids
from extractors.tables.layout import page_blocks
from extractors.tables.spaced import without_gaps
from schemas.language.vocabulary import load_words
from schemas.model import Box, Grid, Rule, Word

XS, YS = (60.0, 200.0, 340.0, 480.0), (600.0, 625.0, 650.0, 675.0)
TEXTS = [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]]


def raw_pdf(content: bytes, resources: bytes = b"") -> bytes:
    """A page of A4 with a content stream; `resources` is the inside of its dictionary."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> "
        + resources
        + b" >> >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places))
    out.write(b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start)
    return out.getvalue()


def texts() -> bytes:
    return b"".join(
        b"BT /F 10 Tf %f %f Td (%s) Tj ET\n" % (XS[c] + 5, YS[2 - r] + 8, TEXTS[r][c].encode())
        for r in range(3)
        for c in range(3)
    )


def lines() -> bytes:
    across = b"".join(b"%f %f m %f %f l S\n" % (XS[0], y, XS[-1], y) for y in YS)
    return across + b"".join(b"%f %f m %f %f l S\n" % (x, YS[0], x, YS[-1]) for x in XS)


def grids(data: bytes) -> list[Grid]:
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return find_grids(read_sheet(pdf.pages[0], 1))


def drawn(draw: Callable[[Canvas], None]) -> list[Grid]:
    return grids(canvas_page(draw))


def canvas_page(draw: Callable[[Canvas], None], *, blank: str = "") -> bytes:
    """A page of A4 with the texts of nine cells, those in `blank` aside."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    draw(canvas)
    canvas.setFillGray(0)
    for r in range(3):
        for c in range(3):
            if TEXTS[r][c] not in blank:
                canvas.drawString(XS[c] + 5, YS[2 - r] + 8, TEXTS[r][c])
    canvas.save()
    return out.getvalue()


def rows(found: list[Grid]) -> list[list[str]]:
    assert len(found) == 1
    (grid,) = found
    assert all(cell.rowspan == cell.colspan == 1 for cell in grid.cells)
    return [[cell.text for cell in grid.cells if cell.row == r] for r in range(len(grid.ys) - 1)]


TO_CMYK = b"<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [0 0 0 1] /N 1 >>"
SPACES = {
    "Separation": (b"[/Separation /Black /DeviceCMYK %s]" % TO_CMYK, b"1", b"0"),
    "DeviceN": (b"[/DeviceN [/Black] /DeviceCMYK %s]" % TO_CMYK, b"1", b"0"),
    "All": (b"[/Separation /All /DeviceCMYK %s]" % TO_CMYK, b"1", b"0"),
    "Indexed": (b"[/Indexed /DeviceRGB 1 <000000FFFFFF>]", b"0", b"1"),
    "Lab": (b"[/Lab << /WhitePoint [0.9505 1 1.089] /Range [-100 100 -100 100] >>]", b"20 0 0", b"100 0 0"),
    "CalRGB": (b"[/CalRGB << /WhitePoint [0.9505 1 1.089] >>]", b"0 0 0", b"1 1 1"),
    "CalGray": (b"[/CalGray << /WhitePoint [0.9505 1 1.089] >>]", b"0", b"1"),
}


@pytest.mark.parametrize("name", SPACES)
def test_ink_of_every_colour_space_is_told_from_paper(name: str) -> None:
    space, ink, paper = SPACES[name]
    for numbers, expected in ((ink, TEXTS), (paper, None)):
        data = raw_pdf(
            b"/S CS %s SCN\n%s%s" % (numbers, lines(), texts()),
            b"/ColorSpace << /S %s >>" % space,
        )
        assert (rows(grids(data)) if expected else grids(data)) == (expected or [])


def test_a_spot_colour_stands_at_full_ink_before_a_tint_is_set() -> None:
    data = raw_pdf(b"/S CS\n%s%s" % (lines(), texts()), b"/ColorSpace << /S %s >>" % SPACES["Separation"][0])
    assert rows(grids(data)) == TEXTS


def test_a_tint_of_two_inks_goes_through_its_program() -> None:
    resolve = resolver([_name("DeviceN"), [_name("A"), _name("B")], _name("DeviceRGB"), None])
    assert resolve([0.0, 1.0]) == (0.0, 0.0, 0.0)  # no function: so much black
    assert ink_of((1.0, 1.0, 1.0, 0.0, 3)).opacity == 0.0


def _name(text: str) -> object:
    from pdfminer.psparser import LIT

    return LIT(text)


def test_functions() -> None:
    halves = {"FunctionType": 3, "Domain": [0, 1], "Bounds": [0.5], "Encode": [0, 1, 0, 1], "Functions": []}
    for c0, c1 in ((0, 1), (1, 0)):
        halves["Functions"].append({"FunctionType": 2, "Domain": [0, 1], "C0": [c0], "C1": [c1], "N": 1})  # type: ignore[attr-defined]
    function = read_function(halves)
    assert function([0.25]) == [0.5]
    assert function([0.75]) == [0.5]
    assert function([0.5]) == [1.0]
    with pytest.raises(ValueError, match="no function"):
        read_function({"FunctionType": 9})


def test_unseen_rules_make_no_table() -> None:
    """Fully transparent strokes, and strokes in the light of the ground that they stand on."""
    transparent = raw_pdf(b"/G gs %s%s" % (lines(), texts()), b"/ExtGState << /G << /CA 0 >> >>")
    assert grids(transparent) == []
    ground = b"0.2 0.3 0.6 rg 0 0 595 842 re f 0.2 0.3 0.6 RG 1 g "
    assert grids(raw_pdf(ground + lines() + texts())) == []


def test_light_rules_on_a_dark_page() -> None:
    ground = b"0.1 0.1 0.2 rg 0 0 595 842 re f 1 G 1 g "
    assert rows(grids(raw_pdf(ground + lines() + texts()))) == TEXTS


def test_a_rule_under_a_later_fill_is_unseen() -> None:
    covered = lines() + b"1 g 50 590 440 95 re f 0 g " + texts()
    assert grids(raw_pdf(covered)) == []


@pytest.mark.parametrize("size", [0.5, 0.75, 1.5])
def test_rows_of_dots_are_rules(size: float) -> None:
    def draw(canvas: Canvas) -> None:
        steps = int(420 / (2 * size)) + 1
        for y in YS:
            for k in range(steps):
                canvas.rect(XS[0] + 2 * size * k, y - size / 2, size, size, stroke=0, fill=1)
        for x in XS:
            for k in range(int(75 / (2 * size)) + 1):
                canvas.rect(x - size / 2, YS[0] + 2 * size * k, size, size, stroke=0, fill=1)

    assert rows(drawn(draw)) == TEXTS


@pytest.mark.parametrize("askew", [0.001, -0.001])
def test_square_dots_run_in_no_direction(askew: float) -> None:
    """A browser's dots of two pixels: by rounding some are wider than high, yet no rule goes across their own row."""

    def draw(canvas: Canvas) -> None:
        for k in range(141):
            for y in YS:
                canvas.rect(XS[0] + 3 * k, y - 0.75, 1.5, 1.5 + askew, stroke=0, fill=1)
        for x in XS:
            for k in range(26):
                canvas.rect(x - 0.75, YS[0] + 3 * k, 1.5 + askew, 1.5, stroke=0, fill=1)

    pdf = canvas_page(draw)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        assert drawn_marks(opened.pages[0], 0.0, 0.0).strokes == ()
    assert rows(grids(pdf)) == TEXTS


def test_dashes_with_wide_gaps_are_rules() -> None:
    def draw(canvas: Canvas) -> None:
        for y in YS:
            for k in range(42):
                canvas.line(XS[0] + 10 * k, y, XS[0] + 10 * k + 5, y)
        for x in XS:
            for k in range(8):
                canvas.line(x, YS[0] + 10 * k, x, YS[0] + 10 * k + 5)

    assert rows(drawn(draw)) == TEXTS


@pytest.mark.parametrize("alone", ["top", "bottom"])
def test_a_dotted_rule_goes_on_where_only_one_cell_draws_it(alone: str) -> None:
    """Two cells draw most of a border, with their dots between each other's; one row stands beside a wide cell."""
    once = [4.0 * k for k in range(6)]
    twice = sorted([*(24.0 + 4.0 * k for k in range(90)), *(26.0 + 4.0 * k for k in range(90))])
    downs = [*once, *twice] if alone == "top" else [400.0 - y for y in (*once, *twice)]
    ink = ink_of((0.0,))
    made = dotted([], [Area(99.6, y, 100.4, y + 0.8, ink) for y in downs])
    assert [(s.vertical, s.start, round(s.end, 1)) for s in made] == [(True, min(downs), round(max(downs) + 0.8, 1))]


@pytest.mark.parametrize("steps", [(3.97, 4.42), (4.42, 3.97), (3.6, 4.3)])
def test_a_dotted_rule_goes_on_where_the_dots_of_two_cells_run_apart(steps: tuple[float, float]) -> None:
    """A row beside a tall cell: their dots begin together and run apart, while those of further rows fill the gaps."""
    tall = [steps[0] * k for k in range(60)]
    low = [steps[1] * k for k in range(5)]
    rest = [5 * steps[1] + 0.3 + 1.7 * k for k in range(120)]
    ink = ink_of((0.0,))
    downs = sorted([*tall, *low, *(y for y in rest if y < tall[-1])])
    made = dotted([], [Area(99.6, y, 100.4, y + 0.8, ink) for y in downs])
    assert [(s.vertical, s.start, round(s.end, 1)) for s in made] == [(True, 0.0, round(tall[-1] + 0.8, 1))]


def test_a_field_of_dots_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(40):
            for j in range(20):
                canvas.rect(100 + 3 * i, 300 + 3 * j, 0.8, 0.8, stroke=0, fill=1)

    assert drawn(draw) == []


def fill_cells(canvas: Canvas, gap: float, lights: list[Color]) -> None:
    for r in range(3):
        for c in range(3):
            canvas.setFillColor(lights[(r + c) % len(lights)])
            canvas.rect(XS[c] + gap / 2, YS[r] + gap / 2, 140 - gap, 25 - gap, stroke=0, fill=1)


@pytest.mark.parametrize("gap", [0.7, 1.5, 3.0])
def test_paper_or_ground_between_filled_cells_is_a_rule(gap: float) -> None:
    assert rows(drawn(lambda canvas: fill_cells(canvas, gap, [Color(0.9, 0.95, 1)]))) == TEXTS

    def dark(canvas: Canvas) -> None:
        canvas.setFillGray(0.3)
        canvas.rect(XS[0], YS[0], 420, 75, stroke=0, fill=1)
        fill_cells(canvas, gap, [Color(1, 1, 1)])

    assert rows(drawn(dark)) == TEXTS


def test_cells_told_apart_by_their_fill_alone() -> None:
    assert rows(drawn(lambda canvas: fill_cells(canvas, 0, [Color(0.9, 0.95, 1), Color(1, 0.95, 0.8)]))) == TEXTS


def test_white_rules_over_fills_of_one_colour() -> None:
    def draw(canvas: Canvas) -> None:
        fill_cells(canvas, 0, [CMYKColorSep(0.5, 0.2, 0, 0, spotName="Tint")])
        canvas.setStrokeGray(1)
        for y in YS:
            canvas.line(XS[0], y, XS[-1], y)
        for x in XS:
            canvas.line(x, YS[0], x, YS[-1])

    assert rows(drawn(draw)) == TEXTS


def test_text_marked_with_a_pen_makes_no_cells() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(Color(1, 1, 0))
        canvas.rect(XS[1] + 4, YS[1] + 5, 60, 14, stroke=0, fill=1)
        for y in YS:
            canvas.line(XS[0], y, XS[-1], y)
        for x in XS:
            canvas.line(x, YS[0], x, YS[-1])

    assert rows(drawn(draw)) == TEXTS


def test_a_shaded_line_or_box_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        canvas.rect(XS[0], YS[1], 420, 25, stroke=0, fill=1)
        canvas.rect(60, 200, 300, 80, stroke=0, fill=1)

    assert drawn(draw) == []


def test_a_rectangle_with_round_corners_has_four_sides() -> None:
    def draw(canvas: Canvas) -> None:
        for r in range(3):
            for c in range(3):
                canvas.roundRect(XS[c] + 1, YS[r] + 1, XS[c + 1] - XS[c] - 2, YS[r + 1] - YS[r] - 2, 4)

    assert rows(drawn(draw)) == TEXTS


@pytest.mark.parametrize("radius", [0.0, 3.0, 7.0])
@pytest.mark.parametrize("even_odd", [True, False])
def test_borders_drawn_as_filled_paths_with_a_hole_are_rules(even_odd: bool, radius: float) -> None:
    def draw(canvas: Canvas) -> None:
        for r in range(3):
            for c in range(3):
                path = canvas.beginPath()
                for inset, backwards in ((0.0, False), (0.7, not even_odd)):
                    left, bottom, right, top = (
                        XS[c] + inset, YS[r] + inset, XS[c + 1] - inset, YS[r + 1] - inset
                    )  # fmt: skip
                    if radius and even_odd:
                        path.roundRect(left, bottom, right - left, top - bottom, radius)
                        continue
                    corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
                    first, *others = corners[::-1] if backwards else corners
                    path.moveTo(*first)
                    for corner in others:
                        path.lineTo(*corner)
                    path.close()
                canvas.drawPath(path, stroke=0, fill=1, fillMode=0 if even_odd else 1)

    assert rows(drawn(draw)) == TEXTS


@pytest.mark.parametrize("stroke", [0, 1])
@pytest.mark.parametrize("gap", [0.5, 4.0])
def test_a_filled_box_with_holes_for_cells_is_a_table(gap: float, stroke: int) -> None:
    def draw(canvas: Canvas) -> None:
        path = canvas.beginPath()
        path.rect(XS[0] - gap, YS[0] - gap, XS[-1] - XS[0] + 2 * gap, YS[-1] - YS[0] + 2 * gap)
        for r in range(3):
            for c in range(3):
                path.rect(XS[c] + gap / 2, YS[r] + gap / 2, XS[c + 1] - XS[c] - gap, YS[r + 1] - YS[r] - gap)
        canvas.setLineWidth(0.1)
        canvas.drawPath(path, stroke=stroke, fill=1, fillMode=0)

    assert rows(drawn(draw)) == TEXTS


def boxes(gap: float, *, open_end: bool = False) -> Callable[[Canvas], None]:
    """A merged cell beside two rows, and a row below, as boxes so far apart; the page may end in the last row."""

    def draw(canvas: Canvas) -> None:
        places = [
            (0, 1, 1, 3),
            (1, 2, 2, 3),
            (2, 2, 3, 3),
            (1, 1, 2, 2),
            (2, 1, 3, 2),
            *((c, 0, c + 1, 1) for c in range(3)),
        ]
        for left, bottom, right, top in places:
            x, y = XS[left] + gap / 2, YS[bottom] + gap / 2
            wide, high = XS[right] - XS[left] - gap, YS[top] - YS[bottom] - gap
            if open_end and not bottom:
                canvas.lines(
                    [(x, y, x, y + high), (x, y + high, x + wide, y + high), (x + wide, y, x + wide, y + high)]
                )
            else:
                canvas.rect(x, y, wide, high)

    return draw


@pytest.mark.parametrize("open_end", [False, True])
@pytest.mark.parametrize("framed", [False, True])
@pytest.mark.parametrize("gap", [2.5, 4.0, 7.0])
def test_cells_that_are_boxes_apart_are_those_of_one_table(gap: float, framed: bool, open_end: bool) -> None:
    """Their sides, as short as dashes, make no rule; the frame around all of them is no cell."""

    def draw(canvas: Canvas) -> None:
        boxes(gap, open_end=open_end)(canvas)
        if framed:
            canvas.rect(XS[0] - gap / 2, YS[0] - gap / 2, XS[3] - XS[0] + gap, YS[3] - YS[0] + gap)

    (grid,) = grids(canvas_page(draw, blank="d"))
    spans = [(cell.row, cell.col, cell.rowspan, cell.colspan, cell.text) for cell in grid.cells]
    assert spans == [
        (0, 0, 2, 1, "a"), (0, 1, 1, 1, "b"), (0, 2, 1, 1, "c"), (1, 1, 1, 1, "e"), (1, 2, 1, 1, "f"),
        (2, 0, 1, 1, "g"), (2, 1, 1, 1, "h"), (2, 2, 1, 1, "i"),
    ]  # fmt: skip


@pytest.mark.parametrize("middle", [(162.0, 110.0), (130.0, 122.0)])
def test_boxes_with_text_between_them_are_not_closed_up(middle: tuple[float, float]) -> None:
    rules = [rule for x in (100.0, 104.0 + 60) for y in (100.0, 124.0) for rule in _box(x, y, x + 60, y + 20)]
    assert rules != without_gaps(rules, [])
    x, y = middle
    between = Word("注", Box(x - 3, y - 5, x + 3, y + 5), (x - 3, x + 3))
    assert without_gaps(rules, [between]) == rules


def test_boxes_of_which_many_touch_are_not_closed_up() -> None:
    """What stands apart there are tables: each box would grow over its neighbours."""
    apart = [rule for x in (100.0, 164.0) for y in (100.0, 124.0) for rule in _box(x, y, x + 60, y + 20)]
    touching = [rule for x in (100.0, 160.0, 220.0) for rule in _box(x, 400.0, x + 60, 420.0)]
    assert without_gaps(apart, []) != apart
    assert without_gaps([*apart, *touching], []) == [*apart, *touching]


def test_cells_that_touch_and_boxes_to_be_ticked_stay_as_they_are() -> None:
    touching = [rule for x in (100.0, 160.0) for y in (100.0, 120.0) for rule in _box(x, y, x + 60, y + 20)]
    assert without_gaps(touching, []) == touching
    ticks = [rule for x in (100.0, 110.0, 120.0) for y in (100.0, 110.0) for rule in _box(x, y, x + 7, y + 7)]
    assert without_gaps(ticks, []) == ticks


def _box(left: float, top: float, right: float, bottom: float) -> list[Rule]:
    levels = [Rule(False, at, left, right) for at in (top, bottom)]
    return levels + [Rule(True, at, top, bottom) for at in (left, right)]


@pytest.mark.parametrize("spread", [False, True])
def test_letters_set_apart_to_fill_their_cell_are_one_text(spread: bool) -> None:
    """The last rows of a table on a page of their own: no header tells that they are a form's."""
    names = ("建档资料数量", "巡查点位人次", "修复管网长度")
    xs = (60.0, 200.0, 300.0, 400.0)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setFont("STSong-Light", 9)
    for r, name in enumerate(names):
        top = 700 - 20 * r
        for c, text in enumerate((name, f"{75 + r}个", f"{39 + r}.4个")):
            canvas.rect(xs[c], top, xs[c + 1] - xs[c], 20)
            letters = re.findall(r"[\d.]+|.", text) if spread else [text]
            for k, letter in enumerate(letters):
                wide = (xs[c + 1] - xs[c] - 16) / max(len(letters) - 1, 1)
                canvas.drawString(xs[c] + 3 + wide * k, top + 6, letter)
    canvas.save()
    with pdfplumber.open(io.BytesIO(out.getvalue())) as pdf:
        page = page_blocks(read_sheet(pdf.pages[0], 1), lambda *_: [], load_words())
    (found,) = (block for block in page.blocks if isinstance(block, Grid))
    assert rows([found]) == [[name, f"{75 + r}个", f"{39 + r}.4个"] for r, name in enumerate(names)]
