"""The replicate weights of a file: found by name or pattern, in the file's order, and everything wrong with them told at once."""

from __future__ import annotations

from typing import Any

import pytest
from people import library, records

from mel.errors import InputError
from mel.model.alliance import Design, VariableMap
from mel.variables import derive

COLUMNS: dict[str, list[Any]] = {
    "heard": ["yes", "no", "yes"], "w": ["10", "10", "20"],
    "repw_2": ["20", "0", "20"], "repw_1": ["0", "20", "20"], "repw_10": ["15", "5", "20,5"],
}  # fmt: skip


def design(**replicates: Any) -> Design:
    stated = {"kind": "brr", "columns": "repw_*", "combined": True, **replicates}
    return Design(basis="probability", weights="expansion", weight="w", replicates=stated)


def derived(given: dict[str, list[Any]] = COLUMNS, **replicates: Any) -> Any:
    return derive(records(given), design=design(**replicates), packs=library(), variables=("heard",))


def problems(given: dict[str, list[Any]], **replicates: Any) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        derived(given, **replicates)
    return {problem.code: problem.what for problem in caught.value.problems}


def test_a_pattern_takes_columns_in_the_order_of_the_file() -> None:
    frame = derived().frame
    assert frame["replicate_1"].tolist() == [20, 0, 20]
    assert frame["replicate_2"].tolist() == [0, 20, 20]
    assert frame["replicate_3"].tolist() == [15, 5, 20.5]
    assert "repw_1" not in frame


def test_names_are_taken_in_the_order_they_are_named() -> None:
    frame = derived(columns=["repw_1", "repw_2", "repw_1"]).frame
    assert frame["replicate_1"].tolist() == [0, 20, 20]
    assert "replicate_3" not in frame


def test_everything_wrong_is_told_at_once() -> None:
    broken = {**COLUMNS, "repw_2": ["20", "", "20"], "repw_1": ["0", "-1", "20"], "repw_10": ["many", "5", ""]}
    found = problems({**broken, "w": ["10", "", "20"]}, kind="jkn", rscales=[0.5, 0.5])
    assert set(found) == {"REPLICATE_SCALES_LENGTH", "REPLICATE_CELLS_BLANK", "REPLICATE_NOT_A_NUMBER", "DESIGN_CELLS_BLANK"}
    assert found["REPLICATE_CELLS_BLANK"] == "the replicate weights 'repw_2', 'repw_10' are empty in 2 rows (row 3, row 4)."
    assert (
        found["REPLICATE_NOT_A_NUMBER"] == "the replicate weights 'repw_1', 'repw_10' are no numbers, or below 0, in 2 rows (row 2, row 3)."
    )


def test_a_pattern_that_means_nothing_says_what_looks_close() -> None:
    with pytest.raises(InputError, match=r"Columns that look close: .*'repw_1'") as caught:
        derived(columns="repwt*")
    assert caught.value.codes == ("REPLICATE_COLUMNS_MISSING",)


def test_the_sampling_weight_is_no_replicate() -> None:
    assert set(problems(COLUMNS, columns=["w", "repw_1", "repw_2"])) == {"REPLICATE_IS_WEIGHT"}


def test_one_replicate_is_none() -> None:
    assert set(problems(COLUMNS, columns="repw_1")) == {"REPLICATES_TOO_FEW"}


def test_a_column_of_zeros_is_no_replicate() -> None:
    assert set(problems({**COLUMNS, "repw_1": ["0", "0", "0"]})) == {"REPLICATE_SUMS_TO_ZERO"}


def test_combined_weights_add_up_to_the_sample() -> None:
    """Multipliers of 0 and 2 said to include a weight of 10 would shrink every replicate to a tenth; and the other way round."""
    multipliers = {**COLUMNS, "repw_2": ["2", "0", "1"], "repw_1": ["0", "2", "1"], "repw_10": ["1", "1", "1"]}
    assert "Write combined = false if each multiplies" in said(multipliers, combined=True)
    assert derived(multipliers, combined=False).frame["replicate_1"].tolist() == [2, 0, 1]
    assert "Write combined = true if each includes" in said(COLUMNS, combined=False)


def said(given: dict[str, list[Any]], **replicates: Any) -> str:
    with pytest.raises(InputError) as caught:
        derived(given, **replicates)
    assert caught.value.codes == ("REPLICATES_COMBINED_UNLIKELY",)
    return str(caught.value)


def test_a_variable_cannot_take_their_name() -> None:
    with pytest.raises(InputError) as caught:
        derive(
            records({**COLUMNS, "x": ["1", "2", "3"]}), design=design(), packs=library(), variables=("heard", "replicate_1"),
            map={"replicate_1": VariableMap.model_validate("x")},
        )  # fmt: skip
    assert caught.value.codes == ("NAME_IS_RESERVED",)
