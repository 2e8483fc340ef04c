"""The diff: rows aligned, every value classified and counted, sides loaded, files written."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers_office import write_xlsx
from helpers_pdf import write_form
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from extractors.intake import take_in
from extractors.read import read_document
from pipeline.cli import app
from pipeline.diff.align import align, align_rows
from pipeline.diff.classify import AGREEING, Class, Compared, compare
from pipeline.diff.crops import cut, gray_picture
from pipeline.diff.differ import COUNTED, diff
from pipeline.diff.report import embedded, html_of, json_of
from pipeline.diff.sides import NotASide, Side, SideKind, load_side, match_files
from pipeline.output.pictures.originals import Filings
from pipeline.output.pictures.pages import Filing
from schemas.compare import values_of
from schemas.kinds import ValueKind, kind_of
from schemas.language.vocabulary import load_words
from schemas.record import record_text

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
RECORDS = [json.loads(p.read_text("utf-8")) for p in sorted(GOLDEN.glob("*/?.json")) if p.stem.isdigit()]
LONG = next(r for r in RECORDS if len(r["indicators"]) > 20 and len(r["funds"]) > 10)
HOSTILE = "</script><script>window.bad = 1</script><img src=x onerror='window.bad=2'>\u2028\"'&amp;"


def jixiao(*arguments: str | Path) -> Any:
    result = CliRunner().invoke(app, [str(a) for a in arguments], terminal_width=200)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def write(root: Path, records: dict[str, list[dict[str, Any]]]) -> Path:
    for name, forms in records.items():
        (root / name).mkdir(parents=True, exist_ok=True)
        for number, record in enumerate(forms):
            (root / name / f"{number}.json").write_text(record_text(record), "utf-8")
    return root


def changed(record: dict[str, Any], fault: Callable[[dict[str, Any]], Any]) -> list[Compared]:
    """What differs after a fault was put into a copy of a record."""
    other = copy.deepcopy(record)
    fault(other)
    return [c for c in compare(record, other) if c.cls not in AGREEING]


# ── Rows are aligned


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
@settings(max_examples=150, deadline=None)
def test_an_alignment_holds_every_row_once_and_in_order(a: list[str], b: list[str]) -> None:
    pairs = align(a, b, lambda i, j: float(a[i] == b[j]))
    assert [i for i, _ in pairs if i is not None] == list(range(len(a)))
    assert [j for _, j in pairs if j is not None] == list(range(len(b)))


@pytest.mark.parametrize("at", [0, 7, -1])
def test_a_lost_row_is_alone_and_moves_nothing(at: int) -> None:
    lost = at % len(LONG["indicators"])
    found = changed(LONG, lambda r: r["indicators"].pop(at))
    assert {c.cls for c in found} == {Class.ONLY_A}
    assert {c.left.split("/")[2] for c in found if c.left} == {str(lost)}
    assert len(found) == len(list(values_of({"indicators": [LONG["indicators"][lost]]})))


def test_an_inserted_money_line_is_alone() -> None:
    line = {"side": "income", "path": ["某项收入"], "column": "full_year_budget", "amount": "12345.6", "raw": "12345.6"}
    found = changed(LONG, lambda r: r["funds"].insert(3, line))
    assert {c.cls for c in found} == {Class.ONLY_B}
    assert {c.right.rpartition("/funds/3/")[2] for c in found if c.right} == {
        "side",
        "path/0",
        "column",
        "amount",
        "raw",
    }


def test_rows_that_differ_a_little_belong_together() -> None:
    a = [
        {"level3": "参保人数", "targets": {"full_year": "≥95%"}},
        {"level3": "发放及时率", "targets": {"full_year": "100%"}},
    ]
    b = [
        {"level3": "新增", "targets": {"full_year": "3"}},
        {"level3": "参保人效", "targets": {"full_year": "≥95%"}},
        a[1],
    ]
    assert align_rows(a, b) == [(None, 0), (0, 1), (1, 2)]


# ── Every value is classified


def test_a_record_is_the_same_as_itself_and_every_value_is_counted() -> None:
    for record in RECORDS:
        found = compare(record, record)
        assert {c.cls for c in found} == {Class.SAME}
        assert [c.left for c in found] == [p for p, _ in values_of(record)]


def test_a_wrong_digit_is_one_change() -> None:
    n = next(k for k, f in enumerate(LONG["funds"]) if f["amount"])

    def fault(record: dict[str, Any]) -> None:
        record["funds"][n]["amount"] = record["funds"][n]["amount"] + "7"

    (only,) = changed(LONG, fault)
    assert (only.cls, only.left, only.right) == (Class.CHANGED, f"/funds/{n}/amount", f"/funds/{n}/amount")


def test_what_is_only_written_otherwise_is_reformatted() -> None:
    a = {"fields": {"goal": "确保（发放）"}, "funds": [{"path": ["合计"], "amount": "1.50", "raw": "1.50"}]}
    b = {"fields": {"goal": "确保 (发放)"}, "funds": [{"path": ["合计"], "amount": "1.5", "raw": "1.50"}]}
    classes = {c.left: c.cls for c in compare(a, b)}
    assert classes == {
        "/fields/goal": Class.REFORMATTED,
        "/funds/0/path/0": Class.SAME,
        "/funds/0/amount": Class.REFORMATTED,
        "/funds/0/raw": Class.SAME,
    }


def test_a_column_shifted_down_a_row_is_moved_and_its_last_value_lost() -> None:
    rows = [{"level3": f"某项工作的指标之{k}", "targets": {"full_year": f"完成{k}项"}} for k in "一二三四"]
    shifted = copy.deepcopy(rows)
    for k in range(4):
        shifted[k]["targets"]["full_year"] = rows[k - 1]["targets"]["full_year"] if k else None
    found = [c for c in compare({"indicators": rows}, {"indicators": shifted}) if c.cls not in AGREEING]
    assert [c.cls for c in found] == [Class.MOVED] * 3 + [Class.CHANGED]
    assert found[0].moved_to == "/indicators/1/targets/full_year"
    assert (found[3].a, found[3].moved_from) == ("完成四项", "/indicators/2/targets/full_year")


def test_swapped_columns_are_moved() -> None:
    def fault(record: dict[str, Any]) -> None:
        for row in record["indicators"]:
            t = row["targets"]
            t["half_year"], t["full_year"] = t["full_year"], t["half_year"]

    record = {"indicators": [{"level3": "参保扩面", "targets": {"half_year": "≥50人", "full_year": "≥100人"}}]}
    assert [c.cls for c in changed(record, fault)] == [Class.MOVED, Class.MOVED]


def test_a_row_that_changed_its_place_is_moved_as_a_whole() -> None:
    found = changed(LONG, lambda r: r["indicators"].append(r["indicators"].pop(2)))
    assert {c.cls for c in found} == {Class.MOVED}
    last = len(LONG["indicators"]) - 1
    assert {c.right.split("/")[2] for c in found if c.right} == {str(last)}
    assert len(found) == len([v for _, v in values_of({"i": [LONG["indicators"][2]]}) if isinstance(v, str)])


def test_names_that_two_rows_traded_are_two_differences() -> None:
    names = ("资金到位及时率", "群众满意程度", "设备购置数量", "培训人次")
    a = {
        "indicators": [
            {"level2": "数量", "level3": n, "targets": {"full_year": f"≥{k}9%"}} for k, n in enumerate(names)
        ]
    }
    b = copy.deepcopy(a)
    one, two = b["indicators"][1:3]
    one["level3"], two["level3"] = two["level3"], one["level3"]
    found = {c.where: c.cls for c in compare(a, b) if c.cls not in AGREEING}
    assert found == {"/indicators/1/level3": Class.MOVED, "/indicators/2/level3": Class.MOVED}


def test_short_values_of_lost_rows_do_not_move_by_chance() -> None:
    a = {"indicators": [{"level3": "一项旧的指标", "score": "10"}]}
    b = {"indicators": [{"level3": "another name", "score": "10"}]}
    classes = Counter(c.cls for c in compare(a, b))
    assert Class.MOVED not in classes


def test_blank_and_absent_stay_apart() -> None:
    found = {c.where: c.cls for c in compare({"fields": {"a": None, "b": None}}, {"fields": {"a": "1"}})}
    assert found == {"/fields/a": Class.CHANGED, "/fields/b": Class.ONLY_A}


def test_a_lost_parent_leaves_its_child_where_it_is() -> None:
    a = {"funds": [{"path": ["项目支出", "司法经费"], "amount": "1"}]}
    b = {"funds": [{"path": ["司法经费"], "amount": "1"}]}
    assert [(c.cls, c.left) for c in compare(a, b) if c.cls not in AGREEING] == [(Class.ONLY_A, "/funds/0/path/0")]


@pytest.mark.parametrize(
    ("pointer", "kind"),
    [
        ("/funds/3/amount", ValueKind.MONEY),
        ("/funds/3/path/1", ValueKind.STRUCTURE),
        ("/funds/3/column", ValueKind.STRUCTURE),
        ("/indicators/2/targets/full_year", ValueKind.TARGET),
        ("/indicators/2/values/actual/number", ValueKind.TARGET),
        ("/indicators/2/weights/full_year", ValueKind.POINTS),
        ("/indicators/2/level1", ValueKind.LEVEL),
        ("/indicators/2/level3", ValueKind.NAME),
        ("/indicators/2/criteria", ValueKind.TEXT),
        ("/fields/reporting_unit", ValueKind.NAME),
        ("/fields/annual_goal", ValueKind.TEXT),
        ("/fields/total_score", ValueKind.POINTS),
        ("/title", ValueKind.NAME),
        ("/columns/0", ValueKind.STRUCTURE),
    ],
)
def test_values_have_kinds(pointer: str, kind: ValueKind) -> None:
    assert kind_of(pointer) is kind


def rows_of(name: str) -> list[tuple[int, int]]:
    """(record, row) of every third row of the goldens' lists."""
    return [(n, k) for n, r in enumerate(RECORDS) for k in range(0, len(r[name]), 3)]


