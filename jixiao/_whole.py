"""Whether the internals that are imported are ours: their names are common, any folder on the path may hide them."""

from __future__ import annotations

import gettext
import importlib
import os
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
VARIABLES = ("JIXIAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")  # as pipeline.messages has them, which may be hidden


def _check() -> None:
    for name in ("schemas", "extractors", "pipeline"):
        module = importlib.import_module(name)
        at = module.__file__ or next(iter(module.__path__), "")
        if Path(at).resolve().is_relative_to(HOME / name):
            continue
        tell = _texts().gettext
        said = tell(
            "jixiao needs its own package {name!r}, and {at} hides it: start Python elsewhere, or rename that module."
        )
        raise ImportError(said.format(name=name, at=at), name=name)


def _texts() -> gettext.NullTranslations:
    """The compiled catalogue of the language of this process, read as a file: its package may be the hidden one."""
    wanted = next((value for name in VARIABLES if (value := os.environ.get(name))), "")
    languages = [wanted.replace("-", "_")]
    return gettext.translation("program", HOME / "pipeline" / "messages", languages, fallback=True)


_check()
