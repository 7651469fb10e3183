"""What access do main effects expect in each cell? A weighted logit by iteratively reweighted least squares, on cells.

Point estimates are those of R's glm with family quasibinomial on the same cells (and of survey::svyglm on the people); the
dispersion does not enter, because precision is the design's.

Source: McCullagh & Nelder (1989), Generalized Linear Models, 2.5; Binder (1983), International Statistical Review 51.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mel.model.quantities import Floats, Indexes

MOST_STEPS, SETTLED, FAR = 100, 1e-12, 30.0


class NotFitted(Exception):
    """The logit has no finite answer; says why."""


@dataclass(frozen=True)
class Fit:
    """The fitted logit of cells. `x` is the design, a row a cell; `w` sums to one."""

    x: Floats
    w: Floats
    beta: Floats
    p: Floats

    @property
    def leverage(self) -> Floats:
        """By cell: how far its expectation follows chance, were everybody's access the same, less what the mean does; of one person."""
        together = np.linalg.inv((self.x * self.w[:, None]).T @ self.x)
        return np.asarray(np.maximum(np.einsum("ij,jk,ik->i", self.x, together, self.x) - 1, 0.0), dtype=np.float64)

    def moved(self, of_p: Floats) -> Floats:
        """By cell, how a function of the fitted p moves with an answer there: (∂f/∂p)′ ∂p/∂β I⁻¹ x_j, I the information per person."""
        slope = self.p * (1 - self.p)
        information = (self.x * (self.w * slope)[:, None]).T @ self.x
        along = np.linalg.solve(information, self.x.T @ (slope * of_p))
        return np.asarray(self.x @ along, dtype=np.float64)


def design(codes: Indexes) -> Floats:
    """Ones, then 1 for each category that occurs but a dimension's first; columns that follow from those before are left out."""
    columns = [np.ones(len(codes))]
    for d in range(codes.shape[1]):
        columns += [(codes[:, d] == code).astype(np.float64) for code in np.unique(codes[:, d])[1:]]
    x = np.stack(columns, axis=1)
    kept: list[int] = []
    for k in range(x.shape[1]):
        diagonal = np.abs(np.diag(np.asarray(np.linalg.qr(x[:, [*kept, k]], mode="r"))))
        if len(diagonal) > len(kept) and diagonal[-1] > 1e-9:
            kept.append(k)
    return x[:, kept]


def fit_logit(codes: Indexes, w: Floats, wy: Floats) -> Fit:
    """The logit of main effects. Raises: NotFitted where a group has no yes or no no, so that its effect has no end."""
    x, share = design(codes), w / w.sum()
    y = wy / w
    mean = float((share * y).sum())
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(mean / (1 - mean)) if 0 < mean < 1 else np.nan
    if not np.isfinite(beta[0]):
        raise NotFitted("everybody answered alike")
    for _ in range(MOST_STEPS):
        eta = x @ beta
        p = 1 / (1 + np.exp(-eta))
        slope = p * (1 - p)
        information = (x * (share * slope)[:, None]).T @ x
        score = x.T @ (share * (y - p))
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError as error:
            raise NotFitted("an effect has no end") from error
        beta = beta + step
        if np.abs(x @ beta).max() > FAR:
            raise NotFitted("in some group all answered yes, or all no, so its effect has no end")
        if np.abs(step).max() <= SETTLED * (1 + np.abs(beta).max()):
            return Fit(x, share, beta, 1 / (1 + np.exp(-(x @ beta))))
    raise NotFitted("it does not settle")
