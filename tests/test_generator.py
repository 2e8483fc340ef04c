"""The generator: its records keep the contract, its papers print them, and a run over an archive finds them again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pdfplumber
import pytest
from generator import dump, pdf
from generator.archive import FILES, Made, draw_forms, usable_ways, write_archive, write_good, write_scan_file
from generator.broken import Way
from generator.draw import FORMS
from generator.judge import Verdict, judge_run, points_at, wrong_values
from generator.layout import Cell, Layout, Table, title
from generator.layouts import LAYOUTS
from generator.lots import Lots

from extractors.intake import take_in
from pipeline.running.worker import read_file
from schemas.compare import compare_records
from schemas.families import load_families
from schemas.language.values import parse_value
from schemas.language.vocabulary import load_words
from schemas.record import Record

RUN = "from pipeline.cli import main; main()"
SOURCE = {"file": "x", "sha256": "0", "pages": [1], "reader": "text-layer", "form": 0}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_drawn_record_keeps_the_contract(name: str) -> None:
    for seed in range(20):
        record = FORMS[name](Lots(f"{name}/{seed}"))
        checked = Record.model_validate({**record, "source": SOURCE}).as_dict()
        assert not wrong_values(compare_records(record, checked))
        assert record["indicators"]
        assert record["funds"]
        assert not set(record["fields"]) & set(record["choices"])


def test_drawn_targets_mean_what_they_print() -> None:
    lots, words = Lots("targets"), load_words()
    for _ in range(500):
        target = lots.target(lots.one(("%", "人", "公里", None)))
        read = parse_value(target.raw, None, None, words)
        assert (read.model_dump() if read else None) == target.value, target.raw


@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_same_seed_prints_the_same_bytes(name: str, tmp_path: Path) -> None:
    def once(path: Path) -> tuple[bytes, bytes]:
        lots = Lots(name)
        _, layouts = draw_forms([name], lots)
        pdf.write_pdf(path, [(layouts[0], pdf.Style())])
        paper = path.read_bytes()
        dump.write_dump(path, [(layouts[0], dump.draw_style(lots))], "utf-8", lots)
        return paper, path.read_bytes()

    assert once(tmp_path / "a") == once(tmp_path / "b")


@pytest.mark.parametrize("font", pdf.fonts())
def test_every_character_stands_in_the_text_layer_once(font: str, tmp_path: Path) -> None:
    for name in sorted(FORMS):
        for style in (pdf.Style(font), pdf.Style(font, size=10.5, split=True), pdf.Style(font, size=10.5, low=True)):
            lots = Lots(f"layer/{name}")
            layout = LAYOUTS[name](FORMS[name](lots), lots)
            path = pdf.write_pdf(tmp_path / "x.pdf", [(layout, style)])
            table = next(part for part in layout.parts if isinstance(part, Table))
            printed = sorted("".join(p.cell.text for p in table.placed()))
            with pdfplumber.open(path) as read:
                chars = [c["text"] for page in read.pages for c in page.chars]
            head = "".join(t for part in layout.parts if not isinstance(part, Table) for t in _texts(part))
            assert sorted("".join(chars).replace(" ", "")) == sorted("".join([*printed, head]).replace(" ", ""))


def _texts(part: object) -> list[str]:
    texts = getattr(part, "texts", None)
    if texts is not None:
        return [text for _, text in texts]
    return [text for _, column in part.columns for text in column]  # type: ignore[attr-defined]


def test_a_table_with_a_gap_or_an_overlap_is_refused() -> None:
    table = Table((1, 1))
    table.add(Cell("a", 1, 2), "b")
    table.add("c", "d")
    with pytest.raises(ValueError, match="over each other"):
        list(table.placed())


def test_a_header_printed_again_stands_on_every_page(tmp_path: Path) -> None:
    table = Table((1, 1), header=1)
    table.add(Cell("一", 2))
    table.add("头", "部")
    for _ in range(150):
        table.add("值", "值")
    path = pdf.write_pdf(tmp_path / "x.pdf", [(Layout((title("表"), table)), pdf.Style(repeat=True))])
    with pdfplumber.open(path) as read:
        assert len(read.pages) > 2
        assert all(page.extract_text().count("头 部") == 1 for page in read.pages)


def _archive(tmp_path: Path, files: int, **options: int) -> tuple[list[dict[str, object]], Path, int]:
    made = write_archive(tmp_path, files, **options)
    command = [sys.executable, "-c", RUN, "run", str(tmp_path / FILES), "--out", str(tmp_path / "results")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return [json.loads(json.dumps(m.as_dict())) for m in made], tmp_path / "results", done.returncode


def test_an_archive_is_read_as_it_was_drawn(tmp_path: Path) -> None:
    truth, out, code = _archive(tmp_path, 50)
    verdict = judge_run(truth, out)
    assert code == 1  # some of the files are broken
    assert not verdict.silent
    assert not verdict.amiss
    assert verdict.files["broken"] == 2
    assert sum(verdict.values.values()) > 20_000
    assert len(verdict.doubted) < 0.0005 * sum(verdict.values.values())


def test_the_judge_sees_what_is_wrong(tmp_path: Path) -> None:
    truth, out, _ = _archive(tmp_path, 3, broken=0)
    assert sum(judge_run(truth, out).whole.values()) == 3
    record = truth[0]["records"][0]  # type: ignore[index]
    record["funds"][0]["amount"] = "123456789"
    truth[1]["records"] = []
    truth[2]["broken"] = {"way": "x", "categories": ["truncated"], "refused": False}
    verdict = judge_run(truth, out)
    assert any("/funds/0/amount" in line for line in verdict.silent)
    assert len(verdict.amiss) == 2


def test_a_finding_points_at_what_lies_below_it() -> None:
    record = {"findings": [{"where": "/indicators/1/targets/full_year"}, {"where": ""}]}
    assert points_at(record, "/indicators/1/values/full_year/op")
    assert not points_at(record, "/indicators/10/targets/full_year")
    assert not points_at(record, "/funds/0/amount")


def _judge_broken(tmp_path: Path, ways: list[Way]) -> Verdict:
    """What a run makes of one file broken in each way."""
    (tmp_path / FILES).mkdir()
    good = write_good(tmp_path / "good.pdf")
    truth = []
    for way in ways:
        made = Made(f"{way.name}{way.suffix}", "broken", None, way)
        way.make(tmp_path / FILES / made.path, good)
        truth.append(json.loads(json.dumps(made.as_dict())))
    command = [sys.executable, "-c", RUN, "run", str(tmp_path / FILES), "--out", str(tmp_path / "results")]
    subprocess.run(command, capture_output=True, check=False)
    return judge_run(truth, tmp_path / "results")


def test_every_broken_file_has_its_outcome(tmp_path: Path) -> None:
    ways = usable_ways()
    assert len(ways) >= 20
    verdict = _judge_broken(tmp_path, ways)
    assert not verdict.amiss
    assert verdict.whole["broken"] == len(ways)


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("fund-targets", ".pdf"),
        ("project-review", ".tif"),
        ("wanyuan-project", ".pdf"),
    ],
)
def test_a_generated_scan_is_read_without_a_silent_error(name: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"scan{suffix}"
    records = write_scan_file(path, Lots("scan/0"), [(name,)])
    forms = read_file(take_in(path, path.name), path.stem, load_families(), load_words()).forms
    assert len(forms) == len(records)
    for truth, form in zip(records, forms, strict=True):
        read = form.record.as_dict()
        differences = compare_records(truth, read)
        wrong = wrong_values(differences)
        assert not [d for d in wrong if not points_at(read, d.where)]
        assert len(wrong) <= 0.02 * len(differences)
