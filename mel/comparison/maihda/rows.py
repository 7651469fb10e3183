"""How do two fitted models become tables? Intersections, effects and the summary, each row with what it was computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.comparison.maihda.asked import Asked
from mel.comparison.maihda.crossing import Cells
from mel.comparison.maihda.fit import Fit
from mel.model.figure import FigureId
from mel.model.intersections import OF_EFFECT, OF_INTERSECTION, OF_MODEL
from mel.model.quantities import Floats

EVERYONE = "everyone"
UNWEIGHTED = "Of those who answered: weights and clusters of the design are not in this model."
NOT_BY_CHANCE = "Nobody was drawn by chance, so this describes those who answered and has no interval."
EVERYONE_ASKED = "Everyone listed was asked, so there is no sampling error and no interval."
FEW = "Fewer than 20 intersections: how far they lie apart is known only roughly."
NO_INTERACTION = "The model finds no difference beyond the parts; with few people or groups it would not see a small one."
NOTHING_BETWEEN = "The model finds no difference between intersections, so there is nothing for the parts to explain."
UNDERSTATED = (
    "With so few intersections for so many parts, this model of a share understates how far they lie from the sum of their parts{}."
)
TOO_NARROW = ", and its intervals are too narrow"
ENOUGH_CELLS = 20
CELLS_A_PART = 15
"""Maximum likelihood takes the coefficients for known. With 6 intersections for each, intervals that say 95 in 100 were seen to hold
the truth 90 times, with 16 times 93 (tests/properties/comparison); REML does not have this fault."""


@dataclass(frozen=True)
class Models:
    """The two models of one crossing."""

    null: Fit
    additive: Fit
    level: float
    inputs: tuple[FigureId, ...]
    """The figure of each cell."""

    @property
    def named(self) -> Mapping[str, Fit]:
        return {"null": self.null, "additive": self.additive}

    def half(self, se: Floats) -> Floats:
        from scipy.special import ndtri

        return np.asarray(ndtri(0.5 + self.level / 2) * se, dtype=np.float64)


def intersection_rows(asked: Asked, cells: Cells, models: Models) -> pd.DataFrame:
    """A row for each intersection."""
    fit, null = models.additive, models.null
    total, half = fit.fixed + fit.effect, models.half(fit.total_se)
    unit = _to_unit(asked, cells)
    flat = fit.between == 0
    away = np.full(len(cells.n), np.nan) if flat else fit.effect_se
    low, high = fit.effect - models.half(away), fit.effect + models.half(away)
    null_se = np.full(len(cells.n), np.nan) if null.between == 0 else null.effect_se
    null_half = models.half(null_se)
    by_chance = np.isfinite(low) if asked.basis == "probability" else np.zeros(len(cells.n), dtype=bool)
    apart = np.where(low > 0, "higher", np.where(high < 0, "lower", "unclear"))
    additive = unit(fit.fixed)
    said = {
        **dict(zip(asked.names, map(list, zip(*cells.groups, strict=True)), strict=True)),
        "n": cells.n, "n_yes": cells.y if asked.is_share else np.nan, "observed": cells.y / cells.n + cells.shift,
        "estimate": unit(total), "se": _slope(asked, total) * fit.total_se, "ci_low": unit(total - half), "ci_high": unit(total + half),
        "additive": additive, "interaction": unit(total) - additive,
        "interaction_low": unit(fit.fixed + low) - additive, "interaction_high": unit(fit.fixed + high) - additive,
        "status": np.where(by_chance, apart, "unclear" if asked.basis == "probability" else "no_test"),
        "shrinkage": fit.shrinkage, "effect": fit.effect, "effect_se": away, "effect_low": low, "effect_high": high,
        "null_shrinkage": null.shrinkage, "null_effect": null.effect, "null_effect_se": null_se,
        "null_effect_low": null.effect - null_half, "null_effect_high": null.effect + null_half,
    }  # fmt: skip
    note = _note(asked, _narrow(asked, models), NO_INTERACTION if flat else "")
    return _table(asked, said, [(figure,) for figure in models.inputs], note, (*asked.names, *OF_INTERSECTION))


def _to_unit(asked: Asked, cells: Cells) -> Any:
    """From the model's scale to the indicator's unit."""
    from scipy.special import expit

    return expit if asked.is_share else lambda value: value + cells.shift


def _slope(asked: Asked, total: Floats) -> Floats | float:
    """How fast the indicator's unit moves with the model's scale."""
    if not asked.is_share:
        return 1.0
    from scipy.special import expit

    share = np.asarray(expit(total), dtype=np.float64)
    return share * (1 - share)


def effect_rows(asked: Asked, cells: Cells, models: Models) -> pd.DataFrame:
    """A row for each category of each dimension, against its reference or against everyone, and one for each intercept.

    Against everyone: the category's effect minus the mean effect of the categories, each counted by its people.
    """
    terms = _terms(cells)
    contrast = np.array([weights for *_, weights in terms])
    null, fit = models.null, models.additive
    estimate = np.concatenate([null.beta, contrast @ fit.beta])
    se = np.sqrt(np.concatenate([np.diag(null.covariance), np.einsum("ij,jk,ik->i", contrast, fit.covariance, contrast)]))
    intercept = np.array([True, *(dimension == "" for dimension, *_ in terms)])
    estimate = estimate + np.where(intercept, cells.shift, 0.0)
    half = models.half(se)
    said = {
        "model": ["null", *("additive" for _ in terms)], "dimension": ["", *(t[0] for t in terms)], "group": ["", *(t[1] for t in terms)],
        "against": ["", *(t[2] for t in terms)], "estimate": estimate, "se": se, "ci_low": estimate - half, "ci_high": estimate + half,
        "odds_ratio": np.where(intercept, np.nan, np.exp(estimate)) if asked.is_share else np.nan,
        "n": [cells.n.sum(), *(t[3] for t in terms)],
    }  # fmt: skip
    return _table(asked, said, [models.inputs] * len(estimate), _note(asked), OF_EFFECT)


def _terms(cells: Cells) -> list[tuple[str, str, str, float, Floats]]:
    """Dimension, group, against, people, and the weights on β of each row of the additive model's effects, its intercept first."""
    columns, people = cells.columns, float(cells.n.sum())
    at = {column: k + 1 for k, column in enumerate(columns)}
    start, rows = np.zeros(len(columns) + 1), []
    start[0] = 1.0
    for k, (dimension, listed) in enumerate(zip(cells.dimensions, cells.categories, strict=True)):
        n = np.bincount(cells.codes[:, k], weights=cells.n, minlength=len(listed))
        mean = np.zeros(len(columns) + 1)
        named = dimension.reference == listed[0]
        if not named:
            for c, number in zip(listed[1:], n[1:].tolist(), strict=True):
                mean[at[dimension.name, c]] = number / people
        start += mean
        for c, number in zip(listed[named:], n[named:].tolist(), strict=True):
            own = -mean
            if (dimension.name, c) in at:
                own[at[dimension.name, c]] += 1.0
            rows.append((dimension.name, c, listed[0] if named else EVERYONE, number, own))
    return [("", "", "", people, start), *rows]


