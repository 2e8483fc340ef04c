"""Hubs of models: PaddleX asks for their libraries when it is loaded, also where its models stand in folders.

The models come with the installation, so nothing is fetched, and these libraries (a tenth of the whole) need not be
there: what is missing of them is represented by empty modules that say so when they are called.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NoReturn

LIBRARIES = {
    "huggingface_hub": ("logging", "utils"),
    "modelscope": (),
    "aistudio_sdk": ("errors", "snapshot_download"),
}
"""Packages of hubs with the modules of them that PaddleX imports."""


class HubMissing(ImportError):
    """A model is to be fetched from a hub whose library is not installed."""


def represent_missing_hubs() -> None:
    """Put empty modules where libraries of hubs are not installed. Nothing is done where they are."""
    for package, inner in LIBRARIES.items():
        if package in sys.modules or find_spec(package) is not None:
            continue
        whole = sys.modules[package] = _Absent(package)
        whole.__path__ = []
        for name in inner:
            part = sys.modules[f"{package}.{name}"] = _Absent(f"{package}.{name}")
            setattr(whole, name, part)


def missing_libraries() -> list[str]:
    """The libraries of hubs that are not installed."""
    return [name for name in LIBRARIES if isinstance(sys.modules.get(name), _Absent) or find_spec(name) is None]


class _Absent(ModuleType):
    """A module that is not installed: a name in it is an error that nobody raises; called, it says what to do."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "set_verbosity_error":  # called when PaddleX is loaded
            return lambda: None
        package = self.__name__.partition(".")[0]

        def missing(*_: Any, **__: Any) -> NoReturn:
            raise HubMissing(f"models are fetched by {package}, which is not installed: `pip install {package}`")

        return type(name, (Exception,), {"__new__": missing})
