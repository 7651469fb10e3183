"""What can be wrong with the sheets, headers, cells and repeats of the files people send. None of the texts quotes an answer."""

from __future__ import annotations

from mel.errors.base import Template

# ---- sheets, headers -------------------------------------------------------------------------------------------------

SHEET_MISSING = Template(
    "SHEET_MISSING",
    "stop",
    "there is no sheet '{wanted}'. Sheets in the workbook: {sheets}. Closest: {close}.",
    "Another sheet may hold other people's answers.",
    "Name one of its sheets.",
)
SHEET_NEEDED = Template(
    "SHEET_NEEDED",
    "warn",
    "the workbook has several sheets that could hold the answers; '{taken}' was read, {others} were not.",
    "The answers may be in another sheet.",
    'Write sheet = "…" for this round.',
)
SHEET_NOT_FOR_TEXT = Template(
    "SHEET_NOT_FOR_TEXT",
    "stop",
    "sheet '{wanted}' is asked for, but {format} has no sheets.",
    "The setting may belong to another file.",
    "Leave sheet out for this round.",
)
NO_ROWS = Template(
    "NO_ROWS",
    "stop",
    "there is a header, but no row below it.",
    "Nobody's answer is in it.",
    "Export it again, or take it out of the round's files.",
)
HEADER_DUPLICATE = Template(
    "HEADER_DUPLICATE",
    "stop",
    "several columns have the same header: {columns}.",
    "It cannot be told which of them is meant.",
    "Give each column a header of its own; in Kobo, export with group names in headers.",
)
HEADER_NOT_FIRST = Template(
    "HEADER_NOT_FIRST",
    "stop",
    "most columns have no header in row {header_row}; row {looks_like} looks like the header.",
    "A title above the table hides the names of the columns.",
    "Delete the rows above the header.",
)
HEADER_EMPTY = Template(
    "HEADER_EMPTY",
    "warn",
    "columns {letters} have answers but no header; they were called {names}.",
    "It cannot be told which question they answer.",
    "Write the header, or delete the columns.",
)
HEADER_LABEL_AMBIGUOUS = Template(
    "HEADER_LABEL_AMBIGUOUS",
    "warn",
    "the header '{header}' is the label of several questions: {questions}. The column was kept as {kept} and belongs to none of them.",
    "Guessing could put one question's answers under another's name.",
    "Export with question names (XML values and headers) instead of labels.",
)
HEADER_SAME_QUESTION = Template(
    "HEADER_SAME_QUESTION",
    "warn",
    "several columns answer the question '{question}': {columns}. Only '{taken}' was taken for it; the others keep their header.",
    "Two columns for one question may differ.",
    "Keep one of them, or name both in the map.",
)
GROUPS_UNDONE = Template(
    "GROUPS_UNDONE",
    "warn",
    "without a form, what stands before the last '/' of {columns} was taken for the name of a group and left out.",
    "With the form this is known instead of taken.",
    "Name the XLSForm of this dataset.",
)
TICKS_TAKEN = Template(
    "TICKS_TAKEN",
    "warn",
    "without a form, {questions} were taken for questions with several answers, because their columns hold ticks.",
    "With the form this is known instead of taken.",
    "Name the XLSForm of this dataset.",
)
COLUMN_NOT_FLAT = Template(
    "COLUMN_NOT_FLAT",
    "stop",
    "the columns {columns} hold lists or records instead of one value a cell.",
    "One cell must hold one answer.",
    "Unnest them before saving.",
)
HEADER_RESERVED = Template(
    "HEADER_RESERVED",
    "stop",
    "the file has columns of its own called {columns}.",
    "These names say which file, sheet, row and round a row came from; two meanings under one name mix them up.",
    "Rename the columns in the file.",
)
PARTNER_COLUMN_MISSING = Template(
    "PARTNER_COLUMN_MISSING",
    "stop",
    "there is no column '{wanted}', which partner_from names. Columns that look close: {close}.",
    "Without it nobody can tell whose answers these are.",
    "Name the right column in partner_from, or use file or folder.",
)

PARTNER_FOLDER_NONE = Template(
    "PARTNER_FOLDER_NONE",
    "stop",
    "partner_from = folder, but the file lies in no folder of a partner.",
    "The name of the folder says whose answers these are.",
    "Put each partner's files in a folder with the partner's id, or use file or column:NAME.",
)
PARTNER_EMPTY = Template(
    "PARTNER_EMPTY",
    "warn",
    "{n} rows name no partner, the first is row {first}.",
    "It is not known whose answers these are.",
    "Fill in the partner.",
)

# ---- cells -----------------------------------------------------------------------------------------------------------

