"""Who is furthest behind, and by how much? Two groups of one dimension, or a group and everyone, as a difference and as a ratio.

Which two stand side by side is `gap_pairs`'s. Whether a gap is closing is `gap_changes`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.comparison import differences as d
from mel.comparison.figures import Figures, Rows, covariances, joint_dfs
from mel.comparison.gap_pairs import KINDS, PICKED, RIGHT, Pairs
from mel.model.multiplicity import p_values
from mel.model.quantities import Floats

__all__ = ["KINDS", "PICKED", "TOO_FEW", "gaps"]
TOO_FEW = "Too few people answered in one of the two groups to say this aloud."


def gaps(figures: Figures, found: Sequence[Pairs]) -> list[pd.DataFrame]:
    """Rows of `gap_difference` (a − b) and `gap_ratio` (a / b) of these pairs; against the right itself the difference alone."""
    parts = []
    for pairs in found:
        if len(pairs) and (pairs.b < 0).all():
            parts.append(_from_the_right(figures, pairs))
        elif len(pairs):
            parts += _rows(figures, pairs)
    return parts


def spoken(figures: Figures, *rows: Rows) -> npt.NDArray[np.bool_]:
    """Where every one of these figures rests on enough answers to say it aloud."""
    found: npt.NDArray[np.bool_] = np.logical_and.reduce([figures.of("reliability", some) != "too_few" for some in rows])
    return found


def _rows(figures: Figures, pairs: Pairs) -> list[pd.DataFrame]:
    a, b = pairs.a, pairs.b
    can, why = d.comparable(figures, a, b)
    aloud = spoken(figures, a, b)
    can, why = can & aloud, np.where(can & ~aloud, TOO_FEW, why)
    test = can & d.tested(figures, a, b)
    value_a, value_b = (np.where(can, figures.of("estimate", rows), np.nan) for rows in (a, b))
    se_a, se_b = (np.where(test, figures.of("se", rows), np.nan) for rows in (a, b))
    together, df = np.full(len(a), np.nan), np.full(len(a), np.nan)
    together[test], df[test] = covariances(figures, a[test], b[test]), joint_dfs(figures, a[test], b[test])
    level = pairs.level(figures.estimates.level)
    apart = d.difference(value_a, value_b, se_a**2 + se_b**2 - 2 * together, df, level)
    times = d.ratio(value_a, value_b, se_a, se_b, together, df, level)
    divides = can & np.isfinite(times.estimate)
    unlike = np.where(can & ~divides, d.NOT_POSITIVE, np.where(why == "", pairs.note, why))
    ratios = _as_rows(figures, "gap_ratio", pairs, times, 1.0, divides, unlike)
    p = np.minimum(p_values(apart.estimate, apart.se, apart.df) * pairs.among, 1.0)
    return [
        _as_rows(figures, "gap_difference", pairs, apart, 0.0, can, np.where(why == "", pairs.note, why)).assign(p=p),
        ratios[figures.kinds(a) != "score"].reset_index(drop=True),  # twice as many makes sense, twice as much self-esteem does not
    ]


def _as_rows(figures: Figures, measure: str, pairs: Pairs, found: d.Spread, equal: float, can: Any, note: Any) -> pd.DataFrame:
    a, b, name = pairs.a, pairs.b, pairs.dimension
    rows = d.rows_for(
        figures, a, measure=np.full(len(a), measure, dtype=object), dimension=np.full(len(a), name, dtype=object),
        group_a=figures.of(name, a), group_b=pairs.group_b, value_a=figures.of("estimate", a), value_b=figures.of("estimate", b),
        estimate=found.estimate, se=found.se, ci_low=found.low, ci_high=found.high, df=np.where(can, found.df, np.nan),
        status=_status(can, figures.of("basis", a), found.low, found.high, equal), inputs=d.paired(figures, a, b), note=note,
    )  # fmt: skip
    return d.everybody(figures, rows)


def _from_the_right(figures: Figures, pairs: Pairs) -> pd.DataFrame:
    """Each group against everyone's right: a share of 1, or of 0 where the share is of those who were wronged."""
    a = pairs.a
    keys = zip(figures.of("indicator", a), figures.of("version", a), strict=True)
    right = np.array([0.0 if figures.estimates.indicators[k].polarity == "lower_is_better" else 1.0 for k in keys])
    known, aloud = np.isfinite(figures.of("estimate", a)), spoken(figures, a)
    can, test = known & aloud, known & aloud & d.tested(figures, a, a)
    alike = (figures.of("se", a) == 0) & np.isnan(figures.of("ci_low", a))
    why = np.where(~known, NOBODY, np.where(~aloud, FEW, np.where(alike, ALIKE, "")))
    value, se = np.where(can, figures.of("estimate", a), np.nan), np.where(test, figures.of("se", a), np.nan)
    found = d.difference(value, right, se**2, np.where(test, figures.of("df", a), np.nan), figures.estimates.level)
    inputs = np.empty(len(a), dtype=object)
    inputs[:] = [(figures.id(int(row)),) for row in a]
    rows = d.rows_for(
        figures, a, measure=np.full(len(a), "gap_difference", dtype=object), dimension=np.full(len(a), pairs.dimension, dtype=object),
        group_a=figures.of(pairs.dimension, a), group_b=np.full(len(a), RIGHT, dtype=object), value_a=figures.of("estimate", a), value_b=right,
        estimate=found.estimate, se=found.se, ci_low=found.low, ci_high=found.high, df=found.df,
        p=p_values(found.estimate, found.se, found.df), status=_status(can, figures.of("basis", a), found.low, found.high, 0.0),
        inputs=inputs, note=why.astype(object),
    )  # fmt: skip
    return d.everybody(figures, rows)


def _status(can: Any, basis: Any, low: Floats, high: Floats, equal: float) -> npt.NDArray[Any]:
    apart = np.where((low > equal) | (high < equal), "different", d.UNCLEAR)
    return np.where(~can, d.CANNOT_COMPARE, np.where(basis == "probability", apart, d.NO_TEST)).astype(object)


NOBODY = "Nobody in this group was counted."
FEW = "Too few people answered in this group to say this aloud."
ALIKE = "In this group everybody answered alike, so there is no spread to judge the difference by."
