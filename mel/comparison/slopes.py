"""What would the figure be at the very bottom and the very top of an order? The fits behind the slope and relative indices.

Each group enters once, at the middle of its place among all people, weighted by its share. Entering it twice (as a count of
people and as a weight of the fit) squares the shares, which is what one published expected value does.

Source: Preston, Haines & Pamuk (1981); Wagstaff, Paci & van Doorslaer (1991), Social Science & Medicine 33, for the slope;
the logit fit as the World Health Organization's HEAT for indicators with an upper limit.
"""

from __future__ import annotations

import numpy as np

from mel.comparison.arrays import Array

STEPS, CLOSE = 60, 1e-13


def linear(rank: Array, y: Array, share: Array) -> tuple[Array, Array]:
    """The weighted least squares line at rank 0 and at rank 1."""
    middle, mean = (_sum(share, x) / _sum(share, np.ones_like(y)) for x in (rank, y))
    apart = rank - middle[..., None]
    slope = _sum(share, apart * (y - mean[..., None])) / _sum(share, apart * apart)
    return mean - slope * middle, mean + slope * (1 - middle)


def logit(rank: Array, y: Array, share: Array) -> tuple[Array, Array]:
    """The weighted logit curve at rank 0 and at rank 1; y from 0 to 1. NaN where no finite curve fits.

    Newton's method on the quasi-likelihood Σ p (y ln π + (1 − y) ln(1 − π)).
    """
    start = np.clip(y.real, 0.005, 0.995)
    a, top = linear(rank, np.log(start / (1 - start)) + 0 * y, share)
    b = top - a
    for _ in range(STEPS):
        fitted = _curve(a[..., None] + b[..., None] * rank)
        spread, rest = share * fitted * (1 - fitted), share * (y - fitted)
        aa, ab, bb = spread.sum(axis=-1), (spread * rank).sum(axis=-1), (spread * rank * rank).sum(axis=-1)
        ga, gb = rest.sum(axis=-1), (rest * rank).sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            determinant = aa * bb - ab * ab
            step_a, step_b = (bb * ga - ab * gb) / determinant, (aa * gb - ab * ga) / determinant
        a, b = a + step_a, b + step_b
        if not np.any(np.maximum(abs(step_a), abs(step_b)) > CLOSE):
            break
    with np.errstate(invalid="ignore"):
        lost = ~(np.maximum(abs(step_a), abs(step_b)) < 1e-6)
    return np.where(lost, np.nan, _curve(a)), np.where(lost, np.nan, _curve(a + b))


def _sum(share: Array, x: Array) -> Array:
    total: Array = (share * x).sum(axis=-1)
    return total


def _curve(x: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        value: Array = 1 / (1 + np.exp(-x))
    return value
