"""Everything that people are told exists in Chinese and in English."""

from __future__ import annotations

import re

import catalogue
import pytest
from typer.testing import CliRunner

from jixiao import _whole
from pipeline.cli import app, build
from pipeline.diff.sides import PAPER
from pipeline.messages import VARIABLES, Language, asked_for, language_of, texts
from pipeline.messages.recognised import Recognised
from pipeline.output.captions import captions_in
from pipeline.output.names import name_of, place_of
from pipeline.tongue import asked_on, command_of, help_texts
from schemas.compare import ASIDE
from schemas.language.vocabulary import load_words
from schemas.model import Reader
from schemas.record import Fund, Indicator, Record, Value

RUNNER = CliRunner(env={"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "80"})
HAN = re.compile("[\u4e00-\u9fff]")
WANTED = catalogue.wanted()


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_every_text_of_the_code_has_a_translation_and_no_other_has(language: str) -> None:
    """`make messages` brings the files up to date."""
    wanted = {(key.domain, key.group, key.text) for key in WANTED if key.group or language != "en"}
    kept = {(domain, message.context or "", message.id) for domain, message in catalogue.messages_of(language)}
    assert {"missing": sorted(wanted - kept), "dead": sorted(kept - wanted)} == {"missing": [], "dead": []}
    blank = [message.id for _, message in catalogue.messages_of(language) if not message.string or message.fuzzy]
    assert blank == []


def test_sentences_keep_their_places() -> None:
    differing = [
        message.id
        for _, message in catalogue.messages_of("zh")
        if not message.context and catalogue.places(message.id) != catalogue.places(message.string)
    ]
    assert differing == []


def test_translations_are_chinese() -> None:
    """A translation that was forgotten is a copy of its key."""
    same = [m.id for _, m in catalogue.messages_of("zh") if re.search("[a-z]{3}", m.id) and not HAN.search(m.string)]
    assert same == []


def names_in_pointers() -> list[str]:
    """The names that the pointer of a value leads through, but for what forms print."""
    own = [name for part in (Record, Fund, Indicator, Value) for name in part.model_fields if name not in ASIDE]
    return [*dict.fromkeys([*own, *load_words().all.tasks, "amounts", "total", *catalogue.PERIODS])]


def test_every_place_of_a_value_is_told_in_chinese() -> None:
    said = texts(Language.ZH)
    untold = [name for name in names_in_pointers() if not HAN.search(name_of(name, said))]
    assert untold == []
    assert place_of("/indicators/3/values/full_year/number", said) == "指标 4 · 解析值 · 全年 · 数值"
    assert place_of("/tasks/0/amounts/total", said) == "任务 1 · 金额 · 合计"


def test_every_way_of_reading_is_told_in_chinese() -> None:
    said = texts(Language.ZH)
    assert [way for way in (*(each.value for each in Reader), PAPER) if not HAN.search(name_of(way, said))] == []


def test_words_of_ours_in_a_workbook_are_chinese() -> None:
    """What is parsed of a target, and the rules of what people found, stand in cells."""
    captions = captions_in(Language.ZH)
    assert captions.value("target_op", "range") == "区间"
    assert captions.value("target_op", "≥") == "≥"
    assert captions.value("target", "range") == "range"  # of a filing
    shown = [captions.value("rule", rule) for rule in ("reviewed", "stale-correction")]
    assert all(HAN.search(each) for each in shown), shown


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
@pytest.mark.parametrize("domain", [catalogue.PROGRAM, catalogue.REVIEW, catalogue.READINGS])
def test_what_is_read_is_what_was_written(language: str, domain: str) -> None:
    path = catalogue.file_of(language, domain)
    assert path.with_suffix(".mo").read_bytes() == catalogue.mo_bytes(catalogue.load(language, domain))


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "POSIX", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "zh_TW.Big5"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh"),
        ({"JIXIAO_LANG": "en", "LC_ALL": "zh_CN"}, "en"),
        ({"JIXIAO_LANG": "zh", "LC_ALL": "C"}, "zh"),
        ({"JIXIAO_LANG": "klingon", "LC_ALL": "zh_CN"}, "en"),
    ],
)
def test_the_language_of_an_environment(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("de,zh-TW;q=0.5", "zh"),
        ("fr", "en"),
        ("en;q=0.1, zh;q=0.2", "zh"),
        ("zh;q=x,en", "en"),
    ],
)
def test_the_language_of_a_browser(header: str | None, language: str) -> None:
    assert asked_for(header) == language


