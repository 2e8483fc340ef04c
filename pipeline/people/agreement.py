"""How far two people agree who looked at the same values: Cohen's kappa of their verdicts.

Kappa is the share of values on which they agree, less what chance alone would give them, over what chance leaves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

from pipeline.people.sample import SampledLook
from schemas.frozen import dataclass
from schemas.verdicts import LookVerdict


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two people and the values that both looked at: on how many their verdicts are the same, and kappa, None where
    chance leaves nothing (both always said the same one thing)."""

    people: tuple[str, str]
    values: int
    agreed: int
    kappa: float | None


def agreements(looks: Sequence[SampledLook]) -> tuple[Agreement, ...]:
    """The agreement of each two people who both looked at some value; of each, the last look at a value counts."""
    said: defaultdict[str, dict[tuple[str, int, str], LookVerdict]] = defaultdict(dict)
    for look in looks:
        said[look.who][look.place] = look.verdict
    pairs = [(a, b, said[a].keys() & said[b].keys()) for a, b in combinations(sorted(said), 2)]
    return tuple(
        _agreement((a, b), [(said[a][place], said[b][place]) for place in common]) for a, b, common in pairs if common
    )


def _agreement(people: tuple[str, str], verdicts: Sequence[tuple[LookVerdict, LookVerdict]]) -> Agreement:
    count = len(verdicts)
    agreed = sum(1 for a, b in verdicts if a is b)
    first, second = Counter(a for a, _ in verdicts), Counter(b for _, b in verdicts)
    chance = sum(first[verdict] * second[verdict] for verdict in LookVerdict)  # of count squared
    kappa = None if chance == count * count else (agreed * count - chance) / (count * count - chance)
    return Agreement(people, count, agreed, kappa)
