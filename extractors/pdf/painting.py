"""A page's content as it is painted: pdfminer's interpreter, with what it leaves out of colours, clips and layers."""

from __future__ import annotations

from typing import Any, cast

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFTextState
from pdfminer.pdftypes import PDFStream, dict_value, resolve1, stream_value
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import MATRIX_IDENTITY, Matrix, Rect, mult_matrix

from extractors.pdf.annotations import appearances
from extractors.pdf.boxes import edges
from extractors.pdf.canvas import THROUGH, TILING, Canvas, State
from extractors.pdf.clips import Ring, box_ring, rings_of
from extractors.pdf.colour import BLACK, RGB, UNKNOWN, by_count, components, initial, resolver, space_name
from extractors.pdf.content import operations
from extractors.pdf.functions import read_function
from extractors.pdf.layers import Layers
from extractors.pdf.marks import Char
from extractors.pdf.units import user_unit


def paint(page: Any) -> list[Char]:
    """The characters of a pdfplumber page, in painting order and in points from the top left of its sheet; its lines,
    rectangles, curves and images become what it is asked for later."""
    device = Canvas(page.pdf.rsrcmgr, page)
    painter = Painter(page.pdf.rsrcmgr, device)
    painter.layers = Layers.of(page.pdf.doc.catalog)
    painter.process_page(page.page_obj)
    for form, placed in appearances(page.page_obj):
        painter.put(form, placed, page.page_obj)
    page._layout = device.get_result()
    page._objects = device.drawn
    return device.chars


MOST_FORMS = 20_000  # drawn on a page, those within others counted each time: forms of forms grow by powers


class ManyForms(ValueError):
    """A page draws more forms than any program writes."""


class Space(PDFColorSpace):
    """A colour space that can turn its numbers into light."""

    def __init__(self, spec: Any) -> None:
        super().__init__(space_name(spec), components(spec))
        self.start = initial(spec)
        self.light = resolver(spec)


