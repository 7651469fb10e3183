"""How much of the spread of a number lies between cells? The Gaussian two-level model from n, Σy and Σy² of each cell.

With λ = σ²_u / σ²_e known everything else has a closed form, so REML (or ML) is a search along one line. It costs O(cells), however
many people answered. What is left out: weights, clusters and slopes.

Source: Bates, Mächler, Bolker & Walker (2015), Fitting linear mixed-effects models using lme4, J. Stat. Softw. 67(1), eqs 34 and 41.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mel.comparison.maihda.fit import Fit
from mel.model.quantities import Floats

ROUNDING = 1e-12
"""Spread within cells below this part of all squares is rounding."""


@dataclass(frozen=True)
class _At:
    """The criterion at one λ, with its slope and what it is made of."""

    deviance: float
    slope: float
    beta: Floats
    inverse: Floats
    """(X' W X)⁻¹, W = n / (1 + n λ)."""
    residual: Floats
    rss: float


@dataclass(frozen=True)
class _Cells:
    n: Floats
    mean: Floats
    within: float
    x: Floats
    reml: bool

    @property
    def df(self) -> float:
        return float(self.n.sum()) - (self.x.shape[1] if self.reml else 0)

    def at(self, ratio: float) -> _At:
        """−2 log likelihood at λ = `ratio`, and its derivative: RSS' = −Σ w² r², (Σ ln(1 + nλ))' = Σ w, (ln |X'WX|)' = −Σ w² h."""
        w = self.n / (1 + self.n * ratio)
        inverse = np.asarray(np.linalg.inv(self.x.T @ (w[:, None] * self.x)), dtype=np.float64)
        beta = inverse @ (self.x.T @ (w * self.mean))
        residual = self.mean - self.x @ beta
        rss = self.within + float(w @ residual**2)
        deviance = self.df * (1 + np.log(2 * np.pi * rss / self.df)) + float(np.log1p(self.n * ratio).sum())
        slope = float(w.sum()) - self.df * float((w * w) @ residual**2) / rss
        if self.reml:
            deviance -= float(np.linalg.slogdet(inverse)[1])
            slope -= float((w * w) @ np.einsum("ij,jk,ik->i", self.x, inverse, self.x))
        return _At(float(deviance), slope, beta, inverse, residual, rss)


def spread_within(n: Floats, y: Floats, yy: Floats) -> float:
    """Σ (y − mean of the cell)²; 0 where nobody differs from the others of their cell."""
    left = float(np.maximum(yy - y * y / n, 0.0).sum())
    return left if left > ROUNDING * float(yy.sum()) else 0.0


def fit_gaussian(n: Floats, y: Floats, yy: Floats, x: Floats, *, reml: bool = True) -> Fit:
    """The model with an effect for each cell and the fixed part `x`.

    `n`, `y`, `yy`: people, Σy, Σy² by cell. There must be spread within cells, and more cells than columns of `x`.
    Checked: tests/reference/comparison (lme4's lmer, statsmodels' MixedLM).
    """
    cells = _Cells(n, y / n, spread_within(n, y, yy), x, reml)
    ratio = _best(cells)
    found = cells.at(ratio)
    within = found.rss / cells.df
    shrinkage = n * ratio / (1 + n * ratio)
    return Fit(x, found.beta, within * found.inverse, within * ratio, within, shrinkage * found.residual, shrinkage)


def _best(cells: _Cells) -> float:
    """The λ of the lowest deviance: 0, or one of the places where the slope turns from down to up."""
    from scipy.optimize import brentq

    grid = np.concatenate([[0.0], np.logspace(-7, 7, 57) / float(cells.n.mean())])
    slopes = [cells.at(ratio).slope for ratio in grid.tolist()]
    turns = [k for k in range(len(grid) - 1) if slopes[k] < 0 <= slopes[k + 1]]
    found = [float(brentq(lambda ratio: cells.at(ratio).slope, grid[k], grid[k + 1], xtol=1e-16, rtol=1e-14)) for k in turns]
    return min([0.0, *found], key=lambda ratio: cells.at(ratio).deviance)
