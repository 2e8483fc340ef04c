"""Rows of a record as frames: pyarrow types, exact decimals, what is printed beside what it means.

Texts are as printed. A number stands in a column of its own, null where the text is no single number. `doubt` is the
highest risk among a row's values (0 to 1), `rules` are the findings that point at the row, joined by blanks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from pipeline.output.columns import arrow_type, typed_rows
from schemas.language.keys import exact_e4
from schemas.record import Fund, Indicator, Record, Value
from schemas.tables import PATH_SEPARATOR

if TYPE_CHECKING:
    import pandas as pd

TEXT, WHOLE, REAL = "string[pyarrow]", "int64[pyarrow]", "double[pyarrow]"
DECIMAL = (38, 6)  # digits in all and behind the point, of numbers and of yuan
E4 = Decimal(10_000)
LARGEST = Decimal(10) ** 22  # far beyond any budget, and exact in all that is done here


def funds(record: Record, doubts: Mapping[str, float]) -> pd.DataFrame:
    """One row a money cell: position, side, path (labels joined by ' / '), label, depth, column, amount and raw as
    printed, amount_unit, yuan (the amount in yuan, exact; null: no money, no amount, no unit), doubt, rules."""
    rows = [_fund(record, at, fund, doubts) for at, fund in enumerate(record.funds)]
    texts = dict.fromkeys(["side", "path", "label", "column", "amount", "raw", "amount_unit", "rules"], TEXT)
    return _frame(rows, {"position": WHOLE, **texts, "depth": WHOLE, "yuan": DECIMAL, "doubt": REAL}, FUND_ORDER)


FUND_ORDER = [
    "position", "side", "path", "label", "depth", "column", "amount", "amount_unit", "yuan", "raw", "doubt", "rules",
]  # fmt: skip


def indicators(record: Record, doubts: Mapping[str, float]) -> pd.DataFrame:
    """One row an indicator: position, its levels and other columns as printed; for each period of its targets and for
    `actual` (and what else is parsed) the text and, parsed, `_op`, `_number` (exact; null: a range, or no number),
    `_unit` and `_text`; doubt, rules."""
    rows = [_indicator(record, at, indicator, doubts) for at, indicator in enumerate(record.indicators)]
    order = list(dict.fromkeys(name for row in rows for name in row)) or ["position", "doubt", "rules"]
    order = [name for name in order if name not in ("doubt", "rules")] + ["doubt", "rules"]
    kinds: dict[str, Any] = {name: DECIMAL if name.endswith("_number") else TEXT for name in order}
    return _frame(rows, kinds | {"position": WHOLE, "doubt": REAL}, order)


def findings(record: Record) -> pd.DataFrame:
    """One row a finding: rule, verdict, where (a JSON pointer), printed, computed, message."""
    names = ["rule", "verdict", "where", "printed", "computed", "message"]
    rows = [{name: _told(getattr(one, name)) for name in names} for one in record.findings]
    return _frame(rows, dict.fromkeys(names, TEXT), names)


def typed(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """The rows of a query, each column with the pyarrow type of what stands in it."""
    import pandas as pd

    frame = pd.DataFrame([list(row) for row in rows], columns=list(columns), dtype=object)
    return frame.convert_dtypes(dtype_backend="pyarrow")


def of_view(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """The rows of one of our views, each column with its own pyarrow type, however many rows there are."""
    import pandas as pd
    import pyarrow as pa

    held = list(zip(*typed_rows(columns, rows), strict=True)) or [()] * len(columns)
    made = {}
    for name, values in zip(columns, held, strict=True):
        kind = arrow_type(name)
        made[name] = pd.Series(pd.array(pa.array(values, kind), dtype=pd.ArrowDtype(kind)), name=name)
    return pd.DataFrame(made)


def _fund(record: Record, at: int, fund: Fund, doubts: Mapping[str, float]) -> dict[str, Any]:
    unit = fund.unit_in(record.amount_unit)
    exact = exact_e4(fund.amount, unit)
    return {
        "position": at,
        "side": fund.side,
        "path": PATH_SEPARATOR.join(fund.path),
        "label": "".join(fund.path[-1:]),
        "depth": len(fund.path),
        "column": fund.column,
        "amount": fund.amount,
        "amount_unit": unit,
        "yuan": None if exact is None else Decimal(exact) / E4,
        "raw": fund.raw,
        **_doubt(record, f"/funds/{at}", doubts),
    }


def _indicator(record: Record, at: int, indicator: Indicator, doubts: Mapping[str, float]) -> dict[str, Any]:
    row: dict[str, Any] = {"position": at}
    for name, value in indicator.model_dump(mode="json").items():
        if name == "values":
            continue
        if isinstance(value, dict):
            row |= {_column(name, key): _told(text) for key, text in value.items()}
        else:
            row[name] = _told(value)
    for name, parsed in indicator.values.items():
        prefix = name if name in row else _column("targets", name)
        row |= _parsed(prefix, parsed)
    return row | _doubt(record, f"/indicators/{at}", doubts)


def _column(name: str, key: str) -> str:
    """What a key of one of an indicator's mappings is called as a column: `target_full_year`, `weight_full_year`."""
    return f"{name.removesuffix('s')}_{key}"


def _parsed(prefix: str, value: Value | None) -> dict[str, Any]:
    if value is None:
        return {f"{prefix}_{part}": None for part in ("op", "number", "unit", "text")}
    return {
        f"{prefix}_op": value.op,
        f"{prefix}_number": _decimal(value.number),
        f"{prefix}_unit": value.unit,
        f"{prefix}_text": value.text,
    }


def _decimal(number: str | None) -> Decimal | None:
    try:
        exact = Decimal(number or "")
    except InvalidOperation:
        return None
    if not exact.is_finite() or abs(exact) >= LARGEST:
        return None
    return exact if exact == round(exact, DECIMAL[1]) else None


def _doubt(record: Record, row: str, doubts: Mapping[str, float]) -> dict[str, Any]:
    inside = [risk for at, risk in doubts.items() if at == row or at.startswith(f"{row}/")]
    rules = [f.rule for f in record.findings if f.where == row or f.where.startswith(f"{row}/")]
    return {"doubt": max(inside, default=0.0), "rules": " ".join(dict.fromkeys(rules))}


def _told(value: Any) -> str | None:
    if isinstance(value, (list, tuple)):
        return "\n".join(map(str, value))
    return None if value is None else str(value)


def _frame(rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, Any], order: Sequence[str]) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    made: dict[str, Any] = {}
    for name in order:
        kind = kinds[name]
        dtype: Any = pd.ArrowDtype(pa.decimal128(*kind)) if isinstance(kind, tuple) else kind
        values: list[Any] = [row.get(name) for row in rows]
        made[name] = pd.array(values, dtype=dtype)
    return pd.DataFrame(made)
