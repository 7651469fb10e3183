"""How far apart are groups really, when chance alone sets them apart? An interval for an index that can only be too large.

True access is taken to lie as found, but with all distances from the mean times t: t = 0 is equality, where the index is 0. Under each t
the index is computed on draws of the sampling error of access and of shares. The interval is of those t under which an index as
large, or as small, as the one found is not rare; the index is t times the one found. It starts at zero where equal groups could look
like this, and holds what was found.

Source: test inversion: Carpenter (1999), Journal of the Royal Statistical Society B 61.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mel.comparison.furthest.counted import Counted, Influence
from mel.comparison.furthest.shares import Access
from mel.model.quantities import Floats, Indexes

DRAWS, SEED, HALVINGS, WIDEST, MOST_CELLS = 2000, 20261123, 14, 8.0, 1500


@dataclass(frozen=True, slots=True)
class Ends:
    """An interval of an index, and the index whose draws lie as often below as above what was found; NaN where not known."""

    low: float = np.nan
    middle: float = np.nan
    high: float = np.nan


def index_interval(found: Counted, there: Indexes, access: Access, index: float, df: float, level: float, *, barrier: bool) -> Ends:
    """The interval of a dissimilarity index of these cells."""
    if not df > 0 or len(there) > MOST_CELLS:
        return Ends()
    of_access, of_share = _noise(found, there, access, df, barrier=barrier)
    share, p = access.cells.share, access.p
    mean = float((share * p).sum())
    shares = np.maximum(share + of_share, 1e-12)
    shares /= shares.sum(axis=1, keepdims=True)

    def drawn(t: float) -> Floats:
        moved = np.clip(np.clip(mean + t * (p - mean), 0.0, 1.0) + of_access, 0.0, 1.0)
        means = (shares * moved).sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.nan_to_num((shares * np.abs(moved - means)).sum(axis=1) / (2 * means[:, 0])), dtype=np.float64)

    tail, edge = (1 - level) / 2, 1e-12 * index
    low = _first(lambda t: float((drawn(t) >= index - edge).mean()) > tail)
    middle = _first(lambda t: float((drawn(t) >= index - edge).mean()) >= 0.5)
    high = _first(lambda t: float((drawn(t) <= index + edge).mean()) <= tail)
    return Ends(min(low, 1.0) * index, middle * index, min(max(high, 1.0) * index, 1.0))


def _noise(found: Counted, there: Indexes, access: Access, df: float, *, barrier: bool) -> tuple[Floats, Floats]:
    """Draws of the error of each cell's access and share: normal with the design's covariance, tails of its degrees of freedom."""
    count = len(there)
    one, zero = np.eye(count), np.zeros(count)
    moves = [access.moved(one[j], zero, 0.0) for j in range(count)] + [access.moved(zero, one[j], 0.0) for j in range(count)]
    y_part, rest = (np.zeros((2 * count, len(found.n))) for _ in range(2))
    y_part[:, there] = [-move.y_part if barrier else move.y_part for move in moves]
    rest[:, there] = [move.rest + move.y_part if barrier else move.rest for move in moves]
    covariance = found.covariance(Influence(y_part, rest))
    if access.fit is None:
        covariance = _smoothed(covariance, found.n[there])
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    rng = np.random.default_rng(SEED)
    normal = rng.standard_normal((DRAWS // 2, 2 * count)) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    half = normal * np.sqrt(df / rng.chisquare(df, DRAWS // 2))[:, None]
    both = np.concatenate([half, -half])
    return both[:, :count], both[:, count:]


def _smoothed(covariance: Floats, n: Floats) -> Floats:
    """The variance of each cell's access as κ / n: in a cell of few people who all answered alike it is not zero."""
    count = len(n)
    variance = np.diag(covariance)[:count]
    kappa = float((n * n * variance).sum() / n.sum())
    scale = np.ones(2 * count)
    with np.errstate(invalid="ignore", divide="ignore"):
        scale[:count] = np.where(variance > 0, np.sqrt(kappa / n / variance), 0.0)
    out = covariance * scale[:, None] * scale[None, :]
    out[np.arange(count), np.arange(count)] = kappa / n
    return np.asarray(out, dtype=np.float64)


def _first(past: Callable[[float], bool]) -> float:
    """Where a condition that holds for large t begins to hold; 0 where it holds there already."""
    if past(0.0):
        return 0.0
    low, high = 0.0, 1.0
    while not past(high):
        if high >= WIDEST:
            return high
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if past(middle) else (middle, high)
    return (low + high) / 2
