"""One answer, however Kobo, ODK, R or a person wrote it down. Everything here is invented."""

from __future__ import annotations

import numpy as np
import pytest

from mel.collection import collect
from mel.errors import InputError

ATE = ["ate/rice", "ate/beans", "ate/green_leaves"]


def ticks(records) -> list[list[float | None]]:
    return [[None if v != v else v for v in row] for row in records.frame[ATE].to_numpy(dtype=float)]


EXPECTED = [[1, 0, 1], [0, 1, 0], [None, None, None]]


@pytest.mark.parametrize("mark", ["/", ".", "_", "-", ":"])
@pytest.mark.parametrize("group", ["", "who/", "who."])
@pytest.mark.parametrize("values", [("1", "0"), ("TRUE", "FALSE"), ("1.0", "0.0"), ("True", "False")])
def test_select_multiple_as_ticks_in_every_spelling(text, form, mark, group, values):
    yes, no = values
    header = ",".join([f"{group}gender", *(f"ate{mark}{c}" for c in ("rice", "beans", "green_leaves"))])
    path = text(f"{header}\n1,{yes},{no},{yes}\n2,{no},{yes},{no}\n1,,,\n")
    records = collect(path, form=form)
    assert ticks(records) == EXPECTED
    assert list(records.frame["gender"]) == ["1", "2", "1"]
    assert not records.problems


def test_select_multiple_as_text_only(text, form):
    records = collect(text("gender,ate\n1,rice green_leaves\n2,beans\n1,\n"), form=form)
    assert ticks(records) == EXPECTED
    assert "ate" not in records.frame.columns


@pytest.mark.parametrize("answer", ["Rice Green leaves", "Rice, Green leaves", "Feuilles vertes; Riz"])
def test_select_multiple_as_labels_in_text(text, form, answer):
    records = collect(text(f'gender,ate\n1,"{answer}"\n2,Beans\n1,\n'), form=form)
    assert ticks(records) == EXPECTED


def test_ticks_numbered_by_position_are_told(text, form):
    records = collect(text("gender,ate,ate_1,ate_2,ate_3\n1,rice green_leaves,1,0,1\n2,beans,0,1,0\n1,,,,\n"), form=form)
    assert ticks(records) == EXPECTED
    assert [p.code for p in records.problems] == ["TICKS_BY_POSITION"]


def test_zeros_without_an_answer_are_no_answer(text, form):
    records = collect(
        text("gender,ate,ate/rice,ate/beans,ate/green_leaves\n1,rice green_leaves,1,0,1\n2,beans,0,1,0\n1,,0,0,0\n"), form=form
    )
    assert ticks(records) == EXPECTED


def test_ticks_and_text_that_disagree_are_told_by_row_and_the_ticks_are_used(text, form):
    records = collect(text("gender,ate,ate/rice,ate/beans,ate/green_leaves\n1,rice,1,0,1\n2,beans,0,1,0\n1,,,,\n"), form=form)
    assert ticks(records) == EXPECTED
    (problem,) = records.problems
    assert (problem.code, problem.column) == ("TICKS_DISAGREE", "ate")
    assert "the first in row 2" in problem.what


def test_a_choice_the_form_does_not_offer_stays_for_check_to_name(text, form):
    records = collect(text("gender,ate\n1,rice\n2,cake\n"), form=form)
    assert list(records.frame["ate/cake"]) == [0, 1]
    with_ticks = collect(text("gender,ate/rice,ate/cake\n1,1,0\n2,0,1\n", "b.csv"), form=form)
    assert list(with_ticks.frame["ate/cake"]) == [0, 1]


def test_a_cell_that_is_no_tick_becomes_empty_and_is_told(text, form):
    records = collect(text("gender,ate/rice,ate/beans\n1,1,0\n2,7,0\n"), form=form)
    assert np.isnan(records.frame["ate/rice"][1])
    (problem,) = records.problems
    assert (problem.code, "row 3" in problem.what) == ("TICK_UNREADABLE", True)


def test_two_hundred_choices(text, workbook):
    names = [f"c{n}" for n in range(200)]
    choices = [["list_name", "name", "label"], *(["l", name, f"Choice {name}"] for name in names)]
    form = workbook("wide.xlsx", {"survey": [["type", "name", "label"], ["select_multiple l", "q", "Q"]], "choices": choices})
    rows = "\n".join(",".join("1" if (row + n) % 7 == 0 else "0" for n in range(200)) for row in range(5))
    records = collect(text(",".join(f"q/{name}" for name in names) + "\n" + rows + "\n"), form=form)
    assert [c for c in records.frame.columns if c.startswith("q/")] == [f"q/{name}" for name in names]
    assert records.frame[[f"q/{name}" for name in names]].to_numpy().sum() == sum(
        (row + n) % 7 == 0 for row in range(5) for n in range(200)
    )
    as_text = "\n".join(" ".join(name for n, name in enumerate(names) if (row + n) % 7 == 0) for row in range(5))
    said = collect(text(f"q\n{as_text}\n", "said.csv"), form=form)
    assert (said.frame[[f"q/{name}" for name in names]].to_numpy() == records.frame[[f"q/{name}" for name in names]].to_numpy()).all()


