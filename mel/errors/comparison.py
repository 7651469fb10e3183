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
