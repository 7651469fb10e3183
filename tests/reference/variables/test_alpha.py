"""Cronbach's alpha and the mean of a scale against R on 90 invented people, by hand, and against a published figure.

`r_alpha/make.R` works alpha out from R's cov() and cov.wt(). Published: R's public table `attitude` (30 departments, 7 items;
Chatterjee and Price 1977), whose raw alpha the manual of R's package psych prints as 0.84.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mel.variables.alpha import cronbach_alpha
from mel.variables.scales import score

HERE = Path(__file__).parent / "r_alpha"
EXPECTED = json.loads((HERE / "expected.json").read_text())
ITEMS, TURNED = ["worthy", "failure", "able", "useless", "proud"], ["failure", "useless"]


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return pd.read_csv(HERE / "people.csv")


@pytest.mark.parametrize(("weight", "expected"), [(None, EXPECTED["plain"]), ("w", EXPECTED["weighted"])], ids=["plain", "weighted"])
def test_alpha_and_each_item(people: pd.DataFrame, weight: str | None, expected: dict[str, object]) -> None:
    found = cronbach_alpha(people, ITEMS, low=0, high=3, reverse=TURNED, weight=weight)
    assert found.alpha == pytest.approx(expected["alpha"], rel=1e-12)
    assert (found.n, found.n_left_out, found.weighted) == (expected["n"], len(people) - expected["n"], weight is not None)
    items = found.items.set_index("item").loc[ITEMS]
    for name in ("item_rest", "alpha_if_dropped"):
        np.testing.assert_allclose(items[name], expected[name], rtol=1e-12)


def test_floor_ceiling_and_the_correlation_r_finds(people: pd.DataFrame) -> None:
    expected = EXPECTED["plain"]
    items = cronbach_alpha(people, ITEMS, low=0, high=3, reverse=TURNED).items.set_index("item").loc[ITEMS]
    np.testing.assert_allclose(items["mean"], expected["mean"], rtol=1e-12)
    np.testing.assert_allclose(items["item_rest"], expected["item_rest_by_cor"], rtol=1e-12)
    assert items["n_floor"].tolist() == expected["n_floor"]
    assert items["n_ceiling"].tolist() == expected["n_ceiling"]
    np.testing.assert_allclose(items["floor"], np.array(expected["n_floor"]) / expected["n"], rtol=1e-12)


def test_the_score_r_has(people: pd.DataFrame) -> None:
    found = score(people, ITEMS, low=0, high=3, reverse=TURNED)
    np.testing.assert_allclose(found, np.array(EXPECTED["score"], dtype=float), rtol=1e-12)
    assert found.isna().any()


def test_a_published_alpha() -> None:
    given = EXPECTED["attitude"]
    frame = pd.DataFrame(given["rows"], columns=[f"i{n}" for n in range(7)])
    found = cronbach_alpha(frame, list(frame), low=0, high=100)
    assert (found.n, round(found.alpha, 2)) == (30, 0.84)
    assert found.alpha == pytest.approx(given["alpha"], rel=1e-12)
    np.testing.assert_allclose(found.items["alpha_if_dropped"][:7], given["if_dropped"], rtol=1e-12)


def test_by_hand() -> None:
    """Variances 5/3 each, covariances 1, 4/3 and 0: 3/2 × (1 − 15/29) = 21/29."""
    frame = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "c": [1, 3, 2, 4]})
    assert cronbach_alpha(frame, ["a", "b", "c"], low=1, high=4).alpha == pytest.approx(21 / 29, rel=1e-14)
