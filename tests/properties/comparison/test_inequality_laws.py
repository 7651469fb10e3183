"""Laws of the measures of inequality, for any groups: scale, equality, merging, order; and of the matrix behind their intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mel.comparison.catalogue import CATALOGUE
from mel.comparison.inequality import Groups
from mel.comparison.inequality_intervals import Sampling, sure, value
from mel.comparison.joint import joint, shares
from mel.comparison.refusals import lacking, unfitted
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.covariance import covariance
from mel.model.domains import each
from mel.model.indicator import Indicator
from mel.model.replicates import replicate_estimates
from mel.model.sample import Dimension, Sample

SOME = settings(max_examples=40, deadline=None)
NAMES = tuple(CATALOGUE)
BOUNDED = ("relative_concentration_index_wagstaff", "relative_concentration_index_erreygers")
"""Parts of a range: a figure times k stays in its range only if the range is, too."""


@st.composite
def groups(draw: st.DrawFn, least: int = 3) -> Groups:
    count = draw(st.integers(least, 7))
    y = draw(st.lists(st.floats(0.05, 0.95), min_size=count, max_size=count))
    p = draw(st.lists(st.floats(0.1, 10), min_size=count, max_size=count))
    side = draw(st.sampled_from([1, -1]))
    return Groups(np.array(y), np.array(p), side, True, draw(st.sampled_from([None, 0, count - 1])), 0.0, 1.0)


def fits(name: str, given_: Groups) -> bool:
    return not [*lacking(CATALOGUE[name], given_)] and not [*unfitted(CATALOGUE[name], given_)]


def of(name: str, given_: Groups) -> float:
    return value(CATALOGUE[name], given_)


@pytest.mark.parametrize("name", NAMES)
@SOME
@given(groups(), st.floats(0.01, 100))
def test_figures_times_k(name: str, one: Groups, k: float) -> None:
    """A relative measure stays; an absolute one is times k, a variance times k². The range is stretched with the figures."""
    assume(fits(name, one))
    other = Groups(one.y * k, one.p, one.side, True, one.reference, 0.0, k)
    power = {"indicator": 1, "indicator squared": 2}.get(CATALOGUE[name].unit, 0)
    assert of(name, other) == pytest.approx(of(name, one) * k**power, rel=1e-7, abs=1e-10 * max(1, k**power))


@pytest.mark.parametrize("name", NAMES)
@SOME
@given(groups(), st.floats(0.1, 0.9))
def test_equal_groups_have_no_inequality(name: str, one: Groups, y: float) -> None:
    other = one.at(np.full(one.count, y), one.p)
    assume(fits(name, other))
    assert of(name, other) == pytest.approx(CATALOGUE[name].equal, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
@SOME
@given(groups(), st.floats(0.01, 100))
def test_people_count_in_any_unit(name: str, one: Groups, k: float) -> None:
    assume(fits(name, one))
    assert of(name, one.at(one.y, one.p * k)) == pytest.approx(of(name, one), rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("name", [n for n in NAMES if CATALOGUE[n].spread and "unweighted" not in n])
@SOME
@given(groups(), st.floats(0.1, 0.9))
def test_a_group_split_in_two_of_the_same_figure_changes_nothing(name: str, one: Groups, part: float) -> None:
    """Entropy, variance, weighted distances: what counts is people, not how many groups they are put in."""
    assume(fits(name, one))
    y = np.concatenate([one.y, one.y[-1:]])
    p = np.concatenate([one.p[:-1], [one.p[-1] * part, one.p[-1] * (1 - part)]])
    assert of(name, one.at(y, p)) == pytest.approx(of(name, one), rel=1e-9, abs=1e-10)


SIGNED = [n for n in NAMES if "order" in CATALOGUE[n].needs and CATALOGUE[n].equal == 0]


@pytest.mark.parametrize("name", SIGNED)
@SOME
@given(groups())
def test_the_other_way_round_flips_the_sign(name: str, one: Groups) -> None:
    assume(fits(name, one))
    assert of(name, one.at(one.y[::-1], one.p[::-1])) == pytest.approx(-of(name, one), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", ["relative_index_of_inequality_linear", "relative_index_of_inequality_logit"])
@SOME
@given(groups())
def test_the_other_way_round_turns_a_ratio_upside_down(name: str, one: Groups) -> None:
    other = one.at(one.y[::-1], one.p[::-1])
    assume(fits(name, one) and fits(name, other))
    assert of(name, other) == pytest.approx(1 / of(name, one), rel=1e-7)


@pytest.mark.parametrize("name", [n for n in NAMES if CATALOGUE[n].spread])
@SOME
@given(groups())
def test_a_distance_is_never_below_zero(name: str, one: Groups) -> None:
    assume(fits(name, one))
    assert of(name, one) >= -1e-9


@SOME
@given(groups())
def test_of_more_is_better_and_less_is_better(one: Groups) -> None:
    """What is heard by y is unheard by 1 − y: the absolute distance is the same, the attributable part turns its sign."""
    other = Groups(1 - one.y, one.p, -one.side, True, one.reference, 0.0, 1.0)
    for name in ("between_group_variance", "mean_difference_from_best_performing", "mean_difference_from_mean"):
        assert of(name, other) == pytest.approx(of(name, one), rel=1e-9, abs=1e-12)
    assert of("population_attributable_risk", other) == pytest.approx(-of("population_attributable_risk", one), rel=1e-9, abs=1e-12)
    assert of("relative_concentration_index_erreygers", other) == pytest.approx(
        -of("relative_concentration_index_erreygers", one), rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=8, deadline=None)
@given(groups(), st.floats(0.001, 0.1), st.integers(0, 2**31))
def test_the_estimate_lies_in_its_interval(name: str, one: Groups, se: float, seed: int) -> None:
    assume(fits(name, one))
    root = np.random.default_rng(seed).normal(0, se, (2 * one.count, 2 * one.count)) / np.sqrt(2 * one.count)
    project = np.eye(2 * one.count)
    project[one.count :, one.count :] -= one.share[:, None]
    found = sure(CATALOGUE[name], one, Sampling(project @ root @ root.T @ project.T, 12.0))
    assert found.low - 1e-12 <= found.estimate <= found.high + 1e-12
    wider = sure(CATALOGUE[name], one, Sampling(project @ root @ root.T @ project.T, 12.0, 0.99))
    step = 1e-9 + 1e-3 * (found.high - found.low)  # the ends of a distance are looked for in steps
    assert wider.low <= found.low + step
    assert wider.high >= found.high - step


# ---- the matrix of figures and shares -----------------------------------------------------------------------------------

WEALTH = ("q1", "q2", "q3", "q4")
INDICATORS = (
    Indicator(id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, source="invented", status="confirmed"),
    Indicator(id="hours", label="hours", kind="mean", numerator={"value": "hours"}, source="invented", status="confirmed"),
    Indicator(id="pay", label="pay", kind="ratio", numerator={"value": "pay"}, denominator={"value": "hours"}, source="invented",
              status="confirmed"),
)  # fmt: skip


def sample(*, psu: bool, fpc: bool = False, lonely: str = "fail", replicates: dict[str, object] | None = None) -> Sample:
    rng, n = np.random.default_rng(4), 240
    frame = pd.DataFrame(
        {"round": "baseline", "stratum": rng.choice(["a", "b", "c"], n), "psu": rng.integers(0, 6, n).astype(str),
         "weight": rng.uniform(0.5, 3, n), "wealth": rng.choice(WEALTH, n), "hours": rng.uniform(1, 10, n), "pay": rng.uniform(0, 90, n)}
    )  # fmt: skip
    if lonely != "fail":
        frame.loc[frame.index[:9], ["stratum", "psu"]] = ["alone", "0"]
    frame["heard"] = np.where(rng.uniform(size=n) < 0.3, "yes", "no")
    frame = frame.assign(fpc=np.where(psu, 20, 300), **{f"{v}__silence": None for v in ("heard", "hours", "pay")})
    frame = frame.drop(columns=([] if psu else ["psu"]) + ([] if fpc else ["fpc"]))
    design = Design(basis="probability", weights="expansion", weight="weight", stratum="stratum", psu="psu" if psu else False,
                    fpc="fpc" if fpc else None, lonely_psu=lonely, replicates=replicates)  # fmt: skip
    return Sample("s", frame, design, (Dimension("wealth", "Wealth", {c: c for c in WEALTH}, ordered=True),), rounds=("baseline",))


@pytest.mark.parametrize("fpc", [False, True])
@pytest.mark.parametrize("psu", [True, False])
@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.id)
def test_figures_vary_together_as_the_cube_says(indicator: Indicator, psu: bool, fpc: bool) -> None:
    """The block of the figures is their covariance; that of the shares adds up to nothing, because shares add up to one."""
    estimates = measure(sample(psu=psu, fpc=fpc), [indicator], by=each("wealth"))
    cube = estimates.cubes["s"]
    found, at = cube.margin(("wealth",)).linearise(cube.quantity(indicator.id, "1", "all")), np.arange(4)
    together = joint(found, at)
    left, right = (side.ravel() for side in np.meshgrid(at, at, indexing="ij"))
    np.testing.assert_allclose(together.covariance[:4, :4], covariance(found, left, found, right).reshape(4, 4), rtol=1e-11, atol=1e-16)
    np.testing.assert_allclose(together.covariance[4:].sum(axis=0), 0, atol=1e-15)
    whole = estimates.table[estimates.table["wealth"] == "all"].iloc[0]
    assert shares(found, at) @ found.estimate == pytest.approx(whole["estimate"], rel=1e-12)
    assert together.df == whole["df"]


@pytest.mark.parametrize("psu", [True, False])
@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.id)
def test_the_mean_of_all_groups_is_as_sure_as_the_figure_for_everybody(indicator: Indicator, psu: bool) -> None:
    """Σ p y is the figure of the whole, so its variance through the matrix must be that figure's own: shares' sampling included."""
    estimates = measure(sample(psu=psu), [indicator], by=each("wealth"))
    cube = estimates.cubes["s"]
    found, at = cube.margin(("wealth",)).linearise(cube.quantity(indicator.id, "1", "all")), np.arange(4)
    slope = np.concatenate([shares(found, at), found.estimate])
    whole = estimates.table[estimates.table["wealth"] == "all"].iloc[0]
    assert np.sqrt(slope @ joint(found, at).covariance @ slope) == pytest.approx(whole["se"], rel=1e-10)


@pytest.mark.parametrize("lonely", ["certainty", "adjust", "average"])
def test_a_lonely_psu_counts_as_it_was_declared(lonely: str) -> None:
    estimates = measure(sample(psu=True, lonely=lonely), INDICATORS[:1], by=each("wealth"))
    cube = estimates.cubes["s"]
    found, at = cube.margin(("wealth",)).linearise(cube.quantities[0]), np.arange(4)
    slope = np.concatenate([shares(found, at), found.estimate])
    whole = estimates.table[estimates.table["wealth"] == "all"].iloc[0]
    assert np.sqrt(slope @ joint(found, at).covariance @ slope) == pytest.approx(whole["se"], rel=1e-10)


def test_with_replicate_weights_the_index_is_taken_in_each() -> None:
    """The concentration index in each jackknife replicate, and how far these lie apart: what the matrix says, nearly."""
    estimates = measure(sample(psu=True, replicates={"kind": "jkn"}), INDICATORS[:1], by=each("wealth"))
    cube = estimates.cubes["s"]
    found, at = cube.margin(("wealth",)).linearise(cube.quantities[0]), np.arange(4)
    one = Groups(found.estimate[at], shares(found, at), 1, True, None, 0.0, 1.0)
    together = joint(found, at)
    measured = sure(CATALOGUE["absolute_concentration_index"], one, Sampling(together.covariance, together.df))
    people = found.margin.linearise(replace(found.quantity, kind="total", wy=found.quantity.wx, shift=0.0))
    each_y, each_n = replicate_estimates(found, at), replicate_estimates(people, at)
    values = CATALOGUE["absolute_concentration_index"].of(one.at(each_y.T, each_n.T))
    part = cube.replicates.by_round[0]
    variance = part.scale * (part.rscales * (values - values.mean()) ** 2).sum()
    assert measured.se == pytest.approx(np.sqrt(variance), rel=0.02)
    assert together.df == estimates.table[estimates.table["wealth"] == "all"].iloc[0]["df"]


def test_people_of_one_village_make_groups_vary_together() -> None:
    """What is lost by taking groups for independent and shares for known, as a published table forces one to: here a third."""
    rng = np.random.default_rng(3)
    village = np.repeat(np.arange(60), 20)
    wealth = rng.integers(0, 4, len(village))
    chance = 1 / (1 + np.exp(-(rng.normal(0, 1.2, 60)[village] + wealth / 3)))
    frame = pd.DataFrame({"round": "baseline", "stratum": "a", "psu": village.astype(str), "wealth": np.array(WEALTH)[wealth],
                          "heard": np.where(rng.uniform(size=len(village)) < chance, "yes", "no"), "heard__silence": None})  # fmt: skip
    design = Design(basis="probability", weights="none", stratum="stratum", psu="psu")
    people = Sample("s", frame, design, (Dimension("wealth", "Wealth", {c: c for c in WEALTH}, ordered=True),), rounds=("baseline",))
    estimates = measure(people, INDICATORS[:1], by=each("wealth"))
    cube = estimates.cubes["s"]
    found, at = cube.margin(("wealth",)).linearise(cube.quantities[0]), np.arange(4)
    one, together = Groups(found.estimate[at], shares(found, at), 1, True, None, 0.0, 1.0), joint(found, at)
    alone = np.zeros((8, 8))
    alone[:4, :4] = np.diag(np.diag(together.covariance)[:4])
    slope = CATALOGUE["slope_index_of_inequality_linear"]
    assert sure(slope, one, Sampling(alone, together.df)).se > 1.2 * sure(slope, one, Sampling(together.covariance, together.df)).se
