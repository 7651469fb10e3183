"""Workbooks that are safe to open: text is never a formula or a link, and the same content gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}
_BORN = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def new_workbook(path: Path, *, title: str) -> xlsxwriter.Workbook:
    """An empty workbook for writing at `path`; close it (or use it in `with`) to write the file."""
    workbook = xlsxwriter.Workbook(str(path), _SAFE)
    workbook.set_properties({"title": title, "created": _BORN})
    return workbook


def write_table(
    workbook: xlsxwriter.Workbook,
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    title: str = "",
    notes: Sequence[str] = (),
) -> Worksheet:
    """One sheet with a title line, a real Excel table (filterable, header row frozen) and notes below.

    Numbers stay numbers, text stays text, None is an empty cell. Excel allows 31 characters in a sheet's name; the caller keeps to that.
    """
    sheet = workbook.add_worksheet(name)
    bold, wrap = workbook.add_format({"bold": True, "font_size": 13}), workbook.add_format({"text_wrap": True, "valign": "top"})
    first = 2 if title else 0
    if title:
        sheet.write_string(0, 0, title, bold)
    for at, row in enumerate(rows, start=first + 1):
        for column, value in enumerate(row):
            _write(sheet, at, column, value, wrap)
    last = first + max(len(rows), 1)
    sheet.add_table(first, 0, last, len(columns) - 1, {"columns": [{"header": c} for c in columns], "style": "Table Style Light 1"})
    sheet.freeze_panes(first + 1, 1)
    for column, width in enumerate(_widths(columns, rows)):
        sheet.set_column(column, column, width)
    for offset, note in enumerate(notes):
        sheet.write_string(last + 2 + offset, 0, note)
    return sheet


def _write(sheet: Worksheet, row: int, column: int, value: Any, text: Any) -> None:
    if pd.isna(value):
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        sheet.write_string(row, column, str(value), text)
    else:
        sheet.write_number(row, column, value)


def _widths(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    longest = [max([len(str(c)) + 3, *(len(str(row[i])) for row in rows if row[i] is not None)]) for i, c in enumerate(columns)]
    return [min(max(n + 1, 8), 60) for n in longest]
