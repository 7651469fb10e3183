"""The two-level models against R's lme4 (lmer by REML and ML, glmer by Laplace and adaptive quadrature) and statsmodels' MixedLM.

`r_maihda/make.R` draws the invented cells and people and writes what lme4 makes of them. lme4 stops its search when the deviance
moves by less than about 1e-8, so its variances are good to about the square root of that: ours are held to 1e-5 of them, and each
fixed effect to 1e-5 of its standard error (an effect near zero has no relative error to speak of); where lme4 met 3,000 cells and
21 effects its search stopped earlier, and the issue's 1e-4 is the yardstick.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison import intersections
from mel.comparison.maihda.fit import Fit
from mel.comparison.maihda.gaussian import fit_gaussian
from mel.comparison.maihda.logistic import fit_logistic
from mel.comparison.maihda.rows import median_odds_ratio
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import cross
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

HERE = Path(__file__).parent / "r_maihda"
EXPECTED = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
CELLS = pd.read_csv(HERE / "cells.csv", dtype={f"d{k}": str for k in range(1, 6)}, keep_default_na=False)
PEOPLE = pd.read_csv(HERE / "people.csv")
DIMENSIONS = ["d1", "d2", "d3", "d4", "d5"]
CLOSE, STOPPED_EARLY = 1e-5, 1e-4
FITS = [("laplace", name, 1) for name in EXPECTED["laplace"]] + [
    ("quadrature", name, nodes) for name in EXPECTED["quadrature"] for nodes in (7, 10)
]


def crossed(table: pd.DataFrame) -> list[str]:
    return [name for name in DIMENSIONS if name in table and (table[name] != "").any()]


def design(table: pd.DataFrame, dimensions: list[str]) -> Any:
    dummies = pd.get_dummies(table[dimensions], drop_first=True).to_numpy(float)
    return np.hstack([np.ones((len(table), 1)), dummies])


def agrees(fit: Fit, r: Any, cells: list[str], shift: float = 0.0, within: float = CLOSE) -> None:
    """Fixed effects in units of their standard error, variances and shares of variance relatively, modes on the effects' own scale."""
    beta = np.array(list(r["fixef"].values())) - np.eye(len(r["fixef"]))[0] * shift
    se = np.sqrt(np.diag(fit.covariance))
    np.testing.assert_allclose(fit.beta / se, beta / se, rtol=within, atol=within)
    assert fit.between == pytest.approx(r["between"], rel=within, abs=1e-12)
    assert fit.within == pytest.approx(r["within"], rel=within)
    assert fit.vpc == pytest.approx(r["between"] / (r["between"] + r["within"]), rel=within, abs=1e-12)
    # lme4 takes second derivatives by crude differences of the deviance: a few parts in ten thousand.
    np.testing.assert_allclose(se, r["se"], rtol=5e-4)
    at = [cells.index(name) for name in r["effect"]]
    scale = max(np.sqrt(fit.between), 1e-12)
    np.testing.assert_allclose(fit.effect[at] / scale, np.array(list(r["effect"].values())) / scale, atol=within)
    np.testing.assert_allclose(fit.conditional_se[at] / scale, np.array(list(r["effect_se"].values())) / scale, atol=within)


def logistic(name: str) -> tuple[pd.DataFrame, Any, Any, Any, list[str]]:
    table = CELLS[CELLS["set"] == name]
    dimensions = crossed(table)
    return (
        table,
        design(table, dimensions),
        table["n"].to_numpy(float),
        table["yes"].to_numpy(float),
        table[dimensions].agg("|".join, axis=1).tolist(),
    )


def gaussian(name: str, shift: float) -> tuple[pd.DataFrame, Any, list[str]]:
    people = PEOPLE[PEOPLE["set"] == name].assign(y=lambda t: t["y"] - shift, yy=lambda t: t["y"] ** 2)
    table = people.groupby(["d1", "d2", "d3"], as_index=False).agg(n=("y", "size"), y=("y", "sum"), yy=("yy", "sum"))
    dimensions = crossed(table)
    return table, design(table, dimensions), table[dimensions].agg("|".join, axis=1).tolist()


@pytest.mark.parametrize(("method", "name", "nodes"), FITS, ids=str)
def test_logistic(method: str, name: str, nodes: int) -> None:
    _, x, n, yes, cells = logistic(name)
    r = EXPECTED[method][name] if method == "laplace" else EXPECTED[method][name][f"nodes_{nodes}"]
    within = STOPPED_EARLY if name == "many" else CLOSE
    null, main = fit_logistic(n, yes, x[:, :1], nodes=nodes), fit_logistic(n, yes, x, nodes=nodes)
    agrees(null, r["null"], cells, within=2 * within if name == "many" else within)
    agrees(main, r["main"], cells, within=within)
    assert (null.between - main.between) / null.between == pytest.approx(r["pcv"], rel=within)


