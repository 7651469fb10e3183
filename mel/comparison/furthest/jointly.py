"""How wide must intervals be so that all of them hold together? Read from draws of the errors with their full covariance.

Errors are drawn normal with the figures' correlations; of each draw the largest is looked at. What share of single errors may lie
beyond follows from its distribution, and each figure's interval is taken from t with its own degrees of freedom at that share.
Overlapping groups err together, so this is narrower than Bonferroni's, which takes them for strangers.

Source: Hothorn, Bretz & Westfall (2008), Biometrical Journal 50 (max-t).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mel.model.quantities import Floats


@dataclass(frozen=True)
class Jointly:
    """Standard errors of figures, by how many of them an interval reaches out, and draws of their errors (in standard errors)."""

    se: Floats
    times: Floats
    errors: Floats
    """Draws × figures."""


def jointly(covariance: Floats, df: Floats, draws: int, rng: np.random.Generator, level: float) -> Jointly:
    """Joint intervals of figures with this covariance; NaN where a figure has no spread or no degrees of freedom."""
    from scipy.special import ndtr, stdtrit

    se = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    known = (se > 0) & np.isfinite(se)
    errors = rng.standard_normal((draws, len(se)))
    if known.any():
        some = covariance[np.ix_(known, known)] / np.outer(se[known], se[known])
        values, vectors = np.linalg.eigh((some + some.T) / 2)
        errors[:, known] = errors[:, known] @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    usable = known & (df > 0)
    if not usable.any():
        return Jointly(se, np.full(len(se), np.nan), errors)
    largest = np.abs(errors[:, usable]).max(axis=1)
    beyond = float(np.quantile(2 * ndtr(-largest), 1 - level))
    beyond = max(beyond, (1 - level) / int(usable.sum()))  # never stricter than Bonferroni
    times = stdtrit(np.where(usable, df, np.nan), 1 - beyond / 2)
    return Jointly(se, np.asarray(times, dtype=np.float64), errors)
