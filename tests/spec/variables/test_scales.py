"""A score over items named by id."""

from __future__ import annotations

import pandas as pd
import pytest

from mel.errors import InputError, UsageError
from mel.variables import score

TEN = [f"i{n}" for n in range(1, 11)]


def test_items_are_turned_round_by_id_wherever_they_stand() -> None:
    frame = pd.DataFrame([[3, 0, 3]], columns=["worthy", "failure", "able"])
    given = {"low": 0, "high": 3, "reverse": ["failure"]}
    assert score(frame, ["worthy", "failure", "able"], **given).tolist() == [9.0]
    assert score(frame, ["able", "worthy", "failure"], **given).tolist() == [9.0]


def test_up_to_a_fifth_may_be_missing_and_the_others_stand_for_them() -> None:
    frame = pd.DataFrame([[2] * 8 + [None] * 2, [2] * 7 + [None] * 3], columns=TEN)
    assert score(frame, TEN, low=0, high=3).fillna(-1).tolist() == [20.0, -1.0]
    assert score(frame, TEN, low=0, high=3, how="mean").fillna(-1).tolist() == [2.0, -1.0]


def test_what_is_outside_the_scale_stops_without_being_quoted() -> None:
    with pytest.raises(InputError) as stopped:
        score(pd.DataFrame({"a": [4, 1], "b": ["x", 2]}), ["a", "b"], low=0, high=3)
    assert stopped.value.codes == ("SCALE_OUT_OF_RANGE", "SCALE_OUT_OF_RANGE")


def test_wrong_items_are_refused_all_at_once() -> None:
    with pytest.raises(UsageError) as refused:
        score(pd.DataFrame({"a": [1]}), ["a", "a", "z"], low=3, high=3, reverse=["q"])
    assert len(refused.value.problems) == 4
