"""What can go wrong when people are counted. No text quotes an answer; strata, rounds and columns are named."""

from __future__ import annotations

from mel.errors.base import Template

ESTIMATION_OPTION = Template(
    "ESTIMATION_OPTION",
    "stop",
    "{option} = {given} is not something measure knows.",
    "A misspelt option would silently give other numbers than were asked for.",
    "Write one of: {available}.",
)
ESTIMATION_LEVEL = Template(
    "ESTIMATION_LEVEL",
    "stop",
    "level = {given} is not between 0.5 and 1.",
    "An interval's level is a share, 0.95 for 95 %.",
    "Write level = 0.95, or another share.",
)
DIMENSION_UNKNOWN = Template(
    "DIMENSION_UNKNOWN",
    "stop",
    "there is no dimension '{name}' in dataset '{dataset}'.",
    "People can be looked at apart only by what they were asked and derive prepared.",
    "Available: {available}. Looks close: {near}.",
)
INDICATOR_UNKNOWN = Template(
    "INDICATOR_UNKNOWN",
    "stop",
    "by names the indicator '{name}', which is not among those to be measured.",
    "Its breakdown would be silently left out.",
    "Available: {available}. Looks close: {near}.",
)
INDICATOR_TWICE = Template(
    "INDICATOR_TWICE",
    "stop",
    "the indicator '{name}' (version {version}) is asked for twice.",
    "Two rows of results would have the same name.",
    "Ask for it once, or give one of the two another version.",
)
INDICATOR_COLUMN_MISSING = Template(
    "INDICATOR_COLUMN_MISSING",
    "stop",
    "the indicator '{indicator}' reads '{name}', which dataset '{dataset}' does not have.",
    "Without it nobody can be counted.",
    "Map a column of the form to it. Looks close: {near}.",
)
NUMBER_NEEDED = Template(
    "NUMBER_NEEDED",
    "stop",
    "the indicator '{indicator}' needs numbers in '{name}', which holds text.",
    "Text cannot be added up.",
    "Map its codes to numbers, read the column as a number, or use a distribution.",
)
SILENCE_AS_NO_NEEDS_CONDITION = Template(
    "SILENCE_AS_NO_NEEDS_CONDITION",
    "stop",
    "the indicator '{indicator}' is a {kind} and counts {silences} as a no.",
    "A number has no 'no': the silence would become a zero that nobody said.",
    "Write exclude or out_of_population there, or ask a condition.",
)
SCOPE_HAS_VALUE = Template(
    "SCOPE_HAS_VALUE",
    "stop",
    "the population or denominator of '{indicator}' is a value, not a condition.",
    "Only a condition says who is counted.",
    "Write a condition such as {{column = …, is = […]}}.",
)
ENGINE_NOT_YET = Template(
    "ENGINE_NOT_YET",
    "stop",
    "a sample held by {engine} cannot be measured yet.",
    "Engines differ on missing answers, and this one has not been held against the others.",
    "Hand the sample on as one of: {available}.",
)
KIND_NOT_YET = Template(
    "KIND_NOT_YET",
    "stop",
    "the indicator '{indicator}' is a {kind}, which cannot be measured yet.",
    "No tested way to it exists in this version.",
    "Leave it out, or ask it as one of: {available}.",
)
DISTINCT_ONLY_COUNTED = Template(
    "DISTINCT_ONLY_COUNTED",
    "stop",
    "the indicator '{indicator}' counts different values in a probability sample.",
    "How many different values the population has cannot be estimated from a sample this way.",
    "Ask it of a register or a census, or ask a total.",
)
COLUMN_OF_DESIGN_MISSING = Template(
    "COLUMN_OF_DESIGN_MISSING",
    "stop",
    "dataset '{dataset}' has no column '{name}', which its design needs.",
    "Without it standard errors cannot be computed.",
    "Name the right column under design, or say that there is none ({name} = false).",
)
DESIGN_BLANK = Template(
    "DESIGN_BLANK",
    "stop",
    "'{name}' is blank in {rows} rows of dataset '{dataset}'.",
    "People without it stand outside the design and cannot be counted.",
    "Fill it in, or leave those rows out and say so.",
)
WEIGHT_UNUSABLE = Template(
    "WEIGHT_UNUSABLE",
    "stop",
    "the weight '{name}' of dataset '{dataset}' is {what_is_wrong} in {rows} rows (strata: {strata}).",
    "A weight says how many people somebody stands for; here nobody can say.",
    "Correct these weights with whoever drew the sample.",
)
WEIGHT_ZERO_SUM = Template(
    "WEIGHT_ZERO_SUM",
    "stop",
    "the weights '{name}' of dataset '{dataset}' add up to zero.",
    "Nothing can be divided by them.",
    "Name the right weight column under design.",
)
WEIGHT_NOT_NUMBER = Template(
    "WEIGHT_NOT_NUMBER",
    "stop",
    "'{name}' of dataset '{dataset}' holds text where the design needs numbers.",
    "Text cannot be added up.",
    "Read the column as a number (decimal commas?), or name another.",
)
WEIGHT_WITHOUT_SAMPLE = Template(
    "WEIGHT_WITHOUT_SAMPLE",
    "stop",
    "the indicator '{indicator}' names a weight, but dataset '{dataset}' is no probability sample ({basis}).",
    "Weights of people who were not drawn by chance have no meaning.",
    "Take weight out of the indicator for this dataset.",
)
DIMENSION_BLANK = Template(
    "DIMENSION_BLANK",
    "stop",
    "the dimension '{name}' is blank in {rows} rows of dataset '{dataset}'.",
    "Who did not say is not nobody: a silence is a category of its own.",
    "Let derive prepare the dimension, so that blanks become one of the four silences.",
)
DIMENSION_CONSTANT = Template(
    "DIMENSION_CONSTANT",
    "stop",
    "the dimension '{name}' of '{dataset}' has one category only.",
    "It sets nobody apart: its table would repeat the whole under another name.",
    "Leave it out of by=, or give the dimension the other categories it may have, so that who is not there can be seen.",
)
DIMENSION_TOO_FINE = Template(
    "DIMENSION_TOO_FINE",
    "stop",
    "the dimension '{name}' has {levels} different categories, more than {most}.",
    "It looks like a name or a number rather than a group, and each such group would be one person.",
    "Group it first (bands, regions), or leave it out.",
)
DIMENSION_RESERVED_LEVEL = Template(
    "DIMENSION_RESERVED_LEVEL",
    "stop",
    "the dimension '{name}' has a category called 'all'.",
    "'all' is how results name everybody; the two could not be told apart.",
    "Give that category another code in the map.",
)
DOMAINS_TOO_MANY = Template(
    "DOMAINS_TOO_MANY",
    "stop",
    "this asks for {rows} rows of results, more than {most}.",
    "A crossing has every combination of its categories, also those nobody is in.",
    "Cross fewer dimensions, or group their categories first.",
)
LONELY_PSU = Template(
    "LONELY_PSU",
    "stop",
    "dataset '{dataset}', round '{round}': only one PSU in the strata {strata}.",
    "From one PSU nobody can see how much PSUs of the stratum differ.",
    "Join each with a similar stratum, or write lonely_psu = certainty, adjust or average under design, and why.",
)
PSU_IN_TWO_STRATA = Template(
    "PSU_IN_TWO_STRATA",
    "stop",
    "dataset '{dataset}', round '{round}': the PSUs {psus} are in more than one stratum, but psu_unique = true.",
    "Either their labels are numbered anew in each stratum, or a stratum is wrong.",
    "Write psu_unique = false, or correct the strata.",
)
FPC_UNUSABLE = Template(
    "FPC_UNUSABLE",
    "stop",
    "dataset '{dataset}', round '{round}': fpc is blank, or differs within a stratum, in the strata {strata}.",
    "It says how many PSUs the stratum has in the population: one number a stratum.",
    "Fill in one number for each stratum, or leave fpc out.",
)
FPC_MIXED = Template(
    "FPC_MIXED",
    "stop",
    "dataset '{dataset}', round '{round}': fpc is a fraction in some strata and a count in others.",
    "One of the two would be misread.",
    "Write the number of PSUs in the population everywhere, or the sampled fraction everywhere.",
)
FPC_TOO_SMALL = Template(
    "FPC_TOO_SMALL",
    "stop",
    "dataset '{dataset}', round '{round}': fpc is smaller than the number of PSUs in the sample in the strata {strata}.",
    "More cannot be drawn than there are.",
    "Correct fpc: the number of PSUs the stratum has in the population.",
)
TOTAL_NEEDS_EXPANSION = Template(
    "TOTAL_NEEDS_EXPANSION",
    "stop",
    "the indicator '{indicator}' is a total, but dataset '{dataset}' has weights = {weights}.",
    "Only expansion weights say how many people of the population somebody stands for.",
    "Ask a mean or a proportion, or get the expansion weights.",
)
COVARIANCE_RESPONDENT = Template(
    "COVARIANCE_RESPONDENT",
    "stop",
    "dataset '{dataset}' says that its rounds share people, but has no PSU by which they could be followed.",
    "The difference of two rounds of the same people needs their answers side by side, which are not kept.",
    "Say rounds = independent if other people were asked, or compare without a test.",
)
COVARIANCE_TWO_INDICATORS = Template(
    "COVARIANCE_TWO_INDICATORS",
    "stop",
    "how '{a}' and '{b}' vary together was not counted.",
    "Where each respondent is drawn alone, the products of two indicators are not among the sums.",
    "Measure again with together=[('{a}', '{b}')], which adds them to the pass.",
)
COVARIANCE_AVERAGE = Template(
    "COVARIANCE_AVERAGE",
    "stop",
    "dataset '{dataset}' has lonely PSUs and lonely_psu = average, for which no covariance is defined.",
    "The variance of a lonely stratum is borrowed; how two groups vary together there is not known.",
    "Join the lonely strata with similar ones, or write certainty or adjust.",
)
FRAME_UNKNOWN = Template(
    "FRAME_UNKNOWN",
    "stop",
    "the sample's frame is a {given}, which is no table.",
    "Only a table has rows to count.",
    "Hand the sample on with one of: {available}.",
)
TABLE_ENDING = Template(
    "TABLE_ENDING",
    "stop",
    "a sample cannot be counted from a file of this format ({ending}).",
    "Other formats have to be read whole, and their types guessed, before anyone can be counted.",
    "Read it with mel.collect, or save it as one of: {available}.",
)
TABLE_FOLDER_EMPTY = Template(
    "TABLE_FOLDER_EMPTY",
    "stop",
    "the folder holds no .parquet file.",
    "A folder stands for the Parquet files directly in it.",
    "Write the path of the folder with the files, or of one file.",
)
ENGINE_FAILED = Template(
    "ENGINE_FAILED",
    "stop",
    "{engine} gave up while it was counting ({kind}).",
    "Its own message is not shown: it may quote an answer.",
    "Check that it is running and that columns of numbers hold only numbers, or hand the sample on as a table of pandas.",
)
DIMENSION_NAME_TAKEN = Template(
    "DIMENSION_NAME_TAKEN",
    "stop",
    "the dimension '{name}' of dataset '{dataset}' has the name of a column that results or the design already have.",
    "One of the two would be written over: figures of groups could no longer be told apart.",
    "Give the dimension another name, such as '{name}_group'.",
)
INDICATORS_NONE = Template(
    "INDICATORS_NONE",
    "stop",
    "measure was given no indicator.",
    "Without a question there is nothing to count.",
    "Pass at least one indicator, such as packs.indicators.",
)
NUMBER_ENDLESS = Template(
    "NUMBER_ENDLESS",
    "stop",
    "among the answers to '{indicator}' in '{dataset}' is a number without end.",
    "Nothing can be added to it: every figure that counts it would be without end too.",
    "Look for inf, or a division by zero, in the column, and leave that answer empty.",
)
VALUE_NEVER_HELD = Template(
    "VALUE_NEVER_HELD",
    "stop",
    "a rule of '{indicator}' looks for {values} in '{name}', whose type can hold none of them.",
    "Nobody could ever meet this rule, and the figure would read as zero.",
    "Write the values as they stand in the column (true or false, numbers), or hand the column on as text.",
)
