"""Where in its file a cell of a table stands. Turns 'these rows are wrong' into one problem a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mel.codes import FILE, PARTNER, RESERVED, ROW, SHEET
from mel.errors import Problem, Template

_IDENTIFYING = re.compile(
    r"(^|[_./-])(name|nom|nombre|nome|phone|tel|telefono|mobile|gps|geo|lat|latitude|lon|longitude|email|mail|address|adresse|direccion"
    r"|passport|id_?card|user(name)?|signature|firstname|lastname|surname)s?($|[_./-])",
    re.IGNORECASE,
)


def places(frame: pd.DataFrame, rows: pd.Series) -> list[dict[str, Any]]:
    """File, sheet and row of each row where the condition holds, as the keywords of `Template.at`."""
    held = np.flatnonzero(rows.fillna(False).to_numpy(dtype=bool))
    if not len(held):
        return []
    named = [_plain(frame[column].iloc[held]) if column in frame else [None] * len(held) for column in (FILE, SHEET, ROW)]
    return [
        {"file": file, "sheet": sheet, "row": None if row is None else int(row)}
        for file, sheet, row in zip(*named, strict=True)
    ]  # fmt: skip


def at_rows(
    template: Template,
    frame: pd.DataFrame,
    rows: pd.Series,
    *,
    column: str | None = None,
    each: Mapping[str, Sequence[Any]] | None = None,
    **values: Any,
) -> list[Problem]:
    """One problem for each row where the condition holds; `each` gives a value a problem, in the rows' order."""
    found = places(frame, rows)
    more = [dict(zip(each, given)) for given in zip(*each.values(), strict=True)] if each else [{}] * len(found)
    return [template.at(column=column, **place, **values, **extra) for place, extra in zip(found, more, strict=True)]


def of_file(first: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """` of other.xlsx` when the first one stands in another file or sheet, nothing when it is the same."""
    other = [str(first[key]) for key in ("file", "sheet") if first[key] and first[key] != here[key]]
    return f" of {', '.join(other)}" if other else ""


def file_of(frame: pd.DataFrame) -> str | None:
    """The file all rows come from; None when they come from several, or it is not known."""
    names = set(_plain(frame[FILE])) if FILE in frame else set()
    return str(next(iter(names))) if len(names) == 1 and None not in names else None


def is_identifying(name: str) -> bool:
    """True for a column whose name says that it tells who somebody is: never quoted, not even a code of it."""
    return bool(_IDENTIFYING.search(name))


def is_reserved(name: str) -> bool:
    return name in RESERVED or name in (PARTNER, "_parent") or name.startswith("_")


def _plain(column: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in column]
