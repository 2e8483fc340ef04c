"""Every value of two records, classified: same, reformatted, moved, changed, only on one side, excused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from pipeline.diff.align import Pair, align_rows, align_texts, likeness, profile
from schemas.compare import ABSENT, ASIDE, Likeness, equal, leaves, outcome_of
from schemas.frozen import dataclass
from schemas.language.keys import INVISIBLE, comparison_key
from schemas.pointers import escaped


class Class(StrEnum):
    """What became of a value from A to B."""

    SAME = "same"
    REFORMATTED = "reformatted"
    MOVED = "moved"
    CHANGED = "changed"
    ONLY_A = "only-a"
    ONLY_B = "only-b"
    EXCUSED = "excused"  # a golden's overlay says that the source lost it or prints it otherwise


AGREEING = frozenset({Class.SAME, Class.REFORMATTED, Class.EXCUSED})  # are no differences
CLASS_OF = {
    Likeness.SAME: Class.SAME,
    Likeness.REFORMATTED: Class.REFORMATTED,
    Likeness.CHANGED: Class.CHANGED,
    Likeness.ONLY_LEFT: Class.ONLY_A,
    Likeness.ONLY_RIGHT: Class.ONLY_B,
}
SAME_ROW = 0.8  # likeness from which a lost row and a new one elsewhere are one row that moved
TELLING = 4  # characters from which a value of a lost row, found elsewhere, is taken for the same value

Excuse = Callable[["Compared"], str | None]
"""Why a difference is none, None where nothing excuses it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One place of two records: JSON pointers (None: that side has no such place) and both values.

    `moved_to` points at where B has A's value, `moved_from` at where A has B's.
    """

    left: str | None
    right: str | None
    a: Any
    b: Any
    cls: Class
    moved_to: str | None = None
    moved_from: str | None = None
    note: str | None = None

    @property
    def where(self) -> str:
        """The pointer by which the place is called: A's, else B's."""
        return self.left if self.left is not None else self.right or ""

    @property
    def signs(self) -> bool:
        """Whether both sides read the same with other signs, as a comma of the other width: more than white space."""
        texts = isinstance(self.a, str) and isinstance(self.b, str)
        return self.cls is Class.REFORMATTED and texts and INVISIBLE.sub("", self.a) != INVISIBLE.sub("", self.b)


def compare(a: Mapping[str, Any], b: Mapping[str, Any], excuse: Excuse = lambda _: None) -> list[Compared]:
    """Every value of two records in the order of A's; `source` and `findings` are left out."""
    left = {k: v for k, v in a.items() if k not in ASIDE}
    right = {k: v for k, v in b.items() if k not in ASIDE}
    judged = []
    for each in _walk("", left, "", right):
        why = None if each.cls in AGREEING else excuse(each)
        judged.append(each if why is None else replace(each, cls=Class.EXCUSED, note=why))
    return _moves(judged)


def alone(record: Mapping[str, Any], cls: Class) -> list[Compared]:
    """Every value of a record that has no partner on the other side."""
    return list(_one_side("", {k: v for k, v in record.items() if k not in ASIDE}, cls))


def _walk(p: str, a: Any, q: str, b: Any) -> Iterator[Compared]:
    """The places of two values that belong together, which stand at `p` in A and at `q` in B."""
    if isinstance(a, Mapping) and isinstance(b, Mapping) and (a or b):
        for key in [*a, *(k for k in b if k not in a)]:
            step = "/" + escaped(str(key))
            if key not in b:
                yield from _one_side(p + step, a[key], Class.ONLY_A)
            elif key not in a:
                yield from _one_side(q + step, b[key], Class.ONLY_B)
            else:
                yield from _walk(p + step, a[key], q + step, b[key])
    elif isinstance(a, list) and isinstance(b, list) and (a or b):
        yield from _walk_lists(p, a, q, b)
    else:
        yield Compared(p, q, a, b, CLASS_OF[outcome_of(p, a, b)])


def _walk_lists(p: str, a: list[Any], q: str, b: list[Any]) -> Iterator[Compared]:
    rows = all(isinstance(v, Mapping) for v in [*a, *b])
    pairs = align_rows(a, b) if rows else align_texts(a, b)
    moved = _moved_items(pairs, a, b, rows)
    taken = set(moved.values())
    for i, j in pairs:
        if i is not None and j is not None:
            yield from _walk(f"{p}/{i}", a[i], f"{q}/{j}", b[j])
        elif i is not None and i in moved:
            to = moved[i]
            yield from (_as_moved(c) for c in _walk(f"{p}/{i}", a[i], f"{q}/{to}", b[to]))
        elif i is not None:
            yield from _one_side(f"{p}/{i}", a[i], Class.ONLY_A)
        elif j is not None and j not in taken:
            yield from _one_side(f"{q}/{j}", b[j], Class.ONLY_B)


