"""The one long table of results: a row per indicator × domain × round, with its precision, silences and status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from mel.codes import ALL, SILENCES
from mel.model.figure import FigureId
from mel.model.indicator import Indicator
from mel.model.records import Provenance
from mel.model.sample import Dimension

if TYPE_CHECKING:
    from mel.model.contrasts import Contrast, Figure, Terms
    from mel.model.cube import Cube
    from mel.model.quantities import Floats

KEYS_BEFORE = ("dataset", "indicator", "version", "round")
KEYS_AFTER = ("category",)
SILENCE_COUNTS = tuple(f"n_{silence}" for silence in SILENCES)
VALUES = (
    "estimate", "se", "ci_low", "ci_high", "cv", "deff", "df", "n", "n_yes", "n_missing", *SILENCE_COUNTS, "weighted_total",
    "basis", "counts", "reliability", "disclosure", "note",
)  # fmt: skip
"""Value columns, in order. `n` answered and counted; `n_yes` of them said yes (where a condition is counted;
else null); `n_missing` did not answer, of whom `n_<silence>` for each reason; `weighted_total` Σw of those counted."""


@dataclass(frozen=True, slots=True)
class Tails:
    """How many people answered at or beyond a quantile, on the side where they are fewer; and at or beyond the ends of its interval."""

    of_estimate: float
    of_interval: float
    """NaN where there is no interval."""


@dataclass(frozen=True)
class Estimates:
    """What `measure` returns. `table` has the columns KEYS_BEFORE, one per dimension, KEYS_AFTER, VALUES, in that order.

    A dimension not broken down in a row holds `all`. Missing numbers are null (NaN in a float column), never zero.
    """

    table: pd.DataFrame
    dimensions: tuple[Dimension, ...]
    indicators: Mapping[tuple[str, str], Indicator]  # (id, version)
    cubes: Mapping[str, Cube] = field(default_factory=dict)  # by dataset: for covariance; never written to disk
    rounds: Mapping[str, str | None] = field(default_factory=dict)  # dataset: how its rounds relate (Design.rounds)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # indicator id: category code → label
    made_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """A score or count that an indicator reads: the variables it was made from. What is sensitive in those is so in it."""
    provenance: tuple[Provenance, ...] = ()
    interval: str = "logit"
    level: float = 0.95
    tails: Mapping[FigureId, Tails] = field(default_factory=dict)
    """Of each quantile: how few people it speaks of. What protection must know; never written to disk."""

    @property
    def dimension_names(self) -> tuple[str, ...]:
        return tuple(d.name for d in self.dimensions)

    def dimension(self, name: str) -> Dimension | None:
        return next((d for d in self.dimensions if d.name == name), None)

    def with_table(self, table: pd.DataFrame) -> Estimates:
        return replace(self, table=table)

    def figure(self, **keys: str) -> FigureId:
        """The identity of one row by its keys: `estimates.figure(indicator="heard", gender="woman", round="midline")`."""
        from mel.model.contrasts import find
        from mel.model.figures import Figures

        figures = Figures(self)
        return figures.id(find(figures, keys))

    def difference(self, a: Figure, b: Figure, *, independent: bool = False) -> Contrast:
        """A − b of two rows, each a `FigureId` or its key columns, with their covariance from the cube.

        `independent`: the caller's word that the samples of two datasets were drawn apart from each other.

        Source: Wolter (2007), Introduction to Variance Estimation, 6.2. Sign: a − b.
        Missing: no se where the basis is not probability, or a figure has none; the note says why.
        Raises: InputError where a row is not found, or not one; CannotSay for two bases, for quantiles and distinct counts, for
        two datasets without `independent`, and for what was not counted together.
        Checked: tests/reference/survey/test_r_contrasts.py.
        """
        from mel.model import contrasts

        return contrasts.difference(self, a, b, independent=independent)

    def ratio(self, a: Figure, b: Figure, *, independent: bool = False) -> Contrast:
        """A / b of two rows, its interval on the log scale; see `difference`."""
        from mel.model import contrasts

        return contrasts.ratio(self, a, b, independent=independent)

    def contrast(self, terms: Terms, *, independent: bool = False) -> Contrast:
        """Σ coefficient × figure: a mapping of `FigureId` to coefficient, or pairs; see `difference`."""
        from mel.model import contrasts

        return contrasts.contrast(self, terms, independent=independent)

    def covariance(self, figures: Sequence[Figure], *, independent: bool = False) -> Floats:
        """Covariance matrix of these rows, in their order; NaN where a figure has no standard error."""
        from mel.model import contrasts

        return contrasts.covariance_matrix(self, figures, independent=independent)

    def __add__(self, other: Estimates) -> Estimates:
        """Several datasets' estimates as one table; a dimension one of them lacks is `all` there."""
        known = set(self.dimension_names)
        dimensions = (*self.dimensions, *(d for d in other.dimensions if d.name not in known))
        names = [d.name for d in dimensions]
        parts = [part.table.assign(**{n: ALL for n in names if n not in part.table}) for part in (self, other)]
        columns = [*KEYS_BEFORE, *names, *KEYS_AFTER, *VALUES]
        table = pd.concat([part[columns] for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else parts[0][columns]
        return replace(
            self,
            table=table,
            dimensions=dimensions,
            indicators={**self.indicators, **other.indicators},
            cubes={**self.cubes, **other.cubes},
            rounds={**self.rounds, **other.rounds},
            labels={**self.labels, **other.labels},
            tails={**self.tails, **other.tails},
            made_from={**self.made_from, **other.made_from},
            provenance=(*self.provenance, *other.provenance),
        )


def figure_of(row: Mapping[str, Any], dimensions: tuple[str, ...], measure: str = "estimate") -> FigureId:
    """The identity of a row of an `Estimates` table (or of a `Comparisons` table, whose rows have the same keys)."""
    domain = tuple((name, str(row[name])) for name in dimensions if name in row and row[name] != ALL)
    return FigureId(
        str(row["indicator"]), str(row["version"]), str(row["round"]), domain, str(row["category"]), measure, str(row["dataset"])
    )
