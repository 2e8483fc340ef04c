"""Seeded faults: each is one wrong value, and the checks find what their aim says."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from extractors.intake import take_in
from pipeline.bench import faults
from pipeline.bench.faults import AIM, AIM_OF_ALL, AIMED, KINDS, SEED, draw, read_all, table_of, try_out
from pipeline.bench.seeded_faults import DIGIT, LOST, SIGN, possible_faults, put_in, renumbered
from pipeline.reading.check.engine import check_form
from pipeline.reading.check.form import Cells
from pipeline.reading.risk import MONEY, POINTS
from pipeline.running.worker import read_file
from schemas.compare import Likeness, compare_records
from schemas.families import load_families
from schemas.language.vocabulary import load_words
from schemas.reading import FileReading, FormReading
from schemas.verdicts import CheckVerdict

PDFS = Path(__file__).parent.parent / "data" / "raw" / "pdf"
SMALL = 100


@cache
def readings() -> tuple[FileReading, ...]:
    return tuple(read_all(PDFS, load_words()))


def test_the_same_seed_draws_the_same_faults_and_each_kind_as_often() -> None:
    drawn = draw(readings(), SMALL, SEED)
    assert drawn == draw(readings(), SMALL, SEED)
    assert drawn != draw(readings(), SMALL, SEED + 1)
    assert Counter(fault.kind for _, fault in drawn) == dict.fromkeys(KINDS, SMALL // len(KINDS))


@pytest.mark.parametrize("places", [True, False])
def test_a_fault_makes_a_record_wrong_where_it_says(places: bool) -> None:
    for number, fault in draw(readings(), SMALL, SEED):
        form = readings()[number].forms[fault.form]
        record = form.record.as_dict()
        changed, tables = put_in(form, readings()[number].tables, fault, load_words(), places=places)
        assert form.record.as_dict() == record  # the right one stays
        differences = [d for d in compare_records(record, changed.record.as_dict()) if d.outcome is not Likeness.SAME]
        assert differences, fault
        if fault.kind == LOST:
            group = fault.where.split("/")[1]
            assert len(changed.record.as_dict()[group]) < len(record[group])
            assert len(tables) == len(readings()[number].tables)
            continue
        whole = [w for w in (fault.where, fault.to) if w]
        elsewhere = {d.where for d in differences if not any(d.where.startswith(w) for w in whole)}
        assert all("/values/" in where for where in elsewhere), fault  # what is parsed of the changed texts


def test_pointers_behind_a_lost_line_move_up() -> None:
    gone = frozenset({"/funds/2", "/funds/3"})
    moved = [renumbered(f"/funds/{i}/amount", gone) for i in range(5)]
    assert moved == ["/funds/0/amount", "/funds/1/amount", None, None, "/funds/2/amount"]
    assert renumbered("/indicators/4", gone) == "/indicators/4"


def test_the_checks_find_what_they_aim_at() -> None:
    trials = try_out(readings(), draw(readings(), SMALL, SEED), load_words())
    aimed = [t.found for t in trials if t.fault.hurts in AIMED]
    assert len(aimed) > SMALL / 2
    assert sum(aimed) / len(aimed) >= AIM
    assert sum(t.found for t in trials) / len(trials) >= AIM_OF_ALL
    rows = table_of(trials)
    assert rows[-1][:3] == ("all", "all", str(SMALL))
    assert rows[-1][-1] == "yes"


def printed_wrong() -> tuple[int, int]:
    """(how many faults that a form itself might print, how many of them it is blamed for): digits and signs of money
    and points, put into forms whose characters are certain."""
    tried = blamed = 0
    chance = np.random.default_rng(SEED)
    path = next(PDFS.glob("004*"))
    reading = read_file(take_in(path, path.name), path.stem, load_families(), load_words())
    cells, (form,) = Cells(reading.tables), reading.forms
    before = _blamed(form, cells)
    for fault in possible_faults(form, 0, chance):
        if fault.kind in (DIGIT, SIGN) and fault.hurts in (MONEY, POINTS):
            changed, _ = put_in(form, reading.tables, fault, load_words(), places=True)
            tried += 1
            blamed += bool(_blamed(changed, cells) - before)
    return tried, blamed


def _blamed(form: FormReading, cells: Cells) -> set[tuple[str, str]]:
    checks = check_form(form, cells, load_words())
    return {(c.rule, c.where) for c in checks if c.verdict is CheckVerdict.WRONG_AT_SOURCE}


def test_a_form_that_prints_a_wrong_number_is_still_blamed() -> None:
    tried, blamed = printed_wrong()
    assert tried > 100
    assert blamed / tried >= 0.75


def test_a_folder_without_forms_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert faults.main([str(tmp_path)]) == 2
    assert f"{tmp_path}: holds no .pdf" in capsys.readouterr().err
