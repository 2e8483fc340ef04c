"""Where the time of reading scans goes: processor's seconds a page by what they are spent on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from pipeline.bench.printing import Row
from pipeline.bench.scan_pages import read_pages, render_pages
from pipeline.bench.stages import Call, header, spent_on, stage_rows

A_PAGE = "s a page"
HEADER = header(A_PAGE)
STAGES = ("text is recognized", "text is detected", "pages are straightened", "ink and rules are found")
RECOGNIZED, DETECTED, STRAIGHTENED, INK = STAGES
REST = "cells, forms and checks"


def measure_stages(paths: Sequence[Path]) -> list[Row]:
    """What a page of some scans costs by stage, in processor's seconds and as a share of the whole, largest first."""
    from extractors.scan import page

    filings = [(path.name, list(render_pages(path))) for path in paths]
    name, pages = filings[0]
    read_pages(pages[:1], name)  # models are loaded in nobody's time

    def read_all() -> None:
        for name, pages in filings:
            read_pages(pages, name)

    with patch.object(
        page, "both", lambda aside, work: (aside(), work())
    ):  # the processor's time is that of all threads
        spent = spent_on(_calls(), REST, read_all)
    return stage_rows(spent, sum(len(pages) for _, pages in filings), A_PAGE)


def _calls() -> list[Call]:
    from extractors.ocr.engine import PaddleEngine
    from extractors.ocr.lines import LineModel
    from extractors.scan import page

    return [
        (RECOGNIZED, LineModel, "read"),
        (DETECTED, PaddleEngine, "read_page"),
        (STRAIGHTENED, page, "straighten"),
        (INK, page, "cleared"),
        (INK, page, "ink_of"),
    ]
