"""What looks at many figures at once, in one shape: intersections, trees, rankings, opportunity, overlaps, profiles of exclusion.

Each method has a noun of its own with the tables its authors read; here stands what all of them share, so that they are protected,
written and drawn by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from mel.model.indicator import Indicator
from mel.model.sample import Dimension

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
    cannot_say: str = ""
    """Why there is no answer: the code of the problem. Such an analysis has no tables."""

    def with_tables(self, tables: Mapping[str, pd.DataFrame]) -> Analysis:
        return replace(self, tables=tables)


def analysis_of(
    kind: str,
    indicator: Indicator,
    dimensions: Sequence[Dimension],
    tables: Mapping[str, pd.DataFrame],
    method: Mapping[str, str | float],
) -> Analysis:
    """The common shape of a noun with tables of its own; the dataset and round are those of its first row."""
    first = next(iter(tables.values())).iloc[0]
    names = tuple(d.name for d in dimensions)
    return Analysis(kind, str(first["dataset"]), indicator.id, indicator.version, str(first["round"]), names, dict(tables), dict(method))
