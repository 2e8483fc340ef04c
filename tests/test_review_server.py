"""The review page's server: what it takes, refuses and serves, samples, and what a run leaves to look at."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from helpers_office import write_xlsx
from helpers_review import AMOUNT, HERE, TARGET, body, token, two_filings
from sqlalchemy import delete, insert
from test_cli import jixiao

from extractors.intake import take_in
from extractors.read import read_document
from pipeline.archive.store import Store
from pipeline.people.pointers import LISTS
from pipeline.reading.risk import CONFIDENT
from pipeline.review.app import make_app
from pipeline.review.queue import EVERY, queue
from pipeline.review.views import form_view
from schemas import tables as t
from schemas.language.vocabulary import load_words

ROOT = Path(__file__).parent.parent


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return two_filings(tmp_path)


@pytest.fixture
def client(store: Store, tmp_path: Path) -> TestClient:
    (tmp_path / "raw").mkdir()
    return TestClient(make_app(store, [tmp_path / "raw"], by="王"), base_url=HERE)


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
