"""What can be wrong in what an alliance writes: alliance.toml, alliance.xlsx, its packs and its map of columns."""

from __future__ import annotations

from mel.errors.base import Template

# ---- the file itself ------------------------------------------------------------------------------------------------

ALLIANCE_FOLDER_MISSING = Template(
    "ALLIANCE_FOLDER_MISSING",
    "stop",
    "There is no folder '{folder}'.",
    "An alliance is a folder that holds alliance.toml (or alliance.xlsx) and its data.",
    "Check the name. Folders beside it that hold an alliance: {near}.",
)
ALLIANCE_IS_A_FILE = Template(
    "ALLIANCE_IS_A_FILE",
    "stop",
    "'{folder}' is a file, not a folder.",
    "An alliance is a folder that holds alliance.toml (or alliance.xlsx) and its data.",
    "Name the folder the file is in.",
)
ALLIANCE_FILE_MISSING = Template(
    "ALLIANCE_FILE_MISSING",
    "stop",
    "The folder '{folder}' has neither alliance.toml nor alliance.xlsx.",
    "Without one of them nothing says who the alliance is, what was asked and whom to protect.",
    "Start one with the command 'mel new', or correct the name. Files that look close: {near}.",
)
ALLIANCE_TWO_FILES = Template(
    "ALLIANCE_TWO_FILES",
    "stop",
    "The folder '{folder}' has both alliance.toml and alliance.xlsx.",
    "They may say different things, and nobody could tell which one a report followed.",
    "Keep one and move the other out of the folder.",
)
WRITTEN_FILE_MISSING = Template(
    "WRITTEN_FILE_MISSING", "stop", "There is no such file.", "Nothing can be read from it.", "Check the name and the folder."
)
WRITTEN_FILE_LARGE = Template(
    "WRITTEN_FILE_LARGE",
    "stop",
    "The file has {size} MB; at most {limit} MB are read.",
    "A description of that size is a data file by mistake, or one made to exhaust the computer.",
    "Keep data in their own files and name them under datasets.",
)
WRITTEN_NOT_UTF8 = Template(
    "WRITTEN_NOT_UTF8",
    "stop",
    "The file is not UTF-8 text (first unreadable byte on line {line}).",
    "Names with accents or in other scripts would come out wrong.",
    "Save it again as UTF-8: in the editor's 'save as' window, choose the encoding UTF-8.",
)
WRITTEN_TOML_SYNTAX = Template(
    "WRITTEN_TOML_SYNTAX",
    "stop",
    "Line {line} cannot be read as TOML: {says}.",
    "Nothing after such a line can be trusted, so nothing of the file was used.",
    'Look at line {line} and the one before it: text stands in "quotes", lists in [brackets], every bracket is closed, '
    "and paths use / also on Windows.",
)
WRITTEN_TOO_DEEP = Template(
    "WRITTEN_TOO_DEEP",
    "stop",
    "Lists or tables are nested too deep to read.",
    "No description of an alliance needs that; a file made so could exhaust the computer.",
    "Look for brackets that are opened again and again.",
)

# ---- one key --------------------------------------------------------------------------------------------------------

