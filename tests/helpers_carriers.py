"""One small form with merged cells, written as the many kinds of text and file that such forms come in."""

from __future__ import annotations

import csv
import html
import zipfile
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from extractors.intake import take_in
from pipeline.running.worker import read_file
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.model import Block, Line, Place, Table
from schemas.model import Cell as TableCell
from schemas.record import Record

TITLE, YEAR = "项目支出绩效目标申报表", "（2026年度）"
COLS = 6
Cell = tuple[str, int, int, int, int]
"""Text, row, column, height, width."""

FORM: tuple[Cell, ...] = (
    ("项目名称", 0, 0, 1, 1), ("河道清淤工程", 0, 1, 1, 5),
    ("主管部门", 1, 0, 1, 1), ("南关区水务局", 1, 1, 1, 2), ("实施单位", 1, 3, 1, 1), ("南关区河道管护站", 1, 4, 1, 2),
    ("项目资金（万元）", 2, 0, 3, 1),
    ("年度资金总额", 2, 1, 1, 2), ("120.50", 2, 3, 1, 3),
    ("其中：财政拨款", 3, 1, 1, 2), ("100.00", 3, 3, 1, 3),
    ("其他资金", 4, 1, 1, 2), ("20.50", 4, 3, 1, 3),
    ("年度总体目标", 5, 0, 1, 1), ("完成八公里河道清淤，汛期行洪通畅。", 5, 1, 1, 5),
    *(
        (text, 6, col, 1, 1)
        for col, text in enumerate(("一级指标", "二级指标", "三级指标", "指标值", "分值", "备注"))
    ),
    ("产出指标", 7, 0, 4, 1), ("数量指标", 7, 1, 2, 1),
    ("清淤河道长度", 7, 2, 1, 1), ("≥8公里", 7, 3, 1, 1), ("20", 7, 4, 1, 1),
    ("清运淤泥方量", 8, 2, 1, 1), ("≥2万立方米", 8, 3, 1, 1), ("10", 8, 4, 1, 1), ("按月统计", 8, 5, 1, 1),
    ("质量指标", 9, 1, 1, 1), ("工程验收合格率", 9, 2, 1, 1), ("100%", 9, 3, 1, 1), ("20", 9, 4, 1, 1),
    ("时效指标", 10, 1, 1, 1), ("工程完工时间", 10, 2, 1, 1), ("2026年6月底前", 10, 3, 1, 1), ("10", 10, 4, 1, 1),
    ("效益指标", 11, 0, 2, 1), ("社会效益指标", 11, 1, 1, 1),
    ("受益人口数", 11, 2, 1, 1), ("≥3万人", 11, 3, 1, 1), ("20", 11, 4, 1, 1),
    ("生态效益指标", 12, 1, 1, 1), ("河道水质", 12, 2, 1, 1), ("明显改善", 12, 3, 1, 1), ("10", 12, 4, 1, 1),
    ("满意度指标", 13, 0, 1, 1), ("服务对象满意度指标", 13, 1, 1, 1),
    ("沿河居民满意度", 13, 2, 1, 1), ("≥90%", 13, 3, 1, 1), ("10", 13, 4, 1, 1),
)  # fmt: skip
ROWS = 14


def values_of(record: Record) -> dict[str, Any]:
    """What of a record is compared."""
    return {
        "title": record.title,
        "year": record.year,
        "unit": record.amount_unit,
        "fields": record.fields,
        "funds": [(fund.path, fund.amount) for fund in record.funds],
        "indicators": [
            (i.level1, i.level2, i.level3, i.targets.get("full_year"), i.weights.get("full_year"), i.note)
            for i in record.indicators
        ],
    }


