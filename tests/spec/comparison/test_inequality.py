"""The manual of the measures of inequality: from a published table of groups, and from people. What each needs, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison import compare, inequality_of
from mel.comparison.catalogue import CATALOGUE, PAIRS
from mel.errors import CannotSay, InputError, UsageError
from mel.estimation import measure
from mel.model.comparisons import Comparisons
from mel.model.domains import each

HEARD = ("heard", "proportion", {"column": "heard", "is": ["yes"]})
CHANCE = {"basis": "probability", "weights": "none", "stratum": False, "psu": False}
WEALTH = pd.DataFrame(
    {"group": ["poorest", "middle", "richest"], "estimate": [0.2, 0.5, 0.8], "share": [0.5, 0.3, 0.2], "se": [0.02, 0.03, 0.04]}
)
BETTER = {"polarity": "higher_is_better", "ordered": True, "share": "share", "lowest": 0, "highest": 1}


# ---- a published table -------------------------------------------------------------------------------------------------


def test_every_measure_by_its_spelled_out_name() -> None:
    found = inequality_of(WEALTH, **BETTER)
    assert found["measure"].tolist() == list(CATALOGUE)
    mean = 0.5 * 0.2 + 0.3 * 0.5 + 0.2 * 0.8
    value = found.set_index("measure")["estimate"]
    assert value["gap_difference"] == pytest.approx(0.8 - 0.2)
    assert value["between_group_variance"] == pytest.approx(0.5 * (0.2 - mean) ** 2 + 0.3 * (0.5 - mean) ** 2 + 0.2 * (0.8 - mean) ** 2)
    assert value["mean_difference_from_best_performing"] == pytest.approx(0.8 - mean)
    assert value["mean_difference_from_mean_unweighted"] == pytest.approx((abs(0.2 - mean) + abs(0.5 - mean) + abs(0.8 - mean)) / 3)
    assert value["population_attributable_fraction"] == pytest.approx(100 * (0.8 - mean) / mean)


def test_a_measure_without_a_reference_group_says_so_in_its_row() -> None:
    found = inequality_of(WEALTH, **BETTER).set_index("measure")
    row = found.loc["mean_difference_from_reference"]
    assert (row["status"], row["note"]) == ("cannot_say", "The mean difference from the reference group needs a reference group.")
    assert np.isnan(row["estimate"])


def test_a_reference_group_needs_a_reason() -> None:
    with pytest.raises(InputError) as error:
        inequality_of(WEALTH, **BETTER, reference="middle")
    assert error.value.codes == ("GROUP_REFERENCE",)
    assert "nobody says why" in str(error.value)
    found = inequality_of(WEALTH, ["mean_difference_from_reference"], **BETTER, reference="middle", reference_reason="set by law").iloc[0]
    assert (found["group_b"], found["estimate"]) == ("middle", pytest.approx(0.5 * 0.3 + 0.2 * 0.3))


def test_less_is_better_turns_the_yardstick_round() -> None:
    """Of a barrier the best-performing group is the lowest, and the attributable part is below zero."""
    worse = BETTER | {"polarity": "lower_is_better"}
    found = inequality_of(WEALTH.iloc[::-1], **worse).set_index("measure")
    assert found.loc["mean_difference_from_best_performing", ["group_b", "estimate"]].tolist() == ["poorest", pytest.approx(0.21)]
    assert found.loc["population_attributable_risk", "estimate"] == pytest.approx(0.2 - 0.41)
    assert found.loc["gap_difference", ["group_a", "group_b", "estimate"]].tolist() == ["richest", "poorest", pytest.approx(0.6)]


def test_an_attributable_part_is_never_negative_where_more_is_better() -> None:
    """The last group of the order is the worst off here: nothing would be gained if everyone had its figure."""
    found = inequality_of(WEALTH.iloc[::-1], ["population_attributable_risk"], **BETTER, se="se", independent=True).iloc[0]
    assert found[["estimate", "ci_low", "ci_high"]].tolist() == [0.0, 0.0, 0.0]


def test_without_an_order_the_measures_of_an_order_are_refused() -> None:
    with pytest.raises(InputError) as error:
        inequality_of(WEALTH, ["absolute_concentration_index", "slope_index_of_inequality_linear"], **(BETTER | {"ordered": False}))
    assert error.value.codes == ("MEASURE_NEEDS_ORDER", "MEASURE_NEEDS_ORDER")


@pytest.mark.parametrize(
    ("name", "table", "more", "code"),
    [
        ("theil_index", WEALTH.iloc[:2].assign(share=[0.4, 0.6]), {}, "MEASURE_NEEDS_GROUPS"),
        ("gap_ratio", WEALTH.assign(estimate=[0.0, 0.1, 0.2]), {}, "MEASURE_NEEDS_POSITIVE"),
        ("mean_log_deviation", WEALTH.assign(estimate=[0.0, 0.1, 0.2]), {}, "MEASURE_NEEDS_POSITIVE"),
        ("relative_concentration_index", WEALTH.assign(estimate=0.0), {}, "MEASURE_ZERO_MEAN"),
        ("coefficient_of_variation", WEALTH.assign(estimate=0.0), {}, "MEASURE_ZERO_MEAN"),
        ("relative_concentration_index_wagstaff", WEALTH.assign(estimate=1.0), {}, "MEASURE_ZERO_MEAN"),
        ("theil_index", WEALTH.assign(estimate=[-1.0, 1.0, 2.0]), {"lowest": None, "highest": None}, "MEASURE_NEEDS_POSITIVE"),
        ("slope_index_of_inequality_logit", WEALTH, {"lowest": None, "highest": None}, "MEASURE_NEEDS_RANGE"),
        ("slope_index_of_inequality_logit", WEALTH.assign(estimate=[0.0, 0.0, 1.0]), {}, "MEASURE_NOT_FITTED"),
        ("population_attributable_risk", WEALTH, {"polarity": "neither"}, "MEASURE_NEEDS_SIDE"),
        ("mean_difference_from_best_performing", WEALTH, {"polarity": "neither"}, "MEASURE_NEEDS_SIDE"),
        ("mean_difference_from_reference", WEALTH, {}, "MEASURE_NEEDS_REFERENCE"),
        ("relative_index_of_inequality_linear", WEALTH.assign(estimate=[0.01, 0.02, 0.9]), {}, "MEASURE_NOT_FITTED"),
        ("between_group_variance", WEALTH, {"share": None}, "MEASURE_NEEDS_SHARES"),
    ],
)
def test_each_measure_refuses_what_it_cannot_take(name: str, table: pd.DataFrame, more: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as error:
        inequality_of(table, [name], **(BETTER | more))
    assert error.value.codes == (code,)


@pytest.mark.parametrize(
    ("table", "more", "code"),
    [
        (WEALTH.assign(share=[0.5, 0.3, 0.1]), {}, "GROUP_SHARES_SUM"),
        (WEALTH.assign(share=[50, 30, 20]), {}, "GROUP_SHARES_SUM"),
        (WEALTH.assign(share=[1.1, 0.1, -0.2]), {}, "GROUP_SHARE_NEGATIVE"),
        (WEALTH.assign(estimate=[20, 50, 80]), {}, "GROUP_OUTSIDE_RANGE"),
        (WEALTH.assign(estimate=[0.2, None, 0.8]), {}, "GROUP_NOT_A_NUMBER"),
        (WEALTH.assign(estimate=["0.2", "n/a", "0.8"]), {}, "GROUP_NOT_A_NUMBER"),
        (WEALTH.assign(group=["poor", "poor", "rich"]), {}, "GROUP_TWICE"),
        (WEALTH.assign(se=[0.1, -0.1, 0.1]), {"se": "se"}, "GROUP_SE_NEGATIVE"),
        (WEALTH, {"reference": "rich", "reference_reason": "x"}, "GROUP_REFERENCE"),
    ],
)
def test_a_table_with_something_wrong_is_refused(table: pd.DataFrame, more: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as error:
        inequality_of(table, **BETTER, **more)
    assert code in error.value.codes


def test_everything_wrong_with_a_table_is_told_at_once() -> None:
    table = pd.DataFrame({"group": ["a", "a", "c"], "estimate": [20, None, 0.3], "share": [0.1, 0.1, 0.1]})
    with pytest.raises(InputError) as error:
        inequality_of(table, **BETTER)
    assert set(error.value.codes) == {"GROUP_TWICE", "GROUP_NOT_A_NUMBER", "GROUP_OUTSIDE_RANGE", "GROUP_SHARES_SUM"}


@pytest.mark.parametrize(
    ("names", "more", "code"),
    [
        (["sii"], {}, "MEASURE_UNKNOWN"),
        (["theil_index", "theil_index"], {}, "MEASURE_TWICE"),
        (None, {"share": "weights"}, "GROUP_COLUMNS"),
        (None, {"people": "share"}, "GROUP_SHARES_TWO_WAYS"),
        (None, {"lowest": 1, "highest": 0}, "GROUP_BOUNDS"),
        (None, {"lowest": None}, "GROUP_BOUNDS"),
        (None, {"polarity": "up"}, "GROUP_OPTION"),
        (None, {"level": 95}, "GROUP_OPTION"),
    ],
)
def test_a_call_that_is_wrong(names: list[str] | None, more: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as error:
        inequality_of(WEALTH, names, **(BETTER | more))
    assert error.value.codes == (code,)


def test_a_short_name_can_mean_two_fits_and_both_are_offered() -> None:
    with pytest.raises(UsageError) as error:
        inequality_of(WEALTH, ["SII"], **BETTER)
    assert "'slope_index_of_inequality_linear', 'slope_index_of_inequality_logit'" in str(error.value)


def test_people_may_be_counted_in_any_unit() -> None:
    shares = inequality_of(WEALTH, **BETTER)
    thousands = inequality_of(WEALTH.assign(people=WEALTH["share"] * 731), **(BETTER | {"share": None}), people="people")
    pd.testing.assert_frame_equal(shares, thousands, rtol=1e-12)


def test_no_interval_unless_someone_says_the_groups_are_independent() -> None:
    unsaid = inequality_of(WEALTH, ["theil_index"], **BETTER, se="se").iloc[0]
    assert np.isnan(unsaid["ci_low"])
    assert (unsaid["status"], "nobody said" in unsaid["note"]) == ("no_test", True)
    said = inequality_of(WEALTH, ["theil_index"], **BETTER, se="se", independent=True).iloc[0]
    assert said["ci_low"] < said["estimate"] < said["ci_high"]
    assert (said["status"], "independent of each other" in said["note"]) == ("different", True)


def test_the_interval_of_an_index_by_hand() -> None:
    """Independent groups, known shares: the standard error of Σ p (2X − 1) y is √Σ (p (2X − 1) s)²."""
    found = inequality_of(WEALTH, ["absolute_concentration_index"], **BETTER, se="se", independent=True).iloc[0]
    weight = np.array([0.5 * (2 * 0.25 - 1), 0.3 * (2 * 0.65 - 1), 0.2 * (2 * 0.9 - 1)])
    assert found["se"] == pytest.approx(np.sqrt((weight**2 * np.array([0.02, 0.03, 0.04]) ** 2).sum()))
    assert found["ci_high"] - found["estimate"] == pytest.approx(1.959964 * found["se"], rel=1e-6)


def test_groups_that_chance_alone_could_set_apart_are_not_called_different() -> None:
    """Their figures differ, so every distance is above zero; its interval starts at zero."""
    noisy = WEALTH.assign(estimate=[0.48, 0.50, 0.53], se=0.05)
    found = inequality_of(noisy, **BETTER, se="se", independent=True).set_index("measure")
    distances = [
        name for name, one in CATALOGUE.items() if one.spread and name in found.index and found.loc[name, "status"] != "cannot_say"
    ]
    assert (found.loc[distances, "estimate"] > 0).all()
    assert (found.loc[distances, "ci_low"] == 0).all()
    assert set(found.loc[distances, "status"]) == {"unclear"}


def test_the_same_table_gives_the_same_interval_each_time() -> None:
    one, two = (inequality_of(WEALTH, **BETTER, se="se", independent=True) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


# ---- people ------------------------------------------------------------------------------------------------------------

ROWS = {"poorest": "nnnnnnyy", "middle": "nnnnyyyy", "richest": "nnyyyyyy"}


def people(extra: str = "", rows: dict[str, str] | None = None) -> str:
    lines = [f"{group} | {'yes' if one == 'y' else 'no'}" for group, said in (rows or ROWS).items() for one in said]
    return "wealth | heard\n" + "\n".join(lines) + "\n" + extra


def compared(draw: Any, ask: Any, names: list[str], drawing: str = "", *, ordered: bool = True, categories: str = "poorest middle richest",
             polarity: str = "higher_is_better", dimension: dict[str, Any] | None = None, **design: Any) -> Comparisons:  # fmt: skip
    sample = draw(drawing or people(), by={"wealth": categories}, **(design or CHANCE))
    sample = replace(sample, dimensions=(replace(sample.dimensions[0], ordered=ordered, **(dimension or {})),))
    return compare(measure(sample, [ask(*HEARD, polarity=polarity)], by=each("wealth")), inequality=names)


def only(comparisons: Comparisons, name: str) -> Any:
    table = comparisons.table[comparisons.table["measure"] == name]
    assert len(table) == 1
    return table.iloc[0]


def test_measures_of_people_are_those_of_their_table(draw: Any, ask: Any) -> None:
    names = [name for name in CATALOGUE if name not in PAIRS]
    from_people = compared(draw, ask, names).table.set_index("measure")
    table = pd.DataFrame({"group": list(ROWS), "estimate": [2 / 8, 4 / 8, 6 / 8], "people": [8, 8, 8]})
    published = inequality_of(
        table, names, **(BETTER | {"share": None}), people="people", reference="middle", reference_reason="as an example"
    )
    for name, value in zip(published["measure"], published["estimate"], strict=True):
        if "reference" not in name and "attributable" not in name:
            assert from_people.loc[name, "estimate"] == pytest.approx(value, rel=1e-12), name


def test_no_measure_unless_it_is_asked_for(draw: Any, ask: Any) -> None:
    estimates = measure(draw(people(), by={"wealth": "poorest middle richest"}, **CHANCE), [ask(*HEARD)], by=each("wealth"))
    assert set(compare(estimates).table["measure"]) == set(PAIRS)


def test_every_row_carries_all_groups_it_was_computed_from(draw: Any, ask: Any) -> None:
    row = only(compared(draw, ask, ["theil_index"]), "theil_index")
    assert [figure.domain for figure in row["inputs"]] == [(("wealth", group),) for group in ROWS]
    assert (row["dimension"], row["wealth"], row["group_a"], row["group_b"]) == ("wealth", "all", "", "")


def test_who_did_not_say_is_no_group(draw: Any, ask: Any) -> None:
    drawing = people("not_known | yes\nprefer_not_to_say | no\n" * 4)
    with_silence = compared(draw, ask, ["theil_index"], drawing, categories="poorest middle richest not_known prefer_not_to_say")
    row = only(with_silence, "theil_index")
    assert row["estimate"] == pytest.approx(only(compared(draw, ask, ["theil_index"]), "theil_index")["estimate"])
    assert len(row["inputs"]) == 3
    assert "Who did not say where they belong is in no group." in row["note"]


def test_a_group_of_too_few_is_left_out_and_told(draw: Any, ask: Any) -> None:
    """Nobody is left out in silence: who, how many, and their figure among the inputs, so that protection follows it."""
    sample = draw(people("nomads | yes\n"), by={"wealth": "poorest middle richest nomads"}, **CHANCE)
    estimates = measure(sample, [ask(*HEARD, polarity="higher_is_better")], by=each("wealth"))
    few = estimates.table.assign(reliability=np.where(estimates.table["wealth"] == "nomads", "too_few", "ok"))
    row = only(compare(estimates.with_table(few), inequality=["theil_index"]), "theil_index")
    assert row["estimate"] == pytest.approx(only(compared(draw, ask, ["theil_index"]), "theil_index")["estimate"])
    assert "Left out, because too few answered to say their figure aloud: nomads, 1 of 25 people who answered." in row["note"]
    assert (("wealth", "nomads"),) in [figure.domain for figure in row["inputs"]]


def test_people_who_are_no_sample_have_a_measure_and_no_interval(draw: Any, ask: Any) -> None:
    row = only(compared(draw, ask, ["between_group_variance"], basis="purposive"), "between_group_variance")
    assert row["status"] == "no_test"
    assert row["estimate"] == pytest.approx(((2 / 8 - 0.5) ** 2 + (6 / 8 - 0.5) ** 2) / 3)
    assert np.isnan(row["se"])
    assert np.isnan(row["ci_low"])


def test_a_group_that_answered_all_alike_is_no_certainty(draw: Any, ask: Any) -> None:
    row = only(compared(draw, ask, ["theil_index"], people(rows=ROWS | {"richest": "yyyyyyyy"})), "theil_index")
    assert (row["status"], np.isnan(row["ci_low"])) == ("unclear", True)
    assert "In richest everybody answered alike" in row["note"]


def test_what_a_measure_lacks_stands_in_its_row(draw: Any, ask: Any) -> None:
    names = ["absolute_concentration_index", "population_attributable_risk", "mean_difference_from_reference"]
    found = compared(draw, ask, names, ordered=False, polarity="neither").table.set_index("measure").loc[names]
    assert (found["status"] == "cannot_compare").all()
    assert found["note"].str.contains("order|higher or lower|reference").all()
    assert found["inputs"].map(len).eq(3).all()


def test_two_groups_are_not_summed_up(draw: Any, ask: Any) -> None:
    two = {name: ROWS[name] for name in ("poorest", "richest")}
    row = only(compared(draw, ask, ["theil_index"], people(rows=two), categories="poorest richest"), "theil_index")
    assert row["note"] == "The Theil index needs 3 groups or more, and 2 can be used."


def test_a_named_reference_is_the_yardstick(draw: Any, ask: Any) -> None:
    named = {"reference": "middle", "reference_reason": "what the plan promises"}
    found = compared(draw, ask, ["population_attributable_risk", "mean_difference_from_reference"], dimension=named)
    assert only(found, "population_attributable_risk")["group_b"] == "middle"
    row = only(found, "mean_difference_from_reference")
    assert (row["group_b"], row["estimate"]) == ("middle", pytest.approx((2 / 8 + 0 + 2 / 8) / 3))


def test_a_reference_nobody_can_speak_of_is_not_replaced(draw: Any, ask: Any) -> None:
    named = {"reference": "nomads", "reference_reason": "as an example"}
    found = compared(draw, ask, ["population_attributable_risk"], categories="poorest middle richest nomads", dimension=named)
    row = only(found, "population_attributable_risk")
    assert row["status"] == "cannot_compare"
    assert row["note"] == "The reference group, nomads, has no figure that can be said aloud."


def test_a_best_group_that_was_picked_is_in_the_note_not_in_a_column(draw: Any, ask: Any) -> None:
    row = only(compared(draw, ask, ["population_attributable_risk"], ordered=False), "population_attributable_risk")
    assert row["group_b"] == ""
    assert "picked from the data" in row["note"]
    assert "Held against: richest." in row["note"]


def test_distributions_have_a_row_for_each_answer(draw: Any, ask: Any) -> None:
    sample = draw(people(), by={"wealth": "poorest middle richest"}, **CHANCE)
    estimates = measure(sample, [ask("which", "distribution", {"value": "heard"})], by=each("wealth"))
    found = compare(estimates, inequality=["between_group_variance"]).table.query("measure == 'between_group_variance'")
    assert found["category"].tolist() == ["no", "yes"]
    assert found["estimate"].nunique() == 1  # what one answer gains the other loses


def test_unknown_measures_and_those_already_there_are_refused(draw: Any, ask: Any) -> None:
    for name in ("theil", "gap_difference"):
        with pytest.raises(UsageError) as error:
            compared(draw, ask, [name])
        assert error.value.codes == ("MEASURE_UNKNOWN",)


def test_measures_need_a_dimension_to_be_taken_over(draw: Any, ask: Any) -> None:
    estimates = measure(draw(people(), by={"wealth": "poorest middle richest"}, **CHANCE), [ask(*HEARD)], by=each("wealth"))
    with pytest.raises(UsageError) as error:
        compare(estimates, gaps=(), inequality=["theil_index"])
    assert error.value.codes == ("INEQUALITY_WITHOUT_DIMENSION",)


def test_without_the_cube_nothing_is_guessed(draw: Any, ask: Any) -> None:
    estimates = measure(draw(people(), by={"wealth": "poorest middle richest"}, **CHANCE), [ask(*HEARD)], by=each("wealth"))
    with pytest.raises(CannotSay) as error:
        compare(replace(estimates, cubes={}), gaps=["wealth"], inequality=["theil_index"])
    assert error.value.codes == ("COMPARISON_NEEDS_CUBE",)


# ---- the catalogue ------------------------------------------------------------------------------------------------------


def test_the_catalogue_tells_enough_to_write_about_each_measure() -> None:
    for name, one in CATALOGUE.items():
        assert name == one.name
        assert all((one.short, one.label, one.unit, one.sign, one.sides, one.source))
        assert one.groups in (2, 3)
        assert one.spread == one.sign.startswith("Never below zero")
