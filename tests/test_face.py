"""The public face: `import jixiao` reads filings, tells where values stand, and opens databases as frames."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from helpers_pdf import write_form
from typer.testing import CliRunner

import jixiao
from pipeline import messages
from pipeline.archive.database import DatabaseUnusable
from pipeline.cli import app

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def filing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("face") / "plan.pdf"
    write_form(path)
    return path


@pytest.fixture(scope="module")
def sample() -> Path:
    """A filing that prints money, a unit and a year."""
    return next((ROOT / "data/raw/pdf").glob("000_*.pdf"))


@pytest.fixture(scope="module")
def reading(filing: Path) -> jixiao.Reading:
    return jixiao.read(filing)


def test_a_filing_has_forms_tables_and_lines(reading: jixiao.Reading, filing: Path) -> None:
    assert reading.name == str(filing)
    assert reading.pages == 1
    assert len(reading) == len(reading.forms) == len(reading.records) == 1
    assert reading.tables
    assert reading.forms[0].title in [line.text for line in reading.lines]


def test_bytes_are_read_as_the_file_is(reading: jixiao.Reading, filing: Path) -> None:
    again = jixiao.read(filing.read_bytes())
    told = [form.to_dict() | {"source": None} for form in (*reading, *again)]
    assert told[0] == told[1]


def test_every_field_says_where_it_stands(reading: jixiao.Reading) -> None:
    form = reading.forms[0]
    assert form.fields
    for name, value in form.fields.items():
        assert value.text == form.record.fields[name]
        assert value.place is not None
        assert value.place.page == 1
        assert 0 <= value.doubt <= 1


def test_a_value_shows_its_ink(reading: jixiao.Reading) -> None:
    value = next(iter(reading.forms[0].fields.values()))
    picture = value.show(scale=2)
    assert value.place is not None
    assert value.place.box is not None
    assert picture.width >= 2 * value.place.box.width
    assert picture.convert("L").getextrema()[0] < 128  # ink, not a white sheet


def test_a_value_of_bytes_has_no_picture(filing: Path) -> None:
    value = next(iter(jixiao.read(filing.read_bytes()).forms[0].fields.values()))
    with pytest.raises(LookupError, match="no page that can be shown"):
        value.show()


def test_a_pointer_to_nothing_is_a_key_error(reading: jixiao.Reading) -> None:
    with pytest.raises(KeyError):
        reading.forms[0].value("/indicators/999/level1")


def test_frames_have_a_row_each_and_exact_numbers(sample: Path) -> None:
    form = jixiao.read(sample).forms[0]
    indicators, funds = form.indicators.to_frame(), form.funds.to_frame()
    assert list(indicators.level3) == [one.level3 for one in form.indicators]
    assert list(funds.amount.dropna()) == [fund.amount for fund in form.funds if fund.amount is not None]
    assert {"doubt", "rules"} <= set(indicators.columns) & set(funds.columns)
    money = funds.dropna(subset=["yuan"])
    assert len(money)
    for amount, unit, yuan in zip(money.amount, money.amount_unit, money.yuan, strict=True):
        assert yuan == Decimal(amount) * {"元": 1, "万元": 10_000}[unit]


def test_a_table_is_a_frame_of_its_fields(reading: jixiao.Reading) -> None:
    table = reading.tables[0]
    frame = table.to_frame()
    assert frame.shape == (table.rows, table.cols)
    assert sorted(frame.stack().dropna()) == sorted(cell.text for cell in table)
    spread = table.to_frame(spread=True)
    for cell in table:
        assert {spread.iloc[r, c] for r in cell.rows for c in cell.cols} == {cell.text}
    cells = table.cells_to_frame()
    assert len(cells) == len(table.cells)
    assert (cells.right >= cells.left).all()


def test_many_are_read_and_one_bad_file_stops_nothing(filing: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 and no more")
    said: list[tuple[int, str]] = []
    results = list(jixiao.read_many([bad, filing], jobs=1, progress=lambda done, name: said.append((done, name))))
    assert [bool(result) for result in results] == [False, True]
    assert isinstance(results[0], jixiao.Unread)
    assert "bad.pdf" in results[0].message
    assert said == [(1, str(bad)), (2, str(filing))]


def test_many_are_read_side_by_side_in_their_order(filing: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 and no more")
    sources = [filing, tmp_path / "nowhere.pdf", bad, _dump(tmp_path), filing]
    alone, together = (list(jixiao.read_many(iter(sources), jobs=jobs)) for jobs in (1, 2))
    assert [bool(each) for each in together] == [True, False, False, True, True]
    for one, other in zip(alone, together, strict=True):
        if isinstance(one, jixiao.Reading):
            assert isinstance(other, jixiao.Reading)
            assert [form.to_dict() for form in other] == [form.to_dict() for form in one]
        else:
            assert other == one
    assert next(iter(together[0].forms[0].fields.values())).show().width  # the originals are at hand
    with pytest.raises(ValueError, match="0 jobs"):
        next(jixiao.read_many([filing], jobs=0))


def test_a_script_may_read_side_by_side_at_its_top_level(filing: Path, tmp_path: Path) -> None:
    script = tmp_path / "ask.py"
    script.write_text(
        f"import jixiao\nprint('begun')\nprint([len(r) for r in jixiao.read_many([{str(filing)!r}], jobs=2)])"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, env=_with_ours())
    assert done.stdout.splitlines() == ["begun", "[1]"], done.stderr


def _with_ours() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def test_a_file_that_cannot_be_read_says_so() -> None:
    with pytest.raises(jixiao.CannotRead, match=r"nowhere\.pdf"):
        jixiao.read("nowhere.pdf")


def test_notebooks_show_what_is_doubted_and_run_nothing(tmp_path: Path) -> None:
    record = {"title": "<script>alert(1)</script>", "findings": []}
    form = jixiao.read(_dump(tmp_path)).forms[0]
    shown = form._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    for finding in form.findings:
        assert finding.where
    assert record["title"] not in shown


def test_notebooks_speak_chinese(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_spoken", messages.Language.ZH)
    (form,) = jixiao.read(sample).forms
    shown = form._repr_html_() + form.value(next(f.where for f in form.findings if f.where != "/"))._repr_html_()
    text = html.unescape(re.sub("<style>.*?</style>|<[^>]*>", " ", shown))
    assert "单位主要职能" in text
    assert "全年预算数" in text
    assert f"{len(form.findings)} 处疑点" in text
    assert not re.search(r"[a-z]{3}", text), re.findall(r"\S*[a-z]{3}\S*", text)


def test_a_database_is_opened_as_frames(sample: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["run", str(sample), "--out", str(tmp_path)])
    assert ran.exit_code == 0, ran.output
    with jixiao.open(tmp_path) as archive:
        forms, indicators = archive.forms(), archive.indicators()
        assert len(forms) == 1
        year, unit = forms.year[0], forms.unit[0]
        assert len(archive.indicators(year=year, unit=unit)) == len(indicators) > 0
        assert archive.indicators(year=1900).empty
        assert len(archive.funds()) == len(archive.records()[0].funds)
        assert archive.planned_vs_spent().empty
        assert isinstance(archive.findings(), pd.DataFrame)
        asked = archive.sql("SELECT count(*) AS n FROM forms WHERE year = :year", {"year": int(year)})
        assert int(asked.n[0]) == 1


def test_what_the_readme_shows_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## From Python\n")[1]
    code = section.split("```python\n")[1].split("```")[0]
    (tmp_path / "data").mkdir()
    (tmp_path / "data/raw").symlink_to(ROOT / "data/raw")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["run", "data/raw/pdf", "--out", "data/out"]).exit_code == 0
    names: dict[str, Any] = {}
    exec(code, names)
    assert len(names["targets"]) == len(names["form"].indicators) > 0
    assert names["money"].yuan.notna().any()
    assert names["spent"].planned.notna().any()
    assert names["doubts"].n.sum() > 0
    assert (tmp_path / "value.png").stat().st_size > 0


def test_a_database_cannot_be_changed_through_a_query(filing: Path, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["run", str(filing), "--out", str(tmp_path)])
    with jixiao.open(tmp_path / "jixiao.db") as archive:
        with pytest.raises(DatabaseUnusable, match="readonly"):
            archive.sql("DELETE FROM forms")
        assert len(archive.forms()) == 1


def test_no_database_is_made_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable):
        jixiao.open(tmp_path / "none.db")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["pipeline", "schemas", "extractors"])
def test_a_module_that_hides_ours_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.py").write_text("")
    code = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]; import jixiao"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: jixiao needs its own package")
    assert str(tmp_path / f"{name}.py") in last


@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "zh-CN", "zh"])
def test_a_hiding_module_is_named_in_chinese_where_the_system_speaks_it(language: str, tmp_path: Path) -> None:
    """Also where the hidden package is the one that holds the messages."""
    (tmp_path / "pipeline.py").write_text("")
    code = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]; import jixiao"
    environment = {k: v for k, v in os.environ.items() if k not in messages.VARIABLES} | {"LANG": language}
    environment["PYTHONIOENCODING"] = "utf-8"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False, cwd=tmp_path)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: jixiao 需要")
    assert str(tmp_path / "pipeline.py") in last


def _dump(folder: Path) -> Path:
    path = folder / "plan.txt"
    path.write_text(
        "项目支出绩效目标申报表\n（2024年度）\n"
        "项目名称\t<script>alert(1)</script>\n"
        "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t检查次数\t≥5次\n",
        encoding="utf-8",
    )
    return path
