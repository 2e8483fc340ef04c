"""The review page's server, corrections and their exports, and goldens made of looks."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient
from helpers_office import write_xlsx
from helpers_pdf import write_form
from helpers_store import full, reading, record
from PIL import Image, ImageDraw
from sqlalchemy import delete, insert, select, update
from test_cli import jixiao

from extractors.intake import take_in
from extractors.read import read_document
from pipeline.archive.store import Store
from pipeline.output.export import Corrections, export
from pipeline.output.pictures.originals import NoOriginal, Originals
from pipeline.people.applied import CannotHold, apply, check_change, typed
from pipeline.people.corrected import corrected
from pipeline.people.looks import Look, SomeoneElseLooked, Standing, add_look, looks_of
from pipeline.people.pointers import LISTS, looked_at, value_at
from pipeline.reading.risk import CONFIDENT
from pipeline.review.app import make_app
from pipeline.review.pages import Pages, excerpt
from pipeline.review.queue import EVERY, form_queue, queue
from pipeline.review.views import form_view, on_page
from schemas import tables as t
from schemas.language.vocabulary import load_words
from schemas.model import Box, Reader
from schemas.record import Record
from schemas.tables.rows import json_text
from schemas.verdicts import LookVerdict

ROOT = Path(__file__).parent.parent
HERE = "http://127.0.0.1:8765"
TARGET = "/indicators/0/targets/full_year"
AMOUNT = "/funds/0/amount"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store.open(tmp_path / "jixiao.db")
    made.save(reading("a.pdf", full(), record(year=2023)), "1", "{}")
    made.save(reading("b.pdf", record()), "1", "{}")
    return made


def look(store: Store, pointer: str, verdict: LookVerdict, new: Any = None, form: int = 0, who: str = "王") -> Look:
    """A look at a value of a.pdf, as it reads now."""
    made = next(r for r in store.records() if r["source"]["file"] == "a.pdf" and r["source"]["form"] == form)
    sha256 = made["source"]["sha256"]
    changed = json_text(new) if verdict is LookVerdict.CORRECTED else None
    old = json_text(value_at(made, pointer))
    with store.reading() as connection:
        seen = [x.id for x in looks_of(connection, sha256, form) if x.pointer == pointer]
    return add_look(store, Look(sha256, form, pointer, verdict, old, changed, who), seen[-1] if seen else 0)


def exported(store: Store, tmp_path: Path, corrections: Corrections = Corrections.APPLY) -> dict[str, Any]:
    export(store, "json", tmp_path / "x.json", corrections)
    found: dict[str, Any] = json.loads((tmp_path / "x.json").read_text())[0]
    return found


# ── Looks and what they do to a record


def test_a_correction_is_a_row_and_leaves_the_reading(store: Store, tmp_path: Path) -> None:
    before = list(store.records())
    look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    look(store, TARGET, LookVerdict.CORRECTED, "≥97%")
    assert list(store.records()) == before
    assert store.query("SELECT new FROM reviews ORDER BY id")[1] == [('"≥98%"',), ('"≥97%"',)]
    done = exported(store, tmp_path)
    assert value_at(done, TARGET) == "≥97%"
    assert done["indicators"][0]["values"]["full_year"] == {"op": "≥", "number": "97", "unit": "%", "text": None}
    [told] = done["corrections"]
    assert (told["where"], told["old"], told["new"], told["who"], told["applied"]) == (
        TARGET,
        "≥95%",
        "≥97%",
        "王",
        True,
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", told["at"])
    assert exported(store, tmp_path, Corrections.IGNORE) == before[0]


def test_the_last_look_counts(store: Store, tmp_path: Path) -> None:
    look(store, AMOUNT, LookVerdict.CORRECTED, "5")
    look(store, AMOUNT, LookVerdict.ACCEPTED)
    assert exported(store, tmp_path) == next(store.records())


def test_unreadable_is_null_and_wrong_at_source_is_a_finding(store: Store, tmp_path: Path) -> None:
    look(store, TARGET, LookVerdict.UNREADABLE)
    look(store, AMOUNT, LookVerdict.WRONG_AT_SOURCE)
    done = exported(store, tmp_path)
    assert (value_at(done, TARGET), done["indicators"][0]["values"]["full_year"]) == (None, None)
    assert value_at(done, AMOUNT) == "1172.45"
    found = {(f["where"], f["rule"], f["verdict"]) for f in done["findings"][len(full().findings) :]}
    assert found == {(TARGET, "unreadable", "undecidable"), (AMOUNT, "reviewed", "wrong_at_source")}


def test_money_is_parsed_as_the_reading_does(store: Store, tmp_path: Path) -> None:
    look(store, AMOUNT, LookVerdict.CORRECTED, "1,200.50")
    fund = exported(store, tmp_path)["funds"][0]
    assert (fund["amount"], fund["raw"]) == ("1200.50", "1,200.50")
    with pytest.raises(CannotHold):
        check_change(next(store.records()), AMOUNT, "twelve")


def read_again(store: Store, target: str) -> None:
    """a.pdf is read by a newer program, whose first target is another."""
    newer = full()
    newer.indicators[0].targets["full_year"] = target
    store.save(reading("a.pdf", newer, record(year=2023)), "2", "{}")


def test_a_correction_outlives_a_new_reading(store: Store, tmp_path: Path) -> None:
    made = look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    read_again(store, "≥95%")
    assert made.standing("≥95%") is Standing.HOLDS
    assert value_at(exported(store, tmp_path), TARGET) == "≥98%"


def test_a_correction_that_the_new_reading_agrees_with_is_settled(store: Store, tmp_path: Path) -> None:
    look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    read_again(store, "≥98%")
    done = exported(store, tmp_path)
    assert value_at(done, TARGET) == "≥98%"
    assert "corrections" not in done


def test_a_stale_correction_is_told_and_shown_first_but_not_applied(store: Store, tmp_path: Path) -> None:
    look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    read_again(store, "≥88%")
    done = exported(store, tmp_path)
    assert value_at(done, TARGET) == "≥88%"
    assert [(c["where"], c["new"], c["applied"]) for c in done["corrections"]] == [(TARGET, "≥98%", False)]
    assert [(f["where"], f["verdict"]) for f in done["findings"] if f["rule"] == "stale-correction"] == [
        (TARGET, "undecidable")
    ]
    first = queue(store).items[0]
    assert (first.pointer, first.why) == (TARGET, "stale")
    look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    assert value_at(exported(store, tmp_path), TARGET) == "≥98%"


def test_a_correction_of_a_value_that_is_gone_is_told(store: Store) -> None:
    made = look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    done = apply(record().model_copy(update={"indicators": []}).as_dict(), {TARGET: made})
    assert [c["applied"] for c in done["corrections"]] == [False]


def test_corrections_of_a_form_that_is_gone_are_listed(store: Store) -> None:
    unit = "/fields/reporting_unit"
    look(store, TARGET, LookVerdict.ACCEPTED)
    look(store, "/year", LookVerdict.CORRECTED, 2022, form=1)
    look(store, unit, LookVerdict.UNREADABLE, form=1)
    look(store, "/fields/project_name", LookVerdict.WRONG_AT_SOURCE, form=1)
    sha256 = next(store.records())["source"]["sha256"]

    def listed() -> list[tuple[Any, ...]]:
        with corrected(store):
            names = "file, form_index, position, pointer, verdict, applied, old, new, who, why"
            return store.query(f"SELECT {names} FROM corrections ORDER BY position")[1]

    def expected(file: str, applied: str) -> list[tuple[Any, ...]]:
        old = '"如皋市社会保险基金管理中心"'
        return [
            (file, 1, 0, "/year", "corrected", applied, "2023", "2022", "王", None),
            (file, 1, 1, unit, "unreadable", applied, old, "null", "王", None),
        ]

    assert listed() == expected("a.pdf", "yes")
    store.save(reading("a.pdf", full()), "2", "{}")  # read again, with one form
    assert listed() == expected("a.pdf", "no")
    with store.writing() as connection:
        connection.execute(delete(t.File).where(t.File.sha256 == sha256))
    assert listed() == expected(sha256, "no")


@pytest.mark.parametrize("fmt", ["csv", "parquet"])
def test_tables_take_the_corrections(store: Store, tmp_path: Path, fmt: str) -> None:
    def rows(folder: str, name: str) -> list[dict[str, Any]]:
        path = tmp_path / folder / f"{name}.{fmt}"
        if fmt == "parquet":
            found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
            return found
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))

    look(store, TARGET, LookVerdict.CORRECTED, "≥98%")
    look(store, AMOUNT, LookVerdict.CORRECTED, "5")
    look(store, "/fields/reporting_unit", LookVerdict.CORRECTED, "=乙", form=1)
    export(store, fmt, tmp_path / "with")
    export(store, fmt, tmp_path / "without", Corrections.IGNORE)
    changed = {n: (rows("with", n), rows("without", n)) for n in ("forms", "fields", "funds", "indicators", "findings")}
    differ = {
        name: sum(a != b for a, b in zip(new, old, strict=True)) for name, (new, old) in changed.items()
    }  # a form's unit stands in each of its rows
    assert differ == {"forms": 1, "fields": 1, "funds": 1, "indicators": 1, "findings": 0}
    assert changed["indicators"][0][0]["target_number"] == "98"
    assert changed["funds"][0][0]["amount"] == "5"
    told = rows("with", "corrections")
    assert [(r["file"], str(r["form_index"]), r["pointer"], r["old"], r["new"], r["applied"]) for r in told] == [
        ("a.pdf", "0", TARGET, '"≥95%"', '"≥98%"', "yes"),
        ("a.pdf", "0", AMOUNT, '"1172.45"', '"5"', "yes"),
        ("a.pdf", "1", "/fields/reporting_unit", '"如皋市社会保险基金管理中心"', '"=乙"', "yes"),
    ]
    assert not (tmp_path / "without" / f"corrections.{fmt}").exists()


def test_two_at_once_lose_nothing(store: Store) -> None:
    first = look(store, TARGET, LookVerdict.ACCEPTED)
    mine = replace(first, verdict=LookVerdict.CORRECTED, new='"≥98%"', who="李")
    with pytest.raises(SomeoneElseLooked) as told:
        add_look(store, mine, 0)
    assert told.value.last == first
    assert add_look(store, mine, first.id).id == 2
    assert store.query("SELECT who, verdict FROM reviews ORDER BY id")[1] == [("王", "accepted"), ("李", "corrected")]


# ── What is looked at, and in which order


def test_what_is_looked_at() -> None:
    found = list(looked_at(full().as_dict()))
    assert {"/title", "/year", "/columns", "/funds", "/indicators", AMOUNT, "/funds/1/path", TARGET} <= set(found)
    assert {"/choices/project_attribute", "/choices/project_level", "/indicators/0/level_points/level1"} <= set(found)
    assert not [p for p in found if "/values" in p or p.endswith("/raw") or p.startswith(("/family", "/source"))]
    assert "/indicators/0/targets/half_year" in found  # blank
    assert "/indicators/0/focus_work" not in found  # the form has no such column
    assert len(found) == len(set(found))


def test_what_is_typed_becomes_a_value_of_its_kind() -> None:
    assert typed("/year", " 2024 ", 2023) == 2024
    assert typed("/choices/x", "甲\n\n 乙", []) == ["甲", "乙"]
    assert typed("/title", "  ", "x") is None
    for pointer, text in (("/year", "二〇二四"), ("/indicators", "3"), ("/title", "x" * 30_000)):
        with pytest.raises(CannotHold):
            typed(pointer, text, 1)


def test_the_queue_goes_by_risk_with_random_confident_values(store: Store) -> None:
    risky = [p for p in looked_at(full().as_dict()) if p.startswith("/indicators/")][:8]
    with store.writing() as connection:
        for i, pointer in enumerate(risky):
            row = {"form_id": 1, "position": i, "pointer": pointer, "kind": "target", "risk": 0.3 + i / 20}
            connection.execute(insert(t.Risk).values(**row, reasons="why"))
    found = queue(store).items
    assert found == queue(store).items
    assert [i.pointer for i in found if i.why == "risk"] == risky
    assert [n for n, i in enumerate(found[:9]) if i.why == "random"] == [EVERY - 1]
    everything = {(i.form, i.pointer) for i in found}
    assert len(everything) == len(found) == sum(form_queue(store, form).left for form in (1, 2, 3))
    look(store, risky[-1], LookVerdict.ACCEPTED)
    assert (1, risky[-1]) not in {(i.form, i.pointer) for i in queue(store).items}


# ── The server


@pytest.fixture
def client(store: Store, tmp_path: Path) -> TestClient:
    (tmp_path / "raw").mkdir()
    return TestClient(make_app(store, [tmp_path / "raw"], by="王"), base_url=HERE)


def token(client: TestClient) -> dict[str, str]:
    found = re.search(r'name="csrf" content="([0-9a-f]{64})"', client.get("/").text)
    assert found
    return {"Origin": HERE, "X-CSRF-Token": found[1]}


def body(**more: Any) -> dict[str, Any]:
    return {"form": 1, "pointer": TARGET, "verdict": "corrected", "value": "≥95%", "text": "≥98%", "who": "王"} | more


def count(store: Store) -> int:
    return int(store.query("SELECT count(*) FROM reviews")[1][0][0])


def test_a_look_is_posted(client: TestClient, store: Store) -> None:
    answer = client.post("/api/looks", json=body(why="看纸"), headers=token(client))
    assert (answer.status_code, answer.json()["new"], answer.json()["why"]) == (201, '"≥98%"', "看纸")
    [value] = [v for v in client.get("/api/forms/1").json()["values"] if v["pointer"] == TARGET]
    assert (value["value"], value["standing"], value["looks"][0]["who"]) == ("≥95%", "holds", "王")


def test_the_second_reviewer_is_told_and_can_confirm(client: TestClient, store: Store) -> None:
    headers = token(client)
    first = client.post("/api/looks", json=body(verdict="accepted"), headers=headers).json()
    told = client.post("/api/looks", json=body(who="李"), headers=headers)
    assert (told.status_code, told.json()["last"]["who"], count(store)) == (409, "王", 1)
    assert client.post("/api/looks", json=body(who="李", seen=first["id"]), headers=headers).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"value": "≥96%"}, 409),
        ({"text": "≥95%"}, 422),
        ({"pointer": "/family", "value": "generic"}, 404),
        ({"pointer": "/source/file", "value": "a.pdf"}, 404),
        ({"pointer": "/nonsense"}, 404),
        ({"form": 99}, 404),
        ({"verdict": "perhaps"}, 422),
        ({"who": "  "}, 422),
        ({"more": 1}, 422),
        ({"pointer": "/kind", "value": "project_target", "verdict": "unreadable"}, 422),
        ({"pointer": "/year", "value": 2024, "text": "x"}, 422),
        ({"text": "\ud800"}, 422),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(client: TestClient, store: Store, wrong: dict[str, Any], status: int) -> None:
    headers = token(client) | {"Content-Type": "application/json"}
    answer = client.post("/api/looks", content=json.dumps(body(**wrong)), headers=headers)
    assert (answer.status_code, count(store)) == (status, 0)
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda h: h.pop("Origin"),
        lambda h: h.update({"Origin": "https://evil.example"}),
        lambda h: h.update({"Origin": "null"}),
        lambda h: h.update({"Origin": "http://127.0.0.1:9999"}),
        lambda h: h.pop("X-CSRF-Token"),
        lambda h: h.update({"X-CSRF-Token": "0" * 64}),
        lambda h: h.update({"Cookie": "jixiao_review=another"}),
    ],
)
def test_posts_from_elsewhere_are_refused(
    client: TestClient, store: Store, spoil: Callable[[dict[str, str]], Any]
) -> None:
    headers = token(client)
    spoil(headers)
    if "Cookie" in headers:
        client.cookies.clear()
    assert (client.post("/api/looks", json=body(), headers=headers).status_code, count(store)) == (403, 0)


def test_the_cookie_is_strict_and_another_server_s_token_is_none(client: TestClient, store: Store) -> None:
    cookie = client.get("/").headers["set-cookie"].lower()
    assert "samesite=strict" in cookie
    assert "httponly" in cookie
    other = TestClient(make_app(store, [], by="x"), base_url=HERE)
    assert client.post("/api/looks", json=body(), headers=token(other)).status_code == 403


def test_a_link_elsewhere_leads_to_the_page_of_who_was_let_in(store: Store) -> None:
    """A browser sends no strict cookie where another page leads; asked once more by our own answer, it does."""
    app = make_app(store, [], by="王", entrance="a-word")
    led = {"Sec-Fetch-Site": "cross-site"}
    answer = TestClient(app, base_url=HERE).get("/?file=a.pdf", headers=led)
    assert 'http-equiv="refresh"' in answer.text
    assert "set-cookie" not in answer.headers
    assert TestClient(app, base_url=HERE).get("/?file=a.pdf").status_code == 403  # asked again, without a cookie
    for path in ("/api/queue", "/static/app.mjs"):
        assert TestClient(app, base_url=HERE).get(path, headers=led).status_code == 403


def test_who_does_not_know_the_address_finds_no_door(store: Store) -> None:
    """Other accounts of the machine reach the port, and do not see what was printed."""
    app = make_app(store, [], by="王", entrance="a-word")
    stranger = TestClient(app, base_url=HERE)
    for path in ("/", "/?token=", "/?token=another", "/api/queue", "/api/forms/1", "/static/app.mjs"):
        answer = stranger.get(path, headers={"Cookie": "jixiao_review=mine.0000"})
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False), path
    spoken = stranger.get("/", headers={"Accept-Language": "zh-CN"})
    assert "请打开" in spoken.text
    guest = TestClient(app, base_url=HERE)
    answer = guest.get("/?token=a-word", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert guest.get("/api/queue").status_code == 200
    assert guest.post("/api/looks", json=body(), headers=token(guest)).status_code == 201


def test_a_post_is_judged_before_its_body_is_read(client: TestClient, store: Store) -> None:
    def never() -> Iterator[bytes]:
        yield b"x"
        raise AssertionError("nobody should read this")

    for headers in ({}, token(client) | {"Content-Length": "1048577"}, token(client) | {"Content-Length": "9" * 30}):
        answer = client.post("/api/looks", content=never(), headers={"Content-Type": "application/json"} | headers)
        assert answer.status_code in (403, 413)
    long = token(client) | {"Content-Type": "application/json"}
    assert client.post("/api/looks", content=(b" " * 100_000 for _ in range(11)), headers=long).status_code == 413
    assert client.post("/api/looks", content=b" " * 2_000_000, headers=long).status_code == 413
    assert count(store) == 0


@pytest.mark.parametrize(
    "path",
    ["forms/{}", "forms/{}/queue", "forms/{}/pages/1", "forms/1/pages/{}", "forms/{}/lines/1", "forms/1/lines/{}"],
)
@pytest.mark.parametrize("number", ["-1", str(2**63), "9" * 5000, "1e3", "%00", "0"])
def test_numbers_out_of_range_are_none(client: TestClient, path: str, number: str) -> None:
    assert client.get("/api/" + path.format(number)).status_code in (404, 422)


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"[", b"[" * 100_000, b"\xff\xfe", b'{"form": ' + b"9" * 5000 + b"}", b'{"\\ud800": 1}', b"NaN",
        json.dumps({"form": 2**70}).encode(),
        b'{"form": 1, "pointer": "\\ud800", "verdict": "accepted", "value": NaN, "who": "x"}',
    ],
)  # fmt: skip
def test_bad_bodies_are_answered(client: TestClient, store: Store, sent: bytes) -> None:
    headers = token(client) | {"Content-Type": "application/json"}
    answer = client.post("/api/looks", content=sent, headers=headers)
    assert (answer.status_code in (400, 404, 422), count(store)) == (True, 0)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "a@b:c:d"])
def test_foreign_host_names_are_refused(client: TestClient, host: str) -> None:
    for path in ("/", "/api/queue", "/static/app.mjs"):
        answer = client.get(path, headers={"Host": host})
        assert (answer.status_code, "jixiao" in answer.text) == (421, False)


def test_every_answer_has_the_policy(client: TestClient) -> None:
    for path in ("/", "/api/queue", "/api/forms/99", "/static/app.mjs", "/nonsense"):
        headers = client.get(path).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers
    page = client.get("/").text
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bon\w+=|style=|https?://", page)


@pytest.mark.parametrize("name", ["../app.py", "%2e%2e/app.py", "..%2fapp.py", "/etc/passwd", "vendor/../../app.py"])
def test_no_other_file_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_who_reviews_is_escaped(store: Store) -> None:
    page = TestClient(make_app(store, [], by='"><script>x</script>'), base_url=HERE).get("/").text
    assert "<script>x" not in page


# ── The originals


def test_a_page_is_shown_from_the_original_only(tmp_path: Path) -> None:
    raw, outside = tmp_path / "raw", tmp_path / "outside"
    (raw / "pdf").mkdir(parents=True)
    outside.mkdir()
    path = write_form(raw / "pdf" / "form.pdf")
    secret = write_form(outside / "secret.pdf")
    (raw / "link.pdf").symlink_to(secret)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    archive, pages = Originals([raw]), Pages()
    assert archive.find(["form.pdf"], sha256) == path.resolve()
    assert archive.find([str(path)], sha256) == path.resolve()
    hidden = hashlib.sha256(secret.read_bytes()).hexdigest()
    for name in ("link.pdf", "../outside/secret.pdf", str(secret), "x\0y", "a" * 5000):
        with pytest.raises(NoOriginal, match="--files"):
            archive.find([name], hidden)
    with pytest.raises(NoOriginal, match="changed since"):
        archive.find(["form.pdf"], "0" * 64)
    picture = pages.picture(path, sha256, 1, False, ())
    assert (round(picture.width), round(picture.height), picture.media) == (595, 842, "image/png")
    with pytest.raises(NoOriginal, match="no page 9"):
        pages.picture(path, sha256, 9, False, ())


def test_pages_that_are_kept_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_form(tmp_path / "form.pdf")
    pages = Pages()
    monkeypatch.setattr("pipeline.review.pages.CACHE", 1)
    for sha256 in ("a", "b", "c"):
        pages.picture(path, sha256, 1, False, ())
    assert list(pages._kept) == [("c", 1, False, ())]


@pytest.mark.parametrize("turned", [0, 180])
def test_a_scan_is_shown_straightened_as_its_boxes_see_it(tmp_path: Path, turned: int) -> None:
    page = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((100, 100, 600, 140), fill="black")  # ink in the upper left, as the box below says
    page.rotate(turned).save(tmp_path / "scan.png", dpi=(150, 150))
    picture = Pages().picture(tmp_path / "scan.png", "x", 1, True, (Box(48.0, 48.0, 288.0, 67.2),))
    shown = Image.open(io.BytesIO(picture.data)).convert("L")
    assert (round(picture.width), round(picture.height), picture.media) == (595, 842, "image/jpeg")
    assert shown.getpixel((300, 120)) < 50 < 200 < shown.getpixel((940, 1634))


def test_a_page_on_its_head_is_shown_upright_whichever_of_its_forms_asks(store: Store, tmp_path: Path) -> None:
    page = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(page).rectangle((100, 100, 600, 140), fill="black")
    page.rotate(180).save(tmp_path / "scan.png", dpi=(150, 150))
    store.save(reading("scan.png", record(), record(), reader=Reader.OCR), "1", "{}")
    sha256 = hashlib.sha256((tmp_path / "scan.png").read_bytes()).hexdigest()
    with store.writing() as connection:
        connection.execute(update(t.File).where(t.File.path == "scan.png").values(sha256=sha256))
        first, second = connection.execute(
            select(t.Form.id).join(t.File).where(t.File.sha256 == sha256).order_by(t.Form.id)
        ).scalars()
        connection.execute(delete(t.Origin).where(t.Origin.form_id == first))  # it has no boxes
        edges = {"box_left": 48.0, "box_top": 48.0, "box_right": 288.0, "box_bottom": 67.2}
        connection.execute(update(t.Origin).where(t.Origin.form_id == second, t.Origin.page == 1).values(edges))
    assert on_page(store, sha256, 1) == (True, (Box(48.0, 48.0, 288.0, 67.2),))
    assert on_page(store, sha256, 2) == (True, ())
    client = TestClient(make_app(store, [tmp_path], by="王"), base_url=HERE)
    for form in (first, second):
        answer = client.get(f"/api/forms/{form}/pages/1")
        assert answer.status_code == 200
        shown = Image.open(io.BytesIO(answer.content)).convert("L")
        assert shown.getpixel((300, 120)) < 50 < 200 < shown.getpixel((940, 1634)), form


def test_a_picture_that_is_kept_is_not_shown_for_other_boxes(tmp_path: Path) -> None:
    page = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(page).rectangle((100, 100, 600, 140), fill="black")
    page.save(tmp_path / "scan.png", dpi=(150, 150))
    pages = Pages()
    upright = pages.picture(tmp_path / "scan.png", "x", 1, True, (Box(48.0, 48.0, 288.0, 67.2),))
    turned = pages.picture(tmp_path / "scan.png", "x", 1, True, (Box(307.2, 774.7, 547.2, 793.9),))
    assert Image.open(io.BytesIO(upright.data)).convert("L").getpixel((300, 120)) < 50
    assert Image.open(io.BytesIO(turned.data)).convert("L").getpixel((940, 1634)) < 50


def test_a_missing_original_is_said_and_the_record_stays(client: TestClient) -> None:
    answer = client.get("/api/forms/1").json()
    assert "--files" in answer["missing"]
    assert len(answer["values"]) > 10
    assert client.get("/api/forms/1/pages/1").status_code == 404


def test_the_lines_of_a_dump(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("\n".join(str(n) for n in range(1, 1001)), encoding="utf-8")
    found = excerpt(path, 500)
    assert (found.first, found.total, found.lines[500 - found.first]) == (300, 1000, "500")


# ── Samples and the command


def test_a_sample_shows_its_values_and_its_looks_name_it(store: Store) -> None:
    sha256 = next(store.records())["source"]["sha256"]
    row = {"sample_id": 1, "sha256": sha256, "form_index": 0, "stratum": "[]", "stratum_size": 9, "value": "null"}
    with store.writing() as connection:
        drawn = {"drawn": "2026-01-01T00:00:00+00:00", "seed": 1, "size": 2, "population": 9, "strata": "[]"}
        connection.execute(insert(t.Sample).values(id=1, **drawn))
        for position, pointer in enumerate((TARGET, "/title")):
            connection.execute(insert(t.SampleItem).values(position=position, pointer=pointer, **row))
    client = TestClient(make_app(store, [], by="王", sample=1), base_url=HERE)
    assert [i["pointer"] for i in client.get("/api/queue").json()["items"]] == [TARGET, "/title"]
    assert client.post("/api/looks", json=body(), headers=token(client)).json()["sample_id"] == 1


def test_review_listens_elsewhere_only_when_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[dict[str, Any]] = []
    monkeypatch.setattr("uvicorn.run", lambda app, **how: served.append(how))
    Store.open(tmp_path / "x.db").close()
    assert jixiao("review", "--db", tmp_path / "x.db", "--host", "0.0.0.0").exit_code == 2
    assert served == []
    told = jixiao("review", "--db", tmp_path / "x.db", "--host", "0.0.0.0", "--open-to-network")
    assert (told.exit_code, served[0]["host"], "Warning" in told.stderr) == (0, "0.0.0.0", True)
    assert jixiao("review", "--db", tmp_path / "x.db").exit_code == 0
    assert served[1]["host"] == "127.0.0.1"
    assert jixiao("review", "--db", tmp_path / "x.db", "--sample", "3").exit_code == 2
    assert jixiao("review", "--db", tmp_path / "none.db").exit_code == 2


# ── Goldens


def test_a_form_that_was_looked_at_becomes_a_golden(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    write_form(raw / "form.pdf")
    assert jixiao("run", raw, "--out", tmp_path / "out").exit_code == 0
    db, goldens = tmp_path / "out" / "jixiao.db", tmp_path / "golden"
    given = ("--by", "李", "--db", db, "--goldens", goldens, "--files", raw)
    with Store.open(db) as store:
        [made] = list(store.records())
        pointers = list(looked_at(made))
        for pointer in pointers[1:]:
            old = json_text(value_at(made, pointer))
            new = '"≥6个"' if pointer == TARGET else None
            verdict = LookVerdict.CORRECTED if new else LookVerdict.ACCEPTED
            add_look(store, Look(made["source"]["sha256"], 0, pointer, verdict, old, new, "王"), 0)
        told = jixiao("golden", "accept", "form", "0", *given)
        assert (told.exit_code, goldens.exists()) == (2, False)
        assert f"1 of {len(pointers)} values" in told.stderr
        first = json_text(value_at(made, pointers[0]))
        add_look(store, Look(made["source"]["sha256"], 0, pointers[0], LookVerdict.ACCEPTED, first, None, "赵"), 0)
    done = jixiao("golden", "accept", "form", "0", *given)
    assert done.exit_code == 0, done.output
    written = json.loads((goldens / "form" / "0.json").read_text())
    assert value_at(written, TARGET) == "≥6个"
    assert not {"source", "findings", "corrections"} & set(written)
    kept = json.loads((goldens / "form" / "provenance.json").read_text())["0"]
    assert (kept["accepted_by"], kept["looked"]["王"]["values"], kept["looked"]["赵"]["values"]) == (
        "李",
        len(pointers) - 1,
        1,
    )
    assert [c["new"] for c in kept["corrections"]] == ["≥6个"]
    again = jixiao("golden", "accept", "form", "0", *given)
    assert (again.exit_code, "--force" in again.stderr) == (2, True)
    assert jixiao("golden", "accept", "form", "0", *given, "--force").exit_code == 0
    assert jixiao("golden", "accept", "form", "7", *given).exit_code == 2
    compared = jixiao("golden", "compare", "--root", goldens, "--base", "/")
    assert compared.exit_code == 1  # the one value that was corrected
    assert compared.stdout.count("paper '") == 2, compared.stdout  # the target, and the number parsed from it


def test_a_look_at_an_older_reading_does_not_count_for_a_golden(store: Store) -> None:
    look(store, TARGET, LookVerdict.ACCEPTED)
    before = form_queue(store, 1).left
    read_again(store, "≥88%")
    assert form_queue(store, 1).left == before + 1


def test_a_record_with_looks_is_a_record(store: Store) -> None:
    look(store, "/choices/project_attribute", LookVerdict.CORRECTED, ["延续"])
    look(store, "/funds/1/path", LookVerdict.CORRECTED, ["资金总额", "其他"])
    with store.reading() as connection:
        made = next(store.records())
        looks = {x.pointer: x for x in looks_of(connection, made["source"]["sha256"], 0)}
    done = apply(made, looks)
    done.pop("corrections")
    assert Record.model_validate(done).choices["project_attribute"] == ["延续"]
    assert done["funds"][1]["path"] == ["资金总额", "其他"]


# ── What a run leaves


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run of two dumps that lost values, and of a workbook."""
    raw, out = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("out")
    source = "data/raw/pdf/002_江宁_部门整体绩效目标_2025.pdf"
    write_xlsx(raw / "a.xlsx", read_document(take_in(ROOT / source, source), load_words()).blocks)
    for name in ("002_*.txt", "003_*.txt"):
        dump = next((ROOT / "data" / "raw" / "dumps").glob(name))
        (raw / dump.name).write_bytes(dump.read_bytes())
    assert jixiao("run", raw, "--out", out).exit_code == 0
    return out


