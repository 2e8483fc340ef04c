"""The tables of the filings, cell by cell, and the lines that stand outside them: also of files without a form."""

from __future__ import annotations

EDGES = ("left", "top", "right", "bottom")
BOX = ", ".join(f"{{of}}.box_{edge}" for edge in EDGES)

TABLES = {
    "tables": """
        SELECT s.path AS file, s.outcome, t.table_index, t.first_page, t.last_page, t.rows AS row_count,
               t.cols AS col_count, t.ruled, t.sure, t.notes
        FROM tables t JOIN files s ON s.id = t.file_id
        ORDER BY s.path, t.table_index""",
    "cells": f"""
        SELECT s.path AS file, t.table_index, c.position, c.row, c.col, c.rowspan, c.colspan, c.text,
               c.score AS confidence, c.inferred, c.lost, c.page, {BOX.format(of="c")}
        FROM cells c JOIN tables t ON t.id = c.table_id JOIN files s ON s.id = t.file_id
        ORDER BY s.path, t.table_index, c.position""",  # noqa: S608 - names of ours
    "lines": f"""
        SELECT s.path AS file, x.position, x.tables_before, x.text, x.score AS confidence, x.page, {BOX.format(of="x")},
               x.sheet, x.line, x.column AS place_column
        FROM text_lines x JOIN files s ON s.id = x.file_id
        ORDER BY s.path, x.position""",  # noqa: S608 - names of ours
}
"""Queries of what was read whatever it means. A merged cell is one row of `cells` with its spans; boxes are in points
from the top left of the page."""
