"""What a check can find in rows: one text for each kind, and how many alike problems are told without a wall of text.

No text here quotes a cell, save the codes of choice questions, and none from a column that identifies or can harm somebody.
"""

from __future__ import annotations

from collections.abc import Iterable

from mel.errors.base import InputError, Problem, Template

# ---- columns ---------------------------------------------------------------------------------------------------------

DESIGN_VALUE_BLANK = Template(
    "DESIGN_VALUE_BLANK",
    "stop",
    "the cell is empty, and the design needs it.",
    "Leaving the row out would change whom the figures speak for; counting it as 1 or 0 would too.",
    "Fill it in from the sampling list, or correct the column's name under [design].",
)
DESIGN_VALUE_NEGATIVE = Template(
    "DESIGN_VALUE_NEGATIVE",
    "stop",
    "the number is below 0, and the design needs it.",
    "Nobody stands for fewer than no people.",
    "Correct it from the sampling list.",
)
COLUMN_NOT_IN_DATA = Template(
    "COLUMN_NOT_IN_DATA",
    "warn",
    "the form asks '{name}', and the data have no such column.",
    "Everyone would look as if they had not been asked.",
    "Was it renamed? Columns that look close: {near}. Name the right one under the dataset's map, or export again.",
)
FORM_NOT_IN_COLUMNS = Template(
    "FORM_NOT_IN_COLUMNS",
    "stop",
    "no question of the form has a column here.",
    "The first line may be somebody's answers already (it is not quoted for that reason), or these answers belong to another form.",
    "Put the questions' names in the first line, as the export has them, or name the form these answers were given on.",
)
COLUMNS_NOT_IN_FORM = Template(
    "COLUMNS_NOT_IN_FORM",
    "warn",
    "not in the form: {names}.",
    "Nothing says what their values may be, so they are not checked.",
    "Check that this is the form these answers were given on; a column that was added by hand needs nothing more.",
)
REPEAT_NOT_IN_DATA = Template(
    "REPEAT_NOT_IN_DATA",
    "warn",
    "the form has the repeat '{name}', and the data have no table for it.",
    "What was asked there of each member or child cannot be counted.",
    "Export with the repeat's own sheet, or leave its questions out of the map.",
)
CODES_DIFFER_BETWEEN_ROUNDS = Template(
    "CODES_DIFFER_BETWEEN_ROUNDS",
    "warn",
    "'{name}' has the codes {codes_a} in round '{round_a}' and {codes_b} in round '{round_b}'.",
    "The same answer under two codes would look like a change.",
    'Say which is which: under the round\'s map, {name} = {{column = "{name}", codes = {{...}}}}.',
)

# ---- cells -----------------------------------------------------------------------------------------------------------

CODE_NOT_IN_CHOICES = Template(
    "CODE_NOT_IN_CHOICES",
    "stop",
    "{said} is not among the choices of '{name}'.",
    "An answer that was not offered cannot be counted as any of those that were.",
    "The choices are {choices}.{hint} Correct the cell, or use the form these answers were given on.",
)
NOT_A_NUMBER = Template(
    "NOT_A_NUMBER",
    "stop",
    "'{name}' takes a {type}, and the cell holds something else.",
    "It cannot be added up or averaged, and leaving it out would go unnoticed.",
    "Write the number alone. For a code that means no answer, empty the cell or name it under silences in the map.",
)
NOT_A_DATE = Template(
    "NOT_A_DATE",
    "stop",
    "'{name}' takes a date, and the cell holds something that cannot be read as one.",
    "Ages and the order of events would be wrong.",
    "Write year-month-day, such as 2024-03-31.",
)
DATE_IS_A_COUNT_OF_DAYS = Template(
    "DATE_IS_A_COUNT_OF_DAYS",
    "stop",
    "'{name}' takes a date, and the cell holds a spreadsheet's count of days.",
    "Two spreadsheet programs start that count four years apart, so it is not read as a date.",
    "In the spreadsheet, give the column a date format (2024-03-31) and save again.",
)
REQUIRED_EMPTY = Template(
    "REQUIRED_EMPTY",
    "warn",
    "'{name}' must be answered, and the cell is empty.",
    "The person was asked; why there is no answer is not known, and is counted as not known.",
    "Look at the answer sheet, or leave it.",
)
NOT_RELEVANT = Template(
    "NOT_RELEVANT",
    "warn",
    "'{name}' has an answer, and by the form's own rule it was not to be asked here.",
    "One of this answer and those the rule reads is not what the person said.",
    "Look at the answer sheet. The answer is kept as it is.",
)
CONSTRAINT_BROKEN = Template(
    "CONSTRAINT_BROKEN",
    "warn",
    "the answer to '{name}' breaks the form's own rule {rule}.",
    "The form would not have let it through, so it was typed or changed elsewhere.",
    "Look at the answer sheet. The answer is kept as it is.",
)
AGE_IMPOSSIBLE = Template(
    "AGE_IMPOSSIBLE",
    "warn",
    "'{name}' is below 0 or above 120.",
    "No person is that old: it is a slip, or a code such as -999 that means no answer.",
    "Correct it, or name the code under silences in the map.",
)
DATE_IN_THE_FUTURE = Template(
    "DATE_IN_THE_FUTURE",
    "warn",
    "'{name}' is a day after the answers were sent.",
    "What lies ahead cannot be told as having happened.",
    "Look at the answer sheet, or at the clock of the device. Leave it if the question is about a plan.",
)
DATE_LONG_AGO = Template(
    "DATE_LONG_AGO",
    "warn",
    "'{name}' is a day before 1900.",
    "Spreadsheets write such days where a date was empty or could not be read.",
    "Look at the answer sheet.",
)
END_BEFORE_START = Template(
    "END_BEFORE_START",
    "warn",
    "the conversation ended before it began.",
    "The device's clock was wrong, or the sheet was changed.",
    "Leave it, or look at who collected it that day.",
)

