"""Which groups stand lowest, of all that can be told apart? Every crossing of up to three dimensions, steadied before it is ranked.

A tree looks at few groups; here each has its row. The more groups are looked at the more surely chance sets some small one at the
bottom: figures are therefore ranked after they were steadied, and the intervals hold for all groups at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mel.comparison.furthest.asked import NUMBERS, SHARES, Asked, Call, find, is_whole, wrong_options
from mel.comparison.furthest.counted import Counted, Influence, counted
from mel.comparison.furthest.groups import Groups, groups_of
from mel.comparison.furthest.jointly import Jointly, jointly
from mel.comparison.furthest.logit import design
from mel.comparison.furthest.shrink import Part, Predicted, predict
from mel.comparison.furthest.tables import basis_note, interval, said, table_of
from mel.errors import CannotSay, UsageError
from mel.errors import furthest as say
from mel.model.estimates import Estimates
from mel.model.figure import FigureId
from mel.model.furthest import OF_GROUP, OF_RANKING, Ranking
from mel.model.quantities import Floats, Indexes

CALL = Call("rank_groups", (*SHARES, *NUMBERS), 2, 12)
LEAST, SPARE = 3, 3
"""Groups in a ranking; groups more than expectations that a variance between groups is read from."""
TINY = 1e-12
HEARD = "{groups} groups were heard but too few answered to rank them."
SILENT = "Who did not say where they belong is in no ranked group."
ALIKE = "In this group everybody answered alike, so its own figure has no interval, nor has its distance from everyone."
WITHOUT = "{count} groups were left out on request."


def rank_groups(
    estimates: Estimates,
    indicator: str,
    dimensions: Sequence[str],
    *,
    up_to: int = 3,
    round: str | None = None,  # noqa: A002  (the field's word)
    version: str | None = None,
    dataset: str | None = None,
    fewest: int = 25,
    towards: str = "additive",
    among: int = 5,
    leave_out: Collection[FigureId] = (),
    draws: int = 10_000,
    seed: int = 1,
    level: float = 0.95,
) -> Ranking:
    """Every group of one, two … `up_to` dimensions of which at least `fewest` people answered, the furthest behind first.

    Ranked by the figure steadied (shrunken) `towards` what the group's parts alone lead one to expect ("additive": the sum of its
    categories' effects, in each crossing; groups of one dimension: their mean) or towards the mean of all crossings of as many
    dimensions ("mean"). Crossings of as many dimensions share one variance between groups, by REML. A group's design variance is
    smoothed over its crossing (κ / n), so that a group whose few members answered alike is not taken for certain. Where an additive
    expectation leaves fewer than three groups to spare the mean is taken, and the row says so (`towards`).

    Intervals of `observed` and of `apart` (from everyone) hold for all groups together with probability `level`: the largest of all
    errors is read from `draws` of their full covariance. Of shares `apart` reaches out as far as the log odds or the straight interval,
    whichever is further; a group whose people answered alike has neither. `chance_lowest` and `chance_among` (the first `among` places) come from the
    same draws around the steadied figures. `leave_out`: figures of groups to rank without, such as those that must not be shown.

    Source: Fay & Herriot (1979), JASA 74; Datta & Lahiri (2000), Statistica Sinica 10; joint intervals: Hothorn, Bretz & Westfall
    (2008), Biometrical Journal 50; smoothed variances: Wolter (2007), Introduction to Variance Estimation, 7.
    Unit: the indicator's. Shape: `table`, a row a group; `summary`, one row.
    Missing: people who did not say where they belong are in no group of that dimension; too small groups are counted, not shown. Where
    nobody was drawn by chance figures are ranked as they are, without intervals.
    Raises: UsageError for a wrong call; CannotSay where fewer than three groups can be ranked or the indicator has no better side.
    Checked: tests/reference/comparison/test_shrinkage.py (R); joint coverage by simulation in tests/properties/comparison.
    """
    _check(up_to, fewest, towards, among, draws, seed, level)
    asked = find(estimates, indicator, dimensions, CALL, version=version, dataset=dataset, round_=round)
    found = counted(asked, "as_category")
    groups = groups_of(found, min(up_to, len(dimensions)), fewest, frozenset(leave_out))
    if len(groups.n) < LEAST:
        more = f" ({groups.few} have fewer)" if groups.few else ""
        raise CannotSay(say.RANKING_TOO_FEW.at(count=len(groups.n), fewest=fewest, more=more))
    table = _rows(found, groups, towards, min(among, len(groups.n)), draws, np.random.default_rng(seed), level)
    return Ranking(
        table=table,
        summary=_summary(found, groups, fewest, min(among, len(groups.n)), draws),
        indicator=asked.indicator,
        dimensions=asked.dimensions,
        seed=seed,
        level=level,
    )


def _check(up_to: int, fewest: int, towards: str, among: int, draws: int, seed: int, level: float) -> None:
    problems = wrong_options(
        CALL,
        up_to=(up_to, is_whole(up_to, 1, 3), "1, 2 or 3 dimensions"),
        fewest=(fewest, is_whole(fewest, 2, 10**9), "a whole number of people, 2 or more"),
        towards=(towards, towards in ("additive", "mean"), "'additive' or 'mean'"),
        among=(among, is_whole(among, 1, 10**6), "a whole number of places, 1 or more"),
        draws=(draws, is_whole(draws, 1000, 10**6), "a whole number from 1000 to 1000000"),
        seed=(seed, is_whole(seed, 0, 2**63), "a whole number, 0 or more"),
        level=(level, 0 < level < 1, "a share between 0 and 1, such as 0.95"),
    )
    if problems:
        raise UsageError(problems)


@dataclass(frozen=True)
class _Steadied:
    """The figures after shrinkage, and what each was shrunk to."""

    predicted: Predicted
    towards: list[str]


def _rows(found: Counted, groups: Groups, towards: str, among: int, draws: int, rng: np.random.Generator, level: float) -> pd.DataFrame:
    asked, side = found.asked, found.asked.side
    y, moves = found.of_means(groups.inside)
    values: dict[str, Any] = {"observed": y + found.shift, "apart": y - found.mean, "estimate": y + found.shift}
    notes = np.full(len(y), "", dtype=object)
    if asked.by_chance:
        steadied = _steadied(found, groups, y, moves, towards)
        values |= _sure(found, groups, y, moves, steadied, among, draws, rng, level)
        notes[np.isnan(values["observed_low"])] = ALIKE
    blank: dict[str, Any] = dict.fromkeys(
        ("observed_se", "observed_low", "observed_high", "apart_low", "apart_high", "se", "ci_low", "ci_high", "expected", "shrinkage",
         "chance_lowest", "chance_among"), np.full(len(y), np.nan),
    )  # fmt: skip
    values = blank | {"towards": ["none"] * len(y), "status": ["no_test"] * len(y)} | values
    order = np.lexsort((np.arange(len(y)), side * values["estimate"]))
    row = {
        "place": np.arange(1, len(y) + 1), "domain": [groups.domains[k] for k in order], "n": groups.n[order],
        "share": groups.w[order] / found.w.sum(), **{name: [column[k] for k in order] for name, column in values.items()},
    }  # fmt: skip
    shared = _notes(found, groups)
    return table_of(asked, row, _inputs(found, groups, order), [said(notes[k], shared) for k in order], OF_GROUP)


def _steadied(found: Counted, groups: Groups, y: Floats, moves: Influence, towards: str) -> _Steadied:
    """Shrink all groups, those of as many dimensions together."""
    variance = groups.smoothed(np.maximum(np.diag(found.covariance(moves)), 0.0))
    variance = np.maximum(variance, TINY * max(float(np.var(y)), float(y @ y) / len(y), TINY))
    out = {name: np.empty(len(y)) for name in ("expected", "estimate", "se", "shrinkage")}
    said_towards = [""] * len(y)
    for members, how in groups.sets(towards, SPARE):
        parts, order = [], []
        for crossing in np.unique(groups.crossing[members]) if how == "additive" else [None]:
            at = members if crossing is None else members[groups.crossing[members] == crossing]
            x = design(groups.codes(at)) if crossing is not None else np.ones((len(at), 1))
            parts.append(Part(y[at], variance[at], x))
            order.append(at)
        predicted = predict(parts)
        at = np.concatenate(order)
        for name, column in out.items():
            column[at] = getattr(predicted, name)
        for k in at.tolist():
            said_towards[k] = how
    return _Steadied(Predicted(np.nan, **out), said_towards)  # each set has a variance of its own


def _sure(
    found: Counted, groups: Groups, y: Floats, moves: Influence, steadied: _Steadied, among: int, draws: int, rng: np.random.Generator,
    level: float,
) -> dict[str, Any]:  # fmt: skip
    """Joint intervals of figures and of distances from everyone, steadied figures with their own, and the chances of standing low."""
    share, predicted, shift = found.asked.is_share, steadied.predicted, found.shift
    df = found.degrees_of_freedom(groups.inside)
    everyone = np.ones((1, len(found.n)), dtype=bool)
    _, whole = found.of_means(everyone)
    own, apart = found.covariance(moves), found.covariance(Influence(moves.y_part - whole.y_part, moves.rest - whole.rest))
    of_figures, of_apart = (jointly(matrix, df, draws, rng, level) for matrix in (own, apart))
    low, high = interval(share, y + shift, of_figures.se, of_figures.times)
    off = y - found.mean
    off_low, off_high = _apart(share, y, found.mean, of_apart)
    alike, exact = of_figures.se == 0, found.exact(groups.inside) & (of_figures.se == 0)
    low, high = (np.where(exact, y + shift, end) for end in (low, high))
    off_low, off_high = (np.where(exact, off, np.where(alike, np.nan, end)) for end in (off_low, off_high))
    from scipy.special import ndtri

    half = float(ndtri(0.5 + level / 2)) * predicted.se
    ends = predicted.estimate + shift - half, predicted.estimate + shift + half
    first, few = _chances(found.asked, of_figures, predicted, among)
    worse = np.where(found.asked.side > 0, off_high < 0, off_low > 0)
    better = np.where(found.asked.side > 0, off_low > 0, off_high < 0)
    return {
        "observed": y + shift, "observed_se": of_figures.se, "observed_low": low, "observed_high": high, "apart": off,
        "apart_low": off_low, "apart_high": off_high, "status": np.where(worse, "behind", np.where(better, "ahead", "unclear")).tolist(),
        "estimate": predicted.estimate + shift, "se": predicted.se, "ci_low": np.maximum(ends[0], 0.0) if share else ends[0],
        "ci_high": np.minimum(ends[1], 1.0) if share else ends[1], "expected": predicted.expected + shift,
        "shrinkage": predicted.shrinkage, "towards": steadied.towards, "chance_lowest": first, "chance_among": few,
    }  # fmt: skip


def _apart(share: bool, y: Floats, everyone: float, of_apart: Jointly) -> tuple[Floats, Floats]:
    """How far figures are from everyone's, at least and at most.

    Of shares both ways of reaching out are taken, straight and on the log odds, and the further one holds on each side: of a share
    near none or all the straight one is far too short when the few who said otherwise happen to be fewer still.
    """
    straight = interval(False, y, of_apart.se, of_apart.times)
    if not share:
        return straight[0] - everyone, straight[1] - everyone
    bent = interval(True, y, of_apart.se, of_apart.times)
    return np.fmin(straight[0], bent[0]) - everyone, np.fmax(straight[1], bent[1]) - everyone


def _chances(asked: Asked, jointly_: Jointly, predicted: Predicted, among: int) -> tuple[Floats, Floats]:
    """In what part of the draws each group is the furthest behind, and among the first few."""
    drawn = asked.side * (predicted.estimate + predicted.se * jointly_.errors)
    first = np.bincount(drawn.argmin(axis=1), minlength=drawn.shape[1]) / len(drawn)
    lowest = np.argpartition(drawn, among - 1, axis=1)[:, :among]
    return first, np.bincount(lowest.ravel(), minlength=drawn.shape[1]) / len(drawn)


def _inputs(found: Counted, groups: Groups, order: Indexes) -> list[tuple[FigureId, ...]]:
    """A group's own figure and everyone's; where figures are steadied, every ranked group's: each leans on all."""
    own = [groups.figures[k] for k in order]
    everyone = found.asked.figure(())
    if not found.asked.by_chance:
        return [(one, everyone) for one in own]
    return [(one, everyone, *(other for other in own if other is not one)) for one in own]


def _summary(found: Counted, groups: Groups, fewest: int, among: int, draws: int) -> pd.DataFrame:
    row = {
        "groups": [len(groups.n)], "left_out_groups": [groups.few], "left_out_people": [groups.few_people],
        "silent_groups": [groups.silent], "n": [float(found.n.sum())], "everyone": [found.mean + found.shift], "fewest": [fewest],
        "among": [among], "draws": [draws if found.asked.by_chance else 0],
    }  # fmt: skip
    inputs = (found.asked.figure(()), *groups.figures)
    return table_of(found.asked, row, [inputs], _notes(found, groups), OF_RANKING)


def _notes(found: Counted, groups: Groups) -> str:
    return said(
        basis_note(found.asked),
        HEARD.format(groups=groups.few) if groups.few else "",
        SILENT if groups.silent else "",
        WITHOUT.format(count=groups.asked_out) if groups.asked_out else "",
    )
