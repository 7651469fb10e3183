"""Who is furthest behind, how unequally is an opportunity shared out, which groups stand lowest? Three answers, each as tables.

How they are found is `mel.comparison`'s; how they are said and drawn is reporting's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from mel.model.analyses import Analysis, analysis_of
from mel.model.indicator import Indicator
from mel.model.sample import Dimension

SHARED = ("basis", "counts", "inputs", "disclosure", "note")
KEYS = ("dataset", "indicator", "version", "round")

OF_LEAF = (
    "leaf", "place", "depth", "domain", "n", "share", "estimate", "se", "ci_low", "ci_high", "df", "gap", "behind_again", *SHARED,
)  # fmt: skip
"""Value columns of `leaves`, in the indicator's unit. `place`: `furthest_behind`, `furthest_ahead`, `between`. `domain`: a tuple of
(dimension, (categories …)) for each circumstance that bounds the group; those not named are everybody's. `share`: part of all
people (weighted). `gap`: how far behind the furthest ahead, positive whichever side is better. `behind_again`: of the draws that found
groups, the part in which a person of this group was in the group furthest behind."""
OF_SPLIT = ("node", "depth", "dimension", "below", "above", "n", "share", "estimate", "explained", *SHARED)
"""Value columns of `splits`. Node k parts into 2k (the lower figure: categories `below`) and 2k + 1 (`above`). `explained`: the part of
all people's variance that this split takes away."""
OF_TREE = (
    "leaves", "n", "n_left_out", "everyone", "behind", "ahead", "explained", "gap", "gap_honest", "se", "ci_low", "ci_high", "df",
    "same_again", "overlap", "draws", "draws_without_groups", "folds", *SHARED,
)  # fmt: skip
"""Value columns of `summary`, one row. `behind`, `ahead`: leaf numbers. `gap`: as the tree found it, which flatters: the tree looked
for it. `gap_honest` (`se`, `ci_low`, `ci_high`): each of `folds` parts of the PSUs looked up in groups that the other parts found;
`ci_high` is never below `gap`. `same_again`: the part of the `draws` in which the very same group was furthest behind; `overlap`: how much of the
two groups' people are common to both, on average (1 all, 0 none)."""

OF_OPPORTUNITY = ("measure", "estimate", "se", "ci_low", "ci_high", "df", "n", "n_left_out", "cells", *SHARED)
"""Value columns of `Opportunity.table`. `measure`: `coverage` (the share reached), `d_index`, `hoi` = coverage × (1 − d_index),
`hoi_geometric`, `d_index_geometric` = 1 − hoi_geometric / coverage."""
OF_CONTRIBUTION = ("dimension", "estimate", "se", "ci_low", "ci_high", "part", "n", *SHARED)
"""Value columns of `Opportunity.contributions`. `estimate`: what the circumstance adds to the d_index, averaged over all orders in
which circumstances can be taken in; they add up to the d_index. `part` = estimate / d_index."""

OF_GROUP = (
    "place", "domain", "n", "share", "observed", "observed_se", "observed_low", "observed_high", "apart", "apart_low", "apart_high",
    "status", "estimate", "se", "ci_low", "ci_high", "expected", "shrinkage", "towards", "chance_lowest", "chance_among", *SHARED,
)  # fmt: skip
"""Value columns of `Ranking.table`, the furthest behind first. `observed` is the group's own figure, and its interval holds for all
groups at once, as does that of `apart` = observed − everyone's figure. `status`: `behind`, `ahead` (that interval excludes 0),
`unclear`, `no_test`. `estimate` (`se`, and an interval of its own) is the figure steadied by `expected`, what the group's parts
(`towards` = `additive`) or all groups of that breakdown (`mean`) lead one to expect; `shrinkage`: the weight of its own answers.
`chance_lowest`, `chance_among`: of being the furthest behind, and among the first few."""
OF_RANKING = ("groups", "left_out_groups", "left_out_people", "silent_groups", "n", "everyone", "fewest", "among", "draws", *SHARED)
"""Value columns of `Ranking.summary`, one row. `left_out_groups` were heard but too few answered (`left_out_people` of them, each
counted once for each breakdown); `silent_groups`: groups of people who did not say where they belong."""


