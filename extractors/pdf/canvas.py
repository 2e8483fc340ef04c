"""What a page is painted on: characters as ours, other marks as pdfminer's, each with its ink and its turn.

pdfminer keeps of a colour its numbers and not their space, knows neither opacity nor clips nor layers, and pdfplumber
sorts the objects by their kind, so that nobody can say what lies above what. Here each mark's `stroking_color` and
`non_stroking_color` become the numbers of an `Paint` (`ink_of` reads them), what a clip cuts off is not there, and
characters that are cut off, or stand in a layer that is off, have no opacity.

Straight lines and rectangles, of which pages are full, are put down as pdfplumber gives them, without its way there.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTComponent, LTCurve, LTImage, LTLine, LTRect
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.utils import mult_matrix

from extractors.pdf.clips import EVERYWHERE, Clip, Ring, box_ring
from extractors.pdf.colour import RGB, UNKNOWN, Paint, painted
from extractors.pdf.fonts import Face, Glyph
from extractors.pdf.hollow import solids
from extractors.pdf.marks import Char
from extractors.pdf.turned import turn_of
from extractors.refusals import TextTooLarge
from schemas.language.radicals import fold_radicals
from schemas.language.symbol_fonts import set_in
from schemas.language.writing import JOINED_DASHES

UNINKED = (3, 7)  # ways to show text that paint nothing
OUTLINED = (1, 5)  # ways to show text that only draw its outline, in the colour of strokes
CLIPPING = 4  # from this way on text is a clip for what follows it
THROUGH = 0.5  # opacity of what is painted so that the marks below it show: patterns, blends, soft masks, images with
# transparent parts
STRAIGHT = 1e-6  # of an image's matrix: what turns it by no quarter
CRUSHED = 0.08  # of a character's longer side: type is set narrow, or wide, to a third
LINE, RECTANGLE = ["m", "l"], ["m", "l", "l", "l", "h"]  # the steps of a path that is no more than that
SIDES = 4
MOST_CHARACTERS = 200_000  # of a page; a full one of small type has ten thousand
TILING = 1  # the kind of pattern that repeats a cell, with paper between


class State(PDFGraphicState):
    """A graphics state with the opacity of fills and strokes and what cuts marks off; colours are kept as light."""

    def __init__(self) -> None:
        super().__init__()
        self.fill_light: RGB = (0.0, 0.0, 0.0)
        self.stroke_light: RGB = (0.0, 0.0, 0.0)
        self.fill_opacity = 1.0
        self.stroke_opacity = 1.0
        self.solid = 1.0  # of fills: less for patterns
        self.blended = False  # with what lies below
        self.clip: Clip = EVERYWHERE

    def copy(self) -> State:
        new = State.__new__(State)
        new.__dict__.update(self.__dict__)
        return new

    def fill_ink(self, order: int) -> Paint:
        opacity = self.fill_opacity * self.solid
        return painted(self.fill_light, min(opacity, THROUGH) if self.blended else opacity, order)

    def stroke_ink(self, order: int) -> Paint:
        opacity = self.stroke_opacity
        return painted(self.stroke_light, min(opacity, THROUGH) if self.blended else opacity, order)


class Canvas(PDFPageAggregator):
    """What the painter draws on. `chars` are in points from the top left of a page of `height`, in painting order;
    `drawn` is all else that pdfplumber's `page` shows, as it gives it, by kind; `hidden` says that what follows stands
    in a layer that is off."""

    def __init__(self, manager: Any, page: Any) -> None:
        super().__init__(manager, pageno=page.page_number, laparams=None)
        self.page = page
        self.height = float(page.height)
        self.corner: tuple[float, float] = (page.mediabox[0], page.mediabox[1])
        self.chars: list[Char] = []
        self.drawn: dict[str, list[dict[str, Any]]] = {}
        self.turn = 0
        self.hidden = False
        self.forms = 0  # that were drawn on the page
        self.state = State()  # around an image
        self.text_clip: list[Ring] = []  # glyphs of the text object that cut off what follows it
        self._faces = faces_of(manager)

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        if not isinstance(gstate, State):  # pdfminer comes back with each part of a path, its ink known
            super().paint_path(gstate, stroke, fill, evenodd, path)
            return
        if self.hidden or not path:
            return
        self.turn += 1
        how = {
            "linewidth": gstate.linewidth,
            "stroke": stroke,
            "fill": fill,
            "stroking_color": gstate.stroke_ink(self.turn),
            "non_stroking_color": gstate.fill_ink(self.turn),
        }
        if len(path) <= len(RECTANGLE):
            if not self._draw(path, gstate.clip, how):
                self._put_part(path, gstate, how)
            return
        parts = parts_of(path)
        if not fill or len(parts) == 1:
            self._put_parts(parts, gstate, how)
            return
        a, b, c, d, *_ = self.ctm
        scale = math.sqrt(abs(a * d - b * c)) or 1.0
        found = solids(parts, evenodd, scale)
        if stroke and found.hollow:
            self._put_parts(parts, gstate, {**how, "fill": False})
            how["stroke"] = False
        self._put_parts(found.filled, gstate, how)
        for outline, thickness in found.frames:
            drawn = {"linewidth": thickness * scale, "stroke": True, "fill": False}
            self._put_parts([outline], gstate, {**how, **drawn, "stroking_color": how["non_stroking_color"]})

    def _put_parts(self, parts: Sequence[Any], state: State, how: dict[str, Any]) -> None:
        """Puts parts of a path down, painted as `how` says."""
        for part in parts:
            if not self._draw(part, state.clip, how):
                self._put_part(part, state, how)

    def _put_part(self, part: Any, state: State, how: dict[str, Any]) -> None:
        """Puts a part of a path down as pdfminer and pdfplumber give it, without what is cut off."""
        super().paint_path(_inked(state, how), how["stroke"], how["fill"], False, part)
        marks = self._taken()
        if state.clip is not EVERYWHERE:
            marks = [shown for mark in marks for shown in clipped(mark, state.clip)]
        for mark in marks:
            self._put(self.page.process_object(mark))

    def _draw(self, part: Any, clip: Clip, how: dict[str, Any]) -> bool:
        """Puts a line or an upright rectangle down, where that is all of a path and no more than a box cuts off of it;
        `how` says how it is painted. Returns whether it did so."""
        steps = [step[0] for step in part[: len(RECTANGLE) + 1]]
        rectangle = steps == RECTANGLE
        if not rectangle and steps != LINE:
            return False
        a, b, c, d, e, f = self.ctm
        corners = [(a * x + c * y + e, b * x + d * y + f) for _, x, y in part[:SIDES]]
        x0, y0 = corners[0]
        if rectangle:
            _, (x1, y1), (x2, y2), (x3, y3) = corners
            if not (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) and not (
                y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0
            ):
                return False
            corners = [(x0, y0), (x2, y0), (x2, y2), (x0, y2)]
        else:
            x2, y2 = corners[1]
        left, right = (x0, x2) if x0 <= x2 else (x2, x0)
        low, high = (y0, y2) if y0 <= y2 else (y2, y0)
        if clip is not EVERYWHERE and not clip.holds_box(left, low, right, high):
            if clip.shapes:
                return False
            half = how["linewidth"] / 2 if how["stroke"] else 0.0
            shown = clip.part(left - half, low - half, right + half, high + half)
            if shown is None:
                return True
            if how["stroke"] or not rectangle:
                return False
            left, low, right, high = shown
            corners, how = [(left, low), (right, low), (right, high), (left, high)], {**how, "linewidth": 0}
        west, north = self.corner
        height = self.page.height
        self._put(
            {
                "object_type": "rect" if rectangle else "line",
                "x0": left + west if west else left,
                "x1": right + west if west else right,
                "top": (height - high) + north,
                "bottom": (height - low) + north,
                "pts": [(west + x, north + height - y) for x, y in corners],
                **how,
            }
        )
        return True

    def _put(self, mark: dict[str, Any]) -> None:
        self.drawn.setdefault(mark["object_type"], []).append(mark)

    def _taken(self) -> list[LTComponent]:
        """The marks that pdfminer has just put down, which are looked at here and not kept there."""
        marks: list[LTComponent] = self.cur_item._objs
        self.cur_item._objs = []
        return marks

    def shade(self, state: State, light: RGB, whole: tuple[float, float, float, float]) -> None:
        """Paints all that is not cut off, of the `whole` page, as a shading does."""
        part = None if self.hidden else state.clip.part(*whole)
        if part is not None:
            self.turn += 1
            ink = Paint(*light, THROUGH if state.blended else state.fill_opacity, self.turn)
            self._put(self.page.process_object(LTRect(0, part, False, True, False, None, tuple(ink), [])))  # type: ignore[arg-type]

    def render_image(self, name: str, stream: PDFStream) -> None:
        if self.hidden:
            return
        super().render_image(name, stream)
        (image,) = self._taken()
        assert isinstance(image, LTImage)
        part = self.state.clip.part(*image.bbox)
        if part is None:
            return
        image.set_bbox(part)
        self.turn += 1
        a, b, c, d, _, _ = self.cur_item.matrix if hasattr(self.cur_item, "matrix") else (1, 0, 0, 1, 0, 0)
        straight = abs(b) + abs(c) <= STRAIGHT or abs(a) + abs(d) <= STRAIGHT
        whole = straight and not self.state.blended and not _sees_through(stream)
        opacity = self.state.fill_opacity if whole else min(self.state.fill_opacity, THROUGH)
        image.non_stroking_color = tuple(Paint(*UNKNOWN, opacity, self.turn))  # type: ignore[attr-defined]
        self._put(self.page.process_object(image))

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """As pdfminer's, with characters of ours: this is where most of a page's time goes."""
        chars, font = self.chars, textstate.font
        if len(chars) > MOST_CHARACTERS:
            raise TextTooLarge(detail=f"more than {MOST_CHARACTERS:,} characters on a page")
        face = self._faces.get(font)
        if face is None:
            face = self._faces[font] = Face.of(font)
        a, b, c, d, e, f = matrix = mult_matrix(textstate.matrix, self.ctm)
        scaling = textstate.scaling * 0.01
        self.turn += 1
        ink = (graphicstate.stroke_ink if textstate.render in OUTLINED else graphicstate.fill_ink)(self.turn)
        if textstate.render in UNINKED or self.hidden or _is_crushed(a, b, c, d, scaling):
            ink = ink.unseen
        clip: Clip = graphicstate.clip
        if face.vertical or b or c or clip.shapes or textstate.render >= CLIPPING:
            self._put_aslant(textstate, seq, face, matrix, ink, clip)
            return
        # most text stands so, and all its characters between the same two heights
        x, y = textstate.linematrix
        size = textstate.fontsize
        spacing = textstate.charspace * scaling
        word_spacing = 0 if face.multibyte else textstate.wordspace * scaling
        step = 0.001 * size * scaling
        em = size * face.em
        descent = face.descent * em + textstate.rise
        low, high = d * y + f + d * descent, d * y + f + d * (descent + em)
        low, high = (low, high) if d * descent <= d * (descent + em) else (high, low)
        upper, lower = self.height - high, self.height - low
        west, east, inside = clip.left, clip.right, clip.bottom <= (low + high) / 2 <= clip.top
        unseen, upright = None, turn_of(matrix)
        glyphs, put, new = face.glyphs, chars.append, tuple.__new__
        spaced = False
        for part in seq:
            if isinstance(part, (int, float)):
                x -= part * step
                spaced = True
            elif isinstance(part, bytes):
                for code in font.decode(part):
                    if spaced:
                        x += spacing
                    spaced = True
                    glyph = glyphs.get(code) or self._glyph(font, code)
                    advance = glyph.width * size * scaling
                    left, reach = a * x + e, a * advance
                    left, right = (left, left + reach) if reach >= 0 else (left + reach, left)
                    if inside and west <= (left + right) / 2 <= east:
                        own = ink
                    else:
                        own = unseen = unseen or ink.unseen
                    put(new(Char, (glyph.text, left, upper, right, lower, len(chars), upright, own)))
                    x += advance
                    if code == 32 and word_spacing:
                        x += word_spacing
        textstate.linematrix = (x, y)

    def _put_aslant(
        self, textstate: Any, seq: Any, face: Face, matrix: tuple[float, ...], ink: Paint, clip: Clip
    ) -> None:
        """Puts text down that is turned, runs downwards, stands in a clip that is no box, or is a clip itself."""
        font, size, vertical = textstate.font, textstate.fontsize, face.vertical
        a, b, c, d, e, f = matrix
        scaling, rise = textstate.scaling * 0.01, textstate.rise
        spacing, step = textstate.charspace * scaling, 0.001 * size * scaling
        word_spacing = 0 if face.multibyte else textstate.wordspace * scaling
        upright, unseen = turn_of((a, b)), ink.unseen
        em = size * face.em
        descent = 0.0 if vertical else face.descent * em + rise
        x, y = textstate.linematrix
        chars, tall = self.chars, self.height
        spaced = False
        for part in seq:
            if isinstance(part, (int, float)):
                x, y = (x, y - part * step) if vertical else (x - part * step, y)
                spaced = True
                continue
            if not isinstance(part, bytes):
                continue
            for code in font.decode(part):
                if spaced:
                    x, y = (x, y + spacing) if vertical else (x + spacing, y)
                spaced = True
                glyph = face.glyphs.get(code) or self._glyph(font, code)
                advance = glyph.width * size * scaling
                if vertical:
                    vx, vy = glyph.displaced
                    west = -(size * 0.5 if vx is None else vx * size * 0.001)
                    north = (1000 - vy) * size * 0.001 + rise
                    box = (west, north + advance, west + size, north)
                else:
                    box = (0.0, descent, advance, descent + em)
                ox, oy = a * x + c * y + e, b * x + d * y + f
                xs = (a * box[0], a * box[2]) if not c else _span(a, c, box)
                ys = (d * box[1], d * box[3]) if not b else _span(b, d, box)
                left, right = (xs[0], xs[1]) if xs[0] <= xs[1] else (xs[1], xs[0])
                bottom, top = (ys[0], ys[1]) if ys[0] <= ys[1] else (ys[1], ys[0])
                left, right, bottom, top = ox + left, ox + right, oy + bottom, oy + top
                across, along = (left + right) / 2, (bottom + top) / 2
                own = ink if clip.holds(across, along) else unseen
                chars.append(Char(glyph.text, left, tall - top, right, tall - bottom, len(chars), upright, own))
                if textstate.render >= CLIPPING:
                    self.text_clip.append(box_ring(left, bottom, right, top, (1, 0, 0, 1, 0, 0)))
                if vertical:
                    y += advance
                else:
                    x += advance
                if code == 32 and word_spacing:
                    x, y = (x, y + word_spacing) if vertical else (x + word_spacing, y)
        textstate.linematrix = (x, y)

    def _glyph(self, font: Any, code: int) -> Glyph:
        try:
            text = font.to_unichr(code)
        except PDFUnicodeNotDefined:
            text = self.handle_undefined_char(font, code)
        text = set_in(str(font.fontname), text) if len(text) == 1 else text
        text = fold_radicals(text).translate(JOINED_DASHES)
        glyph = Glyph(text, font.char_width(code), font.char_disp(code))
        self._faces[font].glyphs[code] = glyph
        return glyph


def _is_crushed(a: float, b: float, c: float, d: float, scaling: float) -> bool:
    """Whether text is set so flat, or so narrow, that nobody reads it."""
    if b or c:
        across, along = math.hypot(a, b) * abs(scaling), math.hypot(c, d)
    else:
        across, along = abs(a * scaling), abs(d)
    return min(across, along) < CRUSHED * max(across, along)


def _inked(state: State, how: dict[str, Any]) -> PDFGraphicState:
    """What pdfminer needs to know of how a path is painted, with inks for colours: as tuples, which pdfplumber looks
    into."""
    inked = PDFGraphicState.__new__(PDFGraphicState)
    inked.linewidth, inked.dash = how["linewidth"], state.dash
    inked.scolor, inked.ncolor = tuple(how["stroking_color"]), tuple(how["non_stroking_color"])
    return inked


def faces_of(manager: Any) -> dict[Any, Face]:
    """The fonts of a file as far as they are known: kept with what keeps the fonts."""
    faces: dict[Any, Face] = vars(manager).setdefault("faces", {})
    return faces


def parts_of(path: Any) -> list[Any]:
    """The parts of a path, each from one start to the next; a start that nothing follows is none. A path that begins
    otherwise shows nothing."""
    if path[0][0] != "m":
        return []
    starts = [i for i, step in enumerate(path) if step[0] == "m"]
    if len(starts) == 1:
        return [path]
    return [path[a:b] for a, b in itertools.pairwise([*starts, len(path)]) if b - a > 1]


def clipped(mark: LTComponent, clip: Clip) -> list[LTComponent]:
    """What shows of a line, a rectangle or a curve: its straight sides one by one where a clip cuts it."""
    if not isinstance(mark, LTCurve):
        return [mark]
    half = mark.linewidth / 2 if mark.stroke else 0.0
    x0, y0, x1, y1 = mark.bbox
    if clip.holds_box(x0, y0, x1, y1):
        return [mark]
    if clip.part(x0 - half, y0 - half, x1 + half, y1 + half) is None:
        bands = clip.bands(x0, y0, x1, y1) if mark.fill and isinstance(mark, LTRect) else []
        return [LTRect(0, band, False, True, mark.evenodd, None, mark.non_stroking_color, []) for band in bands]
    if isinstance(mark, LTLine):
        return _line(mark, mark.pts[0], mark.pts[-1], clip)
    out: list[LTComponent] = []
    part = clip.part(x0, y0, x1, y1)
    if mark.fill and part is not None:
        if isinstance(mark, LTRect):
            out.append(LTRect(0, part, False, True, mark.evenodd, None, mark.non_stroking_color, []))
        elif not mark.stroke:
            return [mark]
    if mark.stroke:
        corners = mark.pts if not isinstance(mark, LTRect) else [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
        for one, other in itertools.pairwise(corners):
            out += _line(mark, one, other, clip)
    return out


def _line(mark: LTCurve, one: tuple[float, float], other: tuple[float, float], clip: Clip) -> list[LTComponent]:
    """The part of a straight stroke that shows; one aslant is kept where its middle does."""
    half = mark.linewidth / 2
    (ax, ay), (bx, by) = one, other
    left, right, bottom, top = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
    part = clip.part(left - half, bottom - half, right + half, top + half)
    if part is None:
        return []
    if right - left <= top - bottom and right - left <= half:
        ends = ((ax, max(bottom, part[1])), (bx, min(top, part[3])))
    elif top - bottom <= half:
        ends = ((max(left, part[0]), ay), (min(right, part[2]), by))
    elif clip.holds((left + right) / 2, (bottom + top) / 2):
        ends = (one, other)
    else:
        return []
    return [LTLine(mark.linewidth, *ends, True, False, False, mark.stroking_color, None, [], mark.dashing_style)]


def _span(one: float, other: float, box: tuple[float, float, float, float]) -> tuple[float, float]:
    """The least and the greatest of `one * x + other * y` over the corners of a box."""
    values = [one * x + other * y for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(values), max(values)


def _sees_through(image: PDFStream) -> bool:
    """Whether an image has parts that let show what lies below it."""
    masks = (image.get_any(("SMask",)), image.get_any(("Mask",)), image.get_any(("SMaskInData",)))
    return bool(resolve1(image.get_any(("IM", "ImageMask")))) or any(resolve1(mask) for mask in masks)