def test_each_lost_row_of_the_goldens_is_lost_alone() -> None:
    for name in ("indicators", "funds"):
        for n, k in rows_of(name):
            record = RECORDS[n]
            found = changed(record, lambda r, name=name, k=k: r[name].pop(k))
            lost = {int(c.left.split("/")[2]) for c in found if c.left}
            assert {c.cls for c in found} == {Class.ONLY_A}, (n, name, k)
            assert len(lost) == 1
            assert record[name][lost.pop()] == record[name][k]


def test_each_wrong_digit_of_the_goldens_is_one_change() -> None:
    for n, k in rows_of("funds"):
        if RECORDS[n]["funds"][k]["amount"]:
            (only,) = changed(RECORDS[n], lambda r, k=k: r["funds"][k].update(amount="98765.43"))
            assert (only.cls, only.left) == (Class.CHANGED, f"/funds/{k}/amount")
    for n, k in rows_of("indicators"):
        (only,) = changed(RECORDS[n], lambda r, k=k: r["indicators"][k].update(level3="另一个指标"))
        assert (only.cls, only.left, only.right) == (Class.CHANGED, *[f"/indicators/{k}/level3"] * 2)


def test_each_pair_of_swapped_amounts_of_the_goldens_is_moved() -> None:
    def swap(record: dict[str, Any], k: int) -> None:
        a, b = record["funds"][k], record["funds"][k + 1]
        a["amount"], b["amount"] = b["amount"], a["amount"]

    for n, record in enumerate(RECORDS):
        for k in range(len(record["funds"]) - 1):
            a, b = (record["funds"][k + i]["amount"] for i in (0, 1))
            if a and b and float(a) != float(b):
                found = changed(record, lambda r, k=k: swap(r, k))
                assert [(c.cls, c.left) for c in found] == [
                    (Class.MOVED, f"/funds/{k}/amount"),
                    (Class.MOVED, f"/funds/{k + 1}/amount"),
                ], (n, k)


