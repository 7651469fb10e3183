"""What remains of the people once they are counted: a table of sums, from which every figure and its precision follow.

The cube holds sums per (round, stratum, PSU, finest cell). A margin is rolled up from it; estimates, variances (Taylor
linearisation) and degrees of freedom start from a margin and never reach back for rows; covariances are `mel.model.covariance`'s.
How rows become a cube is `mel.estimation`'s; intervals, notes and tables are too. Nothing here is written to disk.

Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, sections 5.5 to 5.8; with-replacement
("ultimate cluster") variance of first-stage totals, V = Σ_h (1 − f_h) n_h / (n_h − 1) Σ_i (z_hi − z̄_h)².
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from mel.codes import NOT_ASKED

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]
Lonely = Literal["fail", "certainty", "adjust", "average"]
ROUNDING = 1e-14
"""What is left below this part of the terms it is the difference of is rounding, not people."""
DENSE = 4_000_000
"""How many cells a dense table may have before sorting is cheaper than counting."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Which sums of the cube one figure is made of. y is what is summed, x what it is divided by, w the weight.

    `y` is kept as y − shift · x, so that squares of large numbers do not swallow their differences. Sums of squares still keep
    fewer digits for a group whose answers differ far less from each other than from everybody's.
    """

    indicator: str
    version: str
    category: str
    kind: str
    counted: str
    """n of those in the denominator."""
    weight: str
    """Σw of those in the denominator."""
    wy: str
    wx: str
    wyy: str
    wxy: str
    wxx: str
    squares: tuple[str, str, str] | None = None
    """Σw²y², Σw²xy, Σw²x² where the respondent is the PSU."""
    yes: str | None = None
    silences: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """The silences that count as missing (`exclude`)."""
    shift: float = 0.0

    @property
    def is_total(self) -> bool:
        return self.kind == "total"


@dataclass(frozen=True, slots=True)
class Strata:
    """The strata of each round: how many PSUs (or people) were drawn, and which part of all that is."""

    round: Indexes
    label: tuple[str, ...]
    size: Floats
    fraction: Floats
    """f_h, 0 without a finite population correction."""
    lonely: Lonely = "fail"

    def __len__(self) -> int:
        return len(self.label)

    @property
    def alone(self) -> npt.NDArray[np.bool_]:
        """One PSU drawn out of several: its variance cannot be seen."""
        return np.asarray((self.size == 1) & (self.fraction < 1), dtype=np.bool_)

    @property
    def scale(self) -> Floats:
        """(1 − f) n / (n − 1); a lonely stratum counts (1 − f) under `adjust` and nothing else."""
        many = self.size > 1
        scale = np.where(many, (1 - self.fraction) * self.size / np.where(many, self.size - 1, 1), 0.0)
        return np.where(self.alone, 1 - self.fraction, scale) if self.lonely == "adjust" else scale


@dataclass(frozen=True, slots=True)
class Clusters:
    """The PSUs of each round, in the order of their strata."""

    stratum: Indexes
    label: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.label)


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

    @property
    def units(self) -> int:
        return len(self.strata) if self.clusters is None else len(self.clusters)

    def quantity(self, indicator: str, version: str, category: str) -> Quantity:
        """The quantity behind a figure. KeyError when this cube has none of that name."""
        for one in self.quantities:
            if (one.indicator, one.version, one.category) == (indicator, version, category):
                return one
        raise KeyError((indicator, version, category))

    def margin(self, dimensions: Sequence[str] = ()) -> Margin:
        """The roll-up over these dimensions: every round × combination of categories, also the empty ones."""
        shape = (len(self.rounds), *(len(self.levels[name]) for name in dimensions))
        domain = np.ravel_multi_index((self.round, *(self.codes[name] for name in dimensions)), shape).astype(np.int64)
        key, pair = _compact(domain * self.units + self.unit, int(np.prod(shape)) * self.units)
        return Margin(self, tuple(dimensions), shape, domain, pair, key // self.units, key % self.units)


@dataclass(frozen=True)
class Margin:
    """A roll-up: domains (round × categories) and the non-empty pairs of domain and unit."""

    cube: Cube
    dimensions: tuple[str, ...]
    shape: tuple[int, ...]
    domain: Indexes
    pair: Indexes
    pair_domain: Indexes
    pair_unit: Indexes
    _rolled: dict[str, Floats] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    def by_pair(self, name: str) -> Floats:
        """A sum of the cube, by pair of domain and unit."""
        if name not in self._rolled:
            self._rolled[name] = _summed(self.pair, self.cube.sums[name], len(self.pair_unit))
        return self._rolled[name]

    def by_domain(self, name: str) -> Floats:
        """A sum of the cube, by domain."""
        return _summed(self.pair_domain, self.by_pair(name), self.size)

    def position(self, round_: str, categories: Sequence[str]) -> int:
        """Where a domain stands. ValueError when a round or category is unknown."""
        cube = self.cube
        at = (cube.rounds.index(round_), *(cube.levels[d].index(c) for d, c in zip(self.dimensions, categories, strict=True)))
        return int(np.ravel_multi_index(at, self.shape))

    def linearise(self, quantity: Quantity) -> Linearised:
        """Estimates and z-values of every domain of this margin, for one quantity."""
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

    def held_strata(self, people: Floats) -> Indexes:
        """The (domain, stratum) pairs that hold any of these people (given by pair), as domain × strata + stratum."""
        return np.unique((self.pair_domain * len(self.cube.strata) + self.stratum_of(self.pair_unit))[people > 0])

    def variance(self, z: Floats, counted: Floats, squares: tuple[Floats, Floats] | None = None) -> Floats:
        """Sampling variance of each domain's Σz over the whole design, units without members as zeros. All arguments are by pair.

        `z`: the sum of each unit's influence; `counted`: its people; `squares`, where the respondent is the PSU: Σz² over its
        people, and the size of the terms that is left over from.
        """
        strata = self.cube.strata
        stratum = self.stratum_of(self.pair_unit)
        key, at = _compact(self.pair_domain * len(strata) + stratum, self.size * len(strata))
        domain, h = key // len(strata), key % len(strata)
        total = np.bincount(at, weights=z, minlength=len(key))
        mean = total / strata.size[h]
        if squares is not None:
            uncentred, terms = (np.bincount(at, weights=part, minlength=len(key)) for part in squares)
            spread = uncentred - total * mean
            spread = np.where(spread > ROUNDING * terms, spread, 0.0)
        else:
            held = np.bincount(at, minlength=len(key))
            apart = z - mean[at]
            spread = np.bincount(at, weights=apart * apart, minlength=len(key)) + (strata.size[h] - held) * mean * mean
            uncentred = total * total
        spread = np.where(strata.alone[h], uncentred, spread)
        variance = _summed(domain, strata.scale[h] * np.maximum(spread, 0.0), self.size)
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


@dataclass(frozen=True)
class Linearised:
    """One quantity over one margin: the estimate of each domain, and z, each unit's influence on it."""

    margin: Margin
    quantity: Quantity
    estimate: Floats
    z: Floats
    of_y: Floats
    of_x: Floats

    def variance(self) -> Floats:
        """Sampling variance of each domain's estimate; the full design enters it, PSUs without members as zeros."""
        squares = None if self.margin.cube.clusters is not None else self._squares()
        variance = self.margin.variance(self.z, self.margin.by_pair(self.quantity.counted), squares)
        return np.where(np.isnan(self.estimate), np.nan, variance)

    def _squares(self) -> tuple[Floats, Floats]:
        """Σz² over the people of each pair, where the respondent is the PSU, and the size of the terms it is left over from."""
        assert self.quantity.squares is not None
        yy, xy, xx = (self.margin.by_pair(name) for name in self.quantity.squares)
        a, b = self.of_y[self.margin.pair_domain], self.of_x[self.margin.pair_domain]
        return a * a * yy + 2 * a * b * xy + b * b * xx, a * a * yy + b * b * xx

    def asked(self) -> Floats:
        """By pair: people of the population who were asked, whether they answered or not. They hold the domain, as in R's `degf`."""
        by, silences = self.margin.by_pair, self.quantity.silences
        silent = [by(silences[reason]) for reason in self.quantity.missing if reason != NOT_ASKED]
        return sum(silent, start=by(self.quantity.counted))

    def degrees_of_freedom(self) -> Floats:
        """PSUs minus strata that hold the domain."""
        units, strata, _ = self._held(self.asked())
        return units - strata

    def answered(self) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Of each domain: how many PSUs hold someone who is counted, and whether all of their strata were taken whole."""
        units, _, whole = self._held(self.margin.by_pair(self.quantity.counted))
        return units, whole

    def _held(self, people: Floats) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
        margin, strata = self.margin, self.margin.cube.strata
        units = _summed(margin.pair_domain, people if margin.cube.clusters is None else (people > 0).astype(np.float64), margin.size)
        key = margin.held_strata(people)
        domain, h = key // len(strata), key % len(strata)
        in_part = np.bincount(domain, weights=strata.fraction[h] < 1, minlength=margin.size)
        held = np.bincount(domain, minlength=margin.size).astype(np.float64)
        return units, held, (in_part == 0) & (held > 0)

    def dense(self, rows: Indexes) -> Floats:
        """Z of these domains over all units of the design, zeros where a unit has no member."""
        out = np.zeros((len(rows), self.margin.cube.units))
        starts = np.searchsorted(self.margin.pair_domain, rows)
        ends = np.searchsorted(self.margin.pair_domain, rows, side="right")
        for k, (start, end) in enumerate(zip(starts, ends, strict=True)):
            out[k, self.margin.pair_unit[start:end]] = self.z[start:end]
        return out


def _summed(at: Indexes, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(at, weights=values, minlength=size), dtype=np.float64)


def _compact(key: Indexes, space: int) -> tuple[Indexes, Indexes]:
    """The distinct keys in order, and for each row the position of its key among them."""
    if space > max(DENSE, 4 * len(key)):
        found, at = np.unique(key, return_inverse=True)
        return found, at
    present = np.zeros(space, dtype=bool)
    present[key] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[key]
