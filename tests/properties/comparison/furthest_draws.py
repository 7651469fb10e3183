"""An invented population in villages, sampled again and again by one design: what a gap or an interval of groups must hold.

Four strata of 100 villages of 30 to 60 people. Being heard depends (or, in the calm population, does not depend) on residence, gender
and disability, and on the village, so that people of one village are alike. A sample is 12 villages of each stratum and 12 people of
each village, weighted by what they stand for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import cross
from mel.model.estimates import Estimates
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

STRATA, VILLAGES, TAKEN, PEOPLE = 4, 100, 12, 12
CATEGORIES = {
    "residence": ("rural", "town", "city"), "gender": ("woman", "man"), "disability": ("with", "without"),
    "age": ("18-24", "25-49", "50+"),
}  # fmt: skip
NAMES = list(CATEGORIES)
DESIGN = Design(basis="probability", weights="expansion", weight="weight", stratum="stratum", psu="psu", rounds="independent")
HEARD = Indicator(
    id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, source="invented", status="confirmed",
    polarity="higher_is_better",
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """Everyone: village, a column of category codes for each dimension, and whether heard."""

    village: np.ndarray
    codes: np.ndarray
    heard: np.ndarray

    def share(self, domain: Any) -> float:
        """The true figure of a group given as (dimension, (categories …))."""
        inside = np.ones(len(self.heard), dtype=bool)
        for name, categories in domain:
            k = NAMES.index(name)
            inside &= np.isin(self.codes[:, k], [CATEGORIES[name].index(c) for c in categories])
        return float(self.heard[inside].mean())


def population(effect: float, village: float = 0.3, seed: int = 11) -> People:
    rng = np.random.default_rng(seed)
    size = rng.integers(30, 61, STRATA * VILLAGES)
    at = np.repeat(np.arange(len(size)), size)
    of_village = rng.choice(3, len(size), p=[0.5, 0.3, 0.2])
    codes = np.column_stack(
        [of_village[at], rng.integers(2, size=len(at)), (rng.random(len(at)) > 0.2).astype(int), rng.choice(3, len(at), p=[0.3, 0.4, 0.3])]
    )
    rural, woman, disabled = codes[:, 0] == 0, codes[:, 1] == 0, codes[:, 2] == 0
    logit = 0.2 + effect * (0.5 - 0.5 * rural - 0.4 * woman - 0.4 * disabled - 0.8 * (rural & woman & disabled))
    logit = logit + rng.normal(0, village, len(size))[at]
    return People(at, codes, rng.random(len(at)) < 1 / (1 + np.exp(-logit)))


def drawn(people: People, rng: np.random.Generator) -> pd.DataFrame:
    """One sample of people, with its weights."""
    count = np.bincount(people.village)
    starts = np.concatenate([[0], np.cumsum(count)])
    rows, weights = [], []
    for h in range(STRATA):
        for v in rng.choice(np.arange(h * VILLAGES, (h + 1) * VILLAGES), TAKEN, replace=False):
            taken = rng.choice(count[v], PEOPLE, replace=False)
            rows.append(starts[v] + taken)
            weights.append(np.full(PEOPLE, VILLAGES / TAKEN * count[v] / PEOPLE))
    at = np.concatenate(rows)
    frame = pd.DataFrame({name: np.array(CATEGORIES[name])[people.codes[at, k]] for k, name in enumerate(NAMES)})
    return frame.assign(
        round="once", weight=np.concatenate(weights), psu=[f"v{v}" for v in people.village[at]],
        stratum=[f"s{v // VILLAGES}" for v in people.village[at]], heard=np.where(people.heard[at], "yes", "no"),
    )  # fmt: skip


def estimated(people: People, rng: np.random.Generator) -> Estimates:
    dimensions = tuple(Dimension(n, n, {c: c for c in CATEGORIES[n]}, ordered=n == "age") for n in NAMES)
    return measure(Sample("village", drawn(people, rng), DESIGN, dimensions, rounds=("once",)), [HEARD], by=cross(*NAMES))
