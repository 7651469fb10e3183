"""What a check finds in answers, one idea a test."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest
from drawn import YES_NO, form, question, records

from mel.checks import check
from mel.codes import ROUND
from mel.errors import InputError
from mel.model.alliance import Consent
from mel.model.records import Choice, Records


def found(given: Records, **options: object) -> list[tuple[str, int | None, str | None]]:
    result = check(given, raise_on_stop=False, **options)  # type: ignore[arg-type]
    return [(p.code, p.row, p.column) for p in result.problems]


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    asked = form(question("heard", "select_one", list_name="yn"), question("age", "integer"))
    result = check(records({"heard": ["yes", "no", None], "age": [30, None, 41]}, asked))
    assert result.problems == ()
    assert result.checked
    assert result.dropped == {}


def test_a_code_not_in_the_choices_stops_with_its_place() -> None:
    asked = form(question("heard", "select_one", list_name="yn"))
    with pytest.raises(InputError) as stopped:
        check(records({"heard": ["yes", "Yes", "maybee"]}, asked))
    assert [(p.row, p.column) for p in stopped.value.problems] == [(3, "heard"), (4, "heard")]
    assert "a choice's label, not its code" in stopped.value.problems[0].do
    assert "maybee" not in str(stopped.value), "what one person's cell holds may be her name"
    with pytest.raises(InputError) as stopped:
        check(records({"heard": ["Yes"] * 5 + ["maybee"] * 5 + ["0772123456"] * 5}, asked))
    text = " ".join(str(p) for p in stopped.value.problems)
    assert "label of 'yes'" in text
    assert "'maybee'" in text
    assert "0772123456" not in text


def test_a_file_without_a_header_is_told_without_its_first_line() -> None:
    asked = form(question("heard", "select_one", list_name="yn"))
    given = records({"heard": ["yes", None, None], "0772123456": [None, "0781", "0792"]}, asked)
    given.frame["_file"] = ["a.csv", "b.csv", "b.csv"]
    result = check(given, raise_on_stop=False)
    assert "FORM_NOT_IN_COLUMNS" in [p.code for p in result.problems]
    assert "0772123456" not in " ".join(str(p) for p in result.problems)


def test_codes_that_a_spreadsheet_made_numbers_are_still_codes() -> None:
    asked = form(question("health", "select_one", list_name="four"), four=(Choice("1", {}), Choice("2", {})))
    assert found(records({"health": [1.0, 2.0, None], "_id": [1, 2, 3], "start": ["a", "b", "c"]}, asked)) == []


def test_what_a_column_that_tells_who_holds_is_never_quoted() -> None:
    asked = form(question("village_name", "select_one", list_name="yn"), question("heard", "select_one", list_name="yn"))
    result = check(records({"village_name": ["Aguadulce"], "heard": ["Dona Aurora, the midwife"]}, asked), raise_on_stop=False)
    text = " ".join(str(p) for p in result.problems)
    assert len(result.problems) == 2
    assert "Aguadulce" not in text
    assert "Aurora" not in text


def test_a_ticked_choice_that_is_not_offered_and_a_tick_that_is_no_tick() -> None:
    asked = form(question("need", "select_multiple", list_name="n"), n=(Choice("food", {}), Choice("cash", {})))
    given = records({"need/food": [1, 0, 3], "need/cash": [0, 1, None], "need/care": [0, 1, None]}, asked)
    assert found(given) == [("CODE_NOT_IN_CHOICES", 4, "need/food"), ("CODE_NOT_IN_CHOICES", 3, "need/care")]


def test_numbers_and_dates_that_are_none() -> None:
    asked = form(question("n", "integer"), question("m", "decimal"), question("on", "date"))
    given = records({"n": ["3", "2.5", "many"], "m": ["3,5", "x", None], "on": ["2024-02-31", "45291", "2024-05-01"]}, asked)
    assert found(given) == [
        ("NOT_A_NUMBER", 3, "n"), ("NOT_A_NUMBER", 4, "n"), ("NOT_A_NUMBER", 3, "m"),
        ("NOT_A_DATE", 2, "on"), ("DATE_IS_A_COUNT_OF_DAYS", 3, "on"),
    ]  # fmt: skip


def test_who_was_to_be_asked_follows_the_form_and_the_groups_around() -> None:
    asked = form(
        question("consents", "select_one", list_name="yn"),
        question("works", "select_one", list_name="yn", required=True, relevant="${consents} = 'yes'"),
        question("hours", "integer", required=True, relevant="(${consents} = 'yes') and (${works} = 'yes')"),
    )
    given = records({"consents": ["yes", "yes", "no", "yes"], "works": ["yes", "no", None, None], "hours": [None, 8, None, None]}, asked)
    assert found(given) == [("REQUIRED_EMPTY", 5, "works"), ("NOT_RELEVANT", 3, "hours"), ("REQUIRED_EMPTY", 2, "hours")]


def test_zeros_of_a_question_never_shown_are_no_answer() -> None:
    asked = form(
        question("helped", "select_one", list_name="yn"),
        question("by", "select_multiple", list_name="yn", relevant="${helped} = 'yes'"),
    )
    assert found(records({"helped": ["no", "no"], "by/yes": [0, 1], "by/no": [0, 0]}, asked)) == [("NOT_RELEVANT", 3, "by/yes")]


def test_constraints_hold_where_they_can_be_computed_and_are_listed_where_not() -> None:
    asked = form(
        question("n", "integer", constraint=". >= 0 and . < 10"),
        question("m", "integer", constraint="sum(${n}) > 1"),
        question("k", "text", relevant="${n"),
    )
    given = records({"n": [1, 12, None], "m": [1, 2, 3], "k": ["a", "b", "c"]}, asked)
    assert found(given) == [("CONSTRAINT_BROKEN", 3, "n"), ("EXPRESSION_NOT_COMPUTED", None, "m"), ("EXPRESSION_NOT_COMPUTED", None, "k")]


def test_ages_and_days_that_cannot_be() -> None:
    asked = form(question("resp_age", "integer"), question("age_group_size", "integer"), question("born", "date"))
    days = {"_submission_time": ["2024-05-01T10:00:00"] * 4, "start": ["2024-05-01T09:00:00.000+02:00"] * 4}
    end = ["2024-05-01T09:30:00.000+02:00", "2024-05-01T08:59:00.000+02:00", "2024-05-01T07:30:00.000Z", None]
    given = records(
        {
            "resp_age": [30, -999, 121, 0],
            "age_group_size": [300] * 4,
            "born": ["1899-12-31", "2024-05-02", "2024-05-03", None],
            **days,
            "end": end,
        },
        asked,
    )
    assert found(given) == [
        ("AGE_IMPOSSIBLE", 3, "resp_age"), ("AGE_IMPOSSIBLE", 4, "resp_age"), ("DATE_IN_THE_FUTURE", 4, "born"),
        ("DATE_LONG_AGO", 2, "born"), ("END_BEFORE_START", 3, "end"),
    ]  # fmt: skip


def test_without_consent_a_row_leaves_before_anything_else_reads_it() -> None:
    asked = form(question("heard", "select_one", list_name="yn"))
    given = records({"agrees": ["1", "0", None, 1.0], "heard": ["yes", "nonsense", "nonsense", "no"]}, asked)
    result = check(given, consent=Consent(column="agrees", yes=("1",)))
    assert result.frame["heard"].tolist() == ["yes", "no"]
    assert result.dropped == {"NO_CONSENT": 2}
    assert [p.row for p in result.problems if p.code == "NO_CONSENT"] == [3, 4]


def test_consent_that_nobody_gave_or_that_has_no_column_stops() -> None:
    given = records({"agrees": ["oui", "oui"], "x": [1, 2]})
    assert found(given, consent=Consent(column="agrees", yes=("yes",))) == [("CONSENT_NOBODY", None, None)]
    assert found(given, consent=Consent(column="agreed", yes=("yes",))) == [("CONSENT_COLUMN_MISSING", None, None)]


def test_the_same_sheet_sent_twice_counts_once() -> None:
    given = records({"_uuid": ["u1", "u2", "u1", "u2"], "heard": ["yes", "no", "yes", "yes"]})
    result = check(given, raise_on_stop=False)
    assert result.dropped == {"SENT_TWICE": 1}
    assert [(p.code, p.row) for p in result.problems] == [("SENT_TWICE", 4), ("SAME_ID_OTHER_ANSWERS", 5)]
    assert "row 2" in result.problems[0].what


def test_two_people_may_say_the_same_but_not_at_the_same_moment() -> None:
    alike = {"heard": ["yes", "yes", "no"], "safe": ["no", "no", "no"]}
    assert found(records(alike)) == [("ROWS_ALIKE", 3, None)]
    assert check(records({**alike, "start": ["2024-05-01T09:00:00"] * 3})).dropped == {"SENT_TWICE": 1}


def test_repeats_follow_their_parents() -> None:
    children = pd.DataFrame({"_parent": [0, 1, 2, 2], "child_age": [3, 4, 5, 6]})
    given = records({"agrees": ["yes", "no", "yes"], "x": [1, 2, 3]}, repeats={"child": children})
    kept = check(given, consent=Consent(column="agrees", yes=("yes",))).repeats["child"]
    assert kept["_parent"].tolist() == [0, 1, 1]
    assert kept["child_age"].tolist() == [3, 5, 6]


def test_a_repeat_is_checked_with_its_parents_answers_beside_it() -> None:
    asked = form(
        question("has", "select_one", list_name="yn"),
        question("school", "select_one", list_name="yn", repeat="child", relevant="${has} = 'yes'"),
    )
    children = pd.DataFrame({"_parent": [0, 1], "school": ["yes", "yes"], "_row": [2, 3], "_file": ["a.csv"] * 2, "_sheet": ["child"] * 2})
    given = records({"has": ["yes", "no"]}, asked, repeats={"child": children})
    result = check(given)
    assert [(p.code, p.sheet, p.row) for p in result.problems] == [("NOT_RELEVANT", "child", 3)]


def test_a_renamed_column_is_named_with_its_likely_new_name() -> None:
    asked = form(question("heard_in_meetings", "select_one", list_name="yn"), question("age", "integer"))
    result = check(records({"heard_in_meeting": ["yes"], "age": [3]}, asked))
    assert [p.code for p in result.problems] == ["COLUMNS_NOT_IN_FORM", "COLUMN_NOT_IN_DATA"]
    assert "'heard_in_meeting'" in result.problems[1].do


def test_what_the_design_needs_must_be_there_filled_and_not_negative() -> None:
    given = records({"strata": ["a", "b"], "weight": [1.5, None], "fpc": [-1, 3], "psu": [None, None]})
    assert found(given, required_columns=("stratum", "weight", "fpc", "psu")) == [
        ("DESIGN_COLUMN_MISSING", None, None), ("DESIGN_VALUE_BLANK", 3, "weight"), ("DESIGN_VALUE_NEGATIVE", 2, "fpc"),
        ("DESIGN_COLUMN_MISSING", None, None),
    ]  # fmt: skip


def test_two_rounds_with_codes_of_their_own_are_pointed_out() -> None:
    one, two = (
        form(question("heard", "select_one", list_name="yn")),
        form(question("heard", "select_one", list_name="n"), n=(Choice("1", {}), Choice("2", {}))),
    )
    given = records({"heard": ["yes", "no", "1", "2"]})
    frame = given.frame.assign(**{ROUND: ["baseline", "baseline", "midline", "midline"]})
    result = check(Records("answers", "answers", frame, forms={"baseline": one, "midline": two}))
    assert [p.code for p in result.problems] == ["CODES_DIFFER_BETWEEN_ROUNDS"]
    assert "'yes', 'no'" in result.problems[0].what
    assert "'1', '2'" in result.problems[0].what


def test_thousands_of_alike_problems_are_told_in_one_line_and_all_kept() -> None:
    asked = form(question("n", "integer"))
    with pytest.raises(InputError) as stopped:
        check(records({"n": ["x"] * 3000, "_uuid": [f"u{i}" for i in range(3000)]}, asked))
    assert len(stopped.value.problems) == 3000
    assert len(str(stopped.value)) < 600
    assert "rows 2, 3, 4, 5, 6 and 2995 more" in str(stopped.value)
    again = pickle.loads(pickle.dumps(stopped.value))
    assert str(again) == str(stopped.value)


def test_no_row_left_stops() -> None:
    assert [code for code, *_ in found(records({"heard": [None, " "]}))] == ["EMPTY_ROW", "EMPTY_ROW", "NO_ROWS_LEFT"]


def test_the_input_is_left_as_it_was() -> None:
    given = records({"_uuid": ["a", "a"], "x": [1, 1]})
    before = given.frame.copy()
    check(given)
    pd.testing.assert_frame_equal(given.frame, before)


def test_yes_no_is_drawn_once() -> None:
    assert [choice.name for choice in YES_NO] == ["yes", "no"]


def test_one_sheet_in_two_rounds_stops_but_one_person_may_answer_twice() -> None:
    def two(name: str) -> Records:
        given = records({name: ["u1", "u1"], "heard": ["yes", "no"]})
        return Records("answers", "answers", given.frame.assign(**{ROUND: ["baseline", "midline"]}))

    assert [code for code, *_ in found(two("_uuid"))] == ["SHEET_IN_TWO_ROUNDS"]
    assert found(two("uuid")) == []


def test_rows_typed_from_paper_have_no_id_and_are_compared_by_their_answers() -> None:
    given = records({"_uuid": ["u1", None, None], "heard": ["yes", "yes", "yes"], "_submission_time": ["2024-05-01T10:00:00", None, None]})
    assert found(given) == [("ROWS_ALIKE", 4, None)]


def test_a_column_the_file_has_and_left_empty_is_told_row_by_row() -> None:
    given = records({"weight": [None, None], "x": [1, 2]}, positions={("a.csv", None): {"weight": 0, "x": 1}})
    assert found(given, required_columns=("weight",)) == [("DESIGN_VALUE_BLANK", 2, "weight"), ("DESIGN_VALUE_BLANK", 3, "weight")]
