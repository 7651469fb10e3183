"""What can be wrong when an indicator's rule meets a table."""

from __future__ import annotations

from mel.errors.base import Template

RULE_COLUMN_MISSING = Template(
    "RULE_COLUMN_MISSING",
    "stop",
    "A rule reads '{name}', which the data do not have.",
    "A rule that reads nothing would quietly count everybody, or nobody.",
    "Names that look close: {near}. Map a column to '{name}' in alliance.toml, or correct the rule.",
)

RULE_CHOICE_MISSING = Template(
    "RULE_CHOICE_MISSING",
    "stop",
    "A rule asks whether '{choice}' was ticked in '{name}', which does not offer it.",
    "Nobody could ever meet this rule, and the figure would read as zero.",
    "The choices are {available}. Correct the rule, or map the form's code to '{choice}'.",
)

RULE_NEEDS_NUMBER = Template(
    "RULE_NEEDS_NUMBER",
    "stop",
    "A rule compares '{name}' with a number, but it is {type}.",
    "Yes or no has no more and less.",
    "Use is = [...] for this variable.",
)

RULE_EMPTY = Template(
    "RULE_EMPTY",
    "stop",
    "A rule's {form} has nothing in it.",
    "It would be true of everyone, or of no one, without saying so.",
    "Write at least one condition inside {form}, or leave it out.",
)
