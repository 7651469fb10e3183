"""How many inadequacies does each person have, and is that more than the cut-off? The counting that every Alkire-Foster index shares.

In whole numbers: weights become multiples of their common denominator, so that a count that equals the cut-off is never above it
by a rounding error. It weighs nobody and averages nothing; that is `mel.variables.empowerment`'s, and `measure`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import narwhals.stable.v2 as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import silence_of
from mel.errors import InputError, Problem, closest
from mel.errors.variables import INDEX_COLUMNS_MISSING, INDEX_NOT_FILLED
from mel.model.indices import Index
from mel.model.rules import columns_missing, verdict

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Inadequacies:
    """Each person against an index.

    `inadequate`: a column an indicator, 1, 0, null where unanswered. `count`: c in whole parts of 1 / `unit`, null unless every
    indicator is answered. `identified`: 1, 0, null likewise.
    """

    index: Index
    k: Fraction
    inadequate: pd.DataFrame
    count: pd.Series
    identified: pd.Series

    @property
    def complete(self) -> pd.Series:
        return self.count.notna()

    @property
    def share(self) -> pd.Series:
        """The count from 0 to 1."""
        return self.count / self.index.unit

    @property
    def censored(self) -> pd.Series:
        """The count of those identified, 0 of the others."""
        return self.share * self.identified

    def part(self, indicator: str) -> pd.Series:
        """What one indicator adds to the censored count: its weight where the person is identified and inadequate in it, else 0."""
        return float(self.index.weights[indicator]) * self.inadequate[indicator] * self.identified

    @property
    def raised(self) -> pd.Series:
        """max(c, k) in whole parts of 1 / (`unit` × k's denominator): what gender parity compares."""
        return (self.count * self.k.denominator).clip(lower=self.k.numerator * self.index.unit)

    @property
    def raised_unit(self) -> int:
        return self.index.unit * self.k.denominator


def count_inadequacies(frame: pd.DataFrame, index: Index, *, cut_off: Fraction | None = None) -> Inadequacies:
    """Each person's inadequacies under an index's rules, their weighted count, and whether it is above the cut-off.

    `cut_off`: another k than the index's. Missing: a person with an unanswered indicator has no count (listwise).
    Raises: InputError for columns that are not there, or an index without a cut-off, at once.
    Checked: tests/reference/variables/test_empowerment.py (R), tests/properties/variables/test_empowerment_laws.py.
    """
    k = index.k if cut_off is None else cut_off
    problems = column_problems(frame, index)
    if k is None:
        problems.append(INDEX_NOT_FILLED.at(index=index.id, identified=index.identified))
    if problems or k is None:
        raise InputError(problems)
    inadequate = _inadequate(frame, index)
    parts = np.array([int(weight * index.unit) for weight in index.weights.values()], dtype=np.float64)
    count = inadequate.to_numpy(dtype=np.float64) @ parts
    return Inadequacies(index, k, inadequate, pd.Series(count, index=frame.index), _identified(index, k, inadequate, count))


def column_problems(frame: pd.DataFrame, index: Index) -> list[Problem]:
    """Columns that the index reads and the table lacks."""
    schema = nw.from_native(frame, eager_only=True).collect_schema()
    lacking = {name for one in index.indicators for name in one.inadequate.columns if columns_missing(one.inadequate, schema)}
    absent = [name for name in index.columns if name in lacking and name not in frame]
    if absent:
        names = [str(column) for column in frame.columns if not str(column).endswith(silence_of(""))]
        near = list(dict.fromkeys(match for name in absent for match in closest(name, names)))
        return [INDEX_COLUMNS_MISSING.at(index=index.id, names=absent, near=near or "none")]
    return list(dict.fromkeys(problem for one in index.indicators for problem in columns_missing(one.inadequate, schema)))


def _inadequate(frame: pd.DataFrame, index: Index) -> pd.DataFrame:
    table = nw.from_native(frame, eager_only=True)
    schema = table.collect_schema()
    found: pd.DataFrame = table.select(**{one.id: verdict(one.inadequate, schema) for one in index.indicators}).to_native()
    return found.set_axis(frame.index, axis=0)


def _identified(index: Index, k: Fraction, inadequate: pd.DataFrame, count: Floats) -> pd.Series:
    """Above the cut-off (whole numbers on both sides), or inadequate in something essential."""
    mine, bound = count * k.denominator, float(k.numerator * index.unit)
    above = mine > bound if index.strict else mine >= bound
    essential = [one.id for one in index.indicators if one.essential]
    if essential:
        above = above | (inadequate[essential] == 1).any(axis=1).to_numpy()
    return pd.Series(np.where(np.isnan(count), np.nan, above.astype(np.float64)), index=inadequate.index)
