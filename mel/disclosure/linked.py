"""Which published counts are about the same people? The linked tables of one dataset and round, indicator by indicator.

An indicator's row tells how many answered (`n`), how many of its population were there (`n` + `n_missing`), and often how many
people there were at all. The last two are the same for every indicator asked of the same people, so one indicator's row can give
another's hidden group away; a composition's categories are groups too. Rounds and datasets are separate people here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from mel.codes import ALL
from mel.disclosure.marks import Marks, about_dimension, out_of_population
from mel.disclosure.space import WHOLE, Columns, Domain, Space, space_of
from mel.errors import ProtectionRefused
from mel.errors.disclosure import TABLES_DO_NOT_ADD_UP
from mel.model.estimates import Estimates

REST = "\0rest"
"""Stands for categories nobody published, where a table does not add up to its total."""
MISSING, OUT, YES, NO, ANSWERED = "missing", "out", "yes", "no", "answered"
Role = Literal["answered", "reached", "everyone", "yes", "no"]


@dataclass(frozen=True, slots=True)
class Count:
    """One number that rows of the table tell: how many people of `domain` are in `layers`. Open if any of `rows` is."""

    domain: Domain
    layers: tuple[str, ...]
    value: int
    rows: tuple[int, ...]
    role: Role


@dataclass(frozen=True)
class System:
    """Everything that bears on one indicator of one dataset and round."""

    dataset: str
    round: str
    indicator: str
    rows: tuple[int, ...]
    counts: tuple[Count, ...]
    space: Space
    places: Mapping[tuple[Domain, tuple[str, ...]], Columns]
    """Each count's unknowns, by its domain and layers."""
    empty: Columns
    """Unknowns that are 0 for everyone to see, because a table that adds up does not list them."""


@dataclass(frozen=True)
class _Told:
    """One indicator's rows, by domain."""

    key: tuple[str, str]
    rows: tuple[int, ...]
    answered: dict[Domain, int]
    reached: dict[Domain, int]
    everyone: dict[Domain, int]
    by_domain: dict[Domain, tuple[int, ...]]
    groups: dict[Domain, tuple[int, tuple[int, ...]]]
    """Sizes of groups that a composition's categories tell."""


def linked(table: pd.DataFrame, estimates: Estimates, marked: Marks) -> list[System]:
    """One system per dataset, round and indicator, over the rows an outsider may know of."""
    systems: list[System] = []
    usable = table[~marked.outside]
    out = out_of_population(table, estimates)
    for (dataset, round_), part in usable.groupby(["dataset", "round"], sort=False):
        told = [_tell(part.loc[at], estimates, out, marked) for at in part.groupby(["indicator", "version"], sort=False).groups.values()]
        reached, everyone = _shared(told, "reached"), _shared(told, "everyone")
        for one in told:
            systems += _systems(str(dataset), str(round_), one, reached[one.key], everyone[one.key], table, marked)
    return systems


def domain_of(row: Mapping[Any, Any], dimensions: Iterable[str]) -> Domain:
    return frozenset((name, str(row[name])) for name in dimensions if row[name] != ALL)


def dimensions_of(table: pd.DataFrame) -> list[str]:
    """The dimension columns: those between the keys before and the category."""
    return list(table.columns[4 : list(table.columns).index("category")])


def _tell(part: pd.DataFrame, estimates: Estimates, out: np.ndarray, marked: Marks) -> _Told:
    names = dimensions_of(part)
    first = part.iloc[0]
    key = (str(first["indicator"]), str(first["version"]))
    about = about_dimension(estimates.indicators[key], estimates)
    codes = dict(next((d.categories for d in estimates.dimensions if d.name == about), {}))
    answered: dict[Domain, int] = {}
    reached: dict[Domain, int] = {}
    everyone: dict[Domain, int] = {}
    rows: dict[Domain, list[int]] = defaultdict(list)
    groups: dict[Domain, tuple[int, tuple[int, ...]]] = {}
    for at, row in zip(part.index, part.to_dict("records"), strict=True):
        domain = domain_of(row, names)
        rows[domain].append(at)
        answered[domain] = max(answered.get(domain, 0), int(row["n"]))
        reached[domain] = max(reached.get(domain, 0), int(row["n"] + row["n_missing"]))
        if not marked.sensitive[at]:
            everyone[domain] = max(everyone.get(domain, 0), int(row["n"] + row["n_missing"]) + int(out[at]))
        if about and row["category"] != ALL and about not in dict(domain):
            name = about if row["category"] in codes else f"value of {about}"
            groups[domain | {(name, str(row["category"]))}] = (int(row["n_yes"] or 0), (at,))
    return _Told(key, tuple(part.index), answered, reached, everyone, {d: tuple(r) for d, r in rows.items()}, groups)


