"""A column as days, however it was typed, where that is certain. It never picks between day-first and month-first."""

from __future__ import annotations

import pandas as pd

from mel.formats.numbers import is_blank

_ISO = r"\d{4}-\d\d-\d\d(?:[T ].*)?"
_MARKED = r"\d{1,2}[./-]\d{1,2}[./-]\d{4}(?: .*)?"
SERIAL = (20000.0, 80000.0)
"""A number in this span, in a column of dates, is a spreadsheet's count of days (1954 to 2119)."""


def to_days(column: pd.Series, day_first: bool | None = None) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The column as timestamps (no time zone, day precision), where a filled cell is no date, and where it is a count of days.

    Missing: a blank cell is NaT and readable. 03/04/2024 is readable only when `day_first` is given, or the column itself shows
    which it is (a 31 in one place, never one in the other).
    """
    blank = is_blank(column)
    if column.dtype.kind == "M":
        return column.dt.tz_localize(None).dt.normalize(), _no(column), _no(column)
    if column.dtype.kind in "iuf":
        numbers = column.astype("float64")
        serial = ~blank & numbers.between(*SERIAL)
        return pd.Series(pd.NaT, index=column.index), ~blank & ~serial, serial
    text = column.astype("str").str.strip().where(~blank, "")
    days = pd.Series(pd.NaT, index=column.index).astype("datetime64[s]")
    iso, marked = text.str.fullmatch(_ISO), text.str.fullmatch(_MARKED)
    days = days.where(~iso, _parsed(text.str.slice(0, 10).where(iso), "%Y-%m-%d"))
    if marked.any():
        days = days.where(~marked, _in_order(text.where(marked), day_first))
    number = pd.to_numeric(text.where(text.str.fullmatch(r"\d{5}(?:\.\d+)?")), errors="coerce")
    serial = number.between(*SERIAL)
    return days, ~blank & days.isna() & ~serial, serial


def _in_order(text: pd.Series, day_first: bool | None) -> pd.Series:
    parts = text.str.extract(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})").astype("float64")
    if day_first is None:
        first, second = (parts[0] > 12).any(), (parts[1] > 12).any()
        if first == second:
            return _parsed(text.where(text.isna()), "%Y-%m-%d")
        day_first = bool(first)
    day, month = (parts[0], parts[1]) if day_first else (parts[1], parts[0])
    written = parts[2].map("{:04.0f}".format) + "-" + month.map("{:02.0f}".format) + "-" + day.map("{:02.0f}".format)
    return _parsed(written.where(text.notna()), "%Y-%m-%d")


def _parsed(text: pd.Series, written: str) -> pd.Series:
    return pd.to_datetime(text, errors="coerce", format=written).astype("datetime64[s]")


def _no(column: pd.Series) -> pd.Series:
    return pd.Series(False, index=column.index)
