"""What can be wrong with a form, and what was read leniently in it: the texts of `mel.formats.xlsform`."""

from __future__ import annotations

from mel.errors.base import Template

# ---- the form --------------------------------------------------------------------------------------------------------

FORM_SHEET_MISSING = Template(
    "FORM_SHEET_MISSING",
    "stop",
    "the workbook has no sheet 'survey'. Sheets in it: {sheets}. Closest: {close}.",
    "The survey sheet says what was asked.",
    "Name the sheet with the questions 'survey'; if this is the data, name the form instead.",
)
FORM_NOT_WORKBOOK = Template(
    "FORM_NOT_WORKBOOK",
    "stop",
    "a form must be a workbook (.xlsx or .xls), this ends in '{ending}'.",
    "An XLSForm is read from its sheets.",
    "In Kobo choose Download XLS.",
)
FORM_HEADER_MISSING = Template(
    "FORM_HEADER_MISSING",
    "stop",
    "the sheet has no columns {missing}. Columns in it: {found}. Closest: {close}.",
    "Without them the questions cannot be told.",
    "Name the columns as the XLSForm standard does.",
)
FORM_HEADER_LOWER = Template(
    "FORM_HEADER_LOWER",
    "warn",
    "the header stands in row {header_row}; the rows above it were passed over.",
    "Other tools expect it in row 1.",
    "Delete the rows above it.",
)
FORM_NO_QUESTIONS = Template(
    "FORM_NO_QUESTIONS",
    "stop",
    "the survey sheet has no question.",
    "Nothing was asked.",
    "Download the form again.",
)
FORM_CHOICES_NAMED = Template(
    "FORM_CHOICES_NAMED",
    "warn",
    "there is no sheet 'choices'; '{taken}' was read as such.",
    "Other tools will not find the choices.",
    "Name the sheet 'choices'.",
)
FORM_CHOICES_MISSING = Template(
    "FORM_CHOICES_MISSING",
    "stop",
    "questions offer choices ({questions}), but the workbook has no sheet 'choices'. Sheets in it: {sheets}.",
    "Without the choices no answer can be checked or named.",
    "Download the form again, with its choices.",
)
FORM_LIST_UNKNOWN = Template(
    "FORM_LIST_UNKNOWN",
    "stop",
    "the question '{question}' offers the choices of '{list_name}', which the choices sheet does not have. Closest: {close}.",
    "Its answers can be neither checked nor named.",
    "Correct the name of the list.",
)
FORM_LIST_MISSING = Template(
    "FORM_LIST_MISSING",
    "stop",
    "the question '{question}' offers choices, but does not say which list.",
    "Its answers can be neither checked nor named.",
    "Write the list's name behind the type, such as 'select_one yes_no'.",
)
FORM_LIST_IN_FILE = Template(
    "FORM_LIST_IN_FILE",
    "warn",
    "the choices of '{question}' are in the file '{list_name}', which does not lie beside the form.",
    "Its answers are not checked against the choices.",
    "Put the file beside the form.",
)
FORM_CHOICE_TWICE = Template(
    "FORM_CHOICE_TWICE",
    "warn",
    "the list '{list_name}' has some choices twice: {choices}. The first of each was kept.",
    "Two labels for one code cannot be told apart in the answers.",
    "Give each choice a name of its own.",
)
FORM_CHOICE_NAMELESS = Template(
    "FORM_CHOICE_NAMELESS",
    "warn",
    "the list '{list_name}' has a choice without a name; it was passed over.",
    "An answer without a name cannot be given.",
    "Give it a name.",
)
FORM_NAME_MISSING = Template(
    "FORM_NAME_MISSING",
    "stop",
    "a question of type '{type}' has no name.",
    "Its column in the data cannot be found.",
    "Give it a name.",
)
FORM_TYPE_MISSING = Template(
    "FORM_TYPE_MISSING",
    "warn",
    "'{name}' has no type; the row was passed over.",
    "It may be a question that nobody was asked.",
    "Give it a type, or empty its name if it is a comment.",
)
FORM_TYPE_UNKNOWN = Template(
    "FORM_TYPE_UNKNOWN",
    "warn",
    "'{question}' has the type '{type}', which is not known. Closest: {close}. Its answers are read as they are.",
    "They are not checked.",
    "Correct the type.",
)
FORM_NAME_TWICE = Template(
    "FORM_NAME_TWICE",
    "warn",
    "several questions are called '{question}', in different groups; the later ones are called by their whole path ({paths}).",
    "A header without its group could mean any of them.",
    "Give each question a name of its own.",
)
FORM_NAME_TWICE_HERE = Template(
    "FORM_NAME_TWICE_HERE",
    "stop",
    "two questions in the same group are called '{question}'.",
    "It cannot be told whose answers a column holds.",
    "Give each question a name of its own.",
)
FORM_GROUP_OPEN = Template(
    "FORM_GROUP_OPEN",
    "stop",
    "the {kind} '{name}' is not ended.",
    "It cannot be told which questions belong to it.",
    "Add its end, or take out its begin.",
)
FORM_GROUP_CLOSED = Template(
    "FORM_GROUP_CLOSED",
    "stop",
    "a {kind} ends here that was not begun{open}.",
    "It cannot be told which questions belong to it.",
    "Take out this end, or add its begin.",
)
