"""What reading costs, counted in calls and not in seconds: what was made cheap once stays so."""

from __future__ import annotations

import gc
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers_carriers import as_tabs, grid
from sqlalchemy import event

from extractors import archive_zip, encoding
from extractors.dump import flatrows, loose_rows
from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from extractors.marked import rows as marked_rows
from extractors.marked.boxes import Box, Boxes
from extractors.marked.build import MarkedCell, MarkedTable
from extractors.marked.loose import regrown
from extractors.marked.rows import SingleCells
from extractors.pdf import pages
from extractors.pdf.bounds import claims_too_much
from extractors.refusals import Damaged, NotText, Truncated
from extractors.tables import sideways
from extractors.tables.blocks import PageBlocks
from pipeline.archive.store import Store
from pipeline.bench.speed import read_whole
from pipeline.reading.check.rules.arithmetic import Block, MoneyCell
from pipeline.reading.check.rules.structure import _apart
from pipeline.running.files import find_inputs
from pipeline.running.run import run
from pipeline.running.worker import SELDOM, seldom_collected
from schemas.language import heads as row_heads
from schemas.language.vocabulary import Words, load_words
from schemas.model import Box as Frame
from schemas.model import Cell, Grid
from schemas.record import Fund, record_text
from schemas.tables import rows as table_rows


def grows(work: Callable[[int], int]) -> float:
    """How many times as much twice of something costs; 2 for what is linear."""
    return work(200) / work(100)


class Name(str):
    """A text that counts how often it is compared."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Name.compared += 1
        return str.__eq__(self, other)


def test_a_file_of_control_characters_is_no_text_after_a_few_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Zeros pack a thousandfold: an archive of a megabyte held minutes of looking at each, and of guesses."""
    found: list[str] = []

    class Counted:
        @staticmethod
        def finditer(text: str) -> Iterator[str]:
            for each in control.finditer(text):
                found.append(each[0])
                yield each[0]

    control = encoding.CONTROL
    monkeypatch.setattr(encoding, "CONTROL", Counted)
    monkeypatch.setattr(encoding, "from_bytes", None)  # no guess is worth it
    with pytest.raises(NotText):
        encoding.decode(bytes(100_000))
    assert 0 < len(found) < 100_000 / 20
    assert encoding.decode("甲\x01乙".encode() * 2 + b"a" * 200)[1] == "utf-8"


def test_a_text_runs_on_over_blanks_at_the_cost_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet of 7 KB may name a cell of its last column: each of 16,384 blanks was written for each one before it."""
    written = 0

    class Counted(list[Box]):
        def __setitem__(self, place: Any, box: Any) -> None:
            nonlocal written
            written += 1
            super().__setitem__(place, box)

    made = Boxes.__init__

    def counted(self: Boxes, *given: Any) -> None:
        made(self, *given)
        self.at = [Counted(line) for line in self.at]

    monkeypatch.setattr(Boxes, "__init__", counted)

    def work(columns: int) -> int:
        nonlocal written
        written = 0
        cell = MarkedCell(0, 0, 1, 1, ("项目名称",))
        table = regrown(MarkedTable(1, columns, (cell,)), load_words())
        assert sum(each.colspan for each in table.cells) == columns
        assert len(table.cells) < columns
        return written

    assert grows(work) < 2.1


def test_lines_of_money_are_told_apart_without_comparing_all_with_all() -> None:
    def cost(lines: int) -> int:
        names = [(Name(f"line {i}"),) for i in range(lines)]
        cells = [
            MoneyCell("", path, None, Fund(side="income", path=[], column="amount", amount=None, raw=None))
            for path in [*names, names[0]]
        ]
        Name.compared = 0
        assert len(Block(cells, load_words()).cells) == lines - 1
        return Name.compared + lines

    assert grows(cost) < 2.5


def test_cells_of_one_line_are_looked_at_a_few_times_each(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    rows = Cell.rows.fget  # type: ignore[attr-defined]

    def counted(cell: Cell) -> range:
        nonlocal asked
        asked += 1
        own: range = rows(cell)
        return own

    monkeypatch.setattr(Cell, "rows", property(counted))

    def cost(cells: int) -> int:
        nonlocal asked
        asked = 0
        line = [(str(i), Cell(i, 0, 1 + (i == 7) * 3, 1, "")) for i in range(cells)]
        assert [each.where for each in _apart(line)] == [str(i) for i in range(cells) if not 7 <= i <= 10]
        return asked

    assert grows(cost) < 2.5


def test_what_rows_are_is_not_told_where_no_text_is_repeated() -> None:
    """Whether merged cells are printed by repeating their text is asked of the texts before they are told apart."""
    plain, filled = (SingleCells(grid(filled=how), load_words()) for how in (False, True))
    assert not loose_rows.repeats(plain)
    assert not plain.kinds
    assert loose_rows.repeats(filled)
    assert len(filled.kinds) == len(filled.sections) == filled.rows


def test_what_the_rows_of_a_dump_are_is_told_once_for_all_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the rows are whole, and whether they repeat the texts of merged cells."""
    told: list[list[str]] = []
    heads = marked_rows.heads

    def counted(texts: list[str], words: Words) -> Any:
        told.append(texts)
        return heads(texts, words)

    monkeypatch.setattr(marked_rows, "heads", counted)
    rows = grid(filled=False)
    rows[9] = [*filter(None, rows[9]), "甲乙", "甲乙"]  # shifted, and a text twice side by side
    align_blocks(read_lines(as_tabs(rows)), load_words())
    assert len(told) == len(rows)


