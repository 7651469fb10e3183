"""R `survey` on a small invented sample: every design × every domain, differences, ratios, change between rounds, lonely PSUs.

`r_live/make.R` writes `r_live/expected.json` from `r_live/people.csv` (invented people) with Debian's R; Python only compares.
1e-12 relative where closed-form, 1e-8 for the logit interval, which R fits.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison import compare
from mel.estimation import measure
from mel.model.domains import Domains

HERE = Path(__file__).parent / "r_live"
EXPECTED = json.loads((HERE / "expected.json").read_text())
DESIGNS: dict[str, dict[str, Any]] = {
    "srs": {"weight": "ten"},
    "weights": {"weight": "w"},
    "strata": {"weight": "w", "stratum": "stratum"},
    "strata_fpc": {"weight": "w", "stratum": "stratum", "fpc": "of_people"},
    "clusters": {"weight": "w", "psu": "cluster"},
    "strata_clusters": {"weight": "w", "stratum": "stratum", "psu": "psu"},
    "strata_clusters_fpc": {"weight": "w", "stratum": "stratum", "psu": "psu", "fpc": "psus"},
}
DOMAINS: dict[str, tuple[str, str]] = {
    "whole": ("all", "all"), "woman": ("woman", "all"), "man": ("man", "all"), "one_psu": ("other", "all"), "disabled": ("all", "yes"),
    "pair_woman_yes": ("woman", "yes"), "pair_man_no": ("man", "no"),
}  # fmt: skip
BY = Domains((("g",), ("d",), ("g", "d")))


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    frame = pd.read_csv(HERE / "people.csv", dtype={"psu": str})
    return frame.assign(ten=10.0, cluster=frame["stratum"] + frame["psu"])


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


def sample_of(build: Any, people: pd.DataFrame, design: str, **more: Any) -> Any:
    made = build.sample(people, dimensions=("g", "d"), **DESIGNS[design], **more)
    return type(made)(**{**vars(made), "dimensions": tuple(_with_nobody(d) for d in made.dimensions)})


def _with_nobody(dimension: Any) -> Any:
    """R's factor has a level that nobody is in."""
    if dimension.name != "g":
        return dimension
    return type(dimension)(name="g", label="g", categories={**dimension.categories, "nobody": "nobody"})


def near(ours: float, theirs: float, what: object, rel: float = 1e-12) -> None:
    assert ours == pytest.approx(theirs, rel=rel, abs=1e-14), what


