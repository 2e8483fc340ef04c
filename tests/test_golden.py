"""The goldens: every value of every form as the paper prints it, on both roads, and where it stands."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
import typer
from typer.testing import CliRunner

from extractors.encoding import decode
from extractors.intake import take_in
from pipeline import cli
from pipeline.commands import golden as golden_command
from pipeline.people import goldens
from pipeline.people.goldens import Golden, GoldenSet, GoldenWrong, Overlay, judge, load_sets, skeleton
from pipeline.running.worker import read_file
from schemas import compare
from schemas.compare import Likeness
from schemas.families import load_families
from schemas.language.radicals import fold_radicals
from schemas.language.vocabulary import load_words
from schemas.model import Table
from schemas.reading import FileReading, FormReading, Origin
from schemas.record import Kind

HERE = Path(__file__).parent
REPOSITORY = HERE.parent
ROOT = HERE / "golden"
SETS = {each.name: each for each in load_sets(ROOT)}
SOURCES = [(each.name, reader) for each in SETS.values() for reader in each.sources]
SAMPLES = ("000", "001", "002", "003", "004")

source = pytest.mark.parametrize(("name", "reader"), SOURCES)


@cache
def read(name: str, reader: str) -> FileReading:
    """The reading of a golden set's source by one road, made once for all tests."""
    shown = SETS[name].sources[reader]
    return read_file(take_in(REPOSITORY / shown, shown), name, load_families(), load_words())


def forms(name: str, reader: str) -> Iterator[tuple[FormReading, Golden]]:
    yield from zip(read(name, reader).forms, SETS[name].goldens, strict=True)


def overlays() -> list[tuple[GoldenSet, Golden, str, Overlay]]:
    return [
        (each, golden, reader, entry)
        for each in SETS.values()
        for golden in each.goldens
        for reader, entries in golden.overlays.items()
        for entry in entries
    ]


def at(record: Any, where: str) -> Any:
    """The value that a JSON pointer names; KeyError, IndexError where there is none."""
    for part in where.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        record = record[int(key)] if isinstance(record, list) else record[key]
    return record


def parents(where: str) -> Iterator[str]:
    while where:
        yield where
        where = where.rpartition("/")[0]


def printed(where: str) -> str:
    """The pointer of the printed value that a parsed one comes from."""
    return where.replace("/values/actual", "/actual").replace("/values/", "/targets/")


# ── Every value


def test_the_samples_have_fifteen_goldens_on_both_roads() -> None:
    assert sum(len(SETS[name].goldens) for name in SAMPLES) == 15
    for name in SAMPLES:
        assert set(SETS[name].sources) == {"text-layer", "dump"}


@source
def test_a_form_without_a_golden_fails_and_a_golden_without_its_form(name: str, reader: str) -> None:
    assert [f.record.source.form for f in read(name, reader).forms] == [g.number for g in SETS[name].goldens]


@source
def test_every_value_is_right(name: str, reader: str) -> None:
    for form, golden in forms(name, reader):
        found = judge(form.record.as_dict(), golden, reader)
        assert found.wrong == (), f"{name}/{golden.number} {reader}"
        assert found.values > 80  # a golden that says next to nothing would always be right
        assert found.right + found.excused == found.values


@source
def test_the_reader_is_the_one_that_the_set_names(name: str, reader: str) -> None:
    assert {f.record.source.reader.value for f in read(name, reader).forms} == {reader}


@pytest.mark.parametrize("name", SAMPLES)
def test_on_the_text_layer_road_nothing_is_excused(name: str) -> None:
    for form, golden in forms(name, "text-layer"):
        found = judge(form.record.as_dict(), golden, "text-layer")
        assert (found.excused, found.right) == (0, found.values)


