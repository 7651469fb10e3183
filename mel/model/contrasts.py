"""How far apart are these figures, and is that more than chance? Differences, contrasts and ratios of rows of `Estimates`.

Rows are found by their keys; their covariance comes from the cube they were counted in, so that overlapping domains, two
indicators of the same people, or rounds of the same clusters are never taken for independent. Tables of changes and gaps are
`compare`'s.

Source: Wolter (2007), Introduction to Variance Estimation, 6.2: var(Σ c θ) = c′ V c; V as `mel.model.covariance`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from mel.codes import ALL
from mel.errors import CannotSay, InputError, UsageError, closest
from mel.errors import contrasts as say
from mel.errors.comparison import ROUNDS_NOT_DECLARED
from mel.model import spread
from mel.model.covariance import df_together
from mel.model.cube import ROUNDING
from mel.model.estimates import KEYS_AFTER, KEYS_BEFORE
from mel.model.figure import FigureId
from mel.model.figures import Figures, Rows, covariances
from mel.model.quantities import Floats

if TYPE_CHECKING:
    from mel.model.estimates import Estimates

Figure = FigureId | Mapping[str, str]
Terms = Mapping[FigureId, float] | Sequence[tuple[Figure, float]]
NOT_SUMS = ("quantile", "distinct_count")
NOT_BY_CHANCE = "These people were not drawn by chance, so there is no sampling error to judge this by."
MISSING = "One of these figures is missing."
ALL_ALIKE = "In one of these everybody answered alike, so there is no spread to judge this by."
NO_SPREAD_KNOWN = "One of these figures has no interval of its own, so none can be given here."
NO_DF = "No more PSUs than strata hold these figures: no interval can be computed."


@dataclass(frozen=True, slots=True)
class Contrast:
    """A sum of figures, each times its coefficient (or a ratio of two), with its precision; NaN where there is none."""

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    df: float
    inputs: tuple[FigureId, ...]
    note: str = ""


def find(figures: Figures, figure: Figure) -> int:
    """The one row that is this figure. A dimension that is not named is everybody; other keys may be left out where one fits.

    Raises: UsageError for an unknown key; InputError where none, or more than one, fits: it lists which.
    """
    table, dimensions = figures.table, figures.dimensions
    keys = (*KEYS_BEFORE, *dimensions, *KEYS_AFTER)
    asked = _keys_of(figure)
    unknown = [name for name in asked if name not in keys]
    if unknown:
        raise UsageError([say.FIGURE_KEY_UNKNOWN.at(name=name, available=keys, near=closest(name, keys) or "none") for name in unknown])
    wanted = {**dict.fromkeys(dimensions, ALL), **asked}
    fits = np.ones(len(table), dtype=bool)
    for name, value in wanted.items():
        fits &= (table[name] == value).to_numpy()
    rows = np.flatnonzero(fits)
    if len(rows) == 1:
        return int(rows[0])
    words = _asked_in_words(asked)
    if not len(rows):
        near = [_in_words(figures.id(row)) for row in _nearest(figures, wanted)]
        raise InputError(say.FIGURE_NOT_FOUND.at(asked=words, near=near))
    loose = [name for name in keys if name not in asked and table.loc[rows, name].nunique() > 1]
    named = [_in_words(figures.id(int(row))) for row in rows]
    raise InputError(say.FIGURE_NOT_ONE.at(asked=words, count=len(rows), which=named, keys=loose))


def _nearest(figures: Figures, wanted: Mapping[str, str], most: int = 3) -> list[int]:
    """The rows whose keys are spelled most like those wanted, best first."""
    from rapidfuzz import fuzz

    alike = np.zeros(len(figures.table))
    for name, value in wanted.items():
        names, at = np.unique(figures.table[name].to_numpy(dtype=object).astype(str), return_inverse=True)
        alike += np.array([fuzz.ratio(other, value) for other in names])[at]
    return [int(row) for row in np.argsort(-alike, kind="stable")[:most]]


def _keys_of(figure: Figure) -> dict[str, str]:
    if not isinstance(figure, FigureId):
        return {str(name): str(value) for name, value in figure.items()}
    if figure.measure != "estimate":
        raise UsageError(say.FIGURE_NOT_ESTIMATE.at(measure=figure.measure))
    named = {"indicator": figure.indicator, "version": figure.version, "round": figure.round, "category": figure.category}
    return named | dict(figure.domain) | ({"dataset": figure.dataset} if figure.dataset else {})


def _asked_in_words(asked: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in asked.items()) or "named by no key"


def _in_words(figure: FigureId) -> str:
    return _asked_in_words({name: value for name, value in _keys_of(figure).items() if value != ALL})


def contrast(estimates: Estimates, terms: Terms, *, independent: bool = False) -> Contrast:
    """Σ coefficient × figure, with a t interval on the degrees of freedom of all of them together."""
    figures, rows, coefficients = _terms(estimates, terms)
    value = float((coefficients * figures.of("estimate", rows)).sum())
    note = _why_not_tested(figures, rows)
    inputs = tuple(figures.id(int(row)) for row in rows)
    if note:
        return Contrast(value, np.nan, np.nan, np.nan, np.nan, inputs, note)
    together = matrix(figures, rows, independent=independent)
    parts = coefficients[:, None] * together * coefficients[None, :]
    variance = float(parts.sum())
    variance = variance if variance > ROUNDING * np.abs(parts).sum() else 0.0
    df = df_of(figures, rows)
    found = spread.around(np.array([value]), np.array([variance]), np.array([df]), estimates.level)
    return _said(found, inputs)


def difference(estimates: Estimates, a: Figure, b: Figure, *, independent: bool = False) -> Contrast:
    """A − b."""
    return contrast(estimates, ((a, 1.0), (b, -1.0)), independent=independent)


def ratio(estimates: Estimates, a: Figure, b: Figure, *, independent: bool = False) -> Contrast:
    """A / b, with an interval on the log scale."""
    figures, rows, _ = _terms(estimates, ((a, 1.0), (b, -1.0)))
    top, bottom = (figures.of("estimate", rows[k : k + 1]).astype(np.float64) for k in (0, 1))
    inputs = tuple(figures.id(int(row)) for row in rows)
    note = _why_not_tested(figures, rows)
    if not (top[0] > 0 and bottom[0] > 0):
        return Contrast(np.nan, np.nan, np.nan, np.nan, np.nan, inputs, MISSING if note == MISSING else spread.NOT_POSITIVE)
    if note:
        return Contrast(float(top[0] / bottom[0]), np.nan, np.nan, np.nan, np.nan, inputs, note)
    together = matrix(figures, rows, independent=independent)
    se = np.sqrt(np.diag(together))
    df = np.array([df_of(figures, rows)])
    return _said(spread.ratio(top, bottom, se[:1], se[1:], together[0, 1:], df, estimates.level), inputs)


def _said(found: spread.Spread, inputs: tuple[FigureId, ...]) -> Contrast:
    estimate, se, low, high, df = (float(part[0]) for part in (found.estimate, found.se, found.low, found.high, found.df))
    return Contrast(estimate, se, low, high, df, inputs, "" if df > 0 else NO_DF)


def covariance_matrix(estimates: Estimates, wanted: Sequence[Figure], *, independent: bool = False) -> Floats:
    """Covariances of these figures, their variances on the diagonal; NaN where a figure has no standard error."""
    figures = Figures(estimates)
    rows = np.array([find(figures, figure) for figure in wanted], dtype=np.int64)
    _refuse(figures, rows)
    if (figures.of("basis", rows) != "probability").any():
        return np.full((len(rows), len(rows)), np.nan)
    return matrix(figures, rows, independent=independent)


def matrix(figures: Figures, rows: Rows, *, independent: bool) -> Floats:
    """V of these rows of one basis. Two datasets are independent only where the caller says so, two rounds where the design does."""
    se = figures.of("se", rows).astype(np.float64)
    dataset, round_ = figures.of("dataset", rows), figures.of("round", rows)
    if not independent and len(set(dataset)) > 1:
        raise CannotSay(say.CONTRAST_TWO_DATASETS.at(datasets=sorted(set(dataset))))
    out = np.where(np.isnan(se[:, None] + se[None, :]), np.nan, np.diag(se**2))
    pairs = [(i, j) for i, j in combinations(range(len(rows)), 2) if not _apart(figures, dataset, round_, i, j)]
    here, there = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    if pairs:
        out[here, there] += covariances(figures, rows[here], rows[there])
        out[there, here] = out[here, there]
    return out


def _apart(figures: Figures, dataset: Any, round_: Any, i: int, j: int) -> bool:
    """True where two rows rest on samples drawn apart from each other."""
    if dataset[i] != dataset[j]:
        return True
    if round_[i] == round_[j]:
        return False
    relation = figures.estimates.rounds.get(str(dataset[i]))
    if relation is None:
        raise InputError(ROUNDS_NOT_DECLARED.at(dataset=dataset[i]))
    return relation == "independent"


def df_of(figures: Figures, rows: Rows) -> float:
    """Degrees of freedom of all rows together; those of samples that were drawn apart add up."""
    samples: dict[tuple[str, ...], list[int]] = {}
    for row, dataset, round_ in zip(rows.tolist(), figures.of("dataset", rows), figures.of("round", rows), strict=True):
        shared = figures.estimates.rounds.get(str(dataset)) not in (None, "independent")
        samples.setdefault((dataset,) if shared else (dataset, round_), []).append(row)
    return sum(df_together([figures.placed(row) for row in members]) for members in samples.values())


def _terms(estimates: Estimates, terms: Terms) -> tuple[Figures, Rows, Floats]:
    pairs = list(terms.items() if isinstance(terms, Mapping) else terms)
    if not pairs or not all(isinstance(c, int | float) and isfinite(c) for _, c in pairs):
        raise UsageError(say.CONTRAST_EMPTY.at())
    figures = Figures(estimates)
    rows = [find(figures, figure) for figure, _ in pairs]
    twice = sorted({row for row in rows if rows.count(row) > 1})
    if twice:
        raise UsageError([say.CONTRAST_TWICE.at(figure=_in_words(figures.id(row))) for row in twice])
    at = np.array(rows, dtype=np.int64)
    _refuse(figures, at)
    return figures, at, np.array([float(c) for _, c in pairs])


def _refuse(figures: Figures, rows: Rows) -> None:
    kinds = {key: indicator.kind for key, indicator in figures.estimates.indicators.items()}
    asked = dict.fromkeys(zip(figures.of("indicator", rows), figures.of("version", rows), strict=True))
    problems = [say.CONTRAST_OF_KIND.at(indicator=key[0], kind=kinds[key]) for key in asked if kinds.get(key) in NOT_SUMS]
    bases = sorted(set(figures.of("basis", rows)))
    if len(bases) > 1:
        problems.append(say.CONTRAST_TWO_BASES.at(bases=bases))
    if problems:
        raise CannotSay(problems)


def _why_not_tested(figures: Figures, rows: Rows) -> str:
    """Why there is no standard error, or nothing: the rules of `compare`."""
    if not np.isfinite(figures.of("estimate", rows)).all():
        return MISSING
    if (figures.of("basis", rows) != "probability").any():
        return NOT_BY_CHANCE
    se, low = figures.of("se", rows), figures.of("ci_low", rows)
    if ((se == 0) & np.isnan(low)).any():
        return ALL_ALIKE
    return NO_SPREAD_KNOWN if not (np.isfinite(se) & np.isfinite(low)).all() else ""
