"""Which rows can be shown without a hidden count becoming a sum and difference of shown ones?

Gaussian elimination over the linked counts: rows are offered from the most wanted to the least; one is shown unless it would bring a
hidden count into the span of what is shown. What is refused cannot be worked out either: if it could, the count it protects could.

Source: the method is that of Langsrud, Ø. (2024), Secondary cell suppression by Gaussian elimination, Privacy in Statistical
Databases; written here from its description.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
NOTHING = 1e-9


class Shown:
    """The span of what is shown, as an orthonormal basis, and how far each hidden count is from it."""

    def __init__(self, size: int, hidden: Sequence[Numbers] | Numbers) -> None:
        self._basis = np.empty((0, size))
        self._rank = 0
        self._hidden = np.array(hidden).reshape(len(hidden), size)
        self._size = np.maximum((self._hidden**2).sum(axis=1), 1.0)

    def offer(self, vectors: Numbers, *, whatever: bool = False) -> bool:
        """Show all of `vectors` (rows) together, unless that gives a hidden count away; `whatever`: they are shown already."""
        rank, hidden = self._rank, self._hidden
        for vector in vectors:
            direction = self._beyond(vector)
            if direction is None:
                continue
            hidden = hidden - np.outer(hidden @ direction, direction)
            self._add(direction)
        if hidden is self._hidden:
            return True
        reached = (hidden**2).sum(axis=1) <= NOTHING * self._size
        before = (self._hidden**2).sum(axis=1) <= NOTHING * self._size
        if not whatever and (reached & ~before).any():
            self._rank = rank
            return False
        self._hidden = hidden
        return True

    @property
    def apart(self) -> Numbers:
        """How far each hidden count is from the span."""
        rest: Numbers = np.sqrt((self._hidden**2).sum(axis=1))
        return rest

    def _beyond(self, vector: Numbers) -> Numbers | None:
        """The part of `vector` that the span does not hold, of length 1; None if it holds it all."""
        basis = self._basis[: self._rank]
        rest = vector - (basis @ vector) @ basis
        rest = rest - (basis @ rest) @ basis  # twice, for rounding
        length = float(np.linalg.norm(rest))
        return None if length <= 1e-7 * max(float(np.linalg.norm(vector)), 1.0) else rest / length

    def _add(self, direction: Numbers) -> None:
        if self._rank == len(self._basis):
            room = np.empty((max(64, len(self._basis)), len(direction)))
            self._basis = np.vstack([self._basis, room])
        self._basis[self._rank] = direction
        self._rank += 1
