"""R `survey`'s `svyquantile` (rewritten for 4.1): quantiles, Woodruff intervals and standard errors, by every rule offered.

Two references. `../shared/reference/survey`: R survey 4.5 on its own real data. `r_quantiles/make.R`: Debian's R survey 4.1.1 on the
invented people of `r_live/people.csv`, every design × domain; there also base R's `quantile()` for people of equal weight.
All at 1e-12 relative: nothing here iterates.

Where R's number is another, the reason has a name:
* missed by rounding: a share meets the probability exactly, and R's sum of the weights falls a rounding error beside it;
* below the lowest: a probability under the share of the lowest answer, where R 4.1.1 gives the second lowest, and `hf4` in both
  versions a number lower than any answer;
* order of rows: `hf4` to `hf9` where tied answers have unequal weights, which R takes as the rows happen to stand;
* half an interval: one end of the share's interval is below 0 or above 1; R gives the other end, we give none;
* no spread: everybody is at or below the quantile; R gives an interval of no length, we say that there is none.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.errors import UsageError
from mel.estimation import measure, notes
from mel.estimation.quantiles import LINES, RULES, STEPS, Distributions
from mel.model.domains import Domains

HERE = Path(__file__).parent / "r_quantiles"
LIVE = json.loads((HERE / "expected.json").read_text())
INTERVALS = {"mean": "symmetric", "xlogit": "logit", "beta": "korn_graubard"}
NEAR = 1e-12


class Answers:
    """What was answered, with the weights, to tell whether a number of R's is one of the named exceptions."""

    def __init__(self, value: pd.Series, weight: pd.Series) -> None:
        there = value.notna()
        self.value, self.weight = value[there].to_numpy(float), weight[there].to_numpy(float)
        self.distinct = np.unique(self.value)
        self.shares = np.array([self.weight[self.value <= v].sum() for v in self.distinct]) / self.weight.sum()
        self.alike = np.array([np.ptp(self.weight[self.value == v]) == 0 for v in self.distinct])

    def met(self, p: float) -> bool:
        return bool((np.abs(self.shares - p) < NEAR).any())

    def at_or_below(self, number: float) -> float:
        return float(self.weight[self.value <= number].sum() / self.weight.sum())

    def ordered(self, rule: str, number: float) -> bool:
        """True where R's number does not depend on the order of the rows: the answers around it have people of one weight."""
        if rule in STEPS or np.isnan(number):
            return True
        k = int(np.searchsorted(self.distinct, number))
        return bool(self.alike[max(k - 2, 0) : k + 2].all()) and bool(self.alike[-1])


def same(ours: float, theirs: float) -> bool:
    return bool(abs(ours - theirs) <= NEAR * abs(theirs)) or (bool(np.isnan(ours)) and bool(np.isnan(theirs)))


def why(answers: Answers, rule: str, p: float, row: Any, r: dict[str, float]) -> str:
    """`compared`, or the name of the exception; `DIFFERS` where neither holds."""
    low, high = row["ci_low"], row["ci_high"]
    if not same(row["estimate"], r["quantile"]):
        if not answers.ordered(rule, r["quantile"]):
            return "order of rows"
        return _exception(answers, rule, p, row["estimate"], r["quantile"])
    if np.isnan(low) and (row["note"] == notes.BEYOND_ANSWERS) and (np.isnan(r["low"]) or np.isnan(r["high"])):
        return "half an interval" if np.isnan(r["low"]) != np.isnan(r["high"]) else "compared"
    if np.isnan(low) and row["note"] == notes.NO_SPREAD and answers.at_or_below(row["estimate"]) == 1:
        return "no spread"
    for ours, theirs in ((low, r["low"]), (high, r["high"])):
        if not same(ours, theirs):
            return "order of rows" if not answers.ordered(rule, theirs) else _exception(answers, rule, np.nan, ours, theirs)
    return "compared" if same(row["se"], r["se"]) else "DIFFERS"


