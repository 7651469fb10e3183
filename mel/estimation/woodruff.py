"""How sure is a quantile? Woodruff's interval: how sure is the share of people at or below it, read off as answers again.

The variance of that share is the design's own (Taylor linearisation in the domain, `mel.model.cube`). A standard error is the
interval's length over two t, as R's `svyquantile` has it.

Source: Woodruff (1952), Confidence Intervals for Medians and Other Position Measures, JASA 47, 635-646; R package survey 4.5.
Checked: tests/reference/survey/test_quantiles.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.estimation import notes
from mel.estimation.answers import Answers, Tally
from mel.estimation.intervals import proportion_interval, t_interval
from mel.model.cube import ROUNDING, Margin
from mel.model.estimates import Tails, figure_of
from mel.model.figure import FigureId
from mel.model.quantities import Floats, Quantity
from mel.model.rollup import summed
from mel.model.spread import t_quantile

INTERVALS = ("symmetric", "logit", "korn_graubard")
"""Of the share: R's interval types `mean`, `xlogit` and `beta`."""
PRECISION = ("se", "ci_low", "ci_high", "cv", "deff", "df")
Texts = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Quantiles at one probability, by domain, as the table of results has them; null where there is none."""

    estimate: Floats
    precision: dict[str, Floats]
    note: Texts
    tails: Floats
    """People who answered at or beyond the quantile, on the side where they are fewer: how few it speaks of."""
    tails_of_interval: Floats
    """The same of the two ends of the interval."""


def quantiles_of(
    tally: Tally, margins: Sequence[Margin], quantities: Sequence[Quantity], *, rule: str, how: str | None, level: float
) -> list[Quantiles]:
    """Of each quantity (one a probability) the quantiles of all domains of these margins, one margin after the other.

    `how`: the kind of interval, None where there is no chance.
    """
    found: list[list[Quantiles]] = [[] for _ in quantities]
    for margin in margins:
        answers = tally.margin(margin)
        for parts, quantity in zip(found, quantities, strict=True):
            parts.append(_of_margin(answers, quantity, rule, how, level))
    return [_one_after_the_other(parts) for parts in found]


def _one_after_the_other(parts: Sequence[Quantiles]) -> Quantiles:
    return Quantiles(
        np.concatenate([part.estimate for part in parts]),
        {name: np.concatenate([part.precision[name] for part in parts]) for name in PRECISION},
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("note", "tails", "tails_of_interval")),
    )


def tails_of(table: pd.DataFrame, dimensions: tuple[str, ...], parts: Iterable[tuple[int, Quantiles | None]]) -> dict[FigureId, Tails]:
    """The tails of every row that is a quantile. `parts`: what the table was made of, in order: how many rows, and their quantiles."""
    found: dict[FigureId, Tails] = {}
    at = 0
    for rows, quantiles in parts:
        if quantiles is not None:
            records = table.iloc[at : at + rows].to_dict("records")
            figures = [figure_of({str(k): v for k, v in record.items()}, dimensions) for record in records]
            both = zip(quantiles.tails.tolist(), quantiles.tails_of_interval.tolist(), strict=True)
            found |= {figure: Tails(*tails) for figure, tails in zip(figures, both, strict=True)}
        at += rows
    return found


def _of_margin(answers: Answers, quantity: Quantity, rule: str, how: str | None, level: float) -> Quantiles:
    size = answers.margin.size
    found = answers.distributions
    estimate = found.quantiles(rule, np.full(size, float(quantity.category)))
    precision: dict[str, Floats] = {name: np.full(size, np.nan) for name in PRECISION}
    note = np.full(size, "", dtype=object)
    if how is not None:
        _add_precision(answers, estimate, quantity, rule, how, level, precision, note)
    tails = np.minimum(found.people_at_most(estimate), found.people_at_least(estimate))
    ends = np.minimum(found.people_at_most(precision["ci_low"]), found.people_at_least(precision["ci_high"]))
    return Quantiles(estimate, precision, note, tails, ends)


def _add_precision(
    answers: Answers, estimate: Floats, quantity: Quantity, rule: str, how: str, level: float, out: dict[str, Floats], note: Texts
) -> None:
    """Writes the columns of precision. A domain in one PSU has none, and says so; of strata taken whole the quantile is exact."""
    margin = answers.margin
    counted = margin.by_pair(quantity.counted)
    linearised = margin.linearise(quantity)
    units, whole = linearised.answered()
    df, n = linearised.degrees_of_freedom(), margin.by_domain(quantity.counted)
    share, variance = _share_at_most(answers, estimate, counted)
    alone = (units == 1) & ~whole
    exact = whole & (variance == 0)
    se = np.sqrt(np.where(alone, np.nan, variance))
    low, high = t_interval(share, se, df, level) if how == "symmetric" else proportion_interval(how, share, se, n, df, level)
    beyond = (low < 0) | (high > 1)
    usable = np.isfinite(low) & np.isfinite(high) & ~beyond & (se > 0)
    ends = [answers.distributions.quantiles(rule, np.where(usable, end, np.nan)) for end in (low, high)]
    out["ci_low"], out["ci_high"] = (np.where(exact, estimate, end) for end in ends)
    out["se"] = np.where(exact, 0.0, (ends[1] - ends[0]) / (2 * t_quantile(df, level)))
    out["df"] = np.where(n > 0, df, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        out["cv"] = np.where(estimate != 0, out["se"] / np.abs(estimate), np.nan)
    for where, text in (
        (alone & (n == 1), notes.ONE_ROW),
        (alone, notes.ONE_PSU),
        (np.isfinite(se) & ~exact & (df <= 0), notes.NO_DF),
        ((se == 0) & ~exact, notes.NO_SPREAD),
        (beyond, notes.BEYOND_ANSWERS),
    ):
        note[where & (note == "")] = text


def _share_at_most(answers: Answers, bound: Floats, counted: Floats) -> tuple[Floats, Floats]:
    """Of each domain the share of people whose answer is at most its bound, and the variance of that share."""
    margin, total = answers.margin, answers.distributions.total
    (inside, inside2), (everybody, everybody2) = answers.at_most(bound), answers.everybody
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total > 0, summed(margin.pair_domain, inside, margin.size) / total, np.nan)
        share = np.where(answers.distributions.highest <= bound, 1.0, share)  # sums of everybody, in two orders
        of_pair, scale = share[margin.pair_domain], 1 / total[margin.pair_domain]
    here = np.isfinite(of_pair) & np.isfinite(scale)
    of_pair, scale = np.where(here, of_pair, 0.0), np.where(here, scale, 0.0)
    terms = inside * scale, of_pair * everybody * scale
    z = terms[0] - terms[1]
    z = np.where(np.abs(z) > ROUNDING * (terms[0] + terms[1]), z, 0.0)
    squares = None
    if margin.cube.clusters is None:
        apart = ((1 - of_pair) ** 2 * inside2 + of_pair**2 * (everybody2 - inside2)) * scale**2
        squares = (apart, apart)
    return share, np.where(np.isnan(share), np.nan, margin.variance(z, counted, squares))
