"""What would another sample have shown? The PSUs of each stratum drawn again, or parted into folds.

Drawn again: n_h − 1 of n_h PSUs with replacement, each counted n_h / (n_h − 1) times as often as it came (Rao & Wu), damped by
√(1 − f_h) where the stratum was drawn without replacement. A stratum of one PSU stays as it is. Where each person is a PSU, people
are drawn among those of the same cell and answer, which is exact as long as they weigh the same; where they do not, this refuses.

Source: Rao & Wu (1988), JASA 83; Rao, Wu & Yue (1992), Survey Methodology 18.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mel.comparison.furthest.counted import Counted
from mel.comparison.furthest.tree import Sums
from mel.errors import CannotSay
from mel.errors import furthest as say
from mel.model.quantities import Floats, Indexes, Strata
from mel.model.rollup import summed

SAME_WEIGHT = 1e-9
AT_ONCE = 4_000_000
"""How many sums or factors are held at a time."""


@dataclass(frozen=True)
class Drawable:
    """Kinds of what was drawn (a PSU; or people of one cell, stratum and answer), how many of each, and what one adds to each cell."""

    stratum: Indexes
    count: Floats
    strata: Strata
    adds: tuple[Any, Any, Any]
    """Cells × kinds, sparse: people, Σw, Σwy of one."""

    def sums(self, factors: Floats) -> Iterator[Sums]:
        """The cells of each sample. `factors`: kinds × samples, how often one of a kind is counted, all of the kind together."""
        n, w, wy = (np.asarray(part @ factors, dtype=np.float64) for part in self.adds)
        for k in range(factors.shape[1]):
            yield Sums(n[:, k], w[:, k], wy[:, k])

    def drawn_again(self, draws: int, rng: np.random.Generator) -> Iterator[Sums]:
        """So many samples drawn again, some at a time."""
        step = max(1, AT_ONCE // max(self.adds[0].shape))
        for start in range(0, draws, step):
            yield from self.sums(self.again(min(step, draws - start), rng))

    def again(self, draws: int, rng: np.random.Generator) -> Floats:
        """Factors of so many samples drawn again."""
        out = np.repeat(self.count[:, None], draws, axis=1)
        for h, kinds, size in self._strata():
            if size < 2:
                continue
            drawn = rng.multinomial(size - 1, self._chances(kinds, size), size=draws)[:, : len(kinds)].T
            kept = np.sqrt(1 - self.strata.fraction[h])
            out[kinds] = (1 - kept) * self.count[kinds][:, None] + kept * size / (size - 1) * drawn
        return out

    def folds(self, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Each stratum's PSUs parted at random into folds: how many of each kind are in each, and the factors of all but each.

        What is not in a fold is made to stand for the whole stratum. A stratum with fewer PSUs than folds is in some of them only.
        """
        inside, others = np.zeros((len(self.count), count)), np.zeros((len(self.count), count))
        for _, kinds, size in self._strata():
            own = np.rint(self.count[kinds]).astype(np.int64)
            left = np.append(own, size - own.sum())
            sizes = np.full(count, size // count)
            sizes[rng.permutation(count)[: size % count]] += 1
            for k, many in enumerate(sizes.tolist()):
                drawn = rng.multivariate_hypergeometric(left, many)
                left = left - drawn
                inside[kinds, k] = drawn[:-1]
                others[kinds, k] = (own - drawn[:-1]) * (size / (size - many) if size > many else 0.0)
        return inside, others

    def variance(self, inside: Floats, y_part: Floats, rest: Floats) -> float:
        """Sampling variance of a figure in which people count by the fold they are in: y_part[fold, cell] · y + rest[fold, cell]."""
        z = np.asarray(self.adds[2].T @ y_part.T + self.adds[1].T @ rest.T, dtype=np.float64)
        held, at = np.unique(self.stratum, return_inverse=True)
        total, squares = (summed(at, (inside * part).sum(axis=1), len(held)) for part in (z, z * z))
        alone, size = self.strata.alone[held], self.strata.size[held]
        spread = np.where(alone, total * total, np.maximum(squares - total * total / size, 0.0))
        lent = 1.0
        if self.strata.lonely == "average":
            lent = len(held) / (len(held) - int(alone.sum())) if not alone.all() else np.nan
        return float((self.strata.scale[held] * spread).sum() * lent)

    def _strata(self) -> Iterator[tuple[int, Indexes, int]]:
        for h in np.unique(self.stratum).tolist():
            yield h, np.flatnonzero(self.stratum == h), round(float(self.strata.size[h]))

    def _chances(self, kinds: Indexes, size: int) -> Floats:
        """Of each kind, and of all who are of no kind (they did not answer)."""
        own = self.count[kinds] / size
        return np.append(own, max(0.0, 1 - own.sum()))


def drawable(counted: Counted) -> Drawable:
    """What can be drawn again. Raises: CannotSay where the cube does not keep enough to do it exactly."""
    return _people(counted) if counted.asked.cube.clusters is None else _clusters(counted)


def _clusters(counted: Counted) -> Drawable:
    cube, quantity = counted.asked.cube, counted.asked.quantity
    assert cube.clusters is not None
    of_round = cube.strata.round[cube.clusters.stratum] == cube.rounds.index(counted.asked.round)
    kinds = np.flatnonzero(of_round)
    place = np.full(len(cube.clusters), -1, dtype=np.int64)
    place[kinds] = np.arange(len(kinds))
    cell, unit = counted.pairs
    sums = (counted.by_pair(name) for name in (quantity.counted, quantity.wx, quantity.wy))
    return Drawable(
        cube.clusters.stratum[kinds], np.ones(len(kinds)), cube.strata, _tables(cell, place[unit], (len(counted.n), len(kinds)), *sums)
    )


def _people(counted: Counted) -> Drawable:
    """Each person a PSU: people of one cell, stratum and answer are of one kind."""
    quantity, dataset = counted.asked.quantity, counted.asked.dataset
    if quantity.yes is None or quantity.squares is None:
        raise CannotSay(say.FURTHEST_PEOPLE_ALONE.at(dataset=dataset, why="and the answers are numbers"))
    cell, unit = counted.pairs
    n, yes, w, wy, wwyy, wwxx = (
        counted.by_pair(k) for k in (quantity.counted, quantity.yes, quantity.wx, quantity.wy, quantity.squares[0], quantity.squares[2])
    )
    count, weight = np.concatenate([yes, n - yes]), np.concatenate([wy, w - wy])
    squares = np.concatenate([wwyy, wwxx - wwyy])
    answer = np.concatenate([np.ones(len(yes)), np.zeros(len(yes))])
    there = np.flatnonzero(count > 0.5)
    count, weight, squares, answer = count[there], weight[there], squares[there], answer[there]
    if (np.abs(count * squares - weight * weight) > SAME_WEIGHT * weight * weight).any():
        raise CannotSay(say.FURTHEST_PEOPLE_ALONE.at(dataset=dataset, why="and people of one group weigh differently"))
    each = weight / count
    shape = (len(counted.n), len(there))
    tables = _tables(np.tile(cell, 2)[there], np.arange(len(there)), shape, np.ones(len(there)), each, each * answer)
    return Drawable(np.tile(unit, 2)[there], count, counted.asked.cube.strata, tables)


def _tables(cell: Indexes, kind: Indexes, shape: tuple[int, int], *sums: Floats) -> tuple[Any, Any, Any]:
    from scipy.sparse import csr_array

    n, w, wy = (csr_array((part, (cell, kind)), shape=shape) for part in sums)
    return n, w, wy
