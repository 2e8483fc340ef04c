"""Colours of a PDF as light: whatever space a file states them in, red, green and blue from 0 to 1.

The amount of ink is not the amount of light: 1 of a spot colour (Separation, DeviceN) is full ink, 1 of DeviceGray
is bare paper. Only what comes out here tells whether a mark shows on its ground.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from extractors.pdf.functions import read_function

RGB = tuple[float, float, float]
Resolver = Callable[[Sequence[float]], RGB]
"""From the numbers that a content stream sets to light."""

PAPER: RGB = (1.0, 1.0, 1.0)
BLACK: RGB = (0.0, 0.0, 0.0)
UNKNOWN: RGB = (0.5, 0.5, 0.5)  # a pattern's light: ink of some colour
SAME = 0.012  # of full light: three steps of 255; nobody sees such a difference
DEEPEST = 8  # spaces within spaces: a file that nests more of them is a loop


class Paint(NamedTuple):
    """What a mark is painted with: light, opacity from 0 to 1, and its turn in the order of painting."""

    red: float
    green: float
    blue: float
    opacity: float = 1.0
    order: int = 0

    @property
    def rgb(self) -> RGB:
        return self.red, self.green, self.blue

    @property
    def unseen(self) -> Paint:
        """The same without opacity."""
        return Paint(self.red, self.green, self.blue, 0.0, self.order)

    def over(self, ground: RGB) -> RGB:
        """The light that shows where this is painted on a ground."""
        part = self.opacity
        return (
            self.red * part + ground[0] * (1 - part),
            self.green * part + ground[1] * (1 - part),
            self.blue * part + ground[2] * (1 - part),
        )

    def shows_on(self, ground: RGB) -> bool:
        """Whether anybody sees it there."""
        return differs(self.over(ground), ground)


def painted(light: RGB, opacity: float, order: int) -> Paint:
    """A Paint; pages have thousands, and the usual way to make one takes three times as long."""
    return tuple.__new__(Paint, (*light, opacity, order))


def differs(one: RGB, other: RGB) -> bool:
    """Whether two lights can be told apart."""
    return abs(one[0] - other[0]) > SAME or abs(one[1] - other[1]) > SAME or abs(one[2] - other[2]) > SAME


def ink_of(colour: Any) -> Paint:
    """The ink of an object that `extractors.pdf.painting` drew: its colour is a Paint's numbers. A colour that stands
    there in a file's own numbers (a page read otherwise) counts as gray, RGB or CMYK by how many they are."""
    if isinstance(colour, Paint):
        return colour
    if isinstance(colour, (int, float)):
        colour = (colour,)
    if not isinstance(colour, (tuple, list)) or not all(isinstance(part, (int, float)) for part in colour):
        return Paint(0.0, 0.0, 0.0) if colour is None else Paint(*UNKNOWN)
    if len(colour) == len(Paint._fields):
        return Paint(*colour)
    return Paint(*by_count(colour))


def space_name(spec: Any) -> str:
    """The name of a colour space, "" for what is none."""
    from pdfminer.pdftypes import resolve1

    spec = resolve1(spec)
    name = resolve1(spec[0]) if isinstance(spec, list) and spec else spec
    return str(getattr(name, "name", ""))


def components(spec: Any) -> int:
    """How many numbers state a colour of the space."""
    from pdfminer.pdftypes import resolve1

    spec, name = resolve1(spec), space_name(spec)
    if name == "ICCBased" and isinstance(spec, list):
        return int(resolve1(resolve1(spec[1]).get("N", 3)))
    if name == "DeviceN" and isinstance(spec, list):
        return len(resolve1(spec[1]))
    return COUNTS.get(name, 1)


def initial(spec: Any) -> tuple[float, ...]:
    """The colour that stands after a space is chosen and before a colour is: full ink of spot colours, else black."""
    name, count = space_name(spec), components(spec)
    if name in ("Separation", "DeviceN"):
        return (1.0,) * count
    return (0.0, 0.0, 0.0, 1.0) if count == 4 else (0.0,) * count


def resolver(spec: Any, depth: int = 0) -> Resolver:
    """What turns the numbers of a colour space into light. Never raises: a space that is damaged is read by how many
    numbers it has, a spot colour as so much black ink."""
    try:
        if depth > DEEPEST:
            raise ValueError("colour spaces without end")
        return _resolver(spec, depth)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return tint if space_name(spec) in ("Separation", "DeviceN") else by_count


