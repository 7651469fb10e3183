"""Who is furthest behind, and by how much? Two groups of one dimension, as a difference and as a ratio.

No group is the yardstick unless the dimension names one and says why. Otherwise the highest figure stands against the lowest,
and the row says that these two were picked from the data: the more groups there are, the wider apart chance alone sets them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import SILENCES
from mel.comparison import differences as d
from mel.comparison.figures import Figures, Rows, covariances, joint_dfs
from mel.model.quantities import Floats

KINDS = ("proportion", "mean", "score", "ratio", "distribution")
"""A total grows with the group, and a composition or a count is no share of it: groups are not set side by side by those."""
PICKED = "These two groups were picked from the data, the highest and the lowest figure, so part of the gap may be chance."


def gaps(figures: Figures, dimensions: Sequence[str]) -> list[pd.DataFrame]:
    """Rows of `gap_difference` (a − b) and `gap_ratio` (a / b) within each of these dimensions."""
    parts = []
    for name in dimensions:
        a, b, note = _pairs(figures, name)
        if len(a):
            parts += _rows(figures, name, a, b, note)
    return parts


def _pairs(figures: Figures, name: str) -> tuple[Rows, Rows, npt.NDArray[Any]]:
    """The rows to set side by side: each group against the reference, else the highest against the lowest."""
    at = figures.dimensions.index(name)
    single = figures.broken[:, at] & (figures.broken.sum(axis=1) == 1)
    table = figures.table
    kinds = {key: indicator.kind for key, indicator in figures.estimates.indicators.items()}
    fits = [kinds.get(key) in KINDS for key in zip(table["indicator"], table["version"], strict=True)]
    chosen = table[single & np.array(fits, dtype=bool) & ~table[name].isin(SILENCES).to_numpy()]
    dimension = figures.estimates.dimension(name)
    pairs: list[tuple[int, int]] = []
    for _, rows in chosen.groupby(["dataset", "indicator", "version", "round", "category"], sort=False):
        pairs += _against(rows, name, dimension.reference) if dimension and dimension.reference else _furthest(rows)
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    note = np.full(len(both), "" if dimension and dimension.reference else PICKED, dtype=object)
    return both[:, 0], both[:, 1], note


def _against(rows: pd.DataFrame, name: str, reference: str) -> list[tuple[int, int]]:
    yardstick = rows.index[rows[name] == reference]
    return [(int(i), int(yardstick[0])) for i in rows.index if len(yardstick) and i != yardstick[0]]


def _furthest(rows: pd.DataFrame) -> list[tuple[int, int]]:
    """The highest and the lowest figure that can be said aloud; none where fewer than two groups have one."""
    said = rows[rows["estimate"].notna() & (rows["reliability"] != "too_few")]
    if len(said) < 2:
        return []
    order = said["estimate"].sort_values(kind="stable").index
    return [(int(order[-1]), int(order[0]))]


def _rows(figures: Figures, name: str, a: Rows, b: Rows, note: npt.NDArray[Any]) -> list[pd.DataFrame]:
    can, why = d.comparable(figures, a, b)
    spoken = (figures.of("reliability", a) != "too_few") & (figures.of("reliability", b) != "too_few")
    can, why = can & spoken, np.where(can & ~spoken, TOO_FEW, why)
    test = can & d.tested(figures, a, b)
    value_a, value_b = (np.where(can, figures.of("estimate", rows), np.nan) for rows in (a, b))
    se_a, se_b = (np.where(test, figures.of("se", rows), np.nan) for rows in (a, b))
    together, df = np.full(len(a), np.nan), np.full(len(a), np.nan)
    together[test], df[test] = covariances(figures, a[test], b[test]), joint_dfs(figures, a[test], b[test])
    level = figures.estimates.level
    apart = d.difference(value_a, value_b, se_a**2 + se_b**2 - 2 * together, df, level)
    times = d.ratio(value_a, value_b, se_a, se_b, together, df, level)
    divides = can & np.isfinite(times.estimate)
    shared = {"name": name, "a": a, "b": b}
    ratios = _as_rows(
        figures, "gap_ratio", times, 1.0, divides, np.where(can & ~divides, d.NOT_POSITIVE, np.where(why == "", note, why)), shared
    )
    return [
        _as_rows(figures, "gap_difference", apart, 0.0, can, np.where(why == "", note, why), shared),
        ratios[_has_a_zero(figures, ratios)].reset_index(drop=True),
    ]


def _has_a_zero(figures: Figures, rows: pd.DataFrame) -> pd.Series:
    """Twice as many makes sense, twice as much self-esteem does not: where a scale begins is a convention, so a score has no ratio."""
    kinds = {key: indicator.kind for key, indicator in figures.estimates.indicators.items()}
    keys = zip(rows["indicator"], rows["version"], strict=True)
    return pd.Series([kinds.get(key) != "score" for key in keys], index=rows.index, dtype=bool)


def _as_rows(figures: Figures, measure: str, found: d.Spread, equal: float, can: Any, note: Any, shared: dict[str, Any]) -> pd.DataFrame:
    a, b, name = shared["a"], shared["b"], shared["name"]
    rows = d.rows_for(
        figures, a, measure=np.full(len(a), measure, dtype=object), dimension=np.full(len(a), name, dtype=object),
        group_a=figures.of(name, a), group_b=figures.of(name, b), value_a=figures.of("estimate", a), value_b=figures.of("estimate", b),
        estimate=found.estimate, se=found.se, ci_low=found.low, ci_high=found.high, df=np.where(can, found.df, np.nan),
        status=_status(can, figures.of("basis", a), found.low, found.high, equal), inputs=d.paired(figures, a, b), note=note,
    )  # fmt: skip
    return d.everybody(figures, rows)


def _status(can: Any, basis: Any, low: Floats, high: Floats, equal: float) -> npt.NDArray[Any]:
    apart = np.where((low > equal) | (high < equal), "different", d.UNCLEAR)
    return np.where(~can, d.CANNOT_COMPARE, np.where(basis == "probability", apart, d.NO_TEST)).astype(object)


TOO_FEW = "Too few people answered in one of the two groups to say this aloud."
