"""Bent pages: their rules become straight again, flat pages stay as they are, and what stays bent is said."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from extractors.ocr.engine import Image
from extractors.scan.flatten import Curves, bent_share, flatten
from extractors.scan.ink import read_ink
from extractors.scan.page import straighten
from extractors.tables.grid import find_grids
from schemas.model import Reader, Sheet

DPI = 150
HEIGHT, WIDTH = 1754, 1240
Bend = Callable[[Image, Image], Image]


def form(skip: bool = False) -> Image:
    """A page with a ruled table and blots in its cells; with `skip` two of its cells span their neighbours."""
    page = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    xs, ys = (100, 260, 520, 800, 1140), range(200, 1401, 80)
    for k, y in enumerate(ys):
        page[y : y + 3, (260 if skip and k in (3, 4) else 100) : 1143] = 0
    for x in xs:
        page[200:1403, x : x + 3] = 0
    rng = np.random.default_rng(3)
    for y in ys[:-1]:
        for x in xs[:-1]:
            for k in range(4):
                blot = (rng.random((10, 10)) < 0.5).repeat(2, 0).repeat(2, 1)
                page[y + 28 : y + 48, x + 20 + 26 * k : x + 40 + 26 * k][blot] = 30
    return page


def moved(page: Image, down: Callable[..., object], aside: Callable[..., object] = lambda x, y: 0.0) -> Image:
    x, y = np.meshgrid(np.arange(WIDTH) / WIDTH, np.arange(HEIGHT) / HEIGHT)
    columns = (x * WIDTH + np.asarray(aside(x, y)) * WIDTH).astype(np.float32)
    rows = (y * HEIGHT + np.asarray(down(x, y)) * HEIGHT).astype(np.float32)
    return np.asarray(cv2.remap(page, columns, rows, cv2.INTER_CUBIC, borderValue=(250, 250, 250)), dtype=np.uint8)


def cells(page: Image) -> list[tuple[int, int, int, int]]:
    ink = read_ink(straighten(page).image, DPI)
    height, width = ink.gray.shape
    sheet = Sheet(1, width * 72 / DPI, height * 72 / DPI, (), ink.rules, Reader.OCR)
    return sorted((c.row, c.col, c.rowspan, c.colspan) for g in find_grids(sheet) for c in g.cells)


BENDS: dict[str, tuple[Callable[..., object], Callable[..., object]]] = {
    "a bow": (lambda x, y: 0.02 * (x - 0.5) ** 2 * 4, lambda x, y: 0.0),
    "a spine": (lambda x, y: 0.05 * np.exp(-5 * x), lambda x, y: 0.01 * np.exp(-5 * x)),
    "a wave": (lambda x, y: 0.006 * np.sin(2 * np.pi * x), lambda x, y: 0.0),
    "more below": (lambda x, y: 0.06 * y * (x - 0.4) ** 2, lambda x, y: 0.0),
    "both ways": (lambda x, y: 0.03 * (x - 0.5) ** 2, lambda x, y: 0.03 * (y - 0.5) ** 2),
}


@pytest.mark.parametrize("bend", BENDS)
def test_a_bent_page_has_the_cells_of_the_flat_one(bend: str) -> None:
    page = moved(form(skip=True), *BENDS[bend])
    assert cells(page) == cells(form(skip=True))
    assert "bent page made flat" in straighten(page).notes


def test_a_flat_page_stays_as_it_is() -> None:
    page = form()
    flat = flatten(page)
    assert not flat.moved
    assert not flat.bent
    assert np.array_equal(flat.image, page)


def test_rules_that_bend_each_their_own_way_are_no_field_and_the_page_says_so() -> None:
    rng = np.random.default_rng(5)
    page = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    x = np.arange(100, 1140)
    for y in range(200, 1400, 100):
        rows = y + rng.choice([-1, 1]) * rng.uniform(15, 35) * np.sin(rng.uniform(2, 5) * np.pi * x / WIDTH)
        for k in range(3):
            page[rows.astype(int) + k, x] = 0
    flat = flatten(page)
    assert flat.bent
    assert not flat.moved


def test_too_few_curves_tell_nothing() -> None:
    x = np.linspace(0.1, 0.9, 24)
    bows = np.concatenate([0.2 + 0.1 * k + 0.05 * x**2 for k in range(3)])
    assert bent_share(Curves(np.tile(x, 3), bows, np.repeat([0, 1, 2], 24)), 0.001) == 0.0
