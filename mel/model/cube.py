"""What remains of the people once they are counted: a table of sums, from which every figure and its precision follow.

The cube holds sums per (round, stratum, PSU, finest cell). A margin is rolled up from it; estimates, variances (Taylor
linearisation) and degrees of freedom start from a margin and never reach back for rows; covariances are `mel.model.covariance`'s.
How rows become a cube is `mel.estimation`'s; intervals, notes and tables are too. Nothing here is written to disk.

Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, sections 5.5 to 5.8; with-replacement
("ultimate cluster") variance of first-stage totals, V = Σ_h (1 − f_h) n_h / (n_h − 1) Σ_i (z_hi − z̄_h)².
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mel.model.quantities import Clusters, Floats, Indexes, Largest, Quantity, Strata
from mel.model.replicate_ranks import replicate_df, replicate_rank
from mel.model.replicates import Replicates, replicate_variance
from mel.model.rollup import added_up, compact, steps, summed

SPARSE = 997
"""Every how many-th number is looked at first to see whether two columns may be the same."""
ROUNDING = 1e-14
"""What is left below this part of the terms it is the difference of is rounding, not people."""


@dataclass(frozen=True)
class Cube:
    """One dataset, counted. Row k holds the sums of one (round, stratum, PSU, cell): its unit and its code on each dimension."""

    dataset: str
    rounds: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    """Dimension: its categories in the order they are shown."""
    codes: Mapping[str, Indexes]
    round: Indexes
    unit: Indexes
    """Position in `clusters`; in `strata` where the respondent is the PSU."""
    sums: Mapping[str, Floats]
    strata: Strata
    clusters: Clusters | None
    quantities: tuple[Quantity, ...] = ()
    replicates: Replicates | None = None
    """Where standard errors come from replicate weights."""
    largest: tuple[Largest, ...] = ()

    @property
    def units(self) -> int:
        return len(self.strata) if self.clusters is None else len(self.clusters)

    @cached_property
    def alike(self) -> Mapping[str, str]:
        """Each sum, and the first that holds the very same numbers: where everybody answered many do, and are rolled up once."""
        seen: dict[tuple[float, bytes], list[str]] = {}
        found = {}
        for name, values in self.sums.items():
            others = seen.setdefault((float(values.sum()), values[::SPARSE].tobytes()), [])
            found[name] = next((other for other in others if np.array_equal(self.sums[other], values)), name)
            others += [name] if found[name] == name else []
        return found

    @cached_property
    def of_pairs(self) -> tuple[str, ...]:
        """The sums whose spread over the units is asked for: those that influence and degrees of freedom are made of."""
        return tuple(dict.fromkeys(self.alike[name] for one in self.quantities for name in one.by_unit))

    @cached_property
    def of_cells(self) -> tuple[str, ...]:
        """The sums that are not another's twin."""
        return tuple(dict.fromkeys(self.alike.values()))

    @cached_property
    def cells(self) -> Cells:
        """All sums by round and finest cell, the units added up."""
        cell, at = compact(self.domain_of(tuple(self.levels)), self._size(tuple(self.levels)))
        return Cells(tuple(self.levels), cell, added_up(at, self._table(self.of_cells), len(cell)))

    def _table(self, names: Sequence[str]) -> Floats:
        return np.column_stack([self.sums[name] for name in names]) if names else np.zeros((len(self.round), 0))

    @cached_property
    def _pairs(self) -> Floats:
        return self._table(self.of_pairs)

    def quantity(self, indicator: str, version: str, category: str) -> Quantity:
        """The quantity behind a figure. KeyError when this cube has none of that name."""
        for one in self.quantities:
            if (one.indicator, one.version, one.category) == (indicator, version, category):
                return one
        raise KeyError((indicator, version, category))

    def two_largest(self, indicator: str, version: str, dimensions: Sequence[str] = ()) -> tuple[Floats, Floats]:
        """The two largest contributions to a total, by domain of this breakdown; 0 where nobody gives anything.

        Unit: the indicator's, weighted as the total is, without sign. KeyError when this cube has no such total of numbers.
        """
        found = {(one.indicator, one.version): one for one in self.largest}[indicator, version]
        cell = self.regrouped(found.cell, found.dimensions, tuple(dimensions))
        both, value = np.concatenate([cell, cell]), np.concatenate([found.first, found.second])
        order = np.lexsort((-value, both))
        both, value = both[order], value[order]
        rank = np.arange(len(both)) - np.searchsorted(both, both)
        largest = np.zeros((2, self._size(dimensions)))
        for k in (0, 1):
            largest[k, both[rank == k]] = value[rank == k]
        return largest[0], largest[1]

    def domain_of(self, dimensions: Sequence[str]) -> Indexes:
        """Of each row: the domain of this breakdown that it is in."""
        return _domain(self.round, [(self.codes[name], len(self.levels[name])) for name in dimensions])

    def margin(self, dimensions: Sequence[str] = ()) -> Margin:
        """The roll-up over these dimensions: every round × combination of categories, also the empty ones."""
        return self.rolled(tuple(dimensions), self.domain_of(dimensions), self.unit, self._pairs, self.cells)

    def margins(self, wanted: Iterable[Sequence[str]]) -> dict[tuple[str, ...], Margin]:
        """Several roll-ups at once, each from the next larger one rather than from the cube."""
        asked = list(dict.fromkeys(tuple(names) for names in wanted))
        found: dict[tuple[str, ...], Margin] = {}
        on_the_way: dict[tuple[str, ...], Margin] = {}
        for step in steps(tuple(self.levels), self._told_apart, asked):
            on_the_way = {names: margin for names, margin in on_the_way.items() if len(names) > len(step.names)}
            source = None if step.parent is None else on_the_way[step.parent]
            margin = self.margin(step.names) if source is None else source.fewer(step.names)
            on_the_way[step.names] = margin
            for names in asked:
                if set(names) == set(step.names):
                    found[names] = margin if names == step.names else margin.fewer(names)
        return found

    @cached_property
    def _told_apart(self) -> dict[str, float]:
        """Into how many parts each dimension splits a unit, on average. Regions drawn apart split none, however many there are."""
        units = max(1, len(np.unique(self.unit)))
        sizes = {name: len(levels) for name, levels in self.levels.items()}
        return {name: len(compact(self.unit * size + self.codes[name], self.units * size)[0]) / units for name, size in sizes.items()}

    def rolled(self, dimensions: tuple[str, ...], domain: Indexes, unit: Indexes, table: Floats, cells: Cells) -> Margin:
        """The margin of rows whose domain and unit are known, and of cells: those of this cube, or of a larger margin."""
        key, pair = compact(domain * self.units + unit, self._size(dimensions) * self.units)
        pairs = added_up(pair, table, len(key))
        return Margin(
            self, dimensions, self._shape(dimensions), key // self.units, key % self.units, pairs, self._fewer_cells(cells, dimensions)
        )

    def _fewer_cells(self, cells: Cells, dimensions: tuple[str, ...]) -> Cells:
        if cells.dimensions == dimensions:
            return cells
        cell, place = compact(self.regrouped(cells.cell, cells.dimensions, dimensions), self._size(dimensions))
        return Cells(dimensions, cell, added_up(place, cells.table, len(cell)))

    def regrouped(self, cell: Indexes, dimensions: tuple[str, ...], fewer: tuple[str, ...]) -> Indexes:
        """The domain of a breakdown by fewer dimensions that each of these domains lies in."""
        gone = [name for name in dimensions if name not in fewer]
        if len(gone) == 1 and fewer == tuple(name for name in dimensions if name != gone[0]):
            below = math.prod(len(self.levels[name]) for name in dimensions[dimensions.index(gone[0]) + 1 :])
            above = cell // below
            return above // len(self.levels[gone[0]]) * below + (cell - above * below)
        at = np.unravel_index(cell, self._shape(dimensions))
        codes = dict(zip(dimensions, at[1:], strict=True))
        return _domain(at[0], [(codes[name], len(self.levels[name])) for name in fewer])

    def _shape(self, dimensions: Sequence[str]) -> tuple[int, ...]:
        return (len(self.rounds), *(len(self.levels[name]) for name in dimensions))

    def _size(self, dimensions: Sequence[str]) -> int:
        return math.prod(self._shape(dimensions))