@pytest.mark.parametrize("name", list(EXPECTED["reml"]))
@pytest.mark.parametrize("criterion", ["reml", "ml"])
def test_gaussian(criterion: str, name: str) -> None:
    shift = 1e6 if name == "large_numbers" else 0.0
    table, x, cells = gaussian(name, shift)
    r = EXPECTED[criterion][name]
    sums = [table[column].to_numpy(float) for column in ("n", "y", "yy")]
    null, main = (fit_gaussian(*sums, part, reml=criterion == "reml") for part in (x[:, :1], x))
    agrees(null, r["null"], cells, shift)
    agrees(main, r["main"], cells, shift)
    assert (null.between - main.between) / null.between == pytest.approx(r["pcv"], rel=CLOSE)


def test_the_sets_hold_what_they_are_for() -> None:
    """A rare answer, people alone in their cell, cells far apart, no variance at all: each is really in the data."""
    rare, lone, apart = (CELLS[CELLS["set"] == name] for name in ("rare", "one_person", "far_apart"))
    assert rare["yes"].sum() / rare["n"].sum() < 0.03
    assert (lone["n"] == 1).sum() >= 10
    assert ((apart["yes"] == 0) | (apart["yes"] == apart["n"])).sum() >= 5
    assert len(CELLS[CELLS["set"] == "many"]) == 3000
    assert EXPECTED["laplace"]["singular"]["main"]["between"] == 0
    assert EXPECTED["reml"]["singular"]["main"]["between"] == 0


@pytest.mark.shared
@pytest.mark.parametrize("criterion", ["reml", "ml"])
def test_a_published_teaching_set(shared: Path, criterion: str) -> None:
    """500 simulated people, lme4 1.1-37: fixed effects, variances, modes and their standard deviations."""
    folder = shared / "reference" / "maihda"
    r = {one["id"]: one for one in json.loads((folder / "expected.json").read_text())["results"]}[f"sim.{criterion}"]
    people = pd.read_csv(folder / "maihda_sim_data.csv").assign(
        y=lambda t: t["health_outcome"] - 70, yy=lambda t: (t["health_outcome"] - 70) ** 2
    )
    table = people.groupby(r["mains"], as_index=False).agg(n=("y", "size"), y=("y", "sum"), yy=("yy", "sum"))
    x, sums = design(table, r["mains"]), [table[column].to_numpy(float) for column in ("n", "y", "yy")]
    cells = table[r["mains"]].agg("|".join, axis=1).tolist()
    fits = {"null": fit_gaussian(*sums, x[:, :1], reml=criterion == "reml"), "main": fit_gaussian(*sums, x, reml=criterion == "reml")}
    assert cells == r["strata"]["stratum"]
    for model, fit in fits.items():
        says = {
            "fixef": r[model]["fixef"], "se": np.atleast_1d(r[model]["se"]), "between": r[model]["var_stratum"], "within": r[model]["var_resid"],
            "effect": dict(zip(cells, r["strata"][f"u_{model}"], strict=True)),
            "effect_se": dict(zip(cells, r["strata"][f"u_{model}_se"], strict=True)),
        }  # fmt: skip
        agrees(fit, says, cells, shift=70)
        assert fit.vpc == pytest.approx(r[model]["VPC"], rel=CLOSE, abs=1e-12)
    assert 1 - fits["main"].between / fits["null"].between == pytest.approx(r["PCV"], rel=CLOSE)


