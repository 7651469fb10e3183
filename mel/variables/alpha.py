"""Do the items of a scale hang together? Cronbach's alpha, and what each item adds to it.

It does not say that a scale measures one thing, nor that it measures what its name says; a long scale has a high alpha anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.errors import CannotSay, InputError, UsageError
from mel.errors.variables import ALPHA_NO_SPREAD, ALPHA_TOO_FEW_ITEMS, ALPHA_TOO_FEW_PEOPLE, ALPHA_WEIGHTS_WRONG
from mel.formats.numbers import to_numbers
from mel.variables.scales import points_of, refuse_items

FEWEST_ITEMS, FEWEST_PEOPLE = 2, 3
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Consistency:
    """What `cronbach_alpha` found. `n` answered every item; `n_left_out` did not, and are not in it.

    `items` has a row an item, and one for the score of the whole (`item` = score): n, mean, item_rest (correlation with the sum of
    the others), alpha_if_dropped, n_floor and n_ceiling (people at the lowest and the highest point), floor and ceiling (their
    shares). Null where it means nothing: alpha of one item, a correlation with something that does not vary.
    """

    alpha: float
    n: int
    n_left_out: int
    weighted: bool
    items: pd.DataFrame


def cronbach_alpha(
    frame: pd.DataFrame,
    items: Sequence[str],
    *,
    low: float,
    high: float,
    reverse: Sequence[str] = (),
    weight: str | None = None,
) -> Consistency:
    """Cronbach's alpha of these items, over the people who answered all of them: k / (k − 1) × (1 − Σ item variances / variance of the sum).

    `weight`: a column of survey weights, which then enter every mean, variance and share; the counts stay people.
    Source: Cronbach (1951), Coefficient alpha and the internal structure of tests, Psychometrika 16.
    Unit: at most 1; below 0 where items pull against each other, most often because one was not turned round.
    Missing: listwise; `n_left_out` says how many that are.
    Raises: UsageError for fewer than two items; CannotSay for fewer than three people, or answers that do not vary; InputError for
    an answer outside the scale or a weight that is missing or below 0.
    Checked: tests/reference/variables/test_alpha.py (R).

    >>> frame = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "c": [1, 3, 2, 4]})
    >>> round(cronbach_alpha(frame, ["a", "b", "c"], low=1, high=4).alpha, 6)
    0.724138
    """
    refuse_items(frame, items, reverse, low, high)
    if len(items) < FEWEST_ITEMS:
        raise UsageError(ALPHA_TOO_FEW_ITEMS.at(items=len(items)))
    points, problems = points_of(frame, items, low=low, high=high, reverse=reverse)
    if problems:
        raise InputError(problems)
    complete = points.notna().all(axis=1).to_numpy()
    weights = _weights(frame, weight)[complete]
    table = points.to_numpy(dtype=np.float64)[complete]
    counting = int(np.count_nonzero(weights))
    if counting < FEWEST_PEOPLE:
        raise CannotSay(ALPHA_TOO_FEW_PEOPLE.at(n=_few(counting), fewest=FEWEST_PEOPLE))
    shared = _covariance(table, weights)
    if shared.sum() <= 1e-12 * max(1.0, np.abs(shared).max()):
        raise CannotSay(ALPHA_NO_SPREAD.at(items=list(items)))
    about = _about(list(items), table, weights, shared, low, high)
    return Consistency(_alpha(shared), len(table), int((~complete).sum()), weight is not None, about)


def _few(n: int) -> str:
    return {0: "nobody", 1: "one person"}.get(n, f"{n} people")


def _weights(frame: pd.DataFrame, name: str | None) -> Floats:
    if name is None:
        return np.ones(len(frame))
    if name not in frame:
        raise UsageError(ALPHA_WEIGHTS_WRONG.at(name=name, fault="is not in the data"))
    found = to_numbers(frame[name])[0].to_numpy(dtype=np.float64)
    if not (np.isfinite(found) & (found >= 0)).all():
        raise InputError(ALPHA_WEIGHTS_WRONG.at(name=name, fault="is missing, infinite, no number or below 0 in some rows"))
    return np.asarray(found, dtype=np.float64)


def _covariance(table: Floats, weights: Floats) -> Floats:
    """Weighted covariances of the columns; the divisor falls out of alpha and of a correlation."""
    share = weights / weights.sum()
    centred = table - share @ table
    return np.asarray((centred * share[:, None]).T @ centred, dtype=np.float64)


def _alpha(shared: Floats) -> float:
    k, whole = len(shared), shared.sum()
    return float(k / (k - 1) * (1 - np.trace(shared) / whole)) if k > 1 and whole > 1e-12 else float("nan")


def _about(items: list[str], table: Floats, weights: Floats, shared: Floats, low: float, high: float) -> pd.DataFrame:
    rows = [_row(name, table[:, at], weights, low, high) | _with_others(shared, at) for at, name in enumerate(items)]
    k = len(items)
    none = {"item_rest": np.nan, "alpha_if_dropped": np.nan}
    return pd.DataFrame([*rows, _row("score", table.sum(axis=1), weights, low * k, high * k) | none])


def _row(name: str, points: Floats, weights: Floats, low: float, high: float) -> dict[str, object]:
    floor, ceiling, share = points == low, points == high, weights / weights.sum()
    return {
        "item": name, "n": len(points), "mean": float(share @ points), "n_floor": int(floor.sum()), "floor": float(share @ floor),
        "n_ceiling": int(ceiling.sum()), "ceiling": float(share @ ceiling),
    }  # fmt: skip


def _with_others(shared: Floats, at: int) -> dict[str, float]:
    """How an item goes with the sum of the others, and what alpha is without it."""
    others = np.delete(np.arange(len(shared)), at)
    rest = shared[np.ix_(others, others)]
    spread = shared[at, at] * rest.sum()
    together = shared[at, others].sum() / np.sqrt(spread) if spread > 1e-24 else np.nan
    return {"item_rest": float(together), "alpha_if_dropped": _alpha(rest)}
