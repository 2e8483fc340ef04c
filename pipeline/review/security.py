"""What keeps other sites out of the review page: host names, headers, and tokens for every post."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.messages import asked_for, texts

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
COOKIE = "jixiao_review"
TOKEN = "X-CSRF-Token"  # noqa: S105 - the name of a header
DOOR = "token"  # of the address that is opened
ASKED_AGAIN = '<!doctype html><title>jixiao</title><meta http-equiv="refresh" content="0">'
READS = frozenset({"GET", "HEAD"})
LARGEST_BODY = 1 << 20  # bytes of what is posted; a look has some hundred
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """Lets through only what was sent to a known host name (a foreign name that was bound to this machine's address
    is not one) by a browser that came through the door, posts only from our own page and of a bounded size, and puts
    the headers on every answer. What is refused is refused before its body is read."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], tokens: Tokens) -> None:
        self.app = app
        self.hosts = hosts
        self.tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        request = Request(scope)
        answer, given = self._refusal(request), receive
        if answer is None and request.method not in READS:
            body = await _whole(receive, LARGEST_BODY)
            if body is None:
                answer = JSONResponse({"error": f"more than {LARGEST_BODY >> 20} MB"}, 413)
            else:
                given = _again(body, receive)
        await (answer or self.app)(scope, given, guarded)

    def _refusal(self, request: Request) -> Response | None:
        if host_name(request.headers.get("host", "")) not in self.hosts:
            return PlainTextResponse("This address is not served under that host name.", 421)
        if request.url.path == "/" and self.tokens.opens(request.query_params.get(DOOR)):
            return None
        if not self.tokens.knows(request.cookies.get(COOKIE, "")):
            if _led_here(request):
                return HTMLResponse(ASKED_AGAIN)
            said = texts(asked_for(request.headers.get("accept-language")))
            return PlainTextResponse(said.tell("Open the whole address that `jixiao review` has printed."), 403)
        if request.method in READS:
            return None
        why = self.tokens.refusal(request)
        if why is not None:
            return JSONResponse({"error": why}, 403)
        length = request.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit() and len(length) < 20 and int(length) <= LARGEST_BODY):
            return JSONResponse({"error": f"more than {LARGEST_BODY >> 20} MB"}, 413)
        return None


def _led_here(request: Request) -> bool:
    """Whether a link elsewhere, as in the report of a run, led a browser to the page: it brings no cookie then, and
    does so when our own answer has it ask again."""
    elsewhere = request.headers.get("sec-fetch-site") == "cross-site"
    return elsewhere and request.method == "GET" and request.url.path == "/"


async def _whole(receive: Receive, most: int) -> bytes | None:
    """The body of a request, None where it has more than `most` bytes or does not end."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None  # nobody is there any more
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives a body that was read already, then what comes behind it."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Message:
        return left.pop() if left else await receive()

    return given


def host_name(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


class Tokens:
    """Tokens that only a page of this server knows; each belongs to the cookie of one browser. Cookies are given only
    at the door: to who knows the `entrance`, a word in the address that is opened, which other accounts of the machine
    do not see. None: the door stands open."""

    def __init__(self, entrance: str | None = None) -> None:
        self._secret = secrets.token_bytes(32)
        self._entrance = entrance

    def opens(self, given: str | None) -> bool:
        """Whether who gives this at the door is let in."""
        if self._entrance is None:
            return True
        return given is not None and hmac.compare_digest(self._entrance.encode(), given.encode("utf-8", "replace"))

    def new_cookie(self) -> str:
        name = secrets.token_urlsafe(32)
        return f"{name}.{self._sign('cookie', name)}"

    def knows(self, cookie: str) -> bool:
        """Whether a cookie is one that this server has given, or none is needed."""
        name, _, signed = cookie.partition(".")
        given = hmac.compare_digest(self._sign("cookie", name).encode(), signed.encode("utf-8", "replace"))
        return given or self._entrance is None

    def token(self, cookie: str) -> str:
        return self._sign("token", cookie)

    def _sign(self, what: str, text: str) -> str:
        return hmac.new(self._secret, f"{what} {text}".encode("utf-8", "replace"), sha256).hexdigest()

    def refusal(self, request: Request) -> str | None:
        """Why a post is refused, None where it comes from our own page."""
        origin = request.headers.get("origin")
        if origin is None or origin != f"{request.url.scheme}://{request.headers.get('host', '')}":
            return "the request does not come from this page"
        cookie = request.cookies.get(COOKIE, "")
        given = request.headers.get(TOKEN, "")
        if not cookie or not hmac.compare_digest(self.token(cookie).encode(), given.encode("utf-8", "replace")):
            return "the page is too old for this server: load it again"
        if not request.headers.get("content-type", "").startswith("application/json"):
            return "JSON is expected"
        return None
