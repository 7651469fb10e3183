"""Which groups are there to rank? Every crossing of a few dimensions, those too small to rank counted and left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mel.comparison.furthest.asked import Domain
from mel.comparison.furthest.counted import Counted, Masks
from mel.errors import CannotSay
from mel.errors import furthest as say
from mel.model.figure import FigureId
from mel.model.quantities import Floats, Indexes

MOST = 2000
"""Groups whose errors are still drawn together."""


@dataclass(frozen=True)
class Groups:
    """Groups that can be ranked, crossing by crossing."""

    crossings: tuple[tuple[int, ...], ...]
    """Positions of the dimensions of each crossing."""
    crossing: Indexes
    """Of each group."""
    categories: tuple[tuple[int, ...], ...]
    """Of each group, one for each dimension of its crossing."""
    inside: Masks
    """Groups × cells."""
    n: Floats
    w: Floats
    domains: tuple[Domain, ...]
    figures: tuple[FigureId, ...]
    few: int
    few_people: int
    silent: int
    asked_out: int

    def codes(self, at: Indexes) -> Indexes:
        """The categories of groups of one crossing."""
        return np.array([self.categories[k] for k in at], dtype=np.int64)

    def smoothed(self, variance: Floats) -> Floats:
        """Each group's variance as κ / n, κ the crossing's mean of n · variance, counted by people; where all are zero, of everybody."""
        kappa = np.zeros(len(self.n))
        for c in np.unique(self.crossing):
            at = self.crossing == c
            kappa[at] = (self.n[at] ** 2 * variance[at]).sum() / self.n[at].sum()
        overall = (self.n**2 * variance).sum() / self.n.sum()
        return np.where(kappa > 0, kappa, overall) / self.n

    def sets(self, towards: str, spare: int) -> Iterator[tuple[Indexes, str]]:
        """Groups that share one variance between groups, and what they are shrunk to.

        Crossings of as many dimensions go together; where even a mean leaves too few to spare, all that are left over do.
        """
        size = np.array([len(self.crossings[c]) for c in self.crossing])
        rest = []
        for count in np.unique(size).tolist():
            members = np.flatnonzero(size == count)
            if towards == "additive" and count > 1 and self._spare(members) >= spare:
                yield members, "additive"
            elif len(members) > spare:
                yield members, "mean"
            else:
                rest.append(members)
        if rest:
            left = np.concatenate(rest)
            yield left, "mean"

    def _spare(self, members: Indexes) -> int:
        """How many more groups than expectations of main effects."""
        out = 0
        for c in np.unique(self.crossing[members]):
            codes = self.codes(members[self.crossing[members] == c])
            out += len(codes) - 1 - sum(len(np.unique(codes[:, k])) - 1 for k in range(codes.shape[1]))
        return out


def groups_of(found: Counted, up_to: int, fewest: int, leave_out: frozenset[FigureId]) -> Groups:
    """Every group of up to so many dimensions; a silence bounds no ranked group.

    Raises: CannotSay where there are more than can be ranked together.
    """
    crossings = tuple(c for size in range(1, up_to + 1) for c in combinations(range(len(found.levels)), size))
    kept: list[tuple[int, tuple[int, ...], Masks, FigureId]] = []
    few = few_people = silent = asked_out = 0
    for c, dimensions in enumerate(crossings):
        categories, at = np.unique(found.codes[:, dimensions], axis=0, return_inverse=True)
        people = np.bincount(at.reshape(-1), weights=found.n, minlength=len(categories))
        for k, row in enumerate(categories.tolist()):
            places = list(zip(dimensions, row, strict=True))
            if not people[k]:
                continue
            if any(found.silent[d][code] for d, code in places):
                silent += 1
                continue
            mask = at.reshape(-1) == k
            figure = found.asked.figure((found.asked.names[d], found.levels[d][code]) for d, code in places)
            if people[k] < fewest or (found.asked.by_chance and found.alone(mask[None, :])[0]):
                few, few_people = few + 1, few_people + round(float(people[k]))
            elif figure in leave_out:
                asked_out += 1
            else:
                kept.append((c, tuple(row), mask, figure))
        if len(kept) > MOST:
            raise CannotSay(say.RANKING_TOO_MANY.at(most=MOST, fewest=fewest))
    inside = np.array([mask for _, _, mask, _ in kept]).reshape(len(kept), len(found.n))
    return Groups(
        crossings, np.array([c for c, *_ in kept], dtype=np.int64), tuple(row for _, row, _, _ in kept), inside, inside @ found.n,
        inside @ found.w, tuple(found.domain(tuple((d, (code,)) for d, code in zip(crossings[c], row, strict=True))) for c, row, _, _ in kept),
        tuple(figure for *_, figure in kept), few, few_people, silent, asked_out,
    )  # fmt: skip