def model_rows(asked: Asked, cells: Cells, models: Models) -> pd.DataFrame:
    """A row for each of the two models."""
    between = {name: fit.between for name, fit in models.named.items()}
    pcv = (between["null"] - between["additive"]) / between["null"] if between["null"] > 0 else np.nan
    fits = list(models.named.values())
    said = {
        "model": list(models.named), "cells": float(len(cells.n)), "n": float(cells.n.sum()), "n_left_out": float(cells.left_out),
        "between": list(between.values()), "within": [fit.within for fit in fits], "vpc": [fit.vpc for fit in fits],
        "pcv": [np.nan, pcv], "mor": [median_odds_ratio(fit.between) if asked.is_share else np.nan for fit in fits],
    }  # fmt: skip
    nothing = NOTHING_BETWEEN if between["null"] == 0 else NO_INTERACTION if between["additive"] == 0 else ""
    note = _note(asked, FEW if len(cells.n) < ENOUGH_CELLS else "", _narrow(asked, models), nothing)
    return _table(asked, said, [models.inputs] * 2, note, OF_MODEL)


def median_odds_ratio(between: float) -> float:
    """exp(√(2 σ²_u) × 0.6745). Source: Merlo et al. (2006), J. Epidemiol. Community Health 60(4)."""
    from scipy.special import ndtri

    return float(np.exp(np.sqrt(2 * between) * ndtri(0.75)))


def _narrow(asked: Asked, models: Models) -> str:
    cells, parts = models.additive.x.shape
    told = UNDERSTATED.format(TOO_NARROW if asked.basis == "probability" else "")
    return told if asked.is_share and cells < CELLS_A_PART * parts else ""


def _note(asked: Asked, *more: str) -> str:
    whose = {"probability": UNWEIGHTED, "census": EVERYONE_ASKED}.get(asked.basis, NOT_BY_CHANCE)
    return " ".join(part for part in (whose, *more) if part)


def _table(asked: Asked, said: Mapping[str, Any], inputs: list[tuple[FigureId, ...]], note: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Keys, values and what every row knows of itself. Who was not drawn by chance has no standard error and no interval."""
    held: npt.NDArray[Any] = np.empty(len(inputs), dtype=object)
    held[:] = inputs
    keys = {"dataset": asked.dataset, "indicator": asked.indicator.id, "version": asked.indicator.version, "round": asked.round}
    table = pd.DataFrame({**said, "inputs": held}).assign(
        **keys, basis=asked.basis, counts=asked.counts, disclosure="unchecked", note=note
    )[[*keys, *columns]]
    if asked.basis != "probability":
        table[[name for name in columns if name.endswith(("se", "_low", "_high"))]] = np.nan
    texts = [name for name in table if name != "inputs" and table[name].dtype.kind in "OUT"]
    return table.astype(dict.fromkeys(texts, "str"))
