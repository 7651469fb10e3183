"""Who is reached and heard less than others, what keeps them away and who says so, and whom do we not know? One tidy table.

Asked because of the question that Partos' platform on leaving no one behind asks: who is not reached, and how can one be sure? It
is a method of this project, and not the Exclusion Radar, whose method is not published.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from mel.model.analyses import Analysis, analysis_of_everybody
from mel.model.sample import Dimension

KEYS = ("dataset", "round")
MEASURES = ("participation_ratio", "access_gap", "voice_ratio", "barrier_median", "not_known")
FACTORS = ("discrimination", "geography", "governance", "socio_economic_status", "shocks_and_fragility")
"""Source: UNDP (2018), What does it mean to leave no one behind?"""
RATER_KINDS = ("community", "outsider")
OF_PROFILE = (
    "measure", "indicator", "version", "dimension", "category", "factor", "rater_kind", "n", "value", "held_against", "estimate", "se",
    "ci_low", "ci_high", "df", "middle_low", "middle_high", "status", "source", "year", "publish", "basis", "counts", "inputs",
    "disclosure", "note",
)  # fmt: skip
"""Value columns, in order; what a measure has no use for is empty or null. A group is a `category` of a `dimension`.

* `participation_ratio`: `value`, the group's share of those who take part (`n` of them), over `held_against`, its share of the population
  by `source` and `year`. 1 is parity. `status`: `below_parity`, `above_parity` (the interval excludes 1), `unclear`, `no_test`.
* `access_gap`: `value`, the group's figure of `indicator`, minus `held_against`, everyone's figure or the right itself. `status`:
  `behind`, `ahead` (by the indicator's polarity; `lower`, `higher` where it has none), `unclear`, `no_test`.
* `voice_ratio`: `value`, the part of the group who spoke (or decided) of those of it who were there, over `held_against`, the same of
  everyone. That is the group's share of the voices over its share of the room. `status` as of a participation ratio.
* `barrier_median`: the median rating of `factor` for the group by `n` raters of one `rater_kind`; the middle half of them lies between
  `middle_low` and `middle_high`. `community` and `outsider` are never added up. `publish`: the narrowest any of them agreed to.
  `inputs`: the figures of the group that is rated, since who may not see the group may not see what is said of it.
* `not_known`: the share of all people of whom the dimension says nothing; `n` of them. Whom we do not know."""


@dataclass(frozen=True)
class ExclusionProfile:
    """What `exclusion_profile` returns. `table` has KEYS first, then OF_PROFILE. A rating belongs to no round: its `round` is `all`."""

    table: pd.DataFrame
    dimensions: tuple[Dimension, ...]
    """Those asked for, in their order."""
    against: str
    """What access was held against: `everyone` or `right`."""
    fewest_raters: int
    scale: tuple[float, float]
    """The lowest and the highest rating there could be."""
    level: float = 0.95
    taking_part: str = ""
    """The indicator that says who takes part; empty where everybody in the dataset does."""

    @property
    def dimension_names(self) -> tuple[str, ...]:
        return tuple(d.name for d in self.dimensions)

    def of(self, measure: str) -> pd.DataFrame:
        """The rows of one measure. Raises: KeyError for a measure that is none of MEASURES."""
        if measure not in MEASURES:
            raise KeyError(measure)
        return self.table[self.table["measure"] == measure].reset_index(drop=True)

    def as_analysis(self) -> Analysis:
        """In the shape all analyses share; its one table is `profile`."""
        lowest, highest = self.scale
        method: dict[str, str | float] = {
            "against": self.against, "fewest_raters": float(self.fewest_raters), "lowest": lowest, "highest": highest, "level": self.level,
            "taking_part": self.taking_part,
        }  # fmt: skip
        return analysis_of_everybody("exclusion_profile", self.table.iloc[:0], self.dimensions, {"profile": self.table}, method)

    def with_table(self, table: pd.DataFrame) -> ExclusionProfile:
        return replace(self, table=table)
