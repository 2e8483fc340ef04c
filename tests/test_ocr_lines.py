"""Lines are read by a session of our own: as PaddleOCR reads them, with less padding, and each by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extractors.ocr.choose import built_in_engine
from extractors.ocr.engine import Image
from extractors.ocr.hubs import represent_missing_hubs
from extractors.ocr.lines import PIXELS, STEP, USUAL, LineModel, batches, own_width, padded, paddle_decoder
from extractors.ocr.models import RECOGNITION, built_in
from pipeline.bench.scan_pages import render_pages

ROOT = Path(__file__).parent.parent


def line(width: int, height: int = 24) -> Image:
    return np.full((height, width, 3), 255, np.uint8)


def test_lines_are_padded_to_the_step_of_their_width() -> None:
    assert own_width(line(100)) == 200
    assert padded(line(100), STEP) == 224
    assert padded(line(100), USUAL) == USUAL
    assert padded(line(8), STEP) == STEP
    assert padded(line(3000), STEP) == 3200


def test_batches_hold_lines_of_one_width_and_are_bounded() -> None:
    widths = [320, 64, 320, 1920, 64, 320, 320, 320, 320, 320, 3200]
    groups = batches(widths)
    assert sorted(i for _, members in groups for i in members) == list(range(len(widths)))
    assert all({widths[i] for i in members} == {width} for width, members in groups)
    assert all(width * len(members) <= PIXELS or len(members) == 1 for width, members in groups)


class Counting:
    """A session and a decoder that read a line as the grey of its first pixel, with a score by its width."""

    def __init__(self) -> None:
        self.widths: list[int] = []

    def get_inputs(self) -> list[Any]:
        return [type("Input", (), {"name": "x"})]

    def get_outputs(self) -> list[Any]:
        return [type("Output", (), {"name": "chances"})]

    def run(self, _: None, given: dict[str, Any]) -> list[Any]:
        self.widths.append(given["x"].shape[-1])
        return [np.repeat(given["x"][:, 0, :1, :1], 2, axis=1)]

    def decode(self, best: Any, sure: Any, **_: Any) -> list[Any]:
        score = 0.99 if self.widths[-1] >= USUAL else 0.5
        return [(f"{value:.2f}", score, [1, [], [], []]) for value in sure[:, 0]]


def test_a_doubtful_short_line_is_read_again_at_the_usual_width(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Counting()
    monkeypatch.setattr("extractors.ocr.lines.session", lambda _: session)
    model = LineModel(Path(), session, threads=1)
    images = [line(40), line(300), line(40) // 2]
    read = model.read(images)
    assert [r.text for r in read] == ["1.00", "1.00", "-0.00"]
    assert {r.score for r in read} == {0.99}
    assert session.widths == [608, 96, USUAL]


@pytest.mark.engine
def test_our_session_reads_lines_as_paddleocr_does() -> None:
    represent_missing_hubs()
    import paddleocr

    (path,) = (ROOT / "data" / "raw" / "scans").glob("002*.pdf")
    page, _ = next(iter(render_pages(path, 200)))
    crops = []
    for seen in built_in_engine().read_page(page)[:40]:
        left, top, right, bottom = (int(v) for v in seen.box)
        crops.append(np.ascontiguousarray(page[top:bottom, left:right, ::-1]))
    folder = built_in().recognition
    assert folder is not None
    theirs = paddleocr.TextRecognition(
        model_name=RECOGNITION, model_dir=str(folder), engine="onnxruntime", device="cpu"
    ).predict(crops, batch_size=1)
    ours = LineModel(folder, paddle_decoder(folder), threads=2, least=USUAL, step=1).read(crops)
    assert [o.text for o in ours] == [t["rec_text"] for t in theirs]
    assert [o.score for o in ours] == pytest.approx([t["rec_score"] for t in theirs], abs=1e-4)
