"""The documentation: its analysis runs, its reference tells the whole public face, its pages are there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

import jixiao

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def test_the_analysis_runs_and_answers() -> None:
    command = [sys.executable, str(DOCS / "analysis.py")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "如皋市市级部门整体预算绩效目标表 2026 41 indicators" in done.stdout
    assert re.search(r"居保转企保参保补助 +9750000\.0+ +4743700\.0+", done.stdout)
    assert re.search(r"2026 +department_target +一般公共预算 +11724500\.0+", done.stdout)
    assert "a limit that falls short" in done.stdout


def test_the_reference_tells_the_whole_public_face() -> None:
    told = set(re.findall(r"^::: jixiao\.([A-Z]\w+|read\w*)$", (DOCS / "api.md").read_text("utf-8"), re.MULTILINE))
    whole = set(jixiao.__all__) - {"open"}  # told by the name of its function
    assert told == whole
    assert "open_archive" in (DOCS / "api.md").read_text("utf-8")
    assert all((getattr(jixiao, name).__doc__ or "").strip() for name in whole)


def test_every_page_of_the_site_is_there_in_both_languages() -> None:
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    pages = [page for entry in site["nav"] for page in entry.values()]
    assert {"index.md", "index.zh.md"} <= set(pages)
    for page in pages:
        text = (DOCS / page).read_text("utf-8")
        for link in re.findall(r"\]\(([^):#]+)\)", text):
            assert (DOCS / link).exists(), f"{page}: {link}"
