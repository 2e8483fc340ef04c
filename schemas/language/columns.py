"""The columns of a form's tables, each declared once: what it is, where it stands in the record, and in which type.

Vocabulary and families name columns by these roles and are held against them when they are loaded; the kinds of the
record's values, its keys that only some forms have and the columns of merged cells follow from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator

from schemas.frozen import dataclass
from schemas.pointers import pointer

HEADED = ":"  # between a role and the header by which one of its columns is known
OTHER = f"other{HEADED}"  # before the printed header of a column that has no role here


class What(StrEnum):
    """What the cells of a column of the indicator table are."""

    LEVEL = "level"  # the name of a group of indicators, merged over its rows
    NAME = "name"  # what is measured
    RELATED = "related"  # what it belongs to: a task, a project
    OPERATOR = "operator"
    UNIT = "unit"
    TARGET = "target"
    RESULT = "result"  # what was, is or will be reached
    HISTORY = "history"  # what was reached in years past
    POINTS = "points"
    TICKED = "ticked"  # which of the columns of a group are ticked
    CRITERIA = "criteria"
    NOTE = "note"


class Shape(StrEnum):
    """How a column's value stands in the record and in the database."""

    TEXT = "text"
    PART = "part"  # one of several of its kind, in an object under one key: a period of targets
    BY_HEADER = "by-header"  # an object from printed header to text
    LIST = "list"  # several texts


@dataclass(frozen=True)  # without slots, so that the parts of its role are told once
class Column:
    """A column of the indicator table.

    `role` is its name in vocabulary, families and the record's `columns`: the key of an indicator, and for one of
    several of a kind, behind a point, the key below it. `about` is the comment of its column in the database.
    `per_row`: its cells belong to one row each, they are not merged over several. `always`: the key stands in every
    record; else only where the form prints the column. `view` is what `v_indicators` calls it, where that is not the
    role; `parsed` says that operator, number, unit and text of its value stand there too.
    """

    role: str
    what: What
    about: str
    shape: Shape = Shape.TEXT
    per_row: bool = False
    always: bool = True
    view: str = ""
    parsed: bool = False

    @cached_property
    def key(self) -> str:
        """The key of an indicator that holds it."""
        return self.role.partition(".")[0]

    @cached_property
    def part(self) -> str:
        """The key below that, empty where there is none."""
        return self.role.partition(".")[2]

    @cached_property
    def pointer(self) -> str:
        """Where its value stands below an indicator."""
        return pointer(*filter(None, (self.key, self.part)))

    @cached_property
    def value_key(self) -> str:
        """The key of its parsed value in `values`."""
        return self.part or self.key

    @property
    def has_value(self) -> bool:
        """Whether its text is parsed: stands in `values` too."""
        return self.what in (What.TARGET, What.RESULT)

    @property
    def label(self) -> str:
        """What stands before it where a record is shown: one of several targets is a target."""
        return self.key.removesuffix("s") if self.shape is Shape.PART else self.key

    @property
    def view_name(self) -> str:
        """What `v_indicators` calls it."""
        return self.view or self.key


COLUMNS = (
    Column("level1", What.LEVEL, "一级指标"),
    Column("level2", What.LEVEL, "二级指标"),
    Column("level3", What.NAME, "三级指标", per_row=True),
    Column("focus_work", What.RELATED, "重点工作"),
    Column("linked_project", What.RELATED, "对应项目"),
    Column("op", What.OPERATOR, "what its operator column prints", per_row=True, view="printed_op"),
    Column("targets.full_year", What.TARGET, "年度指标值", Shape.PART, per_row=True, view="target", parsed=True),
    Column(
        "targets.half_year", What.TARGET, "半年指标值", Shape.PART, per_row=True, view="half_year_target", parsed=True
    ),
    Column(
        "targets.whole_project", What.TARGET, "实施期指标值", Shape.PART, per_row=True, view="whole_project_target",
        parsed=True,
    ),
    Column(
        "targets.quarter1", What.TARGET, "第一季度目标值", Shape.PART, per_row=True, view="quarter1_target", parsed=True
    ),
    Column(
        "targets.quarter2", What.TARGET, "第二季度目标值", Shape.PART, per_row=True, view="quarter2_target", parsed=True
    ),
    Column(
        "targets.quarter3", What.TARGET, "第三季度目标值", Shape.PART, per_row=True, view="quarter3_target", parsed=True
    ),
    Column(
        "targets.quarter4", What.TARGET, "第四季度目标值", Shape.PART, per_row=True, view="quarter4_target", parsed=True
    ),
    Column("actual", What.RESULT, "实际完成值 as printed", per_row=True, parsed=True),
    Column("unit", What.UNIT, "what its unit column prints", per_row=True, view="printed_unit"),
    Column("weights.full_year", What.POINTS, "分值", Shape.PART, per_row=True, view="weight"),
    Column("weights.whole_project", What.POINTS, "总体权重", Shape.PART, per_row=True, view="whole_project_weight"),
    Column("score", What.POINTS, "得分 as printed", per_row=True),
    Column("criteria", What.CRITERIA, "评价要点及评分规则"),
    Column("note", What.NOTE, "reason of a deviation, remark"),
    Column(
        "history", What.HISTORY, "JSON object: values of past years by printed header; null: none is printed",
        Shape.BY_HEADER, per_row=True, always=False,
    ),
    Column("progress", What.RESULT, "what is reached within the year", per_row=True, always=False, parsed=True),
    Column("forecast", What.RESULT, "what is expected for the whole year", per_row=True, always=False, parsed=True),
    Column(
        "causes", What.TICKED, "JSON list: ticked columns of 偏差原因; null: none is printed", Shape.LIST, per_row=True,
        always=False,
    ),
    Column("likelihood", What.TICKED, "ticked option of 完成目标可能性", per_row=True, always=False),
)  # fmt: skip
"""In the order in which an indicator is shown; within it the levels from the outermost inward."""