KEY_UNKNOWN = Template(
    "KEY_UNKNOWN",
    "stop",
    "There is no key '{name}' here.",
    "A key that is not known would be ignored, and what you meant by it with it.",
    "Keys that look close: {near}. All keys here: {available}.",
)
KEY_MISSING = Template(
    "KEY_MISSING",
    "stop",
    "'{name}' is missing.",
    "It has no default, because a wrong guess would change what the report says.",
    "Add it. What it means: {help}",
)
CHOICE_UNKNOWN = Template(
    "CHOICE_UNKNOWN",
    "stop",
    "'{given}' is not one of the words allowed here.",
    "Each allowed word has a rule behind it; another one has none.",
    "Choose one of {available}. Closest: {near}.",
)
ID_NOT_ALLOWED = Template(
    "ID_NOT_ALLOWED",
    "stop",
    "'{given}' cannot be used here: {expected}.",
    "Names like this one become folders, columns and keys, and must be safe as such.",
    "Write a shorter, plainer name here; the full one goes into the label or name.",
)
TYPE_NOT_TEXT = Template(
    "TYPE_NOT_TEXT",
    "stop",
    "{given} is not text.",
    "Codes and names are text, also when they look like numbers: 01 and 1 are two codes.",
    'Put it in quotes: "{given}".',
)
TYPE_NOT_NUMBER = Template(
    "TYPE_NOT_NUMBER",
    "stop",
    "'{given}' is not {expected}.",
    "It is used in a computation.",
    "Write {expected}, without quotes or units; 60 % is 0.6.",
)
TYPE_NOT_YES_NO = Template(
    "TYPE_NOT_YES_NO",
    "stop",
    "'{given}' is neither yes nor no.",
    "It switches something on or off.",
    "Write yes or no in a workbook, true or false in alliance.toml, without quotes.",
)
TYPE_NOT_DATE = Template(
    "TYPE_NOT_DATE",
    "stop",
    "'{given}' is not a date.",
    "Rounds are put in order, and labelled, by their dates.",
    "Write year-month-day without quotes, such as 2024-05-31.",
)
TYPE_NOT_LIST = Template(
    "TYPE_NOT_LIST",
    "stop",
    "'{given}' is not a list.",
    "Several may stand here, so even a single one is written as a list.",
    'Put it in brackets: ["…"].',
)
TYPE_NOT_TABLE = Template(
    "TYPE_NOT_TABLE",
    "stop",
    "'{given}' is not a table of keys and values.",
    "What belongs here has several parts, each under its own key.",
    "Write it as key = value under its heading. Keys here: {available}.",
)
TYPE_BARE_LIST = Template(
    "TYPE_BARE_LIST",
    "stop",
    "'{given}' is one dimension where a list of dimensions to cross is expected.",
    'by = ["gender", "age"] could mean one table each or one table of their crossing.',
    'Write [["gender"], ["age"]] for one table each, [["gender", "age"]] for the crossing.',
)
LIST_EMPTY = Template("LIST_EMPTY", "stop", "The list is empty.", "At least one is needed here.", "Add one. What it means: {help}")
NUMBER_OUTSIDE = Template(
    "NUMBER_OUTSIDE",
    "stop",
    "{given} is outside what is allowed: {expected}.",
    "Beyond this limit the result has no meaning.",
    "Correct it.",
)
VALUE_NOT_ACCEPTED = Template(
    "VALUE_NOT_ACCEPTED",
    "stop",
    "'{given}' cannot be used here.",
    "It has another form than what belongs here.",
    "Compare it with the schema in data/schemas. What belongs here: {help}",
)
PATH_LEAVES_FOLDER = Template(
    "PATH_LEAVES_FOLDER",
    "stop",
    "The path '{given}' leads out of the alliance's folder, or is written for one machine only.",
    "An alliance is a folder that can be moved, shared and checked as a whole.",
    "Put the file into the folder and write its path from there, with / between folders.",
)

# ---- parts that must agree with each other ----------------------------------------------------------------------------

DESIGN_MISSING = Template(
    "DESIGN_MISSING",
    "stop",
    "The dataset '{dataset}' does not say how people came to be in it: there is no design.",
    "Only a probability sample speaks for people who were not asked; without a design nobody can know which words a report may use.",
    "Add a [datasets.design] with basis = probability, census, purposive, self_selected or unknown. If nobody knows, write unknown: "
    "the report then counts the people who answered, and claims no more.",
)
DESIGN_BASIS_MISSING = Template(
    "DESIGN_BASIS_MISSING",
    "stop",
    "The design of '{dataset}' has no basis.",
    "The basis decides whether the report may speak of everybody or only of those who answered. It is never guessed.",
    "Write one of: probability (drawn by chance from a list), census (everyone was asked), purposive (chosen on purpose), "
    "self_selected (whoever wished), unknown.",
)
DESIGN_ROUNDS_MISSING = Template(
    "DESIGN_ROUNDS_MISSING",
    "stop",
    "The dataset '{dataset}' has {n} rounds, and its design does not say how they relate.",
    "The uncertainty of a change depends on it: the same people asked twice differ less by chance than two fresh samples.",
    "Write rounds = independent (a fresh sample each time), same_clusters (the same places, other people) or panel (the same people).",
)
DESIGN_PART_MISSING = Template(
    "DESIGN_PART_MISSING",
    "stop",
    "The probability sample '{dataset}' does not state its {part}.",
    "Standard errors and intervals follow from it; left out they would be wrong without anyone seeing it.",
    "{do}",
)
DESIGN_WEIGHT_MISSING = Template(
    "DESIGN_WEIGHT_MISSING",
    "stop",
    "The design of '{dataset}' says weights = {weights} and names no column for them.",
    "Without the column everyone would count the same.",
    'Add weight = "the column", or weights = "none" if everyone had the same chance.',
)
DESIGN_WEIGHT_UNUSED = Template(
    "DESIGN_WEIGHT_UNUSED",
    "stop",
    "The design of '{dataset}' names a weights' column but says weights = {weights}.",
    "It is not clear whether to weigh.",
    "Write weights = expansion (they add up to the people out there) or normalised (they add up to the sample), or take weight out.",
)
DESIGN_WEIGHTS_WITHOUT_CHANCE = Template(
    "DESIGN_WEIGHTS_WITHOUT_CHANCE",
    "stop",
    "The design of '{dataset}' has basis = {basis} and weights = {weights}.",
    "A weight says how many people one drawn by chance speaks for. Where nobody was drawn by chance there is no such number.",
    "Take weights and weight out, or correct the basis.",
)
DESIGN_RESPONDENT_MISSING = Template(
    "DESIGN_RESPONDENT_MISSING",
    "stop",
    "The panel '{dataset}' names no column that identifies a person across its rounds.",
    "A panel compares each person with themself.",
    'Add respondent = "the column", or write rounds = same_clusters or independent.',
)
ROUND_TWICE = Template(
    "ROUND_TWICE",
    "stop",
    "Two rounds of '{dataset}' are named '{name}'.",
    "Answers of one could be counted as the other's.",
    "Give each round a name of its own, such as baseline and midline. Several files of one round go into one list of files.",
)
PARTNER_FROM_UNCLEAR = Template(
    "PARTNER_FROM_UNCLEAR",
    "stop",
    "partner_from = '{given}' is not known.",
    "It says where a row's partner is written.",
    "Write file (the file's name), folder (the folder's name) or column:NAME.",
)
RECORD_CONTRADICTS = Template("RECORD_CONTRADICTS", "stop", "{says}.", "{why}", "{do}")

