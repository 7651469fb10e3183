"""The manual of medians and other quantiles: one idea a test, on tables small enough to sort by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from pydantic import ValidationError

from mel.comparison import compare
from mel.comparison.differences import TWO_QUANTILES
from mel.errors import CannotSay, InputError, UsageError
from mel.estimation import measure, notes
from mel.estimation.quantiles import RULES
from mel.model.alliance import Target
from mel.model.covariance import covariance
from mel.model.domains import Domains, cross, each
from mel.model.indicator import Indicator
from mel.model.pack import ReliabilityRule

HOURS = ("hours", "quantile", {"value": "hours"})
GENDER = {"gender": "woman man non_binary"}
CARE = """
    gender | hours | hours__silence
    woman  | 2     | .
    woman  | 4     | .
    woman  | 9     | .
    woman  | .     | prefer_not_to_say
    man    | 1     | .
    man    | 3     | .
    man    | .     | not_applicable
"""
CHANCE = {"basis": "probability", "weights": "none", "stratum": False, "psu": False}
VILLAGES = """
    psu | weight | hours
    a   | 1      | 1
    a   | 1      | 2
    b   | 1      | 3
    b   | 1      | 4
    c   | 1      | 5
    c   | 3      | 6
    d   | 1      | 7
    d   | 1      | 8
"""
CLUSTERS = {"basis": "probability", "weights": "expansion", "weight": "weight", "stratum": False, "psu": "psu"}
TWENTY = "hours\n" + "\n".join(str(hour) for hour in range(1, 21))


def only(estimates: Any, **keys: str) -> Any:
    table = estimates.table
    for name in estimates.dimension_names:
        table = table[table[name] == keys.pop(name, "all")]
    for name, value in keys.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


# ---- what it is -------------------------------------------------------------------------------------------------------------------


def test_the_median_is_the_lowest_answer_that_half_are_at_or_below(draw: Any, ask: Any) -> None:
    found = measure(draw(CARE, by=GENDER), [ask(*HOURS)], by=each("gender"))
    assert only(found, gender="woman")["estimate"] == 4
    assert only(found, gender="man")["estimate"] == 1  # one of two is half
    assert only(found)["estimate"] == 3


def test_who_is_counted_is_decided_as_for_a_mean(draw: Any, ask: Any) -> None:
    sample = draw(CARE, by=GENDER)
    both = measure(sample, [ask(*HOURS), ask("mean", "mean", {"value": "hours"})], by=each("gender")).table
    counts = ["n", "n_missing", "n_prefer_not_to_say", "n_not_known", "n_not_asked", "n_not_applicable", "weighted_total", "reliability"]
    median, mean = (both[both["indicator"] == name].reset_index(drop=True) for name in ("hours", "mean"))
    pd.testing.assert_frame_equal(median[counts], mean[counts])
    assert median["n_yes"].isna().all()


def test_each_probability_is_a_row_named_by_it(draw: Any, ask: Any) -> None:
    table = measure(draw(TWENTY), [ask(*HOURS, probabilities=[0.9, 0.25, 0.5])]).table
    assert dict(zip(table["category"], table["estimate"], strict=True)) == {"0.9": 18, "0.25": 5, "0.5": 10}
    assert table["category"].tolist() == ["0.9", "0.25", "0.5"]  # in the order in which they were asked


def test_a_weight_counts_as_so_many_people(draw: Any, ask: Any) -> None:
    """Σw = 10: five people's worth of weight lies at or below 5, and so does half."""
    found = only(measure(draw(VILLAGES, **CLUSTERS), [ask(*HOURS)]))
    assert (found["estimate"], found["weighted_total"], found["n"]) == (5, 10, 8)


def test_whoever_has_weight_zero_stands_for_nobody(draw: Any, ask: Any) -> None:
    sample = draw(VILLAGES, **CLUSTERS)
    nobody = sample.frame.assign(weight=sample.frame["weight"].where(sample.frame["hours"] < 8, 0.0))
    assert (nobody["weight"] == 0).sum() == 1
    with_zero = only(measure(replace(sample, frame=nobody), [ask(*HOURS)], quantile_rule="hf8"))
    without = only(measure(replace(sample, frame=nobody[nobody["weight"] > 0]), [ask(*HOURS)], quantile_rule="hf8"))
    assert with_zero["estimate"] == without["estimate"]
    assert with_zero["n"] == without["n"] == 7  # not drawn for this question: nobody to be counted


