"""Who stands in which intersection, and what did they say together? From the cube to the cells of a model, and what forbids one.

Unweighted, of those who answered. People whose category on one of the dimensions is a silence are counted and left out: not to have
been asked is no identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mel.codes import SILENCES
from mel.comparison.maihda.asked import Asked
from mel.comparison.maihda.gaussian import spread_within
from mel.errors import CannotSay, Problem
from mel.errors import comparison as say
from mel.model.cube import Margin
from mel.model.quantities import Floats, Quantity
from mel.model.sample import Dimension

LEAST = 10
"""Fewer intersections than this say next to nothing about how far intersections lie apart."""


@dataclass(frozen=True)
class Cells:
    """The intersections that have anyone who answered, in the order of the crossing."""

    dimensions: tuple[Dimension, ...]
    categories: tuple[tuple[str, ...], ...]
    """By dimension: those that occur, the one the design starts from first."""
    codes: npt.NDArray[np.int64]
    """A row a cell, a column a dimension: position in `categories`."""
    n: Floats
    y: Floats
    yy: Floats
    shift: float
    """What was taken off each answer before it was summed."""
    left_out: int

    @cached_property
    def groups(self) -> list[tuple[str, ...]]:
        """The categories of each cell, in the order of `dimensions`."""
        columns = [np.array(listed, dtype=object)[codes] for listed, codes in zip(self.categories, self.codes.T, strict=True)]
        return list(zip(*columns, strict=True))

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Dimension and category of each column of the additive design but the first."""
        return [(d.name, c) for d, listed in zip(self.dimensions, self.categories, strict=True) for c in listed[1:]]

    def additive(self) -> Floats:
        """The design of the additive model: ones, then 1 for each category but a dimension's first."""
        parts = [self.codes[:, [k]] == np.arange(1, len(listed)) for k, listed in enumerate(self.categories)]
        return np.hstack([np.ones((len(self.n), 1)), *parts]).astype(np.float64)


def cells_of(asked: Asked) -> Cells:
    """The cells behind one question: n, Σy, Σy² of everyone who answered, by intersection.

    Raises: CannotSay with every reason why there is no model of them.
    """
    margin = asked.cube.margin(asked.names)
    at = np.unravel_index(np.arange(margin.size), margin.shape)
    n = margin.by_domain(asked.quantity.counted)
    mine = (at[0] == asked.cube.rounds.index(asked.round)) & (n > 0)
    labels = [np.array(asked.cube.levels[name], dtype=object)[codes] for name, codes in zip(asked.names, at[1:], strict=True)]
    told = np.all([~np.isin(column, SILENCES) for column in labels], axis=0)
    rows = np.flatnonzero(mine & told)
    y, yy = (part[rows] for part in _sums(margin, asked.quantity))
    kept = [column[rows] for column in labels]
    categories = [_listed(d, asked.cube.levels[d.name], set(column.tolist())) for d, column in zip(asked.dimensions, kept, strict=True)]
    positions = [{c: k for k, c in enumerate(listed)} for listed in categories]
    codes = [[where[c] for c in column] for where, column in zip(positions, kept, strict=True)]
    found = Cells(
        asked.dimensions, tuple(categories), np.array(codes, dtype=np.int64).T.reshape(len(rows), len(categories)),
        n[rows], y, yy, 0.0 if asked.is_share else asked.quantity.shift, round(float(n[mine & ~told].sum())),
    )  # fmt: skip
    problems = _problems(asked, found)
    if problems:
        raise CannotSay(problems)
    return found


def _sums(margin: Margin, quantity: Quantity) -> tuple[Floats, Floats]:
    """Σy and Σy² without weights."""
    y, yy = quantity.plain or (str(quantity.yes), str(quantity.yes))
    return margin.by_domain(y), margin.by_domain(yy)


def _listed(dimension: Dimension, levels: Sequence[str], there: set[str]) -> tuple[str, ...]:
    """The categories that occur, in their order, the reference first."""
    listed = [c for c in levels if c in there]
    first = dimension.reference if dimension.reference in there else listed[0] if listed else None
    return tuple(sorted(listed, key=lambda c: c != first))


def _problems(asked: Asked, cells: Cells) -> list[Problem]:
    names = ", ".join(asked.names)
    single = [say.CROSSING_ONE_CATEGORY.at(dimension=d) for d, c in zip(asked.names, cells.categories, strict=True) if len(c) == 1]
    if single:
        return single
    least = max(LEAST, 2 + len(cells.columns))
    if len(cells.n) < least:
        return [say.CROSSING_TOO_FEW.at(cells=len(cells.n), dimensions=names, least=least)]
    if cells.n.max() <= 1:
        return [say.CROSSING_ONE_EACH.at(dimensions=names)]
    return _overlapping(cells) + (_shares_alike(asked, cells) if asked.is_share else _numbers_alike(asked, cells))


def _overlapping(cells: Cells) -> list[Problem]:
    """The categories whose column follows from those before it."""
    x = cells.additive()
    left = np.abs(np.diag(np.linalg.qr(x.T @ x, mode="r")))[1:]  # what a column follows from, its products with all columns do too
    rounding = 1e-9 * len(x)
    return [say.CROSSING_SAME_THING.at(dimension=d, group=c) for (d, c), own in zip(cells.columns, left, strict=True) if own < rounding]


def _shares_alike(asked: Asked, cells: Cells) -> list[Problem]:
    indicator, problems = asked.indicator.id, []
    if cells.y.sum() in (0, cells.n.sum()):
        return [say.CROSSING_ALIKE.at(indicator=indicator, where="")]
    for k, (dimension, listed) in enumerate(zip(asked.names, cells.categories, strict=True)):
        yes, n = (np.bincount(cells.codes[:, k], weights=part, minlength=len(listed)) for part in (cells.y, cells.n))
        problems += [
            say.CROSSING_ALIKE.at(indicator=indicator, where=f"in category '{listed[c]}' of '{dimension}'")
            for c in np.flatnonzero((yes == 0) | (yes == n)).tolist()
        ]
    return problems


def _numbers_alike(asked: Asked, cells: Cells) -> list[Problem]:
    alike = spread_within(cells.n, cells.y, cells.yy) == 0
    return [say.CROSSING_ALIKE.at(indicator=asked.indicator.id, where="within every intersection")] if alike else []
