"""Fold CJK radical code points to the ordinary ideographs they stand for.

Some PDF fonts map a character to the code point of a radical: the text layer then says ⽬ (U+2F6C) where the
page shows 目 (U+76EE). The two look alike and compare unequal, so a header or a label with such a character
in it matches nothing in the vocabulary.

Unicode's NFKC is not the remedy. It folds the Kangxi radicals, but it leaves nearly all of the CJK Radicals
Supplement alone (⻔ ⻓ ⺠), it turns ⼾ into the traditional 戶 where a mainland form means 户, and it would
also fold full width forms and other compatibility characters, which a record keeps as they were printed. So
the mapping is a table of our own, ``schemas/language/radicals.tsv``; its first lines give its source and exceptions.
"""

from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[int, str]:
    """Return the mapping of ``schemas/language/radicals.tsv`` in the shape that ``str.translate`` takes.

    Cached, because every word of every page is folded and the file does not change during a run. Raises
    ``ValueError`` if a line has not its three columns or does not map one character to one: a damaged line
    must stop the run, not shift the characters of a text.
    """
    table: dict[int, str] = {}
    for line in files("schemas.language").joinpath("radicals.tsv").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        radical, ideograph, _code_points = line.split("\t")
        if len(radical) != 1 or len(ideograph) != 1:
            raise ValueError(f"radicals.tsv maps one character to one, not {radical!r} to {ideograph!r}")
        table[ord(radical)] = ideograph
    return table


def fold_radicals(text: str) -> str:
    """Return ``text`` with each radical code point replaced by the ideograph a reader takes it for.

    Every other character is left as it is, full width forms and traditional ideographs too. One character
    becomes one character, so the length and every offset into the text stay valid, and folding twice is the
    same as folding once.
    """
    return text.translate(_table())
