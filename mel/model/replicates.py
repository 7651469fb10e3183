"""How sure is a figure when replicates say so? What a cube holds of replicate weights, and the variance that follows from them.

Each replicate is the sample with some PSUs counted more and some less; a figure is computed again in each, and how far these
lie apart is its variance: V = scale · Σ_r rscales_r (θ_r − c)², c the mean of the θ_r (R's default) or the estimate (`mse`).
Made replicates are factors on PSUs, so their totals are roll-ups of the cube times factors; given ones were summed in the pass.
How weights are made or read is `mel.estimation.replicates`'.

Source: Wolter (2007), Introduction to Variance Estimation, chapters 3 to 5; Lumley, R package survey (`svrVar`, `degf`).
Checked: tests/reference/survey/test_replicates.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from mel.errors import CannotSay
from mel.errors.replicates import COVARIANCE_OF_ROUNDS
from mel.model.quantities import Floats, Indexes, Quantity

if TYPE_CHECKING:
    from mel.model.cube import Linearised, Margin

AT_ONCE = 4_000_000
"""How many estimates of replicates are held at a time."""
TOLERANCE = 1e-5
"""R's: a column of weights that adds less than this part of itself to the others adds nothing."""


@dataclass(frozen=True, slots=True)
class RoundReplicates:
    """The replicates of one round, whose units are those from `first` to before `last`.

    A unit is a PSU where weights are made, and a finest cell of the cube where they were given.
    """

    first: int
    last: int
    scale: float
    rscales: Floats
    factors: Floats | None = None
    """Units × replicates; None for a jackknife, whose factors follow from the strata, and for given weights."""
    regular: bool = True
    """True when nothing but whole strata makes the units' factors depend on each other: the rank of any of them is then counted."""

    def __len__(self) -> int:
        return len(self.rscales)


def rank(matrix: Floats) -> int:
    """Rank of a matrix of weights at R's tolerance: columns that add less than 1e-5 of themselves to the others do not count."""
    from scipy.linalg import qr

    norms = np.sqrt((matrix * matrix).sum(axis=0))
    kept = matrix[:, norms > 0] / norms[norms > 0]
    if not kept.size:
        return 0
    triangle = qr(kept, mode="r", pivoting=True, check_finite=False)[0]
    return int((np.abs(np.diag(triangle)) >= TOLERANCE).sum())


