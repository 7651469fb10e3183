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
    "Call the dimension or factor something else.",
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
