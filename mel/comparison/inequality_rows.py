"""How unequal are the groups of a dimension, from microdata? The asked measures as rows of Comparisons, with design-based intervals.

A group is a category of people who said where they belong: a silence is never a group. A group of which too few answered to say
its figure aloud is left out, because one person's answer there would move the measure; leaving out the smallest hides inequality,
so the row says who they are and how many people answered. Every group looked at is among the row's `inputs`, the left-out ones
too: where protect hides one of them, the row is withheld and with it that number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import SILENCES
from mel.comparison import differences as d
from mel.comparison.catalogue import Measure
from mel.comparison.figures import Figures, Rows
from mel.comparison.gaps import KINDS
from mel.comparison.group_tables import PICKED, against
from mel.comparison.inequality import Groups
from mel.comparison.inequality_intervals import Sampling, Sure, sure, value
from mel.comparison.joint import joint, shares
from mel.comparison.refusals import lacking, unfitted
from mel.errors import CannotSay
from mel.errors.comparison import COMPARISON_NEEDS_CUBE
from mel.model.cube import Linearised
from mel.model.figure import FigureId
from mel.model.indicator import Indicator
from mel.model.quantities import Floats
from mel.model.sample import Dimension

SHARES = ("proportion", "distribution")
"""Kinds whose figures lie between 0 and 1."""
SIDES = {"higher_is_better": 1, "lower_is_better": -1, "neither": 0}
SILENT = "Who did not say where they belong is in no group."
LEFT_OUT = "Left out, because too few answered to say their figure aloud: {groups}, {people} of {everyone} people who answered."
NO_REFERENCE = "The reference group, {group}, has no figure that can be said aloud."
ALIKE = "In {groups} everybody answered alike, so there is no spread to judge the measure by."
FOUND = "The groups held against each other were picked from the data."
NO_DF = "The groups are held by too few PSUs for an interval."


@dataclass(frozen=True)
class _Set:
    """The groups of one dimension, for one figure: those that are used, and what every row of them shares."""

    dimension: Dimension
    rows: Rows
    """Of every group that was looked at."""
    inputs: tuple[FigureId, ...]
    """Those groups' figures."""
    used: Rows
    groups: Groups
    names: tuple[str, ...]
    sampling: Sampling | None
    notes: tuple[str, ...]


def inequality(figures: Figures, dimensions: Sequence[str], measures: Sequence[Measure]) -> list[pd.DataFrame]:
    """Rows of each measure, for every figure that was broken down by each of these dimensions on its own."""
    held: dict[tuple[str, ...], Linearised] = {}
    found = [
        _row(figures, one, measure)
        for name in (dimensions if measures else ())
        for rows in _sets(figures, name)
        if (figures.of("n", rows) > 0).any()
        for one in [_set(figures, name, rows, held)]
        for measure in measures
    ]
    if not found:
        return []
    columns = {name: _column([row[name] for row in found]) for name in found[0] if name != "at"}
    rows = d.rows_for(figures, np.array([row["at"] for row in found], dtype=np.int64), **columns)
    return [d.everybody(figures, rows)]


def _column(values: list[Any]) -> npt.NDArray[Any]:
    """Numbers as numbers; texts and tuples one an element."""
    if isinstance(values[0], float):
        return np.array(values, dtype=np.float64)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _sets(figures: Figures, name: str) -> Iterator[Rows]:
    """The rows of one figure and round, group by group in the order of the dimension; silences are no groups."""
    dimension = figures.estimates.dimension(name)
    assert dimension is not None
    at = figures.dimensions.index(name)
    alone = figures.broken[:, at] & (figures.broken.sum(axis=1) == 1)
    table, kinds = figures.table, {key: indicator.kind for key, indicator in figures.estimates.indicators.items()}
    fits = np.array([kinds.get(key) in KINDS for key in zip(table["indicator"], table["version"], strict=True)], dtype=bool)
    chosen = table[alone & fits & ~table[name].isin(SILENCES).to_numpy()]
    place = {category: k for k, category in enumerate(dimension.categories)}
    for _, rows in chosen.groupby(["dataset", "indicator", "version", "round", "category"], sort=False):
        yield rows[name].map(place).sort_values(kind="stable").index.to_numpy(np.int64)


def _set(figures: Figures, name: str, rows: Rows, held: dict[tuple[str, ...], Linearised]) -> _Set:
    dimension = figures.estimates.dimension(name)
    assert dimension is not None
    there = figures.of("n", rows) > 0
    rows = rows[there]
    inputs = tuple(figures.id(int(row)) for row in rows)
    few = figures.of("reliability", rows) == "too_few"
    used = rows[~few & np.isfinite(figures.of("estimate", rows).astype(np.float64))]
    names = tuple(str(category) for category in figures.of(name, used))
    labels = {category: dimension.categories.get(category, category) for category in figures.of(name, rows)}
    notes = [_left_out(figures, rows[few], rows, [labels[c] for c in figures.of(name, rows[few])])] if few.any() else []
    notes += [SILENT] if set(SILENCES) & set(dimension.categories) else []
    if not len(used):
        return _Set(dimension, rows, inputs, used, Groups(np.array([]), np.array([])), (), None, tuple(notes))
    linearised, at = _placed(figures, name, used, held)
    groups = _groups(figures, used[0], dimension, names, linearised.estimate[at], shares(linearised, at))
    sampling, why = _sampling(figures, used, linearised, at, [labels[c] for c in names])
    return _Set(dimension, rows, inputs, used, groups, names, sampling, (*notes, *([why] if why else [])))