# ── Sides and their files


def source(name: str, sha256: str) -> dict[str, Any]:
    return {"source": {"file": name, "sha256": sha256, "pages": [1], "reader": "text-layer", "form": 0}}


def test_filings_are_matched_by_content_then_path_then_name(tmp_path: Path) -> None:
    record = RECORDS[0]
    a = {
        "x/one": [{**source("x/one.pdf", "1"), **record}],
        "x/two": [{**source("x/two.pdf", "2"), **record}],
        "x/three": [{**source("x/three.pdf", "3"), **record}],
        "007_aaa": [{**source("007_aaa.pdf", "4"), **record}],
    }
    b = {
        "other": [{**source("other.pdf", "1"), **record}],
        "x/two": [{**source("x/two.pdf", "22"), **record}],
        "y/three": [{**source("y/three.txt", "33"), **record}],
        "007_bbb": [{**source("007_bbb.txt", "44"), **record}],
        "new": [{**source("new.pdf", "5"), **record}],
    }
    left, right = load_side(str(write(tmp_path / "a", a))), load_side(str(write(tmp_path / "b", b)))
    pairs = {(m.a.name if m.a else None, m.b.name if m.b else None): m.by for m in match_files(left, right)}
    assert pairs == {
        ("007_aaa", "007_bbb"): "name-start",
        ("x/one", "other"): "content",
        ("x/two", "x/two"): "path",
        ("x/three", "y/three"): "name",
        (None, "new"): "only-b",
    }


