"""How do found groups become tables? Keys, values, and what every row knows of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.comparison.furthest.asked import Asked
from mel.model.figure import FigureId
from mel.model.quantities import Floats
from mel.model.spread import t_quantile

OBJECTS = ("inputs", "domain", "below", "above")
NOT_BY_CHANCE = "Nobody was drawn by chance, so this describes those who answered and has no interval."
EVERYONE_ASKED = "Everyone listed was asked, so there is no sampling error and no interval."


def table_of(
    asked: Asked, said: Mapping[str, Any], inputs: Sequence[tuple[FigureId, ...]], note: Any, columns: tuple[str, ...]
) -> pd.DataFrame:
    """A table with its keys first. Who was not drawn by chance has no standard error and no interval."""
    keys = {"dataset": asked.dataset, "indicator": asked.indicator.id, "version": asked.indicator.version, "round": asked.round}
    objects = {"inputs": inputs} | {name: said[name] for name in OBJECTS if name in said}
    plain = {name: value for name, value in said.items() if name not in OBJECTS}
    table = pd.DataFrame({**plain, **{name: held(values) for name, values in objects.items()}}).assign(
        **keys, basis=asked.basis, counts=asked.counts, disclosure="unchecked", note=note
    )[[*keys, *columns]]
    if not asked.by_chance:
        table[[name for name in columns if name.endswith(("se", "_low", "_high"))]] = np.nan
    texts = [name for name in table if name not in OBJECTS and table[name].dtype.kind in "OUT"]
    return table.astype(dict.fromkeys(texts, "str"))


def held(values: Sequence[Any]) -> npt.NDArray[Any]:
    """A column of tuples."""
    column: npt.NDArray[Any] = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column


def basis_note(asked: Asked) -> str:
    """Why there is no interval; empty where there may be one."""
    return "" if asked.by_chance else EVERYONE_ASKED if asked.basis == "census" else NOT_BY_CHANCE


def said(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def interval(share: bool, estimate: Floats, se: Floats, times: Floats) -> tuple[Floats, Floats]:
    """Estimate ± times · se; of a share on the log odds, so that it stays within 0 and 1, and null where all answered alike."""
    with np.errstate(invalid="ignore", divide="ignore"):
        if not share:
            return estimate - times * se, estimate + times * se
        usable = (se > 0) & (estimate > 0) & (estimate < 1)
        middle, half = np.log(estimate / (1 - estimate)), times * se / (estimate * (1 - estimate))
        low, high = 1 / (1 + np.exp(half - middle)), 1 / (1 + np.exp(-half - middle))
        return np.where(usable, low, np.nan), np.where(usable, high, np.nan)


def t_times(df: Floats, level: float) -> Floats:
    return t_quantile(df, level)
