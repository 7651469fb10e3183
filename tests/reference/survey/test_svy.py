"""A live second opinion: `svy` (PyPI), another implementation of the same formulas, on the small invented sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel.estimation import measure
from mel.model.domains import each

svy = pytest.importorskip("svy")
HERE = Path(__file__).parent / "r_live"
DESIGNS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "weights": ({"weight": "w"}, {"wgt": "w"}),
    "strata": ({"weight": "w", "stratum": "stratum"}, {"wgt": "w", "stratum": "stratum"}),
    "strata and clusters": ({"weight": "w", "stratum": "stratum", "psu": "psu"}, {"wgt": "w", "stratum": "stratum", "psu": "psu"}),
    "strata, clusters, fpc": (
        {"weight": "w", "stratum": "stratum", "psu": "psu", "fpc": "psus"},
        {"wgt": "w", "stratum": "stratum", "psu": "psu", "pop_size": "psus"},
    ),
}


@pytest.mark.parametrize("design", list(DESIGNS))
def test_means_and_shares_by_group(design: str, build: Any) -> None:
    import polars as pl

    ours, theirs = DESIGNS[design]
    people = pd.read_csv(HERE / "people.csv", dtype={"psu": str})
    people = people[people["round"] == "r1"]
    indicators = [build.indicator("v", "mean", {"value": "v"}), build.indicator("x", "mean", {"value": "x"})]
    table = measure(build.sample(people, dimensions=("g",), **ours), indicators, by=each("g")).table.set_index(["indicator", "g"])
    sample = svy.Sample(pl.from_pandas(people.drop(columns="q")), svy.Design(**theirs))
    compared = 0
    for name in ("v", "x"):
        for row in sample.estimation.mean(name, by="g", drop_nulls=True).to_polars().to_dicts():
            mine = table.loc[(name, row["g"])]
            assert mine["estimate"] == pytest.approx(row["est"], rel=1e-12)
            if mine["se"] == mine["se"]:
                assert mine["se"] == pytest.approx(row["se"], rel=1e-12)
                compared += 1
    assert compared >= 4
