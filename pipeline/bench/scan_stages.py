"""Where the time of reading scans goes: processor's seconds a page by what they are spent on."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pipeline.bench.printing import Row
from pipeline.bench.scan_pages import read_pages, render_pages

HEADER: Row = ("stage", "CPU s a page", "share")
STAGES = ("text is recognized", "text is detected", "pages are straightened", "ink and rules are found")
REST = "cells, forms and checks"


class _Clock:
    """The processor's seconds of stages that lie within one another: each second counts for the innermost."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._open = [REST]
        self._since = time.process_time()

    def look(self) -> None:
        """Count what was spent since the last look."""
        now = time.process_time()
        self.spent[self._open[-1]] += now - self._since
        self._since = now

    @contextmanager
    def within(self, stage: str) -> Iterator[None]:
        self.look()
        self._open.append(stage)
        try:
            yield
        finally:
            self.look()
            self._open.pop()


def measure_stages(paths: Sequence[Path]) -> list[Row]:
    """What a page of some scans costs by stage, in processor's seconds and as a share of the whole, largest first."""
    filings = [(path.name, list(render_pages(path))) for path in paths]
    name, pages = filings[0]
    read_pages(pages[:1], name)  # models are loaded in nobody's time
    clock = _Clock()
    with _watched(clock):
        for name, pages in filings:
            read_pages(pages, name)
        clock.look()
    count = sum(len(pages) for _, pages in filings)
    whole = sum(clock.spent.values())
    rows: list[Row] = [HEADER]
    rows += [
        (stage, f"{s / count:.2f}", f"{s / whole:.0%}")
        for stage, s in sorted(clock.spent.items(), key=lambda item: -item[1])
    ]
    return [*rows, ("in all", f"{whole / count:.2f}", "100%")]


@contextmanager
def _watched(clock: _Clock) -> Iterator[None]:
    """Have the calls that make up the stages tell the clock when they begin and end."""
    from extractors.ocr.engine import PaddleEngine
    from extractors.ocr.lines import LineModel
    from extractors.scan import page

    calls: tuple[tuple[Any, str], ...] = (
        (LineModel, "read"), (PaddleEngine, "read_page"), (page, "straighten"), (page, "read_ink"),
    )  # fmt: skip
    with ExitStack() as stack:
        for stage, (owner, name) in zip(STAGES, calls, strict=True):
            stack.enter_context(patch.object(owner, name, _telling(clock, stage, getattr(owner, name))))
        yield


def _telling(clock: _Clock, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def told(*given: Any, **named: Any) -> Any:
        with clock.within(stage):
            return work(*given, **named)

    return told
