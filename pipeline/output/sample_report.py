"""The report of a spot check, for the files of an archive: a page without script, JSON, or the items as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from pipeline.output.cells import guarded
from pipeline.output.html import rendered
from pipeline.people.agreement import Agreement
from pipeline.people.sample import LEVEL, METHOD, Acceptance, Rate, SampledLook, SampleResult, StratumResult, is_error
from pipeline.people.samples import Kept
from schemas.frozen import dataclass

STRATA = 8  # that are told one by one; those with an error always
ERRORS = 12  # that a page holds; all are in the JSON and in the CSV
CSV_COLUMNS = (
    "position",
    "file",
    "sha256",
    "form",
    "pointer",
    "stratum",
    "value",
    "verdict",
    "error",
    "new",
    "who",
    "at",
    "why",
)


def as_data(
    kept: Kept, result: SampleResult, rule: Acceptance | None, paths: dict[str, str], agreed: Sequence[Agreement] = ()
) -> dict[str, Any]:
    """Everything that the report says, as plain values."""
    data: dict[str, Any] = {
        "sample": kept.number,
        "drawn": kept.drawn,
        "method": METHOD,
        "seed": kept.seed,
        "strata_by": list(kept.strata),
        "size": len(kept.items),
        "population": kept.population,
        "looked_at": result.overall.looked,
        "open": result.open,
        "confidence": LEVEL,
        "overall": _rate(result.overall),
        "share_in_strata_without_look": round(result.unseen, 6),
        "strata": [
            {"stratum": list(s.stratum), "size": s.size, "drawn": s.drawn, **_rate(s.rate)} for s in result.strata
        ],
        "errors": [
            {
                "file": paths.get(item.sha256),
                "sha256": item.sha256,
                "form": item.form_index,
                "pointer": item.pointer,
                "read": json.loads(item.value),
                "verdict": look.verdict,
                "corrected": None if look.new is None else json.loads(look.new),
                "who": look.who,
                "at": look.at,
                "why": look.why,
            }
            for item, look in result.errors
        ],
        "people": [{"who": who, "values": n, "first": first, "last": last} for who, n, first, last in result.people],
        "agreement": [{"people": a.people, "values": a.values, "agreed": a.agreed, "kappa": a.kappa} for a in agreed],
    }
    if rule is not None:
        data["acceptance"] = {
            "fraction": float(rule.fraction),
            "required_pass_rate": float(rule.required),
            "needed": rule.needed,
            "looked_at": rule.looked,
            "pass_rate": rule.passed,
            "decision": rule.decision.value,
            "reason": rule.reason,
        }
    return data


def _rate(rate: Rate) -> dict[str, Any]:
    said = {"looked": rate.looked, "errors": rate.errors, "rate": rate.rate, "low": rate.low, "high": rate.high}
    return said | {"interval": rate.method}


def html_of(data: dict[str, Any], result: SampleResult) -> str:
    """The report as a page; every text of a filing is escaped."""
    shown, others = strata_that_matter(result.strata)
    view = {"shown_strata": shown, "other_strata": others, "most": ERRORS}
    return rendered("sample.html", {"acceptance": None} | data | view, percent=percent, share=share)


@dataclass(frozen=True, slots=True)
class OtherStrata:
    """What the strata hold together that are not told one by one."""

    count: int
    size: int
    drawn: int
    looked: int


def strata_that_matter(strata: Sequence[StratumResult]) -> tuple[list[StratumResult], OtherStrata | None]:
    """The strata that are told one by one, those with most errors first, then the largest; and what all others hold
    together, None where there are none. No stratum with an error is left out."""
    ordered = sorted(strata, key=lambda s: (-s.rate.errors, -s.size, s.stratum))
    count = max(STRATA, sum(1 for s in ordered if s.rate.errors))
    shown, rest = ordered[:count], ordered[count:]
    if not rest:
        return shown, None
    sums = (sum(s.size for s in rest), sum(s.drawn for s in rest), sum(s.rate.looked for s in rest))
    return shown, OtherStrata(len(rest), *sums)


def share(value: float) -> str:
    """A share as people give it: 5 %, 99.5 %."""
    return f"{100 * value:g} %"


def percent(value: float | None) -> str:
    """A share in percent with three decimals; a dash for none."""
    return "—" if value is None else f"{100 * value:.3f} %"


def csv_of(kept: Kept, looks: dict[tuple[str, int, str], SampledLook], paths: dict[str, str]) -> str:
    """The items of the sample with what was said of each; no text of a filing is a formula to a spreadsheet."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for position, item in enumerate(kept.items):
        look = looks.get((item.sha256, item.form_index, item.pointer))
        said = (
            (look.verdict, str(is_error(item, look)).lower(), look.new, look.who, look.at, look.why)
            if look
            else ("",) * 6
        )
        value = json.loads(item.value)
        shown = value if isinstance(value, str) else item.value
        cells = [position, paths.get(item.sha256), item.sha256, item.form_index, item.pointer]
        cells += ["/".join(item.stratum), shown, *said]
        writer.writerow([guarded(c) if isinstance(c, str) else c for c in cells])
    return out.getvalue()