def test_an_indicator_may_have_a_weight_of_its_own(draw: Any, ask: Any) -> None:
    sample = draw(VILLAGES, **CLUSTERS)
    sample = replace(sample, frame=sample.frame.assign(people=[9, 1, 1, 1, 1, 1, 1, 1]))
    assert only(measure(sample, [ask(*HOURS, weight="people")]))["estimate"] == 1


def test_between_two_answers_a_rule_decides(draw: Any, ask: Any) -> None:
    sample = draw("hours\n 1\n 2\n 3\n 10")
    found = {rule: only(measure(sample, [ask(*HOURS)], quantile_rule=rule))["estimate"] for rule in ("math", "school", "hf4", "hf7")}
    assert found == {"math": 2, "school": 2.5, "hf4": 2, "hf7": 2.5}


def test_every_crossing_and_round(draw: Any, ask: Any) -> None:
    text = """
        round    | gender | disability | hours
        baseline | woman  | with       | 1
        baseline | woman  | without    | 2
        baseline | man    | with       | 3
        endline  | woman  | with       | 5
        endline  | man    | without    | 8
    """
    sample = draw(text, by={"gender": "woman man", "disability": "with without"}, rounds="independent")
    found = measure(sample, [ask(*HOURS)], by=each("gender", "disability") + cross("gender", "disability"))
    assert only(found, round="endline", gender="man", disability="without")["estimate"] == 8
    assert only(found, round="baseline", disability="with")["estimate"] == 1
    assert len(found.table) == 2 * (1 + 2 + 2 + 4)


# ---- what it is not ---------------------------------------------------------------------------------------------------------------


def test_a_group_nobody_is_in_is_a_row(draw: Any, ask: Any) -> None:
    empty = only(measure(draw(CARE, by=GENDER, **CHANCE), [ask(*HOURS)], by=each("gender")), gender="non_binary")
    assert (empty["n"], empty["note"]) == (0, notes.EMPTY)
    assert np.isnan(empty["estimate"]) and np.isnan(empty["se"]) and np.isnan(empty["df"])


@pytest.mark.parametrize("basis", ["census", "purposive", "self_selected", "unknown"])
def test_people_who_were_not_drawn_have_a_median_and_no_interval(basis: str, draw: Any, ask: Any) -> None:
    found = only(measure(draw(CARE, basis=basis), [ask(*HOURS)]))
    assert (found["estimate"], found["n"], found["note"]) == (3, 5, "")
    assert found[["se", "ci_low", "ci_high", "cv", "deff", "df"]].isna().all()


def test_a_group_in_one_psu_has_a_median_and_no_standard_error(draw: Any, ask: Any) -> None:
    text = VILLAGES.replace("psu |", "gender | psu |").replace("\n    a ", "\n    man | a ")
    for psu in "bcd":
        text = text.replace(f"\n    {psu} ", f"\n    woman | {psu} ")
    found = only(measure(draw(text, by={"gender": "woman man"}, **CLUSTERS), [ask(*HOURS)], by=each("gender")), gender="man")
    assert (found["estimate"], found["note"]) == (1, notes.ONE_PSU)
    assert np.isnan(found["se"]) and np.isnan(found["ci_low"])


def test_where_everybody_says_the_same_there_is_no_interval(draw: Any, ask: Any) -> None:
    found = only(measure(draw("hours\n 4\n 4\n 4\n 4", **CHANCE), [ask(*HOURS)]))
    assert (found["estimate"], found["note"]) == (4, notes.NO_SPREAD)
    assert np.isnan(found["se"]) and np.isnan(found["ci_high"])


# ---- how sure ---------------------------------------------------------------------------------------------------------------------


def test_the_interval_ends_at_answers(draw: Any, ask: Any) -> None:
    """Twenty people, one of each hour: half are at or below 10, give or take t_19 √(0.25 / 19) = 0.24, so from 0.26 to 0.74."""
    found = only(measure(draw(TWENTY, **CHANCE), [ask(*HOURS)]))
    assert (found["estimate"], found["ci_low"], found["ci_high"], found["df"]) == (10, 6, 15, 19)
    assert found["se"] == pytest.approx((15 - 6) / (2 * 2.0930240544082634))
    assert found["cv"] == found["se"] / 10
    assert np.isnan(found["deff"])


def test_few_answers_leave_nothing_beyond_the_interval(draw: Any, ask: Any) -> None:
    """Of five people, 0.6 ± 0.68 are at or below the median. The other two intervals of a share stay between 0 and 1."""
    sample = draw("hours\n 1\n 2\n 3\n 4\n 5", **CHANCE)
    symmetric, logit, beta = (
        only(measure(sample, [ask(*HOURS)], quantile_interval=how)) for how in ("symmetric", "logit", "korn_graubard")
    )
    assert symmetric["note"] == notes.BEYOND_ANSWERS and np.isnan(symmetric["ci_low"]) and np.isnan(symmetric["se"])
    assert (logit["ci_low"], logit["ci_high"], logit["note"]) == (1, 5, "")
    assert (beta["ci_low"], beta["ci_high"]) == (1, 5)


