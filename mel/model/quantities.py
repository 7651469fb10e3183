"""What is added up, and how the people were drawn: the nouns a cube is made of.

A Quantity says which sums one figure needs; Strata and Clusters say what was drawn, and out of how many. Rolling up is
`mel.model.cube`'s; which rows are counted is `mel.estimation`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from mel.codes import NOT_ASKED

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]
Lonely = Literal["fail", "certainty", "adjust", "average"]
UNKNOWN = "unknown"
"""Beside the silences: nobody knows whether this person is in the population, and the reason given would count as a no."""
Key = tuple[str, str, str]
"""Of a quantity: indicator, version, category."""
Cross = tuple[str, str, str, str]
"""Of two quantities: the sums Σw²·y_a y_b, y_a x_b, x_a y_b, x_a x_b; empty where a product is always zero."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Which sums of the cube one figure is made of. y is what is summed, x what it is divided by, w the weight.

    `y` is kept as y − shift · x, so that squares of large numbers do not swallow their differences. Sums of squares still keep
    fewer digits for a group whose answers differ far less from each other than from everybody's.
    """

    indicator: str
    version: str
    category: str
    kind: str
    counted: str
    """n of those in the denominator."""
    weight: str
    """Σw of those in the denominator."""
    wy: str
    wx: str
    wyy: str
    wxy: str
    wxx: str
    squares: tuple[str, str, str] | None = None
    """Σw²y², Σw²xy, Σw²x² where the respondent is the PSU."""
    plain: tuple[str, str] | None = None
    """Σy and Σy² without weights, for models of cells; of a share `yes` is both."""
    yes: str | None = None
    silences: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """The silences that count as missing (`exclude`), and UNKNOWN, whose people are among those of a silence too."""
    shift: float = 0.0
    crossed: Mapping[Key, Cross] = field(default_factory=dict)
    """Where the respondent is the PSU: the products with other quantities that were added up."""

    @property
    def key(self) -> Key:
        return self.indicator, self.version, self.category

    @property
    def is_total(self) -> bool:
        return self.kind == "total"

    @property
    def asked(self) -> tuple[str, ...]:
        """The sums that count people of the population who were asked, whether they answered or not."""
        return (self.counted, *(self.silences[reason] for reason in self.missing if reason != NOT_ASKED))

    @property
    def by_unit(self) -> tuple[str, ...]:
        """The sums that are needed of every unit, not only of every domain."""
        return (self.wy, self.wx, *self.asked, *(self.squares or ()))


@dataclass(frozen=True, slots=True)
class Strata:
    """The strata of each round: how many PSUs (or people) were drawn, and which part of all that is."""

    round: Indexes
    label: tuple[str, ...]
    size: Floats
    fraction: Floats
    """f_h, 0 without a finite population correction."""
    lonely: Lonely = "fail"

    def __len__(self) -> int:
        return len(self.label)

    @property
    def alone(self) -> npt.NDArray[np.bool_]:
        """One PSU drawn out of several: its variance cannot be seen."""
        return np.asarray((self.size == 1) & (self.fraction < 1), dtype=np.bool_)

    @property
    def scale(self) -> Floats:
        """(1 − f) n / (n − 1); a lonely stratum counts (1 − f) under `adjust` and nothing else."""
        many = self.size > 1
        scale = np.where(many, (1 - self.fraction) * self.size / np.where(many, self.size - 1, 1), 0.0)
        return np.where(self.alone, 1 - self.fraction, scale) if self.lonely == "adjust" else scale


@dataclass(frozen=True, slots=True)
class Clusters:
    """The PSUs of each round, in the order of their strata."""

    stratum: Indexes
    label: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.label)


@dataclass(frozen=True, slots=True)
class Largest:
    """The two largest contributions to a total, by non-empty domain of one breakdown (round × `dimensions`)."""

    indicator: str
    version: str
    dimensions: tuple[str, ...]
    cell: Indexes
    first: Floats
    second: Floats
    """0 where only one gives anything."""