@pytest.mark.parametrize("design", list(DESIGNS))
def test_every_design_in_every_domain(design: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    sample = sample_of(build, people[people["round"] == "r1"], design)
    logit, beta = (
        measure(sample, indicators, by=BY, interval=i).table.set_index(["indicator", "g", "d", "category"])
        for i in ("logit", "korn_graubard")
    )
    r_default = measure(sample, indicators, by=BY, deff="r_default").table.set_index(["indicator", "g", "d", "category"])
    for name, domain in DOMAINS.items():
        r = EXPECTED["domains"][design][name]
        alone = (r["df"] == 0 and r["n_answered"] == 1) or (r["df"] == 0 and "psu" in DESIGNS[design])
        for kind in ("proportion", "mean", "total", "count", "ratio"):
            row, at = logit.loc[(kind, *domain, "all")], (design, name, kind)
            near(row["estimate"], r[kind]["est"], at)
            if alone or np.isnan(row["se"]):
                # R: 0, or for a total a number from a single PSU. We say that it cannot be known.
                assert np.isnan(row["se"]) and row["note"], at
                assert name == "one_psu", at
                continue
            near(row["se"], r[kind]["se"], at)
            if kind in ("proportion", "mean", "total", "ratio") and "deff" in r[kind]:
                near(row["deff"], r[kind]["deff"], (*at, "deff"), rel=1e-11)
            if kind in ("proportion", "mean", "total"):
                near(row["df"], r["df"], at)
            if kind in ("mean", "total"):
                near(row["ci_low"], r[kind]["ci"][0], at)
                near(row["ci_high"], r[kind]["ci"][1], at)
        row = logit.loc[("proportion", *domain, "all")]
        near(row["n"], r["n_answered"], (design, name, "n"))
        near(row["n_missing"], r["n"] - r["n_answered"], (design, name, "n_missing"))
        near(row["weighted_total"], r["sum_of_weights"], (design, name))
        if not np.isnan(row["ci_low"]):
            for table, which, rel in ((logit, "logit", 1e-8), (beta, "beta", 1e-12)):
                row = table.loc[("proportion", *domain, "all")]
                near(row["ci_low"], r["proportion"][which][0], (design, name, which), rel)
                near(row["ci_high"], r["proportion"][which][1], (design, name, which), rel)
            near(r_default.loc[("proportion", *domain, "all")]["deff"], r["proportion"]["deff_r"], (design, name), rel=1e-11)
        for category, est, se in zip(*(r["distribution"][k] for k in ("category", "est", "se")), strict=True):
            row = logit.loc[("distribution", *domain, category)]
            near(row["estimate"], est, (design, name, category))
            if not np.isnan(row["se"]):
                near(row["se"], se, (design, name, category))


@pytest.mark.parametrize("design", list(DESIGNS))
def test_a_group_nobody_is_in_is_a_row(design: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    table = measure(sample_of(build, people[people["round"] == "r1"], design), indicators, by=BY).table
    empty = table[table["g"] == "nobody"]
    assert len(empty) == 8 * 3  # five figures and three answers; with, without and whatever d
    assert (empty["n"] == 0).all()
    assert empty[["estimate", "se", "ci_low", "deff"]].isna().all(axis=None)
    assert (empty["note"] != "").all()


@pytest.mark.parametrize("design", list(DESIGNS))
def test_gaps_know_how_the_groups_vary_together(design: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    sample = sample_of(build, people[(people["round"] == "r1")], design)
    estimates = measure(sample, indicators[:1], by=Domains((("g",),)))
    aside = estimates.table["g"].isin(["other"])
    estimates = estimates.with_table(estimates.table[~aside].reset_index(drop=True))
    table = compare(estimates).table.set_index("measure")
    r = EXPECTED["gaps"][design]
    sign = 1 if table.loc["gap_difference", "group_a"] == "woman" else -1
    near(sign * table.loc["gap_difference", "estimate"], r["difference"], design)
    near(table.loc["gap_difference", "se"], r["se"], design)
    near(table.loc["gap_ratio", "se"] / table.loc["gap_ratio", "estimate"], r["log_ratio_se"], design)


ROUNDS: dict[str, tuple[str, str]] = {
    "independent": ("strata_clusters", "independent"),
    "same_clusters": ("strata_clusters", "same_clusters"),
    "same_clusters_fpc": ("strata_clusters_fpc", "same_clusters"),
    "unstratified_same_clusters": ("clusters", "same_clusters"),
    "independent_people": ("weights", "independent"),
    "panel": ("strata", "panel"),
}


@pytest.mark.parametrize("name", list(ROUNDS))
def test_change_between_rounds(name: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    design, relation = ROUNDS[name]
    if relation == "panel":
        both = set(people.loc[people["round"] == "r1", "person"]) & set(people.loc[people["round"] == "r2", "person"])
        people = people[people["person"].isin(both)].assign(respondent=lambda t: t["person"])
    more = {"rounds": relation} | ({"respondent": "person"} if relation == "panel" else {})
    estimates = measure(sample_of(build, people, design, **more), indicators[:2], by=Domains((("g",),)))
    made = compare(estimates, gaps=()).table
    table = made[made["measure"] == "change"].set_index(["indicator", "g"])
    compared = 0
    for key, r in EXPECTED["changes"][name].items():
        kind, domain = key.split(" ")
        row = table.loc[({"y": "proportion", "v": "mean"}[kind], domain.removeprefix("r2").removeprefix(".") or "all")]
        near(row["estimate"], r["est"], (name, key))
        if not np.isnan(row["se"]):
            near(row["se"], r["se"], (name, key), rel=1e-11)
            compared += 1
    assert compared >= 2


@pytest.mark.parametrize("how", ["certainty", "adjust", "average"])
def test_a_lonely_psu(how: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    few = people[(people["round"] == "r1") & ~((people["stratum"] == "c") & (people["psu"] != "1"))]
    table = measure(sample_of(build, few, "strata_clusters", lonely_psu=how), indicators[1:3]).table.set_index("indicator")
    for kind in ("mean", "total"):
        near(table.loc[kind, "estimate"], EXPECTED["lonely"][how][kind]["est"], how)
        near(table.loc[kind, "se"], EXPECTED["lonely"][how][kind]["se"], how)