def test_where_everybody_was_asked_the_quantile_is_exact(draw: Any, ask: Any) -> None:
    sample = draw(TWENTY, **(CHANCE | {"fpc": "fpc"}))
    found = only(measure(replace(sample, frame=sample.frame.assign(fpc=20.0)), [ask(*HOURS)]))
    assert (found["se"], found["ci_low"], found["ci_high"]) == (0, 10, 10)


def test_a_narrower_level_gives_a_narrower_interval_and_the_same_median(draw: Any, ask: Any) -> None:
    wide, narrow = (only(measure(draw(TWENTY, **CHANCE), [ask(*HOURS)], level=level)) for level in (0.95, 0.8))
    assert wide["estimate"] == narrow["estimate"]
    assert wide["ci_low"] < narrow["ci_low"] < narrow["ci_high"] < wide["ci_high"]


def test_reliability_is_judged_as_for_a_mean(draw: Any, ask: Any) -> None:
    rule = ReliabilityRule(id="r", label="r", too_few_below=25, caution_below=50, source="invented", status="confirmed")
    assert only(measure(draw(TWENTY, **CHANCE), [ask(*HOURS)], reliability=rule))["reliability"] == "too_few"


def test_other_indicators_of_the_same_call_are_as_they_were(draw: Any, ask: Any) -> None:
    sample, mean = draw(CARE, by=GENDER, **CHANCE), ask("mean", "mean", {"value": "hours"})
    alone = measure(sample, [mean], by=each("gender")).table
    beside = measure(sample, [ask(*HOURS), mean], by=each("gender")).table
    pd.testing.assert_frame_equal(alone, beside[beside["indicator"] == "mean"].reset_index(drop=True))


def test_each_indicator_by_its_own_groups(draw: Any, ask: Any) -> None:
    found = measure(draw(CARE, by=GENDER), [ask(*HOURS), ask("mean", "mean", {"value": "hours"})], by={"mean": each("gender")}).table
    assert len(found[found["indicator"] == "hours"]) == 1 and len(found[found["indicator"] == "mean"]) == 4


# ---- engines ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("held_by", ["polars", "polars lazy", "duckdb", "pyarrow"])
def test_any_engine_gives_the_same(held_by: str, draw: Any, ask: Any) -> None:
    """With NaN, null and empty among the answers, and a number that has no short way of writing."""
    import duckdb

    hours = [1.5, None, np.nan, 0.1 + 0.2, 7.0, 7.0, -0.0, 0.0]
    frame = pd.DataFrame({"round": "baseline", "psu": list("aabbccdd"), "weight": [1.0, 2, 1, 1, 0.7, 1, 1, 1], "gender": list("wmwmwmwm"),
                          "hours": hours, "hours__silence": [None, "not_known", "not_known", None, None, None, None, None]})  # fmt: skip
    sample = replace(draw(VILLAGES, by={"gender": "w m"}, **CLUSTERS), frame=frame)
    asked = [ask(*HOURS, probabilities=[0.2, 0.5, 0.8])]
    people = pl.from_pandas(frame.astype({"hours__silence": "object"}))
    there = {
        "polars": lambda: people,
        "polars lazy": people.lazy,
        "pyarrow": people.to_arrow,
        "duckdb": lambda: duckdb.from_arrow(people.to_arrow()),
    }
    here = measure(sample, asked, by=each("gender"), quantile_rule="school").table
    found = measure(replace(sample, frame=there[held_by]()), asked, by=each("gender"), quantile_rule="school").table
    pd.testing.assert_frame_equal(here, found, check_exact=False, rtol=1e-12)
    assert here["n"].tolist() == [6, 3, 3] * 3


# ---- two of them ------------------------------------------------------------------------------------------------------------------

ROUNDS = "round | hours\n" + "\n".join(
    f"{name} | {hour + late}" for late, name in ((0, "baseline"), (5, "endline")) for hour in range(1, 21)
)


def test_the_change_of_a_median_is_not_taken_for_a_difference_of_means(draw: Any, ask: Any) -> None:
    estimates = measure(draw(ROUNDS, rounds="independent", **CHANCE), [ask(*HOURS)])
    change = compare(estimates).table.iloc[0]
    assert (change["status"], change["note"]) == ("cannot_compare", TWO_QUANTILES)
    assert np.isnan(change["estimate"]) and np.isnan(change["se"])
    assert (change["value_a"], change["value_b"]) == (15, 10)


