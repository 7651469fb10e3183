"""Why an expression of a form was not computed."""

from __future__ import annotations

from mel.errors.base import Template

XPATH_NOT_COMPUTED = Template(
    "XPATH_NOT_COMPUTED",
    "warn",
    "The form's expression {expression} was not computed: {reason}.",
    "What it would have checked is not checked, and nothing was guessed in its place.",
    "Look at this question yourself, or write the expression with the functions mel knows ({known}).",
)
