"""What can be wrong when a form's answers become canonical variables, dimensions and a design. No text here quotes a person's answer."""

from __future__ import annotations

from mel.errors.base import Template

# ---- the map ---------------------------------------------------------------------------------------------------------

VARIABLE_COLUMN_MISSING = Template(
    "VARIABLE_COLUMN_MISSING",
    "stop",
    "'{variable}' is to be read from {columns}, and the data of {rounds} have no such column.",
    "Everyone would look as if they had not been asked.",
    "Columns that look close: {near}. Name the right one under the dataset's map, or the round's map if it was renamed.",
)
VARIABLE_NOT_MAPPED = Template(
    "VARIABLE_NOT_MAPPED",
    "stop",
    "'{variable}' is needed, and nothing says which column it is.",
    "A column is never guessed: the wrong one would give a figure that looks right.",
    'Columns that look close: {near}. Write under the dataset\'s map: {variable} = "the column".',
)
CODES_UNKNOWN = Template(
    "CODES_UNKNOWN",
    "stop",
    "'{variable}' has codes that are neither mapped nor known: {codes}{more} ({rows} rows).",
    "A code nobody has named would fall out of the figure, or count as a no.",
    'Known: {known}. Write under the map: {variable} = {{column = "...", codes = {{"its code" = "the known one"}}}}, or under silences.',
)
MAP_TO_UNKNOWN = Template(
    "MAP_TO_UNKNOWN",
    "stop",
    "the map gives '{variable}' the codes {codes}, which it does not have.",
    "No indicator would find them.",
    "Known: {known}.",
)
NOT_A_NUMBER_HERE = Template(
    "NOT_A_NUMBER_HERE",
    "stop",
    "'{variable}' is a number, and {rows} cells hold something else (first rows: {first}).",
    "They cannot be added up, and leaving them out would go unnoticed.",
    "Correct the cells, or name the code that means no answer under silences in the map.",
)
ROUNDS_CODED_APART = Template(
    "ROUNDS_CODED_APART",
    "stop",
    "'{variable}' has the codes {codes_a} in round '{round_a}' and {codes_b} in round '{round_b}', after the map.",
    "The same answer under two codes would look like a change.",
    'Say which is which under the map of one round: {variable} = {{column = "...", codes = {{"its code" = "the other round\'s"}}}}.',
)
NAME_IS_RESERVED = Template(
    "NAME_IS_RESERVED",
    "stop",
    "'{name}' cannot be the name of a {what}.",
    "That column holds a part of the design.",
    "Give it another name in the map.",
)
ONE_VARIABLE_TWO_SHAPES = Template(
    "ONE_VARIABLE_TWO_SHAPES",
    "stop",
    "'{variable}' is read from a question with one answer and from one with several.",
    "The two cannot be counted as one.",
    "Map them to two variables.",
)

# ---- the design ------------------------------------------------------------------------------------------------------

DESIGN_COLUMN_MISSING = Template(
    "DESIGN_COLUMN_MISSING",
    "stop",
    "there is no column '{name}', which the design needs{why}.",
    "Without it figures would be wrong, or would look more certain than they are.",
    "Columns that look close: {near}. Name the right one under [design] in alliance.toml{or_none}.",
)
DESIGN_CELLS_BLANK = Template(
    "DESIGN_CELLS_BLANK",
    "stop",
    "column '{name}' is empty in {count} rows ({first}), and the design needs it {why}.",
    "Leaving these rows out would change whom the figures speak for; counting them as 1 or 0 would too.",
    "Fill them in from the sampling list.",
)
DESIGN_NOT_A_NUMBER = Template(
    "DESIGN_NOT_A_NUMBER",
    "stop",
    "column '{name}' is no number, or below 0, in {count} rows ({first}), and the design needs it {why}.",
    "Nobody stands for fewer than no people.",
    "Correct them from the sampling list.",
)

