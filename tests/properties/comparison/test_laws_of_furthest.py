"""Laws of the tree, the index and the ranking that hold for any people; and, by drawing samples again and again, what intervals hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

from mel.comparison.furthest import furthest_behind, opportunity, rank_groups
from mel.comparison.furthest.asked import Call, find
from mel.comparison.furthest.counted import Counted, counted
from mel.comparison.furthest.draws import drawable
from mel.comparison.furthest.jointly import jointly
from mel.comparison.furthest.shares import METHODS, Cells, all_of, shapley
from mel.comparison.furthest.shrink import Part, predict
from mel.comparison.furthest.tree import Plan, Sums, grow, leaves
from mel.model.furthest import TreeRules
from tests.properties.comparison.furthest_draws import CATEGORIES, NAMES, estimated, population
from tests.spec.comparison.furthest_people import CHANCE, FOUR, people
from tests.spec.comparison.furthest_people import NAMES as THREE
from tests.spec.comparison.furthest_people import estimated as estimated_of

CODES = np.array([[a, b, c] for a in range(3) for b in range(2) for c in range(4)])
COUNTS = hn.arrays(np.int64, len(CODES), elements=st.integers(0, 80))
SHARES = hn.arrays(np.float64, len(CODES), elements=st.floats(0.05, 0.95))
RULES = TreeRules(depth=4, fewest=10, share=0.02)


def plan(codes: np.ndarray = CODES, ordered: tuple[bool, ...] = (False, False, True)) -> Plan:
    return Plan(codes, (3, 2, 4), ordered, tuple(np.zeros(k, dtype=bool) for k in (3, 2, 4)), RULES)


@given(COUNTS, SHARES, st.floats(0.01, 1000))
@settings(max_examples=60, deadline=None)
def test_weights_times_a_number_leave_the_tree_as_it_is(n: np.ndarray, y: np.ndarray, times: float) -> None:
    if not n.sum():
        return
    count = n.astype(float)
    one, other = (grow(plan(), Sums(count, count * k, count * k * y)) for k in (1.0, times))
    assert [node.number for node in one] == [node.number for node in other]
    assert [node.bounds for node in one] == [node.bounds for node in other]


@given(COUNTS, SHARES)
@settings(max_examples=60, deadline=None)
def test_leaves_hold_everybody_once_and_keep_the_rules(n: np.ndarray, y: np.ndarray) -> None:
    if not n.sum():
        return
    count = n.astype(float)
    nodes = grow(plan(), Sums(count, count, count * y))
    held = np.concatenate([node.cells for node in leaves(nodes)])
    assert len(held) == len(set(held.tolist()))
    assert set(np.flatnonzero(n > 0)) <= set(held.tolist())
    if len(nodes) > 1:
        assert min(node.n for node in nodes) >= RULES.fewest
        assert max(node.depth for node in nodes) <= RULES.depth
        assert min(node.w for node in nodes) >= RULES.share * count.sum() * (1 - 1e-9)
    for node in nodes:
        if node.split:
            below, above = (next(one for one in nodes if one.number == k) for k in (2 * node.number, 2 * node.number + 1))
            assert below.y < above.y
            lost = sum(one.w * (one.y - node.y) ** 2 for one in (below, above))
            assert node.split.gain == pytest.approx(lost, rel=1e-6)


@given(COUNTS, SHARES, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_names_of_categories_without_order_do_not_matter(n: np.ndarray, y: np.ndarray, random: Any) -> None:
    """Beyond the group: where two partings gain alike, the first is taken, so ties are kept out by answers that differ."""
    if not n.sum():
        return
    turned = CODES.copy()
    new = random.sample(range(3), 3)
    turned[:, 0] = np.array(new)[CODES[:, 0]]
    count = n.astype(float)
    y = y + np.arange(len(y)) * 1e-3 * np.pi
    one, other = (leaves(grow(plan(codes), Sums(count, count, count * y))) for codes in (CODES, turned))
    there = n > 0
    groups = [{frozenset(node.cells[there[node.cells]].tolist()) for node in found} for found in (one, other)]
    assert groups[0] == groups[1]


@given(COUNTS, SHARES)
@settings(max_examples=60, deadline=None)
def test_the_index_lies_between_equality_and_one_group_having_all(n: np.ndarray, y: np.ndarray) -> None:
    there = n > 0
    if there.sum() < 2:
        return
    w = n[there].astype(float)
    found = {k: v.value for k, v in all_of(METHODS["cells"](Cells(CODES[there], w, w * y[there]), (0, 1, 2))).items()}
    assert -1e-12 <= found["d_index"] <= 1 - found["coverage"] + 1e-9
    assert found["hoi"] <= found["coverage"] + 1e-12
    assert found["hoi_geometric"] <= found["coverage"] + 1e-12


@pytest.mark.parametrize("method", ["cells", "logit"])
@given(SHARES, st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_influences_are_derivatives_and_add_up_to_nothing(method: str, y: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    w, j, step = rng.uniform(5, 50, len(CODES)), int(rng.integers(len(CODES))), 1e-4
    base = all_of(METHODS[method](Cells(CODES, w, w * y), (0, 1, 2)))
    bump = np.eye(len(CODES))[j] * step
    up, down = (all_of(METHODS[method](Cells(CODES, w + k * bump, w * y + k * bump), (0, 1, 2))) for k in (1, -1))
    for name, value in base.items():
        assert (value.y_part * w * y + value.rest * w).sum() == pytest.approx(0.0, abs=1e-9)
        apart = abs(METHODS[method](Cells(CODES, w, w * y), (0, 1, 2)).p - base["coverage"].value).min()
        if apart > 1e-3:  # at the mean itself the index has a corner
            slope = (up[name].value - down[name].value) / (2 * step)
            assert value.y_part[j] + value.rest[j] == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("method", ["cells", "logit"])
@given(SHARES)
@settings(max_examples=10, deadline=None)
def test_contributions_add_up_and_know_no_order(method: str, y: np.ndarray) -> None:
    w = np.ones(len(CODES))
    cells, turned = Cells(CODES, w, w * y), Cells(CODES[:, ::-1], w, w * y)
    one, other = (shapley(c, method, 3) for c in (cells, turned))
    assert sum(v.value for v in one) == pytest.approx(all_of(METHODS[method](cells, (0, 1, 2)))["d_index"].value, abs=1e-9)
    np.testing.assert_allclose([v.value for v in one], [v.value for v in other[::-1]], atol=1e-9)


@given(st.integers(3, 12), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_a_prediction_lies_between_a_group_and_what_is_expected_of_it(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    y, v = rng.normal(0.5, 0.2, count), rng.uniform(0.001, 0.05, count)
    found = predict([Part(y, v, np.ones((count, 1)))])
    low, high = np.minimum(y, found.expected), np.maximum(y, found.expected)
    assert ((found.estimate >= low - 1e-12) & (found.estimate <= high + 1e-12)).all()
    assert (np.diff(found.shrinkage[np.argsort(v)]) <= 1e-12).all(), "the less sure, the more is leant on others"


def test_joint_intervals_lie_between_single_ones_and_bonferronis() -> None:
    from scipy.special import stdtrit

    rng = np.random.default_rng(3)
    for rho in (0.0, 0.5, 0.99):
        matrix = np.full((10, 10), rho) + (1 - rho) * np.eye(10)
        times = jointly(matrix, np.full(10, 30.0), 20_000, rng, 0.95).times
        assert stdtrit(30, 0.975) - 0.02 <= times[0] <= stdtrit(30, 1 - 0.025 / 10) + 1e-9
    assert times[0] < 2.3, "figures that err as one need no more than one"


# ---- draws: what another sample would show ----------------------------------------------------------------------------


def of(estimates: Any, names: list[str]) -> Counted:
    asked = find(estimates, "heard", names, Call("law", ("proportion", "mean"), 2, 8), version=None, dataset=None, round_=None)
    return counted(asked, "as_category")


SOURCES = {
    "villages": lambda: of(estimated(population(1.0), np.random.default_rng(2)), NAMES),
    "people": lambda: of(estimated_of(people(FOUR, THREE), THREE, CHANCE), THREE),
}


@pytest.mark.parametrize("kind", list(SOURCES))
def test_draws_vary_as_the_design_says(kind: str) -> None:
    """The spread of a group's figure over samples drawn again is its standard error; 3,000 draws know it to about 3 %."""
    found = SOURCES[kind]()
    source, half = drawable(found), found.codes[:, 1] == 0
    y, moves = found.of_means(half[None, :])
    drawn = [float(s.wy[half].sum() / s.w[half].sum()) for s in source.sums(source.again(3000, np.random.default_rng(1)))]
    assert np.mean(drawn) == pytest.approx(float(y[0]), abs=0.004)
    assert np.std(drawn) == pytest.approx(float(np.sqrt(found.covariance(moves)[0, 0])), rel=0.06)


