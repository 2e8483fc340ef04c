"""How well the text that some program laid under a scan agrees with what was read now."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from schemas.model import Word


def agreement(hidden: Iterable[Word], read: Iterable[Word]) -> float:
    """The share, 0 to 1, of characters that two readings of a page have in common, full and half width alike.

    Where they stand is left out: the hidden text lies on the page as it is, what was read on the straightened one.
    """
    a, b = _characters(hidden), _characters(read)
    whole = a.total() + b.total()
    return 2 * (a & b).total() / whole if whole else 1.0


def _characters(words: Iterable[Word]) -> Counter[str]:
    text = unicodedata.normalize("NFKC", "".join(word.text for word in words))
    return Counter(ch for ch in text if not ch.isspace())
