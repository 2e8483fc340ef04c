"""Feet of pages, and names that are spaced letter by letter, in texts without marks of cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers_carriers import read_text

from extractors.dump.feet import part_feet
from extractors.dump.lines import read_lines

FORM = """                     项目支出绩效目标申报表
                           （2026年度）
 项目名称          河道清淤工程
 主管部门          南关区水务局
 一级指标       二级指标          三级指标         指标值       {score}
 产出指标       数量指标          清淤河道长度       ≥8公里        20
              质量指标          工程验收合格率      100%         20
 效益指标       社会效益指标        受益人口数        ≥3万人        30
              生态效益指标        河道水质         明显改善        30
"""


@pytest.mark.parametrize(
    "foot",
    ["— 1 —", "第 1 页 共 2 页", "绩效管理信息系统                第1页", "https://a.example/form?id=8&page=1     1/9"],
)
def test_the_foot_of_a_page_is_no_row(foot: str, tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.txt", FORM.format(score="分值") + "\n\n\n" + f"                    {foot}\n")
    assert [i.level3 for i in record.indicators] == ["清淤河道长度", "工程验收合格率", "受益人口数", "河道水质"]
    assert not {"https", "第1页"} & set(record.fields)


@pytest.mark.parametrize("last", ["填表人：张三    2026-03-01 09:00", "合计    第1页：", "河道水质   5页"])
def test_a_row_is_no_foot(last: str) -> None:
    near = part_feet(read_lines("甲\n乙\n第1页"))
    assert not near[1]
    _, aside = part_feet(read_lines(f"甲\n\n\n\n{last}"))
    assert not aside


def test_each_page_has_its_foot() -> None:
    lines, aside = part_feet(read_lines("甲\n\n\n\n第1页\n\f乙\n\n\n\n第2页\n"))
    assert [(one.text, one.place.line) for one in aside] == [("第1页", 5), ("第2页", 10)]
    assert [line.text for line in lines if line.cells] == ["甲", "乙"]


def test_a_name_that_is_spaced_letter_by_letter_is_one(tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.txt", FORM.format(score="分    值").replace("主管部门", "主 管   部 门"))
    assert record.fields["supervising_department"] == "南关区水务局"
    assert [i.weights for i in record.indicators] == [{"full_year": n} for n in ("20", "20", "30", "30")]
