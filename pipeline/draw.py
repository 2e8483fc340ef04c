"""Draw what was read on a picture of the page: rules, grid cells with their spans, words.

For looking, not for reading: a person sees at once where a cell is missing or a span is wrong. The picture is
the page as pdfium renders it; the drawing lies over it, and a legend stands below it, so that a point of the
page is always at the same pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from extractors.borderless import camelot_rows
from extractors.layout import page_blocks
from extractors.text_layer import read_sheet
from schemas.model import Box, Cell, Grid, Sheet

DPI = 144  # two pixels a point: hairlines stay apart, and a page of A4 fits a screen
MAGIC_WITHIN = 1024  # bytes: where readers of PDF look for its header

Colour = tuple[int, int, int]

RULE: Colour = (220, 30, 30)
CELL: Colour = (20, 90, 220)
ALIGNED: Colour = (225, 120, 0)
WORD: Colour = (0, 145, 70)
MERGED: Colour = (140, 60, 220)
DOUBTFUL: Colour = (225, 0, 160)
NO_CELL: Colour = (90, 90, 90)
TINT = 46  # of 255: how strongly an area is tinted
INSET = 2  # pixels between a rule and the outline of a cell, so that both are seen
TAG_SIZE = 10  # pixels
LEGEND_SIZE = 15  # pixels
SWATCH = 14  # pixels: the side of a colour's square in the legend
LEGEND_LINE = 22  # pixels a line


class CannotDraw(Exception):
    """A page that cannot be drawn; the message says why."""


class FileMissing(CannotDraw):
    """There is no such file."""


class NotAPdf(CannotDraw):
    """The file is not a PDF, or is too damaged or too well locked to be opened as one."""


class NoSuchPage(CannotDraw):
    """The file has no page of that number."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture that was written: where, what the page shows, and the grids found on it."""

    out: Path
    sheet: Sheet
    grids: tuple[Grid, ...]
    scale: float  # pixels a point


def draw_page(path: Path | str, page: int, out: Path | str, *, words: bool = False, dpi: int = DPI) -> Drawing:
    """Write a PNG of page `page` (from 1) of a PDF with its rules and grids drawn on it; `words` adds words.

    Raises FileMissing, NotAPdf or NoSuchPage; OSError where `out` cannot be written.
    """
    path, out = Path(path), Path(out)
    sheet, grids, crop = _read(path, page)
    scale = dpi / 72
    picture = draw_sheet(_render(path, page, sheet, crop, scale), sheet, grids, words=words)
    out.parent.mkdir(parents=True, exist_ok=True)
    picture.save(out, format="PNG")
    return Drawing(out, sheet, tuple(grids), scale)


def draw_sheet(picture: Image.Image, sheet: Sheet, grids: Sequence[Grid], *, words: bool = False) -> Image.Image:
    """A picture of the page (any size, rendered or scanned) with the sheet's rules and the grids drawn on it.

    The page keeps its pixels; the legend is added below. Tags count rows and columns from 0, as the records'
    origins do.
    """
    across, down = picture.width / sheet.width, picture.height / sheet.height

    def pixels(box: Box) -> tuple[int, int, int, int]:
        return (
            round(box.left * across),
            round(box.top * down),
            round(box.right * across),
            round(box.bottom * down),
        )

    layer = Image.new("RGBA", picture.size)
    pen = ImageDraw.Draw(layer)
    for grid in grids:
        for hole in holes(grid):
            _cross_out(pen, pixels(hole))
        for cell in grid.cells:
            _tint(pen, pixels(cell_box(grid, cell)), cell)
    for rule in sheet.rules:
        at = round(rule.at * (across if rule.vertical else down))
        along = down if rule.vertical else across
        start, end = round(rule.start * along), round(rule.end * along)
        pen.line([(at, start), (at, end)] if rule.vertical else [(start, at), (end, at)], fill=(*RULE, 255))
    if words:
        for word in sheet.words:
            pen.rectangle(pixels(word.box), outline=(*WORD, 255))
    for grid in grids:
        colour = CELL if grid.ruled else ALIGNED
        for cell in grid.cells:
            _outline(pen, pixels(cell_box(grid, cell)), colour)
            _tag(pen, pixels(cell_box(grid, cell)), colour, cell)
    drawn = Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")
    return _with_legend(drawn, sheet, grids, words)


def cell_box(grid: Grid, cell: Cell) -> Box:
    """The area of a cell: its own where it has one on the grid's page, else that of its span in the grid."""
    own = [place.box for _, place in cell.parts if place.page == grid.page and place.box is not None]
    if own:
        return own[0]
    return Box(grid.xs[cell.col], grid.ys[cell.row], grid.xs[cell.cols.stop], grid.ys[cell.rows.stop])


def holes(grid: Grid) -> list[Box]:
    """The places of a ruled grid that no cell takes up; text there would be lost."""
    if not grid.ruled:
        return []
    taken = np.zeros((len(grid.ys) - 1, len(grid.xs) - 1), dtype=np.bool_)
    for cell in grid.cells:
        taken[cell.row : cell.rows.stop, cell.col : cell.cols.stop] = True
    return [Box(grid.xs[c], grid.ys[r], grid.xs[c + 1], grid.ys[r + 1]) for r, c in np.argwhere(~taken).tolist()]


def tag_of(cell: Cell) -> str:
    """`r3c2 2x1`: row and column from 0, then rows x columns where the cell spans more than one."""
    span = f" {cell.rowspan}x{cell.colspan}" if _merged(cell) else ""
    return f"r{cell.row}c{cell.col}{span}"


