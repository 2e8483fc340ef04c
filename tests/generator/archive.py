"""A folder of generated filings and, beside it, their truth: PDFs, dumps, scans, and some broken in known ways."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import dump, pdf, scan
from .broken import WAYS, Way
from .draw import FORMS, Record
from .finish import draw_finish
from .layout import Layout
from .layouts import LAYOUTS
from .lots import Lots

BROKEN = 0.05  # of the files
DUMPS = 0.35  # of the good ones
SEED = 2026
TRUTH = "truth.json"
FILES = "files"
SETS: tuple[tuple[str, ...], ...] = (
    ("rugao-department",),
    ("rugao-project",),
    ("rugao-project", "rugao-project", "rugao-project"),
    ("jiangning",),
    ("wanyuan-department",),
    ("wanyuan-project",),
    ("wanyuan-department", "wanyuan-project", "wanyuan-project"),
    ("rugao-review",),
    ("fund-targets",),
    ("project-review",),
)  # fmt: skip
ONE_PAGE = (("wanyuan-project",), ("fund-targets",), ("project-review",))  # what scans are made of
NOT_FOR_ROOT = "not-permitted"  # root may read every file


@dataclass(frozen=True, slots=True)
class Made:
    """A file of the archive: its path below the folder, and its records, or the way in which it is broken."""

    path: str
    road: str
    records: list[Record] | None
    way: Way | None

    def as_dict(self) -> dict[str, Any]:
        broken = None
        if self.way is not None:
            broken = {"way": self.way.name, "categories": self.way.categories, "refused": self.way.refused}
        return {"path": self.path, "road": self.road, "records": self.records, "broken": broken}


def paper_style(lots: Lots) -> pdf.Style:
    """A random way to print on paper. Programs that print a header in the middle of a table again on each page
    (spreadsheets do) cut no rows, nor do they move the text of cut cells to their lower part."""
    repeat = lots.chance(0.25)
    style = pdf.Style(
        font=lots.one(pdf.fonts()),
        size=lots.one((8.0, 9.0, 9.0, 10.5)),
        large=lots.chance(0.1),
        thin=lots.one((0.3, 0.5, 1.0)),
        split=not repeat and lots.chance(0.5),
        repeat=repeat,
        low=not repeat and lots.chance(0.2),
    )
    return replace(
        style,
        head=lots.one(tuple(pdf.FURNITURE)) if lots.chance(0.4) else "",
        foot=lots.one(tuple(pdf.FURNITURE)) if lots.chance(0.5) else "",
        near=lots.chance(0.4),
        again=repeat and lots.chance(0.4),
        up=2 if lots.chance(0.1) else 1,
        apart=lots.one((0.0, 3.0, 14.0)) if lots.chance(0.2) else None,
        **draw_finish(lots),
    )


def draw_forms(names: Sequence[str], lots: Lots) -> tuple[list[Record], list[Layout]]:
    """Records of the named forms, drawn first, and their layouts."""
    records = [FORMS[name](lots) for name in names]
    return records, [LAYOUTS[name](record, lots) for name, record in zip(names, records, strict=True)]


def write_pdf_file(path: Path, lots: Lots) -> list[Record]:
    records, layouts = draw_forms(lots.one(SETS), lots)
    style = paper_style(lots)
    pdf.write_pdf(path, [(layout, style) for layout in layouts])
    return records


def write_dump_file(path: Path, lots: Lots) -> list[Record]:
    records, layouts = draw_forms(lots.one(SETS), lots)
    style = dump.draw_style(lots)
    dump.write_dump(path, [(layout, style) for layout in layouts], lots.one(dump.ENCODINGS), lots)
    return records


def write_scan_file(path: Path, lots: Lots, sets: Sequence[tuple[str, ...]] = ONE_PAGE) -> list[Record]:
    """A scan of one short form; of a font that is in the file, so that any machine draws it alike."""
    records, layouts = draw_forms(lots.one(sets), lots)
    style = pdf.Style(font=pdf.fonts()[-1])
    scan.write_scan(path, [(layout, style) for layout in layouts], lots.one(scan.MILD))
    return records


def usable_ways() -> list[Way]:
    return [way for way in WAYS if way.name != NOT_FOR_ROOT or os.geteuid() != 0]


def write_archive(out: Path, files: int, *, seed: int = SEED, scans: int = 0, broken: float = BROKEN) -> list[Made]:
    """Write `files` files below `out`/files and their truth into `out`/truth.json; the same for the same arguments."""
    folder = out / FILES
    folder.mkdir(parents=True)
    bad = round(files * broken)
    good = write_good(folder / "good.pdf")
    ways = usable_ways()
    made = []
    for number in range(files):
        lots = Lots(f"{seed}/{number}")
        if number < bad:
            way = ways[number % len(ways)]
            path = folder / f"{number:05d}-{way.name}{way.suffix}"
            way.make(path, good)
            made.append(Made(path.name, "broken", None, way))
            continue
        road = "scan" if number < bad + scans else "dump" if lots.chance(DUMPS) else "pdf"
        suffix = {"dump": ".txt", "pdf": ".pdf", "scan": lots.one((".pdf", ".tif"))}[road]
        path = folder / f"{number:05d}{suffix}"
        write = {"dump": write_dump_file, "pdf": write_pdf_file, "scan": write_scan_file}[road]
        made.append(Made(path.name, road, write(path, lots), None))
    text = "\n".join(json.dumps(each.as_dict(), ensure_ascii=False) for each in made)
    (out / TRUTH).write_text(text + "\n", encoding="utf-8")
    return made


def write_good(path: Path) -> bytes:
    """The bytes of a good PDF, from which broken ones are made."""
    lots = Lots(f"{SEED}/good")
    _, layouts = draw_forms(("jiangning",), lots)
    pdf.write_pdf(path, [(layouts[0], pdf.Style())])
    data = path.read_bytes()
    path.unlink()
    return data


def read_truth(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / TRUTH).read_text(encoding="utf-8").splitlines()]
