"""Results of R `survey` 4.5 on its own real data (California schools, NHANES, hospitals): estimates, standard errors, intervals.

Tolerance: 1e-12 relative (or 1e-14 of the estimate, absolute) where R computes in closed form, 1e-8 where it iterates (logit
intervals come from a fitted model). Left out by name: see NOT_ASKED.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.estimation import measure, notes
from mel.model.domains import Domains

DESIGNS: dict[str, dict[str, Any]] = {
    "srs": {"data": "apisrs", "weight": "pw", "fpc": "fpc"},
    "srs_wr": {"data": "apisrs", "weight": "pw"},
    "strat": {"data": "apistrat", "stratum": "stype", "weight": "pw", "fpc": "fpc"},
    "strat_nofpc": {"data": "apistrat", "stratum": "stype", "weight": "pw"},
    "clus1": {"data": "apiclus1", "psu": "dnum", "weight": "pw", "fpc": "fpc"},
    "clus1_nofpc": {"data": "apiclus1", "psu": "dnum", "weight": "pw"},
    "clus2_wr": {"data": "apiclus2", "psu": "dnum", "weight": "pw"},
    "clus2_ultimate": {"data": "apiclus2", "psu": "dnum", "weight": "pw", "fpc": "fpc1"},
    "nhanes": {"data": "nhanes", "stratum": "SDMVSTRA", "psu": "SDMVPSU", "weight": "WTMEC2YR"},
    "hospital": {"data": "hospital", "stratum": "oblevel", "psu": "hospno", "weight": "weighta", "fpc": "tothosp"},
    "lonely": {"data": "lonely", "stratum": "stratum", "psu": "psu", "weight": "w"},
    "lonely_fpc": {"data": "lonely", "stratum": "stratum", "psu": "psu", "weight": "w", "fpc": "N"},
}
SIZE = {"logit": 1e6, "korn_graubard": 0.0, "wilson": 0.0}
"""A logit interval comes from a fitted model: 1e-8 of 1, the largest share there is."""
METHODS = {"logit": "logit", "beta": "korn_graubard", "wilson": "wilson"}
ULTIMATE = "survey.ultimate.cluster=TRUE"
"""R then takes only the first stage of a design of two: the design `clus2_ultimate`."""
LONELY = {"remove": "certainty"}
"""What R calls remove leaves a lonely stratum out of the variance: our certainty."""
OTHER_FILES = {
    "quantiles (test_quantiles.py)": lambda r: r["op"] == "quantile",
    "replicate weights (test_replicates.py)": lambda r: "variance" in r,
}
"""Compared, or left out by name, in another file: test_how_much_of_r_4_5.py adds them up."""
NOT_ASKED = {
    "two-stage fpc": lambda r: r["design"] in ("clus2", "mu284") and r.get("option") != ULTIMATE,
    "PPS": lambda r: r["design"].startswith("election_pps"),
    "calibration": lambda r: "adjust" in r,
    "tests": lambda r: r["op"] in ("chisq", "ttest"),
    "glm": lambda r: r["op"].startswith("glm"),
    "svyvar": lambda r: r["op"] == "var",
    "standardisation": lambda r: r["op"] == "by_mean_standardised",
    "interval methods asin, mean, xlogit and likelihood": lambda r: r.get("method") in ("asin", "mean", "xlogit", "likelihood"),
    "survey.adjust.domain.lonely, where it changes the result": lambda r: r["id"] in (
        "lonely_dom.adjust.TRUE.u", "lonely_dom.average.TRUE.u",
    ),
}  # fmt: skip
"""An option of R's that counts a domain in one PSU of a stratum as lonely: not offered, and asked for by nobody. Everywhere else
the option changes nothing, and what R says with it is compared too."""


def why_not(result: dict[str, Any]) -> str | None:
    return next((name for name, out in (OTHER_FILES | NOT_ASKED).items() if out(result)), None)


def design_of(result: dict[str, Any]) -> str:
    return "clus2_ultimate" if result.get("option") == ULTIMATE else result["design"]


def lonely_of(result: dict[str, Any]) -> str:
    found = re.search(r"psu=(\w+)", result.get("option", ""))
    return LONELY.get(found[1], found[1]) if found else "fail"


@cache
def data(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv")


@pytest.fixture(scope="module")
def expected(shared: Path) -> list[dict[str, Any]]:
    return json.loads((shared / "reference/survey/expected_r_survey_4.5.json").read_text())["results"]


class Asked:
    """One design: what is measured on it, and kept, because many results are rows of one table."""

    def __init__(self, build: Any, folder: Path, name: str) -> None:
        self.build, self.given = build, dict(DESIGNS[name])
        self.frame = data(folder, self.given.pop("data"))
        self.made: dict[Any, Any] = {}

    def rule(self, formula: str) -> tuple[dict[str, Any], bool]:
        """R's `~I(x=='Yes')` as a condition, `~x` as a value; true for a condition."""
        found = re.fullmatch(r"~I\(([\w.]+)(==|<)'?([\w.]+)'?\)", formula)
        if found is None:
            return {"value": formula.lstrip("~")}, False
        column, sign, value = found.groups()
        if sign == "==":
            return {"column": column, "is": [value]}, True
        below = float(value)
        return {"not": {"column": column, "at_least": below}}, True

    def table(self, indicator: Any, by: tuple[str, ...] = (), lonely: str = "fail", **options: Any) -> tuple[pd.DataFrame, Any]:
        key = (indicator.model_dump_json(), by, lonely, tuple(options.items()))
        if key not in self.made:
            sample = self.build.sample(self.frame, dimensions=by, lonely_psu=lonely, **self.given)
            estimates = measure(sample, [indicator], by=Domains((by,)) if by else None, **options)
            self.made[key] = (estimates.table, estimates)
        return self.made[key]

    def together(self, indicators: list[Any], by: tuple[str, ...] = (), lonely: str = "fail") -> Any:
        """Several at once, so that their covariance can be asked for."""
        key = (tuple(i.model_dump_json() for i in indicators), by, lonely)
        if key not in self.made:
            sample = self.build.sample(self.frame, dimensions=by, lonely_psu=lonely, **self.given)
            pairs = list(combinations([i.id for i in indicators], 2))
            self.made[key] = measure(sample, indicators, by=Domains((by,)) if by else None, together=pairs)
        return self.made[key]

    def variables(self, formula: str) -> list[tuple[str, dict[str, Any], bool, Any]]:
        """Each column of an R result: its name, its rule, whether it is a share, and who R drops with it (na.rm drops whole rows)."""
        names = formula.lstrip("~").split("+")
        answered = {"all_of": [{"column": n, "answered": True} for n in names]} if len(names) > 1 else None
        if len(names) == 1:
            rule, condition = self.rule(formula)
            if condition:
                return [(formula, rule, True, None)]
            if self.frame[names[0]].dtype.kind not in "if":
                levels = sorted(self.frame[names[0]].dropna().unique())
                return [(names[0] + level, {"column": names[0], "is": [level]}, True, None) for level in levels]
        return [(name, {"value": name}, False, answered) for name in names]


