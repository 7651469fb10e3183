"""Differences, ratios and covariance matrices of any figures, against R `survey`: overlapping domains, two questions, two rounds.

`r_contrasts/make.R` writes `r_contrasts/expected.json` from `r_live/people.csv` (invented people) with Debian's R: each figure is a
ratio of totals, and `svycontrast` over `svytotal` of all of them gives the covariances. All of it is closed-form: 1e-12, of the
largest of the terms a difference is made of.
"""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.errors import CannotSay
from mel.estimation import measure
from mel.model.domains import Domains
from mel.model.estimates import Estimates

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "r_contrasts" / "expected.json").read_text())
DESIGNS: dict[str, dict[str, Any]] = {
    "srs": {"weight": "ten"},
    "weights": {"weight": "w"},
    "strata": {"weight": "w", "stratum": "stratum"},
    "strata_fpc": {"weight": "w", "stratum": "stratum", "fpc": "of_people"},
    "clusters": {"weight": "w", "psu": "cluster"},
    "strata_clusters": {"weight": "w", "stratum": "stratum", "psu": "psu"},
    "strata_clusters_fpc": {"weight": "w", "stratum": "stratum", "psu": "psu", "fpc": "psus"},
}
CLUSTERED = [name for name in DESIGNS if "psu" in DESIGNS[name]]
BY = Domains((("g",), ("d",), ("g", "d")))
YES = {"column": "y", "is": [1]}


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    frame = pd.read_csv(HERE / "r_live" / "people.csv", dtype={"psu": str})
    return frame.assign(ten=10.0, cluster=frame["stratum"] + frame["psu"])


@pytest.fixture(scope="module")
def indicators(build: Any) -> list[Any]:
    return [
        build.indicator("proportion", "proportion", YES),
        build.indicator("mean", "mean", {"value": "v"}),
        build.indicator("ratio", "ratio", {"value": "v"}, denominator={"value": "x"}),
        build.indicator("count", "total", YES),
    ]


def keys_of(figure: dict[str, Any]) -> dict[str, str]:
    """A figure of the file as the keys of our table."""
    return {"indicator": figure["kind"]} | dict(figure["where"] or {})


def estimates_of(build: Any, people: pd.DataFrame, indicators: list[Any], design: str, **options: Any) -> Estimates:
    sample = build.sample(people[people["round"] == "r1"], dimensions=("g", "d"), **DESIGNS[design])
    return measure(sample, indicators, by=BY, **options)


def near(ours: Any, theirs: Any, size: Any, what: object) -> None:
    """To 1e-12 of the size of what it was added up from."""
    assert np.all(np.abs(np.asarray(ours) - np.asarray(theirs)) <= 1e-12 * np.abs(size)), (what, ours, theirs)


def held_against_r(estimates: Estimates, r: dict[str, Any], figures: dict[str, Any], contrasts: Any, ratios: Any, fits: Any) -> int:
    """Every figure, covariance, contrast and ratio of this design whose figures fit; how many contrasts that was."""
    names = [name for name in r["names"] if fits([name])]
    at = [r["names"].index(name) for name in names]
    matrix = estimates.covariance([keys_of(figures[name]) for name in names])
    theirs = np.array(r["vcov"])[np.ix_(at, at)]
    deviations = np.sqrt(np.diag(theirs))
    near(matrix, theirs, np.outer(deviations, deviations), "covariance")
    compared = 0
    for name, terms in contrasts.items():
        if fits(terms):
            found = estimates.contrast([(keys_of(figures[figure]), c) for figure, c in terms.items()])
            parts = [(abs(c) * abs(r["est"][r["names"].index(f)]), abs(c) * deviations[names.index(f)]) for f, c in terms.items()]
            near(found.estimate, r["contrasts"][name]["est"], max(p[0] for p in parts), name)
            near(found.se**2, r["contrasts"][name]["se"] ** 2, max(p[1] for p in parts) ** 2, name)
            compared += 1
    for name, (a, b) in ratios.items():
        if fits([a, b]):
            found, theirs_ = estimates.ratio(keys_of(figures[a]), keys_of(figures[b])), r["ratios"][name]
            near(found.estimate, theirs_["est"], theirs_["est"], name)
            near(found.se, theirs_["se"], theirs_["se"], name)
            near(found.se / found.estimate, theirs_["log_se"], theirs_["log_se"], name)
            compared += 1
    return compared


