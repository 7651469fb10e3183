"""A column as numbers, however it was typed: 3, "3", "3.0", "3,5", " 1 200 ". It guesses nothing that could mean two things."""

from __future__ import annotations

import numpy as np
import pandas as pd

_SPACES = r"[\s\u00a0\u202f]"
_PLAIN = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_COMMA = r"[+-]?\d+,\d+"
_THOUSANDS = r"[+-]?[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?"


def is_blank(column: pd.Series) -> pd.Series:
    """True where a cell is empty: null, or text of nothing but spaces."""
    if column.dtype.kind in "biufM":
        return column.isna()
    places, words = pd.factorize(column)  # each distinct cell is looked at once
    bare = np.array([str(word).strip() == "" for word in words] + [True], dtype=bool)
    return pd.Series(bare[places], index=column.index)


def to_numbers(column: pd.Series, decimal: str | None = None) -> tuple[pd.Series, pd.Series]:
    """The column as 64-bit floats, and a condition that is true where a filled cell is no number.

    Missing: a blank cell is NaN and readable. A comma is read as decimal comma (`decimal="."` refuses it): a thousands comma
    such as "1,200" would be read as 1.2, so three digits after a lone comma are refused unless `decimal=","` says so.

    >>> to_numbers(pd.Series(["3", "3,5", "1 200", "1,200", "", "many"]))[0].tolist()
    [3.0, 3.5, 1200.0, nan, nan, nan]
    """
    blank = is_blank(column)
    if column.dtype.kind in "biuf":
        return column.astype("float64"), pd.Series(False, index=column.index)
    text = column.astype(str).str.strip().str.replace(_SPACES, " ", regex=True).where(~blank, "")
    plain = text.str.fullmatch(_PLAIN) & (decimal != ",") | text.str.fullmatch(r"[+-]?\d+")
    spaced = text.str.fullmatch(_THOUSANDS)
    comma = text.str.fullmatch(_COMMA) & (decimal != ".")
    if decimal != ",":
        comma &= ~text.str.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}")
    else:
        plain |= text.str.fullmatch(r"[+-]?\d+\.0+")  # what a spreadsheet makes of a whole number
    readable = plain | comma | spaced
    clean = text.where(readable, "nan").str.replace(" ", "", regex=False).str.replace(",", ".", regex=False)
    return clean.astype("float64"), ~blank & ~readable


def as_code(column: pd.Series) -> pd.Series:
    """The column as text codes: 1, 1.0 and "1.0" are all "1", true is "true", spaces around are gone. Blank is null.

    >>> as_code(pd.Series([1.0, 2.0, None])).tolist()
    ['1', '2', nan]
    """
    if column.dtype.kind in "mM":
        column = column.astype("str")
    places, words = pd.factorize(column)
    written = np.array([*(_code(word) for word in words), None], dtype=object)
    return pd.Series(written[places], index=column.index).astype("str")


def _code(value: object) -> str | None:
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if isinstance(value, float | np.floating):
        return str(int(value)) if np.isfinite(value) and float(value).is_integer() else repr(float(value))
    text = str(value).strip()
    whole, dot, rest = text.partition(".")
    text = whole if dot and rest and not rest.strip("0") and whole.lstrip("-").isdigit() else text
    return text or None
