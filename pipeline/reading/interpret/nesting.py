"""The tree of money lines: below which line the next one stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.language.money import is_part, line_name
from schemas.language.vocabulary import Words, squeeze
from schemas.language.writing import ENUMERATOR

DEFAULT_COLUMN = "full_year_budget"
DEEPEST = 8  # steps of a path below which 其中 begins no parts: each line would be a part of all before it


@dataclass(slots=True)
class Nesting:
    """Where the next line of a block belongs: below which path, and since when."""

    last: list[str] = field(default_factory=list)
    below: list[str] | None = None  # parent of all lines to the end of the block
    fiscal: list[str] | None = None  # the path of 财政拨款 while its kinds may follow it
    column: str = DEFAULT_COLUMN  # of amounts that stand beside their labels: what the topmost label names


def begins_part(labels: Sequence[str], words: Words) -> bool:
    """Whether a line's labels begin the parts of the line before it: 其中：财政拨款, or 其中 in a cell of its own."""
    return is_part(labels[-1], words) or (len(labels) > 1 and _is_part_alone(labels[-2], words))


def path_of(labels: Sequence[str], nesting: Nesting, words: Words) -> list[str]:
    """The path of a line by its labels from the outermost inward and by what came before it, which is noted."""
    known = words.all.funds
    texts = list(labels)
    if len(texts) > 1 and _is_part_alone(texts[-2], words):  # 其中 as a cell of its own
        texts = [*texts[:-2], f"{known.part}：{texts[-1]}"] if nesting.below is None else [*texts[:-2], texts[-1]]
    begins = is_part(texts[-1], words) and len(nesting.last) < DEEPEST
    if begins and not _is_another_part(texts[-1], nesting, words):
        nesting.below = list(nesting.last)
    names = [line_name(text, words) for text in texts]
    names = [name for name in names if name]
    own = squeeze(names[-1]) if names else ""
    if nesting.below is not None and _ends_parts(own, nesting.below, words):
        nesting.below = nesting.below[:-1]
    kinds = set(map(squeeze, known.fiscal.children))
    if len(names) == 1 and nesting.fiscal is not None and ENUMERATOR.sub("", own, count=1) in kinds:
        nesting.last = [*nesting.fiscal, *names]
        return nesting.last
    apart = own in map(squeeze, known.beside) or _is_another_total(own, nesting, words)
    apart = apart or (len(names) == 1 and words.is_subtotal(own) and nesting.below == nesting.last)  # nothing to sum
    if (nesting.below is not None and not apart) or is_part(texts[-1], words):
        below = nesting.below or []
        again = below[: len(names) - 1] == names[:-1]  # a tall label beside all its lines: it stands in their path once
        path = [*below, *(names[-1:] if again else names)]
    else:
        path = names
        nesting.below = names if len(names) == 1 and own in map(squeeze, known.parents) else None
    nesting.fiscal = path if own == known.fiscal.parent else None
    nesting.last = path
    return path


def _is_another_total(name: str, nesting: Nesting, words: Words) -> bool:
    """Whether a line is a total of its own behind the parts of one: 年度资金总额 below 项目资金总额 and its 其中."""
    above = nesting.below[0] if nesting.below else ""
    named = words.is_fund_total(name) and not words.is_total(name)
    return named and words.is_fund_total(above) and squeeze(above) != name


def _is_another_part(label: str, nesting: Nesting, words: Words) -> bool:
    """Whether 其中 before a line begins no parts of the part above it: 其中：其他资金 below 其中：财政资金."""
    sibling = nesting.below is not None and nesting.last[:-1] == nesting.below
    return sibling and words.fund_source(line_name(label, words)) in words.all.funds.never_parts


def _ends_parts(name: str, below: Sequence[str], words: Words) -> bool:
    """Whether a line stands beside the part whose own parts stand above it, as it is no part of any other source:
    其他资金 behind 其中：上级资金 of 其中：财政拨款."""
    source = words.fund_source(below[-1]) if len(below) > 1 else None
    apart = words.all.funds.never_parts
    return source is not None and source not in apart and words.fund_source(name) in apart


def _is_part_alone(text: str, words: Words) -> bool:
    """Whether a cell prints 其中 and nothing else."""
    return is_part(text, words) and not line_name(text, words)
