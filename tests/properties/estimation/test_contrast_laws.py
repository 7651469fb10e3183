"""Laws of differences between figures, for any sample: they are antisymmetric, add up, and no sum of figures has less than no variance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from mel.estimation import measure
from mel.model.domains import each
from mel.model.estimates import Estimates
from tests.drawn import asked, drawn_sample

DESIGNS: tuple[dict[str, Any], ...] = (
    {"psu": False, "stratum": False},
    {"psu": False, "stratum": "stratum"},
    {"psu": "psu", "stratum": "stratum"},
)
ASKED = [
    asked("yes", "proportion", {"column": "answer", "is": ["yes"]}),
    asked("no", "proportion", {"column": "answer", "is": ["no"]}),
    asked("hours", "mean", {"value": "hours"}),
]
PAIRS = [("yes", "no"), ("yes", "hours"), ("no", "hours")]
FIGURES = [{"indicator": i, **where} for i in ("yes", "no", "hours") for where in ({}, {"gender": "woman"}, {"region": "north"})]


def measured(seed: int, design: dict[str, Any]) -> Estimates:
    """Sixty invented people in two strata of four PSUs."""
    draw = np.random.default_rng(seed)
    n = 60
    frame = pd.DataFrame(
        {
            "round": "baseline", "stratum": draw.choice(["a", "b"], n), "psu": draw.choice(list("1234"), n), "weight": draw.uniform(0.5, 3, n),
            "gender": draw.choice(["woman", "man"], n), "region": draw.choice(["north", "south"], n),
            "answer": draw.choice(["yes", "no"], n), "hours": draw.normal(40, 5, n),
        }
    )  # fmt: skip
    text = "gender | region\nwoman | north"
    sample = drawn_sample(
        text, by={"gender": "woman man", "region": "north south"}, basis="probability", weights="expansion", weight="weight", **design
    )
    sample = type(sample)(**{**vars(sample), "frame": frame})
    return measure(sample, ASKED, by=each("gender", "region"), together=PAIRS)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), design=st.sampled_from(DESIGNS))
def test_laws_of_contrasts(seed: int, design: dict[str, Any]) -> None:
    estimates = measured(seed, design)
    matrix = estimates.covariance(FIGURES)
    assert np.allclose(matrix, matrix.T, equal_nan=True)
    known = ~np.isnan(np.diag(matrix))
    least = np.linalg.eigvalsh(matrix[np.ix_(known, known)])[0]
    assert least >= -1e-12 * np.nanmax(np.diag(matrix))
    a, b = FIGURES[1], FIGURES[5]
    there, back = estimates.difference(a, b), estimates.difference(b, a)
    assert np.isclose(there.estimate, -back.estimate)
    np.testing.assert_allclose([there.se, there.ci_low, there.df], [back.se, -back.ci_high, back.df], rtol=1e-9, atol=1e-12)
    # Everyone says yes or no: the two shares move against each other, and their sum not at all.
    np.testing.assert_allclose(matrix[0, 3], -matrix[0, 0], rtol=1e-9)
    both = estimates.contrast([(FIGURES[0], 1), (FIGURES[3], 1)])
    assert np.isclose(both.estimate, 1)
    assert both.se < 1e-7
