"""The views of the database: what analysts ask first, in SQL that every SQLite shell runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.language.columns import COLUMNS, Column, Shape
from schemas.language.keys import POWER_OF_UNIT, comparison_key
from schemas.language.vocabulary import load_words
from schemas.tables.base import PATH_SEPARATOR


def _decimal(amount_e4: str, unit: str) -> str:
    """SQL: an amount in 0.0001 yuan as decimal text in a unit, by integers alone; null where either is."""
    branches = []
    for name, power in POWER_OF_UNIT.items():
        one = 10**power
        rest = f"CAST(abs({amount_e4}) - abs({amount_e4}) / {one} * {one} + {one} AS TEXT)"
        digits = f"CAST(abs({amount_e4}) / {one} AS TEXT) || '.' || substr({rest}, 2)"
        branches.append(f"WHEN '{name}' THEN rtrim(rtrim({digits}, '0'), '.')")
    sign = f"CASE WHEN {amount_e4} < 0 THEN '-' ELSE '' END"
    return f"{sign} || CASE {unit} {' '.join(branches)} END"


def _converted(amount: str, amount_e4: str, unit: str) -> str:
    """SQL: a review's amount as printed where it is in the plan's unit, else converted exactly."""
    return f"CASE WHEN {unit} = p.amount_unit THEN {amount} ELSE {_decimal(amount_e4, 'p.amount_unit')} END"


COMMA = ",\n       "
TOTAL, BELOW_PROJECTS = "{total}", "{below projects}"  # stand in queries for what the words of the forms say
A_TOTAL = f"CASE WHEN {TOTAL} THEN 0 ELSE 1 END"
HALF = 2**62  # a difference of two integers up to this fits in 63 bits
BEST_READER = "CASE s.reader WHEN 'text-layer' THEN 0 WHEN 'office' THEN 1 WHEN 'ocr' THEN 2 ELSE 3 END"
EXPENDITURE_FIRST = "CASE m.side WHEN 'expenditure' THEN 0 ELSE 1 END"


def _like(key: str, patterns: Iterable[str]) -> str:
    """SQL: whether a key of labels is like one of the patterns."""
    return " OR ".join(f"{key} LIKE '{pattern}'" for pattern in patterns)


def _with_words(query: str) -> str:
    """The query with the words of the forms in the places that are kept for them."""
    words = load_words().all.funds
    totals = [comparison_key(w) for w in words.total if not any(w != x and w.endswith(x) for x in words.total)]
    parents = [f"{comparison_key(word)}{PATH_SEPARATOR}%" for word in words.parents]
    below = [f"{before}{parent}" for parent in parents for before in ("", f"%{PATH_SEPARATOR}")]
    query = query.replace(TOTAL, _like("m.label_key", (f"%{total}" for total in totals)))
    return query.replace(BELOW_PROJECTS, _like("m.path_key", below))


def _shown(column: Column) -> Iterator[str]:
    """SQL: what `v_indicators` asks for a column."""
    name, joined = column.view_name, _alias(column)
    if column.shape is Shape.PART:
        yield f"{joined}.{'raw' if column.has_value else 'weight'} AS {name}"
    else:
        yield f"i.{column.key}" if name == column.key else f"i.{column.key} AS {name}"
    if column.parsed:
        yield from (f"{joined}.{part} AS {name}_{part}" for part in ("op", "number", "unit", "text"))


def _joined(column: Column) -> str:
    """SQL: the rows that hold one of several of a kind, or what was parsed of a column; empty where none is asked."""
    alias = _alias(column)
    if column.has_value and (column.shape is Shape.PART or column.parsed):
        condition = f"{alias}.indicator_id = i.id AND {alias}.which = '{column.value_key}'"
        return f"LEFT JOIN indicator_values {alias} ON {condition}\n"
    if column.shape is Shape.PART:
        condition = f"{alias}.indicator_id = i.id AND {alias}.period = '{column.part}'"
        return f"LEFT JOIN indicator_weights {alias} ON {condition}\n"
    return ""


def _alias(column: Column) -> str:
    return "_".join((column.key, column.part)) if column.part else f"{column.key}_value"


V_INDICATORS = f"""
SELECT s.path AS file, s.reader, f.form_index, f.family, f.kind,
       coalesce(f.reporting_unit, f.implementing_unit) AS unit, f.year,
       f.project_name, i.position,
       {COMMA.join(shown for column in COLUMNS for shown in _shown(column))}
FROM indicators i
JOIN forms f ON f.id = i.form_id
JOIN files s ON s.id = f.file_id
{"".join(_joined(column) for column in COLUMNS)}"""  # noqa: S608 - put together from the names of the registry alone

V_FUNDS = """
SELECT s.path AS file, s.reader, f.form_index, f.kind, coalesce(f.reporting_unit, f.implementing_unit) AS unit, f.year,
       f.project_name AS project, m.position, m.side, m.path, m."column", m.amount, m.amount_unit, m.raw
FROM funds m
JOIN forms f ON f.id = m.form_id
JOIN files s ON s.id = f.file_id
"""

V_FINDINGS = """
SELECT s.path AS file, s.reader, f.form_index, f.kind, coalesce(f.reporting_unit, f.implementing_unit) AS unit, f.year,
       f.project_name AS project, d.position, d.rule, d.verdict, d.pointer, d.printed, d.computed, d.message,
       d.page AS place_page, d.box_left AS place_left, d.box_top AS place_top, d.box_right AS place_right,
       d.box_bottom AS place_bottom, d.sheet AS place_sheet, d.line AS place_line, d."column" AS place_column