# ---- references -------------------------------------------------------------------------------------------------------

NAME_TWICE = Template(
    "NAME_TWICE",
    "stop",
    "'{name}' stands twice among the {what} (first at {first}).",
    "A reference to it could mean either.",
    "Rename one, or take it out.",
)
OWNER_UNKNOWN = Template(
    "OWNER_UNKNOWN",
    "stop",
    "The owner '{name}' is neither a member nor a partner.",
    "Data have owners, and only the owner says how far they may go.",
    "Closest: {near}. Members: {available}. Add the owner to the members, or to the register of partners.",
)
DATASET_UNKNOWN = Template(
    "DATASET_UNKNOWN",
    "stop",
    "There is no dataset '{name}'.",
    "The indicator would be asked of nobody.",
    "Closest: {near}. Datasets: {available}.",
)
ALLIANCE_DIMENSION_UNKNOWN = Template(
    "ALLIANCE_DIMENSION_UNKNOWN",
    "stop",
    "There is no dimension '{name}'.",
    "A breakdown or a protection that names nothing would quietly not happen.",
    "Closest: {near}. Dimensions: {available}. Add it under dimensions, or correct the name.",
)
DIMENSION_NAME_RESERVED = Template(
    "DIMENSION_NAME_RESERVED",
    "stop",
    "A dimension cannot be named '{name}'.",
    "The tables of results have a column of that name for something else.",
    "Choose another name, such as {name}_group; its label may say what you like.",
)
DIMENSION_KEY_UNUSED = Template(
    "DIMENSION_KEY_UNUSED",
    "stop",
    "'{name}' has no meaning in a dimension made from {origin}.",
    "It would be ignored without a word.",
    "Take it out, or write from = {wanted}.",
)
ALLIANCE_INDICATOR_UNKNOWN = Template(
    "ALLIANCE_INDICATOR_UNKNOWN",
    "stop",
    "There is no indicator '{name}' in the packs named or among the alliance's own.",
    "Nothing says who is counted and what a yes is.",
    "Closest: {near}. Name the pack it is in under packs, or define it under own_indicators. Packs read: {packs}.",
)
ALLIANCE_INDICATOR_TWICE = Template(
    "ALLIANCE_INDICATOR_TWICE",
    "stop",
    "The indicator '{name}' is asked twice of the dataset '{dataset}' (first at {first}).",
    "Its breakdowns and targets stand in two places that may disagree.",
    "Put them together in one.",
)
INDICATOR_REDEFINED = Template(
    "INDICATOR_REDEFINED",
    "stop",
    "The own indicator '{name}' has the id of one in the pack '{pack}'.",
    "Two definitions under one name give figures that cannot be compared.",
    "Give your own an id of its own, such as {name}_own.",
)
INDICATOR_LESS_PROTECTED = Template(
    "INDICATOR_LESS_PROTECTED",
    "stop",
    "The indicator '{name}' counts {counts}, but each row of the dataset '{dataset}' is about {dataset_counts}.",
    "People are protected by a smallest number that may be shown; counted as {counts} they would not be.",
    "Set counts = '{dataset_counts}' in the indicator, or correct counts in the dataset if its rows are {counts}.",
)
ALLIANCE_ROUND_UNKNOWN = Template(
    "ALLIANCE_ROUND_UNKNOWN",
    "stop",
    "The dataset '{dataset}' has no round '{name}'.",
    "A target for it would never be held against anything.",
    "Closest: {near}. Rounds: {available}.",
)
TARGET_NOT_BROKEN_DOWN = Template(
    "TARGET_NOT_BROKEN_DOWN",
    "stop",
    "The target is for a group by {where}, and the indicator is not broken down so.",
    "There would be no figure to hold the target against.",
    "Add [{quoted}] to by of this indicator, or take where out of the target.",
)
PACK_UNKNOWN = Template(
    "PACK_UNKNOWN",
    "stop",
    "There is no pack '{name}'.",
    "Its indicators and variables could not be used.",
    "Closest: {near}. Packs that come with mel: {available}. A pack of your own is named by its path, such as own.toml.",
)
PACK_FILE_MISSING = Template(
    "PACK_FILE_MISSING",
    "stop",
    "There is no pack file '{name}' in the alliance's folder.",
    "Its indicators and variables could not be used.",
    "Check the name. Files there that could be meant: {near}.",
)
PACK_TWICE = Template(
    "PACK_TWICE",
    "stop",
    "The pack '{name}' is named twice, or two packs have this id.",
    "It would not be clear which one was followed.",
    "Name it once; give a pack of your own an id of its own.",
)
PACK_ID_TWICE = Template(
    "PACK_ID_TWICE",
    "stop",
    "The {what} '{name}' is defined in the pack '{first}' and again in the pack '{second}'.",
    "Two definitions under one name give figures that cannot be compared.",
    "Rename it in the pack that is yours, or name only one of the two packs.",
)
PACK_PARENT_UNKNOWN = Template(
    "PACK_PARENT_UNKNOWN",
    "stop",
    "The entry '{name}' belongs to '{parent}', which this pack does not have.",
    "It would be listed nowhere.",
    "Closest: {near}.",
)
AGE_BANDS_UNKNOWN = Template(
    "AGE_BANDS_UNKNOWN",
    "stop",
    "There are no age bands '{name}' in the packs named.",
    "People's ages could not be put into groups.",
    "Closest: {near}. Age bands there: {available}. Name the pack that has them, such as lnob, under packs.",
)
SECTION_UNKNOWN = Template(
    "SECTION_UNKNOWN", "stop", "There is no report section '{name}'.", "It would be missing.", "Closest: {near}. Sections: {available}."
)
ALLIANCE_LANGUAGE_NOT_OFFERED = Template(
    "ALLIANCE_LANGUAGE_NOT_OFFERED",
    "stop",
    "Reports cannot be written in '{name}' yet.",
    "A report half in one language and half in another serves nobody.",
    "Languages there are: {available}. Forms, answers, stories and outcomes may be in any language.",
)
AT_RISK_UNKNOWN = Template(
    "AT_RISK_UNKNOWN",
    "stop",
    "Entry {n} of the {what} at risk matches none in the members or the register of partners.",
    "A typing error here would leave someone unprotected.",
    "Write it exactly as in the register: {what} as their {form}.",
)
MAP_VARIABLE_UNKNOWN = Template(
    "MAP_VARIABLE_UNKNOWN",
    "stop",
    "The map names the variable '{name}', which no pack, indicator or dimension uses.",
    "It looks like a typing error; what was meant would stay unmapped.",
    "Closest: {near}. Correct it, or take the line out.",
)
MAP_CODE_UNKNOWN = Template(
    "MAP_CODE_UNKNOWN",
    "stop",
    "The map turns the form's '{code}' into '{name}', which the variable '{variable}' does not have.",
    "These answers would belong to no group and no indicator.",
    "Closest: {near}. Codes of '{variable}': {available}. A way of not answering goes under silences.",
)
MAP_CODE_TWICE = Template(
    "MAP_CODE_TWICE",
    "stop",
    "The form's '{code}' is mapped both to a code and to a silence.",
    "An answer cannot be given and not given.",
    "Keep one of the two.",
)

