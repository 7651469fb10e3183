"""How do the figures of several groups, and their shares of people, vary together? One matrix from the cube.

Both are estimated from the same people: a measure that takes the shares, or the groups' independence, for granted is too sure.
Order of rows and columns: y of each group, then the people (the denominator's weighted sum) of each group.

Source: as `mel.model.cube`: Σ_h (1 − f_h) n_h / (n_h − 1) Σ_i (z_hi − z̄_h)(z_hi − z̄_h)′, units without members as zeros.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mel.model.cube import Linearised
from mel.model.quantities import Floats, Indexes
from mel.model.replicate_ranks import replicate_df_together
from mel.model.replicates import replicate_covariance

Which = npt.NDArray[np.bool_]


def shares(linearised: Linearised, groups: Indexes) -> Floats:
    """Each group's part of the denominator of all of them together, so that Σ p y is their common figure."""
    totals = linearised.margin.by_domain(linearised.quantity.wx)[groups]
    return np.asarray(totals / totals.sum(), dtype=np.float64)


@dataclass(frozen=True)
class Joint:
    """The covariance of groups' figures and shares (y, p), and its degrees of freedom."""

    covariance: Floats
    df: float


def joint(linearised: Linearised, groups: Indexes) -> Joint:
    """How these domains of one margin and round vary together; `groups` in the order of their positions."""
    margin = linearised.margin
    at = np.isin(margin.pair_domain, groups)
    if margin.cube.replicates is not None:
        between, df = _replicated(linearised, groups), replicate_df_together([(linearised, int(row)) for row in groups])
    else:
        between, df = _between(linearised, groups, at, np.searchsorted(groups, margin.pair_domain[at])), _df(linearised, at)
    count, people = len(groups), margin.by_domain(linearised.quantity.wx)[groups].sum()
    to_shares = (np.eye(count) - shares(linearised, groups)[:, None]) / people
    turn = np.block([[np.eye(count), np.zeros((count, count))], [np.zeros((count, count)), to_shares]])
    return Joint(turn @ between @ turn.T, df)


def _replicated(linearised: Linearised, groups: Indexes) -> Floats:
    """The same from replicate weights: the people of a group are a total like any other."""
    people = linearised.margin.linearise(replace(linearised.quantity, kind="total", wy=linearised.quantity.wx, shift=0.0))
    left, right = np.repeat(groups, len(groups)), np.tile(groups, len(groups))
    blocks = [
        [replicate_covariance(a, left, b, right).reshape(len(groups), -1) for b in (linearised, people)] for a in (linearised, people)
    ]
    together: Floats = np.block(blocks)
    return together


def _between(linearised: Linearised, groups: Indexes, at: Which, which: Indexes) -> Floats:
    """The covariance of (y, people), from each unit's influence on them."""
    margin, quantity, count = linearised.margin, linearised.quantity, len(groups)
    strata = margin.cube.strata
    units, column = np.unique(margin.pair_unit[at], return_inverse=True)
    z = np.zeros((2 * count, len(units)))
    z[which, column] = linearised.z[at]
    z[count + which, column] = margin.by_pair(quantity.wx)[at]
    stratum = margin.stratum_of(units)
    h, group = np.unique(stratum, return_inverse=True)
    alone = strata.alone[h]
    sums = np.zeros((2 * count, len(h)))
    np.add.at(sums.T, group, z.T)
    mean = sums / strata.size[h] * ~alone
    scale = strata.scale[h] * _average(linearised, at, h, alone)
    if margin.cube.clusters is None:
        centred: Floats = _of_people(linearised, groups, at, which, scale[group[column]]) - (sums * scale) @ mean.T
        return centred
    apart = (z - mean[:, group]) * np.sqrt(scale)[group]
    without = scale * (strata.size[h] - np.bincount(group, minlength=len(h))) * ~alone
    spread: Floats = apart @ apart.T + (mean * without) @ mean.T
    return spread


def _of_people(linearised: Linearised, groups: Indexes, at: Which, which: Indexes, scale: Floats) -> Floats:
    """Σ z z′ over people, where each is a PSU: a person is in one group of a dimension, so groups share nobody."""
    margin, quantity, count = linearised.margin, linearised.quantity, len(groups)
    assert quantity.squares is not None
    yy, xy, xx = (np.bincount(which, weights=scale * margin.by_pair(name)[at], minlength=count) for name in quantity.squares)
    a, b = linearised.of_y[groups], linearised.of_x[groups]
    own, mixed = np.maximum(a * a * yy + 2 * a * b * xy + b * b * xx, 0.0), a * xy + b * xx
    squares: Floats = np.block([[np.diag(own), np.diag(mixed)], [np.diag(mixed), np.diag(xx)]])
    return squares


def _average(linearised: Linearised, at: Which, h: Indexes, alone: Which) -> float:
    """Under `average` a lonely stratum counts as much as the mean of the others that hold these groups."""
    margin = linearised.margin
    if margin.cube.strata.lonely != "average" or not alone.any():
        return 1.0
    counted = margin.by_pair(linearised.quantity.counted)[at] > 0
    holds = np.isin(h, margin.stratum_of(margin.pair_unit[at])[counted])
    held, lonely = int(holds.sum()), int((holds & alone).sum())
    return held / (held - lonely) if held > lonely else np.nan


def _df(linearised: Linearised, at: Which) -> float:
    """PSUs minus strata that hold someone of any of these groups."""
    margin = linearised.margin
    people, units = linearised.asked()[at], margin.pair_unit[at]
    held = np.unique(units[people > 0])
    strata = len(np.unique(margin.stratum_of(held)))
    return float(people.sum() if margin.cube.clusters is None else len(held)) - strata
