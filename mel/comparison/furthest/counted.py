"""Who stands in which finest cell, what did they say together, and how sure is anything that is computed from it?

A figure made of cells is told by its influence: how much it would move if a person with answer y stood in cell j once more,
α_j y + γ_j. Its sampling variance over the design follows, without any row of a person.

Source: as `mel.model.cube`: Σ_h (1 − f_h) n_h / (n_h − 1) Σ_i (z_hi − z̄_h)(z_hi − z̄_h)′, units without members as zeros;
Deville (1999), Variance estimation for complex statistics, Survey Methodology 25.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mel.codes import SILENCES
from mel.comparison.furthest.asked import Asked, Domain
from mel.errors import CannotSay
from mel.errors import furthest as say
from mel.model.cube import ROUNDING
from mel.model.figure import FigureId
from mel.model.quantities import Floats, Indexes
from mel.model.rollup import summed

Masks = npt.NDArray[np.bool_]
SILENCE_RULES = ("as_category", "left_out")


@dataclass(frozen=True)
class Influence:
    """Of several figures (rows) by cell: a person with answer y in cell j moves figure k by y_part[k, j] · y + rest[k, j]."""

    y_part: Floats
    rest: Floats


@dataclass(frozen=True)
class Counted:
    """The finest cells of one round that hold anyone asked, in the order of the crossing. `y` is kept without `shift`."""

    asked: Asked
    rows: Indexes
    """The rows of the cube that these cells are made of."""
    cell: Indexes
    """Of each of those rows."""
    codes: Indexes
    """Cells × dimensions: position among the dimension's levels."""
    n: Floats
    w: Floats
    wy: Floats
    wyy: Floats
    left_out: int

    @property
    def shift(self) -> float:
        return 0.0 if self.asked.is_share else self.asked.quantity.shift

    @property
    def mean(self) -> float:
        """Everyone's figure, without the shift."""
        return float(self.wy.sum() / self.w.sum())

    @cached_property
    def levels(self) -> tuple[tuple[str, ...], ...]:
        return tuple(self.asked.cube.levels[name] for name in self.asked.names)

    @cached_property
    def silent(self) -> tuple[Masks, ...]:
        """By dimension: which of its levels are silences."""
        return tuple(np.isin(np.array(levels, dtype=object), SILENCES) for levels in self.levels)

    def figures(self, cells: Indexes, dimensions: tuple[int, ...]) -> tuple[FigureId, ...]:
        """The figures whose people are those of these cells, told apart by these dimensions only."""
        held = cells[self.n[cells] > 0]
        groups = np.unique(self.codes[held][:, dimensions], axis=0)
        names = self.asked.names
        return tuple(
            self.asked.figure((names[d], self.levels[d][c]) for d, c in zip(dimensions, row, strict=True)) for row in groups.tolist()
        )

    def inputs(self, cells: Indexes, dimensions: tuple[int, ...]) -> tuple[FigureId, ...]:
        """What a figure of these cells was made from. Where people were left out, only the finest figures add up to it."""
        return self.figures(cells, dimensions if not self.left_out else tuple(range(len(self.levels))))

    def domain(self, bounds: tuple[tuple[int, tuple[int, ...]], ...]) -> Domain:
        return tuple((self.asked.names[d], tuple(self.levels[d][c] for c in codes)) for d, codes in bounds)

    # ---- precision -----------------------------------------------------------------------------------------------------

    @cached_property
    def _paired(self) -> tuple[Indexes, Indexes]:
        """The non-empty pairs of cell and unit, as cell × units + unit; and which of them each row is."""
        return np.unique(self.cell * self.asked.cube.units + self.asked.cube.unit[self.rows], return_inverse=True)

    @property
    def pairs(self) -> tuple[Indexes, Indexes]:
        """The cell and the unit of each pair."""
        key, _ = self._paired
        return key // self.asked.cube.units, key % self.asked.cube.units

    def by_pair(self, name: str) -> Floats:
        """A sum of the cube, by pair."""
        key, at = self._paired
        return summed(at, self.asked.cube.sums[name][self.rows], len(key))

    def stratum_of(self, units: Indexes) -> Indexes:
        """The stratum of each of these units; where the respondent is the PSU a unit is a stratum."""
        clusters = self.asked.cube.clusters
        return units if clusters is None else clusters.stratum[units]

    @cached_property
    def _units(self) -> tuple[Indexes, Indexes, Indexes, Indexes]:
        """Units that hold anyone; of each pair its place among them; strata that hold anyone; of each unit its place among them."""
        units, at = np.unique(self.pairs[1], return_inverse=True)
        strata, h = np.unique(self.stratum_of(units), return_inverse=True)
        return units, at, strata, h

    def covariance(self, influence: Influence) -> Floats:
        """Sampling covariance of these figures."""
        cell, _ = self.pairs
        units, at, held, h = self._units
        strata, quantity = self.asked.cube.strata, self.asked.quantity
        z = _sparse(at, len(units), self.by_pair(quantity.wy), self.by_pair(quantity.wx), cell, influence)
        total = np.zeros((len(z), len(held)))
        np.add.at(total.T, h, z.T)
        alone = strata.alone[held]
        mean = np.where(alone, 0.0, total / strata.size[held])
        scale = strata.scale[held]
        if self.asked.cube.clusters is None:
            spread = self._of_people(influence, cell, scale[h][at]) - (total * scale) @ mean.T
        else:
            apart = (z - mean[:, h]) * np.sqrt(scale)[h]
            without = scale * (strata.size[held] - np.bincount(h, minlength=len(held)))
            spread = apart @ apart.T + (mean * np.where(alone, 0.0, without)) @ mean.T
        lent = np.sqrt(self._borrowed(influence))
        return np.asarray(spread * lent[:, None] * lent[None, :], dtype=np.float64)

    def _of_people(self, influence: Influence, cell: Indexes, scale: Floats) -> Floats:
        """Σ z z′ over people, where each is a PSU."""
        assert self.asked.quantity.squares is not None
        yy, xy, xx = (scale * self.by_pair(name) for name in self.asked.quantity.squares)
        yy, xy, xx = (summed(cell, part, len(self.n)) for part in (yy, xy, xx))
        a, b = influence.y_part, influence.rest
        mixed = (a * xy) @ b.T
        spread = (a * yy) @ a.T + mixed + mixed.T + (b * xx) @ b.T
        sizes = (a * a) @ yy + (b * b) @ xx
        tiny = np.abs(spread) <= ROUNDING * np.sqrt(np.outer(sizes, sizes))
        return np.asarray(np.where(tiny, 0.0, spread), dtype=np.float64)

    def _borrowed(self, influence: Influence) -> Floats:
        """Under `average` a lonely stratum counts as much as the mean of the others that hold the figure's people."""
        strata = self.asked.cube.strata
        if strata.lonely != "average":
            return np.ones(len(influence.rest))
        (cell, unit), n = self.pairs, self.by_pair(self.asked.quantity.counted)
        out = []
        for moved in self._moved(influence):
            h = self.stratum_of(np.unique(unit[moved[cell] & (n > 0)]))
            h = np.unique(h)
            alone = int(strata.alone[h].sum())
            out.append(len(h) / (len(h) - alone) if len(h) > alone else np.nan)
        return np.array(out)

    def _moved(self, influence: Influence) -> Masks:
        return np.asarray((influence.y_part != 0) | (influence.rest != 0), dtype=np.bool_)

    def degrees_of_freedom(self, inside: Masks) -> Floats:
        """By figure (rows: which cells it is of): PSUs minus strata that hold anyone asked."""
        cell, unit = self.pairs
        asked = np.sum([self.by_pair(name) for name in self.asked.quantity.asked], axis=0)
        out = []
        for row in inside:
            people = np.where(row[cell], asked, 0.0)
            held = np.unique(unit[people > 0])
            psus = people.sum() if self.asked.cube.clusters is None else len(held)
            out.append(float(psus) - len(np.unique(self.stratum_of(held))))
        return np.array(out)

    def alone(self, inside: Masks) -> Masks:
        """By figure: True where one PSU holds all who answered, and there were others: how it varies cannot be seen."""
        cell, unit = self.pairs
        n, strata = self.by_pair(self.asked.quantity.counted), self.asked.cube.strata
        out = []
        for row in inside:
            there = row[cell] & (n > 0)
            held = np.unique(unit[there])
            psus = n[there].sum() if self.asked.cube.clusters is None else len(held)
            out.append(bool(psus <= 1 and (strata.fraction[self.stratum_of(held)] < 1).any()))
        return np.array(out, dtype=np.bool_)

    def exact(self, inside: Masks) -> Masks:
        """By figure: True where all strata of its people were taken whole."""
        cell, unit = self.pairs
        n, strata = self.by_pair(self.asked.quantity.counted), self.asked.cube.strata
        held = (np.unique(self.stratum_of(unit[row[cell] & (n > 0)])) for row in inside)
        return np.array([bool((strata.fraction[h] >= 1).all()) for h in held], dtype=np.bool_)

    def of_means(self, inside: Masks) -> tuple[Floats, Influence]:
        """The figures of groups of cells (rows), without the shift, and their influence."""
        members = inside.astype(np.float64)
        x, y = members @ self.w, members @ self.wy
        estimate = y / x
        return estimate, Influence(members / x[:, None], -members * (estimate / x)[:, None])


