"""Matching the texts of a dump row to the roles of an indicator table's columns, so that the whole costs least.

What a text can be is told by its words (level names, operators, units, numbers), where it stands by its tabs: a
row may be shifted, as a whole or from some column on, so a position counts relative to the text before it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from extractors.dump.lines import DumpCell
from schemas.frozen import dataclass
from schemas.language.columns import COLUMNS, What, split_role
from schemas.language.money import is_empty_mark
from schemas.language.values import begins_like_condition, level_points, parse_points, parse_value, without_enumerator
from schemas.language.vocabulary import Words, squeeze
from schemas.language.years import is_of_a_year

LONGEST_POINTS_NAME = 20  # characters of a level name with its points
MOST_ROLES = 60  # of a header whose rows are fitted; forms have some fifteen
LONGEST_CONDITION = 16  # characters of a text that only begins like a condition

# costs, by measure of how wrong it is: a level name read as an indicator is worse than a blank weight
IN_PLACE = -1.0  # a text that is shifted against its header as its neighbour is
AT_HOME = 0.9  # below its own header, a text is taken for what the header says up to this cost
IN_DOUBT = 1.2  # so it is beside a blank target, which a shift of the row would fill, and the row is doubted then
FAR_LESS = 3.0  # a shift of a whole row that costs so much less is seen, though its texts may stand in their place
NEEDED = 2.0  # a column that costs so much to leave empty is asked for
ALWAYS = ("op", "level3")  # a row without these is shifted, though every text stands below a header
EMPTY = {  # a column left without a text
    "level3": 4.0,
    "op": 2.0,
    "targets": 2.0,
    "actual": 1.2,
    "weights": 0.8,
    "score": 0.8,
    "unit": 0.8,
}
UNFIT = 6.0  # a text that cannot be what the column holds
HARDLY = 2.5  # a text that the column rarely holds
PARTS = 100  # of one, in which costs are added up: whole numbers of them, so that equal fits are equal
PLACED = round(-PARTS * IN_PLACE)


@dataclass(frozen=True, slots=True)
class Role:
    """A column's role and the tab its header stands at. `hidden`: no header names the column; its tab is then the
    one that the headers around it leave for it, None where they leave no room."""

    name: str
    tab: int | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """The index of the role of each text of a row, and the indexes of roles that another reading of the row, shifted
    from some column on, would fill otherwise."""

    roles: tuple[int, ...]
    doubtful: frozenset[int] = frozenset()


class Aligner:
    """Aligns the rows of one section. `features` of texts and fits of equal rows are remembered."""

    def __init__(self, roles: Sequence[Role], words: Words) -> None:
        self.roles = tuple(roles)
        self.words = words
        self._at = {role.tab: j for j, role in enumerate(self.roles) if role.tab is not None}
        self._empty = [empty_cost(role.name) for role in self.roles]
        self._skipped = [0, *itertools.accumulate(round(PARTS * cost) for cost in self._empty)]
        self._asked_for = frozenset(j for j, cost in enumerate(self._empty) if cost >= NEEDED)
        self._fit = lru_cache(maxsize=4096)(self._best)
        self._known_costs: dict[str, tuple[list[float], list[int]]] = {}

    def align(self, cells: Sequence[DumpCell], seen: Mapping[int, int]) -> Fit | None:
        """The roles of a row's texts, None where there are more texts than columns. `seen` is
        the tab at which each role stood last on this page."""
        features = tuple(feature(c.text, self.words) for c in cells)
        return self._fit(features, tuple(c.tab for c in cells), tuple(sorted(seen.items())))

    def _best(self, features: tuple[str, ...], tabs: tuple[int, ...], seen: tuple[tuple[int, int], ...]) -> Fit | None:
        if len(features) > len(self.roles):
            return None
        if len(self.roles) > MOST_ROLES:
            return self._below_headers(features, tabs)
        costs = [self._costs(what) for what in features]
        own = self._in_place(costs, tabs, AT_HOME, features)
        stood = dict(seen)
        at_home = own is not None and not self._asked(own)
        if own and at_home and all(stood.get(j) == tab for j, tab in zip(own, tabs, strict=True)):
            return Fit(own)
        cheapest = self._cheapest(features, tabs, stood)
        if own and at_home:
            return Fit(cheapest if cheapest and self._belied(own, cheapest, costs, tabs, stood) else own)
        own = self._in_place(costs, tabs, IN_DOUBT, features)
        if cheapest is None:
            return Fit(own) if own else None
        whole = own and own[0] != cheapest[0] and self._is_shifted_whole(cheapest, tabs)
        if not own or whole or not self._asked(own):  # a row that is shifted as a whole is told well
            return Fit(cheapest)
        # texts below their headers beside a blank target: a shift that fills it is a guess, and said to be one
        return Fit(own, frozenset(j for pair in zip(own, cheapest, strict=True) if pair[0] != pair[1] for j in pair))

    def _costs(self, what: str) -> list[float]:
        """What it costs to read a text of a kind as each role."""
        return self._costs_and_parts(what)[0]

    def _costs_and_parts(self, what: str) -> tuple[list[float], list[int]]:
        if what not in self._known_costs:
            costs = [fit_cost(what, role.name) for role in self.roles]
            self._known_costs[what] = costs, [round(PARTS * cost) for cost in costs]
        return self._known_costs[what]

    def _below_headers(self, features: Sequence[str], tabs: Sequence[int]) -> Fit | None:
        """Every text below its own header, where each can stand there; None where one cannot."""
        chosen = tuple(self._at[tab] for tab in tabs if tab in self._at)
        fits = len(chosen) == len(tabs) and all(
            fit_cost(f, self.roles[j].name) <= IN_DOUBT for f, j in zip(features, chosen, strict=True)
        )
        return Fit(chosen) if fits else None

    def _in_place(
        self, costs: list[list[float]], tabs: tuple[int, ...], most: float, features: tuple[str, ...]
    ) -> tuple[int, ...] | None:
        """The fit that leaves every text below its header, where it costs no more than `most` and the columns that
        every row fills are filled: a target that is a mark (/) has no operator."""
        chosen = [self._at.get(tab, -1) for tab in tabs]
        if -1 in chosen or any(costs[i][j] > most for i, j in enumerate(chosen)):
            return None
        marked = any(
            f == "mark" and self.roles[j].name.startswith("targets.") for f, j in zip(features, chosen, strict=True)
        )
        always = ALWAYS[1:] if marked else ALWAYS
        if any(r.name in always for j, r in enumerate(self.roles) if j not in chosen):
            return None
        return tuple(chosen)

    def _is_shifted_whole(self, chosen: tuple[int, ...], tabs: tuple[int, ...]) -> bool:
        return len({self._moved(t, j) for t, j in zip(tabs, chosen, strict=True)}) == 1

    def _belied(
        self,
        own: tuple[int, ...],
        shifted: tuple[int, ...],
        costs: list[list[float]],
        tabs: tuple[int, ...],
        seen: Mapping[int, int],
    ) -> bool:
        """Whether a row whose texts stand below fitting headers is shifted all the same: as a whole, with every text
        where its role stood in the rows before, and at far less cost."""
        if any(seen.get(j) != tab for j, tab in zip(shifted, tabs, strict=True)):
            return False
        gain = self._cost(own, costs, tabs, seen) - self._cost(shifted, costs, tabs, seen)
        return self._is_shifted_whole(shifted, tabs) and gain >= FAR_LESS

    def _cost(
        self, chosen: tuple[int, ...], costs: list[list[float]], tabs: tuple[int, ...], seen: Mapping[int, int]
    ) -> float:
        """What a fit costs, reckoned as `_cheapest` does."""
        total = sum(cost for j, cost in enumerate(self._empty) if j not in chosen)
        for i, j in enumerate(chosen):
            moved = self._moved(tabs[i], j)
            with_last = moved is not None and moved == self._moved(tabs[i - 1], chosen[i - 1])
            fits = seen.get(j) == tabs[i] or (with_last if i else j not in seen and moved == 0)
            total += costs[i][j] + (IN_PLACE if fits else 0.0)
        return total

    def _asked(self, chosen: tuple[int, ...]) -> bool:
        """Whether a fit leaves a column blank that is asked for."""
        return not self._asked_for.issubset(chosen)

    def _moved(self, at: int, j: int) -> int | None:
        """How far a text is shifted against the header of role `j`, None where no header names it."""
        tab = self.roles[j].tab
        return None if tab is None else at - tab

    def _cheapest(
        self, features: tuple[str, ...], tabs: tuple[int, ...], seen: Mapping[int, int]
    ) -> tuple[int, ...] | None:
        """The monotone fit of least cost. A text costs less where its shift against its header is that of the
        text before it, or where its role stood in the rows before."""
        n, m, skipped = len(features), len(self.roles), self._skipped
        rows = [self._costs_and_parts(what)[1] for what in features]
        best: list[float] = []
        for j, here in enumerate(rows[0]):
            fits = seen[j] == tabs[0] if j in seen else self._moved(tabs[0], j) == 0
            best.append(here + skipped[j] - PLACED * fits)
        before: list[list[int]] = []  # for each text but the first, by its role, the role of the text before it
        for i in range(1, n):
            step, row = tabs[i] - tabs[i - 1], rows[i]
            # what a fit of the texts so far costs, the columns behind the last of them not counted
            open_costs = [cost - skipped[k + 1] for k, cost in enumerate(best)]
            costs_here, roles_before = [math.inf] * m, [-1] * m
            least, at = math.inf, -1
            for j in range(i, m):
                if open_costs[j - 1] < least:
                    least, at = open_costs[j - 1], j - 1
                cost, k = least, at
                if seen.get(j) == tabs[i]:
                    cost -= PLACED
                elif (tab := self.roles[j].tab) is not None:
                    beside = self._at.get(tab - step, j)  # whose header is as far away as the text before
                    if i - 1 <= beside < j and (open_costs[beside] - PLACED, beside) < (cost, k):
                        cost, k = open_costs[beside] - PLACED, beside
                costs_here[j], roles_before[j] = cost + skipped[j] + row[j], k
            best = costs_here
            before.append(roles_before)
        cost, j = min((best[j] + skipped[m] - skipped[j + 1], j) for j in range(n - 1, m))
        if cost == math.inf:
            return None
        chosen = [j]
        for roles_before in reversed(before):
            chosen.append(roles_before[chosen[-1]])
        return tuple(reversed(chosen))


def empty_cost(role: str) -> float:
    """What it costs to leave a role without a text."""
    return EMPTY.get(role.partition(".")[0], 0.0)


@lru_cache(maxsize=16384)
def feature(text: str, words: Words) -> str:
    """What a text can be: level1, level2, both levels, op, unit, number, condition, what
    begins as one (`begun`), mark, project, short, text."""
    short = squeeze(text)
    if short.startswith(tuple(words.all.value_prefixes.get("linked_project", ()))):
        return "project"
    first, second = words.level(text, "level1"), words.level(text, "level2")
    if first or second:
        return "levels" if first and second else "level1" if first else "level2"
    if level_points(short)[1] is not None and len(short) <= LONGEST_POINTS_NAME:
        return "levels"  # points in brackets stand behind level names
    if words.operator(short):
        return "op"
    if short in words.units and not short.isdigit():
        return "unit"
    if is_empty_mark(short, words):
        return "mark"
    if parse_points(short) is not None:
        return "number"
    value = parse_value(short, None, None, words)
    if value is not None and value.number is not None and not _is_numbered(short, words):
        return "condition"
    if _begins_with_number(short, words):
        return "begun"
    return "short" if len(short) <= 6 else "text" if len(short) <= 30 else "long"


def is_value(what: str) -> bool:
    """Whether what a text can be is a value, or a text that begins as one does."""
    return what in ("number", "condition", "begun")


def _is_numbered(short: str, words: Words) -> bool:
    """Whether a number before a text counts it: 1.数字化页数."""
    bare = without_enumerator(short)
    return bare != short and not bare[:1].isascii() and not begins_like_condition(bare, words)


def _begins_with_number(short: str, words: Words) -> bool:
    """Whether a short text begins as a condition does: a target, `12个以上，含临时`, or a name, `24小时响应率`."""
    if len(short) > LONGEST_CONDITION or _is_numbered(short, words) or is_of_a_year(short):
        return False
    return begins_like_condition(short, words)


_FITS: dict[str, dict[str, float]] = {
    "level1": {"level1": -4, "levels": -2, "level2": 2, "short": 1.5, "text": 2.5, "long": 3},
    "level2": {"level2": -3, "levels": -2, "level1": 1, "short": 0.5, "text": 1, "long": 1.2},
    "level3": {
        "text": -0.5,
        "short": 0,
        "long": 0.5,
        "levels": 1.5,
        "level2": 2,
        "level1": 3,
        "condition": 3,
        "begun": 0.8,
        "mark": 1.5,
    },
    "focus_work": {"text": 0.5, "short": 0.8, "long": 0.5},
    "linked_project": {"project": -4, "text": 1.2, "short": 1.2, "long": 1.5, "condition": HARDLY},
    "op": {"op": -4, "mark": 1},
    "unit": {"unit": -2, "mark": 0.3, "short": 2},
    "targets": {"condition": -1, "number": -0.5, "short": 0, "mark": 0, "text": 0.6, "long": 1.5, "unit": 2, "op": 3},
    "actual": {"condition": -1, "number": -0.5, "short": 0, "mark": 0, "text": 0.4, "long": 1.2, "unit": 2, "op": 3},
    "weights": {"number": -1, "mark": 0.5, "condition": 1.5},
    "score": {"number": -1, "mark": 0.5, "condition": 1.5},
    "criteria": {"long": -0.5, "text": 0, "short": 0.8, "mark": 0.5},
    "note": {"long": 0, "text": 0, "short": 0.8, "mark": 0.5, "condition": 1.5},
    "other": {"long": 0.3, "text": 0.3, "short": 0.3, "number": 0.5, "condition": 0.5, "mark": 0.3},
}
_LIKE = {What.HISTORY: What.RESULT, What.TICKED: What.NOTE}  # what they hold looks like
_FITS_OF = {column.what: _FITS[column.key] for column in COLUMNS if column.key in _FITS}


@lru_cache(maxsize=4096)
def fit_cost(kind: str, role: str) -> float:
    """What it costs to read a text of a kind as a role."""
    column, _ = split_role(role)
    name = "other" if column is None else column.key
    fits = _FITS[name] if column is None or name in _FITS else _FITS_OF[_LIKE.get(column.what, column.what)]
    if kind in fits:
        return fits[kind]
    if kind == "begun":
        return fits.get("condition", UNFIT)
    if kind in ("levels", "level1", "level2"):  # a level word may be an ordinary word elsewhere (满意度)
        return fits.get("short", UNFIT) + 1.0
    if kind == "unit":
        return fits.get("short", UNFIT) + 0.5
    if kind == "project":
        return fits.get("text", UNFIT) + HARDLY
    return UNFIT
