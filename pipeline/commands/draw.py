"""`jixiao draw`: a page with what was found on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from extractors.ocr.choose import engine_source
from extractors.ocr.guard import PAGE_SECONDS
from pipeline.commands.terminal import (
    Exit,
    OcrModelNames,
    OcrModels,
    OcrSeconds,
    ocr_choice,
    say,
    stop,
    stop_unwritable,
)
from pipeline.output.draw import draw_page
from pipeline.output.pictures.pages import CannotShow
from pipeline.output.show import plain


def draw(
    file: Annotated[Path, typer.Argument(help="A PDF, or an image of a page.")],
    page: Annotated[int, typer.Option("--page", min=1, help="Page, from 1.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The PNG to write; default FILE-pN.png here.")] = None,
    words: Annotated[bool, typer.Option("--words", help="Draw the words' boxes too.")] = False,
    ocr_models: OcrModels = None,
    ocr_model_names: OcrModelNames = None,
    ocr_seconds: OcrSeconds = PAGE_SECONDS,
) -> None:
    """Draw a page as PNG with the rules, cells and spans that were found on it."""
    target = out or Path(f"{file.stem}-p{page}.png")
    ocr = ocr_choice(ocr_models, ocr_model_names, ocr_seconds)
    try:
        draw_page(file, page, target, words=words, engine=engine_source(ocr))
    except CannotShow as error:
        stop(str(error), Exit.SOME_FAILED)
    except OSError as error:
        stop_unwritable(target, error)
    say.print(Text(plain(str(target))))
