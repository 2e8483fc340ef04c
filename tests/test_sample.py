"""Spot checks: what is drawn, what the looks at it say, and the reports of it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.output.sample_report import STRATA, OtherStrata, strata_that_matter
from pipeline.people.pointers import LISTS, looked_at
from pipeline.people.sample import (
    CannotDraw,
    Decision,
    Divider,
    Rate,
    SampledLook,
    SampledValue,
    Stored,
    StratumResult,
    accept,
    allocate,
    draw,
    evaluate,
    exact_rate,
)
from schemas.verdicts import LookVerdict

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
DUMP = ROOT / "data" / "raw" / "dumps" / "002_a291d28074b2eada.txt"
ALL = (Divider.FAMILY, Divider.READER, Divider.KIND)
FORMS = [
    Stored(f"{k:064}", 0, json.loads(p.read_text("utf-8")) | {"source": {"reader": "dump", "file": p.parent.name}})
    for k, p in enumerate(sorted(p for p in GOLDEN.glob("*/?.json")))
]


def jixiao(*arguments: str | Path) -> Any:
    result = CliRunner().invoke(app, [str(a) for a in arguments], terminal_width=200)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


# ── Drawing


def test_the_same_seed_draws_the_same_values_and_another_seed_others() -> None:
    first, again, other = (draw(lambda: FORMS, 60, ALL, seed) for seed in (4, 4, 5))
    assert first == again
    assert set(first.items) != set(other.items)
    assert len(set(first.items)) == len(first.items) == 60


def test_every_value_that_the_page_shows_can_be_drawn_once() -> None:
    drawn = draw(lambda: FORMS, 10**6, [], 1)
    assert len(drawn.items) == drawn.population > 3000
    looked = [p for form in FORMS for p in looked_at(form.record) if p not in LISTS]
    assert sorted(i.pointer for i in drawn.items) == sorted(looked)
    assert not [p for p in looked if "/values" in p or p.endswith("/raw")]
    by_form = {f.sha256: f.record for f in FORMS}
    for item in drawn.items[:200]:
        value: Any = by_form[item.sha256]
        for part in item.pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            value = value[int(key)] if isinstance(value, list) else value[key]
        assert json.loads(item.value) == value


def test_a_sample_follows_the_strata_and_leaves_none_out() -> None:
    drawn = draw(lambda: FORMS, 300, ALL, 9)
    counts = Counter(i.stratum for i in drawn.items)
    assert set(counts) == set(drawn.sizes)
    for stratum, size in drawn.sizes.items():
        assert abs(counts[stratum] - max(300 * size / drawn.population, 1)) <= 1.5


@given(
    st.dictionaries(st.tuples(st.text(max_size=2)), st.integers(1, 500), min_size=1, max_size=12), st.integers(1, 900)
)
def test_allocation_is_whole_and_within_bounds(sizes: dict[tuple[str, ...], int], n: int) -> None:
    given_ = allocate(sizes, n)
    assert sum(given_.values()) == min(n, sum(sizes.values()))
    assert all(1 <= k <= sizes[s] for s, k in given_.items())
    assert len(given_) == min(len(sizes), n)


def test_nothing_is_drawn_from_nothing() -> None:
    with pytest.raises(CannotDraw):
        draw(lambda: [], 5, ALL, 1)


# ── What the looks say


def items(strata: dict[str, tuple[int, int]]) -> list[SampledValue]:
    """Items by stratum: (size, drawn)."""
    return [SampledValue("f", 0, f"/{s}/{k}", (s,), size, '"x"') for s, (size, n) in strata.items() for k in range(n)]


def look(
    item: SampledValue, verdict: str, new: str | None = None, who: str = "王", at: str = "2026-01-01"
) -> SampledLook:
    return SampledLook(item.sha256, item.form_index, item.pointer, LookVerdict(verdict), new, who, at, None)


def test_verdicts_count_as_said_and_the_last_look_counts() -> None:
    drawn = items({"a": (100, 6)})
    null = SampledValue("f", 0, "/null", ("a",), 100, "null")
    verdicts = ["accepted", "wrong_at_source", "corrected", "unreadable", "corrected", "accepted"]
    looks = [look(i, v) for i, v in zip(drawn, verdicts, strict=True)]
    looks += [
        look(null, "unreadable"),
        look(drawn[4], "accepted"),
        look(drawn[5], "corrected", '"y"', "李", "2026-02-01"),
    ]
    result = evaluate([*drawn, null], looks, 100)
    assert {i.pointer for i, _ in result.errors} == {"/a/2", "/a/3", "/a/5"}
    assert (result.overall.looked, result.overall.errors, result.open) == (7, 3, 0)
    assert result.people == (("李", 1, "2026-02-01", "2026-02-01"), ("王", 6, "2026-01-01", "2026-01-01"))


@pytest.mark.parametrize(("looked", "errors", "low", "high"), [(200, 0, 0.0, 0.018275), (100, 2, 0.002431, 0.070384)])
def test_intervals_are_exact(looked: int, errors: int, low: float, high: float) -> None:
    rate = exact_rate(looked, errors)
    assert rate.low == pytest.approx(low, abs=1e-5)  # Clopper and Pearson's, as tables print them
    assert rate.high == pytest.approx(high, abs=1e-5)
    assert exact_rate(0, 0).rate is None


def test_a_proportional_sample_is_pooled() -> None:
    drawn = items({"a": (900, 90), "b": (100, 10)})
    result = evaluate(drawn, [look(i, "corrected" if i.pointer == "/b/0" else "accepted") for i in drawn], 1000)
    assert result.overall == exact_rate(100, 1)
    assert [s.rate.errors for s in result.strata] == [0, 1]


def test_looks_that_are_not_proportional_are_weighted() -> None:
    drawn = items({"a": (900, 50), "b": (100, 50)})
    result = evaluate(drawn, [look(i, "corrected" if i.pointer.startswith("/b") else "accepted") for i in drawn], 1000)
    assert result.overall.rate == pytest.approx(0.1)  # not the 0.5 of the sample
    assert "weighted" in result.overall.method
    assert result.overall.low is not None
    assert result.overall.high is not None
    assert result.overall.low < 0.1 < result.overall.high
    narrow = binomtest(10, 100).proportion_ci(0.95, "exact")
    assert result.overall.high - result.overall.low > narrow.high - narrow.low


def test_strata_without_a_look_are_said() -> None:
    drawn = items({"a": (700, 7), "b": (300, 3)})
    result = evaluate(drawn, [look(i, "accepted") for i in drawn if i.stratum == ("a",)], 1000)
    assert result.unseen == pytest.approx(0.3)
    assert result.open == 3


@pytest.mark.parametrize(
    ("looked", "errors", "drawn", "decision"),
    [
        (1000, 5, 1000, Decision.ACCEPTED),
        (1000, 6, 1000, Decision.REFUSED),
        (40, 0, 40, Decision.OPEN),
        (40, 0, 60, Decision.OPEN),
        (999, 5, 1000, Decision.OPEN),
        (990, 30, 1000, Decision.REFUSED),
        (996, 0, 1000, Decision.ACCEPTED),
    ],
)
def test_the_acceptance_rule(looked: int, errors: int, drawn: int, decision: Decision) -> None:
    sample = items({"a": (1000, drawn)})
    looks = [look(i, "corrected" if k < errors else "accepted") for k, i in enumerate(sample[:looked])]
    rule = accept(evaluate(sample, looks, 1000), 1000, Fraction("0.05"), Fraction("0.995"))
    assert rule.needed == 50
    assert rule.decision is decision


# ── The commands


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a sample of which everything but one value is looked at; one look found an error."""
    folder = tmp_path_factory.mktemp("sample")
    assert jixiao("run", DUMP, "--out", folder).exit_code == 0
    db = folder / "jixiao.db"
    result = jixiao("sample", "--n", 40, "--seed", 15, "--strata", "kind", "--db", db)
    assert result.exit_code == 0, result.output
    assert "sample 1, seed 15" in result.stdout
    assert f"jixiao review --sample 1 --db {db}" in result.stderr
    rows = []
    with sqlite3.connect(db) as connection:
        drawn = connection.execute("SELECT sha256, form_index, pointer, value FROM sample_items ORDER BY position")
        for k, (sha256, form, pointer, value) in enumerate(drawn.fetchall()[:-1]):
            wrong = k == 3
            new = json.dumps("=<script>alert(1)</script>") if wrong else None
            verdict = "corrected" if wrong else "accepted"
            rows.append((k + 1, sha256, form, pointer, verdict, value, new, "<b>王</b>", "2026-01-02T03:04:05+00:00"))
        connection.executemany(
            "INSERT INTO reviews (id, sha256, form_index, pointer, verdict, old, new, who, at, sample_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            rows,
        )
    connection.close()
    return db


