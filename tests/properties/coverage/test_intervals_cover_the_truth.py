"""Do the 95 % intervals hold what they say? A population is drawn once and sampled 200 times by the design of `every-step`.

The truth is the finite population's own value, from the generator, which knows nothing of the library. The design: six strata,
12 of 100 villages in each, 20 people in each village, weights, fpc; so 66 degrees of freedom for the whole. Domains with fewer than
20 are left out. With 200 samples the share that covers has a standard error of 1.5 points, so 91 to 98 % is what an honest 95 %
interval shows. A little below 95 is expected here: the variance counts villages only and takes the whole fpc, so that what drawing
20 of some 100 people in a village adds is counted at 88 % of it.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison import compare
from mel.estimation.measure import measure
from mel.model.alliance import Design
from mel.model.comparisons import Comparisons
from mel.model.domains import each
from mel.model.estimates import Estimates
from mel.model.indicator import Indicator
from mel.model.pack import Pack
from mel.model.sample import Dimension, Sample

SEEDS, ROUND = 200, "midline"
DESIGN = Design(basis="probability", weights="expansion", rounds="independent", stratum="stratum", psu="psu", weight="weight", fpc="fpc")
DIMENSIONS = (
    Dimension(
        "gender",
        "Gender",
        {
            "woman": "Women",
            "man": "Men",
            "non_binary": "Non-binary",
            "self_described": "Own words",
            "prefer_not_to_say": "Prefers not to say",
        },
    ),
    Dimension("disability", "Disability", {"with_disability": "With", "without_disability": "Without"}),
)
ASKED = ("heard_in_community_meetings", "decides_own_health_care", "barriers_met", "two_or_more_barriers", "services_reached")
TRUTH_NAME = {"heard_in_community_meetings": "heard_in_meetings"}
"""The population's names where they are not the indicator's."""


@pytest.fixture(scope="module")
def people(root: Path) -> ModuleType:
    import importlib

    sys.path.insert(0, str(root / "data"))
    try:
        return importlib.import_module("generation.people")
    finally:
        sys.path.remove(str(root / "data"))


def _sample(people: ModuleType, drawn: dict[str, Any], name: str) -> Sample:
    """The drawn people as derive would hand them on."""
    columns: dict[str, Any] = {
        name: drawn[name] for name in ("stratum", "psu", "weight", "fpc", "disability", "has_partner", "barriers_number")
    }
    columns["gender"] = np.where(drawn["gender"] == "", drawn["gender__silence"], drawn["gender"])
    for of in ("heard_in_meetings", "decides_health_care"):
        columns[of] = pd.Series(drawn[of]).replace("", None)
        columns[f"{of}__silence"] = pd.Series(drawn[f"{of}__silence"]).replace("", None)
    columns |= {ticked: drawn[ticked].astype(float) for ticked in drawn if "/" in ticked}
    frame = pd.DataFrame(columns).assign(round=name)
    for of in ("has_partner", "barriers_number", "barriers", "services_used"):
        frame[f"{of}__silence"] = pd.Series([None] * len(frame), dtype="str")
    choices = {"barriers": {b: b for b in people.BARRIERS}, "services_used": {s: s for s in people.SERVICES}}
    return Sample("survey", frame, DESIGN, DIMENSIONS, rounds=(name,), choices=choices, multiples=("barriers", "services_used"))


def _rows(estimates: Estimates | Comparisons) -> pd.DataFrame:
    """Estimates of the wanted domains, with the names the truth has for them."""
    table = estimates.table
    group = np.where(
        table["gender"] != "all",
        "gender=" + table["gender"],
        np.where(table["disability"] != "all", "disability=" + table["disability"], "all"),
    )
    named = table["indicator"].replace(TRUTH_NAME)
    named = named.where(table["indicator"] != "services_reached", "services_used=" + table["category"])
    return table.assign(group=group, named=named)[["round", "named", "group", "estimate", "se", "ci_low", "ci_high", "df"]]


@pytest.fixture(scope="module")
def indicators(root: Path) -> tuple[Indicator, ...]:
    pack = Pack.model_validate(tomllib.loads((root / "data/alliances/every-step/own.toml").read_text(encoding="utf-8")))
    return tuple(i for i in pack.indicators if i.id in ASKED)


@pytest.fixture(scope="module")
def everyone(people: ModuleType) -> Any:
    return people.population()


def estimates_of(people: ModuleType, everyone: Any, indicators: tuple[Indicator, ...], seeds: range) -> pd.DataFrame:
    """The samples' estimates beside the truth: one row per seed, indicator and group.

    Each sample is a round of one table, because rounds have nothing in common but the question: each has its own strata, PSUs,
    weights and fpc. That one sample alone gives the same is tested below.
    """
    truth = {(name, group): value for group, values in people.truth(everyone)[ROUND].items() for name, value in values.items()}
    samples = [_sample(people, people.draw(everyone, seed, ROUND), f"seed-{seed:03d}") for seed in seeds]
    frame = pd.concat([sample.frame for sample in samples], ignore_index=True)
    together = replace(samples[0], frame=frame, rounds=tuple(sample.rounds[0] for sample in samples))
    table = _rows(measure(together, indicators, by=each("gender", "disability")))
    table["truth"] = [truth.get(key) for key in zip(table["named"], table["group"], strict=True)]
    return table.dropna(subset=["truth"])


def coverage_of(drawn: pd.DataFrame) -> pd.DataFrame:
    """How often the interval holds the truth, by indicator and group with at least 20 degrees of freedom: mean and size."""
    enough = drawn[drawn["df"] >= 20]
    covered = enough.assign(inside=enough["truth"].between(enough["ci_low"], enough["ci_high"]))
    return covered.groupby(["named", "group"])["inside"].agg(["mean", "size"])


@pytest.fixture(scope="module")
def drawn(people: ModuleType, everyone: Any, indicators: tuple[Indicator, ...]) -> pd.DataFrame:
    return estimates_of(people, everyone, indicators, range(SEEDS))


def test_one_sample_alone_gives_what_it_gives_among_the_others(
    people: ModuleType, everyone: Any, indicators: tuple[Indicator, ...], drawn: pd.DataFrame
) -> None:
    alone = _rows(measure(_sample(people, people.draw(everyone, 17, ROUND), "seed-017"), indicators, by=each("gender", "disability")))
    keys, numbers = ["named", "group"], ["estimate", "se", "ci_low", "ci_high", "df"]
    among = drawn[drawn["round"] == "seed-017"].set_index(keys)[numbers]
    pd.testing.assert_frame_equal(alone.set_index(keys)[numbers].loc[among.index], among, rtol=1e-12)


def test_intervals_cover_the_finite_population(drawn: pd.DataFrame) -> None:
    """91 to 98 of 100, for every indicator, in the whole and in each group with at least 20 degrees of freedom."""
    rate = coverage_of(drawn)
    assert len(rate) == 10 * 5
    assert (rate["size"] == SEEDS).all()
    assert rate[~rate["mean"].between(0.91, 0.98)].to_dict() == {"mean": {}, "size": {}}


def test_the_estimates_are_not_off_to_one_side(drawn: pd.DataFrame) -> None:
    """Over 200 samples the mean estimate lies within 4 of its own standard errors of the truth."""
    off = drawn.assign(error=drawn["estimate"] - drawn["truth"]).groupby(["named", "group"])["error"].agg(["mean", "std", "size"])
    assert (off["mean"].abs() <= 4 * off["std"] / np.sqrt(off["size"])).all()


def test_standard_errors_are_as_large_as_the_spread(drawn: pd.DataFrame) -> None:
    """The mean standard error and the spread of the estimates over the samples agree within a fifth."""
    spread = drawn.groupby(["named", "group"]).agg(said=("se", "mean"), true=("estimate", "std"))
    assert (spread["said"] / spread["true"]).between(0.8, 1.2).all()


@pytest.mark.slow
def test_intervals_of_change_cover_the_change(people: ModuleType, everyone: Any, indicators: tuple[Indicator, ...]) -> None:
    """Both rounds visit the same villages, so the covariance counts: the interval of the change holds what it says, for everybody."""
    names = [(f"baseline-{seed:03d}", f"midline-{seed:03d}") for seed in range(SEEDS)]
    samples = [
        _sample(people, people.draw(everyone, seed, asked), name)
        for seed, pair in enumerate(names)
        for asked, name in zip(people.ROUNDS, pair, strict=True)
    ]
    frame = pd.concat([sample.frame for sample in samples], ignore_index=True)
    few = tuple(i for i in indicators if i.id in ("heard_in_community_meetings", "decides_own_health_care", "barriers_met"))
    design = DESIGN.model_copy(update={"rounds": "same_clusters"})
    together = replace(samples[0], frame=frame, design=design, rounds=tuple(sample.rounds[0] for sample in samples))
    compared = compare(measure(together, few), change=names, gaps=())
    then, now = (people.values(everyone.answers[asked]) for asked in people.ROUNDS)
    change = compared.table.assign(gender="all", disability="all")
    rows = _rows(compared.with_table(change[change["measure"] == "change"]))
    truth = rows["named"].map({name: now[name] - then[name] for name in now})
    inside = truth.between(rows["ci_low"], rows["ci_high"])[truth.notna()].groupby(rows["named"]).agg(["mean", "size"])
    assert len(inside) == 3
    assert (inside["size"] == SEEDS).all()
    assert inside[~inside["mean"].between(0.91, 0.98)].to_dict() == {"mean": {}, "size": {}}
