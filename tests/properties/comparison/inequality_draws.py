"""An invented population in villages, sampled again and again by one design: what an interval of inequality must hold.

Four strata of 300 villages of 30 to 80 people, who are in fifths by wealth; being heard depends on wealth and on the village, so that
people of one village are alike and groups that share villages vary together. A sample is 12 villages in each stratum and 15 people in
each village, weighted by what they stand for. Groups' shares are estimated with the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mel.comparison import compare
from mel.comparison.catalogue import CATALOGUE
from mel.comparison.inequality import Groups
from mel.comparison.inequality_intervals import value
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import each
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

WEALTH = ("poorest", "poor", "middle", "rich", "richest")
STRATA, VILLAGES, TAKEN, PEOPLE = 4, 300, 12, 15
DESIGN = Design(basis="probability", weights="expansion", weight="weight", stratum="stratum", psu="psu", rounds="independent")
HEARD = Indicator(
    id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, source="invented", status="confirmed",
    polarity="higher_is_better",
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """Everyone: village (0 to STRATA × VILLAGES − 1), wealth and whether heard."""

    village: np.ndarray
    wealth: np.ndarray
    heard: np.ndarray

    def truth(self, names: Sequence[str]) -> pd.Series:
        count = np.bincount(self.wealth, minlength=len(WEALTH)).astype(float)
        y = np.bincount(self.wealth, weights=self.heard, minlength=len(WEALTH)) / count
        groups = Groups(y, count / count.sum(), 1, True, None, 0.0, 1.0)
        return pd.Series({name: value(CATALOGUE[name], groups) for name in names})


def population(slope: float, seed: int = 7) -> People:
    """`slope`: how far, on the logit scale, the richest are from the poorest."""
    rng = np.random.default_rng(seed)
    size = rng.integers(30, 81, STRATA * VILLAGES)
    village = np.repeat(np.arange(len(size)), size)
    richer = rng.normal(0, 0.6, len(size))[village] + (village // VILLAGES) * 0.3
    riches = richer + rng.normal(0, 1, len(village))
    wealth = np.searchsorted(np.quantile(riches, [0.2, 0.4, 0.6, 0.8]), riches)
    chance = rng.normal(0, 0.5, len(size))[village] + slope * (wealth / 4 - 0.5)
    return People(village, wealth, rng.uniform(size=len(village)) < 1 / (1 + np.exp(-chance)))


def draw(people: People, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    chosen = np.concatenate([h * VILLAGES + rng.choice(VILLAGES, TAKEN, replace=False) for h in range(STRATA)])
    there = np.flatnonzero(np.isin(people.village, chosen))
    there = there[np.argsort(people.village[there] + rng.uniform(size=len(there)))]
    village = people.village[there]
    first = np.searchsorted(village, village)
    taken = np.arange(len(there)) - first < PEOPLE
    size = np.bincount(people.village)[village]
    frame = pd.DataFrame(
        {"round": f"seed-{seed:06d}", "stratum": (village // VILLAGES).astype(str), "psu": village.astype(str),
         "weight": VILLAGES / TAKEN * size / PEOPLE, "wealth": np.array(WEALTH)[people.wealth[there]],
         "heard": np.where(people.heard[there], "yes", "no")}
    )[taken]  # fmt: skip
    return frame.assign(heard__silence=pd.Series([None] * len(frame), dtype="str"))


def intervals(people: People, names: Sequence[str], seeds: Sequence[int], *, ordered: bool = True) -> pd.DataFrame:
    """The measures of each sample, beside the truth."""
    frame = pd.concat([draw(people, seed) for seed in seeds], ignore_index=True)
    dimension = Dimension("wealth", "Wealth", {w: w for w in WEALTH}, ordered=ordered)
    sample = Sample("villages", frame, DESIGN, (dimension,), rounds=tuple(dict.fromkeys(frame["round"])))
    found = compare(measure(sample, [HEARD], by=each("wealth")), change=(), inequality=names).table
    found = found[found["measure"].isin(names)]
    return found.assign(truth=found["measure"].map(people.truth(names)))


def coverage(found: pd.DataFrame) -> pd.DataFrame:
    inside = found.assign(inside=found["truth"].between(found["ci_low"], found["ci_high"]))
    return inside.groupby("measure")["inside"].agg(["mean", "size"])


__all__ = ["HEARD", "WEALTH", "People", "coverage", "draw", "intervals", "population"]
