"""The parts of the scan road that need no engine: straightening, rules, ticks, settling, page images, routing."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pictures

from extractors.intake import take_in
from extractors.ocr.engine import Image, Seen
from extractors.read import read_document
from extractors.refusals import BrokenImage, EngineFailed, ImageTooLarge
from extractors.scan.cells import Rereading, _is_line, choose
from extractors.scan.glyphs import Glyphs, find_glyphs, left_out, marks_unsure, no_dirt
from extractors.scan.images import image_pages
from extractors.scan.ink import EVEN, Ink, read_ink, without_rules
from extractors.scan.page import UNREAD, _tight, both, read_scan, runs_over, straighten
from extractors.scan.rules import find_rules
from extractors.scan.settle import nearest_label, settle
from extractors.scan.straighten import turn
from extractors.scan.ticks import Tick, joined, sign_of
from extractors.tables.borderless import aligned_grid, columnar_regions, line_rows
from extractors.tables.grid import find_grids
from schemas.language.vocabulary import load_words
from schemas.model import Box, Cell, Line, Place, Reader, Rule, Sheet, Table, Word

DPI = 200


class Fake:
    """An engine that gives what it was told to."""

    name = "fake"

    def __init__(self, seen: Sequence[Seen] = (), error: Exception | None = None) -> None:
        self.seen, self.error = list(seen), error

    def check(self) -> None:
        pass

    def read_page(self, image: Image) -> list[Seen]:
        if self.error is not None:
            raise self.error
        return self.seen

    def read_lines(self, images: Sequence[Image]) -> list[tuple[str, float]]:
        return [("", 0.0) for _ in images]


def ruled_page(rows: int = 6, cols: int = 4) -> Image:
    """A page with a ruled table; its last row is one merged cell."""
    page = np.full((1650, 1160, 3), 255, dtype=np.uint8)
    ys, xs = np.linspace(200, 1200, rows + 1).astype(int), np.linspace(120, 1040, cols + 1).astype(int)
    for y in ys:
        page[y : y + 3, xs[0] : xs[-1] + 3] = 0
    for i, x in enumerate(xs):
        bottom = ys[-1] if i in (0, cols) else ys[-2]
        page[ys[0] : bottom + 3, x : x + 3] = 0
    return page


def test_rules_are_found_while_the_engine_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def find(*given: Any) -> Any:
        begun.set()
        return find_rules(*given)

    class Waiting(Fake):
        def read_page(self, image: Image) -> list[Seen]:
            assert begun.wait(60), "the rules wait for the engine"
            return self.seen

    monkeypatch.setattr("extractors.scan.ink.find_rules", find)
    page = read_scan(ruled_page(), DPI, 1, Waiting())
    straight = straighten(ruled_page())
    assert page.sheet.rules == read_ink(straight.image, DPI).rules
    assert page.sheet.rules


@pytest.mark.parametrize("failing", [0, 1])
def test_what_fails_beside_the_engine_is_no_less_an_error(failing: int) -> None:
    def fail() -> None:
        raise ValueError("nothing to be read")

    parts = [fail if i == failing else (lambda: None) for i in range(2)]
    with pytest.raises(ValueError, match="nothing to be read"):
        both(*parts)


def spans(page: Image) -> list[set[tuple[int, int, int, int]]]:
    straight = straighten(page)
    ink = read_ink(straight.image, DPI)
    height, width = ink.gray.shape
    sheet = Sheet(1, width * 72 / DPI, height * 72 / DPI, (), ink.rules, Reader.OCR)
    return [{(c.row, c.col, c.rowspan, c.colspan) for c in g.cells} for g in find_grids(sheet)]


EXPECTED = {(r, c, 1, 1) for r in range(5) for c in range(4)} | {(5, 0, 1, 4)}


@pytest.mark.parametrize("tilt", [0.0, 0.7, -1.8])
def test_a_tilted_table_keeps_its_spans(tilt: float) -> None:
    page = Pictures.fromarray(ruled_page()).rotate(tilt, Pictures.Resampling.BICUBIC, fillcolor="white")
    assert spans(np.asarray(page)) == [EXPECTED]


def test_faint_and_broken_rules_are_bridged() -> None:
    page = ruled_page()
    page[300:330, 300:420] = 255
    page[:, 500:506] = 255
    assert spans(page) == [EXPECTED]


def test_grain_and_a_page_border_change_nothing() -> None:
    rng = np.random.default_rng(3)
    page = np.clip(ruled_page() + rng.normal(0, 6, (1650, 1160, 1)), 0, 255).astype(np.uint8)
    assert spans(page) == [EXPECTED]


def test_a_page_turned_four_times_is_itself() -> None:
    page = ruled_page()
    assert np.array_equal(turn(turn(turn(turn(page, 1), 1), 1), 1), page)


def square(inside: bool) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    ink = np.zeros((24, 24), dtype=np.bool_)
    ink[:3] = ink[-3:] = True
    ink[:, :3] = ink[:, -3:] = True
    if inside:
        for i in range(24):
            ink[i, max(i - 1, 0) : i + 2] = True
    return ink


@pytest.mark.parametrize(("inside", "sign"), [(False, "□"), (True, "☑")])
def test_a_box_is_ticked_by_what_is_in_it(inside: bool, sign: str) -> None:
    assert sign_of(square(inside), Box(0, 0, 9, 9), 10.0) == sign


@pytest.mark.parametrize(("filled", "sign"), [(False, "○"), (True, "●")])
def test_a_circle_is_chosen_where_it_is_filled(filled: bool, sign: str) -> None:
    y, x = np.mgrid[-12:12, -12:12] + 0.5
    far = np.hypot(y, x)
    assert sign_of((far < 12) & (filled | (far > 9)), Box(0, 0, 9, 9), 10.0) == sign


BOX, CHECK = Tick(Box(0, 0, 10, 10), "□"), Tick(Box(62, 0, 72, 10), "√")
BEFORE = [(15.0 + 10 * i, "a") for i in range(4)]  # its option ends at 50


def test_a_tick_in_the_place_of_a_box_is_of_the_option_behind_it() -> None:
    behind = [(79.0 + 10 * i, "b") for i in range(4)]
    assert [t.sign for t in joined([BOX, CHECK], 10.0, [*BEFORE, *behind])] == ["□", "√"]


def test_a_tick_behind_an_option_is_of_the_box_before_it() -> None:
    near = Tick(Box(51, 0, 61, 10), "√")
    other = Tick(Box(75, 0, 85, 10), "□")
    letters = [*BEFORE, *((92.0 + 10 * i, "b") for i in range(4))]
    assert [t.sign for t in joined([BOX, near, other], 10.0, letters)] == ["☑", "□"]


def test_labels_are_put_right_and_values_never() -> None:
    words = load_words()
    assert nearest_label("项目贵责人", words) == "项目负责人"
    assert nearest_label("项目负责人", words) is None
    assert nearest_label("预算编制科学性", words) is None
    assert nearest_label("健全", words) is None


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16"])
def test_images_of_every_mode_are_read_as_rgb(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "x.tif"
    gray = Pictures.fromarray(ruled_page()[..., 0])
    if mode == "I;16":
        Pictures.fromarray(np.asarray(gray).astype(np.uint16) * 257).save(path)
    else:
        gray.convert("RGB").convert(mode).save(path)
    (page,) = image_pages(path)
    assert page.pixels.shape[2] == 3
    assert page.pixels.mean() > 200


def test_pages_of_a_long_tiff_come_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    blank = Pictures.new("1", (1000, 1400), 1)
    blank.save(path, save_all=True, append_images=[blank] * 39, compression="group4")
    assert [p.number for p in image_pages(path)] == list(range(1, 41))


def test_an_image_of_too_many_pixels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    Pictures.new("1", (30000, 30000), 1).save(path)
    with pytest.raises(ImageTooLarge, match="30000 × 30000"):
        next(image_pages(path))


def test_what_is_no_image_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"rubbish")
    with pytest.raises(BrokenImage):
        next(image_pages(path))


def test_a_turn_noted_by_the_camera_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    exif = Pictures.Exif()
    exif[0x0112] = 6
    Pictures.new("RGB", (1600, 1100), "white").save(path, exif=exif)
    (page,) = image_pages(path)
    assert page.pixels.shape[0] > page.pixels.shape[1]


def png(tmp_path: Path, page: Image) -> Path:
    path = tmp_path / "x.png"
    Pictures.fromarray(page).save(path, dpi=(DPI, DPI))
    return path


def test_a_blank_page_is_read_as_nothing(tmp_path: Path) -> None:
    path = png(tmp_path, np.full((1650, 1160, 3), 255, dtype=np.uint8))
    document = read_document(take_in(path, "x.png"), load_words(), engine=Fake)
    assert document.blocks == ()
    assert document.reader is Reader.OCR


@pytest.mark.parametrize("colour", [(255, 255, 255), (3, 3, 3), (200, 180, 90)])
def test_an_even_page_is_not_given_to_the_engine(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    """Blank pages of a long scan cost their pixels, not a search for text: nothing can be read on one colour."""
    grained = np.random.default_rng(5).integers(0, EVEN + 1, (1650, 1160, 1), dtype=np.uint8)
    page = (np.full((1650, 1160, 3), colour, dtype=np.uint8) + grained % (256 - max(colour))).astype(np.uint8)
    engine = Fake(error=RuntimeError("boom"))
    document = read_document(take_in(png(tmp_path, page), "x.png"), load_words(), engine=lambda: engine)
    assert (document.pages, document.blocks) == (1, ())
    page[800:810, 300:600] = [max(0, value - EVEN - 1) for value in colour] if min(colour) > EVEN else 255
    with pytest.raises(EngineFailed, match="boom"):
        read_document(take_in(png(tmp_path, page), "x.png"), load_words(), engine=lambda: engine)


@pytest.mark.parametrize("size", [(8, 8), (3, 500), (100, 140), (400, 300)])
def test_a_tiny_image_is_a_small_paper(tmp_path: Path, size: tuple[int, int]) -> None:
    """An image too coarse to tell letters of a whole page was made one, however tiny it is: 3,000 of 8 × 8 pixels, half
    a megabyte, took minutes."""
    path = tmp_path / "x.png"
    dotted = Pictures.new("L", size, 255)
    dotted.putpixel((size[0] // 2, size[1] // 2), 0)
    dotted.save(path, dpi=(1, 1))
    (page,) = image_pages(path)
    assert page.pixels.shape[:2] == (4 * size[1], 4 * size[0])
    assert page.dpi == 200


def test_an_engine_that_crashes_fails_the_page_by_name(tmp_path: Path) -> None:
    path = png(tmp_path, ruled_page())
    with pytest.raises(EngineFailed, match="page 1: RuntimeError: boom"):
        read_document(take_in(path, "x.png"), load_words(), engine=lambda: Fake(error=RuntimeError("boom")))


@pytest.mark.parametrize(
    ("second", "dash", "doubted"),
    [(18.0, 12.0, True), (18.0, None, False), (18.0, 5.0, False), (9.0, 7.5, False)],
    ids=["ink between", "nothing between", "ink of the first", "not far apart"],
)
def test_ink_between_characters_far_apart_was_left_out(second: float, dash: float | None, doubted: bool) -> None:
    digits = [(1.0, 0.0, 5.0, 9.0), (second + 1, 0.0, second + 5, 9.0)]
    ink = np.array([*digits, *([(dash - 2, 4.0, dash + 2, 5.0)] if dash is not None else [])])
    glyphs = Glyphs(np.zeros((1, 1), np.int32), ink, np.ones(len(ink), np.bool_))
    spans = ((0.0, 6.0), (second, second + 6.0))
    assert left_out(glyphs, Box(0.0, 0.0, 30.0, 9.0), spans, (6.0, 6.0)) is doubted


def seen(text: str, *middles: float, score: float = 0.99) -> Seen:
    """A run of text 10 high from y 20 on, its characters 8 wide around these middles (pixels)."""
    spans = tuple((m - 4, m + 4) for m in middles)
    return Seen(text, (spans[0][0], 20.0, spans[-1][1], 30.0), score, spans)


@pytest.mark.parametrize(
    ("word", "at", "over"),
    [
        (seen("打印纸", 4, 14, 24), 9.0, True),
        (seen("打印纸", 4, 14, 24), 14.0, True),
        (seen("打印", 4, 30), 17.0, False),
        (seen("打印纸", 4, 14, 24, score=0.5), 9.0, False),
        (seen("打印纸", 4, 14, 24), 40.0, False),
    ],
    ids=["between neighbours", "through a character", "between two texts", "hardly read", "beside it"],
)
def test_a_word_that_runs_over_a_weak_upright_rule_takes_it_back(word: Seen, at: float, over: bool) -> None:
    assert runs_over(word, Rule(True, at, 10.0, 40.0), 1.0) is over


def test_no_level_rule_goes_through_the_middle_of_a_line() -> None:
    word = seen("打印纸", 4, 14, 24)
    assert runs_over(word, Rule(False, 25.0, 0.0, 100.0), 1.0)
    assert not runs_over(word, Rule(False, 31.0, 0.0, 100.0), 1.0)


def test_rules_that_are_taken_back_are_ink_again() -> None:
    gray = np.full((40, 40), 255, np.uint8)
    gray[5:35, 20] = 0
    ink = Ink(gray, np.zeros_like(gray), np.zeros_like(gray), (Rule(True, 20.5, 5.0, 35.0),))
    back = without_rules(ink, frozenset(ink.rules), 1.0)
    assert back.rules == ()
    assert back.text[10:30, 20].all()
    assert without_rules(ink, frozenset(), 1.0) is ink


def test_specks_beside_a_word_are_none_of_its_ink() -> None:
    pieces = np.array([(10, 0, 18, 9), (20, 0, 28, 9), (29, 7, 31, 9), (40, 4, 41, 5), (12, 30, 13, 31)], np.float64)
    assert no_dirt(pieces, 9.0).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("text", "mark", "unsure"),
    [
        ("1.00", (9.0, 18.0, 11.0, 20.0), False),
        ("1.00", (9.0, 3.0, 11.0, 5.0), True),
        ("展.机", (9.0, 18.0, 11.0, 20.0), True),
        ("展,机", (9.0, 18.0, 11.0, 20.0), False),
        ("一", (9.0, 9.0, 17.0, 10.0), True),
        ("一次", (9.0, 18.0, 11.0, 20.0), False),
    ],
    ids=["on the line", "a speck above it", "a dot in Chinese text", "a comma", "a stroke by itself", "a numeral"],
)
def test_marks_that_may_be_others_are_unsure(text: str, mark: tuple[float, ...], unsure: bool) -> None:
    ink = np.array([(0.0, 0.0, 8.0, 20.0), (12.0, 0.0, 20.0, 20.0), mark])
    glyphs = Glyphs(np.zeros((1, 1), np.int32), ink, np.ones(len(ink), np.bool_))
    spans = tuple((10.0 * i, 10.0 * i + (2.0 if ch in ".," else 8.0)) for i, ch in enumerate(text))
    spans = (spans[0], (9.0, 11.0), *spans[2:])
    assert marks_unsure(text, glyphs, Box(0.0, 0.0, 40.0, 20.0), spans, 8.0, 3.0) is unsure


def test_two_unruled_columns_read_as_one_word_are_parted() -> None:
    def word(text: str, left: float, top: float) -> Word:
        edges = tuple(left + 10.0 * i for i in range(len(text) + 1))
        return Word(text, Box(left, top, edges[-1], top + 10), edges, 0.99)

    joined = "年度目标：推动单位资金：1元"  # the columns stand at 0 and 75
    edges = (*(10.0 * i for i in range(7)), *(70.0 + 10 * i for i in range(len(joined) - 6)))
    words = [
        *(word(text, left, 20.0 * row) for row in (0, 1) for text, left in (("单位：甲", 0.0), ("总额：2元", 75.0))),
        Word(joined, Box(0.0, 40.0, edges[-1], 50.0), edges, 0.99),
    ]
    (region,) = columnar_regions(words, [])
    grid = aligned_grid(1, region, line_rows)
    assert grid is not None
    assert [cell.text for cell in grid.cells][-2:] == ["年度目标：推动", "单位资金：1元"]


# ── Rules under seals

TOP, MIDDLE, LOW, BOTTOM = 100, 200, 300, 400  # pixels: the level rules of three rows, the last one without columns


def sealed_rows(thick: int, *, gap: int = 0) -> tuple[Any, Any]:
    """Ink and seal of a table whose middle row lies under a seal; its upright rule is `thick` pixels there and has a
    `gap`."""
    mask = np.zeros((500, 600), np.uint8)
    for y in (TOP, MIDDLE, LOW, BOTTOM):
        mask[y : y + 2, 50:550] = 255
    for x in (50, 548):
        mask[TOP:BOTTOM, x : x + 2] = 255
    mask[TOP:MIDDLE, 300:302] = 255
    mask[MIDDLE : LOW - gap, 300 : 300 + thick] = 255
    seal = np.zeros_like(mask)
    seal[MIDDLE + 4 : LOW - 4, 240:360] = 255
    return mask, seal


@pytest.mark.parametrize(("thick", "gap", "found"), [(2, 0, True), (2, 12, False), (14, 0, False)])
def test_a_rule_that_ends_at_a_wider_cell_is_seen_under_a_seal(thick: int, gap: int, found: bool) -> None:
    mask, seal = sealed_rows(thick, gap=gap)
    rules = find_rules(mask, seal, 144).rules
    own = [r for r in rules if r.vertical and abs(r.at - 301 / 2) < 6]
    assert any(r.start < MIDDLE / 2 - 10 for r in own)  # the row above, in points
    assert any(r.end > LOW / 2 - 10 for r in own) is found


@pytest.mark.parametrize("before", [None, "二"])
def test_a_level_stroke_by_itself_is_never_sure(before: str | None) -> None:
    box = Box(10.0, 10.0, 20.0, 11.0)
    line = None if before is None else Line(before, Place(page=1, box=box), 0.79, 10.0)
    task = Rereading(0, 0, box, line, unread=True, doubt=1.0, size=10.0)
    sure, unsure = choose(task, "二十", 0.99, 1), choose(task, "一", 0.99, 1)
    assert unsure is not None
    assert (unsure.text, unsure.score) == ("一", UNREAD)
    assert before is None or (sure is not None and sure.score == 0.99)


@pytest.mark.parametrize("stroke", ["/", "—", "一"])
def test_a_sign_of_one_stroke_is_text_with_a_low_score_and_specks_are_none(stroke: str) -> None:
    task = Rereading(0, 0, Box(0, 0, 5, 9), None, unread=True, doubt=2.0, size=10.0)
    line = choose(task, stroke, 0.7, 1)
    assert line is not None
    assert (line.text, line.score is not None and line.score <= 0.7) == (stroke, True)
    assert choose(task, "7", 0.7, 1) is None
    specks = Rereading(0, 0, Box(0, 0, 5, 9), None, unread=True, doubt=2.0, size=10.0, inked=0.2)
    assert choose(specks, stroke, 0.7, 1) is None


def test_a_level_stroke_among_numbers_is_a_dash() -> None:
    texts = {(0, 0): "其他资金", (0, 1): "9,600.00", (1, 0): "一", (1, 1): "一", (2, 0): "序号", (2, 1): "—"}
    cells = tuple(Cell(r, c, 1, 1, t, (Line(t, Place(page=1), 0.6),)) for (r, c), t in texts.items())
    (table,) = settle((Table(3, 2, cells),), load_words())
    assert isinstance(table, Table)
    assert [c.text for c in table.cells if c.row == 1] == ["一", "—"]


def test_the_box_of_characters_below_each_other_holds_them_all() -> None:
    """Pieces of a character are no dirt beside a run that is as high as two."""
    page = np.zeros((200, 100), dtype=np.uint8)
    for top in (20, 76):  # two characters of 48 pixels, each in four pieces with gaps
        for y in (top, top + 28):
            for x in (20, 48):
                page[y : y + 20, x : x + 20] = 255
    glyphs = find_glyphs(page, DPI / 72)
    px = DPI / 72
    box = _tight(Box(18 / px, 18 / px, 70 / px, 126 / px), "分值", glyphs)
    assert box.top == pytest.approx(20 / px, abs=1)
    assert box.bottom == pytest.approx(124 / px, abs=1)


@pytest.mark.parametrize(("left", "is_line"), [(0.5, False), (3.0, True), (10.0, True)])
def test_a_dash_may_stand_at_the_left_of_its_cell_but_not_on_its_border(left: float, is_line: bool) -> None:
    area = Box(0, 0, 40, 20)
    assert _is_line(Box(left, 9.5, left + 10, 10.5), area, 10.0) is is_line
