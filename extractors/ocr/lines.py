"""Recognition of lines of text: the model's own session, with no more padding than a line needs.

PaddleOCR pads every line to 320 pixels or to the longest of its batch, and spins while it waits. Here a line is padded
to the next step of its width and stands in a batch with lines of that width alone, so that its reading never hangs on
its neighbours; batches are bounded in pixels and run side by side, each on one thread. Short lines whose reading is
doubtful are read again as PaddleOCR would. What is read is decoded by PaddleOCR's own decoder.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from extractors.ocr.graphs import LOGITS
from extractors.ocr.sessions import MODEL, session
from schemas.frozen import dataclass

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

HEIGHT = 48  # pixels: the height of a line in the model
USUAL = 320  # pixels: the width that the model was trained on, which PaddleOCR pads every line to
WIDEST = 3200  # pixels: wider lines are squeezed
STEP = 32  # pixels: the steps of width of lines
PIXELS = 6 * USUAL  # of width, in one batch
BLANK = 0  # the number of no character
DOUBTFUL = 0.97  # a short line with a lower score is read again at the usual width


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the model gave of one line: the text, its score, the number of columns that its width takes, and
    PaddleOCR's words, the columns of their characters, and their kinds."""

    text: str
    score: float
    columns: float
    words: list[Any]
    word_columns: list[Any]
    kinds: list[Any]


class LineModel:
    """A recognition model of PaddleOCR in a session of its own. Lines are padded to steps of `step`
    pixels, and to `least` at least."""

    def __init__(self, folder: Path, decoder: Any, threads: int, least: int = STEP, step: int = STEP) -> None:
        self.session = session(folder / MODEL)
        self.decoder = decoder
        self.threads = threads
        self.least = least
        self.step = step
        self._name = self.session.get_inputs()[0].name
        self._bare = self.session.get_outputs()[0].name == LOGITS

    def __call__(self, images: Sequence[Image], return_word_box: bool = False) -> Iterator[dict[str, Any]]:
        """As PaddleOCR's own recognition: one result for each image (BGR), in order."""
        for line in self.read(images):
            words = [line.columns, line.words, line.word_columns, line.kinds]
            text = (line.text, words) if return_word_box else line.text
            yield {"rec_text": text, "rec_score": line.score, "vis_font": None}

    def read(self, images: Sequence[Image]) -> list[Decoded]:
        """The readings of images (BGR) that hold one line each."""
        lines = self._read(images, self.least)
        again = [
            i
            for i, image in enumerate(images)
            if lines[i].score < DOUBTFUL and own_width(image) < USUAL and self.least < USUAL
        ]
        for i, line in zip(again, self._read([images[i] for i in again], USUAL), strict=True):
            if line.score > lines[i].score:
                lines[i] = line
        return lines

    def _read(self, images: Sequence[Image], least: int) -> list[Decoded]:
        groups = batches([padded(image, least, self.step) for image in images])
        with ThreadPoolExecutor(max(self.threads, 1)) as pool:
            results = pool.map(lambda group: self._batch([images[i] for i in group[1]], group[0]), groups)
            read = {
                i: line
                for (_, members), lines in zip(groups, results, strict=True)
                for i, line in zip(members, lines, strict=True)
            }
        return [read[i] for i in range(len(images))]

    def _batch(self, images: Sequence[Image], width: int) -> list[Decoded]:
        from extractors.opencv import cv2  # what reads no scan does without it

        given = np.zeros((len(images), 3, HEIGHT, width), np.float32)
        for k, image in enumerate(images):
            own = own_width(image)
            small = cv2.resize(image, (own, HEIGHT)).astype(np.float32).transpose(2, 0, 1)
            given[k, :, :, :own] = (small / 255 - 0.5) / 0.5
        (values,) = self.session.run(None, {self._name: given})
        best, sure = chosen(values, len(images)) if self._bare else likeliest(values)
        decoded = self.decoder.decode(best, sure, is_remove_duplicate=True, return_word_box=True)
        out = []
        for image, (text, score, (columns, words, places, kinds)) in zip(images, decoded, strict=True):
            share = image.shape[1] / image.shape[0] * HEIGHT / width
            out.append(Decoded(text, float(score), columns * share, words, places, kinds))
        return out


def likeliest(chances: Floats) -> tuple[Numbers, Floats]:
    """The character of each column, and its chance, by the chances of all (lines × columns × characters)."""
    best = chances.argmax(axis=-1)
    return best, np.take_along_axis(chances, best[..., None], axis=-1)[..., 0]


def chosen(logits: Floats, lines: int) -> tuple[Numbers, Floats]:
    """The same by what chances are made of by softmax, a row for each column of some lines; only where a character
    begins its chance is asked for."""
    best = logits.argmax(axis=-1).reshape(lines, -1)
    begins = best != BLANK
    begins[:, 1:] &= best[:, 1:] != best[:, :-1]
    rows = logits[begins.reshape(-1)]
    sure = np.zeros(best.shape, np.float32)
    sure[begins] = 1 / np.exp(rows - rows.max(axis=-1, keepdims=True)).sum(axis=-1)
    return best, sure


def own_width(image: Image) -> int:
    """The width of a line's image at the model's height."""
    width = HEIGHT * image.shape[1] / image.shape[0]
    return min(int(width) if width >= USUAL else math.ceil(width), WIDEST)


def padded(image: Image, least: int, step: int = STEP) -> int:
    """The width that a line is padded to: the next step, and `least` at least."""
    return max(least, min(-(-own_width(image) // step) * step, WIDEST))


def batches(widths: Sequence[int]) -> list[tuple[int, list[int]]]:
    """(width, numbers of the lines) of batches of lines of one width, none wider in all than PIXELS but by one line;
    the largest first, so that no thread is left with it at the end."""
    out: list[tuple[int, list[int]]] = []
    for width in sorted(set(widths), reverse=True):
        members = [i for i, own in enumerate(widths) if own == width]
        size = max(1, PIXELS // width)
        out += [(width, members[k : k + size]) for k in range(0, len(members), size)]
    return sorted(out, key=lambda batch: -batch[0] * len(batch[1]))


def paddle_decoder(folder: Path) -> Any:
    """PaddleOCR's decoder with a model's characters."""
    from paddlex.inference.models.text_recognition.processors import CTCLabelDecode  # heavy

    description = yaml.safe_load((folder / "inference.yml").read_text(encoding="utf-8"))
    return CTCLabelDecode(character_list=list(description["PostProcess"]["character_dict"]))
