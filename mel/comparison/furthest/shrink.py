"""What does a small group's figure become once it is held against what is known of the others? Empirical best prediction of domains.

Figures of domains (level 1: the survey's error, its variance taken as known) around an expectation x β (level 2: variance A between
domains): y_i = x_i β + v_i + e_i. The prediction x β̂ + γ (y − x β̂), γ = A / (A + V), leans on a domain's own answers as far as
they are precise. Several breakdowns may share one A, each with expectations of its own.

Source: Fay & Herriot (1979), JASA 74; A by REML; prediction errors g1 + g2 + 2 g3 of Datta & Lahiri (2000), Statistica Sinica 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mel.model.quantities import Floats

GRID, STEPS = 60, 25


@dataclass(frozen=True)
class Part:
    """The domains of one breakdown: their figures, the variances of these, and the design of what is expected of them."""

    y: Floats
    v: Floats
    x: Floats


@dataclass(frozen=True)
class Predicted:
    """Domains of all parts, in order."""

    between: float
    """A."""
    expected: Floats
    estimate: Floats
    se: Floats
    shrinkage: Floats
    """γ: 1 its own answers alone, 0 the expectation alone."""


@dataclass(frozen=True)
class _At:
    """One part under one A."""

    beta: Floats
    covariance: Floats
    score: float
    information: float


def predict(parts: Sequence[Part]) -> Predicted:
    """Best predictions of all domains, with one variance between domains."""
    a = reml(parts)
    found = [_at(part, a) for part in parts]
    spread = sum(float(((a + part.v) ** -2).sum()) for part in parts)
    expected = np.concatenate([part.x @ at.beta for part, at in zip(parts, found, strict=True)])
    y, v = (np.concatenate([getattr(part, name) for part in parts]) for name in ("y", "v"))
    gamma = a / (a + v)
    of_beta = np.concatenate([np.einsum("ij,jk,ik->i", part.x, at.covariance, part.x) for part, at in zip(parts, found, strict=True)])
    g3 = v**2 / (a + v) ** 3 * 2 / spread
    mse = gamma * v + (1 - gamma) ** 2 * of_beta + 2 * g3
    return Predicted(a, expected, expected + gamma * (y - expected), np.sqrt(mse), gamma)


def reml(parts: Sequence[Part]) -> float:
    """A by restricted maximum likelihood: the best place of a grid, then Fisher scoring. Zero where nothing is left over."""
    scale = max(float(np.var(np.concatenate([part.y for part in parts]))), *(float(part.v.max()) for part in parts))
    grid = np.concatenate([[0.0], scale * np.logspace(-8, 2, GRID)])
    k = int(np.argmin([_loss(parts, a) for a in grid]))
    a, low, high = float(grid[k]), float(grid[max(k - 1, 0)]), float(grid[min(k + 1, len(grid) - 1)])
    for _ in range(STEPS):
        at = [_at(part, a) for part in parts]
        a = min(max(a + sum(one.score for one in at) / sum(one.information for one in at), low), high)
    return a


def _loss(parts: Sequence[Part], a: float) -> float:
    """−2 × the restricted log-likelihood."""
    out = 0.0
    for part in parts:
        weight = 1 / (a + part.v)
        weighted = part.x * weight[:, None]
        information = weighted.T @ part.x
        beta = np.linalg.solve(information, weighted.T @ part.y)
        out += float(np.linalg.slogdet(information)[1] - np.log(weight).sum() + weight @ (part.y - part.x @ beta) ** 2)
    return out


def _at(part: Part, a: float) -> _At:
    weight = 1 / (a + part.v)
    weighted = part.x * weight[:, None]
    information = weighted.T @ part.x
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    beta = covariance @ (weighted.T @ part.y)
    left = part.y - part.x @ beta
    py = weight * left
    p = np.diag(weight) - weighted @ covariance @ weighted.T
    return _At(beta, covariance, float(py @ py - np.trace(p)) / 2, float((p * p).sum()) / 2)
