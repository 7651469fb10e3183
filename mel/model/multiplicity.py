"""How surprising is a difference among the many that are shown? The t test of each, and Benjamini and Hochberg's adjustment of all.

Only differences are tested: their ratios say the same thing again. Which rows form a family is decided here once, so that what is
withheld can be left out of it later: the family is what a reader is shown.

Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57. They bound the expected part of false ones
among those called clear, also for figures of one sample that vary together in the same direction; elsewhere it is a good guide.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mel.model.quantities import Floats

TESTED = ("change", "gap_difference", "gap_change")
"""Each of these measures is one family: all changes, all gaps, all changes of gaps."""


def p_values(estimate: Floats, se: Floats, df: Floats) -> Floats:
    """Two-sided p of a t test that the true difference is zero; null where there is no standard error above zero.

    >>> [round(float(p), 3) for p in p_values(np.array([2.0, 0.0]), np.array([1.0, 1.0]), np.array([60.0, 60.0]))]
    [0.05, 1.0]
    """
    from scipy import special

    with np.errstate(invalid="ignore", divide="ignore"):
        usable = (se > 0) & (df > 0)
        found: Floats = np.where(
            usable, 2 * special.stdtr(np.where(usable, df, 1.0), -np.abs(estimate / np.where(usable, se, np.nan))), np.nan
        )
    return found


def false_discovery(p: Floats) -> Floats:
    """Benjamini–Hochberg adjusted p of one family; a null stays null and counts for nothing.

    >>> [round(float(q), 3) for q in false_discovery(np.array([0.01, 0.04, 0.03, np.nan]))]
    [0.03, 0.04, 0.04, nan]
    """
    out = np.full(len(p), np.nan)
    there = np.flatnonzero(np.isfinite(p))
    if len(there):
        order = there[np.argsort(p[there], kind="stable")]
        raised = p[order] * len(order) / np.arange(1, len(order) + 1)
        out[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return out


def adjusted(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `p_adjusted` over each family of rows that have a p."""
    q = np.full(len(table), np.nan)
    p = table["p"].to_numpy(dtype=np.float64)
    for measure in TESTED:
        family = (table["measure"] == measure).to_numpy(dtype=bool)
        q[family] = false_discovery(p[family])
    return table.assign(p_adjusted=q)
