"""Engines are not trusted: a guard around one sets it a time limit and looks at everything that it gives.

A call runs in a thread of its own. A thread that hangs cannot be killed: it is left alone, the page fails by name,
and the engine is not asked again before that call has ended. What hangs inside of native code that holds the
interpreter is beyond this; a watchdog over whole processes has to end that.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from extractors.ocr.engine import Engine, Image, Seen
from extractors.printable import UNPRINTABLE
from extractors.refusals import EngineRubbish, EngineTimedOut

PAGE_SECONDS = 300.0  # for one call, the loading of the models too; a page takes 2 to 10 on two cores
RUBBISH = 0.25  # of the runs of text of a page that cannot stand on it: more, and the engine is broken
ROUNDING = 0.01  # by which a score may leave 0 to 1
BLANKS = dict.fromkeys(map(ord, "\t\n\r\v\f"), " ")

T = TypeVar("T")


class Guarded:
    """An engine with a time limit of `seconds` a call, whose answers are sound: boxes on the page, scores from 0 to
    1, texts that can be printed. `dropped` counts the runs of text of the last page that could not stand on it.

    Raises EngineTimedOut and EngineRubbish, and whatever the engine raises.
    """

    def __init__(self, engine: Engine, seconds: float = PAGE_SECONDS) -> None:
        self.engine = engine
        self.seconds = seconds
        self.dropped = 0
        self._hung: _Call[Any] | None = None

    @property
    def name(self) -> str:
        return self.engine.name

    def check(self) -> None:
        self.engine.check()

    def read_page(self, image: Image) -> list[Seen]:
        height, width = image.shape[:2]
        given = self._within(lambda: self.engine.read_page(image))
        if not isinstance(given, (list, tuple)):
            raise EngineRubbish(detail=f"it gave {type(given).__name__} instead of runs of text")
        texts = [s for s in given if not (isinstance(s, Seen) and isinstance(s.text, str) and not s.text.strip())]
        sound = [s for s in (_on_page(s, width, height) for s in texts) if s is not None]
        self.dropped = len(texts) - len(sound)
        if self.dropped > RUBBISH * len(texts):
            raise EngineRubbish(
                detail=f"{self.dropped} of {len(texts)} runs of text have no place on the page or no score"
            )
        return sound

    def read_lines(self, images: Sequence[Image]) -> list[tuple[str, float]]:
        given = self._within(lambda: self.engine.read_lines(images))
        if not isinstance(given, (list, tuple)) or len(given) != len(images):
            raise EngineRubbish(detail=f"it gave {_count(given)} for {len(images)} lines")
        return [_line(pair) for pair in given]

    def _within(self, work: Callable[[], T]) -> T:
        if self._hung is not None:
            if self._hung.running:
                raise EngineTimedOut(detail=f"it still hangs on an earlier page, {self.seconds:g} seconds and longer")
            self._hung = None
        call = _Call(work)
        if not call.wait(self.seconds):
            self._hung = call
            raise EngineTimedOut(detail=f"it did not answer within {self.seconds:g} seconds")
        return call.result()


def guarded(engine: Engine) -> Guarded:
    """The engine with a guard around it, the one that it has or a new one."""
    return engine if isinstance(engine, Guarded) else Guarded(engine)


class _Call(Generic[T]):
    """Work in a thread that ends with the program at the latest."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._results: list[T] = []
        self._errors: list[BaseException] = []
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True, name="ocr-engine")
        self._thread.start()

    def _run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised again by `result`, in the thread that asked
            self._errors.append(error)

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Whether the work ended within `seconds`."""
        self._thread.join(seconds)
        return not self.running

    def result(self) -> T:
        for error in self._errors:
            if isinstance(error, Exception):
                raise error
            raise RuntimeError(f"it tried to end the program: {type(error).__name__}: {error}") from error
        return self._results[0]


def _on_page(seen: Any, width: int, height: int) -> Seen | None:
    """A run of text with its box cut to the page (pixels) and its text fit to be printed; None where it cannot be
    one. A text that held what no page prints has score 0."""
    if not isinstance(seen, Seen) or not isinstance(seen.text, str):
        return None
    score = _score(seen.score)
    if score is None or len(seen.box) != 4 or not all(_is_number(v) for v in seen.box):
        return None
    left, top, right, bottom = seen.box
    left, top, right, bottom = max(left, 0.0), max(top, 0.0), min(right, float(width)), min(bottom, float(height))
    if left >= right or top >= bottom:
        return None
    text, clean = _printed(seen.text)
    spans = seen.spans
    if spans is not None and not (len(spans) == len(text) and all(_is_number(v) for span in spans for v in span)):
        spans = None
    return replace(seen, text=text, box=(left, top, right, bottom), score=score if clean else 0.0, spans=spans)


def _line(pair: Any) -> tuple[str, float]:
    if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not isinstance(pair[0], str):
        raise EngineRubbish(detail=f"it gave {type(pair).__name__} instead of a text and its score")
    text, clean = _printed(pair[0])
    score = _score(pair[1])
    return ("", 0.0) if score is None else (text, score if clean else 0.0)


def _printed(text: str) -> tuple[str, bool]:
    """A text as it can be stored and shown, of the same length, and whether nothing but white space was replaced."""
    text = text.translate(BLANKS)
    out = UNPRINTABLE.sub("�", text)
    return out, out == text


def _score(score: Any) -> float | None:
    if not _is_number(score) or not -ROUNDING <= score <= 1 + ROUNDING:
        return None
    return min(max(float(score), 0.0), 1.0)


def _is_number(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except (TypeError, OverflowError):
        return False


def _count(given: Any) -> str:
    return str(len(given)) if isinstance(given, (list, tuple)) else type(given).__name__
