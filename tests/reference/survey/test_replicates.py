"""R `survey` with replicate weights: on its own real data (4.5), and on the small invented sample (4.1.1, `r_replicates/make.R`).

Made weights are made by both and compared; where R's are other ones (its Hadamard matrix, its chance) they are read from
`weights.csv` as given ones. 1e-12 relative. The logit interval is R's `xlogit` (delta method): its `logit` fits a model again in
each replicate. A domain in one PSU has a standard error of 0 in R (or a number, for a total); here it has none and says so.
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
from mel.model.replicates import replicate_covariance

HERE = Path(__file__).parent
R = json.loads((HERE / "r_replicates/expected.json").read_text())
MADE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "jk1": ({"psu": "cluster"}, {"kind": "jk1"}),
    "jk1_fpc": ({"psu": "cluster", "fpc": "whole"}, {"kind": "jk1"}),
    "jk1_persons": ({}, {"kind": "jk1"}),
    "jkn": ({"stratum": "stratum", "psu": "psu"}, {"kind": "jkn"}),
    "jkn_mse": ({"stratum": "stratum", "psu": "psu"}, {"kind": "jkn", "mse": True}),
    "jkn_fpc": ({"stratum": "stratum", "psu": "psu", "fpc": "psus"}, {"kind": "jkn"}),
    "jkn_persons": ({"stratum": "stratum"}, {"kind": "jkn"}),
}
HALVES: dict[str, dict[str, Any]] = {"brr": {"kind": "brr"}, "brr_mse": {"kind": "brr", "mse": True}, "fay": {"kind": "fay", "fay": 0.3}}
GIVEN: dict[str, tuple[str, dict[str, Any]]] = {
    "brr": ("brr", {"kind": "brr"}),
    "brr_mse": ("brr", {"kind": "brr", "mse": True}),
    "fay": ("fay", {"kind": "fay", "fay": 0.3}),
    "bootstrap": ("bootstrap", {"kind": "bootstrap"}),
    "subbootstrap": ("subbootstrap", {"kind": "bootstrap"}),
    "mrbbootstrap": ("mrbbootstrap", {"kind": "jkn"}),
    "jkn": ("jkn", {"kind": "jkn"}),
    "raked": ("raked", {"kind": "jkn"}),
}
DOMAINS: dict[str, tuple[str, str, str]] = {
    "whole": ("all", "all", "all"), "woman": ("woman", "all", "all"), "man": ("man", "all", "all"), "other": ("other", "all", "all"),
    "disabled": ("all", "yes", "all"), "able": ("all", "no", "all"), "woman_yes": ("woman", "yes", "all"), "man_no": ("man", "no", "all"),
    "man_yes": ("man", "yes", "all"), "woman_yes_b": ("woman", "yes", "b"), "woman_no_a": ("woman", "no", "a"), "one_psu": ("man", "yes", "a"),
    "c_woman": ("woman", "all", "c"),
}  # fmt: skip
BY = Domains((("g",), ("d",), ("g", "d"), ("g", "s"), ("g", "d", "s")))
KINDS = ("proportion", "mean", "total", "count", "ratio")


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    frame = pd.read_csv(HERE / "r_live/people.csv", dtype={"psu": str})
    frame = frame[frame["round"] == "r1"].reset_index(drop=True)
    frame = frame.assign(cluster=frame["stratum"] + frame["psu"], whole=30, s=frame["stratum"])
    frame["pair"] = frame["stratum"] + ((frame["psu"].astype(int) - 1) // 2).astype(str)
    return frame.merge(pd.read_csv(HERE / "r_replicates/weights.csv", na_values="NA"), on="person")


@pytest.fixture(scope="module")
def indicators(build: Any) -> list[Any]:
    yes = {"column": "y", "is": [1]}
    return [
        build.indicator("proportion", "proportion", yes),
        build.indicator("mean", "mean", {"value": "v"}),
        build.indicator("total", "total", {"value": "v"}),
        build.indicator("count", "total", yes),
        build.indicator("ratio", "ratio", {"value": "v"}, denominator={"value": "x"}),
        build.indicator("distribution", "distribution", {"value": "q"}),
    ]


def halves(people: pd.DataFrame) -> pd.DataFrame:
    return people[~((people["stratum"] == "c") & (people["psu"] == "3"))].reset_index(drop=True)


def made(build: Any, people: pd.DataFrame, name: str) -> Any:
    design, replicates = MADE[name]
    return with_nobody(build.sample(people, dimensions=("g", "d", "s"), weight="w", **design, replicates=replicates))


def given(build: Any, people: pd.DataFrame, name: str, *, combined: bool = True) -> Any:
    prefix, replicates = GIVEN[name]
    weight = "raked_weight" if name == "raked" else "w"
    columns = [column for column in people if str(column).startswith(f"{prefix}_")]
    columns = [column for column in columns if column != "raked_weight"]
    frame = halves(people) if prefix in ("brr", "fay") else people
    scale, rscales = R["scales"][prefix]["scale"], R["scales"][prefix]["rscales"]
    more = (
        {"scale": scale}
        if replicates["kind"] == "bootstrap"
        else {"rscales": [scale * r for r in rscales]}
        if replicates["kind"] == "jkn"
        else {}
    )
    weights = frame[columns] if combined else frame[columns].div(frame[weight], axis=0)
    named = weights.set_axis([f"replicate_{k}" for k in range(1, len(columns) + 1)], axis=1)
    frame = pd.concat([frame.drop(columns=columns), named], axis=1)
    spec = {**replicates, **more, "columns": f"{prefix}_*", "combined": combined}
    return with_nobody(build.sample(frame, dimensions=("g", "d", "s"), weight=weight, stratum=None, psu=None, replicates=spec))


def with_nobody(sample: Any) -> Any:
    """A category that nobody is in."""
    dimensions = tuple(
        type(d)(name="g", label="g", categories={**d.categories, "nobody": "nobody"}) if d.name == "g" else d for d in sample.dimensions
    )
    return type(sample)(**{**vars(sample), "dimensions": dimensions})


def near(ours: float, theirs: float, what: object, rel: float = 1e-12) -> None:
    assert ours == pytest.approx(theirs, rel=rel, abs=1e-14), what


def agrees(sample: Any, indicators: list[Any], expected: dict[str, Any], what: str, kinds: tuple[str, ...] = KINDS) -> int:
    """Every kind in every domain; how many standard errors were compared."""
    keys = ["indicator", "g", "d", "s", "category"]
    logit, beta = (measure(sample, indicators, by=BY, interval=i).table.set_index(keys) for i in ("logit", "korn_graubard"))
    compared = 0
    for name, domain in DOMAINS.items():
        r = expected[name]
        for kind in kinds:
            row, theirs, at = logit.loc[(kind, *domain, "all")], r[kind], (what, name, kind)
            near(row["estimate"], theirs["est"], at)
            near(row["df"], r["df"], (*at, "df"))
            if np.isnan(row["se"]):
                assert row["note"], at
                assert name in ("one_psu", "other", "c_woman", "woman_no_a"), at
                continue
            near(row["se"], theirs["se"], (*at, "se"))
            compared += 1
            if kind in ("mean", "total") and theirs["ci"]:
                near(row["ci_low"], theirs["ci"][0], at)
                near(row["ci_high"], theirs["ci"][1], at)
        row, theirs = logit.loc[("proportion", *domain, "all")], r["proportion"]
        near(row["n"], r["n_answered"], (what, name))
        if "proportion" in kinds and not np.isnan(row["ci_low"]):
            for table, interval in ((logit, "xlogit"), (beta, "beta")):
                row = table.loc[("proportion", *domain, "all")]
                near(row["ci_low"], theirs[interval][0], (what, name, interval))
                near(row["ci_high"], theirs[interval][1], (what, name, interval))
        if "proportion" in kinds:
            for category, est, se in zip(*(r["distribution"][k] for k in ("category", "est", "se")), strict=True):
                row = logit.loc[("distribution", *domain, category)]
                near(row["estimate"], est, (what, name, category))
                if not np.isnan(row["se"]):
                    near(row["se"], se, (what, name, category))
                    compared += 1
    empty = logit.loc[("mean", "nobody", "all", "all", "all")]
    assert empty["n"] == 0
    assert np.isnan(empty[["estimate", "se", "ci_low", "deff", "df"]].astype(float)).all()
    return compared


@pytest.mark.parametrize("name", list(MADE))
def test_jackknives_that_are_made(name: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    assert agrees(made(build, people, name), indicators, R["domains"][name], name) >= 80


@pytest.mark.parametrize("combined", [True, False])
@pytest.mark.parametrize("name", list(GIVEN))
def test_weights_that_were_given(name: str, combined: bool, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    assert agrees(given(build, people, name, combined=combined), indicators, R["domains"][name], name) >= 80


@pytest.mark.parametrize("name", list(HALVES))
def test_half_samples_that_are_made_balance_totals_as_r_does(name: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    """Another Hadamard matrix is another set of halves: in full balance the variance of a total is the same, of a ratio it is near."""
    sample = with_nobody(
        build.sample(halves(people), dimensions=("g", "d", "s"), weight="w", stratum="pair", psu="psu", replicates=HALVES[name])
    )
    assert agrees(sample, indicators, R["domains"][name], name, kinds=("total", "count")) >= 20
    ours = measure(sample, indicators).table.set_index(["indicator", "category"])
    for kind in ("proportion", "mean", "ratio"):
        near(ours.loc[(kind, "all"), "se"], R["domains"][name]["whole"][kind]["se"], (name, kind), rel=0.1)


@pytest.mark.parametrize("name", ["jk1", "jkn", "jkn_fpc", "fay", "bootstrap", "raked"])
def test_how_two_domains_vary_together(name: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    sample = made(build, people, name) if name in MADE else given(build, people, name)
    cube = measure(sample, indicators[:1], by=Domains((("g",),))).cubes["r"]
    found = cube.margin(("g",)).linearise(cube.quantities[0])
    a, b = (np.array([found.margin.position("r1", [g])]) for g in ("woman", "man"))
    theirs = R["gaps"][name]
    near(float(replicate_covariance(found, a, found, b)[0]), theirs["covariance"], name, rel=1e-11)
    variance = found.variance()
    near(np.sqrt(variance[a[0]] + variance[b[0]] - 2 * replicate_covariance(found, a, found, b)[0]), theirs["se"], name)
    near(float(replicate_covariance(found, a, found, a)[0]), variance[a[0]], name)


# ---- R 4.5 on real data -----------------------------------------------------------------------------------------------

REAL: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "rep.JK1": ({"data": "apiclus1", "psu": "dnum", "weight": "pw"}, {"kind": "jk1"}),
    "rep.by.JK1": ({"data": "apiclus1", "psu": "dnum", "weight": "pw"}, {"kind": "jk1"}),
    "rep.JKn": ({"data": "apistrat", "stratum": "stype", "weight": "pw", "fpc": "fpc"}, {"kind": "jkn"}),
    "rep.by.JKn": ({"data": "apistrat", "stratum": "stype", "weight": "pw", "fpc": "fpc"}, {"kind": "jkn"}),
    "nhanes.rep.JKn": ({"data": "nhanes", "stratum": "SDMVSTRA", "psu": "SDMVPSU", "weight": "WTMEC2YR"}, {"kind": "jkn"}),
}


@pytest.fixture(scope="module")
def expected(shared: Path) -> dict[str, dict[str, Any]]:
    results = json.loads((shared / "reference/survey/expected_r_survey_4.5.json").read_text())["results"]
    return {result["id"]: result for result in results if "variance" in result}


@pytest.mark.shared
def test_every_result_of_r_4_5_with_replicates_is_compared(expected: dict[str, Any]) -> None:
    assert set(expected) == {*REAL, "scd.brr"}


@pytest.mark.shared
@pytest.mark.parametrize("name", list(REAL))
def test_r_4_5(name: str, expected: dict[str, Any], shared: Path, build: Any) -> None:
    design, replicates = REAL[name]
    if expected[name]["design"] == "clus1":
        design = {**design, "fpc": "fpc"}
    frame = pd.read_csv(shared / f"reference/survey/{design['data']}.csv")
    by = ("stype",) if "by" in expected[name] else ()
    sample = build.sample(frame, dimensions=by, **{k: v for k, v in design.items() if k != "data"}, replicates=replicates)
    names = expected[name]["formula"].removeprefix("~").split("+")
    asked = [build.indicator(n.lower(), "mean", {"value": n}) for n in names]
    table = measure(sample, asked, by=Domains((by,)) if by else None).table
    if by:
        rows = table.set_index("stype")
        for theirs in expected[name]["table"]:
            near(rows.loc[theirs["stype"], "estimate"], theirs[names[0]], name)
            near(rows.loc[theirs["stype"], "se"], theirs["se"], name)
        return
    theirs = {key: value if isinstance(value, list) else [value] for key, value in expected[name].items()}
    for k, row in table.iterrows():
        near(row["estimate"], theirs["est"][k], name)
        near(row["se"], theirs["se"][k], name)
        near(row["cv"], theirs["cv"][k], name)


@pytest.mark.shared
def test_balanced_halves_by_hand(expected: dict[str, Any], shared: Path, build: Any) -> None:
    """The ambulance data of Levy and Lemeshow, with the four half-samples of R's manual."""
    patterns = ((1, 0, 1, 0, 1, 0), (1, 0, 0, 1, 0, 1), (0, 1, 1, 0, 0, 1), (0, 1, 0, 1, 1, 0))
    frame = pd.read_csv(shared / "reference/survey/scd.csv")
    frame = frame.assign(w=1.0, **{f"replicate_{k}": 2.0 * np.array(p) for k, p in enumerate(patterns, start=1)})
    spec = {"kind": "brr", "columns": "replicate_*", "combined": False}
    sample = build.sample(frame, weight="w", stratum=None, psu=None, replicates=spec)
    row = measure(sample, [build.indicator("i", "ratio", {"value": "alive"}, denominator={"value": "arrests"})]).table.iloc[0]
    near(row["estimate"], expected["scd.brr"]["est"], "scd")
    near(row["se"], expected["scd.brr"]["se"], "scd")
