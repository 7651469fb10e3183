"""Laws of replicate weights that hold for any answers: what is linear is what strata and PSUs say, and scale and order do not matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import each
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

SOME = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GROUPS = ("woman", "man", "non_binary")
TOTAL = Indicator(id="all", label="all", kind="total", numerator={"value": "hours"}, source="invented", status="confirmed")
MEAN = Indicator(id="mean", label="mean", kind="mean", numerator={"value": "hours"}, source="invented", status="confirmed")


@st.composite
def people(draw: st.DrawFn, most: int = 4) -> pd.DataFrame:
    """Two or three strata of two to `most` PSUs, one to four people in each; some say nothing."""
    rows = [
        {
            "round": "baseline", "stratum": f"s{stratum}", "psu": f"p{psu}", "weight": draw(st.floats(0.25, 8)),
            "gender": draw(st.sampled_from(GROUPS)), "hours": draw(st.one_of(st.none(), st.integers(0, 80))),
        }
        for stratum in range(draw(st.integers(2, 3)))
        for psu in range(draw(st.integers(2, most)))
        for _ in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    frame = pd.DataFrame(rows).astype({"hours": float})
    return frame.assign(hours__silence=frame["hours"].isna().map({True: "not_known", False: None}))


def measured(frame: pd.DataFrame, indicator: Indicator, **design: Any) -> pd.DataFrame:
    stated = {"basis": "probability", "weights": "expansion", "weight": "weight", "stratum": "stratum", "psu": "psu", **design}
    dimension = Dimension("gender", "Gender", {g: g for g in GROUPS})
    sample = Sample("village", frame, Design(**stated), (dimension,), rounds=("baseline",))
    return measure(sample, [indicator], by=each("gender")).table


def alike(a: pd.DataFrame, b: pd.DataFrame, names: tuple[str, ...] = ("estimate", "se"), rel: float = 1e-9) -> None:
    for name in names:
        ours, theirs = a[name].to_numpy(float), b[name].to_numpy(float)
        size = max(1.0, float(np.nanmax(np.abs(theirs)))) if np.isfinite(theirs).any() else 1.0
        np.testing.assert_allclose(ours, theirs, rtol=rel, atol=1e-11 * size, err_msg=name)


@SOME
@given(people())
def test_a_jackknifed_total_has_the_variance_of_strata_and_psus(frame: pd.DataFrame) -> None:
    alike(measured(frame, TOTAL, replicates={"kind": "jkn"}), measured(frame, TOTAL))
    alike(measured(frame, TOTAL, replicates={"kind": "jkn", "mse": True}), measured(frame, TOTAL))


@SOME
@given(people(most=2), st.sampled_from([{"kind": "brr"}, {"kind": "fay", "fay": 0.4}, {"kind": "jkn"}]))
def test_balanced_halves_of_a_total_have_it_too(frame: pd.DataFrame, replicates: dict[str, Any]) -> None:
    alike(measured(frame, TOTAL, replicates=replicates), measured(frame, TOTAL))


@SOME
@given(people(), st.floats(0.01, 1000))
def test_a_mean_does_not_know_how_large_the_weights_are(frame: pd.DataFrame, k: float) -> None:
    spec = {"kind": "bootstrap", "count": 20, "seed": 5}
    scaled = frame.assign(weight=frame["weight"] * k)
    alike(measured(frame, MEAN, replicates=spec), measured(scaled, MEAN, replicates=spec), ("estimate", "se", "df"))


@SOME
@given(people(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_nothing(frame: pd.DataFrame, chance: Any) -> None:
    order = list(range(len(frame)))
    chance.shuffle(order)
    for spec in ({"kind": "jkn"}, {"kind": "bootstrap", "count": 20, "seed": 5}):
        alike(measured(frame, MEAN, replicates=spec), measured(frame.iloc[order], MEAN, replicates=spec), ("estimate", "se", "df"))


@SOME
@given(people())
def test_made_weights_read_back_as_given_ones_are_the_same(frame: pd.DataFrame) -> None:
    """Estimate, standard error and degrees of freedom, in every domain that more than one PSU holds."""
    made = measured(frame, MEAN, replicates={"kind": "jkn"})
    psu = frame["stratum"] + frame["psu"]
    size = frame.groupby("stratum")["psu"].nunique()
    columns, rscales = {}, []
    for stratum, one in frame[["stratum", "psu"]].drop_duplicates().itertuples(index=False):
        n = size[stratum]
        factor = np.where(frame["stratum"] != stratum, 1.0, np.where(frame["psu"] == one, 0.0, n / (n - 1)))
        columns[f"replicate_{len(columns) + 1}"] = frame["weight"] * factor
        rscales.append((n - 1) / n)
    assert len(columns) == psu.nunique()
    spec = {"kind": "jkn", "columns": "replicate_*", "combined": True, "rscales": rscales}
    given_ = measured(frame.assign(**columns), MEAN, replicates=spec, stratum=None, psu=None)
    alike(given_, made, ("estimate", "se", "df", "ci_low", "ci_high"))


@pytest.mark.parametrize("psus", [3, 9])
def test_jk1_of_one_stratum_is_jkn(psus: int) -> None:
    chance = np.random.default_rng(psus)
    n = psus * 4
    frame = pd.DataFrame(
        {
            "round": "baseline", "stratum": "all", "psu": np.repeat([f"p{k}" for k in range(psus)], 4), "weight": chance.uniform(1, 3, n),
            "gender": chance.choice(GROUPS, n), "hours": chance.uniform(0, 80, n), "hours__silence": None,
        }
    )  # fmt: skip
    alike(measured(frame, MEAN, replicates={"kind": "jk1"}, stratum=False), measured(frame, MEAN, replicates={"kind": "jkn"}), rel=1e-12)
