"""Who belongs to which set? Yes, no or not known of every row of a cube, and all that is wrong with what was asked.

A set is a dimension, or a factor that several dimensions count towards. A silence is neither yes nor no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mel.codes import ALL, SILENCES
from mel.errors import Problem, UsageError, closest
from mel.errors import exclusion as say
from mel.model.cube import Cube
from mel.model.estimates import Estimates
from mel.model.overlaps import OF_FIGURE
from mel.model.quantities import Indexes

Masks = npt.NDArray[np.bool_]
NO, YES, UNKNOWN = 0, 1, 2
WORDS = ("no", "yes", "not_known")
RESERVED = ("dataset", "indicator", "version", "round", "set", "label", "belongs", *OF_FIGURE)


@dataclass(frozen=True)
class Memberships:
    """The sets of one dataset, and of every row of its cube whether its people belong to each."""

    cube: Cube
    belonging: Mapping[str, tuple[str, ...]]
    sets: Mapping[str, tuple[str, ...]]
    """Set: the dimensions that count towards it."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(self.belonging)

    @cached_property
    def states(self) -> Indexes:
        """Rows of the cube × sets: NO, YES or UNKNOWN."""
        of_dimension = {name: self._state(name) for name in self.dimensions}
        columns = [_together(np.stack([of_dimension[name] for name in names])) for names in self.sets.values()]
        return np.stack(columns, axis=1)

    def _state(self, name: str) -> Indexes:
        """Belonging in one dimension: its silences are unknown, its other categories no."""
        words = [YES if c in self.belonging[name] else UNKNOWN if c in SILENCES else NO for c in self.cube.levels[name]]
        return np.array(words, dtype=np.int64)[self.cube.codes[name]]

    @cached_property
    def combinations(self) -> tuple[Indexes, Indexes]:
        """The combinations that occur (combinations × sets), and of each row of the cube which one it is in."""
        found, at = np.unique(self.states, axis=0, return_inverse=True)
        return found, at.reshape(-1)


def _together(states: Indexes) -> Indexes:
    """One set of several dimensions: yes where any is yes, no where all are no, else unknown."""
    yes, unknown = (states == YES).any(axis=0), (states == UNKNOWN).any(axis=0)
    return np.where(yes, YES, np.where(unknown, UNKNOWN, NO))


def memberships(
    estimates: Estimates,
    dimensions: Sequence[str] | Mapping[str, Sequence[str]],
    factors: Mapping[str, str] | None,
    dataset: str | None,
    *,
    verb: str,
    least: int = 2,
) -> Memberships:
    """The sets these words mean. Raises: UsageError with all that is wrong with them."""
    listed = _listed(dimensions)
    there = list(dict.fromkeys(name for cube in estimates.cubes.values() for name in cube.levels))
    if isinstance(dimensions, str) or len(set(listed)) < max(least, len(listed)):
        given = f"{len(listed)} dimension{'s' * (len(listed) != 1)} ({', '.join(map(repr, listed))})" if listed else "no dimension"
        raise UsageError(say.OVERLAP_DIMENSIONS.at(verb=verb, given=given, least=least, available=there))
    cube = cube_with(estimates, listed, dataset)
    named = dimensions if isinstance(dimensions, Mapping) else {}
    problems = [problem for name in listed for problem in _wrong_categories(cube, name, named.get(name))]
    problems += _wrong_factors(factors, listed) if factors is not None else []
    sets = {name: (name,) for name in listed} if not factors else _by_factor(factors, listed)
    problems += [say.OVERLAP_SET_NAME.at(name=name) for name in sets if name in RESERVED or name == ALL]
    if problems:
        raise UsageError(problems)
    return Memberships(cube, {name: tuple(named.get(name, ("yes",))) for name in listed}, sets)


def _listed(dimensions: Sequence[str] | Mapping[str, Sequence[str]]) -> list[str]:
    return [dimensions] if isinstance(dimensions, str) else list(dimensions)


