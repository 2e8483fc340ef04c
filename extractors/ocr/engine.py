"""What an OCR engine is, the PaddleOCR engine, and one that replays what was recorded.

Any object with `name`, `read_page` and `read_lines` is an engine. Images are RGB, height × width × 3, uint8; boxes
are in pixels from the top left; scores run from 0 to 1.
"""

from __future__ import annotations

import hashlib
import json
import logging
import queue
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, TypeGuard

import numpy as np
import numpy.typing as npt

from extractors.ocr.hubs import missing_libraries, represent_missing_hubs
from extractors.ocr.lines import LineModel, paddle_decoder
from extractors.ocr.models import ModelFolders
from extractors.ocr.sessions import MODEL, Runner
from extractors.ocr.vision import advice, name_headless
from extractors.screenless import lend_screen
from schemas.frozen import dataclass

Image = npt.NDArray[np.uint8]


HUBS = ("huggingface.co", "aistudio.baidu.com", "modelscope.cn")  # where PaddleOCR fetches models
HUB_SECONDS = 2.0  # seconds to wait for a hub to answer


class EngineMissing(Exception):
    """The OCR engine cannot be used; the message says what is missing and how to get it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A run of text on a page: its box (left, top, right, bottom) in pixels, the engine's score, and the left and
    right ends of its characters in pixels, None where the engine tells none."""

    text: str
    box: tuple[float, float, float, float]
    score: float
    spans: tuple[tuple[float, float], ...] | None = None


class Engine(Protocol):
    """Reads images of text."""

    @property
    def name(self) -> str:
        """The engine with its version and models."""

    def check(self) -> None:
        """Raise EngineMissing where it is known beforehand that it cannot read."""

    def read_page(self, image: Image) -> list[Seen]:
        """Every run of text on a page."""

    def read_lines(self, images: Sequence[Image]) -> list[tuple[str, float]]:
        """(text, score) of images that hold one line of text each."""


class PaddleEngine:
    """PaddleOCR on ONNX Runtime. Models are loaded once, at the first page. Where their folders are known, they run in
    sessions of our own, recognition (LineModel) on up to `threads` threads."""

    DETECTION_SIDE = 1280  # pixels of the longer side at which text is looked for

    def __init__(self, models: ModelFolders, threads: int = 2) -> None:
        self.models = models
        self.threads = threads
        self._page: Any = None
        self._line: Any = None

    @property
    def name(self) -> str:
        return f"paddleocr {self.models.detection_name} {self.models.recognition_name}"

    def check(self) -> None:
        """Raise EngineMissing at once where models of the hub cannot be had."""
        if self.models.detection is None or self.models.recognition is None:
            _need_hub(self.models)

    def _options(self) -> dict[str, Any]:
        config = {"intra_op_num_threads": 1}  # a second thread spins more than it works
        return {"engine": "onnxruntime", "engine_config": config, "device": "cpu"}

    def read_page(self, image: Image) -> list[Seen]:
        if self._page is None:
            self._page = self._with_sessions(self.load())
        result = self._page.predict(np.ascontiguousarray(image[..., ::-1]), return_word_box=True)[0]
        out = []
        for i, text in enumerate(result["rec_texts"]):
            if not text.strip():
                continue
            left, top, right, bottom = (float(v) for v in result["rec_boxes"][i])
            out.append(Seen(text, (left, top, right, bottom), float(result["rec_scores"][i]), _spans(text, result, i)))
        return out

    def read_lines(self, images: Sequence[Image]) -> list[tuple[str, float]]:
        if not images:
            return []
        if self._line is None:
            self._line = self._load_line()
        if isinstance(self._line, LineModel):
            given = [np.ascontiguousarray(image[..., ::-1]) for image in images]
            return [(line.text, line.score) for line in self._line.read(given)]
        # lines of a batch are padded to the longest of them: alike ones together cost least
        order = sorted(range(len(images)), key=lambda i: images[i].shape[1] / images[i].shape[0])
        results = self._line.predict([np.ascontiguousarray(images[i][..., ::-1]) for i in order], batch_size=8)
        read = {i: (str(r["rec_text"]), float(r["rec_score"])) for i, r in zip(order, results, strict=True)}
        return [read[i] for i in range(len(images))]

    def load(self) -> Any:
        """PaddleOCR itself, loaded anew with the models and settings that pages are read with. Raises EngineMissing."""
        paddle = _paddleocr()
        self.check()
        try:
            return self._pipeline(paddle)
        except Exception as error:
            if self.models.detection is not None and self.models.recognition is not None:
                raise
            raise EngineMissing(f"{_from_hub(self.models)}: {error}") from error

    def _pipeline(self, paddle: Any) -> Any:
        return paddle.PaddleOCR(
            text_detection_model_name=self.models.detection_name,
            text_detection_model_dir=_text(self.models.detection),
            text_recognition_model_name=self.models.recognition_name,
            text_recognition_model_dir=_text(self.models.recognition),
            use_doc_orientation_classify=False,
            use_doc_unwarping=False,
            use_textline_orientation=False,
            text_det_limit_side_len=self.DETECTION_SIDE,
            text_det_limit_type="max",
            **self._options(),
        )

    def _with_sessions(self, page: Any) -> Any:
        """PaddleOCR with its models in sessions of our own, where their folders are known."""
        inner = page.paddlex_pipeline._pipeline
        if _is_known(folder := self.models.detection):
            inner.text_det_model.runner = Runner(folder)
        if _is_known(folder := self.models.recognition):
            self._line = inner.text_rec_model = LineModel(folder, inner.text_rec_model.post_op, self.threads)
        return page

    def _load_line(self) -> Any:
        paddle = _paddleocr()
        folder = self.models.recognition
        if _is_known(folder):
            return LineModel(folder, paddle_decoder(folder), self.threads)
        return paddle.TextRecognition(
            model_name=self.models.recognition_name, model_dir=_text(self.models.recognition), **self._options()
        )


