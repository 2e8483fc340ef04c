"""What of a form the language has no word for: labels and headers that are kept as printed, texts in no value."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.language.columns import OTHER
from schemas.language.vocabulary import Words
from schemas.record import Record

MOST_TEXTS = 12  # texts in no value that are told one by one


def not_understood(record: Record, words: Words) -> Iterator[str]:
    """A line for each kind of thing that was not understood, with what the form prints."""
    known = {*words.all.labels, *words.all.coded.values()}
    labels = [name for name in record.fields if name not in known]
    if labels:
        yield f"labels without a field, kept as printed: {'、'.join(labels)}"
    groups = [name for name in record.choices if name not in words.all.choices]
    if groups:
        yield f"groups of options without a name, kept as printed: {'、'.join(groups)}"
    headers = dict.fromkeys(header for one in record.indicators for header in one.other or {})
    if headers:
        yield f"columns of indicators without a role, kept under other: {'、'.join(headers)}"
    columns = dict.fromkeys(fund.column.removeprefix(OTHER) for fund in record.funds if fund.column.startswith(OTHER))
    if columns:
        yield f"columns of money without a role: {'、'.join(columns)}"
    texts = [f.printed for f in record.findings if f.rule == "unowned" and f.printed]
    more = f" and {len(texts) - MOST_TEXTS} more" if len(texts) > MOST_TEXTS else ""
    if texts:
        yield f"texts in no value: {' | '.join(texts[:MOST_TEXTS])}{more}"
