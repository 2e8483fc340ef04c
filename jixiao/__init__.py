"""Read Chinese budget-performance filings: `read` one, `read_many` of them, `open` the database of a run.

    >>> import jixiao
    >>> form = jixiao.read("filing.pdf").forms[0]
    >>> form.fields["project_name"].text
    >>> form.indicators.to_frame()
    >>> jixiao.open("data/out/jixiao.db").planned_vs_spent()

This package is the public face. `pipeline`, `extractors` and `schemas` are internals and may change at any time.
"""

from __future__ import annotations

import jixiao._whole  # noqa: F401 - first: says in one sentence if another module hides one of ours
from extractors.refusals import CannotRead
from jixiao.archive import Archive, open_archive
from jixiao.filing import Form, Reading, Rows, TextLine, Value
from jixiao.grids import Sheetlike
from jixiao.reader import Unread, read, read_many
from schemas.model import Box, Place
from schemas.record import Finding, Fund, Indicator, Kind, Record
from schemas.verdicts import Verdict

open = open_archive

__all__ = [
    "Archive",
    "Box",
    "CannotRead",
    "Finding",
    "Form",
    "Fund",
    "Indicator",
    "Kind",
    "Place",
    "Reading",
    "Record",
    "Rows",
    "Sheetlike",
    "TextLine",
    "Unread",
    "Value",
    "Verdict",
    "open",
    "read",
    "read_many",
]
