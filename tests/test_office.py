"""Word, Excel and web pages: the same tables as on paper, the same records, and nothing of them lost unseen."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from helpers_office import HEAD, SETS, WRITERS, document, layout, lines, paper, reading, tables
from helpers_xls import write_xls, xls_sheet

from extractors.office.numbering import counted
from extractors.office.symbols import overlap
from pipeline.people.goldens import judge
from schemas.model import Block, Cell, Line, Reader, Table

QUICK = ("002", "003", "unlisted-fund", "unlisted-review")
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

names = pytest.mark.parametrize(
    "name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in sorted(SETS)]
)
suffixes = pytest.mark.parametrize("suffix", [*WRITERS, ".xls"])


def rebuilt(path: Path, blocks: tuple[Block, ...]) -> Path:
    if path.suffix == ".xls":
        return write_xls(path, [xls_sheet("表", blocks)])
    return WRITERS[path.suffix](path, blocks)


def page(path: Path, body: str) -> Path:
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return path


# ── The goldens in every format


@names
@suffixes
def test_a_rebuilt_golden_is_read_as_the_paper_is(name: str, suffix: str, tmp_path: Path) -> None:
    path = rebuilt(tmp_path / f"x{suffix}", paper(name))
    found = reading(path)
    assert len(found.forms) == len(SETS[name].goldens)
    for form, golden in zip(found.forms, SETS[name].goldens, strict=True):
        judged = judge(form.record.as_dict(), golden, "office")
        assert judged.wrong == ()
        assert judged.right == judged.values > 80
        assert (form.record.source.reader, form.record.source.pages) == (Reader.OFFICE, [])


@suffixes
def test_merged_cells_keep_their_spans(suffix: str, tmp_path: Path) -> None:
    blocks = tuple(b for b in paper("002") if isinstance(b, Table))
    found = tables(rebuilt(tmp_path / f"x{suffix}", blocks))
    assert [(t.rows, t.cols) for t in found] == [(t.rows, t.cols) for t in blocks]
    for own, table in zip(blocks, found, strict=True):
        spans = {(c.row, c.col, c.rowspan, c.colspan) for c in own.cells}
        assert spans <= {(c.row, c.col, c.rowspan, c.colspan) for c in table.cells}
        assert any(c.rowspan > 1 for c in own.cells)
        assert any(c.colspan > 1 for c in own.cells)


@suffixes
def test_every_value_has_the_cell_that_it_stands_in(suffix: str, tmp_path: Path) -> None:
    found = reading(rebuilt(tmp_path / f"x{suffix}", paper("unlisted-review")))
    (form,) = found.forms
    seen = 0
    for origin in form.origins:
        assert origin.place.page is None
        assert origin.place.line is not None
        assert origin.place.column is not None
        if origin.table is not None and origin.raw:
            cell = next(c for c in found.tables[origin.table].cells if (c.row, c.col) == (origin.row, origin.col))
            assert "".join(origin.raw.split()) in "".join(cell.text.split())
            seen += 1
    assert seen > 80


# ── Word


def word(path: Path, *bodies: str) -> Path:
    """A Word file with these pieces of XML in its body."""
    made = docx.Document()
    for i, body in enumerate(bodies):
        made.element.body.insert(i, parse_xml(body.replace(">", f" {NS}>", 1)))
    made.save(str(path))
    return path


def w_cell(inside: str, how: str = "") -> str:
    return f"<w:tc><w:tcPr>{how}</w:tcPr>{inside}</w:tc>"


def w_text(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r" eq \o\ac(□,√)", "☑"),
        (r"EQ \O(□;×)", "☑"),
        (r"eq \o \al(\s\up1(√),□)", "☑"),
        (r"eq \o\ac(○,●)", "☑"),
        (r"eq \o\ac(○,3)", "③"),
        (r"eq \o\ac(□, )", "□"),
        (r"eq \o\ac(○,印)", "印"),
        (r" PAGE ", None),
        (r"eq \f(1,2)", None),
    ],
)
def test_fields_that_print_one_character_over_another(instruction: str, shown: str | None) -> None:
    assert overlap(instruction) == shown


def test_word_shows_the_signs_of_fields_and_symbol_fonts(tmp_path: Path) -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def code(text: str) -> str:
        return f"<w:r><w:instrText>{text}</w:instrText></w:r>"

    def letter(text: str, font: str = "Wingdings 2") -> str:
        return f'<w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr><w:t>{text}</w:t></w:r>'

    box = code(r"\o\ac(□,")
    tick = f"{mark('begin')}{code('eq ')}{box}{code('√)')}{mark('end')}"
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    over = f"{mark('begin')}{code('eq ')}{box}{symbol}{code(')')}{mark('end')}"
    page = f"{mark('begin')}{code('PAGE')}{mark('separate')}<w:r><w:t>7</w:t></w:r>{mark('end')}"
    path = word(
        tmp_path / "x.docx",
        f"<w:p>{tick}<w:r><w:t>甲</w:t></w:r>{over}<w:r><w:t>乙</w:t></w:r>{page}</w:p>",
        f"<w:p>{letter('R')}{letter('£')}{letter('þ', 'Wingdings')}{letter('R', 'Arial')}</w:p>",
        f"<w:p>{mark('begin')}{code('eq ')}<w:r><w:t>open</w:t></w:r></w:p>",
    )
    assert lines(path) == ["☑甲☑乙7", "\uf052\uf0a3\uf0feR", "open"]


def test_text_that_is_struck_out_is_told_and_not_read(tmp_path: Path) -> None:
    struck = "<w:r><w:rPr><w:strike/></w:rPr><w:t>90.00</w:t></w:r>"
    kept = '<w:r><w:rPr><w:dstrike w:val="0"/></w:rPr><w:t>86.50</w:t></w:r>'
    path = word(
        tmp_path / "x.docx", f"<w:tbl><w:tr>{w_cell(f'<w:p>{struck}{kept}</w:p>')}{w_cell(w_text('丑'))}</w:tr></w:tbl>"
    )
    (table,) = tables(path)
    assert [cell.text for cell in table.cells] == ["86.50", "丑"]
    assert [one.what for one in table.hidden] == ["text that is struck out: 90.00"]


def test_word_shows_insertions_controls_and_boxes_but_no_deletions(tmp_path: Path) -> None:
    path = word(
        tmp_path / "x.docx",
        "<w:p><w:r><w:t>甲</w:t></w:r><w:ins><w:r><w:t>乙</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>丙</w:delText></w:r></w:del><w:sdt><w:sdtContent><w:r><w:t>丁</w:t></w:r></w:sdtContent></w:sdt>"
        '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r><w:r><w:noBreakHyphen/></w:r></w:p>',
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r><w:r><w:t>明</w:t></w:r></w:p>",
        f"<w:tbl>{'<w:tr>' + w_cell(w_text('子')) + w_cell(w_text('丑')) + '</w:tr>'}</w:tbl>",
    )
    assert lines(path) == ["甲乙丁\uf052-", "明"]
    (table,) = tables(path)
    assert [one.what for one in table.hidden] == ["text that Word does not show: 暗"]


def test_word_spans(tmp_path: Path) -> None:
    begin, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    path = word(
        tmp_path / "x.docx",
        "<w:tbl><w:tr>"
        + w_cell(w_text("一"), begin)
        + w_cell(w_text("二"), '<w:gridSpan w:val="2"/>')
        + "</w:tr><w:tr>"
        + w_cell("<w:p/>", go_on)
        + w_cell(w_text("三"))
        + w_cell(w_text("四") + w_text("五"))
        + '</w:tr><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>'
        + w_cell(w_text("六"), '<w:gridSpan w:val="2"/>')
        + "</w:tr></w:tbl>",
    )
    (table,) = tables(path)
    assert layout(table) == [
        (0, 0, 2, 1, "一"),
        (0, 1, 1, 2, "二"),
        (1, 1, 1, 1, "三"),
        (1, 2, 1, 1, "四\n五"),
        (2, 1, 1, 2, "六"),
    ]


def test_a_row_of_word_that_is_too_short_is_doubted(tmp_path: Path) -> None:
    """A program that loses merged cells leaves the rows beside them short: what is left stands under other headings."""
    row = "".join(w_cell(w_text(text)) for text in "一二三")
    short = w_cell(w_text("四")) + w_cell(w_text("五"))
    ended = '<w:trPr><w:gridAfter w:val="1"/></w:trPr>' + w_cell(w_text("六")) + w_cell(w_text("七"))
    path = word(tmp_path / "x.docx", f"<w:tbl><w:tr>{row}</w:tr><w:tr>{short}</w:tr><w:tr>{ended}</w:tr></w:tbl>")
    (table,) = tables(path)
    assert [cell.text for cell in table.cells if cell.inferred] == ["四", "五"]


def test_word_prints_the_numbers_of_its_lists(tmp_path: Path) -> None:
    made = docx.Document()
    for text in ("甲", "乙"):
        made.add_paragraph(text, style="List Number")
    made.add_paragraph("丙", style="List Bullet")
    made.add_paragraph("", style="List Number")
    made.add_paragraph("丁")
    made.save(str(tmp_path / "x.docx"))
    assert lines(tmp_path / "x.docx") == ["1.甲", "2.乙", "•丙", "3.", "丁"]


@pytest.mark.parametrize(
    ("number", "how", "shown"),
    [
        (1, "decimal", "1"),
        (3, "chineseCounting", "三"),
        (10, "chineseCountingThousand", "十"),
        (21, "japaneseCounting", "二十一"),
        (2, "decimalEnclosedCircle", "②"),
        (3, "lowerLetter", "c"),
        (9, "upperRoman", "IX"),
        (140, "chineseCounting", "140"),
    ],
)
def test_list_numbers(number: int, how: str, shown: str) -> None:
    assert counted(number, how) == shown


# ── Tables in tables, tables cut in two


def w_table(*rows: list[str]) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(map(w_cell, row))}</w:tr>" for row in rows) + "</w:tbl>"


def h_table(*rows: list[str]) -> str:
    return (
        "<table border=1>" + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows) + "</table>"
    )


def inner_beside_a_label(suffix: str, folder: Path) -> Path:
    if suffix == ".html":
        inner = h_table(["a", "b"], ["c", "d"])
        return page(folder / "x.html", h_table(["名", "值"], ["标", inner], ["尾", "末"]))
    inner = w_table([w_text("a"), w_text("b")], [w_text("c"), w_text("d")]) + "<w:p/>"
    rows = ([w_text("名"), w_text("值")], [w_text("标"), inner], [w_text("尾"), w_text("末")])
    return word(folder / "x.docx", w_table(*rows))


@pytest.mark.parametrize("suffix", [".docx", ".html"])
def test_a_table_beside_a_label_becomes_rows_and_columns(suffix: str, tmp_path: Path) -> None:
    (table,) = tables(inner_beside_a_label(suffix, tmp_path))
    assert layout(table) == [
        (0, 0, 1, 1, "名"),
        (0, 1, 1, 2, "值"),
        (1, 0, 2, 1, "标"),
        (1, 1, 1, 1, "a"),
        (1, 2, 1, 1, "b"),
        (2, 1, 1, 1, "c"),
        (2, 2, 1, 1, "d"),
        (3, 0, 1, 1, "尾"),
        (3, 1, 1, 2, "末"),
    ]


def test_a_table_that_only_lays_out_a_page_is_taken_apart(tmp_path: Path) -> None:
    inner = h_table(["a", "b"])
    path = page(
        tmp_path / "x.html", f"<table><tr><td>项目绩效目标表</td></tr><tr><td>前<br>{inner}后</td></tr></table>"
    )
    assert [b.text if isinstance(b, Line) else layout(b) for b in document(path).blocks] == [
        "项目绩效目标表",
        "前",
        [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b")],
        "后",
    ]


def test_an_indicator_table_inside_a_forms_table_is_read_as_part_of_it(tmp_path: Path) -> None:
    inner = w_table([w_text(t) for t in HEAD], [w_text(t) for t in ("产出指标", "数量指标", "数量", "≥5个")]) + "<w:p/>"
    whole = '<w:gridSpan w:val="2"/>'
    path = word(
        tmp_path / "x.docx",
        w_text("项目支出绩效目标表"),
        "<w:tbl><w:tblPr><w:tblBorders><w:top w:val='single'/></w:tblBorders></w:tblPr>"
        f"<w:tr>{w_cell(w_text('项目名称'))}{w_cell(w_text('测试项目'))}</w:tr>"
        f"<w:tr>{w_cell(w_text('年度目标'))}{w_cell(w_text('目标一'))}</w:tr>"
        f"<w:tr>{w_cell(inner, whole)}</w:tr></w:tbl>",
    )
    (form,) = reading(path).forms
    assert form.record.fields == {"project_name": "测试项目", "annual_goal": "目标一"}
    assert [(i.level2, i.level3, i.targets) for i in form.record.indicators] == [
        ("数量指标", "数量", {"full_year": "≥5个"})
    ]


@pytest.mark.parametrize("suffix", [".docx", ".html"])
def test_a_form_cut_over_two_tables_is_whole(suffix: str, tmp_path: Path) -> None:
    """The rest of an indicator table in a table of its own, without its header."""
    (table,) = (b for b in paper("unlisted-fund") if isinstance(b, Table))
    at = max(r for r in range(table.rows) if all(not c.row < r < c.row + c.rowspan for c in table.cells))
    head = Table(at, table.cols, tuple(c for c in table.cells if c.row < at))
    moved = (Cell(c.row - at, c.col, c.rowspan, c.colspan, c.text) for c in table.cells if c.row >= at)
    rest = Table(table.rows - at, table.cols, tuple(moved))
    title = tuple(b for b in paper("unlisted-fund") if isinstance(b, Line))
    (form,) = reading(WRITERS[suffix](tmp_path / f"x{suffix}", (*title, head, rest))).forms
    judged = judge(form.record.as_dict(), SETS["unlisted-fund"].goldens[0], "office")
    assert judged.wrong == ()


def test_a_web_page_laid_out_by_a_table_without_borders(tmp_path: Path) -> None:
    path = page(
        tmp_path / "x.html",
        f"<table><tr><td>首页<br>公开</td><td><p>项目绩效目标表</p>{h_table(['a', 'b'])}</td></tr></table>",
    )
    assert lines(path) == ["首页", "公开", "项目绩效目标表"]
    assert [layout(t) for t in tables(path)] == [[(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b")]]


# ── Web pages


def test_scripts_styles_and_hidden_parts_are_no_text(tmp_path: Path) -> None:
    path = page(
        tmp_path / "x.html",
        "<script>document.write('<table>')</script></table><style>p{}</style><p>甲<!-- 乙 -->&lt;script&gt;</p>"
        "<p style='display: none'>丙</p>" + h_table(["a<script>alert(1)</script>", "b<br>c"]),
    )
    assert lines(path) == ["甲<script>"]
    (table,) = tables(path)
    assert [c.text for c in table.cells] == ["a", "b\nc"]
    assert [(one.row, one.what) for one in table.hidden] == [(0, "丙")]


def test_rows_of_head_and_foot_and_open_spans(tmp_path: Path) -> None:
    path = page(
        tmp_path / "x.html",
        "<table border=1><tfoot><tr><td>末<td>尾</tr></tfoot><thead><tr><th colspan=2>头</th></tr></thead>"
        "<tbody><tr><td rowspan=0>甲</td><td>1</td></tr><tr><td>2</td></tr></tbody></table>",
    )
    (table,) = tables(path)
    assert layout(table) == [
        (0, 0, 1, 2, "头"),
        (1, 0, 2, 1, "甲"),
        (1, 1, 1, 1, "1"),
        (2, 1, 1, 1, "2"),
        (3, 0, 1, 1, "末"),
        (3, 1, 1, 1, "尾"),
    ]


def test_what_a_style_puts_apart_on_a_page_is_a_line_of_its_own(tmp_path: Path) -> None:
    text = '<p>填报单位：某局<span style="float: right">单位：万元</span></p><p>共<b style="color: red">3</b>项</p>'
    assert lines(page(tmp_path / "x.html", text)) == ["填报单位：某局", "单位：万元", "共3项"]


def test_boxes_of_a_page_are_ticks(tmp_path: Path) -> None:
    path = page(tmp_path / "x.html", "<p><input type=checkbox checked>新增 <input type=checkbox>延续</p>")
    assert lines(path) == ["☑新增 □延续"]


@pytest.mark.parametrize(("charset", "encoding"), [("gb2312", "gbk"), ("utf-8", "utf-8"), ("gb2312", "utf-8")])
def test_the_encoding_of_a_page(charset: str, encoding: str, tmp_path: Path) -> None:
    text = f"<html><head><meta charset={charset}></head><body><p>绩效目标，这是汉字</p></body></html>"
    (tmp_path / "x.html").write_bytes(text.encode(encoding))
    assert lines(tmp_path / "x.html") == ["绩效目标，这是汉字"]
