"""How was the sample drawn, as the counted table shows it? Strata with their PSUs and fractions, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from mel.errors import InputError, Problem
from mel.errors.estimation import FPC_MIXED, FPC_TOO_SMALL, FPC_UNUSABLE, LONELY_PSU, PSU_IN_TWO_STRATA
from mel.model.quantities import Clusters, Floats, Indexes, Strata
from mel.model.rollup import compact
from mel.model.sample import Sample


def encode(table: Any, name: str) -> tuple[Indexes, tuple[str | None, ...]]:
    """A key column as codes and labels, None among them where it is blank, whatever engine counted."""
    column = table.get_column(name).to_arrow()
    column = column.combine_chunks() if hasattr(column, "combine_chunks") else column
    column = column.dictionary_decode() if hasattr(column, "dictionary") else column  # a blank has no code there
    encoded = column.dictionary_encode(null_encoding="encode")
    labels = nw.new_series(name, encoded.dictionary, backend="pyarrow").cast(nw.String).to_list()
    return np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64), tuple(labels)


def clusters_of(stratum_key: Indexes, psu: Indexes, psu_labels: tuple[str, ...] | None) -> tuple[Indexes, Clusters | None, Indexes]:
    """Each row's unit, the PSUs in the order of their strata (None where the respondent is the PSU), and the strata's keys.

    PSU labels are nested in strata, as DHS, NHIS and NHANES number them.
    """
    keys, stratum = compact(stratum_key, int(stratum_key.max(initial=0)) + 1)
    if psu_labels is None:
        return stratum, None, keys
    units, unit = compact(stratum * len(psu_labels) + psu, len(keys) * len(psu_labels))
    clusters = Clusters(units // len(psu_labels), tuple(psu_labels[k] for k in (units % len(psu_labels)).tolist()))
    return unit, clusters, keys


def strata_of(
    sample: Sample, rounds: Sequence[str], labels: Sequence[str], keys: Indexes, unit: Indexes, clusters: Clusters | None,
    n: Floats, fpc: tuple[Floats, Floats] | None,
) -> Strata:  # fmt: skip
    """The strata of every round, checked.

    Raises: InputError with all that is wrong: lonely PSUs under `fail`, PSUs in two strata, an fpc that cannot be.
    """
    round_, of_label = keys // len(labels), keys % len(labels)
    names = tuple(labels[k] for k in of_label)
    size = np.bincount(unit if clusters is None else clusters.stratum, weights=n if clusters is None else None, minlength=len(keys))
    of_row = unit if clusters is None else clusters.stratum[unit]
    fraction, problems = _fractions(sample, rounds, names, round_, size.astype(np.float64), of_row, fpc)
    strata = Strata(round_, names, size.astype(np.float64), fraction, sample.design.lonely_psu)
    if sample.design.basis == "probability":
        problems += _lonely(sample, rounds, strata) + _in_two_strata(sample, rounds, strata, clusters)
    if problems:
        raise InputError(problems)
    return strata


def _fractions(
    sample: Sample, rounds: Sequence[str], names: Sequence[str], round_: Indexes, size: Floats, of_row: Indexes,
    fpc: tuple[Floats, Floats] | None,
) -> tuple[Floats, list[Problem]]:  # fmt: skip
    """f_h of each stratum: fpc is the number of PSUs in the population, or the fraction sampled where all are at most 1."""
    fraction, problems = np.zeros(len(names)), []
    if fpc is None:
        return fraction, []
    low, high = np.full(len(names), np.inf), np.full(len(names), -np.inf)
    np.minimum.at(low, of_row, np.where(np.isnan(fpc[0]), -np.inf, fpc[0]))
    np.maximum.at(high, of_row, np.where(np.isnan(fpc[1]), np.inf, fpc[1]))
    for r, name in enumerate(rounds):
        here = round_ == r
        unusable = here & ((low != high) | (low <= 0))
        if unusable.any():
            problems.append(FPC_UNUSABLE.at(dataset=sample.dataset, round=name, strata=_named(names, unusable)))
            continue
        if (low[here] < 1).any() and (low[here] > 1).any():
            problems.append(FPC_MIXED.at(dataset=sample.dataset, round=name))
            continue
        counts = (low[here] > 1).any()
        fraction[here] = size[here] / low[here] if counts else low[here]
        if (fraction > 1).any():
            problems.append(FPC_TOO_SMALL.at(dataset=sample.dataset, round=name, strata=_named(names, here & (fraction > 1))))
    return fraction, problems


def _lonely(sample: Sample, rounds: Sequence[str], strata: Strata) -> list[Problem]:
    if strata.lonely != "fail":
        return []
    by_round = [(name, strata.alone & (strata.round == r)) for r, name in enumerate(rounds)]
    return [
        LONELY_PSU.at(dataset=sample.dataset, round=name, strata=_named(strata.label, alone)) for name, alone in by_round if alone.any()
    ]


def _in_two_strata(sample: Sample, rounds: Sequence[str], strata: Strata, clusters: Clusters | None) -> list[Problem]:
    if clusters is None or not sample.design.psu_unique:
        return []
    problems = []
    of_round = strata.round[clusters.stratum]
    for r, name in enumerate(rounds):
        labels = [clusters.label[k] for k in np.flatnonzero(of_round == r).tolist()]
        twice = sorted({label for label in labels if labels.count(label) > 1}) if len(set(labels)) < len(labels) else []
        if twice:
            problems.append(PSU_IN_TWO_STRATA.at(dataset=sample.dataset, round=name, psus=twice))
    return problems


def _named(names: Sequence[str], chosen: Any) -> list[str]:
    return sorted({names[k] for k in np.flatnonzero(chosen).tolist()})
