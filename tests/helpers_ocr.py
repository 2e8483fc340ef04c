"""Engines that give what they are told to, crash, hang, or give rubbish; and one that knows a PDF's own text."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pdfplumber

from extractors.ocr.engine import Image, Seen


class Fake:
    """An engine that gives the runs of text and lines that it was told to, or raises; it counts its pages. It is its
    own source."""

    name = "fake"

    def __init__(self, seen: Any = (), *, lines: Any = None, error: BaseException | None = None) -> None:
        self.seen, self.lines, self.error, self.pages = seen, lines, error, 0

    def __call__(self) -> Fake:
        return self

    def check(self) -> None:
        pass

    def read_page(self, image: Image) -> Any:
        self.pages += 1
        if self.error is not None:
            raise self.error
        return list(self.seen) if isinstance(self.seen, tuple) else self.seen

    def read_lines(self, images: Sequence[Image]) -> Any:
        return [("", 0.0) for _ in images] if self.lines is None else self.lines


class Hanging(Fake):
    """An engine that answers a page when it is let go, and not before."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def read_page(self, image: Image) -> Any:
        self.go.wait(60)
        return super().read_page(image)


class Knowing(Fake):
    """An engine that sees, on every page that it is given, the text of one page of a PDF, drawn at `dpi`."""

    def __init__(self, path: Path, page: int, dpi: float, change: Callable[[str], str] = str) -> None:
        with pdfplumber.open(path) as pdf:
            words = pdf.pages[page - 1].extract_words()
        k = dpi / 72
        super().__init__(
            [Seen(change(w["text"]), (w["x0"] * k, w["top"] * k, w["x1"] * k, w["bottom"] * k), 0.99) for w in words]
        )
