"""Differences between figures: change, gaps, distance to a target. Each row carries the figures it was computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from mel.model.analyses import Analysis
from mel.model.indicator import Indicator
from mel.model.sample import Dimension

MEASURES = ("change", "change_ratio", "gap_difference", "gap_ratio", "gap_change", "against_milestone", "projection")
VALUES = (
    "measure", "from_round", "dimension", "group_a", "group_b", "value_a", "value_b", "estimate", "se", "ci_low", "ci_high", "df",
    "p", "p_adjusted", "target", "target_date", "chance", "rule", "status", "basis", "counts", "inputs", "disclosure", "note",
)  # fmt: skip
"""Value columns, in order. `change`: estimate = this round − `from_round`; `change_ratio`: this round / `from_round`. `gap_difference`,
`gap_ratio`: within `dimension`, `group_a` against `group_b` (for a domain given by the dimension columns): a − b, a / b; `group_b` is
`all` where it is everyone, `right` where it is the right itself. `gap_change`: this round's gap (`value_a`) − the gap of `from_round`
(`value_b`). `against_milestone`: estimate = actual − `target`. `projection`: estimate = the figure at `target_date`, if the rounds'
straight line goes on; `chance` of reaching `target`; `value_a` the last actual. `p` and `p_adjusted`: see `mel.model.multiplicity`. A measure
of inequality: over all groups of `dimension`; `group_b` whom they are held against, where that was named before.
`value_a`, `value_b`: the two figures compared. `status` by measure: see `mel.comparison`. `inputs`: tuple of `FigureId`."""
NUMBERS = ("value_a", "value_b", "estimate", "se", "ci_low", "ci_high", "df", "p", "p_adjusted", "target", "chance")
"""Those that are numbers: none of them leaves with a row that is hidden."""

INEQUALITY = (
    "absolute_concentration_index",
    "relative_concentration_index",
    "relative_concentration_index_wagstaff",
    "relative_concentration_index_erreygers",
    "slope_index_of_inequality_linear",
    "slope_index_of_inequality_logit",
    "relative_index_of_inequality_linear",
    "relative_index_of_inequality_logit",
    "between_group_variance",
    "between_group_standard_deviation",
    "coefficient_of_variation",
    "mean_difference_from_mean",
    "mean_difference_from_mean_unweighted",
    "mean_difference_from_best_performing",
    "mean_difference_from_best_performing_unweighted",
    "mean_difference_from_reference",
    "mean_difference_from_reference_unweighted",
    "index_of_disparity",
    "index_of_disparity_unweighted",
    "theil_index",
    "mean_log_deviation",
    "population_attributable_risk",
    "population_attributable_fraction",
)
"""Measures of inequality that may be asked for: what sums up all groups of a dimension. What each is stands in `mel.comparison.catalogue`."""


@dataclass(frozen=True)
class Comparisons:
    """What `compare` returns. `table` has the keys of `Estimates.table` (dataset, indicator, version, round, dimensions, category) and VALUES."""

    table: pd.DataFrame
    dimensions: tuple[Dimension, ...]
    indicators: Mapping[tuple[str, str], Indicator] = field(default_factory=dict)
    level: float = 0.95
    analyses: tuple[Analysis, ...] = ()

    def with_table(self, table: pd.DataFrame) -> Comparisons:
        return replace(self, table=table)

    @property
    def dimension_names(self) -> tuple[str, ...]:
        return tuple(d.name for d in self.dimensions)
