"""Tables whose borders are drawn with characters: `+---+---+` and `|`, or box drawing, as pandoc and consoles do.

The borders tell the cells, merged ones too: where none is drawn between two fields they are one cell. Where bars do not
stand below each other (a program counted the places of Chinese characters otherwise), those of each line are counted.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from extractors.dump.loose_rows import Slot
from extractors.dump.rows import LABELLED
from extractors.marked.build import MarkedCell, MarkedTable
from extractors.tables.celltext import latin_break
from schemas.frozen import dataclass
from schemas.language.writing import ENUMERATOR, width
from schemas.model import Place

CORNERS = "┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝┏┳┓┣╋┫┗┻┛╒╤╕╞╪╡╘╧╛╭╮╰╯┡╇┩"
PLAIN = str.maketrans(dict.fromkeys(CORNERS, "+") | dict.fromkeys("─━═╌┄", "-") | dict.fromkeys("│┃║", "|"))
RULE = re.compile(r"\+(?:[-=:]+\+)+")
BAR = re.compile(r"(?<!\\)[|│┃║]")
OUTER = 3  # rules of a table that draws none between its rows: above and below the header, and at the end
FEWEST_LINES = 3
UNBROKEN = re.compile(r"[（(《“‘【]*(?:[!-~]+|.)[，。；：、）)》”’】:,;]*")  # what begins a line and is never parted
FILLER = "\0"  # the second place of a wide character

Shown = Callable[[str], str]
"""The text of a cell as the page shows it."""


def drawn_height(lines: Sequence[str], i: int) -> int:
    """How many lines from i are a table with drawn borders; 0 where none begins."""
    if not RULE.fullmatch(_plain(lines[i])):
        return 0
    end = i
    while end < len(lines) and (text := _plain(lines[end]))[:1] in ("+", "|") and text[-1:] in ("+", "|"):
        end += 1
    return end - i if end - i >= FEWEST_LINES and any(map(_is_rule, lines[i + 1 : end])) else 0


def drawn_table(lines: Sequence[str], number: int, shown: Shown) -> MarkedTable | list[list[Slot]]:
    """The table that some lines draw, the first of them line `number`: with its merged cells where borders are left
    out, else as rows of cells."""
    for wide in (2, 1):
        canvas = [spread(line, wide) for line in lines]
        if (boxes := _boxes([line.translate(PLAIN) for line in canvas])) is not None:
            return _table(canvas, boxes, number, shown)
    return _rows(lines, number, shown)


def _plain(line: str) -> str:
    return line.strip().translate(PLAIN)


def _is_rule(line: str) -> bool:
    return bool(RULE.fullmatch(_plain(line)))


def spread(line: str, wide: int) -> str:
    """A line with as many characters as places; a wide one has fillers behind it."""
    return "".join(char + FILLER * (wide - 1) * (ord(char) > 0x2E7F) for char in line.rstrip())


# ── borders that stand below each other


@dataclass(frozen=True, slots=True)
class _Boxes:
    """The lines and places of the borders, and the cells as (top, left, bottom, right) borders."""

    across: tuple[int, ...]
    down: tuple[int, ...]
    cells: tuple[tuple[int, int, int, int], ...]


def _boxes(canvas: Sequence[str]) -> _Boxes | None:
    """The cells that borders draw; None where bars do not stand below each other, no border lies between the rows, or
    a cell is no rectangle."""
    across = [y for y, line in enumerate(canvas) if re.search(r"\+[-=:]+\+", line) and "+" in line[:1] + line[-1:]]
    down = sorted({x for y in across for x, char in enumerate(canvas[y]) if char == "+"})
    if len(across) <= OUTER or len({len(line) for line in canvas}) > 1 or across[-1] != len(canvas) - 1:
        return None
    borders = set(across)
    if any(not line[down[0]] == "|" == line[down[-1]] for y, line in enumerate(canvas) if y not in borders):
        return None
    home: dict[tuple[int, int], tuple[int, int]] = {}
    cells: list[tuple[int, int, int, int]] = []
    rows, cols = len(across) - 1, len(down) - 1
    for r, c in itertools.product(range(rows), range(cols)):
        if (r, c) in home:
            continue
        right = c + 1
        while right < cols and not _has_bar(canvas, across, r, down[right]):
            right += 1
        bottom = r + 1
        while bottom < rows and not _has_rule(canvas[across[bottom]], down[c], down[c + 1]):
            bottom += 1
        inside = list(itertools.product(range(r, bottom), range(c, right)))
        if any(place in home for place in inside):
            return None
        home.update(dict.fromkeys(inside, (r, c)))
        cells.append((r, c, bottom, right))
    return _Boxes(tuple(across), tuple(down), tuple(cells))


def _has_bar(canvas: Sequence[str], across: Sequence[int], row: int, place: int) -> bool:
    """Whether a border stands at a place in all lines of a row."""
    return all(canvas[y][place] == "|" for y in range(across[row] + 1, across[row + 1]))


def _has_rule(line: str, left: int, right: int) -> bool:
    """Whether a border lies between two places of a line."""
    return set(line[left + 1 : right]) <= set("-=:+")


def _table(canvas: Sequence[str], boxes: _Boxes, number: int, shown: Shown) -> MarkedTable | list[list[Slot]]:
    rows, cols = len(boxes.across) - 1, len(boxes.down) - 1
    made = []
    for top, left, bottom, right in boxes.cells:
        first, begin, end = boxes.across[top] + 1, boxes.down[left] + 1, boxes.down[right]
        lines = [canvas[y][begin:end] for y in range(first, boxes.across[bottom])]
        slot = slot_of(lines, number + first, begin, shown, (end - begin - 2) / 2)
        made.append((top, left, bottom - top, right - left, slot))
    if len(made) == rows * cols:
        return [[slot for *_, slot in made[r * cols : (r + 1) * cols]] for r in range(rows)]
    cells = tuple(MarkedCell(r, c, down, over, (s.text,) if s.text else (), s.place) for r, c, down, over, s in made)
    return MarkedTable(rows, cols, cells)


def slot_of(lines: Sequence[str], number: int, begin: int, shown: Shown, room: float) -> Slot:
    """A cell: its lines joined, at the first of them; `room`: how many characters a line holds."""
    texts = [line.replace(FILLER, "").strip(" \t\r") for line in lines]  # a wide blank is a text's own
    at = next((k for k, text in enumerate(texts) if text), 0)
    column = len(lines[at]) - len(lines[at].lstrip()) if texts and texts[at] else 0
    return Slot(shown(_joined(texts, room)), Place(line=number + at, column=begin + column + 1))


def _joined(texts: Sequence[str], room: float) -> str:
    """The lines of a cell as one text; a line break stays where a backslash marks it, and before an enumerator or a
    label with its value, behind a line that had room."""
    out, last = "", 0.0
    for text in filter(None, texts):
        begin = UNBROKEN.match(text)
        roomy = last + width(begin.group() if begin else text) <= room
        if out.endswith("\\"):
            out = out[:-1] + "\n"
        elif out and roomy and (ENUMERATOR.match(text) or LABELLED.match(text)):
            out += "\n"
        elif out and latin_break(out, text):
            out += " "
        out += text
        last = width(text)
    return out


# ── bars that are counted


def _rows(lines: Sequence[str], number: int, shown: Shown) -> list[list[Slot]]:
    """The cells between the bars of each line; lines between two rules are one row where rules part the rows."""
    groups: list[list[int]] = [[]]
    parts = sum(map(_is_rule, lines)) > OUTER
    for k, line in enumerate(lines):
        if _is_rule(line):
            groups.append([])
        elif parts:
            groups[-1].append(k)
        else:
            groups.append([k])
    return [_row([(number + k, lines[k]) for k in group], shown) for group in groups if group]


def _row(lines: Sequence[tuple[int, str]], shown: Shown) -> list[Slot]:
    pieces = [(number, BAR.split(line.strip())[1:-1]) for number, line in lines]
    count = max(len(texts) for _, texts in pieces)
    row = []
    for c in range(count):
        own = [(number, texts[c]) for number, texts in pieces if c < len(texts)]
        room = max(width(text) for _, text in own) - 1
        row.append(slot_of([text for _, text in own], own[0][0], 0, shown, room))
    return row
