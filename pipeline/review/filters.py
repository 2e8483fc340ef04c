"""What of the archive is looked at: filters of forms by what is known of them, and how many forms each would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any

from pipeline.messages import Language, texts
from pipeline.review.ledger import Entry, Looks
from schemas.frozen import dataclass
from schemas.language.keys import comparison_key

SHOWN = 200  # values of a facet that are listed, the most frequent ones


class State(StrEnum):
    """How far a form was looked at."""

    OPEN = "open"  # doubtful values, and nobody has begun
    BEGUN = "begun"  # some looks, and doubtful values left
    DONE = "done"  # every doubtful value was looked at
    WHOLE = "whole"  # every value was looked at
    CLEAR = "clear"  # nothing is doubtful, and nobody has looked


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; empty: everything. `q` are words that must all stand in a form's names
    or in those of its family and kind, in any language. `rule` leaves of a
    form's values those that a finding of this rule is about."""

    q: str = ""
    file: str = ""
    family: str = ""
    kind: str = ""
    year: str = ""
    reader: str = ""
    rule: str = ""
    reviewer: str = ""
    state: str = ""


FACETS = ("state", "family", "kind", "year", "reader", "rule", "reviewer")


@dataclass(frozen=True, slots=True)
class Standing:
    """A form with how far it was looked at."""

    entry: Entry
    left: int
    looked: int
    people: tuple[str, ...]
    state: State


def standings(entries: Iterable[Entry], looks: Looks, whole: Callable[[Entry], bool]) -> list[Standing]:
    """How far each form was looked at; `whole` says whether every value of a form was."""
    return [_standing(entry, looks, whole) for entry in entries]


def _standing(entry: Entry, looks: Looks, whole: Callable[[Entry], bool]) -> Standing:
    seen = looks.get(entry.key, {})
    left = len(entry.left(looks))
    people = tuple(dict.fromkeys(look.who for look in seen.values()))
    if not seen:
        state = State.OPEN if entry.doubtful else State.CLEAR
    elif left:
        state = State.BEGUN
    else:
        state = State.WHOLE if whole(entry) else State.DONE
    return Standing(entry, left, len(seen), people, state)


def told_of(standing: Standing) -> dict[str, Sequence[str]]:
    """What a form has in each facet."""
    entry = standing.entry
    year = "" if entry.year is None else str(entry.year)
    one = {"family": entry.family, "kind": entry.kind, "year": year, "reader": entry.reader, "state": standing.state}
    return {name: (value,) for name, value in one.items()} | {"rule": entry.rules, "reviewer": standing.people}


def chosen(all_forms: Iterable[Standing], filters: Filters) -> tuple[list[Standing], dict[str, list[tuple[str, int]]]]:
    """The forms that pass, and by facet how many forms each of its values would leave beside the other filters."""
    words = [comparison_key(word).casefold() for word in filters.q.split()]
    wanted = {name: value for name in FACETS if (value := getattr(filters, name))}
    passed: list[Standing] = []
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for form in all_forms:
        if not _named(form.entry, words, filters.file):
            continue
        told = told_of(form)
        missed = [name for name, value in wanted.items() if value not in told[name]]
        if not missed:
            passed.append(form)
        for name in FACETS:
            if not missed or missed == [name]:
                counts[name].update(value for value in told[name] if value)
    return passed, {name: counter.most_common(SHOWN) for name, counter in counts.items()}


def _named(entry: Entry, words: Sequence[str], file: str) -> bool:
    if file and entry.file != file:
        return False
    if not words:
        return True
    names = [entry.file, entry.title, entry.unit, entry.project, entry.year, *_shown(entry.family, entry.kind)]
    key = comparison_key(" ".join(str(name) for name in names if name)).casefold()
    return all(word in key for word in words)


@cache
def _shown(family: str, kind: str) -> tuple[str, ...]:
    """What a family and a kind are called on the page, in every language, and the family's id."""
    spoken = [texts(language) for language in Language]
    return family, *(said.label("family", family) for said in spoken), *(said.label("kind", kind) for said in spoken)


SORTS: Mapping[str, Callable[[Standing], Any]] = {
    "risk": lambda s: risk_order(s.entry, s.left),
    "left": lambda s: (-s.left, s.entry.form),
    "file": lambda s: (s.entry.file, s.entry.form_index),
    "year": lambda s: (-(s.entry.year or 0), s.entry.form),
    "looked": lambda s: (-s.looked, s.entry.form),
}


def risk_order(entry: Entry, left: int) -> tuple[bool, float, float, int]:
    """What forms are put in order by: the highest risk first, of equals the one with more to find. A form in which
    nothing is left comes last."""
    risks = [doubtful.risk for doubtful in entry.doubtful]
    return not left, -max(risks, default=0.0), -sum(risks), entry.form
