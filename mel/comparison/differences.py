"""Which figures can be held against each other, and in which rows does what was found stand?

How much two figures differ, and how sure that is, is `mel.model.spread`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import ALL
from mel.comparison.figures import Figures, Rows
from mel.model.comparisons import VALUES
from mel.model.estimates import KEYS_AFTER, KEYS_BEFORE
from mel.model.spread import ALL_ALIKE, MISSING, NOT_POSITIVE, TWO_BASES, Spread, difference, ratio, t_quantile

__all__ = [
    "ALL_ALIKE", "CANNOT_COMPARE", "MISSING", "NOT_POSITIVE", "NO_TEST", "TWO_BASES", "UNCLEAR", "Spread", "as_one", "comparable",
    "difference", "everybody", "paired", "ratio", "rows_for", "t_quantile", "tested",
]  # fmt: skip

CANNOT_COMPARE, NO_TEST, UNCLEAR = "cannot_compare", "no_test", "unclear"
TWO_QUANTILES = (
    "How much two medians or other quantiles of a sample differ by chance is not known here, so their difference is not given; "
    "each stands in the table with its own interval."
)


def comparable(figures: Figures, a: Rows, b: Rows) -> tuple[npt.NDArray[np.bool_], npt.NDArray[Any]]:
    """Which pairs can be compared at all, and for the others why not."""
    known = np.isfinite(figures.of("estimate", a)) & np.isfinite(figures.of("estimate", b))
    same = figures.of("basis", a) == figures.of("basis", b)
    drawn = _quantiles(figures, a) & (figures.of("basis", a) == "probability")
    alike = np.zeros(len(a), dtype=np.bool_)
    for rows in (a, b):
        alike |= (figures.of("se", rows) == 0) & np.isnan(figures.of("ci_low", rows))
    why = np.where(~known, MISSING, np.where(~same, TWO_BASES, np.where(drawn, TWO_QUANTILES, np.where(alike, ALL_ALIKE, ""))))
    return known & same & ~drawn, why.astype(object)


def _quantiles(figures: Figures, rows: Rows) -> npt.NDArray[np.bool_]:
    """Which rows are quantiles. No sum stands behind them from which could be seen how two of them vary together."""
    kinds = {key: indicator.kind for key, indicator in figures.estimates.indicators.items()}
    keys = zip(figures.of("indicator", rows), figures.of("version", rows), strict=True)
    return np.array([kinds.get(key) == "quantile" for key in keys], dtype=np.bool_)


def tested(figures: Figures, a: Rows, b: Rows) -> npt.NDArray[np.bool_]:
    """Which pairs carry sampling error on both sides; only those can be tested.

    A group whose answers are all alike has a standard error of zero and no interval: that zero is no certainty.
    """
    found = np.ones(len(a), dtype=np.bool_)
    for rows in (a, b):
        found &= figures.of("basis", rows) == "probability"
        found &= np.isfinite(figures.of("se", rows)) & np.isfinite(figures.of("ci_low", rows))
    return found


def rows_for(figures: Figures, a: Rows, **given: Any) -> pd.DataFrame:
    """Rows of the table of comparisons with the keys of rows `a`; what is not given is null."""
    keys = [*KEYS_BEFORE, *figures.dimensions, *KEYS_AFTER]
    made = {name: figures.of(name, a) for name in (*keys, "basis", "counts")}
    made |= {"disclosure": np.full(len(a), "unchecked", dtype=object)}
    blank = dict.fromkeys(("from_round", "dimension", "group_a", "group_b", "target_date", "rule", "status", "note"), "")
    empty = {name: np.full(len(a), blank.get(name, np.nan)) for name in VALUES if name not in made and name not in given}
    return pd.DataFrame({**made, **empty, **given})[[*keys, *VALUES]]


def paired(figures: Figures, a: Rows, b: Rows) -> npt.NDArray[Any]:
    """The `inputs` of each row: the two figures it was computed from."""
    found = np.empty(len(a), dtype=object)
    for k, (i, j) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        found[k] = (figures.id(i), figures.id(j))
    return found


def everybody(figures: Figures, rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows with every dimension `all`: a gap belongs to the whole, its groups are in columns of their own."""
    return rows.assign(**dict.fromkeys(figures.dimensions, ALL))


def as_one(parts: Sequence[pd.DataFrame], dimensions: Sequence[str]) -> pd.DataFrame:
    """All rows as one table with the columns of Comparisons, also when there are none."""
    columns = [*KEYS_BEFORE, *dimensions, *KEYS_AFTER, *VALUES]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype="str" if name in _TEXTS or name in dimensions else "float64") for name in columns})
    table = pd.concat(filled, ignore_index=True)[columns]
    texts = [name for name in columns if name in _TEXTS or name in dimensions]
    return table.astype(dict.fromkeys(texts, "str"))


_TEXTS = (
    *KEYS_BEFORE, *KEYS_AFTER, "measure", "from_round", "dimension", "group_a", "group_b", "target_date", "rule", "status", "basis",
    "counts", "disclosure", "note",
)  # fmt: skip
