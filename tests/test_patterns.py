"""No regular expression costs more than its input is long: each is fed its worst strings, of n, 2n and 4n parts."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from patterns import METHODS, Expression, expressions, fault

from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from pipeline.reading.forms import split_forms
from pipeline.reading.interpret.form import identify, read_form
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.model import Document, Reader

DUMPS = sorted((Path(__file__).parent.parent / "data" / "raw" / "dumps").glob("*.txt"))


def test_a_bad_expression_is_noticed() -> None:
    for text in (r"(?:<!--.*?-->\s*)*<html", r"\s*x", r"\s*,?\s*x", r"(a|a)*b", r"[\d-]*\d+"):
        assert fault(Expression("here", text, re.DOTALL, frozenset({"search"}))), text
    for text in (r"[a-z]{2,5}x", r"x[^<>]{0,20}y", r"(?<!\s)\s++x"):
        assert fault(Expression("here", text, 0, frozenset({"search"}))) is None, text


def test_no_expression_costs_more_than_its_input() -> None:
    found, _ = expressions()
    assert len(found) > 100
    assert not [said for each in found if (said := fault(each)) and (said := f"{each.where}: {said}")]


def test_nor_does_one_that_is_put_together_from_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those are caught while filings are read."""
    caught: dict[tuple[Any, int], set[str]] = {}
    compile_ = re._compile  # type: ignore[attr-defined]

    def catch(pattern: Any, flags: int) -> re.Pattern[Any]:
        caught.setdefault((pattern, int(flags)), set()).add(sys._getframe(1).f_code.co_name)
        return compile_(pattern, flags)

    monkeypatch.setattr(re, "_compile", catch)
    words = load_words.__wrapped__()  # anew: what was put together for other words is kept
    for path in DUMPS[:3]:
        blocks = align_blocks(read_lines(path.read_text(encoding="utf-8")), words)
        document = Document(path.name, "0" * 64, Reader.DUMP, 0, blocks)
        for number, form in enumerate(split_forms(blocks, words)):
            read_form(form, number, document, identify(form, load_families()), words)
    monkeypatch.undo()
    assert len(caught) > 20
    faults = []
    for (pattern, flags), calls in caught.items():
        if not isinstance(pattern, re.Pattern):
            said = fault(Expression("", pattern, flags, frozenset(calls & METHODS) or frozenset({"fullmatch"})))
            faults += [f"{pattern!r}: {said}"] if said else []
    for sought in (words.title, words.fund_block, words.fund_line, words.review, words.department):
        said = fault(Expression("", sought.pattern, sought.flags, frozenset({"search"})))
        faults += [f"{sought.pattern}: {said}"] if said else []
    assert not faults
