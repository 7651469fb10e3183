"""Which measures of inequality are there, what does each need, and how is it read? Measures as data.

Words, documents and refusals read this one table; the arithmetic is `inequality`'s. A measure is asked for by its spelled-out
name: a short one such as SII can mean two fits.

Source: WHO (2024), Inequality monitoring, the summary measures of the Health Equity Assessment Toolkit (HEAT).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mel.comparison import inequality as by
from mel.comparison.arrays import Array
from mel.comparison.inequality import Groups
from mel.errors import UsageError, closest
from mel.errors.comparison import MEASURE_TWICE, MEASURE_UNKNOWN

Unit = Literal["indicator", "indicator squared", "ratio", "percent of the mean", "part of the mean", "part of the range", "thousandths"]
Needs = Literal["order", "side", "reference", "range", "shares", "mean", "inside", "not negative", "above zero"]
Against = Literal["", "ends", "best", "reference", "yardstick"]
MANY = 3
"""Of two groups a difference and a ratio say all there is; WHO asks for more than two before anything is summed up."""
RISE = "Above zero: higher among groups late in the order; below: higher among groups early in it."
APART = "Never below zero; zero when all groups are equal."


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of inequality. `equal` is its value when all groups have the same figure."""

    name: str
    short: str
    label: str
    of: Callable[[Groups], Array]
    unit: Unit
    sign: str
    sides: str
    """What it does with an indicator of which less is better."""
    needs: tuple[Needs, ...] = ()
    groups: int = MANY
    equal: float = 0.0
    spread: bool = False
    """A distance that is never below zero, so that chance alone makes it larger: its interval is found another way."""
    one_sided: bool = False
    """Held to zero where it points against the indicator's better side."""
    against: Against = ""
    """Whom it holds groups against, where it is not the mean."""
    source: str = "WHO HEAT"

    def takes_distance(self, groups: Groups) -> bool:
        """True when this measure, of these groups, is a distance that chance alone makes larger."""
        return self.spread or (self.one_sided and groups.picks)

    def picks(self, groups: Groups) -> bool:
        """True when whom it holds groups against is picked from the data, not named before."""
        return self.against == "best" or (self.against in ("ends", "yardstick") and groups.picks)


