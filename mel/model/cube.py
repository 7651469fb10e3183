"""What remains of the people once they are counted: a table of sums, from which every figure and its precision follow.

The cube holds sums per (round, stratum, PSU, finest cell). A margin is rolled up from it; estimates, variances (Taylor
linearisation), degrees of freedom and covariances start from a margin and never reach back for rows.
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

from mel.errors import CannotSay
from mel.errors.estimation import COVARIANCE_AVERAGE, COVARIANCE_RESPONDENT, COVARIANCE_TWO_INDICATORS

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]
Lonely = Literal["fail", "certainty", "adjust", "average"]
_DENSE = 4_000_000
"""How many cells a dense table may have before sorting is cheaper than counting."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Which sums of the cube one figure is made of. y is what is summed, x what it is divided by, w the weight.

    `y` is kept as y − shift · x, so that squares of large numbers do not swallow their differences.
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
        return (self.size == 1) & (self.fraction < 1)

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
            self._rolled[name] = np.bincount(self.pair, weights=self.cube.sums[name], minlength=len(self.pair_unit))
        return self._rolled[name]

    def by_domain(self, name: str) -> Floats:
        """A sum of the cube, by domain."""
        return np.bincount(self.pair_domain, weights=self.by_pair(name), minlength=self.size)

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
        z = of_y[self.pair_domain] * self.by_pair(quantity.wy) + of_x[self.pair_domain] * self.by_pair(quantity.wx)
        return Linearised(self, quantity, np.where(known, estimate, np.nan), z, of_y, of_x)


@dataclass(frozen=True)
class Linearised:
    """One quantity over one margin: the estimate of each domain, and z, each unit's influence on it."""

    margin: Margin
    quantity: Quantity
    estimate: Floats
    z: Floats
    of_y: Floats
    of_x: Floats

    @property
    def _strata(self) -> Strata:
        return self.margin.cube.strata

    def _stratum_of(self, units: Indexes) -> Indexes:
        clusters = self.margin.cube.clusters
        return units if clusters is None else clusters.stratum[units]

    def variance(self) -> Floats:
        """Sampling variance of each domain's estimate; the full design enters it, PSUs without members as zeros."""
        margin, strata = self.margin, self._strata
        stratum = self._stratum_of(margin.pair_unit)
        key, at = _compact(margin.pair_domain * len(strata) + stratum, margin.size * len(strata))
        domain, h = key // len(strata), key % len(strata)
        total = np.bincount(at, weights=self.z, minlength=len(key))
        mean = total / strata.size[h]
        if margin.cube.clusters is None:
            squares = np.bincount(at, weights=self._squares(), minlength=len(key))
            spread, uncentred = squares - total * mean, squares
        else:
            held = np.bincount(at, minlength=len(key))
            apart = self.z - mean[at]
            spread = np.bincount(at, weights=apart * apart, minlength=len(key)) + (strata.size[h] - held) * mean * mean
            uncentred = total * total
        spread = np.where(strata.alone[h], uncentred, spread)
        variance = np.bincount(domain, weights=strata.scale[h] * np.maximum(spread, 0.0), minlength=margin.size)
        return np.where(np.isnan(self.estimate), np.nan, variance * self._average(domain, h))

    def _average(self, domain: Indexes, h: Indexes) -> Floats | float:
        """Under `average` a lonely stratum counts as much as the mean of the others that hold the domain."""
        if self._strata.lonely != "average":
            return 1.0
        held = np.bincount(domain, weights=self._holds_stratum(domain, h), minlength=self.margin.size)
        alone = np.bincount(domain, weights=self._holds_stratum(domain, h) * self._strata.alone[h], minlength=self.margin.size)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(held > alone, held / (held - alone), np.nan)

    def _holds_stratum(self, domain: Indexes, h: Indexes) -> Floats:
        key = domain * len(self._strata) + h
        return np.isin(key, self._held_strata()).astype(np.float64)

    def _held_strata(self) -> Indexes:
        margin = self.margin
        held = margin.by_pair(self.quantity.counted) > 0
        return np.unique((margin.pair_domain * len(self._strata) + self._stratum_of(margin.pair_unit))[held])

    def _squares(self) -> Floats:
        """Σz² over the people of each pair, where the respondent is the PSU."""
        assert self.quantity.squares is not None
        yy, xy, xx = (self.margin.by_pair(name) for name in self.quantity.squares)
        a, b = self.of_y[self.margin.pair_domain], self.of_x[self.margin.pair_domain]
        return a * a * yy + 2 * a * b * xy + b * b * xx

    def held(self) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
        """Of each domain: PSUs and strata that hold someone who is counted, and whether all of these strata were taken whole."""
        margin, strata = self.margin, self._strata
        counted = margin.by_pair(self.quantity.counted)
        weights = counted if margin.cube.clusters is None else (counted > 0).astype(np.float64)
        units = np.bincount(margin.pair_domain, weights=weights, minlength=margin.size)
        key = self._held_strata()
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


