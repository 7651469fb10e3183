"""Is a published table of groups one that can be measured? Everything that is wrong with it, at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mel.comparison.inequality import Groups
from mel.errors import InputError, Problem, UsageError, closest
from mel.errors import comparison as say
from mel.model.quantities import Floats

ROUNDED = 0.005
"""How far from 1 the sum of shares may be: what rounding to two or three decimals leaves."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what."""

    group: str
    estimate: str
    share: str | None
    people: str | None
    se: str | None
    equal: bool

    @property
    def named(self) -> tuple[str, ...]:
        return tuple(c for c in (self.group, self.estimate, self.share, self.people, self.se) if c is not None)


def checked(
    table: pd.DataFrame, columns: Columns, bounds: tuple[float | None, float | None], reference: tuple[str | None, str], side: int,
    ordered: bool, mean: float | None,
) -> tuple[list[str], Groups, Floats | None]:  # fmt: skip
    """The groups' names, the groups, and their standard errors. Raises: UsageError for the call, InputError for the table."""
    _call(table, columns, bounds)
    names = table[columns.group].astype("str").tolist()
    numbers = {name: _numbers(table, name) for name in columns.named[1:]}
    problems = [*_names(names), *_cells(names, columns, numbers, bounds), *_reference(names, *reference)]
    if problems:
        raise InputError(problems)
    people = columns.share or columns.people
    weights = numbers[people] if people else np.full(len(names), 1.0 if columns.equal else np.nan)
    at = names.index(reference[0]) if reference[0] is not None else None
    groups = Groups(numbers[columns.estimate], weights, side, ordered, at, *bounds, mean)
    return names, groups, numbers[columns.se] if columns.se else None


def _call(table: pd.DataFrame, columns: Columns, bounds: tuple[float | None, float | None]) -> None:
    there = [str(name) for name in table.columns]
    problems = [
        say.GROUP_COLUMNS.at(name=name, available=there, near=closest(name, there) or "none") for name in columns.named if name not in there
    ]
    given = [word for word, value in (("share", columns.share), ("people", columns.people), ("equal_groups", columns.equal)) if value]
    if len(given) > 1:
        problems.append(say.GROUP_SHARES_TWO_WAYS.at(given=given))
    low, high = bounds
    if (low is None) != (high is None) or (low is not None and high is not None and not low < high):
        problems.append(say.GROUP_BOUNDS.at(low=low, high=high))
    if problems:
        raise UsageError(problems)


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    return pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _names(names: list[str]) -> Iterator[Problem]:
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield say.GROUP_TWICE.at(group=name)


def _cells(names: list[str], columns: Columns, numbers: dict[str, Floats], bounds: tuple[float | None, float | None]) -> Iterator[Problem]:
    def where(bad: np.ndarray) -> list[str]:
        return [name for name, is_bad in zip(names, bad, strict=True) if is_bad]

    for column, values in numbers.items():
        if not np.isfinite(values).all():
            yield say.GROUP_NOT_A_NUMBER.at(name=column, groups=where(~np.isfinite(values)))
    y = numbers[columns.estimate]
    low, high = bounds
    if low is not None and high is not None and ((y < low) | (y > high)).any():
        yield say.GROUP_OUTSIDE_RANGE.at(groups=where((y < low) | (y > high)), low=low, high=high)
    for weight in (columns.share, columns.people):
        if weight is not None and (numbers[weight] <= 0).any():
            yield say.GROUP_SHARE_NEGATIVE.at(name=weight, groups=where(numbers[weight] <= 0))
    if columns.share is not None and np.isfinite(numbers[columns.share]).all():
        total = float(numbers[columns.share].sum())
        if abs(total - 1) > ROUNDED:
            yield say.GROUP_SHARES_SUM.at(total=f"{total:.4g}")
    if columns.se is not None and (numbers[columns.se] < 0).any():
        yield say.GROUP_SE_NEGATIVE.at(groups=where(numbers[columns.se] < 0))


def _reference(names: list[str], reference: str | None, reason: str) -> Iterator[Problem]:
    why_not = ""
    if reference is not None and reference not in names:
        why_not = "no group has that name"
    elif reference is not None and not reason.strip():
        why_not = "nobody says why"
    elif reference is None and reason.strip():
        why_not = "a reason is given and no group"
    if why_not:
        yield say.GROUP_REFERENCE.at(reference=reference or "", why_not=why_not, available=names)
