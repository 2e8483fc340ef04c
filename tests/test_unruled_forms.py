"""Forms without upright rules are read as the same form is between rules: three lines, rules across, no rule at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from generator.arranged.trial import try_seeds
from generator.finish import draw_through
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.intake import take_in
from pipeline.running.worker import read_file
from schemas.compare import compare_records
from schemas.families import load_families
from schemas.language.vocabulary import load_words

FONT, SIZE, LEADING, PAD = "STSong-Light", 9.0, 12.0, 4.0
GOAL = "完成农村公路新建三十五公里，改造危桥四座，使建制村通硬化路率达到百分之百，改善沿线群众出行条件，带动特色产业。"
Cell = tuple[str, int, int]
"""Text, columns, rows."""


def cell(text: str, across: int = 1, down: int = 1) -> Cell:
    return text, across, down


LABELS: tuple[tuple[float, ...], list[list[Cell]]] = (
    (90, 170, 80, 170),
    [
        [cell("项目名称"), cell("农村公路建设补助"), cell("主管部门"), cell("县交通运输局")],
        [cell("项目资金", 1, 3), cell("年度资金总额"), cell("1,286.40", 2)],
        [cell("其中：财政拨款"), cell("986.40", 2)],
        [cell("其他资金"), cell("300.00", 2)],
        [cell("年度目标"), cell(GOAL, 3)],
    ],
)
MONEY: tuple[tuple[float, ...], list[list[Cell]]] = (
    (150, 90, 90, 90, 90),
    [
        [cell(t) for t in ("项目资金", "年初预算数", "全年预算数", "全年执行数", "执行率")],
        [cell(t) for t in ("年度资金总额", "1200.00", "1286.40", "1280.00", "99.50%")],
        [cell(t) for t in ("其中：当年财政拨款", "900.00", "986.40", "980.00", "")],
        [cell(t) for t in ("其他资金", "300.00", "300.00", "300.00", "")],
    ],
)
PLAN: tuple[tuple[float, ...], list[list[Cell]]] = (
    (70, 90, 180, 90, 80),
    [
        [cell(t) for t in ("一级指标", "二级指标", "三级指标", "指标值", "备注")],
        [cell("产出指标", 1, 4), cell("数量指标", 1, 2), cell("新建农村公路里程"), cell("≥35公里"), cell("")],
        [cell("改造危桥数量（含桥面铺装、护栏加固的桥梁座数）"), cell("≥4座"), cell("")],
        [cell("质量指标"), cell("工程验收合格率"), cell("100%"), cell("")],
        [cell("时效指标"), cell("按期完工率"), cell("≥95%"), cell("以竣工报告为准")],
        [cell("效益指标", 1, 2), cell("经济效益指标"), cell("带动沿线农产品销售额"), cell("≥800万元"), cell("")],
        [cell("社会效益指标"), cell("受益群众人数"), cell("≥1.2万人"), cell("")],
        [cell("满意度指标"), cell("服务对象满意度指标"), cell("沿线群众满意度"), cell("≥90%"), cell("")],
    ],
)
YEARS: tuple[tuple[float, ...], list[list[Cell]]] = (
    (90, 100, 140, 60, 60, 60),
    [
        [cell("绩效指标", 3), cell("指标值", 3)],
        [cell(t) for t in ("一级指标", "二级指标", "三级指标", "2025年", "2026年", "2027年")],
        [cell("产出指标", 1, 2), cell("数量指标"), cell("发放人数"), cell("2.1万人"), cell("2.2万人"), cell("2.3万人")],
        [cell("时效指标"), cell("按月发放率"), cell("100%"), cell("100%"), cell("100%")],
        [cell("效益指标"), cell("社会效益指标"), cell("老人生活改善率"), cell("≥90%"), cell("≥91%"), cell("≥92%")],
        [cell("满意度指标"), cell("满意度指标"), cell("老人满意度"), cell("≥95%"), cell("≥95%"), cell("≥95%")],
    ],
)
FORMS = {"labels and money": [LABELS, PLAN], "columns of money": [MONEY, PLAN], "years": [YEARS]}
STYLES = ("three", "across", "through", "none")


def lines_of(text: str, wide: float) -> list[str]:
    out = [""]
    for char in text:
        if pdfmetrics.stringWidth(out[-1] + char, FONT, SIZE) > wide - 2 * PAD:
            out.append("")
        out[-1] += char
    return out


def draw(path: Path, tables: Sequence[tuple[tuple[float, ...], list[list[Cell]]]], style: str, stands: float) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=(595, 842), invariant=1)
    canvas.setFont(FONT, 16)
    canvas.drawCentredString(297, 790, "项目支出绩效目标表")
    canvas.setFont(FONT, SIZE)
    canvas.drawCentredString(297, 770, "（2025年度）")
    y = 750.0
    for widths, rows in tables:
        y = draw_table(canvas, widths, rows, style, stands, y) - 8
    canvas.save()
    return path


def draw_table(
    canvas: Canvas, widths: Sequence[float], rows: list[list[Cell]], style: str, stands: float, y: float
) -> float:
    edges = [45.0]
    for wide in widths:
        edges.append(edges[-1] + wide)
    covered: set[tuple[int, int]] = set()
    placed = []
    for r, row in enumerate(rows):
        col = 0
        for text, across, down in row:
            while (r, col) in covered:
                col += 1
            covered |= {(r + i, col + j) for i in range(down) for j in range(across)}
            placed.append((r, col, across, down, lines_of(text, edges[col + across] - edges[col])))
            col += across
    heights = [max(len(p[4]) for p in placed if p[0] == r and p[3] == 1) * LEADING + 2 * PAD for r in range(len(rows))]
    tops = [y - sum(heights[:r]) for r in range(len(rows) + 1)]
    head = max((p[0] + p[3] for p in placed if "级指标" in p[4][0] or "预算数" in p[4][0]), default=0)
    if style == "three":
        for r in (0, head, len(rows)):
            canvas.line(edges[0], tops[r], edges[-1], tops[r])
    boxes: list[tuple[float, float, float, float]] = []
    for r, col, across, down, texts in placed:
        left, right, top, bottom = edges[col], edges[col + across], tops[r], tops[r + down]
        if style == "ruled":
            canvas.rect(left, bottom, right - left, top - bottom)
        elif style == "across":
            canvas.line(left, top, right, top)
            canvas.line(left, bottom, right, bottom)
        elif style == "through":
            boxes.append((left, bottom, right, top))
        room = top - bottom - 2 * PAD - len(texts) * LEADING
        for n, text in enumerate(texts):
            at = top - PAD - stands * room - n * LEADING - SIZE
            if len(texts) > 1:
                canvas.drawString(left + PAD, at, text)
            else:
                canvas.drawCentredString((left + right) / 2, at, text)
    draw_through(canvas, boxes)
    return tops[-1]


def records(path: Path) -> list[dict[str, Any]]:
    reading = read_file(take_in(path, path.name), path.stem, load_families(), load_words())
    return [form.record.as_dict() for form in reading.forms]


@pytest.mark.parametrize("stands", [0.5, 0.0], ids=["in the middle", "at the top"])
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", FORMS)
def test_a_form_without_upright_rules_is_the_ruled_one(name: str, style: str, stands: float, tmp_path: Path) -> None:
    (ruled,) = records(draw(tmp_path / "ruled.pdf", FORMS[name], "ruled", stands))
    (record,) = records(draw(tmp_path / f"{style}.pdf", FORMS[name], style, stands))
    wrong = [f"{d.where}: {d.left!r}, read {d.right!r}" for d in compare_records(ruled, record) if d.left != d.right]
    assert wrong == []
    assert len(record["indicators"]) == len(YEARS[1] if name == "years" else PLAN[1]) - (2 if name == "years" else 1)
    doubted = {f["where"] for f in record["findings"] if f["rule"] == "inferred"}
    assert ({"/fields", "/indicators"} <= doubted) is (style == "none")  # there nothing tells where cells end


GOAL_BELOW = pytest.mark.xfail(strict=True, reason="a goal below indicators without upright rules is lost, and told")


@pytest.mark.parametrize(
    "seed",
    [
        41003,
        41006,
        41020,
        41000,
        41016,
        52008,
        52030,
        52136,
        64012,
        64004,
        52045,
        64053,
        64009,
        52018,
        52044,
        52102,
        52114,
        52132,
        64000,
        64017,
        64045,
        71007,
        71014,
        71018,
        pytest.param(41024, marks=GOAL_BELOW),
    ],
)
def test_forms_of_random_layouts_are_read_by_rules_across_alone(seed: int) -> None:
    score = try_seeds([seed], ".pdf", "through")
    assert [*score.doubted, *score.silent, *score.blamed] == []
    assert score.values > 100