def _moved_items(pairs: list[Pair], a: list[Any], b: list[Any], rows: bool) -> dict[int, int]:
    """Items without partner that stand elsewhere in the other list, each with the one most like it there."""
    free = [j for i, j in pairs if i is None and j is not None]
    partners: dict[int, int] = {}
    for i in [i for i, j in pairs if j is None and i is not None]:
        if not free:
            break
        if rows:
            mine = profile(a[i])
            best = max(free, key=lambda j: (likeness(mine, profile(b[j])), -abs(j - i)))
            fits = bool(mine) and likeness(mine, profile(b[best])) >= SAME_ROW
        else:
            best = min(free, key=lambda j: (not equal(a[i], b[j]), abs(j - i)))
            fits = equal(a[i], b[best])
        if fits:
            partners[i] = best
            free.remove(best)
    return partners


def _as_moved(each: Compared) -> Compared:
    """A value of a row that moved as a whole; a blank does not move."""
    if each.cls in (Class.SAME, Class.REFORMATTED) and _key(each.a, each.where) is not None:
        return replace(each, cls=Class.MOVED, moved_to=each.right, moved_from=each.left)
    return each


def _one_side(where: str, value: Any, cls: Class) -> Iterator[Compared]:
    for pointer, leaf in leaves(where, value):
        if cls is Class.ONLY_A:
            yield Compared(pointer, None, leaf, ABSENT, cls)
        else:
            yield Compared(None, pointer, ABSENT, leaf, cls)


def _moves(compared: list[Compared]) -> list[Compared]:
    """Differences whose value stands at another row of the same list, by the same name, become moves.

    A value of a lost or new row must be telling; that the `10` of one row is the `10` of another says nothing.
    """
    gained: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for n, each in enumerate(compared):
        key = _key(each.b, each.right) if each.cls in (Class.CHANGED, Class.ONLY_B) else None
        if key is not None:
            gained[_group(each.right), key].append(n)
    out: dict[int, Compared] = dict(enumerate(compared))
    for n, each in enumerate(compared):
        key = _key(each.a, each.left) if each.cls in (Class.CHANGED, Class.ONLY_A) else None
        if key is None:
            continue
        places = gained.get((_group(each.left), key), [])
        fitting = [m for m in places if m != n and _may_move(each, compared[m], key)]
        if not fitting:
            continue
        to = min(fitting, key=lambda m: (abs(m - n), m))
        places.remove(to)
        target = out[to]
        if each.cls is Class.ONLY_A:
            out[n] = replace(each, cls=Class.MOVED, right=target.right, b=target.b, moved_to=target.right)
        else:
            out[n] = replace(out[n], cls=Class.MOVED, moved_to=target.right)
        if compared[to].cls is Class.ONLY_B:
            del out[to]  # it is one value that moved, not a lost and a new one
        else:
            blank = _key(compared[to].a, compared[to].left) is None
            out[to] = replace(out[to], moved_from=each.left, cls=Class.MOVED if blank else out[to].cls)
    return [out[n] for n in sorted(out)]


def _may_move(a: Compared, b: Compared, key: str) -> bool:
    return (a.cls is Class.CHANGED and b.cls is Class.CHANGED) or len(key) >= TELLING


def _group(pointer: str | None) -> str:
    """What values are called that may change places: the list and the name in a row, whatever row and period."""
    parts = (pointer or "").split("/")[1:]
    if parts[0] in ("funds", "indicators", "tasks"):
        leaf = [parts[2], *parts[4:]] if len(parts) > 2 else []
        return "/".join([parts[0], *leaf])
    return parts[0] if len(parts) > 1 else "/".join(parts)


def _key(value: Any, pointer: str | None) -> str | None:
    """What a value is found by at another place; None: a blank, or no text."""
    if not isinstance(value, str):
        return None
    if (pointer or "").endswith("/amount"):
        try:
            return str(Decimal(value).normalize())
        except InvalidOperation:
            pass
    return comparison_key(value) or None
