"""How unequal are groups? Each measure as a function of the groups' figures y and population shares p, and nothing else.

Which measure needs what, and how it is called, is `catalogue`'s; how sure a value is, `inequality_intervals`'; the fits behind
the slope indices are `slopes`'. Arrays carry groups on their last axis, so that a thousand draws are one call. Every function
holds for complex numbers too: a step along the imaginary axis gives its derivative to the last digit.

Source: World Health Organization (2024), Inequality monitoring: measures of the Health Equity Assessment Toolkit (HEAT);
Wagstaff (2005) and Erreygers (2009) for the concentration index of bounded indicators.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from mel.comparison import slopes
from mel.comparison.arrays import Array, size
from mel.model.quantities import Floats


@dataclass(frozen=True)
class Groups:
    """Groups of one dimension, in its order. Shares need not sum to one: only their proportions count.

    `side`: 1 where higher is better, −1 where lower is, 0 where the indicator does not say. `mean`: a published average to use
    instead of the groups' own weighted mean.
    """

    y: Array
    p: Array
    side: int = 0
    ordered: bool = False
    reference: int | None = None
    low: float | None = None
    high: float | None = None
    mean: float | None = None

    @cached_property
    def share(self) -> Array:
        total: Array = self.p / self.p.sum(axis=-1, keepdims=True)
        return total

    @cached_property
    def mu(self) -> Array:
        weighted: Array = (self.share * self.y).sum(axis=-1)
        return weighted if self.mean is None else np.full_like(weighted, self.mean)

    @cached_property
    def rank(self) -> Array:
        """The middle of each group among all people in order: from 0, first in the order, to 1."""
        middle: Array = self.share.cumsum(axis=-1) - self.share / 2
        return middle

    @property
    def count(self) -> int:
        return int(self.y.shape[-1])

    def at(self, y: Array, p: Array) -> Groups:
        return replace(self, y=y, p=p)

    def picked(self, where: Array | Floats) -> Array:
        """The figure of one group in each row: `where` says which."""
        index = np.asarray(where, dtype=np.int64)[..., None]
        return np.take_along_axis(self.y, np.broadcast_to(index, (*self.y.shape[:-1], 1)), axis=-1)[..., 0]

    @property
    def best(self) -> Floats:
        """Which group has the best figure, in each row."""
        return np.asarray(np.argmax(self.y.real * self.side, axis=-1))

    @property
    def yardstick(self) -> Floats:
        """Whom everyone is held against for an attributable part: the named reference, else the last in the order, else the best."""
        if self.reference is not None:
            return np.asarray(self.reference)
        return np.asarray(self.count - 1) if self.ordered else self.best

    @property
    def picks(self) -> bool:
        """True when the yardstick is picked from the data."""
        return self.reference is None and not self.ordered


def ends(groups: Groups) -> tuple[Floats, Floats]:
    """The two groups of a difference or ratio: (a, b), so that better minus worse is positive.

    In order: the two ends. With a reference: it and the worst of the others. Else the highest and the lowest figure.
    """
    y, side, shape = groups.y.real, groups.side or 1, groups.y.shape[:-1]
    if groups.reference is not None:
        others = np.where(np.arange(groups.count) == groups.reference, np.inf, y * side)
        pair = np.full(shape, groups.reference), np.argmin(others, axis=-1)
        return pair if side > 0 else (pair[1], pair[0])
    if groups.ordered:
        first, last = np.full(shape, 0), np.full(shape, groups.count - 1)
        return (last, first) if side > 0 else (first, last)
    return np.asarray(np.argmax(y, axis=-1)), np.asarray(np.argmin(y, axis=-1))


def gap_difference(groups: Groups) -> Array:
    a, b = ends(groups)
    return groups.picked(a) - groups.picked(b)


def gap_ratio(groups: Groups) -> Array:
    a, b = ends(groups)
    return groups.picked(a) / groups.picked(b)


def absolute_concentration_index(groups: Groups) -> Array:
    total: Array = (groups.share * (2 * groups.rank - 1) * groups.y).sum(axis=-1)
    return total


def relative_concentration_index(groups: Groups) -> Array:
    return absolute_concentration_index(groups) / groups.mu


def relative_concentration_index_wagstaff(groups: Groups) -> Array:
    """Divided by how far the mean is from both ends of the range; RCI / (1 − μ) for a share."""
    low, high = _range(groups)
    return (high - low) * absolute_concentration_index(groups) / ((high - groups.mu) * (groups.mu - low))


def relative_concentration_index_erreygers(groups: Groups) -> Array:
    """Four times the absolute index, as a part of the range; 4 μ RCI for a share."""
    low, high = _range(groups)
    return 4 * absolute_concentration_index(groups) / (high - low)


def slope_index_of_inequality_linear(groups: Groups) -> Array:
    bottom, top = slopes.linear(groups.rank, groups.y, groups.share)
    return top - bottom


def relative_index_of_inequality_linear(groups: Groups) -> Array:
    bottom, top = slopes.linear(groups.rank, groups.y, groups.share)
    return top / bottom


def slope_index_of_inequality_logit(groups: Groups) -> Array:
    low, high = _range(groups)
    bottom, top = slopes.logit(groups.rank, (groups.y - low) / (high - low), groups.share)
    return (high - low) * (top - bottom)


def relative_index_of_inequality_logit(groups: Groups) -> Array:
    low, high = _range(groups)
    bottom, top = slopes.logit(groups.rank, (groups.y - low) / (high - low), groups.share)
    return (low + (high - low) * top) / (low + (high - low) * bottom)


def between_group_variance(groups: Groups) -> Array:
    total: Array = (groups.share * (groups.y - groups.mu[..., None]) ** 2).sum(axis=-1)
    return total


def between_group_standard_deviation(groups: Groups) -> Array:
    root: Array = np.sqrt(between_group_variance(groups))
    return root


def coefficient_of_variation(groups: Groups) -> Array:
    return 100 * between_group_standard_deviation(groups) / groups.mu


def _apart(groups: Groups, from_: Array, weighted: bool) -> Array:
    distance = size(groups.y - from_[..., None])
    total: Array = (groups.share * distance).sum(axis=-1) if weighted else distance.mean(axis=-1)
    return total


def mean_difference_from_mean(groups: Groups) -> Array:
    return _apart(groups, groups.mu, weighted=True)


def mean_difference_from_mean_unweighted(groups: Groups) -> Array:
    return _apart(groups, groups.mu, weighted=False)


def mean_difference_from_best_performing(groups: Groups) -> Array:
    return _apart(groups, groups.picked(groups.best), weighted=True)


def mean_difference_from_best_performing_unweighted(groups: Groups) -> Array:
    return _apart(groups, groups.picked(groups.best), weighted=False)


def mean_difference_from_reference(groups: Groups) -> Array:
    return _apart(groups, groups.picked(np.asarray(groups.reference)), weighted=True)


def mean_difference_from_reference_unweighted(groups: Groups) -> Array:
    return _apart(groups, groups.picked(np.asarray(groups.reference)), weighted=False)


def index_of_disparity(groups: Groups) -> Array:
    return 100 * mean_difference_from_mean(groups) / groups.mu


def index_of_disparity_unweighted(groups: Groups) -> Array:
    return 100 * mean_difference_from_mean_unweighted(groups) / groups.mu


def theil_index(groups: Groups) -> Array:
    """Σ p r ln r × 1000, r = y / μ. A group at zero adds nothing, which is the limit."""
    r = groups.y / groups.mu[..., None]
    there = r.real > 0
    total: Array = 1000 * (groups.share * np.where(there, r * np.log(np.where(there, r, 1.0)), 0.0)).sum(axis=-1)
    return total


def mean_log_deviation(groups: Groups) -> Array:
    """−Σ p ln r × 1000. Infinite as soon as one group is at zero."""
    r = groups.y / groups.mu[..., None]
    there = r.real > 0
    total: Array = -1000 * (groups.share * np.where(there, np.log(np.where(there, r, 1.0)), -np.inf)).sum(axis=-1)
    return total


def population_attributable_risk(groups: Groups) -> Array:
    """How far the mean is from the yardstick; `catalogue` holds it to 0 where it points the wrong way."""
    return groups.picked(groups.yardstick) - groups.mu


def population_attributable_fraction(groups: Groups) -> Array:
    return 100 * population_attributable_risk(groups) / groups.mu


def _range(groups: Groups) -> tuple[float, float]:
    assert groups.low is not None
    assert groups.high is not None
    return groups.low, groups.high
