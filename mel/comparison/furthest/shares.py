"""How unequally is an opportunity shared out among groups? The dissimilarity index and the human opportunity index, with influences.

Groups are cells of circumstances with shares s of people, and access p in each: as found (`by_cells`), or as a logit of main effects
of the circumstances expects (`by_logit`). Everything here is a function of each cell's people and answers; how a person moves it (the
influence) is written out, so that the design's standard error follows from the cells.

Source: D = Σ s |p − p̄| / (2 p̄), HOI = p̄ (1 − D), HOI_g = exp(Σ s ln p): Paes de Barros, Ferreira, Molinas Vega & Saavedra
Chanduvi (2009), Measuring Inequality of Opportunities in Latin America and the Caribbean; ESCAP's D-index is the same D over cells;
Shapley (1953); Shorrocks (2013), Journal of Economic Inequality 11, for its use on inequality.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from mel.comparison.furthest.logit import Fit, fit_logit
from mel.model.quantities import Floats, Indexes

COVERAGE, D_INDEX, HOI, HOI_GEOMETRIC, D_GEOMETRIC = "coverage", "d_index", "hoi", "hoi_geometric", "d_index_geometric"
MEASURES = (COVERAGE, D_INDEX, HOI, HOI_GEOMETRIC, D_GEOMETRIC)


@dataclass(frozen=True)
class Value:
    """A number, and how a person with answer y in cell j moves it: y_part_j · y + rest_j (the sum over everybody is zero)."""

    value: float
    y_part: Floats
    rest: Floats

    def plus(self, other: Value, times: float) -> Value:
        return Value(self.value + times * other.value, self.y_part + times * other.y_part, self.rest + times * other.rest)


@dataclass(frozen=True)
class Cells:
    """Cells of circumstances: their categories (cells × dimensions), Σw and Σwy."""

    codes: Indexes
    w: Floats
    wy: Floats

    @property
    def share(self) -> Floats:
        return np.asarray(self.w / self.w.sum(), dtype=np.float64)

    @property
    def coverage(self) -> Value:
        mean = float(self.wy.sum() / self.w.sum())
        each = np.full(len(self.w), 1 / self.w.sum())
        return Value(mean, each, -mean * each)


@dataclass(frozen=True)
class Access:
    """The access of each cell, as found or as expected."""

    cells: Cells
    p: Floats
    group: Indexes | None = None
    """Cells of one number here are one group; None where a logit expects the access."""
    fit: Fit | None = None

    def moved(self, of_p: Floats, of_share: Floats, value: float) -> Value:
        """A function of access p_j and shares s_j, by its derivatives to them: how a person moves it."""
        everyone = self.cells.w.sum()
        centre = float((of_share * self.cells.share).sum())
        if self.fit is not None:
            of_y = self.fit.moved(of_p)
            return Value(value, of_y / everyone, (of_share - centre - of_y * self.p) / everyone)
        assert self.group is not None
        size = np.bincount(self.group, weights=self.cells.share)[self.group]
        together = np.bincount(self.group, weights=of_p)[self.group] / size
        return Value(value, together / everyone, (of_share - centre - together * self.p) / everyone)


def by_cells(cells: Cells, dimensions: tuple[int, ...]) -> Access:
    """Access as found in the cells of these dimensions."""
    if not dimensions:
        group = np.zeros(len(cells.w), dtype=np.int64)
    else:
        _, group = np.unique(cells.codes[:, dimensions], axis=0, return_inverse=True)
    w, wy = np.bincount(group, weights=cells.w), np.bincount(group, weights=cells.wy)
    return Access(cells, (wy / w)[group], group=group)


def by_logit(cells: Cells, dimensions: tuple[int, ...]) -> Access:
    """Access as a logit of the main effects of these dimensions expects."""
    fit = fit_logit(cells.codes[:, dimensions], cells.w, cells.wy)
    return Access(cells, fit.p, fit=fit)


METHODS: Mapping[str, Callable[[Cells, tuple[int, ...]], Access]] = {"cells": by_cells, "logit": by_logit}


def d_index(access: Access) -> Value:
    """Which part of the opportunities would have to change hands for all cells to have the same access: 0 equal, towards 1 unequal."""
    s, p = access.cells.share, access.p
    mean = float((s * p).sum())
    sign = np.where(np.abs(p - mean) <= 1e-14 * mean, 0.0, np.sign(p - mean))
    value = float((s * np.abs(p - mean)).sum() / (2 * mean))
    of_mean = -float((s * sign).sum()) / (2 * mean) - value / mean
    return access.moved(s * sign / (2 * mean) + of_mean * s, np.abs(p - mean) / (2 * mean) + of_mean * p, value)


def hoi(access: Access) -> Value:
    """Coverage, less the opportunities that would have to change hands."""
    inequality, coverage = d_index(access), access.cells.coverage
    found = Value(0.0, np.zeros_like(access.p), np.zeros_like(access.p))
    found = found.plus(coverage, 1 - inequality.value).plus(inequality, -coverage.value)
    return Value(coverage.value * (1 - inequality.value), found.y_part, found.rest)


def hoi_geometric(access: Access) -> Value:
    """The geometric mean of access; 0, without a precision, where a cell has none."""
    s, p = access.cells.share, access.p
    if (p <= 0).any():
        return Value(0.0, np.full_like(p, np.nan), np.full_like(p, np.nan))
    value = float(np.exp((s * np.log(p)).sum()))
    return access.moved(value * s / p, value * np.log(p), value)


def d_geometric(access: Access) -> Value:
    """1 − the geometric HOI over the coverage."""
    top, coverage = hoi_geometric(access), access.cells.coverage
    found = Value(0.0, 0 * top.y_part, 0 * top.rest).plus(top, -1 / coverage.value).plus(coverage, top.value / coverage.value**2)
    return Value(1 - top.value / coverage.value, found.y_part, found.rest)


def all_of(access: Access) -> dict[str, Value]:
    """Every measure of one access, in the order of MEASURES."""
    found = (access.cells.coverage, d_index(access), hoi(access), hoi_geometric(access), d_geometric(access))
    return dict(zip(MEASURES, found, strict=True))


def shapley(cells: Cells, method: str, count: int) -> list[Value]:
    """What each circumstance adds to the dissimilarity index, averaged over all orders in which they can be taken in.

    Σ over sets S without k of |S|! (K − |S| − 1)! / K! (D(S ∪ k) − D(S)), D of no circumstance being 0. They add up to D.
    """
    subsets = [set_ for size in range(1, count + 1) for set_ in combinations(range(count), size)]
    found = {set_: d_index(METHODS[method](cells, set_)) for set_ in subsets}
    zero = np.zeros(len(cells.w))
    out = []
    for k in range(count):
        total = Value(0.0, zero, zero)
        for set_, value in found.items():
            inside = len(set_) - 1 if k in set_ else len(set_)
            weight = factorial(inside) * factorial(count - inside - 1) / factorial(count)
            if weight:
                total = total.plus(value, weight if k in set_ else -weight)
        out.append(total)
    return out
