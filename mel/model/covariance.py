"""How do two figures of one sample vary together? Covariance of domains and rounds, computed on demand from z-values, never stored.

Source: as `mel.model.cube`: Σ_h (1 − f_h) n_h / (n_h − 1) Σ_i (z_hi − z̄_h)(z′_hi − z̄′_h).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mel.errors import CannotSay
from mel.errors.estimation import COVARIANCE_AVERAGE, COVARIANCE_RESPONDENT, COVARIANCE_TWO_INDICATORS
from mel.errors.quantiles import COVARIANCE_OF_QUANTILES
from mel.model.cube import ROUNDING, Cube, Linearised, Margin
from mel.model.quantities import Floats, Indexes
from mel.model.replicate_ranks import replicate_df_together
from mel.model.replicates import replicate_covariance
from mel.model.rollup import summed

AT_ONCE = 4_000_000
"""How many z-values are held at a time."""

Asked = dict[tuple[tuple[str, ...], str, str, str], tuple[Margin, Floats]]
"""A margin and a figure's indicator, version, category: that margin, and how many of each of its pairs were asked."""


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

    Raises: CannotSay where the cube does not hold it: a quantile; respondents as PSUs across rounds or indicators; lonely PSUs averaged.
    Checked: tests/reference/survey/test_r_live.py, test_r_4_5.py.
    """
    cube = a.margin.cube
    if "quantile" in (a.quantity.kind, b.quantity.kind):
        raise CannotSay(COVARIANCE_OF_QUANTILES.at(indicator=(a if a.quantity.kind == "quantile" else b).quantity.indicator))
    if cube.replicates is not None:
        return replicate_covariance(a, rows_a, b, rows_b)
    borrowed = _borrowed(a, rows_a, b, rows_b)
    out = np.zeros(len(rows_a))
    round_a, round_b = (np.unravel_index(r, m.margin.shape)[0] for r, m in ((rows_a, a), (rows_b, b)))
    step = max(1, AT_ONCE // max(1, cube.units))
    for pair in sorted(set(zip(round_a.tolist(), round_b.tolist(), strict=True))):
        chosen = np.flatnonzero((round_a == pair[0]) & (round_b == pair[1]))
        for start in range(0, len(chosen), step):
            some = chosen[start : start + step]
            out[some] = _covariance(a, rows_a[some], b, rows_b[some], pair)
    return out * borrowed


def _borrowed(a: Linearised, rows_a: Indexes, b: Linearised, rows_b: Indexes) -> Floats | float:
    """Under `average`: what a lonely stratum borrows from the others that hold the domain; known where both are held by the same."""
    cube = a.margin.cube
    strata = cube.strata
    if strata.lonely != "average" or not strata.alone.any():
        return 1.0
    out = np.ones(len(rows_a))
    for k, (i, j) in enumerate(zip(rows_a.tolist(), rows_b.tolist(), strict=True)):
        held, other = _held(a, i), _held(b, j)
        if not np.array_equal(held, other):
            raise CannotSay(COVARIANCE_AVERAGE.at(dataset=cube.dataset))
        alone = strata.alone[held].sum()
        out[k] = len(held) / (len(held) - alone) if len(held) > alone else np.nan
    return out


def _held(one: Linearised, row: int) -> Indexes:
    """The strata that hold anyone who is counted in this domain."""
    strata = len(one.margin.cube.strata)
    key = one.margin.held_strata(one.margin.by_pair(one.quantity.counted))
    return key[(key >= row * strata) & (key < (row + 1) * strata)] - row * strata


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
    names = _names(cube, np.arange(len(cube.clusters)))
    of_round = cube.strata.round[cube.clusters.stratum]
    there = {names[k]: k for k in np.flatnonzero(of_round == round_b).tolist()}
    shared = [(k, there[names[k]]) for k in np.flatnonzero(of_round == round_a).tolist() if names[k] in there]
    pairs = np.array(shared, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _between_respondents(a: Linearised, rows_a: Indexes, b: Linearised, rows_b: Indexes, rounds: tuple[int, int]) -> Floats:
    cube = a.margin.cube
    if rounds[0] != rounds[1]:
        raise CannotSay(COVARIANCE_RESPONDENT.at(dataset=cube.dataset))
    squares = _squares(a, b)
    both = _overlap(a.margin, b.margin)
    za, zb = a.dense(rows_a), b.dense(rows_b)
    together, terms = np.zeros_like(za), np.zeros_like(za)
    of_one = a.margin.dimensions == b.margin.dimensions  # two domains of one margin share nobody
    for k, (i, j) in enumerate(zip(rows_a.tolist(), rows_b.tolist(), strict=True)):
        if of_one and i != j:
            continue
        pairs = np.flatnonzero(_inside(both, a.margin, i) & _inside(both, b.margin, j))
        if len(pairs):
            yy, yx, xy, xx = (both.by_pair(name)[pairs] if name else 0.0 for name in squares)
            parts = (
                a.of_y[i] * b.of_y[j] * yy, a.of_y[i] * b.of_x[j] * yx, a.of_x[i] * b.of_y[j] * xy, a.of_x[i] * b.of_x[j] * xx,
            )  # fmt: skip
            together[k] = summed(both.pair_unit[pairs], sum(parts), cube.units)
            terms[k] = summed(both.pair_unit[pairs], sum(np.abs(part) for part in parts), cube.units)
    keep = np.where(cube.strata.alone, 0.0, 1.0)
    apart = together - keep * za * zb / cube.strata.size
    total: Floats = (cube.strata.scale * np.where(np.abs(apart) > ROUNDING * terms, apart, 0.0)).sum(axis=1)
    return total


def _squares(a: Linearised, b: Linearised) -> tuple[str, str, str, str]:
    """The sums Σw²·y_a y_b, y_a x_b, x_a y_b, x_a x_b of two quantities: of one with itself, or of two counted together."""
    if a.quantity == b.quantity:
        assert a.quantity.squares is not None
        yy, xy, xx = a.quantity.squares
        return yy, xy, xy, xx
    if b.quantity.key in a.quantity.crossed:
        return a.quantity.crossed[b.quantity.key]
    if a.quantity.key in b.quantity.crossed:
        yy, yx, xy, xx = b.quantity.crossed[a.quantity.key]
        return yy, xy, yx, xx
    raise CannotSay(COVARIANCE_TWO_INDICATORS.at(a=a.quantity.indicator, b=b.quantity.indicator))


def _overlap(a: Margin, b: Margin) -> Margin:
    """A margin in which both of these can be told apart."""
    return a if a.dimensions == b.dimensions else a.cube.margin(tuple(dict.fromkeys((*a.dimensions, *b.dimensions))))


def joint_df(a: Linearised, rows_a: Indexes, b: Linearised, rows_b: Indexes) -> Floats:
    """Degrees of freedom of two domains taken together: rows_a[k] of `a` with rows_b[k] of `b`."""
    asked: Asked = {}
    pairs = zip(rows_a.tolist(), rows_b.tolist(), strict=True)
    return np.array([df_together([(a, i), (b, j)], asked) for i, j in pairs], dtype=np.float64)


def df_together(places: Sequence[tuple[Linearised, int]], asked: Asked | None = None) -> float:
    """Degrees of freedom of several domains of one cube: the PSUs minus the strata that hold someone of any of them.

    Between rounds PSUs and strata of the same labels are the same ones; ask only where the rounds are declared to share them.
    """
    cube = places[0][0].margin.cube
    if cube.replicates is not None:
        return replicate_df_together(places)
    if cube.clusters is None:
        return _df_of_people(places, {} if asked is None else asked)
    held = [_units_held(one, row) for one, row in places]
    if len({int(np.unravel_index(row, one.margin.shape)[0]) for one, row in places}) == 1:
        together = np.unique(np.concatenate(held))
        return float(len(together) - len(np.unique(cube.clusters.stratum[together])))
    psus = {name for units in held for name in _names(cube, units)}
    return float(len(psus) - len({stratum for stratum, _ in psus}))


def _units_held(one: Linearised, row: int) -> Indexes:
    margin = one.margin
    start, end = np.searchsorted(margin.pair_domain, [row, row + 1])
    return margin.pair_unit[start:end][one.asked()[start:end] > 0]


def _df_of_people(places: Sequence[tuple[Linearised, int]], asked: Asked) -> float:
    """Each person is a PSU, counted once. Of people asked two questions at least as many as were asked either one are counted."""
    dimensions = tuple(dict.fromkeys(name for one, _ in places for name in one.margin.dimensions))
    people: Floats | None = None
    for one, row in places:
        key = (dimensions, one.quantity.indicator, one.quantity.version, one.quantity.category)
        if key not in asked:
            finer = one.margin if one.margin.dimensions == dimensions else one.margin.cube.margin(dimensions)
            asked[key] = finer, finer.linearise(one.quantity).asked()
        margin, counted = asked[key]
        inside = np.where(_inside(margin, one.margin, row), counted, 0.0)
        people = inside if people is None else np.maximum(people, inside)
    assert people is not None
    return float(people.sum()) - len(np.unique(margin.pair_unit[people > 0]))


def _inside(finer: Margin, margin: Margin, row: int) -> npt.NDArray[np.bool_]:
    """Which pairs of a margin of these dimensions, or more, belong to this domain."""
    at = dict(zip(("", *finer.dimensions), np.unravel_index(finer.pair_domain, finer.shape), strict=True))  # "" is the round
    wanted = zip(("", *margin.dimensions), np.unravel_index(row, margin.shape), strict=True)
    found: npt.NDArray[np.bool_] = np.logical_and.reduce([at[name] == position for name, position in wanted])
    return found


def _names(cube: Cube, units: Indexes) -> list[tuple[str, str]]:
    assert cube.clusters is not None
    return [(cube.strata.label[cube.clusters.stratum[k]], cube.clusters.label[k]) for k in units.tolist()]