# ---- alliance.xlsx ----------------------------------------------------------------------------------------------------

SHEET_UNKNOWN = Template(
    "SHEET_UNKNOWN",
    "stop",
    "There is no place for a sheet of this name.",
    "What stands in it would be ignored.",
    "Closest: {near}. Sheets: {available}. Notes of your own go into a sheet whose name begins with 'note'.",
)
SHEET_COLUMN_UNKNOWN = Template(
    "SHEET_COLUMN_UNKNOWN",
    "stop",
    "There is no column '{name}' in this sheet.",
    "What stands in it would be ignored.",
    "Closest: {near}. Columns: {available}.",
)
SHEET_COLUMN_TWICE = Template(
    "SHEET_COLUMN_TWICE", "stop", "The column '{name}' stands twice in this sheet.", "Only one could be read.", "Take one out."
)
SHEET_ROW_ORPHAN = Template(
    "SHEET_ROW_ORPHAN",
    "stop",
    "This row belongs to '{name}', which the sheet '{parent}' does not have.",
    "What stands in it would be lost.",
    "Closest: {near}. Write it exactly as in the sheet '{parent}'.",
)
SHEET_ROW_TWICE = Template(
    "SHEET_ROW_TWICE",
    "stop",
    "'{name}' was already given in row {first} of this sheet.",
    "Only one of the two could be used.",
    "Keep one of the two rows.",
)
SHEET_CELL_UNCLEAR = Template(
    "SHEET_CELL_UNCLEAR",
    "stop",
    "'{given}' cannot be read here.",
    "The cell has a form of its own, so that it can be checked before it is used.",
    "Write it like this: {example}",
)
WORKBOOK_CANNOT_HOLD = Template(
    "WORKBOOK_CANNOT_HOLD",
    "stop",
    "This alliance cannot be written as a workbook without changing it; it differs under: {parts}.",
    "A workbook that comes back different is no copy.",
    "Keep alliance.toml. What usually stands in the way: an empty text as a code, or ';' and '=' inside names.",
)

