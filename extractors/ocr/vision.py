"""OpenCV: which package brings the cv2 that works anywhere, and what to do where another one lies over it.

The library of the engine asks for a package by name whose cv2 needs the system's libGL; several others write the same
cv2 too, and the last one that was installed wins. The headless one of the same version holds all of it but windows:
where it stands alone, it is named to the engine's library by the name that it asks for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, DistributionFinder, distributions
from typing import Any

ASKED = "opencv-contrib-python"  # PaddleX looks for its version before it uses cv2
ALONE = "opencv-contrib-python-headless"
HEADLESS = f"{ALONE}==4.10.0.84"  # needs nothing of the system
HOW = f"pip install --force-reinstall --no-deps {HEADLESS}"


def advice(error: ImportError) -> str:
    """What an import that failed says, and how to mend it where it was OpenCV's."""
    said = str(error)
    system = ("libGL", "libgthread", "libglib", "libSM", "libXext")
    if error.name == "cv2" or any(library in said for library in system):
        return f"OpenCV cannot be loaded ({said}); `{HOW}` brings one that needs nothing of the system"
    return said


def installed() -> str:
    """The package that brings cv2: the one that is asked for, or the headless one that stands alone."""
    return ALONE if not _is_there(ASKED) and _is_there(ALONE) else ASKED


def name_headless() -> None:
    """Let the headless package answer for the one that is asked for, where that is not installed."""
    if installed() == ALONE:
        sys.meta_path.append(_Namesake())


class _Namesake(DistributionFinder):
    """Finds the headless package by the other one's name, and no modules."""

    def find_spec(self, *_: object) -> None:
        return None

    def find_distributions(self, context: Any = None) -> Iterable[Distribution]:
        return distributions(name=ALONE) if getattr(context, "name", None) == ASKED else ()


def _is_there(name: str) -> bool:
    return next(iter(distributions(name=name)), None) is not None