def close(ours: Any, theirs: Any, what: str, *, rel: float = 1e-12, size: float = 0.0) -> None:
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    bound = np.maximum(rel * np.abs(theirs), 1e-14 * np.maximum(np.abs(size), np.abs(theirs)))
    assert (np.abs(ours - theirs) <= bound).all(), f"{what}: {ours} is not {theirs}"


def domain(table: pd.DataFrame, categories: list[str]) -> pd.Series:
    return table.loc[tuple(categories) if len(categories) > 1 else categories[0]]


def several(result: dict[str, Any], key: str) -> list[Any]:
    return result[key] if isinstance(result[key], list) else [result[key]]


def covariance(estimates: Any, result: dict[str, Any], figures: list[dict[str, str]]) -> None:
    """Vcov: to 1e-12 of the two standard errors it is made of. A domain in one PSU has none with us; R says 0."""
    ours, theirs = estimates.covariance(figures), np.array(result["vcov"], float).reshape(len(figures), -1)
    se = np.sqrt(np.diag(ours))
    known = ~np.isnan(np.outer(se, se))
    assert known.any(), result["id"]
    wrong = known & ~(np.abs(ours - theirs) <= 1e-12 * np.outer(se, se) + 1e-30)
    assert not wrong.any(), f"{result['id']} vcov: {ours} is not {theirs}"
    alone = np.isnan(se)
    assert (np.diag(theirs)[alone] < 1e-20).all() or kind_is_total(result), f"{result['id']} vcov: {ours} is not {theirs}"