# ---- dimensions ------------------------------------------------------------------------------------------------------

LEVEL_IS_RESERVED = Template(
    "LEVEL_IS_RESERVED",
    "stop",
    "'{dimension}' has a category named 'all'.",
    "In every table 'all' is the row of everyone.",
    "Give the category another code in the map.",
)
CATEGORY_UNKNOWN = Template(
    "CATEGORY_UNKNOWN",
    "stop",
    "the {what} of '{dimension}' names {codes}, which it does not have.",
    "A group that is never found cannot be compared with.",
    "Its categories are {known}.",
)
BANDS_UNKNOWN = Template(
    "BANDS_UNKNOWN",
    "stop",
    "'{dimension}' asks for the age bands '{bands}', which no pack has.",
    "Without bands nobody belongs to any.",
    "There are {known}. Add the pack that has them, or write your own.",
)
AGE_OUTSIDE_BANDS = Template(
    "AGE_OUTSIDE_BANDS",
    "stop",
    "{count} people have an age outside the bands '{bands}', which go from {low} to {high} (first rows: {first}).",
    "They would fall out of every table by age.",
    "Correct a slip; name a code such as -999 under silences; or take bands that hold everyone you asked.",
)
DIMENSION_HIDES_VARIABLE = Template(
    "DIMENSION_HIDES_VARIABLE",
    "stop",
    "the dimension '{dimension}' has the name of the variable it is made from, and an indicator needs that variable itself.",
    "One column cannot hold both.",
    "Rename the dimension, for instance to '{better}'.",
)
DIMENSION_OF_SEVERAL = Template(
    "DIMENSION_OF_SEVERAL",
    "stop",
    "'{dimension}' is made from a question with several answers.",
    "A person would stand in two rows, and the shares would add up to more than everyone.",
    'Make a membership of each answer: from = "membership", rule = {{column = "{variable}", includes = "..."}}.',
)
WG_ITEMS_MISSING = Template(
    "WG_ITEMS_MISSING",
    "stop",
    "the Washington Group Short Set needs six questions, and {missing} are not there.",
    "With fewer, people with a difficulty that was not asked about would count as having none.",
    "Map all six; if they were not all asked, leave out the dimension '{dimension}'.",
)
WG_ALL_BLANK = Template(
    "WG_ALL_BLANK",
    "stop",
    "nobody in {where} answered any of the six Washington Group questions.",
    "It would read as 100 % without difficulty.",
    "Check that the right columns are mapped; if they were not asked, leave out the dimension.",
)
WG_ANSWERS_UNKNOWN = Template(
    "WG_ANSWERS_UNKNOWN",
    "stop",
    "'{column}' has answers that are none of the Washington Group's, in {rows} rows.",
    "They would count as no difficulty, or as missing.",
    "Known: 1 to 4, 7, 8 and 9, {known}. Map the others.",
)
WG_CANNOT_MERGED = Template(
    "WG_CANNOT_MERGED",
    "stop",
    "the cut-off disability4 asks who cannot do something at all, and this survey put that together with a lot of difficulty.",
    "The two can no longer be told apart.",
    "Take disability3, the recommended cut-off.",
)

# ---- groups and scales -------------------------------------------------------------------------------------------------

