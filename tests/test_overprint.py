"""Text printed twice to look bold is read once; letters that merely repeat are all kept."""

from __future__ import annotations

from pathlib import Path

import pdfplumber
import pytest
from reportlab.pdfgen import canvas

from extractors.pdf.text_layer import read_sheet

TEXTS = ["million", "III", "VIII", "11,000,000.00", "100%", "illegally", "0.11", "fill", "II", "ll"]
FONTS = ["Helvetica", "Times-Roman", "Courier"]


def words_of(path: Path) -> list[str]:
    with pdfplumber.open(path) as pdf:
        return [word.text for word in read_sheet(pdf.pages[0], 1).words]


def page(path: Path, font: str, scale: int, offsets: list[tuple[float, float]], by_letter: bool = False) -> None:
    pdf = canvas.Canvas(str(path), pagesize=(300, 300))
    for i, text in enumerate(TEXTS):
        pieces = list(text) if by_letter else [text]
        x = 30.0
        for piece in pieces:
            for dx, dy in offsets:
                run = pdf.beginText(x + dx, 280 - 24 * i + dy)
                run.setFont(font, 9)
                run.setHorizScale(scale)
                run.textOut(piece)
                pdf.drawText(run)
            x += pdf.stringWidth(piece, font, 9) * scale / 100
    pdf.save()


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("scale", [100, 80, 60, 50])
def test_letters_that_repeat_are_kept(tmp_path: Path, font: str, scale: int) -> None:
    page(tmp_path / "a.pdf", font, scale, [(0, 0)])
    assert words_of(tmp_path / "a.pdf") == TEXTS


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize(
    "offsets",
    [
        [(0, 0), (0, 0)],
        [(0, 0), (0.3, 0)],
        [(0, 0), (-0.4, 0)],
        [(0, 0), (0.5, 0.5)],
        [(0, 0), (0, 0.8)],
        [(0, 0), (0.25, 0), (0, 0.25), (0.25, 0.25)],
    ],
)
@pytest.mark.parametrize("by_letter", [False, True])
def test_doubled_text_is_read_once(
    tmp_path: Path, font: str, offsets: list[tuple[float, float]], by_letter: bool
) -> None:
    page(tmp_path / "a.pdf", font, 100, offsets, by_letter)
    assert words_of(tmp_path / "a.pdf") == TEXTS


def test_a_word_doubled_farther_than_half_of_its_narrow_letters(tmp_path: Path) -> None:
    page(tmp_path / "a.pdf", "Helvetica", 100, [(0, 0), (1.2, 0)])
    read = words_of(tmp_path / "a.pdf")
    assert [t for t in read if t in ("million", "11,000,000.00", "100%", "illegally")] == [
        "million",
        "11,000,000.00",
        "100%",
        "illegally",
    ]
