"""The US National Health Interview Survey 2024, 32,577 adults: every result of R `survey` 4.5 on its design.

Design: svydesign(ids = ~ppsu, strata = ~pstrat, weights = ~wtfa_a, nest = TRUE); Korn-Graubard with the domain's degrees of freedom,
as NCHS presents proportions. Source of the data: NCHS, public domain.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.estimation import measure
from mel.model.domains import Domains

pytestmark = pytest.mark.shared
CLOSED, INTERVAL = 1e-11, 1e-11
SEX, AGE, SEEING = "sex_a", "age_group_std", "vision"
SIX = ("vision", "hearing", "communication", "cognition", "self_care", "mobility")


@pytest.fixture(scope="module")
def people(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "data/nhis2024_wgss/people.csv")


@pytest.fixture(scope="module")
def expected(shared: Path) -> list[dict[str, Any]]:
    return json.loads((shared / "data/nhis2024_wgss/expected.json").read_text())["results"]


def sample_of(build: Any, people: pd.DataFrame, dimensions: tuple[str, ...] = ()) -> Any:
    grouped = people.assign(**{name: people[name].fillna("not_known") for name in dimensions})
    return build.sample(grouped, dimensions=dimensions, stratum="pstrat", psu="ppsu", weight="wtfa_a")


@pytest.fixture(scope="module")
def table(build: Any, people: pd.DataFrame) -> pd.DataFrame:
    indicators = [build.indicator(f"d{k}", "proportion", {"column": f"d{k}", "is": [1]}) for k in (1, 2, 3)]
    by = Domains(((SEX,), (AGE,), (SEX, AGE), (SEX, SEEING), (SEX, AGE, SEEING)))
    return measure(sample_of(build, people, (SEX, AGE, SEEING)), indicators, by=by, interval="korn_graubard").table.set_index(
        ["indicator", SEX, AGE, SEEING]
    )


def test_every_proportion(table: pd.DataFrame, expected: list[dict[str, Any]]) -> None:
    wrong, compared = [], 0
    for result in (r for r in expected if "by" in r):
        for row in result.get("table", [result]):
            ours = table.loc[(result["y"], *(row.get(name, "all") for name in (SEX, AGE, SEEING)))]
            for name, (value, rel) in theirs(row, result["y"]).items():
                compared += 1
                if ours[name] != pytest.approx(value, rel=rel, abs=1e-16, nan_ok=True):
                    wrong.append((result["y"], row, name, ours[name], value))
    assert not wrong, "\n".join(map(str, wrong[:30]))
    assert compared > 1_000


def theirs(row: dict[str, Any], indicator: str) -> dict[str, tuple[float, float]]:
    whole = "est" in row
    found = {
        "estimate": (row["est"] if whole else row[indicator], CLOSED), "se": (row["se"], CLOSED), "n": (row["n"], CLOSED),
        "df": (row["degf"], CLOSED), "deff": (row["deff_wr"] if whole else row[f"DEff.{indicator}"], CLOSED),
        "ci_low": (row["kg"][1] if whole else row["kg_lower"], INTERVAL), "ci_high": (row["kg"][2] if whole else row["kg_upper"], INTERVAL),
    }  # fmt: skip
    if row["se"] < 1e-15:  # no spread: R gives NaN or a bound of its own, we give none
        return {name: found[name] for name in ("estimate", "se", "n", "df")}
    return found | ({"cv": (row["cv"], CLOSED)} if "cv" in row else {})


def test_the_six_questions(build: Any, people: pd.DataFrame, expected: list[dict[str, Any]]) -> None:
    indicators = [build.indicator(name, "distribution", {"value": name}) for name in SIX]
    table = measure(sample_of(build, people), indicators).table.set_index(["indicator", "category"])
    for result in (r for r in expected if "by" not in r):
        for row in result["table"]:
            ours = table.loc[(result["y"], row["level"].removeprefix(result["y"]))]
            assert ours["estimate"] == pytest.approx(row["mean"], rel=CLOSED, abs=0)
            assert ours["se"] == pytest.approx(row["SE"], rel=1e-9, abs=0)  # printed by R to ten digits


def test_the_one_who_answered_nothing_is_counted_as_missing(table: pd.DataFrame) -> None:
    everyone = table.loc[("d1", "all", "all", "all")]
    assert (everyone["n"], everyone["n_missing"], everyone["n_not_known"]) == (32_576, 1, 1)


def test_intervals_hold_their_estimates(table: pd.DataFrame) -> None:
    sure = table[table["ci_low"].notna()]
    assert len(sure) > 100
    assert ((sure["ci_low"] < sure["estimate"]) & (sure["estimate"] < sure["ci_high"])).all()
    assert np.isfinite(sure["se"]).all()