@pytest.mark.parametrize("name", ["ordinary", "one_person"])
def test_statsmodels_as_a_second_opinion(name: str) -> None:
    """MixedLM fits the same REML by another route, from the people; its search stops near 1e-4."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    people = PEOPLE[PEOPLE["set"] == name]
    table, x, _ = gaussian(name, 0.0)
    fit = fit_gaussian(*(table[column].to_numpy(float) for column in ("n", "y", "yy")), x)
    other = MixedLM(people["y"], design(people, crossed(people)), groups=people[["d1", "d2", "d3"]].agg("|".join, axis=1)).fit(
        reml=True, method=["bfgs", "lbfgs", "powell"]
    )
    se = np.sqrt(np.diag(fit.covariance))
    np.testing.assert_allclose(fit.beta / se, other.fe_params / se, atol=1e-4)
    assert fit.within == pytest.approx(other.scale, rel=1e-4)
    assert fit.between == pytest.approx(float(np.asarray(other.cov_re)[0, 0]), rel=1e-3)


@pytest.mark.parametrize("name", ["ordinary", "one_person"])
def test_prediction_errors_are_those_of_hendersons_equations(name: str) -> None:
    """The mixed model equations written out and inverted whole: another road to the same variances."""
    table, x, _ = gaussian(name, 0.0)
    n = table["n"].to_numpy(float)
    fit = fit_gaussian(n, table["y"].to_numpy(float), table["yy"].to_numpy(float), x)
    left = np.block([[x.T @ (n[:, None] * x), x.T * n], [n[:, None] * x, np.diag(n + fit.within / fit.between)]])
    error = fit.within * np.linalg.inv(left)
    p = x.shape[1]
    np.testing.assert_allclose(fit.effect_se**2, np.diag(error)[p:], rtol=1e-9)
    both = np.hstack([x, np.eye(len(n))])
    np.testing.assert_allclose(fit.total_se**2, np.einsum("ij,jk,ik->i", both, error, both), rtol=1e-9)


def people_of(cells: pd.DataFrame) -> pd.DataFrame:
    """The people behind cells: a row each."""
    rows = cells.loc[cells.index.repeat(cells["n"])].reset_index(drop=True)
    place = rows.groupby(crossed(cells)).cumcount()
    return rows.assign(heard=np.where(place < rows["yes"], "yes", "no"), round="midline")


def sample_of(frame: pd.DataFrame, reference: bool) -> Sample:
    because = {"reference_reason": "as in R"} if reference else {}
    dimensions = tuple(
        Dimension(d, d, {c: c for c in sorted(frame[d].unique())}, reference=min(frame[d]) if reference else None, **because)
        for d in crossed(frame)
    )
    return Sample("r", frame, Design(basis="probability", weights="none", stratum=False, psu=False), dimensions, rounds=("midline",))


HEARD = Indicator(
    id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, source="invented", status="confirmed"
)
HOURS = Indicator(id="hours", label="hours", kind="mean", numerator={"value": "y"}, source="invented", status="confirmed")


def test_the_whole_road_of_a_share() -> None:
    """From people through measure and the cube to the tables: with a reference in each dimension the effects are R's own."""
    sample = sample_of(people_of(CELLS[CELLS["set"] == "ordinary"]), reference=True)
    found = intersections(measure(sample, [HEARD], by=cross("d1", "d2", "d3")), "heard", ["d1", "d2", "d3"])
    r = EXPECTED["laplace"]["ordinary"]
    additive = found.effects[found.effects["model"] == "additive"]
    named = {
        d + g if d else "(Intercept)": (e, s) for d, g, e, s in additive[["dimension", "group", "estimate", "se"]].itertuples(index=False)
    }
    assert set(named) == set(r["main"]["fixef"])
    for (term, value), se in zip(r["main"]["fixef"].items(), r["main"]["se"], strict=True):
        assert named[term][0] == pytest.approx(value, abs=CLOSE * se)
        assert named[term][1] == pytest.approx(se, rel=5e-4)
    summary = found.summary.set_index("model")
    assert summary.loc["additive", "pcv"] == pytest.approx(r["pcv"], rel=CLOSE)
    assert summary.loc["null", "mor"] == pytest.approx(median_odds_ratio(r["null"]["between"]), rel=CLOSE)
    effect = found.table.set_index(found.table[["d1", "d2", "d3"]].agg("|".join, axis=1))["effect"]
    for cell, value in r["main"]["effect"].items():
        assert effect[cell] == pytest.approx(value, abs=CLOSE)


def test_the_whole_road_of_a_mean_of_large_numbers() -> None:
    """A million taken off every answer before it is squared comes back in the end."""
    frame = PEOPLE[PEOPLE["set"] == "large_numbers"].reset_index(drop=True).assign(round="midline")
    found = intersections(measure(sample_of(frame, reference=True), [HOURS], by=cross("d1", "d2", "d3")), "hours", ["d1", "d2", "d3"])
    r = EXPECTED["reml"]["large_numbers"]
    additive = found.effects[found.effects["model"] == "additive"]
    for (_, value), se, row in zip(r["main"]["fixef"].items(), r["main"]["se"], additive.to_dict("records"), strict=True):
        assert row["estimate"] == pytest.approx(value, abs=CLOSE * se)
    summary = found.summary.set_index("model")
    assert summary.loc["additive", "within"] == pytest.approx(r["main"]["within"], rel=CLOSE)
    assert summary.loc["null", "between"] == pytest.approx(r["null"]["between"], rel=CLOSE)
    means = frame.groupby(["d1", "d2", "d3"])["y"].mean()
    np.testing.assert_allclose(found.table.set_index(["d1", "d2", "d3"])["observed"].sort_index(), means.sort_index(), rtol=1e-12)