def test_names_that_begin_alike_are_not_matched_where_several_do(tmp_path: Path) -> None:
    a = {f"2024_{k}": [{**source(f"2024_{k}.pdf", f"a{k}"), **RECORDS[0]}] for k in "xy"}
    b = {f"2024_{k}": [{**source(f"2024_{k}.pdf", f"b{k}"), **RECORDS[0]}] for k in "vw"}
    found = match_files(load_side(str(write(tmp_path / "a", a))), load_side(str(write(tmp_path / "b", b))))
    assert [m.by for m in found] == ["only-a", "only-a", "only-b", "only-b"]


def test_a_form_that_one_side_lacks_is_one_row_and_all_its_values_count(tmp_path: Path) -> None:
    forms = [r for r in RECORDS if r["kind"] == "project_target"][:3]
    a, b = write(tmp_path / "a", {"f": forms}), write(tmp_path / "b", {"f": [forms[0], forms[2]]})
    found = diff(load_side(str(a)), load_side(str(b)))
    (row,) = found.rows
    assert (row.form, row.compared.cls) == (1, Class.ONLY_A)
    assert row.values == found.differences == len(list(values_of(forms[1])))


def test_the_goldens_are_a_side_and_their_overlays_excuse(tmp_path: Path) -> None:
    dump = ROOT / "data" / "raw" / "dumps" / "002_a291d28074b2eada.txt"
    assert jixiao("run", dump, "--out", tmp_path / "out").exit_code == 0
    for order in (("golden", "run"), ("run", "golden")):
        places = {"golden": str(GOLDEN / "002"), "run": str(tmp_path / "out")}
        found = diff(*(load_side(places[name]) for name in order))
        assert [m.by for m in found.matches] == ["name"]
        assert found.differences == 0
        excused = [r for r in found.rows if r.compared.cls is Class.EXCUSED]
        assert {r.compared.where for r in excused} == {
            "/indicators/14/targets/full_year",
            "/indicators/14/values/full_year",
        }
        assert all(r.compared.note and "full-year cell" in r.compared.note for r in excused)
    assert jixiao("diff", GOLDEN / "002", tmp_path / "out").exit_code == 0


