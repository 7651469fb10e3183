"""How does a roll-up become rows of the table of results? Estimate, precision, counts and a note for every domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import ALL, SILENCES
from mel.estimation import notes
from mel.estimation.intervals import proportion_interval, t_interval
from mel.estimation.reliability import Judged, reliability
from mel.estimation.woodruff import PRECISION, Quantiles
from mel.model.cube import ROUNDING, Linearised, Margin, side_by_side
from mel.model.pack import ReliabilityRule
from mel.model.quantities import Floats, Quantity
from mel.model.rollup import summed
from mel.model.sample import Sample

CAPPED = "korn_graubard_capped"
"""Capped at those who answered; the others are R's, which counts those who were asked."""
SHARES = ("proportion", "distribution", "composition")
Masks = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Options:
    """How precision is to be said."""

    interval: str = "logit"
    level: float = 0.95
    deff: str = "with_replacement"
    reliability: tuple[ReliabilityRule, ...] = ()
    quantile_rule: str = "math"
    quantile_interval: str = "symmetric"


class Breakdown:
    """The domains of several margins, one after the other: what is computed over them, and the keys of their rows."""

    def __init__(self, margins: Sequence[Margin]) -> None:
        self.margins = tuple(margins)
        self.margin = margins[0] if len(margins) == 1 else side_by_side(margins)
        self.keys = self._keys()

    def _keys(self) -> dict[str, Coded]:
        """Round and each dimension as codes and labels; a dimension that is not broken down holds `all`."""
        cube = self.margin.cube
        places = [np.unravel_index(np.arange(m.size), m.shape) for m in self.margins]
        keys = {"round": Coded(np.concatenate([at[0] for at in places]), cube.rounds)}
        for name, levels in cube.levels.items():
            at_all = [
                at[1 + m.dimensions.index(name)] if name in m.dimensions else np.full(m.size, len(levels))
                for m, at in zip(self.margins, places, strict=True)
            ]
            keys[name] = Coded(np.concatenate(at_all), (*levels, ALL))
        return keys


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of texts as codes into a few labels."""

    codes: npt.NDArray[Any]
    labels: tuple[str, ...]

    def repeated(self, others: Sequence[Coded]) -> npt.NDArray[Any]:
        """The column and those below it, as texts."""
        return np.concatenate([np.array(one.labels, dtype=object)[one.codes] for one in (self, *others)])


def rows_of(
    sample: Sample, breakdown: Breakdown, quantity: Quantity, options: Options, distinct: Floats | None = None,
    quantiles: Quantiles | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Columns of the table of results, one entry a domain, in the order of the breakdown."""
    margin = breakdown.margin
    found = margin.linearise(quantity)
    n = margin.by_domain(quantity.counted)
    silent = {s: margin.by_domain(quantity.silences[s]) if s in quantity.silences else np.zeros(margin.size) for s in SILENCES}
    missing = (margin.by_domain(quantity.silences[s]) for s in quantity.missing)
    estimate = found.estimate if distinct is None else np.where(n > 0, distinct, np.nan)
    note = np.where(n > 0, "", notes.EMPTY).astype(object)
    total_of_few = quantity.is_total and sample.counts == "people" and sample.design.basis not in ("probability", "census")
    if total_of_few:
        note[np.isfinite(estimate)] = notes.NO_TOTAL
        estimate = np.full(margin.size, np.nan)
    chance = sample.design.basis == "probability"
    precise: dict[str, Any]
    if quantiles is not None:
        estimate, precise, note = quantiles.estimate, quantiles.precision, np.where(note == "", quantiles.note, note)
    else:
        precise = _precision(found, n, options, note) if chance else dict.fromkeys(PRECISION, np.nan)
    listed = chance or sample.design.basis == "census"
    said, why = reliability(_judged(quantity.kind, chance, n, estimate, precise), options.reliability)
    _say(note, why != "", why)
    return {
        **breakdown.keys,
        "dataset": sample.dataset, "indicator": quantity.indicator, "version": quantity.version, "category": quantity.category,
        "estimate": estimate, **precise, "n": n,
        "n_yes": margin.by_domain(quantity.yes) if quantity.yes else np.nan,
        "n_missing": sum(missing, start=np.zeros(margin.size)),
        **{f"n_{s}": count for s, count in silent.items()},
        "weighted_total": margin.by_domain(quantity.weight) if listed else np.nan,
        "basis": sample.design.basis, "counts": sample.counts, "reliability": said,
        "disclosure": "unchecked", "note": note,
    }  # fmt: skip