def _exception(answers: Answers, rule: str, p: float, ours: float, theirs: float) -> str:
    lowest, beside = answers.distinct[0], np.searchsorted(answers.distinct, ours)
    if answers.met(p) and rule in STEPS and theirs in (answers.distinct[beside - 1], *answers.distinct[beside : beside + 2]):
        return "missed by rounding"
    if ours == lowest and ((rule in STEPS and theirs <= answers.distinct[1]) or (rule == "hf4" and theirs < lowest)):
        return "below the lowest"
    return "DIFFERS"


# ---- R survey 4.5 -----------------------------------------------------------------------------------------------------------------

DESIGNS: dict[str, dict[str, Any]] = {
    "srs": {"data": "apisrs", "weight": "pw", "fpc": "fpc"},
    "srs_wr": {"data": "apisrs", "weight": "pw"},
    "strat": {"data": "apistrat", "stratum": "stype", "weight": "pw", "fpc": "fpc"},
    "strat_nofpc": {"data": "apistrat", "stratum": "stype", "weight": "pw"},
    "clus1": {"data": "apiclus1", "psu": "dnum", "weight": "pw", "fpc": "fpc"},
    "clus1_nofpc": {"data": "apiclus1", "psu": "dnum", "weight": "pw"},
    "clus2_wr": {"data": "apiclus2", "psu": "dnum", "weight": "pw"},
}
NOT_ASKED = {
    "two-stage fpc": lambda r: r["design"] == "clus2",
    "shahvaish, which changes with the scale of the weights": lambda r: r["qrule"] == "shahvaish",
    "interval types asin and score": lambda r: r["interval"] not in INTERVALS,
}


def why_not(result: dict[str, Any]) -> str | None:
    return next((name for name, out in NOT_ASKED.items() if out(result)), None)


@pytest.fixture(scope="module")
def results(shared: Path) -> list[dict[str, Any]]:
    everything = json.loads((shared / "reference/survey/expected_r_survey_4.5.json").read_text())["results"]
    return [r for r in everything if r["op"] == "quantile"]


def rows_of_r(result: dict[str, Any], variable: str) -> list[tuple[float, dict[str, float]]]:
    found = []
    for p, row in zip(result[variable]["probs"], result[variable]["table"], strict=True):
        named = {"low": row["ci.2.5"], "high": row["ci.97.5"], "se": row["se"]}
        named["quantile"] = next(value for key, value in row.items() if key.startswith("quantile"))
        found.append((float(p), {key: np.nan if value is None else float(value) for key, value in named.items()}))
    return found


@pytest.mark.shared
@pytest.mark.parametrize("design", list(DESIGNS))
def test_r_survey_4_5(design: str, results: list[dict[str, Any]], build: Any, shared: Path) -> None:
    given = dict(DESIGNS[design])
    frame = pd.read_csv(shared / "reference/survey" / f"{given.pop('data')}.csv")
    sample = build.sample(frame, **given)
    found: Counter[str] = Counter()
    wrong = []
    for result in results:
        if result["design"] != design or why_not(result):
            continue
        names = result["formula"].lstrip("~").split("+")
        both = {"all_of": [{"column": name, "answered": True} for name in names]}  # na.rm over two columns leaves out whole rows
        asked = frame[names].notna().all(axis=1)
        for name in names:
            rows = rows_of_r(result, name)
            indicator = build.indicator(name, "quantile", {"value": name}, probabilities=[p for p, _ in rows], population=both)
            how = INTERVALS[result["interval"]]
            table = measure(sample, [indicator], quantile_rule=result["qrule"], quantile_interval=how).table.set_index("category")
            answers = Answers(frame[name].where(asked), frame["pw"])
            for p, r in rows:
                verdict = why(answers, result["qrule"], p, table.loc[str(p)], r)
                found[verdict] += 1
                if verdict == "DIFFERS":
                    wrong.append((result["id"], name, p, table.loc[str(p), ["estimate", "ci_low", "ci_high", "se"]].tolist(), r))
    assert not wrong, wrong
    unequal = frame["pw"].nunique() > 1
    assert found["compared"] >= (sum(found.values()) * (0.55 if unequal else 0.8)), found
    assert found["order of rows"] == 0 or unequal, found


