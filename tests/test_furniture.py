"""Heads and feet belong to the page: they part no table and stand in no value; the lines of a form are never taken."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extractors.tables.blocks import PageBlocks
from extractors.tables.furniture import part_furniture, unseen_elsewhere
from schemas.language.vocabulary import load_words
from schemas.model import Aside, AsideKind, Box, Cell, Grid, Line, Place

HEIGHT, WIDTH = 842.0, 595.0


def line(text: str, page: int, top: float, *, left: float = 60, size: float = 9, score: float | None = None) -> Line:
    """A line of one or more texts, parted by `|` where a wide gap stands."""
    gaps, whole = [], ""
    for part in text.split("|"):
        if whole:
            gaps.append(len(whole))
        whole += part
    box = Box(left, top, min(left + size * len(whole), WIDTH), top + size)
    return Line(whole, Place(page=page, box=box), score, size, tuple(gaps))


def grid(page: int, top: float = 150, bottom: float = 700) -> Grid:
    box = Box(60, top, 535, bottom)
    cell = Cell(0, 0, 1, 1, "格", (line("格", page, top + 5),), ((0, Place(page=page, box=box)),))
    return Grid(page, box, (60, 535), (top, bottom), (cell,))


def left(*pages: Sequence[Line | Grid]) -> list[list[str]]:
    """The lines that stay on each page."""
    clean, _ = part_furniture([PageBlocks(n, HEIGHT, tuple(p)) for n, p in enumerate(pages, 1)], load_words())
    return [[b.text for b in page.blocks if isinstance(b, Line)] for page in clean]


def taken(*pages: Sequence[Line | Grid]) -> list[str]:
    """What is set aside."""
    _, aside = part_furniture([PageBlocks(n, HEIGHT, tuple(p)) for n, p in enumerate(pages, 1)], load_words())
    assert all(a.kind is AsideKind.FURNITURE and a.place.page and a.place.box for a in aside)
    return [a.text for a in aside]


FEET = [
    "3",
    "- 3 -",
    "— 3 —",
    "第3页",
    "第 3 页 共 9 页",
    "第3页/共9页",
    "第三页",
    "第三页 共九页",
    "共9页，第3页",
    "第 3/9 页",
    "页码：3/9",
    "3/9",
    "iii",
    "Page 3 of 9",
    "page 3",
    "3 of 9",
    "http://10.1.2.3/jx/print?id=8|3/9",
    "https://jx.example.cn/a.html",
    "file:///C:/tmp/a.html|1/1",
    "2024/2/20 10:32|绩效目标打印",
    "2024/2/20 上午10:32|项目支出绩效目标申报表",
    "11/25/26, 2:43 PM|项目支出绩效目标申报表",
    "打印时间：2024-02-20 10:32:15",
    "打印日期：2024年2月20日",
    "某县预算管理系统 打印时间：2024-02-20 10:32:15",
    "某县财政局 第3页 共9页",
    "GOV-2025|Page 1 of 2",
    "某县财政局|第3页",
]


@pytest.mark.parametrize("text", FEET)
@pytest.mark.parametrize("top", [24, HEIGHT - 40])
def test_its_shape_tells_furniture_on_a_single_page(text: str, top: float) -> None:
    blocks: list[Line | Grid] = [line(text, 1, top), grid(1)] if top < 400 else [grid(1), line(text, 1, top)]
    assert left(blocks) == [[]]
    assert taken(blocks) == [text.replace("|", "")]


@pytest.mark.parametrize("text", ["第3页 共9页", "- 3 -", "某县财政局 第3页 共9页"])
def test_a_page_number_right_below_the_table_is_furniture_wherever_the_table_ends(text: str) -> None:
    assert left([grid(1, bottom=400), line(text, 1, 405)]) == [[]]


@pytest.mark.parametrize(
    "text",
    [
        "续表", "（续表）", "接上页", "(续)", "转下页", "（续上表）", "续表2", "续表（二）", "未完，接下页",
        "下接第 3 页", "【转下页】", "续前表",
    ],
)  # fmt: skip
def test_a_mark_of_going_on_is_furniture(text: str) -> None:
    assert left([grid(1)], [line(text, 2, 95), grid(2)]) == [[], []]


@pytest.mark.parametrize(
    "text",
    [
        "单位：万元",
        "2024年度",
        "（2024年度）",
        "12345",
        "3 项",
        "注：1",
        "填报单位：某中心",
        "项目支出绩效目标表",
        "填报日期：2024年3月1日",
        "2024年3月1日",
        "某县财政局",
        "续建项目",
        "续表彰",
        "详见 http://a.example.cn 的说明；其中第3页列出了名单。",
    ],
)
def test_what_the_filing_says_is_none(text: str) -> None:
    assert left([line(text, 1, 24), grid(1)]) == [[text]]


@pytest.mark.parametrize(
    "text", ["（2024年度）", "填报单位：某中心|单位：万元", "项目支出绩效目标表", "金额单位：万元"]
)
def test_what_every_form_prints_above_its_table_stays_though_each_page_prints_it(text: str) -> None:
    pages = [[line(text, n, 60), grid(n)] for n in (1, 2, 3)]
    assert left(*pages) == [[text.replace("|", "")]] * 3


@pytest.mark.parametrize(
    "texts",
    [
        ("某县财政局", "某县财政局"),
        ("2025年部门预算公开", "2025年部门预算公开"),
        ("某县财政局 7", "某县财政局 8"),
        ("档号 2025-07-1", "档号 2025-07-2"),
        ("GOV-A", "GOV-A"),
    ],
)
@pytest.mark.parametrize("top", [24, HEIGHT - 60, HEIGHT - 110])
def test_what_two_pages_print_at_one_height_is_furniture(texts: tuple[str, str], top: float) -> None:
    pages: list[list[Line | Grid]] = []
    for n, text in enumerate(texts, 1):
        foot = line(text, n, top)
        pages.append([foot, grid(n)] if top < 400 else [grid(n, bottom=600), foot])
    assert left(*pages) == [[], []]


def test_a_name_at_another_height_or_inside_the_page_is_none() -> None:
    pages: list[list[Line | Grid]] = [
        [line("某县财政局", 1, 24), grid(1, bottom=300), line("某县民政局", 1, 320), grid(1, top=340)],
        [line("某县财政局", 2, 60), grid(2, bottom=300), line("某县民政局", 2, 320), grid(2, top=340)],
    ]
    assert left(*pages) == [["某县财政局", "某县民政局"]] * 2


def test_feet_of_pages_of_two_sizes_are_measured_from_the_lower_edge() -> None:
    tall = PageBlocks(1, 842.0, (grid(1), line("某县财政局", 1, 800)))
    wide = PageBlocks(2, 595.0, (grid(2, bottom=500), line("某县财政局", 2, 553)))
    clean, _ = part_furniture([tall, wide], load_words())
    assert [len(page.blocks) for page in clean] == [1, 1]


def test_a_recognised_foot_may_be_shifted_and_misread() -> None:
    pages = [
        [grid(n), line(text, n, top, score=0.9)]
        for n, text, top in ((1, "某县财政局监制", 800), (2, "某县财玫局监制", 806))
    ]
    assert left(*pages) == [[], []]


def test_a_label_beside_a_page_number_stays() -> None:
    pages = [[line("填报单位：某中心|第1页", 1, 40), grid(1)]]
    assert left(*pages) == [["填报单位：某中心"]]
    assert taken(*pages) == ["第1页"]


def test_a_title_beside_a_page_number_stays() -> None:
    pages = [[line("项目支出绩效目标表|第1页", 1, 40), grid(1)]]
    assert left(*pages) == [["项目支出绩效目标表"]]


def test_a_name_right_below_each_table_is_furniture_wherever_the_tables_end() -> None:
    name = "财政预算绩效管理信息系统"
    read = [(grid(n, bottom=bottom), line(name, n, bottom + 5)) for n, bottom in ((1, 500), (2, 320))]
    assert left(*read) == [[], []]


def test_a_label_right_below_each_table_stays() -> None:
    read = [(grid(n, bottom=bottom), line("填表人：张三", n, bottom + 5)) for n, bottom in ((1, 500), (2, 320))]
    assert left(*read) == [["填表人：张三"], ["填表人：张三"]]


def test_the_time_of_a_print_says_what_it_is_wherever_it_stands() -> None:
    assert left((grid(1, bottom=300), line("打印时间：2025-03-12 09:15:02", 1, 306))) == [[]]
    assert left((grid(1, bottom=300), line("2025-03-12 09:15:02", 1, 306))) == [["2025-03-12 09:15:02"]]


def test_a_stamp_on_blank_paper_at_the_same_place_of_two_pages_is_none_of_the_form() -> None:
    stamp = [line("仅供预算公开使用", page, 500, left=100, size=48) for page in (1, 2)]
    first, second = [grid(1, bottom=400), stamp[0]], [grid(2, bottom=300), stamp[1]]
    notes = [line("说明文字", page, 450) for page in (1, 2)]
    assert left([*first[:1], notes[0], stamp[0]], [second[0], notes[1], stamp[1]]) == [["说明文字"], ["说明文字"]]
    assert left(first, [grid(2, bottom=300), line("仅供预算公开使用", 2, 520, left=100, size=48)])[0] != []


def test_what_a_page_hides_is_set_aside_where_another_shows_it() -> None:
    shown, table = line("内部资料", 1, 500), grid(1)
    box = shown.place.box
    hidden = Aside("内部资料", Place(page=2, box=box), AsideKind.HIDDEN, "a stamp")
    pages, again = unseen_elsewhere([PageBlocks(1, HEIGHT, (table, shown))], [hidden])
    assert pages[0].blocks == (table,)
    assert [(one.text, one.place, one.kind) for one in again] == [("内部资料", shown.place, AsideKind.HIDDEN)]
    elsewhere = PageBlocks(1, HEIGHT, (table, line("内部资料", 1, 560)))
    assert unseen_elsewhere([elsewhere], [hidden]) == ([elsewhere], [])
