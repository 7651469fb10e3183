"""How do tables reach disk so that the same seed gives the same bytes? Fixed dates, fixed order, one line ending."""

from __future__ import annotations

import csv
import io
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

HERE = Path(__file__).resolve().parent
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_BORN = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's date has no zone

Row = Mapping[str, Any]


def texts(name: str) -> dict[str, Any]:
    """One file of written texts, as data."""
    return tomllib.loads((HERE / "texts" / f"{name}.toml").read_text(encoding="utf-8"))


def copy_written(alliance: str, folder: Path) -> None:
    """What people wrote by hand (alliance.toml, own.toml, readings.csv …) goes over as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted((HERE / "written" / alliance).iterdir()):
        shutil.copyfile(source, folder / source.name)


def write_csv(
    path: Path, columns: Sequence[str], rows: Sequence[Row], *, delimiter: str = ",", encoding: str = "utf-8", decimal: str = "."
) -> None:
    """A text table in the dialect asked for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    held = io.StringIO(newline="")
    out = csv.writer(held, delimiter=delimiter, lineterminator="\n")
    out.writerow(columns)
    for row in rows:
        out.writerow([_as_text(row.get(column), decimal) for column in columns])
    path.write_bytes(held.getvalue().encode(encoding))


def _as_text(value: Any, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}".replace(".", decimal)
    return value.isoformat() if isinstance(value, date) else str(value)


def write_xlsx(path: Path, sheets: Mapping[str, tuple[Sequence[str], Sequence[Row]]], *, title: str) -> None:
    """A workbook, one sheet a table; dates are real Excel dates, None an empty cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), _PLAIN) as book:
        book.set_properties({"title": f"{title} (invented)", "created": _BORN})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, (columns, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, columns)
            for at, row in enumerate(rows, start=1):
                for across, column in enumerate(columns):
                    _write_cell(sheet, at, across, row.get(column), day)


def _write_cell(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, float(value))
