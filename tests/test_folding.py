"""Radical code points become the ideographs that a reader takes them for; nothing else changes."""

from __future__ import annotations

import unicodedata
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.language.radicals import fold_radicals

RADICALS = (range(0x2E80, 0x2EF4), range(0x2F00, 0x2FD6))  # CJK Radicals Supplement, Kangxi Radicals


def rows() -> list[list[str]]:
    text = files("schemas.language").joinpath("radicals.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def is_radical(char: str) -> bool:
    return any(ord(char) in block for block in RADICALS)


def test_every_row_maps_one_radical_to_one_ideograph() -> None:
    assert len(rows()) == 328
    assert len({radical for radical, *_ in rows()}) == 328
    for radical, ideograph, code_points in rows():
        assert len(radical) == len(ideograph) == 1
        assert is_radical(radical)
        assert unicodedata.name(ideograph).startswith("CJK UNIFIED IDEOGRAPH-")
        assert code_points == f"U+{ord(radical):04X} U+{ord(ideograph):04X}"
        assert fold_radicals(radical) == ideograph


def test_all_kangxi_radicals_fold_as_nfkc_does_but_the_one_for_doors() -> None:
    differ = {chr(c) for c in RADICALS[1] if fold_radicals(chr(c)) != unicodedata.normalize("NFKC", chr(c))}
    assert differ == {"⼾"}


@pytest.mark.parametrize(
    ("printed", "read"),
    [("⽬⽔⼆⼾⻔⻓", "目水二户门长"), ("⼈⺠币", "人民币"), ("绩效⽬标", "绩效目标"), ("部⻔职能", "部门职能")],
)
def test_words_with_radicals_read_as_they_look(printed: str, read: str) -> None:
    assert fold_radicals(printed) == read


@pytest.mark.parametrize("text", ["（２０２４年度）：；，％＜", "①②㎡", "戶門長", "目标≥95%", "　", "", "ﬁ"])
def test_full_width_forms_and_all_else_stay_as_printed(text: str) -> None:
    assert fold_radicals(text) == text


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet=st.sampled_from([radical for radical, *_ in rows()] + list("目标（％）A1 \n"))))
def test_folding_keeps_the_length_and_is_done_once(text: str) -> None:
    folded = fold_radicals(text)
    assert len(folded) == len(text)
    assert fold_radicals(folded) == folded
    assert not any(is_radical(char) for char in folded)
