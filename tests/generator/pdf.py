"""Prints layouts as PDFs with a text layer: wrapped cells, merged cells, page breaks through merged cells and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.lib.colors import Color, black, white
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from .finish import STAMPS, UNSEEN, Mark, box, draw_through
from .layout import Heading, Labels, Layout, Placed, Table

BUILT_IN = "STSong-Light"  # every reader of PDF brings it, so that no font file is needed
ZENHEI = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")
DARK_GROUND = Color(0.16, 0.3, 0.5)
PAD = 3.0  # points between a cell's rule and its text
BOLD = 0.3  # points: how far apart a text is printed twice to look bold
LEADING = 1.3  # of the type's size
TOKEN = re.compile(r"[0-9A-Za-z.%,]+|.", re.DOTALL)
NEVER_FIRST = "，。；：、！？）》”,.;:!?)%"  # no line begins with one
FIGURES_BREAK_FROM = 0.9  # of a cell's width: a longer number is broken like other text
LEAST_SPLIT = 2  # lines of a row that must fit above a page break for it to go through the row


FURNITURE: dict[str, tuple[tuple[float, str], ...]] = {
    "": (),
    "number": ((0.5, "{page}"),),
    "dashes": ((0.5, "— {page} —"),),
    "words": ((0.5, "第{page}页"),),
    "of": ((0.5, "第 {page} 页 共 99 页"),),
    "slash": ((0.5, "{page}/99"),),
    "english": ((1.0, "Page {page} of 99"),),
    "browser": ((0.0, "https://ys.example.gov.cn/form?id=88&page={page}"), (1.0, "{page}/99")),
    "printed": ((0.0, "2025/3/12 09:15"), (0.5, "绩效目标申报系统")),
    "time": ((0.0, "打印时间：2025-03-12 09:15:02"), (1.0, "第{page}页")),
    "name": ((0.5, "财政预算绩效管理信息系统"),),
    "name and number": ((0.0, "财政预算绩效管理信息系统"), (1.0, "第 {page} 页")),
}
"""What pages print outside of their form: texts at shares of the width; `{page}` is the number of the page."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a form is printed. `split` lets page breaks go through rows, `repeat` prints the header again on each page,
    `low` moves the text of a merged cell that a page break cuts to its lower part. `head` and `foot` name what each
    page prints outside of the form (FURNITURE), `near` right at the form's edge; `again` prints the lines above the
    table again with the header; `up` is how many pages go side by side on a sheet; `apart` is the gap in points
    between the header of the indicators and its body, where no cell spans both. `stamp` (STAMPS) is printed below or
    `over` the form, `unseen` (UNSEEN) is text that nobody sees, `rules` (PRINTS) how borders are drawn; `narrow` is how
    wide letters are set, `bold` prints each text twice, a little apart, and `dark` the header light on a dark ground."""

    font: str = BUILT_IN
    size: float = 9.0
    large: bool = False
    margin: float = 40.0
    thin: float = 0.5
    split: bool = False
    repeat: bool = False
    low: bool = False
    head: str = ""
    foot: str = ""
    near: bool = False
    again: bool = False
    up: int = 1
    apart: float | None = None
    stamp: str = ""
    over: bool = False
    unseen: str = ""
    rules: str = ""
    narrow: float = 1.0
    bold: bool = False
    dark: bool = False


@cache
def fonts() -> tuple[str, ...]:
    """The fonts that this machine prints with: reportlab's own, and a real one where it is installed."""
    pdfmetrics.registerFont(UnicodeCIDFont(BUILT_IN))
    if not ZENHEI.exists():
        return (BUILT_IN,)
    pdfmetrics.registerFont(TTFont("ZenHei", str(ZENHEI), subfontIndex=0))
    return (BUILT_IN, "ZenHei")