VALUED = {column.value_key: column for column in COLUMNS if column.has_value}
"""The columns whose texts are parsed, by the keys of `values`."""
BY_ROLE = {column.role: column for column in COLUMNS}
BY_HEADER = frozenset(column.key for column in COLUMNS if column.shape is Shape.BY_HEADER)
LEVELS = ("level1", "level2", "level3")  # names of groups of indicators, and of the indicator itself
MERGED = tuple(c.role for c in COLUMNS if c.what in (What.LEVEL, What.RELATED))
"""Columns of cells that are merged over rows, the outermost first."""


def keys(columns: Iterable[Column]) -> tuple[str, ...]:
    """The keys of an indicator that columns stand under, each once."""
    return tuple(dict.fromkeys(column.key for column in columns))


KEYS = keys(COLUMNS)
"""The keys of an indicator that hold what its columns print, in the order in which they are shown."""
LEAVES = keys(c for c in COLUMNS if c.per_row)
"""Keys of what belongs to one row; outer levels, what it belongs to and remarks may be merged over several."""
ONLY_PRINTED = keys(c for c in COLUMNS if not c.always)
"""Keys of an indicator that are absent where the form prints no such column."""


def known_role(role: str) -> str:
    """The role itself; ValueError where no column of the indicator table has it."""
    if role not in BY_ROLE:
        raise ValueError(f"unknown role {role!r}; there are {', '.join(BY_ROLE)}")
    return role


Role = Annotated[str, AfterValidator(known_role)]
"""A role where vocabulary and families name one: held against the columns when they are loaded."""


class Amounts(StrEnum):
    """What a column of money lines holds."""

    MONEY = "money"
    RATE = "rate"
    POINTS = "points"


FUND_COLUMNS = {
    "half_year_plan": Amounts.MONEY,
    "full_year_budget": Amounts.MONEY,
    "initial_budget": Amounts.MONEY,
    "adjusted_budget": Amounts.MONEY,
    "actual": Amounts.MONEY,
    "execution_rate": Amounts.RATE,
    "weight": Amounts.POINTS,
    "score": Amounts.POINTS,
    "progress": Amounts.MONEY,
    "progress_rate": Amounts.RATE,
    "forecast": Amounts.MONEY,
}
"""The columns of money lines by what they hold. Any other printed column is `other:` and its header."""


def printed_at(pointer: str) -> str:
    """The pointer of the text that a parsed value of an indicator came from; any other pointer as it is."""
    indicator, between, which = pointer.partition("/values/")
    key, behind, rest = which.partition("/")
    if not between or key not in VALUED:
        return pointer
    return f"{indicator}/{VALUED[key].role.replace('.', '/')}{behind}{rest}"


def headed(role: str, header: str) -> str:
    """A role of which a table may have several columns, each known by its header; `other` where it has no role."""
    return f"{role}{HEADED}{header}"


def split_role(role: str) -> tuple[Column | None, str]:
    """The column of a role, None for `other:`, and the header behind it, empty where the role stands alone."""
    name, _, header = role.partition(HEADED)
    return BY_ROLE.get(name), header


def role_at(keys: Sequence[str]) -> str:
    """What `columns` of a record calls the column of an indicator's value, by the value's keys in the indicator: of the
    columns that are known by their headers the key alone."""
    return keys[0] if keys[0] in BY_HEADER else ".".join(keys)


def known_fund_role(role: str) -> str:
    """The role itself; ValueError where no column of money lines has it."""
    if role not in FUND_COLUMNS:
        raise ValueError(f"unknown role {role!r}; there are {', '.join(FUND_COLUMNS)}")
    return role


FundRole = Annotated[str, AfterValidator(known_fund_role)]
"""A role of money columns where the vocabulary names one."""


def holds_money(column: str) -> bool:
    """Whether a column of money lines holds amounts: an unknown one does, unless its header says per cent."""
    known = FUND_COLUMNS.get(column)
    return known is Amounts.MONEY if known is not None else "%" not in column
