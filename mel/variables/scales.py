"""Several items as one score, by the items' ids and never by their place: the order of items differs between versions of a scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from mel.errors import InputError, UsageError
from mel.errors.variables import SCALE_ITEMS_WRONG, SCALE_OUT_OF_RANGE
from mel.formats.numbers import to_numbers

MOST_MISSING = 0.2


def score(
    frame: pd.DataFrame,
    items: Sequence[str],
    *,
    low: float,
    high: float,
    reverse: Sequence[str] = (),
    how: Literal["sum", "mean"] = "sum",
    most_missing: float = MOST_MISSING,
) -> pd.Series:
    """A person's score over the items of a scale, each from `low` to `high`; those in `reverse` are turned round.

    Unit: points; `sum` runs from items × low to items × high, `mean` from low to high.
    Missing: up to `most_missing` of the items (20 %) the answered ones stand for the others; with more missing there is no score.
    Raises: InputError for an answer outside the scale; UsageError for items that are not there, twice, or turned round and not among them.
    Checked: tests/spec/variables/test_scales.py.

    >>> score(pd.DataFrame({"a": [0, 3], "b": [3, 0]}), ["a", "b"], low=0, high=3, reverse=["b"]).tolist()
    [0.0, 6.0]
    """
    _refuse(frame, items, reverse, low, high)
    answers, problems = {}, []
    for item in items:
        numbers, unreadable = to_numbers(frame[item])
        outside = unreadable | (numbers < low) | (numbers > high)
        if outside.any():
            problems.append(SCALE_OUT_OF_RANGE.at(item=item, low=f"{low:g}", high=f"{high:g}", rows=int(outside.sum())))
        answers[item] = low + high - numbers if item in reverse else numbers
    if problems:
        raise InputError(problems)
    table = pd.DataFrame(answers, index=frame.index)
    # A hair's breadth: 2 of 10 items are 20 %, whatever the floating point says.
    enough = table.isna().mean(axis=1) <= most_missing + 1e-12
    average = table.mean(axis=1).where(enough)
    return average * len(items) if how == "sum" else average


def _refuse(frame: pd.DataFrame, items: Sequence[str], reverse: Sequence[str], low: float, high: float) -> None:
    faults = []
    if not items:
        faults.append("there is none")
    if twice := sorted({item for item in items if list(items).count(item) > 1}):
        faults.append(f"{', '.join(twice)} stand there twice")
    if absent := [item for item in items if item not in frame]:
        faults.append(f"{', '.join(absent)} are not in the data")
    if strange := [item for item in reverse if item not in items]:
        faults.append(f"{', '.join(strange)} are turned round and not among the items")
    if low >= high:
        faults.append("low is not below high")
    if faults:
        raise UsageError([SCALE_ITEMS_WRONG.at(fault=fault) for fault in faults])