class Painter(PDFPageInterpreter):
    """The interpreter; a form that it draws goes on with the colours, the opacity and the clip around it."""

    around: State | None = None
    edge: Ring | None = None  # of the form that it draws, in the form's own points
    layers = Layers()
    device: Canvas
    graphicstate: State

    def subinterp(self) -> PDFPageInterpreter:
        inner = super().subinterp()
        if isinstance(inner, Painter):
            inner.around, inner.layers = self.graphicstate.copy(), self.layers
            inner.edge, self.edge = self.edge, None
        return inner

    def execute(self, streams: Any) -> None:
        """As pdfminer's, with a faster parser: no stream is drawn within itself."""
        self.stream_ids.clear()
        kept = []
        for entry in streams:
            stream = stream_value(entry)
            if stream.objid is not None and stream.objid in self.parent_stream_ids:
                continue
            kept.append(stream)
            if stream.objid is not None:
                self.stream_ids.add(stream.objid)
        self._clip_rule: str | None = None
        self._hidden: list[bool] = []  # of the marked parts that are open
        layer_before = self.device.hidden
        methods = {operator: (getattr(self, name), count) for operator, (name, count) in OPERATORS.items()}
        for operator, operands in operations(kept):
            known = methods.get(operator)
            if known is None:
                continue
            method, count = known
            if len(operands) == count:
                self.argstack = []
                method(*operands)
            elif not count:
                self.argstack = operands.copy()
                method()
            elif len(operands) > count:
                self.argstack, operands = operands[:-count], operands[-count:]
                method(*operands)
        self.device.hidden = layer_before

    def process_page(self, page: Any) -> None:
        whole = _on_sheet(page)
        self.device.begin_page(page, whole)
        self.render_contents(page.resources, page.contents, ctm=whole)
        self.device.end_page(page)

    def put(self, form: PDFStream, placed: Matrix, page: Any) -> None:
        """Draws a form on a page that is drawn already, where the matrix puts it."""
        whole = _on_sheet(page)
        own = cast(Matrix, tuple(resolve1(v) for v in resolve1(form.get("Matrix")) or MATRIX_IDENTITY))
        around = mult_matrix(placed, whole)
        self.edge = _edge(form)
        inner = self.subinterp()
        if isinstance(inner, Painter):
            inner.around = None
        self.device.set_ctm(around)
        self.device.begin_figure("", cast(Rect, tuple(resolve1(v) for v in resolve1(form["BBox"]))), own)
        inner.render_contents(dict_value(form.get("Resources") or {}), [form], ctm=mult_matrix(own, around))
        self.device.end_figure("")

    def init_state(self, ctm: Any) -> None:
        super().init_state(ctm)
        self.graphicstate = self.around.copy() if self.around is not None else State()
        if self.edge is not None:
            state = self.graphicstate
            state.clip = state.clip.narrowed(rings_of([("m", *self.edge[0]), *(("l", *p) for p in self.edge[1:])], ctm))

    def get_current_state(self) -> tuple[Matrix, PDFTextState, PDFGraphicState]:
        text = PDFTextState.__new__(PDFTextState)
        text.__dict__.update(self.textstate.__dict__)
        return self.ctm, text, self.graphicstate.copy()

    def init_resources(self, resources: dict[object, object]) -> None:
        super().init_resources(resources)
        known = dict_value(resources) if resources else {}
        for name, spec in _entries(known, "ColorSpace"):
            self.csmap[name] = Space(spec)

    def do_gs(self, name: Any) -> None:
        """Only the opacity is of use here, and whether what lies below shows through."""
        settings = resolve1(dict(_entries(self.resources, "ExtGState")).get(literal_name(name)))
        if not isinstance(settings, dict):
            return
        outer = self.around
        for key, attribute in (("ca", "fill_opacity"), ("CA", "stroke_opacity")):
            value = resolve1(settings.get(key))
            if isinstance(value, (int, float)):
                base = getattr(outer, attribute) if outer is not None else 1.0
                setattr(self.graphicstate, attribute, base * min(max(float(value), 0.0), 1.0))
        if "BM" in settings or "SMask" in settings:
            modes = resolve1(settings.get("BM"))
            mode = literal_name(modes[0] if isinstance(modes, list) and modes else modes) if modes else "Normal"
            masked = isinstance(resolve1(settings.get("SMask")), dict)
            self.graphicstate.blended = masked or mode not in ("Normal", "Compatible")

    def do_W(self) -> None:
        self._clip_rule = "nonzero"

    def do_W_a(self) -> None:
        self._clip_rule = "even-odd"

    def do_n(self) -> None:
        self._end_path()

    def _paint(self, stroke: bool, fill: bool, even_odd: bool = False) -> None:
        self.device.paint_path(self.graphicstate, stroke, fill, even_odd, self.curpath)
        self._end_path()

    def _end_path(self) -> None:
        """A path that was named a clip cuts off what follows it, not itself."""
        if self._clip_rule is not None:
            state = self.graphicstate
            state.clip = state.clip.narrowed(rings_of(self.curpath, self.ctm), self._clip_rule == "even-odd")
            self._clip_rule = None
        self.curpath = []

    def do_S(self) -> None:
        self._paint(True, False)

    def do_f(self) -> None:
        self._paint(False, True)

    def do_F(self) -> None:
        self._paint(False, True)

    def do_f_a(self) -> None:
        self._paint(False, True, True)

    def do_B(self) -> None:
        self._paint(True, True)

    def do_B_a(self) -> None:
        self._paint(True, True, True)

    def do_sh(self, name: Any) -> None:
        shading = dict(_entries(self.resources, "Shading")).get(literal_name(name))
        marks = self.device.cur_item
        self.device.shade(self.graphicstate, _middle_light(shading), (marks.x0, marks.y0, marks.x1, marks.y1))

    def do_TJ(self, seq: Any) -> None:
        if self.textstate.font is not None and isinstance(seq, list):
            self.device.render_string(self.textstate, seq, self.graphicstate.ncs, self.graphicstate)

    def do__w(self, aw: Any, ac: Any, s: Any) -> None:
        self.do_Tw(aw)
        self.do_Tc(ac)
        self.do_T_a()
        self.do_TJ([s])

    def do_ET(self) -> None:
        if self.device.text_clip:
            state = self.graphicstate
            state.clip = state.clip.narrowed(self.device.text_clip)
            self.device.text_clip = []

    def do_BMC(self, tag: Any) -> None:
        self._hidden.append(False)

    def do_BDC(self, tag: Any, props: Any) -> None:
        layer = None
        if isinstance(tag, PSLiteral) and tag.name == "OC" and isinstance(props, PSLiteral):
            layer = dict(_entries(self.resources, "Properties")).get(str(props.name))
        self._hidden.append(not self.device.hidden and self.layers.hides(layer))
        self.device.hidden = self.device.hidden or self._hidden[-1]

    def do_EMC(self) -> None:
        if self._hidden and self._hidden.pop():
            self.device.hidden = False

    def do_Do(self, xobjid_arg: Any) -> None:
        form = resolve1(self.xobjmap.get(literal_name(xobjid_arg)))
        if not isinstance(form, PDFStream):
            return
        self.device.forms += 1
        if self.device.forms > MOST_FORMS:
            raise ManyForms(f"its forms draw others more than {MOST_FORMS} times")
        before = self.device.hidden
        self.device.hidden = before or self.layers.hides(form.get("OC"))
        self.device.state = self.graphicstate
        self.edge = _edge(form)
        super().do_Do(xobjid_arg)
        self.edge, self.device.hidden = None, before

    def do_EI(self, obj: Any) -> None:
        self.device.state = self.graphicstate
        super().do_EI(obj)

    def do_CS(self, name: Any) -> None:
        super().do_CS(name)
        space = self.graphicstate.scs
        self._set(stroke=True, numbers=space.start if isinstance(space, Space) else initial(name))

    def do_cs(self, name: Any) -> None:
        super().do_cs(name)
        space = self.graphicstate.ncs
        self._set(stroke=False, numbers=space.start if isinstance(space, Space) else initial(name))

    def do_G(self, gray: Any) -> None:
        super().do_G(gray)
        self._set(stroke=True, numbers=(gray,))

    def do_g(self, gray: Any) -> None:
        super().do_g(gray)
        self._set(stroke=False, numbers=(gray,))

    def do_RG(self, r: Any, g: Any, b: Any) -> None:
        super().do_RG(r, g, b)
        self._set(stroke=True, numbers=(r, g, b))

    def do_rg(self, r: Any, g: Any, b: Any) -> None:
        """Most colours of a page are black, over and over."""
        state, space = self.graphicstate, self.csmap["DeviceRGB"]
        if type(space) is PDFColorSpace and r == g == b == 0:
            state.ncs, state.fill_light, state.solid = space, BLACK, 1.0
            return
        super().do_rg(r, g, b)
        self._set(stroke=False, numbers=(r, g, b))

    def do_K(self, c: Any, m: Any, y: Any, k: Any) -> None:
        super().do_K(c, m, y, k)
        self._set(stroke=True, numbers=(c, m, y, k))

    def do_k(self, c: Any, m: Any, y: Any, k: Any) -> None:
        super().do_k(c, m, y, k)
        self._set(stroke=False, numbers=(c, m, y, k))

    def do_SCN(self) -> None:
        self._set(stroke=True, numbers=tuple(self.argstack))
        self.argstack.clear()

    def do_scn(self) -> None:
        self._set(stroke=False, numbers=tuple(self.argstack))
        self.argstack.clear()

    def _set(self, stroke: bool, numbers: tuple[Any, ...]) -> None:
        state = self.graphicstate
        space = state.scs if stroke else state.ncs
        light = self._light(space, [resolve1(n) for n in numbers])
        if not stroke:
            state.solid = THROUGH if space.name == "Pattern" and self._is_tiled(numbers) else 1.0
        if light is not None:
            setattr(state, "stroke_light" if stroke else "fill_light", light)

    def _light(self, space: PDFColorSpace, numbers: list[Any]) -> RGB | None:
        """The light of a colour, None for numbers that state none."""
        if space.name == "Pattern":
            return self._pattern(space, numbers)
        if len(numbers) < max(space.ncomponents, 1):
            return None
        numbers = numbers[-space.ncomponents :]
        if not all(isinstance(n, (int, float)) for n in numbers):
            return None
        return space.light(numbers) if isinstance(space, Space) else by_count(numbers)

    def _pattern(self, space: PDFColorSpace, numbers: list[Any]) -> RGB:
        """One light for a pattern: that of an uncoloured one's ink, or of the middle of a shading."""
        if not numbers or isinstance(numbers[-1], (int, float)):
            return UNKNOWN
        pattern = resolve1(dict(_entries(self.resources, "Pattern")).get(literal_name(numbers[-1])))
        attrs = pattern.attrs if isinstance(pattern, PDFStream) else pattern
        if not isinstance(attrs, dict):
            return UNKNOWN
        if len(numbers) > 1 and isinstance(space, Space) and resolve1(attrs.get("PaintType")) == 2:
            return space.light(numbers[:-1])
        return _middle_light(attrs.get("Shading"))

    def _is_tiled(self, numbers: tuple[Any, ...]) -> bool:
        """Whether a pattern repeats a cell, with paper between what it draws."""
        if not numbers or not isinstance(numbers[-1], PSLiteral):
            return False
        pattern = resolve1(dict(_entries(self.resources, "Pattern")).get(literal_name(numbers[-1])))
        return isinstance(pattern, PDFStream) and resolve1(pattern.attrs.get("PatternType")) == TILING


