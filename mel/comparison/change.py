"""What moved between two rounds, and could that be chance? The declared relation of the rounds decides how sure a change is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from mel.comparison.differences import CANNOT_COMPARE, NO_TEST, UNCLEAR, comparable, difference, paired, rows_for, tested
from mel.comparison.figures import Figures, Rows, covariances, joint_dfs
from mel.errors import InputError
from mel.errors.comparison import ROUNDS_NOT_DECLARED
from mel.model.estimates import KEYS_AFTER, Estimates
from mel.model.quantities import Floats

Pair = tuple[str, str]


def rounds_of(estimates: Estimates, dataset: str) -> list[str]:
    """A dataset's rounds in the order they were asked."""
    if dataset in estimates.cubes:
        return list(estimates.cubes[dataset].rounds)
    table = estimates.table
    return list(dict.fromkeys(table.loc[table["dataset"] == dataset, "round"]))


def changes(figures: Figures, pairs: Sequence[Pair] | None) -> list[pd.DataFrame]:
    """Rows of `change`: this round − `from_round`, for every figure that both rounds have a row for.

    Raises: InputError where a probability sample's rounds are compared and nobody said how they relate.
    """
    estimates, parts = figures.estimates, []
    undeclared = []
    for dataset in dict.fromkeys(figures.table["dataset"]):
        rounds = rounds_of(estimates, dataset)
        wanted = list(pairwise(rounds)) if pairs is None else [p for p in pairs if set(p) <= set(rounds)]
        chance = (figures.table.loc[figures.table["dataset"] == dataset, "basis"] == "probability").any()
        if wanted and chance and estimates.rounds.get(dataset) is None:
            undeclared.append(ROUNDS_NOT_DECLARED.at(dataset=dataset))
            continue
        parts += [_between(figures, dataset, *pair) for pair in wanted]
    if undeclared:
        raise InputError(undeclared)
    return parts


def _between(figures: Figures, dataset: str, before: str, after: str) -> pd.DataFrame:
    a, b = _matched(figures, dataset, before, after)
    can, why = comparable(figures, a, b)
    test = can & tested(figures, a, b)
    value_a, value_b = figures.of("estimate", a), figures.of("estimate", b)
    variance, df = np.full(len(a), np.nan), np.full(len(a), np.nan)
    variance[test], df[test] = _variance(figures, a[test], b[test], figures.estimates.rounds.get(dataset))
    found = difference(np.where(can, value_a, np.nan), np.where(can, value_b, np.nan), variance, df, figures.estimates.level)
    return rows_for(
        figures, a, measure=np.full(len(a), "change", dtype=object), from_round=np.full(len(a), before, dtype=object),
        value_a=value_a, value_b=value_b, estimate=found.estimate, se=found.se, ci_low=found.low, ci_high=found.high, df=df,
        status=_status(can, figures.of("basis", a), found.low, found.high), inputs=paired(figures, a, b), note=why,
    )  # fmt: skip


def _matched(figures: Figures, dataset: str, before: str, after: str) -> tuple[Rows, Rows]:
    """The rows of the later round, each with its row of the earlier one."""
    keys = ["indicator", "version", *figures.dimensions, *KEYS_AFTER]
    here = figures.table.loc[figures.table["dataset"] == dataset, [*keys, "round"]].assign(_at=lambda t: t.index)
    both = here[here["round"] == after].merge(here[here["round"] == before], on=keys, suffixes=("_a", "_b"))
    return both["_at_a"].to_numpy(np.int64), both["_at_b"].to_numpy(np.int64)


def _variance(figures: Figures, a: Rows, b: Rows, relation: str | None) -> tuple[Floats, Floats]:
    """Independent rounds: variances and degrees of freedom add. The same clusters or people: their covariance is taken off."""
    alone = figures.of("se", a) ** 2 + figures.of("se", b) ** 2
    if relation == "independent":
        return alone, figures.of("df", a) + figures.of("df", b)
    return alone - 2 * covariances(figures, a, b), joint_dfs(figures, a, b)


def _status(can: Any, basis: Any, low: Floats, high: Floats) -> Any:
    moved = np.where(low > 0, "up", np.where(high < 0, "down", UNCLEAR))
    return np.where(~can, CANNOT_COMPARE, np.where(basis == "probability", moved, NO_TEST)).astype(object)