def test_a_sample_is_kept_as_it_was_drawn(database: Path) -> None:
    connection = sqlite3.connect(database)
    seed, size, population, strata = connection.execute(
        "SELECT seed, size, population, strata FROM samples WHERE id = 1"
    ).fetchone()
    kept = connection.execute(
        "SELECT count(*), count(DISTINCT pointer), sum(stratum_size > 0) FROM sample_items"
    ).fetchone()
    connection.close()
    assert (seed, size, json.loads(strata)) == (15, 40, ["kind"])
    assert kept == (40, 40, 40)
    assert population > 500
    listed = jixiao("sample", "list", "--db", database)
    assert all(word in listed.stdout for word in ("15", "40", "kind", "39"))


def test_a_sample_stays_when_the_file_is_read_again(database: Path) -> None:
    before = jixiao("sample", "report", 1, "--db", database).stdout
    assert jixiao("run", DUMP, "--force", "--out", database.parent).exit_code == 0
    assert jixiao("sample", "report", 1, "--db", database).stdout == before


def test_the_report_says_rate_interval_and_who(database: Path) -> None:
    result = jixiao("sample", "report", 1, "--db", database)
    assert result.exit_code == 0
    expected = exact_rate(39, 1)
    assert expected.high is not None
    assert "looked at 39, still open 1" in result.stdout
    assert f"error rate {100 / 39:.3f} %" in result.stdout
    assert f"{100 * expected.high:.3f} %" in result.stdout
    assert "<b>王</b>, 39 values" in result.stdout