def test_the_risks_of_a_run_drive_the_queue_value_by_value(archive: Path) -> None:
    with Store.open(archive / "jixiao.db", create=False) as store:
        found = queue(store, 60).items
        looked = {form: set(form_view(store, form).pointers) for form in {i.form for i in found}}
        risks = dict(store.query("SELECT form_id || pointer, risk FROM risks")[1])
    assert len({(i.form, i.pointer) for i in found}) == len(found) == 60
    assert all(i.pointer in looked[i.form] for i in found)
    assert not [i for i in found if i.pointer.endswith("/raw") or "/path/" in i.pointer]  # an amount is one value
    by_risk = [i for i in found if i.why == "risk"]
    assert by_risk[0].pointer.endswith("/amount")
    doubtful = found[: max(n for n, i in enumerate(found) if i.why == "risk") + 1]
    forms = [form for form, _ in groupby(i.form for i in doubtful)]
    assert len(forms) == len(set(forms))  # form by form
    highest = [max(risk for at, risk in risks.items() if at.startswith(f"{form}/")) for form in forms]
    assert highest == sorted(highest, reverse=True)
    assert highest[0] == max(risks.values())
    random_ones = [i for i in found if i.why == "random"]
    assert [n for n, i in enumerate(doubtful) if i.why == "random"] == list(range(EVERY - 1, len(doubtful), EVERY))
    assert len(doubtful) > 2 * EVERY
    assert all(i.risk < CONFIDENT for i in random_ones)
    assert any(i.risk > 0 for i in random_ones)


