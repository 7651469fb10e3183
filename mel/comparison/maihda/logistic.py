"""How much of the difference in a share lies between cells? The logistic two-level model from how many said yes of each cell.

A cell's effect is integrated out by Laplace's approximation (one node) or adaptive Gauss-Hermite quadrature (more). Given the fixed
part the cells are independent, so all their modes are found at once, and the fixed part β and σ_u by Newton's method with exact first
derivatives. It costs O(cells), however many people answered. What is left out: weights, clusters and slopes.

Source: Pinheiro & Chao (2006), J. Comput. Graph. Stat. 15(1); the quantity maximised is that of lme4's glmer (nAGQ = nodes).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mel.comparison.maihda.fit import Fit
from mel.model.quantities import Floats

LATENT = np.pi**2 / 3
"""The variance of people in one cell on the logit scale."""
STEP = 1e-4
"""For second derivatives, by central differences of exact first ones."""
ENOUGH = 1e-13
"""Newton's decrement (in units of log likelihood) below which nothing moves any more."""
MOST = 100
FAR = 18.0
"""Logits further out than one in sixty million are on their way to infinity."""


class NotConverged(Exception):
    """The likelihood keeps rising: some group's answers are (nearly) all alike, so its β runs away."""


@dataclass(frozen=True)
class _Slopes:
    """By cell: the log of the integral, and its derivatives to the fixed part η and to σ."""

    value: Floats
    eta: Floats
    sigma: Floats


class _Cells:
    """People asked and people who said yes, by cell, and the nodes to integrate with."""

    def __init__(self, n: Floats, yes: Floats, x: Floats, nodes: int) -> None:
        self.n, self.yes, self.x = n, yes, x
        self.nodes, weights = np.polynomial.hermite_e.hermegauss(nodes)
        self.log_weights = np.log(weights) + self.nodes**2 / 2 - np.log(2 * np.pi) / 2
        self.last = np.zeros_like(n)

    @cached_property
    def crude(self) -> Floats:
        """Each cell's own logit, pulled in a little so that it is finite."""
        return np.log((self.yes + 0.5) / (self.n - self.yes + 0.5))

    def modes(self, eta: Floats, sigma: float) -> Floats:
        """ẑ of every cell, u = σz: the root of σ (yes − n p) − z, which falls in z; Newton's steps, halving where one leaves the bracket."""
        ends = sigma * (self.yes - self.n), sigma * self.yes
        low, high = np.minimum(*ends), np.maximum(*ends)
        z = np.clip(self.last, low, high)
        for _ in range(MOST):
            p = _share(eta + sigma * z)
            slope = sigma * (self.yes - self.n * p) - z
            low, high = np.where(slope > 0, z, low), np.where(slope > 0, high, z)
            after = z + slope / (1 + sigma * sigma * self.n * p * (1 - p))
            after = np.where((after < low) | (after > high), (low + high) / 2, after)
            moved = float(np.max(np.abs(after - z), initial=0.0))
            z = after
            if moved < 1e-11 * (1 + float(np.max(np.abs(z), initial=0.0))):
                break
        self.last = z
        return z

    def slopes(self, eta: Floats, sigma: float) -> _Slopes:
        """The integral of each cell over its own effect: nodes at ẑ + x / √D, D = 1 + σ² n p (1 − p) the curvature at the mode.

        The nodes move with η and σ; that is part of the derivatives.
        """
        z0 = self.modes(eta, sigma)
        p = _share(eta + sigma * z0)
        w = self.n * p * (1 - p)
        g, bend, d = self.yes - self.n * p, w * (1 - 2 * p), 1 + sigma * sigma * w
        # derivatives of mode and curvature: dt/dη = 1/D, dt/dσ = (z + σg)/D, t the linear predictor at the mode
        z_eta, z_sigma = -sigma * w / d, (g - sigma * w * z0) / d
        d_eta = sigma * sigma * bend / d
        d_sigma = 2 * sigma * w + sigma * sigma * bend * (z0 + sigma * g) / d
        z = z0[:, None] + self.nodes / np.sqrt(d)[:, None]
        t = eta[:, None] + sigma * z
        terms = self.yes[:, None] * t - self.n[:, None] * np.logaddexp(0.0, t) - z * z / 2 + self.log_weights
        top = terms.max(axis=1)
        part = np.exp(terms - top[:, None])
        all_parts = part.sum(axis=1)
        part /= all_parts[:, None]
        g_at = self.yes[:, None] - self.n[:, None] * _share(t)
        pull = sigma * g_at - z
        apart = (z - z0[:, None]) / (2 * d[:, None])
        own = (part * pull).sum(axis=1)
        stretch = (part * pull * apart).sum(axis=1) + 1 / (2 * d)
        return _Slopes(
            value=top + np.log(all_parts) - np.log(d) / 2,
            eta=(part * g_at).sum(axis=1) + own * z_eta - stretch * d_eta,
            sigma=(part * g_at * z).sum(axis=1) + own * z_sigma - stretch * d_sigma,
        )

    def value(self, at: Floats) -> float:
        return float(self.slopes(self.x @ at[:-1], float(at[-1])).value.sum())

    def newton(self, at: Floats) -> tuple[Floats, Floats]:
        """First derivatives of the log likelihood to (β, σ), and minus the second ones."""
        eta, sigma = self.x @ at[:-1], float(at[-1])
        here = self.slopes(eta, sigma)
        first = np.append(self.x.T @ here.eta, here.sigma.sum())
        up, down = self.slopes(eta + STEP, sigma), self.slopes(eta - STEP, sigma)
        right, left = self.slopes(eta, sigma + STEP), self.slopes(eta, sigma - STEP)
        eta_eta = (down.eta - up.eta) / (2 * STEP)
        eta_sigma = (left.eta - right.eta) / (2 * STEP)
        sigma_sigma = (left.sigma - right.sigma).sum() / (2 * STEP)
        edge = self.x.T @ eta_sigma
        second = np.block([[self.x.T @ (eta_eta[:, None] * self.x), edge[:, None]], [edge[None, :], np.array([[sigma_sigma]])]])
        return first, second


