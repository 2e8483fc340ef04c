"""Family definitions: the built-in ones and a user's own, which one claims a form, and what one that does not lacks."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from pipeline.cli import main
from schemas.families import FamiliesCollide, Family, FamilyFileWrong, load_families, match_family, nearest_family
from schemas.language.definitions import DefinitionWrong, read_definition
from schemas.language.vocabulary import Vocabulary
from schemas.record import Kind
from schemas.tables import views

DEFINITION = """
id: {id}
kind: project_target
issuer: 某市财政局
years: 2024 and later
about: made for a test
title: '{title}'
labels: [{labels}]
"""


def make_file(folder: Path, id_: str, title: str = "某市项目绩效目标表", labels: str = "项目名称") -> Path:
    path = folder / f"{id_}.yaml"
    path.write_text(DEFINITION.format(id=id_, title=title, labels=labels), encoding="utf-8")
    return path


def make_family(id_: str, title: str, labels: list[str] | None = None, without: list[str] | None = None) -> Family:
    return Family(
        id=id_,
        kind=Kind.PROJECT_TARGET,
        issuer="某市财政局",
        years="2024",
        about="made for a test",
        title=title,
        labels=labels or [],
        without=without or [],
    )


def test_the_built_in_families_load_and_say_whose_they_are() -> None:
    families = load_families()
    assert families
    assert [f.id for f in families] == sorted({f.id for f in families})
    assert all(f.issuer and f.years and f.about and f.labels for f in families)


def test_no_two_built_in_families_claim_a_form_that_prints_all_labels_of_one() -> None:
    families = load_families()
    for family in families:
        title = family.title.replace("\\", "")  # their titles are plain words with escaped brackets
        found, match = match_family(families, title, family.labels)
        assert found is family
        assert match.family == family.id


def test_a_users_folder_is_added_to_the_built_in_ones(tmp_path: Path) -> None:
    make_file(tmp_path, "mine")
    (tmp_path / "readme.txt").write_text("not a definition", encoding="utf-8")
    built_in = [f.id for f in load_families()]
    families = load_families(tmp_path)
    assert [f.id for f in families] == [*built_in, "mine"]
    found, _ = match_family(families, "某市项目绩效目标表", ["项目名称："])
    assert found is not None
    assert found.id == "mine"


@pytest.mark.parametrize(
    "text",
    [
        "id: [",
        "just words",
        "",
        "id: x\n",
        DEFINITION.format(id="Not An Id", title="表", labels=""),
        DEFINITION.format(id="x", title="(", labels=""),
        DEFINITION.format(id="x", title="表", labels="") + "colour: red\n",
        DEFINITION.format(id="x", title="表", labels="").replace("project_target", "a poem"),
    ],
    ids=["no yaml", "no mapping", "empty", "fields missing", "bad id", "bad title", "unknown field", "bad kind"],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FamilyFileWrong, match=r"mine\.yaml"):
        load_families(tmp_path)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(FamilyFileWrong, match="nowhere"):
        load_families(tmp_path / "nowhere")


def test_an_id_is_given_once(tmp_path: Path) -> None:
    taken = load_families()[0].id
    make_file(tmp_path, taken)
    with pytest.raises(FamilyFileWrong, match=taken):
        load_families(tmp_path)


# ── matching


def test_the_family_that_claims_a_form_says_why() -> None:
    family = make_family("mine", "某市.*目标表", ["项目名称", "部门(单位)名称"])
    found, match = match_family([family], "某市项目绩效目标表", {"项目 名称：", "部门（单位）名称"})
    assert found is family
    assert match.family == "mine"
    assert any("某市项目绩效目标表" in reason for reason in match.reasons)
    assert any("项目名称" in reason for reason in match.reasons)


def test_two_that_claim_one_form_collide_and_both_are_named() -> None:
    one, two = make_family("one", ".*目标表"), make_family("two", "某市.*表")
    other = make_family("other", "别的表")
    with pytest.raises(FamiliesCollide, match="one and two") as error:
        match_family([one, other, two], "某市项目绩效目标表", [])
    assert "other" not in str(error.value)
    assert "某市项目绩效目标表" in str(error.value)


def test_a_label_that_must_not_be_printed_parts_two_families() -> None:
    old = make_family("old", ".*目标表", ["项目名称"], without=["半年指标值"])
    new = make_family("new", ".*目标表", ["项目名称", "半年指标值"])
    assert match_family([old, new], "项目目标表", ["项目名称"])[0] is old
    assert match_family([old, new], "项目目标表", ["项目名称", "半年 指标值"])[0] is new


@pytest.mark.parametrize("title", ["某市项目绩效目标表(续)", "关于某市项目绩效目标表", None])
def test_the_whole_title_must_match(title: str | None) -> None:
    assert match_family([make_family("mine", "某市项目绩效目标表")], title, [])[0] is None


def test_where_none_claims_it_the_nearest_and_what_it_lacks_are_said() -> None:
    near = make_family("near", "某市.*目标表", ["项目名称", "主管部门", "立项必要性"], without=["绩效等级"])
    far = make_family("far", "别市.*自评表", ["主要成效", "存在问题"])
    found, match = match_family([far, near], "某市项目绩效目标表", ["项目名称", "主管部门", "绩效等级"])
    assert found is None
    assert match.family is None
    assert match.nearest == "near"
    assert match.missing == ("label 立项必要性 is not printed", "label 绩效等级 is printed")


def test_without_families_nothing_is_near() -> None:
    found, match = match_family([], "某市项目绩效目标表", [])
    assert found is None
    assert (match.nearest, match.missing) == (None, ())


LABELS = ["项目属性", "项目级次", "立项必要性", "实施可行性"]


@pytest.mark.parametrize(
    ("title", "labels"),
    [
        ("某市项目预算绩效目标电报表", LABELS),  # a character of the title misread
        ("某市项目预算绩效目标申报表", LABELS[:3]),  # a label not read
        ("某市项目预算绩效目标申报表", [*LABELS[:3], "实施可行牲"]),  # a character of a label misread
    ],
)
def test_what_a_reading_lost_does_not_hide_the_family(title: str, labels: list[str]) -> None:
    family = make_family("near", "某市项目预算绩效目标申报表", LABELS)
    assert match_family([family], title, labels)[0] is None
    found = nearest_family([family], title, labels)
    assert found is not None
    assert (found[0], found[1].family) == (family, "near")
    assert found[1].missing


def test_what_is_too_far_away_or_near_to_two_is_taken_for_none() -> None:
    title = "某市项目预算绩效目标申报表"
    family = make_family("near", title, LABELS)
    assert nearest_family([family], title, LABELS[:2]) is None
    assert nearest_family([family], "某县单位整体自评价表", LABELS) is None
    assert nearest_family([family, make_family("other", title, LABELS)], title, LABELS[:3]) is None
    assert (
        nearest_family([make_family("without", title, LABELS, ["绩效等级"])], title, [*LABELS[:3], "绩效等级"]) is None
    )


def test_what_is_wrong_in_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = make_file(tmp_path, "a-family")
    wrong = "subcolumns:\n  level2:\n    2:\n      - level2\n      - focus_wrok\nprnits: [year]\n"
    path.write_text(path.read_text(encoding="utf-8") + wrong, "utf-8")
    with pytest.raises(FamilyFileWrong) as told:
        load_families(tmp_path)
    first, second = str(told.value).splitlines()
    assert first.startswith(f"{path}, line 13: subcolumns.level2.2.1: unknown role 'focus_wrok'; there are level1, ")
    assert second.startswith(f"{path}, line 14: prnits: ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id: x\nlabels: [\n", r"line 3: no YAML"),
        ("id: x\nkind: a poem\n", r"(?s)line 2: kind: .*line 1: issuer: Field required"),
        ("id: x\nissuer: y\nid: z\n", r"line 3: id stands in line 1 already"),
        ("", r"line 1: "),
        ("id: &a [*a]\n", r"line 1: "),
        ("[id, x]: y\n", r"line 1: "),
        ("id: x\nsubcolumns: {level9: {2: [level2]}}\n", r"line 2: subcolumns.level9: unknown role 'level9'"),
    ],
)
def test_each_kind_of_fault_names_its_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FamilyFileWrong, match=told):
        load_families(tmp_path)


def test_a_wrong_line_of_the_vocabulary_is_told_too() -> None:
    text = files("schemas.language").joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    line = text.splitlines().index("header_prefixes:") + 2
    broken = text.replace("header_prefixes:\n  note:", "header_prefixes:\n  remark:")
    with pytest.raises(DefinitionWrong, match=rf"^vocabulary.yaml, line {line}: header_prefixes.remark: unknown role"):
        read_definition(broken, "vocabulary.yaml", Vocabulary)


def test_the_program_says_what_is_wrong_with_its_vocabulary(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken() -> None:
        raise DefinitionWrong("vocabulary.yaml, line 7: headers.x: unknown role 'x'")

    monkeypatch.setattr(views, "load_words", broken)
    monkeypatch.setattr("sys.argv", ["jixiao", "run", str(tmp_path), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "line 7: headers.x: unknown role" in capsys.readouterr().err