def test_the_risk_of_a_value_is_the_highest_of_its_parts(archive: Path) -> None:
    with Store.open(archive / "jixiao.db", create=False) as store:
        rows = store.query("SELECT form_id, pointer, risk FROM risks")[1]
        view = form_view(store, 1).as_dict()
    shown = {v["pointer"]: v["risk"]["risk"] for v in view["values"]}
    assert shown["/funds/0/amount"] == max(r for f, p, r in rows if f == 1 and p in ("/funds/0/amount", "/funds/0/raw"))
    paths = [r for f, p, r in rows if f == 1 and p.startswith("/funds/1/path/")]
    assert shown["/funds/1/path"] == max(paths)
    assert all(v["risk"]["kind"] for v in view["values"] if v["pointer"] not in LISTS)


def test_a_database_without_risks_is_reviewed_at_random(archive: Path, tmp_path: Path) -> None:
    shutil.copy(archive / "jixiao.db", tmp_path / "old.db")
    with Store.open(tmp_path / "old.db", create=False) as store:
        with store.writing() as connection:
            connection.execute(delete(t.Risk))
        found = queue(store, 50).items
        assert len(found) == 50
        assert {i.why for i in found} == {"random"}
        client = TestClient(make_app(store, [], by="王"), base_url=HERE)
        shown = client.get(f"/api/forms/{found[0].form}").json()["values"]
        assert found[0].pointer in {v["pointer"] for v in shown}