NOT_AVAILABLE = Template(
    "NOT_AVAILABLE",
    "warn",
    "{n} cells say NA or n/a in {columns}; they were read as empty.",
    "In these columns they cannot be an answer, but why they are empty is not known.",
    "Nothing, if they mean no answer; else give the reason a code of its own.",
)
DATE_ORDER_UNCLEAR = Template(
    "DATE_ORDER_UNCLEAR",
    "warn",
    "the dates in {columns} could have the day or the month first. They were left as text.",
    "3 April and 4 March would be mixed up.",
    "Write day_first = true or false for this round.",
)
DATE_ORDER_TAKEN = Template(
    "DATE_ORDER_TAKEN",
    "warn",
    "the dates in {columns} were read with the {first} first, because some cannot be read the other way.",
    "If the file mixes both orders, some dates are wrong.",
    "Write day_first = true or false for this round.",
)
SERIALS_AS_DATES = Template(
    "SERIALS_AS_DATES",
    "warn",
    "{columns} hold numbers where the form asks for a date; they were read as Excel's count of days.",
    "Excel for old Macintoshes counts from 1904; those dates would be four years off.",
    "Look at a few of the dates.",
)
LABELS_AS_CODES = Template(
    "LABELS_AS_CODES",
    "warn",
    "{columns} hold labels of choices; each label was replaced by its code in the form.",
    "A label that was reworded since does not fit and stays as it is.",
    "Nothing, if the labels are the form's; exporting with XML values avoids the question.",
)
LABEL_CHOICES_AMBIGUOUS = Template(
    "LABEL_CHOICES_AMBIGUOUS",
    "warn",
    "in '{column}' some answers are labels that stand for several choices: {choices}. They were left as they are.",
    "Guessing would put people under an answer they may not have given.",
    "Export with XML values instead of labels.",
)
TICKS_DISAGREE = Template(
    "TICKS_DISAGREE",
    "warn",
    "in {n} rows the ticks of '{question}' and its text column differ, the first in row {first}. The ticks were used.",
    "One of the two was edited without the other.",
    "Look at these rows.",
)
TICKS_UNANSWERED = Template(
    "TICKS_UNANSWERED",
    "warn",
    "{n} times the text of a question with several answers is empty while all its ticks are 0 ({questions}); this was read as no answer.",
    "Nobody can tell these zeros from having chosen nothing; the empty text says that nothing was answered.",
    "Nothing, if the questions need at least one choice.",
)
TICK_UNREADABLE = Template(
    "TICK_UNREADABLE",
    "warn",
    "{n} cells in the columns of '{question}' are neither 1 nor 0, the first in row {first}; they were read as empty.",
    "It cannot be told whether the answer was chosen.",
    "Look at these cells.",
)
TICKS_BY_POSITION = Template(
    "TICKS_BY_POSITION",
    "warn",
    "the columns of '{question}' are numbered 1 to {n}; they were taken in the order of the form's choices.",
    "If the order of the choices changed since, answers are under the wrong choice.",
    "Export with one column a choice, named by the choice.",
)

# ---- repeats ---------------------------------------------------------------------------------------------------------

REPEAT_JOINED = Template(
    "REPEAT_JOINED",
    "warn",
    "the repeat '{repeat}' has {rows} rows, of {parents} of the {all_parents} answer sheets (joined by {keys}).",
    "A share of these rows is a share of {rows}, not of {all_parents}: somebody with three rows counts three times.",
    "Say in the report which of the two a figure is about.",
)
REPEAT_ORPHANS = Template(
    "REPEAT_ORPHANS",
    "warn",
    "{n} rows of the repeat '{repeat}' belong to no answer sheet that was read (joined by {keys}); they were left out.",
    "Their answer sheets may have been deleted, or a file is missing.",
    "Export the main sheet and the repeats together.",
)
REPEAT_NO_KEY = Template(
    "REPEAT_NO_KEY",
    "stop",
    "the rows of the repeat '{repeat}' cannot be tied to their answer sheets. Its columns that could be keys: {found}.",
    "Without a key it is not known who said what.",
    "Export with _index and _parent_index (Kobo) or KEY and PARENT_KEY (ODK Central).",
)
REPEAT_KEY_TWICE = Template(
    "REPEAT_KEY_TWICE",
    "stop",
    "the rows of the repeat '{repeat}' would belong to several answer sheets each: {keys} is not unique in '{parent}'.",
    "Rows would be multiplied.",
    "Export again; if several exports were pasted into one sheet, send them as separate files.",
)

REPEAT_KEYS_DISAGREE = Template(
    "REPEAT_KEYS_DISAGREE",
    "stop",
    "{n} rows of the repeat '{repeat}' belong to one answer sheet by {keys} and to another by {others}.",
    "Somebody's answers would be put under somebody else's.",
    "Export the main sheet and the repeats together, again, and do not sort or edit the key columns.",
)
REPEAT_FLAT = Template(
    "REPEAT_FLAT",
    "warn",
    "the repeats {repeats} are spread over columns ({columns}); they were left as they are.",
    "Their rows are not counted.",
    "Export as .xlsx, where each repeat has a sheet of its own.",
)
