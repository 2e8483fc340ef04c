"""Comparison keys and exact amounts."""

from __future__ import annotations

import pytest

from schemas.language.keys import LARGEST, comparison_key, exact_e4, printed_unit
from schemas.language.vocabulary import load_words


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("“助保贷款” 财政贴息", '"助保贷款"财政贴息'),
        ("‘助保贷款’财政贴息", '"助保贷款"财政贴息'),
        ("「助保贷款」财政贴息", '"助保贷款"财政贴息'),
        ("＂助保贷款＂财政贴息", '"助保贷款"财政贴息'),
        ("项目（Ａ１）", "项目(A1)"),
        ("社保\u3000业务\n运营\u200b经费\ufeff", "社保业务运营经费"),
        ("", ""),
    ],
)
def test_key_forgets_accidents_of_print(printed: str, key: str) -> None:
    assert comparison_key(printed) == key


@pytest.mark.parametrize("text", ["e \u0301", "“ａ” b", "ﬁ ①", "⽬标"])
def test_key_of_a_key_is_itself(text: str) -> None:
    assert comparison_key(comparison_key(text)) == comparison_key(text)


def test_key_keeps_what_is_a_difference() -> None:
    assert comparison_key("社保扩面") != comparison_key("社保扩面费")
    assert comparison_key("2024年") != comparison_key("2025年")


@pytest.mark.parametrize(
    ("raw", "unit"),
    [
        ("155 万元", "万元"),
        ("2.00万元 ", "万元"),
        ("5元", "元"),
        ("12亿元", "亿元"),
        ("155", None),
        ("", None),
        (None, None),
        ("元旦 3", None),
    ],
)
def test_unit_that_a_cell_prints(raw: str | None, unit: str | None) -> None:
    assert printed_unit(raw) == unit


@pytest.mark.parametrize(
    ("amount", "unit", "e4"),
    [
        ("0.0001", "元", 1),
        ("0.0001", "万元", 10_000),
        ("0.00000001", "万元", 1),
        ("1172.45", "万元", 117_245_000_000),
        ("76032.38", "万元", 7_603_238_000_000),
        ("76032.38", "元", 760_323_800),
        ("0", "万元", 0),
        ("-0", "元", 0),
        ("-3.5", "元", -35_000),
        ("1.50000000", "元", 15_000),
        ("922337203685477.5807", "元", LARGEST),
        ("-922337203685477.5807", "元", -LARGEST),
    ],
)
def test_amounts_are_exact(amount: str, unit: str, e4: int) -> None:
    assert exact_e4(amount, unit) == e4


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        (None, "元"),
        ("", "元"),
        ("/", "万元"),
        ("1,000", "元"),
        ("1e3", "元"),
        ("１２", "元"),
        ("5\n", "元"),
        (".5", "元"),
        ("nan", "元"),
        ("1", None),
        ("1", "亿元"),
        ("0.00001", "元"),
        ("922337203685477.5808", "元"),
        ("92233720368.54775808", "万元"),
        ("9" * 10_000, "元"),
    ],
)
def test_what_no_integer_says_exactly_is_none(amount: str | None, unit: str | None) -> None:
    assert exact_e4(amount, unit) is None


@pytest.mark.parametrize(
    "months", ["1〜7月", "1～7月", "1-7月", "1—7月份", "1至7月", "一至七月", "截至7月底", "上半年", "7月底"]
)
def test_what_is_reached_within_the_year_is_told_by_its_months(months: str) -> None:
    words = load_words()
    assert words.header(f"{months}完成情况") == "progress"
    assert words.fund_column(f"{months}执行数") == "progress"
    assert words.fund_column(f"{months}执行率") == "progress_rate"
