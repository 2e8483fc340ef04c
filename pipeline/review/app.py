"""The web application: what the page asks for, and the one thing it may write, looks at values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi import Path as PathParameter
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel, ConfigDict, Field

from extractors.printable import printable
from pipeline.archive.store import DatabaseUnusable, Store, UnstorableText
from pipeline.output.pictures.originals import NoOriginal, Originals
from pipeline.people.looks import CannotHold, Look, SomeoneElseLooked, Standing, add_look, check_change, typed
from pipeline.people.pointers import value_at
from pipeline.review.pages import Pages, excerpt
from pipeline.review.queue import form_queue, queue, sample_queue
from pipeline.review.security import COOKIE, DOOR, LOOPBACK, Guard, Tokens
from pipeline.review.texts import texts_module
from pipeline.review.views import FormView, NoSuchForm, form_view, on_page
from schemas.compare import ABSENT
from schemas.tables.rows import json_text
from schemas.verdicts import LookVerdict

HERE = Path(str(files("pipeline.review")))
TEXTS = "texts.mjs"  # made of the catalogue
STATIC = {  # every file that is served, and as what
    "app.mjs": "text/javascript",
    TEXTS: "text/javascript",
    "style.css": "text/css",
    "vendor/preact.mjs": "text/javascript",
    "vendor/htm.mjs": "text/javascript",
}


MOST = 2**31 - 1  # of a number that may be one of ours: what is larger no database takes
Number = Annotated[int, PathParameter(ge=1, le=MOST)]


class Posted(BaseModel):
    """A look as the page sends it. `value` is the reading that was shown, `seen` the last look that was."""

    model_config = ConfigDict(extra="forbid")
    form: int = Field(ge=0, le=MOST)
    pointer: str = Field(max_length=1000)
    verdict: LookVerdict
    value: Any
    text: str | None = None
    why: str | None = Field(default=None, max_length=20_000)
    who: str = Field(min_length=1, max_length=200, pattern=r"\S")
    seen: int = Field(default=0, ge=0, le=MOST)


@dataclass(frozen=True, slots=True)
class Room:
    """What the answers are made of. `by` is who reviews unless the page says otherwise, `sample` the sample that is
    looked at, None for what is doubtful."""

    store: Store
    originals: Originals
    by: str
    sample: int | None
    tokens: Tokens
    pages: Pages = field(default_factory=Pages)
    templates: Jinja2Templates = field(default_factory=lambda: Jinja2Templates(HERE / "templates"))


def make_app(
    store: Store,
    folders: Sequence[Path],
    *,
    by: str,
    sample: int | None = None,
    hosts: frozenset[str] = LOOPBACK,
    entrance: str | None = None,
) -> FastAPI:
    """The application over a store. `folders` hold the originals, `by` is who reviews unless the page says otherwise,
    `hosts` are the names under which it may be asked, `entrance` is the word that the address must hold which is
    opened first (None: none)."""
    app = FastAPI(title="jixiao review", docs_url=None, redoc_url=None, openapi_url=None)
    room = Room(store, Originals(folders), by, sample, Tokens(entrance))
    app.add_middleware(Guard, hosts=hosts, tokens=room.tokens)
    _serve_page(app, room)
    _serve_values(app, room)
    _serve_originals(app, room)
    _take_looks(app, room)
    _tell_errors(app)
    return app


def _serve_page(app: FastAPI, room: Room) -> None:
    """The page itself and its files."""

    @app.get("/", response_class=HTMLResponse)
    def page(request: Request) -> Response:
        if DOOR in request.query_params:  # out of the address, which stays in histories
            answer: Response = RedirectResponse("/", 303)
            answer.set_cookie(COOKIE, room.tokens.new_cookie(), httponly=True, samesite="strict", path="/")
            return answer
        cookie = request.cookies.get(COOKIE) or room.tokens.new_cookie()
        shown = {"token": room.tokens.token(cookie), "by": room.by, "sample": room.sample}
        answer = room.templates.TemplateResponse(request, "review.html", shown)
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
        return answer

    @app.get("/static/{name:path}")
    def static(name: str) -> Response:
        if name not in STATIC:
            return _error(404, "there is no such file")
        content = texts_module().encode() if name == TEXTS else (HERE / "static" / name).read_bytes()
        return Response(content, media_type=STATIC[name])

    @app.get("/favicon.ico")
    def no_icon() -> Response:
        return Response(status_code=204)


def _serve_values(app: FastAPI, room: Room) -> None:
    """What to look at next, and a form with its values."""

    @app.get("/api/queue")
    def next_values() -> Any:
        values = queue(room.store) if room.sample is None else sample_queue(room.store, room.sample)
        return [asdict(value) for value in values]

    @app.get("/api/forms/{form}/queue")
    def form_values(form: Number) -> Any:
        return [asdict(value) for value in form_queue(room.store, form)]

    @app.get("/api/forms/{form}")
    def one_form(form: Number) -> Any:
        view = form_view(room.store, form)
        answer = view.as_dict()
        try:
            room.originals.find(view.paths, view.sha256)
        except NoOriginal as error:
            answer["missing"] = str(error)
        return answer


def _serve_originals(app: FastAPI, room: Room) -> None:
    """The places where values stand: pages of the original, lines of a dump."""

    @app.get("/api/forms/{form}/pages/{page}")
    def page_image(form: Number, page: Number) -> Response:
        view = form_view(room.store, form)
        path = room.originals.find(view.paths, view.sha256)
        picture = room.pages.picture(path, view.sha256, page, *on_page(room.store, view.sha256, page))
        size = {"X-Page-Width": f"{picture.width:.3f}", "X-Page-Height": f"{picture.height:.3f}"}
        return Response(picture.data, media_type=picture.media, headers=size)

    @app.get("/api/forms/{form}/lines/{line}")
    def dump_lines(form: Number, line: Number) -> Any:
        view = form_view(room.store, form)
        if view.reader != "dump":
            return _error(404, "only a dump has lines")
        return asdict(excerpt(room.originals.find(view.paths, view.sha256), line))


def _take_looks(app: FastAPI, room: Room) -> None:
    """The one thing that may be written."""

    @app.post("/api/looks")
    def post_look(posted: Posted) -> Any:
        view = form_view(room.store, posted.form)
        reading = value_at(view.record, posted.pointer)
        if reading is ABSENT or posted.pointer not in view.pointers:
            return _error(404, f"the form has no value {posted.pointer}")
        if json_text(reading) != json_text(posted.value):
            return _error(409, "the file was read again in between: look again", changed=True)
        new = _new_value(view, posted, reading)
        look = Look(
            view.sha256,
            view.form_index,
            posted.pointer,
            posted.verdict,
            json_text(reading),
            new,
            posted.who.strip(),
            why=(posted.why or "").strip() or None,
            sample_id=room.sample,
        )
        return JSONResponse(asdict(add_look(room.store, look, posted.seen)), 201)


def _tell_errors(app: FastAPI) -> None:
    """What went wrong, as a sentence that the page shows."""

    @app.exception_handler(SomeoneElseLooked)
    def someone_else(_: Request, error: Exception) -> Response:
        assert isinstance(error, SomeoneElseLooked)
        return _error(409, str(error), last=asdict(error.last))

    @app.exception_handler(CannotHold)
    @app.exception_handler(UnstorableText)
    def cannot_hold(_: Request, error: Exception) -> Response:
        return _error(422, str(error))

    @app.exception_handler(RequestValidationError)
    def not_understood(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        said = "; ".join(f"{'/'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return _error(422, said)

    @app.exception_handler(NoSuchForm)
    @app.exception_handler(NoOriginal)
    def not_there(_: Request, error: Exception) -> Response:
        return _error(404, str(error))

    @app.exception_handler(DatabaseUnusable)
    def unusable(_: Request, error: Exception) -> Response:
        return _error(503, str(error))


def _new_value(view: FormView, posted: Posted, reading: Any) -> str | None:
    """The JSON of the corrected value, None where nothing is corrected. Raises CannotHold."""
    if posted.verdict is LookVerdict.ACCEPTED:
        return _accepted_correction(view, posted.pointer, reading)
    if posted.verdict is LookVerdict.UNREADABLE:
        check_change(view.record, posted.pointer, None)
    if posted.verdict is not LookVerdict.CORRECTED:
        return None
    value = typed(posted.pointer, posted.text or "", reading)
    if value == reading:
        raise CannotHold("this is what was read: accept it instead")
    check_change(view.record, posted.pointer, value)
    return json_text(value)


def _accepted_correction(view: FormView, pointer: str, reading: Any) -> str | None:
    """The JSON of the correction that stands at a value, which is what accepting it confirms; None without one."""
    looks = view.looks.get(pointer, [])
    last = looks[-1] if looks else None
    return last.new if last is not None and last.standing(reading) is Standing.HOLDS else None


def _error(status: int, message: str, **more: Any) -> JSONResponse:
    return JSONResponse({"error": printable(message), **more}, status)
