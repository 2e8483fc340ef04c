"""Numbers of sheets as their formats show them."""

from __future__ import annotations

import datetime

import pytest

from extractors.office.number_formats import shown_date, shown_number


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (12, "General", "12"),
        (12.0, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (1 / 3, "General", "0.333333333"),
        (320102199001011234, "General", "320102199001011234"),
        (1.005, "0.00", "1.01"),
        (2.675, "0.00", "2.68"),
        (-2.675, "0.00", "-2.68"),
        (0, "0.00", "0.00"),
        (0.985, "0%", "99%"),
        (0.985, "0.00%", "98.50%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (1234567.891, "#,##0", "1,234,568"),
        (-1234.5, "#,##0.00;[Red]-#,##0.00", "-1,234.50"),
        (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        (0, '#,##0.00;-#,##0.00;"-"', "-"),
        (12.5, '0.0"万元"', "12.5万元"),
        (12.5, "[$¥-804]#,##0.00", "¥12.50"),
        (5, "000", "005"),
        (0.5, "#.##", ".5"),
        (3, "0.##", "3"),  # a sheet prints the point too, which is no part of the number
        (12345, "0,", "12"),
        (0.00001234, "0.00E+00", "0.00001234"),
        (1.5, "# ?/?", "1.5"),
        (5, "[>3]0.0;0", "5"),
        (7, "@", "7"),
    ],
)
def test_a_number_as_shown(value: float, number_format: str, shown: str) -> None:
    assert shown_number(value, number_format) == shown


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ("yyyy-mm-dd", "2024-03-05"),
        ("yyyy/m/d", "2024/3/5"),
        ('yyyy"年"m"月"d"日"', "2024年3月5日"),
        ("[$-804]yyyy年mm月", "2024年03月"),
        ("yy.m.d", "24.3.5"),
        ("yyyy-mm-dd hh:mm:ss", "2024-03-05 09:07:06"),
        ("mm:ss", "07:06"),
        ("mmm d", "2024-03-05 09:07:06"),
        ("h:mm AM/PM", "2024-03-05 09:07:06"),
    ],
)
def test_a_date_as_shown(number_format: str, shown: str) -> None:
    assert shown_date(datetime.datetime(2024, 3, 5, 9, 7, 6), number_format) == shown
