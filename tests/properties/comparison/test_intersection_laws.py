"""Laws of the models of intersections that hold for any answers, and how often their intervals hold the truth."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mel.comparison import intersections
from mel.comparison.maihda.fit import Fit
from mel.comparison.maihda.gaussian import fit_gaussian
from mel.comparison.maihda.logistic import NotConverged, fit_logistic
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import cross
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
LEVELS = (2, 3, 3)
CODES = np.array(list(product(*(range(k) for k in LEVELS))))
CELLS = len(CODES)


def design(first: tuple[int, int, int] = (0, 0, 0)) -> Any:
    """Ones and a dummy for each category but the one of each dimension that stands first."""
    parts = [CODES[:, [d]] == [c for c in range(k) if c != first[d]] for d, k in enumerate(LEVELS)]
    return np.hstack([np.ones((CELLS, 1)), *parts]).astype(float)


X = design()


@st.composite
def shares(draw: st.DrawFn) -> tuple[Any, Any]:
    n = np.array(draw(st.lists(st.integers(1, 40), min_size=CELLS, max_size=CELLS)), dtype=float)
    part = np.array(draw(st.lists(st.floats(0, 1), min_size=CELLS, max_size=CELLS)))
    return n, np.round(n * part)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    people = [draw(st.lists(st.integers(-20, 20), min_size=1, max_size=5)) for _ in range(CELLS)]
    n, y, yy = (np.array([f(p) for p in people], dtype=float) for f in (len, sum, lambda p: sum(v * v for v in p)))
    assume((yy - y * y / n).sum() > 1)
    return n, y, yy


def logistic(n: Any, yes: Any, x: Any = X, nodes: int = 1) -> Fit:
    """The fit; a draw in which some category's answers are all alike has none and is drawn again."""
    for column in x.T > 0:
        assume(0 < yes[column].sum() < n[column].sum())
        assume(0 < yes[~column].sum() < n[~column].sum() or column.all())
    try:
        return fit_logistic(n, yes, x, nodes=nodes)
    except NotConverged:
        assume(False)
        raise


def same(a: Fit, b: Fit, rel: float = 1e-6) -> None:
    assert a.between == pytest.approx(b.between, rel=rel, abs=1e-7)
    assert a.within == pytest.approx(b.within, rel=rel)
    np.testing.assert_allclose(a.fixed, b.fixed, rtol=rel, atol=1e-5)
    np.testing.assert_allclose(a.effect, b.effect, rtol=1e-4, atol=1e-5)


@SOME
@given(shares(), st.permutations(range(CELLS)))
def test_the_order_of_cells_does_not_matter_for_shares(drawn: tuple[Any, Any], order: list[int]) -> None:
    n, yes = drawn
    fit, other = logistic(n, yes), logistic(n[order], yes[order], X[order])
    assert fit.between == pytest.approx(other.between, rel=1e-6, abs=1e-7)
    np.testing.assert_allclose(fit.effect[order], other.effect, atol=1e-5)


@SOME
@given(numbers(), st.permutations(range(CELLS)))
def test_the_order_of_cells_does_not_matter_for_numbers(drawn: tuple[Any, Any, Any], order: list[int]) -> None:
    fit, other = fit_gaussian(*drawn, X), fit_gaussian(*(part[order] for part in drawn), X[order])
    assert fit.between == pytest.approx(other.between, rel=1e-8, abs=1e-9)
    np.testing.assert_allclose(fit.effect[order], other.effect, atol=1e-7)


@SOME
@given(shares(), numbers(), st.tuples(*(st.integers(0, k - 1) for k in LEVELS)))
def test_which_category_stands_first_does_not_matter(share: tuple[Any, Any], number: tuple[Any, Any, Any], first: Any) -> None:
    other = design(first)
    same(fit_gaussian(*number, X), fit_gaussian(*number, other))
    same(logistic(*share), logistic(*share, other))


