"""Where does each figure stand in its cube? Finds the z-values behind rows of estimates, so that nothing is taken for independent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from mel.codes import ALL
from mel.errors import CannotSay
from mel.errors.comparison import COMPARISON_NEEDS_CUBE
from mel.model.covariance import covariance, joint_df
from mel.model.cube import Linearised
from mel.model.estimates import Estimates, figure_of
from mel.model.figure import FigureId
from mel.model.quantities import Floats, Indexes

Rows = npt.NDArray[np.int64]
Place = tuple[Linearised, int]
Joint = Callable[[Linearised, Indexes, Linearised, Indexes], Floats]


class Figures:
    """The rows of one Estimates, by position, with what was counted behind them."""

    def __init__(self, estimates: Estimates) -> None:
        self.estimates = estimates
        self.table = estimates.table.reset_index(drop=True)
        self.dimensions = estimates.dimension_names
        self.broken = (
            self.table[list(self.dimensions)].to_numpy(dtype=object) != ALL if self.dimensions else np.zeros((len(self.table), 0), bool)
        )
        self._columns: dict[str, npt.NDArray[Any]] = {str(name): self.table[name].to_numpy() for name in self.table}
        self._linearised: dict[tuple[str, ...], Linearised] = {}
        self._margins: dict[tuple[str, ...], Any] = {}

    def of(self, name: str, rows: Rows) -> npt.NDArray[Any]:
        return self._columns[name][rows]

    def kinds(self, rows: Rows) -> npt.NDArray[Any]:
        """The kind of each row's indicator; empty where it is not known."""
        known = {key: indicator.kind for key, indicator in self.estimates.indicators.items()}
        keys = zip(self.of("indicator", rows), self.of("version", rows), strict=True)
        return np.array([known.get(key, "") for key in keys], dtype=object)

    def id(self, row: int) -> FigureId:
        return figure_of({name: column[row] for name, column in self._columns.items()}, self.dimensions)

    def together(self, what: Joint, a: Rows, b: Rows) -> Floats:
        """A joint property (`covariance`, `joint_df`) of row a[k] with row b[k], computed margin by margin."""
        out = np.zeros(len(a))
        placed = [(self._place(int(i)), self._place(int(j))) for i, j in zip(a, b, strict=True)]
        groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
        for k, ((left, _), (right, _)) in enumerate(placed):
            groups.setdefault((left, right), []).append(k)
        for (left, right), members in groups.items():
            at = np.array(members, dtype=np.int64)
            rows = [np.array([placed[k][side][1] for k in members], dtype=np.int64) for side in (0, 1)]
            out[at] = what(self._linearised[left], rows[0], self._linearised[right], rows[1])
        return out

    def placed(self, row: int) -> Place:
        """The quantity behind a row over its margin, and its position there."""
        key, at = self._place(row)
        return self._linearised[key], at

    def _place(self, row: int) -> tuple[tuple[str, ...], int]:
        """The margin and quantity a row belongs to, and its position there."""
        dataset, indicator, version, category, round_ = (
            str(self._columns[k][row]) for k in ("dataset", "indicator", "version", "category", "round")
        )
        if dataset not in self.estimates.cubes:
            raise CannotSay(COMPARISON_NEEDS_CUBE.at(dataset=dataset))
        cube = self.estimates.cubes[dataset]
        by = {name: str(self._columns[name][row]) for name, there in zip(self.dimensions, self.broken[row], strict=True) if there}
        known = any(one.key == (indicator, version, category) for one in cube.quantities)
        if not known or not by.keys() <= cube.levels.keys():  # counted in another cube, whose place this one took
            raise CannotSay(COMPARISON_NEEDS_CUBE.at(dataset=dataset))
        names = tuple(name for name in cube.levels if name in by)
        key = (dataset, indicator, version, category, *names)
        if key not in self._linearised:
            if (dataset, *names) not in self._margins:
                self._margins[dataset, *names] = cube.margin(names)
            self._linearised[key] = self._margins[dataset, *names].linearise(cube.quantity(indicator, version, category))
        return key, self._linearised[key].margin.position(round_, [by[name] for name in names])


def covariances(figures: Figures, a: Rows, b: Rows) -> Floats:
    """Covariance of row a[k] with row b[k] of the estimates."""
    return figures.together(covariance, a, b)


def joint_dfs(figures: Figures, a: Rows, b: Rows) -> Floats:
    """Degrees of freedom of row a[k] and row b[k] taken together."""
    return figures.together(joint_df, a, b)
