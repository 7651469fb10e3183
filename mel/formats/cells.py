"""What one column of cells holds: numbers, codes, dates. Nothing is guessed that could mean two things; the caller is told.

A column that cannot be read whole as numbers stays text, so that `check` can say which cell is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Decimal = Literal[".", ","]
PLAIN, COMMA = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", r"[+-]?\d+(,\d+)?"
SAFE_DIGITS = 15
"""More digits than this do not survive as a number: such a column holds identifiers, and stays text."""
_IDENTIFIER = rf"^[+-]?0\d|^\+|\d{{{SAFE_DIGITS + 1},}}"
NOT_AVAILABLE = ("na", "n/a", "nan", "#n/a")
_EXCEL_DAY_ZERO = pd.Timestamp("1899-12-30")
_LAST_SERIAL = 2958465  # 31 December 9999


def text_series(values: Iterable[Any]) -> pd.Series:
    """A text column; empty and blank cells are missing."""
    array = (
        pa.array(values, type=pa.large_string()) if not isinstance(values, pa.Array | pa.ChunkedArray) else values.cast(pa.large_string())
    )
    blank = pc.equal(pc.utf8_trim_whitespace(array), "")
    emptied = pc.if_else(blank, pa.scalar(None, pa.large_string()), array)
    return pd.Series(pd.array(emptied, dtype="str"))


def is_text(column: pd.Series) -> bool:
    """True for a column of text, also one in which text and other things are mixed."""
    return bool(pd.api.types.is_string_dtype(column.dtype) or column.dtype == object)


def as_numbers(column: pd.Series, decimal: Decimal = ".", *, lossless: bool = True) -> pd.Series | None:
    """The column as numbers, or None when a cell is none.

    `lossless` also refuses what would not come back as it was written: leading zeros, a plus sign, more than 15 digits
    (a telephone number or a code, not a quantity). Whole columns of whole numbers without a gap are integers.
    """
    if not is_text(column):
        return column if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype) else None
    if not column.notna().any():
        return None
    array = pc.utf8_trim_whitespace(pa.array(column, type=pa.large_string(), from_pandas=True))
    if decimal == ",":
        if not _all(pc.match_substring_regex(array, f"^{COMMA}$")):
            return None
        array = pc.replace_substring(array, ",", ".")
    try:
        numbers = array.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    if not _all(pc.is_finite(numbers)) or (lossless and _any(pc.match_substring_regex(array, _IDENTIFIER))):
        return None
    return whole(pd.Series(numbers.to_numpy(zero_copy_only=False), index=column.index))


def whole(numbers: pd.Series) -> pd.Series:
    """The same numbers as integers when all are whole and none is missing."""
    values = numbers.to_numpy(dtype=float, na_value=np.nan)
    fits = len(values) and np.isfinite(values).all() and (np.abs(values) < 2**53).all() and (values == np.floor(values)).all()
    return numbers.astype("int64") if fits else numbers.astype(float)


def code_of(value: Any) -> Any:
    """One cell as the code a form would write: 1.0 is '1', True is 'TRUE', text without blanks around it; missing stays None.

    >>> [code_of(v) for v in (1.0, "1.0", " yes ", 2.5, "01")]
    ['1', '1', 'yes', '2.5', '01']
    """
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, bool | np.bool_):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)
    if isinstance(value, pd.Timestamp):
        return iso(value)
    text = str(value).strip()
    return re.sub(r"^(-?\d+)\.0+$", r"\1", text) or None


def as_codes(column: pd.Series) -> pd.Series:
    """The column as text codes: the number 1.0 and the text '1.0' are both '1'; missing stays missing."""
    if is_text(column) and column.dtype != object:
        return _text_codes(column)
    return pd.Series(pd.array([code_of(v) for v in column], dtype="str"), index=column.index)


def _text_codes(column: pd.Series) -> pd.Series:
    array = pc.utf8_trim_whitespace(pa.array(column, type=pa.large_string(), from_pandas=True))
    array = pc.replace_substring_regex(array, r"^(-?\d+)\.0+$", r"\1")
    out = text_series(array)
    out.index = column.index
    return out


def iso(moment: Any) -> str:
    """A date as 2026-03-01, a moment as 2026-03-01T10:30:00."""
    stamp = pd.Timestamp(moment)
    return stamp.date().isoformat() if stamp == stamp.normalize() and stamp.tzinfo is None else stamp.isoformat()


def as_text(column: pd.Series) -> pd.Series:
    """Any column as text, each cell as a person would write it."""
    return column if is_text(column) and column.dtype != object else as_codes(column)


_YMD = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\S.*)?$")
_OTHER = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")


def date_order(column: pd.Series) -> Literal["clear", "day", "month", "either", "both"]:
    """Whether dates such as 03/04/2024 in this text column must have the day or the month first, may have either, or show both."""
    pairs = [(int(m[1]), int(m[2])) for v in column.dropna() if (m := _OTHER.match(str(v).strip()))]
    if not pairs:
        return "clear"
    day, month = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    return "both" if day and month else "day" if day else "month" if month else "either"


def as_dates(column: pd.Series, *, day_first: bool | None = None) -> tuple[pd.Series, bool]:
    """The column as dates, and whether Excel's day counts were among them.

    A column that is not wholly dates comes back as text, with the cells that are dates in ISO form. Without `day_first`
    dates such as 03/04/2024 are not touched. A moment within a day keeps its day only.
    """
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column, False
    known = {v: _date(v, day_first) for v in column.dropna().unique()}
    read = [known.get(v, (None, "missing")) for v in column]
    serial = any(found is not None and kind == "serial" for found, kind in read)
    if all(found is not None or kind == "missing" for found, kind in read):
        return pd.Series(pd.array([found for found, _ in read], dtype="datetime64[us]"), index=column.index), serial
    mixed = [iso(found) if found is not None else code_of(v) for (found, _), v in zip(read, column)]
    return pd.Series(pd.array(mixed, dtype="str"), index=column.index), serial


def _date(value: Any, day_first: bool | None) -> tuple[pd.Timestamp | None, str]:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None, "missing"
    if isinstance(value, pd.Timestamp):
        return value.tz_localize(None).normalize(), "typed"
    text = str(value).strip()
    if re.fullmatch(r"\d{4,7}(\.\d+)?", text):
        serial = float(text)
        return (_EXCEL_DAY_ZERO + pd.Timedelta(days=int(serial)), "serial") if 366 < serial <= _LAST_SERIAL else (None, "other")
    if m := _YMD.match(text):
        return _stamp(m[1], m[2], m[3]), "text"
    if (m := _OTHER.match(text)) and day_first is not None:
        return _stamp(m[3], m[2], m[1]) if day_first else _stamp(m[3], m[1], m[2]), "text"
    return None, "other"


def _stamp(year: str, month: str, day: str) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(year=int(year), month=int(month), day=int(day))
    except ValueError:
        return None


def as_moments(column: pd.Series) -> tuple[pd.Series, bool]:
    """The column with Excel's day counts turned into moments; text stays as it was written (it may carry a time zone)."""
    numbers = as_numbers(column) if is_text(column) else column
    if numbers is None or not pd.api.types.is_numeric_dtype(numbers.dtype) or not numbers.dropna().between(366, _LAST_SERIAL + 1).all():
        return column, False
    seconds = (numbers.astype(float) * 86400).round()
    return (_EXCEL_DAY_ZERO + pd.to_timedelta(seconds, unit="s")).astype("datetime64[us]"), True


def not_available(column: pd.Series) -> pd.Series:
    """True where a text cell says NA or n/a."""
    return column.str.strip().str.lower().isin(NOT_AVAILABLE) if is_text(column) else pd.Series(False, index=column.index)


def _all(mask: Any) -> bool:
    return pc.all(mask).as_py() is not False


def _any(mask: Any) -> bool:
    return pc.any(mask).as_py() is True