def _resolver(spec: Any, depth: int) -> Resolver:
    from pdfminer.pdftypes import resolve1

    spec, name = resolve1(spec), space_name(spec)
    if name in ("Separation", "DeviceN"):
        return _spot(spec, depth)
    if name in ("Indexed", "I"):
        return _indexed(spec, depth)
    if name == "Pattern" and isinstance(spec, list) and len(spec) > 1:
        return resolver(spec[1], depth + 1)  # of the ink of patterns without colours of their own
    if name == "Lab":
        return _lab(resolve1(spec[1]))
    if name == "ICCBased":
        profile = resolve1(spec[1])
        if space_name(profile.get("Alternate")) == "Lab":
            return resolver(profile.get("Alternate"), depth + 1)
    return by_count


def by_count(numbers: Sequence[float]) -> RGB:
    """Gray, RGB or CMYK by how many numbers there are."""
    values = [min(max(float(v), 0.0), 1.0) for v in numbers]
    if len(values) == 1:
        return values[0], values[0], values[0]
    if len(values) == 3:
        return values[0], values[1], values[2]
    if len(values) == 4:
        c, m, y, k = values
        return (1 - c) * (1 - k), (1 - m) * (1 - k), (1 - y) * (1 - k)
    return UNKNOWN


def tint(numbers: Sequence[float]) -> RGB:
    """So much of an ink that is black, as far as is known."""
    light = 1 - min(max(max(numbers, default=1.0), 0.0), 1.0)
    return light, light, light


def _spot(spec: Sequence[Any], depth: int) -> Resolver:
    """Separation and DeviceN: the tint goes through a function into another space."""
    from pdfminer.pdftypes import resolve1

    names = resolve1(spec[1])
    names = [getattr(resolve1(n), "name", "") for n in (names if isinstance(names, list) else [names])]
    if all(name == "None" for name in names):
        return lambda numbers: PAPER  # such an ink is never printed
    function, behind = read_function(spec[3]), resolver(spec[2], depth + 1)

    def light(numbers: Sequence[float]) -> RGB:
        try:
            return behind(function(numbers))
        except (ValueError, TypeError, IndexError, OverflowError):
            return tint(numbers)

    return light


def _indexed(spec: Sequence[Any], depth: int) -> Resolver:
    """A table of colours of another space, a byte for each number."""
    from pdfminer.pdftypes import PDFStream, resolve1

    base, most, table = spec[1], int(resolve1(spec[2])), resolve1(spec[3])
    data = table.get_data() if isinstance(table, PDFStream) else bytes(table)
    behind, count, name = resolver(base, depth + 1), components(base), space_name(base)
    ranges = _lab_ranges(resolve1(resolve1(base)[1])) if name == "Lab" else [(0.0, 1.0)] * count

    def light(numbers: Sequence[float]) -> RGB:
        at = min(max(int(numbers[0]), 0), most) * count
        entry = data[at : at + count]
        if len(entry) < count:
            return UNKNOWN
        return behind([low + byte / 255 * (high - low) for byte, (low, high) in zip(entry, ranges, strict=True)])

    return light


def _lab_ranges(attrs: dict[str, Any]) -> list[tuple[float, float]]:
    from pdfminer.pdftypes import resolve1

    a0, a1, b0, b1 = [float(resolve1(v)) for v in resolve1(attrs.get("Range")) or (-100, 100, -100, 100)]
    return [(0.0, 100.0), (a0, a1), (b0, b1)]


def _lab(attrs: dict[str, Any]) -> Resolver:
    """CIE L*a*b* to sRGB. The space's own white is the paper's, so its light is scaled to that of sRGB."""
    ranges = _lab_ranges(attrs)
    white = (0.9505, 1.0, 1.089)  # D65, the white of sRGB

    def back(t: float) -> float:
        return t**3 if t >= 6 / 29 else 108 / 841 * (t - 4 / 29)

    def curve(v: float) -> float:
        v = min(max(v, 0.0), 1.0)
        return 12.92 * v if v <= 0.0031308 else float(1.055 * v ** (1 / 2.4) - 0.055)

    def light(numbers: Sequence[float]) -> RGB:
        level, a, b = [min(max(v, low), high) for v, (low, high) in zip(numbers, ranges, strict=True)]
        middle = (level + 16) / 116
        x, y, z = (w * back(t) for w, t in zip(white, (middle + a / 500, middle, middle - b / 200), strict=True))
        return (
            curve(3.2406 * x - 1.5372 * y - 0.4986 * z),
            curve(-0.9689 * x + 1.8758 * y + 0.0415 * z),
            curve(0.0557 * x - 0.2040 * y + 1.0570 * z),
        )

    return light


COUNTS = {
    "DeviceGray": 1,
    "G": 1,
    "CalGray": 1,
    "DeviceRGB": 3,
    "RGB": 3,
    "CalRGB": 3,
    "Lab": 3,
    "DeviceCMYK": 4,
    "CMYK": 4,
    "Separation": 1,
    "Indexed": 1,
    "I": 1,
}