def _precision(found: Linearised, n: Floats, options: Options, note: npt.NDArray[Any]) -> dict[str, Floats]:
    """Standard error, interval, cv, deff and df. A domain in one PSU has none, and says so: zero would be a lie."""
    units, whole = found.answered()
    variance, df = found.variance(), found.degrees_of_freedom()
    alone = (units == 1) & ~whole
    replicates = found.margin.cube.replicates
    given = replicates is not None and replicates.given
    _say(note, alone, np.where(n == 1, notes.ONE_ROW, notes.ONE_FOR_REPLICATES if given else notes.ONE_PSU))
    se = np.sqrt(np.where(alone, np.nan, variance))
    share = found.quantity.kind in SHARES
    people = summed(found.margin.pair_domain, found.asked(), found.margin.size)
    low, high = (
        proportion_interval(options.interval, found.estimate, se, n if options.interval == CAPPED else people, df, options.level)
        if share
        else t_interval(found.estimate, se, df, options.level)
    )
    exact = whole & (se == 0)
    low, high = np.where(exact, found.estimate, low), np.where(exact, found.estimate, high)
    _say(note, np.isfinite(se) & ~exact & (df <= 0), notes.NO_DF)
    if share:
        _say(note, np.isfinite(se) & ~exact & (df > 0) & np.isnan(low), notes.NO_SPREAD)
    if replicates is not None:
        _say(note, np.isfinite(se) & (found.replicated[1] > 0), notes.LOST_REPLICATES)
    with np.errstate(invalid="ignore", divide="ignore"):
        cv = np.where(found.estimate != 0, se / np.abs(found.estimate), np.nan)
    return {
        "se": se,
        "ci_low": low,
        "ci_high": high,
        "cv": cv,
        "deff": _deff(found, se, n, options.deff, note),
        "df": np.where(n > 0, df, np.nan),
    }


def _deff(found: Linearised, se: Floats, n: Floats, how: str, note: npt.NDArray[Any]) -> Floats:
    """Variance against that of a simple random sample of as many people: Σw Σw u² / (n − 1), u the linearised answer.

    `with_replacement`: as it stands. `r_default`: times (N − n) / N with N = Σw, which says little under normalised weights.
    """
    margin, q = found.margin, found.quantity
    w, wy, wx, wyy, wxy, wxx = (margin.by_domain(name) for name in (q.weight, q.wy, q.wx, q.wyy, q.wxy, q.wxx))
    a, b = found.of_y, found.of_x
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = a * a * wyy + 2 * a * b * wxy + b * b * wxx
        spread = np.maximum(squares - (a * wy + b * wx) ** 2 / w, 0.0)
        simple = np.where(n > 1, w * spread / (n - 1), np.nan)
        if how == "r_default":
            _say(note, np.isfinite(se) & (w < n), notes.NO_PEOPLE_BEHIND)
            simple = np.where(w >= n, simple * (w - n) / w, np.nan)
        return np.where(spread > ROUNDING * (a * a * wyy + b * b * wxx), se**2 / simple, np.nan)


def _say(note: npt.NDArray[Any], where: Masks, what: Any) -> None:
    for k in np.flatnonzero(where & (note == "")):
        note[k] = str(what if isinstance(what, str) else what[k])


def _judged(kind: str, chance: bool, n: Floats, estimate: Floats, precise: dict[str, Any]) -> Judged:
    """What a rule of reliability may ask of these rows."""
    se, df, low, high = (np.broadcast_to(precise[name], n.shape) for name in ("se", "df", "ci_low", "ci_high"))
    return Judged(kind, chance, n, estimate, se, df, exact=(se == 0) & (low == high))


def as_table(parts: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    """All rows as one table, in the order given."""
    sizes = [len(part["n"]) for part in parts]
    made = {}
    for name in columns:
        given = [part[name] for part in parts]
        if isinstance(given[0], Coded):
            made[name] = given[0].repeated(given[1:])
        elif np.isscalar(given[0]) and not isinstance(given[0], float):
            made[name] = np.repeat(np.array(given, dtype=object), sizes)
        else:
            made[name] = np.concatenate([np.broadcast_to(value, size) for value, size in zip(given, sizes, strict=True)])
    return pd.DataFrame(
        {name: pd.array(column, dtype="str") if column.dtype == object else column for name, column in made.items()}, columns=columns
    )
