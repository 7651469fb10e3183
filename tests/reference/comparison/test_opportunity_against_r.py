"""D-index, HOI, their geometric forms and Shapley parts, and predictions of small domains, against R.

`r_opportunity/make.R` draws invented people in villages and computes all of it again from the people: access as found in cells and
from glm's logit (which there equals survey::svyglm's), Shapley parts over all orders, standard errors as svytotal's of each
person's numerical influence (good to about 1e-7), and best predictions of domains with matrices and a numerical search for REML
(R's `optimize` finds a variance to about 1e-8).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison.furthest import opportunity
from mel.comparison.furthest.logit import fit_logit
from mel.comparison.furthest.shrink import Part, predict, reml
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import cross
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

HERE = Path(__file__).parent / "r_opportunity"
R = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
PEOPLE = pd.read_csv(HERE / "people.csv")
NAMES = ["residence", "gender", "disability"]
MEASURES = ["coverage", "d_index", "hoi", "hoi_geometric", "d_index_geometric"]


def estimates(said: str = "yes", polarity: str = "higher_is_better") -> Any:
    dimensions = tuple(Dimension(n, n, {c: c for c in sorted(PEOPLE[n].unique())}) for n in NAMES)
    design = Design(basis="probability", weights="expansion", weight="weight", stratum="stratum", psu="psu", rounds="independent")
    heard = Indicator(
        id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": [said]}, source="invented", status="confirmed",
        polarity=polarity,
    )  # fmt: skip
    return measure(Sample("r", PEOPLE.assign(round="once"), design, dimensions, rounds=("once",)), [heard], by=cross(*NAMES))


@pytest.mark.parametrize("method", ["cells", "logit"])
def test_the_measures(method: str) -> None:
    table = opportunity(estimates(), "heard", NAMES, method=method).table.set_index("measure")
    np.testing.assert_allclose(table.loc[MEASURES, "estimate"], [R[method][name] for name in MEASURES], rtol=1e-10)
    np.testing.assert_allclose(table.loc[MEASURES, "se"], [R["se"][method][name] for name in MEASURES], rtol=1e-6)


@pytest.mark.parametrize("method", ["cells", "logit"])
def test_the_contributions_of_circumstances(method: str) -> None:
    parts = opportunity(estimates(), "heard", NAMES, method=method).contributions.set_index("dimension")
    np.testing.assert_allclose(parts.loc[NAMES, "estimate"], [R[method]["parts"][name] for name in NAMES], rtol=1e-10)
    np.testing.assert_allclose(parts.loc[NAMES, "se"], [R["se"][method][name] for name in NAMES], rtol=1e-6)


@pytest.mark.parametrize("method", ["cells", "logit"])
def test_a_barrier_gives_the_same_as_its_complement(method: str) -> None:
    barrier = opportunity(estimates("no", "lower_is_better"), "heard", NAMES, method=method)
    assert barrier.complement
    table, parts = barrier.table.set_index("measure"), barrier.contributions.set_index("dimension")
    np.testing.assert_allclose(table.loc[MEASURES, "estimate"], [R[method][name] for name in MEASURES], rtol=1e-10)
    np.testing.assert_allclose(table.loc[MEASURES, "se"], [R["se"][method][name] for name in MEASURES], rtol=1e-6)
    np.testing.assert_allclose(parts.loc[NAMES, "se"], [R["se"][method][name] for name in NAMES], rtol=1e-6)


def test_the_logit_of_cells_is_the_logit_of_people() -> None:
    """Coefficients against the first category of each dimension, in R's order."""
    cells = PEOPLE.assign(wy=PEOPLE["weight"] * (PEOPLE["heard"] == "yes")).groupby(NAMES, as_index=False)[["weight", "wy"]].sum()
    codes = np.column_stack([np.unique(cells[name], return_inverse=True)[1] for name in NAMES])
    fit = fit_logit(codes, cells["weight"].to_numpy(), cells["wy"].to_numpy())
    np.testing.assert_allclose(fit.beta, list(R["logit_coefficients"].values()), rtol=1e-9)


@pytest.mark.parametrize("name", ["domains", "no_variance"])
def test_predictions_of_domains(name: str) -> None:
    r = R[name]
    part = Part(*(np.array(r[key]) for key in ("y", "v", "x")))
    found = predict([part])
    assert found.between == pytest.approx(r["A"], rel=1e-5, abs=1e-10)
    np.testing.assert_allclose(found.estimate, r["estimate"], rtol=1e-7)
    np.testing.assert_allclose(found.se**2, r["mse"], rtol=1e-5)


def test_the_two_sets_of_domains_differ_in_what_they_are_for() -> None:
    assert R["domains"]["A"] > 0.005
    assert reml([Part(*(np.array(R["no_variance"][key]) for key in ("y", "v", "x")))]) == 0


def test_breakdowns_that_share_one_variance_are_one_fit_with_blocks() -> None:
    """Two breakdowns, each with expectations of its own, are the same as one whose design has both in blocks."""
    y, v, x = (np.array(R["domains"][key]) for key in ("y", "v", "x"))
    parts = [Part(y[:12], v[:12], x[:12]), Part(y[12:], v[12:], x[12:])]
    block = np.zeros((len(y), 2 * x.shape[1]))
    block[:12, : x.shape[1]], block[12:, x.shape[1] :] = x[:12], x[12:]
    two, one = predict(parts), predict([Part(y, v, block)])
    assert two.between == pytest.approx(one.between, rel=1e-9)
    np.testing.assert_allclose(two.estimate, one.estimate, rtol=1e-10)
    np.testing.assert_allclose(two.se, one.se, rtol=1e-9)