@dataclass(frozen=True)
class Span:
    """Given weights of the people behind a figure, by unit: enough rows to know the rank of any domain's weights.

    `rows` are the weights of people, or combinations of them that reach as far; those of unit u stand from starts[u] to starts[u + 1].
    """

    starts: Indexes
    rows: Floats
    _known: dict[bytes, int] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def highest(self) -> int:
        """The rank of everybody's weights: no domain has more."""
        return rank(self.rows)

    def rank(self, units: Indexes) -> int:
        """The rank of the weights of these units' people."""
        key = units.tobytes()
        if key not in self._known:
            self._known[key] = self._rank(units)
        return self._known[key]

    def of(self, units: Indexes) -> Floats:
        """The rows of these units."""
        lengths = self.starts[units + 1] - self.starts[units]
        at = np.repeat(self.starts[units] - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        return np.asarray(self.rows[at], dtype=np.float64)

    def _rank(self, units: Indexes) -> int:
        rows = self.of(units)
        few = 2 * self.rows.shape[1]
        if len(rows) > 2 * few and rank(rows[:: len(rows) // few]) == self.highest:
            return self.highest
        return rank(rows)


@dataclass(frozen=True)
class Replicates:
    """The replicates of a cube, by round."""

    kind: str
    mse: bool
    by_round: tuple[RoundReplicates, ...]
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Given weights: a sum of the cube, and the same sum under each replicate weight. Empty where weights were made."""
    spans: Mapping[tuple[str, ...], Span] = field(default_factory=dict)
    """Given weights, by the sums that say who is among those behind a figure (their sum is above 0)."""

    @property
    def given(self) -> bool:
        return bool(self.spans)


# ---- variance ---------------------------------------------------------------------------------------------------------


def replicate_variance(found: Linearised) -> tuple[Floats, Indexes]:
    """Sampling variance of each domain's estimate from its replicates, and how many replicates leave nobody who is counted.

    Missing: those are left out, as in R. Where no replicate is left there is no variance.
    """
    out, lost = np.full(found.margin.size, np.nan), np.zeros(found.margin.size, dtype=np.int64)
    for rows, part in rounds_of(found.margin):
        for some, theta, centre in _apart(found, rows, part):
            out[some] = _products(theta, centre, theta, centre, part)
            lost[some] = (np.isnan(theta) & (part.rscales > 0)).sum(axis=1)
    nobody = np.isnan(found.estimate)
    return np.where(nobody, np.nan, out), np.where(nobody, 0, lost)


def replicate_covariance(a: Linearised, rows_a: Indexes, b: Linearised, rows_b: Indexes) -> Floats:
    """Covariance of rows_a[k] of `a` with rows_b[k] of `b`, both of one cube: any two domains, indicators, breakdowns.

    Missing: replicates in which either is missing are left out. Raises: CannotSay for two rounds, whose replicates are apart.
    """
    replicates = replicates_of(a.margin)
    round_a, round_b = _round_of(a.margin)[rows_a], _round_of(b.margin)[rows_b]
    if ((round_a != round_b) & (round_a >= 0) & (round_b >= 0)).any():
        raise CannotSay(COVARIANCE_OF_ROUNDS.at(dataset=a.margin.cube.dataset))
    out = np.full(len(rows_a), np.nan)
    for k, part in enumerate(replicates.by_round):
        chosen = np.flatnonzero((round_a == k) & (round_b == k))
        step = max(1, AT_ONCE // max(1, len(part)))
        for start in range(0, len(chosen), step):
            at = chosen[start : start + step]
            (theta_a, whole_a), (theta_b, whole_b) = _thetas(a, rows_a[at], part), _thetas(b, rows_b[at], part)
            there = np.isfinite(theta_a) & np.isfinite(theta_b)
            theta_a, theta_b = np.where(there, theta_a, np.nan), np.where(there, theta_b, np.nan)
            centres = (_centre(theta, whole, part, mse=replicates.mse) for theta, whole in ((theta_a, whole_a), (theta_b, whole_b)))
            out[at] = _products(theta_a, next(centres), theta_b, next(centres), part)
    return out


def replicates_of(margin: Margin) -> Replicates:
    replicates = margin.cube.replicates
    assert replicates is not None
    return replicates


def rounds_of(margin: Margin) -> Iterator[tuple[Indexes, RoundReplicates]]:
    round_ = _round_of(margin)
    for k, part in enumerate(replicates_of(margin).by_round):
        yield np.flatnonzero(round_ == k), part


def _round_of(margin: Margin) -> Indexes:
    """The round of each domain that has anyone; −1 where nobody is."""
    out = np.full(margin.size, -1, dtype=np.int64)
    out[margin.pair_domain] = margin.cube.strata.round[margin.stratum_of(margin.pair_unit)]
    return out


def _apart(found: Linearised, rows: Indexes, part: RoundReplicates) -> Iterator[tuple[Indexes, Floats, Floats]]:
    """Some domains at a time: their estimates in each replicate, and what these lie around."""
    step = max(1, AT_ONCE // max(1, len(part), part.last - part.first))
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        theta, whole = _thetas(found, some, part)
        yield some, theta, _centre(theta, whole, part, mse=replicates_of(found.margin).mse)


def _centre(theta: Floats, whole: Floats, part: RoundReplicates, *, mse: bool) -> Floats:
    if mse:
        return whole
    counted = theta[:, part.rscales > 0]
    there = np.isfinite(counted)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(there, counted, 0.0).sum(axis=1) / there.sum(axis=1), dtype=np.float64)


def _products(theta_a: Floats, centre_a: Floats, theta_b: Floats, centre_b: Floats, part: RoundReplicates) -> Floats:
    apart = (theta_a - centre_a[:, None]) * (theta_b - centre_b[:, None])
    known = np.isfinite(apart)
    total = (np.where(known, apart, 0.0) * part.rscales).sum(axis=1) * part.scale
    return np.asarray(np.where(known.any(axis=1) | (len(part) == 0), total, np.nan), dtype=np.float64)


# ---- estimates of each replicate ----------------------------------------------------------------------------------------


def replicate_estimates(found: Linearised, rows: Indexes) -> Floats:
    """Estimates of these domains (all of one round) in each of the round's replicates: domains × replicates; NaN where nobody is left."""
    part = replicates_of(found.margin).by_round[int(_round_of(found.margin)[rows].max())]
    shift = 0.0 if found.quantity.is_total else found.quantity.shift
    return _thetas(found, rows, part)[0] + shift


def _thetas(found: Linearised, rows: Indexes, part: RoundReplicates) -> tuple[Floats, Floats]:
    """As `replicate_estimates`, and the estimates themselves; both before the shift is added to a ratio, which loses digits."""
    quantity, margin = found.quantity, found.margin
    y, x = (_totals(margin, name, rows, part) for name in (quantity.wy, quantity.wx))
    return _estimate(quantity, y, x), _estimate(quantity, margin.by_domain(quantity.wy)[rows], margin.by_domain(quantity.wx)[rows])


def _estimate(quantity: Quantity, y: Floats, x: Floats) -> Floats:
    if quantity.is_total:
        return y + quantity.shift * x
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(x == 0, np.nan, y / x)


def _totals(margin: Margin, name: str, rows: Indexes, part: RoundReplicates) -> Floats:
    """A sum of the cube in each replicate: domains × replicates."""
    replicates = replicates_of(margin)
    if replicates.given:
        return np.stack([margin.by_domain(of)[rows] for of in replicates.sums[name]], axis=1)
    sums = _dense(margin, margin.by_pair(name), rows, part)
    return sums @ part.factors if part.factors is not None else _left_out(margin, sums, part)


def _dense(margin: Margin, values: Floats, rows: Indexes, part: RoundReplicates) -> Floats:
    """Values by pair as domains × the round's units."""
    out = np.zeros((len(rows), part.last - part.first))
    starts, ends = (np.searchsorted(margin.pair_domain, rows, side=side) for side in ("left", "right"))
    held = ends - starts
    pairs = np.repeat(starts - np.cumsum(held) + held, held) + np.arange(held.sum())
    out[np.repeat(np.arange(len(rows)), held), margin.pair_unit[pairs] - part.first] = values[pairs]
    return out


def _left_out(margin: Margin, sums: Floats, part: RoundReplicates) -> Floats:
    """Jackknife: in replicate r its unit is left out, and the others of its stratum stand for it, n / (n − 1) each."""
    strata, stratum = margin.cube.strata, margin.stratum_of(np.arange(part.first, part.last))
    h = stratum - stratum[0]
    starts = np.searchsorted(h, np.arange(h[-1] + 1))
    of_stratum = np.add.reduceat(sums, starts, axis=1)
    total = of_stratum.sum(axis=1)
    n = strata.size[stratum]
    others = n / np.maximum(n - 1, 1)
    elsewhere = (total[:, None] - of_stratum)[:, h]
    return np.asarray(np.where(n > 1, elsewhere + others * (of_stratum[:, h] - sums), total[:, None]), dtype=np.float64)