def influence(linearised: Linearised, row: int) -> dict[str, Floats | tuple[str, ...]]:
    """Z of one domain by unit of the design, with each unit's stratum and label: what a contrast is made of."""
    cube = linearised.margin.cube
    stratum = np.arange(len(cube.strata)) if cube.clusters is None else cube.clusters.stratum
    labels = cube.strata.label if cube.clusters is None else cube.clusters.label
    return {"z": linearised.dense(np.array([row]))[0], "stratum": stratum.astype(np.float64), "label": labels}


def covariance(a: Linearised, rows_a: Indexes, b: Linearised, rows_b: Indexes) -> Floats:
    """Covariance of each pair of domains: rows_a[k] of `a` with rows_b[k] of `b`, both of one cube.

    In one round the full design enters it. Between two rounds only PSUs with the same stratum and label vary together; ask
    only where the rounds are declared to share them.

    Raises: CannotSay where the cube does not hold it: respondents as PSUs across rounds or indicators; lonely PSUs averaged.
    Checked: tests/reference/survey/test_r_live.py, test_r_4_5.py.
    """
    cube = a.margin.cube
    if cube.strata.lonely == "average" and cube.strata.alone.any():
        raise CannotSay(COVARIANCE_AVERAGE.at(dataset=cube.dataset))
    out = np.zeros(len(rows_a))
    round_a, round_b = (np.unravel_index(r, m.margin.shape)[0] for r, m in ((rows_a, a), (rows_b, b)))
    step = max(1, _DENSE // max(1, cube.units))
    for pair in sorted(set(zip(round_a.tolist(), round_b.tolist(), strict=True))):
        chosen = np.flatnonzero((round_a == pair[0]) & (round_b == pair[1]))
        for start in range(0, len(chosen), step):
            some = chosen[start : start + step]
            out[some] = _covariance(a, rows_a[some], b, rows_b[some], pair)
    return out


def _covariance(a: Linearised, rows_a: Indexes, b: Linearised, rows_b: Indexes, rounds: tuple[int, int]) -> Floats:
    if a.margin.cube.clusters is None:
        return _between_respondents(a, rows_a, b, rows_b, rounds)
    za, zb = a.dense(rows_a), b.dense(rows_b)
    return _within_round(a.margin.cube, za, zb) if rounds[0] == rounds[1] else _common(a.margin.cube, za, zb, rounds)


def _within_round(cube: Cube, za: Floats, zb: Floats) -> Floats:
    assert cube.clusters is not None
    h = cube.clusters.stratum
    starts = np.searchsorted(h, np.arange(len(cube.strata)))
    keep = np.where(cube.strata.alone, 0.0, 1.0)[h]
    apart = [z - (np.add.reduceat(z, starts, axis=1) / cube.strata.size)[:, h] * keep for z in (za, zb)]
    total: Floats = (apart[0] * apart[1] * cube.strata.scale[h]).sum(axis=1)
    return total


def _common(cube: Cube, za: Floats, zb: Floats, rounds: tuple[int, int]) -> Floats:
    """Over the PSUs that both rounds have: m / (m − 1) Σ (z_a − z̄_a)(z_b − z̄_b) in each stratum, times √((1 − f_a)(1 − f_b))."""
    in_a, in_b = common_clusters(cube, *rounds)
    if not len(in_a):
        return np.zeros(len(za))
    assert cube.clusters is not None
    strata, of_a, of_b = cube.strata, cube.clusters.stratum[in_a], cube.clusters.stratum[in_b]
    _, group = np.unique(of_a, return_inverse=True)
    m = np.bincount(group).astype(np.float64)
    f = np.sqrt((1 - strata.fraction[of_a]) * (1 - strata.fraction[of_b]))
    single = m[group] == 1
    scale = np.where(single, 1.0 if strata.lonely == "adjust" else 0.0, m[group] / np.maximum(m[group] - 1, 1)) * f
    starts = np.searchsorted(group, np.arange(len(m)))
    keep = np.where(single, 0.0, 1.0)
    apart = [z - (np.add.reduceat(z, starts, axis=1) / m)[:, group] * keep for z in (za[:, in_a], zb[:, in_b])]
    total: Floats = (apart[0] * apart[1] * scale).sum(axis=1)
    return total


def common_clusters(cube: Cube, round_a: int, round_b: int) -> tuple[Indexes, Indexes]:
    """The PSUs two rounds share, by stratum and label: their positions in each round, in the order of the first."""
    assert cube.clusters is not None
    names = [(cube.strata.label[h], label) for h, label in zip(cube.clusters.stratum, cube.clusters.label, strict=True)]
    of_round = cube.strata.round[cube.clusters.stratum]
    there = {names[k]: k for k in np.flatnonzero(of_round == round_b).tolist()}
    shared = [(k, there[names[k]]) for k in np.flatnonzero(of_round == round_a).tolist() if names[k] in there]
    pairs = np.array(shared, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _between_respondents(a: Linearised, rows_a: Indexes, b: Linearised, rows_b: Indexes, rounds: tuple[int, int]) -> Floats:
    cube = a.margin.cube
    if rounds[0] != rounds[1]:
        raise CannotSay(COVARIANCE_RESPONDENT.at(dataset=cube.dataset))
    if a.quantity != b.quantity:
        raise CannotSay(COVARIANCE_TWO_INDICATORS.at(a=a.quantity.indicator, b=b.quantity.indicator))
    za, zb = a.dense(rows_a), b.dense(rows_b)
    together = np.zeros_like(za)
    for k, (i, j) in enumerate(zip(rows_a, rows_b, strict=True)):
        both = np.flatnonzero((a.margin.domain == i) & (b.margin.domain == j))
        if len(both):
            together[k] = np.bincount(cube.unit[both], weights=_products(a, int(i), b, int(j), both), minlength=cube.units)
    keep = np.where(cube.strata.alone, 0.0, 1.0)
    total: Floats = (cube.strata.scale * (together - keep * za * zb / cube.strata.size)).sum(axis=1)
    return total


def _products(a: Linearised, i: int, b: Linearised, j: int, rows: Indexes) -> Floats:
    """Σ z_a z_b over the people of these cells, who belong to both domains."""
    assert a.quantity.squares is not None
    yy, xy, xx = (a.margin.cube.sums[name][rows] for name in a.quantity.squares)
    return a.of_y[i] * b.of_y[j] * yy + (a.of_y[i] * b.of_x[j] + a.of_x[i] * b.of_y[j]) * xy + a.of_x[i] * b.of_x[j] * xx


def _compact(key: Indexes, space: int) -> tuple[Indexes, Indexes]:
    """The distinct keys in order, and for each row the position of its key among them."""
    if space > max(_DENSE, 4 * len(key)):
        found, at = np.unique(key, return_inverse=True)
        return found, at
    present = np.zeros(space, dtype=bool)
    present[key] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[key]
