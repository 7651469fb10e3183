"""Do the 95 % intervals of the measures of inequality hold the truth? A clustered population, sampled 200 times by one design.

With 200 samples the share that covers has a standard error of 1.5 points; 2,000 samples are `make soak`'s. Nothing is taken from the
library for the truth but the formulas, which are held against another program's in tests/reference/comparison.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mel.comparison.catalogue import CATALOGUE
from mel.comparison.inequality import Groups
from mel.comparison.inequality_intervals import Sampling, sure, value
from tests.properties.comparison.inequality_draws import coverage, intervals, population

MEASURES = (
    "absolute_concentration_index", "slope_index_of_inequality_logit", "between_group_variance", "theil_index", "index_of_disparity",
    "population_attributable_risk", "mean_difference_from_best_performing",
)  # fmt: skip
SAMPLES = 200


@pytest.fixture(scope="module")
def unequal() -> pd.DataFrame:
    return intervals(population(1.5), MEASURES, range(SAMPLES))


def test_intervals_hold_the_truth(unequal: pd.DataFrame) -> None:
    """92 to 97.5 of 100, for each."""
    rate = coverage(unequal)
    assert (rate["size"] == SAMPLES).all()
    assert rate[~rate["mean"].between(0.92, 0.975)].to_dict() == {"mean": {}, "size": {}}


def test_standard_errors_are_as_large_as_the_spread(unequal: pd.DataFrame) -> None:
    spread = unequal.groupby("measure").agg(said=("se", "mean"), true=("estimate", "std"))
    assert (spread["said"] / spread["true"]).between(0.85, 1.25).all()


def test_equal_groups_are_seldom_called_different() -> None:
    """In a population where wealth makes no difference to being heard, distances are above zero in every sample, by chance alone."""
    found = intervals(population(0.0), MEASURES[2:5], range(500, 600))
    assert (found["estimate"] > 0).all()
    called = (found["status"] == "different").groupby(found["measure"]).mean()
    assert called.max() <= 0.08


def test_an_interval_of_percentiles_would_miss_what_ours_holds() -> None:
    """Eight groups of a published table, drawn 150 times around their true figures. To draw again around what was drawn and take
    percentiles, as the reference software does, counts chance twice: its intervals lie too high.
    """
    rng, measure = np.random.default_rng(11), CATALOGUE["between_group_standard_deviation"]
    true = Groups(np.array([50.0, 51, 52, 53, 54, 55, 56, 57]), np.ones(8), 1, False, None, 0.0, 100.0)
    sampling = Sampling(np.diag([9.0] * 8 + [0.0] * 8), np.inf)
    ours, theirs, truth = [], [], value(measure, true)
    for _ in range(150):
        drawn = true.at(true.y + rng.normal(0, 3, 8), true.p)
        found = sure(measure, drawn, sampling)
        ours.append(found.low <= truth <= found.high)
        again = measure.of(drawn.at(drawn.y + rng.normal(0, 3, (400, 8)), np.ones((400, 8))))
        low, high = np.quantile(again, [0.025, 0.975])
        theirs.append(low <= truth <= high)
    assert np.mean(ours) >= 0.92
    assert np.mean(theirs) <= 0.85