def test_rows_that_there_are_most_of_are_put_together_as_columns(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Cells, checks, risks and origins are nine of ten rows: none of them is a mapping first."""
    from extractors.intake import take_in
    from pipeline.running.worker import read_file
    from schemas.families import load_families

    path = tmp_path / "x.txt"
    path.write_text(as_tabs(grid(filled=False)), encoding="utf-8")
    reading = read_file(take_in(path, path.name), path.stem, load_families(), load_words())
    mappings: dict[str, int] = {}
    add = table_rows.Batch.add

    def counted(batch: table_rows.Batch, table: Any, *given: Any, **more: Any) -> None:
        mappings[table.__tablename__] = mappings.get(table.__tablename__, 0) + 1
        add(batch, table, *given, **more)

    monkeypatch.setattr(table_rows.Batch, "add", counted)
    made = table_rows.rows_of(reading)
    heavy = {"cells", "checks", "risks", "origins"}
    assert heavy <= made.rows.keys()
    assert not heavy & mappings.keys()
    for name, columns in made.rows.items():
        assert len({len(values) for values in columns.values()}) == 1
        assert list(columns) == [
            each.name for each in table_rows.t.Base.metadata.tables[name].columns if each.name in columns
        ]
    assert "page" not in made.rows["cells"], "a column that is null in all rows costs nothing"


def test_rows_are_the_same_whether_they_are_added_one_by_one_or_as_columns() -> None:
    rows = [
        {"form_id": 7, "position": 0, "pointer": "/title", "kind": "name", "risk": 0.5, "reasons": "why"},
        {"form_id": 7, "position": 1, "pointer": "/year", "kind": "name", "risk": None, "reasons": ""},
    ]
    one_by_one, at_once = table_rows.Batch(), table_rows.Batch()
    for row in rows:
        one_by_one.add(table_rows.t.Risk, row)
    at_once.add_all(table_rows.t.Risk, {name: [row[name] for row in rows] for name in reversed(rows[0])})
    made = [
        {name: list(values) for name, values in batch.columns()["risks"].items()} for batch in (one_by_one, at_once)
    ]
    assert made[0] == made[1] == {name: [row[name] for row in rows] for name in rows[0]}
    assert list(made[0]) == list(made[1])
    at_once.add_all(table_rows.t.Field, {"form_id": [7]})
    with pytest.raises(KeyError, match="position"):
        at_once.columns()


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": {}, "b": [], "c": None, "d": [[], [1, 2.5, True, None, {"e": "f"}]]},
        {
            '"\\/\b\f\n\r\t\x00\x1f\x7f': "《\u2028\ufeff😀》",
            "": (1, "2"),
            "n": [0.01, -0.0, 70.0, 14399.99, 12345678901234567890],
        },
        {"half a character": ["\ud800", {}, []]},
    ],
)
def test_a_record_is_written_as_the_library_writes_it(value: dict[str, Any]) -> None:
    assert record_text(value) == json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def test_a_form_without_tabs_twice_as_long_costs_twice_as_much(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A text is asked for the role of a header a few times, however many stand around it."""
    words = load_words()
    asked = 0
    header = words.header

    def counted(text: str) -> str | None:
        nonlocal asked
        asked += 1
        return header(text)

    monkeypatch.setattr(words, "header", counted)

    def cost(rows: int) -> int:
        nonlocal asked
        asked = 0
        path = tmp_path / f"{rows}.txt"
        row = "数量指标 完成工作任务数量 ≥12个"
        path.write_text("\n".join(["一级指标 二级指标 三级指标 指标值", *[row] * rows]), encoding="utf-8")
        read_whole(path)
        return asked

    assert grows(cost) < 2.5


def test_the_gaps_between_the_texts_of_a_form_without_tabs_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text may be in a dozen of cells."""
    looked: list[tuple[str, str]] = []
    parted = flatrows.parted_by_writing

    def counted(left: flatrows.Token, right: flatrows.Token) -> bool:
        looked.append((left.text, right.text))
        return parted(left, right)

    monkeypatch.setattr(flatrows, "parted_by_writing", counted)
    texts = ["数量指标", "完成", "工作任务", "数量", "≥12个"] * 20
    tokens = [flatrows.Token(text, i // 5, i % 5 * 9, i % 5 == 0, i % 5 == 4) for i, text in enumerate(texts)]
    (rows,) = flatrows.deal([(tokens, ["level2", "level3", "targets.full_year"])], load_words())
    assert [cell.role for row in rows for cell in row][-1] == 2
    assert len(looked) < len(tokens)


def test_a_row_that_names_no_column_is_asked_once_for_its_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most rows are values: what they would head was asked of each of their texts four times."""
    words = load_words()
    asked: list[str] = []
    header = words.header

    def counted(text: str) -> str | None:
        asked.append(text)
        return header(text)

    monkeypatch.setattr(words, "header", counted)
    texts = ["数量指标", "完成工作任务数量", "≥12个", "10"]
    assert row_heads.heads(texts, words) is None
    assert asked == texts


STREAM = b"1 0 obj << /Length 9 >> stream\n"


@pytest.mark.parametrize("end", [b"startxref\n9\n%%EOF\n", b""])
@pytest.mark.parametrize("between", [b"", STREAM + b"endstream endobj\n"])
def test_a_pdf_of_streams_without_ends_is_not_given_to_who_looks_for_each_of_them(
    end: bytes, between: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pdfium goes through the rest of the file for the end of each: 1.5 MB of them take it ten minutes."""
    asked: list[Path] = []
    for name in ("page_count_of", "repaired"):
        monkeypatch.setattr(pages, name, asked.append)
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.4\n" + (STREAM + between) * 20_000 + end)
    with pytest.raises((Damaged, Truncated)):
        read_whole(path)
    assert asked == []


def test_a_hundred_streams_without_ends_keep_nobody_from_a_repair(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.4\n" + STREAM * 100)
    assert not claims_too_much(path)


def test_a_page_is_compared_with_some_further_pages_and_not_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wide sheet may go on beside its first pages on later ones: a long file of pages that do not was compared whole
    with itself."""
    compared = 0
    beside = sideways._goes_beside

    def counted(left: PageBlocks, right: PageBlocks) -> bool:
        nonlocal compared
        compared += 1
        return beside(left, right)

    monkeypatch.setattr(sideways, "_goes_beside", counted)

    def cost(pages: int) -> int:
        nonlocal compared
        compared = 0
        ys = tuple(20.0 * i for i in range(7))
        made = [
            PageBlocks(n, 800.0, (Grid(n, Frame(0.0, 0.0, 90.0, 120.0), (0.0, 40.0, 90.0), ys, ()),))
            for n in range(pages)
        ]
        assert len(sideways.join_wide(made)) == pages
        return compared

    assert cost(400) > 400
    assert grows(lambda size: cost(4 * size)) < 2.5


def test_a_file_that_is_refused_costs_few_statements_and_is_unpacked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """20,000 names in a ZIP took two minutes: twelve statements for each, each put together anew, and two folders."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(100):
            archive.writestr(f"{number}.txt", b"")
    asked: list[str] = []
    unpacked: list[str] = []

    def opens(*_: Any, **named: Any) -> Any:
        unpacked.append(named["suffix"])
        return made(**named)

    made = archive_zip.tempfile.NamedTemporaryFile
    monkeypatch.setattr(archive_zip.tempfile, "NamedTemporaryFile", opens)
    with Store.open(tmp_path / "x.db") as store:
        event.listen(store._engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        tally = run(find_inputs([str(path)]), store, tmp_path, [], load_words())
    assert tally.counts()["failed"] == 100
    assert unpacked == [".txt"] * 100
    assert len([text for text in asked if not text.startswith("BEGIN")]) < 7 * 100


def test_cycles_are_looked_for_seldom_while_a_run_goes_and_as_before_after_it() -> None:
    held, before = gc.get_threshold(), (SELDOM // 2, 10, 10)
    try:
        gc.set_threshold(*before)  # another test may have left it higher
        with seldom_collected():
            assert gc.get_threshold()[0] == SELDOM
        assert gc.get_threshold() == before
    finally:
        gc.set_threshold(*held)