@SOME
@given(shares(), st.sampled_from([1, 5]))
def test_no_is_yes_turned_round(drawn: tuple[Any, Any], nodes: int) -> None:
    n, yes = drawn
    fit, other = logistic(n, yes, nodes=nodes), logistic(n, n - yes, nodes=nodes)
    assert fit.between == pytest.approx(other.between, rel=1e-6, abs=1e-7)
    np.testing.assert_allclose(fit.fixed, -other.fixed, atol=1e-5)
    np.testing.assert_allclose(fit.effect, -other.effect, atol=1e-5)
    np.testing.assert_allclose(fit.effect_se, other.effect_se, atol=1e-5)


@SOME
@given(numbers(), st.floats(0.1, 50), st.floats(-100, 100))
def test_another_unit_and_another_zero(drawn: tuple[Any, Any, Any], unit: float, zero: float) -> None:
    n, y, yy = drawn
    fit = fit_gaussian(n, y, yy, X)
    other = fit_gaussian(n, unit * y + zero * n, unit**2 * yy + 2 * unit * zero * y + zero**2 * n, X)
    assert other.within == pytest.approx(unit**2 * fit.within, rel=1e-5)
    assert other.vpc == pytest.approx(fit.vpc, abs=1e-5)
    np.testing.assert_allclose(other.fixed, unit * fit.fixed + zero, atol=1e-4 * unit * np.sqrt(fit.within))


@SOME
@given(shares(), numbers())
def test_every_figure_lies_between_its_people_and_its_parts(share: tuple[Any, Any], number: tuple[Any, Any, Any]) -> None:
    n, y, yy = number
    fit = fit_gaussian(n, y, yy, X)
    own = y / n - fit.fixed
    np.testing.assert_allclose(fit.effect, fit.shrinkage * own, atol=1e-9)
    n, yes = share
    fit = logistic(n, yes)
    with np.errstate(divide="ignore"):
        own = np.log(yes / n) - np.log1p(-yes / n) - fit.fixed
    assert (np.abs(fit.effect) <= np.abs(own) + 1e-6).all()
    assert (fit.effect * own >= -1e-9).all()
    assert ((fit.shrinkage >= 0) & (fit.shrinkage < 1)).all()


@SOME
@given(numbers(), st.lists(st.floats(-50, 50), min_size=X.shape[1], max_size=X.shape[1]))
def test_parts_that_add_up_leave_nothing_over(drawn: tuple[Any, Any, Any], parts: list[float]) -> None:
    """Each group's mean is put where its parts add up to; how people lie around it stays."""
    n, y, yy = drawn
    mean = X @ np.array(parts)
    apart = yy - y * y / n
    fit = fit_gaussian(n, n * mean, apart + n * mean**2, X)
    assert fit.between == 0
    assert (fit.effect == 0).all()
    np.testing.assert_allclose(fit.fixed, mean, atol=1e-6)