SAME = "The same for both."
_TABLE = (
    Measure(
        "gap_difference", "D", "difference", by.gap_difference, "indicator",
        "Above zero: the group with the advantage is better off, by this much.",
        "Better minus worse: the two ends of an order, a named reference and the worst of the others, else highest and lowest.", (), 2,
        against="ends",
    ),
    Measure(
        "gap_ratio", "R", "ratio", by.gap_ratio, "ratio", "Above one: the group with the advantage is better off, this many times.",
        "Better over worse: the two ends of an order, a named reference and the worst of the others, else highest and lowest.",
        ("above zero",), 2, equal=1.0, against="ends",
    ),
    Measure(
        "absolute_concentration_index", "ACI", "absolute concentration index", by.absolute_concentration_index, "indicator", RISE, SAME,
        ("order", "shares"),
    ),
    Measure(
        "relative_concentration_index", "RCI", "relative concentration index", by.relative_concentration_index, "part of the mean", RISE, SAME,
        ("order", "shares", "mean", "not negative"),
    ),
    Measure(
        "relative_concentration_index_wagstaff", "RCI (Wagstaff)", "relative concentration index, Wagstaff's for bounded indicators",
        by.relative_concentration_index_wagstaff, "part of the range", RISE, SAME, ("order", "shares", "range", "inside"),
        source="Wagstaff (2005), Health Economics 14",
    ),
    Measure(
        "relative_concentration_index_erreygers", "RCI (Erreygers)", "relative concentration index, Erreygers's for bounded indicators",
        by.relative_concentration_index_erreygers, "part of the range", RISE, SAME, ("order", "shares", "range"),
        source="Erreygers (2009), Journal of Health Economics 28",
    ),
    Measure(
        "slope_index_of_inequality_linear", "SII", "slope index of inequality (linear)", by.slope_index_of_inequality_linear, "indicator",
        RISE, SAME, ("order", "shares"),
    ),
    Measure(
        "slope_index_of_inequality_logit", "SII", "slope index of inequality (logit)", by.slope_index_of_inequality_logit, "indicator", RISE,
        SAME, ("order", "shares", "range"),
    ),
    Measure(
        "relative_index_of_inequality_linear", "RII", "relative index of inequality (linear)", by.relative_index_of_inequality_linear,
        "ratio", RISE.replace("zero", "one"), SAME, ("order", "shares", "above zero"), equal=1.0,
    ),
    Measure(
        "relative_index_of_inequality_logit", "RII", "relative index of inequality (logit)", by.relative_index_of_inequality_logit, "ratio",
        RISE.replace("zero", "one"), SAME, ("order", "shares", "range", "not negative", "mean"), equal=1.0,
    ),
    Measure(
        "between_group_variance", "BGV", "between-group variance", by.between_group_variance, "indicator squared", APART, SAME, ("shares",),
        spread=True,
    ),
    Measure(
        "between_group_standard_deviation", "BGSD", "between-group standard deviation", by.between_group_standard_deviation, "indicator",
        APART, SAME, ("shares",), spread=True,
    ),
    Measure(
        "coefficient_of_variation", "COV", "coefficient of variation", by.coefficient_of_variation, "percent of the mean", APART, SAME,
        ("shares", "mean", "not negative"), spread=True,
    ),
    Measure(
        "mean_difference_from_mean", "MDMW", "mean difference from the mean", by.mean_difference_from_mean, "indicator", APART, SAME,
        ("shares",), spread=True,
    ),
    Measure(
        "mean_difference_from_mean_unweighted", "MDMU", "mean difference from the mean, each group counted alike",
        by.mean_difference_from_mean_unweighted, "indicator", APART, SAME, ("shares",), spread=True,
    ),
    Measure(
        "mean_difference_from_best_performing", "MDBW", "mean difference from the best-performing group",
        by.mean_difference_from_best_performing, "indicator", APART, "The best is the lowest.", ("shares", "side"), spread=True,
        against="best",
    ),
    Measure(
        "mean_difference_from_best_performing_unweighted", "MDBU", "mean difference from the best-performing group, each group counted alike",
        by.mean_difference_from_best_performing_unweighted, "indicator", APART, "The best is the lowest.", ("side",), spread=True,
        against="best",
    ),
    Measure(
        "mean_difference_from_reference", "MDRW", "mean difference from the reference group", by.mean_difference_from_reference, "indicator",
        APART, SAME, ("shares", "reference"), spread=True, against="reference",
    ),
    Measure(
        "mean_difference_from_reference_unweighted", "MDRU", "mean difference from the reference group, each group counted alike",
        by.mean_difference_from_reference_unweighted, "indicator", APART, SAME, ("reference",), spread=True, against="reference",
    ),
    Measure(
        "index_of_disparity", "IDISW", "index of disparity", by.index_of_disparity, "percent of the mean", APART, SAME,
        ("shares", "mean", "not negative"), spread=True,
    ),
    Measure(
        "index_of_disparity_unweighted", "IDISU", "index of disparity, each group counted alike", by.index_of_disparity_unweighted,
        "percent of the mean", APART, SAME, ("shares", "mean", "not negative"), spread=True,
    ),
    Measure(
        "theil_index", "TI", "Theil index", by.theil_index, "thousandths", APART, SAME, ("shares", "mean", "not negative"), spread=True,
    ),
    Measure(
        "mean_log_deviation", "MLD", "mean log deviation", by.mean_log_deviation, "thousandths", APART, SAME,
        ("shares", "above zero"), spread=True,
    ),
    Measure(
        "population_attributable_risk", "PAR", "population attributable risk", by.population_attributable_risk, "indicator",
        "How much the mean would move if everyone had the figure of the yardstick: the named reference, else the last group in the order,"
        " else the best.", "At or above zero where higher is better, at or below zero where lower is; never the other way.",
        ("shares", "side"), one_sided=True, against="yardstick",
    ),
    Measure(
        "population_attributable_fraction", "PAF", "population attributable fraction", by.population_attributable_fraction,
        "percent of the mean", "The population attributable risk as a part of the mean.",
        "At or above zero where higher is better, at or below zero where lower is; never the other way.",
        ("shares", "side", "mean", "not negative"), one_sided=True, against="yardstick",
    ),
)  # fmt: skip
CATALOGUE: Mapping[str, Measure] = {measure.name: measure for measure in _TABLE}
PAIRS = ("gap_difference", "gap_ratio")
"""Of two groups; `compare` gives these for every dimension, so there they are not asked for."""


def asked_for(names: Sequence[str], available: Sequence[str] = tuple(CATALOGUE)) -> tuple[Measure, ...]:
    """The measures of these names. Raises: UsageError with every name that is unknown, and what looks like it."""
    given = (names,) if isinstance(names, str) else tuple(names)
    problems = [
        MEASURE_UNKNOWN.at(name=name, available=available, near=_near(str(name), available))
        for name in dict.fromkeys(given)
        if name not in available
    ]
    problems += [MEASURE_TWICE.at(name=name) for name in dict.fromkeys(given) if given.count(name) > 1]
    if problems:
        raise UsageError(problems)
    return tuple(CATALOGUE[name] for name in given)


def _near(name: str, available: Sequence[str]) -> list[str]:
    """Also by the short name people know it by: SII, IDIS, MLD."""
    short = [m.name for m in CATALOGUE.values() if m.short.upper().startswith(name.upper()[:4]) and m.name in available]
    return short or closest(name, available)
