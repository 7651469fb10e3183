"""How unequally is an opportunity shared out, and which circumstance adds how much? D-index, HOI and Shapley parts, from the cube."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mel.comparison.furthest.asked import SHARES, Call, find, wrong_options
from mel.comparison.furthest.counted import SILENCE_RULES, Counted, Influence, counted
from mel.comparison.furthest.distance import index_interval
from mel.comparison.furthest.logit import NotFitted
from mel.comparison.furthest.shares import COVERAGE, D_INDEX, HOI_GEOMETRIC, METHODS, Access, Cells, Value, all_of, shapley
from mel.comparison.furthest.tables import basis_note, said, t_times, table_of
from mel.errors import CannotSay, UsageError
from mel.errors import furthest as say
from mel.model.estimates import Estimates
from mel.model.figure import FigureId
from mel.model.furthest import OF_CONTRIBUTION, OF_OPPORTUNITY, Opportunity
from mel.model.quantities import Floats, Indexes

CALL = Call("opportunity", SHARES, 2, 8)
BARRIER = "The indicator is a barrier: those without it were counted."
SMALL_CELLS = (
    "Groups of few people lie apart by chance alone, which raises the dissimilarity index: had all the same access, chance would still"
    " give about {part} of it. So parts of it have no interval; take fewer circumstances or larger categories,"
    " or expect access from each circumstance by itself (a logit of main effects)."
)
NO_ACCESS = "In some cell nobody is reached, so the geometric mean is zero."
NO_DF = "No more PSUs than strata hold these people: no interval can be computed."
NOTABLE = 0.5
"""Above this part of the index chance is spoken of, and parts of the index have no interval."""


@dataclass(frozen=True)
class Sure:
    """Numbers with their precision."""

    se: Floats
    low: Floats
    high: Floats
    df: float


def opportunity(
    estimates: Estimates,
    indicator: str,
    circumstances: Sequence[str],
    *,
    round: str | None = None,  # noqa: A002  (the field's word)
    version: str | None = None,
    dataset: str | None = None,
    method: str = "cells",
    silences: str = "as_category",
    level: float = 0.95,
) -> Opportunity:
    """How much of an opportunity would have to change hands for two to eight circumstances not to matter, and what each adds to that.

    Dissimilarity index (D-index), human opportunity index (HOI) and its geometric form, each with the design's standard error, and the
    Shapley contribution of each circumstance to the D-index. `method`: "cells" takes access as found in each combination of
    circumstances (ESCAP), "logit" as their main effects expect it (World Bank). An adverse indicator is never taken as it stands: those
    without the barrier are counted. `round`, `version` and `dataset` must be named where the indicator has several.

    Source: `mel.comparison.furthest.shares`; linearisation: Deville (1999), Survey Methodology 25.
    Unit: shares from 0 to 1.
    Missing: `silences` as in `furthest_behind`; those who did not answer are not there. Where nobody was drawn by chance there are no
    intervals. The index is a distance, which chance alone sets above zero: its interval and the HOI's know that
    (`mel.comparison.furthest.distance`); contributions and geometric forms have an interval of t as long as chance could explain less
    than half of the index, and otherwise none, and a note says so.
    Raises: UsageError for a wrong call, such as more than eight circumstances; CannotSay where nobody is reached, where the indicator
    has no better side, or where a logit has no answer.
    Checked: tests/spec/comparison (golden numbers), tests/reference/comparison/test_opportunity.py (R), tests/properties/comparison.
    """
    problems = wrong_options(
        CALL,
        method=(method, method in METHODS, "'cells' or 'logit'"),
        silences=(silences, silences in SILENCE_RULES, "'as_category' or 'left_out'"),
        level=(level, 0 < level < 1, "a share between 0 and 1, such as 0.95"),
    )
    if problems:
        raise UsageError(problems)
    asked = find(estimates, indicator, circumstances, CALL, version=version, dataset=dataset, round_=round)
    found = counted(asked, silences)
    there = np.flatnonzero(found.w > 0)
    barrier = asked.side < 0
    cells = Cells(found.codes[there], found.w[there], found.w[there] - found.wy[there] if barrier else found.wy[there])
    if cells.wy.sum() <= 0:
        raise CannotSay(say.OPPORTUNITY_NOBODY_REACHED.at(indicator=indicator, said="is without" if barrier else "said yes to"))
    try:
        access = METHODS[method](cells, tuple(range(len(asked.names))))
        values, parts = all_of(access), shapley(cells, method, len(asked.names))
    except NotFitted as error:
        raise CannotSay(say.OPPORTUNITY_LOGIT.at(indicator=indicator, dimensions=", ".join(asked.names), why=error)) from error
    chance = _by_chance(found, cells, access, values[D_INDEX].value) if asked.basis != "census" else 0.0
    view = _View(found, there, access, barrier, level, chance)
    return Opportunity(
        table=_measures(view, values),
        contributions=_contributions(view, parts, values[D_INDEX].value),
        indicator=asked.indicator,
        dimensions=asked.dimensions,
        method=method,
        complement=barrier,
        level=level,
    )


@dataclass(frozen=True)
class _View:
    """How the cells are looked at."""

    found: Counted
    there: Indexes
    """The cells in which anyone answered."""
    access: Access
    barrier: bool
    level: float
    chance: float
    """What part of the index chance could explain; 0 where it cannot."""

    @property
    def spoiled(self) -> bool:
        return self.chance > NOTABLE

    @property
    def note(self) -> str:
        spoiled = SMALL_CELLS.format(part=f"{min(100, round(100 * self.chance))} %") if self.spoiled else ""
        return said(BARRIER if self.barrier else "", basis_note(self.found.asked), spoiled)


def _sure(view: _View, values: Mapping[str, Value]) -> Sure:
    """Standard errors and t intervals; none where nobody was drawn by chance."""
    found = view.found
    if not found.asked.by_chance:
        nothing = np.full(len(values), np.nan)
        return Sure(nothing, nothing, nothing, np.nan)
    y_part, rest = (np.zeros((len(values), len(found.n))) for _ in range(2))
    for k, one in enumerate(values.values()):  # the answer that counts is 1 − y where the indicator is a barrier
        y_part[k, view.there] = -one.y_part if view.barrier else one.y_part
        rest[k, view.there] = one.rest + one.y_part if view.barrier else one.rest
    known = np.isfinite(y_part).all(axis=1)
    variance = np.diag(found.covariance(Influence(np.nan_to_num(y_part), np.nan_to_num(rest))))
    se = np.where(known, np.sqrt(np.maximum(variance, 0.0)), np.nan)
    df = float(found.degrees_of_freedom(np.ones((1, len(found.n)), dtype=bool))[0])
    half = t_times(np.array([df]), view.level) * se
    estimate = np.array([one.value for one in values.values()])
    return Sure(se, estimate - half, estimate + half, df)


def _measures(view: _View, values: Mapping[str, Value]) -> pd.DataFrame:
    found, sure = view.found, _without_chance(view, values, _sure(view, values))
    names = list(values)
    row = {
        "measure": names, "estimate": [one.value for one in values.values()], "se": sure.se,
        "ci_low": np.maximum(sure.low, 0.0), "ci_high": np.minimum(sure.high, 1.0), "df": sure.df, "n": float(found.n.sum()),
        "n_left_out": float(found.left_out), "cells": float((found.n > 0).sum()),
    }  # fmt: skip
    lost = NO_DF if found.asked.by_chance and not sure.df > 0 else ""
    zero = [NO_ACCESS if "geometric" in name and values[HOI_GEOMETRIC].value == 0 else "" for name in names]
    return table_of(found.asked, row, [_inputs(found)] * len(names), [said(view.note, more, lost) for more in zero], OF_OPPORTUNITY)


def _without_chance(view: _View, values: Mapping[str, Value], sure: Sure) -> Sure:
    """Intervals of the index that know what chance does to it, and of the HOI around what is left of the index."""
    if not view.found.asked.by_chance:
        return sure
    index, coverage = values[D_INDEX].value, values[COVERAGE].value
    ends = index_interval(view.found, view.there, view.access, index, sure.df, view.level, barrier=view.barrier)
    low, high, (d, hoi, *others) = sure.low.copy(), sure.high.copy(), (k for k, name in enumerate(values) if name != COVERAGE)
    low[d], high[d] = ends.low, ends.high
    raised = coverage * (index - ends.middle)
    low[hoi], high[hoi] = low[hoi] + min(raised, 0.0), high[hoi] + max(raised, 0.0)
    if view.spoiled:
        low[others] = high[others] = np.nan
    return Sure(sure.se, low, high, sure.df)


def _contributions(view: _View, parts: Sequence[Value], whole: float) -> pd.DataFrame:
    """A row a circumstance, the largest contribution first."""
    found = view.found
    sure = _sure(view, dict(zip(found.asked.names, parts, strict=True)))
    low, high = (np.where(view.spoiled, np.nan, end) for end in (sure.low, sure.high))
    order = sorted(range(len(parts)), key=lambda k: -parts[k].value)
    estimate = np.array([parts[k].value for k in order])
    row = {
        "dimension": [found.asked.names[k] for k in order], "estimate": estimate, "se": sure.se[order], "ci_low": low[order], "ci_high": high[order],
        "part": estimate / whole if whole > 0 else np.nan, "n": float(found.n.sum()),
    }  # fmt: skip
    return table_of(found.asked, row, [_inputs(found)] * len(order), view.note, OF_CONTRIBUTION)


def _inputs(found: Counted) -> tuple[FigureId, ...]:
    """Every finest cell: all of them enter each number."""
    return found.figures(np.arange(len(found.n)), tuple(range(len(found.levels))))


def _by_chance(found: Counted, cells: Cells, access: Access, d: float) -> float:
    """About how large the index would be, had all cells the same access, as a part of what it is; people taken one by one.

    Σ s √(2/π) σ / (2 p): the mean distance from zero of a normal error, σ² = p (1 − p) h / n, h a cell's leverage less that of the mean.
    """
    mean, n = cells.coverage.value, found.n[found.w > 0]
    leverage = 1 / n if access.fit is None else access.fit.leverage / n.sum()
    alone = float((cells.share * np.sqrt(2 / np.pi * mean * (1 - mean) * leverage)).sum() / (2 * mean))
    return alone / d if d > 0 else np.inf