def test_filings_of_one_side_can_be_left_out(tmp_path: Path) -> None:
    a = write(tmp_path / "a", {"x": [RECORDS[0]], "only": [RECORDS[1]]})
    b = write(tmp_path / "b", {"x": [RECORDS[0]]})
    assert jixiao("diff", a, b).exit_code == 1
    result = jixiao("diff", a, b, "--common", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "1 filings that only one side has are left out" in result.stderr
    data = json.loads((tmp_path / "out" / "diff.json").read_text("utf-8"))
    assert (data["left_out"], data["differences"], len(data["files"])) == (1, 0, 1)


def test_nothing_to_compare_is_no_agreement(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a", {"x": [RECORDS[0]]}), write(tmp_path / "b", {"y": [RECORDS[0]]})
    result = jixiao("diff", a, b, "--common", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "no filing in common" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("what", ["missing", "empty", "no-record", "no-database"])
def test_what_is_no_side_is_said_with_its_name(what: str, tmp_path: Path) -> None:
    place = tmp_path / what
    if what == "no-database":
        place.write_text("text")
    elif what != "missing":
        place.mkdir()
    if what == "no-record":
        (place / "x").mkdir()
        (place / "x" / "0.json").write_text("[1]")
    with pytest.raises(NotASide, match=what):
        load_side(str(place))
    result = jixiao("diff", place, GOLDEN, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert what in result.stderr
    assert not (tmp_path / "out").exists()


# ── What is written


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A run over a small PDF, the same with faults and hostile text in its records, and the folder of the PDF."""
    import sqlite3

    folder = tmp_path_factory.mktemp("diff")
    (folder / "files").mkdir()
    write_form(folder / "files" / "form.pdf")
    for name in "ab":
        assert jixiao("run", folder / "files", "--out", folder / name).exit_code == 0
    with sqlite3.connect(folder / "b" / "jixiao.db") as connection:
        number, text = connection.execute("SELECT id, record FROM forms").fetchone()
        record = json.loads(text)
        record["indicators"][0]["level3"] = HOSTILE
        record["fields"]["=cmd|' /C calc'!A0"] = "=1+1"
        connection.execute("UPDATE forms SET record = ? WHERE id = ?", (json.dumps(record), number))
        connection.execute(
            "UPDATE risks SET kind = 'level', risk = 0.75, reasons = 'x' WHERE form_id = ? AND pointer = ?",
            (number, "/indicators/0/level3"),
        )
    connection.close()
    return folder / "a", folder / "b", folder / "files"


@pytest.fixture(scope="module")
def report(pair: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    result = jixiao("diff", pair[0], pair[1], "--out", out, "--files", pair[2])
    assert result.exit_code == 1
    assert "wrote" in result.stderr
    return out


def test_exit_codes_and_figures(pair: tuple[Path, Path, Path]) -> None:
    same = jixiao("diff", pair[0], pair[0])
    assert same.exit_code == 0
    assert re.search(r"all\s+│\s+\d+", same.stdout)
    other = jixiao("diff", pair[0], pair[1])
    assert other.exit_code == 1
    assert "/indicators/0/level3" in other.stdout
    assert jixiao("diff", pair[0], pair[1], "--files", "/nowhere").exit_code == 2


def test_the_counts_hold_every_value(pair: tuple[Path, Path, Path]) -> None:
    found = diff(load_side(str(pair[0])), load_side(str(pair[1])))
    record = json.loads(next((pair[0] / "records").rglob("0.json")).read_text("utf-8"))
    assert found.values == len(list(values_of(record))) + 1
    for by in COUNTED[1:]:
        table = found.table(by)
        assert table["values"].sum() == found.values
        assert table[[c.value for c in Class if c not in AGREEING]].to_numpy().sum() == found.differences == 2


def test_the_same_inputs_give_the_same_bytes(pair: tuple[Path, Path, Path], report: Path, tmp_path: Path) -> None:
    jixiao("diff", pair[0], pair[1], "--out", tmp_path, "--files", pair[2])
    for name in ("report.html", "diff.json", "diff.csv"):
        assert (tmp_path / name).read_bytes() == (report / name).read_bytes(), name


def test_the_json_says_what_differs_and_where_it_stands(report: Path) -> None:
    data = json.loads((report / "diff.json").read_text("utf-8"))
    assert data["differences"] == 2 == len(data["rows"])
    row = next(r for r in data["rows"] if r["where_a"])
    assert (row["class"], row["kind"], row["b"], row["risk"]) == ("changed", "level", HOSTILE, 0.75)
    assert row["at_a"]["page"] == 1
    assert len(row["at_a"]["box"]) == 4
    new = next(r for r in data["rows"] if not r["where_a"])
    assert "a" not in new
    assert new["b"] == "=1+1"
    assert data["files"] == [{"a": "form.pdf", "b": "form.pdf", "by": "content", "forms_a": 1, "forms_b": 1}]


def test_the_csv_holds_no_formula(report: Path) -> None:
    text = (report / "diff.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 2
    assert {r["b"] for r in rows} == {HOSTILE, "'=1+1"}
    assert not any(re.match(r"[=+@\t]", cell) for row in rows for cell in row.values())


def test_the_page_is_one_file_that_no_text_breaks_out_of(report: Path) -> None:
    page = (report / "report.html").read_text("utf-8")
    assert page.count("</script>") == 2
    assert "<img src=x" not in page
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!data:|#)|@import|url\(|innerHTML|https?://", page)
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])
    assert HOSTILE in {row[10] for row in data["rows"]}
    assert len({row[0] for row in data["rows"]}) == 2


@given(st.text())
def test_embedded_json_is_the_same_data_and_holds_no_markup(text: str) -> None:
    made = embedded([text])
    assert not set("<>&\u2028\u2029") & set(made)
    assert json.loads(made) == [text]


# ── Crops


def test_a_crop_shows_the_value_in_its_box_and_each_is_cut_once(pair: tuple[Path, Path, Path]) -> None:
    side = load_side(str(pair[0]))
    (file,) = side.files
    spot = file.forms[0].spots["/indicators/0/level3"]
    crops = cut([(file, spot, False), (file, spot, False)], Filings(pair[2]))
    (data,) = crops.images
    place = next(iter(crops.shown.values()))
    assert place.box is not None
    with Image.open(io.BytesIO(data)) as picture:
        gray = picture.convert("L")
        width, height = gray.size
        left, top, right, bottom = (round(v * s) for v, s in zip(place.box, (width, height) * 2, strict=True))
        assert min(gray.crop((left, top, right, bottom)).tobytes()) < 128
    assert spot.box is not None
    assert (right - left) / (bottom - top) == pytest.approx(spot.box.width / spot.box.height, rel=0.1)


@pytest.mark.parametrize("turns", [0, 2])
def test_a_scan_is_shown_the_way_up_that_it_was_read(turns: int, pair: tuple[Path, Path, Path], tmp_path: Path) -> None:
    (file,) = load_side(str(pair[0])).files
    boxes = [s.box for s in file.forms[0].spots.values() if s.box is not None and s.page == 1]
    with Filing(pair[2] / "form.pdf") as filing:
        right, px = gray_picture(filing, 1, scanned=False, boxes=boxes)
    turned = Image.fromarray(np.ascontiguousarray(np.rot90(right, turns)))
    turned.save(tmp_path / "scan.png", dpi=(72 * px, 72 * px))
    with Filing(tmp_path / "scan.png") as filing:
        shown, _ = gray_picture(filing, 1, scanned=True, boxes=boxes)
    small = np.asarray(Image.fromarray(shown).resize((right.shape[1], right.shape[0]))).astype(float)
    upside_down = np.abs(small[::-1, ::-1] - right).mean()
    assert np.abs(small - right).mean() < 0.5 * upside_down


def test_crops_are_left_out_visibly(pair: tuple[Path, Path, Path], tmp_path: Path) -> None:
    (file,) = load_side(str(pair[0])).files
    spot = file.forms[0].spots["/indicators/0/level3"]
    assert cut([(file, spot, False)], Filings(pair[2]), most_bytes=10).over == 1
    assert cut([(file, spot, False)], Filings(None)).missing == ["form.pdf"]
    (tmp_path / "form.pdf").write_bytes(b"%PDF-1.4 another content")
    assert cut([(file, spot, False)], Filings(tmp_path)).missing == ["form.pdf"]


def test_the_place_of_a_dump_is_its_line(tmp_path: Path) -> None:
    dump = ROOT / "data" / "raw" / "dumps" / "002_a291d28074b2eada.txt"
    jixiao("run", dump, "--out", tmp_path)
    (file,) = load_side(str(tmp_path)).files
    spot = file.forms[0].spots["/indicators/0/level3"]
    crops = cut([(file, spot, False)], Filings(dump.parent))
    (place,) = crops.shown.values()
    assert place.text is not None
    assert place.text[place.start :].startswith(str(spot.raw)[:4])


def test_no_password_stands_in_a_report() -> None:
    side = Side("postgresql://me:***@host/db", SideKind.DATABASE, ())
    assert "***" in side.shown
    with pytest.raises(NotASide) as error:
        load_side("postgresql+psycopg://me:secret@127.0.0.1:1/none")
    assert "secret" not in str(error.value)


def test_a_workbook_is_held_against_its_paper_and_no_page_is_missed(tmp_path: Path) -> None:
    source = next((ROOT / "data" / "raw" / "pdf").glob("002_*.pdf"))
    blocks = read_document(take_in(source, source.name), load_words()).blocks
    (tmp_path / "files").mkdir()
    write_xlsx(tmp_path / "files" / "002.xlsx", blocks)
    assert jixiao("run", tmp_path / "files", "--out", tmp_path / "run").exit_code == 0
    shutil.copytree(tmp_path / "run" / "records", tmp_path / "b")
    path = tmp_path / "b" / "002" / "0.json"
    record = json.loads(path.read_text("utf-8"))
    record["indicators"][0]["targets"]["full_year"] = "≥1"
    path.write_text(json.dumps(record), encoding="utf-8")
    result = jixiao("diff", tmp_path / "run", tmp_path / "b", "--out", tmp_path / "d", "--files", tmp_path / "files")
    assert result.exit_code == 1, result.output
    assert "/indicators/0/targets/full_year" in result.stdout
    data = json.loads((tmp_path / "d" / "diff.json").read_text("utf-8"))
    [row] = [row for row in data["rows"] if row["where_a"] == "/indicators/0/targets/full_year"]
    assert row["class"] == "changed"
    assert jixiao("diff", tmp_path / "run", GOLDEN, "--common").exit_code == 0


def test_a_changed_sign_does_not_hide_among_changed_spaces(tmp_path: Path) -> None:
    """Both are equal to the paper; on the page a comma of the other width is a class of its own."""
    record = {
        "family": "generic",
        "indicators": [],
        "source": {"file": "x.pdf", "sha256": "0" * 64, "pages": [1], "reader": "dump"},
    }
    spaced, signed = "新建，改建 道路", "新建,改建道路"
    for side, texts in (("a", ("新建，改建道路",) * 2), ("b", (spaced, signed))):
        (tmp_path / side / "x").mkdir(parents=True)
        made = record | {"fields": dict(zip(("content", "goal"), texts, strict=True))}
        (tmp_path / side / "x" / "0.json").write_text(record_text(made), encoding="utf-8")
    result = diff(load_side(str(tmp_path / "a")), load_side(str(tmp_path / "b")))
    assert result.differences == 0
    told = {row["where_a"]: (row["class"], row.get("signs")) for row in json.loads(json_of(result))["rows"]}
    assert told == {"/fields/content": ("reformatted", None), "/fields/goal": ("reformatted", True)}
    page = html_of(result, cut([], Filings(None), 0), 0)
    data = json.loads(page.split('id="data">')[1].split("</script>")[0])
    (numbers,) = data["totals"]["file"]
    counts = dict(zip(data["classes"], numbers[1:], strict=False))
    assert (counts["reformatted"], counts["signs"]) == (1, 1)
    assert sorted(row[1] for row in data["rows"]) == ["reformatted", "signs"]
    assert data["texts"]["zh"]["signs"] != data["texts"]["zh"]["reformatted"]
