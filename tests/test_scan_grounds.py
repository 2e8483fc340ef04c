"""Dark grounds, fills and watermarks of scanned pages, and signs of plain strokes; pages are drawn here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image as Pictures
from PIL import ImageDraw

from extractors.ocr.engine import Seen
from extractors.scan.cells import Rereading, _is_edge, choose
from extractors.scan.glyphs import find_glyphs
from extractors.scan.grounds import dark_made_light, darker_than, ground_of
from extractors.scan.ink import Ink, seal_mask, without_seal
from extractors.scan.page import UNREAD, letters_taken, parted, word_of
from extractors.scan.settle import settle
from extractors.scan.straighten import Image, ink_mask
from extractors.scan.strokes import stroke_sign
from extractors.scan.ticks import Tick, _is_writing
from extractors.scan.watermarks import find_watermark, without_watermark
from schemas.language.vocabulary import load_words
from schemas.model import Box, Cell, Line, Place, Rule, Table, Word

PX = 150 / 72  # pixels a point
SIZE = (600, 400)


def page(*shapes: tuple[tuple[int, int, int, int], int], paper: int = 255, grain: float = 0.0) -> Image:
    """A grey page with filled boxes (left, top, right, bottom in pixels, brightness)."""
    picture = Pictures.new("L", SIZE, paper)
    draw = ImageDraw.Draw(picture)
    for box, level in shapes:
        draw.rectangle(box, fill=level)
    noise = np.random.default_rng(1).normal(0, grain, (SIZE[1], SIZE[0]))
    return np.clip(np.asarray(picture, dtype=np.float64) + noise, 0, 255).astype(np.uint8)


def letters(left: int, top: int, level: int, count: int = 8) -> list[tuple[tuple[int, int, int, int], int]]:
    """A line of marks as broad as strokes of letters."""
    return [((left + 14 * i, top, left + 14 * i + 3, top + 20), level) for i in range(count)]


def coloured(gray: Image) -> Image:
    return np.repeat(gray[..., None], 3, axis=2)


def cleaned(gray: Image, seal: Image | None = None) -> Image:
    """A page as if lit evenly without its watermark."""
    mark = find_watermark(gray, ground_of(gray, PX), np.zeros_like(gray) if seal is None else seal, PX)
    return without_watermark(gray, mark)


def test_light_letters_on_a_dark_ground_become_ink_on_paper() -> None:
    gray = page(((100, 100, 500, 140), 60), *letters(140, 110, 255), *letters(140, 200, 0))
    light = dark_made_light(coloured(gray), np.zeros_like(gray), PX)[..., 0]
    assert light[105, 300:490].min() > 240
    assert light[120, 141] < 60
    assert np.array_equal(light[180:], gray[180:])


def test_what_is_dark_up_to_the_edge_is_no_part_of_the_page() -> None:
    image = coloured(page(((0, 0, 60, 399), 40), *letters(140, 200, 0)))
    assert np.array_equal(dark_made_light(image, np.zeros_like(image[..., 0]), PX), image)


def test_a_seal_is_no_dark_ground_and_no_watermark() -> None:
    picture = Pictures.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((150, 60, 450, 360), outline=(200, 30, 30), width=10)
    turns = [np.pi * (k / 5 - 0.5) for k in range(10)]
    star = [(300 + (60, 24)[k % 2] * np.cos(a), 210 + (60, 24)[k % 2] * np.sin(a)) for k, a in enumerate(turns)]
    draw.polygon(star, fill=(200, 30, 30))
    image = np.asarray(picture)
    seal = seal_mask(image)
    assert np.array_equal(dark_made_light(image, seal, PX), image)
    gray = without_seal(image, seal, lift=True)
    assert np.array_equal(cleaned(gray, seal), gray)
    blue = np.ascontiguousarray(image[..., ::-1])  # of a stamp of another colour there is no mask
    assert np.array_equal(dark_made_light(blue, np.zeros_like(gray), PX), blue)


def test_bold_letters_and_thick_rules_are_no_dark_ground() -> None:
    bold = [((140 + 22 * i, 100, 140 + 22 * i + 8, 130), 0) for i in range(10)]
    image = coloured(page(((50, 50, 550, 54), 0), *bold))
    assert np.array_equal(dark_made_light(image, np.zeros_like(image[..., 0]), PX), image)


@pytest.mark.parametrize("grain", [0.0, 3.0])
def test_a_watermark_goes_and_what_stands_on_it_stays(grain: float) -> None:
    large = [((120 + 40 * i, 150 + 12 * i, 130 + 40 * i, 200 + 12 * i), 215) for i in range(8)]
    faint_stroke = ((140, 300, 170, 301), 190)  # a level stroke of a small letter is faint, but slim
    gray = page(*large, *letters(110, 170, 20), faint_stroke, grain=grain)
    clean = cleaned(gray)
    assert clean[205, 164:168].min() > 240
    assert clean[180, 112] < 60
    assert clean[300, 150] < 220


def test_the_fill_of_a_cell_is_no_watermark() -> None:
    gray = page(((50, 100, 550, 140), 215), *letters(100, 110, 20))
    assert np.array_equal(cleaned(gray), gray)


def test_grain_beside_the_edge_of_a_fill_is_no_ink() -> None:
    gray = page(((50, 60, 550, 340), 222), *letters(100, 200, 30), grain=3.0)
    mask = ink_mask(gray)
    ink = darker_than(mask, gray, ground_of(gray, PX), PX)
    rim = (slice(60, 65), slice(100, 500))
    assert (mask[rim] > 0).sum() > 200
    assert (ink[rim] > 0).sum() < 0.1 * (mask[rim] > 0).sum()
    assert ink[210, 102] > 0


def test_pages_without_fills_keep_all_their_ink() -> None:
    gray = page(*letters(100, 200, 30), *letters(100, 300, 200), grain=3.0)
    mask = ink_mask(gray)
    assert np.array_equal(darker_than(mask, gray, ground_of(gray, PX), PX), mask)


def strokes(*lines: tuple[float, ...]) -> list[tuple[Box, Any]]:
    """Pieces of ink: lines (from, to) drawn two pixels thick."""
    out = []
    for line in lines:
        picture = Pictures.new("1", (60, 60))
        ImageDraw.Draw(picture).line(line, fill=1, width=2)
        ink = np.asarray(picture)
        rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        box = Box(float(cols[0]), float(rows[0]), float(cols[-1]) + 1, float(rows[-1]) + 1)
        out.append((box, ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]))
    return out


@pytest.mark.parametrize(
    ("lines", "sign"),
    [
        ([(10, 30, 34, 30)], "—"),
        ([(10, 25, 28, 25), (10, 33, 28, 33)], "="),
        ([(13, 25, 25, 25), (8, 38, 30, 38)], None),  # the numeral two
        ([(14, 40, 22, 18)], "/"),
        ([(20, 40, 20, 18)], None),  # the numeral one
        ([(14, 18, 22, 40)], None),
        ([(10, 30, 15, 30)], None),
        ([(12, 20, 26, 28, 12, 36)], ">"),
        ([(26, 20, 12, 28, 26, 36)], "<"),
        ([(12, 20, 26, 28, 12, 36), (12, 40, 26, 40)], "≥"),
        ([(26, 20, 12, 28, 26, 36), (12, 40, 26, 40)], "≤"),
        ([(12, 20, 26, 20, 16, 40)], None),  # the numeral seven
        ([(12, 20, 26, 38, 12, 38)], None),
    ],
)
def test_signs_of_plain_strokes_are_told_by_their_ink(lines: Any, sign: str | None) -> None:
    assert stroke_sign(strokes(*lines), 25.0) == sign


def test_a_rule_higher_than_a_line_is_no_stroke_of_its_letters() -> None:
    """Two cells of two lines beside each other, whose first lines were read as one text."""
    rule = Rule(True, 50.0, 0.0, 35.0)
    text = Seen("指标性指标", (10.0, 2.0, 80.0, 17.0), 0.99, tuple((10.0 + 14 * i, 24.0 + 14 * i) for i in range(5)))
    blank = np.zeros((40, 100), np.uint8)
    ink = Ink(blank, blank, blank, (rule,))
    assert letters_taken(ink, [text], 1.0) == frozenset()
    short = Rule(True, 50.0, 0.0, 19.0)
    assert letters_taken(Ink(blank, blank, blank, (short,)), [text], 1.0) == {short}


def test_an_upright_text_is_cut_at_the_rule_that_it_was_read_over() -> None:
    ink = np.zeros((200, 40), np.uint8)
    for top in (10, 24, 38, 52, 110, 124, 138):  # four characters above the rule at 80, three below it
        ink[top : top + 11, 10:21] = 255
    word = Word("效益指标满意度", Box(10.0, 10.0, 21.0, 149.0), tuple(10.0 + k for k in range(8)), 0.99)
    rule = Rule(False, 80.0, 0.0, 40.0)
    parts = parted(word, [rule, Rule(True, 80.0, 0.0, 200.0)], find_glyphs(ink, 1.0))
    assert [(part.text, part.box.top, part.box.bottom) for part in parts] == [
        ("效益指标", 10.0, 63.0),
        ("满意度", 110.0, 149.0),
    ]
    assert parted(word, [], find_glyphs(ink, 1.0)) == [word]


@pytest.mark.parametrize(("seal", "doubted"), [(True, True), (False, False)])
def test_characters_far_apart_with_a_seal_between_them_are_doubted(seal: bool, doubted: bool) -> None:
    ink = np.zeros((30, 120), np.uint8)
    covered = ink.copy()
    if seal:
        covered[0:30, 34:66] = 255
    spans = ((10.0, 20.0), (21.0, 31.0), (69.0, 79.0), (80.0, 90.0))
    for left, right in spans:
        ink[10:20, int(left) : int(right)] = 255
    seen = Seen("工作》的", (9.0, 9.0, 91.0, 21.0), 0.99, spans)
    word = word_of(seen, Ink(ink, ink, covered, ()), find_glyphs(ink, 1.0), 1.0)
    assert word.score == (UNREAD if doubted else 0.99)


@pytest.mark.parametrize(
    ("before", "after", "doubted"),
    [("工作的见》", "工作的》", True), ("数量指标一", "数量指标", False), ("工作的见》", "工作的意见》", False)],
)
def test_a_reading_that_drops_characters_is_doubted(before: str, after: str, doubted: bool) -> None:
    box = Box(0.0, 0.0, 60.0, 10.0)
    old = Line(before, Place(page=1, box=box), 0.6)
    line = choose(Rereading(0, 0, box, old, unread=True, doubt=1.5, size=10.0), after, 0.99, 1)
    assert line is not None
    assert line.text == after
    assert (line.score is not None and line.score <= UNREAD) == doubted


@pytest.mark.parametrize(
    ("column", "after"),
    [
        (["≥3天", "一", "100%"], "—"),  # figures of any kind, not beside it
        (["一", "二", "3"], "一"),  # numbered rows
        (["_", "其他资金", "甲"], "—"),
    ],
)
def test_a_level_stroke_in_a_column_of_figures_is_a_dash(column: list[str], after: str) -> None:
    texts = [column[0], column[1], "", column[2]]
    cells = tuple(Cell(r, 0, 1, 1, t, (Line(t, Place(page=1), 0.6),) if t else ()) for r, t in enumerate(texts))
    (table,) = settle((Table(4, 1, cells),), load_words())
    assert isinstance(table, Table)
    assert after in [c.text for c in table.cells]
    assert (after == "一") == ("—" not in [c.text for c in table.cells])


@pytest.mark.parametrize(("text", "writing"), [("新增图书", True), ("图新增项目", False)])
def test_a_character_that_looks_like_a_box_is_writing_where_no_option_is_left(text: str, writing: bool) -> None:
    box = Box(0.0, 0.0, 10.0 * len(text), 10.0)
    word = Word(text, box, tuple(10.0 * i for i in range(len(text) + 1)), 0.999)
    at = text.index("图")
    tick = Tick(Box(10.0 * at, 0.0, 10.0 * at + 10, 10.0), "☑")
    cell = Cell(0, 0, 1, 1, text, (Line(text, Place(page=1, box=box), 0.999),))
    assert _is_writing(cell, [tick], [word], box, load_words()) == writing


def test_slim_ink_on_the_side_of_a_cell_is_none_of_its_text() -> None:
    area = Box(100.0, 0.0, 200.0, 30.0)
    assert _is_edge(Box(100.8, 2.0, 102.7, 15.0), area, 10.0)
    assert not _is_edge(Box(104.0, 2.0, 106.0, 15.0), area, 10.0)
    assert not _is_edge(Box(100.8, 2.0, 110.0, 15.0), area, 10.0)


def test_rules_through_a_dark_ground_and_its_edges_stay() -> None:
    """A dark header in a table: rules that cross it, rules that lead to it, and its edges, which part it from rows."""
    header, body = ((100, 100, 500, 140), 75), [((x, 141, x + 1, 300), 0) for x in (100, 300, 499)]
    gray = page(header, ((300, 100, 301, 140), 20), *body, *letters(140, 110, 255), *letters(340, 110, 255))
    light = dark_made_light(coloured(gray), np.zeros_like(gray), PX)[..., 0]
    assert light[120, 300] < 60
    assert light[120, 250] > 200
    assert light[150:290, 300].max() < 60
    assert light[100, 200] < 60
    assert light[140, 200] < 60
    assert light[120, 99:102].min() < 60
    assert light[120, 498:502].min() < 60


def test_a_dark_ground_of_a_table_without_upright_rules_has_no_sides() -> None:
    gray = page(((100, 100, 500, 140), 75), *letters(140, 110, 255))
    light = dark_made_light(coloured(gray), np.zeros_like(gray), PX)[..., 0]
    assert light[100, 200] < 60
    assert light[120, 101:104].min() > 200
    assert light[120, 497:500].min() > 200


def test_a_dark_ground_is_known_by_its_paper() -> None:
    """The light blue of office programs, on a page that the scanner made bright."""
    gray = page(((100, 100, 500, 140), 160), *letters(140, 110, 252))
    light = dark_made_light(coloured(gray), np.zeros_like(gray), PX)[..., 0]
    assert light[120, 141] < 60
    assert light[120, 300] > 200