@pytest.mark.parametrize("kind", list(SOURCES))
def test_folds_hold_everybody_once(kind: str) -> None:
    found = SOURCES[kind]()
    source = drawable(found)
    inside, others = source.folds(5, np.random.default_rng(1))
    np.testing.assert_allclose(inside.sum(axis=1), source.count)
    np.testing.assert_allclose(sum(s.w for s in source.sums(inside)), found.w)
    assert ((inside > 0) * (others > 0) <= (source.count[:, None] > 1)).all(), "a PSU is in its fold or in the others, never in both"
    everyone = np.ones((5, len(found.n)))
    total = found.w.sum()
    variance = source.variance(inside, everyone / total, -found.mean * everyone / total)
    _, moves = found.of_means(np.ones((1, len(found.n)), dtype=bool))
    assert variance == pytest.approx(found.covariance(moves)[0, 0], rel=1e-9), "people count alike in all folds: the design's variance"


# ---- coverage ---------------------------------------------------------------------------------------------------------

SAMPLES = 40


def test_the_gap_nobody_looked_for_where_there_is_none() -> None:
    """Nobody is behind but by chance: the tree finds a fifth, the looked-up gap nothing, and its interval leaves zero in."""
    calm, rng = population(0.0), np.random.default_rng(5)
    rows = [furthest_behind(estimated(calm, rng), "heard", NAMES, draws=0).summary.iloc[0] for _ in range(SAMPLES)]
    assert np.mean([row["gap"] for row in rows]) > 0.15
    assert abs(np.mean([row["gap_honest"] for row in rows])) < 0.04
    assert np.mean([row["ci_low"] <= 0.0055 <= row["ci_high"] for row in rows]) >= 0.875