def _on_sheet(page: Any) -> Matrix:
    """What puts a page's units on its sheet as it is shown, in points from its lower left corner."""
    left, bottom, right, top = edges(page.mediabox)
    unit = user_unit(page)
    turned: dict[int, Matrix] = {
        90: (0, -unit, unit, 0, -bottom, right),
        180: (-unit, 0, 0, -unit, right, top),
        270: (0, unit, -unit, 0, top, -left),
    }
    return turned.get(page.rotate, (unit, 0, 0, unit, -left, -bottom))


def _middle_light(shading: Any) -> RGB:
    """One light for a shading: that of its middle."""
    shading = resolve1(shading)
    shading = shading.attrs if isinstance(shading, PDFStream) else shading
    try:
        low, high = [float(resolve1(v)) for v in resolve1(shading.get("Domain")) or (0, 1)]
        middle = read_function(shading["Function"])([(low + high) / 2])
        return resolver(shading["ColorSpace"])(middle)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError):
        return UNKNOWN


def _edge(form: PDFStream) -> Ring | None:
    """The box that a form is cut off at, None for an image."""
    box = resolve1(form.get("BBox"))
    try:
        left, bottom, right, top = (float(resolve1(v)) for v in box)
    except (TypeError, ValueError):
        return None
    return box_ring(left, bottom, right, top, MATRIX_IDENTITY)


def _entries(resources: Any, kind: str) -> list[tuple[str, Any]]:
    """The named entries of one kind of resources."""
    entries = resolve1(resolve1(resources or {}).get(kind))
    return list(entries.items()) if isinstance(entries, dict) else []


def _operators() -> dict[bytes, tuple[str, int]]:
    """For each operator the method that does it, and how many operands it takes."""
    out = {}
    for name in dir(Painter):
        if name.startswith("do_"):
            operator = name[3:].replace("_a", "*").replace("_w", '"').replace("_q", "'")
            out[operator.encode("ascii")] = (name, getattr(Painter, name).__code__.co_argcount - 1)
    return out


OPERATORS = _operators()
