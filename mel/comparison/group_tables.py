"""How unequal are the groups of a published table? Each measure of the catalogue, from groups' figures and shares of people.

The table is somebody else's: it is checked whole before anything is computed. What microdata would tell, such as how groups vary
together, a table does not; an interval is given only where the caller says that the groups were sampled independently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd

from mel.codes import Polarity
from mel.comparison.catalogue import CATALOGUE, Measure, asked_for
from mel.comparison.group_checks import Columns, checked
from mel.comparison.inequality import Groups, ends
from mel.comparison.inequality_intervals import Sampling, Sure, sure, value
from mel.comparison.refusals import lacking, unfitted
from mel.errors import InputError, Problem, UsageError
from mel.errors.comparison import GROUP_OPTION
from mel.model.quantities import Floats

INDEPENDENT = "The interval takes the groups for independent of each other and the shares of people for exactly known."
NOT_SAID = "No interval: nobody said that the groups were sampled independently, and the table cannot tell how they vary together."
NO_SE = "No interval: the table has no standard errors."
OWN_MEAN = "The mean is the one given, and how it varies with the groups is not known: no interval."
PICKED = "The groups held against each other were picked from the data, so part of the gap may be chance."
SE_ZERO = "A standard error of zero was taken as it was written."
ALIKE = "Each group is counted as the same number of people."


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whether and how an interval can be given, and what every row says."""

    sampling: Sampling | None
    notes: tuple[str, ...]


def inequality_of(
    table: pd.DataFrame,
    measures: Sequence[str] | None = None,
    *,
    polarity: Polarity,
    ordered: bool,
    group: str = "group",
    estimate: str = "estimate",
    share: str | None = None,
    people: str | None = None,
    equal_groups: bool = False,
    se: str | None = None,
    independent: bool = False,
    reference: str | None = None,
    reference_reason: str = "",
    lowest: float | None = None,
    highest: float | None = None,
    mean: float | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measures of inequality from a table of one row per group, as published.

    `ordered`: the rows stand in the order of the dimension, the least advantaged first. `share` (adding up to 1), `people` or
    `equal_groups` say how much each group weighs. `lowest` and `highest` are the indicator's range. `mean`: a published average
    to use instead of the groups' own.

    Shape: a row per measure: measure, short, label, estimate, se, ci_low, ci_high, unit, group_a, group_b, groups, status, note.
    Unit: as the figures; percentages and thousandths as `unit` says.
    Sign: as the measure's row of the catalogue.
    Missing: asked for by name, a measure that does not fit raises; asked for none in particular, it has a row `cannot_say`.
    Raises: UsageError for an unknown measure, column or option; InputError with everything that is wrong with the table, and
    everything that a measure asked for lacks.
    Checked: tests/reference/comparison/test_healthequal.py

    >>> wealth = pd.DataFrame({"group": ["poorest", "middle", "richest"], "estimate": [0.2, 0.5, 0.8], "share": [0.5, 0.3, 0.2]})
    >>> found = inequality_of(wealth, ["between_group_variance", "theil_index"], polarity="higher_is_better", ordered=True, share="share")
    >>> found["estimate"].round(4).tolist()
    [0.0549, 158.3814]
    """
    wanted = tuple(CATALOGUE.values()) if measures is None else asked_for(measures)
    _options(polarity, level)
    columns = Columns(group, estimate, share, people, se, equal_groups)
    names, groups, errors = checked(table, columns, (lowest, highest), (reference, reference_reason), _SIDES[polarity], ordered, mean)
    lacks = {m.name: [*lacking(m, groups)] or [*unfitted(m, groups)] for m in wanted}
    if measures is not None and any(lacks.values()):
        raise InputError([problem for found in lacks.values() for problem in found])
    asked = _interval(groups, errors, independent, level, equal_groups)
    return pd.DataFrame([_row(m, names, groups, asked, lacks[m.name]) for m in wanted])


_SIDES: dict[str, int] = {"higher_is_better": 1, "lower_is_better": -1, "neither": 0}


def _options(polarity: str, level: float) -> None:
    problems: list[Problem] = []
    if polarity not in _SIDES:
        problems.append(GROUP_OPTION.at(option="polarity", given=polarity, available=get_args(Polarity)))
    if not 0 < level < 1:
        problems.append(GROUP_OPTION.at(option="level", given=level, available="a number between 0 and 1, such as 0.95"))
    if problems:
        raise UsageError(problems)


def _interval(groups: Groups, se: Floats | None, independent: bool, level: float, equal: bool) -> _Asked:
    alike = (ALIKE,) if equal else ()
    if se is None:
        return _Asked(None, (*alike, NO_SE))
    if not independent:
        return _Asked(None, (*alike, NOT_SAID))
    if groups.mean is not None:
        return _Asked(None, (*alike, OWN_MEAN))
    covariance = np.diag(np.concatenate([se**2, np.zeros(groups.count)]))
    return _Asked(Sampling(covariance, np.inf, level), (*alike, INDEPENDENT, *((SE_ZERO,) if (se == 0).any() else ())))


def _row(measure: Measure, names: Sequence[str], groups: Groups, asked: _Asked, lacks: Sequence[Problem]) -> dict[str, Any]:
    told = {"measure": measure.name, "short": measure.short, "label": measure.label}
    if lacks:
        found, note, status = Sure(np.nan), " ".join(_sentence(problem.what) for problem in lacks), "cannot_say"
    elif asked.sampling is None:
        found, note, status = Sure(value(measure, groups)), " ".join(asked.notes), "no_test"
    else:
        found = sure(measure, groups, asked.sampling)
        note, status = " ".join(asked.notes), "different" if found.apart else "unclear"
    a, b = ("", "") if lacks else against(measure, names, groups)
    numbers = {"estimate": found.estimate, "se": found.se, "ci_low": found.low, "ci_high": found.high}
    note = f"{note} {PICKED}" if not lacks and measure.picks(groups) else note
    return {**told, **numbers, "unit": measure.unit, "group_a": a, "group_b": b, "groups": len(names), "status": status, "note": note}


def against(measure: Measure, names: Sequence[str], groups: Groups) -> tuple[str, str]:
    """Which groups a measure holds against each other, or everyone against; empty where it takes all alike."""
    if measure.against == "ends":
        a, b = ends(groups)
        return names[int(a)], names[int(b)]
    where = {"best": groups.best, "yardstick": groups.yardstick, "reference": groups.reference}.get(measure.against)
    return ("", "") if where is None else ("", names[int(where)])


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
