"""The traps of this field, each a test that shows both numbers: what is easily said, and what is meant.

Where two programs mean different things by one word, both are shown; which is ours is said. Numbers are R `survey` 4.5's on its own
real data (`../shared`), or Debian's R on invented people (`r_traps/make.R`, `r_live/make.R`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.estimation import measure
from mel.model.domains import each

HERE = Path(__file__).parent
TRAPS = json.loads((HERE / "r_traps" / "expected.json").read_text())
YES = {"column": "y", "is": [1]}
CLUSTERS = {"stratum": "stratum", "psu": "psu", "weight": "w"}


@pytest.fixture(scope="module")
def results(shared: Path) -> dict[str, dict[str, Any]]:
    everything = json.loads((shared / "reference/survey/expected_r_survey_4.5.json").read_text())["results"]
    return {result["id"]: result for result in everything}


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return pd.read_csv(HERE / "r_live" / "people.csv", dtype={"psu": str}).query("round == 'r1'")


def schools(build: Any, shared: Path, name: str, by: tuple[str, ...] = (), **design: Any) -> Any:
    return build.sample(pd.read_csv(shared / "reference/survey" / f"{name}.csv"), dimensions=by, weight="pw", fpc="fpc", **design)


def near(ours: Any, theirs: Any, rel: float = 1e-12) -> None:
    np.testing.assert_allclose(np.asarray(ours, float), np.asarray(theirs, float), rtol=rel, atol=1e-15)


@pytest.mark.shared
def test_korn_graubard_has_more_than_one_meaning(build: Any, shared: Path, results: dict[str, Any]) -> None:
    """R takes the effective sample as it comes, here 240 of 200 schools; NCHS and svy never more than answered. Both by name."""
    sample = schools(build, shared, "apistrat", stratum="stype")
    asked = [build.indicator("wide", "proportion", {"column": "sch.wide", "is": ["Yes"]})]
    found = {how: measure(sample, asked, interval=how).table.iloc[0] for how in ("korn_graubard", "korn_graubard_capped")}
    r = next(
        r for r in results.values()
        if (r["design"], r.get("method"), r.get("formula"), r.get("level")) == ("strat", "beta", "~I(sch.wide=='Yes')", 0.95)
    )  # fmt: skip
    near(found["korn_graubard"][["ci_low", "ci_high"]], [r["lower"], r["upper"]])
    assert found["korn_graubard"][["ci_low", "ci_high"]].round(6).tolist() == [0.774171, 0.873432]
    assert found["korn_graubard_capped"][["ci_low", "ci_high"]].round(6).tolist() == [0.768364, 0.877530]


@pytest.mark.shared
def test_degrees_of_freedom_are_the_domains_own(build: Any, shared: Path, results: dict[str, Any]) -> None:
    """14 high schools in 8 of 15 districts: svyby takes the normal curve, or all 14 degrees of freedom; the domain has 7."""
    sample = schools(build, shared, "apiclus1", by=("stype",), psu="dnum")
    table = measure(sample, [build.indicator("api", "mean", {"value": "api00"})], by=each("stype")).table.set_index("stype")
    high, r = table.loc["H"], results["clus1.subset.stype.H"]
    svyby = next(row for row in results["clus1.by~stype"]["table"] if row["stype"] == "H")
    assert (high["df"], table.loc["all"]["df"], r["ci_t"]["df"]) == (7, 14, 7)
    near(high[["ci_low", "ci_high"]], [r["ci_t"]["lower"], r["ci_t"]["upper"]])
    near([svyby["ci_l"], svyby["ci_u"]], [r["ci_normal"]["lower"], r["ci_normal"]["upper"]])
    assert (high["ci_high"] - high["ci_low"]) / (svyby["ci_u"] - svyby["ci_l"]) == pytest.approx(1.2065, abs=1e-4)


def test_a_design_effect_under_normalised_weights(build: Any, people: pd.DataFrame) -> None:
    """Weights that add up to about the number of answers, as they are shipped: R's default says 191, with replacement 1.29."""
    share = (people["w"] / people["w"].mean()).round(3)
    asked = [build.indicator("v", "mean", {"value": "v"})]
    found = {}
    for name, frame in (("normalised", people.assign(w=share)), ("expansion", people)):
        sample = build.sample(frame, weights=name, **CLUSTERS)
        found[name] = {how: measure(sample, asked, deff=how).table.iloc[0]["deff"] for how in ("with_replacement", "r_default")}
        near(found[name]["with_replacement"], TRAPS["deff"][name]["with_replacement"])
    assert round(TRAPS["deff"]["normalised"]["r_default"]) == 191
    near(found["normalised"]["r_default"], TRAPS["deff"]["normalised"]["r_default"], rel=1e-9)  # (Σw − n) / Σw: few digits are left
    near(found["expansion"]["r_default"], TRAPS["deff"]["expansion"]["r_default"])
    assert found["normalised"]["with_replacement"] == pytest.approx(found["expansion"]["with_replacement"], rel=1e-3)


