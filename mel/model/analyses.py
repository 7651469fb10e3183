"""What looks at many figures at once, in one shape: intersections, trees, rankings, opportunity, overlaps, profiles of exclusion.

Each method has a noun of its own with the tables its authors read; here stands what all of them share, so that they are protected,
written and drawn by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from mel.codes import ALL
from mel.model.indicator import Indicator
from mel.model.sample import Dimension

ANALYSES = ("intersections", "furthest_behind", "ranking", "opportunity", "overlaps", "exclusion_profile")


@dataclass(frozen=True)
class Analysis:
    """Named tables about one dataset and round, and one indicator (`` where they are about everybody in it).

    Every row of every table carries `n`, `inputs`, `disclosure`, `note`.

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


def analysis_of_everybody(
    kind: str,
    figures: pd.DataFrame,
    dimensions: Sequence[Dimension],
    tables: Mapping[str, pd.DataFrame],
    method: Mapping[str, str | float],
) -> Analysis:
    """The common shape of a noun about everybody in a dataset, in its last round; `figures`: its rows of indicators, which may be none."""
    first = next(iter(tables.values()), pd.DataFrame())
    rounds = [name for name in dict.fromkeys(first["round"].astype("str")) if name != ALL] if len(first) else []
    asked = figures[["indicator", "version"]].drop_duplicates().astype("str").to_numpy().tolist() if len(figures) else []
    indicator, version = asked[0] if len(asked) == 1 else ("", "")
    dataset = str(first["dataset"].iloc[0]) if len(first) else ""
    names = tuple(d.name for d in dimensions)
    return Analysis(kind, dataset, indicator, version, rounds[-1] if rounds else ALL, names, dict(tables), dict(method))
