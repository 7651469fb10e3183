"""The one pass: how do rows of people become a cube? A single group-by, run by whichever engine holds the table.

This adds up and encodes; what is added up is `questions`', whether it may be is `requirements`'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from mel.codes import ALL
from mel.estimation.engines import collected
from mel.estimation.questions import Columns
from mel.estimation.replicates import people_are_psus
from mel.estimation.strata import clusters_of, encode, strata_of
from mel.model.cube import Cube
from mel.model.quantities import Floats, Indexes, Quantity
from mel.model.sample import FPC, PSU, RESPONDENT, ROUND, STRATUM, WEIGHT, Sample

Frame = Any
N = "_n"
EXTREMES = ("least", "most", "known")


@dataclass(frozen=True, slots=True)
class Counted:
    """What the pass brought back: a row for each (round, stratum, PSU, finest cell), its keys as codes and its sums."""

    keys: Mapping[str, tuple[Indexes, tuple[str | None, ...]]]
    """Key column: codes and labels, None among the labels where a row had none."""
    sums: Mapping[str, Floats]
    extremes: Mapping[str, tuple[Floats, Floats, Floats]]
    """Weights and fpc: the least, the most, and how many people have one, by row."""
    quantities: tuple[Quantity, ...]

    def cannot_be(self, dimensions: Sequence[str], most_levels: int) -> bool:
        """True when a key is blank, a dimension has a category `all` or too many, or not everybody has a weight that can be.

        What exactly is wrong, and where, takes a longer look: `requirements.check_rows`.
        """
        blank = any(None in labels for _, labels in self.keys.values())
        strange = any({ALL, ""} & set(self.keys[name][1]) or len(self.keys[name][1]) > most_levels for name in dimensions)
        return blank or strange or not all(self._is_everybodys(name) for name in self.extremes if len(self.sums[N]))

    @property
    def some_weigh_nothing(self) -> bool:
        """True when somebody's weight is zero."""
        return any((least == 0).any() for name, (least, _, _) in self.extremes.items() if name != FPC)

    def _is_everybodys(self, name: str) -> bool:
        least, most, known = self.extremes[name]
        return bool((known == self.sums[N]).all() and least.min() >= 0 and 0 < most.max() < np.inf)


def ready(frame: Frame, columns: Columns) -> Frame:
    """The rows with every column that is added up."""
    for layer in columns.layers:
        if layer:
            frame = frame.with_columns(*(expression.alias(name) for name, expression in layer.items()))
    return frame


def count(sample: Sample, frame: Frame, columns: Columns, dimensions: Sequence[str], numbers: Sequence[str] = ()) -> Counted:
    """The pass over the people, whose rows are `ready`; `numbers` are the weights and the fpc, whose extremes come along."""
    sums = [nw.col(name).sum() for name in columns.sums]
    for name in numbers:
        column = nw.col(name)
        sums += [found.alias(f"_{what}_{name}") for what, found in zip(EXTREMES, (column.min(), column.max(), column.count()), strict=True)]
    keys = keys_of(sample, dimensions)
    table = collected(frame.group_by(*keys).agg(nw.len().alias(N), *sums))
    added = {name: _floats(table, name) for name in (N, *columns.sums)}
    least, most, known = ({name: _floats(table, f"_{what}_{name}") for name in numbers} for what in EXTREMES)
    extremes = {name: (least[name], most[name], known[name]) for name in numbers}
    return Counted({name: encode(table, name) for name in keys}, added, extremes, tuple(columns.quantities))


def cube_of(sample: Sample, counted: Counted, dimensions: Sequence[str]) -> Cube:
    """The cube of one dataset.

    Raises: InputError with every stratum that is alone, every fpc that cannot be, every PSU in two strata.
    """
    rounds, round_codes = _ordered(counted.keys[ROUND], sample.rounds)
    known = {d.name: tuple(d.categories) for d in sample.dimensions}
    ordered = {name: _ordered(counted.keys[name], known.get(name, ())) for name in dimensions}
    rows = len(round_codes)
    stratum, strata_labels = _key(counted, STRATUM, rows)
    by = unit_column(sample)
    psu, psu_labels = _key(counted, by or PSU, rows)
    unit, clusters, of_stratum = clusters_of(round_codes * len(strata_labels) + stratum, psu, psu_labels if by else None)
    strata = strata_of(
        sample, rounds, strata_labels, of_stratum, unit, clusters, counted.sums[N], counted.extremes[FPC][:2] if _has(sample, FPC) else None
    )
    levels, codes = {n: labels for n, (labels, _) in ordered.items()}, {n: found for n, (_, found) in ordered.items()}
    return Cube(sample.dataset, rounds, levels, codes, round_codes, unit, counted.sums, strata, clusters, counted.quantities)


def _has(sample: Sample, column: str) -> bool:
    design = sample.design
    stated = {STRATUM: design.stratum, PSU: design.psu, FPC: design.fpc, WEIGHT: design.weight}
    return design.basis == "probability" and bool(stated[column])


def unit_column(sample: Sample) -> str | None:
    """What was drawn: the PSU, or in a panel of people the respondent, kept so that rounds can be held side by side.

    None where each row is drawn alone and only sums of squares are kept. Replicates that are made leave people out one by one.
    """
    if _has(sample, PSU) or people_are_psus(sample.design):
        return PSU
    return RESPONDENT if sample.design.basis == "probability" and sample.design.rounds == "panel" else None


def keys_of(sample: Sample, dimensions: Sequence[str]) -> list[str]:
    """What the people are grouped by: round, stratum, PSU (a panel: the person) and every dimension asked for."""
    unit = unit_column(sample)
    return [ROUND, *((STRATUM,) if _has(sample, STRATUM) else ()), *((unit,) if unit else ()), *dimensions]


def _ordered(key: tuple[Indexes, tuple[str | None, ...]], known: Sequence[str]) -> tuple[tuple[str, ...], Indexes]:
    """The levels in their order (those known first, then others that occur) and each row's position among them."""
    codes, found = key
    labels = [str(label) for label in found]
    order = (*known, *sorted(label for label in labels if label not in set(known)))
    at = {label: position for position, label in enumerate(order)}
    return order, np.array([at[label] for label in labels], dtype=np.int64)[codes] if labels else codes


def _key(counted: Counted, name: str, rows: int) -> tuple[Indexes, tuple[str, ...]]:
    """A key of the design, or one that is the same for everybody where the design has none."""
    if name not in counted.keys:
        return np.zeros(rows, dtype=np.int64), (ALL,)
    codes, labels = counted.keys[name]
    return codes, tuple(str(label) for label in labels)


def _floats(table: Any, name: str) -> Floats:
    return np.asarray(table.get_column(name).cast(nw.Float64).to_numpy(), dtype=np.float64)