@dataclass(frozen=True, slots=True)
class TreeRules:
    """When a group may no longer be parted. As published for the ESCAP trees: six steps, 49 observations, 9 % of the people.

    Source: https://lnob.unescap.org/lnob-tree-specifications ; ESCAP lowers the share where ethnicity, religion or language are used.
    """

    depth: int = 6
    fewest: int = 49
    """People who answered, in each group that is made."""
    share: float = 0.09
    """Part of all people (weighted), in each group that is made."""


@dataclass(frozen=True)
class FurthestBehind:
    """What `furthest_behind` returns. Each table has KEYS first, then its own columns."""

    leaves: pd.DataFrame
    splits: pd.DataFrame
    summary: pd.DataFrame
    indicator: Indicator
    dimensions: tuple[Dimension, ...]
    """The circumstances, in the order asked for."""
    rules: TreeRules
    seed: int
    level: float = 0.95

    @property
    def dimension_names(self) -> tuple[str, ...]:
        return tuple(d.name for d in self.dimensions)

    def with_leaves(self, leaves: pd.DataFrame) -> FurthestBehind:
        return replace(self, leaves=leaves)

    def as_analysis(self) -> Analysis:
        """As it is protected, written and drawn."""
        tables = {"leaves": self.leaves, "splits": self.splits, "summary": self.summary}
        rules, row = self.rules, self.summary.iloc[0]
        method = {
            "depth": rules.depth, "fewest": rules.fewest, "share": rules.share, "seed": self.seed, "level": self.level,
            "draws": int(row["draws"]), "folds": int(row["folds"]),
        }  # fmt: skip
        return analysis_of("furthest_behind", self.indicator, self.dimensions, tables, method)


@dataclass(frozen=True)
class Opportunity:
    """What `opportunity` returns. Each table has KEYS first, then its own columns."""

    table: pd.DataFrame
    contributions: pd.DataFrame
    indicator: Indicator
    dimensions: tuple[Dimension, ...]
    method: str
    """`cells` or `logit`."""
    complement: bool
    """True where the indicator is a barrier and those without it were counted."""
    level: float = 0.95

    @property
    def dimension_names(self) -> tuple[str, ...]:
        return tuple(d.name for d in self.dimensions)

    def with_table(self, table: pd.DataFrame) -> Opportunity:
        return replace(self, table=table)

    def as_analysis(self) -> Analysis:
        """As it is protected, written and drawn."""
        tables = {"measures": self.table, "contributions": self.contributions}
        method = {"method": self.method, "complement": "yes" if self.complement else "no", "level": self.level}
        return analysis_of("opportunity", self.indicator, self.dimensions, tables, method)


@dataclass(frozen=True)
class Ranking:
    """What `rank_groups` returns. Each table has KEYS first, then its own columns."""

    table: pd.DataFrame
    summary: pd.DataFrame
    indicator: Indicator
    dimensions: tuple[Dimension, ...]
    seed: int
    level: float = 0.95

    @property
    def dimension_names(self) -> tuple[str, ...]:
        return tuple(d.name for d in self.dimensions)

    def with_table(self, table: pd.DataFrame) -> Ranking:
        return replace(self, table=table)

    def as_analysis(self) -> Analysis:
        """As it is protected, written and drawn."""
        tables = {"groups": self.table, "summary": self.summary}
        row = self.summary.iloc[0]
        method = {name: int(row[name]) for name in ("fewest", "among", "draws")}
        return analysis_of("ranking", self.indicator, self.dimensions, tables, {**method, "seed": self.seed, "level": self.level})