@pytest.mark.shared
def test_how_many_results_are_compared(results: list[dict[str, Any]]) -> None:
    counted = Counter(why_not(r) or "compared" for r in results)
    assert counted["compared"] == 98, counted
    assert sum(counted.values()) == 136


# ---- R live -----------------------------------------------------------------------------------------------------------------------

LIVE_DESIGNS: dict[str, dict[str, Any]] = {
    "srs": {"weight": "ten"},
    "weights": {"weight": "w"},
    "strata": {"weight": "w", "stratum": "stratum"},
    "strata_fpc": {"weight": "w", "stratum": "stratum", "fpc": "of_people"},
    "clusters": {"weight": "w", "psu": "cluster"},
    "strata_clusters": {"weight": "w", "stratum": "stratum", "psu": "psu"},
    "strata_clusters_fpc": {"weight": "w", "stratum": "stratum", "psu": "psu", "fpc": "psus"},
}
DOMAINS: dict[str, dict[str, str]] = {
    "whole": {}, "woman": {"g": "woman"}, "one_psu": {"g": "other"}, "pair_woman_no": {"g": "woman", "d": "no"},
    "triple_woman_no_b": {"g": "woman", "d": "no", "s": "b"},
}  # fmt: skip
BY = Domains((("g",), ("g", "d"), ("g", "d", "s")))
PROBS = LIVE["probs"]


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    frame = pd.read_csv(HERE.parent / "r_live" / "people.csv", dtype={"psu": str})
    frame = frame.assign(ten=10.0, cluster=frame["stratum"] + frame["psu"], s=frame["stratum"])
    return frame.assign(u=(frame["v"] * 1000).round() + np.arange(1, len(frame) + 1), h=np.floor(frame["v"] / 10))


def asked_of(build: Any) -> list[Any]:
    return [build.indicator(name, "quantile", {"value": name}, probabilities=PROBS) for name in ("u", "h")]


def held_against(build: Any, people: pd.DataFrame, r: dict[str, Any], domains: dict[str, Any], **design: Any) -> Counter[str]:
    """Every result of these domains; fails on any that is neither R's nor a named exception."""
    sample = build.sample(people, dimensions=("g", "d", "s"), **design)
    found: Counter[str] = Counter()
    wrong = []
    tables: dict[tuple[str, str], dict[Any, Any]] = {}
    for name, where in domains.items():
        inside = people[np.logical_and.reduce([people[k] == v for k, v in where.items()])] if where else people
        given = {variable: Answers(inside[variable], inside[design["weight"]]) for variable in ("u", "h")}
        for key, results in r[name].items():
            if key in ("n", "df"):
                continue
            variable, rule, interval = key.split(" ")
            if (rule, interval) not in tables:
                options = {"quantile_rule": rule, "quantile_interval": INTERVALS[interval]}
                tables[rule, interval] = by_key(measure(sample, asked_of(build), by=BY, **options).table)
            answers = given[variable]
            for k, p in enumerate(PROBS):
                row = tables[rule, interval][variable, str(p), *(where.get(n, "all") for n in ("g", "d", "s"))]
                assert row["n"] == r[name]["n"] and (row["df"] == r[name]["df"]), (name, key)
                theirs = {part: np.nan if results.get(part) is None or results[part][k] is None else results[part][k]
                          for part in ("quantile", "low", "high", "se")}  # fmt: skip
                verdict = _in_one_psu(row, theirs) or why(answers, rule, p, row, theirs)
                found[verdict] += 1
                if verdict == "DIFFERS":
                    wrong.append((name, key, p, [row[c] for c in ("estimate", "ci_low", "ci_high", "se", "note")], theirs))
    assert not wrong, f"{len(wrong)} differ: {wrong[:8]}"
    return found


