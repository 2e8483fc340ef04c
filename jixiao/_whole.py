"""Whether the internals that are imported are ours: their names are common, any folder on the path may hide them."""

from __future__ import annotations

import importlib
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]


def _check() -> None:
    for name in ("schemas", "extractors", "pipeline"):
        module = importlib.import_module(name)
        at = module.__file__ or next(iter(module.__path__), "")
        if Path(at).resolve().is_relative_to(HOME / name):
            continue
        raise ImportError(
            f"jixiao needs its own package {name!r}, and {at} hides it: start Python elsewhere, or rename that module.",
            name=name,
        )


_check()