def test_the_gap_of_the_groups_that_were_found() -> None:
    unequal, rng, held, flattered = population(1.0), np.random.default_rng(6), [], []
    for _ in range(SAMPLES):
        tree = furthest_behind(estimated(unequal, rng), "heard", NAMES, draws=0)
        true = unequal.share(tree.leaves["domain"].iloc[-1]) - unequal.share(tree.leaves["domain"].iloc[0])
        row = tree.summary.iloc[0]
        held.append(row["ci_low"] <= true <= row["ci_high"])
        flattered.append(row["gap"] - true)
    assert np.mean(held) >= 0.8
    assert np.mean(flattered) > 0.04


def test_the_interval_of_the_index_holds_the_index_of_everybody() -> None:
    """Small cells, whose index is far too large: the interval knows."""
    for effect in (0.0, 1.0):
        everyone, rng, held, too_large = population(effect), np.random.default_rng(7), [], []
        key, at = np.unique(everyone.codes, axis=0, return_inverse=True)
        count, yes = np.bincount(at).astype(float), np.bincount(at, weights=everyone.heard)
        true = all_of(METHODS["cells"](Cells(key, count, yes), tuple(range(len(CATEGORIES)))))["d_index"].value
        for _ in range(SAMPLES // 2):
            row = opportunity(estimated(everyone, rng), "heard", NAMES).table.set_index("measure").loc["d_index"]
            held.append(row["ci_low"] <= true <= row["ci_high"])
            too_large.append(row["estimate"] - true)
        assert np.mean(too_large) > 0.02
        assert np.mean(held) >= 0.85


def test_all_intervals_of_a_ranking_hold_together() -> None:
    unequal, rng, figures, apart, nearer = population(1.0), np.random.default_rng(8), [], [], []
    for _ in range(SAMPLES):
        table = rank_groups(estimated(unequal, rng), "heard", NAMES, draws=2000).table
        true = np.array([unequal.share(domain) for domain in table["domain"]])
        off = true - unequal.heard.mean()
        known = table["observed_low"].notna()
        figures.append(((table["observed_low"] <= true) & (true <= table["observed_high"]))[known].all())
        apart.append(((table["apart_low"] <= off) & (off <= table["apart_high"]))[known].all())
        nearer.append(abs(table["observed"] - true).mean() - abs(table["estimate"] - true).mean())
    assert np.mean(figures) >= 0.85
    assert np.mean(apart) >= 0.8
    assert np.mean(nearer) > 0, "a steadied figure lies nearer to the truth"
