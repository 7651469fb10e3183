"""When alpha can be said, and when not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mel.errors import CannotSay, InputError, UsageError
from mel.variables.alpha import cronbach_alpha

FIVE = pd.DataFrame({"a": [0, 1, 2, 3, 1], "b": [1, 1, 2, 3, 0], "c": [3, 2, 1, 0, 3], "w": [1.0, 2.0, 1.0, 0.0, 1.0]})
POINTS = {"low": 0, "high": 3}


def test_an_item_that_is_not_turned_round_pulls_alpha_down() -> None:
    right = cronbach_alpha(FIVE, ["a", "b", "c"], **POINTS, reverse=["c"])
    wrong = cronbach_alpha(FIVE, ["a", "b", "c"], **POINTS)
    assert right.alpha > 0.9
    assert wrong.alpha < 0
    items = wrong.items.set_index("item")
    assert items["item_rest"].idxmin() == "c"
    assert items["alpha_if_dropped"].idxmax() == "c"


def test_only_those_who_answered_everything_are_in_it_and_the_others_are_counted() -> None:
    more = pd.concat([FIVE, pd.DataFrame({"a": [2, None], "b": [None, None], "c": [1, 1], "w": [1.0, 1.0]})], ignore_index=True)
    found = cronbach_alpha(more, ["a", "b", "c"], **POINTS, reverse=["c"])
    assert (found.n, found.n_left_out) == (5, 2)
    assert found.alpha == cronbach_alpha(FIVE, ["a", "b", "c"], **POINTS, reverse=["c"]).alpha


def test_equal_weights_change_nothing_and_a_weight_of_two_is_two_people() -> None:
    plain = cronbach_alpha(FIVE, ["a", "b"], **POINTS)
    assert cronbach_alpha(FIVE.assign(w=3.0), ["a", "b"], **POINTS, weight="w").alpha == pytest.approx(plain.alpha, rel=1e-14)
    twice = pd.concat([FIVE[FIVE["w"] > 0], FIVE.iloc[[1]]], ignore_index=True)
    weighted = cronbach_alpha(FIVE, ["a", "b"], **POINTS, weight="w")
    assert weighted.alpha == pytest.approx(cronbach_alpha(twice, ["a", "b"], **POINTS).alpha, rel=1e-14)


def test_floor_and_ceiling_of_the_items_and_of_the_score() -> None:
    items = cronbach_alpha(pd.DataFrame({"a": [0, 0, 0, 3], "b": [0, 0, 2, 3]}), ["a", "b"], **POINTS).items.set_index("item")
    assert items.loc["a", ["n_floor", "floor", "n_ceiling", "ceiling"]].tolist() == [3, 0.75, 1, 0.25]
    assert items.loc["score", ["n", "mean", "n_floor", "n_ceiling"]].tolist() == [4, 2.0, 2, 1]
    assert np.isnan(items.loc["a", "alpha_if_dropped"])  # of one item there is none


def test_a_correlation_with_what_does_not_vary_is_null() -> None:
    items = cronbach_alpha(pd.DataFrame({"a": [0, 1, 3], "b": [2, 2, 2]}), ["a", "b"], **POINTS).items.set_index("item")
    assert items["item_rest"].isna().all()


@pytest.mark.parametrize(
    ("frame", "items", "error", "code"),
    [
        (FIVE, ["a"], UsageError, "ALPHA_TOO_FEW_ITEMS"),
        (FIVE.head(2), ["a", "b"], CannotSay, "ALPHA_TOO_FEW_PEOPLE"),
        (FIVE.assign(a=None), ["a", "b"], CannotSay, "ALPHA_TOO_FEW_PEOPLE"),
        (FIVE.assign(a=1, b=2), ["a", "b"], CannotSay, "ALPHA_NO_SPREAD"),
        (FIVE.assign(b=3 - FIVE["a"]), ["a", "b"], CannotSay, "ALPHA_NO_SPREAD"),
        (FIVE.assign(a=9), ["a", "b"], InputError, "SCALE_OUT_OF_RANGE"),
        (FIVE, ["a", "nobody"], UsageError, "SCALE_ITEMS_WRONG"),
    ],
)
def test_each_refusal_has_its_reason(frame: pd.DataFrame, items: list[str], error: type[Exception], code: str) -> None:
    with pytest.raises(error) as refused:
        cronbach_alpha(frame, items, **POINTS)
    assert refused.value.codes == (code,)  # type: ignore[attr-defined]


@pytest.mark.parametrize("bad", [-1.0, np.inf, None])
def test_a_weight_that_cannot_be_one(bad: float | None) -> None:
    with pytest.raises(InputError) as refused:
        cronbach_alpha(FIVE.assign(w=[1.0, 1.0, 1.0, 1.0, bad]), ["a", "b"], **POINTS, weight="w")
    assert refused.value.codes == ("ALPHA_WEIGHTS_WRONG",)


def test_three_people_of_whom_one_weighs_nothing_are_two() -> None:
    with pytest.raises(CannotSay):
        cronbach_alpha(FIVE.head(3).assign(w=[1.0, 1.0, 0.0]), ["a", "b"], **POINTS, weight="w")
