"""If it goes on like this, where is it on the target's day, and how likely is the target reached? Three probability rounds or more.

A straight line through the rounds, on the logit scale for shares so that it stays between none and all, weighted by the rounds' own
covariance; then carried on. It says what would come if nothing changed its course, which is what a programme is there to do. Where
it cannot be said, the row says why: that is an answer too.

Source: generalised least squares, β = (X′V⁻¹X)⁻¹X′V⁻¹y, with V known from the design; where the rounds lie off their line by more than
their sampling errors explain, the error is widened by the root of χ²/(k − 2) (Birge 1932, Physical Review 40, as the Particle Data
Group does it). A line of three rounds cannot show a bend: the interval knows of the draw of the people, not of the times to come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from mel.comparison.differences import rows_for
from mel.comparison.figures import Figures, Rows
from mel.comparison.targets import BY_PEOPLE, NO_SIDE, SAID_BY_PEOPLE, day_of, rows_where
from mel.model.alliance import Target
from mel.model.contrasts import df_of, matrix
from mel.model.quantities import Floats
from mel.model.spread import t_quantile

Dates = Mapping[str, Mapping[str, date]]
LEAST = 3
YEAR = 365.25
CANNOT_SAY = "cannot_say"
SHARES = ("proportion",)
NO_DATES = "The dates of the rounds are not known, so it cannot be carried on to a day."
TOO_FEW_ROUNDS = "It takes three rounds of a probability sample, at three dates, to see a course; there are {rounds}."
NOT_BY_CHANCE = "The people were not drawn by chance, so how sure a course is cannot be told."
NO_PRECISION = "In one of the rounds too few answered, or everybody answered alike, so how sure its figure is is not known."
NOT_SUMS = "How much medians and other quantiles of different rounds vary together is not known here."
SINGULAR = "The rounds' figures do not vary enough apart from each other to draw a line through them."
PASSED = "The day of this target is not after the last round; whether it was reached is seen from the figure itself."
NO_END = "A share of none or of all lies at the end of the scale, which a line on it never reaches; the chance is not given."
FAR = "That day lies further beyond the last round than the rounds themselves reach back, so this is more a guess than a projection."
OFF_THE_LINE = "The rounds do not lie on a line as closely as their sampling errors would let them; the interval is widened for it."


@dataclass(frozen=True)
class Line:
    """A straight line through rounds, carried on to one day: on the scale it was drawn on."""

    value: float
    se: float
    widened: float
    """By how much the error was widened; 1 where the rounds lie on the line."""


def line(y: Floats, together: Floats, years: Floats, at: float) -> Line:
    """Generalised least squares of y on years with covariance `together`, read at `at`; raises LinAlgError where there is no line."""
    x = np.column_stack([np.ones(len(years)), years])
    root = np.linalg.cholesky(together)
    z, w = np.linalg.solve(root, x), np.linalg.solve(root, y)
    inverse = np.linalg.inv(z.T @ z)
    beta = inverse @ z.T @ w
    off = float(((w - z @ beta) ** 2).sum()) / (len(y) - 2)
    widened = max(1.0, float(np.sqrt(off)))
    there = np.array([1.0, at])
    return Line(float(there @ beta), float(np.sqrt(there @ inverse @ there)) * widened, widened)


def projections(figures: Figures, wanted: Sequence[tuple[str, Target]], dates: Dates) -> list[pd.DataFrame]:
    """Rows of `projection`, one for each target that has a date and each dataset that has its figure."""
    parts = []
    for indicator, target in wanted:
        rows = figures.table[figures.table["indicator"] == indicator]
        for (dataset, _), some in rows.groupby(["dataset", "version"], sort=False):
            found = np.array(rows_where(figures, some, target.where), dtype=np.int64)
            if len(found):
                parts.append(_row(figures, found, target, dates.get(str(dataset), {})))
    return parts


@dataclass(frozen=True)
class _Said:
    """What is said of the day: numbers where there are any, a status and a note."""

    status: str
    note: str
    value: float = np.nan
    se: float = np.nan
    low: float = np.nan
    high: float = np.nan
    df: float = np.nan
    chance: float = np.nan


def _row(figures: Figures, rows: Rows, target: Target, dates: Mapping[str, date]) -> pd.DataFrame:
    rounds = [str(name) for name in figures.of("round", rows)]
    dated = [k for k in range(len(rows)) if rounds[k] in dates and np.isfinite(figures.of("estimate", rows[k : k + 1])[0])]
    at = sorted(dated, key=lambda k: dates[rounds[k]])
    order = rows[at]
    said = _said(figures, order, target, [dates[rounds[k]] for k in at]) if dates else _Said(CANNOT_SAY, NO_DATES)
    used = order if len(order) else rows
    inputs = np.empty(1, dtype=object)
    inputs[0] = tuple(figures.id(int(row)) for row in rows)  # every round looked at: that one has no figure tells of it, too
    last = used[-1:]
    return rows_for(
        figures, last, measure="projection", from_round=str(figures.of("round", used[:1])[0]), value_a=figures.of("estimate", last),
        value_b=target.value, estimate=said.value, se=said.se, ci_low=said.low, ci_high=said.high, df=said.df, target=target.value,
        target_date=day_of(target), chance=said.chance, status=said.status, inputs=inputs, note=said.note,
    )  # fmt: skip


def _said(figures: Figures, rows: Rows, target: Target, days: Sequence[date]) -> _Said:
    assert target.date is not None
    why = _why_not(figures, rows, target.date, days)
    if why:
        return _Said(SAID_BY_PEOPLE if why == BY_PEOPLE else CANNOT_SAY, why)
    indicator = figures.estimates.indicators[str(figures.of("indicator", rows[:1])[0]), str(figures.of("version", rows[:1])[0])]
    together = matrix(figures, rows, independent=False)
    y = figures.of("estimate", rows).astype(np.float64)
    share = indicator.kind in SHARES
    if share:
        slope = 1 / (y * (1 - y))
        y, together = np.log(y / (1 - y)), together * slope[:, None] * slope[None, :]
    years = np.array([(day - days[0]).days / YEAR for day in days])
    at = (target.date - days[0]).days / YEAR
    try:
        found = line(y, together, years, at)
    except np.linalg.LinAlgError:
        return _Said(CANNOT_SAY, SINGULAR)
    df = df_of(figures, rows)
    notes = [FAR] if at - years[-1] > years[-1] else []
    notes += [OFF_THE_LINE] if found.widened > 1 else []
    return _on_its_scale(found, df, share, target.value, indicator.polarity, figures.estimates.level, notes)


def _why_not(figures: Figures, rows: Rows, day: date, days: Sequence[date]) -> str:
    """Why nothing is projected; empty where it can be."""
    keys = set(zip(figures.of("indicator", rows), figures.of("version", rows), strict=True))
    if any(figures.estimates.indicators[key].judged_by_people for key in keys):
        return BY_PEOPLE
    if len(days) and day <= days[-1]:
        return PASSED
    if (figures.of("basis", rows) != "probability").any():
        return NOT_BY_CHANCE
    if len(set(days)) < LEAST:
        return TOO_FEW_ROUNDS.format(rounds=len(set(days)))
    if (figures.kinds(rows) == "quantile").any():
        return NOT_SUMS
    precise = np.isfinite(figures.of("se", rows)) & (figures.of("se", rows) > 0) & np.isfinite(figures.of("ci_low", rows))
    return "" if (precise & (figures.of("reliability", rows) != "too_few")).all() else NO_PRECISION


def _on_its_scale(found: Line, df: float, share: bool, target: float, polarity: str, level: float, notes: list[str]) -> _Said:
    """Value, interval and chance, turned back into shares where the line was one of logits."""
    from scipy import special

    half = float(t_quantile(np.array([df]), level)[0]) * found.se
    ends = np.array([found.value, found.value - half, found.value + half])
    value, low, high = 1 / (1 + np.exp(-ends)) if share else ends
    se = found.se * (value * (1 - value) if share else 1.0)
    reached, chance = target, np.nan
    if share:
        reached = float(np.log(target / (1 - target))) if 0 < target < 1 else np.nan
        notes += [] if 0 < target < 1 else [NO_END]
    if polarity == "neither":
        return _Said("no_rule", " ".join([*notes, NO_SIDE]), value, se, low, high, df)
    side = 1 if polarity == "higher_is_better" else -1
    if np.isfinite(reached) and df > 0:
        chance = float(special.stdtr(df, side * (found.value - reached) / found.se))
    past, short = (side * (ends[1:] - reached) >= 0).all(), (side * (ends[1:] - reached) < 0).all()
    status = "on_course" if past else "off_course" if short else "unclear"
    return _Said(status, " ".join(notes), value, se, low, high, df, chance)
