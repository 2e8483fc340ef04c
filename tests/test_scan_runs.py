"""What is done to whole pages quickly is what OpenCV does slowly: long runs of ink, and pieces of ink."""

import numpy as np
import pytest

from extractors.opencv import cv2
from extractors.scan.pieces import find_pieces
from extractors.scan.runs import SHORT, closed, opened, stroke
from extractors.scan.straighten import warped

MASKS = {
    "noise": (np.random.default_rng(5).random((131, 203)) > 0.4).astype(np.uint8) * 255,
    "specks": (np.random.default_rng(6).random((90, 64)) > 0.97).astype(np.uint8) * 255,
    "stripes": np.tile(np.repeat(np.array([0, 255], np.uint8), 37), (60, 3)),
    "all ink": np.full((40, 51), 255, np.uint8),
    "paper": np.zeros((40, 51), np.uint8),
    "a column": np.full((70, 1), 255, np.uint8),
}


@pytest.mark.parametrize("length", [3, SHORT, SHORT + 1, 40, 61, 150])
@pytest.mark.parametrize("along", [0, 1])
@pytest.mark.parametrize("name", MASKS)
def test_runs_are_opened_and_closed_as_opencv_does(name: str, along: int, length: int) -> None:
    dotted = cv2.dilate(MASKS[name], stroke(5, along))  # long runs, which an opening keeps
    for mask in (MASKS[name], np.asarray(dotted, dtype=np.uint8)):
        for ours, theirs in ((opened, cv2.MORPH_OPEN), (closed, cv2.MORPH_CLOSE)):
            expected = cv2.morphologyEx(mask, theirs, stroke(length, along))
            assert np.array_equal(ours(mask, length, along), expected)


@pytest.mark.parametrize("name", MASKS)
def test_pieces_are_those_of_opencv(name: str) -> None:
    mask = MASKS[name]
    count, labels, stats, middles = cv2.connectedComponentsWithStats(mask, connectivity=8)
    pieces = find_pieces(mask)
    assert np.array_equal(pieces.labels, labels)
    assert np.array_equal(pieces.boxes[1:], stats[1:, :4])
    assert np.array_equal(pieces.areas[1:], stats[1:, cv2.CC_STAT_AREA])
    assert np.allclose(pieces.middles()[1:], middles[1:], rtol=0, atol=1e-12)
    assert not pieces.boxes[0].any()
    assert not pieces.areas[0]
    some = np.arange(count) % 2 == 1
    assert np.array_equal(pieces.mask(some), some[labels].astype(np.uint8) * 255)
    assert np.array_equal(pieces.on(pieces.mask(some)), some[pieces.of])


def test_of_a_grey_page_one_channel_is_warped_and_nothing_is_lost() -> None:
    grey = np.random.default_rng(7).integers(0, 255, (40, 50), np.uint8)
    page = np.asarray(cv2.merge([grey] * 3), dtype=np.uint8)
    shapes: list[tuple[int, ...]] = []

    def half(image: np.ndarray) -> np.ndarray:
        shapes.append(image.shape)
        return np.asarray(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_CUBIC))

    tinted = page.copy()
    tinted[3, 4, 1] ^= 1
    for image in (page, tinted):
        assert np.array_equal(warped(image, half), half(image))
    assert shapes == [(40, 50), (40, 50, 3), (40, 50, 3), (40, 50, 3)]
