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

DRAWS, SEED, HALVINGS, STEPS, WIDEST = 2000, 20261123, 14, 17, 64.0


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

    def widest(self, groups: Groups) -> Floats:
        """The direction in which chance sets figures most apart, as long as it usually does."""
        count = groups.count
        centre = np.eye(count) - groups.share
        values, vectors = np.linalg.eigh(centre @ self.covariance[:count, :count] @ centre.T)
        return np.asarray(vectors[:, -1] * np.sqrt(max(float(values[-1]), 0.0)), dtype=np.float64)


def value(measure: Measure, groups: Groups) -> float:
    """The measure of these groups, held to zero where it points the wrong way."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return _held(measure, groups, float(measure.of(groups))) + 0.0  # −0 is 0


def _held(measure: Measure, groups: Groups, found: float) -> float:
    if not measure.one_sided:
        return found
    return max(found, 0.0) if groups.side > 0 else min(found, 0.0)


def sure(measure: Measure, groups: Groups, sampling: Sampling) -> Sure:
    """The measure with its standard error and interval."""
    estimate, df = value(measure, groups), sampling.df
    with np.errstate(invalid="ignore", divide="ignore"):  # a root has no slope at zero
        slope = gradient(_of_both(measure, groups), np.concatenate([groups.y, groups.share]))
        se = float(np.sqrt(np.maximum(slope @ sampling.covariance @ slope, 0.0)))
    if not (df > 0 and np.isfinite(estimate)):
        return Sure(estimate)
    if measure.takes_distance(groups):
        low, high = _inverted(measure, groups, sampling)
        high = max(high, _around(measure, abs(estimate), se, sampling)[1]) if measure.picks(groups) and np.isfinite(se) else high
        low, high = (-high, -low) if measure.one_sided and groups.side < 0 else (low, high)
        return Sure(estimate, se, low, high, df, low > 0 or high < 0)
    low, high = (_held(measure, groups, end) for end in _around(measure, float(measure.of(groups)), se, sampling))
    return Sure(estimate, se, low, high, df, bool(low > measure.equal or high < measure.equal))


def _of_both(measure: Measure, groups: Groups) -> Callable[[Array], Array]:
    return lambda both: measure.of(groups.at(both[..., : groups.count], both[..., groups.count :]))


def _around(measure: Measure, estimate: float, se: float, sampling: Sampling) -> tuple[float, float]:
    """A t interval; of a ratio on the log scale."""
    from scipy import special

    p, df = 0.5 + sampling.level / 2, sampling.df
    half = float(special.stdtrit(df, p) if np.isfinite(df) else special.ndtri(p)) * se
    if measure.unit == "ratio":
        return estimate * float(np.exp(-half / estimate)), estimate * float(np.exp(half / estimate))
    return estimate - half, estimate + half


def _inverted(measure: Measure, groups: Groups, sampling: Sampling) -> tuple[float, float]:
    """The true distances under which a distance as large, or as small, as this one is not rare; sizes, without a sign.

    True groups are the estimated ones with their distances from the mean times t: t = 0 is equality. The same draws serve every
    t, so that what is found does not jump, and the estimate itself always belongs to the interval. Groups closer together than
    equal ones mostly are, as when all happen to be alike, are no proof of equality: then the upper end is what it would be for
    groups as far apart as equal ones mostly are, in the direction in which chance moves them most.
    """
    found, tail, apart = abs(value(measure, groups)), (1 - sampling.level) / 2, groups.y - groups.mu
    if not sampling.noise.any():
        return found, found
    drawn, size_at = _drawing(measure, groups, sampling)
    typical = float(np.median(drawn(0 * apart)))
    enough, along = (found, apart) if found >= typical else (typical, sampling.widest(groups))
    edge = found * 1e-12
    lowest = _crossing(lambda t: float((drawn(t * apart) >= found - edge).mean()) > tail)
    highest = _crossing(lambda t: float((drawn(t * along) <= enough + edge).mean()) <= tail)
    largest = max(size_at(t * along) for t in _stretches(groups, along, highest))
    return min(size_at(lowest * apart), found) if lowest > 0 else 0.0, max(largest, found)


def _drawing(measure: Measure, groups: Groups, sampling: Sampling) -> tuple[Callable[[Floats], Floats], Callable[[Floats], float]]:
    """For groups whose true distances from the mean are given: what samples of them would show, and what is true of them."""
    shares = np.maximum(groups.share + sampling.noise[:, groups.count :], 1e-12)

    def true(apart: Floats) -> Array:
        return _within(groups, groups.mu + apart)

    def drawn(apart: Floats) -> Floats:
        return np.abs(measure.of(groups.at(_within(groups, true(apart) + sampling.noise[:, : groups.count]), shares)))

    return drawn, lambda apart: abs(value(measure, groups.at(true(apart), groups.share)))


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


def _stretches(groups: Groups, along: Floats, highest: float) -> Floats:
    """Where to look for the largest distance: steps on the way, and wherever a figure reaches the end of its range.

    Beyond the last of these nothing stretches any further, so that steps beyond it would look at nothing.
    """
    low, high = _range(groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.where(along > 0, (high - groups.mu) / along, np.where(along < 0, (low - groups.mu) / along, 0.0))
    last = min(highest, float(np.max(ends)))
    return np.unique(np.concatenate([np.linspace(0, last, STEPS), ends[ends <= last], [highest]]))


def _range(groups: Groups) -> tuple[float, float]:
    low = groups.low if groups.low is not None else (0.0 if (groups.y >= 0).all() else -np.inf)
    return low, groups.high if groups.high is not None else np.inf


def _within(groups: Groups, y: Array) -> Array:
    """Figures kept to the indicator's range; where only the sign is known, above zero if all are."""
    low, high = _range(groups)
    tiny = 1e-9 * float(np.max(np.abs(groups.y))) if low == 0 else 0.0
    return np.clip(y, low + tiny, high)
