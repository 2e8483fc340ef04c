"""Where a value of a workbook stands, in a real browser: on the review page and in the diff report."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers_browser import opened, started, until
from helpers_office import HOSTILE_SHEET, saved, sheet_form
from playwright.sync_api import Browser
from review_soak import served
from test_cli import jixiao
from test_review_browser import put_first

from pipeline.archive.store import Store

pytestmark = pytest.mark.slow

SPOT = " · (row|行) 4, (column|列) 2"
AMOUNT = "/funds/0/amount"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as chromium:
        yield chromium


def test_review_and_report_name_sheet_row_and_column(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    book = sheet_form(12.5)
    book.active.title = HOSTILE_SHEET
    saved(book, tmp_path / "raw" / "x.xlsx")
    assert jixiao("run", tmp_path / "raw", "--out", tmp_path / "out").exit_code == 0
    with Store.open(tmp_path / "out" / "jixiao.db") as store:
        put_first(store, AMOUNT)
        with served(store, tmp_path / "raw") as url:
            page = opened(browser, url + "?view=queue")
            until(page, "document.querySelector('.notice small')")
            said = page.inner_text(".notice")
            assert re.search(re.escape(HOSTILE_SHEET) + SPOT, said)
            assert "12.5" in said
            assert page.inner_text(".current dl").count(HOSTILE_SHEET) == 1
    other = shutil.copytree(tmp_path / "out" / "records", tmp_path / "records")
    path = other / "x" / "0.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"12.5"', '"13.5"'), encoding="utf-8")
    assert jixiao("diff", tmp_path / "out", other, "--out", tmp_path / "d").exit_code == 1
    page = opened(browser, (tmp_path / "d" / "report.html").as_uri() + "#")
    until(page, "document.querySelector('.r')")
    page.keyboard.press("j")
    until(page, "document.querySelector('#detail .value.line')")
    said = page.inner_text("#detail")
    assert re.search(re.escape(HOSTILE_SHEET) + SPOT, said)
