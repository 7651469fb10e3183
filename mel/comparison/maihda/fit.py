"""What does a two-level model say, whatever was fitted? The numbers of one fit, and how sure each part of a prediction is.

People (level 1) stand in cells (level 2), the groups of a crossing: answer = fixed part of the cell + effect of the cell + what is
left of the person. How it is fitted is `gaussian`'s and `logistic`'s; the words for it are reporting's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mel.model.quantities import Floats


@dataclass(frozen=True)
class Fit:
    """One model of cells. `x` is the design of its fixed part, a row a cell; shares are on the logit scale."""

    x: Floats
    beta: Floats
    covariance: Floats
    """Of `beta`."""
    between: float
    """σ²_u, the variance of the cells' effects."""
    within: float
    """σ²_e, the variance of people in one cell; π²/3 on the logit scale."""
    effect: Floats
    """û, each cell's effect: its best prediction (conditional mode)."""
    shrinkage: Floats
    """How much of what a cell's own people say enters its effect: 1 all of it, 0 nothing."""

    @property
    def fixed(self) -> Floats:
        """The fixed part of each cell."""
        return np.asarray(self.x @ self.beta, dtype=np.float64)

    @property
    def vpc(self) -> float:
        """Variance partition coefficient, also called intra-class correlation: the cells' part of all variance."""
        return self.between / (self.between + self.within)

    @property
    def conditional_se(self) -> Floats:
        """Of the effect, as if `beta` were known: what lme4 calls the conditional standard deviation."""
        return np.sqrt(self.between * (1 - self.shrinkage))

    @property
    def fixed_variance(self) -> Floats:
        """Sampling variance of the fixed part of each cell."""
        return np.asarray(np.einsum("ij,jk,ik->i", self.x, self.covariance, self.x), dtype=np.float64)

    @property
    def effect_se(self) -> Floats:
        """Prediction error of the effect, `beta` being estimated.

        Source: Henderson (1975), Biometrics 31: var(û − u) = σ²_u (1 − s) + s² x V x', s the shrinkage, V the covariance of beta.
        """
        return np.sqrt(self.between * (1 - self.shrinkage) + self.shrinkage**2 * self.fixed_variance)

    @property
    def total_se(self) -> Floats:
        """Prediction error of fixed part and effect together: σ²_u (1 − s) + (1 − s)² x V x'."""
        return np.sqrt(self.between * (1 - self.shrinkage) + (1 - self.shrinkage) ** 2 * self.fixed_variance)
