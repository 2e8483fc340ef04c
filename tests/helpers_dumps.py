"""Text dumps to read, and what is looked at in their records."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from pipeline.reading.forms import split_forms
from pipeline.reading.interpret.form import identify, read_form
from schemas.families import Family
from schemas.language.vocabulary import load_words
from schemas.model import Document, Reader
from schemas.record import Record

WORDS = load_words()
TITLE = "某市项目支出绩效目标表"
REVIEW = "某市项目支出绩效自评表"
TICK = '<input checked="" type="checkbox"/>'
HEAD = ("一级指标", "二级指标", "三级指标", "计算符号", "指标值", "度量单位")


def row(*cells: str) -> str:
    return "\t".join(cells)


def dump(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def read_all(text: str, families: Sequence[Family] = ()) -> list[Record]:
    """The records of a dump."""
    blocks = align_blocks(read_lines(text), WORDS)
    document = Document("a.txt", "0" * 64, Reader.DUMP, 0, blocks)
    forms = split_forms(blocks, WORDS)
    return [read_form(f, n, document, identify(f, families), WORDS).record for n, f in enumerate(forms)]


def read(*lines: str, title: str = TITLE, families: Sequence[Family] = ()) -> Record:
    """The record of a dump of one form: its title, then these lines."""
    (record,) = read_all(dump(title, *lines), families)
    return record


def names(record: Record) -> list[tuple[str | None, str | None, str | None]]:
    return [(i.level1, i.level2, i.level3) for i in record.indicators]


def money(record: Record) -> list[tuple[str, str, str, str | None]]:
    """(side, path, column, amount) of the money cells."""
    return [(f.side, "/".join(f.path), f.column, f.amount) for f in record.funds]


def doubts(record: Record) -> list[tuple[str, str]]:
    return [(f.rule, f.where) for f in record.findings]
