"""Laws that hold for any answers: weights × k, merged groups, everybody counted once, a full census, two engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mel.codes import SILENCES
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import cross, each
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

SOME = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GROUPS = ("woman", "man", "non_binary")
NUMBERS = ["estimate", "se", "ci_low", "ci_high", "deff", "df", "n"]
INDICATORS = (
    Indicator(id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, source="invented", status="confirmed"),
    Indicator(id="hours", label="hours", kind="mean", numerator={"value": "hours"}, source="invented", status="confirmed"),
    Indicator(id="where", label="where", kind="distribution", numerator={"value": "heard"}, source="invented", status="confirmed"),
)  # fmt: skip


@st.composite
def people(draw: st.DrawFn) -> pd.DataFrame:
    """Two strata of three to four PSUs, one to four people in each; some say nothing, and for one of four reasons."""
    rows = []
    for stratum in ("north", "south"):
        for psu in range(draw(st.integers(3, 4))):
            for _ in range(draw(st.integers(1, 4))):
                silence = draw(st.sampled_from([None, None, None, *SILENCES]))
                rows.append(
                    {
                        "round": "baseline", "stratum": stratum, "psu": str(psu), "weight": draw(st.floats(0.25, 8)),
                        "gender": draw(st.sampled_from(GROUPS)), "displaced": draw(st.sampled_from(["yes", "no"])),
                        "heard": None if silence else draw(st.sampled_from(["yes", "no"])), "heard__silence": silence,
                        "hours": draw(st.one_of(st.none(), st.integers(0, 80))),
                    }
                )  # fmt: skip
    frame = pd.DataFrame(rows).astype({"hours": float})
    return frame.assign(hours__silence=frame["hours"].isna().map({True: "not_known", False: None}))


def sample(frame: Any, **design: Any) -> Sample:
    given_ = {"basis": "probability", "weights": "expansion", "weight": "w", "stratum": "s", "psu": "p"} | design
    dimensions = (Dimension("gender", "Gender", {g: g for g in GROUPS}), Dimension("displaced", "Displaced", {"yes": "yes", "no": "no"}))
    return Sample("survey", frame, Design(**given_), dimensions, rounds=("baseline",))


def close(a: pd.DataFrame, b: pd.DataFrame, columns: list[str] = NUMBERS, rel: float = 1e-9) -> None:
    np.testing.assert_allclose(a[columns].to_numpy(float), b[columns].to_numpy(float), rtol=rel, atol=1e-12)


def alike(one: pd.DataFrame, two: pd.DataFrame, *, precise: bool) -> None:
    """Equal to 1e-12. A spread taken from sums of squares (deff; se where the respondent is the PSU) keeps fewer digits in a group
    whose answers differ far less from each other than from everybody's.
    """
    for name in NUMBERS:
        rel = 1e-12 if name in ("estimate", "df", "n") or (precise and name != "deff") else 1e-9
        np.testing.assert_allclose(one[name].to_numpy(float), two[name].to_numpy(float), rtol=rel, atol=1e-12, err_msg=name)


@SOME
@given(people(), st.floats(0.01, 1000))
def test_weights_times_k_leave_shares_and_means(frame: pd.DataFrame, k: float) -> None:
    one = measure(sample(frame), INDICATORS, by=each("gender", "displaced")).table
    other = measure(sample(frame.assign(weight=frame["weight"] * k)), INDICATORS, by=each("gender", "displaced")).table
    close(one, other, ["estimate", "n", "df"])
    np.testing.assert_allclose(one["se"].to_numpy(float), other["se"].to_numpy(float), rtol=1e-6, atol=1e-9)


@SOME
@given(people())
def test_merging_groups_is_the_weighted_sum(frame: pd.DataFrame) -> None:
    table = measure(sample(frame), INDICATORS, by=cross("gender", "displaced") + each("gender")).table
    for _, rows in table.groupby(["indicator", "category"]):
        parts = rows[rows["gender"].ne("all") & rows["displaced"].ne("all")]
        whole = rows[rows["gender"].eq("all") & rows["displaced"].eq("all")].iloc[0]
        if whole["n"]:
            merged = np.average(parts["estimate"].fillna(0), weights=parts["weighted_total"])
            assert merged == pytest.approx(whole["estimate"], rel=1e-9, abs=1e-12)
            assert parts[["n", "n_missing"]].sum().to_numpy() == pytest.approx(whole[["n", "n_missing"]].to_numpy(float))


@SOME
@given(people())
def test_yes_no_and_unanswered_are_the_population(frame: pd.DataFrame) -> None:
    row = measure(sample(frame), INDICATORS[:1]).table.iloc[0]
    in_population = (frame["heard__silence"] != "not_applicable").sum()  # not meant for them: outside
    no = (frame["heard"] == "no").sum()
    assert row["n_yes"] + no + row["n_missing"] == in_population
    for silence in SILENCES:
        assert row[f"n_{silence}"] == (frame["heard__silence"] == silence).sum()


@SOME
@given(people())
def test_shares_of_a_question_add_up_to_one(frame: pd.DataFrame) -> None:
    table = measure(sample(frame), INDICATORS[2:], by=each("gender")).table
    for _, rows in table[table["n"] > 0].groupby("gender"):
        assert rows["estimate"].sum() == pytest.approx(1.0)


@SOME
@given(people())
def test_a_full_census_has_no_sampling_error(frame: pd.DataFrame) -> None:
    drawn = frame.groupby("stratum")["psu"].transform("nunique")
    table = measure(sample(frame.assign(fpc=drawn.astype(float)), fpc="f"), INDICATORS, by=each("gender")).table
    assert (table.loc[table["n"] > 0, "se"] == 0).all()
    known = table[table["n"] > 0]
    assert (known["ci_low"] == known["estimate"]).all()


@SOME
@given(people())
def test_the_order_of_rows_does_not_matter(frame: pd.DataFrame) -> None:
    one = measure(sample(frame), INDICATORS, by=each("gender")).table
    other = measure(sample(frame.iloc[::-1].reset_index(drop=True)), INDICATORS, by=each("gender")).table
    close(one, other, ["estimate", "n", "df", "n_missing"])
    np.testing.assert_allclose(one["se"].to_numpy(float), other["se"].to_numpy(float), rtol=1e-6, atol=1e-9)


@SOME
@given(people(), st.sampled_from([False, "p"]))
def test_pandas_and_polars_count_alike(frame: pd.DataFrame, psu: Any) -> None:
    import polars as pl

    nan = frame.assign(hours=frame["hours"].to_numpy(float))  # pandas: NaN
    other = pl.from_pandas(frame).with_columns(pl.col("hours").fill_null(float("nan")))  # polars: a real NaN, not null
    assert other["hours"].null_count() == 0
    one = measure(sample(nan, psu=psu), INDICATORS, by=cross("gender", "displaced")).table
    two = measure(sample(other, psu=psu), INDICATORS, by=cross("gender", "displaced")).table
    keys = ["indicator", "category", "gender", "displaced"]
    pd.testing.assert_frame_equal(one[keys], two[keys])
    alike(one, two, precise=bool(psu))


@SOME
@given(people())
def test_a_lazy_table_counts_alike(frame: pd.DataFrame) -> None:
    import polars as pl

    one = measure(sample(frame), INDICATORS, by=each("gender")).table
    two = measure(sample(pl.from_pandas(frame).lazy()), INDICATORS, by=each("gender")).table
    alike(one, two, precise=True)
