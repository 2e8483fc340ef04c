"""Boxes, rings and ticks that a PDF page draws beside its options: read as the signs they show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extractors.pdf.colour import PAPER
from extractors.pdf.marks import Char
from extractors.pdf.shapes import SmallShape, small_shapes
from schemas.frozen import dataclass
from schemas.model import Rule

SMALLEST, LARGEST = 5.0, 16.0  # points: the sides of a box or ring beside an option
INNER, OUTER = 0.3, 2.6  # of a box's side: a mark in it is no smaller, and one across it no larger
SAME = 0.85  # of a box's side: what is as large and no stroke aslant is its border drawn again
OVER = 0.35  # of a box, that a mark across it covers
ALIKE = 0.15  # of its side: how far boxes of one kind differ
BESIDE = 1.0  # of a box's side: its option begins no farther to the right, or ends no farther to the left
AROUND = 1.3  # a ring around an option is so much wider than high
LEAST_INSIDE = 2  # characters of an option in a ring
NEAR = 1.0  # points: a rule so near to a side of a box runs along it
TICK_SIZE = 2.2  # of the character size: a tick without a box is no larger
MOST_SHAPES = 2000  # on a page: more are a drawing
TICKED, EMPTY = {False: "☑", True: "●"}, {False: "□", True: "○"}
BOXES = {"□": False, "☐": False, "▢": False, "\uf0a3": False, "\uf0a8": False, "\uf06f": False, "○": True, "◯": True}
"""Characters that are boxes or (True) rings."""
MARKS = frozenset("√✓✔✕✖×✗✘☓vVxX■●\uf0fc\uf0fb\uf050\uf04f")
"""Characters that mark the box in which they stand."""
TICK = "√"


@dataclass(frozen=True, slots=True)
class Signs:
    """What a page's shapes say: its characters with the signs among them, and the boxes that are signs."""

    chars: tuple[Char, ...]
    frames: tuple[SmallShape, ...] = ()

    def without_frames(self, rules: Sequence[Rule]) -> list[Rule]:
        """The rules that are no side of such a box."""
        return [rule for rule in rules if not any(_is_side(rule, frame) for frame in self.frames)]


def with_drawn_signs(page: Any, x0: float, y0: float, chars: Sequence[Char], rules: Sequence[Rule] = ()) -> Signs:
    """The characters of a pdfplumber page with the signs (☑ □ ● ○ √) of its shapes, each where it stands on its line:
    boxes beside an option, marks over boxes that are characters, ticks without a box, and rings around an option. Boxes
    whose sides the page's `rules` go on from are cells of a table."""
    chars = marked_boxes(chars)
    shapes = small_shapes(page, x0, y0)
    if len(shapes) > MOST_SHAPES:
        return Signs(tuple(chars))
    letters = [char for char in chars if not char.text.isspace() and not char.turn]
    frames = [frame for frame in _frames(shapes, letters) if not any(_goes_on_from(rule, frame) for rule in rules)]
    marks = [s for s in shapes if not any(s is frame for frame in frames)]
    used: list[SmallShape] = []
    signs: list[Char] = []
    number = max([char.number for char in chars], default=0)
    dropped: set[int] = set()
    for frame in frames:
        inside = [char for char in letters if frame.holds(*_middle(char))]
        mine = [mark for mark in marks if _marks(mark, frame)]
        used += mine
        filled = frame.filled and frame.ink.shows_on(PAPER) and any(_is_empty_like(other, frame) for other in frames)
        marked = bool(mine or inside) or filled
        dropped |= {char.number for char in inside}
        number += 2
        signs.append(_sign((TICKED if marked else EMPTY)[frame.round], frame, number))
    free = [mark for mark in marks if not any(mark is u for u in used)]
    chars = [_ticked(char, free, used) if char.text in BOXES else char for char in chars if char.number not in dropped]
    for mark in free:
        if any(mark is u for u in used):
            continue
        number += 4
        signs += _bare(mark, letters, number)
    return Signs(tuple(with_signs(chars, signs)), tuple(frames))


