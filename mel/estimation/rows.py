"""How does a roll-up become rows of the table of results? Estimate, precision, counts and a note for every domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import ALL, SILENCES
from mel.estimation import notes
from mel.estimation.intervals import proportion_interval, t_interval
from mel.model.cube import ROUNDING, Floats, Linearised, Margin, Quantity
from mel.model.pack import ReliabilityRule
from mel.model.sample import Sample

SHARES = ("proportion", "distribution", "composition")
Masks = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Options:
    """How precision is to be said."""

    interval: str = "logit"
    level: float = 0.95
    deff: str = "with_replacement"
    reliability: ReliabilityRule | None = None


def rows_of(sample: Sample, margin: Margin, quantity: Quantity, options: Options, distinct: Floats | None = None) -> dict[str, Any]:
    """Columns of the table of results, one entry a domain, in the order of the margin."""
    found = margin.linearise(quantity)
    n = margin.by_domain(quantity.counted)
    silent = {s: margin.by_domain(quantity.silences[s]) if s in quantity.silences else np.zeros(margin.size) for s in SILENCES}
    estimate = found.estimate if distinct is None else np.where(n > 0, distinct, np.nan)
    note = np.where(n > 0, "", notes.EMPTY).astype(object)
    total_of_few = quantity.is_total and sample.counts == "people" and sample.design.basis not in ("probability", "census")
    if total_of_few:
        note[np.isfinite(estimate)] = notes.NO_TOTAL
        estimate = np.full(margin.size, np.nan)
    chance = sample.design.basis == "probability"
    precise = _precision(found, n, options, note) if chance else dict.fromkeys(("se", "ci_low", "ci_high", "cv", "deff", "df"), np.nan)
    listed = chance or sample.design.basis == "census"
    return {
        **_keys(sample, margin, quantity),
        "estimate": estimate, **precise, "n": n,
        "n_yes": margin.by_domain(quantity.yes) if quantity.yes else np.nan,
        "n_missing": sum((silent[s] for s in quantity.missing), start=np.zeros(margin.size)),
        **{f"n_{s}": count for s, count in silent.items()},
        "weighted_total": margin.by_domain(quantity.weight) if listed else np.nan,
        "basis": sample.design.basis, "counts": sample.counts, "reliability": _reliability(n, options.reliability),
        "disclosure": "unchecked", "note": note,
    }  # fmt: skip


def _keys(sample: Sample, margin: Margin, quantity: Quantity) -> dict[str, Any]:
    at = np.unravel_index(np.arange(margin.size), margin.shape)
    labels = (margin.cube.rounds, *(margin.cube.levels[name] for name in margin.dimensions))
    columns = [np.array(names, dtype=object)[position] for names, position in zip(labels, at, strict=True)]
    return {
        "dataset": sample.dataset, "indicator": quantity.indicator, "version": quantity.version, "round": columns[0],
        **dict(zip(margin.dimensions, columns[1:], strict=True)), "category": quantity.category,
    }  # fmt: skip


def _precision(found: Linearised, n: Floats, options: Options, note: npt.NDArray[Any]) -> dict[str, Floats]:
    """Standard error, interval, cv, deff and df. A domain in one PSU has none, and says so: zero would be a lie."""
    units, whole = found.answered()
    variance, df = found.variance(), found.degrees_of_freedom()
    alone = (units == 1) & ~whole
    _say(note, alone, np.where(n == 1, notes.ONE_ROW, notes.ONE_PSU))
    se = np.sqrt(np.where(alone, np.nan, variance))
    share = found.quantity.kind in SHARES
    people = np.bincount(found.margin.pair_domain, weights=found.asked(), minlength=found.margin.size).astype(np.float64)
    low, high = (
        proportion_interval(options.interval, found.estimate, se, people, df, options.level)
        if share
        else t_interval(found.estimate, se, df, options.level)
    )
    exact = whole & (se == 0)
    low, high = np.where(exact, found.estimate, low), np.where(exact, found.estimate, high)
    _say(note, np.isfinite(se) & ~exact & (df <= 0), notes.NO_DF)
    if share:
        _say(note, np.isfinite(se) & ~exact & (df > 0) & np.isnan(low), notes.NO_SPREAD)
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


def _reliability(n: Floats, rule: ReliabilityRule | None) -> npt.NDArray[Any]:
    """Whether enough people answered to say it aloud; without a rule only that somebody did."""
    if rule is None:
        return np.where(n > 0, "ok", "too_few").astype(object)
    return np.where(n < rule.too_few_below, "too_few", np.where(n < rule.caution_below, "caution", "ok")).astype(object)


def as_table(parts: list[dict[str, Any]], columns: list[str], dimensions: tuple[str, ...]) -> pd.DataFrame:
    """All rows as one table, in the order given; a dimension that is not broken down holds `all`."""
    sizes = [len(part["round"]) for part in parts]
    made = {}
    for name in columns:
        given = [part.get(name, ALL if name in dimensions else np.nan) for part in parts]
        made[name] = np.concatenate(
            [np.full(size, value) if np.isscalar(value) else value for value, size in zip(given, sizes, strict=True)]
        )
    table = pd.DataFrame(made, columns=columns)
    texts = [name for name in columns if table[name].dtype == object or table[name].dtype.kind in "UOT"]
    return table.astype(dict.fromkeys(texts, "str"))