def test_in_a_census_a_median_has_moved_by_as_much_as_it_has(draw: Any, ask: Any) -> None:
    change = compare(measure(draw(ROUNDS, rounds="independent", basis="census"), [ask(*HOURS)])).table.iloc[0]
    assert (change["status"], change["estimate"]) == ("no_test", 5)


def test_groups_are_not_set_side_by_side_by_their_medians(draw: Any, ask: Any) -> None:
    estimates = measure(draw(CARE, by=GENDER, **CHANCE), [ask(*HOURS)], by=each("gender"))
    assert not len(compare(estimates).table)


def test_no_covariance_is_made_up(draw: Any, ask: Any) -> None:
    estimates = measure(draw(CARE, by=GENDER, **CHANCE), [ask(*HOURS)], by=each("gender"))
    with pytest.raises(CannotSay) as error:
        estimates.difference({"gender": "woman"}, {"gender": "man"})
    assert error.value.codes == ("CONTRAST_OF_KIND",)
    cube = estimates.cubes["village"]
    median = cube.margin(("gender",)).linearise(cube.quantity("hours", "1", "0.5"))
    with pytest.raises(CannotSay) as error:
        covariance(median, np.array([0]), median, np.array([1]))
    assert error.value.codes == ("COVARIANCE_OF_QUANTILES",)


def test_a_target_of_a_median(draw: Any, ask: Any) -> None:
    target = Target(round="baseline", value=3, rule="point", set_by="assembly", reason="invented")
    few_hours = ask(*HOURS, polarity="lower_is_better")
    found = compare(measure(draw(CARE), [few_hours]), targets={"hours": [target]}).table.iloc[0]
    assert (found["status"], found["value_a"]) == ("reached", 3)
    with pytest.raises(InputError) as error:
        compare(measure(draw(CARE), [ask(*HOURS, probabilities=[0.25, 0.5])]), targets={"hours": [target]})
    assert error.value.codes == ("TARGET_OF_QUANTILES",)


# ---- refusals ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "given", "code"),
    [
        ("quantile_rule", "hf10", "ESTIMATION_OPTION"),
        ("quantile_rule", "shahvaish", "QUANTILE_RULE_NOT_OFFERED"),
        ("quantile_interval", "score", "ESTIMATION_OPTION"),
        ("quantile_interval", "asin", "ESTIMATION_OPTION"),
    ],
)
def test_a_rule_or_interval_that_was_not_tested_is_refused(option: str, given: str, code: str, draw: Any, ask: Any) -> None:
    with pytest.raises(UsageError) as error:
        measure(draw(CARE), [ask(*HOURS)], **{option: given})
    assert error.value.codes == (code,)
    assert option == "quantile_interval" or all(rule in str(error.value) for rule in RULES[:8])


def test_words_cannot_be_put_in_order(draw: Any, ask: Any) -> None:
    with pytest.raises(InputError) as error:
        measure(draw("care\n many\n few"), [ask("care", "quantile", {"value": "care"})])
    assert error.value.codes == ("NUMBER_NEEDED",)


def test_a_silence_is_no_zero(draw: Any, ask: Any) -> None:
    with pytest.raises(InputError) as error:
        measure(draw(CARE), [ask(*HOURS, silences={"prefer_not_to_say": "as_no"})])
    assert error.value.codes == ("SILENCE_AS_NO_NEEDS_CONDITION",)


@pytest.mark.parametrize("given", [[0.0], [1.0], [0.5, 0.5], [-0.1, 0.5], [float("nan")]])
def test_probabilities_lie_between_nobody_and_everybody(given: list[float], ask: Any) -> None:
    with pytest.raises(ValidationError, match="probabilities lie between 0 and 1"):
        ask(*HOURS, probabilities=given)


def test_only_a_quantile_has_probabilities(ask: Any) -> None:
    assert ask(*HOURS).probabilities == (0.5,)
    assert ask("m", "mean", {"value": "hours"}).probabilities == ()
    with pytest.raises(ValidationError, match="only a quantile has probabilities"):
        ask("m", "mean", {"value": "hours"}, probabilities=[0.5])
    for one in (ask(*HOURS), ask("m", "mean", {"value": "hours"})):
        assert Indicator.model_validate(one.model_dump(by_alias=True)) == one


def test_the_whole_is_always_among_the_rows(draw: Any, ask: Any) -> None:
    assert len(measure(draw(CARE), [ask(*HOURS)], by=Domains(())).table) == 1
