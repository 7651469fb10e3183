"""What can go wrong when overlapping groups are counted, or those who take part are held against a population."""

from __future__ import annotations

from mel.errors.base import Template

OVERLAP_DIMENSIONS = Template(
    "OVERLAP_DIMENSIONS",
    "stop",
    "{verb} was asked of {given}.",
    "Groups overlap where there are at least {least}, each named once.",
    "Give a list such as ['displaced', 'indigenous'], or which categories belong: {{'disability': ['with_disability']}}. "
    "Available: {available}.",
)
OVERLAP_DATASET = Template(
    "OVERLAP_DATASET",
    "stop",
    "no dataset{named} was counted by {dimensions}.",
    "Only what was crossed while the people were counted can be told apart again.",
    "Counted: {available}. Measure with by = mel.cross(…) of these dimensions.",
)
OVERLAP_WHICH_DATASET = Template(
    "OVERLAP_WHICH_DATASET",
    "stop",
    "{count} datasets were counted by {dimensions}, and nothing says which is meant.",
    "Two datasets are two sets of people; they are not added up.",
    "Say dataset = one of {available}.",
)
OVERLAP_NOT_A_MEMBERSHIP = Template(
    "OVERLAP_NOT_A_MEMBERSHIP",
    "stop",
    "the dimension '{name}' does not say yes or no; its categories are {categories}.",
    "Without knowing which of them belong, nobody can be counted in or out.",
    "Say which belong: dimensions = {{'{name}': ['…'], …}}.",
)
OVERLAP_CATEGORY_UNKNOWN = Template(
    "OVERLAP_CATEGORY_UNKNOWN",
    "stop",
    "the dimension '{name}' has no category '{category}'.",
    "A group that is spelled differently would be counted as nobody.",
    "Available: {available}. Looks close: {near}.",
)
OVERLAP_CATEGORY_SILENT = Template(
    "OVERLAP_CATEGORY_SILENT",
    "stop",
    "'{category}' of the dimension '{name}' was named as a group one belongs to.",
    "It says that something is not known of a person, which is neither belonging nor not belonging.",
    "Leave it out: people who did not say are kept apart by themselves.",
)
OVERLAP_CATEGORIES_NONE = Template(
    "OVERLAP_CATEGORIES_NONE",
    "stop",
    "no category of the dimension '{name}' was named.",
    "Then nobody belongs and the dimension says nothing.",
    "Name those who belong: dimensions = {{'{name}': ['…']}}. Available: {available}.",
)
OVERLAP_FACTORS = Template(
    "OVERLAP_FACTORS",
    "stop",
    "factors {fault}.",
    "Each dimension counts towards one factor, and a factor needs a dimension.",
    "Give a factor for each of {dimensions}, such as {{'{first}': 'discrimination'}}.",
)
OVERLAP_SET_NAME = Template(
    "OVERLAP_SET_NAME",
    "stop",
    "a set is called '{name}', which is already a column of the results.",
    "Two columns of one name cannot be told apart.",
    "Give it another name when deriving, or name its factor: factors = {{'{name}': '…'}}.",
)
OVERLAP_ROUND = Template(
    "OVERLAP_ROUND",
    "stop",
    "the dataset '{dataset}' has no round '{name}'.",
    "There is nobody to count.",
    "Available: {available}. Looks close: {near}.",
)
OVERLAP_INDICATOR_UNKNOWN = Template(
    "OVERLAP_INDICATOR_UNKNOWN",
    "stop",
    "{verb} names the indicator '{name}', which was not measured in the dataset '{dataset}'.",
    "There are no answers to look at.",
    "Available: {available}. Looks close: {near}.",
)
OVERLAP_INDICATOR_VERSIONS = Template(
    "OVERLAP_INDICATOR_VERSIONS",
    "stop",
    "{verb} names the indicator '{name}', which was measured in several versions: {available}.",
    "Each version is a question of its own.",
    "Measure one of them at a time.",
)
OVERLAP_KIND = Template(
    "OVERLAP_KIND",
    "stop",
    "the indicator '{name}' is a {kind}, which {verb} cannot take.",
    "It takes {takes}.",
    "Make the answer that matters a proportion, or leave this indicator out.",
)
OVERLAP_OPTION = Template(
    "OVERLAP_OPTION",
    "stop",
    "{verb} was given {option} = {given}.",
    "It decides what the numbers mean.",
    "Take {take}.",
)
NOBODY_COUNTS_EVERYBODY = Template(
    "NOBODY_COUNTS_EVERYBODY",
    "stop",
    "no indicator of the dataset '{dataset}' counts everybody.",
    "A share of people needs all people below the line, also those who left a question unanswered; here each indicator leaves some out.",
    "Measure one more indicator with the others: kind = 'composition', numerator = {{'value': '{dimension}'}}, without population.",
)
REGISTER_COLUMN_MISSING = Template(
    "REGISTER_COLUMN_MISSING",
    "stop",
    "the table of {register} has no column '{name}'.",
    "A row cannot be read without it.",
    "It has: {available}. Looks close: {near}. data/schemas/{register}.schema.json says what each column holds.",
)
REGISTER_CELL = Template(
    "REGISTER_CELL",
    "stop",
    "in the table of {register}, column '{name}', {count} of {rows} rows {fault}.",
    "Left out without a word they would change the result.",
    "Rows (the first is 1): {which}. Correct them in the file; data/schemas/{register}.schema.json says what may stand there.",
)
REGISTER_DIMENSION_UNKNOWN = Template(
    "REGISTER_DIMENSION_UNKNOWN",
    "stop",
    "the table of {register} names the dimension '{name}', which these people were not counted by.",
    "Its rows would be about nobody.",
    "Counted by: {available}. Looks close: {near}. Leave out the rows of other dimensions, or count by them.",
)
REGISTER_CATEGORY_UNKNOWN = Template(
    "REGISTER_CATEGORY_UNKNOWN",
    "stop",
    "the table of {register} names the category '{category}' of '{name}', which that dimension does not have.",
    "A group that is spelled differently would be held against nobody.",
    "Available: {available}. Looks close: {near}.",
)
BENCHMARK_SHARE_OR_COUNT = Template(
    "BENCHMARK_SHARE_OR_COUNT",
    "stop",
    "the benchmark of '{name}' ({source}, {year}) has neither a share in every row nor a count in every row.",
    "Part of a population is not the population.",
    "Fill the column share for all of its categories, or the column count.",
)
BENCHMARK_SUM = Template(
    "BENCHMARK_SUM",
    "stop",
    "the shares of '{name}' ({source}, {year}) add up to {total}, not to 1.",
    "Held against part of a population, or more than all of it, every group would look reached more or less than it is.",
    "Add the categories that are missing, or correct the shares; percentages are divided by 100.",
)
BENCHMARK_TWICE = Template(
    "BENCHMARK_TWICE",
    "stop",
    "the benchmark of '{name}' ({source}, {year}) names '{category}' {count} times.",
    "It cannot be known which of them is right.",
    "Keep one row for each category.",
)
BENCHMARK_NOBODY = Template(
    "BENCHMARK_NOBODY",
    "stop",
    "the counts of '{name}' ({source}, {year}) are all 0.",
    "There is no population to hold anybody against.",
    "Write how many people there are of each category.",
)
BARRIER_TWO_KINDS = Template(
    "BARRIER_TWO_KINDS",
    "stop",
    "{count} raters stand in the table of barriers as community and as outsider.",
    "What the two see is kept apart, so it must be known who is who.",
    "Give each rater one rater_kind, or two people two names.",
)
BARRIER_TWICE = Template(
    "BARRIER_TWICE",
    "stop",
    "{count} times a rater rated one group and factor more than once on one day.",
    "It cannot be known which rating holds.",
    "Keep one of them. A rating of a later day takes the place of an earlier one.",
)
PROFILE_DIMENSIONS = Template(
    "PROFILE_DIMENSIONS",
    "stop",
    "exclusion_profile was asked of {given}.",
    "It looks at the groups of one dimension or more, each named once.",
    "Give a list such as ['gender', 'disability']. Available: {available}.",
)
PROFILE_NOT_BROKEN_DOWN = Template(
    "PROFILE_NOT_BROKEN_DOWN",
    "stop",
    "the indicator '{indicator}' was not broken down by '{dimension}'.",
    "There are no figures of its groups.",
    "Measure it with by = mel.each(…) of the dimensions asked for.",
)
