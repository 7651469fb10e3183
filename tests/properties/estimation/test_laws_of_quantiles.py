"""Laws of quantiles that hold for any answers: weights × k, probabilities, merged groups, the order of rows, people and their copies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mel.estimation import measure
from mel.estimation.quantiles import LINES, RULES, STEPS, Distributions
from mel.model.alliance import Design
from mel.model.domains import each
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

SOME = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=60, deadline=None)
PROBS = (0.1, 0.25, 0.5, 0.75, 0.9)
ASKED = Indicator(
    id="hours", label="hours", kind="quantile", numerator={"value": "hours"}, probabilities=PROBS, source="invented", status="confirmed"
)  # fmt: skip
answers = st.lists(st.tuples(st.integers(-5, 12), st.integers(1, 6)), min_size=1, max_size=30)
rules = st.sampled_from(RULES)
shares = st.floats(0.001, 0.999)


def spread(given_: list[tuple[int, int]], k: float = 1.0) -> Distributions:
    """Answers with whole weights as one domain."""
    frame = pd.DataFrame(given_, columns=["value", "weight"]).groupby("value")["weight"].agg(["sum", "size"])
    value = frame.index.to_numpy(float)
    return Distributions(np.array([0, len(value)]), value, frame["sum"].to_numpy(float) * k, frame["size"].to_numpy(float))


def at(found: Distributions, rule: str, p: float) -> float:
    return float(found.quantiles(rule, np.array([p]))[0])


@MANY
@given(answers, rules, st.integers(1, 19), st.floats(1e-6, 1e6))
def test_weights_times_k_leave_every_quantile(people: list[tuple[int, int]], rule: str, twentieth: int, k: float) -> None:
    """Also where a share meets the probability exactly: whole weights and twentieths often do."""
    once, again = (at(spread(people, scale), rule, twentieth / 20) for scale in (1.0, k))
    assert once == pytest.approx(again, rel=1e-9, abs=1e-9)
    if rule in STEPS:
        assert once == again


@MANY
@given(answers, rules, shares, shares)
def test_a_higher_probability_never_gives_a_lower_quantile(people: list[tuple[int, int]], rule: str, p: float, q: float) -> None:
    low, high = sorted((p, q))
    assert at(spread(people), rule, low) <= at(spread(people), rule, high) + 1e-9


@MANY
@given(answers, rules, shares)
def test_a_quantile_lies_among_the_answers(people: list[tuple[int, int]], rule: str, p: float) -> None:
    given_ = [value for value, _ in people]
    found = at(spread(people), rule, p)
    assert min(given_) <= found <= max(given_)
    if rule in ("math", "hf1", "hf3"):
        assert found in given_


@MANY
@given(answers, answers, shares)
def test_a_merged_group_lies_between_its_parts(one: list[tuple[int, int]], two: list[tuple[int, int]], p: float) -> None:
    parts = [at(spread(group), "math", p) for group in (one, two)]
    assert min(parts) <= at(spread([*one, *two]), "math", p) <= max(parts)


@MANY
@given(answers, st.sampled_from(sorted(LINES)), shares)
def test_people_who_say_the_same_share_their_weight(people: list[tuple[int, int]], rule: str, p: float) -> None:
    """However unequal the weights of tied people are, only what they have together counts."""
    found = spread(people)
    evened = [(int(v), w / n) for v, w, n in zip(found.value, found.weight, found.people, strict=True) for _ in range(int(n))]
    frame = pd.DataFrame(evened, columns=["value", "weight"]).groupby("value")["weight"].agg(["sum", "size"])
    same = Distributions(found.start, found.value, frame["sum"].to_numpy(float), frame["size"].to_numpy(float))
    assert at(found, rule, p) == pytest.approx(at(same, rule, p), rel=1e-9, abs=1e-9)


@MANY
@given(answers, shares)
def test_turned_round_the_median_is_the_others_mirror(people: list[tuple[int, int]], p: float) -> None:
    """hf5, hf8 and hf9 treat both ends alike where everybody has the same weight."""
    even = [(value, 1) for value, _ in people]
    mirrored = [(-value, 1) for value, _ in even]
    for rule in ("hf5", "hf8", "hf9"):
        assert at(spread(even), rule, p) == pytest.approx(-at(spread(mirrored), rule, 1 - p), rel=1e-9, abs=1e-9)


@MANY
@given(answers, st.floats(-6, 13))
def test_those_at_or_below_and_those_at_or_above(people: list[tuple[int, int]], bound: float) -> None:
    found, values = spread(people), np.array([value for value, _ in people])
    assert found.people_at_most(np.array([bound]))[0] == (values <= bound).sum()
    assert found.people_at_least(np.array([bound]))[0] == (values >= bound).sum()


# ---- through measure --------------------------------------------------------------------------------------------------------------


@st.composite
def villages(draw: st.DrawFn) -> pd.DataFrame:
    """Two strata of three to four PSUs, one to four people in each; some do not say how many hours."""
    psus = [(stratum, psu) for stratum in ("north", "south") for psu in range(draw(st.integers(3, 4)))]
    people = [psu for psu in psus for _ in range(draw(st.integers(1, 4)))]
    rows = [
        {
            "round": "baseline", "stratum": stratum, "psu": str(psu), "weight": draw(st.floats(0.25, 8)),
            "gender": draw(st.sampled_from(("woman", "man"))), "hours": draw(st.one_of(st.none(), st.integers(0, 30))),
        }
        for stratum, psu in people
    ]  # fmt: skip
    frame = pd.DataFrame(rows).astype({"hours": float})
    return frame.assign(hours__silence=frame["hours"].isna().map({True: "not_known", False: None}))


def sample(frame: pd.DataFrame, **design: Any) -> Sample:
    given_ = {"basis": "probability", "weights": "expansion", "weight": "w", "stratum": "s", "psu": "p"} | design
    return Sample("survey", frame, Design(**given_), (Dimension("gender", "Gender", {"woman": "w", "man": "m"}),), rounds=("baseline",))


NUMBERS = ["estimate", "se", "ci_low", "ci_high", "n", "df"]


@SOME
@given(villages(), st.sampled_from([0.5, 4.0, 1024.0]), rules)
def test_weights_times_k_leave_the_interval_too(frame: pd.DataFrame, k: float, rule: str) -> None:
    """Powers of two, so that no share of the weight is rounded anew: an interval of steps jumps where a share meets an answer."""
    one, other = (
        measure(sample(f), [ASKED], by=each("gender"), quantile_rule=rule).table for f in (frame, frame.assign(weight=frame["weight"] * k))
    )
    np.testing.assert_allclose(one[NUMBERS].to_numpy(float), other[NUMBERS].to_numpy(float), rtol=1e-9)


@SOME
@given(villages(), st.randoms(use_true_random=False), rules)
def test_the_order_of_the_rows_does_not_matter(frame: pd.DataFrame, chance: Any, rule: str) -> None:
    order = list(range(len(frame)))
    chance.shuffle(order)
    one, other = (measure(sample(f), [ASKED], by=each("gender"), quantile_rule=rule).table for f in (frame, frame.iloc[order]))
    np.testing.assert_allclose(one["estimate"].to_numpy(float), other["estimate"].to_numpy(float), rtol=1e-9)


@SOME
@given(villages())
def test_the_interval_holds_the_quantile_and_the_whole_lies_between_its_groups(frame: pd.DataFrame) -> None:
    table = measure(sample(frame), [ASKED], by=each("gender")).table
    there = table[table["ci_low"].notna()]
    assert (there["ci_low"] <= there["estimate"]).all()
    assert (there["estimate"] <= there["ci_high"]).all()
    assert (there["se"] >= 0).all()
    for _, rows in table.groupby("category"):
        whole, parts = rows[rows["gender"] == "all"]["estimate"].iloc[0], rows[rows["gender"] != "all"]["estimate"].dropna()
        assert not len(parts) or parts.min() <= whole <= parts.max()


@SOME
@given(villages())
def test_a_full_census_drawn_as_a_sample_has_no_error(frame: pd.DataFrame) -> None:
    """Everybody drawn, fpc = n: the quantile is exact, and is that of the census."""
    people = frame.assign(weight=1.0, fpc=float(len(frame)))
    drawn = sample(people, stratum=False, psu=False, fpc="fpc")
    exact = measure(drawn, [ASKED]).table
    counted = measure(replace(drawn, design=Design(basis="census")), [ASKED]).table
    np.testing.assert_array_equal(exact["estimate"].to_numpy(), counted["estimate"].to_numpy())
    there = exact[exact["n"] > 0]
    assert (there["se"] == 0).all()
    assert (there["ci_low"] == there["estimate"]).all()


@SOME
@given(villages(), st.integers(2, 4))
def test_an_answer_of_weight_three_is_three_answers(frame: pd.DataFrame, copies: int) -> None:
    """The median of copies is the median of weights: where every person of the sample counts as so many."""
    assume(frame["hours"].notna().any())
    once = sample(frame.assign(weight=float(copies)), stratum=False, psu=False)
    again = sample(pd.concat([frame.assign(weight=1.0)] * copies), stratum=False, psu=False)
    one, other = (measure(s, [ASKED], by=each("gender")).table for s in (once, again))
    np.testing.assert_array_equal(one["estimate"].to_numpy(), other["estimate"].to_numpy())
