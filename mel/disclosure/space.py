"""Where people stand when tables are linked: the finest cells that an outsider can imagine, and each published count as their sum.

Small tables use every combination of the dimensions (exact). Where those are too many, each margin and its sub-margins stand for
themselves and are tied by their sums: the same linear relations, without what empty finest cells would add.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

Domain = frozenset[tuple[str, str]]
"""The dimensions that are broken down, each with its category; empty for the whole."""
Columns = npt.NDArray[np.int64]
WHOLE: Domain = frozenset()
FINEST = 4_000
"""The most finest cells (times layers) that are laid out one by one."""


@dataclass(frozen=True)
class Space:
    """Unknown counts of people, none negative; `layers` says what they answered (yes, no, missing …)."""

    layers: tuple[str, ...]
    cells: tuple[Domain, ...]
    size: int
    relations: tuple[tuple[Columns, Columns], ...] = ()
    """(parts, whole): the parts' sum is the whole; only where finest cells are not laid out."""
    finest: bool = True

    def all_columns(self, wanted: Iterable[tuple[Domain, tuple[str, ...]]]) -> dict[tuple[Domain, tuple[str, ...]], Columns]:
        """For each (domain, layers): the unknowns whose sum is the number of people of `domain` in `layers`."""
        width = len(self.layers)
        place = {} if self.finest else {cell: np.array([i]) for i, cell in enumerate(self.cells)}
        parts = {part for cell in self.cells for part in cell} if self.finest else set()
        holds = {part: np.array([part in cell for cell in self.cells], dtype=bool) for part in parts}
        everywhere = np.ones(len(self.cells), dtype=bool)
        found = {}
        for domain, layers in dict.fromkeys(wanted):
            cells = np.flatnonzero(np.logical_and.reduce([everywhere, *(holds[p] for p in domain)])) if self.finest else place[domain]
            within = np.array([self.layers.index(layer) for layer in layers], dtype=np.int64)
            found[domain, layers] = (cells[:, None] * width + within).ravel()
        return found


def space_of(categories: Mapping[str, tuple[str, ...]], margins: Iterable[frozenset[str]], layers: tuple[str, ...]) -> Space:
    """The unknowns for tables with these margins (each a set of dimensions)."""
    used = sorted({name for margin in margins for name in margin})
    if math.prod(len(categories[name]) for name in used) * len(layers) <= FINEST:
        cells = tuple(_cells(used, categories))
        return Space(layers, cells, len(cells) * len(layers))
    return _by_margin(categories, margins, layers)


def _cells(names: Iterable[str], categories: Mapping[str, tuple[str, ...]]) -> list[Domain]:
    ordered = sorted(names)
    return [frozenset(zip(ordered, codes, strict=True)) for codes in product(*(categories[name] for name in ordered))]


def _by_margin(categories: Mapping[str, tuple[str, ...]], margins: Iterable[frozenset[str]], layers: tuple[str, ...]) -> Space:
    closed = {frozenset(part) for margin in margins for size in range(len(margin) + 1) for part in combinations(sorted(margin), size)}
    cells = [cell for margin in sorted(closed, key=lambda m: (len(m), sorted(m))) for cell in _cells(margin, categories)]
    place = {cell: i for i, cell in enumerate(cells)}
    width = len(layers)
    relations = []
    for margin in closed:
        for name in margin:
            for parent in _cells(margin - {name}, categories):
                children = [place[parent | {(name, code)}] for code in categories[name]]
                for layer in range(width):
                    parts = np.array([child * width + layer for child in children], dtype=np.int64)
                    relations.append((parts, np.array([place[parent] * width + layer], dtype=np.int64)))
    return Space(layers, tuple(cells), len(cells) * width, tuple(relations), finest=False)
