"""The one pass: how do rows of people become a cube? A single group-by, run by whichever engine holds the table.

This adds up and encodes; what is added up is `questions`', whether it may be is `requirements`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from mel.codes import ALL
from mel.estimation.questions import Columns
from mel.estimation.strata import clusters_of, encode, strata_of
from mel.model.cube import Cube, Floats, Indexes
from mel.model.sample import FPC, PSU, RESPONDENT, ROUND, STRATUM, WEIGHT, Sample

Frame = Any
N = "_n"
FPC_LOW, FPC_HIGH = "_fpc_low", "_fpc_high"


def count(sample: Sample, frame: Frame, columns: Columns, dimensions: Sequence[str]) -> Cube:
    """The cube of one dataset.

    Raises: InputError with every stratum that is alone, every fpc that cannot be, every PSU in two strata.
    """
    table = _grouped(sample, frame, columns, dimensions)
    rounds, round_codes = _coded(table, ROUND, sample.rounds)
    levels, codes = {}, {}
    for name in dimensions:
        dimension = sample.dimension(name)
        levels[name], codes[name] = _coded(table, name, tuple(dimension.categories) if dimension else ())
    sums = {name: _floats(table, name) for name in (N, *columns.sums)}
    stratum, strata_labels = _keys(table, STRATUM, _has(sample, STRATUM))
    by = unit_column(sample)
    psu, psu_labels = _keys(table, by or PSU, by is not None)
    fpc = (_floats(table, FPC_LOW), _floats(table, FPC_HIGH)) if _has(sample, FPC) else None
    unit, clusters, of_stratum = clusters_of(round_codes * len(strata_labels) + stratum, psu, psu_labels if by else None)
    strata = strata_of(sample, rounds, strata_labels, of_stratum, unit, clusters, sums[N], fpc)
    return Cube(sample.dataset, rounds, levels, codes, round_codes, unit, sums, strata, clusters, tuple(columns.quantities))


def _has(sample: Sample, column: str) -> bool:
    design = sample.design
    stated = {STRATUM: design.stratum, PSU: design.psu, FPC: design.fpc, WEIGHT: design.weight}
    return design.basis == "probability" and bool(stated[column])


def unit_column(sample: Sample) -> str | None:
    """What was drawn: the PSU, or in a panel of people the respondent, kept so that rounds can be held side by side.

    None where each row is drawn alone and only sums of squares are kept.
    """
    if _has(sample, PSU):
        return PSU
    return RESPONDENT if sample.design.basis == "probability" and sample.design.rounds == "panel" else None


def keys_of(sample: Sample, dimensions: Sequence[str]) -> list[str]:
    """What the people are grouped by: round, stratum, PSU (a panel: the person) and every dimension asked for."""
    unit = unit_column(sample)
    return [ROUND, *((STRATUM,) if _has(sample, STRATUM) else ()), *((unit,) if unit else ()), *dimensions]


def _grouped(sample: Sample, frame: Frame, columns: Columns, dimensions: Sequence[str]) -> Any:
    for layer in columns.layers:
        if layer:
            frame = frame.with_columns(*(expression.alias(name) for name, expression in layer.items()))
    sums = [nw.col(name).sum() for name in columns.sums]
    if _has(sample, FPC):
        sums += [nw.col(FPC).min().alias(FPC_LOW), nw.col(FPC).max().alias(FPC_HIGH)]
    table = frame.group_by(*keys_of(sample, dimensions)).agg(nw.len().alias(N), *sums)
    return table.collect() if isinstance(table, nw.LazyFrame) else table


def _coded(table: Any, name: str, known: Sequence[str]) -> tuple[tuple[str, ...], Indexes]:
    """The levels in their order (those known first, then others that occur) and each row's position among them."""
    codes, labels = encode(table, name)
    order = (*known, *sorted(label for label in labels if label not in set(known)))
    at = {label: position for position, label in enumerate(order)}
    return order, np.array([at[label] for label in labels], dtype=np.int64)[codes] if labels else codes


def _keys(table: Any, name: str, there: bool) -> tuple[Indexes, tuple[str, ...]]:
    return encode(table, name) if there else (np.zeros(len(table), dtype=np.int64), (ALL,))


def _floats(table: Any, name: str) -> Floats:
    return np.asarray(table.get_column(name).cast(nw.Float64).to_numpy(), dtype=np.float64)
