"""How far can the group that a tree found be trusted? A tree looks for the widest gap, so what it finds looks wider than it is.

Two answers. Which group: the whole tree is grown again on samples drawn again, and one sees whether the same people come out
furthest behind. How wide: the PSUs are parted into folds; for each fold groups are found in all the others and looked up in the
fold, where nobody looked for them. Put together, every person is looked up once, so the gap is one figure of the whole sample, and
its standard error that of the design. It speaks of the groups that trees of nearly the whole sample find.

Source: cross-fitting: Chernozhukov et al. (2018), Econometrics Journal 21; honest trees: Athey & Imbens (2016), PNAS 113(27).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mel.comparison.furthest.counted import Counted
from mel.comparison.furthest.draws import Drawable
from mel.comparison.furthest.tree import Node, Plan, grow, leaves
from mel.model.quantities import Floats
from mel.model.spread import around


@dataclass(frozen=True, slots=True)
class Again:
    """What samples drawn again say of the group furthest behind. NaN where nothing was drawn."""

    draws: int = 0
    without: int = 0
    """Draws that the rules do not part into groups."""
    same: float = np.nan
    overlap: float = np.nan
    of_cell: Floats | None = None
    """By cell: in what part of the draws that found groups it was in the group furthest behind."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap that nobody looked for where it was measured."""

    folds: int = 0
    estimate: float = np.nan
    se: float = np.nan
    low: float = np.nan
    high: float = np.nan
    df: float = np.nan


def ends(found: Sequence[Node], side: int) -> tuple[Node, Node]:
    """The leaves furthest behind and furthest ahead; the first of several that are alike."""
    order = sorted(found, key=lambda node: (side * node.y, node.number))
    last = max(found, key=lambda node: (side * node.y, -node.number))
    return order[0], last


def drawn_again(plan: Plan, source: Drawable, behind: Node, weights: Floats, side: int, draws: int, rng: np.random.Generator) -> Again:
    """Grow the tree on each of so many samples drawn again."""
    mine = np.zeros(len(weights), dtype=bool)
    mine[behind.cells] = True
    came, overlap, same, without = np.zeros(len(weights)), 0.0, 0, 0
    for sums in source.drawn_again(draws, rng):
        found = leaves(grow(plan, sums))
        if len(found) < 2:
            without += 1
            continue
        theirs = np.zeros(len(weights), dtype=bool)
        theirs[ends(found, side)[0].cells] = True
        came += theirs
        there = sums.n > 0
        same += bool((mine[there] == theirs[there]).all())
        overlap += float(weights[mine & theirs].sum() / weights[mine | theirs].sum())
    with_groups = draws - without
    if not with_groups:
        return Again(draws, without)
    return Again(draws, without, same / with_groups, overlap / with_groups, came / with_groups)


def cross_fitted(counted: Counted, plan: Plan, source: Drawable, folds: int, repeats: int, level: float, rng: np.random.Generator) -> Gap:
    """The gap between the groups that all other folds find furthest ahead and furthest behind, in each fold; the mean of `repeats`.

    How far the partings lie apart is part of the variance (Chernozhukov et al., section 3.4).
    """
    found = [gap for _ in range(repeats) if np.isfinite((gap := _once(counted, plan, source, folds, rng))[0])]
    if not found:
        return Gap()
    gaps, variances = np.array(found).T
    estimate, variance = float(gaps.mean()), float((variances + (gaps - gaps.mean()) ** 2).mean())
    df = counted.degrees_of_freedom(np.ones((1, len(counted.n)), dtype=bool))
    sure = around(np.array([estimate]), np.array([variance]), df, level)
    return Gap(folds, *(float(part[0]) for part in (sure.estimate, sure.se, sure.low, sure.high, sure.df)))


def _once(counted: Counted, plan: Plan, source: Drawable, folds: int, rng: np.random.Generator) -> tuple[float, float]:
    """Gap and variance of one parting into folds; NaN where no tree finds groups whose people are in its fold."""
    side = counted.asked.side
    inside, others = source.folds(folds, rng)
    behind, ahead = (np.zeros((folds, len(counted.n))) for _ in range(2))
    for k, sums in enumerate(source.sums(others)):
        nodes = leaves(grow(plan, sums))
        if len(nodes) > 1:
            last, first = ends(nodes, side)
            behind[k, last.cells] = ahead[k, first.cells] = 1.0
    looked_up = list(source.sums(inside))
    w, wy = np.array([sums.w for sums in looked_up]), np.array([sums.wy for sums in looked_up])
    people = [float((part * w).sum()) for part in (ahead, behind)]
    if min(people) <= 0:
        return np.nan, np.nan
    means = [float((part * wy).sum()) / x for part, x in zip((ahead, behind), people, strict=True)]
    y_part = ahead / people[0] - behind / people[1]
    rest = behind * means[1] / people[1] - ahead * means[0] / people[0]
    return side * (means[0] - means[1]), source.variance(inside, y_part, rest)