def _sampling(figures: Figures, used: Rows, linearised: Linearised, at: Rows, labels: Sequence[str]) -> tuple[Sampling | None, str]:
    """How these groups vary from sample to sample; none without a probability sample, or with the reason."""
    if (figures.of("basis", used) != "probability").any():
        return None, ""
    alike = (figures.of("se", used) == 0) & np.isnan(figures.of("ci_low", used).astype(np.float64))
    if alike.any():
        return None, ALIKE.format(groups=", ".join(label for label, same in zip(labels, alike, strict=True) if same))
    together = joint(linearised, np.sort(at))
    if not (together.df > 0 and np.isfinite(together.covariance).all()):
        return None, NO_DF
    order = np.searchsorted(np.sort(at), at)
    both = np.concatenate([order, len(order) + order])
    return Sampling(together.covariance[np.ix_(both, both)], together.df, figures.estimates.level), ""


def _left_out(figures: Figures, few: Rows, rows: Rows, labels: Sequence[str]) -> str:
    people, everyone = (int(figures.of("n", some).sum()) for some in (few, rows))
    return LEFT_OUT.format(groups=", ".join(labels), people=people, everyone=everyone)


def _placed(figures: Figures, name: str, used: Rows, held: dict[tuple[str, ...], Linearised]) -> tuple[Linearised, Rows]:
    """Where these groups stand in their cube."""
    dataset, indicator, version, category, round_ = (
        str(figures.of(key, used[:1])[0]) for key in ("dataset", "indicator", "version", "category", "round")
    )
    cubes = figures.estimates.cubes
    if dataset not in cubes:
        raise CannotSay(COMPARISON_NEEDS_CUBE.at(dataset=dataset))
    key = (dataset, indicator, version, category, name)
    if key not in held:
        held[key] = cubes[dataset].margin((name,)).linearise(cubes[dataset].quantity(indicator, version, category))
    margin = held[key].margin
    return held[key], np.array([margin.position(round_, [str(c)]) for c in figures.of(name, used)], dtype=np.int64)


def _groups(figures: Figures, row: int, dimension: Dimension, names: tuple[str, ...], y: Floats, p: Floats) -> Groups:
    at = np.array([row])
    indicator: Indicator = figures.estimates.indicators[str(figures.of("indicator", at)[0]), str(figures.of("version", at)[0])]
    reference = names.index(dimension.reference) if dimension.reference in names else None
    low, high = (0.0, 1.0) if indicator.kind in SHARES else (None, None)
    return Groups(y, p, SIDES[indicator.polarity], dimension.ordered, reference, low, high)


def _row(figures: Figures, one: _Set, measure: Measure) -> dict[str, Any]:
    lacks = _lacks(one, measure)
    if lacks:
        found, status, said = Sure(np.nan), d.CANNOT_COMPARE, [text[0].upper() + text[1:] for text in lacks]
    elif one.sampling is None:
        tested = bool((figures.of("basis", one.used) == "probability").any())
        found, status, said = Sure(value(measure, one.groups)), d.UNCLEAR if tested else d.NO_TEST, []
    else:
        found = sure(measure, one.groups, one.sampling)
        status, said = "different" if found.apart else d.UNCLEAR, []
    yardstick = "" if lacks else against(measure, one.names, one.groups)[1]
    picked = not lacks and measure.picks(one.groups)
    label = one.dimension.categories.get(yardstick, yardstick)
    by_chance = bool((figures.of("basis", one.used) == "probability").any())
    said += [f"{PICKED if by_chance else FOUND} Held against: {label}."] if picked else []
    return {
        "at": int(one.rows[0]), "measure": measure.name, "dimension": one.dimension.name, "group_b": "" if picked else yardstick,
        "estimate": found.estimate, "se": found.se, "ci_low": found.low, "ci_high": found.high, "df": found.df, "status": status,
        "inputs": one.inputs, "note": " ".join([*said, *one.notes]),
    }  # fmt: skip


def _lacks(one: _Set, measure: Measure) -> list[str]:
    """Why this measure has no value here; empty where it has one."""
    named = one.dimension.reference
    if named and named not in one.names and measure.against in ("reference", "yardstick"):
        return [NO_REFERENCE.format(group=one.dimension.categories.get(named, named))]
    return [problem.what for problem in lacking(measure, one.groups)] or [problem.what for problem in unfitted(measure, one.groups)]