# ---- rows ------------------------------------------------------------------------------------------------------------

NO_CONSENT = Template(
    "NO_CONSENT",
    "drop_row",
    "no consent is recorded, so the row was left out before anything else was read.",
    "Answers are used with the agreement of the person who gave them.",
    "Nothing, if that is what the person said. If consent was given on paper, record it.",
)
CONSENT_COLUMN_MISSING = Template(
    "CONSENT_COLUMN_MISSING",
    "stop",
    "there is no column '{name}', which says who agreed.",
    "Without it nobody's answers may be used.",
    "Columns that look close: {near}. Name the right one under consent in alliance.toml.",
)
CONSENT_NOBODY = Template(
    "CONSENT_NOBODY",
    "stop",
    "nobody agreed: none of {rows} rows has {yes} in '{name}'.",
    "More likely the code for yes is another one than that nobody agreed.",
    "Under consent in alliance.toml, write the code the form has for yes.",
)
EMPTY_ROW = Template(
    "EMPTY_ROW",
    "drop_row",
    "the row holds no answer at all, and was left out.",
    "It would count as a person who said nothing.",
    "Nothing, if it is an empty line of the spreadsheet.",
)
SENT_TWICE = Template(
    "SENT_TWICE",
    "drop_row",
    "the same answer sheet is already in row {first}{of_file}, and this copy was left out.",
    "One person would count twice.",
    "Nothing: the first copy stays.",
)
SAME_ID_OTHER_ANSWERS = Template(
    "SAME_ID_OTHER_ANSWERS",
    "stop",
    "this answer sheet is also in row {first}{of_file}, with other answers.",
    "Which of the two the person gave is not for a program to choose.",
    "Keep the right one and delete the other.",
)
SHEET_IN_TWO_ROUNDS = Template(
    "SHEET_IN_TWO_ROUNDS",
    "stop",
    "this answer sheet is also in another round: row {first}{of_file}.",
    "The same conversation would be before and after itself, and every change would shrink.",
    "Take it out of the round it does not belong to; a file may be listed under two rounds.",
)
ROWS_ALIKE = Template(
    "ROWS_ALIKE",
    "warn",
    "every answer is the same as in row {first}{of_file}.",
    "Two people may have said the same, or one sheet was typed twice. Both rows are counted.",
    "Look at the paper, and delete one if it is a copy.",
)
NO_ROWS_LEFT = Template(
    "NO_ROWS_LEFT",
    "stop",
    "no row is left: all {rows} were left out.",
    "A figure of nobody says nothing.",
    "See the problems for why each row was left out.",
)

# ---- registers -------------------------------------------------------------------------------------------------------