@dataclass(frozen=True, slots=True)
class Cells:
    """All sums of a cube by non-empty domain of one breakdown: the units added up."""

    dimensions: tuple[str, ...]
    cell: Indexes
    table: Floats
    """Cells × `cube.of_cells`."""


@dataclass(frozen=True)
class Margin:
    """A roll-up: domains, and the non-empty pairs of domain and unit, in the order of domains and then of units.

    Its domains are round × the categories of `dimensions`, `shape` says how many of each. Several breakdowns side by side
    (`side_by_side`) have no dimensions of their own, and their shape is (size,).
    """

    cube: Cube
    dimensions: tuple[str, ...]
    shape: tuple[int, ...]
    pair_domain: Indexes
    pair_unit: Indexes
    table: Floats
    """Pairs × `cube.of_pairs`; that of several margins side by side stays with its parts."""
    cells: Cells
    parts: tuple[Margin, ...] = ()
    _held: dict[str, tuple[Floats, Floats, npt.NDArray[np.bool_]]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> int:
        """How many domains there are, also the empty ones."""
        return math.prod(self.shape)

    @cached_property
    def domain(self) -> Indexes:
        """Of each row of the cube: the domain it is in."""
        return self.cube.domain_of(self.dimensions)

    def fewer(self, dimensions: Sequence[str]) -> Margin:
        """The roll-up over some of these dimensions, from this one."""
        domain = self.cube.regrouped(self.pair_domain, self.dimensions, tuple(dimensions))
        return self.cube.rolled(tuple(dimensions), domain, self.pair_unit, self.table, self.cells)

    def position(self, round_: str, categories: Sequence[str]) -> int:
        """Where a domain stands. ValueError when a round or category is unknown."""
        cube = self.cube
        at = (cube.rounds.index(round_), *(cube.levels[d].index(c) for d, c in zip(self.dimensions, categories, strict=True)))
        return int(np.ravel_multi_index(at, self.shape))

    @cached_property
    def _by_pair(self) -> dict[str, Floats]:
        return {} if self.parts else dict(zip(self.cube.of_pairs, np.ascontiguousarray(self.table.T), strict=True))

    def by_pair(self, name: str) -> Floats:
        """A sum of the cube, by pair of domain and unit."""
        name = self.cube.alike[name]
        if name not in self._by_pair and self.parts:
            self._by_pair[name] = np.concatenate([part.by_pair(name) for part in self.parts])
        elif name not in self._by_pair:
            key = self.pair_domain * self.cube.units + self.pair_unit
            at = np.searchsorted(key, self.domain * self.cube.units + self.cube.unit)
            self._by_pair[name] = summed(at, self.cube.sums[name], len(key))
        return self._by_pair[name]

    @cached_property
    def _by_domain(self) -> dict[str, Floats]:
        full = np.zeros((len(self.cube.of_cells), self.size))
        full[:, self.cells.cell] = self.cells.table.T
        return dict(zip(self.cube.of_cells, full, strict=True))

    def by_domain(self, name: str) -> Floats:
        """A sum of the cube, by domain."""
        return self._by_domain[self.cube.alike[name]]

    def linearise(self, quantity: Quantity) -> Linearised:
        """Estimates and z-values of every domain, for one quantity."""
        y, x = self.by_domain(quantity.wy), self.by_domain(quantity.wx)
        with np.errstate(invalid="ignore", divide="ignore"):
            if quantity.is_total:
                estimate, of_y, of_x = y + quantity.shift * x, np.ones_like(y), np.full_like(y, quantity.shift)
            else:
                estimate, of_y, of_x = y / x + quantity.shift, 1 / x, -y / x / x
        known = np.isfinite(of_y) & np.isfinite(of_x) & (self.by_domain(quantity.counted) > 0)
        of_y, of_x = np.where(known, of_y, 0.0), np.where(known, of_x, 0.0)
        terms = of_y[self.pair_domain] * self.by_pair(quantity.wy), of_x[self.pair_domain] * self.by_pair(quantity.wx)
        z = terms[0] + terms[1]
        z = np.where(np.abs(z) > ROUNDING * (np.abs(terms[0]) + np.abs(terms[1])), z, 0.0)
        return Linearised(self, quantity, np.where(known, estimate, np.nan), z, of_y, of_x)

    def stratum_of(self, units: Indexes) -> Indexes:
        """The stratum of each of these units; where the respondent is the PSU a unit is a stratum."""
        clusters = self.cube.clusters
        return units if clusters is None else clusters.stratum[units]

    @cached_property
    def _in_stratum(self) -> tuple[Indexes, Indexes]:
        """The pairs of domain and stratum in order, as domain × strata + stratum; and which of them each pair belongs to."""
        key = self.pair_domain * len(self.cube.strata) + self.stratum_of(self.pair_unit)
        new = np.ones(len(key), dtype=bool)
        new[1:] = key[1:] != key[:-1]  # units are in the order of their strata
        return key[new], np.cumsum(new) - 1

    def held_strata(self, people: Floats) -> Indexes:
        """The (domain, stratum) pairs that hold any of these people (given by pair), as domain × strata + stratum."""
        key, at = self._in_stratum
        holds = np.zeros(len(key), dtype=bool)
        holds[at[people > 0]] = True
        return key[holds]

    def variance(self, z: Floats, counted: Floats, squares: tuple[Floats, Floats] | None = None) -> Floats:
        """Sampling variance of each domain's Σz over the whole design, units without members as zeros. All arguments are by pair.

        `z`: the sum of each unit's influence; `counted`: its people; `squares`, where the respondent is the PSU: Σz² over its
        people, and the size of the terms that is left over from.
        """
        strata = self.cube.strata
        key, at = self._in_stratum
        domain, h = key // len(strata), key % len(strata)
        total = summed(at, z, len(key))
        mean = total / strata.size[h]
        if squares is not None:
            uncentred, terms = (summed(at, part, len(key)) for part in squares)
            spread = uncentred - total * mean
            spread = np.where(spread > ROUNDING * terms, spread, 0.0)
        else:
            held = np.bincount(at, minlength=len(key))
            apart = z - mean[at]
            spread = summed(at, apart * apart, len(key)) + (strata.size[h] - held) * mean * mean
            uncentred = total * total
        spread = np.where(strata.alone[h], uncentred, spread)
        variance = summed(domain, strata.scale[h] * np.maximum(spread, 0.0), self.size)
        return variance * self._average(domain, h, counted)

    def _average(self, domain: Indexes, h: Indexes, counted: Floats) -> Floats | float:
        """Under `average` a lonely stratum counts as much as the mean of the others that hold the domain."""
        strata = self.cube.strata
        if strata.lonely != "average":
            return 1.0
        holds = np.isin(domain * len(strata) + h, self.held_strata(counted)).astype(np.float64)
        held = np.bincount(domain, weights=holds, minlength=self.size)
        alone = np.bincount(domain, weights=holds * strata.alone[h], minlength=self.size)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(held > alone, held / (held - alone), np.nan)

    def held_by(self, name: str) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
        """As `held`, for the people whom a sum of the cube counts."""
        name = self.cube.alike[name]
        if name not in self._held:
            self._held[name] = self.held(self.by_pair(name))
        return self._held[name]

    def held(self, people: Floats) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
        """By domain: the units and the strata that hold any of these people (given by pair), and whether those strata were taken whole."""
        strata = self.cube.strata
        units = summed(self.pair_domain, people if self.cube.clusters is None else (people > 0).astype(np.float64), self.size)
        key = self.held_strata(people)
        domain, h = key // len(strata), key % len(strata)
        in_part = np.bincount(domain, weights=strata.fraction[h] < 1, minlength=self.size)
        held = np.bincount(domain, minlength=self.size).astype(np.float64)
        return units, held, (in_part == 0) & (held > 0)


def side_by_side(parts: Sequence[Margin]) -> Margin:
    """Several breakdowns of one cube as one roll-up, so that all are computed at once: the domains of the first, then of the second …"""
    starts = np.cumsum([0, *(part.size for part in parts)])
    return Margin(
        parts[0].cube,
        (),
        (int(starts[-1]),),
        np.concatenate([part.pair_domain + start for part, start in zip(parts, starts, strict=False)]),
        np.concatenate([part.pair_unit for part in parts]),
        parts[0].table[:0],
        Cells(
            (),
            np.concatenate([part.cells.cell + start for part, start in zip(parts, starts, strict=False)]),
            np.concatenate([part.cells.table for part in parts]),
        ),
        tuple(parts),
    )


@dataclass(frozen=True)
class Linearised:
    """One quantity over one roll-up: the estimate of each domain, and z, each unit's influence on it."""

    margin: Margin
    quantity: Quantity
    estimate: Floats
    z: Floats
    of_y: Floats
    of_x: Floats

    def variance(self) -> Floats:
        """Sampling variance of each domain's estimate; the full design enters it, PSUs without members as zeros."""
        if self.margin.cube.replicates is not None:
            return self.replicated[0]
        squares = None if self.margin.cube.clusters is not None else self._squares()
        variance = self.margin.variance(self.z, self.margin.by_pair(self.quantity.counted), squares)
        return np.where(np.isnan(self.estimate), np.nan, variance)

    @cached_property
    def replicated(self) -> tuple[Floats, Indexes]:
        """With replicate weights: the variance of each domain, and how many replicates leave nobody of it."""
        return replicate_variance(self)

    def _squares(self) -> tuple[Floats, Floats]:
        """Σz² over the people of each pair, where the respondent is the PSU, and the size of the terms it is left over from."""
        assert self.quantity.squares is not None
        yy, xy, xx = (self.margin.by_pair(name) for name in self.quantity.squares)
        a, b = self.of_y[self.margin.pair_domain], self.of_x[self.margin.pair_domain]
        return a * a * yy + 2 * a * b * xy + b * b * xx, a * a * yy + b * b * xx

    def asked(self) -> Floats:
        """By pair: people of the population who were asked, whether they answered or not. They hold the domain, as in R's `degf`."""
        counted, *silent = self.quantity.asked
        return sum((self.margin.by_pair(name) for name in silent if self.margin.by_domain(name).any()), start=self.margin.by_pair(counted))

    @cached_property
    def _held(self) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
        return self.margin.held_by(self.quantity.counted)

    def degrees_of_freedom(self) -> Floats:
        """PSUs minus strata that hold the domain; with replicate weights their rank minus one."""
        if self.margin.cube.replicates is not None:
            return replicate_df(self)
        asked = self.asked()
        all_said = asked is self.margin.by_pair(self.quantity.counted)
        units, strata, _ = self._held if all_said else self.margin.held(asked)
        return units - strata

    def answered(self) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Of each domain: how many PSUs hold someone who is counted, and whether all of their strata were taken whole."""
        units, _, whole = self._held
        if self.margin.cube.replicates is not None and self.margin.cube.replicates.given:
            return replicate_rank(self, asked=False), whole  # weights that move as one are those of one PSU
        return units, whole

    def dense(self, rows: Indexes) -> Floats:
        """Z of these domains over all units of the design, zeros where a unit has no member."""
        out = np.zeros((len(rows), self.margin.cube.units))
        starts = np.searchsorted(self.margin.pair_domain, rows)
        ends = np.searchsorted(self.margin.pair_domain, rows, side="right")
        for k, (start, end) in enumerate(zip(starts, ends, strict=True)):
            out[k, self.margin.pair_unit[start:end]] = self.z[start:end]
        return out


def _domain(round_: Indexes, codes: Sequence[tuple[Indexes, int]]) -> Indexes:
    domain = np.asarray(round_, dtype=np.int64)
    for code, levels in codes:
        domain = domain * levels + code
    return domain