def marked_boxes(chars: Sequence[Char]) -> list[Char]:
    """The characters, a box and the mark that is printed over it as one sign."""
    boxes = [char for char in chars if char.text in BOXES]
    if not boxes:
        return list(chars)
    over: dict[int, str] = {}
    dropped: set[int] = set()
    for char in chars:
        if char.text not in MARKS:
            continue
        x, y = _middle(char)
        for box in boxes:
            if box.number != char.number and box.left <= x <= box.right and box.top <= y <= box.bottom:
                over[box.number] = TICKED[BOXES[box.text]]
                dropped.add(char.number)
    kept = [char for char in chars if char.number not in dropped]
    return [char._replace(text=over[char.number]) if char.number in over else char for char in kept]


def with_signs(chars: Sequence[Char], signs: Sequence[Char]) -> list[Char]:
    """The characters of a page with signs that it draws, each put where it stands on its line; an empty box that the
    page prints below one is that one."""
    out = list(chars)
    for sign in signs:
        out = [c for c in out if c.text not in PRINTED or not _holds(sign, c)]
        out.insert(place_of(sign, out), sign)
    return out


PRINTED = frozenset("□☐○◯ \u3000")
"""What pages print below a button: an empty box, or room for it."""


def place_of(sign: Char, chars: Sequence[Char]) -> int:
    """The index of the character before which a sign stands on its line: options are often parted by the spaces of
    one text, and signs stand between them."""
    x, y = _middle(sign)
    behind = [(c.left, i) for i, c in enumerate(chars) if c.top <= y <= c.bottom and c.left >= x]
    return min(behind)[1] if behind else len(chars)


def _frames(shapes: Sequence[SmallShape], letters: Sequence[Char]) -> list[SmallShape]:
    """The boxes and rings that stand beside an option, or by themselves in a cell: there some of their kind are
    marked. On a page without letters they may be letters themselves, drawn as shapes."""
    if not letters:
        return []
    frames: list[SmallShape] = []
    alone: list[SmallShape] = []
    for shape in sorted(shapes, key=lambda s: -s.side):
        wide, high = shape.right - shape.left, shape.bottom - shape.top
        fits = shape.is_square and min(wide, high) >= SMALLEST and max(wide, high) <= LARGEST
        if (
            fits
            and (shape.round or shape.is_box)
            and shape.ink.shows_on(PAPER)
            and not any(frame.holds(*shape.middle) for frame in (*frames, *alone))
        ):
            inside = [char for char in letters if shape.holds(*_middle(char))]
            if len(inside) <= 1 and all(char.text in MARKS for char in inside):
                (frames if _is_beside_option(shape, letters, inside) else alone).append(shape)
    marked = [one for one in alone if any(_marks(mark, one) for mark in shapes if mark is not one)]
    return frames + [one for one in alone if any(_is_alike(one, other) for other in (*frames, *marked))]


def _is_beside_option(frame: SmallShape, letters: Sequence[Char], inside: Sequence[Char]) -> bool:
    """Whether a text stands beside a box that holds none, or only a mark (`inside`)."""
    reach = BESIDE * frame.side + 1
    for char in letters:
        level = char.top <= frame.middle[1] <= char.bottom and frame.top <= _middle(char)[1] <= frame.bottom
        if (
            level
            and char not in inside
            and (-1 <= char.left - frame.right <= reach or -1 <= frame.left - char.right <= reach)
        ):
            return True
    return False


def _marks(mark: SmallShape, frame: SmallShape) -> bool:
    """Whether a shape is the mark of a box: in it, or across it."""
    if not INNER * frame.side <= mark.side <= OUTER * frame.side:
        return False
    if mark.side >= SAME * frame.side and (mark.round or mark.is_box):
        return mark.filled and not frame.filled and frame.holds(*mark.middle)
    shows = mark.ink.shows_on(PAPER) or mark.ink.shows_on(frame.ink.rgb)
    return shows and (frame.holds(*mark.middle) or mark.covers(frame) >= OVER)


