"""Is the gap closing? A later round's gap minus an earlier one's, between the same two groups: a contrast of four figures.

Nothing is taken for independent: groups share places, and rounds what the design says they share. Where nobody named a reference,
the two groups are the highest and the lowest of the later round, held fixed back in time; that choice alone makes the gap look as if
it had grown, and the row says so. Against the right itself the change of the gap is the change of the figure, which `change` has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.comparison import differences as d
from mel.comparison.change import Pair
from mel.comparison.figures import Figures, Rows, covariances
from mel.comparison.gap_pairs import FURTHEST, PICKED, Pairs
from mel.comparison.gaps import spoken
from mel.model.covariance import Asked, df_together
from mel.model.cube import ROUNDING
from mel.model.estimates import KEYS_AFTER
from mel.model.multiplicity import p_values
from mel.model.quantities import Floats
from mel.model.spread import around

SIGNS = np.array([1.0, -1.0, -1.0, 1.0])
"""Of the later a and b, and the earlier a and b."""
CHOSEN_LATE = (
    "These two groups were picked as the highest and the lowest of the later round and followed back, so chance alone makes the gap "
    "look as if it had grown."
)
FOLLOWED = (
    "These two groups were picked as the highest and the lowest of the later round and followed back; in the earlier round others may "
    "have been further apart."
)
"""The same where nobody was drawn by chance."""
TURNED = "The gap turned round: the group that was ahead is now behind. Whether the distance between them is smaller is what is judged."
FOUR_MISSING = "One of the four figures is missing."
FOUR_BASES = "The figures come from people who were found in different ways, so they cannot be compared."
FOUR_FEW = "Too few people answered in one of the groups to say this aloud."
FOUR_ALIKE = "In one of the groups everybody answered alike, so there is no spread to judge the difference by."
LATE = {PICKED: CHOSEN_LATE, FURTHEST: FOLLOWED}


@dataclass(frozen=True)
class _Four:
    """Row k's four figures, in the order of SIGNS."""

    rows: tuple[Rows, Rows, Rows, Rows]
    pairs: Pairs
    before: str


def gap_changes(figures: Figures, found: Sequence[Pairs], rounds: Sequence[tuple[str, Pair]]) -> list[pd.DataFrame]:
    """Rows of `gap_change`: this round's a − b, minus that of `from_round`."""
    parts = []
    for pairs in found:
        if not len(pairs) or (pairs.b < 0).any():
            continue
        for dataset, (before, after) in rounds:
            four = _four(figures, pairs, dataset, before, after)
            if len(four.rows[0]):
                parts.append(_rows(figures, four))
    return parts


def _four(figures: Figures, pairs: Pairs, dataset: str, before: str, after: str) -> _Four:
    """The later round's pairs whose two groups both have a row in the earlier round."""
    late = np.flatnonzero((figures.of("dataset", pairs.a) == dataset) & (figures.of("round", pairs.a) == after))
    keys = ["indicator", "version", *figures.dimensions, *KEYS_AFTER]
    table = figures.table
    early = table[(table["dataset"] == dataset) & (table["round"] == before)]
    place = dict(zip(zip(*(early[key] for key in keys), strict=True), early.index, strict=True))
    back = [[place.get(tuple(table.loc[row, keys]), -1) for row in side[late]] for side in (pairs.a, pairs.b)]
    was = np.array(back, dtype=np.int64).reshape(2, -1)
    kept = (was >= 0).all(axis=0)
    at, was = late[kept], was[:, kept]
    some = Pairs(pairs.dimension, pairs.a[at], pairs.b[at], pairs.group_b[at], pairs.note[at], pairs.among[at])
    return _Four((some.a, some.b, was[0], was[1]), some, before)


