"""Laws of overlapping groups and of taking part, for any people: parts add up to everybody, and everybody takes part as everybody does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mel.comparison import exclusion_profile, overlaps
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import cross, each
from mel.model.estimates import Estimates
from mel.model.indicator import Indicator
from mel.model.overlaps import Overlaps
from mel.model.sample import Dimension, Sample

STATES = ("yes", "no", "not_known", "prefer_not_to_say")
SETS = ("a", "b", "c")
PERSON = st.tuples(*(st.sampled_from(STATES) for _ in SETS), st.sampled_from("hk"), st.integers(1, 4), st.floats(0.5, 20))
MORE = {"source": "invented", "status": "confirmed"}
WHO = Indicator(id="who", label="who", kind="composition", numerator={"value": "a"}, **MORE)
HEARD = Indicator(id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, **MORE)
FEW = settings(max_examples=15, deadline=None)


def estimates_of(people: list[tuple[object, ...]], seed: int = 0) -> Estimates:
    frame = pd.DataFrame(people, columns=[*SETS, "stratum", "psu", "weight"]).astype({"psu": "str"})
    frame = pd.concat([frame, frame.assign(psu="9"), frame.assign(psu="8")], ignore_index=True)  # no stratum is alone
    heard = np.where(np.random.default_rng(seed).random(len(frame)) < 0.5, "yes", "no")
    frame = frame.assign(round="one", heard=heard)
    dimensions = tuple(Dimension(name, name, {c: c for c in STATES}) for name in SETS)
    design = Design(basis="probability", weights="expansion", weight="weight", stratum="stratum", psu="psu")
    return measure(Sample("any", frame, design, dimensions, rounds=("one",)), [WHO, HEARD], by=cross(*SETS) + each(*SETS))


def share(found: Overlaps, measure_: str, **keys: object) -> float:
    rows = found.people[found.people["measure"] == measure_]
    for name, value in keys.items():
        rows = rows[rows[name] == value]
    return float(rows["estimate"].sum())


@FEW
@given(st.lists(PERSON, min_size=1, max_size=30))
def test_combinations_how_many_and_any_of_each_add_up_to_everybody(people: list[tuple[object, ...]]) -> None:
    found = overlaps(estimates_of(people), list(SETS))
    for measure_ in ("combination", "how_many", "any_of"):
        rows = found.people[found.people["measure"] == measure_]
        assert rows["estimate"].sum() == pytest.approx(1)
        assert rows["n"].sum() == 3 * len(people)
    for name in SETS:
        one = found.memberships[found.memberships[name] != "all"]
        assert one["estimate"].sum() == pytest.approx(1)


@FEW
@given(st.lists(PERSON, min_size=1, max_size=30))
def test_any_of_is_everybody_less_none_and_less_not_known(people: list[tuple[object, ...]]) -> None:
    found = overlaps(estimates_of(people), list(SETS))
    assert share(found, "any_of", answer="yes") == pytest.approx(
        1 - share(found, "how_many", count=0.0, at_least="no") - share(found, "how_many", count=0.0, at_least="yes"), abs=1e-12
    )


@FEW
@given(st.lists(PERSON, min_size=1, max_size=30))
def test_a_membership_is_the_sum_of_the_combinations_that_hold_it(people: list[tuple[object, ...]]) -> None:
    found = overlaps(estimates_of(people), list(SETS))
    for name in SETS:
        for state in ("yes", "no", "not_known"):
            assert share(found, "membership", **{name: state}) == pytest.approx(share(found, "combination", **{name: state}), abs=1e-12)


@FEW
@given(st.lists(PERSON, min_size=1, max_size=30), st.integers(0, 5))
def test_the_figures_of_parts_are_everybodys_figure(people: list[tuple[object, ...]], seed: int) -> None:
    estimates = estimates_of(people, seed)
    found = overlaps(estimates, list(SETS), indicators=["heard"])
    whole = estimates.table[(estimates.table["indicator"] == "heard") & (estimates.table[list(SETS)] == "all").all(axis=1)]
    for measure_ in ("combination", "how_many", "any_of"):
        shares, figures = (table[table["measure"] == measure_] for table in (found.people, found.figures))
        keys = [*SETS, "answer", "count", "at_least"]
        both = shares.merge(figures, on=keys, suffixes=("_share", "_heard"))
        total = (both["estimate_share"] * both["estimate_heard"]).sum()
        assert total == pytest.approx(float(whole["estimate"].iloc[0]), abs=1e-12)


@FEW
@given(st.lists(PERSON, min_size=1, max_size=30))
def test_one_factor_for_all_is_any_of(people: list[tuple[object, ...]]) -> None:
    estimates = estimates_of(people)
    plain, one = overlaps(estimates, list(SETS)), overlaps(estimates, list(SETS), factors=dict.fromkeys(SETS, "left_behind"))
    for state in ("yes", "no", "not_known"):
        assert share(one, "membership", left_behind=state) == pytest.approx(share(plain, "any_of", answer=state), abs=1e-12)


@FEW
@given(st.lists(PERSON, min_size=1, max_size=30))
def test_everybody_takes_part_as_everybody_does(people: list[tuple[object, ...]]) -> None:
    estimates = estimates_of([*people, ("yes", "no", "no", "h", 1, 1.0), ("no", "no", "no", "h", 1, 1.0)])
    known = estimates.cubes["any"]
    weight, code = known.sums[estimates.cubes["any"].quantities[0].weight], known.codes["a"]
    total = {c: float(weight[code == known.levels["a"].index(c)].sum()) for c in ("yes", "no")}
    benchmark = pd.DataFrame({"dimension": "a", "category": list(total), "count": list(total.values()), "source": "itself", "year": 2026})
    ratio = exclusion_profile(estimates, ["a"], benchmark=benchmark).of("participation_ratio")
    assert ratio["estimate"].to_numpy() == pytest.approx(np.ones(2))
    assert set(ratio["status"]) <= {"unclear"}


@FEW
@given(st.lists(PERSON, min_size=1, max_size=30), st.floats(0.05, 0.95))
def test_ratios_weighed_by_the_population_average_to_one(people: list[tuple[object, ...]], p: float) -> None:
    estimates = estimates_of([*people, ("yes", "no", "no", "h", 1, 1.0), ("no", "no", "no", "h", 1, 1.0)])
    benchmark = pd.DataFrame({"dimension": "a", "category": ["yes", "no"], "share": [p, 1 - p], "source": "census", "year": 2021})
    ratio = exclusion_profile(estimates, ["a"], benchmark=benchmark).of("participation_ratio")
    assert (ratio["estimate"] * ratio["held_against"]).sum() == pytest.approx(1)
