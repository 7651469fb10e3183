"""How sure is a figure? Confidence intervals from an estimate, its standard error, n and the degrees of freedom.

Each proportion's interval is R `survey`'s `svyciprop` of that name, with the domain's own degrees of freedom:
`logit` (method logit), `wilson` (method wilson), `korn_graubard` (method beta, the effective sample not capped at n).

Source: Korn & Graubard (1998), Survey Methodology 24, 193-201; Lumley, R package survey 4.5.
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
        low, high = {"logit": _logit, "wilson": _wilson, "korn_graubard": _korn_graubard}[how](p, se, n, df, level)
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
    from scipy import special

    people = p * (1 - p) / se**2 * (quantile(n - 1, level) / quantile(df, level)) ** 2
    tail = (1 - level) / 2
    low = special.betaincinv(people * p, people * (1 - p) + 1, tail)
    high = special.betaincinv(people * p + 1, people * (1 - p), 1 - tail)
    return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