@pytest.mark.parametrize("design", list(DESIGNS))
def test_every_contrast_of_every_design(design: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    """Where people were drawn one by one, two questions are counted together because that is asked for."""
    pairs = list(combinations([i.id for i in indicators], 2))
    estimates = estimates_of(build, people, indicators, design, together=pairs)
    r = EXPECTED["designs"][design]
    compared = held_against_r(estimates, r, EXPECTED["figures"], EXPECTED["contrasts"], EXPECTED["ratios"], lambda _: True)
    assert compared == len(EXPECTED["contrasts"]) + len(EXPECTED["ratios"])


@pytest.mark.parametrize("design", list(DESIGNS))
def test_one_question_alone_needs_nothing_said(design: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    estimates = estimates_of(build, people, indicators, design)
    r, figures = EXPECTED["designs"][design], EXPECTED["figures"]
    compared = 0
    for kind in ("proportion", "mean", "ratio", "count"):
        of_kind = [name for name in figures if figures[name]["kind"] == kind]
        fits = lambda names, of_kind=of_kind: all(name in of_kind for name in names)  # noqa: E731
        compared += held_against_r(estimates, r, figures, EXPECTED["contrasts"], EXPECTED["ratios"], fits)
    assert compared == 9


@pytest.mark.parametrize("design", [name for name in DESIGNS if name not in CLUSTERED])
def test_two_questions_that_were_not_counted_together(design: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    estimates = estimates_of(build, people, indicators, design)
    with pytest.raises(CannotSay) as error:
        estimates.difference({"indicator": "mean"}, {"indicator": "ratio"})
    assert error.value.codes == ("COVARIANCE_TWO_INDICATORS",)
    assert "together=[('mean', 'ratio')]" in str(error.value)


@pytest.mark.parametrize("design", list(DESIGNS))
def test_the_answers_of_one_question(design: str, people: pd.DataFrame, build: Any) -> None:
    """Answers that exclude each other: what svymean of a factor has as its covariance."""
    estimates = estimates_of(build, people, [build.indicator("q", "distribution", {"value": "q"})], design)
    r = EXPECTED["designs"][design]["answers"]
    deviations = np.sqrt(np.diag(r["vcov"]))
    found = estimates.covariance([{"indicator": "q", "category": name} for name in r["names"]])
    near(found, r["vcov"], np.outer(deviations, deviations), design)


@pytest.mark.parametrize("design", list(DESIGNS))
def test_two_questions_of_those_who_answered_both(design: str, people: pd.DataFrame, build: Any) -> None:
    both = {"all_of": [{"column": "y", "answered": True}, {"column": "v", "answered": True}]}
    asked = [build.indicator("y", "proportion", YES, population=both), build.indicator("v", "mean", {"value": "v"}, population=both)]
    estimates = estimates_of(build, people, asked, design, together=[("y", "v")])
    r = np.array(EXPECTED["designs"][design]["complete"]["vcov"])
    near(estimates.covariance([{"indicator": "y"}, {"indicator": "v"}]), r, np.sqrt(np.outer(np.diag(r), np.diag(r))), design)


@pytest.mark.parametrize("design", list(DESIGNS))
def test_partitions_as_svyby_has_them(design: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    estimates = estimates_of(build, people, indicators, design)
    for kind, r in EXPECTED["designs"][design]["partition"].items():
        figures = [{"indicator": kind, "d": name} for name in r["names"]]
        deviations = np.sqrt(np.diag(r["vcov"]))
        near(estimates.covariance(figures), r["vcov"], np.outer(deviations, deviations), (design, kind))
        found = estimates.difference({"indicator": kind, "d": "yes"}, {"indicator": kind, "d": "no"})
        near(found.se, r["se"], r["se"], (design, kind))


@pytest.mark.parametrize("design", list(DESIGNS))
def test_the_degrees_of_freedom_are_those_of_all_the_domains_together(
    design: str, people: pd.DataFrame, indicators: list[Any], build: Any
) -> None:
    estimates = estimates_of(build, people, indicators[:1], design)
    others = {"overlapping": {"d": "yes"}, "apart": {"g": "man"}}
    for name, df in EXPECTED["designs"][design]["df"].items():
        found = estimates.difference({"indicator": "proportion", "g": "woman"}, {"indicator": "proportion", **others[name]})
        assert found.df == df, name


@pytest.mark.parametrize("relation", ["independent", "same_clusters"])
def test_two_rounds(relation: str, people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    sample = build.sample(people, dimensions=("g", "d"), rounds=relation, **DESIGNS["strata_clusters"])
    estimates = measure(sample, indicators, by=BY)
    r = EXPECTED["stacked"][relation]
    assert held_against_r(estimates, r, EXPECTED["rounds"], EXPECTED["changes"], {}, lambda _: True) == len(EXPECTED["changes"])


def test_a_panel_of_people(people: pd.DataFrame, indicators: list[Any], build: Any) -> None:
    both = set(people.loc[people["round"] == "r1", "person"]) & set(people.loc[people["round"] == "r2", "person"])
    asked = people[people["person"].isin(both)].assign(respondent=lambda t: t["person"])
    sample = build.sample(asked, dimensions=("g", "d"), rounds="panel", respondent="person", **DESIGNS["strata"])
    estimates = measure(sample, indicators, by=BY)
    r = EXPECTED["stacked"]["panel"]
    assert held_against_r(estimates, r, EXPECTED["rounds"], EXPECTED["changes"], {}, lambda _: True) == len(EXPECTED["changes"])
