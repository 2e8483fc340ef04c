"""The numbers that Word prints before paragraphs without holding them as text: 一、 (1) ① by lists and styles."""

from __future__ import annotations

from typing import Any

from schemas.language.writing import NUMERALS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEEPEST = 9  # levels of a list in Word
CHINESE = frozenset({"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital"})


class Numbering:
    """The lists of a document; counts as it is asked, so it must be asked in reading order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._counts: dict[str, list[int]] = {}
        self._styles = {s.get(W + "styleId"): s for s in document.styles.element.iter(W + "style")}
        root = next(
            (r.target_part.element for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None
        )
        if root is None:
            return
        lists = {
            a.get(W + "abstractNumId"): {int(v.get(W + "ilvl", "0")): v for v in a.iter(W + "lvl")}
            for a in root.iter(W + "abstractNum")
        }
        for number in root.iter(W + "num"):
            link = number.find(W + "abstractNumId")
            self._levels[number.get(W + "numId")] = lists.get(link.get(W + "val") if link is not None else "", {})

    def style(self, name: str) -> Any:
        """The definition of a style, None where the document has none of this name."""
        return self._styles.get(name)

    def mark(self, paragraph: Any) -> str:
        """What Word prints before a paragraph; "" where it is in no list."""
        place = self._list_of(paragraph.find(W + "pPr"))
        if place is None:
            return ""
        name, depth = place
        levels = self._levels.get(name)
        if not levels or not 0 <= depth < DEEPEST or depth not in levels:
            return ""
        counts = self._counts.setdefault(name, [0] * DEEPEST)
        counts[depth] = counts[depth] + 1 if counts[depth] else _value(levels[depth], "start", 1)
        counts[depth + 1 :] = [0] * (DEEPEST - depth - 1)
        text = _text(levels[depth], "lvlText", "")
        if _text(levels[depth], "numFmt", "decimal") == "bullet":
            return "•" if text else ""
        for i in range(depth, -1, -1):
            if f"%{i + 1}" in text:
                shown = counts[i] or _value(levels.get(i), "start", 1)
                text = text.replace(f"%{i + 1}", counted(shown, _text(levels.get(i), "numFmt", "decimal")))
        return text

    def _list_of(self, properties: Any) -> tuple[str, int] | None:
        """(list, level) by the paragraph's own properties or those of its style."""
        for _ in range(DEEPEST):
            if properties is None:
                return None
            own = properties.find(W + "numPr")
            if own is not None:
                name, depth = own.find(W + "numId"), own.find(W + "ilvl")
                if name is not None:
                    level = depth.get(W + "val", "0") if depth is not None else "0"
                    return name.get(W + "val", "0"), int(level) if level.isascii() and level.isdigit() else 0
            link = properties.find(W + "pStyle")
            if link is None:
                link = properties.getparent().find(W + "basedOn")
            style = self._styles.get(link.get(W + "val")) if link is not None else None
            properties = style.find(W + "pPr") if style is not None else None
        return None


def counted(number: int, how: str) -> str:
    """A number as a list of this format prints it: decimal, Chinese (to 99), circled, letters, Roman."""
    if how in CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        head = ("" if tens == 1 else NUMERALS[tens - 1]) + NUMERALS[9] if tens else ""
        return head + (NUMERALS[ones - 1] if ones else "")
    if how.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if how in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        return chr((97 if how == "lowerLetter" else 65) + number - 1)
    if how in ("lowerRoman", "upperRoman") and 0 < number < 40:
        text = "X" * (number // 10) + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10]
        return text.lower() if how == "lowerRoman" else text
    return str(number)


def _text(level: Any, name: str, default: str) -> str:
    element = level.find(W + name) if level is not None else None
    return element.get(W + "val", default) if element is not None else default


def _value(level: Any, name: str, default: int) -> int:
    text = _text(level, name, str(default))
    return int(text) if text.isascii() and text.isdigit() else default
