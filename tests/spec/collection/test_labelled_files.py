"""SPSS, Stata and Parquet: values, their labels, and the reasons for silence survive. Everything here is invented."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from mel.collection import collect
from mel.errors import InputError

FRAME = pd.DataFrame(
    {
        "gender": [1.0, 2.0, 98.0],
        "age": [31.0, 98.0, None],
        "name": ["Ada", "", "Zoë"],
        "visited": pd.array([dt.date(2026, 3, 1), dt.date(2026, 3, 2), None], dtype=object),
        "income": [1.5, None, 2.25],
    }
)
LABELS = {"gender": "What is your gender?", "age": "How old are you?"}
VALUES = {"gender": {1: "Woman", 2: "Man", 98: "Prefers not to say"}, "age": {98: "Does not know"}}


@pytest.fixture(params=["sav", "dta"])
def labelled(request, tmp_path):
    import pyreadstat

    path = tmp_path / f"answers.{request.param}"
    if request.param == "sav":
        pyreadstat.write_sav(FRAME, str(path), column_labels=LABELS, variable_value_labels=VALUES, missing_ranges={"gender": [98]})
    else:
        # Stata labels whole numbers only
        pyreadstat.write_dta(
            FRAME.astype({"gender": "int32"}), str(path), column_labels=LABELS, variable_value_labels={"gender": VALUES["gender"]}
        )
    return path


def test_labels_of_variables_and_values_become_the_questionnaire(labelled):
    records = collect(labelled, round="midline")
    form = records.forms["midline"]
    gender = form.question("gender")
    assert gender is not None
    assert (gender.type, gender.labels) == ("select_one", {"": "What is your gender?"})
    assert {c.name: c.labels[""] for c in form.choices_of(gender)} == {"1": "Woman", "2": "Man", "98": "Prefers not to say"}


def test_labelled_values_are_text_codes_and_declared_missing_ones_stay(labelled):
    assert list(collect(labelled).frame["gender"]) == ["1", "2", "98"]


def test_numbers_text_and_dates_keep_their_kind(labelled):
    frame = collect(labelled).frame
    assert frame["income"].tolist()[::2] == [1.5, 2.25]
    assert frame["name"].isna().tolist() == [False, True, False]
    assert frame["name"].tolist()[2] == "Zoë"
    assert frame["visited"].astype(str).tolist()[:2] == ["2026-03-01", "2026-03-02"]
    assert frame["_row"].tolist() == [1, 2, 3]


def test_a_number_with_a_label_for_one_value_stays_a_number(tmp_path):
    import pyreadstat

    path = tmp_path / "a.sav"
    pyreadstat.write_sav(FRAME, str(path), column_labels=LABELS, variable_value_labels=VALUES)
    records = collect(path)
    age = records.forms["all"].question("age")
    assert age is not None
    assert age.type == "decimal"
    assert [c.labels[""] for c in records.forms["all"].choices_of(age)] == ["Does not know"]
    assert records.frame["age"].tolist()[:2] == [31.0, 98.0]


def test_a_form_that_is_named_goes_before_the_files_own_labels(labelled, form):
    records = collect(labelled, form=form)
    assert records.forms["all"].title == "An invented form"


def test_parquet_keeps_types_and_writes_truth_as_people_do(tmp_path):
    path = tmp_path / "a.parquet"
    frame = pd.DataFrame(
        {
            "n": [1, 2, 3],
            "x": [1.5, None, 2.0],
            "says": [True, False, None],
            "kind": pd.Categorical(["a", "b", "a"]),
            "day": pd.to_datetime(["2026-03-01", None, "2026-03-02"]),
            "id": ["007", "", "x"],
        }
    )
    frame.to_parquet(path)
    read = collect(path)
    assert read.frame["n"].dtype == "int64"
    assert read.frame["says"].tolist()[:2] == ["TRUE", "FALSE"]
    assert read.frame["kind"].tolist() == ["a", "b", "a"]
    assert read.frame["day"].dtype.kind == "M"
    assert read.frame["id"].tolist()[0] == "007"
    assert not read.problems


def test_a_column_of_lists_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"q": [["a", "b"], ["c"]], "n": [1, 2]}).to_parquet(path)
    with pytest.raises(InputError, match="'q'") as raised:
        collect(path)
    assert raised.value.codes == ("COLUMN_NOT_FLAT",)


@pytest.mark.parametrize("ending", ["sav", "parquet"])
def test_a_file_that_was_cut_off_is_damaged(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    if ending == "sav":
        import pyreadstat

        pyreadstat.write_sav(pd.DataFrame({"x": range(500)}), str(path))
    else:
        pd.DataFrame({"x": range(500)}).to_parquet(path)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(InputError) as raised:
        collect(path)
    assert raised.value.codes == ("FILE_DAMAGED",)


def test_an_old_workbook_is_read(shared):
    path = shared / "data" / "kobo" / "pyxform_forms" / "badly_named_choices_sheet.xls"
    records = collect(path, sheet="choices")
    assert records.frame["name"].tolist() == ["red", "blue", "green", "yellow"]
    assert (records.provenance[0].format, records.provenance[0].sheet) == ("xls", "Choices")


def test_cells_of_a_workbook_that_are_typed_keep_their_type(workbook):
    day, moment = dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 10, 30)  # noqa: DTZ001 (a workbook knows no zone)
    path = workbook(
        "a.xlsx",
        {"data": [["n", "x", "day", "moment", "yes", "mixed"], [1, 1.5, day, moment, True, "a"], [2, None, day, moment, False, 3]]},
    )
    frame = collect(path).frame
    assert frame["n"].tolist() == [1, 2]
    assert frame["n"].dtype == "int64"
    assert frame["day"].dtype.kind == "M"
    assert frame["yes"].tolist() == ["TRUE", "FALSE"]
    assert frame["mixed"].tolist() == ["a", "3"]
