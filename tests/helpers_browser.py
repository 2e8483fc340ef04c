"""A headless Chromium for tests, spoken to over the DevTools protocol: open, press, type, evaluate, screenshot.

with Browser.start() as browser:
    page = browser.open("http://127.0.0.1:8000/")   # or a file:// address
    page.wait_for("document.querySelector('h1')")
    page.press("a"); page.type("text"); page.evaluate("1 + 1"); page.screenshot(Path("page.png"))
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pytest
import websocket

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
    "about:blank",
)
START = 30.0  # seconds within which a browser must answer
PATIENCE = 15.0  # seconds within which a page must come to what a test waits for
PAUSE = 0.05  # seconds between two looks

KEYS = {  # key: (code, virtual key code, text that it types)
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    "Tab": ("Tab", 9, ""),
    "Backspace": ("Backspace", 8, ""),
    "Delete": ("Delete", 46, ""),
    "ArrowLeft": ("ArrowLeft", 37, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowRight": ("ArrowRight", 39, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    "Home": ("Home", 36, ""),
    "End": ("End", 35, ""),
    "PageDown": ("PageDown", 34, ""),
    "PageUp": ("PageUp", 33, ""),
    " ": ("Space", 32, " "),
}
MODIFIERS = {"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}


class BrowserTrouble(AssertionError):
    """The browser or the page did not do what the test waits for; the message says what."""


def chromium() -> str:
    """The browser's program; skips the test where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    return found


class Page:
    """One tab. `messages`: what its scripts and policies wrote to the console; `requests`: the addresses asked for."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, timeout=PATIENCE, suppress_origin=True)
        self._number = 0
        self.messages: list[str] = []
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the protocol, and its result."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                if "error" in message:
                    raise BrowserTrouble(f"{method}: {message['error'].get('message')}")
                result: dict[str, Any] = message.get("result", {})
                return result
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params", {})
        if method == "Log.entryAdded":
            self.messages.append(str(params["entry"].get("text", "")))
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.messages.append(str(details.get("exception", {}).get("description") or details.get("text")))
        elif method == "Runtime.consoleAPICalled":
            self.messages.append(" ".join(str(a.get("value", "")) for a in params.get("args", [])))
        elif method == "Network.requestWillBeSent":
            self.requests.append(str(params["request"]["url"]))
        elif method == "Page.javascriptDialogOpening":
            self.dialogs.append(str(params.get("message", "")))
            self._number += 1
            accept = {"id": self._number, "method": "Page.handleJavaScriptDialog", "params": {"accept": True}}
            self._socket.send(json.dumps(accept))

    def open(self, url: str) -> None:
        """Go to an address and wait until it is loaded."""
        self.send("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression as plain JSON; promises are waited for."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise BrowserTrouble(f"{expression}: {details.get('exception', {}).get('description') or details['text']}")
        return result["result"].get("value")

    def text(self, selector: str) -> str:
        """What an element shows."""
        found = self.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? null")
        if found is None:
            raise BrowserTrouble(f"the page has no {selector}")
        return str(found)

    def wait_for(self, expression: str, seconds: float = PATIENCE) -> Any:
        """Wait until an expression is true; its value."""
        return wait(
            lambda: self.evaluate(f"(() => {{ const v = ({expression}); return v instanceof Node || v; }})()"),
            f"{expression}; console: {self.messages[-5:]}",
            seconds,
        )

    def press(self, key: str, *modifiers: str) -> None:
        """Press and release a key: a character, or a name of KEYS."""
        code, virtual, text = KEYS.get(key) or (f"Key{key.upper()}" if key.isalpha() else "", ord(key.upper()), key)
        held = sum(MODIFIERS[m] for m in modifiers)
        common = {"key": key, "code": code, "windowsVirtualKeyCode": virtual, "modifiers": held}
        typed = {"text": text} if text and not {"Control", "Alt", "Meta"} & set(modifiers) else {}
        self.send("Input.dispatchKeyEvent", type="keyDown" if typed else "rawKeyDown", **common, **typed)
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text: str) -> None:
        """Put text in where the cursor is, as an input method does."""
        self.send("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Click into the middle of an element."""
        x, y = self._middle(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def _middle(self, selector: str) -> tuple[float, float]:
        script = (
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); if (!e) return null;"
            "e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
            "return [r.left + r.width / 2, r.top + r.height / 2]; })()"
        )
        found = self.evaluate(script)
        if found is None:
            raise BrowserTrouble(f"the page has no {selector}")
        return float(found[0]), float(found[1])

    def size(self, width: int, height: int, scale: float = 1.0) -> None:
        """The size of the window's content in pixels."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )

    def media(self, media: str = "", **features: str) -> None:
        """What media queries see: `media("print")`, `media(prefers_color_scheme="dark")`."""
        wanted = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.send("Emulation.setEmulatedMedia", media=media, features=wanted)

    def screenshot(self, path: Path, whole: bool = False) -> Path:
        """Write a PNG of what is seen, or of the `whole` page."""
        result = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(result["data"]))
        return path

    def close(self) -> None:
        self._socket.close()


class Browser:
    """A headless Chromium with a profile of its own. Use as a context manager."""

    def __init__(self, process: subprocess.Popen[bytes], profile: Path, port: int) -> None:
        self._process = process
        self._profile = profile
        self._port = port
        self._pages: list[Page] = []

    @classmethod
    def start(cls, *flags: str) -> Self:
        """Start the browser; skips the test where none is installed."""
        program = chromium()
        profile = Path(tempfile.mkdtemp(prefix="browser-"))
        process = subprocess.Popen(
            [program, f"--user-data-dir={profile}", *flags, *FLAGS],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        said = profile / "DevToolsActivePort"
        try:
            wait(lambda: said.is_file() and said.read_text().strip(), f"{program} does not start", START)
        except BrowserTrouble:
            process.kill()
            process.wait()
            shutil.rmtree(profile, ignore_errors=True)
            raise
        return cls(process, profile, int(said.read_text().split()[0]))

    def open(self, url: str = "about:blank", width: int = 1400, height: int = 900) -> Page:
        """A new tab at an address."""
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(request, timeout=START) as answer:
            page = Page(json.load(answer)["webSocketDebuggerUrl"])
        self._pages.append(page)
        page.size(width, height)
        if url != "about:blank":
            page.open(url)
        return page

    def close(self) -> None:
        for page in self._pages:
            page.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def wait(look: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Look until there is something; BrowserTrouble saying `what` was waited for where nothing comes."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise BrowserTrouble(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(PAUSE)
