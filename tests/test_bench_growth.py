"""Growth and comparison of the benchmark: what they make and how they count."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from helpers_pdf import FORM, FORM_SPANS, TITLE, write_tables

from pipeline.bench import against, growth, peers


def test_exponents_from_one_size_to_the_next() -> None:
    assert growth.exponent_of((10, 1.0), (100, 10.0)) == pytest.approx(1)
    assert growth.exponent_of((10, 1.0), (100, 100.0)) == pytest.approx(2)
    first, second, third = growth.growth_rows("pages", [(10, 1.0), (100, 10.0), (1000, 1000.0)])
    assert first == ("pages", "10", "1.00 s", "100.000 ms", "", "")
    assert second[4:] == ("1.00", "yes")
    assert third[4:] == ("2.00", "no")


def test_a_square_of_cells_is_found_whole() -> None:
    found = growth.of_cells(5)()
    assert len(found.grids[0].cells) == 25  # type: ignore[attr-defined]


def test_files_of_many_pages_and_rows(tmp_path: Path) -> None:
    source = write_tables(tmp_path / "source.pdf", [TITLE, (FORM, FORM_SPANS)])
    growth.of_pages(source, tmp_path, 3)
    with pypdfium2.PdfDocument(tmp_path / "3.pdf") as made:
        assert len(made) == 3
    text = tmp_path / "dump.txt"
    text.write_text("head\none\ta\ntwo\tb\nfoot\n", encoding="utf-8")
    growth.of_rows(text, tmp_path, 5)
    assert (tmp_path / "5.txt").read_text(encoding="utf-8") == "head\none\ta\ntwo\tb\none\ta\ntwo\tb\none\ta\nfoot\n"


def test_pages_cost_what_many_take_more_than_few() -> None:
    few, many = [against.Spent(1.0, 2.0, 90.0)], [against.Spent(3.0, 4.0, 100.0)]
    faster = [against.Spent(2.0, 3.0, 80.0)]
    before, now = against.road_rows("dump", 5, 20, [("old", few, many), ("now", few, faster)])
    assert before == ("dump", "old", "25", "100.0", "100.0", "0.5", "100", "1.00")
    assert now == ("dump", "now", "25", "50.0", "50.0", "0.8", "80", "0.50")


def test_a_tree_tells_where_its_command_line_is(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project.scripts]\njixiao = "some.place:begin"\n', encoding="utf-8")
    assert "from some.place import begin; begin()" in against.command_of(tmp_path)[-1]


def test_a_road_is_run_by_both_codes_and_by_other_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By turns, over few files and over many; what is measured is the process."""
    source = write_tables(tmp_path / "source.pdf", [TITLE, (FORM, FORM_SPANS)])
    calls: list[str] = []

    def spent(tree: Path, call: list[str]) -> against.Spent:
        program = call[3] if call[1] == "-m" else tree.name
        files = sum(1 for part in call for _ in Path(part).glob("*.pdf"))
        calls.append(f"{program} {files}")
        return against.Spent(1.0 + files, 2.0 * files, 50.0)

    monkeypatch.setattr(against, "spent_by", spent)
    trees = {"old": tmp_path / "old", "now": tmp_path / "now"}
    for tree in trees.values():
        tree.mkdir()
        (tree / "pyproject.toml").write_text('[project.scripts]\njixiao = "some.place:begin"\n', encoding="utf-8")
    rows = against.measure_road(against.TEXT_LAYER, [source], trees, tmp_path, copies=3, rounds=2)
    there = [f"{name} {files}" for name in ("old", "now", "pdfplumber", "camelot") for files in (1, 4)]
    back = [f"{name} {files}" for name in ("camelot", "pdfplumber", "now", "old") for files in (1, 4)]
    assert calls == [*there, *back]
    assert [row[:5] for row in rows] == [
        ("text-layer, pages", name, "4", "1000.0", "2000.0") for name in ("old", "now", "pdfplumber", "camelot")
    ]


def test_other_programs_read_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    monkeypatch.setitem(peers.READ, peers.CAMELOT, lambda path: taken.append(path.name))
    write_tables(tmp_path / "b.pdf", [TITLE, (FORM, FORM_SPANS)])
    write_tables(tmp_path / "a.pdf", [TITLE])
    assert peers.main([peers.CAMELOT, str(tmp_path)]) == 0
    assert taken == ["a.pdf", "b.pdf"]
    assert peers.main([peers.PDFPLUMBER, str(tmp_path)]) == 0
