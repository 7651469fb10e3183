"""What can go wrong when figures are picked from a table of results and held against each other."""

from __future__ import annotations

from mel.errors.base import Template

FIGURE_KEY_UNKNOWN = Template(
    "FIGURE_KEY_UNKNOWN",
    "stop",
    "a figure is asked for by '{name}', which is no key of this table.",
    "The figure could not be told from others.",
    "Keys: {available}. Looks close: {near}.",
)
FIGURE_NOT_FOUND = Template(
    "FIGURE_NOT_FOUND",
    "stop",
    "no figure of the table is {asked}.",
    "A difference needs figures that were measured.",
    "Looks close: {near}. A key that is not named means everybody; break down by it when measuring.",
)
FIGURE_NOT_ONE = Template(
    "FIGURE_NOT_ONE",
    "stop",
    "{asked} could be any of {count} figures: {which}.",
    "Picking one of them would be a guess.",
    "Name more keys, such as {keys}.",
)
FIGURE_NOT_ESTIMATE = Template(
    "FIGURE_NOT_ESTIMATE",
    "stop",
    "a figure is asked for whose measure is '{measure}'.",
    "Only estimates stand in this table; changes and gaps stand in what compare returns.",
    "Leave measure out.",
)
CONTRAST_EMPTY = Template(
    "CONTRAST_EMPTY",
    "stop",
    "a contrast needs at least one figure, each with a coefficient that is a number.",
    "There is nothing to add up.",
    "Write contrast({{figure: 1, other: -1}}).",
)
CONTRAST_TWICE = Template(
    "CONTRAST_TWICE",
    "stop",
    "the figure {figure} stands in the contrast twice.",
    "It is not clear which coefficient is meant.",
    "Name each figure once.",
)
CONTRAST_OF_KIND = Template(
    "CONTRAST_OF_KIND",
    "stop",
    "'{indicator}' is a {kind}, which is not made of sums.",
    "How it varies together with another figure is not among what was counted.",
    "Compare means, proportions, ratios or totals; a difference of quantiles needs replicate weights.",
)
CONTRAST_TWO_BASES = Template(
    "CONTRAST_TWO_BASES",
    "stop",
    "these figures rest on different bases: {bases}.",
    "Their people were found in different ways, so a difference would be one of ways, not of people.",
    "Set them side by side in words, each with its basis.",
)
CONTRAST_TWO_DATASETS = Template(
    "CONTRAST_TWO_DATASETS",
    "stop",
    "these figures come from the datasets {datasets}, and nothing says that other people were drawn for each.",
    "Where the same people, households or PSUs stand in both, the figures vary together, and that was not counted.",
    "Say independent=True if the two samples were drawn apart from each other.",
)
TOGETHER_NOT_PAIRS = Template(
    "TOGETHER_NOT_PAIRS",
    "stop",
    "together names {given}, which is not a pair of indicators.",
    "What varies together are two indicators at a time.",
    "Write together = [(one, other), …] with the indicators' ids.",
)
RELIABILITY_NO_RULE = Template(
    "RELIABILITY_NO_RULE",
    "stop",
    "reliability = {given} is not a rule.",
    "Figures would be said aloud, or kept back, by no rule at all.",
    "Take rules from packs: load_packs(['reliability']).reliability['nchs_proportions'].",
)
