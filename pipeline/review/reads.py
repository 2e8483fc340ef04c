"""What the page reads: the archive's forms, what to look at next, a form with its values, and where they stand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Query
from fastapi.responses import Response

from pipeline.output.pictures.originals import NoOriginal
from pipeline.people.looks import counting
from pipeline.review.accepting import golden_of
from pipeline.review.filters import SORTS, Filters, Standing, chosen, standings
from pipeline.review.pages import excerpt
from pipeline.review.queue import HAND, form_queue, is_whole, queue, sample_queue
from pipeline.review.room import MOST, NAME, Number, Room, refused, told_in
from pipeline.review.views import form_view, on_page

ROWS = 100  # forms of a page of the list
MOST_AT_ONCE = 5_000  # values of a queue, for who goes past many without a word
Who = Annotated[str, Query(max_length=NAME)]
Word = Annotated[str, Query(max_length=1000)]


def asked(
    q: Word = "",
    file: Word = "",
    family: Word = "",
    kind: Word = "",
    year: Word = "",
    reader: Word = "",
    rule: Word = "",
    reviewer: Word = "",
    state: Word = "",
) -> Filters:
    """The filters that an address names."""
    return Filters(q, file, family, kind, year, reader, rule, reviewer, state)


Asked = Annotated[Filters, Depends(asked)]


def serve_archive(app: FastAPI, room: Room) -> None:
    """All forms, what they have in common, and how far each was looked at."""

    @app.get("/api/forms")
    def forms(
        filters: Asked,
        sort: Annotated[str, Query(max_length=20)] = "risk",
        page: Annotated[int, Query(ge=1, le=MOST)] = 1,
    ) -> Any:
        looks = counting(room.store)
        with room.store.reading() as connection:
            entries = room.ledger.entries(connection)
            wholes = room.ledger.wholes(looks, lambda entry: is_whole(connection, entry, looks))
            passed, facets = chosen(standings(entries, looks, wholes), filters)
        if sort not in SORTS:
            return refused(422, f"forms are put in order by {', '.join(SORTS)}")
        passed.sort(key=SORTS[sort])
        doubtful = sum(len(form.entry.doubtful) for form in passed)
        counts = {"forms": len(passed), "files": len({f.entry.sha256 for f in passed}), "doubtful": doubtful}
        counts |= {"left": sum(form.left for form in passed), "looked": sum(form.looked for form in passed)}
        shown = passed[(page - 1) * ROWS : page * ROWS]
        told = [_row(form, room.shares.holder(form.entry.form)) for form in shown]
        return {"rows": told, "counts": counts, "facets": facets, "page": page, "pages": -(-len(passed) // ROWS)}


def _row(form: Standing, holder: str | None) -> dict[str, Any]:
    names = ("form", "file", "form_index", "reader", "family", "kind", "year", "title", "unit", "project")
    row = {name: getattr(form.entry, name) for name in names}
    row |= {"doubtful": len(form.entry.doubtful), "left": form.left, "looked": form.looked}
    risk = max((each.risk for each in form.entry.doubtful), default=0.0)
    return row | {"risk": risk, "people": form.people, "state": form.state.value, "holder": holder}


def serve_values(app: FastAPI, room: Room) -> None:
    """What to look at next, and a form with its values."""

    @app.get("/api/queue")
    def next_values(filters: Asked, who: Who = "", size: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = HAND) -> Any:
        if room.sample is not None:
            return asdict(sample_queue(room.store, room.sample, room.person((who or room.by).strip())))
        person = (who or room.by).strip()
        return asdict(queue(room.store, size, filters=filters, who=person, shares=room.shares, ledger=room.ledger))

    @app.get("/api/forms/{form}/queue")
    def form_values(form: Number) -> Any:
        return asdict(form_queue(room.store, form))

    @app.get("/api/forms/{form}")
    def one_form(form: Number, who: Who = "", accept_language: Annotated[str | None, Header()] = None) -> Any:
        view = form_view(room.store, form, room.person((who or room.by).strip()))
        told = told_in(accept_language)
        answer = view.as_dict(told)
        golden = golden_of(room.store, form, room.goldens)
        answer["golden"] = golden is not None and golden.exists()
        try:
            room.originals.find(view.paths, view.sha256)
        except NoOriginal as error:
            answer["missing"] = told(str(error))
        return answer


def serve_originals(app: FastAPI, room: Room) -> None:
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
            return refused(404, "only a dump has lines")
        return asdict(excerpt(room.originals.find(view.paths, view.sha256), line))
