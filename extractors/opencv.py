"""OpenCV, for all that looks at ink: the one place that imports it, so that it can be loaded without a screen too."""

from __future__ import annotations

from extractors.screenless import lend_screen

lend_screen()

import cv2  # noqa: E402 - what it may lack is lent before

__all__ = ["cv2"]