def whole(asked: Asked, result: dict[str, Any]) -> None:
    """svymean, svytotal: estimate, se, cv, both design effects, and t intervals."""
    total = result["op"] == "total"
    deff = "with_replacement" if result.get("deff") == "replace" else "r_default"
    for k, (name, rule, share, population) in enumerate(asked.variables(result["formula"])):
        kind = "total" if total else "proportion" if share else "mean"
        indicator = asked.build.indicator("i", kind, rule, population=population)
        row = asked.table(indicator, lonely=lonely_of(result), deff=deff)[0].iloc[0]
        at = f"{result['id']} {name}"
        if "deff.1" in result:
            theirs = several(result, "deff.1")[k]
            close(0.0 if np.isnan(row["deff"]) else row["deff"], theirs, f"{at} deff", size=1.0)
            continue
        est, se = several(result, "est")[k], several(result, "se")[k]
        close(row["estimate"], est, f"{at} estimate")
        close(row["se"], se, f"{at} se", size=est)
        close(row["cv"], several(result, "cv")[k], f"{at} cv")
        if "deff" in result and "option" not in result:
            close(row["deff"], several(result, "deff")[k], f"{at} deff", size=1.0)
        if "ci_t" in result and not share and population is None:  # na.rm over two columns: the file's df counts the rows it left out
            close(row["df"], result["ci_t"]["df"], f"{at} df")
            close(row["ci_low"], several(result["ci_t"], "lower")[k], f"{at} ci", size=est)
            close(row["ci_high"], several(result["ci_t"], "upper")[k], f"{at} ci", size=est)
    if "vcov" in result:
        kinds = [
            ("total" if total else "proportion" if share else "mean", rule, who)
            for _, rule, share, who in asked.variables(result["formula"])
        ]
        indicators = [asked.build.indicator(f"i{k}", kind, rule, population=who) for k, (kind, rule, who) in enumerate(kinds)]
        covariance(asked.together(indicators, lonely=lonely_of(result)), result, [{"indicator": i.id} for i in indicators])


def ratio(asked: Asked, result: dict[str, Any]) -> None:
    indicator = asked.build.indicator("i", "ratio", {"value": result["numerator"][1:]}, denominator={"value": result["denominator"][1:]})
    row = asked.table(indicator)[0].iloc[0]
    close([row["estimate"], row["se"]], [result["est"], result["se"]], result["id"])
    close([row["ci_low"], row["ci_high"]], [result["ci_t"]["lower"], result["ci_t"]["upper"]], result["id"])


def by_domain(asked: Asked, result: dict[str, Any]) -> None:
    """Svyby of means, totals, ratios and proportions; every row that R prints."""
    by = tuple(result["by"][1:].split("+"))
    if result["op"] == "by_ratio":
        indicator = asked.build.indicator(
            "i", "ratio", {"value": result["numerator"][1:]}, denominator={"value": result["denominator"][1:]}
        )
        value, error = "api.stu/enroll", "se.api.stu/enroll"
    else:
        rule, share = asked.rule(result["formula"])
        kind = "total" if result["op"] == "by_total" else "proportion" if share or "HI_CHOL" in result["formula"] else "mean"
        rule = {"column": "HI_CHOL", "is": [1]} if "HI_CHOL" in result["formula"] else rule
        indicator = asked.build.indicator("i", kind, rule)
        label = 'I(comp.imp == "Yes")TRUE' if share else result["formula"][1:]
        value, error = label, f"se.{label}" if share else "se"
    table = asked.table(indicator, by, deff="r_default")[0].set_index(list(by))
    for expected in result["table"]:
        row = domain(table, [str(expected[name]) for name in by])
        at = f"{result['id']} {[expected[name] for name in by]}"
        close(row["estimate"], expected[value], at)
        if np.isnan(row["se"]):
            # R says 0 for a domain in one PSU; we say that it cannot be known.
            assert "one PSU" in row["note"] or "One person" in row["note"], at
            assert expected[error] == pytest.approx(0, abs=1e-12) or kind_is_total(result), at
            continue
        close(row["se"], expected[error], f"{at} se", size=expected[value])
        if "cv" in expected and expected[error] > 0:
            close(row["cv"], expected["cv"], f"{at} cv")
        if "DEff.api00" in expected and not np.isnan(expected["DEff.api00"] or np.nan):
            close(row["deff"], expected["DEff.api00"], f"{at} deff", rel=1e-7)  # R's svyby takes N − n from weights it has rounded

    if "vcov" in result:
        figures = [{"indicator": "i", **{name: str(row[name]) for name in by}} for row in result["table"]]
        covariance(asked.table(indicator, by, deff="r_default")[1], result, figures)


def kind_is_total(result: dict[str, Any]) -> bool:
    return result["op"] == "by_total"


def one_domain(asked: Asked, result: dict[str, Any]) -> None:
    column, category = re.fullmatch(r"(\w+)=='(\w+)'", result["where"]).groups()
    asks = [("proportion" if share else "mean", rule) for _, rule, share, _ in asked.variables(result["formula"])]
    for k, (kind, rule) in enumerate(asks):
        name = several(result, "names")[k]
        table = asked.table(asked.build.indicator("i", kind, rule), (column,), lonely=lonely_of(result))[0].set_index(column)
        row, at = table.loc[category], f"{result['id']} {name}"
        close(row["estimate"], several(result, "est")[k], at)
        close(row["se"], several(result, "se")[k], f"{at} se")
        df = result["ci_t"]["df"] if "ci_t" in result else result["df"]
        close(row["df"], df, f"{at} df")
        if "ci_t" in result:
            close([row["ci_low"], row["ci_high"]], [result["ci_t"]["lower"], result["ci_t"]["upper"]], at)
        if "n" in result:
            close(row["n"], result["n"], f"{at} n")
    indicators = [asked.build.indicator(f"i{k}", kind, rule) for k, (kind, rule) in enumerate(asks)]
    estimates = asked.together(indicators, (column,), lonely_of(result))
    covariance(estimates, result, [{"indicator": i.id, column: category} for i in indicators])