def test_a_look_at_a_newer_reading_tells_nothing_of_the_drawn_value(database: Path, tmp_path: Path) -> None:
    shutil.copy(database, tmp_path / "newer.db")
    with sqlite3.connect(tmp_path / "newer.db") as connection:
        connection.execute("UPDATE reviews SET old = '\"another\"' WHERE id = 4")  # the one that found an error
    said = jixiao("sample", "report", 1, "--db", tmp_path / "newer.db").stdout
    assert "looked at 38, still open 2" in said
    assert "error rate 0.000 %" in said


def test_the_acceptance_rule_prints_its_figures_and_decides_the_exit_code(database: Path) -> None:
    met = jixiao("sample", "report", 1, "--db", database, "--accept", "3%,90%")
    assert met.exit_code == 0
    assert "acceptance: accepted" in met.stdout
    assert "90.000 % required" in met.stdout
    strict = jixiao("sample", "report", 1, "--db", database, "--accept", "0.03,0.995")
    assert strict.exit_code == 1
    assert "acceptance: not accepted" in strict.stdout


def test_reports_are_written_and_hostile_text_is_text(database: Path, tmp_path: Path) -> None:
    for name in ("r.html", "r.json", "r.csv"):
        assert jixiao("sample", "report", 1, "--db", database, "--out", tmp_path / name).exit_code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "<script" not in page
    assert "<b>王" not in page
    assert "&lt;b&gt;王&lt;/b&gt;" in page
    assert "=&lt;script&gt;alert(1)" in page
    data = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert (data["size"], data["seed"], data["looked_at"], data["open"]) == (40, 15, 39, 1)
    assert [e["corrected"] for e in data["errors"]] == ["=<script>alert(1)</script>"]
    assert sum(s["drawn"] for s in data["strata"]) == 40
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text("utf-8-sig"), newline="")))
    assert len(rows) == 40
    assert [r["error"] for r in rows].count("true") == 1
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--n", "0"),
        ("--strata", "colour"),
        ("--db", "nowhere.db"),
        ("report", "7"),
        ("report", "1", "--accept", "5%"),
        ("report", "1", "--accept", "0,2"),
        ("report", "1", "--accept", "1/0,1"),
        ("report", "1", "--out", "x.docx"),
    ],
    ids=str,
)
def test_wrong_use_is_exit_code_two(arguments: tuple[str, ...], database: Path) -> None:
    more = () if "--db" in arguments else ("--db", database)
    result = jixiao("sample", *arguments, *more)
    assert result.exit_code == 2
    assert result.stderr.strip()


def test_what_is_printed_has_the_length_of_a_page(database: Path, tmp_path: Path) -> None:
    """However many strata there are: those that matter stand alone, the others together."""
    shutil.copy(database, tmp_path / "many.db")
    drawn = jixiao("sample", "--n", 200, "--seed", 3, "--db", tmp_path / "many.db", "--strata", "file,kind,reader")
    rows = [line for line in drawn.stdout.splitlines() if "│" in line and line.rpartition("│")[2].strip()]
    assert len(rows) <= STRATA + 2
    with sqlite3.connect(tmp_path / "many.db") as connection:  # a stratum each
        connection.execute("UPDATE sample_items SET stratum = '[\"' || position || '\"]' WHERE sample_id = 2")
    said = jixiao("sample", "report", 2, "--db", tmp_path / "many.db").stdout
    assert f"{200 - STRATA} further" in said
    assert len(said.splitlines()) < 30


def test_families_are_called_by_their_names() -> None:
    said = jixiao("families", "--lang", "zh").stdout
    assert "江宁区部门整体绩效目标" in said
    assert "jiangning-department-target" in said
    assert "年起" in said
    assert not re.search("later|…", said)  # nothing is left in English, nothing cut off


def test_strata_without_an_error_are_told_together() -> None:
    strata = [
        StratumResult((str(n),), size=n, drawn=2, rate=Rate(1, int(n in (1, 2)), None, None, None, ""))
        for n in range(1, 21)
    ]
    shown, others = strata_that_matter(strata)
    assert [s.stratum for s in shown][:3] == [("2",), ("1",), ("20",)]
    assert len(shown) == STRATA
    assert others == OtherStrata(count=12, size=sum(range(3, 15)), drawn=24, looked=12)
    assert strata_that_matter(strata[:3])[1] is None
