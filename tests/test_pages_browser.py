"""The pages that open from disk, in a real browser and in both languages: nobody is kept out, nothing is cut off."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers_browser import faults, opened, started, until
from playwright.sync_api import Browser
from test_cli import PDF, jixiao

pytestmark = pytest.mark.slow

HAN = re.compile("[\u4e00-\u9fff]")
WAYS = [("zh-CN", 1440, "light"), ("zh-CN", 390, "dark"), ("en-GB", 1440, "dark"), ("en-GB", 390, "light")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One of each kind, all of the same run: a file that cannot be read, a sample with a look, a changed record."""
    folder = tmp_path_factory.mktemp("pages")
    filing, out, before = next(PDF.parent.glob("004*")), folder / "out", folder / "before"
    (folder / "in").mkdir()
    shutil.copy(filing, folder / "in")
    (folder / "in" / "broken.pdf").write_bytes(b"%PDF-1.4\nnothing")
    assert jixiao("run", folder / "in", "--out", out).exit_code == 1
    (before / filing.stem).mkdir(parents=True)
    record = json.loads((out / "records" / filing.stem / "0.json").read_text("utf-8"))
    record["funds"][0]["amount"] = "1548.91"
    del record["indicators"][20]
    (before / filing.stem / "0.json").write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    compared = jixiao("diff", before, out, "--common", "--files", filing.parent, "--out", folder / "diff")
    assert compared.exit_code == 1, compared.output
    db = out / "jixiao.db"
    assert jixiao("sample", "--n", 20, "--seed", 3, "--db", db).exit_code == 0
    with sqlite3.connect(db) as connection:
        connection.execute(
            "INSERT INTO reviews (id, sha256, form_index, pointer, verdict, old, new, who, at, sample_id)"
            " SELECT 1, sha256, form_index, pointer, 'corrected', value, '\"x\"', '王', '2026-01-02T03:04:05+00:00', 1"
            " FROM sample_items ORDER BY position LIMIT 1"
        )
    connection.close()
    made = {"diff": folder / "diff" / "report.html", "run": out / "report.html"}
    for language in ("zh", "en"):
        made[f"sample {language}"] = folder / f"{language}.html"
        told = jixiao("sample", "report", 1, "--db", db, "--out", made[f"sample {language}"], "--lang", language)
        assert told.exit_code == 0, told.output
    return made


@pytest.mark.parametrize(("locale", "width", "scheme"), WAYS)
@pytest.mark.parametrize("kind", ["diff", "run", "sample zh", "sample en"])
def test_nobody_is_kept_out(
    browser: Browser, pages: dict[str, Path], kind: str, locale: str, width: int, scheme: str
) -> None:
    """No serious fault of accessibility, on the screen and on paper; no page is wider than its window."""
    page = opened(browser, pages[kind].as_uri(), width, 900, locale=locale, color_scheme=scheme)
    if kind == "diff":
        until(page, "document.querySelector('#detail .crop img')")
        page.click("#figures summary")
    assert (faults(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")) == ([], False)
    assert page.messages == []
    language = kind.removeprefix("sample ") if kind.startswith("sample") else locale[:2]
    assert bool(HAN.search(page.inner_text("h1"))) == (language == "zh")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert faults(page) == []
    page.context.close()