def cube_with(estimates: Estimates, dimensions: Sequence[str], dataset: str | None) -> Cube:
    """The one dataset that was counted by all of these dimensions."""
    fits = {name: cube for name, cube in estimates.cubes.items() if set(dimensions) <= set(cube.levels)}
    if dataset is not None:
        fits = {name: cube for name, cube in fits.items() if name == dataset}
    if not fits:
        counted = [f"{name}: {', '.join(cube.levels)}" for name, cube in estimates.cubes.items()]
        named = f" '{dataset}'" if dataset is not None else ""
        raise UsageError(say.OVERLAP_DATASET.at(named=named, dimensions=dimensions, available=counted))
    if len(fits) > 1:
        raise UsageError(say.OVERLAP_WHICH_DATASET.at(count=len(fits), dimensions=dimensions, available=list(fits)))
    return next(iter(fits.values()))


def _wrong_categories(cube: Cube, name: str, named: Sequence[str] | None) -> list[Problem]:
    levels = [c for c in cube.levels[name] if c not in SILENCES]
    if named is None:
        strange = not set(levels) <= {"yes", "no"}
        return [say.OVERLAP_NOT_A_MEMBERSHIP.at(name=name, categories=levels)] if strange else []
    chosen = [named] if isinstance(named, str) else list(named)
    if not chosen:
        return [say.OVERLAP_CATEGORIES_NONE.at(name=name, available=levels)]
    silent = [say.OVERLAP_CATEGORY_SILENT.at(name=name, category=c) for c in chosen if c in SILENCES]
    unknown = [c for c in chosen if c not in levels and c not in SILENCES]
    near = {c: closest(c, levels) or "none" for c in unknown}
    return silent + [say.OVERLAP_CATEGORY_UNKNOWN.at(name=name, category=c, available=levels, near=near[c]) for c in unknown]


def _wrong_factors(factors: Mapping[str, str], listed: Sequence[str]) -> list[Problem]:
    without = [name for name in listed if not factors.get(name)]
    strange = [name for name in factors if name not in listed]
    faults = [f"name no factor for {', '.join(without)}"] if without else []
    faults += [f"name {', '.join(strange)}, which is not asked for"] if strange else []
    return [say.OVERLAP_FACTORS.at(fault=fault, dimensions=list(listed), first=listed[0]) for fault in faults]


def _by_factor(factors: Mapping[str, str], listed: Sequence[str]) -> dict[str, tuple[str, ...]]:
    names = dict.fromkeys(factors[name] for name in listed if factors.get(name))
    return {factor: tuple(name for name in listed if factors.get(name) == factor) for factor in names}


def wrong_round(cube: Cube, given: str | None) -> list[Problem]:
    if given is None or given in cube.rounds:
        return []
    there = list(cube.rounds)
    return [say.OVERLAP_ROUND.at(dataset=cube.dataset, name=given, available=there, near=closest(given, there) or "none")]


def wrong_indicators(
    estimates: Estimates, dataset: str, names: Sequence[str], verb: str, option: str, kinds: Sequence[str]
) -> list[Problem]:
    """A problem for each indicator that was not measured here, once, as one of these kinds."""
    if isinstance(names, str):
        return [say.OVERLAP_OPTION.at(verb=verb, option=option, given=repr(names), take=f"a list: [{names!r}]")]
    there: dict[str, list[str]] = {}
    for quantity in estimates.cubes[dataset].quantities:
        versions = there.setdefault(quantity.indicator, [])
        there[quantity.indicator] = list(dict.fromkeys((*versions, quantity.version)))
    problems = []
    for name in names:
        if name not in there:
            near = closest(name, list(there)) or "none"
            problems.append(say.OVERLAP_INDICATOR_UNKNOWN.at(verb=verb, name=name, dataset=dataset, available=list(there), near=near))
        elif len(there[name]) > 1:
            problems.append(say.OVERLAP_INDICATOR_VERSIONS.at(verb=verb, name=name, available=there[name]))
        elif (kind := estimates.indicators[name, there[name][0]].kind) not in kinds:
            takes = " or ".join(f"a {k}" for k in kinds)
            problems.append(say.OVERLAP_KIND.at(verb=verb, name=name, kind=kind, takes=takes))
    return problems
