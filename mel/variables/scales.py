"""Several items as one score, by the items' ids and never by their place: the order of items differs between versions of a scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from mel.errors import InputError, Problem, UsageError
from mel.errors.variables import SCALE_ITEMS_WRONG, SCALE_OUT_OF_RANGE
from mel.formats.numbers import to_numbers
from mel.model.scales import Scale

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
    refuse_items(frame, items, reverse, low, high)
    points, problems = points_of(frame, items, low=low, high=high, reverse=reverse)
    if problems:
        raise InputError(problems)
    return _scored(points, how, most_missing)


def scored(frame: pd.DataFrame, scale: Scale) -> tuple[dict[str, pd.Series], list[Problem]]:
    """Every score a scale makes (the whole, its subscales, its band) by the variable's id; and every answer outside it.

    Missing: as in `score`. A band is the one a score lies in, and null where there is no score.
    """
    points, problems = points_of(frame, scale.item_ids, low=scale.low, high=scale.high, reverse=scale.reversed_ids)
    if problems:
        return {}, problems
    found = {scale.id: _scored(points, scale.how, scale.most_missing)}
    found |= {part.id: _scored(points[list(part.items)], scale.how, scale.most_missing) for part in scale.subscales}
    if scale.bands:
        found[scale.band_id] = _banded(found[scale.id], scale)
    return found, []


def points_of(
    frame: pd.DataFrame, items: Sequence[str], *, low: float, high: float, reverse: Sequence[str] = ()
) -> tuple[pd.DataFrame, list[Problem]]:
    """Each item's points, those in `reverse` turned round, null where there is no answer; and the items with answers outside."""
    answers, problems = {}, []
    for item in items:
        numbers, unreadable = to_numbers(frame[item])
        outside = unreadable | (numbers < low) | (numbers > high)
        if outside.any():
            problems.append(SCALE_OUT_OF_RANGE.at(item=item, low=f"{low:g}", high=f"{high:g}", rows=int(outside.sum())))
        answers[item] = low + high - numbers if item in reverse else numbers
    return pd.DataFrame(answers, index=frame.index), problems


def _scored(points: pd.DataFrame, how: str, most_missing: float) -> pd.Series:
    # A hair's breadth: 2 of 10 items are 20 %, whatever the floating point says.
    enough = points.isna().mean(axis=1) <= most_missing + 1e-12
    average = points.mean(axis=1).where(enough)
    return average * points.shape[1] if how == "sum" else average


def _banded(scores: pd.Series, scale: Scale) -> pd.Series:
    found = pd.Series(pd.NA, index=scores.index, dtype="str")
    for band in scale.bands:
        # A mean of five items may be a hair below the number it is.
        found = found.where(~(scores >= band.from_ - 1e-9), band.code)
    return found


def refuse_items(frame: pd.DataFrame, items: Sequence[str], reverse: Sequence[str], low: float, high: float) -> None:
    """Raises: UsageError with everything that is wrong with a list of items."""
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
