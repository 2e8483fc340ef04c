"""All roads take the same texts for amounts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from pipeline.reading.forms import split_forms
from pipeline.reading.interpret.form import identify, read_form
from schemas.language.money import names_block, parse_amount
from schemas.language.vocabulary import load_words
from schemas.model import Document, Reader
from schemas.record import Record

WORDS = load_words()

BEFORE = ("", "-", "△", "¥", "￥", "人民币", "约")
NUMBERS = ("5", "6.50", "(6.50)", "（7）", "1,234.50", "１２", "0", "8.65×10")
BEHIND = ("", "元", "万元", "（万元）", " 万元整", "（含结转5.00）", "%")


def read(amount: str) -> Record:
    """The record of a dump whose line of other money has this amount."""
    lines = (
        "某市项目支出绩效目标表",
        "项目名称\t某项经费",
        "项目资金（万元）\t年度资金总额\t120.50",
        "\t其中：财政拨款\t114.00",
        f"\t其他资金\t{amount}",
        "一级指标\t二级指标\t三级指标\t计算符号\t指标值\t度量单位",
        "产出指标\t数量指标\t检查次数\t≥\t12\t次",
    )
    blocks = align_blocks(read_lines("\n".join(lines) + "\n"), WORDS)
    (form,) = split_forms(blocks, WORDS)
    document = Document("a.txt", "0" * 64, Reader.DUMP, 0, blocks)
    return read_form(form, 0, document, identify(form, ()), WORDS).record


def amounts(record: Record) -> list[str | None]:
    return [fund.amount for fund in record.funds]


@pytest.mark.parametrize(
    ("printed", "amount"), [("¥5", "5"), ("5（万元）", "5"), ("(6.50)", "-6.50"), ("△6.50", "-6.50"), ("5万元整", "5")]
)
def test_amounts_of_dumps_may_have_a_currency_a_unit_or_brackets(printed: str, amount: str) -> None:
    assert amounts(read(printed)) == ["120.50", "114.00", amount]


@pytest.mark.parametrize("printed", ["约12", "8.65×10", "86 80"])
def test_what_only_resembles_an_amount_is_none_and_has_a_finding(printed: str) -> None:
    record = read(printed)
    assert amounts(record) == ["120.50", "114.00", None]
    assert ("unreadable", "/funds/2") in {(f.rule, f.where) for f in record.findings}


@settings(max_examples=60, deadline=None)
@given(st.builds("{}{}{}".format, st.sampled_from(BEFORE), st.sampled_from(NUMBERS), st.sampled_from(BEHIND)))
def test_a_dump_takes_for_an_amount_what_is_parsed_as_one(printed: str) -> None:
    parsed = parse_amount(printed, WORDS)
    assert amounts(read(printed))[2:] == [parsed.digits if parsed else None]


def test_a_label_with_its_value_names_no_block_of_money() -> None:
    assert names_block("项目资金（万元）", load_words())
    assert not names_block("预算执行率权重：10", load_words())
