"""We attack our own medians: no number of a quantile that is shown, nor an end of its interval, is the answer of one of a few.

Small invented samples, with weights, ties and rare groups, go through measure, compare and protect; then the rows that held the
people are taken out again and counted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison import compare
from mel.disclosure import protect
from mel.errors import ProtectionRefused
from mel.estimation import measure
from mel.model.alliance import Design, Target
from mel.model.domains import cross, each
from mel.model.indicator import Indicator
from mel.model.policy import Policy
from mel.model.release import Narratives, Release
from mel.model.sample import Dimension, Sample
from tests.privacy.protection_tables import alliance, context

GENDER = ("woman", "man", "non_binary")
THRESHOLD = 10
PROBS = (0.02, 0.1, 0.5, 0.9)


def asked(name: str, *probabilities: float, **more: Any) -> Indicator:
    return Indicator(
        id=name, label=name, kind="quantile", numerator={"value": "income"}, probabilities=probabilities, source="invented",
        status="confirmed", polarity="higher_is_better", **more,
    )  # fmt: skip


def people(seed: int) -> pd.DataFrame:
    """Sixty to two hundred people in two rounds, one of them very rich, a few heavy weights, a few silent."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(60, 200))
    income = np.round(rng.lognormal(3, 0.8, n), 0)
    income[0] = 999_999.0
    income[rng.random(n) < 0.08] = np.nan
    return pd.DataFrame(
        {
            "round": rng.choice(["baseline", "midline"], n), "psu": rng.integers(0, 12, n).astype(str),
            "weight": np.where(rng.random(n) < 0.05, 40.0, rng.uniform(0.5, 3, n)), "income": income,
            "income__silence": np.where(np.isnan(income), "not_known", None),
            "gender": rng.choice(GENDER, n, p=[0.5, 0.42, 0.08]), "place": rng.choice(["north", "south"], n, p=[0.7, 0.3]),
        }
    )  # fmt: skip


def estimates_of(frame: pd.DataFrame, how: str = "symmetric", rule: str = "math") -> Any:
    dimensions = (Dimension("gender", "Gender", dict.fromkeys(GENDER, "")), Dimension("place", "Place", {"north": "", "south": ""}))
    design = Design(basis="probability", weights="expansion", weight="w", stratum=False, psu="psu", rounds="independent")
    sample = Sample("survey", frame, design, dimensions, rounds=("baseline", "midline"))
    indicators = [asked("income", *PROBS), asked("middle", 0.5)]
    by = each("gender", "place") + cross("gender", "place")
    return measure(sample, indicators, by=by, quantile_rule=rule, quantile_interval=how)


def released(estimates: Any, **wanted: Any) -> Release:
    goal = Target(round="midline", value=20.0, rule="interval", set_by="assembly", reason="invented")
    rounds = [{"name": name, "date": f"202{k}-06-01", "files": [f"{name}.csv"]} for k, name in ((4, "baseline"), (6, "midline"))]
    design = {"basis": "probability", "weights": "expansion", "weight": "w", "stratum": False, "psu": "psu", "rounds": "independent"}
    survey = {"name": "survey", "kind": "answers", "owner": "reka-hub", "share": "public", "design": design, "rounds": rounds}
    told = context(alliance=alliance([survey]))
    compared = compare(estimates, **wanted) if wanted else compare(estimates, targets={"middle": [goal]})
    return protect(estimates, compared, Narratives(), policy=Policy(threshold=THRESHOLD), audience="public", context=told)


def group_of(frame: pd.DataFrame, row: Any) -> pd.Series:
    inside = frame["round"] == row["round"]
    for name in ("gender", "place"):
        inside &= (frame[name] == row[name]) | (row[name] == "all")
    return frame.loc[inside, "income"].dropna()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("how", ["symmetric", "korn_graubard"])
