"""What does one cell of alliance.xlsx say, and how is a value written into one? Both ways of each kind of cell, side by side."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from mel.collection.alliance_layout import CellKind
from mel.formats.toml_text import inline, read_inline

_YES, _NO = ("yes", "true", "1", "1.0"), ("no", "false", "0", "0.0")


class UnclearCell(ValueError):
    """The cell has another form than its column asks for."""


SPOKEN = {"tab": "\t"}
"""Choices that cannot be seen in a cell, by the word that stands for them."""


def is_blank(value: Any) -> bool:
    """True for an empty cell, or one with nothing but blanks."""
    return value is None or (isinstance(value, str) and not value.strip())


def read_cell(value: Any, kind: CellKind) -> Any:
    """The value of a cell that is not blank. What a person typed wrongly stays as it is, for the model to refuse by name.

    Raises: UnclearCell where the cell has a form of its own and is not in it.
    """
    if kind == "number":
        return _number(value)
    if kind == "date":
        return _date(value)
    text = text_of(value)
    if kind == "yes_no":
        return True if text.lower() in _YES else False if text.lower() in _NO else text
    if kind == "text_or_no":
        return False if text.lower() in ("no", "false") else text
    if kind == "number_or_text":
        return _number(value) if isinstance(value, int | float) and not isinstance(value, bool) else _as_number(text)
    if kind == "choice":
        return SPOKEN.get(text.lower(), text)
    readers = {"list": split_list, "by": _by, "pairs": _pairs, "toml": _toml}
    return readers[kind](text) if kind in readers else text


def write_cell(value: Any, kind: CellKind) -> str | float | None:
    """The cell that `read_cell` reads back as `value`."""
    if value is None:
        return None
    if kind in ("number", "number_or_text") and not isinstance(value, str):
        return float(value) if isinstance(value, float) else int(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "choice":
        return next((word for word, sign in SPOKEN.items() if sign == value), str(value))
    if kind == "list":
        return join_list(str(part) for part in value)
    if kind == "by":
        return join_list(" x ".join(margin) for margin in value)
    if kind == "pairs":
        return join_list(f"{name} = {part}" for name, part in value.items())
    if kind == "toml":
        return inline(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def text_of(value: Any) -> str:
    """A cell as text: 1.0 is typed 1, a date as year-month-day."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | datetime) else str(value).strip()


def split_list(text: str) -> list[str]:
    """Parts between semicolons or line breaks; a part that holds one itself stands in double quotes."""
    rows = csv.reader(text.splitlines(), delimiter=";", skipinitialspace=True)
    return [part.strip() for row in rows for part in row if part.strip()]


def join_list(parts: Iterable[str]) -> str | None:
    """Parts as `a; b`."""
    needed = ('"' + part.replace('"', '""') + '"' if ";" in part or part.startswith('"') else part for part in parts)
    return "; ".join(needed) or None


def _number(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float) else text_of(value)


def _as_number(text: str) -> Any:
    try:
        return _number(float(text))
    except ValueError:
        return text


def _date(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value.isoformat()
    return value if isinstance(value, date) else text_of(value)


def _by(text: str) -> list[list[str]]:
    return [[d.strip() for d in re.split(r"\s+[xX]\s+|\s*[×*]\s*", margin)] for margin in split_list(text)]


def _pairs(text: str) -> dict[str, str]:
    parts = [part.partition("=") for part in split_list(text)]
    if any(not equals or not name.strip() or not value.strip() for name, equals, value in parts):
        raise UnclearCell(text)
    return {name.strip(): value.strip() for name, _, value in parts}


def _toml(text: str) -> Mapping[str, Any]:
    try:
        read = read_inline(text)
    except ValueError:
        raise UnclearCell(text) from None
    if not isinstance(read, Mapping):
        raise UnclearCell(text)
    return read
