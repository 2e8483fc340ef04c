"""Draw what was read on a picture of the page: rules, grid cells with their spans, words.

For looking, not for reading: a person sees at once where a cell is missing or a span is wrong. The picture is
the page as pdfium renders it, or the straightened image of a scan; the drawing lies over it, and a legend stands
below it, so that a point of the page is always at the same pixel.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from extractors.ocr.choose import EngineSource, built_in_engine
from extractors.ocr.engine import EngineMissing
from extractors.ocr.models import ModelsMissing
from extractors.pdf.road import RowBorders
from extractors.pdf.units import sheet_size
from extractors.tables.grid import Lattice
from extractors.tables.layout import page_blocks
from pipeline.output.pictures.pages import CannotShow, Filing
from schemas.frozen import dataclass
from schemas.language.vocabulary import load_words
from schemas.model import Box, Cell, Grid, Sheet, Word

if TYPE_CHECKING:  # heavy: only where a page is a scan
    from extractors.pages import PageImage
    from extractors.scan.drive import ScanReading
    from extractors.scan.ticks import Tick

DPI = 144  # two pixels a point: hairlines stay apart, and a page of A4 fits a screen

Colour = tuple[int, int, int]

RULE: Colour = (220, 30, 30)
BORDER: Colour = (255, 170, 170)
CELL: Colour = (20, 90, 220)
ALIGNED: Colour = (225, 120, 0)
WORD: Colour = (0, 145, 70)
MERGED: Colour = (140, 60, 220)
DOUBTFUL: Colour = (225, 0, 160)
NO_CELL: Colour = (90, 90, 90)
UNSURE: Colour = (150, 85, 20)
TICK: Colour = (0, 185, 215)
SEAL: Colour = (255, 205, 0)
TINT = 46  # of 255: how strongly an area is tinted
SEAL_TINT = 110  # of 255: as strong as is seen over the red of a seal
SURE = 0.98  # the score from which a word of a scan is drawn only where all are
TICK_MARGIN = 2  # pixels between a tick and its outline
UNMARKED = "□○"  # the signs of empty boxes and circles
INSET = 2  # pixels between a rule and the outline of a cell, so that both are seen
BORDER_WIDTH = 3  # pixels: wider than the rule drawn over it, so that a border that no rule drew is seen alone
TAG_SIZE = 10  # pixels
LEGEND_SIZE = 15  # pixels
SWATCH = 14  # pixels: the side of a colour's square in the legend
LEGEND_LINE = 22  # pixels a line


class NoEngineToDraw(CannotShow):
    """The page is a scan, and no OCR engine can be used to read it."""


class DrawingEngineFailed(CannotShow):
    """The page is a scan, and reading it failed."""


@dataclass(frozen=True, slots=True)
class DrawnMarks:
    """What only a scan has: ticks, and the mask (of any size, not 0) of what seals cover."""

    ticks: tuple[Tick, ...]
    seal: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture that was written: where, what the page shows, and the grids found on it."""

    out: Path
    sheet: Sheet
    grids: tuple[Grid, ...]
    scale: float  # pixels a point
    ticks: tuple[Tick, ...] = ()  # of a scan


def draw_page(
    path: Path | str,
    page: int,
    out: Path | str,
    *,
    words: bool = False,
    dpi: int = DPI,
    engine: EngineSource = built_in_engine,
) -> Drawing:
    """Write a PNG of page `page` (from 1) of a PDF or an image with its rules and grids drawn on it; `words` adds
    words. A scan is drawn straightened, with its doubtful words, ticks and seals; `engine` is called for it only.

    Raises a CannotShow; OSError where `out` cannot be written.
    """
    path, out = Path(path), Path(out)
    with Filing(path) as filing:
        sheet = filing.sheet(page)
        if sheet is not None:
            rows = RowBorders(str(path), lambda number: sheet_size(filing.page(number)))
            blocks, marks = page_blocks(sheet, rows, load_words()), None
            shown, scale = (rendered := filing.rendered(page, dpi / 72)).image, rendered.px
        else:
            reading, scale = _read_scan(path, filing.image(page), engine), dpi / 72
            sheet, blocks = reading.page.sheet, reading.blocks
            marks = DrawnMarks(reading.ticks, reading.page.ink.seal)
            size = (max(1, round(sheet.width * scale)), max(1, round(sheet.height * scale)))
            shown = Image.fromarray(reading.page.straight.image).resize(size, Image.Resampling.LANCZOS)
    grids = tuple(block for block in blocks.blocks if isinstance(block, Grid))
    picture = draw_sheet(shown, sheet, grids, blocks.lattices, words=words, marks=marks)
    out.parent.mkdir(parents=True, exist_ok=True)
    picture.save(out, format="PNG")
    return Drawing(out, sheet, grids, scale, marks.ticks if marks else ())


def _read_scan(path: Path, image: PageImage, engine: EngineSource) -> ScanReading:
    """The page's image, read as a run would read it."""
    try:
        from extractors.scan.drive import read_page

        return read_page(image.pixels, image.dpi, image.number, engine(), load_words())
    except (ImportError, EngineMissing, ModelsMissing) as error:
        raise NoEngineToDraw(
            path,
            f"page {image.number} is a scan, and no OCR engine can be used to read it: {error}; "
            "`jixiao doctor` says what is missing",
        ) from error
    except Exception as error:
        raise DrawingEngineFailed(
            path, f"page {image.number} cannot be read: {type(error).__name__}: {error}"
        ) from error


