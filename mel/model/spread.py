"""How much do two numbers differ, and how sure is that? Differences and ratios with t intervals, from variances that are given.

Where the variances come from is `mel.model.covariance`'s; which figures are held against each other is the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
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


def difference(a: Floats, b: Floats, variance: Floats, df: Floats, level: Floats | float) -> Spread:
    """A − b with a t interval."""
    return around(a - b, variance, df, level)


def around(estimate: Floats, variance: Floats, df: Floats, level: Floats | float) -> Spread:
    """A number that is a sum of figures, with a t interval."""
    se = np.sqrt(np.maximum(variance, 0.0))
    half = t_quantile(df, level) * se
    return Spread(estimate, se, estimate - half, estimate + half, df)


def ratio(a: Floats, b: Floats, se_a: Floats, se_b: Floats, together: Floats, df: Floats, level: Floats | float) -> Spread:
    """A / b with an interval on the log scale; null where one of them is not above zero.

    Source: delta method, var ln(a / b) = V_a / a² + V_b / b² − 2 C_ab / (ab).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        usable = (a > 0) & (b > 0)
        estimate = np.where(usable, a / b, np.nan)
        log_se = np.sqrt(np.maximum((se_a / a) ** 2 + (se_b / b) ** 2 - 2 * together / (a * b), 0.0))
        half = t_quantile(df, level) * log_se
        return Spread(estimate, estimate * log_se, estimate * np.exp(-half), estimate * np.exp(half), df)


def t_quantile(df: Floats, level: Floats | float) -> Floats:
    """Two-sided; null without degrees of freedom."""
    from scipy import special

    found: Floats = np.asarray(special.stdtrit(np.where(df > 0, df, np.nan), 0.5 + level / 2), dtype=np.float64)
    return found
