"""Which columns of a file are its replicate weights, and can they be used? Canonical names replicate_1, replicate_2 … in the file's order."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mel.errors import Problem, closest
from mel.errors import replicates as say
from mel.formats.numbers import to_numbers
from mel.model.replicate_weights import ReplicateWeights
from mel.model.sample import REPLICATE
from mel.variables.places import first_rows

NEAR_ONE = (0.5, 2.0)
"""Between these lies what replicate weights add up to, as a part of the weights they replace, however they were made."""


def replicate_columns(
    frame: pd.DataFrame, spec: ReplicateWeights, weight: str | None, weights: pd.Series | None
) -> tuple[dict[str, pd.Series], list[Problem]]:
    """The replicate weights under their canonical names, and everything wrong with them at once.

    `weight`: the column of the sampling weight, `weights`: its numbers. Missing: an empty cell is an error; a zero is a weight.
    """
    names, problems = _named(frame, spec)
    if weight in names:
        problems.append(say.REPLICATE_IS_WEIGHT.at(name=weight))
        names = [name for name in names if name != weight]
    if len(names) == 1:
        problems.append(say.REPLICATES_TOO_FEW.at(name=names[0]))
    if not problems and spec.rscales and len(spec.rscales) != len(names):
        problems.append(say.REPLICATE_SCALES_LENGTH.at(given=len(spec.rscales), count=len(names), names=names))
    read = {name: to_numbers(frame[name]) for name in names}
    numbers = {name: column for name, (column, _) in read.items()}
    problems += _of_cells(frame, numbers, {name: unreadable for name, (_, unreadable) in read.items()})
    if not problems and len(frame):
        problems += _of_sums(spec, numbers, weights)
    return {f"{REPLICATE}{k}": column for k, column in enumerate(numbers.values(), start=1)}, problems


def _named(frame: pd.DataFrame, spec: ReplicateWeights) -> tuple[list[str], list[Problem]]:
    columns = [str(name) for name in frame.columns if not str(name).startswith("_")]
    names, nothing = spec.among(columns)
    near = {name: closest(name.replace("*", ""), columns) or "none" for name in nothing}
    return list(names), [say.REPLICATE_COLUMNS_MISSING.at(name=name, near=near[name]) for name in nothing]


def _of_cells(frame: pd.DataFrame, numbers: dict[str, pd.Series], unreadable: dict[str, pd.Series]) -> list[Problem]:
    """One problem a kind of fault, however many columns have it."""
    blank = {name: column.isna() & ~unreadable[name] for name, column in numbers.items()}
    wrong = {name: unreadable[name] | (column < 0) | (column == np.inf) for name, column in numbers.items()}
    problems = []
    for template, faults in ((say.REPLICATE_CELLS_BLANK, blank), (say.REPLICATE_NOT_A_NUMBER, wrong)):
        names = [name for name, rows in faults.items() if rows.any()]
        if names:
            rows = pd.concat([faults[name] for name in names], axis=1).any(axis=1)
            problems.append(template.at(names=names, count=int(rows.sum()), first=first_rows(frame, rows)))
    return problems


def _of_sums(spec: ReplicateWeights, numbers: dict[str, pd.Series], weights: pd.Series | None) -> list[Problem]:
    """No replicate is empty, and on average they add up to what they replace: the weights, or one each."""
    sums = {name: float(column.sum()) for name, column in numbers.items()}
    nothing = [name for name, total in sums.items() if total == 0]
    if nothing:
        return [say.REPLICATE_SUMS_TO_ZERO.at(names=nothing)]
    replaced = float(weights.sum()) if spec.combined and weights is not None else float(len(next(iter(numbers.values()))))
    ratio = sum(sums.values()) / len(sums) / replaced if replaced > 0 else 1.0
    if NEAR_ONE[0] <= ratio <= NEAR_ONE[1]:
        return []
    what, other, meaning = (
        ("the sampling weights", "false", "each multiplies the sampling weight")
        if spec.combined
        else ("the number of rows", "true", "each includes the sampling weight")
    )
    return [
        say.REPLICATES_COMBINED_UNLIKELY.at(
            combined=str(bool(spec.combined)).lower(), ratio=f"{ratio:.3g}", what=what, other=other, meaning=meaning
        )
    ]
