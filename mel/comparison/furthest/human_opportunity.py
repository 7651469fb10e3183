"""How unequally is an opportunity shared out, and which circumstance adds how much? D-index, HOI and Shapley parts, from the cube."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mel.comparison.furthest.asked import SHARES, Call, find, wrong_options
from mel.comparison.furthest.counted import SILENCE_RULES, Counted, Influence, counted
from mel.comparison.furthest.logit import NotFitted
from mel.comparison.furthest.shares import COVERAGE, D_INDEX, HOI_GEOMETRIC, METHODS, Cells, Value, all_of, shapley
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
    "Cells of few people lie apart by chance alone, which raises the dissimilarity index of cells: were all cells alike, chance would"
    " still give about {part} of it. So there is no interval; take fewer or larger categories, or method = 'logit'."
)
NO_ACCESS = "In some cell nobody is reached, so the geometric mean is zero."
NO_DF = "No more PSUs than strata hold these people: no interval can be computed."
NOTABLE = 0.2
"""Above this part of the index chance is spoken of, and no interval is given."""


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
    intervals. An index of cells is a distance, which chance alone sets above zero: its interval is one of t around what was found, not
    below zero; where chance could explain more than a fifth of it there is none, and a note says so.
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
        values, parts = all_of(METHODS[method](cells, tuple(range(len(asked.names))))), shapley(cells, method, len(asked.names))
    except NotFitted as error:
        raise CannotSay(say.OPPORTUNITY_LOGIT.at(indicator=indicator, dimensions=", ".join(asked.names), why=error)) from error
    chance = _by_chance(found, cells, values[D_INDEX].value) if method == "cells" and asked.basis != "census" else 0.0
    view = _View(found, there, barrier, level, chance)
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
    """Standard errors and t intervals; none where nobody was drawn by chance, none of a distance that chance has widened."""
    found = view.found
    if not found.asked.by_chance:
        nothing = np.full(len(values), np.nan)
        return Sure(nothing, nothing, nothing, np.nan)
    y_part, rest = (np.zeros((len(values), len(found.cell))) for _ in range(2))
    for k, one in enumerate(values.values()):  # the answer that counts is 1 − y where the indicator is a barrier
        y_part[k, view.there] = -one.y_part if view.barrier else one.y_part
        rest[k, view.there] = one.rest + one.y_part if view.barrier else one.rest
    known = np.isfinite(y_part).all(axis=1)
    variance = np.diag(found.covariance(Influence(np.nan_to_num(y_part), np.nan_to_num(rest))))
    se = np.where(known, np.sqrt(np.maximum(variance, 0.0)), np.nan)
    df = float(found.degrees_of_freedom(np.ones((1, len(found.cell)), dtype=bool))[0])
    half = t_times(np.array([df]), view.level) * se
    if view.spoiled:
        half = np.where([name == COVERAGE and D_INDEX in values for name in values], half, np.nan)
    estimate = np.array([one.value for one in values.values()])
    return Sure(se, estimate - half, estimate + half, df)


def _measures(view: _View, values: Mapping[str, Value]) -> pd.DataFrame:
    found, sure = view.found, _sure(view, values)
    names = list(values)
    row = {
        "measure": names, "estimate": [one.value for one in values.values()], "se": sure.se,
        "ci_low": np.maximum(sure.low, 0.0), "ci_high": np.minimum(sure.high, 1.0), "df": sure.df, "n": float(found.n.sum()),
        "n_left_out": float(found.left_out), "cells": float((found.n > 0).sum()),
    }  # fmt: skip
    lost = NO_DF if found.asked.by_chance and not sure.df > 0 else ""
    zero = [NO_ACCESS if "geometric" in name and values[HOI_GEOMETRIC].value == 0 else "" for name in names]
    return table_of(found.asked, row, [_inputs(found)] * len(names), [said(view.note, more, lost) for more in zero], OF_OPPORTUNITY)


def _contributions(view: _View, parts: Sequence[Value], whole: float) -> pd.DataFrame:
    """A row a circumstance, the largest contribution first."""
    found = view.found
    sure = _sure(view, dict(zip(found.asked.names, parts, strict=True)))
    order = sorted(range(len(parts)), key=lambda k: -parts[k].value)
    estimate = np.array([parts[k].value for k in order])
    row = {
        "dimension": [found.asked.names[k] for k in order], "estimate": estimate, "se": sure.se[order], "ci_low": sure.low[order],
        "ci_high": sure.high[order], "part": estimate / whole if whole > 0 else np.nan, "n": float(found.n.sum()),
    }  # fmt: skip
    return table_of(found.asked, row, [_inputs(found)] * len(order), view.note, OF_CONTRIBUTION)


def _inputs(found: Counted) -> tuple[FigureId, ...]:
    """Every finest cell: all of them enter each number."""
    return found.figures(np.arange(len(found.cell)), tuple(range(len(found.levels))))


def _by_chance(found: Counted, cells: Cells, d: float) -> float:
    """About how large the index of cells would be, had all cells the same access, as a part of what it is; people taken one by one.

    Σ s √(2/π · p (1 − p) / n) / (2 p): the mean distance of a normal error from zero.
    """
    mean, n = cells.coverage.value, found.n[found.w > 0]
    alone = float((cells.share * np.sqrt(2 / np.pi * mean * (1 - mean) / n)).sum() / (2 * mean))
    return alone / d if d > 0 else np.inf
