"""What looks at many figures at once, in one shape: intersections, trees, rankings, opportunity, overlaps, profiles of exclusion.

Each method has a noun of its own with the tables its authors read; here stands what all of them share, so that they are protected,
written and drawn by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

ANALYSES = ("intersections", "furthest_behind", "ranking", "opportunity", "overlaps", "exclusion_profile")


@dataclass(frozen=True)
class Analysis:
    """Named tables about one indicator of one dataset and round. Every row of every table carries `n`, `inputs`, `disclosure`, `note`.

    `inputs`: the `FigureId`s it was computed from. `disclosure`: `unchecked` until protect; then `open`, or `withheld` with every
    number of the row null.
    """

    kind: str
    dataset: str
    indicator: str
    version: str
    round: str
    dimensions: tuple[str, ...]
    tables: Mapping[str, pd.DataFrame]
    method: Mapping[str, str | float] = field(default_factory=dict)
    """How it was done, as the report's section on method says it: rules, seeds, number of draws, level."""

    def with_tables(self, tables: Mapping[str, pd.DataFrame]) -> Analysis:
        return replace(self, tables=tables)
