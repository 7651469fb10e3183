"""What can go wrong when it is asked who is furthest behind."""

from __future__ import annotations

from mel.errors.base import Template

FURTHEST_INDICATOR_UNKNOWN = Template(
    "FURTHEST_INDICATOR_UNKNOWN",
    "stop",
    "{verb} names the indicator '{name}', which was not measured.",
    "There are no answers to look at.",
    "Available: {available}. Looks close: {near}.",
)
FURTHEST_WHICH = Template(
    "FURTHEST_WHICH",
    "stop",
    "the indicator '{indicator}' has more than one {what}, and {verb} was not told which.",
    "Who is furthest behind is asked of one question put to one set of people at one time.",
    "Say {what} = one of {available}.",
)
FURTHEST_NOT_THERE = Template(
    "FURTHEST_NOT_THERE",
    "stop",
    "{verb} names the {what} '{name}', which the indicator '{indicator}' does not have.",
    "There are no answers to look at.",
    "Available: {available}. Looks close: {near}.",
)
FURTHEST_CIRCUMSTANCES = Template(
    "FURTHEST_CIRCUMSTANCES",
    "stop",
    "{verb} was asked of {given}.",
    "It takes {least} to {most} different dimensions.",
    "Give a list such as ['gender', 'residence']. Available: {available}.",
)
FURTHEST_DIMENSION_UNKNOWN = Template(
    "FURTHEST_DIMENSION_UNKNOWN",
    "stop",
    "{verb} names the dimension '{name}', by which nothing of dataset '{dataset}' was counted.",
    "Only what was crossed while the people were counted can be taken apart again.",
    "Available: {available}. Looks close: {near}. Add it with by = mel.cross(…) or mel.crossings(…) when measuring.",
)
FURTHEST_KIND = Template(
    "FURTHEST_KIND",
    "stop",
    "the indicator '{indicator}' is a {kind}, which {verb} cannot take.",
    "It takes {takes}.",
    "Make the answer that matters a proportion, or leave this indicator out.",
)
FURTHEST_SIDE = Template(
    "FURTHEST_SIDE",
    "stop",
    "nothing says whether a higher or a lower '{indicator}' is better.",
    "Without it nobody can be said to be behind.",
    "Write the indicator's polarity: higher_is_better or lower_is_better.",
)
FURTHEST_OPTION = Template(
    "FURTHEST_OPTION",
    "stop",
    "{verb} was given {option} = {given}.",
    "It decides what the numbers mean.",
    "Take {take}.",
)
FURTHEST_NOBODY = Template(
    "FURTHEST_NOBODY",
    "stop",
    "nobody answered '{indicator}' in the round '{round}'.",
    "There are no groups without people.",
    "Ask for another round or indicator.",
)
FURTHEST_NO_SPLIT = Template(
    "FURTHEST_NO_SPLIT",
    "stop",
    "no circumstance parts the {n} people who answered '{indicator}' into groups that the rules allow.",
    "Each group must have at least {fewest} people who answered and {share} of all people, and answer differently from the others.",
    "Look at the groups with mel.compare, or state other rules with their reason.",
)
FURTHEST_REPLICATES = Template(
    "FURTHEST_REPLICATES",
    "stop",
    "dataset '{dataset}' has replicate weights, with which {verb} is not offered yet.",
    "Its standard errors and draws come from strata and PSUs; beside replicate weights they would be another design's.",
    "Derive the dataset with stratum and psu instead of replicate weights, where the design has them.",
)
FURTHEST_PEOPLE_ALONE = Template(
    "FURTHEST_PEOPLE_ALONE",
    "stop",
    "in dataset '{dataset}' each person was drawn alone, {why}, so draws cannot be made again from what was counted.",
    "To draw people again one must know each one's weight and answer; the cube keeps their sums.",
    "Name a column that is different for each person as psu when deriving, or ask for draws = 0 and no uncertainty of the groups.",
)
OPPORTUNITY_NOBODY_REACHED = Template(
    "OPPORTUNITY_NOBODY_REACHED",
    "stop",
    "nobody {said} '{indicator}', so there is no opportunity to be shared out.",
    "The dissimilarity index divides by the share of people reached.",
    "That nobody is reached is the finding.",
)
OPPORTUNITY_LOGIT = Template(
    "OPPORTUNITY_LOGIT",
    "stop",
    "the logit of '{indicator}' on {dimensions} has no answer: {why}.",
    "A number that depends on when one stops looking is no result.",
    "Ask for method = 'cells', merge small categories, or leave out the circumstance.",
)
RANKING_TOO_FEW = Template(
    "RANKING_TOO_FEW",
    "stop",
    "{count} groups have the {fewest} people who answered that ranking asks of each{more}.",
    "A ranking needs at least three groups.",
    "Cross fewer dimensions or merge categories; a smaller fewest makes the figures less sure, not more.",
)
RANKING_TOO_MANY = Template(
    "RANKING_TOO_MANY",
    "stop",
    "more than {most} groups have the {fewest} people who answered that ranking asks of each.",
    "How all of them err together is worked out at once, and nobody reads so long a ranking.",
    "Cross fewer dimensions, set up_to = 2, or ask for more people in each group (fewest).",
)