@pytest.mark.shared
def test_a_lonely_psu_whose_strata_are_letters(build: Any, shared: Path, results: dict[str, Any]) -> None:
    """R 4.4-2 gave NaN, or a wrong number, where adjust met strata named by letters; 4.5 is right, and so is Debian's 4.1.1 here."""
    frame = pd.read_csv(shared / "reference/survey/lonely.csv")
    asked = [build.indicator(name, "mean", {"value": name}) for name in ("y", "x")]
    for strata in (frame["stratum"], frame["stratum"].map({"a": 1, "b": 2, "c": 3})):
        sample = build.sample(frame.assign(stratum=strata), stratum="stratum", psu="psu", weight="w", lonely_psu="adjust")
        near(measure(sample, asked).table["se"], results["lonely.adjust.FALSE"]["se"])
    assert TRAPS["adjust"]["letters"] == TRAPS["adjust"]["numbers"]


def test_a_group_in_one_psu_or_of_one_person_has_no_standard_error(build: Any, people: pd.DataFrame) -> None:
    """R's svyby says 0, as if it were certain; the row here says that it cannot be known, and why."""
    me = people["person"].eq(TRAPS["alone"]["person"]).map({True: "me", False: "others"})
    sample = build.sample(people.assign(me=me), dimensions=("g", "me"), **CLUSTERS)
    table = measure(sample, [build.indicator("v", "mean", {"value": "v"})], by=each("g", "me")).table.set_index(["g", "me"])
    for row, theirs in ((table.loc[("other", "all")], "se_of_one_psu"), (table.loc[("all", "me")], "se_of_one_row")):
        assert TRAPS["alone"][theirs] == pytest.approx(0, abs=1e-12)
        assert row[["se", "ci_low", "ci_high"]].isna().all()
        assert "no standard error can be computed" in row["note"]
    near(table.loc[("other", "all")]["estimate"], TRAPS["alone"]["estimate_of_one_psu"])


@pytest.mark.shared
def test_drawing_rows_again_is_not_drawing_the_sample_again(build: Any, shared: Path, results: dict[str, Any]) -> None:
    """Schools of one district are alike: rows drawn again say ± 8 points, districts drawn again ± 25, the design ± 23.5."""
    frame = pd.read_csv(shared / "reference/survey/apiclus1.csv")
    random = np.random.default_rng(2024)
    rows = [frame["api00"].to_numpy()[random.integers(0, len(frame), len(frame))].mean() for _ in range(2_000)]
    by_district = frame.groupby("dnum")["api00"].agg(["sum", "size"]).to_numpy()
    drawn = [by_district[random.integers(0, len(by_district), len(by_district))].sum(axis=0) for _ in range(2_000)]
    districts = [total / schools_ for total, schools_ in drawn]
    se = measure(schools(build, shared, "apiclus1", psu="dnum"), [build.indicator("i", "mean", {"value": "api00"})]).table.iloc[0]["se"]
    near(se, results["clus1.mean~api00"]["se"])
    assert np.std(rows) == pytest.approx(7.8, abs=0.5)
    assert np.std(districts) == pytest.approx(24, abs=3)
    assert se / np.std(rows) > 2.8
