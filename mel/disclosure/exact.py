"""Can a hidden count be worked out exactly from the open ones?

Everything an outsider can write as a linear equation, that no count is negative, and what the method itself tells (a row marked
primary has fewer people than the threshold, one marked secondary has not) is held against each hidden count: it is recoverable if
and only if all solutions agree on it. One linear program finds the unknowns and bounds that every solution holds fixed; what is
left is a question of rank, answered by elimination.

Not here: how *narrow* a hidden count is bounded, and that counts are whole numbers. A count that is safe here may still be bounded
to a few values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from mel.disclosure.elimination import Shown
from mel.disclosure.space import Columns, Space

Numbers = npt.NDArray[np.float64]
MOST = 6_000
"""The most unknowns left after the obvious ones that elimination is tried on."""


SMALL = 400
"""Up to so many equations or unknowns elimination is quicker than least squares."""
NEAR = 1e-7
"""A target this near to the span (relative to its length) lies in it."""


class TooLarge(Exception):
    """More linked unknowns than can be shown safe."""


class Contradiction(Exception):
    """The tables do not add up: no population at all fits them."""


@dataclass(frozen=True, slots=True)
class Bound:
    """`low` ≤ the sum of `columns` ≤ `high`."""

    columns: Columns
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Equations:
    """Σ of each row's unknowns = its value. The first `published` rows are published counts, the rest ties of the space."""

    matrix: sparse.csr_array
    values: Numbers
    published: int


def equations(space: Space, known: Sequence[tuple[Columns, float]]) -> Equations:
    rows = [(columns, 1.0, np.empty(0, np.int64)) for columns, _ in known] + [(parts, 1.0, whole) for parts, whole in space.relations]
    at = np.repeat(np.arange(len(rows)), [len(plus) + len(minus) for plus, _, minus in rows])
    columns = np.concatenate([np.concatenate([plus, minus]) for plus, _, minus in rows]) if rows else np.empty(0, np.int64)
    signs = np.concatenate([np.r_[np.ones(len(plus)), -np.ones(len(minus))] for plus, _, minus in rows]) if rows else np.empty(0)
    values = np.array([value for _, value in known] + [0.0] * len(space.relations))
    return Equations(sparse.csr_array((signs, (at, columns)), shape=(len(rows), space.size)), values, len(known))


def recoverable(
    space: Space, known: Sequence[tuple[Columns, float]], empty: Columns, targets: Sequence[Columns], bounds: Sequence[Bound] = ()
) -> dict[int, tuple[int, ...]]:
    """Which targets can be worked out, each with the positions in `known` that give it away.

    Raises: TooLarge, Contradiction.
    """
    system = equations(space, known)
    fixed = _obvious(system, empty)
    vectors = _rows(targets, space.size)
    found = _determined(system.matrix, vectors, fixed)
    ties = sparse.csr_array((0, space.size))
    if not found:
        fixed, ties = _forced(system, fixed, bounds)
        found = _determined(sparse.vstack([system.matrix, ties]).tocsr(), vectors, fixed)
    return {target: _sources(system, ties, vectors, target, fixed) for target in found}


def _rows(columns: Sequence[Columns], size: int) -> sparse.csr_array:
    at = np.repeat(np.arange(len(columns)), [len(c) for c in columns])
    flat = np.concatenate(columns) if len(columns) else np.empty(0, np.int64)
    return sparse.csr_array((np.ones(len(flat)), (at, flat)), shape=(len(columns), size))


def _obvious(system: Equations, empty: Columns) -> Numbers:
    """Unknowns that follow one at a time (value, or NaN): a published 0 empties its parts, a sum with one unknown gives it."""
    fixed = np.full(system.matrix.shape[1], np.nan)
    fixed[empty] = 0.0
    matrix = system.matrix
    positive, count = matrix.copy(), matrix.copy()
    positive.data, count.data = (matrix.data > 0).astype(float), np.ones_like(matrix.data)
    while True:
        unknown = np.isnan(fixed).astype(float)
        left = system.values - matrix @ np.nan_to_num(fixed)
        several, plus = count @ unknown, positive @ unknown
        _consistent(left[several == 0])
        singles = np.flatnonzero(several == 1)
        nothing = np.flatnonzero((left == 0) & (several > 1) & ((plus == several) | (plus == 0)))
        if not len(singles) and not len(nothing):
            return fixed
        for row in nothing:
            columns = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
            fixed[columns[np.isnan(fixed[columns])]] = 0.0
        for row in singles:
            part = slice(matrix.indptr[row], matrix.indptr[row + 1])
            columns = matrix.indices[part]
            free = np.isnan(fixed[columns])
            if free.any():
                fixed[columns[free]] = left[row] / matrix.data[part][free]
        if (fixed < 0).any():
            raise Contradiction


def _consistent(rest: Numbers) -> None:
    if len(rest) and np.abs(rest).max() > 1e-6:
        raise Contradiction


