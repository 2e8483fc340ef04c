"""What spreadsheet programs that speak Chinese write in the formats of numbers and dates."""

from __future__ import annotations

GENERAL = "G/通用格式"
"""The format of a number that has none."""

COLOURS = ("黑色", "蓝色", "青色", "绿色", "洋红", "红色", "白色", "黄色")
HALF_DAY = "上午/下午"
CLOCK = "时分"
"""Between them stand the minutes."""

_YEAR_MONTH, _MONTH_DAY, _HOURS, _SECONDS = 'yyyy"年"m"月"', 'm"月"d"日"', 'h"时"mm"分"', 'h"时"mm"分"ss"秒"'
DATES = (
    dict.fromkeys((27, 36, 50, 52, 57), _YEAR_MONTH)
    | dict.fromkeys((28, 29, 51, 53, 54, 58), _MONTH_DAY)
    | {30: "m-d-yy", 31: f'{_YEAR_MONTH}d"日"', 32: _HOURS, 33: _SECONDS, 34: _HOURS, 35: _SECONDS}
    | {55: _HOURS, 56: _SECONDS}
)
"""The formats 27 to 36 and 50 to 58, which a file does not hold."""
