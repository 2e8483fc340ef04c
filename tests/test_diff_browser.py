"""The report in a real browser: quick, by keyboard, in both languages and themes, and no text becomes markup."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers_browser import opened, started, until
from playwright.sync_api import Page

from pipeline.diff.differ import diff
from pipeline.diff.report import write_report
from pipeline.diff.sides import load_side
from schemas.record import record_text

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parent / "golden"
RECORDS = 1000
SECONDS = 2.0  # within which a report on so many records opens
HOSTILE = "</script><script>window.bad = 1</script><img src=x onerror='window.bad=2'>\"'"
READY = "(document.documentElement?.dataset.ready ?? null) !== null"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on a thousand records, three faults in each."""
    folder = tmp_path_factory.mktemp("many")
    record = json.loads((GOLDEN / "003" / "1.json").read_text("utf-8"))
    for number in range(RECORDS):
        for side in "ab":
            mine = copy.deepcopy(record)
            if side == "b":
                mine["funds"][number % len(mine["funds"])]["amount"] = str(number + 0.5)
                mine["indicators"][0]["level3"] = HOSTILE
                mine["fields"]["annual_goal"] = "改"
            (folder / side / f"{number:04}").mkdir(parents=True)
            (folder / side / f"{number:04}" / "0.json").write_text(record_text(mine), "utf-8")
    write_report(diff(load_side(str(folder / "a")), load_side(str(folder / "b"))), folder / "out")
    return folder / "out" / "report.html"


def loaded(page: Page, url: str) -> float:
    """Seconds until the report at an address is ready."""
    started = time.perf_counter()
    page.goto(url)
    until(page, READY)
    return time.perf_counter() - started


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with started() as browser:
        yield opened(browser, width=1400, height=850)


@pytest.fixture(autouse=True)
def _fresh(page: Page, report: Path) -> None:
    page.goto("about:blank")
    loaded(page, report.as_uri())
    page.evaluate("localStorage.clear()")
    loaded(page, report.as_uri() + "?anew")


def selected(page: Page) -> int:
    return int(page.evaluate("document.querySelector('.r[aria-selected=true]')?.dataset.n ?? -1"))


def search(page: Page, words: str) -> None:
    page.evaluate(
        f"{{ const q = document.getElementById('q'); q.value = '{words}'; q.dispatchEvent(new Event('input')) }}"
    )
    page.evaluate("new Promise(r => setTimeout(r, 300))")


def test_it_opens_in_time_and_asks_for_nothing(page: Page, report: Path) -> None:
    page.goto("about:blank")
    page.requests.clear()
    assert loaded(page, report.as_uri()) < SECONDS
    assert int(page.evaluate("document.documentElement.dataset.ready")) >= 3 * RECORDS
    assert page.evaluate("document.querySelectorAll('.r').length") < 100
    assert {url for url in page.requests if not url.startswith("data:")} == {report.as_uri()}
    assert page.messages == []


def test_hostile_text_is_text(page: Page) -> None:
    search(page, "onerror")
    assert page.evaluate("document.querySelector('#detail .b').textContent") == HOSTILE
    assert page.evaluate("document.querySelectorAll('img, #detail script').length") == 0
    assert page.evaluate("window.bad ?? null") is None


def test_it_is_worked_by_keyboard(page: Page) -> None:
    assert selected(page) == 0
    for key, at in (("ArrowDown", 1), ("j", 2), ("k", 1), ("Home", 0)):
        page.keyboard.press(key)
        assert selected(page) == at
    page.keyboard.press("End")
    assert selected(page) == int(page.evaluate("document.getElementById('list').getAttribute('aria-rowcount')")) - 2
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "list"


def test_filters_sort_and_links(page: Page, report: Path) -> None:
    page.evaluate(
        "{ const f = document.getElementById('f-kind'); f.selectedIndex = 1; f.dispatchEvent(new Event('change')) }"
    )
    kind = page.evaluate("document.querySelector('.r:nth-child(1) span:nth-child(2)').textContent")
    shown = page.evaluate(
        "[...new Set([...document.querySelectorAll('#window .r')].map(r => r.children[1].textContent))]"
    )
    assert len(shown) == 1, (kind, shown)
    page.evaluate(
        "document.querySelectorAll('#head button')[2].click(); document.querySelectorAll('#head button')[2].click()"
    )
    assert page.evaluate("document.querySelector('#window .r').children[2].textContent") == f"{RECORDS - 1:04}"
    page.keyboard.press("ArrowDown")
    pointer = "document.querySelector('#detail .pointer').textContent"
    link, place = page.evaluate("location.hash"), page.evaluate(pointer)
    assert len(link) > 8
    page.goto("about:blank")
    loaded(page, report.as_uri() + link)
    assert page.evaluate(pointer) == place