def write_pdf(path: Path, layouts: Sequence[tuple[Layout, Style]]) -> Path:
    """Print the forms one after the other, each beginning a page."""
    fonts()
    canvas = Canvas(str(path), invariant=1)
    for layout, style in layouts:
        _Printer(canvas, layout, style).print()
    canvas.save()
    return path


def wrap(text: str, width: float, font: str, size: float) -> list[str]:
    """The text in lines no wider than `width` points; breaks between Chinese characters, not within numbers."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for token in _tokens(paragraph, width, font, size):
            if line and _wide(line + token, font, size) > width:
                carried = ""
                if token in NEVER_FIRST and len(line) > 1:
                    line, carried = line[:-1], line[-1]
                lines.append(line)
                line = carried
            line += token
        lines.append(line)
    return lines


def _tokens(text: str, width: float, font: str, size: float) -> list[str]:
    found: list[str] = []
    for token in TOKEN.findall(text):
        found += [token] if _wide(token, font, size) <= width * FIGURES_BREAK_FROM else list(token)
    return found


def _wide(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


class _Printer:
    """Prints one form from the top of a new page on."""

    def __init__(self, canvas: Canvas, layout: Layout, style: Style) -> None:
        size = A3 if style.large else A4
        self.width, self.height = landscape(size) if layout.landscape else size
        self.canvas, self.layout, self.style = canvas, layout, style
        self.y = style.margin  # from the top of the page, downward
        self.number = 0  # of the form's page
        self.up = 1 if layout.landscape else style.up

    @property
    def inner(self) -> float:
        return self.width - 2 * self.style.margin

    def print(self) -> None:
        self._page()
        for part in self.layout.parts:
            if isinstance(part, Heading):
                self._heading(part)
            elif isinstance(part, Labels):
                self._labels(part)
            else:
                _TablePrinter(self, part).print()
        self._furnish()
        self.canvas.showPage()

    def _page(self) -> None:
        if self.number % self.up == 0:
            self.canvas.setPageSize((self.width * self.up, self.height))
        else:
            self.canvas.translate(self.width, 0)
        self.canvas.setLineWidth(self.style.thin)
        self.number += 1
        self.y = self.style.margin
        if not self.style.over:
            self._finish(STAMPS[self.style.stamp])

    def _finish(self, mark: Mark | None) -> None:
        if mark is not None:
            mark(self.canvas, self.width, self.height, self.style.font)

    def next_page(self) -> None:
        self._furnish()
        if self.number % self.up == 0:
            self.canvas.showPage()
        self._page()

    def again(self) -> None:
        """What stands above the table, printed once more."""
        for part in self.layout.parts:
            if isinstance(part, Heading):
                self._heading(part)
            elif isinstance(part, Table):
                return

    def _furnish(self) -> None:
        """What the page that ends prints outside of its form, and over it."""
        self._finish(UNSEEN[self.style.unseen])
        if self.style.over:
            self._finish(STAMPS[self.style.stamp])
        size = 8.0
        head = self.style.margin - size - 3 if self.style.near else self.style.margin / 4
        foot = self.y + 4 if self.style.near else self.height - self.style.margin / 4 - size
        for name, top in ((self.style.head, head), (self.style.foot, foot)):
            for share, text in FURNITURE[name]:
                shown = text.format(page=self.number)
                wide = _wide(shown, self.style.font, size) * self.style.narrow
                self.line(self.style.margin + share * (self.inner - wide), top, shown, size)

    @property
    def room(self) -> float:
        return self.height - self.style.margin - self.y

    def line(self, x: float, top: float, text: str, size: float) -> None:
        """A line of text whose top left corner is given in points from the top left of the page."""
        for off in (0.0, BOLD) if self.style.bold else (0.0,):
            run = self.canvas.beginText(x + off, self.height - top - size)
            run.setFont(self.style.font, size)
            run.setHorizScale(100 * self.style.narrow)
            run.textOut(text)
            self.canvas.drawText(run)

    def _heading(self, part: Heading) -> None:
        size = part.size * self.style.size / 9.0
        for share, text in part.texts:
            wide = _wide(text, self.style.font, size) * self.style.narrow
            self.line(self.style.margin + share * (self.inner - wide), self.y, text, size)
        self.y += size * LEADING + 5

    def _labels(self, part: Labels) -> None:
        size, top, bottom = self.style.size, self.y, self.y
        starts = [share for share, _ in part.columns] + [1.0]
        for (share, texts), end in zip(part.columns, starts[1:], strict=True):
            y = top
            for text in texts:
                for line in wrap(text, ((end - share) * self.inner - 8) / self.style.narrow, self.style.font, size):
                    self.line(self.style.margin + share * self.inner, y, line, size)
                    y += size * LEADING
                y += size * 0.6
            bottom = max(bottom, y)
        self.y = bottom + 4


class _TablePrinter:
    """Prints one table over as many pages as it takes."""

    def __init__(self, page: _Printer, table: Table) -> None:
        self.page, self.table, self.style = page, table, page.style
        total = sum(table.widths)
        self.edges = [page.style.margin]
        for share in table.widths:
            self.edges.append(self.edges[-1] + share / total * page.inner)
        self.placed = list(table.placed())
        self.leading = self.style.size * LEADING
        self.lines = {id(p): self._wrapped(p) for p in self.placed}  # those that are still to be printed
        self.heights = self._heights()

    def _inside(self, p: Placed) -> float:
        return (self.edges[p.column + p.cell.across] - self.edges[p.column] - 2 * PAD) / self.style.narrow

    def _wrapped(self, p: Placed) -> list[str]:
        return wrap(p.cell.text, self._inside(p), self.style.font, self.style.size)

    def _heights(self) -> list[float]:
        heights = [self.leading + PAD] * len(self.table.rows)
        for p in sorted(self.placed, key=lambda p: p.cell.down):
            last = p.row + p.cell.down
            missing = len(self.lines[id(p)]) * self.leading + 2 * PAD - sum(heights[p.row : last])
            if missing > 0:
                heights[last - 1] += missing
        return heights

    def print(self) -> None:
        """Each page takes rows, or a part of one, until it is full; what it took is drawn."""
        taken: list[tuple[int, float]] = []  # (row, height on this page)
        for row, height in enumerate(self.heights):
            left = height
            while left > self.page.room - sum(h for _, h in taken):
                room = self.page.room - sum(h for _, h in taken)
                fit = self._lines_that_fit(row, room) if left == height and (self.style.split or not taken) else 0
                if not fit and not taken:
                    raise ValueError(f"row {row} is {left:.0f} points high, higher than a page")
                if fit:
                    taken.append((row, fit * self.leading + PAD))
                    left = max(left - taken[-1][1], (self._most(row) - fit) * self.leading + PAD)
                self._draw(taken, cut=row if fit else None, end=row)
                left += self._missing_below(row, left)
                self.page.next_page()
                taken = []
                if self.style.again and not self._goes_on(row):
                    self.page.again()
                if self.style.repeat and not self._goes_on(row):
                    self._draw([(self.table.header, self.heights[self.table.header])], end=None)
            taken.append((row, left))
        self._draw(taken, end=len(self.heights))

    def _missing_below(self, row: int, left: float) -> float:
        """The height that row `row`, of which `left` is to come, lacks for the texts of cells that the page cut."""
        missing = 0.0
        for p in self.placed:
            below = p.row + p.cell.down
            if p.row <= row < below and p.cell.down > 1:
                room = left + sum(self.heights[row + 1 : below])
                missing = max(missing, len(self.lines[id(p)]) * self.leading + 2 * PAD - room)
        return missing

    def _most(self, row: int) -> int:
        return max((len(self.lines[id(p)]) for p in self.placed if p.row == row and p.cell.down == 1), default=1)

    def _goes_on(self, row: int) -> bool:
        """Whether a page that begins with a row prints no header: it stands further down, or the text of a cell goes
        on from the page before, which no header parts."""
        if self.table.header is None or row <= self.table.header:
            return True
        return any(self.lines[id(p)] for p in self.placed if p.row < row < p.row + p.cell.down)

    def _lines_that_fit(self, row: int, room: float) -> int:
        """How many lines of a row go above the page break; 0 where the break goes before the row."""
        fit = int((room - PAD) / self.leading)
        return fit if LEAST_SPLIT <= fit <= self._most(row) - LEAST_SPLIT else 0

    def _may_part(self, row: int) -> bool:
        """Whether no cell spans the header and what stands above or below it."""
        return all(p.cell.down == 1 for p in self.placed if p.row <= row < p.row + p.cell.down)

    def _draw(self, taken: list[tuple[int, float]], *, end: int | None, cut: int | None = None) -> None:
        """Draw the parts of rows that a page holds. The page ends before row `end` (None: it is a header printed
        again) or within row `cut`; cells that it cuts keep the rest of their lines."""
        if not taken:
            return
        tops, y = {}, self.page.y
        for row, height in taken:
            tops[row] = (y, y + height)
            y += height
            if row == self.table.header and self._may_part(row):
                y += self.style.apart or 0.0
        for p in self.placed:
            below = p.row + p.cell.down
            rows = [r for r in range(p.row, below) if r in tops]
            if not rows:
                continue
            whole = end is None or (below <= end and cut is None) or (cut is not None and below <= cut)
            self._cell(p, tops[rows[0]][0], tops[rows[-1]][1], whole=whole, keep=end is None)
        if self.style.rules == "through":
            draw_through(self.page.canvas, self._boxes(tops))
        self.page.y = y

    def _boxes(self, tops: Mapping[int, tuple[float, float]]) -> Iterator[tuple[float, float, float, float]]:
        """The boxes of the cells in rows with their (top, bottom), as the canvas counts."""
        for p in self.placed:
            rows = [r for r in range(p.row, p.row + p.cell.down) if r in tops]
            if rows:
                left, right = self.edges[p.column], self.edges[p.column + p.cell.across]
                yield left, self.page.height - tops[rows[-1]][1], right, self.page.height - tops[rows[0]][0]

    def _cell(self, p: Placed, top: float, bottom: float, *, whole: bool, keep: bool) -> None:
        """A cell's box and the lines of it that this page holds: all that are left where it ends here (`whole`)."""
        left, right = self.edges[p.column], self.edges[p.column + p.cell.across]
        low, how = self.page.height - bottom, self.style.rules
        dark = self.style.dark and p.row == self.table.header
        self.page.canvas.setFillColor(DARK_GROUND)
        if dark:
            self.page.canvas.rect(left, low, right - left, bottom - top, stroke=0, fill=1)
        self.page.canvas.setFillColor(black)
        box(self.page.canvas, left, low, right - left, bottom - top, how, self.style.thin)
        self.page.canvas.setFillColor(white if dark else black)
        lines = self._wrapped(p) if keep else self.lines[id(p)]
        if keep and p.cell.down > 1:
            return  # a merged cell beside a header that is printed again goes on, blank
        if not whole and p.cell.down > 1 and self.style.low:
            return  # the text waits for the lower part
        shown = lines if whole else lines[: max(0, int((bottom - top - PAD + 0.5) / self.leading))]
        if not keep:
            self.lines[id(p)] = lines[len(shown) :]
        goes_on = not whole or (not keep and len(lines) < len(self._wrapped(p)))  # such parts begin at the top
        middle = (
            top + PAD / 2
            if goes_on
            else top + PAD / 2 + p.cell.stands * (bottom - top - PAD - len(shown) * self.leading)
        )
        for number, line in enumerate(shown):
            wide = _wide(line, self.style.font, self.style.size) * self.style.narrow
            x = left + PAD if p.cell.left else (left + right - wide) / 2
            self.page.line(x, middle + number * self.leading, line, self.style.size)
        self.page.canvas.setFillColor(black)
