"""Rows of a repeat belong to their answer sheet, once, and the denominator is said. Everything here is invented."""

from __future__ import annotations

import pytest

from mel.collection import collect
from mel.errors import InputError

MAIN = [["gender", "_index", "_uuid"], [1, 1, "a"], [2, 2, "b"], [1, 3, "c"]]
CHILD = [["child_age", "_index", "_parent_table_name", "_parent_index", "_submission__uuid"],
         [5, 1, "data", 1, "a"], [7, 2, "data", 1, "a"], [2, 3, "data", 3, "c"]]  # fmt: skip


def without(rows, *columns):
    kept = [i for i, name in enumerate(rows[0]) if name not in columns]
    return [[row[i] for i in kept] for row in rows]


@pytest.mark.parametrize(
    "left_out",
    [(), ("_parent_index",), ("_submission__uuid", "_parent_table_name"), ("_parent_index", "_parent_table_name")],
)
@pytest.mark.parametrize("with_form", [True, False])
def test_rows_are_tied_by_whichever_key_is_there(workbook, form, left_out, with_form):
    path = workbook("a.xlsx", {"data": MAIN, "child": without(CHILD, *left_out)})
    records = collect(path, form=form if with_form else None)
    assert records.repeats["child"]["_parent"].tolist() == [0, 0, 2]
    assert records.repeats["child"]["child_age"].tolist() == [5, 7, 2]
    assert len(records.frame) == 3
    (problem,) = [p for p in records.problems if p.code.startswith("REPEAT")]
    assert problem.severity == "warn"
    assert "has 3 rows, of 2 of the 3 answer sheets" in problem.what


def test_the_keys_of_odk_central_are_known_and_so_is_its_file_beside(text, tmp_path, form):
    text("KEY,gender\nuuid:a,1\nuuid:b,2\n", "form1.csv")
    text("PARENT_KEY,KEY,child_age\nuuid:b,uuid:b/child[1],4\nuuid:b,uuid:b/child[2],9\n", "form1-child.csv")
    records = collect(tmp_path / "form1*.csv", form=form)
    assert len(records.frame) == 2
    assert records.repeats["child"]["_parent"].tolist() == [1, 1]
    assert set(records.repeats["child"]["_file"]) == {"form1-child.csv"}
    assert [(p.file, p.rows) for p in records.provenance] == [("form1.csv", 2), ("form1-child.csv", 2)]


def test_rows_without_an_answer_sheet_are_left_out_and_counted(workbook, form):
    rows = without(CHILD, "_submission__uuid")
    rows[3] = [2, 3, "data", 9]
    records = collect(workbook("a.xlsx", {"data": MAIN, "child": rows}), form=form)
    assert records.repeats["child"]["_parent"].tolist() == [0, 0]
    (problem,) = [p for p in records.problems if p.code == "REPEAT_ORPHANS"]
    assert problem.what.startswith("1 rows of the repeat 'child'")


def test_a_repeat_that_cannot_be_tied_stops_and_lists_what_could_be_keys(workbook, form):
    rows = [["child_age", "person_id"], [5, "x"]]
    with pytest.raises(InputError, match="'person_id'") as raised:
        collect(workbook("a.xlsx", {"data": MAIN, "child": rows}), form=form)
    assert raised.value.codes == ("REPEAT_NO_KEY",)


def test_a_key_that_is_not_unique_would_multiply_rows_and_stops(workbook, form):
    main = [["gender", "_index"], [1, 1], [2, 1]]
    with pytest.raises(InputError) as raised:
        collect(workbook("a.xlsx", {"data": main, "child": without(CHILD, "_submission__uuid")}), form=form)
    assert raised.value.codes == ("REPEAT_KEY_TWICE",)


def test_two_keys_that_disagree_stop(workbook, form):
    rows = [*CHILD[:3], [2, 3, "data", 3, "b"]]
    with pytest.raises(InputError) as raised:
        collect(workbook("a.xlsx", {"data": MAIN, "child": rows}), form=form)
    assert raised.value.codes == ("REPEAT_KEYS_DISAGREE",)


def test_a_repeat_in_a_repeat_is_tied_to_the_answer_sheet(workbook):
    survey = [
        ["type", "name", "label"], ["begin_repeat", "house", "House"], ["integer", "rooms", "Rooms"], ["begin_repeat", "pet", "Pet"],
        ["text", "pet_name", "Name"], ["end_repeat", None, None], ["end_repeat", None, None],
    ]  # fmt: skip
    form = workbook("nested.xlsx", {"survey": survey})
    house = [["rooms", "_index", "_parent_table_name", "_parent_index"], [3, 1, "data", 2], [4, 2, "data", 1]]
    pet = [
        ["pet_name", "_index", "_parent_table_name", "_parent_index"],
        ["Mia", 1, "house", 1],
        ["Rex", 2, "house", 2],
        ["Bo", 3, "house", 2],
    ]
    for sheets in ({"data": MAIN, "house": house, "pet": pet}, {"data": MAIN, "pet": pet, "house": house}):
        records = collect(workbook("a.xlsx", sheets), form=form)
        assert records.repeats["house"]["_parent"].tolist() == [1, 0]
        assert records.repeats["pet"]["_parent"].tolist() == [1, 0, 0]


def test_repeats_of_several_files_point_into_the_stacked_rows(workbook, tmp_path, form):
    workbook("1.xlsx", {"data": MAIN, "child": CHILD})
    workbook("2.xlsx", {"data": [["gender", "_index", "_uuid"], [2, 1, "x"]], "child": [CHILD[0], [8, 1, "data", 1, "x"]]})
    records = collect([tmp_path / "1.xlsx", tmp_path / "2.xlsx"], form=form)
    assert records.repeats["child"]["_parent"].tolist() == [0, 0, 2, 3]
    assert records.frame["_uuid"].to_numpy()[records.repeats["child"]["_parent"].to_numpy()].tolist() == ["a", "a", "c", "x"]
    assert records.repeats["child"].columns[0] == "_parent"


def test_a_repeat_without_rows_is_no_error(workbook, form):
    records = collect(workbook("a.xlsx", {"data": MAIN, "child": CHILD[:1]}), form=form)
    assert len(records.repeats["child"]) == 0
    assert "has 0 rows, of 0 of the 3" in records.problems[-1].what


def test_a_repeat_spread_over_columns_is_told(text, form):
    records = collect(text("gender,child[1]/child_age,child[2]/child_age\n1,5,7\n2,,\n"), form=form)
    (problem,) = [p for p in records.problems if p.code == "REPEAT_FLAT"]
    assert "'child'" in problem.what
    assert not records.repeats
