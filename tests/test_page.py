"""Web pages that harm: captions in captions, charsets that are none."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from extractors.marked.page import decode_page, read_html, read_page


def test_a_caption_is_read_once() -> None:
    flow, _ = read_html("<table><caption>甲</caption><tr><td>乙</td></tr></table>")
    assert flow[0] == "甲"
    assert len(flow) == 2


@pytest.mark.parametrize("depth", [20, 100])
def test_captions_in_captions_take_time_by_their_number(depth: int) -> None:
    start = time.monotonic()
    flow, _ = read_html("<table><caption>" * depth + "甲" + "</caption></table>" * depth)
    assert time.monotonic() - start < 5
    assert flow[0] == "甲"


@pytest.mark.parametrize("name", ["undefined", "unicode_escape", "rot13", "punycode", "utf-7", "zip", "nosuch"])
def test_a_charset_that_is_none_of_the_web_is_not_used(name: str) -> None:
    data = f'<html><meta charset="{name}"><p>绩效+AGEA-'.encode()
    assert decode_page(data) == data.decode()


@pytest.mark.parametrize("name", ["gb2312", "GBK", "gb18030", "big5", "utf-8"])
def test_a_charset_of_the_web_is(name: str) -> None:
    text = f'<html><meta charset="{name}"><p>預算績效'
    encoding = "gb18030" if name.lower().startswith("gb") else name
    assert decode_page(text.encode(encoding)) == text


def test_the_larger_set_is_read_where_the_smaller_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes('<html><meta charset="gb2312"><p>㐂'.encode("gb18030"))
    assert read_page(tmp_path / "x.html")[0] == ["㐂"]