def test_a_wrong_value_a_missing_and_an_invented_one_are_seen() -> None:
    form, golden = next(forms("000", "text-layer"))
    record = form.record.as_dict()
    record["funds"][0]["amount"] = "1"
    del record["fields"]["annual_goal"]
    record["fields"]["made_up"] = "x"
    outcomes = {w.where: w.outcome for w in judge(record, golden, "text-layer").wrong}
    assert outcomes == {
        "/funds/0/amount": Likeness.CHANGED,
        "/fields/annual_goal": Likeness.ONLY_LEFT,
        "/fields/made_up": Likeness.ONLY_RIGHT,
    }


# ── Overlays


def test_overlays_are_few_and_say_where_they_stand(capsys: pytest.CaptureFixture[str]) -> None:
    count = Counter(entry.why for *_, entry in overlays())
    with capsys.disabled():
        print(f"\n{sum(count.values())} overlay entries: {dict(sorted(count.items()))}")
    for each, golden, reader, entry in overlays():
        text, _ = decode((REPOSITORY / each.sources[reader]).read_bytes())
        lines = text.split("\n")
        label = f"{each.name}/{golden.number} {entry.where}"
        assert 1 <= entry.line <= len(lines), label
        assert lines[entry.line - 1].strip(), f"{label}: line {entry.line} of the dump is blank"
        assert entry.reason.strip(), label


def test_overlays_are_for_dumps_only_and_excuse_something() -> None:
    for each, golden, reader, entry in overlays():
        label = f"{each.name}/{golden.number} {entry.where}"
        assert reader == "dump", label
        try:
            paper = at(golden.record, entry.where)
        except KeyError:
            paper = None
        if entry.why == "differs":
            assert paper != entry.reads, f"{label}: the overlay says what the golden says"


def test_what_a_dump_lost_is_said_by_a_finding() -> None:
    for each, golden, reader, entry in overlays():
        if entry.why != "lost":
            continue
        form = read(each.name, reader).forms[golden.number]
        if at(form.record.as_dict(), entry.where) is not None:
            continue  # it was inferred: the finding of that is tested with the reader
        said = {f.where for f in form.record.findings}
        assert said & {*parents(entry.where), *parents(printed(entry.where))}, f"{each.name}: {entry.where}"


@source
def test_every_finding_points_into_its_record(name: str, reader: str) -> None:
    for form, _ in forms(name, reader):
        record = form.record.as_dict()
        for finding in form.record.findings:
            at(record, finding.where)


# ── The goldens themselves


def test_goldens_hold_no_reading() -> None:
    for each in SETS.values():
        for golden in each.goldens:
            assert not {"source", "findings"} & golden.record.keys(), f"{each.name}/{golden.number}"


def test_goldens_stand_in_a_stable_form() -> None:
    for path in sorted(ROOT.glob("*/*.json")):
        data = path.read_bytes()
        assert b"\r" not in data, path
        assert data.endswith(b"\n"), path
    for each in SETS.values():
        assert [g.number for g in each.goldens] == list(range(len(each.goldens))), each.name


def test_every_family_has_a_golden() -> None:
    golden = {g.record["family"] for each in SETS.values() for g in each.goldens}
    assert {family.id for family in load_families()} <= golden
    assert "generic" in golden


def test_an_overlay_that_does_not_say_why_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "002", tmp_path / "002")
    path = tmp_path / "002" / "0.dump.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([entries[0] | {"why": "hard"}]), encoding="utf-8")
    with pytest.raises(GoldenWrong, match=r"0\.dump\.json: each entry says"):
        load_sets(tmp_path)


# ── Nothing makes goldens out of readings


def test_no_command_copies_a_reading() -> None:
    """`accept` takes only what a person looked at, value by value: see test_review."""
    command = typer.main.get_command(golden_command.golden_app)
    assert set(command.commands) == {"list", "show", "compare", "skeleton", "accept"}  # type: ignore[attr-defined]


