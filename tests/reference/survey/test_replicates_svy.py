"""A live second opinion on replicate weights: `svy` (PyPI), with the weights that R made, around the mean of replicates and the estimate.

Its degrees of freedom are the number of replicates minus one, R's and ours the rank of the weights; its own scale of a bootstrap
is 1 / replicates, R's 1 / (replicates − 1): here the scale is stated to both.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel.estimation import measure
from mel.model.domains import each

svy = pytest.importorskip("svy")
HERE = Path(__file__).parent
SCALES = json.loads((HERE / "r_replicates/expected.json").read_text())["scales"]


def theirs(kind: str) -> Any:
    scale, rscales = SCALES[kind]["scale"], SCALES[kind]["rscales"]
    if kind == "jkn":
        return svy.JackknifeWgts(prefix="jkn_", n_reps=len(rscales), rep_coefs=tuple(rscales), kind="jkn")
    return svy.BootstrapWgts(prefix=f"{kind}_", n_reps=len(rscales), scale=scale)


@pytest.mark.parametrize("mse", [False, True])
@pytest.mark.parametrize("kind", ["jkn", "bootstrap", "subbootstrap"])
def test_means_by_group(kind: str, mse: bool, build: Any) -> None:
    import polars as pl

    people = pd.read_csv(HERE / "r_live/people.csv", dtype={"psu": str})
    people = people[people["round"] == "r1"].merge(pd.read_csv(HERE / "r_replicates/weights.csv"), on="person").drop(columns="q")
    scale, rscales = SCALES[kind]["scale"], SCALES[kind]["rscales"]
    own = {"kind": "jkn", "rscales": rscales} if kind == "jkn" else {"kind": "bootstrap", "scale": scale}
    spec = {**own, "columns": f"{kind}_*", "combined": True, "mse": mse}
    sample = build.sample(people, dimensions=("g",), weight="w", stratum=None, psu=None, replicates=spec)
    table = measure(sample, [build.indicator("v", "mean", {"value": "v"})], by=each("g")).table.set_index("g")
    asked = svy.Sample(pl.from_pandas(people), svy.Design(wgt="w", rep_wgts=theirs(kind)))
    center = "estimate" if mse else "rep_mean"
    found = asked.estimation.mean("v", by="g", method="replication", drop_nulls=True, variance_center=center).to_polars().to_dicts()
    compared = 0
    for row in found:
        mine = table.loc[row["g"]]
        assert mine["estimate"] == pytest.approx(row["est"], rel=1e-12)
        if mine["se"] == mine["se"] and row["se"] == row["se"]:
            assert mine["se"] == pytest.approx(row["se"], rel=1e-12)
            compared += 1
    assert compared == 2
