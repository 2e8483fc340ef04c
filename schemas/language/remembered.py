"""Methods of which each object remembers the last answers: forms ask the same of the same words again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar, cast

REMEMBERED = 50_000  # answers of a method that an object keeps at hand

Method = TypeVar("Method", bound=Callable[..., Any])


class _Remembered:
    """Puts itself into the place of a method, and at the first call its memory into the object."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self._method
        answers = lru_cache(REMEMBERED)(self._method.__get__(instance, owner))
        instance.__dict__[self._name] = answers  # found there from now on, and not here
        return answers


def remembered(method: Method) -> Method:
    """Have each object remember what the method answers; its arguments are words, and what it answers never changes."""
    return cast(Method, _Remembered(method))