def test_no_variable_of_the_environment_is_looked_at() -> None:
    def parameters(command: Any) -> Iterator[Any]:
        yield from command.params
        for inner in getattr(command, "commands", {}).values():
            yield from parameters(inner)

    found = list(parameters(typer.main.get_command(cli.app)))
    assert len(found) > 20
    assert [p.name for p in found if p.envvar] == []
    for module in (goldens, golden_command, compare):
        text = Path(str(module.__file__)).read_text(encoding="utf-8")
        assert not [word for word in ("environ", "getenv", "import os") if word in text], module.__name__


def test_comparing_changes_no_golden_whatever_the_environment_says(tmp_path: Path) -> None:
    root = tmp_path / "golden"
    shutil.copytree(ROOT / "unlisted-fund", root / "unlisted-fund")
    path = root / "unlisted-fund" / "0.json"
    wrong = path.read_text(encoding="utf-8").replace('"title": "', '"title": "wrong ', 1)
    path.write_text(wrong, encoding="utf-8")
    names = ("UPDATE", "REGENERATE", "GEN", "FORCE", "JIXIAO_GOLDEN", "UPDATE_GOLDENS", "GOLDEN_UPDATE", "CI")
    result = CliRunner().invoke(
        cli.app,
        ["golden", "compare", "--root", str(root), "--base", str(REPOSITORY)],
        env=dict.fromkeys(names, "1"),
    )
    assert (result.exit_code, "1 wrong" in result.output) == (1, True)
    assert path.read_text(encoding="utf-8") == wrong
    assert sorted(p.name for p in root.rglob("*")) == ["0.json", "sources.json", "unlisted-fund"]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_skeleton_holds_no_value(kind: Kind) -> None:
    def leaves(value: Any) -> Iterator[Any]:
        if isinstance(value, Mapping):
            value = list(value.values())
        if isinstance(value, list):
            for inner in value:
                yield from leaves(inner)
        else:
            yield value

    empty = skeleton(kind, indicators=2, funds=2)
    assert empty.pop("kind") == kind.value
    assert set(leaves(empty)) == {None, ""}
    assert (len(empty["indicators"]), len(empty["funds"])) == (2, 2)


# ── Where every value stands

INDICATOR_TEXTS = ("level1", "level2", "level3", "focus_work", "linked_project", "op", "unit", "actual", "score")
MORE_TEXTS = ("criteria", "note")


def valued(record: Mapping[str, Any]) -> Iterator[str]:
    """Pointers of everything in a record that a form prints as a value."""

    def escaped(key: str) -> str:
        return key.replace("~", "~0").replace("/", "~1")

    yield from (f"/{key}" for key in ("title", "year") if record[key] is not None)
    yield from (f"/fields/{escaped(k)}" for k, v in record["fields"].items() if v is not None)
    yield from (f"/choices/{escaped(k)}" for k, v in record["choices"].items() if v)
    yield from (f"/funds/{i}" for i, fund in enumerate(record["funds"]) if fund["amount"] is not None)
    for i, task in enumerate(record["tasks"]):
        yield from (f"/tasks/{i}/{escaped(k)}" for k, v in task.items() if v is not None)
    for i, row in enumerate(record["indicators"]):
        yield from (f"/indicators/{i}/{k}" for k in INDICATOR_TEXTS + MORE_TEXTS if row.get(k) is not None)
        for group in ("targets", "weights"):
            yield from (f"/indicators/{i}/{group}/{k}" for k, v in row[group].items() if v is not None)


def origins(form: FormReading) -> dict[str, list[Origin]]:
    found: dict[str, list[Origin]] = {}
    for origin in form.origins:
        found.setdefault(origin.pointer, []).append(origin)
    return found


@source
def test_every_value_has_an_origin(name: str, reader: str) -> None:
    for form, _ in forms(name, reader):
        record = form.record.as_dict()
        found = origins(form)
        wanted = list(valued(record))
        assert len(wanted) > 15
        assert [w for w in wanted if w not in found] == []


