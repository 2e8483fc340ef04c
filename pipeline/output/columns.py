"""What stands in the columns of exported tables: whole numbers, real ones, exact amounts, yes or no, or text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

E4 = -4  # power of ten: integers of the database are in 0.0001 yuan
MOST = 10**18  # in 0.0001 yuan: fourteen digits of yuan, which a decimal of 20 digits with six behind the point holds
EXACT = {"yuan": "amount_e4", "planned_yuan": "planned_e4", "spent_yuan": "spent_e4"}
"""Columns of amounts in yuan, each with the column of the integer that it is told by."""
INTEGERS = frozenset(
    {
        "form_id",
        "file_id",
        "form_index",
        "position",
        "year",
        "filing_year",
        "task",
        "depth",
        "place_page",
        "place_line",
        "place_column",
    }
    | {"forms", "readings", "findings", "indicators"}
    | {"table_index", "first_page", "last_page", "row_count", "col_count", "tables_before"}
    | {"row", "col", "rowspan", "colspan", "page", "line"}
    | set(EXACT.values())
)
REALS = frozenset(
    {"place_left", "place_top", "place_right", "place_bottom", "doubt", "budget_yuan", "actual_yuan"}
    | {"box_left", "box_top", "box_right", "box_bottom", "sure", "confidence"}
)
FLAGS = frozenset({"preferred", "met", "is_total", "is_leaf", "ruled", "lost"})
NUMBER_ENDING = "_value"  # of the columns in which the number of a text stands


class ColumnKind(StrEnum):
    """What a column holds."""

    INTEGER = "integer"
    REAL = "real"
    EXACT = "exact"
    FLAG = "flag"
    TEXT = "text"


def kind_of(column: str) -> ColumnKind:
    """What a column of an export holds, by its name: every one that is not told here holds text."""
    if column in EXACT:
        return ColumnKind.EXACT
    if column in INTEGERS:
        return ColumnKind.INTEGER
    if column in FLAGS:
        return ColumnKind.FLAG
    return ColumnKind.REAL if column in REALS or column.endswith(NUMBER_ENDING) else ColumnKind.TEXT


def arrow_type(column: str) -> pa.DataType:
    """The type of a column in Parquet and in frames."""
    import pyarrow as pa

    types = {
        ColumnKind.INTEGER: pa.int64(),
        ColumnKind.REAL: pa.float64(),
        ColumnKind.EXACT: pa.decimal128(20, 6),
        ColumnKind.FLAG: pa.bool_(),
        ColumnKind.TEXT: pa.string(),
    }
    return types[kind_of(column)]


def typed_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query with each value as its column holds it: databases have no exact decimals, or no flags."""
    places = {column: at for at, column in enumerate(columns)}
    make: list[tuple[int, Callable[[Any], Any]]] = []
    for column in columns:
        kind = kind_of(column)
        if kind is ColumnKind.EXACT:
            make.append((places[EXACT[column]], _yuan))
        else:
            make.append((places[column], _flag if kind is ColumnKind.FLAG else _same))
    for row in rows:
        yield tuple(made(row[place]) for place, made in make)


def _yuan(amount_e4: int | None) -> Decimal | None:
    """An amount in yuan, exact; None for one that the column cannot hold."""
    return None if amount_e4 is None or abs(amount_e4) >= MOST else Decimal(amount_e4).scaleb(E4)


def _flag(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _same(value: Any) -> Any:
    return value
