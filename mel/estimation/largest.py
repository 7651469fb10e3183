"""Which two people (or things) give most to a total? One who gives nearly all of it is told by it: protection must know.

Not a sum, so it has its own small path over the rows; what is done with it is decided later, in `mel.disclosure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from mel.estimation.engines import collected
from mel.estimation.questions import Columns
from mel.estimation.strata import encode
from mel.model.cube import Cube
from mel.model.quantities import Floats, Indexes, Largest
from mel.model.sample import ROUND

AMOUNT, MOST, MANY = "_amount", "_most", "_many"


def largest_of(frame: Any, columns: Columns, cube: Cube) -> tuple[Largest, ...]:
    """The two largest contributions (absolute, weighted as the total is) to each total of numbers, by finest cell.

    `frame` is the table with the first two layers of `columns` in it.
    """
    keys = [ROUND, *cube.levels]
    return tuple(_largest(frame, one, keys, cube) for one in columns.amounts)


def _largest(frame: Any, amount: tuple[tuple[str, str], str, nw.Expr], keys: Sequence[str], cube: Cube) -> Largest:
    of, inside, value = amount
    given = frame.filter(nw.col(inside) == 1.0).select(*keys, value.abs().alias(AMOUNT))
    most = given.group_by(*keys).agg(nw.col(AMOUNT).max().alias(MOST))
    beside = given.join(most, on=list(keys), how="left")
    ties = beside.filter(nw.col(AMOUNT) == nw.col(MOST)).group_by(*keys).agg(nw.col(MOST).max(), nw.len().alias(MANY))
    below = beside.filter(nw.col(AMOUNT) < nw.col(MOST)).group_by(*keys).agg(nw.col(AMOUNT).max())
    cell, table = _cells(collected(ties), keys, cube)
    first = _column(table, MOST)
    second = np.where(_column(table, MANY) > 1, first, 0.0)
    lower, under = _cells(collected(below), keys, cube)
    at = np.searchsorted(cell, lower)
    second[at] = np.maximum(second[at], _column(under, AMOUNT))
    return Largest(*of, tuple(cube.levels), cell, first, second)


def _cells(table: Any, keys: Sequence[str], cube: Cube) -> tuple[Indexes, Any]:
    """The finest cell of each row, and the rows in the order of cells."""
    cell = np.zeros(len(table), dtype=np.int64)
    for name in keys:
        codes, labels = encode(table, name)
        order = cube.rounds if name == ROUND else cube.levels[name]
        place = np.array([order.index(str(label)) for label in labels], dtype=np.int64)
        cell = cell * len(order) + (place[codes] if len(place) else codes)
    by_cell = np.argsort(cell)
    return cell[by_cell], table[by_cell.tolist()] if len(table) else table


def _column(table: Any, name: str) -> Floats:
    return np.asarray(table.get_column(name).cast(nw.Float64).to_numpy(), dtype=np.float64)