def _determined(matrix: sparse.csr_array, targets: sparse.csr_array, fixed: Numbers) -> list[int]:
    """Positions of the targets that lie in the span of the equations over what is not fixed."""
    free = np.flatnonzero(np.isnan(fixed))
    left = targets[:, free].toarray()
    size = np.linalg.norm(left, axis=1)
    if not (size > 0).any():
        return list(range(targets.shape[0]))
    rows = matrix[:, free]
    rows = rows[np.diff(rows.indptr) > 0]
    if max(rows.shape) > MOST:
        raise TooLarge
    if not rows.shape[0]:
        return np.flatnonzero(size == 0).tolist()
    rest = _apart(rows, left)
    found: list[int] = np.flatnonzero(rest <= NEAR * np.maximum(size, 1.0)).tolist()
    return found


def _apart(rows: sparse.csr_array, left: Numbers) -> Numbers:
    """How far each target lies from the span of the rows: by least squares, and by elimination where that does not settle it."""
    from scipy.sparse.linalg import lsqr

    if min(rows.shape) <= SMALL:
        return _by_elimination(rows, left)
    turned = rows.T.tocsr()
    solved = [lsqr(turned, target, atol=1e-11, btol=1e-11, iter_lim=4 * sum(rows.shape)) for target in left]
    rest = np.array([one[3] for one in solved])
    unsure = np.array([one[1] == 7 or NEAR * 1e-3 < one[3] < 1e-2 for one in solved], dtype=bool)
    if unsure.any():
        rest[unsure] = _by_elimination(rows, left[unsure])
    return rest


def _by_elimination(rows: sparse.csr_array, left: Numbers) -> Numbers:
    span = Shown(rows.shape[1], left)
    span.offer(np.unique(rows.toarray(), axis=0), whatever=True)
    return span.apart


def _forced(system: Equations, fixed: Numbers, bounds: Sequence[Bound]) -> tuple[Numbers, sparse.csr_array]:
    """What every solution holds fixed: unknowns at 0 (added to `fixed`) and bounds met with equality (as equations).

    The program asks for one solution, scaled up as it likes, in which as many unknowns and slacks as possible are at least 1;
    those it cannot lift off 0 are 0 in every solution.
    """
    from scipy.optimize import linprog

    free = np.flatnonzero(np.isnan(fixed))
    left = system.values - system.matrix @ np.nan_to_num(fixed)
    rows = system.matrix[:, free]
    used = np.diff(rows.indptr) > 0
    rows, left = rows[used], left[used]
    sides = [(b.columns, 1.0, b.low) for b in bounds if b.low is not None] + [
        (b.columns, -1.0, -b.high) for b in bounds if b.high is not None
    ]
    slack = sparse.csr_array(
        _rows([columns for columns, _, _ in sides], len(fixed)).multiply(np.array([[s] for _, s, _ in sides] or [[1.0]]))
    )
    limits = np.array([limit for _, _, limit in sides]) - slack @ np.nan_to_num(fixed)
    slack = slack[:, free]
    kept = np.diff(slack.indptr) > 0
    slack, limits, chosen = slack[kept], limits[kept], np.flatnonzero(kept)
    if not len(free):
        return fixed, sparse.csr_array((0, len(fixed)))
    n, k = len(free), slack.shape[0]
    eye = sparse.eye_array(k, format="csr")
    a_eq = sparse.vstack(
        [
            sparse.hstack([rows, rows, sparse.csr_array((rows.shape[0], 2 * k)), sparse.csr_array(-left.reshape(-1, 1))]),
            sparse.hstack([slack, slack, -eye, -eye, sparse.csr_array(-limits.reshape(-1, 1))]),
        ]
    ).tocsr()
    lifted = np.r_[np.ones(n), np.zeros(n), np.ones(k), np.zeros(k), 0.0]
    upper: Sequence[tuple[float, float | None]] = [(0, 1)] * n + [(0, None)] * n + [(0, 1)] * k + [(0, None)] * k + [(1, None)]
    solved: Any = linprog(  # type: ignore[call-overload]
        -lifted, A_eq=a_eq, b_eq=np.zeros(a_eq.shape[0]), bounds=upper, method="highs"
    )
    if solved.status != 0:
        raise Contradiction
    result = fixed.copy()
    result[free[solved.x[:n] < 0.5]] = 0.0
    tight = np.flatnonzero(solved.x[2 * n : 2 * n + k] < 0.5)
    return result, _rows([sides[i][0] for i in chosen[tight]], len(fixed))


def _sources(system: Equations, ties: sparse.csr_array, targets: sparse.csr_array, target: int, fixed: Numbers) -> tuple[int, ...]:
    """The published counts that, added and subtracted, give the target: the smallest such combination (least squares)."""
    from scipy.sparse.linalg import lsqr

    live = np.flatnonzero(~(fixed == 0.0))
    matrix = sparse.vstack([system.matrix, ties]).tocsr()[:, live]
    weights = lsqr(matrix.T.tocsr(), targets[[target], :][:, live].toarray().ravel(), atol=1e-12, btol=1e-12)[0]
    strong = np.abs(weights) > 1e-5 * max(np.abs(weights).max(initial=0.0), 1e-12)
    return tuple(int(i) for i in np.flatnonzero(strong[: system.published]))