def _is_empty_like(other: SmallShape, frame: SmallShape) -> bool:
    """Whether another box is of the same kind and size and not filled: then one that is filled is marked."""
    return _is_alike(other, frame) and not other.filled


def _is_alike(other: SmallShape, frame: SmallShape) -> bool:
    return other.round is frame.round and abs(other.side - frame.side) <= ALIKE * frame.side


def _ticked(char: Char, free: Sequence[SmallShape], used: list[SmallShape]) -> Char:
    """A character that is a box as the sign of its state: shapes that mark it are noted as used."""
    frame = SmallShape(char.left, char.top, char.right, char.bottom, (), False, BOXES[char.text], True, char.ink)
    mine = [mark for mark in free if _marks(mark, frame) and not mark.is_box]
    used += mine
    return char._replace(text=TICKED[frame.round]) if mine else char


def _bare(mark: SmallShape, letters: Sequence[Char], number: int) -> list[Char]:
    """The sign of a tick without a box, or of a ring around an option. A tick that stands nearer to the text behind it
    has a space before it, as the option has that it marks."""
    if not mark.ink.shows_on(PAPER):
        return []
    if mark.round and not mark.filled and (mark.right - mark.left) >= AROUND * (mark.bottom - mark.top):
        inside = [char for char in letters if mark.holds(*_middle(char))]
        last = max(inside, key=lambda c: c.right, default=None)
        if last is None or len(inside) < LEAST_INSIDE:
            return []
        return [Char(TICK, last.right, last.top, last.right + 1, last.bottom, number)]
    if not mark.is_tick:
        return []
    level = [char for char in letters if char.top <= mark.bottom and char.bottom >= mark.top]
    level = [
        c
        for c in level
        if mark.side <= TICK_SIZE * c.height and mark.top - c.height / 2 <= _middle(c)[1] <= mark.bottom
    ]
    x = mark.middle[0]
    before = min((max(mark.left - c.right, 0.0) for c in level if _middle(c)[0] <= x), default=None)
    behind = min((max(c.left - mark.right, 0.0) for c in level if _middle(c)[0] > x), default=None)
    nearest = min((gap for gap in (before, behind) if gap is not None), default=None)
    if nearest is None or nearest > BESIDE * level[0].height:
        return []
    line = level[0]
    sign = Char(TICK, mark.left, line.top, mark.right, line.bottom, number)
    if before is not None and behind is not None and behind < before:
        return [Char(" ", mark.left - 0.1, line.top, mark.left, line.bottom, number - 1), sign]
    return [sign]


def _goes_on_from(rule: Rule, frame: SmallShape) -> bool:
    """Whether a rule runs along a side of a box and beyond it."""
    across, along = ((frame.left, frame.right), (frame.top, frame.bottom))
    if not rule.vertical:
        across, along = along, across
    beside = min(abs(rule.at - side) for side in across) <= NEAR
    meets = rule.start <= along[1] + NEAR and rule.end >= along[0] - NEAR
    return beside and meets and (rule.start < along[0] - 2 * NEAR or rule.end > along[1] + 2 * NEAR)


def _is_side(rule: Rule, frame: SmallShape) -> bool:
    across, along = (frame.left, frame.right), (frame.top, frame.bottom)
    if not rule.vertical:
        across, along = along, across
    within = across[0] - NEAR <= rule.at <= across[1] + NEAR
    return within and along[0] - NEAR <= rule.start and rule.end <= along[1] + NEAR


def _sign(text: str, frame: SmallShape, number: int) -> Char:
    return Char(text, frame.left, frame.top, frame.right, frame.bottom, number)


def _middle(char: Char) -> tuple[float, float]:
    return (char.left + char.right) / 2, (char.top + char.bottom) / 2


def _holds(sign: Char, char: Char) -> bool:
    x, y = _middle(char)
    return sign.left <= x <= sign.right and sign.top <= y <= sign.bottom
