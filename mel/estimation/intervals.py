"""How sure is a figure? Confidence intervals from an estimate, its standard error, n and the degrees of freedom.

Each proportion's interval is R `survey`'s `svyciprop` of that name, with the domain's own degrees of freedom:
`logit` (method logit), `wilson` (method wilson), `korn_graubard` (method beta, the effective sample not capped at n); and
`korn_graubard_capped`, as the United States' National Center for Health Statistics has it: no more people than answered.

Source: Korn & Graubard (1998), Survey Methodology 24, 193-201; Lumley, R package survey 4.5; NCHS (2017), Vital and Health
Statistics 2 (175).
Checked: tests/reference/survey.
"""

from __future__ import annotations

import numpy as np

from mel.model.spread import Floats
from mel.model.spread import t_quantile as quantile


def t_interval(estimate: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    """Estimate ± t · se, for means, totals, ratios and differences."""
    half = quantile(df, level) * se
    return estimate - half, estimate + half


def proportion_interval(how: str, p: Floats, se: Floats, n: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    """An interval that stays within 0 and 1. Null where everybody, or nobody, said yes: there is no spread to start from."""
    with np.errstate(invalid="ignore", divide="ignore"):
        usable = (se > 0) & (p > 0) & (p < 1)
        low, high = HOW[how](p, se, n, df, level)
        return np.where(usable, low, np.nan), np.where(usable, high, np.nan)


def _logit(p: Floats, se: Floats, n: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:  # noqa: ARG001
    """On the log odds, where the standard error is se / (p (1 − p))."""
    middle, half = np.log(p / (1 - p)), quantile(df, level) * se / (p * (1 - p))
    return 1 / (1 + np.exp(half - middle)), 1 / (1 + np.exp(-half - middle))


def _wilson(p: Floats, se: Floats, n: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:  # noqa: ARG001
    """Wilson's score interval on p (1 − p) / V people. R widens by (t_df / t_n−1)² and takes t_n−1: the two cancel."""
    people, t = p * (1 - p) / se**2, quantile(df, level)
    centre, half = p + t * t / (2 * people), t * np.sqrt(p * (1 - p) / people + t * t / (4 * people * people))
    return (centre - half) / (1 + t * t / people), (centre + half) / (1 + t * t / people)


def _korn_graubard(p: Floats, se: Floats, n: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    """Clopper-Pearson on the effective sample, p (1 − p) / V × (t_n−1 / t_df)²."""
    return clopper_pearson(p, effective_people(p, se, n, df, level), level)


def _korn_graubard_capped(p: Floats, se: Floats, n: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    """The same on no more people than answered."""
    return clopper_pearson(p, np.minimum(effective_people(p, se, n, df, level), n), level)


def effective_people(p: Floats, se: Floats, n: Floats, df: Floats, level: float) -> Floats:
    """The effective sample for an interval of this level: p (1 − p) / V × (t_n−1 / t_df)²."""
    return np.asarray(p * (1 - p) / se**2 * (quantile(n - 1, level) / quantile(df, level)) ** 2, dtype=np.float64)


def clopper_pearson(p: Floats, people: Floats, level: float) -> tuple[Floats, Floats]:
    """The exact binomial interval of a share p among so many people, who need not be a whole number."""
    from scipy import special

    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(p > 0, special.betaincinv(np.maximum(people * p, TINY), people * (1 - p) + 1, tail), 0.0)
        high = np.where(p < 1, special.betaincinv(people * p + 1, np.maximum(people * (1 - p), TINY), 1 - tail), 1.0)
    known = np.isfinite(people)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


TINY = 1e-300
"""Keeps a shape parameter above zero where its bound is known to be 0 or 1."""

HOW = {"logit": _logit, "wilson": _wilson, "korn_graubard": _korn_graubard, "korn_graubard_capped": _korn_graubard_capped}
"""The intervals of a share that are offered, by name."""
