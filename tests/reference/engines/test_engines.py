"""One call, every engine: pandas, Polars, DuckDB, files, Dask, Spark and PostgreSQL give the same table.

Tolerance: 1e-12 relative, for no two engines add up in the same order. Texts, counts, blanks and the order of rows are equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.errors import InputError, MelError
from mel.estimation.measure import measure
from mel.model.estimates import Estimates
from tests.reference.engines.conftest import ENGINES
from tests.reference.engines.surveys import SURVEYS, Asked

RELATIVE = 1e-12
Put = Callable[[pd.DataFrame], Any]
every_engine = pytest.mark.parametrize("engine", ENGINES)


@every_engine
@pytest.mark.parametrize("survey", SURVEYS)
def test_the_same_table(
    engine: str, survey: str, put: Put, asked_of: Callable[[str], Asked], in_pandas: Callable[[str], Estimates]
) -> None:
    asked, expected = asked_of(survey), in_pandas(survey)
    moved = replace(asked.sample, frame=put(asked.sample.frame))
    found = measure(moved, asked.indicators, by=asked.by, **asked.options)
    pd.testing.assert_frame_equal(found.table, expected.table, rtol=RELATIVE, atol=0, check_exact=False)
    assert found.labels == expected.labels
    for name, cube in expected.cubes.items():
        assert found.cubes[name].levels == cube.levels
        for one, other in zip(found.cubes[name].largest, cube.largest, strict=True):
            np.testing.assert_allclose((one.first, one.second), (other.first, other.second), rtol=RELATIVE)


@pytest.mark.parametrize("survey", SURVEYS)
def test_what_they_are_held_against_says_something(survey: str, in_pandas: Callable[[str], Estimates]) -> None:
    """People in most rows, and rows where nobody is."""
    table = in_pandas(survey).table
    assert {True, False} == set(table["n"] > 0)
    assert table["estimate"].notna().mean() > 0.5


@every_engine
def test_what_is_wrong_is_said_in_the_same_words(engine: str, put: Put, asked_of: Callable[[str], Asked]) -> None:
    """Weights, categories and blanks that cannot be: the rows are counted, the strata named, by whichever engine."""
    asked = asked_of("panel")
    wrong = asked_of("clustered").sample.frame.copy()
    wrong.loc[:2, "weight"] = (-1.0, np.inf, np.nan)
    wrong.loc[3, "gender"] = "all"
    wrong.loc[4, "region"] = None
    sample = replace(asked_of("clustered").sample, frame=wrong)
    expected = _refusal(sample, asked)
    assert set(expected.codes) == {"WEIGHT_UNUSABLE", "DIMENSION_RESERVED_LEVEL", "DIMENSION_BLANK"}
    assert str(_refusal(replace(sample, frame=put(wrong)), asked)) == str(expected)


def _refusal(sample: Any, asked: Asked) -> MelError:
    with pytest.raises(InputError) as caught:
        measure(sample, asked.indicators, by=SURVEYS["clustered"]().by)
    return caught.value
