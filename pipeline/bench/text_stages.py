"""Where the time of reading text goes: processor's milliseconds a page of a text layer, and a form of a dump."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.bench.printing import Row
from pipeline.bench.stages import Call, header, spent_on, stage_rows

A_PAGE, A_FORM = "ms a page", "ms a form"
PAGE_HEADER, FORM_HEADER = header(A_PAGE), header(A_FORM)
PAINTED, SEEN, WORDS, TABLES = "pages are painted", "unseen text and stamps", "words, ticks, rules", "cells and tables"
ALIGNED = "texts are put into cells"
FORMS, VALUES, CHECKS, RISKS = "forms are told apart", "values are read", "checks", "risks"
ROWS, REST = "rows for the database", "the rest"


def measure_pages(paths: Sequence[Path], pages: int, rounds: int) -> list[Row]:
    """What a page of PDFs with text layers costs by stage, largest first; `pages` are those of the files together."""
    return _measure(paths, pages, A_PAGE, rounds)


def measure_forms(paths: Sequence[Path], forms: int, rounds: int) -> list[Row]:
    """What a form of dumps costs by stage, largest first; `forms` are those of the files together."""
    return _measure(paths, forms, A_FORM, rounds)


def _measure(paths: Sequence[Path], amount: int, of: str, rounds: int) -> list[Row]:
    from extractors.intake import take_in
    from pipeline.running import worker
    from schemas.families import load_families
    from schemas.language.vocabulary import load_words
    from schemas.tables import rows

    families, words = load_families(), load_words()

    def read_all() -> None:
        for path in paths:
            rows.rows_of(worker.read_file(take_in(path, path.name), path.name, families, words))

    read_all()  # what is made ready once is nobody's
    worker.seldom_collect()

    def read_again() -> None:
        for _ in range(rounds):
            read_all()

    return stage_rows(spent_on(_calls(), REST, read_again), amount * rounds / 1e3, of, digits=1)


def _calls() -> list[Call]:
    from extractors.dump import road as dumps
    from extractors.pdf import road as pdfs
    from extractors.pdf import text_layer
    from pipeline.reading.check import engine
    from pipeline.running import worker
    from schemas.tables import rows

    return [
        (PAINTED, text_layer, "paint"),
        (SEEN, text_layer, "parted"),
        *(
            (WORDS, text_layer, name)
            for name in ("words_of", "with_drawn_signs", "drawn_marks", "drawn_rules", "struck_out")
        ),
        (TABLES, pdfs, "page_blocks"),
        (TABLES, pdfs, "whole"),
        (ALIGNED, dumps, "read_lines"),
        (ALIGNED, dumps, "align_blocks"),
        (FORMS, worker, "split_forms"),
        (VALUES, worker, "read_form"),
        (CHECKS, worker, "check_forms"),
        (RISKS, engine, "risks_of"),
        (ROWS, rows, "rows_of"),
    ]
