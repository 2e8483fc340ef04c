"""Engines are not trusted: one that crashes, hangs, gives nothing or rubbish has a clear outcome. And their choice."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers_ocr import Fake, Hanging
from PIL import Image as Pictures
from typer.testing import CliRunner

from extractors import intake, read
from extractors.ocr import engine as engines
from extractors.ocr.choose import OcrChoice, built_in_engine, engine_source, parse_names
from extractors.ocr.engine import Engine, PaddleEngine, Seen
from extractors.ocr.guard import Guarded, guarded
from extractors.ocr.models import ModelsMissing
from extractors.refusals import EngineFailed, EngineRubbish, EngineTimedOut, NothingRead
from pipeline.cli import app
from schemas.language.vocabulary import load_words
from schemas.model import Document, Table

PAGE = np.full((200, 100, 3), 255, dtype=np.uint8)
GOOD = Seen("绩效", (10, 10, 30, 20), 0.9, ((10, 20), (20, 30)))
NAN, INF = float("nan"), float("inf")


def table_page(path: Path, *, ink: bool = True) -> Path:
    """An image of a ruled table, with blots like characters in its cells."""
    page = np.full((1650, 1160), 255, dtype=np.uint8)
    ys, xs = np.linspace(200, 1200, 7).astype(int), np.linspace(120, 1040, 5).astype(int)
    for y in ys:
        page[y : y + 3, xs[0] : xs[-1] + 3] = 0
    for x in xs:
        page[ys[0] : ys[-1] + 3, x : x + 3] = 0
    for y in ys[:-1] if ink else ():
        for x in xs[:-1]:
            for k in range(3):
                left, top = x + 60 + 34 * k, y + 60
                page[top : top + 27, left : left + 27 : 5] = page[top : top + 27 : 6, left : left + 27] = 0
    Pictures.fromarray(page).save(path, dpi=(200, 200))
    return path


def document(path: Path, source: Callable[[], Engine]) -> Document:
    return read.read_document(intake.take_in(path, path.name), load_words(), engine=source)


# ── The guard


def test_what_is_sound_passes_unchanged() -> None:
    assert guarded(Fake((GOOD,))).read_page(PAGE) == [GOOD]
    assert guarded(Fake(lines=[("绩效", 0.9)])).read_lines([PAGE]) == [("绩效", 0.9)]


def test_an_engine_is_guarded_once() -> None:
    once = guarded(Fake())
    assert guarded(once) is once


@pytest.mark.parametrize(
    "box", [(NAN, 0, 9, 9), (0, 0, INF, 9), (30, 0, 10, 9), (0, 30, 9, 10), (500, 0, 600, 9), (-9, 0, -1, 9), (0, 0, 9)]
)
def test_boxes_that_are_none_are_dropped_and_counted(box: Any) -> None:
    engine = guarded(Fake((GOOD, GOOD, GOOD, GOOD, Seen("x", box, 0.9))))
    assert engine.read_page(PAGE) == [GOOD] * 4
    assert engine.dropped == 1
    with pytest.raises(EngineRubbish, match="2 of 2 runs of text"):
        guarded(Fake((Seen("x", box, 0.9),) * 2)).read_page(PAGE)


@pytest.mark.parametrize("score", [NAN, INF, -3.0, 7.0, None, "0.9"])
def test_scores_that_are_none_are_rubbish(score: Any) -> None:
    with pytest.raises(EngineRubbish):
        guarded(Fake((Seen("x", (0, 0, 9, 9), score),))).read_page(PAGE)
    assert guarded(Fake(lines=[("x", score)])).read_lines([PAGE]) == [("", 0.0)]


def test_boxes_are_cut_to_the_page_and_scores_to_their_range() -> None:
    (seen,) = guarded(Fake((Seen("x", (-5, -5, 900, 900), 1.0001),))).read_page(PAGE)
    assert (seen.box, seen.score) == ((0, 0, 100, 200), 1.0)


@pytest.mark.parametrize("text", ["绩\x00效", "绩\x1b效", "绩\ud800效"])
def test_characters_that_no_page_prints_are_marked_and_doubted(text: str) -> None:
    (seen,) = guarded(Fake((Seen(text, (0, 0, 9, 9), 0.9, None),))).read_page(PAGE)
    assert (seen.text, seen.score) == ("绩�效", 0.0)
    assert guarded(Fake(lines=[(text, 0.9)])).read_lines([PAGE]) == [("绩�效", 0.0)]


def test_white_space_is_no_doubt_and_no_text_is_no_rubbish() -> None:
    engine = guarded(Fake((Seen("绩\n效", (0, 0, 9, 9), 0.9), Seen(" ", (NAN, 0, 0, 0), NAN))))
    assert [(s.text, s.score) for s in engine.read_page(PAGE)] == [("绩 效", 0.9)]
    assert engine.dropped == 0


@pytest.mark.parametrize("spans", [((0, 1),), ((NAN, 1), (1, 2)), ()])
def test_ends_of_characters_that_do_not_fit_are_left_out(spans: Any) -> None:
    (seen,) = guarded(Fake((Seen("绩效", (0, 0, 9, 9), 0.9, spans),))).read_page(PAGE)
    assert seen.spans is None


@pytest.mark.parametrize("given", [None, "text", 5, {"a": 1}, [None], ["x"], [("x", (0, 0, 9, 9), 1)]])
def test_what_is_no_reading_is_rubbish(given: Any) -> None:
    with pytest.raises(EngineRubbish):
        guarded(Fake(given)).read_page(PAGE)


@pytest.mark.parametrize("given", [5, "xy", [], [("a", 1.0)] * 3, [None, None], [("a",)] * 2, [(5, 1.0)] * 2])
def test_lines_that_are_none_are_rubbish(given: Any) -> None:
    with pytest.raises(EngineRubbish):
        guarded(Fake(lines=given)).read_lines([PAGE, PAGE])


def test_an_engine_that_hangs_is_given_up_and_not_asked_again_before_it_ended() -> None:
    hanging = Hanging()
    engine = Guarded(hanging, 0.05)
    started = time.monotonic()
    with pytest.raises(EngineTimedOut, match=r"did not answer within 0\.05 seconds"):
        engine.read_page(PAGE)
    with pytest.raises(EngineTimedOut, match="still hangs on an earlier page"):
        engine.read_page(PAGE)
    assert time.monotonic() - started < 5
    hanging.go.set()
    for _ in range(500):
        if hanging.pages:
            break
        time.sleep(0.01)
    engine.seconds = 30.0
    time.sleep(0.05)
    assert engine.read_page(PAGE) == []
    assert hanging.pages == 2


# ── A file


def test_a_hanging_engine_fails_the_page_by_name(tmp_path: Path) -> None:
    with pytest.raises(EngineTimedOut, match="page 1: it did not answer") as caught:
        document(table_page(tmp_path / "x.png"), lambda: Guarded(Hanging(), 0.05))
    failure = caught.value.failure(None)
    assert (failure.category, failure.page, failure.stage) == ("engine-timed-out", 1, "read")
    assert failure.message.startswith("x.png: ")
    assert "--ocr-seconds" in failure.message


@pytest.mark.parametrize("error", [RuntimeError("boom"), MemoryError(), SystemExit(3), ValueError("a\x1b[31mb")])
def test_a_crashing_engine_fails_the_page_by_name(tmp_path: Path, error: BaseException) -> None:
    path = table_page(tmp_path / "x.png")
    with pytest.raises(EngineFailed, match=f"page 1: .*{type(error).__name__}") as caught:
        document(path, Fake(error=error))
    assert caught.value.failure(None).category == "ocr-failed"
    assert "\x1b" not in str(caught.value)


def test_rubbish_fails_the_page_by_name(tmp_path: Path) -> None:
    with pytest.raises(EngineRubbish, match="page 1: it gave NoneType") as caught:
        document(table_page(tmp_path / "x.png"), Fake(None))
    assert caught.value.failure(None).category == "ocr-rubbish"


def test_some_rubbish_is_left_out_and_noted(tmp_path: Path) -> None:
    seen = [Seen("绩效", (150, 225 + 160 * k, 260, 260 + 160 * k), 0.9) for k in range(6)]
    bad = Seen("x", (NAN, 0, 9, 9), 0.9)
    found = document(table_page(tmp_path / "x.png"), Fake([*seen, bad]))
    note = "page 1: left out what the engine put nowhere on the page (1 runs of text)"
    assert note in found.notes
    assert all(note in block.notes for block in found.blocks if isinstance(block, Table))
    assert any(isinstance(block, Table) for block in found.blocks)


def test_an_engine_that_reads_nothing_of_a_filled_table_is_no_empty_table(tmp_path: Path) -> None:
    with pytest.raises(NothingRead, match="page 1: 24 cells hold ink"):
        document(table_page(tmp_path / "x.png"), Fake())
    assert document(table_page(tmp_path / "y.png", ink=False), Fake()).pages == 1  # an empty form


# ── The choice of an engine


def test_the_time_limit_is_that_of_the_choice() -> None:
    assert engine_source(OcrChoice()) is built_in_engine
    chosen = engine_source(OcrChoice(seconds=7.0))()
    assert isinstance(chosen, Guarded)
    assert chosen.seconds == 7.0
    assert isinstance(chosen.engine, PaddleEngine)
    assert OcrChoice(seconds=7.0).label == OcrChoice().label  # what is read does not depend on it


@pytest.mark.parametrize("text", ["", "a", "a,", ",b", "a,b,c"])
def test_names_are_two(text: str) -> None:
    with pytest.raises(ModelsMissing, match="takes two names, DET,REC"):
        parse_names(text)


def unreachable(address: Any, timeout: float = 0) -> Any:
    raise OSError("no route")


def silent(address: Any, timeout: float = 0) -> Any:
    time.sleep(6)
    raise TimeoutError


COMMANDS = [("run",), ("show",), ("families", "explain"), ("draw", "--page", "1")]


@pytest.mark.parametrize("hub", [unreachable, silent])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c[0])
def test_a_hub_that_does_not_answer_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hub: Any, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr(socket, "create_connection", hub)
    monkeypatch.setattr(engines, "HUB_SECONDS", 0.1)
    monkeypatch.setenv("HOME", str(tmp_path))
    started = time.monotonic()
    result = CliRunner().invoke(app, [*command, str(table_page(tmp_path / "x.png")), "--ocr-model-names", "DET,REC"])
    assert time.monotonic() - started < 5
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("the models DET and REC cannot be fetched from PaddleOCR's hub; check their names")
    assert "--ocr-models" in line


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c[0])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--ocr-models", "{tmp}"), "takes a folder with two PaddleOCR model folders"),
        (("--ocr-models", "{tmp}", "--ocr-model-names", "a,b"), "give one of them"),
        (("--ocr-model-names", "a"), "takes two names, DET,REC"),
        (("--ocr-seconds", "nan"), "--ocr-seconds"),
    ],
    ids=["no models", "both", "one name", "no number"],
)
def test_a_choice_that_cannot_be_is_said_before_anything_is_read(
    tmp_path: Path, command: tuple[str, ...], options: tuple[str, ...], said: str
) -> None:
    given = [o.format(tmp=tmp_path) for o in options]
    result = CliRunner().invoke(app, [*command, str(table_page(tmp_path / "x.png")), *given])
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
