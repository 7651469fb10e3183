"""How often does a projected interval hold the truth, and is a chance of reaching a target a chance? Drawn again and again."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mel.comparison.projection import line

YEARS = np.array([0.0, 2.1, 4.0])
TOGETHER = np.array([[0.040, 0.010, 0.008], [0.010, 0.030, 0.012], [0.008, 0.012, 0.050]])
TRUTH, SLOPE, AT, DF = -0.4, 0.15, 6.0, 57
DRAWS = 4000


def drawn(bend: float = 0.0) -> list[tuple[float, float, float]]:
    """Value, error and widening of the line at the target's day, in many draws of three rounds."""
    rng = np.random.default_rng(20261123)
    middle = TRUTH + SLOPE * YEARS + np.array([0.0, bend, 0.0])
    found = [line(y, TOGETHER, YEARS, AT) for y in rng.multivariate_normal(middle, TOGETHER, DRAWS)]
    return [(one.value, one.se, one.widened) for one in found]


def test_the_interval_holds_the_truth_as_often_as_it_says_where_the_course_is_straight() -> None:
    value, se, widened = np.array(drawn()).T
    half = stats.t.ppf(0.975, DF) * se
    held = float((np.abs(value - (TRUTH + SLOPE * AT)) <= half).mean())
    assert 0.945 < held < 0.985  # widened where chance alone bends the line, so a little more often than 95 times in 100
    assert 0.25 < (widened > 1).mean() < 0.40  # one chi squared is above one in 32 of 100


def test_a_chance_below_one_in_twenty_is_not_given_more_often_to_a_target_that_is_met() -> None:
    value, se, _ = np.array(drawn()).T
    chance = stats.t.cdf((value - (TRUTH + SLOPE * AT)) / se, DF)
    assert (chance < 0.05).mean() < 0.06
    assert (chance > 0.95).mean() < 0.06
    assert np.mean(chance) == pytest.approx(0.5, abs=0.02)


def test_a_bend_is_seen_and_widens() -> None:
    bent = np.array(drawn(1.5)).T
    assert (bent[2] > 1).mean() > 0.95
    assert np.median(bent[1]) > 2 * np.median(np.array(drawn()).T[1])