def test_every_number_shown_has_enough_people_on_both_sides(seed: int, how: str) -> None:
    frame = people(seed)
    release = released(estimates_of(frame, how, rule="math" if seed % 2 else "hf8"))
    shown = release.estimates[release.estimates["disclosure"] == "open"]
    told = 0
    for row in shown[shown["n"] > 0].to_dict("records"):
        income = group_of(frame, row)
        for number in (row["estimate"], row["ci_low"], row["ci_high"]):
            if np.isfinite(number):
                told += 1
                assert min((income <= number).sum(), (income >= number).sum()) >= THRESHOLD, row
    assert told
    for table in (release.estimates, release.comparisons):
        assert not (table.select_dtypes("number") == 999_999.0).any(axis=None)
    hidden = release.estimates[release.estimates["disclosure"] != "open"]
    assert hidden.select_dtypes("number").isna().all(axis=None)


@pytest.mark.parametrize("seed", range(6))
def test_a_comparison_does_not_give_a_hidden_interval_back(seed: int) -> None:
    release = released(estimates_of(people(seed)))
    shown = release.estimates.set_index(["indicator", "round", "gender", "place", "category"])
    for row in release.comparisons[release.comparisons["disclosure"] == "open"].to_dict("records"):
        behind = [shown.loc[(f.indicator, f.round, dict(f.domain).get("gender", "all"), dict(f.domain).get("place", "all"), f.category)]
                  for f in row["inputs"]]  # fmt: skip
        assert all(figure["disclosure"] == "open" for figure in behind)
        if any(np.isnan(figure["ci_low"]) for figure in behind):
            assert np.isnan(row["ci_low"]) and np.isnan(row["ci_high"]) and np.isnan(row["se"])


def test_what_is_under_the_floor_as_a_mean_is_so_as_a_quantile() -> None:
    """At least as strict as a mean of the same people. (What is hidden for others' sake may be another row: more is hidden already.)"""
    for seed in range(6):
        estimates = estimates_of(people(seed))
        as_means = {key: replace_kind(one) for key, one in estimates.indicators.items()}
        of_quantiles, of_means = (
            under_the_floor(released(each_, change=(), gaps=())) for each_ in (estimates, replace(estimates, indicators=as_means))
        )
        assert of_means < of_quantiles


def under_the_floor(release: Release) -> set[tuple[str, ...]]:
    table = release.estimates[release.estimates["disclosure"] == "primary"]
    return set(map(tuple, table[["indicator", "round", "gender", "place", "category"]].to_numpy()))


def replace_kind(one: Indicator) -> Indicator:
    return one.model_copy(update={"kind": "mean", "probabilities": ()})


def test_quantiles_that_come_without_their_tails_are_refused() -> None:
    """Read back, edited or made elsewhere: nobody can tell how few are beyond."""
    estimates = estimates_of(people(1))
    with pytest.raises(ProtectionRefused) as error:
        released(replace(estimates, tails={}))
    assert error.value.codes == ("PROTECT_QUANTILE_WITHOUT_TAILS",)


def test_two_datasets_side_by_side_keep_their_tails() -> None:
    one, frame = estimates_of(people(1)), people(2)
    turned = Sample(
        "other", frame, Design(basis="census", rounds="independent"),
        (Dimension("place", "Place", {"north": "", "south": ""}), Dimension("gender", "Gender", dict.fromkeys(GENDER, ""))),
        rounds=("baseline", "midline"),
    )  # fmt: skip
    other = measure(turned, [asked("income", *PROBS)], by=cross("place", "gender"))
    both = one + other
    assert len(both.tails) == len(both.table[both.table["n"] >= 0])
    rounds = [{"name": name, "date": f"202{k}-06-01", "files": [f"{name}.csv"]} for k, name in ((4, "baseline"), (6, "midline"))]
    made = [
        {"name": name, "kind": "answers", "owner": "reka-hub", "share": "public", "design": {"basis": "census", "rounds": "independent"}, "rounds": rounds}
        for name in ("survey", "other")
    ]  # fmt: skip
    compared = compare(both, change=(), gaps=())
    release = protect(both, compared, Narratives(), policy=Policy(), audience="public", context=context(alliance=alliance(made)))
    assert {"open", "primary"} <= set(release.estimates.loc[release.estimates["dataset"] == "other", "disclosure"])
