"""What kind of value stands at a place of a record: what an error in it would cost, and where to look first."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from schemas.language.columns import COLUMNS, What


class ValueKind(StrEnum):
    """What a value is."""

    MONEY = "money"
    TARGET = "target"
    POINTS = "points"
    LEVEL = "level"
    NAME = "name"
    TEXT = "text"
    STRUCTURE = "structure"


POINT_FIELDS = frozenset({"execution_rate_weight", "total_weight", "total_score"})
PROSE = frozenset(
    [
        "main_functions",
        "staffing",
        "duty",
        "necessity",
        "feasibility",
        "content",
        "medium_term_goal",
        "annual_goal",
        "overall_goal",
        "goal_achieved",
        "main_achievements",
        "problems",
        "improvement_measures",
        "other_notes",
    ]
)
HEAD = {"title": ValueKind.NAME, "year": ValueKind.NAME}  # every other value above the lists says how the form is made
OF_WHAT = {  # by what a column is; every other one holds text
    What.LEVEL: ValueKind.LEVEL,
    What.NAME: ValueKind.NAME,
    What.RELATED: ValueKind.NAME,
    What.TICKED: ValueKind.NAME,
    What.POINTS: ValueKind.POINTS,
    **dict.fromkeys((What.OPERATOR, What.UNIT, What.TARGET, What.RESULT, What.HISTORY), ValueKind.TARGET),
}
INDICATOR = {column.key: OF_WHAT.get(column.what, ValueKind.TEXT) for column in COLUMNS} | {
    "level_points": ValueKind.POINTS,
    "values": ValueKind.TARGET,
}


@lru_cache(maxsize=65536)  # forms have the same pointers over and over
def kind_of(pointer: str) -> ValueKind:
    """The kind of the value at a JSON pointer into a record. The labels of a money line say where it stands, so they
    are structure; what no table here names is text."""
    parts = pointer.split("/")[1:]
    match parts:
        case ["fields", name, *_] if name in POINT_FIELDS:
            return ValueKind.POINTS
        case ["fields", name, *_]:
            return ValueKind.TEXT if name in PROSE or not name.isascii() else ValueKind.NAME
        case ["choices", *_]:
            return ValueKind.NAME
        case ["tasks_total", _] | ["tasks", _, "amounts", *_]:
            return ValueKind.MONEY
        case ["tasks", _, what, *_]:
            return ValueKind.NAME if what == "name" else ValueKind.TEXT
        case ["funds", _, "amount" | "raw", *_]:
            return ValueKind.MONEY
        case ["indicators", _, what, *_]:
            return INDICATOR.get(what, ValueKind.TEXT)
        case [name]:
            return HEAD.get(name, ValueKind.STRUCTURE)
    return ValueKind.STRUCTURE