def test_languages_and_themes(page: Page) -> None:
    titles = set()
    for _ in range(2):
        titles.add(page.evaluate("document.querySelector('h1').textContent.split(' ')[0]"))
        page.keyboard.press("l")
    assert titles == {"Differences", "差异报告"}
    colours = []
    for _ in range(3):
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.keyboard.press("t")
    assert len(set(colours)) == 2


def test_differing_characters_are_marked_and_the_summary_prints(page: Page) -> None:
    search(page, "amount 0007")
    assert page.evaluate("document.querySelectorAll('#detail mark').length") >= 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).display") == "none"
    assert page.evaluate("getComputedStyle(document.querySelector('#worst > button')).display") == "none"
    assert page.evaluate("getComputedStyle(document.getElementById('paper')).display") == "table"
    assert page.evaluate("document.querySelectorAll('#paper tbody tr').length") >= 1
    assert page.evaluate("document.querySelectorAll('#worst tbody tr').length") == RECORDS
    page.emulate_media(media="screen")


def test_a_row_of_the_files_filters_the_list(page: Page) -> None:
    shares = page.evaluate(
        "[...document.querySelectorAll('#worst tbody tr')].map((r) => Number(r.cells[2].textContent))"
    )
    assert shares == sorted(shares, reverse=True)
    name = page.evaluate("document.querySelector('#worst td button').textContent")
    page.click("#worst td button")
    files = page.evaluate("[...document.querySelectorAll('#window .r')].map((r) => r.children[2].textContent)")
    assert files
    assert set(files) == {name}
    page.click("#worst td button")
    assert page.evaluate("document.getElementById('f-file').value") == ""


def test_a_narrow_screen_shows_both_values_and_needs_no_scrolling_aside(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    try:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        widths = page.evaluate(
            "[...document.querySelectorAll('#window .r .a, #window .r .b')].map((c) => c.clientWidth)"
        )
        assert min(widths) > 60
    finally:
        page.set_viewport_size({"width": 1400, "height": 850})


def test_a_changed_comma_is_not_hidden_among_changed_spaces(page: Page, tmp_path: Path) -> None:
    record = json.loads((GOLDEN / "003" / "1.json").read_text("utf-8"))
    prose = "贯彻执行国家和省、市社会保险方面的政策法规，负责制定全市退休人员社会化管理服务工作计划并组织实施" * 3
    spaced = "".join(c + (" " if n % 3 == 0 else "") for n, c in enumerate(prose))
    at = spaced.rindex("，")
    for side, text in (("a", prose), ("b", f"{spaced[:at]}、{spaced[at + 1 :]}")):
        (tmp_path / side / "x").mkdir(parents=True)
        record["fields"]["annual_goal"] = text
        (tmp_path / side / "x" / "0.json").write_text(record_text(record), "utf-8")
    write_report(diff(load_side(str(tmp_path / "a")), load_side(str(tmp_path / "b"))), tmp_path / "out")
    loaded(page, (tmp_path / "out" / "report.html").as_uri())
    marks = "[...document.querySelectorAll('#detail .b mark:not(.space)')].map((m) => m.textContent)"
    assert page.evaluate(marks) == ["、"]
    shown = page.evaluate("document.querySelector('#window .r .b').textContent")
    assert shown.startswith("…")
    assert "、" in shown[:40]


def test_places_are_named_as_the_forms_print_them(page: Page) -> None:
    if page.evaluate("document.documentElement.lang") == "en":
        page.keyboard.press("l")
    search(page, "年度目标")
    assert page.evaluate("document.querySelector('#window .r .pointer').textContent") == "年度目标"


def test_in_a_narrow_list_the_end_of_a_pointer_is_seen(page: Page) -> None:
    if page.evaluate("document.documentElement.lang") == "zh":
        page.keyboard.press("l")
    page.set_viewport_size({"width": 390, "height": 844})
    cut = """[...document.querySelectorAll('#window .r .pointer')].map((cell) => {
        const text = cell.firstChild.getBoundingClientRect(), box = cell.getBoundingClientRect();
        return [text.width > box.width, text.right <= box.right + 1];
    })"""
    seen = page.evaluate(cut)
    page.set_viewport_size({"width": 1400, "height": 850})
    assert any(longer for longer, _ in seen)
    assert all(ends for _, ends in seen)


def test_forms_count_from_one_in_the_list_and_beside_it(page: Page) -> None:
    page.locator("#window .r").first.click()
    numbers = page.evaluate("[...document.querySelectorAll('#window .r .num:nth-child(4)')].map((e) => e.textContent)")
    assert "0" not in numbers
    assert "1" in numbers
    first = page.evaluate("document.querySelector('#window .r[aria-selected=true] .num').textContent")
    word = page.evaluate("document.querySelector('#detail p').textContent")
    assert f" {first} " in word