def test_a_workbook_is_reviewed_without_a_page(archive: Path) -> None:
    with Store.open(archive / "jixiao.db", create=False) as store:
        [(form,)] = store.query("SELECT f.id FROM forms f JOIN files s ON s.id = f.file_id WHERE s.reader = 'office'")[
            1
        ]
        client = TestClient(make_app(store, [], by="王"), base_url=HERE)
        shown = client.get(f"/api/forms/{form}").json()
        assert shown["source"]["reader"] == "office"
        assert client.get(f"/api/forms/{form}/pages/1").status_code == 404
        assert client.get(f"/api/forms/{form}/lines/1").status_code == 404
        amount = next(v for v in shown["values"] if v["pointer"] == AMOUNT)
        sent = body(form=form, pointer=AMOUNT, value=amount["value"], verdict="accepted", text=None)
        assert client.post("/api/looks", json=sent, headers=token(client)).status_code == 201


def test_each_verdict_of_a_drawn_sample_counts_as_said(archive: Path, tmp_path: Path) -> None:
    db = tmp_path / "jixiao.db"
    shutil.copy(archive / "jixiao.db", db)
    drawn = jixiao("sample", "--n", 60, "--seed", 3, "--strata", "family,reader,kind", "--db", db)
    assert drawn.exit_code == 0, drawn.output
    verdicts = ("accepted", "wrong_at_source", "corrected", "unreadable")
    said: dict[str, int] = dict.fromkeys(verdicts, 0)
    with Store.open(db, create=False) as store:
        client = TestClient(make_app(store, [], by="王", sample=1), base_url=HERE)
        items = client.get("/api/queue").json()["items"]
        assert len(items) == 60
        pass_on = token(client)
        for n, item in enumerate(items):
            shown = client.get(f"/api/forms/{item['form']}").json()["values"]
            value = next(v for v in shown if v["pointer"] == item["pointer"])["value"]
            text = item["pointer"].startswith(("/fields", "/indicators")) and isinstance(value, str)
            verdict = verdicts[n % 4] if text else "accepted"
            sent = body(**{k: item[k] for k in ("form", "pointer")}, value=value, verdict=verdict, text=f"{value}9")
            answer = client.post("/api/looks", json=sent, headers=pass_on)
            assert answer.status_code == 201, answer.text
            said[verdict] += 1
    assert min(said.values()) > 3
    report = tmp_path / "report.json"
    assert jixiao("sample", "report", 1, "--db", db, "--out", report).exit_code == 0
    data = json.loads(report.read_text(encoding="utf-8"))
    assert (data["looked_at"], data["open"]) == (60, 0)
    assert data["overall"]["errors"] == said["corrected"] + said["unreadable"]
    assert sum(s["looked"] for s in data["strata"]) == 60
    assert {len(s["stratum"]) for s in data["strata"]} == {3}
    assert {s["stratum"][1] for s in data["strata"]} == {"dump", "office"}
