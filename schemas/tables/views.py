"""The views of the database: what analysts ask first, in SQL that every SQLite shell runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.language.columns import COLUMNS, FUND_COLUMNS, Amounts, Column, Shape
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


def yuan_of(amount_e4: str) -> str:
    """SQL: an amount in 0.0001 yuan as yuan: a real number in SQLite, which takes the kind for a remark, and a decimal
    in PostgreSQL. What would not fit in it is null; the integer beside it says it."""
    fits = f"{amount_e4} BETWEEN -{MOST_E4} AND {MOST_E4}"
    return f"CASE WHEN {fits} THEN CAST({amount_e4} / 10000.0 AS DECIMAL(20, 6)) END"


MONEY_COLUMNS = ", ".join(f"'{name}'" for name, holds in FUND_COLUMNS.items() if holds is Amounts.MONEY)
POINTS_COLUMNS = ", ".join(f"'{name}'" for name, holds in FUND_COLUMNS.items() if holds is Amounts.POINTS)
MOST_E4 = 10**18 - 1  # what DECIMAL(20, 6) holds of yuan
PARSED = ("op", "number", "unit", "text", "value")
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
        if not column.has_value:
            yield f"{joined}.number AS {name}_value"
    else:
        yield f"i.{column.key}" if name == column.key else f"i.{column.key} AS {name}"
    if column.parsed:
        yield from (f"{joined}.{part} AS {name}_{part}" for part in PARSED)


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


V_FORMS = f"""
WITH known AS (
    SELECT f.id AS form_id, f.file_id, s.path AS file, s.reader, f.form_index, f.family, f.kind, f.title, f.year,
           f.amount_unit, coalesce(f.reporting_unit, f.implementing_unit) AS unit, f.project_name AS project,
           f.unit_key, f.project_key, f.doubt, f.rules, {BEST_READER} AS quality,
           CASE WHEN f.year IS NOT NULL THEN f.year
                WHEN min(f.year) OVER (PARTITION BY f.file_id) = max(f.year) OVER (PARTITION BY f.file_id)
                THEN min(f.year) OVER (PARTITION BY f.file_id) END AS filing_year
    FROM forms f
    JOIN files s ON s.id = f.file_id
)
SELECT file, reader, form_index, family, kind, title, year, amount_unit, unit, project, unit_key, project_key,
       filing_year,
       CASE WHEN year IS NOT NULL THEN 'form' WHEN filing_year IS NOT NULL THEN 'filing' END AS year_from,
       CASE WHEN unit_key IS NULL OR filing_year IS NULL OR (project_key IS NULL AND kind LIKE 'project%') THEN TRUE
            ELSE file_id = first_value(file_id) OVER (
                PARTITION BY kind, unit_key, filing_year, project_key ORDER BY quality, file, form_index
            ) END AS preferred,
       doubt, rules, form_id, file_id
FROM known
"""  # noqa: S608 - put together from constants of this module alone
OF_FORM = "f.unit_key, f.project_key, f.filing_year, f.year_from, f.preferred"
"""What every row says of its form, behind what was read."""

V_INDICATORS = f"""
SELECT f.file, f.reader, f.form_index, f.family, f.kind, f.unit, f.year,
       f.project AS project_name, i.position,
       {COMMA.join(shown for column in COLUMNS for shown in _shown(column))},
       i.score_value, i.indicator_kind, i.met, i.met_reason,
       {OF_FORM}, i.doubt, i.rules
