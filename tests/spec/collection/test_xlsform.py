"""A form is read as people write it: one leniency or one refusal a test. Everything here is invented."""

from __future__ import annotations

import pytest

from mel.errors import InputError
from mel.formats.xlsform import read_form, read_xlsform

HEAD = ["type", "name", "label"]
LISTS = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]


@pytest.fixture
def read(workbook):
    def make(survey, choices=None, **sheets):
        return read_form(workbook("f.xlsx", {"survey": survey} | ({"choices": choices} if choices else {}) | sheets))

    return make


def told(read_result) -> list[str]:
    return [problem.code for problem in read_result[1]]


def refused(read, *given, **sheets) -> tuple[str, ...]:
    with pytest.raises(InputError) as raised:
        read(*given, **sheets)
    return raised.value.codes


def test_names_labels_languages_and_rules(form):
    questionnaire = read_xlsform(form)
    assert (questionnaire.title, questionnaire.id, questionnaire.version) == ("An invented form", "invented", "3")
    assert questionnaire.languages == ("English (en)", "Français (fr)")
    gender = questionnaire.question("GENDER")
    assert gender is not None
    assert (gender.type, gender.path, gender.list_name, gender.required) == ("select_one", ("who",), "gender", True)
    assert gender.labels["Français (fr)"] == "Quel est votre genre ?"
    assert [c.labels["English (en)"] for c in questionnaire.choices_of(gender)] == ["Woman", "Man", "Prefer not to say"]
    child = questionnaire.question("child_age")
    assert child is not None
    assert (child.path, child.repeat) == (("child",), "child")


@pytest.mark.parametrize("sheet", ["survey", "Survey", " SURVEY "])
@pytest.mark.parametrize("header", [["type", "name", "label"], ["Type", " Name ", "LABEL"], ["command", "tag", "caption"]])
def test_sheets_and_headers_in_any_case_and_older_words(workbook, sheet, header):
    questionnaire, problems = read_form(workbook("f.xlsx", {sheet: [header, ["text", "q", "Q"]]}))
    assert [(q.name, dict(q.labels)) for q in questionnaire.questions] == [("q", {"": "Q"})]
    assert not problems


@pytest.mark.parametrize("header", ["label::English (en)", "label:English (en)", "Label :: English (en)", "label::  English (en)"])
def test_a_language_however_its_colons_are_written(read, header):
    questionnaire, _ = read([["type", "name", header], ["text", "q", "Q"]])
    assert questionnaire.languages == ("English (en)",)
    assert questionnaire.questions[0].labels == {"English (en)": "Q"}


def test_a_language_spelt_in_two_cases_is_one(read):
    questionnaire, _ = read([["type", "name", "label::English", "hint::english"], ["text", "q", "Q", "H"]])
    assert questionnaire.languages == ("English",)


@pytest.mark.parametrize(
    ("written", "kind", "list_name", "or_other"),
    [
        ("select_one yn", "select_one", "yn", False), ("select one yn", "select_one", "yn", False), ("Select One yn", "select_one", "yn", False),
        ("select one from yn", "select_one", "yn", False), ("select1 yn", "select_one", "yn", False),
        ("select_one yn or_other", "select_one", "yn", True), ("select one from yn or specify other", "select_one", "yn", True),
        ("select_multiple yn", "select_multiple", "yn", False), ("select multiple yn or_other", "select_multiple", "yn", True),
        ("select all that apply from yn", "select_multiple", "yn", False), ("rank yn", "other", "yn", False),
        ("int", "integer", None, False), ("dateTime", "datetime", None, False), ("geopoint", "geo", None, False), ("string", "text", None, False),
        ("barcode", "text", None, False), ("image", "other", None, False), ("range", "decimal", None, False),
    ],
)  # fmt: skip
def test_types_in_every_spelling(read, written, kind, list_name, or_other):
    result = read([HEAD, [written, "q", "Q"]], LISTS)
    question = result[0].questions[0]
    assert (question.type, question.list_name, question.or_other) == (kind, list_name, or_other)
    assert not told(result)


@pytest.mark.parametrize("begin", ["begin group", "begin_group", "Begin Group", "begin  group"])
@pytest.mark.parametrize("end", ["end group", "end_group"])
def test_groups_in_every_spelling_and_what_they_ask_of_their_questions(read, begin, end):
    head = [*HEAD, "relevant"]
    survey = [head, [begin, "g", "G", "${a} = 1"], ["text", "q", "Q", "${b} = 2"], ["text", "r", "R"], [end], ["text", "s", "S", "${c}=3"]]
    questionnaire, _ = read(survey)
    assert [(q.name, q.path, q.relevant) for q in questionnaire.questions] == [
        ("q", ("g",), "(${a} = 1) and (${b} = 2)"), ("r", ("g",), "${a} = 1"), ("s", (), "${c}=3"),
    ]  # fmt: skip


def test_comment_rows_are_passed_over(read):
    result = read([["note to us", *HEAD], ["Part one"], [None, "text", "q", "Q"], ["", "", "", "a comment under label"]])
    assert [q.name for q in result[0].questions] == ["q"]
    assert not told(result)


def test_a_named_row_without_type_is_passed_over_and_told(read):
    assert told(read([HEAD, ["text", "q", "Q"], [None, "forgotten", "F"]])) == ["FORM_TYPE_MISSING"]


def test_a_type_nobody_knows_is_read_as_it_is_and_told(read):
    result = read([HEAD, ["integr", "q", "Q"]])
    assert result[0].questions[0].type == "other"
    assert told(result) == ["FORM_TYPE_UNKNOWN"]
    assert "'integer'" in result[1][0].what


