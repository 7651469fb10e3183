"""How is a table of sums added up over fewer keys, and in which order, so that as little as possible is added twice?

This knows keys and columns; what they mean is the cube's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mel.model.quantities import Floats, Indexes

ROOMY = 16
"""How many places a table of keys may have for each row before sorting is cheaper than looking them up."""
AT_LEAST = 100_000


def compact(key: Indexes, space: int) -> tuple[Indexes, Indexes]:
    """The distinct keys in order, and for each row the position of its key among them.

    >>> [part.tolist() for part in compact(np.array([7, 2, 7]), 9)]
    [[2, 7], [1, 0, 1]]
    """
    if space > max(AT_LEAST, ROOMY * len(key)):
        found, at = np.unique(key, return_inverse=True)
        return found, at
    present = np.zeros(space, dtype=bool)
    present[key] = True
    found = np.flatnonzero(present)
    place = np.empty(space, dtype=np.int64)
    place[found] = np.arange(len(found))
    return found, place[key]


def summed(at: Indexes, values: Floats, size: int) -> Floats:
    """Σ of one column by position."""
    return np.asarray(np.bincount(at, weights=values, minlength=size), dtype=np.float64)


def added_up(at: Indexes, table: Floats, size: int) -> Floats:
    """Σ of every column of a table (rows × columns) by position: one pass over the rows, however many columns."""
    from scipy.sparse import csc_array

    rows = len(at)
    which = csc_array((np.ones(rows), at.astype(np.int32), np.arange(rows + 1, dtype=np.int32)), shape=(size, rows))
    return np.asarray(which @ table, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Step:
    """Roll up to `names` from `parent` (None: from the cube itself)."""

    names: tuple[str, ...]
    parent: tuple[str, ...] | None


def steps(levels: Sequence[str], told_apart: Mapping[str, float], wanted: Iterable[Sequence[str]]) -> Iterator[Step]:
    """In which order to roll up so that each margin comes from the next larger one; a parent is always said before its children.

    Every set of dimensions is reached once, by dropping dimensions one by one in a fixed order, the ones that split the rows into
    the most parts first. Where few margins are wanted each comes straight from the cube: the way there would cost more.
    """
    order = sorted(levels, key=lambda name: -told_apart[name])
    whole = frozenset(order)
    needed = {frozenset(names) for names in wanted}
    if len(needed) <= len(order) + 1:
        yield from (Step(_in_order(names, levels), None) for names in sorted(needed, key=len))
        return
    on_the_way = {whole - frozenset(_dropped(whole - names, order)[:k]) for names in needed for k in range(len(whole - names) + 1)}
    yield from _below(whole, 0, None, order, on_the_way, needed, levels)


def _below(
    names: frozenset[str], start: int, parent: tuple[str, ...] | None, order: Sequence[str], on_the_way: set[frozenset[str]],
    needed: set[frozenset[str]], levels: Sequence[str],
) -> Iterator[Step]:  # fmt: skip
    here = parent
    if start > 0 or names in needed:
        here = _in_order(names, levels)
        yield Step(here, parent)
    for k in range(start, len(order)):
        fewer = names - {order[k]}
        if order[k] in names and fewer in on_the_way:
            yield from _below(fewer, k + 1, here, order, on_the_way, needed, levels)


def _dropped(names: frozenset[str], order: Sequence[str]) -> list[str]:
    return [name for name in order if name in names]


def _in_order(names: Iterable[str], levels: Sequence[str]) -> tuple[str, ...]:
    there = set(names)
    return tuple(name for name in levels if name in there)