def _shared(told: list[_Told], what: Literal["reached", "everyone"]) -> dict[tuple[str, str], dict[Domain, tuple[int, tuple[int, ...]]]]:
    """For each indicator, every domain's size that it or an indicator asked of the same people tells, and the rows that tell it.

    Asked of the same people: the sizes agree wherever both are given. An outsider can see that too.
    """
    pools: list[dict[Domain, tuple[int, tuple[int, ...]]]] = []
    mine: dict[tuple[str, str], int] = {}
    for one in told:
        sizes: dict[Domain, int] = getattr(one, what)
        at = next((i for i, pool in enumerate(pools) if _agree(pool, sizes)), len(pools))
        if at == len(pools):
            pools.append({})
        mine[one.key] = at
        given = {d: (size, one.by_domain[d]) for d, size in sizes.items()}
        _add(pools[at], given)
    for one in told:
        pool = pools[mine[one.key]]
        _add(pool, {d: told_ for d, told_ in one.groups.items() if d not in pool or pool[d][0] == told_[0]})
    return {one.key: pools[mine[one.key]] for one in told}


def _agree(pool: dict[Domain, tuple[int, tuple[int, ...]]], sizes: dict[Domain, int]) -> bool:
    common = pool.keys() & sizes.keys()
    return bool(common) and all(pool[d][0] == sizes[d] for d in common)


def _add(pool: dict[Domain, tuple[int, tuple[int, ...]]], given: dict[Domain, tuple[int, tuple[int, ...]]]) -> None:
    for domain, (size, rows) in given.items():
        known = pool.get(domain, (size, ()))[1]
        pool[domain] = (size, tuple(dict.fromkeys((*known, *rows))))


Sizes = dict[Domain, tuple[int, tuple[int, ...]]]


def _systems(dataset: str, round_: str, one: _Told, reached: Sizes, everyone: Sizes, table: pd.DataFrame, marked: Marks) -> list[System]:
    rows = list(one.rows)
    guarded = bool(marked.sensitive[rows].any() or marked.unnameable[rows].any()) and table.loc[rows, "n_yes"].notna().any()
    if not guarded:
        return [_system(dataset, round_, one, reached, everyone, (ANSWERED,), [])]
    names = dimensions_of(table)
    by_category: dict[str, list[tuple[Domain, int, int]]] = defaultdict(list)
    for at, row in zip(rows, table.loc[rows].to_dict("records"), strict=True):
        by_category[str(row["category"])].append((domain_of(row, names), int(row["n_yes"]), at))
    sums: dict[Domain, int] = defaultdict(int)
    for domain, yes, _ in (entry for entries in by_category.values() for entry in entries):
        sums[domain] += yes
    if len(by_category) > 1 and all(sums[d] == n for d, n in one.answered.items()):
        layers = tuple(f"={category}" for category in by_category)
        said = [
            Count(d, layer, yes, (at,), role)
            for category, entries in by_category.items()
            for d, yes, at in entries
            for layer, role in _yes_and_no(f"={category}", layers)
        ]
        return [_system(dataset, round_, one, reached, everyone, layers, said)]
    return [
        _system(
            dataset, round_, one, reached, everyone, (YES, NO),
            [Count(d, layer, yes, (at,), role) for d, yes, at in entries for layer, role in _yes_and_no(YES, (YES, NO))],
        )
        for entries in by_category.values()
    ]  # fmt: skip


