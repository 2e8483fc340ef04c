"""Groups of options that are ticked or not."""

from __future__ import annotations

from helpers_tables import C, make_table, read


def test_ticked_options_in_printed_order() -> None:
    record = read(make_table(("项目属性", "□常年安排 ☑分年安排 ☑一次性安排"), ("项目类别", "☑其他运转类 □特定目标类")))
    assert record.choices == {
        "project_attribute": ["分年安排", "一次性安排"],
        "project_category": ["其他运转类"],
    }
    assert record.fields == {}


def test_an_option_group_with_nothing_ticked_is_empty_not_absent() -> None:
    record = read(make_table(("项目属性", "□常年安排 □分年安排"), ("项目名称", "某项")))
    assert record.choices == {"project_attribute": []}


def test_options_run_over_cells_and_rows() -> None:
    record = read(
        make_table(
            ("项目属性", "常年安排☑", "分年安排□", C("项目级次", rows=2), "市本级□"),
            ("项目类别", "其他运转类□", "特定目标类☑", "转移支付☑"),
        )
    )
    assert record.choices == {
        "project_attribute": ["常年安排"],
        "project_level": ["转移支付"],
        "project_category": ["特定目标类"],
    }


def test_a_group_that_the_vocabulary_does_not_know_is_kept_by_its_label() -> None:
    record = read(make_table(("项目名称", "某项"), ("资金投向", "□民生 ☑产业")))
    assert record.choices == {"资金投向": ["产业"]}