def test_rows_above_the_header_are_passed_over_and_told(read):
    result = read([["Our form, version of March"], HEAD, ["text", "q", "Q"]])
    assert [q.name for q in result[0].questions] == ["q"]
    assert told(result) == ["FORM_HEADER_LOWER"]


def test_duplicate_choices_keep_the_first_and_are_told_unless_allowed(read):
    twice = [*LISTS, ["yn", "no", "Nope"]]
    result = read([HEAD, ["select_one yn", "q", "Q"]], twice)
    assert [(c.name, c.labels[""]) for c in result[0].choices["yn"]] == [("yes", "Yes"), ("no", "No")]
    assert told(result) == ["FORM_CHOICE_TWICE"]
    assert not told(read([HEAD, ["select_one yn", "q", "Q"]], twice, settings=[["allow_choice_duplicates"], ["yes"]]))


def test_codes_that_are_numbers_are_text(read):
    questionnaire, _ = read([HEAD, ["select_one l", "q", "Q"]], [["list name", "name", "label"], ["l", 1, "One"], ["l", 2.0, 2]])
    assert [(c.name, c.labels[""]) for c in questionnaire.choices["l"]] == [("1", "One"), ("2", "2")]


def test_a_badly_named_choices_sheet_is_taken_by_its_columns_and_told(read):
    result = read([HEAD, ["select_one yn", "q", "Q"]], **{"Choice lists": LISTS})
    assert [c.name for c in result[0].choices["yn"]] == ["yes", "no"]
    assert told(result) == ["FORM_CHOICES_NAMED"]


def test_choices_in_a_file_beside_the_form(workbook, tmp_path):
    survey = [HEAD, ["select_one_from_file villages.csv", "v", "Village"], ["select_multiple_from_file ../../secret.csv", "s", "S"]]
    path = workbook("f.xlsx", {"survey": survey})
    assert [p.code for p in read_form(path)[1]] == ["FORM_LIST_IN_FILE", "FORM_LIST_IN_FILE"]
    (tmp_path / "villages.csv").write_text("name,label\n001,Aba\n002,Bono\n", encoding="utf-8")
    questionnaire, problems = read_form(path)
    assert [(c.name, c.labels[""]) for c in questionnaire.choices["villages.csv"]] == [("001", "Aba"), ("002", "Bono")]
    assert [p.code for p in problems] == ["FORM_LIST_IN_FILE"]


def test_the_same_name_in_two_groups_is_called_by_its_path_and_told(read):
    survey = [HEAD, ["begin group", "a"], ["text", "q", "Q"], ["end group"], ["begin group", "b"], ["text", "q", "Q"], ["end group"]]
    result = read(survey)
    assert [q.name for q in result[0].questions] == ["q", "b/q"]
    assert told(result) == ["FORM_NAME_TWICE"]


# ---- refused ---------------------------------------------------------------------------------------------------------


def test_no_survey_sheet_lists_the_sheets_and_the_closest(workbook):
    path = workbook("f.xlsx", {"servey": [HEAD, ["text", "q", "Q"]], "choices": LISTS})
    with pytest.raises(InputError, match=r"Sheets in it: 'servey', 'choices'\. Closest: 'servey'") as raised:
        read_form(path)
    assert raised.value.codes == ("FORM_SHEET_MISSING",)


def test_no_type_column_lists_the_columns(read):
    with pytest.raises(InputError, match="'type'") as raised:
        read([["typ", "name", "label"], ["text", "q", "Q"]])
    assert raised.value.codes == ("FORM_HEADER_MISSING",)


def test_no_question(read):
    assert refused(read, [HEAD]) == ("FORM_NO_QUESTIONS",)


def test_choices_that_are_nowhere(read):
    assert refused(read, [HEAD, ["select_one yn", "q", "Q"]]) == ("FORM_CHOICES_MISSING",)
    with pytest.raises(InputError, match="Closest: 'yes_no'") as raised:
        read([HEAD, ["select_one yesno", "q", "Q"]], [LISTS[0], ["yes_no", "y", "Y"]])
    assert raised.value.codes == ("FORM_LIST_UNKNOWN",)
    assert refused(read, [HEAD, ["select_one", "q", "Q"]], LISTS) == ("FORM_LIST_MISSING",)


def test_everything_that_is_wrong_is_told_at_once_with_its_row(read):
    survey = [
        HEAD,
        ["begin repeat", "r", "R"],
        ["text", None, "Q"],
        ["text", "q", "Q"],
        ["text", "q", "Q"],
        ["end group"],
        ["select_one no", "s", "S"],
    ]
    with pytest.raises(InputError) as raised:
        read(survey, LISTS)
    assert [(p.code, p.row) for p in raised.value.problems] == [
        ("FORM_NAME_MISSING", 3), ("FORM_GROUP_CLOSED", 6), ("FORM_GROUP_OPEN", 2), ("FORM_NAME_TWICE_HERE", 5), ("FORM_LIST_UNKNOWN", 7),
    ]  # fmt: skip


def test_a_form_must_be_a_workbook(text):
    with pytest.raises(InputError) as raised:
        read_form(text("type,name\ntext,q\n", "form.csv"))
    assert raised.value.codes == ("FORM_NOT_WORKBOOK",)


def test_a_choice_without_a_name_is_passed_over_and_told(read):
    result = read([HEAD, ["select_one yn", "q", "Q"]], [*LISTS, ["yn", None, "Maybe"]])
    assert [c.name for c in result[0].choices["yn"]] == ["yes", "no"]
    assert told(result) == ["FORM_CHOICE_NAMELESS"]
