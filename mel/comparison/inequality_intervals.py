"""How sure is a measure of inequality? A standard error by linearisation, and an interval that knows what chance does to it.

A measure that can point either way (a concentration index, a slope) has a t interval around it. A distance (a variance, a
disparity) is never below zero, and chance alone sets groups apart: its interval is the set of true values under which the
groups would often look as they do, found by drawing groups whose true differences are shrunk or stretched. It starts at zero
when equal groups could look like this. Where the best group is picked from the data, stretching makes it stand alone, though a second
may be as good: there the upper end is never below that of a t interval.

Source: linearisation: Wolter (2007) 6.2; test inversion: Carpenter (1999), Journal of the Royal Statistical Society B 61.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mel.comparison.arrays import Array, gradient
from mel.comparison.catalogue import Measure
from mel.comparison.inequality import Groups
from mel.model.quantities import Floats

DRAWS, SEED, HALVINGS, WIDEST = 2000, 20261123, 14, 64.0


@dataclass(frozen=True, slots=True)
class Sure:
    """A measure and its precision; NaN where there is none. `apart`: the interval leaves equality out."""

    estimate: float
    se: float = np.nan
    low: float = np.nan
    high: float = np.nan
    df: float = np.nan
    apart: bool = False


@dataclass(frozen=True)
class Sampling:
    """How groups' figures and shares vary from sample to sample: the covariance of (y, p), and how well that is known.

    `df`: infinite where the standard errors are taken as known.
    """

    covariance: Floats
    df: float
    level: float = 0.95

    @cached_property
    def noise(self) -> Floats:
        """Draws of the sampling error, with the heavier tails of few degrees of freedom; the same for the same input."""
        rng = np.random.default_rng(SEED)
        values, vectors = np.linalg.eigh((self.covariance + self.covariance.T) / 2)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        normal = rng.standard_normal((DRAWS // 2, len(values)))
        heavier = np.sqrt(self.df / rng.chisquare(self.df, DRAWS // 2)) if np.isfinite(self.df) else np.ones(DRAWS // 2)
        half: Floats = (normal @ root.T) * heavier[:, None]
        return np.concatenate([half, -half])


def value(measure: Measure, groups: Groups) -> float:
    """The measure of these groups, held to zero where it points the wrong way."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return _held(measure, groups, float(measure.of(groups)))


def _held(measure: Measure, groups: Groups, found: float) -> float:
    if not measure.one_sided:
        return found
    return max(found, 0.0) if groups.side > 0 else min(found, 0.0)


def sure(measure: Measure, groups: Groups, sampling: Sampling) -> Sure:
    """The measure with its standard error and interval."""
    estimate = value(measure, groups)
    slope = gradient(_of_both(measure, groups), np.concatenate([groups.y, groups.share]))
    se, df = float(np.sqrt(np.maximum(slope @ sampling.covariance @ slope, 0.0))), sampling.df
    if not (df > 0 and np.isfinite(se) and np.isfinite(estimate)):
        return Sure(estimate)
    if measure.takes_distance(groups):
        low, high = _inverted(measure, groups, sampling)
        high = max(high, _around(measure, abs(estimate), se, df, sampling.level)[1]) if measure.picks(groups) else high
        low, high = (low, high) if estimate >= 0 else (-high, -low)
        return Sure(estimate, se, low, high, df, low > 0 or high < 0)
    low, high = _around(measure, float(measure.of(groups)), se, df, sampling.level)
    low, high = _held(measure, groups, low), _held(measure, groups, high)
    return Sure(estimate, se, low, high, df, bool(low > measure.equal or high < measure.equal))


def _of_both(measure: Measure, groups: Groups) -> Callable[[Array], Array]:
    return lambda both: measure.of(groups.at(both[..., : groups.count], both[..., groups.count :]))


def _around(measure: Measure, estimate: float, se: float, df: float, level: float) -> tuple[float, float]:
    """A t interval; of a ratio on the log scale."""
    from scipy import special

    half = float(special.stdtrit(df, 0.5 + level / 2)) if np.isfinite(df) else float(special.ndtri(0.5 + level / 2))
    if measure.unit == "ratio":
        return estimate * float(np.exp(-half * se / estimate)), estimate * float(np.exp(half * se / estimate))
    return estimate - half * se, estimate + half * se


def _inverted(measure: Measure, groups: Groups, sampling: Sampling) -> tuple[float, float]:
    """The true distances under which a distance as large, or as small, as this one is not rare.

    True groups are the estimated ones with their distances from the mean times t: t = 0 is equality. The same draws serve every
    t, so that what is found does not jump. The estimate itself always belongs to the interval. Both ends are sizes, without a sign.
    """
    tail, noise = (1 - sampling.level) / 2, sampling.noise
    found = abs(value(measure, groups))

    def truth(t: float) -> Groups:
        return groups.at(_within(groups, groups.mu + t * (groups.y - groups.mu)), groups.share)

    def drawn(t: float) -> Floats:
        true = truth(t)
        shares = np.maximum(true.share + noise[:, groups.count :], 1e-12)
        return np.abs(measure.of(true.at(_within(groups, true.y + noise[:, : groups.count]), shares)))

    edge = found * 1e-12
    lowest = _crossing(lambda t: float((drawn(t) >= found - edge).mean()) > tail)
    highest = _crossing(lambda t: float((drawn(t) <= found + edge).mean()) <= tail)
    low = min(abs(value(measure, truth(lowest))), found) if lowest > 0 else 0.0
    return low, max(abs(value(measure, truth(highest))), found)


def _crossing(past: Callable[[float], bool]) -> float:
    """Where a condition that holds for large t begins to hold; 0 when it holds there already."""
    if past(0.0):
        return 0.0
    low, high = 0.0, 1.0
    while not past(high):
        if high >= WIDEST:
            return high
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if past(middle) else (middle, high)
    return (low + high) / 2


def _within(groups: Groups, y: Array) -> Array:
    """Figures kept to the indicator's range; where only the sign is known, above zero if all are."""
    low = groups.low if groups.low is not None else (0.0 if (groups.y >= 0).all() else -np.inf)
    high = groups.high if groups.high is not None else np.inf
    tiny = 1e-9 * float(np.max(np.abs(groups.y))) if low == 0 else 0.0
    return np.clip(y, low + tiny, high)
