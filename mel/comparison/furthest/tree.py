"""Which circumstances part people most? A regression tree grown from cells: O(cells), whatever the number of people.

A node is parted by the circumstance, and the two sets of its categories, that take away most of the variance of the answers
(weighted, within the node). The categories of an ordered dimension are parted along their order; those of any other are put in the
order of their means first, of whose cuts the best is the best of all partings into two (Breiman et al. 9.4). Only partings whose two
groups both keep the rules are looked at. Of circumstances that part equally well the one named first is taken.

A silence is a category. Where a dimension is ordered it stands on the one side or the other of a cut, whichever is better
("missing incorporated in attributes").

Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees; Twala, Jones & Hand (2008), Pattern Recognition
Letters 29. As R's rpart (method "anova", cp = 0, minsplit = 2, minbucket = `fewest`), which has no rule for a share of the weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mel.model.furthest import TreeRules
from mel.model.quantities import Floats, Indexes
from mel.model.rollup import summed

ALIKE, DIGITS = 1e-10, 10
"""A gain that is larger by less than this part is no larger gain."""
NOTHING = 1e-24
"""A gain below this part of (Σ|wy|)² / Σw is rounding."""
EDGE = 1e-9
"""How much a share may lack by rounding."""
Bounds = tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Plan:
    """What does not change from sample to sample: the cells' categories, how each dimension may be parted, and the rules."""

    codes: Indexes
    """Cells × dimensions."""
    sizes: tuple[int, ...]
    ordered: tuple[bool, ...]
    silent: tuple[npt.NDArray[np.bool_], ...]
    rules: TreeRules


@dataclass(frozen=True, slots=True)
class Split:
    """Of one node: the dimension, and the categories of the side with the lower figure and of the other."""

    dimension: int
    below: tuple[int, ...]
    above: tuple[int, ...]
    gain: float
    """By how much the weighted sum of squares falls."""


@dataclass(frozen=True, slots=True)
class Node:
    """A group of cells. Numbers are rpart's: the root is 1, node k parts into 2k and 2k + 1."""

    number: int
    cells: Indexes
    bounds: Bounds
    n: float
    w: float
    y: float
    """Its figure."""
    split: Split | None

    @property
    def depth(self) -> int:
        return self.number.bit_length() - 1


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one sample, by cell: people, Σw, Σwy."""

    n: Floats
    w: Floats
    wy: Floats


def grow(plan: Plan, sums: Sums) -> tuple[Node, ...]:
    """The tree, a node before what it parts into, the lower side first."""
    return tuple(_below(plan, sums, 1, np.arange(len(plan.codes)), {}, float(sums.w.sum())))


def leaves(nodes: tuple[Node, ...]) -> list[Node]:
    """The groups that are not parted any further."""
    return [node for node in nodes if node.split is None]


def _below(plan: Plan, sums: Sums, number: int, cells: Indexes, bounds: dict[int, tuple[int, ...]], everyone: float) -> Iterator[Node]:
    n, w, wy = (float(part[cells].sum()) for part in (sums.n, sums.w, sums.wy))
    depth = number.bit_length() - 1
    can = depth < plan.rules.depth and n >= 2 * plan.rules.fewest
    split = _best(plan, sums, cells, everyone) if can else None
    yield Node(number, cells, tuple(sorted(bounds.items())), n, w, wy / w if w else np.nan, split)
    if split is not None:
        codes = plan.codes[cells, split.dimension]
        for child, side in ((2 * number, split.below), (2 * number + 1, split.above)):
            yield from _below(plan, sums, child, cells[np.isin(codes, side)], bounds | {split.dimension: tuple(sorted(side))}, everyone)


def _best(plan: Plan, sums: Sums, cells: Indexes, everyone: float) -> Split | None:
    """The parting with the largest gain that the rules allow, if any."""
    n, w, wy = sums.n[cells], sums.w[cells], sums.wy[cells]
    centred = wy - wy.sum() / w.sum() * w
    best, least = None, NOTHING * np.abs(wy).sum() ** 2 / w.sum()
    for d, size in enumerate(plan.sizes):
        code = plan.codes[cells, d]
        of_level = Sums(summed(code, n, size), summed(code, w, size), summed(code, centred, size))
        for order in _orders(plan, d, of_level):
            found = _cut(plan, d, of_level, order, everyone)
            if found is not None and found.gain > (best.gain * (1 + ALIKE) if best else least):
                best = found
    return best


def _orders(plan: Plan, d: int, level: Sums) -> Iterator[Indexes]:
    """The orders along which the categories that occur may be cut."""
    there = np.flatnonzero((level.n > 0) & (level.w > 0))
    if len(there) < 2:
        return
    if not plan.ordered[d]:
        mean = level.wy[there] / level.w[there]
        alike = np.round(mean / (np.abs(mean).max() or 1.0), DIGITS)  # equal figures stay in their order, whatever rounding did
        yield there[np.argsort(alike, kind="stable")]
        return
    silent = plan.silent[d][there]
    yield np.concatenate([there[silent], there[~silent]])
    if silent.any():
        yield np.concatenate([there[~silent], there[silent]])


def _cut(plan: Plan, d: int, level: Sums, order: Indexes, everyone: float) -> Split | None:
    """The best cut along one order."""
    n, w, y = (np.cumsum(part[order]) for part in (level.n, level.w, level.wy))
    n_left, w_left, y_left = n[:-1], w[:-1], y[:-1]
    n_right, w_right, y_right = n[-1] - n_left, w[-1] - w_left, y[-1] - y_left
    enough = plan.rules.share * everyone * (1 - EDGE)
    allowed = np.minimum(n_left, n_right) >= plan.rules.fewest - EDGE
    allowed &= (np.minimum(w_left, w_right) >= enough) & (np.minimum(w_left, w_right) > 0)
    if not allowed.any():
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        gain = np.where(allowed, y_left**2 / w_left + y_right**2 / w_right, -np.inf)
    k = int(np.argmax(gain >= gain.max() * (1 - ALIKE)))
    sides = tuple(order[: k + 1].tolist()), tuple(order[k + 1 :].tolist())
    below, above = sides if y_left[k] / w_left[k] < y_right[k] / w_right[k] else sides[::-1]
    return Split(d, below, above, float(gain[k]))
