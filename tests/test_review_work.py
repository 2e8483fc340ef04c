"""The workplace of reviewers: shares, filters, decisions on many values, rows that come and go, and agreement."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from helpers_pdf import write_form
from helpers_review import HERE, TARGET, two_filings
from helpers_store import full, reading, record
from sqlalchemy import insert, update
from test_cli import jixiao

from pipeline.archive.store import Store
from pipeline.output.export import export
from pipeline.people.agreement import agreements
from pipeline.people.applied import apply
from pipeline.people.looks import Look, that_count
from pipeline.people.pointers import is_looked_at, looked_at, value_at, value_pointer
from pipeline.people.rows import places_of, with_rows
from pipeline.people.sample import SampledLook
from pipeline.review.app import make_app
from pipeline.review.queue import queue
from pipeline.review.shares import HELD, Shares
from pipeline.review.texts import texts_module
from schemas import tables as t
from schemas.compare import values_of
from schemas.language.columns import BY_ROLE
from schemas.record import Record
from schemas.verdicts import LookVerdict


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return two_filings(tmp_path)


def doubt(store: Store, form: int, *pointers: str, risk: float = 0.5) -> None:
    with store.writing() as connection:
        for position, pointer in enumerate(pointers):
            row = {"form_id": form, "position": position, "pointer": pointer, "kind": "target", "risk": risk}
            connection.execute(insert(t.Risk).values(**row, reasons="why"))
        connection.execute(update(t.Form).where(t.Form.id == form).values(doubt=risk))


class Person:
    """Somebody at the page."""

    def __init__(self, store: Store, who: str, app: Any = None, **how: Any) -> None:
        self.who = who
        self.client = TestClient(app or make_app(store, [], by=who, **how), base_url=HERE)
        token = re.search(r'name="csrf" content="([0-9a-f]{64})"', self.client.get("/").text)
        assert token
        self.headers = {"Origin": HERE, "X-CSRF-Token": token[1]}

    def get(self, path: str) -> Any:
        return self.client.get(path, params={"who": self.who}).json()

    def value(self, pointer: str, form: int = 1) -> dict[str, Any]:
        return next(v for v in self.get(f"/api/forms/{form}")["values"] if v["pointer"] == pointer)

    def post(self, path: str, **sent: Any) -> Any:
        return self.client.post(path, json={"form": 1, "who": self.who} | sent, headers=self.headers)

    def say(self, pointer: str, verdict: str, **more: Any) -> Any:
        v = self.value(pointer)
        sent = {"pointer": pointer, "verdict": verdict, "value": v["value"], "seen": v["last"]}
        return self.post("/api/looks", **sent | more)


def exported(store: Store, folder: Path) -> dict[str, Any]:
    export(store, "json", folder / "x.json")
    made: dict[str, Any] = json.loads((folder / "x.json").read_text())[0]
    return made


# ── What a look does to those before it


def test_who_accepts_a_correction_confirms_it_whoever_it_is(store: Store, tmp_path: Path) -> None:
    wang, li = Person(store, "王"), Person(store, "李")
    assert wang.say(TARGET, "corrected", text="≥98%").status_code == 201
    assert li.say(TARGET, "accepted", shown="≥98%").json()["new"] == '"≥98%"'
    assert li.say(TARGET, "wrong_at_source").json()["new"] == '"≥98%"'
    done = exported(store, tmp_path)
    assert value_at(done, TARGET) == "≥98%"
    assert li.say(TARGET, "accepted", shown="≥95%").status_code == 201  # the reading is chosen
    done = exported(store, tmp_path)
    assert value_at(done, TARGET) == "≥95%"
    assert "corrections" not in done


def test_who_has_not_seen_a_correction_does_not_undo_it() -> None:
    def look(number: int, who: str, verdict: LookVerdict, new: str | None = None) -> Look:
        return Look("x", 0, TARGET, verdict, '"a"', new, who, id=number)

    corrected = look(1, "王", LookVerdict.CORRECTED, '"b"')
    assert that_count([corrected, look(2, "李", LookVerdict.ACCEPTED)])[TARGET] == corrected
    own = look(2, "王", LookVerdict.ACCEPTED)
    assert that_count([corrected, own])[TARGET] == own
    assert that_count([corrected, own, look(3, "王", LookVerdict.WITHDRAWN)])[TARGET] == corrected
    gone = [look(n, "王", LookVerdict.WITHDRAWN) for n in (2, 3)]
    assert that_count([corrected, *gone]) == {}


def test_a_decision_is_taken_back(store: Store, tmp_path: Path) -> None:
    wang, li = Person(store, "王"), Person(store, "李")
    before = exported(store, tmp_path)
    wang.say(TARGET, "corrected", text="≥98%")
    seen = wang.value(TARGET)["last"]
    place = [{"pointer": TARGET, "seen": seen}]
    assert li.post("/api/looks/undo", values=place).status_code == 404  # it is another's
    assert wang.post("/api/looks/undo", values=[{"pointer": TARGET, "seen": seen + 1}]).status_code == 409
    assert wang.post("/api/looks/undo", values=place).status_code == 201
    assert exported(store, tmp_path) == before
    v = wang.value(TARGET)
    assert (v["look"], [look["verdict"] for look in v["looks"]]) == (None, ["corrected", "withdrawn"])


def test_many_values_are_one_decision_kept_whole_or_not_at_all(store: Store) -> None:
    wang, li = Person(store, "王"), Person(store, "李")
    some = [v for v in wang.get("/api/forms/1")["values"] if v["pointer"].startswith("/indicators/0/")]
    sent = [{"pointer": v["pointer"], "value": v["value"], "seen": v["last"]} for v in some]
    li.say(some[-1]["pointer"], "unreadable")
    assert wang.post("/api/looks/many", verdict="accepted", values=sent).status_code == 409
    assert store.query("SELECT count(*) FROM reviews")[1] == [(1,)]
    sent[-1]["seen"] = 1
    answer = wang.post("/api/looks/many", verdict="accepted", values=sent)
    assert (answer.status_code, len(answer.json())) == (201, len(sent))
    wrong = [sent[0] | {"value": "another"}]
    assert wang.post("/api/looks/many", verdict="accepted", values=wrong).json()["changed"]
    assert wang.post("/api/looks/many", verdict="corrected", values=sent).status_code == 422


# ── Rows


def test_rows_come_and_go_in_exports(store: Store, tmp_path: Path) -> None:
    wang = Person(store, "王")
    count = len(full().indicators)
    columns = wang.get("/api/forms/1")["cells"]["indicators"]
    assert {"level1", "level3", "targets.full_year"} <= set(columns)
    cells = {"level1": "产出指标", "level3": "漏读的指标", "targets.full_year": "≥3次"}
    assert wang.post("/api/rows", of="indicators", before=1, cells=cells).json()["pointer"] == "/indicators/1+1"
    assert wang.post("/api/rows", of="indicators", row=0).status_code == 201
    assert wang.post("/api/rows", of="funds", row=0).status_code == 201
    told = {"side": "income", "path": "资金总额\n其他", "column": "full_year_budget", "amount": "1,200.5"}
    assert wang.post("/api/rows", of="funds", before=0, cells=told).status_code == 201
    done = exported(store, tmp_path)
    assert len(done["indicators"]) == count
    assert done["indicators"][0]["level3"] == "漏读的指标"
    assert done["indicators"][0]["values"]["full_year"] == {"op": "≥", "number": "3", "unit": "次", "text": None}
    assert (done["funds"][0]["amount"], done["funds"][0]["path"]) == ("1200.5", ["资金总额", "其他"])
    assert [(c["where"], c["new"] is None, c["applied"]) for c in done["corrections"]] == [
        ("/indicators/1+1", False, True),
        ("/indicators/0", True, True),
        ("/funds/0", True, True),
        ("/funds/0+1", False, True),
    ]
    Record.model_validate({key: value for key, value in done.items() if key != "corrections"})
    export(store, "csv", tmp_path / "csv")
    with (tmp_path / "csv" / "indicators.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert "漏读的指标" in {row["level3"] for row in rows}
    assert len({row["id"] for row in rows}) == len(rows) if "id" in rows[0] else True
    row = next(r for r in wang.get("/api/forms/1")["rows"] if r["pointer"] == "/indicators/1+1")
    wang.post("/api/looks/undo", values=[{"pointer": "/indicators/1+1", "seen": row["last"]}])
    assert len(exported(store, tmp_path)["indicators"]) == count - 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"of": "indicators"}, 422),
        ({"of": "fields", "row": 0}, 422),
        ({"of": "indicators", "row": 999}, 404),
        ({"of": "indicators", "before": 999, "cells": {"level3": "x"}}, 404),
        ({"of": "indicators", "before": 0, "cells": {}}, 422),
        ({"of": "indicators", "before": 0, "cells": {"x": "y"}}, 422),
        ({"of": "funds", "before": 0, "cells": {"side": "x", "path": "y", "column": "z"}}, 422),
        (
            {"of": "funds", "before": 0, "cells": {"side": "income", "path": "y", "column": "z", "amount": "twelve"}},
            422,
        ),
    ],
    ids=str,
)
def test_rows_that_make_no_sense_are_refused(store: Store, sent: dict[str, Any], status: int) -> None:
    answer = Person(store, "王").post("/api/rows", **sent)
    assert (answer.status_code, store.query("SELECT count(*) FROM reviews")[1]) == (status, [(0,)])
    assert answer.json()["error"]


def test_findings_follow_their_rows() -> None:
    made = {"indicators": ["a", "b", "c"], "funds": [], "tasks": []}
    where = ["/indicators", "/indicators/0/level3", "/indicators/1", "/indicators/2/level3", "/title"]
    made["findings"] = [{"where": each} for each in where]  # type: ignore[misc]
    done = with_rows(made, {"/indicators/1": None, "/indicators/0+1": "x", "/indicators/0+2": "y"})
    assert done["indicators"] == ["x", "y", "a", "c"]
    moved = ["/indicators", "/indicators/2/level3", "/indicators/3/level3", "/title"]
    assert [finding["where"] for finding in done["findings"]] == moved
    assert places_of({"/indicators/1": None, "/indicators/0+1": "x"}, "indicators", 3) == [None, 0, 2]


def test_a_row_that_was_added_to_another_list_is_told_and_not_applied(store: Store, tmp_path: Path) -> None:
    Person(store, "王").post("/api/rows", of="indicators", before=0, cells={"level3": "漏读的指标"})
    newer = full()
    shorter = newer.model_copy(update={"indicators": newer.indicators[1:]})
    store.save(reading("a.pdf", shorter, record(year=2023)), "2", "{}")
    done = exported(store, tmp_path)
    assert len(done["indicators"]) == len(shorter.indicators)
    assert [(c["where"], c["applied"]) for c in done["corrections"]] == [("/indicators/0+1", False)]


# ── What is given to whom


def test_two_people_are_given_different_forms(store: Store) -> None:
    for form in (1, 2, 3):
        doubt(store, form, "/title", risk=0.4 + form / 10)
    app = make_app(store, [], by="王")
    wang, li = Person(store, "王", app), Person(store, "李", app)
    one = wang.get("/api/queue")
    assert (one["total"], one["left"]) == (3, 3)
    two = li.get("/api/queue")
    assert not {i["form"] for i in one["items"]} & {i["form"] for i in two["items"]}
    assert two["others"] == {"王": 3}


def test_a_share_ends_with_the_person_s_absence() -> None:
    now = [0.0]
    shares = Shares(lambda: now[0])
    assert shares.take(1, "王")
    assert not shares.take(1, "李")
    now[0] = HELD - 1
    shares.sign("王")
    now[0] = HELD + 1
    assert not shares.take(1, "李")
    now[0] = 2 * HELD + 1
    assert shares.take(1, "李")
    assert not shares.take(1, "王")
    shares.leave("李")
    assert shares.take(1, "王")


def test_the_queue_goes_form_by_form_and_says_what_is_left(store: Store) -> None:
    pointers = [p for p in looked_at(full().as_dict()) if p.startswith("/indicators/")][:6]
    doubt(store, 1, *pointers, risk=0.5)
    doubt(store, 2, "/title", risk=0.9)
    doubt(store, 3, "/title", risk=0.5)
    given = queue(store)
    assert [i.form for i in given.items if i.why == "risk"] == [2, 1, 1, 1, 1, 1, 1, 3]
    assert (given.total, given.left) == (8, 8)
    Person(store, "王").say(pointers[0], "accepted")
    again = queue(store)
    assert (again.total, again.left) == (8, 7)


def test_forms_are_found_and_filtered(store: Store) -> None:
    doubt(store, 1, TARGET)
    wang = Person(store, "王")
    forms = wang.client.get("/api/forms").json()
    assert (forms["counts"]["forms"], forms["counts"]["files"], forms["counts"]["left"]) == (3, 2, 1)
    assert dict(forms["facets"]["state"]) == {"open": 1, "clear": 2}
    assert forms["rows"][0]["form"] == 1  # by risk
    wang.say(TARGET, "accepted")
    only = wang.client.get("/api/forms", params={"reviewer": "王", "q": "A.PDF"}).json()
    assert [(row["form"], row["state"], row["people"]) for row in only["rows"]] == [(1, "done", ["王"])]
    assert wang.client.get("/api/forms", params={"q": "nothing like it"}).json()["rows"] == []
    assert len(forms["rows"]) == 3
    for shown in ("generic", "没有对应的表样", "项目绩效目标", "project target"):  # as the page shows them, and the id
        assert len(wang.client.get("/api/forms", params={"q": shown}).json()["rows"]) == 3, shown
    assert wang.client.get("/api/forms", params={"sort": "nonsense"}).status_code == 422
    years = wang.client.get("/api/forms", params={"year": "2023"}).json()
    assert {row["year"] for row in years["rows"]} == {2023}
    assert len(years["facets"]["year"]) > 1  # what another year would leave is still told


def test_what_is_looked_at_is_told_alike_of_one_value_and_of_all() -> None:
    for made in (full().as_dict(), record().as_dict()):
        known = set(looked_at(made))
        assert known == {p for p in {value_pointer({}, p) for p, _ in values_of(made)} | known if is_looked_at(made, p)}


@pytest.mark.slow
def test_what_was_lost_as_one_is_one_decision(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent
    dump = next((root / "data" / "raw" / "dumps").glob("003_*.txt"))
    assert jixiao("run", dump, "--out", tmp_path).exit_code == 0
    with Store.open(tmp_path / "jixiao.db") as store:
        blocks = [item for item in queue(store).items if item.rest]
        lost = store.query("SELECT count(*) FROM findings WHERE rule = 'lost' AND pointer LIKE '/funds/_'")[1][0][0]
        [money] = [item for item in blocks if item.pointer.startswith("/funds/")]
        assert lost == 8
        assert sum(p.endswith("/amount") for p in (money.pointer, *money.rest)) == lost
        form = money.form
        wang = Person(store, "王")
        values = {v["pointer"]: v for v in wang.get(f"/api/forms/{form}")["values"]}
        sent = [{"pointer": p, "value": values[p]["value"], "seen": 0} for p in (money.pointer, *money.rest)]
        assert wang.post("/api/looks/many", form=form, verdict="accepted", values=sent).status_code == 201
        assert not [
            i for i in queue(store).items if i.form == form and i.pointer.startswith("/funds/") and i.why == "risk"
        ]


# ── Agreement


def sampled(who: str, pointer: int, verdict: LookVerdict) -> SampledLook:
    return SampledLook("x", 0, f"/{pointer}", verdict, None, who, "", None)


def test_kappa_is_cohen_s() -> None:
    """The example that textbooks give: 20 both yes, 15 both no, 5 and 10 apart."""
    yes, no = LookVerdict.ACCEPTED, LookVerdict.UNREADABLE
    pairs = [(yes, yes)] * 20 + [(yes, no)] * 5 + [(no, yes)] * 10 + [(no, no)] * 15
    looks = [sampled(who, n, pair[k]) for n, pair in enumerate(pairs) for k, who in enumerate(("甲", "乙"))]
    [agreed] = agreements([*looks, sampled("丙", 999, yes)])
    assert (set(agreed.people), agreed.values, agreed.agreed) == ({"甲", "乙"}, 50, 35)
    assert agreed.kappa == pytest.approx(0.4)
    [same] = agreements([sampled("甲", 1, yes), sampled("乙", 1, yes)])
    assert same.kappa is None


def test_people_look_independently_of_each_other(store: Store, tmp_path: Path) -> None:
    db = tmp_path / "jixiao.db"
    assert jixiao("sample", "--n", 6, "--seed", 1, "--strata", "", "--db", db).exit_code == 0
    app = make_app(store, [], by="王", sample=1, blind=True)
    wang, li = Person(store, "王", app), Person(store, "李", app)
    items = wang.get("/api/queue")["items"]
    assert len(items) == 6
    for n, item in enumerate(items):
        for who in (wang, li):
            form = who.get(f"/api/forms/{item['form']}")
            v = next(v for v in form["values"] if v["pointer"] == item["pointer"])
            assert v["looks"] == []  # what the other said is not shown
            corrects = who is wang and n == 0 and isinstance(v["value"], str)
            verdict = "corrected" if corrects else "accepted"
            sent = {"form": item["form"], "pointer": v["pointer"], "verdict": verdict, "value": v["value"], "seen": 0}
            answer = who.post("/api/looks", **sent | ({"text": v["value"] + "1"} if corrects else {}))
            assert answer.status_code == 201, answer.text
    assert wang.get("/api/queue")["left"] == li.get("/api/queue")["left"] == 0
    report = jixiao("sample", "report", 1, "--db", db, "--out", tmp_path / "r.json")
    [agreed] = json.loads((tmp_path / "r.json").read_text())["agreement"]
    assert (agreed["values"], set(agreed["people"])) == (6, {"王", "李"})
    assert "kappa" in report.stdout
    assert jixiao("sample", "report", 1, "--db", db, "--out", tmp_path / "r.html").exit_code == 0
    assert "kappa" in (tmp_path / "r.html").read_text()
    assert jixiao("review", "--db", db, "--independent").exit_code == 2


def test_a_form_looked_at_whole_becomes_a_golden_by_a_click(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    write_form(raw / "form.pdf")
    assert jixiao("run", raw, "--out", tmp_path / "out").exit_code == 0
    with Store.open(tmp_path / "out" / "jixiao.db") as store:
        app = make_app(store, [raw], by="王", goldens=tmp_path / "golden")
        wang = Person(store, "王", app)
        form = wang.get("/api/forms/1")
        assert not form["golden"]
        post = wang.client.post
        refused = post("/api/forms/1/golden", json={"who": "王"}, headers=wang.headers)
        assert (refused.status_code, "have not been looked at" in refused.json()["error"]) == (409, True)
        last = max(int(v["pointer"].split("/")[2]) for v in form["values"] if v["pointer"].startswith("/indicators/"))
        assert wang.post("/api/rows", of="indicators", row=last).status_code == 201
        values = [v for v in form["values"] if not v["pointer"].startswith(f"/indicators/{last}/")]
        sent = [{"pointer": v["pointer"], "value": v["value"], "seen": 0} for v in values]
        assert wang.post("/api/looks/many", verdict="accepted", values=sent).status_code == 201
        assert dict(wang.client.get("/api/forms").json()["facets"]["state"]) == {"whole": 1}
        made = post("/api/forms/1/golden", json={"who": "王"}, headers=wang.headers)
        assert (made.status_code, wang.get("/api/forms/1")["golden"]) == (201, True)
        again = post("/api/forms/1/golden", json={"who": "王"}, headers=wang.headers)
        assert again.status_code == 409
        assert post("/api/forms/1/golden", json={"who": "王", "force": True}, headers=wang.headers).status_code == 201
    golden = json.loads(next((tmp_path / "golden").glob("*/0.json")).read_text())
    assert len(golden["indicators"]) == last


def test_a_record_without_looks_is_left_alone() -> None:
    assert apply(full().as_dict(), {}) == full().as_dict()


def test_columns_are_called_by_their_names_on_the_chinese_page() -> None:
    """A record lists its columns by their roles."""
    line = next(line for line in texts_module().splitlines() if line.startswith("export const NAMES"))
    names = json.loads(line.partition("= ")[2].removesuffix(";"))["zh"]["column"]
    assert [role for role in BY_ROLE if not re.search("[\u4e00-\u9fff]", names.get(role, ""))] == []
    assert (names["op"], names["unit"]) == ("计算符号", "度量单位")
