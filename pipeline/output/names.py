"""What people call the parts of a record: in Chinese by what the forms print, in English by the names of the record."""

from __future__ import annotations

from pipeline.messages import Language, Texts, label, spoken, texts
from schemas.language.columns import BY_HEADER, BY_ROLE, COLUMNS, What
from schemas.pointers import parts

GROUPS = ("sheet", "column", "word", "fund_column", "reader", "kind", "side", "family")
"""Groups of the catalogue that have names of parts and of words that stand in them, the first that has one counts."""

LABELS = {column.key: column.label for column in COLUMNS}
HEADED = BY_HEADER | {"other"}
BY_PART = HEADED | {column.key for column in COLUMNS if column.what is What.TARGET}  # shown by headers or periods


def name_of(key: str, said: Texts | None = None) -> str:
    """What people call a field, a column, a section or a word of ours; in English, and where nothing is known, the key
    itself."""
    said = said or texts(spoken())
    if said.language is Language.EN:
        return key
    return next((name for group in GROUPS if (name := said.label(group, key)) != key), key)


def place_of(pointer: str, said: Texts | None = None) -> str:
    """Where a JSON pointer leads, for people: `指标 13 · 年度指标值`; rows count from 1. In English the pointer."""
    said = said or texts(spoken())
    if said.language is Language.EN:
        return pointer
    names = list(parts(pointer))
    if not names:
        return said.tell("the whole form")
    section, *rest = names
    if section in ("fields", "choices") and rest:
        return " · ".join(name_of(name, said) for name in rest)
    if rest and rest[0].isdecimal():
        first = f"{name_of(section, said)} {int(rest[0]) + 1}"
        return " · ".join([first, *_column(rest[1:], said)])
    return " · ".join(name_of(name, said) for name in names)


def _column(names: list[str], said: Texts) -> list[str]:
    """The name of a column of a row; of a part that has no column of its own by its pieces."""
    role = ".".join(names)
    if role in BY_ROLE:
        return [name_of(BY_ROLE[role].view_name, said)]
    return [name_of(name, said) for name in names]


def column_of(role: str) -> str:
    """What people call a column of indicators by its role, `targets.full_year`; in English the role."""
    own = BY_ROLE[role].view_name if role in BY_ROLE else role
    return role if (name := name_of(own)) == own else name


def rule_of(rule: str) -> str:
    """A rule as a sentence; in English by its name, as records have it."""
    return rule if spoken() is Language.EN else label("rule", rule)


def verdict_of(verdict: str) -> str:
    """A verdict in words; in English by its name, as records have it."""
    return verdict if spoken() is Language.EN else label("verdict", verdict)


def label_of(key: str, part: str | None, alone: bool) -> str:
    """What stands before a value: the period of a target, the printed header of a column without a name."""
    role = key if part is None else f"{key}.{part}"
    if role in BY_ROLE and (said := column_of(role)) != role:
        return said
    shown = name_of(LABELS.get(key, key))
    if part is None or (alone and key not in HEADED):
        return shown
    return name_of(part) if key in BY_PART else f"{shown} {name_of(part)}"


def words_of(said: Texts) -> dict[str, str]:
    """The names of all parts of records and of columns by their roles, for scripts; none in English."""
    if said.language is Language.EN:
        return {}
    words: dict[str, str] = {}
    for group in reversed(GROUPS):
        words |= said.group(group)
    return words | roles_of(said)


def roles_of(said: Texts) -> dict[str, str]:
    """The names of columns by their roles; none in English."""
    if said.language is Language.EN:
        return {}
    return {role: name for role, column in BY_ROLE.items() if (name := name_of(column.view_name, said))}