EXPECTED: dict[str, Any] = {
    "title": TITLE,
    "year": 2026,
    "unit": "万元",
    "fields": {
        "project_name": "河道清淤工程",
        "supervising_department": "南关区水务局",
        "implementing_unit": "南关区河道管护站",
        "annual_goal": "完成八公里河道清淤，汛期行洪通畅。",
    },
    "funds": [
        (["年度资金总额"], "120.50"),
        (["年度资金总额", "财政拨款"], "100.00"),
        (["年度资金总额", "其他资金"], "20.50"),
    ],
    "indicators": [
        ("产出指标", "数量指标", "清淤河道长度", "≥8公里", "20", None),
        ("产出指标", "数量指标", "清运淤泥方量", "≥2万立方米", "10", "按月统计"),
        ("产出指标", "质量指标", "工程验收合格率", "100%", "20", None),
        ("产出指标", "时效指标", "工程完工时间", "2026年6月底前", "10", None),
        ("效益指标", "社会效益指标", "受益人口数", "≥3万人", "20", None),
        ("效益指标", "生态效益指标", "河道水质", "明显改善", "10", None),
        ("满意度指标", "服务对象满意度指标", "沿河居民满意度", "≥90%", "10", None),
    ],
}


def records(path: Path) -> list[Record]:
    """The records of a file."""
    reading = read_file(take_in(path, path.name), path.stem, load_families(), load_words())
    return [form.record for form in reading.forms]


def read_text(folder: Path, name: str, text: str, encoding: str = "utf-8") -> list[Record]:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return records(path)


# ── as a grid without spans


def grid(*, filled: bool, cells: Sequence[Cell] = FORM, rows: int = ROWS, cols: int = COLS) -> list[list[str]]:
    """The form's texts by row and column: a merged cell prints its text once, or in each of its parts."""
    out = [[""] * cols for _ in range(rows)]
    for text, top, left, high, wide in cells:
        for row in range(top, top + (high if filled else 1)):
            for col in range(left, left + (wide if filled else 1)):
                out[row][col] = text
    return out


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([f"# {TITLE}", "", YEAR, "", lines[0], "|" + "---|" * len(rows[0]), *lines[1:], ""])


def as_csv(rows: Sequence[Sequence[str]], mark: str = ",") -> str:
    out = StringIO()
    writer = csv.writer(out, delimiter=mark)
    writer.writerows([[TITLE], [YEAR], *rows])
    return out.getvalue()