NOT_A_MEMBERSHIP = Template(
    "NOT_A_MEMBERSHIP",
    "stop",
    "'{name}' is not a group one belongs to or not.",
    "Only yes and no can be counted up.",
    "There are {known}.",
)
NAME_TAKEN = Template(
    "NAME_TAKEN",
    "stop",
    "'{name}' is there already.",
    "It would be overwritten.",
    "Choose another name.",
)
SCALE_ITEMS_WRONG = Template(
    "SCALE_ITEMS_WRONG",
    "stop",
    "the scale's items cannot be used: {fault}.",
    "A score over the wrong items looks like any other.",
    "Name every item once, by its id; those to be turned round are among them.",
)
SCALE_OUT_OF_RANGE = Template(
    "SCALE_OUT_OF_RANGE",
    "stop",
    "'{item}' is no number from {low} to {high} in {rows} rows.",
    "One value outside the scale moves the whole score.",
    "Correct them, or empty the cells that mean no answer.",
)
ALPHA_TOO_FEW_ITEMS = Template(
    "ALPHA_TOO_FEW_ITEMS",
    "stop",
    "Cronbach's alpha was asked of {items} item.",
    "It says how several items hang together; one item has nothing to hang with.",
    "Name two items or more.",
)
ALPHA_TOO_FEW_PEOPLE = Template(
    "ALPHA_TOO_FEW_PEOPLE",
    "stop",
    "{n} answered every item, and Cronbach's alpha needs {fewest} people at least.",
    "With fewer the answers hang together by construction.",
    "Look at which item was not answered, or leave it out.",
)
ALPHA_NO_SPREAD = Template(
    "ALPHA_NO_SPREAD",
    "stop",
    "the sum of the items {items} is the same for everybody.",
    "Alpha asks whether people who are high on one item are high on the others; here nobody is higher than anybody.",
    "Look at the answers themselves.",
)
ALPHA_WEIGHTS_WRONG = Template(
    "ALPHA_WEIGHTS_WRONG",
    "stop",
    "the weight '{name}' {fault}.",
    "Nobody stands for fewer than no people, and a person without a weight stands for nobody knows how many.",
    "Correct it, or leave the weight out.",
)

# ---- indices of inadequacies (Alkire-Foster) ------------------------------------------------------------------------------

INDEX_NOT_FILLED = Template(
    "INDEX_NOT_FILLED",
    "stop",
    "the index '{index}' has no cut-off yet.",
    "How many inadequacies make somebody {identified} is a decision, and no source that could be read takes it for you.",
    'Copy the index into a pack of your own and write cut_off, such as cut_off = "1/3"; say who decided it.',
)
INDEX_COLUMNS_MISSING = Template(
    "INDEX_COLUMNS_MISSING",
    "stop",
    "the index '{index}' reads {names}, which the data do not have.",
    "An index without one of its indicators is another index.",
    "Columns that look close: {near}. Map them, or write an index of your own with the weights shared out anew.",
)
INDEX_NOBODY_COMPLETE = Template(
    "INDEX_NOBODY_COMPLETE",
    "stop",
    "nobody answered all that the index '{index}' asks; the indicator most often missing is '{worst}'.",
    "The index is of people of whom everything is known: counting a missing answer as adequate would make them look better off.",
    "Look at how that question was asked and mapped; if it was not asked, write an index of your own without it.",
)
INDEX_WEIGHTS_WRONG = Template(
    "INDEX_WEIGHTS_WRONG",
    "stop",
    "the weight '{name}' {fault}.",
    "Every share of the index is a share of the weights.",
    "Correct the weights, or leave them out where everyone had the same chance.",
)
PARITY_NOT_ASKED = Template(
    "PARITY_NOT_ASKED",
    "stop",
    "the index '{index}' says nothing of how a woman and a man of one household are compared.",
    "Gender parity needs to know the household, and what counts as a woman and a man in these data.",
    'Add parity = {{ household = [...], weight = "1/10", source = "...", status = "..." }} to the index.',
)
PARITY_NOBODY = Template(
    "PARITY_NOBODY",
    "stop",
    "no household has one woman and one man of whom the whole index '{index}' is known.",
    "Gender parity is about such households only.",
    "Look at how '{sex}' and {household} are mapped. What women achieve can be told without it.",
)
CUT_OFFS_OUTSIDE = Template(
    "CUT_OFFS_OUTSIDE",
    "stop",
    "the cut-offs {given} are not numbers from 0 to 1.",
    "A count of inadequacies is a share of the weights.",
    'Write them like "1/5" or 0.2.',
)
