"""The report of a run: what it counts, what it names, and that no text of a filing does anything in it."""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path
from urllib.parse import unquote

import pytest
from generator.archive import write_archive
from sqlalchemy import create_engine, insert, select
from typer.testing import CliRunner

from pipeline.archive.store import Store
from pipeline.cli import app
from pipeline.output.run_report import AT_ONCE, DOUBTFUL, FormDoubt, _forms, _unknown, nearest, percent
from pipeline.people.pointers import value_pointer
from pipeline.review.ledger import doubtful_of
from schemas import tables as t
from schemas.families import GENERIC

ROOT = Path(__file__).parent.parent
FORM = """<p>{title}</p><table border=1>
<tr><td>项目名称</td><td colspan=3>{name}</td></tr>
<tr><td>一级指标</td><td>二级指标</td><td>三级指标</td><td>指标值</td></tr>
<tr><td>产出指标</td><td>数量指标</td><td>检查次数</td><td>≥12次</td></tr></table>"""


def run(*words: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["run", *map(str, words)])
    assert result.exit_code == code, result.output
    return result.stderr


@pytest.fixture
def filings(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "2024").mkdir(parents=True)
    texts = FORM.format(title="某市2024年度项目支出绩效目标表", name="&lt;script&gt;alert(1)&lt;/script&gt;")
    (folder / "2024" / "a.html").write_text(texts, encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4\nnothing")
    return folder


def test_a_run_ends_with_a_page_and_the_next_command(filings: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run(filings, "--out", out, code=1)
    assert f"report: {out / 'report.html'}" in said
    assert f"next: jixiao review --db {out / 'jixiao.db'}" in said or "no value is in doubt" in said
    assert "not read: 1 files; the report says what to do with each" in said
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "broken.pdf" in page
    assert "2024/a.html" in page  # of no known family
    with sqlite3.connect(out / "jixiao.db") as connection:
        (values,) = connection.execute("SELECT count(*) FROM risks").fetchone()
    assert f"数据库现有 1 张表、{values} 个值" in page
    assert f"holds 1 forms with {values} values" in page
    assert page.count('<span lang="zh">') == page.count('<span lang="en">') > 40  # each text in both languages


def test_doubtful_filings_lead_to_the_review_and_families_have_names(tmp_path: Path) -> None:
    shutil.copy(ROOT / "data" / "raw" / "dumps" / "002_a291d28074b2eada.txt", tmp_path / "江宁 & 万源.txt")
    run(tmp_path / "江宁 & 万源.txt", "--out", tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    (link,) = re.findall(r'<a href="http://127\.0\.0\.1:8765/\?file=([^"]*)">江宁 &amp; 万源.txt</a>', page)
    assert unquote(link) == "江宁 & 万源.txt"
    named = '<span lang="zh">江宁区部门整体绩效目标</span><span lang="en">jiangning-department-target</span>'
    assert named in page.replace("\n", "")


def test_texts_of_filings_do_nothing_in_it(filings: Path, tmp_path: Path) -> None:
    hostile = FORM.format(title="2024年度&lt;script&gt;alert(1)&lt;/script&gt;项目支出绩效目标表", name="x")
    (filings / "<img src=x onerror=alert(1)>.html").write_text(hostile, encoding="utf-8")
    run(filings, "--out", tmp_path / "out", code=1)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert 'src="' not in page  # nothing is loaded
    links = re.findall(r'href="([^"]*)"', page)
    assert all(re.fullmatch(r"http://127\.0\.0\.1:8765/\?file=[\w.%/-]+", link) for link in links), links


def test_the_next_run_tells_what_is_new(filings: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(filings, "--out", out, code=1)
    (filings / "b.html").write_text(FORM.format(title="某县2023年度项目支出绩效目标表", name="乙"), encoding="utf-8")
    run(filings, "--out", out, code=1)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Report of run 2" in page
    assert "数据库现有 2 张表" in page
    assert "本次新读 1 张表" in page
    assert page.count("<td>2024") + page.count("<td>2023") >= 2


def test_a_quiet_run_writes_it_and_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(FORM.format(title="某市2024年度项目支出绩效目标表", name="甲"), encoding="utf-8")
    assert run(tmp_path / "a.html", "--out", tmp_path / "out", "--quiet") == ""
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_report_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(FORM.format(title="某市2024年度项目支出绩效目标表", name="甲"), encoding="utf-8")
    (tmp_path / "out" / "report.html").mkdir(parents=True)
    said = run(tmp_path / "a.html", "--out", tmp_path / "out")
    assert "the report of the run could not be written" in said
    assert (tmp_path / "out" / "records" / "a" / "0.json").is_file()


@pytest.mark.parametrize(
    ("share", "shown"), [(None, "—"), (1.0, "100 %"), (0.99999, "99.9 %"), (0.5, "50.0 %"), (0.0, "0.0 %")]
)
def test_a_share_is_never_rounded_up_to_all(share: float | None, shown: str) -> None:
    assert percent(share) == shown


def test_the_nearest_family_is_told_with_what_it_lacks() -> None:
    match = "family: generic\nbecause: no family claims it\nnearest: x\nmissing: label y is not printed"
    assert nearest(match) == ("x", ["label y is not printed"])
    assert nearest("family: generic\nbecause: none") == (None, [])


def test_a_layout_is_one_whatever_its_title_names() -> None:
    """A title holds the name of a place or a fund; where labels differ too, these tell one layout from another."""

    def form(number: int, title: str, match: str) -> FormDoubt:
        return FormDoubt(number, f"{number}.pdf", "", 0, title, GENERIC, match, None, "text-layer", 9, 0)

    labels = "family: generic\nnearest: x\nmissing: title {!r} does not match y\nmissing: label z is not printed"
    title = "family: generic\nnearest: x\nmissing: title {!r} does not match y"
    forms = [form(n, name, labels.format(name)) for n, name in enumerate(["甲县表", "乙县表", "甲县表"])]
    forms += [form(n, name, title.format(name)) for n, name in enumerate(["丙表", "丁表"])]
    forms += [form(n, name, "family: generic") for n, name in enumerate(["戊表", "己表"])]
    first, *others = _unknown(forms)
    assert (first.forms, first.titles, first.file) == (3, ["甲县表", "乙县表"], "0.pdf")
    assert first.missing == ["label z is not printed"]
    assert sorted(layout.titles for layout in others) == [["丁表"], ["丙表"], ["己表"], ["戊表"]]


def test_what_needs_eyes_stands_open_as_far_as_it_fits_a_page(tmp_path: Path) -> None:
    dump = (ROOT / "data" / "raw" / "dumps" / "002_a291d28074b2eada.txt").read_text(encoding="utf-8")
    for n in range(AT_ONCE + 3):
        (tmp_path / f"{n:02}.txt").write_text(f"{dump}\n{n}\n", encoding="utf-8")
    (tmp_path / "empty.pdf").write_bytes(b"")
    run(tmp_path, "--out", tmp_path / "out", code=1)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    opened, folded = page.split("<details>")
    assert opened.count("?file=") == AT_ONCE
    assert folded.split("</details>")[0].count("?file=") == 3
    assert "3 more filings" in folded
    assert "（文件夹本身）" in page
    assert "<td>empty.pdf</td>" in page
    assert "empty.pdf: " not in page  # its name is said once


def test_as_many_values_are_in_doubt_as_the_review_shows(tmp_path: Path) -> None:
    """Of a money line its amount is looked at, of options their group, of a column that no form prints nothing."""
    write_archive(tmp_path / "in", files=24, seed=77)
    run(tmp_path / "in" / "files", "--out", tmp_path / "out", code=1)
    with Store.open(tmp_path / "out" / "jixiao.db") as store, store.reading() as connection:
        counted = {form.id: form.doubtful for form in _forms(connection)}
        shown = {form: len(doubtful_of(connection, form)) for form in counted}
    assert counted == shown
    assert sum(counted.values()) > 100


def test_lists_of_words_are_counted_as_one_value_each() -> None:
    pointers = (
        "/columns/0", "/columns/11", "/funds/3/raw", "/funds/3/amount", "/funds/3/path/0", "/funds/3/path/1",
        "/choices/level2/0", "/choices/level2/1", "/indicators/2/causes/0", "/indicators/2/causes/1",
        "/indicators/12/causes/0", "/indicators/12/level3",
    )  # fmt: skip
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        t.Risk.__table__.create(connection)
        rows = [
            {"form_id": 1, "position": n, "pointer": pointer, "kind": "text", "risk": 1.0, "reasons": ""}
            for n, pointer in enumerate(pointers)
        ]
        connection.execute(insert(t.Risk), rows)
        (counted,) = connection.execute(select(DOUBTFUL)).one()
    assert counted == len({value_pointer({}, pointer) for pointer in pointers})