def _merged(cell: Cell) -> bool:
    return cell.rowspan > 1 or cell.colspan > 1


def _read(path: Path, page: int) -> tuple[Sheet, list[Grid], tuple[float, float]]:
    """The sheet and grids of a page, and the point of the sheet at which its visible part begins."""
    if not path.is_file():
        raise FileMissing(f"{path}: there is no such file")
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(MAGIC_WITHIN):
            raise NotAPdf(f"{path}: not a PDF")
    import pdfplumber  # heavy: only where a page is drawn
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(path) as pdf:
            count = len(pdf.pages)
            if not 1 <= page <= count:
                have = "1 page" if count == 1 else f"{count} pages"
                raise NoSuchPage(f"{path}: there is no page {page}; the file has {have}")
            found: Any = pdf.pages[page - 1]
            sheet = read_sheet(found, page)
            rows = camelot_rows(str(path), lambda number: float(pdf.pages[number - 1].height))
            grids = [block for block in page_blocks(sheet, rows).blocks if isinstance(block, Grid)]
            crop = (float(found.cropbox[0] - found.bbox[0]), float(found.cropbox[1] - found.bbox[1]))
    except (PdfminerException, PSException) as error:
        why = str(error) or type(error).__name__
        raise NotAPdf(f"{path}: cannot be read as a PDF ({why})") from error
    return sheet, grids, crop


def _render(path: Path, page: int, sheet: Sheet, crop: tuple[float, float], scale: float) -> Image.Image:
    """The page as a picture of the sheet's size; what the crop box hides stays white."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise NotAPdf(f"{path}: cannot be rendered ({error})") from error
    try:
        shown: Image.Image = pdf[page - 1].render(scale=scale).to_pil().convert("RGB")
    finally:
        pdf.close()
    picture = Image.new("RGB", (round(sheet.width * scale), round(sheet.height * scale)), "white")
    picture.paste(shown, (round(crop[0] * scale), round(crop[1] * scale)))
    return picture


def _tint(pen: ImageDraw.ImageDraw, area: tuple[int, int, int, int], cell: Cell) -> None:
    if cell.inferred is not None:
        pen.rectangle(area, fill=(*DOUBTFUL, TINT))
    elif _merged(cell):
        pen.rectangle(area, fill=(*MERGED, TINT))


def _cross_out(pen: ImageDraw.ImageDraw, area: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = area
    pen.rectangle(area, fill=(*NO_CELL, TINT), outline=(*NO_CELL, 255))
    pen.line([(left, top), (right, bottom)], fill=(*NO_CELL, 255))
    pen.line([(left, bottom), (right, top)], fill=(*NO_CELL, 255))


def _outline(pen: ImageDraw.ImageDraw, area: tuple[int, int, int, int], colour: Colour) -> None:
    left, top, right, bottom = area
    inset = min(INSET, (right - left) // 2, (bottom - top) // 2)
    pen.rectangle((left + inset, top + inset, right - inset, bottom - inset), outline=(*colour, 255))


def _tag(pen: ImageDraw.ImageDraw, area: tuple[int, int, int, int], colour: Colour, cell: Cell) -> None:
    """The tag in the cell's corner; in a narrow cell its span goes on a second line."""
    font = ImageFont.load_default(TAG_SIZE)
    tag = tag_of(cell)
    left, top, right, bottom = area
    if pen.textlength(tag, font) > right - left - 2 * INSET and bottom - top > 2.5 * TAG_SIZE:
        tag = tag.replace(" ", "\n")
    at = (left + INSET + 2, top + INSET + 1)
    pen.rectangle(pen.multiline_textbbox(at, tag, font, spacing=1), fill=(255, 255, 255, 150))
    pen.multiline_text(at, tag, fill=(*colour, 255), font=font, spacing=1)


def _with_legend(drawn: Image.Image, sheet: Sheet, grids: Sequence[Grid], words: bool) -> Image.Image:
    ruled = sum(grid.ruled for grid in grids)
    cells = [cell for grid in grids for cell in grid.cells]
    entries: list[tuple[Colour, str]] = [
        (RULE, f"rule ({len(sheet.rules)})"),
        (CELL, f"cell of a ruled grid ({ruled} grids): r0c0 counts from 0, then rows x columns"),
        (ALIGNED, f"cell of aligned text, no rules ({len(grids) - ruled} grids)"),
        (MERGED, f"merged cell ({sum(map(_merged, cells))} of {len(cells)} cells)"),
        (DOUBTFUL, f"cell whose extent was inferred ({sum(cell.inferred is not None for cell in cells)})"),
        (NO_CELL, f"no cell ({sum(len(holes(grid)) for grid in grids)})"),
    ]
    if words:
        entries.append((WORD, f"word ({len(sheet.words)})"))
    font = ImageFont.load_default(LEGEND_SIZE)
    picture = Image.new("RGB", (drawn.width, drawn.height + LEGEND_LINE * len(entries) + SWATCH), "white")
    picture.paste(drawn, (0, 0))
    pen = ImageDraw.Draw(picture)
    pen.line([(0, drawn.height), (drawn.width, drawn.height)], fill="black")
    for i, (colour, text) in enumerate(entries):
        top = drawn.height + SWATCH // 2 + i * LEGEND_LINE
        pen.rectangle((SWATCH, top, 2 * SWATCH, top + SWATCH), fill=colour)
        pen.text((3 * SWATCH, top - 2), text, fill="black", font=font)
    return picture