SCHEMA_NO_HEADER = Template(
    "SCHEMA_NO_HEADER",
    "stop",
    "no column of a {kind} table is here.",
    "The first line may be an entry already; it is not quoted, because it may be about a person.",
    "Put the columns' names in the first line: {names}.",
)
SCHEMA_COLUMN_MISSING = Template(
    "SCHEMA_COLUMN_MISSING",
    "stop",
    "there is no column '{name}', which every {kind} table has.",
    "What it says is needed: {about}",
    "Columns that look close: {near}. Rename the right one, or add it.",
)
SCHEMA_COLUMN_UNKNOWN = Template(
    "SCHEMA_COLUMN_UNKNOWN",
    "warn",
    "the columns {names} are not part of a {kind} table.",
    "They are kept and not read.",
    "If one of them is meant as {near}, rename it.",
)
SCHEMA_VALUE_MISSING = Template(
    "SCHEMA_VALUE_MISSING",
    "stop",
    "'{name}' is empty, and every row needs it.",
    "What it says is needed: {about}",
    "Fill it in, or delete the row.",
)
SCHEMA_VALUE_NOT_ALLOWED = Template(
    "SCHEMA_VALUE_NOT_ALLOWED",
    "stop",
    "'{name}' holds a word that it does not know.",
    "A word of one's own cannot be counted with the others.",
    "Write one of {allowed}.{hint}",
)
SCHEMA_VALUE_MISSHAPEN = Template(
    "SCHEMA_VALUE_MISSHAPEN",
    "stop",
    "'{name}' is not written as it should be.",
    "It would be read as something else, or not at all.",
    "{about}",
)
SCHEMA_VALUE_TWICE = Template(
    "SCHEMA_VALUE_TWICE",
    "stop",
    "'{name}' is the same as in row {first}{of_file}.",
    "Two things of one name cannot be told apart.",
    "Give each its own.",
)
SCHEMA_UNREADABLE = Template(
    "SCHEMA_UNREADABLE",
    "stop",
    "the Table Schema cannot be used: {fault}.",
    "Nothing says what the columns may hold.",
    "Mend the schema; a field has name, type and constraints, as the Frictionless Table Schema has them.",
)

# ---- what was not checked ----------------------------------------------------------------------------------------------

EXPRESSION_NOT_COMPUTED = Template(
    "EXPRESSION_NOT_COMPUTED",
    "warn",
    "the {kind} of '{name}' was not computed: {reason}.",
    "What it would have checked is not checked, and nothing was guessed in its place.",
    "Look at this question yourself.",
)

SHOWN_ROWS = 5


class CheckStopped(InputError):
    """Rows that cannot be used as they are. `problems` has every one; the text tells alike ones once, with their first rows."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        super().__init__(problems)
        self.args = (_first_what_stops(self.problems),)


def _first_what_stops(problems: Iterable[Problem]) -> str:
    """What stops, in full; of the rest only how many, so that what must be done first is not buried."""
    every = tuple(problems)
    stops = [problem for problem in every if problem.severity == "stop"]
    rest = len(every) - len(stops)
    if not stops or not rest:
        return told(every)
    return f"{told(stops)}\n\nAnd {rest} problems that do not stop the work; `mel check` writes them all to a workbook."


def told(problems: Iterable[Problem]) -> str:
    """Problems as text, alike ones together: where, the rows (the first few, and how many more), what, why, what to do."""
    groups: dict[tuple[str | None, ...], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.code, problem.file, problem.sheet, problem.column, problem.key), []).append(problem)
    return "\n\n".join(_group(alike) for alike in groups.values())


def _group(alike: list[Problem]) -> str:
    first, rows = alike[0], [problem.row for problem in alike if problem.row is not None]
    if len(alike) == 1 or not rows:
        return "\n\n".join(dict.fromkeys(str(problem) for problem in alike))
    named = ", ".join(str(row) for row in rows[:SHOWN_ROWS])
    more = f" and {len(rows) - SHOWN_ROWS} more" if len(rows) > SHOWN_ROWS else ""
    place = [first.file, f"sheet '{first.sheet}'" if first.sheet else None, f"column '{first.column}'" if first.column else None]
    where = ", ".join(part for part in (*place, f"rows {named}{more}") if part)
    says = " / ".join(list(dict.fromkeys(problem.what for problem in alike))[:3])
    return f"{where}: {says}\n{first.why} {first.do} [{first.code}]"
