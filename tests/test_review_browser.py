"""The review page in a real browser: a value corrected by keyboard, and hostile text that stays text."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers_browser import opened, started, until, wait
from playwright.sync_api import Browser, Page
from review_soak import served
from sqlalchemy import insert, update
from test_cli import PDF, jixiao

from pipeline.archive.store import Store
from pipeline.review.pages import Pages
from pipeline.review.queue import queue
from schemas import tables as t

pytestmark = pytest.mark.slow

TARGET = "/indicators/7/targets/full_year"
HOSTILE = "<script>document.title='bad'</script><img src=x onerror=\"document.title='bad'\">'\"&lt;{{7*7}}</textarea>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as chromium:
        yield chromium


def put_first(store: Store, pointer: str) -> None:
    with store.writing() as connection:
        row = {"form_id": 1, "position": -1, "pointer": pointer, "kind": "target", "risk": 1.0, "reasons": "test"}
        connection.execute(insert(t.Risk).values(row))
        connection.execute(update(t.Form).values(doubt=1.0))


def told(page: Page) -> None:
    """Wait until the server has taken everything that was said."""
    until(page, "!document.querySelector('.pending')")


def shown(page: Page) -> str:
    return page.inner_text(".current .value")


def test_a_value_is_corrected_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    assert jixiao("run", PDF, "--out", tmp_path).exit_code == 0
    with Store.open(tmp_path / "jixiao.db") as store:
        put_first(store, TARGET)
        [made] = list(store.records())
        reading = made["indicators"][7]["targets"]["full_year"]
        with served(store, PDF.parent) as url:
            page = opened(browser, url + "?view=queue")
            until(page, "document.querySelector('rect.box.now')")
            until(page, "document.querySelector('.sheet img')?.naturalWidth > 1000")
            assert shown(page) == reading
            page.keyboard.press("n")
            until(page, "document.querySelector('.count').innerText.includes('2/')")
            page.keyboard.press("b")
            until(page, "document.querySelector('.count').innerText.includes('1/')")
            page.keyboard.press("c")
            until(page, "document.activeElement.id === 'typed'")
            page.keyboard.press("a")  # no key works while typing
            page.keyboard.press("Escape")
            until(page, "!document.querySelector('#typed')")
            assert store.query("SELECT * FROM reviews")[1] == []
            page.keyboard.press("c")
            until(page, "document.activeElement.id === 'typed'")
            page.keyboard.insert_text("≥12.5%")
            page.keyboard.press("Enter")
            until(page, "document.querySelector('.count').innerText.includes('2/')")
            page.keyboard.press("b")
            until(page, "document.querySelector('.current .value').innerText === '≥12.5%'")
            told(page)
            rows = store.query("SELECT pointer, verdict, old, new, who FROM reviews")[1]
            assert rows == [(TARGET, "corrected", json.dumps(reading), '"≥12.5%"', "王")]
            page.keyboard.press("w")
            until(page, "document.querySelector('.count').innerText.includes('2/')")
            page.keyboard.press("b")
            page.keyboard.press("c")
            page.keyboard.insert_text("≥12.6%")
            page.keyboard.press("Enter")
            wait(lambda: len(store.query("SELECT id FROM reviews")[1]) == 3, "the third look is in the database")
            assert page.messages == []
            assert all(asked.removeprefix("blob:").startswith(url) for asked in page.requests)
    exported = tmp_path / "x.json"
    assert jixiao("export", "--format", "json", "--db", tmp_path / "jixiao.db", "--out", exported).exit_code == 0
    [done] = json.loads(exported.read_text())
    assert done["indicators"][7]["targets"]["full_year"] == "≥12.6%"
    assert done["indicators"][7]["values"]["full_year"]["number"] == "12.6"
    assert done["corrections"][0]["old"] == reading


def test_another_s_look_is_shown_before_it_is_overruled(browser: Browser, tmp_path: Path) -> None:
    assert jixiao("run", PDF, "--out", tmp_path).exit_code == 0
    with Store.open(tmp_path / "jixiao.db") as store:
        put_first(store, TARGET)
        with served(store, PDF.parent) as url:
            mine, other = opened(browser, url + "?view=queue"), opened(browser, url + "?view=queue")
            for page in (mine, other):
                until(page, "document.querySelector('rect.box.now')")
            other.keyboard.press("u")
            until(other, "document.querySelector('.count').innerText.includes('2/')")
            mine.keyboard.press("a")
            until(mine, "document.querySelector('.conflict')")
            assert len(store.query("SELECT id FROM reviews")[1]) == 1
            mine.keyboard.press("Enter")
            until(mine, "document.querySelector('.count').innerText.includes('2/')")
            told(mine)
            assert store.query("SELECT verdict FROM reviews ORDER BY id")[1] == [("unreadable",), ("accepted",)]


def test_keys_pressed_fast_mean_no_value_that_is_not_shown(browser: Browser, tmp_path: Path) -> None:
    """Queues go from form to form; many of them have values at the same pointers."""
    dump = next((PDF.parent.parent / "dumps").glob("001_*.txt"))
    assert jixiao("run", dump, "--out", tmp_path).exit_code == 0
    with Store.open(tmp_path / "jixiao.db") as store:
        with store.writing() as connection:
            for n in range(40):
                row = {
                    "form_id": n % 4 + 1,
                    "position": 100_000 + n,
                    "pointer": f"/indicators/{n // 4}/targets/full_year",
                }
                connection.execute(insert(t.Risk).values(**row, kind="target", risk=1 - n / 1000, reasons="test"))
            connection.execute(update(t.Form).values(doubt=1.0))
        wanted = [(item.form, item.pointer) for item in queue(store).items]
        with served(store, dump.parent) as url:
            page = opened(browser, url + "?view=queue")
            until(page, "document.querySelector('.current .value')")
            for _ in range(30):
                page.keyboard.press("a")
            until(page, "document.querySelector('.current .value')")
            until(page, "/\\d+\\//.test(document.querySelector('.count').innerText)")
            told(page)
            rows = store.query("SELECT form_index + 1, pointer FROM reviews ORDER BY id")[1]
    assert rows
    assert rows == wanted[: len(rows)]


def test_no_verdict_is_given_before_the_value_s_own_page_is_drawn(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert jixiao("run", PDF, "--out", tmp_path).exit_code == 0
    with Store.open(tmp_path / "jixiao.db") as store:
        [record] = list(store.records())
        later = f"/indicators/{len(record['indicators']) - 1}/targets/full_year"
        with store.writing() as connection:
            for n, pointer in enumerate(("/fields/reporting_unit", later)):
                row = {"form_id": 1, "position": n - 2, "pointer": pointer, "kind": "target"}
                connection.execute(insert(t.Risk).values(**row, risk=1 - n / 1000, reasons="test"))
            connection.execute(update(t.Form).values(doubt=1.0))
        drawn = Pages.picture
        first, held = threading.Event(), threading.Event()

        def slow(self: Pages, path: Path, sha256: str, number: int, *more: Any) -> Any:
            if first.is_set():
                held.wait(30)
            first.set()
            return drawn(self, path, sha256, number, *more)

        monkeypatch.setattr(Pages, "picture", slow)
        with served(store, PDF.parent) as url:
            page = opened(browser, url + "?view=queue")
            until(page, "document.querySelector('.sheet img')?.naturalWidth > 1000")
            page.keyboard.press("n")
            until(page, "document.querySelector('.count').innerText.includes('2/')")
            assert page.evaluate("document.querySelector('.sheet img')") is None
            page.keyboard.press("a")
            page.keyboard.press("w")
            assert store.query("SELECT * FROM reviews")[1] == []
            held.set()
            until(page, "document.querySelector('.sheet img')?.naturalWidth > 1000")
            page.keyboard.press("a")
            until(page, "document.querySelector('.count').innerText.includes('3/')")
            told(page)
            assert store.query("SELECT pointer FROM reviews")[1] == [(later,)]


def test_accepting_a_correction_confirms_it(browser: Browser, tmp_path: Path) -> None:
    assert jixiao("run", PDF, "--out", tmp_path).exit_code == 0
    with Store.open(tmp_path / "jixiao.db") as store:
        put_first(store, TARGET)
        with served(store, PDF.parent) as url:
            page = opened(browser, url + "?view=queue")
            until(page, "document.querySelector('.sheet img')?.naturalWidth > 1000")
            page.keyboard.press("c")
            until(page, "document.activeElement.id === 'typed'")
            page.keyboard.insert_text("≥12.5%")
            page.keyboard.press("Enter")
            until(page, "document.querySelector('.count').innerText.includes('2/')")
            page.keyboard.press("b")
            until(page, "document.querySelector('.current .value').innerText === '≥12.5%'")
            page.keyboard.press("a")
            until(page, "document.querySelector('.count').innerText.includes('2/')")
            told(page)
            rows = store.query("SELECT verdict, new FROM reviews ORDER BY id")[1]
            assert rows == [("corrected", '"≥12.5%"'), ("accepted", '"≥12.5%"')]
    exported = tmp_path / "x.json"
    assert jixiao("export", "--format", "json", "--db", tmp_path / "jixiao.db", "--out", exported).exit_code == 0
    [done] = json.loads(exported.read_text())
    assert done["indicators"][7]["targets"]["full_year"] == "≥12.5%"


def test_hostile_text_is_shown_as_text(browser: Browser, tmp_path: Path) -> None:
    dump = tmp_path / "raw" / "hostile.txt"
    dump.parent.mkdir()
    rows = [
        ["项目绩效目标表"],
        ["项目名称", HOSTILE],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", HOSTILE, "≥5个"],
        ["效益指标", "社会效益指标", "测试", "≥6个"],
    ]
    dump.write_text("\n".join("\t".join(row) for row in rows) + "\n", encoding="utf-8")
    assert jixiao("run", dump, "--out", tmp_path / "out").exit_code == 0
    with Store.open(tmp_path / "out" / "jixiao.db") as store:
        put_first(store, "/fields/project_name")
        [made] = list(store.records())
        assert "<script>" in made["fields"]["project_name"]
        with served(store, dump.parent) as url:
            page = opened(browser, url + "?view=queue")
            until(page, "document.querySelector('.line.now')")
            assert shown(page) == made["fields"]["project_name"]
            assert HOSTILE in page.inner_text(".line.now code")
            page.keyboard.press("c")
            until(page, "document.activeElement.id === 'typed'")
            assert page.evaluate("document.getElementById('typed').value") == made["fields"]["project_name"]
            page.keyboard.insert_text(HOSTILE + "2")
            page.keyboard.press("Control+Enter")
            until(page, "document.querySelector('.count').innerText.includes('2/')")
            page.keyboard.press("b")
            until(page, "document.querySelector('.look')")
            assert page.title().endswith("jixiao")
            assert page.evaluate("document.querySelectorAll('img, script:not([src])').length") == 0
            assert page.messages == []
