"""How do two figures of one sample vary together? Covariance of domains and rounds, computed on demand from z-values, never stored.

Source: as `mel.model.cube`: Σ_h (1 − f_h) n_h / (n_h − 1) Σ_i (z_hi − z̄_h)(z′_hi − z̄′_h).
"""

from __future__ import annotations

import numpy as np

from mel.codes import NOT_ASKED
from mel.errors import CannotSay
from mel.errors.estimation import COVARIANCE_AVERAGE, COVARIANCE_RESPONDENT, COVARIANCE_TWO_INDICATORS
from mel.model.cube import DENSE, Cube, Floats, Indexes, Linearised


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
    step = max(1, DENSE // max(1, cube.units))
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
    if a.quantity != b.quantity:
        raise CannotSay(COVARIANCE_TWO_INDICATORS.at(a=a.quantity.indicator, b=b.quantity.indicator))
    za, zb = a.dense(rows_a), b.dense(rows_b)
    together = np.zeros_like(za)
    apart = a.margin.dimensions == b.margin.dimensions  # two domains of one margin share nobody
    for k, (i, j) in enumerate(zip(rows_a, rows_b, strict=True)):
        if apart and i != j:
            continue
        both = np.flatnonzero((a.margin.domain == i) & (b.margin.domain == j))
        if len(both):
            together[k] = np.bincount(cube.unit[both], weights=_products(a, int(i), b, int(j), both), minlength=cube.units)
    keep = np.where(cube.strata.alone, 0.0, 1.0)
    apart_by_stratum: Floats = cube.strata.scale * (together - keep * za * zb / cube.strata.size)
    total: Floats = apart_by_stratum.sum(axis=1)
    return total


def _products(a: Linearised, i: int, b: Linearised, j: int, rows: Indexes) -> Floats:
    """Σ z_a z_b over the people of these cells, who belong to both domains."""
    assert a.quantity.squares is not None
    yy, xy, xx = (a.margin.cube.sums[name][rows] for name in a.quantity.squares)
    products: Floats = a.of_y[i] * b.of_y[j] * yy + (a.of_y[i] * b.of_x[j] + a.of_x[i] * b.of_y[j]) * xy + a.of_x[i] * b.of_x[j] * xx
    return products


def joint_df(a: Linearised, rows_a: Indexes, b: Linearised, rows_b: Indexes) -> Floats:
    """Degrees of freedom of two domains taken together: the PSUs minus the strata that hold someone of either.

    Between two rounds PSUs and strata of the same labels are the same ones; ask only where the rounds are declared to share them.
    """
    cube = a.margin.cube
    round_a, round_b = (np.unravel_index(r, m.margin.shape)[0] for r, m in ((rows_a, a), (rows_b, b)))
    out = np.zeros(len(rows_a))
    held: dict[tuple[int, int], Indexes] = {}
    for k, (i, j) in enumerate(zip(rows_a.tolist(), rows_b.tolist(), strict=True)):
        units = [held.setdefault((which, row), _units_held(one, row)) for which, one, row in ((0, a, i), (1, b, j))]
        if cube.clusters is None:
            out[k] = _df_of_people(a, i, b, j, units)
        elif round_a[k] == round_b[k]:
            both = np.union1d(*units)
            out[k] = len(both) - len(np.unique(cube.clusters.stratum[both]))
        else:
            psus = {name for one in units for name in _names(cube, one)}
            out[k] = len(psus) - len({stratum for stratum, _ in psus})
    return out


def _units_held(one: Linearised, row: int) -> Indexes:
    margin = one.margin
    start, end = np.searchsorted(margin.pair_domain, [row, row + 1])
    return margin.pair_unit[start:end][one.asked()[start:end] > 0]


def _df_of_people(a: Linearised, i: int, b: Linearised, j: int, strata: list[Indexes]) -> float:
    """Each person is a PSU: those in both domains are counted once."""
    sums, quantity = a.margin.cube.sums, a.quantity
    people = sum((sums[quantity.silences[s]] for s in quantity.missing if s != NOT_ASKED), start=sums[quantity.counted])
    either = (a.margin.domain == i) | (b.margin.domain == j)
    return float(people[either].sum()) - len(np.union1d(*strata))


def _names(cube: Cube, units: Indexes) -> list[tuple[str, str]]:
    assert cube.clusters is not None
    return [(cube.strata.label[cube.clusters.stratum[k]], cube.clusters.label[k]) for k in units.tolist()]
