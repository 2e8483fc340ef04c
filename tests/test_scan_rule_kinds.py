"""Rules that are no single stroke, strokes of characters that look like rules, and ink that is no seal and no line."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from extractors.ocr.engine import Image, Seen
from extractors.scan.grounds import dark_made_light
from extractors.scan.ink import Ink, read_ink, seal_mask
from extractors.scan.page import letters_taken
from extractors.scan.rule_kinds import dotted as dotted_rows
from extractors.scan.rule_kinds import is_dashed, light
from extractors.scan.straighten import lines_run_upright, small_ink
from extractors.tables.grid import find_grids
from schemas.model import Box, Reader, Rule, Sheet

DPI = 200
PX = DPI / 72
XS, YS = (120, 420, 760, 1040), (200, 260, 320, 380, 440)


def paper() -> Image:
    return np.full((1650, 1160, 3), 255, dtype=np.uint8)


def boxes(page: Image) -> list[Box]:
    """The boxes of the cells of the tables of a page, in pixels."""
    ink = read_ink(page, DPI)
    sheet = Sheet(1, page.shape[1] / PX, page.shape[0] / PX, (), ink.rules, Reader.OCR)
    found = [cell.parts[0][1].box for grid in find_grids(sheet) for cell in grid.cells]
    return [Box(b.left * PX, b.top * PX, b.right * PX, b.bottom * PX) for b in found if b is not None]


def doubled(page: Image) -> None:
    for shift in (0, 5):
        for y in YS:
            page[y + shift : y + shift + 2, XS[0] : XS[-1] + 7] = 0
        for x in XS:
            page[YS[0] : YS[-1] + 7, x + shift : x + shift + 2] = 0


def dotted(page: Image) -> None:
    for y in YS:
        for x in range(XS[0], XS[-1] + 3, 6):
            page[y : y + 3, x : x + 3] = 0
    for x in XS:
        for y in range(YS[0], YS[-1] + 3, 6):
            page[y : y + 3, x : x + 3] = 0


def dotted_and_run_together(page: Image) -> None:
    """Dots so near that the scanner's blur joins some of them, and every crossing into one piece of ink."""
    for y in YS:
        for x in range(XS[0], XS[-1] + 3, 4):
            page[y : y + 3, x : x + (4 if x % 20 else 2)] = 40
    for x in XS:
        for y in range(YS[0], YS[-1] + 3, 4):
            page[y : y + (4 if y % 20 else 2), x : x + 3] = 40


def tinted(page: Image) -> None:
    page[YS[0] : YS[-1], XS[0] : XS[-1]] = 236
    for y in YS[1:-1]:
        page[y : y + 4, XS[0] : XS[-1]] = 255
    for x in XS[1:-1]:
        page[YS[0] : YS[-1], x : x + 4] = 255
    for y in YS[:-1]:
        for x in XS[:-1]:
            for k in range(60, 160, 25):
                page[y + 20 : y + 40, x + k : x + k + 18] = 0  # as dark as letters: no page is without


@pytest.mark.parametrize("draw", [doubled, dotted, dotted_and_run_together, tinted])
def test_rules_of_every_kind_make_the_same_cells(draw: Callable[[Image], None]) -> None:
    page = paper()
    draw(page)
    rng = np.random.default_rng(1)
    page = np.clip(page.astype(int) + rng.normal(0, 2, page.shape), 0, 255).astype(np.uint8)
    found = boxes(page)
    for (left, right), (top, bottom) in itertools.product(itertools.pairwise(XS), itertools.pairwise(YS)):
        mine = [b for b in found if left < b.middle[0] < right and top < b.middle[1] < bottom and b.width > 20]
        assert len(mine) == 1
        edges = (mine[0].left - left, mine[0].right - right, mine[0].top - top, mine[0].bottom - bottom)
        assert max(map(abs, edges)) < 12


def test_light_rules_between_tinted_cells_are_seen_and_paper_between_lines_is_none() -> None:
    page = paper()
    tinted(page)
    gray = np.ascontiguousarray(page[..., 0])
    seen = light(np.where(gray < 100, 255, 0).astype(np.uint8), gray, PX) > 0
    for y in YS[1:-1]:
        assert seen[y : y + 4, XS[0] + 10 : XS[-1] - 10].any(axis=0).mean() > 0.95
    for x in XS[1:-1]:
        assert seen[YS[0] + 10 : YS[-1] - 10, x : x + 4].any(axis=1).mean() > 0.95
    gray[gray > 100] = 255  # the same letters on paper
    assert not light(np.where(gray < 100, 255, 0).astype(np.uint8), gray, PX).any()


def test_a_fill_beside_black_rules_adds_no_rule() -> None:
    page = paper()
    for y in YS:
        page[y : y + 3, XS[0] : XS[-1] + 3] = 0
    for x in XS:
        page[YS[0] : YS[-1] + 3, x : x + 3] = 0
    plain = boxes(page)
    page[YS[0] + 3 : YS[1], XS[0] + 3 : XS[1]] = 225
    page[YS[2] + 3 : YS[3], XS[1] + 3 : XS[2]] = 225
    assert len(boxes(page)) == len(plain)


