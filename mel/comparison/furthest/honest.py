"""How far can the group that a tree found be trusted? A tree looks for the widest gap, so what it finds looks wider than it is.

Two answers. Which group: the whole tree is grown again on samples drawn again, and one sees whether the same people come out
furthest behind. How wide: groups are found in one half of the PSUs and looked up in the other, where nobody looked for them, both
ways, over several ways of halving; the mean of these gaps flatters nobody. Its standard error is that of the same groups' gaps in
the whole sample, with the full design.

Source: sample splitting: Cox (1975), Biometrika 62; cross-fitting: Athey & Imbens (2016), PNAS 113(27).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mel.comparison.furthest.counted import Counted, Masks
from mel.comparison.furthest.draws import Drawable
from mel.comparison.furthest.tree import Node, Plan, Sums, grow, leaves
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

    halves: int = 0
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
    for sums in source.sums(source.again(draws, rng)):
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


def cross_fitted(counted: Counted, plan: Plan, source: Drawable, halves: int, level: float, rng: np.random.Generator) -> Gap:
    """The gap between the groups that one half finds furthest ahead and furthest behind, in the other half."""
    side = counted.asked.side
    pairs: list[tuple[Masks, Masks]] = []
    gaps: list[float] = []
    for _ in range(halves):
        first, second = source.sums(source.halves(rng))
        for learn, look in ((first, second), (second, first)):
            found = leaves(grow(plan, learn))
            if len(found) < 2:
                continue
            behind, ahead = (_mask(node, len(counted.cell)) for node in ends(found, side))
            values = [_mean(look, mask) for mask in (ahead, behind)]
            if np.isfinite(values).all():
                pairs.append((ahead, behind))
                gaps.append(side * (values[0] - values[1]))
    if not gaps:
        return Gap()
    variance, df = _in_the_whole(counted, pairs)
    found_ = around(np.array([np.mean(gaps)]), np.array([variance]), np.array([df]), level)
    estimate, se, low, high = (float(part[0]) for part in (found_.estimate, found_.se, found_.low, found_.high))
    return Gap(halves, estimate, se, low, high, df)


def _mask(node: Node, cells: int) -> Masks:
    mask = np.zeros(cells, dtype=bool)
    mask[node.cells] = True
    return mask


def _mean(sums: Sums, mask: Masks) -> float:
    w = sums.w[mask].sum()
    return float(sums.wy[mask].sum() / w) if w > 0 else np.nan


def _in_the_whole(counted: Counted, pairs: list[tuple[Masks, Masks]]) -> tuple[float, float]:
    """Mean sampling variance of these gaps in the whole sample, and the fewest degrees of freedom of any."""
    from mel.comparison.furthest.counted import Influence

    sides = np.array([mask for pair in pairs for mask in pair])
    different, at = np.unique(sides, axis=0, return_inverse=True)
    there = (different @ counted.w) > 0
    _, moves = counted.of_means(different)
    contrast = np.zeros((len(pairs), len(different)))
    contrast[np.arange(len(pairs)), at[0::2]] += 1.0
    contrast[np.arange(len(pairs)), at[1::2]] -= 1.0
    assert there.all()
    both = Influence(contrast @ moves.y_part, contrast @ moves.rest)
    variance = float(np.diag(counted.covariance(both)).mean())
    return variance, float(counted.degrees_of_freedom(np.array([a | b for a, b in pairs])).min())