@SOME
@given(numbers())
def test_no_other_variance_makes_the_answers_likelier(drawn: tuple[Any, Any, Any]) -> None:
    """The restricted likelihood, written out with whole matrices, is nowhere higher than where the search ended."""
    n, y, yy = drawn
    fit = fit_gaussian(n, y, yy, X)

    def loss(ratio: float) -> float:
        v = np.diag(1 / n + ratio)  # of the cells' means, in units of σ²_e
        inverse = np.linalg.inv(v)
        a = X.T @ inverse @ X
        r = y / n - X @ np.linalg.solve(a, X.T @ inverse @ (y / n))
        rss = (yy - y * y / n).sum() + r @ inverse @ r
        return float((n.sum() - X.shape[1]) * np.log(rss) + np.linalg.slogdet(v)[1] + np.log(n).sum() + np.linalg.slogdet(a)[1])

    found = loss(fit.between / fit.within)
    for ratio in (0.0, 1e-3, 1e-2, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0):
        assert found <= loss(ratio) + 1e-7


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32 - 1))
def test_where_people_were_sampled_does_not_enter(seed: int) -> None:
    """The same people, spread over other PSUs and strata and with other weights: the model is of those who answered."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(np.repeat(CODES, 8, axis=0).astype(str), columns=["a", "b", "c"]).assign(round="one")
    frame["heard"] = np.where(rng.random(len(frame)) < 0.5 + 0.3 * (frame["a"] == "1"), "yes", "no")
    heard = Indicator(
        id="heard", label="h", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, source="invented", status="confirmed"
    )
    dimensions = tuple(Dimension(d, d, {str(c): str(c) for c in range(k)}) for d, k in zip("abc", LEVELS, strict=True))
    plain = Sample("r", frame, Design(basis="probability", weights="none", stratum=False, psu=False), dimensions, rounds=("one",))
    spread = frame.assign(stratum=rng.choice(["x", "y"], len(frame)), weight=rng.uniform(1, 9, len(frame)))
    spread["psu"] = spread["stratum"] + rng.integers(0, 6, len(frame)).astype(str)
    full = Design(basis="probability", weights="expansion", weight="weight", stratum="stratum", psu="psu")
    drawn = Sample("r", spread, full, dimensions, rounds=("one",))
    one, other = (intersections(measure(s, [heard], by=cross(*"abc")), "heard", list("abc")) for s in (plain, drawn))
    for name in ("table", "effects", "summary"):
        a, b = getattr(one, name), getattr(other, name)
        pd.testing.assert_frame_equal(a.drop(columns="inputs"), b.drop(columns="inputs"), rtol=1e-8, atol=1e-10)
        assert a["inputs"].tolist() == b["inputs"].tolist()


def held(fit: Fit, fixed: Any, effect: Any) -> tuple[float, float]:
    """The part of the cells whose effect, and whose fixed part and effect together, lie in their 95 % interval."""
    one = np.abs(fit.effect - effect) <= 1.96 * fit.effect_se
    both = np.abs(fit.fixed + fit.effect - fixed - effect) <= 1.96 * fit.total_se
    return float(one.mean()), float(both.mean())


def coverage(kind: str, levels: tuple[int, ...], surveys: int) -> tuple[float, float]:
    """Surveys of a known truth: how often the intervals hold it."""
    rng = np.random.default_rng(20261123)
    codes = np.array(list(product(*map(range, levels))))
    cells = len(codes)
    x = np.hstack([np.ones((cells, 1)), *(codes[:, [d]] == range(1, k) for d, k in enumerate(levels))]).astype(float)
    found = []
    for _ in range(surveys):
        n, effect = rng.integers(3, 60, cells).astype(float), rng.normal(0, 0.6, cells)
        fixed = x @ np.r_[-0.3, rng.normal(0, 0.4, x.shape[1] - 1)]
        if kind == "logistic":
            fit = fit_logistic(n, rng.binomial(n.astype(int), 1 / (1 + np.exp(-fixed - effect))).astype(float), x)
        else:
            mean, squares = fixed + effect + rng.normal(0, 2 / np.sqrt(n)), 4 * rng.chisquare(n - 1)
            fit = fit_gaussian(n, n * mean, squares + n * mean**2, x)
        if fit.between > 0:
            found.append(held(fit, fixed, effect))
    assert len(found) >= 0.98 * surveys
    one, both = np.mean(found, axis=0).tolist()
    return one, both


def test_intervals_of_a_mean_hold_the_truth_as_often_as_they_say() -> None:
    """The two variances are taken as known, so a little is lost: 93 to 97 of 100."""
    for share in coverage("gaussian", (3, 4, 5), 300):
        assert 0.93 <= share <= 0.97


def test_intervals_of_a_share_do_with_many_intersections_for_each_part() -> None:
    for share in coverage("logistic", (5, 6, 10), 30):
        assert 0.92 <= share <= 0.97


def test_and_fall_short_with_few_which_the_note_says() -> None:
    """Maximum likelihood's fault, not lme4's or ours: with 6 intersections for each part 95 in 100 are about 90."""
    for share in coverage("logistic", (3, 4, 5), 150):
        assert 0.87 <= share <= 0.935
