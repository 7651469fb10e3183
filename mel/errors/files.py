"""What can be wrong with a file before its columns are looked at: finding it, opening it, its encoding and separators.

A text names the place, says why it matters and what to do. None quotes an answer.
"""

from __future__ import annotations

from mel.errors.base import Template

# ---- finding the file ------------------------------------------------------------------------------------------------

FILE_MISSING = Template(
    "FILE_MISSING",
    "stop",
    "there is no file '{wanted}' in {folder}. Names that look close: {close}.",
    "Without it this round has no answers.",
    "Put the file there, or correct its name.",
)
FILES_NONE = Template(
    "FILES_NONE",
    "stop",
    "no file in {folder} fits the pattern '{wanted}'. In the folder: {found}.",
    "Without files this round has no answers.",
    "Correct the pattern, or put the files there.",
)
FILE_OUTSIDE = Template(
    "FILE_OUTSIDE",
    "stop",
    "'{wanted}' lies outside the alliance's folder.",
    "An alliance reads only what lies in its own folder, so that a folder can be passed on whole and nobody else's data is opened.",
    "Copy the file into the folder and write its path from there, without a leading slash and without '..'.",
)
FILE_IS_FOLDER = Template(
    "FILE_IS_FOLDER",
    "stop",
    "'{wanted}' is a folder.",
    "A folder may hold files that do not belong to this round.",
    "Name a file, or write a pattern such as '{wanted}/*.csv'.",
)
FILE_TWICE = Template(
    "FILE_TWICE",
    "stop",
    "the same content as in '{other}' comes a second time.",
    "Everybody in it would be counted twice.",
    "Take one of the two out of the round's files.",
)
FILE_EMPTY = Template(
    "FILE_EMPTY",
    "stop",
    "the file is empty.",
    "There is no header and no answer in it.",
    "Export it again, or take it out of the round's files.",
)
FILE_UNREADABLE = Template(
    "FILE_UNREADABLE",
    "stop",
    "the file cannot be opened: {reason}.",
    "Nothing can be read from it.",
    "Close it in other programs and check that you may read it, or export it again.",
)
FILE_DAMAGED = Template(
    "FILE_DAMAGED",
    "stop",
    "the file is damaged or incomplete, {format} cannot be read from it.",
    "A file that was cut off while it was copied or sent may have lost answers.",
    "Export it again, or send it again.",
)
FILE_TOO_LARGE = Template(
    "FILE_TOO_LARGE",
    "stop",
    "{what_is_large}: {size}, and at most {limit} is read.",
    "A file that unfolds to more than that fills the computer's memory; it may have been made to do so.",
    "If the data are truly that large, send them as Parquet; else delete the stray cells far below or beside the table and save again.",
)
FILE_PROTECTED = Template(
    "FILE_PROTECTED",
    "stop",
    "the workbook is protected by a password.",
    "It cannot be read without the password, and a password written in a settings file protects nobody.",
    "Save a copy without the password in a place only you can open, and use that.",
)
FORMAT_UNKNOWN = Template(
    "FORMAT_UNKNOWN",
    "stop",
    "files that end in '{ending}' are not read.",
    "These are: {known}.",
    "Save it as one of them.",
)
FORMAT_NOT_AS_NAMED = Template(
    "FORMAT_NOT_AS_NAMED",
    "stop",
    "its name ends in '{ending}', but inside it is {inside}.",
    "Reading it as what it is not would give rubbish that may look like answers.",
    "Rename it, or export it again as '{ending}'.",
)
READING_OPTION = Template(
    "READING_OPTION",
    "stop",
    "{option} = {given} is not possible.",
    "Possible: {known}.",
    "Correct it, or leave it out.",
)
SOURCE_KIND = Template(
    "SOURCE_KIND",
    "stop",
    "collect() reads files, and received {given}.",
    "Only a file has a place and a fingerprint that others can check.",
    "Pass a path, a pattern such as 'data/*.csv', or a list of those.",
)

# ---- text ------------------------------------------------------------------------------------------------------------

ENCODING_ASSUMED = Template(
    "ENCODING_ASSUMED",
    "warn",
    "the text is not UTF-8 and does not say what it is; it was read as {encoding}.",
    "If it is another encoding, names and answers with accents are wrong.",
    'Look at a few accented words. If they are wrong, write encoding = "…" for this round; better, export again as UTF-8.',
)
ENCODING_UNCLEAR = Template(
    "ENCODING_UNCLEAR",
    "stop",
    "the text is not UTF-8, and most of its letters are not Latin: its encoding cannot be told.",
    "Read in the wrong encoding every such word would be rubbish.",
    'Write encoding = "…" for this round (Windows: cp1256 for Arabic, cp1251 for Cyrillic, cp1258 for Vietnamese), or export again as UTF-8.',
)
ENCODING_WRONG = Template(
    "ENCODING_WRONG",
    "stop",
    "it cannot be read as {encoding}: the text breaks in line {line}.",
    "Words would be lost.",
    "Correct encoding, or leave it out.",
)
ENCODING_BROKEN = Template(
    "ENCODING_BROKEN",
    "stop",
    "the text is UTF-8, but breaks in line {line}.",
    "A file that was edited or cut in the middle of a letter may have lost more than that letter.",
    "Export it again.",
)
DELIMITER_UNCLEAR = Template(
    "DELIMITER_UNCLEAR",
    "warn",
    "columns could be separated by {taken} or by {others}; it was read with {taken}.",
    "With the wrong one columns run into each other.",
    'Write delimiter = "…" for this round.',
)
DECIMAL_UNCLEAR = Template(
    "DECIMAL_UNCLEAR",
    "warn",
    "in {columns} a comma stands before exactly three digits each time: it could mark decimals or thousands. They were left as text.",
    "One reading is a thousand times the other.",
    'Write decimal = "," for this round if the comma marks decimals.',
)
DECIMAL_MIXED = Template(
    "DECIMAL_MIXED",
    "warn",
    "the decimal sign was taken to be '{decimal}', but {columns} use the other one. They were left as text.",
    "A number read with the wrong sign is wrong by powers of ten.",
    "Use one decimal sign in the whole file.",
)
CSV_QUOTES = Template(
    "CSV_QUOTES",
    "stop",
    'a cell that starts with a quotation mark (") near row {near} does not end as it should.',
    "Everything after it may run into one cell.",
    "Open the file in a spreadsheet, look at that row, and export it again.",
)
CSV_ROWS_LONG = Template(
    "CSV_ROWS_LONG",
    "stop",
    "{n} rows have more cells than the header has columns: row {rows}.",
    "Probably a text has the separator {delimiter} in it without quotation marks; every cell after it is in the wrong column.",
    "Export again with texts in quotation marks, or put the cells of these rows where they belong.",
)
CSV_ROWS_SHORT = Template(
    "CSV_ROWS_SHORT",
    "warn",
    "{n} rows have fewer cells than the header has columns: row {rows}. The missing ones were read as empty.",
    "The rows may have been cut off.",
    "Look at these rows.",
)