FROM findings d
JOIN forms f ON f.id = d.form_id
JOIN files s ON s.id = f.file_id
"""

V_PLANNED_VS_SPENT = f"""
WITH
plan_total AS (
    SELECT m.form_id, m.amount, m.amount_unit, m.amount_e4,
           row_number() OVER (
               PARTITION BY m.form_id ORDER BY {A_TOTAL}, {EXPENDITURE_FIRST}, m.position
           ) AS place
    FROM funds m
    WHERE m."column" = 'full_year_budget' AND m.depth = 1 AND m.amount IS NOT NULL
),
planned AS (
    SELECT f.unit_key, f.year, f.project_key, coalesce(f.implementing_unit, f.reporting_unit) AS unit,
           f.project_name, s.path AS file, t.amount, t.amount_unit, t.amount_e4,
           row_number() OVER (
               PARTITION BY f.unit_key, f.year, f.project_key ORDER BY {BEST_READER}, s.path, f.form_index
           ) AS place
    FROM forms f
    JOIN files s ON s.id = f.file_id
    JOIN plan_total t ON t.form_id = f.id AND t.place = 1
    WHERE f.kind = 'project_target'
      AND f.unit_key IS NOT NULL AND f.year IS NOT NULL AND f.project_key IS NOT NULL
),
line AS (
    SELECT m.form_id, m.side, m.path_key, m.label_key, m.depth, min(m.position) AS position,
           min(CASE WHEN m."column" = 'full_year_budget' THEN m.position END) AS budget_position,
           min(CASE WHEN m."column" = 'actual' THEN m.position END) AS spent_position
    FROM funds m
    WHERE m."column" IN ('full_year_budget', 'actual') AND m.amount IS NOT NULL
    GROUP BY m.form_id, m.side, m.path_key, m.label_key, m.depth
),
project_line AS (
    SELECT f.id AS form_id, m.label_key AS project_key, m.budget_position, m.spent_position,
           1 AS of_department,
           row_number() OVER (PARTITION BY f.id, m.label_key ORDER BY m.position) AS place
    FROM forms f
    JOIN line m ON m.form_id = f.id
    WHERE f.kind = 'department_review'
      AND ({BELOW_PROJECTS})
    UNION ALL
    SELECT f.id, f.project_key, m.budget_position, m.spent_position, 0,
           row_number() OVER (PARTITION BY f.id ORDER BY {A_TOTAL}, {EXPENDITURE_FIRST}, m.position)
    FROM forms f
    JOIN line m ON m.form_id = f.id
    WHERE f.kind = 'project_review' AND m.depth = 1
),
reviewed AS (
    SELECT f.unit_key, f.year, l.project_key, s.path AS file,
           b.amount AS budget, b.amount_unit AS budget_unit, b.amount_e4 AS budget_e4,
           a.amount AS spent, a.amount_unit AS spent_unit, a.amount_e4 AS spent_e4,
           row_number() OVER (
               PARTITION BY f.unit_key, f.year, l.project_key
               ORDER BY CASE WHEN a.amount IS NULL THEN 1 ELSE 0 END, {BEST_READER}, l.of_department,
                        s.path, f.form_index
           ) AS place
    FROM project_line l
    JOIN forms f ON f.id = l.form_id
    JOIN files s ON s.id = f.file_id
    LEFT JOIN funds b ON b.form_id = f.id AND b.position = l.budget_position
    LEFT JOIN funds a ON a.form_id = f.id AND a.position = l.spent_position
    WHERE l.place = 1
)
SELECT p.unit, p.year, p.project_name AS project, p.amount AS planned,
       {_converted("r.budget", "r.budget_e4", "r.budget_unit")} AS budget_in_review,
       {_converted("r.spent", "r.spent_e4", "r.spent_unit")} AS spent,
       p.amount_unit,
       CASE WHEN r.spent_e4 BETWEEN -{HALF} AND {HALF} AND p.amount_e4 BETWEEN -{HALF} AND {HALF}
            THEN {_decimal("(r.spent_e4 - p.amount_e4)", "p.amount_unit")} END AS difference,
       p.file AS plan_file, r.file AS review_file
FROM planned p
JOIN reviewed r ON r.unit_key = p.unit_key AND r.year = p.year AND r.project_key = p.project_key
WHERE p.place = 1 AND r.place = 1
"""  # noqa: S608 - put together from constants of this module alone

VIEWS = {
    "v_indicators": (
        "one row an indicator; target: the whole year's; _op, _number, _unit, _text: parsed; printed_op, printed_unit:"
        " what the columns of operators and units print",
        V_INDICATORS,
    ),
    "v_funds": ("one row a money cell", V_FUNDS),
    "v_findings": ("one row a finding, with the form it is about", V_FINDINGS),
    "v_planned_vs_spent": (
        "one row a project of a unit and year that has a plan and a self-review; amounts in amount_unit;"
        " difference: spent - planned, exact; of several readings of a filing the best reader's",
        V_PLANNED_VS_SPENT,
    ),
}


def made_views() -> dict[str, tuple[str, str]]:
    """The views by name: what they hold, and their query."""
    return {name: (comment, _with_words(query)) for name, (comment, query) in VIEWS.items()}