SHEET_TOO_LONG = Template(
    "SHEET_TOO_LONG",
    "stop",
    "The sheet has {n} rows; at most {limit} are read.",
    "A description of that size is a data file by mistake.",
    "Keep data in their own files and name them in the sheet rounds.",
)

# ---- proposals --------------------------------------------------------------------------------------------------------

PROPOSE_NO_VARIABLES = Template(
    "PROPOSE_NO_VARIABLES",
    "stop",
    "No variable was given to look for.",
    "A map ties the form's columns to the variables of a pack.",
    "Pass the variables of your packs: mel.load_packs(names).variables.values().",
)

# ---- packs: scales ----------------------------------------------------------------------------------------------------

PACK_POINTS_WRONG = Template(
    "PACK_POINTS_WRONG",
    "stop",
    "The indicator '{name}' says other points than its scale '{scale}' can have.",
    "Readers would be told of a highest score that nobody can reach, or that somebody passed.",
    "Write points = [{low}, {high}].",
)
RELIABILITY_UNKNOWN = Template(
    "RELIABILITY_UNKNOWN",
    "stop",
    "There is no rule '{name}' for what is precise enough to say aloud in the packs named.",
    "Figures would be said aloud, or kept back, by another rule than the one you chose.",
    "Closest: {near}. Rules there: {available}. Name the pack that has it, such as reliability or dhs, under packs.",
)
RELIABILITY_NOT_SAID = Template(
    "RELIABILITY_NOT_SAID",
    "stop",
    "The packs named have several rules for what is precise enough to say aloud, and none is chosen.",
    "Which figures may be said aloud would depend on the order of the packs.",
    "Write reliability = […] under report, the one that counts first. Rules there: {available}.",
)
ANALYSIS_INDICATOR_UNKNOWN = Template(
    "ANALYSIS_INDICATOR_UNKNOWN",
    "stop",
    "An analysis is asked of the indicator '{name}', which is not under indicators.",
    "An analysis looks at the answers to an indicator that is measured.",
    "Closest: {near}. Indicators asked: {available}.",
)
ANALYSIS_WHICH_DATASET = Template(
    "ANALYSIS_WHICH_DATASET",
    "stop",
    "An analysis of '{indicator}' does not say in which dataset (given: {given}).",
    "Answers of two datasets are never put together.",
    "Write dataset = one of: {available}.",
)
ANALYSIS_ROUND_UNKNOWN = Template(
    "ANALYSIS_ROUND_UNKNOWN",
    "stop",
    "An analysis is asked of the round '{name}', which its dataset does not have.",
    "An analysis looks at one round; left out, it is the last.",
    "Closest: {near}. Rounds: {available}.",
)
INEQUALITY_UNKNOWN = Template(
    "INEQUALITY_UNKNOWN",
    "stop",
    "There is no measure of inequality called '{name}'.",
    "Measures are asked for by their spelled-out names, because a short one can mean two.",
    "Closest: {near}. Measures: {available}.",
)
