"""A form as a notebook shows it: fields, the money tree, the indicator tree; what is doubted is marked, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from schemas.language.columns import VALUED
from schemas.pointers import escaped
from schemas.record import Indicator, Record

STYLE = (
    "<style>.jixiao td,.jixiao th{text-align:left;vertical-align:top;padding:2px 8px}"
    ".jixiao mark{background:#ffe2a8}.jixiao i{color:#888}</style>"
)
REACHED = tuple(column.key for column in VALUED.values() if not column.part)  # results: actual, progress, …


def form_html(record: Record) -> str:
    """The record as HTML. All that it prints is escaped."""
    doubts: dict[str, str] = {}
    for finding in record.findings:
        doubts.setdefault(finding.where, f"{finding.rule}: {finding.message}")
    head = (record.title, record.year, record.kind, record.family, record.amount_unit)
    parts = [
        f"<h4>{escape(' · '.join('—' if part is None else str(part) for part in head))}</h4>",
        _table(["", ""], ([_text(n), _told(v, f"/fields/{escaped(n)}", doubts)] for n, v in record.fields.items())),
        _table(["funds", "column", "amount"], _funds(record, doubts)),
        _tree(list(enumerate(record.indicators)), doubts),
        _findings(record),
    ]
    return f'<div class="jixiao">{STYLE}{"".join(parts)}</div>'


def _funds(record: Record, doubts: dict[str, str]) -> Iterator[list[str]]:
    for at, fund in enumerate(record.funds):
        label = "&emsp;" * (len(fund.path) - 1) + _text(fund.path[-1] if fund.path else "")
        yield [label, _text(fund.column), _told(fund.amount, f"/funds/{at}", doubts)]


def _findings(record: Record) -> str:
    rows = ([_text(f.rule), _text(f.verdict), _text(f.where), _text(f.message)] for f in record.findings)
    table = _table(["rule", "verdict", "where", "message"], rows)
    return f"<details><summary>{len(record.findings)} findings</summary>{table}</details>"


def _tree(rows: Sequence[tuple[int, Indicator]], doubts: dict[str, str]) -> str:
    """The indicators below their levels."""
    items = []
    for level1, under1 in groupby(rows, key=lambda row: row[1].level1):
        inner = []
        for level2, under2 in groupby(under1, key=lambda row: row[1].level2):
            leaves = "".join(f"<li>{_leaf(at, indicator, doubts)}</li>" for at, indicator in under2)
            inner.append(f"<li>{_text(level2)}<ul>{leaves}</ul></li>")
        items.append(f"<li><b>{_text(level1)}</b><ul>{''.join(inner)}</ul></li>")
    return f"<ul>{''.join(items)}</ul>"


def _leaf(at: int, indicator: Indicator, doubts: dict[str, str]) -> str:
    where = f"/indicators/{at}"
    told = [_told(indicator.level3, f"{where}/level3", doubts, where)]
    told += [f"{_text(k)} {_told(v, f'{where}/targets/{escaped(k)}', doubts)}" for k, v in indicator.targets.items()]
    for key in REACHED:
        if (text := getattr(indicator, key)) is not None:
            told.append(f"{key} {_told(text, f'{where}/{key}', doubts)}")
    return " · ".join(told)


def _told(text: str | None, where: str, doubts: dict[str, str], *above: str) -> str:
    """A value, marked where a finding points at it or at what it is part of."""
    why = next((doubts[at] for at in (where, *above) if at in doubts), None)
    return _text(text) if why is None else f'<mark title="{escape(why)}">{_text(text)}</mark>'


def _text(text: str | None) -> str:
    return "<i>blank</i>" if text is None else escape(text).replace("\n", "<br>")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    return f"<table><tr>{top}</tr>{lines}</table>" if lines else ""
