"""What can go wrong with medians and other quantiles."""

from __future__ import annotations

from mel.errors.base import Template

QUANTILE_RULE_NOT_OFFERED = Template(
    "QUANTILE_RULE_NOT_OFFERED",
    "stop",
    "quantile_rule = 'shahvaish' is not offered.",
    "What programs call by that name changes when every weight is multiplied by the same number, though the people stay the same.",
    "Write one of: {available}; 'hf6' is the nearest to it.",
)
TARGET_OF_QUANTILES = Template(
    "TARGET_OF_QUANTILES",
    "stop",
    "the indicator '{indicator}' asks for several quantiles, and its target does not say which one it is for.",
    "One number cannot be the target of several.",
    "Make the quantile that matters an indicator of its own, with one probability, and set the target there.",
)
COVARIANCE_OF_QUANTILES = Template(
    "COVARIANCE_OF_QUANTILES",
    "stop",
    "'{indicator}' is a quantile, and how two quantiles vary together was not counted.",
    "A quantile is no sum; taking two of one sample for independent would be a guess.",
    "Show both with their intervals, or compare a proportion: how many are at or below a number.",
)
QUANTILE_WITHOUT_TAILS = Template(
    "PROTECT_QUANTILE_WITHOUT_TAILS",
    "stop",
    "{rows} quantiles of the estimates came without the number of people beyond them.",
    "A quantile close to the lowest or highest answer gives one person's answer away; without that number nobody can tell.",
    "Pass what measure() returned, unchanged.",
)