def test_strokes_that_end_short_of_their_row_are_no_rules() -> None:
    page = paper()
    ys = range(200, 200 + 35 * 6, 35)  # rows hardly higher than their characters
    for y in ys:
        page[y : y + 3, XS[0] : XS[-1] + 3] = 0
    for x in XS:
        page[ys[0] : ys[-1] + 3, x : x + 3] = 0
    for y in ys[:-1]:
        for x in (500, 530, 560):
            page[y + 6 : y + 32, x : x + 2] = 0
    assert len(boxes(page)) == (len(XS) - 1) * 5


def test_a_run_of_upright_strokes_that_texts_run_over_is_no_rule() -> None:
    blank = np.zeros((10, 10), np.uint8)
    strokes = [Rule(True, 45.0, 10.0 * k, 10.0 * k + 10) for k in (1, 2)]
    rule = [Rule(True, 85.0, 10.0 * k, 10.0 * k + 10) for k in (1, 2, 3)]

    def seen(x: float, y: float) -> Seen:
        spans = tuple((x + 10.0 * k, x + 10.0 * k + 10) for k in range(4))
        return Seen("数量指标", (x, y, x + 40, y + 8), 0.99, spans)

    ink = Ink(blank, blank, blank, (*strokes, *rule))
    texts = [seen(20, 11), seen(20, 21), seen(60, 21)]  # the last was read over a true rule, between two of its pieces
    assert letters_taken(ink, texts, 1.0) == frozenset(strokes)


def test_coloured_fringes_of_letters_are_no_seal() -> None:
    page = paper()
    for k in range(60):
        page[150 + 60 * (k // 20) : 190 + 60 * (k // 20), 60 + 50 * (k % 20) : 63 + 50 * (k % 20)] = (200, 90, 90)
    assert not seal_mask(page).any()
    page[600:640, 300:330] = (210, 60, 60)
    page[700:790, 300:390] = (210, 60, 60)
    assert seal_mask(page).any()


def test_slim_digits_by_themselves_are_no_upright_lines() -> None:
    page = np.full((1000, 1400), 255, dtype=np.uint8)
    for y in range(100, 900, 40):
        for x in range(100, 1300, 200):
            page[y : y + 22, x : x + 6] = 0
    assert not lines_run_upright(small_ink(page))


def ruled(page: Image) -> None:
    for y in YS:
        page[y : y + 3, XS[0] : XS[-1] + 3] = 0
    for x in XS:
        page[YS[0] : YS[-1] + 3, x : x + 3] = 0


@pytest.mark.parametrize(("dash", "gap"), [(10, 6), (8, 5), (6, 4)])
def test_dashed_upright_rules_part_rows_hardly_higher_than_their_characters(dash: int, gap: int) -> None:
    page = paper()
    ys = range(200, 200 + 34 * 6, 34)
    for y in ys:
        page[y : y + 3, XS[0] : XS[-1] + 3] = 0
    for x in XS:
        for y in range(ys[0], ys[-1], dash + gap):
            page[y : min(y + dash, ys[-1]), x : x + 2] = 0
    assert len(boxes(page)) == (len(XS) - 1) * (len(ys) - 1)


def test_a_dashed_rule_goes_on_to_a_rule_and_not_to_a_speck() -> None:
    mask = np.zeros((400, 400), np.uint8)
    mask[100:103, 50:350] = 255
    for y in range(110, 300, 16):
        mask[y : y + 10, 200:202] = 255
    mask[301, 201] = 255
    rows = dotted_rows(mask, PX)[:, 200] > 0
    assert rows[103:290].all()
    assert not rows[298:].any()


def test_faint_rules_across_a_dark_ground_are_ink() -> None:
    page = paper()
    ruled(page)
    page[YS[0] : YS[1], XS[0] : XS[-1]] = 62
    page[YS[0] : YS[1], XS[1]] = 32
    for x in XS[:-1]:
        for k in range(60, 160, 25):
            page[YS[0] + 20 : YS[0] + 40, x + k : x + k + 6] = 255
    light_page = dark_made_light(page, np.zeros(page.shape[:2], np.uint8), PX)
    assert light_page[YS[0] + 10 : YS[1] - 10, XS[1]].max() < 60
    assert light_page[YS[0] + 10 : YS[1] - 10, XS[1] + 8].min() > 200


@pytest.mark.parametrize("count", [3, 5])
def test_strokes_of_letters_above_a_corner_of_a_table_are_no_rules(count: int) -> None:
    page = paper()
    ruled(page)
    plain = len(boxes(page))
    for k in range(count):
        page[YS[0] - 34 : YS[0], XS[0] + 1 + 20 * k : XS[0] + 4 + 20 * k] = 0
    assert len(boxes(page)) == plain


@pytest.mark.parametrize(("dashes", "dashed"), [(3, False), (4, True), (6, True)])
def test_three_strokes_below_each_other_may_be_those_of_a_digit(dashes: int, dashed: bool) -> None:
    along = np.array(([True] * 6 + [False] * 6) * dashes + [True] * 2)[: 12 * dashes - 6]
    assert is_dashed(along, PX) is dashed


@pytest.mark.parametrize("count", range(8))
def test_a_page_may_have_few_slim_pieces(count: int) -> None:
    mask = np.zeros((200, 200), np.uint8)
    for k in range(count):
        mask[10 + 20 * k : 20 + 20 * k, 50:52] = 255
    assert dotted_rows(mask, PX).shape == mask.shape
