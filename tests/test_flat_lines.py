"""Dumps without tabs: what one line holds of money, options, goals and indicators; and what many rows cost."""

from __future__ import annotations

import time
from pathlib import Path

from helpers_carriers import read_text

from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from schemas.language.vocabulary import load_words

FORM = """项目支出绩效目标申报表
（2026年度）

项目名称 河道清淤工程

开始时间 2026年3月 完成时间 2026年11月

项目资金（万元） 实施期资金总额 9,600.00 年度资金总额 4,032.00

其中：财政拨款 9,600.00 其中：财政拨款 3,832.00

其他资金 — 其他资金 200.00

总体目标 实施期目标 年度目标

三年清淤 24 公里。 本年清淤 8 公里，通过验收。

一级指标 二级指标 三级指标 指标值 权重 备注
产出指标
数量指标
清淤河道长度 ≥8公里 20
清运淤泥方量 ≥2万立方米 10 按月统计
质量指标 工程验收合格率 100% 20
效益指标 社会成本指标 / / /
社会效益指标 受益人口数 ≥3万人 20
满意度指标 服务对象满意度指标 沿河居民满意度 ≥90% 10
\f"""


def test_one_line_holds_a_block_of_money_and_lines_side_by_side(tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.txt", FORM)
    assert record.amount_unit == "万元"
    assert record.fields["end_date"] == "2026-11"
    assert sorted((f.path[-1], f.amount) for f in record.funds) == sorted(
        [
            ("实施期资金总额", "9600.00"), ("年度资金总额", "4032.00"), ("财政拨款", "9600.00"),
            ("财政拨款", "3832.00"), ("其他资金", "—"), ("其他资金", "200.00"),
        ]
    )  # fmt: skip


def test_the_name_of_a_block_may_stand_in_the_middle_of_its_lines(tmp_path: Path) -> None:
    lines = "年度资金总额 86.50\n项目资金（万元） 其中：财政拨款 80.00\n其他资金 6.50\n年度目标 清淤。"
    text = (
        f"项目支出绩效目标申报表\n项目名称 甲\n主管部门 乙局 实施单位 丙站\n{lines}\n{FORM[FORM.index('一级指标') :]}"
    )
    (record,) = read_text(tmp_path, "x.txt", text)
    assert [(f.path[-1], f.amount) for f in record.funds] == [
        ("年度资金总额", "86.50"), ("财政拨款", "80.00"), ("其他资金", "6.50"),
    ]  # fmt: skip
    assert record.fields["implementing_unit"] == "丙站"
    assert record.amount_unit == "万元"


def test_goals_side_by_side_end_in_full_stops(tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.txt", FORM)
    assert record.fields["annual_goal"] == "本年清淤 8 公里，通过验收。"
    assert "三年清淤 24 公里。" in record.fields.values()


def test_a_remark_at_the_end_of_a_line_begins_no_row(tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.txt", FORM)
    named = {i.level3: (i.level1, i.level2, i.note) for i in record.indicators}
    assert named["清运淤泥方量"] == ("产出指标", "数量指标", "按月统计")
    assert named["工程验收合格率"] == ("产出指标", "质量指标", None)
    assert named["受益人口数"] == ("效益指标", "社会效益指标", None)
    assert len(named) == 5 or named.get("/") is not None


def test_a_level_that_runs_over_all_rows_costs_by_their_number() -> None:
    def seconds(rows: int) -> float:
        lines = ["一级指标\t二级指标\t三级指标\t指标值\t分值"]
        lines += [f"{'产出指标' if i == 0 else ''}\t\t清淤{i}\t≥{i}公里\t10" for i in range(rows)]
        begin = time.process_time()
        align_blocks(read_lines("\n".join(lines)), load_words())
        return time.process_time() - begin

    seconds(200)
    assert seconds(4000) < 3 * 4 * max(seconds(1000), 0.05)


SPACED = """项目支出绩效目标申报表
（2024 年度）
项目名称 公路防护工程
主管部门 某某县交通局
实施单位 某某县公路所 年度资金总额（万元） 48.60
年度总体目标 目标 1：完成防护工程 48 公里。
绩效指标 一级指标 二级指标 三级指标 指标值
产出指标 数量指标 防护工程里程 ≥48 公里
整治多发点段 15 处
质量指标 一次验收合格率 ≥98%
满意度指标 服务对象满意度指标 沿线群众满意度 ≥90%
"""


def test_gaps_between_chinese_and_latin_part_no_cells(tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.txt", SPACED)
    assert [(row.level3, row.targets["full_year"]) for row in record.indicators] == [
        ("防护工程里程", "≥48 公里"),
        ("整治多发点段", "15 处"),
        ("一次验收合格率", "≥98%"),
        ("沿线群众满意度", "≥90%"),
    ]


def test_a_header_may_stand_behind_the_name_of_its_table(tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.txt", SPACED)
    assert record.fields["annual_goal"] == "目标 1：完成防护工程 48 公里。"
    assert record.indicators[0].level1 == "产出指标"


def test_money_behind_a_value_is_no_part_of_it(tmp_path: Path) -> None:
    (record,) = read_text(tmp_path, "x.txt", SPACED)
    assert record.fields["implementing_unit"] == "某某县公路所"
    assert [(f.path[-1], f.amount) for f in record.funds] == [("年度资金总额", "48.60")]
    assert record.amount_unit == "万元"


def test_a_value_that_holds_words_of_the_form_is_doubted(tmp_path: Path) -> None:
    text = SPACED.replace("48 公里。\n", "48 公里。\n偏差说明      一级指标      完成目标可能性\n")
    (record,) = read_text(tmp_path, "x.txt", text)
    assert any(f.where == "/fields/annual_goal" for f in record.findings)


def test_where_every_gap_before_a_number_may_part_two_cells_both_are_doubted(tmp_path: Path) -> None:
    text = SPACED.replace("质量指标 一次验收合格率 ≥98%", "时效指标 完工时间 2024 年 10 月底")
    (record,) = read_text(tmp_path, "x.txt", text)
    row = next(n for n, i in enumerate(record.indicators) if i.level2 == "时效指标")
    assert "".join(f"{record.indicators[row].level3}{record.indicators[row].targets['full_year']}".split()) == (
        "完工时间2024年10月底"
    )
    assert {f.where for f in record.findings} >= {f"/indicators/{row}/level3", f"/indicators/{row}/targets/full_year"}