def _rows(figures: Figures, four: _Four) -> pd.DataFrame:
    can, test, why = _judged(figures, four)
    values = np.array([np.where(can, figures.of("estimate", rows), np.nan) for rows in four.rows])
    late, early = values[0] - values[1], values[2] - values[3]
    variance, size_variance, df = _variance(figures, four, test, np.sign(late) * np.sign(early) < 0)
    level = four.pairs.level(figures.estimates.level)
    found = around(late - early, variance, df, level)
    size = around(np.abs(late) - np.abs(early), size_variance, df, level)
    turned = test & (np.sign(late) * np.sign(early) < 0)
    note = np.where(why != "", why, np.where(turned, TURNED, ""))
    picked = np.where(why == "", four.pairs.note, "")
    note = np.array([" ".join(part for part in (LATE.get(p, ""), n) if part) for p, n in zip(picked, note, strict=True)], dtype=object)
    a, name = four.pairs.a, four.pairs.dimension
    inputs = np.empty(len(a), dtype=object)
    inputs[:] = [tuple(figures.id(int(row)) for row in rows) for rows in zip(*four.rows, strict=True)]
    rows = d.rows_for(
        figures, a, measure=np.full(len(a), "gap_change", dtype=object), from_round=np.full(len(a), four.before, dtype=object),
        dimension=np.full(len(a), name, dtype=object), group_a=figures.of(name, a), group_b=four.pairs.group_b, value_a=late, value_b=early,
        estimate=found.estimate, se=found.se, ci_low=found.low, ci_high=found.high, df=np.where(can, df, np.nan),
        p=np.minimum(p_values(found.estimate, found.se, df) * four.pairs.among, 1.0),
        status=_status(can, figures.of("basis", a), size.low, size.high), inputs=inputs, note=note,
    )  # fmt: skip
    return d.everybody(figures, rows)


def _judged(figures: Figures, four: _Four) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[Any]]:
    """Which of them can be compared, which can be tested, and why not."""
    first, rows = four.rows[0], four.rows
    known = np.logical_and.reduce([np.isfinite(figures.of("estimate", some)) for some in rows])
    same = np.logical_and.reduce([figures.of("basis", some) == figures.of("basis", first) for some in rows])
    aloud = spoken(figures, *rows)
    alike = np.logical_or.reduce([(figures.of("se", some) == 0) & np.isnan(figures.of("ci_low", some)) for some in rows])
    why = np.where(~known, FOUR_MISSING, np.where(~same, FOUR_BASES, np.where(~aloud, FOUR_FEW, np.where(alike, FOUR_ALIKE, ""))))
    can = known & same & aloud
    test = can & d.tested(figures, rows[0], rows[1]) & d.tested(figures, rows[2], rows[3])
    return can, test, why.astype(object)


def _variance(figures: Figures, four: _Four, test: npt.NDArray[np.bool_], turned: npt.NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Var(c′θ) of the change, and of the change of the gap's size, with the degrees of freedom of all four figures together."""
    rows = [some[test] for some in four.rows]
    count = len(rows[0])
    together = np.zeros((count, 4, 4))
    for k in range(4):
        together[:, k, k] = figures.of("se", rows[k]).astype(np.float64) ** 2
    apart = figures.estimates.rounds.get(str(figures.of("dataset", four.rows[0][:1])[0])) == "independent"
    for i, j in combinations(range(4), 2):
        if not (apart and (i < 2) != (j < 2)):
            together[:, i, j] = together[:, j, i] = covariances(figures, rows[i], rows[j])
    back = np.where(turned[test], -1.0, 1.0)[:, None]
    sizes = SIGNS * np.concatenate([np.ones((count, 2)), np.repeat(back, 2, axis=1)], axis=1)
    out = np.full((3, len(test)), np.nan)
    out[0, test], out[1, test] = _quadratic(together, np.tile(SIGNS, (count, 1))), _quadratic(together, sizes)
    asked: Asked = {}
    out[2, test] = [_df(figures, places, apart, asked) for places in zip(*(some.tolist() for some in rows), strict=True)]
    return out[0], out[1], out[2]


def _quadratic(together: Floats, signs: Floats) -> Floats:
    parts = signs[:, :, None] * together * signs[:, None, :]
    total = parts.sum(axis=(1, 2))
    return np.where(total > ROUNDING * np.abs(parts).sum(axis=(1, 2)), total, 0.0)


def _df(figures: Figures, rows: tuple[int, ...], apart: bool, asked: Asked) -> float:
    places = [figures.placed(row) for row in rows]
    return df_together(places[:2], asked) + df_together(places[2:], asked) if apart else df_together(places, asked)


def _status(can: Any, basis: Any, low: Floats, high: Floats) -> npt.NDArray[Any]:
    """Of the gap's size, whichever group is ahead."""
    moved = np.where(high < 0, "closing", np.where(low > 0, "widening", d.UNCLEAR))
    return np.where(~can, d.CANNOT_COMPARE, np.where(basis == "probability", moved, d.NO_TEST)).astype(object)
