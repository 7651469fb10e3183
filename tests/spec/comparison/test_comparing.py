"""The manual of `compare`: change, gaps and targets, on tables small enough to see through."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mel.comparison import compare
from mel.errors import CannotSay, InputError, UsageError
from mel.estimation import measure
from mel.model.alliance import Target
from mel.model.domains import each
from mel.model.estimates import Estimates

HEARD = ("heard", "proportion", {"column": "heard", "is": ["yes"]})
GENDER = {"gender": "woman man non_binary"}
TWO_ROUNDS = """
    round    | gender | heard
    baseline | woman  | no
    baseline | woman  | no
    baseline | man    | yes
    baseline | man    | no
    midline  | woman  | yes
    midline  | woman  | no
    midline  | man    | yes
    midline  | man    | yes
"""
CHANCE = {"basis": "probability", "weights": "none", "stratum": False, "psu": False}


def many(times: int, rows: str) -> str:
    head, *body = [line for line in rows.strip().splitlines() if line.strip()]
    return "\n".join([head, *body * times])


def only(comparisons: Any, measure_: str, **keys: str) -> Any:
    table = comparisons.table[comparisons.table["measure"] == measure_]
    for name, value in keys.items():
        table = table[table[name] == value]
    assert len(table) == 1, table
    return table.iloc[0]


def test_change_is_the_later_round_minus_the_earlier(draw: Any, ask: Any) -> None:
    change = only(compare(measure(draw(TWO_ROUNDS, rounds="independent"), [ask(*HEARD)])), "change")
    assert (change["from_round"], change["round"]) == ("baseline", "midline")
    assert (change["value_b"], change["value_a"], change["estimate"]) == (0.25, 0.75, 0.5)


def test_every_row_carries_the_figures_it_came_from(draw: Any, ask: Any) -> None:
    comparisons = compare(measure(draw(TWO_ROUNDS, by=GENDER, rounds="independent"), [ask(*HEARD)], by=each("gender")))
    assert comparisons.table["inputs"].map(len).min() >= 1
    late, early = only(comparisons, "change", gender="woman")["inputs"]
    assert (late.round, early.round, late.domain) == ("midline", "baseline", (("gender", "woman"),))
    a, b = only(comparisons, "gap_ratio", round="midline")["inputs"]
    assert (a.domain, b.domain) == ((("gender", "man"),), (("gender", "woman"),))


def test_people_who_are_no_sample_have_a_difference_and_no_test(draw: Any, ask: Any) -> None:
    change = only(compare(measure(draw(TWO_ROUNDS, rounds="independent"), [ask(*HEARD)])), "change")
    assert change["status"] == "no_test"
    assert np.isnan(change["se"])


@pytest.mark.parametrize(("times", "status"), [(1, "unclear"), (50, "up")])
def test_a_change_is_said_only_when_chance_is_unlikely(times: int, status: str, draw: Any, ask: Any) -> None:
    sample = draw(many(times, TWO_ROUNDS), rounds="independent", **CHANCE)
    change = only(compare(measure(sample, [ask(*HEARD)])), "change")
    assert change["status"] == status
    before, after = 0.25 * 0.75, 0.75 * 0.25
    assert change["se"] == pytest.approx(np.sqrt(before / (4 * times - 1) + after / (4 * times - 1)))


def test_a_change_without_one_of_its_rounds_cannot_be_compared(draw: Any, ask: Any) -> None:
    silent = TWO_ROUNDS.replace("baseline | woman  | no", "baseline | woman  | .")
    change = only(
        compare(measure(draw(silent, by=GENDER, rounds="independent"), [ask(*HEARD)], by=each("gender"))), "change", gender="woman"
    )
    assert change["status"] == "cannot_compare"
    assert np.isnan(change["estimate"])


def test_two_kinds_of_samples_cannot_be_compared(draw: Any, ask: Any) -> None:
    estimates = measure(draw(TWO_ROUNDS, rounds="independent"), [ask(*HEARD)])
    mixed = estimates.with_table(estimates.table.assign(basis=["purposive", "census"]))
    change = only(compare(mixed), "change")
    assert (change["status"], np.isnan(change["estimate"])) == ("cannot_compare", True)
    assert "different ways" in change["note"]


def test_rounds_of_a_sample_must_say_how_they_relate(draw: Any, ask: Any) -> None:
    with pytest.raises(InputError) as error:
        compare(measure(draw(TWO_ROUNDS, **CHANCE), [ask(*HEARD)]))
    assert error.value.codes == ("ROUNDS_NOT_DECLARED",)


def test_the_same_clusters_need_clusters(draw: Any, ask: Any) -> None:
    with pytest.raises(CannotSay) as error:
        compare(measure(draw(many(3, TWO_ROUNDS), rounds="same_clusters", **CHANCE), [ask(*HEARD)]))
    assert error.value.codes == ("COVARIANCE_RESPONDENT",)


def test_rounds_can_be_chosen(draw: Any, ask: Any) -> None:
    three = TWO_ROUNDS + "    endline | woman | yes\n"
    estimates = measure(draw(three, rounds="independent"), [ask(*HEARD)])
    made = compare(estimates).table
    assert made.loc[made["measure"] == "change", "from_round"].tolist() == ["baseline", "midline"]
    ends = compare(estimates, change=[("baseline", "endline")]).table.set_index("measure")["estimate"]
    assert ends.to_dict() == {"change": 0.75, "change_ratio": 4.0}
    assert compare(estimates, change=()).table.empty


def test_a_gap_is_between_the_furthest_apart_and_says_they_were_picked(draw: Any, ask: Any) -> None:
    sample = draw(
        "gender | heard\n woman | yes\n woman | no\n man | yes\n prefer_not_to_say | no", by={"gender": "woman man prefer_not_to_say"}
    )
    comparisons = compare(measure(sample, [ask(*HEARD)], by=each("gender")))
    gap = only(comparisons, "gap_difference")
    assert (gap["group_a"], gap["group_b"], gap["estimate"]) == ("man", "woman", 0.5)  # a silence is never picked as a group
    assert "picked from the data" in gap["note"]
    assert only(comparisons, "gap_ratio")["estimate"] == 2.0
    assert gap["gender"] == "all"


def test_a_named_reference_is_held_against_each(draw: Any, ask: Any) -> None:
    sample = draw("gender | heard\n woman | yes\n woman | no\n man | yes\n non_binary | no", by=GENDER)
    reference = replace(sample.dimensions[0], reference="man", reference_reason="the law names men")
    sample = replace(sample, dimensions=(reference,))
    gaps = compare(measure(sample, [ask(*HEARD)], by=each("gender"))).table.query("measure == 'gap_difference'")
    assert dict(zip(gaps["group_a"], gaps["estimate"], strict=True)) == {"woman": -0.5, "non_binary": -1.0}
    assert (gaps["group_b"] == "man").all()
    assert (gaps["note"] == "").all()


def test_a_ratio_to_nobody_is_not_a_number(draw: Any, ask: Any) -> None:
    sample = draw("gender | heard\n woman | no\n man | yes", by=GENDER)
    ratio = only(compare(measure(sample, [ask(*HEARD)], by=each("gender"))), "gap_ratio")
    assert np.isnan(ratio["estimate"])
    assert ratio["status"] == "cannot_compare"


def test_a_group_that_answered_all_alike_is_no_certainty(draw: Any, ask: Any) -> None:
    """Nine women, none heard: their standard error is zero, which must not make a gap sure."""
    sample = draw(many(9, "gender | heard\n woman | no\n man | yes\n man | no"), by=GENDER, **CHANCE)
    gap = only(compare(measure(sample, [ask(*HEARD)], by=each("gender"))), "gap_difference")
    assert gap["estimate"] == 0.5
    assert np.isnan(gap["se"])
    assert np.isnan(gap["ci_low"])
    assert gap["status"] == "unclear"
    assert "answered alike" in gap["note"]


def test_a_composition_has_no_gap(draw: Any, ask: Any) -> None:
    sample = draw("gender | place\n woman | hill\n man | sea", by=GENDER | {"place": "hill sea"})
    estimates = measure(sample, [ask("reached", "composition", {"value": "gender"})], by=each("place"))
    assert compare(estimates).table.empty


def test_gaps_need_the_cube_for_a_sample(draw: Any, ask: Any) -> None:
    mixed = TWO_ROUNDS.replace("baseline | woman  | no", "baseline | woman  | yes", 1).replace(
        "midline  | man    | yes", "midline  | man    | no", 1
    )
    sample = draw(many(9, mixed), by=GENDER, rounds="independent", **CHANCE)
    estimates = measure(sample, [ask(*HEARD)], by=each("gender"))
    with pytest.raises(CannotSay) as error:
        compare(replace(estimates, cubes={}))
    assert error.value.codes == ("COMPARISON_NEEDS_CUBE",)


def targets(
    draw: Any, ask: Any, times: int, value: float, *, polarity: str = "higher_is_better", rule: Any = "interval", **design: Any
) -> Any:
    sample = draw(many(times, TWO_ROUNDS), rounds="independent", **(design or CHANCE))
    estimates = measure(sample, [ask(*HEARD, polarity=polarity)])
    return only(compare(estimates, targets={"heard": [Target(round="midline", value=value, rule=rule)]}), "against_milestone")


@pytest.mark.parametrize(("value", "status"), [(0.5, "reached"), (0.74, "cannot_say"), (0.95, "not_reached")])
def test_a_target_is_reached_when_the_whole_interval_is_past_it(value: float, status: str, draw: Any, ask: Any) -> None:
    found = targets(draw, ask, 40, value)
    assert found["status"] == status
    assert found["estimate"] == pytest.approx(0.75 - value)
    assert found["ci_low"] < found["estimate"] < found["ci_high"]


def test_lower_may_be_better(draw: Any, ask: Any) -> None:
    assert targets(draw, ask, 40, 0.95, polarity="lower_is_better")["status"] == "reached"
    assert targets(draw, ask, 40, 0.5, polarity="lower_is_better")["status"] == "not_reached"
    assert targets(draw, ask, 40, 0.5, polarity="neither")["status"] == "no_rule"


def test_only_a_sample_has_an_interval_to_be_past_a_target(draw: Any, ask: Any) -> None:
    found = targets(draw, ask, 1, 0.5, basis="purposive")
    assert (found["status"], found["estimate"]) == ("no_rule", 0.25)
    assert targets(draw, ask, 1, 0.5, basis="purposive", rule="point")["status"] == "reached"


@pytest.mark.parametrize(
    ("value", "status"), [(0.5, "reached"), (0.6, "reached"), (0.65, "cannot_say"), (0.8, "cannot_say"), (0.9, "not_reached")]
)
def test_in_a_census_those_who_did_not_answer_may_decide(value: float, status: str, draw: Any, ask: Any) -> None:
    """Six of ten said yes, two no, two nothing: 6 of 8 answered, and of all ten it may be 6, 7 or 8."""
    sample = draw("heard | heard__silence\n" + "yes | .\n" * 6 + "no | .\n" * 2 + ". | not_known\n" * 2)
    estimates = measure(sample, [ask(*HEARD, polarity="higher_is_better")])
    row = only(compare(estimates, targets={"heard": [Target(round="baseline", value=value, rule="point")]}), "against_milestone")
    assert row["value_a"] == 0.75
    assert row["status"] == status


def test_a_target_of_one_group_and_of_a_round_still_to_come(draw: Any, ask: Any) -> None:
    estimates = measure(draw(TWO_ROUNDS, by=GENDER, rounds="independent"), [ask(*HEARD)], by=each("gender"))
    wanted = [Target(round="midline", value=0.4, where={"gender": "woman"}), Target(round="endline", value=0.9)]
    found = only(compare(estimates, targets={"heard": wanted}), "against_milestone")
    assert (found["gender"], round(found["estimate"], 6), len(found["inputs"])) == ("woman", 0.1, 1)


def test_everything_unknown_is_said_at_once(draw: Any, ask: Any) -> None:
    estimates = measure(draw(TWO_ROUNDS, by=GENDER, rounds="independent"), [ask(*HEARD)], by=each("gender"))
    with pytest.raises(UsageError) as error:
        compare(estimates, change=[("baseline", "endlin")], gaps=["gendre"], targets={"herd": [Target(round="midline", value=1)]})
    assert set(error.value.codes) == {"ROUND_UNKNOWN", "GAP_DIMENSION_UNKNOWN", "TARGET_INDICATOR_UNKNOWN"}


def test_a_target_for_a_group_that_was_not_measured(draw: Any, ask: Any) -> None:
    estimates = measure(draw(TWO_ROUNDS, rounds="independent"), [ask(*HEARD)])
    with pytest.raises(InputError, match="gender = woman") as error:
        compare(estimates, targets={"heard": [Target(round="midline", value=1, where={"gender": "woman"})]})
    assert error.value.codes == ("TARGET_WITHOUT_FIGURE",)


def test_nothing_measured_gives_an_empty_table() -> None:
    import pandas as pd

    from mel.model.estimates import KEYS_AFTER, KEYS_BEFORE, VALUES

    nothing = Estimates(pd.DataFrame(columns=[*KEYS_BEFORE, *KEYS_AFTER, *VALUES]), (), {})
    assert compare(nothing).table.empty


def test_two_datasets_stay_apart(draw: Any, ask: Any) -> None:
    one = measure(draw(TWO_ROUNDS, by=GENDER, rounds="independent"), [ask(*HEARD)], by=each("gender"))
    other = measure(replace(draw(TWO_ROUNDS, rounds="independent"), dataset="town"), [ask("seen", *HEARD[1:])])
    table = compare(one + other).table
    assert set(table.loc[table["measure"] == "change", "dataset"]) == {"village", "town"}
