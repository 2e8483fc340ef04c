"""Dataclasses whose values nobody changes, made as fast as those that may be changed.

mypy sees `dataclasses.dataclass` itself, and keeps everybody from setting a field of a frozen one. At run time the
class is made without the guard: with it every field of every new object costs a call, which was a tenth of the time of
reading a dump.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(*, frozen=False, eq=True, unsafe_hash=False, **options):
        """As `dataclasses.dataclass`; what is frozen can be hashed, and only mypy knows that it is."""
        return dataclasses.dataclass(eq=eq, unsafe_hash=unsafe_hash or (frozen and eq), **options)


__all__ = ["dataclass"]
