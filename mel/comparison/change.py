"""What moved between two rounds, and could that be chance? The declared relation of the rounds decides how sure a change is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.comparison.differences import (
    CANNOT_COMPARE,
    MISSING,
    NO_TEST,
    NOT_POSITIVE,
    UNCLEAR,
    Spread,
    comparable,
    difference,
    paired,
    ratio,
    rows_for,
    tested,
)
from mel.comparison.figures import Figures, Rows, covariances, joint_dfs
from mel.errors import InputError
from mel.errors.comparison import ROUNDS_NOT_DECLARED
from mel.model.estimates import KEYS_AFTER, Estimates
from mel.model.multiplicity import p_values
from mel.model.quantities import Floats

Pair = tuple[str, str]
NO_ZERO = ("score", "quantile")
"""Kinds of which a ratio says nothing: where a scale begins is a convention; quantiles are not compared."""


def rounds_of(estimates: Estimates, dataset: str) -> list[str]:
    """A dataset's rounds in the order they were asked."""
    if dataset in estimates.cubes:
        return list(estimates.cubes[dataset].rounds)
    table = estimates.table
    return list(dict.fromkeys(table.loc[table["dataset"] == dataset, "round"]))


def round_pairs(figures: Figures, pairs: Sequence[Pair] | None) -> list[tuple[str, Pair]]:
    """The pairs of rounds to compare, by dataset: those asked for, else each round and the next.

    Raises: InputError where a probability sample's rounds are compared and nobody said how they relate.
    """
    estimates, found, undeclared = figures.estimates, [], []
    for dataset in dict.fromkeys(figures.table["dataset"]):
        rounds = rounds_of(estimates, dataset)
        wanted = list(pairwise(rounds)) if pairs is None else [p for p in pairs if set(p) <= set(rounds)]
        chance = (figures.table.loc[figures.table["dataset"] == dataset, "basis"] == "probability").any()
        if wanted and chance and estimates.rounds.get(dataset) is None:
            undeclared.append(ROUNDS_NOT_DECLARED.at(dataset=dataset))
            continue
        found += [(str(dataset), pair) for pair in wanted]
    if undeclared:
        raise InputError(undeclared)
    return found


def changes(figures: Figures, pairs: Sequence[tuple[str, Pair]]) -> list[pd.DataFrame]:
    """Rows of `change` (this round − `from_round`) and `change_ratio`, for every figure that both rounds have a row for."""
    return [part for dataset, (before, after) in pairs for part in _between(figures, dataset, before, after)]


@dataclass(frozen=True)
class _Two:
    """Two rounds' figures, row by row: `a` the later, `b` the earlier."""

    a: Rows
    b: Rows
    before: str
    can: npt.NDArray[np.bool_]
    why: npt.NDArray[Any]


def _between(figures: Figures, dataset: str, before: str, after: str) -> list[pd.DataFrame]:
    a, b = _matched(figures, dataset, before, after)
    can, why = comparable(figures, a, b)
    two = _Two(a, b, before, can, why)
    test = can & tested(figures, a, b)
    value_a, value_b = (np.where(can, figures.of("estimate", rows), np.nan) for rows in (a, b))
    se_a, se_b = (np.where(test, figures.of("se", rows), np.nan) for rows in (a, b))
    together, df = np.full(len(a), np.nan), np.full(len(a), np.nan)
    together[test], df[test] = _together(figures, a[test], b[test], figures.estimates.rounds.get(dataset))
    level = figures.estimates.level
    found = difference(value_a, value_b, se_a**2 + se_b**2 - 2 * together, df, level)
    rows = _rows(figures, two, "change", found, 0.0).assign(p=p_values(found.estimate, found.se, found.df))
    zero = ~np.isin(figures.kinds(a), NO_ZERO)
    if not zero.any():
        return [rows]
    times = ratio(value_a, value_b, se_a, se_b, together, df, level)
    divides = can & np.isfinite(times.estimate)
    why = np.where(divides | (why == MISSING), why, np.where(can, NOT_POSITIVE, why))
    ratios = _rows(figures, _Two(a, b, before, divides, why), "change_ratio", times, 1.0)
    return [rows, ratios[zero].reset_index(drop=True)]


def _rows(figures: Figures, two: _Two, measure: str, found: Spread, equal: float) -> pd.DataFrame:
    a, b, can = two.a, two.b, two.can
    return rows_for(
        figures, a, measure=np.full(len(a), measure, dtype=object), from_round=np.full(len(a), two.before, dtype=object),
        value_a=figures.of("estimate", a), value_b=figures.of("estimate", b), estimate=found.estimate, se=found.se, ci_low=found.low,
        ci_high=found.high, df=np.where(can, found.df, np.nan),
        status=_status(can, figures.of("basis", a), found.low - equal, found.high - equal), inputs=paired(figures, a, b), note=two.why,
    )  # fmt: skip


def _matched(figures: Figures, dataset: str, before: str, after: str) -> tuple[Rows, Rows]:
    """The rows of the later round, each with its row of the earlier one."""
    keys = ["indicator", "version", *figures.dimensions, *KEYS_AFTER]
    here = figures.table.loc[figures.table["dataset"] == dataset, [*keys, "round"]].assign(_at=lambda t: t.index)
    both = here[here["round"] == after].merge(here[here["round"] == before], on=keys, suffixes=("_a", "_b"))
    return both["_at_a"].to_numpy(np.int64), both["_at_b"].to_numpy(np.int64)


def _together(figures: Figures, a: Rows, b: Rows, relation: str | None) -> tuple[Floats, Floats]:
    """The covariance of two rounds' figures and their joint degrees of freedom: of independent rounds none, and both added."""
    if relation == "independent":
        return np.zeros(len(a)), figures.of("df", a) + figures.of("df", b)
    return covariances(figures, a, b), joint_dfs(figures, a, b)


def _status(can: Any, basis: Any, low: Floats, high: Floats) -> Any:
    moved = np.where(low > 0, "up", np.where(high < 0, "down", UNCLEAR))
    return np.where(~can, CANNOT_COMPARE, np.where(basis == "probability", moved, NO_TEST)).astype(object)