@pytest.mark.parametrize(("language", "header"), [("en", "What is your gender?"), ("fr", "Quel est votre genre ?")])
def test_headers_that_are_labels_in_any_language(text, form, language, header):
    age = {"en": "How old are you?", "fr": "Quel âge avez-vous ?"}[language]
    records = collect(text(f"{header},{age}\nFemme,31\nMan,40\n"), form=form)
    assert list(records.frame["gender"]) == ["1", "2"]
    assert list(records.frame["age"]) == [31, 40]
    assert [p.code for p in records.problems] == ["LABELS_AS_CODES"]


def test_ticks_under_labels(text, form):
    header = ",".join(f"What did you eat?/{label}" for label in ("Rice", "Beans", "Green leaves"))
    assert ticks(collect(text(f"age,{header}\n1,1,0,1\n2,0,1,0\n3,,,\n"), form=form)) == EXPECTED


def test_a_label_of_two_questions_is_listed_and_tied_to_neither(text, workbook):
    survey = [
        ["type", "name", "label"],
        ["text", "other_work", "Other, say which"],
        ["text", "other_home", "Other, say which"],
        ["integer", "n", "N"],
    ]
    form = workbook("twice.xlsx", {"survey": survey})
    once = collect(text('"Other, say which",N\nx,1\n'), form=form)
    assert "Other, say which" in once.frame.columns
    (problem,) = once.problems
    assert problem.code == "HEADER_LABEL_AMBIGUOUS"
    assert "'other_home', 'other_work'" in problem.what
    twice = collect(text('"Other, say which","Other, say which",N\nx,y,1\n', "b.csv"), form=form)
    assert [p.code for p in twice.problems] == ["HEADER_LABEL_AMBIGUOUS"] * 2
    assert list(twice.frame["Other, say which (2)"]) == ["y"]


def test_names_that_r_mangled(text, form):
    records = collect(
        text("\ufeffwho.gender,ate.rice,ate.beans,X_uuid,X__version__\n1,1,0,a,v1\n2,0,1,b,v2\n", encoding="utf-8-sig"), form=form
    )
    assert {"gender", "ate/rice", "ate/beans", "_uuid", "__version__"} <= set(records.frame.columns)
    assert records.provenance[0].form_versions == ("v1", "v2")


def test_groups_the_form_no_longer_has_are_undone(text, form):
    records = collect(text("old_group/gender,older/old/ate/rice\n1,1\n2,0\n"), form=form)
    assert list(records.frame["gender"]) == ["1", "2"]
    assert list(records.frame["ate/rice"]) == [1, 0]


def test_two_columns_for_one_question_are_told_and_its_own_name_wins(text, form):
    records = collect(text("old/age,age\n1,31\n2,40\n"), form=form)
    assert list(records.frame["age"]) == [31, 40]
    assert list(records.frame["old/age"]) == [1, 2]
    assert [p.code for p in records.problems] == ["HEADER_SAME_QUESTION"]


def test_without_a_form_ticks_and_groups_are_taken_and_told(text):
    records = collect(text("home/size,food,food/rice,food/beans\n3,rice,1,0\n4,rice beans,1,1\n2,,,\n"))
    assert list(records.frame["size"]) == [3, 4, 2]
    assert list(records.frame["food/rice"])[:2] == [1, 1]
    assert records.frame["food/beans"].isna().tolist() == [False, False, True]
    assert sorted(p.code for p in records.problems) == ["GROUPS_UNDONE", "TICKS_TAKEN"]


def test_without_a_form_columns_that_only_look_alike_are_left_alone(text):
    records = collect(text("age_woman,age_man,age\n31,40,2\n20,25,2\n"))
    assert list(records.frame.columns[:3]) == ["age_woman", "age_man", "age"]
    assert not records.problems


# ---- cells -----------------------------------------------------------------------------------------------------------


def test_codes_stay_codes_and_quantities_are_numbers(text, form):
    records = collect(text("gender,age,income,phone\n1.0,31,10.5,0612345678\n2,40,,0031612345678\n"), form=form)
    assert list(records.frame["gender"]) == ["1", "2"]
    assert records.frame["age"].dtype == "int64"
    assert records.frame["income"].dtype == "float64"
    assert list(records.frame["phone"]) == ["0612345678", "0031612345678"]


