"""Which rows, in words: `row 17 of a.csv, row 40`. Never a cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from mel.codes import FILE, ROW
from mel.errors import Problem
from mel.model.records import Records

FEWEST = 10
MOST_FILES = 3


def people(n: int) -> str:
    """`12 people`; a handful is not counted aloud: a note stands in a report without passing its protection."""
    return f"{n} people" if n >= FEWEST else f"fewer than {FEWEST} people"


def first_rows(frame: pd.DataFrame, rows: pd.Series, most: int = 5) -> str:
    """The first of these rows as a person finds them, and how many more there are."""
    held = frame.loc[rows.to_numpy(dtype=bool)]
    if ROW not in held:
        return f"{len(held)} rows"
    several = FILE in held and held[FILE].nunique() > 1
    files = held[FILE] if FILE in held else pd.Series("", index=held.index)
    named = [f"row {int(row)}{f' of {file}' if several else ''}" for row, file in zip(held[ROW].head(most), files.head(most), strict=True)]
    more = f" and {len(held) - most} more" if len(held) > most else ""
    return ", ".join(named) + more


def placed(problems: Iterable[Problem], records: Records) -> list[Problem]:
    """The problems, once each, with the files they were found in where nothing says so yet."""
    files = list(dict.fromkeys(records.frame[FILE].dropna().astype(str))) if FILE in records.frame else []
    told = ", ".join(files) if 0 < len(files) <= MOST_FILES else f"dataset '{records.dataset}'"
    return [problem if problem.file or problem.key else replace(problem, file=told) for problem in dict.fromkeys(problems)]
