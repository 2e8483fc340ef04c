"""The views of the database: what analysts ask first, in SQL that every SQLite shell runs."""

from __future__ import annotations

from schemas.language.keys import POWER_OF_UNIT


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


HALF = 2**62  # a difference of two integers up to this fits in 63 bits
BEST_READER = "CASE s.reader WHEN 'text-layer' THEN 0 WHEN 'office' THEN 1 WHEN 'ocr' THEN 2 ELSE 3 END"
A_TOTAL = "CASE WHEN m.label_key LIKE '%总额' OR m.label_key IN ('年度金额', '合计') THEN 0 ELSE 1 END"
EXPENDITURE_FIRST = "CASE m.side WHEN 'expenditure' THEN 0 ELSE 1 END"

V_INDICATORS = """
SELECT s.path AS file, s.reader, f.form_index, f.family, f.kind,
       coalesce(f.reporting_unit, f.implementing_unit) AS unit, f.year,
       f.project_name, i.position, i.level1, i.level2, i.level3, i.focus_work, i.linked_project,
       t.raw AS target, t.op AS target_op, t.number AS target_number, t.unit AS target_unit,
       t.text AS target_text, h.raw AS half_year_target, w.raw AS whole_project_target,
       i.actual, a.op AS actual_op, a.number AS actual_number, a.unit AS actual_unit, a.text AS actual_text,
       g.weight, i.score, i.criteria, i.note
FROM indicators i
JOIN forms f ON f.id = i.form_id
JOIN files s ON s.id = f.file_id
LEFT JOIN indicator_values t ON t.indicator_id = i.id AND t.which = 'full_year'
LEFT JOIN indicator_values h ON h.indicator_id = i.id AND h.which = 'half_year'
LEFT JOIN indicator_values w ON w.indicator_id = i.id AND w.which = 'whole_project'
LEFT JOIN indicator_values a ON a.indicator_id = i.id AND a.which = 'actual'
LEFT JOIN indicator_weights g ON g.indicator_id = i.id AND g.period = 'full_year'
"""

V_FUNDS = """
SELECT s.path AS file, s.reader, f.form_index, f.kind, coalesce(f.reporting_unit, f.implementing_unit) AS unit, f.year,
       f.project_name AS project, m.position, m.side, m.path, m."column", m.amount, m.amount_unit, m.raw
FROM funds m
JOIN forms f ON f.id = m.form_id
JOIN files s ON s.id = f.file_id
"""

V_FINDINGS = """
SELECT s.path AS file, s.reader, f.form_index, f.kind, coalesce(f.reporting_unit, f.implementing_unit) AS unit, f.year,
       f.project_name AS project, d.position, d.rule, d.verdict, d.pointer, d.printed, d.computed, d.message
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
      AND (m.path_key LIKE '项目支出 / %' OR m.path_key LIKE '% / 项目支出 / %')
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
        "one row an indicator; target: the whole year's; _op, _number, _unit, _text: parsed",
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
