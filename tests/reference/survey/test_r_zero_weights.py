"""Whoever weighs nothing was not drawn for the question: R counts nobody of them in degrees of freedom and design effects.

`r_zero_weights/make.R` writes `expected.json` with Debian's R; every fifth of the invented people of r_live weighs nothing. 1e-12.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel.estimation import measure
from mel.model.domains import Domains

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "r_zero_weights" / "expected.json").read_text())["results"]
DESIGNS = {"people": {"stratum": "stratum"}, "psus": {"stratum": "stratum", "psu": "psu"}}
DOMAINS = {None: ("all", "all"), "g == 'woman'": ("woman", "all"), "d == 'yes'": ("all", "yes")}


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    frame = pd.read_csv(HERE / "r_live" / "people.csv", dtype={"psu": str})
    frame = frame[frame["round"] == "r1"].reset_index(drop=True)
    return frame.assign(w=frame["w"].where(frame.index % 5 != 0, 0.0))


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: f"{e['design']} {e['column']} {e['where']}")
def test_people_who_weigh_nothing(expected: dict[str, Any], people: pd.DataFrame, build: Any) -> None:
    sample = build.sample(people, dimensions=("g", "d"), weight="w", lonely_psu="certainty", **DESIGNS[expected["design"]])
    share = expected["column"] == "y"
    rule = {"column": "y", "is": [1]} if share else {"value": expected["column"]}
    indicator = build.indicator("i", "proportion" if share else "mean", rule)
    row = measure(sample, [indicator], by=Domains((("g",), ("d",)))).table.set_index(["g", "d"]).loc[DOMAINS[expected["where"]]]
    for name in ("estimate", "se", "deff", "df"):
        assert row[name] == pytest.approx(expected[name], rel=1e-12), name


def test_they_are_not_among_those_who_answered(people: pd.DataFrame, build: Any) -> None:
    sample = build.sample(people, weight="w", lonely_psu="certainty", stratum="stratum")
    row = measure(sample, [build.indicator("i", "mean", {"value": "v"})]).table.iloc[0]
    drawn = people[people["w"] > 0]
    assert row["n"] == drawn["v"].notna().sum()
    assert row["n"] + row["n_missing"] == len(drawn)
