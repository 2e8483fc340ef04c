"""The header of a table without upright rules: the names of its columns, and names that stand over several of them."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.tables.alignment import TextLine
from extractors.tables.unruled.texts import Block, texts_of
from schemas.frozen import dataclass
from schemas.language.vocabulary import Words
from schemas.model import Box

WRAP = 0.6  # of the line height: lines of one name stand no further apart
CENTRED = 0.6  # of the line height: how far the middles of the lines of one name differ
OVER = 1.5  # of the line height: how far the middle of a name differs from that of the columns it stands over


@dataclass(frozen=True, slots=True)
class Head:
    """The names of the columns from left to right, and those over several of them: (name, first column, last one)."""

    names: tuple[Block, ...]
    over: tuple[tuple[Block, int, int], ...] = ()


def read_head(lines: Sequence[TextLine], words: Words) -> Head:
    """The names in the lines of a header."""
    size = lines[0].size
    blocks = _blocks(lines, size, words)
    tiers = [block for block in blocks if _run_below(block, blocks, size) is not None]
    names = sorted((b for b in blocks if b not in tiers), key=lambda b: b.box.middle[0])
    over = []
    for tier in tiers:
        run = _run_below(tier, blocks, size)
        assert run is not None
        places = [names.index(b) for b in run if b in names]
        if places:
            over.append((tier, min(places), max(places)))
    return Head(tuple(names), tuple(over))


def _blocks(lines: Sequence[TextLine], size: float, words: Words) -> list[Block]:
    """The texts of a header, the lines of each name together."""
    out: list[Block] = []
    for text in (t for line in lines for t in texts_of(line)):
        above = next((b for b in reversed(out) if _wraps(b, text.box, size)), None)
        alone = above is not None and words.header(above.text) and words.header(text.text)
        if above is not None and (not alone or words.header(above.text + text.text)):
            out[out.index(above)] = Block((*above.texts, text))
        else:
            out.append(Block((text,)))
    return out


def _wraps(block: Block, box: Box, size: float) -> bool:
    """Whether a text is the next line of a name."""
    above = block.texts[-1].box
    centred = abs(above.middle[0] - box.middle[0]) <= CENTRED * size or abs(above.left - box.left) <= CENTRED * size / 2
    return centred and -WRAP * size < box.top - above.bottom <= WRAP * size


def _run_below(block: Block, blocks: Sequence[Block], size: float) -> list[Block] | None:
    """The names that a name stands over: two or more, side by side below it, with it in their middle."""
    lowest = max(b.middle for b in blocks)
    lower = sorted((b for b in blocks if b.middle > lowest - size / 2), key=lambda b: b.box.left)
    if block in lower or block.middle > lowest - size:
        return None
    best: tuple[int, float, list[Block]] | None = None  # the widest run in whose middle it stands
    for first in range(len(lower)):
        for last in range(first + 1, len(lower)):
            run = lower[first : last + 1]
            left, right = run[0].box.left, run[-1].box.right
            if block.box.left < left - size or block.box.right > right + size:
                continue
            off = abs((left + right) / 2 - block.box.middle[0])
            if off <= OVER * size and (best is None or (-len(run), off) < best[:2]):
                best = -len(run), off, run
    return best[2] if best else None
