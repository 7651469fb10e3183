"""Is a group more than the sum of its parts? What a two-level model of one crossing says, as three tables.

An intersection is a group by several dimensions at once ("rural women with a disability"), what the literature on MAIHDA calls a
stratum; here that word belongs to the design.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from mel.model.analyses import Analysis, analysis_of
from mel.model.indicator import Indicator
from mel.model.sample import Dimension

SHARED = ("basis", "counts", "inputs", "disclosure", "note")
OF_INTERSECTION = (
    "n", "n_yes", "observed", "estimate", "se", "ci_low", "ci_high", "additive", "interaction", "interaction_low", "interaction_high",
    "status", "shrinkage", "effect", "effect_se", "effect_low", "effect_high", "null_shrinkage", "null_effect", "null_effect_se",
    "null_effect_low", "null_effect_high", *SHARED,
)  # fmt: skip
"""Value columns of `table`, in order.

In the indicator's unit, unweighted: `observed`, what those who answered said; `estimate` (`se`, `ci_low`, `ci_high`), the same
steadied by what the model knows of the group's parts; `additive`, what those parts alone lead one to expect; `interaction` =
estimate − additive, and its interval. `status`: `higher`, `lower` (the interval excludes 0), `unclear`, `no_test`.
On the model's scale (the unit of a mean; logits of a share): `effect`, by how far the intersection lies from its additive part;
`null_effect`, from everyone. `shrinkage` says how much of an intersection's own answers entered: 1 all of it, 0 nothing.
`inputs`: the figure of the intersection."""
OF_EFFECT = ("model", "dimension", "group", "against", "estimate", "se", "ci_low", "ci_high", "odds_ratio", "n", *SHARED)
"""Value columns of `effects`. `model`: `null` or `additive`. The row of a model's intercept has no `dimension`. `against`: the
dimension's reference where it names one, else `everyone`. On the model's scale; `odds_ratio` of a share only."""
OF_MODEL = ("model", "cells", "n", "n_left_out", "between", "within", "vpc", "pcv", "mor", *SHARED)
"""Value columns of `summary`, a row for each of the two models. `cells` intersections of `n` people; `n_left_out` answered but said
nothing on one of the dimensions. `between` and `within`: variance between intersections and between people of one (on the logit
scale π²/3). `vpc`, `pcv` and `mor` are read as `mel.comparison.intersections` says."""
KEYS = ("dataset", "indicator", "version", "round")


@dataclass(frozen=True)
class Intersections:
    """What `intersections` returns. Each table has KEYS first, then its own columns; `table` has one more for each dimension."""

    table: pd.DataFrame
    effects: pd.DataFrame
    summary: pd.DataFrame
    indicator: Indicator
    dimensions: tuple[Dimension, ...]
    """Those that were crossed, in the order asked for."""
    method: str
    """`reml` for a mean; `laplace` or `quadrature` for a share."""
    level: float = 0.95

    @property
    def dimension_names(self) -> tuple[str, ...]:
        return tuple(d.name for d in self.dimensions)

    def with_table(self, table: pd.DataFrame) -> Intersections:
        return replace(self, table=table)

    def as_analysis(self) -> Analysis:
        """As it is protected, written and drawn."""
        tables = {"intersections": self.table, "effects": self.effects, "summary": self.summary}
        return analysis_of("intersections", self.indicator, self.dimensions, tables, {"method": self.method, "level": self.level})
