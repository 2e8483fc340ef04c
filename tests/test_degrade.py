"""Degraded pages are the same every time, keep their size, and are as bad as their rung says."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from pipeline.bench.degrade import DPIS, LADDER, NOISES, QUALITIES, TILTS, Image, Rung, degrade, is_sealed


def page() -> Image:
    """A white page with black lines."""
    image = np.full((300, 200, 3), 255, np.uint8)
    image[50:250:20, 20:180] = 0
    return image


def test_the_ladder_crosses_every_pair_of_levels_evenly() -> None:
    assert len(LADDER) == len({rung.name for rung in LADDER}) == 27
    for other in ("dpi", "tilt", "quality"):
        pairs = Counter((rung.noise, getattr(rung, other)) for rung in LADDER)
        assert len(pairs) == 9
        assert set(pairs.values()) == {3}
    assert {rung.dpi for rung in LADDER} == set(DPIS)
    assert {rung.tilt for rung in LADDER} == set(TILTS)
    assert {rung.noise for rung in LADDER} == set(NOISES)
    assert {rung.quality for rung in LADDER} == set(QUALITIES)


@pytest.mark.parametrize("rung", [LADDER[0], LADDER[13], LADDER[26]], ids=lambda rung: rung.name)
def test_same_arguments_same_image_of_the_same_size(rung: Rung) -> None:
    clean = page()
    first, again = degrade(clean, rung, "000 p1"), degrade(clean, rung, "000 p1")
    assert (first.shape, first.dtype) == (clean.shape, clean.dtype)
    assert np.array_equal(first, again)
    assert np.array_equal(clean, page())
    assert not np.array_equal(first, clean)


def test_pages_and_seeds_differ() -> None:
    rung = next(r for r in LADDER if r.noise)
    first = degrade(page(), rung, "000 p1")
    assert not np.array_equal(first, degrade(page(), rung, "000 p2"))
    assert not np.array_equal(first, degrade(page(), rung, "000 p1", seed=1))


def test_a_third_of_the_pages_is_sealed_in_red() -> None:
    rung = Rung(150, 0.0, 0, 90)
    names = [f"page {n}" for n in range(200)]
    sealed = [name for name in names if is_sealed(rung, name)]
    assert 45 < len(sealed) < 90
    for name in (sealed[0], next(n for n in names if n not in sealed)):
        image = degrade(np.full((900, 700, 3), 255, np.uint8), rung, name).astype(int)
        red = float((image[..., 0] - image[..., 2] > 80).mean())
        assert (red > 0.01) is (name in sealed)


def test_tilt_leans_either_way() -> None:
    rung = Rung(150, 1.8, 0, 90)
    leans = set()
    for n in range(12):
        if is_sealed(rung, str(n)):
            continue
        image = degrade(page(), rung, str(n))
        left, right = (int(np.argmax(image[:, x, 0] < 100)) for x in (30, 170))
        leans.add(np.sign(left - right))
        assert abs(left - right) == pytest.approx(140 * np.tan(np.radians(1.8)), abs=1.5)
    assert leans == {-1, 1}
