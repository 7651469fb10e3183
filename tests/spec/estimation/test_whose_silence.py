"""The manual of who is missing, and why: silences where a population narrows, codes written in two ways, names already taken."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from mel.codes import SILENCES
from mel.errors import CannotSay, InputError, UsageError
from mel.estimation import measure
from mel.model.domains import each

ADULT_OR_MARRIED = {"any_of": [{"column": "age", "at_least": 18}, {"column": "married", "is": ["yes"]}]}
HEARD = ("heard", "proportion", {"column": "heard", "is": ["yes"]})


def only(estimates: Any) -> Any:
    assert len(estimates.table) == 1
    return estimates.table.iloc[0]


def counts(found: Any) -> dict[str, int]:
    return {s: int(found[f"n_{s}"]) for s in SILENCES if found[f"n_{s}"]}


def test_of_those_in_the_population_the_questions_own_silence_counts(draw: Any, ask: Any) -> None:
    table = """
        age | age__silence | married | heard | heard__silence
        .   | not_known    | yes     | .     | prefer_not_to_say
        30  | .            | no      | yes   | .
    """  # she is married, so she is in; that nobody knows her age does not matter
    found = only(measure(draw(table), [ask(*HEARD, population=ADULT_OR_MARRIED, silences={"prefer_not_to_say": "as_no"})]))
    assert (found["n"], found["n_yes"], found["n_missing"], found["estimate"]) == (2, 1, 0, 0.5)
    assert counts(found) == {"prefer_not_to_say": 1}


def test_who_may_not_be_in_the_population_is_missing_also_where_that_silence_is_a_no(draw: Any, ask: Any) -> None:
    table = """
        age | age__silence | heard | heard__silence
        .   | not_known    | yes   | .
        .   | not_known    | .     | prefer_not_to_say
        30  | .            | .     | not_known
        40  | .            | yes   | .
    """
    adults = {"column": "age", "at_least": 18}
    found = only(measure(draw(table), [ask(*HEARD, population=adults, silences={"not_known": "as_no"})]))
    assert (found["n"], found["n_yes"], found["n_missing"]) == (2, 1, 2)
    assert counts(found) == {"not_known": 3}  # two of unknown age, one who counts as a no


def test_a_composition_of_a_population_says_whose_population_is_unknown(draw: Any, ask: Any) -> None:
    table = """
        gender            | age | age__silence
        woman             | 30  | .
        prefer_not_to_say | 40  | .
        man               | .   | prefer_not_to_say
        man               | 12  | .
    """
    sample = draw(table, by={"gender": "woman man prefer_not_to_say"})
    made_up = ask("made_up", "composition", {"value": "gender"}, population={"column": "age", "at_least": 18})
    table = measure(sample, [made_up]).table.set_index("category")
    assert table["estimate"].to_dict() == {"woman": 0.5, "man": 0.0, "prefer_not_to_say": 0.5}
    assert table["n"].unique().tolist() == [2]  # who did not say which gender is a category, not missing
    assert table["n_missing"].unique().tolist() == table["n_prefer_not_to_say"].unique().tolist() == [1]


@pytest.mark.parametrize(
    ("choices", "shares"),
    [({}, {"1": 0.75, "2.0": 0.25}), ({"water": {"1": "Well", "2": "Tap"}}, {"1": 0.75, "2": 0.25})],
)
def test_a_code_written_in_two_ways_is_one_answer(choices: Any, shares: dict[str, float], draw: Any, ask: Any) -> None:
    sample = draw("water\n 1.0\n 1\n 1.0\n 2.0", choices=choices)  # two rounds' files, one of them read as decimals
    found = measure(sample, [ask("water", "distribution", {"value": "water"})]).table.set_index("category")["estimate"]
    assert found.to_dict() == shares


@pytest.mark.parametrize("name", ["se", "n", "category", "indicator", "round", "note", "stratum", "psu", "weight", "_n"])
def test_a_dimension_cannot_have_the_name_of_a_column_of_results_or_design(name: str, draw: Any, ask: Any) -> None:
    table = "stratum | psu | weight | heard | gender\n a | 1 | 2 | yes | x\n a | 2 | 2 | no | y"
    sample = draw(table, by={name: "x y"}, basis="probability", weights="expansion", weight="w", stratum="s", psu="p")
    if name not in sample.frame:
        sample = type(sample)(**(vars(sample) | {"frame": sample.frame.assign(**{name: ["x", "y"]})}))
    with pytest.raises(InputError, match="DIMENSION_NAME_TAKEN"):
        measure(sample, [ask(*HEARD)], by=each(name))


def test_a_name_the_design_does_not_use_is_free(draw: Any, ask: Any) -> None:
    sample = draw("psu | heard\n north | yes\n south | no", by={"psu": "north south"})
    assert measure(sample, [ask(*HEARD)], by=each("psu")).table["estimate"].tolist() == [0.5, 1.0, 0.0]


def test_a_figure_whose_cube_was_replaced_is_not_compared_with_another(draw: Any, ask: Any) -> None:
    table = "gender | age_group | heard\n" + " woman | young | yes\n man | old | no\n woman | old | no\n man | young | yes\n" * 3
    sample = draw(
        table, by={"gender": "woman man", "age_group": "young old"}, basis="probability", weights="none", stratum=False, psu=False
    )
    both = measure(sample, [ask(*HEARD)], by=each("gender")) + measure(sample, [ask("n", *HEARD[1:])], by=each("age_group"))
    with pytest.raises(CannotSay, match="COMPARISON_NEEDS_CUBE"):
        both.difference({"indicator": "heard", "gender": "woman"}, {"indicator": "heard", "gender": "man"})
    again = measure(sample, [ask(*HEARD)], by=each("gender")) + measure(sample, [ask(*HEARD)], by=each("age_group"))
    with pytest.raises(CannotSay, match="COMPARISON_NEEDS_CUBE"):
        again.difference({"gender": "woman"}, {"gender": "man"})


def test_without_an_indicator_there_is_nothing_to_count(draw: Any) -> None:
    with pytest.raises(UsageError, match="INDICATORS_NONE"):
        measure(draw("heard\n yes"), [])


def test_numbers_far_from_zero_keep_their_spread(draw: Any, ask: Any) -> None:
    sample = draw("heard\n yes\n no\n yes", basis="probability", weights="none", stratum=False, psu=False)
    frame = sample.frame.assign(big=pd.Series([1e12, 1e12 + 1, 1e12 + 2]))
    found = only(measure(type(sample)(**(vars(sample) | {"frame": frame})), [ask("big", "mean", {"value": "big"})]))
    assert (found["estimate"], found["se"]) == (1e12 + 1, pytest.approx((1 / 3) ** 0.5, rel=1e-12))
