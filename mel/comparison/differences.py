"""How much do two figures differ, and how sure is that? Differences, ratios and the rows that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import ALL
from mel.comparison.figures import Figures, Rows
from mel.model.comparisons import VALUES
from mel.model.cube import Floats
from mel.model.estimates import KEYS_AFTER, KEYS_BEFORE

CANNOT_COMPARE, NO_TEST, UNCLEAR = "cannot_compare", "no_test", "unclear"
MISSING = "One of the two figures is missing."
TWO_BASES = "The two figures come from people who were found in different ways, so they cannot be compared."
ALL_ALIKE = "In one of the two everybody answered alike, so there is no spread to judge the difference by."
NOT_POSITIVE = "A ratio needs two figures above zero."


@dataclass(frozen=True, slots=True)
class Spread:
    """A comparison's precision: null where there is none."""

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    df: Floats


def difference(a: Floats, b: Floats, variance: Floats, df: Floats, level: float) -> Spread:
    """A − b with a t interval."""
    se = np.sqrt(np.maximum(variance, 0.0))
    half = t_quantile(df, level) * se
    return Spread(a - b, se, a - b - half, a - b + half, df)


def ratio(a: Floats, b: Floats, se_a: Floats, se_b: Floats, together: Floats, df: Floats, level: float) -> Spread:
    """A / b with an interval on the log scale; null where one of them is not above zero.

    Source: delta method, var ln(a / b) = V_a / a² + V_b / b² − 2 C_ab / (ab).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        usable = (a > 0) & (b > 0)
        estimate = np.where(usable, a / b, np.nan)
        log_se = np.sqrt(np.maximum((se_a / a) ** 2 + (se_b / b) ** 2 - 2 * together / (a * b), 0.0))
        half = t_quantile(df, level) * log_se
        return Spread(estimate, estimate * log_se, estimate * np.exp(-half), estimate * np.exp(half), df)


def t_quantile(df: Floats, level: float) -> Floats:
    """Two-sided; null without degrees of freedom."""
    from scipy import special

    found: Floats = np.asarray(special.stdtrit(np.where(df > 0, df, np.nan), 0.5 + level / 2), dtype=np.float64)
    return found


def comparable(figures: Figures, a: Rows, b: Rows) -> tuple[npt.NDArray[np.bool_], npt.NDArray[Any]]:
    """Which pairs can be compared at all, and for the others why not."""
    known = np.isfinite(figures.of("estimate", a)) & np.isfinite(figures.of("estimate", b))
    same = figures.of("basis", a) == figures.of("basis", b)
    alike = np.zeros(len(a), dtype=np.bool_)
    for rows in (a, b):
        alike |= (figures.of("se", rows) == 0) & np.isnan(figures.of("ci_low", rows))
    why = np.where(~known, MISSING, np.where(~same, TWO_BASES, np.where(alike, ALL_ALIKE, "")))
    return known & same, why.astype(object)


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
    blank = dict.fromkeys(("from_round", "dimension", "group_a", "group_b", "rule", "status", "note"), "")
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
    *KEYS_BEFORE, *KEYS_AFTER, "measure", "from_round", "dimension", "group_a", "group_b", "rule", "status", "basis", "counts",
    "disclosure", "note",
)  # fmt: skip
