"""What `measure` refuses: each wrong thing is one clear error, all of them at once, before any work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.errors import CannotSay, InputError, UsageError
from mel.estimation import measure
from mel.model.domains import each

HEARD = ("heard", "proportion", {"column": "heard", "is": ["yes"]})
DRAWN = """
    stratum | psu | weight | fpc | gender | heard
    north   | 1   | 2      | 10  | woman  | yes
    north   | 2   | 2      | 10  | man    | no
    south   | 1   | 5      | 20  | woman  | yes
    south   | 2   | 5      | 20  | woman  | no
"""
CHANCE = {"basis": "probability", "weights": "expansion", "weight": "w", "stratum": "s", "psu": "p", "fpc": "f"}
GENDER = {"gender": "woman man"}


def changed(sample: Any, **columns: Any) -> Any:
    return type(sample)(**(vars(sample) | {"frame": sample.frame.assign(**columns)}))


def codes(error: Any) -> set[str]:
    return set(error.value.codes)


def test_an_unknown_option_lists_what_there_is(draw: Any, ask: Any) -> None:
    with pytest.raises(UsageError) as error:
        measure(draw(DRAWN), [ask(*HEARD)], interval="wald", deff="kish", level=95)
    assert codes(error) == {"ESTIMATION_OPTION", "ESTIMATION_LEVEL"}
    assert "'logit', 'wilson', 'korn_graubard'" in str(error.value)


def test_an_unknown_argument_is_never_swallowed(draw: Any, ask: Any) -> None:
    with pytest.raises(TypeError):
        measure(draw(DRAWN), [ask(*HEARD)], weigths="weight")  # type: ignore[call-arg]


def test_an_unknown_dimension_names_the_closest(draw: Any, ask: Any) -> None:
    with pytest.raises(UsageError, match="Looks close: 'gender'") as error:
        measure(draw(DRAWN, by=GENDER), [ask(*HEARD)], by=each("gendre"))
    assert codes(error) == {"DIMENSION_UNKNOWN"}


def test_an_indicator_whose_column_is_absent_names_the_closest(draw: Any, ask: Any) -> None:
    with pytest.raises(InputError, match="Looks close: 'heard'") as error:
        measure(draw(DRAWN), [ask("heard", "proportion", {"column": "was_heard", "is": ["yes"]})])
    assert codes(error) == {"INDICATOR_COLUMN_MISSING"}


def test_text_where_numbers_are_needed(draw: Any, ask: Any) -> None:
    with pytest.raises(InputError) as error:
        measure(draw(DRAWN), [ask("m", "mean", {"value": "heard"}), ask("p", "proportion", {"column": "gender", "at_least": 3})])
    assert [p.code for p in error.value.problems] == ["NUMBER_NEEDED", "NUMBER_NEEDED"]


@pytest.mark.parametrize(("weight", "code"), [(-1.0, "WEIGHT_UNUSABLE"), (np.inf, "WEIGHT_UNUSABLE"), (np.nan, "WEIGHT_UNUSABLE")])
def test_a_weight_that_cannot_be_names_rows_and_strata(weight: float, code: str, draw: Any, ask: Any) -> None:
    sample = draw(DRAWN, **CHANCE)
    with pytest.raises(InputError, match=r"in 1 rows \(strata: 'south'\)") as error:
        measure(changed(sample, weight=[2.0, 2.0, weight, 5.0]), [ask(*HEARD)])
    assert codes(error) == {code}


def test_weights_that_add_up_to_zero(draw: Any, ask: Any) -> None:
    with pytest.raises(InputError) as error:
        measure(changed(draw(DRAWN, **CHANCE), weight=0.0), [ask(*HEARD)])
    assert codes(error) == {"WEIGHT_ZERO_SUM"}


def test_everything_that_is_wrong_is_said_at_once(draw: Any, ask: Any) -> None:
    sample = changed(draw(DRAWN, by=GENDER, **CHANCE), weight=[-1.0, 2, 5, 5], gender=["all", "man", None, "woman"])
    with pytest.raises(InputError) as error:
        measure(sample, [ask(*HEARD)], by=each("gender"))
    assert codes(error) == {"WEIGHT_UNUSABLE", "DIMENSION_RESERVED_LEVEL", "DIMENSION_BLANK"}


def test_a_dimension_with_a_thousand_levels_is_no_group(draw: Any, ask: Any) -> None:
    frame = pd.DataFrame({"round": "r", "heard": "yes", "gender": [str(k) for k in range(1_001)]})
    sample = draw("gender | heard\n woman | yes", by=GENDER)
    with pytest.raises(InputError, match="1001 different categories") as error:
        measure(type(sample)(**(vars(sample) | {"frame": frame})), [ask(*HEARD)], by=each("gender"))
    assert codes(error) == {"DIMENSION_TOO_FINE"}


def test_a_dimension_with_one_category_is_refused_before_any_row_is_read(draw: Any, ask: Any) -> None:
    sample = changed(draw(DRAWN, by={"gender": "woman"}), gender="woman")
    with pytest.raises(InputError, match="'gender' of 'village' has one category only") as error:
        measure(sample, [ask(*HEARD)], by=each("gender"))
    assert codes(error) == {"DIMENSION_CONSTANT"}


def test_a_group_that_could_be_there_and_is_not_is_a_row(draw: Any, ask: Any) -> None:
    """Everybody who came is a woman: that no man did is an answer, not an error."""
    table = measure(changed(draw(DRAWN, by={"gender": "woman man"}), gender="woman"), [ask(*HEARD)], by=each("gender")).table
    assert table.set_index("gender")["n"].to_dict() == {"all": 4, "woman": 4, "man": 0}


def test_lonely_psus_stop_and_are_named(draw: Any, ask: Any) -> None:
    lonely = DRAWN.replace("south   | 2 ", "west    | 1 ")
    with pytest.raises(InputError, match=r"'south', 'west'") as error:
        measure(draw(lonely, **(CHANCE | {"fpc": None})), [ask(*HEARD)])
    assert codes(error) == {"LONELY_PSU"}


def test_a_stratum_taken_whole_is_not_lonely(draw: Any, ask: Any) -> None:
    taken = DRAWN.replace("south   | 2   | 5      | 20", "south   | 1   | 5      | 1").replace(
        "south   | 1   | 5      | 20", "south   | 1   | 5      | 1"
    )
    found = measure(draw(taken, **CHANCE), [ask(*HEARD)]).table.iloc[0]
    assert found["se"] > 0


def test_a_psu_label_in_two_strata_where_labels_are_said_to_be_unique(draw: Any, ask: Any) -> None:
    with pytest.raises(InputError, match="'1', '2'") as error:
        measure(draw(DRAWN, **(CHANCE | {"psu_unique": True})), [ask(*HEARD)])
    assert codes(error) == {"PSU_IN_TWO_STRATA"}


@pytest.mark.parametrize(
    ("fpc", "code"),
    [
        ([1.5, 1.5, 20, 20], "FPC_TOO_SMALL"),
        ([10, 11, 20, 20], "FPC_UNUSABLE"),
        ([0.5, 0.5, 20, 20], "FPC_MIXED"),
        ([10, 10, np.nan, 20], "DESIGN_BLANK"),
    ],
)
def test_an_fpc_that_cannot_be(fpc: list[float], code: str, draw: Any, ask: Any) -> None:
    with pytest.raises(InputError) as error:
        measure(changed(draw(DRAWN, **CHANCE), fpc=fpc), [ask(*HEARD)])
    assert codes(error) == {code}


def test_a_design_whose_column_is_absent(draw: Any, ask: Any) -> None:
    sample = draw(DRAWN, **CHANCE)
    sample = type(sample)(**(vars(sample) | {"frame": sample.frame.drop(columns=["psu", "weight"])}))
    with pytest.raises(InputError) as error:
        measure(sample, [ask(*HEARD)])
    assert [p.code for p in error.value.problems] == ["COLUMN_OF_DESIGN_MISSING"] * 2


@pytest.mark.parametrize("weights", ["normalised", "none"])
def test_totals_need_expansion_weights(weights: str, draw: Any, ask: Any) -> None:
    design = CHANCE | {"weights": weights, "weight": "w" if weights == "normalised" else None}
    with pytest.raises(InputError) as error:
        measure(draw(DRAWN, **design), [ask("heard", "total", {"column": "heard", "is": ["yes"]})])
    assert codes(error) == {"TOTAL_NEEDS_EXPANSION"}


def test_a_kind_that_is_not_there_yet_is_refused(draw: Any, ask: Any) -> None:
    mode = ask("x", "mean", {"value": "weight"}).model_copy(update={"kind": "mode"})
    with pytest.raises(CannotSay) as error:
        measure(draw(DRAWN), [mode])
    assert codes(error) == {"KIND_NOT_YET"}


def test_a_number_has_no_no(draw: Any, ask: Any) -> None:
    with pytest.raises(InputError) as error:
        measure(draw(DRAWN), [ask("m", "mean", {"value": "weight"}, silences={"not_known": "as_no"})])
    assert codes(error) == {"SILENCE_AS_NO_NEEDS_CONDITION"}


def test_the_same_indicator_twice(draw: Any, ask: Any) -> None:
    with pytest.raises(UsageError) as error:
        measure(draw(DRAWN), [ask(*HEARD), ask(*HEARD)])
    assert codes(error) == {"INDICATOR_TWICE"}


def test_a_breakdown_of_an_indicator_that_is_not_measured(draw: Any, ask: Any) -> None:
    with pytest.raises(UsageError) as error:
        measure(draw(DRAWN, by=GENDER), [ask(*HEARD)], by={"herd": each("gender")})
    assert codes(error) == {"INDICATOR_UNKNOWN"}


def test_a_sample_cannot_count_different_ones(draw: Any, ask: Any) -> None:
    with pytest.raises(InputError) as error:
        measure(draw(DRAWN, **CHANCE), [ask("d", "distinct_count", {"value": "gender"})])
    assert codes(error) == {"DISTINCT_ONLY_COUNTED"}


def test_an_own_weight_needs_a_sample(draw: Any, ask: Any) -> None:
    with pytest.raises(InputError) as error:
        measure(draw(DRAWN), [ask(*HEARD, weight="weight")])
    assert codes(error) == {"WEIGHT_WITHOUT_SAMPLE"}


def test_a_dimension_that_turns_out_to_have_one_category_is_refused(draw: Any, ask: Any) -> None:
    sample = changed(draw(DRAWN, by={"gender": ""}), gender="woman")
    with pytest.raises(InputError) as error:
        measure(sample, [ask(*HEARD)], by=each("gender"))
    assert codes(error) == {"DIMENSION_CONSTANT"}


def test_an_empty_text_is_no_category(draw: Any, ask: Any) -> None:
    sample = changed(draw(DRAWN, by={"gender": "woman man"}), gender=["woman", "man", "", "woman"])
    with pytest.raises(InputError) as error:
        measure(sample, [ask(*HEARD)], by=each("gender"))
    assert codes(error) == {"DIMENSION_BLANK"}


def test_a_number_without_end_is_refused(draw: Any, ask: Any) -> None:
    sample = draw("hours\n 4\n 5")
    sample = changed(sample, hours=[4.0, float("inf")])
    with pytest.raises(InputError) as error:
        measure(sample, [ask("hours", "mean", {"value": "hours"})])
    assert codes(error) == {"NUMBER_ENDLESS"}


@pytest.mark.parametrize(("column", "wanted"), [([True, False], ["yes"]), ([1, 2], ["one", "two"])])
def test_a_value_that_the_column_can_never_hold_is_refused(column: list[Any], wanted: list[str], draw: Any, ask: Any) -> None:
    sample = changed(draw("heard\n yes\n no"), heard=column)
    with pytest.raises(InputError) as error:
        measure(sample, [ask("heard", "proportion", {"column": "heard", "is": wanted})])
    assert codes(error) == {"VALUE_NEVER_HELD"}


def test_codes_of_a_form_and_numbers_of_a_file_are_one_answer(draw: Any, ask: Any) -> None:
    sample = draw("source\n 1\n 2\n 1", choices={"source": {"01": "well", "02": "river"}})
    sample = changed(sample, source=[1, 2, 1])
    table = measure(sample, [ask("source", "distribution", {"value": "source"})]).table
    assert table.set_index("category")["n_yes"].to_dict() == {"01": 2, "02": 1}
