"""Rows of a table without the cells that merged ones above cover: where their own cells stand.

LibreOffice writes a merged cell into the row in which it begins, and leaves its other parts out of a Word 2003 file,
which says nothing of them. A row is then too short by the columns of some cells of the row above. Which ones is told by
how its own cells fit below the others; where they fit as well elsewhere, that is doubtful.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import accumulate

from schemas.frozen import dataclass

DOUBT = "the file leaves out the parts of merged cells; this one stands where its row fits below the one above"
MOST_COLUMNS = 60  # of a table whose rows are fitted; forms have some fifteen
State = tuple[int, int]  # a column, and how many cells of the row stand left of it
Cost = tuple[int, int, int]  # own cells that stand across an edge above, that join cells above, that part one
Ways = dict[State, list[tuple[State, Cost]]]
START: State = (0, 0)
NOTHING: Cost = (0, 0, 0)


@dataclass(slots=True)
class Standing:
    """Where a cell stands; `which`: its number among the cells of the row that it begins in."""

    row: int
    which: int
    left: int
    width: int
    height: int = 1
    doubtful: bool = False


def stand(rows: Sequence[Sequence[int]], cols: int, parting: Collection[int] = ()) -> list[Standing]:
    """Where the cells of rows stand, each row given by how many columns each of its own cells covers. `parting`: the
    rows that may be the second one of a header. A row that fits nowhere begins at the left, and is doubtful."""
    out: list[Standing] = []
    above: list[Standing] = []
    for row, widths in enumerate(rows):
        short = sum(widths) < cols
        steps = _steps(above, widths, cols, row in parting) if short and above and cols <= MOST_COLUMNS else None
        here: list[Standing] = []
        left = 0
        for step in steps or [_Step(n, width, False) for n, width in enumerate(widths)]:
            if step.own is None:
                over = next(cell for cell in above if cell.left == left)
                over.height += 1
                here.append(over)
            else:
                doubtful = step.doubtful or (steps is None and short)
                here.append(Standing(row, step.own, left, step.width, doubtful=doubtful))
                out.append(here[-1])
            left += step.width
        above = here
    return out


@dataclass(frozen=True, slots=True)
class _Step:
    """The next columns of a row: one of its own cells, or None where one above goes on."""

    own: int | None
    width: int
    doubtful: bool


def _steps(above: Sequence[Standing], widths: Sequence[int], cols: int, parting: bool) -> list[_Step] | None:
    """How a row is made of its own cells and of ones that go on from above; None where it cannot be. Of ways that fit
    as well the one that parts the fewest cells above (or the most, as a second row of headers does), and then the one
    that leaves out those at the left. A cell that others place elsewhere is doubtful."""
    over = {cell.left: cell.width for cell in above}
    taken = [0, *accumulate(widths)]
    missing = cols - taken[-1]
    ways = {
        (left, own): _ways(left, own, over, widths, cols, parting)
        for own, first in enumerate(taken)
        for left in range(first, min(first + missing + 1, cols))
    }
    lefts = _lefts(ways, (cols, len(widths)))
    end = (cols, len(widths))
    best = _cheapest(ways, end)
    if START not in best:
        return None
    steps: list[_Step] = []
    at = START
    while at != end:
        after = next(to for to, cost in ways[at] if to in best and _add(cost, best[to]) == best[at])
        own = at[1] if after[1] > at[1] else None
        steps.append(_Step(own, after[0] - at[0], own is not None and len(lefts[own]) > 1))
        at = after
    return steps


def _cheapest(ways: Ways, end: State) -> dict[State, Cost]:
    """The least cost from each state to the end, of those from which it is reached."""
    best = {end: NOTHING}
    for state in sorted(ways, reverse=True):
        costs = [_add(cost, best[to]) for to, cost in ways[state] if to in best]
        if costs:
            best[state] = min(costs)
    return best


def _lefts(ways: Ways, end: State) -> dict[int, set[int]]:
    """By own cell: the columns at which it stands in ways that fit as well, whether they part cells or not."""
    ways = {state: [(to, (across, joined, 0)) for to, (across, joined, _) in own] for state, own in ways.items()}
    best = _cheapest(ways, end)
    lefts: dict[int, set[int]] = {}
    reached = {START}
    for state in sorted(ways):
        for to, cost in ways[state] if state in reached else ():
            if to in best and _add(cost, best[to]) == best[state]:
                reached.add(to)
                if to[1] > state[1]:
                    lefts.setdefault(state[1], set()).add(state[0])
    return lefts


def _ways(
    left: int, own: int, over: dict[int, int], widths: Sequence[int], cols: int, parting: bool
) -> list[tuple[State, Cost]]:
    """What may stand at a column, and its cost: the cell above that begins there, or the next cell of the row."""
    ways: list[tuple[State, Cost]] = []
    if left in over:
        ways.append(((left + over[left], own), NOTHING))
    if own < len(widths) and (right := left + widths[own]) <= cols:
        across = any(left < edge < right for edge in over)
        whole = left in over and (right in over or right == cols)
        parts = int(not across and not whole)
        cost = (int(across and not whole), int(across and whole), -parts if parting else parts)
        ways.append(((right, own + 1), cost))
    return ways


def _add(one: Cost, other: Cost) -> Cost:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]
