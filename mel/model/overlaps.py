"""To how many groups do people belong, and to which together? Groups that overlap, as two tables.

A person may belong to several groups at once; nothing here folds them into one label. How they are counted is
`mel.comparison.overlaps`'; how they are drawn is reporting's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from mel.codes import ALL
from mel.model.analyses import Analysis, analysis_of_everybody
from mel.model.sample import Dimension

SHARED = ("basis", "counts", "inputs", "disclosure", "note")
OF_GROUPING = ("measure", "answer", "count", "at_least", "rank")
"""What a row is about, in both tables, beside a column for each set that holds `yes`, `no`, `not_known`, or `all`.

`measure`:
* `membership`: one set by itself; its column says who (`yes`, `no`, `not_known`), the others hold `all`;
* `any_of`: `answer` is `yes` (belongs to at least one), `no` (to none, all of them known) or `not_known`;
* `how_many`: `count` sets; `at_least` is `no` where all sets of these people are known, `yes` where some are not: they belong to
  `count` sets that are known, and may belong to more;
* `combination`: the columns of the sets say which; `count` and `at_least` as above; `rank` 1 is the most frequent of its round.
  Rows do not stand in that order, which would tell of those that are hidden.
"""
OF_PEOPLE = (*OF_GROUPING, "n", "estimate", "se", "ci_low", "ci_high", "df", *SHARED)
"""Value columns of `people`. `estimate`: their share of everybody (weighted where people were drawn by chance). `inputs`: the figures
of these people, by the finest crossing of the dimensions."""
OF_FIGURE = (*OF_GROUPING, "n", "n_missing", "estimate", "se", "ci_low", "ci_high", "df", *SHARED)
"""Value columns of `figures`, after `indicator` and `version`: what these people said, in the indicator's unit."""
KEYS = ("dataset", "round")
BELONGING = "belonging_"
"""How an analysis' method says which categories of a dimension belong, where they are not `yes`: its name after this."""
MATRIX = (*KEYS, "rank", "set", "label", "belongs")


@dataclass(frozen=True)
class Overlaps:
    """What `overlaps` returns. `people` has KEYS, a column for each set, OF_PEOPLE; `figures` KEYS, indicator, version, sets, OF_FIGURE."""

    people: pd.DataFrame
    figures: pd.DataFrame
    sets: Mapping[str, str]
    """Each set (a dimension, or a factor that several dimensions share) and its label, in the order asked for."""
    belonging: Mapping[str, tuple[str, ...]]
    """Dimension: the categories whose people belong."""
    factors: Mapping[str, str]
    """Dimension: the set it counts towards, where sets are factors; empty where each dimension is a set of its own."""
    dimensions: tuple[Dimension, ...]
    level: float = 0.95

    @property
    def dimension_names(self) -> tuple[str, ...]:
        return tuple(d.name for d in self.dimensions)

    @property
    def combinations(self) -> pd.DataFrame:
        """The bars of an UpSet chart: every combination that occurs, the most frequent of each round first."""
        rows = self.people[self.people["measure"] == "combination"]
        rounds = {name: k for k, name in enumerate(rows["round"].drop_duplicates())}
        order = rows.assign(_at=rows["round"].map(rounds)).sort_values(["_at", "rank"], kind="stable").index
        return rows.loc[order].reset_index(drop=True)

    @property
    def memberships(self) -> pd.DataFrame:
        """The bars beside an UpSet chart: each set by itself."""
        return self.people[self.people["measure"] == "membership"].reset_index(drop=True)

    @property
    def matrix(self) -> pd.DataFrame:
        """The dots of an UpSet chart: a row for each combination (by its `rank`) and set, `belongs` yes, no or not_known."""
        rows, names = self.combinations, list(self.sets)
        dots = rows.loc[rows.index.repeat(len(names)), [*KEYS, "rank"]].reset_index(drop=True)
        told: dict[str, Any] = {
            "set": names * len(rows),
            "label": list(self.sets.values()) * len(rows),
            "belongs": rows[names].to_numpy().reshape(-1),
        }
        return dots.assign(**told)[list(MATRIX)].astype(dict.fromkeys(told, "str"))

    @property
    def not_known(self) -> pd.DataFrame:
        """Whom we do not know: each set, and the people of whom nothing says whether they belong."""
        rows = self.memberships
        unknown = (rows[list(self.sets)] == "not_known").any(axis=1)
        return rows[unknown].reset_index(drop=True)

    def as_analysis(self) -> Analysis:
        """In the shape all analyses share. `figures` is there where an indicator was asked for."""
        tables = {name: table for name, table in (("people", self.people), ("figures", self.figures)) if len(table)}
        names = {f"{BELONGING}{name}": "; ".join(codes) for name, codes in self.belonging.items() if tuple(codes) != ("yes",)}
        return analysis_of_everybody("overlaps", self.figures, self.dimensions, tables, {"level": self.level, **names})

    def with_tables(self, people: pd.DataFrame, figures: pd.DataFrame) -> Overlaps:
        return replace(self, people=people, figures=figures)


ANYONE = ALL
"""What a set's column holds in a row that does not tell people apart by that set."""
