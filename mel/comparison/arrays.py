"""Numbers that may be complex: a value, and beside it the trace of a tiny step, from which a derivative is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
"""Real, or complex while a derivative is taken."""
STEP = 1e-30


def size(x: Array) -> Array:
    """|x| along the real axis."""
    return np.where(x.real < 0, -x, x)


def gradient(of: Callable[[Array], Array], at: Array) -> Array:
    """The derivative of a function of one vector, to rounding.

    Source: Squire & Trapp (1998), Using complex variables to estimate derivatives of real functions, SIAM Review 40.

    >>> gradient(lambda v: v[..., 0] ** 2 * v[..., 1], np.array([3.0, 2.0])).tolist()
    [12.0, 9.0]
    """
    derivative: Array = of(at + 1j * STEP * np.eye(len(at))).imag / STEP
    return derivative