@source
def test_every_origin_points_into_the_record(name: str, reader: str) -> None:
    for form, _ in forms(name, reader):
        record = form.record.as_dict()
        for where in origins(form):
            at(record, where)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_origin_of_a_dump_is_a_place_in_it(name: str) -> None:
    reading = read(name, "dump")
    text, _ = decode((REPOSITORY / SETS[name].sources["dump"]).read_bytes())
    lines = [*text.replace("\r\n", "\n").split("\n"), ""]
    for form in reading.forms:
        found = origins(form)
        for where in valued(form.record.as_dict()):
            for origin in found[where]:
                place = origin.place
                assert place.line is not None, where
                assert place.column is not None, where
                assert (place.page, place.box, origin.score) == (None, None, None), where
                assert 1 <= place.line < len(lines), where
                assert 1 <= place.column <= max(len(lines[place.line - 1]), 1), where
                # the place is where the cell or the labelled line begins: the value may begin behind its label,
                # which may fill a line of its own
                head = squeezed(origin.raw or "")[:2]
                there = squeezed(
                    lines[place.line - 1][place.column - 1 :] + "".join(lines[place.line : place.line + 3])
                )
                assert head, where
                assert head in there, f"{where}: {origin.raw!r} is not at {place.line}:{place.column}"


def squeezed(text: str) -> str:
    return "".join(fold_radicals(text).split())


@cache
def pages(path: Path) -> list[tuple[float, float, list[tuple[float, float, str]]]]:
    """Per page: width, height, and its characters with the middle of each, as pdfplumber finds them."""
    out = []
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            chars = [((c["x0"] + c["x1"]) / 2, (c["top"] + c["bottom"]) / 2, squeezed(c["text"])) for c in page.chars]
            out.append((float(page.width), float(page.height), chars))
    return out


def cell_of(reading: FileReading, origin: Origin) -> Any:
    """The cell of a table that an origin names."""
    tables: list[Table] = list(reading.tables)
    assert origin.table is not None
    found = [c for c in tables[origin.table].cells if (c.row, c.col) == (origin.row, origin.col)]
    assert len(found) == 1, origin.pointer
    return found[0]


TEXT_LAYER = [name for name, reader in SOURCES if reader == "text-layer"]


@pytest.mark.parametrize("name", TEXT_LAYER)
def test_every_origin_of_a_pdf_is_ink_on_its_page(name: str) -> None:
    """The characters of a value stand in the box that its origin names, on that page, and nothing else does."""
    reading = read(name, "text-layer")
    papers = pages(REPOSITORY / SETS[name].sources["text-layer"])
    outside = Counter()
    for form in reading.forms:
        found = origins(form)
        for where in valued(form.record.as_dict()):
            for origin in found[where]:
                place, box = origin.place, origin.place.box
                assert place.page is not None, where
                assert box is not None, where
                assert (place.line, place.column, origin.score) == (None, None, None), where
                width, height, chars = papers[place.page - 1]
                assert 0 <= box.left <= box.right <= width, where
                assert 0 <= box.top <= box.bottom <= height, where
                inked = "".join(t for x, y, t in chars if box.left <= x <= box.right and box.top <= y <= box.bottom)
                raw = squeezed(origin.raw or "")
                assert raw, where
                if origin.table is None:
                    outside[where.rpartition("/")[2]] += 1
                    assert not Counter(raw) - Counter(inked), f"{where}: {raw!r} is not in {inked!r}"
                    continue
                cell = cell_of(reading, origin)
                if where.startswith("/choices/"):  # a group may run over cells: its origin is the first of them
                    assert raw.startswith(inked), where
                    continue
                on_page = [ln for ln in cell.lines if ln.place.page == place.page]
                if len(on_page) == len(cell.lines):
                    assert not Counter(raw) - Counter(inked), f"{where}: {raw!r} is not in {inked!r}"
                # what the box holds is the cell's text and nothing else; of a cell cut by a page break, its first part
                assert Counter(inked) == Counter(squeezed("".join(ln.text for ln in on_page))), where
                assert raw in squeezed(cell.text), where
    assert set(outside) <= {"title", "year", "reporting_unit", "reporting_unit_code", "amount_unit"}