def by_key(table: pd.DataFrame) -> dict[Any, Any]:
    return {tuple(row[name] for name in ("indicator", "category", "g", "d", "s")): row for row in table.to_dict("records")}


def _in_one_psu(row: Any, theirs: dict[str, float]) -> str | None:
    """R gives a standard error from a single PSU; we say that it cannot be known."""
    if row["note"] not in (notes.ONE_PSU, notes.ONE_ROW):
        return None
    assert np.isnan(row["se"]) and np.isnan(row["ci_low"])
    return "one PSU" if same(row["estimate"], theirs["quantile"]) else None


@pytest.mark.parametrize("design", list(LIVE_DESIGNS))
def test_every_design_in_every_domain_by_every_rule(design: str, people: pd.DataFrame, build: Any) -> None:
    first = people[people["round"] == "r1"]
    found = held_against(build, first, LIVE["r1"][design], DOMAINS, **LIVE_DESIGNS[design])
    assert found["order of rows"] == found["missed by rounding"] == 0 or design == "srs", found
    assert found["compared"] >= 200, found


def test_each_round_by_its_own_design(people: pd.DataFrame, build: Any) -> None:
    """Both rounds in one call; each is R's for that round alone."""
    some = {name: DOMAINS[name] for name in ("whole", "woman")}
    sample = build.sample(people, dimensions=("g", "d", "s"), rounds="independent", **LIVE_DESIGNS["strata_clusters"])
    together = measure(sample, asked_of(build), by=BY).table
    for name, r in (("r1", LIVE["r1"]["strata_clusters"]), ("r2", LIVE["r2"]["strata_clusters"])):
        here = people[people["round"] == name]
        held_against(build, here, r, some, round_=name, **LIVE_DESIGNS["strata_clusters"])
        alone = measure(build.sample(here, dimensions=("g", "d", "s"), **LIVE_DESIGNS["strata_clusters"]), asked_of(build), by=BY).table
        of_round = together[together["round"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(
            of_round[["estimate", "se", "ci_low", "ci_high", "n", "df"]], alone[["estimate", "se", "ci_low", "ci_high", "n", "df"]]
        )


def test_a_panel(people: pd.DataFrame, build: Any) -> None:
    both = set(people.loc[people["round"] == "r1", "person"]) & set(people.loc[people["round"] == "r2", "person"])
    panel = people[people["person"].isin(both)].assign(respondent=lambda t: t["person"])
    for name in ("r1", "r2"):
        found = held_against(
            build, panel[panel["round"] == name], LIVE["panel"][name], {n: DOMAINS[n] for n in ("whole", "woman")},
            weight="w", stratum="stratum", rounds="panel", respondent="person",
        )  # fmt: skip
        assert found["compared"] >= 50, found


@pytest.mark.parametrize("how", ["certainty", "adjust", "average"])
def test_a_lonely_psu(how: str, people: pd.DataFrame, build: Any) -> None:
    few = people[(people["round"] == "r1") & ~((people["stratum"] == "c") & (people["psu"] != "1"))]
    sample = build.sample(few, lonely_psu=how, **LIVE_DESIGNS["strata_clusters"])
    table = measure(sample, asked_of(build)).table.set_index(["indicator", "category"])
    compared = 0
    for variable in ("u", "h"):
        r, answers = LIVE["lonely"][how][variable], Answers(few[variable], few["w"])
        for k, p in enumerate(PROBS):
            theirs = {part: np.nan if r[part][k] is None else r[part][k] for part in r}
            verdict = why(answers, "math", p, table.loc[(variable, str(p))], theirs)
            assert verdict in ("compared", "half an interval", "no spread", "below the lowest"), (how, variable, p, verdict)
            compared += verdict == "compared"
    assert compared >= 6


# ---- base R, for people of equal weight -------------------------------------------------------------------------------------------


def spread_out(values: Any, k: float = 1.0) -> Distributions:
    found, people = np.unique(np.asarray(values, float), return_counts=True)
    return Distributions(np.array([0, len(found)]), found, people * k, people.astype(float))


@pytest.mark.parametrize("k", [1.0, 30.97, 1 / 3])
def test_people_of_equal_weight_give_what_base_r_gives(k: float, people: pd.DataFrame) -> None:
    """Also where a share meets the probability exactly, whatever the weight. Base R's type 3 is not survey's `hf3`."""
    first = people[people["round"] == "r1"]
    for key, expected in LIVE["plain"].items():
        name, rule = key.rsplit(" ", 1)
        values = first[name].dropna() if name in first else np.arange(1, int(name.rsplit(" ", 1)[1]) + 1)
        for p, theirs in zip(PROBS, expected if isinstance(expected, list) else [expected] * len(PROBS), strict=True):
            ours = spread_out(values, k).quantiles(rule, np.array([p]))[0]
            assert ours == pytest.approx(theirs, rel=NEAR), (key, p)
            for twin, of in (("math", "hf1"), ("school", "hf2")):
                if rule == of:
                    assert spread_out(values, k).quantiles(twin, np.array([p]))[0] == ours


# ---- traps: what R's results change with, though the people are the same ----------------------------------------------------------


def test_a_rule_that_changes_with_the_scale_of_the_weights_is_refused(people: pd.DataFrame, build: Any) -> None:
    assert LIVE["traps"]["shahvaish"]["once"] != LIVE["traps"]["shahvaish"]["tenfold"]
    sample = build.sample(people[people["round"] == "r1"], weight="w")
    with pytest.raises(UsageError) as error:
        measure(sample, asked_of(build), quantile_rule="shahvaish")
    assert error.value.codes == ("QUANTILE_RULE_NOT_OFFERED",)


def test_the_order_of_the_rows_changes_r_and_not_us(people: pd.DataFrame, build: Any) -> None:
    r = LIVE["traps"]["order_of_rows"]
    assert r["as_they_are"] != r["turned_round"]
    first = people[people["round"] == "r1"]
    tenths = build.indicator("h", "quantile", {"value": "h"}, probabilities=[k / 10 for k in range(1, 10)])
    tables = [measure(build.sample(f, weight="w"), [tenths], quantile_rule="hf8").table for f in (first, first[::-1])]
    assert tables[0]["estimate"].tolist() == tables[1]["estimate"].tolist()


def test_a_share_that_meets_the_probability_is_not_missed_by_rounding() -> None:
    assert LIVE["traps"]["missed_by_rounding"] == [21, 181]  # of 1 to 200, each of weight 30.97
    found = spread_out(np.arange(1, 201), 30.97)
    assert [found.quantiles("math", np.array([p]))[0] for p in (0.1, 0.9)] == [20, 180]


def test_no_quantile_is_lower_than_the_lowest_answer() -> None:
    assert LIVE["traps"]["below_the_lowest"] < 1  # hf4 at 0.05 of 1 to 10
    assert LIVE["traps"]["second_lowest"] == 2  # math at 0.05; one of ten is more than a twentieth, and base R says 1
    assert spread_out(np.arange(1, 11)).quantiles("math", np.array([0.05]))[0] == 1
    for rule in RULES:
        assert spread_out(np.arange(1, 11)).quantiles(rule, np.array([0.05]))[0] >= 1


def test_every_rule_offered_is_held_against_r() -> None:
    keys = [key.split(" ") for domains in LIVE["r1"].values() for key in domains["whole"] if " " in key]
    assert {interval for _, _, interval in keys} == set(INTERVALS)
    held = {rule for _, rule, _ in keys} | {"hf1", "hf2"}
    assert set(RULES) == held == {*STEPS, *LINES}
    assert replace(spread_out([1.0])).quantiles("hf7", np.array([0.5]))[0] == 1.0
