"""The browser of the tests: the system's Chromium, played by Playwright. Nothing is downloaded.

with started() as browser:
    page = opened(browser, "http://127.0.0.1:8000/")
    page.keyboard.press("a")
    until(page, "document.querySelector('h1')")
    assert page.messages == []
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
PATIENCE = 15.0  # seconds within which a page must come to what a test waits for
PAUSE = 0.05  # seconds between two looks
SERIOUS = {"serious", "critical"}  # what a fault of accessibility may not be


@contextmanager
def started() -> Iterator[Browser]:
    """A headless browser; skips the test where none is installed."""
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


def opened(browser: Browser, url: str = "about:blank", width: int = 1400, height: int = 900, **how: Any) -> Page:
    """A page of its own profile at an address. `page.messages` is what its scripts and policies wrote to the console
    or did not catch, `page.requests` the addresses that it asked for."""
    page = browser.new_context(viewport={"width": width, "height": height}, **how).new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.messages, page.requests = [], []
    page.on("console", lambda message: page.messages.append(message.text))
    page.on("pageerror", lambda error: page.messages.append(str(error)))
    page.on("request", lambda request: page.requests.append(request.url))
    if url != "about:blank":
        page.goto(url)
    return page


def until(page: Page, expression: str) -> None:
    """Wait until an expression of the page is true."""
    wait(lambda: page.evaluate(f"!!({expression})"), f"{expression}; console: {page.messages[-5:]}")


def faults(page: Page) -> list[str]:
    """What axe-core holds against the page as it is now: the serious faults of accessibility, each with its places."""
    told = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [fault for fault in told if fault["impact"] in SERIOUS]
    return [f"{fault['id']}: {json.dumps([n['target'] for n in fault['nodes']][:5])}" for fault in serious]


def wait(look: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Look until there is something; AssertionError saying `what` was waited for where nothing comes."""
    end = time.monotonic() + seconds
    while not (there := look()):
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(PAUSE)
    return there