def interval(asked: Asked, result: dict[str, Any]) -> None:
    rule, _ = asked.rule(result["formula"])
    method = METHODS[result["method"]]
    row = asked.table(asked.build.indicator("i", "proportion", rule), interval=method, level=result["level"])[0].iloc[0]
    rel = 1e-8 if method == "logit" else 1e-12
    close(row["estimate"], result["est"], result["id"], rel=rel, size=SIZE[method])
    close(row["se"] ** 2, result["var"], f"{result['id']} var", size=1e-6)
    close(row["df"], result["df"], f"{result['id']} df")
    if result["var"] < 1e-20 or result["est"] in (0, 1):
        # No spread: R gives the estimate, 0.5, 0 or NaN, by method. We give no interval and say so.
        assert np.isnan(row["ci_low"]) and row["note"] == notes.NO_SPREAD, result["id"]
        return
    close([row["ci_low"], row["ci_high"]], [result["lower"], result["upper"]], result["id"], rel=rel, size=SIZE[method])


def intervals_by(asked: Asked, result: dict[str, Any]) -> None:
    by = tuple(result["by"][1:].split("+"))
    nhanes = "HI_CHOL" in result["formula"]
    rule = {"column": "HI_CHOL", "is": [1]} if nhanes else asked.rule(result["formula"])[0]
    method = METHODS[result["method"]]
    table = asked.table(asked.build.indicator("i", "proportion", rule), by, interval=method)[0].set_index(list(by))
    for expected in result["table"]:
        row = domain(table, [str(expected[name]) for name in by])
        at = f"{result['id']} {[expected[name] for name in by]}"
        value = next(v for k, v in expected.items() if k not in (*by, "ci_l", "ci_u", "_row"))
        rel = 1e-8 if method == "logit" else 1e-12
        close(row["estimate"], value, at, rel=rel, size=SIZE[method])
        if not np.isnan(row["ci_low"]):
            close([row["ci_low"], row["ci_high"]], [expected["ci_l"], expected["ci_u"]], f"{at} ci", rel=rel, size=SIZE[method])
        else:
            assert row["note"], at


def contrast(asked: Asked, result: dict[str, Any]) -> None:
    """Differences and ratios of two domains, with their covariance from the cube."""
    by = result["by"][1:]
    _, estimates = asked.table(asked.build.indicator("i", "mean", {"value": result["formula"][1:]}), (by,))
    figure = {category: {"indicator": "i", by: category} for category in estimates.table[by]}
    if result["op"] == "contrast":
        for k, name in enumerate(result["names"]):
            a, b = name.split("minus")
            found = estimates.difference(figure[a], figure[b])
            close(found.estimate, result["est"][k], result["id"], rel=1e-11)
            close(found.se, result["se"][k], result["id"])
        return
    found = estimates.ratio(figure["E"], figure["H"])
    logs = result["expr"].startswith("log")
    close(np.log(found.estimate) if logs else found.estimate, result["est"], result["id"], rel=1e-11)
    close(found.se / found.estimate if logs else found.se, result["se"], result["id"])


def degrees(asked: Asked, result: dict[str, Any]) -> None:
    column = {"nhanes": "HI_CHOL", "hospital": "births"}.get(result["design"], "api00")
    assert asked.table(asked.build.indicator("i", "mean", {"value": column}))[0]["df"].iloc[0] == result["df"]


HOW = {
    "degf": degrees, "mean": whole, "total": whole, "ratio": ratio, "by_mean": by_domain, "by_total": by_domain, "by_ratio": by_domain,
    "domain_mean": one_domain, "ciprop": interval, "by_ciprop": intervals_by, "contrast": contrast, "contrast_nl": contrast,
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("design", list(DESIGNS))
def test_r_survey_4_5(design: str, expected: list[dict[str, Any]], build: Any, shared: Path) -> None:
    asked = Asked(build, shared / "reference/survey", design)
    wrong = []
    for result in expected:
        if design_of(result) == design and why_not(result) is None:
            try:
                HOW[result["op"]](asked, result)
            except AssertionError as error:
                wrong.append(str(error))
    assert not wrong, "\n".join([f"{len(wrong)} results differ", *wrong[:20]])
