"""What keeps other sites out of the review page: host names, headers, and tokens for every post."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
COOKIE = "jixiao_review"
TOKEN = "X-CSRF-Token"  # noqa: S105 - the name of a header
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
    is not one), and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if host_name(Headers(scope=scope).get("host", "")) in self.hosts:
            await self.app(scope, receive, guarded)
        else:
            refuse = PlainTextResponse("This address is not served under that host name.", 421)
            await refuse(scope, receive, guarded)


def host_name(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


class Tokens:
    """Tokens that only a page of this server knows; each belongs to the cookie of one browser."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def new_cookie(self) -> str:
        return secrets.token_urlsafe(32)

    def token(self, cookie: str) -> str:
        return hmac.new(self._secret, cookie.encode(), sha256).hexdigest()

    def refusal(self, request: Request) -> str | None:
        """Why a post is refused, None where it comes from our own page."""
        origin = request.headers.get("origin")
        if origin is None or origin != f"{request.url.scheme}://{request.headers.get('host', '')}":
            return "the request does not come from this page"
        cookie = request.cookies.get(COOKIE, "")
        given = request.headers.get(TOKEN, "")
        if not cookie or not hmac.compare_digest(self.token(cookie).encode(), given.encode()):
            return "the page is too old for this server: load it again"
        if not request.headers.get("content-type", "").startswith("application/json"):
            return "JSON is expected"
        return None
