"""The web application: the page and its files, what it asks for, what it may write, and what it is told of errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates

from pipeline.archive.store import DatabaseUnusable, Store, UnstorableText
from pipeline.output.pictures.originals import NoOriginal, Originals
from pipeline.people.applied import CannotHold
from pipeline.people.looks import SomeoneElseLooked
from pipeline.review.reads import serve_archive, serve_originals, serve_values
from pipeline.review.room import Room, refused, told_in
from pipeline.review.security import COOKIE, DOOR, LOOPBACK, Guard, Tokens
from pipeline.review.texts import texts_module
from pipeline.review.views import NoSuchForm
from pipeline.review.writes import take_looks, take_rows

HERE = Path(str(files("pipeline.review")))
MEDIA = {".mjs": "text/javascript", ".css": "text/css"}
STATIC = {  # every file that is served, and as what
    path.relative_to(HERE / "static").as_posix(): MEDIA[path.suffix]
    for path in sorted((HERE / "static").rglob("*"))
    if path.suffix in MEDIA
}
TEXTS = "texts.mjs"  # made of the catalogue
STATIC[TEXTS] = MEDIA[".mjs"]
GOLDENS = Path("tests/golden")  # where goldens go unless another folder is named


def make_app(
    store: Store,
    folders: Sequence[Path],
    *,
    by: str,
    sample: int | None = None,
    blind: bool = False,
    goldens: Path = GOLDENS,
    hosts: frozenset[str] = LOOPBACK,
    entrance: str | None = None,
) -> FastAPI:
    """The application over a store. `folders` hold the originals, `by` is who reviews unless the page says otherwise,
    `blind` shows nobody what others said of the sample, `goldens` is where forms go that were looked at whole,
    `hosts` are the names under which it may be asked, `entrance` is the word that the address must hold which is
    opened first (None: none)."""
    app = FastAPI(title="jixiao review", docs_url=None, redoc_url=None, openapi_url=None)
    room = Room(store, Originals(folders), by, sample, blind, goldens, Tokens(entrance))
    app.add_middleware(Guard, hosts=hosts, tokens=room.tokens)
    _serve_page(app, room)
    serve_archive(app, room)
    serve_values(app, room)
    serve_originals(app, room)
    take_looks(app, room)
    take_rows(app, room)
    _tell_errors(app)
    return app


def _serve_page(app: FastAPI, room: Room) -> None:
    """The page itself and its files."""
    templates = Jinja2Templates(HERE / "templates")

    @app.get("/", response_class=HTMLResponse)
    def page(request: Request) -> Response:
        if DOOR in request.query_params:  # out of the address, which stays in histories
            answer: Response = RedirectResponse("/", 303)
            answer.set_cookie(COOKIE, room.tokens.new_cookie(), httponly=True, samesite="strict", path="/")
            return answer
        cookie = request.cookies.get(COOKIE) or room.tokens.new_cookie()
        shown = {"token": room.tokens.token(cookie), "by": room.by, "sample": room.sample, "blind": room.blind}
        answer = templates.TemplateResponse(request, "review.html", shown)
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
        return answer

    @app.get("/static/{name:path}")
    def static(name: str) -> Response:
        if name not in STATIC:
            return refused(404, "there is no such file")
        content = texts_module().encode() if name == TEXTS else (HERE / "static" / name).read_bytes()
        return Response(content, media_type=STATIC[name])

    @app.get("/favicon.ico")
    def no_icon() -> Response:
        return Response(status_code=204)


def _tell_errors(app: FastAPI) -> None:
    """What went wrong, as a sentence that the page shows."""

    @app.exception_handler(SomeoneElseLooked)
    def someone_else(request: Request, error: Exception) -> Response:
        assert isinstance(error, SomeoneElseLooked)
        return refused(409, _said(request, error), last=asdict(error.last))

    @app.exception_handler(CannotHold)
    @app.exception_handler(UnstorableText)
    def cannot_hold(request: Request, error: Exception) -> Response:
        return refused(422, _said(request, error))

    @app.exception_handler(RequestValidationError)
    def not_understood(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        said = "; ".join(f"{'/'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return refused(422, said)

    @app.exception_handler(NoSuchForm)
    @app.exception_handler(NoOriginal)
    def not_there(request: Request, error: Exception) -> Response:
        return refused(404, _said(request, error))

    @app.exception_handler(DatabaseUnusable)
    def unusable(request: Request, error: Exception) -> Response:
        return refused(503, _said(request, error))


def _said(request: Request, error: Exception) -> str:
    """What an exception says, in the language of the page."""
    return told_in(request.headers.get("accept-language"))(str(error))
