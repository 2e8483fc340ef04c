"""Characters that engines take for each other, because their ink is alike."""

from __future__ import annotations

EQUALS = frozenset({"二", "II", "ll", "||", "ニ", "==", "一一", "--", "Ⅱ", "〓"})
"""What an equals sign is read as."""

DIGITS = {"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "|": "1"}
"""What digits are read as."""

ONE, DASH = "一", "—"
"""The numeral of a single level stroke, and the mark."""

TWO = "二"

NUMERALS = (TWO, "三")
"""The next ones: where one of them is counted, the single stroke is a numeral too."""

DASHES = frozenset({ONE, "-", "－", "–", "_"})
"""What a dash that stands alone is read as."""

ALONE = (ONE, "_")
"""The two of them that a cell hardly prints by themselves: where one was read, a dash stands."""

LEVEL_STROKES = frozenset(f"{ONE}{DASH}-_－–")
"""What may be read of flat ink."""

LOW = LEVEL_STROKES | frozenset("―~～=＝≈·.…")
"""What may be read of ink that is low, be it of one stroke or of several."""

SLANTED = frozenset("1lI|丨丿ノ")
"""What a slash that stands alone is read as."""

COMPARING = frozenset("MNWVΛ∧∨AЛ<>《》〈〉＜＞)）(（?？ZzYyLlKk人入")
"""What a sign of greater or less that stands alone is read as."""

FRAMED = frozenset("图四国团因区田回")
"""Those characters of the next ones that forms write."""

BOXES = frozenset("口囗回凹曰日田凶区图四国团因□☐☑☒■○●◯◎〇√✓✔VvOo0D")
"""What a box, a circle or a tick is read as."""