def fit_logistic(n: Floats, yes: Floats, x: Floats, *, nodes: int = 1) -> Fit:
    """The model with an effect for each cell and the fixed part `x`; one node is Laplace's approximation.

    The covariance of β is taken from the second derivatives to β and σ_u together, as glmer does.
    Raises: NotConverged where an answer that all people of a group share sends its β to infinity.
    Checked: tests/reference/comparison (lme4's glmer).
    """
    cells = _Cells(n, yes, x, nodes)
    flat = _without_effects(cells)
    p = _share(x @ flat)
    w, g = n * p * (1 - p), yes - n * p
    start = float(np.clip(((g * g / w).sum() - len(n) + x.shape[1]) / w.sum(), 0.05, 4.0))
    best = _climb(cells, np.append(flat, np.sqrt(start)))
    at_zero = np.append(flat, 0.0)
    if cells.value(best) <= cells.value(at_zero) + 1e-9:
        best = at_zero
    return _as_fit(cells, best)


def _as_fit(cells: _Cells, at: Floats) -> Fit:
    beta, sigma = at[:-1], float(at[-1])
    eta = cells.x @ beta
    effect = sigma * cells.modes(eta, sigma)
    p = _share(eta + effect)
    w = cells.n * p * (1 - p)
    second = cells.newton(at)[1] if sigma > 0 else cells.x.T @ (w[:, None] * cells.x)
    covariance = np.asarray(np.linalg.inv(second), dtype=np.float64)[: len(beta), : len(beta)]
    return Fit(cells.x, beta, covariance, sigma**2, LATENT, effect, sigma**2 * w / (1 + sigma**2 * w))


def _without_effects(cells: _Cells) -> Floats:
    """Plain logistic regression, σ = 0."""
    n, yes, x = cells.n, cells.yes, cells.x
    beta = _solve(x.T @ x, x.T @ cells.crude)
    for _ in range(MOST):
        p = _share(x @ beta)
        w = n * p * (1 - p)
        step = _solve(x.T @ (w[:, None] * x), x.T @ (yes - n * p))
        step /= max(1.0, float(np.max(np.abs(step))) / 4)
        beta = beta + step
        if float(np.max(np.abs(beta))) > FAR:
            break
        if float(step @ (x.T @ (w * (x @ step)))) < ENOUGH:
            return beta
    raise NotConverged


def _climb(cells: _Cells, at: Floats) -> Floats:
    """Newton's method, damped where it would lead downhill."""
    value, damping = cells.value(at), 0.0
    for _ in range(MOST):
        first, second = cells.newton(at)
        at, value, rise, damping = _uphill(cells, at, value, first, second, damping)
        if float(np.max(np.abs(at))) > FAR:
            break
        if rise < ENOUGH and damping == 0.0:
            return at
        damping = damping / 10 if damping > 1e-4 else 0.0
    raise NotConverged


def _uphill(cells: _Cells, at: Floats, value: float, first: Floats, second: Floats, damping: float) -> tuple[Floats, float, float, float]:
    """The next place, its likelihood, the decrement that led there, and how much damping that took."""
    scale = np.diag(np.maximum(np.abs(np.diag(second)), 1e-8))
    while damping < 1e12:
        step, rise = _step(second + damping * scale, first)
        if rise is not None:
            after = at + step
            after[-1] = abs(after[-1])
            there = cells.value(after)
            if there >= value - 1e-11 * abs(value):
                return after, there, rise, damping
        damping = max(4 * damping, 1e-3)
    raise NotConverged


def _step(second: Floats, first: Floats) -> tuple[Floats, float | None]:
    """Newton's step and its decrement; none where the second derivatives do not bend down everywhere."""
    try:
        np.linalg.cholesky(second)
    except np.linalg.LinAlgError:
        return first, None
    step = np.asarray(np.linalg.solve(second, first), dtype=np.float64)
    return step, float(first @ step)


def _solve(matrix: Floats, vector: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(matrix, vector), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise NotConverged from error


def _share(logit: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(logit), dtype=np.float64)
