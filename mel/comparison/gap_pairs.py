"""Who is held against whom? The pairs of groups of one dimension, and what a reader must know of how they were chosen.

No group is the yardstick unless its dimension names one and says why. Otherwise, as asked for: the highest figure against the
lowest; each group against everyone, itself among them; or each group against the right itself, which is everyone's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import ALL, SILENCES
from mel.comparison.figures import Figures, Rows
from mel.errors import InputError, Problem, UsageError, closest
from mel.errors.comparison import GAP_AGAINST_UNKNOWN, REFERENCE_UNKNOWN, REFERENCE_WITHOUT_REASON
from mel.model.estimates import KEYS_AFTER, KEYS_BEFORE

Against = Literal["lowest", "everyone", "right"]
RIGHT = "right"
"""Stands as `group_b` for the right itself."""
KINDS = ("proportion", "mean", "score", "ratio", "distribution")
"""A total grows with the group, and a composition or a count is no share of it: groups are not set side by side by those."""
PICKED = (
    "These two groups were picked from the data, the highest and the lowest figure, so part of the gap may be chance; of three groups or more "
    "the interval is wider to allow for it."
)
FURTHEST = "These two groups were picked from the data, the highest and the lowest figure."
"""The same where nobody was drawn by chance."""


@dataclass(frozen=True)
class Pairs:
    """Rows of estimates to set side by side within one dimension. `b` is -1 where the right itself stands against `a`."""

    dimension: str
    a: Rows
    b: Rows
    group_b: npt.NDArray[Any]
    note: npt.NDArray[Any]
    among: npt.NDArray[np.float64]
    """How many pairs each was picked from; 1 where it was not picked."""

    def level(self, level: float) -> npt.NDArray[np.float64]:
        """By pair: the level at which a difference's interval holds although its groups were picked out of all pairs (Bonferroni)."""
        return 1 - (1 - level) / self.among

    def __len__(self) -> int:
        return len(self.a)


def checked_against(figures: Figures, dimensions: tuple[str, ...], against: str) -> None:
    """Raises: UsageError for an unknown way to compare; InputError for a reference without a reason, or that is no category."""
    known = get_args(Against)
    if against not in known:
        raise UsageError(GAP_AGAINST_UNKNOWN.at(name=against, available=known, near=closest(str(against), list(known)) or "none"))
    problems: list[Problem] = []
    for name in dimensions:
        one = figures.estimates.dimension(name)
        if one is None or not one.reference:
            continue
        if not one.reference_reason.strip():
            problems.append(REFERENCE_WITHOUT_REASON.at(dimension=name, reference=one.reference))
        if one.reference not in one.categories:
            known_ = list(one.categories)
            near = closest(one.reference, known_) or "none"
            problems.append(REFERENCE_UNKNOWN.at(dimension=name, reference=one.reference, available=known_, near=near))
    if problems:
        raise InputError(problems)


def pairs(figures: Figures, name: str, against: str) -> Pairs:
    """The pairs of this dimension, figure by figure and round by round. A silence is no group, but it is part of everyone."""
    chosen = _groups(figures, name)
    dimension = figures.estimates.dimension(name)
    reference = dimension.reference if dimension and against == "lowest" else None
    found: list[tuple[int, int, float]] = []
    if against == "everyone":
        whole = _wholes(figures)
        found = [(int(i), whole[key], 1.0) for i, key in zip(chosen.index, _keys(chosen), strict=True) if key in whole]
    elif against == "right":
        found = [(int(i), -1, 1.0) for i in chosen.index if _is_a_right(figures, int(i))]
    else:
        for _, rows in chosen.groupby(["dataset", "indicator", "version", "round", "category"], sort=False):
            found += _referred(rows, name, reference) if reference else _furthest(rows)
    a, b = (np.array([pair[k] for pair in found], dtype=np.int64) for k in (0, 1))
    groups = figures.of(name, b) if against == "lowest" else np.full(len(b), ALL if against == "everyone" else RIGHT, dtype=object)
    picked = np.where(figures.of("basis", a) == "probability", PICKED, FURTHEST)
    note = np.where(against == "lowest" and not reference, picked, "").astype(object)
    return Pairs(name, a, b, groups, note, np.array([pair[2] for pair in found], dtype=np.float64))


def _groups(figures: Figures, name: str) -> pd.DataFrame:
    """The rows of this dimension alone whose figures can be set side by side."""
    at = figures.dimensions.index(name)
    single = figures.broken[:, at] & (figures.broken.sum(axis=1) == 1)
    table = figures.table
    fits = np.isin(figures.kinds(np.arange(len(table), dtype=np.int64)), KINDS)
    found: pd.DataFrame = table[single & fits & ~table[name].isin(SILENCES).to_numpy()]
    return found


def _keys(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(zip(*(rows[key] for key in (*KEYS_BEFORE, *KEYS_AFTER)), strict=True))


def _wholes(figures: Figures) -> dict[tuple[str, ...], int]:
    everyone = pd.DataFrame(figures.table[~figures.broken.any(axis=1)])
    return {key: int(at) for key, at in zip(_keys(everyone), everyone.index, strict=True)}


def _is_a_right(figures: Figures, row: int) -> bool:
    """A share of people that should be everyone, or nobody; of other figures the right has no number."""
    at = np.array([row])
    indicator = figures.estimates.indicators[str(figures.of("indicator", at)[0]), str(figures.of("version", at)[0])]
    return indicator.kind == "proportion" and indicator.polarity != "neither"


def _referred(rows: pd.DataFrame, name: str, reference: str) -> list[tuple[int, int, float]]:
    yardstick = rows.index[rows[name] == reference]
    return [(int(i), int(yardstick[0]), 1.0) for i in rows.index if len(yardstick) and i != yardstick[0]]


def _furthest(rows: pd.DataFrame) -> list[tuple[int, int, float]]:
    """The highest and the lowest figure that can be said aloud; none where fewer than two groups have one."""
    said = rows[rows["estimate"].notna() & (rows["reliability"] != "too_few")]
    if len(said) < 2:
        return []
    order = said["estimate"].sort_values(kind="stable").index
    return [(int(order[-1]), int(order[0]), len(said) * (len(said) - 1) / 2)]