def test_a_number_question_with_one_wrong_cell_stays_text_for_check_to_name(text, form):
    records = collect(text("age\n31\nforty\n"), form=form)
    assert list(records.frame["age"]) == ["31", "forty"]
    assert not records.problems


def test_na_in_a_number_question_is_empty_and_told(text, form):
    records = collect(text("age,phone\n31,NA\nNA,x\n"), form=form)
    assert records.frame["age"].isna().tolist() == [False, True]
    assert list(records.frame["phone"]) == ["NA", "x"]
    assert [p.code for p in records.problems] == ["NOT_AVAILABLE"]


def test_numbers_that_are_names_stay_text_without_a_form(text):
    records = collect(text("code,long,plus,n,e\n007,12345678901234567,+31,7,1e3\n"))
    assert list(records.frame.iloc[0][["code", "long", "plus"]]) == ["007", "12345678901234567", "+31"]
    assert list(records.frame.iloc[0][["n", "e"]]) == [7, 1000]


def test_excel_serial_dates_typed_dates_and_iso_text_are_the_same_date(workbook, form):
    import datetime as dt

    path = workbook("a.xlsx", {"data": [["visited"], [46082], [dt.date(2026, 3, 1)], ["2026-03-01"]]})
    records = collect(path, form=form)
    assert records.frame["visited"].astype(str).tolist() == ["2026-03-01"] * 3


def test_a_wholly_serial_date_column_is_told(workbook, form):
    records = collect(workbook("a.xlsx", {"data": [["visited"], [46082], [46083.5]]}), form=form)
    assert records.frame["visited"].astype(str).tolist() == ["2026-03-01", "2026-03-02"]
    assert [p.code for p in records.problems] == ["SERIALS_AS_DATES"]


def test_dates_that_could_be_read_two_ways_are_not_guessed(text, form):
    path = text("visited\n03/04/2026\n05/06/2026\n")
    records = collect(path, form=form)
    assert list(records.frame["visited"]) == ["03/04/2026", "05/06/2026"]
    assert [p.code for p in records.problems] == ["DATE_ORDER_UNCLEAR"]
    assert collect(path, form=form, day_first=True).frame["visited"].astype(str).tolist() == ["2026-04-03", "2026-06-05"]
    assert collect(path, form=form, day_first=False).frame["visited"].astype(str).tolist() == ["2026-03-04", "2026-05-06"]


def test_one_date_that_cannot_be_read_the_other_way_decides_and_is_told(text, form):
    records = collect(text("visited\n03/04/2026\n25/06/2026\n"), form=form)
    assert records.frame["visited"].astype(str).tolist() == ["2026-04-03", "2026-06-25"]
    assert [p.code for p in records.problems] == ["DATE_ORDER_TAKEN"]


def test_an_impossible_date_stays_as_it_was_written_for_check_to_name(text, form):
    records = collect(text("visited\n2026-02-30\n2026-03-01\n"), form=form)
    assert list(records.frame["visited"]) == ["2026-02-30", "2026-03-01"]


def test_an_unreadable_form_is_told_with_everything_that_is_wrong(text, workbook):
    survey = [["type", "name", "label"], ["begin group", "g", None], ["select_one yn", "a", "A"], ["select_one nope", "b", "B"]]
    form = workbook("bad.xlsx", {"survey": survey, "choices": [["list_name", "name", "label"], ["yn2", "y", "Y"]]})
    with pytest.raises(InputError) as raised:
        collect(text("a\ny\n"), form=form)
    assert raised.value.codes == ("FORM_GROUP_OPEN", "FORM_LIST_UNKNOWN", "FORM_LIST_UNKNOWN")


def test_labels_behind_the_labels_of_groups(text, form):
    records = collect(text("Who you are/What is your gender?,Any group/How old are you?\n1,31\n"), form=form)
    assert records.frame.iloc[0][["gender", "age"]].tolist() == ["1", 31]


def test_a_label_of_two_choices_is_left_as_it_is_and_told(text, workbook):
    choices = [["list_name", "name", "label"], ["l", "a", "Other"], ["l", "b", "Other"], ["l", "c", "Yes"]]
    form = workbook("same.xlsx", {"survey": [["type", "name", "label"], ["select_one l", "q", "Q"]], "choices": choices})
    records = collect(text("q\nOther\nYes\na\n"), form=form)
    assert list(records.frame["q"]) == ["Other", "c", "a"]
    assert [p.code for p in records.problems] == ["LABEL_CHOICES_AMBIGUOUS", "LABELS_AS_CODES"]