def draw_sheet(
    picture: Image.Image,
    sheet: Sheet,
    grids: Sequence[Grid],
    lattices: Sequence[Lattice] = (),
    *,
    words: bool = False,
    marks: DrawnMarks | None = None,
) -> Image.Image:
    """A picture of the page (any size, rendered or scanned) with the sheet's rules, the borders that were made of them
    (`lattices`) and the grids drawn on it.

    The page keeps its pixels; the legend is added below. Tags count rows and columns from 0, as the records'
    origins do. Words that were read with a score under SURE are drawn always, the others where `words` is set;
    `marks` are drawn for a scan.
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
    for lattice in lattices:
        for left, top, right, bottom in lattice.pieces():
            line = [(round(left * across), round(top * down)), (round(right * across), round(bottom * down))]
            pen.line(line, fill=(*BORDER, 255), width=BORDER_WIDTH)
    for rule in sheet.rules:
        at = round(rule.at * (across if rule.vertical else down))
        along = down if rule.vertical else across
        start, end = round(rule.start * along), round(rule.end * along)
        pen.line([(at, start), (at, end)] if rule.vertical else [(start, at), (end, at)], fill=(*RULE, 255))
    for word in sheet.words:
        if words or _unsure(word):
            pen.rectangle(pixels(word.box), outline=(*(UNSURE if _unsure(word) else WORD), 255))
    for grid in grids:
        colour = CELL if grid.ruled else ALIGNED
        for cell in grid.cells:
            _outline(pen, pixels(cell_box(grid, cell)), colour)
            _tag(pen, pixels(cell_box(grid, cell)), colour, cell)
    for word in sheet.words:
        if word.score is not None and (words or _unsure(word)):
            _score(pen, pixels(word.box), UNSURE if _unsure(word) else WORD, word.score, picture.width)
    for tick in marks.ticks if marks else ():
        _tick(pen, pixels(tick.box), tick)
    below = picture.convert("RGBA")
    if marks is not None:
        below = _sealed(below, marks.seal)
    drawn = Image.alpha_composite(below, layer).convert("RGB")
    return _with_legend(drawn, sheet, grids, words, marks)


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


def score_tag(score: float) -> str:
    """`.97`: two digits and never rounded up, so that a doubtful score does not look like a good one."""
    return "1.0" if score >= 1 else f".{math.floor(max(score, 0.0) * 100):02d}"


def _merged(cell: Cell) -> bool:
    return cell.rowspan > 1 or cell.colspan > 1


def _unsure(word: Word) -> bool:
    return word.score is not None and word.score < SURE


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


def _score(pen: ImageDraw.ImageDraw, area: tuple[int, int, int, int], colour: Colour, score: float, width: int) -> None:
    """A word's score right of it, within the picture."""
    font = ImageFont.load_default(TAG_SIZE)
    tag = score_tag(score)
    at = (min(area[2] + 2, width - math.ceil(pen.textlength(tag, font)) - 1), area[1])
    pen.rectangle(pen.textbbox(at, tag, font), fill=(255, 255, 255, 150))
    pen.text(at, tag, fill=(*colour, 255), font=font)


def _tick(pen: ImageDraw.ImageDraw, area: tuple[int, int, int, int], tick: Tick) -> None:
    """Outlined; a marked one is tinted too."""
    left, top, right, bottom = area
    around = (left - TICK_MARGIN, top - TICK_MARGIN, right + TICK_MARGIN, bottom + TICK_MARGIN)
    fill = None if tick.sign in UNMARKED else (*TICK, 2 * TINT)
    pen.rectangle(around, fill=fill, outline=(*TICK, 255), width=2)


def _sealed(picture: Image.Image, seal: npt.NDArray[np.uint8]) -> Image.Image:
    """The picture with what seals cover tinted."""
    mask = Image.fromarray(((seal > 0) * SEAL_TINT).astype(np.uint8)).resize(picture.size, Image.Resampling.NEAREST)
    tint = Image.new("RGBA", picture.size, (*SEAL, 0))
    tint.putalpha(mask)
    return Image.alpha_composite(picture, tint)


def _with_legend(
    drawn: Image.Image, sheet: Sheet, grids: Sequence[Grid], words: bool, marks: DrawnMarks | None
) -> Image.Image:
    ruled = sum(grid.ruled for grid in grids)
    cells = [cell for grid in grids for cell in grid.cells]
    entries: list[tuple[Colour, str]] = [
        (RULE, f"rule ({len(sheet.rules)})"),
        (BORDER, "border made of rules, or closed where they end"),
        (CELL, f"cell of a ruled grid ({ruled} grids): r0c0 counts from 0, then rows x columns"),
        (ALIGNED, f"cell of aligned text, no rules ({len(grids) - ruled} grids)"),
        (MERGED, f"merged cell ({sum(map(_merged, cells))} of {len(cells)} cells)"),
        (DOUBTFUL, f"cell whose extent was inferred ({sum(cell.inferred is not None for cell in cells)})"),
        (NO_CELL, f"no cell ({sum(len(holes(grid)) for grid in grids)})"),
    ]
    if words:
        scored = " and its score" if marks is not None else ""
        entries.append((WORD, f"word{scored} ({len(sheet.words)})"))
    if marks is not None:
        marked = sum(tick.sign not in UNMARKED for tick in marks.ticks)
        under = sum(len(cell.covered) for cell in cells)
        share = 100 * float(np.mean(marks.seal > 0))
        entries += [
            (UNSURE, f"word with a score under {SURE} ({sum(map(_unsure, sheet.words))} of {len(sheet.words)} words)"),
            (TICK, f"tick ({len(marks.ticks)}, {marked} of them marked, which are filled)"),
            (SEAL, f"what a seal covers ({share:.1f} % of the page, {under} characters in cells)"),
        ]
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
