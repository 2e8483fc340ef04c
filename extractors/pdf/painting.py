"""A page's content as it is painted: pdfminer's interpreter, with what it leaves out of colours.

pdfminer keeps the numbers of a colour and not their space, knows no opacity, and pdfplumber sorts the objects by
their kind, so that nobody can say what lies above what. Here each object's `stroking_color` and
`non_stroking_color` become the numbers of an `Ink`: light, opacity and turn. `ink_of` reads them.
"""

from __future__ import annotations

from typing import Any, cast

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, dict_value, resolve1
from pdfminer.psparser import literal_name
from pdfminer.utils import MATRIX_IDENTITY, Matrix, Rect, mult_matrix
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from extractors.pdf.annotations import appearances
from extractors.pdf.colour import RGB, UNKNOWN, Ink, by_count, components, initial, resolver, space_name
from extractors.pdf.functions import read_function

UNINKED = (3, 7)  # ways to show text that paint nothing
OUTLINED = (1, 5)  # ways to show text that only draw its outline, in the colour of strokes


def paint(page: Any) -> None:
    """Lets a pdfplumber page be read so; to be called before anything else asks for its objects."""
    if hasattr(page, "_layout"):
        return  # it was read already
    device = Canvas(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    painter = Painter(page.pdf.rsrcmgr, device)
    painter.process_page(page.page_obj)
    for form, placed in appearances(page.page_obj):
        painter.put(form, placed, page.page_obj)
    page._layout = device.get_result()


class Space(PDFColorSpace):
    """A colour space that can turn its numbers into light."""

    def __init__(self, spec: Any) -> None:
        super().__init__(space_name(spec), components(spec))
        self.start = initial(spec)
        self.light = resolver(spec)


class State(PDFGraphicState):
    """A graphics state with the opacity of fills and strokes; colours are kept as light."""

    def __init__(self) -> None:
        super().__init__()
        self.fill_light: RGB = (0.0, 0.0, 0.0)
        self.stroke_light: RGB = (0.0, 0.0, 0.0)
        self.fill_opacity = 1.0
        self.stroke_opacity = 1.0

    def copy(self) -> State:
        new = State()
        new.__dict__.update(self.__dict__)
        return new


class Canvas(PDFPageAggregatorWithMarkedContent):
    """What the painter draws on: each object gets its ink and its turn."""

    turn = 0

    def _inked(self, state: Any) -> Any:
        if not isinstance(state, State):
            return state
        self.turn += 1
        inked = state.copy()
        inked.scolor = (*state.stroke_light, state.stroke_opacity, self.turn)  # type: ignore[assignment]
        inked.ncolor = (*state.fill_light, state.fill_opacity, self.turn)  # type: ignore[assignment]
        return inked

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        # pdfminer comes back here with each part of a path, its ink known
        known = isinstance(gstate.ncolor, tuple) and len(gstate.ncolor) == len(Ink._fields)
        super().paint_path(gstate if known else self._inked(gstate), stroke, fill, evenodd, path)

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        inked = self._inked(graphicstate)
        if isinstance(inked, State) and textstate.render in UNINKED:
            inked.ncolor = (*inked.fill_light, 0.0, self.turn)  # type: ignore[assignment]
        elif isinstance(inked, State) and textstate.render in OUTLINED:
            inked.ncolor = inked.scolor
        super().render_string(textstate, seq, ncs, inked)


class Painter(PDFPageInterpreter):
    """The interpreter; a form that it draws goes on with the colours and the opacity around it."""

    around: State | None = None

    def subinterp(self) -> PDFPageInterpreter:
        inner = super().subinterp()
        if isinstance(inner, Painter) and isinstance(self.graphicstate, State):
            inner.around = self.graphicstate.copy()
        return inner

    def put(self, form: PDFStream, placed: Matrix, page: Any) -> None:
        """Draws a form on a page that is drawn already, where the matrix puts it."""
        left, bottom, right, top = page.mediabox
        whole: Matrix = {
            90: (0, -1, 1, 0, -bottom, right),
            180: (-1, 0, 0, -1, right, top),
            270: (0, 1, -1, 0, top, -left),
        }.get(page.rotate, (1, 0, 0, 1, -left, -bottom))
        own = cast(Matrix, tuple(resolve1(v) for v in resolve1(form.get("Matrix")) or MATRIX_IDENTITY))
        around = mult_matrix(placed, whole)
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

    def init_resources(self, resources: dict[object, object]) -> None:
        super().init_resources(resources)
        known = dict_value(resources) if resources else {}
        for name, spec in _entries(known, "ColorSpace"):
            self.csmap[name] = Space(spec)

    def do_gs(self, name: Any) -> None:
        """Only the opacity is of use here."""
        state = dict(_entries(self.resources, "ExtGState")).get(literal_name(name))
        settings = resolve1(state)
        if not isinstance(settings, dict) or not isinstance(self.graphicstate, State):
            return
        outer = self.around
        for key, attribute in (("ca", "fill_opacity"), ("CA", "stroke_opacity")):
            value = resolve1(settings.get(key))
            if isinstance(value, (int, float)):
                base = getattr(outer, attribute) if outer is not None else 1.0
                setattr(self.graphicstate, attribute, base * min(max(float(value), 0.0), 1.0))

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
        if not isinstance(state, State):
            return
        space = state.scs if stroke else state.ncs
        light = self._light(space, [resolve1(n) for n in numbers])
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
        shading = resolve1(attrs.get("Shading"))
        shading = shading.attrs if isinstance(shading, PDFStream) else shading
        try:
            low, high = [float(resolve1(v)) for v in resolve1(shading.get("Domain")) or (0, 1)]
            middle = read_function(shading["Function"])([(low + high) / 2])
            return resolver(shading["ColorSpace"])(middle)
        except (AttributeError, KeyError, TypeError, ValueError, IndexError):
            return UNKNOWN


def _entries(resources: Any, kind: str) -> list[tuple[str, Any]]:
    """The named entries of one kind of resources."""
    found = resolve1(resolve1(resources or {}).get(kind))
    return list(found.items()) if isinstance(found, dict) else []
