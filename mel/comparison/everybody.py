"""Out of how many? Finds what counted everybody in a dataset, and gives the share of any part of them with its precision.

A part is a set of rows of the cube, so whoever was told apart while counting can be put together again in any way. No row of a
person is needed.

Source: as `mel.model.cube`; the share of a part is a ratio of two totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import ALL
from mel.comparison.furthest.tables import EVERYONE_ASKED, NOT_BY_CHANCE, interval
from mel.errors import CannotSay, UsageError
from mel.errors import exclusion as say
from mel.errors.comparison import COMPARISON_NEEDS_CUBE
from mel.model.cube import Cube, Linearised
from mel.model.estimates import Estimates
from mel.model.figure import FigureId
from mel.model.indicator import Indicator
from mel.model.quantities import Floats, Indexes, Quantity
from mel.model.spread import t_quantile

Masks = npt.NDArray[np.bool_]
ONE_PSU = "Everyone in this group is in one PSU: no standard error can be computed."
NOBODY = "Nobody in this group was counted."
NO_DF = "No more PSUs than strata hold this group: no interval can be computed."
NO_SPREAD = "Everybody in this group is alike in this, so there is no spread from which an interval could be computed."


@dataclass(frozen=True, slots=True)
class Found:
    """A figure of one group in one round, or the share of a part of people."""

    n: float
    estimate: float
    se: float
    low: float
    high: float
    df: float
    note: str


@dataclass(frozen=True)
class Everybody:
    """All people of a dataset: the cube, and the quantity whose denominator leaves nobody out."""

    estimates: Estimates
    cube: Cube
    quantity: Quantity
    indicator: Indicator
    basis: str
    counts: str

    @property
    def by_chance(self) -> bool:
        return self.basis == "probability"

    def figure(self, round_: str, category: Mapping[str, str]) -> FigureId:
        """The figure in which the people of one finest group are counted.

        The make-up of a dimension has no row for a group of that dimension; there its people are the answers of one category.
        """
        return figure_of_group(self.estimates, self.cube.dataset, self.indicator, self.quantity.category, round_, category)

    def held(self, rows: Masks, round_: str, names: Sequence[str]) -> tuple[FigureId, ...]:
        """The figures of the people of these rows, by the finest crossing of these dimensions."""
        return tuple(self.figure(round_, group) for group in groups_of(self.cube, rows, round_, names))

    def share(self, part: Masks, of: Quantity | None = None, *, among: Masks | None = None) -> list[Found]:
        """By round: the share that the people of these rows are of everybody, or of those `among`; of all who said yes to `of`."""
        cube, base = _part(self.cube, self.quantity if of is None else of, part, among, said_yes=of is not None)
        found = cube.margin(()).linearise(base)
        n = found.margin.by_domain(str(base.yes))
        return figures(found, self.basis, n, shares=True, level=self.estimates.level)


def figure_of_group(
    estimates: Estimates, dataset: str, indicator: Indicator, category: str, round_: str, group: Mapping[str, str]
) -> FigureId:
    """The identity of the figure of one group."""
    own = str(indicator.numerator.value) if indicator.kind == "composition" else ""
    domain = tuple((name, group[name]) for name in estimates.dimension_names if name in group and name != own)
    return FigureId(indicator.id, indicator.version, round_, domain, group.get(own, category), dataset=dataset)


def groups_of(cube: Cube, rows: Masks, round_: str, names: Sequence[str]) -> list[dict[str, str]]:
    """The finest groups by these dimensions that have anyone among these rows."""
    mine = np.flatnonzero(rows & (cube.round == cube.rounds.index(round_)))
    sizes = tuple(len(cube.levels[name]) for name in names)
    held = np.unique(np.ravel_multi_index(tuple(cube.codes[name][mine] for name in names), sizes))
    codes = np.stack(np.unravel_index(held, sizes), axis=1)
    return [{name: cube.levels[name][code] for name, code in zip(names, row, strict=True)} for row in codes.tolist()]


def everybody(estimates: Estimates, dataset: str, crossed: Sequence[str] = ()) -> Everybody:
    """What counted all people of a dataset; of several the one whose figures by these dimensions crossed stand in the table.

    Raises: UsageError where each indicator leaves some out; CannotSay without a cube.
    """
    if dataset not in estimates.cubes:
        raise CannotSay(COMPARISON_NEEDS_CUBE.at(dataset=dataset))
    cube = estimates.cubes[dataset]
    rows = estimates.table[estimates.table["dataset"] == dataset]
    found = [
        Everybody(estimates, cube, quantity, indicator, str(rows["basis"].iloc[0]), str(rows["counts"].iloc[0]))
        for quantity in sorted(cube.quantities, key=lambda q: q.kind != "composition")
        if _counts_all(cube, quantity, indicator := estimates.indicators[quantity.indicator, quantity.version])
    ]
    if not found:
        other = next((name for name in (*estimates.dimension_names, *crossed) if name not in crossed), next(iter(cube.levels), "…"))
        raise UsageError(say.NOBODY_COUNTS_EVERYBODY.at(dataset=dataset, dimension=other))
    return next((one for one in found if _in_table(one, rows, crossed)), found[0])


def _counts_all(cube: Cube, quantity: Quantity, indicator: Indicator) -> bool:
    whole = cube.sums["_n"]
    return quantity.kind != "ratio" and indicator.weight is None and np.array_equal(cube.sums[quantity.counted], whole)


def _in_table(one: Everybody, rows: pd.DataFrame, crossed: Sequence[str]) -> bool:
    """True where the figures in which the people of each group are counted were asked for."""
    mine = rows[rows["indicator"] == one.indicator.id]
    own = str(one.indicator.numerator.value) if one.indicator.kind == "composition" else ""
    broken = mine[list(one.estimates.dimension_names)] != ALL
    wanted = [name in crossed and name != own for name in broken]
    return bool((broken == wanted).all(axis=1).any())


def _part(cube: Cube, quantity: Quantity, part: Masks, among: Masks | None, *, said_yes: bool) -> tuple[Cube, Quantity]:
    """A cube without breakdowns in which y is 1 for the people of these rows, x for everybody, or those among (all who said yes)."""
    n, w = (str(quantity.yes), quantity.wy) if said_yes else (quantity.counted, quantity.wx)
    ww = None if quantity.squares is None else quantity.squares[0 if said_yes else 2]
    replicates = cube.replicates
    given = replicates.sums.get(w, ()) if replicates is not None else ()
    whole = np.ones(len(part), dtype=np.bool_) if among is None else among
    sums = {name: cube.sums[name] for name in quantity.asked}
    for side, rows in (("_whole", whole), ("_part", part & whole)):
        named = {f"{side}_n": n, f"{side}_w": w, **({f"{side}_ww": ww} if ww else {})}
        named |= {f"{side}_r{k}": name for k, name in enumerate(given)}
        sums |= {new: np.where(rows, cube.sums[name], 0.0) for new, name in named.items()}
    if replicates is not None and given:
        replicates = replace(replicates, sums={f"{s}_w": tuple(f"{s}_r{k}" for k in range(len(given))) for s in ("_whole", "_part")})
    # The rank of given weights is known of those who were counted in the pass; elsewhere degrees of freedom are those of the whole.
    counted, missing = (quantity.counted, quantity.missing) if given else ("_whole_n", ())
    share_of = replace(
        quantity, category=ALL, kind="composition", wy="_part_w", wx="_whole_w", plain=None, yes="_part_n", shift=0.0, crossed={},
        squares=("_part_ww", "_part_ww", "_whole_ww") if ww else None, counted=counted, missing=missing,
    )  # fmt: skip
    return replace(cube, levels={}, codes={}, sums=sums, quantities=(share_of,), largest=(), replicates=replicates), share_of


def regrouped(cube: Cube, name: str, labels: Sequence[str], group: Indexes) -> Cube:
    """The cube told apart by one dimension only, whose categories are these groups of its rows."""
    return replace(cube, levels={name: tuple(labels)}, codes={name: group}, largest=())


def figures(found: Linearised, basis: str, n: Floats, *, shares: bool, level: float) -> list[Found]:
    """The figure of each domain. Only who was drawn by chance has a standard error; a share's interval is on the log odds."""
    if basis != "probability":
        note = EVERYONE_ASKED if basis == "census" else NOT_BY_CHANCE
        rows = zip(n.tolist(), found.estimate.tolist(), strict=True)
        return [Found(k, e, np.nan, np.nan, np.nan, np.nan, note if k > 0 else NOBODY) for k, e in rows]
    units, whole = found.answered()
    alone = (units == 1) & ~whole
    se, df = np.sqrt(np.where(alone, np.nan, found.variance())), found.degrees_of_freedom()
    low, high = interval(shares, found.estimate, se, t_quantile(df, level))
    exact = whole & (se == 0)
    low, high = np.where(exact, found.estimate, low), np.where(exact, found.estimate, high)
    out = []
    for k in range(found.margin.size):
        nobody = not np.isfinite(found.estimate[k])
        why = NOBODY if nobody else ONE_PSU if alone[k] else "" if exact[k] else NO_DF if df[k] <= 0 else NO_SPREAD
        note = "" if np.isfinite(low[k]) else why
        degrees = float(df[k]) if not nobody else np.nan
        out.append(Found(float(n[k]), float(found.estimate[k]), float(se[k]), float(low[k]), float(high[k]), degrees, note))
    return out
