"""What the page may write: looks at values, one or many as one decision, rows that come and go, looks taken back, and
goldens made of forms that were looked at whole."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pipeline.archive.clock import now
from pipeline.people.applied import CannotHold, check_change, typed
from pipeline.people.looks import Look, Standing, add_looks
from pipeline.people.pointers import ADDED, value_at
from pipeline.people.rows import made_row
from pipeline.review.accepting import CannotAccept, accept
from pipeline.review.room import MOST, NAME, Number, Room, refused
from pipeline.review.views import FormView, form_view
from schemas.compare import ABSENT
from schemas.tables.rows import json_text
from schemas.verdicts import LookVerdict

POINTER = 1000  # characters of a pointer
AT_ONCE = 5_000  # values that one decision may be about
Pointer = Annotated[str, StringConstraints(max_length=POINTER)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=NAME, pattern=r"\S")]
Seen = Annotated[int, Field(ge=0, le=MOST)]
Why = Annotated[str | None, Field(max_length=20_000)]
CHANGED = "the file was read again in between: look again"


class Sent(BaseModel):
    """What every decision tells: the form, the verdict of a person, and who it is."""

    model_config = ConfigDict(extra="forbid")
    form: int = Field(ge=0, le=MOST)
    who: Name
    why: Why = None


class Posted(Sent):
    """A look as the page sends it. `value` is the reading that was shown, `shown` what stood in its place (a correction
    that somebody made), `seen` the last look that was."""

    pointer: Pointer
    verdict: Literal[LookVerdict.ACCEPTED, LookVerdict.CORRECTED, LookVerdict.UNREADABLE, LookVerdict.WRONG_AT_SOURCE]
    value: Any
    shown: Any = None
    text: str | None = None
    seen: Seen = 0


class Shown(BaseModel):
    """One of many values: its reading, and the last look at it that was shown."""

    model_config = ConfigDict(extra="forbid")
    pointer: Pointer
    value: Any
    seen: Seen = 0


class PostedMany(Sent):
    """The same verdict on many values of a form: those of a row, of a lost block, of the form."""

    verdict: Literal[LookVerdict.ACCEPTED, LookVerdict.UNREADABLE, LookVerdict.WRONG_AT_SOURCE]
    values: list[Shown] = Field(min_length=1, max_length=AT_ONCE)


class Place(BaseModel):
    """A value with the last look at it that was shown."""

    model_config = ConfigDict(extra="forbid")
    pointer: Pointer
    seen: Seen


class Undone(Sent):
    """Looks that their person takes back."""

    values: list[Place] = Field(min_length=1, max_length=AT_ONCE)


class PostedRow(Sent):
    """A row that is added before the row `before` of a list, or the row `row` that is taken out of it."""

    of: Literal["indicators", "funds", "tasks"]
    row: int | None = Field(default=None, ge=0, le=MOST)
    before: int | None = Field(default=None, ge=0, le=MOST)
    cells: dict[str, str] = Field(default_factory=dict, max_length=100)
    seen: Seen = 0


class Finished(BaseModel):
    """Who makes a golden of a form; `force` overwrites one."""

    model_config = ConfigDict(extra="forbid")
    who: Name
    force: bool = False


def take_looks(app: FastAPI, room: Room) -> None:
    """Looks at values."""

    @app.post("/api/looks", status_code=201)
    def post_look(posted: Posted) -> Any:
        view = form_view(room.store, posted.form, room.person(posted.who.strip()))
        if (wrong := _cannot_look(view, posted.pointer, posted.value)) is not None:
            return wrong
        look = _look(room, view, posted, posted.pointer, posted.verdict, new=_new_value(view, posted))
        return _kept(room, posted, [(look, posted.seen)])[0]

    @app.post("/api/looks/many", status_code=201)
    def post_many(posted: PostedMany) -> Any:
        view = form_view(room.store, posted.form, room.person(posted.who.strip()))
        looks = []
        for each in posted.values:
            if (wrong := _cannot_look(view, each.pointer, each.value)) is not None:
                return wrong
            new = None if posted.verdict is LookVerdict.UNREADABLE else _standing_correction(view, each.pointer)
            if posted.verdict is LookVerdict.UNREADABLE:
                check_change(view.record, each.pointer, None)
            looks.append((_look(room, view, posted, each.pointer, posted.verdict, new=new), each.seen))
        return _kept(room, posted, looks)

    @app.post("/api/looks/undo", status_code=201)
    def undo(posted: Undone) -> Any:
        who = posted.who.strip()
        view = form_view(room.store, posted.form, room.person(who))
        looks = []
        for each in posted.values:
            own = [look for look in view.looks.get(each.pointer, ()) if look.who == who]
            if not own:
                return refused(404, f"{who} has not looked at {each.pointer}")
            looks.append((_look(room, view, posted, each.pointer, LookVerdict.WITHDRAWN), each.seen))
        return _kept(room, posted, looks)


def take_rows(app: FastAPI, room: Room) -> None:
    """Rows that come and go, and forms that are done."""

    @app.post("/api/rows", status_code=201)
    def post_row(posted: PostedRow) -> Any:
        if room.sample is not None:
            return refused(409, "rows are not added or taken out while a sample is looked at")
        view = form_view(room.store, posted.form)
        if posted.row is not None:
            pointer, new = f"/{posted.of}/{posted.row}", None
        elif posted.before is not None:
            pointer, new = _free_place(view, posted.of, posted.before), _row(view, posted)
        else:
            return refused(422, "a row is added before another one, or taken out")
        reading = value_at(view.record, pointer)
        if reading is ABSENT:
            return refused(404, f"the form has no row {pointer}")
        look = _look(room, view, posted, pointer, LookVerdict.CORRECTED, new=json_text(new))
        return _kept(room, posted, [(look, posted.seen)])[0]

    @app.post("/api/forms/{form}/golden", status_code=201)
    def finish(form: Number, posted: Finished) -> Any:
        view = form_view(room.store, form)
        who = posted.who.strip()
        try:
            made = accept(
                room.store,
                view.paths[0],
                view.form_index,
                who,
                room.goldens,
                room.originals.folders,
                now(),
                posted.force,
            )
        except CannotAccept as error:
            return refused(409, str(error))
        except OSError as error:
            return refused(409, f"{room.goldens}: cannot be written: {error.strerror}")
        return JSONResponse({"path": str(made.path), "goldens": made.goldens, "forms": made.forms}, 201)


def _cannot_look(view: FormView, pointer: str, value: Any) -> JSONResponse | None:
    """Why a value cannot be looked at; None where it can."""
    reading = value_at(view.record, pointer)
    if reading is ABSENT or pointer not in view.known:
        return refused(404, f"the form has no value {pointer}")
    if json_text(reading) != json_text(value):
        return refused(409, CHANGED, changed=True)
    return None


def _look(
    room: Room, view: FormView, sent: Sent, pointer: str, verdict: LookVerdict, *, new: str | None = None
) -> Look:
    reading = value_at(view.record, pointer)
    old = None if reading is ABSENT else json_text(reading)
    why = (sent.why or "").strip() or None
    who = sent.who.strip()
    return Look(view.sha256, view.form_index, pointer, verdict, old, new, who, why=why, sample_id=room.sample)


def _kept(room: Room, sent: Sent, looks: list[tuple[Look, int]]) -> Any:
    """The looks as they were written down, and the answer that tells them."""
    room.shares.sign(sent.who.strip())
    written = add_looks(room.store, looks, blind=room.blind)
    return [asdict(look) for look in written]


def _new_value(view: FormView, posted: Posted) -> str | None:
    """The JSON of the corrected value, None where nothing is corrected. Raises CannotHold."""
    reading = value_at(view.record, posted.pointer)
    if posted.verdict in (LookVerdict.ACCEPTED, LookVerdict.WRONG_AT_SOURCE):
        standing = _standing_correction(view, posted.pointer)
        if "shown" in posted.model_fields_set and standing is not None and json_text(posted.shown) != standing:
            return json_text(reading)  # what was read is right after all
        return standing
    if posted.verdict is LookVerdict.UNREADABLE:
        check_change(view.record, posted.pointer, None)
    if posted.verdict is not LookVerdict.CORRECTED:
        return None
    value = typed(posted.pointer, posted.text or "", reading)
    if value == reading:
        raise CannotHold("this is what was read: accept it instead")
    check_change(view.record, posted.pointer, value)
    return json_text(value)


def _standing_correction(view: FormView, pointer: str) -> str | None:
    """The JSON of the correction that stands at a value, which is what accepting it confirms; None without one."""
    look = view.standing.get(pointer)
    holds = look is not None and look.standing(value_at(view.record, pointer)) is Standing.HOLDS
    return look.new if look is not None and holds else None


def _free_place(view: FormView, of: str, before: int) -> str:
    """The pointer of a new row behind those that were added there already."""
    taken = [p for p in view.looks if (place := ADDED.fullmatch(p)) and place[1] == of and int(place[2]) == before]
    return f"/{of}/{before}+{len(taken) + 1}"


def _row(view: FormView, posted: PostedRow) -> dict[str, Any]:
    """The new row. Raises CannotHold."""
    try:
        return made_row(view.record, posted.of, posted.cells)
    except ValueError as error:
        raise CannotHold(str(error)) from error
