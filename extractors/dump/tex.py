"""Formulas as document parsers write them (`$\\geq 95\\%$`), back into the characters that the page prints."""

from __future__ import annotations

import re

FORMULA = re.compile(
    r"\$\$(?P<display>[^$\n]{1,200})\$\$|\$(?P<inline>[^$\n]{1,200})\$|\\\((?P<round>[^\n]{1,200}?)\\\)"
)
COMMAND = re.compile(r"\\(?P<name>[A-Za-z]+|.)\s?")
CHARACTERS = {
    "geq": "≥", "ge": "≥", "geqslant": "≥", "leq": "≤", "le": "≤", "leqslant": "≤", "gt": ">", "lt": "<", "neq": "≠",
    "approx": "≈", "pm": "±", "times": "×", "div": "÷", "sim": "~", "cdot": "·", "ldots": "…", "cdots": "…",
    "dots": "…", "square": "□", "Box": "□", "boxtimes": "☒", "checkmark": "√", "surd": "√", "triangle": "△",
    "bigtriangleup": "△", "yen": "¥", "textyen": "¥", "permil": "‰", "circ": "°", "bullet": "•", "blacksquare": "■",
    "degree": "°",
}  # fmt: skip
"""What a command prints. Any other one sets its argument in a face of its own, or is white space."""

ESCAPED = frozenset("%$&#_{}")


def without_tex(text: str) -> str:
    """The text with its formulas as plain characters. Two lone dollar signs around other text are no formula."""
    return FORMULA.sub(_plain, text) if "$" in text or "\\(" in text else text


def _plain(match: re.Match[str]) -> str:
    inside = next(group for group in match.groups() if group is not None)
    if "\\" not in inside and not re.fullmatch(r"[\d.,%~<>=+\-/()\s^_{}A-Za-z]+", inside):
        return match.group()
    shown = COMMAND.sub(_character, inside)
    return re.sub(r"\s+", " ", re.sub(r"[{}]|[_^](?=[{\w°])", "", shown)).strip()


def _character(match: re.Match[str]) -> str:
    name = match["name"]
    return name if name in ESCAPED else CHARACTERS.get(name, "")