def _is_known(folder: Path | None) -> TypeGuard[Path]:
    """Whether it is the folder of a model of ONNX."""
    return folder is not None and (folder / MODEL).is_file()


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _from_hub(models: ModelFolders) -> str:
    return (
        f"the models {models.detection_name} and {models.recognition_name} cannot be fetched from PaddleOCR's hub; "
        "check their names and the network, or fetch them elsewhere and give their folder with --ocr-models"
    )


def _need_hub(models: ModelFolders) -> None:
    """Raise EngineMissing at once where models are neither kept from before nor any hub can be reached."""
    kept = Path.home() / ".paddlex" / "official_models"
    names = (models.detection_name, models.recognition_name)
    if all(any(kept.glob(f"{name}*")) for name in names):
        return
    if not any_answers(HUBS, HUB_SECONDS):
        raise EngineMissing(f"{_from_hub(models)} ({', '.join(HUBS)} do not answer)")
    if missing := missing_libraries():
        raise EngineMissing(f"{_from_hub(models)} (`pip install {' '.join(missing)}` brings what fetches them)")


def any_answers(hosts: Sequence[str], seconds: float) -> bool:
    """Whether one of the hosts takes a connection within `seconds`; all are asked at once, and looking up a name,
    which has no time limit of its own, is within it too."""
    answers: queue.Queue[bool] = queue.Queue()

    def ask(host: str) -> None:
        try:
            socket.create_connection((host, 443), timeout=seconds).close()
        except OSError:
            answers.put(False)
        else:
            answers.put(True)

    for host in hosts:
        threading.Thread(target=ask, args=(host,), daemon=True).start()
    end = time.monotonic() + seconds
    try:
        return any(answers.get(timeout=max(end - time.monotonic(), 0.01)) for _ in hosts)
    except queue.Empty:
        return False


def _paddleocr() -> Any:
    represent_missing_hubs()
    name_headless()
    lend_screen()
    try:
        import paddleocr  # heavy: only where a scan is read
    except ImportError as error:
        raise EngineMissing(f"PaddleOCR cannot be loaded: {advice(error)}") from error
    logging.getLogger("ppocr").setLevel(logging.ERROR)
    logging.getLogger("paddlex").setLevel(logging.ERROR)
    return paddleocr


def _spans(text: str, result: Any, i: int) -> tuple[tuple[float, float], ...] | None:
    """The ends of the characters from the engine's word boxes, where they fit the text; a word's characters share
    its width."""
    words, regions = result.get("text_word"), result.get("text_word_boxes")
    if words is None or regions is None or i >= len(words) or "".join(words[i]) != text:
        return None
    spans = []
    for word, region in zip(words[i], regions[i], strict=False):
        start, end = float(region[0]), float(region[2])
        step = (end - start) / max(len(word), 1)
        spans += [(start + step * k, start + step * (k + 1)) for k in range(len(word))]
    return tuple(spans) if len(spans) == len(text) else None


class RecordedEngine:
    """Replays what an engine saw; records it where `engine` is given. One JSON file for all images of a suite,
    by the hash of the image."""

    def __init__(self, path: Path, engine: Engine | None = None) -> None:
        self.path = path
        self.engine = engine
        self._known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    @property
    def name(self) -> str:
        return f"recorded {self.path.name}"

    def read_page(self, image: Image) -> list[Seen]:
        key = "page " + _hash(image)
        if key not in self._known:
            self._record(key, [[s.text, s.box, round(s.score, 4), s.spans] for s in self._live().read_page(image)])
        return [
            Seen(t, tuple(b), s, tuple((a, z) for a, z in e) if e is not None else None)
            for t, b, s, e in self._known[key]
        ]

    def read_lines(self, images: Sequence[Image]) -> list[tuple[str, float]]:
        keys = ["line " + _hash(image) for image in images]
        fresh = [i for i, key in enumerate(keys) if key not in self._known]
        if fresh:
            for i, seen in zip(fresh, self._live().read_lines([images[i] for i in fresh]), strict=True):
                self._record(keys[i], list(seen))
        return [(str(self._known[key][0]), float(self._known[key][1])) for key in keys]

    def check(self) -> None:
        """Nothing to check: a recording is there or not."""

    def _live(self) -> Engine:
        if self.engine is None:
            raise EngineMissing(f"{self.path}: holds no recording of this image; record it with the real engine")
        return self.engine

    def _record(self, key: str, value: Any) -> None:
        self._known[key] = value

    def save(self) -> None:
        """Write what was recorded, in a stable order."""
        text = json.dumps(dict(sorted(self._known.items())), ensure_ascii=False, indent=0)
        self.path.write_text(text + "\n", encoding="utf-8")


def _hash(image: Image) -> str:
    return hashlib.sha256(repr(image.shape).encode() + np.ascontiguousarray(image).tobytes()).hexdigest()[:24]
