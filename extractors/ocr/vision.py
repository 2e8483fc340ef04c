"""OpenCV: which package brings the cv2 that works anywhere, and what to do where another one lies over it.

The library of the engine asks for a package by name whose cv2 needs the system's libGL; several others write the same
cv2 too, and the last one that was installed wins.
"""

from __future__ import annotations

HEADLESS = "opencv-contrib-python-headless==4.10.0.84"  # needs nothing of the system
HOW = f"pip install --force-reinstall --no-deps {HEADLESS}"


def advice(error: ImportError) -> str:
    """What an import that failed says, and how to mend it where it was OpenCV's."""
    said = str(error)
    system = ("libGL", "libgthread", "libglib", "libSM", "libXext")
    if error.name == "cv2" or any(library in said for library in system):
        return f"OpenCV cannot be loaded ({said}); `{HOW}` brings one that needs nothing of the system"
    return said
