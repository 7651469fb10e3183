"""What can go wrong when figures are held against each other."""

from __future__ import annotations

from mel.errors.base import Template

ROUND_UNKNOWN = Template(
    "ROUND_UNKNOWN",
    "stop",
    "change names the round '{name}', which no dataset has.",
    "A change is between two rounds that were asked.",
    "Available: {available}. Looks close: {near}.",
)
GAP_DIMENSION_UNKNOWN = Template(
    "GAP_DIMENSION_UNKNOWN",
    "stop",
    "gaps names '{name}', by which nothing was broken down.",
    "A gap is between the groups of one dimension that was measured.",
    "Available: {available}. Looks close: {near}. Add it with by = mel.each(…) when measuring.",
)
TARGET_INDICATOR_UNKNOWN = Template(
    "TARGET_INDICATOR_UNKNOWN",
    "stop",
    "targets names the indicator '{name}', which was not measured.",
    "There is no figure to hold the target against.",
    "Available: {available}. Looks close: {near}.",
)
TARGET_WITHOUT_FIGURE = Template(
    "TARGET_WITHOUT_FIGURE",
    "stop",
    "the indicator '{indicator}' has a target for {where}, for whom it was not measured.",
    "There is no figure to hold the target against.",
    "Add that breakdown when measuring, or correct the target's where; a category must be spelled as the data spell it.",
)
TARGET_OF_A_DISTRIBUTION = Template(
    "TARGET_OF_A_DISTRIBUTION",
    "stop",
    "the indicator '{indicator}' is a {kind} with several answers, and its target does not say which answer it is for.",
    "One number cannot be the target of several shares.",
    "Make the answer that matters a proportion and set the target there.",
)
ROUNDS_NOT_DECLARED = Template(
    "ROUNDS_NOT_DECLARED",
    "stop",
    "dataset '{dataset}' has several rounds, and nothing says how they relate.",
    "Whether the same clusters or people were asked again decides how sure a change is.",
    "Write rounds = independent, same_clusters or panel under design.",
)
COMPARISON_NEEDS_CUBE = Template(
    "COMPARISON_NEEDS_CUBE",
    "stop",
    "the figures of dataset '{dataset}' came without the cube they were made from.",
    "How two groups of one sample vary together can only be seen there; taking them for independent would be a guess.",
    "Compare what measure returned, before it is written to disk.",
)
MEASURE_UNKNOWN = Template(
    "MEASURE_UNKNOWN",
    "stop",
    "there is no measure of inequality called '{name}' here.",
    "A measure is asked for by its spelled-out name, because a short one can mean two things.",
    "Available: {available}. Looks close: {near}.",
)
MEASURE_TWICE = Template(
    "MEASURE_TWICE",
    "stop",
    "the measure '{name}' is asked for twice.",
    "Each measure has one row.",
    "Name it once.",
)
INEQUALITY_WITHOUT_DIMENSION = Template(
    "INEQUALITY_WITHOUT_DIMENSION",
    "stop",
    "measures of inequality are asked for, and no dimension to take them over.",
    "They sum up the groups of the dimensions that gaps names.",
    "Name the dimensions in gaps, or leave gaps out to take every dimension that was broken down on its own.",
)
MEASURE_NEEDS_GROUPS = Template(
    "MEASURE_NEEDS_GROUPS",
    "stop",
    "the {measure} needs {needed} groups or more, and {count} can be used.",
    "It sums up many groups in one number; of two groups their difference and ratio say all there is.",
    "Look at the difference and the ratio, or at a dimension of more groups.",
)
MEASURE_NEEDS_ORDER = Template(
    "MEASURE_NEEDS_ORDER",
    "stop",
    "the {measure} needs groups that stand in an order, such as ages or wealth.",
    "It asks whether the figure rises along the order; groups without one would give any answer.",
    "Say that the dimension is ordered if it is, or ask for a measure that needs no order, such as between_group_variance.",
)
MEASURE_NEEDS_SIDE = Template(
    "MEASURE_NEEDS_SIDE",
    "stop",
    "the {measure} needs an indicator that says whether higher or lower is better.",
    "It holds everyone against the better side.",
    "Write the indicator's polarity: higher_is_better or lower_is_better.",
)
MEASURE_NEEDS_REFERENCE = Template(
    "MEASURE_NEEDS_REFERENCE",
    "stop",
    "the {measure} needs a reference group.",
    "No group is the yardstick unless someone names it and says why.",
    "Name the dimension's reference with its reason, or ask for mean_difference_from_mean.",
)
MEASURE_NEEDS_RANGE = Template(
    "MEASURE_NEEDS_RANGE",
    "stop",
    "the {measure} needs an indicator with a lowest and a highest possible value.",
    "It measures within those bounds.",
    "Ask it of a share, give lowest and highest, or ask for the linear form.",
)
MEASURE_NEEDS_SHARES = Template(
    "MEASURE_NEEDS_SHARES",
    "stop",
    "the {measure} needs each group's share of people.",
    "It weighs groups by how many people they are.",
    "Give a column of shares or of people, or equal_groups=True to count each group alike.",
)
MEASURE_ZERO_MEAN = Template(
    "MEASURE_ZERO_MEAN",
    "stop",
    "the {measure} cannot be taken where the mean is at zero (or at an end of its range).",
    "It is a part of the mean, and nothing can be divided by nothing.",
    "Ask for an absolute measure, such as between_group_variance or absolute_concentration_index.",
)
MEASURE_NEEDS_POSITIVE = Template(
    "MEASURE_NEEDS_POSITIVE",
    "stop",
    "the {measure} needs figures {bound}, and a group has another.",
    "Ratios and logarithms have no answer there; putting a tiny number in their place would decide the result.",
    "Ask for an absolute measure, such as between_group_variance.",
)
MEASURE_NOT_FITTED = Template(
    "MEASURE_NOT_FITTED",
    "stop",
    "the {measure} has no value here.",
    "The curve behind it does not settle, or the line behind it passes below zero at one end, as when one group holds nearly all.",
    "Ask for the other form (linear or logit) or for the difference.",
)
GROUP_COLUMNS = Template(
    "GROUP_COLUMNS",
    "stop",
    "the table of groups has no column '{name}'.",
    "Each group needs its name and its figure.",
    "Columns there: {available}. Looks close: {near}. Name the column in the call.",
)
GROUP_TWICE = Template(
    "GROUP_TWICE",
    "stop",
    "the group '{group}' stands in the table twice.",
    "Its people would count twice.",
    "Keep one row a group; one indicator and one date a table.",
)
GROUP_NOT_A_NUMBER = Template(
    "GROUP_NOT_A_NUMBER",
    "stop",
    "column '{name}' has no number for {groups}.",
    "A group without a figure cannot be counted as zero.",
    "Fill it in, or leave the group out and say so where the result is used.",
)
GROUP_OUTSIDE_RANGE = Template(
    "GROUP_OUTSIDE_RANGE",
    "stop",
    "the figures of {groups} are outside {low} to {high}, the range of this indicator.",
    "Most often one table mixes shares (0 to 1) and percentages (0 to 100).",
    "Correct the figures, or give lowest and highest as the indicator has them.",
)
GROUP_BOUNDS = Template(
    "GROUP_BOUNDS",
    "stop",
    "lowest = {low} and highest = {high} are no range.",
    "The lowest must be below the highest, and both must be given.",
    "Give both, or neither.",
)
GROUP_SHARES_SUM = Template(
    "GROUP_SHARES_SUM",
    "stop",
    "the shares of people add up to {total}, not to 1.",
    "A group is missing, one is there twice, or these are percentages or numbers of people.",
    "Complete the groups; numbers of people go into people=, where they need not add up to anything.",
)
GROUP_SHARE_NEGATIVE = Template(
    "GROUP_SHARE_NEGATIVE",
    "stop",
    "{groups} would be nobody, or fewer: column '{name}' is not above zero there.",
    "A group without people has no weight in any measure.",
    "Correct the number, or leave the group out and say so where the result is used.",
)
GROUP_SE_NEGATIVE = Template(
    "GROUP_SE_NEGATIVE",
    "stop",
    "the standard errors of {groups} are below zero.",
    "A standard error is a distance.",
    "Check the column.",
)
GROUP_SHARES_TWO_WAYS = Template(
    "GROUP_SHARES_TWO_WAYS",
    "stop",
    "{given} are given together.",
    "They could say different things about how many people a group is.",
    "Give one of share, people and equal_groups.",
)
GROUP_REFERENCE = Template(
    "GROUP_REFERENCE",
    "stop",
    "the reference '{reference}' cannot be used: {why_not}.",
    "No group is the yardstick unless someone names it and says why.",
    "Groups there: {available}. Give reference and reference_reason together.",
)
GROUP_OPTION = Template(
    "GROUP_OPTION",
    "stop",
    "{option} = '{given}' is not known.",
    "It decides how the measures are read.",
    "Available: {available}.",
)
CROSSING_DIMENSIONS = Template(
    "CROSSING_DIMENSIONS",
    "stop",
    "intersections was asked of {given}.",
    "Intersections are the groups of two to five different dimensions crossed with each other.",
    "Give a list such as ['gender', 'age']. Available: {available}.",
)
CROSSING_DIMENSION_UNKNOWN = Template(
    "CROSSING_DIMENSION_UNKNOWN",
    "stop",
    "intersections names the dimension '{name}', by which nothing of dataset '{dataset}' was counted.",
    "Only what was crossed while the people were counted can be taken apart again.",
    "Available: {available}. Looks close: {near}. Add it with by = mel.cross(…) when measuring.",
)
CROSSING_INDICATOR_UNKNOWN = Template(
    "CROSSING_INDICATOR_UNKNOWN",
    "stop",
    "intersections names the indicator '{name}', which was not measured.",
    "There are no answers to model.",
    "Available: {available}. Looks close: {near}.",
)
CROSSING_WHICH = Template(
    "CROSSING_WHICH",
    "stop",
    "the indicator '{indicator}' has more than one {what}, and intersections was not told which.",
    "A model is of one question put to one set of people at one time.",
    "Say {what} = one of {available}.",
)
CROSSING_NOT_THERE = Template(
    "CROSSING_NOT_THERE",
    "stop",
    "intersections names the {what} '{name}', which the indicator '{indicator}' does not have.",
    "There are no answers to model.",
    "Available: {available}. Looks close: {near}.",
)
CROSSING_OPTION = Template(
    "CROSSING_OPTION",
    "stop",
    "intersections was given {option} = {given}, which a {kind} does not take.",
    "The way of fitting decides what the numbers mean.",
    "Take {take}.",
)
CROSSING_KIND = Template(
    "CROSSING_KIND",
    "stop",
    "the indicator '{indicator}' is a {kind}, of which there is no tested model of intersections.",
    "The models are of a yes or no (proportion) and of a number that each person gave (mean, score).",
    "Make the answer that matters a proportion, or leave this indicator out.",
)
CROSSING_TOO_FEW = Template(
    "CROSSING_TOO_FEW",
    "stop",
    "only {cells} intersections of {dimensions} have anyone who answered; the model needs at least {least}.",
    "How far intersections lie apart is a variance of that many numbers, and of few it says next to nothing.",
    "Cross more dimensions, or ones with more categories; or compare the few groups directly with mel.compare.",
)
CROSSING_ONE_CATEGORY = Template(
    "CROSSING_ONE_CATEGORY",
    "stop",
    "everyone who answered is in one category of '{dimension}'.",
    "A dimension in which all are alike makes no intersections.",
    "Leave it out of the crossing.",
)
CROSSING_SAME_THING = Template(
    "CROSSING_SAME_THING",
    "stop",
    "what category '{group}' of '{dimension}' adds cannot be told from the other dimensions.",
    "Two dimensions of which one follows from the other cannot both have a part of their own.",
    "Leave one of them out of the crossing.",
)
CROSSING_ONE_EACH = Template(
    "CROSSING_ONE_EACH",
    "stop",
    "each intersection of {dimensions} has one person who answered.",
    "What belongs to a group and what to its one member cannot be told apart.",
    "Cross fewer dimensions, or merge categories.",
)
CROSSING_ALIKE = Template(
    "CROSSING_ALIKE",
    "stop",
    "all answers to '{indicator}' are alike {where}.",
    "A model of differences has nothing to stand on where there are none.",
    "That they are alike is the finding; for the model merge such categories with others or leave them out.",
)
CROSSING_NOT_FOUND = Template(
    "CROSSING_NOT_FOUND",
    "stop",
    "the model of '{indicator}' by {dimensions} has no answer: some groups' answers are so nearly alike that it keeps moving away.",
    "A number that depends on when one stops looking is no result.",
    "Merge small categories, or cross fewer dimensions.",
)
GAP_AGAINST_UNKNOWN = Template(
    "GAP_AGAINST_UNKNOWN",
    "stop",
    "against = '{name}' is not known.",
    "It decides whom groups are held against.",
    "Available: {available}. Looks close: {near}. A reference group is named, with its reason, where its dimension is.",
)
REFERENCE_WITHOUT_REASON = Template(
    "REFERENCE_WITHOUT_REASON",
    "stop",
    "the dimension '{dimension}' names '{reference}' as its reference group and does not say why.",
    "No group is the norm; the report prints the reason beside the gaps.",
    "Write reference_reason, or take the reference out and compare with everyone.",
)
REFERENCE_UNKNOWN = Template(
    "REFERENCE_UNKNOWN",
    "stop",
    "the reference group '{reference}' of the dimension '{dimension}' is none of its categories.",
    "No gap could be held against it.",
    "Available: {available}. Looks close: {near}.",
)
ROUNDS_CATEGORIES = Template(
    "ROUNDS_CATEGORIES",
    "stop",
    "the categories of {what} are not the same in {before} and {after} of dataset '{dataset}': only in {before}: {only_before}; only in"
    " {after}: {only_after}.",
    "A group that was called or cut differently is another group; a change between them would be made by the form.",
    "Map the codes of one round to those of the other: map under that round, or under the dataset if all rounds have them. To compare no"
    " rounds, give change = [].",
)
TARGET_WITHOUT_DATE = Template(
    "TARGET_WITHOUT_DATE",
    "stop",
    "the indicator '{indicator}' is to be projected, and its target of {value} for {where} has no date.",
    "A figure can only be carried on to a day.",
    "Write date beside the target, such as 2027-12-31, or take the indicator out of project.",
)
TARGET_NONE_TO_PROJECT = Template(
    "TARGET_NONE_TO_PROJECT",
    "stop",
    "project names the indicator '{name}', which has no target.",
    "The chance of reaching a target needs one, stated before the data.",
    "With targets: {available}. Looks close: {near}.",
)
PROJECTION_WITHOUT_DATES = Template(
    "PROJECTION_WITHOUT_DATES",
    "stop",
    "project names indicators, and the dates of the rounds of dataset '{dataset}' were not given.",
    "Two rounds a month apart and two rounds four years apart do not say the same about a day to come.",
    "Give dates = {{dataset: {{round: date}}}}, each a day such as 2026-05-01.",
)
DATES_UNKNOWN = Template(
    "DATES_UNKNOWN",
    "stop",
    "dates names {what} '{name}', which was not measured.",
    "A date that belongs to nothing is most often a spelling mistake.",
    "Available: {available}. Looks close: {near}.",
)
DATE_NOT_A_DAY = Template(
    "DATE_NOT_A_DAY",
    "stop",
    "the date of round '{round}' of dataset '{dataset}' is no day.",
    "Time is counted in days between rounds.",
    "Give a date, or its text as year-month-day: 2026-05-01.",
)