def test_the_import_asks_the_same_variables_for_its_language() -> None:
    """It cannot import the catalogue, which may be what another module hides."""
    assert _whole.VARIABLES == VARIABLES


def test_the_language_of_a_command_line() -> None:
    assert asked_on(["run", "--lang", "zh", "x"]) == "zh"
    assert asked_on(["--lang=en", "run"]) == "en"
    assert asked_on(["run", "x", "--", "--lang", "zh"]) is None
    assert command_of(["--lang", "zh", "run", "x"]) == "run"
    assert command_of(["--help"]) is None


@pytest.mark.parametrize(
    "verb", [(), *(tuple(text.split()) for text in ("run", "golden show", "sample report", "review"))]
)
def test_help_speaks_the_language_that_was_asked_for(verb: tuple[str, ...]) -> None:
    chinese = RUNNER.invoke(app, [*verb, "--help", "--lang", "zh"]).output
    assert all(word in chinese for word in ("用法：", "选项", "显示本帮助。"))
    assert "…" not in chinese.replace("……", "")  # nothing is cut at the end of a column
    assert re.findall(r"<(?:bool|int|float|str|path|list)[^>]*>|OPTIONS|ARGS", chinese) == []
    english = RUNNER.invoke(app, [*verb, "--help", "--lang", "en"]).output
    assert not HAN.search(english)
    assert "Usage: " in english


def test_help_is_translated_whole() -> None:
    said = texts(Language.ZH)
    assert [text for text in help_texts(build()) if said.tell(text) == text] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rum"], ["没有命令 'rum'", "'run'"]),
        (["run"], ["缺少参数"]),
        (["show", "--nonsense", "x"], ["没有选项：--nonsense"]),
        (["export"], ["缺少选项 '--format'"]),
        (["export", "--format", "pdf"], ["的值无效", "不在下列之中"]),
        (["status", "seven"], ["应为整数"]),
        (["draw", "x.pdf", "--page", "0"], ["应不小于"]),
        (["runs", "--db"], ["需要一个值"]),
        (["doctor", "too", "much"], ["多余的参数"]),
    ],
)
def test_wrong_use_is_said_in_chinese(arguments: list[str], words: list[str]) -> None:
    result = RUNNER.invoke(app, ["--lang", "zh", *arguments])
    assert result.exit_code == 2
    flat = "".join(part.strip("│ ") for part in result.output.splitlines())
    assert all(word.replace(" ", "") in flat.replace(" ", "") for word in words), result.output


def test_a_sentence_is_recognised_with_its_arguments() -> None:
    known = Recognised(
        {
            "line {0} ends before this column": "第 {0} 行在此列之前结束",
            "{0} add up to {1}, not {2}": "{0}之和为 {1}，不是 {2}",
            "the lines below {0}": "{0}以下各行",
            "{0}; rounding might explain it": "{0}；或因四舍五入",
            "the file is empty; get it again": "文件是空的；请重新获取",
            **{"; ": "；", ": ": "：", " (": "（", ")": "）", ", ": "，", " and ": "和"},
        }
    )
    assert known.told("line 48 ends before this column") == "第 48 行在此列之前结束"
    assert (
        known.told("the lines below 项目支出 add up to 85.70, not 86.70; rounding might explain it")
        == "项目支出以下各行之和为 85.70，不是 86.70；或因四舍五入"
    )
    assert (
        known.told("a: b.pdf: the file is empty; get it again (page 3)") == "a: b.pdf：文件是空的；请重新获取（page 3）"
    )
    assert known.told("nobody says this {0}") == "nobody says this {0}"
    assert known.told("") == ""


def test_a_preposition_alone_is_no_sentence() -> None:
    """A sentence that is not known stays as it is, and is not half translated."""
    known = Recognised({"{0} to {1}": "{0} 至 {1}", "{n} of {all}": "{all} 中的 {n}", "row {0}": "第 {0} 行"})
    assert known.told("3 to 5") == "3 至 5"
    assert known.told("row 3 to row 5") == "第 3 行 至 第 5 行"
    for sentence in ("no engine can be used to read it", "a part of the system, of the machine"):
        assert known.told(sentence) == sentence
