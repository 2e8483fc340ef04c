"""A form as a notebook shows it: fields, the money tree, the indicator tree; what is doubted is marked, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from pipeline.messages import tell, told
from pipeline.output.names import label_of, name_of, place_of, rule_of, verdict_of
from schemas.language.columns import VALUED
from schemas.pointers import escaped
from schemas.record import Finding, Indicator, Record

STYLE = (
    "<style>.jixiao td,.jixiao th{text-align:left;vertical-align:top;padding:2px 8px}"
    ".jixiao td:first-child{white-space:nowrap}.jixiao mark{background:#ffe2a8}.jixiao i{color:#888}</style>"
)
REACHED = tuple(column.key for column in VALUED.values() if not column.part)  # results: actual, progress, …


def form_html(record: Record) -> str:
    """The record as HTML. All that it prints is escaped."""
    doubts: dict[str, str] = {}
    for finding in record.findings:
        doubts.setdefault(finding.where, why(finding))
    head = (record.title, record.year, name_of(record.kind), name_of(record.family), record.amount_unit)
    fields = ([_text(name_of(n)), _told(v, f"/fields/{escaped(n)}", doubts)] for n, v in record.fields.items())
    parts = [
        f"<h4>{escape(' · '.join('—' if part is None else str(part) for part in head))}</h4>",
        _table(["", ""], fields),
        _table([name_of(name) for name in ("funds", "column", "amount")], _funds(record, doubts)),
        _tree(list(enumerate(record.indicators)), doubts),
        _findings(record),
    ]
    return f'<div class="jixiao">{STYLE}{"".join(parts)}</div>'


def _funds(record: Record, doubts: dict[str, str]) -> Iterator[list[str]]:
    for at, fund in enumerate(record.funds):
        label = "&emsp;" * (len(fund.path) - 1) + _text(fund.path[-1] if fund.path else "")
        yield [label, _text(name_of(fund.column).removeprefix("other:")), _told(fund.amount, f"/funds/{at}", doubts)]


def _findings(record: Record) -> str:
    rows = (
        [_text(t) for t in (rule_of(f.rule), verdict_of(f.verdict), place_of(f.where), told(f.message))]
        for f in record.findings
    )
    table = _table([name_of(name) for name in ("rule", "verdict", "pointer", "message")], rows)
    return f"<details><summary>{escape(tell('{n} findings', n=len(record.findings)))}</summary>{table}</details>"


def why(finding: Finding) -> str:
    """What a finding says, in the language of the process."""
    return f"{rule_of(finding.rule)}: {told(finding.message)}"


def blank() -> str:
    """What stands for a cell in which nothing is printed."""
    return f"<i>{escape(tell('blank'))}</i>"


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
    parts = [_told(indicator.level3, f"{where}/level3", doubts, where)]
    for period, text in indicator.targets.items():
        named = _text(label_of("targets", period, alone=False))
        parts.append(f"{named} {_told(text, f'{where}/targets/{escaped(period)}', doubts)}")
    for key in REACHED:
        if (text := getattr(indicator, key)) is not None:
            parts.append(f"{_text(name_of(key))} {_told(text, f'{where}/{key}', doubts)}")
    return " · ".join(parts)


def _told(text: str | None, where: str, doubts: dict[str, str], *above: str) -> str:
    """A value, marked where a finding points at it or at what it is part of."""
    doubt = next((doubts[at] for at in (where, *above) if at in doubts), None)
    return _text(text) if doubt is None else f'<mark title="{escape(doubt)}">{_text(text)}</mark>'


def _text(text: str | None) -> str:
    return blank() if text is None else escape(text).replace("\n", "<br>")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    return f"<table><tr>{top}</tr>{lines}</table>" if lines else ""
