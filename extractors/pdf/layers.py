"""Which layers of a PDF are off: what stands in them is in the file and on no page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pdfminer.pdftypes import PDFObjRef, resolve1

from schemas.frozen import dataclass

DEEPEST = 8  # conditions within conditions: a file that nests more of them is a loop
POLICIES: dict[str, Callable[[list[bool]], bool]] = {
    "AllOn": all,
    "AnyOn": any,
    "AnyOff": lambda on: not all(on),
    "AllOff": lambda on: not any(on),
}


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers that are off, by the numbers of their objects; `on` says which are on where all others are off."""

    off: frozenset[int] = frozenset()
    on: frozenset[int] | None = None

    @classmethod
    def of(cls, catalog: dict[str, Any]) -> Layers:
        """As a file's first settings have them."""
        settings = resolve1((resolve1(catalog.get("OCProperties")) or {}).get("D"))
        if not isinstance(settings, dict):
            return cls()
        on = _numbers(settings.get("ON")) if _name(settings.get("BaseState")) == "OFF" else None
        return cls(_numbers(settings.get("OFF")), on)

    def hides(self, layer: Any, depth: int = 0) -> bool:
        """Whether what belongs to a layer, or to what depends on layers, is not shown."""
        if (not self.off and self.on is None) or layer is None or depth > DEEPEST:
            return False
        if isinstance(layer, PDFObjRef) and self._is_off(layer.objid):
            return True
        membership = resolve1(layer)
        if not isinstance(membership, dict) or _name(membership.get("Type")) != "OCMD":
            return False
        condition = resolve1(membership.get("VE"))
        if isinstance(condition, list):
            return not self._holds(condition, depth)
        parts = membership.get("OCGs")
        members = resolve1(parts)
        members = members if isinstance(members, list) else [parts]
        shown = [not self.hides(member, depth + 1) for member in members if resolve1(member) is not None]
        return bool(shown) and not POLICIES.get(_name(membership.get("P")), any)(shown)

    def _is_off(self, number: int) -> bool:
        return number in self.off or (self.on is not None and number not in self.on and number >= 0)

    def _holds(self, condition: list[Any], depth: int) -> bool:
        """Whether an expression of layers (And, Or, Not) is true."""
        if depth > DEEPEST or not condition:
            return True
        parts = []
        for entry in condition[1:]:
            inner = resolve1(entry)
            parts.append(self._holds(inner, depth + 1) if isinstance(inner, list) else not self.hides(entry, depth + 1))
        kind = _name(condition[0])
        return not all(parts) if kind == "Not" else any(parts) if kind == "Or" else all(parts)


def _numbers(layers: Any) -> frozenset[int]:
    return frozenset(layer.objid for layer in resolve1(layers) or () if isinstance(layer, PDFObjRef))


def _name(value: Any) -> str:
    return str(getattr(resolve1(value), "name", ""))
