"""Shares of combinations, of how many and of any of, and figures by them, against R's `svymean(~interaction(...))`.

`r_overlaps/make.R` writes `expected.json` from the invented people of the survey's reference tests; Python only compares. 1e-10
relative, closed form on both sides; the interval is R's `xlogit` (delta method on the log odds).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel.comparison import overlaps
from mel.comparison.everybody import everybody
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import cross
from mel.model.estimates import Estimates
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

HERE = Path(__file__).parent
R = json.loads((HERE / "r_overlaps" / "expected.json").read_text(encoding="utf-8"))["designs"]
SURVEY = HERE.parent / "survey"
CLUSTERS = {"stratum": "stratum", "psu": "psu"}
DESIGNS: dict[str, dict[str, Any]] = {
    "srs": {"weights": "none", "stratum": False, "psu": False},
    "strata_fpc": {"weights": "expansion", "weight": "weight", "stratum": "stratum", "psu": False, "fpc": "of_people"},
    "strata_clusters": {"weights": "expansion", "weight": "weight", **CLUSTERS},
    "strata_clusters_fpc": {"weights": "expansion", "weight": "weight", **CLUSTERS, "fpc": "psus"},
    "jkn": {"weights": "expansion", "weight": "weight", **CLUSTERS, "replicates": {"kind": "jkn"}},
    "bootstrap": {
        "weights": "expansion", "weight": "weight", "stratum": None, "psu": None,
        "replicates": {"kind": "bootstrap", "scale": 1 / 39, "columns": "subbootstrap_*", "combined": True},
    },
}  # fmt: skip
SETS = {"g": ["woman"], "d": ["yes"], "q": ["never"]}


def near(ours: float, theirs: float, what: object) -> None:
    assert ours == pytest.approx(theirs, rel=1e-10, abs=1e-13), what


def people_of(design: str, *rounds: str) -> pd.DataFrame:
    people = pd.read_csv(SURVEY / "r_live" / "people.csv", dtype={"psu": str, "stratum": str})
    people = people[people["round"].isin(rounds)].rename(columns={"w": "weight"})
    fpc = DESIGNS[design].get("fpc")
    people = people.assign(fpc=people[fpc]) if fpc else people
    if design == "bootstrap":
        given = pd.read_csv(SURVEY / "r_replicates" / "weights.csv")
        columns = [name for name in given if name.startswith("subbootstrap_")]
        given = given[["person", *columns]].set_axis(["person", *(f"replicate_{k + 1}" for k in range(len(columns)))], axis=1)
        people = people.merge(given, on="person")
    return people.assign(q=people["q"].fillna("not_known"), d=people["d"].fillna("not_known"))


@pytest.fixture(scope="module", params=list(DESIGNS))
def case(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Estimates]:
    return R[request.param], estimates_of(request.param, "r1")


def estimates_of(design: str, *rounds: str, **more: Any) -> Estimates:
    people = people_of(design, *rounds)
    dimensions = tuple(Dimension(name, name, {c: c for c in sorted(people[name].unique())}) for name in SETS)
    sample = Sample("r", people, Design(basis="probability", **DESIGNS[design], **more), dimensions, rounds=rounds)
    from_r = {"source": "R survey", "status": "confirmed"}
    who = Indicator(id="who", label="who", kind="composition", numerator={"value": "g"}, **from_r)
    yes = Indicator(id="y", label="y", kind="proportion", numerator={"column": "y", "is": [1]}, **from_r)
    return measure(sample, [who, yes], by=cross(*SETS))


def test_shares_of_combinations_how_many_and_any_of(case: tuple[dict[str, Any], Estimates]) -> None:
    expected, estimates = case
    people = overlaps(estimates, SETS).people
    ours = {
        "combination": {"+".join(row[name] for name in SETS): row for row in _rows(people, "combination")},
        "many": {f"{row['count']:.0f}+{row['at_least']}": row for row in _rows(people, "how_many")},
        "any": {row["answer"]: row for row in _rows(people, "any_of")},
    }
    compared = 0
    for measure_, listed in expected.items():
        for theirs in listed if measure_ in ours else ():
            if not theirs["n"]:
                continue
            row = ours[measure_][theirs["key"]]
            assert row["n"] == theirs["n"]
            for name, value in (
                ("estimate", theirs["est"]),
                ("se", theirs["se"]),
                ("ci_low", theirs["ci"][0]),
                ("ci_high", theirs["ci"][1]),
            ):
                near(row[name], value, (measure_, theirs["key"], name))
            assert row["df"] == theirs["df"]
            compared += 1
    assert compared >= 15
    assert len(ours["combination"]) == sum(theirs["n"] > 0 for theirs in expected["combination"])


def test_figures_by_how_many(case: tuple[dict[str, Any], Estimates]) -> None:
    expected, estimates = case
    figures = overlaps(estimates, SETS, indicators=["y"]).figures
    ours = {f"{row['count']:.0f}+{row['at_least']}": row for row in _rows(figures, "how_many")}
    for theirs in expected["y_by_many"]:
        row = ours[theirs["key"]]
        assert row["n"] == theirs["n"]
        if theirs["n"] and pd.notna(row["se"]):  # in one PSU R has 0, we have none
            near(row["estimate"], theirs["est"], theirs["key"])
            near(row["se"], theirs["se"], theirs["key"])


def test_who_they_are_among_those_whose_group_is_known(case: tuple[dict[str, Any], Estimates]) -> None:
    expected, estimates = case
    people = everybody(estimates, "r")
    cube = people.cube
    levels, code = cube.levels["q"], cube.codes["q"]
    known = code != levels.index("not_known")
    for said, of in (("make_up", None), ("taking_part", cube.quantity("y", "1", "all"))):
        theirs = expected[said]
        for category, estimate, se in zip(theirs["category"], theirs["est"], theirs["se"], strict=True):
            (ours,) = people.share(code == levels.index(category), of, among=known)
            near(ours.estimate, estimate, (said, category))
            near(ours.se, se, (said, category))
            assert ours.df == theirs.get("df", ours.df)


@pytest.mark.parametrize(
    ("design", "relation"),
    [
        ("strata_clusters_fpc", "independent"),
        ("strata_clusters_fpc", "same_clusters"),
        ("strata_fpc", "independent"),
        ("jkn", "independent"),
    ],
)
def test_another_round_beside_it_changes_nothing(design: str, relation: str) -> None:
    people = overlaps(estimates_of(design, "r1", "r2", rounds=relation), SETS).people
    ours = {row["answer"]: row for row in _rows(people[people["round"] == "r1"], "any_of")}
    for theirs in R[design]["any"]:
        near(ours[theirs["key"]]["se"], theirs["se"], (design, theirs["key"]))
        assert ours[theirs["key"]]["df"] == theirs["df"]
    assert people[people["round"] == "r2"]["se"].notna().any()


def _rows(table: pd.DataFrame, measure_: str) -> list[dict[Any, Any]]:
    return table[table["measure"] == measure_].to_dict("records")