def _yes_and_no(layer: str, answers: tuple[str, ...]) -> list[tuple[tuple[str, ...], Role]]:
    return [((layer,), "yes"), (tuple(a for a in answers if a != layer), "no")]


def _system(dataset: str, round_: str, one: _Told, reached: Sizes, everyone: Sizes, answers: tuple[str, ...], said: list[Count]) -> System:
    # a layer in which nobody can be is left out; an outsider is then taken to know that, which only makes us more careful
    inside = (*answers, MISSING) if any(size != one.answered.get(d, size) for d, (size, _) in reached.items()) else answers
    every = (*inside, OUT) if any(size != reached.get(d, (size,))[0] for d, (size, _) in everyone.items()) else inside
    counts = [Count(d, answers, n, one.by_domain[d], "answered") for d, n in one.answered.items()]
    counts += [Count(d, inside, size, rows, "reached") for d, (size, rows) in reached.items()]
    counts += [Count(d, every, size, rows, "everyone") for d, (size, rows) in everyone.items()]
    fixed_no = {
        (d, at): n - yes for d, yes, at, n in ((c.domain, c.value, c.rows[0], one.answered[c.domain]) for c in said if c.role == "yes")
    }
    counts += [c if c.role == "yes" else Count(c.domain, c.layers, fixed_no[(c.domain, c.rows[0])], c.rows, "no") for c in said]
    margins = {frozenset(name for name, _ in c.domain) for c in counts}
    if any(_listed(m, sizes) > sizes[WHOLE][0] for m in margins for sizes in (reached, everyone) if WHOLE in sizes):
        raise ProtectionRefused(TABLES_DO_NOT_ADD_UP.at(dataset=dataset, round=round_, indicator=one.key[0]))
    full = {m: _adds_up(m, reached) and (not everyone or _adds_up(m, everyone)) for m in margins}
    categories = _categories(counts, full)
    space = space_of(categories, margins, every)
    places = space.all_columns((c.domain, c.layers) for c in counts)
    return System(dataset, round_, one.key[0], one.rows, tuple(counts), space, places, _empty(space, reached, everyone, inside, every))


def _adds_up(margin: frozenset[str], sizes: Sizes) -> bool:
    """The groups of this margin hold everyone: a group that is not listed is empty."""
    listed = _listed(margin, sizes)
    return WHOLE in sizes and (not listed or listed == sizes[WHOLE][0])


def _listed(margin: frozenset[str], sizes: Sizes) -> int:
    """How many people the listed groups of this margin hold together."""
    return sum(size for domain, (size, _) in sizes.items() if frozenset(name for name, _ in domain) == margin)


def _categories(counts: list[Count], full: dict[frozenset[str], bool]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for count in counts:
        for name, code in count.domain:
            found[name][code] = None
    open_ended = {name for margin, complete in full.items() if not complete for name in margin}
    return {name: (*sorted(codes), *((REST,) if name in open_ended else ())) for name, codes in found.items()}


def _empty(space: Space, reached: Sizes, everyone: Sizes, inside: tuple[str, ...], every: tuple[str, ...]) -> Columns:
    """Unknowns under a group that a complete table does not list."""
    width = len(space.layers)
    gone: list[int] = []
    for sizes, layers in ((reached, inside), (everyone, every)):
        listed: dict[frozenset[str], set[Domain]] = defaultdict(set)
        for domain in sizes:
            listed[frozenset(name for name, _ in domain)].add(domain)
        complete = {margin: domains for margin, domains in listed.items() if margin and _adds_up(margin, sizes)}
        within = [space.layers.index(layer) for layer in layers]
        for i, cell in enumerate(space.cells):
            names = {name for name, _ in cell}
            parts = ((frozenset(p for p in cell if p[0] in margin), domains) for margin, domains in complete.items() if margin <= names)
            if any(part not in domains for part, domains in parts):
                gone += [i * width + layer for layer in within]
    return np.array(sorted(set(gone)), dtype=np.int64)