def _sparse(at: Indexes, units: int, wy: Floats, wx: Floats, cell: Indexes, influence: Influence) -> Floats:
    """Z of each figure (rows) and unit."""
    from scipy.sparse import csr_array

    shape = (influence.rest.shape[1], units)
    of_y, of_x = (csr_array((part, (cell, at)), shape=shape) for part in (wy, wx))
    return np.asarray((of_y.T @ influence.y_part.T + of_x.T @ influence.rest.T).T, dtype=np.float64)


def counted(asked: Asked, silences: str) -> Counted:
    """The cells behind one question. Raises: CannotSay where nobody answered."""
    cube, q = asked.cube, asked.quantity
    rows = np.flatnonzero(cube.round == cube.rounds.index(asked.round))
    levels = [cube.levels[name] for name in asked.names]
    key, cell = np.unique(cube.domain_of(asked.names)[rows], return_inverse=True)
    codes = np.array(np.unravel_index(key, (len(cube.rounds), *map(len, levels)))[1:], dtype=np.int64).T
    sums = {name: summed(cell, cube.sums[name][rows], len(key)) for name in {*q.asked, q.wx, q.wy, q.wyy}}
    kept, left_out = np.sum([sums[name] for name in q.asked], axis=0) > 0, 0
    if silences == "left_out":
        silent = [np.isin(np.array(listed, dtype=object), SILENCES) for listed in levels]
        told = ~np.any([mask[codes[:, k]] for k, mask in enumerate(silent)], axis=0)
        left_out, kept = round(float(sums[q.counted][kept & ~told].sum())), kept & told
    place = np.cumsum(kept) - 1
    inside = kept[cell]
    n, w, wy, wyy = (sums[name][kept] for name in (q.counted, q.wx, q.wy, q.wyy))
    found = Counted(asked, rows[inside], place[cell[inside]], codes[kept], n, w, wy, wyy, left_out)
    if not found.n.sum() or not found.w.sum():
        raise CannotSay(say.FURTHEST_NOBODY.at(indicator=asked.indicator.id, round=asked.round))
    return found