FROM indicators i
JOIN v_forms f ON f.form_id = i.form_id
{"".join(_joined(column) for column in COLUMNS)}"""  # noqa: S608 - put together from the names of the registry alone

V_FUNDS = f"""
SELECT f.file, f.reader, f.form_index, f.kind, f.unit, f.year,
       f.project, m.position, m.side, m.path, m."column",
       CASE WHEN m."column" IN ({MONEY_COLUMNS}) OR m.number IS NULL THEN m.amount END AS amount,
       m.amount_unit, m.raw,
       m.label, m.depth, m.source, m.is_total, m.is_leaf, m.amount_e4, {yuan_of("m.amount_e4")} AS yuan,
       CASE WHEN m."column" = 'score' THEN m.number END AS score_value,
       CASE WHEN m."column" = 'weight' THEN m.number END AS points_value,
       CASE WHEN m."column" NOT IN ({POINTS_COLUMNS}) THEN m.number END AS rate_value,
       {OF_FORM}, m.doubt, m.rules
FROM funds m
JOIN v_forms f ON f.form_id = m.form_id
"""  # noqa: S608 - put together from constants of this module alone

V_FINDINGS = f"""
SELECT f.file, f.reader, f.form_index, f.kind, f.unit, f.year,
       f.project, d.position, d.rule, d.verdict, d.pointer, d.printed, d.computed, d.message,
       d.page AS place_page, d.box_left AS place_left, d.box_top AS place_top, d.box_right AS place_right,
       d.box_bottom AS place_bottom, d.sheet AS place_sheet, d.line AS place_line, d."column" AS place_column,
       {OF_FORM}, f.doubt, d.rule AS rules
FROM findings d
JOIN v_forms f ON f.form_id = d.form_id
"""  # noqa: S608 - put together from constants of this module alone

V_PLANNED_VS_SPENT = f"""
WITH
plan_total AS (
    SELECT m.form_id, m.amount, m.amount_unit, m.amount_e4, m.doubt, m.rules,
           row_number() OVER (
               PARTITION BY m.form_id ORDER BY {A_TOTAL}, {EXPENDITURE_FIRST}, m.position
           ) AS place
    FROM funds m
    WHERE m."column" = 'full_year_budget' AND m.depth = 1 AND m.amount IS NOT NULL
),
planned AS (
    SELECT f.unit_key, f.year, f.project_key, coalesce(f.implementing_unit, f.reporting_unit) AS unit,
           f.project_name, s.path AS file, t.amount, t.amount_unit, t.amount_e4, t.doubt, t.rules,
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
           a.amount AS spent, a.amount_unit AS spent_unit, a.amount_e4 AS spent_e4, a.doubt, a.rules,
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
       p.file AS plan_file, r.file AS review_file,
       p.amount_e4 AS planned_e4, {yuan_of("p.amount_e4")} AS planned_yuan,
       r.spent_e4, {yuan_of("r.spent_e4")} AS spent_yuan,
       p.unit_key, p.project_key, TRUE AS preferred,
       CASE WHEN p.doubt > r.doubt OR r.doubt IS NULL THEN p.doubt ELSE r.doubt END AS doubt,
       trim(coalesce(p.rules, '') || ' ' || coalesce(r.rules, '')) AS rules
FROM planned p
JOIN reviewed r ON r.unit_key = p.unit_key AND r.year = p.year AND r.project_key = p.project_key
WHERE p.place = 1 AND r.place = 1
"""  # noqa: S608 - put together from constants of this module alone

VIEWS = {
    "v_forms": (
        "one row a form; filing_year: its own, else the only one that other forms of its file print, which year_from"
        " says; preferred: of several readings of a form (PDF, dump, scan) one is",
        V_FORMS,
    ),
    "v_indicators": (
        "one row an indicator; target: the whole year's; _op, _number, _unit, _text: parsed, _value: the number as one;"
        " printed_op, printed_unit: what the columns of operators and units print; met: whether the result meets the"
        " year's target, null where nobody can say, met_reason why",
        V_INDICATORS,
    ),
    "v_funds": (
        "one row a money cell; yuan: the amount in yuan, amount_e4 in 0.0001 yuan; rates, points and scores in columns"
        " of their own; source: one name a source; is_leaf: each yuan of a form's side and column once",
        V_FUNDS,
    ),
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