def as_tabs(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join([TITLE, YEAR, *("\t".join(row) for row in rows), ""])


# ── with spans


def as_html(cells: Sequence[Cell] = FORM, rows: int = ROWS) -> str:
    """The form's table as HTML without borders or styles, as document parsers write it."""
    lines = []
    for row in range(rows):
        boxes = [
            f"<td rowspan={high} colspan={wide}>{html.escape(text)}</td>"
            for text, top, _, high, wide in _with_blanks(cells, rows)
            if top == row
        ]
        lines.append("<tr>" + "".join(boxes) + "</tr>")
    return "<table>" + "".join(lines) + "</table>"


def _with_blanks(cells: Sequence[Cell], rows: int, cols: int = COLS) -> list[Cell]:
    covered = {(r, c) for _, t, left, h, w in cells for r in range(t, t + h) for c in range(left, left + w)}
    blanks = [("", r, c, 1, 1) for r in range(rows) for c in range(cols) if (r, c) not in covered]
    return sorted([*cells, *blanks], key=lambda cell: (cell[1], cell[2]))


def as_rich_text(cells: Sequence[Cell] = FORM, rows: int = ROWS) -> bytes:
    """The form as a rich text in the code page of Chinese, Unicode where a character is none of it."""
    out = [rb"{\rtf1\ansi\ansicpg936\uc1{\fonttbl{\f0\fcharset134 SimSun;}}\f0 "]
    out += [_rich(TITLE), rb"\par ", _rich(YEAR), rb"\par "]
    boxes = _with_blanks(cells, rows)
    for row in range(rows):
        shape, texts = [rb"\trowd\trleft0"], []
        for text, top, left, high, wide in sorted(boxes, key=lambda cell: cell[2]):
            if not top <= row < top + high:
                continue
            mark = b"" if high == 1 else rb"\clvmgf" if top == row else rb"\clvmrg"
            shape.append(mark + rb"\clbrdrt\brdrs\clbrdrl\brdrs\cellx%d" % (1500 * (left + wide)))
            texts.append(rb"\pard\intbl " + (_rich(text) if top == row else b"") + rb"\cell ")
        out += [*shape, *texts, rb"\row "]
    return b"\n".join([*out, rb"\pard\par}"])


def _rich(text: str) -> bytes:
    out = bytearray()
    for char in text:
        if char.isascii():
            out += char.encode()
        elif char in "≥%立":
            out += rb"\u%d?" % ord(char)
        else:
            out += b"".join(rb"\'%02x" % byte for byte in char.encode("gb18030"))
    return bytes(out)


def as_sheet_xml(cells: Sequence[Cell] = FORM, rows: int = ROWS) -> str:
    """The form as a workbook of Excel 2003 XML; numbers are numbers with a format."""
    lines = [
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles>'
        '<Style ss:ID="n"><NumberFormat ss:Format="Fixed"/></Style></Styles>'
        '<Worksheet ss:Name="表"><Table>'
    ]
    for text in (TITLE, YEAR):
        lines.append(f'<Row><Cell ss:MergeAcross="5"><Data ss:Type="String">{text}</Data></Cell></Row>')
    for row in range(rows):
        lines.append("<Row>")
        for text, top, left, high, wide in sorted(cells, key=lambda cell: cell[2]):
            if top != row:
                continue
            amount = "." in text
            span = f'ss:Index="{left + 1}" ss:MergeAcross="{wide - 1}" ss:MergeDown="{high - 1}"'
            kind = "Number" if amount else "String"
            style = ' ss:StyleID="n"' if amount else ""
            lines.append(f'<Cell {span}{style}><Data ss:Type="{kind}">{html.escape(text)}</Data></Cell>')
        lines.append("</Row>")
    return "".join([*lines, "</Table></Worksheet></Workbook>"])


def as_blocks(cells: Sequence[Cell] = FORM, rows: int = ROWS) -> list[Block]:
    """The form as lines and a table, for the writers of office files."""
    table = Table(
        rows=rows,
        cols=COLS,
        cells=tuple(TableCell(top, left, high, wide, text) for text, top, left, high, wide in cells),
        row_pages=(None,) * rows,
        breaks=(),
        ruled=True,
        notes=(),
    )
    return [Line(TITLE, Place(line=1, column=1)), Line(YEAR, Place(line=2, column=1)), table]


ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def write_open_document(path: Path, cells: Sequence[Cell] = FORM, rows: int = ROWS) -> Path:
    """The form as an OpenDocument text (.odt) or workbook (.ods)."""
    kind = "text" if path.suffix == ".odt" else "spreadsheet"
    lines = [f"<text:p>{TITLE}</text:p><text:p>{YEAR}</text:p>"] if kind == "text" else []
    lines.append('<table:table table:name="表"><table:table-column table:number-columns-repeated="6"/>')
    if kind == "spreadsheet":
        for text in (TITLE, YEAR):
            lines.append(
                f'<table:table-row><table:table-cell table:number-columns-spanned="6"><text:p>{text}</text:p>'
                "</table:table-cell></table:table-row>"
            )
    boxes = {(top, left): (text, high, wide) for text, top, left, high, wide in _with_blanks(cells, rows)}
    for row in range(rows):
        lines.append("<table:table-row>")
        for col in range(COLS):
            if (row, col) not in boxes:
                lines.append("<table:covered-table-cell/>")
                continue
            text, high, wide = boxes[row, col]
            span = f'table:number-rows-spanned="{high}" table:number-columns-spanned="{wide}" table:style-name="c"'
            lines.append(f"<table:table-cell {span}><text:p>{html.escape(text)}</text:p></table:table-cell>")
        lines.append("</table:table-row>")
    lines.append("</table:table>")
    names = "".join(f' xmlns:{n}="{ODF}{n}:1.0"' for n in ("office", "text", "table", "style"))
    names += f' xmlns:fo="{ODF}xsl-fo-compatible:1.0"'
    style = (
        '<style:style style:name="c" style:family="table-cell">'
        '<style:table-cell-properties fo:border="1pt solid #000"/></style:style>'
    )
    body = f"<office:body><office:{kind}>{''.join(lines)}</office:{kind}></office:body>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        styles = f"<office:automatic-styles>{style}</office:automatic-styles>"
        archive.writestr("content.xml", f"<office:document-content{names}>{styles}{body}</office:document-content>")
    return path
