"""The workplace in a real browser: the opening page, decisions by keys and clicks, rows, links, narrow screens, and
what axe-core holds against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers_browser import faults, opened, started, until, wait
from playwright.sync_api import Browser, Page
from review_soak import READY, Reviewer, served
from sqlalchemy import insert, update
from test_cli import PDF, jixiao
from test_review_browser import told

from pipeline.archive.store import Store
from pipeline.people.pointers import looked_at
from pipeline.review.queue import form_queue, queue
from schemas import tables as t

pytestmark = pytest.mark.slow

DUMPS = PDF.parent.parent / "dumps"
GOAL = "/fields/annual_goal"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    assert jixiao("run", DUMPS, "--out", out).exit_code == 0
    return out


@pytest.fixture
def store(archive: Path, tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "jixiao.db").write_bytes((archive / "jixiao.db").read_bytes())
    with Store.open(tmp_path / "jixiao.db") as opened_store:
        yield opened_store


def reviews(store: Store) -> list[tuple[str, str, str | None]]:
    return store.query("SELECT pointer, verdict, new FROM reviews ORDER BY id")[1]


def ready(page: Page) -> None:
    until(page, READY)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
@pytest.mark.parametrize(("scheme", "locale"), [("light", "zh-CN"), ("dark", "zh-CN"), ("light", "en-GB")])
def test_nobody_is_kept_out(browser: Browser, store: Store, width: int, height: int, scheme: str, locale: str) -> None:
    """No serious fault of accessibility, and no page is wider than its window."""
    with served(store, DUMPS) as url:
        page = opened(browser, url, width, height, color_scheme=scheme, locale=locale)
        until(page, "document.querySelector('.list tbody tr')")
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert (faults(page), page.evaluate(wide)) == ([], False)
        page.goto(url + "?view=queue")
        ready(page)
        assert (faults(page), page.evaluate(wide)) == ([], False)
        page.goto(url + "?form=1&at=/indicators/0/level3")
        ready(page)
        assert (faults(page), page.evaluate(wide)) == ([], False)
        page.keyboard.press("c")
        until(page, "document.activeElement.id === 'typed'")
        assert faults(page) == []
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        until(page, "document.querySelector('.help')")
        assert faults(page) == []
        assert page.messages == []


def test_the_opening_page_leads_to_forms_by_search_filters_and_links(browser: Browser, store: Store) -> None:
    with served(store, DUMPS) as url:
        page = opened(browser, url, locale="en")
        until(page, "document.querySelector('.list tbody tr')")
        everything = page.locator("tbody tr").count()
        assert everything == len(list(store.records()))
        page.locator("aside a", has_text="wanyuan").first.click()
        until(page, f"document.querySelectorAll('tbody tr').length < {everything}")
        few = page.locator("tbody tr").count()
        assert "family=" in page.url
        page.reload()
        until(page, f"document.querySelectorAll('tbody tr').length === {few}")
        page.locator(".chosenfilters button").click()
        until(page, f"document.querySelectorAll('tbody tr').length === {everything}")
        page.keyboard.press("/")
        page.keyboard.insert_text("no form is called so")
        until(page, "!document.querySelector('tbody tr')")
        page.fill("#search", "")
        until(page, f"document.querySelectorAll('tbody tr').length === {everything}")
        page.locator("tbody a").first.click()
        ready(page)
        assert "form=" in page.url
        here = page.inner_text(".where span")
        page.keyboard.press("n")
        until(page, f"document.querySelector('.where span').innerText !== {json.dumps(here)}")
        there, link = page.inner_text(".where span"), page.url
        other = opened(browser, link, locale="en")
        ready(other)
        assert other.inner_text(".where span") == there  # everything has a link
        page.go_back()
        until(page, "document.querySelector('.list')")


def test_what_is_left_survives_a_reload_and_a_decision_is_taken_back(browser: Browser, store: Store) -> None:
    total = queue(store).total
    with served(store, DUMPS) as url:
        page = opened(browser, url + "?view=queue", locale="en")
        ready(page)
        assert page.inner_text(".left-over") == f"{total} left of {total}"
        block = next(item for item in queue(store).items if item.rest)
        first = queue(store).items[0]
        assert first == block  # what was lost as one comes first here, and is one decision
        page.keyboard.press("a")
        until(page, "document.querySelector('.count').innerText.includes('2/')")
        told(page)
        assert len(reviews(store)) == 1 + len(block.rest)
        left = f"{total - 1 - len(block.rest)} left of {total}"
        assert page.inner_text(".left-over") == left
        page.reload()
        ready(page)
        assert page.inner_text(".left-over") == left
        ready(page)
        page.keyboard.press("a")
        until(page, "document.querySelector('.count').innerText.includes('2/')")
        page.keyboard.press("z")
        until(page, "document.querySelector('.count').innerText.includes('1/')")
        told(page)
        until(page, f"document.querySelector('.left-over').innerText === {json.dumps(left)}")
        assert reviews(store)[-1][1] == "withdrawn"


def test_what_was_lost_as_one_is_taken_back_as_one(browser: Browser, store: Store) -> None:
    """What stands where something is missing was read: it is accepted with the decision, and taken back with it."""
    total = queue(store).total
    block = next(item for item in queue(store).items if item.rest)
    with served(store, DUMPS) as url:
        page = opened(browser, f"{url}?view=queue", locale="en")
        ready(page)
        page.keyboard.press("u")
        until(page, "document.querySelector('.count').innerText.includes('2/')")
        told(page)
        decided = {pointer: verdict for pointer, verdict, _ in reviews(store)}
        assert set(decided) == {block.pointer, *block.rest}
        assert set(decided.values()) == {"unreadable", "accepted"}
        page.keyboard.press("z")
        until(page, "document.querySelector('.note')")
        told(page)
        assert {verdict for _, verdict, _ in reviews(store)[len(decided) :]} == {"withdrawn"}
        assert len(reviews(store)) == 2 * len(decided)
        assert page.inner_text(".left-over") == f"{total} left of {total}"
        assert page.inner_text(".count").endswith(" 1/" + page.inner_text(".count").split("/")[1])


def test_forms_that_are_done_keep_nobody_out(browser: Browser, store: Store) -> None:
    with served(store, DUMPS) as url:
        page = opened(browser, url + "?form=1", locale="zh-CN")
        ready(page)
        page.keyboard.press("f")
        until(page, "document.querySelector('[role=alertdialog]')")
        page.keyboard.press("Enter")
        told(page)
        for scheme in ("light", "dark"):
            other = opened(browser, url, color_scheme=scheme, locale="zh-CN")
            until(other, "document.querySelector('.chip.whole')")
            assert faults(other) == []


def test_what_is_said_to_be_left_is_what_the_database_has_left(browser: Browser, store: Store) -> None:
    """Rows and forms hold values that nobody doubts, which are not among those that are left."""

    def agrees(page: Page) -> int:
        told(page)
        left = queue(store).left
        until(page, f"document.querySelector('.left-over').innerText.startsWith('{left} left of')")
        return left

    with served(store, DUMPS) as url:
        page = opened(browser, url + "?view=queue", locale="en")
        ready(page)
        everything = agrees(page)
        page.keyboard.press("r")
        until(page, "!document.querySelector('.count').innerText.includes(' 1/')")
        assert agrees(page) < everything
        page.keyboard.press("z")
        until(page, "document.querySelector('.note')")
        assert agrees(page) == everything
        ready(page)
        page.keyboard.press("f")
        until(page, "document.querySelector('[role=alertdialog]')")
        page.keyboard.press("Enter")
        until(page, "!document.querySelector('.count').innerText.includes(' 1/')")
        assert 0 < agrees(page) < everything
        page.keyboard.press("z")
        until(page, "document.querySelector('.note')")
        assert agrees(page) == everything
        row = next(item for item in queue(store).items if item.pointer.startswith("/indicators/"))
        page.goto(f"{url}?view=form&form={row.form}&at={row.pointer}")
        ready(page)
        whole = int(page.inner_text(".left-over").split()[0])
        page.keyboard.press("d")
        until(page, "document.querySelector('[role=alertdialog]')")
        page.keyboard.press("Enter")
        until(page, "document.querySelector('.row.gone')")
        ready(page)
        shown = int(page.inner_text(".left-over").split()[0])
        assert shown == form_queue(store, row.form).left < whole


def test_rows_and_forms_are_accepted_at_once_and_a_form_is_finished(
    browser: Browser, store: Store, tmp_path: Path
) -> None:
    record = next(store.records())
    everything = len(list(looked_at(record)))
    with served(store, DUMPS, goldens=tmp_path / "golden") as url:
        page = opened(browser, url + "?form=1&at=/indicators/0/level3", locale="en")
        ready(page)
        page.keyboard.press("r")
        told(page)
        rows = {pointer for pointer, *_ in reviews(store)}
        assert rows == {p for p in looked_at(record) if p.startswith("/indicators/0/")}
        assert not page.locator("#finish").is_visible()
        page.keyboard.press("f")
        until(page, "document.querySelector('[role=alertdialog]')")  # so much is asked for first
        page.keyboard.press("Enter")
        until(page, "document.querySelector('#finish')")
        told(page)
        assert len(reviews(store)) == everything
        page.locator("#finish").click()
        until(page, "document.querySelector('.chip.whole')")
        assert len(list((tmp_path / "golden").glob("*/0.json"))) == 1


def test_rows_are_added_and_taken_out(browser: Browser, store: Store, tmp_path: Path) -> None:
    before = len(next(store.records())["indicators"])
    with served(store, DUMPS) as url:
        page = opened(browser, url + "?form=1&at=/indicators/1/level3", locale="en")
        ready(page)
        page.keyboard.press("i")
        until(page, "document.querySelector('.adding')")
        assert page.input_value(".adding [name=level1]")  # as in the row above
        page.fill(".adding [name=level3]", "漏读的指标")
        page.fill(".adding [name='targets.full_year']", "≥3次")
        page.locator(".adding button[type=submit]").click()
        until(page, "document.querySelector('.row.added')")
        page.keyboard.press("d")
        until(page, "document.querySelector('[role=alertdialog]')")
        page.keyboard.press("Enter")
        until(page, "document.querySelector('.row.gone')")
        assert [pointer for pointer, *_ in reviews(store)] == ["/indicators/2+1", "/indicators/1"]
        page.keyboard.press("z")
        until(page, "!document.querySelector('.row.gone')")
    exported = tmp_path / "x.json"
    assert jixiao("export", "--format", "json", "--db", tmp_path / "jixiao.db", "--out", exported).exit_code == 0
    rows = json.loads(exported.read_text())[0]["indicators"]
    assert (len(rows), rows[2]["level3"]) == (before + 1, "漏读的指标")


def test_readings_are_chosen_by_a_key_and_doubtful_characters_marked(browser: Browser, store: Store) -> None:
    text = "完成 1286.40 万元的项目支出，" + "保障社会保险基金平稳运行，提升服务对象满意度。" * 4
    other = text.replace("1286.40", "1236.40")
    with store.writing() as connection:
        record = next(store.records())
        record["fields"]["annual_goal"] = text
        changed = json.dumps(record, ensure_ascii=False)
        connection.execute(update(t.Form).where(t.Form.id == 1).values(record=changed, record_sha256="x"))
        row = {"form_id": 1, "position": 9999, "pointer": GOAL, "raw": text, "page": None, "line": 3, "column": 1}
        connection.execute(insert(t.Origin).values(**row, reader="dump", readings=json.dumps([[other, 0.8]])))
    with served(store, DUMPS) as url:
        page = opened(browser, url + f"?form=1&at={GOAL}", locale="en")
        ready(page)
        assert page.locator(".value mark").all_inner_texts() == ["8"]
        page.keyboard.press("c")
        until(page, "document.activeElement.id === 'typed'")
        assert page.evaluate("document.activeElement.selectionStart") == text.index("8")
        page.keyboard.press("x")  # one key does not take a paragraph
        assert page.input_value("#typed") == text.replace("8", "x8", 1)
        page.fill("#typed", "x")
        page.keyboard.press("Control+Enter")
        until(page, "document.querySelector('.edit .warn')")
        assert reviews(store) == []
        page.keyboard.press("Escape")
        page.keyboard.press("2")
        wait(lambda: reviews(store), "the other reading is chosen")
        told(page)
        assert reviews(store) == [(GOAL, "corrected", json.dumps(other, ensure_ascii=False))]


def test_a_narrow_screen_is_enough(browser: Browser, store: Store) -> None:
    with served(store, DUMPS) as url:
        page = opened(browser, url + "?view=queue", 390, 844, locale="zh-CN", has_touch=True)
        ready(page)
        box = page.locator(".bar .good").bounding_box()
        assert box
        assert box["y"] + box["height"] <= 844
        page.locator(".bar .good").tap()
        until(page, "document.querySelector('.count').innerText.includes('2/')")
        page.locator(".bar .narrow").tap()
        assert page.locator(".tree").is_visible()
        page.locator(".tree .leaf").first.tap()
        until(page, "!document.querySelector('.panes.open')")


def test_two_people_get_different_forms(browser: Browser, store: Store) -> None:
    with served(store, DUMPS) as url:
        files = []
        for who in ("王", "李"):
            page = opened(browser, locale="en")
            page.add_init_script(f"localStorage.setItem('jixiao.who', {json.dumps(who)})")
            page.goto(url + "?view=queue")
            ready(page)
            files.append(page.inner_text("header .file"))
        assert files[0] != files[1]


def test_a_reviewer_waits_for_nothing(browser: Browser, store: Store) -> None:
    """What the next values stand on is there before somebody comes to them: of a hundred decisions by keys, only those
    at the start ask for a form or a page of their own."""
    with served(store, DUMPS) as url:
        page = opened(browser, url + "?view=queue", locale="en")
        worked = Reviewer(page, think=0.15).work(60)
        assert worked.decided == 60
        assert worked.asked_while_waiting <= 3
        told(page)
        assert page.messages == []
